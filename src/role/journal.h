// How a role outlives its process: one contract for every role that keeps something.
//
// A role *appends* records, each at the moment of a change. It knows nothing of files: the driver
// behind `struct journal` gathers the records and writes them. All that is appended between two of
// its writes is one *step*; a step is written whole or not at all. A role that gathers changes (a
// line at a time, a gate that changes a hundred times) appends what they add up to when the driver
// calls its settle function, which it does before each write.
//
// What is over before it was written need not be: a driver may let a role *take back* records that
// are not on their way yet. A message that came, went out and was acknowledged between two writes
// leaves nothing behind. The role takes back only what nothing else refers to; that the record had
// a number, for which output is held, stays so.
//
// After a write the driver says what is *durable*. Output that promises something to a peer is
// *held* until its record is: the role gives it out later, or the driver keeps it back. A promise
// is what the peer relies on after our death: "I have your lines", "I hold your gate", "you may
// forget this message". Without a journal (a pointer that is NULL) nothing is held, and it costs
// nothing.
//
// A role can be *snapshot*: it writes itself whole, as the fewest records that lead to the same
// state, so that a driver may drop all earlier ones. A new role that is fed a snapshot, or all
// records of all steps in their order, stands where the old one stood. Records come from a disk, so
// a role judges each before it *restores* it, and leaves out what no role of its kind can have
// written.
//
// A write can *fail*. The driver tells the role, which promises nothing more and goes on serving
// what needs no promise. It ends when the driver has made all records durable after all, or has
// written a snapshot in their place. A driver that can do neither discards the role and restores
// another one from what is durable.
//
// Each role has an enum of its kinds of records, and a table of rows that says what each carries.
// The table drives the driver's format, so that a new kind needs no code there.
#ifndef ROLE_JOURNAL_H
#define ROLE_JOURNAL_H

#include "base/assert.h"
#include "base/bytes.h"

#define JOURNAL_NUMBERS_MAX 12
#define JOURNAL_TEXTS_MAX 4

// A row of a role's table of records.
struct journal_kind {
    const char *word; // small letters and '-', at most JOURNAL_WORD_MAX; in files and in tests
    uint8_t numbers;
    uint8_t texts;
};

#define JOURNAL_WORD_MAX 15

struct journal_record {
    unsigned kind; // a place in the role's table
    uint64_t number[JOURNAL_NUMBERS_MAX];
    struct bytes text[JOURNAL_TEXTS_MAX]; // any bytes, borrowed until the call returns
};

// Who is given records: a role to be restored, or what a snapshot goes to.
typedef void journal_receiver(void *context, const struct journal_record *record);

// The driver's. A role reads it and calls journal_append; the rest is for the driver. Records are
// numbered from 1 on. durable <= appended.
struct journal {
    journal_receiver *append; // may not call the role back
    // Whether the record with this number was not on its way yet, and is not written any more.
    // NULL: none is ever taken back.
    bool (*take_back)(void *context, uint64_t number);
    void *context;
    uint64_t appended; // number of the last record
    uint64_t durable;  // all records up to this one are safe
    bool has_failed;
};

// `journal` is NULL where nothing is kept, here and below.
static inline void journal_append(struct journal *journal, const struct journal_record *record) {
    if (journal != NULL) {
        journal->appended++;
        journal->append(journal->context, record);
    }
}

// False: the record stays, and what ends it has to be appended.
static inline bool journal_take_back(struct journal *journal, uint64_t number) {
    ASSERT(number > 0 && number <= journal->appended);
    return journal->take_back != NULL && journal->take_back(journal->context, number);
}

// Whether all that was appended so far is safe, so that what was held until then may go out.
static inline bool journal_is_durable(const struct journal *journal) {
    return journal == NULL || journal->durable == journal->appended;
}

// Whether a role may promise anything now, to be held or not.
static inline bool journal_may_promise(const struct journal *journal) {
    return journal == NULL || !journal->has_failed;
}

// The driver has written all records up to this one, or what they add up to.
static inline void journal_set_durable(struct journal *journal, uint64_t number) {
    ASSERT(number >= journal->durable && number <= journal->appended);
    journal->durable = number;
    journal->has_failed = journal->has_failed && number < journal->appended;
}

static inline void journal_set_failed(struct journal *journal) {
    journal->has_failed = true;
}

#endif
