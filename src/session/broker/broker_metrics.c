#include "session/broker/broker_metrics.h"

#include <stddef.h>
#include <stdio.h>

#include "base/assert.h"
#include "shell/printable.h"

#define PREFIX "mqttsim_broker_"

// A value of the snapshot that is one number.
struct figure {
    const char *name;   // rows of one name stand together, the first with the help
    const char *labels; // NULL: none
    const char *help;   // NULL: that of the row before
    size_t offset;
    bool is_wide; // uint64_t, else uint32_t
};

#define COUNT(name, labels, member, help) \
    { PREFIX name, labels, help, offsetof(struct broker_metrics, counts.member), true }
#define GAUGE(name, member, help) \
    { PREFIX name, NULL, help, offsetof(struct broker_metrics, gauges.member), false }
#define WIDE(name, member, help) \
    { PREFIX name, NULL, help, offsetof(struct broker_metrics, member), true }

#define DROPPED "dropped_messages_total"
#define REFUSED "refused_messages_total"
#define BYTES "network_bytes_total"
#define PAYLOAD "payload_bytes_total"

static const struct figure figures[] = {
    GAUGE("connected_clients", connected, "MQTT clients that are connected."),
    GAUGE("connected_clients_highest", connected_most,
          "The most MQTT clients that were connected at a time."),
    GAUGE("sessions", sessions, "Sessions of MQTT clients, connected and absent."),
    GAUGE("subscriptions", subscriptions, "Subscriptions of MQTT clients."),
    GAUGE("shared_subscriptions", shared_subscriptions, "Those of them that are shared."),
    GAUGE("retained_messages", retained, "Topics with a last value."),
    WIDE("queued_messages", gauges.waiting_messages, "Messages that wait for clients."),
    WIDE("queued_bytes", gauges.waiting_bytes, "What they take of memory."),
    WIDE("line_connections", line_connections, "Connections of the line door."),
    COUNT(BYTES, "direction=\"received\"", bytes_received, "Bytes of MQTT packets."),
    COUNT(BYTES, "direction=\"sent\"", bytes_sent, NULL),
    COUNT(PAYLOAD, "direction=\"received\"", payload_received, "Bytes of payload in messages."),
    COUNT(PAYLOAD, "direction=\"sent\"", payload_sent, NULL),
    COUNT("received_packets_total", NULL, packets_received, "MQTT packets of all types."),
    COUNT(DROPPED, "reason=\"queue_full\"", dropped_queue_full,
          "Messages that did not reach a subscriber."),
    COUNT(DROPPED, "reason=\"all_queues_full\"", dropped_total_full, NULL),
    COUNT(DROPPED, "reason=\"too_large\"", dropped_too_large, NULL),
    COUNT(DROPPED, "reason=\"expired\"", dropped_expired, NULL),
    COUNT(DROPPED, "reason=\"session_ended\"", dropped_at_end, NULL),
    COUNT(DROPPED, "reason=\"outside_mount_point\"", dropped_outside, NULL),
    COUNT(REFUSED, "reason=\"access_list\"", denied_messages,
          "Messages that were not taken from a publisher."),
    COUNT(REFUSED, "reason=\"own_topic\"", refused_messages, NULL),
    COUNT("unretained_messages_total", NULL, not_retained,
          "Messages to be retained that found no room in the table."),
    COUNT("refused_connections_total", NULL, refused_connections,
          "CONNECTs that were refused, for whatever reason."),
    COUNT("protocol_errors_total", NULL, protocol_errors,
          "Connections ended for what a client sent."),
    COUNT("rate_exceeded_total", NULL, too_fast, "Connections ended for their rate."),
    COUNT("memory_refusals_total", NULL, refused_memory,
          "Requests that were refused because there was no memory for them."),
    COUNT("journal_refusals_total", NULL, refused_promises,
          "Requests that were refused because they could not be made durable."),
    COUNT("expired_sessions_total", NULL, expired_sessions, "Sessions that expired."),
    COUNT("displaced_sessions_total", NULL, displaced_sessions,
          "Sessions of absent clients that made room for others."),
    WIDE("memory_used_bytes", memory_used, "Memory in use, of what peers may make it keep."),
    WIDE("memory_highest_bytes", memory_most, "The most that was in use."),
    WIDE("memory_limit_bytes", memory_limit, "What may be in use."),
};

static uint64_t value_of(const struct broker_metrics *metrics, const struct figure *figure) {
    const uint8_t *place = (const uint8_t *)metrics + figure->offset;
    uint64_t wide = 0;
    uint32_t narrow = 0;
    memcpy(figure->is_wide ? (void *)&wide : (void *)&narrow, place,
           figure->is_wide ? sizeof wide : sizeof narrow);
    return figure->is_wide ? wide : narrow;
}

static void write_messages(const struct broker_metrics *metrics, struct buffer *out) {
    static const char name[] = PREFIX "messages_total";
    const struct mqtt_door_counts *counts = &metrics->counts;
    const struct {
        const char *direction;
        uint64_t all;
        const uint64_t *of_qos;
    } rows[] = {{"received", counts->messages_received, counts->received_of_qos},
                {"sent", counts->messages_sent, counts->sent_of_qos}};
    metrics_text_head(out, name, "PUBLISH packets, repeated ones too.");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ASSERT(rows[i].all >= rows[i].of_qos[0] + rows[i].of_qos[1]);
        for (unsigned qos = 0; qos <= 2; qos++) {
            char labels[48];
            (void)snprintf(labels, sizeof labels, "direction=\"%s\",qos=\"%u\"", rows[i].direction,
                           qos);
            metrics_text_value(out, name, labels,
                               qos == 0 ? rows[i].all - rows[i].of_qos[0] - rows[i].of_qos[1]
                                        : rows[i].of_qos[qos - 1]);
        }
    }
}

static uint64_t listener_value(const struct broker_metrics_listener *listener, unsigned which) {
    const struct stream_listener_counts *counts = &listener->counts;
    return which == 0   ? counts->connections
           : which == 1 ? counts->accepted
           : which == 2 ? counts->refused
                        : counts->bad_headers;
}

// A path may have any byte; those that would end the label are told as _.
static void name_listener(const struct broker_metrics_listener *listener, char *labels,
                          size_t size) {
    char name[BROKER_METRICS_NAME_SIZE];
    (void)snprintf(name, sizeof name, "%s", listener->name);
    for (char *at = name; *at != '\0'; at++) {
        bool is_plain = *at >= ' ' && *at <= '~' && *at != '"' && *at != '\\';
        *at = is_plain ? *at : '_';
    }
    (void)snprintf(labels, size, "listener=\"%s\"", name);
}

static void write_listeners(const struct broker_metrics *metrics, struct buffer *out) {
    static const struct {
        const char *name;
        const char *help;
    } rows[] = {
        {PREFIX "listener_connections", "Connections that are open, by listener."},
        {PREFIX "listener_accepted_total", "Connections that were let in."},
        {PREFIX "listener_refused_total",
         "Connections over a limit of the listener, or from no proxy that it believes."},
        {PREFIX "listener_bad_headers_total",
         "Connections that ended for want of a good PROXY header."},
    };
    ASSERT(metrics->listener_count <= BROKER_METRICS_LISTENERS_MAX);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows && metrics->listener_count > 0; i++) {
        metrics_text_head(out, rows[i].name, rows[i].help);
        for (unsigned j = 0; j < metrics->listener_count; j++) {
            char labels[BROKER_METRICS_NAME_SIZE + 16];
            name_listener(&metrics->listeners[j], labels, sizeof labels);
            metrics_text_value(out, rows[i].name, labels,
                               listener_value(&metrics->listeners[j], i));
        }
    }
}

static void write_store(const struct broker_metrics *metrics, struct buffer *out) {
    const struct broker_writer_counts *store = &metrics->store;
    if (!metrics->has_store) {
        return;
    }
    metrics_text_histogram(out, PREFIX "store_commit_seconds",
                           "How long commits of the store took, each of one or more turns.",
                           &metrics->commits);
    metrics_text_one(out, PREFIX "store_commit_failures_total", "Commits that failed.",
                     store->failures);
    metrics_text_one(out, PREFIX "store_written_bytes_total", "Bytes of records in commits.",
                     store->bytes);
    metrics_text_one(out, PREFIX "store_snapshots_total", "Snapshots that were begun and ended.",
                     store->snapshots);
    metrics_text_one(out, PREFIX "store_waiting_bytes", "Bytes of records that are to be written.",
                     store->waiting);
    metrics_text_one(out, PREFIX "store_journal_bytes", "Bytes of records behind the snapshot.",
                     store->sizes.journal);
    metrics_text_one(out, PREFIX "store_snapshot_bytes", "Bytes of records of the snapshot.",
                     store->sizes.snapshot);
}

static void write_process(const struct broker_metrics *metrics, struct buffer *out) {
    char labels[64];
    (void)snprintf(labels, sizeof labels, "version=\"%s\"", metrics->version);
    metrics_text_head(out, PREFIX "info", "Which broker this is.");
    metrics_text_value(out, PREFIX "info", labels, 1);
    metrics_text_head(out, "process_start_time_seconds", "When it began, in UnixTime.");
    metrics_text_seconds(out, "process_start_time_seconds", NULL, metrics->began_ns);
    metrics_text_head(out, "process_cpu_seconds_total", "Processor time of all its threads.");
    metrics_text_seconds(out, "process_cpu_seconds_total", NULL, metrics->cpu_ns);
}

void broker_metrics_write(const struct broker_metrics *metrics, struct buffer *out) {
    write_process(metrics, out);
    write_messages(metrics, out);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (figures[i].help != NULL) {
            metrics_text_head(out, figures[i].name, figures[i].help);
        }
        metrics_text_value(out, figures[i].name, figures[i].labels, value_of(metrics, &figures[i]));
    }
    metrics_text_histogram(out, PREFIX "turn_seconds",
                           "How long turns of the MQTT door took, in which nobody else has one.",
                           &metrics->turns);
    write_store(metrics, out);
    write_listeners(metrics, out);
}
