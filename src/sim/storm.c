#include "sim/storm.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "fault/parse.h"
#include "fault/random.h"

static const char *const packets[] = {"PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP"};
static const char *const places[] = {"cut before every ", "cut after every ", "cut inside every "};
#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

#define EVERY_MIN 4u
#define EVERY_SPAN 40u
#define SECOND_NS UINT64_C(1000000000)
#define STEP_NS (SECOND_NS / 10) // faults begin at tenths of seconds
#define SPAN_STEPS 200u          // and last for up to 20 s
#define TIMED_LEAST (8 * SECOND_NS)

struct storm {
    struct sim_storm *out;
    const struct plan *plan;
    struct fault_random random;
    struct plan_fault *fault;
    size_t size; // of its text
};

// ---- a fault and its text -----------------------------------------------------------------------

static void say(struct storm *storm, struct bytes part) {
    ASSERT(storm->size + part.size <= SIM_STORM_TEXT_MAX);
    memcpy(storm->out->texts[storm->out->count] + storm->size, part.data, part.size);
    storm->size += part.size;
}

static void say_text(struct storm *storm, const char *text) {
    say(storm, bytes_of_text(text));
}

static void say_number(struct storm *storm, uint64_t number) {
    uint8_t digits[DECIMAL_DIGITS_MAX];
    say(storm, bytes_make(digits, (size_t)(decimal_write(digits, number) - digits)));
}

static void begin(struct storm *storm, enum plan_fault_kind kind) {
    storm->fault = &storm->out->faults[storm->out->count];
    *storm->fault = (struct plan_fault){.kind = kind, .link = PLAN_NONE};
    storm->size = 0;
}

static void finish(struct storm *storm) {
    storm->fault->source = bytes_make(storm->out->texts[storm->out->count], storm->size);
    storm->out->count++;
}

static uint64_t below(struct storm *storm, uint64_t bound) {
    return fault_random_below(&storm->random, bound);
}

// ---- packets ------------------------------------------------------------------------------------

// A cut at a place of an exchange, every so many packets of a type.
static void draw_cut(struct storm *storm) {
    uint64_t place = below(storm, COUNT_OF(places));
    uint64_t packet = below(storm, COUNT_OF(packets));
    begin(storm, PLAN_RULE);
    say_text(storm, places[place]);
    say_number(storm, EVERY_MIN + below(storm, EVERY_SPAN));
    say_text(storm, " ");
    say_text(storm, packets[packet]);
    if (place == 2) {
        say_text(storm, " after ");
        say_number(storm, 1 + below(storm, 3));
        say_text(storm, " bytes");
    }
    finish(storm);
    struct fault_error error;
    bool is_rule = fault_parse(storm->fault->source, &storm->fault->rule, &error);
    ASSERT(is_rule);
}

// ---- parts of the world -------------------------------------------------------------------------

// Some of the time before the calm.
static void draw_time(struct storm *storm) {
    uint64_t steps = (storm->plan->stop_ns - storm->plan->calm_ns) / STEP_NS;
    uint64_t most = steps / 4 < SPAN_STEPS ? steps / 4 : SPAN_STEPS;
    uint64_t span = 1 + below(storm, most);
    storm->fault->for_ns = span * STEP_NS;
    storm->fault->at_ns = (1 + below(storm, steps - span - 1)) * STEP_NS;
}

static void draw_broker(struct storm *storm, struct plan_party *party) {
    party->kind = PLAN_PARTY_BROKER;
    party->index = (uint32_t)below(storm, storm->plan->broker_count);
    party->pattern = storm->plan->brokers[party->index].name;
    say_text(storm, "broker ");
    say(storm, party->pattern);
}

static void draw_group(struct storm *storm, struct plan_party *party) {
    party->kind = PLAN_PARTY_GROUP;
    party->index = (uint32_t)below(storm, storm->plan->group_count);
    party->pattern = storm->plan->groups[party->index].label;
    say_text(storm, "group ");
    say(storm, party->pattern);
}

// It loses all that it knows, or what its journal does not have.
static void draw_crash(struct storm *storm) {
    begin(storm, PLAN_CRASH);
    say_text(storm, "crash ");
    draw_broker(storm, &storm->fault->who);
    storm->fault->without_journal = below(storm, 2) == 0;
    say_text(storm, storm->fault->without_journal ? " without journal" : "");
}

static void draw_restart(struct storm *storm) {
    begin(storm, PLAN_RESTART);
    say_text(storm, "restart ");
    draw_broker(storm, &storm->fault->who);
}

static void draw_pause(struct storm *storm) {
    begin(storm, PLAN_PAUSE);
    say_text(storm, "pause ");
    draw_broker(storm, &storm->fault->who);
}

static void draw_link(struct storm *storm) {
    begin(storm, PLAN_LINK_DOWN);
    say_text(storm, "link ");
    draw_group(storm, &storm->fault->who);
    say_text(storm, " down");
}

// One of the two hears the other one, and not the other way round.
static void draw_half(struct storm *storm) {
    struct plan_party *group;
    begin(storm, PLAN_PARTITION);
    bool is_up = below(storm, 2) == 0;
    say_text(storm, "partition ");
    group = is_up ? &storm->fault->who : &storm->fault->from;
    if (is_up) {
        draw_group(storm, group);
        say_text(storm, " from ");
        draw_broker(storm, &storm->fault->from);
    } else {
        draw_broker(storm, &storm->fault->who);
        say_text(storm, " from ");
        draw_group(storm, group);
    }
    say_text(storm, " one way");
    storm->fault->is_one_way = true;
}

static void draw_timed(struct storm *storm) {
    static void (*const kinds[])(struct storm *) = {draw_crash, draw_restart, draw_pause, draw_link,
                                                    draw_half};
    kinds[below(storm, COUNT_OF(kinds))](storm);
    draw_time(storm);
    finish(storm);
}

void sim_storm_draw(struct sim_storm *out, const struct plan *plan, uint64_t seed) {
    *out = (struct sim_storm){.count = 0};
    struct storm storm = {
        .out = out,
        .plan = plan,
        .random = fault_random_at(&(struct fault_coordinates){.seed = seed, .rule = UINT32_MAX})};
    uint64_t cuts = 1 + below(&storm, SIM_STORM_CUTS);
    for (uint64_t i = 0; i < cuts; i++) {
        draw_cut(&storm);
    }
    bool has_time = plan->stop_ns - plan->calm_ns >= TIMED_LEAST && plan->broker_count > 0 &&
                    plan->group_count > 0;
    uint64_t timed = has_time ? below(&storm, SIM_STORM_TIMED + 1) : 0;
    for (uint64_t i = 0; i < timed; i++) {
        draw_timed(&storm);
    }
}
