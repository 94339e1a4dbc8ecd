#include "role/mqtt_message.h"

#include "base/assert.h"

static uint8_t *append(uint8_t *end, struct bytes text) {
    if (text.size > 0) {
        memcpy(end, text.data, text.size);
    }
    return end + text.size;
}

struct mqtt_message *mqtt_message_create(struct memory *memory, const struct mqtt_texts *texts) {
    size_t size = sizeof(struct mqtt_message) + texts->topic.size + texts->properties.size +
                  texts->payload.size;
    struct mqtt_message *message = memory_resize(memory, NULL, 0, size);
    *message = (struct mqtt_message){.references = 1,
                                     .topic_bytes = (uint32_t)texts->topic.size,
                                     .properties_bytes = (uint32_t)texts->properties.size,
                                     .payload_bytes = (uint32_t)texts->payload.size,
                                     .expires_at = MQTT_NEVER};
    append(append(append(message->bytes, texts->topic), texts->properties), texts->payload);
    return message;
}

void mqtt_message_unref(struct memory *memory, struct mqtt_message *message) {
    ASSERT(message->references > 0);
    if (--message->references == 0) {
        memory_free(memory, message, mqtt_message_size(message));
    }
}

struct mqtt_texts mqtt_message_texts(const struct mqtt_message *message) {
    const uint8_t *properties = message->bytes + message->topic_bytes;
    return (struct mqtt_texts){
        bytes_make(message->bytes, message->topic_bytes),
        bytes_make(properties, message->properties_bytes),
        bytes_make(properties + message->properties_bytes, message->payload_bytes)};
}
