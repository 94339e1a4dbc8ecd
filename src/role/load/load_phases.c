#include "role/load/load_phases.h"

#include "base/assert.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define SETTLING (300 * MILLISECOND) // until the broker's memory is taken
#define LINGERING (50 * MILLISECOND) // for what may come a second time
#define FAREWELL (2 * SECOND)
#define INTERRUPTED_TIMEOUT SECOND
#define OPENING_MAX 64 // connections that are being opened at a time

void load_phases_init(struct load_phases *phases, const struct load_phases_options *options,
                      const struct load_phases_port *port) {
    uint32_t first = options->publishers + options->subscribers;
    *phases = (struct load_phases){.options = options,
                                   .port = port,
                                   .target = options->retained > 0 ? options->publishers : first,
                                   .timeout = options->timeout};
}

static void tell(const struct load_phases *phases, enum load_phase_event event, uint64_t time) {
    phases->port->tell(phases->port->context, event, time);
}

static uint32_t all_connections(const struct load_phases *phases) {
    const struct load_phases_options *options = phases->options;
    return options->publishers + options->subscribers + options->idle;
}

// ---- what is measured -------------------------------------------------------------------------

static void begin_measuring(struct load_phases *phases, uint64_t now) {
    phases->measured_at = now;
    tell(phases, LOAD_MEASURING_BEGAN, now);
}

static void end_measuring(struct load_phases *phases, uint64_t now) {
    if (phases->measured_at > 0 && phases->measured == 0) {
        phases->measured = now > phases->measured_at ? now - phases->measured_at : 1;
        tell(phases, LOAD_MEASURING_ENDED, now);
    }
}

// ---- from phase to phase ----------------------------------------------------------------------

static void enter(struct load_phases *phases, enum load_phase phase, uint64_t now) {
    ASSERT(phase > phases->phase || phase == LOAD_PHASE_OPEN);
    phases->phase = phase;
    phases->since = now;
    switch (phase) {
    case LOAD_PHASE_OPEN_IDLE:
    case LOAD_PHASE_RETRIEVE:
        phases->target = all_connections(phases);
        break;
    case LOAD_PHASE_MEASURE:
        begin_measuring(phases, now);
        break;
    case LOAD_PHASE_RETAIN:
    case LOAD_PHASE_WARM_UP:
        phases->publishing_at = phases->publishing_at > 0 ? phases->publishing_at : now;
        break;
    case LOAD_PHASE_DRAIN:
        if (phases->options->messages == 0) {
            end_measuring(phases, now);
        }
        break;
    case LOAD_PHASE_OPEN:
    case LOAD_PHASE_SETTLE:
    case LOAD_PHASE_SETTLE_IDLE:
    case LOAD_PHASE_HOLD:
    case LOAD_PHASE_SETTLE_RETAINED:
    case LOAD_PHASE_END:
    case LOAD_PHASE_OVER:
        break;
    }
    tell(phases, LOAD_ENTERED, now);
}

void load_phases_start(struct load_phases *phases, uint64_t now) {
    phases->started_at = phases->moved_at = now;
    enter(phases, LOAD_PHASE_OPEN, now);
}

void load_phases_fail(struct load_phases *phases, uint64_t now) {
    if (phases->phase < LOAD_PHASE_DRAIN) {
        bool has_sent = phases->phase == LOAD_PHASE_WARM_UP || phases->measured_at > 0;
        enter(phases, has_sent ? LOAD_PHASE_DRAIN : LOAD_PHASE_END, now);
    }
}

void load_phases_interrupt(struct load_phases *phases, uint64_t now) {
    bool waits = !phases->is_interrupted && phases->measured_at > 0;
    phases->is_interrupted = true;
    if (phases->timeout > INTERRUPTED_TIMEOUT) {
        phases->timeout = INTERRUPTED_TIMEOUT;
    }
    if (phases->phase >= LOAD_PHASE_END) {
        return;
    }
    end_measuring(phases, now);
    if (!waits) {
        enter(phases, LOAD_PHASE_END, now);
    } else if (phases->phase < LOAD_PHASE_DRAIN) {
        enter(phases, LOAD_PHASE_DRAIN, now);
    }
}

void load_phases_subscribe(struct load_phases *phases, uint64_t now) {
    if (phases->phase == LOAD_PHASE_RETRIEVE) {
        phases->since = now;
    }
}

// ---- the end of each --------------------------------------------------------------------------

static bool is_acknowledged(const struct load_phases *phases) {
    return phases->port->is_acknowledged(phases->port->context);
}

static bool is_drained(const struct load_phases *phases, const struct load_facts *facts,
                       uint64_t now) {
    uint64_t last = phases->moved_at > phases->since ? phases->moved_at : phases->since;
    uint64_t silence = now > last ? now - last : 0;
    bool has_all = facts->outstanding == 0 && is_acknowledged(phases);
    return facts->alive == 0 || silence > (has_all ? LINGERING : phases->timeout);
}

static bool is_all_sent(const struct load_phases *phases, const struct load_facts *facts) {
    const struct load_phases_options *options = phases->options;
    uint64_t all = options->retained > 0 ? options->retained : options->messages;
    return all > 0 && facts->sent >= all;
}

static void end_opening(struct load_phases *phases, uint64_t now) {
    const struct load_phases_options *options = phases->options;
    phases->opening = now - phases->started_at;
    if (phases->phase == LOAD_PHASE_OPEN_IDLE) {
        enter(phases, LOAD_PHASE_SETTLE_IDLE, now);
    } else {
        bool fills = options->retained > 0 || options->idle > 0;
        enter(phases, fills ? LOAD_PHASE_SETTLE : LOAD_PHASE_WARM_UP, now);
    }
}

static void end_settling(struct load_phases *phases, uint64_t now) {
    const struct load_phases_options *options = phases->options;
    tell(phases, LOAD_SETTLED, now);
    if (phases->phase == LOAD_PHASE_SETTLE) {
        enter(phases, options->retained > 0 ? LOAD_PHASE_RETAIN : LOAD_PHASE_OPEN_IDLE, now);
    } else if (phases->phase == LOAD_PHASE_SETTLE_IDLE) {
        enter(phases, options->publishers > 0 ? LOAD_PHASE_WARM_UP : LOAD_PHASE_HOLD, now);
    } else {
        enter(phases, LOAD_PHASE_RETRIEVE, now);
    }
}

static void look_at_retrieving(struct load_phases *phases, const struct load_facts *facts,
                               uint64_t now) {
    if (facts->outstanding == 0) {
        phases->retrieving = facts->last_at - phases->since;
        enter(phases, LOAD_PHASE_DRAIN, now);
    } else if (is_drained(phases, facts, now)) {
        enter(phases, LOAD_PHASE_END, now);
    }
}

static void look_at_draining(struct load_phases *phases, const struct load_facts *facts,
                             uint64_t now) {
    if (is_drained(phases, facts, now)) {
        end_measuring(phases, facts->last_at > 0 ? facts->last_at : now);
        enter(phases, LOAD_PHASE_END, now);
    }
}

static void look(struct load_phases *phases, const struct load_facts *facts, uint64_t now) {
    const struct load_phases_options *options = phases->options;
    uint64_t passed = now > phases->since ? now - phases->since : 0;
    switch (phases->phase) {
    case LOAD_PHASE_OPEN:
    case LOAD_PHASE_OPEN_IDLE:
        if (facts->ready == phases->target) {
            end_opening(phases, now);
        }
        break;
    case LOAD_PHASE_SETTLE:
    case LOAD_PHASE_SETTLE_IDLE:
    case LOAD_PHASE_SETTLE_RETAINED:
        if (passed > SETTLING) {
            end_settling(phases, now);
        }
        break;
    case LOAD_PHASE_HOLD:
        if (passed >= options->duration) {
            enter(phases, LOAD_PHASE_END, now);
        }
        break;
    case LOAD_PHASE_RETAIN:
        if (is_all_sent(phases, facts) && is_acknowledged(phases)) {
            enter(phases, LOAD_PHASE_SETTLE_RETAINED, now);
        }
        break;
    case LOAD_PHASE_RETRIEVE:
        look_at_retrieving(phases, facts, now);
        break;
    case LOAD_PHASE_WARM_UP:
        if (passed >= options->warm_up) {
            enter(phases, LOAD_PHASE_MEASURE, now);
        }
        break;
    case LOAD_PHASE_MEASURE:
        if (is_all_sent(phases, facts) || (options->messages == 0 && passed >= options->duration)) {
            enter(phases, LOAD_PHASE_DRAIN, now);
        }
        break;
    case LOAD_PHASE_DRAIN:
        look_at_draining(phases, facts, now);
        break;
    case LOAD_PHASE_END:
        // The broker closes first: it has then read all that it was told.
        if (facts->alive == 0 || passed > FAREWELL) {
            enter(phases, LOAD_PHASE_OVER, now);
        }
        break;
    case LOAD_PHASE_OVER:
        break;
    }
}

// Whether it is the broker's turn: without that, silence means nothing.
static bool is_broker_awaited(const struct load_phases *phases, const struct load_facts *facts) {
    bool fills = phases->phase == LOAD_PHASE_RETAIN || phases->phase == LOAD_PHASE_SETTLE_RETAINED;
    return facts->begun > facts->ready || phases->port->is_held_up(phases->port->context) ||
           !is_acknowledged(phases) || (!fills && facts->outstanding > 0);
}

// Waiting in vain ends too: what does not come is reported as lost.
static void watch_progress(struct load_phases *phases, const struct load_facts *facts,
                           uint64_t now) {
    uint64_t progress =
        facts->begun + facts->ready + facts->sent + facts->delivered + facts->acknowledged;
    if (progress != phases->progress) {
        phases->progress = progress;
        phases->moved_at = now;
    } else if (phases->phase < LOAD_PHASE_DRAIN && now > phases->moved_at &&
               now - phases->moved_at > phases->timeout) {
        if (!is_broker_awaited(phases, facts)) {
            phases->moved_at = now;
            return;
        }
        tell(phases, LOAD_SILENT, now);
        enter(phases, phases->measured_at > 0 ? LOAD_PHASE_DRAIN : LOAD_PHASE_END, now);
    }
}

void load_phases_tick(struct load_phases *phases, const struct load_facts *facts, uint64_t now) {
    bool is_ending = phases->phase >= LOAD_PHASE_END;
    look(phases, facts, now);
    if (!is_ending) {
        watch_progress(phases, facts, now);
    }
}

// ---- what the driver may do -------------------------------------------------------------------

bool load_phases_is_opening(const struct load_phases *phases) {
    return phases->phase == LOAD_PHASE_OPEN || phases->phase == LOAD_PHASE_OPEN_IDLE;
}

bool load_phases_is_publishing(const struct load_phases *phases) {
    return phases->phase == LOAD_PHASE_WARM_UP || phases->phase == LOAD_PHASE_MEASURE ||
           phases->phase == LOAD_PHASE_RETAIN;
}

static double seconds_since(uint64_t then, uint64_t now) {
    return now > then ? (double)(now - then) / (double)SECOND : 0;
}

bool load_phases_may_open(const struct load_phases *phases, const struct load_facts *facts,
                          uint64_t now) {
    uint64_t rate = phases->options->connect_rate;
    double due = seconds_since(phases->started_at, now) * (double)rate + 1;
    return phases->phase < LOAD_PHASE_END && facts->begun < phases->target &&
           facts->begun - facts->ready < OPENING_MAX && (rate == 0 || (double)facts->begun < due);
}

uint64_t load_phases_due(const struct load_phases *phases, uint64_t now) {
    if (phases->publishing_at == 0) {
        return 0;
    }
    return (uint64_t)(seconds_since(phases->publishing_at, now) * (double)phases->options->rate);
}
