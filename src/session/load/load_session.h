// Loads an MQTT broker over TCP or a Unix socket and measures it: the sockets and the clock
// around role/load and check/load_ledger.h.
//
// One thread. All connections read into one buffer; what a turn of the loop gave them to say goes
// out with one write each, after everything was read. So the tool costs the machine little beside
// the broker that is measured.
//
// What comes when is decided by role/load/load_phases.h. With `retained` there is one publisher of
// that many topics and one subscriber, which comes later. Idle connections alone are held open for
// `duration`.
//
// The number in the payloads is drawn for each run; the one in names is the plan's, which may be
// used again, to come back to sessions that the broker kept.
#ifndef SESSION_LOAD_LOAD_SESSION_H
#define SESSION_LOAD_LOAD_SESSION_H

#include "role/load/load_client.h"
#include "role/load/load_plan.h"

// The options of the program load: the broker, how the clients are, how many of them, and how long
// it all lasts. Texts are borrowed from the command line.
struct load_session_options {
    const char *host;
    uint64_t port;
    const char *path; // of a Unix socket, in place of host and port; NULL: none
    struct load_settings settings;
    struct load_plan_options plan;
    uint32_t idle;
    uint32_t retained;
    bool subscribe_each; // idle connection
    bool json;
    uint64_t messages;     // 0: for `duration`
    uint64_t duration;     // ns, of the measured part
    uint64_t warm_up;      // ns
    uint64_t timeout;      // ns without anything that is awaited
    uint64_t rate;         // messages a second in all; 0: as the windows let them
    uint64_t connect_rate; // connections a second; 0: as the broker accepts them
    uint64_t pid;          // of the broker; 0: unknown
};

// Runs to the end and reports on standard output; returns an exit code of session/line/session.h.
int load_session_run(const struct load_session_options *options);

#endif
