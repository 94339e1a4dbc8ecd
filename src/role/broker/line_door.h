// The line door of a broker: its connections with devices that send packets as lines of text. It
// holds their keys, answers creq and sreq, pings devices and drops those that stay silent, and
// sends entries to those that subscribed (docs/protocol.md, "What a broker does").
#ifndef ROLE_BROKER_LINE_DOOR_H
#define ROLE_BROKER_LINE_DOOR_H

#include "base/map.h"
#include "role/broker/broker_core.h"
#include "role/line/connection.h"
#include "role/line/credentials.h"
#include "base/deadline.h"
#include "role/line/device.h"
#include "role/broker/line_access.h"
#include "role/broker/line_logins.h"
#include "role/broker/line_retained.h"

// How the line door is to be: who it says it is, its suite, times and limits; and who may do what
// at it, by access lists and by credentials that the owner checks, at once or later. Borrowed for
// as long as the door lives.
struct line_door_config {
    struct bytes name; // up to DEVICE_NAME_MAX bytes
    enum suite_policy suite;
    uint64_t ping_interval; // nanoseconds, as all times here
    uint64_t silence;       // a peer not heard of for so long is dropped
    struct {
        uint32_t connections;
        uint32_t subscriptions; // of each connection
        uint32_t devices;
    } limits;
    // Who may publish and read what; NULL: everybody everything. The owner may put others in its
    // place between two calls.
    const struct access *access;
    bool keeps_users; // who a device is, also without access lists: for line_door_review
    // Checks credentials, which are borrowed; CREDENTIALS_WAIT is followed by
    // line_door_authenticated with the number. NULL: none are asked for.
    enum credentials_state (*authenticate)(void *context, uint64_t number,
                                           struct bytes credentials);
    // The result of that check is no longer needed.
    void (*cancel_check)(void *context, uint64_t number);
    void *authenticate_context;
};

struct line_subscription {
    uint32_t node; // in the core's tree
    uint64_t time_stamp;
} __attribute__((packed, aligned(4)));

// Two or more of one peer.
struct line_subscription_block {
    uint32_t capacity;
    struct line_subscription *items;
} __attribute__((packed, aligned(4)));

// A connection of the door, from an accepted creq to its end: what it shares with the other end,
// what it is subscribed to, and its place in the lists of those to be pinged and those that fall
// silent. Most have one subscription, which stands in the peer itself (line_peer_subscriptions).
// `request` is a hash of the public key that it was asked for with, and `secret_number` that of our
// secret: a copy of the creq is answered by them.
struct line_peer {
    struct connection connection; // first, see line_door.c; address 0: a free place
    uint32_t subscription_count;
    union {
        struct line_subscription only;        // of up to one
        struct line_subscription_block block; // of more
    } subscriptions;
    struct deadline_link ping; // earlier: the next free place, of a free one
    struct deadline_link silence;
    uint64_t ping_sent; // the last one, or when the connection began
    uint64_t delivered; // serial of the last entry sent to it
    uint32_t request;
    uint32_t secret_number;
};

static inline const struct line_subscription *
line_peer_subscriptions(const struct line_peer *peer) {
    return peer->subscription_count < 2 ? &peer->subscriptions.only
                                        : peer->subscriptions.block.items;
}

// The door of one address. Connections lie in `peers`, in places that are used again; the core
// knows them by their places, `places` finds them by address. Each open one stands in two lists:
// `pings`, in the order in which they are to be pinged, and `silences`, in the order in which they
// were last heard. `devices` are all that have joined, with or without a connection. Secrets come
// from the seed by rising numbers, so none comes twice.
struct line_door {
    const struct line_door_config *config;
    const struct role_port *port;
    struct broker_core *core;
    uint32_t number; // of the door in the core
    struct cipher_secret seed;
    uint64_t secret_number; // the last one given out
    uint64_t now;           // the last time that the door was told
    uint32_t self;          // our address
    struct devices devices;
    struct line_peer *peers;
    uint32_t peer_count; // open connections
    uint32_t peer_used;  // places ever given out
    uint32_t peer_capacity;
    uint32_t peer_free; // the first free place, or DEADLINE_NONE
    struct map places;  // address -> place in peers
    struct deadline_list pings;
    struct deadline_list silences;
    struct line_retained retained; // what is still to be sent of it
    struct line_logins logins;
    struct line_access access; // who the devices are, if there are access lists
    uint64_t login_number;     // the last one given out
    uint64_t deliveries;       // of entries, since the start
};

// All pointers are borrowed for the door's life. `seed` must be fresh random bytes.
void line_door_init(struct line_door *door, const struct line_door_config *config,
                    const struct role_port *port, uint32_t self, const struct cipher_secret *seed);
// Leads to this core; called once, before anything else.
void line_door_attach(struct line_door *door, struct broker_core *core);
void line_door_deinit(struct line_door *door);

void line_door_start(struct line_door *door);
// The packet's elements are replaced by unsealed ones.
void line_door_receive(struct line_door *door, struct packet *packet, uint64_t now);
void line_door_tick(struct line_door *door, uint64_t now);
// Never before the last time that the door was told. While last values are still to be sent, it
// is that time: each tick sends some of them.
uint64_t line_door_deadline(const struct line_door *door);
void line_door_stop(struct line_door *door);

// The result of a check; not CREDENTIALS_WAIT. Nothing happens if it is no longer needed.
void line_door_authenticated(struct line_door *door, uint64_t number, enum credentials_state state,
                             uint64_t now);

// NULL if there is no such connection.
const struct line_peer *line_door_find(const struct line_door *door, uint32_t address);
// Ends the connection; false if there is none.
bool line_door_disconnect(struct line_door *door, uint32_t address);

// Ends the connections whose user is not good any more, after users have changed.
void line_door_review(struct line_door *door, bool (*is_good)(void *context, struct bytes user),
                      void *context);

// Asserts what has to hold between any two calls; it walks all connections.
void line_door_check(const struct line_door *door);

#endif
