// The commands that change a password file, as a user types them, and listeners that ask for users.
#include "mqtt.h"

// Runs `broker --password-file FILE OPTION USER` with this input; its exit code.
static struct process *change(const char *file, const char *option, const char *user,
                              const char *input) {
    struct process *broker = process_start("broker", "--password-file", file, option, user);
    process_send(broker, input);
    (void)process_collect(broker);
    return broker;
}

static void assert_said(struct process *broker, int code, const char *said) {
    assert_int_equal(broker->code, code);
    assert_non_null(strstr(process_text(&broker->err), said));
}

static void assert_connects(const char *credentials, int code) {
    process_write_file("credentials", credentials);
    process_assert_code(process_start("client", "--suite", "sodium", "--run", "conn",
                                      "--credentials", "credentials"),
                        code);
}

static void users_come_change_and_go(void **state) {
    (void)state;
    assert_said(change("p", "--add-user", "ann", "one\n"), 0, "p: ann was added");
    assert_said(change("p", "--add-user", "bob", "two\n"), 0, "p: bob was added");
    assert_said(change("p", "--add-user", "ann", "three\n"), 0, "p: ann has a new password");
    assert_said(change("p", "--delete-user", "bob", ""), 0, "p: bob was taken out");
    char *text = process_file("p");
    assert_int_equal(strncmp(text, "ann:$argon2id$", 14), 0);
    assert_ptr_equal(strchr(text, '\n') + 1, strchr(text, '\0'));
    free(text);
    struct process *broker = process_start("broker", "--address", "1", "--password-file", "p");
    process_await_err(broker, "on the network");
    assert_connects("ann:three\n", 0);
    assert_connects("ann:one\n", 1);
    assert_connects("bob:two\n", 1);
    process_end(broker);
}

static void the_rest_of_the_file_stays(void **state) {
    (void)state;
    struct stat status;
    process_write_file("p", "# readers\nann:x\nbob:y\nann:again\n\ncid:z");
    process_assert_code(process_start("/bin/sh", "-c", "chmod 640 p; ln -s p link"), 0);
    assert_said(change("link", "--delete-user", "ann", ""), 0, "ann was taken out");
    char *text = process_file("p");
    assert_string_equal(text, "# readers\nbob:y\n\ncid:z\n");
    free(text);
    text = process_file("link");
    assert_string_equal(text, "# readers\nbob:y\n\ncid:z\n");
    free(text);
    char *path = support_path(process_folder, "p");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
    free(path);
    assert_said(change("new", "--add-user", "ann", "x\n"), 0, "ann was added");
    path = support_path(process_folder, "new");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    free(path);
}

static void what_cannot_be_done_changes_nothing(void **state) {
    (void)state;
    process_write_file("p", "ann:x\n");
    assert_said(change("p", "--delete-user", "bob", ""), 1, "there is no user bob");
    assert_said(change("none", "--delete-user", "bob", ""), 3, "none: No such file");
    assert_said(change("no/folder", "--add-user", "bob", "x\n"), 3, "no/folder: No such file");
    assert_said(change("p", "--add-user", "bob", ""), 1, "has no line with the password");
    assert_said(change("p", "--add-user", "a:b", "x\n"), 2, "a user name has no colon");
    struct process *broker = process_start("broker", "--add-user", "ann");
    (void)process_collect(broker);
    assert_said(broker, 2, "need --password-file FILE");
    char *text = process_file("p");
    assert_string_equal(text, "ann:x\n");
    free(text);
    struct process *list = process_start("/bin/sh", "-c", "ls p.* none* 2>/dev/null | wc -l");
    (void)process_collect(list);
    assert_string_equal(process_text(&list->out), "0\n"); // no half of a file
}

static struct process *type_passwords(const char *first, const char *second) {
    struct process_options options = {
        .folder = process_folder,
        .words = (const char *const[]){"broker", "--password-file", "p", "--add-user", "ann", NULL},
    };
    struct process *broker = process_start_terminal(&options, 24, 80);
    process_await_out(broker, "password for ann:");
    process_send(broker, first);
    process_await_out(broker, "the same password again for ann:");
    process_send(broker, second);
    while (broker->out.fd >= 0) {
        (void)process_pump(-1, PROCESS_TURN_MS);
    }
    assert_null(strstr(process_text(&broker->out), "hidden"));
    return broker;
}

static void a_terminal_does_not_show_what_is_typed(void **state) {
    (void)state;
    struct process *broker = type_passwords("hidden\n", "hiddne\n");
    assert_non_null(strstr(process_text(&broker->out), "are not the same; nothing was changed"));
    process_assert_code(broker, 1);
    broker = type_passwords("hidden\n", "hidden\n");
    assert_non_null(strstr(process_text(&broker->out), "p: ann was added"));
    process_assert_code(broker, 0);
}

// The ports of two listeners of one kind.
static void find_ports(struct process *broker, uint16_t ports[static 2]) {
    ports[0] = mqtt_port(broker, MQTT_TCP);
    const char *second = strstr(process_text(&broker->err), MQTT_TCP) + 1;
    second = strstr(second, MQTT_TCP);
    assert_non_null(second);
    ports[1] = (uint16_t)strtoul(second + strlen(MQTT_TCP), NULL, 10);
}

static void who_has_no_name_comes_in_at_one_listener(void **state) {
    (void)state;
    uint16_t ports[2];
    struct mqtt_connect connect = {.version = MQTT_5, .clean_start = true};
    process_write_file("p", "ann:x\n");
    struct process *broker =
        process_start("broker", "--password-file", "p", "--mqtt",
                      "0?anonymous=yes&max-qos=0&versions=5,0?retain=no", "--mqtt-unix", "end");
    process_await_err(broker, "Unix socket end");
    find_ports(broker, ports);
    struct mqtt_hand *hand = &mqtt_hands[0];
    hand->fd = http_dial(ports[0]);
    assert_int_equal(mqtt_hand_ask(hand, &connect), MQTT_SUCCESS);
    close(hand->fd);
    hand->fd = http_dial(ports[1]);
    assert_int_equal(mqtt_hand_ask(hand, &connect), MQTT_NOT_AUTHORIZED);
    close(hand->fd);
    connect.version = MQTT_3_1_1;
    hand->fd = http_dial(ports[0]);
    assert_int_equal(mqtt_hand_ask(hand, &connect), 1);
    close(hand->fd);
    process_end(broker);
    broker = process_start("broker", "--mqtt", "0?anonymous=no");
    (void)process_collect(broker);
    assert_said(broker, 3, "anonymous=no behind a listener needs --password-file");
    broker = process_start("broker", "--mqtt", "0?max-qos=3");
    (void)process_collect(broker);
    assert_said(broker, 2, "--mqtt: 0?max-qos=3: max-qos takes 0, 1 or 2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(users_come_change_and_go),
        PROCESS_TEST(the_rest_of_the_file_stays),
        PROCESS_TEST(what_cannot_be_done_changes_nothing),
        PROCESS_TEST(a_terminal_does_not_show_what_is_typed),
        PROCESS_TEST(who_has_no_name_comes_in_at_one_listener),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
