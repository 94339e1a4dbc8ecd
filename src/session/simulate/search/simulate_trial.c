#include "session/simulate/search/simulate_trial.h"

#include "session/simulate/simulate_threads.h"
#include "sim/account/measure.h"

#define ROUNDS 1024u // after each of which it is looked for findings

static bool is_ended(const struct simulate_trial_options *options) {
    return options->ends != NULL && atomic_load(options->ends);
}

static bool has_finding(const struct simulate_trial *trial) {
    uint32_t island;
    return sim_world_first_finding(trial->world, &island) != NULL;
}

static void run(struct simulate_trial *trial, const struct simulate_trial_options *options) {
    uint64_t stop = trial->plan.stop_ns;
    struct simulate_threads *threads = simulate_threads_create(trial->world, 1);
    bool goes_on = true;
    for (uint64_t round = 1; round <= ROUNDS && goes_on; round++) {
        uint64_t now = stop / ROUNDS * round;
        simulate_threads_advance(threads, round == ROUNDS ? stop : now);
        trial->was_ended = is_ended(options);
        goes_on = !trial->was_ended && (options->to_its_end || !has_finding(trial));
        if (goes_on && sim_world_events(trial->world) > SIMULATE_TRIAL_EVENTS) {
            trial->was_too_long = round < ROUNDS;
            goes_on = round == ROUNDS;
        }
    }
    simulate_threads_destroy(threads);
    if (goes_on) {
        sim_world_finish(trial->world);
    }
    sim_outcome_init(&trial->outcome, &trial->memory, trial->world);
}

void simulate_trial_run(struct simulate_trial *trial, struct bytes text,
                        const struct simulate_trial_options *options) {
    memory_init(&trial->memory);
    simulate_files_init(&trial->files, &trial->memory, options->file);
    struct plan_input input = {.text = text, .load = simulate_files_load, .context = &trial->files};
    if (!plan_read(&trial->plan, &trial->memory, &input, &trial->errors)) {
        return;
    }
    trial->world = sim_world_create(
        &trial->plan, &(struct sim_world_options){.checks = options->checks, .judges = true},
        &trial->why);
    if (trial->world != NULL) {
        run(trial, options);
    }
}

void simulate_trial_deinit(struct simulate_trial *trial) {
    if (trial->world != NULL) {
        sim_outcome_deinit(&trial->outcome);
        sim_world_destroy(trial->world);
    }
    if (trial->memory.resize == NULL) { // it was never run
        return;
    }
    plan_deinit(&trial->plan);
    simulate_files_deinit(&trial->files);
}

const struct metric_expectation *simulate_trial_expectation(const struct simulate_trial *trial) {
    for (uint32_t i = 0; i < trial->plan.expectation_count; i++) {
        double value;
        if (!sim_measure_holds(&trial->outcome, &trial->plan.expectations[i], &value)) {
            return &trial->plan.expectations[i];
        }
    }
    return NULL;
}
