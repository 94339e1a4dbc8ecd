// Input: lines, as they may stand in a network file. What parses is formatted and parsed again to
// the same packet; then a broker (83) and a client (580), which are connected with the suite
// `classic`, receive it, each as if the other's packets came from this input too.
#include <stdlib.h>

#include "base/assert.h"
#include "role/broker/broker.h"
#include "role/client/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BROKER 83
#define CLIENT 580
#define LINES_MAX 200 // of one input

static uint8_t seal_room[ROLE_SEAL_ROOM];
static uint8_t unseal_room[ROLE_UNSEAL_ROOM];
static uint8_t scratch[PACKET_LINE_MAX];
static uint8_t scratch_again[PACKET_LINE_MAX];
static uint8_t formatted[PACKET_LINE_MAX];
static uint8_t formatted_again[PACKET_LINE_MAX];

static bool same_packets(const struct packet *a, const struct packet *b) {
    bool same = a->time_stamp == b->time_stamp && a->sender == b->sender &&
                a->receiver == b->receiver && a->type == b->type && a->signature == b->signature &&
                a->element_count == b->element_count;
    for (unsigned i = 0; same && i < a->element_count; i++) {
        same = bytes_equal(a->element[i], b->element[i]);
    }
    return same;
}

static size_t check_format(const struct packet *packet) {
    struct packet again;
    size_t size = packet_format(packet, formatted, sizeof formatted);
    if (size > 0) {
        ASSERT(formatted[size - 1] == '\n');
        ASSERT(packet_parse(&again, bytes_make(formatted, size - 1), scratch_again) == PACKET_OK);
        ASSERT(same_packets(packet, &again));
        ASSERT(packet_format(&again, formatted_again, sizeof formatted_again) == size);
        ASSERT(memcmp(formatted, formatted_again, size) == 0);
    }
    return size;
}

// ---- the two devices ------------------------------------------------------------------------

struct world {
    struct memory memory;
    struct role_port port;
    struct broker broker;
    struct client client;
    struct packet answer; // the last packet sent, while they connect
    uint8_t answer_bytes[256];
    uint64_t now;
};

static bool send_packet(void *context, const struct packet *packet) {
    struct world *world = context;
    size_t size = check_format(packet);
    if (size == 0 || size > sizeof world->answer_bytes) {
        return size > 0;
    }
    memcpy(world->answer_bytes, formatted, size);
    ASSERT(packet_parse(&world->answer, bytes_make(world->answer_bytes, size - 1), scratch_again) ==
           PACKET_OK);
    return true;
}

static void look_at_event(void *context, const struct role_event *event) {
    (void)context;
    ASSERT(event->kind != EVENT_DROPPED || packet_fault_name(event->fault) != NULL);
    ASSERT(event->text.size <= PACKET_LINE_MAX && event->value.size <= PACKET_LINE_MAX);
}

static const struct broker_config broker_config = {
    .line = {.suite = SUITE_ANY,
             .ping_interval = 10 * ROLE_SECOND,
             .silence = 100 * ROLE_SECOND,
             .limits = {.connections = 3, .subscriptions = 5, .devices = 4}},
    .values = {.entries_max = 5, .bytes_max = 1000}};
static const struct client_config client_config = {
    .suite = SUITE_CLASSIC,
    .answer_timeout = 5 * ROLE_SECOND,
    .silence = 100 * ROLE_SECOND,
    .limits = {.connections = 3,
               .subscriptions = 5,
               .devices = 4,
               .values = {.entries_max = 5, .bytes_max = 1000}}};

static void open_world(struct world *world) {
    *world = (struct world){.now = ROLE_SECOND};
    memory_init(&world->memory);
    world->port = (struct role_port){.send = send_packet,
                                     .tell = look_at_event,
                                     .context = world,
                                     .memory = &world->memory,
                                     .seal_room = seal_room,
                                     .unseal_room = unseal_room};
    broker_init(&world->broker, &broker_config, &world->port, BROKER, &(struct cipher_secret){{1}});
    client_init(&world->client, &client_config, &world->port, CLIENT, &(struct cipher_secret){{2}});
    ASSERT(client_connect(&world->client, BROKER, world->now) == CLIENT_OK);
    broker_receive(&world->broker, &world->answer, world->now);
    client_receive(&world->client, &world->answer, world->now);
    ASSERT(client_find_connection(&world->client, BROKER)->status_code == STATUS_OK);
    ASSERT(client_subscribe(&world->client, BROKER, BYTES_LITERAL("a/#"), world->now) == CLIENT_OK);
    broker_receive(&world->broker, &world->answer, world->now);
}

static void close_world(struct world *world) {
    broker_deinit(&world->broker);
    client_deinit(&world->client);
    ASSERT(world->memory.blocks_in_use == 0);
}

static void feed(struct world *world, struct bytes line) {
    struct packet packet;
    for (int i = 0; i < 2; i++) { // parsed for each, since a role unseals in place
        if (packet_parse(&packet, line, scratch) != PACKET_OK) {
            return;
        }
        if (i == 0) {
            ASSERT(check_format(&packet) > 0);
            broker_receive(&world->broker, &packet, world->now);
        } else {
            client_receive(&world->client, &packet, world->now);
        }
    }
    world->now += ROLE_SECOND;
    broker_tick(&world->broker, world->now);
    client_tick(&world->client, world->now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = malloc(sizeof *world);
    open_world(world);
    for (int i = 0; size > 0 && i < LINES_MAX; i++) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t line_size = end == NULL ? size : (size_t)(end - data);
        feed(world, bytes_make(data, line_size));
        size_t taken = end == NULL ? size : line_size + 1;
        data += taken;
        size -= taken;
    }
    close_world(world);
    free(world);
    return 0;
}
