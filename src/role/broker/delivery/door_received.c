#include "role/broker/delivery/door_received.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_room.h"

// What a packet id costs: a place in the map, which is twice as large when it grows.
#define RECEIVED_COST 48

static bool is_received(const struct door_session *session, uint16_t packet_id) {
    return session->received != NULL && map_get(session->received, packet_id) != MAP_NONE;
}

bool door_received_add(struct mqtt_door *door, struct door_session *session, uint16_t packet_id) {
    if (is_received(session, packet_id)) {
        return false;
    }
    if (session->received == NULL) {
        session->received = memory_allocate(door->memory, sizeof *session->received);
        map_init(session->received, door->memory, door->by_client_id.seed);
    }
    map_put(session->received, packet_id, 1);
    return true;
}

bool door_received_remove(struct door_session *session, uint16_t packet_id) {
    if (!is_received(session, packet_id)) {
        return false;
    }
    map_remove(session->received, packet_id);
    return true;
}

enum door_arrival door_received_note(struct mqtt_door *door, struct door_session *session,
                                     uint16_t packet_id) {
    if (is_received(session, packet_id)) {
        return DOOR_ARRIVAL_AGAIN;
    }
    uint32_t count = session->received == NULL ? 0 : session->received->count;
    // Who was not told of the limit is bounded by the number of packet ids.
    if (session->version == MQTT_5 && count >= door->config->limits.receive_maximum) {
        return DOOR_ARRIVAL_TOO_MANY;
    }
    if (!door_room_for(door, MEMORY_KEPT, (count + 4) * RECEIVED_COST)) {
        return DOOR_ARRIVAL_NO_ROOM;
    }
    (void)door_received_add(door, session, packet_id);
    return DOOR_ARRIVAL_NEW;
}

void door_received_free(struct mqtt_door *door, struct door_session *session) {
    if (session->received != NULL) {
        map_deinit(session->received);
        memory_free(door->memory, session->received, sizeof *session->received);
        session->received = NULL;
    }
}
