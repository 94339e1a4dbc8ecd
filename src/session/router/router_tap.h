// The exchange between a router and its master, in a tap (medium/capture/tap_gate.h). All of it is
// called in the packets' thread; a router without --tap has a tap of which nothing is written.
#ifndef SESSION_ROUTER_ROUTER_TAP_H
#define SESSION_ROUTER_ROUTER_TAP_H

#include "medium/capture/tap_gate.h"
#include "shell/report.h"

struct router_tap_options {
    const char *path;    // NULL: none is written
    uint64_t bytes_max;  // 0: any number
    const char *master;  // its URL
    const char *network; // the file
};

struct router_tap {
    struct tap *tap; // NULL: none
    char *network;   // its absolute path; NULL: it is not known
};

// False: it cannot be written, and that was said.
bool router_tap_open(struct router_tap *tap, const struct router_tap_options *options);
void router_tap_close(struct router_tap *tap);

// The router has this gate from now on.
void router_tap_began(struct router_tap *tap, uint32_t gate);
void router_tap_asks(struct router_tap *tap, const struct gate_request *request);
void router_tap_answered(struct router_tap *tap, const struct gate_request *request,
                         const struct gate_answer *answer);
// At the end of a turn.
void router_tap_flush(struct router_tap *tap, struct report *report);
// On SIGHUP. False: there is no tap.
bool router_tap_follow(struct router_tap *tap, struct report *report);

#endif
