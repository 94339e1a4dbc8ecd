#include "role/broker/session/door_access.h"

#include "role/broker/mqtt/door_connection.h"
#include "role/broker/mqtt/door_turns.h"

struct door_user {
    uint32_t bytes;
    uint8_t name[];
};

static size_t user_size(const struct door_user *user) {
    return sizeof *user + user->bytes;
}

struct access_client door_access_of(const struct door_session *session) {
    const struct door_user *user = session->user;
    return (struct access_client){.has_user = user != NULL,
                                  .user = user == NULL ? bytes_make(NULL, 0)
                                                       : bytes_make(user->name, user->bytes),
                                  .client_id = door_client_id(session)};
}

struct access_client door_access_client(const struct mqtt_door *door,
                                        const struct door_connection *connection,
                                        const struct mqtt_packet *connect, struct bytes client_id) {
    const struct door_exchange *exchange = connection->apart->exchange;
    struct access_client client = {.client_id = client_id};
    if (connection->scram && exchange != NULL) {
        client.has_user = true;
        client.user = bytes_make(exchange->server.user, exchange->server.user_size);
    } else if (connection->is_checked) {
        client.has_user = true;
        client.user = connect->connect.user_name;
    } else if (connection->is_trusted && door->port->vouched_user != NULL) {
        client.user = door->port->vouched_user(door->port->context, connection->owner);
        client.has_user = client.user.size > 0;
    }
    return client;
}

bool door_access_owns(const struct mqtt_door *door, const struct door_session *session,
                      const struct access_client *client) {
    struct access_client owner = door_access_of(session);
    return door->config->access == NULL ||
           (owner.has_user == client->has_user && bytes_equal(owner.user, client->user));
}

void door_access_enter(struct mqtt_door *door, struct door_session *session,
                       const struct access_client *client) {
    door_access_forget(door, session);
    bool is_kept = door->config->access != NULL || door->config->keeps_users;
    if (is_kept && client->has_user) {
        struct door_user *user =
            memory_resize(door->memory, NULL, 0, sizeof *user + client->user.size);
        user->bytes = (uint32_t)client->user.size;
        if (client->user.size > 0) {
            memcpy(user->name, client->user.data, client->user.size);
        }
        session->user = user;
    }
}

void door_access_forget(struct mqtt_door *door, struct door_session *session) {
    if (session->user != NULL) {
        memory_free(door->memory, session->user, user_size(session->user));
        session->user = NULL;
    }
}

void door_access_spend(struct mqtt_door *door) {
    door_turns_spend(door, DOOR_ACCESS_STEPS +
                               door->config->access->pattern_count / DOOR_PATTERNS_A_STEP);
}

bool door_access_asks(struct mqtt_door *door, const struct door_session *session,
                      enum access_kind kind, struct bytes topic) {
    struct access_client client = door_access_of(session);
    door_access_spend(door);
    return access_allows(door->config->access, &client, kind, topic);
}

bool door_access_asks_reader(struct mqtt_door *door, const struct door_session *session,
                             struct bytes topic) {
    struct access_topic *asked = &door->publishing.asked;
    struct access_client client = door_access_of(session);
    if (asked->access == NULL) {
        access_topic_begin(asked, door->config->access, topic);
        door->core->work += asked->access->pattern_count / DOOR_PATTERNS_A_STEP;
    }
    door->core->work += DOOR_ACCESS_STEPS + asked->count / DOOR_PATTERNS_A_STEP;
    return access_topic_allows(asked, &client, ACCESS_READ);
}

void door_access_refuse(struct mqtt_door *door, const struct door_session *session,
                        struct bytes topic) {
    struct door_connection *connection = session->connection;
    door->counts.denied_messages++;
    if (connection != NULL && !connection->told_denied) {
        connection->told_denied = true;
        door_connection_tell(door, DOOR_EVENT_DENIED, connection,
                             (struct door_event){.text = topic, .reason = MQTT_NOT_AUTHORIZED});
    }
}
