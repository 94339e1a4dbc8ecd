// The master router: an association from gates to mailboxes (docs/master-api.md). A router leases a
// gate with a secret of its own, uploads numbered packets into the mailboxes of other gates, and
// takes those of its own mailbox until it acknowledges them. A gate that stays silent is dropped
// with its mailbox.
//
// It is pure: requests and the time come in, answers come out. What a durable store has to write
// down is told to a journal, and a master can be restored from what was written.
//
// A classic lease belongs to a router that knows no leases (docs/protocol.md): it has no secret,
// whoever names the gate may pop its packets.
#ifndef ROLE_MASTER_MASTER_H
#define ROLE_MASTER_MASTER_H

#include "base/map.h"
#include "base/deadline.h"
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

// A lease and its mailbox. Read it; it is valid until the next request.
struct master_gate {
    uint32_t gate; // 0: this place is free
    bool is_classic;
    bool is_noted; // the journal was told of a change since master_written
    uint8_t secret[MASTER_SECRET_SIZE];
    uint64_t lease; // given out once, so that a later lease of the same gate is not this one
    uint64_t since;
    uint64_t heard;
    uint64_t uploaded;     // number of the last packet taken from the holder
    uint64_t acknowledged; // number of the last packet that the holder has
    uint64_t dropped;      // packets lost because the mailbox was full
    struct mailbox mailbox;
    struct deadline_link silence;
};

// What a durable store writes down. Any function may be NULL; none may call the master back but for
// master_gate_at. A block is new when it is first delivered, to any number of gates in one go, and
// is removed when it lies nowhere, even if it was never delivered.
struct master_journal {
    void (*changed)(void *context, uint32_t place); // of a gate: anything but `heard`
    void (*ended)(void *context, uint64_t lease);
    void (*block_delivered)(void *context, uint32_t place, const struct mailbox_block *block,
                            uint64_t first);
    void (*block_removed)(void *context, const struct mailbox_block *block);
    void *context;
};

struct master {
    struct memory *memory;
    struct master_limits limits;
    struct master_journal journal;
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
    uint64_t next_lease;
    uint64_t now;
    bool is_restored;                // and there was no request since
    struct deadline_list silence[2]; // of gates with a secret, of classic ones
};

// `journal` NULL: none.
void master_init(struct master *master, struct memory *memory, const struct master_limits *limits,
                 const struct master_journal *journal);
void master_deinit(struct master *master);

// ---- requests ---------------------------------------------------------------------------------
// `now` is nanoseconds since any fixed moment; a time before the last one counts as that one. Each
// request first drops the gates that were silent for too long.

enum master_status {
    MASTER_OK,
    MASTER_NEW,     // it is a new lease
    MASTER_TAKEN,   // another holds the gate
    MASTER_REFUSED, // no such lease, or not this secret
    MASTER_GAP,     // packets before `first` are missing
    MASTER_FULL,    // there are as many gates as the limits allow
};

struct master_answer {
    enum master_status status;
    uint32_t gate;
    uint64_t uploaded;    // lease, upload: number of the last packet taken
    uint32_t accepted;    // upload, put: packets that were new
    uint32_t unreachable; // upload, put: of these, for gates that nobody holds
    uint64_t
        last; // take: number of the last packet given, or of the last one gone if there is none
    uint64_t missing; // take: packets dropped behind the last acknowledged one
};

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
struct master_answer master_lease(struct master *master, struct master_holder holder, uint64_t now);

// Packets that the master has already are skipped.
struct master_answer master_upload(struct master *master, struct master_holder holder,
                                   const struct master_batch *batch, uint64_t now);
struct master_answer master_take(struct master *master, struct master_holder holder,
                                 const struct master_taking *taking, uint64_t now);
struct master_answer master_give_back(struct master *master, struct master_holder holder,
                                      uint64_t now);
struct master_answer master_renew(struct master *master, struct master_holder holder, uint64_t now);

// Takes the oldest packet away. A free gate becomes a classic lease; one with a secret is refused.
struct master_answer master_pop(struct master *master, uint32_t gate, struct buffer *lines,
                                uint64_t now);

// Packets from a gate that has no lease, or a classic one, whose sign of life it is.
struct master_answer master_put(struct master *master, uint32_t gate,
                                const struct master_batch *batch, uint64_t now);

void master_drop_silent(struct master *master, uint64_t now);

// ---- for listings and journals ----------------------------------------------------------------

// The gate at a place below gates_used, or NULL if it is free.
const struct master_gate *master_gate_at(const struct master *master, uint32_t place);

// The journal has written the gate's present state and wants to hear of the next change.
void master_written(struct master *master, uint32_t place);

// ---- restoring --------------------------------------------------------------------------------
// A master that was away does not know who was heard meanwhile: all restored gates count as heard
// at the first request. The journal is told nothing.

// From gate, is_classic, secret, lease, since, uploaded, acknowledged, dropped and mailbox.first.
// Returns the place, or MAP_NONE if the record cannot be one.
uint32_t master_restore_gate(struct master *master, const struct master_gate *record);

// To be filled in, delivered and then unref'd (mailbox_block_unref).
struct mailbox_block *master_restore_block(struct master *master, uint64_t id, uint32_t size);

// `first` is the number of the block's first line in this mailbox, which has what lies before.
// False if it cannot be.
bool master_restore_delivery(struct master *master, uint32_t place, struct mailbox_block *block,
                             uint64_t first);

#endif
