#include "role/broker/broker_journal.h"

#include "base/assert.h"
#include "mqtt/packet.h"
#include "role/port.h"

#define EXPIRY_MAX (UINT32_MAX * ROLE_SECOND) // of a message

bool broker_journal_are_properties(struct bytes run) {
    const uint64_t kept = MQTT_HAS(MQTT_PAYLOAD_FORMAT) | MQTT_HAS(MQTT_CONTENT_TYPE) |
                          MQTT_HAS(MQTT_RESPONSE_TOPIC) | MQTT_HAS(MQTT_CORRELATION_DATA) |
                          MQTT_HAS(MQTT_USER_PROPERTY) | MQTT_HAS(MQTT_SUBSCRIPTION_IDENTIFIER);
    struct mqtt_properties properties;
    return mqtt_properties_decode(&properties, run, MQTT_PUBLISH) == MQTT_SUCCESS &&
           (properties.present & ~kept) == 0;
}

uint64_t broker_journal_expiry(uint64_t expires_at, uint64_t now) {
    bool is_late = expires_at > now && expires_at - now > EXPIRY_MAX;
    return is_late && expires_at != UINT64_MAX ? now + EXPIRY_MAX : expires_at;
}

// ---- restored ----------------------------------------------------------------------------------

static bool restore_retained(struct broker_core *core, const struct journal_record *record,
                             uint64_t now) {
    struct broker_entry entry = {.topic = record->text[0],
                                 .properties = record->text[1],
                                 .value = record->text[2],
                                 .source = BROKER_NOBODY,
                                 .expires_at = broker_journal_expiry(record->number[0], now),
                                 .address = (uint32_t)record->number[1],
                                 .qos = (uint8_t)record->number[2],
                                 .hops = (uint8_t)record->number[3],
                                 .retain = true};
    bool is_empty = entry.value.size == 0 && entry.address == 0; // only lines have such values
    return topic_name_check(entry.topic) == TOPIC_OK && !is_empty &&
           record->number[1] <= UINT32_MAX && record->number[2] <= 2 &&
           record->number[3] <= UINT8_MAX && broker_journal_are_properties(entry.properties) &&
           broker_core_retain(core, &entry, now);
}

bool broker_journal_restore(struct broker_core *core, const struct journal_record *record,
                            uint64_t now) {
    ASSERT(core->journal == NULL);
    switch (record->kind) {
    case BROKER_VALUE:
        return restore_retained(core, record, now);
    case BROKER_NO_VALUE:
        (void)topic_values_remove(&core->values, record->text[0]); // there may have been none
        return topic_name_check(record->text[0]) == TOPIC_OK;
    default:
        return false;
    }
}

// ---- told whole --------------------------------------------------------------------------------

struct receiver {
    journal_receiver *take;
    void *context;
};

static void give_value(void *context, const struct topic_value *value) {
    const struct receiver *receiver = context;
    struct broker_entry entry = broker_entry_of_value(value);
    receiver->take(
        receiver->context,
        &(struct journal_record){.kind = BROKER_VALUE,
                                 .number = {entry.expires_at, entry.address, entry.qos, entry.hops},
                                 .text = {entry.topic, entry.properties, entry.value}});
}

void broker_journal_snapshot(const struct broker_core *core, journal_receiver *take,
                             void *context) {
    struct receiver receiver = {take, context};
    (void)topic_values_visit_all(&core->values, give_value, &receiver);
}
