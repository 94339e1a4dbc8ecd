// A real port of a simulated broker: streams of bytes from this machine (medium/stream) become
// visitors of the world (sim/visitor.h).
//
// A stream is not read while what it sent before waits for the world, so a hostile client costs a
// read's worth of memory, and one that does not read what its broker has for it holds up itself.
//
// One thread has both. The world is touched only when it rests: in simulate_door_serve, and when a
// stream opens, sends or closes, between two of them.
#ifndef SESSION_SIMULATE_SIMULATE_DOOR_H
#define SESSION_SIMULATE_SIMULATE_DOOR_H

#include "medium/stream/stream_server.h"
#include "sim/world.h"

#define SIMULATE_VISITORS_MAX 64u

struct simulate_door;

struct simulate_door_options {
    struct sim_world *world; // with room for so many visitors
    uint32_t broker;
    uint16_t port; // 0: any free one
    // Somebody came from there, or was turned away, or left.
    void *context;
    void (*tell)(void *context, const char *place, const char *what);
};

// NULL, and *error: the port cannot be had.
struct simulate_door *simulate_door_open(uv_loop_t *loop,
                                         const struct simulate_door_options *options,
                                         struct stream_server_error *error);
uint16_t simulate_door_port(const struct simulate_door *door);
unsigned simulate_door_visitors(const struct simulate_door *door);

// The world rests at `now`: what it has for visitors goes out, and, if it takes anything now, what
// they sent goes in, as much of each as is good for the others.
void simulate_door_serve(struct simulate_door *door, uint64_t now, bool takes);

// Ends all streams; `done` is called in the loop, and is the end of the door.
void simulate_door_close(struct simulate_door *door, void (*done)(void *context), void *context);

#endif
