// Figures in the text format of Prometheus, version 0.0.4: names, help, labels, histograms.
//
// Names and labels are constants of the program, help texts are whole sentences, and values of
// labels have neither quote, backslash nor line end.
#ifndef SHELL_METRICS_TEXT_H
#define SHELL_METRICS_TEXT_H

#include "base/buffer.h"

#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4"

// The lines in front of a name's values. Its type is that of a counter if it ends in _total.
void metrics_text_head(struct buffer *out, const char *name, const char *help);
// A value, with `labels` as they stand between the braces; NULL: there are none.
void metrics_text_value(struct buffer *out, const char *name, const char *labels, uint64_t value);
// Likewise a time, given in nanoseconds, told in seconds.
void metrics_text_seconds(struct buffer *out, const char *name, const char *labels,
                          uint64_t nanoseconds);
// Head and value of a name that has one.
void metrics_text_one(struct buffer *out, const char *name, const char *help, uint64_t value);

// How long something took: 50 µs to 10 s in steps of about 2, as exact counts.
#define METRICS_BUCKETS 17

// All zero is an empty one. It owns nothing; one thread at a time.
struct metrics_histogram {
    uint64_t counts[METRICS_BUCKETS + 1]; // the last one: longer than all bounds
    uint64_t sum_ns;
};

void metrics_histogram_add(struct metrics_histogram *histogram, uint64_t nanoseconds);
uint64_t metrics_histogram_count(const struct metrics_histogram *histogram);
void metrics_text_histogram(struct buffer *out, const char *name, const char *help,
                            const struct metrics_histogram *histogram);

#endif
