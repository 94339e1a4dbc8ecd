// What the MQTT door keeps in its journal: each story is lived through at one door, whose records
// are then given to a second one; the client that comes back must get the same bytes from both.
#include "support.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "role/broker/broker_journal.h"
#include "role/broker/mqtt/mqtt_door.h"
#include "role/broker/session/door_record.h"
#include "role/memory_journal.h"
#include "topic/topic.h"

#define SECOND ROLE_SECOND
#define START (1000 * SECOND)
#define CLIENTS 4

// ---- a door -----------------------------------------------------------------------------------

struct world {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
    struct memory_journal journal;
    struct door_connection *clients[CLIENTS];
    uint64_t now;
};

static size_t count_of(const struct memory_journal *journal, unsigned kind) {
    size_t count = 0;
    for (size_t i = 0; i < journal->count; i++) {
        count += journal->records[i].kind == kind;
    }
    return count;
}

static void on_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void on_tell(void *context, const struct door_event *event) {
    (void)context;
    (void)event;
}

static const struct mqtt_door_limits limits = {
    .connections = 10,
    .sessions = 10,
    .packet_bytes = 100000,
    .subscriptions = 10,
    .in_flight = 100,
    .receive_maximum = 20,
    .topic_aliases = 10,
    .queue_messages = 5,
    .queue_bytes = 100000,
    .total_bytes = 1000000,
    .session_expiry = ROLE_NEVER,
    .connect_time = 10 * SECOND,
};

// A door that was not restored yet, if it is to be.
static struct world *create_world(uint64_t now) {
    struct world *world = test_calloc(1, sizeof *world);
    static const struct cipher_secret seed = {.bytes = {1, 2, 3}};
    memory_init(&world->memory);
    memory_journal_init(&world->journal, door_journal_kinds);
    broker_core_init(&world->core, &world->memory, 5, (struct topic_values_limits){100, 100000});
    world->config.limits = limits;
    world->port = (struct mqtt_door_port){.ready = on_ready,
                                          .tell = on_tell,
                                          .journal = &world->journal.journal,
                                          .context = world,
                                          .memory = &world->memory};
    world->door = mqtt_door_create(&world->config, &world->port, &world->core, &seed);
    world->now = now;
    return world;
}

static void serve(struct world *world) {
    mqtt_door_restored(world->door);
    broker_core_set_journal(&world->core, &world->journal.journal);
}

static struct world *open_world(uint64_t now) {
    struct world *world = create_world(now);
    serve(world);
    return world;
}

static void hang_up(struct world *world, unsigned client) {
    if (world->clients[client] != NULL) {
        mqtt_door_close(world->door, world->clients[client], world->now);
        world->clients[client] = NULL;
    }
}

static void close_world(struct world *world) {
    for (unsigned i = 0; i < CLIENTS; i++) {
        hang_up(world, i);
    }
    mqtt_door_destroy(world->door);
    broker_core_deinit(&world->core);
    assert_int_equal(world->memory.blocks_in_use, 0);
    memory_journal_deinit(&world->journal);
    test_free(world);
}

static bool restore_record(struct world *world, const struct journal_record *record) {
    return record->kind < BROKER_RECORDS ? broker_journal_restore(&world->core, record, world->now)
                                         : mqtt_door_restore(world->door, record, world->now);
}

// Its own journal begins with the records that it is given.
static void restore_and_keep(void *context, const struct journal_record *record) {
    struct world *world = context;
    if (!restore_record(world, record)) {
        fail_msg("%s was not restored", door_journal_kinds[record->kind].word);
    }
    memory_journal_take(&world->journal, record);
    mqtt_door_check(world->door);
}

// A second door that all records of the first one are given to, at the first one's time.
static struct world *restore_world(const struct world *first) {
    struct world *second = create_world(first->now);
    memory_journal_restore(&first->journal, restore_and_keep, second);
    serve(second);
    mqtt_door_check(second->door);
    return second;
}

// The same from a snapshot.
static struct world *restore_snapshot(const struct world *first) {
    struct world *second = create_world(first->now);
    broker_journal_snapshot(&first->core, restore_and_keep, second);
    mqtt_door_snapshot(first->door, restore_and_keep, second);
    serve(second);
    mqtt_door_check(second->door);
    return second;
}

// ---- packets ----------------------------------------------------------------------------------

static void send_packet(struct world *world, unsigned client, const struct mqtt_packet *packet) {
    uint8_t bytes[2000];
    size_t size = mqtt_encoded_size(packet, MQTT_5);
    assert_true(size > 0 && size <= sizeof bytes);
    (void)mqtt_encode(packet, MQTT_5, bytes);
    mqtt_door_receive(world->door, world->clients[client], bytes_make(bytes, size), world->now);
}

// What a client says of itself.
struct hello {
    const char *name;
    uint32_t expiry;
    uint16_t receive_maximum; // 0: none is told
    bool is_clean;
    const char *will; // a topic, or NULL
    uint32_t will_delay;
};

static void connect_client(struct world *world, unsigned client, struct hello hello) {
    struct door_stream_info info = {.peer_address = BYTES_LITERAL("here")};
    hang_up(world, client);
    world->clients[client] = mqtt_door_open(world->door, &info, world->now);
    struct mqtt_packet packet = {.type = MQTT_CONNECT};
    packet.connect.version = MQTT_5;
    packet.connect.client_id = bytes_of_text(hello.name);
    packet.connect.clean_start = hello.is_clean;
    packet.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    packet.properties.session_expiry = hello.expiry;
    if (hello.receive_maximum > 0) {
        packet.properties.present |= MQTT_HAS(MQTT_RECEIVE_MAXIMUM);
        packet.properties.receive_maximum = hello.receive_maximum;
    }
    if (hello.will != NULL) {
        packet.connect.has_will = true;
        packet.connect.will_qos = 1;
        packet.connect.will_topic = bytes_of_text(hello.will);
        packet.connect.will_payload = BYTES_LITERAL("gone");
        packet.connect.will_properties.present =
            MQTT_HAS(MQTT_WILL_DELAY) | MQTT_HAS(MQTT_MESSAGE_EXPIRY);
        packet.connect.will_properties.will_delay = hello.will_delay;
        packet.connect.will_properties.message_expiry = 60;
    }
    send_packet(world, client, &packet);
}

static void subscribe(struct world *world, unsigned client, const char *filter, uint8_t options,
                      uint32_t identifier) {
    uint8_t run[200];
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, run, bytes_of_text(filter), options);
    struct mqtt_packet packet = {.type = MQTT_SUBSCRIBE, .packet_id = 1};
    packet.filters.run = bytes_make(run, (size_t)(end - run));
    packet.filters.count = 1;
    if (identifier > 0) {
        packet.properties.present = MQTT_HAS(MQTT_SUBSCRIPTION_IDENTIFIER);
        packet.properties.subscription_identifier = identifier;
    }
    send_packet(world, client, &packet);
}

static void unsubscribe(struct world *world, unsigned client, const char *filter) {
    uint8_t run[200];
    uint8_t *end = mqtt_filter_write(MQTT_UNSUBSCRIBE, run, bytes_of_text(filter), 0);
    struct mqtt_packet packet = {.type = MQTT_UNSUBSCRIBE, .packet_id = 1};
    packet.filters.run = bytes_make(run, (size_t)(end - run));
    packet.filters.count = 1;
    send_packet(world, client, &packet);
}

struct letter {
    const char *topic;
    const char *payload;
    uint8_t qos;
    bool retain;
    uint16_t packet_id; // 0: any
    uint32_t expiry;    // seconds; 0: never
    const char *content_type;
};

static void publish(struct world *world, unsigned client, struct letter letter) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH};
    packet.publish.topic = bytes_of_text(letter.topic);
    packet.publish.payload = bytes_of_text(letter.payload);
    packet.publish.qos = letter.qos;
    packet.publish.retain = letter.retain;
    packet.publish.packet_id = (uint16_t)(letter.qos == 0        ? 0
                                          : letter.packet_id > 0 ? letter.packet_id
                                                                 : 9);
    if (letter.expiry > 0) {
        packet.properties.present |= MQTT_HAS(MQTT_MESSAGE_EXPIRY);
        packet.properties.message_expiry = letter.expiry;
    }
    if (letter.content_type != NULL) {
        packet.properties.present |= MQTT_HAS(MQTT_CONTENT_TYPE);
        packet.properties.content_type = bytes_of_text(letter.content_type);
    }
    send_packet(world, client, &packet);
}

static void answer(struct world *world, unsigned client, enum mqtt_type type, uint16_t packet_id) {
    send_packet(world, client, &(struct mqtt_packet){.type = type, .packet_id = packet_id});
}

static void disconnect(struct world *world, unsigned client, uint32_t expiry) {
    struct mqtt_packet packet = {.type = MQTT_DISCONNECT};
    packet.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    packet.properties.session_expiry = expiry;
    send_packet(world, client, &packet);
    hang_up(world, client);
}

// Appends what is to be sent to the client, which counts as sent then.
static void take_output(struct world *world, unsigned client, struct buffer *out) {
    memory_journal_write(&world->journal);
    mqtt_door_journal_written(world->door, world->now);
    mqtt_door_check(world->door);
    struct bytes runs[64];
    unsigned count = mqtt_door_output(world->door, world->clients[client], runs, 64);
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        buffer_append(out, runs[i]);
        size += runs[i].size;
    }
    mqtt_door_sent(world->door, world->clients[client], size, world->now);
}

// As text, one packet after the other: "publish q1/a 3 dup;" and so on.
static void describe(struct bytes stream, struct buffer *out) {
    struct mqtt_frame frame;
    while (mqtt_frame_read(stream, &frame) == MQTT_FRAME_WHOLE) {
        struct mqtt_packet packet;
        assert_int_equal(mqtt_decode(&packet, bytes_make(stream.data, frame.bytes), MQTT_5,
                                     MQTT_FROM_SERVER, NULL),
                         MQTT_SUCCESS);
        bool is_publish = packet.type == MQTT_PUBLISH;
        buffer_append_text(out, mqtt_type_name(packet.type));
        buffer_append_byte(out, ' ');
        if (is_publish) {
            buffer_append(out, packet.publish.payload);
            buffer_append_byte(out, ' ');
        }
        buffer_append_decimal(out, is_publish ? packet.publish.packet_id : packet.packet_id);
        buffer_append_text(out, packet.type == MQTT_CONNACK && packet.session_present ? " present"
                                : is_publish && packet.publish.dup                    ? " dup"
                                                                                      : "");
        buffer_append_text(out, "; ");
        stream = bytes_make(stream.data + frame.bytes, stream.size - frame.bytes);
    }
    assert_int_equal(stream.size, 0);
}

static void forget_output(struct world *world, unsigned client) {
    struct buffer out = {.memory = &world->memory};
    take_output(world, client, &out);
    buffer_deinit(&out);
}

// Fails unless both doors send the client the same bytes, which say `expected`.
static void assert_alike(struct world *first, struct world *second, unsigned client,
                         const char *expected) {
    struct buffer one = {.memory = &first->memory};
    struct buffer two = {.memory = &second->memory};
    struct buffer text = {.memory = &first->memory};
    take_output(first, client, &one);
    take_output(second, client, &two);
    describe(buffer_bytes(&two), &text);
    assert_bytes_equal(buffer_bytes(&text), bytes_of_text(expected));
    assert_bytes_equal(buffer_bytes(&two), buffer_bytes(&one));
    buffer_deinit(&one);
    buffer_deinit(&two);
    buffer_deinit(&text);
}

// ---- stories ----------------------------------------------------------------------------------

#define SUBSCRIBER 0
#define PUBLISHER 1
#define OTHER 2

static const struct hello subscriber = {.name = "s", .expiry = 3600, .receive_maximum = 5};

static struct world *open_with_subscriber(const char *filter) {
    struct world *world = open_world(START);
    connect_client(world, SUBSCRIBER, subscriber);
    subscribe(world, SUBSCRIBER, filter, 2, 0);
    connect_client(world, PUBLISHER, (struct hello){.name = "p"});
    forget_output(world, SUBSCRIBER);
    return world;
}

static void publish_one(struct world *world, const char *payload, uint8_t qos) {
    publish(world, PUBLISHER, (struct letter){.topic = "t", .payload = payload, .qos = qos});
    if (qos == 2) {
        answer(world, PUBLISHER, MQTT_PUBREL, 9);
    }
}

// 1 is sent, 2 done, 3 sent, 4 released, 5 done though others before it are not, 6 and 7 wait for
// room (with the receive maximum of 5, two of them were done), 8 waits.
static struct world *open_with_all_flights(void) {
    struct world *world = open_with_subscriber("#");
    static const uint8_t qos[] = {1, 1, 2, 2, 2, 1, 2, 1};
    for (unsigned i = 0; i < sizeof qos; i++) {
        publish_one(world, (char[]){(char)('1' + i), 0}, qos[i]);
    }
    answer(world, SUBSCRIBER, MQTT_PUBACK, 2);
    answer(world, SUBSCRIBER, MQTT_PUBREC, 4);
    answer(world, SUBSCRIBER, MQTT_PUBREC, 5);
    answer(world, SUBSCRIBER, MQTT_PUBCOMP, 5);
    return world;
}

static void deliveries_go_on_in_every_state_of_their_flight(void **state) {
    (void)state;
    struct world *first = open_with_all_flights();
    struct world *worlds[] = {first, restore_world(first)};
    for (int i = 0; i < 2; i++) {
        connect_client(worlds[i], SUBSCRIBER, subscriber);
        connect_client(worlds[i], PUBLISHER, (struct hello){.name = "p"});
    }
    assert_alike(worlds[0], worlds[1], SUBSCRIBER,
                 "CONNACK 0 present; PUBREL 4; PUBLISH 1 1 dup; PUBLISH 3 3 dup; PUBLISH 6 6 dup; "
                 "PUBLISH 7 7 dup; ");
    for (int i = 0; i < 2; i++) {
        answer(worlds[i], SUBSCRIBER, MQTT_PUBACK, 1);
        answer(worlds[i], SUBSCRIBER, MQTT_PUBREC, 3);
        answer(worlds[i], SUBSCRIBER, MQTT_PUBCOMP, 4);
        publish_one(worlds[i], "9", 2);
    }
    assert_alike(worlds[0], worlds[1], SUBSCRIBER, "PUBLISH 8 8; PUBREL 3; PUBLISH 9 9; ");
    close_world(worlds[1]);
    close_world(first);
}

static void a_third_door_goes_on_from_the_second(void **state) {
    (void)state;
    struct world *first = open_with_all_flights();
    struct world *second = restore_world(first);
    connect_client(second, SUBSCRIBER, subscriber);
    answer(second, SUBSCRIBER, MQTT_PUBACK, 1);
    answer(second, SUBSCRIBER, MQTT_PUBREC, 3);
    struct world *third = restore_world(second);
    connect_client(second, SUBSCRIBER, subscriber);
    connect_client(third, SUBSCRIBER, subscriber);
    assert_alike(second, third, SUBSCRIBER,
                 "CONNACK 0 present; PUBREL 3; PUBREL 4; PUBLISH 6 6 dup; PUBLISH 7 7 dup; "
                 "PUBLISH 8 8 dup; ");
    close_world(third);
    close_world(second);
    close_world(first);
}

// Sequences 2 and 5 are done, 4 is released.
static void a_snapshot_leads_to_the_same(void **state) {
    (void)state;
    struct world *first = open_with_all_flights();
    struct world *second = restore_snapshot(first);
    assert_int_equal(count_of(&second->journal, DOOR_QUEUED), 5);
    assert_int_equal(count_of(&second->journal, DOOR_MESSAGE), 5);
    assert_int_equal(count_of(&second->journal, DOOR_RELEASED), 1);
    connect_client(first, SUBSCRIBER, subscriber);
    connect_client(second, SUBSCRIBER, subscriber);
    assert_alike(first, second, SUBSCRIBER,
                 "CONNACK 0 present; PUBREL 4; PUBLISH 1 1 dup; PUBLISH 3 3 dup; PUBLISH 6 6 dup; "
                 "PUBLISH 7 7 dup; ");
    answer(first, SUBSCRIBER, MQTT_PUBACK, 1);
    answer(second, SUBSCRIBER, MQTT_PUBACK, 1);
    assert_alike(first, second, SUBSCRIBER, "PUBLISH 8 8; "); // the next packet id is the same
    close_world(second);
    close_world(first);
}

static void the_queue_of_an_absent_client_is_kept_with_its_times(void **state) {
    (void)state;
    struct world *first = open_with_subscriber("t");
    subscribe(first, SUBSCRIBER, "+", 1, 7);
    subscribe(first, SUBSCRIBER, "#", 1, 8);
    hang_up(first, SUBSCRIBER);
    static const struct letter letters[] = {
        {.topic = "t", .payload = "old", .qos = 1, .expiry = 3},
        {.topic = "t", .payload = "new", .qos = 1, .expiry = 10, .content_type = "text"},
        {.topic = "u", .payload = "u", .qos = 2, .packet_id = 4},
        {.topic = "u", .payload = "none", .qos = 0},
    };
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        publish(first, PUBLISHER, letters[i]);
    }
    first->now += 4 * SECOND;
    struct world *second = restore_world(first);
    connect_client(first, SUBSCRIBER, subscriber);
    connect_client(second, SUBSCRIBER, subscriber);
    assert_alike(first, second, SUBSCRIBER, "CONNACK 0 present; PUBLISH new 1; PUBLISH u 2; ");
    close_world(second);
    close_world(first);
}

static void a_full_queue_drops_the_same_messages(void **state) {
    (void)state;
    struct world *first = open_with_subscriber("t");
    connect_client(first, SUBSCRIBER,
                   (struct hello){.name = "s", .expiry = 9, .receive_maximum = 1});
    for (unsigned i = 0; i < 8; i++) {
        publish_one(first, (char[]){(char)('1' + i), 0}, 1);
    }
    struct world *second = restore_world(first);
    connect_client(first, SUBSCRIBER, subscriber);
    connect_client(second, SUBSCRIBER, subscriber);
    assert_alike(first, second, SUBSCRIBER,
                 "CONNACK 0 present; PUBLISH 1 1 dup; PUBLISH 4 2; PUBLISH 5 3; PUBLISH 6 4; "
                 "PUBLISH 7 5; ");
    close_world(second);
    close_world(first);
}

static void subscriptions_are_kept_as_they_are_at_last(void **state) {
    (void)state;
    struct world *first = open_with_subscriber("a/+");
    subscribe(first, SUBSCRIBER, "b", 1, 3);
    subscribe(first, SUBSCRIBER, "$share/g/c", 1, 4);
    subscribe(first, SUBSCRIBER, "d", 1, 0);
    subscribe(first, SUBSCRIBER, "b", 2, 5);
    subscribe(first, SUBSCRIBER, "$share/g/e", 1, 0);
    unsubscribe(first, SUBSCRIBER, "d");
    unsubscribe(first, SUBSCRIBER, "$share/g/e");
    connect_client(first, OTHER, (struct hello){.name = "o", .expiry = 100});
    subscribe(first, OTHER, "$share/g/c", 2, 0);
    struct world *second = restore_world(first);
    struct world *worlds[] = {first, second};
    for (int i = 0; i < 2; i++) {
        connect_client(worlds[i], SUBSCRIBER, subscriber);
        connect_client(worlds[i], OTHER, (struct hello){.name = "o", .expiry = 100});
        connect_client(worlds[i], PUBLISHER, (struct hello){.name = "p"});
        static const char *const topics[] = {"a/x", "b", "c", "c", "d", "e"};
        for (unsigned k = 0; k < 6; k++) {
            publish(worlds[i], PUBLISHER,
                    (struct letter){.topic = topics[k], .payload = topics[k], .qos = 1});
        }
    }
    assert_alike(first, second, SUBSCRIBER,
                 "CONNACK 0 present; PUBLISH a/x 1; PUBLISH b 2; PUBLISH c 3; ");
    assert_alike(first, second, OTHER, "CONNACK 0 present; PUBLISH c 1; ");
    close_world(second);
    close_world(first);
}

static void a_message_of_qos_2_is_published_once_by_both(void **state) {
    (void)state;
    struct world *first = open_with_subscriber("t");
    connect_client(first, OTHER, (struct hello){.name = "o", .expiry = 100});
    for (uint16_t id = 20; id < 22; id++) {
        publish(first, OTHER,
                (struct letter){.topic = "t", .payload = "x", .qos = 2, .packet_id = id});
    }
    answer(first, OTHER, MQTT_PUBREL, 20);
    struct world *worlds[] = {first, restore_world(first)};
    for (int i = 0; i < 2; i++) {
        connect_client(worlds[i], SUBSCRIBER, subscriber);
        connect_client(worlds[i], OTHER, (struct hello){.name = "o", .expiry = 100});
        publish(worlds[i], OTHER,
                (struct letter){.topic = "t", .payload = "x", .qos = 2, .packet_id = 21});
        answer(worlds[i], OTHER, MQTT_PUBREL, 21);
        answer(worlds[i], OTHER, MQTT_PUBREL, 20);
    }
    assert_alike(worlds[0], worlds[1], OTHER,
                 "CONNACK 0 present; PUBREC 21; PUBCOMP 21; PUBCOMP 20; ");
    assert_alike(worlds[0], worlds[1], SUBSCRIBER,
                 "CONNACK 0 present; PUBLISH x 1 dup; PUBLISH x 2 dup; ");
    close_world(worlds[1]);
    close_world(first);
}

static void a_will_that_waits_is_published_by_both(void **state) {
    (void)state;
    struct world *first = open_with_subscriber("w/#");
    connect_client(first, OTHER,
                   (struct hello){.name = "o", .expiry = 100, .will = "w/1", .will_delay = 10});
    hang_up(first, OTHER);
    first->now += 4 * SECOND;
    struct world *worlds[] = {first, restore_world(first)};
    for (int i = 0; i < 2; i++) {
        connect_client(worlds[i], SUBSCRIBER, subscriber);
        assert_true(mqtt_door_deadline(worlds[i]->door) == START + 10 * SECOND);
        worlds[i]->now = START + 10 * SECOND;
        mqtt_door_tick(worlds[i]->door, worlds[i]->now);
    }
    assert_alike(worlds[0], worlds[1], SUBSCRIBER, "CONNACK 0 present; PUBLISH gone 1; ");
    struct world *third = restore_world(worlds[1]);
    connect_client(worlds[1], SUBSCRIBER, subscriber);
    connect_client(third, SUBSCRIBER, subscriber);
    mqtt_door_tick(third->door, third->now);
    assert_alike(worlds[1], third, SUBSCRIBER, "CONNACK 0 present; PUBLISH gone 1 dup; ");
    third->now = START + 200 * SECOND;
    mqtt_door_tick(third->door, third->now);
    assert_int_equal(count_of(&third->journal, DOOR_ENDED), 1);
    close_world(third);
    close_world(worlds[1]);
    close_world(first);
}

static void the_will_of_a_client_that_was_connected_is_published_after_the_restart(void **state) {
    (void)state;
    struct world *first = open_with_subscriber("w/#");
    hang_up(first, SUBSCRIBER);
    connect_client(first, OTHER, (struct hello){.name = "o", .expiry = 100, .will = "w/2"});
    first->now += 50 * SECOND;
    struct world *second = restore_world(first);
    hang_up(first, OTHER);
    mqtt_door_tick(second->door, second->now);
    connect_client(first, SUBSCRIBER, subscriber);
    connect_client(second, SUBSCRIBER, subscriber);
    assert_alike(first, second, SUBSCRIBER, "CONNACK 0 present; PUBLISH gone 1; ");
    assert_true(mqtt_door_deadline(second->door) == second->now + 100 * SECOND);
    close_world(second);
    close_world(first);
}

static void retained_messages_are_kept_whoever_they_came_from(void **state) {
    (void)state;
    struct world *first = open_world(START);
    connect_client(first, PUBLISHER, (struct hello){.name = "p"});
    static const struct letter letters[] = {
        {.topic = "r/1", .payload = "one", .qos = 1, .retain = true, .content_type = "text"},
        {.topic = "r/2", .payload = "two", .retain = true, .expiry = 30},
        {.topic = "r/3", .payload = "three", .retain = true, .expiry = 2},
        {.topic = "r/4", .payload = "four", .retain = true},
        {.topic = "r/5", .payload = "not retained"},
        {.topic = "r/4", .payload = "", .retain = true},
        {.topic = "r/1", .payload = "1", .qos = 2, .retain = true, .content_type = "number"},
    };
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        publish(first, PUBLISHER, letters[i]);
    }
    struct broker_entry entry = {.topic = BYTES_LITERAL("r/6"),
                                 .value = BYTES_LITERAL("six"),
                                 .address = 583,
                                 .source = BROKER_NOBODY,
                                 .retain = true,
                                 .expires_at = UINT64_MAX};
    (void)broker_core_publish(&first->core, entry, first->now);
    first->now += 5 * SECOND;
    struct world *worlds[] = {first, restore_world(first)};
    for (int i = 0; i < 2; i++) {
        connect_client(worlds[i], OTHER, (struct hello){.name = "o"});
        subscribe(worlds[i], OTHER, "r/#", 2, 0);
    }
    assert_alike(worlds[0], worlds[1], OTHER,
                 "CONNACK 0; SUBACK 1; PUBLISH 1 1; PUBLISH two 0; PUBLISH six 0; ");
    assert_int_equal(count_of(&first->journal, BROKER_NO_VALUE), 1);
    close_world(worlds[1]);
    close_world(first);
}

static void sessions_end_in_the_journal_too(void **state) {
    (void)state;
    struct world *first = open_with_subscriber("t");
    size_t before = first->journal.count;
    hang_up(first, PUBLISHER);
    connect_client(first, PUBLISHER, (struct hello){.name = "p"}); // ends with its connection
    subscribe(first, PUBLISHER, "t", 1, 0);
    assert_int_equal(first->journal.count, before);
    publish_one(first, "x", 1);
    connect_client(first, OTHER, (struct hello){.name = "o", .expiry = 100});
    disconnect(first, OTHER, 0);
    assert_int_equal(count_of(&first->journal, DOOR_ENDED), 1);
    connect_client(first, OTHER, (struct hello){.name = "o", .expiry = 100});
    connect_client(first, OTHER, (struct hello){.name = "o"}); // and so does this one from now on
    assert_int_equal(count_of(&first->journal, DOOR_ENDED), 2);
    connect_client(first, SUBSCRIBER, (struct hello){.name = "s", .expiry = 100, .is_clean = true});
    assert_int_equal(count_of(&first->journal, DOOR_ENDED), 3);
    struct world *second = restore_world(first);
    connect_client(first, SUBSCRIBER, subscriber);
    connect_client(second, SUBSCRIBER, subscriber);
    assert_alike(first, second, SUBSCRIBER, "CONNACK 0 present; ");
    assert_int_equal(mqtt_door_counts(second->door)->dropped_at_end, 0);
    close_world(second);
    close_world(first);
}

static void the_end_of_a_door_forgets_nothing(void **state) {
    (void)state;
    struct world *world = open_with_all_flights();
    hang_up(world, SUBSCRIBER);
    hang_up(world, PUBLISHER);
    size_t before = world->journal.count;
    mqtt_door_destroy(world->door);
    assert_int_equal(world->journal.count, before);
    static const struct cipher_secret seed = {.bytes = {1}};
    world->door = mqtt_door_create(&world->config, &world->port, &world->core, &seed);
    close_world(world);
}

static void a_message_for_many_is_one_record(void **state) {
    (void)state;
    struct world *first = open_world(START);
    const char *const names[] = {"a", "b", "c"};
    for (unsigned i = 0; i < 3; i++) {
        connect_client(first, i, (struct hello){.name = names[i], .expiry = 100});
        subscribe(first, i, "t", 1, 0);
        hang_up(first, i);
    }
    connect_client(first, PUBLISHER, (struct hello){.name = "p"});
    publish_one(first, "x", 1);
    assert_int_equal(count_of(&first->journal, DOOR_MESSAGE), 1);
    assert_int_equal(count_of(&first->journal, DOOR_QUEUED), 3);
    struct world *second = restore_world(first);
    struct world *copy = restore_snapshot(first);
    assert_int_equal(count_of(&copy->journal, DOOR_MESSAGE), 1);
    close_world(copy);
    hang_up(first, PUBLISHER);
    for (unsigned i = 0; i < 3; i++) {
        connect_client(first, i, (struct hello){.name = names[i], .expiry = 100});
        connect_client(second, i, (struct hello){.name = names[i], .expiry = 100});
        assert_alike(first, second, i, "CONNACK 0 present; PUBLISH x 1; ");
        answer(first, i, MQTT_PUBACK, 1);
        answer(second, i, MQTT_PUBACK, 1);
    }
    struct world *third = restore_snapshot(second);
    assert_int_equal(count_of(&third->journal, DOOR_MESSAGE), 0); // nobody keeps it any more
    close_world(third);
    close_world(second);
    close_world(first);
}

// The new keeper has it before the old one lets it go.
static void a_message_that_was_handed_over_is_kept(void **state) {
    (void)state;
    struct world *first = open_world(START);
    connect_client(first, SUBSCRIBER, subscriber);
    connect_client(first, OTHER, (struct hello){.name = "o", .expiry = 100});
    subscribe(first, SUBSCRIBER, "$share/g/t", 1, 0);
    subscribe(first, OTHER, "$share/g/t", 1, 0);
    hang_up(first, SUBSCRIBER);
    hang_up(first, OTHER);
    connect_client(first, PUBLISHER, (struct hello){.name = "p"});
    publish_one(first, "x", 1); // for the first of them
    connect_client(first, SUBSCRIBER, (struct hello){.name = "s", .is_clean = true});
    assert_int_equal(count_of(&first->journal, DOOR_MESSAGE), 1);
    struct world *second = restore_world(first);
    connect_client(first, OTHER, (struct hello){.name = "o", .expiry = 100});
    connect_client(second, OTHER, (struct hello){.name = "o", .expiry = 100});
    assert_alike(first, second, OTHER, "CONNACK 0 present; PUBLISH x 1; ");
    close_world(second);
    close_world(first);
}

// Two members of a group, of whom the first has two messages when the door ends.
static struct world *open_with_group(void) {
    struct world *world = open_world(START);
    connect_client(world, SUBSCRIBER, subscriber);
    connect_client(world, OTHER, (struct hello){.name = "o", .expiry = 100});
    subscribe(world, SUBSCRIBER, "$share/left/t", 1, 0); // a group that is gone then
    unsubscribe(world, SUBSCRIBER, "$share/left/t");
    subscribe(world, SUBSCRIBER, "$share/g/t", 1, 0);
    connect_client(world, PUBLISHER, (struct hello){.name = "p"});
    publish_one(world, "x", 1);
    publish_one(world, "y", 1);
    subscribe(world, OTHER, "$share/g/t", 1, 0);
    return world;
}

static void assert_handed_over(struct world *first, struct world *second) {
    struct world *worlds[] = {first, second};
    for (int i = 0; i < 2; i++) {
        hang_up(worlds[i], OTHER);
        connect_client(worlds[i], OTHER, (struct hello){.name = "o", .expiry = 100});
        connect_client(worlds[i], SUBSCRIBER, (struct hello){.name = "s", .is_clean = true});
    }
    assert_alike(first, second, OTHER, "CONNACK 0 present; PUBLISH x 1; PUBLISH y 2; ");
}

static void what_a_member_leaves_goes_to_another_after_a_restart(void **state) {
    (void)state;
    for (int from_snapshot = 0; from_snapshot < 2; from_snapshot++) {
        struct world *first = open_with_group();
        struct world *second = from_snapshot ? restore_snapshot(first) : restore_world(first);
        hang_up(first, SUBSCRIBER);
        assert_handed_over(first, second);
        struct world *fourth = restore_world(second); // the records say who was handed what
        connect_client(second, OTHER, (struct hello){.name = "o", .expiry = 100});
        connect_client(fourth, OTHER, (struct hello){.name = "o", .expiry = 100});
        assert_alike(second, fourth, OTHER,
                     "CONNACK 0 present; PUBLISH x 1 dup; PUBLISH y 2 dup; ");
        close_world(fourth);
        close_world(second);
        close_world(first);
    }
}

static void a_group_has_the_serial_that_it_had(void **state) {
    (void)state;
    struct world *first = open_with_group(); // with serial 2
    struct world *second = create_world(first->now);
    memory_journal_restore(&first->journal, restore_and_keep, second);
    struct journal_record other = {
        .kind = DOOR_SUBSCRIBED, .number = {1, 1, 0, 3}, .text = {BYTES_LITERAL("$share/g/t")}};
    struct journal_record another = {
        .kind = DOOR_SUBSCRIBED, .number = {1, 1, 0, 2}, .text = {BYTES_LITERAL("$share/h/t")}};
    assert_false(restore_record(second, &other));
    assert_false(restore_record(second, &another));
    other.number[3] = 2;
    another.number[3] = 3;
    assert_true(restore_record(second, &other));
    assert_true(restore_record(second, &another));
    serve(second);
    close_world(second);
    close_world(first);
}

// ---- damage -----------------------------------------------------------------------------------

#define S 1 // the number of the first session
#define M 2 // of its first message

#define ID BYTES_LITERAL("s")
#define OTHER_ID BYTES_LITERAL("o")
#define TOPIC BYTES_LITERAL("t")
#define CUT BYTES_LITERAL("\x23\x00\x01") // of a property
#define LARGE UINT64_MAX
#define NEW_NUMBER 100

static const struct journal_record records_without_sense[] = {
    {DOOR_RECORDS, {S}, {{0}}},
    {DOOR_SESSION, {S, 5, 0}, {ID}},           // it ends with its connection
    {DOOR_SESSION, {S, 6, 1}, {ID}},           // a version that there is not
    {DOOR_SESSION, {S, 5, 1}, {OTHER_ID}},     // the number is another's
    {DOOR_SESSION, {NEW_NUMBER, 5, 1}, {ID}},  // the client id is
    {DOOR_SESSION, {M + 6, 5, 1}, {OTHER_ID}}, // a message's number
    {DOOR_SESSION, {LARGE, 5, 1}, {OTHER_ID}},
    {DOOR_SESSION, {0, 5, 1}, {OTHER_ID}},
    {DOOR_SESSION, {NEW_NUMBER, 5, 1}, {{0}}},
    {DOOR_SESSION, {NEW_NUMBER, 5, LARGE}, {OTHER_ID}},
    {DOOR_SESSION, {NEW_NUMBER, 5, 1, 70000}, {OTHER_ID}},
    {DOOR_SESSION, {NEW_NUMBER, 5, 1, 1, 2}, {OTHER_ID}},
    {DOOR_WILL, {S, 0, 1, 3, 0}, {TOPIC, {0}, {0}}}, // QoS 3
    {DOOR_WILL, {S, 0, 1, 1, 0}, {{0}, {0}, {0}}},
    {DOOR_WILL, {S, LARGE, 1, 1, 0}, {TOPIC, {0}, {0}}},
    {DOOR_WILL, {S, 1, LARGE - 1, 1, 0}, {TOPIC, {0}, {0}}},
    {DOOR_ENDED, {NEW_NUMBER}, {{0}}},
    {DOOR_SUBSCRIBED, {S}, {BYTES_LITERAL("a/#/b")}},
    {DOOR_SUBSCRIBED, {S, 3}, {TOPIC}},
    {DOOR_SUBSCRIBED, {S, 1, 1u << 28}, {TOPIC}},
    {DOOR_SUBSCRIBED, {S, 1, 0, 1}, {TOPIC}}, // it is not shared
    {DOOR_SUBSCRIBED, {S, 1, 0, 0}, {BYTES_LITERAL("$share/g/t")}},
    {DOOR_SUBSCRIBED, {S, 1, 0, LARGE}, {BYTES_LITERAL("$share/g/t")}},
    {DOOR_UNSUBSCRIBED, {S}, {TOPIC}},
    {DOOR_MESSAGE, {M, 0, 1, 0}, {TOPIC, {0}, {0}}}, // its number is over, but it is there
    {DOOR_MESSAGE, {NEW_NUMBER, 0, 3, 0}, {TOPIC, {0}, {0}}},
    {DOOR_MESSAGE, {NEW_NUMBER, 0, 1, 2}, {TOPIC, {0}, {0}}},
    {DOOR_MESSAGE, {NEW_NUMBER, 0, 1, 0}, {{0}, {0}, {0}}},
    {DOOR_MESSAGE, {NEW_NUMBER, 0, 1, 0}, {TOPIC, CUT, {0}}},
    {DOOR_QUEUED, {S, 8, M, 1}, {{0}}}, // the sequence is not new
    {DOOR_QUEUED, {S, 9, M, 0}, {{0}}},
    {DOOR_QUEUED, {S, 9, M, 3}, {{0}}},
    {DOOR_QUEUED, {S, 9, M, 1, 2}, {{0}}},
    {DOOR_QUEUED, {S, 9, M, 1, 0, 1u << 28}, {{0}}},
    {DOOR_QUEUED, {S, 9, M, 1, 0, 0, 9}, {{0}}}, // it was not sent, for 8 was not
    {DOOR_QUEUED, {S, 9, M, 1, 0, 0, 70000}, {{0}}},
    {DOOR_QUEUED, {S, 9, NEW_NUMBER, 1}, {{0}}}, // no message
    {DOOR_QUEUED, {S, LARGE, M, 1}, {{0}}},
    {DOOR_QUEUED, {S, 9, M, 1, 0, 0, 0, LARGE}, {{0}}}, // a serial that no group had
    {DOOR_SENT, {S, 1, 10}, {{0}}},
    {DOOR_SENT, {S, 2, 10}, {{0}}},
    {DOOR_SENT, {S, 8, 0}, {{0}}},
    {DOOR_SENT, {S, 8, 7}, {{0}}},
    {DOOR_SENT, {S, 8, 70000}, {{0}}},
    {DOOR_SENT, {S, 9, 9}, {{0}}},
    {DOOR_RELEASED, {S, 1, 1}, {{0}}},
    {DOOR_RELEASED, {S, 3, 4}, {{0}}},
    {DOOR_RELEASED, {S, 3, 65536 + 3}, {{0}}},
    {DOOR_RELEASED, {S, 9, 9}, {{0}}},
    {DOOR_DONE, {S, 2}, {{0}}},
    {DOOR_DONE, {S, 5}, {{0}}},
    {DOOR_RECEIVED, {S}, {{0}}},
    {DOOR_RECEIVED, {S, 65536}, {{0}}},
    {DOOR_COMPLETED, {S, 1}, {{0}}},
    {BROKER_VALUE, {LARGE}, {TOPIC, {0}, {0}}},
    {BROKER_VALUE, {LARGE}, {BYTES_LITERAL("+"), {0}, TOPIC}},
    {BROKER_VALUE, {LARGE, 0, 3}, {TOPIC, {0}, TOPIC}},
    {BROKER_VALUE, {LARGE, 0, 1, 256}, {TOPIC, {0}, TOPIC}},
    {BROKER_VALUE, {LARGE, LARGE}, {TOPIC, {0}, TOPIC}},
    {BROKER_VALUE, {LARGE}, {TOPIC, CUT, TOPIC}},
    {BROKER_NO_VALUE, {0}, {{0}}},
};

static void records_that_make_no_sense_are_refused(void **state) {
    (void)state;
    struct world *first = open_with_all_flights();
    struct world *second = create_world(START);
    memory_journal_restore(&first->journal, restore_and_keep, second);
    const struct journal_record *records = records_without_sense;
    for (size_t i = 0; i < sizeof records_without_sense / sizeof *records; i++) {
        if (restore_record(second, &records[i])) {
            fail_msg("record %zu was done", i);
        }
        mqtt_door_check(second->door);
    }
    serve(second);
    connect_client(first, SUBSCRIBER, subscriber);
    connect_client(second, SUBSCRIBER, subscriber);
    assert_alike(first, second, SUBSCRIBER,
                 "CONNACK 0 present; PUBREL 4; PUBLISH 1 1 dup; PUBLISH 3 3 dup; PUBLISH 6 6 dup; "
                 "PUBLISH 7 7 dup; ");
    close_world(second);
    close_world(first);
}

static void damage(struct journal_record *record, uint64_t *random) {
    unsigned place = (unsigned)(support_random(random) % JOURNAL_NUMBERS_MAX);
    unsigned text = (unsigned)(support_random(random) % JOURNAL_TEXTS_MAX);
    switch (support_random(random) % 8) {
    case 0:
        record->kind = (unsigned)(support_random(random) % (DOOR_RECORDS + 1));
        break;
    case 1:
        record->number[place] = support_random(random) % 12;
        break;
    case 2:
        record->number[place] = UINT64_MAX - support_random(random) % 3;
        break;
    case 3:
        record->number[place] ^= 1;
        break;
    case 4:
        record->text[text].size -= record->text[text].size > 0;
        break;
    case 5:
        record->text[1] = BYTES_LITERAL("damaged");
        break;
    default:
        break;
    }
}

// Whatever of a damaged journal is done, the door goes on.
static size_t restore_damaged(const struct world *first, uint64_t *random) {
    struct world *second = create_world(START);
    size_t refused = 0;
    for (size_t i = 0; i < first->journal.count; i++) {
        struct journal_record record = first->journal.records[i];
        damage(&record, random);
        if (support_random(random) % 8 > 0) {
            refused += !restore_record(second, &record);
        }
    }
    mqtt_door_check(second->door);
    serve(second);
    mqtt_door_tick(second->door, START);
    connect_client(second, SUBSCRIBER, subscriber);
    connect_client(second, PUBLISHER, (struct hello){.name = "p"});
    for (uint16_t id = 1; id < 12; id++) {
        answer(second, SUBSCRIBER, MQTT_PUBREC, id);
        answer(second, SUBSCRIBER, MQTT_PUBCOMP, id);
        answer(second, SUBSCRIBER, MQTT_PUBACK, id);
        publish_one(second, "x", 1);
    }
    close_world(second);
    return refused;
}

static void a_damaged_journal_does_no_harm(void **state) {
    (void)state;
    struct world *first = open_with_all_flights();
    connect_client(first, OTHER, (struct hello){.name = "o", .expiry = 5, .will = "w"});
    publish(first, OTHER, (struct letter){.topic = "t", .payload = "x", .qos = 2, .retain = true});
    subscribe(first, OTHER, "$share/g/t", 1, 1);
    subscribe(first, OTHER, "t", 1, 2);
    hang_up(first, OTHER);
    uint64_t random = 1;
    size_t refused = 0;
    for (int round = 0; round < 2000; round++) {
        refused += restore_damaged(first, &random);
    }
    assert_true(refused > 2000);
    close_world(first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deliveries_go_on_in_every_state_of_their_flight),
        cmocka_unit_test(a_third_door_goes_on_from_the_second),
        cmocka_unit_test(a_snapshot_leads_to_the_same),
        cmocka_unit_test(the_queue_of_an_absent_client_is_kept_with_its_times),
        cmocka_unit_test(a_full_queue_drops_the_same_messages),
        cmocka_unit_test(subscriptions_are_kept_as_they_are_at_last),
        cmocka_unit_test(a_message_of_qos_2_is_published_once_by_both),
        cmocka_unit_test(a_will_that_waits_is_published_by_both),
        cmocka_unit_test(the_will_of_a_client_that_was_connected_is_published_after_the_restart),
        cmocka_unit_test(retained_messages_are_kept_whoever_they_came_from),
        cmocka_unit_test(sessions_end_in_the_journal_too),
        cmocka_unit_test(the_end_of_a_door_forgets_nothing),
        cmocka_unit_test(a_message_for_many_is_one_record),
        cmocka_unit_test(a_message_that_was_handed_over_is_kept),
        cmocka_unit_test(what_a_member_leaves_goes_to_another_after_a_restart),
        cmocka_unit_test(a_group_has_the_serial_that_it_had),
        cmocka_unit_test(records_that_make_no_sense_are_refused),
        cmocka_unit_test(a_damaged_journal_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
