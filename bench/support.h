// What the benchmarks share: a clock, percentiles, and one way to print a figure.
#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

// Steady nanoseconds.
uint64_t bench_now(void);

// The p-th percentile (0..100) of `count` samples, which it sorts.
uint64_t bench_percentile(uint64_t *samples, size_t count, double p);

// Keeps the compiler from removing the work that made `value`.
void bench_use(const void *value);

// Where this process and those that it starts from now on may run.
enum bench_place { BENCH_ANYWHERE, BENCH_ONE_CORE };
void bench_run_on(enum bench_place place);

// Of the process; what was freed is given back to the system first.
double bench_resident_bytes(void);

void bench_title(const char *title);

// One row: what was measured, the figure with its unit, the baseline of the same run with its name,
// and their ratio. A target above 0 is printed beside the figure with whether it was met; `at_most`
// says whether the figure is to stay below it or to reach it. baseline 0: none.
struct bench_row {
    const char *what;
    double figure;
    const char *unit;
    double target;
    int at_least; // 1: the figure should reach the target; 0: stay at or below it
    double baseline;
    const char *baseline_name;
};
void bench_print(const struct bench_row *row);

#endif
