#include "role/broker/subscribe/door_retained.h"

#include "role/broker/mqtt/door_backlog.h"
#include "role/broker/delivery/door_delivery.h"
#include "role/broker/mqtt/door_turns.h"
#include "role/broker/session/door_access.h"

#define STREAM_BYTES_MAX 1048576 // that wait in a stream while the cursor goes on ...
#define QUEUED_MAX 1000          // ... and messages in the queue, or half of what it may hold

struct door_retained_cursor {
    struct door_retained_cursor *next;
    struct topic_values_cursor values;
    uint32_t filter_bytes;
    uint32_t options;
    uint8_t filter[];
};

static struct bytes filter_of(const struct door_retained_cursor *cursor) {
    return bytes_make(cursor->filter, cursor->filter_bytes);
}

size_t door_retained_cost(struct bytes filter) {
    return sizeof(struct door_retained_cursor) + filter.size + MEMORY_BLOCK_COST;
}

static void free_cursor(struct mqtt_door *door, struct door_retained_cursor *cursor) {
    topic_values_cursor_free(&door->core->values, &cursor->values);
    memory_free(door->memory, cursor, sizeof *cursor + cursor->filter_bytes);
}

// session->retained is the last one, which is followed by the first.
static void unlink_after(struct door_session *session, struct door_retained_cursor *before) {
    struct door_retained_cursor *cursor = before->next;
    before->next = cursor->next;
    if (cursor == session->retained) {
        session->retained = cursor == before ? NULL : before;
    }
}

static void end_first(struct mqtt_door *door, struct door_session *session) {
    struct door_retained_cursor *cursor = session->retained->next;
    unlink_after(session, session->retained);
    free_cursor(door, cursor);
}

void door_retained_free(struct mqtt_door *door, struct door_session *session) {
    while (session->retained != NULL) {
        end_first(door, session);
    }
}

void door_retained_stop(struct mqtt_door *door, struct door_session *session, struct bytes filter) {
    struct door_retained_cursor *before = session->retained;
    uint32_t looked = 0;
    while (before != NULL) {
        struct door_retained_cursor *cursor = before->next;
        looked++;
        if (bytes_equal(filter_of(cursor), filter)) {
            unlink_after(session, before);
            free_cursor(door, cursor);
            break;
        }
        before = cursor == session->retained ? NULL : cursor;
    }
    door_turns_spend(door, looked * 2 / DOOR_LOOKS_A_STEP);
}

// Whether less waits than a cursor may let wait, divided by `part`.
static bool has_room(const struct mqtt_door *door, const struct door_session *session,
                     unsigned part) {
    const struct door_connection *connection = session->connection;
    uint32_t most = door->config->limits.queue_messages / 2;
    uint64_t bytes = door->config->limits.queue_bytes / 2;
    most = (most < QUEUED_MAX ? most : QUEUED_MAX) / part;
    bytes = (bytes < STREAM_BYTES_MAX ? bytes : STREAM_BYTES_MAX) / part;
    return connection != NULL && !connection->is_condemned && connection->output.bytes <= bytes &&
           session->queue.bytes <= bytes && session->queue.count - session->queue.cursor <= most;
}

struct step {
    struct mqtt_door *door;
    struct door_session *session;
    struct door_retained_cursor *cursor;
    uint64_t now;
};

static bool send_value(void *context, const struct topic_value *value) {
    struct step *step = context;
    struct broker_entry entry = broker_entry_of_value(value);
    bool is_none = entry.value.size == 0; // MQTT knows no empty retained message
    if (!is_none && entry.expires_at > step->now &&
        door_access_allows(step->door, step->session, ACCESS_READ, entry.topic)) {
        door_delivery_send_retained(step->door, step->session, &entry, step->cursor->options);
    }
    return has_room(step->door, step->session, 1) && !door_turns_are_spent(step->door);
}

// As far as the steps go. True: the cursor is over.
static bool resume(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_retained_cursor *cursor = session->retained->next;
    struct step step = {door, session, cursor, now};
    const struct topic_values_visitor visitor = {send_value, &step};
    uint32_t given = (uint32_t)door->turns.left / DOOR_RETAINED_STEPS + 1;
    uint32_t steps = given;
    bool is_over = topic_values_go_on(&door->core->values, filter_of(cursor), &cursor->values,
                                      &steps, &visitor) == TOPIC_VALUES_ALL_FOUND;
    door_turns_spend(door, (uint64_t)(given - steps) * DOOR_RETAINED_STEPS);
    return is_over;
}

void door_retained_resume(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    door->publishing.now = now;
    // Not for the room of one message: to find its place again takes longer than to send it.
    while (session->retained != NULL && has_room(door, session, 2)) {
        if (door_turns_are_spent(door)) {
            door_backlog_add(door, session->connection);
            return;
        }
        if (resume(door, session, now)) {
            end_first(door, session);
        }
    }
}

void door_retained_start(struct mqtt_door *door, struct door_session *session, struct bytes filter,
                         uint32_t options, uint64_t now) {
    struct door_retained_cursor *cursor =
        memory_resize(door->memory, NULL, 0, sizeof *cursor + filter.size);
    *cursor =
        (struct door_retained_cursor){.filter_bytes = (uint32_t)filter.size, .options = options};
    memcpy(cursor->filter, filter.data, filter.size);
    struct door_retained_cursor *last = session->retained;
    cursor->next = last == NULL ? cursor : last->next;
    if (last != NULL) {
        last->next = cursor;
    }
    session->retained = cursor;
    if (last == NULL) { // else it comes after those before it
        door_retained_resume(door, session, now);
    }
}
