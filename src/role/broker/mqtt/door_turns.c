#include "role/broker/mqtt/door_turns.h"

_Static_assert(DOOR_BACKLOG_STEPS % DOOR_LOOK_STEPS == 0, "a turn is so many looks long");

void door_turns_enter(struct mqtt_door *door, uint64_t now) {
    struct door_turns *turns = &door->turns;
    turns->now = now;
    turns->given = turns->fresh > DOOR_FRESH_STEPS ? turns->fresh : DOOR_FRESH_STEPS;
    turns->left = turns->given;
}

void door_turns_leave(struct mqtt_door *door) {
    struct door_turns *turns = &door->turns;
    int64_t spent = turns->given - turns->left; // below 0: more was gained
    int64_t beyond = turns->left < 0 ? -turns->left : 0;
    turns->fresh = turns->fresh > spent ? turns->fresh - spent : 0;
    turns->spare = turns->spare > beyond ? turns->spare - beyond : 0;
}

void door_turns_enter_backlog(struct mqtt_door *door) {
    struct door_turns *turns = &door->turns;
    turns->is_backlog = true;
    turns->spare = DOOR_TURN_MOST - DOOR_BACKLOG_STEPS;
    turns->ungiven = DOOR_BACKLOG_STEPS;
    turns->gained = 0;
}

static bool has_arrived(const struct mqtt_door *door) {
    const struct mqtt_door_port *port = door->port;
    return port->has_arrived != NULL && port->has_arrived(port->context);
}

int64_t door_turns_go_on(struct mqtt_door *door, int64_t left) {
    struct door_turns *turns = &door->turns;
    bool is_first = turns->ungiven == DOOR_BACKLOG_STEPS;
    left += turns->gained;
    turns->gained = 0;
    if (left <= 0 && !is_first && has_arrived(door)) {
        return left;
    }
    while (left <= 0 && turns->ungiven > 0) {
        left += DOOR_LOOK_STEPS;
        turns->ungiven -= DOOR_LOOK_STEPS;
    }
    return left;
}

void door_turns_leave_backlog(struct mqtt_door *door) {
    door->turns.is_backlog = false;
}

void door_turns_begin(struct mqtt_door *door) {
    struct door_turns *turns = &door->turns;
    turns->fresh = DOOR_TURN_STEPS;
    turns->spare =
        (door->backlog.first == NULL ? DOOR_CALM_MOST : DOOR_TURN_MOST) - DOOR_TURN_STEPS;
}
