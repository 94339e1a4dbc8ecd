// Real clients of MQTT at the broker's door: mosquitto's, paho of Python and MQTT.js, in all
// versions and levels of quality, through every kind of listener; and what they publish reaches
// clients of the simulated network, in this network and in others.
#include "internet.h"
#include "mqtt.h"

#define MQTT_JS "mqtt@5.16.0"
#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct process *broker;
static char place_text[MQTT_URL_SIZE];

static void start_broker(void) {
    mqtt_make_certificate("cert.pem", "key.pem");
    broker = process_start("broker", "--name", "hub", ALL_LISTENERS);
    process_await_err(broker, "Unix socket door");
}

static const char *port_text(const char *what) {
    (void)snprintf(place_text, sizeof place_text, "%u", mqtt_port(broker, what));
    return place_text;
}

// ---- mosquitto's ----------------------------------------------------------------------------

// How mosquitto's clients reach each kind of listener that they can.
static const struct {
    const char *option;
    const char *what; // its port; NULL: the Unix socket
    const char *authority;
} ways[] = {
    {"-p", MQTT_TCP, NULL},
    {"-p", MQTT_TLS, "cert.pem"},
    {"--unix", NULL, NULL},
};

static const char *const versions[] = {"mqttv31", "mqttv311", "mqttv5"};

#define BY_WAY(way) \
    "-h", "localhost", ways[way].option, ways[way].what == NULL ? "door" : port_text(ways[way].what)

// A subscriber of all, which ends after `count` messages.
static struct process *subscribe(size_t way, const char *version, const char *qos,
                                 const char *count) {
    const char *program = mqtt_need_program("mosquitto_sub");
    struct process *subscriber =
        ways[way].authority != NULL
            ? process_start(program, "-t", "#", "-v", "-C", count, "-q", qos, "-V", version, "-i",
                            "watcher", BY_WAY(way), "--cafile", "cert.pem")
            : process_start(program, "-t", "#", "-v", "-C", count, "-q", qos, "-V", version, "-i",
                            "watcher", BY_WAY(way));
    process_await_err(broker, "watcher subscribed to");
    return subscriber;
}

static void publish(size_t way, const char *version, const char *qos, const char *value) {
    const char *program = mqtt_need_program("mosquitto_pub");
    struct process *publisher =
        ways[way].authority != NULL
            ? process_start(program, "-t", "temp", "-m", value, "-q", qos, "-V", version,
                            BY_WAY(way), "--cafile", "cert.pem")
            : process_start(program, "-t", "temp", "-m", value, "-q", qos, "-V", version,
                            BY_WAY(way));
    process_assert_code(publisher, 0);
}

static void mosquitto_publishes_and_subscribes(void **state) {
    (void)state;
    static const char *const qualities[] = {"0", "1", "2"};
    (void)mqtt_need_program("mosquitto_sub");
    start_broker();
    for (size_t way = 0; way < COUNT(ways); way++) {
        for (size_t i = 0; i < COUNT(versions); i++) {
            struct process *subscriber = subscribe(way, versions[i], "2", "3");
            for (size_t k = 0; k < COUNT(qualities); k++) {
                publish(way, versions[i], qualities[k], qualities[k]);
            }
            process_assert_code(subscriber, 0);
            assert_string_equal(process_text(&subscriber->out), "temp 0\ntemp 1\ntemp 2\n");
        }
    }
    process_end(broker);
}

static void entries_go_through_both_doors(void **state) {
    (void)state;
    (void)mqtt_need_program("mosquitto_sub");
    start_broker();
    struct process *client = process_start_client("conn\nsubs temp\n");
    process_await_err(client, "took the subscription");
    for (size_t way = 0; way < COUNT(ways); way++) {
        for (size_t i = 0; i < COUNT(versions); i++) {
            struct process *subscriber = subscribe(way, versions[i], "0", "2");
            process_send(client, "publ temp 21.5\n");
            process_await_out(subscriber, "temp 21.5\n");
            process_await_out(client, "temp 21.5\n");
            publish(way, versions[i], "1", "22");
            process_await_out(client, "temp 22\n");
            process_assert_code(subscriber, 0);
        }
    }
    process_send(client, "exit\n");
    process_assert_code(client, 0);
    process_end(broker);
}

// ---- in another network ---------------------------------------------------------------------

static void a_client_in_another_network_receives_it(void **state) {
    (void)state;
    (void)mqtt_need_program("mosquitto_pub");
    struct process *master = start_master("--idle-timeout", "600");
    struct process *seven = join_router("one", "7");
    broker = process_start("broker", "--network", "one", "--address", "83", "--name", "hub",
                           "--mqtt", "0");
    process_await_err(broker, MQTT_TCP);
    broker->err.mark = 0;
    struct process *eight = join_router("two", "8");
    struct process *receiver = join_client("two", "sodium");
    process_await_err(receiver, "broker 7083 \"hub\" is on the network");
    process_send(receiver, "conn 7083\nsubs temp\n");
    process_await_err(receiver, "took the subscription");
    struct process *subscriber = subscribe(0, "mqttv5", "1", "2");
    publish(0, "mqttv5", "1", "22");
    process_await_out(receiver, "temp 22\n");
    process_send(receiver, "publ temp 23\n");
    process_assert_code(subscriber, 0);
    assert_string_equal(process_text(&subscriber->out), "temp 22\ntemp 23\n");
    process_send(receiver, "exit\n");
    process_assert_code(receiver, 0);
    process_end(seven);
    process_end(eight);
    process_end(broker);
    process_end(master);
}

// ---- paho and MQTT.js -----------------------------------------------------------------------

// Of the sources, which the tests' programs lie below.
static const char *root_folder(void) {
    static char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    assert_true(size > 0);
    path[size] = '\0';
    for (int up = 0; up < 5; up++) { // build/VARIANT/test/process/PROGRAM
        *strrchr(path, '/') = '\0';
    }
    return path;
}

static const char *script_path(const char *name) {
    static char path[PATH_MAX + 64];
    (void)snprintf(path, sizeof path, "%s/test/process/mqtt/%s", root_folder(), name);
    return path;
}

static const struct {
    const char *scheme;
    const char *what; // NULL: the Unix socket
    const char *path;
} schemes[] = {
    {"mqtt", MQTT_TCP, ""},     {"mqtts", MQTT_TLS, ""}, {"ws", MQTT_WS, "/mqtt"},
    {"wss", MQTT_WSS, "/mqtt"}, {"unix", NULL, ""},
};

static const char *url_of(size_t scheme) {
    if (schemes[scheme].what == NULL) {
        return "unix:door";
    }
    (void)snprintf(place_text, sizeof place_text, "%s://localhost:%u%s", schemes[scheme].scheme,
                   mqtt_port(broker, schemes[scheme].what), schemes[scheme].path);
    return place_text;
}

static void assert_says_ok(struct process *script) {
    process_assert_code(script, 0);
    assert_string_equal(process_text(&script->out), "ok\n");
}

static void paho_does_all_that_clients_do(void **state) {
    (void)state;
    const char *python = mqtt_need_program("python3");
    struct process *probe = process_start(python, "-c", "import paho.mqtt.properties");
    if (process_collect(probe) != 0) {
        print_message("not tested: there is no paho; install python3-paho-mqtt\n");
        skip();
    }
    start_broker();
    for (size_t scheme = 0; scheme < COUNT(schemes) - 1; scheme++) {
        static const char *const numbers[] = {"3", "4", "5"};
        for (size_t i = 0; i < COUNT(numbers); i++) {
            assert_says_ok(process_start(python, script_path("roundtrip.py"), url_of(scheme),
                                         numbers[i], "cert.pem"));
        }
    }
    process_end(broker);
}

// The folder of MQTT.js, which is fetched once for all variants; skips if it cannot be.
static const char *need_mqtt_js(void) {
    static char folder[PATH_MAX];
    char line[3 * PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%.*s/build/npm", PATH_MAX - 16, root_folder());
    (void)mqtt_need_program("node");
    (void)snprintf(line, sizeof line,
                   "mkdir -p '%s' && cd '%s' && exec 9>lock && flock 9 && "
                   "{ test -f installed || { timeout 60 npm install --prefix . --no-save "
                   "--no-audit --no-fund " MQTT_JS " && touch installed; }; }",
                   folder, folder);
    if (process_collect(mqtt_shell(line)) != 0) {
        print_message("not tested: npm cannot install " MQTT_JS
                      " (is npm there, and its registry?)\n");
        skip();
    }
    return folder;
}

static void mqtt_js_does_all_that_clients_do(void **state) {
    (void)state;
    const char *folder = need_mqtt_js();
    const char *node = mqtt_need_program("node");
    start_broker();
    for (size_t scheme = 0; scheme < COUNT(schemes); scheme++) {
        static const char *const numbers[] = {"3", "4", "5"};
        for (size_t i = 0; i < COUNT(numbers); i++) {
            assert_says_ok(process_start(node, script_path("roundtrip.js"), folder, url_of(scheme),
                                         numbers[i], "cert.pem"));
        }
    }
    process_end(broker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(mosquitto_publishes_and_subscribes),
        PROCESS_TEST(entries_go_through_both_doors),
        PROCESS_TEST(a_client_in_another_network_receives_it),
        PROCESS_TEST(paho_does_all_that_clients_do),
        PROCESS_TEST(mqtt_js_does_all_that_clients_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
