// The program proxy: rules of faults in front of a broker, with commands, an end report and an API.
#ifndef SESSION_PROXY_PROXY_SESSION_H
#define SESSION_PROXY_PROXY_SESSION_H

#include "medium/stream/stream_server.h"
#include "shell/command.h"
#include "shell/fault_rules.h"
#include "shell/run.h"

#define PROXY_LISTENER_KINDS 5 // of enum stream_kind

// The options of the program proxy: where it listens, which broker it leads to and how, the rules
// of faults, the API, the tap, and its limits. Texts are borrowed from the command line.
struct proxy_session_options {
    struct run_options run;
    // Where to listen, by enum stream_kind: a place, or several separated by commas. NULL: not.
    const char *listeners[PROXY_LISTENER_KINDS];
    const char *certificate; // of TLS listeners
    const char *key;
    const char *authority;
    const char *broker;
    bool broker_tls;
    bool broker_insecure;
    const char *broker_authority;
    const char *broker_certificate;
    const char *broker_key;
    uint64_t connect_timeout;    // nanoseconds
    struct fault_options faults; // seed 0: a random one
    bool must_fire;              // fail if a rule never hit
    const char *api;             // where the HTTP API listens; NULL: nowhere
    const char *tap;
    uint64_t tap_bytes;
    uint64_t connections;
    uint64_t rules;
    uint64_t lane_bytes;
    uint64_t memory_bytes; // 0: a quarter of the machine's
};

extern const struct command_table proxy_session_commands;

// Returns the program's exit code.
int proxy_session_run(const struct proxy_session_options *options);

// Explains a rule, or with "all" everything that can be typed. Returns the program's exit code.
int proxy_session_explain(const char *text);

#endif
