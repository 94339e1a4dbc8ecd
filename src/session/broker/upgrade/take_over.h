// The newcomer that takes the place of a broker (session/broker/upgrade/hand_over_wire.h): it gets
// the listening sockets, makes sure that it can serve at all, has the other one end, opens the
// store and says so. It waits TAKE_OVER_ANSWER_S for each answer and TAKE_OVER_END_S for the end of
// the other one.
#ifndef SESSION_BROKER_UPGRADE_TAKE_OVER_H
#define SESSION_BROKER_UPGRADE_TAKE_OVER_H

#include "session/broker/upgrade/hand_over_wire.h"

#define TAKE_OVER_ANSWER_S 10
#define TAKE_OVER_END_S 60

struct take_over {
    const char *path;
    int fd; // -1: there is nobody whose place it takes
    int watched;
    pid_t process;
    uint64_t address; // of the other one on the network
};

// Gets the sockets. True also if nobody is there (fd is -1 then). False after a message: it is no
// broker, of another user, or does not answer.
bool take_over_begin(struct take_over *take, const char *path, struct handed_sockets *handed);
// Has the other one end, and waits until all that it had is closed. True also if it died meanwhile.
// False after a message.
bool take_over_go(struct take_over *take);
// The newcomer serves.
void take_over_finish(struct take_over *take);
// Without take_over_finish the other one serves again.
void take_over_close(struct take_over *take);

#endif
