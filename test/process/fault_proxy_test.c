// The program proxy between real programs: what rules do to clients and a broker, commands, reports
// and bounds.
#include "mqtt.h"
#include "shell/machine/open_files.h"

#define PROXY_PORT "proxy at port "

static struct process *broker;
static char broker_place[32];

static const char *place_of(uint16_t port) {
    static char texts[4][32];
    static size_t next;
    char *text = texts[next++ % 4];
    (void)snprintf(text, sizeof texts[0], "%u", port);
    return text;
}

static void start_broker(void) {
    broker = process_start("broker", "--mqtt", "0");
    (void)snprintf(broker_place, sizeof broker_place, "%u", mqtt_port(broker, MQTT_TCP));
}

#define START_PROXY(...) process_start("proxy", "-l", "0", "-b", broker_place, __VA_ARGS__)

static uint16_t port_of(struct process *proxy) {
    return mqtt_port(proxy, PROXY_PORT);
}

static void publish(struct mqtt_hand *hand, uint16_t packet_id) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.topic = BYTES_LITERAL("a/b"),
                                             .payload = BYTES_LITERAL("x"),
                                             .qos = 1,
                                             .packet_id = packet_id}};
    mqtt_hand_send(hand, &packet);
}

static void ping(struct mqtt_hand *hand) {
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)mqtt_hand_expect(hand, MQTT_PINGRESP);
}

// Ends the proxy; what it said at the end.
static const char *report_of(struct process *proxy, int code) {
    process_signal(proxy, SIGTERM);
    process_assert_code(proxy, code);
    return process_text(&proxy->out);
}

static void assert_has(const char *text, const char *part) {
    if (strstr(text, part) == NULL) {
        fail_msg("no '%s' in:\n%s", part, text);
    }
}

// ---- rules ------------------------------------------------------------------------------------

static void the_first_puback_is_dropped_and_the_next_one_comes(void **state) {
    (void)state;
    start_broker();
    struct process *proxy = START_PROXY("--fault", "drop PUBACK 1 to al*", "--seed", "7");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port_of(proxy), MQTT_3_1_1, "alice");
    publish(hand, 1);
    ping(hand); // its answer comes, and no PUBACK before it
    process_await_err(proxy, "rule 1 drops PUBACK to alice");
    close(hand->fd);
    hand = mqtt_hand_connect(0, port_of(proxy), MQTT_5, "alice");
    publish(hand, 1);
    (void)mqtt_hand_expect(hand, MQTT_PUBACK);
    close(hand->fd);
    assert_has(report_of(proxy, 0), "1       drop PUBACK 1 to al*  1");
    process_end(broker);
}

// A lost PUBACK, from beginning to end: the client sends again, and says so.
static void what_was_not_acknowledged_is_sent_again_with_dup(void **state) {
    (void)state;
    char url[64];
    start_broker();
    struct process *proxy = START_PROXY("--fault", "drop PUBACK 1; drop PUBLISH 3", "--tap", "tap");
    (void)snprintf(url, sizeof url, "mqtt://127.0.0.1:%u", port_of(proxy));
    struct process *client = process_start("client", "--mqtt", url, "--packets", "--reconnect",
                                           "fixed", "--reconnect-delay", "0.05");
    process_send(client, "conn\npubl a b 1\n");
    process_await_err(proxy, "rule 1 drops PUBACK");
    process_send(client, "drop\n");
    process_await_out(client, "-> PUBLISH 1 a (qos 1, dup)");
    process_await_out(client, "<- PUBACK 1");
    process_send(client, "publ a c 0\n");
    process_await_err(proxy, "rule 2 drops PUBLISH");
    process_end(client);
    process_end(proxy);
    process_end(broker);
    struct process *watch = process_start("watch", "--once", "--ladder", "--why", "tap");
    process_assert_code(watch, 0);
    assert_has(process_text(&watch->out), "x--PUBACK");
    assert_has(process_text(&watch->out), "PUBLISH--x");
    assert_has(process_text(&watch->out), "dropped on its way");
}

static void talk(uint16_t port) {
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "dev-1");
    for (uint16_t i = 1; i <= 40; i++) {
        publish(hand, i);
    }
    ping(hand);
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_DISCONNECT});
    assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
    close(hand->fd);
}

// No PUBACK passes, so the answer to the ping is the next packet.
static void the_same_seed_gives_the_same_report(void **state) {
    (void)state;
    char *reports[3];
    start_broker();
    for (size_t i = 0; i < 3; i++) {
        struct process *proxy =
            START_PROXY("--fault", "drop 30 % of PUBLISH; drop PUBACK; duplicate 10 % of PUBLISH",
                        "--seed", i == 2 ? "8" : "7");
        talk(port_of(proxy));
        process_await_err(proxy, "dev-1");
        reports[i] = strdup(report_of(proxy, 0));
    }
    assert_string_equal(reports[0], reports[1]);
    assert_string_not_equal(reports[0], reports[2]);
    for (size_t i = 0; i < 3; i++) {
        free(reports[i]);
    }
    process_end(broker);
}

static void a_refused_client_is_told_so(void **state) {
    (void)state;
    start_broker();
    struct process *proxy = START_PROXY("--fault", "refuse CONNECT 1");
    for (enum mqtt_version version = MQTT_3_1; version <= MQTT_5; version++) {
        char name[] = {'c', (char)('0' + version), '\0'};
        struct mqtt_connect connect = {
            .version = (uint8_t)version, .clean_start = true, .client_id = bytes_of_text(name)};
        struct mqtt_hand *hand = &mqtt_hands[0];
        hand->fd = http_dial(port_of(proxy));
        assert_int_equal(mqtt_hand_ask(hand, &connect),
                         version == MQTT_5 ? MQTT_SERVER_UNAVAILABLE : 3);
        assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
        close(hand->fd);
        hand = mqtt_hand_connect(0, port_of(proxy), version, name);
        close(hand->fd);
    }
    process_end(proxy);
    process_end(broker);
}

static void a_cut_inside_a_packet_ends_both_sides(void **state) {
    (void)state;
    start_broker();
    struct process *proxy = START_PROXY("--fault", "cut inside PUBLISH 2 after 4 bytes");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port_of(proxy), MQTT_3_1_1, "bob");
    publish(hand, 1);
    (void)mqtt_hand_expect(hand, MQTT_PUBACK);
    publish(hand, 2);
    assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
    process_await_err(proxy, "the connection of bob was cut by rule 1");
    close(hand->fd);
    process_end(proxy);
    process_end(broker);
}

static void rules_that_never_hit_are_named_and_fail_if_they_must(void **state) {
    (void)state;
    start_broker();
    struct process *proxy =
        START_PROXY("--fault", "drop PINGREQ 2; hold AUTH", "--must-fire", "--json");
    process_await_out(proxy, "\"started\"");
    process_signal(proxy, SIGTERM);
    process_assert_code(proxy, 1);
    assert_has(process_text(&proxy->out), "\"rule\":\"drop PINGREQ 2\",\"hits\":0");
    proxy = START_PROXY("--fault", "drop PINGREQ 2");
    (void)port_of(proxy);
    assert_has(report_of(proxy, 0), "rule 1 never hit: drop PINGREQ 2");
    process_end(broker);
}

// ---- what is typed ------------------------------------------------------------------------------

static void mistakes_are_answered(void **state) {
    (void)state;
    struct process *proxy = process_start("proxy", "--fault", "drop PUBAK 3");
    process_assert_code(proxy, 2);
    assert_has(process_text(&proxy->err),
               "proxy: --fault: column 6: PUBAK does not fit here; did you mean PUBACK?");
    process_write_file("faults", "# two\n\ndrop PUBACK 1\n  delay 5\n");
    proxy = process_start("proxy", "--fault-file", "faults");
    process_assert_code(proxy, 2);
    assert_has(process_text(&proxy->err),
               "proxy: --fault-file faults: line 4: column 10: it ends too early");
    proxy = process_start("proxy", "--broker", "nonsense:x");
    process_assert_code(proxy, 3);
    proxy = process_start("proxy", "--listen", "::1:5");
    process_assert_code(proxy, 2);
    proxy = process_start("proxy", "--explain", "lose 2 % in bursts of 4");
    process_assert_code(proxy, 0);
    assert_has(process_text(&proxy->out), "Loses a random 2 % of all packets of each client");
    proxy = process_start("proxy", "--explain", "all");
    process_assert_code(proxy, 0);
    assert_has(process_text(&proxy->out), "| `satellite-leo` |");
}

static void a_rule_that_can_never_hit_is_warned_of(void **state) {
    (void)state;
    start_broker();
    struct process *proxy = START_PROXY("--fault", "drop CONNACK from dev-*");
    process_await_err(proxy, "this rule can never hit: clients never send CONNACK: drop CONNACK");
    process_end(proxy);
    process_end(broker);
}

static void commands_hold_step_cut_and_change_rules(void **state) {
    (void)state;
    start_broker();
    struct process *proxy = START_PROXY("--quiet");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port_of(proxy), MQTT_3_1_1, "alice");
    char number[32];
    (void)snprintf(number, sizeof number, ", process %d\n", (int)proxy->id);
    assert_has(process_text(&proxy->err), number);
    process_send(proxy, "hold alice\n");
    process_await_err(proxy, "1 connection held");
    publish(hand, 1);
    do { // until it has come there
        process_send(proxy, "list\n");
        process_await_out(proxy, "held: ");
        process_await_out(proxy, "rules");
    } while (strstr(process_text(&proxy->out), "held: 1\n") == NULL);
    assert_non_null(strstr(process_text(&proxy->out), "3 packets came\n"));
    process_send(proxy, "step\n");
    do {
        process_send(proxy, "list\n");
        process_await_out(proxy, "held: ");
        process_await_out(proxy, "rules");
    } while (strstr(process_text(&proxy->out), "PUBACK") == NULL);
    process_send(proxy, "thaw\n");
    process_await_err(proxy, "let go");
    (void)mqtt_hand_expect(hand, MQTT_PUBACK);
    process_send(proxy, "step\n");
    process_await_err(proxy, "step: no packet is held");
    process_send(proxy, "rule drop PINGREQ 1\n");
    process_await_err(proxy, "rule 1: Drops PINGREQ number 1");
    process_send(proxy, "rule dorp\nundo 7\nundo 1\n");
    process_await_err(proxy, "rule: column 1: dorp does not fit here; did you mean drop?");
    process_await_err(proxy, "undo: there is no rule 7");
    ping(hand);
    process_send(proxy, "cut bob\ncut al*\n");
    process_await_err(proxy, "0 connections cut");
    process_await_err(proxy, "1 connection cut");
    assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
    close(hand->fd);
    process_signal(proxy, SIGTERM);
    process_assert_code(proxy, 1); // commands were wrong
    process_end(broker);
}

// ---- transports ---------------------------------------------------------------------------------

// Our own client comes by WebSocket.
static void websocket_is_carried_to_tcp(void **state) {
    (void)state;
    start_broker();
    struct process *proxy = process_start("proxy", "--listen-websocket", "0", "-b", broker_place,
                                          "--fault", "duplicate PUBLISH to broker");
    char url[64];
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%u", port_of(proxy));
    struct process *client = process_start("client", "--mqtt", url, "--client-id", "wes", "--run",
                                           "subs temp; publ temp 21.5", "--count", "2");
    process_assert_code(client, 0);
    assert_has(process_text(&client->out), "temp 21.5\ntemp 21.5\n");
    process_await_err(proxy, "rule 1 repeats PUBLISH from wes");
    process_end(proxy);
    process_end(broker);
}

static void tls_on_either_side(void **state) {
    (void)state;
    const char *publisher = mqtt_need_program("mosquitto_pub");
    mqtt_make_certificate("cert.pem", "key.pem");
    broker = process_start("broker", ALL_LISTENERS);
    char place[64];
    (void)snprintf(place, sizeof place, "localhost:%u", mqtt_port(broker, MQTT_TLS));
    struct process *proxy =
        process_start("proxy", "--listen-tls", "localhost:0", "--listen-unix", "./way",
                      "--tls-certificate", "cert.pem", "--tls-key", "key.pem", "--broker", place,
                      "--broker-tls", "--broker-ca", "cert.pem", "--fault", "delay 1 ms PUBLISH");
    const char *port = place_of(port_of(proxy));
    struct process *pub =
        process_start(publisher, "-h", "localhost", "-p", port, "--cafile", "cert.pem", "-q", "2",
                      "-i", "tina", "-t", "t", "-m", "over TLS", "-V", "mqttv5");
    process_assert_code(pub, 0);
    process_await_err(proxy, "rule 1 delays PUBLISH from tina");
    pub = process_start(publisher, "--unix", "way", "-q", "1", "-t", "t", "-m", "by path");
    process_assert_code(pub, 0);
    process_end(proxy);
    // A certificate that nobody vouches for.
    proxy = process_start("proxy", "-l", "0", "--broker", place, "--broker-tls");
    int fd = http_dial(port_of(proxy));
    process_await_err(proxy, "the broker's certificate is not to be trusted: self");
    close(fd);
    process_end(proxy);
    process_end(broker);
}

// Towards the broker; all that comes back is in order, and rules bite as elsewhere.
static void try_websocket(const char *url, const char *option) {
    struct process *proxy = process_start("proxy", "-l", "0", "--broker", url, option, "--fault",
                                          "duplicate PUBLISH to broker");
    char near[64];
    (void)snprintf(near, sizeof near, "mqtt://127.0.0.1:%u", port_of(proxy));
    struct process *client = process_start("client", "--mqtt", near, "--client-id", "wes", "--run",
                                           "subs temp 2; publ temp 21.5 2", "--count", "1");
    process_assert_code(client, 0);
    assert_has(process_text(&client->out), "temp 21.5\n");
    process_await_err(proxy, "rule 1 repeats PUBLISH from wes");
    process_end(proxy);
}

static void a_broker_is_reached_by_websocket(void **state) {
    (void)state;
    char url[64];
    mqtt_make_certificate("cert.pem", "key.pem");
    broker = process_start("broker", ALL_LISTENERS);
    (void)snprintf(url, sizeof url, "ws://localhost:%u/mqtt", mqtt_port(broker, MQTT_WS));
    try_websocket(url, "--broker-insecure");
    (void)snprintf(url, sizeof url, "wss://localhost:%u", mqtt_port(broker, MQTT_WSS));
    try_websocket(url, "--broker-insecure");
    // Where nobody speaks it.
    (void)snprintf(url, sizeof url, "ws://localhost:%u", mqtt_port(broker, MQTT_TCP));
    struct process *proxy = process_start("proxy", "-l", "0", "--broker", url);
    int fd = http_dial(port_of(proxy));
    process_await_err(proxy, "cannot be reached for a client: WebSocket was refused");
    close(fd);
    process_end(proxy);
    proxy = process_start("proxy", "-l", "0", "--broker", "ws://ada@localhost");
    process_assert_code(proxy, 3);
    assert_has(process_text(&proxy->err), "logs in nowhere");
    process_end(broker);
}

static void a_broker_that_is_away_is_told(void **state) {
    (void)state;
    start_broker();
    process_end(broker);
    struct process *proxy = START_PROXY("--json");
    process_await_out(proxy, "\"port\":");
    uint16_t port = (uint16_t)strtoul(strstr(proxy->out.text, "\"port\":") + 7, NULL, 10);
    char byte;
    int fd = http_dial(port);
    assert_int_equal(http_take(fd, &byte, 1), 0);
    process_await_out(proxy, "\"event\":\"unreachable\"");
    close(fd);
    process_end(proxy);
}

static void a_tap_shows_what_was_sent_and_what_was_dropped(void **state) {
    (void)state;
    start_broker();
    struct process *proxy =
        START_PROXY("--tap", "t.pcapng", "--fault", "drop PUBACK 1", "--run", "list");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port_of(proxy), MQTT_3_1_1, "alice");
    publish(hand, 1);
    ping(hand);
    close(hand->fd);
    process_end(proxy);
    struct process *watch = process_start("watch", "--once", "--json", "t.pcapng");
    process_assert_code(watch, 0);
    assert_has(process_text(&watch->out), "PUBLISH");
    assert_has(process_text(&watch->out), "PINGRESP");
    assert_has(process_text(&watch->out), "dropped");
    process_end(broker);
}

// What became of each packet stands beside it, and who ended the connection and how.
static void a_tap_has_delays_holds_copies_and_the_hand_that_cut(void **state) {
    (void)state;
    start_broker();
    struct process *proxy =
        START_PROXY("--tap", "t.pcapng", "--fault",
                    "delay 20 ms PUBLISH 1; duplicate PUBLISH 2; hold PUBLISH 3");
    uint16_t port = port_of(proxy);
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_3_1_1, "alice");
    publish(hand, 1);
    (void)mqtt_hand_expect(hand, MQTT_PUBACK);
    publish(hand, 2);
    (void)mqtt_hand_expect(hand, MQTT_PUBACK);
    (void)mqtt_hand_expect(hand, MQTT_PUBACK);
    publish(hand, 3);
    process_await_err(proxy, "rule 3 holds PUBLISH from alice");
    process_send(proxy, "step\n");
    process_await_err(proxy, "PUBLISH from alice is let go, after ");
    (void)mqtt_hand_expect(hand, MQTT_PUBACK);
    process_send(proxy, "cut alice\n");
    process_await_err(proxy, "the connection of alice was cut");
    assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
    close(hand->fd);
    process_end(proxy);
    struct process *watch = process_start("watch", "--once", "--ladder", "t.pcapng");
    process_assert_code(watch, 0);
    const char *text = process_text(&watch->out);
    assert_has(text, "~~~>");
    assert_has(text, "later, by 20");
    assert_has(text, "once more");
    assert_has(text, "==| |");
    assert_has(text, "held back");
    assert_has(text, "let go");
    assert_has(text, "hand");
    process_end(broker);
}

// ---- bounds -----------------------------------------------------------------------------------

// A peer in place of a broker that listens at a port of its own.
static int listen_anywhere(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&place, size), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&place, &size), 0);
    (void)snprintf(broker_place, sizeof broker_place, "%u", ntohs(place.sin_port));
    return fd;
}

static uint8_t pattern_at(size_t at) {
    return (uint8_t)(at * 31 + at / 251);
}

// Writes what the other side takes; how much that was when nothing moved for a second.
static size_t write_until_full(int fd) {
    static uint8_t bytes[65536];
    size_t total = 0;
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    struct pollfd place = {.fd = fd, .events = POLLOUT};
    while (poll(&place, 1, 1000) == 1) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = pattern_at(total + i);
        }
        ssize_t sent = write(fd, bytes, sizeof bytes);
        assert_true(sent > 0 || errno == EAGAIN);
        total += sent > 0 ? (size_t)sent : 0;
        assert_true(total < 64u << 20);
    }
    return total;
}

// No MQTT, and a side that does not read: bounded, and all of it arrives later, in order.
static void a_slow_side_slows_the_other_and_nothing_is_lost(void **state) {
    (void)state;
    int listener = listen_anywhere();
    struct process *proxy = START_PROXY("--max-lane-bytes", "64K");
    int client = http_dial(port_of(proxy));
    int server = accept(listener, NULL, NULL);
    size_t total = write_until_full(client);
    process_await_err(proxy, "does not speak MQTT");
    assert_int_equal(shutdown(client, SHUT_WR), 0);
    size_t got = 0;
    static uint8_t bytes[65536];
    for (ssize_t taken; (taken = read(server, bytes, sizeof bytes)) > 0;) {
        for (ssize_t i = 0; i < taken; i++) {
            assert_int_equal(bytes[i], pattern_at(got + (size_t)i));
        }
        got += (size_t)taken;
    }
    assert_int_equal(got, total);
    close(server);
    close(client);
    close(listener);
    process_end(proxy);
}

static void garbage_passes_and_harms_nobody(void **state) {
    (void)state;
    int listener = listen_anywhere();
    struct process *proxy = START_PROXY("--fault", "drop 20 % of PUBLISH; duplicate 20 %", "-q");
    uint64_t random = 3;
    for (unsigned round = 0; round < 100; round++) {
        static const uint8_t connect[] = {0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T',
                                          4,    2,    0, 0, 0,   1,   'a'};
        uint8_t bytes[600];
        size_t size = support_random(&random) % sizeof bytes;
        for (size_t i = 0; i < size; i++) {
            bytes[i] = (uint8_t)support_random(&random);
        }
        int client = http_dial(port_of(proxy));
        int server = accept(listener, NULL, NULL);
        if (round % 2 == 1) {
            assert_int_equal(write(client, connect, sizeof connect), sizeof connect);
        }
        assert_int_equal(write(client, bytes, size), (ssize_t)size);
        assert_int_equal(write(server, bytes, size), (ssize_t)size);
        close(round % 3 == 0 ? server : client);
        close(round % 3 == 0 ? client : server);
    }
    process_end(proxy);
    close(listener);
}

// PROXY_CONNECTIONS=10000 takes some seconds. No more than the proxy may have files for, two each.
static unsigned connections_to_try(void) {
    const char *text = getenv("PROXY_CONNECTIONS");
    unsigned long count = text == NULL ? 1000 : strtoul(text, NULL, 10);
    count = count > 0 && count <= 28000 ? count : 1000;
    uint64_t files = open_files_raise(2 * count + 200);
    if (files < 2 * count + 200) {
        count = (files - 200) / 2;
        print_message("%lu connections, since the system allows %llu open files\n", count,
                      (unsigned long long)files);
    }
    return (unsigned)count;
}

static void connections_in_thousands(void **state) {
    (void)state;
    unsigned many = connections_to_try();
    char expected[64];
    int *fds = test_calloc(many, sizeof *fds);
    start_broker();
    struct process *proxy =
        START_PROXY("--fault", "drop PINGREQ 1", "--quiet", "--max-connections", "28000");
    uint16_t port = port_of(proxy);
    for (unsigned i = 0; i < many; i++) {
        uint8_t connect[] = {0x10, 16, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 4, 0, 0, 0, 0};
        char name[12];
        (void)snprintf(name, sizeof name, "%04x", i);
        memcpy(connect + 14, name, 4);
        fds[i] = http_dial(port);
        http_send_bytes(fds[i], bytes_make(connect, sizeof connect));
    }
    for (unsigned i = 0; i < many; i++) {
        static const uint8_t pings[] = {0xc0, 0, 0xc0, 0};
        char answer[6];
        size_t got = 0;
        http_send_bytes(fds[i], bytes_make(pings, sizeof pings));
        while (got < sizeof answer) {
            size_t more = http_take(fds[i], answer + got, sizeof answer - got);
            assert_true(more > 0);
            got += more;
        }
        assert_int_equal(answer[0], 0x20);
        assert_int_equal((uint8_t)answer[4], 0xd0);
    }
    for (unsigned i = 0; i < many; i++) {
        close(fds[i]);
    }
    (void)snprintf(expected, sizeof expected, "drop PINGREQ 1  %u", many);
    assert_has(report_of(proxy, 0), expected);
    test_free(fds);
    process_end(broker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(the_first_puback_is_dropped_and_the_next_one_comes),
        PROCESS_TEST(what_was_not_acknowledged_is_sent_again_with_dup),
        PROCESS_TEST(the_same_seed_gives_the_same_report),
        PROCESS_TEST(a_refused_client_is_told_so),
        PROCESS_TEST(a_cut_inside_a_packet_ends_both_sides),
        PROCESS_TEST(rules_that_never_hit_are_named_and_fail_if_they_must),
        PROCESS_TEST(mistakes_are_answered),
        PROCESS_TEST(a_rule_that_can_never_hit_is_warned_of),
        PROCESS_TEST(commands_hold_step_cut_and_change_rules),
        PROCESS_TEST(websocket_is_carried_to_tcp),
        PROCESS_TEST(tls_on_either_side),
        PROCESS_TEST(a_broker_is_reached_by_websocket),
        PROCESS_TEST(a_broker_that_is_away_is_told),
        PROCESS_TEST(a_tap_shows_what_was_sent_and_what_was_dropped),
        PROCESS_TEST(a_tap_has_delays_holds_copies_and_the_hand_that_cut),
        PROCESS_TEST(a_slow_side_slows_the_other_and_nothing_is_lost),
        PROCESS_TEST(garbage_passes_and_harms_nobody),
        PROCESS_TEST(connections_in_thousands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
