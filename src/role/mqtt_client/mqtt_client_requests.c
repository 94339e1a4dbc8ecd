#include "role/mqtt_client/mqtt_client_requests.h"

#include "base/assert.h"
#include "role/mqtt_client/mqtt_client_ending.h"
#include "topic/topic.h"

#define IDS (UINT16_MAX - MQTT_CLIENT_PUBLISH_IDS)
#define SHARE BYTES_LITERAL("$share/")

// ---- the list ---------------------------------------------------------------------------------

static bool is_unsent(const struct mqtt_client_filter *filter) {
    return filter->state == MQTT_CLIENT_FILTER_UNSENT ||
           filter->state == MQTT_CLIENT_FILTER_LEAVING;
}

static bool is_asked(const struct mqtt_client_filter *filter) {
    return filter->state == MQTT_CLIENT_FILTER_EXPECT_SUBACK ||
           filter->state == MQTT_CLIENT_FILTER_EXPECT_UNSUBACK;
}

static void set_state(struct mqtt_client *client, struct mqtt_client_filter *filter,
                      enum mqtt_client_filter_state state) {
    if (filter->state == MQTT_CLIENT_FILTER_ACTIVE && state != MQTT_CLIENT_FILTER_ACTIVE) {
        client->settled = NULL;
    }
    client->unsent_requests -= is_unsent(filter);
    client->requests = (uint16_t)(client->requests - is_asked(filter));
    filter->state = (uint8_t)state;
    client->unsent_requests += is_unsent(filter);
    client->requests = (uint16_t)(client->requests + is_asked(filter));
}

// Behind the filters at the front that nothing is to be done about. Requests go out and are
// answered in order, so who looks from there on finds them soon, however many filters there are.
static struct mqtt_client_filter **first_open(struct mqtt_client *client) {
    struct mqtt_client_filter **link =
        client->settled == NULL ? &client->filters : &client->settled->next;
    while (*link != NULL && (*link)->state == MQTT_CLIENT_FILTER_ACTIVE) {
        client->settled = *link;
        link = &(*link)->next;
    }
    return link;
}

static size_t filter_size(const struct mqtt_client_filter *filter) {
    return sizeof *filter + filter->filter_bytes + filter->more_bytes;
}

// The link that leads to the filter with this text, or to the end.
static struct mqtt_client_filter **find(struct mqtt_client *client, struct bytes text) {
    struct mqtt_client_filter **at = &client->filters;
    while (*at != NULL && !bytes_equal(mqtt_client_filter_text(*at), text)) {
        at = &(*at)->next;
    }
    return at;
}

static void append(struct mqtt_client *client, const struct mqtt_client_subscription *subscription,
                   enum mqtt_client_filter_state state) {
    size_t size =
        sizeof(struct mqtt_client_filter) + subscription->filter.size + subscription->more.size;
    struct mqtt_client_filter *filter = memory_allocate(client->port->memory, size);
    filter->identifier = subscription->identifier;
    filter->options = subscription->options;
    filter->filter_bytes = (uint16_t)subscription->filter.size;
    filter->more_bytes = (uint16_t)subscription->more.size;
    memcpy(filter->data, subscription->filter.data, subscription->filter.size);
    if (subscription->more.size > 0) {
        memcpy(filter->data + filter->filter_bytes, subscription->more.data,
               subscription->more.size);
    }
    if (client->last_filter != NULL) {
        client->last_filter->next = filter;
    } else {
        client->filters = filter;
    }
    client->last_filter = filter;
    client->filter_count++;
    filter->state = (uint8_t)state;
    ASSERT(is_unsent(filter));
    client->unsent_requests++;
}

static struct mqtt_client_filter *filter_before(const struct mqtt_client *client,
                                                const struct mqtt_client_filter *filter) {
    struct mqtt_client_filter *before = NULL;
    for (struct mqtt_client_filter *at = client->filters; at != filter; at = at->next) {
        before = at;
    }
    return before;
}

static void unlink_filter(struct mqtt_client *client, struct mqtt_client_filter **link) {
    struct mqtt_client_filter *filter = *link;
    set_state(client, filter, MQTT_CLIENT_FILTER_ACTIVE); // it counts for nothing
    if (client->settled == filter) {
        client->settled = NULL;
    }
    if (client->last_filter == filter) {
        client->last_filter = filter_before(client, filter);
    }
    *link = filter->next;
    client->filter_count--;
    memory_free(client->port->memory, filter, filter_size(filter));
}

void mqtt_client_requests_free(struct mqtt_client *client) {
    while (client->filters != NULL) {
        unlink_filter(client, &client->filters);
    }
}

// ---- what is told -----------------------------------------------------------------------------

static void tell(struct mqtt_client *client, const struct mqtt_client_filter *filter,
                 enum mqtt_client_event_kind kind, enum mqtt_reason reason) {
    mqtt_client_tell(client, &(struct mqtt_client_event){.kind = kind,
                                                         .text = mqtt_client_filter_text(filter),
                                                         .qos = filter->granted,
                                                         .reason = reason});
}

// ---- what is asked for ------------------------------------------------------------------------

static bool is_shared(struct bytes filter) {
    return bytes_starts_with(filter, SHARE);
}

// $share/NAME/FILTER, with a name without wildcards [MQTT-4.8.2-1, MQTT-4.8.2-2].
static bool is_good_share(struct bytes filter) {
    struct bytes name = topic_level(filter, SHARE.size);
    size_t rest = SHARE.size + name.size + 1;
    bool has_wildcard = (name.size > 0 && memchr(name.data, '+', name.size) != NULL) ||
                        (name.size > 0 && memchr(name.data, '#', name.size) != NULL);
    return name.size > 0 && !has_wildcard && rest < filter.size;
}

static bool has_wildcard(struct bytes filter) {
    return memchr(filter.data, '+', filter.size) != NULL ||
           memchr(filter.data, '#', filter.size) != NULL;
}

static bool has_wrong_options(const struct mqtt_client *client,
                              const struct mqtt_client_subscription *subscription) {
    uint8_t options = subscription->options;
    bool is_wrong_qos = (options & MQTT_OPTION_QOS) > 2;
    if (!mqtt_client_is_5(client)) {
        return is_wrong_qos || options > 2;
    }
    bool is_wrong_share =
        is_shared(subscription->filter) && (options & MQTT_OPTION_NO_LOCAL) != 0; // [MQTT-3.8.3-4]
    return is_wrong_qos || is_wrong_share || (options & 0xc0) != 0 ||
           MQTT_OPTION_RETAIN_HANDLING(options) == 3;
}

static enum mqtt_client_result check_filter(const struct mqtt_client *client, struct bytes filter) {
    bool is_wrong = topic_filter_check(filter) != TOPIC_OK ||
                    (mqtt_client_is_5(client) && is_shared(filter) && !is_good_share(filter));
    return is_wrong ? MQTT_CLIENT_WRONG_FILTER : MQTT_CLIENT_OK;
}

// What this broker does not have.
static enum mqtt_client_result check_lacks(const struct mqtt_client *client, struct bytes filter,
                                           uint32_t identifier) {
    if ((client->lacks & MQTT_CLIENT_LACKS_WILDCARDS) != 0 && has_wildcard(filter)) {
        return MQTT_CLIENT_NO_WILDCARDS;
    }
    if ((client->lacks & MQTT_CLIENT_LACKS_SHARING) != 0 && is_shared(filter)) {
        return MQTT_CLIENT_NO_SHARING;
    }
    if ((client->lacks & MQTT_CLIENT_LACKS_IDENTIFIERS) != 0 && identifier > 0) {
        return MQTT_CLIENT_NO_IDENTIFIERS;
    }
    return MQTT_CLIENT_OK;
}

static enum mqtt_client_result
check_subscription(const struct mqtt_client *client,
                   const struct mqtt_client_subscription *subscription) {
    bool has_properties = subscription->identifier > 0 || subscription->more.size > 0;
    bool is_wrong_property = (has_properties && !mqtt_client_is_5(client)) ||
                             subscription->identifier > MQTT_REMAINING_MAX ||
                             subscription->more.size > UINT16_MAX;
    enum mqtt_client_result result = check_filter(client, subscription->filter);
    if (result != MQTT_CLIENT_OK) {
        return result;
    }
    if (is_wrong_property) {
        return MQTT_CLIENT_WRONG_PROPERTY;
    }
    if (has_wrong_options(client, subscription)) {
        return MQTT_CLIENT_WRONG_OPTION;
    }
    return mqtt_client_is_open(client)
               ? check_lacks(client, subscription->filter, subscription->identifier)
               : MQTT_CLIENT_OK;
}

enum mqtt_client_result
mqtt_client_requests_subscribe(struct mqtt_client *client,
                               const struct mqtt_client_subscription *subscription, uint64_t now) {
    enum mqtt_client_result result = check_subscription(client, subscription);
    if (result != MQTT_CLIENT_OK) {
        return result;
    }
    struct mqtt_client_filter **link = find(client, subscription->filter);
    if (*link != NULL && is_asked(*link)) {
        return MQTT_CLIENT_ALREADY;
    }
    if (*link != NULL) {
        unlink_filter(client, link);
    }
    if (client->filter_count >= client->config->limits.subscriptions) {
        return MQTT_CLIENT_TOO_MANY;
    }
    append(client, subscription, MQTT_CLIENT_FILTER_UNSENT);
    mqtt_client_requests_send(client, now);
    return MQTT_CLIENT_OK;
}

// A filter that we know nothing of may be one of the session's, from before this process.
enum mqtt_client_result mqtt_client_requests_unsubscribe(struct mqtt_client *client,
                                                         struct bytes filter, uint64_t now) {
    enum mqtt_client_result result = check_filter(client, filter);
    if (result != MQTT_CLIENT_OK) {
        return result;
    }
    struct mqtt_client_filter **link = find(client, filter);
    if (*link != NULL && is_asked(*link)) {
        return MQTT_CLIENT_ALREADY;
    }
    if (*link != NULL && (*link)->state == MQTT_CLIENT_FILTER_UNSENT) {
        tell(client, *link, MQTT_CLIENT_EVENT_UNSUBSCRIBED, MQTT_SUCCESS);
        unlink_filter(client, link);
        return MQTT_CLIENT_OK;
    }
    if (*link == NULL && client->filter_count >= client->config->limits.subscriptions) {
        return MQTT_CLIENT_TOO_MANY;
    }
    if (*link == NULL) {
        append(client, &(struct mqtt_client_subscription){.filter = filter},
               MQTT_CLIENT_FILTER_LEAVING);
    } else {
        set_state(client, *link, MQTT_CLIENT_FILTER_LEAVING);
    }
    mqtt_client_requests_send(client, now);
    return MQTT_CLIENT_OK;
}

// ---- requests ---------------------------------------------------------------------------------

static bool is_taken(struct mqtt_client *client, uint16_t packet_id) {
    const struct mqtt_client_filter *at = *first_open(client);
    for (unsigned left = client->requests; left > 0; at = at->next) {
        if (is_asked(at) && at->packet_id == packet_id) {
            return true;
        }
        left -= is_asked(at);
    }
    return false;
}

// There are always free ones: only MQTT_CLIENT_REQUESTS_MAX await an answer.
static uint16_t next_id(struct mqtt_client *client) {
    uint16_t id;
    do {
        client->last_request_id = (uint16_t)(client->last_request_id % IDS + 1);
        id = (uint16_t)(MQTT_CLIENT_PUBLISH_IDS + client->last_request_id);
    } while (client->requests > 0 && is_taken(client, id));
    return id;
}

static bool say_request(struct mqtt_client *client, struct mqtt_client_filter *filter,
                        uint64_t now) {
    bool is_leaving = filter->state == MQTT_CLIENT_FILTER_LEAVING;
    enum mqtt_type type = is_leaving ? MQTT_UNSUBSCRIBE : MQTT_SUBSCRIBE;
    struct memory *memory = client->port->memory;
    size_t room = MQTT_FILTER_SIZE((size_t)filter->filter_bytes);
    uint8_t *run = memory_allocate(memory, room);
    uint8_t *end = mqtt_filter_write(type, run, mqtt_client_filter_text(filter), filter->options);
    filter->packet_id = next_id(client);
    struct mqtt_packet packet = {
        .type = type,
        .packet_id = filter->packet_id,
        .filters = {.run = bytes_make(run, (size_t)(end - run)), .count = 1}};
    if (!is_leaving && filter->identifier > 0) {
        packet.properties.present = MQTT_HAS(MQTT_SUBSCRIPTION_IDENTIFIER);
        packet.properties.subscription_identifier = filter->identifier;
    }
    packet.properties.more =
        is_leaving ? (struct bytes){0}
                   : bytes_make(filter->data + filter->filter_bytes, filter->more_bytes);
    bool is_said = mqtt_client_say(client, &packet, now);
    memory_free(memory, run, room);
    return is_said;
}

static enum mqtt_reason refusal_of(const struct mqtt_client *client,
                                   const struct mqtt_client_filter *filter) {
    switch ((unsigned)check_lacks(client, mqtt_client_filter_text(filter), filter->identifier)) {
    case MQTT_CLIENT_NO_WILDCARDS:
        return MQTT_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
    case MQTT_CLIENT_NO_SHARING:
        return MQTT_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
    case MQTT_CLIENT_NO_IDENTIFIERS:
        return MQTT_SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED;
    default:
        return MQTT_SUCCESS;
    }
}

// Sends the request; one that this broker cannot take is given up. Returns the link to the next.
static struct mqtt_client_filter **send_request(struct mqtt_client *client,
                                                struct mqtt_client_filter **link, uint64_t now) {
    struct mqtt_client_filter *filter = *link;
    bool is_leaving = filter->state == MQTT_CLIENT_FILTER_LEAVING;
    enum mqtt_reason refusal = is_leaving ? MQTT_SUCCESS : refusal_of(client, filter);
    if (refusal == MQTT_SUCCESS && say_request(client, filter, now)) {
        set_state(client, filter,
                  is_leaving ? MQTT_CLIENT_FILTER_EXPECT_UNSUBACK
                             : MQTT_CLIENT_FILTER_EXPECT_SUBACK);
        return &filter->next;
    }
    tell(client, filter,
         is_leaving ? MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED : MQTT_CLIENT_EVENT_NOT_SUBSCRIBED,
         refusal == MQTT_SUCCESS ? MQTT_PACKET_TOO_LARGE : refusal);
    unlink_filter(client, link);
    return link;
}

void mqtt_client_requests_send(struct mqtt_client *client, uint64_t now) {
    struct mqtt_client_filter **link = first_open(client);
    while (mqtt_client_is_open(client) && client->unsent_requests > 0 && *link != NULL &&
           client->requests < MQTT_CLIENT_REQUESTS_MAX && mqtt_client_has_room(client)) {
        link = is_unsent(*link) ? send_request(client, link, now) : &(*link)->next;
    }
}

static bool is_leaving_state(const struct mqtt_client_filter *filter) {
    return filter->state == MQTT_CLIENT_FILTER_LEAVING ||
           filter->state == MQTT_CLIENT_FILTER_EXPECT_UNSUBACK;
}

void mqtt_client_requests_resume(struct mqtt_client *client, bool session_present, uint64_t now) {
    for (struct mqtt_client_filter **link = &client->filters; *link != NULL;) {
        bool is_leaving = is_leaving_state(*link);
        if (is_leaving && !session_present) { // it went with the session
            tell(client, *link, MQTT_CLIENT_EVENT_UNSUBSCRIBED, MQTT_SUCCESS);
            unlink_filter(client, link);
            continue;
        }
        if (is_leaving) {
            set_state(client, *link, MQTT_CLIENT_FILTER_LEAVING);
        } else if (!session_present || is_asked(*link)) {
            set_state(client, *link, MQTT_CLIENT_FILTER_UNSENT);
        }
        link = &(*link)->next;
    }
    ASSERT(client->requests == 0);
    mqtt_client_requests_send(client, now);
}

// ---- answers ----------------------------------------------------------------------------------

static struct mqtt_client_filter **find_request(struct mqtt_client *client,
                                                const struct mqtt_packet *packet) {
    uint8_t state = packet->type == MQTT_SUBACK ? MQTT_CLIENT_FILTER_EXPECT_SUBACK
                                                : MQTT_CLIENT_FILTER_EXPECT_UNSUBACK;
    struct mqtt_client_filter **link = first_open(client);
    while (*link != NULL && ((*link)->state != state || (*link)->packet_id != packet->packet_id)) {
        link = &(*link)->next;
    }
    return link;
}

static void take_suback(struct mqtt_client *client, struct mqtt_client_filter **link,
                        uint8_t code) {
    struct mqtt_client_filter *filter = *link;
    if (code >= MQTT_UNSPECIFIED_ERROR) {
        tell(client, filter, MQTT_CLIENT_EVENT_NOT_SUBSCRIBED, (enum mqtt_reason)code);
        unlink_filter(client, link);
        return;
    }
    filter->granted = code;
    set_state(client, filter, MQTT_CLIENT_FILTER_ACTIVE);
    tell(client, filter, MQTT_CLIENT_EVENT_SUBSCRIBED, (enum mqtt_reason)code);
}

// A refusal leaves the subscription as it was.
static void take_unsuback(struct mqtt_client *client, struct mqtt_client_filter **link,
                          uint8_t code) {
    if (code >= MQTT_UNSPECIFIED_ERROR) {
        set_state(client, *link, MQTT_CLIENT_FILTER_ACTIVE);
        tell(client, *link, MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED, (enum mqtt_reason)code);
        return;
    }
    tell(client, *link, MQTT_CLIENT_EVENT_UNSUBSCRIBED, (enum mqtt_reason)code);
    unlink_filter(client, link);
}

void mqtt_client_receive_codes(struct mqtt_client *client, const struct mqtt_packet *packet,
                               uint64_t now) {
    struct mqtt_client_filter **link = find_request(client, packet);
    bool is_suback = packet->type == MQTT_SUBACK;
    bool has_codes = is_suback || mqtt_client_is_5(client);
    if (*link == NULL) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_REQUEST_UNKNOWN, NULL, now);
    } else if (has_codes && packet->codes.size != 1) { // there was one filter
        mqtt_client_blame(
            client, is_suback ? MQTT_CLIENT_FAULT_SUBACK_COUNT : MQTT_CLIENT_FAULT_UNSUBACK_COUNT,
            NULL, now);
    } else if (is_suback) {
        take_suback(client, link, packet->codes.data[0]);
    } else {
        take_unsuback(client, link, has_codes ? packet->codes.data[0] : 0);
    }
    mqtt_client_requests_send(client, now);
}
