// Last values for whoever subscribes at the line door, in parts. A filter like `+/a` may have to
// look at every topic, and `#` sends every one: so a visit looks at so many topics and sends so
// many values a turn, and goes on in the next one. Devices take turns, and so do the filters of
// one.
//
// What a visit has found is sent as it is then: a value set meanwhile is delivered at once, and may
// come once more when the visit gets there. A device has at most one visit for each of its
// subscriptions: subscribing again begins it anew.
#ifndef ROLE_BROKER_LINE_RETAINED_H
#define ROLE_BROKER_LINE_RETAINED_H

#include "base/map.h"
#include "base/deadline.h"
#include "topic/values.h"

#define LINE_RETAINED_LOOKS 2000 // topics, of all visits in one turn,
#define LINE_RETAINED_SENDS 200  // and values

struct line_visit;

// A device that has visits to be made. They form a ring, by the link.
struct line_visitor {
    struct line_visit *first; // NULL: a free place
    struct line_visit *last;
    uint32_t peer;             // its place at the door
    struct deadline_link link; // earlier: the next free place, of a free one
};

// Nothing is allocated while there is no visit.
struct line_retained {
    struct memory *memory;
    const struct topic_values *values;
    struct line_visitor *visitors;
    uint32_t used;
    uint32_t capacity;
    uint32_t free;     // the first free place, or DEADLINE_NONE
    struct map places; // peer -> place in visitors
    struct deadline_list ring;
};

// What a visit costs at most, in bytes of memory.
size_t line_retained_cost(struct bytes filter);

// Both are borrowed.
void line_retained_init(struct line_retained *retained, struct memory *memory,
                        const struct topic_values *values, uint64_t seed);
void line_retained_deinit(struct line_retained *retained);

// Called for each value found; may not change the values, nor begin or end a visit.
typedef void line_retained_found(void *context, uint32_t peer, const struct topic_value *value);

// Begins a visit, or begins it anew. Nothing is found yet.
void line_retained_start(struct line_retained *retained, uint32_t peer, struct bytes filter);
// The subscription has ended, or all of the device's have.
void line_retained_stop(struct line_retained *retained, uint32_t peer, struct bytes filter);
void line_retained_stop_all(struct line_retained *retained, uint32_t peer);

bool line_retained_is_due(const struct line_retained *retained);
// One turn's part.
void line_retained_go_on(struct line_retained *retained, line_retained_found *found, void *context);

// Asserts what has to hold between any two calls.
void line_retained_check(const struct line_retained *retained);

#endif
