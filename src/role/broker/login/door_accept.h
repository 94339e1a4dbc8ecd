// Who is let in at the MQTT door, to which session, and what CONNACK says.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_LOGIN_DOOR_ACCEPT_H
#define ROLE_BROKER_LOGIN_DOOR_ACCEPT_H

#include "role/broker/mqtt/door_state.h"

#define DOOR_ACCEPT_METHOD "SCRAM-SHA-256"

// The CONNECT is good. `authentication_data` is the server's proof, at the end of an exchange.
void door_accept_client(struct mqtt_door *door, struct door_connection *connection,
                        const struct mqtt_packet *packet, struct bytes authentication_data,
                        uint64_t now);
// Lets in by the CONNECT that was kept.
void door_accept_kept(struct mqtt_door *door, struct door_connection *connection,
                      struct bytes authentication_data, uint64_t now);

#endif
