#include "role/broker/login/door_connect.h"

#include "base/assert.h"
#include "role/broker/login/door_accept.h"
#include "role/broker/login/door_auth.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/login/door_login.h"
#include "role/broker/session/door_mount.h"

static void read_limits(const struct mqtt_door *door, struct door_connection *connection,
                        const struct mqtt_packet *packet) {
    const struct mqtt_properties *properties = &packet->properties;
    connection->version = packet->connect.version;
    connection->is_bridge = packet->connect.is_bridge;
    if (connection->version != MQTT_5) {
        return;
    }
    connection->wants_problems =
        !mqtt_properties_have(properties, MQTT_REQUEST_PROBLEM_INFORMATION) ||
        properties->request_problem_information == 1;
    if (mqtt_properties_have(properties, MQTT_RECEIVE_MAXIMUM)) {
        connection->receive_maximum = properties->receive_maximum;
    }
    if (mqtt_properties_have(properties, MQTT_MAXIMUM_PACKET_SIZE)) {
        connection->maximum_packet = properties->maximum_packet_size;
    }
    uint32_t aliases = door->config->limits.topic_aliases;
    bool takes_more = properties->topic_alias_maximum > aliases;
    connection->alias_maximum = takes_more ? (uint16_t)aliases : properties->topic_alias_maximum;
}

// NULL, or what is wrong with the client id.
static const char *check_client_id(const struct mqtt_packet *packet) {
    const struct mqtt_connect *connect = &packet->connect;
    if (connect->client_id.size > 0 || connect->version == MQTT_5) {
        return NULL;
    }
    if (connect->version == MQTT_3_1) {
        return "MQTT 3.1 needs a client id";
    }
    return connect->clean_start ? NULL : "a session that is to last needs a client id";
}

void door_connect_checked(struct mqtt_door *door, struct door_connection *connection,
                          enum credentials_state state, uint64_t now) {
    if (state == CREDENTIALS_GOOD) {
        connection->is_checked = true;
        door_accept_kept(door, connection, (struct bytes){0}, now);
    } else if (state == CREDENTIALS_WRONG) {
        door_connection_fail(door, connection, MQTT_BAD_USER_NAME_OR_PASSWORD,
                             "user name or password is wrong");
    } else {
        door_connection_fail(door, connection, MQTT_SERVER_BUSY,
                             "too many passwords wait to be checked; try again later");
    }
}

static void check_credentials(struct mqtt_door *door, struct door_connection *connection,
                              const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    const struct mqtt_connect *connect = &packet->connect;
    if (!connect->has_user_name) {
        door_connection_fail(door, connection, MQTT_NOT_AUTHORIZED, "a user name is asked for");
        return;
    }
    if (!door_login_keep(door, connection, bytes)) {
        return;
    }
    struct door_credentials credentials = {.connection = connection,
                                           .number = connection->number,
                                           .address = connection->address,
                                           .client_id = connect->client_id,
                                           .has_user_name = true,
                                           .user_name = connect->user_name,
                                           .has_password = connect->has_password,
                                           .password = connect->password};
    enum credentials_state state = door->port->authenticate(door->port->context, &credentials);
    if (state == CREDENTIALS_WAIT) {
        connection->state = DOOR_EXPECT_CHECK;
        timers_remove(&door->timers, &connection->timer); // it is we who are late
    } else {
        door_connect_checked(door, connection, state, now);
    }
}

// False: the listener does not let it in, which it was told.
static bool keeps_rules(struct mqtt_door *door, struct door_connection *connection,
                        const struct mqtt_packet *packet) {
    const struct door_listener_rules *rules = door_connection_rules(door, connection);
    const struct mqtt_connect *connect = &packet->connect;
    struct bytes topic = connect->will_topic;
    if ((rules->refused_versions & 1u << connect->version) != 0) {
        door_connection_fail(door, connection, MQTT_UNSUPPORTED_PROTOCOL_VERSION,
                             "the listener does not take this version");
    } else if (connect->has_will && rules->has_qos_max && connect->will_qos > rules->qos_max) {
        door_connection_fail(door, connection, MQTT_QOS_NOT_SUPPORTED,
                             "the listener does not take this QoS"); // [MQTT-3.2.2-12]
    } else if (connect->has_will && connect->will_retain && rules->has_no_retain) {
        door_connection_fail(door, connection, MQTT_RETAIN_NOT_SUPPORTED,
                             "the listener retains nothing"); // [MQTT-3.2.2-13]
    } else if (connect->has_will && !door_mount_topic(door, connection, &topic)) {
        door_connection_fail(door, connection, MQTT_TOPIC_NAME_INVALID,
                             "the listener has no such topic as that of its will");
    } else {
        return true;
    }
    return false;
}

static bool may_be_anonymous(const struct mqtt_door *door, const struct door_connection *connection,
                             const struct mqtt_packet *packet) {
    enum door_anonymous own = door_connection_rules(door, connection)->anonymous;
    bool is_let_in =
        own == DOOR_ANONYMOUS_AS_ALL ? door->config->anonymous : own == DOOR_ANONYMOUS_YES;
    return is_let_in && !packet->connect.has_user_name;
}

void door_connect_receive(struct mqtt_door *door, struct door_connection *connection,
                          const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    read_limits(door, connection, packet);
    const char *why = check_client_id(packet);
    bool needs_check = door->port->authenticate != NULL && !connection->is_trusted;
    if (door->config->listeners != NULL && !keeps_rules(door, connection, packet)) {
        return;
    }
    if (why != NULL) {
        door_connection_fail(door, connection, MQTT_CLIENT_IDENTIFIER_NOT_VALID, why);
    } else if (mqtt_properties_have(&packet->properties, MQTT_AUTHENTICATION_METHOD)) {
        door_auth_start(door, connection, packet, bytes, now);
    } else if (needs_check && !may_be_anonymous(door, connection, packet)) {
        check_credentials(door, connection, packet, bytes, now);
    } else {
        door_accept_client(door, connection, packet, (struct bytes){0}, now);
    }
}
