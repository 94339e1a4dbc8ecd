// A thread that reads large requests, one after the other, while the threads of the HTTP server go
// on with those of others: each of them serves many connections, and would do nothing else
// meanwhile.
#ifndef SESSION_MASTER_MASTER_READER_H
#define SESSION_MASTER_MASTER_READER_H

#include "session/master/master_rounds.h"

#include <pthread.h>

#define MASTER_READER_BYTES 65536u // of a body that is large

struct master_reader {
    void (*read)(void *context, struct master_request *request); // in the reader's thread
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct master_queue queue; // under the lock, as what follows
    bool is_ending;
};

void master_reader_start(struct master_reader *reader,
                         void (*read)(void *context, struct master_request *request),
                         void *context);
// Reads what is left, and ends. Nothing may be added any more.
void master_reader_stop(struct master_reader *reader);

// Any thread may call it. The request is the reader's until `read` is called.
void master_reader_add(struct master_reader *reader, struct master_request *request);

#endif
