// Whatever is typed wrong is answered by one line that says what is wrong and what to type, and the
// session goes on; what cannot work at all ends with an exit code of its own.
#include "process.h"

// ---- commands -------------------------------------------------------------------------------

struct wrong {
    const char *line;
    const char *what;
    const char *type;
};

// Each line gets one error with these words, before that of the next.
static void assert_each_is_wrong(struct process *process, const struct wrong *wrong, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t errors = process_occurrences(process->err.text, "error: ");
        process_send(process, wrong[i].line);
        process_send(process, "\n");
        process_await_err(process, "error: ");
        process_await_err(process, "\n");
        const char *start = process->err.text + process->err.mark - 1;
        while (start[-1] != '\n') {
            start--;
        }
        char *said = strndup(start, (size_t)(process->err.text + process->err.mark - start));
        if (strstr(said, wrong[i].what) == NULL || strstr(said, wrong[i].type) == NULL) {
            (void)fprintf(stderr, "'%.100s' is answered by: %s", wrong[i].line, said);
            fail();
        }
        assert_true(strlen(said) < 300);
        assert_int_equal(process_occurrences(process->err.text, "error: "), errors + 1);
        free(said);
    }
}

#define ASSERT_EACH_IS_WRONG(process, wrong) \
    assert_each_is_wrong((process), (wrong), sizeof(wrong) / sizeof *(wrong))

static void a_client_explains_wrong_lines_before_it_is_connected(void **state) {
    (void)state;
    static const struct wrong wrong[] = {
        {"frob", "no command 'frob'", "help exit tgll conn disc subs unsb publ list"},
        {"\x1b[2Jx\x01", "no command '\\x1B[2Jx\\x01'", "help"},
        {"CONN", "no command 'CONN'", "conn"},
        {"conn 0", "not a number from 1 to", "conn [address]"},
        {"conn -1", "not a number from 1 to", "conn [address]"},
        {"conn 4294967000", "not a number from 1 to 4294966999", "conn [address]"},
        {"conn 99999999999999999999999", "not a number from 1 to", "conn [address]"},
        {"conn 1 2", "argument too many", "conn [address]"},
        {"conn broker", "not a number", "conn [address]"},
        {"conn 998", "nobody is known at address 998", "list"},
        {"conn 83", "83 is a client", "brokers"},
        {"conn 580", "own address", "580"},
        {"disc", "not connected", "conn"},
        {"disc 5", "not connected with 5", "list"},
        {"subs", "topic is missing", "subs [address] topic"},
        {"subs a", "not connected", "conn"},
        {"subs 5 a", "not connected with 5", "list"},
        {"unsb a", "not connected", "conn"},
        {"publ a 1", "not connected", "conn"},
        {"publ", "topic is missing", "publ [address] topic value"},
        {"publ a", "value is missing", "publ [address] topic value"},
        {"help me", "no such command", "help"},
        {"help list me", "argument too many", "help"},
        {"list 1", "argument too many", "list"},
        {"exit now", "argument too many", "exit"},
        {"publ a \"b", "quotation mark is not closed", "publ [address] topic value"},
        {"publ a \"\\q\"", "unknown escape", "publ [address] topic value"},
        {"subs \"a\"b", "blank is missing", "subs [address] topic"},
    };
    struct process *other = process_start("client", "--address", "83", "--stay");
    process_await_err(other, "on the network");
    struct process *client = process_start("client", "--address", "580", "--timeout", "0.2");
    process_await_err(client, "on the network");
    process_send(other, "tgll\n");
    struct process *third = process_start("client", "--address", "84", "--stay", "--json");
    process_await_out(third, "started");
    // A client learns of clients that join after it.
    process_end(other);
    other = process_start("client", "--address", "83", "--stay");
    process_await_err(other, "on the network");
    process_await_out(third, "\"address\":83");
    ASSERT_EACH_IS_WRONG(client, wrong);
    process_send(client, "conn\n");
    process_await_err(client, "conn: no broker answered; is one running on network?");
    process_assert_code(client, 1);
}

static void a_client_explains_wrong_lines_when_connected(void **state) {
    (void)state;
    static char long_value[70 * 1024 + 16];
    (void)snprintf(long_value, sizeof long_value, "publ a %070000d", 1);
    static char long_topic[70 * 1024 + 16];
    (void)snprintf(long_topic, sizeof long_topic, "subs %070000d", 1);
    const struct wrong wrong[] = {
        {"conn", "already connected with 1", "no other broker is known"},
        {"conn 1", "already connected with 1", "conn"},
        {"subs a", "already", "list"},
        {"subs \"\"", "topic is empty", "at least one character"},
        {"subs a/#/b", "# must be last", "write a/+/b or a/#"},
        {"subs a+", "must fill a level", "write a/+/b"},
        {"subs \"a\\x00b\"", "UTF-8", "send it as UTF-8"},
        {"subs \xff", "UTF-8", "send it as UTF-8"},
        {"publ a/+ 1", "contains + or #", "name one topic"},
        {"publ # 1", "contains + or #", "name one topic"},
        {"publ \"\" 1", "topic is empty", "at least one character"},
        {"unsb b", "not subscribed", "list"},
        {long_value, "too long", "65536 bytes"},
        {long_topic, "longer than 65535 bytes", "shorten it"},
        {"publ 2 a 1", "not connected with 2", "list"},
        {"publ a", "value is missing", "publ [address] topic value"},
    };
    process_start_broker("1");
    struct process *client = process_start_client("conn\nsubs a\n");
    process_await_err(client, "took the subscription");
    ASSERT_EACH_IS_WRONG(client, wrong);
    process_send(client, "publ a all is well\n");
    process_await_out(client, "a all is well\n");
    process_assert_code(client, 1);
}

static void a_broker_explains_wrong_lines(void **state) {
    (void)state;
    static const struct wrong alone[] = {
        {"conn", "no command 'conn'", "help exit tgll disc kick reload list"},
        {"disc", "there is no connection", "disc"},
        {"disc x", "not a number", "disc [address]"},
        {"disc 1 2", "argument too many", "disc [address]"},
        {"kick", "client id is missing", "kick client_id"},
        {"kick lamp", "there is no MQTT door", "--mqtt"},
    };
    static const struct wrong crowded[] = {
        {"disc", "several connections", "11, 12"},
        {"disc 13", "13 is not connected", "list"},
    };
    struct process *broker = process_start_broker("1");
    ASSERT_EACH_IS_WRONG(broker, alone);
    struct process *one = process_start("client", "--address", "11", "--run", "conn", "--stay");
    process_await_err(one, "connected with 1");
    struct process *two = process_start("client", "--address", "12", "--run", "conn", "--stay");
    process_await_err(two, "connected with 1");
    ASSERT_EACH_IS_WRONG(broker, crowded);
    process_send(broker, "disc 11\ndisc\n");
    process_await_err(one, "connection with 1 ended: it disconnected");
    process_await_err(two, "connection with 1 ended: it disconnected");
    process_signal(broker, SIGTERM);
    process_assert_code(broker, 1);
}

static void empty_lines_and_comments_are_no_commands(void **state) {
    (void)state;
    struct process *client = process_start_client("\n   \n# conn\n\t\r\n  # x\n");
    process_assert_code(client, 0);
    assert_int_equal(process_occurrences(client->err.text, "error"), 0);
}

static void one_byte_after_the_other_makes_a_line(void **state) {
    (void)state;
    struct process *client = process_start_client("");
    for (const char *at = "help"; *at != '\0'; at++) {
        process_send_bytes(client, bytes_make(at, 1));
    }
    process_assert_code(client, 0);
    process_await_out(client, "publ [address] topic value");
}

// ---- options --------------------------------------------------------------------------------

static void assert_refused(struct process *process, int code, const char *what, const char *type) {
    process_assert_code(process, code);
    const char *said = process_text(&process->err);
    if (strstr(said, what) == NULL || strstr(said, type) == NULL) {
        (void)fprintf(stderr, "says: %s\ninstead of: %s … %s\n", said, what, type);
        fail();
    }
    assert_string_equal(process_text(&process->out), "");
    assert_int_equal(process_occurrences(said, "\n"), 1);
}

static void wrong_options_are_explained(void **state) {
    (void)state;
    assert_refused(process_start("client", "--frob"), 2, "--frob", "--help");
    assert_refused(process_start("client", "--address", "1000"), 2, "1 to 999", "--help");
    assert_refused(process_start("client", "--address", "x"), 2, "x", "--help");
    assert_refused(process_start("client", "--suite", "rot13"), 2, "classic", "sodium");
    assert_refused(process_start("client", "--wait", "-1"), 2, "--wait", "--help");
    assert_refused(process_start("client", "--publish", "a/+"), 2, "contains + or #", "one topic");
    assert_refused(process_start("client", "--publish", ""), 2, "topic is empty", "character");
    assert_refused(process_start("client", "operand"), 2, "operand", "--help");
    assert_refused(process_start("broker", "--ping-interval", "0"), 2, "--ping-interval", "--help");
    assert_refused(process_start("broker", "--idle-timeout", "10"), 2, "more than --ping-interval",
                   "--help");
    assert_refused(process_start("client", "--network", ""), 2, "must not be empty", "--help");
    assert_refused(process_start("broker", "--rotate", "64Q"), 2, "--rotate", "--help");
    assert_refused(process_start("broker", "--network", ""), 2, "--network", "--help");
    assert_refused(process_start("broker", "--address"), 2, "--address", "--help");
}

// ---- the place ------------------------------------------------------------------------------

static void a_place_that_cannot_be_is_explained(void **state) {
    (void)state;
    char *path = support_path(process_folder, "folder");
    assert_int_equal(mkdir(path, 0777), 0);
    assert_refused(process_start("broker", "--network", "nowhere/network"), 3, "nowhere/network",
                   "create the folder");
    assert_refused(process_start("client", "--network", "folder"), 3, "not a regular file",
                   "--network");
    assert_refused(process_start("client", "--network", "/dev/null"), 3, "not a regular file",
                   "--network");
    assert_refused(process_start("client", "--credentials", "none"), 3, "none", "No such file");
    assert_refused(process_start("broker", "--password-file", "none"), 3, "none", "No such file");
    assert_refused(process_start("broker", "--password-file", "folder"), 3, "folder",
                   "Is a directory");
    mode_t mask = umask(077); // else there is a warning too
    process_write_file("passwords", "me:secret\n\n# a comment\nnonsense\n");
    assert_refused(process_start("broker", "--password-file", "passwords"), 3, "line 4",
                   "user:password");
    process_write_file("credentials", "nonsense\n");
    assert_refused(process_start("client", "--credentials", "credentials"), 3, "first line",
                   "user:password");
    (void)umask(mask);
    free(path);
}

static void a_place_without_rights_is_explained(void **state) {
    (void)state;
    assert_int_equal(chmod(process_folder, 0555), 0);
    struct process *broker =
        process_start_with(&(struct process_options){.folder = process_folder,
                                                     .words = (const char *const[]){"broker", NULL},
                                                     .unprivileged = true});
    int code = process_collect(broker);
    assert_int_equal(chmod(process_folder, 0755), 0);
    if (code == 127) {
        skip(); // who is not root cannot even reach the program
    }
    assert_refused(broker, 3, "network", "may write");
}

static void an_address_that_is_taken_is_explained(void **state) {
    (void)state;
    process_start_broker("5");
    assert_refused(process_start("client", "--address", "5"), 3, "address 5 is taken by a broker",
                   "--address");
}

static void a_network_without_a_free_address_is_explained(void **state) {
    (void)state;
    char *network = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&network, &size);
    for (unsigned i = 1; i <= 999; i++) {
        (void)fprintf(file, "1795435622\t%u\t0\tjoin\t-broker-\t816\t\n", i);
    }
    (void)fclose(file);
    process_write_file("network", network);
    free(network);
    assert_refused(process_start("client"), 3, "all 999 addresses are taken", "end a session");
}

static void a_network_file_that_was_filled_with_anything_is_no_trouble(void **state) {
    (void)state;
    process_write_file("network", "hello\n\x01\x02\xff\n\n\t\t\t\t\t\t\nno end");
    process_start_broker("1");
    struct process *client = process_start("client", "--count", "1");
    process_send(client, "conn\nsubs a\npubl a 1\n");
    process_assert_code(client, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_client_explains_wrong_lines_before_it_is_connected),
        PROCESS_TEST(a_client_explains_wrong_lines_when_connected),
        PROCESS_TEST(a_broker_explains_wrong_lines),
        PROCESS_TEST(empty_lines_and_comments_are_no_commands),
        PROCESS_TEST(one_byte_after_the_other_makes_a_line),
        PROCESS_TEST(wrong_options_are_explained),
        PROCESS_TEST(a_place_that_cannot_be_is_explained),
        PROCESS_TEST(a_place_without_rights_is_explained),
        PROCESS_TEST(an_address_that_is_taken_is_explained),
        PROCESS_TEST(a_network_without_a_free_address_is_explained),
        PROCESS_TEST(a_network_file_that_was_filled_with_anything_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
