#include "role/broker/session/door_restore.h"

#include "base/assert.h"
#include "role/broker/broker_journal.h"
#include "role/broker/delivery/door_expiry.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/delivery/door_received.h"
#include "role/broker/session/door_absent.h"
#include "role/broker/session/door_access.h"
#include "role/broker/subscribe/door_groups.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/session/door_numbers.h"
#include "role/broker/session/door_session.h"
#include "role/broker/session/door_sessions.h"
#include "role/broker/subscribe/door_subscriptions.h"
#include "role/broker/session/door_will.h"
#include "topic/topic.h"

#define SPACE_FOR_HEAD 64           // of a PUBLISH beside its texts: more than it takes
#define IDENTIFIER_MAX 268435455u   // of a subscription
#define SERIAL_MAX (UINT32_MAX / 2) // more groups than there ever were
#define SPAN_MAX (UINT32_MAX * ROLE_SECOND)

// ---- messages ----------------------------------------------------------------------------------

// Topic, properties and payload are the texts of the record.
static bool is_message(const struct journal_record *record, uint64_t qos, uint64_t retain) {
    const size_t most = MQTT_REMAINING_MAX - TOPIC_BYTES_MAX - SPACE_FOR_HEAD;
    const struct bytes *text = record->text;
    return topic_name_check(text[0]) == TOPIC_OK && qos <= 2 && retain <= 1 &&
           text[1].size <= most && text[2].size <= most - text[1].size &&
           broker_journal_are_properties(text[1]);
}

static struct door_message *create_message(struct mqtt_door *door,
                                           const struct journal_record *record, uint64_t qos,
                                           bool retain) {
    struct door_texts texts = {record->text[0], record->text[1], record->text[2]};
    struct door_message *message = door_message_create(door->memory, &texts);
    message->qos = (uint8_t)(qos & 3);
    message->retain = retain;
    return message;
}

static bool restore_message(struct mqtt_door *door, const struct journal_record *record,
                            uint64_t now) {
    const uint64_t *number = record->number;
    if (!is_message(record, number[2], number[3])) {
        return false;
    }
    struct door_message *message = create_message(door, record, number[2], number[3] != 0);
    message->expires_at = broker_journal_expiry(number[1], now);
    if (!door_numbers_add_message(door, number[0], message)) {
        door_message_unref(door->memory, message);
        return false;
    }
    return true;
}

// ---- sessions ----------------------------------------------------------------------------------

static bool is_session(const struct journal_record *record) {
    const uint64_t *number = record->number;
    bool is_version = number[1] == MQTT_3_1 || number[1] == MQTT_3_1_1 || number[1] == MQTT_5;
    return is_version && number[2] > 0 && number[2] <= UINT32_MAX && number[3] <= UINT16_MAX &&
           number[4] <= 1 && record->text[0].size > 0 && record->text[0].size <= UINT16_MAX &&
           number[7] <= 1 && record->text[1].size <= UINT16_MAX;
}

// The session with this number, or a new one; NULL: there cannot be one.
static struct door_session *find_or_create(struct mqtt_door *door,
                                           const struct journal_record *record) {
    struct door_session *session = door_numbers_session(door, record->number[0]);
    if (session != NULL) {
        return bytes_equal(door_client_id(session), record->text[0]) ? session : NULL;
    }
    if (door_sessions_find(door, record->text[0]) != NULL ||
        door->session_count == MQTT_DOOR_SESSIONS_MAX) {
        return NULL;
    }
    session = door_sessions_create(door, record->text[0]);
    if (!door_numbers_add_session(door, record->number[0], session->number)) {
        door_sessions_destroy(door, session);
        return NULL;
    }
    session->journal_number = record->number[0];
    return session;
}

// Its end, counted from when it lost its connection: with the earlier door, if it had one then.
static void set_times(struct mqtt_door *door, struct door_session *session,
                      const struct journal_record *record, uint64_t now) {
    bool was_connected = record->number[4] != 0;
    uint64_t span = door_sessions_span(door, session);
    uint64_t latest = span < ROLE_NEVER - now ? now + span : ROLE_NEVER;
    uint64_t since = record->number[5];
    session->since = was_connected || since > now ? now : since;
    session->absence->ends_at =
        was_connected || record->number[6] > latest ? latest : record->number[6];
}

static bool restore_session(struct mqtt_door *door, const struct journal_record *record,
                            uint64_t now) {
    struct door_session *session = is_session(record) ? find_or_create(door, record) : NULL;
    if (session == NULL) {
        return false;
    }
    session->version = (uint8_t)record->number[1];
    session->expiry = (uint32_t)record->number[2];
    session->last_packet_id = (uint16_t)record->number[3];
    session->was_connected = record->number[4] != 0;
    door_access_enter(
        door, session,
        &(struct access_client){.has_user = record->number[7] != 0, .user = record->text[1]});
    door_will_forget(door, session);
    door_absent_end(door, session);
    door_absent_begin(door, session);
    set_times(door, session, record, now);
    door_session_set_timer(door, session);
    return true;
}

// ---- what belongs to a session -----------------------------------------------------------------

typedef bool restorer(struct mqtt_door *door, struct door_session *session,
                      const struct journal_record *record, uint64_t now);

static bool restore_will(struct mqtt_door *door, struct door_session *session,
                         const struct journal_record *record, uint64_t now) {
    (void)now;
    const uint64_t *number = record->number;
    bool is_span = number[2] == DOOR_NEVER || number[2] <= SPAN_MAX;
    if (session->will != NULL || number[1] > SPAN_MAX || !is_span ||
        !is_message(record, number[3], number[4])) {
        return false;
    }
    struct door_message *message = create_message(door, record, number[3], number[4] != 0);
    message->expires_at = number[2];
    door_will_put(door, session, message, number[1]);
    timers_remove(&door->timers, &session->absence->timer);
    door_session_set_timer(door, session);
    return true;
}

static bool restore_end(struct mqtt_door *door, struct door_session *session,
                        const struct journal_record *record, uint64_t now) {
    uint64_t dropped = door->counts.dropped_at_end;
    door_numbers_forget_session(door, record->number[0]);
    session->journal_number = 0;
    door_will_forget(door, session); // it was published, which other records tell of
    door_session_end(door, session, now);
    door->counts.dropped_at_end = dropped; // by an earlier door
    return true;
}

static bool restore_subscription(struct mqtt_door *door, struct door_session *session,
                                 const struct journal_record *record, uint64_t now) {
    (void)now;
    const uint64_t *number = record->number;
    struct door_wanted wanted = {.options = (uint8_t)number[1],
                                 .identifier = (uint32_t)number[2],
                                 .group_serial = (uint32_t)number[3]};
    return number[1] <= 0x0f && (number[1] & MQTT_OPTION_QOS) <= 2 && number[2] <= IDENTIFIER_MAX &&
           number[3] <= SERIAL_MAX &&
           door_subscriptions_restore(door, session, record->text[0], &wanted);
}

static bool restore_unsubscription(struct mqtt_door *door, struct door_session *session,
                                   const struct journal_record *record, uint64_t now) {
    (void)now;
    return door_subscriptions_leave(door, session, record->text[0]) == MQTT_SUCCESS;
}

// The delivery of the record that is not done, or NULL.
static struct door_delivery *find_delivery(const struct door_queue *queue, uint64_t sequence) {
    uint32_t place = door_queue_place(queue, 0, sequence);
    if (place == queue->count) {
        return NULL;
    }
    struct door_delivery *delivery = door_queue_at(queue, place);
    return delivery->sequence == sequence && delivery->flight != MQTT_FLOW_DONE ? delivery : NULL;
}

// Whether the delivery at `place`, or a new one there, may be the next that was sent: all before it
// were, and none of them has this packet id.
static bool is_next(const struct door_queue *queue, uint32_t place, uint16_t packet_id) {
    for (uint32_t i = 0; i < place; i++) {
        const struct door_delivery *delivery = door_queue_at(queue, i);
        bool is_over = delivery->flight == MQTT_FLOW_DONE;
        if (delivery->flight == MQTT_FLOW_EXPECT_SENDING ||
            (!is_over && delivery->packet_id == packet_id)) {
            return false;
        }
    }
    return packet_id != 0;
}

// A delivery that was sent with this packet id, if it may be.
static bool send_again(struct door_session *session, uint64_t sequence, uint64_t packet_id) {
    struct door_queue *queue = &session->queue;
    struct door_delivery *delivery = find_delivery(queue, sequence);
    if (delivery == NULL || delivery->flight != MQTT_FLOW_EXPECT_SENDING ||
        packet_id > UINT16_MAX ||
        !is_next(queue, door_queue_place(queue, 0, sequence), (uint16_t)packet_id)) {
        return false;
    }
    delivery->packet_id = session->last_packet_id = (uint16_t)packet_id;
    delivery->flight = (uint8_t)mqtt_flow_sent(delivery->qos);
    queue->is_sparse = true;
    return true;
}

static bool is_queued(const struct door_queue *queue, const struct journal_record *record) {
    const uint64_t *number = record->number;
    bool is_sent = number[6] > 0;
    return number[1] > queue->last_sequence && number[1] < ROLE_NEVER / 2 &&
           (number[3] == 1 || number[3] == 2) && number[4] <= 1 && number[5] <= IDENTIFIER_MAX &&
           number[7] <= SERIAL_MAX &&
           (!is_sent ||
            (number[6] <= UINT16_MAX && is_next(queue, queue->count, (uint16_t)number[6])));
}

// A group that is gone by now is nobody's, whichever groups come later.
static void set_group(struct mqtt_door *door, struct door_delivery *delivery, uint32_t serial) {
    uint32_t group = door_numbers_group(door, serial);
    door_groups_pass(door, serial);
    delivery->group = group;
    delivery->group_serial = door_groups_serial(door, group);
}

static bool restore_queued(struct mqtt_door *door, struct door_session *session,
                           const struct journal_record *record, uint64_t now) {
    (void)now;
    struct door_queue *queue = &session->queue;
    const uint64_t *number = record->number;
    struct door_message *message = door_numbers_message(door, number[2]);
    if (message == NULL || !is_queued(queue, record)) {
        return false;
    }
    struct door_delivery *delivery = door_queue_push(door, queue, message);
    delivery->sequence = queue->last_sequence = number[1];
    delivery->qos = (uint8_t)(number[3] & 3);
    delivery->retain = number[4] != 0;
    delivery->identifier = (uint32_t)number[5];
    delivery->flight = MQTT_FLOW_EXPECT_SENDING;
    set_group(door, delivery, (uint32_t)number[7]);
    door_queue_keep(delivery);
    if (number[6] > 0) {
        return send_again(session, number[1], number[6]);
    }
    door_expiry_note(door, session);
    return true;
}

static bool restore_sent(struct mqtt_door *door, struct door_session *session,
                         const struct journal_record *record, uint64_t now) {
    (void)door;
    (void)now;
    return send_again(session, record->number[1], record->number[2]);
}

static bool restore_released(struct mqtt_door *door, struct door_session *session,
                             const struct journal_record *record, uint64_t now) {
    (void)now;
    struct door_queue *queue = &session->queue;
    uint64_t sequence = record->number[1];
    uint64_t packet_id = record->number[2];
    struct door_delivery *delivery = find_delivery(queue, sequence);
    bool is_new = sequence > queue->last_sequence && sequence < ROLE_NEVER / 2;
    if (packet_id > UINT16_MAX) {
        return false;
    }
    if (is_new && is_next(queue, queue->count, (uint16_t)packet_id)) {
        delivery = door_queue_push(door, queue, NULL);
        delivery->sequence = queue->last_sequence = sequence;
        delivery->packet_id = session->last_packet_id = (uint16_t)packet_id;
        delivery->qos = 2;
        queue->is_sparse = true;
    } else if (delivery == NULL || delivery->flight != MQTT_FLOW_EXPECT_PUBREC ||
               delivery->packet_id != packet_id) {
        return false;
    }
    door_queue_release(door, queue, delivery);
    delivery->flight = MQTT_FLOW_EXPECT_PUBCOMP;
    return true;
}

static bool restore_done(struct mqtt_door *door, struct door_session *session,
                         const struct journal_record *record, uint64_t now) {
    (void)now;
    struct door_delivery *delivery = find_delivery(&session->queue, record->number[1]);
    if (delivery == NULL) {
        return false;
    }
    if (delivery->flight == MQTT_FLOW_EXPECT_SENDING) {
        door_queue_remove(door, session, door_queue_place(&session->queue, 0, record->number[1]));
    } else {
        door_queue_finish(door, session, delivery);
    }
    return true;
}

static bool restore_received(struct mqtt_door *door, struct door_session *session,
                             const struct journal_record *record, uint64_t now) {
    (void)now;
    uint64_t packet_id = record->number[1];
    return packet_id > 0 && packet_id <= UINT16_MAX &&
           door_received_add(door, session, (uint16_t)packet_id);
}

static bool restore_completed(struct mqtt_door *door, struct door_session *session,
                              const struct journal_record *record, uint64_t now) {
    (void)door;
    (void)now;
    return record->number[1] <= UINT16_MAX &&
           door_received_remove(session, (uint16_t)record->number[1]);
}

static restorer *const restorers[DOOR_RECORDS] = {
    [DOOR_WILL] = restore_will,
    [DOOR_ENDED] = restore_end,
    [DOOR_SUBSCRIBED] = restore_subscription,
    [DOOR_UNSUBSCRIBED] = restore_unsubscription,
    [DOOR_QUEUED] = restore_queued,
    [DOOR_SENT] = restore_sent,
    [DOOR_RELEASED] = restore_released,
    [DOOR_DONE] = restore_done,
    [DOOR_RECEIVED] = restore_received,
    [DOOR_COMPLETED] = restore_completed,
};

// ---- one record, and the end -------------------------------------------------------------------

bool door_restore(struct mqtt_door *door, const struct journal_record *record, uint64_t now) {
    if (door->numbers == NULL) {
        ASSERT(door->connections == NULL); // restored before it serves
        door_numbers_begin(door);
        door->journal = NULL;
    }
    if (record->kind == DOOR_SESSION) {
        return restore_session(door, record, now);
    }
    if (record->kind == DOOR_MESSAGE) {
        return restore_message(door, record, now);
    }
    if (record->kind >= DOOR_RECORDS || restorers[record->kind] == NULL) {
        return false;
    }
    struct door_session *session = door_numbers_session(door, record->number[0]);
    return session != NULL && restorers[record->kind](door, session, record, now);
}

// Those that were connected with the earlier door are not any more, which the journal is to know:
// else their time would begin anew with each door.
void door_restore_end(struct mqtt_door *door) {
    door_numbers_end(door);
    door->journal = door->port->journal;
    for (uint32_t i = 0; i < door->session_used; i++) {
        struct door_session *session = door->sessions[i];
        if (session != NULL && session->was_connected) {
            session->was_connected = false;
            door_journal_session(door, session);
        }
    }
}
