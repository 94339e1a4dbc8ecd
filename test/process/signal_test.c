// Signals, and standard input and output that are closed, slow or stuck.
#include "process.h"

static void assert_leaves_at(int number) {
    struct process *broker = process_start_broker("1");
    struct process *client = process_start_client("conn\nsubs a\n");
    process_await_err(client, "took the subscription");
    unsigned address = process_address(client);
    char said[80];
    process_signal(client, number);
    process_assert_code(client, 0);
    (void)snprintf(said, sizeof said, "connection with %u ended: it disconnected", address);
    process_await_err(broker, said);
    (void)snprintf(said, sizeof said, "client %u left", address);
    process_await_err(broker, said);
    process_signal(broker, number);
    process_assert_code(broker, 0);
    char *network = process_file("network");
    assert_int_equal(process_occurrences(network, "\tdisc\t"), 1);
    assert_int_equal(process_occurrences(network, "\tleft\t-client-\t"), 1);
    assert_int_equal(process_occurrences(network, "\t1\t0\tleft\t-broker-\t"), 1);
    free(network);
}

static void an_interrupt_leaves_properly(void **state) {
    (void)state;
    assert_leaves_at(SIGINT);
}

static void a_request_to_terminate_leaves_properly(void **state) {
    (void)state;
    assert_leaves_at(SIGTERM);
}

static void a_hang_up_leaves_properly(void **state) {
    (void)state;
    assert_leaves_at(SIGHUP);
}

static void a_broker_that_leaves_tells_its_clients(void **state) {
    (void)state;
    struct process *broker = process_start_broker("1");
    struct process *client = process_start_client("conn\n");
    process_await_err(client, "connected with 1");
    process_end(broker);
    process_await_err(client, "connection with 1 ended: it disconnected");
    process_await_err(client, "broker 1 left");
}

static void a_signal_ends_a_command_that_waits(void **state) {
    (void)state;
    struct process *client = process_start("client", "--run", "conn", "--timeout", "3000");
    process_await_err(client, "on the network");
    process_end(client);
}

static void no_input_at_all_ends_at_once(void **state) {
    (void)state;
    struct process *client = process_start("client");
    process_assert_code(client, 0);
}

static void input_that_stays_open_hinders_no_end(void **state) {
    (void)state;
    process_start_broker("1");
    struct process *client = process_start("client", "--count", "1");
    process_send(client, "conn\nsubs a\npubl a 1\n");
    int open_input = fcntl(client->in, F_DUPFD_CLOEXEC, 0);
    process_assert_code(client, 0);
    close(open_input);
}

static void a_broker_stays_when_its_input_ends(void **state) {
    (void)state;
    struct process *broker = process_start_broker("1");
    process_send(broker, "list\n");
    process_close_input(broker);
    process_await_out(broker, "devices: 0");
    struct process *client = process_start("client", "--run", "conn");
    process_assert_code(client, 0);
    process_end(broker);
}

static void a_reader_that_goes_early_ends_the_client(void **state) {
    (void)state;
    struct process *broker = process_start_broker("1");
    struct process *client = process_start_client("conn\nsubs a\n");
    process_await_err(client, "took the subscription");
    close(client->out.fd);
    client->out.fd = -1;
    struct process *writer = process_start("client", "--publish", "a");
    process_send(writer, "1\n2\n");
    process_await_err(broker, "ended: it disconnected"); // the client, for the writer stays
    process_assert_code(client, 1);
    process_assert_code(writer, 0);
}

enum { LINES = PROCESS_SLOW ? 5000 : 20000 };

// Publishes more than pipe and queue hold.
static void publish_numbers(void) {
    struct process *writer = process_start("client", "--publish", "a");
    for (int i = 0; i < LINES; i++) {
        char line[400];
        (void)snprintf(line, sizeof line, "%d %0380d\n", i, 0);
        process_send(writer, line);
    }
    process_assert_code(writer, 0);
}

static void assert_numbers(const struct process *reader) {
    const char *at = process_text(&reader->out);
    for (int i = 0; i < LINES; i++) {
        int number = -1;
        assert_int_equal(sscanf(at, "a %d", &number), 1);
        assert_int_equal(number, i);
        at = strchr(at, '\n') + 1;
    }
    assert_string_equal(at, "");
}

static struct process *start_reader(const char *count) {
    struct process *reader = process_start("client", "--run", "conn; subs a", "--count", count);
    process_await_err(reader, "took the subscription");
    return reader;
}

static void a_slow_reader_gets_everything(void **state) {
    (void)state;
    char count[16];
    (void)snprintf(count, sizeof count, "%d", LINES);
    struct process *broker = process_start_broker("1");
    struct process *reader = start_reader(count);
    char last[32];
    reader->out.held = true;
    publish_numbers();
    (void)snprintf(last, sizeof last, "published a %d ", LINES - 1);
    process_await_out(broker, last); // only then may the reader go on
    process_assert_code(reader, 0);
    assert_numbers(reader);
}

static void a_reader_may_be_slow_after_the_end_too(void **state) {
    (void)state;
    struct process *broker = process_start_broker("1");
    struct process *reader = start_reader("1000");
    reader->out.held = true;
    publish_numbers();
    process_await_err(broker, "ended: it disconnected");
    process_await_err(broker, "ended: it disconnected");
    // Longer than the patience with a stuck reader after a signal: the time is what is tested.
    (void)poll(NULL, 0, 1500);
    process_assert_code(reader, 0);
    assert_int_equal(reader->out.lines, 1000);
}

static void a_stuck_reader_hinders_no_end_by_a_signal(void **state) {
    (void)state;
    struct process *broker = process_start_broker("1");
    char last[32];
    struct process *reader = start_reader("1000000");
    reader->out.held = true;
    publish_numbers();
    (void)snprintf(last, sizeof last, "published a %d ", LINES - 1);
    process_await_out(broker, last);
    process_signal(reader, SIGTERM);
    process_await_err(broker, "ended: it disconnected"); // the writer
    process_await_err(broker, "ended: it disconnected"); // the reader
    int status = 0;
    assert_int_equal(waitpid(reader->id, &status, 0), reader->id);
    reader->id = 0;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
}

static void a_stopped_client_loses_nothing(void **state) {
    (void)state;
    char count[16];
    (void)snprintf(count, sizeof count, "%d", LINES);
    process_start_broker("1");
    struct process *reader = start_reader(count);
    process_signal(reader, SIGSTOP);
    publish_numbers();
    process_signal(reader, SIGCONT);
    process_assert_code(reader, 0);
    assert_numbers(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(an_interrupt_leaves_properly),
        PROCESS_TEST(a_request_to_terminate_leaves_properly),
        PROCESS_TEST(a_hang_up_leaves_properly),
        PROCESS_TEST(a_broker_that_leaves_tells_its_clients),
        PROCESS_TEST(a_signal_ends_a_command_that_waits),
        PROCESS_TEST(no_input_at_all_ends_at_once),
        PROCESS_TEST(input_that_stays_open_hinders_no_end),
        PROCESS_TEST(a_broker_stays_when_its_input_ends),
        PROCESS_TEST(a_reader_that_goes_early_ends_the_client),
        PROCESS_TEST(a_slow_reader_gets_everything),
        PROCESS_TEST(a_reader_may_be_slow_after_the_end_too),
        PROCESS_TEST(a_stuck_reader_hinders_no_end_by_a_signal),
        PROCESS_TEST(a_stopped_client_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
