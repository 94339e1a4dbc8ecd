#include "role/broker/delivery/door_fanout.h"

#include "base/apart.h"
#include "base/assert.h"
#include "role/broker/delivery/door_delivery.h"
#include "role/broker/delivery/door_waiting.h"
#include "role/broker/session/door_access.h"
#include "role/broker/subscribe/door_share.h"
#include "role/broker/mqtt/door_turns.h"

APART static void grow_targets(struct mqtt_door *door) {
    struct door_publishing *publishing = &door->publishing;
    publishing->targets = memory_grow(door->memory, publishing->targets, &publishing->capacity,
                                      publishing->count + 1, sizeof *publishing->targets);
}

static inline struct door_target *add_target(struct mqtt_door *door, uint32_t session,
                                             uint32_t options) {
    struct door_publishing *publishing = &door->publishing;
    if (publishing->count == publishing->capacity) {
        grow_targets(door);
    }
    struct door_target *target = &publishing->targets[publishing->count++];
    *target = (struct door_target){.session = session, .options = options, .group = DOOR_NO_GROUP};
    return target;
}

static uint32_t add_identifier(struct mqtt_door *door, uint32_t identifier, uint32_t more) {
    struct door_publishing *publishing = &door->publishing;
    publishing->identifiers =
        memory_grow(door->memory, publishing->identifiers, &publishing->identifier_capacity,
                    publishing->identifier_count + 2, sizeof *publishing->identifiers);
    publishing->identifiers[++publishing->identifier_count] =
        (struct door_identifiers){identifier, more};
    return publishing->identifier_count;
}

// One more subscription of a session that was found before: it gets the message once, with the
// highest QoS [MQTT-3.3.4-2] and all identifiers [MQTT-3.3.4-3].
APART static void merge(struct mqtt_door *door, struct door_target *target, uint32_t options) {
    uint32_t first = DOOR_OPTIONS_IDENTIFIER(target->options);
    uint32_t other = DOOR_OPTIONS_IDENTIFIER(options);
    if (first != 0 && other != 0) {
        target->more = add_identifier(door, other, target->more);
    }
    uint32_t qos = DOOR_OPTIONS_QOS(target->options) > DOOR_OPTIONS_QOS(options)
                       ? DOOR_OPTIONS_QOS(target->options)
                       : DOOR_OPTIONS_QOS(options);
    uint32_t as_published = (target->options | options) & MQTT_OPTION_RETAIN_AS_PUBLISHED;
    target->options = DOOR_OPTIONS(qos | as_published, first != 0 ? first : other);
}

static void on_session_match(struct mqtt_door *door, uint32_t number, uint32_t options,
                             const struct broker_entry *entry) {
    struct door_session *session = door->sessions[number];
    struct broker_peer own = {door->number, number};
    if ((options & MQTT_OPTION_NO_LOCAL) != 0 && broker_peer_is(own, entry->source)) {
        return; // [MQTT-3.8.3-3]
    }
    if (session->match_serial == entry->serial) {
        merge(door, &door->publishing.targets[session->match_place], options);
        return;
    }
    if (!door_access_reads(door, session, entry->topic)) {
        return;
    }
    session->match_serial = entry->serial;
    session->match_place = door->publishing.count;
    (void)add_target(door, number, options);
}

APART static void on_group_match(struct mqtt_door *door, uint32_t number, struct bytes topic) {
    const struct door_member *member = door_share_next(door, number, topic);
    if (member != NULL) {
        add_target(door, member->session, member->options)->group = number;
    }
}

static void on_match(void *context, uint32_t peer, uint32_t options,
                     const struct broker_entry *entry) {
    struct mqtt_door *door = context;
    if (peer >= DOOR_GROUP_PEERS) {
        on_group_match(door, peer - DOOR_GROUP_PEERS, entry->topic);
    } else {
        on_session_match(door, peer, options, entry);
    }
}

static void on_delivered(void *context, const struct broker_entry *entry, uint64_t now) {
    struct mqtt_door *door = context;
    struct door_publishing *publishing = &door->publishing;
    publishing->now = door->turns.now = now; // it may be another door that is called
    struct bytes properties = door_delivery_properties(door, entry);
    publishing->encodings_room.size = 0;
    access_topic_forget(&publishing->asked);
    door->core->work +=
        publishing->count * (DOOR_DELIVERY_STEPS + entry->value.size / DOOR_BYTES_A_STEP);
    struct door_sending publish = door_delivery_of(entry, 0, properties, now);
    publish.has_plenty =
        door_waiting_has_plenty(door, publishing->count, entry->topic.size + entry->value.size);
    if (publishing->count == 1 && entry->qos == 0 && entry->value.size <= DOOR_COPY_MAX) {
        publish.serial = 0; // nobody else gets the same bytes: they are written in their place
    }
    for (uint32_t i = 0; i < publishing->count; i++) {
        const struct door_target *target = &publishing->targets[i];
        door_delivery_aim(&publish, entry, target->options);
        publish.more = target->more;
        publish.group = target->group;
        publish.retain = entry->retain && (target->options & MQTT_OPTION_RETAIN_AS_PUBLISHED) != 0;
        door_delivery_send(door, door->sessions[target->session], entry, &publish);
    }
    publishing->count = publishing->identifier_count = 0;
    door_delivery_end(door);
}

void door_fanout_attach(struct mqtt_door *door) {
    buffer_init(&door->publishing.encodings_room, door->memory);
    buffer_init(&door->publishing.properties, door->memory);
    access_topic_init(&door->publishing.asked, door->memory);
    door->number = broker_core_add_door(
        door->core,
        (struct broker_door){.deliver = on_match, .delivered = on_delivered, .context = door});
}

void door_fanout_give_back(struct mqtt_door *door) {
    struct door_publishing *publishing = &door->publishing;
    buffer_deinit(&publishing->encodings_room);
    buffer_deinit(&publishing->properties);
    access_topic_deinit(&publishing->asked);
    memory_free(door->memory, publishing->targets,
                publishing->capacity * sizeof *publishing->targets);
    memory_free(door->memory, publishing->identifiers,
                publishing->identifier_capacity * sizeof *publishing->identifiers);
    publishing->targets = NULL;
    publishing->identifiers = NULL;
    publishing->capacity = publishing->identifier_capacity = 0;
}

void door_fanout_detach(struct mqtt_door *door) {
    broker_core_remove_door(door->core, door->number);
    door_fanout_give_back(door);
}
