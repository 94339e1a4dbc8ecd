#include "role/broker/session/door_journal.h"

#include "base/assert.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/session/door_access.h"

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
    struct journal_record record = door_journal_of_session(session);
    journal_append(door->journal, &record);
    if (session->will != NULL) {
        record = door_journal_of_will(session);
        journal_append(door->journal, &record);
    }
}

// It may live on until its connection ends; what waits for it is kept by it no more.
void door_journal_end(struct mqtt_door *door, struct door_session *session) {
    if (door_journal_has(session)) {
        journal_append(door->journal, &(struct journal_record){
                                          .kind = DOOR_ENDED, .number = {session->journal_number}});
        session->journal_number = 0;
        for (uint32_t i = 0; i < session->queue.count; i++) {
            struct door_delivery *delivery = door_queue_at(&session->queue, i);
            delivery->record = 0;
            door_queue_let_go(door, delivery);
        }
    }
}

void door_journal_filter(struct mqtt_door *door, const struct door_session *session,
                         enum door_record kind, const struct journal_record *record) {
    if (door_journal_has(session)) {
        struct journal_record own = *record;
        own.kind = kind;
        own.number[0] = session->journal_number;
        journal_append(door->journal, &own);
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
    delivery->is_first = message->keepers == 0;
    if (delivery->is_first) {
        message->journal_number = ++door->journal_numbers;
        message->is_told = false;
        struct journal_record record = door_journal_of_message(message);
        journal_append(door->journal, &record);
    }
    door_queue_keep(delivery);
    struct journal_record record = door_journal_of_delivery(session, delivery);
    journal_append(door->journal, &record);
    delivery->record = door->journal->appended;
}

// A delivery that is done before it was written: nothing is to be told of it, nor of a message that
// no other one stands for in the journal.
static bool take_back(struct mqtt_door *door, const struct door_delivery *delivery) {
    if (delivery->record == 0 || !journal_take_back(door->journal, delivery->record)) {
        return false;
    }
    ASSERT(delivery->is_kept && delivery->message->keepers > 0);
    if (delivery->is_first && delivery->message->keepers == 1 && !delivery->message->is_told) {
        (void)journal_take_back(door->journal, delivery->record - 1);
    }
    return true;
}

void door_journal_delivery(struct mqtt_door *door, const struct door_session *session,
                           struct door_delivery *delivery, enum door_record kind) {
    bool is_done = kind == DOOR_DONE;
    if (!door_journal_has(session) || (is_done && take_back(door, delivery))) {
        return;
    }
    uint16_t packet_id = is_done ? 0 : delivery->packet_id;
    const struct journal_record record = {
        .kind = kind, .number = {session->journal_number, delivery->sequence, packet_id}};
    journal_append(door->journal, &record);
    delivery->record = 0;
}

void door_journal_received(struct mqtt_door *door, const struct door_session *session,
                           uint16_t packet_id, enum door_record kind) {
    if (door_journal_has(session)) {
        const struct journal_record record = {.kind = kind,
                                              .number = {session->journal_number, packet_id}};
        journal_append(door->journal, &record);
    }
}
