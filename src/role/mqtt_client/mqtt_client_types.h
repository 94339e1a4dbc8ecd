// What an MQTT client is told and tells: its configuration, commands, events. How it is driven
// stands in mqtt_client.h.
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_TYPES_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_TYPES_H

#include "cipher/cipher.h"
#include "mqtt/packet.h"
#include "role/mqtt_client/mqtt_client_retry.h"

// ---- configuration ----------------------------------------------------------------------------

#define MQTT_CLIENT_PUBLISH_IDS 61439 // the rest are for SUBSCRIBE and UNSUBSCRIBE
#define MQTT_CLIENT_REQUESTS_MAX 64   // SUBSCRIBE and UNSUBSCRIBE that await an answer; others wait

// What a client keeps at most, for its user and for its broker, and what it lets the broker have
// under way; the latter is told to a 5.0 broker. All are inclusive.
struct mqtt_client_limits {
    uint32_t messages;      // that wait or are not acknowledged to the end
    uint32_t subscriptions; //
    size_t message_bytes;   // of those messages, topics and properties included
    size_t output_bytes;    // in the stream, from which on only answers are added
    uint32_t packet_bytes;  // of a packet that comes; told to a 5.0 broker
    uint16_t
        receive_maximum;  // QoS 1 and 2 messages that a 5.0 broker has under way to us; 1 or more
    uint16_t aliases_in;  // topic aliases that a broker may use; told to it
    uint16_t aliases_out; // topic aliases that we use, if the broker allows as many
    uint16_t in_flight;   // messages sent and not acknowledged to the end; 1 or more
};

struct mqtt_client_will {
    struct bytes topic; // empty: there is no will
    struct bytes payload;
    uint8_t qos;
    bool retain;
    struct mqtt_properties properties; // as they are to be written
};

// What many clients share. It is borrowed, and read at each CONNECT; between two calls the owner
// may change it.
struct mqtt_client_config {
    enum mqtt_version version;
    // In 5.0 of the first connection: a session of before is discarded; what comes later goes on
    // with this one. Before 5.0 of each connection: no session outlives it.
    bool clean_start;
    // A broker may have a session of which this client knows nothing, for an earlier process had
    // it. False: that is a fault of the broker [MQTT-3.2.2-4].
    bool adopts_session;
    bool has_user_name;
    bool has_password;
    bool uses_scram; // SCRAM-SHA-256 with user name and password (5.0): neither is sent
    struct bytes user_name;
    struct bytes password;
    // Of the CONNECT: session expiry, request response and problem information, user properties
    // (`more`). Receive maximum, maximum packet size, topic alias maximum are those of the limits.
    struct mqtt_properties properties;
    struct mqtt_client_will will;
    uint16_t keep_alive;      // seconds; 0: none
    uint16_t redirects;       // to another server, in a row, that are followed
    uint64_t connect_timeout; // nanoseconds, from the request for a stream to the CONNACK
    uint64_t answer_timeout; // nanoseconds, for a PINGRESP, and for the stream to take a DISCONNECT
    struct mqtt_client_retry retry;
    struct mqtt_client_limits limits;
    const struct cipher_secret *seed; // fresh random bytes, for jitter and nonces
};

// ---- events -----------------------------------------------------------------------------------

enum mqtt_client_event_kind {
    MQTT_CLIENT_EVENT_CONNECTED,  // session_present; properties: those of the CONNACK
    MQTT_CLIENT_EVENT_ENDED,      // cause, was_open, reason, why, text, retry_at
    MQTT_CLIENT_EVENT_REDIRECTED, // text: the server reference; is_followed
    MQTT_CLIENT_EVENT_MESSAGE,   // text (the topic), value, qos, retain, dup, packet_id, properties
    MQTT_CLIENT_EVENT_PUBLISHED, // token, text (the topic; may be gone), qos, reason
    MQTT_CLIENT_EVENT_NOT_PUBLISHED,    // token, text, qos, reason, why
    MQTT_CLIENT_EVENT_SUBSCRIBED,       // text (the filter), qos that was granted, reason
    MQTT_CLIENT_EVENT_NOT_SUBSCRIBED,   // text (the filter), reason
    MQTT_CLIENT_EVENT_UNSUBSCRIBED,     // text (the filter), reason
    MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED, // text (the filter), reason
    MQTT_CLIENT_EVENT_PONG,             // took
    MQTT_CLIENT_EVENT_AUTHENTICATED,    // anew, as mqtt_client_authenticate asked
    MQTT_CLIENT_EVENT_SESSION_LOST,     // the broker has no session any more
    MQTT_CLIENT_EVENT_VIOLATION,        // statement, why: what the broker did wrong; is_fatal
};

// Why a connection, or an attempt at one, ended.
enum mqtt_client_cause {
    MQTT_CLIENT_CAUSE_ASKED,       // our user asked for it
    MQTT_CLIENT_CAUSE_DROPPED,     // our user wanted it to be lost
    MQTT_CLIENT_CAUSE_UNREACHABLE, // no stream could be opened
    MQTT_CLIENT_CAUSE_LOST,        // the stream ended
    MQTT_CLIENT_CAUSE_REFUSED,     // CONNACK says no: reason, text
    MQTT_CLIENT_CAUSE_BROKER,      // DISCONNECT of the broker: reason, text
    MQTT_CLIENT_CAUSE_SILENT,      // no CONNACK or PINGRESP in time
    MQTT_CLIENT_CAUSE_VIOLATION,   // the broker broke a rule that cannot be passed over
    MQTT_CLIENT_CAUSE_UNPROVEN,    // the broker could not prove that it knows our password (SCRAM)
};

// Something that happened to a client, told through its port. `kind` says what, and its comment
// which of the other fields mean something; those are 0 or empty else. Borrowed until tell returns.
struct mqtt_client_event {
    enum mqtt_client_event_kind kind;
    enum mqtt_client_cause cause;
    enum mqtt_reason reason; // before 5.0 the nearest one
    const char *why;         // for people, a constant; NULL: there is no more to say
    const char *statement;   // "MQTT-3.3.4-9"
    struct bytes text;
    struct bytes value;
    const struct mqtt_properties *properties;
    uint64_t token;
    uint64_t retry_at;  // ROLE_NEVER: it is not tried again
    uint64_t took;      // nanoseconds
    uint16_t packet_id; // 0 with QoS 0
    uint8_t qos;
    bool session_present;
    bool was_open;
    bool is_followed;
    bool is_fatal;
    bool retain;
    bool dup;
};

// None of these may call the client back. `context` and the client's owner come first.
struct mqtt_client_port {
    // There is output, or mqtt_client_need has changed. Told once until mqtt_client_output is
    // called.
    void (*ready)(void *context, void *owner);
    void (*tell)(void *context, void *owner, const struct mqtt_client_event *event);
    // Each whole packet as it goes into the stream or came out of it; NULL: nobody wants to know.
    void (*trace)(void *context, void *owner, bool is_sent, struct bytes packet);
    void *context;
    struct memory *memory;
};

// ---- states and commands ----------------------------------------------------------------------

enum mqtt_client_state {
    MQTT_CLIENT_OFF,            // no connection is wanted
    MQTT_CLIENT_WAITING,        // until the next attempt
    MQTT_CLIENT_EXPECT_STREAM,  // from the driver
    MQTT_CLIENT_EXPECT_CONNACK, // or AUTH
    MQTT_CLIENT_OPEN,
    MQTT_CLIENT_EXPECT_CLOSED, // the driver is to close the stream once all is sent
    MQTT_CLIENT_STATES,
};

enum mqtt_client_need {
    MQTT_CLIENT_NEEDS_NOTHING,
    MQTT_CLIENT_NEEDS_STREAM,  // open one, and call mqtt_client_opened or mqtt_client_closed
    MQTT_CLIENT_NEEDS_CLOSING, // close it, and call mqtt_client_closed
};

enum mqtt_client_result {
    MQTT_CLIENT_OK,
    MQTT_CLIENT_ALREADY,        // there is a connection, or it is on its way
    MQTT_CLIENT_NOT_CONNECTED,  // and this cannot wait
    MQTT_CLIENT_QUEUE_FULL,     // as many messages wait as may
    MQTT_CLIENT_STREAM_FULL,    // the broker reads too slowly for a message of QoS 0
    MQTT_CLIENT_TOO_LARGE,      // for the broker, or for MQTT
    MQTT_CLIENT_OVER_LIMIT,     // by itself larger than all that may wait; it never passes
    MQTT_CLIENT_QOS_TOO_HIGH,   // for the broker
    MQTT_CLIENT_NO_RETAINING,   // at this broker
    MQTT_CLIENT_NO_WILDCARDS,   //
    MQTT_CLIENT_NO_SHARING,     //
    MQTT_CLIENT_NO_IDENTIFIERS, // of subscriptions
    MQTT_CLIENT_WRONG_TOPIC,    // a topic name that is none
    MQTT_CLIENT_WRONG_FILTER,   // a topic filter that is none
    MQTT_CLIENT_WRONG_PROPERTY, // not of this packet, not of this version, or not the user's to set
    MQTT_CLIENT_NOT_SUBSCRIBED, // to this filter
    MQTT_CLIENT_TOO_MANY,       // subscriptions
    MQTT_CLIENT_WRONG_OPTION,   // no local on a shared subscription, options before 5.0
    MQTT_CLIENT_NOT_THIS_METHOD, // authentication anew without SCRAM or 5.0
    MQTT_CLIENT_RESULTS,
};

// What it means, for people; a constant without a full stop.
const char *mqtt_client_result_text(enum mqtt_client_result result);

struct mqtt_client_farewell {
    bool wants_will; // 5.0: the broker is to publish the will all the same
    bool has_expiry; // 5.0: the session is to end so many seconds from now
    uint32_t expiry;
};

struct mqtt_client_message {
    struct bytes topic;
    struct bytes payload;
    uint8_t qos;
    bool retain;
    uint64_t token; // of the owner's choice, told in events
    const struct mqtt_properties
        *properties; // NULL: none; topic aliases are the client's own matter
};

struct mqtt_client_subscription {
    struct bytes filter;
    uint8_t options;     // MQTT_OPTION_...
    uint32_t identifier; // 5.0; 0: none
    struct bytes more;   // 5.0: user properties, encoded
};

#endif
