// Where a master keeps its gates, leases and mailboxes. A store is one const descriptor of
// functions with a state of its own: `memory`, `sqlite`, `redis`, and `faulty`, which wraps another
// for tests.
//
// All rules of the master that must hold at once for many requests, or many masters, live behind
// this interface: who holds a gate, that a batch counts once, that a full mailbox drops its oldest,
// that a silent gate goes with its mailbox. The reference for them is the pure role in
// role/master/master.h; test/store runs one suite of tests over every store.
//
// Requests are executed many at a time, so that a durable store commits once for all of them (group
// commit) and a remote one needs one round trip.
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/buffer.h"
#include "role/gate.h"
#include "store/error.h"

#define STORE_SECRET_SIZE 16

enum store_operation {
    STORE_LEASE,
    STORE_UPLOAD,
    STORE_TAKE,
    STORE_GIVE_BACK,
    STORE_RENEW, // a sign of life of a holder whose request waits
    STORE_POP,   // classic API: takes and deletes the oldest packet; leases the gate if it is free
    STORE_PUT,   // classic API: packets from a gate that is free or leased by POP; GATE_NO_LEASE if
                 // not
    STORE_LIST,
};

struct store_limits {
    uint32_t gates;
    uint64_t mailbox_packets;
    uint64_t mailbox_bytes;
    uint64_t
        memory_bytes;    // of all mailboxes, see role/master/master.h; 0: no limit. Not of `redis`
    uint64_t silence_ms; // of leases by LEASE
    uint64_t classic_silence_ms; // of leases by POP
};

struct store_packet {
    uint32_t gate;     // whose mailbox; 0: all but the sender's
    struct bytes line; // one line with its LF, at most PACKET_LINE_MAX bytes
};

// One request and its answer: above what is asked, below what comes back, each with the operations
// that it belongs to. What it points to belongs to the caller and stays until it is executed.
struct store_request {
    enum store_operation operation;
    // UnixTime in milliseconds, by the caller's clock; one before the last counts as that. `redis`
    // goes by the clock of its server, which is the same for all masters.
    uint64_t now_ms;
    uint32_t gate;                      // LEASE: 0 for any, and the answer is here
    uint8_t secret[STORE_SECRET_SIZE];  // LEASE: of the lease to make or to resume
    uint64_t first;                     // UPLOAD: 1 or above
    const struct store_packet *packets; // UPLOAD, PUT
    uint32_t packet_count;
    uint64_t acknowledged; // TAKE: a number never given out acknowledges nothing
    uint64_t bytes_max;    // TAKE: the first packet is given even if it alone is more

    enum gate_status status;  // up to GATE_FULL, or GATE_UNAVAILABLE: to be tried again
    uint64_t uploaded;        // LEASE, UPLOAD: number of the last line taken
    uint32_t accepted;        // UPLOAD
    uint32_t unreachable;     // UPLOAD, PUT: for gates that nobody holds
    uint64_t last;            // TAKE: number of the last packet in `lines`, or of the last one gone
    uint64_t missing;         // TAKE
    struct buffer lines;      // TAKE, POP: packets; initialised by the caller, whose memory it uses
    struct store_gate *gates; // LIST: by gate; on the memory of `lines`, to be freed by the caller
    uint32_t gate_count;      // as gate_count * sizeof *gates
};

struct store_gate {
    uint32_t gate;
    bool classic;
    uint64_t since_ms;
    uint64_t heard_ms;
    uint64_t packets;
    uint64_t bytes;
    uint64_t dropped; // because the mailbox was full
};

// The answer's fields of a request are all set by its execution; those that do not belong to the
// operation are 0, and `lines` is emptied first. With GATE_UNAVAILABLE, `gate` is as it was.
struct store;

struct store_kind {
    const char *name;
    // Executes all requests, in order, each as a whole or not at all, and durably where the store
    // is durable. Blocks until that is done. One thread at a time.
    void (*execute)(struct store *store, struct store_request *const *requests, size_t count);
    // Calls `wake` with each gate (or 0: all gates) that other masters put packets into the mailbox
    // of, from a thread of the store's own, until closed. Called once; may do nothing.
    void (*listen)(struct store *store, void (*wake)(void *context, uint32_t gate), void *context);
    void (*close)(struct store *store);
};

struct store {
    const struct store_kind *kind;
    struct store_limits limits;
    // Why requests of the last call of execute were unavailable; empty if none was.
    struct store_error trouble;
};

// `name` is memory, sqlite:FILE, redis://[:PASSWORD@]HOST[:PORT][/DATABASE] or, for tests,
// faulty:SEED:PERCENT:NAME, which makes PERCENT of the calls of store NAME fail. NULL and *error if
// it cannot be.
struct store *store_open(const char *name, const struct store_limits *limits,
                         struct store_error *error);

#endif
