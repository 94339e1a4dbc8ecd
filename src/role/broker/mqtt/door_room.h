// Whether the MQTT door may keep more for its peers. Its sources ask here before they keep
// anything; the answers come from the memory account (base/memory.h). Refusals are counted.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_ROOM_H
#define ROLE_BROKER_MQTT_DOOR_ROOM_H

#include "role/broker/mqtt/door_state.h"

#define DOOR_SMALL_KEPT 4096 // bytes of a session, and the like: see door_room_to_keep

// What every stream may have of the last sixteenth, which is for answers and the like: so many
// bytes unread, as many that have partly come, and one message as large. All together have room
// there.
size_t door_room_small_share(const struct mqtt_door *door);
// Whether so much more may be kept for a peer.
bool door_room_for(struct mqtt_door *door, enum memory_mark mark, size_t bytes);
// The same for what is kept with a session: what is small is while what is large is not.
bool door_room_to_keep(struct mqtt_door *door, size_t bytes);
// What may wait for one client, in bytes.
static inline uint64_t door_room_of_queue(const struct mqtt_door *door) {
    size_t share = memory_share(door->memory);
    return door->config->limits.queue_bytes < share ? door->config->limits.queue_bytes : share;
}

// The same for all of them: it leaves half of the memory for all else.
uint64_t door_room_of_all(const struct mqtt_door *door);

#endif
