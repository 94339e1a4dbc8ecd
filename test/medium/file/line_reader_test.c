// Following the file from epoch to epoch: rotation, what people and other programs do to it, and
// going on at a place that was kept.

#include "medium/file/network_support.h"

// ---- rotation ----------------------------------------------------------------------------------

static void test_a_reader_behind_by_several_rotations_loses_nothing(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    struct file_network *writer = open_with(
        (struct file_network_options){.path = place->path, .rotate_bytes = 20, .keep = 20});
    append_numbers(writer, 0, 20);
    assert_int_equal(count_files(place->folder), 9 + 1 + 1);
    read_all(reader);
    append_numbers(writer, 20, 30);
    read_all(reader);
    assert_heard_numbers(reader, 0, 30);
    assert_int_equal(reader->notices, 0);
    file_network_close(writer);
    close_listener(reader);
}

static void test_old_files_are_removed_and_who_is_too_late_is_told_once(void **state) {
    struct place *place = *state;
    char *stranger = support_path(place->folder, "network.17");
    support_write_file(stranger, BYTES_LITERAL("not ours\n"));
    struct listener *reader = open_listener(place->path);
    struct file_network *writer = open_with(
        (struct file_network_options){.path = place->path, .rotate_bytes = 20, .keep = 2});
    append_numbers(writer, 0, 20);
    assert_int_equal(count_files(place->folder), 2 + 1 + 1 + 1);
    read_all(reader);
    // The file it had open, the two that were kept and the present one.
    assert_int_equal(reader->lines, 2 + 4 + 2);
    assert_int_equal(reader->notices, 1);
    assert_non_null(strstr(reader->notice, "6 rotated file(s) were gone"));
    assert_int_equal(count_in_file(stranger, "not ours"), 1);
    free(stranger);
    file_network_close(writer);
    close_listener(reader);
}

// A user may have put another file where one of ours was.
static void test_files_of_others_are_not_removed(void **state) {
    struct place *place = *state;
    char *rotated = support_path(place->folder, "network.1");
    char *away = support_path(place->folder, "elsewhere");
    struct file_network *writer = open_with(
        (struct file_network_options){.path = place->path, .rotate_bytes = 20, .keep = 2});
    append_numbers(writer, 0, 5);
    assert_int_equal(rename(rotated, away), 0);
    support_write_file(rotated, BYTES_LITERAL("of the user\n"));
    append_numbers(writer, 5, 20);
    assert_int_equal(count_in_file(rotated, "of the user"), 1);
    free(rotated);
    free(away);
    file_network_close(writer);
}

static void test_a_late_line_in_the_rotated_file_is_read(void **state) {
    struct place *place = *state;
    struct listener *reader = listen_on(open_with(
        (struct file_network_options){.path = place->path, .rotate_bytes = 10, .keep = 2}));
    append(reader->network, "line 0000\n");
    int former = open(place->path, O_WRONLY | O_APPEND);
    append(reader->network, "line 0001\n");
    read_all(reader);
    assert_int_equal(write(former, "line 0002\n", 10), 10);
    assert_true(is_ready(reader->network, WAIT_MS));
    read_all(reader);
    assert_heard_numbers(reader, 0, 3);
    close(former);
    check(reader);
    check(reader);
    append(reader->network, "line 0003\n");
    read_all(reader);
    assert_heard_numbers(reader, 0, 4);
    assert_int_equal(reader->notices, 0);
    close_listener(reader);
}

static void test_a_rotation_that_was_cut_short_is_completed(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    append(reader->network, "line 0000\n");
    // As a process leaves it that is killed after it moved the file away.
    char *away = support_path(place->folder, "network.1");
    assert_int_equal(rename(place->path, away), 0);
    struct file_network *writer = open_network(place->path);
    append(writer, "line 0001\n");
    read_all(reader);
    assert_heard_numbers(reader, 0, 2);
    assert_int_equal(reader->notices, 0);
    free(away);
    file_network_close(writer);
    close_listener(reader);
}

// ---- what people and other programs do to the file --------------------------------------------

static void assert_goes_on(struct place *place, struct listener *reader,
                           const char *part_of_notice) {
    read_all(reader);
    struct file_network *writer = open_network(place->path);
    append(writer, "after\n");
    size_t size = reader->size;
    wait_for_lines(reader, reader->lines + 1);
    assert_string_equal(reader->text + size, "after\n");
    check(reader);
    assert_int_equal(reader->notices, 1);
    assert_non_null(strstr(reader->notice, part_of_notice));
    file_network_close(writer);
}

static void test_goes_on_after_truncation(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    append(reader->network, "one\ntwo\n");
    read_all(reader);
    assert_int_equal(truncate(place->path, 0), 0);
    assert_goes_on(place, reader, "was truncated");
    assert_string_equal(reader->text, "one\ntwo\nafter\n");
    close_listener(reader);
}

static void test_a_truncation_that_only_a_writer_saw_is_told_to_readers(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    append(reader->network, "one\n");
    read_all(reader);
    struct file_network *writer = open_network(place->path);
    assert_int_equal(truncate(place->path, 0), 0);
    append(writer, "longer than before\n");
    read_all(reader);
    assert_string_equal(reader->text, "one\nlonger than before\n");
    assert_int_equal(reader->notices, 1);
    file_network_close(writer);
    close_listener(reader);
}

static void test_goes_on_after_deletion(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    append(reader->network, "one\n");
    assert_int_equal(unlink(place->path), 0);
    wait_for_lines(reader, 1);
    assert_int_equal(reader->notices, 1);
    read_all(reader);
    assert_false(is_ready(reader->network, 0));
    assert_goes_on(place, reader, "was deleted");
    assert_string_equal(reader->text, "one\nafter\n");
    close_listener(reader);
}

static void test_goes_on_after_replacement(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    append(reader->network, "one\n");
    char *other = support_path(place->folder, "other");
    support_write_file(other, BYTES_LITERAL("two\n"));
    assert_int_equal(rename(other, place->path), 0);
    read_all(reader);
    assert_goes_on(place, reader, "was replaced");
    assert_string_equal(reader->text, "one\ntwo\nafter\n");
    free(other);
    close_listener(reader);
}

static void test_a_later_incident_is_told_again(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    for (size_t i = 1; i <= 3; i++) {
        append(reader->network, "one\n");
        read_all(reader);
        assert_int_equal(unlink(place->path), 0);
        read_all(reader);
        assert_int_equal(reader->notices, i);
        append(reader->network, "one\n");
        read_all(reader);
        assert_int_equal(reader->notices, i);
    }
    assert_int_equal(reader->lines, 6);
    close_listener(reader);
}

static void test_garbage_is_delivered_as_lines(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    int fd = open(place->path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "\0\xff\n\n\t\t\x80garbage", 14), 14);
    close(fd);
    append(reader->network, "whole\n");
    read_all(reader);
    assert_int_equal(reader->lines, 3);
    assert_non_null(memmem(reader->text, reader->size, "garbage\nwhole\n", 14));
    close_listener(reader);
}

static void test_a_directory_in_place_of_the_file_is_told_once(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    struct file_network_error error;
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(mkdir(place->path, 0700), 0);
    assert_false(file_network_append(reader->network, BYTES_LITERAL("one\n"), &error));
    assert_non_null(strstr(error.text, "not a regular file"));
    read_all(reader);
    read_all(reader);
    assert_int_equal(reader->notices, 1);
    assert_int_equal(rmdir(place->path), 0);
    append(reader->network, "two\n");
    read_all(reader);
    assert_string_equal(reader->text, "two\n");
    close_listener(reader);
}

// ---- going on at a place that was kept ---------------------------------------------------------

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

static void test_new_claims_and_another_file_are_read_from_the_start(void **state) {
    struct place *place = *state;
    append_foreign(place->path, "line 0000\nline 0001\n");
    struct file_network_position position = read_some(place->path, 1);
    char *away = support_path(place->folder, "elsewhere");
    assert_int_equal(rename(place->path, away), 0);
    assert_int_equal(unlink(place->claims), 0);
    append_foreign(place->path, "line 0002\nline 0003\n");
    struct listener *reader = listen_from(place->path, &position);
    assert_heard_numbers(reader, 2, 4);
    assert_int_equal(reader->notices, 1);
    free(away);
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
        TEST(test_a_reader_behind_by_several_rotations_loses_nothing),
        TEST(test_old_files_are_removed_and_who_is_too_late_is_told_once),
        TEST(test_files_of_others_are_not_removed),
        TEST(test_a_late_line_in_the_rotated_file_is_read),
        TEST(test_a_rotation_that_was_cut_short_is_completed),
        TEST(test_goes_on_after_truncation),
        TEST(test_a_truncation_that_only_a_writer_saw_is_told_to_readers),
        TEST(test_goes_on_after_deletion),
        TEST(test_goes_on_after_replacement),
        TEST(test_a_later_incident_is_told_again),
        TEST(test_garbage_is_delivered_as_lines),
        TEST(test_a_directory_in_place_of_the_file_is_told_once),
        TEST(test_goes_on_behind_what_was_read),
        TEST(test_goes_on_in_files_that_were_rotated_away),
        TEST(test_any_line_of_any_file_can_be_gone_on_from),
        TEST(test_a_place_that_is_gone_is_told_and_the_oldest_taken),
        TEST(test_a_truncated_file_is_read_from_its_start),
        TEST(test_a_truncation_seen_by_others_is_told_though_it_has_grown_again),
        TEST(test_a_replaced_file_is_read_from_its_start),
        TEST(test_new_claims_leave_the_place_in_the_present_file),
        TEST(test_new_claims_and_another_file_are_read_from_the_start),
        TEST(test_what_is_appended_stands_behind_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
