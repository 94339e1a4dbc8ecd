#include "role/broker/subscribe/door_subscriptions.h"

#include "base/assert.h"
#include "role/broker/subscribe/door_groups.h"
#include "role/broker/session/door_numbers.h"
#include "role/broker/subscribe/door_retained.h"
#include "role/broker/mqtt/door_room.h"
#include "role/broker/mqtt/door_statistics.h"
#include "role/broker/mqtt/door_turns.h"
#include "topic/topic.h"

#define GROUP_COST 256 // a group with its first member

static const struct bytes share_mark = BYTES_LITERAL("$share/");

static struct broker_peer subscriber_of(const struct mqtt_door *door,
                                        const struct door_session *session) {
    return (struct broker_peer){door->number, session->number};
}

bool door_subscriptions_read(struct bytes text, struct door_wanted *wanted) {
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

// ---- room --------------------------------------------------------------------------------------

static size_t cost_of(const struct mqtt_door *door, const struct door_subscription *subscription) {
    return sizeof *subscription + topic_tree_cost(&door->core->subscriptions, subscription->node);
}

static size_t alias_bytes(const struct door_session *session) {
    const struct door_connection *connection = session->connection;
    bool has_some = connection != NULL && connection->apart->aliases_in != NULL;
    return has_some ? connection->apart->aliases_in->bytes : 0;
}

// DOOR_NO_GROUP: it is not shared, or there is none yet.
static uint32_t find_group(const struct mqtt_door *door, const struct door_wanted *wanted) {
    uint32_t node =
        wanted->share.size > 0 ? broker_core_find(door->core, wanted->filter) : TOPIC_TREE_NONE;
    return node == TOPIC_TREE_NONE ? DOOR_NO_GROUP : door_groups_find(door, wanted->share, node);
}

// Whether the subscription is shared by a group that there is, or there may be one more.
static bool has_group(const struct mqtt_door *door, const struct door_wanted *wanted) {
    return wanted->share.size == 0 || door_groups_have_room(door) ||
           find_group(door, wanted) != DOOR_NO_GROUP;
}

// Whether there is memory for the subscription, and for sending what is retained for it.
static bool has_room(struct mqtt_door *door, const struct door_session *session,
                     const struct door_wanted *wanted, bool is_new) {
    size_t cost = topic_filter_cost(wanted->filter) + wanted->share.size + GROUP_COST;
    size_t held = is_new ? session->subscription_bytes + alias_bytes(session) + cost : 0;
    return held <= memory_share(door->memory) &&
           door_room_to_keep(door, (is_new ? cost : 0) + door_retained_cost(wanted->filter));
}

bool door_subscriptions_have_room(struct mqtt_door *door, const struct door_session *session,
                                  const struct door_wanted *wanted, bool is_new) {
    return has_room(door, session, wanted, is_new) && has_group(door, wanted);
}

// ---- coming and going --------------------------------------------------------------------------

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

bool door_subscriptions_have(const struct mqtt_door *door, const struct door_session *session,
                             const struct door_wanted *wanted) {
    uint32_t node = broker_core_find(door->core, wanted->filter);
    if (node == TOPIC_TREE_NONE) {
        return false;
    }
    if (wanted->share.size > 0) {
        uint32_t group = door_groups_find(door, wanted->share, node);
        return group != DOOR_NO_GROUP && door_groups_member(door, group, session->number) != NULL;
    }
    uint32_t options;
    return broker_core_find_subscriber(door->core, subscriber_of(door, session), node, &options);
}

static struct door_subscription join_group(struct mqtt_door *door, struct door_session *session,
                                           const struct door_wanted *wanted, uint32_t options) {
    uint32_t group = find_group(door, wanted);
    if (group == DOOR_NO_GROUP) {
        group = door_groups_create(door, wanted->share, wanted->filter, wanted->group_serial);
    }
    struct door_member *member = door_groups_member(door, group, session->number);
    if (member != NULL) {
        member->options = options;
    } else {
        door_groups_add(door, group, session->number, options);
    }
    return (struct door_subscription){door->groups.items[group].node, group};
}

void door_subscriptions_add(struct mqtt_door *door, struct door_session *session,
                            const struct door_wanted *wanted, bool is_new) {
    uint32_t options = DOOR_OPTIONS(wanted->options, wanted->identifier);
    struct door_subscription subscription;
    if (wanted->share.size > 0) {
        subscription = join_group(door, session, wanted, options);
    } else {
        uint32_t node = broker_core_subscribe(door->core, subscriber_of(door, session),
                                              wanted->filter, options);
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

// Whether the group may have had this serial at an earlier door: it has it, or else none has.
static bool is_group_as_before(const struct mqtt_door *door, const struct door_wanted *wanted) {
    uint32_t group = find_group(door, wanted);
    uint32_t serial = wanted->group_serial;
    if (wanted->share.size == 0 || serial == 0) {
        return (wanted->share.size > 0) == (serial > 0);
    }
    return group != DOOR_NO_GROUP ? door_groups_serial(door, group) == serial
                                  : door_numbers_group(door, serial) == DOOR_NO_GROUP;
}

bool door_subscriptions_restore(struct mqtt_door *door, struct door_session *session,
                                struct bytes text, struct door_wanted *wanted) {
    if (!door_subscriptions_read(text, wanted) || !has_group(door, wanted) ||
        !is_group_as_before(door, wanted)) {
        return false;
    }
    door_subscriptions_add(door, session, wanted, !door_subscriptions_have(door, session, wanted));
    if (wanted->share.size > 0) {
        door_numbers_put_group(door, find_group(door, wanted));
    }
    return true;
}

uint32_t door_subscriptions_group(const struct mqtt_door *door, const struct door_wanted *wanted) {
    return door_groups_serial(door, find_group(door, wanted));
}

static void end_subscription(struct mqtt_door *door, struct door_session *session, uint32_t place) {
    door_turns_spend(door,
                     DOOR_LEAVE_STEPS + (session->subscription_count - place) / DOOR_LOOKS_A_STEP);
    struct door_subscription subscription = session->subscriptions[place];
    session->subscription_bytes -= cost_of(door, &subscription);
    if (subscription.group != DOOR_NO_GROUP) {
        door_groups_remove(door, subscription.group, session->number);
    } else {
        broker_core_unsubscribe(door->core, subscriber_of(door, session), subscription.node);
    }
    ASSERT(door->subscription_count > 0);
    session->subscription_count--;
    memmove(&session->subscriptions[place], &session->subscriptions[place + 1],
            (session->subscription_count - place) * sizeof subscription);
    door->subscription_count--;
    door->shared_count -= subscription.group != DOOR_NO_GROUP;
    door_statistics_left(door);
}

uint8_t door_subscriptions_leave(struct mqtt_door *door, struct door_session *session,
                                 struct bytes text) {
    struct door_wanted wanted;
    if (!door_subscriptions_read(text, &wanted)) {
        return MQTT_TOPIC_FILTER_INVALID;
    }
    if (!door_subscriptions_have(door, session, &wanted)) {
        return MQTT_NO_SUBSCRIPTION_EXISTED;
    }
    uint32_t node = broker_core_find(door->core, wanted.filter);
    uint32_t group =
        wanted.share.size > 0 ? door_groups_find(door, wanted.share, node) : DOOR_NO_GROUP;
    if (wanted.share.size == 0) {
        door_retained_stop(door, session, wanted.filter);
    }
    uint32_t place = find_subscription(session, node, group);
    door_turns_spend(door, place / DOOR_LOOKS_A_STEP);
    end_subscription(door, session, place);
    return MQTT_SUCCESS;
}

void door_subscriptions_end(struct mqtt_door *door, struct door_session *session) {
    while (session->subscription_count > 0) {
        end_subscription(door, session, session->subscription_count - 1);
    }
}

// ---- views -------------------------------------------------------------------------------------

uint32_t door_subscriptions_options(const struct mqtt_door *door,
                                    const struct door_session *session,
                                    const struct door_subscription *subscription) {
    uint32_t options = 0;
    if (subscription->group != DOOR_NO_GROUP) {
        return door_groups_member(door, subscription->group, session->number)->options;
    }
    (void)broker_core_find_subscriber(door->core, subscriber_of(door, session), subscription->node,
                                      &options);
    return options;
}

void door_subscriptions_filter(const struct mqtt_door *door,
                               const struct door_subscription *subscription, struct buffer *out) {
    if (subscription->group != DOOR_NO_GROUP) {
        const struct door_group *group = &door->groups.items[subscription->group];
        buffer_append(out, share_mark);
        buffer_append(out, bytes_make(group->name, group->name_bytes));
        buffer_append_byte(out, '/');
    }
    topic_tree_filter(&door->core->subscriptions, subscription->node, out);
}

void door_subscriptions_check(const struct mqtt_door *door, const struct door_session *session) {
    size_t bytes = 0;
    ASSERT(session->subscription_count <= session->subscription_capacity);
    for (uint32_t i = 0; i < session->subscription_count; i++) {
        const struct door_subscription *subscription = &session->subscriptions[i];
        uint32_t options;
        bytes += cost_of(door, subscription);
        if (subscription->group != DOOR_NO_GROUP) {
            ASSERT(door_groups_member(door, subscription->group, session->number) != NULL);
            ASSERT(door->groups.items[subscription->group].node == subscription->node);
        } else {
            ASSERT(broker_core_find_subscriber(door->core, subscriber_of(door, session),
                                               subscription->node, &options));
        }
    }
    ASSERT(bytes == session->subscription_bytes);
}
