// What an MQTT client does by itself beside its commands: publishing a message several times, and
// removing retained messages that it has shown.
//
// Bounds: CHORES_BYTES of topics that wait to be removed; then the client reads no more.
#ifndef SESSION_MQTT_CLIENT_MQTT_CLIENT_CHORES_H
#define SESSION_MQTT_CLIENT_MQTT_CLIENT_CHORES_H

#include "base/buffer.h"
#include "role/mqtt_client/mqtt_client.h"

struct mqtt_client_chores {
    struct buffer topics; // each behind its size, two bytes
    size_t removed;       // bytes of them that are done
    uint64_t left;        // times that the message at hand is still to be published
    uint64_t again_at;    // ROLE_NEVER: not yet
};

void mqtt_client_chores_init(struct mqtt_client_chores *chores, struct memory *memory);
void mqtt_client_chores_deinit(struct mqtt_client_chores *chores);

// Not from within the client: its events may call this.
void mqtt_client_chores_remove_later(struct mqtt_client_chores *chores, struct bytes topic);
// Asks the broker to forget as many of them as the client takes now.
void mqtt_client_chores_remove(struct mqtt_client_chores *chores, struct mqtt_client *client,
                               uint64_t now);
bool mqtt_client_chores_are_many(const struct mqtt_client_chores *chores);
bool mqtt_client_chores_are_done(const struct mqtt_client_chores *chores);

#endif
