#include "sim/account/measure.h"

#include <math.h>

#include "sim/event.h"

#define SECOND 1e9
#define NOTHING ((double)NAN)

uint64_t sim_measure_lost(const struct sim_summary *summary) {
    uint64_t lost = 0;
    for (unsigned i = 0; i < VERDICT_LOSSES; i++) {
        lost += summary->verdicts.lost[i];
    }
    return lost;
}

static double share_of(uint64_t part, uint64_t whole) {
    return whole == 0 ? NOTHING : (double)part / (double)whole;
}

static uint64_t sum_of(const uint64_t by_qos[SIM_QOS]) {
    return by_qos[0] + by_qos[1] + by_qos[2];
}

// What an expectation is about: the tally of one group or of all, and where it is the whole world,
// the rest of its counts.
struct subject {
    struct sim_tally tally;
    struct histogram latency;
    const struct sim_summary *summary; // NULL: a group
    uint32_t devices;
};

static void find_subject(struct subject *subject, const struct sim_outcome *outcome,
                         const struct metric_expectation *expectation) {
    const struct plan *plan = outcome->plan;
    uint32_t group = expectation->group_index;
    if (group != UINT32_MAX) {
        const struct sim_tally *tally = &outcome->tallies[group];
        const struct histogram *latency = expectation->at_group ? tally->arriving : tally->latency;
        subject->tally = *tally;
        subject->devices = plan->groups[group].count;
        if (latency != NULL) {
            histogram_merge(&subject->latency, latency);
        }
        return;
    }
    subject->tally = sim_outcome_groups(outcome);
    subject->summary = &outcome->summary;
    subject->devices = plan->device_count;
    for (unsigned qos = 0; qos < SIM_QOS; qos++) {
        histogram_merge(&subject->latency, &outcome->summary.latencies.of_qos[qos]);
    }
}

// ---- messages -----------------------------------------------------------------------------------

static double of_qos(const struct sim_tally *tally, enum metric metric) {
    static const enum metric firsts[] = {METRIC_PUBLISHED_QOS0, METRIC_DUE_QOS0, METRIC_LOST_QOS0,
                                         METRIC_REPEATED_QOS0};
    const uint64_t *counts[] = {tally->published, tally->owed, tally->lost, tally->repeated};
    for (unsigned i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        if (metric >= firsts[i] && metric < firsts[i] + SIM_QOS) {
            return (double)counts[i][metric - firsts[i]];
        }
    }
    unsigned qos = metric - METRIC_DELIVERED_QOS0;
    return share_of(tally->delivered[qos], tally->owed[qos]);
}

static double of_latency(const struct histogram *latency, enum metric metric) {
    static const double shares[] = {0, 0.5, 0.9, 0.99, 0.999, 1};
    return latency->count == 0
               ? NOTHING
               : (double)histogram_share(latency, shares[metric - METRIC_LATENCY_MIN]) / SECOND;
}

// ---- connections and the rest
// ---------------------------------------------------------------------

static double of_connections(const struct subject *subject, enum metric metric) {
    const struct sim_tally *tally = &subject->tally;
    const struct sim_summary *summary = subject->summary;
    const struct sim_counts *counts = summary == NULL ? NULL : &summary->counts;
    return metric == METRIC_CONNECTIONS     ? (double)tally->connections
           : metric == METRIC_CONNECTED     ? share_of(tally->connected, subject->devices)
           : metric == METRIC_RECONNECTS    ? (double)tally->reconnects
           : metric == METRIC_REFUSED       ? (double)tally->refused
           : metric == METRIC_SESSIONS_LOST ? (double)tally->sessions_lost
           : metric == METRIC_WILLS         ? (double)tally->wills
           : metric == METRIC_ACCUSED       ? (double)tally->accused
           : metric == METRIC_RECONNECTS_PEAK
               ? (double)(counts != NULL ? counts->reconnecting.most : tally->reconnecting.most)
           : metric == METRIC_WILLS_PEAK
               ? (double)(counts != NULL ? counts->firing_wills.most : tally->firing_wills.most)
           : counts == NULL                    ? NOTHING
           : metric == METRIC_CONNECTIONS_PEAK ? (double)counts->connected_most
           : metric == METRIC_TAKEN_OVER ? (double)summary->verdicts.reached[REACHED_TAKE_OVER]
                                         : NOTHING;
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

static double of_world(const struct sim_summary *summary, enum metric metric) {
    const struct sim_counts *counts = &summary->counts;
    const struct histogram *answering = &summary->latencies.answering;
    return metric == METRIC_ANSWER_P99
               ? (answering->count == 0 ? NOTHING
                                        : (double)histogram_share(answering, 0.99) / SECOND)
           : metric == METRIC_QUEUE_PEAK   ? (double)counts->queued_most
           : metric == METRIC_QUEUE_FULL   ? (double)counts->queue_lost
           : metric == METRIC_MAILBOX_PEAK ? (double)counts->mailbox_most
           : metric == METRIC_MAILBOX_FULL ? (double)counts->mailbox_lost
           : metric == METRIC_PACKETS      ? (double)sum_packets(counts)
           : metric == METRIC_BYTES_SENT   ? (double)(counts->bytes[0] + counts->bytes[1])
           : metric == METRIC_UPLINK_PEAK  ? (double)counts->uplink_most
           : metric == METRIC_VIOLATIONS   ? (double)sum_broken(summary)
           : metric == METRIC_REST && summary->rest_ns < SIM_NEVER
               ? (double)summary->rest_ns / SECOND
               : NOTHING;
}

static double measure(const struct subject *subject, enum metric metric) {
    const struct sim_tally *tally = &subject->tally;
    if (metric <= METRIC_DELIVERED_QOS2) {
        return of_qos(tally, metric);
    }
    if (metric == METRIC_DELIVERED) {
        return share_of(sum_of(tally->delivered), sum_of(tally->owed));
    }
    if (metric == METRIC_ANSWERED) {
        return share_of(tally->answered, tally->answers_due);
    }
    if (metric == METRIC_LOST) {
        return (double)sum_of(tally->lost);
    }
    if (metric >= METRIC_LATENCY_MIN && metric <= METRIC_LATENCY_MAX) {
        return of_latency(&subject->latency, metric);
    }
    if (metric >= METRIC_CONNECTIONS && metric <= METRIC_WILLS_PEAK) {
        return of_connections(subject, metric);
    }
    return subject->summary == NULL ? NOTHING : of_world(subject->summary, metric);
}

bool sim_measure_holds(const struct sim_outcome *outcome,
                       const struct metric_expectation *expectation, double *value) {
    struct subject subject = {0};
    find_subject(&subject, outcome, expectation);
    *value = measure(&subject, expectation->metric);
    return metric_holds(expectation, *value);
}
