#include "store/redis_link.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "store/error.h"

#include <stdlib.h>
#include <sys/time.h>

#define DEFAULT_PORT 6379
#define CONNECT_SECONDS 2
#define ANSWER_SECONDS 5 // a script may work for a while, as for a packet to very many gates

// ---- places -----------------------------------------------------------------------------------

static char *copy(struct bytes text) {
    char *made = strndup((const char *)text.data, text.size);
    ASSERT_MESSAGE(made != NULL, "out of memory");
    return made;
}

// Cuts *text at the last `mark`; returns what stood behind it, or nothing (data NULL).
static struct bytes cut_behind(struct bytes *text, char mark) {
    const uint8_t *at = text->size == 0 ? NULL : memrchr(text->data, mark, text->size);
    if (at == NULL) {
        return (struct bytes){NULL, 0};
    }
    struct bytes behind = bytes_make(at + 1, (size_t)(text->data + text->size - at - 1));
    text->size = (size_t)(at - text->data);
    return behind;
}

// Leaves HOST[:PORT], and sets the password.
static bool read_password(struct redis_place *place, struct bytes *text) {
    struct bytes before = *text;
    struct bytes behind = cut_behind(&before, '@');
    if (behind.data == NULL) {
        return true;
    }
    const uint8_t *colon = before.size == 0 ? NULL : memchr(before.data, ':', before.size);
    if (colon != before.data || colon == NULL) {
        return false; // users with names are of no use here
    }
    place->password = copy(bytes_make(before.data + 1, before.size - 1));
    *text = behind;
    return true;
}

static bool read_host(struct redis_place *place, struct bytes text) {
    uint64_t port = DEFAULT_PORT;
    bool is_bracketed = text.size > 0 && text.data[text.size - 1] == ']';
    struct bytes digits = is_bracketed ? (struct bytes){NULL, 0} : cut_behind(&text, ':');
    if (digits.data != NULL && (!decimal_read(digits, 65535, &port) || port == 0)) {
        return false;
    }
    if (text.size > 2 && text.data[0] == '[' && text.data[text.size - 1] == ']') {
        text = bytes_make(text.data + 1, text.size - 2);
    } else if (text.size == 0 || memchr(text.data, ':', text.size) != NULL) {
        return false;
    }
    place->host = copy(text);
    place->port = (int)port;
    return true;
}

bool redis_place_read(struct redis_place *place, const char *text) {
    *place = (struct redis_place){.port = DEFAULT_PORT};
    struct bytes rest = bytes_of_text(text);
    if (!read_password(place, &rest)) {
        return false;
    }
    place->name = copy(rest);
    struct bytes host = rest;
    struct bytes database = cut_behind(&host, '/');
    if (database.size > 0 && !decimal_read(database, INT32_MAX, &place->database)) {
        return false;
    }
    return read_host(place, host);
}

void redis_place_deinit(struct redis_place *place) {
    free(place->name);
    free(place->host);
    free(place->password);
    *place = (struct redis_place){.name = NULL};
}

// ---- connections ------------------------------------------------------------------------------

static void describe(struct store_error *error, const struct redis_place *place,
                     const char *reason) {
    (void)store_error_set(error,
                          "redis://%s: %s; see that a Redis runs there and lets this program in",
                          place->name, reason);
}

// Whether Redis answers to a command with anything but an error.
static bool ask(redisContext *context, const struct redis_place *place, struct store_error *error,
                const char *const words[2]) {
    redisReply *reply = redisCommand(context, "%s %s", words[0], words[1]);
    bool is_good = reply != NULL && reply->type != REDIS_REPLY_ERROR;
    if (!is_good) {
        describe(error, place, reply != NULL ? reply->str : context->errstr);
    }
    freeReplyObject(reply);
    return is_good;
}

static bool enter(redisContext *context, const struct redis_place *place,
                  struct store_error *error) {
    char number[24];
    *decimal_write((uint8_t *)number, place->database) = 0;
    return (place->password == NULL ||
            ask(context, place, error, (const char *const[]){"AUTH", place->password})) &&
           ask(context, place, error, (const char *const[]){"SELECT", number});
}

redisContext *redis_link_open(const struct redis_place *place, struct store_error *error) {
    struct timeval patience = {CONNECT_SECONDS, 0};
    redisContext *context = redisConnectWithTimeout(place->host, place->port, patience);
    ASSERT_MESSAGE(context != NULL, "out of memory");
    if (context->err != 0) {
        describe(error, place, context->errstr);
    } else if (redisSetTimeout(context, (struct timeval){ANSWER_SECONDS, 0}) == REDIS_OK &&
               enter(context, place, error)) {
        (void)redisEnableKeepAlive(context);
        return context;
    }
    redisFree(context);
    return NULL;
}
