// Debian's mosquitto as a bridge: it is a client of ours, with the bit of bridges in its protocol
// level, and takes all topics in both directions. What one side publishes comes once to each side,
// and what is retained at one is retained at the other.
#include "mqtt.h"

#define FORM "%r %t %p" // retained, topic, value

static struct process *broker;
static struct process *bridge;
static char port_text[8];

static void write_configuration(void) {
    char text[512];
    (void)snprintf(text, sizeof text,
                   "user root\nlistener 0 bridge.sock\nallow_anonymous true\npersistence false\n"
                   "connection ours\naddress 127.0.0.1:%s\ntopic # both 1\n"
                   "bridge_protocol_version mqttv311\nremote_clientid bridge\n"
                   "notifications false\nrestart_timeout 1\n",
                   port_text);
    process_write_file("mosquitto.conf", text);
}

static void start(void) {
    const char *mosquitto = mqtt_need_program("mosquitto");
    (void)mqtt_need_program("mosquitto_pub");
    broker = process_start("broker", "--mqtt", "0");
    (void)snprintf(port_text, sizeof port_text, "%u", mqtt_port(broker, MQTT_TCP));
    write_configuration();
    bridge = process_start(mosquitto, "-c", "mosquitto.conf");
    process_await_err(broker, "bridge subscribed to \"#\"");
}

static void stop(void) {
    process_signal(bridge, SIGTERM);
    (void)process_collect(bridge);
    process_end(broker);
}

static struct process *subscribe_here(const char *name) {
    char line[64];
    struct process *subscriber =
        process_start(mqtt_need_program("stdbuf"), "-oL", mqtt_need_program("mosquitto_sub"), "-h",
                      "127.0.0.1", "-p", port_text, "-i", name, "-t", "#", "-q", "1", "-F", FORM);
    (void)snprintf(line, sizeof line, "%s subscribed to", name);
    process_await_err(broker, line);
    return subscriber;
}

// Through stdbuf, for with -F it prints when its buffer is full. With -d it says when it has
// subscribed, among other lines.
static struct process *subscribe_there(void) {
    struct process *subscriber =
        process_start(mqtt_need_program("stdbuf"), "-oL", mqtt_need_program("mosquitto_sub"),
                      "--unix", "bridge.sock", "-t", "#", "-q", "1", "-d", "-F", FORM);
    process_await_out(subscriber, "Subscribed");
    return subscriber;
}

#define publish_here(...)                                                                          \
    process_assert_code(process_start(mqtt_need_program("mosquitto_pub"), "-h", "127.0.0.1", "-p", \
                                      port_text, "-q", "1", __VA_ARGS__),                          \
                        0)
#define publish_there(...)                                                                         \
    process_assert_code(process_start(mqtt_need_program("mosquitto_pub"), "--unix", "bridge.sock", \
                                      "-q", "1", __VA_ARGS__),                                     \
                        0)

static void await_at_both(struct process *here, struct process *there, const char *line) {
    process_await_out(here, line);
    process_await_out(there, line);
}

static unsigned count_at(const struct process *subscriber, const char *line) {
    return (unsigned)process_occurrences(process_text(&subscriber->out), line);
}

// A message that goes round comes back before the one that follows it over the bridge.
static void nothing_is_repeated(void **state) {
    (void)state;
    start();
    struct process *here = subscribe_here("here");
    struct process *there = subscribe_there();
    publish_here("-t", "a", "-m", "one");
    await_at_both(here, there, "0 a one\n");
    publish_there("-t", "b", "-m", "two");
    await_at_both(here, there, "0 b two\n");
    publish_here("-t", "a", "-m", "three");
    await_at_both(here, there, "0 a three\n");
    publish_there("-t", "b", "-m", "four");
    await_at_both(here, there, "0 b four\n");
    static const char *const lines[] = {"a one\n", "b two\n", "a three\n", "b four\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_int_equal(count_at(here, lines[i]), 1);
        assert_int_equal(count_at(there, lines[i]), 1);
    }
    stop();
}

static void what_is_retained_is_so_at_both(void **state) {
    (void)state;
    start();
    struct process *here = subscribe_here("here");
    struct process *there = subscribe_there();
    publish_here("-t", "ours", "-m", "1", "-r");
    await_at_both(here, there, "ours 1\n");
    publish_there("-t", "theirs", "-m", "2", "-r");
    await_at_both(here, there, "theirs 2\n");
    here = subscribe_here("later");
    there = subscribe_there();
    publish_here("-t", "end", "-m", "3"); // behind what is retained
    await_at_both(here, there, "0 end 3\n");
    static const char *const lines[] = {"1 ours 1\n", "1 theirs 2\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_int_equal(count_at(here, lines[i]), 1);
        assert_int_equal(count_at(there, lines[i]), 1);
    }
    stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(nothing_is_repeated),
        PROCESS_TEST(what_is_retained_is_so_at_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
