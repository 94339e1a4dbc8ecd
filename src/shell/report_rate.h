// How many lines of each kind are said. Peers decide how much there is to say: a flood of refused
// connections must not fill a disk. Each kind of line has a rate (base/rate.h): so many come at
// once, and then so many a second. Lines that are left out are counted, and told.
//
// Time is a parameter, in nanoseconds of a steady clock. One thread at a time.
#ifndef SHELL_REPORT_RATE_H
#define SHELL_REPORT_RATE_H

#include "base/rate.h"

#define REPORT_RATE_KINDS 48

struct report_rate {
    struct rate rate;
    uint64_t left_out;
    const char *name; // once something was left out; borrowed for good
    struct rate_rule rule;
};

struct report_rates {
    struct report_rate kinds[REPORT_RATE_KINDS];
    uint64_t left_out; // of all kinds, and not told yet
    uint64_t told_at;
};

// Whether a line of this kind, called `name`, may be said now. If not, it is counted.
bool report_rate_take(struct report_rates *rates, unsigned kind, const char *name,
                      const struct rate_rule *rule, uint64_t now);

// Whether it is time to tell what was left out; at the end it is, if anything was.
bool report_rate_is_due(const struct report_rates *rates, uint64_t now, bool is_end);

// Hands over each kind of which lines were left out, and counts anew.
void report_rate_tell(struct report_rates *rates, uint64_t now,
                      void (*tell)(void *context, const struct report_rate *rate), void *context);

#endif
