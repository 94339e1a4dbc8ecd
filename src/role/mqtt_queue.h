// The queue of a session of the MQTT door: a ring of deliveries, and the packet ids of those sent.
//
// What is sent and when is decided in role/mqtt_delivery.h. For the sources of the door only, as is
// the state that they share (role/mqtt_state.h).
#ifndef ROLE_MQTT_QUEUE_H
#define ROLE_MQTT_QUEUE_H

#include "role/mqtt_state.h"

#define MQTT_QUEUE_SENT_MAX 60000 // deliveries that have a packet id, at most

// The delivery at a place from 0 to below queue->count.
struct mqtt_delivery *mqtt_queue_at(const struct mqtt_queue *queue, uint32_t place);
// A new delivery at the end, with a reference to the message, if there is one.
struct mqtt_delivery *mqtt_queue_push(struct mqtt_door *door, struct mqtt_queue *queue,
                                      struct mqtt_message *message);
// The delivery needs its message no more.
void mqtt_queue_release(struct mqtt_door *door, struct mqtt_queue *queue,
                        struct mqtt_delivery *delivery);
// The delivery is done; it must not be used any more.
void mqtt_queue_finish(struct mqtt_door *door, struct mqtt_session *session,
                       struct mqtt_delivery *delivery);
// Takes out the delivery at a place from the cursor on. Costs what lies on the shorter side of it:
// a full queue loses its oldest message for each that comes, and thousands may be on their way.
void mqtt_queue_remove(struct mqtt_door *door, struct mqtt_session *session, uint32_t place);
// Takes out what is done and lies behind a delivery that is not: a client may answer all but one.
void mqtt_queue_drop_done(struct mqtt_queue *queue);
// The connection has ended: what was sent and is not done is to be sent again.
void mqtt_queue_pause(struct mqtt_queue *queue);
void mqtt_queue_free(struct mqtt_door *door, struct mqtt_session *session);

// The place of the delivery with this packet id among those sent; queue->cursor: there is none.
uint32_t mqtt_queue_find_sent(const struct mqtt_queue *queue, uint16_t packet_id);
uint16_t mqtt_queue_next_id(struct mqtt_session *session);

#endif
