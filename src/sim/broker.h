// A broker in the simulated world: its role with its doors (role/broker) behind streams and on a
// network of lines, and the time that its work takes.
//
// What arrives waits in line while the broker is busy: a piece of a stream, or a line, takes so
// long for each packet and each KiB, and what it leads to leaves when that has passed. What a
// durable broker promises leaves when its disk has the records (sim/journal.h).
//
// A crash ends the process: the machine resets its streams, and what was only in memory is gone. A
// durable broker begins anew from the records that were on its disk by then.
#ifndef SIM_BROKER_H
#define SIM_BROKER_H

#include "role/broker/broker.h"
#include "sim/journal.h"
#include "sim/link/lines.h"
#include "sim/link/stream.h"

#define SIM_PASSWORD "simulated"

struct sim_broker;

// Who is told what the broker's doors tell. `stream` is NULL where it has gone, or never was.
struct sim_broker_watch {
    void *context;
    void (*mqtt)(void *context, struct sim_broker *broker, const struct door_event *event);
    void (*line)(void *context, struct sim_broker *broker, const struct role_event *event);
    // Bytes that the broker is handed, or sends; and its end of a stream is over. NULL: nobody
    // asks.
    void (*bytes)(void *context, struct sim_stream *stream, enum sim_side sender,
                  struct bytes bytes);
    void (*closed)(void *context, struct sim_stream *stream, bool has_unsent);
};

// A broker of the world: its node, the real role with its doors, and the machine around it (memory,
// journal, how long its work takes). `waiting` are the streams and lines that wait for their turn,
// oldest first. A crash ends the role and its memory; node and journal stay, and the next life
// begins from them.
struct sim_broker {
    struct sim_node node;
    const struct plan_broker *plan;
    struct sim_broker_watch watch;
    struct broker broker;
    struct broker_config config;
    struct role_port port;
    struct mqtt_door_config door_config;
    struct mqtt_door_port door_port;
    struct memory memory; // of the role: gone at once when it crashes
    struct sim_journal journal;
    struct sim_line_end line;
    uint64_t busy_until;
    uint64_t leaves; // what is said now leaves then
    uint64_t *waiting;
    uint32_t waiting_at;
    uint32_t waiting_count;
    uint32_t waiting_capacity;
    uint32_t lives;
    uint64_t queue_lost;            // in this life, as far as was counted
    struct scram_verifier verifier; // without iterations: nobody asked for it yet
};

void sim_broker_init(struct sim_broker *broker, struct sim_island *island, uint32_t number,
                     const struct plan_broker *plan);
void sim_broker_deinit(struct sim_broker *broker);

// Begins, or begins anew.
void sim_broker_start(struct sim_broker *broker);
// The process ends: in good order, or at once.
void sim_broker_stop(struct sim_broker *broker, bool says_farewell);

// How many messages a broker of the plan keeps for one client.
uint32_t sim_broker_queue_messages(const struct plan_broker *plan);
// The largest packet that it takes.
uint32_t sim_broker_packet_bytes(const struct plan_broker *plan);
// It keeps no more messages for one client; 0: as many as the plan says.
void sim_broker_limit_queue(struct sim_broker *broker, uint32_t messages);

void sim_broker_event(struct sim_broker *broker, const struct sim_event *event);
// The broker's end of a stream has output, or is over.
void sim_broker_serve(struct sim_broker *broker, struct sim_stream *stream);

// What it counted of its queues goes into the island's counts.
void sim_broker_look(struct sim_broker *broker);

// Asserts what always holds.
void sim_broker_check(const struct sim_broker *broker);

#endif
