#include "session/simulate/simulate_together.h"

#include <stdlib.h>
#include <time.h>

#include "base/assert.h"

#define WAIT_NS 1000000L // between two looks for words

// What a word is about, its first number.
enum {
    STANDS,      // to the first one: how far
    INTERRUPTED, // to the first one; from it, to all: by whom
    READY,       // to the first one: there is a parcel
    GIVE,        // from the first one, which waits for it now
};

// `standings` and `is_ready` by rank. A parcel leaves when it is asked for, since the first process
// asks when it has nothing else to do; so nobody waits in MPI, which would take a whole processor.
struct simulate_together {
    const struct simulate_ranks *ranks;
    const volatile sig_atomic_t *is_interrupted;
    struct simulate_standing *standings;
    bool *is_ready;
    bool is_asked; // for the parcel
    bool has_said; // that it was interrupted
    bool was_ended;
    unsigned ended_by;
};

struct simulate_together *simulate_together_create(const struct simulate_ranks *ranks,
                                                   const volatile sig_atomic_t *is_interrupted) {
    struct simulate_together *together = calloc(1, sizeof *together);
    ASSERT_MESSAGE(together != NULL, "there is no memory");
    together->ranks = ranks;
    together->is_interrupted = is_interrupted;
    together->standings = calloc(ranks->count, sizeof *together->standings);
    together->is_ready = calloc(ranks->count, sizeof *together->is_ready);
    ASSERT_MESSAGE(together->standings != NULL && together->is_ready != NULL, "there is no memory");
    return together;
}

void simulate_together_destroy(struct simulate_together *together) {
    free(together->standings);
    free(together->is_ready);
    free(together);
}

// ---- words --------------------------------------------------------------------------------------

static void tell(const struct simulate_together *together, unsigned to, uint64_t what,
                 uint64_t number) {
    simulate_ranks_tell(together->ranks, to,
                        &(struct simulate_ranks_word){.numbers = {what, number}});
}

static void end_for_all(struct simulate_together *together, unsigned by) {
    if (!together->was_ended) {
        together->was_ended = true;
        together->ended_by = by;
        if (together->ranks->own == 0) {
            tell(together, SIMULATE_RANKS_ALL, INTERRUPTED, by);
        }
    }
}

static void hear(struct simulate_together *together) {
    struct simulate_ranks_word word;
    while (simulate_ranks_hear(together->ranks, &word)) {
        switch (word.numbers[0]) {
        case STANDS:
            together->standings[word.from] =
                (struct simulate_standing){word.numbers[1], word.numbers[2], word.numbers[3]};
            break;
        case INTERRUPTED:
            end_for_all(together, (unsigned)word.numbers[1]);
            break;
        case READY:
            together->is_ready[word.from] = true;
            break;
        case GIVE:
            together->is_asked = true;
            break;
        default:
            ASSERT_MESSAGE(false, "a word from another program");
        }
    }
}

// The first one ends the run; the others tell it, and go on with what they do until it has.
static void look_for_signals(struct simulate_together *together) {
    unsigned own = together->ranks->own;
    if (*together->is_interrupted == 0 || together->has_said) {
        return;
    }
    together->has_said = true;
    if (own == 0) {
        end_for_all(together, 0);
    } else {
        tell(together, 0, INTERRUPTED, own);
    }
}

bool simulate_together_goes_on(struct simulate_together *together) {
    hear(together);
    look_for_signals(together);
    return !together->was_ended;
}

bool simulate_together_was_ended(const struct simulate_together *together, unsigned *who) {
    *who = together->ended_by;
    return together->was_ended && together->ranks->count > 1;
}

struct simulate_standing simulate_together_stand(struct simulate_together *together,
                                                 const struct simulate_standing *own) {
    struct simulate_standing all = *own;
    together->standings[together->ranks->own] = *own;
    if (together->ranks->own > 0) {
        simulate_ranks_tell(together->ranks, 0,
                            &(struct simulate_ranks_word){
                                .numbers = {STANDS, own->simulated, own->events, own->connected}});
        return all;
    }
    for (unsigned i = 1; i < together->ranks->count; i++) {
        const struct simulate_standing *other = &together->standings[i];
        all.simulated = other->simulated < all.simulated ? other->simulated : all.simulated;
        all.events += other->events;
        all.connected += other->connected;
    }
    return all;
}

// ---- the end ------------------------------------------------------------------------------------

static void wait_a_little(void) {
    (void)nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
}

static void take_from(struct simulate_together *together, unsigned from,
                      const struct simulate_gathering *gathering) {
    struct memory memory;
    struct buffer parcel;
    memory_init(&memory);
    buffer_init(&parcel, &memory);
    tell(together, from, GIVE, 0);
    simulate_ranks_receive(together->ranks, from, &parcel);
    gathering->takes(gathering->context, buffer_bytes(&parcel));
    buffer_deinit(&parcel);
}

bool simulate_together_gather(struct simulate_together *together,
                              const struct simulate_gathering *gathering) {
    unsigned left = together->ranks->count - 1;
    ASSERT(together->ranks->own == 0);
    while (left > 0 && simulate_together_goes_on(together)) {
        bool has_taken = false;
        for (unsigned i = 1; i < together->ranks->count; i++) {
            if (together->is_ready[i]) {
                together->is_ready[i] = false;
                take_from(together, i, gathering);
                has_taken = true;
                left--;
            }
        }
        if (!has_taken) {
            gathering->waits(gathering->context);
            wait_a_little();
        }
    }
    return left == 0;
}

bool simulate_together_give(struct simulate_together *together, struct bytes parcel) {
    ASSERT(together->ranks->own > 0);
    tell(together, 0, READY, 0);
    while (simulate_together_goes_on(together) && !together->is_asked) {
        wait_a_little();
    }
    if (!together->was_ended) {
        simulate_ranks_send(together->ranks, 0, parcel);
    }
    return !together->was_ended;
}
