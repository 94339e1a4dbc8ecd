// A search that mpirun shares among processes: what it finds is what one process finds.
#include "ranks.h"

// How many messages there are depends on the seed, and those with many of them fail.
#define DEVICES                                                             \
    "stop: 60 s\n"                                                          \
    "networks: {town: {link: ethernet}}\n"                                  \
    "brokers: {hall: {network: town, doors: mqtt}}\n"                       \
    "devices:\n"                                                            \
    "  - {name: \"a-{i}\", count: 1..40, speaks: mqtt 5.0, broker: hall,\n" \
    "     publish: [{topic: \"t/{i}\", qos: 1, every: 10 s}]}\n"            \
    "  - {name: b, speaks: mqtt 5.0, broker: hall,\n"                       \
    "     subscribe: [{filter: \"t/#\", qos: 1}]}\n"
#define EXPECT "expect: [\"published.qos1 < 190\"]\n"

// Of two processes the first tries 165, which takes longest and is right, and then 167; meanwhile
// the other one is done with 166, and with 168, which fails as 167 does.
#define SLOW_AT_FIRST                                                         \
    DEVICES                                                                   \
    "  - {name: \"h-{i}\", count: 1..2000, speaks: mqtt 5.0, broker: hall,\n" \
    "     publish: [{topic: \"h/{i}\", every: 500 ms}]}\n" EXPECT

// What it printed, without the time that it took.
static char *printed_by(struct process *process, int code) {
    process_assert_code(process, code);
    char *text = strdup(process_text(&process->out));
    assert_non_null(text);
    char *took = strstr(text, " events in ");
    char *end = took == NULL ? NULL : strstr(took, ": nothing was broken");
    if (end != NULL) {
        memmove(took, end, strlen(end) + 1);
    }
    return text;
}

static void ranks_check_the_same_seeds(void **state) {
    (void)state;
    ranks_needed();
    process_write_file("s.yaml", DEVICES EXPECT);
    char *one = printed_by(process_start("simulate", "s.yaml", "--check", "--seeds", "1..21"), 0);
    char *two = printed_by(RANKS("s.yaml", "--check", "--seeds", "1..21"), 0);
    assert_non_null(strstr(one, "21 seeds from 1 on"));
    assert_string_equal(two, one);
    free(one);
    free(two);
}

static void ranks_find_the_lowest_seed(void **state) {
    (void)state;
    ranks_needed();
    process_write_file("s.yaml", SLOW_AT_FIRST);
    struct process *one = process_start("simulate", "s.yaml", "--seeds", "165..200");
    struct process *two = RANKS("s.yaml", "--seeds", "165..200");
    process_assert_code(one, 1);
    process_assert_code(two, 1);
    const char *of_one = strstr(process_text(&one->out), "repeat ");
    const char *of_two = strstr(process_text(&two->out), "repeat ");
    assert_non_null(of_one);
    assert_non_null(of_two);
    assert_string_equal(of_two, of_one);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(ranks_check_the_same_seeds),
        PROCESS_TEST(ranks_find_the_lowest_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
