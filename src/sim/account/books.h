// A ledger with what stands beside it: the devices by the numbers of its clients, and for each
// group of the plan what is added up. An island has books of its own, or shares those of all that
// are joined to it.
#ifndef SIM_ACCOUNT_BOOKS_H
#define SIM_ACCOUNT_BOOKS_H

#include "scenario/plan.h"
#include "sim/account/ledger.h"

// A calm that is shorter leaves no time for what waits for a timer.
#define SIM_REST_NS (10 * PLAN_SECOND)

struct sim_device;

struct sim_books {
    struct memory *memory;
    const struct plan *plan;
    struct sim_ledger ledger;
    struct sim_tally *tallies;
    struct sim_device **clients;
    uint32_t client_count;
    uint32_t client_capacity;
};

struct sim_books_options {
    const uint64_t *now; // see sim/account/ledger.h
    uint32_t islands;    // likewise
    struct sim_counts *counts;
    struct sim_times *times;
    uint32_t ring; // last events that a finding may show
};
void sim_books_init(struct sim_books *books, struct memory *memory, const struct plan *plan,
                    const struct sim_books_options *options);
void sim_books_deinit(struct sim_books *books);

// The ledger's next client.
void sim_books_add(struct sim_books *books, struct sim_device *device);

// The end has come, and the faults ended long ago: judges have their say. And who still exchanges
// messages is noted: a queue that is taken slowly may be longer than the calm, and a segment that
// was lost takes a while.
void sim_books_judge_rest(const struct sim_books *books);
void sim_books_note_busy(const struct sim_books *books);

// The name of a client, written at `room`, and the topic of a stream; empty: there is none.
struct bytes sim_books_client_name(const struct sim_books *books, uint32_t client,
                                   uint8_t room[static PLAN_NAME_MAX]);
struct bytes sim_books_stream_topic(const struct sim_books *books, uint32_t stream);

#endif
