#include "support.h"

#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

uint64_t bench_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint64_t bench_percentile(uint64_t *samples, size_t count, double p) {
    qsort(samples, count, sizeof *samples, compare);
    size_t at = (size_t)((double)count * p / 100.0);
    return samples[at < count ? at : count - 1];
}

static const void *volatile used;

void bench_use(const void *value) {
    used = value;
}

void bench_run_on(enum bench_place place) {
    static cpu_set_t all; // at the first call, when none is ruled out yet
    static int known;
    if (!known) {
        (void)sched_getaffinity(0, sizeof all, &all);
        known = 1;
    }
    cpu_set_t first;
    size_t core = 0;
    while (core + 1 < CPU_SETSIZE && !CPU_ISSET(core, &all)) {
        core++;
    }
    CPU_ZERO(&first);
    CPU_SET(core, &first);
    (void)sched_setaffinity(0, sizeof first, place == BENCH_ANYWHERE ? &all : &first);
}

void bench_title(const char *title) {
    printf("\n%s\n", title);
    fflush(stdout);
}

void bench_print(const struct bench_row *row) {
    printf("  %-44s %12.1f %-11s", row->what, row->figure, row->unit);
    if (row->target > 0) {
        int met = row->at_least ? row->figure >= row->target : row->figure <= row->target;
        printf(" %s %-10.0f %-6s", row->at_least ? ">=" : "<=", row->target,
               met ? "met" : "MISSED");
    } else {
        printf(" %20s", "");
    }
    if (row->baseline > 0) {
        printf(" %8.2f x %s (%.1f)", row->figure / row->baseline, row->baseline_name,
               row->baseline);
    }
    printf("\n");
    fflush(stdout);
}

double bench_resident_bytes(void) {
    char line[256];
    char *end;
    (void)malloc_trim(0);
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        exit(1);
    }
    (void)fclose(file);
    (void)strtoul(line, &end, 10); // of the whole process
    return (double)strtoul(end, NULL, 10) * (double)sysconf(_SC_PAGESIZE);
}
