#include "support.h"

#include "medium/http/host_name.h"

static void hosts_are_cut_out_of_places(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"a.org", "a.org"}, {"a.org:80", "a.org"},
                                           {"[::1]", "[::1]"}, {"[::1]:80", "[::1]"},
                                           {"[::1", "[::1"},   {"", ""},
                                           {":80", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_bytes_equal(host_name_of(bytes_of_text(cases[i][0])), bytes_of_text(cases[i][1]));
    }
}

static void only_names_of_this_machine_are_loopback(void **state) {
    (void)state;
    static const char *const ours[] = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]"};
    static const char *const others[] = {"",
                                         "localhost.org",
                                         "127.0.0.1.nip.io",
                                         "127.0.0",
                                         "127.evil.org.x",
                                         "128.0.0.1",
                                         "[::2]",
                                         "::1",
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_cut_out_of_places),
        cmocka_unit_test(only_names_of_this_machine_are_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
