// What a run is measured by, and what is expected of it: `lost.qos1 == 0`, `latency.p99 < 2 s`,
// `delivered.qos2 of pumps >= 99 %`. One table of metrics; whoever runs a plan fills in numbers.
#ifndef SCENARIO_METRIC_H
#define SCENARIO_METRIC_H

#include "base/bytes.h"
#include "fault/words.h"

enum metric_unit { METRIC_COUNT, METRIC_SHARE, METRIC_TIME, METRIC_BYTES, METRIC_RATE };

// Each for the whole world. Those with `of_groups` in their row for each group as well: messages
// count for the group that published them, deliveries and delays too; connections for their own.
enum metric {
    METRIC_PUBLISHED_QOS0, // messages handed to the role
    METRIC_PUBLISHED_QOS1,
    METRIC_PUBLISHED_QOS2,
    METRIC_DUE_QOS0, // deliveries that were to be: a message for each subscriber
    METRIC_DUE_QOS1,
    METRIC_DUE_QOS2,
    METRIC_LOST_QOS0, // deliveries
    METRIC_LOST_QOS1,
    METRIC_LOST_QOS2,
    METRIC_REPEATED_QOS0, // deliveries beyond the first
    METRIC_REPEATED_QOS1,
    METRIC_REPEATED_QOS2,
    METRIC_DELIVERED_QOS0, // share of those due
    METRIC_DELIVERED_QOS1,
    METRIC_DELIVERED_QOS2,
    METRIC_DELIVERED,
    METRIC_LOST,
    METRIC_LATENCY_MIN, // from publish to delivery
    METRIC_LATENCY_P50,
    METRIC_LATENCY_P90,
    METRIC_LATENCY_P99,
    METRIC_LATENCY_P999,
    METRIC_LATENCY_MAX,
    METRIC_ANSWERED,    // share of answers that came
    METRIC_ANSWER_P99,  // from command to answer
    METRIC_CONNECTIONS, // made, in all
    METRIC_CONNECTED,   // share of devices that are connected at the end
    METRIC_CONNECTIONS_PEAK,
    METRIC_RECONNECTS,
    METRIC_RECONNECTS_PEAK, // the busiest second
    METRIC_REFUSED,         // connections that a broker refused
    METRIC_SESSIONS_LOST,   // that a client relied on
    METRIC_TAKEN_OVER,
    METRIC_ACCUSED, // devices that misbehave and were found out
    METRIC_WILLS,
    METRIC_WILLS_PEAK,   // the busiest second
    METRIC_QUEUE_PEAK,   // messages for one client
    METRIC_QUEUE_FULL,   // messages dropped
    METRIC_MAILBOX_PEAK, // packets for one gate
    METRIC_MAILBOX_FULL, // packets refused
    METRIC_PACKETS,
    METRIC_BYTES_SENT,
    METRIC_UPLINK_PEAK, // bytes in the busiest second of the busiest uplink
    METRIC_VIOLATIONS,  // of rules of the standard, found by the checker
    METRIC_REST,        // from the end of the last fault until all is at rest
    METRICS,
};

struct metric_row {
    const char *name; // "lost.qos1"
    enum metric_unit unit;
    bool of_groups;
    const char *help;
};

const struct metric_row *metric_row(enum metric metric);

enum metric_comparison {
    METRIC_EQUAL,
    METRIC_UNEQUAL,
    METRIC_LESS,
    METRIC_AT_MOST,
    METRIC_MORE,
    METRIC_AT_LEAST,
};

#define METRIC_GROUP_MAX 63 // bytes of a group's name

// An expectation. Shares are 0 to 1, times seconds, rates a second.
struct metric_expectation {
    enum metric metric;
    enum metric_comparison comparison;
    double value;
    struct bytes source;              // as it was typed
    char group[METRIC_GROUP_MAX + 1]; // as it was typed; "": the whole world
    uint32_t group_index;             // UINT32_MAX: the whole world
    bool at_group;                    // of what comes to the group, not of what it publishes
};

// False: the text is none, and *error says why. `source` is the text itself; group_index is not
// set.
__attribute__((warn_unused_result)) bool
metric_parse(struct bytes text, struct metric_expectation *expectation, struct fault_error *error);

// Whether the number is as expected. What was not measured, NaN, is not.
bool metric_holds(const struct metric_expectation *expectation, double measured);

#endif
