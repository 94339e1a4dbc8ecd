#include "session/master/master_metrics.h"

#include <stddef.h>

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

static void write_head(struct buffer *out, const char *name, const char *type, const char *help) {
    printable_format(out, "# HELP mqttsim_%s %s\n", name, help);
    printable_format(out, "# TYPE mqttsim_%s %s\n", name, type);
}

static void write_one(struct buffer *out, const char *name, const char *help, uint64_t value) {
    size_t size = strlen(name);
    bool total = size > 6 && strcmp(name + size - 6, "_total") == 0;
    write_head(out, name, total ? "counter" : "gauge", help);
    printable_format(out, "mqttsim_%s %llu\n", name, (unsigned long long)value);
}

static void write_answers(const struct master_metrics *metrics, struct buffer *out) {
    write_head(out, "requests_total", "counter", "Requests answered, by what they asked for.");
    for (unsigned route = 0; route < ROUTES; route++) {
        for (unsigned place = 0; place < METRICS_CODES; place++) {
            unsigned long long count = metrics->answers[route][place];
            if (count > 0) {
                printable_format(out, "mqttsim_requests_total{route=\"%s\",code=\"%u\"} %llu\n",
                                 route_names[route], codes[place], count);
            }
        }
    }
}

static void write_seconds(struct buffer *out, uint64_t nanoseconds) {
    printable_format(out, " %llu.%09llu\n", (unsigned long long)(nanoseconds / 1000000000),
                     (unsigned long long)(nanoseconds % 1000000000));
}

static void write_latencies(const struct master_metrics *metrics, struct buffer *out) {
    write_head(out, "request_seconds", "summary",
               "From a request's headers to its answer, for those that did not wait for a packet.");
    for (unsigned route = 0; route < ROUTES; route++) {
        unsigned long long count = metrics->latency_count[route];
        if (count > 0) {
            printable_format(out, "mqttsim_request_seconds_sum{route=\"%s\"}", route_names[route]);
            write_seconds(out, metrics->latency_ns[route]);
            printable_format(out, "mqttsim_request_seconds_count{route=\"%s\"} %llu\n",
                             route_names[route], count);
        }
    }
}

static void write_gauges(const struct master_gauges *gauges, struct buffer *out) {
    write_one(out, "gates", "Gates that are leased.", gauges->gates);
    write_one(out, "mailbox_packets", "Packets in all mailboxes.", gauges->packets);
    write_one(out, "mailbox_bytes", "Bytes of those packets.", gauges->bytes);
    write_one(out, "mailbox_dropped_packets",
              "Packets that the present gates' mailboxes dropped because they were full.",
              gauges->dropped);
    write_one(out, "waiting_polls", "Requests that wait for a packet.", gauges->waiting);
    write_one(out, "connections", "Open connections.", gauges->connections);
}

void master_metrics_write(const struct master_metrics *metrics, const struct master_gauges *gauges,
                          struct buffer *out) {
    write_answers(metrics, out);
    write_latencies(metrics, out);
    write_one(out, "refused_requests_total", "Requests answered with 400 or above.",
              master_metrics_refused(metrics));
    write_one(out, "uploaded_packets_total", "Packets taken.", metrics->packets_uploaded);
    write_one(out, "uploaded_bytes_total", "Bytes of requests with packets.",
              metrics->bytes_uploaded);
    write_one(out, "unreachable_packets_total", "Packets for gates that nobody held.",
              metrics->packets_unreachable);
    write_one(out, "taken_bytes_total", "Bytes of packets sent out, repeated ones too.",
              metrics->bytes_taken);
    write_one(out, "missing_packets_total", "Dropped packets that routers were told of.",
              metrics->packets_missing);
    write_one(out, "store_calls_total", "Calls of the store, each for many requests.",
              metrics->store_calls);
    write_one(out, "store_requests_total", "Requests to the store.", metrics->store_requests);
    write_one(out, "store_failures_total", "Requests that found the store unavailable.",
              metrics->store_failures);
    write_head(out, "store_seconds_total", "counter", "Time spent in the store.");
    buffer_append_text(out, "mqttsim_store_seconds_total");
    write_seconds(out, metrics->store_ns);
    write_gauges(gauges, out);
}
