// The user's levers on the packets of a client of MQTT (docs/faults.md): a proxy's role
// (role/proxy/proxy.h) stands between the client's role and its stream, always, with rules or
// without. The client is its client's side, the stream its broker's side.
//
// One connection at a time. It begins when a stream is open and lives until both sides have closed:
// the client's when its end has reached it, or it wants the stream to be closed; the stream's when
// it is closed, which waits for what is still on its way to the broker. Rules, holds and freezes
// outlive it.
//
// In the thread of the session. Bounds: a direction with LANE_BYTES in it takes nothing more, and
// its sender waits.
#ifndef SESSION_MQTT_CLIENT_MQTT_CLIENT_LEVERS_H
#define SESSION_MQTT_CLIENT_MQTT_CLIENT_LEVERS_H

#include "medium/stream/stream_client.h"
#include "role/mqtt_client/mqtt_client.h"
#include "shell/proxy_levers.h"

#define MQTT_CLIENT_LEVERS_WHY 256

struct mqtt_client_levers_ends {
    struct run *run;
    struct mqtt_client *client;
    struct stream_client *stream;
    enum mqtt_version version;
    bool shows_packets; // faults stand among them
};

// `between` is the connection at hand, NULL without one. A rule or the command cut has ended it if
// is_cut; the client does not know of it before what had passed has reached it.
struct mqtt_client_levers {
    struct mqtt_client_levers_ends ends;
    struct proxy proxy;
    struct proxy_connection *between;
    bool is_closing;                  // the stream, by us
    char why[MQTT_CLIENT_LEVERS_WHY]; // the stream ended, for people; empty: the broker closed it
};

void mqtt_client_levers_init(struct mqtt_client_levers *levers, struct memory *memory,
                             uint64_t seed);
// `client` and `stream` are not used before this.
void mqtt_client_levers_start(struct mqtt_client_levers *levers,
                              const struct mqtt_client_levers_ends *ends);
void mqtt_client_levers_deinit(struct mqtt_client_levers *levers);

// ---- the stream ---------------------------------------------------------------------------------

void mqtt_client_levers_opened(struct mqtt_client_levers *levers, const char *place, uint64_t now);
void mqtt_client_levers_received(struct mqtt_client_levers *levers, struct bytes bytes,
                                 uint64_t now);
// The stream of the connection at hand is closed.
void mqtt_client_levers_closed(struct mqtt_client_levers *levers, const char *why, uint64_t now);

// Moves what can be moved, both ways; `takes` says whether the client may be given something.
enum mqtt_client_levers_end {
    MQTT_CLIENT_LEVERS_GO_ON,
    MQTT_CLIENT_LEVERS_LOST, // the stream has ended, and the client has got all before it
    MQTT_CLIENT_LEVERS_CUT,  // a fault ended the connection
};
enum mqtt_client_levers_end mqtt_client_levers_move(struct mqtt_client_levers *levers, bool takes,
                                                    uint64_t now);
// The client wants no more of the connection; the stream is closed when what is on its way to the
// broker is there, or at once.
void mqtt_client_levers_leave(struct mqtt_client_levers *levers, bool at_once, uint64_t now);
bool mqtt_client_levers_takes_input(const struct mqtt_client_levers *levers);

// ---- the user's ---------------------------------------------------------------------------------

// Something is held or frozen: it may never come.
bool mqtt_client_levers_are_stuck(const struct mqtt_client_levers *levers);
// Nothing is on its way to the broker that leaves by itself.
bool mqtt_client_levers_are_drained(const struct mqtt_client_levers *levers);
// Packets that wait, and rules. Nothing, while there are none.
void mqtt_client_levers_list(const struct mqtt_client_levers *levers, struct listing *listing);

#endif
