// Sends last values to devices that subscribe at the line door, a few at a time. A filter like
// `+/a` may have to look at every topic, and `#` sends every one. So in each turn a visit looks at
// a limited number of topics and sends a limited number of values; the next turn continues there.
// Devices take turns, and so do the filters of one device.
//
// A value is sent as it is when the visit reaches it. A value that is set in the meantime is
// delivered at once, and may be sent again when the visit gets there. A device has at most one
// visit per subscription; subscribing again restarts it.
#ifndef ROLE_BROKER_LINE_RETAINED_H
#define ROLE_BROKER_LINE_RETAINED_H

#include "base/map.h"
#include "base/deadline.h"
#include "topic/values.h"

#define LINE_RETAINED_LOOKS 2000 // topics, of all visits in one turn,
#define LINE_RETAINED_SENDS 200  // and values

struct line_visit;

// A device with visits that are not over. The links form a ring of all of them.
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

// Called for each value found; may not change the values, nor begin or end a visit. How many of the
// turn's sends it takes the place of: 1 or more.
typedef uint32_t line_retained_found(void *context, uint32_t peer, const struct topic_value *value);

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
