// The role of a router: it takes the packets of its network that are for others up to the master,
// and brings down those from its mailbox (docs/protocol.md, "What a router does"). Pure, in the
// manner of role/port.h; it knows nothing of HTTP, files and numbers of packets.
//
// It has no local address. Its own is that of its gate with local part 0: gate 7 is 7000.
//
// What is kept here: the brokers of its own network; those of others, with the gates they belong
// to; and pairs (device here, device elsewhere) that exchanged packets, so that when one ends the
// other is told. All of it can be saved and restored, change by change.
#ifndef ROLE_ROUTER_ROUTER_H
#define ROLE_ROUTER_ROUTER_H

#include "base/map.h"
#include "role/journal.h"
#include "role/line/device.h"

struct router_config {
    struct bytes name; // up to DEVICE_NAME_MAX bytes
    uint64_t
        confirmation; // nanoseconds in which other routers name their brokers again, when asked
    struct {
        uint32_t brokers; // of other networks
        uint32_t gates;   // of other routers
        uint32_t pairs;
    } limits;
};

// Its records (role/journal.h): changes of the tables.
enum router_record {
    ROUTER_BROKER,    // address (local or global); name
    ROUTER_NO_BROKER, // address
    ROUTER_GATE,      // address: that of its router
    ROUTER_NO_GATE,   // likewise
    ROUTER_PAIR,      // address (local), remote
    ROUTER_NO_PAIR,   // likewise
    ROUTER_RECORDS,
};

// Their rows in a table, for that of the uplink (role/router/uplink.h).
#define ROUTER_RECORD_ROWS                                                        \
    [ROUTER_BROKER] = {"broker", 1, 1}, [ROUTER_NO_BROKER] = {"no-broker", 1, 0}, \
    [ROUTER_GATE] = {"gate", 1, 0}, [ROUTER_NO_GATE] = {"no-gate", 1, 0},         \
    [ROUTER_PAIR] = {"pair", 2, 0}, [ROUTER_NO_PAIR] = {"no-pair", 2, 0}

// None of these may call the role back.
struct router_port {
    // Takes a packet for the master, or for the network. A time stamp of 0 stands for now. False:
    // it is too long for a line.
    bool (*up)(void *context, const struct packet *packet);
    bool (*down)(void *context, const struct packet *packet);
    void (*tell)(void *context, const struct role_event *event);
    void *context;
    struct memory *memory;
    struct journal *journal; // NULL: nothing is kept
};

struct router_pair {
    uint32_t remote; // 0: a free place
    uint16_t local;
    uint32_t earlier; // of the same local address; of a free place: the next free one
    uint32_t later;
};

struct router_gate {
    uint32_t address; // of its router
    uint64_t asked;   // since when its brokers are to be named again; 0: nothing is awaited
    uint64_t heard;   // when it last named itself or a broker
};

// What it was given; the brokers that it knows here and elsewhere; gates by address; and pairs,
// each of a local and a remote address that have exchanged packets. A pair's place is found by
// both addresses, and through `pair_first` by the local one alone.
struct router {
    const struct router_config *config;
    const struct router_port *port;
    struct role_port device_port; // for role/line/device.h
    uint32_t self;                // our address
    struct devices locals;        // brokers here
    struct devices remotes;       // brokers elsewhere
    struct router_gate *gates;    // sorted by address
    uint32_t gate_count;
    uint32_t gate_capacity;
    struct router_pair *pairs;
    uint32_t pair_count;
    uint32_t pair_used; // places ever given out
    uint32_t pair_capacity;
    uint32_t pair_free;                        // the first free place, or ROUTER_NONE
    uint32_t pair_first[PACKET_LOCAL_MAX + 1]; // by local address
    struct map places;                         // local and remote address -> place in pairs
};

#define ROUTER_NONE UINT32_MAX

// `config` and `port` are borrowed for the router's life.
void router_init(struct router *router, const struct router_config *config,
                 const struct router_port *port, uint32_t gate, uint64_t hash_seed);
void router_deinit(struct router *router);

// A record of a former router of this gate, before anything else. What the limits do not allow is
// left out. False: it is no record of such a router.
bool router_restore(struct router *router, const struct journal_record *record, uint64_t now);
void router_snapshot(const struct router *router, journal_receiver *take, void *context);

// With a new lease: joins the network and the other gates, which are asked for their brokers. What
// is not named again in time is taken for gone.
void router_start(struct router *router, uint64_t now);
// From the network. The packet is valid until the call returns.
void router_receive(struct router *router, struct packet *packet, uint64_t now);
// From the mailbox.
void router_take(struct router *router, struct packet *packet, uint64_t now);
// Packets of the mailbox were lost: asks the other gates again.
void router_ask(struct router *router, uint64_t now);
// Whether a broker has sent it, by its type and by the brokers that are known.
bool router_is_of_broker(const struct router *router, const struct packet *packet);
// Ends the connections through this router of the client, or of the broker, with the address, here
// or elsewhere, as a fault would: each side is told that the other left. How many there were.
uint32_t router_cut(struct router *router, uint32_t address);
// To be called when router_deadline is reached; earlier does no harm.
void router_tick(struct router *router, uint64_t now);
uint64_t router_deadline(const struct router *router);
// Leaves both: who is connected through it is told. Forgets everything.
void router_stop(struct router *router);

#endif
