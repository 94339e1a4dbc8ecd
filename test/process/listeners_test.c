// What a listener of the broker may be told behind its place: whom to believe where streams come
// from (PROXY), at which path WebSocket is, what stands in front of its topics; and which listeners
// may be open to everybody.
#include "mqtt.h"

#include <sys/un.h>

#define BLOCK "\r\n\r\n\0\r\nQUIT\n" // what version 2 of a PROXY header begins with

static struct process *broker;

static uint16_t start(const char *option, const char *place, const char *text) {
    broker = process_start("broker", option, place);
    return mqtt_port(broker, text);
}

static int ask(int fd, const char *name) {
    struct mqtt_connect connect = {
        .version = MQTT_5, .clean_start = true, .client_id = bytes_of_text(name)};
    mqtt_hands[0].fd = fd;
    return mqtt_hand_ask(&mqtt_hands[0], &connect);
}

static int dial_with(uint16_t port, struct bytes header) {
    int fd = http_dial(port);
    http_send_bytes(fd, header);
    return fd;
}

static void assert_ends(int fd) {
    char byte;
    assert_int_equal(http_take(fd, &byte, 1), 0);
    close(fd);
}

// ---- PROXY --------------------------------------------------------------------------------------

static void a_proxy_says_where_a_client_is(void **state) {
    (void)state;
    uint16_t port = start("--mqtt", "0?proxy=127.0.0.0/8+::1", MQTT_TCP);
    int line = dial_with(port, BYTES_LITERAL("PROXY TCP4 192.0.2.7 192.0.2.1 4242 1883\r\n"));
    assert_int_equal(ask(line, "line"), MQTT_SUCCESS);
    process_await_err(broker, "line connected (MQTT 5.0, from 192.0.2.7:4242)\n");
    int block = dial_with(port, BYTES_LITERAL(BLOCK "\x21\x11\x00\x10\xc0\x00\x02\x08\xc0\x00\x02"
                                                    "\x01\x00\x50\x07\x5b\x04\x00\x01x"));
    assert_int_equal(ask(block, "block"), MQTT_SUCCESS);
    process_await_err(broker, "block connected (MQTT 5.0, from 192.0.2.8:80)\n");
    int health = dial_with(port, BYTES_LITERAL(BLOCK "\x20\x00\x00\x00"));
    assert_int_equal(ask(health, "health"), MQTT_SUCCESS);
    process_await_err(broker, "health connected (MQTT 5.0, from 127.0.0.1:");
    // In pieces, and with CONNECT close behind.
    int pieces = dial_with(port, BYTES_LITERAL("PROXY TCP6 2001:d"));
    http_send(pieces, "b8::1 ::1 1 2\r\n");
    assert_int_equal(ask(pieces, "pieces"), MQTT_SUCCESS);
    process_await_err(broker, "pieces connected (MQTT 5.0, from [2001:db8::1]:1)\n");
    process_end(broker);
    close(line);
    close(block);
    close(health);
    close(pieces);
}

static void without_a_good_header_a_stream_ends(void **state) {
    (void)state;
    uint16_t port = start("--mqtt", "0?proxy=127.0.0.1", MQTT_TCP);
    int fd = http_dial(port);
    assert_int_equal(ask(fd, "bare"), -1);
    close(fd);
    process_await_err(broker, "connections without a good PROXY header ended: 1; the last from "
                              "127.0.0.1:");
    process_await_err(broker, ": it begins with no PROXY header\n");
    assert_ends(dial_with(port, BYTES_LITERAL("PROXY TCP4 1.2.3.4\r\n")));
    assert_ends(dial_with(port, BYTES_LITERAL(BLOCK "\x21\x99\x00\x00")));
    process_end(broker);
    port = start("--mqtt", "0?proxy=192.0.2.0/24", MQTT_TCP);
    assert_ends(dial_with(port, BYTES_LITERAL("PROXY UNKNOWN\r\n")));
    process_await_err(broker, "connections refused: 1; they do not come from a proxy that ?proxy= "
                              "names\n");
    process_end(broker);
}

static void a_header_that_does_not_come_is_not_awaited(void **state) {
    (void)state;
    broker = process_start("broker", "--mqtt", "0?proxy=127.0.0.1", "--connect-timeout", "0.1");
    assert_ends(dial_with(mqtt_port(broker, MQTT_TCP), BYTES_LITERAL("PROXY TCP4 192.0.2.7")));
    process_await_err(broker, ": its PROXY header did not come in time\n");
    process_end(broker);
}

static void clients_behind_a_proxy_count_by_their_own_address(void **state) {
    (void)state;
    static const struct bytes seven = BYTES_LITERAL("PROXY TCP4 192.0.2.7 192.0.2.1 4242 1883\r\n");
    static const struct bytes eight = BYTES_LITERAL("PROXY TCP4 192.0.2.8 192.0.2.1 4242 1883\r\n");
    uint16_t port = start("--mqtt", "0?proxy=127.0.0.1&per-address=1", MQTT_TCP);
    int first = dial_with(port, seven);
    assert_int_equal(ask(first, "first"), MQTT_SUCCESS);
    assert_ends(dial_with(port, seven));
    process_await_err(broker, "connections refused: 1; there are as many as one address may have");
    int other = dial_with(port, eight);
    assert_int_equal(ask(other, "other"), MQTT_SUCCESS);
    close(first);
    process_await_err(broker, "first: connection ended");
    first = dial_with(port, seven);
    assert_int_equal(ask(first, "again"), MQTT_SUCCESS);
    process_end(broker);
    close(first);
    close(other);
}

static void a_proxy_may_stand_at_a_unix_socket(void **state) {
    (void)state;
    broker = process_start("broker", "--mqtt-unix", "m.sock?proxy=unix");
    process_await_err(broker, "Unix socket m.sock");
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    (void)snprintf(place.sun_path, sizeof place.sun_path, "%s/m.sock", process_folder);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&place, sizeof place), 0);
    http_send(fd, "PROXY TCP4 192.0.2.7 192.0.2.1 4242 1883\r\n");
    assert_int_equal(ask(fd, "unix"), MQTT_SUCCESS);
    process_await_err(broker, "unix connected (MQTT 5.0, from 192.0.2.7:4242)\n");
    process_end(broker);
    close(fd);
}

// TLS begins behind the header; what curl then says is no CONNECT.
static void a_proxy_may_stand_in_front_of_tls(void **state) {
    (void)state;
    char line[256];
    mqtt_make_certificate("c.pem", "k.pem");
    broker = process_start("broker", "--mqtts", "0?proxy=127.0.0.1", "--tls-certificate", "c.pem",
                           "--tls-key", "k.pem");
    (void)snprintf(line, sizeof line,
                   "curl -s --max-time %d --haproxy-protocol --cacert c.pem https://127.0.0.1:%u/",
                   PROCESS_DEADLINE_S, mqtt_port(broker, MQTT_TLS));
    (void)process_collect(mqtt_shell(line));
    process_await_err(broker, " was refused: ");
    assert_null(strstr(process_text(&broker->err), "PROXY"));
    process_end(broker);
}

// ---- WebSocket ----------------------------------------------------------------------------------

// `more` are headers.
static unsigned upgrade_with(uint16_t port, const char *path, const char *more) {
    char request[512];
    char answer[16] = "";
    (void)snprintf(request, sizeof request,
                   "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
                   "Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                   "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n%s\r\n",
                   path, more);
    int fd = dial_with(port, bytes_of_text(request));
    for (size_t size = 0; size < 12;) {
        size += http_take(fd, answer + size, 12 - size);
    }
    close(fd);
    return (unsigned)strtoul(answer + 9, NULL, 10);
}

static unsigned upgrade(uint16_t port, const char *path) {
    return upgrade_with(port, path, "");
}

static void websocket_is_at_its_path(void **state) {
    (void)state;
    uint16_t port = start("--websocket", "0?path=/mqtt", MQTT_WS);
    assert_int_equal(upgrade(port, "/mqtt"), 101);
    assert_int_equal(upgrade(port, "/mqtt?token=1"), 101);
    assert_int_equal(upgrade(port, "/"), 404);
    assert_int_equal(upgrade(port, "/mqtt/"), 404);
    assert_int_equal(upgrade(port, "/mqt"), 404);
    process_end(broker);
    port = start("--websocket", "0", MQTT_WS);
    assert_int_equal(upgrade(port, "/anything"), 101);
    process_end(broker);
}

// Any page that its user looks at could ask for it.
static void a_foreign_page_is_let_in_where_that_is_said(void **state) {
    (void)state;
    const char *foreign = "Origin: https://example.org\r\n";
    uint16_t port = start("--websocket", "0", MQTT_WS);
    assert_int_equal(upgrade_with(port, "/", foreign), 403);
    assert_int_equal(upgrade_with(port, "/", "Origin: http://localhost\r\n"), 101);
    assert_int_equal(upgrade(port, "/"), 101);
    process_end(broker);
    broker =
        process_start("broker", "--websocket", "0", "--websocket-origin", "https://example.org");
    port = mqtt_port(broker, MQTT_WS);
    assert_int_equal(upgrade_with(port, "/", foreign), 101);
    assert_int_equal(upgrade_with(port, "/", "Origin: https://other.example\r\n"), 403);
    process_end(broker);
}

// ---- mount points -------------------------------------------------------------------------------

// Access lists have whole topics.
static void a_listener_has_topics_of_its_own(void **state) {
    (void)state;
    process_write_file("acl", "topic readwrite #\ntopic deny town/safe\n");
    broker = process_start("broker", "--mqtt", "0?mount=town/,127.0.0.1:0", "--acl-file", "acl");
    process_await_err(broker, " of 127.0.0.1\n");
    uint16_t town_port = mqtt_port(broker, MQTT_TCP);
    const char *second = strstr(process_text(&broker->err), MQTT_TCP) + 1;
    uint16_t open_port = (uint16_t)strtoul(strstr(second, MQTT_TCP) + strlen(MQTT_TCP), NULL, 10);
    struct mqtt_hand *town = mqtt_hand_connect(0, town_port, MQTT_3_1_1, "town");
    struct mqtt_hand *open = mqtt_hand_connect(1, open_port, MQTT_3_1_1, "open");
    mqtt_hand_subscribe(town, "#", 0);
    mqtt_hand_subscribe(open, "#", 0);
    mqtt_hand_publish(town, "lamp", BYTES_LITERAL("on"));
    struct mqtt_packet packet = mqtt_hand_expect(town, MQTT_PUBLISH);
    assert_bytes_equal(packet.publish.topic, BYTES_LITERAL("lamp"));
    packet = mqtt_hand_expect(open, MQTT_PUBLISH);
    assert_bytes_equal(packet.publish.topic, BYTES_LITERAL("town/lamp"));
    mqtt_hand_publish(town, "safe", BYTES_LITERAL("open"));
    process_await_err(broker, "town may not publish \"town/safe\"");
    process_end(broker);
    close(town->fd);
    close(open->fd);
}

// ---- open to everybody --------------------------------------------------------------------------

static void assert_refused(const char *option, const char *place) {
    broker =
        process_start("broker", option, place, "--tls-certificate", "c.pem", "--tls-key", "k.pem");
    (void)process_collect(broker);
    process_assert_code(broker, 3);
    const char *text = process_text(&broker->err);
    assert_non_null(strstr(text, "broker: other machines can reach "));
    assert_non_null(strstr(text, ": give --password-file FILE, or --anonymous if everyone may use "
                                 "this broker\n"));
    assert_int_equal(process_occurrences(text, "\n"), 1);
}

static void a_broker_without_users_is_open_if_that_is_said(void **state) {
    (void)state;
    assert_refused("--mqtt", "*:0");
    assert_refused("--mqtt", "0,0.0.0.0:0");
    assert_refused("--websocket", "[::]:0");
    assert_refused("--mqtts", "*:0");
    assert_refused("--mqtt", "192.0.2.1:1883");
    process_write_file("p", "ann:x\n");
    const char *const good[][3] = {{"--mqtt", "*:0", "--anonymous"},
                                   {"--mqtt", "*:0?anonymous=yes", NULL},
                                   {"--mqtt", "localhost:0", NULL},
                                   {"--mqtt", "127.0.0.2:0", NULL},
                                   {"--mqtt", "*:0", "--password-file=p"}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        broker = good[i][2] == NULL ? process_start("broker", good[i][0], good[i][1])
                                    : process_start("broker", good[i][0], good[i][1], good[i][2]);
        (void)mqtt_port(broker, MQTT_TCP);
        process_end(broker);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_proxy_says_where_a_client_is),
        PROCESS_TEST(without_a_good_header_a_stream_ends),
        PROCESS_TEST(a_header_that_does_not_come_is_not_awaited),
        PROCESS_TEST(clients_behind_a_proxy_count_by_their_own_address),
        PROCESS_TEST(a_proxy_may_stand_at_a_unix_socket),
        PROCESS_TEST(a_proxy_may_stand_in_front_of_tls),
        PROCESS_TEST(websocket_is_at_its_path),
        PROCESS_TEST(a_foreign_page_is_let_in_where_that_is_said),
        PROCESS_TEST(a_listener_has_topics_of_its_own),
        PROCESS_TEST(a_broker_without_users_is_open_if_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
