#include "medium/stream/wrap/stream_wrap.h"

#include <sodium.h>

void stream_scratch_init(struct stream_scratch *scratch, struct memory *memory) {
    buffer_init(&scratch->out, memory);
    buffer_init(&scratch->plain, memory);
    buffer_init(&scratch->frames, memory);
    buffer_init(&scratch->payload, memory);
}

void stream_scratch_deinit(struct stream_scratch *scratch) {
    buffer_deinit(&scratch->out);
    buffer_deinit(&scratch->plain);
    buffer_deinit(&scratch->frames);
    buffer_deinit(&scratch->payload);
}

// What libraries keep for a stream, estimated: OpenSSL in and after a handshake, wslay with a small
// frame that waits.
#define TLS_BYTES 32768
#define WEBSOCKET_BYTES 8192

static size_t library_bytes(const struct stream_wrap *wrap) {
    bool has_websocket = wrap->websocket != NULL || wrap->mask != NULL;
    return (wrap->tls != NULL ? TLS_BYTES : 0u) + (has_websocket ? WEBSOCKET_BYTES : 0u);
}

struct stream_wrap *stream_wrap_create(SSL_CTX *context, const struct stream_websocket_rules *rules,
                                       struct memory *memory) {
    struct stream_wrap *wrap = memory_allocate(memory, sizeof *wrap);
    wrap->tls = context == NULL ? NULL : stream_tls_create(context, memory);
    wrap->websocket = rules == NULL ? NULL : stream_websocket_create(rules, memory);
    wrap->halvings = rules == NULL ? 0 : STREAM_WRAP_HALVINGS;
    memory_charge(memory, library_bytes(wrap));
    return wrap;
}

struct stream_wrap *stream_wrap_create_client(const struct stream_wrap_client *how,
                                              struct memory *memory) {
    if (how->context == NULL && how->upgrade == NULL) {
        return NULL;
    }
    struct stream_wrap *wrap = memory_allocate(memory, sizeof *wrap);
    if (how->context != NULL) {
        wrap->tls = stream_tls_connect(how->context, how->host, memory);
    }
    if (how->upgrade != NULL) {
        wrap->mask = stream_mask_create(how->upgrade, randombytes_buf, memory);
    }
    memory_charge(memory, library_bytes(wrap));
    return wrap;
}

const char *stream_wrap_fault(const struct stream_wrap *wrap, const char **why) {
    *why = NULL;
    if (!wrap->has_tls_failed) {
        return wrap->mask == NULL ? NULL : stream_mask_fault(wrap->mask);
    }
    if (wrap->is_open || wrap->has_asked) {
        return "TLS has failed";
    }
    *why = stream_tls_distrust(wrap->tls);
    if (*why != NULL) {
        return "the broker's certificate is not to be trusted";
    }
    *why = "does the broker speak TLS at this port?";
    return "TLS could not be agreed on";
}

const char *stream_wrap_broken(const struct stream_wrap *wrap) {
    return wrap->tls != NULL && !wrap->has_asked ? "TLS could not be agreed on"
                                                 : "WebSocket was refused";
}

void stream_wrap_forget_proxy(struct stream_wrap *wrap, struct memory *memory) {
    if (wrap->proxy != NULL) {
        memory_free(memory, wrap->proxy, sizeof *wrap->proxy);
        wrap->proxy = NULL;
    }
}

bool stream_wrap_is_needed(const struct stream_wrap *wrap) {
    return wrap->tls != NULL || wrap->websocket != NULL || wrap->mask != NULL;
}

void stream_wrap_destroy(struct stream_wrap *wrap, struct memory *memory) {
    if (wrap == NULL) {
        return;
    }
    stream_wrap_forget_proxy(wrap, memory);
    memory_discharge(memory, library_bytes(wrap));
    if (wrap->tls != NULL) {
        stream_tls_destroy(wrap->tls, memory);
    }
    if (wrap->websocket != NULL) {
        stream_websocket_destroy(wrap->websocket);
    }
    if (wrap->mask != NULL) {
        stream_mask_destroy(wrap->mask);
    }
    memory_free(memory, wrap, sizeof *wrap);
}

static enum stream_wrap_state take_tls(struct stream_wrap *wrap, struct stream_scratch *scratch,
                                       struct bytes *bytes) {
    scratch->plain.size = 0;
    enum stream_tls_state state =
        stream_tls_take(wrap->tls, *bytes, &scratch->plain, &scratch->out);
    *bytes = buffer_bytes(&scratch->plain);
    switch (state) {
    case STREAM_TLS_HANDSHAKE:
        return STREAM_WRAP_HANDSHAKE;
    case STREAM_TLS_OPEN:
        return STREAM_WRAP_OPEN;
    case STREAM_TLS_ENDED:
        return STREAM_WRAP_HALF;
    case STREAM_TLS_FAILED:
        break;
    }
    wrap->has_tls_failed = true;
    return STREAM_WRAP_ENDED;
}

bool stream_wrap_has_rest(const struct stream_wrap *wrap) {
    return wrap != NULL && wrap->websocket != NULL && stream_websocket_has_rest(wrap->websocket);
}

static void choose_read(struct stream_wrap *wrap, size_t bytes) {
    size_t frames = stream_websocket_frames(wrap->websocket);
    if (frames * STREAM_WRAP_SMALL_FRAME > bytes || stream_wrap_has_rest(wrap)) {
        wrap->halvings = STREAM_WRAP_HALVINGS;
    } else if (wrap->halvings > 0) {
        wrap->halvings--;
    }
}

// The client's end: asks first.
static enum stream_wrap_state take_mask(struct stream_wrap *wrap, struct stream_scratch *scratch,
                                        struct bytes *bytes) {
    struct buffer *out = wrap->tls == NULL ? &scratch->out : &scratch->frames;
    enum stream_mask_state state = STREAM_MASK_HANDSHAKE;
    scratch->payload.size = scratch->frames.size = 0;
    if (!wrap->has_asked) {
        wrap->has_asked = true;
        stream_mask_begin(wrap->mask, out);
    }
    if (bytes->size > 0) {
        state = stream_mask_take(wrap->mask, *bytes, &scratch->payload, out);
    }
    *bytes = buffer_bytes(&scratch->payload);
    if (wrap->tls != NULL &&
        !stream_tls_put(wrap->tls, buffer_bytes(&scratch->frames), &scratch->out)) {
        wrap->has_tls_failed = true;
        return STREAM_WRAP_ENDED;
    }
    return state == STREAM_MASK_HANDSHAKE ? STREAM_WRAP_HANDSHAKE
           : state == STREAM_MASK_OPEN    ? STREAM_WRAP_OPEN
                                          : STREAM_WRAP_ENDED;
}

static enum stream_wrap_state take_websocket(struct stream_wrap *wrap,
                                             struct stream_scratch *scratch, struct bytes *bytes) {
    struct buffer *out = wrap->tls == NULL ? &scratch->out : &scratch->frames;
    scratch->payload.size = scratch->frames.size = 0;
    enum stream_websocket_state state =
        stream_websocket_take(wrap->websocket, *bytes, &scratch->payload, out);
    choose_read(wrap, bytes->size);
    *bytes = buffer_bytes(&scratch->payload);
    if (wrap->tls != NULL &&
        !stream_tls_put(wrap->tls, buffer_bytes(&scratch->frames), &scratch->out)) {
        return STREAM_WRAP_ENDED;
    }
    switch (state) {
    case STREAM_WEBSOCKET_HANDSHAKE:
        return STREAM_WRAP_HANDSHAKE;
    case STREAM_WEBSOCKET_OPEN:
        return STREAM_WRAP_OPEN;
    case STREAM_WEBSOCKET_ENDED:
        break;
    }
    return STREAM_WRAP_ENDED;
}

// Whether WebSocket has something to do. The client's end begins once the way is open.
static bool wants_turn(const struct stream_wrap *wrap, enum stream_wrap_state state, size_t bytes) {
    if (wrap->mask == NULL) {
        return wrap->websocket != NULL && (bytes > 0 || stream_wrap_has_rest(wrap));
    }
    return state != STREAM_WRAP_HANDSHAKE && !wrap->has_tls_failed &&
           (bytes > 0 || !wrap->has_asked);
}

enum stream_wrap_state stream_wrap_take(struct stream_wrap *wrap, struct stream_scratch *scratch,
                                        struct bytes bytes, struct bytes *payload) {
    enum stream_wrap_state state = STREAM_WRAP_OPEN;
    bool has_websocket = wrap->websocket != NULL || wrap->mask != NULL;
    *payload = bytes;
    if (wrap->tls != NULL) {
        state = take_tls(wrap, scratch, payload);
    }
    if (wants_turn(wrap, state, payload->size)) {
        enum stream_wrap_state inner = wrap->mask != NULL ? take_mask(wrap, scratch, payload)
                                                          : take_websocket(wrap, scratch, payload);
        state = state == STREAM_WRAP_OPEN ? inner : state;
    } else if (has_websocket && state == STREAM_WRAP_OPEN) {
        state = STREAM_WRAP_HANDSHAKE; // or later: nothing has changed
    }
    wrap->is_open = wrap->is_open || state == STREAM_WRAP_OPEN;
    return state;
}

// Many small runs would each become a record of TLS.
static struct bytes join_runs(struct stream_scratch *scratch, const struct bytes *runs,
                              unsigned count) {
    if (count == 1) {
        return runs[0];
    }
    for (unsigned i = 0; i < count; i++) {
        buffer_append(&scratch->frames, runs[i]);
    }
    return buffer_bytes(&scratch->frames);
}

// One frame for all: a packet may begin in one and end in another [MQTT-6.0.0-2]. What was received
// may still be looked at in `payload`, not in `plain`.
static bool put_masked(struct stream_wrap *wrap, struct stream_scratch *scratch,
                       const struct bytes *runs, unsigned count) {
    struct bytes bytes = join_runs(scratch, runs, count);
    if (wrap->tls == NULL) {
        return stream_mask_put(wrap->mask, bytes, &scratch->out);
    }
    scratch->plain.size = 0;
    return stream_mask_put(wrap->mask, bytes, &scratch->plain) &&
           stream_tls_put(wrap->tls, buffer_bytes(&scratch->plain), &scratch->out);
}

bool stream_wrap_put(struct stream_wrap *wrap, struct stream_scratch *scratch,
                     const struct bytes *runs, unsigned count) {
    scratch->frames.size = 0;
    if (wrap->mask != NULL) {
        return put_masked(wrap, scratch, runs, count);
    }
    if (wrap->tls == NULL) {
        stream_websocket_put(wrap->websocket, runs, count, &scratch->out);
        return true;
    }
    if (wrap->websocket == NULL) {
        return stream_tls_put(wrap->tls, join_runs(scratch, runs, count), &scratch->out);
    }
    stream_websocket_put(wrap->websocket, runs, count, &scratch->frames);
    return stream_tls_put(wrap->tls, buffer_bytes(&scratch->frames), &scratch->out);
}

void stream_wrap_end(struct stream_wrap *wrap, struct stream_scratch *scratch) {
    scratch->frames.size = 0;
    if (wrap->websocket != NULL) {
        stream_websocket_end(wrap->websocket, wrap->tls == NULL ? &scratch->out : &scratch->frames);
    }
    if (wrap->mask != NULL && wrap->is_open) {
        stream_mask_end(wrap->mask, wrap->tls == NULL ? &scratch->out : &scratch->frames);
    }
    if (wrap->tls != NULL) {
        (void)stream_tls_put(wrap->tls, buffer_bytes(&scratch->frames), &scratch->out);
        stream_tls_end(wrap->tls, &scratch->out);
    }
}
