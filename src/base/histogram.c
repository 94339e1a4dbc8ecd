#include "base/histogram.h"

// The greatest value of the class.
static uint64_t class_end(uint32_t class) {
    uint32_t full = 2u << HISTOGRAM_HALF_BITS;
    if (class < full) {
        return class;
    }
    uint32_t shift = (class >> HISTOGRAM_HALF_BITS) - 1;
    uint64_t first = class - (shift << HISTOGRAM_HALF_BITS);
    return (first << shift) + ((UINT64_C(1) << shift) - 1);
}

// How many values are that share of `count`, rounded up, at least one.
static uint64_t rank_of(uint64_t count, double share) {
    double wanted = (double)count * share;
    uint64_t rank = (uint64_t)wanted;
    rank += (double)rank < wanted || rank == 0;
    return rank < count ? rank : count;
}

uint64_t histogram_share(const struct histogram *histogram, double share) {
    uint64_t rank = rank_of(histogram->count, share);
    uint64_t seen = 0;
    for (uint32_t class = 0; class < HISTOGRAM_CLASSES && histogram->count > 0; class ++) {
        seen += histogram->classes[class];
        if (seen >= rank) {
            uint64_t end = class_end(class);
            return end < histogram->max ? end : histogram->max;
        }
    }
    return 0;
}

static void merge_ends(struct histogram *histogram, uint64_t count, uint64_t max) {
    histogram->count += count;
    histogram->max = max > histogram->max ? max : histogram->max;
}

void histogram_merge(struct histogram *histogram, const struct histogram *other) {
    for (unsigned i = 0; other->count > 0 && i < HISTOGRAM_CLASSES; i++) {
        histogram->classes[i] += other->classes[i];
    }
    merge_ends(histogram, other->count, other->max);
}

void histogram_merge_parts(struct histogram *histogram, const struct histogram_parts *parts) {
    for (unsigned part = 0; part < HISTOGRAM_PARTS; part++) {
        uint64_t *classes = histogram->classes + part * HISTOGRAM_PART_CLASSES;
        for (unsigned i = 0; parts->parts[part] != NULL && i < HISTOGRAM_PART_CLASSES; i++) {
            classes[i] += parts->parts[part][i];
        }
    }
    merge_ends(histogram, parts->count, parts->max);
}

void histogram_parts_deinit(struct histogram_parts *parts, struct memory *memory) {
    for (unsigned part = 0; part < HISTOGRAM_PARTS; part++) {
        size_t bytes = HISTOGRAM_PART_CLASSES * sizeof *parts->parts[part];
        memory_free(memory, parts->parts[part], parts->parts[part] == NULL ? 0 : bytes);
    }
    *parts = (struct histogram_parts){0};
}
