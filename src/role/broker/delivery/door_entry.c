#include "role/broker/delivery/door_entry.h"

#include "role/broker/mqtt/door_connection.h"
#include "role/broker/session/door_mount.h"

// Those of a message, and not of its way to us [MQTT-3.3.2-4, -15, -16, -17, -20].
static bool goes_on(enum mqtt_property id) {
    return id == MQTT_PAYLOAD_FORMAT || id == MQTT_CONTENT_TYPE || id == MQTT_RESPONSE_TOPIC ||
           id == MQTT_CORRELATION_DATA || id == MQTT_USER_PROPERTY;
}

void door_entry_properties(const struct mqtt_properties *properties, struct bytes mount,
                           struct buffer *out) {
    struct bytes run = properties->raw;
    struct mqtt_property_value value;
    if (run.size > 0) {
        (void)buffer_reserve(out, run.size + mount.size); // not twice as much in the end
    }
    while (mqtt_property_next(&run, &value)) {
        if (value.id == MQTT_RESPONSE_TOPIC && mount.size > 0) {
            door_mount_write_response(out, mount, value.text);
        } else if (goes_on(value.id)) {
            buffer_append(out, value.encoded);
        }
    }
}

static void tell_entry(struct mqtt_door *door, const struct door_connection *connection,
                       const struct broker_entry *entry) {
    if (door->tells_entries) {
        door_connection_tell(door, DOOR_EVENT_ENTRY, connection,
                             (struct door_event){.text = entry->topic, .value = entry->value});
    }
}

// Told once, until there is room again.
static void note_retained(struct mqtt_door *door, const struct door_connection *connection,
                          const struct broker_entry *entry, bool is_kept) {
    door->counts.not_retained += !is_kept;
    if (!is_kept && !door->retains_no_more) {
        door_connection_tell(
            door, DOOR_EVENT_NOT_RETAINED, connection,
            (struct door_event){.text = entry->topic, .reason = MQTT_QUOTA_EXCEEDED});
    }
    door->retains_no_more = !is_kept;
}

enum mqtt_reason door_entry_publish(struct mqtt_door *door,
                                    const struct door_connection *connection,
                                    const struct broker_entry *entry, uint64_t now) {
    tell_entry(door, connection, entry);
    enum broker_published result = door_entry_pass_on(door, entry, now);
    if (entry->retain) {
        note_retained(door, connection, entry, result != BROKER_NOT_RETAINED);
    }
    return result == BROKER_NOT_RETAINED ? MQTT_QUOTA_EXCEEDED
           : result == BROKER_UNMATCHED  ? MQTT_NO_MATCHING_SUBSCRIBERS
                                         : MQTT_SUCCESS;
}
