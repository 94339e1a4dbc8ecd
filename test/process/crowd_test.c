// Many sessions started at once, all publishing and all subscribed: every entry that a broker takes
// reaches each of its subscribers exactly once and in the order of its publisher, also while the
// network file is rotated.
#include "process.h"

enum {
    BROKERS = 3,
    CLIENTS = PROCESS_SLOW ? 15 : 50,
    ENTRIES = PROCESS_SLOW ? 6 : 20, // of each client
};

static struct process *brokers[BROKERS];
static struct process *clients[CLIENTS];

// The clients of broker b are those whose number leaves b when divided by BROKERS.
static unsigned broker_of(unsigned client) {
    return client % BROKERS;
}

static unsigned clients_of(unsigned broker) {
    return CLIENTS / BROKERS + (broker < CLIENTS % BROKERS);
}

static void start_all(const char *rotate) {
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = process_start("client", "--rotate", rotate, "--keep", "32");
        if (i < BROKERS) {
            brokers[i] = process_start("broker", "--rotate", rotate, "--keep", "32");
        }
    }
}

static void send_publications(unsigned from, unsigned to) {
    for (unsigned entry = from; entry < to; entry++) {
        for (unsigned i = 0; i < CLIENTS; i++) {
            char line[64];
            (void)snprintf(line, sizeof line, "publ crowd/%u %u:%u\n", i, i, entry);
            process_send(clients[i], line);
        }
    }
}

static void assert_all_arrived(unsigned client) {
    unsigned next[CLIENTS] = {0};
    unsigned lines = 0;
    const char *at = process_text(&clients[client]->out);
    for (; *at != '\0'; at = strchr(at, '\n') + 1) {
        unsigned topic, publisher, entry;
        assert_int_equal(sscanf(at, "crowd/%u %u:%u\n", &topic, &publisher, &entry), 3);
        assert_true(publisher < CLIENTS && topic == publisher);
        assert_int_equal(broker_of(publisher), broker_of(client));
        assert_int_equal(entry, next[publisher]);
        next[publisher]++;
        lines++;
    }
    assert_int_equal(lines, clients_of(broker_of(client)) * ENTRIES);
}

static void run_crowd(const char *rotate) {
    start_all(rotate);
    for (unsigned i = 0; i < BROKERS; i++) {
        process_await_err(brokers[i], "on the network");
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        char commands[64];
        process_await_err(clients[i], "on the network");
        (void)snprintf(commands, sizeof commands, "conn %u\nsubs crowd/#\n",
                       process_address(brokers[broker_of(i)]));
        process_send(clients[i], commands);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        process_await_err(clients[i], "took the subscription");
    }
    send_publications(0, ENTRIES / 2);
    send_publications(ENTRIES / 2, ENTRIES);
    for (unsigned i = 0; i < CLIENTS; i++) {
        process_await_lines(clients[i], (size_t)clients_of(broker_of(i)) * ENTRIES);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        process_assert_code(clients[i], 0);
        assert_all_arrived(i);
    }
    for (unsigned i = 0; i < BROKERS; i++) {
        process_end(brokers[i]);
        assert_int_equal(process_occurrences(brokers[i]->err.text, "dropped"), 0);
    }
}

static void everything_reaches_everybody_once(void **state) {
    (void)state;
    run_crowd("64M");
}

static void rotation_loses_and_repeats_nothing(void **state) {
    (void)state;
    run_crowd("64K");
    char *rotated = process_file("network.1");
    char *later = process_file("network.2");
    assert_true(PROCESS_SLOW || rotated != NULL || later != NULL);
    free(rotated);
    free(later);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(everything_reaches_everybody_once),
        PROCESS_TEST(rotation_loses_and_repeats_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
