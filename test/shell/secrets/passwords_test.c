#include "support.h"

#include "shell/secrets/passwords.h"

#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// RFC 7677's example: its password is "pencil".
#define VERIFIER                                    \
    "$scram-sha-256$4096$W22ZaJ0SNY7soEsUEjb6gQ=="  \
    "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=" \
    "$wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="

// As mosquitto_passwd of Mosquitto 2.0.11 writes them, each for "secret".
#define MOSQUITTO_7                                         \
    "$7$101$jQXu8LpS+OnWo/on$sKVuwX15EZ3p7XWmvWzPKN2X3KTVd" \
    "1KtoHJR1Fsk4CL3FRRESMhoUy3Fty15YQkcMktWMFQgsa0ctjKCaIdPBQ=="
#define MOSQUITTO_6                                         \
    "$6$BsCzoH/oCd8gcZw5$yzF204ri4x+rn3CJyuS8C0pQ3S37cQQAe" \
    "NFXHiuStMd6pMGh4HRW0mBC2L8hHBrccRrrl3EpQqEkxVET2eAmGg=="

struct place {
    char *folder;
    char *path;
};

// Whether "user:password" is right.
static bool is_right(const struct passwords *passwords, struct bytes credentials) {
    struct bytes user, password;
    return passwords_split(credentials, &user, &password) &&
           passwords_check_user(passwords, user, password);
}

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
    assert_true(is_right(passwords, BYTES_LITERAL("me:secret")));
    assert_true(is_right(passwords, BYTES_LITERAL("you:a:b c")));
    assert_true(is_right(passwords, BYTES_LITERAL("none:")));
    static const char *const wrong[] = {"me:secre",  "me:secret ", "me:",     "me",
                                        "",          ":",          "you:a",   "m:secret",
                                        "me:second", "# readers",  ":secret", "ME:secret"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(is_right(passwords, bytes_of_text(wrong[i])));
    }
    passwords_free(passwords);
}

static void hash_cheaply(char hash[static crypto_pwhash_STRBYTES]) {
    assert_true(sodium_init() >= 0);
    assert_int_equal(crypto_pwhash_str(hash, "secret", 6, crypto_pwhash_OPSLIMIT_MIN,
                                       crypto_pwhash_MEMLIMIT_MIN),
                     0);
}

static void hashed_passwords_fit_too(void **state) {
    const struct place *place = *state;
    char hash[crypto_pwhash_STRBYTES];
    char line[crypto_pwhash_STRBYTES + 16];
    hash_cheaply(hash);
    (void)snprintf(line, sizeof line, "me:%s\n", hash);
    support_write_file(place->path, bytes_of_text(line));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    assert_true(is_right(passwords, BYTES_LITERAL("me:secret")));
    assert_false(is_right(passwords, BYTES_LITERAL("me:other")));
    line[strlen(line) - 1] = '\0'; // the hash itself is no password
    assert_false(is_right(passwords, bytes_of_text(line)));
    passwords_free(passwords);
}

static void a_password_fits_its_verifier(void **state) {
    const struct place *place = *state;
    support_write_file(place->path, BYTES_LITERAL("me:" VERIFIER "\n"));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    assert_true(is_right(passwords, BYTES_LITERAL("me:pencil")));
    static const char *const wrong[] = {"me:", "me:penci", "you:pencil", "me:" VERIFIER};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(is_right(passwords, bytes_of_text(wrong[i])));
    }
    passwords_free(passwords);
}

static void the_lines_of_mosquitto_stand_beside_ours(void **state) {
    const struct place *place = *state;
    struct scram_verifier verifier;
    support_write_file(place->path, BYTES_LITERAL("new:" MOSQUITTO_7 "\nold:" MOSQUITTO_6
                                                  "\nme:" VERIFIER "\nyou:plain\n"));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    static const char *const right[] = {"new:secret", "old:secret", "me:pencil", "you:plain"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_true(is_right(passwords, bytes_of_text(right[i])));
    }
    static const char *const wrong[] = {
        "new:secre", "new:secret ", "new:",       "old:secre", "old:secret ",
        "old:",      "me:secret",   "you:secret", "x:secret"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(is_right(passwords, bytes_of_text(wrong[i])));
    }
    assert_false(is_right(passwords, BYTES_LITERAL("new:" MOSQUITTO_7))); // itself no password
    assert_false(is_right(passwords, BYTES_LITERAL("old:" MOSQUITTO_6)));
    assert_false(passwords_scram(passwords, BYTES_LITERAL("new"), &verifier));
    assert_false(passwords_scram(passwords, BYTES_LITERAL("old"), &verifier));
    passwords_free(passwords);
}

static void users_are_checked_without_a_colon(void **state) {
    const struct place *place = *state;
    support_write_file(place->path, BYTES_LITERAL("me:a:b\nnone:\nyou:" VERIFIER "\n"));
    struct passwords *passwords = passwords_load(place->path);
    struct bytes me = BYTES_LITERAL("me"), none = BYTES_LITERAL("none");
    assert_non_null(passwords);
    assert_true(passwords_check_user(passwords, me, BYTES_LITERAL("a:b")));
    assert_true(passwords_check_user(passwords, none, bytes_make(NULL, 0)));
    assert_true(passwords_check_user(passwords, BYTES_LITERAL("you"), BYTES_LITERAL("pencil")));
    assert_false(passwords_check_user(passwords, me, bytes_make(NULL, 0)));
    assert_false(passwords_check_user(passwords, BYTES_LITERAL("me:a"), BYTES_LITERAL("b")));
    assert_false(passwords_check_user(passwords, bytes_make(NULL, 0), bytes_make(NULL, 0)));
    passwords_free(passwords);
}

static void stored_verifiers_are_given_as_they_are(void **state) {
    const struct place *place = *state;
    struct scram_verifier verifier;
    uint8_t text[SCRAM_VERIFIER_TEXT_MAX];
    support_write_file(place->path, BYTES_LITERAL("me:" VERIFIER "\n"));
    struct passwords *passwords = passwords_load(place->path);
    assert_true(passwords_scram(passwords, BYTES_LITERAL("me"), &verifier));
    assert_bytes_equal(bytes_make(text, scram_verifier_write(&verifier, text)),
                       BYTES_LITERAL(VERIFIER));
    assert_false(passwords_scram(passwords, BYTES_LITERAL("you"), &verifier));
    passwords_free(passwords);
}

static void readable_passwords_have_verifiers(void **state) {
    const struct place *place = *state;
    struct scram_verifier verifier, again, other;
    support_write_file(place->path, BYTES_LITERAL("me:secret\nyou:secret\n"));
    struct passwords *passwords = passwords_load(place->path);
    assert_true(passwords_scram(passwords, BYTES_LITERAL("me"), &verifier));
    assert_true(passwords_scram(passwords, BYTES_LITERAL("me"), &again));
    assert_memory_equal(&verifier, &again, sizeof verifier);
    assert_true(scram_verifier_fits(&verifier, BYTES_LITERAL("secret")));
    assert_int_equal(verifier.iterations, SCRAM_ITERATIONS);
    assert_int_equal(verifier.salt_size, SCRAM_SALT_SIZE);
    assert_true(passwords_scram(passwords, BYTES_LITERAL("you"), &other));
    assert_memory_not_equal(verifier.salt, other.salt, SCRAM_SALT_SIZE);
    passwords_free(passwords);
    passwords = passwords_load(place->path);
    assert_true(passwords_scram(passwords, BYTES_LITERAL("me"), &other));
    assert_memory_not_equal(verifier.salt, other.salt, SCRAM_SALT_SIZE);
    passwords_free(passwords);
}

static void there_is_no_verifier_behind_a_hash(void **state) {
    const struct place *place = *state;
    struct scram_verifier verifier;
    char hash[crypto_pwhash_STRBYTES];
    char line[crypto_pwhash_STRBYTES + 16];
    hash_cheaply(hash);
    (void)snprintf(line, sizeof line, "me:%s\n", hash);
    support_write_file(place->path, bytes_of_text(line));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    assert_false(passwords_scram(passwords, BYTES_LITERAL("me"), &verifier));
    passwords_free(passwords);
}

static void *check_often(void *context) {
    const struct passwords *passwords = context;
    size_t right = 0;
    for (int i = 0; i < 10; i++) {
        right += passwords_check_user(passwords, BYTES_LITERAL("hash"), BYTES_LITERAL("secret"));
        right += passwords_check_user(passwords, BYTES_LITERAL("scram"), BYTES_LITERAL("pencil"));
        right += passwords_check_user(passwords, BYTES_LITERAL("plain"), BYTES_LITERAL("x"));
        right += passwords_check_user(passwords, BYTES_LITERAL("nobody"), BYTES_LITERAL("x"));
    }
    return right == 30 ? context : NULL;
}

static void threads_may_ask_at_the_same_time(void **state) {
    const struct place *place = *state;
    char hash[crypto_pwhash_STRBYTES];
    char lines[512];
    hash_cheaply(hash);
    (void)snprintf(lines, sizeof lines, "hash:%s\nscram:%s\nplain:x\n", hash, VERIFIER);
    support_write_file(place->path, bytes_of_text(lines));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, check_often, passwords), 0);
    }
    for (size_t i = 0; i < 3; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, passwords);
    }
    passwords_free(passwords);
}

static void an_empty_file_lets_nobody_in(void **state) {
    const struct place *place = *state;
    support_write_file(place->path, BYTES_LITERAL("# nobody yet\n"));
    struct passwords *passwords = passwords_load(place->path);
    assert_non_null(passwords);
    assert_false(is_right(passwords, BYTES_LITERAL("me:secret")));
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

// What is said on standard error when the file is loaded; to be freed by the caller.
static char *complaint_about(const struct place *place, const char *content) {
    char *path = support_path(place->folder, "complaint");
    int kept = dup(STDERR_FILENO), file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    support_write_file(place->path, bytes_of_text(content));
    dup2(file, STDERR_FILENO);
    struct passwords *passwords = passwords_load(place->path);
    dup2(kept, STDERR_FILENO);
    close(file);
    close(kept);
    assert_null(passwords);
    char *complaint = support_read_file(path, NULL);
    free(path);
    return complaint;
}

static void damaged_lines_are_told_with_their_numbers(void **state) {
    static const struct {
        const char *content, *said;
    } cases[] = {
        {"me:x\n\n# none\nno colon\n", "line 4: it has no user"},
        {":x\n", "line 1: it has no user"},
        {"me:x\nyou:$argon2id$v=19$m=8\n", "line 2: the hash is damaged"},
        {"you:$scram-sha-256$4096$YWJj\n", "line 1: the stored key is not 32 bytes in base64"},
        {"you:$scram-sha-256$1$YWJj\n", "line 1: the number of iterations"},
        {"me:$7$\n", "line 1: behind $7$ stands how many iterations"},
        {"me:$7$0$YWJj$YWJj\n", "line 1: behind $7$ stands how many iterations"},
        {"me:$7$10000001$YWJj$YWJj\n", "line 1: behind $7$ stands how many iterations"},
        {"me:$7$101$$YWJj\n", "line 1: its salt is not base64"},
        {"me:$6$Y!Jj$YWJj\n", "line 1: its salt is not base64"},
        {"me:$6$YWJj\n", "line 1: its salt is not base64"},
        {"me:$6$YWJj$YWJj\n", "line 1: its hash is not base64 of 64 bytes"},
        {"me:" MOSQUITTO_6 "x\n", "line 1: its hash is not base64 of 64 bytes"},
        {"me:x\nme:" VERIFIER "x\n", "line 2: the server key is not 32 bytes in base64"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *complaint = complaint_about(*state, cases[i].content);
        assert_non_null(strstr(complaint, cases[i].said));
        assert_non_null(strstr(complaint, "--add-user or mosquitto_passwd"));
        free(complaint);
    }
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
        TEST(only_the_right_password_fits),      TEST(hashed_passwords_fit_too),
        TEST(a_password_fits_its_verifier),      TEST(the_lines_of_mosquitto_stand_beside_ours),
        TEST(users_are_checked_without_a_colon), TEST(stored_verifiers_are_given_as_they_are),
        TEST(readable_passwords_have_verifiers), TEST(there_is_no_verifier_behind_a_hash),
        TEST(threads_may_ask_at_the_same_time),  TEST(an_empty_file_lets_nobody_in),
        TEST(wrong_files_are_refused),           TEST(damaged_lines_are_told_with_their_numbers),
        TEST(credentials_are_the_first_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
