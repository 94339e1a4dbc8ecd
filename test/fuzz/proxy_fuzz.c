// Input: rules of faults separated by `;`, a line feed, and what the two sides of a proxied
// connection say: pieces of a length byte, whose highest bit is the side, and so many bytes. Time
// passes between them. Whatever the bytes: the proxy's invariants hold, and without a rule each
// side gets what the other said.
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "fault/parse.h"
#include "pieces.h"
#include "role/proxy/proxy.h"

#define STEP_NS UINT64_C(50000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct world {
    struct memory memory;
    struct proxy proxy;
    struct proxy_connection *connection;
    struct buffer said[2];
    struct buffer got[2];
    uint64_t now;
};

static void ignore_wake(void *context, struct proxy_connection *connection, enum proxy_side side) {
    (void)context;
    (void)connection;
    (void)side;
}

static void ignore_event(void *context, const struct proxy_event *event) {
    (void)context;
    ASSERT(event->connection != NULL);
}

static void start(struct world *world) {
    static const struct proxy_limits limits = {
        .connections_max = 2, .rules_max = 8, .clients_max = 2, .lane_bytes = 1 << 16};
    *world = (struct world){.now = 1};
    memory_init(&world->memory);
    proxy_init(&world->proxy, &world->memory, 1, &limits);
    world->proxy.port =
        (struct proxy_port){.context = world, .wake = ignore_wake, .tell = ignore_event};
    world->connection = proxy_connect(&world->proxy, "127.0.0.1:1", NULL, world->now);
    for (unsigned side = 0; side < 2; side++) {
        buffer_init(&world->said[side], &world->memory);
        buffer_init(&world->got[side], &world->memory);
    }
}

static void add_rules(struct world *world, struct bytes list) {
    while (list.size > 0) {
        struct fault_rule rule;
        struct fault_error error;
        if (fault_parse(take_until(&list, ';'), &rule, &error)) {
            (void)proxy_add_rule(&world->proxy, &rule, 0);
        }
    }
}

static void take(struct world *world, enum proxy_side side) {
    struct bytes run;
    while (proxy_output(world->connection, side, &run, 1) == 1) {
        buffer_append(&world->got[side], run);
        proxy_sent(world->connection, side, run.size);
    }
}

static void pass_time(struct world *world) {
    world->now += STEP_NS;
    proxy_tick(&world->proxy, world->now);
    take(world, PROXY_CLIENT);
    take(world, PROXY_BROKER);
    proxy_check(&world->proxy);
}

static void say(struct world *world, enum proxy_side side, struct bytes bytes) {
    buffer_append(&world->said[side], bytes);
    (void)proxy_receive(world->connection, side, bytes, world->now);
    pass_time(world);
}

static void finish(struct world *world) {
    bool had_rules = world->proxy.set.last_number > 0;
    for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
        (void)proxy_side_ended(world->connection, side, world->now);
    }
    pass_time(world);
    for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
        ASSERT(had_rules || bytes_equal(buffer_bytes(&world->said[side]),
                                        buffer_bytes(&world->got[proxy_other(side)])));
        proxy_side_closed(world->connection, side, world->now);
    }
    for (unsigned side = 0; side < 2; side++) {
        buffer_deinit(&world->said[side]);
        buffer_deinit(&world->got[side]);
    }
    proxy_deinit(&world->proxy);
    ASSERT(world->memory.bytes_in_use == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world world;
    struct bytes rest = bytes_make(data, size);
    start(&world);
    add_rules(&world, take_until(&rest, '\n'));
    while (rest.size > 0) {
        size_t length = rest.data[0] & 0x7f;
        enum proxy_side side = rest.data[0] & 0x80 ? PROXY_BROKER : PROXY_CLIENT;
        rest = bytes_make(rest.data + 1, rest.size - 1);
        length = length < rest.size ? length : rest.size;
        say(&world, side, bytes_make(rest.data, length));
        rest = bytes_make(rest.data + length, rest.size - length);
    }
    finish(&world);
    return 0;
}
