// What users of other clients of MQTT have in one line: retained messages removed, messages
// repeated, an address to connect from, a SOCKS5 proxy, a key that both sides know.
#include "mqtt.h"

#include <arpa/inet.h>
#include <sys/socket.h>

static struct process *broker;
static char url[64];

static void start(void) {
    broker = process_start("broker", "--name", "hub", "--mqtt", "0");
    (void)snprintf(url, sizeof url, "mqtt://localhost:%u", mqtt_port(broker, MQTT_TCP));
}

#define CLIENT(...) process_start("client", "--mqtt", url, __VA_ARGS__)

static void retained_messages_are_removed_as_they_are_shown(void **state) {
    (void)state;
    start();
    struct process *client = CLIENT("--run", "publ t/a 1 1 retain; publ t/b 2 1 retain");
    process_assert_code(client, 0);
    client =
        CLIENT("--run", "subs t/a 1", "--remove-retained", "--retained", "only", "--count", "1");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "t/a 1\n");
    client = CLIENT("--run", "subs t/+ 1; ping");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "t/b 2\n");
    // One that comes as it is published is no retained one for who sees it.
    struct process *watcher = CLIENT("--run", "subs u 1", "--remove-retained", "--count", "1");
    process_await_err(watcher, "took the subscription");
    client = CLIENT("--run", "publ u 3 1 retain");
    process_assert_code(client, 0);
    process_assert_code(watcher, 0);
    assert_string_equal(process_text(&watcher->out), "u 3\n");
    client = CLIENT("--run", "subs u 1; ping");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "u 3\n");
    process_end(broker);
}

static void each_message_is_published_as_often_as_asked_for(void **state) {
    (void)state;
    start();
    struct process *client = CLIENT("--run", "subs t 1; publ t x 1; publ t y 1", "--count", "6",
                                    "--repeat", "3", "--repeat-delay", "0.01");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "t x\nt x\nt x\nt y\nt y\nt y\n");
    struct process *watcher = CLIENT("--run", "subs u 1", "--count", "4");
    process_await_err(watcher, "took the subscription");
    client = CLIENT("--publish", "u", "--qos", "1", "--repeat", "2");
    process_send(client, "1\n2\n");
    process_close_input(client);
    process_assert_code(client, 0);
    process_assert_code(watcher, 0);
    assert_string_equal(process_text(&watcher->out), "u 1\nu 1\nu 2\nu 2\n");
    process_end(broker);
}

static void it_connects_from_the_address_that_was_given(void **state) {
    (void)state;
    start();
    struct process *client = CLIENT("-i", "me", "--bind", "127.0.0.9", "--run", "ping");
    process_assert_code(client, 0);
    process_await_err(broker, "me connected (MQTT 5.0, from 127.0.0.9:");
    client = CLIENT("--bind", "192.0.2.1", "--run", "ping");
    process_assert_code(client, 3);
    assert_non_null(strstr(process_text(&client->err), "the address of --bind cannot be used"));
    process_end(broker);
}

// ---- a proxy ------------------------------------------------------------------------------------

static void copy_until_end(int from, int to) {
    char bytes[4096];
    ssize_t got;
    while ((got = read(from, bytes, sizeof bytes)) > 0 && write(to, bytes, (size_t)got) == got) {
    }
    (void)shutdown(to, SHUT_WR);
}

static int connect_to(unsigned port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? fd : -1;
}

// One client with the user's name ada and the password secret, who wants to go to localhost.
static void be_proxy(int listener) {
    static const char wanted[] = "\5\1\0\3\11localhost";
    uint8_t bytes[64];
    int client = accept(listener, NULL, NULL);
    bool is_right = read(client, bytes, 3) == 3 && write(client, "\5\2", 2) == 2 &&
                    read(client, bytes, 12) == 12 && memcmp(bytes, "\1\3ada\6secret", 12) == 0 &&
                    write(client, "\1\0", 2) == 2 && read(client, bytes, 16) == 16 &&
                    memcmp(bytes, wanted, sizeof wanted - 1) == 0;
    int server = is_right ? connect_to((unsigned)bytes[14] << 8 | bytes[15]) : -1;
    if (server < 0 || write(client, "\5\0\0\1\x7f\0\0\1\0\0", 10) != 10) {
        _exit(1);
    }
    if (fork() == 0) {
        copy_until_end(server, client);
        _exit(0);
    }
    copy_until_end(client, server);
    _exit(0);
}

static void a_proxy_leads_to_the_broker(void **state) {
    (void)state;
    start();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    pid_t proxy = fork();
    if (proxy == 0) {
        be_proxy(listener);
    }
    close(listener);
    char place[64];
    (void)snprintf(place, sizeof place, "socks5h://127.0.0.1:%u", ntohs(address.sin_port));
    process_write_file("secret", "ada:secret\n");
    struct process *client = CLIENT("--proxy", place, "--proxy-credentials", "secret", "--run",
                                    "subs t 1; publ t through 1", "--count", "1");
    process_assert_code(client, 0);
    assert_string_equal(process_text(&client->out), "t through\n");
    int status;
    assert_int_equal(waitpid(proxy, &status, 0), proxy);
    assert_int_equal(status, 0);
    client = CLIENT("--proxy", place, "--run", "ping");
    process_assert_code(client, 3);
    assert_non_null(strstr(process_text(&client->err), "the proxy: connection refused"));
    process_end(broker);
}

static void what_is_wrong_is_said_in_a_sentence(void **state) {
    (void)state;
    static const struct {
        const char *option;
        const char *value;
        const char *said;
        int code;
    } rows[] = {
        {"--bind", "here", "client: --bind: it is not an address", 2},
        {"--proxy", "http://localhost", "a proxy is named by socks5h://", 2},
        {"--proxy", "socks5h://ada:secret@localhost", "--proxy-credentials", 2},
        {"--proxy-credentials", "none", "there is no --proxy", 2},
        {"--tls-psk", "missing", "missing", 3},
        {"--tls-psk", "wrong", "is not identity:key", 3},
        {"--repeat", "0", "--repeat", 2},
    };
    process_write_file("wrong", "ada:nothex\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process *client = process_start("client", "--mqtt", "mqtt://127.0.0.1:1",
                                               rows[i].option, rows[i].value, "--run", "ping");
        process_assert_code(client, rows[i].code);
        assert_non_null(strstr(process_text(&client->err), rows[i].said));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(retained_messages_are_removed_as_they_are_shown),
        PROCESS_TEST(each_message_is_published_as_often_as_asked_for),
        PROCESS_TEST(it_connects_from_the_address_that_was_given),
        PROCESS_TEST(a_proxy_leads_to_the_broker),
        PROCESS_TEST(what_is_wrong_is_said_in_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
