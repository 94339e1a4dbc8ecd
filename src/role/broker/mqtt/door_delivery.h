// Messages to clients of the MQTT door: queues, flights, PUBLISH and what follows it.
//
// For the sources of the door only, as is the state that they share
// (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_DELIVERY_H
#define ROLE_BROKER_MQTT_DOOR_DELIVERY_H

#include "role/broker/mqtt/door_queue.h"

void door_delivery_attach(struct mqtt_door *door);
void door_delivery_detach(struct mqtt_door *door);
// Frees what publishings use again.
void door_delivery_give_back(struct mqtt_door *door);
// A last value for a session that subscribed.
void door_deliver_retained(struct mqtt_door *door, struct door_session *session,
                           const struct broker_entry *entry, uint32_t detail);
// A PUBACK, PUBREC or PUBCOMP.
void door_receive_answer(struct mqtt_door *door, struct door_connection *connection,
                         const struct mqtt_packet *packet, uint64_t now);
// Sends what the flow control allows; from the first delivery on if the connection is new.
void door_queue_resume(struct mqtt_door *door, struct door_session *session, uint64_t now);
void door_queue_send(struct mqtt_door *door, struct door_session *session, uint64_t now);
// The session ends: messages of shared subscriptions that it was to have and has not acknowledged
// go to another member of the group (5.0, section 4.8.2). It is no member any more.
void door_queue_hand_over(struct mqtt_door *door, struct door_session *session, uint64_t now);
// What may wait for one client, in bytes.
uint64_t door_queue_bytes_max(const struct mqtt_door *door);

#endif
