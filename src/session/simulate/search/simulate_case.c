#include "session/simulate/search/simulate_case.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "scenario/units.h"
#include "sim/storm.h"

// The plan of the file, and what its case has in place of what stands there.
struct draft_case {
    struct outline *outline;
    struct memory *memory;
    struct plan plan;
    struct sim_storm storm;
    uint64_t stop_ns;
    uint64_t calm_ns;
};

static struct bytes time_text(struct buffer *text, uint64_t ns) {
    text->size = 0;
    units_append_time(text, ns);
    return buffer_bytes(text);
}

uint64_t simulate_case_calm(const struct plan *plan, uint64_t stop_ns) {
    uint64_t most = stop_ns < plan->stop_ns ? stop_ns / 4 : plan->calm_ns;
    return plan->calm_ns < most ? plan->calm_ns : most;
}

// A storm ends before the run does.
static void choose_times(struct draft_case *draft, const struct simulate_case_options *options) {
    draft->stop_ns = options->stop_ns > 0 ? options->stop_ns : draft->plan.stop_ns;
    draft->calm_ns = simulate_case_calm(&draft->plan, draft->stop_ns);
    if (options->storm && draft->calm_ns == 0) {
        draft->calm_ns = draft->stop_ns / 4;
    }
    draft->plan.stop_ns = draft->stop_ns;
    draft->plan.calm_ns = draft->calm_ns;
}

static bool make_outline(struct draft_case *draft, struct bytes text, struct yaml_error *error) {
    struct outline_fault faults[SIM_STORM_FAULTS];
    struct buffer stop;
    struct buffer calm;
    struct buffer seed;
    buffer_init(&stop, draft->memory);
    buffer_init(&calm, draft->memory);
    buffer_init(&seed, draft->memory);
    buffer_append_decimal(&seed, draft->plan.seed);
    for (uint32_t i = 0; i < draft->storm.count; i++) {
        const struct plan_fault *fault = &draft->storm.faults[i];
        faults[i] =
            (struct outline_fault){fault->at_ns, fault->for_ns, fault->every_ns, fault->source};
    }
    const struct outline_setting settings[] = {{"seed", buffer_bytes(&seed)},
                                               {"stop", time_text(&stop, draft->stop_ns)},
                                               {"calm", time_text(&calm, draft->calm_ns)}};
    const struct outline_options options = {.seed = draft->plan.seed,
                                            .settings = settings,
                                            .setting_count = sizeof settings / sizeof *settings,
                                            .faults = faults,
                                            .fault_count = draft->storm.count};
    bool is_good = outline_init(draft->outline, draft->memory, text, &options, error);
    buffer_deinit(&stop);
    buffer_deinit(&calm);
    buffer_deinit(&seed);
    return is_good;
}

// Faults of the file that begin behind the end of a shorter run go.
static void drop_late_faults(struct draft_case *draft) {
    struct outline *outline = draft->outline;
    uint32_t list = outline_find(outline, "faults", 0);
    if (list == UINT32_MAX) {
        return;
    }
    uint32_t part = list + 1;
    for (uint32_t i = 0; i < draft->plan.fault_count; i++) {
        ASSERT(part < outline->parts[list].end);
        outline->parts[part].is_gone =
            draft->plan.faults[i].at_ns >= draft->stop_ns - draft->calm_ns;
        part = outline->parts[part].end;
    }
}

static void make_smaller(struct draft_case *draft, uint64_t most) {
    struct outline *outline = draft->outline;
    uint64_t all = draft->plan.device_count;
    uint32_t part =
        most == 0 || all <= most ? UINT32_MAX : outline_find(outline, "devices.count", 0);
    for (; part != UINT32_MAX; part = outline_find(outline, "devices.count", part + 1)) {
        uint64_t count = 0;
        if (!decimal_read(outline->parts[part].text, PLAN_DEVICES_MAX, &count)) {
            continue;
        }
        uint8_t digits[DECIMAL_DIGITS_MAX];
        uint64_t fewer = count * most / all;
        size_t size = (size_t)(decimal_write(digits, fewer > 0 ? fewer : 1) - digits);
        outline->parts[part].text = arena_copy(&outline->arena, bytes_make(digits, size));
    }
}

// What the plan's reader found no fault with, its outline has none in.
static void note_error(struct read_errors *errors, const struct yaml_error *error) {
    struct read_error *told = &errors->list[0];
    errors->count = 1;
    told->line = error->line;
    told->column = error->column;
    memcpy(told->text, error->text, sizeof error->text);
}

bool simulate_case_make(struct outline *outline, struct memory *memory,
                        const struct plan_input *input, const struct simulate_case_options *options,
                        struct read_errors *errors) {
    struct draft_case *draft = memory_allocate(memory, sizeof *draft);
    struct plan_input of_seed = *input;
    struct yaml_error error = {0};
    *draft = (struct draft_case){.outline = outline, .memory = memory};
    *outline = (struct outline){.count = 0};
    arena_init(&outline->arena, memory);
    of_seed.has_seed = options->has_seed;
    of_seed.seed = options->seed;
    bool is_good = plan_read(&draft->plan, memory, &of_seed, errors);
    if (is_good) {
        choose_times(draft, options);
        if (options->storm) {
            sim_storm_draw(&draft->storm, &draft->plan, draft->plan.seed);
        }
        is_good = make_outline(draft, input->text, &error);
        if (is_good) {
            drop_late_faults(draft);
            make_smaller(draft, options->devices_max);
        } else {
            note_error(errors, &error);
        }
    }
    plan_deinit(&draft->plan);
    memory_free(memory, draft, sizeof *draft);
    return is_good;
}
