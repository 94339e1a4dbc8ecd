// What a master counts, for GET /metrics and for its user. Any thread may add.
#ifndef SESSION_MASTER_MASTER_METRICS_H
#define SESSION_MASTER_MASTER_METRICS_H

#include "base/buffer.h"

#include <stdatomic.h>

// What a request is, by its method and path.
enum master_route {
    ROUTE_LEASE,
    ROUTE_GATES,
    ROUTE_UPLOAD,
    ROUTE_TAKE,
    ROUTE_GIVE_BACK,
    ROUTE_METRICS,
    ROUTE_HEALTH,
    ROUTE_CLASSIC_INPUT,
    ROUTE_CLASSIC_OUTPUT,
    ROUTE_NONE,
    ROUTES,
};

#define METRICS_CODES 16

typedef _Atomic uint64_t metrics_counter;

// What a master counts since its start, for /metrics: requests by route and code, packets and
// bytes, calls of the store. Counters only grow; threads add to them without a lock.
struct master_metrics {
    metrics_counter answers[ROUTES][METRICS_CODES];
    metrics_counter latency_ns[ROUTES]; // of those that did not wait for a packet
    metrics_counter latency_count[ROUTES];
    metrics_counter packets_uploaded;
    metrics_counter packets_unreachable;
    metrics_counter bytes_uploaded;
    metrics_counter bytes_taken;
    metrics_counter packets_missing; // that routers were told of
    metrics_counter store_calls;
    metrics_counter store_requests;
    metrics_counter store_failures;
    metrics_counter store_ns;
};

// What is true at the moment.
struct master_gauges {
    uint64_t gates;
    uint64_t packets; // in all mailboxes
    uint64_t bytes;
    uint64_t dropped; // by the mailboxes that there are
    uint64_t waiting; // requests
    uint64_t connections;
};

void master_metrics_count(struct master_metrics *metrics, enum master_route route, unsigned status);
// Answers with a status of 400 or more.
uint64_t master_metrics_refused(const struct master_metrics *metrics);
// All of it in the text format of Prometheus, version 0.0.4.
void master_metrics_write(const struct master_metrics *metrics, const struct master_gauges *gauges,
                          struct buffer *out);

#endif
