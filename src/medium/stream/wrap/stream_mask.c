#include "medium/stream/wrap/stream_mask.h"

#include <string.h>
#include <wslay/wslay.h>

#include "base/assert.h"

// The client's end: it asks for an upgrade and awaits the answer, then it is open, and bytes
// become masked frames of binary messages. Once `fault` is set nothing more is taken.
struct stream_mask {
    struct memory *memory;
    struct stream_upgrade_request request;
    char key[STREAM_UPGRADE_KEY_SIZE];
    void (*fill)(void *bytes, size_t size);
    struct buffer answer;          // to the upgrade, as far as it has come
    wslay_event_context_ptr wslay; // NULL before the upgrade is done
    struct bytes in;               // of the present call, as the next two are
    struct buffer *payload;
    struct buffer *out;
    bool is_binary; // the present frame is a part of a binary message
    const char *fault;
    enum stream_mask_state state;
};

// ---- what wslay reads and writes --------------------------------------------------------------

static ssize_t give_bytes(wslay_event_context_ptr wslay, uint8_t *room, size_t size, int flags,
                          void *context) {
    struct stream_mask *mask = context;
    (void)flags;
    if (mask->in.size == 0) {
        wslay_event_set_error(wslay, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    size_t take = mask->in.size < size ? mask->in.size : size;
    memcpy(room, mask->in.data, take);
    mask->in = bytes_make(mask->in.data + take, mask->in.size - take);
    return (ssize_t)take;
}

static ssize_t take_frames(wslay_event_context_ptr wslay, const uint8_t *data, size_t size,
                           int flags, void *context) {
    struct stream_mask *mask = context;
    (void)wslay;
    (void)flags;
    buffer_append(mask->out, bytes_make(data, size));
    return (ssize_t)size;
}

static int make_mask(wslay_event_context_ptr wslay, uint8_t *room, size_t size, void *context) {
    struct stream_mask *mask = context;
    (void)wslay;
    mask->fill(room, size);
    return 0;
}

static void begin_frame(wslay_event_context_ptr wslay,
                        const struct wslay_event_on_frame_recv_start_arg *frame, void *context) {
    struct stream_mask *mask = context;
    (void)wslay;
    mask->is_binary = !wslay_is_ctrl_frame(frame->opcode);
    if (frame->opcode == WSLAY_TEXT_FRAME) {
        mask->fault = "the server sent text over WebSocket [MQTT-6.0.0-1]";
    }
}

static void take_chunk(wslay_event_context_ptr wslay,
                       const struct wslay_event_on_frame_recv_chunk_arg *chunk, void *context) {
    struct stream_mask *mask = context;
    (void)wslay;
    if (mask->is_binary && mask->fault == NULL) {
        buffer_append(mask->payload, bytes_make(chunk->data, chunk->data_length));
    }
}

static void begin_frames(struct stream_mask *mask) {
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = give_bytes,
        .send_callback = take_frames,
        .genmask_callback = make_mask,
        .on_frame_recv_start_callback = begin_frame,
        .on_frame_recv_chunk_callback = take_chunk,
    };
    int fault = wslay_event_context_client_init(&mask->wslay, &callbacks, mask);
    ASSERT(fault == 0);
    wslay_event_config_set_no_buffering(mask->wslay, 1);
    wslay_event_config_set_max_recv_msg_length(mask->wslay, STREAM_MASK_FRAME_MAX);
    mask->state = STREAM_MASK_OPEN;
}

// ---- its life -------------------------------------------------------------------------------

struct stream_mask *stream_mask_create(const struct stream_upgrade_request *request,
                                       void (*fill)(void *bytes, size_t size),
                                       struct memory *memory) {
    struct stream_mask *mask = memory_allocate(memory, sizeof *mask);
    uint8_t random[STREAM_UPGRADE_RANDOM];
    mask->memory = memory;
    mask->request = *request;
    mask->request.key = mask->key;
    mask->fill = fill;
    fill(random, sizeof random);
    stream_upgrade_make_key(random, mask->key);
    buffer_init(&mask->answer, memory);
    return mask;
}

void stream_mask_destroy(struct stream_mask *mask) {
    if (mask->wslay != NULL) {
        wslay_event_context_free(mask->wslay);
    }
    buffer_deinit(&mask->answer);
    memory_free(mask->memory, mask, sizeof *mask);
}

const char *stream_mask_fault(const struct stream_mask *mask) {
    return mask->fault;
}

// ---- receiving ------------------------------------------------------------------------------

static void end_with(struct stream_mask *mask, const char *fault) {
    mask->fault = fault;
    mask->state = STREAM_MASK_ENDED;
}

// Takes of the bytes what belongs to the answer.
static void take_answer(struct stream_mask *mask) {
    struct buffer *answer = &mask->answer;
    size_t before = answer->size;
    buffer_append(answer, mask->in);
    const uint8_t *end = memmem(answer->data, answer->size, "\r\n\r\n", 4);
    if (end == NULL) {
        mask->in = bytes_make(NULL, 0);
        if (answer->size > STREAM_MASK_ANSWER_MAX) {
            end_with(mask, "the server's answer to the WebSocket upgrade is too long");
        }
        return;
    }
    size_t size = (size_t)(end + 4 - answer->data);
    mask->in = bytes_make(mask->in.data + (size - before), mask->in.size - (size - before));
    const char *fault = stream_upgrade_check(bytes_make(answer->data, size), &mask->request);
    if (fault != NULL) {
        end_with(mask, fault);
    } else {
        begin_frames(mask);
    }
    buffer_deinit(answer);
}

static void take_wire(struct stream_mask *mask) {
    bool is_good = wslay_event_recv(mask->wslay) == 0;
    if (!is_good || mask->fault != NULL) {
        end_with(mask, mask->fault != NULL ? mask->fault
                                           : "the server sent what is not WebSocket (RFC 6455)");
        return;
    }
    int fault = wslay_event_send(mask->wslay); // pongs, and closes
    if (fault != 0 || !wslay_event_get_read_enabled(mask->wslay)) {
        mask->state = STREAM_MASK_ENDED;
    }
}

enum stream_mask_state stream_mask_take(struct stream_mask *mask, struct bytes bytes,
                                        struct buffer *payload, struct buffer *out) {
    mask->in = bytes;
    mask->payload = payload;
    mask->out = out;
    if (mask->state == STREAM_MASK_HANDSHAKE && bytes.size > 0) {
        take_answer(mask);
    }
    if (mask->state == STREAM_MASK_OPEN && mask->in.size > 0) {
        take_wire(mask);
    }
    return mask->state;
}

// ---- sending --------------------------------------------------------------------------------

void stream_mask_begin(struct stream_mask *mask, struct buffer *out) {
    stream_upgrade_ask(&mask->request, out);
}

bool stream_mask_put(struct stream_mask *mask, struct bytes bytes, struct buffer *out) {
    struct wslay_event_msg message = {
        .opcode = WSLAY_BINARY_FRAME, .msg = bytes.data, .msg_length = bytes.size};
    ASSERT(mask->state != STREAM_MASK_HANDSHAKE);
    mask->out = out;
    return bytes.size == 0 || (wslay_event_queue_msg(mask->wslay, &message) == 0 &&
                               wslay_event_send(mask->wslay) == 0);
}

void stream_mask_end(struct stream_mask *mask, struct buffer *out) {
    if (mask->state == STREAM_MASK_OPEN) {
        mask->out = out;
        (void)wslay_event_queue_close(mask->wslay, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0);
        (void)wslay_event_send(mask->wslay);
        mask->state = STREAM_MASK_ENDED;
    }
}
