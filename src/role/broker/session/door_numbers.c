#include "role/broker/session/door_numbers.h"

#include "base/assert.h"

#define NUMBER_MAX (UINT64_MAX / 2) // more than were ever given out

struct door_numbers {
    struct map sessions; // -> place in the door's table
    struct map messages; // -> place among these
    struct map groups;   // serial -> place, where one with this serial was
    struct door_message **items;
    uint32_t count;
    uint32_t capacity;
};

void door_numbers_begin(struct mqtt_door *door) {
    ASSERT(door->numbers == NULL);
    door->numbers = memory_allocate(door->memory, sizeof *door->numbers);
    map_init(&door->numbers->sessions, door->memory, door->by_client_id.seed);
    map_init(&door->numbers->messages, door->memory, door->by_client_id.seed);
    map_init(&door->numbers->groups, door->memory, door->by_client_id.seed);
}

void door_numbers_end(struct mqtt_door *door) {
    struct door_numbers *numbers = door->numbers;
    if (numbers == NULL) {
        return;
    }
    for (uint32_t i = 0; i < numbers->count; i++) {
        door_message_unref(door->memory, numbers->items[i]);
    }
    map_deinit(&numbers->sessions);
    map_deinit(&numbers->messages);
    map_deinit(&numbers->groups);
    memory_free(door->memory, (void *)numbers->items,
                numbers->capacity * sizeof(struct door_message *));
    memory_free(door->memory, numbers, sizeof *numbers);
    door->numbers = NULL;
}

// Whether the number may be that of something new.
static bool is_new(const struct mqtt_door *door, uint64_t number) {
    return number > 0 && number < NUMBER_MAX &&
           map_get(&door->numbers->sessions, number) == MAP_NONE &&
           map_get(&door->numbers->messages, number) == MAP_NONE;
}

static void note(struct mqtt_door *door, uint64_t number) {
    door->journal_numbers = number > door->journal_numbers ? number : door->journal_numbers;
}

bool door_numbers_add_session(struct mqtt_door *door, uint64_t number, uint32_t session) {
    if (!is_new(door, number)) {
        return false;
    }
    note(door, number);
    map_put(&door->numbers->sessions, number, session);
    return true;
}

struct door_session *door_numbers_session(const struct mqtt_door *door, uint64_t number) {
    uint32_t place = map_get(&door->numbers->sessions, number);
    return place == MAP_NONE ? NULL : door->sessions[place];
}

void door_numbers_forget_session(struct mqtt_door *door, uint64_t number) {
    map_remove(&door->numbers->sessions, number);
}

bool door_numbers_add_message(struct mqtt_door *door, uint64_t number,
                              struct door_message *message) {
    struct door_numbers *numbers = door->numbers;
    if (!is_new(door, number)) {
        return false;
    }
    note(door, number);
    numbers->items = memory_grow(door->memory, (void *)numbers->items, &numbers->capacity,
                                 numbers->count + 1, sizeof(struct door_message *));
    map_put(&numbers->messages, number, numbers->count);
    numbers->items[numbers->count++] = message;
    message->journal_number = number;
    return true;
}

struct door_message *door_numbers_message(const struct mqtt_door *door, uint64_t number) {
    uint32_t place = map_get(&door->numbers->messages, number);
    return place == MAP_NONE ? NULL : door->numbers->items[place];
}

// The last one moves to its place.
void door_numbers_forget_message(struct mqtt_door *door, struct door_message *message) {
    struct door_numbers *numbers = door->numbers;
    uint64_t number = message->journal_number;
    ASSERT(message->keepers == 0 && number != 0);
    message->journal_number = 0;
    if (numbers == NULL) {
        return;
    }
    uint32_t place = map_get(&numbers->messages, number);
    ASSERT(place != MAP_NONE && numbers->items[place] == message);
    map_remove(&numbers->messages, number);
    numbers->items[place] = numbers->items[--numbers->count];
    if (place < numbers->count) {
        map_put(&numbers->messages, numbers->items[place]->journal_number, place);
    }
    door_message_unref(door->memory, message);
}

void door_numbers_put_group(struct mqtt_door *door, uint32_t group) {
    map_put(&door->numbers->groups, door->groups.items[group].serial, group);
}

uint32_t door_numbers_group(const struct mqtt_door *door, uint32_t serial) {
    uint32_t place = map_get(&door->numbers->groups, serial);
    bool is_there = place != MAP_NONE && door->groups.items[place].serial == serial;
    return is_there ? place : DOOR_NO_GROUP;
}
