#include "role/broker/mqtt/door_input.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_backlog.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/mqtt/door_input_buffer.h"
#include "role/broker/mqtt/door_packets.h"
#include "role/broker/mqtt/door_room.h"
#include "role/broker/subscribe/door_subscribe.h"
#include "role/broker/mqtt/door_turns.h"

#define PROGRESS 1000       // bytes of one packet: so many more are a sign of life [MQTT-3.1.2-22]
#define FIRST_MAX 524288    // bytes of a packet of who was not let in yet
#define UNHEARD_MAX 65536   // bytes that wait while credentials are checked
#define ANSWERS_MAX 1048576 // bytes of answers that wait, beyond the limit of what is delivered

static bool is_listening(const struct door_connection *connection) {
    return connection->state != DOOR_OVER && connection->state != DOOR_EXPECT_CHECK;
}

// A CONNECT of five texts of 64 KiB and some properties is as large as one gets.
static uint32_t most_of(const struct mqtt_door *door, const struct door_connection *connection) {
    uint32_t most = door_connection_packet_max(door, connection);
    return connection->state == DOOR_OPEN || most < FIRST_MAX ? most : FIRST_MAX;
}

// Handles the packet that the frame is of; false: it needs more steps, and stays.
static bool receive_frame(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes bytes, uint64_t now) {
    if (connection->request == NULL) {
        door_packets_receive(door, connection, bytes, now);
    } else {
        door_subscribe_resume(door, connection, bytes, now);
    }
    return connection->request == NULL || connection->state == DOOR_OVER;
}

// What the packet may cost: were it all properties, and what begins or ends with it.
static uint64_t most_steps(const struct door_connection *connection,
                           const struct mqtt_frame *frame) {
    uint64_t steps = frame->bytes / DOOR_PROPERTIES_A_STEP;
    if (connection->state != DOOR_OPEN) {
        steps += DOOR_CONNECT_STEPS;
    } else if (frame->first >> 4 == MQTT_DISCONNECT) {
        steps += door_turns_end_steps(connection);
    }
    return steps;
}

// In the backlog one packet is handled in any case, so that it comes to an end.
static bool can_afford(const struct mqtt_door *door, const struct door_connection *connection,
                       const struct mqtt_frame *frame) {
    return door->turns.is_backlog || door_turns_reach(door, most_steps(connection, frame));
}

// Handles the whole packets at the front; returns how many bytes they took.
static size_t receive_packets(struct mqtt_door *door, struct door_connection *connection,
                              struct bytes bytes, uint64_t now) {
    size_t at = 0;
    while (is_listening(connection) && !door_turns_are_spent(door)) {
        struct mqtt_frame frame;
        struct bytes rest = bytes_make(bytes.data + at, bytes.size - at);
        enum mqtt_frame_state state = mqtt_frame_read(rest, &frame);
        if (state == MQTT_FRAME_MALFORMED) {
            door_connection_fail(door, connection, MQTT_MALFORMED_PACKET,
                                 "the length is malformed");
        } else if (frame.bytes > most_of(door, connection)) {
            door_connection_fail(door, connection, MQTT_PACKET_TOO_LARGE,
                                 "the packet is too large");
        } else if (state == MQTT_FRAME_PART || !can_afford(door, connection, &frame) ||
                   !receive_frame(door, connection, bytes_make(rest.data, frame.bytes), now)) {
            break;
        } else {
            at += frame.bytes;
        }
    }
    return at;
}

// The packets in `input`. It is taken off the connection meanwhile, for that may end.
static void receive_buffered(struct mqtt_door *door, struct door_connection *connection,
                             uint64_t now) {
    struct door_input *input = connection->input;
    struct bytes bytes = door_input_buffer_bytes(connection);
    connection->input = NULL;
    input->begin += (uint32_t)receive_packets(door, connection, bytes, now);
    if (connection->state == DOOR_OVER || input->begin == input->end) {
        door_input_buffer_free(door, &input);
    } else {
        connection->input = input;
    }
}

static bool may_go_on(const struct mqtt_door *door, const struct door_connection *connection) {
    return is_listening(connection) && !door_turns_are_spent(door);
}

// A packet that is whole and was not handled waits for steps.
static bool is_whole(const struct door_connection *connection) {
    struct mqtt_frame frame;
    return connection->input != NULL &&
           mqtt_frame_read(door_input_buffer_bytes(connection), &frame) == MQTT_FRAME_WHOLE;
}

// Completes the packet that is partly there with the front of `bytes`; how much that took.
static size_t complete_buffered(struct mqtt_door *door, struct door_connection *connection,
                                struct bytes bytes, uint64_t now) {
    size_t taken = 0;
    while (taken < bytes.size && connection->input != NULL && !is_whole(connection) &&
           may_go_on(door, connection)) {
        struct mqtt_frame frame;
        struct bytes known = door_input_buffer_bytes(connection);
        (void)mqtt_frame_read(known, &frame);
        size_t wanted = frame.bytes > known.size ? frame.bytes - known.size : 1;
        size_t left = bytes.size - taken;
        wanted = wanted < left ? wanted : left;
        door_input_buffer_add(door, connection, bytes_make(bytes.data + taken, wanted));
        taken += wanted;
        if (connection->state != DOOR_OVER) { // there was room for it
            receive_buffered(door, connection, now);
        }
    }
    return taken;
}

// What could be handled if there were more steps waits for the connection's next turn.
static void note_left(struct mqtt_door *door, struct door_connection *connection) {
    connection->has_input = is_listening(connection) && connection->input != NULL &&
                            (door_turns_are_spent(door) || is_whole(connection));
    if (connection->has_input) {
        door_backlog_add(door, connection);
    }
}

static void keep_rest(struct mqtt_door *door, struct door_connection *connection,
                      struct bytes bytes) {
    door_input_buffer_add(door, connection, bytes);
    if (connection->state == DOOR_EXPECT_CHECK &&
        door_input_buffer_count(connection) > UNHEARD_MAX) {
        door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED,
                             "it sent too much before it was let in");
    }
}

// Who goes on asking and does not read the answers has to go; when memory is short, soon.
static bool reads_too_little(const struct mqtt_door *door,
                             const struct door_connection *connection) {
    uint64_t unread = connection->output.bytes;
    return unread > door_room_of_queue(door) + ANSWERS_MAX ||
           (!memory_has_room(door->memory, MEMORY_SERVING, 0) &&
            unread > door_room_small_share(door));
}

static void check_reader(struct mqtt_door *door, struct door_connection *connection) {
    if (reads_too_little(door, connection)) {
        door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED,
                             "it does not read what it is answered");
    }
}

void door_input_receive(struct mqtt_door *door, struct door_connection *connection,
                        struct bytes bytes, uint64_t now) {
    uint32_t before = door_input_buffer_count(connection);
    size_t taken = 0;
    door_turns_spend(door, bytes.size / DOOR_BYTES_A_STEP);
    if (connection->has_input) { // its turn comes
        door_input_buffer_add(door, connection, bytes);
        return;
    }
    if (connection->input != NULL) {
        taken = complete_buffered(door, connection, bytes, now);
    }
    if (connection->input == NULL && may_go_on(door, connection) && taken < bytes.size) {
        taken += receive_packets(door, connection,
                                 bytes_make(bytes.data + taken, bytes.size - taken), now);
    }
    if (connection->state != DOOR_OVER && taken < bytes.size) {
        keep_rest(door, connection, bytes_make(bytes.data + taken, bytes.size - taken));
    }
    if (door_input_buffer_count(connection) / PROGRESS > before / PROGRESS) {
        connection->heard = now;
    }
    check_reader(door, connection);
    note_left(door, connection);
}

void door_input_resume(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    if (connection->input != NULL && may_go_on(door, connection)) {
        receive_buffered(door, connection, now);
    }
    check_reader(door, connection);
    note_left(door, connection);
    if (!connection->has_input && connection->state != DOOR_OVER) {
        door_turns_spend(door, DOOR_READ_STEPS);
        door_connection_wake(door, connection); // its driver reads on
    }
}
