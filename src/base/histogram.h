// How often values came, in classes that are each at most 1/64 of their values wide: percentiles of
// latencies without keeping the samples. Values below 128 are exact; every uint64_t has a class.
//
// All zero is an empty histogram. It owns nothing. It takes 30 KB; where there are many of which
// each has values near each other, as the latencies of islands, a histogram_parts has what it
// needs.
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include "base/memory.h"

#define HISTOGRAM_HALF_BITS 6 // half of the classes that share a width: 64
#define HISTOGRAM_PARTS (64 - HISTOGRAM_HALF_BITS + 1)
#define HISTOGRAM_PART_CLASSES (UINT32_C(1) << HISTOGRAM_HALF_BITS)
#define HISTOGRAM_CLASSES (HISTOGRAM_PARTS << HISTOGRAM_HALF_BITS)

struct histogram {
    uint64_t count;
    uint64_t max;
    uint64_t classes[HISTOGRAM_CLASSES];
};

static inline uint32_t histogram_class(uint64_t value) {
    unsigned highest = 63 - (unsigned)__builtin_clzll(value | 1);
    unsigned shift = highest > HISTOGRAM_HALF_BITS ? highest - HISTOGRAM_HALF_BITS : 0;
    return (shift << HISTOGRAM_HALF_BITS) + (uint32_t)(value >> shift);
}

static inline void histogram_add(struct histogram *histogram, uint64_t value) {
    histogram->count++;
    histogram->classes[histogram_class(value)]++;
    if (value > histogram->max) {
        histogram->max = value;
    }
}

// The least value that at least `share` (0 to 1) of all are not above, to the width of its class,
// upwards, and never above the greatest; 0 of an empty histogram.
uint64_t histogram_share(const struct histogram *histogram, double share);

// Adds all of `other`.
void histogram_merge(struct histogram *histogram, const struct histogram *other);

// A histogram of which only those parts are there in which values came. All zero is an empty one.
struct histogram_parts {
    uint64_t count;
    uint64_t max;
    uint64_t *parts[HISTOGRAM_PARTS]; // of HISTOGRAM_PART_CLASSES each; NULL: none came
};

void histogram_parts_deinit(struct histogram_parts *parts, struct memory *memory);

static inline void histogram_parts_add(struct histogram_parts *parts, struct memory *memory,
                                       uint64_t value) {
    uint32_t class = histogram_class(value);
    uint64_t **part = &parts->parts[class / HISTOGRAM_PART_CLASSES];
    if (*part == NULL) {
        *part = memory_allocate(memory, HISTOGRAM_PART_CLASSES * sizeof **part);
    }
    (*part)[class % HISTOGRAM_PART_CLASSES]++;
    parts->count++;
    parts->max = value > parts->max ? value : parts->max;
}

// Adds all that is in the parts.
void histogram_merge_parts(struct histogram *histogram, const struct histogram_parts *parts);

#endif
