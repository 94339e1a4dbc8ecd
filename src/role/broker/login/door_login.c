#include "role/broker/login/door_login.h"

#include <sodium.h>

#include "base/assert.h"
#include "role/broker/mqtt/door_apart.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/mqtt/door_room.h"

void door_login_forget(struct mqtt_door *door, struct door_connection *connection) {
    struct door_login *login = connection->apart->login;
    struct door_exchange *exchange = connection->apart->exchange;
    if (login != NULL) {
        uint32_t bytes = login->bytes;
        sodium_memzero(login->connect, bytes); // a password may stand in it
        memory_free(door->memory, login, sizeof *login + bytes);
        memory_discharge(door->memory, bytes);
        door_apart(door, connection)->login = NULL;
    }
    if (exchange != NULL) {
        scram_server_wipe(&exchange->server);
        memory_free(door->memory, exchange, sizeof *exchange);
        door_apart(door, connection)->exchange = NULL;
    }
    door_apart_tidy(door, connection);
}

// Twice the memory, for a copy of user name and password waits with those who check them.
bool door_login_keep(struct mqtt_door *door, struct door_connection *connection,
                     struct bytes bytes) {
    if (!door_room_to_keep(door, 2 * bytes.size)) {
        door_connection_fail(door, connection, MQTT_QUOTA_EXCEEDED,
                             "there is no memory for its CONNECT");
        return false;
    }
    ASSERT(connection->apart->login == NULL);
    memory_charge(door->memory, bytes.size);
    struct door_login *login = memory_allocate(door->memory, sizeof *login + bytes.size);
    login->bytes = (uint32_t)bytes.size;
    memcpy(login->connect, bytes.data, bytes.size);
    door_apart(door, connection)->login = login;
    return true;
}

// 16 bytes from the seed, none of which come twice.
static void random_bytes(struct mqtt_door *door, uint8_t out[16]) {
    struct cipher_secret secret = cipher_derive_secret(&door->seed, ++door->random);
    memcpy(out, secret.bytes, 16);
}

struct bytes door_login_name(struct mqtt_door *door, uint8_t out[DOOR_LOGIN_NAME_BYTES]) {
    static const char digits[] = "0123456789abcdef";
    uint8_t random[16];
    random_bytes(door, random);
    uint8_t *end = out + sizeof DOOR_LOGIN_NAME_PREFIX - 1;
    memcpy(out, DOOR_LOGIN_NAME_PREFIX, sizeof DOOR_LOGIN_NAME_PREFIX - 1);
    for (size_t i = 0; i < sizeof random; i++) {
        *end++ = (uint8_t)digits[random[i] >> 4];
        *end++ = (uint8_t)digits[random[i] & 15];
    }
    return bytes_make(out, DOOR_LOGIN_NAME_BYTES);
}
