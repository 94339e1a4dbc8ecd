// Folders among the operands of watch.
#include "support.h"

#include "watch/watch_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int set_up(void **state) {
    *state = support_make_folder();
    return 0;
}

static int tear_down(void **state) {
    support_remove_folder(*state);
    return 0;
}

static void make(const char *folder, const char *name) {
    char *path = support_path(folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    free(path);
}

static void assert_path(const struct watch_files *files, size_t i, const char *folder,
                        const char *name) {
    char *path = support_path(folder, name);
    assert_true(i < files->count);
    assert_string_equal(files->paths[i], path);
    free(path);
}

static void a_folder_stands_for_what_can_be_shown_in_it(void **state) {
    const char *folder = *state;
    struct watch_files files;
    const char *const operands[] = {"network", folder, "tap.pcapng"};
    make(folder, "town.pcapng");
    make(folder, "farm.network");
    make(folder, "notes.txt");
    make(folder, ".network"); // a name in front is needed
    make(folder, "network");
    assert_true(watch_folder_expand(operands, 3, &files));
    assert_int_equal(files.count, 4);
    assert_string_equal(files.paths[0], "network"); // as it was given, there or not
    assert_path(&files, 1, folder, "farm.network");
    assert_path(&files, 2, folder, "town.pcapng");
    assert_string_equal(files.paths[3], "tap.pcapng");
    watch_folder_free(&files);
}

static void a_folder_without_any_is_told(void **state) {
    const char *folder = *state;
    struct watch_files files;
    const char *const operands[] = {folder};
    make(folder, "notes.txt");
    assert_false(watch_folder_expand(operands, 1, &files));
    assert_int_equal(files.count, 0);
    watch_folder_free(&files);
}

static void nothing_is_none(void **state) {
    struct watch_files files;
    (void)state;
    assert_true(watch_folder_expand(NULL, 0, &files));
    assert_int_equal(files.count, 0);
    watch_folder_free(&files);
}

#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_folder_stands_for_what_can_be_shown_in_it),
        FOLDER_TEST(a_folder_without_any_is_told),
        FOLDER_TEST(nothing_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
