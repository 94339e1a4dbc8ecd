// Programs that are killed in the middle of traffic: the others notice, addresses are free again,
// no line is torn, and whoever lives goes on getting everything once.
#include "process.h"

#include "packet/packet.h"

enum { VICTIMS = PROCESS_SLOW ? 3 : 8, ENTRIES = PROCESS_SLOW ? 300 : 2000 };

// Each line of the file is a packet or empty.
static void assert_no_torn_line(void) {
    static uint8_t scratch[PACKET_LINE_MAX];
    char *network = process_file("network");
    char *rest = network;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && rest != NULL;) {
        struct packet packet;
        if (*line != 0 && packet_parse(&packet, bytes_of_text(line), scratch) != PACKET_OK) {
            (void)fprintf(stderr, "torn: %s\n", line);
            fail();
        }
    }
    free(network);
}

static void assert_numbers(const struct process *reader, const char *topic, unsigned count) {
    const char *at = process_text(&reader->out);
    for (unsigned i = 1; i <= count; i++) {
        char line[64];
        int size = snprintf(line, sizeof line, "%s %u\n", topic, i);
        if (strncmp(at, line, (size_t)size) != 0) {
            (void)fprintf(stderr, "is %.40s\nshould be %s", at, line);
            fail();
        }
        at += size;
    }
    assert_string_equal(at, "");
}

static void killed_clients_spoil_nothing_for_the_others(void **state) {
    (void)state;
    struct process *broker = process_start_broker("1");
    struct process *reader = process_start_client("conn\nsubs good\n");
    process_await_err(reader, "took the subscription");
    struct process *victims[VICTIMS];
    unsigned addresses[VICTIMS];
    for (unsigned i = 0; i < VICTIMS; i++) {
        victims[i] = process_start_client("conn\nsubs bad/#\n");
        process_await_err(victims[i], "took the subscription");
        addresses[i] = process_address(victims[i]);
    }
    struct process *writer = process_start_client("conn\n");
    process_await_err(writer, "connected with 1");
    uint64_t seed = 1;
    for (unsigned i = 1, killed = 0; i <= ENTRIES; i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "publ good %u\n", i);
        process_send(writer, line);
        for (unsigned k = killed; k < VICTIMS; k++) {
            (void)snprintf(line, sizeof line, "publ bad/%u %u\n", k, i);
            process_send(victims[k], line);
        }
        if (killed < VICTIMS && support_random(&seed) % (ENTRIES / VICTIMS / 2) == 0) {
            process_kill(victims[killed++]);
        }
    }
    process_await_lines(reader, ENTRIES);
    for (unsigned i = 0; i < VICTIMS; i++) {
        if (victims[i]->id > 0) {
            process_kill(victims[i]);
        }
    }
    // A `left` in the name of each, in whatever order.
    for (unsigned i = 0; i < VICTIMS; i++) {
        char said[64];
        (void)snprintf(said, sizeof said, "client %u left", addresses[i]);
        broker->err.mark = 0;
        process_await_err(broker, said);
        char address[16];
        (void)snprintf(address, sizeof address, "%u", addresses[i]);
        struct process *heir = process_start("client", "--address", address, "--run", "conn");
        process_assert_code(heir, 0);
    }
    process_assert_code(writer, 0);
    process_assert_code(reader, 0);
    assert_numbers(reader, "good", ENTRIES);
    process_end(broker);
    assert_no_torn_line();
}

static void a_killed_broker_is_noticed_and_one_started_anew_serves(void **state) {
    (void)state;
    struct process *broker = process_start_broker("1");
    struct process *other = process_start_broker("2");
    struct process *client = process_start_client("conn 1\nsubs a\nconn 2\nsubs 2 b\n");
    process_await_err(client, "2 took the subscription");
    for (unsigned i = 1; i <= 50; i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "publ 1 a %u\npubl 2 b %u\n", i, i);
        process_send(client, line);
    }
    process_kill(broker);
    process_await_err(client, "connection with 1 ended: it left the network");
    process_send(client, "publ 1 a 51\n");
    process_await_err(client, "publ: not connected with 1; ");
    broker = process_start_broker("1");
    process_await_err(client, "broker 1 is on the network");
    process_send(client, "conn 1\nsubs 1 c\npubl 1 c again\npubl 2 b end\n");
    process_await_out(client, "c again\n");
    client->out.mark = 0; // it may have come before
    process_await_out(client, "b end\n");
    assert_int_equal(process_occurrences(client->out.text, "b 50\n"), 1);
    assert_int_equal(process_occurrences(client->out.text, "b "), 51);
    process_assert_code(client, 1);
    process_end(broker);
    process_end(other);
    assert_no_torn_line();
}

static void a_client_publishing_a_file_ends_when_its_broker_dies(void **state) {
    (void)state;
    struct process *broker = process_start_broker("1");
    struct process *writer = process_start("client", "--publish", "t");
    process_send(writer, "1\n");
    process_await_out(broker, "published t 1\n");
    process_kill(broker);
    process_await_err(writer, "connection with 1 ended");
    process_send(writer, "2\n3\n");
    process_assert_code(writer, 1);
    assert_int_equal(process_occurrences(writer->err.text, "error"), 1);
}

static void a_client_alone_learns_of_a_broker_that_comes_later(void **state) {
    (void)state;
    struct process *client = process_start_client("conn\nsubs a\npubl a 1\n");
    process_start_broker("1");
    process_await_out(client, "a 1\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(killed_clients_spoil_nothing_for_the_others),
        PROCESS_TEST(a_killed_broker_is_noticed_and_one_started_anew_serves),
        PROCESS_TEST(a_client_publishing_a_file_ends_when_its_broker_dies),
        PROCESS_TEST(a_client_alone_learns_of_a_broker_that_comes_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
