// The link between routers and their master, as the world treats it: cut, one-sided, silent; a
// second router that asks for a gate which is held; and clocks that are set.
#include "internet.h"

#include <sys/mman.h>

#define ENTRIES_A_BATCH 500
#define CUTS (PROCESS_SLOW ? 4 : 8)

static struct process *master;
static struct process *seven;
static struct process *eight;
static struct proxy wire;
static uint64_t seed = 3;
static unsigned appended; // entries of this test

static void append_batch(void) {
    append_entries(appended, appended + ENTRIES_A_BATCH);
    appended += ENTRIES_A_BATCH;
}

static void start_with(const char *silence) {
    master = start_master("--idle-timeout", silence);
    wire = proxy_start(master_port(master));
    set_proxy_url(&wire);
    seven = join_router("one", "7");
    eight = join_router("two", "8");
    appended = 0;
}

static void start(void) {
    start_with("600");
}

static void stop(void) {
    process_end(seven);
    process_end(eight);
    process_end(master);
    proxy_end(&wire);
}

static void a_link_that_is_cut_loses_nothing(void **state) {
    (void)state;
    start();
    for (unsigned i = 0; i < CUTS; i++) {
        append_batch();
        (void)process_pump(-1, (int)(support_random(&seed) % 30));
        proxy_tell(&wire, PROXY_CUT);
        append_batch();
        if (i % 2 == 0) {
            process_await_err(seven, "cannot be reached");
            process_await_err(eight, "cannot be reached");
            append_batch();
        }
        proxy_tell(&wire, PROXY_OPEN);
        await_entries(appended);
    }
    process_await_err(seven, "the master answers again");
    process_await_err(eight, "the master answers again");
    stop();
}

// The master takes what is sent and empties mailboxes into nothing; all of it is said again when
// the connections are ended.
static void answers_that_are_lost_repeat_nothing(void **state) {
    (void)state;
    start();
    int direct = http_dial(master_port(master));
    for (unsigned i = 0; i < CUTS; i++) {
        unsigned long long taken = master_metric(direct, "mqttsim_uploaded_packets_total");
        unsigned long long given = master_metric(direct, "mqttsim_taken_bytes_total");
        proxy_tell(&wire, PROXY_SWALLOW);
        append_batch();
        while (master_metric(direct, "mqttsim_uploaded_packets_total") == taken ||
               master_metric(direct, "mqttsim_taken_bytes_total") == given) {
            (void)process_pump(-1, 1);
        }
        assert_int_equal(arrived_entries(), appended - ENTRIES_A_BATCH);
        proxy_tell(&wire, PROXY_CUT);
        proxy_tell(&wire, PROXY_OPEN);
        await_entries(appended);
        append_batch(); // its arrival shows that the router has got over the loss
        await_entries(appended);
        master_await_metric(direct, "mqttsim_mailbox_packets", 0);
    }
    close(direct);
    stop();
}

// Neither side hears of it, as when a NAT forgets its connections. The master's answer goes
// nowhere, but the routers are back before it takes their gates for silent.
static void a_link_that_falls_silent_is_made_anew_in_time(void **state) {
    (void)state;
    start_with(PROCESS_SLOW ? "60" : "30");
    append_batch();
    await_entries(appended);
    proxy_tell(&wire, PROXY_FREEZE);
    append_batch();
    process_await_err(seven, "cannot be reached");
    process_await_err(seven, "the master answers again");
    process_await_err(eight, "cannot be reached");
    process_await_err(eight, "the master answers again");
    await_entries(appended);
    stop();
}

// ---- gates ----------------------------------------------------------------------------------

static void the_second_router_of_a_gate_waits_for_it(void **state) {
    (void)state;
    start();
    struct process *second = start_router("three", "--gate", "7");
    process_await_err(second, "another router holds gate 7");
    append_batch();
    await_entries(appended); // the first is not disturbed
    process_end(seven);
    process_await_err(second, "router 7000 on the network");
    process_end(second);
    seven = join_router("one", "7");
    append_batch();
    await_entries(appended);
    stop();
}

// ---- clocks ---------------------------------------------------------------------------------

// The programs that are started from now on have a wall clock that follows *step.
static int64_t *share_clock(void) {
    char program[PATH_MAX] = {0};
    char *library = NULL;
    char *path = support_path(process_folder, "step");
    assert_true(readlink("/proc/self/exe", program, sizeof program - 1) > 0);
    assert_true(asprintf(&library, "%s/../preload/clock_step.so", dirname(program)) > 0);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(ftruncate(fd, sizeof(int64_t)), 0);
    int64_t *step = mmap(NULL, sizeof *step, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(step != MAP_FAILED);
    close(fd);
    assert_int_equal(setenv("CLOCK_STEP_FILE", path, 1), 0);
    assert_int_equal(setenv("LD_PRELOAD", library, 1), 0);
    free(library);
    free(path);
    return step;
}

static time_t latest_time_stamp(const char *network) {
    char *content = process_file(network);
    time_t latest = 0;
    for (const char *line = content; *line != '\0'; line = strchr(line, '\n') + 1) {
        time_t stamp = (time_t)strtoll(line, NULL, 10);
        latest = stamp > latest ? stamp : latest;
    }
    free(content);
    return latest;
}

static void assert_unsaid(const struct process *process, const char *text) {
    if (strstr(process_text(&process->err), text) != NULL) {
        process_explain(process);
        fail();
    }
}

static void a_clock_that_is_set_changes_nothing_but_time_stamps(void **state) {
    (void)state;
    static const int64_t steps[] = {86400, -86400, 315360000, -60, 0};
    int64_t *step = share_clock();
    set_url(master = process_start("master", "--listen", "127.0.0.1:0", "--store", "sqlite:m.db"));
    seven = join_router("one", "7");
    eight = join_router("two", "8");
    struct process *broker = join_broker("two", "83");
    process_await_err(seven, "broker 8083 \"hub\" is on the network");
    struct process *client = join_client("one", "classic");
    process_send(client, "conn 8083\nsubs a\n");
    process_await_err(client, "took the subscription");
    (void)unsetenv("LD_PRELOAD");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        *step = steps[i];
        char line[32];
        (void)snprintf(line, sizeof line, "publ a %zu\n", i);
        process_send(client, line);
        process_await_out(client, line + strlen("publ "));
    }
    assert_int_equal(munmap(step, sizeof *step), 0);
    assert_true(latest_time_stamp("two") > time(NULL) + 300000000); // the clock was set indeed
    assert_unsaid(seven, "run out");
    assert_unsaid(eight, "run out");
    assert_unsaid(master, "not there any more");
    assert_unsaid(client, "ended");
    process_assert_code(client, 0);
    process_end(broker);
    process_end(seven);
    process_end(eight);
    process_end(master);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_link_that_is_cut_loses_nothing),
        PROCESS_TEST(answers_that_are_lost_repeat_nothing),
        PROCESS_TEST(a_link_that_falls_silent_is_made_anew_in_time),
        PROCESS_TEST(the_second_router_of_a_gate_waits_for_it),
        PROCESS_TEST(a_clock_that_is_set_changes_nothing_but_time_stamps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
