// The session of a client: the role of role/client/client.h with a user.
#ifndef SESSION_CLIENT_CLIENT_SESSION_H
#define SESSION_CLIENT_CLIENT_SESSION_H

#include "role/client/client.h"
#include "session/line/session.h"

struct client_session_options {
    struct session_options session;
    struct client_config config;
    const char *publish;     // topic that each line of standard input is published to, or NULL
    const char *credentials; // path of a file with the line user:password, or NULL
};

// What its user can type.
extern const struct command_table client_session_commands;

// Runs until it ends; returns an exit code.
int client_session_run(struct client_session_options *options);

#endif
