// Input: a filter, a line feed, a topic name. Whatever the bytes, the checks answer; and where both
// are well formed, the subscription tree and the table of values agree with the naive matcher.
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "topic/topic.h"
#include "topic/tree.h"
#include "topic/values.h"

#define SEED 1

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count_entry(void *context, uint32_t subscriber, uint32_t detail) {
    ASSERT(subscriber == 3 && detail == 4);
    ++*(size_t *)context;
}

static void check_tree(struct bytes filter, struct bytes name) {
    struct memory memory;
    struct topic_tree tree;
    struct buffer text;
    size_t found = 0;
    memory_init(&memory);
    topic_tree_init(&tree, &memory, SEED);
    uint32_t node = topic_tree_insert(&tree, filter, 3, 4);
    ASSERT(topic_tree_find(&tree, filter) == node);
    ASSERT(topic_tree_match(&tree, name, count_entry, &found) == topic_matches(filter, name));
    ASSERT(found == topic_matches(filter, name));
    buffer_init(&text, &memory);
    topic_tree_filter(&tree, node, &text);
    ASSERT(bytes_equal(buffer_bytes(&text), filter));
    buffer_deinit(&text);
    topic_tree_remove(&tree, node, 3);
    ASSERT(memory.bytes_in_use == 0);
    topic_tree_deinit(&tree);
}

static void count_value(void *context, const struct topic_value *value) {
    ASSERT(topic_matches(*(const struct bytes *)context, value->topic));
}

// The name stands among the topics of its own levels and neighbours of them.
static void check_values(struct bytes filter, struct bytes name) {
    struct memory memory;
    struct topic_values values;
    memory_init(&memory);
    topic_values_init(&values, &memory, SEED,
                      (struct topic_values_limits){.entries_max = 50, .bytes_max = 1u << 20});
    size_t expected = 0;
    for (size_t at = 0; at <= name.size && values.entries < 50;) {
        at += topic_level(name, at).size + 1;
        struct bytes topic = bytes_make(name.data, at - 1);
        if (topic_values_set(&values, topic, name, 0, 0) == TOPIC_VALUES_OK) {
            expected += topic.size > 0 && topic_matches(filter, topic);
        }
    }
    (void)topic_values_remove(&values, BYTES_LITERAL(""));
    ASSERT(topic_values_visit(&values, filter, count_value, &filter) == expected);
    topic_values_deinit(&values);
    ASSERT(memory.bytes_in_use == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *end = size == 0 ? NULL : memchr(data, '\n', size);
    size_t filter_size = end == NULL ? size : (size_t)(end - data);
    struct bytes filter = bytes_make(data, filter_size);
    struct bytes name =
        end == NULL ? bytes_make(NULL, 0) : bytes_make(end + 1, size - filter_size - 1);
    enum topic_fault filter_fault = topic_filter_check(filter);
    enum topic_fault name_fault = topic_name_check(name);
    ASSERT(topic_fault_text(filter_fault) != NULL && topic_fault_text(name_fault) != NULL);
    if (filter_fault == TOPIC_OK && name_fault == TOPIC_OK) {
        check_tree(filter, name);
        check_values(filter, name);
    }
    return 0;
}
