// What a process of the simulated world has on its disk: the records of its role (role/journal.h).
//
// Writing takes time: what was appended is durable so long after the write began, and what is
// appended meanwhile waits for the next write. Who loses power loses what is not durable. Without
// such a time a record is durable as soon as it is appended.
//
// When there are many more records than the role needs, they are to be replaced by a snapshot, so
// that the disk holds little more than the role itself does.
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include "base/memory.h"
#include "role/journal.h"

struct sim_journal_entry;

// The role appends to `journal`; what it appends stands in a list of entries, oldest first, until a
// snapshot takes their place or power is lost. A write of all up to `writing_to` is over at
// `written_at`; SIM_NEVER: none is under way.
struct sim_journal {
    struct journal journal; // for the role
    struct memory *memory;
    struct sim_journal_entry *first;
    struct sim_journal_entry *last;
    uint64_t count;      // of the entries
    uint64_t count_most; // when they are replaced
    uint64_t delay_ns;   // of a write
    uint64_t writing_to;
    uint64_t written_at;
    bool is_closed; // what is appended is lost: the process is dead
};

void sim_journal_init(struct sim_journal *journal, struct memory *memory, uint64_t delay_ns);
void sim_journal_deinit(struct sim_journal *journal);

// To be called after each event of the role: ends a write that is due, and begins one if there is
// something to write. True: more is durable than before.
bool sim_journal_turn(struct sim_journal *journal, uint64_t now);

// The process ends, and what it appends from now on is lost. `says_farewell`: all that it has
// appended is written first.
void sim_journal_close(struct sim_journal *journal, bool says_farewell);
// The disk is lost.
void sim_journal_clear(struct sim_journal *journal);

// Whether a snapshot is to replace the records, all of which are durable. Then call
// sim_journal_clear, and have the snapshot taken by sim_journal_take.
bool sim_journal_is_long(const struct sim_journal *journal);
journal_receiver sim_journal_take;
void sim_journal_end_snapshot(struct sim_journal *journal);

// Gives a new role everything; it is appended to from then on.
void sim_journal_restore(struct sim_journal *journal, journal_receiver *restore, void *context);

#endif
