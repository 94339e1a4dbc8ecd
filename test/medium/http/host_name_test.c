#include "support.h"

#include <arpa/inet.h>

#include "medium/http/host_name.h"

static void hosts_are_cut_out_of_places(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"a.org", "a.org"}, {"a.org:80", "a.org"},
                                           {"[::1]", "[::1]"}, {"[::1]:80", "[::1]"},
                                           {"[::1", ""},       {"", ""},
                                           {":80", ""},        {"a.org:", ""},
                                           {"a.org:x", ""},    {"a.org:65536", ""},
                                           {"a.org:1:2", ""},  {"a org", ""},
                                           {"[a]", ""},        {"[::1]x", ""},
                                           {"a/b", ""},        {"my_host-1:65535", "my_host-1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_bytes_equal(host_name_of(bytes_of_text(cases[i][0])), bytes_of_text(cases[i][1]));
    }
}

static void only_names_of_this_machine_are_loopback(void **state) {
    (void)state;
    static const char *const ours[] = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3",
                                       "[::1]",     "::1",       "[0:0::1]",  "::ffff:127.0.0.1"};
    static const char *const others[] = {"",
                                         "localhost.org",
                                         "127.0.0.1.nip.io",
                                         "127.0.0",
                                         "127.evil.org.x",
                                         "128.0.0.1",
                                         "[::2]",
                                         "127.0.0.256",
                                         "127...1",
                                         "[127.0.0.1]x",
                                         "example.org",
                                         "127.0.0.1 ",
                                         "localhost.example.org",
                                         "1127.0.0.1"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        assert_true(host_name_is_loopback(bytes_of_text(ours[i])));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(host_name_is_loopback(bytes_of_text(others[i])));
    }
}

static void hosts_are_cut_out_of_urls_and_origins(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        // the text, its host as an origin, its host as a URL
        {"http://a.org", "a.org", "a.org"},
        {"HTTPS://A.org:8443", "A.org", "A.org"},
        {"http://[::1]:80", "[::1]", "[::1]"},
        {"http://a.org/b", "", "a.org"},
        {"http://a.org:80?b", "", "a.org"},
        {"http://me:pass@a.org/", "", "a.org"},
        {"http://localhost@a.org#b", "", "a.org"},
        {"http://a.org/@localhost", "", "a.org"},
        {"null", "", ""},
        {"a.org", "", ""},
        {"ftp://a.org", "", ""},
        {"http://", "", ""},
        {"http:///a", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes text = bytes_of_text(cases[i][0]);
        assert_bytes_equal(host_name_of_origin(text), bytes_of_text(cases[i][1]));
        assert_bytes_equal(host_name_of_url(text), bytes_of_text(cases[i][2]));
    }
}

static void what_is_no_host_equals_none(void **state) {
    (void)state;
    assert_true(host_name_equal(BYTES_LITERAL("a.ORG"), BYTES_LITERAL("A.org")));
    assert_false(host_name_equal(BYTES_LITERAL("a.org"), BYTES_LITERAL("a.org.")));
    assert_false(host_name_equal((struct bytes){0}, (struct bytes){0}));
}

static void addresses_of_this_machine_are_loopback(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_loopback;
    } cases[] = {{"::1", true},
                 {"::ffff:127.9.9.9", true},
                 {"::", false},
                 {"::ffff:10.0.0.1", false},
                 {"fe80::1", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sockaddr_in6 six = {.sin6_family = AF_INET6};
        assert_int_equal(inet_pton(AF_INET6, cases[i].text, &six.sin6_addr), 1);
        assert_int_equal(host_name_is_loopback_address((const struct sockaddr *)(const void *)&six),
                         cases[i].is_loopback);
    }
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f010203)};
    assert_true(host_name_is_loopback_address((const struct sockaddr *)(const void *)&four));
    four.sin_addr.s_addr = htonl(0x0a000001);
    assert_false(host_name_is_loopback_address((const struct sockaddr *)(const void *)&four));
    const struct sockaddr local = {.sa_family = AF_UNIX};
    assert_false(host_name_is_loopback_address(&local));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_cut_out_of_places),
        cmocka_unit_test(only_names_of_this_machine_are_loopback),
        cmocka_unit_test(hosts_are_cut_out_of_urls_and_origins),
        cmocka_unit_test(what_is_no_host_equals_none),
        cmocka_unit_test(addresses_of_this_machine_are_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
