// The broker that is there: at a Unix socket of its own it waits for a process of the same user
// that wants to take its place (session/broker/upgrade/hand_over_wire.h). Until that says `go`,
// nothing changes for anybody. Then the broker ends as by a signal, but for its listening sockets,
// at which clients wait. What it ended for may end before it serves: then the broker serves again.
//
// One newcomer at a time. It has HAND_OVER_READY_S until it says `go`.
#ifndef SESSION_BROKER_UPGRADE_HAND_OVER_H
#define SESSION_BROKER_UPGRADE_HAND_OVER_H

#include <uv.h>

#include "session/broker/upgrade/hand_over_wire.h"

#define HAND_OVER_READY_S 60

struct hand_over;

// Called on the loop.
struct hand_over_owner {
    void *context;
    uint32_t address; // on the network
    // Copies of all listening sockets.
    void (*offer)(void *context, struct handed_sockets *handed);
    // The broker is to end for this process. All that it offered last is now what it keeps.
    void (*begin)(void *context, pid_t process);
};

// Listens at a path that becomes a socket which nobody else may use. NULL after a message.
struct hand_over *hand_over_open(const char *path);
// Takes newcomers from now on.
void hand_over_start(struct hand_over *hand, uv_loop_t *loop, const struct hand_over_owner *owner);
// When nothing of it is on the loop any more and all that the broker had is closed. True: there is
// no newcomer, or it serves. False: it ended before, with its id in *process; here are the sockets.
bool hand_over_finish(struct hand_over *hand, struct handed_sockets *handed, pid_t *process);
// NULL is nothing.
void hand_over_close(struct hand_over *hand);

#endif
