#include "role/mqtt_client/mqtt_client_view.h"

#include "base/assert.h"
#include "role/mqtt_client/mqtt_client_sending.h"
#include "role/mqtt_client/mqtt_client_state.h"

// ---- views ------------------------------------------------------------------------------------

static bool is_sent(const struct mqtt_client_flight *flight) {
    return flight->state != MQTT_FLOW_EXPECT_SENDING && flight->state != MQTT_FLOW_DONE;
}

struct mqtt_client_view mqtt_client_view(const struct mqtt_client *client) {
    struct mqtt_client_view view = {.state = (enum mqtt_client_state)client->state,
                                    .client_id = mqtt_client_own_id(client),
                                    .has_session = client->has_session,
                                    .session_expiry = client->session_expiry,
                                    .keep_alive = client->keep_alive,
                                    .receive_maximum = client->receive_maximum,
                                    .maximum_packet = client->maximum_packet,
                                    .aliases_out = client->alias_maximum,
                                    .unreleased = client->apart->received_count,
                                    .subscriptions = client->filter_count,
                                    .since = client->opened_at,
                                    .retry_at = client->due_at,
                                    .attempts = client->apart->attempts};
    for (uint32_t i = 0; i < client->count; i++) {
        const struct mqtt_client_flight *flight = mqtt_client_flight_at(client, i);
        view.in_flight += is_sent(flight);
        view.waiting += flight->state == MQTT_FLOW_EXPECT_SENDING;
    }
    return view;
}

void mqtt_client_view_flights(const struct mqtt_client *client, void *context,
                              void (*found)(void *context,
                                            const struct mqtt_client_flight_view *view)) {
    for (uint32_t i = 0; i < client->count; i++) {
        const struct mqtt_client_flight *flight = mqtt_client_flight_at(client, i);
        if (flight->kept != NULL) {
            found(context,
                  &(struct mqtt_client_flight_view){.is_ours = true,
                                                    .state = (enum mqtt_flow_state)flight->state,
                                                    .packet_id = flight->packet_id,
                                                    .qos = flight->qos,
                                                    .topic = mqtt_client_kept_topic(flight->kept),
                                                    .payload_bytes = flight->kept->payload_bytes,
                                                    .token = flight->kept->token});
        }
    }
    for (uint32_t i = 0; i < client->apart->received_count; i++) {
        found(context,
              &(struct mqtt_client_flight_view){.packet_id = client->apart->received[i], .qos = 2});
    }
}

void mqtt_client_view_subscriptions(const struct mqtt_client *client, void *context,
                                    void (*found)(void *context,
                                                  const struct mqtt_client_subscription_view *)) {
    for (const struct mqtt_client_filter *at = client->filters; at != NULL; at = at->next) {
        found(context, &(struct mqtt_client_subscription_view){
                           .filter = mqtt_client_filter_text(at),
                           .options = at->options,
                           .granted = at->granted,
                           .is_active = at->state == MQTT_CLIENT_FILTER_ACTIVE,
                           .is_leaving = at->state == MQTT_CLIENT_FILTER_LEAVING ||
                                         at->state == MQTT_CLIENT_FILTER_EXPECT_UNSUBACK,
                           .identifier = at->identifier});
    }
}

void mqtt_client_view_aliases(const struct mqtt_client *client, void *context,
                              void (*found)(void *context, bool is_ours, unsigned alias,
                                            struct bytes topic)) {
    const struct mqtt_client_link *link = client->link;
    for (unsigned side = 0; link != NULL && side < 2; side++) {
        const struct mqtt_client_aliases *aliases = side == 0 ? &link->out : &link->in;
        for (uint32_t i = 0; i < aliases->count; i++) {
            const struct mqtt_client_alias *alias = &aliases->items[i];
            if (alias->topic != NULL) {
                found(context, side == 0, i + 1, bytes_make(alias->topic, alias->topic_bytes));
            }
        }
    }
}

// ---- invariants -------------------------------------------------------------------------------

static void check_flights(const struct mqtt_client *client) {
    size_t bytes = 0;
    uint32_t under_way = 0;
    bool is_unsent = false;
    ASSERT(client->cursor <= client->count && client->count <= client->ring_capacity);
    ASSERT((client->ring_capacity & (client->ring_capacity - 1)) == 0);
    for (uint32_t i = 0; i < client->count; i++) {
        const struct mqtt_client_flight *flight = mqtt_client_flight_at(client, i);
        ASSERT((flight->kept == NULL) == (flight->state == MQTT_FLOW_DONE));
        ASSERT(flight->qos == 1 || flight->qos == 2);
        is_unsent = is_unsent || flight->packet_id == 0;
        ASSERT(is_unsent == (flight->packet_id == 0)); // what was sent stands before what was not
        ASSERT(flight->packet_id <= MQTT_CLIENT_PUBLISH_IDS);
        under_way += flight->is_under_way;
        bytes += flight->kept != NULL ? mqtt_client_kept_size(flight->kept) : 0;
    }
    ASSERT(bytes == client->message_bytes);
    ASSERT(under_way == client->in_flight);
    ASSERT(client->count == 0 || mqtt_client_flight_at(client, 0)->state != MQTT_FLOW_DONE);
}

// In the order of their sending, identifiers go round once at most.
static void check_identifiers(const struct mqtt_client *client) {
    uint32_t round = 0;
    for (uint32_t i = 1; i < client->count; i++) {
        uint16_t before = mqtt_client_flight_at(client, i - 1)->packet_id;
        uint16_t packet_id = mqtt_client_flight_at(client, i)->packet_id;
        if (packet_id != 0) {
            uint32_t step =
                (uint32_t)(packet_id + MQTT_CLIENT_PUBLISH_IDS - before) % MQTT_CLIENT_PUBLISH_IDS;
            ASSERT(step > 0);
            round += step;
        }
    }
    ASSERT(round < MQTT_CLIENT_PUBLISH_IDS);
}

static void check_received(const struct mqtt_client *client) {
    ASSERT(client->apart->received_count <= client->apart->received_capacity);
    ASSERT(client->unreleased <= client->apart->received_count);
    for (uint32_t i = 1; i < client->apart->received_count; i++) {
        ASSERT(client->apart->received[i - 1] < client->apart->received[i]);
    }
}

// No request is looked for before `settled`.
static void check_settled(const struct mqtt_client *client) {
    const struct mqtt_client_filter *at = client->settled == NULL ? NULL : client->filters;
    for (bool is_behind = false; at != NULL && !is_behind; at = at->next) {
        ASSERT(at->state == MQTT_CLIENT_FILTER_ACTIVE);
        is_behind = at == client->settled;
        ASSERT(is_behind || at->next != NULL);
    }
}

static void check_filters(const struct mqtt_client *client) {
    uint32_t count = 0;
    uint32_t unsent = 0;
    uint32_t asked = 0;
    const struct mqtt_client_filter *last = NULL;
    for (const struct mqtt_client_filter *at = client->filters; at != NULL; at = at->next) {
        count++;
        unsent += at->state == MQTT_CLIENT_FILTER_UNSENT || at->state == MQTT_CLIENT_FILTER_LEAVING;
        asked += at->state == MQTT_CLIENT_FILTER_EXPECT_SUBACK ||
                 at->state == MQTT_CLIENT_FILTER_EXPECT_UNSUBACK;
        last = at;
    }
    ASSERT(count == client->filter_count && last == client->last_filter);
    ASSERT(unsent == client->unsent_requests && asked == client->requests);
    ASSERT(count <= client->config->limits.subscriptions);
    ASSERT(asked <= MQTT_CLIENT_REQUESTS_MAX);
    check_settled(client);
}

void mqtt_client_check(const struct mqtt_client *client) {
    ASSERT(client->state < MQTT_CLIENT_STATES);
    ASSERT(client->count <= client->config->limits.messages);
    ASSERT(client->message_bytes <= client->config->limits.message_bytes);
    ASSERT(client->link == NULL || client->state == MQTT_CLIENT_OPEN ||
           client->state == MQTT_CLIENT_EXPECT_CONNACK);
    check_flights(client);
    check_identifiers(client);
    check_received(client);
    check_filters(client);
}
