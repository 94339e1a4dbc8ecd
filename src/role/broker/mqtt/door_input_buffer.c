#include "role/broker/mqtt/door_input_buffer.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/mqtt/door_room.h"

#define CAPACITY_MIN 64

// Twice as much as before, but no more than the packet takes that stands at its front.
static uint32_t next_capacity(uint32_t before, struct bytes front, uint32_t needed) {
    struct mqtt_frame frame = {0};
    uint64_t capacity = before * UINT64_C(2);
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
static void close_up(struct door_input *input) {
    if (input->begin > 0) {
        input->end -= input->begin;
        memmove(input->bytes, input->bytes + input->begin, input->end);
        input->begin = 0;
    }
}

static size_t block_size(uint32_t capacity) {
    return capacity == 0 ? 0 : sizeof(struct door_input) + capacity;
}

// False: there is no memory for it.
static bool grow(struct mqtt_door *door, struct door_connection *connection, struct bytes front,
                 uint32_t needed) {
    struct door_input *input = connection->input;
    uint32_t before = input == NULL ? 0 : input->capacity;
    uint32_t capacity = next_capacity(before, front, needed);
    if (!has_room_for(door, capacity, capacity - before)) {
        return false;
    }
    input = memory_resize(door->memory, input, block_size(before), block_size(capacity));
    if (before == 0) {
        *input = (struct door_input){0};
    }
    input->capacity = capacity;
    connection->input = input;
    door->input_bytes += capacity - before;
    return true;
}

void door_input_buffer_add(struct mqtt_door *door, struct door_connection *connection,
                           struct bytes bytes) {
    ASSERT(bytes.size > 0);
    if (connection->input != NULL) {
        close_up(connection->input);
    }
    uint32_t capacity = connection->input == NULL ? 0 : connection->input->capacity;
    uint32_t needed = door_input_buffer_count(connection) + (uint32_t)bytes.size;
    struct bytes front = connection->input == NULL ? bytes : door_input_buffer_bytes(connection);
    if (needed > capacity && !grow(door, connection, front, needed)) {
        door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED,
                             "there is no memory for what has partly come; try again later");
        return;
    }
    struct door_input *input = connection->input;
    ASSERT(input != NULL && needed <= input->capacity);
    memcpy(input->bytes + input->end, bytes.data, bytes.size);
    input->end = needed;
}

void door_input_buffer_free(struct mqtt_door *door, struct door_input **input) {
    if (*input != NULL) {
        struct door_input *freed = *input;
        ASSERT(door->input_bytes >= freed->capacity);
        door->input_bytes -= freed->capacity;
        memory_free(door->memory, freed, block_size(freed->capacity));
        *input = NULL;
    }
}
