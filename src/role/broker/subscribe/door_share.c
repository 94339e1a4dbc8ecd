#include "role/broker/subscribe/door_share.h"

#include "base/assert.h"
#include "role/broker/delivery/door_delivery.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/mqtt/door_turns.h"
#include "role/broker/session/door_access.h"

// DOOR_NO_GROUP: none may read the topic.
static uint32_t choose_member(struct mqtt_door *door, const struct door_group *group,
                              struct bytes topic) {
    ASSERT(group->count > 0); // it goes with its last member
    uint32_t chosen = DOOR_NO_GROUP;
    uint32_t absent = DOOR_NO_GROUP; // the first of those
    uint32_t looked = 0;
    for (bool is_ready = false; looked < group->count && !is_ready; looked++) {
        uint32_t place = (group->next + looked) % group->count;
        const struct door_session *session = door->sessions[group->members[place].session];
        if (!door_access_reads(door, session, topic)) {
            continue;
        }
        bool is_there = session->connection != NULL;
        absent = !is_there && absent == DOOR_NO_GROUP ? place : absent;
        is_ready = is_there && session->queue.count == session->queue.cursor;
        chosen = is_ready || (is_there && chosen == DOOR_NO_GROUP) ? place : chosen;
    }
    door->core->work += looked / DOOR_LOOKS_A_STEP;
    return chosen == DOOR_NO_GROUP ? absent : chosen;
}

const struct door_member *door_share_next(struct mqtt_door *door, uint32_t number,
                                          struct bytes topic) {
    ASSERT(number < door->groups.used);
    struct door_group *group = &door->groups.items[number];
    uint32_t place = choose_member(door, group, topic);
    if (place == DOOR_NO_GROUP) {
        return NULL;
    }
    group->next = (place + 1) % group->count;
    return &group->members[place];
}

// Whether another member may have it: not a message of QoS 2 that was sent [MQTT-4.8.2-5].
static bool may_be_handed_over(const struct mqtt_door *door, const struct door_delivery *delivery,
                               uint64_t now) {
    const struct door_groups *groups = &door->groups;
    bool is_open =
        delivery->flight == MQTT_FLOW_EXPECT_SENDING || delivery->flight == MQTT_FLOW_EXPECT_PUBACK;
    return delivery->group_serial != 0 && delivery->group < groups->used &&
           groups->items[delivery->group].serial == delivery->group_serial && is_open &&
           delivery->message->expires_at > now;
}

static void hand_over(struct mqtt_door *door, const struct door_delivery *delivery, uint64_t now) {
    ASSERT(door->publishing.message == NULL); // sessions do not end within a publishing
    struct door_message *message = delivery->message;
    struct door_texts texts = door_message_texts(message);
    uint64_t work = door->core->work;
    const struct door_member *next = door_share_next(door, delivery->group, texts.topic);
    access_topic_forget(&door->publishing.asked);
    door_turns_spend(door, door->core->work - work);
    if (next == NULL) {
        return;
    }
    struct door_member member = *next;
    struct broker_entry entry = {.topic = texts.topic,
                                 .value = texts.payload,
                                 .properties = texts.properties,
                                 .source = BROKER_NOBODY,
                                 .expires_at = message->expires_at,
                                 .qos = message->qos};
    struct door_sending publish = door_delivery_of(&entry, member.options, texts.properties, now);
    publish.group = delivery->group;
    door->publishing.message = message; // the new member shares it
    message->references++;
    door_turns_spend(door, DOOR_DELIVERY_STEPS);
    door_delivery_send(door, door->sessions[member.session], &entry, &publish);
    door_delivery_end(door);
}

void door_share_hand_over(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_queue *queue = &session->queue;
    // While a door is restored, records say who was handed what.
    uint32_t count = door->numbers == NULL ? queue->count : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct door_delivery *delivery = door_queue_at(queue, i);
        if (may_be_handed_over(door, delivery, now)) {
            hand_over(door, delivery, now);
            door_queue_release(door, queue, delivery);
        }
    }
}
