#include "role/broker/subscribe/door_subscribe.h"

#include "base/assert.h"
#include "role/broker/delivery/door_held.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/session/door_access.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/session/door_mount.h"
#include "role/broker/subscribe/door_retained.h"
#include "role/broker/mqtt/door_room.h"
#include "role/broker/mqtt/door_statistics.h"
#include "role/broker/subscribe/door_subscriptions.h"
#include "role/broker/mqtt/door_turns.h"
#include "topic/topic.h"

// Section 3.3.1.3 of 5.0; before it, retained messages come with each SUBSCRIBE.
static void send_retained(struct mqtt_door *door, struct door_session *session,
                          const struct door_wanted *wanted, bool is_new, uint64_t now) {
    unsigned handling = MQTT_OPTION_RETAIN_HANDLING(wanted->options);
    if (wanted->share.size > 0 || handling == 2 || (handling == 1 && !is_new)) {
        return;
    }
    uint32_t options = DOOR_OPTIONS(wanted->options, wanted->identifier);
    if (broker_core_owns(door->core, wanted->filter)) {
        door_statistics_give(door, session, wanted->filter, options, now);
    } else {
        if (!is_new) {
            door_retained_stop(door, session, wanted->filter);
        }
        door_retained_start(door, session, wanted->filter, options, now);
    }
}

static void tell_refusal(struct mqtt_door *door, const struct door_connection *connection,
                         struct bytes text, uint8_t code) {
    door_connection_tell(door, DOOR_EVENT_NOT_SUBSCRIBED, connection,
                         (struct door_event){.text = text, .reason = (enum mqtt_reason)code});
}

// As door_subscriptions_read. The bridges of other brokers ask for what 5.0 has options for by a
// bit of the version: not to be sent what they published, and to be told what is retained.
static bool read_wanted(const struct door_connection *connection, struct bytes text,
                        struct door_wanted *wanted) {
    bool is_good = door_subscriptions_read(text, wanted);
    if (is_good && connection->is_bridge && wanted->share.size == 0) {
        wanted->options |= MQTT_OPTION_NO_LOCAL | MQTT_OPTION_RETAIN_AS_PUBLISHED;
    }
    return is_good;
}

// While the journal fails, sessions that stand in it stay as they are.
static bool is_beyond_promise(struct mqtt_door *door, const struct door_session *session) {
    bool is_refused = door_journal_has(session) && !journal_may_promise(door->journal);
    door->counts.refused_promises += is_refused;
    return is_refused;
}

// A filter with wildcards brings what may be read; one without would bring nothing.
static bool may_read(struct mqtt_door *door, const struct door_session *session,
                     struct bytes filter) {
    return door->config->access == NULL || topic_name_check(filter) != TOPIC_OK ||
           door_access_asks(door, session, ACCESS_READ, filter);
}

// A larger QoS is granted as the listener's [MQTT-3.8.4-8].
static void cut_qos(const struct door_listener_rules *rules, struct door_wanted *wanted) {
    uint8_t qos = wanted->options & MQTT_OPTION_QOS;
    if (rules->has_qos_max && qos > rules->qos_max) {
        wanted->options = (uint8_t)((wanted->options & ~MQTT_OPTION_QOS) | rules->qos_max);
    }
}

// The code for one filter. What is retained for it is sent when the SUBACK was.
static uint8_t receive_filter(struct mqtt_door *door, struct door_connection *connection,
                              struct bytes text, struct door_wanted *wanted, bool *is_new) {
    struct door_session *session = connection->session;
    bool is_5 = connection->version == MQTT_5;
    if (!read_wanted(connection, text, wanted)) {
        return MQTT_TOPIC_FILTER_INVALID;
    }
    const struct door_listener_rules *rules = door_connection_rules(door, connection);
    if (rules->has_no_wildcards && topic_name_check(wanted->filter) != TOPIC_OK) {
        return is_5 ? MQTT_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED : MQTT_UNSPECIFIED_ERROR;
    }
    cut_qos(rules, wanted);
    if (is_beyond_promise(door, session)) {
        return is_5 ? MQTT_QUOTA_EXCEEDED : MQTT_UNSPECIFIED_ERROR;
    }
    if (!may_read(door, session, wanted->filter)) {
        return is_5 ? MQTT_NOT_AUTHORIZED : MQTT_UNSPECIFIED_ERROR;
    }
    *is_new = !door_subscriptions_have(door, session, wanted);
    if (*is_new && session->subscription_count >= door->config->limits.subscriptions) {
        return is_5 ? MQTT_QUOTA_EXCEEDED : MQTT_UNSPECIFIED_ERROR;
    }
    if (!door_subscriptions_have_room(door, session, wanted, *is_new)) {
        return is_5 ? MQTT_QUOTA_EXCEEDED : MQTT_UNSPECIFIED_ERROR;
    }
    door_subscriptions_add(door, session, wanted, *is_new);
    door_journal_filter(door, session, DOOR_SUBSCRIBED,
                        &(struct journal_record){.number = {0, DOOR_OPTIONS_FLAGS(wanted->options),
                                                            wanted->identifier,
                                                            door_subscriptions_group(door, wanted)},
                                                 .text = {text}});
    door_connection_tell(door, DOOR_EVENT_SUBSCRIBED, connection,
                         (struct door_event){.text = text});
    return wanted->options & MQTT_OPTION_QOS;
}

static uint32_t identifier_of(const struct mqtt_packet *packet) {
    return mqtt_properties_have(&packet->properties, MQTT_SUBSCRIPTION_IDENTIFIER)
               ? packet->properties.subscription_identifier
               : 0;
}

static uint8_t leave_filter(struct mqtt_door *door, struct door_connection *connection,
                            struct bytes text) {
    struct door_session *session = connection->session;
    if (is_beyond_promise(door, session)) {
        return MQTT_IMPLEMENTATION_SPECIFIC_ERROR;
    }
    uint8_t code = door_subscriptions_leave(door, session, text);
    if (code == MQTT_SUCCESS) {
        door_journal_filter(door, session, DOOR_UNSUBSCRIBED,
                            &(struct journal_record){.text = {text}});
        door_connection_tell(door, DOOR_EVENT_UNSUBSCRIBED, connection,
                             (struct door_event){.text = text});
    }
    return code;
}

enum { CODES, RETAINED }; // what is done for each filter: the second once all are answered

// A packet under way: its filters are taken one by one, as far as the steps of a turn go. The
// packet itself stays at the front of the connection's input.
struct door_request {
    enum mqtt_type type;
    uint32_t identifier; // of its subscriptions, or 0
    uint32_t count;
    uint32_t done;
    size_t run_at; // of all filters, in the packet
    size_t run_bytes;
    size_t at; // of the next one, in the run
    uint16_t packet_id;
    uint8_t pass;
    uint8_t codes[]; // and behind them for each whether it is a new subscription
};

static size_t request_size(const struct door_request *request) {
    return sizeof *request + request->count * 2;
}

void door_subscribe_free(struct mqtt_door *door, struct door_connection *connection) {
    struct door_request *request = connection->request;
    if (request != NULL) {
        connection->request = NULL;
        memory_free(door->memory, request, request_size(request));
    }
}

static const char no_room[] = "there is no memory for so many filters";

void door_subscribe_receive(struct mqtt_door *door, struct door_connection *connection,
                            const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    uint32_t count = packet->filters.count;
    if (!door_connection_may_send(door, connection, count, now)) {
        return;
    }
    bool has_codes = packet->type == MQTT_SUBSCRIBE || connection->version == MQTT_5;
    if (!has_codes && is_beyond_promise(door, connection->session)) {
        door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED, "what it says cannot be kept");
        return;
    }
    size_t size = sizeof *connection->request + count * 2;
    if (!door_room_to_keep(door, size)) {
        door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED, no_room);
        return;
    }
    struct door_request *request = memory_allocate(door->memory, size);
    *request = (struct door_request){.type = packet->type,
                                     .packet_id = packet->packet_id,
                                     .identifier = identifier_of(packet),
                                     .count = count,
                                     .run_at = (size_t)(packet->filters.run.data - bytes.data),
                                     .run_bytes = packet->filters.run.size};
    connection->request = request;
    door_subscribe_resume(door, connection, bytes, now);
}

// False: it is malformed, or too long with its mount point.
static bool mount_filter(struct mqtt_door *door, const struct door_connection *connection,
                         struct bytes *text) {
    struct door_wanted wanted;
    if (door_mount_of(door, connection).size == 0) {
        return true; // it is judged later
    }
    if (!door_subscriptions_read(*text, &wanted)) {
        return false;
    }
    door_mount_filter(door, connection, text->size - wanted.filter.size, text);
    return door_subscriptions_read(*text, &wanted);
}

static void take_filter(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes text, uint8_t options, uint64_t now) {
    struct door_request *request = connection->request;
    uint8_t *code = &request->codes[request->done];
    uint8_t *is_new = code + request->count;
    struct door_wanted wanted = {.options = options, .identifier = request->identifier};
    bool is_5 = connection->version == MQTT_5;
    if (!mount_filter(door, connection, &text)) {
        *code = is_5 ? MQTT_TOPIC_FILTER_INVALID : MQTT_UNSPECIFIED_ERROR;
    } else if (request->type == MQTT_UNSUBSCRIBE) {
        *code = leave_filter(door, connection, text);
    } else if (request->pass == RETAINED) {
        if (*code < MQTT_UNSPECIFIED_ERROR && read_wanted(connection, text, &wanted)) {
            send_retained(door, connection->session, &wanted, *is_new != 0, now);
        }
    } else {
        bool was_new = false;
        *code = receive_filter(door, connection, text, &wanted, &was_new);
        *is_new = was_new;
        if (*code >= MQTT_UNSPECIFIED_ERROR) {
            tell_refusal(door, connection, text, *code);
        }
    }
    request->done++;
}

static void answer_filters(struct mqtt_door *door, struct door_connection *connection,
                           const struct door_request *request) {
    struct mqtt_packet reply = {.type =
                                    request->type == MQTT_SUBSCRIBE ? MQTT_SUBACK : MQTT_UNSUBACK,
                                .packet_id = request->packet_id,
                                .codes = bytes_make(request->codes, request->count)};
    if (door_journal_has(connection->session) && journal_may_promise(door->journal)) {
        door_held_begin(door, connection);
    }
    door_connection_send(door, connection, &reply);
}

// Whether there is another pass.
static bool end_pass(struct mqtt_door *door, struct door_connection *connection) {
    struct door_request *request = connection->request;
    if (request->pass == CODES) {
        answer_filters(door, connection, request);
    }
    request->done = 0;
    request->at = 0;
    return request->type == MQTT_SUBSCRIBE && request->pass++ == CODES;
}

// Before 5.0 there is no code for a malformed filter [MQTT3-4.7.1-3, MQTT3-4.8.0-1].
static bool is_malformed(const struct door_connection *connection, struct bytes text) {
    struct door_wanted wanted;
    return connection->version != MQTT_5 && !door_subscriptions_read(text, &wanted);
}

void door_subscribe_resume(struct mqtt_door *door, struct door_connection *connection,
                           struct bytes bytes, uint64_t now) {
    while (connection->request != NULL && !door_turns_are_spent(door)) {
        ASSERT(connection->state == DOOR_OPEN);
        struct door_request *request = connection->request;
        struct bytes run = bytes_make(bytes.data + request->run_at + request->at,
                                      request->run_bytes - request->at);
        struct bytes text;
        uint8_t options;
        if (mqtt_filter_next(request->type, &run, &text, &options)) {
            request->at = request->run_bytes - run.size;
            door_turns_spend(door, DOOR_FILTER_STEPS);
            if (is_malformed(connection, text)) {
                door_connection_fail(door, connection, MQTT_TOPIC_FILTER_INVALID,
                                     "a topic filter is malformed");
                return;
            }
            take_filter(door, connection, text, options, now);
        } else if (!end_pass(door, connection)) {
            door_subscribe_free(door, connection);
        }
    }
}
