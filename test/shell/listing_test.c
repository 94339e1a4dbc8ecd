#include "support.h"

#include "shell/listing.h"

#include <stdlib.h>

static const char *const columns[] = {"topic", "value", NULL};

struct place {
    struct memory memory;
    struct listing listing;
};

static void open_place(struct place *place, bool json) {
    memory_init(&place->memory);
    listing_init(&place->listing, &place->memory, json);
}

static void close_place(struct place *place) {
    listing_deinit(&place->listing);
    assert_int_equal(place->memory.blocks_in_use, 0);
}

static void add_row(struct place *place, struct bytes text, uint64_t number) {
    listing_text(&place->listing, text);
    listing_number(&place->listing, number);
}

static void columns_are_aligned(void **state) {
    (void)state;
    struct place place;
    open_place(&place, false);
    listing_section(&place.listing, "entries", columns);
    add_row(&place, BYTES_LITERAL("a"), 1);
    add_row(&place, BYTES_LITERAL("füße"), 22);
    add_row(&place, BYTES_LITERAL("x\ny\0"), UINT64_MAX);
    listing_section(&place.listing, "nothing", columns);
    assert_bytes_equal(listing_end(&place.listing), BYTES_LITERAL("entries: 3\n"
                                                                  "  topic     value\n"
                                                                  "  a         1\n"
                                                                  "  füße      22\n"
                                                                  "  x\\ny\\x00  18446744073709551"
                                                                  "615\n"
                                                                  "nothing: 0"));
    close_place(&place);
}

// Where a row is wider than the terminal, its columns go on in another line, in each row at the
// same.
static void rows_that_are_too_wide_are_folded(void **state) {
    (void)state;
    static const char *const three[] = {"address", "description", "time_stamp", NULL};
    struct place place;
    open_place(&place, false);
    place.listing.width = 30;
    listing_section(&place.listing, "devices", three);
    listing_number(&place.listing, 83);
    listing_text(&place.listing, BYTES_LITERAL("kitchen"));
    listing_text(&place.listing, BYTES_LITERAL("12:00:01"));
    listing_single(&place.listing, "passed", columns);
    listing_heading(&place.listing, "%d packets passed", 10);
    add_row(&place, BYTES_LITERAL("a"), 1);
    assert_bytes_equal(listing_end(&place.listing), BYTES_LITERAL("devices: 1\n"
                                                                  "  address  description\n"
                                                                  "      time_stamp\n"
                                                                  "  83       kitchen\n"
                                                                  "      12:00:01\n"
                                                                  "10 packets passed\n"
                                                                  "  topic  value\n"
                                                                  "  a      1"));
    close_place(&place);
}

static void long_texts_are_cut_between_characters(void **state) {
    (void)state;
    struct place place;
    char text[200] = "";
    for (int i = 0; i < 33; i++) {
        memcpy(text + 3 * i, "€", 3);
    }
    text[0] = text[1] = text[2] = 'x';
    memmove(text, text + 2, 97); // the 60th byte is within a character
    open_place(&place, false);
    listing_section(&place.listing, "entries", columns);
    add_row(&place, bytes_make(text, 97), 1);
    struct bytes out = listing_end(&place.listing);
    assert_null(memmem(out.data, out.size, "\\x", 2));
    assert_non_null(memmem(out.data, out.size, "€… (97 bytes)", strlen("€… (97 bytes)")));
    close_place(&place);
}

static void json_has_the_same_fields(void **state) {
    (void)state;
    struct place place;
    open_place(&place, true);
    listing_section(&place.listing, "entries", columns);
    add_row(&place, BYTES_LITERAL("a \"ü\""), 1);
    add_row(&place, BYTES_LITERAL("\xff"), 2);
    listing_section(&place.listing, "nothing", columns);
    assert_bytes_equal(listing_end(&place.listing),
                       BYTES_LITERAL("{\"entries\":[{\"topic\":\"a \\\"ü\\\"\",\"value\":1},"
                                     "{\"topic_base64\":\"/w==\",\"value\":2}],\"nothing\":[]}"));
    close_place(&place);
}

static void times(void **state) {
    (void)state;
    static const char *const when[] = {"when", NULL};
    struct place place;
    setenv("TZ", "UTC", 1);
    open_place(&place, false);
    listing_section(&place.listing, "times", when);
    listing_time(&place.listing, 0);
    listing_time(&place.listing, 86399);
    assert_bytes_equal(listing_end(&place.listing),
                       BYTES_LITERAL("times: 2\n  when\n  never\n  1970-01-01 23:59:59"));
    close_place(&place);
    open_place(&place, true);
    listing_section(&place.listing, "times", when);
    listing_time(&place.listing, 86399);
    assert_bytes_equal(listing_end(&place.listing),
                       BYTES_LITERAL("{\"times\":[{\"when\":86399}]}"));
    close_place(&place);
}

static void unfinished_listings_leak_nothing(void **state) {
    (void)state;
    for (int json = 0; json < 2; json++) {
        struct place place;
        open_place(&place, json != 0);
        listing_section(&place.listing, "entries", columns);
        listing_text(&place.listing, BYTES_LITERAL("half"));
        close_place(&place);
    }
}

static void a_section_has_so_many_rows_and_tells_of_the_others(void **state) {
    (void)state;
    for (int json = 0; json < 2; json++) {
        struct place place;
        open_place(&place, json);
        listing_section(&place.listing, "entries", columns);
        for (unsigned i = 0; i < LISTING_ROWS_MAX + 3; i++) {
            add_row(&place, BYTES_LITERAL("a"), i);
        }
        listing_leave_out(&place.listing, 2);
        listing_section(&place.listing, "others", columns);
        add_row(&place, BYTES_LITERAL("b"), 1);
        struct bytes out = listing_end(&place.listing);
        buffer_append_byte(&place.listing.text, 0);
        const char *text = (const char *)place.listing.text.data;
        assert_in_range(out.size, LISTING_ROWS_MAX, 40 * LISTING_ROWS_MAX);
        if (json) {
            assert_non_null(strstr(text, "{\"topic\":\"a\",\"value\":9999}],"));
            assert_non_null(strstr(text, "\"entries_left_out\":5,"));
            assert_null(strstr(text, "\"others_left_out\""));
        } else {
            assert_ptr_equal(strstr(text, "entries: 10005, the first 10000 are shown\n"), text);
            assert_non_null(strstr(text, "\n  a      9999\nothers: 1\n"));
        }
        close_place(&place);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_aligned),
        cmocka_unit_test(a_section_has_so_many_rows_and_tells_of_the_others),
        cmocka_unit_test(rows_that_are_too_wide_are_folded),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(json_has_the_same_fields),
        cmocka_unit_test(times),
        cmocka_unit_test(unfinished_listings_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
