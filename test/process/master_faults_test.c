// What a master survives: clients that are slow, broken or hostile, and its own end. And what it
// says when it cannot start.
#include "master.h"

static struct process *master;
static uint16_t port;
static int fd;

static void start_with(const char *option, const char *value) {
    master = master_start(option, value);
    port = master_port(master);
    fd = http_dial(port);
}

static void stop(void) {
    close(fd);
    process_end(master);
}

// The others are served as ever.
static void expect_service(void) {
    struct http_answer answer = http_expect(fd, 200, "GET", "/healthz", NULL, NULL);
    http_free(&answer);
    int fresh = http_dial(port);
    answer = http_expect(fresh, 200, "GET", "/healthz", NULL, NULL);
    http_free(&answer);
    close(fresh);
}

// ---- hostile clients ------------------------------------------------------------------------

static void a_connection_serves_many_requests_also_sent_at_once(void **state) {
    (void)state;
    start_with("--idle-timeout", "30");
    struct lease lease = master_lease(fd, 7, NULL);
    for (unsigned i = 0; i < 200; i++) {
        (void)master_takes(fd, &lease, 0, "");
    }
    const char *ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (unsigned i = 0; i < 50; i++) {
        http_send(fd, ask);
    }
    for (unsigned i = 0; i < 50; i++) {
        struct http_answer answer = http_read(fd);
        assert_int_equal(answer.status, 200);
        http_free(&answer);
    }
    stop();
}

// What it asked is answered, at once or later, and then the connection ends.
static void expect_answer_and_end(int peer, unsigned status, size_t size) {
    struct http_answer answer = http_read(peer);
    assert_int_equal(answer.status, status);
    assert_true(answer.size >= size);
    http_free(&answer);
    http_await_end(peer);
    close(peer);
}

static void who_sends_no_more_gets_the_answer(void **state) {
    (void)state;
    enum { LINES = 4000, LINE_BYTES = 200 };
    start_with("--idle-timeout", "30");
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    int peer = http_dial(port);
    http_send_request(peer, &(struct http_request){.method = "GET", .path = "/healthz"});
    (void)shutdown(peer, SHUT_WR);
    expect_answer_and_end(peer, 200, 1);
    process_signal(master, SIGSTOP); // so that the end comes together with the request
    peer = http_dial(port);
    http_send_request(peer, &(struct http_request){.method = "GET", .path = "/nothing"});
    (void)shutdown(peer, SHUT_WR);
    process_signal(master, SIGCONT);
    expect_answer_and_end(peer, 404, 1);
    peer = http_dial(port); // it has to wait
    master_send_take(peer, &eight, 0, 1);
    (void)shutdown(peer, SHUT_WR);
    expect_answer_and_end(peer, 204, 0);
    char *lines = calloc(LINES, LINE_BYTES);
    for (size_t i = 0, end = 0; i < LINES; i++) {
        end +=
            (size_t)snprintf(lines + end, LINE_BYTES, "1\t7083\t8083\tpubl\t-%0150zu-\t1\t\n", i);
    }
    master_uploads(fd, &seven, 1, lines, LINES);
    peer = http_dial(port); // more than fits into the buffers of its connection
    int room = 4096;
    (void)setsockopt(peer, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    master_send_take(peer, &eight, 0, 1);
    (void)shutdown(peer, SHUT_WR);
    expect_answer_and_end(peer, 200, strlen(lines));
    free(lines);
    stop();
}

static void a_request_may_come_byte_by_byte(void **state) {
    (void)state;
    start_with("--idle-timeout", "30");
    struct lease lease = master_lease(fd, 7, NULL);
    char *text = NULL;
    assert_true(asprintf(&text,
                         "POST /v1/gates/7/packets?first=1 HTTP/1.1\r\nHost: localhost\r\n%s"
                         "Content-Length: %zu\r\n\r\n%s",
                         lease.header, strlen(LINE(7083, 0, "slow")), LINE(7083, 0, "slow")) > 0);
    for (const char *at = text; *at != '\0'; at++) {
        http_send_bytes(fd, bytes_make(at, 1));
    }
    struct http_answer answer = http_read(fd);
    assert_int_equal(answer.status, 200);
    assert_int_equal(http_number(&answer, "accepted"), 1);
    http_free(&answer);
    free(text);
    stop();
}

static void a_request_cut_off_changes_nothing(void **state) {
    (void)state;
    start_with("--idle-timeout", "30");
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    for (unsigned i = 0; i < 20; i++) {
        int broken = http_dial(port);
        http_send(broken, "POST /v1/gates/7/packets?first=1 HTTP/1.1\r\nHost: localhost\r\n");
        http_send(broken, seven.header);
        http_send(broken, "Content-Length: 1000\r\n\r\n" LINE(7083, 8580, "whole"));
        close(broken);
    }
    expect_service();
    (void)master_takes(fd, &eight, 0, "");
    master_uploads(fd, &seven, 1, LINE(7083, 8580, "x"), 1);
    stop();
}

static void huge_headers_are_refused(void **state) {
    (void)state;
    start_with("--idle-timeout", "30");
    int hostile = http_dial(port);
    char *value = calloc(1, 100001);
    memset(value, 'x', 100000);
    http_send(hostile, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ");
    http_send(hostile, value);
    http_send(hostile, "\r\n\r\n");
    char *text = http_read_all(hostile);
    assert_true(text[0] == '\0' || strncmp(text, "HTTP/1.1 431", 12) == 0);
    free(text);
    close(hostile);
    hostile = http_dial(port);
    http_send(hostile, "GET /");
    http_send(hostile, value);
    http_send(hostile, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    text = http_read_all(hostile);
    assert_true(text[0] == '\0' || strncmp(text, "HTTP/1.1 4", 10) == 0);
    free(text);
    free(value);
    close(hostile);
    expect_service();
    stop();
}

static void expect_start(const char *request, const char *start) {
    int peer = http_dial(port);
    http_send(peer, request);
    char *text = http_read_all(peer); // up to the end of the connection
    if (strncmp(text, start, strlen(start)) != 0) {
        print_error("%s: %s\n", request, text);
    }
    assert_memory_equal(text, start, strlen(start));
    assert_null(strstr(text + 1, "HTTP/1.1 ")); // what stands behind it is no request
    free(text);
    close(peer);
}

// Two lengths, or a path with a zero byte in it, mean one thing here and another to a proxy.
static void ambiguous_requests_are_refused(void **state) {
    (void)state;
    start_with("--idle-timeout", "30");
    expect_start("POST /v1/gates HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                 "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
                 "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 "HTTP/1.1 400 ");
    expect_start("POST /v1/gates HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
                 "content-length: 2\r\n\r\n{}GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 "HTTP/1.1 400 ");
    expect_start("GET /v1/gates%00/x HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 400 ");
    expect_service();
    stop();
}

// Monitors ask for the headers only [RFC 9110, 9.1]; pages of a name that was made to mean this
// machine are not served.
static void heads_and_hosts(void **state) {
    (void)state;
    start_with("--idle-timeout", "30");
    static const char *const paths[] = {"/healthz", "/metrics", "/v1/gates"};
    for (size_t i = 0; i < 3; i++) {
        char request[128];
        snprintf(request, sizeof request,
                 "HEAD %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", paths[i]);
        int peer = http_dial(port);
        http_send(peer, request);
        char *text = http_read_all(peer);
        assert_memory_equal(text, "HTTP/1.1 200 ", 13);
        const char *body = strstr(text, "\r\n\r\n");
        assert_non_null(body);
        assert_string_equal(body, "\r\n\r\n");
        free(text);
        close(peer);
    }
    expect_start("GET /v1/gates HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n",
                 "HTTP/1.1 421 ");
    expect_start("GET /v1/gates HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n",
                 "HTTP/1.1 200 ");
    stop();
}

static void garbage_is_refused(void **state) {
    (void)state;
    start_with("--idle-timeout", "30");
    static const struct {
        const char *text;
        bool answered;
    } garbage[] = {
        {"\r\n\r\n\r\n", false},
        {"x\r\n\r\n", false},
        {"\x16\x03\x01\x02\x01\x01\xfc\x03\x03", false},
        {"GET / HTTP/9.9\r\n\r\n", true},
        {"POST /v1/gates HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", true},
        {"POST /v1/gates HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
         "99999999999999999999\r\n\r\n",
         true},
        {"POST /v1/gates HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
         true},
        {"GET /v1/gates/7%00/mailbox HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
         true},
        {"GET /v1/gates/7/mailbox?after=%00&wait=%zz&&&=& HTTP/1.1\r\nHost: localhost\r\n"
         "Connection: close\r\n\r\n",
         true},
    };
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        int hostile = http_dial(port);
        http_send(hostile, garbage[i].text);
        if (garbage[i].answered) {
            char *text = http_read_all(hostile);
            assert_true(text[0] == '\0' || strncmp(text, "HTTP/1.1 4", 10) == 0 ||
                        strncmp(text, "HTTP/1.1 5", 10) == 0);
            free(text);
        }
        close(hostile);
    }
    uint64_t seed = 7;
    for (unsigned i = 0; i < 200; i++) {
        uint8_t bytes[256];
        for (size_t k = 0; k < sizeof bytes; k++) {
            bytes[k] = (uint8_t)support_random(&seed);
        }
        int hostile = http_dial(port);
        http_send_bytes(hostile, bytes_make(bytes, sizeof bytes));
        close(hostile);
    }
    expect_service();
    stop();
}

// One byte now and then keeps libmicrohttpd's own timeout away; ours goes by the request's begin.
static void slow_clients_are_cut_off_and_hurt_nobody(void **state) {
    (void)state;
    start_with("--request-timeout", "1");
    struct lease lease = master_lease(fd, 7, NULL);
    int slow[60];
    for (unsigned i = 0; i < 60; i++) {
        slow[i] = http_dial(port);
        http_send(slow[i], i % 3 == 0   ? "GET /heal"
                           : i % 3 == 1 ? "GET /healthz HTTP/1.1\r\nX: "
                                        : "POST /v1/gates HTTP/1.1\r\nHost: localhost\r\n"
                                          "Content-Length: 1000000\r\n\r\n{");
    }
    unsigned ended = 0;
    uint64_t start = process_now_ms();
    while (ended < 60) {
        assert_true(process_now_ms() - start < PROCESS_DEADLINE_S * 1000u);
        expect_service();
        for (unsigned i = 0; i < 60; i++) {
            if (slow[i] >= 0 && http_is_quiet(slow[i])) {
                http_send(slow[i], "x");
            } else if (slow[i] >= 0) {
                http_await_end(slow[i]);
                close(slow[i]);
                slow[i] = -1;
                ended++;
            }
        }
    }
    // A request that waits is not a slow client.
    master_send_take(fd, &lease, 0, 3);
    struct http_answer answer = http_read(fd);
    assert_int_equal(answer.status, 204);
    http_free(&answer);
    stop();
}

// They take no byte of their answers.
static void clients_that_read_nothing_hurt_nobody(void **state) {
    (void)state;
    master = master_start("--mailbox-packets", "100000", "--max-held", "4M");
    port = master_port(master);
    fd = http_dial(port);
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    char *batch = calloc(1, 1000001);
    size_t size = 0;
    unsigned lines = 0;
    for (; size < 900000; lines++) {
        size += (size_t)snprintf(batch + size, 1000000 - size, "%s", LINE(7083, 8580, "answer"));
    }
    master_uploads(fd, &seven, 1, batch, lines);
    int greedy[40];
    for (unsigned i = 0; i < 40; i++) {
        greedy[i] = http_dial(port);
        master_send_take(greedy[i], &eight, 0, 0);
    }
    expect_service();
    struct http_answer answer = http_read(greedy[39]); // and who reads gets his packets
    assert_int_equal(answer.status, 200);
    assert_true(answer.size >= 60000);
    http_free(&answer);
    for (unsigned i = 0; i < 40; i++) {
        close(greedy[i]);
    }
    free(batch);
    stop();
}

static void connections_of_one_address_are_limited(void **state) {
    (void)state;
    start_with("--max-connections-per-address", "3");
    struct http_answer answer = http_expect(fd, 200, "GET", "/healthz", NULL, NULL);
    http_free(&answer);
    int more[2];
    for (unsigned i = 0; i < 2; i++) {
        more[i] = http_dial(port);
        answer = http_expect(more[i], 200, "GET", "/healthz", NULL, NULL);
        http_free(&answer);
    }
    int fourth = http_dial(port);
    http_await_end(fourth);
    close(fourth);
    close(more[0]);
    close(more[1]);
    stop();
}

static void a_store_that_fails_is_told_and_met_again(void **state) {
    (void)state;
    master = process_start("master", "--listen", "127.0.0.1:0", "--store", "faulty:7:50:memory",
                           "--idle-timeout", "0.4");
    port = master_port(master);
    fd = http_dial(port);
    unsigned failed = 0;
    unsigned served = 0;
    for (unsigned i = 0; failed < 3 || served < 3; i++) {
        assert_true(i < 1000);
        struct http_answer answer = http_ask(fd, "GET", "/healthz", NULL, NULL);
        assert_true(answer.status == 200 || answer.status == 503);
        failed += answer.status == 503;
        served += answer.status == 200;
        http_free(&answer);
    }
    process_await_err(master, "error: ");
    process_await_err(master, "the store can be reached again");
    stop();
}

// ---- its end --------------------------------------------------------------------------------

static void what_was_acknowledged_survives_kill_9(void **state) {
    (void)state;
    master = process_start("master", "--listen", "127.0.0.1:0", "--store", "sqlite:m.db");
    port = master_port(master);
    fd = http_dial(port);
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    unsigned uploaded = 0;
    uint64_t taken = 0;
    for (unsigned life = 0; life < 4; life++) {
        char expected[4096] = "";
        size_t size = 0;
        for (unsigned i = 0; i < 5; i++) {
            char line[128];
            (void)snprintf(line, sizeof line, "1795435622\t7083\t8580\tpubl\t-%u.%u-\t1\t\n", life,
                           i);
            uploaded++;
            master_uploads(fd, &seven, uploaded, line, 1);
            size += (size_t)snprintf(expected + size, sizeof expected - size, "%s", line);
        }
        process_kill(master);
        close(fd);
        master = process_start("master", "--listen", "127.0.0.1:0", "--store", "sqlite:m.db");
        port = master_port(master);
        fd = http_dial(port);
        struct lease resumed = master_lease(fd, 7, seven.secret);
        assert_int_equal(resumed.gate, 7);
        struct http_answer answer = master_upload(fd, &seven, uploaded + 2, LINE(7083, 8580, "x"));
        assert_int_equal(answer.status, 409); // it knows how far we were
        assert_int_equal(http_number(&answer, "uploaded"), uploaded);
        http_free(&answer);
        taken = master_takes(fd, &eight, taken, expected);
    }
    assert_int_equal(master_takes(fd, &eight, taken, ""), taken);
    stop();
}

static void clients_that_wait_find_the_restarted_master(void **state) {
    (void)state;
    master = process_start("master", "--listen", "127.0.0.1:0", "--store", "sqlite:m.db");
    port = master_port(master);
    fd = http_dial(port);
    struct lease seven = master_lease(fd, 7, NULL);
    int waiting = http_dial(port);
    master_send_take(waiting, &seven, 0, 60);
    master_await_metric(fd, "mqttsim_waiting_polls", 1);
    close(fd);
    process_signal(master, SIGTERM);
    struct http_answer answer = http_read(waiting);
    assert_int_equal(answer.status, 204);
    http_free(&answer);
    close(waiting);
    process_assert_code(master, 0);
    char place[32];
    (void)snprintf(place, sizeof place, "127.0.0.1:%u", port);
    master = process_start("master", "--listen", place, "--store", "sqlite:m.db");
    process_await_err(master, " (store sqlite");
    fd = http_dial(port);
    (void)master_takes(fd, &seven, 0, "");
    stop();
}

// ---- TLS ------------------------------------------------------------------------------------

static void run(const char *command) {
    char *line = NULL;
    assert_true(asprintf(&line, "cd '%s' && %s", process_folder, command) > 0);
    int status = system(line); // NOLINT(cert-env33-c): commands of our own
    if (status != 0) {
        print_error("%s: %d\n", command, status);
    }
    assert_int_equal(status, 0);
    free(line);
}

static void make_certificate(void) {
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem "
        "2>/dev/null");
}

static void it_speaks_tls(void **state) {
    (void)state;
    make_certificate();
    process_write_file("tokens", "0123456789abcdef0123\n");
    master = master_start("--tls-certificate", "cert.pem", "--tls-key", "key.pem", "--token-file",
                          "tokens");
    port = master_port(master);
    assert_non_null(strstr(process_text(&master->err), "https://127.0.0.1:"));
    char command[512];
    (void)snprintf(command, sizeof command,
                   "curl -sS --fail --cacert cert.pem -H 'Authorization: Bearer "
                   "0123456789abcdef0123' -d '{\"gate\":7}' https://127.0.0.1:%u/v1/gates >lease",
                   port);
    run(command);
    char *lease = process_file("lease");
    assert_non_null(strstr(lease, "\"gate\":7"));
    free(lease);
    (void)snprintf(command, sizeof command,
                   "! curl -sS https://127.0.0.1:%u/healthz >untrusted 2>&1", port);
    run(command);
    fd = http_dial(port); // plain HTTP where TLS is spoken
    http_send(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    http_await_end(fd);
    stop();
}

// ---- it cannot start ------------------------------------------------------------------------

#define expect_no_start(message, code, ...)                           \
    do {                                                              \
        struct process *never = process_start("master", __VA_ARGS__); \
        process_assert_code(never, (code));                           \
        if (strstr(process_text(&never->err), (message)) == NULL) {   \
            print_error("%s\n", process_text(&never->err));           \
            fail();                                                   \
        }                                                             \
    } while (0)

static void it_says_why_it_cannot_start(void **state) {
    (void)state;
    char place[32];
    make_certificate();
    start_with("--idle-timeout", "30");
    (void)snprintf(place, sizeof place, "127.0.0.1:%u", port);
    process_write_file("empty", "# none\n");
    process_write_file("short", "0123456789abcdef\nsecret\n");
    expect_no_start("Choose another port", 3, "--listen", place, "--store", "memory");
    expect_no_start("HOST:PORT", 3, "--listen", "8083", "--store", "memory");
    expect_no_start("HOST:PORT", 3, "--listen", "::1:8083", "--store", "memory");
    expect_no_start("other machines can reach", 3, "--listen", "0.0.0.0:0", "--store", "memory");
    expect_no_start("no.such.file", 3, "--token-file", "no.such.file");
    expect_no_start("there is no token in it", 3, "--token-file", "empty");
    expect_no_start("short: line 2: a token has 16 characters", 3, "--token-file", "short");
    expect_no_start("belong together", 2, "--tls-certificate", "cert.pem");
    expect_no_start("no.pem: No such file", 3, "--listen", "127.0.0.1:0", "--store", "memory",
                    "--tls-certificate", "no.pem", "--tls-key", "key.pem");
    expect_no_start("empty: this is no PEM file", 3, "--listen", "127.0.0.1:0", "--store", "memory",
                    "--tls-certificate", "cert.pem", "--tls-key", "empty");
    run("chmod o= cert.pem");
    expect_no_start("does not start", 3, "--listen", "127.0.0.1:0", "--store", "memory",
                    "--tls-certificate", "key.pem", "--tls-key", "cert.pem");
    expect_no_start("nowhere", 3, "--listen", "127.0.0.1:0", "--store",
                    "sqlite:/nowhere/master.db");
    expect_no_start("nothing", 3, "--listen", "127.0.0.1:0", "--store", "nothing");
    stop();
}

static void it_listens_at_ipv6_and_openly_when_told_so(void **state) {
    (void)state;
    master = process_start("master", "--listen", "[::1]:0", "--store", "memory");
    process_await_err(master, "master at http://[::1]:");
    process_end(master);
    master = process_start("master", "--listen", "0.0.0.0:0", "--store", "memory", "--open");
    process_await_err(master, "no token");
    process_end(master);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_connection_serves_many_requests_also_sent_at_once),
        PROCESS_TEST(who_sends_no_more_gets_the_answer),
        PROCESS_TEST(a_request_may_come_byte_by_byte),
        PROCESS_TEST(a_request_cut_off_changes_nothing),
        PROCESS_TEST(huge_headers_are_refused),
        PROCESS_TEST(garbage_is_refused),
        PROCESS_TEST(ambiguous_requests_are_refused),
        PROCESS_TEST(heads_and_hosts),
        PROCESS_TEST(slow_clients_are_cut_off_and_hurt_nobody),
        PROCESS_TEST(clients_that_read_nothing_hurt_nobody),
        PROCESS_TEST(connections_of_one_address_are_limited),
        PROCESS_TEST(a_store_that_fails_is_told_and_met_again),
        PROCESS_TEST(what_was_acknowledged_survives_kill_9),
        PROCESS_TEST(clients_that_wait_find_the_restarted_master),
        PROCESS_TEST(it_speaks_tls),
        PROCESS_TEST(it_says_why_it_cannot_start),
        PROCESS_TEST(it_listens_at_ipv6_and_openly_when_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
