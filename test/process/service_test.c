// A broker and a master under a service manager, which this test plays: they say when they are
// ready, read their files again, end and are alive, and take the sockets that they are passed.
#include "mqtt.h"

#include <sys/un.h>

static int notified = -1; // where the programs' words arrive

static void listen_for_words(void) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int size = snprintf(at.sun_path, sizeof at.sun_path, "%s/notify", process_folder);
    assert_in_range(size, 1, sizeof at.sun_path - 1);
    notified = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(notified >= 0);
    assert_int_equal(bind(notified, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", at.sun_path, 1), 0);
}

static void stop_listening(void) {
    close(notified);
    notified = -1;
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
}

// Waits until it says something that begins with this.
static void await_word(const char *word) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    for (;;) {
        char text[256] = "";
        struct pollfd at = {.fd = notified, .events = POLLIN};
        if (poll(&at, 1, 20) > 0) {
            assert_true(recv(notified, text, sizeof text - 1, 0) > 0);
        }
        if (strncmp(text, word, strlen(word)) == 0) {
            return;
        }
        (void)process_pump(-1, 0);
        if (process_now_ms() > deadline) {
            print_error("not said: %s\n", word);
            fail();
        }
    }
}

static void a_broker_tells_how_it_is(void **state) {
    (void)state;
    listen_for_words();
    assert_int_equal(setenv("WATCHDOG_USEC", "200000", 1), 0);
    process_write_file("p", "ann:pw\n");
    struct process *broker = process_start("broker", "--mqtt", "0", "--password-file", "p");
    await_word("READY=1");
    (void)mqtt_port(broker, MQTT_TCP); // before it says so, its doors are open
    await_word("WATCHDOG=1");
    await_word("WATCHDOG=1");
    process_signal(broker, SIGHUP);
    await_word("RELOADING=1\nMONOTONIC_USEC=");
    await_word("READY=1");
    process_signal(broker, SIGTERM);
    await_word("STOPPING=1");
    process_assert_code(broker, 0);
    stop_listening();
}

static void a_master_tells_it_too(void **state) {
    (void)state;
    listen_for_words();
    struct process *master =
        process_start("master", "--listen", "127.0.0.1:0", "--store", "memory");
    await_word("READY=1");
    process_signal(master, SIGTERM);
    await_word("STOPPING=1");
    process_assert_code(master, 0);
    stop_listening();
}

// As sockets of a unit with this FileDescriptorName=.
static struct process *start_with_socket(int fd, const char *names, const char *listener) {
    char *program = process_program("broker");
    char line[512];
    (void)snprintf(line, sizeof line,
                   "exec 3<&%d; LISTEN_FDS=1 LISTEN_FDNAMES=%s LISTEN_PID=$$ exec \"$0\" --mqtt %s",
                   fd, names, listener);
    struct process *broker = process_start("/bin/sh", "-c", line, program);
    free(program);
    return broker;
}

static int listen_anywhere(uint16_t *port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0); // goes on to the program
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void a_passed_socket_outlives_its_brokers(void **state) {
    (void)state;
    uint16_t port = 0;
    int fd = listen_anywhere(&port);
    for (unsigned i = 0; i < 2; i++) {
        int waiting = http_dial(port); // before there is a broker
        struct process *broker = start_with_socket(fd, "mqtt", "fd:mqtt");
        process_await_err(broker, "a socket that was passed (fd:mqtt)");
        struct mqtt_hand *hand = &mqtt_hands[0];
        struct mqtt_connect connect = {
            .version = MQTT_5, .clean_start = true, .client_id = BYTES_LITERAL("x")};
        hand->fd = waiting;
        assert_int_equal(mqtt_hand_ask(hand, &connect), 0);
        process_end(broker);
        close(waiting);
    }
    struct process *wrong = start_with_socket(fd, "other", "fd:mqtt");
    process_assert_code(wrong, 3);
    assert_non_null(strstr(process_text(&wrong->err), "FileDescriptorName=mqtt"));
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_broker_tells_how_it_is),
        PROCESS_TEST(a_master_tells_it_too),
        PROCESS_TEST(a_passed_socket_outlives_its_brokers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
