// Logs of the programs that serve: what is said at which level, into which file.
#include "mqtt.h"

#include <sys/un.h>

// None while there is no such file.
static size_t lines_of(const char *name, const char *part) {
    char *text = process_file(name);
    size_t found = text == NULL ? 0 : process_occurrences(text, part);
    free(text);
    return found;
}

// What the user's thread writes to a file comes without a word on standard error.
static void await_line(const char *name, const char *part) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (lines_of(name, part) == 0) {
        (void)process_pump(-1, PROCESS_TURN_MS);
        assert_true(process_now_ms() < deadline);
    }
}

static uint16_t port_in(const char *name) {
    await_line(name, " notice: " MQTT_TCP);
    await_line(name, "on the network");
    char *text = process_file(name);
    uint16_t port = (uint16_t)strtoul(strstr(text, MQTT_TCP) + strlen(MQTT_TCP), NULL, 10);
    free(text);
    return port;
}

static void a_file_has_the_log_and_is_followed(void **state) {
    (void)state;
    char from[PATH_MAX];
    char to[PATH_MAX];
    (void)snprintf(from, sizeof from, "%s/log", process_folder);
    (void)snprintf(to, sizeof to, "%s/log.1", process_folder);
    struct process *broker = process_start("broker", "--mqtt", "0", "--log-file", "log");
    uint16_t port = port_in("log");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, "ann");
    mqtt_hand_subscribe(hand, "a", 0);
    await_line("log", "Z info: ann connected (MQTT 5.0, from 127.0.0.1:");
    await_line("log", "Z debug: ann subscribed to \"a\"\n");
    assert_int_equal(rename(from, to), 0);
    process_signal(broker, SIGHUP);
    await_line("log", "Z notice: the certificates were read again\n");
    close(mqtt_hand_connect(1, port, MQTT_5, "bob")->fd);
    await_line("log", "Z info: bob connected");
    assert_int_equal(lines_of("log.1", "bob"), 0);
    process_end(broker);
    close(hand->fd);
    assert_string_equal(process_text(&broker->err), "");
}

// At a Unix socket, as the port is not told at each level.
static int dial(void) {
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    (void)snprintf(place.sun_path, sizeof place.sun_path, "%s/m.sock", process_folder);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    while (connect(fd, (const struct sockaddr *)&place, sizeof place) != 0) {
        (void)process_pump(-1, PROCESS_TURN_MS);
        assert_true(process_now_ms() < deadline);
    }
    return fd;
}

static void a_level_leaves_out_what_is_less_urgent(void **state) {
    (void)state;
    static const struct {
        const char *level;
        size_t subscribed;
        size_t connected;
        size_t refused;
    } cases[] = {{"debug", 1, 1, 1}, {"info", 0, 1, 1}, {"notice", 0, 0, 1}, {"error", 0, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct process *broker = process_start("broker", "--mqtt-unix", "m.sock?versions=5",
                                               "--log-level", cases[i].level);
        struct mqtt_hand *hand = &mqtt_hands[0];
        struct mqtt_connect connect = {
            .version = MQTT_5, .clean_start = true, .client_id = BYTES_LITERAL("ann")};
        hand->fd = dial();
        assert_int_equal(mqtt_hand_ask(hand, &connect), MQTT_SUCCESS);
        mqtt_hand_subscribe(hand, "a", 0);
        close(hand->fd);
        connect.version = MQTT_3_1_1;
        hand->fd = dial();
        assert_int_equal(mqtt_hand_ask(hand, &connect), 1);
        close(hand->fd);
        process_end(broker);
        const char *said = process_text(&broker->err);
        assert_int_equal(process_occurrences(said, "ann connected"), cases[i].connected);
        assert_int_equal(process_occurrences(said, "ann subscribed"), cases[i].subscribed);
        assert_int_equal(process_occurrences(said, "was refused: "), cases[i].refused);
    }
}

static void move_log(void) {
    char from[PATH_MAX];
    char to[PATH_MAX];
    (void)snprintf(from, sizeof from, "%s/log", process_folder);
    (void)snprintf(to, sizeof to, "%s/log.1", process_folder);
    assert_int_equal(rename(from, to), 0);
}

// A file begins anew with the next line: the program is made to say some until one is in it.
static void await_new_log(struct process *process) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (lines_of("log", "listening") == 0) {
        process_send(process, "tgll\n");
        (void)process_pump(-1, PROCESS_TURN_MS);
        assert_true(process_now_ms() < deadline);
    }
}

static void the_command_reload_follows_it_too(void **state) {
    (void)state;
    struct process *broker = process_start("broker", "--log-file", "log");
    await_line("log", "on the network");
    move_log();
    process_send(broker, "reload\n");
    await_new_log(broker);
    process_end(broker);
    assert_int_equal(lines_of("log.1", "on the network"), 1);
}

// The other programs that serve have the same options.
static void masters_and_routers_have_logs_too(void **state) {
    (void)state;
    struct process *master = process_start("master", "--listen", "127.0.0.1:0", "--store", "memory",
                                           "--log-file", "log");
    await_line("log", " notice: master at http://127.0.0.1:");
    char *text = process_file("log");
    const char *url = strstr(text, "http://");
    char place[64];
    (void)snprintf(place, sizeof place, "%.*s", (int)strcspn(url, " "), url);
    free(text);
    struct process *router = process_start("router", "--network", "n", "--master", place, "--gate",
                                           "7", "--log-file", "router", "--log-level", "notice");
    await_line("router", " notice: ");
    await_line("log", " info: gate 7 was leased\n");
    move_log();
    process_signal(master, SIGHUP);
    await_new_log(master);
    process_end(router);
    await_line("log", " info: gate 7 was given back\n");
    assert_int_equal(lines_of("router", " info: "), 0);
    assert_int_equal(lines_of("router", " debug: "), 0);
    process_end(master);
    assert_string_equal(process_text(&master->err), "");
    assert_string_equal(process_text(&router->err), "");
}

// systemd's own journal, where one can be run apart from that of the machine.
static void a_real_journal_has_the_fields(void **state) {
    (void)state;
    char *program = process_program("broker");
    char line[PATH_MAX + 1200];
    (void)snprintf(
        line, sizeof line,
        "exec unshare --mount sh -c '"
        "set -e; daemon=/usr/lib/systemd/systemd-journald; test -x $daemon -a -s /etc/machine-id;"
        "mount --make-rprivate /; mount -t tmpfs tmpfs /run;"
        "mkdir -p /run/systemd/journal /run/log/journal/$(cat /etc/machine-id);"
        "$daemon >&2 & journal=$!; while ! test -S /run/systemd/journal/socket; do sleep 0.1; done;"
        "echo READY; %s --mqtt 0 --log-journal --run \"exit\"; "
        "while ! journalctl -o json --output-fields=MESSAGE,PRIORITY,EVENT,SYSLOG_IDENTIFIER "
        "SYSLOG_IDENTIFIER=broker | grep MESSAGE; do sleep 0.1; done; kill $journal'",
        program);
    free(program);
    struct process *shell = process_start("/bin/sh", "-c", line);
    int code = process_collect(shell);
    if (strstr(process_text(&shell->out), "READY") == NULL) {
        print_message("there can be no journal here: %s\n", process_text(&shell->err));
        skip();
    }
    assert_int_equal(code, 0);
    assert_non_null(strstr(process_text(&shell->out), "\"PRIORITY\":\"5\""));
    assert_non_null(strstr(process_text(&shell->out), "\"MESSAGE\":\"" MQTT_TCP));
}

static void assert_told(const char *program, const char *option, int code, const char *what) {
    struct process *process = process_start(program, option, "nowhere/log", "--json");
    (void)process_collect(process);
    process_assert_code(process, code);
    assert_non_null(strstr(process_text(&process->err), what));
}

static void a_log_that_cannot_be_is_told(void **state) {
    (void)state;
    assert_told("broker", "--log-file", 3, "broker: --json prints everything on standard output");
    struct process *process = process_start("broker", "--log-file", "nowhere/log");
    (void)process_collect(process);
    process_assert_code(process, 3);
    assert_string_equal(process_text(&process->err),
                        "broker: --log-file nowhere/log: No such file or directory\n");
    assert_int_equal(access("network", F_OK), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_file_has_the_log_and_is_followed),
        PROCESS_TEST(a_level_leaves_out_what_is_less_urgent),
        PROCESS_TEST(the_command_reload_follows_it_too),
        PROCESS_TEST(masters_and_routers_have_logs_too),
        PROCESS_TEST(a_real_journal_has_the_fields),
        PROCESS_TEST(a_log_that_cannot_be_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
