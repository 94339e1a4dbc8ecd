#include "role/broker/mqtt/door_turns.h"

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
    turns->spare = DOOR_TURN_MOST - DOOR_TURN_STEPS;
    turns->gained = DOOR_TURN_STEPS;
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
