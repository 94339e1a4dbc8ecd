#include "shell/control_socket.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

// What was written, and what with.
struct answer {
    uv_write_t request;
    char bytes[];
};

static void end(struct control_socket *control) {
    control->is_open = false;
    uv_close((uv_handle_t *)&control->pipe, NULL);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room) {
    struct control_socket *control = handle->data;
    (void)suggested;
    *room =
        uv_buf_init((char *)buffer_reserve(&control->heard, CONTROL_LINE_MAX), CONTROL_LINE_MAX);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *room) {
    struct control_socket *control = stream->data;
    (void)room;
    if (size < 0) {
        end(control);
        return;
    }
    control->heard.size += (size_t)size;
    const uint8_t *line_end = memchr(control->heard.data, '\n', control->heard.size);
    size_t line = line_end != NULL ? (size_t)(line_end - control->heard.data) : control->heard.size;
    if (line > CONTROL_LINE_MAX) {
        end(control);
    } else if (line_end != NULL) {
        control->wake(control->context);
    }
}

void control_socket_open(struct control_socket *control, uv_loop_t *loop, int fd,
                         struct memory *memory) {
    control->is_open = true;
    buffer_init(&control->heard, memory);
    uv_pipe_init(loop, &control->pipe, 0);
    control->pipe.data = control;
    int error = uv_pipe_open(&control->pipe, fd);
    ASSERT(error == 0);
    error = uv_read_start((uv_stream_t *)&control->pipe, on_room, on_read);
    ASSERT(error == 0);
    uv_unref((uv_handle_t *)&control->pipe); // it keeps nobody from ending
}

void control_socket_deinit(struct control_socket *control) {
    if (control->heard.memory != NULL) {
        buffer_deinit(&control->heard);
    }
}

bool control_socket_take(struct control_socket *control, struct buffer *line) {
    const uint8_t *end_of_line = control->is_open && control->heard.size > 0
                                     ? memchr(control->heard.data, '\n', control->heard.size)
                                     : NULL;
    if (end_of_line == NULL) {
        return false;
    }
    size_t size = (size_t)(end_of_line - control->heard.data);
    line->size = 0;
    buffer_append(line, bytes_make(control->heard.data, size));
    control->heard.size -= size + 1;
    memmove(control->heard.data, end_of_line + 1, control->heard.size);
    return true;
}

static void on_written(uv_write_t *request, int status) {
    (void)status; // that the other end is gone, reading tells
    free(request->data);
}

void control_socket_answer(struct control_socket *control, struct bytes answer) {
    if (!control->is_open) {
        return;
    }
    ASSERT(answer.size > 0 && answer.data[answer.size - 1] == '\n');
    struct answer *written = malloc(sizeof *written + answer.size);
    ASSERT_MESSAGE(written != NULL, "out of memory");
    memcpy(written->bytes, answer.data, answer.size);
    written->request.data = written;
    uv_buf_t bytes = uv_buf_init(written->bytes, (unsigned)answer.size);
    int error = uv_write(&written->request, (uv_stream_t *)&control->pipe, &bytes, 1, on_written);
    if (error != 0) {
        free(written);
    }
}
