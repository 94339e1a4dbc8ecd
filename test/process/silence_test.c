// Pings, and whoever does not answer them.
#include "process.h"

#include "medium/file/file_network.h"

struct pings {
    unsigned of_broker;
    unsigned of_client;
};

static void count_ping(void *context, struct bytes line) {
    struct pings *pings = context;
    char text[128] = {0};
    memcpy(text, line.data, line.size < sizeof text ? line.size : sizeof text - 1);
    if (strstr(text, "\tping\t") != NULL) {
        pings->of_broker += strstr(text, "\t1\t580\t") != NULL;
        pings->of_client += strstr(text, "\t580\t1\t") != NULL;
    }
}

static void ignore_notice(void *context, const char *text) {
    (void)context;
    (void)text;
}

static void pings_go_back_and_forth(void **state) {
    (void)state;
    process_start("broker", "--address", "1", "--ping-interval", "0.05", "--idle-timeout", "60");
    process_await_err(process_all[0], "on the network");
    struct process *client = process_start("client", "--address", "580", "--run", "conn", "--stay");
    process_await_err(client, "connected with 1");
    char *path = support_path(process_folder, "network");
    struct file_network_error error;
    struct file_network *network =
        file_network_open(&(struct file_network_options){.path = path, .read_only = true}, &error);
    assert_non_null(network);
    struct pings pings = {0};
    struct file_network_events events = {&pings, count_ping, ignore_notice};
    while (pings.of_broker < 5 || pings.of_client < 5) {
        struct pollfd ready = {.fd = file_network_fd(network), .events = POLLIN};
        assert_int_equal(poll(&ready, 1, PROCESS_DEADLINE_S * 1000), 1);
        (void)file_network_read(network, 100, 0, &events);
    }
    file_network_close(network);
    free(path);
    process_end(client);
    process_end(process_all[0]);
}

static void a_silent_client_is_dropped_and_told(void **state) {
    (void)state;
    struct process *broker =
        process_start("broker", "--address", "1", "--ping-interval", "0.05", "--idle-timeout", "3");
    process_await_err(broker, "on the network");
    struct process *silent = process_start("client", "--run", "conn", "--stay");
    struct process *lively = process_start("client", "--run", "conn", "--stay");
    process_await_err(silent, "connected with 1");
    process_await_err(lively, "connected with 1");
    process_signal(silent, SIGSTOP);
    char said[80];
    (void)snprintf(said, sizeof said, "connection with %u ended: it was silent for too long",
                   process_address(silent));
    process_await_err(broker, said);
    process_signal(silent, SIGCONT);
    process_await_err(silent, "connection with 1 ended: it disconnected (408, timed out)");
    process_send(broker, "list\n");
    process_await_out(broker, "connections: 1");
    process_end(lively);
}

static void a_silent_broker_is_given_up(void **state) {
    (void)state;
    struct process *broker = process_start("broker", "--address", "1", "--ping-interval", "0.05");
    process_await_err(broker, "on the network");
    struct process *client = process_start("client", "--idle-timeout", "2");
    process_send(client, "conn\n");
    process_await_err(client, "connected with 1");
    process_signal(broker, SIGSTOP);
    process_await_err(client, "connection with 1 ended: it was silent for too long");
    process_signal(broker, SIGCONT);
    process_send(client, "conn 1\n");
    process_await_err(client, "connected with 1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(pings_go_back_and_forth),
        PROCESS_TEST(a_silent_client_is_dropped_and_told),
        PROCESS_TEST(a_silent_broker_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
