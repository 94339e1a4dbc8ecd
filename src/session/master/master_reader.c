#include "session/master/master_reader.h"

#include "base/assert.h"

#include <unistd.h>

#define GIVE_WAY 5 // the nice value of the thread: small requests come first

// NULL: there will be none.
static struct master_request *await_request(struct master_reader *reader) {
    pthread_mutex_lock(&reader->lock);
    while (reader->queue.first == NULL && !reader->is_ending) {
        pthread_cond_wait(&reader->changed, &reader->lock);
    }
    struct master_request *request = master_queue_take(&reader->queue);
    pthread_mutex_unlock(&reader->lock);
    return request;
}

static void *run(void *context) {
    struct master_reader *reader = context;
    struct master_request *request = NULL;
    (void)!nice(GIVE_WAY); // on Linux that of this thread alone
    while ((request = await_request(reader)) != NULL) {
        reader->read(reader->context, request);
    }
    return NULL;
}

void master_reader_start(struct master_reader *reader,
                         void (*read)(void *context, struct master_request *request),
                         void *context) {
    *reader = (struct master_reader){.read = read, .context = context};
    master_queue_init(&reader->queue);
    pthread_mutex_init(&reader->lock, NULL);
    pthread_cond_init(&reader->changed, NULL);
    int error = pthread_create(&reader->thread, NULL, run, reader);
    ASSERT_MESSAGE(error == 0, "a thread cannot be made");
}

void master_reader_stop(struct master_reader *reader) {
    pthread_mutex_lock(&reader->lock);
    reader->is_ending = true;
    pthread_cond_signal(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
    pthread_cond_destroy(&reader->changed);
    pthread_mutex_destroy(&reader->lock);
}

void master_reader_add(struct master_reader *reader, struct master_request *request) {
    pthread_mutex_lock(&reader->lock);
    ASSERT(!reader->is_ending);
    master_queue_add(&reader->queue, request);
    pthread_cond_signal(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
}
