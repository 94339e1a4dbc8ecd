#include "scenario/read/read_world.h"

#include "base/assert.h"
#include "scenario/read/read_devices.h"
#include "scenario/units.h"

#define PROFILES_MAX 32u // that a file can name, beside its own links

// ---- links --------------------------------------------------------------------------------------

static void join_link(struct plan_link *link, const struct draft_link *draft) {
    const struct fault_profile *like =
        draft->like == DRAFT_NO_PROFILE ? NULL : fault_profile(draft->like);
    *link = draft->link;
    link->name = draft->head.name;
    if (like == NULL) {
        return;
    }
    link->jitter_ns = link->delay_ns == 0 ? like->jitter_ns : link->jitter_ns;
    link->delay_ns = link->delay_ns == 0 ? like->delay_ns : link->delay_ns;
    link->up = link->up == 0 ? like->up : link->up;
    link->down = link->down == 0 ? like->down : link->down;
    link->loss = draft->has_loss ? link->loss : like->loss;
}

static bool link_is_new(const struct plan *plan, struct bytes name) {
    for (uint32_t i = 0; i < plan->link_count; i++) {
        if (bytes_equal(plan->links[i].name, name)) {
            return false;
        }
    }
    return true;
}

// There is room for all profiles behind the links of the file.
static bool join_links(struct read_context *context) {
    const struct draft *draft = &context->draft;
    struct plan *plan = context->plan;
    bool is_good = true;
    ASSERT(fault_profile(PROFILES_MAX) == NULL);
    plan->links =
        arena_take(&plan->arena, (draft->link_count + PROFILES_MAX) * sizeof *plan->links);
    for (uint32_t i = 0; i < draft->link_count; i++) {
        const struct draft_link *own = &draft->links[i];
        const char *fault = read_name_fault(own->head.name);
        fault = fault == NULL && !link_is_new(plan, own->head.name) ? "stands here twice" : fault;
        if (fault != NULL) {
            is_good = read_fail_quoting(context, own->head.node->key, "links", fault);
        }
        join_link(&plan->links[plan->link_count++], own);
    }
    return is_good;
}

// ---- what there are several of ------------------------------------------------------------------

// A pattern for the names of so many things, number by number.
struct several {
    struct read_context *context;
    const char *path;
    const struct yaml_node *node; // where the name stands
    struct pattern pattern;
    uint32_t count;
    uint32_t first;
};

static bool several_init(struct several *several, struct bytes name) {
    size_t at = 0;
    const char *wrong = pattern_compile(&several->pattern, &several->context->plan->arena, name,
                                        PATTERN_BIT(PATTERN_I), &at);
    uint64_t in_row;
    uint64_t period;
    if (wrong != NULL) {
        return read_fail(several->context, several->node, several->path, wrong);
    }
    pattern_period(&several->pattern, &in_row, &period);
    if (several->count > 1 && (in_row != 1 || period != 0)) {
        return read_fail(several->context, several->node, several->path,
                         "there are several, so the name needs {i}, as in block-{i}");
    }
    return true;
}

// Name number i, in the arena; size 0: it is none, and a mistake.
static struct bytes several_name(const struct several *several, uint32_t i) {
    const struct pattern_values values = {.i = i, .first = several->first};
    uint8_t room[PLAN_NAME_MAX + 1];
    size_t size = pattern_write(&several->pattern, &values, room, sizeof room);
    struct bytes name = bytes_make(room, size < sizeof room ? size : sizeof room);
    const char *fault = read_name_fault(name);
    if (fault != NULL) {
        (void)read_fail(several->context, several->node, several->path, fault);
        return (struct bytes){NULL, 0};
    }
    return arena_copy(&several->context->plan->arena, name);
}

static bool add_name(const struct several *several, struct map *names, struct bytes name,
                     uint32_t place) {
    if (name.size == 0) {
        return false;
    }
    if (read_names_add(names, name, place)) {
        return true;
    }
    struct read_mistake mistake = read_begin(several->context, several->node, several->path);
    read_mistake_quote(&mistake, name);
    buffer_append_text(&mistake.text, " stands here twice");
    read_mistake_end(&mistake);
    return false;
}

static bool total_is_good(struct read_context *context, const char *path, uint64_t total,
                          uint64_t most) {
    if (total <= most) {
        return true;
    }
    struct read_mistake mistake = read_begin(context, NULL, path);
    buffer_append_text(&mistake.text, "there are ");
    buffer_append_decimal(&mistake.text, total);
    buffer_append_text(&mistake.text, " in all; allowed: up to ");
    buffer_append_decimal(&mistake.text, most);
    read_mistake_end(&mistake);
    return false;
}

// ---- networks -----------------------------------------------------------------------------------

static bool join_network(struct read_context *context, const struct draft_network *draft) {
    struct plan *plan = context->plan;
    struct several several = {.context = context,
                              .path = "networks",
                              .node = draft->head.node->key,
                              .count = draft->count,
                              .first = draft->first};
    if (!several_init(&several, draft->head.name)) {
        return false;
    }
    for (uint32_t i = 0; i < draft->count; i++) {
        struct plan_network *network = &plan->networks[plan->network_count];
        *network = (struct plan_network){several_name(&several, i), draft->link};
        if (!add_name(&several, &context->networks, network->name, plan->network_count)) {
            return false;
        }
        plan->network_count++;
    }
    return true;
}

static bool join_networks(struct read_context *context) {
    const struct draft *draft = &context->draft;
    uint64_t total = 0;
    bool is_good = true;
    for (uint32_t i = 0; i < draft->network_count; i++) {
        total += draft->networks[i].count;
    }
    if (!total_is_good(context, "networks", total, PLAN_NETWORKS_MAX)) {
        return false;
    }
    context->plan->networks =
        arena_take(&context->plan->arena, total * sizeof *context->plan->networks);
    for (uint32_t i = 0; i < draft->network_count; i++) {
        is_good = join_network(context, &draft->networks[i]) && is_good;
    }
    return is_good;
}

// The network that stands for number i. PLAN_NONE, and a mistake: there is none.
static uint32_t place_of(const struct several *several, const struct pattern *pattern, uint32_t i) {
    const struct pattern_values values = {.i = i, .first = several->first};
    uint8_t room[PLAN_NAME_MAX];
    size_t size = pattern_write(pattern, &values, room, sizeof room);
    struct bytes name = bytes_make(room, size < sizeof room ? size : sizeof room);
    uint32_t place = read_network_find(several->context, name);
    if (place == PLAN_NONE) {
        (void)read_place_fail(several->context, several->node, several->path, name, false);
    }
    return place;
}

// ---- routers ------------------------------------------------------------------------------------

// What has been given away: gates, and networks that have a router.
struct given {
    uint8_t gates[65536 / 8];
    struct map networks;
};

static bool take_gate(struct given *given, const struct several *several, uint64_t gate) {
    if (gate > 65535 || (given->gates[gate / 8] >> gate % 8 & 1) != 0) {
        return read_fail(several->context, several->node, "routers.gate",
                         gate > 65535 ? "goes beyond 65535" : "is a gate that another router has");
    }
    given->gates[gate / 8] |= (uint8_t)(1u << gate % 8);
    return true;
}

static bool take_network(struct given *given, const struct several *several, uint32_t network) {
    if (map_get(&given->networks, network) != MAP_NONE) {
        return read_fail(several->context, several->node, several->path,
                         "is a network that has a router already");
    }
    map_put(&given->networks, network, 1);
    return true;
}

static bool join_router(struct read_context *context, const struct draft_router *draft,
                        struct given *given) {
    struct plan *plan = context->plan;
    struct pattern network;
    size_t at = 0;
    const struct several several = {.context = context,
                                    .path = "routers.network",
                                    .node = draft->head.node,
                                    .count = draft->count,
                                    .first = draft->first};
    const char *wrong =
        pattern_compile(&network, &plan->arena, draft->network, PATTERN_BIT(PATTERN_I), &at);
    if (wrong != NULL) {
        return read_fail(context, draft->head.node, "routers.network", wrong);
    }
    for (uint32_t i = 0; i < draft->count; i++) {
        struct plan_router *router = &plan->routers[plan->router_count];
        uint8_t room[2 * PLAN_NAME_MAX];
        *router = draft->router;
        router->network = place_of(&several, &network, i);
        if (router->network == PLAN_NONE || !take_network(given, &several, router->network) ||
            !take_gate(given, &several, (uint64_t)draft->router.gate + i)) {
            return false;
        }
        router->gate = draft->router.gate + i;
        const struct pattern_values values = {
            .i = i, .first = draft->first, .network = plan->networks[router->network].name};
        size_t size = pattern_write(&draft->name, &values, room, sizeof room);
        router->name =
            arena_copy(&plan->arena, bytes_make(room, size < sizeof room ? size : sizeof room));
        plan->router_count++;
    }
    return true;
}

static bool join_routers(struct read_context *context) {
    const struct draft *draft = &context->draft;
    struct plan *plan = context->plan;
    struct given given = {.gates = {1}}; // there is no gate 0
    uint64_t total = 0;
    bool is_good = true;
    for (uint32_t i = 0; i < draft->router_count; i++) {
        total += draft->routers[i].count;
    }
    if (!total_is_good(context, "routers", total, PLAN_ROUTERS_MAX)) {
        return false;
    }
    map_init(&given.networks, context->memory, 0);
    plan->routers = arena_take(&plan->arena, total * sizeof *plan->routers);
    for (uint32_t i = 0; i < draft->router_count; i++) {
        is_good = join_router(context, &draft->routers[i], &given) && is_good;
    }
    map_deinit(&given.networks);
    return is_good;
}

// ---- brokers ------------------------------------------------------------------------------------

static bool join_broker(struct read_context *context, const struct draft_broker *draft) {
    struct plan *plan = context->plan;
    struct pattern network;
    size_t at = 0;
    struct several several = {.context = context,
                              .path = "brokers",
                              .node = draft->head.node->key,
                              .count = draft->count,
                              .first = draft->first};
    struct several places = several;
    const char *wrong =
        pattern_compile(&network, &plan->arena, draft->network, PATTERN_BIT(PATTERN_I), &at);
    places.path = "brokers.network";
    places.node = draft->head.node;
    if (wrong != NULL || !several_init(&several, draft->head.name)) {
        return wrong == NULL ? false : read_fail(context, places.node, places.path, wrong);
    }
    for (uint32_t i = 0; i < draft->count; i++) {
        struct plan_broker *broker = &plan->brokers[plan->broker_count];
        *broker = draft->broker;
        broker->name = several_name(&several, i);
        broker->network = place_of(&places, &network, i);
        if (broker->network == PLAN_NONE ||
            !add_name(&several, &context->brokers, broker->name, plan->broker_count)) {
            return false;
        }
        plan->broker_count++;
    }
    return true;
}

static bool join_brokers(struct read_context *context) {
    const struct draft *draft = &context->draft;
    uint64_t total = 0;
    bool is_good = true;
    for (uint32_t i = 0; i < draft->broker_count; i++) {
        total += draft->brokers[i].count;
    }
    if (!total_is_good(context, "brokers", total, PLAN_BROKERS_MAX)) {
        return false;
    }
    context->plan->brokers =
        arena_take(&context->plan->arena, total * sizeof *context->plan->brokers);
    for (uint32_t i = 0; i < draft->broker_count; i++) {
        is_good = join_broker(context, &draft->brokers[i]) && is_good;
    }
    return is_good;
}

// ---- sections -----------------------------------------------------------------------------------

static bool join_values(struct read_context *context) {
    const struct draft *draft = &context->draft;
    struct plan *plan = context->plan;
    plan->title = draft->title;
    plan->seed = draft->seed;
    plan->stop_ns = draft->stop_ns;
    plan->calm_ns = draft->calm_ns;
    plan->rest_ns = draft->rest_ns;
    return true;
}

static bool join_faults(struct read_context *context) {
    const struct draft *draft = &context->draft;
    struct plan *plan = context->plan;
    bool is_good = true;
    plan->faults = arena_take(&plan->arena, draft->fault_count * sizeof *plan->faults);
    plan->fault_count = draft->fault_count;
    for (uint32_t i = 0; i < draft->fault_count; i++) {
        const struct plan_fault *fault = &draft->faults[i].fault;
        const struct yaml_node *node = draft->faults[i].head.node;
        plan->faults[i] = *fault;
        if (plan->stop_ns > plan->calm_ns && fault->at_ns >= plan->stop_ns - plan->calm_ns) {
            is_good = read_fail(context, node, "faults.at", "is in the calm, or behind the end");
        }
        if (fault->every_ns > 0 && fault->every_ns <= fault->for_ns) {
            is_good = read_fail(context, node, "faults.every",
                                "is not longer than `for`, so the fault never ends");
        }
    }
    return is_good;
}

// `rest within` is one more.
static void expect_rest(struct read_context *context) {
    struct plan *plan = context->plan;
    struct metric_expectation *all =
        arena_take(&plan->arena, (plan->expectation_count + 1) * sizeof *all);
    for (uint32_t i = 0; i < plan->expectation_count; i++) {
        all[i] = plan->expectations[i];
    }
    struct buffer text;
    buffer_init(&text, context->memory);
    buffer_append_text(&text, "rest <= ");
    units_append_time(&text, context->draft.rest_ns);
    all[plan->expectation_count++] =
        (struct metric_expectation){.metric = METRIC_REST,
                                    .comparison = METRIC_AT_MOST,
                                    .value = (double)context->draft.rest_ns / (double)PLAN_SECOND,
                                    .source = arena_copy(&plan->arena, buffer_bytes(&text)),
                                    .group_index = UINT32_MAX};
    plan->expectations = all;
    buffer_deinit(&text);
}

static bool join_expectations(struct read_context *context) {
    context->plan->expectations = context->draft.expectations;
    context->plan->expectation_count = context->draft.expectation_count;
    if (context->draft.rest_ns > 0) {
        expect_rest(context);
    }
    return true;
}

static bool join_nothing(struct read_context *context) {
    (void)context;
    return true;
}

static bool join_master_of(struct read_context *context) {
    context->plan->master = context->draft.master;
    context->plan->master.exists = context->draft.router_count > 0;
    return true;
}

static const struct section {
    const char *path;
    bool (*join)(struct read_context *context);
    unsigned needs; // READ_HAS_..., without which it cannot be joined
    unsigned gives;
} sections[] = {
    {"rest within", join_values, 0, 0},
    {"links", join_links, 0, 0},
    {"networks", join_networks, 0, READ_HAS_NETWORKS},
    {"routers", join_routers, READ_HAS_NETWORKS, 0},
    {"master", join_master_of, 0, 0},
    {"brokers", join_brokers, READ_HAS_NETWORKS, READ_HAS_BROKERS},
    {"devices", read_devices_join, READ_HAS_BROKERS, READ_HAS_GROUPS},
    {"faults", join_faults, 0, 0},
    {"expect", join_expectations, 0, 0},
    {NULL, join_nothing, 0, 0},
};

// What refers to a section that was wrong is not joined: all of it would seem wrong. Links have to
// be there in any case.
bool read_world_join(struct read_context *context, const struct schema_row *row,
                     const struct yaml_node *node, bool is_good) {
    const struct section *section = sections;
    while (section->path != NULL &&
           !bytes_equal(bytes_of_text(section->path), bytes_of_text(row->path))) {
        section++;
    }
    bool is_links = section->join == join_links;
    if ((!is_good && !is_links) || (context->has & section->needs) != section->needs) {
        return true;
    }
    if (section->join == join_master_of && node != NULL && context->draft.router_count == 0) {
        return read_fail(context, node->key, "master",
                         "there are no routers, so there is no master");
    }
    bool is_joined = section->join(context);
    context->has |= is_joined ? section->gives : 0;
    return is_joined;
}
