// Messages that the MQTT client publishes: what waits, what is under way, PUBLISH as bytes.
//
// For the sources of the client only, as is the state that they share (mqtt_client_state.h).
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_SENDING_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_SENDING_H

#include "role/mqtt_client/mqtt_client_state.h"

// mqtt_client_publish.
enum mqtt_client_result mqtt_client_sending_publish(struct mqtt_client *client,
                                                    const struct mqtt_client_message *message,
                                                    uint64_t now);
// The broker has no session: what is under way begins anew, or is given up.
void mqtt_client_sending_forget(struct mqtt_client *client);
// A new connection: PUBRELs go out, then messages that are under way, in their order, then others.
void mqtt_client_sending_resume(struct mqtt_client *client, uint64_t now);
// Sends what waits, as far as there is room.
void mqtt_client_sending_go_on(struct mqtt_client *client, uint64_t now);
// PUBACK, PUBREC and PUBCOMP.
void mqtt_client_receive_answer(struct mqtt_client *client, const struct mqtt_packet *packet,
                                uint64_t now);
void mqtt_client_sending_free(struct mqtt_client *client);
struct bytes mqtt_client_kept_topic(const struct mqtt_client_kept *kept);
size_t mqtt_client_kept_size(const struct mqtt_client_kept *kept);

#endif
