// What a broker tells of itself over HTTP: figures for Prometheus, which promtool takes, which
// agree with $SYS, and which the dashboard of packaging/ asks for.
#include "http.h"
#include "mqtt.h"

static struct process *broker;
static uint16_t port;
static uint16_t http_port;

static void start_broker(void) {
    broker = process_start("broker", "--mqtt", "0,127.0.0.2:0", "--mqtt-unix", "a\"b\\c.sock",
                           "--http", "0", "--statistics", "3600", "--store", "s.db");
    process_await_err(broker, "figures at http://127.0.0.1:");
    http_port = (uint16_t)strtoul(broker->err.text + broker->err.mark, NULL, 10);
    port = mqtt_port(broker, MQTT_TCP);
}

static struct http_answer ask(const char *method, const char *path, const char *host) {
    char text[256];
    int fd = http_dial(http_port);
    (void)snprintf(text, sizeof text, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
                   method, path, host);
    http_send(fd, text);
    struct http_answer answer = http_read(fd);
    close(fd);
    return answer;
}

static char *read_metrics(void) {
    struct http_answer answer = ask("GET", "/metrics", "localhost");
    assert_int_equal(answer.status, 200);
    assert_string_equal(http_header(&answer, "Content-Type"), "text/plain; version=0.0.4");
    return answer.body;
}

// The value of a line that begins with `name`, labels and all.
static double value_of(const char *metrics, const char *name) {
    char start[256];
    (void)snprintf(start, sizeof start, "\n%s ", name);
    const char *found = strstr(metrics, start);
    if (found == NULL) {
        print_error("not told: %s\n", name);
    }
    assert_non_null(found);
    return strtod(found + strlen(start), NULL);
}

static void assert_value(const char *metrics, const char *name, double value) {
    if (value_of(metrics, name) < value || value_of(metrics, name) > value) {
        print_error("%s is %f\n", name, value_of(metrics, name));
        fail();
    }
}

// Until the answer to a PINGREQ: what was sent before it has been worked on.
static void settle(struct mqtt_hand *hand) {
    struct mqtt_packet packet;
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    do {
        assert_true(mqtt_hand_take(hand, &packet));
    } while (packet.type != MQTT_PINGRESP);
}

static void publish(struct mqtt_hand *hand, const char *topic, uint8_t qos) {
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PUBLISH,
                                               .publish = {.topic = bytes_of_text(topic),
                                                           .payload = BYTES_LITERAL("12345"),
                                                           .qos = qos,
                                                           .retain = qos == 2, // is kept
                                                           .packet_id = qos > 0 ? 7 : 0}});
}

// A subscriber of QoS 1, and a publisher of two messages of QoS 0, and one each of QoS 1 and 2.
static void make_traffic(void) {
    struct mqtt_hand *reader = mqtt_hand_connect(0, port, MQTT_5, "reader");
    struct mqtt_hand *writer = mqtt_hand_connect(1, port, MQTT_5, "writer");
    mqtt_hand_subscribe(reader, "a", 1);
    publish(writer, "a", 0);
    publish(writer, "a", 1);
    publish(writer, "b", 2);
    publish(writer, "$SYS/x", 0);
    settle(writer);
    settle(reader);
}

static void messages_are_told_by_qos_and_direction(void **state) {
    (void)state;
    start_broker();
    make_traffic();
    char *metrics = read_metrics();
#define MESSAGES "mqttsim_broker_messages_total"
    assert_value(metrics, MESSAGES "{direction=\"received\",qos=\"0\"}", 2);
    assert_value(metrics, MESSAGES "{direction=\"received\",qos=\"1\"}", 1);
    assert_value(metrics, MESSAGES "{direction=\"received\",qos=\"2\"}", 1);
    assert_value(metrics, MESSAGES "{direction=\"sent\",qos=\"0\"}", 1);
    assert_value(metrics, MESSAGES "{direction=\"sent\",qos=\"1\"}", 1);
    assert_value(metrics, MESSAGES "{direction=\"sent\",qos=\"2\"}", 0);
    assert_value(metrics, "mqttsim_broker_refused_messages_total{reason=\"own_topic\"}", 1);
    assert_value(metrics, "mqttsim_broker_payload_bytes_total{direction=\"received\"}", 20);
    assert_value(metrics, "mqttsim_broker_connected_clients", 2);
    assert_value(metrics, "mqttsim_broker_subscriptions", 1);
    char listener[128];
    (void)snprintf(listener, sizeof listener,
                   "mqttsim_broker_listener_connections{listener=\"mqtt %u\"}", port);
    assert_value(metrics, listener, 2);
    assert_value(metrics,
                 "mqttsim_broker_listener_accepted_total{listener=\"mqtt-unix a_b_c.sock\"}", 0);
    double turns = value_of(metrics, "mqttsim_broker_turn_seconds_count");
    assert_true(turns >= 2);
    assert_value(metrics, "mqttsim_broker_turn_seconds_bucket{le=\"+Inf\"}", turns);
    assert_true(value_of(metrics, "mqttsim_broker_turn_seconds_sum") > 0);
    // What is retained was acknowledged when it was committed.
    double commits = value_of(metrics, "mqttsim_broker_store_commit_seconds_count");
    assert_true(commits >= 1);
    assert_value(metrics, "mqttsim_broker_store_commit_seconds_bucket{le=\"+Inf\"}", commits);
    assert_true(value_of(metrics, "mqttsim_broker_store_commit_seconds_sum") > 0);
    assert_value(metrics, "mqttsim_broker_store_commit_failures_total", 0);
    assert_true(value_of(metrics, "mqttsim_broker_store_written_bytes_total") > 0);
    assert_true(value_of(metrics, "process_cpu_seconds_total") > 0);
    free(metrics);
    process_end(broker);
}

// What $SYS told the reader.
static double figure_of(struct mqtt_hand *hand, const char *topic) {
    struct mqtt_packet packet = {0};
    double value = -1;
    mqtt_hand_subscribe(hand, topic, 0);
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    while (packet.type != MQTT_PINGRESP) {
        assert_true(mqtt_hand_take(hand, &packet));
        if (packet.type == MQTT_PUBLISH) {
            char text[32];
            (void)snprintf(text, sizeof text, "%.*s", (int)packet.publish.payload.size,
                           (const char *)packet.publish.payload.data);
            value = strtod(text, NULL);
        }
    }
    return value;
}

static void sys_agrees(void **state) {
    (void)state;
    static const struct {
        const char *topic;
        const char *names[3]; // whose sum it is
    } rows[] = {
        {"$SYS/broker/clients/connected", {"mqttsim_broker_connected_clients"}},
        {"$SYS/broker/clients/maximum", {"mqttsim_broker_connected_clients_highest"}},
        {"$SYS/broker/clients/total", {"mqttsim_broker_sessions"}},
        {"$SYS/broker/retained messages/count", {"mqttsim_broker_retained_messages"}},
        {"$SYS/broker/store/messages/count", {"mqttsim_broker_queued_messages"}},
        {"$SYS/broker/publish/messages/received",
         {MESSAGES "{direction=\"received\",qos=\"0\"}",
          MESSAGES "{direction=\"received\",qos=\"1\"}",
          MESSAGES "{direction=\"received\",qos=\"2\"}"}},
        {"$SYS/broker/publish/messages/dropped",
         {"mqttsim_broker_dropped_messages_total{reason=\"queue_full\"}",
          "mqttsim_broker_dropped_messages_total{reason=\"all_queues_full\"}",
          "mqttsim_broker_dropped_messages_total{reason=\"too_large\"}"}},
        {"$SYS/broker/clients/expired", {"mqttsim_broker_expired_sessions_total"}},
        {"$SYS/broker/publish/bytes/received",
         {"mqttsim_broker_payload_bytes_total{direction=\"received\"}"}},
    };
    start_broker();
    make_traffic();
    struct mqtt_hand *hand = &mqtt_hands[1];
    char *metrics = read_metrics();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double sum = 0;
        for (unsigned j = 0; j < 3 && rows[i].names[j] != NULL; j++) {
            sum += value_of(metrics, rows[i].names[j]);
        }
        assert_int_equal((int)figure_of(hand, rows[i].topic), (int)sum);
    }
    free(metrics);
    process_end(broker);
}

static void promtool_takes_them(void **state) {
    (void)state;
    const char *promtool = mqtt_need_program("promtool");
    start_broker();
    make_traffic();
    char *metrics = read_metrics();
    struct process *check = process_start(promtool, "check", "metrics");
    process_send(check, metrics);
    free(metrics);
    process_assert_code(check, 0);
    assert_string_equal(process_text(&check->out), "");
    assert_string_equal(process_text(&check->err), ""); // not a word of its lint either
    process_end(broker);
}

static void it_says_whether_it_is_well(void **state) {
    (void)state;
    static const struct {
        const char *method;
        const char *path;
        const char *host;
        unsigned status;
    } rows[] = {
        {"GET", "/healthz", "localhost", 200},       {"HEAD", "/readyz", "127.0.0.1", 200},
        {"GET", "/readyz", "[::1]:9100", 200},       {"GET", "/", "localhost", 404},
        {"POST", "/metrics", "localhost", 405},      {"GET", "/metrics", "example.org", 421},
        {"GET", "/metrics/", "localhost:9100", 404},
    };
    start_broker();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_answer answer = {0};
        if (strcmp(rows[i].method, "HEAD") == 0) {
            int fd = http_dial(http_port);
            http_send(fd, "HEAD /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            answer.body = http_read_all(fd);
            answer.status = (unsigned)strtoul(answer.body + 9, NULL, 10);
            close(fd);
        } else {
            answer = ask(rows[i].method, rows[i].path, rows[i].host);
        }
        assert_int_equal(answer.status, rows[i].status);
        http_free(&answer);
    }
    process_end(broker);
    process_assert_code(process_start("broker", "--http", "x"), 3);
    char place[32];
    start_broker();
    (void)snprintf(place, sizeof place, "%u", http_port);
    struct process *second = process_start("broker", "--http", place);
    process_assert_code(second, 3);
    assert_non_null(
        strstr(process_text(&second->err), "broker: --http: cannot listen at 127.0.0.1"));
    process_end(broker);
}

// ---- the dashboard --------------------------------------------------------------------------

// A file of the project, by its place in it.
static char *read_project_file(const char *file) {
    char path[PATH_MAX] = {0};
    char *name = NULL;
    assert_true(readlink("/proc/self/exe", path, sizeof path - 64) > 0);
    char *root = dirname(dirname(dirname(dirname(dirname(path)))));
    assert_true(asprintf(&name, "%s/%s", root, file) > 0);
    char *text = support_read_file(name, NULL);
    free(name);
    return text;
}

static json_t *load_dashboard(void) {
    char *text = read_project_file("packaging/grafana-broker.json");
    json_t *dashboard = json_loads(text, 0, NULL);
    assert_non_null(dashboard);
    free(text);
    return dashboard;
}

// Each name in a query that is one of a figure; how many there are.
static unsigned check_query(const char *query, const char *metrics) {
    unsigned found = 0;
    for (const char *at = query; *at != '\0';) {
        size_t size = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
        if (strncmp(at, "mqttsim_", 8) == 0 || strncmp(at, "process_", 8) == 0) {
            char start[128];
            (void)snprintf(start, sizeof start, "\n%.*s", (int)size, at);
            const char *line = strstr(metrics, start);
            if (line == NULL || (line[size + 1] != ' ' && line[size + 1] != '{')) {
                print_error("not told, but asked for: %.*s\n", (int)size, at);
                fail();
            }
            found++;
        }
        at += size > 0 ? size : 1;
    }
    return found;
}

static void the_dashboard_asks_for_what_is_told(void **state) {
    (void)state;
    start_broker();
    char *metrics = read_metrics();
    json_t *dashboard = load_dashboard();
    const json_t *panels = json_object_get(dashboard, "panels");
    unsigned queries = 0;
    size_t i, j;
    const json_t *panel, *target;
    json_array_foreach(panels, i, panel) {
        json_array_foreach(json_object_get(panel, "targets"), j, target) {
            const char *query = json_string_value(json_object_get(target, "expr"));
            assert_non_null(query);
            assert_true(check_query(query, metrics) > 0);
            queries++;
        }
    }
    assert_true(queries >= 30);
    json_decref(dashboard);
    free(metrics);
    process_end(broker);
}

// ---- a real Prometheus ----------------------------------------------------------------------

static void put_in(char *text, size_t size, const char *mark, const char *value) {
    for (char *at; (at = strstr(text, mark)) != NULL;) {
        char rest[2048];
        (void)snprintf(rest, sizeof rest, "%s", at + strlen(mark));
        (void)snprintf(at, size - (size_t)(at - text), "%s%s", value, rest);
    }
}

// As Grafana fills in its variables, and as a URL has it.
static void write_query(const char *query, char path[static 4096]) {
    char text[2048];
    (void)snprintf(text, sizeof text, "%s", query);
    put_in(text, sizeof text, "$job", "broker");
    put_in(text, sizeof text, "$instance", ".*");
    put_in(text, sizeof text, "$__rate_interval", "5s");
    size_t size = (size_t)snprintf(path, 4096, "/api/v1/query?query=");
    for (const char *at = text; *at != '\0' && size < 4000; at++) {
        size += (size_t)snprintf(path + size, 4096 - size, "%%%02x", (unsigned char)*at);
    }
}

static bool returns_data(uint16_t server, const char *query) {
    char path[4096];
    char text[4300];
    int fd = http_dial(server);
    write_query(query, path);
    (void)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                   path);
    http_send(fd, text);
    struct http_answer answer = http_read(fd);
    close(fd);
    json_t *object = json_loads(answer.body, 0, NULL);
    http_free(&answer);
    assert_non_null(object);
    const json_t *result = json_object_get(json_object_get(object, "data"), "result");
    bool has_some = json_array_size(result) > 0;
    json_decref(object);
    return has_some;
}

// Asks anew while the broker has traffic: a rate needs two samples.
static void await_data(uint16_t server, const char *query) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (!returns_data(server, query)) {
        publish(&mqtt_hands[1], "a", 1);
        settle(&mqtt_hands[1]);
        if (process_now_ms() > deadline) {
            print_error("no data: %s\n", query);
            fail();
        }
    }
}

static struct process *start_prometheus(const char *program, uint16_t server) {
    char text[512];
    char place[64];
    (void)snprintf(text, sizeof text,
                   "global: {scrape_interval: 500ms, scrape_timeout: 500ms}\nscrape_configs:\n  - "
                   "job_name: broker\n    static_configs: [{targets: ['127.0.0.1:%u']}]\n",
                   http_port);
    process_write_file("prometheus.yml", text);
    (void)snprintf(place, sizeof place, "--web.listen-address=127.0.0.1:%u", server);
    struct process *prometheus =
        process_start(program, "--config.file=prometheus.yml", "--storage.tsdb.path=data", place);
    process_await_err(prometheus, "Server is ready to receive web requests.");
    return prometheus;
}

// What the dashboard asks of a Prometheus that scrapes a broker brings data, all of it.
static void prometheus_answers_the_dashboard(void **state) {
    (void)state;
    const char *program = mqtt_need_program("prometheus");
    uint16_t server = support_free_port();
    start_broker();
    struct process *prometheus = start_prometheus(program, server);
    make_traffic();
    json_t *dashboard = load_dashboard();
    size_t i, j;
    const json_t *panel, *target;
    json_array_foreach(json_object_get(dashboard, "panels"), i, panel) {
        json_array_foreach(json_object_get(panel, "targets"), j, target) {
            await_data(server, json_string_value(json_object_get(target, "expr")));
        }
    }
    json_decref(dashboard);
    process_end(broker);
    process_signal(prometheus, SIGTERM);
    (void)process_collect(prometheus);
}

static void the_documents_name_each_figure(void **state) {
    (void)state;
    static const char help[] = "# HELP ";
    start_broker();
    char *metrics = read_metrics();
    char *text = read_project_file("docs/operation.md");
    unsigned names = 0;
    for (const char *at = metrics; (at = strstr(at, help)) != NULL; names++) {
        char name[128];
        at += strlen(help);
        (void)snprintf(name, sizeof name, "`%.*s`", (int)strcspn(at, " "), at);
        if (strstr(text, name) == NULL) {
            print_error("not in docs/operation.md: %s\n", name);
            fail();
        }
    }
    assert_true(names >= 30);
    free(text);
    free(metrics);
    process_end(broker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(messages_are_told_by_qos_and_direction),
        PROCESS_TEST(sys_agrees),
        PROCESS_TEST(promtool_takes_them),
        PROCESS_TEST(it_says_whether_it_is_well),
        PROCESS_TEST(the_dashboard_asks_for_what_is_told),
        PROCESS_TEST(prometheus_answers_the_dashboard),
        PROCESS_TEST(the_documents_name_each_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
