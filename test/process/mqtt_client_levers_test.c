// Levers at a client of real MQTT: rules, holds, freezes and cuts, by option and by command, in
// both directions of its stream.
#include "mqtt.h"

static struct process *broker;
static char url[64];

static void start(void) {
    broker = process_start("broker", "--name", "hub", "--mqtt", "0");
    (void)snprintf(url, sizeof url, "mqtt://127.0.0.1:%u", mqtt_port(broker, MQTT_TCP));
}

#define CLIENT(...) \
    process_start("client", "--mqtt", url, "--mqtt-version", "3.1.1", "-i", "me", __VA_ARGS__)

static void assert_said(const struct stream *stream, const char *text) {
    if (strstr(stream->text == NULL ? "" : stream->text, text) == NULL) {
        fail_msg("\"%s\" is not in:\n%s", text, stream->text);
    }
}

// The message goes again with DUP on the next connection, on which the rule has hit already.
static void a_lost_puback_makes_a_second_publish(void **state) {
    (void)state;
    start();
    struct process *client =
        CLIENT("--packets", "--fault", "cut before PUBACK 1", "--keep-session", "--reconnect",
               "fixed", "--reconnect-delay", "0.01", "--run", "publ a b 1");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "-> CONNECT me (session, keep alive 60 s)\n"
                                                    "<- CONNACK (connection accepted)\n"
                                                    "-> PUBLISH 1 a (qos 1)\n"
                                                    "x- PUBACK 1: cut off (rule 1)\n"
                                                    "-> CONNECT me (session, keep alive 60 s)\n"
                                                    "<- CONNACK (connection accepted, session "
                                                    "present)\n"
                                                    "-> PUBLISH 1 a (qos 1, dup)\n"
                                                    "<- PUBACK 1\n"
                                                    "-> DISCONNECT\n");
    assert_said(&client->err, "fault: connection with broker cut (rule 1)");
    assert_said(&client->err, "rule 1 hit 1 time: cut before PUBACK 1");
    process_end(broker);
}

static void a_packet_that_is_dropped_stands_among_the_packets(void **state) {
    (void)state;
    start();
    struct process *client =
        CLIENT("--packets", "--fault", "drop PUBLISH 1", "--fault", "drop PINGRESP 1 to broker",
               "--run", "publ a lost; publ a b 1", "--must-fire");
    process_assert_code(client, 1);
    assert_said(&client->out, "-x PUBLISH a (qos 0): dropped (rule 1)\n");
    assert_said(&client->out, "<- PUBACK 1\n");
    assert_said(&client->err, "this rule can never hit: clients never send PINGRESP");
    assert_said(&client->err, "rule 2 never hit: drop PINGRESP 1 to broker");
    client = CLIENT("--json", "--fault", "drop PUBLISH 1", "--run", "publ a lost", "--must-fire");
    process_assert_code(client, 0);
    assert_said(&client->out, "\"what\":\"dropped\",\"type\":\"PUBLISH\",\"to\":\"broker\","
                              "\"rule\":1");
    assert_said(&client->out, "\"rules\":[{\"rule\":1,\"hits\":1,\"text\":\"drop PUBLISH 1\"}]");
    process_end(broker);
}

// Commands that wait for an answer do not keep the user from letting it go.
static void what_is_held_is_listed_and_goes_by_steps(void **state) {
    (void)state;
    start();
    struct process *client = CLIENT("--stay");
    process_send(client, "conn\n");
    process_await_err(client, "connected with");
    process_send(client, "hold\nsubs t\nlist\n");
    process_await_err(client, "the answer is not waited for");
    process_await_out(client, "packets that wait: 1\n"
                              "  state  way  client_id  type       rule\n"
                              "  held   out  me         SUBSCRIBE  0\n");
    process_send(client, "step\n");
    process_await_err(client, "fault: SUBSCRIBE to broker let go");
    process_await_err(broker, "me subscribed to \"t\"");
    process_send(client, "thaw\nping\n");
    process_await_err(client, "took the subscription");
    process_await_err(client, "answered after");
    process_send(client, "step\n");
    process_await_err(client, "no packet is held");
    process_end(broker);
}

static void a_rule_comes_and_goes_while_connected(void **state) {
    (void)state;
    start();
    struct process *client = CLIENT("--packets", "--stay");
    process_send(client, "rule hold PUBACK 2\npubl a 1 1\npubl a 2 1\n");
    process_await_err(client, "rule 1: Holds PUBACK number 2 of each client");
    process_await_out(client, "|- PUBACK 2: held (rule 1)"); // as it comes in
    process_send(client, "undo 1\n");
    process_await_out(client, "<- PUBACK 2");
    process_send(client, "undo 1\n");
    process_await_err(client, "there is no rule 1; list");
    process_send(client, "rule drip PUBACK\n");
    process_await_err(client, "error: rule: column 1: drip does not fit here");
    process_end(broker);
}

static void a_frozen_client_hears_nothing_until_the_thaw(void **state) {
    (void)state;
    start();
    struct process *client = CLIENT("--stay", "--run", "subs a");
    process_await_err(client, "took the subscription");
    process_end(client);
    client = CLIENT("--stay");
    process_send(client, "subs a\nfreeze\n");
    process_await_err(client, "frozen: nothing passes");
    struct process *other =
        process_start("client", "--mqtt", url, "-i", "you", "--run", "publ a x 1");
    process_assert_code(other, 0);
    process_send(client, "ping\n");
    process_await_err(client, "the answer is not waited for");
    assert_null(strstr(process_text(&client->out), "a x"));
    process_send(client, "thaw\n");
    process_await_out(client, "a x");
    process_end(broker);
}

static void a_cut_is_the_end_of_the_connection_and_of_no_rule(void **state) {
    (void)state;
    start();
    struct process *client =
        CLIENT("--packets", "--fault", "drop PINGRESP 2", "--run", "cut; ping; cut; conn; cut");
    process_assert_code(client, 1);
    assert_said(&client->err, "error: cut: there is no connection");
    assert_said(&client->err, "fault: connection with broker cut");
    process_await_err(broker, "me: connection ended");
    process_await_err(broker, "me: connection ended");
    process_end(broker);
}

static void a_cut_without_another_attempt_ends_a_script(void **state) {
    (void)state;
    start();
    struct process *client = CLIENT("--fault", "cut before SUBACK", "--run", "subs t; ping");
    process_assert_code(client, 1);
    assert_said(&client->err, "ended: as if a cable were cut");
    assert_null(strstr(process_text(&client->err), "answered after"));
    process_end(broker);
}

// A will is published for one who held its own DISCONNECT back, or crashed.
static void at_the_end_nothing_waits_that_nobody_would_let_go(void **state) {
    (void)state;
    static const char *const runs[] = {"conn; rule hold PINGREQ; ping", "conn; crash"};
    start();
    for (int i = 0; i < 2; i++) {
        struct process *watcher =
            process_start("client", "--mqtt", url, "--run", "subs gone 1", "--count", "1");
        process_await_err(watcher, "took the subscription");
        struct process *client = CLIENT("--will", "gone me 1", "--run", runs[i]);
        process_assert_code(client, i == 0 ? 0 : 1000 + SIGKILL);
        process_assert_code(watcher, 0);
        assert_string_equal(process_text(&watcher->out), "gone me\n");
    }
    process_end(broker);
}

// What passes a broker's end passes in order, however late.
static void what_comes_before_the_end_still_arrives(void **state) {
    (void)state;
    start();
    struct process *client = CLIENT("--fault", "delay 50 ms from broker", "--run",
                                    "subs a; publ a 1; publ a 2; ping", "--stay");
    process_await_err(client, "answered after");
    process_end(broker);
    process_assert_code(client, 1);
    assert_string_equal(process_text(&client->out), "a 1\na 2\n");
    assert_said(&client->err, "it closed the connection");
}

static void wrong_rules_are_told_before_anything_happens(void **state) {
    (void)state;
    struct process *client = process_start("client", "--mqtt", "mqtt://127.0.0.1:1", "--fault",
                                           "drop PUBLISH", "--fault", "drip PUBLISH");
    process_assert_code(client, 2);
    assert_said(&client->err, "client: --fault: column 1: drip does not fit here");
    process_write_file("rules", "# none\ndrop everything\n");
    client = process_start("client", "--mqtt", "mqtt://127.0.0.1:1", "--fault-file", "rules");
    process_assert_code(client, 2);
    assert_said(&client->err, "client: --fault-file rules: line 2: column 6: ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_lost_puback_makes_a_second_publish),
        PROCESS_TEST(a_packet_that_is_dropped_stands_among_the_packets),
        PROCESS_TEST(what_is_held_is_listed_and_goes_by_steps),
        PROCESS_TEST(a_rule_comes_and_goes_while_connected),
        PROCESS_TEST(a_frozen_client_hears_nothing_until_the_thaw),
        PROCESS_TEST(a_cut_is_the_end_of_the_connection_and_of_no_rule),
        PROCESS_TEST(a_cut_without_another_attempt_ends_a_script),
        PROCESS_TEST(at_the_end_nothing_waits_that_nobody_would_let_go),
        PROCESS_TEST(what_comes_before_the_end_still_arrives),
        PROCESS_TEST(wrong_rules_are_told_before_anything_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
