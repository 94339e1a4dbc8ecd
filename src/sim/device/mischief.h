// What a client of MQTT does wrong on purpose (`misbehaves` of a scenario), between its role, which
// behaves, and its stream: packets that it owes are left out, identifiers are made one, packets
// grow too large, bytes are no packets, or what comes is not read.
//
// Who is bad may be accused of it by its broker, or by the judge of its packets: once, it is noted,
// and is no finding. Who is not bad is judged as ever, so an accusation of it is one.
#ifndef SIM_DEVICE_MISCHIEF_H
#define SIM_DEVICE_MISCHIEF_H

#include "sim/link/stream.h"

// What a device does wrong, and what it needs for that: the start of a packet of its role in
// `rest`, what goes in its place in `out`. `sent` is told of each whole packet that leaves, as it
// leaves.
struct sim_mischief {
    void *context;
    void (*sent)(void *context, struct bytes packet);
    uint32_t bad;         // PLAN_BAD_...
    uint32_t packet_most; // that its broker takes
    uint64_t sent_at;     // when anything last left
    uint64_t reads_of;    // the name of the stream of which it has read the first bytes
    struct buffer rest;   // the start of a packet
    struct buffer out;
    bool is_accused;
};

void sim_mischief_init(struct sim_mischief *mischief, struct memory *memory);
void sim_mischief_deinit(struct sim_mischief *mischief);

// A new connection: what was left of a packet is gone.
void sim_mischief_begin(struct sim_mischief *mischief);
// What it sends in place of its role's bytes; valid until the next call.
struct bytes sim_mischief_spoil(struct sim_mischief *mischief, struct bytes output, uint64_t now);
// Whether it leaves unread what has come on the stream of that name.
bool sim_mischief_reads_not(struct sim_mischief *mischief, uint64_t stream);

#endif
