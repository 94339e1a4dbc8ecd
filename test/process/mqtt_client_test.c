// The client of real MQTT as a program: against our broker at every kind of listener, in all
// versions, and against Debian's mosquitto.
#include "http.h"
#include "mqtt.h"

static struct process *broker;
static char url_text[MQTT_URL_SIZE];

static void start_broker(void) {
    mqtt_make_certificate("cert.pem", "key.pem");
    broker = process_start("broker", "--name", "hub", ALL_LISTENERS);
    process_await_err(broker, "Unix socket door");
}

static const char *url_of(const char *scheme, unsigned port) {
    (void)snprintf(url_text, sizeof url_text, "%s://localhost:%u", scheme, port);
    return url_text;
}

static void assert_out(struct process *client, const char *expected, int code) {
    process_assert_code(client, code);
    assert_string_equal(process_text(&client->out), expected);
}

#define SHOW "subs temp 1; publ temp 21.5 1"

// ---- ways and versions ------------------------------------------------------------------------

static void it_speaks_all_versions_at_all_listeners(void **state) {
    (void)state;
    static const char *const versions[] = {"3.1", "3.1.1", "5"};
    static const struct {
        const char *scheme;
        const char *what; // its port; NULL: the Unix socket
    } ways[] = {{"mqtt", MQTT_TCP},
                {"mqtts", MQTT_TLS},
                {"ws", MQTT_WS},
                {"wss", MQTT_WSS},
                {"unix:door", NULL}};
    start_broker();
    for (unsigned i = 0; i < 15; i++) {
        const char *what = ways[i / 3].what;
        const char *url =
            what == NULL ? ways[i / 3].scheme : url_of(ways[i / 3].scheme, mqtt_port(broker, what));
        struct process *client =
            process_start("client", "--mqtt", url, "--mqtt-version", versions[i % 3], "--tls-ca",
                          "cert.pem", "--run", SHOW, "--count", "1");
        assert_out(client, "temp 21.5\n", 0);
    }
    process_end(broker);
}

static void it_speaks_with_mosquitto(void **state) {
    (void)state;
    static const char *const versions[] = {"3.1", "3.1.1", "5"};
    const char *program = mqtt_find_program("mosquitto");
    program = program != NULL                            ? program
              : access("/usr/sbin/mosquitto", X_OK) == 0 ? "/usr/sbin/mosquitto"
                                                         : mqtt_need_program("mosquitto");
    char configuration[128];
    unsigned port = support_free_port();
    (void)snprintf(configuration, sizeof configuration,
                   "listener %u 127.0.0.1\nallow_anonymous true\n", port);
    char *path = support_path(process_folder, "mosquitto.conf");
    support_write_file(path, bytes_of_text(configuration));
    free(path);
    struct process *mosquitto = process_start(program, "-c", "mosquitto.conf");
    process_await_err(mosquitto, "running");
    for (unsigned i = 0; i < 3; i++) {
        (void)snprintf(url_text, sizeof url_text, "mqtt://127.0.0.1:%u", port);
        struct process *client = process_start("client", "--mqtt", url_text, "--mqtt-version",
                                               versions[i], "--run", SHOW, "--count", "1");
        assert_out(client, "temp 21.5\n", 0);
    }
    process_signal(mosquitto, SIGTERM);
    (void)process_collect(mosquitto);
}

// ---- scripts ----------------------------------------------------------------------------------

static void lines_of_input_are_published_and_all_are_acknowledged(void **state) {
    (void)state;
    start_broker();
    const char *url = url_of("mqtt", mqtt_port(broker, MQTT_TCP));
    struct process *subscriber = process_start("client", "--mqtt", url, "--run", "subs lines 2",
                                               "--count", "3", "--format", "%t=%p/%q");
    process_await_err(subscriber, "took the subscription");
    struct process *publisher =
        process_start("client", "--mqtt", url, "--publish", "lines", "--qos", "2");
    process_send(publisher, "one\ntwo words\nthree\n");
    process_close_input(publisher);
    process_assert_code(publisher, 0);
    assert_out(subscriber, "lines=one/2\nlines=two words/2\nlines=three/2\n", 0);
    process_end(broker);
}

static void all_of_input_can_be_one_message(void **state) {
    (void)state;
    start_broker();
    const char *url = url_of("mqtt", mqtt_port(broker, MQTT_TCP));
    struct process *subscriber = process_start("client", "--mqtt", url, "--run", "subs file 1",
                                               "--count", "2", "--format", "%l=%x");
    process_await_err(subscriber, "took the subscription");
    static const char *const inputs[] = {"a\nb\n", ""};
    for (unsigned i = 0; i < 2; i++) {
        struct process *publisher =
            process_start("client", "--mqtt", url, "--publish", "file", "--whole", "--qos", "1");
        process_send(publisher, inputs[i]);
        process_close_input(publisher);
        process_assert_code(publisher, 0);
    }
    assert_out(subscriber, "4=610a620a\n0=\n", 0);
    process_end(broker);
}

static void retained_messages_and_topics_are_left_out_where_asked(void **state) {
    (void)state;
    static const struct {
        const char *option;
        const char *value;
        const char *shown;
    } rows[] = {{"--retained", "hidden", "t/b new\n"},
                {"--retained", "only", "t/a old\n"},
                {"--except", "t/a", "t/b new\n"}};
    start_broker();
    const char *url = url_of("mqtt", mqtt_port(broker, MQTT_TCP));
    struct process *keeper =
        process_start("client", "--mqtt", url, "--run", "publ t/a old 1 retain");
    process_assert_code(keeper, 0);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process *client =
            process_start("client", "--mqtt", url, rows[i].option, rows[i].value, "--run",
                          "subs t/+ 1; publ t/b new 1", "--count", "1");
        assert_out(client, rows[i].shown, 0);
    }
    process_end(broker);
}

static void a_ping_makes_its_connection(void **state) {
    (void)state;
    start_broker();
    const char *url = url_of("mqtt", mqtt_port(broker, MQTT_TCP));
    struct process *client = process_start("client", "--mqtt", url, "--run", "ping", "--packets");
    process_assert_code(client, 0);
    assert_non_null(strstr(process_text(&client->out), "<- PINGRESP"));
    client = process_start("client", "--mqtt", url, "--run", "ping", "--json");
    char number[32];
    (void)snprintf(number, sizeof number, "\"process\":%d", (int)client->id);
    process_assert_code(client, 0);
    assert_non_null(strstr(process_text(&client->out), number));
    process_end(broker);
}

static void fewer_messages_than_asked_for_are_told(void **state) {
    (void)state;
    start_broker();
    struct process *client =
        process_start("client", "--mqtt", url_of("mqtt", mqtt_port(broker, MQTT_TCP)), "--run",
                      "subs a; publ a 1", "--count", "2", "--wait", "0.3");
    process_assert_code(client, 1);
    assert_string_equal(process_text(&client->out), "a 1\n");
    assert_non_null(strstr(process_text(&client->err), "only 1 of 2 messages came"));
    process_end(broker);
}

static void packets_are_shown_as_they_go(void **state) {
    (void)state;
    start_broker();
    struct process *client = process_start(
        "client", "--mqtt", url_of("mqtt", mqtt_port(broker, MQTT_TCP)), "--mqtt-version", "3.1.1",
        "--client-id", "me", "--packets", "--run", "publ temp 1 1 retain");
    assert_out(client,
               "-> CONNECT me (clean start, keep alive 60 s)\n"
               "<- CONNACK (connection accepted)\n"
               "-> PUBLISH 1 temp (qos 1, retain)\n"
               "<- PUBACK 1\n"
               "-> DISCONNECT\n",
               0);
    process_end(broker);
}

static void a_script_lists_after_what_was_retained(void **state) {
    (void)state;
    broker = process_start("broker", "--mqtt", "0", "--fault", "delay 200 ms PUBLISH to lister");
    struct process *client =
        process_start("client", "--mqtt", url_of("mqtt", mqtt_port(broker, MQTT_TCP)), "--run",
                      "publ a 1 1 retain; publ b 2 1 retain");
    process_assert_code(client, 0);
    client = process_start("client", "--mqtt", url_text, "--client-id", "lister", "--run",
                           "conn; subs +; list");
    process_assert_code(client, 0);
    const char *out = process_text(&client->out);
    const char *listed = strstr(out, "subscriptions");
    assert_non_null(listed);
    assert_non_null(strstr(out, "a 1\n"));
    assert_non_null(strstr(out, "b 2\n"));
    assert_true(strstr(out, "a 1\n") < listed && strstr(out, "b 2\n") < listed);
    process_end(broker);
}

static void a_session_goes_on_with_the_next_process(void **state) {
    (void)state;
    start_broker();
    const char *url = url_of("mqtt", mqtt_port(broker, MQTT_TCP));
    struct process *first = process_start("client", "--mqtt", url, "--client-id", "me",
                                          "--keep-session", "--run", "subs a 1");
    process_assert_code(first, 0);
    struct process *other = process_start("client", "--mqtt", url, "--run", "publ a waited 1");
    process_assert_code(other, 0);
    struct process *second = process_start("client", "--mqtt", url, "--client-id", "me",
                                           "--keep-session", "--run", "conn", "--count", "1");
    assert_out(second, "a waited\n", 0);
    assert_non_null(strstr(process_text(&second->err), "which has our session"));
    process_end(broker);
}

static void a_lost_connection_is_made_again_and_its_will_published(void **state) {
    (void)state;
    start_broker();
    const char *url = url_of("mqtt", mqtt_port(broker, MQTT_TCP));
    struct process *watcher =
        process_start("client", "--mqtt", url, "--run", "subs gone 1", "--count", "1");
    process_await_err(watcher, "took the subscription");
    struct process *client = process_start(
        "client", "--mqtt", url, "--reconnect", "fixed", "--reconnect-delay", "0.05", "--will",
        "gone 'I left' 1", "--run", "subs a 1; drop; publ a again 1", "--count", "1");
    assert_out(client, "a again\n", 0);
    assert_out(watcher, "gone I left\n", 0);
    process_end(broker);
}

// ---- what is wrong ----------------------------------------------------------------------------

static void what_is_wrong_is_said_in_a_sentence(void **state) {
    (void)state;
    static const struct {
        const char *option;
        const char *value;
        const char *said;
        int code;
    } rows[] = {
        {"--mqtt", "http://localhost", "a broker is named by", 2},
        {"--mqtt", "mqtt://ada:secret@localhost", "use --credentials", 2},
        {"--mqtt", "mqtt://localhost:0", "the port is not a number", 2},
        {"--format", "%y", "behind % stands", 2},
        {"--property", "connect session-expir 60", "there is no property", 2},
        {"--property", "connect session-expiry many", "is not a number", 2},
        {"--publish", "a/#", "--publish", 2},
        {"--tls-ca", "nothing.pem", "nothing.pem", 3},
        {"--credentials", "nothing", "nothing", 3},
        {"--will", "a", "it is TOPIC VALUE", 2},
        {"--except", "a/#/b", "--except", 2},
        {"--whole", "--stay", "give that a topic", 2},
        {"--fault", "drip PUBACK 1", "client: --fault: column 1: drip does not fit", 2},
        {"--fault-file", "missing", "--fault-file missing: No such file", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process *client = process_start("client", "--mqtt", "mqtt://localhost:1",
                                               rows[i].option, rows[i].value, "--run", "conn");
        process_assert_code(client, rows[i].code);
        if (strstr(process_text(&client->err), rows[i].said) == NULL) {
            fail_msg("%s %s: %s", rows[i].option, rows[i].value, process_text(&client->err));
        }
    }
}

static void a_broker_that_is_away_ends_a_script_with_3(void **state) {
    (void)state;
    char port[16];
    (void)snprintf(port, sizeof port, "%u", support_free_port());
    (void)snprintf(url_text, sizeof url_text, "mqtt://127.0.0.1:%s", port);
    struct process *client =
        process_start("client", "--mqtt", url_text, "--run", "subs a", "--count", "1");
    process_assert_code(client, 3);
    assert_non_null(strstr(process_text(&client->err), "connection refused: is a broker there?"));
}

static void a_certificate_of_someone_else_is_not_taken(void **state) {
    (void)state;
    start_broker();
    mqtt_make_certificate("other.pem", "other.key");
    struct process *client =
        process_start("client", "--mqtt", url_of("mqtts", mqtt_port(broker, MQTT_TLS)), "--tls-ca",
                      "other.pem", "--run", "conn");
    process_assert_code(client, 3);
    assert_non_null(strstr(process_text(&client->err), "is not to be trusted"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(it_speaks_all_versions_at_all_listeners),
        PROCESS_TEST(it_speaks_with_mosquitto),
        PROCESS_TEST(lines_of_input_are_published_and_all_are_acknowledged),
        PROCESS_TEST(all_of_input_can_be_one_message),
        PROCESS_TEST(retained_messages_and_topics_are_left_out_where_asked),
        PROCESS_TEST(a_ping_makes_its_connection),
        PROCESS_TEST(fewer_messages_than_asked_for_are_told),
        PROCESS_TEST(packets_are_shown_as_they_go),
        PROCESS_TEST(a_script_lists_after_what_was_retained),
        PROCESS_TEST(a_session_goes_on_with_the_next_process),
        PROCESS_TEST(a_lost_connection_is_made_again_and_its_will_published),
        PROCESS_TEST(what_is_wrong_is_said_in_a_sentence),
        PROCESS_TEST(a_broker_that_is_away_ends_a_script_with_3),
        PROCESS_TEST(a_certificate_of_someone_else_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
    process_end(broker);
}
