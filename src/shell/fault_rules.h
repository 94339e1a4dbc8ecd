// Rules of faults as options give them: --fault, several separated by semicolons, as often as one
// likes, and --fault-file, one a line; what begins with # is none. docs/faults.md says what a rule
// looks like.
#ifndef SHELL_FAULT_RULES_H
#define SHELL_FAULT_RULES_H

#include "fault/set.h"
#include "shell/options/option_table.h"
#include "shell/listing.h"
#include "shell/run.h"

#define FAULT_RULES_MAX 1000 // in all, of a program without an option for it

struct fault_rules {
    struct memory *memory;
    struct fault_rule *items; // in the order in which they stand there, --fault first
    uint32_t count;
    uint32_t capacity;
};

// As the options of a program give them.
struct fault_options {
    struct option_list rules; // of --fault
    const char *file;         // of --fault-file; NULL: none
    uint64_t seed;
};

// False: one is wrong, there are more than `most`, or the file cannot be read, and it has
// complained with the program's name, the place and what may stand there. Free them in any case.
bool fault_rules_read(struct fault_rules *rules, struct memory *memory,
                      const struct fault_options *options, uint32_t most, const char *program);
void fault_rules_free(struct fault_rules *rules);

// A rule that is in force: {"number","rule","hits"}.
json_t *fault_rules_json(const struct fault_entry *entry, uint64_t hits, struct memory *memory);

// ---- for programs whose user adds rules -------------------------------------------------------

// The rule that a command's text says. False: it says none, and an error was told.
bool fault_rules_parse(struct run *run, struct bytes text, struct fault_rule *rule);
// What the rule of this number does, as a notice; `of_lines` as below.
void fault_rules_explain(struct report *report, const struct fault_rule *rule, uint32_t number,
                         bool of_lines);

// Hits that another set, with the same rules, counted of one of them.
struct fault_rules_other {
    uint64_t (*hits)(const void *context, uint32_t number); // NULL: there is no other set
    const void *context;
};

uint64_t fault_rules_hits(const struct fault_entry *entry, struct fault_rules_other other);

// The section "rules" of `list`: numbers, hits and texts.
void fault_rules_list(struct listing *listing, const struct fault_set *set,
                      struct fault_rules_other other);
// At the end: what hit and what never did, in a line each or as one object. How many never did.
uint32_t fault_rules_report(struct report *report, const struct fault_set *set,
                            struct fault_rules_other other);

// Says so if the rule can never hit a packet: of lines, or of streams.
void fault_rules_warn(struct report *report, const struct fault_rule *rule, bool of_lines);

#endif
