// The session of a master: its server, its store and its user.
#ifndef SESSION_MASTER_MASTER_SESSION_H
#define SESSION_MASTER_MASTER_SESSION_H

#include "shell/run.h"
#include "store/store.h"

// The options of the program master: where it listens and for whom, where it stores, and its limits
// of gates, mailboxes, requests and connections. Texts are borrowed from the command line.
struct master_session_options {
    const char *listen; // HOST:PORT
    const char *store;  // a name for store_open
    const char *certificate;
    const char *key;
    const char *token_file;
    bool open; // serve other machines without a token
    bool classic;
    uint64_t silence; // nanoseconds
    uint64_t classic_silence;
    uint64_t gates;
    uint64_t mailbox_packets;
    uint64_t mailbox_bytes;
    uint64_t memory_bytes; // of all mailboxes; 0: machine_memory_quarter
    uint64_t request_bytes;
    uint64_t held_bytes;
    uint64_t connections;
    uint64_t connections_per_address;
    uint64_t request_timeout; // nanoseconds
    const char *tap;          // or NULL
    uint64_t tap_bytes;       // 0: any number
    struct run_options run;
};

// What its user can type.
extern const struct command_table master_session_commands;

// Runs until the user or a signal ends it; returns an exit code.
int master_session_run(const struct master_session_options *options);

#endif
