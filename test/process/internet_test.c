// Networks that stay joined whatever is killed: masters on one Redis, Redis itself, and master and
// routers while a hundred thousand numbered entries pass. Each arrives once and in its place.
#include "internet.h"

#include "store/redis_server.h"

#define ENTRIES_A_BATCH 500
#define KILLS (PROCESS_SLOW ? 5 : 10)
#define END_TO_END (PROCESS_SLOW ? 20000u : 100000u)

static uint64_t seed = 11;
static unsigned appended; // entries of this test

// Then lets them travel a little, from not at all to quite.
static void append_batch(void) {
    append_entries(appended, appended + ENTRIES_A_BATCH);
    appended += ENTRIES_A_BATCH;
    (void)process_pump(-1, (int)(support_random(&seed) % 30));
}

// ---- on Redis -------------------------------------------------------------------------------

static struct redis_server redis;
static char store[64];

static void start_redis(void) {
    if (!redis_server_is_installed()) {
        print_message("not tested: there is no redis-server; install it\n");
        skip();
    }
    redis_server_kill(&redis); // of a test that failed
    redis = (struct redis_server){.folder = process_folder, .is_durable = true};
    redis_server_start(&redis);
    (void)snprintf(store, sizeof store, "redis://127.0.0.1:%d", redis.port);
    appended = 0;
}

static struct process *start_redis_master(unsigned port) {
    struct process *master = start_master_at(port, store);
    (void)master_port(master);
    return master;
}

static void a_killed_master_on_redis_loses_nothing(void **state) {
    (void)state;
    start_redis();
    struct process *master = set_url(start_redis_master(0));
    struct process *seven = join_router("one", "7");
    struct process *eight = join_router("two", "8");
    for (unsigned i = 0; i < KILLS; i++) {
        append_batch();
        process_kill(master);
        master = start_redis_master(master_port_of_url());
    }
    await_entries(appended);
    process_end(seven);
    process_end(eight);
    process_end(master);
    redis_server_kill(&redis);
}

static void a_killed_redis_loses_nothing(void **state) {
    (void)state;
    start_redis();
    struct process *master = set_url(start_redis_master(0));
    struct process *seven = join_router("one", "7");
    struct process *eight = join_router("two", "8");
    for (unsigned i = 0; i < KILLS; i++) {
        append_batch();
        redis_server_kill(&redis);
        append_batch();
        redis_server_start(&redis);
    }
    await_entries(appended);
    redis_server_kill(&redis); // for so long that it is told
    append_batch();
    process_await_err(seven, "is not ready (status 503");
    redis_server_start(&redis);
    process_await_err(seven, "the master answers again");
    await_entries(appended);
    process_end(seven);
    process_end(eight);
    process_end(master);
    redis_server_kill(&redis);
}

static struct process *join_router_by(const char *network, const char *gate, unsigned port,
                                      unsigned other_port) {
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u,http://127.0.0.1:%u", port, other_port);
    return join_router(network, gate);
}

// Each router names both; while one is dead, packets pass by the other.
static void one_of_two_masters_is_enough(void **state) {
    (void)state;
    start_redis();
    struct process *masters[] = {start_redis_master(0), start_redis_master(0)};
    const unsigned ports[] = {master_port(masters[0]), master_port(masters[1])};
    struct process *seven = join_router_by("one", "7", ports[0], ports[1]);
    struct process *eight = join_router_by("two", "8", ports[1], ports[0]);
    append_batch();
    await_entries(appended);
    for (unsigned i = 0; i < KILLS / 2; i++) {
        append_batch();
        process_kill(masters[i % 2]);
        append_batch();
        await_entries(appended);
        masters[i % 2] = start_redis_master(ports[i % 2]);
    }
    process_end(seven);
    process_end(eight);
    process_end(masters[0]);
    process_end(masters[1]);
    redis_server_kill(&redis);
}

// Routers know one address only; what stands there sends them to whichever master is left.
static void masters_may_change_behind_a_load_balancer(void **state) {
    (void)state;
    start_redis();
    struct process *masters[] = {start_redis_master(0), start_redis_master(0)};
    const uint16_t ports[] = {master_port(masters[0]), master_port(masters[1])};
    struct proxy balancer = proxy_start(ports[0]);
    set_proxy_url(&balancer);
    struct process *seven = join_router("one", "7");
    proxy_tell_target(&balancer, PROXY_TARGET, ports[1]);
    struct process *eight = join_router("two", "8");
    append_batch();
    await_entries(appended);
    process_kill(masters[0]); // of router seven
    append_batch();
    await_entries(appended);
    masters[0] = start_redis_master(ports[0]);
    proxy_tell_target(&balancer, PROXY_TARGET, ports[0]);
    append_batch();
    process_kill(masters[1]); // of both
    append_batch();
    await_entries(appended);
    process_end(seven);
    process_end(eight);
    process_end(masters[0]);
    proxy_end(&balancer);
    redis_server_kill(&redis);
}

// ---- from end to end ------------------------------------------------------------------------

static void publish(struct process *publisher, unsigned from, unsigned to) {
    for (unsigned i = from; i < to; i++) {
        char line[16];
        (void)snprintf(line, sizeof line, "%u\n", i);
        process_send(publisher, line);
    }
}

// The lines of its standard output are the entries, each once and in order, then `end`.
static void assert_all_received(const struct process *receiver, unsigned count) {
    const char *at = process_text(&receiver->out);
    for (unsigned i = 0; i < count; i++) {
        char line[32];
        int size = snprintf(line, sizeof line, "load %u\n", i);
        if (strncmp(at, line, (size_t)size) != 0) {
            print_error("is %.40s\nshould be %s", at, line);
            fail();
        }
        at += size;
    }
    assert_string_equal(at, "load end\n");
}

static int compare_lines(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Entries as they stand in the network's file: so many, and no two from and to the same that are
// alike but for the time.
static void assert_nothing_twice(const char *network, size_t count) {
    char *content = process_file(network);
    char **entries = calloc(count, sizeof *entries);
    char *rest = content;
    size_t found = 0;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (strstr(line, "\tpubl\t") != NULL) {
            assert_true(found < count);
            entries[found++] = strchr(line, '\t');
        }
    }
    assert_int_equal(found, count);
    qsort(entries, count, sizeof *entries, compare_lines);
    for (size_t i = 1; i < count; i++) {
        assert_string_not_equal(entries[i - 1], entries[i]);
    }
    free(entries);
    free(content);
}

// A client in network two is connected with the broker of network one.
static struct process *subscribe_from_afar(void) {
    struct process *receiver = join_client("two", "classic");
    process_await_err(receiver, "broker 7083 \"hub\" is on the network");
    process_send(receiver, "conn 7083\nsubs load\n");
    process_await_err(receiver, "took the subscription");
    return receiver;
}

// Kills each of the three while entries are on their way through it, and lets more come before it
// is there again.
static void every_entry_arrives_once_and_in_order(void **state) {
    (void)state;
    const unsigned part = END_TO_END / 10;
    struct process *master = set_url(start_master_at(0, "sqlite:master.db"));
    struct process *seven = join_router("one", "7");
    struct process *broker = join_broker("one", "83");
    struct process *eight = join_router("two", "8");
    struct process *receiver = subscribe_from_afar();
    struct process *publisher = process_start("client", "--network", "one", "--publish", "load");
    publish(publisher, 0, 3 * part);
    process_await_lines(receiver, part);
    process_kill(master);
    publish(publisher, 3 * part, 4 * part);
    master = start_master_at(master_port_of_url(), "sqlite:master.db");
    publish(publisher, 4 * part, 6 * part);
    process_await_lines(receiver, 4 * part);
    process_kill(eight);
    publish(publisher, 6 * part, 7 * part);
    eight = join_router("two", "8");
    process_await_lines(receiver, 6 * part);
    publish(publisher, 7 * part, 8 * part);
    process_kill(seven);
    publish(publisher, 8 * part, 10 * part);
    seven = join_router("one", "7");
    process_send(publisher, "end\n");
    process_assert_code(publisher, 0);
    process_await_lines(receiver, END_TO_END + 1);
    process_send(receiver, "exit\n");
    process_assert_code(receiver, 0);
    assert_all_received(receiver, END_TO_END);
    assert_nothing_twice("one", 2 * (END_TO_END + 1)); // to the broker, and from it
    assert_nothing_twice("two", END_TO_END + 1);
    process_end(seven);
    process_end(eight);
    process_end(broker);
    process_end(master);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_killed_master_on_redis_loses_nothing),
        PROCESS_TEST(a_killed_redis_loses_nothing),
        PROCESS_TEST(one_of_two_masters_is_enough),
        PROCESS_TEST(masters_may_change_behind_a_load_balancer),
        PROCESS_TEST(every_entry_arrives_once_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
