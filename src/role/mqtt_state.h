// What the sources of the MQTT door share: its records, and what mqtt_door.c does for the others.
// Nobody else includes this; the door's users see role/mqtt_door.h.
//
//   mqtt_door       streams, packets one by one, time, views
//   mqtt_input      bytes into packets, and what waits of them
//   mqtt_turns      how much is done for each before others have their turn
//   mqtt_rate       how many a second a client may send
//   mqtt_connect    CONNECT and AUTH: who is let in, and to which session
//   mqtt_session    sessions: found, taken over, ended; wills
//   mqtt_absent     which session goes first when there is no room for another
//   mqtt_subscribe  SUBSCRIBE, UNSUBSCRIBE
//   mqtt_groups     sessions that share a subscription
//   mqtt_publish    PUBLISH from clients and what follows it
//   mqtt_delivery   messages to clients: flights, PUBLISH and what follows it
//   mqtt_sending    PUBLISH as bytes
//   mqtt_queue      what waits for a client or was sent to it
//   mqtt_expiry     what expires while it waits
//   mqtt_statistics the broker's own figures, at $SYS/...
//   mqtt_wish       what is to be kept: told as it changes, and restored
#ifndef ROLE_MQTT_STATE_H
#define ROLE_MQTT_STATE_H

#include "base/buffer.h"
#include "base/map.h"
#include "mqtt/flow.h"
#include "role/mqtt_door.h"
#include "role/mqtt_output.h"
#include "role/mqtt_rate.h"
#include "role/mqtt_wish.h"
#include "role/timer.h"

#define MQTT_SESSION_FOREVER UINT32_MAX // seconds
#define MQTT_NO_GROUP UINT32_MAX
#define MQTT_SMALL_KEPT 4096 // bytes of a session, and the like: see mqtt_has_room_to_keep

// What a timer of the door belongs to.
enum mqtt_timer_kind { MQTT_TIMER_CONNECTION, MQTT_TIMER_SESSION, MQTT_TIMER_EXPIRY };

// ---- sessions ---------------------------------------------------------------------------------

// A message for a client: in its queue until it is done.
struct mqtt_delivery {
    struct mqtt_message *message; // NULL from MQTT_FLOW_EXPECT_PUBCOMP on
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
struct mqtt_queue {
    struct mqtt_delivery *ring;
    uint32_t capacity; // 0 or a power of two
    uint32_t head;
    uint32_t count;
    uint32_t cursor;
    uint32_t in_flight; // sent on the present connection and not done
    bool is_sparse;     // packet ids in use may be anywhere, not only behind the first one's
    uint64_t bytes;     // of the messages
    uint64_t last_sequence;
};

struct mqtt_subscription {
    uint32_t node;  // in the core's tree
    uint32_t group; // of a shared one, or MQTT_NO_GROUP
};

struct mqtt_will {
    struct mqtt_message *message;
    uint64_t delay; // nanoseconds
};

// See role/mqtt_absent.h.
struct mqtt_absent_links {
    struct mqtt_session *earlier;
    struct mqtt_session *later;
};

struct mqtt_absent_list {
    struct mqtt_session *first; // the longest absent one
    struct mqtt_session *last;
};

struct mqtt_address {
    uint64_t key;
    uint32_t sessions;
    uint32_t next_free;
    struct mqtt_absent_list absent;
};

struct mqtt_addresses {
    struct mqtt_address *items;
    uint32_t used;
    uint32_t capacity;
    uint32_t free;     // the first free place, or MAP_NONE
    struct map places; // key -> place
};

struct mqtt_session {
    struct timer timer; // while nobody is connected: the end, or the will before it
    struct mqtt_connection *connection;
    uint8_t *client_id;
    uint32_t number;    // its place in the table
    uint32_t next_same; // the next session whose client id has the same hash
    uint16_t client_id_bytes;
    uint16_t last_packet_id;
    uint8_t version;
    bool drops;      // a drop was told of since the queue was last empty
    bool is_absent;  // it stands in the lists of those
    bool is_kept;    // its changes are wishes, see mqtt_keep_session
    uint32_t expiry; // seconds after the disconnection
    uint64_t since;
    uint64_t ends_at;
    struct mqtt_will *will;
    struct mqtt_subscription *subscriptions;
    uint32_t subscription_count;
    uint32_t subscription_capacity;
    size_t subscription_bytes; // what its subscriptions cost, see topic_filter_cost
    struct mqtt_queue queue;
    struct mqtt_expiry *expiry_heap; // messages that expire in the queue, see role/mqtt_expiry.h
    struct mqtt_walk *walks; // retained messages yet to be sent: the last, see role/mqtt_retained.h
    struct map *received;    // QoS 2 packet ids that await PUBREL; NULL: none
    struct mqtt_absent_links absent;
    struct mqtt_absent_links absent_at_address;
    uint32_t address;      // one above its place among those; 0: it counts for none
    uint64_t match_serial; // the last publishing that found it, and where among those found
    uint32_t match_place;
};

// Sessions that share a subscription, see role/mqtt_groups.h.
struct mqtt_group {
    uint8_t *name;   // NULL: a free place
    uint32_t serial; // 1 and up; no other group had it
    uint32_t name_bytes;
    uint32_t node;
    uint32_t next_same; // the next group with this hash, or the next free place
    uint32_t next;      // whose turn it is
    uint32_t count;
    uint32_t capacity;
    bool is_indexed; // its members stand in by_member
    struct mqtt_member {
        uint32_t session;
        uint32_t detail;
    } * members;
};

struct mqtt_groups {
    struct mqtt_group *items;
    uint32_t used; // places ever used
    uint32_t capacity;
    uint32_t serial;      // the last one given
    uint32_t free;        // the first free place, or MQTT_NO_GROUP
    struct map by_name;   // hash of name and node -> the first group with it
    struct map by_member; // group and session -> its place among the members
};

// ---- connections ------------------------------------------------------------------------------

enum mqtt_connection_state {
    MQTT_EXPECT_CONNECT,
    MQTT_EXPECT_CHECK, // on a user name and password
    MQTT_EXPECT_AUTH,  // from the client, during CONNECT
    MQTT_OPEN,
    MQTT_OVER,
};

// Topics that have a number on a connection. Those of the client stand at their number less one.
struct mqtt_aliases {
    uint32_t count;
    uint32_t capacity;
    size_t bytes; // of the topics
    struct mqtt_alias {
        uint64_t hash;
        uint8_t *topic;
        uint32_t topic_bytes;
    } * items;
};

// An exchange of SCRAM-SHA-256.
struct mqtt_exchange {
    struct scram_server server;
    bool is_known; // there is such a user
    bool expects_final;
};

struct mqtt_connection {
    struct timer timer; // for the CONNECT, then for silence
    void *owner;
    uint64_t number;
    struct mqtt_session *session;  // from MQTT_OPEN on, until it is detached
    struct mqtt_connection *later; // in the list of all
    struct mqtt_connection *earlier;
    struct mqtt_connection *next_doomed;
    char *place;
    uint64_t address; // see struct mqtt_stream_info
    uint64_t heard;
    uint64_t since;
    uint8_t *partial; // bytes of packets that are not handled yet
    uint32_t partial_bytes;
    uint32_t partial_capacity;
    uint32_t partial_begin;               // what is before it is handled
    struct mqtt_request *request;         // that is under way, see role/mqtt_subscribe.h
    struct mqtt_connection *next_waiting; // in the backlog, see role/mqtt_turns.h
    struct mqtt_connection *previous_waiting;
    uint32_t maximum_packet; // the client's limits
    uint16_t receive_maximum;
    uint16_t alias_maximum;
    uint16_t keep_alive; // seconds
    uint8_t state;       // enum mqtt_connection_state
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
    struct mqtt_output output;
    struct mqtt_aliases *aliases_in;
    struct mqtt_aliases *aliases_out;
    struct mqtt_exchange *exchange;
    uint8_t *connect; // the CONNECT while its credentials are checked
    uint32_t connect_bytes;
    struct mqtt_rate messages;
    struct mqtt_rate packets; // and filters
};

// ---- one publishing ---------------------------------------------------------------------------

// A session that a publishing is for.
struct mqtt_target {
    uint32_t session;
    uint32_t detail; // of the subscription; of several, the highest QoS
    uint32_t more;   // identifiers of other subscriptions, as a place in `identifiers`; 0: none
    uint32_t group;  // that shares the subscription, or MQTT_NO_GROUP
};

struct mqtt_identifiers {
    uint32_t identifier;
    uint32_t more;
};

// A PUBLISH encoded for all who get the same bytes; the packet id is put in.
struct mqtt_form {
    uint64_t serial; // of the publishing it was made for
    uint32_t at;     // in `forms_room`
    uint32_t bytes;
    uint32_t packet_id_at;
};

#define MQTT_FORMS 12 // by version 5 or not, QoS and retain

struct mqtt_publishing {
    struct mqtt_target *targets;
    uint32_t count;
    uint32_t capacity;
    struct mqtt_identifiers *identifiers; // from 1 on
    uint32_t identifier_count;
    uint32_t identifier_capacity;
    struct mqtt_message *message; // made when somebody has to keep it
    struct mqtt_form forms[MQTT_FORMS];
    struct buffer forms_room;
    struct buffer properties; // of an entry from the line door
    uint64_t now;
};

// ---- turns, see role/mqtt_turns.h -------------------------------------------------------------

struct mqtt_turns {
    int64_t fresh;                 // steps left of this turn for what arrives
    int64_t given;                 // to what is done now
    int64_t left;                  // of them; below 0: it took more
    uint64_t now;                  // when the door was last called
    bool is_backlog;               // what is done now is of the backlog
    struct mqtt_connection *first; // the backlog, oldest first
    struct mqtt_connection *last;
    uint32_t count;
};

// ---- the door ---------------------------------------------------------------------------------

struct mqtt_door {
    const struct mqtt_door_config *config;
    const struct mqtt_door_port *port;
    struct memory *memory;
    struct broker_core *core;
    struct cipher_secret seed;
    uint64_t random; // numbers drawn from the seed so far
    struct mqtt_pool pool;
    struct mqtt_turns turns;
    struct timers timers;
    struct mqtt_connection *connections;
    struct mqtt_connection *doomed;
    uint32_t stream_count;
    uint32_t connected; // connections that are open
    uint64_t connection_number;
    struct mqtt_session **sessions; // NULL: a free place
    uint32_t session_count;
    uint32_t session_used;
    uint32_t session_capacity;
    uint32_t *free_sessions;
    uint32_t free_count;
    uint32_t free_capacity;
    struct mqtt_absent_list absent;
    struct mqtt_addresses addresses;
    struct map by_client_id; // hash -> the first session with it
    struct mqtt_groups groups;
    uint64_t waiting_bytes; // in all queues
    uint64_t waiting_messages;
    uint64_t partial_bytes;  // that connections have for packets that are partly there
    uint32_t connected_most; // at a time
    uint32_t subscription_count;
    uint32_t shared_count;              // of them
    struct mqtt_statistics *statistics; // NULL: there are none
    struct mqtt_publishing publishing;
    struct mqtt_door_counts counts;
    bool tells_entries;
    bool retains_no_more; // that the last message to be retained was not was told
};

// ---- what mqtt_door.c does for the others -----------------------------------------------------

struct bytes mqtt_client_id(const struct mqtt_session *session);
// 16 bytes that nobody can foresee, drawn from the seed.
void mqtt_draw(struct mqtt_door *door, uint8_t out[16]);
// Encodes the packet for the connection. A packet over the client's maximum is sent without what
// may be left out (reason string, user properties), or not at all: false.
bool mqtt_send(struct mqtt_door *door, struct mqtt_connection *connection,
               struct mqtt_packet *packet);
// To be called whenever there is new output.
void mqtt_wake(struct mqtt_door *door, struct mqtt_connection *connection);
// Ends the connection; the client is told the reason if its version and state allow. `why` is a
// constant for people, and the reason string.
void mqtt_fail(struct mqtt_door *door, struct mqtt_connection *connection, enum mqtt_reason reason,
               const char *why, uint64_t now);
// As mqtt_fail, but at the end of what the door is doing: for use while an entry is delivered.
void mqtt_doom(struct mqtt_door *door, struct mqtt_connection *connection, enum mqtt_reason reason);
// The connection has said its last word: it is taken off its session and waits to be closed.
void mqtt_end(struct mqtt_door *door, struct mqtt_connection *connection, bool publishes_will,
              uint64_t now);
// What every stream may have of the last sixteenth, which is for answers and the like: so many
// bytes unread, as many that have partly come, and one message as large. All together have room
// there.
size_t mqtt_small_share(const struct mqtt_door *door);
// Whether so much more may be kept for a peer; a refusal is counted.
bool mqtt_has_room(struct mqtt_door *door, enum memory_mark mark, size_t bytes);
// The same for what is kept with a session: what is small is while what is large is not.
bool mqtt_has_room_to_keep(struct mqtt_door *door, size_t bytes);
// The end of a connection whose stream is closed, which is in the backlog no more.
void mqtt_end_closed(struct mqtt_door *door, struct mqtt_connection *connection, uint64_t now);
void mqtt_tell(struct mqtt_door *door, enum mqtt_event_kind kind,
               const struct mqtt_connection *connection, struct mqtt_event event);
// Whether the client may send so many packets and filters more; else its connection has ended.
bool mqtt_may_send(struct mqtt_door *door, struct mqtt_connection *connection, uint32_t count,
                   uint64_t now);
// Handles a packet of any state of the connection. With connection->request set it is not done.
void mqtt_receive_packet(struct mqtt_door *door, struct mqtt_connection *connection,
                         struct bytes bytes, uint64_t now);
// Handles what a connection whose check has ended has received meanwhile, and ends who is doomed.
void mqtt_go_on(struct mqtt_door *door, struct mqtt_connection *connection, uint64_t now);

// ---- what mqtt_wish.c does for the others -----------------------------------------------------

// Sessions with is_kept are those that outlive their connection, at a door that has a `keep`. The
// others' changes are not told: test is_kept before you call what follows the first two.

// The session has begun, or lost or found its connection, or its will.
void mqtt_keep_session(struct mqtt_door *door, struct mqtt_session *session, uint64_t now);
void mqtt_keep_end(struct mqtt_door *door, struct mqtt_session *session);
void mqtt_keep_queued(struct mqtt_door *door, const struct mqtt_session *session,
                      const struct mqtt_delivery *delivery, uint64_t now);
// MQTT_WISH_SENT, MQTT_WISH_RELEASED or MQTT_WISH_DONE.
void mqtt_keep_delivery(struct mqtt_door *door, const struct mqtt_session *session,
                        const struct mqtt_delivery *delivery, enum mqtt_wish_kind kind);
// Any other wish of the session, but for its client id.
void mqtt_keep(struct mqtt_door *door, const struct mqtt_session *session, struct mqtt_wish wish);
// Has the core tell of retained messages, if they are to be kept.
void mqtt_keep_attach(struct mqtt_door *door);
void mqtt_keep_detach(struct mqtt_door *door);

#endif
