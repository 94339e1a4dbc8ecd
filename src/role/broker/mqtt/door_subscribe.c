#include "role/broker/mqtt/door_subscribe.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_groups.h"
#include "role/broker/mqtt/door_retained.h"
#include "role/broker/mqtt/door_statistics.h"
#include "role/broker/mqtt/door_turns.h"
#include "topic/topic.h"

#define GROUP_COST 256 // a group with its first member

static const struct bytes share_mark = BYTES_LITERAL("$share/");

static struct broker_peer subscriber_of(const struct mqtt_door *door,
                                        const struct door_session *session) {
    return (struct broker_peer){door->number, session->number};
}

// A filter as the client wrote it, taken apart.
struct wanted {
    struct bytes filter; // without $share/NAME/
    struct bytes share;  // NAME; empty: it is not shared
    uint8_t options;
    uint32_t identifier;
};

// False: the filter is wrong (5.0, sections 4.7 and 4.8.2).
static bool read_filter(struct bytes text, struct wanted *wanted) {
    wanted->filter = text;
    wanted->share = (struct bytes){0};
    if (bytes_starts_with(text, share_mark)) {
        struct bytes rest = bytes_make(text.data + share_mark.size, text.size - share_mark.size);
        wanted->share = topic_level(rest, 0);
        if (wanted->share.size == 0 || wanted->share.size == rest.size ||
            memchr(wanted->share.data, '+', wanted->share.size) != NULL ||
            memchr(wanted->share.data, '#', wanted->share.size) != NULL) {
            return false; // [MQTT-4.8.2-1, MQTT-4.8.2-2]
        }
        wanted->filter =
            bytes_make(rest.data + wanted->share.size + 1, rest.size - wanted->share.size - 1);
    }
    return topic_filter_check(wanted->filter) == TOPIC_OK;
}

// ---- subscriptions ----------------------------------------------------------------------------

// The session's subscription at this node and of this group; its count if there is none.
static uint32_t find_subscription(const struct door_session *session, uint32_t node,
                                  uint32_t group) {
    uint32_t i = 0;
    while (i < session->subscription_count &&
           (session->subscriptions[i].node != node || session->subscriptions[i].group != group)) {
        i++;
    }
    return i;
}

static bool is_subscribed(const struct mqtt_door *door, const struct door_session *session,
                          const struct wanted *wanted) {
    uint32_t node = broker_core_find(door->core, wanted->filter);
    if (node == TOPIC_TREE_NONE) {
        return false;
    }
    if (wanted->share.size > 0) {
        uint32_t group = door_group_find(door, wanted->share, node);
        return group != DOOR_NO_GROUP && door_group_member(door, group, session->number) != NULL;
    }
    uint32_t detail;
    return broker_core_find_subscriber(door->core, subscriber_of(door, session), node, &detail);
}

static struct door_subscription join_group(struct mqtt_door *door, struct door_session *session,
                                           const struct wanted *wanted, uint32_t detail) {
    uint32_t node = broker_core_find(door->core, wanted->filter);
    uint32_t group =
        node == TOPIC_TREE_NONE ? DOOR_NO_GROUP : door_group_find(door, wanted->share, node);
    if (group == DOOR_NO_GROUP) {
        group = door_group_create(door, wanted->share, wanted->filter);
    }
    struct door_member *member = door_group_member(door, group, session->number);
    if (member != NULL) {
        member->detail = detail;
    } else {
        door_group_add(door, group, session->number, detail);
    }
    return (struct door_subscription){door->groups.items[group].node, group};
}

static size_t cost_of(const struct mqtt_door *door, const struct door_subscription *subscription) {
    return sizeof *subscription + topic_tree_cost(&door->core->subscriptions, subscription->node);
}

static size_t alias_bytes(const struct door_session *session) {
    const struct door_connection *connection = session->connection;
    bool has_some = connection != NULL && connection->aliases_in != NULL;
    return has_some ? connection->aliases_in->bytes : 0;
}

// Whether the subscription is shared by a group that there is, or there may be one more.
static bool has_group(const struct mqtt_door *door, const struct wanted *wanted) {
    uint32_t node = broker_core_find(door->core, wanted->filter);
    return wanted->share.size == 0 || door_groups_have_room(door) ||
           (node != TOPIC_TREE_NONE && door_group_find(door, wanted->share, node) != DOOR_NO_GROUP);
}

// Whether there is memory for the subscription, and for sending what is retained for it.
static bool has_room(struct mqtt_door *door, const struct door_session *session,
                     const struct wanted *wanted, bool is_new) {
    size_t cost = topic_filter_cost(wanted->filter) + wanted->share.size + GROUP_COST;
    size_t held = is_new ? session->subscription_bytes + alias_bytes(session) + cost : 0;
    return held <= memory_share(door->memory) &&
           door_has_room_to_keep(door, (is_new ? cost : 0) + door_retained_cost(wanted->filter));
}

static void subscribe(struct mqtt_door *door, struct door_session *session,
                      const struct wanted *wanted, bool is_new) {
    uint32_t detail = DOOR_DETAIL(wanted->options, wanted->identifier);
    struct door_subscription subscription;
    if (wanted->share.size > 0) {
        subscription = join_group(door, session, wanted, detail);
    } else {
        uint32_t node =
            broker_core_subscribe(door->core, subscriber_of(door, session), wanted->filter, detail);
        subscription = (struct door_subscription){node, DOOR_NO_GROUP};
    }
    if (is_new) {
        session->subscription_bytes += cost_of(door, &subscription);
        session->subscriptions =
            memory_grow(door->memory, session->subscriptions, &session->subscription_capacity,
                        session->subscription_count + 1, sizeof subscription);
        session->subscriptions[session->subscription_count++] = subscription;
        door->subscription_count++;
        door->shared_count += subscription.group != DOOR_NO_GROUP;
    }
}

bool door_subscription_restore(struct mqtt_door *door, struct door_session *session,
                               const struct door_wish *wish) {
    struct wanted wanted = {.options = wish->options, .identifier = wish->identifier};
    if (!read_filter(wish->topic, &wanted) || !has_group(door, &wanted)) {
        return false;
    }
    subscribe(door, session, &wanted, !is_subscribed(door, session, &wanted));
    return true;
}

static void end_subscription(struct mqtt_door *door, struct door_session *session, uint32_t place) {
    door_spend(door, DOOR_LEAVE_STEPS + (session->subscription_count - place) / DOOR_LOOKS_A_STEP);
    struct door_subscription subscription = session->subscriptions[place];
    session->subscription_bytes -= cost_of(door, &subscription);
    if (subscription.group != DOOR_NO_GROUP) {
        door_group_remove(door, subscription.group, session->number);
    } else {
        broker_core_unsubscribe(door->core, subscriber_of(door, session), subscription.node);
    }
    session->subscription_count--;
    memmove(&session->subscriptions[place], &session->subscriptions[place + 1],
            (session->subscription_count - place) * sizeof subscription);
    door->subscription_count--;
    door->shared_count -= subscription.group != DOOR_NO_GROUP;
    door_statistics_left(door);
}

void door_subscriptions_end(struct mqtt_door *door, struct door_session *session) {
    while (session->subscription_count > 0) {
        end_subscription(door, session, session->subscription_count - 1);
    }
}

uint32_t door_subscription_detail(const struct mqtt_door *door, const struct door_session *session,
                                  const struct door_subscription *subscription) {
    uint32_t detail = 0;
    if (subscription->group != DOOR_NO_GROUP) {
        return door_group_member(door, subscription->group, session->number)->detail;
    }
    (void)broker_core_find_subscriber(door->core, subscriber_of(door, session), subscription->node,
                                      &detail);
    return detail;
}

void door_subscription_filter(const struct mqtt_door *door,
                              const struct door_subscription *subscription, struct buffer *out) {
    if (subscription->group != DOOR_NO_GROUP) {
        const struct door_group *group = &door->groups.items[subscription->group];
        buffer_append(out, share_mark);
        buffer_append(out, bytes_make(group->name, group->name_bytes));
        buffer_append_byte(out, '/');
    }
    topic_tree_filter(&door->core->subscriptions, subscription->node, out);
}

// ---- retained messages ------------------------------------------------------------------------

// Section 3.3.1.3 of 5.0; before it, retained messages come with each SUBSCRIBE.
static void send_retained(struct mqtt_door *door, struct door_session *session,
                          const struct wanted *wanted, bool is_new, uint64_t now) {
    unsigned handling = MQTT_OPTION_RETAIN_HANDLING(wanted->options);
    if (wanted->share.size > 0 || handling == 2 || (handling == 1 && !is_new)) {
        return;
    }
    uint32_t detail = DOOR_DETAIL(wanted->options, wanted->identifier);
    if (broker_core_owns(door->core, wanted->filter)) {
        door_statistics_give(door, session, wanted->filter, detail, now);
    } else {
        if (!is_new) {
            door_retained_stop(door, session, wanted->filter);
        }
        door_retained_start(door, session, wanted->filter, detail, now);
    }
}

// ---- packets ----------------------------------------------------------------------------------

static void tell_refusal(struct mqtt_door *door, const struct door_connection *connection,
                         struct bytes text, uint8_t code) {
    door_tell(door, DOOR_EVENT_NOT_SUBSCRIBED, connection,
              (struct door_event){.text = text, .reason = (enum mqtt_reason)code});
}

// As read_filter. The bridges of other brokers ask for what 5.0 has options for by a bit of the
// version: not to be sent what they published, and to be told what is retained.
static bool read_wanted(const struct door_connection *connection, struct bytes text,
                        struct wanted *wanted) {
    bool is_good = read_filter(text, wanted);
    if (is_good && connection->is_bridge && wanted->share.size == 0) {
        wanted->options |= MQTT_OPTION_NO_LOCAL | MQTT_OPTION_RETAIN_AS_PUBLISHED;
    }
    return is_good;
}

// The code for one filter. What is retained for it is sent when the SUBACK was.
static uint8_t receive_filter(struct mqtt_door *door, struct door_connection *connection,
                              struct bytes text, struct wanted *wanted, bool *is_new) {
    struct door_session *session = connection->session;
    bool is_5 = connection->version == MQTT_5;
    if (!read_wanted(connection, text, wanted)) {
        return MQTT_TOPIC_FILTER_INVALID;
    }
    *is_new = !is_subscribed(door, session, wanted);
    if (*is_new && session->subscription_count >= door->config->limits.subscriptions) {
        return is_5 ? MQTT_QUOTA_EXCEEDED : MQTT_UNSPECIFIED_ERROR;
    }
    if (!has_room(door, session, wanted, *is_new) || !has_group(door, wanted)) {
        return is_5 ? MQTT_QUOTA_EXCEEDED : MQTT_UNSPECIFIED_ERROR;
    }
    subscribe(door, session, wanted, *is_new);
    if (session->is_kept) {
        door_keep(door, session,
                  (struct door_wish){.kind = DOOR_WISH_SUBSCRIPTION,
                                     .topic = text,
                                     .options = wanted->options,
                                     .identifier = wanted->identifier});
    }
    door_tell(door, DOOR_EVENT_SUBSCRIBED, connection, (struct door_event){.text = text});
    return wanted->options & MQTT_OPTION_QOS;
}

static uint32_t identifier_of(const struct mqtt_packet *packet) {
    return mqtt_properties_have(&packet->properties, MQTT_SUBSCRIPTION_IDENTIFIER)
               ? packet->properties.subscription_identifier
               : 0;
}

static const char no_room[] = "there is no memory for so many filters";

uint8_t door_subscription_leave(struct mqtt_door *door, struct door_session *session,
                                struct bytes text) {
    struct wanted wanted;
    if (!read_filter(text, &wanted)) {
        return MQTT_TOPIC_FILTER_INVALID;
    }
    if (!is_subscribed(door, session, &wanted)) {
        return MQTT_NO_SUBSCRIPTION_EXISTED;
    }
    uint32_t node = broker_core_find(door->core, wanted.filter);
    uint32_t group =
        wanted.share.size > 0 ? door_group_find(door, wanted.share, node) : DOOR_NO_GROUP;
    if (wanted.share.size == 0) {
        door_retained_stop(door, session, wanted.filter);
    }
    uint32_t place = find_subscription(session, node, group);
    door_spend(door, place / DOOR_LOOKS_A_STEP);
    end_subscription(door, session, place);
    return MQTT_SUCCESS;
}

static uint8_t leave_filter(struct mqtt_door *door, struct door_connection *connection,
                            struct bytes text) {
    struct door_session *session = connection->session;
    uint8_t code = door_subscription_leave(door, session, text);
    if (code == MQTT_SUCCESS && session->is_kept) {
        door_keep(door, session,
                  (struct door_wish){.kind = DOOR_WISH_UNSUBSCRIPTION, .topic = text});
    }
    if (code == MQTT_SUCCESS) {
        door_tell(door, DOOR_EVENT_UNSUBSCRIBED, connection, (struct door_event){.text = text});
    }
    return code;
}

// ---- packets in parts -------------------------------------------------------------------------

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

void door_request_free(struct mqtt_door *door, struct door_connection *connection) {
    struct door_request *request = connection->request;
    if (request != NULL) {
        connection->request = NULL;
        memory_free(door->memory, request, request_size(request));
    }
}

void door_receive_request(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    uint32_t count = packet->filters.count;
    if (!door_may_send(door, connection, count, now)) {
        return;
    }
    size_t size = sizeof *connection->request + count * 2;
    if (!door_has_room_to_keep(door, size)) {
        door_fail(door, connection, MQTT_QUOTA_EXCEEDED, no_room, now);
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
    door_request_go_on(door, connection, bytes, now);
}

static void take_filter(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes text, uint8_t options, uint64_t now) {
    struct door_request *request = connection->request;
    uint8_t *code = &request->codes[request->done];
    uint8_t *is_new = code + request->count;
    struct wanted wanted = {.options = options, .identifier = request->identifier};
    if (request->type == MQTT_UNSUBSCRIBE) {
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
    door_send(door, connection, &reply);
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
    struct wanted wanted;
    return connection->version != MQTT_5 && !read_filter(text, &wanted);
}

// What a filter does may end the connection, and the filters with it.
void door_request_go_on(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes bytes, uint64_t now) {
    while (connection->request != NULL && !door_is_spent(door)) {
        struct door_request *request = connection->request;
        struct bytes run = bytes_make(bytes.data + request->run_at + request->at,
                                      request->run_bytes - request->at);
        struct bytes text;
        uint8_t options;
        if (mqtt_filter_next(request->type, &run, &text, &options)) {
            request->at = request->run_bytes - run.size;
            door_spend(door, DOOR_FILTER_STEPS);
            if (is_malformed(connection, text)) {
                door_fail(door, connection, MQTT_TOPIC_FILTER_INVALID,
                          "a topic filter is malformed", now);
                return;
            }
            take_filter(door, connection, text, options, now);
        } else if (!end_pass(door, connection)) {
            door_request_free(door, connection);
        }
    }
}
