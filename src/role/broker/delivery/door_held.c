#include "role/broker/delivery/door_held.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_connection.h"

// From `at` on, in bytes behind the front of the output, nothing may be sent until the journal has
// the record. Two such marks are enough: what is held first goes as soon as it may, and the second
// one stands for all that came since.
struct mark {
    uint64_t at;
    uint64_t record;
};

// Of a connection with output that is held; in the door's list.
struct door_held {
    struct door_connection *connection;
    const struct journal *journal;
    struct door_held *next;
    struct door_held *previous;
    struct mark marks[2];
    unsigned count; // of them, at least 1
};

static struct door_held *create(struct mqtt_door *door, struct door_connection *connection) {
    struct door_held *held = memory_allocate(door->memory, sizeof *held);
    held->connection = connection;
    held->journal = door->journal;
    held->next = door->held;
    if (door->held != NULL) {
        door->held->previous = held;
    }
    door->held = connection->held = held;
    return held;
}

void door_held_free(struct mqtt_door *door, struct door_connection *connection) {
    struct door_held *held = connection->held;
    if (held == NULL) {
        return;
    }
    *(held->previous == NULL ? &door->held : &held->previous->next) = held->next;
    if (held->next != NULL) {
        held->next->previous = held->previous;
    }
    connection->held = NULL;
    memory_free(door->memory, held, sizeof *held);
}

void door_held_begin_exactly(struct mqtt_door *door, struct door_connection *connection) {
    struct mark mark = {connection->output.bytes, door->journal->appended};
    struct door_held *held = connection->held;
    if (journal_is_durable(door->journal)) {
        return;
    }
    held = held != NULL ? held : create(door, connection);
    struct mark *last = &held->marks[held->count == 0 ? 0 : held->count - 1];
    if (held->count == 0 || (held->count == 1 && last->record < mark.record)) {
        held->marks[held->count++] = mark;
    } else {
        last->record = mark.record;
    }
}

size_t door_held_sendable_exactly(const struct door_connection *connection) {
    return connection->held->marks[0].at;
}

bool door_held_is_awaited(const struct door_connection *connection) {
    return connection->held != NULL && journal_may_promise(connection->held->journal);
}

void door_held_sent(struct door_connection *connection, size_t bytes) {
    struct door_held *held = connection->held;
    for (unsigned i = 0; held != NULL && i < held->count; i++) {
        ASSERT(bytes <= held->marks[i].at); // nothing that is held was given out
        held->marks[i].at -= bytes;
    }
}

// Whether the connection may send more now.
static bool advance(struct door_held *held) {
    bool is_more = false;
    while (held->count > 0 && held->marks[0].record <= held->journal->durable) {
        held->marks[0] = held->marks[1];
        held->count--;
        is_more = true;
    }
    return is_more;
}

void door_held_release(struct mqtt_door *door) {
    struct door_held *next;
    for (struct door_held *held = door->held; held != NULL; held = next) {
        struct door_connection *connection = held->connection;
        next = held->next;
        bool is_more = advance(held);
        bool is_given_up = !journal_may_promise(held->journal);
        if (held->count == 0) {
            door_held_free(door, connection);
        }
        if ((is_more || is_given_up) && !connection->is_closed) {
            door_connection_wake(door, connection);
        }
    }
}

void door_held_check(const struct door_connection *connection) {
    const struct door_held *held = connection->held;
    if (held != NULL) {
        ASSERT(held->connection == connection && held->count >= 1 && held->count <= 2);
        ASSERT(held->marks[0].record > held->journal->durable); // or it would have been released
        ASSERT(held->marks[held->count - 1].at <= connection->output.bytes);
        ASSERT(held->count == 1 || held->marks[0].at <= held->marks[1].at);
        ASSERT(held->count == 1 || held->marks[0].record < held->marks[1].record);
    }
}
