// Lines of the user on their way to the packets' thread: a bounded queue.
#ifndef SHELL_TERMINAL_INPUT_H
#define SHELL_TERMINAL_INPUT_H

#include "base/buffer.h"

#include <pthread.h>

#define INPUT_BYTES_MAX (256 * 1024) // of lines that wait, unless a single one is longer

struct input {
    pthread_mutex_t lock;
    struct memory memory; // of the buffer, under the lock
    struct buffer lines;  // each as its size and its bytes
    size_t taken;         // bytes of `lines` that are done with
    bool ended;
    bool refused; // a line, since input_room_awaited was asked
};

void input_init(struct input *input);
void input_deinit(struct input *input);

// Adds a line without its LF. False: there is no room now.
bool input_add(struct input *input, struct bytes line);

// Whether a line was refused since the last call: its adder is to be told when there is room.
bool input_room_awaited(struct input *input);

// No more will come.
void input_end(struct input *input);

enum input_state {
    INPUT_LINE,
    INPUT_EMPTY,
    INPUT_ENDED,
};

// Moves the first line to `line`, overwriting it.
enum input_state input_take(struct input *input, struct buffer *line);

// What input_take would return.
enum input_state input_look(struct input *input);

#endif
