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
