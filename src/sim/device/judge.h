// The judges of an MQTT device's session (check/flow_watch.h): one of its client, one of its
// broker. Each sees what its own end sends and receives, in the order in which that end does so,
// whatever happens to packets on their way.
//
// The broker's end is bytes, so they are cut into packets here. Of the streams of a device one is
// its connection, as the broker sees it: that of the last CONNECT. What is said on older ones, such
// as the DISCONNECT of a take-over, no longer concerns the session.
#ifndef SIM_DEVICE_JUDGE_H
#define SIM_DEVICE_JUDGE_H

#include "check/flow_watch.h"
#include "sim/link/stream.h"

struct sim_device;

// The start of a packet on a stream, each way.
struct sim_judge_stream {
    uint64_t name;
    struct buffer parts[SIM_ENDS]; // by the sender
    bool is_lost;                  // what came is no packet
};

struct sim_judge {
    struct flow_watch client;
    struct flow_watch broker;
    struct sim_judge_stream *streams;
    uint32_t count;
    uint32_t capacity;
    uint64_t current; // the name of the connection's stream; 0: none
};

struct sim_judge *sim_judge_create(struct memory *memory);
void sim_judge_destroy(struct sim_judge *judge, struct memory *memory);

// A whole packet that the client sent or received.
void sim_judge_client(struct sim_device *device, bool is_sent, struct bytes packet);
// The client's process ended, and what it knew is gone.
void sim_judge_client_ended(struct sim_device *device);

// Bytes that the broker received or sent on a stream; it has not looked at them yet.
void sim_judge_broker(struct sim_device *device, const struct sim_stream *stream,
                      enum sim_side sender, struct bytes bytes);
// The broker's end of a stream is over, perhaps with output that it has not sent.
void sim_judge_closed(struct sim_device *device, const struct sim_stream *stream, bool has_unsent);
// The broker's process ended; `keeps`: of the session it knows what its journal has.
void sim_judge_broker_ended(struct sim_device *device, bool keeps);

// An end says that the other one broke a rule, and closes the connection for that.
void sim_judge_accused(struct sim_device *device, bool by_broker);

// A bad device was found out.
void sim_judge_note_bad(struct sim_device *device);

// Nothing is on its way to the device or from it, nor held until the broker's disk has what it
// promises. The device has a stream.
bool sim_judge_is_still(const struct sim_device *device);

// All has come to rest: in a connection that is up nothing may be left open.
void sim_judge_rest(struct sim_device *device);

#endif
