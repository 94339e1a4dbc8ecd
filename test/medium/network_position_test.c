// Going on at a place that was kept: after more lines, rotations, and what people do to the file.
#include "network_support.h"

// Reads `lines` lines and closes; returns the place behind them.
static struct file_network_position read_some(const char *path, size_t lines) {
    struct listener *reader = listen_on(
        open_with((struct file_network_options){.path = path, .keep = 2, .from_start = true}));
    struct file_network_events events = events_of(reader);
    while (reader->lines < lines) {
        (void)file_network_read(reader->network, 1, NOW, &events);
    }
    struct file_network_position position = file_network_position(reader->network);
    close_listener(reader);
    return position;
}

static struct listener *listen_from(const char *path,
                                    const struct file_network_position *position) {
    struct listener *reader = listen_on(
        open_with((struct file_network_options){.path = path, .keep = 2, .position = position}));
    read_all(reader);
    return reader;
}

static struct file_network *open_writer(const char *path, unsigned keep) {
    return open_with((struct file_network_options){.path = path, .rotate_bytes = 50, .keep = keep});
}

static struct file_network_position end_of(struct file_network *network) {
    struct file_network_position position;
    struct file_network_error error;
    assert_true(file_network_end(network, &position, &error));
    return position;
}

static void test_goes_on_behind_what_was_read(void **state) {
    struct place *place = *state;
    struct file_network *writer = open_writer(place->path, 2);
    append_numbers(writer, 0, 4);
    struct file_network_position position = read_some(place->path, 3);
    append_numbers(writer, 4, 5);
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 3, 5);
    assert_int_equal(reader->notices, 0);
    close_listener(reader);
    file_network_close(writer);
}

static void test_goes_on_in_files_that_were_rotated_away(void **state) {
    struct place *place = *state;
    struct file_network *writer = open_writer(place->path, 10);
    append_numbers(writer, 0, 3);
    struct file_network_position position = read_some(place->path, 2);
    append_numbers(writer, 3, 28);
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 2, 28);
    assert_int_equal(reader->notices, 0);
    append_numbers(writer, 28, 40);
    read_all(reader);
    assert_heard_numbers(reader, 2, 40);
    close_listener(reader);
    file_network_close(writer);
}

static void test_any_line_of_any_file_can_be_gone_on_from(void **state) {
    struct place *place = *state;
    struct file_network *writer = open_writer(place->path, 10);
    struct listener *walker = open_listener(place->path);
    struct file_network_events events = events_of(walker);
    append_numbers(writer, 0, 18);
    for (unsigned i = 0; i < 18; i++) {
        struct file_network_position position = file_network_position(walker->network);
        struct listener *reader = listen_from(place->path, &position);
        assert_heard_numbers(reader, i, 18);
        assert_int_equal(reader->notices, 0);
        close_listener(reader);
        (void)file_network_read(walker->network, 1, NOW, &events);
    }
    assert_heard_numbers(walker, 0, 18);
    close_listener(walker);
    file_network_close(writer);
}

static void test_a_place_that_is_gone_is_told_and_the_oldest_taken(void **state) {
    struct place *place = *state;
    struct file_network *writer = open_writer(place->path, 2);
    append_numbers(writer, 0, 3);
    struct file_network_position position = read_some(place->path, 2);
    append_numbers(writer, 3, 28);
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 15, 28); // the two files that are kept and the present one
    assert_int_equal(reader->notices, 1);
    assert_non_null(strstr(reader->notice, "may be lost"));
    close_listener(reader);
    file_network_close(writer);
}

static void test_a_truncated_file_is_read_from_its_start(void **state) {
    struct place *place = *state;
    append_foreign(place->path, "line 0000\nline 0001\n");
    struct file_network_position position = read_some(place->path, 2);
    assert_int_equal(truncate(place->path, 0), 0);
    append_foreign(place->path, "line 0002\n");
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 2, 3);
    assert_int_equal(reader->notices, 1);
    close_listener(reader);
}

static void test_a_truncation_seen_by_others_is_told_though_it_has_grown_again(void **state) {
    struct place *place = *state;
    struct file_network *writer = open_network(place->path);
    append_numbers(writer, 0, 2);
    struct file_network_position position = read_some(place->path, 2);
    assert_int_equal(truncate(place->path, 0), 0);
    append_numbers(writer, 2, 6);
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 2, 6);
    assert_int_equal(reader->notices, 1);
    close_listener(reader);
    file_network_close(writer);
}

static void test_a_replaced_file_is_read_from_its_start(void **state) {
    struct place *place = *state;
    append_foreign(place->path, "line 0000\nline 0001\n");
    struct file_network_position position = read_some(place->path, 1);
    char *away = support_path(place->folder, "elsewhere");
    assert_int_equal(rename(place->path, away), 0);
    append_foreign(place->path, "line 0002\n");
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 2, 3);
    assert_int_equal(reader->notices, 1);
    free(away);
    close_listener(reader);
}

static void test_new_claims_leave_the_place_in_the_present_file(void **state) {
    struct place *place = *state;
    append_foreign(place->path, "line 0000\nline 0001\n");
    struct file_network_position position = read_some(place->path, 1);
    assert_int_equal(unlink(place->claims), 0);
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 1, 2);
    assert_int_equal(reader->notices, 0);
    close_listener(reader);
}

static void test_what_is_appended_stands_behind_the_end(void **state) {
    struct place *place = *state;
    struct file_network *writer = open_writer(place->path, 20);
    for (unsigned i = 0; i < 12; i++) {
        struct file_network_position position = end_of(writer);
        append_numbers(writer, i, i + 1);
        struct listener *reader = listen_from(place->path, &position);
        assert_heard_numbers(reader, i, i + 1);
        close_listener(reader);
    }
    append_foreign(place->path, "torn");
    struct file_network_position position = end_of(writer);
    append_numbers(writer, 12, 13);
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 12, 13);
    close_listener(reader);
    file_network_close(writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_goes_on_behind_what_was_read),
        TEST(test_goes_on_in_files_that_were_rotated_away),
        TEST(test_any_line_of_any_file_can_be_gone_on_from),
        TEST(test_a_place_that_is_gone_is_told_and_the_oldest_taken),
        TEST(test_a_truncated_file_is_read_from_its_start),
        TEST(test_a_truncation_seen_by_others_is_told_though_it_has_grown_again),
        TEST(test_a_replaced_file_is_read_from_its_start),
        TEST(test_new_claims_leave_the_place_in_the_present_file),
        TEST(test_what_is_appended_stands_behind_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
