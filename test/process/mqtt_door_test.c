// The broker's MQTT door as a program: what it says when it cannot open, its certificates and
// passwords, its limits, clients that misbehave or die, and how it ends.
#include "mqtt.h"

#include "cipher/scram.h"

static struct process *broker;

#define start_broker(...) set_broker(process_start("broker", "--mqtt", "0", __VA_ARGS__))

static uint16_t set_broker(struct process *started) {
    broker = started;
    return mqtt_port(broker, MQTT_TCP);
}

static void end_broker(void) {
    process_end(broker);
}

static void close_hands(void) {
    for (size_t i = 0; i < sizeof mqtt_hands / sizeof *mqtt_hands; i++) {
        if (mqtt_hands[i].fd > 0) {
            close(mqtt_hands[i].fd);
            mqtt_hands[i].fd = 0;
        }
    }
}

static int tear_down(void **state) {
    close_hands();
    return process_tear_down(state);
}

// ---- what cannot be opened ------------------------------------------------------------------

#define assert_fails(code, text, ...) \
    assert_ends(process_start("broker", __VA_ARGS__), (code), (text))

static void assert_ends(struct process *process, int code, const char *text) {
    process_assert_code(process, code);
    process->err.mark = 0;
    process_await_err(process, text);
}

static void a_port_in_use_is_told(void **state) {
    (void)state;
    char port[16];
    (void)snprintf(port, sizeof port, "%u", start_broker("--quiet"));
    assert_fails(3, "another program listens there", "--mqtt", port);
    assert_fails(3, "another program listens there", "--mqtt", "0", "--websocket", port);
    assert_fails(2, "--mqtt: 70000: must be PORT", "--mqtt", "70000");
    end_broker();
}

static void files_that_cannot_be_used_are_told(void **state) {
    (void)state;
    mqtt_make_certificate("cert.pem", "key.pem");
    mqtt_make_certificate("other.pem", "other-key.pem");
    process_write_file("garbage.pem", "no certificate\n");
    assert_fails(3, "needs --tls-certificate and --tls-key", "--mqtts", "0");
    assert_fails(3, "nope.pem: the certificate cannot be read", "--mqtts", "0", "--tls-certificate",
                 "nope.pem", "--tls-key", "key.pem");
    assert_fails(3, ".: ", "--mqtts", "0", "--tls-certificate", ".", "--tls-key", "key.pem");
    assert_fails(3, "garbage.pem: ", "--mqtts", "0", "--tls-certificate", "garbage.pem",
                 "--tls-key", "key.pem");
    assert_fails(3, "other-key.pem: no private key", "--mqtts", "0", "--tls-certificate",
                 "cert.pem", "--tls-key", "other-key.pem");
    assert_fails(3, "garbage.pem: ", "--mqtts", "0", "--tls-certificate", "cert.pem", "--tls-key",
                 "key.pem", "--tls-client-ca", "garbage.pem");
    assert_fails(3, "--tls-crl: no client is asked for a certificate", "--mqtts", "0", "--tls-crl",
                 "cert.pem");
    assert_fails(3, "--certificate-user: no client is asked for a certificate", "--mqtt", "0",
                 "--certificate-user", "cn");
    assert_fails(3, "--tls-client-ca: no listener asks for certificates", "--mqtt", "0",
                 "--tls-client-ca", "cert.pem");
    assert_fails(3, "the tap cannot be written", "--mqtt", "0", "--tap", "nowhere/tap.pcapng");
    assert_fails(3, "passwords", "--mqtt", "0", "--password-file", "passwords");
}

// ---- TLS ------------------------------------------------------------------------------------

// Publishes over TLS; returns the exit code.
static int publish_tls(const char *authority, const char *certificate, const char *key) {
    char port[16];
    const char *program = mqtt_need_program("mosquitto_pub");
    (void)snprintf(port, sizeof port, "%u", mqtt_port(broker, MQTT_TLS));
    return process_collect(certificate == NULL
                               ? process_start(program, "-h", "localhost", "-p", port, "-t", "t",
                                               "-m", "1", "--cafile", authority)
                               : process_start(program, "-h", "localhost", "-p", port, "-t", "t",
                                               "-m", "1", "--cafile", authority, "--cert",
                                               certificate, "--key", key));
}

static void sighup_reads_the_certificate_again(void **state) {
    (void)state;
    mqtt_make_certificate("cert.pem", "key.pem");
    (void)process_collect(mqtt_shell("cp cert.pem old.pem"));
    uint16_t port = start_broker(ALL_LISTENERS);
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, "stays");
    assert_int_equal(publish_tls("old.pem", NULL, NULL), 0);
    mqtt_make_certificate("cert.pem", "key.pem");
    (void)process_collect(mqtt_shell("cp cert.pem new.pem"));
    process_signal(broker, SIGHUP);
    process_await_err(broker, "the certificates were read again");
    assert_int_not_equal(publish_tls("old.pem", NULL, NULL), 0);
    assert_int_equal(publish_tls("new.pem", NULL, NULL), 0);
    process_write_file("cert.pem", "no certificate\n");
    process_signal(broker, SIGHUP);
    process_await_err(broker, "cert.pem: ");
    assert_int_equal(publish_tls("new.pem", NULL, NULL), 0); // the one of before serves on
    mqtt_hand_subscribe(hand, "t", 0);
    end_broker();
}

static void clients_may_need_a_certificate(void **state) {
    (void)state;
    mqtt_make_certificate("cert.pem", "key.pem");
    mqtt_make_certificate("client.pem", "client-key.pem");
    mqtt_make_certificate("stranger.pem", "stranger-key.pem");
    process_write_file("passwords", "me:secret\n");
    (void)start_broker("--mqtts", "0", "--tls-certificate", "cert.pem", "--tls-key", "key.pem",
                       "--tls-client-ca", "client.pem", "--password-file", "passwords");
    assert_int_equal(publish_tls("cert.pem", "client.pem", "client-key.pem"), 0);
    assert_int_not_equal(publish_tls("cert.pem", NULL, NULL), 0);
    assert_int_not_equal(publish_tls("cert.pem", "stranger.pem", "stranger-key.pem"), 0);
    end_broker();
}

// ---- passwords ------------------------------------------------------------------------------

// A CONNECT with these credentials (NULL: none) at the port; the CONNACK's reason.
static int log_in(uint16_t port, enum mqtt_version version, const char *user,
                  const char *password) {
    struct mqtt_hand *hand = &mqtt_hands[0];
    struct mqtt_connect connect = {.version = (uint8_t)version,
                                   .clean_start = true,
                                   .client_id = bytes_of_text("me"),
                                   .has_user_name = user != NULL,
                                   .has_password = password != NULL};
    if (user != NULL) {
        connect.user_name = bytes_of_text(user);
    }
    if (password != NULL) {
        connect.password = bytes_of_text(password);
    }
    hand->fd = http_dial(port);
    int reason = mqtt_hand_ask(hand, &connect);
    close(hand->fd);
    hand->fd = 0;
    return reason;
}

static void passwords_of_all_kinds_let_in(void **state) {
    (void)state;
    static const char *const users[] = {"plain", "hashed", "scram"};
    process_write_file("passwords", "plain:secret-plain\n");
    mqtt_append_password("--hash-password", "hashed:secret-hashed");
    mqtt_append_password("--scram-password", "scram:secret-scram");
    uint16_t port = start_broker("--password-file", "passwords");
    for (size_t i = 0; i < 3; i++) {
        char password[32];
        (void)snprintf(password, sizeof password, "secret-%s", users[i]);
        assert_int_equal(log_in(port, MQTT_3_1, users[i], password), 0);
        assert_int_equal(log_in(port, MQTT_3_1_1, users[i], password), 0);
        assert_int_equal(log_in(port, MQTT_5, users[i], password), 0);
        assert_int_equal(log_in(port, MQTT_3_1_1, users[i], "wrong"), 4);
        assert_int_equal(log_in(port, MQTT_5, users[i], "wrong"), MQTT_BAD_USER_NAME_OR_PASSWORD);
    }
    assert_int_equal(log_in(port, MQTT_5, "nobody", "secret-plain"),
                     MQTT_BAD_USER_NAME_OR_PASSWORD);
    assert_int_equal(log_in(port, MQTT_5, "plain", NULL), MQTT_BAD_USER_NAME_OR_PASSWORD);
    assert_int_equal(log_in(port, MQTT_3_1_1, NULL, NULL), 5);
    end_broker();
}

#define METHOD "SCRAM-SHA-256"

static void set_authentication(struct mqtt_packet *packet, struct bytes data) {
    packet->properties.present =
        MQTT_HAS(MQTT_AUTHENTICATION_METHOD) | MQTT_HAS(MQTT_AUTHENTICATION_DATA);
    packet->properties.authentication_method = bytes_of_text(METHOD);
    packet->properties.authentication_data = data;
}

// Proves that it knows the password; the reason in the CONNACK.
static int prove(uint16_t port, const char *user, const char *password) {
    struct mqtt_hand *hand = &mqtt_hands[0];
    struct scram_client client = {0};
    uint8_t text[SCRAM_CLIENT_FINAL_MAX];
    size_t size = scram_client_first(&client, bytes_of_text(user), bytes_of_text("a-nonce"), text,
                                     sizeof text);
    struct mqtt_packet packet = {
        .type = MQTT_CONNECT,
        .connect = {.version = MQTT_5, .clean_start = true, .client_id = bytes_of_text("prover")}};
    set_authentication(&packet, bytes_make(text, size));
    hand->fd = http_dial(port);
    hand->version = MQTT_5;
    mqtt_hand_send(hand, &packet);
    packet = mqtt_hand_expect(hand, MQTT_AUTH);
    assert_int_equal(scram_client_final(&client, bytes_of_text(password),
                                        packet.properties.authentication_data, text, &size),
                     SCRAM_CONTINUE);
    packet = (struct mqtt_packet){.type = MQTT_AUTH, .reason = MQTT_CONTINUE_AUTHENTICATION};
    set_authentication(&packet, bytes_make(text, size));
    mqtt_hand_send(hand, &packet);
    packet = mqtt_hand_expect(hand, MQTT_CONNACK);
    if (packet.reason == 0) {
        assert_int_equal(scram_client_verify(&client, packet.properties.authentication_data),
                         SCRAM_GOOD);
    }
    close(hand->fd);
    hand->fd = 0;
    return packet.reason;
}

static void passwords_may_be_proved_without_being_sent(void **state) {
    (void)state;
    process_write_file("passwords", "plain:secret-plain\n");
    mqtt_append_password("--hash-password", "hashed:secret-hashed");
    mqtt_append_password("--scram-password", "scram:secret-scram");
    uint16_t port = start_broker("--password-file", "passwords");
    assert_int_equal(prove(port, "plain", "secret-plain"), 0);
    assert_int_equal(prove(port, "scram", "secret-scram"), 0);
    assert_int_equal(prove(port, "scram", "wrong"), MQTT_NOT_AUTHORIZED);
    assert_int_equal(prove(port, "nobody", "secret-scram"), MQTT_NOT_AUTHORIZED);
    assert_int_equal(prove(port, "hashed", "secret-hashed"), MQTT_NOT_AUTHORIZED); // no verifier
    end_broker();
}

static void anonymous_clients_may_be_let_in(void **state) {
    (void)state;
    process_write_file("passwords", "plain:secret\n");
    uint16_t port = start_broker("--password-file", "passwords", "--anonymous");
    assert_int_equal(log_in(port, MQTT_3_1_1, NULL, NULL), 0);
    assert_int_equal(log_in(port, MQTT_3_1_1, "plain", "secret"), 0);
    assert_int_equal(log_in(port, MQTT_3_1_1, "plain", "wrong"), 4);
    end_broker();
}

// ---- limits ---------------------------------------------------------------------------------

static void expect_disconnect(struct mqtt_hand *hand, enum mqtt_reason reason) {
    struct mqtt_packet packet = mqtt_hand_expect(hand, MQTT_DISCONNECT);
    assert_int_equal(packet.reason, reason);
    assert_false(mqtt_hand_take(hand, &packet));
}

static void limits_end_those_who_pass_them(void **state) {
    (void)state;
    static uint8_t large[2000];
    uint16_t port = start_broker("--mqtt-max-packet", "1K", "--mqtt-max-rate", "5");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, "large");
    mqtt_hand_publish(hand, "t", bytes_make(large, sizeof large));
    expect_disconnect(hand, MQTT_PACKET_TOO_LARGE);
    hand = mqtt_hand_connect(1, port, MQTT_5, "fast");
    for (unsigned i = 0; i < 100; i++) {
        mqtt_hand_publish(hand, "t", bytes_make(large, 10));
    }
    expect_disconnect(hand, MQTT_MESSAGE_RATE_TOO_HIGH);
    end_broker();
}

static void no_more_connect_than_may(void **state) {
    (void)state;
    uint16_t port = start_broker("--mqtt-max-connections", "1");
    struct mqtt_hand *hand = &mqtt_hands[1];
    struct mqtt_connect connect = {
        .version = MQTT_5, .clean_start = true, .client_id = bytes_of_text("second")};
    (void)mqtt_hand_connect(0, port, MQTT_5, "first");
    hand->fd = http_dial(port);
    assert_int_equal(mqtt_hand_ask(hand, &connect), MQTT_SERVER_BUSY);
    end_broker();
    close_hands();
    port = start_broker("--mqtt-max-per-address", "1");
    (void)mqtt_hand_connect(0, port, MQTT_5, "first");
    hand->fd = http_dial(port);
    assert_int_equal(mqtt_hand_ask(hand, &connect), -1);
    process_await_err(broker, "there are as many as one address may have");
    end_broker();
}

// The most memory that a process ever had, in KiB.
static unsigned long memory_peak(const struct process *process) {
    char path[64];
    char *status = NULL;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)process->id);
    status = support_read_file(path, NULL);
    assert_non_null(status);
    const char *at = strstr(status, "VmHWM:");
    unsigned long peak = at != NULL ? strtoul(at + 6, NULL, 10) : 0;
    free(status);
    return peak;
}

// One that reads nothing loses what does not fit in its queue; the other gets everything.
static void who_reads_nothing_hurts_nobody(void **state) {
    (void)state;
    static uint8_t payload[100 * 1024];
    const unsigned count = 300;
    uint16_t port = start_broker("--run", "tgll", "--mqtt-max-queue-bytes", "1M");
    struct mqtt_hand *deaf = mqtt_hand_connect(0, port, MQTT_5, "deaf");
    struct mqtt_hand *reader = mqtt_hand_connect(1, port, MQTT_3_1_1, "reader");
    struct mqtt_hand *writer = mqtt_hand_connect(2, port, MQTT_5, "writer");
    mqtt_hand_subscribe(deaf, "#", 0);
    mqtt_hand_subscribe(reader, "#", 0);
    unsigned long before = memory_peak(broker);
    for (unsigned i = 0; i < count; i++) {
        memcpy(payload, &i, sizeof i);
        mqtt_hand_publish(writer, "load", bytes_make(payload, sizeof payload));
        struct mqtt_packet packet = mqtt_hand_expect(reader, MQTT_PUBLISH);
        assert_int_equal(packet.publish.payload.size, sizeof payload);
        assert_memory_equal(packet.publish.payload.data, &i, sizeof i);
    }
    process_await_err(broker, "deaf loses messages");
    if (!PROCESS_SLOW) {
        assert_true(memory_peak(broker) - before < 12 * 1024);
    }
    end_broker();
}

// ---- those who misbehave --------------------------------------------------------------------

static void await_end_of(uint16_t port, struct bytes bytes) {
    int fd = http_dial(port);
    http_send_bytes(fd, bytes);
    http_await_end(fd);
    close(fd);
}

static void who_does_not_connect_in_time_is_let_go(void **state) {
    (void)state;
    static const char connect[] = "\x10\x0e\0\4MQTT\4\2\0\0\0\2me";
    mqtt_make_certificate("cert.pem", "key.pem");
    uint16_t port = start_broker(ALL_LISTENERS, "--connect-timeout", "0.3");
    const uint16_t ports[] = {port, mqtt_port(broker, MQTT_TLS), mqtt_port(broker, MQTT_WS),
                              mqtt_port(broker, MQTT_WSS)};
    for (size_t i = 0; i < 4; i++) {
        await_end_of(ports[i], bytes_of_text(""));                         // silence
        await_end_of(ports[i], bytes_make("\x16\x03\x01\x02\x00\x01", 6)); // half a ClientHello
        await_end_of(ports[i], bytes_of_text("GET /mqtt HTTP/1.1\r\nHost: x\r\n"));
        await_end_of(ports[i], bytes_of_text("GET / HTTP/1.1\r\n\r\n\xff\xff\xff\xff\xff\xff"));
        await_end_of(ports[i], bytes_make(connect, sizeof connect - 3)); // half a CONNECT
    }
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "good");
    mqtt_hand_subscribe(hand, "#", 0);
    end_broker();
}

static void garbage_ends_only_its_own_stream(void **state) {
    (void)state;
    static uint8_t bytes[512];
    uint64_t seed = 5;
    uint16_t port = start_broker("--connect-timeout", "0.2");
    struct mqtt_hand *good = mqtt_hand_connect(0, port, MQTT_5, "good");
    for (unsigned i = 0; i < 60; i++) {
        struct mqtt_hand *hand = NULL;
        for (size_t k = 0; k < sizeof bytes; k++) {
            bytes[k] = (uint8_t)support_random(&seed);
        }
        bytes[0] = i % 3 == 0 ? 0x3f : bytes[0]; // QoS 3: malformed in any case
        bytes[1] = i % 3 == 0 ? 0x10 : bytes[1];
        if (i % 3 != 0) {
            await_end_of(port, bytes_make(bytes, sizeof bytes));
            continue;
        }
        hand = mqtt_hand_connect(1, port, MQTT_5, "bad");
        http_send_bytes(hand->fd, bytes_make(bytes, sizeof bytes));
        http_await_end(hand->fd);
        close(hand->fd);
        hand->fd = 0;
    }
    mqtt_hand_subscribe(good, "#", 0);
    end_broker();
}

static void a_killed_client_leaves_its_will(void **state) {
    (void)state;
    char port[16];
    const char *program = mqtt_need_program("mosquitto_sub");
    (void)snprintf(port, sizeof port, "%u", start_broker("--threads", "2"));
    struct process *watcher = process_start(program, "-p", port, "-t", "wills/#", "-v");
    process_await_err(broker, "subscribed to \"wills/#\"");
    for (unsigned i = 0; i < 5; i++) {
        struct process *victim =
            process_start(program, "-p", port, "-t", "x", "-i", "victim", "--will-topic",
                          "wills/victim", "--will-payload", "gone", "--will-qos", "1");
        process_await_err(broker, "victim subscribed to \"x\"");
        process_kill(victim);
        process_await_out(watcher, "wills/victim gone\n");
    }
    process_kill(watcher);
    end_broker();
}

// ---- both doors -----------------------------------------------------------------------------

static void list_shows_clients_of_both_doors(void **state) {
    (void)state;
    uint16_t port = start_broker("--stay", "--address", "83");
    struct process *client = process_start_client("conn\nsubs of/line\n");
    process_await_err(client, "took the subscription");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "by-hand");
    mqtt_hand_subscribe(hand, "of/mqtt", 1);
    process_send(broker, "list\n");
    process_await_out(broker, "of/line");
    process_await_out(broker, "by-hand");
    process_await_out(broker, "of/mqtt");
    process_await_out(broker, "protocol errors");
    process_send(client, "exit\n");
    process_assert_code(client, 0);
    end_broker();
}

// What is too large for a packet of the line door reaches MQTT clients, and is counted for others.
static void values_too_large_for_lines_are_told(void **state) {
    (void)state;
    static uint8_t large[100 * 1024];
    memset(large, 'x', sizeof large);
    uint16_t port = start_broker("--run", "tgll");
    struct process *client = process_start_client("conn\nsubs big\n");
    process_await_err(client, "took the subscription");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "by-hand");
    mqtt_hand_subscribe(hand, "big", 0);
    mqtt_hand_publish(hand, "big", bytes_make(large, sizeof large));
    struct mqtt_packet packet = mqtt_hand_expect(hand, MQTT_PUBLISH);
    assert_int_equal(packet.publish.payload.size, sizeof large);
    mqtt_hand_publish(hand, "big", bytes_of_text("small"));
    process_await_out(client, "big small\n");
    assert_null(strstr(process_text(&client->out), "xxxx"));
    process_await_err(broker, "big");
    process_send(client, "exit\n");
    process_assert_code(client, 0);
    end_broker();
}

// ---- threads, tap and end -------------------------------------------------------------------

// Lines of numbers, published from standard input.
static void send_numbers(struct process *publisher, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        char line[16];
        (void)snprintf(line, sizeof line, "%u\n", i);
        process_send(publisher, line);
    }
    process_close_input(publisher);
}

static void several_threads_share_the_streams(void **state) {
    (void)state;
    enum { PAIRS = 4, NUMBERS = 300 };
    char port[16];
    char total[16];
    struct process *subscribers[PAIRS];
    struct process *publishers[PAIRS];
    const char *sub = mqtt_need_program("mosquitto_sub");
    const char *pub = mqtt_need_program("mosquitto_pub");
    (void)snprintf(port, sizeof port, "%u", start_broker("--threads", "3"));
    (void)snprintf(total, sizeof total, "%u", PAIRS * NUMBERS);
    for (unsigned i = 0; i < PAIRS; i++) {
        subscribers[i] = process_start(sub, "-p", port, "-t", "n", "-q", "1", "-C", total, "-V",
                                       i % 2 == 0 ? "mqttv5" : "mqttv311");
        process_await_err(broker, "subscribed to \"n\"");
    }
    for (unsigned i = 0; i < PAIRS; i++) {
        publishers[i] =
            process_start(pub, "-p", port, "-t", "n", "-q", i % 2 == 0 ? "1" : "2", "-l");
        send_numbers(publishers[i], NUMBERS);
    }
    for (unsigned i = 0; i < PAIRS; i++) {
        process_assert_code(publishers[i], 0);
        process_assert_code(subscribers[i], 0);
        assert_int_equal(subscribers[i]->out.lines, PAIRS * NUMBERS);
    }
    end_broker();
}

static void watch_reads_the_tap(void **state) {
    (void)state;
    uint16_t port = start_broker("--tap", "tap.pcapng");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, "tapped");
    mqtt_hand_subscribe(hand, "of/tap", 0);
    mqtt_hand_publish(hand, "of/tap", bytes_of_text("21.5"));
    (void)mqtt_hand_expect(hand, MQTT_PUBLISH);
    end_broker();
    struct process *watch = process_start("watch", "--once", "tap.pcapng");
    process_assert_code(watch, 0);
    process_await_out(watch, "CONNECT");
    process_await_out(watch, "tapped");
    process_await_out(watch, "SUBSCRIBE");
    process_await_out(watch, "of/tap");
    process_await_out(watch, "21.5");
    process_await_out(watch, "DISCONNECT");
}

static void the_broker_tells_its_figures(void **state) {
    (void)state;
    char port[16];
    const char *program = mqtt_need_program("mosquitto_sub");
    (void)snprintf(port, sizeof port, "%u", start_broker("--quiet", "--statistics", "0.3"));
    struct process *once = process_start(program, "-p", port, "-t", "$SYS/broker/clients/connected",
                                         "-C", "1", "-W", "20");
    process_await_out(once, "1\n");
    process_assert_code(once, 0);
    struct process *all = process_start(program, "-p", port, "-t", "$SYS/#", "-v");
    process_await_out(all, "$SYS/broker/version MQTT_simulator version ");
    process_await_out(all, "$SYS/broker/clients/connected 1\n");
    (void)mqtt_hand_connect(0, mqtt_port(broker, MQTT_TCP), MQTT_5, "another");
    process_await_out(all, "$SYS/broker/clients/connected 2\n");
    process_kill(all);
    end_broker();
}

static void the_end_is_told(void **state) {
    (void)state;
    uint16_t port = start_broker("--threads", "2");
    struct mqtt_hand *five = mqtt_hand_connect(0, port, MQTT_5, "five");
    struct mqtt_hand *four = mqtt_hand_connect(1, port, MQTT_3_1_1, "four");
    struct mqtt_packet packet;
    process_signal(broker, SIGTERM);
    expect_disconnect(five, MQTT_SERVER_SHUTTING_DOWN);
    assert_false(mqtt_hand_take(four, &packet));
    process_assert_code(broker, 0);
}

static void listeners_are_told_in_json(void **state) {
    (void)state;
    broker = process_start("broker", "--mqtt", "0", "--json");
    process_await_out(broker, "\"MQTT at port ");
    end_broker();
}

#define DOOR_TEST(name) cmocka_unit_test_setup_teardown(name, process_set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        DOOR_TEST(a_port_in_use_is_told),
        DOOR_TEST(files_that_cannot_be_used_are_told),
        DOOR_TEST(sighup_reads_the_certificate_again),
        DOOR_TEST(clients_may_need_a_certificate),
        DOOR_TEST(passwords_of_all_kinds_let_in),
        DOOR_TEST(passwords_may_be_proved_without_being_sent),
        DOOR_TEST(anonymous_clients_may_be_let_in),
        DOOR_TEST(limits_end_those_who_pass_them),
        DOOR_TEST(no_more_connect_than_may),
        DOOR_TEST(who_reads_nothing_hurts_nobody),
        DOOR_TEST(who_does_not_connect_in_time_is_let_go),
        DOOR_TEST(garbage_ends_only_its_own_stream),
        DOOR_TEST(a_killed_client_leaves_its_will),
        DOOR_TEST(list_shows_clients_of_both_doors),
        DOOR_TEST(values_too_large_for_lines_are_told),
        DOOR_TEST(several_threads_share_the_streams),
        DOOR_TEST(watch_reads_the_tap),
        DOOR_TEST(the_broker_tells_its_figures),
        DOOR_TEST(the_end_is_told),
        DOOR_TEST(listeners_are_told_in_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
