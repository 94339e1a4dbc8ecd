// Rules of faults as options give them: --fault, several separated by semicolons, and --fault-file,
// one a line; what begins with # is none. docs/faults.md says what a rule looks like.
#ifndef SHELL_FAULT_RULES_H
#define SHELL_FAULT_RULES_H

#include "fault/rule.h"
#include "fault/set.h"
#include "shell/report.h"

struct fault_rules {
    struct memory *memory;
    struct fault_rule *items; // in the order in which they stand there, --fault first
    uint32_t count;
    uint32_t capacity;
};

struct fault_rules_options {
    const char *text; // of --fault; NULL: none
    const char *file; // of --fault-file; NULL: none
    uint32_t most;    // rules in all
};

// False: one is wrong, or the file cannot be read, and it has complained with the program's name,
// the place and what may stand there. Free them in any case.
bool fault_rules_read(struct fault_rules *rules, struct memory *memory,
                      const struct fault_rules_options *options, const char *program);
void fault_rules_free(struct fault_rules *rules);

// A rule that is in force: {"number","rule","hits"}.
json_t *fault_rules_json(const struct fault_entry *entry, uint64_t hits, struct memory *memory);

// Says so if the rule can never hit a packet: of lines, or of streams.
void fault_rules_warn(struct report *report, const struct fault_rule *rule, bool of_lines);

#endif
