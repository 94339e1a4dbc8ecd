#include "session/broker/memory_keeper.h"

#include <malloc.h>

#include "shell/machine/machine_memory.h"
#include "shell/secrets/passwords.h"

#define MEASURE_EVERY UINT64_C(100000000) // nanoseconds, as the next
#define TRIM_EVERY UINT64_C(1000000000)   // for want of memory
#define KEPT_MAX ((size_t)32 << 20)       // bytes that are free at the end of the heap
#define TOP_PAD (256 * 1024)              // by which the heap grows ahead of need
#define FAST_MAX 160                      // bytes of blocks that wait for their like: most messages
#define LARGE_BLOCK (4 * 1024 * 1024)     // has pages of its own
#define EXCESS_MIN ((size_t)4 << 20)      // bytes that are worth giving back

static size_t held(void) {
    size_t all = machine_memory_held();
    size_t scratch = passwords_scratch_bytes();
    return all > scratch ? all - scratch : 0;
}

static void trim(void) {
    (void)malloc_trim(0);
}

const struct memory_keeper_means memory_keeper_real = {held, trim};

// Threads that hand blocks to each other leave their holes in as many arenas as there are. The C
// library would give back the end of the heap each time some is free, and fault it in again with
// the next message; that is for us to decide. Large blocks go to the system at once. Small ones, of
// which a window of messages frees and takes many, are not joined with their neighbours each time.
void memory_keeper_set_up(unsigned threads, size_t limit) {
    size_t kept = limit / 8 < KEPT_MAX ? limit / 8 : KEPT_MAX;
    (void)mallopt(M_ARENA_MAX, (int)threads);
    (void)mallopt(M_TRIM_THRESHOLD, (int)kept);
    (void)mallopt(M_TOP_PAD, TOP_PAD);
    (void)mallopt(M_MXFAST, FAST_MAX);
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
}

// ---- measuring ----------------------------------------------------------------------------------

// What is held for peers, in use or not.
static size_t held_for_peers(const struct memory_keeper *keeper) {
    size_t all = keeper->means->held();
    return all > keeper->base ? all - keeper->base : 0;
}

static size_t excess_in(const struct memory_keeper *keeper, size_t all) {
    size_t counted = memory_counted(keeper->memory);
    return all > counted ? all - counted : 0;
}

static size_t excess_of(const struct memory_keeper *keeper) {
    return excess_in(keeper, held_for_peers(keeper));
}

void memory_keeper_init(struct memory_keeper *keeper, struct memory *memory,
                        const struct memory_keeper_means *means) {
    *keeper = (struct memory_keeper){.memory = memory, .means = means};
    keeper->base = excess_of(keeper);
    keeper->counted = memory_counted(memory);
}

// Returns what is held for peers.
static size_t measure(struct memory_keeper *keeper) {
    size_t all = held_for_peers(keeper);
    memory_measure(keeper->memory, all);
    return all;
}

// ---- when to look -------------------------------------------------------------------------------

static bool has_moved(const struct memory_keeper *keeper) {
    size_t counted = memory_counted(keeper->memory);
    size_t before = keeper->counted;
    size_t change = counted > before ? counted - before : before - counted;
    return change > EXCESS_MIN / 4 + counted / 64;
}

static bool is_worth_a_trim(const struct memory_keeper *keeper, size_t excess) {
    return excess >= keeper->excess + EXCESS_MIN + memory_counted(keeper->memory) / 8;
}

static void want_look(struct memory_keeper *keeper) {
    if (!keeper->is_look_wanted) {
        keeper->is_look_wanted = true;
        if (keeper->want_look != NULL) {
            keeper->want_look(keeper->context);
        }
    }
}

// Whether peers are refused only because more is held than is in use.
static bool is_pressed(const struct memory_keeper *keeper) {
    const struct memory *memory = keeper->memory;
    return memory->measured > memory_counted(memory) && !memory_has_room(memory, MEMORY_KEPT, 0);
}

static void trim_for_want(struct memory_keeper *keeper, uint64_t now) {
    keeper->pressed_at = now;
    if (keeper->give_back != NULL) {
        keeper->give_back(keeper->context);
    }
    keeper->means->trim();
    memory_keeper_note_trim(keeper);
}

void memory_keeper_look(struct memory_keeper *keeper, uint64_t now) {
    if (keeper->memory == NULL) {
        return;
    }
    if (has_moved(keeper)) {
        want_look(keeper);
    }
    if (now - keeper->measured_at < MEASURE_EVERY) {
        return;
    }
    keeper->measured_at = now;
    size_t excess = excess_in(keeper, measure(keeper));
    if (is_pressed(keeper) && now - keeper->pressed_at >= TRIM_EVERY) {
        trim_for_want(keeper, now);
    } else if (is_worth_a_trim(keeper, excess)) {
        want_look(keeper);
    }
}

// ---- giving back --------------------------------------------------------------------------------

bool memory_keeper_is_over_peak(struct memory_keeper *keeper) {
    keeper->is_look_wanted = has_moved(keeper);
    keeper->counted = memory_counted(keeper->memory);
    if (keeper->is_look_wanted) {
        return false; // what went may come back at once
    }
    size_t excess = excess_of(keeper);
    keeper->excess = keeper->excess < excess ? keeper->excess : excess;
    if (!is_worth_a_trim(keeper, excess)) {
        return false;
    }
    if (keeper->give_back != NULL) {
        keeper->give_back(keeper->context);
    }
    return true;
}

void memory_keeper_note_trim(struct memory_keeper *keeper) {
    keeper->excess = excess_in(keeper, measure(keeper));
}
