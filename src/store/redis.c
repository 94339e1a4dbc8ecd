#include "store/redis.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "store/error.h"
#include "store/redis_answer.h"
#include "store/redis_link.h"
#include "store/redis_listener.h"
#include "store/redis_script.h"
#include "store/serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define RETRY_MS 200                        // between attempts to connect
#define RUN_BYTES_MAX (256u * 1024)         // so that little is kept of a run that is gone in part
#define SPAN_MS_MAX UINT64_C(1000000000000) // thirty years: what is above stays exact in Lua

// The arguments of one command, one behind the other.
struct command {
    struct buffer text;
    size_t *ends;
    uint32_t count;
    uint32_t capacity;
    const char **starts; // made of `ends` when no more is added
    size_t *sizes;
    uint32_t made;
};

// One link for requests, with a script that Redis keeps under the name of its hash; after a
// failure it is tried again from `tried_ms` on. A thread of its own listens at `channel` for
// what other masters have done.
struct redis_store {
    struct store store;
    struct redis_place place;
    char own_name[17];
    char channel[48];
    char script[41]; // its name: a hash in hexadecimal
    redisContext *link;
    uint64_t tried_ms;
    struct memory memory;
    struct command command;
    struct redis_listener *listener;
};

// ---- commands ---------------------------------------------------------------------------------

static void end_argument(struct redis_store *own) {
    struct command *command = &own->command;
    command->ends = memory_grow(&own->memory, command->ends, &command->capacity, command->count + 1,
                                sizeof *command->ends);
    command->ends[command->count++] = command->text.size;
}

static void add_bytes(struct redis_store *own, struct bytes bytes) {
    buffer_append(&own->command.text, bytes);
    end_argument(own);
}

static void add_number(struct redis_store *own, uint64_t number) {
    buffer_append_decimal(&own->command.text, number);
    end_argument(own);
}

// How many packets from the first on are for the same gate and make one run.
static uint32_t run_of(const struct store_packet *packets, uint32_t count) {
    uint32_t run = 0;
    uint64_t bytes = 0;
    for (; run < count && packets[run].gate == packets[0].gate; run++) {
        bytes += packets[run].line.size;
        if (run > 0 && bytes > RUN_BYTES_MAX) {
            break;
        }
    }
    return run;
}

static void add_run(struct redis_store *own, const struct store_packet *packets, uint32_t count) {
    struct buffer *text = &own->command.text;
    add_number(own, packets[0].gate);
    add_number(own, count);
    for (int shift = 8 * (REDIS_SCRIPT_RUN_HEAD - 1); shift >= 0; shift -= 8) {
        buffer_append_byte(text, (uint8_t)(count >> shift));
    }
    for (uint32_t i = 0; i < count; i++) {
        buffer_append(text, packets[i].line);
    }
    end_argument(own);
}

static void add_runs(struct redis_store *own, const struct store_request *request) {
    for (uint32_t at = 0, run; at < request->packet_count; at += run) {
        run = run_of(request->packets + at, request->packet_count - at);
        add_run(own, request->packets + at, run);
    }
}

static void add_details(struct redis_store *own, const struct store_request *request) {
    switch (request->operation) {
    case STORE_UPLOAD:
        add_number(own, request->first);
        add_number(own, request->packet_count);
        add_runs(own, request);
        break;
    case STORE_PUT:
        add_number(own, request->packet_count);
        add_runs(own, request);
        break;
    case STORE_TAKE:
        add_number(own, request->acknowledged);
        add_number(own, request->bytes_max);
        break;
    case STORE_LEASE:
    case STORE_GIVE_BACK:
    case STORE_RENEW:
    case STORE_POP:
    case STORE_LIST:
        break;
    }
}

static uint64_t at_most(uint64_t number, uint64_t max) {
    return number < max ? number : max;
}

static void write_command(struct redis_store *own, const struct store_request *request) {
    const struct store_limits *limits = &own->store.limits;
    own->command.text.size = 0;
    own->command.count = 0;
    add_bytes(own, BYTES_LITERAL("EVALSHA"));
    add_bytes(own, bytes_of_text(own->script));
    add_number(own, 0); // keys that a cluster would want to know of
    add_number(own, request->operation);
    add_bytes(own, bytes_of_text(own->own_name));
    add_bytes(own, bytes_of_text(own->channel));
    add_number(own, limits->gates);
    add_number(own, limits->mailbox_packets);
    add_number(own, limits->mailbox_bytes);
    add_number(own, at_most(limits->silence_ms, SPAN_MS_MAX));
    add_number(own, at_most(limits->classic_silence_ms, SPAN_MS_MAX));
    add_number(own, request->gate);
    add_bytes(own, bytes_make(request->secret, sizeof request->secret));
    add_details(own, request);
}

// Puts the command into the link's buffer.
static void append_command(struct redis_store *own) {
    struct command *command = &own->command;
    uint32_t room = command->made;
    command->starts =
        memory_grow(&own->memory, command->starts, &room, command->count, sizeof(char *));
    command->sizes = memory_grow(&own->memory, command->sizes, &command->made, command->count,
                                 sizeof *command->sizes);
    for (uint32_t i = 0; i < command->count; i++) {
        size_t start = i == 0 ? 0 : command->ends[i - 1];
        command->starts[i] = (const char *)command->text.data + start;
        command->sizes[i] = command->ends[i] - start;
    }
    int result =
        redisAppendCommandArgv(own->link, (int)command->count, command->starts, command->sizes);
    ASSERT_MESSAGE(result == REDIS_OK, "out of memory");
}

// ---- the link ---------------------------------------------------------------------------------

static uint64_t steady_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void describe(struct redis_store *own, const char *reason) {
    (void)store_error_set(&own->store.trouble, "redis://%s: %s; requests fail until it is back",
                          own->place.name, reason);
}

// What Redis answers in place of ours. A script that meets a key of another type says WRONGTYPE,
// somewhere in its text.
static void describe_error(struct redis_store *own, const redisReply *reply) {
    if (reply->type != REDIS_REPLY_ERROR) {
        describe(own, "answers in another way");
    } else if (memmem(reply->str, reply->len, "WRONGTYPE", 9) == NULL) {
        describe(own, reply->str);
    } else {
        (void)store_error_set(&own->store.trouble,
                              "redis://%s: a key of another type stands under a name of ours "
                              "(mqttsim:*), so another program uses them; delete these keys, or "
                              "name another database (redis://HOST/NUMBER)",
                              own->place.name);
    }
}

static void drop_link(struct redis_store *own) {
    redisFree(own->link);
    own->link = NULL;
}

// False, and no link any more, if it cannot be.
static bool load_script(struct redis_store *own) {
    redisReply *reply = redisCommand(own->link, "SCRIPT LOAD %s", redis_script);
    bool is_loaded =
        reply != NULL && reply->type == REDIS_REPLY_STRING && reply->len == sizeof own->script - 1;
    if (is_loaded) {
        memcpy(own->script, reply->str, sizeof own->script);
    } else {
        describe(own, reply == NULL                      ? own->link->errstr
                      : reply->type == REDIS_REPLY_ERROR ? reply->str
                                                         : "does not know scripts");
        drop_link(own);
    }
    freeReplyObject(reply);
    return is_loaded;
}

static bool reach(struct redis_store *own) {
    uint64_t now_ms = steady_ms();
    if (own->link != NULL) {
        return true;
    }
    if (own->tried_ms != 0 && now_ms - own->tried_ms < RETRY_MS) {
        return false;
    }
    own->link = redis_link_open(&own->place, &own->store.trouble);
    bool is_ready = own->link != NULL && load_script(own);
    own->tried_ms = is_ready ? 0 : steady_ms();
    return is_ready;
}

// ---- answers ----------------------------------------------------------------------------------

enum outcome { ANSWERED, UNKNOWN_SCRIPT, FAILED };

static enum outcome take_answer(struct redis_store *own, struct store_request *request) {
    void *taken = NULL;
    if (redisGetReply(own->link, &taken) != REDIS_OK) {
        describe(own, own->link->errstr);
        drop_link(own);
        return FAILED;
    }
    redisReply *reply = taken;
    enum outcome outcome = FAILED;
    if (redis_answer_read(reply, request)) {
        outcome = ANSWERED;
    } else if (redis_answer_has_no_script(reply)) {
        outcome = UNKNOWN_SCRIPT;
    } else {
        describe_error(own, reply);
    }
    freeReplyObject(reply);
    return outcome;
}

// ---- executing --------------------------------------------------------------------------------

// Executes the requests whose outcome is UNKNOWN_SCRIPT. Returns whether it is so for some again.
static bool send_all(struct redis_store *own, struct store_request *const *requests,
                     enum outcome *outcomes, size_t count) {
    bool has_unknown = false;
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i] == UNKNOWN_SCRIPT) {
            write_command(own, requests[i]);
            append_command(own);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i] == UNKNOWN_SCRIPT) {
            outcomes[i] = own->link == NULL ? FAILED : take_answer(own, requests[i]);
            has_unknown = has_unknown || outcomes[i] == UNKNOWN_SCRIPT;
        }
    }
    return has_unknown;
}

static void execute(struct store *store, struct store_request *const *requests, size_t count) {
    struct redis_store *own = (struct redis_store *)store;
    uint32_t *begun = serve_begin(requests, count);
    enum outcome *outcomes = calloc(count + 1, sizeof *outcomes);
    ASSERT_MESSAGE(outcomes != NULL, "out of memory");
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = UNKNOWN_SCRIPT;
    }
    // A Redis that was started anew, or told to forget scripts, is told ours again.
    if (reach(own) && send_all(own, requests, outcomes, count) && own->link != NULL &&
        load_script(own)) {
        (void)send_all(own, requests, outcomes, count);
    }
    bool all_answered = true;
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i] != ANSWERED) {
            serve_undo(requests, begun, i, i + 1);
            all_answered = false;
        }
    }
    if (all_answered) {
        own->store.trouble.text[0] = 0;
    }
    free(outcomes);
    free(begun);
}

static void listen(struct store *store, void (*wake)(void *context, uint32_t gate), void *context) {
    struct redis_store *own = (struct redis_store *)store;
    ASSERT(own->listener == NULL);
    own->listener = redis_listener_create(
        &(struct redis_listener_config){&own->place, own->channel, own->own_name, wake, context});
}

// ---- opening and closing ----------------------------------------------------------------------

static void close_store(struct store *store) {
    struct redis_store *own = (struct redis_store *)store;
    struct command *command = &own->command;
    if (own->listener != NULL) {
        redis_listener_destroy(own->listener);
    }
    redisFree(own->link);
    buffer_deinit(&command->text);
    memory_free(&own->memory, command->ends, command->capacity * sizeof *command->ends);
    memory_free(&own->memory, command->starts, command->made * sizeof(char *));
    memory_free(&own->memory, command->sizes, command->made * sizeof *command->sizes);
    ASSERT(own->memory.blocks_in_use == 0);
    redis_place_deinit(&own->place);
    free(own);
}

static const struct store_kind kind = {"redis", execute, listen, close_store};

// A name that no other master has.
static void name_self(struct redis_store *own) {
    uint64_t number;
    ASSERT_MESSAGE(getrandom(&number, sizeof number, 0) == sizeof number, "no random numbers");
    (void)snprintf(own->own_name, sizeof own->own_name, "%016" PRIx64, number);
    (void)snprintf(own->channel, sizeof own->channel, "mqttsim:wake:%" PRIu64, own->place.database);
}

struct store *store_redis_open(const char *place, const struct store_limits *limits,
                               struct store_error *error) {
    struct redis_store *own = calloc(1, sizeof *own);
    ASSERT_MESSAGE(own != NULL, "out of memory");
    own->store = (struct store){.kind = &kind, .limits = *limits};
    memory_init(&own->memory);
    buffer_init(&own->command.text, &own->memory);
    if (!redis_place_read(&own->place, place)) {
        (void)store_error_set(error, "redis: names no place; write redis://HOST:PORT, or "
                                     "redis://:PASSWORD@HOST:PORT/DATABASE");
    } else {
        name_self(own);
        if (reach(own)) {
            return &own->store;
        }
        *error = own->store.trouble;
    }
    close_store(&own->store);
    return NULL;
}
