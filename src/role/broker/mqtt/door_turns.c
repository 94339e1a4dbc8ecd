#include "role/broker/mqtt/door_turns.h"

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

void door_turns_begin(struct mqtt_door *door) {
    door->turns.fresh = door->backlog.first == NULL ? DOOR_CALM_STEPS : DOOR_TURN_STEPS;
}
