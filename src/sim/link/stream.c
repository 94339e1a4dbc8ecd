#include "sim/link/stream.h"

#include "base/apart.h"
#include "base/assert.h"

#define SECOND_NS UINT64_C(1000000000)
#define WHY_LATE "lost on the link, and sent again"
#define WHY_WAITS "no way leads there"

// ---- names --------------------------------------------------------------------------------------

static uint32_t place_of(uint64_t name) {
    return (uint32_t)(name & UINT32_MAX);
}

static uint32_t take_place(struct sim_island *island) {
    struct sim_stream_table *table = &island->streams;
    if (table->free_count > 0) {
        return table->free[--table->free_count];
    }
    table->items = memory_grow(&island->memory, table->items, &table->capacity, table->count + 1,
                               sizeof *table->items);
    table->lives = memory_grow(&island->memory, table->lives, &table->lives_capacity,
                               table->count + 1, sizeof *table->lives);
    table->lives[table->count] = 0;
    return table->count++;
}

static void free_place(struct sim_island *island, uint32_t place) {
    struct sim_stream_table *table = &island->streams;
    table->items[place] = NULL;
    table->free = memory_grow(&island->memory, table->free, &table->free_capacity,
                              table->free_count + 1, sizeof *table->free);
    table->free[table->free_count++] = place;
}

struct sim_stream *sim_stream_named(struct sim_island *island, uint64_t argument) {
    uint64_t name = argument >> 1;
    struct sim_stream *stream = island->streams.items[place_of(name)];
    return stream != NULL && stream->name == name ? stream : NULL;
}

// ---- a piece on its way -------------------------------------------------------------------------

struct sim_sending {
    struct bytes bytes;
    enum sim_mark mark;
    uint64_t leaves;
};

// What the links on a way add up to, as seen by who sends from `side`.
struct course {
    uint64_t delay_ns;
    uint64_t jitter_ns;
    uint64_t rate;    // bits a second; 0: no limit
    uint64_t forgets; // the first NAT to do so; 0: none
    const struct fault_loss *loss;
};

// The smaller one of those that are not 0.
static uint64_t slower(uint64_t a, uint64_t b) {
    return a == 0 || (b != 0 && b < a) ? b : a;
}

static bool is_lossless(const struct fault_loss *loss) {
    return loss == NULL || (loss->to_bad == 0 && loss->good == 0);
}

// `goes_up`: into the link, away from whose it is.
static void add_link(struct course *course, const struct plan_link *link, bool goes_up) {
    if (link == NULL) {
        return;
    }
    course->delay_ns += link->delay_ns;
    course->jitter_ns += link->jitter_ns;
    course->rate = slower(course->rate, goes_up ? link->up : link->down);
    course->forgets = slower(course->forgets, link->forgets_ns);
    if (is_lossless(course->loss)) {
        course->loss = &link->loss;
    }
}

static const struct sim_place *place_at(const struct sim_stream *stream, enum sim_side side) {
    return &stream->node[side]->place;
}

static void add_uplinks(struct course *course, const struct sim_paths *paths,
                        const struct sim_place *from, const struct sim_place *to) {
    const struct sim_place *leaves_by = sim_paths_gateway(paths, from, to);
    const struct sim_place *comes_by = sim_paths_gateway(paths, to, from);
    add_link(course, leaves_by == NULL ? NULL : sim_paths_link(paths, leaves_by), true);
    add_link(course, comes_by == NULL ? NULL : sim_paths_link(paths, comes_by), false);
}

// Mostly there is one link on the way: the client's.
static struct course course_by(const struct plan_link *link, bool goes_up) {
    return (struct course){.delay_ns = link->delay_ns,
                           .jitter_ns = link->jitter_ns,
                           .rate = goes_up ? link->up : link->down,
                           .forgets = link->forgets_ns,
                           .loss = &link->loss};
}

static struct course course_of(const struct sim_stream *stream, enum sim_side side) {
    const struct sim_paths *paths = &stream->island->paths;
    const struct sim_place *from = place_at(stream, side);
    const struct sim_place *to = place_at(stream, sim_side_other(side));
    struct course course = {0};
    if (sim_place_is_beside(from, to)) {
        return course;
    }
    const struct plan_link *first = sim_paths_link(paths, from);
    const struct plan_link *second = sim_paths_link(paths, to);
    bool has_uplinks = from->network != to->network;
    if (!has_uplinks && (first == NULL) != (second == NULL)) {
        return course_by(first != NULL ? first : second, first != NULL);
    }
    add_link(&course, first, true);
    add_link(&course, second, false);
    if (has_uplinks) {
        add_uplinks(&course, paths, from, to);
    }
    return course;
}

static uint64_t draw(const struct sim_stream *stream, enum sim_side side, bool is_loss,
                     uint32_t number) {
    enum sim_purpose purpose = side == SIM_CLIENT_END
                                   ? (is_loss ? SIM_FOR_LOSS_UP : SIM_FOR_JITTER_UP)
                                   : (is_loss ? SIM_FOR_LOSS_DOWN : SIM_FOR_JITTER_DOWN);
    return sim_random(stream->random, purpose, number);
}

// The model of Gilbert and Elliott, as in fault/set.c.
static bool is_lost(struct sim_trouble *trouble, const struct fault_loss *loss, uint64_t random) {
    uint64_t other = hash_number(random, 1);
    bool lost = sim_random_share(random, trouble->is_bad ? loss->bad : loss->good);
    trouble->is_bad ^= sim_random_share(other, trouble->is_bad ? loss->to_good : loss->to_bad);
    return lost;
}

// A retransmission timer is longer than a burst of losses lasts: by then the link is as it is on
// average.
static bool is_bad_by_now(const struct fault_loss *loss, uint64_t random) {
    uint64_t turns = (uint64_t)loss->to_bad + loss->to_good;
    return turns > 0 && sim_random_below(random, turns) < loss->to_bad;
}

// How much later a segment arrives for being lost, once or again and again. `is_fast`: others are
// close behind it, whose acknowledgements tell of the first loss.
static uint64_t loss_delay(struct sim_stream *stream, enum sim_side side,
                           const struct course *course, bool is_fast) {
    const struct sim_way *way = &stream->way[side];
    uint64_t timer = fault_timer_first(course->delay_ns, course->jitter_ns);
    uint64_t late = 0;
    uint64_t random = draw(stream, side, true, way->segments);
    while (is_lost(way->trouble, course->loss, random)) {
        late += is_fast ? 2 * course->delay_ns : timer;
        random = hash_number(random, 2);
        if (!is_fast) {
            timer = fault_timer_next(timer);
            way->trouble->is_bad = is_bad_by_now(course->loss, random);
            random = hash_number(random, 3);
        }
        is_fast = false;
        stream->island->counts.segments_lost++;
        if (late >= FAULT_GIVE_UP_NS) {
            return SIM_NEVER;
        }
    }
    return late;
}

static struct sim_trouble *trouble_of(struct sim_stream *stream, enum sim_side side) {
    struct sim_way *way = &stream->way[side];
    if (way->trouble == NULL) {
        way->trouble = memory_allocate(&stream->island->memory, sizeof *way->trouble);
    }
    return way->trouble;
}

static uint64_t timer_of(const struct sim_way *way) {
    return way->trouble == NULL ? 0 : way->trouble->timer;
}

// A segment leaves by a link that may lose it. Whether those before it left so lately that as many
// are likely to follow within a round trip.
static bool is_close(struct sim_trouble *trouble, const struct course *course, uint64_t leaves) {
    uint64_t *left = &trouble->left[++trouble->noted % SIM_DUPLICATES];
    bool is = trouble->noted > SIM_DUPLICATES && leaves - *left <= 2 * course->delay_ns;
    *left = leaves;
    return is;
}

// How late the slowest of the segments is for being lost; SIM_NEVER: the sender gives up.
static uint64_t losses_delay(struct sim_stream *stream, enum sim_side side,
                             const struct course *course, uint32_t segments, uint64_t leaves) {
    uint64_t late = 0;
    for (uint32_t i = 0; i < segments; i++) {
        stream->way[side].segments++;
        bool is_fast =
            is_close(trouble_of(stream, side), course, leaves) || i + SIM_DUPLICATES < segments;
        uint64_t this = loss_delay(stream, side, course, is_fast);
        late = this > late ? this : late;
    }
    return late;
}

static bool may_lose(const struct sim_way *way, const struct course *course) {
    bool is_bad = way->trouble != NULL && way->trouble->is_bad;
    return course->loss != NULL && (is_bad || !is_lossless(course->loss));
}

// When a piece that leaves at `leaves` arrives; SIM_NEVER: its sender gives up. So much *late, for
// what was lost on the way.
static uint64_t travel(struct sim_stream *stream, enum sim_side side, const struct sim_piece *piece,
                       uint64_t leaves, uint64_t *late) {
    struct sim_way *way = &stream->way[side];
    struct course course = course_of(stream, side);
    if (course.forgets > 0 && stream->island->now - stream->heard > course.forgets) {
        return SIM_NEVER; // from now on nothing gets through, so nothing is heard any more
    }
    uint64_t busy_until = way->trouble == NULL ? 0 : way->trouble->busy_until;
    uint64_t begin = leaves > busy_until ? leaves : busy_until;
    if (course.rate > 0) {
        begin += (uint64_t)(piece->size + 40) * 8 * SECOND_NS / course.rate;
        trouble_of(stream, side)->busy_until = begin;
    }
    uint32_t segments =
        piece->size <= SIM_SEGMENT ? 1 : (piece->size + SIM_SEGMENT - 1) / SIM_SEGMENT;
    if (!may_lose(way, &course)) {
        way->segments += segments;
    } else {
        *late = losses_delay(stream, side, &course, segments, begin);
    }
    if (*late == SIM_NEVER) {
        return SIM_NEVER;
    }
    uint64_t random = course.jitter_ns == 0 ? 0 : draw(stream, side, false, way->segments);
    uint64_t due = begin + *late + sim_random_around(random, course.delay_ns, course.jitter_ns);
    return due > way->last_due ? due : way->last_due + 1;
}

static void post_retry(struct sim_stream *stream, enum sim_side side) {
    sim_node_post(stream->node[side],
                  &(struct sim_event){.time = stream->island->now + timer_of(&stream->way[side]),
                                      .node = stream->node[side]->number,
                                      .kind = SIM_RETRY,
                                      .argument = sim_stream_argument(stream, side)});
}

static void stall(struct sim_stream *stream, enum sim_side side, uint64_t timer) {
    struct sim_trouble *trouble = trouble_of(stream, side);
    if (trouble->timer == 0) {
        trouble->stalled_since = stream->island->now;
        trouble->timer = timer;
        post_retry(stream, side);
    }
}

static uint64_t first_timer(const struct sim_stream *stream, enum sim_side side) {
    struct course course = course_of(stream, side);
    return fault_timer_first(course.delay_ns, course.jitter_ns);
}

static bool leads(const struct sim_stream *stream, enum sim_side side) {
    return sim_paths_lead(&stream->island->paths, place_at(stream, side),
                          place_at(stream, sim_side_other(side)));
}

// The piece leaves, or waits for the timer with all behind it. Returns how late it arrives for what
// was lost; SIM_NEVER: it waits.
static uint64_t depart(struct sim_stream *stream, enum sim_side side, struct sim_piece *piece,
                       uint64_t leaves) {
    struct sim_way *way = &stream->way[side];
    enum sim_side other = sim_side_other(side);
    uint64_t late = 0;
    piece->due = SIM_NEVER;
    if (timer_of(way) > 0) {
        return SIM_NEVER;
    }
    if (!leads(stream, side)) {
        stall(stream, side, first_timer(stream, side));
        return SIM_NEVER;
    }
    piece->due = travel(stream, side, piece, leaves, &late);
    if (piece->due == SIM_NEVER) {
        stall(stream, side, FAULT_GIVE_UP_NS);
        return SIM_NEVER;
    }
    way->last_due = piece->due;
    sim_node_post(stream->node[side],
                  &(struct sim_event){.time = piece->due,
                                      .node = stream->node[other]->number,
                                      .kind = SIM_ARRIVAL,
                                      .argument = sim_stream_argument(stream, other)});
    return late;
}

static void put_last(struct sim_way *way, struct sim_piece *piece) {
    piece->next = piece;
    if (way->last != NULL) {
        piece->next = way->last->next;
        way->last->next = piece;
    }
    way->last = piece;
}

// Takes the oldest piece of a way that has one out.
static struct sim_piece *take_first(struct sim_way *way) {
    ASSERT(way->last != NULL);
    struct sim_piece *first = way->last->next;
    ASSERT(way->bytes >= first->size);
    way->last->next = first->next;
    if (way->last == first) {
        way->last = NULL;
    }
    way->bytes -= first->size;
    return first;
}

static void free_piece(struct sim_stream *stream, struct sim_piece *piece) {
    memory_free(&stream->island->memory, piece, sizeof *piece + piece->size);
}

// As depart.
static uint64_t send(struct sim_stream *stream, enum sim_side side,
                     const struct sim_sending *sending) {
    struct sim_way *way = &stream->way[side];
    size_t size = sending->bytes.size;
    ASSERT(!stream->is_over[side] && size <= SIM_SEND_MAX);
    struct sim_piece *piece = memory_resize(&stream->island->memory, NULL, 0, sizeof *piece + size);
    piece->size = (uint32_t)size;
    piece->mark = (uint8_t)sending->mark;
    if (size > 0) {
        memcpy(piece->data, sending->bytes.data, size);
    }
    put_last(way, piece);
    way->bytes += piece->size;
    return depart(stream, side, piece, sending->leaves);
}

// ---- the trace ----------------------------------------------------------------------------------

void sim_stream_tell(const struct sim_stream *stream, enum sim_side side, struct bytes bytes,
                     const struct sim_trace_note *note) {
    const struct sim_trace *trace = stream->island->trace;
    if (trace != NULL && stream->is_told && note->fate != SIM_TRACE_SAID) {
        struct sim_trace_bytes what = {
            .is_from_client = side == SIM_CLIENT_END, .bytes = bytes, .note = *note};
        trace->bytes(trace->context, stream, &what);
    }
}

static struct sim_trace_note note_of_link(uint64_t late) {
    return late == SIM_NEVER ? (struct sim_trace_note){SIM_TRACE_HELD, 0, BYTES_LITERAL(WHY_WAITS)}
           : late > 0 ? (struct sim_trace_note){SIM_TRACE_DELAYED, late, BYTES_LITERAL(WHY_LATE)}
                      : (struct sim_trace_note){0};
}

static struct sim_trace_end end_of(const struct sim_stream *stream) {
    bool is_clients = !stream->broker_first;
    if (stream->has_reason) {
        return (struct sim_trace_end){.cause = stream->said_goodbye ? SIM_TRACE_GOODBYE
                                                                    : SIM_TRACE_REASON,
                                      .is_clients = stream->said_goodbye,
                                      .reason = stream->reason};
    }
    switch ((enum sim_ending)(stream->first_end - 1)) {
    case SIM_ENDS_WITH_FIN:
        return (struct sim_trace_end){.cause = SIM_TRACE_CLOSED, .is_clients = is_clients};
    case SIM_ENDS_WITH_RESET:
        return (struct sim_trace_end){.cause = SIM_TRACE_RESET, .is_clients = is_clients};
    case SIM_ENDS_SILENTLY:
        break;
    }
    return (struct sim_trace_end){.cause = SIM_TRACE_SILENT, .is_clients = is_clients};
}

void sim_stream_tell_end(struct sim_stream *stream, const struct sim_trace_end *end) {
    const struct sim_trace *trace = stream->island->trace;
    if (trace != NULL && stream->is_told) {
        stream->is_told = false;
        trace->closed(trace->context, stream, end);
    }
}

static void tell_opened(struct sim_stream *stream) {
    const struct sim_trace *trace = stream->island->trace;
    if (trace != NULL) {
        stream->is_told = true;
        trace->opened(trace->context, stream);
    }
}

// ---- life ---------------------------------------------------------------------------------------

struct sim_stream *sim_stream_open(struct sim_node *client, struct sim_node *broker,
                                   uint64_t random) {
    struct sim_island *island = client->island;
    ASSERT(broker->island == island);
    struct sim_stream *stream = memory_allocate(&island->memory, sizeof *stream);
    uint32_t place = take_place(island);
    stream->ready.is_stream = true;
    stream->island = island;
    stream->name = (uint64_t)++island->streams.lives[place] << 32 | place;
    stream->random = random;
    stream->node[SIM_CLIENT_END] = client;
    stream->node[SIM_BROKER_END] = broker;
    stream->heard = island->now;
    island->streams.items[place] = stream;
    sim_stream_mark(stream, SIM_CLIENT_END, SIM_SYN, island->now);
    return stream;
}

static void drop_pieces(struct sim_stream *stream, enum sim_side side) {
    struct sim_way *way = &stream->way[side];
    while (way->last != NULL) {
        free_piece(stream, take_first(way));
    }
    ASSERT(way->bytes == 0);
}

// What waits for the timer is not sent again.
static void drop_stalled(struct sim_stream *stream, enum sim_side side) {
    struct sim_way *way = &stream->way[side];
    const struct sim_piece *last = way->last;
    bool is_last = last == NULL;
    while (!is_last) {
        struct sim_piece *piece = take_first(way);
        is_last = piece == last;
        if (piece->due == SIM_NEVER) {
            free_piece(stream, piece);
        } else {
            put_last(way, piece);
            way->bytes += piece->size;
        }
    }
}

static void forget_rules(struct sim_stream *stream) {
    struct sim_ruled *ruled = stream->ruled;
    if (ruled == NULL) {
        return;
    }
    for (unsigned side = 0; side < SIM_ENDS; side++) {
        buffer_deinit(&ruled->rest[side]);
        buffer_deinit(&ruled->behind[side]);
    }
    fault_set_unref(ruled->set, ruled->client);
    memory_free(&stream->island->memory, ruled, sizeof *ruled);
}

static void end(struct sim_stream *stream) {
    struct sim_trace_end how = end_of(stream);
    sim_stream_tell_end(stream, &how);
    forget_rules(stream);
    for (unsigned side = 0; side < SIM_ENDS; side++) {
        struct sim_trouble *trouble = stream->way[side].trouble;
        drop_pieces(stream, (enum sim_side)side);
        memory_free(&stream->island->memory, trouble, sizeof *trouble);
    }
    sim_ready_remove(stream->island, &stream->ready);
    free_place(stream->island, place_of(stream->name));
    memory_free(&stream->island->memory, stream, sizeof *stream);
}

void sim_stream_close(struct sim_stream *stream, enum sim_side side, enum sim_ending ending) {
    ASSERT(!stream->is_over[side]);
    if (stream->first_end == 0) {
        stream->broker_first = side == SIM_BROKER_END;
        stream->first_end = (unsigned)(1 + ending) & 3;
    }
    if (stream->is_over[sim_side_other(side)]) {
        end(stream);
        return;
    }
    if (ending == SIM_ENDS_WITH_RESET) {
        drop_stalled(stream, side);
    }
    if (ending != SIM_ENDS_SILENTLY) {
        sim_stream_mark(stream, side, ending == SIM_ENDS_WITH_FIN ? SIM_FIN : SIM_RESET,
                        stream->island->now);
    } else if (stream->ruled == NULL || !stream->ruled->is_cut) {
        drop_pieces(stream, side);
    } // else a reset is on its way to either end, whoever gets the first one
    stream->is_over[side] = true;
    drop_pieces(stream, sim_side_other(side));
}

// ---- both ends ----------------------------------------------------------------------------------

size_t sim_stream_room(struct sim_stream *stream, enum sim_side side) {
    size_t bytes =
        stream->way[side].bytes + (stream->ruled != NULL ? stream->ruled->rest[side].size : 0);
    stream->is_full[side] = bytes >= SIM_WINDOW;
    return bytes >= SIM_WINDOW ? 0 : SIM_WINDOW - bytes;
}

void sim_stream_send(struct sim_stream *stream, enum sim_side side, struct bytes bytes,
                     uint64_t leaves) {
    sim_stream_send_noted(stream, side, bytes, leaves, NULL);
}

static void note_uplinks(const struct sim_stream *stream, enum sim_side side, uint64_t bytes) {
    struct sim_island *island = stream->island;
    const struct sim_place *from = place_at(stream, side);
    const struct sim_place *to = place_at(stream, sim_side_other(side));
    if (sim_place_is_beside(from, to) || from->network == to->network) {
        return;
    }
    const struct sim_place *gateways[] = {sim_paths_gateway(&island->paths, from, to),
                                          sim_paths_gateway(&island->paths, to, from)};
    for (unsigned i = 0; i < 2; i++) {
        if (gateways[i] != NULL) {
            sim_island_note_uplink(island, gateways[i]->index, bytes);
        }
    }
}

void sim_stream_send_noted(struct sim_stream *stream, enum sim_side side, struct bytes bytes,
                           uint64_t leaves, const struct sim_trace_note *note) {
    stream->island->counts.bytes[side] += bytes.size;
    if (stream->island->paths.gateways != NULL) {
        note_uplinks(stream, side, bytes.size);
    }
    uint64_t late = send(stream, side, &(struct sim_sending){bytes, SIM_BYTES, leaves});
    if (stream->is_told) {
        struct sim_trace_note of_link = note_of_link(late);
        sim_stream_tell(stream, side, bytes, note != NULL ? note : &of_link);
    }
}

void sim_stream_mark(struct sim_stream *stream, enum sim_side side, enum sim_mark mark,
                     uint64_t leaves) {
    if (mark == SIM_ACCEPT) {
        tell_opened(stream);
    }
    (void)send(stream, side, &(struct sim_sending){.mark = mark, .leaves = leaves});
}

// What nobody is there for is answered with a reset.
static APART void refuse(struct sim_stream *stream, enum sim_side side) {
    enum sim_side other = sim_side_other(side);
    ASSERT(stream->is_over[side]);
    drop_pieces(stream, other);
    if (stream->is_over[other]) {
        return;
    }
    stream->is_over[side] = false;
    sim_stream_mark(stream, side, SIM_RESET, stream->island->now);
    stream->is_over[side] = true;
}

const struct sim_piece *sim_stream_arrived(struct sim_stream *stream, enum sim_side side) {
    enum sim_side other = sim_side_other(side);
    const struct sim_piece *piece = sim_way_first(&stream->way[other]);
    if (piece == NULL || piece->due > stream->island->now) {
        return NULL;
    }
    if (stream->is_over[side]) {
        refuse(stream, side);
        return NULL;
    }
    stream->heard = stream->island->now;
    return piece;
}

bool sim_stream_is_stalled(const struct sim_stream *stream) {
    return timer_of(&stream->way[SIM_CLIENT_END]) > 0 || timer_of(&stream->way[SIM_BROKER_END]) > 0;
}

uint64_t sim_stream_sent(const struct sim_stream *stream, enum sim_side side) {
    const struct sim_way *way = &stream->way[sim_side_other(side)];
    const struct sim_piece *piece = sim_way_first(way);
    ASSERT(piece != NULL);
    bool had_stalled = way->trouble != NULL && piece->due <= way->trouble->stalled_due;
    return had_stalled ? way->trouble->stalled_since : piece->due;
}

void sim_stream_take(struct sim_stream *stream, enum sim_side side) {
    enum sim_side other = sim_side_other(side);
    struct sim_way *way = &stream->way[other];
    free_piece(stream, take_first(way));
    if (stream->is_full[other] && way->bytes <= SIM_WINDOW / 2) {
        stream->is_full[other] = false;
        struct course back = course_of(stream, side);
        sim_node_post(stream->node[side],
                      &(struct sim_event){.time = stream->island->now + back.delay_ns,
                                          .node = stream->node[other]->number,
                                          .kind = SIM_ROOM,
                                          .argument = sim_stream_argument(stream, other)});
    }
}

bool sim_stream_retry(struct sim_stream *stream, enum sim_side side) {
    struct sim_way *way = &stream->way[side];
    struct sim_trouble *trouble = way->trouble;
    if (timer_of(way) == 0) {
        return true;
    }
    uint64_t passed = stream->island->now - trouble->stalled_since;
    if (passed >= FAULT_GIVE_UP_NS) {
        drop_pieces(stream, side);
        return false;
    }
    if (!leads(stream, side)) {
        trouble->timer = fault_timer_next(trouble->timer);
        post_retry(stream, side);
        return true;
    }
    trouble->timer = 0;
    sim_stream_tell(stream, side, (struct bytes){0},
                    &(struct sim_trace_note){.fate = SIM_TRACE_LET_GO, .delay_ns = passed});
    for (struct sim_piece *piece = sim_way_first(way); piece != NULL;
         piece = sim_way_next(way, piece)) {
        if (piece->due == SIM_NEVER) {
            (void)depart(stream, side, piece, stream->island->now);
            trouble->stalled_due = piece->due;
        }
    }
    return true;
}

void sim_stream_check(const struct sim_stream *stream) {
    for (unsigned side = 0; side < SIM_ENDS; side++) {
        const struct sim_way *way = &stream->way[side];
        uint64_t bytes = 0;
        uint64_t due = 0;
        for (const struct sim_piece *piece = sim_way_first(way); piece != NULL;
             piece = sim_way_next(way, piece)) {
            bytes += piece->size;
            ASSERT(piece->due > due || (piece->due == SIM_NEVER && timer_of(way) > 0));
            due = piece->due;
        }
        ASSERT(bytes == way->bytes);
    }
    ASSERT(!stream->is_over[SIM_CLIENT_END] || !stream->is_over[SIM_BROKER_END]);
}
