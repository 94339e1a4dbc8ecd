// The session of a router: the roles of role/router/uplink.h and role/router/router.h between a
// network and a master.
//
// Beside the two threads of every session (session/line/session.h) there are two that talk with the
// master, one a lane of the uplink. The packets' thread alone decides: it gathers what a turn
// brings, makes it safe in the journal (session/router/router_journal.h), appends to the network,
// and only then hands the next requests over. So a router that is killed at any moment loses
// nothing and repeats nothing.
#ifndef SESSION_ROUTER_ROUTER_SESSION_H
#define SESSION_ROUTER_ROUTER_SESSION_H

#include "role/router/uplink.h"
#include "session/line/session.h"
#include "session/router/master_worker.h"

// The options of the program router: its network, its uplink, the master and how to prove oneself
// to it, its files. Texts are borrowed for as long as the session lives.
struct router_session_options {
    struct session_options session;
    struct uplink_config uplink;
    const char *master;
    const char *token_file;          // or NULL
    const char *ca;                  // or NULL
    const char *state;               // NULL: the network's name with .router behind it
    bool keep_gate;                  // at the end
    const char *tap;                 // or NULL
    uint64_t tap_bytes;              // 0: any number
    const struct master_peer *peers; // one a lane, asked in place of `master`; NULL: `master` is
};

// What its user can type.
extern const struct command_table router_session_commands;

// Runs until it ends; returns an exit code.
int router_session_run(struct router_session_options *options);

#endif
