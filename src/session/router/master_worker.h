// A thread that asks the master one thing at a time, so that its owner need not wait.
#ifndef SESSION_ROUTER_MASTER_WORKER_H
#define SESSION_ROUTER_MASTER_WORKER_H

#include "base/buffer.h"
#include "role/gate.h"

#include <pthread.h>

// Who is asked: a link over HTTP (medium/http/master_link.h), or what a test puts in its place.
struct master_peer {
    // Blocks until the answer is there, whose lines and text are valid until the next request.
    void (*ask)(void *context, const struct gate_request *request, struct gate_answer *answer);
    // Ends the request at hand, and all later ones, with GATE_CANCELLED. Any thread may call it.
    void (*cancel)(void *context);
    void *context;
};

enum master_worker_state { WORKER_IDLE, WORKER_ASKED, WORKER_ANSWERED };

// All but what is said belongs to the owner while the worker is idle or has answered, to the
// thread in between.
struct master_worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum master_worker_state state; // under the lock
    bool is_ending;                 // likewise
    struct master_peer peer;
    struct memory memory;
    struct buffer lines; // of the request
    struct gate_request request;
    struct gate_answer answer;
    void (*wake)(void *context); // called in the thread when there is an answer
    void *context;
};

// The peer is asked by the worker's thread only, until master_worker_stop has returned.
void master_worker_start(struct master_worker *worker, struct master_peer peer,
                         void (*wake)(void *context), void *context);
// Ends the request at hand, and the thread.
void master_worker_stop(struct master_worker *worker);

// Ends the request at hand, and all later ones.
void master_worker_cancel(struct master_worker *worker);

// The worker is idle. The lines are copied.
void master_worker_ask(struct master_worker *worker, const struct gate_request *request);
// NULL: there is none. Valid until master_worker_done.
const struct gate_answer *master_worker_answer(struct master_worker *worker);
void master_worker_done(struct master_worker *worker);

#endif
