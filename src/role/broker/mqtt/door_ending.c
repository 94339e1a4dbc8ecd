#include "role/broker/mqtt/door_ending.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_backlog.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/mqtt/door_input_buffer.h"
#include "role/broker/login/door_login.h"
#include "role/broker/session/door_session.h"
#include "role/broker/subscribe/door_subscribe.h"

// A connection that waits for its end in the backlog, its stream being closed, goes on waiting
// there.
static void end_connection(struct mqtt_door *door, struct door_connection *connection,
                           uint64_t now) {
    struct door_session *session = connection->session;
    ASSERT(connection->state == DOOR_OVER);
    connection->session = NULL;
    timers_remove(&door->timers, &connection->timer);
    door_login_forget(door, connection);
    door_input_buffer_free(door, &connection->input);
    door_subscribe_free(door, connection);
    if (!connection->is_closed) {
        door_backlog_remove(door, connection);
    }
    if (session != NULL) {
        ASSERT(session->connection == connection);
        door_session_detach(door, session, connection->publishes_will, now);
    }
}

void door_ending_settle(struct mqtt_door *door, uint64_t now) {
    while (door->ending != NULL) {
        struct door_connection *connection = door->ending;
        if (connection->state != DOOR_OVER) { // it is condemned
            ASSERT(connection->is_condemned);
            door_connection_fail(door, connection, (enum mqtt_reason)connection->condemned_for,
                                 "it reads too slowly for what it subscribed to");
        }
        door->ending = connection->next_ending;
        connection->is_ending = false;
        end_connection(door, connection, now);
    }
}
