// Worlds whose islands are joined, on some numbers of threads.
#include "session/simulate/simulate_threads.h"
#include "support.h"

#include "scenario/plan_read.h"

// Line devices at brokers of other towns, and some of MQTT; a network of its own beside them.
static const char towns[] =
    "seed: 4\n"
    "stop: 3 min\n"
    "calm: 30 s\n"
    "links: {way: {delay: 20 ms ~ 5 ms}}\n"
    "networks: {north: {link: wifi}, east: {link: wifi}, west: {link: wifi}, moon: {link: 4g}}\n"
    "routers:\n"
    "  - {network: north, gate: 1, uplink: way}\n"
    "  - {network: east, gate: 2, uplink: way}\n"
    "  - {network: west, gate: 3, uplink: dsl}\n"
    "brokers: {mill: {network: north}, hall: {network: east}, port: {network: west},\n"
    "  base: {network: moon, doors: mqtt}}\n"
    "devices:\n"
    "  - {name: \"meter-{i}\", count: 30, speaks: line classic, network: [north, east, west],\n"
    "     broker: [hall, port, mill], publish: [{topic: \"m/{name}\", every: 2 s ~ 20 %}]}\n"
    "  - {name: \"reader-{i}\", count: 6, speaks: line sodium, network: [east, west, north],\n"
    "     broker: [hall, mill, port], subscribe: [{filter: m/+}]}\n"
    "  - {name: \"rover-{i}\", count: 20, speaks: mqtt 5.0, broker: base,\n"
    "     publish: [{topic: \"r/{i}\", qos: 1, every: 5 s}], subscribe: [{filter: \"r/{i}\"}]}\n"
    "faults:\n"
    "  - {at: 40 s, for: 10 s, do: crash master}\n"
    "  - {at: 80 s, for: 10 s, do: partition north from east}\n"
    "  - {at: 100 s, for: 20 s, do: link west-router down}\n";

static void run(const struct plan *plan, unsigned count, struct sim_summary *summary) {
    const char *why;
    struct sim_world *world =
        sim_world_create(plan, &(struct sim_world_options){.checks = true, .judges = true}, &why);
    assert_null(why);
    struct simulate_threads *threads = simulate_threads_create(world, count);
    for (uint64_t now = 0; now < plan->stop_ns;) {
        now += plan->stop_ns / 10;
        simulate_threads_advance(threads, now);
    }
    simulate_threads_destroy(threads);
    sim_world_finish(world);
    sim_world_sum_up(world, summary);
    sim_world_destroy(world);
    summary->bytes = 0;
}

static void joined_islands_are_equal_on_any_number_of_threads(void **state) {
    (void)state;
    struct memory memory;
    struct plan plan;
    struct read_errors errors;
    memory_init(&memory);
    struct plan_input input = {.text = bytes_of_text(towns)};
    assert_true(plan_read(&plan, &memory, &input, &errors));
    struct sim_summary one;
    run(&plan, 1, &one);
    assert_int_equal(one.islands, 5); // the moon, three towns, the master
    assert_true(one.verdicts.delivered > 1000);
    for (unsigned threads = 2; threads <= 5; threads++) {
        struct sim_summary other;
        run(&plan, threads, &other);
        assert_int_equal(one.fingerprint, other.fingerprint);
        assert_memory_equal(&one, &other, sizeof one);
    }
    plan_deinit(&plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_islands_are_equal_on_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
