// What a durable broker of the simulated world has on its disk: the records of its core and of its
// MQTT door (role/journal.h, role/broker/session/door_record.h).
//
// A record is durable as soon as it is appended; how long the disk takes for it, sim/broker.h says.
// When there are many more than the broker needs, they are replaced by a snapshot, so that the disk
// holds little more than the door itself does.
#ifndef SIM_BROKER_JOURNAL_H
#define SIM_BROKER_JOURNAL_H

#include "role/broker/broker.h"
#include "role/journal.h"

struct sim_journal_entry;

struct sim_journal {
    struct journal journal; // for the broker
    struct memory *memory;
    struct sim_journal_entry *first;
    struct sim_journal_entry *last;
    uint64_t count;      // of the entries
    uint64_t count_most; // when they are replaced
    bool is_closed;      // what is appended is lost: the process is dead
};

void sim_journal_init(struct sim_journal *journal, struct memory *memory);
void sim_journal_deinit(struct sim_journal *journal);
// The disk is lost.
void sim_journal_clear(struct sim_journal *journal);
// Replaces the records by a snapshot of the broker, if there are too many.
void sim_journal_cut(struct sim_journal *journal, const struct broker *broker);
// Gives a new broker everything, and is its journal from then on. False: it did not believe it.
bool sim_journal_restore(struct sim_journal *journal, struct broker *broker, uint64_t now);

#endif
