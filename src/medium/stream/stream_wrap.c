#include "medium/stream/stream_wrap.h"

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
    return (wrap->tls != NULL ? TLS_BYTES : 0u) + (wrap->websocket != NULL ? WEBSOCKET_BYTES : 0u);
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

struct stream_wrap *stream_wrap_create_client(SSL_CTX *context, const char *host,
                                              struct memory *memory) {
    struct stream_wrap *wrap = memory_allocate(memory, sizeof *wrap);
    wrap->tls = stream_tls_connect(context, host, memory);
    memory_charge(memory, library_bytes(wrap));
    return wrap;
}

const char *stream_wrap_fault(const struct stream_wrap *wrap) {
    const char *distrust = stream_tls_distrust(wrap->tls);
    return distrust != NULL ? distrust : "TLS could not be agreed on";
}

void stream_wrap_destroy(struct stream_wrap *wrap, struct memory *memory) {
    if (wrap == NULL) {
        return;
    }
    memory_discharge(memory, library_bytes(wrap));
    if (wrap->tls != NULL) {
        stream_tls_destroy(wrap->tls, memory);
    }
    if (wrap->websocket != NULL) {
        stream_websocket_destroy(wrap->websocket);
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
    return STREAM_WRAP_ENDED;
}

static void choose_read(struct stream_wrap *wrap, size_t bytes) {
    size_t frames = stream_websocket_frames(wrap->websocket);
    if (frames * STREAM_WRAP_SMALL_FRAME > bytes) {
        wrap->halvings = STREAM_WRAP_HALVINGS;
    } else if (wrap->halvings > 0) {
        wrap->halvings--;
    }
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

enum stream_wrap_state stream_wrap_take(struct stream_wrap *wrap, struct stream_scratch *scratch,
                                        struct bytes bytes, struct bytes *payload) {
    enum stream_wrap_state state = STREAM_WRAP_OPEN;
    *payload = bytes;
    if (wrap->tls != NULL) {
        state = take_tls(wrap, scratch, payload);
    }
    if (wrap->websocket != NULL && payload->size > 0) {
        enum stream_wrap_state inner = take_websocket(wrap, scratch, payload);
        state = state == STREAM_WRAP_OPEN ? inner : state;
    } else if (wrap->websocket != NULL && state == STREAM_WRAP_OPEN) {
        state = STREAM_WRAP_HANDSHAKE; // or later: nothing has changed
    }
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

bool stream_wrap_put(struct stream_wrap *wrap, struct stream_scratch *scratch,
                     const struct bytes *runs, unsigned count) {
    scratch->frames.size = 0;
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
    if (wrap->tls != NULL) {
        (void)stream_tls_put(wrap->tls, buffer_bytes(&scratch->frames), &scratch->out);
        stream_tls_end(wrap->tls, &scratch->out);
    }
}
