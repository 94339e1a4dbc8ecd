// How often values came, in classes that are each at most 1/64 of their values wide: percentiles of
// latencies without keeping the samples. Values below 128 are exact; every uint64_t has a class.
//
// All zero is an empty histogram. It owns nothing.
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_HALF_BITS 6 // half of the classes that share a width: 64
#define HISTOGRAM_CLASSES ((64 - HISTOGRAM_HALF_BITS + 1) << HISTOGRAM_HALF_BITS)

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

#endif
