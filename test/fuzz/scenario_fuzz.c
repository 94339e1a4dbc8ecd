// Input: a scenario's file. Whatever the bytes, there is a plan that holds together, or a list of
// mistakes with places in the file; what is made of them is given back. Small plans are played for
// a few moments, values and patterns included.
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "scenario/plan_read.h"
#include "scenario/plan_times.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEVICES_TRIED 3u
#define TIMES_TRIED 4u

static bool load(void *context, struct bytes name, struct bytes *content) {
    *content = *(const struct bytes *)context; // the file is its own table
    return name.size % 2 == 0;
}

static void play_publish(const struct plan_publish *publish, struct pattern_values values) {
    double state[VALUE_SLOTS_MAX] = {0};
    struct fault_random random = {values.i, 0};
    struct plan_moment moment = {.random = UINT64_MAX / 3};
    for (moment.n = 0; moment.n < TIMES_TRIED; moment.n++) {
        uint8_t room[VALUE_TEXT_MAX];
        uint8_t payload[64];
        uint64_t at = plan_times_publish(publish, &moment);
        if (at == UINT64_MAX) {
            return;
        }
        ASSERT(moment.n == 0 || at >= moment.before_ns);
        moment.before_ns = at;
        values.n = moment.n + 1;
        values.time_ns = at;
        if (publish->value.count > 0) {
            struct value value = value_next(
                &publish->value, &(struct value_input){at, values.i, values.n, &random, state});
            ASSERT(value.is_text || (value.number <= VALUE_MOST && value.number >= -VALUE_MOST));
            values.value = value_text(&publish->value, &value, room);
        }
        (void)pattern_write(&publish->payload, &values, payload, sizeof payload);
        (void)pattern_write(&publish->topic, &values, payload, sizeof payload);
    }
}

static void play(const struct plan *plan) {
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        for (uint32_t i = 0; i < group->count && i < DEVICES_TRIED; i++) {
            uint8_t room[PLAN_NAME_MAX];
            struct pattern_values values = plan_device_values(plan, group, i);
            values.name = plan_device_name(plan, group, i, room);
            ASSERT(values.name.size > 0);
            ASSERT(plan_device_link(plan, group, i) < plan->link_count);
            for (uint32_t p = 0; p < group->publish_count; p++) {
                play_publish(&group->publish[p], values);
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct read_errors errors;
    struct memory memory;
    struct plan plan;
    struct bytes text = bytes_make(data, size);
    const struct plan_input input = {.text = text, .load = load, .context = &text};
    memory_init(&memory);
    if (plan_read(&plan, &memory, &input, &errors)) {
        ASSERT(plan.device_count <= PLAN_DEVICES_MAX);
        play(&plan);
    } else {
        ASSERT(errors.count > 0 && errors.count <= READ_ERRORS_MAX);
        for (uint32_t i = 0; i < errors.count; i++) {
            ASSERT(errors.list[i].line > 0 && errors.list[i].column > 0);
            ASSERT(memchr(errors.list[i].text, '\0', READ_ERROR_BYTES) != NULL);
        }
    }
    plan_deinit(&plan);
    ASSERT(memory.bytes_in_use == 0);
    return 0;
}
