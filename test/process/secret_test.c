// Suites and passwords.
#include "process.h"

#define PASSWORD "a long secret"

static struct process *start_broker(const char *suite, const char *passwords) {
    struct process *broker = passwords == NULL
                                 ? process_start("broker", "--address", "1", "--suite", suite)
                                 : process_start("broker", "--address", "1", "--suite", suite,
                                                 "--password-file", passwords);
    process_await_err(broker, "on the network");
    return broker;
}

static void assert_connects(const char *suite, const char *credentials, const char *said,
                            int code) {
    struct process *client = credentials == NULL
                                 ? process_start("client", "--suite", suite, "--run", "conn")
                                 : process_start("client", "--suite", suite, "--run", "conn",
                                                 "--credentials", credentials);
    process_assert_code(client, code);
    client->err.mark = 0;
    process_await_err(client, said);
}

static void suites_are_agreed_on_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *broker;
        const char *client;
        const char *said;
        int code;
    } rows[] = {
        {"classic", "classic", "connected with 1 (suite classic)", 0},
        {"classic", "sodium", "refused: 403", 1},
        {"classic", "any", "connected with 1 (suite classic)", 0},
        {"sodium", "classic", "it asks for suite sodium (option --suite)", 1},
        {"sodium", "sodium", "connected with 1 (suite sodium)", 0},
        {"sodium", "any", "connected with 1 (suite sodium)", 0},
        {"any", "classic", "connected with 1 (suite classic)", 0},
        {"any", "sodium", "connected with 1 (suite sodium)", 0},
        {"any", "any", "connected with 1 (suite sodium)", 0},
    };
    struct process *broker = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i % 3 == 0) {
            broker = start_broker(rows[i].broker, NULL);
        }
        assert_connects(rows[i].client, NULL, rows[i].said, rows[i].code);
        if (i % 3 == 2) {
            process_end(broker);
        }
    }
}

static void sodium_hides_what_is_said(void **state) {
    (void)state;
    start_broker("any", NULL);
    struct process *client = process_start("client", "--suite", "sodium", "--count", "1");
    process_send(client, "conn\nsubs garden/roses\npubl garden/roses twenty-seven\n");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "garden/roses twenty-seven\n");
    char *network = process_file("network");
    assert_null(strstr(network, "roses"));
    assert_null(strstr(network, "twenty"));
    free(network);
}

static void check_passwords(const char *file, const char *suite) {
    struct process *broker = start_broker("any", file);
    process_write_file("right", "me:" PASSWORD "\n");
    process_write_file("wrong", "me:another\n");
    process_write_file("stranger", "you:" PASSWORD "\n");
    assert_connects(suite, NULL, "refused: 401, not connected or bad credentials", 1);
    assert_connects(suite, "wrong", "refused: 401", 1);
    assert_connects(suite, "stranger", "refused: 401", 1);
    assert_connects(suite, "right", "connected with 1", 0);
    process_end(broker);
}

static void passwords_work_with_classic_readable_as_documented(void **state) {
    (void)state;
    process_write_file("passwords", "# who may\nyou:x\nme:" PASSWORD "\n");
    check_passwords("passwords", "classic");
    char *network = process_file("network");
    assert_non_null(strstr(network, "a%20long%20secret")); // escaped, not sealed
    free(network);
}

static void passwords_never_travel_readable_with_sodium(void **state) {
    (void)state;
    process_write_file("passwords", "me:" PASSWORD "\n");
    check_passwords("passwords", "sodium");
    check_passwords("passwords", "any");
    char *network = process_file("network");
    assert_null(strstr(network, "secret"));
    assert_null(strstr(network, "another"));
    free(network);
}

static void any_does_not_give_a_password_to_a_classic_broker(void **state) {
    (void)state;
    process_write_file("passwords", "me:" PASSWORD "\n");
    process_write_file("right", "me:" PASSWORD "\n");
    start_broker("classic", "passwords");
    assert_connects("any", "right", "refused", 1);
    char *network = process_file("network");
    assert_null(strstr(network, "secret"));
    free(network);
}

static void passwords_may_be_stored_hashed(void **state) {
    (void)state;
    struct process *hash = process_start("broker", "--hash-password");
    process_send(hash, "me:" PASSWORD "\n");
    process_assert_code(hash, 0);
    assert_non_null(strstr(process_text(&hash->out), "me:$argon2id$"));
    assert_null(strstr(process_text(&hash->out), PASSWORD));
    process_write_file("passwords", hash->out.text);
    check_passwords("passwords", "sodium");
    struct process *wrong = process_start("broker", "--hash-password");
    process_send(wrong, "nonsense\n");
    process_assert_code(wrong, 1);
    assert_non_null(strstr(process_text(&wrong->err), "user:password"));
}

static void passwords_may_be_stored_as_verifiers(void **state) {
    (void)state;
    struct process *scram = process_start("broker", "--scram-password");
    process_send(scram, "me:" PASSWORD "\n");
    process_assert_code(scram, 0);
    assert_non_null(strstr(process_text(&scram->out), "me:$scram-sha-256$4096$"));
    assert_null(strstr(process_text(&scram->out), PASSWORD));
    process_write_file("passwords", scram->out.text);
    check_passwords("passwords", "sodium");
    struct process *wrong = process_start("broker", "--scram-password");
    process_send(wrong, "nonsense\n");
    process_assert_code(wrong, 1);
    assert_non_null(strstr(process_text(&wrong->err), "user:password"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(suites_are_agreed_on_or_refused),
        PROCESS_TEST(sodium_hides_what_is_said),
        PROCESS_TEST(passwords_work_with_classic_readable_as_documented),
        PROCESS_TEST(passwords_never_travel_readable_with_sodium),
        PROCESS_TEST(any_does_not_give_a_password_to_a_classic_broker),
        PROCESS_TEST(passwords_may_be_stored_hashed),
        PROCESS_TEST(passwords_may_be_stored_as_verifiers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
