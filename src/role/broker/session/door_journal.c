#include "role/broker/session/door_journal.h"

#include "base/assert.h"
#include "role/broker/session/door_sessions.h"

static uint64_t span_until(uint64_t time, uint64_t now) {
    return time == DOOR_NEVER ? ROLE_NEVER : time > now ? time - now : 0;
}

void door_journal_append(struct mqtt_door *door, const struct door_session *session,
                         struct door_record record) {
    ASSERT(door->port->append != NULL); // or is_kept would not be set
    record.client_id = door_client_id(session);
    door->port->append(door->port->context, &record);
}

static void set_message(struct door_record *record, const struct door_message *message) {
    struct door_texts texts = door_message_texts(message);
    record->topic = texts.topic;
    record->properties = texts.properties;
    record->payload = texts.payload;
    record->qos = message->qos;
    record->retain = message->retain;
}

static void set_will(struct door_record *record, const struct door_session *session, uint64_t now) {
    const struct door_will *will = session->will;
    bool is_connected = session->connection != NULL;
    record->has_will = true;
    record->will_delay = is_connected ? will->delay : span_until(session->since + will->delay, now);
    record->span = will->message->expires_at;
    set_message(record, will->message);
}

void door_journal_session(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    if (door->port->append == NULL || session->expiry == 0) {
        door_journal_end(door, session);
        return;
    }
    bool is_connected = session->connection != NULL;
    struct door_record record = {
        .kind = DOOR_RECORD_SESSION,
        .version = session->version,
        .expiry = session->expiry,
        .last_packet_id = session->last_packet_id,
        .is_connected = is_connected,
        .ends_in =
            is_connected ? door_sessions_span(door, session) : span_until(session->ends_at, now),
    };
    if (session->will != NULL) {
        set_will(&record, session, now);
    }
    session->is_recorded = true;
    door_journal_append(door, session, record);
}

void door_journal_end(struct mqtt_door *door, struct door_session *session) {
    if (session->is_recorded) {
        session->is_recorded = false;
        door_journal_append(door, session, (struct door_record){.kind = DOOR_RECORD_SESSION_ENDED});
    }
}

void door_journal_queued(struct mqtt_door *door, const struct door_session *session,
                         const struct door_delivery *delivery, uint64_t now) {
    struct door_record record = {.kind = DOOR_RECORD_QUEUED,
                                 .sequence = delivery->sequence,
                                 .identifier = delivery->identifier,
                                 .span = span_until(delivery->message->expires_at, now)};
    set_message(&record, delivery->message);
    record.qos = delivery->qos;
    record.retain = delivery->retain;
    door_journal_append(door, session, record);
}

void door_journal_delivery(struct mqtt_door *door, const struct door_session *session,
                           const struct door_delivery *delivery, enum door_record_kind kind) {
    if (!session->is_recorded) {
        return;
    }
    struct door_record record = {
        .kind = kind, .sequence = delivery->sequence, .packet_id = delivery->packet_id};
    door_journal_append(door, session, record);
}

static void on_retained_changed(void *context, const struct broker_entry *entry, uint64_t now) {
    const struct mqtt_door *door = context;
    struct door_record record = {.kind = DOOR_RECORD_NOT_RETAINED, .topic = entry->topic};
    if (!broker_entry_forgets(entry)) {
        record.kind = DOOR_RECORD_RETAINED;
        record.properties = entry->properties;
        record.payload = entry->value;
        record.span = span_until(entry->expires_at, now);
        record.origin = entry->address;
        record.qos = entry->qos;
        record.retain = true;
    }
    door->port->append(door->port->context, &record);
}

void door_journal_attach(struct mqtt_door *door) {
    if (door->port->append != NULL) {
        broker_core_add_observer(
            door->core, (struct broker_observer){.changed = on_retained_changed, .context = door});
    }
}

void door_journal_detach(struct mqtt_door *door) {
    if (door->port->append != NULL) {
        broker_core_remove_observer(door->core, door);
    }
}
