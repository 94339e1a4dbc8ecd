// SUBSCRIBE and UNSUBSCRIBE at the MQTT door, and what subscriptions a session has.
//
// For the sources of the door only, as is the state that they share (role/mqtt_state.h).
#ifndef ROLE_MQTT_SUBSCRIBE_H
#define ROLE_MQTT_SUBSCRIBE_H

#include "role/mqtt_state.h"

// SUBSCRIBE or UNSUBSCRIBE; `bytes` are those of the packet. With connection->request set it is not
// done: mqtt_request_go_on goes on, with the same bytes.
void mqtt_receive_request(struct mqtt_door *door, struct mqtt_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now);
void mqtt_request_go_on(struct mqtt_door *door, struct mqtt_connection *connection,
                        struct bytes bytes, uint64_t now);
void mqtt_request_free(struct mqtt_door *door, struct mqtt_connection *connection);
void mqtt_subscriptions_end(struct mqtt_door *door, struct mqtt_session *session);
// As by SUBSCRIBE, whatever the limits. False: the filter is wrong.
bool mqtt_subscription_restore(struct mqtt_door *door, struct mqtt_session *session,
                               const struct mqtt_wish *wish);
// As by UNSUBSCRIBE: the code for the filter.
uint8_t mqtt_subscription_leave(struct mqtt_door *door, struct mqtt_session *session,
                                struct bytes text);
// Appends the text of a subscription's filter, as the client wrote it.
void mqtt_subscription_filter(const struct mqtt_door *door,
                              const struct mqtt_subscription *subscription, struct buffer *out);
uint32_t mqtt_subscription_detail(const struct mqtt_door *door, const struct mqtt_session *session,
                                  const struct mqtt_subscription *subscription);

// The detail of an entry in the core's tree.
#define MQTT_DETAIL(options, identifier) ((identifier) << 4 | ((options)&0x0f))
#define MQTT_DETAIL_QOS(detail) ((detail)&MQTT_OPTION_QOS)
#define MQTT_DETAIL_IDENTIFIER(detail) ((detail) >> 4)

#endif
