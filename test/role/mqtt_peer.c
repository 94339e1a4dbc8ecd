#include "role/mqtt_peer.h"

#include <stdio.h>
#include <stdlib.h>

struct mqtt_got {
    struct mqtt_packet packet;
    uint8_t *bytes; // the packet points into them
    bool is_taken;
};

static char *copy_text(struct bytes text) {
    char *copy = malloc(text.size + 1);
    if (text.size > 0) {
        memcpy(copy, text.data, text.size);
    }
    copy[text.size] = 0;
    return copy;
}

// ---- the world --------------------------------------------------------------------------------

static void note_ready(void *context, void *owner) {
    (void)context;
    struct mqtt_peer *peer = owner;
    assert_false(peer->is_ready); // it is told once
    peer->is_ready = true;
}

static void note_event(void *context, const struct door_event *event) {
    struct mqtt_world *world = context;
    if (event->kind == DOOR_EVENT_REFUSED || event->kind == DOOR_EVENT_DISCONNECTED) {
        assert_non_null(event->why);
    }
    world->told = realloc(world->told, (world->told_count + 1) * sizeof *world->told);
    world->told[world->told_count++] = (struct mqtt_told){.kind = event->kind,
                                                          .reason = event->reason,
                                                          .client_id = copy_text(event->client_id),
                                                          .text = copy_text(event->text),
                                                          .value = copy_text(event->value)};
}

static void forget_asked(struct mqtt_world *world) {
    free(world->asked.user_name);
    free(world->asked.password);
    world->asked = (struct mqtt_asked){0};
}

static enum credentials_state note_credentials(void *context,
                                               const struct door_credentials *credentials) {
    struct mqtt_world *world = context;
    forget_asked(world);
    world->asked = (struct mqtt_asked){.connection = credentials->connection,
                                       .number = credentials->number,
                                       .has_user_name = credentials->has_user_name,
                                       .has_password = credentials->has_password,
                                       .user_name = copy_text(credentials->user_name),
                                       .password = copy_text(credentials->password)};
    world->asked_count++;
    return world->state;
}

static void note_cancelled(void *context, uint64_t number, uint64_t address) {
    struct mqtt_world *world = context;
    (void)address;
    world->cancelled = number;
}

static void note_postponed(void *context, uint64_t number, uint64_t address) {
    struct mqtt_world *world = context;
    (void)address;
    world->postponed = number;
}

#define LARGE 1000 // topics and levels of filters, from which on the core is not walked

// After every event; in long tests, whose door may have grown large, now and then.
static void check(struct mqtt_world *world) {
    world->events++;
    if (world->events < 500 || world->events % 512 == 0) {
        mqtt_door_check(world->door);
        if (world->core.values.entries + world->core.subscriptions.nodes < LARGE) {
            broker_core_check(&world->core);
        }
    }
}

struct mqtt_door_config mqtt_world_config(void) {
    return (struct mqtt_door_config){.limits = {.connections = 40,
                                                .sessions = 40,
                                                .packet_bytes = 200000,
                                                .subscriptions = 20,
                                                .in_flight = 20,
                                                .receive_maximum = 10,
                                                .topic_aliases = 8,
                                                .queue_messages = 100,
                                                .queue_bytes = 1000000,
                                                .total_bytes = 4000000,
                                                .session_expiry = ROLE_NEVER,
                                                .connect_time = 10 * ROLE_SECOND,
                                                .policy = DOOR_QUEUE_DROP_OLDEST}};
}

// Of the port, beyond what every world has.
enum world_kind { WORLD_PLAIN, WORLD_GUARDED, WORLD_KEPT };

static struct mqtt_world *open_world(const struct mqtt_door_config *config, enum world_kind kind) {
    struct mqtt_world *world = calloc(1, sizeof *world);
    memory_init(&world->memory);
    memory_journal_init(&world->journal, door_journal_kinds);
    world->now = 1000 * ROLE_SECOND;
    world->state = CREDENTIALS_WAIT;
    world->config = config == NULL ? mqtt_world_config() : *config;
    world->port =
        (struct mqtt_door_port){.ready = note_ready,
                                .tell = note_event,
                                .authenticate = kind == WORLD_GUARDED ? note_credentials : NULL,
                                .journal = kind == WORLD_KEPT ? &world->journal.journal : NULL,
                                .cancel_check = note_cancelled,
                                .postpone_check = note_postponed,
                                .context = world,
                                .memory = &world->memory};
    broker_core_init(&world->core, &world->memory, 7,
                     (struct topic_values_limits){.entries_max = 50, .bytes_max = 300000});
    world->door = mqtt_door_create(&world->config, &world->port, &world->core,
                                   &(struct cipher_secret){{1, 2, 3}});
    return world;
}

struct mqtt_world *mqtt_world_open(const struct mqtt_door_config *config) {
    return open_world(config, WORLD_PLAIN);
}

struct mqtt_world *mqtt_world_open_guarded(const struct mqtt_door_config *config) {
    return open_world(config, WORLD_GUARDED);
}

struct mqtt_world *mqtt_world_open_kept(const struct mqtt_door_config *config) {
    struct mqtt_world *world = open_world(config, WORLD_KEPT);
    broker_core_set_journal(&world->core, &world->journal.journal);
    return world;
}

void mqtt_world_write(struct mqtt_world *world) {
    memory_journal_write(&world->journal);
    mqtt_door_journal_written(world->door, world->now);
    mqtt_world_settle(world);
}

void mqtt_world_fail(struct mqtt_world *world) {
    memory_journal_fail(&world->journal);
    mqtt_door_journal_written(world->door, world->now);
    mqtt_world_settle(world);
}

static void free_peer(struct mqtt_peer *peer) {
    for (unsigned i = 0; i < peer->got_count; i++) {
        free(peer->got[i]->bytes);
        free(peer->got[i]);
    }
    free(peer->got);
    free(peer->stream);
    free(peer);
}

void mqtt_world_close(struct mqtt_world *world) {
    for (unsigned i = 0; i < world->peer_count; i++) {
        if (world->peers[i]->connection != NULL) {
            mqtt_door_close(world->door, world->peers[i]->connection, world->now);
        }
        free_peer(world->peers[i]);
    }
    mqtt_door_destroy(world->door);
    broker_core_deinit(&world->core);
    assert_int_equal(world->memory.blocks_in_use, 0);
    assert_int_equal(world->memory.bytes_in_use, 0);
    for (unsigned i = 0; i < world->told_count; i++) {
        free(world->told[i].client_id);
        free(world->told[i].text);
        free(world->told[i].value);
    }
    free(world->told);
    forget_asked(world);
    memory_journal_deinit(&world->journal);
    free(world);
}

void mqtt_world_wait(struct mqtt_world *world, uint64_t nanoseconds) {
    uint64_t end = world->now + nanoseconds;
    mqtt_world_settle(world);
    for (unsigned rounds = 0; mqtt_door_deadline(world->door) <= end; rounds++) {
        assert_true(rounds < 10000); // a deadline that was reached goes away
        uint64_t due = mqtt_door_deadline(world->door);
        world->now = due > world->now ? due : world->now;
        mqtt_door_tick(world->door, world->now);
        mqtt_world_settle(world);
    }
    world->now = end;
    mqtt_door_tick(world->door, world->now);
    mqtt_world_settle(world);
}

void mqtt_world_answer(struct mqtt_world *world, bool is_good) {
    mqtt_door_authenticated(world->door, world->asked.connection, world->asked.number,
                            is_good ? CREDENTIALS_GOOD : CREDENTIALS_WRONG, world->now);
    mqtt_world_settle(world);
}

const struct mqtt_door_counts *mqtt_world_counts(const struct mqtt_world *world) {
    return mqtt_door_counts(world->door);
}

unsigned mqtt_world_told(const struct mqtt_world *world, enum door_event_kind kind) {
    unsigned count = 0;
    for (unsigned i = 0; i < world->told_count; i++) {
        count += world->told[i].kind == kind;
    }
    return count;
}

// ---- streams ----------------------------------------------------------------------------------

struct mqtt_peer *mqtt_peer_open(struct mqtt_world *world, enum mqtt_version version) {
    assert_true(world->peer_count < MQTT_PEERS_MAX);
    struct mqtt_peer *peer = calloc(1, sizeof *peer);
    peer->world = world;
    peer->version = version;
    struct door_stream_info info = {.owner = peer,
                                    .peer_address = BYTES_LITERAL("127.0.0.1:1883"),
                                    .address = world->address,
                                    .listener = world->listener};
    peer->connection = mqtt_door_open(world->door, &info, world->now);
    if (peer->connection == NULL) {
        free(peer);
        return NULL;
    }
    world->peers[world->peer_count++] = peer;
    return peer;
}

static void close_stream(struct mqtt_peer *peer) {
    mqtt_door_close(peer->world->door, peer->connection, peer->world->now);
    peer->connection = NULL;
    peer->is_ready = false;
    assert_true(peer->version == 0 || peer->stream_size == 0);
}

void mqtt_peer_cut(struct mqtt_peer *peer) {
    assert_non_null(peer->connection);
    close_stream(peer);
    mqtt_world_settle(peer->world);
}

// Decodes the packet that the stream begins with; false: there is no whole one.
static bool take_packet(struct mqtt_peer *peer) {
    struct mqtt_frame frame;
    struct bytes stream = bytes_make(peer->stream, peer->stream_size);
    enum mqtt_frame_state state = mqtt_frame_read(stream, &frame);
    assert_int_not_equal(state, MQTT_FRAME_MALFORMED);
    if (state == MQTT_FRAME_PART) {
        return false;
    }
    assert_true(peer->maximum_packet == 0 || frame.bytes <= peer->maximum_packet);
    struct mqtt_got *got = calloc(1, sizeof *got);
    got->bytes = malloc(frame.bytes);
    memcpy(got->bytes, peer->stream, frame.bytes);
    peer->stream_size -= frame.bytes;
    memmove(peer->stream, peer->stream + frame.bytes, peer->stream_size);
    const char *why = "";
    enum mqtt_reason reason = mqtt_decode(&got->packet, bytes_make(got->bytes, frame.bytes),
                                          peer->version, MQTT_FROM_SERVER, &why);
    if (reason != MQTT_SUCCESS) {
        fail_msg("the door sent what cannot be decoded: %s", why);
    }
    if ((peer->got_count & (peer->got_count - 1)) == 0) { // its room is a power of two
        size_t room = peer->got_count == 0 ? 1 : 2 * (size_t)peer->got_count;
        peer->got = realloc(peer->got, room * sizeof(struct mqtt_got *));
    }
    peer->got[peer->got_count++] = got;
    return true;
}

static void take_output(struct mqtt_peer *peer) {
    struct mqtt_world *world = peer->world;
    struct bytes runs[3];
    unsigned count;
    peer->is_ready = false;
    while ((count = mqtt_door_output(world->door, peer->connection, runs, 3)) > 0) {
        size_t size = 0;
        for (unsigned i = 0; i < count; i++) {
            assert_true(runs[i].size > 0);
            peer->stream = realloc(peer->stream, peer->stream_size + runs[i].size + 1);
            memcpy(peer->stream + peer->stream_size, runs[i].data, runs[i].size);
            peer->stream_size += runs[i].size;
            size += runs[i].size;
        }
        mqtt_door_sent(world->door, peer->connection, size, world->now);
        while (peer->version != 0 && peer->stream_size > 0 && take_packet(peer)) {
        }
    }
    if (mqtt_door_is_over(peer->connection)) {
        close_stream(peer);
    }
}

void mqtt_world_settle(struct mqtt_world *world) {
    for (bool again = true; again;) {
        again = false;
        for (unsigned i = 0; i < world->peer_count; i++) {
            struct mqtt_peer *peer = world->peers[i];
            if (peer->connection != NULL && peer->is_ready && !peer->is_stuck) {
                take_output(peer);
                again = true;
            }
        }
        if (mqtt_door_deadline(world->door) <= world->now) { // work that is left
            mqtt_door_tick(world->door, world->now);
            again = true;
        }
        check(world);
    }
}

void mqtt_peer_send_bytes(struct mqtt_peer *peer, const void *bytes, size_t size) {
    struct mqtt_world *world = peer->world;
    size_t most = world->split == 0 ? size : world->split;
    assert_non_null(peer->connection);
    for (size_t done = 0; done < size && peer->connection != NULL;) {
        size_t part = size - done < most ? size - done : most;
        uint8_t *block = malloc(part);
        memcpy(block, (const uint8_t *)bytes + done, part);
        mqtt_door_begin_turn(world->door);
        mqtt_door_receive(world->door, peer->connection, bytes_make(block, part), world->now);
        check(world);
        free(block);
        done += part;
        mqtt_world_settle(world);
    }
}

void mqtt_peer_send(struct mqtt_peer *peer, const struct mqtt_packet *packet) {
    size_t size = mqtt_encoded_size(packet, peer->version);
    uint8_t *bytes = malloc(size);
    assert_ptr_equal(mqtt_encode(packet, peer->version, bytes), bytes + size);
    mqtt_peer_send_bytes(peer, bytes, size);
    free(bytes);
}

// ---- what comes -------------------------------------------------------------------------------

static const struct mqtt_packet *take_got(struct mqtt_peer *peer, unsigned i) {
    peer->got[i]->is_taken = true;
    while (peer->taken < peer->got_count && peer->got[peer->taken]->is_taken) {
        peer->taken++;
    }
    return &peer->got[i]->packet;
}

const struct mqtt_packet *mqtt_peer_next(struct mqtt_peer *peer) {
    if (peer->taken == peer->got_count) {
        fail_msg("nothing has come");
    }
    return take_got(peer, peer->taken);
}

const struct mqtt_packet *mqtt_peer_expect(struct mqtt_peer *peer, enum mqtt_type type) {
    for (unsigned i = peer->taken; i < peer->got_count; i++) {
        if (!peer->got[i]->is_taken && peer->got[i]->packet.type == type) {
            return take_got(peer, i);
        }
    }
    fail_msg("no %s has come", mqtt_type_name(type));
    return NULL;
}

void mqtt_peer_expect_nothing(const struct mqtt_peer *peer) {
    if (peer->taken < peer->got_count) {
        const struct mqtt_packet *packet = &peer->got[peer->taken]->packet;
        fail_msg("%s has come, reason 0x%02x", mqtt_type_name(packet->type), packet->reason);
    }
}

const struct mqtt_packet *mqtt_peer_expect_publish(struct mqtt_peer *peer, const char *topic,
                                                   const char *value) {
    const struct mqtt_packet *packet = mqtt_peer_expect(peer, MQTT_PUBLISH);
    assert_bytes_equal(packet->publish.topic, bytes_of_text(topic));
    assert_bytes_equal(packet->publish.payload, bytes_of_text(value));
    return packet;
}

const struct mqtt_packet *mqtt_peer_take(struct mqtt_peer *peer, const char *topic,
                                         const char *value, uint8_t qos) {
    const struct mqtt_packet *packet = mqtt_peer_expect_publish(peer, topic, value);
    uint16_t packet_id = packet->publish.packet_id;
    assert_int_equal(packet->publish.qos, qos);
    if (qos == 1) {
        mqtt_peer_send_short(peer, MQTT_PUBACK, packet_id, 0);
    } else if (qos == 2) {
        mqtt_peer_send_short(peer, MQTT_PUBREC, packet_id, 0);
        assert_int_equal(mqtt_peer_expect(peer, MQTT_PUBREL)->packet_id, packet_id);
        mqtt_peer_send_short(peer, MQTT_PUBCOMP, packet_id, 0);
    }
    return packet;
}

bool mqtt_peer_is_closed(const struct mqtt_peer *peer) {
    return peer->connection == NULL;
}

void mqtt_peer_expect_closed(struct mqtt_peer *peer, enum mqtt_reason reason) {
    if (peer->version == MQTT_5) {
        assert_int_equal(mqtt_peer_expect(peer, MQTT_DISCONNECT)->reason, reason);
    }
    mqtt_peer_expect_nothing(peer);
    assert_true(mqtt_peer_is_closed(peer));
}

void mqtt_peer_expect_refused(struct mqtt_peer *peer, uint8_t reason) {
    const struct mqtt_packet *packet = mqtt_peer_next(peer);
    assert_int_equal(packet->type, MQTT_CONNACK);
    assert_int_equal(packet->reason, reason);
    assert_false(packet->session_present);
    mqtt_peer_expect_nothing(peer);
    assert_true(mqtt_peer_is_closed(peer));
}

void mqtt_peer_expect_gone(struct mqtt_peer *peer) {
    assert_true(mqtt_peer_is_closed(peer));
    if (peer->taken < peer->got_count) {
        const struct mqtt_packet *packet = mqtt_peer_next(peer);
        assert_int_equal(packet->type, MQTT_CONNACK);
        assert_true(packet->reason > 0 && !packet->session_present);
    }
    mqtt_peer_expect_nothing(peer);
}

const char *mqtt_peer_user_property(const struct mqtt_packet *packet, unsigned place,
                                    bool is_value) {
    struct bytes run = packet->properties.raw;
    struct mqtt_property_value value;
    static char text[1000];
    for (unsigned i = 0; mqtt_property_next(&run, &value);) {
        struct bytes part = is_value ? value.second : value.text;
        if (value.id == MQTT_USER_PROPERTY && i++ == place) {
            assert_true(part.size < sizeof text);
            memcpy(text, part.data, part.size);
            text[part.size] = 0;
            return text;
        }
    }
    return "";
}

// ---- what clients do --------------------------------------------------------------------------

struct mqtt_packet mqtt_connect_packet(enum mqtt_version version, const char *client_id) {
    return (struct mqtt_packet){.type = MQTT_CONNECT,
                                .connect = {.version = (uint8_t)version,
                                            .clean_start = true,
                                            .client_id = bytes_of_text(client_id)}};
}

struct mqtt_peer *mqtt_peer_open_with(struct mqtt_world *world, const struct mqtt_packet *connect) {
    struct mqtt_peer *peer = mqtt_peer_open(world, (enum mqtt_version)connect->connect.version);
    assert_non_null(peer);
    peer->maximum_packet = connect->properties.maximum_packet_size;
    mqtt_peer_send(peer, connect);
    return peer;
}

struct mqtt_peer *mqtt_peer_connect_with(struct mqtt_world *world,
                                         const struct mqtt_packet *connect) {
    struct mqtt_peer *peer = mqtt_peer_open_with(world, connect);
    assert_true(peer->got_count > 0);
    assert_int_equal(peer->got[0]->packet.type, MQTT_CONNACK);
    assert_int_equal(peer->got[0]->packet.reason, MQTT_SUCCESS);
    assert_false(mqtt_peer_is_closed(peer));
    return peer;
}

struct mqtt_peer *mqtt_peer_connect(struct mqtt_world *world, enum mqtt_version version,
                                    const char *client_id) {
    struct mqtt_packet connect = mqtt_connect_packet(version, client_id);
    struct mqtt_peer *peer = mqtt_peer_connect_with(world, &connect);
    assert_false(mqtt_peer_next(peer)->session_present);
    mqtt_peer_expect_nothing(peer);
    return peer;
}

struct mqtt_peer *mqtt_peer_resume(struct mqtt_world *world, enum mqtt_version version,
                                   const char *client_id) {
    struct mqtt_packet connect = mqtt_connect_packet(version, client_id);
    connect.connect.clean_start = false;
    if (version == MQTT_5) {
        connect.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
        connect.properties.session_expiry = 3600;
    }
    return mqtt_peer_connect_with(world, &connect);
}

void mqtt_peer_subscribe(struct mqtt_peer *peer, const char *filter, uint8_t options) {
    assert_int_equal(mqtt_peer_try_subscribe(peer, filter, options, 0), options & MQTT_OPTION_QOS);
}

uint8_t mqtt_peer_try_subscribe(struct mqtt_peer *peer, const char *filter, uint8_t options,
                                uint32_t identifier) {
    struct bytes text = bytes_of_text(filter);
    uint8_t *run = malloc(MQTT_FILTER_SIZE(text.size));
    mqtt_filter_write(MQTT_SUBSCRIBE, run, text, options);
    struct mqtt_packet packet = {
        .type = MQTT_SUBSCRIBE,
        .packet_id = ++peer->packet_id,
        .filters = {.run = bytes_make(run, MQTT_FILTER_SIZE(text.size)), .count = 1}};
    if (identifier > 0) {
        packet.properties.present = MQTT_HAS(MQTT_SUBSCRIPTION_IDENTIFIER);
        packet.properties.subscription_identifier = identifier;
    }
    mqtt_peer_send(peer, &packet);
    free(run);
    const struct mqtt_packet *answer = mqtt_peer_expect(peer, MQTT_SUBACK);
    assert_int_equal(answer->packet_id, packet.packet_id);
    assert_int_equal(answer->codes.size, 1);
    return answer->codes.data[0];
}

uint8_t mqtt_peer_unsubscribe(struct mqtt_peer *peer, const char *filter) {
    struct bytes text = bytes_of_text(filter);
    uint8_t *run = malloc(MQTT_FILTER_SIZE(text.size));
    mqtt_filter_write(MQTT_UNSUBSCRIBE, run, text, 0);
    struct mqtt_packet packet = {
        .type = MQTT_UNSUBSCRIBE,
        .packet_id = ++peer->packet_id,
        .filters = {.run = bytes_make(run, MQTT_FILTER_SIZE(text.size) - 1), .count = 1}};
    mqtt_peer_send(peer, &packet);
    free(run);
    const struct mqtt_packet *answer = mqtt_peer_expect(peer, MQTT_UNSUBACK);
    assert_int_equal(answer->packet_id, packet.packet_id);
    assert_int_equal(answer->codes.size, peer->version == MQTT_5 ? 1 : 0);
    return peer->version == MQTT_5 ? answer->codes.data[0] : 0;
}

struct mqtt_packet mqtt_publish_packet(struct mqtt_peer *peer, const char *topic, const char *value,
                                       uint8_t qos) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.qos = qos & MQTT_OPTION_QOS,
                                             .retain = (qos & MQTT_RETAIN) != 0,
                                             .topic = bytes_of_text(topic),
                                             .payload = bytes_of_text(value)}};
    if (packet.publish.qos > 0) {
        peer->packet_id = (uint16_t)(peer->packet_id % UINT16_MAX + 1);
        packet.publish.packet_id = peer->packet_id;
    }
    return packet;
}

uint8_t mqtt_peer_publish_packet(struct mqtt_peer *peer, const struct mqtt_packet *packet) {
    const struct mqtt_packet *answer;
    uint16_t packet_id = packet->publish.packet_id;
    mqtt_peer_send(peer, packet);
    if (packet->publish.qos == 0) {
        return MQTT_SUCCESS;
    }
    answer = mqtt_peer_expect(peer, packet->publish.qos == 1 ? MQTT_PUBACK : MQTT_PUBREC);
    assert_int_equal(answer->packet_id, packet_id);
    if (packet->publish.qos == 2 && answer->reason < MQTT_UNSPECIFIED_ERROR) {
        mqtt_peer_send_short(peer, MQTT_PUBREL, packet_id, 0);
        const struct mqtt_packet *end = mqtt_peer_expect(peer, MQTT_PUBCOMP);
        assert_int_equal(end->packet_id, packet_id);
        assert_int_equal(end->reason, MQTT_SUCCESS);
    }
    return answer->reason;
}

uint8_t mqtt_peer_publish(struct mqtt_peer *peer, const char *topic, const char *value,
                          uint8_t qos) {
    struct mqtt_packet packet = mqtt_publish_packet(peer, topic, value, qos);
    return mqtt_peer_publish_packet(peer, &packet);
}

void mqtt_peer_send_short(struct mqtt_peer *peer, enum mqtt_type type, uint16_t packet_id,
                          uint8_t reason) {
    mqtt_peer_send(peer,
                   &(struct mqtt_packet){.type = type, .packet_id = packet_id, .reason = reason});
}
