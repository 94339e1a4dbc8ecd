// An MQTT door in memory, with no sockets and no clock: for benchmarks of the role alone.
#ifndef BENCH_DOORS_H
#define BENCH_DOORS_H

#include "role/broker/mqtt/mqtt_door.h"

struct doors {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
    struct journal journal;
    uint64_t
        journal_bytes; // of the records, were each number a byte and each text as long as it is
};

// No limit is reached. Where it is kept, a journal is handed all records; they are durable at once.
struct doors *doors_open(bool is_kept);
// Its clients have closed.
void doors_close(struct doors *doors);

// A client of 5.0 whose session outlives its connection, with one subscription. What it is answered
// is thrown away.
struct door_connection *doors_connect(struct doors *doors, struct bytes client_id,
                                      struct bytes filter, uint8_t qos);
void doors_send(struct doors *doors, struct door_connection *connection,
                const struct mqtt_packet *packet);
// Throws away what is to be sent to the client; how many bytes that was.
size_t doors_drain(struct doors *doors, struct door_connection *connection);

#endif
