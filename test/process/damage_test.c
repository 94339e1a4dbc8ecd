// The network file is truncated, deleted, replaced, filled with garbage, or cannot grow: sessions
// say so once and go on.
#include "process.h"

static struct process *broker;
static struct process *client;

static void start_both(void) {
    broker = process_start_broker("1");
    client = process_start_client("conn\nsubs t\npubl t before\n");
    process_await_out(client, "t before\n");
    process_await_out(broker, "published t before\n");
}

static void assert_goes_on(const char *value) {
    char line[64];
    (void)snprintf(line, sizeof line, "publ t %s\n", value);
    process_send(client, line);
    process_await_out(client, line + strlen("publ "));
}

static void assert_said_once(const char *what) {
    process_await_err(client, what);
    process_await_err(broker, what);
    assert_goes_on("after");
    assert_goes_on("and later");
    assert_int_equal(process_occurrences(client->err.text, what), 1);
    assert_int_equal(process_occurrences(broker->err.text, what), 1);
    process_assert_code(client, 0);
    process_end(broker);
}

static void a_truncated_network_is_said_once(void **state) {
    (void)state;
    start_both();
    char *path = support_path(process_folder, "network");
    assert_int_equal(truncate(path, 0), 0);
    free(path);
    assert_said_once("was truncated");
}

static void a_deleted_network_is_said_once(void **state) {
    (void)state;
    start_both();
    char *path = support_path(process_folder, "network");
    assert_int_equal(unlink(path), 0);
    free(path);
    assert_said_once("was deleted");
}

static void a_replaced_network_is_said_once(void **state) {
    (void)state;
    start_both();
    char *path = support_path(process_folder, "network");
    char *other = support_path(process_folder, "other");
    process_write_file("other", "");
    assert_int_equal(rename(other, path), 0);
    free(path);
    free(other);
    assert_said_once("was replaced");
}

static void append(const char *bytes, size_t size) {
    char *path = support_path(process_folder, "network");
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
    free(path);
}

static const char own_address[] = "sender has our own address, but we did not send it";

// A program that takes no claim joins under the broker's address. The broker may have lines of its
// own to read yet, so that the first is taken for one of them.
static void a_second_device_under_an_address_is_told(void **state) {
    (void)state;
    start_both();
    static const char join[] = "1795435622\t1\t7\tjoin\t-broker-\t816\t\n";
    for (int i = 0; i < 100 && strstr(process_text(&broker->err), own_address) == NULL; i++) {
        char value[16];
        (void)snprintf(value, sizeof value, "%d", i);
        assert_goes_on(value);
        append(join, sizeof join - 1);
    }
    process_await_err(broker, own_address);
    assert_null(strstr(process_text(&client->err), own_address)); // the client's is not concerned
    process_assert_code(client, 0);
    process_end(broker);
}

// The lines of before come once more. They are the sessions' own.
static void lines_that_come_again_are_no_second_device(void **state) {
    (void)state;
    start_both();
    char *path = support_path(process_folder, "network");
    char *other = support_path(process_folder, "other");
    char *copy = process_file("network");
    process_write_file("other", copy);
    assert_int_equal(rename(other, path), 0);
    process_await_err(broker, "was replaced");
    process_await_err(client, "was replaced");
    append("x\n", 2);
    process_await_err(broker, "time_stamp is not a whole number");
    process_await_err(client, "time_stamp is not a whole number");
    assert_null(strstr(process_text(&broker->err), own_address));
    assert_null(strstr(process_text(&client->err), own_address));
    process_end(broker);
    free(path);
    free(other);
    free(copy);
}

static void garbage_is_dropped_named_and_counted(void **state) {
    (void)state;
    enum { LONG = 200 * 1024 };
    static char text[LONG];
    start_both();
    memset(text, 'x', LONG);
    append(text, LONG);
    append("\n", 1);
    process_await_err(client, "dropped a packet: longer than 65536 bytes");
    uint64_t seed = 7;
    for (size_t i = 0; i < 4096; i++) {
        text[i] = (char)(support_random(&seed) & 0xff);
    }
    append(text, 4096);
    static const char wrong[] =
        "\n1\t2\t3\tpubl\t-a-b\t0\t\n1\t2\t0\tdance\t-\t1\t\n1\t2\t0\tjoin\t-broker-\t7\t\n";
    append(wrong, sizeof wrong - 1);
    process_await_err(client, "payload does not begin");
    process_await_err(client, "type is unknown");
    process_await_err(client, "signature does not fit");
    assert_goes_on("after");
    process_send(client, "list\n");
    process_await_out(client, "too-long");
    process_await_out(client, "type ");
    process_await_out(client, "signature ");
    process_assert_code(client, 0);
    process_end(broker);
}

static void a_line_without_an_end_spoils_no_neighbour(void **state) {
    (void)state;
    start_both();
    append("1795435622\t5\t0\tjo", 17);
    assert_goes_on("after");
    process_assert_code(client, 0);
    process_end(broker);
}

static void a_full_disk_is_told_and_nothing_is_lost(void **state) {
    (void)state;
    broker = process_start_broker("1");
    client = process_start_with(&(struct process_options){
        .folder = process_folder,
        .words = (const char *const[]){"client", NULL},
        .file_size_max = 65536,
    });
    process_send(client, "conn\nsubs t\npubl t before\n");
    process_await_out(client, "t before\n");
    static char filler[65536];
    memset(filler, '\n', sizeof filler);
    append(filler, sizeof filler);
    process_send(client, "publ t one\npubl t two\n");
    process_await_err(client, "error: network: nothing was appended");
    process_await_err(client, "packets wait and are tried again every second");
    process_send(client, "list\n");
    process_await_out(client, "connections: 1");
    char *path = support_path(process_folder, "network");
    assert_int_equal(truncate(path, 0), 0);
    free(path);
    process_await_err(client, "packets can be written again; none was lost");
    process_await_out(client, "t one\nt two\n");
    assert_int_equal(process_occurrences(client->err.text, "nothing was appended"), 1);
    process_assert_code(client, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_truncated_network_is_said_once),
        PROCESS_TEST(a_deleted_network_is_said_once),
        PROCESS_TEST(a_replaced_network_is_said_once),
        PROCESS_TEST(a_second_device_under_an_address_is_told),
        PROCESS_TEST(lines_that_come_again_are_no_second_device),
        PROCESS_TEST(garbage_is_dropped_named_and_counted),
        PROCESS_TEST(a_line_without_an_end_spoils_no_neighbour),
        PROCESS_TEST(a_full_disk_is_told_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
