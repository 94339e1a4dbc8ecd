#include "soak_flat.h"

#include "support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void soak_flat_init(struct soak_flat *flat, const struct soak_row *rows, size_t row_count) {
    assert_true(row_count <= SOAK_ROWS_MAX);
    *flat = (struct soak_flat){.rows = rows, .row_count = row_count};
}

void soak_flat_deinit(struct soak_flat *flat) {
    free(flat->samples);
    flat->samples = NULL;
}

void soak_flat_add(struct soak_flat *flat, const uint64_t *values) {
    if (flat->count == flat->room) {
        flat->room = 2 * flat->room + 128;
        flat->samples = realloc(flat->samples, flat->room * sizeof *flat->samples);
        assert_non_null(flat->samples);
    }
    memcpy(flat->samples[flat->count++], values, flat->row_count * sizeof *values);
}

static int compare(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

// Of a fifth of the run, from 0.
static uint64_t median(const struct soak_flat *flat, size_t row, size_t fifth) {
    size_t from = flat->count * fifth / 5;
    size_t to = flat->count * (fifth + 1) / 5;
    uint64_t *values = malloc((to - from) * sizeof *values);
    assert_true(values != NULL && to > from);
    for (size_t i = from; i < to; i++) {
        values[i - from] = flat->samples[i][row];
    }
    qsort(values, to - from, sizeof *values, compare);
    uint64_t middle = values[(to - from) / 2];
    free(values);
    return middle;
}

static uint64_t highest(const struct soak_flat *flat, size_t row) {
    uint64_t most = 0;
    for (size_t i = 0; i < flat->count; i++) {
        most = flat->samples[i][row] > most ? flat->samples[i][row] : most;
    }
    return most;
}

static bool judge_row(const struct soak_flat *flat, size_t place, FILE *out) {
    const struct soak_row *row = &flat->rows[place];
    uint64_t early = median(flat, place, 1);
    uint64_t late = median(flat, place, 4);
    uint64_t most = early + early / 10 + row->spare;
    bool is_flat = row->is_told || late <= most;
    (void)fprintf(out, "%-26s %12" PRIu64 " %12" PRIu64 " %12" PRIu64, row->name, early, late,
                  highest(flat, place));
    if (row->is_told) {
        (void)fprintf(out, "\n");
    } else {
        (void)fprintf(out, " %12" PRIu64 "  %s\n", most, is_flat ? "flat" : "GROWS");
    }
    return is_flat;
}

bool soak_flat_judge(const struct soak_flat *flat, FILE *out) {
    if (flat->count < SOAK_SAMPLES_MIN) {
        (void)fprintf(out, "%zu samples are too few to say anything\n", flat->count);
        return false;
    }
    bool is_flat = true;
    (void)fprintf(out, "%-26s %12s %12s %12s %12s\n", "medians", "2nd fifth", "last fifth",
                  "highest", "allowed");
    for (size_t row = 0; row < flat->row_count; row++) {
        is_flat &= judge_row(flat, row, out);
    }
    return is_flat;
}
