// Networks, routers and a master in virtual time: whatever gets lost on the way, and whoever dies,
// what was published on one network reaches the subscribers on another, in order, nothing lost and
// nothing twice. The line network itself promises nothing; what is shown here is that routers and
// master add no loss of their own, as long as the lease lasts.
#include "role/internet.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

#define SILENCE (30 * ROLE_SECOND)
#define PERIOD (ROLE_SECOND / 10)

// A broker 83 behind gate 7, and a client beside it; a client behind gate 9. Each client publishes
// what the other has subscribed to.
struct fixture {
    struct internet *internet;
    struct internet_place *here; // gate 7
    struct internet_place *far;  // gate 9
    struct network_node *broker;
    struct network_node *near_client;
    struct network_node *far_client;
    unsigned published;
};

static void connect(struct fixture *f, struct network_node *client, uint32_t broker,
                    const char *filter) {
    assert_int_equal(client_connect(&client->client, broker, f->internet->now), CLIENT_OK);
    internet_pass(f->internet, 2 * ROLE_SECOND);
    const struct connection *connection = client_find_connection(&client->client, broker);
    assert_non_null(connection);
    assert_int_equal(connection->status_code, STATUS_OK);
    assert_int_equal(
        client_subscribe(&client->client, broker, bytes_of_text(filter), f->internet->now),
        CLIENT_OK);
    internet_pass(f->internet, 2 * ROLE_SECOND);
}

static struct fixture open_fixture(uint64_t seed, uint64_t silence) {
    struct fixture f = {.internet = internet_open(seed, silence)};
    struct client_config patient = network_client_config();
    struct broker_config broker = network_broker_config();
    patient.silence = broker.line.silence = 1000 * ROLE_SECOND;
    f.here = internet_add(f.internet, 7);
    f.far = internet_add(f.internet, 9);
    f.broker = network_add_broker(f.here->network, 83, &broker);
    f.near_client = network_add_client(f.here->network, 580, &patient);
    f.far_client = network_add_client(f.far->network, 581, &patient);
    network_join(f.broker);
    network_join(f.near_client);
    network_join(f.far_client);
    internet_pass(f.internet, 2 * ROLE_SECOND);
    connect(&f, f.near_client, 83, "from/far");
    connect(&f, f.far_client, 7083, "from/near");
    return f;
}

static void publish_one(struct network_node *client, uint32_t broker, const char *topic,
                        unsigned number) {
    char value[16];
    (void)snprintf(value, sizeof value, "%u", number);
    assert_int_equal(
        client_publish(&client->client, broker, bytes_of_text(topic), bytes_of_text(value)),
        CLIENT_OK);
}

static void publish(struct fixture *f, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        f->published++;
        publish_one(f->near_client, 83, "from/near", f->published);
        publish_one(f->far_client, 7083, "from/far", f->published);
        internet_pass(f->internet, PERIOD);
    }
}

// The numbers that a client got, of which each is higher than the one before. Returns how many.
static unsigned count_in_order(const struct network_node *client, unsigned *last) {
    unsigned count = 0;
    *last = 0;
    for (uint32_t i = 0; i < client->event_count; i++) {
        if (client->events[i].event.kind == EVENT_ENTRY) {
            unsigned number =
                (unsigned)strtoul((const char *)client->events[i].value.data, NULL, 10);
            assert_true(number > *last);
            *last = number;
            count++;
        }
    }
    return count;
}

static void assert_all_arrived(const struct fixture *f) {
    unsigned last;
    assert_int_equal(count_in_order(f->near_client, &last), f->published);
    assert_int_equal(last, f->published);
    assert_int_equal(count_in_order(f->far_client, &last), f->published);
    assert_int_equal(last, f->published);
}

static bool is_at_rest(const struct fixture *f) {
    return f->here->is_up && f->far->is_up && f->internet->master.is_up &&
           f->here->uplink.waiting_lines == 0 && f->far->uplink.waiting_lines == 0;
}

// After the storm the calm: in a while everything has arrived.
static void settle_within(struct fixture *f, unsigned seconds) {
    f->internet->loss_percent = 0;
    internet_pass(f->internet, seconds * ROLE_SECOND);
    assert_true(is_at_rest(f));
    internet_pass(f->internet, 3 * ROLE_SECOND);
}

static void settle(struct fixture *f) {
    settle_within(f, 30);
}

static void close_fixture(struct fixture *f) {
    internet_close(f->internet);
}

// ---- without faults ---------------------------------------------------------------------------

static void messages_cross_networks_at_once(void **state) {
    (void)state;
    struct fixture f = open_fixture(1, SILENCE);
    publish(&f, 50);
    internet_pass(f.internet, ROLE_SECOND); // no more than a few round trips
    assert_all_arrived(&f);
    close_fixture(&f);
}

// A request that waits is woken by a packet; it is not asked for again and again.
static void an_idle_router_asks_seldom(void **state) {
    (void)state;
    struct fixture f = open_fixture(1, SILENCE);
    uint64_t requests = f.internet->master.requests;
    internet_pass(f.internet, 300 * ROLE_SECOND);
    // Of each router a request every ten seconds, tried once between; and pings of the connection.
    assert_in_range(f.internet->master.requests - requests, 60, 400);
    publish(&f, 1);
    internet_pass(f.internet, ROLE_SECOND);
    assert_all_arrived(&f);
    close_fixture(&f);
}

static uint64_t trace_of(uint64_t seed) {
    struct fixture f = open_fixture(seed, SILENCE);
    f.internet->loss_percent = 20;
    publish(&f, 30);
    settle(&f);
    uint64_t hash = hash_bytes(buffer_bytes(&f.here->file), 0);
    hash = hash_bytes(buffer_bytes(&f.far->file), hash);
    close_fixture(&f);
    return hash;
}

static void equal_seeds_give_equal_traces(void **state) {
    (void)state;
    assert_true(trace_of(3) == trace_of(3));
}

// ---- what gets lost ---------------------------------------------------------------------------

static void requests_and_answers_get_lost(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct fixture f = open_fixture(seed, SILENCE);
        f.internet->loss_percent = 30;
        publish(&f, 100);
        settle(&f);
        assert_all_arrived(&f);
        assert_int_equal(f.here->told[UPLINK_GAP] + f.far->told[UPLINK_GAP], 0);
        close_fixture(&f);
    }
}

static void a_master_that_is_away_is_waited_for(void **state) {
    (void)state;
    struct fixture f = open_fixture(1, SILENCE);
    for (int i = 0; i < 3; i++) {
        publish(&f, 20);
        internet_kill_master(f.internet, 8 * ROLE_SECOND);
        publish(&f, 50);
        internet_pass(f.internet, 15 * ROLE_SECOND);
    }
    settle(&f);
    assert_all_arrived(&f);
    assert_int_equal(f.here->told[UPLINK_TROUBLE], 3); // once each time
    assert_int_equal(f.here->told[UPLINK_RECOVERED], 3);
    assert_int_equal(f.here->told[UPLINK_LEASE_LOST], 0);
    close_fixture(&f);
}

// What waits has a limit: behind it the network is read on later.
static void a_router_that_is_full_leaves_the_rest_in_the_network(void **state) {
    (void)state;
    struct fixture f = open_fixture(1, SILENCE);
    f.far->config.waiting_bytes = 200;
    internet_kill_master(f.internet, 20 * ROLE_SECOND);
    publish(&f, 100);
    assert_true(uplink_is_full(&f.far->uplink));
    assert_in_range(uplink_waiting_bytes(&f.far->uplink), 200, 400);
    internet_pass(f.internet, 20 * ROLE_SECOND);
    settle(&f);
    assert_all_arrived(&f);
    close_fixture(&f);
}

// ---- who dies ---------------------------------------------------------------------------------

// A run in which the router behind gate 9 dies at that record or stage of a turn. Returns whether
// it came to that.
static bool run_with_death(uint64_t dies_at, bool of_master) {
    struct fixture f = open_fixture(dies_at, SILENCE);
    uint64_t *dies = of_master ? &f.internet->master.dies_at : &f.far->dies_at;
    uint64_t events = of_master ? f.internet->master.events : f.far->events;
    f.far->away = f.internet->master.away = ROLE_SECOND / 2;
    *dies = events + dies_at;
    publish(&f, 12);
    settle_within(&f, 3);
    assert_all_arrived(&f);
    assert_int_equal(f.far->told[UPLINK_LEASE_LOST], 0);
    bool has_died = *dies == 0;
    close_fixture(&f);
    return has_died;
}

static void a_router_dies_after_every_record(void **state) {
    (void)state;
    uint64_t dies_at = 1;
    while (run_with_death(dies_at, false)) {
        dies_at++;
    }
    assert_true(dies_at > 100);
}

static void a_master_dies_after_every_record(void **state) {
    (void)state;
    uint64_t dies_at = 1;
    while (run_with_death(dies_at, true)) {
        dies_at++;
    }
    assert_true(dies_at > 100);
}

static void all_die_again_and_again_in_a_storm(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct fixture f = open_fixture(seed, SILENCE);
        f.internet->loss_percent = 20;
        f.far->away = f.here->away = f.internet->master.away = ROLE_SECOND / 2;
        for (int i = 0; i < 12; i++) {
            f.far->dies_at = f.far->events + support_random(&f.internet->random) % 50 + 1;
            f.here->dies_at = f.here->events + support_random(&f.internet->random) % 50 + 1;
            f.internet->master.dies_at =
                f.internet->master.events + support_random(&f.internet->random) % 50 + 1;
            publish(&f, 10);
        }
        f.far->dies_at = f.here->dies_at = f.internet->master.dies_at = 0;
        settle(&f);
        assert_all_arrived(&f);
        close_fixture(&f);
    }
}

// The lease is over, and with it what waited at the master: that is told, and nothing comes twice
// or in another order. Connections end with a gate, so both connect again.
static void a_lease_that_is_lost_loses_and_repeats_nothing_else(void **state) {
    (void)state;
    struct fixture f = open_fixture(1, 5 * ROLE_SECOND);
    unsigned last;
    publish(&f, 10);
    internet_pass(f.internet, ROLE_SECOND);
    assert_all_arrived(&f);
    internet_kill_router(f.far, 20 * ROLE_SECOND);
    publish(&f, 20);
    internet_pass(f.internet, 30 * ROLE_SECOND);
    assert_int_equal(f.far->told[UPLINK_LEASE_LOST], 1);
    assert_true(count_in_order(f.near_client, &last) <= f.published);
    assert_true(count_in_order(f.far_client, &last) < f.published);
    (void)client_disconnect(&f.far_client->client, 7083);
    connect(&f, f.far_client, 7083, "from/near");
    unsigned before = count_in_order(f.far_client, &last);
    publish(&f, 10);
    settle(&f);
    assert_int_equal(count_in_order(f.far_client, &last), before + 10);
    assert_int_equal(last, f.published);
    close_fixture(&f);
}

// ---- the journal, and the end -----------------------------------------------------------------

// A router whose journal cannot be written says nothing to the master that it might forget.
static void nothing_leaves_while_the_journal_fails(void **state) {
    (void)state;
    struct fixture f = open_fixture(1, SILENCE);
    publish(&f, 10);
    internet_pass(f.internet, ROLE_SECOND);
    f.far->journal_fails = true;
    internet_pass(f.internet, ROLE_SECOND);
    uint64_t requests = f.internet->master.requests;
    publish(&f, 20);
    unsigned last;
    assert_int_equal(count_in_order(f.far_client, &last), 10);
    assert_int_equal(count_in_order(f.near_client, &last), 10);
    assert_true(f.internet->master.requests > requests); // of the other router
    f.far->journal_fails = false;
    settle(&f);
    assert_all_arrived(&f);
    close_fixture(&f);
}

static void a_router_that_leaves_hands_everything_over(void **state) {
    (void)state;
    struct fixture f = open_fixture(1, SILENCE);
    publish(&f, 10);
    internet_pass(f.internet, ROLE_SECOND / 2);
    f.far->is_leaving = true;
    internet_pass(f.internet, 3 * ROLE_SECOND);
    assert_false(f.far->is_up);
    assert_int_equal(f.far->uplink.leaving, UPLINK_GONE);
    assert_int_equal(f.internet->master.master.gates_count, 1); // the gate is free
    unsigned last;
    assert_int_equal(count_in_order(f.near_client, &last), 10);
    assert_int_equal(f.broker->broker.line.peer_count, 1); // the far client is gone
    close_fixture(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_cross_networks_at_once),
        cmocka_unit_test(an_idle_router_asks_seldom),
        cmocka_unit_test(equal_seeds_give_equal_traces),
        cmocka_unit_test(requests_and_answers_get_lost),
        cmocka_unit_test(a_master_that_is_away_is_waited_for),
        cmocka_unit_test(a_router_that_is_full_leaves_the_rest_in_the_network),
        cmocka_unit_test(a_router_dies_after_every_record),
        cmocka_unit_test(a_master_dies_after_every_record),
        cmocka_unit_test(all_die_again_and_again_in_a_storm),
        cmocka_unit_test(a_lease_that_is_lost_loses_and_repeats_nothing_else),
        cmocka_unit_test(nothing_leaves_while_the_journal_fails),
        cmocka_unit_test(a_router_that_leaves_hands_everything_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
