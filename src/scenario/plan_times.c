#include "scenario/plan_times.h"

#include "base/assert.h"

// A number below `bound` of a random one, each as likely; 0 for a bound of 0.
static uint64_t below(uint64_t random, uint64_t bound) {
    __extension__ unsigned __int128 product = (unsigned __int128)random * bound;
    return (uint64_t)(product >> 64);
}

uint64_t plan_times_connect(const struct plan_connect *connect, uint64_t random) {
    return connect->at_ns + below(random, connect->within_ns);
}

// ---- times of publishing ------------------------------------------------------------------------

uint32_t plan_times_curve(const struct plan_curve_point *curve, uint32_t count, uint64_t time_ns) {
    ASSERT(count > 0);
    uint64_t day_ns = time_ns % PLAN_DAY;
    uint32_t after = 0;
    while (after < count && curve[after].at_ns <= day_ns) {
        after++;
    }
    const struct plan_curve_point *left = &curve[after == 0 ? count - 1 : after - 1];
    const struct plan_curve_point *right = &curve[after == count ? 0 : after];
    uint64_t span = (right->at_ns + PLAN_DAY - left->at_ns) % PLAN_DAY;
    uint64_t in = (day_ns + PLAN_DAY - left->at_ns) % PLAN_DAY;
    if (span == 0) {
        return left->share;
    }
    ASSERT(in <= span); // the moment lies between the two
    __extension__ __int128 rise = (__int128)right->share - left->share;
    return (uint32_t)(left->share + (int64_t)(rise * (__int128)in / (__int128)span));
}

static uint64_t replay_next(const struct plan_publish *publish, uint64_t n) {
    uint64_t round = n / publish->replay_count;
    if (round > 0 && !publish->replay_again) {
        return UINT64_MAX;
    }
    // Between the last row and the first one of the next round lies a second at least.
    uint64_t length = publish->replay[publish->replay_count - 1].at_ns + PLAN_SECOND;
    if (round > (PLAN_TIME_MAX - publish->from_ns) / length) {
        return UINT64_MAX;
    }
    return publish->from_ns + round * length + publish->replay[n % publish->replay_count].at_ns;
}

// The time to the next one at a share of the usual rate.
static uint64_t stretched(uint64_t span_ns, uint32_t share) {
    ASSERT(share > 0);
    if (share == PLAN_MILLION) {
        return span_ns > PLAN_TIME_MAX ? PLAN_TIME_MAX : span_ns; // a division of 128 bits is slow
    }
    __extension__ unsigned __int128 wide = (unsigned __int128)span_ns * PLAN_MILLION / share;
    return wide > PLAN_TIME_MAX ? PLAN_TIME_MAX : (uint64_t)wide;
}

// The first time from `from_ns` on at which the curve is not 0. There is one within a day.
static uint64_t curve_wakes(const struct plan_publish *publish, uint64_t from_ns) {
    uint64_t day = from_ns / PLAN_DAY * PLAN_DAY;
    uint64_t next = UINT64_MAX;
    for (uint32_t i = 0; i < publish->curve_count; i++) {
        uint32_t following = publish->curve[(i + 1) % publish->curve_count].share;
        if (publish->curve[i].share > 0 || following > 0) {
            uint64_t at = day + publish->curve[i].at_ns;
            at += at < from_ns ? PLAN_DAY : 0;
            next = at < next ? at : next;
        }
    }
    ASSERT(next != UINT64_MAX);
    return next + PLAN_SECOND;
}

static uint64_t periodic_next(const struct plan_publish *publish,
                              const struct plan_moment *moment) {
    uint64_t before = moment->before_ns;
    uint32_t share = PLAN_MILLION;
    if (publish->curve_count > 0) {
        share = plan_times_curve(publish->curve, publish->curve_count, before);
        if (share == 0) {
            before = curve_wakes(publish, before);
            share = plan_times_curve(publish->curve, publish->curve_count, before);
            share = share == 0 ? 1 : share;
        }
    }
    ASSERT(publish->jitter_ns <= publish->every_ns);
    uint64_t span = publish->every_ns - publish->jitter_ns +
                    below(moment->random, 2 * publish->jitter_ns + (publish->jitter_ns > 0));
    span = stretched(stretched(span, share), moment->surge == 0 ? PLAN_MILLION : moment->surge);
    return before + (span == 0 ? 1 : span);
}

uint64_t plan_times_publish(const struct plan_publish *publish, const struct plan_moment *moment) {
    uint64_t at;
    if (publish->times > 0 && moment->n >= publish->times) {
        return UINT64_MAX;
    }
    if (publish->replay_count > 0) {
        at = replay_next(publish, moment->n);
    } else if (moment->n == 0) {
        uint64_t first =
            publish->from_ns > moment->before_ns ? publish->from_ns : moment->before_ns;
        at = first + below(moment->random, publish->every_ns);
    } else if (publish->every_ns == 0) {
        return UINT64_MAX;
    } else {
        at = periodic_next(publish, moment);
    }
    return at >= publish->until_ns ? UINT64_MAX : at;
}
