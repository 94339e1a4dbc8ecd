// What the sources of the MQTT door share: its records, and what mqtt_door.c does for the others.
// Nobody else includes this; the door's users see role/broker/mqtt/mqtt_door.h.
//
//   mqtt_door       streams, packets one by one, time, views
//   mqtt_input      bytes into packets, and what waits of them
//   door_turns      how much is done for each before others have their turn
//   door_rate       how many a second a client may send
//   mqtt_connect    CONNECT and AUTH: who is let in, and to which session
//   door_session    sessions: found, taken over, ended; wills
//   mqtt_absent     which session goes first when there is no room for another
//   mqtt_subscribe  SUBSCRIBE, UNSUBSCRIBE
//   door_groups     sessions that share a subscription
//   mqtt_publish    PUBLISH from clients and what follows it
//   door_delivery   messages to clients: flights, PUBLISH and what follows it
//   door_sending    PUBLISH as bytes
//   door_queue      what waits for a client or was sent to it
//   door_expiry     what expires while it waits
//   door_statistics the broker's own figures, at $SYS/...
//   door_wish       what is to be kept: told as it changes, and restored
#ifndef ROLE_BROKER_MQTT_DOOR_STATE_H
#define ROLE_BROKER_MQTT_DOOR_STATE_H

#include "base/buffer.h"
#include "base/map.h"
#include "mqtt/flow.h"
#include "role/broker/mqtt/mqtt_door.h"
#include "role/broker/mqtt/door_output.h"
#include "role/broker/mqtt/door_rate.h"
#include "role/broker/mqtt/door_wish.h"
#include "base/timer.h"

#define DOOR_SESSION_FOREVER UINT32_MAX // seconds
#define DOOR_NO_GROUP UINT32_MAX
// For the core a session is a peer of its number, a group one of its place above these.
#define DOOR_GROUP_PEERS (BROKER_PEERS_MAX / 2)
#define DOOR_SMALL_KEPT 4096 // bytes of a session, and the like: see door_has_room_to_keep

// What a timer of the door belongs to.
enum door_timer_kind { DOOR_TIMER_CONNECTION, DOOR_TIMER_SESSION, DOOR_TIMER_EXPIRY };

// ---- sessions ---------------------------------------------------------------------------------

// A message for a client: in its queue until it is done.
struct door_delivery {
    struct door_message *message; // NULL from MQTT_FLOW_EXPECT_PUBCOMP on
    uint64_t sequence;            // rises in the queue
    uint32_t identifier;          // of the subscription, or 0
    uint32_t group;               // that shares the subscription ...
    uint32_t group_serial;        // ... if it still has this serial; 0: none does
    uint16_t packet_id;           // once it was sent
    uint8_t qos : 2;
    uint8_t retain : 1;
    uint8_t flight; // enum mqtt_flow_state; done: one before it is not
};

// A ring, oldest first. Those before `cursor` were sent on the present connection.
struct door_queue {
    struct door_delivery *ring;
    uint32_t capacity; // 0 or a power of two
    uint32_t head;
    uint32_t count;
    uint32_t cursor;
    uint32_t in_flight; // sent on the present connection and not done
    bool is_sparse;     // packet ids in use may be anywhere, not only behind the first one's
    uint64_t bytes;     // of the messages
    uint64_t last_sequence;
};

struct door_subscription {
    uint32_t node;  // in the core's tree
    uint32_t group; // of a shared one, or DOOR_NO_GROUP
};

struct door_will {
    struct door_message *message;
    uint64_t delay; // nanoseconds
};

// See role/broker/mqtt/door_absent.h.
struct door_absent_links {
    struct door_session *earlier;
    struct door_session *later;
};

struct door_absent_list {
    struct door_session *first; // the longest absent one
    struct door_session *last;
};

struct door_address {
    uint64_t key;
    uint32_t sessions;
    uint32_t next_free;
    struct door_absent_list absent;
};

struct door_addresses {
    struct door_address *items;
    uint32_t used;
    uint32_t capacity;
    uint32_t free;     // the first free place, or MAP_NONE
    struct map places; // key -> place
};

struct door_session {
    struct timer timer; // while nobody is connected: the end, or the will before it
    struct door_connection *connection;
    uint8_t *client_id;
    uint32_t number;    // its place in the table
    uint32_t next_same; // the next session whose client id has the same hash
    uint16_t client_id_bytes;
    uint16_t last_packet_id;
    uint8_t version;
    bool drops;      // a drop was told of since the queue was last empty
    bool is_absent;  // it stands in the lists of those
    bool is_kept;    // its changes are wishes, see door_keep_session
    uint32_t expiry; // seconds after the disconnection
    uint64_t since;
    uint64_t ends_at;
    struct door_will *will;
    struct door_subscription *subscriptions;
    uint32_t subscription_count;
    uint32_t subscription_capacity;
    size_t subscription_bytes; // what its subscriptions cost, see topic_filter_cost
    struct door_queue queue;
    struct door_expiry
        *expiry_heap; // messages that expire in the queue, see role/broker/mqtt/door_expiry.h
    struct door_walk
        *walks; // retained messages yet to be sent: the last, see role/broker/mqtt/door_retained.h
    struct map *received; // QoS 2 packet ids that await PUBREL; NULL: none
    struct door_absent_links absent;
    struct door_absent_links absent_at_address;
    uint32_t address;      // one above its place among those; 0: it counts for none
    uint64_t match_serial; // the last publishing that found it, and where among those found
    uint32_t match_place;
};

// Sessions that share a subscription, see role/broker/mqtt/door_groups.h.
struct door_group {
    uint8_t *name;   // NULL: a free place
    uint32_t serial; // 1 and up; no other group had it
    uint32_t name_bytes;
    uint32_t node;
    uint32_t next_same; // the next group with this hash, or the next free place
    uint32_t next;      // whose turn it is
    uint32_t count;
    uint32_t capacity;
    bool is_indexed; // its members stand in by_member
    struct door_member {
        uint32_t session;
        uint32_t detail;
    } * members;
};

struct door_groups {
    struct door_group *items;
    uint32_t used; // places ever used
    uint32_t most; // of them
    uint32_t capacity;
    uint32_t serial;      // the last one given
    uint32_t free;        // the first free place, or DOOR_NO_GROUP
    struct map by_name;   // hash of name and node -> the first group with it
    struct map by_member; // group and session -> its place among the members
};

// ---- connections ------------------------------------------------------------------------------

enum door_connection_state {
    DOOR_EXPECT_CONNECT,
    DOOR_EXPECT_CHECK, // on a user name and password
    DOOR_EXPECT_AUTH,  // from the client, during CONNECT
    DOOR_OPEN,
    DOOR_OVER,
};

// Topics that have a number on a connection. Those of the client stand at their number less one.
struct door_aliases {
    uint32_t count;
    uint32_t capacity;
    size_t bytes; // of the topics
    struct door_alias {
        uint64_t hash;
        uint8_t *topic;
        uint32_t topic_bytes;
    } * items;
};

// An exchange of SCRAM-SHA-256.
struct door_exchange {
    struct scram_server server;
    bool is_known; // there is such a user
    bool expects_final;
};

struct door_connection {
    struct timer timer; // for the CONNECT, then for silence
    void *owner;
    uint64_t number;
    struct door_session *session;  // from DOOR_OPEN on, until it is detached
    struct door_connection *later; // in the list of all
    struct door_connection *earlier;
    struct door_connection *next_doomed;
    char *place;
    uint64_t address; // see struct door_stream_info
    uint64_t heard;
    uint64_t since;
    uint8_t *partial; // bytes of packets that are not handled yet
    uint32_t partial_bytes;
    uint32_t partial_capacity;
    uint32_t partial_begin;       // what is before it is handled
    struct door_request *request; // that is under way, see role/broker/mqtt/door_subscribe.h
    struct door_connection *next_waiting; // in the backlog, see role/broker/mqtt/door_turns.h
    struct door_connection *previous_waiting;
    uint32_t maximum_packet; // the client's limits
    uint16_t receive_maximum;
    uint16_t alias_maximum;
    uint16_t keep_alive; // seconds
    uint8_t state;       // enum door_connection_state
    uint8_t version;
    uint8_t doom; // enum mqtt_reason, of one on the list of the doomed
    bool is_doomed;
    bool is_waiting;  // in the backlog
    bool is_closed;   // its stream is gone; it waits there for its end
    bool has_input;   // that waits there for steps
    bool is_ready;    // was told to be
    bool input_ended; // its peer sends no more
    bool is_trusted;
    bool wants_problems; // reason strings and user properties
    bool scram;          // it was let in by that
    bool is_bridge;      // of another broker, see mqtt_subscribe.c
    struct door_output output;
    struct door_aliases *aliases_in;
    struct door_aliases *aliases_out;
    struct door_exchange *exchange;
    uint8_t *connect; // the CONNECT while its credentials are checked
    uint32_t connect_bytes;
    struct door_rate messages;
    struct door_rate packets; // and filters
};

// ---- one publishing ---------------------------------------------------------------------------

// A session that a publishing is for.
struct door_target {
    uint32_t session;
    uint32_t detail; // of the subscription; of several, the highest QoS
    uint32_t more;   // identifiers of other subscriptions, as a place in `identifiers`; 0: none
    uint32_t group;  // that shares the subscription, or DOOR_NO_GROUP
};

struct door_identifiers {
    uint32_t identifier;
    uint32_t more;
};

// A PUBLISH encoded for all who get the same bytes; the packet id is put in.
struct door_form {
    uint64_t serial; // of the publishing it was made for
    uint32_t at;     // in `forms_room`
    uint32_t bytes;
    uint32_t packet_id_at;
};

#define DOOR_FORMS 12 // by version 5 or not, QoS and retain

struct door_publishing {
    struct door_target *targets;
    uint32_t count;
    uint32_t capacity;
    struct door_identifiers *identifiers; // from 1 on
    uint32_t identifier_count;
    uint32_t identifier_capacity;
    struct door_message *message; // made when somebody has to keep it
    struct door_form forms[DOOR_FORMS];
    struct buffer forms_room;
    struct buffer properties; // of an entry from the line door
    uint64_t now;
};

// ---- turns, see role/broker/mqtt/door_turns.h
// -------------------------------------------------------------

struct door_turns {
    int64_t fresh;                 // steps left of this turn for what arrives
    int64_t given;                 // to what is done now
    int64_t left;                  // of them; below 0: it took more
    uint64_t now;                  // when the door was last called
    bool is_backlog;               // what is done now is of the backlog
    struct door_connection *first; // the backlog, oldest first
    struct door_connection *last;
    uint32_t count;
};

// ---- the door ---------------------------------------------------------------------------------

struct mqtt_door {
    const struct mqtt_door_config *config;
    const struct mqtt_door_port *port;
    struct memory *memory;
    struct broker_core *core;
    uint32_t number; // of the door in the core
    struct cipher_secret seed;
    uint64_t random; // numbers drawn from the seed so far
    struct door_pool pool;
    struct door_turns turns;
    struct timers timers;
    struct door_connection *connections;
    struct door_connection *doomed;
    uint32_t stream_count;
    uint32_t connected; // connections that are open
    uint64_t connection_number;
    struct door_session **sessions; // NULL: a free place
    uint32_t session_count;
    uint32_t session_used;
    uint32_t session_capacity;
    uint32_t *free_sessions;
    uint32_t free_count;
    uint32_t free_capacity;
    struct door_absent_list absent;
    struct door_addresses addresses;
    struct map by_client_id; // hash -> the first session with it
    struct door_groups groups;
    uint64_t waiting_bytes; // in all queues
    uint64_t waiting_messages;
    uint64_t partial_bytes;  // that connections have for packets that are partly there
    uint32_t connected_most; // at a time
    uint32_t subscription_count;
    uint32_t shared_count;              // of them
    struct door_statistics *statistics; // NULL: there are none
    struct door_publishing publishing;
    struct mqtt_door_counts counts;
    bool tells_entries;
    bool retains_no_more; // that the last message to be retained was not was told
};

// ---- what mqtt_door.c does for the others -----------------------------------------------------

struct bytes door_client_id(const struct door_session *session);
// 16 bytes that nobody can foresee, drawn from the seed.
void door_draw(struct mqtt_door *door, uint8_t out[16]);
// Encodes the packet for the connection. A packet over the client's maximum is sent without what
// may be left out (reason string, user properties), or not at all: false.
bool door_send(struct mqtt_door *door, struct door_connection *connection,
               struct mqtt_packet *packet);
// To be called whenever there is new output.
void door_wake(struct mqtt_door *door, struct door_connection *connection);
// Ends the connection; the client is told the reason if its version and state allow. `why` is a
// constant for people, and the reason string.
void door_fail(struct mqtt_door *door, struct door_connection *connection, enum mqtt_reason reason,
               const char *why, uint64_t now);
// As door_fail, but at the end of what the door is doing: for use while an entry is delivered.
void door_doom(struct mqtt_door *door, struct door_connection *connection, enum mqtt_reason reason);
// The connection has said its last word: it is taken off its session and waits to be closed.
void door_end(struct mqtt_door *door, struct door_connection *connection, bool publishes_will,
              uint64_t now);
// What every stream may have of the last sixteenth, which is for answers and the like: so many
// bytes unread, as many that have partly come, and one message as large. All together have room
// there.
size_t door_small_share(const struct mqtt_door *door);
// Whether so much more may be kept for a peer; a refusal is counted.
bool door_has_room(struct mqtt_door *door, enum memory_mark mark, size_t bytes);
// The same for what is kept with a session: what is small is while what is large is not.
bool door_has_room_to_keep(struct mqtt_door *door, size_t bytes);
// The end of a connection whose stream is closed, which is in the backlog no more.
void door_end_closed(struct mqtt_door *door, struct door_connection *connection, uint64_t now);
void door_tell(struct mqtt_door *door, enum door_event_kind kind,
               const struct door_connection *connection, struct door_event event);
// Whether the client may send so many packets and filters more; else its connection has ended.
bool door_may_send(struct mqtt_door *door, struct door_connection *connection, uint32_t count,
                   uint64_t now);
// Handles a packet of any state of the connection. With connection->request set it is not done.
void door_receive_packet(struct mqtt_door *door, struct door_connection *connection,
                         struct bytes bytes, uint64_t now);
// Handles what a connection whose check has ended has received meanwhile, and ends who is doomed.
void door_go_on(struct mqtt_door *door, struct door_connection *connection, uint64_t now);

// ---- what door_wish.c does for the others -----------------------------------------------------

// Sessions with is_kept are those that outlive their connection, at a door that has a `keep`. The
// others' changes are not told: test is_kept before you call what follows the first two.

// The session has begun, or lost or found its connection, or its will.
void door_keep_session(struct mqtt_door *door, struct door_session *session, uint64_t now);
void door_keep_end(struct mqtt_door *door, struct door_session *session);
void door_keep_queued(struct mqtt_door *door, const struct door_session *session,
                      const struct door_delivery *delivery, uint64_t now);
// DOOR_WISH_SENT, DOOR_WISH_RELEASED or DOOR_WISH_DONE.
void door_keep_delivery(struct mqtt_door *door, const struct door_session *session,
                        const struct door_delivery *delivery, enum door_wish_kind kind);
// Any other wish of the session, but for its client id.
void door_keep(struct mqtt_door *door, const struct door_session *session, struct door_wish wish);
// Has the core tell of retained messages, if they are to be kept.
void door_keep_attach(struct mqtt_door *door);
void door_keep_detach(struct mqtt_door *door);

#endif
