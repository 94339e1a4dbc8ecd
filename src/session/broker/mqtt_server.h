// The MQTT door of a broker's session: puts the door of role/broker/mqtt/mqtt_door.h behind the
// streams of medium/stream/stream_server.h, hands credentials on to be checked, and says what
// happens.
//
// All that touches the door stands between session_enter and session_leave, whichever thread it is
// in; a round of a loop takes that lock once.
#ifndef SESSION_BROKER_MQTT_SERVER_H
#define SESSION_BROKER_MQTT_SERVER_H

#include "medium/stream/stream_server.h"
#include "role/broker/broker.h"
#include "session/broker/broker_metrics.h"
#include "session/broker/users/credential_checks.h"
#include "session/broker/durable.h"
#include "session/broker/memory_keeper.h"
#include "session/broker/mqtt_levers.h"
#include "session/broker/upgrade/hand_over_wire.h"
#include "session/broker/users/user_book.h"
#include "session/line/session.h"

#define MQTT_LISTENERS_MAX 32

struct tap;

// Whose user a client with a certificate is.
enum mqtt_certificate_user {
    MQTT_CERTIFICATE_NOBODY, // it is let in, and has no user name
    MQTT_CERTIFICATE_CN,     // its common name is its user name
    MQTT_CERTIFICATE_SUBJECT,
};

// Where the MQTT door listens, for whom, and how: certificates, origins, threads, a tap; and how
// the door itself is to be. Texts are borrowed from the program's options for as long as the server
// lives.
struct mqtt_server_options {
    const char
        *listeners[5]; // by enum stream_kind: texts of session/broker/mqtt_listeners.h, or NULL
    const char *certificate; // for TLS, as the next two
    const char *key;
    const char *authority;
    const char *revoked;          // a CRL
    int certificate_user;         // enum mqtt_certificate_user
    const char *websocket_origin; // a list, see struct stream_listener; or NULL
    uint64_t threads;
    uint64_t connections_per_address;
    uint64_t handshake; // nanoseconds
    const char *server_reference;
    const char *response_prefix;
    const char *tap;    // a file, or NULL
    uint64_t tap_bytes; // its limit; 0: none
    struct mqtt_door_config door;
};

struct mqtt_server;

// Whether any listener is asked for.
bool mqtt_server_is_wanted(const struct mqtt_server_options *options);

// Binds the listeners, and makes no file; of the sockets that another process listened at it takes
// those of its own places. NULL after a message on standard error, with *exit_code. Options and
// users (NULL: everybody is let in) are borrowed for the server's life.
struct mqtt_server *mqtt_server_create(struct mqtt_server_options *options, struct user_book *users,
                                       struct handed_sockets *handed, int *exit_code);
// False after a message.
bool mqtt_server_open_tap(struct mqtt_server *server);
// The levers of its clients, for the session.
struct mqtt_levers *mqtt_server_levers(struct mqtt_server *server);
// What time has brought to the levers, and when it brings more. In the packets' thread.
void mqtt_server_tick(struct mqtt_server *server, uint64_t now);
uint64_t mqtt_server_deadline(const struct mqtt_server *server);
// Opens the door of the broker, which has begun.
void mqtt_server_start(struct mqtt_server *server, struct session *session, struct broker *broker,
                       const struct cipher_secret *seed);
// Whose streams these are stands in the tap. The name and the path are borrowed for its life.
void mqtt_server_set_owner(struct mqtt_server *server, uint32_t address, struct bytes name,
                           const char *network);
// Looks at the memory, with the session's lock, each time the door is left.
void mqtt_server_set_keeper(struct mqtt_server *server, struct memory_keeper *keeper);
// Of its passwords; borrowed until its end. Before it is opened; it needs them if there are
// passwords.
void mqtt_server_set_checks(struct mqtt_server *server, struct credential_checks *checks);
// Keeps what the door is to keep; borrowed, as the journal. Before mqtt_server_start.
void mqtt_server_set_durable(struct mqtt_server *server, struct durable *durable,
                             struct journal *journal);
// For whoever touches the door in a thread of their own: all of it stands between these two.
void mqtt_server_enter(struct mqtt_server *server);
void mqtt_server_leave(struct mqtt_server *server);
// Lets streams in, on the loop. False after an error was said.
bool mqtt_server_open(struct mqtt_server *server, uv_loop_t *loop);
// Copies of all its listening sockets.
void mqtt_server_offer(const struct mqtt_server *server, struct handed_sockets *handed);
// Before it is closed: others have its sockets now. Its clients are told to come back here. With
// the session's lock.
void mqtt_server_hand_over(struct mqtt_server *server);
// The broker has stopped: lets the last bytes out, closes everything, then calls
// session_service_closed.
void mqtt_server_close(struct mqtt_server *server);
// Before the broker's deinit; nothing of it is on the loop any more.
void mqtt_server_finish(struct mqtt_server *server);
// After the broker's deinit.
void mqtt_server_destroy(struct mqtt_server *server);

// For /metrics. With the session's lock, as is the second.
void mqtt_server_measure(struct mqtt_server *server); // from now on, how long turns take
void mqtt_server_look(struct mqtt_server *server, struct broker_metrics *metrics);

// Reads the certificates again, follows the tap's file, and says what came of it. Clients whose
// certificate is revoked by now are ended.
void mqtt_server_reload(struct mqtt_server *server);
// The users have changed: ends those who are not good any more. With the session's lock.
void mqtt_server_review(struct mqtt_server *server, uint64_t now);

#endif
