// What waits to be printed: filled by the packets' thread, emptied by the user's. Bounded: the one
// that fills it is to look at output_is_full and to do less until it is emptied.
#ifndef SHELL_TERMINAL_OUTPUT_H
#define SHELL_TERMINAL_OUTPUT_H

#include "base/buffer.h"

#include <pthread.h>

#define OUTPUT_BYTES_MAX (1024 * 1024) // full from here on; what is added still fits

enum output_stream {
    OUTPUT_ANSWER, // standard output
    OUTPUT_NOTICE, // standard error
    OUTPUT_LOG,    // shell/log/log.h: each is a record as it is
};

struct output_chunk {
    enum output_stream stream;
    size_t size;
};

struct output {
    pthread_mutex_t lock;
    struct memory memory; // of the buffers, under the lock
    struct buffer bytes;  // the texts, one after the other
    struct buffer chunks; // a struct output_chunk for each
    int wake;             // an eventfd, readable when there is something
    bool announced;       // what there is
    bool finished;
    bool hurried;
};

// False with errno set if there is no descriptor left.
bool output_init(struct output *output);
void output_deinit(struct output *output);

// Adds a line; the LF is added. The user's thread learns of it with the next output_announce.
void output_add(struct output *output, enum output_stream stream, struct bytes line);
// Adds a record of the log.
void output_add_record(struct output *output, struct bytes record);
bool output_is_full(struct output *output);
// Finished in a hurry: what cannot be printed soon is to be given up.
bool output_is_hurried(struct output *output);

// Wakes the user's thread if there is something new to print.
void output_announce(struct output *output);

// Makes the user's thread look around, though there may be nothing to print.
void output_wake(struct output *output);

// No more will come.
void output_finish(struct output *output, bool hurried);

// Moves everything to `bytes` and `chunks`, which are empty buffers on heap memory of the caller's.
// False: it is finished, so nothing more will come.
bool output_take(struct output *output, struct buffer *bytes, struct buffer *chunks);

#endif
