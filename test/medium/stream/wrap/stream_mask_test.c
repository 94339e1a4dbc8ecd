// The client's end of WebSocket against the server's, in memory.
#include "support.h"

#include "medium/stream/wrap/stream_mask.h"
#include "medium/stream/wrap/stream_websocket.h"

static struct memory memory;

static void fill(void *bytes, size_t size) {
    memset(bytes, 0x5a, size);
}

static const struct stream_upgrade_request request = {
    .path = "/mqtt", .host = "localhost:8080", .protocol = "mqtt"};

// Both ends, and what is under way between them.
struct pair {
    struct stream_mask *client;
    struct stream_websocket *server;
    struct stream_websocket_rules rules;
    struct buffer up;
    struct buffer down;
    struct buffer at_server;
    struct buffer at_client;
};

static void open_pair(struct pair *pair) {
    memory_init(&memory);
    *pair = (struct pair){.rules = {.frame_bytes_max = 100000}};
    pair->client = stream_mask_create(&request, fill, &memory);
    pair->server = stream_websocket_create(&pair->rules, &memory);
    buffer_init(&pair->up, &memory);
    buffer_init(&pair->down, &memory);
    buffer_init(&pair->at_server, &memory);
    buffer_init(&pair->at_client, &memory);
    stream_mask_begin(pair->client, &pair->up);
}

static void close_pair(struct pair *pair) {
    stream_mask_destroy(pair->client);
    stream_websocket_destroy(pair->server);
    buffer_deinit(&pair->up);
    buffer_deinit(&pair->down);
    buffer_deinit(&pair->at_server);
    buffer_deinit(&pair->at_client);
    assert_int_equal(memory.blocks_in_use, 0);
}

// Everything arrives, in pieces of this size.
static enum stream_mask_state settle(struct pair *pair, size_t part) {
    enum stream_mask_state state =
        stream_mask_take(pair->client, bytes_make(NULL, 0), &pair->at_client, &pair->up);
    while (pair->up.size > 0 || pair->down.size > 0) {
        size_t size = part < pair->up.size ? part : pair->up.size;
        (void)stream_websocket_take(pair->server, bytes_make(pair->up.data, size), &pair->at_server,
                                    &pair->down);
        buffer_consume(&pair->up, size);
        size = part < pair->down.size ? part : pair->down.size;
        state = stream_mask_take(pair->client, bytes_make(pair->down.data, size), &pair->at_client,
                                 &pair->up);
        buffer_consume(&pair->down, size);
    }
    return state;
}

// [MQTT-6.0.0-1, MQTT-6.0.0-2, MQTT-6.0.0-3]
static void bytes_go_both_ways_in_frames_of_any_split(void **state) {
    (void)state;
    for (size_t part = 1; part < 400; part = part * 3) {
        struct pair pair;
        open_pair(&pair);
        assert_int_equal(settle(&pair, part), STREAM_MASK_OPEN);
        struct bytes text = BYTES_LITERAL("to the server");
        struct bytes answer = BYTES_LITERAL("to the client");
        assert_true(stream_mask_put(pair.client, text, &pair.up));
        stream_websocket_put(pair.server, &answer, 1, &pair.down);
        assert_int_equal(settle(&pair, part), STREAM_MASK_OPEN);
        assert_bytes_equal(buffer_bytes(&pair.at_server), text);
        assert_bytes_equal(buffer_bytes(&pair.at_client), answer);
        stream_websocket_end(pair.server, &pair.down);
        assert_int_equal(settle(&pair, part), STREAM_MASK_ENDED);
        assert_null(stream_mask_fault(pair.client));
        close_pair(&pair);
    }
}

static void what_a_client_sends_is_masked(void **state) {
    (void)state;
    struct pair pair;
    open_pair(&pair);
    (void)settle(&pair, 1000);
    struct bytes text = BYTES_LITERAL("secret");
    assert_true(stream_mask_put(pair.client, text, &pair.up));
    assert_int_equal(pair.up.data[1] & 0x80, 0x80);
    assert_null(memmem(pair.up.data, pair.up.size, text.data, text.size));
    close_pair(&pair);
}

static void check_answer(const char *answer) {
    struct buffer payload;
    struct buffer out;
    memory_init(&memory);
    buffer_init(&payload, &memory);
    buffer_init(&out, &memory);
    struct stream_mask *client = stream_mask_create(&request, fill, &memory);
    stream_mask_begin(client, &out);
    assert_int_equal(stream_mask_take(client, bytes_of_text(answer), &payload, &out),
                     STREAM_MASK_ENDED);
    assert_non_null(stream_mask_fault(client));
    stream_mask_destroy(client);
    buffer_deinit(&payload);
    buffer_deinit(&out);
}

static void a_server_that_speaks_something_else_is_left(void **state) {
    (void)state;
    check_answer("SSH-2.0-OpenSSH\r\n\r\n");
    check_answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    check_answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Accept: wrong\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n");
}

static void an_endless_answer_is_left(void **state) {
    (void)state;
    static char answer[STREAM_MASK_ANSWER_MAX + 2];
    memset(answer, 'x', sizeof answer - 1);
    check_answer(answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_both_ways_in_frames_of_any_split),
        cmocka_unit_test(what_a_client_sends_is_masked),
        cmocka_unit_test(a_server_that_speaks_something_else_is_left),
        cmocka_unit_test(an_endless_answer_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
