#include "support.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/plan_read.h"

struct fixture {
    struct memory memory;
    struct plan plan;
    struct read_errors errors;
    bool is_good;
};

static bool load(void *context, struct bytes name, struct bytes *content) {
    *content = bytes_of_text(context);
    return bytes_equal(name, BYTES_LITERAL("soil.csv"));
}

static void read_with(struct fixture *fixture, const char *text, const char *table) {
    const struct plan_input input = {.text = bytes_of_text(text),
                                     .load = table == NULL ? NULL : load,
                                     .context = (void *)(uintptr_t)table};
    memory_init(&fixture->memory);
    fixture->is_good = plan_read(&fixture->plan, &fixture->memory, &input, &fixture->errors);
    if (fixture->errors.count > 0) {
        print_message("%u:%u: %s\n", fixture->errors.list[0].line, fixture->errors.list[0].column,
                      fixture->errors.list[0].text);
    }
    assert_int_equal(fixture->is_good, fixture->errors.count == 0);
}

static void finish(struct fixture *fixture) {
    plan_deinit(&fixture->plan);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
}

// The least that a scenario has, before and behind what a test is about.
#define WORLD                                                                     \
    "stop: 1 h\n"                                                                 \
    "networks: {farm: {link: wifi}, city: {}}\n"                                  \
    "routers: [{network: farm, gate: 7, uplink: 3g}, {network: city, gate: 9}]\n" \
    "brokers: {hall: {network: city}}\n"
#define GROUP "{name: \"soil-{i}\", count: 20, speaks: mqtt 5.0, broker: hall"
#define DEVICES "devices: [" GROUP "}]\n"

static void a_small_file_has_all_defaults(void **state) {
    (void)state;
    struct fixture fixture;
    read_with(&fixture, WORLD DEVICES, NULL);
    assert_true(fixture.is_good);
    const struct plan *plan = &fixture.plan;
    const struct plan_group *group = &plan->groups[0];
    assert_int_equal(plan->seed, 1);
    assert_int_equal(plan->stop_ns, 3600 * PLAN_SECOND);
    assert_int_equal(plan->device_count, 20);
    assert_int_equal(plan->router_count, 2);
    assert_true(plan->master.exists);
    assert_int_equal(plan->master.store, PLAN_DURABLE);
    assert_bytes_equal(plan->routers[0].name, BYTES_LITERAL("farm-router"));
    assert_int_equal(plan->brokers[0].doors, PLAN_DOOR_LINE | PLAN_DOOR_MQTT);
    assert_int_equal(plan->brokers[0].link, PLAN_NONE);
    assert_bytes_equal(plan->links[plan->networks[1].link].name, BYTES_LITERAL("ethernet"));
    assert_bytes_equal(group->label, BYTES_LITERAL("soil"));
    assert_int_equal(group->connect.keep_alive_s, 60);
    assert_int_equal(group->connect.retry.kind, MQTT_CLIENT_RETRY_FULL);
    assert_int_equal(group->connect.retry.most, 120 * PLAN_SECOND);
    assert_true(group->connect.clean_start);
    assert_false(group->connect.will.exists);
    assert_int_equal(group->sleep.every_ns, 0);
    assert_int_equal(group->link, PLAN_NONE);
    finish(&fixture);
}

static void all_that_a_group_says_is_in_the_plan(void **state) {
    (void)state;
    struct fixture fixture;
    read_with(&fixture,
              WORLD
              "devices: [" GROUP ",\n link: nb-iot, group: earth, clock drift: 50,\n"
              " connect: {within: 10 min, clean start: no, session expiry: never,\n"
              "   back-off: exponential 1 s to 1 min with decorrelated jitter 9 attempts,\n"
              "   will: {topic: 'a/{name}', payload: gone, qos: 2, delay: 5 s}},\n"
              " publish: [{topic: 'a/{i}', qos: 1, every: 60 s ~ 10 %, value: 'walk(0,9,1)',\n"
              "   size: 1 KiB, curve: {06:00: 10 %, 18:00: 100 %}}],\n"
              " subscribe: [{filter: 'b/+', qos: 2, answer: {topic: '{topic}/ok',\n"
              "   payload: '{payload}!', after: 2 s ~ 1 s, share: 50 %}}],\n"
              " sleep: {every: 15 min, for: 14 min},\n"
              " misbehaves: [same id, garbage], misbehaving: 5 %, per packet: 20 ms}]\n",
              NULL);
    assert_true(fixture.is_good);
    const struct plan_group *group = &fixture.plan.groups[0];
    assert_bytes_equal(group->label, BYTES_LITERAL("earth"));
    assert_bytes_equal(fixture.plan.links[group->link].name, BYTES_LITERAL("nb-iot"));
    assert_int_equal(group->connect.session_expiry_ns, UINT64_MAX);
    assert_int_equal(group->connect.retry.kind, MQTT_CLIENT_RETRY_DECORRELATED);
    assert_int_equal(group->connect.retry.attempts, 9);
    assert_true(group->connect.will.exists);
    assert_int_equal(group->connect.will.qos, 2);
    assert_int_equal(group->publish[0].every_ns, 60 * PLAN_SECOND);
    assert_int_equal(group->publish[0].jitter_ns, 6 * PLAN_SECOND);
    assert_int_equal(group->publish[0].size, 1024);
    assert_int_equal(group->publish[0].curve[1].share, PLAN_MILLION);
    assert_int_equal(group->publish[0].value.slots, 1);
    assert_int_equal(group->subscribe[0].answer.share, PLAN_MILLION / 2);
    assert_int_equal(group->subscribe[0].answer.jitter_ns, PLAN_SECOND);
    assert_true(group->sleep.says_goodbye);
    assert_int_equal(group->bad, PLAN_BAD_SAME_ID | PLAN_BAD_GARBAGE);
    assert_int_equal(group->bad_share, 50000);
    assert_int_equal(group->processing.packet_ns, 20000000);
    finish(&fixture);
}

static void things_are_multiplied_and_found_by_their_patterns(void **state) {
    (void)state;
    struct fixture fixture;
    read_with(
        &fixture,
        "stop: 1 h\n"
        "networks: {\"block-{i}\": {count: 3}}\n"
        "routers: [{network: \"block-{i}\", count: 3, gate: 10}]\n"
        "brokers: {\"hub-{i}\": {count: 3, network: \"block-{i}\"}}\n"
        "devices:\n"
        "  - {name: \"m-{i:4}\", count: 30, speaks: line classic, broker: \"hub-{i per 10}\"}\n"
        "  - {name: \"t-{i}\", count: 9, speaks: mqtt 3.1.1, broker: [hub-3, hub-1]}\n"
        "  - {name: \"u-{i}\", count: 9, speaks: mqtt 3.1, broker: \"hub-{i of 3}\",\n"
        "     network: block-2}\n",
        NULL);
    assert_true(fixture.is_good);
    const struct plan *plan = &fixture.plan;
    uint8_t room[PLAN_NAME_MAX];
    assert_int_equal(plan->network_count, 3);
    assert_int_equal(plan->routers[2].gate, 12);
    assert_bytes_equal(plan->routers[2].name, BYTES_LITERAL("block-3-router"));
    assert_int_equal(plan->brokers[2].network, 2);
    assert_int_equal(plan_device_broker(&plan->groups[0], 9), 0);
    assert_int_equal(plan_device_broker(&plan->groups[0], 10), 1);
    assert_bytes_equal(plan_device_name(plan, &plan->groups[0], 10, room), BYTES_LITERAL("m-0011"));
    assert_int_equal(plan_device_broker(&plan->groups[1], 0), 2);
    assert_int_equal(plan_device_broker(&plan->groups[1], 1), 0);
    assert_int_equal(plan_device_broker(&plan->groups[2], 4), 1);
    assert_int_equal(plan_device_network(plan, &plan->groups[2], 4), 1);
    finish(&fixture);
}

static void faults_befall_whom_they_name(void **state) {
    (void)state;
    struct fixture fixture;
    read_with(&fixture,
              WORLD DEVICES "links: {slow: {like: 3g, up: 8 kbit/s}}\n"
                            "faults:\n"
                            "  - {at: 10 min, for: 1 min, every: 20 min, do: link soil down}\n"
                            "  - {do: link soil-1* as slow}\n"
                            "  - {do: partition farm from city one way}\n"
                            "  - {do: crash hall without journal, for: 5 s}\n"
                            "  - {do: restart master}\n"
                            "  - {do: pause farm-router}\n"
                            "  - {do: step clock of soil-3 back by 90 s}\n"
                            "  - {do: limit queue of broker hall to 10}\n"
                            "  - {do: limit mailbox of master to 7}\n"
                            "  - {do: surge soil by 2.5}\n"
                            "  - drop PUBACK 3 from soil-17\n",
              NULL);
    assert_true(fixture.is_good);
    static const enum plan_fault_kind kinds[] = {
        PLAN_LINK_DOWN,  PLAN_LINK_AS,     PLAN_PARTITION,     PLAN_CRASH, PLAN_RESTART, PLAN_PAUSE,
        PLAN_CLOCK_STEP, PLAN_LIMIT_QUEUE, PLAN_LIMIT_MAILBOX, PLAN_SURGE, PLAN_RULE};
    const struct plan_fault *faults = fixture.plan.faults;
    assert_int_equal(fixture.plan.fault_count, 11);
    for (unsigned i = 0; i < 11; i++) {
        assert_int_equal(faults[i].kind, kinds[i]);
    }
    assert_int_equal(faults[0].every_ns, 1200 * PLAN_SECOND);
    assert_int_equal(faults[0].who.kind, PLAN_PARTY_GROUP);
    assert_int_equal(faults[1].who.kind, PLAN_PARTY_DEVICES);
    assert_int_equal(fixture.plan.links[faults[1].link].up, 8000);
    assert_int_equal(fixture.plan.links[faults[1].link].delay_ns, 150000000);
    assert_true(faults[2].is_one_way && faults[3].without_journal);
    assert_int_equal(faults[4].who.kind, PLAN_PARTY_MASTER);
    assert_int_equal(faults[5].who.kind, PLAN_PARTY_ROUTER);
    assert_true(faults[6].step_ns == -90 * (int64_t)PLAN_SECOND);
    assert_int_equal(faults[8].limit, 7);
    assert_int_equal(faults[9].surge, 2500000);
    finish(&fixture);
}

static void tables_are_played_with_their_times(void **state) {
    (void)state;
    struct fixture fixture;
    const char *text =
        WORLD "devices: [" GROUP ", publish: [{topic: a, replay: soil.csv column 3}]}]\n";
    read_with(&fixture, text, "time,x,moisture\r\n10,1,\"a b\"\n\n10.5,2,c\n1 min,3,d");
    assert_true(fixture.is_good);
    const struct plan_publish *publish = &fixture.plan.groups[0].publish[0];
    assert_int_equal(publish->replay_count, 3);
    assert_bytes_equal(publish->replay[0].value, BYTES_LITERAL("a b"));
    assert_int_equal(publish->replay[1].at_ns, PLAN_SECOND / 2);
    assert_int_equal(publish->replay[2].at_ns, 50 * PLAN_SECOND);
    finish(&fixture);
    static const char *const wrong[] = {"", "time,x,y\n", "1,2,3\n0,2,3\n", "1,2\n",
                                        "1,2,3\nx,2,3\n"};
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        read_with(&fixture, text, wrong[i]);
        assert_false(fixture.is_good);
        finish(&fixture);
    }
    read_with(&fixture, text, NULL);
    assert_false(fixture.is_good);
    finish(&fixture);
}

// ---- mistakes -----------------------------------------------------------------------------------

struct mistake {
    const char *text;
    const char *place;
    const char *says;
};

static bool is_told(const struct mistake *mistake) {
    struct fixture fixture;
    char found[READ_ERROR_BYTES + 32];
    read_with(&fixture, mistake->text, NULL);
    const struct read_error *error = &fixture.errors.list[0];
    snprintf(found, sizeof found, "%u:%u", error->line, error->column);
    bool is_told = fixture.errors.count == 1 && strcmp(found, mistake->place) == 0 &&
                   strstr(error->text, mistake->says) != NULL;
    if (!is_told) {
        print_error("%u mistakes, not one at %s: %s\n", fixture.errors.count, mistake->place,
                    mistake->says);
    }
    finish(&fixture);
    return is_told;
}

static void assert_told(const struct mistake *mistakes, size_t count) {
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        wrong += !is_told(&mistakes[i]);
    }
    assert_int_equal(wrong, 0);
}

static void mistakes_are_told_with_line_column_and_what_is_near(void **state) {
    (void)state;
    static const struct mistake rows[] = {
        {WORLD DEVICES "sed: 1\n", "6:1", "'sed' is no key here; did you mean seed?"},
        {WORLD DEVICES "seed: x\n", "6:7", "no whole number"},
        {WORLD DEVICES "stop: 2 h\n", "6:1", "stands here twice"},
        {WORLD DEVICES "calm: 2 h\n", "1:1", "as long as the whole run"},
        {WORLD DEVICES "calm: 2 hours\n", "6:9", "allowed: us, ms, s, min, h, d"},
        {WORLD DEVICES "calm: 2\n", "6:7", "has no unit"},
        {WORLD DEVICES "calm:\n", "6:1", "has nothing behind it"},
        {WORLD "devices: []\n", "5:10", "there are 0; allowed: 1 to 1000"},
        {WORLD "devices: {}\n", "5:10", "a list"},
        {WORLD "devices: [" GROUP ", link: wify}]\n", "5:79", "did you mean wifi?"},
        {WORLD "devices: [" GROUP ", network: fam}]\n", "5:82", "did you mean farm?"},
        {WORLD "devices: [" GROUP ", connect: {keep alive: 99999 s}}]\n", "5:95", "too much"},
        {WORLD "devices: [" GROUP ", connect: 5 s}]\n", "5:82", "keys of its own"},
        {WORLD "devices: [" GROUP ", publish: [{topic: \"a/#\"}]}]\n", "5:93", "+ or #"},
        {WORLD "devices: [" GROUP ", publish: [{topic: a, value: \"wolk(1)\"}]}]\n", "5:103",
         "did you mean walk?"},
        {WORLD "devices: [" GROUP ", publish: [{topic: a, every: 1 s ~ 2 s}]}]\n", "5:11",
         "varies by as much"},
        {WORLD "devices: [" GROUP ", publish: [{topic: a, curve: {06:00: 1 %}}]}]\n", "5:11",
         "a curve is a share"},
        {WORLD "devices: [" GROUP ", publish: [{topic: a, every: 1 s, curve: {25:00: 1 %}}]}]\n",
         "5:114", "no time of day"},
        {WORLD "devices: [" GROUP ", publish: [{topic: a, every: 1 s, curve: {05:00: 0 %}}]}]\n",
         "5:113", "never busy"},
        {WORLD "devices: [" GROUP ", subscribe: [{filter: a/#/b}]}]\n", "5:94", "must be last"},
        {WORLD "devices: [" GROUP ", misbehaving: 101 %}]\n", "5:86", "more than 100 %"},
        {WORLD "devices: [" GROUP ", sleep: {every: 1 h}}]\n", "5:80", "for: is missing"},
        {WORLD "devices: [" GROUP "}, " GROUP "}]\n", "5:74", "is that of another group"},
        {WORLD "devices: [{name: soil, count: 2, speaks: mqtt 5.0, broker: hall}]\n", "5:11",
         "needs {i}"},
        {WORLD "devices: [{name: a+b, speaks: mqtt 5.0, broker: hall}]\n", "5:11", "in its name"},
        {WORLD "devices: [{name: a, speaks: mqtt 3.1.1, broker: hall, connect: {session expiry: 1 "
               "h}}]\n",
         "5:11", "only mqtt 5.0"},
        {WORLD "devices: [{name: a, speaks: line sodium, broker: hall, connect: {will: {topic: "
               "a}}}]\n",
         "5:11", "lines have no wills"},
        {WORLD DEVICES "faults: [{at: 2 h, do: link soil down}]\n", "6:10", "behind the end"},
        {WORLD DEVICES "faults: [{for: 2 s, every: 1 s, do: link soil down}]\n", "6:10",
         "the fault never ends"},
        {WORLD DEVICES "faults: [link sol down]\n", "6:15", "did you mean soil?"},
        {WORLD DEVICES "faults: [link soil dwn]\n", "6:20", "did you mean down?"},
        {WORLD DEVICES "faults: [crash farm]\n", "6:16", "nobody whom this can befall"},
        {WORLD DEVICES "faults: [crush hall]\n", "6:10", "did you mean crash?"},
        {WORLD DEVICES "faults: [drop PUBAK]\n", "6:15", "did you mean PUBACK?"},
        {WORLD DEVICES "faults: [link soil as tin can]\n", "6:23", "no link"},
        {WORLD DEVICES "faults: [surge soil by 0]\n", "6:24", "no surge"},
        {WORLD DEVICES "expect: [lost.qos9 == 0]\n", "6:10", "did you mean lost.qos"},
        {WORLD DEVICES "expect: [lost of sol == 0]\n", "6:10", "did you mean soil?"},
        {WORLD DEVICES "expect: lost == 0\n", "6:9", "a list of comparisons"},
        {WORLD DEVICES "links: {x: {up: 0 bit/s}}\n", "6:17", "no speed"},
        {WORLD DEVICES "links: {x: {loss: 5 % in burst of 3}}\n", "6:26", "did you mean bursts?"},
        {WORLD DEVICES "a: &a [*a]\n", "6:9", "alias of what it stands in"},
        {WORLD DEVICES "a: *b\n", "6:5", "alias of nothing"},
        {"", "1:1", "empty"},
        {"- 1\n", "1:1", "no map of keys"},
        {"a: [1\n", "2:1", ""},
        {"\xff", "1:1", "UTF-8"},
        {WORLD DEVICES "---\nseed: 1\n", "7:1", "more than one document"},
    };
    assert_told(rows, sizeof rows / sizeof *rows);
}

static void worlds_that_do_not_join_are_told(void **state) {
    (void)state;
    static const struct mistake rows[] = {
        {"stop: 1 h\nnetworks: {a: {}, a: {}}\nbrokers: {b: {network: a}}\n" DEVICES, "2:19",
         "stands here twice"},
        {"stop: 1 h\nnetworks: {a: {count: 2}}\nbrokers: {hall: {network: a}}\n" DEVICES, "2:12",
         "needs {i}"},
        {"stop: 1 h\nnetworks: {a: {}}\nbrokers: {hall: {network: b}}\n" DEVICES, "3:17",
         "'b' is no network"},
        {"stop: 1 h\nnetworks: {a: {}}\nrouters: [{network: a, gate: 1}, {network: a, gate: 2}]\n"
         "brokers: {hall: {network: a}}\n" DEVICES,
         "3:34", "has a router already"},
        {"stop: 1 h\nnetworks: {a: {}, b: {}}\nrouters: [{network: a, gate: 1}, {network: b, "
         "gate: 1}]\nbrokers: {hall: {network: a}}\n" DEVICES,
         "3:34", "another router has"},
        {"stop: 1 h\nmaster: {mailbox: 5}\nnetworks: {a: {}}\nbrokers: {hall: {network: "
         "a}}\n" DEVICES,
         "2:1", "no routers"},
        {"stop: 1 h\nnetworks: {a: {}}\nbrokers: {hall: {network: a, doors: line}}\n" DEVICES,
         "4:11", "speaks no MQTT"},
        {"stop: 1 h\nnetworks: {\"a{i}\": {count: 100000}, \"b{i}\": {count: 100000}}\n"
         "brokers: {hall: {network: a1}}\n" DEVICES,
         "1:1", "200000 in all; allowed: up to 100000"},
        {"stop: 1 h\nnetworks: {a: {}}\nbrokers: {hall: {network: a}}\n"
         "devices: [{name: \"a{i}\", count: 9000000, speaks: mqtt 5.0, broker: hall},\n"
         " {name: \"b{i}\", count: 9000000, speaks: mqtt 5.0, broker: hall}]\n",
         "5:2", "more than 10000000"},
        {"stop: 0 s\nnetworks: {a: {}}\nbrokers: {hall: {network: a}}\n" DEVICES, "1:7",
         "too little"},
        {"networks: {a: {}}\nbrokers: {hall: {network: a}}\n" DEVICES, "1:1", "stop: is missing"},
    };
    assert_told(rows, sizeof rows / sizeof *rows);
}

static void all_mistakes_are_told_in_the_order_of_lines(void **state) {
    (void)state;
    struct fixture fixture;
    read_with(&fixture,
              "expect: [lst == 0]\n"
              "stop: 1 x\n"
              "networks: {farm: {link: wify, cnt: 2}}\n"
              "brokers: {hall: {network: farm, store: stone}}\n"
              "devices: [{name: a, speaks: mqtt 6, broker: hall, publish: [{qos: 4}]}]\n",
              NULL);
    assert_int_equal(fixture.errors.count, 8);
    for (unsigned i = 1; i < fixture.errors.count; i++) {
        const struct read_error *error = &fixture.errors.list[i];
        assert_true(error->line > error[-1].line ||
                    (error->line == error[-1].line && error->column >= error[-1].column));
    }
    finish(&fixture);
}

static void mistakes_beyond_the_list_are_counted(void **state) {
    (void)state;
    struct fixture fixture;
    char text[8192] = WORLD DEVICES;
    for (unsigned i = 0; i < READ_ERRORS_MAX + 5; i++) {
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size, "key%u: 1\n", i);
    }
    read_with(&fixture, text, NULL);
    assert_int_equal(fixture.errors.count, READ_ERRORS_MAX);
    assert_int_equal(fixture.errors.more, 5);
    finish(&fixture);
}

static void a_bomb_of_aliases_does_not_explode(void **state) {
    (void)state;
    struct fixture fixture;
    char text[4096] = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (unsigned i = 1; i < 12; i++) {
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size,
                 "a%u: &a%u [*a%u, *a%u, *a%u, *a%u, *a%u, *a%u, *a%u, *a%u]\n", i, i, i - 1, i - 1,
                 i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    }
    read_with(&fixture, text, NULL);
    assert_non_null(strstr(fixture.errors.list[0].text, "more than 50000 parts"));
    finish(&fixture);
}

static void depth_is_bounded(void **state) {
    (void)state;
    struct fixture fixture;
    char text[4096] = "a: ";
    memset(text + 3, '[', 4000);
    read_with(&fixture, text, NULL);
    assert_int_equal(fixture.errors.count, 1);
    assert_non_null(strstr(fixture.errors.list[0].text, "16 levels"));
    finish(&fixture);
}

static void aliases_stand_for_what_they_name(void **state) {
    (void)state;
    struct fixture fixture;
    read_with(&fixture,
              WORLD "devices:\n"
                    "  - {name: a, speaks: mqtt 5.0, broker: hall, connect: &c {keep alive: 7 s}}\n"
                    "  - {name: b, speaks: mqtt 5.0, broker: hall, connect: *c}\n",
              NULL);
    assert_true(fixture.is_good);
    assert_int_equal(fixture.plan.groups[1].connect.keep_alive_s, 7);
    finish(&fixture);
}

// ---- the scenarios of the project -------------------------------------------------------------

#define SCENARIOS_LEAST 15

static bool load_beside(void *context, struct bytes name, struct bytes *content) {
    char **loaded = context;
    char path[256];
    size_t size;
    snprintf(path, sizeof path, "scenarios/%.*s", (int)name.size, (const char *)name.data);
    free(*loaded);
    *loaded = support_read_file(path, &size);
    *content = bytes_make(*loaded, *loaded == NULL ? 0 : size);
    return *loaded != NULL;
}

static void assert_read(const char *path) {
    struct memory memory;
    struct plan plan;
    static struct read_errors errors;
    char *loaded = NULL;
    size_t size;
    char *text = support_read_file(path, &size);
    assert_non_null(text);
    const struct plan_input input = {
        .text = bytes_make(text, size), .load = load_beside, .context = &loaded};
    memory_init(&memory);
    if (!plan_read(&plan, &memory, &input, &errors)) {
        fail_msg("%s:%u:%u: %s", path, errors.list[0].line, errors.list[0].column,
                 errors.list[0].text);
    }
    assert_true(plan.title.size > 0);
    assert_true(plan.expectation_count > 0);
    assert_true(bytes_starts_with(input.text, BYTES_LITERAL("# yaml-language-server: ")));
    assert_non_null(strstr(text, "\n# It teaches "));
    assert_true(strstr(text, "\n# Change: ") != NULL || strstr(text, " Change: ") != NULL ||
                strstr(text, "\n# Look at it: ") != NULL);
    plan_deinit(&plan);
    assert_int_equal(memory.bytes_in_use, 0);
    free(loaded);
    free(text);
}

static void all_scenarios_are_read(void **state) {
    (void)state;
    glob_t found;
    assert_int_equal(glob("scenarios/*.yaml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= SCENARIOS_LEAST);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        assert_read(found.gl_pathv[i]);
    }
    globfree(&found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_file_has_all_defaults),
        cmocka_unit_test(all_that_a_group_says_is_in_the_plan),
        cmocka_unit_test(things_are_multiplied_and_found_by_their_patterns),
        cmocka_unit_test(faults_befall_whom_they_name),
        cmocka_unit_test(tables_are_played_with_their_times),
        cmocka_unit_test(mistakes_are_told_with_line_column_and_what_is_near),
        cmocka_unit_test(worlds_that_do_not_join_are_told),
        cmocka_unit_test(all_mistakes_are_told_in_the_order_of_lines),
        cmocka_unit_test(mistakes_beyond_the_list_are_counted),
        cmocka_unit_test(a_bomb_of_aliases_does_not_explode),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(aliases_stand_for_what_they_name),
        cmocka_unit_test(all_scenarios_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
