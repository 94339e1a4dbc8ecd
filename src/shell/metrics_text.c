#include "shell/metrics_text.h"

#include "shell/printable.h"

#define SECOND UINT64_C(1000000000)

static const struct {
    uint64_t ns;
    const char *seconds;
} bounds[METRICS_BUCKETS] = {
    {50000, "5e-05"},    {100000, "0.0001"}, {200000, "0.0002"}, {500000, "0.0005"},
    {1000000, "0.001"},  {2000000, "0.002"}, {5000000, "0.005"}, {10000000, "0.01"},
    {20000000, "0.02"},  {50000000, "0.05"}, {100000000, "0.1"}, {200000000, "0.2"},
    {500000000, "0.5"},  {1000000000, "1"},  {2000000000, "2"},  {5000000000, "5"},
    {10000000000, "10"},
};

static void write_head(struct buffer *out, const char *name, const char *type, const char *help) {
    printable_format(out, "# HELP %s %s\n", name, help);
    printable_format(out, "# TYPE %s %s\n", name, type);
}

void metrics_text_head(struct buffer *out, const char *name, const char *help) {
    size_t size = strlen(name);
    bool is_total = size > 6 && strcmp(name + size - 6, "_total") == 0;
    write_head(out, name, is_total ? "counter" : "gauge", help);
}

static void write_name(struct buffer *out, const char *name, const char *labels) {
    buffer_append_text(out, name);
    if (labels != NULL) {
        printable_format(out, "{%s}", labels);
    }
}

void metrics_text_value(struct buffer *out, const char *name, const char *labels, uint64_t value) {
    write_name(out, name, labels);
    printable_format(out, " %llu\n", (unsigned long long)value);
}

static void write_seconds(struct buffer *out, uint64_t nanoseconds) {
    printable_format(out, " %llu.%09llu\n", (unsigned long long)(nanoseconds / SECOND),
                     (unsigned long long)(nanoseconds % SECOND));
}

void metrics_text_seconds(struct buffer *out, const char *name, const char *labels,
                          uint64_t nanoseconds) {
    write_name(out, name, labels);
    write_seconds(out, nanoseconds);
}

void metrics_text_one(struct buffer *out, const char *name, const char *help, uint64_t value) {
    metrics_text_head(out, name, help);
    metrics_text_value(out, name, NULL, value);
}

// ---- histograms -----------------------------------------------------------------------------

void metrics_histogram_add(struct metrics_histogram *histogram, uint64_t nanoseconds) {
    unsigned place = 0;
    while (place < METRICS_BUCKETS && nanoseconds > bounds[place].ns) {
        place++;
    }
    histogram->counts[place]++;
    histogram->sum_ns += nanoseconds;
}

uint64_t metrics_histogram_count(const struct metrics_histogram *histogram) {
    uint64_t sum = 0;
    for (unsigned i = 0; i <= METRICS_BUCKETS; i++) {
        sum += histogram->counts[i];
    }
    return sum;
}

void metrics_text_histogram(struct buffer *out, const char *name, const char *help,
                            const struct metrics_histogram *histogram) {
    uint64_t sum = 0;
    write_head(out, name, "histogram", help);
    for (unsigned i = 0; i <= METRICS_BUCKETS; i++) {
        sum += histogram->counts[i];
        printable_format(out, "%s_bucket{le=\"%s\"} %llu\n", name,
                         i < METRICS_BUCKETS ? bounds[i].seconds : "+Inf", (unsigned long long)sum);
    }
    printable_format(out, "%s_sum", name);
    write_seconds(out, histogram->sum_ns);
    printable_format(out, "%s_count %llu\n", name, (unsigned long long)sum);
}
