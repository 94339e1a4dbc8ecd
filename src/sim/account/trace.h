// What an island tells of itself while it goes on, for who wants to see it: every line of its
// networks, and every stream between a client and a broker with its bytes, what became of them, and
// its end. Told in the order in which it happens there; each island has its own, and is run by one
// thread at a time.
//
// A message is told when its sender's role says it: what links and faults do to it stands beside
// it. So the bytes of a direction are a stream without gaps, whatever happens to them on the way.
//
// Nothing is kept: who is told writes it down, or forgets it. Without a trace it costs a test.
#ifndef SIM_ACCOUNT_TRACE_H
#define SIM_ACCOUNT_TRACE_H

#include "base/bytes.h"

#define SIM_EPOCH UINT64_C(1700000000) // UnixTime when the simulated world begins

struct sim_network;
struct sim_stream;

enum sim_trace_fate {
    SIM_TRACE_SENT,
    SIM_TRACE_DROPPED,   // it never arrives
    SIM_TRACE_DELAYED,   // it arrives `delay_ns` later than it would
    SIM_TRACE_HELD,      // it waits
    SIM_TRACE_LET_GO,    // what was held goes on, after `delay_ns`; without bytes
    SIM_TRACE_REPEATED,  // these bytes arrive once more
    SIM_TRACE_CHANGED,   // others arrive in their place
    SIM_TRACE_REORDERED, // others that were said later arrive before it
    SIM_TRACE_SAID,      // it was told before, and is not told again
};

struct sim_trace_note {
    enum sim_trace_fate fate;
    uint64_t delay_ns;
    struct bytes why; // the rule that did it, or what the link did; borrowed; may be empty
};

struct sim_trace_bytes {
    bool is_from_client;
    struct bytes bytes; // whole packets of MQTT where `note` says something
    struct sim_trace_note note;
};

enum sim_trace_cause {
    SIM_TRACE_CLOSED,
    SIM_TRACE_GOODBYE, // the client sent DISCONNECT
    SIM_TRACE_RESET,
    SIM_TRACE_SILENT, // an end is no more, or gave up, and said nothing
    SIM_TRACE_CUT,    // by a rule
    SIM_TRACE_REASON, // the broker ended it, for `reason`
};

struct sim_trace_end {
    enum sim_trace_cause cause;
    bool is_clients; // the client ended it, or the broker; not for a cut
    uint8_t reason;  // enum mqtt_reason
    struct bytes why;
};

// The time of each is that of its island (sim/island.h). All functions are needed.
struct sim_trace {
    void *context;
    // With its LF.
    void (*line)(void *context, const struct sim_network *network, struct bytes line);
    // The broker has accepted it. It is known until `closed`.
    void (*opened)(void *context, const struct sim_stream *stream);
    void (*bytes)(void *context, const struct sim_stream *stream,
                  const struct sim_trace_bytes *what);
    void (*closed)(void *context, const struct sim_stream *stream, const struct sim_trace_end *end);
    // The island has come to where it was to be taken, and rests: a good time to write things down.
    void (*rests)(void *context, uint32_t island);
};

#endif
