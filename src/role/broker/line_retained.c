#include "role/broker/line_retained.h"

#include "base/assert.h"

#define LOOKS_A_PART 500 // of one visit, before the next device's,
#define SENDS_A_PART 50
#define PART_COSTS 16 // to find its place again, in looks

struct line_visit {
    struct line_visit *next;
    struct topic_values_cursor cursor;
    uint32_t filter_bytes;
    uint8_t filter[];
};

static struct bytes filter_of(const struct line_visit *visit) {
    return bytes_make(visit->filter, visit->filter_bytes);
}

size_t line_retained_cost(struct bytes filter) {
    return sizeof(struct line_visit) + filter.size + MEMORY_BLOCK_COST +
           2 * sizeof(struct line_visitor);
}

static struct deadline_links links(const struct line_retained *retained) {
    return (struct deadline_links){&retained->visitors->link, sizeof *retained->visitors};
}

void line_retained_init(struct line_retained *retained, struct memory *memory,
                        const struct topic_values *values, uint64_t seed) {
    *retained = (struct line_retained){.memory = memory, .values = values, .free = DEADLINE_NONE};
    map_init(&retained->places, memory, seed);
    deadline_init(&retained->ring);
}

// ---- visitors ---------------------------------------------------------------------------------

static struct line_visitor *find(const struct line_retained *retained, uint32_t peer) {
    uint32_t place = map_get(&retained->places, peer);
    return place == MAP_NONE ? NULL : &retained->visitors[place];
}

static uint32_t take_place(struct line_retained *retained) {
    uint32_t place = retained->free;
    if (place != DEADLINE_NONE) {
        ASSERT(retained->visitors != NULL && place < retained->used);
        retained->free = retained->visitors[place].link.earlier;
        return place;
    }
    retained->visitors = memory_grow(retained->memory, retained->visitors, &retained->capacity,
                                     retained->used + 1, sizeof *retained->visitors);
    return retained->used++;
}

static struct line_visitor *add_visitor(struct line_retained *retained, uint32_t peer) {
    uint32_t place = take_place(retained);
    retained->visitors[place] = (struct line_visitor){.peer = peer};
    map_put(&retained->places, peer, place);
    deadline_append(&retained->ring, links(retained), place);
    return &retained->visitors[place];
}

static void give_room_back(struct line_retained *retained) {
    memory_free(retained->memory, retained->visitors,
                retained->capacity * sizeof *retained->visitors);
    map_deinit(&retained->places);
    retained->visitors = NULL;
    retained->used = retained->capacity = 0;
    retained->free = DEADLINE_NONE;
}

static void remove_if_done(struct line_retained *retained, struct line_visitor *visitor) {
    if (visitor->first != NULL) {
        return;
    }
    uint32_t place = (uint32_t)(visitor - retained->visitors);
    deadline_remove(&retained->ring, links(retained), place);
    map_remove(&retained->places, visitor->peer);
    *visitor = (struct line_visitor){.link.earlier = retained->free};
    retained->free = place;
    if (retained->ring.first == DEADLINE_NONE) {
        give_room_back(retained);
    }
}

// ---- visits -----------------------------------------------------------------------------------

static void append_visit(struct line_visitor *visitor, struct line_visit *visit) {
    visit->next = NULL;
    if (visitor->first == NULL) {
        visitor->first = visit;
    } else {
        visitor->last->next = visit;
    }
    visitor->last = visit;
}

// Takes the visit behind `before` (NULL: the first one) out and frees it.
static void drop_visit(struct line_retained *retained, struct line_visitor *visitor,
                       struct line_visit *before) {
    struct line_visit **link = before == NULL ? &visitor->first : &before->next;
    struct line_visit *visit = *link;
    ASSERT(visit != NULL);
    *link = visit->next;
    visitor->last = visit->next == NULL ? before : visitor->last;
    topic_values_cursor_free(retained->values, &visit->cursor);
    memory_free(retained->memory, visit, sizeof *visit + visit->filter_bytes);
}

void line_retained_stop(struct line_retained *retained, uint32_t peer, struct bytes filter) {
    struct line_visitor *visitor = find(retained, peer);
    if (visitor == NULL) {
        return;
    }
    struct line_visit *before = NULL;
    struct line_visit *visit = visitor->first;
    while (visit != NULL && !bytes_equal(filter_of(visit), filter)) {
        before = visit;
        visit = visit->next;
    }
    if (visit != NULL) {
        drop_visit(retained, visitor, before);
        remove_if_done(retained, visitor);
    }
}

void line_retained_stop_all(struct line_retained *retained, uint32_t peer) {
    struct line_visitor *visitor = find(retained, peer);
    if (visitor != NULL) {
        while (visitor->first != NULL) {
            drop_visit(retained, visitor, NULL);
        }
        remove_if_done(retained, visitor);
    }
}

void line_retained_deinit(struct line_retained *retained) {
    while (retained->ring.first != DEADLINE_NONE) {
        ASSERT(retained->visitors != NULL);
        line_retained_stop_all(retained, retained->visitors[retained->ring.first].peer);
    }
    map_deinit(&retained->places);
}

void line_retained_start(struct line_retained *retained, uint32_t peer, struct bytes filter) {
    line_retained_stop(retained, peer, filter);
    if (retained->values->entries == 0) {
        return;
    }
    struct line_visit *visit =
        memory_resize(retained->memory, NULL, 0, sizeof *visit + filter.size);
    *visit = (struct line_visit){.filter_bytes = (uint32_t)filter.size};
    memcpy(visit->filter, filter.data, filter.size);
    struct line_visitor *visitor = find(retained, peer);
    append_visit(visitor != NULL ? visitor : add_visitor(retained, peer), visit);
}

// ---- parts ------------------------------------------------------------------------------------

bool line_retained_is_due(const struct line_retained *retained) {
    return retained->ring.first != DEADLINE_NONE;
}

struct part {
    line_retained_found *found;
    void *context;
    uint32_t peer;
    uint32_t sends; // left
};

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static bool send_value(void *context, const struct topic_value *value) {
    struct part *part = context;
    part->sends -= least(part->sends, part->found(part->context, part->peer, value));
    return part->sends > 0;
}

// Makes a part of the first device's first visit; then others have their turn. Takes what it took
// off both.
static void make_part(struct line_retained *retained, struct part *part, uint32_t *looks,
                      uint32_t *sends) {
    uint32_t place = retained->ring.first;
    ASSERT(retained->visitors != NULL); // it is due, so there is one
    struct line_visitor *visitor = &retained->visitors[place];
    struct line_visit *visit = visitor->first;
    uint32_t steps = least(*looks, LOOKS_A_PART);
    uint32_t given = steps;
    uint32_t sends_given = part->sends = least(*sends, SENDS_A_PART);
    part->peer = visitor->peer;
    const struct topic_values_visitor what = {send_value, part};
    enum topic_values_pause pause =
        topic_values_go_on(retained->values, filter_of(visit), &visit->cursor, &steps, &what);
    *looks -= least(*looks, given - steps + PART_COSTS);
    *sends -= sends_given - part->sends;
    deadline_remove(&retained->ring, links(retained), place);
    deadline_append(&retained->ring, links(retained), place);
    if (pause == TOPIC_VALUES_ALL_FOUND) {
        drop_visit(retained, visitor, NULL);
        remove_if_done(retained, visitor);
    } else if (visit->next != NULL) {
        visitor->first = visit->next;
        append_visit(visitor, visit);
    }
}

void line_retained_go_on(struct line_retained *retained, line_retained_found *found,
                         void *context) {
    uint32_t looks = LINE_RETAINED_LOOKS;
    uint32_t sends = LINE_RETAINED_SENDS;
    struct part part = {.found = found, .context = context};
    while (line_retained_is_due(retained) && looks > 0 && sends > 0) {
        make_part(retained, &part, &looks, &sends);
    }
}

// ---- what has to hold -------------------------------------------------------------------------

void line_retained_check(const struct line_retained *retained) {
    uint32_t visitors = 0;
    for (uint32_t i = 0; i < retained->used; i++) {
        const struct line_visitor *visitor = &retained->visitors[i];
        if (visitor->first != NULL) {
            ASSERT(visitor->last != NULL && visitor->last->next == NULL);
            ASSERT(map_get(&retained->places, visitor->peer) == i);
            visitors++;
        }
    }
    ASSERT(visitors == retained->places.count);              // a visitor with nothing left has gone
    ASSERT((retained->visitors == NULL) == (visitors == 0)); // the room goes with the last one
    if (visitors > 0) {
        ASSERT(deadline_check(&retained->ring, links(retained)) == visitors);
    }
}
