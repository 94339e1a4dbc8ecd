// A client from outside that has joined a simulated world: at one end a stream to a simulated
// broker, at the other whoever drives the world, with a socket or in a test.
//
// It stands beside its broker: no link, no fault of the plan and no rule lies between. What it
// sends and is sent waits in the stream, SIM_WINDOW bytes each way: a visitor that reads slowly
// holds up what the broker has for it, and nobody else.
//
// `now` is where the world has come to; the functions are called while it rests.
#ifndef SIM_VISITOR_H
#define SIM_VISITOR_H

#include "sim/broker.h"

// `taken` bytes of the piece in front went to the driver.
struct sim_visitor {
    struct sim_node node;
    struct sim_stream *stream; // NULL: over
    uint32_t taken;
    bool is_used;
};

void sim_visitor_open(struct sim_visitor *visitor, struct sim_broker *broker, uint64_t now);
// Its stream ends in order. Allowed when it is over.
void sim_visitor_leave(struct sim_visitor *visitor, uint64_t now);

// How many bytes can be sent now.
size_t sim_visitor_room(struct sim_visitor *visitor);
void sim_visitor_send(struct sim_visitor *visitor, struct bytes bytes, uint64_t now);

// What has arrived: how many of up to `most` runs. They stay until they are told as sent.
unsigned sim_visitor_output(struct sim_visitor *visitor, struct bytes *runs, unsigned most);
void sim_visitor_sent(struct sim_visitor *visitor, size_t bytes, uint64_t now);

// The broker has ended it, and all that it sent was taken.
static inline bool sim_visitor_is_over(const struct sim_visitor *visitor) {
    return visitor->stream == NULL;
}

void sim_visitor_event(struct sim_visitor *visitor, const struct sim_event *event);

#endif
