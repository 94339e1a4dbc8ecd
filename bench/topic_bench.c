// What it costs to find the subscribers of a topic among a million, to keep them, and to show
// retained values.
#include "support.h"

#include <stdio.h>

#include "base/hash.h"
#include "topic/topic.h"
#include "topic/tree.h"
#include "topic/values.h"

#define SUBSCRIPTIONS 1000000u
#define MATCHES 200000u
#define BATCH 100u
#define VALUES 50000u
#define SEED 12345u

struct name {
    char text[64];
    size_t size;
};

static struct bytes leaf(struct name *name, uint32_t device) {
    int size = snprintf(name->text, sizeof name->text, "site/%u/device/%u/temp", device % 100u,
                        100000u + device);
    name->size = (size_t)size;
    return bytes_make(name->text, name->size);
}

static void count_found(void *context, uint32_t subscriber, uint32_t detail) {
    *(uint64_t *)context += subscriber ^ detail;
}

// Nine that match every leaf, so that each name has ten matches.
static const char *const wide[] = {"#",
                                   "+/#",
                                   "site/#",
                                   "site/+/device/#",
                                   "site/+/device/+/temp",
                                   "site/+/+/+/temp",
                                   "site/+/+/+/+",
                                   "+/+/+/+/temp",
                                   "+/+/device/+/+"};

static void fill_with_leaves(struct topic_tree *tree) {
    struct name name;
    uint64_t text_bytes = 0;
    uint64_t start = bench_now();
    for (uint32_t i = 0; i < SUBSCRIPTIONS; i++) {
        struct bytes filter = leaf(&name, i);
        topic_tree_insert(tree, filter, i, 0);
        text_bytes += filter.size;
    }
    double nanoseconds = (double)(bench_now() - start);
    bench_print(&(struct bench_row){.what = "subscribe, 1,000,000 distinct filters",
                                    .figure = nanoseconds / SUBSCRIPTIONS,
                                    .unit = "ns each"});
    double beside = (double)tree->levels.memory->bytes_in_use - (double)text_bytes;
    bench_print(&(struct bench_row){.what = "memory of a subscription beside its text",
                                    .figure = beside / SUBSCRIPTIONS,
                                    .unit = "bytes",
                                    .target = 100,
                                    .baseline = (double)text_bytes / SUBSCRIPTIONS,
                                    .baseline_name = "its text"});
    for (uint32_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        topic_tree_insert(tree, bytes_of_text(wide[i]), SUBSCRIPTIONS + i, 0);
    }
}

// Names at random places, so that what is read is seldom in a cache already. The time of making
// the text is not measured.
static double time_matches(const struct topic_tree *tree, uint32_t devices, uint64_t *found) {
    static struct name names[BATCH];
    uint64_t sum = 0;
    uint64_t spent = 0;
    for (uint32_t i = 0; i < MATCHES; i += BATCH) {
        for (uint32_t k = 0; k < BATCH; k++) {
            leaf(&names[k], (uint32_t)(hash_number(i + k, 1) % devices));
        }
        uint64_t start = bench_now();
        for (uint32_t k = 0; k < BATCH; k++) {
            struct bytes name = bytes_make(names[k].text, names[k].size);
            *found += topic_tree_match(tree, name, count_found, &sum);
        }
        spent += bench_now() - start;
    }
    bench_use(&sum);
    return (double)spent / MATCHES;
}

// Hashing a name once for each of its five levels: the least that five look-ups could cost.
static double time_hashes(void) {
    struct name name;
    struct bytes text = leaf(&name, 345678);
    uint64_t sum = 0;
    uint64_t start = bench_now();
    for (uint32_t i = 0; i < MATCHES * 5; i++) {
        sum ^= hash_bytes(text, sum);
    }
    bench_use(&sum);
    return (double)(bench_now() - start) / MATCHES;
}

static void print_match(const char *what, double nanoseconds) {
    bench_print(&(struct bench_row){.what = what,
                                    .figure = nanoseconds,
                                    .unit = "ns",
                                    .target = 2000,
                                    .baseline = time_hashes(),
                                    .baseline_name = "hashing the name five times"});
}

static void print_found(uint64_t found) {
    bench_print(&(struct bench_row){
        .what = "  matches of each name", .figure = (double)found / MATCHES, .unit = "entries"});
}

static void bench_distinct_filters(void) {
    struct memory memory;
    struct topic_tree tree;
    memory_init(&memory);
    topic_tree_init(&tree, &memory, SEED);
    fill_with_leaves(&tree);
    uint64_t found = 0;
    print_match("match, 10 filters of 1,000,000 (9 wildcards)",
                time_matches(&tree, SUBSCRIPTIONS, &found));
    print_found(found);
    uint64_t start = bench_now();
    topic_tree_deinit(&tree);
    bench_print(&(struct bench_row){
        .what = "drop them all", .figure = (double)(bench_now() - start) / 1e6, .unit = "ms"});
}

static void bench_shared_filters(void) {
    struct memory memory;
    struct topic_tree tree;
    struct name name;
    memory_init(&memory);
    topic_tree_init(&tree, &memory, SEED);
    for (uint32_t i = 0; i < SUBSCRIPTIONS; i++) {
        topic_tree_insert(&tree, leaf(&name, i % (SUBSCRIPTIONS / 10)), i, 0);
    }
    uint64_t found = 0;
    print_match("match, 10 subscribers at 1 filter of 100,000",
                time_matches(&tree, SUBSCRIPTIONS / 10, &found));
    print_found(found);
    topic_tree_deinit(&tree);
}

static void bench_crowd(void) {
    struct memory memory;
    struct topic_tree tree;
    memory_init(&memory);
    topic_tree_init(&tree, &memory, SEED);
    uint32_t node = TOPIC_TREE_NONE;
    for (uint32_t i = 0; i < SUBSCRIPTIONS / 10; i++) {
        node = topic_tree_insert(&tree, BYTES_LITERAL("news/#"), i, 0);
    }
    bench_print(&(struct bench_row){.what = "memory of one of 100,000 at one filter",
                                    .figure = (double)memory.bytes_in_use / (SUBSCRIPTIONS / 10),
                                    .unit = "bytes",
                                    .target = 100});
    uint64_t start = bench_now();
    for (uint32_t i = 0; i < SUBSCRIPTIONS / 10; i++) {
        topic_tree_remove(&tree, node, i);
    }
    bench_print(&(struct bench_row){.what = "unsubscribe each of 100,000 from one filter",
                                    .figure = (double)(bench_now() - start) * 10 / SUBSCRIPTIONS,
                                    .unit = "ns each"});
    topic_tree_deinit(&tree);
}

static void sum_values(void *context, const struct topic_value *value) {
    *(uint64_t *)context += value->topic.size + value->value.size;
}

// The time of making the topic's text, some 100 ns, is part of it.
static double time_sets(struct topic_values *values, uint32_t count) {
    struct name name;
    uint64_t start = bench_now();
    for (uint32_t i = 0; i < count; i++) {
        uint32_t device = (uint32_t)(i * 7919ull % count);
        if (topic_values_set(values, leaf(&name, device), BYTES_LITERAL("21.5"), 1, i) !=
            TOPIC_VALUES_OK) {
            puts("  the table is full");
            return 0;
        }
    }
    return (double)(bench_now() - start) / count;
}

static double time_visit(const struct topic_values *values, const char *filter) {
    uint64_t sum = 0;
    uint64_t start = bench_now();
    topic_values_visit(values, bytes_of_text(filter), sum_values, &sum);
    bench_use(&sum);
    return (double)(bench_now() - start);
}

// Copying topics and values of the same size out of one block.
static double time_copy(const struct topic_values *values) {
    static uint8_t from[VALUES * 64];
    static uint8_t to[VALUES * 64];
    memset(from, 1, sizeof from);
    memset(to, 1, sizeof to); // so that no page is missing when the clock runs
    uint64_t start = bench_now();
    memcpy(to, from, values->bytes);
    bench_use(to);
    return (double)(bench_now() - start) / 1e6;
}

static void bench_values(uint32_t count) {
    struct memory memory;
    struct topic_values values;
    memory_init(&memory);
    topic_values_init(&values, &memory, SEED, (struct topic_values_limits){count, UINT64_MAX});
    printf("  %u values:\n", count);
    bench_print(&(struct bench_row){
        .what = "set a new one", .figure = time_sets(&values, count), .unit = "ns each"});
    bench_print(&(struct bench_row){
        .what = "set a known one", .figure = time_sets(&values, count), .unit = "ns each"});
    double beside = (double)memory.bytes_in_use - (double)values.bytes;
    bench_print(&(struct bench_row){
        .what = "memory of a value beside its texts", .figure = beside / count, .unit = "bytes"});
    bench_print(&(struct bench_row){.what = "visit all by #",
                                    .figure = time_visit(&values, "#") / 1e6,
                                    .unit = "ms",
                                    .target = count == VALUES ? 5 : 0,
                                    .baseline = count == VALUES ? time_copy(&values) : 0,
                                    .baseline_name = "memcpy of the texts"});
    bench_print(&(struct bench_row){.what = "visit 1 in 100 by site/12/+/+/temp",
                                    .figure = time_visit(&values, "site/12/+/+/temp") / 1e3,
                                    .unit = "us"});
    topic_values_deinit(&values);
}

int main(void) {
    bench_title("topic: subscriptions and retained values");
    bench_distinct_filters();
    bench_shared_filters();
    bench_crowd();
    bench_values(VALUES);
    bench_values(1000000);
    return 0;
}
