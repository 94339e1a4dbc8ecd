// The session of a broker: the role of role/broker/broker.h with a user.
#ifndef SESSION_BROKER_BROKER_SESSION_H
#define SESSION_BROKER_BROKER_SESSION_H

#include "role/broker/broker.h"
#include "session/broker/durable.h"
#include "session/broker/mqtt_server.h"
#include "session/line/session.h"

// What a broker is asked for: its network and its roles; what it keeps; then files by their paths,
// and whose place it takes.
struct broker_session_options {
    struct session_options session;
    struct broker_config config;
    struct mqtt_server_options mqtt;
    struct durable_options durable;
    uint64_t memory_bytes; // what peers may make it keep; 0: machine_memory_quarter
    const char *access;    // path of access lists, or NULL: everybody may do everything
    const char *http;      // where /metrics is, [HOST:]PORT; NULL: nowhere
    const char *passwords; // path of a password file, or NULL: nobody is asked for credentials
    const char *hand_over; // a socket for the broker that is to take its place; NULL: none may
    bool takes_over;       // from the broker that is there
};

// What its user can type.
extern const struct command_table broker_session_commands;

// False after a message: what is said of the hand-over contradicts the rest.
__attribute__((warn_unused_result)) bool
broker_session_check(const struct broker_session_options *options);
// Runs until it ends; returns an exit code.
int broker_session_run(struct broker_session_options *options);

#endif
