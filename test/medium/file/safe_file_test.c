// Files are opened without following links that somebody else could have put there.
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "medium/file/safe_file.h"

#define ANOTHER_USER 12345

struct place {
    char *folder;
    char *victim; // a file with contents
    char *name;   // what is opened
};

static int set_up(void **state) {
    struct place *place = calloc(1, sizeof *place);
    place->folder = support_make_folder();
    place->victim = support_path(place->folder, "victim");
    place->name = support_path(place->folder, "name");
    support_write_file(place->victim, BYTES_LITERAL("precious"));
    *state = place;
    return 0;
}

static int tear_down(void **state) {
    struct place *place = *state;
    char *content = support_read_file(place->victim, NULL);
    assert_string_equal(content, "precious");
    free(content);
    support_remove_folder(place->folder);
    free(place->victim);
    free(place->name);
    free(place);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void assert_resolves(const char *path, const char *expected) {
    char found[PATH_MAX];
    assert_true(safe_file_resolve(path, found));
    assert_string_equal(found, expected);
}

static void assert_refused(const char *path, int reason) {
    char found[PATH_MAX];
    assert_false(safe_file_resolve(path, found));
    assert_int_equal(errno, reason);
}

static void test_a_name_without_links_stays(void **state) {
    struct place *place = *state;
    assert_resolves(place->name, place->name); // to be created
    assert_resolves(place->victim, place->victim);
    assert_resolves(place->folder, place->folder);
    assert_resolves("safe_file_that_is_not_there", "safe_file_that_is_not_there");
    char *below = support_path(place->folder, "none/name");
    assert_resolves(below, below); // opening it tells what is wrong
    free(below);
}

static void test_our_own_links_are_followed_to_what_is_there(void **state) {
    struct place *place = *state;
    char *second = support_path(place->folder, "second");
    assert_int_equal(symlink("victim", place->name), 0);
    assert_int_equal(symlink(place->name, second), 0);
    assert_resolves(place->name, place->victim);
    assert_resolves(second, place->victim);
    free(second);
}

static void test_links_that_lead_nowhere_are_refused(void **state) {
    struct place *place = *state;
    assert_int_equal(symlink("absent", place->name), 0);
    assert_refused(place->name, ELOOP);
    assert_int_equal(unlink(place->name), 0);
    assert_int_equal(symlink("name", place->name), 0); // to itself
    assert_refused(place->name, ELOOP);
    assert_non_null(strstr(safe_file_reason(ELOOP), "symbolic link"));
}

static void test_a_link_of_another_user_is_refused(void **state) {
    struct place *place = *state;
    if (geteuid() != 0) {
        skip(); // only root can make one
    }
    assert_int_equal(symlink("victim", place->name), 0);
    assert_int_equal(lchown(place->name, ANOTHER_USER, ANOTHER_USER), 0);
    assert_refused(place->name, ELOOP);
}

static void test_names_are_bounded(void **state) {
    struct place *place = *state;
    char path[PATH_MAX + 2];
    char target[PATH_MAX - 1];
    memset(path, 'x', sizeof path);
    path[PATH_MAX] = '\0';
    assert_refused(path, ENAMETOOLONG);
    memset(target, '/', sizeof target);
    target[sizeof target - 1] = '\0';
    assert_int_equal(symlink(target + 4, place->name), 0);
    char found[PATH_MAX];
    assert_true(safe_file_resolve(place->name, found));
    assert_int_equal(unlink(place->name), 0);
    memset(target, 'x', sizeof target - 1); // with the folder before it, it is too long
    if (symlink(target, place->name) == 0) {
        assert_refused(place->name, ENAMETOOLONG);
    }
}

static void test_nothing_is_opened_through_a_link(void **state) {
    struct place *place = *state;
    static const int flags[] = {O_RDONLY, O_RDWR, O_RDWR | O_CREAT, O_RDWR | O_CREAT | O_TRUNC};
    assert_int_equal(symlink("victim", place->name), 0);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        assert_int_equal(safe_file_open(place->name, flags[i], 0600), -1);
        assert_int_equal(errno, ELOOP);
    }
    assert_int_equal(unlink(place->name), 0);
    assert_int_equal(symlink("absent", place->name), 0);
    assert_int_equal(safe_file_open(place->name, O_RDWR | O_CREAT, 0600), -1);
    char *absent = support_path(place->folder, "absent");
    assert_int_not_equal(access(absent, F_OK), 0);
    free(absent);
}

static void test_only_regular_files_are_opened(void **state) {
    struct place *place = *state;
    assert_int_equal(mkfifo(place->name, 0600), 0);
    assert_int_equal(safe_file_open(place->name, O_RDONLY, 0), -1); // and nobody is waited for
    assert_int_equal(errno, EMEDIUMTYPE);
    assert_int_equal(safe_file_open("/dev/null", O_RDWR, 0), -1);
    assert_string_equal(safe_file_reason(EMEDIUMTYPE), "it is no regular file");
    assert_string_equal(safe_file_reason(ENOENT), strerror(ENOENT));
}

static void test_what_is_created_is_new(void **state) {
    struct place *place = *state;
    assert_int_equal(symlink("victim", place->name), 0);
    for (int i = 0; i < 2; i++) { // instead of the link, then of a file
        int fd = safe_file_create(place->name, O_RDWR, 0600);
        struct stat status;
        assert_true(fd >= 0);
        assert_int_equal(fstat(fd, &status), 0);
        assert_int_equal(status.st_size, 0);
        assert_int_equal(write(fd, "new", 3), 3);
        close(fd);
    }
    assert_int_equal(safe_file_create("/", O_RDWR, 0600), -1);
}

static void test_tells_whose_a_file_is(void **state) {
    struct place *place = *state;
    int fd = safe_file_open(place->victim, O_RDONLY, 0);
    assert_true(safe_file_is_own(fd));
    assert_int_equal(fchmod(fd, 0640), 0);
    assert_false(safe_file_is_open_to_others(fd));
    assert_int_equal(fchmod(fd, 0644), 0);
    assert_true(safe_file_is_open_to_others(fd));
    if (geteuid() == 0) {
        assert_int_equal(fchown(fd, ANOTHER_USER, ANOTHER_USER), 0);
        assert_false(safe_file_is_own(fd));
    }
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_name_without_links_stays),
        TEST(test_our_own_links_are_followed_to_what_is_there),
        TEST(test_links_that_lead_nowhere_are_refused),
        TEST(test_a_link_of_another_user_is_refused),
        TEST(test_names_are_bounded),
        TEST(test_nothing_is_opened_through_a_link),
        TEST(test_only_regular_files_are_opened),
        TEST(test_what_is_created_is_new),
        TEST(test_tells_whose_a_file_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
