#include "shell/report_rate.h"

#include "base/assert.h"

#define SECOND UINT64_C(1000000000)
#define TELL_INTERVAL (10 * SECOND)

bool report_rate_take(struct report_rates *rates, unsigned kind, const char *name,
                      const struct report_rule *rule, uint64_t now) {
    ASSERT(kind < REPORT_RATE_KINDS && rule->at_once > 0 && rule->per_second > 0);
    struct report_rate *rate = &rates->kinds[kind];
    uint64_t interval = SECOND / rule->per_second;
    uint64_t full_at = rate->full_at > now ? rate->full_at : now;
    if (full_at - now > (rule->at_once - 1) * interval) {
        rate->left_out++;
        rate->name = name;
        rate->rule = *rule;
        rates->left_out++;
        return false;
    }
    rate->full_at = full_at + interval;
    return true;
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
