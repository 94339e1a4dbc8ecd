// Faults on lines, by option and by command.
#include "process.h"

static struct process *start_broker(const char *rules) {
    struct process *broker = process_start("broker", "--address", "83", "--fault", rules);
    process_await_err(broker, "on the network");
    return broker;
}

static void a_dropped_packet_does_not_arrive_and_the_next_one_does(void **state) {
    (void)state;
    struct process *broker = start_broker("drop publ 1 from 580");
    struct process *client = process_start("client", "--address", "580", "--count", "1", "--run",
                                           "conn; subs temp; publ temp first; publ temp second");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "temp second\n");
    process_await_err(broker, "fault: publ from 580 dropped (rule 1)");
    process_send(broker, "list\n");
    process_await_out(broker, "drop publ 1 from 580");
}

static void a_request_for_a_connection_is_refused(void **state) {
    (void)state;
    start_broker("refuse creq 1");
    struct process *client = process_start("client", "--address", "580");
    process_send(client, "conn\n");
    process_await_err(client, "refused: 503");
    process_send(client, "conn\n");
    process_await_err(client, "connected with 83");
}

static void a_client_refuses_itself_likewise(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    struct process *client =
        process_start("client", "--address", "580", "--run", "conn", "--fault", "refuse creq");
    process_assert_code(client, 1);
    process_await_err(client, "refused: 503");
    process_end(broker);
    assert_null(strstr(process_text(&broker->err), "connected with 580"));
}

static void packets_are_held_and_stepped(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    struct process *client = process_start("client", "--address", "580");
    process_send(client, "conn\nhold\npubl a 1\npubl a 2\nlist\n");
    process_await_err(client, "connected with 83");
    process_await_out(client, "packets that wait: 2");
    process_send(client, "step\n");
    process_await_out(broker, "580 published a 1");
    process_send(client, "thaw\n");
    process_await_out(broker, "580 published a 2");
    process_send(client, "step\n");
    process_await_err(client, "error: step: no packet is held");
}

static void what_is_frozen_comes_after_the_thaw(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    struct process *client = process_start_client("conn\nsubs a\n");
    process_await_err(client, "took the subscription");
    process_send(broker, "freeze\n");
    process_await_err(broker, "frozen");
    process_send(client, "publ a 1\n");
    process_await_err(broker, "fault: publ from");
    process_send(broker, "thaw\n");
    process_await_out(client, "a 1");
}

static void a_cut_ends_the_connection_on_both_sides(void **state) {
    (void)state;
    struct process *broker = start_broker("cut after publ 2 from 580");
    struct process *client =
        process_start("client", "--address", "580", "--stay", "--run", "conn; publ a 1; publ a 2");
    process_await_out(broker, "580 published a 2");
    process_await_err(broker, "connection with 580 ended");
    process_await_err(client, "connection with 83 ended");
}

static void a_crash_says_nothing_and_others_notice(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    struct process *client = process_start_client("conn\n");
    process_await_err(client, "connected with 83");
    process_send(client, "crash\n");
    process_assert_code(client, 1000 + SIGKILL);
    process_await_err(broker, "it left the network");
}

static void rules_stand_in_a_file_too(void **state) {
    (void)state;
    process_write_file("rules", "# what the cellar does\n\ndelay 10 ms to 580\n");
    struct process *broker =
        process_start("broker", "--address", "83", "--fault-file", "rules", "--json");
    process_await_out(broker, "\"started\"");
    struct process *client = process_start("client", "--address", "580", "--run", "conn");
    process_assert_code(client, 0);
    process_await_out(broker, "\"what\":\"delayed\",\"type\":\"cres\",\"to\":580,\"rule\":1");
}

static void wrong_rules_are_told_before_anything_happens(void **state) {
    (void)state;
    static const struct {
        const char *option;
        const char *value;
        const char *said;
    } rows[] = {
        {"--fault", "drop publ; drip publ", "broker: --fault: column 2: drip does not fit here"},
        {"--fault-file", "wrong", "broker: --fault-file wrong: line 2: column 6: "},
        {"--fault-file", "missing", "broker: --fault-file missing: No such file"},
    };
    process_write_file("wrong", "# a remark\ndrop everything\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process *broker = process_start("broker", rows[i].option, rows[i].value);
        process_assert_code(broker, 2);
        process_await_err(broker, rows[i].said);
    }
    assert_int_not_equal(access("network", F_OK), 0);
}

static void a_rule_that_never_hits_is_warned_about(void **state) {
    (void)state;
    struct process *broker = start_broker("drop sres to broker");
    process_await_err(broker, "this rule can never hit: ");
    process_send(broker, "undo 1\nundo 1\n");
    process_await_err(broker, "error: undo: there is no rule of this number");
}

// A line of the broker's own that a fault has changed does not come back as one of its own, so the
// next one that bears its address is a stranger's.
static void a_changed_line_does_not_hide_a_second_device(void **state) {
    (void)state;
    struct process *broker = start_broker("corrupt 64 bits of sres");
    struct process *client =
        process_start("client", "--address", "580", "--run", "conn; subs temp", "--stay");
    process_await_err(broker, "fault: sres to 580 corrupted (rule 1)");
    process_await_err(client, "dropped");
    static const char join[] = "1795435622\t83\t7\tjoin\t-broker-\t816\t\n";
    char *path = support_path(process_folder, "network");
    FILE *network = fopen(path, "ae");
    assert_non_null(network);
    assert_int_equal(fputs(join, network) >= 0, 1);
    assert_int_equal(fclose(network), 0);
    free(path);
    process_await_err(broker, "sender has our own address, but we did not send it");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_dropped_packet_does_not_arrive_and_the_next_one_does),
        PROCESS_TEST(a_request_for_a_connection_is_refused),
        PROCESS_TEST(a_client_refuses_itself_likewise),
        PROCESS_TEST(packets_are_held_and_stepped),
        PROCESS_TEST(what_is_frozen_comes_after_the_thaw),
        PROCESS_TEST(a_cut_ends_the_connection_on_both_sides),
        PROCESS_TEST(a_crash_says_nothing_and_others_notice),
        PROCESS_TEST(rules_stand_in_a_file_too),
        PROCESS_TEST(wrong_rules_are_told_before_anything_happens),
        PROCESS_TEST(a_rule_that_never_hits_is_warned_about),
        PROCESS_TEST(a_changed_line_does_not_hide_a_second_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
