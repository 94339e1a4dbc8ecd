#include "support.h"

#include "medium/stream/stream_url.h"

static void check(const char *text, const char *host, const char *port, const char *path) {
    struct stream_url url;
    const char *why = stream_url_read(&url, bytes_of_text(text));
    if (why != NULL) {
        fail_msg("%s: %s", text, why);
    }
    assert_string_equal(url.host, host);
    assert_string_equal(url.port, port);
    assert_string_equal(url.path, path);
}

static void each_scheme_has_its_port_and_path(void **state) {
    (void)state;
    check("mqtt://host", "host", "1883", "/mqtt");
    check("mqtts://host", "host", "8883", "/mqtt");
    check("ws://host", "host", "80", "/mqtt");
    check("wss://host/a/b", "host", "443", "/a/b");
    check("mqtt://host:18", "host", "18", "/mqtt");
    check("mqtt://[::1]:18", "::1", "18", "/mqtt");
    check("mqtt://host/", "host", "1883", "/");
    check("unix:/run/door", "", "", "/run/door");
    check("unix:///run/door", "", "", "/run/door");
}

static void what_they_are_is_told(void **state) {
    (void)state;
    struct stream_url url;
    assert_null(stream_url_read(&url, BYTES_LITERAL("wss://ada@host")));
    assert_true(url.is_tls && url.is_websocket && !url.is_unix);
    assert_string_equal(url.user, "ada");
    assert_null(stream_url_read(&url, BYTES_LITERAL("unix:door")));
    assert_true(url.is_unix && !url.is_tls);
}

static void what_is_no_url_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "host",
        "http://host",
        "mqtt://",
        "mqtt://:1883",
        "unix:",
        "mqtt://a b",
        "mqtt://host:0",
        "mqtt://host:99999",
        "mqtt://host:x",
        "mqtt://[::1",
        "mqtt://@host",
        "mqtt://ada:pw@host",
        "mqtt://host/path",
        "mqtt://[::1]x",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct stream_url url;
        if (stream_url_read(&url, bytes_of_text(wrong[i])) == NULL) {
            fail_msg("'%s' was taken", wrong[i]);
        }
    }
    struct stream_url url;
    char long_text[400] = "mqtt://";
    memset(long_text + 7, 'h', sizeof long_text - 8);
    assert_non_null(stream_url_read(&url, bytes_of_text(long_text)));
}

static void a_server_reference_names_another_host(void **state) {
    (void)state;
    struct stream_url url;
    assert_null(stream_url_read(&url, BYTES_LITERAL("mqtts://host:18")));
    assert_null(stream_url_refer(&url, BYTES_LITERAL("other:19 third")));
    assert_string_equal(url.host, "other");
    assert_string_equal(url.port, "19");
    assert_true(url.is_tls);
    assert_non_null(stream_url_refer(&url, BYTES_LITERAL(":19")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_scheme_has_its_port_and_path),
        cmocka_unit_test(what_they_are_is_told),
        cmocka_unit_test(what_is_no_url_is_refused),
        cmocka_unit_test(a_server_reference_names_another_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
