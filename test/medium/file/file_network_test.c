// The file network as its users see it: appending and reading, no room, only looking, errors. See
// also line_reader_test.c (rotation, what others do to the file), address_claims_test.c and
// network_writer_test.c.

#include "medium/file/network_support.h"

#include <sched.h>
#include <sys/mount.h>

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

static void test_knows_when_all_is_read_and_makes_nothing_for_that(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    struct file_network *writer = open_network(place->path);
    assert_true(file_network_is_read(reader->network));
    append(writer, "one\n");
    assert_false(file_network_is_read(reader->network));
    read_all(reader);
    assert_true(file_network_is_read(reader->network));
    assert_int_equal(unlink(place->path), 0);
    assert_false(file_network_is_read(reader->network));
    assert_int_equal(access(place->path, F_OK), -1);
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

static void hear_line_and_pause(void *context, struct bytes line) {
    struct listener *listener = context;
    hear_line(listener, line);
    file_network_pause(listener->network);
}

static void test_a_callback_may_end_the_reading(void **state) {
    struct place *place = *state;
    struct listener *reader = open_listener(place->path);
    struct file_network_events events = {reader, hear_line_and_pause, hear_notice};
    append(reader->network, "one\ntwo\nthree\n");
    assert_true(file_network_read(reader->network, 100, NOW, &events));
    assert_string_equal(reader->text, "one\n");
    assert_true(file_network_check(reader->network, 100, NOW, &events));
    assert_string_equal(reader->text, "one\ntwo\n");
    read_all(reader);
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

// ---- no room -----------------------------------------------------------------------------------

static void fill_with_lines(char *batch, size_t size) {
    for (size_t i = 0; i < size; i++) {
        batch[i] = "line 0000\n"[i % 10];
    }
}

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
    fill_with_lines(batch, 40000);
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

enum { NO_SMALL_DISK = 77, BATCH = 5000 };

static unsigned append_until_full(struct file_network *network, struct file_network_error *error) {
    char batch[BATCH];
    fill_with_lines(batch, BATCH);
    unsigned batches = 0;
    while (batches < 1000 && file_network_append(network, bytes_make(batch, BATCH), error)) {
        batches++;
    }
    return batches;
}

static bool write_text(const char *path, const char *text) {
    int fd = open(path, O_WRONLY);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0) {
        close(fd);
    }
    return written;
}

// Mounts of its own for this process: root simply has them, others in a user namespace in which
// they are root.
static bool separate_mounts(void) {
    if (geteuid() == 0) {
        return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    }
    char users[32];
    char groups[32];
    (void)snprintf(users, sizeof users, "0 %u 1", geteuid());
    (void)snprintf(groups, sizeof groups, "0 %u 1", getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_text("/proc/self/uid_map", users) &&
           write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/gid_map", groups);
}

// On a disk of its own, of 256 KiB, which disappears with the process.
static int fill_a_small_disk(void *context, int in, int out) {
    struct place *place = context;
    (void)in;
    (void)out;
    if (!separate_mounts() || mount("none", place->folder, "tmpfs", 0, "size=256k") != 0) {
        return NO_SMALL_DISK;
    }
    struct file_network_error error = {{0}};
    char *filler = support_path(place->folder, "filler");
    struct file_network *network =
        file_network_open(&(struct file_network_options){.path = place->path}, &error);
    int fd = open(filler, O_WRONLY | O_CREAT, 0600);
    if (network == NULL || fallocate(fd, 0, 0, 64 * 1024) != 0) {
        return 2;
    }
    struct listener *reader = listen_on(network);
    size_t batches = append_until_full(network, &error);
    bool told = strstr(error.text, "No space left on device; make room") != NULL;
    (void)unlink(filler);
    close(fd);
    size_t more = append_until_full(network, &error);
    read_all(reader);
    bool whole = reader->lines == (batches + more) * (BATCH / 10) && reader->longest == 9 &&
                 reader->notices == 0;
    free(filler);
    close_listener(reader);
    return batches > 0 && told && more > 0 && whole ? 0 : 3;
}

static void test_a_full_disk_is_told_and_leaves_whole_lines(void **state) {
    struct worker worker = start_worker(fill_a_small_disk, *state);
    int result = finish_worker(&worker);
    if (result == NO_SMALL_DISK) {
        skip(); // mounting is not allowed here
    }
    assert_int_equal(result, 0);
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
    assert_cannot_open(nowhere, false, "folder does not exist");
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

// What our own link leads to is the network, with everything that stands beside it.
static void test_a_link_is_resolved_to_the_file_itself(void **state) {
    struct place *place = *state;
    char *folder = support_path(place->folder, "folder");
    char *network = support_path(folder, "real");
    char *claims = support_path(folder, "real.claims");
    assert_int_equal(mkdir(folder, 0700), 0);
    support_write_file(network, BYTES_LITERAL(""));
    assert_int_equal(symlink("folder/real", place->path), 0);
    struct listener *direct = open_listener(network);
    struct listener *linked = open_listener(place->path);
    append(linked->network, "one\n");
    append(direct->network, "two\n");
    wait_for_lines(linked, 2);
    wait_for_lines(direct, 2);
    assert_int_equal(access(claims, F_OK), 0);
    assert_int_equal(count_files(place->folder), 2);
    close_listener(linked);
    close_listener(direct);
    free(claims);
    free(network);
    free(folder);
}

static void test_nothing_is_made_through_a_link(void **state) {
    struct place *place = *state;
    char *claims = support_path(place->folder, "network.claims");
    char *victim = support_path(place->folder, "victim");
    assert_int_equal(symlink("victim", place->path), 0);
    assert_cannot_open(place->path, false, "symbolic link");
    assert_cannot_open(place->path, true, "symbolic link");
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(symlink("victim", claims), 0);
    assert_cannot_open(place->path, false, "symbolic link");
    assert_int_not_equal(access(victim, F_OK), 0);
    free(victim);
    free(claims);
}

// Put there while the network is in use, at the moment of rotation or before.
static void test_a_link_in_the_place_of_the_network_is_not_written_to(void **state) {
    struct place *place = *state;
    struct file_network_error error;
    char *victim = support_path(place->folder, "victim");
    support_write_file(victim, BYTES_LITERAL("precious\n"));
    struct file_network *network =
        open_with((struct file_network_options){.path = place->path, .rotate_bytes = 4, .keep = 2});
    append(network, "one\n");
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(symlink("victim", place->path), 0);
    assert_false(file_network_append(network, BYTES_LITERAL("two\n"), &error));
    assert_non_null(strstr(error.text, "remove it"));
    assert_int_equal(unlink(place->path), 0);
    append(network, "two\n");
    char *content = support_read_file(victim, NULL);
    assert_string_equal(content, "precious\n");
    free(content);
    free(victim);
    file_network_close(network);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_appended_is_read_by_everyone),
        TEST(test_wakes_when_something_comes_and_is_quiet_otherwise),
        TEST(test_knows_when_all_is_read_and_makes_nothing_for_that),
        TEST(test_says_that_more_is_waiting),
        TEST(test_a_callback_may_end_the_reading),
        TEST(test_reads_from_the_start_on_request),
        TEST(test_a_line_is_delivered_when_it_is_complete),
        TEST(test_a_torn_end_of_another_make_does_not_spoil_a_line),
        TEST(test_an_over_long_line_is_cut_and_the_next_is_whole),
        TEST(test_a_short_write_leaves_no_torn_line),
        TEST(test_a_full_disk_is_told_and_leaves_whole_lines),
        TEST(test_looking_leaves_no_trace_and_follows),
        TEST(test_looking_recovers_where_nobody_registers_anything),
        TEST(test_what_cannot_be_opened_is_explained),
        TEST(test_a_link_is_resolved_to_the_file_itself),
        TEST(test_nothing_is_made_through_a_link),
        TEST(test_a_link_in_the_place_of_the_network_is_not_written_to),
        TEST(test_a_folder_without_permission_can_only_be_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
