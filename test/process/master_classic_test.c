// The classic API, to the byte: what the routers of 2020 send and expect.
#include "master.h"

static struct process *master;
static uint16_t port;

static void start(void) {
    master = process_start("master", "--listen", "127.0.0.1:0", "--store", "memory", "--classic",
                           "--classic-idle-timeout", "30");
    port = master_port(master);
}

// The classic routers' way: a connection for each request, all of it read until it ends.
static char *ask(const char *target) {
    int fd = http_dial(port);
    char *request = NULL;
    assert_true(asprintf(&request,
                         "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                         target) > 0);
    http_send(fd, request);
    free(request);
    char *text = http_read_all(fd);
    close(fd);
    return text;
}

// The whole answer: status line, headers, then one chunk, and no more.
static void expect_chunk(const char *target, const char *body) {
    char *text = ask(target);
    char *end = strstr(text, "\r\n\r\n");
    char *expected = NULL;
    assert_int_equal(strncmp(text, "HTTP/1.1 200 OK\r\n", 17), 0);
    assert_non_null(end);
    assert_non_null(strstr(text, "\r\nTransfer-Encoding: chunked\r\n"));
    assert_null(strstr(text, "Content-Length"));
    assert_true(asprintf(&expected, "%zx\r\n%s\r\n0\r\n\r\n", strlen(body), body) > 0);
    for (char *at = end + 4; *at != '\r'; at++) {
        *at = *at >= 'A' && *at <= 'F' ? (char)(*at + 32) : *at; // either case of a hex digit
    }
    assert_string_equal(end + 4, expected);
    free(expected);
    free(text);
}

static void expect_status(const char *target, const char *status) {
    char *text = ask(target);
    if (strncmp(text + 9, status, 3) != 0) {
        print_error("%s: %s\n", target, text);
    }
    assert_int_equal(strncmp(text + 9, status, 3), 0);
    free(text);
}

#define BROKER "00450098011401110107010101140045"

static void packets_pass_between_classic_routers_to_the_byte(void **state) {
    (void)state;
    start();
    expect_chunk("/MQTT/output?net=8", "-");
    expect_chunk("/some/where/MQTT/input?ts=1795435622&sa=7083&ra=8580&type=join&payload=" BROKER
                 "&sig=816",
                 "OK");
    expect_chunk("/else/where/MQTT/output?net=8", "1795435622\t7083\t8580\tjoin\t" BROKER "\t816");
    expect_chunk("/MQTT/output?net=8", "-");
    // For all: for every gate that was heard of but the sender's.
    expect_chunk("/MQTT/output?net=9", "-");
    expect_chunk("/MQTT/input?ts=1795435622&sa=8083&ra=0&type=join&payload=" BROKER "&sig=816",
                 "OK");
    expect_chunk("/MQTT/output?net=9", "1795435622\t8083\t0\tjoin\t" BROKER "\t816");
    expect_chunk("/MQTT/output?net=8", "-");
    // An empty payload, and one with a blank, which no plain payload carries.
    expect_chunk("/MQTT/input?ts=1&sa=8083&ra=9001&type=ping&payload=0045&sig=1", "OK");
    expect_chunk("/MQTT/input?ts=2&sa=8083&ra=9001&type=publ&payload=0045009700320098004501270045"
                 "&sig=400",
                 "OK");
    expect_chunk("/MQTT/output?net=9", "1\t8083\t9001\tping\t0045\t1");
    expect_chunk("/MQTT/output?net=9", "2\t8083\t9001\tpubl\t0045009700320098004501270045\t400");
    process_end(master);
}

static void packets_pass_between_both_kinds(void **state) {
    (void)state;
    start();
    int fd = http_dial(port);
    struct lease seven = master_lease(fd, 7, NULL);
    expect_chunk("/MQTT/output?net=8", "-");
    expect_chunk("/MQTT/input?ts=2&sa=8083&ra=7001&type=publ&payload=004500970032009800450045"
                 "&sig=400",
                 "OK");
    (void)master_takes(fd, &seven, 0, "2\t8083\t7001\tpubl\t%-a%20b--\t400\t\n");
    master_uploads(fd, &seven, 1,
                   "3\t7001\t8083\tpubl\t%-a%20b-\t1\t\n"
                   "4\t7001\t8083\tpubl\t%-a%2Db-\t1\t\n"
                   "5\t7001\t8083\tpubl\t-x-y-\t1\t\n",
                   3);
    expect_chunk("/MQTT/output?net=8", "3\t7001\t8083\tpubl\t00450097003200980045\t1");
    // An element with a '-' in it would become two: it stays escaped.
    expect_chunk("/MQTT/output?net=8", "4\t7001\t8083\tpubl\t00370045009700370050006800980045\t1");
    expect_chunk("/MQTT/output?net=8", "5\t7001\t8083\tpubl\t00450120004501210045\t1");
    // What was escaped once can be sent back.
    expect_chunk("/MQTT/input?ts=6&sa=8083&ra=7001&type=publ&payload="
                 "00370045009700370050006800980045&sig=1",
                 "OK");
    master_send_take(fd, &seven, 1, 0);
    struct http_answer answer = http_read(fd);
    assert_string_equal(answer.body, "6\t8083\t7001\tpubl\t%-a%2Db-\t1\t\n");
    http_free(&answer);
    // A leased gate is not for who merely names it.
    expect_status("/MQTT/output?net=7", "403");
    expect_status("/MQTT/input?ts=6&sa=7083&ra=8001&type=ping&payload=0045&sig=1", "403");
    close(fd);
    process_end(master);
}

// All lines that gate 8 gets, until one has this part.
static char *await_output(const char *part) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    char *text = ask("/MQTT/output?net=8");
    while (strstr(text, part) == NULL) {
        assert_true(process_now_ms() < deadline);
        free(text);
        text = ask("/MQTT/output?net=8");
    }
    return text;
}

// The broker was there before, and it does not announce itself again.
static void a_new_router_tells_a_classic_network_of_its_brokers(void **state) {
    (void)state;
    start();
    expect_chunk("/MQTT/output?net=8", "-");
    struct process *broker = process_start("broker", "--address", "83");
    process_await_err(broker, " on the network ");
    char url[64];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", port);
    struct process *router = process_start("router", "--master", url, "--gate", "7");
    process_await_err(router, " on the network ");
    char *join = await_output("\t7083\t");
    assert_non_null(strstr(join, "\t7083\t0\tjoin\t" BROKER "\t816"));
    free(join);
    process_end(router);
    process_end(broker);
    process_end(master);
}

// What the answer to it is made of, to the byte.
static void a_routers_question_is_answered_for_a_classic_router(void **state) {
    (void)state;
    start();
    int fd = http_dial(port);
    struct lease seven = master_lease(fd, 7, NULL);
    expect_chunk("/MQTT/output?net=8", "-");
    master_uploads(fd, &seven, 1, "3\t7000\t0\tjoin\t-router-hall-\t8\t\n", 1);
    expect_chunk("/MQTT/output?net=8",
                 "3\t7000\t0\tjoin\t0045011401110117011601010114004501040097010801080045\t8");
    (void)master_takes(fd, &seven, 0, "3\t8000\t7000\tjoin\t-router-\t232\t\n");
    expect_chunk("/MQTT/output?net=8", "-");
    close(fd);
    process_end(master);
}

static void a_long_payload_is_one_chunk(void **state) {
    (void)state;
    start();
    char target[12400] = "/MQTT/input?ts=1&sa=8083&ra=9001&type=publ&sig=1&payload=0045";
    char line[12400] = "1\t8083\t9001\tpubl\t0045";
    for (unsigned i = 0; i < 3000; i++) {
        memcpy(target + strlen(target), "0097", 5);
        memcpy(line + strlen(line), "0097", 5);
    }
    memcpy(target + strlen(target), "0045", 5);
    memcpy(line + strlen(line), "0045\t1", 7);
    expect_chunk("/MQTT/output?net=9", "-");
    expect_chunk(target, "OK");
    expect_chunk("/MQTT/output?net=9", line);
    process_end(master);
}

static void wrong_packets_are_refused(void **state) {
    (void)state;
    start();
    static const char *const wrong[] = {
        "",
        "?ts=1&sa=8083&ra=9001&type=ping&sig=1x&payload=0045",
        "?ts=x&sa=8083&ra=9001&type=ping&sig=1&payload=0045",
        "?ts=1&sa=83&ra=9001&type=ping&sig=1&payload=0045",
        "?ts=1&sa=8083&ra=91&type=ping&sig=1&payload=0045",
        "?ts=1&sa=8083&ra=9001&type=none&sig=1&payload=0045",
        "?ts=1&sa=8083&ra=9001&type=ping&sig=1000&payload=0045",
        "?ts=1&sa=8083&ra=9001&type=ping&sig=1&payload=004",
        "?ts=1&sa=8083&ra=9001&type=ping&sig=1&payload=0300",
        "?ts=1&sa=8083&ra=9001&type=ping&sig=1&payload=0097",
        "?ts=1&sa=8083&ra=9001&type=ping&sig=1&payload=00450097",
        "?ts=1%098083%099001%09ping%09-%091%09&sa=1&ra=1&type=ping&sig=1&payload=0045",
        "?ts=1&sa=8083&ra=9001&type=ping&sig=1%09%0A1&payload=0045",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char target[256];
        (void)snprintf(target, sizeof target, "/MQTT/input%s", wrong[i]);
        expect_status(target, "400");
    }
    expect_status("/MQTT/output", "400");
    expect_status("/MQTT/output?net=0", "400");
    expect_status("/MQTT/output?net=x", "400");
    process_end(master);
}

static void a_silent_classic_gate_is_dropped(void **state) {
    (void)state;
    master = process_start("master", "--listen", "127.0.0.1:0", "--store", "memory", "--classic",
                           "--classic-idle-timeout", "0.3", "--idle-timeout", "0.4");
    port = master_port(master);
    expect_chunk("/MQTT/output?net=9", "-");
    process_await_err(master, "gate 9 is not there any more");
    process_end(master);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(packets_pass_between_classic_routers_to_the_byte),
        PROCESS_TEST(packets_pass_between_both_kinds),
        PROCESS_TEST(a_new_router_tells_a_classic_network_of_its_brokers),
        PROCESS_TEST(a_routers_question_is_answered_for_a_classic_router),
        PROCESS_TEST(a_long_payload_is_one_chunk),
        PROCESS_TEST(wrong_packets_are_refused),
        PROCESS_TEST(a_silent_classic_gate_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
