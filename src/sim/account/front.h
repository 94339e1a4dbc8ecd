// An island's side of a ledger that it shares with others: what the island tells is written down
// here, and heard by the ledger when all of them have come as far (sim/windows.h). Meanwhile the
// island gives streams names and messages numbers by itself.
//
// There are two logs. One is written while what the other says is heard, maybe by another thread:
// the log that is written changes between two windows.
//
// Bounds: a log holds what an island tells in one window; streams are as many as the ledger's.
#ifndef SIM_ACCOUNT_FRONT_H
#define SIM_ACCOUNT_FRONT_H

#include "base/buffer.h"
#include "base/map.h"

struct sim_front_stream {
    uint8_t *topic;
    uint32_t topic_bytes;
    uint32_t published; // messages so far
    bool is_answers;
};

// The logs, of which `log` is written, and the streams by their names: an island of `islands` gives
// its first stream its own `index` as name, the next one that many more.
struct sim_front {
    struct memory *memory;
    struct buffer logs[2];
    uint32_t log;
    uint32_t index; // the island's place among those that share the ledger
    uint32_t islands;
    struct map streams_by_topic;
    struct sim_front_stream *streams;
    uint32_t stream_count;
    uint32_t stream_capacity;
};

void sim_front_init(struct sim_front *front, struct memory *memory, uint64_t seed);
void sim_front_deinit(struct sim_front *front);

// The name of a client's stream of a kind. *is_new: it is to be told of.
uint32_t sim_front_stream(struct sim_front *front, uint64_t client_and_kind, struct bytes topic,
                          bool *is_new);
struct bytes sim_front_topic(const struct sim_front *front, uint32_t name);
// The number of its next message.
uint32_t sim_front_publish(struct sim_front *front, uint32_t name);
// True: for the first time.
bool sim_front_answers(struct sim_front *front, uint32_t name);

#endif
