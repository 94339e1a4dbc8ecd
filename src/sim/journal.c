#include "sim/journal.h"

#include "sim/event.h"

#define COUNT_MIN 1000u // records that are not worth a snapshot

// Its texts stand behind it, in their order.
struct sim_journal_entry {
    struct sim_journal_entry *next;
    size_t size;     // of the whole
    uint64_t number; // of the last record that it stands for
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
    entry->number = journal->journal.appended;
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

void sim_journal_take(void *context, const struct journal_record *record) {
    struct sim_journal *journal = context;
    struct sim_journal_entry *entry = make_entry(journal, record);
    *(journal->last == NULL ? &journal->first : &journal->last->next) = entry;
    journal->last = entry;
    journal->count++;
}

static void append(void *context, const struct journal_record *record) {
    struct sim_journal *journal = context;
    if (!journal->is_closed) {
        sim_journal_take(journal, record);
    }
    if (journal->delay_ns == 0) {
        journal_set_durable(&journal->journal, journal->journal.appended);
    }
}

void sim_journal_init(struct sim_journal *journal, struct memory *memory, uint64_t delay_ns) {
    *journal = (struct sim_journal){.journal = {.append = append, .context = journal},
                                    .memory = memory,
                                    .count_most = COUNT_MIN,
                                    .delay_ns = delay_ns,
                                    .written_at = SIM_NEVER};
}

// Frees an entry, and all behind it.
static void free_from(struct sim_journal *journal, struct sim_journal_entry *entry) {
    while (entry != NULL) {
        struct sim_journal_entry *next = entry->next;
        memory_free(journal->memory, entry, entry->size);
        entry = next;
        journal->count--;
    }
}

void sim_journal_clear(struct sim_journal *journal) {
    free_from(journal, journal->first);
    journal->first = journal->last = NULL;
    ASSERT(journal->count == 0);
}

void sim_journal_deinit(struct sim_journal *journal) {
    sim_journal_clear(journal);
}

bool sim_journal_turn(struct sim_journal *journal, uint64_t now) {
    bool has_written = journal->written_at <= now;
    if (has_written) {
        journal_set_durable(&journal->journal, journal->writing_to);
        journal->written_at = SIM_NEVER;
    }
    if (journal->written_at == SIM_NEVER && !journal_is_durable(&journal->journal)) {
        journal->writing_to = journal->journal.appended;
        journal->written_at = now + journal->delay_ns;
    }
    return has_written;
}

// The records that are not durable are lost.
static void lose_power(struct sim_journal *journal) {
    struct sim_journal_entry **link = &journal->first;
    journal->last = NULL;
    while (*link != NULL && (*link)->number <= journal->journal.durable) {
        journal->last = *link;
        link = &(*link)->next;
    }
    free_from(journal, *link);
    *link = NULL;
    journal->journal.appended = journal->journal.durable;
}

void sim_journal_close(struct sim_journal *journal, bool says_farewell) {
    if (says_farewell) {
        journal_set_durable(&journal->journal, journal->journal.appended);
    }
    lose_power(journal);
    journal->written_at = SIM_NEVER;
    journal->is_closed = true;
}

bool sim_journal_is_long(const struct sim_journal *journal) {
    return journal->count > journal->count_most && journal_is_durable(&journal->journal);
}

void sim_journal_end_snapshot(struct sim_journal *journal) {
    journal->count_most = 2 * journal->count + COUNT_MIN;
}

void sim_journal_restore(struct sim_journal *journal, journal_receiver *restore, void *context) {
    // What is appended after its end was not written by anybody.
    journal_set_durable(&journal->journal, journal->journal.appended);
    for (struct sim_journal_entry *entry = journal->first; entry != NULL; entry = entry->next) {
        restore(context, &entry->record);
    }
    journal->is_closed = false;
}
