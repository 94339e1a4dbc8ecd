// Input: what several peers of an MQTT door send, in turns: a byte that says which peer and what it
// does (bits 0-1 the peer, bits 2-3: 0 bytes follow, 1 time passes, 2 its stream takes everything,
// 3, by bits 4-5: its stream breaks and is opened again, the check of its password is answered, it
// sends no more, a turn begins), and a byte for how many, how long or which answer. The first byte
// also says how the door is set up: bits 4-5 whom it lets in, and bits 6-7 what a full queue does.
// What the door sends has to be decodable packets of servers; at the end nothing may be left in
// memory.
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
    bool is_lost;   // a packet was longer than the stream's room
    bool has_ended; // it sends no more
};

struct world {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
    struct peer peers[PEERS];
    uint64_t now;
    struct door_connection *waiting[PEERS]; // for a check of a password, and their numbers
    uint64_t numbers[PEERS];
};

// Whom the door lets in.
enum setup { SETUP_ANYBODY, SETUP_PASSWORDS, SETUP_SCRAM, SETUP_LITTLE_MEMORY };

static void note_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void look_at_event(void *context, const struct door_event *event) {
    (void)context;
    ASSERT(event->text.size <= UINT16_MAX && event->client_id.size <= UINT16_MAX);
}

// By the first byte of the password.
static enum credentials_state authenticate(void *context,
                                           const struct door_credentials *credentials) {
    struct world *world = context;
    uint8_t first = credentials->password.size > 0 ? credentials->password.data[0] : 'n';
    if (first == 'w') {
        for (unsigned i = 0; i < PEERS; i++) {
            if (world->peers[i].connection == credentials->connection) {
                world->waiting[i] = credentials->connection;
                world->numbers[i] = credentials->number;
            }
        }
        return CREDENTIALS_WAIT;
    }
    return first == 'g' ? CREDENTIALS_GOOD : first == 'b' ? CREDENTIALS_BUSY : CREDENTIALS_WRONG;
}

static void cancel_check(void *context, uint64_t number, uint64_t address) {
    struct world *world = context;
    (void)address;
    for (unsigned i = 0; i < PEERS; i++) {
        world->waiting[i] = world->numbers[i] == number ? NULL : world->waiting[i];
    }
}

static void postpone_check(void *context, uint64_t number, uint64_t address) {
    (void)context;
    (void)number;
    (void)address;
}

static void answer_check(struct world *world, unsigned peer, unsigned answer) {
    static const enum credentials_state states[] = {CREDENTIALS_GOOD, CREDENTIALS_WRONG,
                                                    CREDENTIALS_BUSY};
    struct door_connection *connection = world->waiting[peer];
    if (connection != NULL) {
        world->waiting[peer] = NULL;
        mqtt_door_authenticated(world->door, connection, world->numbers[peer], states[answer % 3],
                                world->now);
    }
}

static bool find_verifier(void *context, struct bytes user, struct scram_verifier *verifier) {
    (void)context;
    scram_verifier_make(verifier, BYTES_LITERAL("g"), BYTES_LITERAL("salt"), 1);
    return user.size > 0 && user.data[0] == 'u';
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
    struct door_stream_info info = {
        .owner = peer, .peer_address = BYTES_LITERAL("fuzz"), .address = 1};
    peer->stream_size = 0;
    peer->is_lost = false;
    peer->is_first = true;
    peer->version = MQTT_5;
    peer->has_ended = false;
    size_t limit = world->memory.limit;
    world->memory.limit = 0; // there is always room for a stream
    peer->connection = mqtt_door_open(world->door, &info, world->now);
    world->memory.limit = limit;
    ASSERT(peer->connection != NULL);
}

static void open_world(struct world *world, uint8_t first) {
    enum setup setup = first >> 4 & 3;
    *world = (struct world){.now = ROLE_SECOND, .config = door_config()};
    world->config.limits.policy = (enum door_queue_policy)(first >> 6) % 3;
    memory_init(&world->memory);
    world->memory.limit = setup == SETUP_LITTLE_MEMORY ? 100000 : 0;
    world->config.limits.sessions_per_address = setup == SETUP_LITTLE_MEMORY ? 2 : 0;
    world->config.anonymous = setup != SETUP_PASSWORDS;
    world->config.scram_verifier = setup == SETUP_SCRAM ? find_verifier : NULL;
    world->config.server_reference = BYTES_LITERAL("elsewhere");
    world->port = (struct mqtt_door_port){
        .ready = note_ready, .tell = look_at_event, .context = world, .memory = &world->memory};
    if (setup == SETUP_PASSWORDS || setup == SETUP_SCRAM) {
        world->port.authenticate = authenticate;
        world->port.cancel_check = cancel_check;
        world->port.postpone_check = postpone_check;
    }
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

static void interrupt(struct world *world, unsigned number, unsigned how, size_t count) {
    struct peer *peer = &world->peers[number];
    switch (how) {
    case 0:
        mqtt_door_close(world->door, peer->connection, world->now);
        open_peer(world, peer);
        break;
    case 1:
        answer_check(world, number, (unsigned)count);
        break;
    case 2:
        peer->has_ended = true;
        if (!mqtt_door_input_ended(world->door, peer->connection)) {
            mqtt_door_close(world->door, peer->connection, world->now);
            open_peer(world, peer);
        }
        break;
    default:
        mqtt_door_begin_turn(world->door);
    }
}

static size_t step(struct world *world, const uint8_t *data, size_t size) {
    struct peer *peer = &world->peers[data[0] & 3];
    size_t count = data[1];
    switch (data[0] >> 2 & 3) {
    case 0: {
        count = count < size - 2 ? count : size - 2;
        struct bytes bytes = bytes_make(data + 2, count);
        if (!peer->has_ended && count > 0) {
            note_version(peer, bytes);
            mqtt_door_receive(world->door, peer->connection, bytes, world->now);
        }
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
        interrupt(world, data[0] & 3, data[0] >> 4 & 3, count);
    }
    return 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = malloc(sizeof *world);
    open_world(world, size > 0 ? data[0] : 0);
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
