// A token bucket: so many per second, and so many at once. It is full at first; each thing that is
// done takes one token, and tokens come back at the rate.
//
// Kept as the time at which the bucket is full again, which is all there is to know, and never lags
// behind: asking often gains no more than asking seldom. Times are nanoseconds of a clock that does
// not go back. One taken costs whole nanoseconds, rounded down: with a million a second or fewer a
// rate is kept to within a thousandth, and above a thousand million it is none.
#ifndef BASE_RATE_H
#define BASE_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate_rule {
    uint32_t at_once;
    uint32_t per_second; // 0: any number
};

// All zero is a full bucket.
struct rate {
    uint64_t full_at;
};

static inline uint64_t rate_span(const struct rate_rule *rule, uint32_t count) {
    return count * UINT64_C(1000000000) / rule->per_second;
}

// Takes so many, or, if there are not as many, none: false. More than `at_once` there never are.
static inline bool rate_take(struct rate *rate, const struct rate_rule *rule, uint32_t count,
                             uint64_t now) {
    if (rule->per_second == 0) {
        return true;
    }
    uint64_t empty_for = rate->full_at > now ? rate->full_at - now : 0;
    uint64_t taken = empty_for + rate_span(rule, count);
    if (taken > rate_span(rule, rule->at_once)) {
        return false;
    }
    rate->full_at = now + taken;
    return true;
}

#endif
