// What a durable broker of the simulated world has on its disk: the records of its MQTT door
// (role/broker/session/door_record.h), kept as what they add up to, so it never holds more than the
// door itself does.
#ifndef SIM_BROKER_JOURNAL_H
#define SIM_BROKER_JOURNAL_H

#include "base/map.h"
#include "role/broker/mqtt/mqtt_door.h"

struct sim_journal_entry;

// Of a session, or, as the first one, of the retained messages. Entries stand in the order in which
// a door has to be told of them.
struct sim_journal_shelf {
    uint64_t key; // hash of the client identifier
    struct sim_journal_entry *first;
    struct sim_journal_entry *last;
};

struct sim_journal {
    struct memory *memory;
    struct map places; // key -> shelf
    struct sim_journal_shelf *shelves;
    uint32_t count;
    uint32_t capacity;
    uint64_t appended; // so far
};

void sim_journal_init(struct sim_journal *journal, struct memory *memory);
void sim_journal_deinit(struct sim_journal *journal);
void sim_journal_append(struct sim_journal *journal, const struct door_record *record,
                        uint64_t now);
// The disk is lost.
void sim_journal_clear(struct sim_journal *journal);
// Tells a new door everything. False: it did not believe it.
bool sim_journal_restore(const struct sim_journal *journal, struct mqtt_door *door, uint64_t now);

#endif
