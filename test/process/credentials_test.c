// Many who come at once to a broker with hashed passwords: honest clients that come back, and
// others that try passwords.
#include "mqtt.h"

#define MANY (PROCESS_SLOW ? 60u : 400u) // clients
#define TRIES 2000u                      // of one address; many more than may wait
#define WRONG_NAME 4                     // return codes of MQTT 3.1.1
#define BUSY 3

static struct process *broker;
static uint16_t port;
static int fds[TRIES];
static unsigned fd_count;

static void start_broker(const char *connect_time) {
    struct rlimit files = {4096, 4096};
    (void)setrlimit(RLIMIT_NOFILE, &files);
    mqtt_append_password("--hash-password", "one:good");
    mqtt_append_password("--hash-password", "two:good");
    broker = process_start("broker", "--mqtt", "0", "--password-file", "passwords",
                           "--connect-timeout", connect_time, "--address", "1", "--suite", "any");
    port = mqtt_port(broker, MQTT_TCP);
}

// From 127.0.0.`host`: each is an address of its own.
static int dial_from(uint8_t host) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(UINT32_C(0x7f000000) | host)};
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&from, sizeof from), 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void send_connect(int fd, const char *name, const char *user, const char *password) {
    struct mqtt_hand hand = {.fd = fd, .version = MQTT_3_1_1};
    struct mqtt_packet packet = {.type = MQTT_CONNECT,
                                 .connect = {.version = MQTT_3_1_1,
                                             .clean_start = true,
                                             .client_id = bytes_of_text(name),
                                             .has_user_name = true,
                                             .user_name = bytes_of_text(user),
                                             .has_password = true,
                                             .password = bytes_of_text(password)}};
    mqtt_hand_send(&hand, &packet);
}

// The return code of the CONNACK.
static int await_answer(int fd) {
    struct mqtt_hand hand = {.fd = fd, .version = MQTT_3_1_1};
    struct mqtt_packet packet = mqtt_hand_expect(&hand, MQTT_CONNACK);
    return packet.reason;
}

static void ask(uint8_t host, const char *user, const char *password) {
    char name[16];
    (void)snprintf(name, sizeof name, "c%u", fd_count);
    fds[fd_count] = dial_from(host);
    send_connect(fds[fd_count++], name, user, password);
}

static int log_in_from(uint8_t host, const char *name, const char *user) {
    int fd = dial_from(host);
    send_connect(fd, name, user, "good");
    int code = await_answer(fd);
    close(fd);
    return code;
}

// Each with a password of its own; the answers are still to come.
static void try_passwords(uint8_t host, unsigned count) {
    char password[16];
    for (unsigned i = 0; i < count; i++) {
        (void)snprintf(password, sizeof password, "bad%u", i);
        ask(host, "one", password);
    }
}

static void close_all(bool resets) {
    struct linger linger = {1, 0};
    while (fd_count > 0) {
        int fd = fds[--fd_count];
        if (resets) {
            (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        }
        close(fd);
    }
}

// How many have an answer by now.
static unsigned count_answers(void) {
    unsigned count = 0;
    for (unsigned i = 0; i < fd_count; i++) {
        struct pollfd at = {.fd = fds[i], .events = POLLIN};
        count += poll(&at, 1, 0) == 1;
    }
    return count;
}

static void end_broker(void) {
    close_all(true);
    process_end(broker);
}

static void all_who_come_back_at_once_are_let_in(void **state) {
    (void)state;
    start_broker("60");
    assert_int_equal(log_in_from(1, "first", "one"), 0);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < MANY; i++) {
            ask(1, "one", "good");
        }
        for (unsigned i = 0; i < MANY; i++) {
            assert_int_equal(await_answer(fds[i]), 0);
        }
        close_all(round == 0);
    }
    end_broker();
}

// Counted is who was served before them.
static void who_tries_passwords_holds_up_nobody_else(void **state) {
    (void)state;
    start_broker("60");
    assert_int_equal(log_in_from(1, "first", "one"), 0);
    try_passwords(1, 400);
    assert_int_equal(log_in_from(1, "known", "one"), 0); // from the same address
    assert_int_equal(log_in_from(2, "new", "two"), 0);   // a password not checked before
    assert_true(count_answers() < 400);
    end_broker();
}

// Reads answers as they come until one says so.
static void await_busy(void) {
    static struct pollfd waiting[TRIES];
    for (unsigned i = 0; i < fd_count; i++) {
        waiting[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    }
    for (unsigned answered = 0; answered < fd_count;) {
        assert_true(poll(waiting, fd_count, -1) > 0);
        for (unsigned i = 0; i < fd_count; i++) {
            if (waiting[i].revents == 0) {
                continue;
            }
            if (await_answer(fds[i]) == BUSY) {
                return;
            }
            waiting[i].fd = -1; // a wrong password, and told so
            answered++;
        }
    }
    fail_msg("all %u were answered, and none was told that the server is busy", fd_count);
}

static void too_many_are_told_that_the_server_is_busy(void **state) {
    (void)state;
    start_broker("60");
    try_passwords(1, TRIES);
    await_busy();
    assert_int_equal(log_in_from(2, "new", "two"), 0);
    close_all(true); // hundreds of checks that nobody waits for any more
    assert_int_equal(log_in_from(1, "other", "one"), 0);
    end_broker();
}

// More than can be checked in the time that a CONNECT has.
static void who_waits_for_a_check_is_not_told_that_it_sent_no_connect(void **state) {
    (void)state;
    start_broker("1");
    try_passwords(1, 100);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(await_answer(fds[i]), WRONG_NAME);
    }
    assert_null(strstr(process_text(&broker->err), "no CONNECT"));
    assert_null(strstr(process_text(&broker->out), "no CONNECT"));
    end_broker();
}

static unsigned count_lines(const char *type) {
    char *network = process_file("network");
    unsigned count = 0;
    for (const char *at = network; (at = strstr(at, type)) != NULL; at++) {
        count++;
    }
    free(network);
    return count;
}

#define DEVICES 100u

// Counted is how many of them were answered before.
static void mqtt_is_served_while_devices_are_checked(void **state) {
    (void)state;
    start_broker("60");
    char *path = support_path(process_folder, "network");
    FILE *network = fopen(path, "a");
    assert_non_null(network);
    free(path);
    for (unsigned i = 0; i < DEVICES; i++) {
        (void)fprintf(network, "1\t%u\t1\tcreq\t-6210-classic-6210-one:bad%u-\t0\t\n", 100 + i, i);
    }
    assert_int_equal(fclose(network), 0);
    process_await_err(broker, "refused: 401");
    struct mqtt_hand *hand = &mqtt_hands[0];
    hand->fd = dial_from(1);
    hand->version = MQTT_3_1_1;
    send_connect(hand->fd, "me", "one", "good");
    assert_int_equal(await_answer(hand->fd), 0);
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)mqtt_hand_expect(hand, MQTT_PINGRESP);
    assert_true(count_lines("\tcres\t") < DEVICES);
    close(hand->fd);
    hand->fd = 0;
    process_await_err(broker, "connection with 199 refused: 401"); // the last one
    end_broker();
}

static int tear_down(void **state) {
    close_all(true);
    return process_tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, process_set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(all_who_come_back_at_once_are_let_in),
        TEST(who_tries_passwords_holds_up_nobody_else),
        TEST(too_many_are_told_that_the_server_is_busy),
        TEST(who_waits_for_a_check_is_not_told_that_it_sent_no_connect),
        TEST(mqtt_is_served_while_devices_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
