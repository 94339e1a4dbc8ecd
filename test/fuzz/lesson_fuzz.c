// Input: a lesson's file. What is parsed keeps what its header promises; each line of what it
// expects is held against the others.
#include "base/assert.h"
#include "session/lesson/lesson_script.h"
#include "session/lesson/lesson_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_step(const struct lesson_step *step) {
    ASSERT(step->word > LESSON_ABOUT && step->word < LESSON_WORDS && step->line > 0);
    ASSERT(step->name.size <= LESSON_NAME_MAX);
    ASSERT(step->text.size == 0 || step->text.data[step->text.size - 1] != ' ');
}

static void try_values(const struct lesson_script *script) {
    struct lesson_values values = {0};
    struct buffer out;
    struct bytes missing;
    buffer_init(&out, script->memory);
    for (uint32_t i = 0; i + 1 < script->count && i < 20; i++) {
        unsigned before = values.count;
        bool matches =
            lesson_values_match(&values, script->steps[i].text, script->steps[i + 1].text);
        ASSERT(matches || values.count == before);
        out.size = 0;
        (void)lesson_values_expand(&values, script->steps[i].text, &out, &missing);
    }
    buffer_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory memory;
    struct buffer complaint;
    struct lesson_script script;
    memory_init(&memory);
    buffer_init(&complaint, &memory);
    if (lesson_script_parse(&script, &memory, "fuzz", bytes_make(data, size), &complaint)) {
        ASSERT(script.count > 0 && script.steps[0].word == LESSON_SCREEN && complaint.size == 0);
        for (uint32_t i = 0; i < script.count; i++) {
            check_step(&script.steps[i]);
        }
        try_values(&script);
    } else {
        ASSERT(bytes_starts_with(buffer_bytes(&complaint), BYTES_LITERAL("fuzz:")));
    }
    lesson_script_deinit(&script);
    buffer_deinit(&complaint);
    ASSERT(memory.bytes_in_use == 0);
    return 0;
}
