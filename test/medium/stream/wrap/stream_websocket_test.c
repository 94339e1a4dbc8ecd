// WebSocket: the upgrade and the frames, first from bytes to bytes, then over sockets and TLS.

#include "medium/stream/stream_pki.h"

#include <stdio.h>
#include <sys/socket.h>
#include <stdlib.h>

#include "medium/stream/wrap/stream_websocket.h"
#include "medium/stream/wrap/stream_wrap.h"

#define UPGRADE_START                             \
    "GET /mqtt HTTP/1.1\r\nHost: localhost:1\r\n" \
    "Upgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
#define UPGRADE_KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define UPGRADE_VERSION "Sec-WebSocket-Version: 13\r\n"
#define UPGRADE_PROTOCOL "Sec-WebSocket-Protocol: chat,mqtt\r\n"
#define UPGRADE UPGRADE_START UPGRADE_KEY UPGRADE_VERSION UPGRADE_PROTOCOL "\r\n"
// The key and its answer are those of RFC 6455, section 1.3.
#define ACCEPTED                                                                    \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"                    \
    "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" \
    "Sec-WebSocket-Protocol: mqtt\r\n\r\n"

enum opcode { CONTINUATION, TEXT, BINARY, CLOSE = 8, PING, PONG };
#define FINAL 0x80u

// ---- one end, without sockets ---------------------------------------------------------------

struct end {
    struct memory memory;
    const struct stream_websocket_rules *rules;
    struct stream_websocket *websocket;
    struct buffer payload;
    struct buffer out;
    enum stream_websocket_state state;
};

static const struct stream_websocket_rules usual = {.frame_bytes_max = 1000};

static void open_end_with(struct end *end, const struct stream_websocket_rules *rules) {
    memory_init(&end->memory);
    end->rules = rules;
    end->websocket = stream_websocket_create(end->rules, &end->memory);
    buffer_init(&end->payload, &end->memory);
    buffer_init(&end->out, &end->memory);
    end->state = STREAM_WEBSOCKET_HANDSHAKE;
}

static void open_end(struct end *end) {
    open_end_with(end, &usual);
}

static void close_end(struct end *end) {
    stream_websocket_destroy(end->websocket);
    buffer_deinit(&end->payload);
    buffer_deinit(&end->out);
    assert_int_equal(end->memory.blocks_in_use, 0);
}

static void feed(struct end *end, struct bytes bytes) {
    end->state = stream_websocket_take(end->websocket, bytes, &end->payload, &end->out);
}

static void open_upgraded(struct end *end) {
    open_end(end);
    feed(end, BYTES_LITERAL(UPGRADE));
    assert_int_equal(end->state, STREAM_WEBSOCKET_OPEN);
    end->out.size = 0;
}

// A frame as a client sends it; returns its size.
static size_t make_frame(uint8_t *room, unsigned first, struct bytes payload) {
    static const uint8_t mask[4] = {1, 0x80, 3, 0xff};
    size_t at = 0;
    room[at++] = (uint8_t)first;
    if (payload.size < 126) {
        room[at++] = (uint8_t)(0x80u | payload.size);
    } else {
        room[at++] = 0x80 | 126;
        room[at++] = (uint8_t)(payload.size >> 8);
        room[at++] = (uint8_t)payload.size;
    }
    memcpy(room + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < payload.size; i++) {
        room[at++] = payload.data[i] ^ mask[i % 4];
    }
    return at;
}

static void feed_frame(struct end *end, unsigned first, struct bytes payload) {
    uint8_t frame[2048];
    feed(end, bytes_make(frame, make_frame(frame, first, payload)));
}

static void expect_answer(struct bytes request, const char *start) {
    struct end end;
    open_end(&end);
    feed(&end, request);
    assert_int_equal(end.state, STREAM_WEBSOCKET_ENDED);
    assert_true(end.out.size > strlen(start));
    assert_memory_equal(end.out.data, start, strlen(start));
    feed(&end, BYTES_LITERAL(UPGRADE));
    assert_int_equal(end.state, STREAM_WEBSOCKET_ENDED);
    close_end(&end);
}

// [MQTT-6.0.0-4] [MQTT3-6.0.0-4]
static void upgrades(void **state) {
    (void)state;
    struct bytes request = BYTES_LITERAL(UPGRADE);
    for (size_t split = 1; split <= request.size; split++) {
        struct end end;
        open_end(&end);
        for (size_t at = 0; at < request.size; at += split) {
            size_t size = request.size - at < split ? request.size - at : split;
            assert_int_equal(end.out.size, 0);
            feed(&end, bytes_make(request.data + at, size));
        }
        assert_int_equal(end.state, STREAM_WEBSOCKET_OPEN);
        assert_bytes_equal(buffer_bytes(&end.out), BYTES_LITERAL(ACCEPTED));
        close_end(&end);
    }
}

static void old_subprotocol_is_taken(void **state) {
    (void)state;
    struct end end;
    open_end(&end);
    feed(&end, BYTES_LITERAL(UPGRADE_START UPGRADE_KEY UPGRADE_VERSION
                             "sec-websocket-protocol:\tmqttv3.1\r\n\r\n"));
    assert_int_equal(end.state, STREAM_WEBSOCKET_OPEN);
    assert_non_null(memmem(end.out.data, end.out.size, "Protocol: mqttv3.1\r\n", 20));
    close_end(&end);
}

static void other_requests_are_refused(void **state) {
    (void)state;
    expect_answer(BYTES_LITERAL("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "HTTP/1.1 426 ");
    expect_answer(BYTES_LITERAL("POST / HTTP/1.1\r\nHost: a\r\n\r\n"), "HTTP/1.1 405 ");
    expect_answer(BYTES_LITERAL("GET / HTTP/1.0\r\n\r\n"), "HTTP/1.1 400 ");
    expect_answer(BYTES_LITERAL("\r\n\r\n"), "HTTP/1.1 400 ");
    expect_answer(BYTES_LITERAL(UPGRADE_START UPGRADE_KEY
                                "Sec-WebSocket-Version: 8\r\n" UPGRADE_PROTOCOL "\r\n"),
                  "HTTP/1.1 426 ");
    expect_answer(BYTES_LITERAL(UPGRADE_START UPGRADE_VERSION UPGRADE_PROTOCOL "\r\n"),
                  "HTTP/1.1 400 ");
    expect_answer(BYTES_LITERAL(UPGRADE_START UPGRADE_VERSION UPGRADE_PROTOCOL
                                "Sec-WebSocket-Key: short\r\n\r\n"),
                  "HTTP/1.1 400 ");
    expect_answer(BYTES_LITERAL(UPGRADE_START UPGRADE_VERSION UPGRADE_PROTOCOL
                                "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==\r\n\r\n"),
                  "HTTP/1.1 400 ");
    // [MQTT-6.0.0-3] [MQTT3-6.0.0-3]
    expect_answer(BYTES_LITERAL(UPGRADE_START UPGRADE_KEY UPGRADE_VERSION "\r\n"), "HTTP/1.1 400 ");
    expect_answer(BYTES_LITERAL(UPGRADE_START UPGRADE_KEY UPGRADE_VERSION
                                "Sec-WebSocket-Protocol: mqtt5\r\n\r\n"),
                  "HTTP/1.1 400 ");
    uint8_t large[STREAM_WEBSOCKET_REQUEST_MAX];
    memset(large, 'a', sizeof large);
    expect_answer(bytes_make(large, sizeof large), "HTTP/1.1 431 ");
}

// [MQTT-6.0.0-2] [MQTT3-6.0.0-2]
static void frames_are_a_stream(void **state) {
    (void)state;
    struct end end;
    open_upgraded(&end);
    feed_frame(&end, FINAL | BINARY, BYTES_LITERAL("one "));
    feed_frame(&end, BINARY, BYTES_LITERAL("two "));
    feed_frame(&end, FINAL | PING, BYTES_LITERAL("?"));
    feed_frame(&end, CONTINUATION, BYTES_LITERAL(""));
    feed_frame(&end, FINAL | CONTINUATION, BYTES_LITERAL("three"));
    feed_frame(&end, FINAL | PONG, BYTES_LITERAL("unasked"));
    assert_bytes_equal(buffer_bytes(&end.payload), BYTES_LITERAL("one two three"));
    assert_bytes_equal(buffer_bytes(&end.out), BYTES_LITERAL("\x8a\x01?"));
    assert_int_equal(end.state, STREAM_WEBSOCKET_OPEN);
    close_end(&end);
}

static void frames_may_come_byte_by_byte(void **state) {
    (void)state;
    struct end end;
    uint8_t frame[1024];
    uint8_t payload[900];
    for (size_t i = 0; i < sizeof payload; i++) {
        payload[i] = (uint8_t)(i * 3);
    }
    size_t size = make_frame(frame, FINAL | BINARY, bytes_make(payload, sizeof payload));
    open_upgraded(&end);
    for (size_t i = 0; i < size; i++) {
        feed(&end, bytes_make(frame + i, 1));
    }
    assert_bytes_equal(buffer_bytes(&end.payload), bytes_make(payload, sizeof payload));
    close_end(&end);
}

static void expect_close(unsigned first, struct bytes payload, unsigned code) {
    struct end end;
    const uint8_t expected[] = {0x88, 2, (uint8_t)(code >> 8), (uint8_t)code};
    open_upgraded(&end);
    feed_frame(&end, first, payload);
    assert_int_equal(end.state, STREAM_WEBSOCKET_ENDED);
    assert_int_equal(end.payload.size, 0);
    assert_bytes_equal(buffer_bytes(&end.out), bytes_make(expected, sizeof expected));
    feed_frame(&end, FINAL | BINARY, BYTES_LITERAL("too late"));
    stream_websocket_end(end.websocket, &end.out);
    assert_int_equal(end.payload.size, 0);
    assert_int_equal(end.out.size, sizeof expected);
    close_end(&end);
}

// [MQTT3-6.0.0-1]
static void faults_end_it(void **state) {
    (void)state;
    static const uint8_t large[1001];
    expect_close(FINAL | TEXT, BYTES_LITERAL("text"), 1003); // [MQTT-6.0.0-1]
    expect_close(TEXT, BYTES_LITERAL("text"), 1003);
    expect_close(FINAL | BINARY, bytes_make(large, sizeof large), 1009);
    expect_close(FINAL | CONTINUATION, BYTES_LITERAL("of what?"), 1002);
    expect_close(FINAL | 5, BYTES_LITERAL("reserved"), 1002);
    expect_close(FINAL | 0x40 | BINARY, BYTES_LITERAL("compressed"), 1002);
    expect_close(PING, BYTES_LITERAL("in pieces"), 1002);
    expect_close(FINAL | CLOSE, BYTES_LITERAL("\x03\xe8"), 1000);
}

static void unmasked_frames_end_it(void **state) {
    (void)state;
    struct end end;
    open_upgraded(&end);
    feed(&end, BYTES_LITERAL("\x82\x02hi"));
    assert_int_equal(end.state, STREAM_WEBSOCKET_ENDED);
    assert_bytes_equal(buffer_bytes(&end.out), BYTES_LITERAL("\x88\x02\x03\xea"));
    close_end(&end);
}

static void puts_frames(void **state) {
    (void)state;
    struct end end;
    static const uint8_t large[70000];
    const struct bytes runs[] = {BYTES_LITERAL("ab"), BYTES_LITERAL("c")};
    const struct bytes middle = bytes_make(large, 300);
    const struct bytes most = bytes_make(large, sizeof large);
    open_upgraded(&end);
    stream_websocket_put(end.websocket, runs, 2, &end.out);
    assert_bytes_equal(buffer_bytes(&end.out), BYTES_LITERAL("\x82\x03"
                                                             "abc"));
    end.out.size = 0;
    stream_websocket_put(end.websocket, &middle, 1, &end.out);
    assert_int_equal(end.out.size, 304);
    assert_memory_equal(end.out.data, "\x82\x7e\x01\x2c", 4);
    end.out.size = 0;
    stream_websocket_put(end.websocket, &most, 1, &end.out);
    assert_int_equal(end.out.size, 70010);
    assert_memory_equal(end.out.data, "\x82\x7f\0\0\0\0\0\x01\x11\x70", 10);
    end.out.size = 0;
    stream_websocket_end(end.websocket, &end.out);
    assert_bytes_equal(buffer_bytes(&end.out), BYTES_LITERAL("\x88\x02\x03\xe8"));
    close_end(&end);
}

// ---- over sockets ---------------------------------------------------------------------------

static void upgrade_peer(struct peer *peer) {
    char answer[sizeof ACCEPTED - 1];
    peer_write(peer, UPGRADE, sizeof UPGRADE - 1);
    peer_read(peer, answer, sizeof answer);
    assert_memory_equal(answer, ACCEPTED, sizeof answer);
}

// The frame's payload, at most `most` bytes; returns its size.
static size_t read_frame(struct peer *peer, uint8_t *payload, size_t most) {
    uint8_t header[10];
    peer_read(peer, header, 2);
    assert_int_equal(header[0], FINAL | BINARY);
    size_t size = header[1];
    unsigned more = size == 126 ? 2 : size == 127 ? 8 : 0;
    peer_read(peer, header + 2, more);
    size = more == 0 ? size : 0;
    for (unsigned i = 0; i < more; i++) {
        size = size << 8 | header[2 + i];
    }
    assert_true(size <= most);
    peer_read(peer, payload, size);
    return size;
}

// What is echoed may come in any number of frames.
static void echo_frame(struct peer *peer, size_t size) {
    uint8_t *frame = malloc(size + 14);
    uint8_t *payload = malloc(size);
    uint8_t *echo = malloc(size);
    for (size_t i = 0; i < size; i++) {
        payload[i] = (uint8_t)(i ^ (i >> 8));
    }
    peer_write(peer, frame, make_frame(frame, FINAL | BINARY, bytes_make(payload, size)));
    for (size_t at = 0; at < size;) {
        at += read_frame(peer, echo + at, size - at);
    }
    assert_memory_equal(payload, echo, size);
    free(frame);
    free(payload);
    free(echo);
}

static void close_frames(struct peer *peer) {
    uint8_t frame[16];
    uint8_t answer[4];
    peer_write(peer, frame, make_frame(frame, FINAL | CLOSE, BYTES_LITERAL("\x03\xe8")));
    peer_read(peer, answer, sizeof answer);
    assert_memory_equal(answer, "\x88\x02\x03\xe8", 4);
    peer_await_end(peer, true);
}

// ---- frames of messages -------------------------------------------------------------------------

// Messages of the test: their size in three bytes, and filled with the lowest of it.
static size_t message_size(struct bytes front) {
    return front.size < 3
               ? 0
               : (size_t)front.data[0] << 16 | (size_t)front.data[1] << 8 | front.data[2];
}

static void add_message(struct buffer *to, size_t size) {
    uint8_t *out = buffer_reserve(to, size);
    memset(out, (int)(size & 0xff), size);
    out[0] = (uint8_t)(size >> 16);
    out[1] = (uint8_t)(size >> 8);
    out[2] = (uint8_t)size;
    to->size += size;
}

// Takes a frame off the front; returns its first byte.
static unsigned take_frame(struct bytes *wire, struct bytes *payload) {
    unsigned first = wire->data[0];
    size_t size = wire->data[1];
    size_t head = size == 126 ? 4 : size == 127 ? 10 : 2;
    for (size_t i = 2; i < head; i++) {
        size = (i == 2 ? 0 : size << 8) | wire->data[i];
    }
    assert_true(head + size <= wire->size);
    *payload = bytes_make(wire->data + head, size);
    *wire = bytes_make(wire->data + head + size, wire->size - head - size);
    return first;
}

// However messages are cut on their way here, each has a frame, and pongs stand between frames.
static void each_message_has_a_frame(void **state) {
    (void)state;
    static const struct stream_websocket_rules rules = {.frame_bytes_max = 1000,
                                                        .message_size = message_size};
    static const size_t sizes[] = {3, 4, 125, 126, 65535, 65536, 300000, 3, 3, 5};
    uint64_t random = 3;
    for (int round = 0; round < 200; round++) {
        struct end end;
        struct buffer messages;
        open_end_with(&end, &rules);
        feed(&end, BYTES_LITERAL(UPGRADE));
        end.out.size = 0;
        buffer_init(&messages, &end.memory);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            add_message(&messages, sizes[i]);
        }
        unsigned pings = 0;
        for (size_t at = 0; at < messages.size;) {
            size_t most = round % 2 == 0 ? 10 : 100000;
            size_t size = 1 + support_random(&random) % most;
            size = size < messages.size - at ? size : messages.size - at;
            if (round % 2 == 0 && at > 70000) {
                size = messages.size - at; // a byte at a time would take long
            }
            const struct bytes runs[] = {
                bytes_make(messages.data + at, size / 2),
                bytes_make(messages.data + at + size / 2, size - size / 2)};
            stream_websocket_put(end.websocket, runs, 2, &end.out);
            at += size;
            if (support_random(&random) % 4 == 0 && pings < 5) {
                feed_frame(&end, FINAL | PING, BYTES_LITERAL("?"));
                pings++;
            }
        }
        struct bytes wire = buffer_bytes(&end.out);
        size_t found = 0;
        while (wire.size > 0) {
            struct bytes payload;
            if (take_frame(&wire, &payload) == (FINAL | PONG)) {
                assert_bytes_equal(payload, BYTES_LITERAL("?"));
                pings--;
            } else {
                assert_int_equal(payload.size, sizes[found]);
                assert_int_equal(message_size(payload), sizes[found]);
                assert_int_equal(payload.data[payload.size - 1], sizes[found] & 0xff);
                found++;
            }
        }
        assert_int_equal(found, sizeof sizes / sizeof *sizes);
        assert_int_equal(pings, 0);
        buffer_deinit(&messages);
        close_end(&end);
    }
}

// ---- paths --------------------------------------------------------------------------------------

static void assert_status(const char *path, const char *line, const char *status) {
    struct end end;
    const struct stream_websocket_rules rules = {.frame_bytes_max = 1000, .path = path};
    open_end_with(&end, &rules);
    feed(&end, bytes_of_text(line));
    feed(&end, BYTES_LITERAL("Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" UPGRADE_KEY
                                 UPGRADE_VERSION UPGRADE_PROTOCOL "\r\n"));
    assert_non_null(memmem(end.out.data, end.out.size, status, strlen(status)));
    close_end(&end);
}

static void a_request_names_the_path(void **state) {
    (void)state;
    assert_status("/mqtt", "GET /mqtt HTTP/1.1\r\n", "HTTP/1.1 101 ");
    assert_status("/mqtt", "GET /mqtt?a=/b HTTP/1.1\r\n", "HTTP/1.1 101 ");
    assert_status("/mqtt", "GET /mqtt/ HTTP/1.1\r\n", "HTTP/1.1 404 ");
    assert_status("/mqtt", "GET /MQTT HTTP/1.1\r\n", "HTTP/1.1 404 ");
    assert_status("/mqtt", "GET  HTTP/1.1\r\n", "HTTP/1.1 404 ");
    assert_status("/mqtt", "GET HTTP/1.1\r\n", "HTTP/1.1 404 ");
    assert_status(NULL, "GET /anything HTTP/1.1\r\n", "HTTP/1.1 101 ");
}

// ---- origins ------------------------------------------------------------------------------------

static bool passes(const struct stream_origins *origins, const char *host, const char *origin) {
    struct end end;
    char request[512];
    const struct stream_websocket_rules rules = {.frame_bytes_max = 1000, .origins = *origins};
    int size =
        snprintf(request, sizeof request,
                 "GET /mqtt HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\n" UPGRADE_KEY UPGRADE_VERSION UPGRADE_PROTOCOL "%s\r\n",
                 host, origin);
    open_end_with(&end, &rules);
    feed(&end, bytes_make(request, (size_t)size));
    bool result = end.state == STREAM_WEBSOCKET_OPEN;
    assert_true(result || memmem(end.out.data, end.out.size, "HTTP/1.1 403 ", 13) != NULL);
    close_end(&end);
    return result;
}

static void foreign_pages_are_not_let_in(void **state) {
    (void)state;
    const struct stream_origins open = {.is_checked = false};
    const struct stream_origins lan = {.is_checked = true};
    const struct stream_origins loopback = {.is_checked = true, .is_loopback = true};
    const struct stream_origins some = {.is_checked = true,
                                        .allowed = "https://a.org, https://b.org:8443"};
    const struct stream_origins all = {.is_checked = true, .allowed = "*"};
    assert_true(passes(&open, "a", "Origin: https://example.org\r\n"));
    assert_true(passes(&lan, "pi.local:9001", ""));
    assert_true(passes(&lan, "pi.local:9001", "Origin: http://pi.local\r\n"));
    assert_true(passes(&lan, "PI.local", "Origin: https://pi.LOCAL:8443\r\n"));
    assert_true(passes(&lan, "[::1]:9001", "origin: http://[::1]:80\r\n"));
    assert_false(passes(&lan, "pi.local:9001", "Origin: https://example.org\r\n"));
    assert_false(passes(&lan, "pi.local:9001", "Origin: null\r\n"));
    assert_false(passes(&lan, "pi.local:9001", "Origin: http://pi.local.example.org\r\n"));
    assert_false(passes(&lan, "pi.local", "Origin: http://pi.local\r\nOrigin: http://a.org\r\n"));
    assert_true(passes(&loopback, "localhost:9001", "Origin: http://localhost:8080\r\n"));
    assert_true(passes(&loopback, "127.0.0.1:9001", "Origin: http://127.0.0.1\r\n"));
    assert_true(passes(&loopback, "127.0.0.1:9001", "Origin: http://localhost:8080\r\n"));
    assert_false(passes(&loopback, "evil.org:9001", "Origin: http://localhost\r\n"));
    // A name of somebody else that was made to mean this machine.
    assert_false(passes(&loopback, "evil.org:9001", "Origin: http://evil.org:9001\r\n"));
    assert_true(passes(&some, "h", "Origin: https://a.org\r\n"));
    assert_false(passes(&some, "h", "Origin: https://a.org\r\nOrigin: https://a.org\r\n"));
    assert_true(passes(&some, "h", "Origin: HTTPS://B.org:8443\r\n"));
    assert_false(passes(&some, "h", "Origin: https://b.org\r\n"));
    assert_true(passes(&all, "h", "Origin: null\r\n"));
}

// What no browser says of a page, at a listener that such a page could use otherwise.
static void what_is_no_origin_is_not_let_in(void **state) {
    (void)state;
    const struct stream_origins lan = {.is_checked = true};
    const struct stream_origins loopback = {.is_checked = true, .is_loopback = true};
    const struct stream_origins all = {.is_checked = true, .allowed = "https://a.org, *"};
    static const char *const origins[] = {"null",
                                          "",
                                          "localhost",
                                          "//localhost",
                                          "file://localhost",
                                          "ftp://localhost",
                                          "http:/localhost",
                                          "http://",
                                          "http://localhost/",
                                          "http://localhost/page",
                                          "http://me@localhost",
                                          "http://localhost:",
                                          "http://localhost:x",
                                          "http://localhost:65536",
                                          "http://localhost:80:80",
                                          "http://localhost http://localhost",
                                          "http://localhost, http://example.org",
                                          "http://[localhost]",
                                          "http://[::1",
                                          "http://[::1]x",
                                          "http://127.0.0.1.example.org",
                                          "http://127.0.0.256"};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        char field[96];
        (void)snprintf(field, sizeof field, "Origin: %s\r\n", origins[i]);
        assert_false(passes(&lan, "localhost", field));
        assert_false(passes(&loopback, "localhost", field));
        assert_true(passes(&all, "localhost", field));
    }
    assert_false(passes(&lan, "a b", "Origin: http://a b\r\n"));
    assert_false(passes(&lan, "", "Origin: http://\r\n"));
    assert_false(
        passes(&loopback, "localhost", "Origin: http://localhost\r\nOrigin: http://localhost\r\n"));
    assert_true(passes(&loopback, "[::1]:9001", "Origin: http://[0:0:0:0:0:0:0:1]:80\r\n"));
}

static void echoes_over_websocket(void **state) {
    (void)state;
    const struct stream_listener listener = {.kind = STREAM_WEBSOCKET, .host = "127.0.0.1"};
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        struct host *host = host_run(&listener, threads);
        struct peer peer = {.fd = connect_port(host->ports[0])};
        upgrade_peer(&peer);
        for (size_t size = 1; size <= 65535; size = size * 4 + 3) {
            echo_frame(&peer, size);
        }
        close_frames(&peer);
        host_await_closed(host, 1);
        peer_close(&peer);
        host_destroy(host);
    }
}

static void echoes_over_websocket_and_tls(void **state) {
    (void)state;
    struct pki *pki = pki_create("server");
    const struct stream_listener listener = {.kind = STREAM_WEBSOCKET_TLS,
                                             .host = "127.0.0.1",
                                             .certificate = pki->server,
                                             .key = pki->server_key,
                                             .handshake_ms = 60000};
    struct host *host = host_run(&listener, 1);
    SSL_CTX *context = pki_client(pki, false, 0);
    struct peer *peer = pki_connect(context, host->ports[0]);
    assert_non_null(peer);
    assert_int_equal(host->opened, 0);
    upgrade_peer(peer);
    for (size_t size = 1; size <= 65535; size = size * 4 + 3) {
        echo_frame(peer, size);
    }
    close_frames(peer);
    pki_close(peer);
    host_destroy(host);
    SSL_CTX_free(context);
    pki_destroy(pki);
}

static void the_last_frame_says_the_end(void **state) {
    (void)state;
    enum { FLOOD = 4 << 20 };
    const struct stream_listener listener = {.kind = STREAM_WEBSOCKET, .host = "127.0.0.1"};
    struct host *host = host_create(&listener, 1);
    uint8_t *payload = malloc(FLOOD);
    uint8_t frame[16];
    uint8_t last[4];
    size_t size = 0;
    host->mode = HOST_FLOOD;
    host->flood = FLOOD;
    host_start(host, false);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    upgrade_peer(&peer);
    peer_write(&peer, frame, make_frame(frame, FINAL | BINARY, BYTES_LITERAL("x")));
    while (size < FLOOD) {
        size += read_frame(&peer, payload, FLOOD - size);
    }
    peer_read(&peer, last, sizeof last);
    assert_memory_equal(last, "\x88\x02\x03\xe8", 4);
    peer_await_end(&peer, true);
    free(payload);
    peer_close(&peer);
    host_destroy(host);
}

static void handshakes_have_to_end(void **state) {
    (void)state;
    const struct stream_listener listener = {
        .kind = STREAM_WEBSOCKET, .host = "127.0.0.1", .handshake_ms = 50};
    struct host *host = host_run(&listener, 1);
    struct peer silent = {.fd = connect_port(host->ports[0])};
    struct peer half = {.fd = connect_port(host->ports[0])};
    peer_write(&half, "GET /", 5);
    peer_await_end(&silent, false);
    peer_await_end(&half, false);
    assert_int_equal(host->opened, 0);
    peer_close(&silent);
    peer_close(&half);
    host_destroy(host);
}

// Whoever asks and never reads the answers is hung up on; else they would pile up here.
static void unread_pongs_end_it(void **state) {
    (void)state;
    enum { ENOUGH = 64 << 20 }; // far more than the sockets and the server may hold together
    static uint8_t pings[65536];
    static const uint8_t payload[125];
    const struct stream_listener listener = {.kind = STREAM_WEBSOCKET, .host = "127.0.0.1"};
    struct host *host = host_run(&listener, 1);
    struct peer peer = {.fd = connect_port(host->ports[0])};
    size_t size = 0;
    while (size + sizeof payload + 6 <= sizeof pings) {
        size += make_frame(pings + size, FINAL | PING, bytes_make(payload, sizeof payload));
    }
    upgrade_peer(&peer);
    size_t sent = 0;
    while (sent < ENOUGH) {
        ssize_t count = send(peer.fd, pings + sent % size, size - sent % size, MSG_NOSIGNAL);
        if (count <= 0) {
            break;
        }
        sent += (size_t)count;
    }
    assert_true(sent < ENOUGH);
    host_await_closed(host, 1);
    peer_close(&peer);
    host_destroy(host);
}

// A wrap takes so many frames with payloads of that size at once.
static void take_frames(struct stream_wrap *wrap, struct stream_scratch *scratch, unsigned first,
                        unsigned count, size_t size) {
    static const uint8_t zeros[1000];
    static uint8_t frames[65536];
    size_t at = 0;
    struct bytes payload;
    for (unsigned i = 0; i < count; i++) {
        at += make_frame(frames + at, first, bytes_make(zeros, size));
    }
    assert_int_equal(stream_wrap_take(wrap, scratch, bytes_make(frames, at), &payload),
                     STREAM_WRAP_OPEN);
    scratch->out.size = 0;
}

static void a_flood_of_small_frames_is_read_a_little_at_a_time(void **state) {
    (void)state;
    static const unsigned kinds[] = {PING, PONG, BINARY};
    for (unsigned i = 0; i < 3; i++) {
        struct memory memory;
        struct stream_scratch scratch;
        struct bytes payload;
        memory_init(&memory);
        stream_scratch_init(&scratch, &memory);
        struct stream_wrap *wrap = stream_wrap_create(NULL, &usual, &memory);
        (void)stream_wrap_take(wrap, &scratch, BYTES_LITERAL(UPGRADE), &payload);
        scratch.out.size = 0;
        for (unsigned read = 0; read < STREAM_WRAP_HALVINGS; read++) {
            take_frames(wrap, &scratch, FINAL | BINARY, 10, 900);
        }
        assert_int_equal(wrap->halvings, 0); // a whole buffer
        take_frames(wrap, &scratch, FINAL | kinds[i], 1000, 0);
        assert_int_equal(wrap->halvings, STREAM_WRAP_HALVINGS);
        while (stream_wrap_has_rest(wrap)) {
            (void)stream_wrap_take(wrap, &scratch, bytes_make(NULL, 0), &payload);
            assert_int_equal(wrap->halvings, STREAM_WRAP_HALVINGS);
        }
        take_frames(wrap, &scratch, FINAL | BINARY, 10, 900);
        assert_int_equal(wrap->halvings, STREAM_WRAP_HALVINGS - 1);
        // So few that none waits.
        take_frames(wrap, &scratch, FINAL | kinds[i], STREAM_WEBSOCKET_FRAMES / 2, 0);
        assert_false(stream_wrap_has_rest(wrap));
        assert_int_equal(wrap->halvings, STREAM_WRAP_HALVINGS);
        stream_wrap_destroy(wrap, &memory);
        stream_scratch_deinit(&scratch);
    }
}

#define FLOOD 10000

// So many empty frames, and one that is not.
static size_t make_flood(uint8_t *room, unsigned first, const char *last) {
    size_t size = 0;
    for (unsigned i = 0; i < FLOOD; i++) {
        size += make_frame(room + size, first, bytes_make(NULL, 0));
    }
    return size + make_frame(room + size, FINAL | BINARY, bytes_of_text(last));
}

// However much is read at once: so many frames at a time, and nothing is lost.
static void a_flood_of_small_frames_is_taken_in_parts(void **state) {
    (void)state;
    static const unsigned kinds[] = {PING, PONG, BINARY};
    static uint8_t flood[7 * FLOOD];
    const unsigned most = STREAM_WEBSOCKET_FRAMES + 4096 / 6;
    for (unsigned i = 0; i < 3; i++) {
        struct end end;
        unsigned turns = 0;
        open_upgraded(&end);
        feed(&end, bytes_make(flood, make_flood(flood, FINAL | kinds[i], "last")));
        for (; stream_websocket_has_rest(end.websocket); turns++) {
            assert_in_range(stream_websocket_frames(end.websocket), 1, most);
            assert_int_equal(end.payload.size, 0);
            feed(&end, bytes_make(NULL, 0));
        }
        assert_in_range(turns, FLOOD / most, FLOOD / STREAM_WEBSOCKET_FRAMES);
        assert_bytes_equal(buffer_bytes(&end.payload), BYTES_LITERAL("last"));
        assert_int_equal(end.out.size, kinds[i] == PING ? 2 * FLOOD : 0);
        close_end(&end);
    }
}

// What waits here is not forgotten, nor is the end of what its peer sends. Large messages come
// first, so that the flood is read a whole buffer at a time.
static void a_flood_is_answered_to_its_end(void **state) {
    (void)state;
    static uint8_t flood[7 * FLOOD];
    static uint8_t pongs[2 * FLOOD];
    static const uint8_t echo[] = "\x82\4last";
    uint8_t got[sizeof echo - 1];
    const struct stream_listener listener = {.kind = STREAM_WEBSOCKET, .host = "127.0.0.1"};
    struct host *host = host_run(&listener, 1);
    size_t size = make_flood(flood, FINAL | PING, "last");
    for (unsigned i = 0; i < 2; i++) {
        struct peer peer = {.fd = connect_port(host->ports[0])};
        upgrade_peer(&peer);
        for (unsigned large = 0; large < 3; large++) {
            echo_frame(&peer, 60000);
        }
        peer_write(&peer, flood, size);
        if (i > 0) {
            assert_int_equal(shutdown(peer.fd, SHUT_WR), 0);
        }
        peer_read(&peer, pongs, sizeof pongs);
        for (size_t at = 0; at < sizeof pongs; at += 2) {
            assert_memory_equal(pongs + at, "\x8a", 2);
        }
        peer_read(&peer, got, sizeof got);
        assert_memory_equal(got, echo, sizeof got);
        peer_close(&peer);
    }
    host_destroy(host);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upgrades),
        cmocka_unit_test(old_subprotocol_is_taken),
        cmocka_unit_test(other_requests_are_refused),
        cmocka_unit_test(frames_are_a_stream),
        cmocka_unit_test(frames_may_come_byte_by_byte),
        cmocka_unit_test(faults_end_it),
        cmocka_unit_test(unmasked_frames_end_it),
        cmocka_unit_test(puts_frames),
        cmocka_unit_test(each_message_has_a_frame),
        cmocka_unit_test(a_request_names_the_path),
        cmocka_unit_test(foreign_pages_are_not_let_in),
        cmocka_unit_test(what_is_no_origin_is_not_let_in),
        cmocka_unit_test(echoes_over_websocket),
        cmocka_unit_test(echoes_over_websocket_and_tls),
        cmocka_unit_test(the_last_frame_says_the_end),
        cmocka_unit_test(handshakes_have_to_end),
        cmocka_unit_test(unread_pongs_end_it),
        cmocka_unit_test(a_flood_of_small_frames_is_read_a_little_at_a_time),
        cmocka_unit_test(a_flood_of_small_frames_is_taken_in_parts),
        cmocka_unit_test(a_flood_is_answered_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
