// The journal of a router (role/journal.h): a file beside the network, with what the roles of
// role/router/uplink.h append, and what is the session's own: up to where the network was read, and
// the lines that were about to be written to it.
//
// Changes are gathered and committed with one write, all or none of them; now and then the file is
// written anew from a snapshot, under another name, and put in its place. It is not synced to the
// disk at each commit, no more than the network is: both survive the death of any process, and a
// power failure leaves the start of a journal, which is used.
//
// It is text, but for its lines that are as they are: a header with a check, then records. A record
// is a line with its word, its numbers and the sizes of its texts, then those texts, each with a
// line feed behind it. It holds the secret of the lease, so only its owner may read it.
//
// A lock, which the kernel releases, keeps two routers from using one journal.
#ifndef SESSION_ROUTER_ROUTER_JOURNAL_H
#define SESSION_ROUTER_ROUTER_JOURNAL_H

#include "base/buffer.h"
#include "medium/file/file_network.h"
#include "role/router/uplink.h"

// The file and its state; then what it says of the network; then the records on their way into it
// and out of it. Where `new_size` is reached, and after a failure, the file is written anew.
struct router_journal {
    struct journal journal; // for the roles
    char *path;
    int fd;
    uint64_t size;                         // of the file
    uint64_t new_size;                     // at which it is written anew
    struct file_network_position position; // epoch 0: unknown
    struct buffer pending;                 // lines for the network; empty: none
    struct file_network_position pending_at;
    struct buffer commit; // records in the making
    struct buffer loaded; // the journal as it was opened, until router_journal_forget
    // Gives all that the roles know to `take`, when the file is written anew. NULL: they know
    // nothing.
    void (*snapshot)(void *context, journal_receiver *take, void *take_context);
    void *snapshot_context;
    struct file_network_error notice; // what opening has to tell, or empty
};

// False: *error says why. A commit that was cut short at the end counts for nothing. A file that is
// damaged anywhere else is put aside, but for its lease, and `notice` says so.
bool router_journal_open(struct router_journal *journal, const char *path, struct memory *memory,
                         struct file_network_error *error);
// Leaves the file, or removes it: the gate was given back.
void router_journal_close(struct router_journal *journal, bool remove);

// Gives the roles' records to `take`, after open, as often as is asked for until they are
// forgotten.
void router_journal_restore(const struct router_journal *journal, journal_receiver *take,
                            void *context);
void router_journal_forget(struct router_journal *journal);

// Changes of the session's own, to be committed.
void router_journal_move(struct router_journal *journal, struct file_network_position position);
// These lines are about to be appended to the network, behind that place; they were.
void router_journal_append(struct router_journal *journal, struct bytes lines,
                           struct file_network_position place);
void router_journal_appended(struct router_journal *journal);

// Whether there is anything to commit.
static inline bool router_journal_is_changed(const struct router_journal *journal) {
    return journal->commit.size > 0;
}
// Writes the changes; what the roles appended is durable then. False: none is written, *error says
// why, and it is to be tried again; the roles' journal has failed until then.
bool router_journal_commit(struct router_journal *journal, struct file_network_error *error);

#endif
