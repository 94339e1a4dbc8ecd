// The file in which a broker outlives its process: a journal in SQLite, and a snapshot that cuts
// it.
//
// What a broker appends to its journal (role/journal.h) comes here as *steps*: the records of a
// turn, as store/broker/record_rows.h writes them, in one row. A row is what SQLite can append at
// the speed of the disk. The *snapshot* is the broker told whole, in as many rows (parts) as it
// takes; it may be written between steps, a part at a time, and counts from the commit that ends it
// on. Whoever reads first reads the parts, then the steps behind the snapshot.
//
//   journal(step, hash, records)       steps, numbered without a gap
//   snapshot(part, hash, records)      parts, likewise
//   state(first_part, end_part, first_step)    one row: which of them count
//
// Rows that count no more are removed a few at a time with later commits, and free pages given back
// to the file system (broker_store_is_untidy). So the file has at most the snapshot twice and the
// journal; at rest once, and little that is free. Every row has a hash: a row that the disk changed
// is found when it is read.
//
// SQLite is told to keep a write-ahead log, and to sync it with each commit: when
// broker_store_commit returns true the step outlives kill -9 and loss of power. The file is locked
// for as long as it is open. One thread at a time may use a store.
//
// The schema has a version, in the file's user_version. An older file is brought up to date when it
// is opened, in one transaction; a newer one is refused.
#ifndef STORE_BROKER_BROKER_STORE_H
#define STORE_BROKER_BROKER_STORE_H

#include "base/bytes.h"
#include "store/error.h"

#define BROKER_STORE_ROW_MAX (size_t)(900 * 1000 * 1000) // of records; SQLite has a limit

struct broker_store;

struct broker_store_error {
    struct store_error said;
    bool is_damaged; // the file is one of ours, but not as it was written
};

// Opens the file, or creates it. NULL: it cannot be used; the error is one sentence.
struct broker_store *broker_store_open(const char *name, struct broker_store_error *error);
void broker_store_close(struct broker_store *store);

// Whether nothing was ever written to it.
bool broker_store_is_empty(const struct broker_store *store);

// Given the records of each row in their order, borrowed until it returns. False: they make no
// sense.
typedef bool broker_store_reader(void *context, struct bytes records);

// Reads everything. False: something is damaged, which ends it; the error says what. With
// `goes_on`, rows that are damaged are left out and reading goes on, as far as it can.
__attribute__((warn_unused_result)) bool broker_store_read(struct broker_store *store, bool goes_on,
                                                           broker_store_reader *read, void *context,
                                                           struct broker_store_error *error);
// Has SQLite look through the whole file. As above.
__attribute__((warn_unused_result)) bool broker_store_check(struct broker_store *store,
                                                            struct broker_store_error *error);

// One commit. Each run of records may be empty, and has at most BROKER_STORE_ROW_MAX bytes.
struct broker_store_turn {
    struct bytes steps;
    bool begins_snapshot; // a snapshot begins: of the broker as it was after the steps
    struct bytes part;    // of the snapshot that has begun
    bool ends_snapshot;   // that was its last part: it counts
};

// False: nothing of it was written, and broker_store_trouble says why. It may be tried again, also
// with other contents; a snapshot that was begun in a commit before goes on.
__attribute__((warn_unused_result)) bool broker_store_commit(struct broker_store *store,
                                                             const struct broker_store_turn *turn);
// Whether there are rows that count no more, or free pages to give back: a commit with nothing in
// it, or any other, removes some.
bool broker_store_is_untidy(const struct broker_store *store);
// Some time after each commit, when nobody waits for anything: writes the write-ahead log back into
// the file if it has grown long, and makes room for what comes next.
void broker_store_tidy(struct broker_store *store);
// One sentence, with advice.
const char *broker_store_trouble(const struct broker_store *store);

// Bytes of the records that count.
struct broker_store_sizes {
    uint64_t journal; // behind the snapshot; with one in the making, behind that
    uint64_t snapshot;
};
struct broker_store_sizes broker_store_sizes(const struct broker_store *store);

#endif
