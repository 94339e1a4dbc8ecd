// Joining in: a simulated broker at a real port, in the middle of a run.
#include "mqtt.h"

#include <arpa/inet.h>
#include <sys/socket.h>

// A hall in which two devices say something every second, and a third hears it.
#define HALL                                                                               \
    "title: A hall\n"                                                                      \
    "seed: 7\n"                                                                            \
    "stop: 10 h\n"                                                                         \
    "networks: {town: {link: ethernet}}\n"                                                 \
    "brokers: {hall: {network: town, doors: mqtt}, lines: {network: town, doors: line}}\n" \
    "devices:\n"                                                                           \
    "  - {name: \"a-{i}\", count: 2, speaks: mqtt 5.0, broker: hall,\n"                    \
    "     publish: [{topic: \"t/{i}\", qos: 1, every: 1 s}]}\n"                            \
    "  - {name: hears, speaks: mqtt 5.0, broker: hall,\n"                                  \
    "     subscribe: [{filter: \"#\", qos: 1}]}\n"

static struct process *start_hall(const char *commands, const char *until, char port[static 8]) {
    process_write_file("hall.yaml", HALL);
    struct process *hall =
        process_start("simulate", "hall.yaml", "--open", "0", "--until", until, "--run", commands);
    process_await_err(hall, "is at port ");
    const char *text = strstr(process_text(&hall->err), "is at port ") + strlen("is at port ");
    (void)snprintf(port, 8, "%.*s", (int)strspn(text, "0123456789"), text);
    return hall;
}

static int open_guest(const char *port) {
    struct sockaddr_in place = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int guest = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(guest, (const struct sockaddr *)&place, sizeof place), 0);
    return guest;
}

static void others_look_on(void **state) {
    (void)state;
    char port[8];
    struct process *hall = start_hall("run 1", "02:30", port);
    assert_non_null(strstr(process_text(&hall->err), "at 02:30:00.000: broker hall is at port "));
    struct process *sub = process_start(mqtt_need_program("mosquitto_sub"), "-p", port, "-t", "t/+",
                                        "-v", "-C", "4", "-V", "5");
    process_assert_code(sub, 0);
    assert_non_null(strstr(process_text(&sub->out), "t/1 "));
    assert_non_null(strstr(process_text(&sub->out), "t/2 "));
    process_signal(hall, SIGINT);
    process_assert_code(hall, 0);
    const char *said = process_text(&hall->out);
    assert_non_null(strstr(said, "1 joined, so the run cannot be repeated"));
    assert_non_null(strstr(said, "none was broken"));
    assert_null(strstr(said, "Nothing is judged"));
}

static void what_others_say_is_heard_and_not_judged(void **state) {
    (void)state;
    char port[8];
    struct process *hall = start_hall("run 1", "00:10:00", port);
    process_assert_code(process_start(mqtt_need_program("mosquitto_pub"), "-p", port, "-t", "new",
                                      "-m", "from outside", "-q", "2"),
                        0);
    // It takes the place of one who is judged.
    process_assert_code(process_start(mqtt_need_program("mosquitto_pub"), "-p", port, "-i", "hears",
                                      "-t", "t/1", "-m", "x"),
                        0);
    process_signal(hall, SIGINT);
    process_assert_code(hall, 0);
    assert_non_null(strstr(process_text(&hall->out), "Nothing is judged since"));
}

static void time_stands_still_and_goes_in_steps(void **state) {
    (void)state;
    char port[8];
    struct process *hall = start_hall("pause; step 90 s; step; list", "00:10:00", port);
    process_await_out(hall, "00:11:31.000  paused");
    struct process *sub =
        process_start(mqtt_need_program("mosquitto_sub"), "-p", port, "-t", "t/+", "-C", "1", "-v");
    process_await_err(hall, "joined"); // and is not answered
    process_signal(hall, SIGINT);
    process_assert_code(hall, 0);
    assert_null(strstr(process_text(&sub->out), "t/"));
}

static void rules_come_and_go(void **state) {
    (void)state;
    char port[8];
    struct process *hall = start_hall("pause; rule drop PUBACK to a-*; step 5 s; list; undo 1; "
                                      "undo 1; rule drop PUBAK; step x",
                                      "00:10:00", port);
    process_await_out(hall, "drop PUBACK to a-*");
    process_await_err(hall, "undo: there is no rule 1");
    process_await_err(hall, "rule: ");
    process_await_err(hall, "step: column 1: x does not fit here");
    process_signal(hall, SIGTERM);
    process_assert_code(hall, 1); // some commands were wrong
    assert_null(strstr(process_text(&hall->out), "1     0     drop"));
}

static void the_run_ends_where_the_scenario_does(void **state) {
    (void)state;
    process_write_file("short.yaml", "stop: 20 min\n"
                                     "networks: {town: {link: ethernet}}\n"
                                     "brokers: {hall: {network: town, doors: mqtt}}\n"
                                     "devices: [{name: a, speaks: mqtt 5.0, broker: hall}]\n");
    struct process *run = process_start("simulate", "short.yaml", "--open", "0", "--until",
                                        "00:19:00", "--pace", "1000000");
    process_close_input(run);
    process_assert_code(run, 0);
    assert_non_null(strstr(process_text(&run->err), "the scenario ends here"));
    assert_non_null(strstr(process_text(&run->out), "20 min simulated"));
}

// More than may come, one that says nothing, one that sends what is no MQTT, one that never reads.
static void hostile_guests_hold_nobody_up(void **state) {
    (void)state;
    char port[8];
    struct process *hall = start_hall("run 1", "00:10:00", port);
    int idle[70];
    for (size_t i = 0; i < 70; i++) {
        idle[i] = open_guest(port);
    }
    process_await_err(hall, "was turned away: there are 64 already");
    for (size_t i = 0; i < 70; i++) {
        close(idle[i]);
    }
    int garbage = open_guest(port);
    char block[4096];
    memset(block, 0xff, sizeof block);
    assert_true(send(garbage, block, sizeof block, MSG_NOSIGNAL) > 0);
    while (recv(garbage, block, sizeof block, 0) > 0) {
    }
    close(garbage); // the broker has hung up
    struct process *sub =
        process_start(mqtt_need_program("mosquitto_sub"), "-p", port, "-t", "t/+", "-C", "2");
    process_assert_code(sub, 0);
    process_signal(hall, SIGINT);
    process_assert_code(hall, 0);
}

static void what_cannot_be_is_said(void **state) {
    (void)state;
    static const struct {
        const char *words[10];
        const char *said;
        int code;
    } wrong[] = {
        {{"--open", "lines:0"},
         "--open lines:0: that broker has no door for MQTT; one that has "
         "is hall",
         2},
        {{"--open", "hal:0"},
         "--open hal:0: there is no broker of that name; did you mean hall",
         2},
        {{"--open", "x"}, "--open x: must be PORT or NAME:PORT", 2},
        {{"--open", "0", "--until", "11 h"}, "--until 11 h: the scenario ends before that", 2},
        {{"--open", "0", "--until", "3"}, "--until 3: ", 2},
        {{"--until", "3 s"}, "--until and --run go with --open", 2},
        {{"--open", "0", "--pace", "-1"}, "--pace -1: must be a number above 0", 2},
        {{"--open", "0", "--seeds", "3"}, "--open is of one run", 2},
    };
    process_write_file("hall.yaml", HALL);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *words[12] = {"simulate", "hall.yaml"};
        memcpy(words + 2, wrong[i].words, sizeof wrong[i].words);
        struct process *run =
            process_start_with(&(struct process_options){.folder = process_folder, .words = words});
        process_assert_code(run, wrong[i].code);
        assert_non_null(strstr(process_text(&run->err), wrong[i].said));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, process_set_up, process_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(others_look_on),
        TEST(what_others_say_is_heard_and_not_judged),
        TEST(time_stands_still_and_goes_in_steps),
        TEST(rules_come_and_go),
        TEST(the_run_ends_where_the_scenario_does),
        TEST(hostile_guests_hold_nobody_up),
        TEST(what_cannot_be_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
