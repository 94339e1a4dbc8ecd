// The queue of a session of the MQTT door: a ring of deliveries, and the packet ids of those that
// were sent. What is sent, and when, is decided in role/broker/delivery/door_delivery.h.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_QUEUE_H
#define ROLE_BROKER_DELIVERY_DOOR_QUEUE_H

#include "role/broker/mqtt/door_state.h"

#define DOOR_QUEUE_SENT_MAX 60000 // deliveries that have a packet id, at most

// The delivery at a place from 0 to below queue->count.
struct door_delivery *door_queue_at(const struct door_queue *queue, uint32_t place);
// A new delivery at the end, with a reference to the message, if there is one.
struct door_delivery *door_queue_push(struct mqtt_door *door, struct door_queue *queue,
                                      struct door_message *message);
// The journal has the delivery, and so its message, which has a number there; until it is let go or
// released.
void door_queue_keep(struct door_delivery *delivery);
void door_queue_let_go(struct mqtt_door *door, struct door_delivery *delivery);
// The delivery needs its message no more.
void door_queue_release(struct mqtt_door *door, struct door_queue *queue,
                        struct door_delivery *delivery);
// The delivery is done; it must not be used any more.
void door_queue_finish(struct mqtt_door *door, struct door_session *session,
                       struct door_delivery *delivery);
// Removes the delivery at a place at or behind the cursor, by moving what lies on the shorter
// side of it: a full queue drops its oldest message for each new one, and thousands may be under
// way in front of that.
void door_queue_remove(struct mqtt_door *door, struct door_session *session, uint32_t place);
// Removes deliveries that are done but lie behind one that is not: a client may answer all but
// one.
void door_queue_drop_done(struct door_queue *queue);
// The connection has ended: what was sent and is not done is to be sent again.
void door_queue_pause(struct door_queue *queue);
void door_queue_free(struct mqtt_door *door, struct door_session *session);

// The first place from `begin` on whose delivery has this sequence or a higher one; the count:
// there is none.
uint32_t door_queue_place(const struct door_queue *queue, uint32_t begin, uint64_t sequence);
// The place of the delivery with this packet id among those sent; queue->cursor: there is none.
uint32_t door_queue_find_sent(const struct door_queue *queue, uint16_t packet_id);
uint16_t door_queue_next_id(struct door_session *session);

void door_queue_check(const struct door_queue *queue);

#endif
