// What is left of a scenario that goes wrong: no more than it takes.
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/plan_read.h"
#include "scenario/reduce/reduce.h"

static const char scenario[] =
    "title: A crowd\n"
    "seed: 42\n"
    "stop: 1 h\n"
    "calm: 5 min\n"
    "networks: {town: {link: wifi}, other: {}}\n"
    "brokers: {hub: {network: town, store: durable, store time: 3 ms}, far: {network: other}}\n"
    "devices:\n"
    "  - {name: \"a-{i}\", count: 77, speaks: mqtt 5.0, broker: hub,\n"
    "     publish: [{topic: x, qos: 2, every: 17 s ~ 20 %}, {topic: y, every: 3 s}]}\n"
    "  - {name: \"b-{i}\", count: 20, speaks: mqtt 5.0, broker: hub, subscribe: [{filter: x}]}\n"
    "  - {name: \"c-{i}\", count: 20, speaks: mqtt 5.0, broker: far}\n"
    "faults:\n"
    "  - {at: 7 min, for: 137 s, do: crash hub}\n"
    "  - drop PUBACK 3\n"
    "  - cut before every 17 PUBREC\n"
    "expect: [lost == 0]\n";

struct judge {
    struct memory memory;
    struct read_errors errors;
    uint32_t readable;
};

// It goes wrong where a group publishes with QoS 2 more often than each half minute, two devices at
// least, and there is a rule about packets.
static bool goes_wrong(void *context, struct bytes text) {
    struct judge *judge = context;
    struct plan plan;
    bool is_publishing = false;
    bool has_rule = false;
    bool is_read =
        plan_read(&plan, &judge->memory, &(struct plan_input){.text = text}, &judge->errors);
    for (uint32_t i = 0; is_read && i < plan.group_count; i++) {
        const struct plan_group *group = &plan.groups[i];
        for (uint32_t k = 0; k < group->publish_count; k++) {
            is_publishing = is_publishing || (group->count >= 2 && group->publish[k].qos == 2 &&
                                              group->publish[k].every_ns < 30 * PLAN_SECOND);
        }
    }
    for (uint32_t i = 0; is_read && i < plan.fault_count; i++) {
        has_rule = has_rule || plan.faults[i].kind == PLAN_RULE;
    }
    judge->readable += is_read;
    plan_deinit(&plan);
    return is_read && is_publishing && has_rule;
}

static uint32_t reduce(const struct reduce_options *options, char *text, size_t room) {
    static struct judge judge;
    struct memory memory;
    struct outline outline;
    struct yaml_error error;
    struct buffer out;
    memset(&judge, 0, sizeof judge);
    memory_init(&memory);
    memory_init(&judge.memory);
    buffer_init(&out, &memory);
    assert_true(outline_init(&outline, &memory, bytes_of_text(scenario),
                             &(struct outline_options){.seed = 42}, &error));
    uint32_t tries = reduce_outline(&outline, &(struct reduce_port){goes_wrong, &judge}, options);
    outline_write(&outline, &out);
    assert_true(goes_wrong(&judge, buffer_bytes(&out)));
    assert_true(out.size < room);
    memcpy(text, out.data, out.size);
    text[out.size] = '\0';
    buffer_deinit(&out);
    outline_deinit(&outline);
    assert_int_equal(memory.bytes_in_use, 0);
    assert_int_equal(judge.memory.bytes_in_use, 0);
    return tries;
}

static void what_is_not_needed_goes(void **state) {
    (void)state;
    char text[4096];
    uint32_t tries =
        reduce(&(struct reduce_options){.tries_max = 2000, .stop_ns = 20 * PLAN_SECOND}, text,
               sizeof text);
    assert_in_range(tries, 10, 400);
    assert_string_equal(text,
                        "stop: 1 ms\n"
                        "networks: {town: {}}\n"
                        "brokers: {hub: {network: town}}\n"
                        "devices: [{name: \"a-{i}\", count: 2, speaks: mqtt 5.0, broker: hub, "
                        "publish: [{topic: x, qos: 2}]}]\n"
                        "faults: [drop PUBACK 3]\n");
}

static void tries_are_bounded(void **state) {
    (void)state;
    char text[4096];
    assert_int_equal(reduce(&(struct reduce_options){.tries_max = 7}, text, sizeof text), 7);
}

static void it_is_the_same_each_time(void **state) {
    (void)state;
    char text[4096];
    char again[4096];
    const struct reduce_options options = {.tries_max = 60};
    assert_int_equal(reduce(&options, text, sizeof text), reduce(&options, again, sizeof again));
    assert_string_equal(text, again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_needed_goes),
        cmocka_unit_test(tries_are_bounded),
        cmocka_unit_test(it_is_the_same_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
