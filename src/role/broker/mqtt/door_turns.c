#include "role/broker/mqtt/door_turns.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_input.h"
#include "role/broker/mqtt/door_retained.h"

// ---- fresh input ------------------------------------------------------------------------------

void door_turns_enter(struct mqtt_door *door, uint64_t now) {
    struct door_turns *turns = &door->turns;
    turns->now = now;
    turns->given = turns->fresh > DOOR_FRESH_STEPS ? turns->fresh : DOOR_FRESH_STEPS;
    turns->left = turns->given;
}

void door_turns_leave(struct mqtt_door *door) {
    struct door_turns *turns = &door->turns;
    int64_t spent = turns->given - turns->left;
    turns->fresh = turns->fresh > spent ? turns->fresh - spent : 0;
}

void mqtt_door_begin_turn(struct mqtt_door *door) {
    door->turns.fresh = door->turns.first == NULL ? DOOR_CALM_STEPS : DOOR_TURN_STEPS;
}

// ---- the backlog ------------------------------------------------------------------------------

void door_backlog_add(struct mqtt_door *door, struct door_connection *connection) {
    struct door_turns *turns = &door->turns;
    if (connection->is_waiting || connection->state == DOOR_OVER) {
        return;
    }
    connection->is_waiting = true;
    connection->next_waiting = NULL;
    connection->previous_waiting = turns->last;
    *(turns->last == NULL ? &turns->first : &turns->last->next_waiting) = connection;
    turns->last = connection;
    turns->count++;
}

void door_backlog_remove(struct mqtt_door *door, struct door_connection *connection) {
    struct door_turns *turns = &door->turns;
    if (!connection->is_waiting) {
        return;
    }
    struct door_connection *previous = connection->previous_waiting;
    struct door_connection *next = connection->next_waiting;
    *(previous == NULL ? &turns->first : &previous->next_waiting) = next;
    *(next == NULL ? &turns->last : &next->previous_waiting) = previous;
    connection->is_waiting = false;
    turns->count--;
}

// A flood of packets does not keep the connection's own retained messages back, nor they it.
static void serve(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    struct door_turns *turns = &door->turns;
    int64_t half = connection->has_input ? turns->left / 2 : 0;
    turns->left -= half;
    if (connection->session != NULL && connection->session->walks != NULL) {
        door_retained_go_on(door, connection->session, now);
    }
    turns->left += half;
    if (connection->has_input) {
        door_input_go_on(door, connection, now);
    }
}

void door_backlog_work(struct mqtt_door *door, uint64_t now) {
    struct door_turns *turns = &door->turns;
    int64_t left = DOOR_TURN_STEPS;
    int64_t share = turns->count == 0 ? 0 : DOOR_TURN_STEPS / turns->count;
    share = share > DOOR_SLICE_STEPS ? share : DOOR_SLICE_STEPS;
    turns->now = now;
    turns->is_backlog = true;
    for (uint32_t count = turns->count; count > 0 && left > 0 && turns->first != NULL; count--) {
        struct door_connection *connection = turns->first;
        ASSERT(connection->state != DOOR_OVER || connection->is_closed);
        door_backlog_remove(door, connection);
        turns->left = share;
        connection->is_closed ? door_end_closed(door, connection, now)
                              : serve(door, connection, now);
        left -= share - turns->left;
    }
    turns->is_backlog = false;
}
