// What a simulation came to, for people, in at most 80 columns, or as one JSON object.
#ifndef SESSION_SIMULATE_SIMULATE_REPORT_H
#define SESSION_SIMULATE_SIMULATE_REPORT_H

#include <stdio.h>

#include "sim/account/outcome.h"

struct simulate_result {
    const struct plan *plan;
    const struct sim_outcome *outcome;
    const char *file;
    uint64_t simulated_ns;
    uint64_t took_ns;
    bool was_interrupted;
    bool has_storm; // faults that were drawn for the seed
};

// Whether all that is expected holds and no rule was broken.
bool simulate_result_is_good(const struct simulate_result *result);

void simulate_report_text(const struct simulate_result *result, FILE *out);
void simulate_report_json(const struct simulate_result *result, FILE *out);

// The first message or packet that broke a rule, with what led to it; nothing if none did.
void simulate_report_findings(const struct simulate_result *result, FILE *out);

// "1.5 s", "35 ms", "2 h 3 min": at most three digits.
#define SIMULATE_SPAN_SIZE 32
const char *simulate_report_span(double ns, char text[static SIMULATE_SPAN_SIZE]);

#endif
