// A broker with a store: what it acknowledged outlives kill -9, a full disk is told and got over,
// and a store that cannot be used is refused in one sentence.
#include "mqtt.h"

#include <sqlite3.h>

static struct process *broker;
static uint16_t port;

static void start(const char *word) {
    broker = process_start("broker", "--mqtt", "0", "--store", "s.db", word);
    port = mqtt_port(broker, MQTT_TCP);
}

static void kill_and_start(void) {
    process_kill(broker);
    start("--quiet");
}

// A client of 5.0 with a session that lasts an hour; whether the broker had it.
static bool resume(size_t place, const char *name) {
    struct mqtt_hand *hand = &mqtt_hands[place];
    struct mqtt_packet asked = {
        .type = MQTT_CONNECT,
        .connect = {.version = MQTT_5, .client_id = bytes_of_text(name)},
        .properties = {.present = MQTT_HAS(MQTT_SESSION_EXPIRY), .session_expiry = 3600}};
    hand->version = MQTT_5;
    hand->fd = http_dial(port);
    mqtt_hand_send(hand, &asked);
    struct mqtt_packet packet = mqtt_hand_expect(hand, MQTT_CONNACK);
    assert_int_equal(packet.reason, 0);
    return packet.session_present;
}

struct given {
    const char *topic;
    struct bytes payload;
    uint16_t packet_id;
    bool retain;
};

static void send_message(size_t place, struct given given) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.packet_id = given.packet_id,
                                             .topic = bytes_of_text(given.topic),
                                             .payload = given.payload,
                                             .qos = 1,
                                             .retain = given.retain}};
    mqtt_hand_send(&mqtt_hands[place], &packet);
}

// The reason of the next PUBACK; 0 also if nobody subscribed.
static int take_answer(size_t place) {
    int reason = mqtt_hand_expect(&mqtt_hands[place], MQTT_PUBACK).reason;
    return reason == MQTT_NO_MATCHING_SUBSCRIBERS ? 0 : reason;
}

static int publish(size_t place, const char *topic, const char *payload, bool retain) {
    send_message(place, (struct given){topic, bytes_of_text(payload), 1, retain});
    return take_answer(place);
}

static void await_message(size_t place, const char *payload) {
    struct mqtt_packet packet = mqtt_hand_expect(&mqtt_hands[place], MQTT_PUBLISH);
    assert_true(bytes_equal(packet.publish.payload, bytes_of_text(payload)));
    if (packet.publish.qos == 1) {
        mqtt_hand_send(
            &mqtt_hands[place],
            &(struct mqtt_packet){.type = MQTT_PUBACK, .packet_id = packet.publish.packet_id});
    }
}

// Nothing was sent to it before the answer to this.
static void assert_quiet(size_t place) {
    mqtt_hand_send(&mqtt_hands[place], &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)mqtt_hand_expect(&mqtt_hands[place], MQTT_PINGRESP);
}

static void a_message_for_who_is_away_outlives_kill_9(void **state) {
    (void)state;
    start("--quiet");
    assert_false(resume(0, "reader"));
    mqtt_hand_subscribe(&mqtt_hands[0], "t/#", 1);
    close(mqtt_hands[0].fd);
    (void)mqtt_hand_connect(1, port, MQTT_5, "writer");
    assert_int_equal(publish(1, "t/1", "one", false), 0);
    assert_int_equal(publish(1, "t/2", "two", false), 0);
    kill_and_start();
    assert_non_null(strstr(process_text(&broker->err),
                           "store s.db: sessions 1, messages that wait 2, last values 0\n"));
    assert_true(resume(0, "reader"));
    await_message(0, "one");
    await_message(0, "two");
    assert_quiet(0);
    process_end(broker);
    start("--quiet");
    assert_true(resume(0, "reader"));
    assert_quiet(0);
    process_end(broker);
}

static void retained_messages_outlive_it_and_values_of_lines_if_asked_for(void **state) {
    (void)state;
    for (int keeps = 0; keeps < 2; keeps++) {
        start(keeps ? "--keep-values" : "--quiet");
        (void)mqtt_hand_connect(0, port, MQTT_5, "writer");
        assert_int_equal(publish(0, "a", "1", true), 0);
        assert_int_equal(publish(0, "b", "2", true), 0);
        mqtt_hand_subscribe(&mqtt_hands[0], "c", 0);
        process_assert_code(process_start("client", "--run", "conn; publ b 3; publ c 4"), 0);
        await_message(0, "4"); // so both are there
        assert_int_equal(publish(0, "d", "5", true), 0);
        kill_and_start();
        (void)mqtt_hand_connect(0, port, MQTT_5, "reader");
        mqtt_hand_subscribe(&mqtt_hands[0], "#", 0);
        await_message(0, "1");
        if (keeps) {
            await_message(0, "3");
            await_message(0, "4");
        }
        await_message(0, "5");
        assert_quiet(0);
        process_kill(broker);
        process_assert_code(mqtt_shell("rm s.db*"), 0);
    }
}

// ---- a full disk -------------------------------------------------------------------------------

#define FILE_MOST (256 * 1024)
#define MESSAGES 30

static void limit_files(rlim_t most) {
    struct rlimit limit = {most, RLIM_INFINITY};
    assert_int_equal(prlimit(broker->id, RLIMIT_FSIZE, &limit, NULL), 0);
}

// What was on its way is answered once it is written; what comes meanwhile is refused.
static void a_full_disk_is_told_and_got_over(void **state) {
    (void)state;
    static uint8_t payload[20000];
    unsigned promised = 0;
    start("--quiet");
    limit_files(FILE_MOST);
    assert_false(resume(0, "reader"));
    mqtt_hand_subscribe(&mqtt_hands[0], "t", 1);
    (void)mqtt_hand_connect(1, port, MQTT_5, "writer");
    for (uint16_t i = 1; i <= MESSAGES; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "kept/%u", i);
        send_message(1, (struct given){topic, bytes_make(payload, sizeof payload), i, true});
    }
    process_await_err(broker, "what would be promised is refused");
    (void)mqtt_hand_connect(2, port, MQTT_5, "other");
    assert_int_equal(publish(2, "kept/other", "x", true), MQTT_QUOTA_EXCEEDED);
    mqtt_hand_publish(&mqtt_hands[2], "t", BYTES_LITERAL("goes on"));
    await_message(0, "goes on");
    limit_files(RLIM_INFINITY);
    process_await_err(broker, "can be written again; nothing that was promised is lost");
    for (int i = 0; i < MESSAGES; i++) {
        promised += take_answer(1) == 0;
    }
    assert_int_equal(publish(2, "last", "x", true), 0);
    assert_int_equal(process_occurrences(process_text(&broker->err), "is refused"), 1);
    kill_and_start();
    const char *expected = "store s.db: sessions 1, messages that wait 0, last values ";
    const char *at = strstr(process_text(&broker->err), expected);
    assert_non_null(at);
    assert_true(promised > 0 && strtoul(at + strlen(expected), NULL, 10) >= promised + 1);
}

// ---- stores that are refused -------------------------------------------------------------------

static void tell_file(const char *text) {
    sqlite3 *database;
    char *path = support_path(process_folder, "s.db");
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    free(path);
}

// With one sentence, and nothing of it is left in the network.
static void assert_refused(const char *why) {
    struct process *refused =
        process_start("broker", "--network", "other", "--mqtt", "0", "--store", "s.db");
    process_assert_code(refused, 3);
    const char *said = process_text(&refused->err);
    if (strstr(said, why) == NULL) {
        process_explain(refused);
    }
    assert_non_null(strstr(said, why));
    assert_null(strstr(said, MQTT_TCP));
    assert_int_equal(process_occurrences(said, "\n"), 1);
    char *network = support_path(process_folder, "other");
    struct stat status;
    assert_true(stat(network, &status) != 0 || status.st_size == 0);
    free(network);
}

static void stores_that_cannot_be_used_are_refused(void **state) {
    (void)state;
    start("--quiet");
    (void)mqtt_hand_connect(0, port, MQTT_5, "writer");
    assert_int_equal(publish(0, "a", "1", true), 0);
    assert_refused("store s.db: database is locked; another program uses it: end that one");
    process_end(broker);
    tell_file("PRAGMA user_version = 9");
    assert_refused("store s.db: was written by a newer version of this program (schema 9");
    tell_file("PRAGMA user_version = 1; UPDATE journal SET hash = 5");
    assert_refused("store s.db: is damaged: step 1 is not as it was written; put a copy");
}

static void assert_usage(const char *word, const char *second, const char *why) {
    struct process *refused = process_start("broker", word, second, "--quiet");
    process_assert_code(refused, 2);
    assert_non_null(strstr(process_text(&refused->err), why));
}

static void options_without_sense_are_refused(void **state) {
    (void)state;
    assert_usage("--durable", "strict", "--durable: needs a file to keep it in: add --store FILE");
    assert_usage("--keep-values", "--mqtt=0", "--keep-values: needs a file");
    assert_usage("--store=s.db", "--durable=lazy=0", "lazy=MS, from 1 to 3600000 milliseconds");
    assert_usage("--store=s.db", "--durable=often", "must be strict, lazy or lazy=MS");
    assert_usage("--store=s.db", "--no-history", "there is nothing to keep: add --mqtt PORT");
}

static void sessions_are_not_lost_to_a_broker_without_a_door(void **state) {
    (void)state;
    start("--quiet");
    assert_false(resume(0, "reader"));
    process_end(broker);
    struct process *other = process_start("broker", "--store", "s.db", "--keep-values");
    process_assert_code(other, 3);
    assert_non_null(strstr(process_text(&other->err), "holds sessions of MQTT clients"));
    start("--quiet");
    assert_true(resume(0, "reader"));
}

// ---- looking into a store ----------------------------------------------------------------------

// What is exported and imported is what the broker had, and the next one goes on with it.
static void a_store_can_be_looked_through_and_carried_away(void **state) {
    (void)state;
    start("--quiet");
    assert_false(resume(0, "reader"));
    mqtt_hand_subscribe(&mqtt_hands[0], "t", 1);
    close(mqtt_hands[0].fd);
    (void)mqtt_hand_connect(1, port, MQTT_5, "writer");
    assert_int_equal(publish(1, "t", "one", true), 0);
    struct process *tool = process_start("broker", "--check-store", "s.db");
    process_assert_code(tool, 3);
    assert_non_null(strstr(process_text(&tool->err), "another program uses it"));
    process_kill(broker);
    tool = process_start("broker", "--check-store", "s.db");
    process_assert_code(tool, 0);
    assert_non_null(strstr(process_text(&tool->out), "s.db is good\nsessions             1\n"
                                                     "messages that wait   1\n"
                                                     "last values          1\n"));
    char *name = process_program("broker");
    char line[2 * PATH_MAX];
    (void)snprintf(line, sizeof line,
                   "%s --export s.db >lines && %s --import t.db <lines && %s --export t.db | "
                   "diff - lines && rm s.db && mv t.db s.db",
                   name, name, name);
    process_assert_code(mqtt_shell(line), 0);
    start("--quiet");
    assert_true(resume(0, "reader"));
    await_message(0, "one");
    process_end(broker);
    (void)snprintf(line, sizeof line, "%s --import s.db <lines", name);
    process_assert_code(mqtt_shell(line), 3); // it has something in it
    (void)snprintf(line, sizeof line,
                   "echo '{\"record\": \"ended\", \"session\": 4}' | %s --import u.db", name);
    tool = mqtt_shell(line);
    assert_int_equal(tool->code, 1);
    assert_non_null(strstr(process_text(&tool->err), "line 1: makes no sense"));
    tell_file("UPDATE journal SET records = x'00' WHERE step = 1; UPDATE snapshot SET hash = 1");
    tool = process_start("broker", "--check-store", "s.db");
    process_assert_code(tool, 1);
    assert_non_null(strstr(process_text(&tool->err), "is damaged: part 1 is not as"));
    free(name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_message_for_who_is_away_outlives_kill_9),
        PROCESS_TEST(retained_messages_outlive_it_and_values_of_lines_if_asked_for),
        PROCESS_TEST(a_full_disk_is_told_and_got_over),
        PROCESS_TEST(stores_that_cannot_be_used_are_refused),
        PROCESS_TEST(options_without_sense_are_refused),
        PROCESS_TEST(sessions_are_not_lost_to_a_broker_without_a_door),
        PROCESS_TEST(a_store_can_be_looked_through_and_carried_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
