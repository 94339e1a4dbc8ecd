#include "role/broker/session/door_absent.h"

#include "base/assert.h"

// ---- lists -------------------------------------------------------------------------------------

// Of a session the links in one of the two lists that it is in.
typedef struct door_absent_links *links_of(struct door_session *session);

static struct door_absent_links *links_of_all(struct door_session *session) {
    return &session->absence->of_all;
}

static struct door_absent_links *links_of_address(struct door_session *session) {
    return &session->absence->of_address;
}

static void append(struct door_absent_list *list, struct door_session *session, links_of *links) {
    *links(session) = (struct door_absent_links){.earlier = list->last};
    *(list->last == NULL ? &list->first : &links(list->last)->later) = session;
    list->last = session;
}

static void take_out(struct door_absent_list *list, struct door_session *session, links_of *links) {
    struct door_absent_links own = *links(session);
    *(own.earlier == NULL ? &list->first : &links(own.earlier)->later) = own.later;
    *(own.later == NULL ? &list->last : &links(own.later)->earlier) = own.earlier;
}

// ---- addresses ---------------------------------------------------------------------------------

static uint32_t take_place(struct mqtt_door *door, uint64_t key) {
    struct door_addresses *addresses = &door->addresses;
    uint32_t place = addresses->free;
    if (place != MAP_NONE) {
        addresses->free = addresses->items[place].next_free;
    } else {
        addresses->items = memory_grow(door->memory, addresses->items, &addresses->capacity,
                                       addresses->used + 1, sizeof *addresses->items);
        place = addresses->used++;
    }
    addresses->items[place] = (struct door_address){.key = key};
    map_put(&addresses->places, key, place);
    return place;
}

static void leave_address(struct mqtt_door *door, struct door_session *session) {
    struct door_addresses *addresses = &door->addresses;
    if (session->address == 0) {
        return;
    }
    uint32_t place = session->address - 1;
    struct door_address *address = &addresses->items[place];
    session->address = 0;
    ASSERT(address->sessions > 0);
    address->sessions--;
    if (address->sessions == 0) {
        map_remove(&addresses->places, address->key);
        address->next_free = addresses->free;
        addresses->free = place;
    }
}

void door_absent_set_address(struct mqtt_door *door, struct door_session *session,
                             uint64_t address) {
    ASSERT(session->absence == NULL);
    leave_address(door, session);
    if (door->config->limits.sessions_per_address > 0 && address != 0) {
        uint32_t place = map_get(&door->addresses.places, address);
        place = place != MAP_NONE ? place : take_place(door, address);
        door->addresses.items[place].sessions++;
        session->address = place + 1;
    }
}

const struct door_address *door_absent_find_address(const struct mqtt_door *door, uint64_t key) {
    uint32_t place = map_get(&door->addresses.places, key);
    return place == MAP_NONE ? NULL : &door->addresses.items[place];
}

void door_absent_init(struct mqtt_door *door) {
    door->addresses.free = MAP_NONE;
    map_init(&door->addresses.places, door->memory, door->by_client_id.seed);
}

void door_absent_deinit(struct mqtt_door *door) {
    struct door_addresses *addresses = &door->addresses;
    ASSERT(door->absent.first == NULL && addresses->places.count == 0);
    memory_free(door->memory, addresses->items, addresses->capacity * sizeof *addresses->items);
    map_deinit(&addresses->places);
}

// ---- absence -----------------------------------------------------------------------------------

void door_absent_begin(struct mqtt_door *door, struct door_session *session) {
    ASSERT(session->absence == NULL && session->connection == NULL);
    session->absence = memory_allocate(door->memory, sizeof *session->absence);
    session->absence->timer.kind = DOOR_TIMER_SESSION;
    session->absence->session = session;
    session->absence->ends_at = ROLE_NEVER;
    append(&door->absent, session, links_of_all);
    if (session->address != 0) {
        append(&door->addresses.items[session->address - 1].absent, session, links_of_address);
    }
}

void door_absent_end(struct mqtt_door *door, struct door_session *session) {
    if (session->absence == NULL) {
        return;
    }
    take_out(&door->absent, session, links_of_all);
    if (session->address != 0) {
        take_out(&door->addresses.items[session->address - 1].absent, session, links_of_address);
    }
    timers_remove(&door->timers, &session->absence->timer);
    memory_free(door->memory, session->absence, sizeof *session->absence);
    session->absence = NULL;
}

// ---- what has to hold -------------------------------------------------------------------------

static uint32_t check_list(const struct door_absent_list *list, links_of *links) {
    uint32_t count = 0;
    struct door_session *earlier = NULL;
    for (struct door_session *session = list->first; session != NULL;
         session = links(session)->later) {
        ASSERT(session->absence != NULL && session->absence->session == session);
        ASSERT(links(session)->earlier == earlier);
        earlier = session;
        count++;
    }
    ASSERT(list->last == earlier);
    return count;
}

void door_absent_check(const struct mqtt_door *door) {
    const struct door_addresses *addresses = &door->addresses;
    uint32_t absent = 0;
    uint32_t counted = 0;
    for (uint32_t i = 0; i < door->session_used; i++) {
        const struct door_session *session = door->sessions[i];
        absent += session != NULL && session->absence != NULL;
        counted += session != NULL && session->address != 0;
    }
    ASSERT(check_list(&door->absent, links_of_all) == absent);
    for (uint32_t i = 0; i < addresses->used; i++) {
        const struct door_address *address = &addresses->items[i];
        if (address->sessions > 0) {
            ASSERT(map_get(&addresses->places, address->key) == i);
            ASSERT(check_list(&address->absent, links_of_address) <= address->sessions);
            counted -= address->sessions;
        }
    }
    ASSERT(counted == 0); // each session counts at one address
}
