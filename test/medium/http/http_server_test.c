// The layer over libmicrohttpd, for what the master's process tests cannot bring about at will.
#include "medium/http/http_server.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define CLIENTS 200

static void never(void *context, struct http_exchange *exchange) {
    (void)context, (void)exchange;
    fail_msg("garbage is no exchange");
}

static void never_refused(void *context, struct http_exchange *exchange, unsigned status) {
    (void)status;
    never(context, exchange);
}

static int dial(const char *name) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port =
                                      htons((uint16_t)strtoul(strchr(name, ':') + 1, NULL, 10))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static struct http_server *start(unsigned connections, char name[static 64]) {
    bool loopback;
    struct http_error error;
    struct http_server_options options = {
        .listener = http_listen("127.0.0.1:0", &loopback, name, &error),
        .threads = 4,
        .connections = connections,
        .connection_bytes = 4096,
        .body_bytes = 1024,
        .held_bytes = 1024,
        .request_timeout_s = 30,
        .events = {.begin = never, .receive = never, .refuse = never_refused, .end = never},
    };
    assert_true(options.listener >= 0);
    struct http_server *server = http_server_open(&options, &error);
    assert_non_null(server);
    return server;
}

// libmicrohttpd 0.9.75 reads through a null pointer when it refuses a request after it was told to
// stop (its queue says yes to an answer then, and drops it), so the server hangs up before that.
static void it_closes_while_garbage_is_refused(void **state) {
    (void)state;
    for (unsigned round = 0; round < 50; round++) {
        char name[64];
        struct http_server *server = start(CLIENTS, name);
        int clients[CLIENTS];
        for (unsigned i = 0; i < CLIENTS; i++) {
            clients[i] = dial(name);
            assert_int_equal(send(clients[i], "x\r\n\r\n", 5, MSG_NOSIGNAL), 5);
        }
        http_server_close(server);
        for (unsigned i = 0; i < CLIENTS; i++) {
            close(clients[i]);
        }
    }
}

static void connections_above_the_limit_are_closed(void **state) {
    (void)state;
    char name[64];
    struct http_server *server = start(CLIENTS / 2, name);
    int clients[CLIENTS];
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = dial(name);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        char byte;
        if (i >= CLIENTS / 2) {
            assert_int_equal(recv(clients[i], &byte, 1, 0), 0);
        } else {
            assert_int_equal(recv(clients[i], &byte, 1, MSG_DONTWAIT), -1);
        }
    }
    assert_int_equal(http_server_connections(server), CLIENTS / 2);
    http_server_close(server);
    for (unsigned i = 0; i < CLIENTS; i++) {
        close(clients[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_above_the_limit_are_closed),
        cmocka_unit_test(it_closes_while_garbage_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
