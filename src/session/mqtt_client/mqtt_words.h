// What stands behind a topic or a value in the commands of an MQTT client, word by word:
//
//   0, 1, 2                the QoS
//   retain                 the message is to be retained
//   no-local, retain-as-published, retain-handling=0|1|2    options of a subscription (5.0)
//   NAME=VALUE             a property (5.0) by its name in the standard, with - for blanks:
//                          message-expiry-interval=60; the last words may be left out
//   user:NAME=VALUE        a user property
//
// The words that a packet cannot have are refused by name.
#ifndef SESSION_MQTT_CLIENT_MQTT_WORDS_H
#define SESSION_MQTT_CLIENT_MQTT_WORDS_H

#include "base/buffer.h"
#include "mqtt/packet.h"

struct mqtt_words {
    unsigned packet; // whose words they are: enum mqtt_type, or MQTT_WILL_PROPERTIES
    bool has_qos;
    uint8_t qos;
    bool retain;
    uint8_t options;                   // MQTT_OPTION_..., without the QoS
    struct mqtt_properties properties; // texts are borrowed from the words; `more` from `user`
    struct buffer user;                // user properties, encoded
};

// `memory` is for the user properties.
void mqtt_words_init(struct mqtt_words *words, unsigned packet, struct memory *memory);
void mqtt_words_deinit(struct mqtt_words *words);

// Reads one word. False, with a sentence in `message`.
bool mqtt_words_read(struct mqtt_words *words, struct bytes word, struct buffer *message);
// Likewise a property whose name and value stand apart.
bool mqtt_words_read_property(struct mqtt_words *words, struct bytes name, struct bytes value,
                              struct buffer *message);

#endif
