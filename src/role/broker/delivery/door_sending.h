// PUBLISH to clients as bytes: properties, topic aliases, and one encoding shared by all who get
// the same bytes.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_SENDING_H
#define ROLE_BROKER_DELIVERY_DOOR_SENDING_H

#include "role/broker/delivery/door_message.h"
#include "role/broker/mqtt/door_state.h"

#define DOOR_COPY_MAX 2048 // payloads up to this are copied, larger ones referred to
#define DOOR_SHARED_MAX \
    4096 // of topic and payload, up to which they are encoded once for all alike

// One PUBLISH to one client: what it says, how long it is good, and how it goes to this client
// (identifiers of subscriptions, packet id, alias, QoS, flags). `serial` is that of the publishing,
// if its bytes may be the same for many, or 0. With `has_plenty` there was room for all who get it
// before it was sent to the first, if they get it as QoS 0. What it points to is borrowed; it lives
// for the call that sends it.
struct door_sending {
    struct bytes topic;
    struct bytes properties;
    struct bytes payload;
    struct door_message *message; // that the payload is of, or NULL
    uint64_t expires_at;
    uint64_t now;
    uint64_t serial;
    uint32_t identifier;
    uint32_t more;  // identifiers, in door->publishing
    uint32_t group; // that shares the subscription, or DOOR_NO_GROUP
    uint16_t packet_id;
    uint16_t alias;
    uint8_t qos;
    bool retain;
    bool dup;
    bool is_5;
    bool has_plenty;
};

// Sends it. False: the packet is over the client's maximum, or the topic outside of its mount
// point.
bool door_sending_send(struct mqtt_door *door, struct door_connection *connection,
                       const struct door_sending *publish);
// The same for what many get alike: without identifiers, alias, mount point and expiry, and with a
// serial. It is encoded once for all.
bool door_sending_send_alike(struct mqtt_door *door, struct door_connection *connection,
                             const struct door_sending *publish);

// The subscription identifiers as properties, in bytes; and all properties, to `out`. Returns the
// end.
size_t door_sending_identifiers_size(const struct mqtt_door *door,
                                     const struct door_sending *publish);
uint8_t *door_sending_write_properties(const struct mqtt_door *door,
                                       const struct door_sending *publish, uint8_t *out);

#endif
