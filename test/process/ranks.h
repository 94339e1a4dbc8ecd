// Several processes of the simulator, started by mpirun.
#ifndef TEST_PROCESS_RANKS_H
#define TEST_PROCESS_RANKS_H

#include "mqtt.h"
#include "process.h"

// So many processes, also on a machine with one processor, and as root.
#define RANKS_OF(count, ...)                                                              \
    process_start(mqtt_need_program("mpirun"), "-n", count, "--oversubscribe", "--quiet", \
                  ranks_program(), __VA_ARGS__)
#define RANKS(...) RANKS_OF("2", __VA_ARGS__)

static inline const char *ranks_program(void) {
    static char path[PATH_MAX];
    char *program = process_program("simulate");
    (void)snprintf(path, sizeof path, "%s", program);
    free(program);
    return path;
}

// Skips the test where ranks cannot be had.
static inline void ranks_needed(void) {
    if (PROCESS_SLOW) {
        print_message("not tested: MPI's own library is not built for a sanitizer\n");
        skip();
    }
    (void)mqtt_need_program("mpirun");
    (void)setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    (void)setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    struct process *some = RANKS("none.yaml", "--seeds", "2");
    (void)process_collect(some);
    if (strstr(process_text(&some->err), "built without MPI") != NULL) {
        print_message("not tested: simulate is built without MPI; install libopenmpi-dev\n");
        skip();
    }
}

#endif
