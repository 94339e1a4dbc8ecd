#include "role/broker/mqtt/door_input.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_delivery.h"
#include "role/broker/mqtt/door_subscribe.h"
#include "role/broker/mqtt/door_turns.h"

#define PARTIAL_MIN 64
#define PROGRESS 1000    // bytes of one packet: so many more are a sign of life [MQTT-3.1.2-22]
#define FIRST_MAX 524288 // bytes of a packet of who was not let in yet
#define PARTIAL_MAX_UNHEARD 65536 // bytes that wait while credentials are checked
#define ANSWERS_MAX 1048576 // bytes of answers that wait, beyond the limit of what is delivered

static bool is_listening(const struct door_connection *connection) {
    return connection->state != DOOR_OVER && connection->state != DOOR_EXPECT_CHECK;
}

// A CONNECT of five texts of 64 KiB and some properties is as large as one gets.
static uint32_t most_of(const struct mqtt_door *door, const struct door_connection *connection) {
    uint32_t most = door->config->limits.packet_bytes;
    return connection->state == DOOR_OPEN || most < FIRST_MAX ? most : FIRST_MAX;
}

// Handles the packet that the frame is of; false: it needs more steps, and stays.
static bool receive_frame(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes bytes, uint64_t now) {
    if (connection->request == NULL) {
        door_receive_packet(door, connection, bytes, now);
    } else {
        door_request_go_on(door, connection, bytes, now);
    }
    return connection->request == NULL;
}

// What the packet may cost: were it all properties, and what begins or ends with it.
static uint64_t most_steps(const struct door_connection *connection,
                           const struct mqtt_frame *frame) {
    uint64_t steps = frame->bytes / DOOR_PROPERTIES_A_STEP;
    if (connection->state != DOOR_OPEN) {
        steps += DOOR_CONNECT_STEPS;
    } else if (frame->first >> 4 == MQTT_DISCONNECT) {
        steps += door_end_steps(connection);
    }
    return steps;
}

// In the backlog one packet is handled in any case, so that it comes to an end.
static bool is_affordable(const struct mqtt_door *door, const struct door_connection *connection,
                          const struct mqtt_frame *frame) {
    return door->turns.is_backlog || most_steps(connection, frame) <= (uint64_t)door->turns.left;
}

// Handles the whole packets at the front; returns how many bytes they took.
static size_t receive_packets(struct mqtt_door *door, struct door_connection *connection,
                              struct bytes bytes, uint64_t now) {
    size_t at = 0;
    while (is_listening(connection) && !door_is_spent(door)) {
        struct mqtt_frame frame;
        struct bytes rest = bytes_make(bytes.data + at, bytes.size - at);
        enum mqtt_frame_state state = mqtt_frame_read(rest, &frame);
        if (state == MQTT_FRAME_MALFORMED) {
            door_fail(door, connection, MQTT_MALFORMED_PACKET, "the length is malformed", now);
        } else if (frame.bytes > most_of(door, connection)) {
            door_fail(door, connection, MQTT_PACKET_TOO_LARGE, "the packet is too large", now);
        } else if (state == MQTT_FRAME_PART || !is_affordable(door, connection, &frame) ||
                   !receive_frame(door, connection, bytes_make(rest.data, frame.bytes), now)) {
            break;
        } else {
            at += frame.bytes;
        }
    }
    return at;
}

// Twice as much as before, but no more than the packet takes that stands at its front.
static uint32_t partial_capacity(const struct door_connection *connection, struct bytes front,
                                 uint32_t needed) {
    struct mqtt_frame frame = {0};
    uint64_t capacity = connection->partial_capacity * UINT64_C(2);
    capacity = capacity < needed ? needed : capacity;
    capacity = capacity < PARTIAL_MIN ? PARTIAL_MIN : capacity;
    if (mqtt_frame_read(front, &frame) == MQTT_FRAME_PART && frame.bytes >= needed &&
        frame.bytes < capacity) {
        capacity = frame.bytes;
    }
    return (uint32_t)capacity;
}

// All that has partly come may take half of the memory, so that it alone shuts nobody out.
static bool has_room_for_partial(struct mqtt_door *door, uint32_t capacity, uint32_t more) {
    if (capacity <= door_small_share(door)) {
        return door_has_room(door, MEMORY_ANSWER, more);
    }
    size_t limit = door->memory->limit;
    bool is_too_much = limit > 0 && door->partial_bytes + more > limit / 2;
    door->counts.refused_memory += is_too_much;
    return !is_too_much && door_has_room(door, MEMORY_SERVING, more);
}

// The front that is handled already is closed up when more comes.
static void close_up(struct door_connection *connection) {
    if (connection->partial_begin > 0) {
        ASSERT(connection->partial != NULL);
        connection->partial_bytes -= connection->partial_begin;
        memmove(connection->partial, connection->partial + connection->partial_begin,
                connection->partial_bytes);
        connection->partial_begin = 0;
    }
}

static struct bytes kept(const struct door_connection *connection) {
    return bytes_make(connection->partial + connection->partial_begin,
                      connection->partial_bytes - connection->partial_begin);
}

// Grows with what has come, not with what a header promises.
static void keep_partial(struct mqtt_door *door, struct door_connection *connection,
                         struct bytes bytes, uint64_t now) {
    close_up(connection);
    uint32_t needed = connection->partial_bytes + (uint32_t)bytes.size;
    if (needed > connection->partial_capacity) {
        struct bytes front = connection->partial == NULL ? bytes : kept(connection);
        uint32_t capacity = partial_capacity(connection, front, needed);
        if (!has_room_for_partial(door, capacity, capacity - connection->partial_capacity)) {
            door_fail(door, connection, MQTT_QUOTA_EXCEEDED,
                      "there is no memory for what has partly come; try again later", now);
            return;
        }
        connection->partial = memory_resize(door->memory, connection->partial,
                                            connection->partial_capacity, capacity);
        door->partial_bytes += capacity - connection->partial_capacity;
        connection->partial_capacity = capacity;
    }
    ASSERT(connection->partial != NULL); // it is called with some bytes
    memcpy(connection->partial + connection->partial_bytes, bytes.data, bytes.size);
    connection->partial_bytes = needed;
}

void door_input_free(struct mqtt_door *door, struct door_connection *connection) {
    memory_free(door->memory, connection->partial, connection->partial_capacity);
    door->partial_bytes -= connection->partial_capacity;
    connection->partial = NULL;
    connection->partial_bytes = connection->partial_capacity = connection->partial_begin = 0;
    connection->has_input = false;
    door_request_free(door, connection);
}

// The packets in `partial`. It is taken off the connection meanwhile, for that may end.
static void receive_partial(struct mqtt_door *door, struct door_connection *connection,
                            uint64_t now) {
    uint8_t *block = connection->partial;
    uint32_t capacity = connection->partial_capacity;
    uint32_t end = connection->partial_bytes;
    uint32_t begin = connection->partial_begin;
    struct bytes bytes = kept(connection);
    connection->partial = NULL;
    connection->partial_bytes = connection->partial_capacity = connection->partial_begin = 0;
    size_t taken = receive_packets(door, connection, bytes, now);
    if (connection->state == DOOR_OVER || begin + taken == end) {
        memory_free(door->memory, block, capacity);
        door->partial_bytes -= capacity;
        return;
    }
    connection->partial = block;
    connection->partial_bytes = end;
    connection->partial_begin = begin + (uint32_t)taken;
    connection->partial_capacity = capacity;
}

static bool may_go_on(const struct mqtt_door *door, const struct door_connection *connection) {
    return is_listening(connection) && !door_is_spent(door);
}

// A packet that is whole and was not handled waits for steps.
static bool is_whole(const struct door_connection *connection) {
    struct mqtt_frame frame;
    return connection->partial != NULL &&
           mqtt_frame_read(kept(connection), &frame) == MQTT_FRAME_WHOLE;
}

// Completes the packet that is partly there with the front of `bytes`; how much that took.
static size_t complete_partial(struct mqtt_door *door, struct door_connection *connection,
                               struct bytes bytes, uint64_t now) {
    size_t taken = 0;
    while (taken < bytes.size && connection->partial != NULL && !is_whole(connection) &&
           may_go_on(door, connection)) {
        struct mqtt_frame frame;
        struct bytes known = kept(connection);
        (void)mqtt_frame_read(known, &frame);
        size_t wanted = frame.bytes > known.size ? frame.bytes - known.size : 1;
        size_t left = bytes.size - taken;
        wanted = wanted < left ? wanted : left;
        keep_partial(door, connection, bytes_make(bytes.data + taken, wanted), now);
        taken += wanted;
        if (connection->state != DOOR_OVER) { // there was room for it
            receive_partial(door, connection, now);
        }
    }
    return taken;
}

// What could be handled if there were more steps waits for the connection's next turn.
static void note_left(struct mqtt_door *door, struct door_connection *connection) {
    connection->has_input = is_listening(connection) && connection->partial != NULL &&
                            (door_is_spent(door) || is_whole(connection));
    if (connection->has_input) {
        door_backlog_add(door, connection);
    }
}

static void keep_rest(struct mqtt_door *door, struct door_connection *connection,
                      struct bytes bytes, uint64_t now) {
    keep_partial(door, connection, bytes, now);
    if (connection->state == DOOR_EXPECT_CHECK && connection->partial_bytes > PARTIAL_MAX_UNHEARD) {
        door_fail(door, connection, MQTT_QUOTA_EXCEEDED, "it sent too much before it was let in",
                  now);
    }
}

// Who goes on asking and does not read the answers has to go; when memory is short, soon.
static bool reads_too_little(const struct mqtt_door *door,
                             const struct door_connection *connection) {
    uint64_t unread = connection->output.bytes;
    return unread > door_queue_bytes_max(door) + ANSWERS_MAX ||
           (!memory_has_room(door->memory, MEMORY_SERVING, 0) && unread > door_small_share(door));
}

static void check_reader(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    if (reads_too_little(door, connection)) {
        door_fail(door, connection, MQTT_QUOTA_EXCEEDED, "it does not read what it is answered",
                  now);
    }
}

void door_input_receive(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes bytes, uint64_t now) {
    uint32_t before = connection->partial_bytes - connection->partial_begin;
    size_t taken = 0;
    door_spend(door, bytes.size / DOOR_BYTES_A_STEP);
    if (connection->has_input) { // its turn comes
        keep_partial(door, connection, bytes, now);
        return;
    }
    if (connection->partial != NULL) {
        taken = complete_partial(door, connection, bytes, now);
    }
    if (connection->partial == NULL && may_go_on(door, connection) && taken < bytes.size) {
        taken += receive_packets(door, connection,
                                 bytes_make(bytes.data + taken, bytes.size - taken), now);
    }
    if (connection->state != DOOR_OVER && taken < bytes.size) {
        keep_rest(door, connection, bytes_make(bytes.data + taken, bytes.size - taken), now);
    }
    if ((connection->partial_bytes - connection->partial_begin) / PROGRESS > before / PROGRESS) {
        connection->heard = now;
    }
    check_reader(door, connection, now);
    note_left(door, connection);
}

void door_input_go_on(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    if (connection->partial != NULL && may_go_on(door, connection)) {
        receive_partial(door, connection, now);
    }
    check_reader(door, connection, now);
    note_left(door, connection);
    if (!connection->has_input) {
        door_spend(door, DOOR_READ_STEPS);
        door_wake(door, connection); // its driver reads on
    }
}
