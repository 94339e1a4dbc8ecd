#include "role/broker/session/door_displace.h"

#include "base/assert.h"
#include "role/broker/session/door_absent.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/mqtt/door_room.h"
#include "role/broker/session/door_session.h"

// Of sessions that go so that there is memory for one: more than that would be a long turn.
#define ENDED_AT_ONCE 16

static void end_session(struct mqtt_door *door, struct door_session *session, const char *why,
                        uint64_t now) {
    door->counts.displaced_sessions++;
    door_connection_tell(door, DOOR_EVENT_DISPLACED, NULL,
                         (struct door_event){.client_id = door_client_id(session),
                                             .reason = MQTT_QUOTA_EXCEEDED,
                                             .why = why});
    door_session_end(door, session, now);
}

// Whether the session at the front of a list, if there is one, has gone to make room.
static bool end_first(struct mqtt_door *door, const struct door_absent_list *list, const char *why,
                      uint64_t now) {
    struct door_session *first = list->first;
    if (first == NULL || door->config->limits.session_policy != DOOR_SESSIONS_DROP_OLDEST) {
        return false;
    }
    end_session(door, first, why, now);
    return true;
}

static const char *make_room_at_address(struct mqtt_door *door, uint64_t key, uint64_t now) {
    static const char why[] = "its address has as many sessions as are allowed";
    const struct door_address *address = door_absent_find_address(door, key);
    uint32_t most = door->config->limits.sessions_per_address;
    if (address == NULL || address->sessions < most) {
        return NULL;
    }
    struct door_absent_list list = address->absent;
    return end_first(door, &list, why, now) ? NULL : why;
}

// For what is large nobody has to go: it is refused before what is small is.
static const char *make_memory(struct mqtt_door *door, size_t bytes, uint64_t now) {
    static const char why[] = "there is no memory for the session";
    unsigned ended = 0;
    while (bytes <= DOOR_SMALL_KEPT && ended < ENDED_AT_ONCE &&
           !memory_has_room(door->memory, MEMORY_ENTERING, bytes) &&
           end_first(door, &door->absent, "there was no memory for newcomers", now)) {
        ended++;
    }
    return door_room_to_keep(door, bytes) ? NULL : why;
}

const char *door_displace_make_room(struct mqtt_door *door, uint64_t address, size_t bytes,
                                    uint64_t now) {
    static const char full[] = "there are as many sessions as are allowed";
    const char *why = make_room_at_address(door, address, now);
    while (why == NULL && door->session_count >= door->config->limits.sessions) {
        why = end_first(door, &door->absent, full, now) ? NULL : full;
    }
    return why != NULL ? why : make_memory(door, bytes, now);
}
