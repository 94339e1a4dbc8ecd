// A journal in memory (role/journal.h) for tests: keeps copies of all records, and knows which of
// them are durable. A role that is killed comes back with those, and no others.
#ifndef TEST_ROLE_MEMORY_JOURNAL_H
#define TEST_ROLE_MEMORY_JOURNAL_H

#include "support.h"

#include "role/journal.h"

struct memory_journal {
    struct journal journal; // for the role
    const struct journal_kind *kinds;
    struct journal_record *records; // with texts of their own
    uint32_t count;
    uint32_t capacity;
    uint32_t durable;                // of these, from the first on
    uint32_t taken_back;             // since ever
    bool lets_take_back;             // what is not durable
    void (*appended)(void *context); // called after each record; or NULL
    void *context;
};

// `kinds` is the table of the role: what a record has beyond its row fails the test.
void memory_journal_init(struct memory_journal *journal, const struct journal_kind *kinds);
void memory_journal_deinit(struct memory_journal *journal);
// From now on the role may take back what is not durable.
void memory_journal_let_take_back(struct memory_journal *journal);

// A write that succeeds: the step is durable.
void memory_journal_write(struct memory_journal *journal);
// A write that fails.
void memory_journal_fail(struct memory_journal *journal);
// The process dies: what is not durable is gone, and the journal is as new for the next role.
void memory_journal_kill(struct memory_journal *journal);

// Gives all records to a role that is to be restored.
void memory_journal_restore(const struct memory_journal *journal, journal_receiver *take,
                            void *context);
// Drops all records; those to come, of a snapshot, are durable.
void memory_journal_cut(struct memory_journal *journal);
// A journal_receiver for a snapshot, behind memory_journal_cut.
void memory_journal_take(void *context, const struct journal_record *record);

// All records as text: each its word, numbers and texts between blanks, and a ';'. To be freed.
char *memory_journal_text(const struct memory_journal *journal);

#endif
