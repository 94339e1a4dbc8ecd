// One message for one session of the MQTT door: QoS 0 is sent at once or dropped; QoS 1 and 2 go
// through the queue, which keeps them until they are answered.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_DELIVERY_H
#define ROLE_BROKER_DELIVERY_DOOR_DELIVERY_H

#include "role/broker/delivery/door_sending.h"

// Makes what is to be sent of the entry fit a subscriber with these options.
static inline void door_delivery_aim(struct door_sending *publish, const struct broker_entry *entry,
                                     uint32_t options) {
    uint8_t qos = (uint8_t)DOOR_OPTIONS_QOS(options);
    publish->identifier = DOOR_OPTIONS_IDENTIFIER(options);
    publish->qos = qos < entry->qos ? qos : entry->qos; // [MQTT-3.8.4-8]
}

// What a subscriber with these options is to be sent of the entry.
static inline struct door_sending door_delivery_of(const struct broker_entry *entry,
                                                   uint32_t options, struct bytes properties,
                                                   uint64_t now) {
    bool is_small = entry->topic.size + entry->value.size <= DOOR_SHARED_MAX;
    struct door_sending publish = {.topic = entry->topic,
                                   .properties = properties,
                                   .payload = entry->value,
                                   .expires_at = entry->expires_at,
                                   .now = now,
                                   .serial = is_small ? entry->serial : 0,
                                   .group = DOOR_NO_GROUP};
    door_delivery_aim(&publish, entry, options);
    return publish;
}

struct bytes door_delivery_properties_with_address(struct mqtt_door *door,
                                                   const struct broker_entry *entry);
// The entry's properties, and the address of a publisher on a network of lines. Valid until the
// next call.
static inline struct bytes door_delivery_properties(struct mqtt_door *door,
                                                    const struct broker_entry *entry) {
    return entry->address == 0 ? entry->properties
                               : door_delivery_properties_with_address(door, entry);
}

// Sends it to the session. What is the same for all stays as it is, for the next one.
void door_delivery_send(struct mqtt_door *door, struct door_session *session,
                        const struct broker_entry *entry, struct door_sending *publish);
// A last value for a session that subscribed.
void door_delivery_send_retained(struct mqtt_door *door, struct door_session *session,
                                 const struct broker_entry *entry, uint32_t options);
// Frees what was made for the entry. To be called when it was sent to all who get it.
void door_delivery_end(struct mqtt_door *door);

#endif
