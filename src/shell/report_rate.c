#include "shell/report_rate.h"

#include "base/assert.h"

#define TELL_INTERVAL UINT64_C(10000000000)

bool report_rate_take(struct report_rates *rates, unsigned kind, const char *name,
                      const struct rate_rule *rule, uint64_t now) {
    ASSERT(kind < REPORT_RATE_KINDS);
    struct report_rate *rate = &rates->kinds[kind];
    if (rate_take(&rate->rate, rule, 1, now)) {
        return true;
    }
    rate->left_out++;
    rate->name = name;
    rate->rule = *rule;
    rates->left_out++;
    return false;
}

bool report_rate_is_due(const struct report_rates *rates, uint64_t now, bool is_end) {
    return rates->left_out > 0 && (is_end || now >= rates->told_at + TELL_INTERVAL);
}

void report_rate_tell(struct report_rates *rates, uint64_t now,
                      void (*tell)(void *context, const struct report_rate *rate), void *context) {
    for (unsigned i = 0; i < REPORT_RATE_KINDS; i++) {
        if (rates->kinds[i].left_out > 0) {
            tell(context, &rates->kinds[i]);
            rates->kinds[i].left_out = 0;
        }
    }
    rates->left_out = 0;
    rates->told_at = now;
}
