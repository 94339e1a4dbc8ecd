// The program simulate: what it says, how it ends, and that equal runs are equal.
#include "process.h"

// Two halls that know nothing of each other, so that there is something to divide among threads:
// each is as large as an island is at most.
#define HALLS                                                                             \
    "seed: 42\n"                                                                          \
    "stop: 3 min\n"                                                                       \
    "calm: 1 min\n"                                                                       \
    "networks: {town: {link: ethernet}, port: {link: wifi}}\n"                            \
    "brokers: {hall: {network: town, doors: mqtt}, quay: {network: port, doors: mqtt}}\n" \
    "devices:\n"                                                                          \
    "  - {name: \"a-{i}\", count: 3000, speaks: mqtt 5.0, broker: hall, link: 4g,\n"      \
    "     connect: {within: 30 s}, publish: [{topic: \"t/{i}\", qos: 1, every: 40 s}]}\n" \
    "  - {name: \"b-{i}\", count: 3000, speaks: mqtt 3.1.1, broker: quay, link: 3g,\n"    \
    "     connect: {within: 30 s}, publish: [{topic: \"t/{i}\", every: 40 s}],\n"         \
    "     subscribe: [{filter: \"t/{i}\"}]}\n"

// Three towns that routers join; meters and readers are at brokers of other towns.
#define TOWNS                                                                              \
    "seed: 4\n"                                                                            \
    "stop: 3 min\n"                                                                        \
    "calm: 30 s\n"                                                                         \
    "networks: {north: {link: wifi}, east: {link: wifi}, west: {link: wifi}}\n"            \
    "routers:\n"                                                                           \
    "  - {network: north, gate: 1, uplink: dsl}\n"                                         \
    "  - {network: east, gate: 2, uplink: dsl}\n"                                          \
    "  - {network: west, gate: 3, uplink: 4g}\n"                                           \
    "brokers: {mill: {network: north}, hall: {network: east}, port: {network: west}}\n"    \
    "devices:\n"                                                                           \
    "  - {name: \"meter-{i}\", count: 60, speaks: line classic,\n"                         \
    "     network: [north, east, west], broker: [hall, port, mill],\n"                     \
    "     publish: [{topic: \"m/{name}\", every: 2 s ~ 20 %}]}\n"                          \
    "  - {name: \"reader-{i}\", count: 6, speaks: line sodium,\n"                          \
    "     network: [east, west, north], broker: [hall, mill, port],\n"                     \
    "     subscribe: [{filter: m/+}]}\n"                                                   \
    "  - {name: \"office-{i}\", count: 6, speaks: mqtt 5.0, broker: [mill, hall, port],\n" \
    "     publish: [{topic: \"o/{name}\", qos: 1, every: 5 s}],\n"                         \
    "     subscribe: [{filter: m/+}, {filter: o/+, qos: 1}]}\n"                            \
    "faults: [{at: 40 s, for: 10 s, do: crash master},\n"                                  \
    "  {at: 80 s, for: 20 s, do: link west-router down}]\n"

#define HALL                                                            \
    "stop: 2 min\n"                                                     \
    "networks: {town: {link: ethernet}}\n"                              \
    "brokers: {hall: {network: town, doors: mqtt}}\n"                   \
    "devices:\n"                                                        \
    "  - {name: \"a-{i}\", count: 5, speaks: mqtt 5.0, broker: hall,\n" \
    "     publish: [{topic: \"t/{i}\", qos: 1, every: 10 s}],\n"        \
    "     subscribe: [{filter: \"t/#\", qos: 1}]}\n"

static char *fingerprint_of(const char *const *words) {
    struct process *process =
        process_start_with(&(struct process_options){.folder = process_folder, .words = words});
    process_assert_code(process, 0);
    const char *at = strstr(process_text(&process->out), "\"fingerprint\": \"");
    assert_non_null(at);
    return strndup(at + strlen("\"fingerprint\": \""), 16);
}

static void equal_runs_are_equal_on_any_number_of_threads(void **state) {
    (void)state;
    process_write_file("halls.yaml", HALLS);
    const char *const runs[4][8] = {
        {"simulate", "halls.yaml", "--json", "--threads", "1", NULL},
        {"simulate", "halls.yaml", "--json", "--threads", "2", NULL},
        {"simulate", "halls.yaml", "--json", "--threads", "7", NULL},
        {"simulate", "halls.yaml", "--json", "--seed", "43", NULL},
    };
    char *fingerprints[4];
    for (unsigned i = 0; i < 4; i++) {
        fingerprints[i] = fingerprint_of(runs[i]);
    }
    assert_string_equal(fingerprints[0], fingerprints[1]);
    assert_string_equal(fingerprints[0], fingerprints[2]);
    assert_string_not_equal(fingerprints[0], fingerprints[3]);
    for (unsigned i = 0; i < 4; i++) {
        free(fingerprints[i]);
    }
}

// Where the variants are built: this is build/VARIANT/test/process/simulate_test.
static void find_top(char top[static PATH_MAX]) {
    memset(top, 0, PATH_MAX);
    assert_true(readlink("/proc/self/exe", top, PATH_MAX - 1) > 0);
    for (unsigned level = 0; level < 4; level++) {
        *strrchr(top, '/') = '\0';
    }
}

// False: that program was not built. `words` say what it is to run.
static bool run_build(const char *top, const char *variant, const char *words,
                      char fingerprint[static 17]) {
    char command[2 * PATH_MAX + 200];
    (void)snprintf(command, sizeof command, "%s/%s/app/simulate", top, variant);
    if (access(command, X_OK) != 0) {
        return false;
    }
    size_t used = strlen(command);
    (void)snprintf(command + used, sizeof command - used, " %s --json", words);
    char said[65536] = "";
    FILE *output = popen(command, "r");
    assert_non_null(output);
    said[fread(said, 1, sizeof said - 1, output)] = '\0';
    assert_int_equal(pclose(output), 0);
    const char *at = strstr(said, "\"fingerprint\": \"");
    assert_non_null(at);
    (void)snprintf(fingerprint, 17, "%s", at + strlen("\"fingerprint\": \""));
    return true;
}

static bool is_ours(const char *top, const char *variant) {
    char path[PATH_MAX] = "";
    size_t size = strlen(top) + 1;
    assert_true(readlink("/proc/self/exe", path, PATH_MAX - 1) > 0);
    return strncmp(path + size, variant, strlen(variant)) == 0 &&
           path[size + strlen(variant)] == '/';
}

// Whether the variant's program is made from the sources as they are: one that is not built with
// this test may be of any age.
static bool is_of_these_sources(const char *top, const char *variant) {
    char command[PATH_MAX + 200];
    if (is_ours(top, variant) || strcmp(variant, "fast") == 0) {
        return true;
    }
    (void)snprintf(command, sizeof command,
                   "env -u MAKEFLAGS -u MAKELEVEL make -s -q -C %s/.. build/%s/app/simulate "
                   "> /dev/null 2>&1",
                   top, variant);
    return system(command) == 0;
}

static void assert_equal_in_builds(const char *top, const char *file) {
    static const char *const variants[] = {"release", "fast", "asan", "tsan", "debug"};
    unsigned compared = 0;
    char words[PATH_MAX + 40];
    (void)snprintf(words, sizeof words, "%s/%s", process_folder, file);
    char first[17] = "";
    char one[17];
    for (unsigned i = 0; i < sizeof variants / sizeof *variants; i++) {
        if (is_of_these_sources(top, variants[i]) && run_build(top, variants[i], words, one)) {
            compared++;
            if (*first == '\0') {
                memcpy(first, one, sizeof first);
            }
            assert_string_equal(one, first);
        }
    }
    assert_int_equal(strlen(first), 16);
    assert_true(compared >= 2);
}

// gcc and clang, with and without optimisation: ours and the fast one, and whatever is there of the
// same sources.
static void every_build_comes_to_the_same(void **state) {
    (void)state;
    char top[PATH_MAX];
    find_top(top);
    process_write_file("halls.yaml", HALLS);
    process_write_file("towns.yaml", TOWNS);
    assert_equal_in_builds(top, "halls.yaml");
    assert_equal_in_builds(top, "towns.yaml");
}

static void assert_equal_on_threads(const char *top, const char *scenario, const char *more) {
    static const unsigned threads[] = {1, 2, 7};
    char first[17] = "";
    char one[17];
    for (unsigned i = 0; i < sizeof threads / sizeof *threads; i++) {
        char words[PATH_MAX + 100];
        (void)snprintf(words, sizeof words, "%s %s --threads %u", scenario, more, threads[i]);
        assert_true(run_build(top, "fast", words, one));
        if (i == 0) {
            memcpy(first, one, sizeof first);
        }
        assert_string_equal(one, first);
    }
}

// The city is made smaller: 12 blocks of 1,000 meters.
static void our_scenarios_are_equal_on_any_number_of_threads(void **state) {
    (void)state;
    char top[PATH_MAX];
    char scenario[PATH_MAX + 100];
    char command[3 * PATH_MAX];
    find_top(top);
    (void)snprintf(scenario, sizeof scenario, "%s/../scenarios/three-continents.yaml", top);
    assert_equal_on_threads(top, scenario, "--stop 2400");
    static const char *const others[] = {"two-towns", "mailbox-sizing", "satellite-farm"};
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
        (void)snprintf(scenario, sizeof scenario, "%s/../scenarios/%s.yaml", top, others[i]);
        assert_equal_on_threads(top, scenario, "");
    }
    process_write_file("towns.yaml", TOWNS);
    (void)snprintf(scenario, sizeof scenario, "%s/towns.yaml", process_folder);
    assert_equal_on_threads(top, scenario, "");
    (void)snprintf(scenario, sizeof scenario, "%s/city.yaml", process_folder);
    (void)snprintf(command, sizeof command,
                   "sed 's/count: 1000000/count: 12000/; s/count: 1000\\b/count: 12/' "
                   "%s/../scenarios/city-of-a-million-meters.yaml > %s",
                   top, scenario);
    assert_int_equal(system(command), 0);
    assert_equal_on_threads(top, scenario, "--stop 2700");
}

static void expectations_decide_the_exit_code(void **state) {
    (void)state;
    process_write_file("good.yaml", HALL "expect: [\"lost == 0\", \"connected == 100 %\"]\n");
    struct process *good = process_start("simulate", "good.yaml");
    process_assert_code(good, 0);
    assert_non_null(strstr(process_text(&good->out), "yes  lost == 0"));
    process_write_file("bad.yaml", HALL "expect: [\"latency.max < 1 us\"]\n");
    struct process *bad = process_start("simulate", "bad.yaml");
    process_assert_code(bad, 1);
    assert_non_null(strstr(process_text(&bad->out), "NO   latency.max < 1 us"));
}

static void what_is_wrong_is_said_with_its_place(void **state) {
    (void)state;
    process_write_file("wrong.yaml", HALL "stopp: 3 s\n");
    struct process *wrong = process_start("simulate", "wrong.yaml");
    process_assert_code(wrong, 3);
    assert_non_null(strstr(process_text(&wrong->err), "wrong.yaml:8:1: "));
    struct process *none = process_start("simulate", "none.yaml");
    process_assert_code(none, 3);
    struct process *usage = process_start("simulate");
    process_assert_code(usage, 2);
    struct process *seed = process_start("simulate", "wrong.yaml", "--seed", "-1");
    process_assert_code(seed, 2);
}

static void keys_are_explained(void **state) {
    (void)state;
    struct process *every = process_start("simulate", "--explain", "devices.publish.every");
    process_assert_code(every, 0);
    assert_non_null(strstr(process_text(&every->out), "a time that may vary"));
    struct process *all = process_start("simulate", "--explain", "all");
    process_assert_code(all, 0);
    assert_non_null(strstr(process_text(&all->out), "### devices.publish"));
    struct process *schema = process_start("simulate", "--explain", "schema");
    process_assert_code(schema, 0);
    assert_non_null(strstr(process_text(&schema->out), "http://json-schema.org/"));
    struct process *wrong = process_start("simulate", "--explain", "devices.publish.evry");
    process_assert_code(wrong, 2);
    assert_non_null(strstr(process_text(&wrong->err), "did you mean devices.publish.every?"));
}

static void seeds_are_tried_until_one_fails(void **state) {
    (void)state;
    process_write_file("good.yaml", HALL "expect: [\"lost == 0\"]\n");
    struct process *good = process_start("simulate", "good.yaml", "--seed", "5", "--seeds", "3");
    process_assert_code(good, 0);
    assert_non_null(strstr(process_text(&good->out), "3 seeds from 5 on"));
    process_write_file("bad.yaml", HALL "expect: [\"latency.max < 1 us\"]\n");
    struct process *bad = process_start("simulate", "bad.yaml", "--seed", "5", "--seeds", "3");
    process_assert_code(bad, 1);
    assert_non_null(strstr(process_text(&bad->out), "simulate bad.yaml --seed 5\n"));
}

// It loses messages, for the sessions of its readers end with their connections.
#define LOSSY                                                                                \
    "title: Readers that are cut off\n"                                                      \
    "stop: 4 min\n"                                                                          \
    "calm: 30 s\n"                                                                           \
    "networks: {town: {}, far: {}}\n"                                                        \
    "brokers: {hall: {network: town}, quay: {network: far}}\n"                               \
    "devices:\n"                                                                             \
    "  - {name: \"a-{i}\", count: 2..9, speaks: mqtt 5.0, broker: hall,\n"                   \
    "     publish: [{topic: t, qos: 1, every: 1..3 s}, {topic: u, every: 2 s}]}\n"           \
    "  - {name: \"b-{i}\", count: 3, speaks: mqtt 5.0, broker: hall,\n"                      \
    "     connect: {clean start: yes, keep alive: 5 s}, subscribe: [{filter: t, qos: 1}]}\n" \
    "  - {name: \"c-{i}\", count: 5, speaks: mqtt 5.0, broker: quay}\n"                      \
    "faults: [{at: 1 min, for: 33 s, do: link b down}, {at: 2 min, do: crash quay}]\n"       \
    "expect: [lost == 0]\n"

static void a_check_tries_seeds_in_storms(void **state) {
    (void)state;
    process_write_file("good.yaml", HALL);
    struct process *good = process_start("simulate", "good.yaml", "--check", "--seeds", "7..12");
    process_assert_code(good, 0);
    assert_non_null(strstr(process_text(&good->out), "6 seeds from 7 on"));
    assert_non_null(strstr(process_text(&good->out), "\nreached      "));
    struct process *json =
        process_start("simulate", "good.yaml", "--check", "--seeds", "2", "--json");
    process_assert_code(json, 0);
    assert_non_null(strstr(process_text(&json->out), "{\"good\": true, "));
    assert_non_null(strstr(process_text(&json->out), "\"tried\": 2, "));
    process_write_file("lossy.yaml", LOSSY); // expectations do not count in storms
    process_assert_code(process_start("simulate", "lossy.yaml", "--check", "--seeds", "2"), 0);
    process_write_file("silent.yaml", "stop: 1 min\nnetworks: {n: {}}\nbrokers: {b: {network: n}}\n"
                                      "devices: [{name: a, speaks: mqtt 5.0, broker: b}]\n");
    struct process *silent = process_start("simulate", "silent.yaml", "--check", "--seeds", "2");
    process_assert_code(silent, 1);
    assert_non_null(strstr(process_text(&silent->err), "nothing was checked"));
}

// A run that is shorter than the scenario, and hardly longer than its calm, is not all calm.
static void a_shorter_run_has_a_shorter_calm(void **state) {
    (void)state;
    process_write_file("long.yaml", "calm: 61 s\nexpect: [published.qos1 > 15]\n" HALL);
    struct process *one = process_start("simulate", "long.yaml", "--stop", "62");
    struct process *check =
        process_start("simulate", "long.yaml", "--check", "--seeds", "1..4", "--stop", "62");
    process_assert_code(one, 0);
    process_assert_code(check, 0);
    assert_non_null(strstr(process_text(&check->out), "broker crashed"));
}

// A broker counts what an absent client did not acknowledge as waiting, and drops the oldest of the
// rest. So the archive gets what pumps sent again behind what came later.
#define FULL_BY_WHAT_WAS_SENT                                                                \
    "seed: 4\nstop: 2000 s\nnetworks: {plant: {}}\n"                                         \
    "brokers: {store: {network: plant, limits: {queue: 300, in flight: 200}}}\n"             \
    "devices:\n"                                                                             \
    "  - name: pump-{i}\n    count: 8\n    speaks: mqtt 5.0\n    broker: store\n"            \
    "    publish:\n"                                                                         \
    "      - {topic: \"plant/{name}/flow\", qos: 1, every: 1 s ~ 10 %}\n"                    \
    "      - {topic: \"plant/{name}/events\", qos: 1, every: 5 min ~ 20 %, burst: 20}\n"     \
    "  - {name: archive, speaks: mqtt 5.0, broker: store, connect: {session expiry: 1 h},\n" \
    "     subscribe: [{filter: \"plant/#\", qos: 1}], sleep: {every: 10 min, for: 5 min}}\n" \
    "faults: [{do: cut after every 15 PUBACK},\n"                                            \
    "         {at: 1313800 ms, for: 20 s, do: restart broker store}]\n"

// Lines and MQTT at one broker. A line's value comes to MQTT clients as if it had been published
// with RETAIN; what leaves for a device of lines may get lost on the way; a client comes back as
// all ends.
#define BOTH_DOORS                                                                                \
    "seed: 3\n"                                                                                   \
    "stop: 10 min\n"                                                                              \
    "calm: 1 min\n"                                                                               \
    "links: {bad: {delay: 20 ms ~ 10 ms, loss: 3 %}}\n"                                           \
    "networks: {n: {link: bad}, o: {link: ethernet}}\n"                                           \
    "routers: [{network: n, name: rn, gate: 1}, {network: o, name: ro, gate: 2}]\n"               \
    "master: {}\n"                                                                                \
    "brokers: {b: {network: n, doors: [line, mqtt]}}\n"                                           \
    "devices:\n"                                                                                  \
    "  - name: line-{i}\n"                                                                        \
    "    count: 4\n"                                                                              \
    "    speaks: line classic\n"                                                                  \
    "    network: n\n"                                                                            \
    "    broker: b\n"                                                                             \
    "    connect: {within: 5 s}\n"                                                                \
    "    publish: [{topic: \"t/{name}\", every: 5 s ~ 20 %}, {topic: \"t/shared\", every: 7 s ~ " \
    "20 %}]\n"                                                                                    \
    "    subscribe: [{filter: t/shared}]\n"                                                       \
    "  - name: far-{i}\n"                                                                         \
    "    count: 2\n"                                                                              \
    "    speaks: line sodium\n"                                                                   \
    "    network: o\n"                                                                            \
    "    broker: b\n"                                                                             \
    "    connect: {within: 5 s}\n"                                                                \
    "    publish: [{topic: \"t/{name}\", every: 5 s ~ 20 %}, {topic: \"t/shared\", every: 9 s ~ " \
    "20 %}]\n"                                                                                    \
    "  - name: m-{i}\n"                                                                           \
    "    count: 4\n"                                                                              \
    "    speaks: mqtt 5.0\n"                                                                      \
    "    broker: b\n"                                                                             \
    "    connect: {at: 10 s, within: 30 s, session expiry: 1 h, clean start: no}\n"               \
    "    subscribe: [{filter: \"t/#\", qos: 1, retain as published: yes}, {filter: t/shared, "    \
    "qos: 2}]\n"                                                                                  \
    "    publish: [{topic: \"t/shared\", every: 11 s ~ 20 %, qos: 1, retain: yes},{topic: "       \
    "\"t/{name}\", every: 11 s ~ 20 %, qos: 2}]\n"                                                \
    "    sleep: {every: 60 s, for: 10 s}\n"                                                       \
    "  - name: c-{i}\n"                                                                           \
    "    count: 3\n"                                                                              \
    "    speaks: mqtt 3.1.1\n"                                                                    \
    "    broker: b\n"                                                                             \
    "    connect: {at: 10 s, within: 30 s, clean start: yes}\n"                                   \
    "    subscribe: [{filter: \"t/#\", qos: 1}]\n"                                                \
    "    sleep: {every: 45 s, for: 5 s}\n"

// Each of these was found broken once, although no role had broken anything: answers to a
// connection that had ended, a slow disk and a long queue as the calm ended (twice), an identifier
// that a crash made free, a will that a paused broker owed, pauses that overlap, a copy that was
// under way in a crash, wills that a crash made forget.
static void what_is_no_fault_is_not_found(void **state) {
    (void)state;
    static const char *const seeds[] = {
        "966..966",     "1992..1992",   "3200..3200",   "4050..4050",   "4844..4844",
        "11664..11664", "19497..19497", "23663..23663", "48521..48521", "89371..89371"};
    char top[PATH_MAX];
    char house[PATH_MAX + 100];
    find_top(top);
    (void)snprintf(house, sizeof house, "%s/../test/mutants/house.yaml", top);
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        struct process *check = process_start("simulate", house, "--check", "--seeds", seeds[i]);
        process_assert_code(check, 0);
    }
    process_write_file("full.yaml", FULL_BY_WHAT_WAS_SENT);
    process_assert_code(process_start("simulate", "full.yaml"), 0);
    process_write_file("doors.yaml", BOTH_DOORS);
    process_assert_code(process_start("simulate", "doors.yaml", "--check", "--seeds", "1..8"), 0);
    process_assert_code(process_start("simulate", "doors.yaml", "--check", "--seeds", "160..160"),
                        0);
}

static uint64_t number_behind(const char *text, const char *word) {
    const char *at = strstr(text, word);
    assert_non_null(at);
    return strtoull(at + strlen(word), NULL, 10);
}

static void large_scenarios_are_tried_with_fewer_devices(void **state) {
    (void)state;
    process_write_file("halls.yaml", HALLS);
    struct process *few = process_start("simulate", "halls.yaml", "--devices", "50", "--json");
    process_assert_code(few, 0);
    assert_int_equal(number_behind(process_text(&few->out), "\"devices\": "), 50);
}

static void what_goes_wrong_is_made_small(void **state) {
    (void)state;
    process_write_file("lossy.yaml", LOSSY);
    struct process *small =
        process_start("simulate", "lossy.yaml", "--minimise", "--seed", "3", "-o", "small.yaml");
    process_assert_code(small, 0);
    assert_non_null(strstr(process_text(&small->err), "lost == 0 is still not so"));
    char *text = process_file("small.yaml");
    assert_non_null(strstr(text, "# What is left of lossy.yaml, seed 3.\n"));
    assert_non_null(strstr(text, "do: link b down"));
    assert_non_null(strstr(text, "expect: [lost == 0]\n"));
    assert_null(strstr(text, "quay"));
    assert_null(strstr(text, ".."));
    assert_null(strstr(text, "title"));
    struct process *again = process_start("simulate", "small.yaml", "--json");
    process_assert_code(again, 1);
    assert_in_range(number_behind(process_text(&again->out), "\"devices\": "), 2, 3);
    struct process *same = process_start("simulate", "lossy.yaml", "--minimise", "--seed", "3");
    process_assert_code(same, 0);
    assert_string_equal(process_text(&same->out), text);
    free(text);
    process_write_file("good.yaml", HALL);
    struct process *none = process_start("simulate", "good.yaml", "--minimise");
    process_assert_code(none, 1);
    assert_non_null(strstr(process_text(&none->err), "nothing goes wrong with this seed"));
}

static void options_of_one_run_and_of_many_do_not_mix(void **state) {
    (void)state;
    process_write_file("good.yaml", HALL);
    const char *const wrong[][8] = {
        {"simulate", "good.yaml", "--seeds", "5..3", NULL},
        {"simulate", "good.yaml", "--seeds", "0", NULL},
        {"simulate", "good.yaml", "--seeds", "1..2", "--seed", "1", NULL},
        {"simulate", "good.yaml", "--seeds", "0..18446744073709551615", NULL},
        {"simulate", "good.yaml", "--minimise", "--check", NULL},
        {"simulate", "good.yaml", "--check", "--html", "r.html", NULL},
        {"simulate", "good.yaml", "--check", "--trace", "t", NULL},
        {"simulate", "good.yaml", "-o", "r.yaml", NULL},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        process_assert_code(process_start_with(&(struct process_options){.folder = process_folder,
                                                                         .words = wrong[i]}),
                            2);
    }
}

static void reports_are_written_to_files(void **state) {
    (void)state;
    process_write_file("hall.yaml", HALL);
    process_assert_code(
        process_start("simulate", "hall.yaml", "--html", "r.html", "--csv", "r.csv"), 0);
    char *page = process_file("r.html");
    char *table = process_file("r.csv");
    assert_non_null(strstr(page, "\"series\":[{\"name\":\"published\""));
    assert_non_null(strstr(page, "new Dygraph("));
    assert_int_equal(process_occurrences(table, "\n"), 601); // a head and 600 samples
    free(page);
    free(table);
    struct process *process = process_start("simulate", "hall.yaml", "--html", "nowhere/r.html");
    process_assert_code(process, 3);
    assert_non_null(strstr(process_text(&process->err),
                           "simulate: nowhere/r.html: cannot be written: No such file"));
    process = process_start("simulate", "hall.yaml", "--csv", "/dev/full");
    process_assert_code(process, 3);
}

static void a_summary_fits_a_terminal(void **state) {
    (void)state;
    process_write_file("hall.yaml", HALL);
    struct process *hall = process_start("simulate", "hall.yaml", "--checks");
    process_assert_code(hall, 0);
    for (const char *line = process_text(&hall->out); *line != '\0';) {
        size_t size = strcspn(line, "\n");
        assert_in_range(size, 0, 80);
        line += size + (line[size] == '\n');
    }
    assert_non_null(strstr(process_text(&hall->out), "QoS 1"));
    assert_non_null(strstr(process_text(&hall->out), "none was broken"));
    process_write_file("away.yaml", HALL "  - {name: away, speaks: mqtt 5.0, broker: hall,\n"
                                         "     connect: {clean start: no, session expiry: 1 d},\n"
                                         "     sleep: {every: 30 s, for: 1 min},\n"
                                         "     subscribe: [{filter: \"t/#\", qos: 1}]}\n");
    struct process *away = process_start("simulate", "away.yaml");
    process_assert_code(away, 0);
    assert_non_null(strstr(process_text(&away->out), " messages waited for one client"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, process_set_up, process_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(equal_runs_are_equal_on_any_number_of_threads),
        TEST(our_scenarios_are_equal_on_any_number_of_threads),
        TEST(every_build_comes_to_the_same),
        TEST(expectations_decide_the_exit_code),
        TEST(what_is_wrong_is_said_with_its_place),
        TEST(keys_are_explained),
        TEST(seeds_are_tried_until_one_fails),
        TEST(a_check_tries_seeds_in_storms),
        TEST(a_shorter_run_has_a_shorter_calm),
        TEST(what_is_no_fault_is_not_found),
        TEST(large_scenarios_are_tried_with_fewer_devices),
        TEST(what_goes_wrong_is_made_small),
        TEST(options_of_one_run_and_of_many_do_not_mix),
        TEST(reports_are_written_to_files),
        TEST(a_summary_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
