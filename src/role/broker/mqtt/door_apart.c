#include "role/broker/mqtt/door_apart.h"

static const struct door_apart nothing;

void door_apart_init(struct door_connection *connection) {
    connection->apart = &nothing;
}

bool door_apart_exists(const struct door_connection *connection) {
    return connection->apart != &nothing;
}

struct door_apart *door_apart(struct mqtt_door *door, struct door_connection *connection) {
    if (!door_apart_exists(connection)) {
        connection->apart = memory_allocate(door->memory, sizeof nothing);
    }
    return (struct door_apart *)connection->apart;
}

void door_apart_tidy(struct mqtt_door *door, struct door_connection *connection) {
    const struct door_apart *apart = connection->apart;
    bool is_needed = apart->aliases_in != NULL || apart->aliases_out != NULL ||
                     apart->exchange != NULL || apart->login != NULL || apart->rates != NULL;
    if (door_apart_exists(connection) && !is_needed) {
        memory_free(door->memory, door_apart(door, connection), sizeof *apart);
        door_apart_init(connection);
    }
}
