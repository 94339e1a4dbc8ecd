#include "scenario/read/read_devices.h"

#include "base/assert.h"

uint32_t read_group_find(const struct plan *plan, struct bytes label) {
    for (uint32_t i = 0; i < plan->group_count; i++) {
        if (bytes_equal(plan->groups[i].label, label)) {
            return i;
        }
    }
    return PLAN_NONE;
}

bool read_expectation_group(const struct read_field *field,
                            struct metric_expectation *expectation) {
    const struct plan *plan = field->context->plan;
    struct bytes label = bytes_of_text(expectation->group);
    struct word_nearest nearest;
    if (label.size == 0 || (field->context->has & READ_HAS_GROUPS) == 0) {
        return true;
    }
    expectation->group_index = read_group_find(plan, label);
    if (expectation->group_index != PLAN_NONE) {
        return true;
    }
    word_nearest_init(&nearest, label);
    for (uint32_t i = 0; i < plan->group_count; i++) {
        word_nearest_try(&nearest, plan->groups[i].label);
    }
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    read_mistake_quote(&mistake, label);
    buffer_append_text(&mistake.text, " is no group of devices");
    read_mistake_suggest(&mistake, &nearest);
    read_mistake_end(&mistake);
    return false;
}

// ---- networks and brokers of devices ------------------------------------------------------------

// Which places the devices of a group use: places[i / in_row % count].
struct places {
    struct read_context *context;
    const struct yaml_node *node;
    bool of_brokers;
    uint32_t *list;
    uint32_t count;
    uint32_t in_row;
};

static const char *path_of(const struct places *places) {
    return places->of_brokers ? "devices.broker" : "devices.network";
}

static bool add_place(struct places *places, const struct yaml_node *node, struct bytes name) {
    uint32_t place = places->of_brokers ? read_broker_find(places->context, name)
                                        : read_network_find(places->context, name);
    ASSERT(places->node->kind == YAML_SCALAR || places->count < places->node->count);
    places->list[places->count++] = place;
    return place != PLAN_NONE ||
           read_place_fail(places->context, node, path_of(places), name, places->of_brokers);
}

static uint32_t *make_list(const struct places *places, uint64_t count) {
    return arena_take(&places->context->plan->arena, count * sizeof *places->list);
}

static bool take_list(struct places *places) {
    places->in_row = 1;
    places->list = make_list(places, places->node->count);
    for (const struct yaml_node *node = places->node->first; node != NULL; node = node->next) {
        if (node->kind != YAML_SCALAR) {
            return read_fail(places->context, node, path_of(places), "is a list of names");
        }
        if (!add_place(places, node, node->text)) {
            return false;
        }
    }
    return places->count > 0 ||
           read_fail(places->context, places->node, path_of(places), "is an empty list");
}

static bool take_pattern(struct places *places, const struct plan_group *group) {
    struct pattern pattern;
    size_t at = 0;
    uint64_t in_row;
    uint64_t period;
    const char *wrong = pattern_compile(&pattern, &places->context->plan->arena, places->node->text,
                                        PATTERN_BIT(PATTERN_I), &at);
    if (wrong != NULL) {
        return read_fail(places->context, places->node, path_of(places), wrong);
    }
    pattern_period(&pattern, &in_row, &period);
    uint64_t needed = (group->count + in_row - 1) / in_row;
    uint64_t count = period == 0 || period > needed ? needed : period;
    places->in_row = in_row > UINT32_MAX ? UINT32_MAX : (uint32_t)in_row;
    places->list = make_list(places, count);
    for (uint64_t i = 0; i < count; i++) {
        const struct pattern_values values = {.i = i * in_row, .first = group->first};
        uint8_t room[PLAN_NAME_MAX];
        size_t size = pattern_write(&pattern, &values, room, sizeof room);
        if (!add_place(places, places->node,
                       bytes_make(room, size < sizeof room ? size : sizeof room))) {
            return false;
        }
    }
    return true;
}

static bool take_places(struct places *places, const struct plan_group *group) {
    return places->node->kind == YAML_LIST ? take_list(places) : take_pattern(places, group);
}

static bool join_places(struct read_context *context, const struct draft_group *draft,
                        struct plan_group *group) {
    struct places brokers = {.context = context, .node = draft->brokers.node, .of_brokers = true};
    struct places networks = {.context = context, .node = draft->networks.node};
    if (!take_places(&brokers, group)) {
        return false;
    }
    group->brokers = brokers.list;
    group->broker_count = brokers.count;
    group->broker_in_row = brokers.in_row;
    if (networks.node == NULL) {
        return true;
    }
    if (!take_places(&networks, group)) {
        return false;
    }
    group->networks = networks.list;
    group->network_count = networks.count;
    group->network_in_row = networks.in_row;
    return true;
}

// ---- what fits together -------------------------------------------------------------------------

static bool fail_group(struct read_context *context, const struct draft_group *draft,
                       const char *path, const char *why) {
    return read_fail(context, draft->head.node, path, why);
}

static bool doors_are_there(struct read_context *context, const struct draft_group *draft,
                            const struct plan_group *group) {
    bool is_mqtt = plan_speaks_mqtt(group->speaks);
    uint8_t door = is_mqtt ? PLAN_DOOR_MQTT : PLAN_DOOR_LINE;
    for (uint32_t i = 0; i < group->broker_count; i++) {
        if ((context->plan->brokers[group->brokers[i]].doors & door) == 0) {
            return fail_group(context, draft, "devices.broker",
                              is_mqtt ? "speaks no MQTT: see its doors"
                                      : "speaks no lines: see its doors");
        }
    }
    return true;
}

// What only 5.0 has.
static const char *new_thing(const struct plan_group *group) {
    const struct plan_connect *connect = &group->connect;
    if (connect->session_expiry_ns > 0) {
        return "devices.connect.session expiry";
    }
    if (connect->receive_maximum > 0) {
        return "devices.connect.receive maximum";
    }
    if (connect->scram) {
        return "devices.connect.scram";
    }
    if (connect->will.delay_ns > 0) {
        return "devices.connect.will.delay";
    }
    for (uint32_t i = 0; i < group->publish_count; i++) {
        if (group->publish[i].expiry_ns > 0) {
            return "devices.publish.expiry";
        }
    }
    for (uint32_t i = 0; i < group->subscribe_count; i++) {
        const struct plan_subscribe *subscribe = &group->subscribe[i];
        if (subscribe->no_local || subscribe->retain_as_published ||
            subscribe->retain_handling > 0) {
            return "devices.subscribe";
        }
    }
    return NULL;
}

// NULL: the devices can misbehave.
static const char *mischief_fault(const struct plan_group *group) {
    const char *fault = plan_speaks_mqtt(group->speaks) ? NULL : "is for MQTT";
    for (uint32_t i = 0; i < group->subscribe_count; i++) {
        fault = group->subscribe[i].share_name.size > 0
                    ? "does not go with a shared subscription, whose messages it would keep"
                    : fault;
    }
    return fault;
}

static bool version_fits(struct read_context *context, const struct draft_group *draft,
                         struct plan_group *group) {
    const char *path = group->speaks == PLAN_MQTT_5_0 ? NULL : new_thing(group);
    if (path != NULL) {
        return fail_group(context, draft, path, "only mqtt 5.0 has this");
    }
    if (!plan_speaks_mqtt(group->speaks) && group->connect.will.exists) {
        return fail_group(context, draft, "devices.connect.will", "lines have no wills");
    }
    const char *mischief = group->bad == 0 ? NULL : mischief_fault(group);
    if (mischief != NULL) {
        return fail_group(context, draft, "devices.misbehaves", mischief);
    }
    if (group->speaks != PLAN_MQTT_5_0 && !group->connect.clean_start) {
        group->connect.session_expiry_ns = UINT64_MAX;
    }
    return true;
}

static const char *publish_fault(const struct plan_publish *publish) {
    if (publish->jitter_ns > 0 && publish->jitter_ns >= publish->every_ns) {
        return "varies by as much as it is, or more";
    }
    if (publish->replay_count > 0 && publish->every_ns > 0) {
        return "is not needed: what is replayed has times of its own";
    }
    if (publish->curve_count > 0 && publish->every_ns == 0) {
        return "is needed: a curve is a share of it";
    }
    if (publish->from_ns >= publish->until_ns) {
        return "it begins when it has ended: see from and until";
    }
    return NULL;
}

static bool publications_fit(struct read_context *context, const struct draft_group *draft,
                             const struct plan_group *group) {
    for (uint32_t i = 0; i < group->publish_count; i++) {
        const char *why = publish_fault(&group->publish[i]);
        if (why != NULL) {
            return fail_group(context, draft, "devices.publish.every", why);
        }
    }
    for (uint32_t i = 0; i < group->subscribe_count; i++) {
        const struct plan_answer *answer = &group->subscribe[i].answer;
        if (answer->jitter_ns > answer->after_ns) {
            return fail_group(context, draft, "devices.subscribe.answer.after",
                              "varies by more than it is");
        }
    }
    if (group->sleep.jitter_ns > 0 && group->sleep.jitter_ns >= group->sleep.every_ns) {
        return fail_group(context, draft, "devices.sleep.every", "varies by as much as it is");
    }
    if (group->churn.jitter_ns > 0 && group->churn.jitter_ns >= group->churn.every_ns) {
        return fail_group(context, draft, "devices.churn.every", "varies by as much as it is");
    }
    return true;
}

// ---- names --------------------------------------------------------------------------------------

// The name up to its first brace, without the signs that join them.
static struct bytes label_of(const struct pattern *name) {
    static const char joining[] = {'-', '_', '.', '/', ':'};
    struct bytes label = name->source;
    const uint8_t *brace = label.size == 0 ? NULL : memchr(label.data, '{', label.size);
    label.size = brace == NULL ? label.size : (size_t)(brace - label.data);
    while (label.size > 1 && memchr(joining, label.data[label.size - 1], sizeof joining) != NULL) {
        label.size--;
    }
    return label;
}

static const char *name_fault(const struct plan *plan, const struct plan_group *group) {
    uint64_t in_row;
    uint64_t period;
    uint8_t room[PLAN_NAME_MAX + 1];
    struct pattern_values values = plan_device_values(plan, group, group->count - 1);
    size_t size = pattern_write(&group->name, &values, room, sizeof room);
    pattern_period(&group->name, &in_row, &period);
    if (group->count > 1 && (in_row != 1 || period != 0)) {
        return "there are several, so the name needs {i}, as in soil-{i}";
    }
    return read_name_fault(bytes_make(room, size < sizeof room ? size : sizeof room));
}

static bool names_are_good(struct read_context *context, const struct draft_group *draft,
                           struct plan_group *group) {
    const struct plan *plan = context->plan;
    const char *fault = name_fault(plan, group);
    if (fault != NULL) {
        return fail_group(context, draft, "devices.name", fault);
    }
    if (group->label.size == 0) {
        group->label = label_of(&group->name);
    }
    fault = read_name_fault(group->label);
    if (fault != NULL) {
        return fail_group(context, draft, "devices.group", fault);
    }
    for (uint32_t i = 0; i < plan->group_count; i++) {
        if (bytes_equal(plan->groups[i].name.source, group->name.source)) {
            return fail_group(context, draft, "devices.name", "is that of another group");
        }
        if (bytes_equal(plan->groups[i].label, group->label)) {
            return fail_group(context, draft, "devices.group",
                              "is what another group is called; say `group: ...`");
        }
    }
    return true;
}

// ---- joining ------------------------------------------------------------------------------------

static bool join_group(struct read_context *context, const struct draft_group *draft) {
    struct plan *plan = context->plan;
    struct plan_group group = draft->group;
    if ((uint64_t)plan->device_count + group.count > PLAN_DEVICES_MAX) {
        return fail_group(context, draft, "devices.count", "makes more than 10000000 in all");
    }
    if (!join_places(context, draft, &group)) {
        return false;
    }
    bool is_good = names_are_good(context, draft, &group);
    is_good = doors_are_there(context, draft, &group) && is_good;
    is_good = version_fits(context, draft, &group) && is_good;
    is_good = publications_fit(context, draft, &group) && is_good;
    ASSERT(plan->group_count < context->draft.group_count);
    plan->device_count += group.count;
    plan->groups[plan->group_count++] = group;
    return is_good;
}

bool read_devices_join(struct read_context *context) {
    const struct draft *draft = &context->draft;
    struct plan *plan = context->plan;
    bool is_good = true;
    plan->groups = arena_take(&plan->arena, draft->group_count * sizeof *plan->groups);
    for (uint32_t i = 0; i < draft->group_count; i++) {
        is_good = join_group(context, &draft->groups[i]) && is_good;
    }
    return is_good;
}
