// The MQTT door of a broker: peers that speak MQTT 3.1, 3.1.1 or 5.0 over streams of bytes.
//
// It is pure, as every role is (role/port.h): bytes of a peer and the time go in; what is to be
// done comes out through a struct mqtt_door_port. A driver (session/broker/mqtt_server.h, a
// simulator, a test) opens a connection for each stream, hands over what arrives, and is told when
// there is something to be sent or the stream is to be closed:
//
//   connection = mqtt_door_open(...)            a stream was accepted
//   mqtt_door_receive(connection, bytes)        bytes arrived; all of them are taken
//   mqtt_door_takes_input(connection)           whether to read on, or to let the peer wait
//   port->ready(owner)                          something is to be sent, or the end has come
//   mqtt_door_output(connection, runs)          what is to be sent, oldest first
//   mqtt_door_sent(connection, count)           so much of it is sent
//   mqtt_door_is_over(connection)               close the stream once its output is sent
//   mqtt_door_close(connection)                 the stream is closed, by whomever
//
// A connection is the life of one stream; a session (MQTT 5.0, section 4.1) is what a client may
// find again at the next one. Limits are those of struct mqtt_door_limits; each that is reached is
// counted in struct mqtt_door_counts.
#ifndef ROLE_BROKER_MQTT_MQTT_DOOR_H
#define ROLE_BROKER_MQTT_MQTT_DOOR_H

#include "cipher/scram.h"
#include "mqtt/packet.h"
#include "role/broker/broker_core.h"
#include "role/line/credentials.h"
#include "role/port.h"

// What happens with a message for a client whose queue is full.
enum door_queue_policy {
    DOOR_QUEUE_DROP_OLDEST,
    DOOR_QUEUE_DROP_NEWEST,
    DOOR_QUEUE_DISCONNECT, // the client, with 0x97; what comes while it is away is dropped
};

// Who makes room when there are as many sessions as are allowed, of all or of an address, or when
// memory is short.
enum door_session_policy {
    DOOR_SESSIONS_REFUSE,      // the newcomer is refused
    DOOR_SESSIONS_DROP_OLDEST, // the session whose client has been absent for longest goes
};

#define MQTT_DOOR_SESSIONS_MAX (BROKER_PEERS_MAX / 2)

// All are inclusive.
struct mqtt_door_limits {
    uint32_t connections;          // at a time
    uint32_t sessions;             // of connected clients and of absent ones; up to
                                   // MQTT_DOOR_SESSIONS_MAX
    uint32_t sessions_per_address; // 0: no limit
    enum door_session_policy session_policy;
    uint32_t packet_bytes;    // of a packet that a client sends
    uint32_t subscriptions;   // of a session
    uint32_t shared_groups;   // that share a subscription; 0: as many as have a number
    uint32_t in_flight;       // QoS 1 and 2 messages sent to a client and not done yet
    uint32_t receive_maximum; // QoS 2 messages of a client that are not released yet, and the like
    uint32_t topic_aliases;   // of a connection, each way
    uint32_t queue_messages;  // waiting for a client
    uint64_t queue_bytes;     // waiting for a client, be it in its queue or in its stream
    uint64_t total_bytes;     // waiting for all clients
    uint32_t messages_a_second; // of a client, with bursts of as many; 0: no limit
    uint32_t packets_a_second;  // likewise, of all types, and filters on top
    uint64_t session_expiry;    // nanoseconds; longer ones are cut to it; ROLE_NEVER: no limit
    uint64_t connect_time; // nanoseconds from the stream's opening to a good CONNECT; it stands
                           // still while credentials are checked
    uint16_t keep_alive;   // seconds: longer ones, and none, become this one in 5.0; 0: no limit
    enum door_queue_policy policy;
};

struct mqtt_door_counts {
    uint64_t messages_received;
    uint64_t messages_sent;
    uint64_t bytes_received;
    uint64_t bytes_sent;
    uint64_t dropped_queue_full; // messages
    uint64_t dropped_total_full; // messages: total_bytes
    uint64_t dropped_too_large;  // messages: over a client's maximum packet size
    uint64_t dropped_expired;    // messages
    uint64_t dropped_at_end;     // messages that waited in sessions which ended
    uint64_t refused_messages;   // to topics of the broker itself
    uint64_t not_retained;       // messages: the table of last values is full
    uint64_t refused_connections;
    uint64_t protocol_errors;
    uint64_t too_fast;           // connections that ended for their rate
    uint64_t packets_received;   // of all types
    uint64_t other_packets_sent; // of all types but PUBLISH
    uint64_t payload_received;   // bytes, of messages
    uint64_t payload_sent;
    uint64_t expired_sessions;
    uint64_t displaced_sessions; // of absent clients, which made room for others
    uint64_t refused_memory;     // requests of all kinds: there was no memory for them
};

struct mqtt_door_config {
    struct mqtt_door_limits limits;
    bool anonymous; // clients without a user name are let in although there is `authenticate`
    struct bytes server_reference; // told to those who are refused for want of room, and at the end
    uint64_t statistics_interval;  // nanoseconds, see role/broker/mqtt/door_statistics.h; 0: there
                                   // are none
    uint64_t began;                // when: what the uptime told is counted from
    struct bytes version;          // of the program, for people
    struct bytes response_prefix;  // response information: this and the client id; empty: none
    // SCRAM-SHA-256 (RFC 7677): what a user's password was made to; false: there is no such user.
    // NULL: the method is not offered.
    bool (*scram_verifier)(void *context, struct bytes user, struct scram_verifier *verifier);
    void *scram_context;
};

struct door_connection;
struct door_session;

// A check of credentials that may take its time; answered with mqtt_door_authenticated then.
struct door_credentials {
    struct door_connection *connection;
    uint64_t number;  // of the connection, never given out twice: it may be gone when you answer
    uint64_t address; // where its stream comes from, see struct door_stream_info
    struct bytes client_id;
    bool has_user_name;
    struct bytes user_name;
    bool has_password;
    struct bytes password;
};

enum door_event_kind {
    DOOR_EVENT_CONNECTED,      // client_id, version, place
    DOOR_EVENT_REFUSED,        // client_id, reason, why
    DOOR_EVENT_DISCONNECTED,   // client_id, reason, why
    DOOR_EVENT_SUBSCRIBED,     // client_id, text (the filter)
    DOOR_EVENT_NOT_SUBSCRIBED, // client_id, text (the filter), reason
    DOOR_EVENT_UNSUBSCRIBED,   // client_id, text (the filter)
    DOOR_EVENT_ENTRY,          // client_id, text (the topic), value; only if `tells_entries`
    DOOR_EVENT_DISPLACED,      // client_id, why: the session of an absent client made room
    DOOR_EVENT_DROPPED,        // client_id, reason: the first message that is lost to a full queue
    DOOR_EVENT_NOT_RETAINED,   // client_id, text (the topic), reason: the first with no room for it
};

// What happened, to whom, and what there is to say of it. Borrowed until tell returns, but for
// `why`, which is a constant.
struct door_event {
    enum door_event_kind kind;
    void *owner; // of the stream; NULL: there is none, or it is gone
    enum mqtt_version version;
    enum mqtt_reason reason;
    const char *why; // for people
    bool is_goodbye; // DOOR_EVENT_DISCONNECTED: the client sent DISCONNECT
    struct bytes client_id;
    struct bytes place; // where the stream comes from
    struct bytes text;
    struct bytes value;
};

struct door_wish; // role/broker/mqtt/door_wish.h: what is to outlive the process

// None of these may call the door back. `context` comes first in all of them.
struct mqtt_door_port {
    // The connection has output or is over. Told once until mqtt_door_output is called.
    void (*ready)(void *context, void *owner);
    void (*tell)(void *context, const struct door_event *event);
    // NULL: every client is let in.
    enum credentials_state (*authenticate)(void *context,
                                           const struct door_credentials *credentials);
    // The check of this connection waits in vain: it is gone.
    void (*cancel_check)(void *context, uint64_t number, uint64_t address);
    // It may be gone, for it sends no more: checks of all others come first.
    void (*postpone_check)(void *context, uint64_t number, uint64_t address);
    // NULL: nothing is to be kept. The wish is borrowed until it returns.
    void (*keep)(void *context, const struct door_wish *wish);
    void *context;
    struct memory *memory;
};

// What the driver knows of a stream.
struct door_stream_info {
    void *owner;        // of the driver's choice, handed to `ready`
    struct bytes place; // "127.0.0.1:53211", "[::1]:5000", "unix"; borrowed, copied
    uint64_t address;   // the same number for all streams from one address; 0: it has none
    bool is_trusted;    // what vouches for it stands outside of MQTT (a client certificate): it is
                        // let in without a password
};

struct mqtt_door;

// All pointers are borrowed for the door's life. `seed` must be fresh random bytes.
struct mqtt_door *mqtt_door_create(const struct mqtt_door_config *config,
                                   const struct mqtt_door_port *port, struct broker_core *core,
                                   const struct cipher_secret *seed);
// All connections have to be closed before. What was to be kept still is.
void mqtt_door_destroy(struct mqtt_door *door);

// Does what an earlier door wished to be kept. To be called for all of that before the first stream
// is opened; nothing is told meanwhile. Limits do not hold for what is restored, but for all that
// comes after. False: the wish makes no sense, or not after those before it, or the table of last
// values is full; the door is as it was.
__attribute__((warn_unused_result)) bool
mqtt_door_restore(struct mqtt_door *door, const struct door_wish *wish, uint64_t now);

// NULL: there are too many; close the stream.
struct door_connection *mqtt_door_open(struct mqtt_door *door, const struct door_stream_info *info,
                                       uint64_t now);
// Bytes that arrived, of any split; borrowed until it returns. What comes after the end of the
// connection is ignored. So much is done at once as is fair to others; the rest waits, while
// mqtt_door_deadline has come, and is done in mqtt_door_tick.
void mqtt_door_receive(struct mqtt_door *door, struct door_connection *connection,
                       struct bytes bytes, uint64_t now);
// The peer sends no more, but may read. True: it is owed something; once that is sent the
// connection is over. False: close it.
bool mqtt_door_input_ended(struct mqtt_door *door, struct door_connection *connection);
// False: its peer sends more than is handled now. Ask after mqtt_door_receive; while it is false
// read no more from the stream, and ask again after `ready`.
bool mqtt_door_takes_input(const struct door_connection *connection);
// To be called before what has arrived in a round of the driver's loop is handed over: each round
// has so much for fresh input. A mqtt_door_tick does it too.
void mqtt_door_begin_turn(struct mqtt_door *door);
// What is to be sent, as up to `most` runs; how many there are. They stay as they are until
// mqtt_door_sent or mqtt_door_close, whatever else is called meanwhile, by other threads too.
unsigned mqtt_door_output(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes *runs, unsigned most);
void mqtt_door_sent(struct mqtt_door *door, struct door_connection *connection, size_t bytes,
                    uint64_t now);
// Whether the stream is to be closed once all output is sent.
bool mqtt_door_is_over(const struct door_connection *connection);
// The stream is closed. The connection is gone after this.
void mqtt_door_close(struct mqtt_door *door, struct door_connection *connection, uint64_t now);
// What the check of credentials found; not CREDENTIALS_WAIT. Nothing happens if the connection has
// gone.
void mqtt_door_authenticated(struct mqtt_door *door, struct door_connection *connection,
                             uint64_t number, enum credentials_state state, uint64_t now);

// To be called when mqtt_door_deadline is reached; earlier does no harm. While much is to be done
// the deadline is the present time again and again: look for new input before each tick, so that
// it need not wait for what is left.
void mqtt_door_tick(struct mqtt_door *door, uint64_t now);
uint64_t mqtt_door_deadline(const struct mqtt_door *door);
// Ends every connection: 5.0 clients are told 0x8b, or 0x9c with the server reference.
void mqtt_door_stop(struct mqtt_door *door, uint64_t now);
// Ends the connection of a client by the user's wish; false: there is none.
bool mqtt_door_disconnect(struct mqtt_door *door, struct bytes client_id, uint64_t now);

// Frees what is kept ready for use; to be called when a peak is over.
void mqtt_door_give_back(struct mqtt_door *door);

// Whether DOOR_EVENT_ENTRY is told; at first it is not.
void mqtt_door_tell_entries(struct mqtt_door *door, bool tells);

// ---- what there is ----------------------------------------------------------------------------

const struct mqtt_door_counts *mqtt_door_counts(const struct mqtt_door *door);
// Streams that were opened and not closed.
uint32_t mqtt_door_stream_count(const struct mqtt_door *door);

struct door_session_view {
    struct bytes client_id;
    struct bytes place; // empty: it is not connected
    enum mqtt_version version;
    uint64_t since; // connected or disconnected
    uint32_t subscriptions;
    uint32_t in_flight;
    uint32_t queued;
    uint64_t queue_bytes; // waiting in its queue and in its stream
};

// Valid until the next call that is not a view.
struct door_subscription_view {
    struct bytes client_id;
    struct bytes filter; // with $share/NAME/ in front if it is shared
    uint8_t options;     // MQTT_OPTION_...
    uint32_t identifier; // 0: none
};

// All of them; the place of a session that has ended goes to a later one.
void mqtt_door_view_sessions(const struct mqtt_door *door, void *context,
                             void (*found)(void *context, const struct door_session_view *view));
void mqtt_door_view_subscriptions(const struct mqtt_door *door, void *context,
                                  void (*found)(void *context,
                                                const struct door_subscription_view *view));

#endif
