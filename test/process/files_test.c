// Files that somebody prepared, or damaged: links where programs write, and a router's journal.
#include "internet.h"
#include "mqtt.h"

#include <sys/stat.h>

static void make_link(const char *target, const char *name) {
    char *path = support_path(process_folder, name);
    assert_int_equal(symlink(target, path), 0);
    free(path);
}

static void assert_holds(const char *name, const char *content) {
    char *found = process_file(name);
    assert_string_equal(found, content);
    free(found);
}

static void a_router_writes_through_no_link(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "30");
    process_write_file("victim", "precious");
    make_link("victim", "network.router.new");
    struct process *router = join_router("network", "7");
    process_send(router, "list\n");
    process_await_out(router, "gate");
    assert_holds("victim", "precious");
    process_end(router);
    make_link("absent", "network.router");
    router = start_router("network", "--gate", "7");
    process_assert_code(router, 3);
    assert_non_null(strstr(process_text(&router->err), "network.router: cannot be opened: it is a "
                                                       "symbolic link"));
    assert_null(process_file("absent"));
    process_end(master);
}

static void no_network_is_made_through_a_link(void **state) {
    (void)state;
    make_link("absent", "network");
    static const char *const programs[] = {"broker", "client", "watch"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct process *process = strcmp(programs[i], "watch") == 0
                                      ? process_start("watch", "network")
                                      : process_start(programs[i], "--network", "network");
        process_assert_code(process, 3);
        assert_non_null(strstr(process_text(&process->err), "symbolic link"));
    }
    assert_null(process_file("absent"));
}

static void turn_a_bit(const char *name, long at) {
    char *path = support_path(process_folder, name);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    (void)fputc(byte ^ 1, file);
    assert_int_equal(fclose(file), 0);
    free(path);
}

static void a_damaged_journal_is_told_and_the_gate_is_kept(void **state) {
    (void)state;
    struct process *master = start_master("--idle-timeout", "600");
    struct process *router = join_router("network", "7");
    struct process *broker = join_broker("network", "83");
    while (count_in("network.router", "commit ") < 2) { // the lease, then that a broker is there
        (void)process_pump(-1, 10);
    }
    process_end(broker);
    process_kill(router);
    struct stat status;
    char *path = support_path(process_folder, "network.router");
    assert_int_equal(stat(path, &status), 0);
    turn_a_bit("network.router", status.st_size - 2); // of the last commit
    router = start_router("network", "--gate", "7");
    process_await_err(router, "network.router: is damaged behind byte ");
    process_await_err(router, "going on with its lease and nothing else");
    process_await_err(router, "router 7000 on the network");
    char *aside = process_file("network.router.damaged");
    assert_non_null(aside);
    free(aside);
    free(path);
    process_end(router);
    process_end(master);
}

static void set_mode(const char *name, unsigned mode) {
    char *path = support_path(process_folder, name);
    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

static void try_secret_files(unsigned mode, const char *said) {
    static const char *const files[] = {"passwords", "tokens", "master.db"};
    for (size_t i = 0; i < 3; i++) {
        set_mode(files[i], mode);
    }
    struct process *all[] = {
        process_start("broker", "--password-file", "passwords", "--run", "exit"),
        process_start("client", "--credentials", "passwords", "--suite", "sodium", "--run", "exit"),
        process_start("router", "--token-file", "tokens", "--master", "http://127.0.0.1:1", "--run",
                      "exit"),
        process_start("master", "--token-file", "tokens", "--store", "memory", "--listen",
                      "127.0.0.1:0", "--run", "exit"),
        process_start("master", "--store", "sqlite:master.db", "--listen", "127.0.0.1:0", "--run",
                      "exit"),
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        process_assert_code(all[i], said == NULL ? 0 : 3);
        if (said != NULL) {
            const char *text = process_text(&all[i]->err);
            assert_non_null(strstr(text, said));
            assert_int_equal(process_occurrences(text, "\n"), 1); // one sentence
        }
    }
}

static void secrets_that_others_can_read_are_refused(void **state) {
    (void)state;
    process_write_file("passwords", "me:secret\n");
    process_write_file("tokens", "0123456789abcdef0123\n");
    process_write_file("master.db", "");
    try_secret_files(0600, NULL);
    try_secret_files(0640, NULL); // a group is chosen
    try_secret_files(0644, ": other users can read it; keep them out with chmod o-rw\n");
    try_secret_files(0602, ": other users can change it; keep them out with chmod o-rw\n");
}

static void a_tap_that_cannot_be_opened_is_an_unusable_file(void **state) {
    (void)state;
    process_write_file("notes", "my notes\n");
    static const char *const files[] = {"none/tap.pcapng", "notes", "/dev/null"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct process *broker =
            process_start("broker", "--mqtt", "127.0.0.1:0", "--tap", files[i]);
        process_assert_code(broker, 3);
        process_await_err(broker, "broker: --tap: ");
    }
    struct process *broker = process_start("broker", "--mqtt", "nonsense:x", "--tap", "notes");
    process_assert_code(broker, 2);
}

static void move(const char *from, const char *to) {
    char *old = support_path(process_folder, from);
    char *new = support_path(process_folder, to);
    assert_int_equal(rename(old, new), 0);
    free(old);
    free(new);
}

// As logrotate does it; a watch that follows sees one conversation.
static void a_tap_follows_its_file(void **state) {
    (void)state;
    struct process *broker =
        process_start("broker", "--mqtt", "127.0.0.1:0", "--tap", "tap.pcapng");
    uint16_t port = mqtt_port(broker, MQTT_TCP);
    struct process *watch = process_start("watch", "tap.pcapng");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, "tapped");
    mqtt_hand_publish(hand, "a", bytes_of_text("first"));
    process_await_out(watch, "first");
    move("tap.pcapng", "tap.old");
    process_signal(broker, SIGHUP);
    process_await_err(broker, "tap.pcapng: the tap begins a new file");
    mqtt_hand_publish(hand, "a", bytes_of_text("second"));
    process_await_out(watch, "second");
    char *path = support_path(process_folder, "tap.pcapng");
    assert_int_equal(truncate(path, 0), 0);
    process_signal(broker, SIGHUP);
    process_await_err(broker, "tap.pcapng: the tap begins anew");
    close(hand->fd);
    hand = mqtt_hand_connect(0, port, MQTT_5, "later");
    mqtt_hand_publish(hand, "a", bytes_of_text("third"));
    process_await_out(watch, "third");
    close(hand->fd);
    process_end(broker);
    process_end(watch);
    watch = process_start("watch", "--once", "tap.pcapng");
    process_assert_code(watch, 0);
    process_await_out(watch, "third");
    free(path);
}

// The taps that are no broker's.
static void assert_follows(struct process *program, const char *tap) {
    char text[64];
    move(tap, "moved");
    process_signal(program, SIGHUP);
    (void)snprintf(text, sizeof text, "%s: the tap begins a new file", tap);
    process_await_err(program, text);
    char *path = support_path(process_folder, tap);
    assert_int_equal(access(path, R_OK), 0);
    free(path);
}

static void every_tap_follows_its_file(void **state) {
    (void)state;
    struct process *master = process_start("master", "--listen", "127.0.0.1:0", "--store", "memory",
                                           "--tap", "master.pcapng");
    set_url(master);
    struct process *router = start_router("network", "--gate", "7", "--tap", "router.pcapng");
    process_await_err(router, " on the network ");
    struct process *proxy =
        process_start("proxy", "-l", "0", "-b", "127.0.0.1:1883", "--tap", "proxy.pcapng");
    (void)mqtt_port(proxy, "proxy at port ");
    assert_follows(master, "master.pcapng");
    assert_follows(router, "router.pcapng");
    assert_follows(proxy, "proxy.pcapng");
    process_end(proxy);
    process_end(router);
    process_end(master);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_router_writes_through_no_link),
        PROCESS_TEST(no_network_is_made_through_a_link),
        PROCESS_TEST(a_damaged_journal_is_told_and_the_gate_is_kept),
        PROCESS_TEST(secrets_that_others_can_read_are_refused),
        PROCESS_TEST(a_tap_that_cannot_be_opened_is_an_unusable_file),
        PROCESS_TEST(a_tap_follows_its_file),
        PROCESS_TEST(every_tap_follows_its_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
