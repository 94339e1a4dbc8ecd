// Input: lines, each for one of four places: 0 the network of the router behind gate 7, 1 that of
// the router behind gate 9, 2 the mailbox of the first, 3 that of the second (its first byte modulo
// 4; modulo 8 from 4 on: time passes). What the routers send up goes to a master in memory and down
// again from there. Then the first router is restored from what it told to be stored, and knows
// what it knew.
#include <stdlib.h>

#include "base/assert.h"
#include "role/master/master.h"
#include "role/router/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES_MAX 100 // of one input
#define ROUNDS_MAX 8  // of packets that lead to packets, after each line

struct world;

struct place {
    struct world *world;
    struct router router;
    struct router_port port;
    struct master_holder holder;
    uint8_t secret[MASTER_SECRET_SIZE];
    uint64_t uploaded;
    uint64_t acknowledged;
    struct buffer up; // lines that wait for the master
};

struct world {
    struct memory memory;
    struct master master;
    struct place places[2];
    struct buffer lines;    // taken from a mailbox
    struct journal journal; // of the first router
    struct buffer records;
    uint64_t now;
};

static uint8_t scratch[PACKET_LINE_MAX];
static uint8_t formatted[PACKET_LINE_MAX];

// ---- what the routers ask of the world ---------------------------------------------------------

static bool go_up(void *context, const struct packet *packet) {
    struct place *place = context;
    size_t size = packet_format(packet, formatted, sizeof formatted);
    ASSERT(packet_address_gate(packet->sender) == place->holder.gate);
    buffer_append(&place->up, bytes_make(formatted, size));
    return size > 0;
}

static bool go_down(void *context, const struct packet *packet) {
    const struct place *place = context;
    ASSERT(packet_address_gate(packet->sender) != 0);
    ASSERT(packet_address_gate(packet->receiver) == 0);
    (void)place;
    return packet_format(packet, formatted, sizeof formatted) > 0;
}

static void look_at_event(void *context, const struct role_event *event) {
    (void)context;
    ASSERT(event->kind != EVENT_DROPPED || packet_fault_name(event->fault) != NULL);
}

// A record and its name, as they were appended.
static void keep_record(void *context, const struct journal_record *record) {
    struct world *world = context;
    struct journal_record kept = *record;
    kept.text[0].data = NULL;
    buffer_append(&world->records, bytes_make(&kept, sizeof kept));
    buffer_append(&world->records, record->text[0]);
}

// ---- the world ---------------------------------------------------------------------------------

static const struct router_config config = {.confirmation = 5 * ROLE_SECOND,
                                            .limits = {.brokers = 3, .gates = 2, .pairs = 4}};
static const struct master_limits limits = {.gates = 5,
                                            .mailbox_packets = 8,
                                            .mailbox_bytes = 2000,
                                            .silence = 1000 * ROLE_SECOND,
                                            .classic_silence = 1000 * ROLE_SECOND};

static void open_place(struct world *world, struct place *place, uint32_t gate) {
    place->world = world;
    place->port = (struct router_port){.up = go_up,
                                       .down = go_down,
                                       .tell = look_at_event,
                                       .context = place,
                                       .memory = &world->memory};
    place->port.journal = place == &world->places[0] ? &world->journal : NULL;
    memset(place->secret, (int)gate, sizeof place->secret);
    place->holder = (struct master_holder){gate, place->secret};
    buffer_init(&place->up, &world->memory);
    ASSERT(master_lease(&world->master, place->holder, world->now).status == GATE_NEW);
    router_init(&place->router, &config, &place->port, gate, 1);
    router_start(&place->router, world->now);
}

static void open_world(struct world *world) {
    *world = (struct world){.now = ROLE_SECOND};
    memory_init(&world->memory);
    buffer_init(&world->lines, &world->memory);
    buffer_init(&world->records, &world->memory);
    world->journal = (struct journal){.append = keep_record, .context = world};
    master_init(&world->master, &world->memory, &limits);
    master_start(&world->master, NULL);
    open_place(world, &world->places[0], 7);
    open_place(world, &world->places[1], 9);
}

static void close_world(struct world *world) {
    for (int i = 0; i < 2; i++) {
        router_stop(&world->places[i].router);
        router_deinit(&world->places[i].router);
        buffer_deinit(&world->places[i].up);
    }
    master_deinit(&world->master);
    buffer_deinit(&world->lines);
    buffer_deinit(&world->records);
    ASSERT(world->memory.blocks_in_use == 0);
}

// ---- up and down -------------------------------------------------------------------------------

static bool take_line(struct bytes *rest, struct bytes *line) {
    if (rest->size == 0) {
        return false;
    }
    const uint8_t *end = memchr(rest->data, '\n', rest->size);
    size_t size = end == NULL ? rest->size : (size_t)(end - rest->data) + 1;
    *line = bytes_make(rest->data, size);
    *rest = bytes_make(rest->data + size, rest->size - size);
    return true;
}

static struct bytes without_end(struct bytes line) {
    bool has_end = line.size > 0 && line.data[line.size - 1] == '\n';
    return bytes_make(line.data, line.size - has_end);
}

static void upload(struct world *world, struct place *place) {
    struct bytes rest = buffer_bytes(&place->up);
    struct bytes line;
    while (take_line(&rest, &line)) {
        struct packet packet;
        ASSERT(packet_parse(&packet, without_end(line), scratch) == PACKET_OK);
        struct master_packet one = {packet_address_gate(packet.receiver), line};
        struct master_batch batch = {place->uploaded + 1, &one, 1};
        struct gate_answer answer =
            master_upload(&world->master, place->holder, &batch, world->now);
        ASSERT(answer.status == GATE_OK && answer.uploaded == ++place->uploaded);
        // Sent again, since no answer came: it counts once.
        answer = master_upload(&world->master, place->holder, &batch, world->now);
        ASSERT(answer.status == GATE_OK && answer.accepted == 0);
    }
    place->up.size = 0;
}

static void take(struct world *world, struct place *place) {
    struct master_taking taking = {place->acknowledged, 1000, &world->lines};
    world->lines.size = 0;
    struct gate_answer answer = master_take(&world->master, place->holder, &taking, world->now);
    ASSERT(answer.status == GATE_OK && answer.last >= place->acknowledged);
    if (answer.missing > 0) {
        router_ask(&place->router, world->now);
    }
    struct bytes rest = buffer_bytes(&world->lines);
    struct bytes line;
    while (take_line(&rest, &line)) {
        struct packet packet;
        ASSERT(packet_parse(&packet, without_end(line), scratch) == PACKET_OK);
        router_take(&place->router, &packet, world->now);
    }
    place->acknowledged = answer.last;
}

static void settle(struct world *world) {
    for (int round = 0; round < ROUNDS_MAX; round++) {
        for (int i = 0; i < 2; i++) {
            upload(world, &world->places[i]);
        }
        for (int i = 0; i < 2; i++) {
            take(world, &world->places[i]);
        }
    }
}

static void check_router(const struct router *router) {
    ASSERT(router->pair_count <= config.limits.pairs);
    ASSERT(router->gate_count <= config.limits.gates);
    ASSERT(router->remotes.count <= config.limits.brokers);
    uint32_t pairs = 0;
    for (uint32_t place = 0; place < router->pair_used; place++) {
        pairs += router->pairs[place].remote != 0;
    }
    ASSERT(pairs == router->pair_count);
}

static void feed(struct world *world, struct bytes line) {
    struct packet packet;
    unsigned where = line.data[0] % 8;
    struct place *place = &world->places[where % 2];
    world->now += where < 4 ? 1 : 3 * ROLE_SECOND;
    line = bytes_make(line.data + 1, line.size - 1);
    if (packet_parse(&packet, without_end(line), scratch) == PACKET_OK) {
        where % 4 < 2 ? router_receive(&place->router, &packet, world->now)
                      : router_take(&place->router, &packet, world->now);
    }
    settle(world);
    for (int i = 0; i < 2; i++) {
        router_tick(&world->places[i].router, world->now);
        check_router(&world->places[i].router);
    }
}

// ---- after a kill
// ---------------------------------------------------------------------------------

static void count_record(void *context, const struct journal_record *record) {
    uint32_t *counts = context;
    counts[record->kind]++;
}

static void check_restored(struct world *world) {
    struct place *place = &world->places[0];
    struct router_port port = place->port;
    struct router again;
    uint32_t before[ROUTER_RECORDS] = {0};
    uint32_t after[ROUTER_RECORDS] = {0};
    struct bytes rest = buffer_bytes(&world->records);
    struct journal_record record;
    port.journal = NULL;
    router_init(&again, &config, &port, 7, 2);
    while (rest.size > 0) {
        memcpy(&record, rest.data, sizeof record);
        record.text[0].data = rest.data + sizeof record;
        ASSERT(router_restore(&again, &record, world->now));
        size_t taken = sizeof record + record.text[0].size;
        rest = bytes_make(rest.data + taken, rest.size - taken);
    }
    router_snapshot(&place->router, count_record, before);
    router_snapshot(&again, count_record, after);
    ASSERT(memcmp(before, after, sizeof before) == 0);
    router_deinit(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = malloc(sizeof *world);
    struct bytes rest = bytes_make(data, size);
    struct bytes line;
    open_world(world);
    settle(world);
    for (int i = 0; i < LINES_MAX && take_line(&rest, &line); i++) {
        feed(world, line);
    }
    check_restored(world);
    close_world(world);
    free(world);
    return 0;
}
