// The mistakes of a scenario's file, told on standard error.
#ifndef SESSION_SIMULATE_SIMULATE_ERRORS_H
#define SESSION_SIMULATE_SIMULATE_ERRORS_H

#include "scenario/read/read_errors.h"

void simulate_errors_tell(const char *file, const struct read_errors *errors);

#endif
