#include "role/broker/session/door_journal.h"

#include "base/assert.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/session/door_access.h"

static void append(struct mqtt_door *door, const struct journal_record record) {
    journal_append(door->journal, &record);
}

// ---- sessions ----------------------------------------------------------------------------------

struct journal_record door_journal_of_will(const struct door_session *session) {
    const struct door_message *message = session->will->message;
    struct door_texts texts = door_message_texts(message);
    return (struct journal_record){.kind = DOOR_WILL,
                                   .number = {session->journal_number, session->will->delay,
                                              message->expires_at, message->qos, message->retain},
                                   .text = {texts.topic, texts.properties, texts.payload}};
}

// The end of one that is connected is counted from its disconnection, whenever that is.
struct journal_record door_journal_of_session(const struct door_session *session) {
    bool is_connected = session->connection != NULL;
    struct access_client client = door_access_of(session);
    return (struct journal_record){
        .kind = DOOR_SESSION,
        .number = {session->journal_number, session->version, session->expiry,
                   session->last_packet_id, is_connected, session->since,
                   is_connected ? 0 : session->absence->ends_at, client.has_user},
        .text = {client.client_id, client.user}};
}

void door_journal_session(struct mqtt_door *door, struct door_session *session) {
    if (door->journal == NULL || session->expiry == 0) {
        door_journal_end(door, session);
        return;
    }
    if (!door_journal_has(session)) {
        session->journal_number = ++door->journal_numbers;
    }
    append(door, door_journal_of_session(session));
    if (session->will != NULL) {
        append(door, door_journal_of_will(session));
    }
}

// It may live on until its connection ends; what waits for it is kept by it no more.
void door_journal_end(struct mqtt_door *door, struct door_session *session) {
    if (door_journal_has(session)) {
        append(door,
               (struct journal_record){.kind = DOOR_ENDED, .number = {session->journal_number}});
        session->journal_number = 0;
        for (uint32_t i = 0; i < session->queue.count; i++) {
            door_queue_let_go(door, door_queue_at(&session->queue, i));
        }
    }
}

void door_journal_filter(struct mqtt_door *door, const struct door_session *session,
                         enum door_record kind, const struct journal_record *record) {
    if (door_journal_has(session)) {
        struct journal_record own = *record;
        own.kind = kind;
        own.number[0] = session->journal_number;
        append(door, own);
    }
}

// ---- messages ----------------------------------------------------------------------------------

struct journal_record door_journal_of_message(const struct door_message *message) {
    struct door_texts texts = door_message_texts(message);
    return (struct journal_record){
        .kind = DOOR_MESSAGE,
        .number = {message->journal_number, message->expires_at, message->qos, message->retain},
        .text = {texts.topic, texts.properties, texts.payload}};
}

struct journal_record door_journal_of_delivery(const struct door_session *session,
                                               const struct door_delivery *delivery) {
    return (struct journal_record){.kind = DOOR_QUEUED,
                                   .number = {session->journal_number, delivery->sequence,
                                              delivery->message->journal_number, delivery->qos,
                                              delivery->retain, delivery->identifier,
                                              delivery->packet_id, delivery->group_serial}};
}

void door_journal_queued(struct mqtt_door *door, const struct door_session *session,
                         struct door_delivery *delivery) {
    struct door_message *message = delivery->message;
    if (!door_journal_has(session)) {
        return;
    }
    if (message->keepers == 0) {
        message->journal_number = ++door->journal_numbers;
        append(door, door_journal_of_message(message));
    }
    door_queue_keep(delivery);
    append(door, door_journal_of_delivery(session, delivery));
}

void door_journal_delivery(struct mqtt_door *door, const struct door_session *session,
                           const struct door_delivery *delivery, enum door_record kind) {
    if (door_journal_has(session)) {
        uint16_t packet_id = kind == DOOR_DONE ? 0 : delivery->packet_id;
        append(door, (struct journal_record){
                         .kind = kind,
                         .number = {session->journal_number, delivery->sequence, packet_id}});
    }
}

void door_journal_received(struct mqtt_door *door, const struct door_session *session,
                           uint16_t packet_id, enum door_record kind) {
    if (door_journal_has(session)) {
        append(door, (struct journal_record){.kind = kind,
                                             .number = {session->journal_number, packet_id}});
    }
}
