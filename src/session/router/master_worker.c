#include "session/router/master_worker.h"

#include "base/assert.h"

static bool await_request(struct master_worker *worker) {
    pthread_mutex_lock(&worker->lock);
    while (worker->state != WORKER_ASKED && !worker->is_ending) {
        pthread_cond_wait(&worker->changed, &worker->lock);
    }
    bool is_asked = !worker->is_ending;
    pthread_mutex_unlock(&worker->lock);
    return is_asked;
}

static void set_state(struct master_worker *worker, enum master_worker_state state) {
    pthread_mutex_lock(&worker->lock);
    worker->state = state;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

static enum master_worker_state state_of(struct master_worker *worker) {
    pthread_mutex_lock(&worker->lock);
    enum master_worker_state state = worker->state;
    pthread_mutex_unlock(&worker->lock);
    return state;
}

static void *run(void *context) {
    struct master_worker *worker = context;
    while (await_request(worker)) {
        worker->peer.ask(worker->peer.context, &worker->request, &worker->answer);
        set_state(worker, WORKER_ANSWERED);
        worker->wake(worker->context);
    }
    return NULL;
}

void master_worker_start(struct master_worker *worker, struct master_peer peer,
                         void (*wake)(void *context), void *context) {
    *worker = (struct master_worker){.peer = peer, .wake = wake, .context = context};
    memory_init(&worker->memory);
    buffer_init(&worker->lines, &worker->memory);
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    int error = pthread_create(&worker->thread, NULL, run, worker);
    ASSERT_MESSAGE(error == 0, "a thread cannot be made");
}

void master_worker_stop(struct master_worker *worker) {
    pthread_mutex_lock(&worker->lock);
    worker->is_ending = true;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    master_worker_cancel(worker);
    pthread_join(worker->thread, NULL);
    buffer_deinit(&worker->lines);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
}

void master_worker_cancel(struct master_worker *worker) {
    worker->peer.cancel(worker->peer.context);
}

void master_worker_ask(struct master_worker *worker, const struct gate_request *request) {
    ASSERT(state_of(worker) == WORKER_IDLE);
    worker->lines.size = 0;
    if (request->lines.size > 0) {
        buffer_append(&worker->lines, request->lines);
    }
    worker->request = *request;
    worker->request.lines = buffer_bytes(&worker->lines);
    set_state(worker, WORKER_ASKED);
}

const struct gate_answer *master_worker_answer(struct master_worker *worker) {
    return state_of(worker) == WORKER_ANSWERED ? &worker->answer : NULL;
}

void master_worker_done(struct master_worker *worker) {
    set_state(worker, WORKER_IDLE);
}
