// Explains keys of scenarios on standard output.
#ifndef SESSION_SIMULATE_SIMULATE_EXPLAIN_H
#define SESSION_SIMULATE_SIMULATE_EXPLAIN_H

// A key, as in devices.publish.every, or "all" for the tables of docs/scenario.md. An exit code
// (shell/program_exit.h): PROGRAM_USAGE if there is no such key.
int simulate_explain(const char *key);

#endif
