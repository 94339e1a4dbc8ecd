#include "support.h"

#include "role/line/status.h"

static void a_status_is_written_as_three_digits_and_read_again(void **state) {
    (void)state;
    for (unsigned status = 100; status <= 999; status++) {
        char text[STATUS_TEXT_SIZE];
        struct bytes element = status_write(status, text);
        assert_int_equal(element.size, 3);
        assert_int_equal(status_read(element), status);
        assert_int_equal(text[3], '\0');
    }
}

static void other_elements_hold_no_status(void **state) {
    (void)state;
    static const char *const wrong[] = {"", "0", "99", "099", "1000", "-20", "20 ", "2e2", "abc"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(status_read(bytes_of_text(wrong[i])), STATUS_NONE);
    }
}

static void every_status_has_a_text_of_its_own(void **state) {
    (void)state;
    static const unsigned codes[] = {STATUS_NONE,         STATUS_OK,          STATUS_MALFORMED,
                                     STATUS_UNAUTHORIZED, STATUS_FORBIDDEN,   STATUS_TIMED_OUT,
                                     STATUS_TAKEN,        STATUS_UNAVAILABLE, STATUS_FULL};
    const char *unknown = status_text(999);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        assert_string_not_equal(status_text(codes[i]), unknown);
    }
    assert_string_equal(status_text(418), unknown);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_is_written_as_three_digits_and_read_again),
        cmocka_unit_test(other_elements_hold_no_status),
        cmocka_unit_test(every_status_has_a_text_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
