#include "role/broker/login/door_auth.h"

#include "base/assert.h"
#include "role/broker/login/door_accept.h"
#include "role/broker/mqtt/door_apart.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/login/door_login.h"

static void send_auth(struct mqtt_door *door, struct door_connection *connection,
                      enum mqtt_reason reason, struct bytes data) {
    struct mqtt_packet packet = {.type = MQTT_AUTH, .reason = (uint8_t)reason};
    packet.properties.present = MQTT_HAS(MQTT_AUTHENTICATION_METHOD);
    packet.properties.authentication_method = bytes_of_text(DOOR_ACCEPT_METHOD);
    if (data.size > 0) {
        packet.properties.present |= MQTT_HAS(MQTT_AUTHENTICATION_DATA);
        packet.properties.authentication_data = data;
    }
    door_connection_send(door, connection, &packet);
}

static void challenge(struct mqtt_door *door, struct door_connection *connection,
                      struct bytes user) {
    struct door_exchange *exchange = connection->apart->exchange;
    struct scram_verifier verifier;
    uint8_t nonce[DOOR_LOGIN_NAME_BYTES];
    uint8_t text[SCRAM_CHALLENGE_MAX];
    exchange->is_known = door->config->scram_verifier(door->config->scram_context, user, &verifier);
    if (!exchange->is_known) {
        scram_verifier_made_up(&verifier, user, &door->seed);
    }
    size_t size = scram_server_challenge(&exchange->server, &verifier, door_login_name(door, nonce),
                                         text, sizeof text);
    exchange->expects_final = true;
    send_auth(door, connection, MQTT_CONTINUE_AUTHENTICATION, bytes_make(text, size));
}

static void end_exchange(struct mqtt_door *door, struct door_connection *connection,
                         struct bytes proof, uint64_t now) {
    if (connection->state == DOOR_EXPECT_AUTH) {
        door_accept_kept(door, connection, proof, now);
        return;
    }
    door_login_forget(door, connection);
    send_auth(door, connection, MQTT_SUCCESS, proof);
}

static void step_exchange(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes data, uint64_t now) {
    struct door_exchange *exchange = connection->apart->exchange;
    struct bytes user;
    uint8_t proof[SCRAM_SERVER_FINAL_SIZE];
    size_t proof_size;
    if (!exchange->expects_final &&
        scram_server_first(&exchange->server, data, &user) == SCRAM_CONTINUE) {
        challenge(door, connection, user);
    } else if (exchange->expects_final &&
               scram_server_final(&exchange->server, data, proof, sizeof proof, &proof_size) ==
                   SCRAM_GOOD &&
               exchange->is_known) {
        end_exchange(door, connection, bytes_make(proof, proof_size), now);
    } else {
        door_connection_fail(door, connection, MQTT_NOT_AUTHORIZED, "the authentication failed");
    }
}

void door_auth_start(struct mqtt_door *door, struct door_connection *connection,
                     const struct mqtt_packet *packet, struct bytes bytes, uint64_t now) {
    const struct mqtt_properties *properties = &packet->properties;
    bool is_offered =
        door->config->scram_verifier != NULL &&
        bytes_equal(properties->authentication_method, bytes_of_text(DOOR_ACCEPT_METHOD));
    if (!is_offered) { // [MQTT-4.12.0-1]
        door_connection_fail(door, connection, MQTT_BAD_AUTHENTICATION_METHOD,
                             "the authentication method is not offered");
        return;
    }
    if (!door_login_keep(door, connection, bytes)) {
        return;
    }
    connection->state = DOOR_EXPECT_AUTH;
    connection->scram = true;
    door_apart(door, connection)->exchange =
        memory_allocate(door->memory, sizeof(struct door_exchange));
    if (mqtt_properties_have(properties, MQTT_AUTHENTICATION_DATA)) {
        step_exchange(door, connection, properties->authentication_data, now);
    } else {
        send_auth(door, connection, MQTT_CONTINUE_AUTHENTICATION, (struct bytes){0});
    }
}

void door_auth_receive(struct mqtt_door *door, struct door_connection *connection,
                       const struct mqtt_packet *packet, uint64_t now) {
    const struct mqtt_properties *properties = &packet->properties;
    bool is_ours = connection->scram && bytes_equal(properties->authentication_method,
                                                    bytes_of_text(DOOR_ACCEPT_METHOD));
    bool begins = packet->reason == MQTT_REAUTHENTICATE && connection->state == DOOR_OPEN &&
                  connection->apart->exchange == NULL;
    bool goes_on =
        packet->reason == MQTT_CONTINUE_AUTHENTICATION && connection->apart->exchange != NULL;
    if (!is_ours || (!begins && !goes_on)) { // [MQTT-4.12.1-1]
        door_connection_fail(door, connection, MQTT_PROTOCOL_ERROR,
                             "AUTH does not go with the authentication of this connection");
        return;
    }
    if (begins) {
        door_apart(door, connection)->exchange =
            memory_allocate(door->memory, sizeof(struct door_exchange));
    }
    step_exchange(door, connection, properties->authentication_data, now);
}
