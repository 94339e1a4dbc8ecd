// A broker that is too busy to answer at once.
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

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_busy_broker_is_found_by_its_address),
        PROCESS_TEST(a_busy_broker_is_found_when_it_is_the_only_one),
        PROCESS_TEST(nobody_at_an_address_is_told_in_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
