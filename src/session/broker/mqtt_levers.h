// The user's levers at the MQTT door of a broker (docs/faults.md): rules, holds, freezes and cuts
// act between the streams of its clients and the door, as those of a proxy do between sockets.
//
// While there are none nothing stands between: is_on is false, and bytes go from hand to hand. From
// the first one on, each stream has a connection of a proxy's (role/proxy/proxy.h), whose client's
// side is the stream and whose broker's side is the door. A client that was there before joins
// between two packets, in each direction: what comes of a packet under way passes, and what the
// door had made for it before (`direct`) is lent straight from the door. Who is about to connect
// joins once it is let in.
//
// A stream may be gone while what its client sent is still on its way. Then the door's connection
// lives on until all has arrived, or the connection is over.
//
// All functions are called with the session's lock. What is to be handed to the door or taken from
// it stands in the list `pending` until mqtt_levers_settle: never from within a call of the door's.
//
// Bounds: what is under way counts in the session's memory; a direction with LANE_BYTES in it is
// not read; a connection for which there is no memory stays without levers, and that is told.
#ifndef SESSION_BROKER_MQTT_LEVERS_H
#define SESSION_BROKER_MQTT_LEVERS_H

#include "medium/capture/tap_faults.h"
#include "medium/stream/stream_owner.h"
#include "role/broker/mqtt/mqtt_door.h"
#include "session/line/line_levers.h"

// What the levers have of one stream; its owner embeds it. It lives from mqtt_levers_add to `gone`,
// or to mqtt_levers_remove if nothing stands between.
struct mqtt_lever {
    struct proxy_connection *between; // NULL: nothing
    struct stream *stream;            // NULL: it is gone
    struct door_connection *connection;
    uint64_t number; // in the tap
    uint64_t direct; // bytes of the door's output that are not decided about
    bool is_pending;
    bool input_is_over;  // all that its client sent has reached the door
    bool output_is_over; // all that the door made was taken
    struct mqtt_lever *previous;
    struct mqtt_lever *next;
    struct mqtt_lever *next_pending;
};

struct mqtt_levers_events {
    void *context;
    void (*tell)(void *context, const struct proxy_event *event);
    void (*notice)(void *context, const char *text);
    void (*gone)(void *context, struct mqtt_lever *lever); // its stream and its connection are
};

// The proxy's role between the door and its streams. While `is_on` is false nothing stands
// between. Each stream has a lever, in the list from `first` on; those with something to hand
// over stand among `pending`.
struct mqtt_levers {
    bool is_on;
    bool has_begun;
    bool is_cutting; // the command cut is at work
    struct proxy proxy;
    struct mqtt_door *door;
    struct tap *tap; // NULL: none
    struct tap_faults tap_faults;
    struct mqtt_levers_events events;
    struct mqtt_lever *first;
    struct mqtt_lever *pending;
    uint32_t connections_max; // streams that there can be
    uint64_t now;
    bool said_no_room;
};

// For the session's levers (session/line/line_levers.h), which are those of both doors. `context`
// is the struct mqtt_levers, of which events, tap and connections_max are set.
extern const struct line_levers_other mqtt_levers_other;

void mqtt_levers_start(struct mqtt_levers *levers, struct mqtt_door *door);
// All streams are gone.
void mqtt_levers_deinit(struct mqtt_levers *levers);

void mqtt_levers_add(struct mqtt_levers *levers, struct mqtt_lever *lever, uint64_t now);
void mqtt_levers_remove(struct mqtt_levers *levers, struct mqtt_lever *lever);

// What the stream of an owner (medium/stream/stream_owner.h) asks and tells, while is_on. Each
// looks whether something stands between; if not, it does what the door would.
bool mqtt_levers_received(struct mqtt_levers *levers, struct mqtt_lever *lever, struct bytes bytes,
                          uint64_t now);
bool mqtt_levers_ended(struct mqtt_levers *levers, struct mqtt_lever *lever, uint64_t now);
unsigned mqtt_levers_output(struct mqtt_levers *levers, struct mqtt_lever *lever,
                            struct bytes *runs, unsigned most);
void mqtt_levers_sent(struct mqtt_levers *levers, struct mqtt_lever *lever, size_t bytes,
                      uint64_t now);
bool mqtt_levers_is_over(const struct mqtt_lever *lever);
bool mqtt_levers_takes_input(const struct mqtt_lever *lever);
// The stream is closed. The lever is gone when the levers say so, perhaps in mqtt_levers_settle.
void mqtt_levers_closed(struct mqtt_levers *levers, struct mqtt_lever *lever, uint64_t now);

// The door has something for the stream, or takes input again.
void mqtt_levers_ready(struct mqtt_levers *levers, struct mqtt_lever *lever);
// Something may be moved.
void mqtt_levers_look(struct mqtt_levers *levers, struct mqtt_lever *lever);
// Moves what can be moved. To be called whenever the door was called, before the lock is given
// back.
void mqtt_levers_settle(struct mqtt_levers *levers, uint64_t now);
// What time has brought.
void mqtt_levers_tick(struct mqtt_levers *levers, uint64_t now);
uint64_t mqtt_levers_deadline(const struct mqtt_levers *levers);

// The broker ends: nothing waits any more that nobody would let go.
void mqtt_levers_end(struct mqtt_levers *levers, uint64_t now);

#endif
