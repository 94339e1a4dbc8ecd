#include "session/simulate/simulate_door.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/buffer.h"
#include "sim/visitor.h"

#define SHARE_BYTES 16384u // of what a visitor sends, each time
#define BACKLOG 16
#define MESSAGE_BYTES_MAX (1u << 20)

struct guest {
    struct simulate_door *door;
    struct stream *stream;
    struct sim_visitor *visitor;
    struct buffer sent; // and not taken
    bool has_ended;     // it sends nothing more
    struct guest *next;
    char place[STREAM_PLACE_MAX];
};

struct simulate_door {
    struct simulate_door_options options;
    struct stream_server *streams;
    struct memory memory;
    struct guest *guests;
    unsigned count;
    uint64_t now; // of the world
    void (*done)(void *context);
    void *done_context;
};

static void tell(const struct simulate_door *door, const char *place, const char *what) {
    door->options.tell(door->options.context, place, what);
}

// ---- the streams' owner -------------------------------------------------------------------------

static void *on_opened(void *context, struct stream *stream, const struct stream_info *info) {
    struct simulate_door *door = context;
    struct sim_visitor *visitor =
        sim_world_visit(door->options.world, door->options.broker, door->now);
    if (visitor == NULL) {
        tell(door, info->place, "was turned away: there are 64 already");
        return NULL;
    }
    struct guest *guest = memory_allocate(&door->memory, sizeof *guest);
    guest->door = door;
    guest->stream = stream;
    guest->visitor = visitor;
    guest->next = door->guests;
    memcpy(guest->place, info->place, sizeof guest->place);
    buffer_init(&guest->sent, &door->memory);
    door->guests = guest;
    door->count++;
    tell(door, guest->place, "joined");
    return guest;
}

static bool on_received(void *context, void *user, struct bytes bytes) {
    struct guest *guest = user;
    (void)context;
    buffer_append(&guest->sent, bytes);
    return false; // the world takes it when it is its turn
}

static bool on_takes_input(void *context, void *user) {
    const struct guest *guest = user;
    (void)context;
    return guest->sent.size == 0;
}

static bool on_ended(void *context, void *user) {
    struct guest *guest = user;
    (void)context;
    guest->has_ended = true;
    return true;
}

static unsigned on_output(void *context, void *user, struct bytes *runs, unsigned most) {
    struct guest *guest = user;
    (void)context;
    return sim_visitor_output(guest->visitor, runs, most);
}

static void on_sent(void *context, void *user, size_t bytes) {
    struct guest *guest = user;
    (void)context;
    sim_visitor_sent(guest->visitor, bytes, guest->door->now);
}

static bool on_is_over(void *context, void *user) {
    const struct guest *guest = user;
    (void)context;
    return sim_visitor_is_over(guest->visitor);
}

static void on_closed(void *context, void *user) {
    struct simulate_door *door = context;
    struct guest *guest = user;
    struct guest **link = &door->guests;
    while (*link != guest) {
        link = &(*link)->next;
    }
    *link = guest->next;
    door->count--;
    tell(door, guest->place, "left");
    sim_world_see_off(door->options.world, guest->visitor, door->now);
    buffer_deinit(&guest->sent);
    memory_free(&door->memory, guest, sizeof *guest);
}

static void on_notice(void *context, const char *text) {
    tell(context, "the port", text);
}

// ---- its life -----------------------------------------------------------------------------------

struct simulate_door *simulate_door_open(uv_loop_t *loop,
                                         const struct simulate_door_options *options,
                                         struct stream_server_error *error) {
    struct simulate_door *door = calloc(1, sizeof *door);
    ASSERT_MESSAGE(door != NULL, "there is no memory");
    door->options = *options;
    memory_init(&door->memory);
    const struct stream_owner owner = {.context = door,
                                       .opened = on_opened,
                                       .received = on_received,
                                       .ended = on_ended,
                                       .output = on_output,
                                       .sent = on_sent,
                                       .is_over = on_is_over,
                                       .takes_input = on_takes_input,
                                       .closed = on_closed,
                                       .notice = on_notice};
    const struct stream_listener listener = {.kind = STREAM_TCP, .port = options->port};
    const struct stream_server_options how = {.listeners = &listener,
                                              .listener_count = 1,
                                              .threads = 1,
                                              .backlog = BACKLOG,
                                              .message_bytes_max = MESSAGE_BYTES_MAX};
    door->streams = stream_server_open(loop, &how, &owner, error);
    if (door->streams == NULL) {
        free(door);
        return NULL;
    }
    return door;
}

uint16_t simulate_door_port(const struct simulate_door *door) {
    return stream_server_port(door->streams, 0);
}

unsigned simulate_door_visitors(const struct simulate_door *door) {
    return door->count;
}

static void take_input(struct guest *guest, uint64_t now) {
    size_t room = sim_visitor_room(guest->visitor);
    size_t size = guest->sent.size < room ? guest->sent.size : room;
    size = size < SHARE_BYTES ? size : SHARE_BYTES;
    if (size > 0) {
        sim_visitor_send(guest->visitor, bytes_make(guest->sent.data, size), now);
        buffer_consume(&guest->sent, size);
    }
    if (guest->sent.size == 0 && guest->has_ended) {
        sim_visitor_leave(guest->visitor, now);
    }
}

void simulate_door_serve(struct simulate_door *door, uint64_t now, bool takes) {
    door->now = now;
    for (struct guest *guest = door->guests; guest != NULL; guest = guest->next) {
        if (takes && !sim_visitor_is_over(guest->visitor)) {
            take_input(guest, now);
        }
        stream_wake(guest->stream);
    }
}

static void on_streams_closed(void *context) {
    struct simulate_door *door = context;
    void (*done)(void *context) = door->done;
    void *done_context = door->done_context;
    ASSERT(door->memory.blocks_in_use == 0);
    free(door);
    done(done_context);
}

void simulate_door_close(struct simulate_door *door, void (*done)(void *context), void *context) {
    door->done = done;
    door->done_context = context;
    stream_server_close(door->streams, on_streams_closed, door);
}
