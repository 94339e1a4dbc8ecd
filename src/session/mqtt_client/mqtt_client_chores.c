#include "session/mqtt_client/mqtt_client_chores.h"

#include "mqtt/reader.h"
#include "role/port.h"

#define CHORES_BYTES (64u * 1024)

void mqtt_client_chores_init(struct mqtt_client_chores *chores, struct memory *memory) {
    *chores = (struct mqtt_client_chores){.again_at = ROLE_NEVER};
    buffer_init(&chores->topics, memory);
}

void mqtt_client_chores_deinit(struct mqtt_client_chores *chores) {
    buffer_deinit(&chores->topics);
}

void mqtt_client_chores_remove_later(struct mqtt_client_chores *chores, struct bytes topic) {
    buffer_append_byte(&chores->topics, (uint8_t)(topic.size >> 8));
    buffer_append_byte(&chores->topics, (uint8_t)topic.size);
    buffer_append(&chores->topics, topic);
}

bool mqtt_client_chores_are_done(const struct mqtt_client_chores *chores) {
    return chores->removed == chores->topics.size;
}

bool mqtt_client_chores_are_many(const struct mqtt_client_chores *chores) {
    return chores->topics.size - chores->removed > CHORES_BYTES;
}

// An empty retained message takes the place of the one that is there, and is not retained itself
// [MQTT-3.3.1-6].
void mqtt_client_chores_remove(struct mqtt_client_chores *chores, struct mqtt_client *client,
                               uint64_t now) {
    const struct mqtt_properties none = {0};
    while (!mqtt_client_chores_are_done(chores)) {
        const uint8_t *at = chores->topics.data + chores->removed;
        struct mqtt_client_message message = {.topic = bytes_make(at + 2, mqtt_two_bytes_read(at)),
                                              .qos = 1,
                                              .retain = true,
                                              .properties = &none};
        enum mqtt_client_result result = mqtt_client_publish(client, &message, now);
        if (result == MQTT_CLIENT_QUEUE_FULL || result == MQTT_CLIENT_STREAM_FULL) {
            return;
        }
        chores->removed += 2 + message.topic.size;
    }
    chores->topics.size = chores->removed = 0;
}
