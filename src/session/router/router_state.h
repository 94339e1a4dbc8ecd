// What a router has to know after it was killed, in a file beside the network: its lease, the lines
// that the master does not have yet, up to where the network was read and the mailbox emptied, the
// lines that were about to be written to the network, and the role's tables.
//
// The file is a journal. Changes are gathered and committed with one write, all or none of them;
// now and then the file is written anew, under another name, and put in its place. It is not synced
// to the disk at each commit, no more than the network is: both survive the death of any process,
// and a power failure leaves the start of a journal, which is used.
//
// It is text, but for its lines that are as they are: a header with a check, then records, each a
// word and its values. It holds the secret of the lease, so only its owner may read it.
//
// A lock, which the kernel releases, keeps two routers from using one state.
#ifndef SESSION_ROUTER_ROUTER_STATE_H
#define SESSION_ROUTER_ROUTER_STATE_H

#include "base/buffer.h"
#include "medium/file/file_network.h"
#include "medium/http/master_link.h"
#include "role/router/router.h"

struct router_state {
    char *path;
    int fd;
    uint64_t size;     // of the file
    uint64_t new_size; // at which it is written anew
    uint32_t gate;     // 0: no lease yet
    char secret[MASTER_SECRET_SIZE];
    uint64_t uploaded;     // number of the last line that the master has
    struct buffer waiting; // the lines behind it
    size_t waiting_at;     // what stands before is done with
    size_t waiting_kept;   // up to here it is in the journal
    uint64_t waiting_lines;
    uint64_t cursor; // of the mailbox
    struct file_network_position position;
    struct buffer landing; // lines for the network; empty: none
    struct file_network_position landing_at;
    struct buffer commit; // records in the making
    struct buffer loaded; // the journal, until router_state_restore
    // Calls router_state_record for all that the role knows, when the file is written anew.
    void (*save)(void *context);
    void *save_context;
    struct file_network_error notice; // what opening has to tell, or empty
};

// False: *error says why. A commit that was cut short at the end counts for nothing. A file that is
// damaged anywhere else is put aside, but for its lease, and `notice` says so.
bool router_state_open(struct router_state *state, const char *path, struct memory *memory,
                       struct file_network_error *error);
// Leaves the file, or removes it: the gate was given back.
void router_state_close(struct router_state *state, bool remove);

// Gives the role's records to `give`, once, after open.
void router_state_restore(struct router_state *state,
                          void (*give)(void *context, const struct router_record *record),
                          void *context);

// Changes, to be committed.
void router_state_lease(struct router_state *state, uint32_t gate, const char *secret);
// The master has the lines up to this number, which is one of those waiting or the one before.
void router_state_acknowledge(struct router_state *state, uint64_t uploaded);
// The waiting lines are numbered anew: the first is `uploaded` + 1.
void router_state_renumber(struct router_state *state, uint64_t uploaded);
// The first waiting line is given up.
void router_state_drop_line(struct router_state *state);
void router_state_add_line(struct router_state *state, struct bytes line);
void router_state_move(struct router_state *state, struct file_network_position position);
void router_state_take(struct router_state *state, uint64_t cursor);
// These lines are about to be appended to the network, behind that place; they were.
void router_state_land(struct router_state *state, struct bytes lines,
                       struct file_network_position place);
void router_state_landed(struct router_state *state);
void router_state_record(struct router_state *state, const struct router_record *record);

// Whether there is anything to commit.
bool router_state_is_changed(const struct router_state *state);
// Writes the changes. False: none is written, *error says why, and it is to be tried again.
bool router_state_commit(struct router_state *state, struct file_network_error *error);

// The first waiting lines, as many whole ones as fit into `limit` bytes, or one.
struct bytes router_state_batch(const struct router_state *state, size_t limit);
static inline size_t router_state_waiting_bytes(const struct router_state *state) {
    return state->waiting.size - state->waiting_at;
}

#endif
