// SUBSCRIBE and UNSUBSCRIBE at the MQTT door, and what subscriptions a session has.
//
// For the sources of the door only, as is the state that they share
// (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_SUBSCRIBE_H
#define ROLE_BROKER_MQTT_DOOR_SUBSCRIBE_H

#include "role/broker/mqtt/door_state.h"

// SUBSCRIBE or UNSUBSCRIBE; `bytes` are those of the packet. With connection->request set it is not
// done: door_request_go_on goes on, with the same bytes.
void door_receive_request(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now);
void door_request_go_on(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes bytes, uint64_t now);
void door_request_free(struct mqtt_door *door, struct door_connection *connection);
void door_subscriptions_end(struct mqtt_door *door, struct door_session *session);
// As by SUBSCRIBE, whatever the limits. False: the filter is wrong, or there are
// too many groups.
bool door_subscription_restore(struct mqtt_door *door, struct door_session *session,
                               const struct door_wish *wish);
// As by UNSUBSCRIBE: the code for the filter.
uint8_t door_subscription_leave(struct mqtt_door *door, struct door_session *session,
                                struct bytes text);
// Appends the text of a subscription's filter, as the client wrote it.
void door_subscription_filter(const struct mqtt_door *door,
                              const struct door_subscription *subscription, struct buffer *out);
uint32_t door_subscription_detail(const struct mqtt_door *door, const struct door_session *session,
                                  const struct door_subscription *subscription);

// The detail of an entry in the core's tree.
#define DOOR_DETAIL(options, identifier) ((identifier) << 4 | ((options)&0x0f))
#define DOOR_DETAIL_QOS(detail) ((detail)&MQTT_OPTION_QOS)
#define DOOR_DETAIL_IDENTIFIER(detail) ((detail) >> 4)

#endif
