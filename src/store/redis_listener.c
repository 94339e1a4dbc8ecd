#include "store/redis_listener.h"

#include "base/assert.h"
#include "store/redis_answer.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PAUSE_MS 200 // between attempts to connect

struct redis_listener {
    struct redis_listener_config config;
    pthread_t thread;
    int stop; // an eventfd
};

static bool take_replies(const struct redis_listener *listener, redisContext *link) {
    void *reply = NULL;
    if (redisBufferRead(link) != REDIS_OK) {
        return false;
    }
    while (redisGetReplyFromReader(link, &reply) == REDIS_OK) {
        if (reply == NULL) {
            return true;
        }
        redis_answer_wake(reply, listener->config.own_name, listener->config.wake,
                          listener->config.context);
        freeReplyObject(reply);
    }
    return false;
}

// Waits until the link has something to read, or for PAUSE_MS if there is none. False: stop.
static bool wait(const struct redis_listener *listener, const redisContext *link) {
    struct pollfd polled[2] = {{.fd = listener->stop, .events = POLLIN},
                               {.fd = link != NULL ? link->fd : -1, .events = POLLIN}};
    (void)poll(polled, 2, link != NULL ? -1 : PAUSE_MS);
    return polled[0].revents == 0;
}

static redisContext *subscribe(const struct redis_listener *listener) {
    struct store_error unused; // requests meet the same trouble and tell it
    redisContext *link = redis_link_open(listener->config.place, &unused);
    int done = 0;
    if (link == NULL) {
        return NULL;
    }
    bool is_asked = redisAppendCommand(link, "SUBSCRIBE %s", listener->config.channel) == REDIS_OK;
    while (is_asked && !done) {
        is_asked = redisBufferWrite(link, &done) == REDIS_OK;
    }
    if (!is_asked) {
        redisFree(link);
        return NULL;
    }
    return link;
}

static void *run(void *context) {
    const struct redis_listener *listener = context;
    redisContext *link = subscribe(listener);
    while (wait(listener, link)) {
        if (link == NULL) {
            link = subscribe(listener);
        } else if (!take_replies(listener, link)) {
            redisFree(link);
            link = NULL;
        }
    }
    redisFree(link);
    return NULL;
}

struct redis_listener *redis_listener_create(const struct redis_listener_config *config) {
    struct redis_listener *listener = calloc(1, sizeof *listener);
    ASSERT_MESSAGE(listener != NULL, "out of memory");
    listener->config = *config;
    listener->stop = eventfd(0, EFD_CLOEXEC);
    ASSERT_MESSAGE(listener->stop >= 0, "no eventfd");
    ASSERT_MESSAGE(pthread_create(&listener->thread, NULL, run, listener) == 0, "no thread");
    return listener;
}

void redis_listener_destroy(struct redis_listener *listener) {
    (void)eventfd_write(listener->stop, 1);
    (void)pthread_join(listener->thread, NULL);
    close(listener->stop);
    free(listener);
}
