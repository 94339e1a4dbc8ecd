#include "role/broker/delivery/door_publish.h"

#include "base/utf8.h"
#include "role/broker/delivery/door_aliases.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/delivery/door_entry.h"
#include "role/broker/delivery/door_held.h"
#include "role/broker/session/door_access.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/session/door_mount.h"
#include "role/broker/delivery/door_received.h"
#include "role/broker/mqtt/door_turns.h"

static bool is_text(const struct mqtt_packet *packet) {
    return !mqtt_properties_have(&packet->properties, MQTT_PAYLOAD_FORMAT) ||
           packet->properties.payload_format == 0 || utf8_is_well_formed(packet->publish.payload);
}

static enum mqtt_reason publish_packet(struct mqtt_door *door, struct door_connection *connection,
                                       const struct mqtt_packet *packet, struct bytes topic,
                                       uint64_t now) {
    const struct mqtt_publish *publish = &packet->publish;
    if (connection->is_mounted && !door_mount_topic(door, connection, &topic)) {
        door->counts.refused_messages++;
        return MQTT_TOPIC_NAME_INVALID;
    }
    if (door_entry_is_refused(door, topic)) {
        return MQTT_NOT_AUTHORIZED;
    }
    if (!door_access_allows(door, connection->session, ACCESS_WRITE, topic)) {
        door_access_refuse(door, connection->session, topic);
        return MQTT_NOT_AUTHORIZED;
    }
    struct broker_entry entry = {.topic = topic,
                                 .value = publish->payload,
                                 .source = {door->number, connection->session->number},
                                 .expires_at = DOOR_NEVER,
                                 .qos = publish->qos,
                                 .retain = publish->retain,
                                 .empty_forgets = true};
    struct buffer properties = {.memory = door->memory};
    bool has_properties = connection->version == MQTT_5 && packet->properties.raw.size > 0;
    if (has_properties) {
        door_entry_properties(&packet->properties, door_mount_of(door, connection), &properties);
        entry.properties = buffer_bytes(&properties);
        if (mqtt_properties_have(&packet->properties, MQTT_MESSAGE_EXPIRY)) {
            entry.expires_at = now + packet->properties.message_expiry * ROLE_SECOND;
        }
    }
    enum mqtt_reason reason = door_entry_publish(door, connection, &entry, now);
    if (has_properties) {
        buffer_deinit(&properties);
    }
    return reason;
}

// While the journal fails, nobody is told that we have a message for good. Before 5.0 there is no
// other way to say so than to end the connection.
static bool is_beyond_promise(struct mqtt_door *door, struct door_connection *connection) {
    if (journal_may_promise(door->journal)) {
        return false;
    }
    door->counts.refused_promises++;
    if (connection->version != MQTT_5) {
        door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED, "what it says cannot be kept");
    }
    return true;
}

static enum mqtt_reason publish_promised(struct mqtt_door *door, struct door_connection *connection,
                                         const struct mqtt_packet *packet, struct bytes topic,
                                         uint64_t now) {
    return is_beyond_promise(door, connection)
               ? MQTT_QUOTA_EXCEEDED
               : publish_packet(door, connection, packet, topic, now);
}

// PUBACK or PUBREC: that the message is ours from now on, unless it is refused.
static void answer(struct mqtt_door *door, struct door_connection *connection, enum mqtt_type type,
                   uint16_t packet_id, enum mqtt_reason reason) {
    if (connection->state != DOOR_OPEN) {
        return;
    }
    if (reason < MQTT_UNSPECIFIED_ERROR || connection->version != MQTT_5) {
        door_held_begin(door, connection);
    }
    door_connection_answer(door, connection, type, packet_id, reason);
}

// The message is noted before it is published: who gets it as QoS 0 gets it once it is durable that
// it came. A refusal ends what 5.0 clients begin: no PUBREL comes (section 4.3.3). Those before it
// are not told of it, and go on.
static enum mqtt_reason publish_new(struct mqtt_door *door, struct door_connection *connection,
                                    const struct mqtt_packet *packet, struct bytes topic,
                                    uint64_t now) {
    struct door_session *session = connection->session;
    uint16_t packet_id = packet->publish.packet_id;
    door_journal_received(door, session, packet_id, DOOR_RECEIVED);
    enum mqtt_reason reason = publish_promised(door, connection, packet, topic, now);
    bool is_told = session->version == MQTT_5 || connection->state == DOOR_OVER;
    if (reason >= MQTT_UNSPECIFIED_ERROR && is_told) {
        (void)door_received_remove(session, packet_id);
        door_journal_received(door, session, packet_id, DOOR_COMPLETED);
    }
    return reason;
}

static void receive_qos_2(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes topic, uint64_t now) {
    uint16_t packet_id = packet->publish.packet_id;
    enum mqtt_reason reason = MQTT_SUCCESS;
    switch (door_received_note(door, connection->session, packet_id)) {
    case DOOR_ARRIVAL_NEW:
        reason = publish_new(door, connection, packet, topic, now);
        break;
    case DOOR_ARRIVAL_AGAIN:
        break; // it was published when it came first [MQTT-4.3.3-10]
    case DOOR_ARRIVAL_TOO_MANY:
        door_connection_fail(door, connection, MQTT_RECEIVE_MAXIMUM_EXCEEDED,
                             "more QoS 2 messages are under way than the receive maximum");
        return;
    case DOOR_ARRIVAL_NO_ROOM:
        door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED,
                             "there is no memory for its messages");
        return;
    }
    answer(door, connection, MQTT_PUBREC, packet_id, reason);
}

// False: the listener does not take such messages, which ends the connection.
static bool keeps_rules(struct mqtt_door *door, struct door_connection *connection,
                        const struct mqtt_packet *packet) {
    const struct door_listener_rules *rules = door_connection_rules(door, connection);
    if (rules->has_qos_max && packet->publish.qos > rules->qos_max) {
        door_connection_fail(door, connection, MQTT_QOS_NOT_SUPPORTED,
                             "the listener does not take this QoS");
        return false;
    }
    if (rules->has_no_retain && packet->publish.retain) {
        door_connection_fail(door, connection, MQTT_RETAIN_NOT_SUPPORTED,
                             "the listener retains nothing");
        return false;
    }
    return true;
}

static bool may_publish(struct mqtt_door *door, struct door_connection *connection,
                        const struct mqtt_packet *packet, struct bytes *topic, uint64_t now) {
    uint32_t most = door->config->limits.messages_a_second;
    struct door_rates *rates = connection->apart->rates;
    if (rates != NULL && !rate_take(&rates->messages, &(struct rate_rule){most, most}, 1, now)) {
        door->counts.too_fast++;
        door_connection_fail(door, connection, MQTT_MESSAGE_RATE_TOO_HIGH,
                             "more messages than allowed");
        return false;
    }
    if (door->config->listeners != NULL && !keeps_rules(door, connection, packet)) {
        return false;
    }
    if (connection->version != MQTT_5) {
        return true;
    }
    enum mqtt_reason reason =
        mqtt_properties_have(&packet->properties, MQTT_TOPIC_ALIAS)
            ? door_aliases_resolve(door, connection, packet->properties.topic_alias, topic)
            : MQTT_SUCCESS;
    if (reason != MQTT_SUCCESS) {
        door_connection_fail(door, connection, reason,
                             reason == MQTT_QUOTA_EXCEEDED
                                 ? "there is no memory for its topic aliases"
                                 : "the topic alias was not set, or is above the maximum");
    }
    return reason == MQTT_SUCCESS;
}

void door_publish_receive(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, uint64_t now) {
    struct bytes topic = packet->publish.topic;
    door_turns_spend(door,
                     DOOR_PUBLISH_STEPS + packet->properties.raw.size / DOOR_PROPERTIES_A_STEP);
    door->counts.messages_received++;
    door->counts.payload_received += packet->publish.payload.size;
    if (packet->publish.qos > 0) {
        door->counts.received_of_qos[packet->publish.qos - 1]++;
    }
    if (!may_publish(door, connection, packet, &topic, now)) {
        return;
    }
    if (connection->version == MQTT_5 && packet->properties.raw.size > 0 && !is_text(packet)) {
        door_connection_fail(door, connection, MQTT_PAYLOAD_FORMAT_INVALID,
                             "the payload is said to be UTF-8 and is not");
        return;
    }
    uint16_t packet_id = packet->publish.packet_id;
    switch (packet->publish.qos) {
    case 0:
        (void)publish_packet(door, connection, packet, topic, now);
        break;
    case 1:
        answer(door, connection, MQTT_PUBACK, packet_id,
               publish_promised(door, connection, packet, topic, now));
        break;
    default:
        receive_qos_2(door, connection, packet, topic, now);
        break;
    }
}

void door_publish_release(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet) {
    struct door_session *session = connection->session;
    struct mqtt_flow_arrival arrival =
        mqtt_flow_released(door_received_remove(session, packet->packet_id));
    if (arrival.is_known) {
        door_journal_received(door, session, packet->packet_id, DOOR_COMPLETED);
    }
    door_held_begin(door, connection); // the client may use the packet id anew then
    door_connection_answer(door, connection, (enum mqtt_type)arrival.answer, packet->packet_id,
                           (enum mqtt_reason)arrival.reason);
}
