// The phases of a load, from the first connection to the farewell: when each ends, and what comes
// next. Pure: it is handed the time and what its driver has counted, and tells what is to be done.
//
//     open: publishers and subscribers connect and subscribe
//      |-- with idle connections: settle, open them, settle: the broker's memory before and after
//      |       `-- without publishers: hold them open
//      |-- with retained messages: settle, retain, settle, retrieve: a subscriber comes later
//      `-- warm up, measure
//     drain: what is still to come is waited for; end: farewell; over
//
// Every wait ends. Where something is awaited of the broker and nothing of it comes for `timeout`,
// the phase ends; only what is still awaited prolongs one, not what comes too often or from others.
#ifndef ROLE_LOAD_LOAD_PHASES_H
#define ROLE_LOAD_LOAD_PHASES_H

#include <stdbool.h>
#include <stdint.h>

enum load_phase {
    LOAD_PHASE_OPEN,
    LOAD_PHASE_SETTLE,
    LOAD_PHASE_OPEN_IDLE,
    LOAD_PHASE_SETTLE_IDLE,
    LOAD_PHASE_HOLD,
    LOAD_PHASE_RETAIN,
    LOAD_PHASE_SETTLE_RETAINED,
    LOAD_PHASE_RETRIEVE,
    LOAD_PHASE_WARM_UP,
    LOAD_PHASE_MEASURE,
    LOAD_PHASE_DRAIN,
    LOAD_PHASE_END,
    LOAD_PHASE_OVER,
};

// How large a load is and how long its phases last: connecting, warming up, the measured part, what
// is awaited at the end. Spans are nanoseconds.
struct load_phases_options {
    uint32_t publishers;
    uint32_t subscribers;
    uint32_t idle;
    uint64_t retained;     // messages; 0: none
    uint64_t messages;     // 0: for `duration`
    uint64_t duration;     // of the measured part, or of holding idle connections open
    uint64_t warm_up;      //
    uint64_t timeout;      // without anything that is awaited
    uint64_t rate;         // messages a second in all; 0: as fast as they go
    uint64_t connect_rate; // connections a second; 0: as fast as they go
};

// What the driver has counted so far.
struct load_facts {
    uint32_t begun; // connections that were ever opened
    uint32_t ready; // those that ever were ready
    uint32_t alive; // those that are open, or being opened
    uint64_t sent;
    uint64_t delivered;
    uint64_t acknowledged;
    uint64_t outstanding; // copies that may yet come
    uint64_t last_at;     // when the last copy came that was to come; 0: none did
};

enum load_phase_event {
    LOAD_ENTERED,         // `phase` is a new one
    LOAD_SETTLED,         // the broker's memory is to be looked at; `phase` is the one that ends
    LOAD_MEASURING_BEGAN, // at `time`
    LOAD_MEASURING_ENDED, // at `time`, which may be over
    LOAD_SILENT,          // the broker does not answer
};

struct load_phases_port {
    // May call load_phases_fail.
    void (*tell)(void *context, enum load_phase_event event, uint64_t time);
    // Whether the broker has acknowledged all that it has to, both ways.
    bool (*is_acknowledged)(const void *context);
    // Whether something waits for the broker to take it.
    bool (*is_held_up)(const void *context);
    void *context;
};

// `target` connections are to be open in this phase. `progress` is all that has happened, as one
// number; `moved_at` is when it last grew, or nothing was awaited. Of the spans that are 0 at
// first, the driver makes its report.
struct load_phases {
    const struct load_phases_options *options;
    const struct load_phases_port *port;
    enum load_phase phase;
    uint64_t since;
    uint64_t started_at;
    uint32_t target;
    uint64_t timeout;
    uint64_t progress;
    uint64_t moved_at;
    uint64_t publishing_at; // since when messages go out by the clock; 0: not yet
    uint64_t measured_at;   // 0: not yet
    uint64_t opening;       // until all were open
    uint64_t measured;
    uint64_t retrieving; // from SUBSCRIBE to the last retained message
    bool is_interrupted;
};

// `options` and `port` are borrowed. Nothing is told before load_phases_start.
void load_phases_init(struct load_phases *phases, const struct load_phases_options *options,
                      const struct load_phases_port *port);
void load_phases_start(struct load_phases *phases, uint64_t now);
// A hundred times a second or so.
void load_phases_tick(struct load_phases *phases, const struct load_facts *facts, uint64_t now);
// A connection could not be opened, or ended.
void load_phases_fail(struct load_phases *phases, uint64_t now);
// The user asks for the end: the first time what is on its way is waited for, for a second.
void load_phases_interrupt(struct load_phases *phases, uint64_t now);
// The later subscriber asks for what was retained.
void load_phases_subscribe(struct load_phases *phases, uint64_t now);

bool load_phases_may_open(const struct load_phases *phases, const struct load_facts *facts,
                          uint64_t now);
bool load_phases_is_opening(const struct load_phases *phases);
bool load_phases_is_publishing(const struct load_phases *phases);
// With a rate: how many messages are to have gone out by now.
uint64_t load_phases_due(const struct load_phases *phases, uint64_t now);

#endif
