// Input: what several peers of an MQTT door send, in turns: a byte that says which peer and what it
// does (bits 0-1 the peer, bits 2-3: 0 bytes follow, 1 time goes on, 2 its stream takes everything,
// 3 its stream breaks and is opened anew), and a byte for how many or how long. What the door sends
// has to be decodable packets of servers; at the end nothing may be left in memory.
#include <stdlib.h>

#include "base/assert.h"
#include "role/broker/mqtt/mqtt_door.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PEERS 4
#define STREAM_MAX 4096 // bytes of a packet of the door that are looked at

struct peer {
    struct door_connection *connection;
    enum mqtt_version version; // of its CONNECT, as far as it could be seen
    bool is_first;             // nothing was sent yet
    uint8_t stream[STREAM_MAX];
    size_t stream_size;
    bool is_lost; // a packet was longer than the stream's room
};

struct world {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
    struct peer peers[PEERS];
    uint64_t now;
};

static void note_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void look_at_event(void *context, const struct door_event *event) {
    (void)context;
    ASSERT(event->text.size <= UINT16_MAX && event->client_id.size <= UINT16_MAX);
}

static struct mqtt_door_config door_config(void) {
    return (struct mqtt_door_config){.anonymous = true,
                                     .response_prefix = BYTES_LITERAL("r/"),
                                     .version = BYTES_LITERAL("v"),
                                     .statistics_interval = 5 * ROLE_SECOND,
                                     .limits = {.connections = 3,
                                                .sessions = 4,
                                                .packet_bytes = 1000,
                                                .subscriptions = 4,
                                                .in_flight = 3,
                                                .receive_maximum = 3,
                                                .topic_aliases = 2,
                                                .queue_messages = 5,
                                                .queue_bytes = 5000,
                                                .total_bytes = 12000,
                                                .messages_a_second = 20,
                                                .packets_a_second = 60,
                                                .session_expiry = 100 * ROLE_SECOND,
                                                .connect_time = 20 * ROLE_SECOND,
                                                .keep_alive = 60}};
}

static void open_peer(struct world *world, struct peer *peer) {
    struct door_stream_info info = {.owner = peer, .peer_address = BYTES_LITERAL("fuzz")};
    peer->stream_size = 0;
    peer->is_lost = false;
    peer->is_first = true;
    peer->version = MQTT_5;
    peer->connection = mqtt_door_open(world->door, &info, world->now);
    ASSERT(peer->connection != NULL);
}

static void open_world(struct world *world, uint8_t policy) {
    *world = (struct world){.now = ROLE_SECOND, .config = door_config()};
    world->config.limits.policy = (enum door_queue_policy)(policy % 3);
    memory_init(&world->memory);
    world->port = (struct mqtt_door_port){
        .ready = note_ready, .tell = look_at_event, .context = world, .memory = &world->memory};
    broker_core_init(&world->core, &world->memory, 1,
                     (struct topic_values_limits){.entries_max = 5, .bytes_max = 2000});
    world->door =
        mqtt_door_create(&world->config, &world->port, &world->core, &(struct cipher_secret){{1}});
    mqtt_door_tell_entries(world->door, true);
    for (unsigned i = 0; i < PEERS; i++) {
        open_peer(world, &world->peers[i]);
    }
}

static void close_world(struct world *world) {
    for (unsigned i = 0; i < PEERS; i++) {
        mqtt_door_close(world->door, world->peers[i].connection, world->now);
    }
    mqtt_door_destroy(world->door);
    broker_core_deinit(&world->core);
    ASSERT(world->memory.blocks_in_use == 0);
}

// Takes the whole packets off the front of what came.
static void look_at_stream(struct peer *peer) {
    struct mqtt_frame frame;
    size_t at = 0;
    for (;;) {
        struct bytes rest = bytes_make(peer->stream + at, peer->stream_size - at);
        enum mqtt_frame_state state = mqtt_frame_read(rest, &frame);
        ASSERT(state != MQTT_FRAME_MALFORMED);
        if (state == MQTT_FRAME_PART) {
            break;
        }
        struct mqtt_packet packet;
        enum mqtt_reason reason = mqtt_decode(&packet, bytes_make(rest.data, frame.bytes),
                                              peer->version, MQTT_FROM_SERVER, NULL);
        ASSERT(reason == MQTT_SUCCESS);
        at += frame.bytes;
    }
    peer->stream_size -= at;
    memmove(peer->stream, peer->stream + at, peer->stream_size);
}

static void take_output(struct world *world, struct peer *peer) {
    struct bytes runs[2];
    unsigned count;
    while ((count = mqtt_door_output(world->door, peer->connection, runs, 2)) > 0) {
        size_t size = 0;
        for (unsigned i = 0; i < count; i++) {
            size += runs[i].size;
            if (peer->stream_size + runs[i].size > STREAM_MAX) {
                peer->is_lost = true;
            }
            if (!peer->is_lost) {
                memcpy(peer->stream + peer->stream_size, runs[i].data, runs[i].size);
                peer->stream_size += runs[i].size;
                look_at_stream(peer);
            }
        }
        mqtt_door_sent(world->door, peer->connection, size, world->now);
    }
    if (mqtt_door_is_over(peer->connection)) {
        mqtt_door_close(world->door, peer->connection, world->now);
        open_peer(world, peer);
    }
}

// The version that the first bytes ask for; the door answers others in a form of its own choice.
static void note_version(struct peer *peer, struct bytes bytes) {
    if (!peer->is_first || bytes.size == 0) {
        return;
    }
    peer->is_first = false;
    peer->is_lost = true;
    if (bytes.size > 8 && bytes.data[0] == 0x10 && bytes.data[1] < 0x80) {
        uint8_t level = bytes.data[bytes.data[3] == 6 && bytes.size > 10 ? 10 : 8];
        peer->version = (enum mqtt_version)(level == MQTT_5 ? level : level & 0x7f);
        peer->is_lost = level != MQTT_5 && peer->version != MQTT_3_1 && peer->version != MQTT_3_1_1;
    }
}

static size_t step(struct world *world, const uint8_t *data, size_t size) {
    struct peer *peer = &world->peers[data[0] & 3];
    size_t count = data[1];
    switch (data[0] >> 2 & 3) {
    case 0: {
        count = count < size - 2 ? count : size - 2;
        struct bytes bytes = bytes_make(data + 2, count);
        note_version(peer, bytes);
        mqtt_door_receive(world->door, peer->connection, bytes, world->now);
        return 2 + count;
    }
    case 1:
        world->now += count * ROLE_SECOND;
        do { // as long as work is left
            mqtt_door_tick(world->door, world->now);
        } while (mqtt_door_deadline(world->door) <= world->now);
        break;
    case 2:
        take_output(world, peer);
        break;
    default:
        mqtt_door_close(world->door, peer->connection, world->now);
        open_peer(world, peer);
    }
    return 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = malloc(sizeof *world);
    open_world(world, size > 0 ? data[0] >> 6 : 0);
    while (size >= 2) {
        size_t taken = step(world, data, size);
        data += taken;
        size -= taken;
    }
    mqtt_door_stop(world->door, world->now);
    for (unsigned i = 0; i < PEERS; i++) {
        take_output(world, &world->peers[i]);
    }
    close_world(world);
    free(world);
    return 0;
}
