#include "role/mqtt_turns.h"

#include "base/assert.h"
#include "role/mqtt_input.h"
#include "role/mqtt_retained.h"

// ---- fresh input ------------------------------------------------------------------------------

void mqtt_turns_enter(struct mqtt_door *door, uint64_t now) {
    struct mqtt_turns *turns = &door->turns;
    turns->now = now;
    turns->given = turns->fresh > MQTT_FRESH_STEPS ? turns->fresh : MQTT_FRESH_STEPS;
    turns->left = turns->given;
}

void mqtt_turns_leave(struct mqtt_door *door) {
    struct mqtt_turns *turns = &door->turns;
    int64_t spent = turns->given - turns->left;
    turns->fresh = turns->fresh > spent ? turns->fresh - spent : 0;
}

void mqtt_door_begin_turn(struct mqtt_door *door) {
    door->turns.fresh = door->turns.first == NULL ? MQTT_CALM_STEPS : MQTT_TURN_STEPS;
}

// ---- the backlog ------------------------------------------------------------------------------

void mqtt_backlog_add(struct mqtt_door *door, struct mqtt_connection *connection) {
    struct mqtt_turns *turns = &door->turns;
    if (connection->is_waiting || connection->state == MQTT_OVER) {
        return;
    }
    connection->is_waiting = true;
    connection->next_waiting = NULL;
    connection->previous_waiting = turns->last;
    *(turns->last == NULL ? &turns->first : &turns->last->next_waiting) = connection;
    turns->last = connection;
    turns->count++;
}

void mqtt_backlog_remove(struct mqtt_door *door, struct mqtt_connection *connection) {
    struct mqtt_turns *turns = &door->turns;
    if (!connection->is_waiting) {
        return;
    }
    struct mqtt_connection *previous = connection->previous_waiting;
    struct mqtt_connection *next = connection->next_waiting;
    *(previous == NULL ? &turns->first : &previous->next_waiting) = next;
    *(next == NULL ? &turns->last : &next->previous_waiting) = previous;
    connection->is_waiting = false;
    turns->count--;
}

// A flood of packets does not keep the connection's own retained messages back, nor they it.
static void serve(struct mqtt_door *door, struct mqtt_connection *connection, uint64_t now) {
    struct mqtt_turns *turns = &door->turns;
    int64_t half = connection->has_input ? turns->left / 2 : 0;
    turns->left -= half;
    if (connection->session != NULL && connection->session->walks != NULL) {
        mqtt_retained_go_on(door, connection->session, now);
    }
    turns->left += half;
    if (connection->has_input) {
        mqtt_input_go_on(door, connection, now);
    }
}

void mqtt_backlog_work(struct mqtt_door *door, uint64_t now) {
    struct mqtt_turns *turns = &door->turns;
    int64_t left = MQTT_TURN_STEPS;
    int64_t share = turns->count == 0 ? 0 : MQTT_TURN_STEPS / turns->count;
    share = share > MQTT_SLICE_STEPS ? share : MQTT_SLICE_STEPS;
    turns->now = now;
    turns->is_backlog = true;
    for (uint32_t count = turns->count; count > 0 && left > 0 && turns->first != NULL; count--) {
        struct mqtt_connection *connection = turns->first;
        ASSERT(connection->state != MQTT_OVER || connection->is_closed);
        mqtt_backlog_remove(door, connection);
        turns->left = share;
        connection->is_closed ? mqtt_end_closed(door, connection, now)
                              : serve(door, connection, now);
        left -= share - turns->left;
    }
    turns->is_backlog = false;
}
