// The trace of a simulated world (sim/account/trace.h) as files in a folder:
//
//   NETWORK.network   the lines of a network, as its file would hold them
//   BROKER.pcapng     the streams to the MQTT door of a broker, as its tap would (medium/capture)
//
// exe/watch reads both; Wireshark opens the second. A file comes to be when there is something for
// it. Of names, `/`, `%` and a first `.` stand as %2F, %25 and %2E.
//
// Each island writes its own files, so islands may be run by several threads. What is in memory is
// written when an island rests, and before that when it is more than a megabyte of one file. After
// an error, as of a full disk, nothing more is written.
#ifndef SESSION_SIMULATE_SIMULATE_TRACE_H
#define SESSION_SIMULATE_SIMULATE_TRACE_H

#include <limits.h>

#include "scenario/plan.h"
#include "sim/account/trace.h"

struct simulate_trace;

#define SIMULATE_TRACE_WHY_MAX 640

// The folder is made, or is there and empty; with `is_shared` other processes may have begun to
// write into it, files of other networks and brokers. NULL, and `why` says for people what is wrong
// and what to do. The plan is borrowed until close.
struct simulate_trace *simulate_trace_open(const char *folder, const struct plan *plan,
                                           bool is_shared, char why[static SIMULATE_TRACE_WHY_MAX]);

// For struct sim_world_options; valid until close.
const struct sim_trace *simulate_trace_port(const struct simulate_trace *trace);

// Where the lines of the plan's networks and then the streams of its brokers are written. False:
// there are no more, or the path is too long.
bool simulate_trace_path(const struct simulate_trace *trace, uint32_t place,
                         char path[static PATH_MAX]);

// Writes what is left; the world must not go on. False: something could not be written, and `why`
// says what. NULL is allowed.
bool simulate_trace_close(struct simulate_trace *trace, char why[static SIMULATE_TRACE_WHY_MAX]);

#endif
