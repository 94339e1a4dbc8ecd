// PUBLISH from clients of the MQTT door, and what follows it.
//
// For the sources of the door only, as is the state that they share (role/mqtt_state.h).
#ifndef ROLE_MQTT_PUBLISH_H
#define ROLE_MQTT_PUBLISH_H

#include "role/mqtt_state.h"

void mqtt_receive_publish(struct mqtt_door *door, struct mqtt_connection *connection,
                          const struct mqtt_packet *packet, uint64_t now);
void mqtt_receive_pubrel(struct mqtt_door *door, struct mqtt_connection *connection,
                         const struct mqtt_packet *packet, uint64_t now);
// QoS 2 packet ids of the client that await PUBREL. False: it was there already; it was not there.
bool mqtt_received_add(struct mqtt_door *door, struct mqtt_session *session, uint16_t packet_id);
bool mqtt_received_remove(struct mqtt_session *session, uint16_t packet_id);
// Publishes a message of the session, such as its will.
void mqtt_publish_message(struct mqtt_door *door, const struct mqtt_message *message,
                          uint32_t session, uint64_t now);
void mqtt_aliases_free(struct mqtt_door *door, struct mqtt_aliases **aliases);
// The properties that go on to the subscribers, appended.
void mqtt_forwarded_properties(const struct mqtt_properties *properties, struct buffer *out);

#endif
