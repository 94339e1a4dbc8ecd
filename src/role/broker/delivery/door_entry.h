// Hands a message from the MQTT door to the core: reports it, counts it, and says how its
// publisher is to be answered.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_DELIVERY_DOOR_ENTRY_H
#define ROLE_BROKER_DELIVERY_DOOR_ENTRY_H

#include "role/broker/mqtt/door_turns.h"

// Only the broker publishes on its own topics. A refusal is counted.
static inline bool door_entry_is_refused(struct mqtt_door *door, struct bytes topic) {
    bool owns = broker_core_owns(door->core, topic);
    door->counts.refused_messages += owns;
    return owns;
}

// The reason to answer with. `connection` is the publisher's, or NULL. What could not be retained
// was delivered all the same, and the publisher is told.
enum mqtt_reason door_entry_publish(struct mqtt_door *door,
                                    const struct door_connection *connection,
                                    const struct broker_entry *entry, uint64_t now);
// Only hands it on. What it takes, at all doors, is spent.
static inline enum broker_published
door_entry_pass_on(struct mqtt_door *door, const struct broker_entry *entry, uint64_t now) {
    uint64_t work = door->core->work;
    enum broker_published result = broker_core_publish(door->core, *entry, now);
    door_turns_spend(door, door->core->work - work);
    return result;
}
// The properties that go on to the subscribers, appended; a response topic with the publisher's
// mount point, or not if it would be too long.
void door_entry_properties(const struct mqtt_properties *properties, struct bytes mount,
                           struct buffer *out);

#endif
