#include "support.h"

#include "session/mqtt_client/seen_topics.h"

static struct seen_topics seen;
static char found[64 * 1024];

static void add(void *context, struct bytes word) {
    size_t *size = context;
    memcpy(found + *size, word.data, word.size);
    found[*size + word.size] = ' ';
    *size += word.size + 1;
}

static struct bytes all(enum seen_kind kind) {
    size_t size = 0;
    seen_topics_each(&seen, kind, &(struct run_words){&size, add});
    return bytes_make(found, size);
}

static void each_is_kept_once_until_it_is_forgotten(void **state) {
    (void)state;
    seen_topics_init(&seen);
    seen_topics_note(&seen, SEEN_TOPIC, BYTES_LITERAL("a/b"));
    seen_topics_note(&seen, SEEN_TOPIC, BYTES_LITERAL("c"));
    seen_topics_note(&seen, SEEN_TOPIC, BYTES_LITERAL("a/b"));
    seen_topics_note(&seen, SEEN_FILTER, BYTES_LITERAL("a/#"));
    assert_bytes_equal(all(SEEN_TOPIC), BYTES_LITERAL("a/b c "));
    assert_bytes_equal(all(SEEN_FILTER), BYTES_LITERAL("a/# "));
    seen_topics_forget(&seen, SEEN_FILTER, BYTES_LITERAL("a/b"));
    seen_topics_forget(&seen, SEEN_FILTER, BYTES_LITERAL("a/#"));
    assert_bytes_equal(all(SEEN_FILTER), BYTES_LITERAL(""));
    assert_bytes_equal(all(SEEN_TOPIC), BYTES_LITERAL("a/b c "));
    seen_topics_deinit(&seen);
}

static void so_many_are_kept_and_none_that_is_long(void **state) {
    static const uint8_t long_one[SEEN_TOPIC_BYTES_MAX + 1] = {'x'};
    (void)state;
    seen_topics_init(&seen);
    seen_topics_note(&seen, SEEN_TOPIC, bytes_make(long_one, sizeof long_one));
    seen_topics_note(&seen, SEEN_TOPIC, bytes_make(NULL, 0));
    assert_int_equal(all(SEEN_TOPIC).size, 0);
    for (unsigned i = 0; i < SEEN_TOPICS_MAX + 2; i++) {
        uint8_t text[2] = {(uint8_t)('a' + i / 26), (uint8_t)('a' + i % 26)};
        seen_topics_note(&seen, SEEN_TOPIC, bytes_make(text, sizeof text));
    }
    struct bytes kept = all(SEEN_TOPIC);
    assert_int_equal(kept.size, 3 * SEEN_TOPICS_MAX);
    assert_null(memmem(kept.data, kept.size, "aa ", 3)); // the oldest
    assert_null(memmem(kept.data, kept.size, "ab ", 3));
    assert_non_null(memmem(kept.data, kept.size, "ac ", 3));
    seen_topics_deinit(&seen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_kept_once_until_it_is_forgotten),
        cmocka_unit_test(so_many_are_kept_and_none_that_is_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
