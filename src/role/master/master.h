// The master router: an association from gates to mailboxes (docs/master-api.md). A router leases a
// gate with a secret of its own, uploads numbered packets into the mailboxes of other gates, and
// takes those of its own mailbox until it acknowledges them. A gate that stays silent is dropped
// with its mailbox.
//
// It is pure: requests and the time come in, answers come out. What is to outlive the process goes
// to a journal (role/journal.h), and a master can be restored from that.
//
// A classic lease belongs to a router that knows no leases (docs/protocol.md): it has no secret,
// whoever names the gate may pop its packets.
#ifndef ROLE_MASTER_MASTER_H
#define ROLE_MASTER_MASTER_H

#include "base/map.h"
#include "base/deadline.h"
#include "role/gate.h"
#include "role/journal.h"
#include "role/master/grouping.h"
#include "role/master/mailbox.h"

#define MASTER_SECRET_SIZE 16
#define MASTER_EVERYONE 0u // as a packet's gate: all but the sender's; as the gate to lease: any

// Spans are nanoseconds. A mailbox that would pass a limit loses its oldest packets. Where the
// memory has a limit (base/memory.h) and is short, each mailbox has an equal part of it.
struct master_limits {
    uint32_t gates;
    uint64_t mailbox_packets;
    uint64_t mailbox_bytes;
    uint64_t silence;
    uint64_t classic_silence;
};

// Why packets do not get to the holder of their gate.
enum master_loss {
    MASTER_MAILBOX_FULL,
    MASTER_NO_GATE,          // nobody holds it
    MASTER_LEASE_OVER,       // given back, or silent for too long: its mailbox goes with it
    MASTER_NOT_ACKNOWLEDGED, // likewise, or full; but they were given to the holder once
};

// Told of them, as lines, for a driver that accounts for each; all zero: nobody is. It may not call
// the master back.
struct master_watch {
    void (*lost)(void *context, enum master_loss loss, struct bytes lines);
    void *context;
};

// A lease and its mailbox: who holds the gate and since when, how far its uploads and its mailbox
// have come. It begins with a LEASE and ends when its holder gives it back or is silent for too
// long. Read it; it is valid until the next request.
struct master_gate {
    uint32_t gate; // 0: this place is free
    bool is_classic;
    bool is_noted; // it has changed since the journal was told
    uint8_t secret[MASTER_SECRET_SIZE];
    uint64_t lease; // given out once, so that a later lease of the same gate is not this one
    uint64_t since;
    uint64_t heard;
    uint64_t uploaded;     // number of the last packet taken from the holder
    uint64_t acknowledged; // number of the last packet that the holder has
    uint64_t dropped;      // packets lost because the mailbox was full
    uint64_t given;        // number of the last packet that the holder was given
    uint64_t packets_max;  // of the mailbox; 0: as the limits say
    struct mailbox mailbox;
    struct deadline_link silence;
};

// Its records. What changes in a gate is gathered until master_settle, but that it is there; what
// is heard of a gate is not kept. A block is told once, before its first delivery, to any number of
// gates; and that it is gone, even if it was never told.
enum master_record {
    // lease, gate, is_classic, since, uploaded, acknowledged, dropped, first of the mailbox,
    // mailbox_front; secret. Of a lease that is there it is the new state.
    MASTER_LEASED,
    MASTER_ENDED,      // lease, with its mailbox
    MASTER_BLOCK,      // id; its lines
    MASTER_DELIVERED,  // lease, number of the block's first line in that mailbox, id
    MASTER_BLOCK_GONE, // id
    MASTER_RECORDS,
};

extern const struct journal_kind master_journal_kinds[MASTER_RECORDS];

// What is only known while it is restored: blocks and gates by their numbers in the journal.
struct master_restoring {
    struct map blocks;            // id -> place in `items`
    struct map leases;            // -> place of the gate
    struct mailbox_block **items; // each with a reference, or NULL
    uint32_t count;
    uint32_t capacity;
};

// Gates lie in places that are used again; `places` finds them by their number. The two lists of
// `silence` have all gates in the order in which they were heard, those with a secret and classic
// ones. Each gate owns its mailbox; blocks belong to the mailboxes that they lie in, by references
// of the pool. `changed` are places whose gates differ from what the journal knows.
struct master {
    struct memory *memory;
    struct master_limits limits;
    struct journal *journal; // or NULL
    struct master_watch watch;
    struct mailbox_pool pool;
    struct grouping grouping;
    struct map places; // by gate
    struct master_gate *gates;
    uint32_t gates_capacity;
    uint32_t gates_used; // places in use or free again
    uint32_t gates_count;
    uint32_t free_place;
    uint32_t cut_place; // the last one that was cut when memory was short
    uint32_t free_from; // all gates below this are taken
    uint32_t *changed;
    uint32_t changed_count;
    uint32_t changed_capacity;
    uint64_t told_block; // the last one that the journal was told of
    struct master_restoring restoring;
    uint64_t next_lease;
    uint64_t now;
    bool is_restored;                // and there was no request since
    struct deadline_list silence[2]; // of gates with a secret, of classic ones
};

// The master lies still from now on.
void master_init(struct master *master, struct memory *memory, const struct master_limits *limits);
void master_deinit(struct master *master);
// Before the first request, and after what is restored. `journal`, borrowed, hears of all changes
// from now on; NULL: nothing is kept.
void master_start(struct master *master, struct journal *journal);

void master_set_watch(struct master *master, const struct master_watch *watch);
// The mailbox of a gate, or that of all with MASTER_EVERYONE, holds no more packets; 0: as many as
// the limits say. What is too much goes at once. It ends with the lease.
void master_limit_mailbox(struct master *master, uint32_t number, uint64_t packets);

// ---- requests ---------------------------------------------------------------------------------
// `now` is nanoseconds since any fixed moment; a time before the last one counts as that one. Each
// request first drops the gates that were silent for too long. Of an answer (role/gate.h) those
// fields are set that a request of its kind has, but for secrets and lines.

struct master_holder {
    uint32_t gate;
    const uint8_t *secret; // MASTER_SECRET_SIZE bytes
};

struct master_packet {
    uint32_t gate;     // whose mailbox, or MASTER_EVERYONE
    struct bytes line; // one line with its LF
};

struct master_batch {
    uint64_t first; // number of the first packet
    const struct master_packet *packets;
    uint32_t count;
};

struct master_taking {
    uint64_t acknowledged; // a number that was never given out acknowledges nothing
    uint64_t bytes_max;    // the first packet is given even if it alone is more
    struct buffer *lines;  // appended to
};

// Makes a lease, or resumes the one with this secret. Gate MASTER_EVERYONE: the lowest free one.
struct gate_answer master_lease(struct master *master, struct master_holder holder, uint64_t now);

// Packets that the master has already are skipped.
struct gate_answer master_upload(struct master *master, struct master_holder holder,
                                 const struct master_batch *batch, uint64_t now);
struct gate_answer master_take(struct master *master, struct master_holder holder,
                               const struct master_taking *taking, uint64_t now);
struct gate_answer master_give_back(struct master *master, struct master_holder holder,
                                    uint64_t now);
struct gate_answer master_renew(struct master *master, struct master_holder holder, uint64_t now);

// Takes the oldest packet away. A free gate becomes a classic lease; one with a secret is refused.
struct gate_answer master_pop(struct master *master, uint32_t gate, struct buffer *lines,
                              uint64_t now);

// Packets from a gate that has no lease, or a classic one, whose sign of life it is.
struct gate_answer master_put(struct master *master, uint32_t gate,
                              const struct master_batch *batch, uint64_t now);

void master_drop_silent(struct master *master, uint64_t now);

// ---- for listings -----------------------------------------------------------------------------

// The gate at a place below gates_used, or NULL if it is free.
const struct master_gate *master_gate_at(const struct master *master, uint32_t place);

// ---- its journal ------------------------------------------------------------------------------
// While the journal has failed, requests that promise something are answered with
// GATE_UNAVAILABLE; packets are still given out.

// Appends what was gathered; to be called before each write.
void master_settle(struct master *master);
void master_snapshot(const struct master *master, journal_receiver *take, void *context);
// A record of a former master, before master_start: all of them in their order, or of a gate its
// last state, then what is in its mailbox. False: it is no record of one, and is left out. A master
// that was away does not know who was heard meanwhile: all gates count as heard at the first
// request.
bool master_restore(struct master *master, const struct journal_record *record);

// Asserts what has to hold between any two requests; it walks all gates.
void master_check(const struct master *master);

#endif
