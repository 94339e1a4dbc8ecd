#include "role/broker/delivery/door_message.h"

#include "base/assert.h"

static uint8_t *append(uint8_t *end, struct bytes text) {
    if (text.size > 0) {
        memcpy(end, text.data, text.size);
    }
    return end + text.size;
}

struct door_message *door_message_create(struct memory *memory, const struct door_texts *texts) {
    size_t size = sizeof(struct door_message) + texts->topic.size + texts->properties.size +
                  texts->payload.size;
    struct door_message *message = memory_resize(memory, NULL, 0, size);
    *message = (struct door_message){.references = 1,
                                     .topic_bytes = (uint32_t)texts->topic.size,
                                     .properties_bytes = (uint32_t)texts->properties.size,
                                     .payload_bytes = (uint32_t)texts->payload.size,
                                     .expires_at = DOOR_NEVER};
    append(append(append(message->bytes, texts->topic), texts->properties), texts->payload);
    return message;
}

void door_message_unref(struct memory *memory, struct door_message *message) {
    ASSERT(message->references > 0);
    if (--message->references == 0) {
        memory_free(memory, message, door_message_size(message));
    }
}

struct door_texts door_message_texts(const struct door_message *message) {
    const uint8_t *properties = message->bytes + message->topic_bytes;
    return (struct door_texts){
        bytes_make(message->bytes, message->topic_bytes),
        bytes_make(properties, message->properties_bytes),
        bytes_make(properties + message->properties_bytes, message->payload_bytes)};
}
