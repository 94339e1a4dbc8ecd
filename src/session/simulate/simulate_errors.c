#include "session/simulate/simulate_errors.h"

#include "shell/printable.h"

void simulate_errors_tell(const char *file, const struct read_errors *errors) {
    for (uint32_t i = 0; i < errors->count; i++) {
        const struct read_error *error = &errors->list[i];
        printable_complain("%s:%u:%u: %s\n", file, error->line, error->column, error->text);
    }
    if (errors->more > 0) {
        printable_complain("%s: %u more mistakes\n", file, errors->more);
    }
}
