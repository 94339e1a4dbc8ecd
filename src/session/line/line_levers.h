// The user's levers on the lines of a device: rules of faults (docs/faults.md) from options and
// commands, lines that are held and let go one by one, a network that is frozen, a device that
// crashes.
//
// In the packets' thread. What a line comes to is said as it happens, with a rate.
#ifndef SESSION_LINE_LINE_LEVERS_H
#define SESSION_LINE_LINE_LEVERS_H

#include "role/line/line_faults.h"
#include "shell/fault_rules.h"
#include "shell/listing.h"
#include "shell/run.h"

struct line_levers_options {
    const char *rules; // of --fault; NULL: none
    const char *file;  // of --fault-file; NULL: none
    uint64_t seed;
};

// Commands that all devices with levers have.
enum line_levers_command {
    LEVERS_RULE = RUN_COMMANDS,
    LEVERS_UNDO,
    LEVERS_HOLD,
    LEVERS_STEP,
    LEVERS_FREEZE,
    LEVERS_THAW,
    LEVERS_CRASH,
    LEVERS_COMMANDS,
};

#define LINE_LEVERS_ROWS                                                                          \
    {"rule", COMMAND_VALUE, "rule text", "add a rule of faults: rule drop publ 3", LEVERS_RULE},  \
        {"undo", COMMAND_VALUE, "undo number", "take a rule back; list shows them", LEVERS_UNDO}, \
        {"hold", COMMAND_PLAIN, "hold", "hold every packet, both ways, until it is stepped",      \
         LEVERS_HOLD},                                                                            \
        {"step", COMMAND_PLAIN, "step", "let the first packet that is held go", LEVERS_STEP},     \
        {"freeze", COMMAND_PLAIN, "freeze", "let nothing pass, and tell nobody", LEVERS_FREEZE},  \
        {"thaw", COMMAND_PLAIN, "thaw", "end hold and freeze", LEVERS_THAW}, {                    \
        "crash", COMMAND_PLAIN, "crash", "end as kill -9 would: nothing is said or saved",        \
            LEVERS_CRASH                                                                          \
    }

struct line_levers_owner {
    void *context;
    // As in struct line_faults_events.
    void (*pass)(void *context, enum line_way way, struct bytes line);
    void (*refuse)(void *context, enum line_way way, const struct packet *request);
};

struct line_levers {
    struct line_faults faults;
    struct line_levers_owner owner;
    struct run *run;
    uint32_t freeze;    // the rule of the command freeze; 0: none
    struct buffer cuts; // addresses whose connections are to end
};

void line_levers_init(struct line_levers *levers, struct run *run,
                      const struct line_levers_owner *owner, const struct line_faults_options *how);
void line_levers_deinit(struct line_levers *levers);
// Adds the rules of the options, no more than there may be.
void line_levers_start(struct line_levers *levers, const struct fault_rules *rules, uint64_t now);

enum run_outcome line_levers_execute(struct line_levers *levers, const struct command *command,
                                     uint64_t now);
// Rules with their hits, and packets that wait. Nothing, while there are none.
void line_levers_list(const struct line_levers *levers, struct listing *listing);

// The next address whose connection is to end; 0: none.
uint32_t line_levers_next_cut(struct line_levers *levers);

#endif
