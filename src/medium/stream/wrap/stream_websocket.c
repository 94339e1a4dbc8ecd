#include "medium/stream/wrap/stream_websocket.h"

#include <string.h>
#include <wslay/wslay.h>

#include "base/assert.h"

#define PIECE_BYTES 4096 // that wslay is given at a time, which ends with all of them
#define FRONT_BYTES 8
#define HELD_MAX 4096 // of pongs; a peer need not have more than the last

// The server's end: it awaits a request, answers it, and then is open. Each MQTT packet goes out
// as one frame, so a frame begins when a packet's size is known from its front, and answers to
// control frames are held until it is whole.
struct stream_websocket {
    struct memory *memory;
    struct buffer request;         // of the upgrade, as far as it has come
    struct buffer rest;            // what had more frames than are taken at a time
    wslay_event_context_ptr wslay; // NULL before the upgrade is done
    const struct stream_websocket_rules *rules;
    uint64_t frame_left;        // bytes of the frame that is being sent
    struct buffer held;         // answers, until that frame is whole
    uint8_t front[FRONT_BYTES]; // of a message whose size they do not tell yet
    uint8_t front_bytes;
    struct bytes in; // of the present call, as the next two are
    struct buffer *payload;
    struct buffer *out;
    unsigned frames; // that began in them
    bool is_binary;  // the present frame is a part of a binary message
    bool is_refused;
    enum stream_websocket_state state;
};

// ---- what wslay reads and writes --------------------------------------------------------------

static ssize_t give_bytes(wslay_event_context_ptr wslay, uint8_t *room, size_t size, int flags,
                          void *context) {
    struct stream_websocket *websocket = context;
    (void)flags;
    if (websocket->in.size == 0) {
        wslay_event_set_error(wslay, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    size_t take = websocket->in.size < size ? websocket->in.size : size;
    memcpy(room, websocket->in.data, take);
    websocket->in = bytes_make(websocket->in.data + take, websocket->in.size - take);
    return (ssize_t)take;
}

static ssize_t take_frames(wslay_event_context_ptr wslay, const uint8_t *data, size_t size,
                           int flags, void *context) {
    struct stream_websocket *websocket = context;
    (void)wslay;
    (void)flags;
    if (websocket->frame_left == 0) {
        buffer_append(websocket->out, bytes_make(data, size));
    } else if (websocket->held.size + size <= HELD_MAX) {
        buffer_append(&websocket->held, bytes_make(data, size));
    }
    return (ssize_t)size;
}

static void begin_frame(wslay_event_context_ptr wslay,
                        const struct wslay_event_on_frame_recv_start_arg *frame, void *context) {
    struct stream_websocket *websocket = context;
    websocket->frames++;
    websocket->is_binary = !wslay_is_ctrl_frame(frame->opcode);
    if (frame->opcode == WSLAY_TEXT_FRAME) {
        websocket->is_refused = true;
        (void)wslay_event_queue_close(wslay, WSLAY_CODE_UNSUPPORTED_DATA, NULL, 0);
        wslay_event_shutdown_read(wslay);
    }
}

static void take_chunk(wslay_event_context_ptr wslay,
                       const struct wslay_event_on_frame_recv_chunk_arg *chunk, void *context) {
    struct stream_websocket *websocket = context;
    (void)wslay;
    if (websocket->is_binary && !websocket->is_refused) {
        buffer_append(websocket->payload, bytes_make(chunk->data, chunk->data_length));
    }
}

static void begin_frames(struct stream_websocket *websocket) {
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = give_bytes,
        .send_callback = take_frames,
        .on_frame_recv_start_callback = begin_frame,
        .on_frame_recv_chunk_callback = take_chunk,
    };
    int fault = wslay_event_context_server_init(&websocket->wslay, &callbacks, websocket);
    ASSERT(fault == 0);
    wslay_event_config_set_no_buffering(websocket->wslay, 1);
    wslay_event_config_set_max_recv_msg_length(websocket->wslay, websocket->rules->frame_bytes_max);
    websocket->state = STREAM_WEBSOCKET_OPEN;
}

// ---- its life -------------------------------------------------------------------------------

struct stream_websocket *stream_websocket_create(const struct stream_websocket_rules *rules,
                                                 struct memory *memory) {
    struct stream_websocket *websocket = memory_allocate(memory, sizeof *websocket);
    websocket->memory = memory;
    websocket->rules = rules;
    buffer_init(&websocket->request, memory);
    buffer_init(&websocket->rest, memory);
    buffer_init(&websocket->held, memory);
    return websocket;
}

void stream_websocket_destroy(struct stream_websocket *websocket) {
    if (websocket->wslay != NULL) {
        wslay_event_context_free(websocket->wslay);
    }
    buffer_deinit(&websocket->request);
    buffer_deinit(&websocket->rest);
    buffer_deinit(&websocket->held);
    memory_free(websocket->memory, websocket, sizeof *websocket);
}

// ---- receiving ------------------------------------------------------------------------------

// Takes of the bytes what belongs to the request.
static void take_request(struct stream_websocket *websocket) {
    struct buffer *request = &websocket->request;
    size_t before = request->size;
    size_t room = STREAM_WEBSOCKET_REQUEST_MAX - before;
    size_t take = websocket->in.size < room ? websocket->in.size : room;
    buffer_append(request, bytes_make(websocket->in.data, take));
    // The end may have begun in the bytes that came before.
    size_t from = before < 3 ? 0 : before - 3;
    const uint8_t *end = memmem(request->data + from, request->size - from, "\r\n\r\n", 4);
    if (end == NULL) {
        websocket->in = bytes_make(NULL, 0);
        if (request->size == STREAM_WEBSOCKET_REQUEST_MAX) {
            stream_upgrade_refuse_size(websocket->out);
            websocket->state = STREAM_WEBSOCKET_ENDED;
        }
        return;
    }
    size_t size = (size_t)(end + 4 - request->data);
    websocket->in =
        bytes_make(websocket->in.data + (size - before), websocket->in.size - (size - before));
    if (stream_upgrade_answer(bytes_make(request->data, size), &websocket->rules->origins,
                              websocket->rules->path, websocket->out)) {
        begin_frames(websocket);
    } else {
        websocket->state = STREAM_WEBSOCKET_ENDED;
    }
    buffer_deinit(request);
}

// A header that cannot be: wslay gives no reason for its end, so this is said in its place.
static const uint8_t protocol_error[] = {0x80 | WSLAY_CONNECTION_CLOSE, 2,
                                         WSLAY_CODE_PROTOCOL_ERROR >> 8,
                                         WSLAY_CODE_PROTOCOL_ERROR & 0xff};

static void take_piece(struct stream_websocket *websocket, struct bytes piece) {
    websocket->in = piece;
    if (wslay_event_recv(websocket->wslay) != 0) {
        (void)take_frames(NULL, protocol_error, sizeof protocol_error, 0, websocket);
        websocket->state = STREAM_WEBSOCKET_ENDED;
        return;
    }
    int fault = wslay_event_send(websocket->wslay); // pongs, and closes
    if (fault != 0 || !wslay_event_get_read_enabled(websocket->wslay)) {
        websocket->state = STREAM_WEBSOCKET_ENDED;
    }
}

// As many pieces as are taken at a time; returns what is left.
static struct bytes take_pieces(struct stream_websocket *websocket, struct bytes bytes) {
    while (bytes.size > 0 && websocket->state == STREAM_WEBSOCKET_OPEN &&
           websocket->frames < STREAM_WEBSOCKET_FRAMES) {
        size_t size = bytes.size < PIECE_BYTES ? bytes.size : PIECE_BYTES;
        take_piece(websocket, bytes_make(bytes.data, size));
        bytes = bytes_make(bytes.data + size, bytes.size - size);
    }
    return websocket->state == STREAM_WEBSOCKET_OPEN ? bytes : bytes_make(NULL, 0);
}

static void take_wire(struct stream_websocket *websocket) {
    struct buffer *rest = &websocket->rest;
    if (rest->size == 0) {
        buffer_append(rest, take_pieces(websocket, websocket->in));
        return;
    }
    buffer_append(rest, websocket->in);
    struct bytes left = take_pieces(websocket, buffer_bytes(rest));
    buffer_consume(rest, rest->size - left.size);
    if (rest->size == 0) {
        buffer_deinit(rest);
    }
}

enum stream_websocket_state stream_websocket_take(struct stream_websocket *websocket,
                                                  struct bytes bytes, struct buffer *payload,
                                                  struct buffer *out) {
    websocket->in = bytes;
    websocket->frames = 0;
    websocket->payload = payload;
    websocket->out = out;
    if (websocket->state == STREAM_WEBSOCKET_HANDSHAKE && bytes.size > 0) {
        take_request(websocket);
    }
    if (websocket->state == STREAM_WEBSOCKET_OPEN &&
        (websocket->in.size > 0 || websocket->rest.size > 0)) {
        take_wire(websocket);
    }
    return websocket->state;
}

bool stream_websocket_has_rest(const struct stream_websocket *websocket) {
    return websocket->state == STREAM_WEBSOCKET_OPEN && websocket->rest.size > 0;
}

unsigned stream_websocket_frames(const struct stream_websocket *websocket) {
    return websocket->frames;
}

// ---- sending --------------------------------------------------------------------------------

// wslay would take a copy of each message first; what a server sends is not masked, so that only
// this stands before the bytes.
static void put_header(struct buffer *out, size_t size) {
    uint8_t header[10] = {0x80 | WSLAY_BINARY_FRAME};
    unsigned bytes = size < 126 ? 0 : size <= UINT16_MAX ? 2 : 8;
    header[1] = bytes == 0 ? (uint8_t)size : bytes == 2 ? 126 : 127;
    for (unsigned i = 0; i < bytes; i++) {
        header[2 + i] = (uint8_t)((uint64_t)size >> (8 * (bytes - 1 - i)));
    }
    buffer_append(out, bytes_make(header, 2 + bytes));
}

static void put_whole(const struct bytes *runs, unsigned count, struct buffer *out) {
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        size += runs[i].size;
    }
    put_header(out, size);
    for (unsigned i = 0; i < count; i++) {
        buffer_append(out, runs[i]);
    }
}

// Begins a frame, or takes a byte of a message whose size is not known yet. Returns what is left.
static struct bytes begin_message(struct stream_websocket *websocket, struct bytes bytes,
                                  struct buffer *out) {
    struct bytes front = bytes_make(websocket->front, websocket->front_bytes);
    if (front.size == 0) {
        websocket->frame_left = websocket->rules->message_size(bytes);
    }
    if (websocket->frame_left == 0) {
        ASSERT(websocket->front_bytes < FRONT_BYTES);
        websocket->front[websocket->front_bytes++] = bytes.data[0];
        front.size++;
        bytes = bytes_make(bytes.data + 1, bytes.size - 1);
        websocket->frame_left = websocket->rules->message_size(front);
    }
    if (websocket->frame_left > 0) {
        put_header(out, websocket->frame_left);
        buffer_append(out, front);
        websocket->frame_left -= front.size;
        websocket->front_bytes = 0;
    }
    return bytes;
}

// What had to wait for the end of a frame.
static void put_held(struct stream_websocket *websocket, struct buffer *out) {
    if (websocket->frame_left == 0 && websocket->held.size > 0) {
        buffer_append(out, buffer_bytes(&websocket->held));
        buffer_deinit(&websocket->held);
    }
}

static void put_run(struct stream_websocket *websocket, struct bytes bytes, struct buffer *out) {
    while (bytes.size > 0) {
        if (websocket->frame_left == 0) {
            bytes = begin_message(websocket, bytes, out);
        } else {
            size_t size = bytes.size < websocket->frame_left ? bytes.size : websocket->frame_left;
            buffer_append(out, bytes_make(bytes.data, size));
            bytes = bytes_make(bytes.data + size, bytes.size - size);
            websocket->frame_left -= size;
        }
        put_held(websocket, out);
    }
}

void stream_websocket_put(struct stream_websocket *websocket, const struct bytes *runs,
                          unsigned count, struct buffer *out) {
    ASSERT(websocket->state != STREAM_WEBSOCKET_HANDSHAKE);
    if (websocket->rules->message_size == NULL) {
        put_whole(runs, count, out);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        put_run(websocket, runs[i], out);
    }
}

void stream_websocket_end(struct stream_websocket *websocket, struct buffer *out) {
    if (websocket->state == STREAM_WEBSOCKET_OPEN) {
        websocket->out = out;
        (void)wslay_event_queue_close(websocket->wslay, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0);
        (void)wslay_event_send(websocket->wslay);
        websocket->state = STREAM_WEBSOCKET_ENDED;
    }
}
