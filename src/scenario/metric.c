#include "scenario/metric.h"

#include "base/assert.h"
#include "scenario/units.h"

static const struct metric_row rows[METRICS] = {
    [METRIC_PUBLISHED_QOS0] = {"published.qos0", METRIC_COUNT, true, "QoS 0 messages published"},
    [METRIC_PUBLISHED_QOS1] = {"published.qos1", METRIC_COUNT, true, "QoS 1 messages published"},
    [METRIC_PUBLISHED_QOS2] = {"published.qos2", METRIC_COUNT, true, "QoS 2 messages published"},
    [METRIC_DUE_QOS0] = {"due.qos0", METRIC_COUNT, true,
                         "deliveries of QoS 0 that were to be: each message for each subscriber"},
    [METRIC_DUE_QOS1] = {"due.qos1", METRIC_COUNT, true, "deliveries of QoS 1 that were to be"},
    [METRIC_DUE_QOS2] = {"due.qos2", METRIC_COUNT, true, "deliveries of QoS 2 that were to be"},
    [METRIC_LOST_QOS0] = {"lost.qos0", METRIC_COUNT, true, "deliveries of QoS 0 that never came"},
    [METRIC_LOST_QOS1] = {"lost.qos1", METRIC_COUNT, true, "deliveries of QoS 1 that never came"},
    [METRIC_LOST_QOS2] = {"lost.qos2", METRIC_COUNT, true, "deliveries of QoS 2 that never came"},
    [METRIC_REPEATED_QOS0] = {"repeated.qos0", METRIC_COUNT, true, "QoS 0 copies beyond the first"},
    [METRIC_REPEATED_QOS1] = {"repeated.qos1", METRIC_COUNT, true, "QoS 1 copies beyond the first"},
    [METRIC_REPEATED_QOS2] = {"repeated.qos2", METRIC_COUNT, true, "QoS 2 copies beyond the first"},
    [METRIC_DELIVERED_QOS0] = {"delivered.qos0", METRIC_SHARE, true, "came, of QoS 0"},
    [METRIC_DELIVERED_QOS1] = {"delivered.qos1", METRIC_SHARE, true, "came, of QoS 1"},
    [METRIC_DELIVERED_QOS2] = {"delivered.qos2", METRIC_SHARE, true, "came, of QoS 2"},
    [METRIC_DELIVERED] = {"delivered", METRIC_SHARE, true, "came, of all that was to come"},
    [METRIC_LOST] = {"lost", METRIC_COUNT, true, "deliveries that never came, of any QoS"},
    [METRIC_LATENCY_MIN] = {"latency.min", METRIC_TIME, true, "from publish to delivery: shortest"},
    [METRIC_LATENCY_P50] = {"latency.p50", METRIC_TIME, true, "half of all took no longer"},
    [METRIC_LATENCY_P90] = {"latency.p90", METRIC_TIME, true, "90 % took no longer"},
    [METRIC_LATENCY_P99] = {"latency.p99", METRIC_TIME, true, "99 % took no longer"},
    [METRIC_LATENCY_P999] = {"latency.p99.9", METRIC_TIME, true, "99.9 % took no longer"},
    [METRIC_LATENCY_MAX] = {"latency.max", METRIC_TIME, true, "the longest"},
    [METRIC_ANSWERED] =
        {"answered", METRIC_SHARE, true,
         "answers that came to somebody, of the commands that came to who answers them"},
    [METRIC_ANSWER_P99] = {"answer.p99", METRIC_TIME, true,
                           "from command to answer: 99 % took no longer"},
    [METRIC_CONNECTIONS] = {"connections", METRIC_COUNT, true, "connections made"},
    [METRIC_CONNECTED] = {"connected", METRIC_SHARE, true, "devices connected at the end"},
    [METRIC_CONNECTIONS_PEAK] = {"connections.peak", METRIC_COUNT, true, "most at a time"},
    [METRIC_RECONNECTS] = {"reconnects", METRIC_COUNT, true, "attempts to come back"},
    [METRIC_RECONNECTS_PEAK] = {"reconnects.peak", METRIC_RATE, true,
                                "attempts to come back, in the busiest second"},
    [METRIC_REFUSED] = {"refused", METRIC_COUNT, true, "connections that a broker refused"},
    [METRIC_SESSIONS_LOST] = {"sessions.lost", METRIC_COUNT, true,
                              "sessions that a client had and its broker did not know any more"},
    [METRIC_TAKEN_OVER] = {"taken-over", METRIC_COUNT, true,
                           "connections that ended for another one of the same name"},
    [METRIC_ACCUSED] = {"accused", METRIC_COUNT, true, "devices that misbehave and were found out"},
    [METRIC_WILLS] = {"wills", METRIC_COUNT, true, "wills published"},
    [METRIC_WILLS_PEAK] = {"wills.peak", METRIC_RATE, false, "wills in the busiest second"},
    [METRIC_QUEUE_PEAK] = {"queue.peak", METRIC_COUNT, false,
                           "most messages that waited at a broker for one client"},
    [METRIC_QUEUE_FULL] = {"queue.full", METRIC_COUNT, false,
                           "messages dropped because a client's queue was full"},
    [METRIC_MAILBOX_PEAK] = {"mailbox.peak", METRIC_COUNT, false,
                             "most packets that waited at the master for one gate"},
    [METRIC_MAILBOX_FULL] = {"mailbox.full", METRIC_COUNT, false,
                             "packets refused because a gate's mailbox was full"},
    [METRIC_PACKETS] = {"packets", METRIC_COUNT, false, "packets sent, of all types"},
    [METRIC_BYTES_SENT] = {"bytes", METRIC_BYTES, false, "bytes sent over all links"},
    [METRIC_UPLINK_PEAK] = {"uplink.peak", METRIC_BYTES, false,
                            "bytes in the busiest second of the busiest uplink"},
    [METRIC_VIOLATIONS] = {"violations", METRIC_COUNT, false,
                           "rules of the standard that were found broken"},
    [METRIC_REST] =
        {"rest", METRIC_TIME, false,
         "from the last fault's end, or the calm's begin, until no message moves any more"},
};

const struct metric_row *metric_row(enum metric metric) {
    ASSERT(metric < METRICS && rows[metric].name != NULL);
    return &rows[metric];
}

static const char *name_at(unsigned index) {
    return index < METRICS ? rows[index].name : NULL;
}

static const char *const signs[] = {"==", "!=", "<", "<=", ">", ">=", NULL};

static const char *sign_at(unsigned index) {
    return signs[index];
}

static bool read_number(struct fault_reader *reader, enum metric_unit unit, double *value) {
    uint64_t number = 0;
    uint32_t share = 0;
    switch (unit) {
    case METRIC_SHARE:
        if (!units_share(reader, 100, &share)) {
            return false;
        }
        *value = share / 1e6;
        return true;
    case METRIC_TIME:
        if (!units_time(reader, &number)) {
            return false;
        }
        *value = (double)number / 1e9;
        return true;
    case METRIC_BYTES:
        if (!units_bytes(reader, &number)) {
            return false;
        }
        *value = (double)number;
        return true;
    case METRIC_RATE:
        if (!units_rate(reader, &number)) {
            return false;
        }
        break;
    case METRIC_COUNT:
        if (!fault_reader_number(reader, &number)) {
            return false;
        }
        break;
    }
    *value = (double)number / 1e6;
    return true;
}

static bool read_group(struct fault_reader *reader, const struct metric_row *row,
                       struct metric_expectation *expectation) {
    bool is_quoted;
    size_t start = reader->at;
    expectation->at_group = fault_reader_word(reader, "at");
    if (!expectation->at_group && !fault_reader_word(reader, "of")) {
        return true;
    }
    if (!row->of_groups) {
        return fault_reader_fail(reader, start, "is for metrics of groups, and this is none");
    }
    if (expectation->at_group &&
        (expectation->metric < METRIC_LATENCY_MIN || expectation->metric > METRIC_LATENCY_MAX)) {
        return fault_reader_fail(reader, start, "is for latencies: it says who received; take of");
    }
    return fault_reader_name(reader, expectation->group, METRIC_GROUP_MAX, &is_quoted);
}

bool metric_parse(struct bytes text, struct metric_expectation *expectation,
                  struct fault_error *error) {
    struct fault_reader reader;
    *expectation = (struct metric_expectation){.source = text, .group_index = UINT32_MAX};
    fault_reader_init(&reader, text, error);
    int metric = fault_reader_one_of(&reader, name_at, "a metric, as in lost.qos1 == 0");
    if (metric < 0) {
        return fault_reader_fail_expecting(&reader);
    }
    ASSERT(metric < METRICS);
    expectation->metric = (enum metric)metric;
    if (!read_group(&reader, &rows[metric], expectation)) {
        return fault_reader_fail_expecting(&reader);
    }
    int sign = fault_reader_one_of(&reader, sign_at, "==, !=, <, <=, >, >=");
    expectation->comparison = (enum metric_comparison)sign;
    if (sign < 0 || !read_number(&reader, rows[metric].unit, &expectation->value)) {
        return fault_reader_fail_expecting(&reader);
    }
    return fault_reader_is_at_end(&reader) ||
           fault_reader_fail(&reader, reader.at, "is left over behind the expectation");
}

bool metric_holds(const struct metric_expectation *expectation, double measured) {
    switch (expectation->comparison) {
    case METRIC_EQUAL:
        return measured == expectation->value;
    case METRIC_UNEQUAL:
        return measured < expectation->value || measured > expectation->value;
    case METRIC_LESS:
        return measured < expectation->value;
    case METRIC_AT_MOST:
        return measured <= expectation->value;
    case METRIC_MORE:
        return measured > expectation->value;
    case METRIC_AT_LEAST:
        break;
    }
    return measured >= expectation->value;
}
