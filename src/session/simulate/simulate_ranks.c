#include "session/simulate/simulate_ranks.h"

#include <limits.h>
#include <stdlib.h>

#include "base/assert.h"

static unsigned number_in(const char *variable) {
    const char *text = getenv(variable);
    return text == NULL ? 0 : (unsigned)strtoul(text, NULL, 10);
}

// Whether mpirun started this process as one of several.
static bool are_several(void) {
    return number_in("OMPI_COMM_WORLD_SIZE") > 1 || number_in("PMI_SIZE") > 1;
}

#ifdef HAVE_MPI

#include <mpi.h>

#define TAG_WORD 1
#define TAG_PARCEL 2

bool simulate_ranks_open(struct simulate_ranks *ranks) {
    int provided;
    int count;
    int own;
    int here;
    MPI_Comm machine;
    *ranks = (struct simulate_ranks){.count = 1, .here = 1};
    if (!are_several()) {
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

// So small that MPI never waits for the other one to take it.
void simulate_ranks_tell(const struct simulate_ranks *ranks, unsigned to,
                         const struct simulate_ranks_word *word) {
    for (unsigned i = 0; i < ranks->count; i++) {
        if (i != ranks->own && (to == i || to == SIMULATE_RANKS_ALL)) {
            (void)MPI_Send(word->numbers, SIMULATE_RANKS_NUMBERS, MPI_UINT64_T, (int)i, TAG_WORD,
                           MPI_COMM_WORLD);
        }
    }
}

bool simulate_ranks_hear(const struct simulate_ranks *ranks, struct simulate_ranks_word *word) {
    int has_come = 0;
    MPI_Status status;
    if (ranks->count > 1) {
        (void)MPI_Iprobe(MPI_ANY_SOURCE, TAG_WORD, MPI_COMM_WORLD, &has_come, &status);
    }
    if (has_come != 0) {
        word->from = (unsigned)status.MPI_SOURCE;
        (void)MPI_Recv(word->numbers, SIMULATE_RANKS_NUMBERS, MPI_UINT64_T, status.MPI_SOURCE,
                       TAG_WORD, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    return has_come != 0;
}

void simulate_ranks_add_up(const struct simulate_ranks *ranks, uint64_t *numbers, size_t count) {
    if (ranks->count > 1) {
        (void)MPI_Allreduce(MPI_IN_PLACE, numbers, (int)count, MPI_UINT64_T, MPI_SUM,
                            MPI_COMM_WORLD);
    }
}

// The number of each rank, on the heap.
static uint64_t *numbers_of_all(const struct simulate_ranks *ranks, uint64_t number) {
    uint64_t *all = calloc(ranks->count, sizeof *all);
    ASSERT_MESSAGE(all != NULL, "there is no memory");
    all[0] = number;
    if (ranks->count > 1) {
        (void)MPI_Allgather(&number, 1, MPI_UINT64_T, all, 1, MPI_UINT64_T, MPI_COMM_WORLD);
    }
    return all;
}

void simulate_ranks_spread(const struct simulate_ranks *ranks, struct buffer *text) {
    uint64_t size = text->size;
    if (ranks->count == 1) {
        return;
    }
    (void)MPI_Bcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    ASSERT_MESSAGE(size <= INT_MAX, "a scenario is too large for several processes");
    if (ranks->own > 0) {
        text->size = 0;
        (void)buffer_reserve(text, size);
        text->size = size;
    }
    (void)MPI_Bcast(text->data, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD);
}

void simulate_ranks_send(const struct simulate_ranks *ranks, unsigned to, struct bytes parcel) {
    ASSERT(to < ranks->count && to != ranks->own && parcel.size <= INT_MAX);
    (void)MPI_Send(parcel.data, (int)parcel.size, MPI_BYTE, (int)to, TAG_PARCEL, MPI_COMM_WORLD);
}

void simulate_ranks_receive(const struct simulate_ranks *ranks, unsigned from,
                            struct buffer *parcel) {
    MPI_Status status;
    int size;
    ASSERT(from < ranks->count && from != ranks->own);
    (void)MPI_Probe((int)from, TAG_PARCEL, MPI_COMM_WORLD, &status);
    (void)MPI_Get_count(&status, MPI_BYTE, &size);
    parcel->size = 0;
    (void)buffer_reserve(parcel, (size_t)size);
    parcel->size = (size_t)size;
    (void)MPI_Recv(parcel->data, size, MPI_BYTE, (int)from, TAG_PARCEL, MPI_COMM_WORLD,
                   MPI_STATUS_IGNORE);
}

#else

bool simulate_ranks_open(struct simulate_ranks *ranks) {
    *ranks = (struct simulate_ranks){.count = 1, .here = 1};
    return !are_several();
}

void simulate_ranks_close(struct simulate_ranks *ranks) {
    ASSERT(!ranks->is_open);
}

void simulate_ranks_tell(const struct simulate_ranks *ranks, unsigned to,
                         const struct simulate_ranks_word *word) {
    ASSERT(ranks->count == 1);
    (void)to;
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

static uint64_t *numbers_of_all(const struct simulate_ranks *ranks, uint64_t number) {
    uint64_t *all = calloc(ranks->count, sizeof *all);
    ASSERT_MESSAGE(all != NULL, "there is no memory");
    all[0] = number;
    return all;
}

void simulate_ranks_spread(const struct simulate_ranks *ranks, struct buffer *text) {
    ASSERT(ranks->count == 1);
    (void)text;
}

void simulate_ranks_send(const struct simulate_ranks *ranks, unsigned to, struct bytes parcel) {
    (void)to;
    (void)parcel;
    ASSERT_MESSAGE(ranks->count > 1, "there is nobody else");
}

void simulate_ranks_receive(const struct simulate_ranks *ranks, unsigned from,
                            struct buffer *parcel) {
    (void)from;
    (void)parcel;
    ASSERT_MESSAGE(ranks->count > 1, "there is nobody else");
}

#endif

bool simulate_ranks_any(const struct simulate_ranks *ranks, bool is_wrong, bool *tells) {
    uint64_t *all = numbers_of_all(ranks, is_wrong);
    unsigned first = 0;
    while (first < ranks->count && all[first] == 0) {
        first++;
    }
    free(all);
    *tells = first == ranks->own;
    return first < ranks->count;
}

bool simulate_ranks_agree(const struct simulate_ranks *ranks, uint64_t number, unsigned *who) {
    uint64_t *all = numbers_of_all(ranks, number);
    unsigned other = 1;
    while (other < ranks->count && all[other] == all[0]) {
        other++;
    }
    free(all);
    *who = other;
    return other == ranks->count;
}
