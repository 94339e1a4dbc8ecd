// One message for one session of the MQTT door: QoS 0 is sent at once or dropped; QoS 1 and 2 go
// through the queue, which keeps them until they are answered.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_DELIVERY_H
#define ROLE_BROKER_DELIVERY_DOOR_DELIVERY_H

#include "role/broker/delivery/door_sending.h"

// What a subscriber with these options is to be sent of the entry.
static inline struct door_sending door_delivery_of(const struct broker_entry *entry,
                                                   uint32_t options, struct bytes properties,
                                                   uint64_t now) {
    uint8_t qos = (uint8_t)DOOR_OPTIONS_QOS(options);
    return (struct door_sending){
        .properties = properties,
        .now = now,
        .identifier = DOOR_OPTIONS_IDENTIFIER(options),
        .group = DOOR_NO_GROUP,
        .qos = qos < entry->qos ? qos : entry->qos, // [MQTT-3.8.4-8]
    };
}

// The entry's properties, and the address of a publisher on a network of lines. Valid until the
// next call.
struct bytes door_delivery_properties(struct mqtt_door *door, const struct broker_entry *entry);
void door_delivery_send(struct mqtt_door *door, struct door_session *session,
                        const struct broker_entry *entry, struct door_sending *publish);
// A last value for a session that subscribed.
void door_delivery_send_retained(struct mqtt_door *door, struct door_session *session,
                                 const struct broker_entry *entry, uint32_t options);
// Frees what was made for the entry. To be called when it was sent to all who get it.
void door_delivery_end(struct mqtt_door *door);

#endif
