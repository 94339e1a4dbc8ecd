#include "role/broker/session/door_sessions.h"

#include "base/assert.h"
#include "base/hash.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/session/door_access.h"

static uint64_t hash_of(const struct mqtt_door *door, struct bytes client_id) {
    return hash_bytes(client_id, door->by_client_id.seed);
}

struct door_session *door_sessions_find(const struct mqtt_door *door, struct bytes client_id) {
    uint32_t number = map_get(&door->by_client_id, hash_of(door, client_id));
    while (number != MAP_NONE) {
        struct door_session *session = door->sessions[number];
        if (bytes_equal(door_client_id(session), client_id)) {
            return session;
        }
        number = session->next_same;
    }
    return NULL;
}

static uint32_t take_number(struct mqtt_door *door) {
    ASSERT(door->session_count < MQTT_DOOR_SESSIONS_MAX); // who creates one has looked
    if (door->free_count > 0) {
        return door->free_sessions[--door->free_count];
    }
    door->sessions = memory_grow(door->memory, (void *)door->sessions, &door->session_capacity,
                                 door->session_used + 1, sizeof(struct door_session *));
    return door->session_used++;
}

struct door_session *door_sessions_create(struct mqtt_door *door, struct bytes client_id) {
    struct door_session *session = memory_allocate(door->memory, sizeof *session + client_id.size);
    uint64_t hash = hash_of(door, client_id);
    session->number = take_number(door);
    session->next_same = map_get(&door->by_client_id, hash);
    session->client_id_bytes = (uint16_t)client_id.size;
    memcpy(session->client_id, client_id.data, client_id.size);
    door->sessions[session->number] = session;
    door->session_count++;
    map_put(&door->by_client_id, hash, session->number);
    return session;
}

static void unlink_session(struct mqtt_door *door, struct door_session *session) {
    uint64_t hash = hash_of(door, door_client_id(session));
    uint32_t number = map_get(&door->by_client_id, hash);
    if (number != session->number) {
        while (door->sessions[number]->next_same != session->number) {
            number = door->sessions[number]->next_same;
        }
        door->sessions[number]->next_same = session->next_same;
    } else if (session->next_same != MAP_NONE) {
        map_put(&door->by_client_id, hash, session->next_same);
    } else {
        map_remove(&door->by_client_id, hash);
    }
    door->sessions[session->number] = NULL;
    door->session_count--;
    door->free_sessions = memory_grow(door->memory, door->free_sessions, &door->free_capacity,
                                      door->free_count + 1, sizeof *door->free_sessions);
    door->free_sessions[door->free_count++] = session->number;
}

void door_sessions_destroy(struct mqtt_door *door, struct door_session *session) {
    ASSERT(session->connection == NULL && session->absence == NULL && session->address == 0);
    ASSERT(session->will == NULL && session->subscription_count == 0 && session->queue.count == 0);
    unlink_session(door, session);
    door_access_forget(door, session);
    memory_free(door->memory, session->subscriptions,
                session->subscription_capacity * sizeof *session->subscriptions);
    memory_free(door->memory, session, sizeof *session + session->client_id_bytes);
}

uint64_t door_sessions_span(const struct mqtt_door *door, const struct door_session *session) {
    uint64_t most = door->config->limits.session_expiry;
    uint64_t span =
        session->expiry == DOOR_SESSION_FOREVER ? ROLE_NEVER : session->expiry * ROLE_SECOND;
    return span < most ? span : most;
}

void door_sessions_deinit(struct mqtt_door *door) {
    ASSERT(door->session_count == 0 && door->by_client_id.count == 0);
    memory_free(door->memory, (void *)door->sessions,
                door->session_capacity * sizeof(struct door_session *));
    memory_free(door->memory, door->free_sessions,
                door->free_capacity * sizeof *door->free_sessions);
    map_deinit(&door->by_client_id);
}

static void check_session(const struct mqtt_door *door, const struct door_session *session) {
    const struct door_connection *connection = session->connection;
    ASSERT(door_sessions_find(door, door_client_id(session)) == session);
    ASSERT((session->absence != NULL) == (connection == NULL));
    if (connection != NULL) {
        ASSERT(connection->session == session && connection->version == session->version);
    } else {
        ASSERT(session->queue.cursor == 0 && session->queue.in_flight == 0);
    }
    ASSERT(session->journal_number <= door->journal_numbers);
    ASSERT(session->journal_number == 0 || session->expiry > 0); // the others end too soon
    ASSERT(session->received == NULL || session->received->count <= UINT16_MAX);
    door_queue_check(&session->queue);
}

void door_sessions_check(const struct mqtt_door *door) {
    uint32_t count = 0;
    uint32_t subscriptions = 0;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < door->session_used; i++) {
        const struct door_session *session = door->sessions[i];
        if (session != NULL) {
            ASSERT(session->number == i);
            check_session(door, session);
            count++;
            subscriptions += session->subscription_count;
            bytes += session->queue.bytes;
        }
    }
    ASSERT(count == door->session_count && count + door->free_count == door->session_used);
    ASSERT(subscriptions == door->subscription_count);
    ASSERT(bytes == door->waiting_bytes);
}
