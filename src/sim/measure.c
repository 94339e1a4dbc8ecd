#include "sim/measure.h"

#include <math.h>

#define SECOND 1e9

uint64_t sim_measure_lost(const struct sim_summary *summary) {
    uint64_t lost = 0;
    for (unsigned i = 0; i < VERDICT_LOSSES; i++) {
        lost += summary->verdicts.lost[i];
    }
    return lost;
}

static double share_of(uint64_t part, uint64_t whole) {
    return whole == 0 ? (double)NAN : (double)part / (double)whole;
}

// Of all qualities of service.
static struct histogram latencies(const struct sim_summary *summary) {
    struct histogram all = {0};
    for (unsigned qos = 0; qos < SIM_QOS; qos++) {
        const struct histogram *one = &summary->counts.latency[qos];
        for (unsigned i = 0; i < HISTOGRAM_CLASSES; i++) {
            all.classes[i] += one->classes[i];
        }
        all.count += one->count;
        all.max = one->max > all.max ? one->max : all.max;
    }
    return all;
}

static double latency(const struct sim_summary *summary, double share) {
    struct histogram all = latencies(summary);
    return all.count == 0 ? (double)NAN : (double)histogram_share(&all, share) / SECOND;
}

static uint64_t sum_packets(const struct sim_counts *counts) {
    uint64_t sum = 0;
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        sum += counts->packets[kind][0] + counts->packets[kind][1];
    }
    return sum;
}

static uint64_t sum_broken(const struct sim_summary *summary) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < CHECK_RULES; i++) {
        sum += summary->verdicts.broken[i];
    }
    return sum;
}

// NaN: it is none of these.
static double of_messages(const struct sim_summary *summary, enum metric metric) {
    const struct sim_counts *counts = &summary->counts;
    const struct verdict_counts *verdicts = &summary->verdicts;
    bool is_known = metric >= METRIC_PUBLISHED_QOS0 && metric <= METRIC_PUBLISHED_QOS2;
    if (is_known) {
        return (double)counts->published[metric - METRIC_PUBLISHED_QOS0];
    }
    if (metric == METRIC_DELIVERED) {
        return share_of(verdicts->delivered, verdicts->owed);
    }
    if (metric == METRIC_LOST) {
        return (double)sim_measure_lost(summary);
    }
    if (metric == METRIC_LOST_QOS1) {
        return (double)verdicts->broken[RULE_QOS_1_LOST];
    }
    if (metric == METRIC_LOST_QOS2) {
        return (double)verdicts->broken[RULE_QOS_2_LOST];
    }
    if (metric == METRIC_REPEATED_QOS2) {
        return (double)verdicts->broken[RULE_QOS_2_TWICE];
    }
    return (double)NAN;
}

static double of_latency(const struct sim_summary *summary, enum metric metric) {
    return metric == METRIC_LATENCY_MIN    ? latency(summary, 0)
           : metric == METRIC_LATENCY_P50  ? latency(summary, 0.5)
           : metric == METRIC_LATENCY_P90  ? latency(summary, 0.9)
           : metric == METRIC_LATENCY_P99  ? latency(summary, 0.99)
           : metric == METRIC_LATENCY_P999 ? latency(summary, 0.999)
                                           : latency(summary, 1);
}

static double of_connections(const struct sim_summary *summary, enum metric metric) {
    const struct sim_counts *counts = &summary->counts;
    return metric == METRIC_CONNECTIONS        ? (double)counts->connections
           : metric == METRIC_CONNECTED        ? share_of(counts->connected, summary->devices)
           : metric == METRIC_CONNECTIONS_PEAK ? (double)counts->connected_most
           : metric == METRIC_RECONNECTS       ? (double)counts->reconnects
           : metric == METRIC_RECONNECTS_PEAK  ? (double)counts->reconnecting.most
           : metric == METRIC_REFUSED          ? (double)counts->refused
           : metric == METRIC_SESSIONS_LOST    ? (double)counts->sessions_lost
           : metric == METRIC_TAKEN_OVER ? (double)summary->verdicts.reached[REACHED_TAKE_OVER]
                                         : (double)NAN;
}

double sim_measure(const struct sim_summary *summary, enum metric metric) {
    const struct sim_counts *counts = &summary->counts;
    if (metric <= METRIC_LOST) {
        return of_messages(summary, metric);
    }
    if (metric <= METRIC_LATENCY_MAX) {
        return of_latency(summary, metric);
    }
    if (metric == METRIC_ANSWER_P99) {
        return counts->answering.count == 0
                   ? (double)NAN
                   : (double)histogram_share(&counts->answering, 0.99) / SECOND;
    }
    if (metric >= METRIC_CONNECTIONS && metric <= METRIC_TAKEN_OVER) {
        return of_connections(summary, metric);
    }
    return metric == METRIC_WILLS        ? (double)counts->wills
           : metric == METRIC_WILLS_PEAK ? (double)counts->firing_wills.most
           : metric == METRIC_QUEUE_FULL ? (double)summary->verdicts.lost[LOSS_QUEUE_FULL]
           : metric == METRIC_PACKETS    ? (double)sum_packets(counts)
           : metric == METRIC_BYTES_SENT ? (double)(counts->bytes[0] + counts->bytes[1])
           : metric == METRIC_VIOLATIONS ? (double)sum_broken(summary)
                                         : (double)NAN;
}

bool sim_measure_holds(const struct sim_summary *summary,
                       const struct metric_expectation *expectation, double *value) {
    bool is_of_group = expectation->group_index != UINT32_MAX;
    *value = is_of_group ? (double)NAN : sim_measure(summary, expectation->metric);
    return metric_holds(expectation, *value);
}
