#include "support.h"

#include "store/sqlite_file.h"

#include <stdlib.h>
#include <sys/stat.h>

static void file_systems_of_other_machines_are_known(void **state) {
    (void)state;
    assert_string_equal(sqlite_file_remote_kind(0x6969), "NFS");
    assert_string_equal(sqlite_file_remote_kind(0xff534d42), "SMB");
    assert_string_equal(sqlite_file_remote_kind(0xffffffffff534d42), "SMB"); // of a signed type
    assert_null(sqlite_file_remote_kind(0xef53));                            // ext4
    assert_null(sqlite_file_remote_kind(0x01021994));                        // tmpfs
}

// SQLite takes some names for something other than files.
static void a_path_begins_as_a_path(void **state) {
    (void)state;
    char *path = sqlite_file_path(":memory:");
    assert_string_equal(path, "./:memory:");
    free(path);
    path = sqlite_file_path("/a/b");
    assert_string_equal(path, "/a/b");
    free(path);
}

static void a_new_file_is_for_its_owner_only(void **state) {
    (void)state;
    char *folder = support_make_folder();
    char *path = support_path(folder, "new.db");
    struct store_error error;
    struct stat status;
    assert_true(sqlite_file_create("store ", "new.db", path, &error));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_false(sqlite_file_create("store ", "null", "/dev/null", &error));
    assert_non_null(strstr(error.text, "store null: is not a file; name a file"));
    free(path);
    support_remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_systems_of_other_machines_are_known),
        cmocka_unit_test(a_path_begins_as_a_path),
        cmocka_unit_test(a_new_file_is_for_its_owner_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
