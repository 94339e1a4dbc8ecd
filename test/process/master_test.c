// The master as its clients see it: real sockets, right requests and wrong ones.
#include "master.h"

static struct process *master;
static int fd; // a connection for what is asked beside

static void start_default(void) {
    master = master_start("--idle-timeout", "30");
    fd = http_dial(master_port(master));
}

static int dial(void) {
    return http_dial(master_port(master));
}

static void stop(void) {
    close(fd);
    process_end(master);
}

static void expect(unsigned status, const char *method, const char *path, const char *headers,
                   const char *body) {
    struct http_answer answer = http_expect(fd, status, method, path, headers, body);
    if (status >= 400) {
        assert_int_equal(http_number(&answer, "status"), status);
        assert_non_null(strstr(answer.body, "\"error\":\""));
    }
    http_free(&answer);
}

// ---- leases ---------------------------------------------------------------------------------

static void a_gate_is_leased_once_and_resumed_with_its_secret(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease any = master_lease(fd, 0, NULL);
    assert_int_equal(seven.gate, 7);
    assert_int_not_equal(any.gate, 7);
    expect(409, "POST", "/v1/gates", NULL, "{\"gate\":7}");
    expect(409, "POST", "/v1/gates", NULL,
           "{\"gate\":7,\"secret\":\"00000000000000000000000000000000\"}");
    master_lease(fd, 9, NULL);
    master_uploads(fd, &seven, 1, LINE(7083, 9580, "a") LINE(7083, 9580, "b"), 2);
    char body[96];
    (void)snprintf(body, sizeof body, "{\"gate\":7,\"secret\":\"%s\"}", seven.secret);
    struct http_answer answer = http_expect(fd, 200, "POST", "/v1/gates", NULL, body);
    assert_int_equal(http_number(&answer, "uploaded"), 2);
    assert_non_null(strstr(answer.body, seven.secret));
    http_free(&answer);
    process_await_err(master, "gate 7 was leased");
    stop();
}

static void a_lease_without_a_body_is_for_any_gate(void **state) {
    (void)state;
    start_default();
    expect(201, "POST", "/v1/gates", NULL, NULL);
    expect(201, "POST", "/v1/gates", NULL, "");
    static const char *const wrong[] = {"[]",
                                        "7",
                                        "{",
                                        "{\"gate\":0}",
                                        "{\"gate\":4294967}",
                                        "{\"gate\":\"7\"}",
                                        "{\"gate\":7,\"secret\":\"5f\"}",
                                        "{\"secret\":\"00000000000000000000000000000000\"}",
                                        "{\"gate\":7,\"secret\":7}",
                                        "\xff"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        expect(400, "POST", "/v1/gates", NULL, wrong[i]);
    }
    stop();
}

static void a_gate_given_back_is_free_and_its_waiting_request_learns_of_it(void **state) {
    (void)state;
    start_default();
    struct lease lease = master_lease(fd, 7, NULL);
    int other = dial();
    master_send_take(other, &lease, 0, 60);
    master_await_metric(fd, "mqttsim_waiting_polls", 1);
    expect(204, "DELETE", "/v1/gates/7", lease.header, NULL);
    struct http_answer answer = http_read(other);
    assert_int_equal(answer.status, 403);
    http_free(&answer);
    expect(403, "DELETE", "/v1/gates/7", lease.header, NULL);
    struct lease next = master_lease(fd, 7, NULL);
    assert_string_not_equal(next.secret, lease.secret);
    process_await_err(master, "gate 7 was given back");
    close(other);
    stop();
}

static void a_silent_gate_is_dropped_but_not_one_that_waits(void **state) {
    (void)state;
    master = master_start("--idle-timeout", "0.4");
    fd = http_dial(master_port(master));
    struct lease silent = master_lease(fd, 7, NULL);
    struct lease patient = master_lease(fd, 8, NULL);
    int other = dial();
    master_send_take(other, &patient, 0, 2);
    process_await_err(master, "gate 7 is not there any more");
    expect(403, "GET", "/v1/gates/7/mailbox", silent.header, NULL);
    struct http_answer answer = http_read(other); // five silences later
    assert_int_equal(answer.status, 204);
    http_free(&answer);
    (void)master_takes(other, &patient, 0, "");
    struct lease again = master_lease(fd, 7, silent.secret); // its holder comes back, late
    assert_string_equal(again.secret, silent.secret);
    close(other);
    stop();
}

static void there_are_as_many_gates_as_the_limit(void **state) {
    (void)state;
    master = master_start("--max-gates", "2");
    fd = http_dial(master_port(master));
    master_lease(fd, 0, NULL);
    master_lease(fd, 0, NULL);
    struct http_answer answer = http_expect(fd, 503, "POST", "/v1/gates", NULL, "{\"gate\":9}");
    assert_int_equal(http_header_number(&answer, "Retry-After"), 1);
    http_free(&answer);
    stop();
}

// ---- uploads --------------------------------------------------------------------------------

static void a_repeated_batch_counts_once_and_a_gap_is_refused(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    const char *batch = LINE(7083, 8580, "a") LINE(7083, 8580, "b") LINE(7083, 8580, "c");
    master_uploads(fd, &seven, 1, batch, 3);
    master_uploads(fd, &seven, 1, batch, 0);
    master_uploads(fd, &seven, 3, LINE(7083, 8580, "c") LINE(7083, 8580, "d"), 1);
    struct http_answer answer = master_upload(fd, &seven, 6, LINE(7083, 8580, "f"));
    assert_int_equal(answer.status, 409);
    assert_int_equal(http_number(&answer, "uploaded"), 4);
    http_free(&answer);
    (void)master_takes(fd, &eight, 0,
                       LINE(7083, 8580, "a") LINE(7083, 8580, "b") LINE(7083, 8580, "c")
                           LINE(7083, 8580, "d"));
    stop();
}

static void a_wrong_line_is_named_and_nothing_is_taken(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    static const struct {
        const char *line;
        const char *what;
    } wrong[] = {
        {"garbage\n", "line 2"},
        {"\n", "line 2"},
        {LINE(83, 8580, "x"), "line 2 of the body: its sender"},
        {LINE(8083, 8580, "x"), "line 2 of the body: its sender"},
        {LINE(7083, 580, "x"), "line 2 of the body: its receiver"},
        {"1795435622\t7083\t8580\tpubl\t-x-\t1\t", "line 2 of the body: it has no line feed"},
        {"1795435622\t7083\t8580\tpubl\t-x-\t1\t\r\n", "line 2"},
        {"1795435622\t7083\t8580\tnone\t-x-\t1\t\n", "line 2"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char batch[256];
        (void)snprintf(batch, sizeof batch, "%s%s", LINE(7083, 8580, "good"), wrong[i].line);
        struct http_answer answer = master_upload(fd, &seven, 1, batch);
        assert_int_equal(answer.status, 400);
        if (strstr(answer.body, wrong[i].what) == NULL) {
            print_error("%s instead of %s\n", answer.body, wrong[i].what);
            fail();
        }
        http_free(&answer);
    }
    static const char *const paths[] = {"/v1/gates/7/packets", "/v1/gates/7/packets?first=0",
                                        "/v1/gates/7/packets?first=x",
                                        "/v1/gates/7/packets?first=99999999999999999999"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        expect(400, "POST", paths[i], seven.header, LINE(7083, 8580, "good"));
    }
    expect(400, "POST", "/v1/gates/7/packets?first=1", seven.header, "");
    (void)master_takes(fd, &eight, 0, "");
    master_uploads(fd, &seven, 1, LINE(7083, 8580, "good"), 1);
    stop();
}

static void packets_reach_one_gate_or_all_others(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    struct lease nine = master_lease(fd, 9, NULL);
    struct http_answer answer = master_upload(
        fd, &seven, 1, LINE(7083, 8580, "one") LINE(7083, 0, "all") LINE(7083, 6001, "nobody"));
    assert_int_equal(answer.status, 200);
    assert_int_equal(http_number(&answer, "unreachable"), 1);
    assert_int_equal(http_number(&answer, "accepted"), 3);
    http_free(&answer);
    (void)master_takes(fd, &seven, 0, "");
    (void)master_takes(fd, &eight, 0, LINE(7083, 8580, "one") LINE(7083, 0, "all"));
    (void)master_takes(fd, &nine, 0, LINE(7083, 0, "all"));
    assert_int_equal(master_metric(fd, "mqttsim_uploaded_packets_total"), 3);
    assert_int_equal(master_metric(fd, "mqttsim_unreachable_packets_total"), 1);
    stop();
}

static void a_body_above_the_limit_is_refused(void **state) {
    (void)state;
    master = master_start("--max-request", "64K");
    fd = http_dial(master_port(master));
    struct lease seven = master_lease(fd, 7, NULL);
    size_t size = 65537;
    char *body = calloc(1, size + 1);
    memset(body, 'x', size);
    struct http_answer answer = master_upload(fd, &seven, 1, body);
    assert_int_equal(answer.status, 413);
    http_free(&answer);
    close(fd);
    fd = dial();
    // One that does not say how large it is.
    http_send(fd, "POST /v1/gates/7/packets?first=1 HTTP/1.1\r\nHost: localhost\r\n");
    http_send(fd, seven.header);
    http_send(fd, "Transfer-Encoding: chunked\r\n\r\n8000\r\n");
    http_send_bytes(fd, bytes_make(body, 0x8000));
    http_send(fd, "\r\n8001\r\n");
    http_send_bytes(fd, bytes_make(body, 0x8001));
    http_send(fd, "\r\n0\r\n\r\n");
    answer = http_read(fd);
    assert_int_equal(answer.status, 413);
    http_free(&answer);
    free(body);
    stop();
}

static void a_client_that_asks_first_is_told_at_once(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    http_send(fd, "POST /v1/gates/7/packets?first=1 HTTP/1.1\r\nHost: localhost\r\n"
                  "Content-Length: 41\r\nExpect: 100-continue\r\n");
    http_send(fd, seven.header);
    http_send(fd, "\r\n");
    char bytes[26] = {0};
    for (size_t size = 0; size < 25;) {
        size_t got = http_take(fd, bytes + size, 25 - size);
        assert_true(got > 0);
        size += got;
    }
    assert_string_equal(bytes, "HTTP/1.1 100 Continue\r\n\r\n");
    http_send(fd, "1795435622\t7083\t8580\tpubl\t-continued-\t1\t\n");
    struct http_answer answer = http_read(fd);
    assert_int_equal(answer.status, 200);
    http_free(&answer);
    stop();
}

// ---- mailboxes ------------------------------------------------------------------------------

static void packets_stay_until_they_are_acknowledged(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    master_uploads(fd, &seven, 1, LINE(7083, 8580, "a") LINE(7083, 8580, "b"), 2);
    const char *both = LINE(7083, 8580, "a") LINE(7083, 8580, "b");
    int lost = dial();
    master_send_take(lost, &eight, 0, 0);
    close(lost); // its answer is lost
    uint64_t last = master_takes(fd, &eight, 0, both);
    assert_int_equal(master_takes(fd, &eight, 0, both), last);
    master_uploads(fd, &seven, 3, LINE(7083, 8580, "c"), 1);
    uint64_t next = master_takes(fd, &eight, last, LINE(7083, 8580, "c"));
    assert_true(next > last);
    assert_int_equal(master_takes(fd, &eight, next, ""), next);
    assert_int_equal(master_takes(fd, &eight, last, ""), next);
    stop();
}

static void a_waiting_request_is_answered_when_a_packet_comes(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    int other = dial();
    for (unsigned i = 1; i <= 20; i++) {
        master_send_take(other, &eight, i - 1, 60);
        if (i % 2 == 0) { // else it may come before or after
            master_await_metric(fd, "mqttsim_waiting_polls", 1);
            assert_true(http_is_quiet(other));
        }
        uint64_t start = process_now_ms();
        master_uploads(fd, &seven, i, i % 3 == 0 ? LINE(7083, 0, "x") : LINE(7083, 8580, "x"), 1);
        struct http_answer answer = http_read(other);
        assert_int_equal(answer.status, 200);
        assert_int_equal(http_header_number(&answer, "Mailbox-Last"), i);
        assert_true(process_now_ms() - start < 10000); // it did not take the 60 seconds
        http_free(&answer);
    }
    assert_int_equal(master_metric(fd, "mqttsim_waiting_polls"), 0);
    close(other);
    stop();
}

static void a_waiting_request_ends_with_its_time(void **state) {
    (void)state;
    start_default();
    struct lease lease = master_lease(fd, 7, NULL);
    uint64_t start = process_now_ms();
    master_send_take(fd, &lease, 0, 1);
    struct http_answer answer = http_read(fd);
    assert_int_equal(answer.status, 204);
    assert_int_equal(http_header_number(&answer, "Mailbox-Last"), 0);
    assert_int_equal(http_header_number(&answer, "Mailbox-Missing"), 0);
    assert_true(process_now_ms() - start >= 990);
    http_free(&answer);
    expect(400, "GET", "/v1/gates/7/mailbox?wait=61", lease.header, NULL);
    expect(400, "GET", "/v1/gates/7/mailbox?after=-1", lease.header, NULL);
    expect(400, "GET", "/v1/gates/7/mailbox?after", lease.header, NULL);
    stop();
}

static void a_newer_request_takes_the_place_of_one_that_waits(void **state) {
    (void)state;
    start_default();
    struct lease lease = master_lease(fd, 7, NULL);
    int older = dial();
    int newer = dial();
    master_send_take(older, &lease, 0, 60);
    master_await_metric(fd, "mqttsim_waiting_polls", 1);
    master_send_take(newer, &lease, 0, 60);
    struct http_answer answer = http_read(older);
    assert_int_equal(answer.status, 204);
    http_free(&answer);
    struct lease eight = master_lease(fd, 8, NULL);
    master_uploads(fd, &eight, 1, LINE(8001, 7001, "x"), 1);
    answer = http_read(newer);
    assert_string_equal(answer.body, LINE(8001, 7001, "x"));
    http_free(&answer);
    close(older);
    close(newer);
    stop();
}

static void a_full_mailbox_drops_its_oldest_and_says_how_many(void **state) {
    (void)state;
    master = master_start("--mailbox-packets", "3");
    fd = http_dial(master_port(master));
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    master_uploads(fd, &seven, 1,
                   LINE(7083, 8580, "a") LINE(7083, 8580, "b") LINE(7083, 8580, "c")
                       LINE(7083, 8580, "d") LINE(7083, 8580, "e"),
                   5);
    master_send_take(fd, &eight, 0, 0);
    struct http_answer answer = http_read(fd);
    assert_string_equal(answer.body,
                        LINE(7083, 8580, "c") LINE(7083, 8580, "d") LINE(7083, 8580, "e"));
    assert_int_equal(http_header_number(&answer, "Mailbox-Missing"), 2);
    uint64_t last = http_header_number(&answer, "Mailbox-Last");
    http_free(&answer);
    master_send_take(fd, &eight, last, 0);
    answer = http_read(fd);
    assert_int_equal(http_header_number(&answer, "Mailbox-Missing"), 0);
    http_free(&answer);
    answer = http_expect(fd, 200, "GET", "/v1/gates", NULL, NULL);
    assert_non_null(strstr(answer.body, "\"dropped\":2"));
    http_free(&answer);
    stop();
}

static void an_answer_is_cut_at_the_size_asked_for(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    char *value = calloc(1, 40001);
    char *line = NULL;
    memset(value, 'v', 40000);
    assert_true(asprintf(&line, "1795435622\t7083\t8580\tpubl\t-%s-\t1\t\n", value) > 0);
    for (unsigned i = 1; i <= 3; i++) {
        master_uploads(fd, &seven, i, line, 1);
    }
    struct http_answer answer =
        http_expect(fd, 200, "GET", "/v1/gates/8/mailbox?max=1", eight.header, NULL);
    assert_string_equal(answer.body, line);
    http_free(&answer);
    answer = http_expect(fd, 200, "GET", "/v1/gates/8/mailbox?after=1", eight.header, NULL);
    assert_int_equal(answer.size, 2 * strlen(line));
    http_free(&answer);
    free(value);
    free(line);
    stop();
}

// ---- rights ---------------------------------------------------------------------------------

static void a_secret_opens_its_own_gate_only(void **state) {
    (void)state;
    start_default();
    struct lease seven = master_lease(fd, 7, NULL);
    struct lease eight = master_lease(fd, 8, NULL);
    static const char *const headers[] = {NULL, "Lease-Secret: \r\n", "Lease-Secret: 5f3c\r\n",
                                          "Lease-Secret: 00000000000000000000000000000000\r\n",
                                          "Lease-Secret: zz000000000000000000000000000000\r\n"};
    for (size_t i = 0; i <= sizeof headers / sizeof *headers; i++) {
        const char *header = i < sizeof headers / sizeof *headers ? headers[i] : eight.header;
        expect(403, "GET", "/v1/gates/7/mailbox", header, NULL);
        expect(403, "POST", "/v1/gates/7/packets?first=1", header, LINE(7083, 8580, "x"));
        expect(403, "DELETE", "/v1/gates/7", header, NULL);
    }
    expect(403, "GET", "/v1/gates/9/mailbox", seven.header, NULL); // nobody's gate
    (void)master_takes(fd, &seven, 0, "");
    (void)master_takes(fd, &eight, 0, "");
    stop();
}

static void without_a_token_there_is_no_way_in(void **state) {
    (void)state;
    process_write_file("tokens", "# two\n0123456789abcdef0123\n\nfedcba9876543210ffff\n");
    master = master_start("--token-file", "tokens");
    fd = http_dial(master_port(master));
    static const char *const wrong[] = {
        NULL,
        "Authorization: Bearer 0123456789abcdef0124\r\n",
        "Authorization: Bearer 0123456789abcdef012\r\n",
        "Authorization: Bearer 0123456789abcdef01233\r\n",
        "Authorization: Bearer \r\n",
        "Authorization: Basic 0123456789abcdef0123\r\n",
        "Authorization: 0123456789abcdef0123\r\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        expect(401, "POST", "/v1/gates", wrong[i], "{\"gate\":7}");
        expect(401, "GET", "/v1/gates", wrong[i], NULL);
        expect(401, "GET", "/v1/gates/7/mailbox", wrong[i], NULL);
        struct http_answer answer =
            http_expect(fd, 401, "POST", "/v1/gates/7/packets?first=1", wrong[i], "x\n");
        assert_string_equal(http_header(&answer, "WWW-Authenticate"), "Bearer");
        http_free(&answer);
    }
    expect(201, "POST", "/v1/gates", "Authorization: Bearer 0123456789abcdef0123\r\n", "{}");
    expect(201, "POST", "/v1/gates", "authorization: bearer fedcba9876543210ffff\r\n", "{}");
    expect(200, "GET", "/metrics", NULL, NULL); // from this machine
    expect(200, "GET", "/healthz", NULL, NULL);
    stop();
}

static void web_pages_are_not_served(void **state) {
    (void)state;
    start_default();
    expect(403, "POST", "/v1/gates", "Origin: http://example.org\r\n", "{}");
    expect(403, "POST", "/v1/gates", "Sec-Fetch-Site: cross-site\r\n", "{}");
    expect(405, "OPTIONS", "/v1/gates", "Origin: http://example.org\r\n", NULL);
    expect(200, "GET", "/v1/gates", "Sec-Fetch-Site: none\r\n", NULL); // a person looks at it
    stop();
}

static void unknown_paths_and_methods_are_named(void **state) {
    (void)state;
    start_default();
    static const char *const paths[] = {"/",
                                        "/v1",
                                        "/v1/gates/",
                                        "/v1/gates/7/",
                                        "/v1/gates/7/x",
                                        "/v1/gates/7/mailbox/",
                                        "/metrics/",
                                        "/MQTT/input",
                                        "/x/MQTT/output"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        expect(404, "GET", paths[i], NULL, NULL);
    }
    expect(404, "GET", "/v1/gates/0/mailbox", NULL, NULL);
    expect(404, "GET", "/v1/gates/4294967/mailbox", NULL, NULL);
    expect(404, "GET", "/v1/gates/x/mailbox", NULL, NULL);
    struct http_answer answer = http_expect(fd, 405, "PUT", "/v1/gates", NULL, "x");
    assert_string_equal(http_header(&answer, "Allow"), "POST, GET, HEAD");
    http_free(&answer);
    stop();
}

// ---- the end --------------------------------------------------------------------------------

static void a_signal_ends_it_and_who_waits_gets_an_answer(void **state) {
    (void)state;
    start_default();
    struct lease lease = master_lease(fd, 7, NULL);
    int other = dial();
    master_send_take(other, &lease, 0, 60);
    master_await_metric(fd, "mqttsim_waiting_polls", 1);
    process_signal(master, SIGTERM);
    struct http_answer answer = http_read(other);
    assert_int_equal(answer.status, 204);
    assert_string_equal(http_header(&answer, "Connection"), "close");
    http_free(&answer);
    http_await_end(other);
    process_assert_code(master, 0);
    close(other);
    close(fd);
}

static void its_user_lists_gates_and_ends_it(void **state) {
    (void)state;
    start_default();
    struct lease lease = master_lease(fd, 7, NULL);
    master_lease(fd, 8, NULL);
    process_send(master, "tgll\n");
    process_await_err(master, "listening: packets are shown");
    master_uploads(fd, &lease, 1, LINE(7083, 8580, "shown"), 1);
    process_await_out(master, "1795435622\t7083\t8580\tpubl\t-shown-\t1\t\n");
    process_send(master, "help\nlist\n");
    process_await_out(master, "toggle listening");
    process_await_out(master, "gates: 2\n");
    process_await_out(master, "packets uploaded\n");
    process_send(master, "what\n");
    process_await_err(master, "there is no command 'what'");
    process_send(master, "exit\n");
    process_assert_code(master, 1); // for the command that there is not
    close(fd);
}

static void each_line_of_json_is_an_object(void **state) {
    (void)state;
    master = master_start("--json", "--idle-timeout", "0.3");
    process_await_out(master, "\"event\":\"started\"");
    const char *url = strstr(process_text(&master->out), "127.0.0.1:");
    fd = http_dial((uint16_t)strtoul(strchr(url, ':') + 1, NULL, 10));
    master_lease(fd, 7, NULL);
    process_await_out(master, "\"event\":\"leased\"");
    process_await_out(master, "\"event\":\"ended\"");
    process_send(master, "list\nhelp\n");
    process_await_out(master, "\"event\":\"help\"");
    process_end(master);
    char *rest = master->out.text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && rest != NULL;) {
        json_t *object = json_loads(line, 0, NULL);
        assert_true(json_is_object(object));
        json_decref(object);
    }
    assert_string_equal(process_text(&master->err), "");
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_gate_is_leased_once_and_resumed_with_its_secret),
        PROCESS_TEST(a_lease_without_a_body_is_for_any_gate),
        PROCESS_TEST(a_gate_given_back_is_free_and_its_waiting_request_learns_of_it),
        PROCESS_TEST(a_silent_gate_is_dropped_but_not_one_that_waits),
        PROCESS_TEST(there_are_as_many_gates_as_the_limit),
        PROCESS_TEST(a_repeated_batch_counts_once_and_a_gap_is_refused),
        PROCESS_TEST(a_wrong_line_is_named_and_nothing_is_taken),
        PROCESS_TEST(packets_reach_one_gate_or_all_others),
        PROCESS_TEST(a_body_above_the_limit_is_refused),
        PROCESS_TEST(a_client_that_asks_first_is_told_at_once),
        PROCESS_TEST(packets_stay_until_they_are_acknowledged),
        PROCESS_TEST(a_waiting_request_is_answered_when_a_packet_comes),
        PROCESS_TEST(a_waiting_request_ends_with_its_time),
        PROCESS_TEST(a_newer_request_takes_the_place_of_one_that_waits),
        PROCESS_TEST(a_full_mailbox_drops_its_oldest_and_says_how_many),
        PROCESS_TEST(an_answer_is_cut_at_the_size_asked_for),
        PROCESS_TEST(a_secret_opens_its_own_gate_only),
        PROCESS_TEST(without_a_token_there_is_no_way_in),
        PROCESS_TEST(web_pages_are_not_served),
        PROCESS_TEST(unknown_paths_and_methods_are_named),
        PROCESS_TEST(a_signal_ends_it_and_who_waits_gets_an_answer),
        PROCESS_TEST(its_user_lists_gates_and_ends_it),
        PROCESS_TEST(each_line_of_json_is_an_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
