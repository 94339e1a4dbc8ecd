// Whether what a program uses stays what it was: samples of several quantities, taken evenly over a
// run, and a judgement. The first fifth of a run is its warm-up. Of each quantity the median of the
// last fifth may be at most a tenth more than the median of the second fifth, and a spare that
// depends on the quantity: what it varies by from one moment to another.
#ifndef TEST_PROCESS_SOAK_SOAK_FLAT_H
#define TEST_PROCESS_SOAK_SOAK_FLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SOAK_ROWS_MAX 16
#define SOAK_SAMPLES_MIN 10 // that can be judged

struct soak_row {
    const char *name;
    uint64_t spare;
    bool is_told; // and not judged
};

struct soak_flat {
    const struct soak_row *rows;
    size_t row_count;
    uint64_t (*samples)[SOAK_ROWS_MAX];
    size_t count;
    size_t room;
};

// `rows` are borrowed. Pairs with deinit.
void soak_flat_init(struct soak_flat *flat, const struct soak_row *rows, size_t row_count);
void soak_flat_deinit(struct soak_flat *flat);

// One value of each row.
void soak_flat_add(struct soak_flat *flat, const uint64_t *values);

// Prints a line for each row; false: one of them has grown, or there are too few samples.
bool soak_flat_judge(const struct soak_flat *flat, FILE *out);

#endif
