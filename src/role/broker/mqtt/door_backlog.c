#include "role/broker/mqtt/door_backlog.h"

#include "base/assert.h"

void door_backlog_add(struct mqtt_door *door, struct door_connection *connection) {
    struct door_backlog *backlog = &door->backlog;
    if (connection->is_waiting || connection->state == DOOR_OVER) {
        return;
    }
    connection->is_waiting = true;
    connection->next_waiting = NULL;
    connection->previous_waiting = backlog->last;
    *(backlog->last == NULL ? &backlog->first : &backlog->last->next_waiting) = connection;
    backlog->last = connection;
    backlog->count++;
}

void door_backlog_remove(struct mqtt_door *door, struct door_connection *connection) {
    struct door_backlog *backlog = &door->backlog;
    if (!connection->is_waiting) {
        return;
    }
    struct door_connection *previous = connection->previous_waiting;
    struct door_connection *next = connection->next_waiting;
    *(previous == NULL ? &backlog->first : &previous->next_waiting) = next;
    *(next == NULL ? &backlog->last : &next->previous_waiting) = previous;
    connection->is_waiting = false;
    ASSERT(backlog->count > 0);
    backlog->count--;
}

void door_backlog_check(const struct mqtt_door *door) {
    uint32_t count = 0;
    const struct door_connection *previous = NULL;
    for (const struct door_connection *connection = door->backlog.first; connection != NULL;
         connection = connection->next_waiting) {
        ASSERT(connection->is_waiting && connection->previous_waiting == previous);
        ASSERT(connection->state != DOOR_OVER || connection->is_closed);
        previous = connection;
        count++;
    }
    ASSERT(door->backlog.last == previous && door->backlog.count == count);
}
