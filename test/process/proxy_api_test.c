// The HTTP API of the program proxy: Toxiproxy's, and /rules. Asked with curl, as anybody would.
#include "mqtt.h"

static struct process *broker;
static struct process *proxy;
static uint16_t proxy_port;
static uint16_t api_port;
static char broker_place[32];

static void start_both(void) {
    broker = process_start("broker", "--mqtt", "0");
    (void)snprintf(broker_place, sizeof broker_place, "127.0.0.1:%u", mqtt_port(broker, MQTT_TCP));
    proxy = process_start("proxy", "-l", "0", "-b", broker_place, "--api", "127.0.0.1:0", "--seed",
                          "7", "--tap", "t.pcapng");
    proxy_port = mqtt_port(proxy, "proxy at port ");
    process_await_err(proxy, "API at http://127.0.0.1:");
    process_await_err(proxy, "\n");
    api_port =
        (uint16_t)strtoul(strstr(proxy->err.text, "API at http://127.0.0.1:") + 24, NULL, 10);
}

static void end_both(void) {
    process_end(proxy);
    process_end(broker);
}

// The status and the body that curl got; valid until the next call.
static const char *ask_with(const char *method, const char *path, const char *body,
                            const char *header) {
    static struct process *curl;
    char url[256];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u%s", api_port, path);
    curl = process_start(mqtt_need_program("curl"), "-s", "-m", "60", "-w", "\n%{http_code}", "-X",
                         method, "-H", header, "--data-binary", body, url);
    process_assert_code(curl, 0);
    return process_text(&curl->out);
}

static const char *ask(const char *method, const char *path, const char *body) {
    return ask_with(method, path, body, "X: y");
}

static void expect(const char *got, unsigned status, const char *part) {
    char end[16];
    (void)snprintf(end, sizeof end, "\n%u", status);
    if (strstr(got, end) == NULL || strstr(got, part) == NULL) {
        fail_msg("%u and '%s' expected, not: %s", status, part, got);
    }
}

static uint16_t port_in(const char *text) {
    const char *at = strstr(text, "\"listen\":\"127.0.0.1:");
    assert_non_null(at);
    return (uint16_t)strtoul(at + 20, NULL, 10);
}

static uint64_t time_of_ping(struct mqtt_hand *hand) {
    uint64_t begin = process_now_ms();
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)mqtt_hand_expect(hand, MQTT_PINGRESP);
    return process_now_ms() - begin;
}

static void a_proxy_is_made_gets_latency_and_loses_it(void **state) {
    (void)state;
    start_both();
    char body[256];
    (void)snprintf(body, sizeof body, "{\"name\":\"mqtt\",\"upstream\":\"%s\"}", broker_place);
    const char *made = ask("POST", "/proxies", body);
    expect(made, 201, "\"enabled\":true,\"toxics\":[]");
    struct mqtt_hand *hand = mqtt_hand_connect(0, port_in(made), MQTT_3_1_1, "a");
    expect(ask("POST", "/proxies/mqtt/toxics",
               "{\"type\":\"latency\",\"attributes\":{\"latency\":400}}"),
           200, "\"name\":\"latency_downstream\"");
    assert_true(time_of_ping(hand) >= 400);
    expect(ask("POST", "/proxies/mqtt/toxics",
               "{\"type\":\"latency\",\"attributes\":{\"latency\":400}}"),
           409, "toxic already exists");
    expect(ask("PATCH", "/proxies/mqtt/toxics/latency_downstream",
               "{\"attributes\":{\"latency\":700}}"),
           200, "\"latency\":700");
    assert_true(time_of_ping(hand) >= 700);
    expect(ask("DELETE", "/proxies/mqtt/toxics/latency_downstream", ""), 204, "");
    (void)time_of_ping(hand);
    expect(ask("GET", "/proxies/mqtt", ""), 200, "\"toxics\":[]");
    expect(ask("DELETE", "/proxies/mqtt", ""), 204, "");
    assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
    close(hand->fd);
    expect(ask("GET", "/proxies/mqtt", ""), 404, "proxy not found");
    end_both();
}

static void a_proxy_that_is_disabled_refuses_and_comes_back(void **state) {
    (void)state;
    start_both();
    struct mqtt_hand *hand = mqtt_hand_connect(0, proxy_port, MQTT_3_1_1, "a");
    expect(ask("POST", "/proxies/default", "{\"enabled\":false}"), 200, "\"enabled\":false");
    assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
    close(hand->fd);
    expect(ask("POST", "/reset", ""), 204, "");
    hand = mqtt_hand_connect(0, proxy_port, MQTT_3_1_1, "a");
    close(hand->fd);
    expect(ask("DELETE", "/proxies/default", ""), 400, "command line");
    end_both();
}

static void a_reset_peer_resets(void **state) {
    (void)state;
    start_both();
    expect(ask("POST", "/proxies/default/toxics",
               "{\"type\":\"reset_peer\",\"stream\":\"upstream\",\"attributes\":{\"timeout\":0}}"),
           200, "reset_peer_upstream");
    int fd = http_dial(proxy_port);
    char byte;
    http_send_bytes(fd, BYTES_LITERAL("x"));
    assert_int_equal(recv(fd, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
    close(fd);
    end_both();
    struct process *watch = process_start("watch", "--once", "--ladder", "t.pcapng");
    process_assert_code(watch, 0);
    assert_non_null(strstr(process_text(&watch->out), "toxic)"));
}

static void limits_and_timeouts_end_connections(void **state) {
    (void)state;
    start_both();
    expect(ask("POST", "/proxies/default/toxics",
               "{\"type\":\"limit_data\",\"attributes\":{\"bytes\":2}}"),
           200, "limit_data");
    static const uint8_t connect[] = {0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'a'};
    char answer[8];
    int fd = http_dial(proxy_port);
    http_send_bytes(fd, bytes_make(connect, sizeof connect));
    size_t got = 0;
    for (size_t more; (more = http_take(fd, answer + got, sizeof answer - got)) > 0;) {
        got += more;
    }
    assert_int_equal(got, 2);
    close(fd);
    expect(ask("POST", "/reset", ""), 204, "");
    expect(ask("POST", "/proxies/default/toxics",
               "{\"type\":\"timeout\",\"attributes\":{\"timeout\":100}}"),
           200, "timeout");
    fd = http_dial(proxy_port);
    assert_int_equal(http_take(fd, answer, 1), 0);
    close(fd);
    end_both();
}

static void rules_come_and_go(void **state) {
    (void)state;
    start_both();
    expect(ask("POST", "/rules", "{\"rule\":\"drop pingreq 1\"}"), 201,
           "{\"number\":1,\"rule\":\"drop PINGREQ 1\",\"hits\":0}");
    struct mqtt_hand *hand = mqtt_hand_connect(0, proxy_port, MQTT_3_1_1, "a");
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)time_of_ping(hand); // the answer to the second one
    expect(ask("GET", "/rules", ""), 200, "{\"seed\":7,\"rules\":[{\"number\":1");
    expect(ask("GET", "/rules/1", ""), 200, "\"hits\":1");
    expect(ask("GET", "/proxies/default/rules", ""), 200, "\"hits\":1");
    expect(ask("POST", "/levers", "{\"command\":\"rule drop PUBACK 1\"}"), 200,
           "\"said\":[{\"notice\":\"rule 2: ");
    expect(ask("GET", "/levers", ""), 200, "\"rule\":\"drop PUBACK 1\",\"hits\":0");
    expect(ask("POST", "/levers", "{\"command\":\"step\"}"), 400, "no packet is held");
    expect(ask("POST", "/levers", "{\"command\":\"exit\"}"), 400, "the levers only");
    expect(ask("POST", "/levers", "{}"), 400, "`command` is missing");
    expect(ask("DELETE", "/rules/1", ""), 204, "");
    expect(ask("DELETE", "/rules/1", ""), 404, "there is no rule 1");
    expect(ask("POST", "/rules", "{\"rule\":\"drop PUBAK\"}"), 400, "did you mean PUBACK?");
    close(hand->fd);
    end_both();
}

static void several_are_made_at_once(void **state) {
    (void)state;
    start_both();
    char body[512];
    (void)snprintf(body, sizeof body,
                   "[{\"name\":\"a\",\"upstream\":\"%s\"},{\"name\":\"b/\",\"upstream\":\"1\"}]",
                   broker_place);
    expect(ask("POST", "/populate", body), 400, "\"proxies\":[{\"name\":\"a\"");
    (void)snprintf(body, sizeof body,
                   "[{\"name\":\"a\",\"upstream\":\"%s\"},{\"name\":\"b\",\"listen\":\"127.0.0.1:"
                   "0\",\"upstream\":\"%s\",\"enabled\":false}]",
                   broker_place, broker_place);
    expect(ask("POST", "/populate", body), 201, "\"enabled\":false");
    expect(ask("GET", "/proxies", ""), 200, "{\"default\":{");
    end_both();
}

static void bad_requests_are_answered(void **state) {
    (void)state;
    static const struct {
        const char *method;
        const char *path;
        const char *body;
        unsigned status;
        const char *part;
    } requests[] = {
        {"GET", "/", "", 404, "there is nothing at"},
        {"GET", "/proxies/default/what", "", 404, "there is nothing at"},
        {"GET", "/proxies/a/b/c/d", "", 404, "there is nothing at"},
        {"GET", "/proxies/%zz", "", 404, "there is nothing at"},
        {"PUT", "/proxies", "", 405, "method PUT"},
        {"POST", "/proxies", "{", 400, "bad request body"},
        {"POST", "/proxies", "[]", 400, "a JSON object is missing"},
        {"POST", "/proxies", "{}", 400, "missing required field"},
        {"POST", "/proxies", "{\"name\":\"x\",\"upstream\":\"no\"}", 500, "HOST:PORT"},
        {"POST", "/proxies", "{\"name\":\"default\",\"upstream\":\"1\"}", 409, "already exists"},
        {"POST", "/proxies/default/toxics", "{\"type\":\"lag\"}", 400, "invalid toxic type: lag"},
        {"POST", "/proxies/default/toxics", "{\"type\":\"latency\",\"stream\":\"up\"}", 400,
         "upstream or downstream"},
        {"POST", "/proxies/default/toxics", "{\"type\":\"latency\",\"toxicity\":1.5}", 400,
         "toxicity"},
        {"POST", "/proxies/default/toxics",
         "{\"type\":\"latency\",\"attributes\":{\"latency\":-1}}", 400, "attribute latency"},
        {"GET", "/proxies/default/toxics/x", "", 404, "toxic not found"},
        {"POST", "/rules", "{}", 400, "`rule` is missing"},
    };
    start_both();
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        expect(ask(requests[i].method, requests[i].path, requests[i].body), requests[i].status,
               requests[i].part);
    }
    expect(ask_with("GET", "/proxies", "", "Origin: http://evil.example"), 403, "web pages");
    expect(ask_with("GET", "/proxies", "", "Host: evil.example"), 403, "web pages");
    struct process *open = process_start("proxy", "-l", "0", "--api", "0.0.0.0:0");
    process_assert_code(open, 3);
    assert_non_null(strstr(process_text(&open->err), "other machines can reach it"));
    end_both();
}

// Every path and method of docs/openapi-proxy.json is served.
static void the_document_is_of_this_server(void **state) {
    (void)state;
    json_t *document = json_load_file("docs/openapi-proxy.json", 0, NULL);
    assert_non_null(document);
    start_both();
    const char *path;
    json_t *methods;
    unsigned count = 0;
    json_object_foreach(json_object_get(document, "paths"), path, methods) {
        const char *method;
        json_t *what;
        json_object_foreach(methods, method, what) {
            char upper[16] = {0};
            for (size_t i = 0; method[i] != '\0'; i++) {
                upper[i] = (char)(method[i] - 32);
            }
            // With the names of parameters in place of values: there is no such thing, but a path.
            char place[256];
            (void)snprintf(place, sizeof place, "%s", path);
            for (char *at = place; *at != '\0'; at++) {
                *at = *at == '{' || *at == '}' ? 'x' : *at;
            }
            const char *got = ask(upper, place, "");
            assert_null(strstr(got, "there is nothing at"));
            assert_null(strstr(got, "\n405"));
            count++;
        }
    }
    assert_true(count >= 18);
    json_decref(document);
    end_both();
}

// The library comes from the registry of npm; where that cannot be reached there is no such test.
static void a_client_library_of_toxiproxy_works_unchanged(void **state) {
    char line[PATH_MAX + 128];
    (void)state;
    const char *npm = mqtt_need_program("npm");
    (void)mqtt_need_program("node");
    (void)snprintf(line, sizeof line,
                   "%s install --prefix . --cache npm --no-audit --no-fund --fetch-retries 0 "
                   "--fetch-timeout 10000 toxiproxy-node-client@4.1.0 >npm.log 2>&1",
                   npm);
    const struct process *install = mqtt_shell(line);
    if (install->code != 0) {
        print_message("not tested: npm cannot get toxiproxy-node-client\n");
        skip();
    }
    start_both();
    char *app = process_program("proxy");
    const char *port = strrchr(broker_place, ':') + 1;
    (void)snprintf(line, sizeof line,
                   "cp '%s/../../../test/process/toxiproxy_client.js' . && "
                   "node toxiproxy_client.js %u %s",
                   dirname(app), api_port, port);
    free(app);
    struct process *node = mqtt_shell(line);
    process_assert_code(node, 0);
    assert_string_equal(process_text(&node->out), "all as a Toxiproxy would\n");
    end_both();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_proxy_is_made_gets_latency_and_loses_it),
        PROCESS_TEST(a_proxy_that_is_disabled_refuses_and_comes_back),
        PROCESS_TEST(a_reset_peer_resets),
        PROCESS_TEST(limits_and_timeouts_end_connections),
        PROCESS_TEST(rules_come_and_go),
        PROCESS_TEST(several_are_made_at_once),
        PROCESS_TEST(bad_requests_are_answered),
        PROCESS_TEST(the_document_is_of_this_server),
        PROCESS_TEST(a_client_library_of_toxiproxy_works_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
