#include "session/load/load_process.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// smaps_rollup counts page by page, statm may lag by some pages a thread.
static bool read_exact_rss(uint64_t pid, uint64_t *bytes) {
    char line[128];
    (void)snprintf(line, sizeof line, "/proc/%llu/smaps_rollup", (unsigned long long)pid);
    FILE *file = fopen(line, "re");
    unsigned long long kib = 0;
    bool found = false;
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        found = sscanf(line, "Rss: %llu kB", &kib) == 1; // NOLINT(cert-err34-c): the kernel's
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    *bytes = kib * 1024;
    return found;
}

static bool read_rss(uint64_t pid, uint64_t *bytes) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%llu/statm", (unsigned long long)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    unsigned long long pages = 0;
    bool found = fscanf(file, "%*u %llu", &pages) == 1; // NOLINT(cert-err34-c): the kernel's
    (void)fclose(file);
    *bytes = pages * (unsigned long long)sysconf(_SC_PAGESIZE);
    return found;
}

bool load_process_usage(uint64_t pid, struct load_usage *usage) {
    *usage = (struct load_usage){0};
    clockid_t clock;
    struct timespec used;
    if (pid == 0 || clock_getcpuclockid((pid_t)pid, &clock) != 0 ||
        clock_gettime(clock, &used) != 0) {
        return false;
    }
    usage->cpu_ns = (uint64_t)used.tv_sec * UINT64_C(1000000000) + (uint64_t)used.tv_nsec;
    return read_exact_rss(pid, &usage->rss_bytes) || read_rss(pid, &usage->rss_bytes);
}
