// The other half of a router: what it says to a master. It leases a gate, numbers the lines that
// the router's role (role/router/router.h) sends up and uploads them in batches, takes what waits
// in the gate's mailbox, and hands the gate back at the end. Pure, in the manner of role/port.h: it
// says what to ask next, is handed the answers, and knows nothing of HTTP, files and threads.
//
// There are two lanes, so that a request that waits for a packet holds no upload up: one for leases
// and uploads, one for the mailbox. Each has one request on its way at a time.
//
// After trouble a lane waits before it asks again, each time twice as long, up to 15 seconds; half
// of each wait is chance, drawn from the seed, so that many routers do not come back as one. As
// long as nobody answers, lines wait; at a limit the router takes no more from its network, where
// the rest waits.
//
// Nothing is lost and nothing is sent twice, whatever dies or gets lost on the way:
// - a line that waits, and the number up to which the master has them, are in the journal
//   (role/journal.h) before a line goes up. When an answer was lost the master says, by its number,
//   which lines it has;
// - a packet that was taken from the mailbox is acknowledged with the next request only, and that
//   is held until the journal has what the packet led to.
//
// The driver makes lines of packets: its `up` of struct router_port ends in uplink_add_line. It
// owns the network's side too: where it reads on, and what it was about to append, are its own
// records.
#ifndef ROLE_ROUTER_UPLINK_H
#define ROLE_ROUTER_UPLINK_H

#include "base/buffer.h"
#include "role/gate.h"
#include "role/router/router.h"

struct uplink_config {
    struct router_config router;
    uint32_t gate;          // to lease; 0: any
    uint64_t waiting_bytes; // of lines that the master does not have; then uplink_is_full
};

// Its records, behind those of the tables of the router.
enum uplink_record {
    UPLINK_LEASED = ROUTER_RECORDS, // gate; secret
    UPLINK_ADDED,                   // whole lines, behind those that wait
    UPLINK_UPLOADED,                // number of the last line that the master has; it waits no more
    UPLINK_NUMBERED,                // likewise, but all that wait are numbered anew behind it
    UPLINK_DROPPED,                 // the first line that waits is given up
    UPLINK_TAKEN,                   // number of the last packet that was taken from the mailbox
    UPLINK_RECORDS,
};

extern const struct journal_kind uplink_journal_kinds[UPLINK_RECORDS];

enum uplink_event_kind {
    UPLINK_BEGAN,         // a gate was leased for the first time, or is known from before: gate
    UPLINK_TROUBLE,       // the master cannot be asked: text, status. Told once, until the next
    UPLINK_RECOVERED,     // it can again: count of lines that wait
    UPLINK_LEASE_LOST,    // the lease had run out, with what waited at the master
    UPLINK_WRONG_GATE,    // another gate than ours was leased: gate
    UPLINK_GAP,           // the master lacks lines that we had: number of the last that it has
    UPLINK_LINE_REFUSED,  // a line was given up: text
    UPLINK_MISSING,       // the mailbox was full: count of packets that are lost
    UPLINK_GATE_KEPT,     // at the end: gate, count of lines that wait
    UPLINK_LINES_WAITING, // at the end the master did not answer: count of lines that wait
};

struct uplink_event {
    enum uplink_event_kind kind;
    uint32_t gate;
    uint64_t count; // or a number
    enum gate_status status;
    const char *text; // for people, borrowed; or NULL
};

struct uplink_port {
    const struct router_port *router; // whose memory and journal are the uplink's too
    void (*tell)(void *context, const struct uplink_event *event); // may not call the role back
    void *context;
    uint8_t *unseal_room; // ROLE_UNSEAL_ROOM bytes
};

enum uplink_lane { UPLINK_UP, UPLINK_DOWN, UPLINK_LANES };

enum uplink_lease { UPLINK_NO_LEASE, UPLINK_EXPECT_LEASE, UPLINK_HELD };

enum uplink_leaving {
    UPLINK_STAYS,
    UPLINK_EXPECT_UPLOADED, // what waits is handed over first
    UPLINK_EXPECT_GIVEN_BACK,
    UPLINK_GONE, // nothing of it needs to be remembered
};

// Since when a lane is free, or when it may ask again.
struct uplink_retry {
    uint64_t at;
    unsigned failures; // in a row
};

// What it has counted since its start.
struct uplink_counts {
    uint64_t unreachable; // lines for gates that nobody holds
    uint64_t missing;     // packets that a full mailbox has lost
    uint64_t refused;     // lines
};

// The lease, as far as it is known, is `gate` and `secret`; `lease` says how it stands. With the
// first lease the router's role comes into being, and stays.
//
// Lines wait in `waiting` from `waiting_at` on: the master has those numbered up to `uploaded`, so
// the first has number uploaded + 1. Up to `waiting_kept` they were appended to the journal;
// uplink_settle appends the rest. Those at the front may be on their way: `asked_bytes`.
//
// `cursor` is the last packet of the mailbox that was taken. A new lease has a new mailbox, so
// leases are counted, and an answer out of a former one is ignored.
struct uplink {
    const struct uplink_config *config;
    const struct uplink_port *port;
    uint64_t seed;
    uint64_t draws;
    struct router router;
    bool has_router;

    uint32_t gate; // 0: none yet
    char secret[GATE_SECRET_TEXT_SIZE];
    enum uplink_lease lease;
    unsigned lease_number;  // counts the leases
    unsigned taking_number; // the lease with which the mailbox was asked
    unsigned silence_s;
    uint64_t gates_asked_at;

    struct buffer waiting;
    size_t waiting_at;
    size_t waiting_kept;
    uint64_t waiting_lines;
    uint64_t uploaded;
    size_t batch_bytes; // of the next upload; smaller while a line is sought that is refused
    size_t asked_bytes; // of the upload on its way
    uint64_t cursor;

    bool is_asked[UPLINK_LANES];
    enum gate_request_kind asked; // on the lane up
    struct uplink_retry retry[UPLINK_LANES];
    enum gate_status told; // the trouble that was told, or GATE_OK

    enum uplink_leaving leaving;
    uint64_t leave_by;
    struct uplink_counts counts;
};

// `config` and `port` are borrowed for the uplink's life.
void uplink_init(struct uplink *uplink, const struct uplink_config *config,
                 const struct uplink_port *port, uint64_t seed);
void uplink_deinit(struct uplink *uplink);
// Before all else but uplink_restore.
void uplink_start(struct uplink *uplink);

// ---- its journal (role/journal.h) -------------------------------------------------------------

// A record of a former uplink, before uplink_start; the port's journal is NULL meanwhile. False: it
// is no record of one, and is left out.
bool uplink_restore(struct uplink *uplink, const struct journal_record *record, uint64_t now);
void uplink_snapshot(const struct uplink *uplink, journal_receiver *take, void *context);
// Appends what was gathered; to be called before each write.
void uplink_settle(struct uplink *uplink);

// ---- its network ------------------------------------------------------------------------------

// A packet of the network; it is valid until the call returns. There is a router.
void uplink_receive(struct uplink *uplink, struct packet *packet, uint64_t now);
// A line for the master, with its LF.
void uplink_add_line(struct uplink *uplink, struct bytes line);
// No packets are to be received now: there is no gate yet, or too much waits.
bool uplink_is_full(const struct uplink *uplink);

static inline size_t uplink_waiting_bytes(const struct uplink *uplink) {
    return uplink->waiting.size - uplink->waiting_at;
}

// ---- its master -------------------------------------------------------------------------------

// True: this is to be asked next on the lane, which waits for the answer from now on. The lines are
// borrowed until the next call that is handed the uplink.
bool uplink_next(struct uplink *uplink, enum uplink_lane lane, struct gate_request *request,
                 uint64_t now);
// What came of it. The lines are whole ones.
void uplink_answer(struct uplink *uplink, enum uplink_lane lane, const struct gate_answer *answer,
                   uint64_t now);

// To be called when uplink_deadline is reached; then the lanes are to be asked with uplink_next.
void uplink_tick(struct uplink *uplink, uint64_t now);
// ROLE_NEVER, or when to call; a time that is over means at once.
uint64_t uplink_deadline(const struct uplink *uplink);

// Ends: leaves the networks, hands over what waits and gives the gate back, or `keeps` it for the
// next start. To be called at each turn until it is true. Then nothing is left to do but
// uplink_deinit.
bool uplink_leave(struct uplink *uplink, bool keeps, uint64_t now);

// ---- for tests and simulators -----------------------------------------------------------------

// Asserts what is always true between two calls.
void uplink_check(const struct uplink *uplink);

#endif
