#include "role/broker/mqtt/door_input_buffer.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/mqtt/door_room.h"

#define CAPACITY_MIN 64

// Twice as much as before, but no more than the packet takes that stands at its front.
static uint32_t next_capacity(const struct door_connection *connection, struct bytes front,
                              uint32_t needed) {
    struct mqtt_frame frame = {0};
    uint64_t capacity = connection->input_capacity * UINT64_C(2);
    capacity = capacity < needed ? needed : capacity;
    capacity = capacity < CAPACITY_MIN ? CAPACITY_MIN : capacity;
    if (mqtt_frame_read(front, &frame) == MQTT_FRAME_PART && frame.bytes >= needed &&
        frame.bytes < capacity) {
        capacity = frame.bytes;
    }
    return (uint32_t)capacity;
}

// All that has partly come may take half of the memory, so that it alone shuts nobody out.
static bool has_room_for(struct mqtt_door *door, uint32_t capacity, uint32_t more) {
    if (capacity <= door_room_small_share(door)) {
        return door_room_for(door, MEMORY_ANSWER, more);
    }
    size_t limit = door->memory->limit;
    bool is_too_much = limit > 0 && door->input_bytes + more > limit / 2;
    door->counts.refused_memory += is_too_much;
    return !is_too_much && door_room_for(door, MEMORY_SERVING, more);
}

// The front that is handled already is closed up when more comes.
static void close_up(struct door_connection *connection) {
    if (connection->input_begin > 0) {
        ASSERT(connection->input != NULL);
        connection->input_bytes -= connection->input_begin;
        memmove(connection->input, connection->input + connection->input_begin,
                connection->input_bytes);
        connection->input_begin = 0;
    }
}

void door_input_buffer_add(struct mqtt_door *door, struct door_connection *connection,
                           struct bytes bytes) {
    ASSERT(bytes.size > 0);
    close_up(connection);
    uint32_t needed = connection->input_bytes + (uint32_t)bytes.size;
    if (needed > connection->input_capacity) {
        struct bytes front =
            connection->input == NULL ? bytes : door_input_buffer_bytes(connection);
        uint32_t capacity = next_capacity(connection, front, needed);
        if (!has_room_for(door, capacity, capacity - connection->input_capacity)) {
            door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED,
                                 "there is no memory for what has partly come; try again later");
            return;
        }
        connection->input =
            memory_resize(door->memory, connection->input, connection->input_capacity, capacity);
        door->input_bytes += capacity - connection->input_capacity;
        connection->input_capacity = capacity;
    }
    ASSERT(connection->input != NULL && needed <= connection->input_capacity);
    memcpy(connection->input + connection->input_bytes, bytes.data, bytes.size);
    connection->input_bytes = needed;
}

void door_input_buffer_free(struct mqtt_door *door, struct door_connection *connection) {
    ASSERT(door->input_bytes >= connection->input_capacity);
    memory_free(door->memory, connection->input, connection->input_capacity);
    door->input_bytes -= connection->input_capacity;
    connection->input = NULL;
    connection->input_bytes = connection->input_capacity = connection->input_begin = 0;
}
