// The processes that mpirun started for one search, on one machine or many: ranks. Each tries every
// n-th seed, they tell each other what failed, and the first one reports for all.
//
// MPI is optional when the program is built. Without it, or without mpirun, there is one rank. It
// is not even initialised unless mpirun says by OMPI_COMM_WORLD_SIZE, or PMI_SIZE, that there are
// more.
#ifndef SESSION_SIMULATE_SEARCH_SIMULATE_RANKS_H
#define SESSION_SIMULATE_SEARCH_SIMULATE_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct simulate_ranks {
    unsigned count; // 1: there are no others
    unsigned own;   // 0 is the first one
    unsigned here;  // of them on this machine
    bool is_open;   // private
};

// Whether mpirun started this process as one of several.
bool simulate_ranks_are_several(void);

// To be called once, and by the thread that calls the others below. False: mpirun started several
// processes, but the program was built without MPI.
__attribute__((warn_unused_result)) bool simulate_ranks_open(struct simulate_ranks *ranks);
// Waits until all others have come to their end, too.
void simulate_ranks_close(struct simulate_ranks *ranks);

// What a rank that is done tells all others, once: the lowest of its seeds that failed, if one did.
struct simulate_ranks_word {
    bool has_failed;
    uint64_t seed;
};
void simulate_ranks_tell(const struct simulate_ranks *ranks, struct simulate_ranks_word word);
// False: no word has come that was not heard before.
bool simulate_ranks_hear(const struct simulate_ranks *ranks, struct simulate_ranks_word *word);

// Replaces each number by the sum of it over all ranks, in all of them.
void simulate_ranks_add_up(const struct simulate_ranks *ranks, uint64_t *numbers, size_t count);

#endif
