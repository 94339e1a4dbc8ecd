#include "sim/visitor.h"

#include "base/assert.h"

static void come_to(struct sim_visitor *visitor, uint64_t now) {
    struct sim_island *island = visitor->node.island;
    if (island->now < now) {
        island->now = now;
    }
}

void sim_visitor_open(struct sim_visitor *visitor, struct sim_broker *broker, uint64_t now) {
    ASSERT(visitor->stream == NULL);
    visitor->node.island = broker->node.island;
    visitor->node.place = (struct sim_place){
        .network = broker->node.place.network, .link = PLAN_NONE, .kind = SIM_PLACE_VISITOR};
    visitor->taken = 0;
    come_to(visitor, now);
    visitor->stream = sim_stream_open(&visitor->node, &broker->node,
                                      sim_random(visitor->node.random, SIM_FOR_STREAM, now));
}

void sim_visitor_leave(struct sim_visitor *visitor, uint64_t now) {
    struct sim_stream *stream = visitor->stream;
    visitor->stream = NULL;
    if (stream != NULL) {
        come_to(visitor, now);
        sim_stream_close(stream, SIM_CLIENT_END, SIM_ENDS_WITH_FIN);
    }
}

size_t sim_visitor_room(struct sim_visitor *visitor) {
    return visitor->stream == NULL ? 0 : sim_stream_room(visitor->stream, SIM_CLIENT_END);
}

void sim_visitor_send(struct sim_visitor *visitor, struct bytes bytes, uint64_t now) {
    come_to(visitor, now);
    sim_stream_send(visitor->stream, SIM_CLIENT_END, bytes, now);
}

static bool has_arrived(const struct sim_visitor *visitor, const struct sim_piece *piece) {
    return piece != NULL && piece->mark == SIM_BYTES && piece->due <= visitor->node.island->now;
}

unsigned sim_visitor_output(struct sim_visitor *visitor, struct bytes *runs, unsigned most) {
    if (visitor->stream == NULL) {
        return 0;
    }
    const struct sim_way *way = &visitor->stream->way[SIM_BROKER_END];
    const struct sim_piece *piece = sim_way_first(way);
    unsigned count = 0;
    for (; count < most && has_arrived(visitor, piece); piece = sim_way_next(way, piece)) {
        uint32_t taken = count == 0 ? visitor->taken : 0;
        runs[count++] = bytes_make(piece->data + taken, piece->size - taken);
    }
    return count;
}

// Marks in front: what is behind an acceptance is bytes, behind an end nothing.
static void take_marks(struct sim_visitor *visitor) {
    const struct sim_piece *piece;
    while (visitor->stream != NULL &&
           (piece = sim_stream_arrived(visitor->stream, SIM_CLIENT_END)) != NULL &&
           piece->mark != SIM_BYTES) {
        if (piece->mark == SIM_ACCEPT) {
            sim_stream_take(visitor->stream, SIM_CLIENT_END);
        } else {
            sim_stream_close(visitor->stream, SIM_CLIENT_END, SIM_ENDS_WITH_FIN);
            visitor->stream = NULL;
        }
    }
}

void sim_visitor_sent(struct sim_visitor *visitor, size_t bytes, uint64_t now) {
    come_to(visitor, now);
    while (bytes > 0) {
        struct bytes first;
        bool is_there = sim_visitor_output(visitor, &first, 1) == 1;
        ASSERT(is_there);
        size_t left = first.size;
        if (bytes < left) {
            visitor->taken += (uint32_t)bytes;
            return;
        }
        visitor->taken = 0;
        sim_stream_take(visitor->stream, SIM_CLIENT_END);
        bytes -= left;
    }
    take_marks(visitor);
}

void sim_visitor_event(struct sim_visitor *visitor, const struct sim_event *event) {
    struct sim_stream *stream = sim_stream_named(visitor->node.island, event->argument);
    if (event->kind != SIM_ARRIVAL || stream == NULL) {
        return;
    }
    if (stream == visitor->stream) {
        take_marks(visitor);
    } else {
        (void)sim_stream_arrived(stream, SIM_CLIENT_END); // it answers with a reset
    }
}
