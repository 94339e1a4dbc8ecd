#include "support.h"

#include "session/passwords.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct place {
    char *folder;
    char *path;
};

static int set_up(void **state) {
    struct place *place = malloc(sizeof *place);
    place->folder = support_make_folder();
    place->path = support_path(place->folder, "passwords");
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

static void only_the_right_password_fits(void **state) {
    const struct place *place = *state;
    support_write_file(place->path, BYTES_LITERAL("# readers\n\nme:secret\r\nyou:a:b c\nnone:\n"
                                                  "me:second"));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    assert_true(passwords_check(passwords, BYTES_LITERAL("me:secret")));
    assert_true(passwords_check(passwords, BYTES_LITERAL("you:a:b c")));
    assert_true(passwords_check(passwords, BYTES_LITERAL("none:")));
    static const char *const wrong[] = {"me:secre",  "me:secret ", "me:",     "me",
                                        "",          ":",          "you:a",   "m:secret",
                                        "me:second", "# readers",  ":secret", "ME:secret"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(passwords_check(passwords, bytes_of_text(wrong[i])));
    }
    passwords_free(passwords);
}

static void hashed_passwords_fit_too(void **state) {
    const struct place *place = *state;
    char hash[crypto_pwhash_STRBYTES];
    char line[crypto_pwhash_STRBYTES + 16];
    assert_true(sodium_init() >= 0);
    assert_int_equal(crypto_pwhash_str(hash, "secret", 6, crypto_pwhash_OPSLIMIT_MIN,
                                       crypto_pwhash_MEMLIMIT_MIN),
                     0);
    (void)snprintf(line, sizeof line, "me:%s\n", hash);
    support_write_file(place->path, bytes_of_text(line));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    assert_true(passwords_check(passwords, BYTES_LITERAL("me:secret")));
    assert_false(passwords_check(passwords, BYTES_LITERAL("me:other")));
    line[strlen(line) - 1] = '\0'; // the hash itself is no password
    assert_false(passwords_check(passwords, bytes_of_text(line)));
    passwords_free(passwords);
}

static void an_empty_file_lets_nobody_in(void **state) {
    const struct place *place = *state;
    support_write_file(place->path, BYTES_LITERAL("# nobody yet\n"));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    assert_false(passwords_check(passwords, BYTES_LITERAL("me:secret")));
    passwords_free(passwords);
}

static void wrong_files_are_refused(void **state) {
    const struct place *place = *state;
    assert_null(passwords_load("/nowhere"));
    assert_null(passwords_load(place->folder));
    support_write_file(place->path, BYTES_LITERAL("me:x\nno colon\n"));
    assert_null(passwords_load(place->path));
    support_write_file(place->path, BYTES_LITERAL(":no user\n"));
    assert_null(passwords_load(place->path));
    passwords_free(NULL);
}

static void credentials_are_the_first_line(void **state) {
    const struct place *place = *state;
    support_write_file(place->path, BYTES_LITERAL("me:a secret:b\r\nmore\n"));
    char *credentials = passwords_read_credentials(place->path);
    assert_string_equal(credentials, "me:a secret:b");
    passwords_free_credentials(credentials);
    passwords_free_credentials(NULL);
    assert_null(passwords_read_credentials("/nowhere"));
    support_write_file(place->path, BYTES_LITERAL(""));
    assert_null(passwords_read_credentials(place->path));
    support_write_file(place->path, BYTES_LITERAL("nonsense\nme:x\n"));
    assert_null(passwords_read_credentials(place->path));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(only_the_right_password_fits),   TEST(hashed_passwords_fit_too),
        TEST(an_empty_file_lets_nobody_in),   TEST(wrong_files_are_refused),
        TEST(credentials_are_the_first_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
