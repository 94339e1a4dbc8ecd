// A broker that is too busy to answer at once, or does not answer newcomers at all.
#include "process.h"

#define BUSY_MS 600 // longer than a client waits for brokers that it does not know by address

static void sleep_ms(unsigned ms) {
    (void)nanosleep(&(struct timespec){.tv_nsec = (long)ms * 1000000}, NULL);
}

static struct process *start_client(const char *commands) {
    struct process *client = process_start("client", "--timeout", "100", "--run", commands);
    process_await_err(client, " on the network ");
    return client;
}

static void a_busy_broker_is_found_by_its_address(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    process_signal(broker, SIGSTOP);
    struct process *client = start_client("conn 83; subs t; publ t 1");
    sleep_ms(BUSY_MS);
    process_signal(broker, SIGCONT);
    process_await_err(client, "connected with 83");
    process_await_err(client, "took the subscription");
    process_assert_code(client, 0);
    process_end(broker);
}

static void a_busy_broker_is_found_when_it_is_the_only_one(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    process_signal(broker, SIGSTOP);
    struct process *client = start_client("conn");
    sleep_ms(BUSY_MS);
    process_signal(broker, SIGCONT);
    process_await_err(client, "connected with 83");
    process_assert_code(client, 0);
    process_end(broker);
}

static void nobody_at_an_address_is_told_in_the_end(void **state) {
    (void)state;
    struct process *client =
        process_start("client", "--timeout", "0.5", "--run", "conn 84", "--address", "7");
    process_await_err(client, "nobody is known at address 84");
    process_assert_code(client, 1);
}

static void assert_written(const char *part) {
    char *text = process_file("network");
    assert_non_null(strstr(text, part));
    free(text);
}

static void a_broker_of_another_make_that_joined_before_is_asked(void **state) {
    (void)state;
    process_write_file("network", "1795435622\t629\t0\tjoin\t-broker-\t816\t\n"
                                  "1795435622\t630\t0\tjoin\t-broker-\t816\t\n"
                                  "1795435622\t630\t0\tleft\t-broker-\t816\t\n");
    struct process *client = process_start("client", "--timeout", "0.5", "--run", "conn; list");
    process_await_err(client, "connection with 629 refused: 408");
    process_assert_code(client, 1);
    assert_written("\t629\tcreq\t");
}

static void an_address_that_is_named_is_tried(void **state) {
    (void)state;
    struct process *client = process_start("client", "--timeout", "0.5", "--run", "conn 84");
    process_await_err(client, "nobody is known at address 84");
    process_assert_code(client, 1);
    assert_written("\t84\tcreq\t");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_busy_broker_is_found_by_its_address),
        PROCESS_TEST(a_busy_broker_is_found_when_it_is_the_only_one),
        PROCESS_TEST(nobody_at_an_address_is_told_in_the_end),
        PROCESS_TEST(a_broker_of_another_make_that_joined_before_is_asked),
        PROCESS_TEST(an_address_that_is_named_is_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
