#include "support.h"

#include "shell/terminal/output.h"

#include <poll.h>
#include <stdio.h>

struct place {
    struct memory memory;
    struct buffer bytes;
    struct buffer chunks;
    struct output output;
};

static void open_place(struct place *place) {
    memory_init(&place->memory);
    buffer_init(&place->bytes, &place->memory);
    buffer_init(&place->chunks, &place->memory);
    assert_true(output_init(&place->output));
}

static void close_place(struct place *place) {
    buffer_deinit(&place->bytes);
    buffer_deinit(&place->chunks);
    output_deinit(&place->output);
}

static bool is_readable(const struct output *output) {
    struct pollfd wake = {.fd = output->wake, .events = POLLIN};
    return poll(&wake, 1, 0) == 1;
}

static bool take(struct place *place) {
    place->bytes.size = place->chunks.size = 0;
    return output_take(&place->output, &place->bytes, &place->chunks);
}

static void lines_keep_order_and_stream(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    output_add(&place.output, OUTPUT_ANSWER, BYTES_LITERAL("one"));
    output_add(&place.output, OUTPUT_NOTICE, BYTES_LITERAL(""));
    output_add(&place.output, OUTPUT_ANSWER, BYTES_LITERAL("two"));
    assert_true(take(&place));
    assert_bytes_equal(buffer_bytes(&place.bytes), BYTES_LITERAL("one\n\ntwo\n"));
    const struct output_chunk *chunks = (const struct output_chunk *)place.chunks.data;
    assert_int_equal(place.chunks.size, 3 * sizeof *chunks);
    assert_int_equal(chunks[1].stream, OUTPUT_NOTICE);
    assert_int_equal(chunks[1].size, 1);
    assert_true(take(&place));
    assert_int_equal(place.bytes.size, 0);
    close_place(&place);
}

static void only_news_is_announced_and_only_once(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    output_announce(&place.output);
    assert_false(is_readable(&place.output));
    output_add(&place.output, OUTPUT_ANSWER, BYTES_LITERAL("one"));
    assert_false(is_readable(&place.output));
    output_announce(&place.output);
    assert_true(is_readable(&place.output));
    assert_true(take(&place));
    assert_false(is_readable(&place.output));
    output_announce(&place.output);
    assert_false(is_readable(&place.output));
    output_wake(&place.output);
    assert_true(is_readable(&place.output));
    close_place(&place);
}

static void it_says_when_it_is_full(void **state) {
    (void)state;
    static uint8_t line[OUTPUT_BYTES_MAX - 1];
    struct place place;
    memset(line, 'x', sizeof line);
    open_place(&place);
    assert_false(output_is_full(&place.output));
    output_add(&place.output, OUTPUT_ANSWER, bytes_make(line, sizeof line));
    assert_true(output_is_full(&place.output));
    output_add(&place.output, OUTPUT_ANSWER, BYTES_LITERAL("still"));
    assert_true(take(&place));
    assert_int_equal(place.bytes.size, sizeof line + 1 + 6);
    assert_false(output_is_full(&place.output));
    close_place(&place);
}

// Whoever made the text, nothing in it moves the terminal.
static void it_is_the_last_door(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    output_add(&place.output, OUTPUT_NOTICE, BYTES_LITERAL("\033[2J\n\xe2\x80\xae"));
    assert_true(take(&place));
    assert_bytes_equal(buffer_bytes(&place.bytes), BYTES_LITERAL("\\x1B[2J\n\\xE2\\x80\\xAE\n"));
    struct output_chunk chunk;
    memcpy(&chunk, place.chunks.data, sizeof chunk);
    assert_int_equal(chunk.size, place.bytes.size);
    close_place(&place);
}

// Who took the last texts may wait again before it heeds the end.
static void the_end_stays_readable(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    output_add(&place.output, OUTPUT_ANSWER, BYTES_LITERAL("last"));
    output_announce(&place.output);
    assert_false(output_is_hurried(&place.output));
    output_finish(&place.output, true);
    assert_true(output_is_hurried(&place.output));
    assert_false(take(&place));
    assert_bytes_equal(buffer_bytes(&place.bytes), BYTES_LITERAL("last\n"));
    assert_true(is_readable(&place.output));
    assert_false(take(&place));
    assert_true(is_readable(&place.output));
    close_place(&place);
}

enum { LINES = 100000 };

static void *add_lines(void *context) {
    struct output *output = context;
    for (int i = 0; i < LINES; i++) {
        char line[32];
        int size = snprintf(line, sizeof line, "%d", i);
        output_add(output, i % 2 == 0 ? OUTPUT_ANSWER : OUTPUT_NOTICE,
                   bytes_make(line, (size_t)size));
        output_announce(output);
    }
    output_finish(output, false);
    return NULL;
}

static void threads_may_share_it(void **state) {
    (void)state;
    struct place place;
    pthread_t thread;
    open_place(&place);
    assert_int_equal(pthread_create(&thread, NULL, add_lines, &place.output), 0);
    int next = 0;
    for (bool more = true; more;) {
        struct pollfd wake = {.fd = place.output.wake, .events = POLLIN};
        assert_int_equal(poll(&wake, 1, 60000), 1);
        more = take(&place);
        buffer_append_byte(&place.bytes, 0);
        for (const char *at = (const char *)place.bytes.data; *at != '\0';) {
            int number = -1;
            assert_int_equal(sscanf(at, "%d", &number), 1);
            assert_int_equal(number, next++);
            at = strchr(at, '\n') + 1;
        }
    }
    assert_int_equal(next, LINES);
    assert_int_equal(pthread_join(thread, NULL), 0);
    close_place(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_keep_order_and_stream),
        cmocka_unit_test(only_news_is_announced_and_only_once),
        cmocka_unit_test(it_says_when_it_is_full),
        cmocka_unit_test(it_is_the_last_door),
        cmocka_unit_test(the_end_stays_readable),
        cmocka_unit_test(threads_may_share_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
