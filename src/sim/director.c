#include "sim/director.h"

#include "base/assert.h"
#include "sim/account/telling.h"
#include "sim/device/hearing.h"
#include "sim/device/life.h"
#include "sim/device/judge.h"
#include "sim/master.h"
#include "sim/rules.h"

static const struct plan *plan_of(const struct sim_director *director) {
    return director->node.island->plan;
}

// Between two looks at what brokers count of their queues.
#define LOOK_NS PLAN_SECOND

static uint64_t first_due(const struct sim_director *director) {
    uint64_t first =
        director->calm_at < director->looks_at ? director->calm_at : director->looks_at;
    for (uint32_t i = 0; i < plan_of(director)->fault_count; i++) {
        first = director->scenes[i].due < first ? director->scenes[i].due : first;
    }
    const struct sim_rules *rules = director->node.island->rules;
    uint64_t rules_due = rules == NULL ? SIM_NEVER : sim_rules_due(rules);
    return rules_due < first ? rules_due : first;
}

void sim_director_init(struct sim_director *director, struct sim_island *island, uint32_t number) {
    const struct plan *plan = island->plan;
    *director = (struct sim_director){.looks_at = LOOK_NS};
    sim_node_init(&director->node, island, number, BYTES_LITERAL("the director"));
    director->node.place.kind = SIM_PLACE_NOWHERE;
    director->node.place.network = PLAN_NONE;
    director->calm_at = plan->calm_ns == 0 ? SIM_NEVER : plan->stop_ns - plan->calm_ns;
    director->scenes =
        memory_allocate(&island->memory, plan->fault_count * sizeof *director->scenes);
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        director->scenes[i].due = plan->faults[i].at_ns;
    }
    if (island->rules != NULL) {
        island->rules->clock = &director->node;
    }
    sim_node_wake(&director->node, first_due(director));
}

void sim_director_deinit(struct sim_director *director) {
    memory_free(&director->node.island->memory, director->scenes,
                plan_of(director)->fault_count * sizeof *director->scenes);
}

// ---- whom it is about ---------------------------------------------------------------------------

typedef void action(struct sim_director *director, const struct plan_fault *fault,
                    struct sim_node *node);

static void for_each(struct sim_director *director, const struct plan_fault *fault, action *act) {
    for (struct sim_node *node = director->node.island->first; node != NULL;
         node = sim_island_next(node)) {
        if (node->place.kind != SIM_PLACE_NOWHERE &&
            sim_party_holds(plan_of(director), &fault->who, &node->place)) {
            act(director, fault, node);
        }
    }
}

static struct sim_broker *broker_of(struct sim_node *node) {
    ASSERT(node->place.kind == SIM_PLACE_BROKER);
    return (struct sim_broker *)node;
}

static struct sim_device *device_of(struct sim_node *node) {
    ASSERT(node->place.kind == SIM_PLACE_DEVICE);
    return (struct sim_device *)node;
}

// ---- processes end and begin --------------------------------------------------------------------

static void tell_judges(const struct sim_broker *broker, bool keeps) {
    const struct sim_island *island = broker->node.island;
    for (struct sim_node *node = island->judges ? island->first : NULL; node != NULL;
         node = sim_island_next(node)) {
        bool is_device = node->place.kind == SIM_PLACE_DEVICE;
        if (is_device && device_of(node)->broker == broker &&
            device_of(node)->rare->judge != NULL) {
            sim_judge_broker_ended(device_of(node), keeps);
        }
    }
}

static void tell_crash(const struct sim_broker *broker) {
    for (struct sim_node *node = broker->node.island->first; node != NULL;
         node = sim_island_next(node)) {
        if (node->place.kind == SIM_PLACE_DEVICE && device_of(node)->broker == broker) {
            sim_hearing_of_crash(device_of(node), broker->journal.journal.durable);
        }
    }
}

static void end_broker(struct sim_broker *broker, const struct plan_fault *fault) {
    struct sim_island *island = broker->node.island;
    bool keeps = broker->plan->store == PLAN_DURABLE && !fault->without_journal;
    if (!broker->node.is_up) {
        return;
    }
    sim_broker_stop(broker, fault->kind == PLAN_RESTART);
    if (keeps && broker->plan->store_ns > 0) {
        tell_crash(broker);
    }
    if (!keeps) {
        sim_journal_clear(&broker->journal);
    }
    tell_judges(broker, keeps);
    sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_CRASHED,
                                           .number = broker->node.place.index,
                                           .of.keeps = keeps});
}

static void end_process(struct sim_director *director, const struct plan_fault *fault,
                        struct sim_node *node) {
    (void)director;
    switch ((enum sim_place_kind)node->place.kind) {
    case SIM_PLACE_BROKER:
        end_broker(broker_of(node), fault);
        break;
    case SIM_PLACE_DEVICE:
        if (device_of(node)->state == SIM_DEVICE_ACTIVE) {
            sim_life_stop(device_of(node), fault->kind == PLAN_RESTART);
        }
        break;
    case SIM_PLACE_ROUTER:
        if (node->is_up) {
            sim_router_stop((struct sim_router *)node, !fault->without_journal);
        }
        break;
    case SIM_PLACE_MASTER:
        if (node->is_up) {
            sim_master_stop((struct sim_master *)node, !fault->without_journal);
        }
        break;
    case SIM_PLACE_VISITOR:
    case SIM_PLACE_NOWHERE:
        break;
    }
}

static void begin_process(struct sim_director *director, const struct plan_fault *fault,
                          struct sim_node *node) {
    (void)director;
    (void)fault;
    switch ((enum sim_place_kind)node->place.kind) {
    case SIM_PLACE_BROKER:
        if (!node->is_up) {
            sim_broker_start(broker_of(node));
        }
        break;
    case SIM_PLACE_DEVICE:
        if (device_of(node)->state == SIM_DEVICE_AWAY) {
            sim_life_start(device_of(node));
            sim_life_serve(device_of(node));
        }
        break;
    case SIM_PLACE_ROUTER:
        if (!node->is_up) {
            sim_router_start((struct sim_router *)node);
        }
        break;
    case SIM_PLACE_MASTER:
        if (!node->is_up) {
            sim_master_start((struct sim_master *)node);
        }
        break;
    case SIM_PLACE_VISITOR:
    case SIM_PLACE_NOWHERE:
        break;
    }
}

// ---- other faults -------------------------------------------------------------------------------

// Of pauses that overlap the last one to end counts.
static void freeze(struct sim_director *director, const struct plan_fault *fault,
                   struct sim_node *node) {
    uint64_t now = node->island->now;
    uint64_t until = fault->for_ns == 0 ? plan_of(director)->stop_ns : now + fault->for_ns;
    node->frozen_until = until > node->frozen_until ? until : node->frozen_until;
    if (node->place.kind == SIM_PLACE_BROKER) {
        sim_tell(node->island, &(struct sim_telling){.kind = SIM_TOLD_PAUSED,
                                                     .number = node->place.index,
                                                     .of.until = node->frozen_until});
    }
}

static void thaw(struct sim_director *director, const struct plan_fault *fault,
                 struct sim_node *node) {
    (void)director;
    (void)fault;
    if (node->frozen_until <= node->island->now) {
        node->frozen_until = 0;
    }
}

static void limit_queue(struct sim_director *director, const struct plan_fault *fault,
                        struct sim_node *node) {
    (void)director;
    if (node->place.kind == SIM_PLACE_BROKER) {
        sim_broker_limit_queue(broker_of(node), (uint32_t)fault->limit);
    }
}

static void unlimit_queue(struct sim_director *director, const struct plan_fault *fault,
                          struct sim_node *node) {
    (void)director;
    (void)fault;
    if (node->place.kind == SIM_PLACE_BROKER) {
        sim_broker_limit_queue(broker_of(node), 0);
    }
}

// It is done where the master is. A router stands for the mailbox of its gate, the master for all.
static void limit_mailboxes(struct sim_director *director, const struct plan_fault *fault,
                            uint64_t packets) {
    struct sim_island *island = director->node.island;
    const struct plan *plan = plan_of(director);
    struct sim_master *master = island->master;
    if (master == NULL) {
        return;
    }
    if (sim_party_holds(plan, &fault->who, &master->node.place)) {
        sim_master_limit_mailbox(master, MASTER_EVERYONE, packets);
    }
    for (uint32_t i = 0; i < plan->router_count; i++) {
        const struct sim_place place = sim_paths_router(plan, i);
        if (sim_party_holds(plan, &fault->who, &place)) {
            sim_master_limit_mailbox(master, plan->routers[i].gate, packets);
        }
    }
}

// Back again when the fault ends.
static void step_clock(struct sim_director *director, const struct plan_fault *fault,
                       struct sim_node *node) {
    (void)director;
    if (node->place.kind == SIM_PLACE_DEVICE) {
        sim_device_rare(device_of(node))->clock_step += fault->step_ns;
        sim_life_hurry(device_of(node));
    }
}

static void unstep_clock(struct sim_director *director, const struct plan_fault *fault,
                         struct sim_node *node) {
    step_clock(director, &(struct plan_fault){.step_ns = -fault->step_ns}, node);
}

static void hurry(struct sim_director *director, const struct plan_fault *fault,
                  struct sim_node *node) {
    (void)director;
    if (node->place.kind == SIM_PLACE_DEVICE) {
        sim_device_rare(device_of(node))->surge = fault->surge;
        sim_life_hurry(device_of(node));
    }
}

static void slow_down(struct sim_director *director, const struct plan_fault *fault,
                      struct sim_node *node) {
    (void)director;
    (void)fault;
    if (node->place.kind == SIM_PLACE_DEVICE) {
        sim_device_rare(device_of(node))->surge = PLAN_MILLION;
        sim_life_hurry(device_of(node));
    }
}

// Every rule ends with the fault, or with the calm.
static void begin_rule(struct sim_director *director, const struct plan_fault *fault) {
    struct sim_scene *scene = &director->scenes[fault - plan_of(director)->faults];
    scene->rule = sim_rules_add(director->node.island->rules, &fault->rule);
}

static void end_rule(struct sim_director *director, const struct plan_fault *fault) {
    struct sim_scene *scene = &director->scenes[fault - plan_of(director)->faults];
    (void)sim_rules_remove(director->node.island->rules, scene->rule);
}

static void begin(struct sim_director *director, const struct plan_fault *fault) {
    switch (fault->kind) {
    case PLAN_RULE:
        begin_rule(director, fault);
        break;
    case PLAN_LINK_DOWN:
    case PLAN_LINK_AS:
    case PLAN_PARTITION:
        sim_paths_begin(&director->node.island->paths, fault);
        break;
    case PLAN_CRASH:
    case PLAN_RESTART:
        for_each(director, fault, end_process);
        break;
    case PLAN_PAUSE:
        for_each(director, fault, freeze);
        break;
    case PLAN_LIMIT_QUEUE:
        for_each(director, fault, limit_queue);
        break;
    case PLAN_LIMIT_MAILBOX:
        limit_mailboxes(director, fault, fault->limit);
        break;
    case PLAN_SURGE:
        for_each(director, fault, hurry);
        break;
    case PLAN_CLOCK_STEP:
        for_each(director, fault, step_clock);
        break;
    case PLAN_FAULTS:
        break;
    }
}

static void end(struct sim_director *director, const struct plan_fault *fault) {
    director->last_end = director->node.island->now;
    switch (fault->kind) {
    case PLAN_RULE:
        end_rule(director, fault);
        break;
    case PLAN_LINK_DOWN:
    case PLAN_LINK_AS:
    case PLAN_PARTITION:
        sim_paths_end(&director->node.island->paths, fault);
        break;
    case PLAN_CRASH:
    case PLAN_RESTART:
        for_each(director, fault, begin_process);
        break;
    case PLAN_PAUSE:
        for_each(director, fault, thaw);
        break;
    case PLAN_LIMIT_QUEUE:
        for_each(director, fault, unlimit_queue);
        break;
    case PLAN_LIMIT_MAILBOX:
        limit_mailboxes(director, fault, 0);
        break;
    case PLAN_SURGE:
        for_each(director, fault, slow_down);
        break;
    case PLAN_CLOCK_STEP:
        for_each(director, fault, unstep_clock);
        break;
    case PLAN_FAULTS:
        break;
    }
}

// ---- when ---------------------------------------------------------------------------------------

// A process that ended for a moment begins anew at once.
static bool is_for_a_moment(const struct plan_fault *fault) {
    return fault->for_ns == 0 && (fault->kind == PLAN_CRASH || fault->kind == PLAN_RESTART);
}

static void advance(struct sim_director *director, uint32_t i) {
    const struct plan_fault *fault = &plan_of(director)->faults[i];
    struct sim_scene *scene = &director->scenes[i];
    uint64_t began = scene->due;
    if (scene->is_on) {
        end(director, fault);
        scene->is_on = false;
        scene->due = fault->every_ns == 0 ? SIM_NEVER : began - fault->for_ns + fault->every_ns;
        return;
    }
    begin(director, fault);
    scene->is_on = true;
    if (is_for_a_moment(fault)) {
        end(director, fault);
        scene->is_on = false;
        scene->due = fault->every_ns == 0 ? SIM_NEVER : began + fault->every_ns;
    } else {
        scene->due = fault->for_ns == 0 ? SIM_NEVER : began + fault->for_ns;
    }
}

static void begin_calm(struct sim_director *director) {
    const struct plan *plan = plan_of(director);
    director->calm_at = SIM_NEVER;
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        if (director->scenes[i].is_on) {
            end(director, &plan->faults[i]);
        }
        director->scenes[i] = (struct sim_scene){.due = SIM_NEVER};
    }
    for (struct sim_node *node = director->node.island->first; node != NULL;
         node = sim_island_next(node)) {
        if (node->place.kind == SIM_PLACE_DEVICE) {
            device_of(node)->is_over = true;
        }
    }
}

static void look(struct sim_director *director) {
    // The brokers stand first.
    for (struct sim_node *node = director->node.island->first;
         node != NULL && node->place.kind == SIM_PLACE_BROKER; node = sim_island_next(node)) {
        sim_broker_look(broker_of(node));
    }
    director->looks_at = director->node.island->now + LOOK_NS;
}

void sim_director_look(struct sim_director *director) {
    sim_node_wake(&director->node, first_due(director));
}

void sim_director_event(struct sim_director *director) {
    uint64_t now = director->node.island->now;
    if (director->looks_at <= now) {
        look(director);
    }
    for (uint32_t i = 0; i < plan_of(director)->fault_count; i++) {
        if (director->scenes[i].due <= now) {
            advance(director, i);
        }
    }
    if (director->calm_at <= now) {
        begin_calm(director);
    }
    if (director->node.island->rules != NULL) {
        sim_rules_tick(director->node.island->rules);
    }
    sim_node_wake(&director->node, first_due(director));
}
