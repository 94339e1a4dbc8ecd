// The figures of a broker for Prometheus (docs/operation.md has the table): what the door, the
// account of memory, the listeners and the turns say, at one moment.
//
// A snapshot is taken with the session's lock, and written without it. $SYS tells of the same
// counts (role/broker/mqtt/door_statistics.h).
#ifndef SESSION_BROKER_BROKER_METRICS_H
#define SESSION_BROKER_BROKER_METRICS_H

#include "medium/stream/stream_server.h"
#include "role/broker/mqtt/mqtt_door.h"
#include "shell/metrics_text.h"
#include "store/broker/broker_writer.h"

#define BROKER_METRICS_LISTENERS_MAX 32
#define BROKER_METRICS_NAME_SIZE 128

struct broker_metrics_listener {
    char name[BROKER_METRICS_NAME_SIZE]; // "mqtt 1883", "mqtts ::1:8883", "mqtt-unix PATH"
    struct stream_listener_counts counts;
};

// All figures of a broker, taken at one moment so that they fit together, and written afterwards.
// Counts and gauges are those of the MQTT door; memory, time and turns are those of the process.
struct broker_metrics {
    const char *version;
    uint64_t began_ns;              // UnixTime
    struct mqtt_door_counts counts; // all zero without an MQTT door, as are the gauges
    struct mqtt_door_gauges gauges;
    uint64_t line_connections;
    uint64_t memory_used;
    uint64_t memory_most;
    uint64_t memory_limit;
    uint64_t cpu_ns;                // of the process
    struct metrics_histogram turns; // of the MQTT door
    bool has_store;                 // the next two are of it
    struct metrics_histogram commits;
    struct broker_writer_counts store;
    unsigned listener_count;
    struct broker_metrics_listener listeners[BROKER_METRICS_LISTENERS_MAX];
};

void broker_metrics_write(const struct broker_metrics *metrics, struct buffer *out);

#endif
