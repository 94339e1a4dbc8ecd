#include "session/simulate/search/simulate_ranks.h"

#include <stdlib.h>

#include "base/assert.h"

static unsigned number_in(const char *variable) {
    const char *text = getenv(variable);
    return text == NULL ? 0 : (unsigned)strtoul(text, NULL, 10);
}

bool simulate_ranks_are_several(void) {
    return number_in("OMPI_COMM_WORLD_SIZE") > 1 || number_in("PMI_SIZE") > 1;
}

#ifdef HAVE_MPI

#include <mpi.h>

#define TAG_DONE 1
#define NUMBERS 2 // of a word

bool simulate_ranks_open(struct simulate_ranks *ranks) {
    int provided;
    int count;
    int own;
    int here;
    MPI_Comm machine;
    *ranks = (struct simulate_ranks){.count = 1, .here = 1};
    if (!simulate_ranks_are_several()) {
        return true;
    }
    (void)MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    (void)MPI_Comm_size(MPI_COMM_WORLD, &count);
    (void)MPI_Comm_rank(MPI_COMM_WORLD, &own);
    (void)MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, own, MPI_INFO_NULL, &machine);
    (void)MPI_Comm_size(machine, &here);
    (void)MPI_Comm_free(&machine);
    *ranks = (struct simulate_ranks){
        .count = (unsigned)count, .own = (unsigned)own, .here = (unsigned)here, .is_open = true};
    ASSERT(ranks->own < ranks->count && ranks->here >= 1);
    return true;
}

void simulate_ranks_close(struct simulate_ranks *ranks) {
    if (ranks->is_open) {
        (void)MPI_Finalize();
        ranks->is_open = false;
    }
}

void simulate_ranks_tell(const struct simulate_ranks *ranks, struct simulate_ranks_word word) {
    uint64_t numbers[NUMBERS] = {word.has_failed, word.seed};
    for (unsigned i = 0; i < ranks->count; i++) {
        if (i != ranks->own) {
            (void)MPI_Send(numbers, NUMBERS, MPI_UINT64_T, (int)i, TAG_DONE, MPI_COMM_WORLD);
        }
    }
}

bool simulate_ranks_hear(const struct simulate_ranks *ranks, struct simulate_ranks_word *word) {
    uint64_t numbers[NUMBERS];
    int has_come = 0;
    MPI_Status status;
    if (ranks->count > 1) {
        (void)MPI_Iprobe(MPI_ANY_SOURCE, TAG_DONE, MPI_COMM_WORLD, &has_come, &status);
    }
    if (has_come != 0) {
        (void)MPI_Recv(numbers, NUMBERS, MPI_UINT64_T, status.MPI_SOURCE, TAG_DONE, MPI_COMM_WORLD,
                       MPI_STATUS_IGNORE);
        *word = (struct simulate_ranks_word){numbers[0] != 0, numbers[1]};
    }
    return has_come != 0;
}

void simulate_ranks_add_up(const struct simulate_ranks *ranks, uint64_t *numbers, size_t count) {
    if (ranks->count > 1) {
        (void)MPI_Allreduce(MPI_IN_PLACE, numbers, (int)count, MPI_UINT64_T, MPI_SUM,
                            MPI_COMM_WORLD);
    }
}

#else

bool simulate_ranks_open(struct simulate_ranks *ranks) {
    *ranks = (struct simulate_ranks){.count = 1, .here = 1};
    return !simulate_ranks_are_several();
}

void simulate_ranks_close(struct simulate_ranks *ranks) {
    ASSERT(!ranks->is_open);
}

void simulate_ranks_tell(const struct simulate_ranks *ranks, struct simulate_ranks_word word) {
    ASSERT(ranks->count == 1);
    (void)word;
}

bool simulate_ranks_hear(const struct simulate_ranks *ranks, struct simulate_ranks_word *word) {
    ASSERT(ranks->count == 1);
    (void)word;
    return false;
}

void simulate_ranks_add_up(const struct simulate_ranks *ranks, uint64_t *numbers, size_t count) {
    ASSERT(ranks->count == 1);
    (void)numbers;
    (void)count;
}

#endif
