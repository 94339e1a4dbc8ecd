#include "role/master/grouping.h"

#include <string.h>

void grouping_init(struct grouping *grouping, struct memory *memory) {
    *grouping = (struct grouping){.memory = memory};
}

static void set_capacity(struct grouping *grouping, uint32_t capacity) {
    size_t old = grouping->capacity * sizeof(uint32_t);
    size_t new = capacity * sizeof(uint32_t);
    grouping->order = memory_resize(grouping->memory, grouping->order, old, new);
    grouping->group_of = memory_resize(grouping->memory, grouping->group_of, old, new);
    grouping->ends = memory_resize(grouping->memory, grouping->ends, old, new);
    grouping->capacity = capacity;
}

void grouping_deinit(struct grouping *grouping) {
    set_capacity(grouping, 0);
}

uint32_t grouping_gate_at(struct grouping_gates gates, uint32_t packet) {
    uint32_t gate;
    memcpy(&gate, (const uint8_t *)gates.first + packet * gates.stride, sizeof gate);
    return gate;
}

// Gives each packet a group, in the order of their first packets. Groups before `since` are closed,
// since a packet for all lies between. Returns how many there are.
static uint32_t find_groups(struct grouping *grouping, struct grouping_gates gates) {
    uint32_t groups = 0;
    uint32_t since = 0;
    uint32_t before = 0;
    for (uint32_t i = 0; i < gates.count; i++) {
        uint32_t gate = grouping_gate_at(gates, i);
        if (i == 0 || gate != before) {
            uint32_t group = gate == 0 ? MAP_NONE : map_get(&grouping->groups, gate);
            bool is_new = group == MAP_NONE || group < since;
            grouping->group_of[i] = is_new ? groups : group;
            if (is_new) {
                grouping->ends[groups] = 0;
                map_put(&grouping->groups, gate, groups++);
            }
            since = gate == 0 ? groups : since;
        } else {
            grouping->group_of[i] = grouping->group_of[i - 1];
        }
        grouping->ends[grouping->group_of[i]]++;
        before = gate;
    }
    return groups;
}

const uint32_t *grouping_sort(struct grouping *grouping, struct grouping_gates gates) {
    if (gates.count > grouping->capacity) {
        set_capacity(grouping, gates.count);
    }
    map_init(&grouping->groups, grouping->memory, 0);
    uint32_t groups = find_groups(grouping, gates);
    map_deinit(&grouping->groups);
    uint32_t at = 0;
    for (uint32_t i = 0; i < groups; i++) {
        uint32_t size = grouping->ends[i];
        grouping->ends[i] = at;
        at += size;
    }
    for (uint32_t i = 0; i < gates.count; i++) {
        grouping->order[grouping->ends[grouping->group_of[i]]++] = i;
    }
    return grouping->order;
}
