#include "session/simulate/simulate_series.h"

#include "base/assert.h"
#include "sim/account/measure.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

uint64_t simulate_series_time(uint64_t stop_ns, uint32_t at) {
    ASSERT(at < SIMULATE_SAMPLES_MAX);
    __extension__ unsigned __int128 product = (unsigned __int128)stop_ns * (at + 1);
    return (uint64_t)(product / SIMULATE_SAMPLES_MAX);
}

void simulate_series_add(struct simulate_series *series, const struct sim_summary *summary,
                         uint64_t at) {
    ASSERT(series->count < SIMULATE_SAMPLES_MAX);
    ASSERT(series->count == 0 || series->samples[series->count - 1].at < at);
    const struct sim_counts *counts = &summary->counts;
    series->samples[series->count++] = (struct simulate_sample){
        .at = at,
        .published = sim_counts_all(counts->published),
        .delivered = sim_counts_all(counts->delivered),
        .acknowledged = sim_counts_all(counts->acknowledged),
        .lost = sim_measure_lost(summary),
        .reconnects = counts->reconnects,
        .bytes_up = counts->bytes[FAULT_TO_BROKER],
        .bytes_down = counts->bytes[FAULT_TO_CLIENT],
        .connected = counts->connected,
        .open = summary->open,
    };
}

static uint64_t field_of(const struct simulate_sample *sample, size_t field) {
    uint64_t value;
    memcpy(&value, (const char *)sample + field, sizeof value);
    return value;
}

double simulate_series_rate(const struct simulate_series *series, uint32_t at, size_t field) {
    static const struct simulate_sample zero;
    const struct simulate_sample *before = at == 0 ? &zero : &series->samples[at - 1];
    const struct simulate_sample *sample = &series->samples[at];
    double seconds = (double)(sample->at - before->at) / 1e9;
    return (double)(field_of(sample, field) - field_of(before, field)) / seconds;
}

static bool has_times_of(const struct simulate_series *one, const struct simulate_series *other) {
    bool has = one->count == other->count;
    for (uint32_t i = 0; has && i < one->count; i++) {
        has = one->samples[i].at == other->samples[i].at;
    }
    return has;
}

static void add_sample(struct simulate_sample *sum, const struct simulate_sample *other) {
    sum->published += other->published;
    sum->delivered += other->delivered;
    sum->acknowledged += other->acknowledged;
    sum->lost += other->lost;
    sum->reconnects += other->reconnects;
    sum->bytes_up += other->bytes_up;
    sum->bytes_down += other->bytes_down;
    sum->connected += other->connected;
    sum->open += other->open;
}

bool simulate_series_add_up(struct simulate_series *sum, struct bytes other) {
    struct simulate_series *series = malloc(sizeof *series);
    ASSERT_MESSAGE(series != NULL, "there is no memory");
    bool is_alike = other.size == sizeof *series;
    if (is_alike) {
        memcpy(series, other.data, sizeof *series);
        is_alike = has_times_of(sum, series);
    }
    for (uint32_t i = 0; is_alike && i < sum->count; i++) {
        add_sample(&sum->samples[i], &series->samples[i]);
    }
    free(series);
    return is_alike;
}

bool simulate_series_csv(const struct simulate_series *series, FILE *out) {
    static const size_t rates[] = {
        offsetof(struct simulate_sample, published),    offsetof(struct simulate_sample, delivered),
        offsetof(struct simulate_sample, acknowledged), offsetof(struct simulate_sample, lost),
        offsetof(struct simulate_sample, reconnects),   offsetof(struct simulate_sample, bytes_up),
        offsetof(struct simulate_sample, bytes_down)};
    (void)fputs("seconds,published,delivered,acknowledged,lost,reconnects,bytes_to_brokers,"
                "bytes_to_clients,connected,under_way\n",
                out);
    for (uint32_t at = 0; at < series->count; at++) {
        const struct simulate_sample *sample = &series->samples[at];
        (void)fprintf(out, "%.6f", (double)sample->at / 1e9);
        for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
            (void)fprintf(out, ",%.6g", simulate_series_rate(series, at, rates[i]));
        }
        (void)fprintf(out, ",%" PRIu64 ",%" PRIu64 "\n", sample->connected, sample->open);
    }
    return fflush(out) == 0 && ferror(out) == 0;
}
