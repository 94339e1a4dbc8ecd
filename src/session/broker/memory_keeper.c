#include "session/broker/memory_keeper.h"

#include <malloc.h>

#include "shell/machine_memory.h"
#include "shell/passwords.h"

#define MEASURE_EVERY UINT64_C(100000000) // nanoseconds, as the next
#define TRIM_EVERY UINT64_C(1000000000)   // for want of memory
#define KEPT_MAX ((size_t)32 << 20)       // bytes that are free at the end of the heap
#define TOP_PAD (256 * 1024)              // by which the heap grows ahead of need
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
// the next message; that is for us to decide. Large blocks go to the system at once.
void memory_keeper_set_up(unsigned threads, size_t limit) {
    size_t kept = limit / 8 < KEPT_MAX ? limit / 8 : KEPT_MAX;
    (void)mallopt(M_ARENA_MAX, (int)threads);
    (void)mallopt(M_TRIM_THRESHOLD, (int)kept);
    (void)mallopt(M_TOP_PAD, TOP_PAD);
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
}

// ---- measuring ----------------------------------------------------------------------------------

// What is held for peers, in use or not.
static size_t held_for_peers(const struct memory_keeper *keeper) {
    size_t all = keeper->means->held();
    return all > keeper->base ? all - keeper->base : 0;
}

static size_t excess_of(const struct memory_keeper *keeper) {
    size_t all = held_for_peers(keeper);
    size_t counted = memory_counted(keeper->memory);
    return all > counted ? all - counted : 0;
}

void memory_keeper_init(struct memory_keeper *keeper, struct memory *memory,
                        const struct memory_keeper_means *means) {
    *keeper = (struct memory_keeper){.memory = memory, .means = means};
    keeper->base = excess_of(keeper);
}

static void measure(struct memory_keeper *keeper) {
    memory_measure(keeper->memory, held_for_peers(keeper));
}

// Whether peers are refused only because more is held than is in use.
static bool is_pressed(const struct memory_keeper *keeper) {
    const struct memory *memory = keeper->memory;
    return memory->measured > memory_counted(memory) && !memory_has_room(memory, MEMORY_KEPT, 0);
}

void memory_keeper_look(struct memory_keeper *keeper, uint64_t now) {
    if (now - keeper->measured_at < MEASURE_EVERY) {
        return;
    }
    keeper->measured_at = now;
    measure(keeper);
    if (is_pressed(keeper) && now - keeper->pressed_at >= TRIM_EVERY) {
        keeper->pressed_at = now;
        if (keeper->give_back != NULL) {
            keeper->give_back(keeper->context);
        }
        keeper->means->trim();
        memory_keeper_note_trim(keeper);
    }
}

// ---- giving back --------------------------------------------------------------------------------

static bool is_calm(struct memory_keeper *keeper) {
    size_t counted = memory_counted(keeper->memory);
    size_t before = keeper->counted;
    size_t change = counted > before ? counted - before : before - counted;
    keeper->counted = counted;
    return change <= EXCESS_MIN / 4 + counted / 64;
}

bool memory_keeper_is_over_peak(struct memory_keeper *keeper) {
    if (!is_calm(keeper)) {
        return false;
    }
    size_t least = EXCESS_MIN + memory_counted(keeper->memory) / 8;
    size_t excess = excess_of(keeper);
    keeper->excess = keeper->excess < excess ? keeper->excess : excess;
    if (excess < keeper->excess + least) {
        return false;
    }
    if (keeper->give_back != NULL) {
        keeper->give_back(keeper->context);
    }
    return true;
}

void memory_keeper_note_trim(struct memory_keeper *keeper) {
    keeper->excess = excess_of(keeper);
    measure(keeper);
}
