// A buffer that a test has texts written to, and its memory, all of which is given back at the end.
#ifndef TEST_TEXT_FIXTURE_H
#define TEST_TEXT_FIXTURE_H

#include "base/buffer.h"
#include "support.h"

struct text_fixture {
    struct memory memory;
    struct buffer out;
};

static inline void text_fixture_start(struct text_fixture *fixture) {
    memory_init(&fixture->memory);
    buffer_init(&fixture->out, &fixture->memory);
}

static inline void text_fixture_finish(struct text_fixture *fixture) {
    buffer_deinit(&fixture->out);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

#endif
