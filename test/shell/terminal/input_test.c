#include "support.h"

#include "shell/terminal/input.h"

#include <poll.h>
#include <stdio.h>

struct place {
    struct memory memory;
    struct buffer line;
    struct input input;
};

static void open_place(struct place *place) {
    memory_init(&place->memory);
    buffer_init(&place->line, &place->memory);
    input_init(&place->input);
}

static void close_place(struct place *place) {
    buffer_deinit(&place->line);
    input_deinit(&place->input);
}

static void lines_come_in_order(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    assert_int_equal(input_take(&place.input, &place.line), INPUT_EMPTY);
    assert_true(input_add(&place.input, BYTES_LITERAL("one")));
    assert_true(input_add(&place.input, BYTES_LITERAL("")));
    assert_true(input_add(&place.input, BYTES_LITERAL("a\nb\0c")));
    input_end(&place.input);
    assert_int_equal(input_look(&place.input), INPUT_LINE);
    assert_int_equal(input_take(&place.input, &place.line), INPUT_LINE);
    assert_bytes_equal(buffer_bytes(&place.line), BYTES_LITERAL("one"));
    assert_int_equal(input_take(&place.input, &place.line), INPUT_LINE);
    assert_int_equal(place.line.size, 0);
    assert_int_equal(input_take(&place.input, &place.line), INPUT_LINE);
    assert_bytes_equal(buffer_bytes(&place.line), BYTES_LITERAL("a\nb\0c"));
    assert_int_equal(input_take(&place.input, &place.line), INPUT_ENDED);
    assert_int_equal(input_look(&place.input), INPUT_ENDED);
    close_place(&place);
}

static void it_is_bounded_but_takes_any_single_line(void **state) {
    (void)state;
    static uint8_t big[2 * INPUT_BYTES_MAX];
    struct place place;
    open_place(&place);
    assert_true(input_add(&place.input, bytes_make(big, sizeof big)));
    assert_false(input_room_awaited(&place.input));
    assert_false(input_add(&place.input, BYTES_LITERAL("x")));
    assert_true(input_room_awaited(&place.input));
    assert_false(input_room_awaited(&place.input));
    assert_int_equal(input_take(&place.input, &place.line), INPUT_LINE);
    assert_int_equal(place.line.size, sizeof big);
    assert_true(input_add(&place.input, BYTES_LITERAL("x")));
    close_place(&place);
}

enum { LINES = 100000 };

static void *add_lines(void *context) {
    struct input *input = context;
    for (int i = 0; i < LINES; i++) {
        char line[32];
        int size = snprintf(line, sizeof line, "%d", i);
        while (!input_add(input, bytes_make(line, (size_t)size))) {
            (void)poll(NULL, 0, 0);
        }
    }
    input_end(input);
    return NULL;
}

static void threads_may_share_it(void **state) {
    (void)state;
    struct place place;
    pthread_t thread;
    open_place(&place);
    assert_int_equal(pthread_create(&thread, NULL, add_lines, &place.input), 0);
    int next = 0;
    for (enum input_state seen; (seen = input_take(&place.input, &place.line)) != INPUT_ENDED;) {
        if (seen == INPUT_LINE) {
            char expected[32];
            (void)snprintf(expected, sizeof expected, "%d", next++);
            assert_bytes_equal(buffer_bytes(&place.line), bytes_of_text(expected));
        }
    }
    assert_int_equal(next, LINES);
    assert_int_equal(pthread_join(thread, NULL), 0);
    close_place(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_in_order),
        cmocka_unit_test(it_is_bounded_but_takes_any_single_line),
        cmocka_unit_test(threads_may_share_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
