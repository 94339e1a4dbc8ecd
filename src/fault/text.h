// A rule of faults as text: as it is typed, and in a sentence for people who read it for the first
// time. And the reference of all that can be typed, which docs/faults.md has word for word.
#ifndef FAULT_TEXT_H
#define FAULT_TEXT_H

#include "base/buffer.h"
#include "fault/rule.h"

// Appends the rule in its one form: fault_parse makes the same rule of it.
void fault_text_write(const struct fault_rule *rule, struct buffer *out);

// Appends what the rule does: "Drops PUBACK number 3 of each client that fits dev-*, on the way to
// the broker. ..." Of two kinds of networks: streams of bytes, and lines of the virtual network.
void fault_text_explain(const struct fault_rule *rule, bool of_lines, struct buffer *out);

// Appends why the rule can never hit a packet, as a sentence without a full stop. False: it can.
bool fault_text_doubt(const struct fault_rule *rule, bool of_lines, struct buffer *out);

// Appends the tables of actions and of profiles, in Markdown.
void fault_text_reference(struct buffer *out);

#endif
