// Runs a scenario in virtual time: reads it, populates a world, takes it on to its end on as many
// threads as are asked for, and reports.
#ifndef SESSION_SIMULATE_SIMULATE_SESSION_H
#define SESSION_SIMULATE_SIMULATE_SESSION_H

#include "session/simulate/simulate_options.h"

// Packets of more devices are judged only with `checks`.
#define SIMULATE_JUDGED_MAX 10000u

// An exit code (shell/program_exit.h): 0 all that is expected holds and no rule was broken.
int simulate_session_run(const struct simulate_options *options);

#endif
