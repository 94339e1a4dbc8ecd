#include "role/proxy/toxic.h"

#include "base/assert.h"
#include "fault/random.h"

#define US_NS UINT64_C(1000)
#define MS_NS UINT64_C(1000000)
#define SECOND_NS UINT64_C(1000000000)
#define KILOBYTE 1000u
#define TOXIC_RULE UINT32_C(0x80000000) // in random numbers: apart from rules
#define PIECES_A_SECOND 50u             // of a bandwidth, at least
#define NEVER UINT64_MAX

static const struct proxy_toxic_row rows[PROXY_TOXIC_TYPES] = {
    [PROXY_LATENCY] = {"latency", {"latency", "jitter"}},
    [PROXY_BANDWIDTH] = {"bandwidth", {"rate"}},
    [PROXY_SLOW_CLOSE] = {"slow_close", {"delay"}},
    [PROXY_TIMEOUT] = {"timeout", {"timeout"}},
    [PROXY_RESET_PEER] = {"reset_peer", {"timeout"}},
    [PROXY_SLICER] = {"slicer", {"average_size", "size_variation", "delay"}},
    [PROXY_LIMIT_DATA] = {"limit_data", {"bytes"}},
};

const struct proxy_toxic_row *proxy_toxic_row(enum proxy_toxic_type type) {
    ASSERT(type < PROXY_TOXIC_TYPES && rows[type].name != NULL);
    return &rows[type];
}

// ---- a proxy's ----------------------------------------------------------------------------------

struct proxy_toxic *proxy_toxics_find(struct proxy_toxics *toxics, struct bytes name) {
    for (uint32_t i = 0; i < toxics->count; i++) {
        if (bytes_equal(bytes_of_text(toxics->items[i].name), name)) {
            return &toxics->items[i];
        }
    }
    return NULL;
}

struct proxy_toxic *proxy_toxics_add(struct proxy_toxics *toxics, const struct proxy_toxic *toxic) {
    if (toxics->count == PROXY_TOXICS_MAX) {
        return NULL;
    }
    struct proxy_toxic *added = &toxics->items[toxics->count++];
    *added = *toxic;
    added->number = ++toxics->last_number;
    return added;
}

bool proxy_toxics_remove(struct proxy_toxics *toxics, struct bytes name) {
    struct proxy_toxic *toxic = proxy_toxics_find(toxics, name);
    if (toxic == NULL) {
        return false;
    }
    size_t index = (size_t)(toxic - toxics->items);
    toxics->count--;
    memmove(toxic, toxic + 1, (toxics->count - index) * sizeof *toxic);
    return true;
}

// ---- a connection's
// -------------------------------------------------------------------------------

static struct fault_random random_of(const struct proxy_toxins *toxins,
                                     const struct proxy_toxic *toxic, uint64_t draw) {
    return fault_random_at(&(struct fault_coordinates){.seed = toxins->seed,
                                                       .client = toxins->connection,
                                                       .packet = draw,
                                                       .rule = TOXIC_RULE | toxic->number,
                                                       .direction = toxic->way});
}

// NULL: the connection has not drawn for it yet.
static struct proxy_toxin *toxin_of(const struct proxy_toxins *toxins,
                                    const struct proxy_toxic *toxic) {
    for (unsigned i = 0; i < PROXY_TOXICS_MAX; i++) {
        if (toxins->items[i].number == toxic->number) {
            return (struct proxy_toxin *)&toxins->items[i];
        }
    }
    return NULL;
}

static bool is_in_use(const struct proxy_toxics *toxics, uint32_t number) {
    for (uint32_t i = 0; i < toxics->count; i++) {
        if (toxics->items[i].number == number) {
            return true;
        }
    }
    return false;
}

static struct proxy_toxin *free_toxin(struct proxy_toxins *toxins,
                                      const struct proxy_toxics *toxics) {
    unsigned i = 0;
    while (is_in_use(toxics, toxins->items[i].number)) {
        i++;
        ASSERT(i < PROXY_TOXICS_MAX); // for there are as many places as toxics
    }
    return &toxins->items[i];
}

void proxy_toxins_renew(struct proxy_toxins *toxins, const struct proxy_toxics *toxics,
                        uint64_t now) {
    for (uint32_t i = 0; i < toxics->count; i++) {
        const struct proxy_toxic *toxic = &toxics->items[i];
        if (toxin_of(toxins, toxic) == NULL) {
            struct fault_random random = random_of(toxins, toxic, 0);
            *free_toxin(toxins, toxics) =
                (struct proxy_toxin){.number = toxic->number,
                                     .holds = fault_random_share(&random, toxic->toxicity),
                                     .since = now};
        }
    }
}

// The first toxic from `index` on that holds in this direction; NULL: none.
static const struct proxy_toxic *next_toxic(const struct proxy_toxins *toxins,
                                            const struct proxy_toxics *toxics,
                                            enum fault_direction way, uint32_t *index) {
    for (; *index < toxics->count; ++*index) {
        const struct proxy_toxic *toxic = &toxics->items[*index];
        const struct proxy_toxin *toxin = toxin_of(toxins, toxic);
        if (toxic->way == way && toxin != NULL && toxin->holds) {
            return toxic;
        }
    }
    return NULL;
}

// ---- bytes on their way
// ---------------------------------------------------------------------------

struct course {
    struct proxy_toxins *toxins;
    const struct proxy_toxics *toxics;
    enum fault_direction way;
    struct proxy_lane *lane;
};

static void go_on(const struct course *course, const struct proxy_part *part, uint32_t index);

static uint64_t later(uint64_t time, uint64_t span) {
    return span > NEVER - time ? NEVER : time + span;
}

// Cuts the first `size` bytes off the front of the rest.
static struct proxy_part cut_off(struct proxy_part *rest, size_t size) {
    struct proxy_part front = *rest;
    front.bytes.size = size;
    rest->bytes = bytes_make(rest->bytes.data + size, rest->bytes.size - size);
    rest->offset += size;
    rest->is_held = false;
    return front;
}

static void delay(const struct course *course, const struct proxy_toxic *toxic,
                  const struct proxy_part *part, uint32_t index) {
    struct fault_random random =
        random_of(course->toxins, toxic, ++toxin_of(course->toxins, toxic)->draws);
    uint64_t latency = toxic->attributes[0] * MS_NS;
    uint64_t jitter = toxic->attributes[1] * MS_NS;
    uint64_t most = later(latency, jitter);
    uint64_t least = latency > jitter ? latency - jitter : 0;
    struct proxy_part late = *part;
    late.due = later(part->due > part->now ? part->due : part->now,
                     least + fault_random_below(&random, most - least + 1));
    go_on(course, &late, index + 1);
}

static void pace(const struct course *course, const struct proxy_toxic *toxic,
                 const struct proxy_part *part, uint32_t index) {
    struct proxy_toxin *toxin = toxin_of(course->toxins, toxic);
    uint64_t rate = toxic->attributes[0] * KILOBYTE;
    if (rate == 0) {
        return; // as Toxiproxy: nothing passes
    }
    struct proxy_part rest = *part;
    size_t most = (size_t)(rate / PIECES_A_SECOND) + 1;
    while (rest.bytes.size > 0) {
        struct proxy_part front = cut_off(&rest, rest.bytes.size < most ? rest.bytes.size : most);
        uint64_t begin = front.due > front.now ? front.due : front.now;
        begin = begin > toxin->busy_until ? begin : toxin->busy_until;
        toxin->busy_until = later(begin, front.bytes.size * SECOND_NS / rate);
        front.due = toxin->busy_until;
        go_on(course, &front, index + 1);
    }
}

static void slice(const struct course *course, const struct proxy_toxic *toxic,
                  const struct proxy_part *part, uint32_t index) {
    struct proxy_toxin *toxin = toxin_of(course->toxins, toxic);
    uint64_t average = toxic->attributes[0] > 0 ? toxic->attributes[0] : 1;
    uint64_t variation = toxic->attributes[1] < average ? toxic->attributes[1] : average - 1;
    uint64_t due = part->due > part->now ? part->due : part->now;
    struct proxy_part rest = *part;
    while (rest.bytes.size > 0) {
        struct fault_random random = random_of(course->toxins, toxic, ++toxin->draws);
        uint64_t size = average - variation + fault_random_below(&random, 2 * variation + 1);
        size = size < rest.bytes.size ? size : rest.bytes.size;
        struct proxy_part front = cut_off(&rest, (size_t)size);
        front.due = due;
        go_on(course, &front, index + 1);
        due = later(due, toxic->attributes[2] * US_NS);
    }
}

static void limit(const struct course *course, const struct proxy_toxic *toxic,
                  const struct proxy_part *part, uint32_t index) {
    struct proxy_toxin *toxin = toxin_of(course->toxins, toxic);
    uint64_t left = toxic->attributes[0] -
                    (toxin->passed < toxic->attributes[0] ? toxin->passed : toxic->attributes[0]);
    struct proxy_part rest = *part;
    size_t size = rest.bytes.size < left ? rest.bytes.size : (size_t)left;
    toxin->passed += size;
    if (size > 0) {
        struct proxy_part front = cut_off(&rest, size);
        go_on(course, &front, index + 1);
    }
    if (left == size) {
        proxy_lane_mark(course->lane, PROXY_CUT, part->due, part->now);
    }
}

static void reset(const struct course *course, const struct proxy_toxic *toxic,
                  const struct proxy_part *part) {
    uint64_t at = later(part->now, toxic->attributes[0] * MS_NS);
    if (at < course->toxins->resets_at) {
        course->toxins->resets_at = at;
    }
}

static void go_on(const struct course *course, const struct proxy_part *part, uint32_t index) {
    const struct proxy_toxic *toxic =
        next_toxic(course->toxins, course->toxics, course->way, &index);
    if (toxic == NULL) {
        proxy_lane_put(course->lane, part);
        return;
    }
    switch (toxic->type) {
    case PROXY_LATENCY:
        delay(course, toxic, part, index);
        return;
    case PROXY_BANDWIDTH:
        pace(course, toxic, part, index);
        return;
    case PROXY_SLICER:
        slice(course, toxic, part, index);
        return;
    case PROXY_LIMIT_DATA:
        limit(course, toxic, part, index);
        return;
    case PROXY_RESET_PEER:
        reset(course, toxic, part);
        return;
    case PROXY_TIMEOUT:
        return; // no byte passes
    case PROXY_SLOW_CLOSE:
        go_on(course, part, index + 1);
        return;
    case PROXY_TOXIC_TYPES:
        break;
    }
}

void proxy_toxins_put(struct proxy_toxins *toxins, const struct proxy_toxics *toxics,
                      enum fault_direction way, struct proxy_lane *lane,
                      const struct proxy_part *part) {
    go_on(&(struct course){toxins, toxics, way, lane}, part, 0);
}

uint64_t proxy_toxins_end_delay(const struct proxy_toxins *toxins,
                                const struct proxy_toxics *toxics, enum fault_direction way) {
    uint64_t span = 0;
    const struct proxy_toxic *toxic;
    for (uint32_t i = 0; (toxic = next_toxic(toxins, toxics, way, &i)) != NULL; i++) {
        if (toxic->type == PROXY_SLOW_CLOSE) {
            span = later(span, toxic->attributes[0] * MS_NS);
        }
    }
    return span;
}

uint64_t proxy_toxins_due(const struct proxy_toxins *toxins, const struct proxy_toxics *toxics) {
    uint64_t due = NEVER;
    for (uint32_t i = 0; i < toxics->count; i++) {
        const struct proxy_toxic *toxic = &toxics->items[i];
        const struct proxy_toxin *toxin = toxin_of(toxins, toxic);
        if (toxic->type == PROXY_TIMEOUT && toxic->attributes[0] > 0 && toxin != NULL &&
            toxin->holds) {
            uint64_t end = later(toxin->since, toxic->attributes[0] * MS_NS);
            due = end < due ? end : due;
        }
    }
    return due;
}
