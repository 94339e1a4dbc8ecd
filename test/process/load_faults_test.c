// The program load against a broker that breaks one rule at a time: each is found, counted exactly,
// and nothing else is. All cases run at once, for many of them wait for what never comes.
#include "misbehaving.h"
#include "mqtt.h"

struct rule {
    const char *name;
    enum misbehaviour fault;
    const char *qos;
    const char *version;
    int code;
    const char *said[3]; // on standard output
};

struct trial {
    const struct rule *rule;
    pid_t broker;
    char port[8];
    struct process *load;
};

#define NO_FAULT "0 lost, 0 repeated, 0 out of order, 0 not asked for\n"
#define NO_OTHER "0 changed, 0 of a lower QoS, 0 unsent, 0 unacknowledged, 0 unreleased\n"

static const struct rule rules[] = {
    {"no CONNACK", NO_CONNACK, "0", "5", 1, {"2 failed", " 300 unsent"}},
    {"no SUBACK", NO_SUBACK, "1", "3.1.1", 1, {"1 failed", " 300 unsent"}},
    {"no PUBACK", NO_PUBACK, "1", "3.1.1", 1, {NO_FAULT, " 236 unsent, 64 unacknowledged"}},
    {"no PUBREC", NO_PUBREC, "2", "5", 1, {NO_FAULT, " 280 unsent, 20 unacknowledged"}},
    {"no PUBCOMP", NO_PUBCOMP, "2", "3.1", 1, {NO_FAULT, " 280 unsent, 20 unacknowledged"}},
    {"no PUBREL", NO_PUBREL, "2", "3.1.1", 1, {NO_FAULT, " 0 unacknowledged, 300 unreleased"}},
    {"QoS 0 for 1", LOWER_QOS, "1", "5", 1, {NO_FAULT, "0 changed, 300 of a lower QoS, 0 unsent"}},
    {"QoS 1 for 2", LOWER_QOS, "2", "3.1", 1, {NO_FAULT, "0 changed, 300 of a lower QoS, 0 uns"}},
    {"QoS 1 for 0", HIGHER_QOS, "0", "3.1.1", 1, {"1 failed"}},
    {"loss, QoS 0", LOSES, "0", "3.1.1", 1, {"30 lost, 0 repeated, 0 out of order", NO_OTHER}},
    {"loss, QoS 2", LOSES, "2", "5", 1, {"30 lost, 0 repeated, 0 out of order", NO_OTHER}},
    {"repeats, QoS 0", REPEATS, "0", "5", 1, {" 0 lost, 30 repeated, 0 out of", NO_OTHER}},
    {"repeats, QoS 1", REPEATS, "1", "3.1.1", 1, {" 0 lost, 30 repeated, 0 out of", NO_OTHER}},
    {"repeats, QoS 2", REPEATS, "2", "3.1", 1, {" 0 lost, 30 repeated, 0 out of", NO_OTHER}},
    {"DUP in 5.0", REPEATS_WITH_DUP, "1", "5", 1, {" 0 lost, 30 repeated, 0 out", NO_OTHER}},
    {"DUP before", REPEATS_WITH_DUP, "1", "3.1", 0, {NO_FAULT, NO_OTHER, "sent again   30 copies"}},
    {"DUP, QoS 2", REPEATS_WITH_DUP, "2", "3.1.1", 0, {NO_FAULT, NO_OTHER, "sent again   30 c"}},
    {"order", REORDERS, "1", "3.1.1", 1, {" 0 lost, 0 repeated, 30 out of order", NO_OTHER}},
    {"end cut off", CUTS_THE_END, "1", "3.1.1", 1, {NO_FAULT, " 30 changed, 0 of a lower QoS"}},
    {"head cut", CUTS_THE_HEAD, "0", "5", 1, {" 30 lost, 0 rep", " 30 changed, 0 of a lower QoS"}},
    {"byte 31", CHANGES_BYTE_31, "0", "5", 1, {NO_FAULT, " 30 changed, 0 of a lower QoS"}},
    {"byte 9", CHANGES_BYTE_9, "1", "3.1", 1, {" 30 lost, 0 rep", " 30 changed, 0 of a lower Q"}},
    {"topic", CHANGES_THE_TOPIC, "1", "5", 1, {"30 lost, 0 repeated, 0 out of order, 30 not"}},
    {"hang", HANGS, "1", "5", 1, {"0 failed", "0 changed, 0 of a lower QoS"}},
    {"reset", RESETS, "0", "3.1.1", 1, {"2 failed", "0 changed, 0 of a lower QoS"}},
    {"endless", NEVER_STOPS_REPEATING, "0", "5", 1, {"lacks most: of publisher 0, topic 0"}},
    {"group, one member", ALL_TO_ONE_MEMBER, "1", "5", 0, {NO_FAULT, NO_OTHER}},
    {"group, all", ALL_TO_ALL_MEMBERS, "0", "3.1.1", 1, {" 0 lost, 600 repeated, 0 out of order"}},
};
#define RULES (sizeof rules / sizeof *rules)

// With one subscriber the filter is what it would have without one.
static void start(struct trial *trial, const struct rule *rule) {
    bool shares = rule->fault == ALL_TO_ONE_MEMBER || rule->fault == ALL_TO_ALL_MEMBERS;
    trial->rule = rule;
    trial->broker = misbehaving_start(rule->fault, trial->port);
    trial->load =
        process_start("load", "--port", trial->port, "--qos", rule->qos, "--mqtt", rule->version,
                      "--messages", "300", "--timeout", "3", "--subscribers", shares ? "3" : "1",
                      "--filter", shares ? "$share/g/load/#" : "load/0/0-%r");
}

static void judge(struct trial *trial) {
    const struct rule *rule = trial->rule;
    int code = process_collect(trial->load);
    bool is_right = code == rule->code;
    for (size_t i = 0; i < 3 && rule->said[i] != NULL; i++) {
        is_right = is_right && strstr(process_text(&trial->load->out), rule->said[i]) != NULL;
    }
    if (!is_right) {
        (void)fprintf(stderr, "%s: exit code %d\n", rule->name, code);
        process_explain(trial->load);
    }
    assert_true(is_right);
    misbehaving_end(trial->broker);
}

static void each_fault_is_found_and_nothing_else(void **state) {
    (void)state;
    struct trial trials[RULES];
    for (size_t i = 0; i < RULES; i++) {
        start(&trials[i], &rules[i]);
    }
    for (size_t i = 0; i < RULES; i++) {
        judge(&trials[i]);
    }
}

// All are sent and all come, for the window has room for them.
static void what_is_only_unacknowledged_is_a_fault(void **state) {
    (void)state;
    static const struct rule only[] = {{.fault = NO_PUBACK, .qos = "1"},
                                       {.fault = NO_PUBREC, .qos = "2"},
                                       {.fault = NO_PUBCOMP, .qos = "2"}};
    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        char port[8];
        pid_t broker = misbehaving_start(only[i].fault, port);
        struct process *load = process_start("load", "--port", port, "--qos", only[i].qos,
                                             "--messages", "10", "--timeout", "1");
        process_assert_code(load, 1);
        assert_non_null(strstr(process_text(&load->out), NO_FAULT));
        assert_non_null(
            strstr(process_text(&load->out), "0 unsent, 10 unacknowledged, 0 unreleased"));
        misbehaving_end(broker);
    }
}

static void a_broker_that_behaves_is_good(void **state) {
    (void)state;
    static const char *const qos[] = {"0", "1", "2"};
    static const char *const versions[] = {"3.1", "3.1.1", "5"};
    for (size_t i = 0; i < 9; i++) {
        struct trial trial;
        start(&trial, &(struct rule){.name = "good",
                                     .fault = MISBEHAVES_NOT,
                                     .qos = qos[i % 3],
                                     .version = versions[i / 3],
                                     .said = {"300 copies expected, 300 del", NO_FAULT, NO_OTHER}});
        judge(&trial);
    }
}

// They stay open, or the broker's silence would not be noticed.
static void idle_connections_are_held_open_and_pinged(void **state) {
    (void)state;
    char port[8];
    pid_t broker = misbehaving_start(NO_PINGRESP, port);
    struct process *load = process_start("load", "--port", port, "--idle", "3", "--keep-alive", "4",
                                         "--seconds", "1000", "--timeout", "1");
    process_assert_code(load, 1);
    assert_non_null(strstr(process_text(&load->err), "the broker does not answer a PINGREQ"));
    misbehaving_end(broker);
}

static void a_check_of_nothing_is_not_good(void **state) {
    (void)state;
    char port[8];
    pid_t broker = misbehaving_start(MISBEHAVES_NOT, port);
    struct process *load = process_start("load", "--port", port, "--rate", "1", "--seconds", "0.1",
                                         "--warm-up", "0", "--json");
    process_assert_code(load, 2);
    assert_non_null(strstr(process_text(&load->err), "nothing was checked"));
    assert_non_null(strstr(process_text(&load->out), "\"good\": false"));
    misbehaving_end(broker);
}

// A rate keeps them at it for a second each, beside each other.
#define LOAD_FOR_A_SECOND(...)                                                                     \
    process_start("load", "--port", port, "--rate", "1000", "--seconds", "1", "--publishers", "2", \
                  __VA_ARGS__)

static void loads_at_one_broker_do_not_disturb_each_other(void **state) {
    (void)state;
    char port[8];
    struct process *broker = process_start("broker", "--mqtt", "0");
    (void)snprintf(port, sizeof port, "%u", mqtt_port(broker, MQTT_TCP));
    struct process *loads[] = {
        LOAD_FOR_A_SECOND("--qos", "2"),
        LOAD_FOR_A_SECOND("--qos", "2"),
        LOAD_FOR_A_SECOND("--qos", "0", "--subscribers", "6", "--filters", "10"),
        LOAD_FOR_A_SECOND("--qos", "0", "--subscribers", "6", "--filters", "10"),
        LOAD_FOR_A_SECOND("--qos", "1", "--filter", "load/#"),
        LOAD_FOR_A_SECOND("--qos", "1", "--topic", "load/%p", "--filter", "load/#"),
        LOAD_FOR_A_SECOND("--qos", "1", "--topic", "load/%p", "--filter", "load/#"),
    };
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        process_assert_code(loads[i], 0);
        assert_non_null(strstr(process_text(&loads[i]->out), NO_FAULT));
        assert_true((strstr(process_text(&loads[i]->out), "messages of other") != NULL) == (i > 3));
    }
    process_end(broker);
}

static void who_shares_a_subscription_gets_one_copy_together(void **state) {
    (void)state;
    char port[8];
    struct process *broker = process_start("broker", "--mqtt", "0");
    (void)snprintf(port, sizeof port, "%u", mqtt_port(broker, MQTT_TCP));
    static const char *const qos[] = {"0", "1", "2"};
    for (size_t i = 0; i < 3; i++) {
        struct process *load = process_start("load", "--port", port, "--qos", qos[i], "--mqtt", "5",
                                             "--publishers", "3", "--subscribers", "4",
                                             "--messages", "300", "--filter", "$share/g/load/#");
        process_assert_code(load, 0);
        assert_non_null(strstr(process_text(&load->out), "300 copies expected, 300 delivered"));
    }
    process_end(broker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(idle_connections_are_held_open_and_pinged),
        PROCESS_TEST(a_check_of_nothing_is_not_good),
        PROCESS_TEST(loads_at_one_broker_do_not_disturb_each_other),
        PROCESS_TEST(who_shares_a_subscription_gets_one_copy_together),
        PROCESS_TEST(each_fault_is_found_and_nothing_else),
        PROCESS_TEST(what_is_only_unacknowledged_is_a_fault),
        PROCESS_TEST(a_broker_that_behaves_is_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
