// A message at the MQTT door: one block that is never changed, shared by all whose queues it waits
// in.
#ifndef ROLE_MQTT_MESSAGE_H
#define ROLE_MQTT_MESSAGE_H

#include "base/bytes.h"
#include "base/memory.h"

#define MQTT_NEVER UINT64_MAX // in place of a time: the message does not expire

// The texts of a message, from which the block is made.
struct mqtt_texts {
    struct bytes topic;
    struct bytes properties; // those that go on to the subscribers, encoded
    struct bytes payload;
};

struct mqtt_message {
    uint32_t references;
    uint32_t topic_bytes;
    uint32_t properties_bytes;
    uint32_t payload_bytes;
    uint64_t expires_at; // steady nanoseconds, or MQTT_NEVER
    uint8_t qos;         // as it was published
    bool retain;
    uint8_t bytes[]; // the texts in the order of struct mqtt_texts
};

// With one reference.
struct mqtt_message *mqtt_message_create(struct memory *memory, const struct mqtt_texts *texts);
void mqtt_message_unref(struct memory *memory, struct mqtt_message *message);

// Valid as long as the message.
struct mqtt_texts mqtt_message_texts(const struct mqtt_message *message);

static inline size_t mqtt_message_size(const struct mqtt_message *message) {
    return sizeof *message + message->topic_bytes + message->properties_bytes +
           message->payload_bytes;
}

#endif
