#include "role/broker/session/door_mount.h"

#include "base/assert.h"
#include "topic/topic.h"

// Puts it before byte `at` of the text.
static void put(struct mqtt_door *door, struct bytes mount, size_t at, struct bytes *text) {
    struct buffer *whole = &door->mounted;
    whole->size = 0;
    buffer_append(whole, bytes_make(text->data, at));
    buffer_append(whole, mount);
    buffer_append(whole, bytes_make(text->data + at, text->size - at));
    *text = buffer_bytes(whole);
}

bool door_mount_topic(struct mqtt_door *door, const struct door_connection *connection,
                      struct bytes *topic) {
    struct bytes mount = door_mount_of(door, connection);
    if (mount.size == 0) {
        return true;
    }
    if (topic_is_reserved(*topic)) {
        return false;
    }
    put(door, mount, 0, topic);
    return topic_name_check(*topic) == TOPIC_OK;
}

void door_mount_filter(struct mqtt_door *door, const struct door_connection *connection, size_t at,
                       struct bytes *text) {
    ASSERT(at <= text->size);
    put(door, door_mount_of(door, connection), at, text);
}

bool door_mount_cut(const struct mqtt_door *door, const struct door_connection *connection,
                    struct bytes *topic) {
    struct bytes mount = door_mount_of(door, connection);
    if (mount.size == 0) {
        return true;
    }
    if (topic->size <= mount.size || !bytes_starts_with(*topic, mount)) {
        return false;
    }
    *topic = bytes_make(topic->data + mount.size, topic->size - mount.size);
    return !topic_is_reserved(*topic);
}

void door_mount_write_response(struct buffer *out, struct bytes mount, struct bytes topic) {
    size_t size = mount.size + topic.size;
    if (size > UINT16_MAX) {
        return;
    }
    buffer_append_byte(out, MQTT_RESPONSE_TOPIC);
    buffer_append_byte(out, (uint8_t)(size >> 8));
    buffer_append_byte(out, (uint8_t)size);
    buffer_append(out, mount);
    buffer_append(out, topic);
}

static bool has_response(struct bytes properties) {
    struct mqtt_property_value value;
    while (mqtt_property_next(&properties, &value)) {
        if (value.id == MQTT_RESPONSE_TOPIC) {
            return true;
        }
    }
    return false;
}

void door_mount_cut_properties(struct mqtt_door *door, const struct door_connection *connection,
                               struct bytes *properties) {
    struct bytes run = *properties;
    struct mqtt_property_value value;
    if (door_mount_of(door, connection).size == 0 || !has_response(run)) {
        return;
    }
    door->cut.size = 0;
    while (mqtt_property_next(&run, &value)) {
        if (value.id != MQTT_RESPONSE_TOPIC) {
            buffer_append(&door->cut, value.encoded);
        } else if (door_mount_cut(door, connection, &value.text)) {
            door_mount_write_response(&door->cut, (struct bytes){0}, value.text);
        }
    }
    *properties = buffer_bytes(&door->cut);
}
