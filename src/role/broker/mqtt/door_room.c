#include "role/broker/mqtt/door_room.h"

#define SMALL_SHARE_MIN 1024
#define SMALL_SHARE_MAX 16384

size_t door_room_small_share(const struct mqtt_door *door) {
    size_t share = door->memory->limit / 64 / (door->stream_count + 1u);
    bool is_most = door->memory->limit == 0 || share > SMALL_SHARE_MAX;
    return is_most ? SMALL_SHARE_MAX : share < SMALL_SHARE_MIN ? SMALL_SHARE_MIN : share;
}

bool door_room_for(struct mqtt_door *door, enum memory_mark mark, size_t bytes) {
    bool has_room = memory_has_room(door->memory, mark, bytes);
    door->counts.refused_memory += !has_room;
    return has_room;
}

bool door_room_to_keep(struct mqtt_door *door, size_t bytes) {
    return door_room_for(door, bytes > DOOR_SMALL_KEPT ? MEMORY_KEPT : MEMORY_ENTERING, bytes);
}

uint64_t door_room_of_all(const struct mqtt_door *door) {
    size_t limit = door->memory->limit;
    size_t half = limit == 0 ? SIZE_MAX : limit / 2;
    return door->config->limits.total_bytes < half ? door->config->limits.total_bytes : half;
}
