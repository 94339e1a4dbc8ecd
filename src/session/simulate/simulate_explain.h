// Explains keys of scenarios on standard output.
#ifndef SESSION_SIMULATE_SIMULATE_EXPLAIN_H
#define SESSION_SIMULATE_SIMULATE_EXPLAIN_H

// A key, as in devices.publish.every; "all": the tables of docs/scenario.md; "schema": the JSON
// Schema for editors. An exit code (shell/program_exit.h): PROGRAM_USAGE if there is no such key.
int simulate_explain(const char *key);

#endif
