// The user's levers on the lines of a device or a router: rules of faults (docs/faults.md) from
// options and commands, lines that are held and let go one by one, a network that is frozen, a
// device that crashes.
//
// In the packets' thread. What a line comes to is said as it happens, with a rate.
#ifndef SESSION_LINE_LINE_LEVERS_H
#define SESSION_LINE_LINE_LEVERS_H

#include "role/line/line_faults.h"
#include "shell/fault_rules.h"
#include "shell/listing.h"
#include "shell/run.h"

// Commands that all devices with levers have.
enum line_levers_command {
    LEVERS_RULE = RUN_COMMANDS,
    LEVERS_UNDO,
    LEVERS_HOLD,
    LEVERS_STEP,
    LEVERS_CUT,
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
        {"cut", COMMAND_CLIENT | COMMAND_OMITTABLE, "cut [client]",                               \
         "end connections as a fault would: all, or with those who fit, as dev-*", LEVERS_CUT},   \
        {"freeze", COMMAND_PLAIN, "freeze", "let nothing pass, and tell nobody", LEVERS_FREEZE},  \
        {"thaw", COMMAND_PLAIN, "thaw", "end hold and freeze", LEVERS_THAW}, {                    \
        "crash", COMMAND_PLAIN, "crash", "end as kill -9 would: nothing is said or saved",        \
            LEVERS_CRASH                                                                          \
    }

// Levers of another door of the same device, on which all rules and commands act as well. Rules
// have the same numbers there: they are added and taken back on both.
struct line_levers_other {
    void (*begin)(void *context, struct memory *memory, uint64_t seed);
    uint32_t (*add)(void *context, const struct fault_rule *rule, uint64_t now);
    bool (*remove)(void *context, uint32_t number, uint64_t now);
    void (*hold)(void *context, bool holds, uint64_t now); // false: thaws
    uint64_t (*held_since)(const void *context);           // the oldest; UINT64_MAX: none is
    void (*step)(void *context, uint64_t now);             // lets it go
    uint32_t (*cut)(void *context, struct bytes pattern, uint64_t now); // how many
    uint64_t (*hits)(const void *context, uint32_t number);
    void (*list)(const void *context, struct listing *listing); // what waits there
    uint64_t (*waiting)(const void *context);                   // how many packets are held there
};

struct line_levers_owner {
    void *context;
    // As in struct line_faults_events.
    void (*pass)(void *context, enum line_way way, struct bytes line);
    void (*refuse)(void *context, enum line_way way, const struct packet *request);
    // Ends the connections with the addresses that fit the pattern; empty: with all. How many.
    uint32_t (*cut)(void *context, struct bytes pattern);
    bool (*is_of_broker)(void *context, const struct packet *packet);
};

struct line_levers {
    struct line_faults faults;
    struct line_levers_owner owner;
    struct run *run;
    const struct line_levers_other *other; // NULL: there is no other door
    void *other_context;
    uint32_t freeze;    // the rule of the command freeze; 0: none
    struct buffer cuts; // addresses whose connections are to end
};

void line_levers_init(struct line_levers *levers, struct run *run,
                      const struct line_levers_owner *owner, const struct line_faults_options *how);
// Before any rule is added.
void line_levers_join(struct line_levers *levers, const struct line_levers_other *other,
                      void *context);
void line_levers_deinit(struct line_levers *levers);
// Adds the rules of the options, no more than there may be.
void line_levers_start(struct line_levers *levers, const struct fault_rules *rules, uint64_t now);

enum run_outcome line_levers_execute(struct line_levers *levers, const struct command *command,
                                     uint64_t now);
// Rules with their hits, and packets that wait. Nothing, while there are none.
void line_levers_list(const struct line_levers *levers, struct listing *listing);

// Likewise, for a page that has the levers (struct run_program, levers).
void line_levers_look(const struct line_levers *levers, json_t *answer);

// What hit and what never did; nothing, while there are no rules. At the end.
void line_levers_report(const struct line_levers *levers);

// The next address whose connection is to end; 0: none.
uint32_t line_levers_next_cut(struct line_levers *levers);

#endif
