#include "sim/broker_journal.h"

#include "base/assert.h"
#include "role/broker/broker_journal.h"
#include "role/broker/session/door_record.h"

#define COUNT_MIN 1000u // records that are not worth a snapshot

// Its texts stand behind it, in their order.
struct sim_journal_entry {
    struct sim_journal_entry *next;
    size_t size; // of the whole
    struct journal_record record;
    uint8_t texts[];
};

static struct sim_journal_entry *make_entry(const struct sim_journal *journal,
                                            const struct journal_record *record) {
    size_t size = sizeof(struct sim_journal_entry);
    for (unsigned i = 0; i < JOURNAL_TEXTS_MAX; i++) {
        size += record->text[i].size;
    }
    struct sim_journal_entry *entry = memory_allocate(journal->memory, size);
    entry->record = *record;
    entry->size = size;
    uint8_t *at = entry->texts;
    for (unsigned i = 0; i < JOURNAL_TEXTS_MAX; i++) {
        struct bytes *text = &entry->record.text[i];
        if (text->size > 0) {
            memcpy(at, text->data, text->size);
        }
        text->data = at;
        at += text->size;
    }
    return entry;
}

static void keep(void *context, const struct journal_record *record) {
    struct sim_journal *journal = context;
    struct sim_journal_entry *entry = make_entry(journal, record);
    *(journal->last == NULL ? &journal->first : &journal->last->next) = entry;
    journal->last = entry;
    journal->count++;
}

static void append(void *context, const struct journal_record *record) {
    struct sim_journal *journal = context;
    ASSERT(record->kind < DOOR_RECORDS);
    if (!journal->is_closed) {
        keep(journal, record);
    }
    journal_set_durable(&journal->journal, journal->journal.appended);
}

void sim_journal_init(struct sim_journal *journal, struct memory *memory) {
    *journal = (struct sim_journal){.journal = {.append = append, .context = journal},
                                    .memory = memory,
                                    .count_most = COUNT_MIN};
}

void sim_journal_clear(struct sim_journal *journal) {
    while (journal->first != NULL) {
        struct sim_journal_entry *entry = journal->first;
        journal->first = entry->next;
        memory_free(journal->memory, entry, entry->size);
    }
    journal->last = NULL;
    journal->count = 0;
}

void sim_journal_deinit(struct sim_journal *journal) {
    sim_journal_clear(journal);
}

void sim_journal_cut(struct sim_journal *journal, const struct broker *broker) {
    if (journal->count <= journal->count_most || broker->mqtt == NULL) {
        return;
    }
    sim_journal_clear(journal);
    broker_journal_snapshot(&broker->core, keep, journal);
    mqtt_door_snapshot(broker->mqtt, keep, journal);
    journal->count_most = 2 * journal->count + COUNT_MIN;
}

bool sim_journal_restore(struct sim_journal *journal, struct broker *broker, uint64_t now) {
    bool is_good = true;
    for (struct sim_journal_entry *entry = journal->first; entry != NULL; entry = entry->next) {
        const struct journal_record *record = &entry->record;
        bool is_core = record->kind < BROKER_RECORDS;
        is_good &= is_core ? broker_journal_restore(&broker->core, record, now)
                           : mqtt_door_restore(broker->mqtt, record, now);
    }
    journal->is_closed = false;
    mqtt_door_restored(broker->mqtt);
    broker_core_set_journal(&broker->core, &journal->journal);
    return is_good;
}
