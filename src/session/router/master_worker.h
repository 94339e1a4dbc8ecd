// A thread that asks the master one thing at a time, so that its owner need not wait.
#ifndef SESSION_ROUTER_MASTER_WORKER_H
#define SESSION_ROUTER_MASTER_WORKER_H

#include "medium/http/master_link.h"

#include <pthread.h>

enum master_worker_state { WORKER_IDLE, WORKER_ASKED, WORKER_ANSWERED };

// All but what is said belongs to the owner while the worker is idle or has answered, to the
// thread in between.
struct master_worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum master_worker_state state; // under the lock
    bool is_ending;                 // likewise
    struct master_link *link;
    struct memory memory;
    struct buffer lines; // of the request
    struct master_request request;
    struct master_answer answer;
    void (*wake)(void *context); // called in the thread when there is an answer
    void *context;
};

// The link is the worker's from now on.
void master_worker_start(struct master_worker *worker, struct master_link *link,
                         void (*wake)(void *context), void *context);
// Ends the request at hand, and the thread.
void master_worker_stop(struct master_worker *worker);

bool master_worker_is_idle(struct master_worker *worker);
// The worker is idle. The lines are copied.
void master_worker_ask(struct master_worker *worker, const struct master_request *request);
// NULL: there is none. Valid until master_worker_done.
const struct master_answer *master_worker_answer(struct master_worker *worker);
void master_worker_done(struct master_worker *worker);

#endif
