// Input: a rule of faults as text. Whatever the bytes, there is an answer; and what is a rule, is
// the same rule when it is written and read again.
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "fault/parse.h"
#include "fault/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rule(const struct fault_rule *rule) {
    struct memory memory;
    struct buffer text;
    struct buffer again;
    struct fault_rule second;
    struct fault_error error;
    memory_init(&memory);
    buffer_init(&text, &memory);
    buffer_init(&again, &memory);
    fault_text_write(rule, &text);
    ASSERT(fault_parse(buffer_bytes(&text), &second, &error));
    fault_text_write(&second, &again);
    ASSERT(bytes_equal(buffer_bytes(&text), buffer_bytes(&again)));
    ASSERT(rule->start_ns == second.start_ns && rule->length_ns == second.length_ns);
    ASSERT(rule->is_once == second.is_once && rule->direction == second.direction);
    ASSERT(rule->has_place == second.has_place && rule->pick == second.pick);
    fault_text_explain(rule, text.size % 2 == 0, &again);
    (void)fault_text_doubt(rule, false, &again);
    (void)fault_text_doubt(rule, true, &again);
    buffer_deinit(&text);
    buffer_deinit(&again);
    ASSERT(memory.bytes_in_use == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fault_rule rule;
    struct fault_error error;
    if (fault_parse(bytes_make(data, size), &rule, &error)) {
        check_rule(&rule);
    } else {
        ASSERT(error.column >= 1 && error.column <= size + 1);
        ASSERT(memchr(error.text, '\0', sizeof error.text) != NULL);
    }
    return 0;
}
