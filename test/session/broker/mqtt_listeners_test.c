#include "support.h"

#include <stdio.h>

#include "session/broker/mqtt_listeners.h"

#define ROOM 4

struct fixture {
    struct stream_listener items[ROOM];
    struct door_listener_rules rules[ROOM];
    struct mqtt_listeners listeners;
};

static void start(struct fixture *fixture) {
    *fixture = (struct fixture){.listeners = {.most = ROOM}};
    fixture->listeners.items = fixture->items;
    fixture->listeners.rules = fixture->rules;
}

static const char *add(struct fixture *fixture, enum stream_kind kind, const char *text) {
    return mqtt_listeners_add(&fixture->listeners, kind, text);
}

static void assert_listener(const struct stream_listener *listener, const char *host, unsigned port,
                            unsigned connections, unsigned per_address) {
    if (host == NULL) {
        assert_null(listener->host);
    } else {
        assert_non_null(listener->host);
        assert_string_equal(listener->host, host);
    }
    assert_int_equal(listener->port, port);
    assert_int_equal(listener->connections, connections);
    assert_int_equal(listener->connections_per_address, per_address);
}

static void places_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *host; // NULL: loopback
        unsigned port;
    } cases[] = {
        {"1883", NULL, 1883},
        {"0", NULL, 0},
        {"65535", NULL, 65535},
        {"*:1883", "::", 1883},
        {"127.0.0.1:1", "127.0.0.1", 1},
        {"broker.example:8883", "broker.example", 8883},
        {"[::1]:1883", "::1", 1883},
        {"[fe80::1%eth0]:0", "fe80::1%eth0", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture;
        start(&fixture);
        assert_null(add(&fixture, STREAM_TCP, cases[i].text));
        assert_int_equal(fixture.listeners.count, 1);
        assert_int_equal(fixture.items[0].kind, STREAM_TCP);
        assert_listener(&fixture.items[0], cases[i].host, cases[i].port, 0, 0);
        mqtt_listeners_free(&fixture.listeners);
    }
}

static void lists_and_rules_are_read(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    assert_null(add(&fixture, STREAM_TLS,
                    "8883?connections=100,*:8884?per-address=3&connections=4294967295,[::1]:1"));
    assert_null(add(&fixture, STREAM_UNIX, "/run/mqtt:1.sock?connections=7"));
    assert_int_equal(fixture.listeners.count, 4);
    assert_listener(&fixture.items[0], NULL, 8883, 100, 0);
    assert_listener(&fixture.items[1], "::", 8884, UINT32_MAX, 3);
    assert_listener(&fixture.items[2], "::1", 1, 0, 0);
    assert_listener(&fixture.items[3], "/run/mqtt:1.sock", 0, 7, 0);
    assert_int_equal(fixture.items[2].kind, STREAM_TLS);
    assert_int_equal(fixture.items[3].kind, STREAM_UNIX);
    mqtt_listeners_free(&fixture.listeners);
    mqtt_listeners_free(&fixture.listeners); // again does no harm
}

#define IS_NO_PLACE ": must be PORT, HOST:PORT or [IPV6]:PORT, a port from 0 to 65535"
static void rules_of_mqtt_are_read(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    assert_null(add(&fixture, STREAM_TCP,
                    "1?anonymous=no&max-qos=0&retain=no&wildcards=no&max-packet=1024&keep-alive=60&"
                    "versions=3.1.1+5,2?anonymous=yes&max-qos=2&retain=yes&wildcards=yes&"
                    "versions=3.1,3"));
    const struct door_listener_rules *first = &fixture.rules[0];
    assert_int_equal(first->anonymous, DOOR_ANONYMOUS_NO);
    assert_true(first->has_qos_max);
    assert_int_equal(first->qos_max, 0);
    assert_true(first->has_no_retain);
    assert_true(first->has_no_wildcards);
    assert_int_equal(first->packet_bytes, 1024);
    assert_int_equal(first->keep_alive, 60);
    assert_int_equal(first->refused_versions, 1u << MQTT_3_1);
    const struct door_listener_rules *second = &fixture.rules[1];
    assert_int_equal(second->anonymous, DOOR_ANONYMOUS_YES);
    assert_int_equal(second->qos_max, 2);
    assert_false(second->has_no_retain);
    assert_false(second->has_no_wildcards);
    assert_int_equal(second->refused_versions, 1u << MQTT_3_1_1 | 1u << MQTT_5);
    static const struct door_listener_rules none;
    assert_memory_equal(&fixture.rules[2], &none, sizeof none);
    mqtt_listeners_free(&fixture.listeners);
}

#define A_MOUNT "a topic with / at its end, without wildcards and without $ in front"
#define A_PROXY "addresses and networks as 10.0.0.0/8, joined by +; at a Unix socket, unix"

static void paths_proxies_and_mount_points_are_read(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    assert_null(
        add(&fixture, STREAM_WEBSOCKET, "80?path=/mqtt&mount=a/b/,81?proxy=::1+10.0.0.0/8"));
    assert_string_equal(fixture.items[0].path, "/mqtt");
    assert_bytes_equal(fixture.rules[0].mount, BYTES_LITERAL("a/b/"));
    assert_false(stream_proxy_is_wanted(&fixture.items[0].proxies));
    assert_null(fixture.items[1].path);
    assert_int_equal(fixture.rules[1].mount.size, 0);
    assert_int_equal(fixture.items[1].proxies.count, 2);
    assert_null(add(&fixture, STREAM_UNIX, "/m.sock?proxy=unix"));
    assert_true(fixture.items[2].proxies.has_unix);
    mqtt_listeners_free(&fixture.listeners);
    static const char *const wrong[] = {"80?path=", "80?path=mqtt", "80?path=/a b", "80?path=/a#b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        start(&fixture);
        assert_non_null(add(&fixture, STREAM_WEBSOCKET, wrong[i]));
        mqtt_listeners_free(&fixture.listeners);
    }
    start(&fixture);
    assert_non_null(add(&fixture, STREAM_UNIX, "/m.sock?proxy=::1"));
    mqtt_listeners_free(&fixture.listeners);
}

static void a_wrong_rule_is_told_with_what_it_takes(void **state) {
    (void)state;
    static const struct {
        const char *rule;
        const char *wrong;
    } cases[] = {
        {"connections", "connections takes a number from 1"},
        {"connections=", "connections takes a number from 1"},
        {"connections=0", "connections takes a number from 1"},
        {"connections=4294967296", "connections takes a number from 1"},
        {"connections=1?per-address=1", "connections takes a number from 1"},
        {"connections=1&per-address=x", "per-address takes a number from 1"},
        {"anonymous=maybe", "anonymous takes yes or no"},
        {"max-qos=3", "max-qos takes 0, 1 or 2"},
        {"retain=", "retain takes yes or no"},
        {"wildcards=1", "wildcards takes yes or no"},
        {"max-packet=1023", "max-packet takes a number of bytes from 1024"},
        {"keep-alive=0", "keep-alive takes seconds from 1 to 65535"},
        {"keep-alive=65536", "keep-alive takes seconds from 1 to 65535"},
        {"versions=", "versions takes 3.1, 3.1.1 and 5, joined by +"},
        {"versions=4", "versions takes 3.1, 3.1.1 and 5, joined by +"},
        {"versions=3.1.1+", "versions takes 3.1, 3.1.1 and 5, joined by +"},
        {"versions=5+5", "versions takes 3.1, 3.1.1 and 5, joined by +"},
        {"mount=", "mount takes " A_MOUNT},
        {"mount=/", "mount takes " A_MOUNT},
        {"mount=a", "mount takes " A_MOUNT},
        {"mount=a/+/", "mount takes " A_MOUNT},
        {"mount=$SYS/", "mount takes " A_MOUNT},
        {"path=/mqtt", "path takes a path as /mqtt, at listeners of WebSocket"},
        {"proxy=", "proxy takes " A_PROXY},
        {"proxy=localhost", "proxy takes " A_PROXY},
        {"proxy=unix", "proxy takes " A_PROXY},
        {"proxy=127.0.0.1+unix", "proxy takes " A_PROXY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture;
        char text[80];
        char wanted[160];
        start(&fixture);
        (void)snprintf(text, sizeof text, "1883?%s", cases[i].rule);
        (void)snprintf(wanted, sizeof wanted, "%s: %s", text, cases[i].wrong);
        assert_string_equal(add(&fixture, STREAM_TCP, text), wanted);
        mqtt_listeners_free(&fixture.listeners);
    }
}

#define IS_NO_RULE ": behind ? stand rules as connections=N, joined by &; broker --help names them"

static void wrong_texts_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *wrong;
    } cases[] = {
        {"", "is empty"},
        {",", "is empty"},
        {",,", "is empty"},
        {"65536", "65536" IS_NO_PLACE},
        {"-1", "-1" IS_NO_PLACE},
        {"mqtt", "mqtt" IS_NO_PLACE},
        {"1883 ", "1883 " IS_NO_PLACE},
        {"*", "*" IS_NO_PLACE},
        {"*:", "*:" IS_NO_PLACE},
        {":1883", ":1883" IS_NO_PLACE},
        {"[]:1883", "[]:1883" IS_NO_PLACE},
        {"[::1]", "[::1]" IS_NO_PLACE},
        {"host:port", "host:port" IS_NO_PLACE},
        {"?connections=1", "?connections=1" IS_NO_PLACE},
        {"1883?rate=1", "1883?rate=1" IS_NO_RULE},
        {"1,2,3,4,5", "5: there are more listeners than this broker has room for"},
        {"1883,x:y,z", "x:y" IS_NO_PLACE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture;
        start(&fixture);
        const char *wrong = add(&fixture, STREAM_TCP, cases[i].text);
        assert_non_null(wrong);
        assert_string_equal(wrong, cases[i].wrong);
        mqtt_listeners_free(&fixture.listeners);
    }
}

static void a_socket_needs_a_path(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    const char *wrong = add(&fixture, STREAM_UNIX, "?connections=1");
    assert_non_null(wrong);
    assert_string_equal(wrong, "?connections=1: names no path of a Unix socket");
    assert_int_equal(fixture.listeners.count, 0);
    mqtt_listeners_free(&fixture.listeners);
}

static void long_texts_are_cut_in_the_message(void **state) {
    (void)state;
    char text[1000], start_of_text[121] = "";
    struct fixture fixture;
    start(&fixture);
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memcpy(start_of_text, text, 120);
    char expected[256];
    (void)snprintf(expected, sizeof expected, "%s" IS_NO_PLACE, start_of_text);
    assert_string_equal(add(&fixture, STREAM_WEBSOCKET, text), expected);
    mqtt_listeners_free(&fixture.listeners);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_read),
        cmocka_unit_test(lists_and_rules_are_read),
        cmocka_unit_test(rules_of_mqtt_are_read),
        cmocka_unit_test(paths_proxies_and_mount_points_are_read),
        cmocka_unit_test(a_wrong_rule_is_told_with_what_it_takes),
        cmocka_unit_test(wrong_texts_are_refused),
        cmocka_unit_test(a_socket_needs_a_path),
        cmocka_unit_test(long_texts_are_cut_in_the_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
