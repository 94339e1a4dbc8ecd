// The file network as its users see it: appending, following, rotation, recovery, errors. What
// concerns addresses is in address_claims_test.c.

#include "network_support.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct place {
    char *folder;
    char *path;
};

static int set_up(void **state) {
    struct place *place = malloc(sizeof *place);
    place->folder = support_make_folder();
    place->path = support_path(place->folder, "network");
    *state = place;
    return 0;
}

static int tear_down(void **state) {
    struct place *place = *state;
    support_remove_folder(place->folder);
    free(place->path);
    free(place);
    return 0;
}

static struct file_network *open_with(struct file_network_options options) {
    struct file_network_error error = {{0}};
    struct file_network *network = file_network_open(&options, &error);
    if (network == NULL) {
        print_error("%s\n", error.text);
    }
    assert_non_null(network);
    return network;
}

static void test_what_is_appended_is_read_by_everyone(void **state) {
    struct place *place = *state;
    struct listener *a = open_listener(place->path);
    append(a->network, "one\n");
    struct listener *b = open_listener(place->path);
    append(a->network, "two\nthree\n");
    append(b->network, "four\n");
    wait_for_lines(a, 4);
    wait_for_lines(b, 3);
    assert_string_equal(a->text, "one\ntwo\nthree\nfour\n");
    assert_string_equal(b->text, "two\nthree\nfour\n");
    assert_int_equal(a->notices + b->notices, 0);
    close_listener(a);
    close_listener(b);
}

static void test_wakes_when_something_comes_and_is_quiet_otherwise(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    struct file_network *writer = open_network(place->path);
    read_all(reader);
    assert_false(is_ready(reader->network, 0));
    append(writer, "one\n");
    assert_true(is_ready(reader->network, WAIT_MS));
    read_all(reader);
    assert_false(is_ready(reader->network, 0));
    assert_int_equal(reader->lines, 1);
    file_network_close(writer);
    close_listener(reader);
}

static void test_says_that_more_is_waiting(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    struct file_network_events events = events_of(reader);
    append(reader->network, "one\ntwo\nthree\n");
    assert_true(file_network_read(reader->network, 2, NOW, &events));
    assert_string_equal(reader->text, "one\ntwo\n");
    assert_false(file_network_read(reader->network, 2, NOW, &events));
    assert_string_equal(reader->text, "one\ntwo\nthree\n");
    close_listener(reader);
}

static void test_reads_from_the_start_on_request(void **state) {
    struct place *place = *state;
    support_write_file(place->path, BYTES_LITERAL("one\n\ntwo\n"));
    struct listener *reader = listen_on(
        open_with((struct file_network_options){.path = place->path, .from_start = true}));
    read_all(reader);
    assert_string_equal(reader->text, "one\ntwo\n");
    close_listener(reader);
}

static void test_a_line_is_delivered_when_it_is_complete(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    append_foreign(place->path, "on");
    read_all(reader);
    assert_int_equal(reader->lines, 0);
    append_foreign(place->path, "e\ntw");
    wait_for_lines(reader, 1);
    append_foreign(place->path, "o\n");
    wait_for_lines(reader, 2);
    assert_string_equal(reader->text, "one\ntwo\n");
    close_listener(reader);
}

static void test_a_torn_end_of_another_make_does_not_spoil_a_line(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    append_foreign(place->path, "torn");
    append(reader->network, "whole\n");
    read_all(reader);
    assert_string_equal(reader->text, "torn\nwhole\n");
    // Who comes in the middle of it is not given the rest.
    append_foreign(place->path, "to");
    struct listener *late = open_listener(place->path);
    append_foreign(place->path, "rn\nnext\n");
    read_all(late);
    assert_string_equal(late->text, "next\n");
    close_listener(late);
    close_listener(reader);
}

static void test_an_over_long_line_is_cut_and_the_next_is_whole(void **state) {
    struct place *place = *state;
    enum { LONG = 1 << 20 };
    struct listener *reader = open_listener(place->path);
    char *text = malloc(LONG + 1);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    append_foreign(place->path, text);
    read_all(reader);
    append_foreign(place->path, text);
    append_foreign(place->path, "\nnext\n");
    read_all(reader);
    assert_int_equal(reader->lines, 2);
    assert_int_equal(reader->longest, 65537);
    assert_string_equal(reader->text, "next\n");
    // The longest that is no fault: 64 KiB with its LF.
    reader->longest = 0;
    text[65535] = '\n';
    text[65536] = '\0';
    append(reader->network, text);
    read_all(reader);
    assert_int_equal(reader->lines, 3);
    assert_int_equal(reader->longest, 65535);
    assert_int_equal(reader->notices, 0);
    free(text);
    close_listener(reader);
}

// ---- rotation ----------------------------------------------------------------------------------

static size_t count_files(const char *folder) {
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    size_t count = 0;
    struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(entries);
    return count;
}

// Each append of 10 bytes begins a new file.
static void append_numbers(struct file_network *network, unsigned from, unsigned to) {
    for (unsigned i = from; i < to; i++) {
        char line[16];
        (void)snprintf(line, sizeof line, "line %04u\n", i);
        append(network, line);
    }
}

static void assert_heard_numbers(const struct listener *listener, unsigned from, unsigned to) {
    assert_int_equal(listener->lines, to - from);
    for (unsigned i = from; i < to; i++) {
        unsigned number = 10000;
        assert_int_equal(sscanf(listener->text + 10 * (i - from), "line %u", &number), 1);
        assert_int_equal(number, i);
    }
}

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

// ---- many at once ------------------------------------------------------------------------------

enum { CROWD = 8, LINES_EACH = 5000 };

struct crowd_member {
    const char *path;
    unsigned number;
};

struct tally {
    unsigned next[CROWD];
    unsigned lines;
    unsigned faults;
};

static void count_line(void *context, struct bytes line) {
    struct tally *tally = context;
    unsigned writer = CROWD;
    unsigned number = 0;
    char text[64];
    (void)snprintf(text, sizeof text, "%.*s", (int)line.size, (const char *)line.data);
    bool good = sscanf(text, "writer %u line %u.", &writer, &number) == 2 && writer < CROWD &&
                tally->next[writer]++ == number;
    tally->faults += !good;
    tally->lines++;
}

static void count_notice(void *context, const char *text) {
    struct tally *tally = context;
    tally->faults++;
    (void)fprintf(stderr, "unexpected notice: %s\n", text);
}

static bool append_some(struct file_network *network, unsigned writer, unsigned *line) {
    char batch[4096];
    size_t size = 0;
    unsigned count = 1 + (*line * 7 + writer) % 50;
    for (; count > 0 && *line < LINES_EACH; count--, ++*line) {
        size += (size_t)snprintf(batch + size, sizeof batch - size, "writer %u line %u.\n", writer,
                                 *line);
    }
    struct file_network_error error;
    return size == 0 || file_network_append(network, bytes_make(batch, size), &error);
}

// Writes its lines and reads everyone's, at the same time.
static int be_one_of_the_crowd(void *context, int in, int out) {
    const struct crowd_member *self = context;
    struct file_network_error error;
    struct file_network *network = file_network_open(
        &(struct file_network_options){.path = self->path, .rotate_bytes = 65536, .keep = 60},
        &error);
    say(out);
    if (network == NULL || !await(in)) {
        return 2;
    }
    struct tally tally = {.lines = 0};
    struct file_network_events events = {&tally, count_line, count_notice};
    unsigned line = 0;
    while (tally.lines < CROWD * LINES_EACH) {
        bool more = file_network_read(network, 1000, NOW, &events);
        if (!append_some(network, self->number, &line)) {
            return 3;
        }
        if (!more && line == LINES_EACH && tally.lines < CROWD * LINES_EACH &&
            !is_ready(network, WAIT_MS)) {
            return 4;
        }
    }
    file_network_close(network);
    return tally.faults == 0 && tally.lines == CROWD * LINES_EACH ? 0 : 5;
}

static void test_a_crowd_loses_nothing_and_keeps_each_writers_order(void **state) {
    struct place *place = *state;
    struct crowd_member members[CROWD];
    struct worker workers[CROWD];
    for (unsigned i = 0; i < CROWD; i++) {
        members[i] = (struct crowd_member){place->path, i};
        workers[i] = start_worker(be_one_of_the_crowd, &members[i]);
        assert_true(await(workers[i].from));
    }
    for (unsigned i = 0; i < CROWD; i++) {
        say(workers[i].to);
    }
    for (unsigned i = 0; i < CROWD; i++) {
        assert_int_equal(finish_worker(&workers[i]), 0);
    }
    assert_true(count_files(place->folder) > 10); // it was rotated
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

// ---- no room -----------------------------------------------------------------------------------

static int write_beyond_the_limit(void *context, int in, int out) {
    const char *path = context;
    (void)in;
    (void)out;
    (void)signal(SIGXFSZ, SIG_IGN);
    struct file_network_error error;
    struct file_network *network =
        file_network_open(&(struct file_network_options){.path = path}, &error);
    struct rlimit limit = {100 * 1024, 100 * 1024};
    if (network == NULL || setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return 2;
    }
    char *batch = malloc(40000);
    for (size_t i = 0; i < 40000; i += 10) {
        memcpy(batch + i, "line 0000\n", 10);
    }
    unsigned appended = 0;
    while (appended < 10 && file_network_append(network, bytes_make(batch, 40000), &error)) {
        appended++;
    }
    free(batch);
    bool told = strstr(error.text, "nothing was appended") != NULL;
    // At the limit the very first byte is refused.
    bool refused = !file_network_append(network, BYTES_LITERAL("x\n"), &error);
    file_network_close(network);
    return appended == 2 && told && refused ? 0 : 3;
}

static void test_a_short_write_leaves_no_torn_line(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    struct worker worker = start_worker(write_beyond_the_limit, place->path);
    assert_int_equal(finish_worker(&worker), 0);
    read_all(reader);
    assert_int_equal(reader->lines, 8000);
    append(reader->network, "after\n");
    reader->size = 0;
    read_all(reader);
    assert_string_equal(reader->text, "after\n");
    assert_int_equal(reader->notices, 0);
    close_listener(reader);
}

// ---- only looking, and what cannot be opened --------------------------------------------------

static void assert_cannot_open(const char *path, bool read_only, const char *part_of_error) {
    struct file_network_error error = {{0}};
    struct file_network_options options = {.path = path, .read_only = read_only};
    assert_null(file_network_open(&options, &error));
    if (strstr(error.text, part_of_error) == NULL) {
        print_error("'%s' lacks '%s'\n", error.text, part_of_error);
        fail();
    }
}

static void test_looking_leaves_no_trace_and_follows(void **state) {
    struct place *place = *state;
    assert_cannot_open(place->path, true, "No such file");
    append_foreign(place->path, "line 0000\n");
    struct listener *reader = listen_on(open_with(
        (struct file_network_options){.path = place->path, .read_only = true, .from_start = true}));
    read_all(reader);
    assert_int_equal(count_files(place->folder), 1);
    struct file_network_error error;
    uint32_t address = 0;
    assert_false(file_network_append(reader->network, BYTES_LITERAL("x\n"), &error));
    assert_false(file_network_claim(reader->network, &address, "client", NOW, &error));

    struct file_network *writer = open_with(
        (struct file_network_options){.path = place->path, .rotate_bytes = 20, .keep = 9});
    append_numbers(writer, 1, 2);
    wait_for_lines(reader, 2); // so it knows of the claims file when the rotations come
    check(reader);
    append_numbers(writer, 2, 12);
    wait_for_lines(reader, 12);
    assert_heard_numbers(reader, 0, 12);
    check(reader);
    assert_int_equal(reader->notices, 0);
    file_network_close(writer);
    close_listener(reader);
}

static void test_looking_recovers_where_nobody_registers_anything(void **state) {
    struct place *place = *state;
    append_foreign(place->path, "one\n");
    struct listener *reader =
        listen_on(open_with((struct file_network_options){.path = place->path, .read_only = true}));
    assert_int_equal(truncate(place->path, 0), 0);
    append_foreign(place->path, "a\n");
    read_all(reader);
    assert_int_equal(reader->notices, 1);
    assert_int_equal(unlink(place->path), 0);
    read_all(reader);
    assert_int_equal(reader->notices, 2);
    append_foreign(place->path, "b\n");
    read_all(reader);
    assert_int_equal(reader->notices, 2);
    assert_string_equal(reader->text, "a\nb\n");
    close_listener(reader);
}

static void test_what_cannot_be_opened_is_explained(void **state) {
    struct place *place = *state;
    assert_cannot_open("", false, "name a file");
    assert_cannot_open(place->folder, false, "not a regular file");
    char *nowhere = support_path(place->folder, "missing/network");
    assert_cannot_open(nowhere, false, "folder cannot be watched: No such file");
    assert_cannot_open(nowhere, true, "No such file");
    free(nowhere);
    append_foreign(place->path, "one\n");
    char *below = support_path(place->path, "network");
    assert_cannot_open(below, false, "Not a directory");
    free(below);
    assert_int_equal(count_files(place->folder), 1); // nothing was left lying about
    char *claims = support_path(place->folder, "network.claims");
    support_write_file(claims, BYTES_LITERAL("somebody's notes"));
    assert_cannot_open(place->path, false, "not a claims file of version 1");
    assert_int_equal(count_in_file(claims, "somebody's notes"), 1);
    free(claims);
}

static int open_without_permission(void *context, int in, int out) {
    struct place *place = context;
    (void)in;
    (void)out;
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
        return 2;
    }
    struct file_network_error error = {{0}};
    struct file_network_options options = {.path = place->path};
    if (file_network_open(&options, &error) != NULL ||
        strstr(error.text, "Permission denied") == NULL ||
        strstr(error.text, "--network") == NULL) {
        return 3;
    }
    options.read_only = true;
    struct file_network *watch = file_network_open(&options, &error);
    bool opened = watch != NULL;
    file_network_close(watch);
    return opened ? 0 : 4;
}

static void test_a_folder_without_permission_can_only_be_looked_at(void **state) {
    struct place *place = *state;
    append_foreign(place->path, "one\n");
    assert_int_equal(chmod(place->path, 0444), 0);
    assert_int_equal(chmod(place->folder, 0555), 0);
    struct worker worker = start_worker(open_without_permission, place);
    assert_int_equal(finish_worker(&worker), 0);
    assert_int_equal(chmod(place->folder, 0755), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_appended_is_read_by_everyone),
        TEST(test_wakes_when_something_comes_and_is_quiet_otherwise),
        TEST(test_says_that_more_is_waiting),
        TEST(test_reads_from_the_start_on_request),
        TEST(test_a_line_is_delivered_when_it_is_complete),
        TEST(test_a_torn_end_of_another_make_does_not_spoil_a_line),
        TEST(test_an_over_long_line_is_cut_and_the_next_is_whole),
        TEST(test_a_reader_behind_by_several_rotations_loses_nothing),
        TEST(test_old_files_are_removed_and_who_is_too_late_is_told_once),
        TEST(test_a_late_line_in_the_rotated_file_is_read),
        TEST(test_a_rotation_that_was_cut_short_is_completed),
        TEST(test_a_crowd_loses_nothing_and_keeps_each_writers_order),
        TEST(test_goes_on_after_truncation),
        TEST(test_a_truncation_that_only_a_writer_saw_is_told_to_readers),
        TEST(test_goes_on_after_deletion),
        TEST(test_goes_on_after_replacement),
        TEST(test_a_later_incident_is_told_again),
        TEST(test_garbage_is_delivered_as_lines),
        TEST(test_a_directory_in_place_of_the_file_is_told_once),
        TEST(test_a_short_write_leaves_no_torn_line),
        TEST(test_looking_leaves_no_trace_and_follows),
        TEST(test_looking_recovers_where_nobody_registers_anything),
        TEST(test_what_cannot_be_opened_is_explained),
        TEST(test_a_folder_without_permission_can_only_be_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
