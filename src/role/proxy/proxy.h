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

#include "role/proxy/state.h"

void proxy_init(struct proxy *proxy, struct memory *memory, uint64_t seed,
                const struct proxy_limits *limits);
// All connections have to be closed.
void proxy_deinit(struct proxy *proxy);

// ---- rules ------------------------------------------------------------------------------------

// As fault_set_add and fault_set_remove. What waits because of a rule that is taken back, held,
// delayed or frozen, goes on.
uint32_t proxy_add_rule(struct proxy *proxy, const struct fault_rule *rule, uint64_t now);
bool proxy_remove_rule(struct proxy *proxy, uint32_t number, uint64_t now);

// Toxics were added, changed or removed: they hold for open connections, too.
void proxy_renew_toxics(struct proxy *proxy, uint64_t now);

// ---- connections --------------------------------------------------------------------------------

// `place` is where the client comes from ("127.0.0.1:5000"). NULL: there is no room.
struct proxy_connection *proxy_connect(struct proxy *proxy, const char *place, void *user,
                                       uint64_t now);
// A client that is there already: what it and the broker have said before passed elsewhere.
struct proxy_guest {
    const char *place;
    void *user;
    enum mqtt_version version;
    struct bytes client_id;
    uint32_t rest; // bytes that are still to come of the packet that the client is at
};
struct proxy_connection *proxy_join(struct proxy *proxy, const struct proxy_guest *guest,
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

// ---- commands -----------------------------------------------------------------------------------
//
// Each is about the clients that fit a pattern, as in a rule; an empty one: all, and for holding
// and freezing those that are to come, too. Returns how many connections it found something to do
// with.

// Holds every packet from now on, until proxy_thaw.
uint32_t proxy_hold(struct proxy *proxy, struct bytes pattern);
// How many packets are held.
uint64_t proxy_waiting(const struct proxy *proxy);
// Whether a connection is frozen.
bool proxy_is_frozen(const struct proxy *proxy);
// When the oldest packet that is held came to be so; UINT64_MAX: none is.
uint64_t proxy_held_since(const struct proxy *proxy, struct bytes pattern);
// Lets it go. False: there is none.
bool proxy_step(struct proxy *proxy, struct bytes pattern, uint64_t now);
// Cuts this connection.
void proxy_break(struct proxy_connection *connection);
uint32_t proxy_cut(struct proxy *proxy, struct bytes pattern, uint64_t now);
// Lets nothing of them pass, until proxy_thaw.
uint32_t proxy_freeze(struct proxy *proxy, struct bytes pattern, uint64_t now);
// Ends holding and freezes, and lets all that is held go.
uint32_t proxy_thaw(struct proxy *proxy, struct bytes pattern, uint64_t now);

// Asserts what always holds.
void proxy_check(const struct proxy *proxy);

#endif
