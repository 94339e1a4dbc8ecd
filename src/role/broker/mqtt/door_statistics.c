#include "role/broker/mqtt/door_statistics.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "role/broker/delivery/door_delivery.h"
#include "role/broker/delivery/door_entry.h"
#include "role/broker/session/door_access.h"
#include "topic/topic.h"

#define PLACE "$SYS/broker/"
#define SECONDS " seconds"
#define TEXT_MAX (DECIMAL_DIGITS_MAX + sizeof SECONDS)
#define UNTOLD UINT64_MAX // no figure is that large

enum figure {
    VERSION,
    UPTIME,
    CLIENTS_TOTAL,
    CLIENTS_CONNECTED,
    CLIENTS_DISCONNECTED,
    CLIENTS_MAXIMUM,
    CLIENTS_EXPIRED,
    MESSAGES_RECEIVED,
    MESSAGES_SENT,
    PUBLISH_RECEIVED,
    PUBLISH_SENT,
    PUBLISH_DROPPED,
    PAYLOAD_RECEIVED,
    PAYLOAD_SENT,
    BYTES_RECEIVED,
    BYTES_SENT,
    SUBSCRIPTIONS,
    SHARED_SUBSCRIPTIONS,
    RETAINED,
    STORED,
    STORED_BYTES,
    HEAP_CURRENT,
    HEAP_MAXIMUM,
    FIGURES,
};

static const char *const topics[FIGURES] = {
    [VERSION] = PLACE "version",
    [UPTIME] = PLACE "uptime",
    [CLIENTS_TOTAL] = PLACE "clients/total",
    [CLIENTS_CONNECTED] = PLACE "clients/connected",
    [CLIENTS_DISCONNECTED] = PLACE "clients/disconnected",
    [CLIENTS_MAXIMUM] = PLACE "clients/maximum",
    [CLIENTS_EXPIRED] = PLACE "clients/expired",
    [MESSAGES_RECEIVED] = PLACE "messages/received",
    [MESSAGES_SENT] = PLACE "messages/sent",
    [PUBLISH_RECEIVED] = PLACE "publish/messages/received",
    [PUBLISH_SENT] = PLACE "publish/messages/sent",
    [PUBLISH_DROPPED] = PLACE "publish/messages/dropped",
    [PAYLOAD_RECEIVED] = PLACE "publish/bytes/received",
    [PAYLOAD_SENT] = PLACE "publish/bytes/sent",
    [BYTES_RECEIVED] = PLACE "bytes/received",
    [BYTES_SENT] = PLACE "bytes/sent",
    [SUBSCRIPTIONS] = PLACE "subscriptions/count",
    [SHARED_SUBSCRIPTIONS] = PLACE "shared_subscriptions/count",
    [RETAINED] = PLACE "retained messages/count",
    [STORED] = PLACE "store/messages/count",
    [STORED_BYTES] = PLACE "store/messages/bytes",
    [HEAP_CURRENT] = PLACE "heap/current",
    [HEAP_MAXIMUM] = PLACE "heap/maximum",
};

struct figures {
    uint64_t of[FIGURES];
};

struct door_statistics {
    uint64_t due;        // 0: nobody was seen to subscribe
    struct figures told; // what all subscribers know, or UNTOLD
};

// ---- figures ----------------------------------------------------------------------------------

struct mqtt_door_gauges door_statistics_gauges(const struct mqtt_door *door) {
    ASSERT(door->connected <= door->session_count);
    return (struct mqtt_door_gauges){
        .sessions = door->session_count,
        .connected = door->connected,
        .connected_most = door->connected_most,
        .subscriptions = door->subscription_count,
        .shared_subscriptions = door->shared_count,
        .retained = door->core->values.entries,
        .waiting_messages = door->waiting_messages,
        .waiting_bytes = door->waiting_bytes,
    };
}

static struct figures read_figures(const struct mqtt_door *door, uint64_t now) {
    const struct mqtt_door_counts *counts = &door->counts;
    struct mqtt_door_gauges gauges = door_statistics_gauges(door);
    return (struct figures){{
        [UPTIME] = (now - door->config->began) / ROLE_SECOND,
        [CLIENTS_TOTAL] = gauges.sessions,
        [CLIENTS_CONNECTED] = gauges.connected,
        [CLIENTS_DISCONNECTED] = gauges.sessions - gauges.connected,
        [CLIENTS_MAXIMUM] = gauges.connected_most,
        [CLIENTS_EXPIRED] = counts->expired_sessions,
        [MESSAGES_RECEIVED] = counts->packets_received,
        [MESSAGES_SENT] = counts->messages_sent + counts->other_packets_sent,
        [PUBLISH_RECEIVED] = counts->messages_received,
        [PUBLISH_SENT] = counts->messages_sent,
        [PUBLISH_DROPPED] =
            counts->dropped_queue_full + counts->dropped_total_full + counts->dropped_too_large,
        [PAYLOAD_RECEIVED] = counts->payload_received,
        [PAYLOAD_SENT] = counts->payload_sent,
        [BYTES_RECEIVED] = counts->bytes_received,
        [BYTES_SENT] = counts->bytes_sent,
        [SUBSCRIPTIONS] = gauges.subscriptions,
        [SHARED_SUBSCRIPTIONS] = gauges.shared_subscriptions,
        [RETAINED] = gauges.retained,
        [STORED] = gauges.waiting_messages,
        [STORED_BYTES] = gauges.waiting_bytes,
        [HEAP_CURRENT] = memory_used(door->memory),
        [HEAP_MAXIMUM] = door->memory->most,
    }};
}

static struct bytes write_figure(const struct mqtt_door *door, enum figure figure, uint64_t value,
                                 uint8_t text[TEXT_MAX]) {
    if (figure == VERSION) {
        return door->config->version;
    }
    uint8_t *end = decimal_write(text, value);
    if (figure == UPTIME) {
        memcpy(end, SECONDS, sizeof SECONDS - 1);
        end += sizeof SECONDS - 1;
    }
    return bytes_make(text, (size_t)(end - text));
}

// ---- who subscribes ---------------------------------------------------------------------------

static bool is_watched(const struct mqtt_door *door) {
    return topic_tree_has_first(&door->core->subscriptions, BROKER_OWN_LEVEL);
}

static void begin(struct mqtt_door *door, const struct figures *figures, uint64_t now) {
    door->statistics->told = *figures;
    door->statistics->due = now + door->config->statistics_interval;
}

// What is given here and not known to those who subscribed before is published to all at the next
// interval, even if it is then as it was when it was told them.
static void visit(void *context, struct bytes filter, uint64_t now, topic_values_found *found,
                  void *found_context) {
    struct mqtt_door *door = context;
    struct door_statistics *statistics = door->statistics;
    struct figures figures = read_figures(door, now);
    if (statistics->due == 0) {
        begin(door, &figures, now);
    }
    for (enum figure i = 0; i < FIGURES; i++) {
        uint8_t text[TEXT_MAX];
        struct topic_value value = {.topic = bytes_of_text(topics[i]), .time_stamp = now};
        value.value = write_figure(door, i, figures.of[i], text);
        if (value.value.size > 0 && topic_matches(filter, value.topic)) {
            found(found_context, &value);
            statistics->told.of[i] =
                statistics->told.of[i] == figures.of[i] ? figures.of[i] : UNTOLD;
        }
    }
}

struct recipient {
    struct mqtt_door *door;
    struct door_session *session;
    uint32_t options;
};

static void send_value(void *context, const struct topic_value *value) {
    const struct recipient *recipient = context;
    struct broker_entry entry = broker_entry_of_value(value);
    if (door_access_allows(recipient->door, recipient->session, ACCESS_READ, entry.topic)) {
        door_delivery_send_retained(recipient->door, recipient->session, &entry,
                                    recipient->options);
    }
}

void door_statistics_give(struct mqtt_door *door, struct door_session *session, struct bytes filter,
                          uint32_t options, uint64_t now) {
    struct recipient recipient = {door, session, options};
    door->publishing.now = now;
    broker_core_visit(door->core, filter, now, send_value, &recipient);
}

void door_statistics_left(struct mqtt_door *door) {
    struct door_statistics *statistics = door->statistics;
    if (statistics != NULL && statistics->due != 0 && !is_watched(door)) {
        statistics->due = 0;
    }
}

// ---- time -------------------------------------------------------------------------------------

static void publish_changes(struct mqtt_door *door, const struct figures *figures, uint64_t now) {
    for (enum figure i = 0; i < FIGURES; i++) {
        if (door->statistics->told.of[i] != figures->of[i]) {
            uint8_t text[TEXT_MAX];
            struct broker_entry entry = {.topic = bytes_of_text(topics[i]),
                                         .value = write_figure(door, i, figures->of[i], text),
                                         .source = BROKER_NOBODY,
                                         .expires_at = DOOR_NEVER};
            (void)door_entry_pass_on(door, &entry, now);
        }
    }
}

void door_statistics_tick(struct mqtt_door *door, uint64_t now) {
    struct door_statistics *statistics = door->statistics;
    if (statistics == NULL || now < statistics->due) {
        return;
    }
    if (!is_watched(door)) {
        statistics->due = 0;
        return;
    }
    struct figures figures = read_figures(door, now);
    if (statistics->due != 0) {
        publish_changes(door, &figures, now);
    }
    begin(door, &figures, now);
}

// Who has subscribed without being given anything is seen at the next tick, which is to come soon.
uint64_t door_statistics_deadline(const struct mqtt_door *door) {
    return door->statistics != NULL && is_watched(door) ? door->statistics->due : ROLE_NEVER;
}

// ---- begin and end ----------------------------------------------------------------------------

void door_statistics_attach(struct mqtt_door *door) {
    const struct broker_own_topics own = {.visit = visit, .context = door};
    if (door->config->statistics_interval > 0 && broker_core_own_topics(door->core, own)) {
        door->statistics = memory_allocate(door->memory, sizeof *door->statistics);
    }
}

void door_statistics_detach(struct mqtt_door *door) {
    if (door->statistics != NULL) {
        broker_core_disown_topics(door->core, door);
        memory_free(door->memory, door->statistics, sizeof *door->statistics);
        door->statistics = NULL;
    }
}
