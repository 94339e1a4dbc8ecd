// Writes what a broker appends to its journal into its store, on a thread of its own, so that the
// broker goes on meanwhile.
//
// It is the driver of the journal (role/journal.h). Records gather in memory. broker_writer_turn
// hands them to the thread if it is idle; what comes until it has committed makes the next commit.
// So one sync serves all that arrived during the one before, and what the role takes back meanwhile
// is never written. When a commit is on the disk the
// thread calls `settle`, whose owner takes its lock and calls broker_writer_settle: the records are
// durable then, and the next commit begins.
//
// Strictly, nothing is durable before its commit is. Lazily, records count as durable at once, and
// are committed within `lazy_ms`; what was appended later than that is lost with the process.
//
// When a commit fails, the journal fails (new promises are refused) until one succeeds; it is tried
// again each second, and told once. What is appended meanwhile waits in memory, up to
// `waiting_bytes_max`. Beyond that it is dropped, and a snapshot takes its place. While the disk
// only is slow and that much waits, broker_writer_turn waits for it.
//
// When the journal has grown by a quarter of the snapshot (and by `journal_bytes_min`), a new
// snapshot cuts it. A child process tells the broker as it is then (store/broker/snapshot_child.h),
// so that the broker goes on; it is written bit by bit beside the steps. A small broker is told at
// once instead, and so is a large one where no child can be made: that pauses it, for about a
// second with two million retained and waiting messages.
//
// All functions but broker_writer_create are called with the owner's lock, unless they say
// otherwise. The lock is also that of `memory`.
#ifndef STORE_BROKER_BROKER_WRITER_H
#define STORE_BROKER_BROKER_WRITER_H

#include "base/memory.h"
#include "role/journal.h"
#include "store/broker/broker_store.h"
#include "store/broker/record_rows.h"

struct broker_writer;

// How a broker's journal is written: strictly or lazily, how much may wait, how long the file may
// grow before a snapshot; and the functions that ask the owner for records and lead back to it. All
// but `settle` are called with the owner's lock.
struct broker_writer_options {
    struct record_rows rows;
    struct memory *memory;
    uint64_t lazy_ms;           // 0: strictly
    size_t waiting_bytes_max;   // 0: 64 MiB
    uint64_t journal_bytes_min; // 0: 16 MiB
    size_t small_bytes;         // in use of `memory`: below it no child takes snapshots; 0: 8 MiB
    // Whether something else is to be written in the record's place, and what; NULL: all are
    // written as they are.
    bool (*change)(void *context, const struct journal_record *record,
                   struct journal_record *other);
    // Gives the whole broker, for a snapshot. Perhaps in a child process, with the lock of its
    // parent.
    void (*snapshot)(void *context, journal_receiver *take, void *take_context);
    // In the writer's thread, without the lock: to take it and call broker_writer_settle.
    void (*settle)(void *context);
    void *context;
};

// Takes the store over. NULL: there is no thread, and the store is still the caller's.
struct broker_writer *broker_writer_create(struct broker_store *store,
                                           const struct broker_writer_options *options);
// For the role. Borrowed; lives as long as the writer.
struct journal *broker_writer_journal(struct broker_writer *writer);

enum broker_writer_news {
    BROKER_WRITER_NOTHING,
    BROKER_WRITER_WRITTEN, // more is durable
    BROKER_WRITER_FAILED,  // the first commit that failed: broker_writer_trouble says why
    BROKER_WRITER_WELL,    // the first that succeeded after that
};
// A turn has ended, in which something may have been appended.
enum broker_writer_news broker_writer_turn(struct broker_writer *writer);
// Says what became of the last commit, and begins the next one if there is something to write.
enum broker_writer_news broker_writer_settle(struct broker_writer *writer);
const char *broker_writer_trouble(const struct broker_writer *writer);

// Without the lock. Ends the thread, once it has written what it is at; `settle` is called no more.
void broker_writer_stop(struct broker_writer *writer);
// After that: writes what is left. False: it could not.
__attribute__((warn_unused_result)) bool broker_writer_finish(struct broker_writer *writer);
// And closes the store.
void broker_writer_destroy(struct broker_writer *writer);

// How it is doing.
struct broker_writer_counts {
    uint64_t commits;
    uint64_t commit_ns; // how long the last one took, be it good or not
    uint64_t bytes;     // of records, in these
    uint64_t snapshots;
    uint64_t failures; // of commits
    size_t waiting;    // bytes that are to be written
    struct broker_store_sizes sizes;
};
struct broker_writer_counts broker_writer_counts(const struct broker_writer *writer);

#endif
