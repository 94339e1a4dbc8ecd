// Texts of hostile peers and of libraries: whatever comes in, no program prints it so that a
// terminal, or a reader of JSON, is deceived.
#include "master.h"
#include "mqtt.h"

#include <sqlite3.h>
#include <sys/stat.h>

// Right-to-left override, isolate, line separator, CSI as C1, byte order mark, tag, zero width.
#define HOSTILE         \
    "a\xe2\x80\xae"     \
    "b\xe2\x81\xa6"     \
    "c\xe2\x80\xa8"     \
    "d\xc2\x9b"         \
    "31m\xef\xbb\xbf"   \
    "e\xf3\xa0\x81\x81" \
    "f\xe2\x80\x8b"     \
    "g"

static const char *const unfit[] = {
    "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\xa8", "\xc2\x9b", "\xef\xbb\xbf", "\xf3\xa0\x81\x81",
    "\xe2\x80\x8b", "\033",         "\x7f",         "\r",       "\a",
};

static void assert_fit(const struct process *process, const struct stream *stream) {
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        if (strstr(process_text(stream), unfit[i]) != NULL) {
            process_fail(process, "printed an unfit character");
        }
    }
}

static void end_fit(struct process *process) {
    process_signal(process, SIGTERM);
    assert_in_range(process_collect(process), 0, 1); // a client's wrong command is its failure
    assert_fit(process, &process->out);
    assert_fit(process, &process->err);
}

static void try_watch(const char *form, const char *file) {
    struct process *watch = process_start("watch", "--once", form, file);
    process_assert_code(watch, 0);
    assert_non_null(strchr(process_text(&watch->out), 'g'));
    assert_fit(watch, &watch->out);
    assert_fit(watch, &watch->err);
}

// Through both doors of a broker; `form` is an option of both programs.
static void try_devices(const char *form) {
    struct process *broker = process_start("broker", "--address", "83", "--name", HOSTILE, "--mqtt",
                                           "127.0.0.1:0", "--tap", "tap.pcapng", form);
    struct stream *said = strcmp(form, "--json") == 0 ? &broker->out : &broker->err;
    process_await(broker, said, MQTT_TCP);
    process_await(broker, said, " of 127.0.0.1");
    uint16_t port =
        (uint16_t)strtoul(strstr(process_text(said), MQTT_TCP) + strlen(MQTT_TCP), NULL, 10);
    struct process *client = process_start("client", "--address", "580", form);
    process_send(client, "conn 83\nsubs #\nsubs \"" HOSTILE "\"\nnonsense\033[2J " HOSTILE "\n");
    process_await(client, strcmp(form, "--json") == 0 ? &client->out : &client->err, "nonsense");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, HOSTILE);
    mqtt_hand_subscribe(hand, HOSTILE, 0);
    mqtt_hand_publish(hand, HOSTILE, bytes_of_text(HOSTILE "\033]0;title\a\x7f\r"));
    mqtt_hand_publish(hand, "the/end", bytes_of_text("of it"));
    process_await_out(client, "the/end");
    process_send(client, "list\n");
    process_await_out(client, "packets");
    process_send(broker, "list\n");
    process_await_out(broker, "packets");
    end_fit(client);
    end_fit(broker);
    close(hand->fd);
}

static void devices_print_nothing_that_deceives(void **state) {
    (void)state;
    try_devices("--suite=any");
    try_devices("--json");
    static const char *const forms[] = {"--lines", "--ladder", "--json", "--eavesdrop"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        try_watch(forms[i], "network");
        try_watch(forms[i], "tap.pcapng");
    }
}

static void what_a_library_says_is_escaped(void **state) {
    (void)state;
    char *path = support_path(process_folder, "master.db");
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database,
                                  "CREATE TABLE t (x); PRAGMA writable_schema = ON;"
                                  "UPDATE sqlite_schema SET sql = 'CREATE TABLE nonsense (', name "
                                  "= '" HOSTILE "' || char(27) || '[2J' || char(10) || 'forged'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    assert_int_equal(chmod(path, S_IRUSR | S_IWUSR), 0);
    free(path);
    struct process *master =
        process_start("master", "--listen", "127.0.0.1:0", "--store", "sqlite:master.db");
    process_assert_code(master, 3);
    process_await_err(master, "malformed database schema (a\\xE2\\x80\\xAEb");
    assert_fit(master, &master->err);
    assert_int_equal(process_occurrences(process_text(&master->err), "\n"), 1);
}

static void arguments_are_escaped(void **state) {
    (void)state;
    static const char *const programs[] = {"broker", "client", "router", "master", "load", "watch"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct process *process = process_start(programs[i], "--none" HOSTILE "\033[2J");
        process_assert_code(process, 2);
        process_await_err(process, "--nonea\\xE2\\x80\\xAEb");
        assert_fit(process, &process->err);
    }
    struct process *watch = process_start("watch", HOSTILE "\033[2J");
    process_assert_code(watch, 3);
    assert_fit(watch, &watch->err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(devices_print_nothing_that_deceives),
        PROCESS_TEST(what_a_library_says_is_escaped),
        PROCESS_TEST(arguments_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
