// An MQTT door that dies, with clients that live on: after every record of its journal, before and
// after the step is written, and at random. What was promised to a client is kept by the next door:
// a message that was acknowledged reaches every session that had subscribed, one of QoS 2 reaches
// it once, and what was retained last is what a newcomer gets.
//
// Clients are the least that the standard allows: they keep what is under way, send it again when
// they are back, and count what they get.
#include "support.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "role/broker/broker_journal.h"
#include "role/broker/mqtt/mqtt_door.h"
#include "role/memory_journal.h"

#define SECOND ROLE_SECOND
#define PUBLISHERS 2u // the first clients; the others subscribe
#define CLIENTS 5u
#define NEWCOMER CLIENTS // its session ends with its connection
#define MESSAGES_MAX 400u
#define UNDER_WAY_MAX 8u

struct message {
    uint8_t qos;
    bool retain;
    bool acknowledged;
    bool refused;
    unsigned delivered[CLIENTS + 1];
};

// A message that a client has published and that is not done.
struct under_way {
    uint32_t message; // its number; 0: this place is free
    uint16_t packet_id;
    bool is_released;
};

struct client {
    struct door_connection *connection;
    bool is_let_in;
    uint8_t subscription; // its QoS
    bool is_subscribed;   // and was told so
    uint16_t last_id;
    struct under_way under_way[UNDER_WAY_MAX];
    uint8_t received[UINT16_MAX + 1]; // QoS 2 packet ids that await PUBREL
    uint32_t retained;                // the last value that came as such
};

struct world {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
    struct memory_journal journal;
    struct client clients[CLIENTS + 1];
    struct message messages[MESSAGES_MAX]; // from 1 on
    uint32_t message_count;
    uint64_t now;
    uint64_t random;
    uint64_t records; // of all doors
    unsigned deaths;
};

static void on_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void on_tell(void *context, const struct door_event *event) {
    (void)context;
    (void)event;
}

static void on_appended(void *context) {
    struct world *world = context;
    world->records++;
}

// ---- the door ---------------------------------------------------------------------------------

static void restore(void *context, const struct journal_record *record) {
    struct world *world = context;
    bool is_restored = record->kind < BROKER_RECORDS
                           ? broker_journal_restore(&world->core, record, world->now)
                           : mqtt_door_restore(world->door, record, world->now);
    if (!is_restored) {
        fail_msg("%s was not restored", door_journal_kinds[record->kind].word);
    }
}

static void begin_door(struct world *world) {
    static const struct cipher_secret seed = {.bytes = {1, 2, 3}};
    memory_init(&world->memory);
    broker_core_init(&world->core, &world->memory, 5, (struct topic_values_limits){100, 100000});
    world->door = mqtt_door_create(&world->config, &world->port, &world->core, &seed);
    memory_journal_restore(&world->journal, restore, world);
    mqtt_door_restored(world->door);
    broker_core_set_journal(&world->core, &world->journal.journal);
    mqtt_door_check(world->door);
}

static void hang_up(struct world *world, struct client *client) {
    if (client->connection != NULL) {
        mqtt_door_close(world->door, client->connection, world->now);
        client->connection = NULL;
        client->is_let_in = false;
    }
}

// What the end of its connections adds to the journal is not durable.
static void end_door(struct world *world) {
    for (unsigned i = 0; i <= CLIENTS; i++) {
        hang_up(world, &world->clients[i]);
    }
    mqtt_door_destroy(world->door);
    broker_core_deinit(&world->core);
    assert_int_equal(world->memory.blocks_in_use, 0);
}

static void die(struct world *world) {
    world->deaths++;
    end_door(world);
    memory_journal_kill(&world->journal);
    begin_door(world);
}

static void write_step(struct world *world) {
    memory_journal_write(&world->journal);
    mqtt_door_journal_written(world->door, world->now);
}

static void fail_journal(struct world *world) {
    memory_journal_fail(&world->journal);
    mqtt_door_journal_written(world->door, world->now);
}

static void cut_journal(struct world *world) {
    memory_journal_cut(&world->journal);
    broker_journal_snapshot(&world->core, memory_journal_take, &world->journal);
    mqtt_door_snapshot(world->door, memory_journal_take, &world->journal);
    write_step(world);
}

static struct world *open_world(uint64_t seed) {
    struct world *world = test_calloc(1, sizeof *world);
    memory_journal_init(&world->journal, door_journal_kinds);
    world->journal.appended = on_appended;
    world->journal.context = world;
    if (seed % 2 == 0) { // every second story has such a driver
        memory_journal_let_take_back(&world->journal);
    }
    world->config.limits = (struct mqtt_door_limits){.connections = 10,
                                                     .sessions = 10,
                                                     .packet_bytes = 1000,
                                                     .subscriptions = 10,
                                                     .in_flight = 3,
                                                     .receive_maximum = 20,
                                                     .queue_messages = 1000,
                                                     .queue_bytes = 1000000,
                                                     .total_bytes = 10000000,
                                                     .session_expiry = ROLE_NEVER,
                                                     .connect_time = 10 * SECOND};
    world->port = (struct mqtt_door_port){.ready = on_ready,
                                          .tell = on_tell,
                                          .journal = &world->journal.journal,
                                          .context = world,
                                          .memory = &world->memory};
    world->now = 1000 * SECOND;
    world->random = seed;
    begin_door(world);
    return world;
}

static void close_world(struct world *world) {
    end_door(world);
    memory_journal_deinit(&world->journal);
    test_free(world);
}

// ---- clients ----------------------------------------------------------------------------------

static void send_packet(struct world *world, struct client *client,
                        const struct mqtt_packet *packet) {
    uint8_t bytes[500];
    size_t size = mqtt_encoded_size(packet, MQTT_5);
    assert_true(size > 0 && size <= sizeof bytes);
    (void)mqtt_encode(packet, MQTT_5, bytes);
    mqtt_door_receive(world->door, client->connection, bytes_make(bytes, size), world->now);
    mqtt_door_check(world->door);
}

static void send_short(struct world *world, struct client *client, enum mqtt_type type,
                       uint16_t packet_id) {
    send_packet(world, client, &(struct mqtt_packet){.type = type, .packet_id = packet_id});
}

static void connect_client(struct world *world, unsigned number) {
    static const char *const names[] = {"p0", "p1", "s0", "s1", "s2", "newcomer"};
    struct door_stream_info info = {.peer_address = BYTES_LITERAL("here")};
    struct client *client = &world->clients[number];
    client->connection = mqtt_door_open(world->door, &info, world->now);
    struct mqtt_packet packet = {.type = MQTT_CONNECT};
    packet.connect.version = MQTT_5;
    packet.connect.client_id = bytes_of_text(names[number]);
    packet.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
    packet.properties.session_expiry = number == NEWCOMER ? 0 : 3600;
    send_packet(world, client, &packet);
}

static void subscribe(struct world *world, struct client *client) {
    uint8_t run[20];
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, run, BYTES_LITERAL("#"), client->subscription);
    struct mqtt_packet packet = {.type = MQTT_SUBSCRIBE, .packet_id = 1};
    packet.filters.run = bytes_make(run, (size_t)(end - run));
    packet.filters.count = 1;
    send_packet(world, client, &packet);
}

static void send_message(struct world *world, struct client *client, const struct under_way *way,
                         bool is_again) {
    const struct message *message = &world->messages[way->message];
    struct mqtt_packet packet = {.type = MQTT_PUBLISH};
    packet.publish.topic = message->retain ? BYTES_LITERAL("kept") : BYTES_LITERAL("t");
    packet.publish.payload = bytes_make(&way->message, sizeof way->message);
    packet.publish.qos = message->qos;
    packet.publish.retain = message->retain;
    packet.publish.dup = is_again && message->qos > 0;
    packet.publish.packet_id = way->packet_id;
    send_packet(world, client, &packet);
}

static bool retains_already(const struct world *world, const struct client *client) {
    bool is_one = false;
    for (unsigned i = 0; i < UNDER_WAY_MAX; i++) {
        is_one |= world->messages[client->under_way[i].message].retain;
    }
    return is_one;
}

// Only the first publisher has messages retained, and one after the other: what is sent again may
// come behind what was sent later.
static void publish(struct world *world, unsigned number, uint8_t qos) {
    struct client *client = &world->clients[number];
    struct under_way *free_place = NULL;
    for (unsigned i = 0; i < UNDER_WAY_MAX; i++) {
        free_place = client->under_way[i].message == 0 ? &client->under_way[i] : free_place;
    }
    if (!client->is_let_in || free_place == NULL || world->message_count + 2 > MESSAGES_MAX) {
        return;
    }
    struct message *message = &world->messages[++world->message_count];
    *message = (struct message){.qos = qos};
    message->retain =
        number == 0 && support_random(&world->random) % 4 == 0 && !retains_already(world, client);
    struct under_way way = {.message = world->message_count};
    if (qos > 0) {
        client->last_id = (uint16_t)(client->last_id % 40 + 1); // soon used again
        for (unsigned i = 0; i < UNDER_WAY_MAX; i++) {
            bool is_taken = client->under_way[i].message != 0 &&
                            client->under_way[i].packet_id == client->last_id;
            if (is_taken) {
                world->message_count--;
                return;
            }
        }
        way.packet_id = client->last_id;
        *free_place = way;
    }
    send_message(world, client, &way, false);
}

static struct under_way *find_under_way(struct client *client, uint16_t packet_id) {
    for (unsigned i = 0; i < UNDER_WAY_MAX; i++) {
        struct under_way *way = &client->under_way[i];
        if (way->message != 0 && way->packet_id == packet_id) {
            return way;
        }
    }
    return NULL;
}

static void take_answer(struct world *world, struct client *client,
                        const struct mqtt_packet *packet) {
    struct under_way *way = find_under_way(client, packet->packet_id);
    assert_non_null(way);
    struct message *message = &world->messages[way->message];
    if (packet->type == MQTT_PUBCOMP) { // the identifier may be over for the door, which is right
        way->message = 0;
    } else if (packet->reason >= MQTT_UNSPECIFIED_ERROR) {
        assert_int_equal(packet->reason, MQTT_QUOTA_EXCEEDED);
        message->refused = true;
        way->message = 0;
    } else if (packet->type == MQTT_PUBREC) {
        message->acknowledged = true;
        way->is_released = true;
        send_short(world, client, MQTT_PUBREL, packet->packet_id);
    } else {
        message->acknowledged = true;
        way->message = 0;
    }
}

static void count_message(struct world *world, struct client *client,
                          const struct mqtt_publish *publish) {
    uint32_t number;
    assert_int_equal(publish->payload.size, sizeof number);
    memcpy(&number, publish->payload.data, sizeof number);
    assert_in_range(number, 1, world->message_count);
    world->messages[number].delivered[client - world->clients]++;
    client->retained = publish->retain ? number : client->retained;
}

static void take_message(struct world *world, struct client *client,
                         const struct mqtt_publish *publish) {
    if (publish->qos == 2) {
        if (client->received[publish->packet_id] == 0) {
            count_message(world, client, publish);
        }
        client->received[publish->packet_id] = 1;
        send_short(world, client, MQTT_PUBREC, publish->packet_id);
        return;
    }
    count_message(world, client, publish);
    if (publish->qos == 1) {
        send_short(world, client, MQTT_PUBACK, publish->packet_id);
    }
}

static void send_again(struct world *world, struct client *client) {
    for (unsigned i = 0; i < UNDER_WAY_MAX; i++) {
        const struct under_way *way = &client->under_way[i];
        if (way->message != 0 && way->is_released) {
            send_short(world, client, MQTT_PUBREL, way->packet_id);
        } else if (way->message != 0) {
            send_message(world, client, way, true);
        }
    }
}

// A door that promised the session has it.
static void take_connack(struct world *world, struct client *client,
                         const struct mqtt_packet *packet) {
    assert_int_equal(packet->reason, MQTT_SUCCESS);
    assert_true(packet->session_present || !client->is_subscribed);
    client->is_let_in = true;
    if (!packet->session_present) {
        memset(client->received, 0, sizeof client->received);
    }
    if (client - world->clients < PUBLISHERS) {
        send_again(world, client);
    } else if (!client->is_subscribed) {
        subscribe(world, client);
    }
}

static void take_packet(struct world *world, struct client *client,
                        const struct mqtt_packet *packet) {
    if (packet->type == MQTT_CONNACK) {
        if (packet->reason != MQTT_SUCCESS) {
            assert_int_equal(packet->reason, MQTT_QUOTA_EXCEEDED); // the journal failed
        } else {
            take_connack(world, client, packet);
        }
    } else if (packet->type == MQTT_SUBACK) {
        client->is_subscribed = packet->codes.data[0] < MQTT_UNSPECIFIED_ERROR;
    } else if (packet->type == MQTT_PUBLISH) {
        take_message(world, client, &packet->publish);
    } else if (packet->type == MQTT_PUBREL) {
        client->received[packet->packet_id] = 0;
        send_short(world, client, MQTT_PUBCOMP, packet->packet_id);
    } else if (packet->type == MQTT_PUBACK || packet->type == MQTT_PUBREC ||
               packet->type == MQTT_PUBCOMP) {
        take_answer(world, client, packet);
    } else {
        fail_msg("%s came", mqtt_type_name(packet->type));
    }
}

// Whether something came. All that may be sent is taken at once, then handled.
static bool take_output(struct world *world, struct client *client) {
    struct bytes runs[64];
    struct buffer stream = {.memory = &world->memory};
    unsigned count = mqtt_door_output(world->door, client->connection, runs, 64);
    for (unsigned i = 0; i < count; i++) {
        buffer_append(&stream, runs[i]);
    }
    mqtt_door_sent(world->door, client->connection, stream.size, world->now);
    struct bytes rest = buffer_bytes(&stream);
    struct mqtt_frame frame;
    while (rest.size > 0 && mqtt_frame_read(rest, &frame) == MQTT_FRAME_WHOLE) {
        struct mqtt_packet packet;
        struct bytes bytes = bytes_make(rest.data, frame.bytes);
        assert_int_equal(mqtt_decode(&packet, bytes, MQTT_5, MQTT_FROM_SERVER, NULL), MQTT_SUCCESS);
        take_packet(world, client, &packet);
        rest = bytes_make(rest.data + frame.bytes, rest.size - frame.bytes);
    }
    assert_int_equal(rest.size, 0);
    bool came = stream.size > 0;
    buffer_deinit(&stream);
    if (mqtt_door_is_over(client->connection)) {
        hang_up(world, client);
    }
    return came;
}

// ---- what happens -----------------------------------------------------------------------------

static void step(struct world *world) {
    unsigned number = (unsigned)(support_random(&world->random) % CLIENTS);
    struct client *client = &world->clients[number];
    unsigned what = (unsigned)(support_random(&world->random) % 20);
    if (client->connection == NULL) {
        connect_client(world, number);
    } else if (what == 0) {
        hang_up(world, client);
    } else if (what < 5) {
        write_step(world);
    } else if (number < PUBLISHERS && what < 14) {
        publish(world, number, (uint8_t)(support_random(&world->random) % 3));
    } else {
        (void)take_output(world, client);
    }
    world->now += SECOND / 10;
    mqtt_door_tick(world->door, world->now);
    mqtt_door_check(world->door);
}

static void calm_down(struct world *world) {
    for (bool again = true; again;) {
        again = false;
        for (unsigned i = 0; i < CLIENTS; i++) {
            struct client *client = &world->clients[i];
            if (client->connection == NULL) {
                connect_client(world, i);
                again = true;
            }
            write_step(world);
            again |= take_output(world, client);
        }
    }
}

static void check_message(const struct world *world, uint32_t number) {
    const struct message *message = &world->messages[number];
    assert_true(message->qos == 0 || message->acknowledged || message->refused);
    for (unsigned i = PUBLISHERS; i < CLIENTS; i++) {
        uint8_t subscription = world->clients[i].subscription;
        unsigned qos = message->qos < subscription ? message->qos : subscription;
        unsigned delivered = message->delivered[i];
        bool is_promised = message->acknowledged && qos > 0;
        bool is_once = message->qos != 1 && subscription != 1;
        if ((is_promised && delivered == 0) || (is_once && delivered > 1) ||
            (message->qos == 0 && delivered > 1)) {
            fail_msg("message %u of QoS %u came %u times to %u", (unsigned)number, message->qos,
                     delivered, i);
        }
    }
}

static void check_all(struct world *world) {
    calm_down(world);
    uint32_t retained = 0;
    for (uint32_t number = 1; number <= world->message_count; number++) {
        const struct message *message = &world->messages[number];
        check_message(world, number);
        retained = message->retain && message->acknowledged ? number : retained;
    }
    struct client *newcomer = &world->clients[NEWCOMER];
    connect_client(world, NEWCOMER);
    for (bool again = true; again;) {
        write_step(world);
        again = take_output(world, newcomer);
    }
    assert_true(newcomer->retained >= retained);
}

// All clients have a session, and those that subscribe their subscription.
static struct world *begin_story(uint64_t seed) {
    struct world *world = open_world(seed);
    for (unsigned i = 0; i < CLIENTS; i++) {
        world->clients[i].subscription = (uint8_t)(i - PUBLISHERS);
    }
    world->clients[NEWCOMER].subscription = 1;
    calm_down(world);
    return world;
}

// ---- tests ------------------------------------------------------------------------------------

enum death { UNWRITTEN, WRITTEN, TOLD, DEATHS };

// The story of a seed, in which the door dies with its record of this number: before the step is
// written, before anybody is told, or after. False: there are not so many records.
static bool live_until(uint64_t seed, uint64_t record, enum death death) {
    struct world *world = begin_story(seed);
    unsigned steps = 0;
    for (; steps < 500 && world->records < record; steps++) {
        step(world);
    }
    bool is_reached = world->records >= record;
    if (death != UNWRITTEN) {
        write_step(world);
    }
    for (unsigned i = 0; death == TOLD && i < CLIENTS; i++) {
        if (world->clients[i].connection != NULL) {
            (void)take_output(world, &world->clients[i]);
        }
    }
    die(world);
    for (; steps < 540; steps++) {
        step(world);
    }
    check_all(world);
    close_world(world);
    return is_reached;
}

static void what_was_promised_is_kept_after_death_at_every_record(void **state) {
    (void)state;
    for (uint64_t seed = 7; seed <= 8; seed++) {
        uint64_t record = 1;
        for (bool goes_on = true; goes_on; record++) {
            for (unsigned death = 0; death < DEATHS; death++) {
                goes_on = live_until(seed, record, (enum death)death);
            }
        }
        assert_true(record > 100); // there was much to die at
    }
}

// Of so many stories one record each.
static void what_was_promised_is_kept_after_death_at_any_record_of_any_story(void **state) {
    (void)state;
    uint64_t random = 11;
    unsigned reached = 0;
    uint64_t seeds = support_setting("JOURNAL_SEEDS", 30);
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        uint64_t record = 1 + support_random(&random) % 400;
        reached +=
            live_until(seed * 5000011, record, (enum death)(support_random(&random) % DEATHS));
    }
    assert_true(reached > seeds / 2);
}

static void what_was_promised_is_kept_after_many_deaths(void **state) {
    (void)state;
    uint64_t taken_back = 0;
    for (uint64_t seed = 1; seed <= support_setting("JOURNAL_SEEDS", 30); seed++) {
        struct world *world = begin_story(seed * 1000003);
        for (unsigned i = 0; i < 600; i++) {
            step(world);
            unsigned what = (unsigned)(support_random(&world->random) % 100);
            if (what < 4) {
                die(world);
            } else if (what == 4) {
                cut_journal(world);
            }
        }
        assert_true(world->deaths > 5);
        check_all(world);
        taken_back += world->journal.taken_back;
        close_world(world);
    }
    assert_true(taken_back > 0);
}

static void what_was_promised_is_kept_while_the_journal_fails_now_and_then(void **state) {
    (void)state;
    unsigned refused = 0;
    for (uint64_t seed = 1; seed <= support_setting("JOURNAL_SEEDS", 30); seed++) {
        struct world *world = begin_story(seed * 7000003);
        for (unsigned i = 0; i < 600; i++) {
            step(world);
            unsigned what = (unsigned)(support_random(&world->random) % 100);
            if (what < 2) {
                die(world);
            } else if (what < 20) {
                fail_journal(world);
            }
        }
        check_all(world);
        refused += (unsigned)mqtt_door_counts(world->door)->refused_promises;
        close_world(world);
    }
    assert_true(refused > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_promised_is_kept_after_death_at_every_record),
        cmocka_unit_test(what_was_promised_is_kept_after_death_at_any_record_of_any_story),
        cmocka_unit_test(what_was_promised_is_kept_after_many_deaths),
        cmocka_unit_test(what_was_promised_is_kept_while_the_journal_fails_now_and_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
