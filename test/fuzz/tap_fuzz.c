// Input: a byte that says what follows, and that. 'f': a file, as `watch` reads captures; 'c':
// captured frames, each with a byte for its link and one for its size; anything else: pieces of
// MQTT streams, each with a byte for its direction and one for its size. All of it is explained as
// rows, as a ladder and as JSON, with what it is for.
#include <stdlib.h>

#include "base/assert.h"
#include "medium/capture/tap_blocks.h"
#include "watch/watch_view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FORMS 3
#define PIECE_MAX 256 // bytes of a file that come at once

static const char *const networks[] = {"tap.pcapng"};

struct world {
    struct memory memory;
    struct watch_view_options options[FORMS];
    struct watch_view *views[FORMS];
    struct buffer out;
};

static void time_text(uint64_t unix_time, char text[static CLOCK_TEXT_SIZE]) {
    text[0] = (char)('0' + unix_time % 10);
    text[1] = '\0';
}

// Characters that control, or cannot be seen, of two to four bytes; some of them.
static void check_unseen(struct bytes text) {
    for (size_t i = 0; i + 2 < text.size; i++) {
        const uint8_t *at = text.data + i;
        ASSERT(at[0] != 0xc2 || at[1] >= 0xa0);
        ASSERT(at[0] != 0xe2 || at[1] != 0x80 || at[2] < 0xa8 || at[2] > 0xae);
        ASSERT(at[0] != 0xe2 || at[1] != 0x81 || at[2] < 0xa0 || at[2] > 0xaf);
        ASSERT(at[0] != 0xef || at[1] != 0xbb || at[2] != 0xbf);
        ASSERT(at[0] != 0xf3 || at[1] != 0xa0);
    }
}

static void receive_event(void *context, const struct tap_event *event) {
    struct world *world = context;
    for (int form = 0; form < FORMS; form++) {
        watch_view_tap(world->views[form], 0, event, &world->out);
        for (size_t i = 0; i < world->out.size; i++) {
            uint8_t byte = world->out.data[i];
            ASSERT(byte == '\n' || (byte >= 32 && byte != 127));
        }
        check_unseen(buffer_bytes(&world->out));
        world->out.size = 0;
    }
}

static void receive_notice(void *context, const char *text) {
    (void)context;
    ASSERT(text[0] != '\0');
}

static void open_world(struct world *world) {
    *world = (struct world){.options = {{.form = WATCH_ROWS}}};
    memory_init(&world->memory);
    buffer_init(&world->out, &world->memory);
    for (int form = 0; form < FORMS; form++) {
        world->options[form] = (struct watch_view_options){.form = (enum watch_form)form,
                                                           .width = 80,
                                                           .why = true,
                                                           .networks = networks,
                                                           .network_count = 1,
                                                           .time_text = time_text};
        world->views[form] = watch_view_create(&world->options[form], &world->memory);
    }
}

static void close_world(struct world *world) {
    for (int form = 0; form < FORMS; form++) {
        watch_view_destroy(world->views[form]);
    }
    buffer_deinit(&world->out);
    ASSERT(world->memory.blocks_in_use == 0);
}

static void read_file(struct world *world, struct bytes file) {
    struct tap_events events = {world, receive_event, receive_notice};
    struct tap_blocks *blocks = tap_blocks_create(&world->memory);
    struct buffer rest;
    buffer_init(&rest, &world->memory);
    while (file.size > 0) {
        size_t size = file.size < PIECE_MAX ? file.size : PIECE_MAX;
        buffer_append(&rest, bytes_make(file.data, size));
        size_t taken = tap_blocks_take(blocks, buffer_bytes(&rest), &events);
        ASSERT(taken <= rest.size);
        buffer_consume(&rest, taken);
        file = bytes_make(file.data + size, file.size - size);
    }
    tap_blocks_restart(blocks, &events);
    buffer_deinit(&rest);
    tap_blocks_destroy(blocks);
}

static void read_frames(struct world *world, struct bytes frames) {
    static const uint32_t links[] = {0, 1, 12, 14, 101, 108, 113, 228, 229, 276, 147};
    struct tap_events events = {world, receive_event, receive_notice};
    struct tap_blocks *blocks = tap_blocks_create(&world->memory);
    while (frames.size >= 2) {
        size_t left = frames.size - 2;
        size_t size = frames.data[1] < left ? frames.data[1] : left;
        struct tap_frame frame = {.link = links[frames.data[0] % (sizeof links / sizeof *links)],
                                  .unix_ns = 1,
                                  .bytes = bytes_make(frames.data + 2, size)};
        tap_blocks_frame(blocks, &frame, &events);
        frames = bytes_make(frames.data + 2 + size, left - size);
    }
    tap_blocks_flush(blocks, &events);
    tap_blocks_restart(blocks, &events);
    tap_blocks_destroy(blocks);
}

static void read_streams(struct world *world, struct bytes pieces) {
    struct tap_event event = {.connection = 1, .port = 1883, .peer = "unix 1"};
    receive_event(world, &event);
    event.kind = TAP_BYTES;
    while (pieces.size >= 2) {
        size_t left = pieces.size - 2;
        size_t size = pieces.data[1] < left ? pieces.data[1] : left;
        event.direction = pieces.data[0] % 2 == 0 ? TAP_FROM_CLIENT : TAP_FROM_BROKER;
        event.bytes = bytes_make(pieces.data + 2, size);
        receive_event(world, &event);
        pieces = bytes_make(pieces.data + 2 + size, left - size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = malloc(sizeof *world);
    open_world(world);
    if (size > 0 && data[0] == 'f') {
        read_file(world, bytes_make(data + 1, size - 1));
    } else if (size > 0 && data[0] == 'c') {
        read_frames(world, bytes_make(data + 1, size - 1));
    } else if (size > 0) {
        read_streams(world, bytes_make(data + 1, size - 1));
    }
    close_world(world);
    free(world);
    return 0;
}
