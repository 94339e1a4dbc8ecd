// What routers and the master say to each other, and how full mailboxes are, in a tap
// (medium/capture/tap_gate.h). All of it is called in the loop's thread. Of mailboxes a line is
// noted once a second at most, and only what has changed.
#ifndef SESSION_MASTER_MASTER_TAP_H
#define SESSION_MASTER_MASTER_TAP_H

#include "medium/capture/tap_gate.h"
#include "session/master/master_api.h"
#include "shell/report.h"

struct master_tap;

struct master_tap_options {
    const char *path;
    uint64_t bytes_max; // 0: any number
    uint16_t port;      // the master's
};

// NULL: it cannot be written, and *error says why.
struct master_tap *master_tap_open(const struct master_tap_options *options,
                                   struct tap_error *error);
// All of the following allow NULL, and do nothing then.
void master_tap_close(struct master_tap *tap);
// The request has arrived; it has to wait; the store has answered it.
void master_tap_arrived(struct master_tap *tap, const struct master_request *request);
void master_tap_waits(struct master_tap *tap, const struct master_request *request);
void master_tap_answered(struct master_tap *tap, const struct master_request *request);
// Whether mailboxes may have changed since they were last looked at.
bool master_tap_wants_list(const struct master_tap *tap);
// A LIST of the store: all mailboxes.
void master_tap_look(struct master_tap *tap, const struct store_request *list);
void master_tap_flush(struct master_tap *tap, struct report *report);
// On SIGHUP.
void master_tap_follow(struct master_tap *tap, struct report *report);

#endif
