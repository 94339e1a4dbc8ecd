#include "sim/account/counts.h"

static void add_busiest(struct sim_busiest *sum, const struct sim_busiest *other) {
    sum->most = other->most > sum->most ? other->most : sum->most;
}

static void add_by_qos(uint64_t sum[SIM_QOS], const uint64_t other[SIM_QOS]) {
    for (unsigned i = 0; i < SIM_QOS; i++) {
        sum[i] += other[i];
    }
}

static void add_connections(struct sim_counts *sum, const struct sim_counts *other) {
    sum->connections += other->connections;
    sum->reconnects += other->reconnects;
    sum->refused += other->refused;
    sum->resumed += other->resumed;
    sum->sessions_lost += other->sessions_lost;
    sum->ended += other->ended;
    sum->attempts_failed += other->attempts_failed;
    sum->connected += other->connected;
    sum->connected_most += other->connected_most;
    add_busiest(&sum->reconnecting, &other->reconnecting);
}

void sim_tally_add(struct sim_tally *sum, const struct sim_tally *other) {
    add_by_qos(sum->published, other->published);
    add_by_qos(sum->owed, other->owed);
    add_by_qos(sum->delivered, other->delivered);
    add_by_qos(sum->repeated, other->repeated);
    add_by_qos(sum->lost, other->lost);
    sum->connections += other->connections;
    sum->connected += other->connected;
    sum->reconnects += other->reconnects;
    sum->refused += other->refused;
    sum->sessions_lost += other->sessions_lost;
    sum->wills += other->wills;
    sum->accused += other->accused;
    sum->answers_due += other->answers_due;
    sum->answered += other->answered;
    add_busiest(&sum->reconnecting, &other->reconnecting);
    add_busiest(&sum->firing_wills, &other->firing_wills);
    if (sum->latency != NULL && other->latency != NULL) {
        histogram_merge(sum->latency, other->latency);
    }
    if (sum->arriving != NULL && other->arriving != NULL) {
        histogram_merge(sum->arriving, other->arriving);
    }
}

void sim_counts_add(struct sim_counts *sum, const struct sim_counts *other) {
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        sum->packets[kind][0] += other->packets[kind][0];
        sum->packets[kind][1] += other->packets[kind][1];
    }
    sum->bytes[0] += other->bytes[0];
    sum->bytes[1] += other->bytes[1];
    add_by_qos(sum->published, other->published);
    add_by_qos(sum->delivered, other->delivered);
    add_by_qos(sum->acknowledged, other->acknowledged);
    add_by_qos(sum->given_up, other->given_up);
    sum->unpublished += other->unpublished;
    sum->answers += other->answers;
    add_connections(sum, other);
    sum->segments_lost += other->segments_lost;
    sum->lines_lost += other->lines_lost;
    sum->violations += other->violations;
    sum->wills += other->wills;
    sum->mailbox_lost += other->mailbox_lost;
    sum->uplink_bytes += other->uplink_bytes;
    sum->uplink_most =
        other->uplink_most > sum->uplink_most ? other->uplink_most : sum->uplink_most;
    sum->moved_at = other->moved_at > sum->moved_at ? other->moved_at : sum->moved_at;
    sum->queue_most = other->queue_most > sum->queue_most ? other->queue_most : sum->queue_most;
    sum->queued_most =
        other->queued_most > sum->queued_most ? other->queued_most : sum->queued_most;
    sum->queue_lost += other->queue_lost;
    sum->mailbox_most =
        other->mailbox_most > sum->mailbox_most ? other->mailbox_most : sum->mailbox_most;
    add_busiest(&sum->firing_wills, &other->firing_wills);
}

void sim_times_deinit(struct sim_times *times, struct memory *memory) {
    for (unsigned i = 0; i < SIM_QOS; i++) {
        histogram_parts_deinit(&times->latency[i], memory);
    }
    histogram_parts_deinit(&times->answering, memory);
}

void sim_latencies_add(struct sim_latencies *sum, const struct sim_times *times) {
    for (unsigned i = 0; i < SIM_QOS; i++) {
        histogram_merge_parts(&sum->of_qos[i], &times->latency[i]);
    }
    histogram_merge_parts(&sum->answering, &times->answering);
}
