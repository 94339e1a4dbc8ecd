#include "support.h"

#include "shell/terminal/history_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

struct fixture {
    char *folder;
    char path[PATH_MAX];
    struct memory memory;
    struct buffer got;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    fixture->folder = support_make_folder();
    memory_init(&fixture->memory);
    buffer_init(&fixture->got, &fixture->memory);
    setenv("XDG_STATE_HOME", fixture->folder, 1);
    assert_true(history_file_path("client", fixture->path));
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    buffer_deinit(&fixture->got);
    support_remove_folder(fixture->folder);
    test_free(fixture);
    return 0;
}

static void take(void *context, const char *line) {
    struct fixture *fixture = context;
    buffer_append_text(&fixture->got, line);
    buffer_append_text(&fixture->got, "\n");
}

static void assert_kept(struct fixture *fixture, const char *lines) {
    fixture->got.size = 0;
    history_file_read(fixture->path, fixture, take);
    assert_bytes_equal(buffer_bytes(&fixture->got), bytes_of_text(lines));
}

static void keeps_lines_in_a_file_of_its_owner(void **state) {
    struct fixture *fixture = *state;
    struct stat status;
    assert_kept(fixture, "");
    history_file_add(fixture->path, BYTES_LITERAL("conn 83"));
    history_file_add(fixture->path, BYTES_LITERAL("publ temp 21"));
    assert_kept(fixture, "conn 83\npubl temp 21\n");
    assert_int_equal(stat(fixture->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void leaves_out_secrets_and_what_cannot_be_a_line(void **state) {
    struct fixture *fixture = *state;
    static const char *const lines[] = {"", " conn", "publ a my PassWord", "a\nb", "passwords"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        history_file_add(fixture->path, bytes_of_text(lines[i]));
    }
    history_file_add(fixture->path, BYTES_LITERAL("a\0b"));
    char *large = calloc(1, 100000);
    memset(large, 'x', 99999);
    history_file_add(fixture->path, bytes_of_text(large));
    free(large);
    assert_kept(fixture, "");
}

static void stays_small(void **state) {
    struct fixture *fixture = *state;
    struct stat status;
    char line[1024];
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(line, sizeof line, "publ temp %0500d", i);
        history_file_add(fixture->path, bytes_of_text(line));
        assert_int_equal(stat(fixture->path, &status), 0);
        assert_true(status.st_size < 70000);
    }
    fixture->got.size = 0;
    history_file_read(fixture->path, fixture, take);
    (void)snprintf(line, sizeof line, "publ temp %0500d\n", 999);
    assert_true(fixture->got.size > 10000);
    assert_bytes_equal(
        bytes_make(fixture->got.data + fixture->got.size - strlen(line), strlen(line)),
        bytes_of_text(line));
    assert_int_equal(fixture->got.data[0], 'p'); // whole lines
}

static void follows_no_link(void **state) {
    struct fixture *fixture = *state;
    char *victim = support_path(fixture->folder, "victim");
    support_write_file(victim, BYTES_LITERAL("mine\n"));
    assert_int_equal(symlink(victim, fixture->path), 0);
    history_file_add(fixture->path, BYTES_LITERAL("conn 83"));
    size_t size;
    char *content = support_read_file(victim, &size);
    assert_bytes_equal(bytes_make(content, size), BYTES_LITERAL("mine\n"));
    free(content);
    free(victim);
}

static void without_a_home_there_is_none(void **state) {
    (void)state;
    char path[PATH_MAX];
    setenv("XDG_STATE_HOME", "relative", 1);
    unsetenv("HOME");
    assert_false(history_file_path("client", path));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(keeps_lines_in_a_file_of_its_owner),
        TEST(leaves_out_secrets_and_what_cannot_be_a_line),
        TEST(stays_small),
        TEST(follows_no_link),
        TEST(without_a_home_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
