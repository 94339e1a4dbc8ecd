// The structs that the sources of the MQTT door share. Beside each stands the header whose
// functions change it. Nothing outside the door includes this file; its users see
// role/broker/mqtt/mqtt_door.h.
//
// The sources form layers. Each includes only what is listed below it:
//
//   mqtt_door                          the door as its driver sees it
//   door_input, door_packets           bytes into packets; which are legal, and who handles them
//   door_connect, _auth, _accept       who is let in, and to which session
//   door_restore, _snapshot            a door from its records, and as records
//   door_ending                        where ends are settled
//   door_displace, _session            which session goes, and what follows
//   door_subscribe, _publish, _flight  what clients ask for, publish, and answer
//   door_statistics, _retained         what new subscribers are given
//   door_fanout, _share, _delivery     from an entry to each who gets it
//   door_waiting, _window, _sending    how much waits, how much is sent, as which bytes
//   door_journal, _held                what is appended to the journal, and what waits for it
//   door_mount                         what stands in front of a listener's topics
//   door_connection, _queue, ...       records of one kind each, and this header
#ifndef ROLE_BROKER_MQTT_DOOR_STATE_H
#define ROLE_BROKER_MQTT_DOOR_STATE_H

#include "base/buffer.h"
#include "base/map.h"
#include "base/rate.h"
#include "base/timer.h"
#include "mqtt/flow.h"
#include "role/broker/delivery/door_output.h"
#include "role/broker/mqtt/door_port.h"

#define DOOR_SESSION_FOREVER UINT32_MAX // seconds
#define DOOR_NO_GROUP UINT32_MAX
// For the core a session is a peer of its number, a group one of its place above these.
#define DOOR_GROUP_PEERS (BROKER_PEERS_MAX / 2)

// Subscription options, as the core and groups keep them with a subscriber: those of SUBSCRIBE
// (MQTT_OPTION_...) and the subscription identifier, 0: it has none.
#define DOOR_OPTIONS(flags, identifier) ((identifier) << 4 | ((flags)&0x0f))
#define DOOR_OPTIONS_FLAGS(options) ((options)&0x0f)
#define DOOR_OPTIONS_QOS(options) ((options)&MQTT_OPTION_QOS)
#define DOOR_OPTIONS_IDENTIFIER(options) ((options) >> 4)

// What a timer of the door belongs to.
enum door_timer_kind { DOOR_TIMER_CONNECTION, DOOR_TIMER_SESSION, DOOR_TIMER_EXPIRY };

// ---- sessions ---------------------------------------------------------------------------------

// A message for a client, in its queue until it is done. Its flight begins when it is sent: then it
// has a packet id, which no other delivery of the queue has; once the client has a QoS 2 message
// for good, only the id is left. `group` is for the case that the session ends before the client
// has taken the message: then another member of the group gets it.
struct door_delivery {
    struct door_message *message; // NULL from MQTT_FLOW_EXPECT_PUBCOMP on
    uint64_t record;              // number of the only one about it in the journal; 0: not that
    uint64_t sequence;            // rises in the queue
    uint32_t identifier;          // of the subscription, or 0
    uint32_t group;               // that shares the subscription ...
    uint32_t group_serial;        // ... if it still has this serial; 0: none does
    uint16_t packet_id;           // once it was sent
    uint8_t qos : 2;
    uint8_t retain : 1;
    uint8_t is_kept : 1;  // it stands in the journal
    uint8_t is_first : 1; // and the record before its own is that of the message
    uint8_t flight;       // enum mqtt_flow_state; done: one before it is not
};

// What waits for a client or was sent to it: a ring, oldest first, with rising sequences. Those
// before `cursor` were sent on the present connection, and none of the others was, but for PUBRELs
// that went first (role/broker/delivery/door_flight.h). Those that are done stay while one before
// them is not; the first one never is. So cursor <= count <= capacity, in_flight is the number of
// those sent that are not done, and `bytes` the sum over the messages (door_queue_check).
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

// See role/broker/session/door_absent.h.
struct door_absent_links {
    struct door_session *earlier;
    struct door_session *later;
};

// What a session has while its client is away only: the timer leads to its will or to its end, and
// the links keep its place among the absent.
struct door_absence {
    struct timer timer;
    struct door_session *session;
    uint64_t ends_at;
    struct door_absent_links of_all;
    struct door_absent_links of_address;
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

// What a client may find again at its next connection (MQTT 5.0, section 4.1): its subscriptions,
// its queue, its will, the packet ids it has not released. It is in the table by its number and
// found by its client id. It has a connection, or else an absence. `retained` and `expiry_heap` are
// there while they have something to do. `match_serial` and `match_place` belong to whatever
// publishing is under way: by them a session with several matching subscriptions is found once.
// There may be a great many sessions, so what few of them have stands outside.
struct door_session {
    uint64_t journal_number; // in the journal; 0: it does not stand there
    struct door_connection *connection;
    struct door_absence *absence;
    uint64_t since;        // it is connected, or absent
    uint64_t match_serial; // the last publishing that found it, and where among those found
    uint32_t match_place;
    uint32_t number;    // its place in the table
    uint32_t next_same; // the next session whose client id has the same hash
    uint32_t expiry;    // seconds after the disconnection
    uint32_t address;   // one above its place among addresses; 0: it counts for none
    uint16_t client_id_bytes;
    uint16_t last_packet_id;
    uint8_t version;
    bool drops;         // a drop was told of since the queue was last empty
    bool was_connected; // with the door that it is restored from
    uint32_t subscription_count;
    uint32_t subscription_capacity;
    struct door_subscription *subscriptions;
    struct door_will *will;
    size_t subscription_bytes; // what its subscriptions cost, see topic_filter_cost
    struct door_queue queue;
    struct door_expiry
        *expiry_heap; // messages that expire in the queue, see role/broker/delivery/door_expiry.h
    struct door_retained_cursor *retained; // retained messages yet to be sent: the last, see
                                           // role/broker/subscribe/door_retained.h
    struct door_user *user;                // whose session it is, see door_access.h; NULL: unknown
    struct map *received;                  // QoS 2 packet ids that await PUBREL; NULL: none
    uint8_t client_id[];
};

// Sessions that share a subscription, see role/broker/subscribe/door_groups.h. For the core the
// group is the subscriber; a message goes to the member at `next`, or to one behind it that takes
// more. A group has members, or it goes. The serial tells it from a later one in the same place.
// Once it is large its members are found through `by_member`, each at its place.
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
        uint32_t options;
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

// What a client may send: so many a second, and as many at once.
struct door_rates {
    struct rate messages;
    struct rate packets; // of all types, and filters
};

// The CONNECT while its credentials are checked.
struct door_login {
    uint32_t bytes;
    uint8_t connect[];
};

// See role/broker/mqtt/door_input_buffer.h.
struct door_input {
    uint32_t capacity;
    uint32_t begin; // what is before it is handled
    uint32_t end;
    uint8_t bytes[];
};

// What few connections have, or few moments of one. The others share one that says that there is
// nothing, see role/broker/mqtt/door_apart.h.
struct door_apart {
    struct door_aliases *aliases_in;
    struct door_aliases *aliases_out;
    struct door_exchange *exchange;
    struct door_login *login;
    struct door_rates *rates;
};

// The life of one stream: it awaits a CONNECT; then perhaps a check of credentials, or the client's
// part of an exchange, while the CONNECT is kept; then it is open and has a session; then it is
// over, and waits for its stream to be closed by the driver. Its end is marked first and settled
// later (role/broker/mqtt/door_connection.h): until then it stands in the list `ending`, over or
// condemned, and still has its session. `input` is input that is not handled yet, or NULL; with
// `request` set, the packet at its front is under way. Output waits in `output` until the driver
// has sent it. What a connection that only listens does without stands in `apart`, and is NULL
// there (aliases, login, exchange, and rates where nothing limits them). In the backlog stand those
// with input that waits for steps (has_input), with retained messages to be sent, and those whose
// stream is closed and whose session takes long to end (is_closed).
struct door_connection {
    struct timer timer; // for the CONNECT, then for silence
    void *owner;
    uint64_t number;
    struct door_session *session;  // from DOOR_OPEN on, until its end is settled
    struct door_connection *later; // in the list of all
    struct door_connection *earlier;
    struct door_connection *next_ending;
    uint64_t address; // see struct door_stream_info
    uint64_t heard;
    struct door_input *input;     // bytes of packets that are not handled yet
    struct door_request *request; // that is under way, see role/broker/subscribe/door_subscribe.h
    struct door_connection *next_waiting; // in the backlog
    struct door_connection *previous_waiting;
    uint32_t maximum_packet; // the client's limits
    uint16_t receive_maximum;
    uint16_t alias_maximum;
    uint16_t keep_alive; // seconds
    uint8_t state;       // enum door_connection_state
    uint8_t version;
    uint8_t condemned_for; // enum mqtt_reason, of one that is condemned
    uint8_t listener;      // that it came to, see door_connection_rules
    bool is_condemned : 1;
    bool is_ending : 1;      // it stands in that list
    bool publishes_will : 1; // of one that is over
    bool is_waiting : 1;     // in the backlog
    bool is_closed : 1;      // its stream is gone; it waits there for its end
    bool has_input : 1;      // that waits there for steps
    bool is_ready : 1;       // was told to be
    bool input_ended : 1;    // its peer sends no more
    bool is_trusted : 1;
    bool wants_problems : 1; // reason strings and user properties
    bool scram : 1;          // it was let in by that
    bool is_checked : 1;     // or by its user name and password
    bool told_denied : 1;    // that it may not publish something
    bool is_mounted : 1;     // its listener has a mount point
    bool is_bridge : 1;      // of another broker, see role/broker/subscribe/door_subscribe.c
    struct door_output output;
    struct door_held
        *held; // what of it waits for the journal, see role/broker/delivery/door_held.h
    const struct door_apart *apart;
    char peer_address[];
};

// ---- one publishing ---------------------------------------------------------------------------

// A session that a publishing is for.
struct door_target {
    uint32_t session;
    uint32_t options; // of the subscription; of several, the highest QoS
    uint32_t more;    // identifiers of other subscriptions, as a place in `identifiers`; 0: none
    uint32_t group;   // that shares the subscription, or DOOR_NO_GROUP
};

struct door_identifiers {
    uint32_t identifier;
    uint32_t more;
};

// A PUBLISH encoded for all who get the same bytes; the packet id is put in.
struct door_encoding {
    uint64_t serial; // of the publishing it was made for
    uint32_t at;     // in `encodings_room`
    uint32_t bytes;
    uint32_t packet_id_at;
};

#define DOOR_ENCODINGS 12 // by version 5 or not, QoS and retain

// One publishing for the sessions of this door, and what is used again for the next one. First the
// targets are gathered, then each is sent to. What is the same for many is made once: the message,
// for those who keep it; the bytes, for those who get the same ones.
struct door_publishing {
    struct door_target *targets;
    uint32_t count;
    uint32_t capacity;
    struct door_identifiers *identifiers; // from 1 on
    uint32_t identifier_count;
    uint32_t identifier_capacity;
    struct door_message *message; // made when somebody has to keep it
    struct door_encoding encodings[DOOR_ENCODINGS];
    struct buffer encodings_room;
    struct buffer properties;  // of an entry with an address
    struct access_topic asked; // who may read it, from the first question on
    uint64_t now;
};

// ---- turns -------------------------------------------------------------------------------------

// The steps of a turn (role/broker/mqtt/door_turns.h). What arrives is handled as far as `fresh`
// goes, the backlog as far as `ungiven` does; streams that are read or written take of `spare`.
// What is done now was `given` so many of them, and has some `left`; what the backlog `gained` it
// deals out in its next pass.
struct door_turns {
    int64_t fresh;                        // steps left of this turn for what arrives
    int64_t spare;                        // by which it may still be lengthened
    int64_t ungiven;                      // of the backlog's turn
    int64_t gained;                       // by the backlog, and not dealt out yet
    int64_t given;                        // to what is done now
    int64_t left;                         // of them; below 0: it took more
    uint64_t now;                         // when the door was last called
    bool is_backlog;                      // what is done now is of the backlog
    const struct door_connection *served; // whose slice it is; NULL: nobody's
};

// See role/broker/mqtt/door_backlog.h.
struct door_backlog {
    struct door_connection *first; // the oldest
    struct door_connection *last;
    uint32_t count;
};

// ---- the door ---------------------------------------------------------------------------------

// All that a door has: what it was given; who is there (connections, sessions, groups); what is
// under way (turns, timers, one publishing); and what it counts. Every connection is in one list,
// and those that end in another; every session is in the table. The sums over all of them are kept
// as they change (mqtt_door_check).
struct mqtt_door {
    const struct mqtt_door_config *config;
    const struct mqtt_door_port *port;
    struct memory *memory;
    struct broker_core *core;
    struct journal *journal;      // the port's, or NULL; NULL while the door is restored
    uint32_t number;              // of the door in the core
    bool journal_failed;          // when it was last looked at
    uint64_t journal_numbers;     // given out so far, to sessions and messages
    struct door_numbers *numbers; // while the door is restored, or NULL
    struct door_held *held;       // all connections with such output
    struct cipher_secret seed;
    uint64_t random; // secrets made from the seed so far
    struct door_pool pool;
    struct door_turns turns;
    struct door_backlog backlog;
    struct timers timers;
    struct door_connection *connections;
    struct door_connection *ending; // marked, and to be settled
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
    uint64_t input_bytes;    // that connections have for input that is not handled yet
    uint32_t connected_most; // at a time
    uint32_t subscription_count;
    uint32_t shared_count;              // of them
    struct door_statistics *statistics; // NULL: there are none
    struct door_publishing publishing;
    struct buffer mounted; // a topic or filter with its mount point, for a moment
    struct buffer cut;     // properties without it, likewise
    struct mqtt_door_counts counts;
    bool tells_entries;
    bool retains_no_more; // that the last message to be retained was not was told
};

static inline struct bytes door_client_id(const struct door_session *session) {
    return bytes_make(session->client_id, session->client_id_bytes);
}

// A client that keeps silent for so long is taken for dead [MQTT-3.1.2-22].
static inline uint64_t door_silence_max(const struct door_connection *connection) {
    return connection->keep_alive * ROLE_SECOND * 3 / 2;
}

#endif
