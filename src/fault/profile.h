// Networks by name: what a packet meets on them, one way. The figures and where they come from
// stand in docs/faults.md, which a test holds against this table.
//
// Losses follow the model of Gilbert and Elliott: a link is good or bad, each with a share of
// packets lost, and may change between packets. So losses come in bursts, as on real networks.
#ifndef FAULT_PROFILE_H
#define FAULT_PROFILE_H

#include "base/bytes.h"

// Shares in parts of a million.
struct fault_loss {
    uint32_t to_bad;  // of packets behind which a good link becomes bad
    uint32_t to_good; // and a bad one good
    uint32_t good;    // of packets lost while it is good
    uint32_t bad;     // and while it is bad
};

struct fault_profile {
    const char *name;
    uint64_t delay_ns; // one way
    uint64_t jitter_ns;
    uint64_t up; // bits a second, to the broker
    uint64_t down;
    struct fault_loss loss;
    const char *source;
};

// In the order of docs/faults.md; NULL behind the last one.
const struct fault_profile *fault_profile(unsigned index);

// Losses of a mean share, in bursts of a mean length of `burst` packets. Each packet of a burst is
// lost, and none between bursts.
struct fault_loss fault_loss_bursts(uint32_t share, uint32_t burst);

// ---- what a receiver sees of a loss -------------------------------------------------------------

// Timers of TCP (RFC 6298): the first retransmission comes after max(1 s, SRTT + 4 RTTVAR), each
// next one after twice the time, up to a minute. After 100 seconds (R2 of RFC 1122, 4.2.3.5) the
// sender gives up.
#define FAULT_TIMER_LEAST_NS UINT64_C(1000000000)
#define FAULT_TIMER_MOST_NS UINT64_C(60000000000)
#define FAULT_GIVE_UP_NS UINT64_C(100000000000)

// The first timer on a link with this delay and jitter one way.
uint64_t fault_timer_first(uint64_t delay_ns, uint64_t jitter_ns);
// The one behind it.
uint64_t fault_timer_next(uint64_t timer_ns);

#endif
