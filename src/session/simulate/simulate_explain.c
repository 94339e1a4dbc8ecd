#include "session/simulate/simulate_explain.h"

#include <stdio.h>
#include <string.h>

#include "scenario/schema/schema_json.h"
#include "scenario/schema/schema_text.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

int simulate_explain(const char *key) {
    struct memory memory;
    struct buffer out;
    int code = PROGRAM_OK;
    memory_init(&memory);
    buffer_init(&out, &memory);
    if (strcmp(key, "all") == 0) {
        schema_text_reference(&out);
    } else if (strcmp(key, "schema") == 0) {
        schema_json_write(&out);
    } else if (!schema_text_explain(bytes_of_text(key), &out)) {
        printable_complain("simulate: --explain %s: %.*s", key, (int)out.size,
                           (const char *)out.data);
        code = PROGRAM_USAGE;
    }
    if (code == PROGRAM_OK &&
        (fwrite(out.data, 1, out.size, stdout) != out.size || fflush(stdout) != 0)) {
        code = PROGRAM_UNUSABLE;
    }
    buffer_deinit(&out);
    return code;
}
