// The script that Redis runs for the store `redis`: src/store/redis_script.lua, which says how it
// is asked and how it answers.
#ifndef STORE_REDIS_SCRIPT_H
#define STORE_REDIS_SCRIPT_H

#define REDIS_SCRIPT_RUN_HEAD 4
#define REDIS_SCRIPT_ANSWERS 8
#define REDIS_SCRIPT_GATE_ANSWERS 7

extern const char redis_script[]; // with a NUL behind it

#endif
