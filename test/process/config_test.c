// How a broker is set up by a file, the environment, and what Mosquitto's users have.
#include "mqtt.h"

// A client without a user name is refused.
static void assert_nobody_without_password(struct process *broker) {
    uint16_t port = mqtt_port(broker, MQTT_TCP);
    struct mqtt_hand *hand = &mqtt_hands[0];
    struct mqtt_connect connect = {
        .version = MQTT_5, .clean_start = true, .client_id = BYTES_LITERAL("x")};
    hand->fd = http_dial(port);
    assert_int_not_equal(mqtt_hand_ask(hand, &connect), 0);
    close(hand->fd);
}

static void a_broker_serves_as_its_file_says(void **state) {
    (void)state;
    process_write_file("passwords", "ann:pw\n");
    process_write_file("broker.yaml",
                       "# a broker\nmqtt: 0\npassword-file: passwords\nquiet: yes\n");
    struct process *broker = process_start("broker", "--config", "broker.yaml");
    assert_nobody_without_password(broker);
    process_end(broker);
}

static void a_container_sets_it_up_by_variables(void **state) {
    (void)state;
    char *program = process_program("broker");
    struct process *broker = process_start(
        "/bin/sh", "-c", "MQTTSIM_BROKER_MQTT=0 MQTTSIM_BROKER_NETWORK=other exec \"$0\" --quiet",
        program);
    free(program);
    (void)mqtt_port(broker, MQTT_TCP);
    char *network = process_file("other");
    assert_non_null(strstr(network, "join"));
    free(network);
    process_end(broker);
}

static void nothing_begins_with_a_file_that_is_wrong(void **state) {
    (void)state;
    process_write_file("broker.yaml", "mqtt: 0\nmqtt-max-paket: 5\n");
    struct process *broker = process_start("broker", "--config", "broker.yaml");
    process_assert_code(broker, 3);
    assert_string_equal(process_text(&broker->err),
                        "broker: broker.yaml:2:1: mqtt-max-paket: no such key, perhaps "
                        "mqtt-max-packet is meant\n");
    process_assert_code(mqtt_shell("test ! -e network"), 0);
}

static char *import(const char *conf, const char *said) {
    process_write_file("mosquitto.conf", conf);
    struct process *broker = process_start("broker", "--import-mosquitto", "mosquitto.conf");
    process_assert_code(broker, 0);
    if (strstr(process_text(&broker->err), said) == NULL) {
        process_explain(broker);
    }
    assert_non_null(strstr(process_text(&broker->err), said));
    process_write_file("imported.yaml", process_text(&broker->out));
    process_assert_code(process_start("broker", "--config", "imported.yaml", "--print-config"), 0);
    return process_file("imported.yaml");
}

static void assert_has(const char *text, const char *line) {
    if (strstr(text, line) == NULL) {
        print_error("%s is not in\n%s", line, text);
        fail();
    }
}

static void what_mosquitto_is_told_ours_is_told(void **state) {
    (void)state;
    char *text = import("# all of it\nper_listener_settings false\nlistener 1883\n"
                        "max_connections 100\nlistener 8883 0.0.0.0\ncertfile c.pem\n"
                        "keyfile k.pem\ncafile a.pem\nrequire_certificate true\n"
                        "crlfile r.pem\nuse_identity_as_username true\n"
                        "listener 9001 ::1\nprotocol websockets\nlistener 0 m.sock\n"
                        "allow_anonymous true\npassword_file passwd\nacl_file acl\n"
                        "persistent_client_expiration 14d\nmax_queued_messages 1000\n"
                        "max_inflight_messages 0\nsys_interval 60\nlog_dest stderr\n"
                        "log_dest file /var/log/m.log\nlog_type all\n",
                        "24 lines, 0 without an equivalent");
    static const char *const lines[] = {"\nmqtt: \"*:1883?connections=100\"\n",
                                        "\nmqtts: \"0.0.0.0:8883\"\n",
                                        "\nwebsocket: \"[::1]:9001\"\n",
                                        "\nmqtt-unix: \"m.sock\"\n",
                                        "\ntls-certificate: \"c.pem\"\n",
                                        "\ntls-key: \"k.pem\"\n",
                                        "\ntls-client-ca: \"a.pem\"\n",
                                        "\ntls-crl: \"r.pem\"\n",
                                        "\ncertificate-user: \"cn\"\n",
                                        "\npassword-file: \"passwd\"\n",
                                        "\nanonymous: yes\n",
                                        "\nacl-file: \"acl\"\n",
                                        "\nsession-expiry: \"1209600\"\n",
                                        "\nmqtt-max-queued: \"1000\"\n",
                                        "\nstatistics: \"60\"\n",
                                        "\nlog-file: \"/var/log/m.log\"\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_has(text, lines[i]);
    }
    assert_null(strstr(text, "in-flight"));
    free(text);
    text = import("retain_available false\nlistener 1883 localhost\nmount_point town/\nmax_qos 1\n"
                  "accept_protocol_versions 4, 5\nlistener_allow_anonymous true\n"
                  "listener 1884 localhost\nmax_qos 2\nmount_point dev-\n"
                  "enable_proxy_protocol 2\nlistener 9001\nprotocol websockets\n"
                  "websockets_origin https://a.org\nallow_anonymous true\n",
                  "14 lines, 2 without an equivalent");
    assert_has(text, "\nmqtt: \"localhost:1883?anonymous=yes&max-qos=1&versions=3.1.1+5&"
                     "mount=town/&retain=no,localhost:1884?retain=no\"\n");
    assert_has(text, "\nwebsocket: \"*:9001?retain=no\"\n");
    assert_has(text, "\nwebsocket-origin: \"https://a.org\"\n");
    assert_has(text, "\nanonymous: yes\n"); // else ours would not open port 9001
    assert_null(strstr(text, "password-file"));
    assert_has(text, "#   line 9: mount_point: ?mount=PREFIX/ behind a listener");
    assert_has(text, "#   line 10: enable_proxy_protocol: ?proxy=NETWORK behind a listener");
    free(text);
    text = import("listener 8883\ncertfile c.pem\nkeyfile k.pem\ncafile a.pem\n"
                  "use_identity_as_username true\nlog_dest topic\nlog_type error\n",
                  "7 lines, 2 without an equivalent");
    assert_null(strstr(text, "client-ca")); // no certificate is required
    assert_null(strstr(text, "certificate-user"));
    assert_has(text, "#   line 6: log_dest: the log does not go to topics");
    assert_has(text, "#   line 7: log_type: --log-level chooses by urgency");
    free(text);
    text = import("connection br\nbridge_x 1\nmax_qeued_messages 5\nacl_file\nplugin \x1b[2J\n",
                  "5 lines, 5 without an equivalent");
    assert_has(text, "\nmqtt: \"1883\"\n"); // of this machine only
    assert_null(strstr(text, "password-file"));
    assert_has(text, "#   line 1: connection: bridges are set up at the other broker");
    assert_has(text, "#   line 2: bridge_x: bridges are set up");
    assert_has(text, "#   line 3: max_qeued_messages: not known; near to max_queued_messages\n");
    assert_has(text, "#   line 4: acl_file: has no value\n");
    free(text);
}

// Mosquitto lets nobody in here, and neither does ours.
static void an_import_lets_in_nobody_who_was_kept_out(void **state) {
    (void)state;
    char *text = import("listener 0 here.sock\n", "0 without");
    free(text);
    struct process *broker = process_start("broker", "--config", "imported.yaml", "--mqtt", "0");
    assert_nobody_without_password(broker);
    process_end(broker);
    process_assert_code(process_start("broker", "--import-mosquitto", "nowhere"), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_broker_serves_as_its_file_says),
        PROCESS_TEST(a_container_sets_it_up_by_variables),
        PROCESS_TEST(nothing_begins_with_a_file_that_is_wrong),
        PROCESS_TEST(what_mosquitto_is_told_ours_is_told),
        PROCESS_TEST(an_import_lets_in_nobody_who_was_kept_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
