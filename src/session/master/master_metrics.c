#include "session/master/master_metrics.h"

#include <stdio.h>

#include "shell/metrics_text.h"
#include "shell/printable.h"

static const char *const route_names[ROUTES] = {
    [ROUTE_LEASE] = "lease",
    [ROUTE_GATES] = "gates",
    [ROUTE_UPLOAD] = "upload",
    [ROUTE_TAKE] = "mailbox",
    [ROUTE_GIVE_BACK] = "give_back",
    [ROUTE_METRICS] = "metrics",
    [ROUTE_HEALTH] = "healthz",
    [ROUTE_CLASSIC_INPUT] = "classic_input",
    [ROUTE_CLASSIC_OUTPUT] = "classic_output",
    [ROUTE_NONE] = "none",
};

// The last one stands for all others.
static const unsigned codes[METRICS_CODES] = {200, 201, 204, 400, 401, 403, 404,
                                              405, 409, 413, 431, 503, 0};

static unsigned place_of(unsigned status) {
    unsigned place = 0;
    while (codes[place] != status && codes[place] != 0) {
        place++;
    }
    return place;
}

void master_metrics_count(struct master_metrics *metrics, enum master_route route,
                          unsigned status) {
    metrics->answers[route][place_of(status)]++;
}

uint64_t master_metrics_refused(const struct master_metrics *metrics) {
    uint64_t sum = 0;
    for (unsigned route = 0; route < ROUTES; route++) {
        for (unsigned place = place_of(400); place < METRICS_CODES; place++) {
            sum += metrics->answers[route][place];
        }
    }
    return sum;
}

static void write_answers(const struct master_metrics *metrics, struct buffer *out) {
    static const char name[] = "mqttsim_requests_total";
    metrics_text_head(out, name, "Requests answered, by what they asked for.");
    for (unsigned route = 0; route < ROUTES; route++) {
        for (unsigned place = 0; place < METRICS_CODES; place++) {
            uint64_t count = metrics->answers[route][place];
            if (count > 0) {
                char labels[64];
                (void)snprintf(labels, sizeof labels, "route=\"%s\",code=\"%u\"",
                               route_names[route], codes[place]);
                metrics_text_value(out, name, labels, count);
            }
        }
    }
}

static void write_latencies(const struct master_metrics *metrics, struct buffer *out) {
    static const char name[] = "mqttsim_request_seconds";
    printable_format(out,
                     "# HELP %s From a request's headers to its answer, for those that did "
                     "not wait for a packet.\n# TYPE %s summary\n",
                     name, name);
    for (unsigned route = 0; route < ROUTES; route++) {
        uint64_t count = metrics->latency_count[route];
        if (count > 0) {
            char labels[64];
            (void)snprintf(labels, sizeof labels, "route=\"%s\"", route_names[route]);
            metrics_text_seconds(out, "mqttsim_request_seconds_sum", labels,
                                 metrics->latency_ns[route]);
            metrics_text_value(out, "mqttsim_request_seconds_count", labels, count);
        }
    }
}

static void write_gauges(const struct master_gauges *gauges, struct buffer *out) {
    metrics_text_one(out, "mqttsim_gates", "Gates that are leased.", gauges->gates);
    metrics_text_one(out, "mqttsim_mailbox_packets", "Packets in all mailboxes.", gauges->packets);
    metrics_text_one(out, "mqttsim_mailbox_bytes", "Bytes of those packets.", gauges->bytes);
    metrics_text_one(out, "mqttsim_mailbox_dropped_packets",
                     "Packets that the present gates' mailboxes dropped because they were full.",
                     gauges->dropped);
    metrics_text_one(out, "mqttsim_waiting_polls", "Requests that wait for a packet.",
                     gauges->waiting);
    metrics_text_one(out, "mqttsim_connections", "Open connections.", gauges->connections);
}

void master_metrics_write(const struct master_metrics *metrics, const struct master_gauges *gauges,
                          struct buffer *out) {
    write_answers(metrics, out);
    write_latencies(metrics, out);
    metrics_text_one(out, "mqttsim_refused_requests_total", "Requests answered with 400 or above.",
                     master_metrics_refused(metrics));
    metrics_text_one(out, "mqttsim_uploaded_packets_total", "Packets taken.",
                     metrics->packets_uploaded);
    metrics_text_one(out, "mqttsim_uploaded_bytes_total", "Bytes of requests with packets.",
                     metrics->bytes_uploaded);
    metrics_text_one(out, "mqttsim_unreachable_packets_total",
                     "Packets for gates that nobody held.", metrics->packets_unreachable);
    metrics_text_one(out, "mqttsim_taken_bytes_total",
                     "Bytes of packets sent out, repeated ones too.", metrics->bytes_taken);
    metrics_text_one(out, "mqttsim_missing_packets_total",
                     "Dropped packets that routers were told of.", metrics->packets_missing);
    metrics_text_one(out, "mqttsim_store_calls_total",
                     "Calls of the store, each for many requests.", metrics->store_calls);
    metrics_text_one(out, "mqttsim_store_requests_total", "Requests to the store.",
                     metrics->store_requests);
    metrics_text_one(out, "mqttsim_store_failures_total",
                     "Requests that found the store unavailable.", metrics->store_failures);
    metrics_text_head(out, "mqttsim_store_seconds_total", "Time spent in the store.");
    metrics_text_seconds(out, "mqttsim_store_seconds_total", NULL, metrics->store_ns);
    write_gauges(gauges, out);
}
