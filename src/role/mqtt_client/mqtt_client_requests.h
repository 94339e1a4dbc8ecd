// SUBSCRIBE and UNSUBSCRIBE of the MQTT client: each filter is a record that says what its user
// wants and what the broker has said, and a request is made of it when there is a connection and
// room. One filter a request.
//
// For the sources of the client only, as is the state that they share (mqtt_client_state.h).
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_REQUESTS_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_REQUESTS_H

#include "role/mqtt_client/mqtt_client_state.h"

// mqtt_client_subscribe and mqtt_client_unsubscribe.
enum mqtt_client_result
mqtt_client_requests_subscribe(struct mqtt_client *client,
                               const struct mqtt_client_subscription *subscription, uint64_t now);
enum mqtt_client_result mqtt_client_requests_unsubscribe(struct mqtt_client *client,
                                                         struct bytes filter, uint64_t now);
// A new connection: requests that were not answered are made again; without a session all are.
void mqtt_client_requests_resume(struct mqtt_client *client, bool session_present, uint64_t now);
// Sends what waits, as far as there is room.
void mqtt_client_requests_send(struct mqtt_client *client, uint64_t now);
// SUBACK and UNSUBACK.
void mqtt_client_receive_codes(struct mqtt_client *client, const struct mqtt_packet *packet,
                               uint64_t now);
void mqtt_client_requests_free(struct mqtt_client *client);

#endif
