// Following the file from epoch to epoch: rotation, and what people and other programs do to it.

#include "network_support.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_reader_behind_by_several_rotations_loses_nothing),
        TEST(test_old_files_are_removed_and_who_is_too_late_is_told_once),
        TEST(test_a_late_line_in_the_rotated_file_is_read),
        TEST(test_a_rotation_that_was_cut_short_is_completed),
        TEST(test_goes_on_after_truncation),
        TEST(test_a_truncation_that_only_a_writer_saw_is_told_to_readers),
        TEST(test_goes_on_after_deletion),
        TEST(test_goes_on_after_replacement),
        TEST(test_a_later_incident_is_told_again),
        TEST(test_garbage_is_delivered_as_lines),
        TEST(test_a_directory_in_place_of_the_file_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
