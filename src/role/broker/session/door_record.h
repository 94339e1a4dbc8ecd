// One record of what the MQTT door wants to outlive the process: sessions with their subscriptions,
// queues and flights, and retained messages, one change at a time.
//
// A door whose port has an `append` hands each record over at the moment of its change. Handed in
// that order to mqtt_door_restore of a new door, they make it stand where the first one stood. A
// store may keep them as a journal, or only what they add up to: of a session its last
// DOOR_RECORD_SESSION, then its subscriptions in the order of their coming, then what is not done
// of its queue in the order of `sequence`. It may put a DOOR_RECORD_RELEASED in the place of what
// came before it for the same delivery.
//
// Sessions that end with their connection leave no records. Not recorded either: whose turn it is
// in a shared subscription, topic aliases, and all else that belongs to a connection.
//
// Times are spans in nanoseconds that begin when the record is made, or ROLE_NEVER; who hands one
// over again later takes off what has passed since, with door_record_age.
#ifndef ROLE_BROKER_SESSION_DOOR_RECORD_H
#define ROLE_BROKER_SESSION_DOOR_RECORD_H

#include "role/port.h"

// Behind each kind the fields that count. All but the last two are of the session of `client_id`.
enum door_record_kind {
    // There is such a session: a new one, or what is known of it changes. version, expiry,
    // last_packet_id, is_connected, ends_in; if has_will: will_delay and the message.
    DOOR_RECORD_SESSION,
    DOOR_RECORD_SESSION_ENDED, // with all that belongs to it
    DOOR_RECORD_SUBSCRIPTION,  // topic (the filter), options, identifier; in the place of one alike
    DOOR_RECORD_UNSUBSCRIPTION, // topic (the filter)
    DOOR_RECORD_QUEUED,         // sequence, the message, identifier
    DOOR_RECORD_SENT,           // sequence, packet_id
    DOOR_RECORD_RELEASED,       // sequence, packet_id: only these count from now on
    DOOR_RECORD_DONE,           // sequence: it is forgotten
    DOOR_RECORD_RECEIVED,       // packet_id: a QoS 2 message of the client that awaits its PUBREL
    DOOR_RECORD_COMPLETED,      // packet_id: of such a message
    DOOR_RECORD_RETAINED,       // the message, origin; in the place of the topic's last one
    DOOR_RECORD_NOT_RETAINED,   // topic
    DOOR_RECORD_KINDS,
};

// The texts are borrowed until the call that hands the record over returns.
struct door_record {
    enum door_record_kind kind;
    struct bytes client_id;
    struct bytes topic;      // of the message; or a filter as the client wrote it
    struct bytes properties; // of the message: those of MQTT 5.0 that go with it, encoded
    struct bytes payload;    // of the message
    uint64_t span;           // of the message, until it expires; of a will, from its publishing on
    uint64_t sequence;       // of a delivery: rises within its session
    uint64_t ends_in;        // the session; if it is connected, after its disconnection
    uint64_t will_delay;     // likewise: until the will is to be published
    uint32_t expiry;         // seconds, as the client asked for; never 0
    uint32_t identifier;     // of the subscription, or 0
    uint32_t origin;         // address of a publisher at the line door, or 0
    uint16_t packet_id;
    uint16_t last_packet_id;
    uint8_t version; // enum mqtt_version
    uint8_t options; // MQTT_OPTION_...
    uint8_t qos;     // of the message
    bool retain;     // of the message
    bool is_connected;
    bool has_will;
};

// Takes off what has passed since the record was made.
void door_record_age(struct door_record *record, uint64_t passed);

#endif
