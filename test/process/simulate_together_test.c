// One run that mpirun shares among processes: what comes of it is what comes of one process.
#include "ranks.h"

// Four brokers, each an island; two networks of lines that routers join, one more island. The first
// expectation fails.
#define SHIRE                                                                                     \
    "stop: 90 s\n"                                                                                \
    "calm: 20 s\n"                                                                                \
    "networks: {\"field-{i}\": {count: 4, link: wifi}, hill: {link: wifi}, dale: {link: wifi}}\n" \
    "routers: [{network: hill, gate: 7, uplink: dsl}, {network: dale, gate: 8, uplink: 3g}]\n"    \
    "brokers:\n"                                                                                  \
    "  \"farm-{i}\": {count: 4, network: \"field-{i}\", doors: mqtt}\n"                           \
    "  mill: {network: hill, doors: line}\n"                                                      \
    "devices:\n"                                                                                  \
    "  - {name: \"cow-{i}\", count: 1280, speaks: mqtt 5.0, broker: \"farm-{i per 320}\",\n"      \
    "     publish: [{topic: \"milk/{i}\", qos: 1, every: 30 s}]}\n"                               \
    "  - {name: \"maid-{i}\", count: 8, speaks: mqtt 3.1.1, broker: \"farm-{i per 2}\",\n"        \
    "     subscribe: [{filter: \"milk/#\", qos: 2}]}\n"                                           \
    "  - {name: \"sack-{i}\", count: 10, speaks: line classic, broker: mill,\n"                   \
    "     publish: [{topic: \"corn\", every: 10 s}]}\n"                                           \
    "  - {name: \"loaf-{i}\", count: 10, network: dale, speaks: line classic, broker: mill,\n"    \
    "     subscribe: [{filter: \"corn\"}]}\n"                                                     \
    "faults:\n"                                                                                   \
    "  - {at: 30 s, for: 10 s, do: crash farm-1}\n"                                               \
    "  - {at: 40 s, do: restart farm-2}\n"                                                        \
    "expect: [\"latency.max of cow < 1 us\", \"latency.p50 at maid < 5 s\"]\n"

// Runs it on so many processes, each with so many threads, and asserts the exit code. Leaves
// RANKS-THREADS.json without the time that it took, .csv, and .html likewise.
static void play(const char *ranks, const char *threads, const char *words, int code) {
    char line[4 * PATH_MAX];
    bool is_one = strcmp(ranks, "1") == 0;
    (void)snprintf(line, sizeof line,
                   "f=%s-%s; %s %s %s %s %s --threads %s --json --csv $f.csv --html $f.html "
                   "> $f.json; code=$?; sed -i 's/\"took_ns\": [0-9]*//' $f.json; "
                   "tr , '\\n' < $f.html | sed '/\"took\"/,+1d' > $f.page; exit $code",
                   ranks, threads, is_one ? "" : mqtt_need_program("mpirun"),
                   is_one ? "" : "--oversubscribe --quiet -n", is_one ? "" : ranks, ranks_program(),
                   words, threads);
    struct process *shell = mqtt_shell(line);
    process_assert_code(shell, code);
    assert_string_equal(process_text(&shell->err), "");
}

static void assert_equal_files(const char *one, const char *other) {
    char line[300];
    (void)snprintf(line, sizeof line, "test -s %s && diff -r %s %s | head -c 2000 >&2; cmp %s %s",
                   one, one, other, one, other);
    process_assert_code(mqtt_shell(line), 0);
}

static void assert_equal_on_ranks(const char *words, int code) {
    static const char *const ways[][2] = {{"2", "1"}, {"2", "2"}, {"3", "1"}, {"3", "2"}};
    play("1", "1", words, code);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        static const char *const kinds[] = {"json", "csv", "page"};
        play(ways[i][0], ways[i][1], words, code);
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
            char one[32];
            char other[32];
            (void)snprintf(one, sizeof one, "1-1.%s", kinds[kind]);
            (void)snprintf(other, sizeof other, "%s-%s.%s", ways[i][0], ways[i][1], kinds[kind]);
            assert_equal_files(one, other);
        }
    }
}

// Behind the build's folder, with what is to be given behind it.
static const char *ours(const char *name, const char *more) {
    static char words[PATH_MAX + 200];
    char top[PATH_MAX];
    (void)snprintf(top, sizeof top, "%s", ranks_program());
    for (unsigned level = 0; level < 4; level++) {
        *strrchr(top, '/') = '\0';
    }
    (void)snprintf(words, sizeof words, "%s/scenarios/%s.yaml %s", top, name, more);
    return words;
}

static void parts_come_to_the_same(void **state) {
    (void)state;
    ranks_needed();
    process_write_file("s.yaml", SHIRE);
    assert_equal_on_ranks("s.yaml", 1);
    process_assert_code(mqtt_shell("grep -q '\"holds\": false' 1-1.json && "
                                   "grep -q '\"holds\": true' 1-1.json && ! grep -q null 1-1.json"),
                        0);
}

// The city is made smaller: 12 blocks of 1,000 meters.
static void our_scenarios_come_to_the_same(void **state) {
    (void)state;
    char line[PATH_MAX + 300];
    ranks_needed();
    assert_equal_on_ranks(ours("two-towns", ""), 0);
    assert_equal_on_ranks(ours("reconnect-storm", "--stop 700"), 0);
    (void)snprintf(line, sizeof line,
                   "sed 's/count: 1000000/count: 12000/; s/count: 1000\\b/count: 12/' %s > c.yaml",
                   ours("city-of-a-million-meters", ""));
    process_assert_code(mqtt_shell(line), 0);
    assert_equal_on_ranks("c.yaml --stop 300 --seed 3", 1);
}

// The report for people, and a trace.
static void a_trace_is_written_in_parts(void **state) {
    (void)state;
    ranks_needed();
    process_write_file("s.yaml", SHIRE);
    struct process *one = process_start("simulate", "s.yaml", "--trace", "one");
    struct process *two = RANKS_OF("3", "s.yaml", "--trace", "three");
    process_assert_code(one, 1);
    process_assert_code(two, 1);
    process_assert_code(mqtt_shell("test $(ls one | wc -l) -eq 6 && diff -r one three"), 0);
    const char *of_one = strstr(process_text(&one->out), "devices ");
    const char *of_two = strstr(process_text(&two->out), "devices ");
    assert_non_null(of_one);
    assert_non_null(of_two);
    assert_string_equal(of_two, of_one);
    struct process *again = RANKS_OF("3", "s.yaml", "--trace", "three");
    process_assert_code(again, 3);
    assert_int_equal(process_occurrences(process_text(&again->err), "holds files already"), 1);
}

static void a_mistake_is_told_once(void **state) {
    (void)state;
    ranks_needed();
    process_write_file("s.yaml", "stop: 3 x\n");
    struct process *one = process_start("simulate", "s.yaml");
    struct process *two = RANKS("s.yaml");
    process_assert_code(one, 3);
    process_assert_code(two, 3);
    assert_string_equal(process_text(&two->err), process_text(&one->err));
    struct process *none = RANKS("none.yaml");
    process_assert_code(none, 3);
    assert_int_equal(process_occurrences(process_text(&none->err), "none.yaml: No such file"), 1);
}

// A device that stands in a network without a router: the world cannot be.
static void a_world_that_cannot_be_is_told_of_once(void **state) {
    (void)state;
    ranks_needed();
    process_write_file("s.yaml",
                       "stop: 60 s\nnetworks: {town: {link: ethernet}, field: {link: ethernet}}\n"
                       "brokers: {hall: {network: town, doors: line}}\n"
                       "devices:\n"
                       "  - {name: \"a-{i}\", count: 2, network: field, speaks: line classic,\n"
                       "     broker: hall}\n");
    struct process *one = process_start("simulate", "s.yaml");
    struct process *two = RANKS("s.yaml");
    process_assert_code(one, 3);
    process_assert_code(two, 3);
    assert_string_equal(process_text(&two->err), process_text(&one->err));
}

static void only_the_first_reads_standard_input(void **state) {
    (void)state;
    ranks_needed();
    struct process *one = process_start("simulate", "-", "--json");
    struct process *two = RANKS("-", "--json");
    process_send(one, SHIRE);
    process_send(two, SHIRE);
    process_assert_code(one, 1);
    process_assert_code(two, 1);
    const char *of_one = strstr(process_text(&one->out), "\"events\"");
    const char *of_two = strstr(process_text(&two->out), "\"events\"");
    assert_non_null(of_one);
    assert_non_null(of_two);
    assert_string_equal(of_two, of_one);
}

static void what_is_of_one_process_is_refused(void **state) {
    (void)state;
    ranks_needed();
    process_write_file("s.yaml", SHIRE);
    struct process *refused[] = {RANKS("s.yaml", "--open", "0"), RANKS("s.yaml", "--minimise"),
                                 RANKS("s.yaml", "--trace", "t", "--web", "0")};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        process_assert_code(refused[i], 2);
        assert_int_equal(process_occurrences(process_text(&refused[i]->err), "without mpirun"), 1);
        assert_string_equal(process_text(&refused[i]->out), "");
    }
}

// It would go on for minutes.
static void a_signal_ends_all_of_them(void **state) {
    (void)state;
    ranks_needed();
    process_write_file("s.yaml", SHIRE);
    struct process *two = RANKS("s.yaml", "--stop", "100000000");
    process_signal(two, SIGTERM);
    assert_int_not_equal(process_collect(two), 0);
    assert_string_equal(process_text(&two->out), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(parts_come_to_the_same),
        PROCESS_TEST(our_scenarios_come_to_the_same),
        PROCESS_TEST(a_trace_is_written_in_parts),
        PROCESS_TEST(a_mistake_is_told_once),
        PROCESS_TEST(a_world_that_cannot_be_is_told_of_once),
        PROCESS_TEST(only_the_first_reads_standard_input),
        PROCESS_TEST(what_is_of_one_process_is_refused),
        PROCESS_TEST(a_signal_ends_all_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
