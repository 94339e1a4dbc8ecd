// What an island counts while it runs. Counts of islands add up to those of the world, whatever the
// order; all zero is nothing yet.
#ifndef SIM_ACCOUNT_COUNTS_H
#define SIM_ACCOUNT_COUNTS_H

#include "base/histogram.h"
#include "fault/rule.h"

#define SIM_QOS 3u

// Times of the busiest second are found by counting within the present one.
struct sim_busiest {
    uint64_t second;
    uint64_t count;
    uint64_t most;
};

// What is counted for each group of devices. Messages and their copies count for the group that
// published them, by the QoS of the copy; all else for the group that it happens to.
struct sim_tally {
    uint64_t published[SIM_QOS];
    uint64_t owed[SIM_QOS];
    uint64_t delivered[SIM_QOS];
    uint64_t repeated[SIM_QOS];
    uint64_t lost[SIM_QOS];
    uint64_t connections;
    uint64_t connected; // now
    uint64_t reconnects;
    uint64_t refused;
    uint64_t sessions_lost;
    uint64_t wills;
    uint64_t accused;     // bad devices that were found out
    uint64_t answers_due; // commands that came to who answers them
    uint64_t answered;    // of those, answers that came to somebody
    struct sim_busiest reconnecting;
    struct sim_busiest firing_wills;
    struct histogram *latency;  // of all QoS; NULL: nobody wants to know
    struct histogram *arriving; // likewise, of what came to the group
};

// What happened so far, in numbers only: counts of several islands add up to those of the world,
// but for the highest and the present ones.
struct sim_counts {
    // By kind of packet (enum fault_kind), and direction: FAULT_TO_BROKER, FAULT_TO_CLIENT. Sent
    // by one, and received by the other.
    uint64_t packets[FAULT_KINDS][2];
    uint64_t bytes[2];
    uint64_t published[SIM_QOS]; // handed to the role
    uint64_t unpublished;        // that the role did not take: no connection, or its queue is full
    uint64_t delivered[SIM_QOS];
    uint64_t acknowledged[SIM_QOS];
    uint64_t given_up[SIM_QOS];
    uint64_t answers;
    uint64_t connections; // that were accepted
    uint64_t reconnects;
    uint64_t refused;
    uint64_t resumed;
    uint64_t sessions_lost;
    uint64_t ended; // connections that were open
    uint64_t attempts_failed;
    uint64_t segments_lost; // in streams
    uint64_t lines_lost;    // by links
    uint64_t violations;    // that a client saw of its broker
    uint64_t wills;
    uint64_t mailbox_lost; // packets that a full mailbox lost
    uint64_t uplink_bytes; // of lines, from routers to the master
    uint64_t uplink_most;  // bytes of one router in a second, either way, as far as the island's
    uint64_t moved_at;     // when a message was last taken, delivered or acknowledged
    uint64_t connected;    // now
    uint64_t connected_most;
    uint64_t queued_most;  // messages that waited for one client
    uint64_t queue_lost;   // messages that a full queue lost
    uint64_t mailbox_most; // packets for one gate, likewise
    uint64_t queue_most;   // pieces of work that waited for one broker
    struct sim_busiest reconnecting;
    struct sim_busiest firing_wills;
};

// How long messages and answers took. Of an island, in parts: most of them took about as long.
struct sim_times {
    struct histogram_parts latency[SIM_QOS];
    struct histogram_parts answering;
};

struct sim_latencies {
    struct histogram of_qos[SIM_QOS];
    struct histogram answering;
};

void sim_times_deinit(struct sim_times *times, struct memory *memory);
void sim_latencies_add(struct sim_latencies *sum, const struct sim_times *times);

// Of all qualities of service.
static inline uint64_t sim_counts_all(const uint64_t by_qos[SIM_QOS]) {
    return by_qos[0] + by_qos[1] + by_qos[2];
}

// Adds what another island counted. Peaks of numbers that add up are added up, too: an upper bound;
// of the busiest second the most is taken, of one island.
void sim_counts_add(struct sim_counts *sum, const struct sim_counts *other);

void sim_tally_add(struct sim_tally *sum, const struct sim_tally *other);

static inline void sim_busiest_add_many(struct sim_busiest *busiest, uint64_t now, uint64_t count) {
    uint64_t second = now / 1000000000u;
    busiest->count = second == busiest->second ? busiest->count + count : count;
    busiest->second = second;
    busiest->most = busiest->count > busiest->most ? busiest->count : busiest->most;
}

static inline void sim_busiest_add(struct sim_busiest *busiest, uint64_t now) {
    sim_busiest_add_many(busiest, now, 1);
}

#endif
