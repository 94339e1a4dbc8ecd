#include "session/simulate/search/simulate_minimise.h"

#include <errno.h>
#include <stdlib.h>

#include "base/assert.h"
#include "scenario/reduce/reduce.h"
#include "session/simulate/simulate_errors.h"
#include "session/simulate/simulate_report.h"
#include "shell/clock.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define PROGRESS_NS UINT64_C(250000000)
#define EXPECTATION_MAX 256u
#define SECOND_NS UINT64_C(1000000000)

// How it goes wrong: a rule, or an expectation as it is typed.
struct fault_of_run {
    bool is_wrong;
    bool is_rule;
    enum check_rule rule;
    char expectation[EXPECTATION_MAX];
    uint64_t at; // of a rule
};

// The search for a smaller scenario with the same fault: the outline that becomes smaller, the
// fault that is wanted, and what is shown of the progress. It lives for one call, and all it makes
// is on its memory.
struct minimiser {
    const struct simulate_minimise_options *options;
    struct memory memory;
    struct simulate_files files;
    struct outline outline;
    struct fault_of_run wanted;
    uint64_t began;
    uint64_t shown_at;
    uint64_t tries;
    uint64_t smallest; // bytes of a file that goes wrong
};

// ---- one candidate ------------------------------------------------------------------------------

static struct fault_of_run judge(const struct simulate_trial *trial) {
    struct fault_of_run fault = {.is_wrong = false};
    uint32_t island;
    if (trial->world == NULL) {
        return fault;
    }
    const struct verdict_finding *finding = sim_world_first_finding(trial->world, &island);
    const struct metric_expectation *expectation =
        finding == NULL ? simulate_trial_expectation(trial) : NULL;
    if (finding != NULL) {
        fault.is_wrong = fault.is_rule = true;
        fault.rule = finding->rule;
        fault.at = finding->at;
    } else if (expectation != NULL) {
        fault.is_wrong = true;
        (void)snprintf(fault.expectation, sizeof fault.expectation, "%.*s",
                       (int)expectation->source.size, (const char *)expectation->source.data);
    }
    return fault;
}

static struct fault_of_run try_text(struct minimiser *minimiser, struct bytes text) {
    struct simulate_trial *trial = calloc(1, sizeof *trial);
    ASSERT_MESSAGE(trial != NULL, "there is no memory");
    simulate_trial_run(trial, text,
                       &(struct simulate_trial_options){.file = minimiser->options->file,
                                                        .checks = minimiser->options->checks});
    struct fault_of_run fault = judge(trial);
    simulate_search_free(trial);
    return fault;
}

static struct fault_of_run try_outline(struct minimiser *minimiser) {
    struct buffer text;
    buffer_init(&text, &minimiser->memory);
    outline_write(&minimiser->outline, &text);
    struct fault_of_run fault = try_text(minimiser, buffer_bytes(&text));
    minimiser->smallest = text.size;
    buffer_deinit(&text);
    return fault;
}

static void show_progress(struct minimiser *minimiser) {
    uint64_t now = clock_steady();
    if (!minimiser->options->shows || now - minimiser->shown_at < PROGRESS_NS) {
        return;
    }
    minimiser->shown_at = now;
    (void)fprintf(stderr, "\r%llu candidates tried, of at most %llu; %llu bytes are left\033[K",
                  (unsigned long long)minimiser->tries,
                  (unsigned long long)minimiser->options->tries_max,
                  (unsigned long long)minimiser->smallest);
    (void)fflush(stderr);
}

static bool fails(void *context, struct bytes text) {
    struct minimiser *minimiser = context;
    if (*minimiser->options->is_interrupted) {
        return false;
    }
    minimiser->tries++;
    show_progress(minimiser);
    struct fault_of_run fault = try_text(minimiser, text);
    const struct fault_of_run *wanted = &minimiser->wanted;
    bool is_same = fault.is_wrong && fault.is_rule == wanted->is_rule &&
                   (fault.is_rule ? fault.rule == wanted->rule
                                  : strcmp(fault.expectation, wanted->expectation) == 0);
    minimiser->smallest = is_same ? text.size : minimiser->smallest;
    return is_same;
}

// ---- the whole ----------------------------------------------------------------------------------

// The case of the seed, as it is or with its storm. False: it cannot be, and it is told why.
static bool make_case(struct minimiser *minimiser, bool storm) {
    const struct simulate_minimise_options *options = minimiser->options;
    struct simulate_case_options as = options->as;
    struct plan_input input = {
        .text = options->text, .load = simulate_files_load, .context = &minimiser->files};
    struct read_errors *errors = calloc(1, sizeof *errors);
    ASSERT_MESSAGE(errors != NULL, "there is no memory");
    as.storm = storm;
    bool is_made = simulate_case_make(&minimiser->outline, &minimiser->memory, &input, &as, errors);
    simulate_errors_tell(options->file, errors);
    free(errors);
    return is_made;
}

static const char *wrong_text(const struct fault_of_run *fault) {
    return fault->is_rule ? check_rule_text(fault->rule)->name : fault->expectation;
}

static void write_head(const struct minimiser *minimiser, FILE *out) {
    const struct simulate_minimise_options *options = minimiser->options;
    const struct fault_of_run *wanted = &minimiser->wanted;
    char seed[32] = "";
    if (options->as.has_seed) {
        (void)snprintf(seed, sizeof seed, ", seed %llu", (unsigned long long)options->as.seed);
    }
    (void)fprintf(out, "# What is left of %s%s.\n", options->file, seed);
    if (wanted->is_rule) {
        const struct check_rule_text *rule = check_rule_text(wanted->rule);
        (void)fprintf(out, "# It breaks %s: %s\n", rule->name, rule->demand);
    } else {
        (void)fprintf(out, "# This does not hold: %s\n", wanted->expectation);
    }
}

static int write_result(struct minimiser *minimiser) {
    const char *path = minimiser->options->output;
    struct buffer text;
    buffer_init(&text, &minimiser->memory);
    outline_write(&minimiser->outline, &text);
    FILE *out = path == NULL ? stdout : fopen(path, "we");
    bool is_written = out != NULL;
    if (is_written) {
        write_head(minimiser, out);
        is_written = fwrite(text.data, 1, text.size, out) == text.size && fflush(out) == 0;
    }
    int error = errno;
    if (path != NULL && out != NULL && fclose(out) != 0) {
        error = errno;
        is_written = false;
    }
    buffer_deinit(&text);
    if (!is_written) {
        printable_complain("simulate: %s: cannot be written: %s\n",
                           path == NULL ? "standard output" : path, strerror(error));
    }
    return is_written ? PROGRAM_OK : PROGRAM_UNUSABLE;
}

static void say_result(const struct minimiser *minimiser) {
    char span[SIMULATE_SPAN_SIZE];
    const struct simulate_minimise_options *options = minimiser->options;
    if (options->shows) {
        (void)fprintf(stderr, "\r\033[K");
    }
    printable_complain("simulate: %s is still %s: %llu bytes of %zu, after %llu runs in %s%s\n",
                       wrong_text(&minimiser->wanted),
                       minimiser->wanted.is_rule ? "broken" : "not so",
                       (unsigned long long)minimiser->smallest, options->text.size,
                       (unsigned long long)minimiser->tries,
                       simulate_report_span((double)(clock_steady() - minimiser->began), span),
                       *options->is_interrupted ? " (interrupted)" : "");
}

static void reduce(struct minimiser *minimiser) {
    uint64_t at = minimiser->wanted.at;
    // The packet that broke the rule is one of the last.
    uint64_t stop = at == 0 ? 0 : (at / (SECOND_NS / 10) + 1) * (SECOND_NS / 10);
    (void)reduce_outline(
        &minimiser->outline, &(struct reduce_port){fails, minimiser},
        &(struct reduce_options){.tries_max = (uint32_t)minimiser->options->tries_max,
                                 .stop_ns = stop});
}

static int minimise(struct minimiser *minimiser) {
    for (unsigned storm = 0; storm < 2 && !minimiser->wanted.is_wrong; storm++) {
        outline_deinit(&minimiser->outline);
        if (!make_case(minimiser, storm == 1)) {
            return PROGRAM_UNUSABLE;
        }
        minimiser->wanted = try_outline(minimiser);
        // Drawn faults may well break expectations.
        minimiser->wanted.is_wrong =
            minimiser->wanted.is_wrong && (storm == 0 || minimiser->wanted.is_rule);
    }
    if (!minimiser->wanted.is_wrong) {
        printable_complain("simulate: %s: nothing goes wrong with this seed, not in its storm "
                           "either; --check --seeds 1..1000 looks for one\n",
                           minimiser->options->file);
        return PROGRAM_FAILED;
    }
    reduce(minimiser);
    say_result(minimiser);
    return write_result(minimiser);
}

int simulate_minimise_run(const struct simulate_minimise_options *options) {
    struct minimiser *minimiser = calloc(1, sizeof *minimiser);
    ASSERT_MESSAGE(minimiser != NULL, "there is no memory");
    minimiser->options = options;
    minimiser->began = clock_steady();
    memory_init(&minimiser->memory);
    simulate_files_init(&minimiser->files, &minimiser->memory, options->file);
    arena_init(&minimiser->outline.arena, &minimiser->memory);
    int code = minimise(minimiser);
    outline_deinit(&minimiser->outline);
    simulate_files_deinit(&minimiser->files);
    free(minimiser);
    return code;
}
