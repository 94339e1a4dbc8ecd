// `watch --web` in a real browser (web_page.js), over a capture that a broker wrote: clients that
// publish, one that a fault hits, one with a password, and one that means harm.
//
// It takes Chromium and Node, and is not run in the slow variants: what it looks at is the page,
// which is the same in all of them.
#include "mqtt.h"

#include <jansson.h>

static struct process *watch;

#define HOSTILE "<img src=x onerror=globalThis.hacked=1>"
#define TURNED "\xe2\x80\xae" // what follows runs from right to left

struct published {
    const char *client;
    const char *topic;
    const char *payload;
    const char *qos;
    const char *retain; // "-r", or NULL
};

// Of clients that connect, publish and say goodbye.
static const struct published messages[] = {
    {"dev-1", "home/1/temp", "21.5", "2", "-r"},
    {"dev-3", "home/3/temp", "23.5", "0", "-r"},
    {"station", "home/weather", "{\"t\":1.5,\"wind\":{\"speed\":4}}", "1", NULL},
    {"station", "home/weather", "{\"t\":2.5,\"wind\":{\"speed\":9}}", "1", NULL},
    {"station", "home/weather", "{\"t\":3.5,\"wind\":{\"speed\":16}}", "1", NULL},
    {HOSTILE, "hostile/<b>" TURNED "</b>", HOSTILE TURNED "=1+1", "1", NULL},
};

static void publish(uint16_t port, const struct published *message) {
    char number[8];
    (void)snprintf(number, sizeof number, "%u", port);
    struct process *publisher = process_start(
        mqtt_need_program("mosquitto_pub"), "-p", number, "-V", "5", "-i", message->client, "-t",
        message->topic, "-m", message->payload, "-q", message->qos, message->retain);
    process_assert_code(publisher, 0);
}

// Names its topic once, and from then on by a number (5.0, 3.3.2.3.4).
static void publish_by_alias(struct mqtt_hand *hand) {
    static const struct bytes topics[] = {BYTES_LITERAL("home/2/humidity"), {NULL, 0}, {NULL, 0}};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        struct mqtt_packet packet = {
            .type = MQTT_PUBLISH,
            .publish = {.topic = topics[i], .payload = BYTES_LITERAL("60")},
            .properties = {.present = MQTT_HAS(MQTT_TOPIC_ALIAS), .topic_alias = 3}};
        mqtt_hand_send(hand, &packet);
    }
}

// A metric of Sparkplug B: a float, and one that is known by its number only.
static void publish_sparkplug(struct mqtt_hand *hand) {
    static const char payload[] = "\x08\xe8\x07"                                  // timestamp
                                  "\x12\x0e\x0a\x05level\x20\x09\x65\0\0\x34\x42" // 45
                                  "\x12\x06\x10\x07\x20\x03\x50\x2a"              // alias 7 = 42
                                  "\x18\x05";                                     // seq
    mqtt_hand_publish(hand, "spBv1.0/plant/DDATA/edge/tank",
                      bytes_make(payload, sizeof payload - 1));
}

// What the capture of the test holds.
static void make_capture(void) {
    struct process *broker =
        process_start("broker", "--address", "90", "--name", "hall", "--mqtt", "0", "--tap",
                      "hall.pcapng", "--fault", "drop PUBACK 1 to dev-2");
    uint16_t port = mqtt_port(broker, MQTT_TCP);
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, "display");
    mqtt_hand_subscribe(hand, "home/#", 0);
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        publish(port, &messages[i]);
    }
    struct mqtt_hand *dropped = mqtt_hand_connect(1, port, MQTT_5, "dev-2");
    struct mqtt_packet lost = {.type = MQTT_PUBLISH,
                               .publish = {.topic = BYTES_LITERAL("home/2/temp"),
                                           .payload = BYTES_LITERAL("22.5"),
                                           .qos = 1,
                                           .packet_id = 7}};
    mqtt_hand_send(dropped, &lost);
    publish_by_alias(dropped);
    publish_sparkplug(dropped);
    mqtt_hand_send(dropped, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)mqtt_hand_expect(dropped, MQTT_PINGRESP);
    char number[8];
    (void)snprintf(number, sizeof number, "%u", port);
    process_assert_code(process_start(mqtt_need_program("mosquitto_pub"), "-p", number, "-i",
                                      "secret", "-u", "ali", "-P", "opensesame", "-t", "home/x",
                                      "-m", "=1+1"),
                        0);
    process_end(broker);
}

// How many items of each type there are, as --json has them, into a file.
static void write_counts(void) {
    struct process *once = process_start("watch", "--once", "--json", "hall.pcapng");
    process_assert_code(once, 0);
    json_t *counts = json_object();
    for (const char *at = process_text(&once->out); *at != '\0'; at = strchr(at, '\n') + 1) {
        json_t *item = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL);
        const char *type = json_string_value(json_object_get(item, "type"));
        json_int_t count = json_integer_value(json_object_get(counts, type));
        json_object_set_new(counts, type, json_integer(count + 1));
        json_decref(item);
    }
    char *text = json_dumps(counts, 0);
    process_write_file("counts.json", text);
    free(text);
    json_decref(counts);
}

// A script of this folder in Node, with a browser and the page at the link that was printed.
static struct process *start_browser(const char *name, const char *printed, const char *more) {
    char node[PATH_MAX];
    char browser[PATH_MAX];
    char url[160];
    char script[PATH_MAX];
    const char *link = strstr(printed, "http://127.0.0.1:");
    assert_non_null(link);
    (void)snprintf(node, sizeof node, "%s", mqtt_need_program("node"));
    (void)snprintf(browser, sizeof browser, "%s", mqtt_need_program("chromium"));
    (void)snprintf(url, sizeof url, "%.*s", (int)strcspn(link, "\n"), link);
    char *app = process_program("watch");
    (void)snprintf(script, sizeof script, "%s/../../../test/process/%s", dirname(app), name);
    free(app);
    const char *pictures = getenv("WEB_PICTURES");
    pictures = pictures != NULL ? pictures : "";
    return more == NULL ? process_start(node, script, browser, url, pictures)
                        : process_start(node, script, browser, url, more, pictures);
}

static void need_browser(void) {
    if (PROCESS_SLOW) {
        print_message("not tested: a browser is asked once, by the release variant\n");
        skip();
    }
    (void)mqtt_need_program("node");
    (void)mqtt_need_program("chromium");
}

static void expect_checks_passed(struct process *page) {
    process_assert_code(page, 0);
    assert_non_null(strstr(process_text(&page->out), "checks passed in the page"));
}

static void the_page_shows_what_the_capture_holds(void **state) {
    (void)state;
    need_browser();
    make_capture();
    write_counts();
    watch = process_start("watch", "--web", "0", "hall.pcapng");
    process_await_out(watch, "the page is at http://127.0.0.1:");
    process_await_out(watch, "\n");
    expect_checks_passed(start_browser("web_page.js", process_text(&watch->out), "counts.json"));
    // The capture that the page made is one, and holds the same packets.
    struct process *taken = process_start("watch", "--once", "--json", "taken.pcapng");
    struct process *seen = process_start("watch", "--once", "--json", "hall.pcapng");
    process_assert_code(taken, 0);
    process_assert_code(seen, 0);
    static const char *const types[] = {"\"type\":\"PUBLISH\"", "\"type\":\"CONNECT\"",
                                        "\"type\":\"PUBREL\"", "\"type\":\"DISCONNECT\""};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        assert_int_equal(process_occurrences(process_text(&taken->out), types[i]),
                         process_occurrences(process_text(&seen->out), types[i]));
    }
    process_end(watch);
}

// Listens to the page of a program, at the link that it printed, as a browser does.
static struct process *listen_to_page(const struct process *process) {
    char url[128];
    const char *link = strstr(process->err.text, "http://127.0.0.1:");
    assert_non_null(link);
    (void)snprintf(url, sizeof url, "%.*sevents?from=0", (int)strcspn(link, "\n"), link);
    return process_start(mqtt_need_program("curl"), "-sN", url);
}

static void a_broker_and_a_proxy_show_themselves(void **state) {
    (void)state;
    struct process *broker =
        process_start("broker", "--address", "90", "--name", "hall", "--mqtt", "0", "--web", "0");
    uint16_t port = mqtt_port(broker, MQTT_TCP);
    char place[32];
    (void)snprintf(place, sizeof place, "127.0.0.1:%u", port);
    struct process *proxy = process_start("proxy", "-l", "0", "-b", place, "--web", "0");
    uint16_t proxy_port = mqtt_port(proxy, "proxy at port ");
    struct mqtt_hand *hand = mqtt_hand_connect(0, proxy_port, MQTT_5, "through-the-proxy");
    mqtt_hand_subscribe(hand, "a/#", 0);
    struct process *page = listen_to_page(broker);
    struct process *proxy_page = listen_to_page(proxy);
    process_await_out(page, "joins the network as broker \\\"hall\\\"");
    process_await_out(page, "\"client_id\":\"through-the-proxy\"");
    process_await_out(proxy_page, "\"filter\":\"a/#\"");
    process_end(proxy);
    process_end(broker);
    (void)process_collect(page); // they end with the pages
    (void)process_collect(proxy_page);
    struct process *master =
        process_start("master", "--listen", "127.0.0.1:0", "--store", "memory", "--web", "0");
    process_await_err(master, "the page is at http://127.0.0.1:");
    process_await_err(master, "master at");
    process_end(master);
    struct process *refused = process_start("broker", "--web", "10.255.255.255:1");
    process_assert_code(refused, 3);
    struct process *without = process_start("broker", "--show", "tap.pcapng");
    process_assert_code(without, 2);
    assert_non_null(strstr(without->err.text, "--show: it is for --web, which is missing"));
}

// A proxy with a client behind it that publishes when the script in the browser says so.
static void a_rule_from_the_page_drops_a_puback_and_the_message_comes_again(void **state) {
    (void)state;
    need_browser();
    struct process *broker = process_start("broker", "--mqtt", "0");
    char place[32];
    (void)snprintf(place, sizeof place, "127.0.0.1:%u", mqtt_port(broker, MQTT_TCP));
    struct process *proxy =
        process_start("proxy", "-l", "0", "-b", place, "--web", "0", "--control");
    (void)snprintf(place, sizeof place, "mqtt://127.0.0.1:%u", mqtt_port(proxy, "proxy at port "));
    struct process *lamp = process_start("client", "--mqtt", place, "-i", "lamp", "--keep-session",
                                         "--reconnect", "fixed");
    process_send(lamp, "conn\n");
    process_await_err(lamp, "connected");
    struct process *page = start_browser("web_levers.js", process_text(&proxy->err), NULL);
    process_await_out(page, "publish\n");
    process_send(lamp, "publ lamp on 1\n");
    process_await_out(page, "publish\n");
    process_send(lamp, "publ lamp off 1\n");
    expect_checks_passed(page);
    process_end(lamp);
    process_end(proxy);
    process_end(broker);
}

static void a_page_has_the_levers_of_a_broker_and_of_an_api(void **state) {
    (void)state;
    char url[128];
    char token[128];
    struct process *broker =
        process_start("broker", "--address", "90", "--mqtt", "0", "--web", "0", "--control");
    char place[32];
    (void)snprintf(place, sizeof place, "127.0.0.1:%u", mqtt_port(broker, MQTT_TCP));
    struct process *proxy = process_start("proxy", "-l", "0", "-b", place, "--api", "127.0.0.1:0",
                                          "--tap", "tap.pcapng");
    process_await_err(proxy, "API at http://127.0.0.1:");
    process_await_err(proxy, "\n");
    const char *api = strstr(proxy->err.text, "http://");
    char api_url[64];
    (void)snprintf(api_url, sizeof api_url, "%.*s", (int)strcspn(api, "\n"), api);
    struct process *seen = process_start("watch", "--web", "0", "--control", api_url, "tap.pcapng");
    process_await_out(seen, "#token=");
    process_await_out(seen, "\n");
    const char *const links[] = {strstr(broker->err.text, "http://127.0.0.1:"),
                                 strstr(seen->out.text, "http://127.0.0.1:")};
    for (size_t i = 0; i < 2; i++) {
        int size = (int)strcspn(links[i], "#");
        (void)snprintf(url, sizeof url, "%.*scontrol", size, links[i]);
        (void)snprintf(token, sizeof token, "Authorization: Bearer %.48s",
                       links[i] + size + strlen("#token="));
        struct process *right = process_start(mqtt_need_program("curl"), "-s", "-H", token, "-d",
                                              "rule drop PUBACK 1", url);
        process_assert_code(right, 0);
        assert_non_null(strstr(process_text(&right->out), "\"rule\":\"drop PUBACK 1\""));
        assert_non_null(strstr(process_text(&right->out), "\"right\":true"));
        struct process *wrong =
            process_start(mqtt_need_program("curl"), "-s", "-H", token, "-d", "exit", url);
        process_assert_code(wrong, 0);
        assert_non_null(strstr(process_text(&wrong->out), "\"right\":false"));
        struct process *without = process_start(mqtt_need_program("curl"), "-s", "-d", "cut", url);
        process_assert_code(without, 0);
        assert_non_null(strstr(process_text(&without->out), "#token=TOKEN"));
    }
    process_end(seen);
    process_end(proxy);
    process_end(broker);
}

static void a_simulation_shows_its_trace_and_a_folder_is_shown(void **state) {
    (void)state;
    process_write_file("hall.yaml", "seed: 1\nstop: 10 s\n"
                                    "networks: {home: {link: ethernet}}\n"
                                    "brokers: {hall: {network: home, doors: [mqtt]}}\n"
                                    "devices:\n"
                                    "  - name: soil-{i}\n"
                                    "    count: 3\n"
                                    "    speaks: mqtt 5.0\n"
                                    "    broker: hall\n"
                                    "    publish: [{topic: \"soil/{name}\", qos: 1, every: 2 s, "
                                    "value: \"1\"}]\n");
    struct process *run =
        process_start("simulate", "-q", "--trace", "seen", "--web", "0", "hall.yaml");
    process_await_err(run, "the run is over; the page stays");
    struct process *page = listen_to_page(run);
    process_await_out(page, "\"topic\":\"soil/soil-2\"");
    process_end(run);
    (void)process_collect(page);
    struct process *watch_folder = process_start("watch", "--once", "seen");
    process_assert_code(watch_folder, 0);
    assert_non_null(strstr(process_text(&watch_folder->out), "soil/soil-2"));
    process_assert_code(process_start("watch", "--once", "/proc/self/fdinfo"), 3);
}

// Ctrl-C amid a run ends it, with its report, and the page with it; nothing asks for a second one.
static void an_unfinished_simulation_ends_with_its_page(void **state) {
    (void)state;
    process_write_file("long.yaml", "seed: 1\nstop: 10 h\n"
                                    "networks: {home: {link: ethernet}}\n"
                                    "brokers: {hall: {network: home, doors: [mqtt]}}\n"
                                    "devices:\n"
                                    "  - {name: lamp, speaks: mqtt 5.0, broker: hall, publish: "
                                    "[{topic: lamp, qos: 1, every: 1 s, value: \"1\"}]}\n");
    struct process *run =
        process_start("simulate", "--trace", "seen", "--web", "0", "--open", "0", "long.yaml");
    process_await_err(run, "the page is at http://127.0.0.1:");
    process_await_err(run, "\n");
    struct process *page = listen_to_page(run);
    process_await_out(page, "\"type\":\"PUBACK\"");
    process_signal(run, SIGINT);
    process_assert_code(run, 0);
    assert_non_null(strstr(process_text(&run->out), "(interrupted)"));
    assert_null(strstr(run->err.text, "the page stays"));
    (void)process_collect(page);
}

// What tshark counts of each type in a capture, into counts[type].
static void count_by_tshark(const char *capture, unsigned counts[static 16]) {
    struct process *tshark = process_start(mqtt_need_program("tshark"), "-r", capture, "-Y", "mqtt",
                                           "-T", "fields", "-e", "mqtt.msgtype");
    process_assert_code(tshark, 0);
    for (char *at = tshark->out.text; *at != '\0';) {
        char *end;
        unsigned long type = strtoul(at, &end, 10);
        assert_true(end > at && type < 16);
        counts[type]++;
        at = end + strspn(end, ",\n");
    }
}

static void tshark_and_the_page_count_the_same(void **state) {
    (void)state;
    need_browser();
    (void)mqtt_need_program("tshark");
    unsigned counts[16] = {0};
    unsigned total = 0;
    process_write_file("mosquitto.conf", "listener 0 door\nallow_anonymous true\nuser root\n");
    struct process *mosquitto =
        process_start(mqtt_need_program("mosquitto"), "-c", "mosquitto.conf");
    process_await_err(mosquitto, "running");
    struct process *proxy = process_start("proxy", "--listen-unix", "./wire", "--broker", "./door",
                                          "--tap", "tap.pcapng");
    process_await_err(proxy, "proxy at ./wire");
    static const char *const loads[] = {"0", "1", "2"};
    for (size_t i = 0; i < 3; i++) {
        struct process *load =
            process_start("load", "--path", "wire", "--messages", "1000", "--qos", loads[i]);
        process_assert_code(load, 0);
    }
    process_end(proxy);
    process_end(mosquitto);
    count_by_tshark("tap.pcapng", counts);
    for (unsigned type = 1; type < 16; type++) {
        total += counts[type];
    }
    // More than the page shows of the past at its start.
    assert_true(counts[MQTT_PUBLISH] >= 6000 && counts[MQTT_PUBCOMP] >= 2000);
    struct process *shown = process_start("watch", "--web", "0", "tap.pcapng");
    process_await_out(shown, "\n");
    char text[16];
    (void)snprintf(text, sizeof text, "%u", total);
    struct process *page = start_browser("web_counts.js", process_text(&shown->out), text);
    process_assert_code(page, 0);
    json_t *seen = json_loads(process_text(&page->out), 0, NULL);
    assert_non_null(seen);
    for (unsigned type = 1; type < 16; type++) {
        json_int_t found = json_integer_value(json_object_get(seen, mqtt_type_name(type)));
        if (found != counts[type]) {
            fail_msg("%s: tshark %u, the page %lld", mqtt_type_name(type), counts[type],
                     (long long)found);
        }
    }
    json_decref(seen);
    process_end(shown);
}

// Two as somebody plays them who has a browser only, and all with WEB_ALL_LESSONS, since a browser
// takes its time. (lesson_test plays all without a page.)
static void lessons_play_in_the_page(void **state) {
    (void)state;
    need_browser();
    bool all = getenv("WEB_ALL_LESSONS") != NULL;
    struct process *list = process_start("lesson");
    process_assert_code(list, 0);
    for (unsigned number = 1; number < 99; number++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%3u  ", number);
        bool is_there = strstr(process_text(&list->out), text) != NULL;
        if (!is_there || !(all || number == 3 || number == 12)) {
            continue;
        }
        (void)snprintf(text, sizeof text, "%u", number);
        struct process *lesson = process_start("lesson", "--web", "0", text);
        process_await_err(lesson, "#token=");
        process_await_err(lesson, "\n");
        expect_checks_passed(start_browser("web_lesson.js", process_text(&lesson->err), NULL));
        process_assert_code(lesson, 0);
    }
}

// A client whose session outlives its connection. It acknowledges so many messages before it
// leaves, as mosquitto_sub at times does not.
static void sleeper_takes(uint16_t port, unsigned count) {
    struct mqtt_hand *hand = &mqtt_hands[0];
    struct mqtt_connect connect = {.version = MQTT_3_1_1, .client_id = BYTES_LITERAL("sleeper")};
    hand->fd = http_dial(port);
    assert_int_equal(mqtt_hand_ask(hand, &connect), 0);
    if (count == 0) {
        mqtt_hand_subscribe(hand, "house/+", 1);
    }
    for (unsigned i = 0; i < count; i++) {
        struct mqtt_packet packet = mqtt_hand_expect(hand, MQTT_PUBLISH);
        mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PUBACK,
                                                   .packet_id = packet.publish.packet_id});
    }
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_DISCONNECT});
    assert_false(mqtt_hand_take(hand, &(struct mqtt_packet){0}));
    close(hand->fd);
}

static void messages_wait_at_a_client_that_is_away(void **state) {
    (void)state;
    need_browser();
    struct process *broker = process_start("broker", "--mqtt", "0", "--web", "0");
    uint16_t port = mqtt_port(broker, MQTT_TCP);
    struct process *page = start_browser("web_world.js", process_text(&broker->err), "queue");
    sleeper_takes(port, 0);
    publish(port, &(struct published){"lamp", "house/lamp", "on", "1", NULL});
    publish(port, &(struct published){"lamp", "house/lamp", "off", "2", NULL});
    publish(port, &(struct published){"door", "house/door", "open", "1", NULL});
    publish(port, &(struct published){"door", "house/door", "lost", "0", NULL});
    publish(port, &(struct published){"door", "street/door", "open", "1", NULL});
    process_await_out(page, "come back\n");
    sleeper_takes(port, 3);
    expect_checks_passed(page);
    process_end(broker);
}

// What curl gets from the master; the process has ended.
static const char *ask_master(const char *url, const char *path, const char *header,
                              const char *body) {
    char place[128];
    (void)snprintf(place, sizeof place, "%s/v1/%s", url, path);
    struct process *curl =
        body == NULL
            ? process_start(mqtt_need_program("curl"), "-sf", "-H", header, place)
            : process_start(mqtt_need_program("curl"), "-sf", "-H", header, "-d", body, place);
    process_assert_code(curl, 0);
    return process_text(&curl->out);
}

static void lease_gate(const char *url, const char *body, char header[static 64]) {
    const char *secret = strstr(ask_master(url, "gates", "Accept: */*", body), "\"secret\"");
    assert_non_null(secret);
    secret = strchr(secret + strlen("\"secret\""), '"');
    assert_non_null(secret);
    (void)snprintf(header, 64, "Lease-Secret: %.32s", secret + 1);
}

static void a_mailbox_fills_at_the_master(void **state) {
    (void)state;
    need_browser();
    char url[64];
    char seven[64];
    char eight[64];
    char lines[40 * 64] = "";
    struct process *master =
        process_start("master", "--listen", "127.0.0.1:0", "--store", "memory", "--web", "0");
    process_await_err(master, "master at http");
    process_await_err(master, "\n");
    const char *link = strstr(master->err.text, "master at ") + strlen("master at ");
    (void)snprintf(url, sizeof url, "%.*s", (int)strcspn(link, " \n"), link);
    lease_gate(url, "{\"gate\": 7}", seven);
    lease_gate(url, "{\"gate\": 8}", eight);
    struct process *page = start_browser("web_world.js", process_text(&master->err), "mailbox");
    for (size_t i = 0, size = 0; i < 40; i++) {
        size += (size_t)snprintf(lines + size, sizeof lines - size,
                                 "1795435622\t7083\t8580\tping\t-%zu-\t0\t\n", i);
    }
    process_await_out(page, "fill\n");
    (void)ask_master(url, "gates/7/packets?first=1", seven, lines);
    process_await_out(page, "empty\n");
    (void)ask_master(url, "gates/8/mailbox?after=40", eight, NULL);
    expect_checks_passed(page);
    process_end(master);
}

static void ten_thousand_devices_stay_readable(void **state) {
    (void)state;
    need_browser();
    static const char *const kinds[] = {"lamp", "door", "pump", "soil", "gate"};
    char text[4096];
    size_t size = (size_t)snprintf(text, sizeof text,
                                   "seed: 1\nstop: 20 s\n"
                                   "networks: {home: {link: ethernet}}\n"
                                   "brokers: {hall: {network: home, doors: [mqtt]}}\n"
                                   "devices:\n");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "  - name: %s-{i}\n"
                                 "    count: 2000\n"
                                 "    speaks: mqtt 5.0\n"
                                 "    broker: hall\n"
                                 "    publish: [{topic: \"%s/{name}\", qos: 1, every: 15 s, "
                                 "value: \"1\"}]\n",
                                 kinds[i], kinds[i]);
    }
    process_write_file("crowd.yaml", text);
    struct process *run = process_start("simulate", "-q", "--trace", "crowd", "crowd.yaml");
    process_assert_code(run, 0);
    struct process *shown = process_start("watch", "--web", "0", "crowd");
    process_await_out(shown, "\n");
    struct process *page = start_browser("web_world.js", process_text(&shown->out), "crowd");
    expect_checks_passed(page);
    print_message("%.*s", (int)strcspn(page->out.text, "\n") + 1, page->out.text);
    process_end(shown);
}

#define PAST_LINE "1795491531\t580\t83\tpubl\t-temp-21-\t400\t\n"
#define PAST_LINES 7000

static void who_came_long_ago_is_known(void **state) {
    (void)state;
    need_browser();
    static const char came[] = "1795491527\t83\t0\tjoin\t-broker-kitchen-\t600\t\n"
                               "1795491528\t580\t0\tjoin\t-client-lamp-\t600\t\n";
    char *text = malloc(sizeof came + PAST_LINES * strlen(PAST_LINE));
    assert_non_null(text);
    char *end = stpcpy(text, came);
    for (int i = 0; i < PAST_LINES; i++) {
        end = stpcpy(end, PAST_LINE);
    }
    process_write_file("past", text);
    free(text);
    struct process *shown = process_start("watch", "--web", "0", "past");
    process_await_out(shown, "\n");
    expect_checks_passed(start_browser("web_world.js", process_text(&shown->out), "past"));
    process_end(shown);
}

// Messages of QoS 1, each of which is four packets: to the broker, to a subscriber, and an answer
// to each.
#define SENT 3000
#define SENT_TEXT "3000"

static void several_pages_show_the_same_though_one_sleeps(void **state) {
    (void)state;
    need_browser();
    char number[8];
    char packets[16];
    struct process *broker = process_start("broker", "--mqtt", "0", "--web", "0");
    (void)snprintf(number, sizeof number, "%u", mqtt_port(broker, MQTT_TCP));
    (void)snprintf(packets, sizeof packets, "%d", 4 * SENT);
    struct process *pages = start_browser("web_pages.js", process_text(&broker->err), packets);
    process_await_out(pages, "send\n");
    struct process *load =
        process_start("load", "--port", number, "--publishers", "100", "--subscribers", "1",
                      "--qos", "1", "--messages", SENT_TEXT);
    process_assert_code(load, 0);
    expect_checks_passed(pages);
    print_message("%.*s", (int)(strstr(pages->out.text, "4 checks") - pages->out.text),
                  pages->out.text);
    process_end(broker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_broker_and_a_proxy_show_themselves),
        PROCESS_TEST(the_page_shows_what_the_capture_holds),
        PROCESS_TEST(a_rule_from_the_page_drops_a_puback_and_the_message_comes_again),
        PROCESS_TEST(a_page_has_the_levers_of_a_broker_and_of_an_api),
        PROCESS_TEST(a_simulation_shows_its_trace_and_a_folder_is_shown),
        PROCESS_TEST(an_unfinished_simulation_ends_with_its_page),
        PROCESS_TEST(tshark_and_the_page_count_the_same),
        PROCESS_TEST(messages_wait_at_a_client_that_is_away),
        PROCESS_TEST(a_mailbox_fills_at_the_master),
        PROCESS_TEST(ten_thousand_devices_stay_readable),
        PROCESS_TEST(who_came_long_ago_is_known),
        PROCESS_TEST(several_pages_show_the_same_though_one_sleeps),
        PROCESS_TEST(lessons_play_in_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
