#include "store/redis_listener.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "packet/packet.h"

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

// A message is the name of a master and the gates that it woke.
static void take_message(const struct redis_listener *listener, struct bytes message) {
    const struct redis_listener_config *config = &listener->config;
    struct bytes own = bytes_of_text(config->own_name);
    if (bytes_starts_with(message, own)) {
        return;
    }
    const uint8_t *end = message.data + message.size;
    const uint8_t *at = memchr(message.data, ' ', message.size);
    while (at != NULL) {
        const uint8_t *next = memchr(at + 1, ' ', (size_t)(end - at - 1));
        size_t size = (size_t)((next != NULL ? next : end) - at - 1);
        uint64_t gate;
        if (decimal_read(bytes_make(at + 1, size), PACKET_GATE_MAX, &gate)) {
            config->wake(config->context, (uint32_t)gate);
        }
        at = next;
    }
}

// What Redis sends to a subscriber: its kind, the channel, and the message.
static void take_reply(const struct redis_listener *listener, const redisReply *reply) {
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 ||
        reply->element[0]->type != REDIS_REPLY_STRING) {
        return;
    }
    const redisReply *what = reply->element[0];
    const redisReply *message = reply->element[2];
    if (bytes_equal(bytes_make(what->str, what->len), BYTES_LITERAL("subscribe"))) {
        listener->config.wake(listener->config.context, 0);
    } else if (message->type == REDIS_REPLY_STRING && message->len > 0) {
        take_message(listener, bytes_make(message->str, message->len));
    }
}

static bool take_replies(const struct redis_listener *listener, redisContext *link) {
    void *reply = NULL;
    if (redisBufferRead(link) != REDIS_OK) {
        return false;
    }
    while (redisGetReplyFromReader(link, &reply) == REDIS_OK) {
        if (reply == NULL) {
            return true;
        }
        take_reply(listener, reply);
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
