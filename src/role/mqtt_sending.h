// PUBLISH to clients as bytes: properties, topic aliases, and one encoding for all who get the
// same.
//
// For the sources of the door only, as is the state that they share (role/mqtt_state.h).
#ifndef ROLE_MQTT_SENDING_H
#define ROLE_MQTT_SENDING_H

#include "role/mqtt_message.h"
#include "role/mqtt_state.h"

#define MQTT_COPY_MAX 2048 // payloads up to this are copied, larger ones referred to

// One PUBLISH to one client. What it points to is borrowed.
struct mqtt_sending {
    struct bytes topic;
    struct bytes properties;
    struct bytes payload;
    struct mqtt_message *message; // that the payload is of, or NULL
    uint64_t expires_at;
    uint64_t now;
    uint32_t identifier;
    uint32_t more;  // identifiers, in door->publishing
    uint32_t group; // that shares the subscription, or MQTT_NO_GROUP
    uint16_t packet_id;
    uint16_t alias;
    uint8_t qos;
    bool retain;
    bool dup;
    bool is_5;
};

// Sends it. False: the packet is over the client's maximum. May set the alias, and clear the topic.
bool mqtt_sending_send(struct mqtt_door *door, struct mqtt_connection *connection,
                       struct mqtt_sending *publish);
// The same for what many get alike, of the publishing with this serial: without identifiers, alias
// and expiry. It is encoded once for all.
bool mqtt_sending_send_alike(struct mqtt_door *door, struct mqtt_connection *connection,
                             const struct mqtt_sending *publish, uint64_t serial);

// The subscription identifiers as properties, in bytes; and all properties, to `out`. Returns the
// end.
size_t mqtt_sending_identifiers_size(const struct mqtt_door *door,
                                     const struct mqtt_sending *publish);
uint8_t *mqtt_sending_write_properties(const struct mqtt_door *door,
                                       const struct mqtt_sending *publish, uint8_t *out);

#endif
