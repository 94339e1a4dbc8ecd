// The server of the page, asked as a browser asks, over sockets of this process.
#include "support.h"

#include "web/web_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "medium/http/http_server.h"

#define WAIT_MS 60000
#define TOKEN "0123456789abcdef"

struct fixture {
    char *folder;
    struct web_spool *spool;
    struct web_server *server;
    struct tokens *tokens;
    uint16_t port;
    unsigned appended;
    struct memory memory;
    struct buffer got; // of the latest answer
};

static const char *const files[] = {"home\x1b/network"};

static void start(struct fixture *fixture) {
    char link[WEB_LINK_SIZE];
    struct http_error error;
    struct web_server_options options = {.where = "127.0.0.1:0",
                                         .tokens = fixture->tokens,
                                         .spool = fixture->spool,
                                         .files = files,
                                         .file_count = 1};
    fixture->server = web_server_open(&options, link, &error);
    assert_non_null(fixture->server);
    assert_memory_equal(link, "http://127.0.0.1:", 17);
    fixture->port = (uint16_t)strtoul(link + 17, NULL, 10);
}

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    fixture->folder = support_make_folder();
    fixture->spool = web_spool_open(fixture->folder, 1u << 30);
    assert_non_null(fixture->spool);
    memory_init(&fixture->memory);
    buffer_init(&fixture->got, &fixture->memory);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    web_server_close(fixture->server);
    web_spool_close(fixture->spool);
    tokens_free(fixture->tokens);
    buffer_deinit(&fixture->got);
    support_remove_folder(fixture->folder);
    test_free(fixture);
    return 0;
}

static void append_text(struct fixture *fixture, const char *lines) {
    uint64_t from = web_spool_next(fixture->spool);
    assert_true(web_spool_append(fixture->spool, bytes_of_text(lines)));
    web_server_note(fixture->server, from, bytes_of_text(lines));
    web_server_wake(fixture->server);
}

static void append(struct fixture *fixture, unsigned count) {
    struct buffer lines;
    buffer_init(&lines, &fixture->memory);
    for (unsigned i = 0; i < count; i++) {
        buffer_append_text(&lines, "{\"item\":");
        buffer_append_decimal(&lines, fixture->appended++);
        buffer_append_text(&lines, "}\n");
    }
    buffer_append_byte(&lines, '\0');
    append_text(fixture, (const char *)lines.data);
    buffer_deinit(&lines);
}

// ---- a browser ----------------------------------------------------------------------------------

static int dial(const struct fixture *fixture) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(fixture->port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

// `headers` are whole lines.
static int send_request(const struct fixture *fixture, const char *path, const char *headers) {
    char request[1024];
    int fd = dial(fixture);
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n%s\r\n", path, headers);
    assert_int_equal(send(fd, request, (size_t)size, MSG_NOSIGNAL), size);
    return fd;
}

static bool has_got(const struct fixture *fixture, const char *text) {
    return fixture->got.size > 0 &&
           memmem(fixture->got.data, fixture->got.size, text, strlen(text)) != NULL;
}

// Reads until that has come, or, without a text, to the end.
static void read_until(struct fixture *fixture, int fd, const char *text) {
    while (text == NULL || !has_got(fixture, text)) {
        struct pollfd polled = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&polled, 1, WAIT_MS), 1);
        ssize_t size = recv(fd, buffer_reserve(&fixture->got, 65536), 65536, 0);
        if (size == 0 && text == NULL) {
            return;
        }
        assert_true(size > 0);
        fixture->got.size += (size_t)size;
    }
}

static void ask(struct fixture *fixture, const char *path, const char *headers) {
    char all[512];
    (void)snprintf(all, sizeof all, "Connection: close\r\n%s", headers);
    fixture->got.size = 0;
    int fd = send_request(fixture, path, all);
    read_until(fixture, fd, NULL);
    close(fd);
}

#define HERE "Host: 127.0.0.1:1\r\n"

static void expect(const struct fixture *fixture, const char *text) {
    if (!has_got(fixture, text)) {
        fail_msg("'%s' is not in: %.*s", text, (int)fixture->got.size, fixture->got.data);
    }
}

// ---- tests --------------------------------------------------------------------------------------

static void the_page_and_its_files_are_served(void **state) {
    struct fixture *fixture = *state;
    static const char *const paths[] = {
        "/",         "/web.css",     "/palette.css",  "/main.js",       "/text.js",   "/items.js",
        "/world.js", "/topics.js",   "/topology.js",  "/ladder.js",     "/detail.js", "/filter.js",
        "/icon.svg", "/timeline.js", "/take_away.js", "/statements.tsv"};
    start(fixture);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        ask(fixture, paths[i], HERE);
        expect(fixture, "HTTP/1.1 200 ");
        expect(fixture, "script-src 'self'; style-src 'self'");
        assert_false(has_got(fixture, "unsafe"));
    }
    ask(fixture, "/../etc/passwd", HERE);
    expect(fixture, "HTTP/1.1 404 ");
}

// Of what is here nothing goes to a page of somebody else, whatever its name stands for.
static void other_hosts_and_origins_are_refused(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *headers;
        const char *status;
    } rows[] = {
        {HERE, "200"},
        {"Host: localhost:80\r\nOrigin: http://localhost:80\r\n", "200"},
        {"Host: [::1]:80\r\n", "200"},
        {"Host: evil.example\r\n", "403"},
        {"Host: 10.0.0.1\r\n", "403"},
        {HERE "Origin: http://evil.example\r\n", "403"},
        {HERE "Origin: null\r\n", "403"},
        {"", "403"},
    };
    start(fixture);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[32];
        (void)snprintf(line, sizeof line, "HTTP/1.1 %s ", rows[i].status);
        ask(fixture, "/about", rows[i].headers);
        expect(fixture, line);
    }
    expect(fixture, "HTTP/1.1 ");
    int fd = dial(fixture);
    static const char post[] =
        "POST /about HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    assert_int_equal(send(fd, post, sizeof post - 1, MSG_NOSIGNAL), sizeof post - 1);
    fixture->got.size = 0;
    read_until(fixture, fd, NULL);
    expect(fixture, "HTTP/1.1 405 ");
    close(fd);
}

static void about_tells_what_is_there(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    append(fixture, 3);
    ask(fixture, "/about", HERE);
    expect(fixture, "\"first\":0,\"next\":3,\"read\":false");
    expect(fixture, "home\\\\x1B/network");
    append_text(fixture, "{\"type\":\"PUBLISH\",\"payload\":\"\\\"type\\\":\\\"x\\\"\"}\n"
                         "{\"type\":\"PUBACK\"}\n{\"type\":\"PUBLISH\"}\n"
                         "{\"type\":\"a name that no type has\"}\n");
    ask(fixture, "/about", HERE);
    expect(fixture, "\"counts\":{\"no packet\":3,\"PUBLISH\":2,\"PUBACK\":1}");
    web_server_set_read(fixture->server, true);
    ask(fixture, "/about", HERE);
    expect(fixture, "\"read\":true");
}

static void events_come_as_items_do(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    append(fixture, 2);
    fixture->got.size = 0;
    int fd = send_request(fixture, "/events?from=1", HERE);
    read_until(fixture, fd, "id: 2\ndata: {\"item\":1}\n\n");
    expect(fixture, "text/event-stream");
    assert_false(has_got(fixture, "{\"item\":0}"));
    append(fixture, 1);
    read_until(fixture, fd, "id: 3\ndata: {\"item\":2}\n\n");
    append(fixture, 2);
    read_until(fixture, fd, "id: 5\ndata: {\"item\":3}\ndata: {\"item\":4}\n\n");
    close(fd);
}

static void a_page_goes_on_where_it_was_cut_off(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    append(fixture, 5);
    fixture->got.size = 0;
    int fd = send_request(fixture, "/events?from=0", HERE "Last-Event-ID: 3\r\n");
    read_until(fixture, fd, "id: 5\ndata: {\"item\":3}\ndata: {\"item\":4}\n\n");
    assert_false(has_got(fixture, "{\"item\":2}"));
    close(fd);
}

// A page that was closed is noticed though nothing comes, since it is told so now and then.
static void a_silent_page_gets_signs_of_life(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    fixture->got.size = 0;
    int fd = send_request(fixture, "/events", HERE);
    read_until(fixture, fd, "retry:");
    for (unsigned i = 0; i < 10; i++) {
        web_server_tick(fixture->server);
    }
    read_until(fixture, fd, "\n:\n\n");
    close(fd);
}

// Who does not read holds up neither the appending nor another page; what it missed by much is
// skipped, and told.
static void a_page_that_sleeps_holds_up_nobody(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    int asleep = send_request(fixture, "/events?from=0", HERE);
    int awake = send_request(fixture, "/events?from=0", HERE);
    for (unsigned i = 0; i < 600; i++) {
        append(fixture, 1000);
    }
    fixture->got.size = 0;
    read_until(fixture, awake, "{\"item\":599999}\n");
    fixture->got.size = 0;
    read_until(fixture, asleep, "{\"item\":599999}\n");
    expect(fixture, "event: skipped\ndata: {\"from\":");
    close(awake);
    close(asleep);
}

static void older_items_are_read_back(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    append(fixture, 500);
    ask(fixture, "/items?from=100&count=2", HERE);
    expect(fixture, "\r\nItem: 100\r\n");
    expect(fixture, "\r\n\r\n{\"item\":100}\n{\"item\":101}\n");
    assert_false(has_got(fixture, "{\"item\":102}"));
    ask(fixture, "/items?from=700", HERE);
    expect(fixture, "\r\nItem: 500\r\n");
}

static void faults_are_found_in_both_directions(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    append(fixture, 10);
    append_text(fixture, "{\"type\":\"PUBACK\",\"way\":{\"what\":\"dropped\"}}\n"
                         "{\"words\":\"\\\"way\\\":{\"}\n{\"type\":\"cut\"}\n");
    ask(fixture, "/fault?from=0", HERE);
    expect(fixture, "{\"count\":2,\"item\":10}");
    ask(fixture, "/fault?from=11", HERE);
    expect(fixture, "{\"count\":2,\"item\":12}");
    ask(fixture, "/fault?from=13", HERE);
    expect(fixture, "{\"count\":2,\"item\":null}");
    ask(fixture, "/fault?from=12&back", HERE);
    expect(fixture, "{\"count\":2,\"item\":10}");
    ask(fixture, "/fault?from=10&back", HERE);
    expect(fixture, "{\"count\":2,\"item\":null}");
}

static void arrivals_are_told_that_lie_before(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    append_text(fixture, "{\"n\":0,\"type\":\"join\"}\n");
    append(fixture, 200);
    append_text(fixture, "{\"n\":1,\"type\":\"left\"}\n{\"n\":2,\"type\":\"join\"}\n");
    ask(fixture, "/arrivals?before=202", HERE);
    expect(fixture, "\r\n\r\n{\"n\":0,\"type\":\"join\"}\n{\"n\":1,\"type\":\"left\"}\n");
    assert_false(has_got(fixture, "{\"n\":2"));
    ask(fixture, "/arrivals?before=0", HERE);
    expect(fixture, "HTTP/1.1 200 ");
    assert_false(has_got(fixture, "{\"n\":0"));
}

static void fields_of_an_item_are_told(void **state) {
    struct fixture *fixture = *state;
    start(fixture);
    append_text(fixture, "{\"raw\":\"40020007\",\"protocol\":\"5.0\"}\n"
                         "{\"raw\":\"xxxx\",\"protocol\":\"5.0\"}\n"
                         "{\"line\":\"1\\t2\\t0\\tleft\\t-\\t1\\t\"}\n{\"type\":\"open\"}\n");
    ask(fixture, "/fields?item=0", HERE);
    expect(fixture, "\"name\":\"packet identifier\",\"value\":\"7\"");
    ask(fixture, "/fields?item=1", HERE);
    expect(fixture, "HTTP/1.1 200 ");
    ask(fixture, "/fields?item=2", HERE);
    expect(fixture, "\"name\":\"type\",\"value\":\"left\"");
    ask(fixture, "/fields?item=3", HERE);
    expect(fixture, "\r\n\r\n[]");
    ask(fixture, "/fields?item=4", HERE);
    expect(fixture, "HTTP/1.1 404 ");
    ask(fixture, "/fields?item=x", HERE);
    expect(fixture, "HTTP/1.1 404 ");
}

static void with_tokens_only_those_who_have_one_see_anything(void **state) {
    struct fixture *fixture = *state;
    char *path = support_path(fixture->folder, "tokens");
    support_write_file(path, BYTES_LITERAL(TOKEN "\n"));
    assert_int_equal(chmod(path, 0600), 0);
    fixture->tokens = tokens_load("test", path);
    assert_non_null(fixture->tokens);
    start(fixture);
    append(fixture, 1);
    static const char *const paths[] = {"/about",         "/items?from=0", "/events?from=0",
                                        "/fields?item=0", "/fault",        "/arrivals"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        ask(fixture, paths[i], HERE);
        expect(fixture, "HTTP/1.1 401 ");
        assert_false(has_got(fixture, "{\"item\":0}"));
    }
    ask(fixture, "/about?token=0123456789abcdeX", HERE);
    expect(fixture, "HTTP/1.1 401 ");
    ask(fixture, "/items?from=0&token=" TOKEN, "Host: laboratory.example\r\n");
    expect(fixture, "{\"item\":0}");
    ask(fixture, "/items?from=0", HERE "Authorization: Bearer " TOKEN "\r\n");
    expect(fixture, "{\"item\":0}");
    ask(fixture, "/about?token=" TOKEN, HERE "Origin: http://evil.example\r\n");
    expect(fixture, "HTTP/1.1 403 ");
    ask(fixture, "/", HERE);
    expect(fixture, "HTTP/1.1 200 ");
    free(path);
}

// A command as the page sends it.
static void pull(struct fixture *fixture, const char *command, const char *headers) {
    char request[1024];
    fixture->got.size = 0;
    int fd = dial(fixture);
    int size = snprintf(request, sizeof request,
                        "POST /control HTTP/1.1\r\nConnection: close\r\nContent-Length: %zu\r\n"
                        "%s\r\n%s",
                        strlen(command), headers, command);
    assert_int_equal(send(fd, request, (size_t)size, MSG_NOSIGNAL), size);
    read_until(fixture, fd, NULL);
    close(fd);
}

// The program at the other end of the socket: repeats what it is told, until that ends.
static void *echo(void *context) {
    int fd = *(int *)context;
    char text[256];
    for (ssize_t size; (size = recv(fd, text, sizeof text, 0)) > 0;) {
        assert_int_equal(send(fd, text, (size_t)size, MSG_NOSIGNAL), size);
    }
    return NULL;
}

static void levers_reach_the_program_with_their_token_only(void **state) {
    struct fixture *fixture = *state;
    char link[WEB_LINK_SIZE];
    char token[TOKEN_MADE_SIZE];
    char where[32];
    char right[256];
    int ends[2];
    pthread_t program;
    struct http_error error;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(pthread_create(&program, NULL, echo, &ends[1]), 0);
    (void)snprintf(where, sizeof where, "fd:%d", ends[0]);
    struct tokens *tokens = tokens_make(token);
    struct web_control *control = web_control_open(where, &error);
    assert_non_null(control);
    struct web_server_options options = {.where = "127.0.0.1:0",
                                         .spool = fixture->spool,
                                         .control = control,
                                         .control_tokens = tokens};
    fixture->server = web_server_open(&options, link, &error);
    assert_non_null(fixture->server);
    fixture->port = (uint16_t)strtoul(link + 17, NULL, 10);
    pull(fixture, "cut", HERE);
    expect(fixture, "HTTP/1.1 401 ");
    (void)snprintf(right, sizeof right, HERE "Authorization: Bearer %s\r\n", token);
    pull(fixture, "rule drop PUBACK 1", right);
    expect(fixture, "HTTP/1.1 200 ");
    expect(fixture, "\r\n\r\nrule drop PUBACK 1");
    pull(fixture, "cut\nexit", right);
    expect(fixture, "HTTP/1.1 400 ");
    (void)snprintf(right, sizeof right,
                   HERE "Origin: http://evil.example\r\nAuthorization: Bearer %s\r\n", token);
    pull(fixture, "cut", right);
    expect(fixture, "HTTP/1.1 403 ");
    (void)snprintf(right, sizeof right, "/control?token=%s", token);
    ask(fixture, right, HERE);
    expect(fixture, "HTTP/1.1 401 ");
    web_server_close(fixture->server);
    fixture->server = NULL;
    pthread_join(program, NULL);
    web_control_close(control);
    close(ends[1]);
    tokens_free(tokens);
}

// A signal to the thread that awaits the answer is no silence of the program. The signal goes to
// that thread, since all others block it.
#define INTERRUPTIONS 20

static atomic_uint interruptions;

static void note_interruption(int signal) {
    (void)signal;
    atomic_fetch_add(&interruptions, 1);
}

static void *answer_after_interruptions(void *context) {
    int fd = *(int *)context;
    char text[256];
    ssize_t size = recv(fd, text, sizeof text, 0);
    assert_true(size > 0);
    for (unsigned i = 1; i <= INTERRUPTIONS; i++) {
        assert_int_equal(kill(getpid(), SIGUSR1), 0);
        while (atomic_load(&interruptions) < i) {
            sched_yield();
        }
    }
    assert_int_equal(send(fd, text, (size_t)size, MSG_NOSIGNAL), size);
    return NULL;
}

static void a_signal_is_not_taken_for_silence(void **state) {
    struct fixture *fixture = *state;
    char link[WEB_LINK_SIZE];
    char token[TOKEN_MADE_SIZE];
    char where[32];
    char right[256];
    int ends[2];
    pthread_t program;
    struct http_error error;
    sigset_t only;
    sigset_t former;
    struct sigaction taken = {.sa_handler = note_interruption};
    sigemptyset(&only);
    sigaddset(&only, SIGUSR1);
    assert_int_equal(sigaction(SIGUSR1, &taken, NULL), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    (void)snprintf(where, sizeof where, "fd:%d", ends[0]);
    struct tokens *tokens = tokens_make(token);
    struct web_control *control = web_control_open(where, &error);
    assert_non_null(control);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &only, &former), 0);
    struct web_server_options options = {.where = "127.0.0.1:0",
                                         .spool = fixture->spool,
                                         .control = control,
                                         .control_tokens = tokens};
    fixture->server = web_server_open(&options, link, &error);
    assert_non_null(fixture->server);
    fixture->port = (uint16_t)strtoul(link + 17, NULL, 10);
    assert_int_equal(pthread_create(&program, NULL, answer_after_interruptions, &ends[1]), 0);
    (void)snprintf(right, sizeof right, HERE "Authorization: Bearer %s\r\n", token);
    pull(fixture, "list", right);
    expect(fixture, "HTTP/1.1 200 ");
    expect(fixture, "\r\n\r\nlist");
    pthread_join(program, NULL);
    web_server_close(fixture->server);
    fixture->server = NULL;
    web_control_close(control);
    close(ends[1]);
    tokens_free(tokens);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, &former, NULL), 0);
}

static void a_page_without_levers_has_none(void **state) {
    struct fixture *fixture = *state;
    struct http_error error;
    start(fixture);
    pull(fixture, "cut", HERE);
    expect(fixture, "HTTP/1.1 405 ");
    assert_null(web_control_open("fd:1", &error));
    assert_null(web_control_open("elsewhere", &error));
    assert_non_null(strstr(error.text, "http://127.0.0.1:8474"));
}

static void other_machines_need_a_token(void **state) {
    struct fixture *fixture = *state;
    char link[WEB_LINK_SIZE];
    struct http_error error;
    struct web_server_options options = {.where = "0.0.0.0:0", .spool = fixture->spool};
    assert_null(web_server_open(&options, link, &error));
    assert_non_null(strstr(error.text, "give --token-file too"));
    options.where = "nonsense";
    assert_null(web_server_open(&options, link, &error));
    assert_non_null(strstr(error.text, "HOST:PORT"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_page_and_its_files_are_served, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_hosts_and_origins_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(about_tells_what_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(events_come_as_items_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_goes_on_where_it_was_cut_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_silent_page_gets_signs_of_life, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_that_sleeps_holds_up_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(older_items_are_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(faults_are_found_in_both_directions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arrivals_are_told_that_lie_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fields_of_an_item_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_tokens_only_those_who_have_one_see_anything, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(other_machines_need_a_token, set_up, tear_down),
        cmocka_unit_test_setup_teardown(levers_reach_the_program_with_their_token_only, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_signal_is_not_taken_for_silence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_without_levers_has_none, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
