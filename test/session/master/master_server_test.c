// A master's server between real connections and a store that is a script: what is asked of the
// store and when, who waits, and what the clients are answered.
#include "support.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session/master/master_server.h"

#define SECRET "00112233445566778899aabbccddeeff"
#define LINE "1\t9580\t7083\tping\t-\t1\t\n"
#define CLIENTS 4

// What is in the mailbox of gate 7, and what was asked, as text.
struct script {
    struct store store;
    const char *mail; // NULL: nothing
    bool is_away;
    bool fills; // an upload puts LINE into the mailbox
    char asked[1024];
    unsigned takes;
    void (*wake)(void *context, uint32_t gate);
    void *wake_context;
};

// A connection; its answer as far as it has come.
struct client {
    uv_poll_t poll;
    int fd;
    char answer[4096];
    size_t size;
};

struct fixture {
    uv_loop_t loop;
    struct script script;
    struct master_server *server;
    struct client clients[CLIENTS];
    unsigned client_count;
    struct sockaddr_in place;
    unsigned gates_told;
    bool is_stopped;
};

// ---- the store --------------------------------------------------------------------------------

static void take(struct script *script, struct store_request *request) {
    script->takes++;
    if (script->mail != NULL) {
        buffer_append_text(&request->lines, script->mail);
        request->last = 1;
        script->mail = NULL;
    }
}

static void execute_one(struct script *script, struct store_request *request) {
    static const char *const words[] = {
        [STORE_LEASE] = "lease", [STORE_UPLOAD] = "upload",  [STORE_TAKE] = "take",
        [STORE_PUT] = "put",     [STORE_GIVE_BACK] = "back", [STORE_RENEW] = "renew",
        [STORE_POP] = "pop",     [STORE_LIST] = "list",
    };
    size_t size = strlen(script->asked);
    (void)snprintf(script->asked + size, sizeof script->asked - size, "%s %u;",
                   words[request->operation], request->gate);
    request->status = script->is_away ? GATE_UNAVAILABLE : GATE_OK;
    if (script->is_away) {
        return;
    }
    if (request->operation == STORE_TAKE) {
        take(script, request);
    } else if (request->operation == STORE_LEASE) {
        request->status = GATE_NEW;
        request->gate = 7;
    } else if (request->operation == STORE_UPLOAD) {
        request->accepted = request->packet_count;
        request->uploaded = request->first + request->packet_count - 1;
        script->mail = script->fills ? LINE : NULL;
    }
}

static void execute(struct store *store, struct store_request *const *requests, size_t count) {
    for (size_t i = 0; i < count; i++) {
        execute_one((struct script *)store, requests[i]);
    }
}

static void listen_to_others(struct store *store, void (*wake)(void *context, uint32_t gate),
                             void *context) {
    struct script *script = (struct script *)store;
    script->wake = wake;
    script->wake_context = context;
}

static void close_nothing(struct store *store) {
    (void)store;
}

static const struct store_kind kind = {"script", execute, listen_to_others, close_nothing};

// ---- the server -------------------------------------------------------------------------------

static void note_gate(void *context, uint32_t gate, bool came) {
    struct fixture *f = context;
    (void)gate;
    (void)came;
    f->gates_told++;
}

static void open_server(struct fixture *f, uint64_t silence_ms) {
    struct http_error error;
    bool loopback;
    char name[64];
    socklen_t size = sizeof f->place;
    int listener = http_listen("127.0.0.1:0", &loopback, name, &error);
    assert_true(listener >= 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&f->place, &size), 0);
    struct master_server_options options = {.http = {.listener = listener,
                                                     .threads = 2,
                                                     .connections = 20,
                                                     .connection_bytes = 16384,
                                                     .body_bytes = 1 << 20,
                                                     .held_bytes = 1 << 24,
                                                     .request_timeout_s = 30},
                                            .api = {.silence_ms = silence_ms, .is_loopback = true},
                                            .store = &f->script.store,
                                            .events = {.context = f, .gate = note_gate}};
    f->server = master_server_open(&options, &f->loop, &error);
    assert_non_null(f->server);
}

static struct fixture *open_fixture(uint64_t silence_ms) {
    struct fixture *f = calloc(1, sizeof *f);
    assert_int_equal(uv_loop_init(&f->loop), 0);
    f->script.store.kind = &kind;
    open_server(f, silence_ms);
    return f;
}

static void stop_server(struct fixture *f) {
    if (!f->is_stopped) {
        f->is_stopped = true;
        master_server_stop(f->server);
    }
}

static void close_fixture(struct fixture *f) {
    stop_server(f);
    while (!master_server_is_idle(f->server)) {
        (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    master_server_close(f->server);
    master_server_tick(f->server); // a timer of the same moment
    for (unsigned i = 0; i < f->client_count; i++) {
        uv_close((uv_handle_t *)&f->clients[i].poll, NULL);
    }
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    for (unsigned i = 0; i < f->client_count; i++) {
        close(f->clients[i].fd);
    }
    master_server_free(f->server);
    free(f);
}

// ---- clients ----------------------------------------------------------------------------------

static void receive(uv_poll_t *poll, int status, int events) {
    struct client *client = poll->data;
    (void)events;
    assert_int_equal(status, 0);
    size_t room = sizeof client->answer - 1 - client->size;
    ssize_t got = recv(client->fd, client->answer + client->size, room, MSG_DONTWAIT);
    if (got > 0) {
        client->size += (size_t)got;
    } else {
        (void)uv_poll_stop(poll);
    }
}

static struct client *add_client(struct fixture *f) {
    assert_true(f->client_count < CLIENTS);
    struct client *client = &f->clients[f->client_count++];
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client->fd, (struct sockaddr *)&f->place, sizeof f->place), 0);
    assert_int_equal(uv_poll_init(&f->loop, &client->poll, client->fd), 0);
    client->poll.data = client;
    assert_int_equal(uv_poll_start(&client->poll, UV_READABLE, receive), 0);
    return client;
}

static struct client *ask(struct fixture *f, const char *method, const char *path,
                          const char *body) {
    struct client *client = add_client(f);
    char text[1024];
    int size = snprintf(text, sizeof text,
                        "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nLease-Secret: " SECRET
                        "\r\nContent-Length: %zu\r\n\r\n%s",
                        method, path, strlen(body), body);
    assert_int_equal(send(client->fd, text, (size_t)size, MSG_NOSIGNAL), size);
    return client;
}

static struct client *ask_for_packets(struct fixture *f) {
    return ask(f, "GET", "/v1/gates/7/mailbox?after=0&wait=30", "");
}

static struct client *upload(struct fixture *f) {
    return ask(f, "POST", "/v1/gates/9/packets?first=1", LINE);
}

// Runs until the answer has begun with this status, and ends with this text.
static void await_answer(struct fixture *f, const struct client *client, const char *status,
                         const char *end) {
    char start[32];
    (void)snprintf(start, sizeof start, "HTTP/1.1 %s", status);
    size_t size = strlen(end);
    alarm(60);
    while (strstr(client->answer, "\r\n\r\n") == NULL || client->size < size ||
           strcmp(client->answer + client->size - size, end) != 0) {
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    }
    alarm(0);
    if (strncmp(client->answer, start, strlen(start)) != 0) {
        print_error("%s\n", client->answer);
    }
    assert_true(strncmp(client->answer, start, strlen(start)) == 0);
}

static void await_takes(struct fixture *f, unsigned takes) {
    alarm(60);
    while (f->script.takes < takes) {
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    }
    alarm(0);
}

// ---- tests ------------------------------------------------------------------------------------

static void an_upload_wakes_the_request_that_waits(void **state) {
    (void)state;
    struct fixture *f = open_fixture(30000);
    f->script.fills = true;
    struct client *receiver = ask_for_packets(f);
    await_takes(f, 1);
    assert_int_equal(master_server_waiting(f->server, 7), 1);
    assert_int_equal(master_server_waiting(f->server, 9), 0);
    assert_int_equal(receiver->size, 0);
    struct client *sender = upload(f);
    await_answer(f, receiver, "200", LINE);
    await_answer(f, sender, "200", "}\n");
    assert_string_equal(f->script.asked, "take 7;upload 9;take 7;");
    assert_int_equal(master_server_waiting(f->server, 7), 0);
    close_fixture(f);
}

static void packets_at_another_master_wake_too(void **state) {
    (void)state;
    struct fixture *f = open_fixture(30000);
    struct client *receiver = ask_for_packets(f);
    await_takes(f, 1);
    f->script.wake(f->script.wake_context, 8); // of somebody else
    f->script.mail = LINE;
    f->script.wake(f->script.wake_context, 7);
    await_answer(f, receiver, "200", LINE);
    assert_string_equal(f->script.asked, "take 7;take 7;");
    close_fixture(f);
}

static void a_newer_request_takes_the_place_of_an_older_one(void **state) {
    (void)state;
    struct fixture *f = open_fixture(30000);
    struct client *older = ask_for_packets(f);
    await_takes(f, 1);
    struct client *newer = ask_for_packets(f);
    await_answer(f, older, "204", "\r\n\r\n");
    f->script.mail = LINE;
    f->script.wake(f->script.wake_context, 0); // all
    await_answer(f, newer, "200", LINE);
    close_fixture(f);
}

// The store is asked again long before the gate would be dropped as silent.
static void a_request_that_waits_renews_its_lease(void **state) {
    (void)state;
    struct fixture *f = open_fixture(90);
    struct client *receiver = ask_for_packets(f);
    await_takes(f, 4);
    assert_int_equal(receiver->size, 0);
    f->script.mail = LINE;
    await_answer(f, receiver, "200", LINE);
    close_fixture(f);
}

static void the_end_of_a_lease_wakes_who_waits_with_it(void **state) {
    (void)state;
    struct fixture *f = open_fixture(30000);
    (void)ask_for_packets(f);
    await_takes(f, 1);
    struct client *other = ask(f, "DELETE", "/v1/gates/7", "");
    await_answer(f, other, "204", "\r\n\r\n");
    await_takes(f, 2);
    assert_int_equal(f->gates_told, 1);
    close_fixture(f);
}

static void a_store_that_is_away_is_told(void **state) {
    (void)state;
    struct fixture *f = open_fixture(30000);
    f->script.is_away = true;
    struct client *client = upload(f);
    await_answer(f, client, "503", "}\n");
    assert_non_null(strstr(client->answer, "Retry-After: 1"));
    assert_non_null(strstr(client->answer, "the store cannot be reached"));
    assert_int_equal(master_server_metrics(f->server)->store_failures, 1);
    assert_int_equal(master_server_metrics(f->server)->packets_uploaded, 0);
    close_fixture(f);
}

static void what_is_wrong_never_reaches_the_store(void **state) {
    (void)state;
    struct fixture *f = open_fixture(30000);
    struct client *client = ask(f, "POST", "/v1/gates/8/packets?first=1", LINE); // of gate 9
    await_answer(f, client, "400", "}\n");
    client = ask(f, "POST", "/v1/gates/9/packets?first=0", LINE);
    await_answer(f, client, "400", "}\n");
    assert_string_equal(f->script.asked, "");
    close_fixture(f);
}

static void at_the_end_all_that_waits_is_answered(void **state) {
    (void)state;
    struct fixture *f = open_fixture(30000);
    struct client *receiver = ask_for_packets(f);
    await_takes(f, 1);
    stop_server(f);
    await_answer(f, receiver, "204", "\r\n\r\n");
    assert_non_null(strstr(receiver->answer, "Connection: close"));
    close_fixture(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upload_wakes_the_request_that_waits),
        cmocka_unit_test(packets_at_another_master_wake_too),
        cmocka_unit_test(a_newer_request_takes_the_place_of_an_older_one),
        cmocka_unit_test(a_request_that_waits_renews_its_lease),
        cmocka_unit_test(the_end_of_a_lease_wakes_who_waits_with_it),
        cmocka_unit_test(a_store_that_is_away_is_told),
        cmocka_unit_test(what_is_wrong_never_reaches_the_store),
        cmocka_unit_test(at_the_end_all_that_waits_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
