#include "role/broker/subscribe/door_groups.h"

#include "base/assert.h"
#include "base/hash.h"

#define INDEX_FROM 32 // members from which on each is found through the hash table

static struct broker_peer subscriber_of(const struct mqtt_door *door, uint32_t group) {
    return (struct broker_peer){door->number, DOOR_GROUP_PEERS + group};
}

void door_groups_init(struct mqtt_door *door) {
    struct door_groups *groups = &door->groups;
    uint32_t limit = door->config->limits.shared_groups;
    groups->most = limit == 0 || limit > DOOR_GROUP_PEERS ? DOOR_GROUP_PEERS : limit;
    map_init(&groups->by_name, door->memory, door->by_client_id.seed);
    map_init(&groups->by_member, door->memory, door->by_client_id.seed);
    groups->free = DOOR_NO_GROUP;
}

void door_groups_deinit(struct mqtt_door *door) {
    struct door_groups *groups = &door->groups;
    ASSERT(groups->by_name.count == 0 && groups->by_member.count == 0);
    map_deinit(&groups->by_name);
    map_deinit(&groups->by_member);
    memory_free(door->memory, groups->items, groups->capacity * sizeof *groups->items);
}

// ---- groups -----------------------------------------------------------------------------------

static uint64_t hash_of(const struct mqtt_door *door, struct bytes name, uint32_t node) {
    return hash_number(hash_bytes(name, door->groups.by_name.seed), node);
}

static struct bytes name_of(const struct door_group *group) {
    return bytes_make(group->name, group->name_bytes);
}

uint32_t door_groups_find(const struct mqtt_door *door, struct bytes name, uint32_t node) {
    const struct door_groups *groups = &door->groups;
    uint32_t place = map_get(&groups->by_name, hash_of(door, name, node));
    while (place != MAP_NONE) {
        const struct door_group *group = &groups->items[place];
        if (group->node == node && bytes_equal(name_of(group), name)) {
            return place;
        }
        place = group->next_same;
    }
    return DOOR_NO_GROUP;
}

bool door_groups_have_room(const struct mqtt_door *door) {
    const struct door_groups *groups = &door->groups;
    return groups->free != DOOR_NO_GROUP || groups->used < groups->most;
}

static uint32_t take_place(struct mqtt_door *door) {
    struct door_groups *groups = &door->groups;
    ASSERT(door_groups_have_room(door));
    uint32_t place = groups->free;
    if (place != DOOR_NO_GROUP) {
        groups->free = groups->items[place].next_same;
        return place;
    }
    groups->items = memory_grow(door->memory, groups->items, &groups->capacity, groups->used + 1,
                                sizeof *groups->items);
    return groups->used++;
}

void door_groups_pass(struct mqtt_door *door, uint32_t serial) {
    struct door_groups *groups = &door->groups;
    groups->serial = serial > groups->serial ? serial : groups->serial;
}

uint32_t door_groups_create(struct mqtt_door *door, struct bytes name, struct bytes filter,
                            uint32_t serial) {
    uint32_t place = take_place(door);
    serial = serial > 0 ? serial : door->groups.serial + 1;
    door_groups_pass(door, serial);
    struct door_group *group = &door->groups.items[place];
    *group = (struct door_group){.name = memory_resize(door->memory, NULL, 0, name.size),
                                 .name_bytes = (uint32_t)name.size,
                                 .serial = serial};
    memcpy(group->name, name.data, name.size);
    group->node = broker_core_subscribe(door->core, subscriber_of(door, place), filter, 0);
    uint64_t hash = hash_of(door, name, group->node);
    group->next_same = map_get(&door->groups.by_name, hash);
    map_put(&door->groups.by_name, hash, place);
    return place;
}

static void forget_name(struct mqtt_door *door, uint32_t place) {
    struct door_groups *groups = &door->groups;
    const struct door_group *group = &groups->items[place];
    uint64_t hash = hash_of(door, name_of(group), group->node);
    uint32_t first = map_get(&groups->by_name, hash);
    if (first != place) {
        while (groups->items[first].next_same != place) {
            first = groups->items[first].next_same;
        }
        groups->items[first].next_same = group->next_same;
    } else if (group->next_same != MAP_NONE) {
        map_put(&groups->by_name, hash, group->next_same);
    } else {
        map_remove(&groups->by_name, hash);
    }
}

static void destroy(struct mqtt_door *door, uint32_t place) {
    struct door_groups *groups = &door->groups;
    struct door_group *group = &groups->items[place];
    forget_name(door, place);
    broker_core_unsubscribe(door->core, subscriber_of(door, place), group->node);
    memory_free(door->memory, group->members, group->capacity * sizeof *group->members);
    memory_free(door->memory, group->name, group->name_bytes);
    *group = (struct door_group){.next_same = groups->free};
    groups->free = place;
}

// ---- members ----------------------------------------------------------------------------------

static uint64_t member_key(uint32_t group, uint32_t session) {
    return (uint64_t)group << 32 | session;
}

// The member's place; the group's count: there is none.
static uint32_t find_member(const struct mqtt_door *door, uint32_t place, uint32_t session) {
    const struct door_group *group = &door->groups.items[place];
    if (group->is_indexed) {
        uint32_t at = map_get(&door->groups.by_member, member_key(place, session));
        return at == MAP_NONE ? group->count : at;
    }
    uint32_t at = 0;
    while (at < group->count && group->members[at].session != session) {
        at++;
    }
    return at;
}

struct door_member *door_groups_member(const struct mqtt_door *door, uint32_t group,
                                       uint32_t session) {
    uint32_t at = find_member(door, group, session);
    const struct door_group *found = &door->groups.items[group];
    return at == found->count ? NULL : &found->members[at];
}

static void index_member(struct mqtt_door *door, uint32_t place, uint32_t at) {
    const struct door_group *group = &door->groups.items[place];
    if (group->is_indexed) {
        map_put(&door->groups.by_member, member_key(place, group->members[at].session), at);
    }
}

static void index_all(struct mqtt_door *door, uint32_t place) {
    struct door_group *group = &door->groups.items[place];
    group->is_indexed = true;
    for (uint32_t at = 0; at < group->count; at++) {
        index_member(door, place, at);
    }
}

void door_groups_add(struct mqtt_door *door, uint32_t group, uint32_t session, uint32_t options) {
    struct door_group *to = &door->groups.items[group];
    to->members =
        memory_grow(door->memory, to->members, &to->capacity, to->count + 1, sizeof *to->members);
    to->members[to->count++] = (struct door_member){session, options};
    index_member(door, group, to->count - 1);
    if (to->count == INDEX_FROM && !to->is_indexed) {
        index_all(door, group);
    }
}

// A group that has been large keeps its index until it goes.
void door_groups_remove(struct mqtt_door *door, uint32_t group, uint32_t session) {
    struct door_group *from = &door->groups.items[group];
    uint32_t at = find_member(door, group, session);
    ASSERT(at < from->count);
    if (from->is_indexed) {
        map_remove(&door->groups.by_member, member_key(group, session));
    }
    from->count--;
    if (at < from->count) {
        from->members[at] = from->members[from->count];
        index_member(door, group, at);
    }
    if (from->count == 0) {
        destroy(door, group);
    }
}

// ---- what has to hold -------------------------------------------------------------------------

static void check_group(const struct mqtt_door *door, uint32_t place) {
    const struct door_group *group = &door->groups.items[place];
    ASSERT(group->count > 0 && group->count <= group->capacity); // it goes with its last member
    ASSERT(group->serial > 0 && group->serial <= door->groups.serial);
    ASSERT(door_groups_find(door, name_of(group), group->node) == place);
    for (uint32_t at = 0; at < group->count; at++) {
        uint32_t session = group->members[at].session;
        ASSERT(session < door->session_used && door->sessions[session] != NULL);
        ASSERT(find_member(door, place, session) == at); // and no other place
    }
}

void door_groups_check(const struct mqtt_door *door) {
    const struct door_groups *groups = &door->groups;
    uint32_t members = 0;
    uint32_t indexed = 0;
    uint32_t used = 0;
    uint32_t unused = 0;
    for (uint32_t place = 0; place < groups->used; place++) {
        const struct door_group *group = &groups->items[place];
        if (group->name != NULL) {
            check_group(door, place);
            members += group->count;
            indexed += group->is_indexed ? group->count : 0;
            used++;
        }
    }
    for (uint32_t at = groups->free; at != DOOR_NO_GROUP; at = groups->items[at].next_same) {
        ASSERT(groups->items[at].name == NULL);
        unused++;
    }
    ASSERT(used + unused == groups->used && groups->used <= groups->most);
    ASSERT(members == door->shared_count);
    ASSERT(indexed == groups->by_member.count);
}
