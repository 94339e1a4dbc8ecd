// The user's levers on packets of MQTT that pass a proxy's role (role/proxy/proxy.h), as the
// program proxy, the MQTT door of a broker and a client of MQTT have them: what their commands do,
// what is said as a fault happens, and what `list` and the end show of rules and packets that wait.
//
// In the thread that has the role.
#ifndef SHELL_PROXY_LEVERS_H
#define SHELL_PROXY_LEVERS_H

#include "role/proxy/proxy.h"
#include "shell/fault_rules.h"
#include "shell/listing.h"
#include "shell/run.h"

// The numbers of their commands; a program's own follow.
enum proxy_levers_command {
    PROXY_LEVERS_RULE = RUN_COMMANDS,
    PROXY_LEVERS_UNDO,
    PROXY_LEVERS_HOLD,
    PROXY_LEVERS_STEP,
    PROXY_LEVERS_CUT,
    PROXY_LEVERS_FREEZE,
    PROXY_LEVERS_THAW,
    PROXY_LEVERS_CRASH,
    PROXY_LEVERS_COMMANDS,
};

// Adds the rules of the options, no more than there may be, and warns of those that cannot hit.
void proxy_levers_start(struct run *run, struct proxy *proxy, const struct fault_rules *rules,
                        uint64_t now);

enum run_outcome proxy_levers_execute(struct run *run, struct proxy *proxy,
                                      const struct command *command, uint64_t now);

// ---- what is said -----------------------------------------------------------------------------

// Whose faults are told: those of a client named `peer` that the program is the broker of, or those
// of the program itself at the broker that is named so.
struct proxy_levers_teller {
    struct bytes peer;
    bool is_broker; // the program is
};

// "dropped", of a packet for which this was decided.
const char *proxy_levers_end_text(enum fault_end end);
// A fault as a line: "fault: PUBACK to alice dropped (rule 1)". Nothing, if the event is none.
void proxy_levers_tell(struct report *report, const struct proxy_event *event,
                       const struct proxy_levers_teller *teller);

// ---- lists ------------------------------------------------------------------------------------

// Packets that wait: held, frozen or delayed. `ways` is what the two directions are called, to the
// broker and to the client.
void proxy_levers_list_waiting(struct listing *listing, const struct proxy *proxy,
                               const char *title, const char *const ways[2]);

#endif
