// What another process of this machine has used: the broker that a load is for.
#ifndef SESSION_LOAD_LOAD_PROCESS_H
#define SESSION_LOAD_LOAD_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct load_usage {
    uint64_t cpu_ns;    // user and system, of all its threads
    uint64_t rss_bytes; // resident now
};

// False, with zeros: there is no such process, or it may not be looked at.
bool load_process_usage(uint64_t pid, struct load_usage *usage);

#endif
