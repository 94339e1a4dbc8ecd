#include "role/broker/mqtt/door_retained.h"

#include "role/broker/mqtt/door_delivery.h"
#include "role/broker/mqtt/door_turns.h"

#define STREAM_BYTES_MAX 1048576 // that wait in a stream while the walk goes on ...
#define QUEUED_MAX 1000          // ... and messages in the queue, or half of what it may hold

struct door_walk {
    struct door_walk *next;
    struct topic_values_cursor cursor;
    uint32_t filter_bytes;
    uint32_t detail;
    uint8_t filter[];
};

static struct bytes filter_of(const struct door_walk *walk) {
    return bytes_make(walk->filter, walk->filter_bytes);
}

size_t door_retained_cost(struct bytes filter) {
    return sizeof(struct door_walk) + filter.size + MEMORY_BLOCK_COST;
}

static void free_walk(struct mqtt_door *door, struct door_walk *walk) {
    topic_values_cursor_free(&door->core->values, &walk->cursor);
    memory_free(door->memory, walk, sizeof *walk + walk->filter_bytes);
}

// session->walks is the last one, which is followed by the first.
static void unlink_after(struct door_session *session, struct door_walk *before) {
    struct door_walk *walk = before->next;
    before->next = walk->next;
    if (walk == session->walks) {
        session->walks = walk == before ? NULL : before;
    }
}

static void end_first(struct mqtt_door *door, struct door_session *session) {
    struct door_walk *walk = session->walks->next;
    unlink_after(session, session->walks);
    free_walk(door, walk);
}

void door_retained_free(struct mqtt_door *door, struct door_session *session) {
    while (session->walks != NULL) {
        end_first(door, session);
    }
}

void door_retained_stop(struct mqtt_door *door, struct door_session *session, struct bytes filter) {
    struct door_walk *before = session->walks;
    uint32_t looked = 0;
    while (before != NULL) {
        struct door_walk *walk = before->next;
        looked++;
        if (bytes_equal(filter_of(walk), filter)) {
            unlink_after(session, before);
            free_walk(door, walk);
            break;
        }
        before = walk == session->walks ? NULL : walk;
    }
    door_spend(door, looked * 2 / DOOR_LOOKS_A_STEP);
}

// Whether less waits than a walk may let wait, divided by `part`.
static bool has_room(const struct mqtt_door *door, const struct door_session *session,
                     unsigned part) {
    const struct door_connection *connection = session->connection;
    uint32_t most = door->config->limits.queue_messages / 2;
    uint64_t bytes = door->config->limits.queue_bytes / 2;
    most = (most < QUEUED_MAX ? most : QUEUED_MAX) / part;
    bytes = (bytes < STREAM_BYTES_MAX ? bytes : STREAM_BYTES_MAX) / part;
    return connection != NULL && !connection->is_doomed && connection->output.bytes <= bytes &&
           session->queue.bytes <= bytes && session->queue.count - session->queue.cursor <= most;
}

struct step {
    struct mqtt_door *door;
    struct door_session *session;
    struct door_walk *walk;
    uint64_t now;
};

static bool send_value(void *context, const struct topic_value *value) {
    struct step *step = context;
    struct broker_entry entry = broker_entry_of_value(value);
    bool is_none = entry.value.size == 0; // MQTT knows no empty retained message
    if (!is_none && entry.expires_at > step->now) {
        door_deliver_retained(step->door, step->session, &entry, step->walk->detail);
    }
    return has_room(step->door, step->session, 1);
}

// As far as the steps go. True: the walk is over.
static bool walk_on(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    struct door_walk *walk = session->walks->next;
    struct step step = {door, session, walk, now};
    const struct topic_values_visitor visitor = {send_value, &step};
    uint32_t given = (uint32_t)door->turns.left / DOOR_RETAINED_STEPS + 1;
    uint32_t steps = given;
    bool is_over = topic_values_go_on(&door->core->values, filter_of(walk), &walk->cursor, &steps,
                                      &visitor) == TOPIC_VALUES_ALL_FOUND;
    door_spend(door, (uint64_t)(given - steps) * DOOR_RETAINED_STEPS);
    return is_over;
}

void door_retained_go_on(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    door->publishing.now = now;
    // Not for the room of one message: to find its place again takes longer than to send it.
    while (session->walks != NULL && has_room(door, session, 2)) {
        if (door_is_spent(door)) {
            door_backlog_add(door, session->connection);
            return;
        }
        if (walk_on(door, session, now)) {
            end_first(door, session);
        }
    }
}

void door_retained_start(struct mqtt_door *door, struct door_session *session, struct bytes filter,
                         uint32_t detail, uint64_t now) {
    struct door_walk *walk = memory_resize(door->memory, NULL, 0, sizeof *walk + filter.size);
    *walk = (struct door_walk){.filter_bytes = (uint32_t)filter.size, .detail = detail};
    memcpy(walk->filter, filter.data, filter.size);
    struct door_walk *last = session->walks;
    walk->next = last == NULL ? walk : last->next;
    if (last != NULL) {
        last->next = walk;
    }
    session->walks = walk;
    if (last == NULL) { // else it comes after those before it
        door_retained_go_on(door, session, now);
    }
}
