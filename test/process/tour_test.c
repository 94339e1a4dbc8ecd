// What a user does first: two programs in one folder, and data piped through them.
#include "process.h"

#include <jansson.h>

static void two_programs_exchange_an_entry_in_readable_lines(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    struct process *client = process_start("client", "--address", "580");
    process_send(client, "conn\nsubs temp\npubl temp 21.5\n");
    process_await_out(client, "temp 21.5\n");
    process_await_out(broker, "580 published temp 21.5\n");
    process_send(client, "exit\n");
    process_assert_code(client, 0);
    process_await_err(broker, "client 580 left");
    process_end(broker);
    char *network = process_file("network");
    static const char *const lines[] = {"\t83\t0\tjoin\t-broker-\t816\t\n",
                                        "\t580\t0\tjoin\t-client-\t600\t\n",
                                        "\t83\t580\tjoin\t-broker-\t816\t\n",
                                        "\t580\t83\tcreq\t-",
                                        "\t83\t580\tcres\t-200-",
                                        "\t580\t83\tsreq\t",
                                        "\t83\t580\tsres\t",
                                        "\t580\t83\tpubl\t",
                                        "\t83\t580\tpubl\t",
                                        "\t580\t83\tdisc\t-\t1\t\n",
                                        "\t580\t0\tleft\t-client-\t600\t\n",
                                        "\t83\t0\tleft\t-broker-\t816\t\n"};
    const char *at = network;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        at = strstr(at, lines[i]);
        if (at == NULL) {
            print_error("no %s in\n%s", lines[i], network);
        }
        assert_non_null(at);
    }
    free(network);
}

static void a_script_prints_its_update_and_nothing_else(void **state) {
    (void)state;
    process_start_broker("1");
    struct process *client = process_start("client", "--count", "1");
    process_send(client, "conn\nsubs a/+\npubl a/b 1\n");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "a/b 1\n");
}

static void several_commands_stand_in_one_option(void **state) {
    (void)state;
    process_start_broker("1");
    struct process *client = process_start(
        "client", "--run",
        "conn; subs \"a;b\"; publ \"a;b\" \"x; \\\"y\\\"\";publ 'a;b' it's; list", "--count", "2");
    process_assert_code(client, 0);
    process_await_out(client, "a;b x; \"y\"\n");
    process_await_out(client, "a;b it's\n");
}

static void values_of_any_bytes_arrive(void **state) {
    (void)state;
    process_start_broker("1");
    struct process *client = process_start("client", "--json", "--count", "5");
    process_send(client, "conn\nsubs t\npubl t a\tb - % ü\npubl t \"\\n\\x00\"\npubl t \"\"\n"
                         "publ t \"\\xFF\"\npubl t \xfe\n");
    process_assert_code(client, 0);
    process_await_out(client, "\"value\":\"a\\tb - % ü\"");
    process_await_out(client, "\"value_base64\":\"CgA=\"");
    process_await_out(client, "\"value\":\"\"");
    process_await_out(client, "\"value_base64\":\"/w==\"");
    process_await_out(client, "\"value_base64\":\"/g==\"");
}

static const char *member(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static void each_line_of_json_is_an_object(void **state) {
    (void)state;
    process_start("broker", "--address", "7", "--json", "--name", "kitchen \"ü\"");
    process_await_out(process_all[0], "started");
    struct process *client = process_start("client", "--json");
    process_send(client, "conn\nsubs t\nwrong\npubl t \"\\x00\"\n");
    process_await_out(client, "update");
    process_send(client, "help\ntgll\ntgll\nlist\n");
    process_assert_code(client, 1); // for the wrong command
    process_end(process_all[0]);
    unsigned lists = 0;
    unsigned lines = 0;
    for (size_t i = 0; i < 2; i++) {
        char *rest = process_all[i]->out.text;
        for (char *line; (line = strsep(&rest, "\n")) != NULL && rest != NULL; lines++) {
            json_error_t error;
            json_t *object = json_loads(line, JSON_ALLOW_NUL, &error);
            assert_true(json_is_object(object));
            assert_true(member(object, "event")[0] != '\0');
            assert_true(json_is_integer(json_object_get(object, "time")));
            if (strcmp(member(object, "event"), "list") == 0) {
                const json_t *device = json_array_get(json_object_get(object, "devices"), 0);
                assert_string_equal(member(device, "name"), "kitchen \"ü\"");
                assert_int_equal(json_array_size(json_object_get(object, "entries")), 1);
                lists++;
            }
            json_decref(object);
        }
    }
    assert_int_equal(lists, 1);
    assert_true(lines > 10);
    assert_string_equal(process_text(&client->err), "");
}

static void list_shows_every_field(void **state) {
    (void)state;
    struct process *broker = process_start("broker", "--address", "7", "--name", "kitchen");
    process_await_err(broker, "on the network");
    struct process *client = process_start_client("conn\nsubs t/+\npubl t/1 20 C\n");
    process_await_out(client, "t/1 20 C\n");
    process_send(client, "list\n");
    static const char *const parts[] = {
        "devices: 1", "address",   "kind",           "name",        "time_stamp",
        "broker",     "kitchen",   "connections: 1", "status_code", "suite",
        "key",        "last_ping", "description",    "classic",     "subscriptions: 1",
        "t/+",        "200",       "open",           "entries: 1",  "t/1",
        "20 C",       "packets",   "seen",           "sent",        "0 packets dropped"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        process_await_out(client, parts[i]);
    }
    process_send(broker, "list\n");
    process_await_out(broker, "subscriptions: 1");
    process_await_out(broker, "t/1");
}

static void help_names_every_command(void **state) {
    (void)state;
    struct process *client = process_start_client("help\n");
    static const char *const names[] = {"help", "exit", "tgll", "conn", "disc",
                                        "subs", "unsb", "publ", "list"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        process_await_out(client, names[i]);
    }
}

static void toggling_hides_updates_and_shows_them_again(void **state) {
    (void)state;
    process_start_broker("1");
    struct process *client = process_start_client("conn\nsubs a\ntgll\npubl a 1\npubl a 2\n");
    process_await_err(client, "not listening");
    process_await_out(process_all[0], "published a 2\n");
    process_send(client, "unsb a\nsubs b\ntgll\npubl b 3\n");
    process_await_out(client, "b 3\n");
    assert_string_equal(process_text(&client->out), "b 3\n");
}

static void the_last_value_comes_first_and_an_end_of_subscription_holds(void **state) {
    (void)state;
    process_start_broker("1");
    struct process *one = process_start("client", "--run", "conn; publ x/y 1; publ x/y 2");
    process_assert_code(one, 0);
    struct process *two = process_start_client("conn\nsubs x/#\n");
    process_await_out(two, "x/y 2\n");
    process_send(two, "unsb x/#\npubl x/y 3\nsubs z\npubl z 4\n");
    process_await_out(two, "z 4\n");
    assert_string_equal(process_text(&two->out), "x/y 2\nz 4\n");
}

static void piped_lines_keep_their_order(void **state) {
    (void)state;
    enum { LINES = PROCESS_SLOW ? 3000 : 10000 };
    process_start_broker("1");
    char count[16];
    (void)snprintf(count, sizeof count, "%d", LINES);
    struct process *reader = process_start("client", "--run", "conn; subs data", "--count", count);
    process_await_err(reader, "took the subscription");
    struct process *writer = process_start("client", "--publish", "data");
    for (int i = 0; i < LINES; i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "line %d of the data, with\ttabs \\ and ü\n", i);
        process_send(writer, line);
    }
    process_assert_code(writer, 0);
    process_assert_code(reader, 0);
    const char *at = process_text(&reader->out);
    for (int i = 0; i < LINES; i++) {
        char line[80];
        int size =
            snprintf(line, sizeof line, "data line %d of the data, with\\ttabs \\\\ and ü\n", i);
        assert_memory_equal(at, line, (size_t)size);
        at += size;
    }
    assert_string_equal(at, "");
}

static void the_last_line_needs_no_end(void **state) {
    (void)state;
    process_start_broker("1");
    struct process *reader = process_start("client", "--run", "conn; subs t", "--count", "2");
    process_await_err(reader, "took the subscription");
    struct process *writer = process_start("client", "--publish", "t");
    process_send(writer, "one\ntwo");
    process_assert_code(writer, 0);
    process_assert_code(reader, 0);
    assert_string_equal(process_text(&reader->out), "t one\nt two\n");
}

static void waiting_ends_in_time(void **state) {
    (void)state;
    process_start_broker("1");
    struct process *enough = process_start("client", "--run", "conn; subs a", "--wait", "0.2");
    process_assert_code(enough, 0);
    struct process *missed =
        process_start("client", "--run", "conn; subs a", "--wait", "0.2", "--count", "1");
    process_assert_code(missed, 1);
    struct process *met =
        process_start("client", "--run", "conn; subs a; publ a 1", "--wait", "100", "--count", "1");
    process_assert_code(met, 0);
}

static void an_address_may_be_left_out_only_if_there_is_one(void **state) {
    (void)state;
    process_start_broker("11");
    process_start_broker("12");
    struct process *client = process_start_client("conn\n");
    process_await_err(client, "several brokers: give one of the addresses 1");
    process_send(client, "conn 11\nconn\n");
    process_await_err(client, "connected with 11");
    process_await_err(client, "connected with 12");
    process_send(client, "subs a\n");
    process_await_err(client, "several connections: give one of the addresses 11, 12");
    process_send(client, "subs 11 a\nsubs 12 a\npubl 12 a 5\ndisc 11\npubl a 6\n");
    process_await_out(client, "a 5\na 6\n");
    process_assert_code(client, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(two_programs_exchange_an_entry_in_readable_lines),
        PROCESS_TEST(a_script_prints_its_update_and_nothing_else),
        PROCESS_TEST(several_commands_stand_in_one_option),
        PROCESS_TEST(values_of_any_bytes_arrive),
        PROCESS_TEST(each_line_of_json_is_an_object),
        PROCESS_TEST(list_shows_every_field),
        PROCESS_TEST(help_names_every_command),
        PROCESS_TEST(toggling_hides_updates_and_shows_them_again),
        PROCESS_TEST(the_last_value_comes_first_and_an_end_of_subscription_holds),
        PROCESS_TEST(piped_lines_keep_their_order),
        PROCESS_TEST(the_last_line_needs_no_end),
        PROCESS_TEST(waiting_ends_in_time),
        PROCESS_TEST(an_address_may_be_left_out_only_if_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
