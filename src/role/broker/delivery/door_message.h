// A message at the MQTT door: one block, shared by all queues that it waits in. Its content never
// changes. Deliveries that stand in the journal are counted separately, as keepers: the message
// has a number in the journal as long as it has any.
#ifndef ROLE_BROKER_DELIVERY_DOOR_MESSAGE_H
#define ROLE_BROKER_DELIVERY_DOOR_MESSAGE_H

#include "base/bytes.h"
#include "base/memory.h"

#define DOOR_NEVER UINT64_MAX // in place of a time: the message does not expire

// The texts of a message, from which the block is made.
struct door_texts {
    struct bytes topic;
    struct bytes properties; // those that go on to the subscribers, encoded
    struct bytes payload;
};

// One message, in one block, for all queues and outputs that refer to it; the last reference frees
// it. Its texts never change. While deliveries of it stand in the journal (`keepers`) it has a
// number there, and one record for all of them; `is_told` if a delivery that is over stays there,
// whose record refers to it.
struct door_message {
    uint32_t references;
    uint32_t topic_bytes;
    uint32_t properties_bytes;
    uint32_t payload_bytes;
    uint64_t expires_at;     // steady nanoseconds, or DOOR_NEVER
    uint64_t journal_number; // while it has keepers
    uint32_t keepers;        // deliveries that stand in the journal
    uint8_t qos;             // as it was published
    bool retain;
    bool is_told;
    uint8_t bytes[]; // the texts in the order of struct door_texts
};

// With one reference.
struct door_message *door_message_create(struct memory *memory, const struct door_texts *texts);
void door_message_unref(struct memory *memory, struct door_message *message);

// Valid as long as the message.
struct door_texts door_message_texts(const struct door_message *message);

static inline size_t door_message_size(const struct door_message *message) {
    return sizeof *message + message->topic_bytes + message->properties_bytes +
           message->payload_bytes;
}

#endif
