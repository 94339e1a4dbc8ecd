// A judge of one end of an MQTT connection: it is shown every whole packet that this end sends and
// receives, in the order in which this end does so, and says which rule of packets the end breaks:
// packet identifiers, DUP, the exchanges of QoS 1 and 2 on both sides, receive maximum, what is
// sent again after a reconnection. It changes nothing and knows nothing of roles, so it judges the
// simulator's roles as well as foreign ones behind a proxy or in a capture.
//
// Only what the end itself sends is judged; what it receives says what it has to do. So the two
// ends of a connection have a judge each, and a packet that was lost between them confuses neither.
//
// The judge belongs to a session, as packet identifiers do: it outlives connections, until
// a CONNACK without session present, or flow_watch_forget. An observer between the two ends sees
// packets cross that neither end could have known of; with `is_between` the rules that this would
// break falsely are not applied.
//
//     sender     a PUBLISH with QoS 1 or 2 that was sent and is not over: an exchange. Its states
//                are those of mqtt/flow.h
//     receiver   what came and awaits an answer, or, after PUBREC, a PUBREL
//
// Memory: 16 bytes for each exchange that is open, none while there is none. A peer's share in that
// is bounded: FLOW_WATCH_MAX open exchanges of each side, beyond which the judge says nothing
// more about this session (`is_lost`).
#ifndef CHECK_FLOW_WATCH_H
#define CHECK_FLOW_WATCH_H

#include "base/memory.h"
#include "check/rule.h"
#include "mqtt/packet.h"

#define FLOW_WATCH_MAX 65535u

// An exchange, or an answer that is due.
struct flow_watch_exchange {
    uint32_t payload; // a hash of it
    uint16_t packet_id;
    uint8_t state; // private
    uint8_t qos;
    bool is_counted;     // in flight
    uint32_t connection; // the last one in which something of it was sent, or asked for
};

struct flow_watch_exchanges {
    struct flow_watch_exchange *items; // in the order in which they began
    uint32_t count;
    uint32_t capacity;
};

// One end of one client's exchanges, over all its connections: `sending` are those that it
// began, `answering` those that the other end began. What a connection has (from `connection` to
// `is_clean`) begins anew with each CONNECT; the exchanges stay as long as the session does.
struct flow_watch {
    struct flow_watch_exchanges sending;
    struct flow_watch_exchanges answering;
    uint32_t connection; // counted from 1
    uint32_t again;      // how many of `sending` were sent again in this connection, in their order
    uint32_t strange_pubrecs; // for no exchange, and not yet answered
    uint16_t receive_maximum; // of the other end
    uint16_t in_flight;       // PUBLISH of this connection with QoS 1 or 2 that are not over
    uint16_t pings;           // not answered
    uint8_t version;          // enum mqtt_version; 0 before CONNECT
    uint8_t phase;            // private
    bool is_server;           // the end that is judged
    bool adopts;              // see struct flow_watch_options
    bool is_between;
    bool is_restored; // it may have forgotten what it sent last
    bool has_unsent;  // it may take for sent what nobody has seen
    bool is_lost;     // see above
    bool is_clean;    // CONNECT asked for a clean start
    bool has_session; // a client: of an earlier connection
    uint32_t faults;  // rules broken in this connection
};

struct flow_watch_options {
    bool is_server;
    bool adopts; // a client that takes a session of its own over that it does not know of
    bool is_between;
};
void flow_watch_init(struct flow_watch *watch, const struct flow_watch_options *options);
void flow_watch_deinit(struct flow_watch *watch, struct memory *memory);

// A new connection of the session: the next packet is CONNECT.
void flow_watch_connected(struct flow_watch *watch, struct memory *memory);

// What the judge is shown: a whole packet, as of mqtt_frame_read. Returns the rule that the end
// broke by sending it, or CHECK_RULES: none. Of a packet that arrived it is always none.
enum check_rule flow_watch_sent(struct flow_watch *watch, struct memory *memory,
                                struct bytes packet);
void flow_watch_received(struct flow_watch *watch, struct memory *memory, struct bytes packet);

// The session is over at this end: it expired, or was lost in a crash.
void flow_watch_forget(struct flow_watch *watch, struct memory *memory);

// The end began anew with what it had kept of the session; of what it last did it may know nothing.
void flow_watch_restored(struct flow_watch *watch);

// The end's connection is over. `has_unsent`: with packets that it had made and not sent, so that
// new ones may bear DUP from now on.
void flow_watch_closed(struct flow_watch *watch, bool has_unsent);

// Everything came to rest in a connection that is up: nothing may be left open.
enum check_rule flow_watch_rest(const struct flow_watch *watch);

// The end closed the connection, or refused it, for a fault that it says the other end committed.
// `other` is the judge of that end.
enum check_rule flow_watch_accusation(const struct flow_watch *watch,
                                      const struct flow_watch *other);

// Walks the exchanges; asserted. For tests.
void flow_watch_check(const struct flow_watch *watch);

#endif
