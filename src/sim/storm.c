#include "sim/storm.h"

#include "base/assert.h"
#include "fault/parse.h"
#include "fault/random.h"

static const char *const packets[] = {"PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP"};
static const char *const places[] = {"cut before every ", "cut after every ", "cut inside every "};
#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

#define EVERY_MIN 4u
#define EVERY_SPAN 40u
#define CRASH_SECONDS 2u
#define SECOND_NS UINT64_C(1000000000)

static char *append(char *out, const char *text) {
    while (*text != 0) {
        *out++ = *text++;
    }
    return out;
}

static char *append_number(char *out, uint32_t number) {
    if (number >= 10) {
        out = append_number(out, number / 10);
    }
    *out++ = (char)('0' + number % 10);
    return out;
}

// A cut at a place of an exchange, every so many packets of a type.
static void draw_cut(struct sim_storm *storm, struct fault_random *random) {
    uint32_t place = (uint32_t)fault_random_below(random, COUNT_OF(places));
    uint32_t packet = (uint32_t)fault_random_below(random, COUNT_OF(packets));
    char *text = storm->texts[storm->count];
    char *out = append(text, places[place]);
    out = append_number(out, EVERY_MIN + (uint32_t)fault_random_below(random, EVERY_SPAN));
    *out++ = ' ';
    out = append(out, packets[packet]);
    if (place == 2) {
        out = append(out, " after ");
        out = append_number(out, 1 + (uint32_t)fault_random_below(random, 3));
        out = append(out, " bytes");
    }
    struct plan_fault *fault = &storm->faults[storm->count++];
    *fault =
        (struct plan_fault){.source = bytes_make(text, (size_t)(out - text)), .kind = PLAN_RULE};
    ASSERT(fault->source.size < SIM_STORM_TEXT_MAX);
    struct fault_error error;
    bool is_rule = fault_parse(fault->source, &fault->rule, &error);
    ASSERT(is_rule);
}

// A broker loses all it knows, in the first half of what is left before the calm.
static void draw_crash(struct sim_storm *storm, const struct plan *plan,
                       struct fault_random *random) {
    uint64_t storm_ns = plan->stop_ns - plan->calm_ns;
    if (plan->broker_count == 0 || storm_ns < 4 * CRASH_SECONDS * SECOND_NS) {
        return;
    }
    uint32_t broker = (uint32_t)fault_random_below(random, plan->broker_count);
    storm->faults[storm->count++] = (struct plan_fault){
        .source = BYTES_LITERAL("crash"),
        .kind = PLAN_CRASH,
        .at_ns = fault_random_below(random, storm_ns / SECOND_NS / 2) * SECOND_NS + SECOND_NS,
        .for_ns = CRASH_SECONDS * SECOND_NS,
        .who = {.kind = PLAN_PARTY_BROKER, .index = broker},
        .without_journal = true};
}

void sim_storm_draw(struct sim_storm *storm, const struct plan *plan, uint64_t seed) {
    *storm = (struct sim_storm){.count = 0};
    struct fault_random random =
        fault_random_at(&(struct fault_coordinates){.seed = seed, .rule = UINT32_MAX});
    uint64_t cuts = 1 + fault_random_below(&random, SIM_STORM_FAULTS - 1);
    for (uint64_t i = 0; i < cuts; i++) {
        draw_cut(storm, &random);
    }
    if (fault_random_below(&random, 4) == 0) {
        draw_crash(storm, plan, &random);
    }
}
