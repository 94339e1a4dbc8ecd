// Keeps a program's memory to what its account says. The C library holds on to what was freed, in
// case it is needed again, and blocks that come and go leave holes. So the keeper looks at what the
// process really holds: it tells the account (base/memory.h), which refuses peers sooner then, and
// when a peak is over it gives back to the system what is not in use.
//
// Not a part of the account: what checks of hashed passwords take while they run, which is told by
// passwords_scratch_bytes.
#ifndef SESSION_BROKER_MEMORY_KEEPER_H
#define SESSION_BROKER_MEMORY_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"

// What measures and what gives back: the real ones, or those of a test.
struct memory_keeper_means {
    size_t (*held)(void); // by the process, in bytes; 0: it cannot be told
    void (*trim)(void);
};

// What is held, less `base`, and less what is counted, is the excess; a trim makes it small, or it
// is what cannot be given back. One that is all zero looks at nothing.
struct memory_keeper {
    struct memory *memory;
    const struct memory_keeper_means *means;
    // Has those who keep free blocks ready free them.
    void (*give_back)(void *context);
    // Asks for memory_keeper_is_over_peak in about a second; called with the account's lock.
    void (*want_look)(void *context);
    void *context;
    bool is_look_wanted;  // and still to come
    size_t base;          // held when there was no peer yet, beside what was counted
    size_t counted;       // at the last look at whether it is calm
    size_t excess;        // held beyond what is counted that the last trim could not free
    uint64_t measured_at; // nanoseconds, as the next
    uint64_t pressed_at;  // when it was trimmed for want of memory
};

extern const struct memory_keeper_means memory_keeper_real;

// To be called before the program starts threads that serve peers; how many those are, and the
// account's limit.
void memory_keeper_set_up(unsigned threads, size_t limit);

void memory_keeper_init(struct memory_keeper *keeper, struct memory *memory,
                        const struct memory_keeper_means *means);

// To be called after whatever may have moved the account, with its lock: measures at most ten times
// a second.
void memory_keeper_look(struct memory_keeper *keeper, uint64_t now);

// The look that was asked for by want_look, with the account's lock. While is_look_wanted is true
// after it, it is to be repeated in about a second. True: a peak is over, and the caller should
// call means->trim, without the lock, for that may take a while, and then, with it again,
// memory_keeper_note_trim.
bool memory_keeper_is_over_peak(struct memory_keeper *keeper);
void memory_keeper_note_trim(struct memory_keeper *keeper);

#endif
