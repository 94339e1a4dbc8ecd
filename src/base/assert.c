#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void assert_fail(const char *file, int line, const char *message) {
    fprintf(stderr, "MQTT_simulator: %s:%d: %s\n", file, line, message);
    abort();
}
