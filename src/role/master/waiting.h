// The requests that wait at a master for a packet of their gate (docs/master-api.md, "mailbox"),
// and who is woken by what. Pure: it knows no mailbox, no store and no connection. Its driver asks
// the store, tells what came of it, and answers the requests that it is given back.
//
// One request waits for a gate; a newer one takes its place, so as many wait as there are gates. It
// is *woken*, to be tried again, by a packet for its gate or for all, by a lease or the end of one,
// and after a third of the gate's silence, since that is a sign of life. It is *over* when its own
// time is.
//
// Requests stand in the caller's records. One that waits belongs to `waiting`; one that is given
// back is the caller's again.
#ifndef ROLE_MASTER_WAITING_H
#define ROLE_MASTER_WAITING_H

#include "base/map.h"
#include "base/timer.h"
#include "role/master/grouping.h"

struct waiting_request {
    struct timer timer; // first, so that it leads to the request
    uint32_t gate;
    uint32_t place;   // among those that wait
    uint64_t ends_at; // 0: it has not waited yet
    struct waiting_request *next;
};

// Requests one after the other, the oldest first.
struct waiting_list {
    struct waiting_request *first;
    struct waiting_request **end;
};

// A request that waits stands in `requests`, at the place that `places` names, and has a timer:
// its end, or the next sign of life. It leaves by being woken or by time, into the list of which
// the caller takes it.
struct waiting {
    struct memory *memory;
    uint64_t renewal; // nanoseconds until a request is tried again as a sign of life
    struct map places;
    struct waiting_request **requests;
    uint32_t count;
    uint32_t capacity;
    struct timers timers;
    struct waiting_list woken;
    struct waiting_list over;
};

void waiting_init(struct waiting *waiting, struct memory *memory, uint64_t renewal, uint64_t seed);
// Requests that still wait are the caller's to end.
void waiting_deinit(struct waiting *waiting);

// A request found nothing. Whether it may wait, on or for the first time, of the `span` nanoseconds
// that it brought along.
bool waiting_may(struct waiting_request *request, uint64_t span, uint64_t now);
// It waits from now on; an older one of the gate is over.
void waiting_begin(struct waiting *waiting, struct waiting_request *request, uint32_t gate,
                   uint64_t now);
bool waiting_has(const struct waiting *waiting, uint32_t gate);

// Something came for a gate, or happened to its lease.
void waiting_wake(struct waiting *waiting, uint32_t gate);
// All but one; 0: all.
void waiting_wake_all(struct waiting *waiting, uint32_t but);
// Packets of `sender` were put into the mailboxes of these gates, 0 for all but the sender's.
void waiting_wake_receivers(struct waiting *waiting, uint32_t sender, struct grouping_gates gates);

// To be called when waiting_deadline is reached.
void waiting_tick(struct waiting *waiting, uint64_t now);
uint64_t waiting_deadline(const struct waiting *waiting); // UINT64_MAX: never

// The next that was woken, to be tried again; the next that is over, to be answered with nothing.
// NULL: there is none.
struct waiting_request *waiting_take_woken(struct waiting *waiting);
struct waiting_request *waiting_take_over(struct waiting *waiting);

#endif
