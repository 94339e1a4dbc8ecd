// The session of a router: the role of role/router/router.h between a network and a master.
//
// Beside the two threads of every session (session/line/session.h) there are two that talk with the
// master, one for leases and uploads, one for the mailbox. The packets' thread alone decides: it
// gathers what a turn brings, makes it safe in the journal (session/router/router_state.h), appends
// to the network, and only then hands the next requests over. So a router that is killed at any
// moment loses nothing and repeats nothing.
#ifndef SESSION_ROUTER_ROUTER_SESSION_H
#define SESSION_ROUTER_ROUTER_SESSION_H

#include "role/router/router.h"
#include "session/line/session.h"

struct router_session_options {
    struct session_options session;
    struct router_config config;
    const char *master;
    const char *token_file; // or NULL
    const char *ca;         // or NULL
    const char *state;      // NULL: the network's name with .router behind it
    uint64_t gate;          // 0: any
    uint64_t waiting_bytes; // of lines that the master does not have yet; then reading pauses
    bool keep_gate;         // at the end
};

// What its user can type.
extern const struct command_table router_session_commands;

// Runs until it ends; returns an exit code.
int router_session_run(struct router_session_options *options);

#endif
