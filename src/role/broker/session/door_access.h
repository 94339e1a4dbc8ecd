// What a session's client may publish and read, by the access lists of the configuration
// (topic/access.h). Without lists everything is allowed, and no user name is kept unless the
// configuration asks for it.
//
// The lists judge a client by its user name if that was checked, with a password or by SCRAM, or if
// its certificate vouches for it; who was let in otherwise has none. They are asked when a message
// is published (a will at CONNECT and again when it is due), when a filter without wildcards is
// subscribed to, and for each message that would go to a client. So a filter with wildcards is
// granted, and brings what may be read.
//
// A session belongs to its user: nobody else takes it over or goes on with it.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_SESSION_DOOR_ACCESS_H
#define ROLE_BROKER_SESSION_DOOR_ACCESS_H

#include "role/broker/mqtt/door_state.h"

// Who sends this CONNECT, by what is known of it.
struct access_client door_access_client(const struct mqtt_door *door,
                                        const struct door_connection *connection,
                                        const struct mqtt_packet *connect, struct bytes client_id);

// The client that the session is of.
struct access_client door_access_of(const struct door_session *session);

// Whether the session is its client's to go on with.
bool door_access_owns(const struct mqtt_door *door, const struct door_session *session,
                      const struct access_client *client);

// The session is this client's from now on.
void door_access_enter(struct mqtt_door *door, struct door_session *session,
                       const struct access_client *client);
void door_access_forget(struct mqtt_door *door, struct door_session *session);

// A question costs steps of the turn, the more the more patterns there are. The first spends them
// for one that is not asked here.
void door_access_spend(struct mqtt_door *door);
bool door_access_asks(struct mqtt_door *door, const struct door_session *session,
                      enum access_kind kind, struct bytes topic);

static inline bool door_access_allows(struct mqtt_door *door, const struct door_session *session,
                                      enum access_kind kind, struct bytes topic) {
    return door->config->access == NULL || door_access_asks(door, session, kind, topic);
}

// As door_access_allows, of reading what is published now: many are asked about its topic, and it
// is the work of whoever publishes.
bool door_access_asks_reader(struct mqtt_door *door, const struct door_session *session,
                             struct bytes topic);

static inline bool door_access_reads(struct mqtt_door *door, const struct door_session *session,
                                     struct bytes topic) {
    return door->config->access == NULL || door_access_asks_reader(door, session, topic);
}

// A message of the session's client was refused: counted, and told once a connection.
void door_access_refuse(struct mqtt_door *door, const struct door_session *session,
                        struct bytes topic);

#endif
