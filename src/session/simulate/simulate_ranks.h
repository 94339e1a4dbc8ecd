// The processes that mpirun started together, on one machine or many: ranks. They share the seeds
// of a search (search/simulate_search.h), or the islands of one run (simulate_together.h); the
// first one reports for all. All calls of MPI are here.
//
// MPI is optional when the program is built. Without it, or without mpirun, there is one rank. It
// is not even initialised unless mpirun says by OMPI_COMM_WORLD_SIZE, or PMI_SIZE, that there are
// more.
#ifndef SESSION_SIMULATE_SIMULATE_RANKS_H
#define SESSION_SIMULATE_SIMULATE_RANKS_H

#include "base/buffer.h"

#define SIMULATE_RANKS_NUMBERS 4u
#define SIMULATE_RANKS_ALL UINT32_MAX // all others

struct simulate_ranks {
    unsigned count; // 1: there are no others
    unsigned own;   // 0 is the first one
    unsigned here;  // of them on this machine
    bool is_open;   // private
};

// To be called once, and by the thread that calls the others below. False: mpirun started several
// processes, but the program was built without MPI.
__attribute__((warn_unused_result)) bool simulate_ranks_open(struct simulate_ranks *ranks);
// Waits until all others have come to their end, too.
void simulate_ranks_close(struct simulate_ranks *ranks);

// ---- words --------------------------------------------------------------------------------------
//
// What one rank tells another while both work. Those from one rank come in the order in which they
// were told. Nobody waits.

struct simulate_ranks_word {
    unsigned from; // set where it is heard
    uint64_t numbers[SIMULATE_RANKS_NUMBERS];
};
void simulate_ranks_tell(const struct simulate_ranks *ranks, unsigned to,
                         const struct simulate_ranks_word *word);
// False: no word has come that was not heard before.
bool simulate_ranks_hear(const struct simulate_ranks *ranks, struct simulate_ranks_word *word);

// ---- what ranks wait for ------------------------------------------------------------------------
//
// Except for the parcels, all ranks call these, and each waits for the others.

// Replaces each number by the sum of it over all ranks, in all of them.
void simulate_ranks_add_up(const struct simulate_ranks *ranks, uint64_t *numbers, size_t count);
// Whether something is wrong in any of them. *tells: in this one, and in none before it.
bool simulate_ranks_any(const struct simulate_ranks *ranks, bool is_wrong, bool *tells);
// Whether all have the same number; else *who has another than the first one.
bool simulate_ranks_agree(const struct simulate_ranks *ranks, uint64_t number, unsigned *who);
// The others get the text that the first one has.
void simulate_ranks_spread(const struct simulate_ranks *ranks, struct buffer *text);

// A parcel from one rank to another, which waits for it.
void simulate_ranks_send(const struct simulate_ranks *ranks, unsigned to, struct bytes parcel);
void simulate_ranks_receive(const struct simulate_ranks *ranks, unsigned from,
                            struct buffer *parcel);

#endif
