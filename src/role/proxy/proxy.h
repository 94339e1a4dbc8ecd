// A proxy between MQTT clients and a broker, with rules of faults (fault/set.h) in between. Pure:
// bytes and the time go in, bytes and deadlines come out; the driver has the sockets.
//
// A connection has two sides, the client's and the broker's, and two lanes between them. Packets
// are recognised in the bytes where they are (role/proxy/head.h), and those that no rule is about
// go on untouched. Any version of MQTT; what is no MQTT goes on as it comes, with the rules about
// `bytes`, and is told.
//
// The driver
//   - calls proxy_connect when a client has come, and opens a stream to the broker for it,
//   - hands over what a side sends (proxy_receive) and that it has ended (proxy_side_ended),
//   - sends what proxy_output lends, says proxy_sent, and ends a side when proxy_is_over,
//   - says proxy_side_closed once for each side, after which the connection is not to be touched,
//   - calls proxy_tick at proxy_deadline.
// The port tells it when to look at a side again, and what happens.
//
// Bounds: connections; bytes under way in a lane, above which its sender is not read, so that a
// slow side slows the other; memory in all (the account of `memory`), at whose limit no new
// connection is taken and no more is read of those there are.
#ifndef ROLE_PROXY_PROXY_H
#define ROLE_PROXY_PROXY_H

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
    PROXY_BROKE,  // the connection was cut: by a rule, by command (rule 0)
    PROXY_CLOSED, // by which side
};

struct proxy_connection;

struct proxy_event {
    enum proxy_event_kind kind;
    const struct proxy_connection *connection;
    uint32_t rule;            // its number; 0: none
    enum fault_end end;       // of a hit
    uint8_t packet;           // likewise: enum fault_kind
    enum fault_direction way; // likewise
    enum proxy_side side;     // PROXY_CLOSED
};

struct proxy_port {
    void *context;
    // There is output for the side, or it is over, or it may be read again.
    void (*wake)(void *context, struct proxy_connection *connection, enum proxy_side side);
    void (*tell)(void *context, const struct proxy_event *event);
    // A packet goes no further, by the rule of this number. It is whole, and stands in the bytes
    // that proxy_receive is at; packets that come in several pieces are not told. NULL: not wanted.
    void (*dropped)(void *context, const struct proxy_connection *connection, enum proxy_side side,
                    uint32_t rule, struct bytes packet);
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

struct proxy_input {
    enum proxy_input_state state;
    bool is_plain;      // no rule hit the packet at hand
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
    bool is_holding;    // every packet, by command
    bool is_closed[2];  // a side
    bool was_full[2];   // a side is not read until there is room
    bool is_reset;      // and if it is cut, by a reset
    bool is_broken;     // cut
    struct buffer name; // the client's identifier
    char address[64];   // without its port
    struct proxy_lane lanes[2];
    struct proxy_input inputs[2];
    struct proxy_toxins *toxins; // NULL: there were no toxics yet
    uint64_t packets[2];
};

struct proxy {
    struct memory *memory;
    struct proxy_limits limits;
    struct proxy_port port;
    struct fault_set set;
    struct proxy_toxics toxics;
    struct timers timers;
    struct proxy_connection *connections;
    uint32_t count;
    bool is_holding; // new connections, too
    uint64_t last_number;
    uint64_t last_nameless;
    uint64_t last_sequence;
    uint64_t timed_due;      // when rules act by the clock next
    uint64_t packets[2][16]; // that came, by direction and type
    uint64_t bytes[2];
    uint64_t opened;
    uint64_t foreign;
    uint64_t too_large; // packets that were too large for what a rule wanted with them
};

void proxy_init(struct proxy *proxy, struct memory *memory, uint64_t seed,
                const struct proxy_limits *limits);
// All connections have to be closed.
void proxy_deinit(struct proxy *proxy);

// ---- rules ------------------------------------------------------------------------------------

// As fault_set_add and fault_set_remove. What a rule has frozen for ever thaws with it.
uint32_t proxy_add_rule(struct proxy *proxy, const struct fault_rule *rule, uint64_t now);
bool proxy_remove_rule(struct proxy *proxy, uint32_t number, uint64_t now);

// Toxics were added, changed or removed: they hold for open connections, too.
void proxy_renew_toxics(struct proxy *proxy, uint64_t now);

// ---- connections --------------------------------------------------------------------------------

// `place` is where the client comes from ("127.0.0.1:5000"). NULL: there is no room.
struct proxy_connection *proxy_connect(struct proxy *proxy, const char *place, void *user,
                                       uint64_t now);
// Bytes of a side. False: do not read it until proxy_takes_input says so.
bool proxy_receive(struct proxy_connection *connection, enum proxy_side side, struct bytes bytes,
                   uint64_t now);
bool proxy_takes_input(const struct proxy_connection *connection, enum proxy_side side);
// The side will send nothing more. True: there is still something on the way to it.
bool proxy_side_ended(struct proxy_connection *connection, enum proxy_side side, uint64_t now);
// What is to be sent to the side, until proxy_sent.
unsigned proxy_output(const struct proxy_connection *connection, enum proxy_side side,
                      struct bytes *runs, unsigned most);
void proxy_sent(struct proxy_connection *connection, enum proxy_side side, size_t bytes);
// Whether to end the side when its output is sent.
bool proxy_is_over(const struct proxy_connection *connection, enum proxy_side side);
void proxy_side_closed(struct proxy_connection *connection, enum proxy_side side, uint64_t now);

uint64_t proxy_deadline(const struct proxy *proxy);
void proxy_tick(struct proxy *proxy, uint64_t now);

// The identifier, or for one that has none `~` and a number; empty before its CONNECT.
static inline struct bytes proxy_connection_name(const struct proxy_connection *connection) {
    return buffer_bytes(&connection->name);
}

// ---- commands -----------------------------------------------------------------------------------
//
// Each is about the clients that fit a pattern, as in a rule; an empty one: all. Returns how many
// connections it found something to do with.

// Holds every packet from now on, until proxy_thaw.
uint32_t proxy_hold(struct proxy *proxy, struct bytes pattern);
// Lets the oldest held packet go. False: there is none.
bool proxy_step(struct proxy *proxy, struct bytes pattern, uint64_t now);
uint32_t proxy_cut(struct proxy *proxy, struct bytes pattern, uint64_t now);
uint32_t proxy_freeze(struct proxy *proxy, struct bytes pattern, uint64_t now);
// Ends holding and freezes, and lets all that is held go.
uint32_t proxy_thaw(struct proxy *proxy, struct bytes pattern, uint64_t now);

// Asserts what always holds.
void proxy_check(const struct proxy *proxy);

#endif
