// What goes into an MQTT door and comes out of it: limits, counts, configuration, events, the
// journal, and the port through which the door talks to its driver. Drivers include
// role/broker/mqtt/mqtt_door.h.
#ifndef ROLE_BROKER_MQTT_DOOR_PORT_H
#define ROLE_BROKER_MQTT_DOOR_PORT_H

#include "cipher/scram.h"
#include "mqtt/packet.h"
#include "role/broker/broker_core.h"
#include "role/broker/session/door_record.h"
#include "role/line/credentials.h"
#include "role/port.h"
#include "topic/access.h"

// What happens with a message for a client whose queue is full.
enum door_queue_policy {
    DOOR_QUEUE_DROP_OLDEST,
    DOOR_QUEUE_DROP_NEWEST,
    DOOR_QUEUE_DISCONNECT, // the client, with 0x97; what comes while it is away is dropped
};

// Which session makes room when there are as many as are allowed, in total or from one address,
// or when memory is short.
enum door_session_policy {
    DOOR_SESSIONS_REFUSE,      // the newcomer is refused
    DOOR_SESSIONS_DROP_OLDEST, // the session whose client has been absent for longest goes
};

#define MQTT_DOOR_SESSIONS_MAX (BROKER_PEERS_MAX / 2)

// All that peers can make the door keep or do, bounded: of one client, of one session, of all
// together. Limits are inclusive. What happens at a limit stands in docs/mqtt.md.
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

// What the door has done since it began: traffic, then messages that were dropped and why, then
// connections and requests that were refused and why. All only grow; gauges of the moment are in
// mqtt_door_gauges.
struct mqtt_door_counts {
    uint64_t messages_received;
    uint64_t messages_sent;
    uint64_t received_of_qos[2]; // of the messages received, those of QoS 1 and 2
    uint64_t sent_of_qos[2];     // likewise
    uint64_t bytes_received;
    uint64_t bytes_sent;
    uint64_t waiting_most;       // messages, for one client at a time
    uint64_t dropped_queue_full; // messages
    uint64_t dropped_total_full; // messages: total_bytes
    uint64_t dropped_too_large;  // messages: over a client's maximum packet size
    uint64_t dropped_expired;    // messages
    uint64_t dropped_at_end;     // messages that waited in sessions which ended
    uint64_t dropped_outside;    // messages: outside of the client's mount point
    uint64_t refused_messages;   // to topics of the broker itself
    uint64_t denied_messages;    // that access lists did not let a client publish
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
    uint64_t refused_promises;   // likewise: the journal failed
};

enum door_anonymous {
    DOOR_ANONYMOUS_AS_ALL, // as the configuration says
    DOOR_ANONYMOUS_YES,
    DOOR_ANONYMOUS_NO,
};

// What clients of one listener may, within what all may: who they are, which messages, topics and
// versions of MQTT. All zero: nothing less.
struct door_listener_rules {
    enum door_anonymous anonymous;
    bool has_qos_max; // messages published and subscribed to have `qos_max` at most
    uint8_t qos_max;
    bool has_no_retain;
    bool has_no_wildcards;
    uint8_t refused_versions; // a bit for each: 1 << enum mqtt_version
    uint16_t keep_alive;      // seconds, of 5.0; 0: as all
    uint32_t packet_bytes;    // 0: as all
    struct bytes mount; // in front of all topics, with / at its end; a topic without $ in front;
                        // empty: none (role/broker/session/door_mount.h). Borrowed
};

// What there is at the moment. Each costs the same however many sessions there are.
struct mqtt_door_gauges {
    uint32_t sessions; // of clients that are connected, and of absent ones
    uint32_t connected;
    uint32_t connected_most; // at a time, so far
    uint32_t subscriptions;
    uint32_t shared_subscriptions; // of them
    uint32_t retained;
    uint64_t waiting_messages; // in queues
    uint64_t waiting_bytes;
};

// How the door is to be: its limits, who may do what (what checks credentials is in its port), and
// what it tells clients about itself. Borrowed for as long as the door lives; the owner may put
// another `access` in place.
struct mqtt_door_config {
    struct mqtt_door_limits limits;
    bool anonymous; // clients without a user name are let in although there is `authenticate`
    const struct door_listener_rules *listeners; // by number; NULL: none has rules of its own
    const struct access *access; // who may publish and read what; NULL: everybody everything. The
                                 // owner may put others in its place between two calls
    bool keeps_users;            // who a client is, also without access lists: for mqtt_door_review
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

struct mqtt_door;
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
    DOOR_EVENT_CONNECTED,      // client_id, version, peer_address, session_present
    DOOR_EVENT_REFUSED,        // client_id, reason, why
    DOOR_EVENT_DISCONNECTED,   // client_id, reason, why
    DOOR_EVENT_SUBSCRIBED,     // client_id, text (the filter)
    DOOR_EVENT_NOT_SUBSCRIBED, // client_id, text (the filter), reason
    DOOR_EVENT_UNSUBSCRIBED,   // client_id, text (the filter)
    DOOR_EVENT_ENTRY,          // client_id, text (the topic), value; only if `tells_entries`
    DOOR_EVENT_DISPLACED,      // client_id, why: the session of an absent client made room
    DOOR_EVENT_DROPPED,        // client_id, reason: the first message that is lost to a full queue
    DOOR_EVENT_DENIED,         // client_id, text (the topic), reason: the first message of the
                               // connection that access lists did not let it publish
    DOOR_EVENT_NOT_RETAINED,   // client_id, text (the topic), reason: the first with no room for it
};

// What happened, to whom, and what there is to say of it. Borrowed until tell returns, but for
// `why`, which is a constant.
struct door_event {
    enum door_event_kind kind;
    void *owner;                  // of the stream; NULL: there is none, or it is gone
    const struct mqtt_door *self; // the door that speaks: many may share one port
    enum mqtt_version version;
    enum mqtt_reason reason;
    const char *why;      // for people
    bool is_goodbye;      // DOOR_EVENT_DISCONNECTED: the client sent DISCONNECT
    bool session_present; // as its CONNACK says, except in 3.1, which has no words for it
    struct bytes client_id;
    struct bytes peer_address; // where the stream comes from
    struct bytes text;
    struct bytes value;
};

// What the door needs of its driver: to be asked for output, to be told events to, to have
// credentials checked, a journal, memory. None of these may call the door back. `context` comes
// first in all of them.
struct mqtt_door_port {
    // The connection has output or is over. Told once until mqtt_door_output is called.
    void (*ready)(void *context, void *owner);
    void (*tell)(void *context, const struct door_event *event);
    // Whether something has come for the driver since it last looked. NULL: it cannot tell.
    bool (*has_arrived)(void *context);
    // NULL: every client is let in.
    enum credentials_state (*authenticate)(void *context,
                                           const struct door_credentials *credentials);
    // The user that vouches for a stream which is trusted, as its certificate names it; empty:
    // none. NULL: such streams have no user.
    struct bytes (*vouched_user)(void *context, void *owner);
    // The connection is gone: the result of its check is no longer needed.
    void (*cancel_check)(void *context, uint64_t number, uint64_t address);
    // The client sends no more, so it may be gone: check all others first.
    void (*postpone_check)(void *context, uint64_t number, uint64_t address);
    // What is to outlive the door: its records are those of role/broker/session/door_record.h.
    // NULL: nothing is. The driver writes what was appended at the end of each of its turns, as one
    // step, and calls mqtt_door_journal_written.
    struct journal *journal;
    void *context;
    struct memory *memory;
};

// What the driver knows of a stream.
struct door_stream_info {
    void *owner;               // of the driver's choice, handed to `ready`
    struct bytes peer_address; // "127.0.0.1:53211", "[::1]:5000", "unix"; borrowed, copied
    uint64_t address;          // the same number for all streams from one address; 0: it has none
    uint8_t listener;          // its number in the configuration's
    bool is_trusted; // what vouches for it stands outside of MQTT (a client certificate): it is
                     // let in without a password
};

struct door_session_view {
    struct bytes client_id;
    struct bytes peer_address; // empty: it is not connected
    enum mqtt_version version;
    uint64_t since; // connected or disconnected
    uint32_t subscriptions;
    uint32_t in_flight;
    uint32_t queued;
    uint64_t queue_bytes; // waiting in its queue and in its stream
};

// Where a stream stands, for a driver that puts something between it and the door.
struct door_stream_view {
    const char *peer_address;
    bool is_new;  // nothing was heard of it
    bool is_open; // it was let in; else version, client id and rest are not known
    enum mqtt_version version;
    struct bytes client_id;
    // Bytes that are still to come of the packet that its peer is at; not known before the packet's
    // length has come: then is_rest_known is false.
    uint32_t rest;
    bool is_rest_known;
    uint64_t output_bytes; // that wait to be sent
};

// Valid until the next call that is not a view.
struct door_subscription_view {
    struct bytes client_id;
    struct bytes filter; // with $share/NAME/ in front if it is shared
    uint8_t options;     // MQTT_OPTION_...
    uint32_t identifier; // 0: none
};

#endif
