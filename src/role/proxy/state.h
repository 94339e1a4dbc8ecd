// The records of a proxy (role/proxy/proxy.h), which its sources share, and what it tells.
#ifndef ROLE_PROXY_STATE_H
#define ROLE_PROXY_STATE_H

#include "base/buffer.h"
#include "role/proxy/aliases.h"
#include "role/proxy/head.h"
#include "role/proxy/toxic.h"
#include "base/timer.h"

// A side sends to the lane of the same number: the client's to the broker.
enum proxy_side { PROXY_CLIENT = FAULT_TO_BROKER, PROXY_BROKER = FAULT_TO_CLIENT };

static inline enum proxy_side proxy_other(enum proxy_side side) {
    return side == PROXY_CLIENT ? PROXY_BROKER : PROXY_CLIENT;
}

struct proxy_limits {
    uint32_t connections_max;
    uint32_t rules_max;
    uint32_t clients_max; // whose counts are kept; not below connections_max
    size_t lane_bytes;    // of packets and what they cost, in one direction
};

enum proxy_event_kind {
    PROXY_OPENED,
    PROXY_KNOWN,   // the client said CONNECT
    PROXY_FOREIGN, // it does not speak MQTT: what comes is passed on
    PROXY_HIT,     // a rule has hit
    PROXY_FROZE,
    PROXY_LET_GO, // what was held goes on
    PROXY_BROKE,  // the connection was cut: by a rule, by command (rule 0)
    PROXY_CLOSED, // by which side
};

struct proxy_connection;

struct proxy_event {
    enum proxy_event_kind kind;
    const struct proxy_connection *connection;
    uint32_t rule;            // its number; 0: none
    enum fault_end end;       // of a hit
    uint8_t packet;           // likewise, and of PROXY_LET_GO: enum fault_kind
    enum fault_direction way; // likewise
    uint64_t waited;          // of PROXY_LET_GO: nanoseconds
    enum proxy_side side;     // PROXY_CLOSED
};

// A packet and what was decided about it. It stands in the bytes that proxy_receive is at; of one
// that came in several pieces the last one does, once it has come.
struct proxy_fate {
    const struct proxy_connection *connection;
    enum proxy_side side;                  // that sends it
    const struct fault_decision *decision; // NULL: the proxy itself says this in the side's place
    uint64_t now;
    struct bytes packet;
};

struct proxy_port {
    void *context;
    // There is output for the side, or it is over, or it may be read again.
    void (*wake)(void *context, struct proxy_connection *connection, enum proxy_side side);
    void (*tell)(void *context, const struct proxy_event *event);
    // What becomes of a packet that does not simply pass. NULL: not wanted.
    void (*decided)(void *context, const struct proxy_fate *fate);
};

// What is recognised in the bytes of one side.
enum proxy_input_state {
    PROXY_AT_START, // the client's first packet is to come
    PROXY_AT_PACKET,
    PROXY_IN_PACKET,
    PROXY_IN_COLLECTED, // of which all has to be there before it goes on
    PROXY_IN_FOREIGN,
    PROXY_DEAF, // behind a cut: what comes is dropped
};

// What comes in from one side, packet by packet. Of each packet the decision is made as soon as
// its kind, topic and size are known, from `head`; a packet that a rule wants whole is collected
// there.
struct proxy_input {
    enum proxy_input_state state;
    bool is_plain;      // no rule hit the packet at hand
    bool is_told;       // its fate was
    uint8_t kind;       // its enum fault_kind
    uint32_t bytes;     // of the whole packet
    uint32_t offset;    // of it that came
    struct buffer head; // the start of a packet that cannot be told yet, or one being collected
    struct fault_decision decision;
    struct proxy_aside *aside; // packets that wait for others to go before them
    uint32_t aside_count;
    struct proxy_aliases aliases;
};

// One client with its stream to the broker. `packets` counts those that came, by direction. It is
// known once its CONNECT was read; then `client` counts for the rules. It is in the proxy's list
// until both sides are closed. Frozen, nothing of it moves: neither lane is sent nor side read.
struct proxy_connection {
    struct proxy *proxy;
    struct proxy_connection *previous;
    struct proxy_connection *next;
    void *user; // the driver's
    uint64_t number;
    uint64_t opened;
    uint64_t looked;       // up to when timed rules were looked at
    uint64_t frozen_until; // 0: it is not
    struct timer timer;    // when the lanes, the asides or the freeze have to be looked at
    uint64_t due;          // of it, while it is set
    struct fault_client *client;
    enum mqtt_version version;
    bool is_known;
    bool is_foreign;
    bool is_holding; // every packet, by command
    bool is_frozen_by_hand;
    bool is_closed[2]; // a side
    bool was_full[2];  // a side is not read until there is room
    bool is_reset;     // and if it is cut, by a reset
    bool is_broken;    // cut
    bool is_cut_by_hand;
    uint32_t broken_by;       // the rule that cut it; 0: none
    bool has_ended;           // a side has, of its own
    enum proxy_side ended_by; // the first that did
    struct buffer name;       // the client's identifier
    char address[64];         // without its port
    struct proxy_lane lanes[2];
    struct proxy_input inputs[2];
    struct proxy_toxins *toxins; // NULL: there were no toxics yet
    uint64_t packets[2];
};

// The rules and toxics, the connections that they act on, and what was counted. All connections
// have timers in `timers`; rules that act by the clock have `timed_due`.
struct proxy {
    struct memory *memory;
    struct proxy_limits limits;
    struct proxy_port port;
    struct fault_set set;
    struct proxy_toxics toxics;
    struct timers timers;
    struct proxy_connection *connections;
    uint32_t count;
    bool is_holding;  // new connections, too
    bool is_freezing; // likewise
    uint64_t last_number;
    uint64_t last_nameless;
    uint64_t last_held;      // when the last packet came to be held
    uint64_t timed_due;      // when rules act by the clock next
    uint64_t packets[2][16]; // that came, by direction and type
    uint64_t bytes[2];
    uint64_t opened;
    uint64_t foreign;
    uint64_t too_large; // packets that were too large for what a rule wanted with them
};

// The identifier, or for one that has none `~` and a number; empty before its CONNECT.
static inline struct bytes proxy_connection_name(const struct proxy_connection *connection) {
    return buffer_bytes(&connection->name);
}

#endif
