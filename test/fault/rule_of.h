// A rule of faults from its text, for tests: a mistake in it fails the test.
#ifndef TEST_FAULT_RULE_OF_H
#define TEST_FAULT_RULE_OF_H

#include "fault/parse.h"
#include "support.h"

static inline struct fault_rule rule_of(const char *text) {
    struct fault_rule rule;
    struct fault_error error;
    if (!fault_parse(bytes_of_text(text), &rule, &error)) {
        fail_msg("%s: %s", text, error.text);
    }
    return rule;
}

#endif
