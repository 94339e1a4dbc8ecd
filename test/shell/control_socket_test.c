// What comes by the socket of a page, line by line, and what is answered.
#include "support.h"

#include "shell/control_socket.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM (3 * CONTROL_LINE_MAX)

struct fixture {
    struct memory memory;
    uv_loop_t loop;
    struct control_socket control;
    int page; // the other end
    unsigned woken;
    struct buffer taken;
};

static void on_line(void *context) {
    struct fixture *fixture = context;
    struct buffer line;
    fixture->woken++;
    buffer_init(&line, &fixture->memory);
    while (control_socket_take(&fixture->control, &line)) {
        buffer_append(&fixture->taken, buffer_bytes(&line));
        buffer_append_text(&fixture->taken, "|");
    }
    buffer_deinit(&line);
}

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    int ends[2];
    memory_init(&fixture->memory);
    buffer_init(&fixture->taken, &fixture->memory);
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    fixture->page = ends[1];
    fixture->control.wake = on_line;
    fixture->control.context = fixture;
    control_socket_open(&fixture->control, &fixture->loop, ends[0], &fixture->memory);
    uv_ref((uv_handle_t *)&fixture->control.pipe); // a loop without anything else does not look
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    if (fixture->page >= 0) {
        (void)close(fixture->page);
    }
    if (fixture->control.is_open) {
        uv_close((uv_handle_t *)&fixture->control.pipe, NULL);
    }
    (void)uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    control_socket_deinit(&fixture->control);
    buffer_deinit(&fixture->taken);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

// What was written is there at once.
static void hear(struct fixture *fixture, struct bytes text) {
    while (text.size > 0) {
        size_t size = text.size < CONTROL_LINE_MAX ? text.size : CONTROL_LINE_MAX;
        ssize_t sent = send(fixture->page, text.data, size, MSG_NOSIGNAL);
        if (sent < 0) {
            return; // nobody listens any more
        }
        text = bytes_make(text.data + sent, text.size - (size_t)sent);
        (void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
    }
    (void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static void assert_taken(struct fixture *fixture, const char *lines) {
    assert_bytes_equal(buffer_bytes(&fixture->taken), bytes_of_text(lines));
}

static void lines_are_taken_whole_and_in_order(void **state) {
    struct fixture *fixture = *state;
    hear(fixture, BYTES_LITERAL("ho"));
    assert_int_equal(fixture->woken, 0);
    hear(fixture, BYTES_LITERAL("ld\n\ncut dev-1\nth"));
    assert_taken(fixture, "hold||cut dev-1|");
    hear(fixture, BYTES_LITERAL("aw\n"));
    assert_taken(fixture, "hold||cut dev-1|thaw|");
}

static void answers_arrive_as_they_were_given(void **state) {
    struct fixture *fixture = *state;
    char got[64];
    hear(fixture, BYTES_LITERAL("look\n"));
    control_socket_answer(&fixture->control, BYTES_LITERAL("{\"right\":true}\n"));
    control_socket_answer(&fixture->control, BYTES_LITERAL("{}\n"));
    (void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
    ssize_t size = recv(fixture->page, got, sizeof got, MSG_DONTWAIT);
    assert_bytes_equal(bytes_make(got, (size_t)size), BYTES_LITERAL("{\"right\":true}\n{}\n"));
}

// One of the longest that are allowed is heard, and whoever sends a longer one is not heard again,
// whether or not its end ever comes.
static void a_line_is_not_longer_than_allowed(void **state) {
    struct fixture *fixture = *state;
    static uint8_t line[ROOM];
    memset(line, 'a', sizeof line);
    line[CONTROL_LINE_MAX] = '\n';
    hear(fixture, bytes_make(line, CONTROL_LINE_MAX + 1));
    assert_int_equal(fixture->taken.size, CONTROL_LINE_MAX + 1);
    line[CONTROL_LINE_MAX] = 'a';
    line[CONTROL_LINE_MAX + 1] = '\n';
    hear(fixture, bytes_make(line, CONTROL_LINE_MAX + 2));
    hear(fixture, BYTES_LITERAL("thaw\n"));
    assert_false(fixture->control.is_open);
    assert_int_equal(fixture->taken.size, CONTROL_LINE_MAX + 1);
}

static void a_line_without_end_is_given_up(void **state) {
    struct fixture *fixture = *state;
    static uint8_t line[ROOM];
    memset(line, 'a', sizeof line);
    hear(fixture, bytes_make(line, sizeof line));
    assert_false(fixture->control.is_open);
    assert_int_equal(fixture->woken, 0);
}

static void a_page_that_is_gone_is_neither_heard_nor_answered(void **state) {
    struct fixture *fixture = *state;
    struct buffer line;
    (void)close(fixture->page);
    fixture->page = -1;
    (void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
    assert_false(fixture->control.is_open);
    control_socket_answer(&fixture->control, BYTES_LITERAL("{}\n"));
    buffer_init(&line, &fixture->memory);
    assert_false(control_socket_take(&fixture->control, &line));
    buffer_deinit(&line);
}

#define SOCKET_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        SOCKET_TEST(lines_are_taken_whole_and_in_order),
        SOCKET_TEST(answers_arrive_as_they_were_given),
        SOCKET_TEST(a_line_is_not_longer_than_allowed),
        SOCKET_TEST(a_line_without_end_is_given_up),
        SOCKET_TEST(a_page_that_is_gone_is_neither_heard_nor_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
