// PUBLISH from clients of the MQTT door, and what follows it.
//
// For the sources of the door only, as is the state that they share
// (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_PUBLISH_H
#define ROLE_BROKER_MQTT_DOOR_PUBLISH_H

#include "role/broker/mqtt/door_state.h"

void door_receive_publish(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, uint64_t now);
void door_receive_pubrel(struct mqtt_door *door, struct door_connection *connection,
                         const struct mqtt_packet *packet, uint64_t now);
// QoS 2 packet ids of the client that await PUBREL. False: it was there already; it was not there.
bool door_received_add(struct mqtt_door *door, struct door_session *session, uint16_t packet_id);
bool door_received_remove(struct door_session *session, uint16_t packet_id);
// Publishes a message of the session, such as its will.
void door_publish_message(struct mqtt_door *door, const struct door_message *message,
                          uint32_t session, uint64_t now);
void door_aliases_free(struct mqtt_door *door, struct door_aliases **aliases);
// The properties that go on to the subscribers, appended.
void door_forwarded_properties(const struct mqtt_properties *properties, struct buffer *out);

#endif
