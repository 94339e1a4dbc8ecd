#include "role/broker/session/door_snapshot.h"

#include "role/broker/delivery/door_queue.h"
#include "role/broker/subscribe/door_groups.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/subscribe/door_subscriptions.h"

struct receiver {
    journal_receiver *take;
    void *context;
};

static void give(struct receiver to, struct journal_record record) {
    to.take(to.context, &record);
}

static void give_session(struct receiver to, const struct door_session *session) {
    give(to, door_journal_of_session(session));
    if (session->will != NULL) {
        give(to, door_journal_of_will(session));
    }
}

static void snapshot_subscriptions(const struct mqtt_door *door, const struct door_session *session,
                                   struct receiver to) {
    struct buffer filter;
    buffer_init(&filter, door->memory);
    for (uint32_t i = 0; i < session->subscription_count; i++) {
        const struct door_subscription *subscription = &session->subscriptions[i];
        uint32_t options = door_subscriptions_options(door, session, subscription);
        filter.size = 0;
        door_subscriptions_filter(door, subscription, &filter);
        give(to, (struct journal_record){.kind = DOOR_SUBSCRIBED,
                                         .number = {session->journal_number,
                                                    DOOR_OPTIONS_FLAGS(options),
                                                    DOOR_OPTIONS_IDENTIFIER(options),
                                                    door_groups_serial(door, subscription->group)},
                                         .text = {buffer_bytes(&filter)}});
    }
    buffer_deinit(&filter);
}

static void snapshot_delivery(const struct door_session *session,
                              const struct door_delivery *delivery, struct map *given,
                              struct receiver to) {
    if (delivery->flight == MQTT_FLOW_EXPECT_PUBCOMP) {
        give(to, (struct journal_record){
                     .kind = DOOR_RELEASED,
                     .number = {session->journal_number, delivery->sequence, delivery->packet_id}});
    } else if (delivery->flight != MQTT_FLOW_DONE) {
        uint64_t number = delivery->message->journal_number;
        if (map_get(given, number) == MAP_NONE) {
            map_put(given, number, 1);
            give(to, door_journal_of_message(delivery->message));
        }
        give(to, door_journal_of_delivery(session, delivery));
    }
}

// In the order of their packet ids.
static void snapshot_received(const struct door_session *session, struct receiver to) {
    uint64_t ids[(UINT16_MAX + 1) / 64] = {0};
    const struct map *received = session->received;
    for (uint32_t i = 0; i < received->slots; i++) {
        if (received->values[i] != MAP_NONE) {
            ids[received->keys[i] / 64] |= UINT64_C(1) << received->keys[i] % 64;
        }
    }
    for (uint32_t id = 1; id <= UINT16_MAX; id++) {
        if (ids[id / 64] == 0) {
            id |= 63; // none of these
        } else if ((ids[id / 64] >> id % 64 & 1) != 0) {
            give(to, (struct journal_record){.kind = DOOR_RECEIVED,
                                             .number = {session->journal_number, id}});
        }
    }
}

// A packet id given out last may be that of a delivery that is done, so the session comes once
// more behind its deliveries.
static void snapshot_session(const struct mqtt_door *door, const struct door_session *session,
                             struct map *given, struct receiver to) {
    give_session(to, session);
    snapshot_subscriptions(door, session, to);
    for (uint32_t i = 0; i < session->queue.count; i++) {
        snapshot_delivery(session, door_queue_at(&session->queue, i), given, to);
    }
    if (session->queue.count > 0) {
        give_session(to, session);
    }
    if (session->received != NULL) {
        snapshot_received(session, to);
    }
}

void door_snapshot(const struct mqtt_door *door, journal_receiver *take, void *context) {
    struct map given;
    map_init(&given, door->memory, door->by_client_id.seed);
    for (uint32_t i = 0; i < door->session_used; i++) {
        if (door->sessions[i] != NULL && door_journal_has(door->sessions[i])) {
            snapshot_session(door, door->sessions[i], &given, (struct receiver){take, context});
        }
    }
    map_deinit(&given);
}
