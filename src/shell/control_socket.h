// A socket at whose other end another process gives commands: each line that comes is answered by
// one line, in order. For the page that a program shows of itself (shell/live_page.h), whose levers
// come this way; nobody else can reach it.
//
// Limits: a line has at most CONTROL_LINE_MAX bytes; whoever sends a longer one is not heard any
// more. What asks awaits each answer before it asks again, so at most one line is kept.
//
// In the loop's thread.
#ifndef SHELL_CONTROL_SOCKET_H
#define SHELL_CONTROL_SOCKET_H

#include <uv.h>

#include "base/buffer.h"

#define CONTROL_LINE_MAX 4096

struct control_socket {
    bool is_open; // to be heard
    uv_pipe_t pipe;
    struct buffer heard;         // what has come of lines that were not taken
    void (*wake)(void *context); // a line is there
    void *context;
};

// `wake` and `context` are set. `fd` belongs to the loop from then on; what is on the loop is
// closed with it.
void control_socket_open(struct control_socket *control, uv_loop_t *loop, int fd,
                         struct memory *memory);
// Once the loop is closed. One that was never opened (all zero) is allowed.
void control_socket_deinit(struct control_socket *control);

// The next line without its end, in `line`, if there is one.
bool control_socket_take(struct control_socket *control, struct buffer *line);
// The answer to the line that was taken last: one line with its end.
void control_socket_answer(struct control_socket *control, struct bytes answer);

#endif
