// A program that cannot start says why in one sentence, ends with 3 and leaves nothing behind: no
// file that it made, and those that were there as they were.
#include "mqtt.h"

#include <dirent.h>

// A port that is in use, as text.
static int holder = -1;
static char held[8];

static void hold_port(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    holder = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(holder, (struct sockaddr *)&place, size), 0);
    assert_int_equal(listen(holder, 1), 0);
    assert_int_equal(getsockname(holder, (struct sockaddr *)&place, &size), 0);
    (void)snprintf(held, sizeof held, "%u", ntohs(place.sin_port));
}

static unsigned count_files(void) {
    unsigned count = 0;
    DIR *folder = opendir(process_folder);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') {
            count++;
        }
    }
    closedir(folder);
    return count;
}

// It has ended, said one sentence that names the place, and there are as many files as before.
static void assert_started_nothing(struct process *process, const char *said, unsigned files) {
    process_assert_code(process, 3);
    const char *text = process_text(&process->err);
    if (strstr(text, said) == NULL || process_occurrences(text, "\n") != 1) {
        process_explain(process);
    }
    assert_non_null(strstr(text, said));
    assert_int_equal(process_occurrences(text, "\n"), 1);
    assert_int_equal(count_files(), files);
}

#define REFUSED(said, ...) assert_started_nothing(process_start(__VA_ARGS__), (said), 0)

static void a_port_in_use_leaves_nothing_behind(void **state) {
    (void)state;
    char place[32];
    hold_port();
    (void)snprintf(place, sizeof place, "127.0.0.1:%s", held);
    REFUSED(place, "broker", "--mqtt", held, "--store", "s", "--tap", "t.pcapng", "--http", "0");
    REFUSED(place, "broker", "--websocket", held, "--mqtt", "0", "--mqtt-unix", "m.sock");
    REFUSED(place, "broker", "--http", held, "--mqtt", "0", "--store", "s");
    REFUSED(held, "broker", "--web", held);
    REFUSED(held, "broker", "--web", held, "--mqtt", "0", "--store", "s");
    process_assert_code(process_start("broker", "--web", "0", "--mqtt", held), 3);
    assert_int_equal(count_files(), 0); // that its page was there is said, too
    REFUSED(place, "master", "--listen", place, "--store", "sqlite:m.db", "--tap", "t.pcapng");
    REFUSED(held, "master", "--web", held, "--listen", "127.0.0.1:0", "--store", "sqlite:m.db");
    REFUSED(place, "proxy", "--listen", held, "--broker", "1883", "--tap", "t.pcapng");
    REFUSED(place, "proxy", "--listen", "0", "--api", place, "--broker", "1883", "--tap",
            "t.pcapng");
    REFUSED(held, "proxy", "--web", held, "--listen", "0", "--broker", "1883");
    REFUSED(held, "watch", "--web", held, "absent.pcapng");
    close(holder);
}

static void a_port_in_use_takes_no_capture_away(void **state) {
    (void)state;
    hold_port();
    process_write_file("t.pcapng", "precious");
    assert_started_nothing(process_start("broker", "--mqtt", held, "--tap", "t.pcapng"), held, 1);
    assert_started_nothing(process_start("proxy", "--listen", held, "--tap", "t.pcapng"), held, 1);
    char *text = process_file("t.pcapng");
    assert_string_equal(text, "precious");
    free(text);
    close(holder);
}

// A Unix socket at which somebody listens is a place in use, too.
static void a_unix_socket_in_use_is_left_alone(void **state) {
    (void)state;
    struct process *first = process_start("broker", "--mqtt-unix", "m.sock", "--network", "first");
    process_await_err(first, "Unix socket m.sock");
    unsigned files = count_files();
    assert_started_nothing(process_start("broker", "--mqtt-unix", "m.sock", "--store", "s"),
                           "m.sock: cannot listen: another program listens there", files);
    process_end(first);
}

// ---- stores -------------------------------------------------------------------------------------

static void a_store_that_is_in_use_is_left_alone(void **state) {
    (void)state;
    struct process *first = process_start("broker", "--mqtt", "0", "--store", "s");
    (void)mqtt_port(first, MQTT_TCP);
    unsigned files = count_files();
    assert_started_nothing(
        process_start("broker", "--mqtt", "0", "--store", "s", "--network", "other"), "s: ", files);
    process_end(first);
}

static void a_network_without_a_place_leaves_no_store(void **state) {
    (void)state;
    struct process *first = process_start("broker", "--address", "83");
    process_await_err(first, "on the network");
    unsigned files = count_files();
    assert_started_nothing(
        process_start("broker", "--address", "83", "--mqtt", "0", "--store", "s"), "83", files);
    process_end(first);
}

static void a_store_of_another_user_is_left_alone(void **state) {
    (void)state;
    if (geteuid() != 0) {
        skip(); // nobody else could make it
    }
    process_write_file("s", "");
    char *path = support_path(process_folder, "s");
    assert_int_equal(chown(path, 65534, 65534), 0);
    free(path);
    assert_started_nothing(process_start("broker", "--mqtt", "0", "--store", "s"),
                           "belongs to another user", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_port_in_use_leaves_nothing_behind),
        PROCESS_TEST(a_port_in_use_takes_no_capture_away),
        PROCESS_TEST(a_unix_socket_in_use_is_left_alone),
        PROCESS_TEST(a_store_that_is_in_use_is_left_alone),
        PROCESS_TEST(a_network_without_a_place_leaves_no_store),
        PROCESS_TEST(a_store_of_another_user_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
