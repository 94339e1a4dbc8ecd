// Networks in memory joined by routers, whose packets go through a toy master: a list of lines for
// each gate.
#include "role/network.h"

#include <stdlib.h>

#include "role/memory_journal.h"
#include "role/router/router.h"

#define WORLDS_MAX 5

struct world;

// One network with its router.
struct place {
    struct world *world;
    struct network *network;
    uint32_t gate;
    bool is_deaf; // its router takes nothing
    struct memory memory;
    struct router_config config;
    struct router_port port;
    struct router router;
    struct buffer from_network; // lines that the router has not seen yet
    struct buffer mailbox;
    struct buffer down; // lines to write to the network
    struct memory_journal journal;
    unsigned ups;
    unsigned downs;
    unsigned dropped[PACKET_FAULTS];
};

struct world {
    struct place places[WORLDS_MAX];
    unsigned count;
    uint8_t line[PACKET_LINE_MAX];
    struct buffer wire; // all that went up
};

static struct bytes line_of(struct world *world, const struct packet *packet) {
    size_t size = packet_format(packet, world->line, sizeof world->line);
    assert_true(size > 0);
    return bytes_make(world->line, size);
}

static bool go_up(void *context, const struct packet *packet) {
    struct place *place = context;
    struct world *world = place->world;
    struct bytes line = line_of(world, packet);
    place->ups++;
    buffer_append(&world->wire, line);
    assert_int_equal(packet_address_gate(packet->sender), place->gate);
    for (unsigned i = 0; i < world->count; i++) {
        struct place *other = &world->places[i];
        if (packet->receiver == PACKET_EVERYONE
                ? other != place
                : packet_address_gate(packet->receiver) == other->gate) {
            assert_ptr_not_equal(other, place);
            buffer_append(&other->mailbox, line);
        }
    }
    return true;
}

static bool go_down(void *context, const struct packet *packet) {
    struct place *place = context;
    place->downs++;
    assert_int_equal(packet_address_gate(packet->receiver), 0);
    assert_int_not_equal(packet_address_gate(packet->sender), 0);
    buffer_append(&place->down, line_of(place->world, packet));
    return true;
}

static void hear(void *context, const struct role_event *event) {
    struct place *place = context;
    if (event->kind == EVENT_DROPPED) {
        place->dropped[event->fault]++;
    }
}

static unsigned listen_in(void *context, uint8_t *line, size_t *size) {
    struct place *place = context;
    buffer_append(&place->from_network, bytes_make(line, *size));
    return 1;
}

static const struct router_config default_config = {
    .name = BYTES_LITERAL("a router"),
    .confirmation = 10 * ROLE_SECOND,
    .limits = {.brokers = 100, .gates = 100, .pairs = 100}};

static const struct journal_kind router_kinds[ROUTER_RECORDS] = {ROUTER_RECORD_ROWS};

static void init_router(struct place *place) {
    router_init(&place->router, &place->config, &place->port, place->gate, 42);
}

static struct place *add_place(struct world *world, uint32_t gate) {
    struct place *place = &world->places[world->count++];
    place->world = world;
    place->gate = gate;
    place->network = network_open(gate);
    place->network->meddle = listen_in;
    place->network->meddle_context = place;
    memory_init(&place->memory);
    buffer_init(&place->from_network, &place->network->memory);
    buffer_init(&place->mailbox, &place->network->memory);
    buffer_init(&place->down, &place->network->memory);
    memory_journal_init(&place->journal, router_kinds);
    place->config = default_config;
    place->port = (struct router_port){.up = go_up,
                                       .down = go_down,
                                       .tell = hear,
                                       .context = place,
                                       .memory = &place->memory,
                                       .journal = &place->journal.journal};
    init_router(place);
    return place;
}

typedef void receive_function(struct router *router, struct packet *packet, uint64_t now);

// Hands the lines over one by one. True: there were some.
static bool feed(struct place *place, struct buffer *lines, receive_function *receive) {
    struct buffer taken = *lines;
    buffer_init(lines, &place->network->memory);
    size_t at = 0;
    while (at < taken.size) {
        const uint8_t *lf = memchr(taken.data + at, '\n', taken.size - at);
        assert_non_null(lf);
        size_t size = (size_t)(lf - taken.data) - at;
        uint8_t *copy = malloc(size + 1);
        uint8_t *scratch = malloc(size + 1);
        memcpy(copy, taken.data + at, size);
        struct packet packet;
        assert_int_equal(packet_parse(&packet, bytes_make(copy, size), scratch), PACKET_OK);
        receive(&place->router, &packet, place->network->now);
        free(copy);
        free(scratch);
        at += size + 1;
    }
    bool any = taken.size > 0;
    buffer_deinit(&taken);
    return any;
}

static bool write_down(struct place *place) {
    struct buffer taken = place->down;
    buffer_init(&place->down, &place->network->memory);
    for (size_t at = 0; at < taken.size;) {
        const uint8_t *lf = memchr(taken.data + at, '\n', taken.size - at);
        assert_non_null(lf);
        size_t size = (size_t)(lf - taken.data) - at;
        // The router reads what it wrote, as it does in a file.
        buffer_append(&place->from_network, bytes_make(taken.data + at, size + 1));
        network_inject(place->network, bytes_make(taken.data + at, size));
        at += size + 1;
    }
    bool any = taken.size > 0;
    buffer_deinit(&taken);
    return any;
}

static void settle(struct world *world) {
    bool any = true;
    while (any) {
        any = false;
        for (unsigned i = 0; i < world->count; i++) {
            struct place *place = &world->places[i];
            network_settle(place->network);
            if (!place->is_deaf) {
                any = feed(place, &place->from_network, router_receive) || any;
                any = feed(place, &place->mailbox, router_take) || any;
            }
            any = write_down(place) || any;
        }
    }
}

static void pass(struct world *world, unsigned seconds) {
    for (unsigned second = 0; second < seconds; second++) {
        for (unsigned i = 0; i < world->count; i++) {
            struct place *place = &world->places[i];
            network_pass(place->network, ROLE_SECOND);
            if (router_deadline(&place->router) <= place->network->now) {
                router_tick(&place->router, place->network->now);
                assert_true(router_deadline(&place->router) > place->network->now);
            }
        }
        settle(world);
    }
}

static void start(struct place *place) {
    router_start(&place->router, place->network->now);
    settle(place->world);
}

// Worlds with gates 7, 8, 9 …, each with a broker 83; the routers know each other.
static struct world *open_world(unsigned places) {
    struct world *world = calloc(1, sizeof *world);
    memory_init(&world->places[0].memory);
    for (unsigned i = 0; i < places; i++) {
        struct place *place = add_place(world, 7 + i);
        network_join(network_add_broker(place->network, 83, NULL));
    }
    buffer_init(&world->wire, &world->places[0].network->memory);
    for (unsigned i = 0; i < places; i++) {
        start(&world->places[i]);
    }
    return world;
}

static void forget(struct world *world) {
    for (unsigned i = 0; i < world->count; i++) {
        network_forget(world->places[i].network);
        world->places[i].ups = world->places[i].downs = 0;
    }
    world->wire.size = 0;
}

static void end_router(struct place *place) {
    router_deinit(&place->router);
    assert_int_equal(place->memory.blocks_in_use, 0);
    assert_int_equal(place->memory.bytes_in_use, 0);
}

static void close_world(struct world *world) {
    buffer_deinit(&world->wire);
    for (unsigned i = 0; i < world->count; i++) {
        struct place *place = &world->places[i];
        end_router(place);
        buffer_deinit(&place->from_network);
        buffer_deinit(&place->mailbox);
        buffer_deinit(&place->down);
        memory_journal_deinit(&place->journal);
        network_close(place->network);
    }
    free(world);
}

static struct network_node *join_client(struct place *place, uint32_t address,
                                        const struct client_config *config) {
    struct network_node *client = network_add_client(place->network, address, config);
    network_join(client);
    settle(place->world);
    return client;
}

static void connect(struct place *place, struct network_node *client, uint32_t broker) {
    assert_int_equal(client_connect(&client->client, broker, place->network->now), CLIENT_OK);
    settle(place->world);
    const struct connection *connection = client_find_connection(&client->client, broker);
    assert_non_null(connection);
    assert_int_equal(connection->status_code, STATUS_OK);
}

static void subscribe(struct place *place, struct network_node *client, uint32_t broker,
                      const char *filter) {
    assert_int_equal(
        client_subscribe(&client->client, broker, bytes_of_text(filter), place->network->now),
        CLIENT_OK);
    settle(place->world);
}

static void publish(struct place *place, struct network_node *client, uint32_t broker,
                    const char *value) {
    assert_int_equal(
        client_publish(&client->client, broker, BYTES_LITERAL("temp"), bytes_of_text(value)),
        CLIENT_OK);
    settle(place->world);
}

static void assert_last_entry(const struct network_node *node, const char *value) {
    struct bytes last = BYTES_LITERAL("no entry");
    for (uint32_t i = 0; i < node->event_count; i++) {
        if (node->events[i].event.kind == EVENT_ENTRY) {
            last = node->events[i].value;
        }
    }
    assert_bytes_equal(last, bytes_of_text(value));
}

static bool knows(const struct network_node *client, uint32_t broker) {
    return devices_find(&client->client.devices, broker) != NULL;
}

static struct network_node *broker_of(struct place *place) {
    return place->network->nodes[0];
}

static uint32_t connections_of(const struct network_node *broker) {
    return broker->broker.line.peer_count;
}

// ---- across networks ------------------------------------------------------------------------

static void try_across(enum suite_policy suite) {
    struct world *world = open_world(2);
    struct place *here = &world->places[0];
    struct place *there = &world->places[1];
    struct broker_config broker_config = network_broker_config();
    broker_config.line.suite = suite;
    network_join(network_add_broker(there->network, 84, &broker_config));
    settle(world);
    struct client_config config = network_client_config();
    config.suite = suite;
    struct network_node *far = join_client(here, 580, &config);
    struct network_node *near = join_client(there, 581, &config);
    connect(here, far, 8084);
    connect(there, near, 84);
    subscribe(here, far, 8084, "temp");
    subscribe(there, near, 84, "temp");
    publish(there, near, 84, "20");
    assert_last_entry(far, "20");
    publish(here, far, 8084, "21.5");
    assert_last_entry(near, "21.5");
    pass(world, 300); // pings and their answers keep the connection
    publish(there, near, 84, "22");
    assert_last_entry(far, "22");
    assert_int_equal(network_count(far, EVENT_DISCONNECTED), 0);
    close_world(world);
}

static void test_a_client_uses_a_broker_of_another_network(void **state) {
    (void)state;
    try_across(SUITE_CLASSIC);
    try_across(SUITE_SODIUM);
}

static void test_a_global_address_of_the_own_gate_works_too(void **state) {
    (void)state;
    struct world *world = open_world(2);
    struct place *here = &world->places[0];
    struct network_node *client = join_client(here, 580, NULL);
    forget(world);
    connect(here, client, 7083);
    subscribe(here, client, 7083, "temp");
    publish(here, client, 7083, "5");
    assert_last_entry(client, "5");
    assert_int_equal(here->ups, 0);
    network_kill(client);
    network_inject_packet(here->network, PACKET_LEFT, 580, 0, "client");
    buffer_append(&here->from_network, BYTES_LITERAL("1\t580\t0\tleft\t-client-\t600\t\n"));
    settle(world);
    assert_int_equal(connections_of(broker_of(here)), 0);
    close_world(world);
}

// ---- who is there ---------------------------------------------------------------------------

static void test_newcomers_learn_of_brokers_everywhere(void **state) {
    (void)state;
    struct world *world = open_world(3);
    struct network_node *client = join_client(&world->places[1], 580, NULL);
    assert_true(knows(client, 83) && knows(client, 7083) && knows(client, 9083));
    assert_false(knows(client, 8083));
    assert_bytes_equal(device_name(devices_find(&client->client.devices, 7083)),
                       BYTES_LITERAL("the broker"));
    close_world(world);
}

static void test_those_present_learn_of_a_new_network_and_its_end(void **state) {
    (void)state;
    struct world *world = open_world(1);
    struct network_node *client = join_client(&world->places[0], 580, NULL);
    struct place *fresh = add_place(world, 12);
    network_join(network_add_broker(fresh->network, 83, NULL));
    start(fresh);
    assert_true(knows(client, 12083));
    struct network_node *visitor = join_client(fresh, 1, NULL);
    assert_true(knows(visitor, 7083));
    connect(&world->places[0], client, 12083);
    connect(fresh, visitor, 7083);
    router_stop(&fresh->router);
    settle(world);
    assert_false(knows(client, 12083));
    assert_false(knows(visitor, 7083));
    assert_null(client_find_connection(&client->client, 12083));
    assert_null(client_find_connection(&visitor->client, 7083));
    assert_int_equal(connections_of(broker_of(&world->places[0])), 0);
    assert_int_equal(connections_of(broker_of(fresh)), 0);
    assert_int_equal(world->places[0].router.pair_count, 0);
    assert_int_equal(fresh->router.pair_count, 0);
    close_world(world);
}

static void test_a_broker_that_comes_goes_and_starts_anew_is_told(void **state) {
    (void)state;
    struct world *world = open_world(2);
    struct place *here = &world->places[0];
    struct place *there = &world->places[1];
    struct network_node *client = join_client(here, 580, NULL);
    connect(here, client, 8083);
    network_kill(broker_of(there));
    network_revive(broker_of(there));
    network_join(broker_of(there));
    settle(world);
    assert_int_equal(network_event_of(client, EVENT_DISCONNECTED)->event.cause, CAUSE_RESTARTED);
    connect(here, client, 8083);
    network_forget(here->network);
    network_leave(broker_of(there));
    settle(world);
    // It says so to each connection first, then to everyone.
    assert_int_equal(network_event_of(client, EVENT_DISCONNECTED)->event.cause, CAUSE_PEER);
    assert_false(knows(client, 8083));
    assert_null(devices_find(&here->router.remotes, 8083));
    close_world(world);
}

static void test_another_join_of_a_router_ends_no_connection(void **state) {
    (void)state;
    struct world *world = open_world(2);
    struct place *here = &world->places[0];
    struct network_node *client = join_client(here, 580, NULL);
    connect(here, client, 8083);
    network_forget(here->network);
    start(&world->places[1]);
    start(here);
    pass(world, 30);
    assert_int_equal(network_count(client, EVENT_DISCONNECTED), 0);
    assert_int_equal(network_count(client, EVENT_LEFT), 0);
    assert_true(knows(client, 8083));
    close_world(world);
}

static void test_brokers_that_are_not_named_again_are_gone(void **state) {
    (void)state;
    struct world *world = open_world(3);
    struct network_node *client = join_client(&world->places[0], 580, NULL);
    pass(world, 1);
    // Gate 8 is another network now, without a broker; gate 9 is gone without a word.
    network_kill(broker_of(&world->places[1]));
    end_router(&world->places[1]);
    init_router(&world->places[1]);
    world->places[2].is_deaf = true;
    start(&world->places[1]);
    pass(world, 12);
    assert_false(knows(client, 8083));
    assert_true(knows(client, 9083)); // nobody asked yet
    router_ask(&world->places[0].router, world->places[0].network->now);
    settle(world);
    pass(world, 12);
    assert_false(knows(client, 9083));
    assert_int_equal(world->places[0].router.gate_count, 1);
    close_world(world);
}

// ---- who is gone ----------------------------------------------------------------------------

static void test_the_death_of_a_client_frees_its_connections_elsewhere(void **state) {
    (void)state;
    struct world *world = open_world(3);
    struct place *here = &world->places[0];
    struct network_node *client = join_client(here, 580, NULL);
    connect(here, client, 8083);
    connect(here, client, 9083);
    assert_int_equal(here->router.pair_count, 2);
    assert_int_equal(connections_of(broker_of(&world->places[1])), 1);
    network_kill(client);
    buffer_append(&here->from_network, BYTES_LITERAL("1\t580\t0\tleft\t-client-\t600\t\n"));
    settle(world);
    assert_int_equal(connections_of(broker_of(&world->places[1])), 0);
    assert_int_equal(connections_of(broker_of(&world->places[2])), 0);
    assert_int_equal(here->router.pair_count, 0);
    assert_int_equal(world->places[1].router.pair_count, 0);
    close_world(world);
}

static void test_a_client_that_starts_anew_frees_its_connections_elsewhere(void **state) {
    (void)state;
    struct world *world = open_world(2);
    struct place *here = &world->places[0];
    struct network_node *client = join_client(here, 580, NULL);
    connect(here, client, 8083);
    network_kill(client);
    network_revive(client);
    network_join(client);
    settle(world);
    assert_int_equal(connections_of(broker_of(&world->places[1])), 0);
    connect(here, client, 8083);
    close_world(world);
}

static bool is_disconnected(const struct network_node *client, uint32_t broker) {
    return client_find_connection(&client->client, broker) == NULL;
}

// At the router of either side; the other connections of that client stay, or not.
static void test_a_cut_is_told_to_both_sides(void **state) {
    (void)state;
    struct world *world = open_world(3);
    struct place *here = &world->places[0];
    struct network_node *client = join_client(here, 580, NULL);
    connect(here, client, 8083);
    connect(here, client, 9083);
    assert_int_equal(router_cut(&world->places[1].router, packet_address_global(here->gate, 580)),
                     1);
    settle(world);
    assert_true(is_disconnected(client, 8083));
    assert_false(is_disconnected(client, 9083));
    assert_int_equal(connections_of(broker_of(&world->places[1])), 0);
    assert_int_equal(connections_of(broker_of(&world->places[2])), 1);
    connect(here, client, 8083);
    assert_int_equal(router_cut(&here->router, 580), 2);
    assert_int_equal(router_cut(&here->router, 580), 0);
    settle(world);
    assert_true(is_disconnected(client, 8083) && is_disconnected(client, 9083));
    assert_int_equal(connections_of(broker_of(&world->places[1])), 0);
    assert_int_equal(connections_of(broker_of(&world->places[2])), 0);
    connect(here, client, 9083);
    close_world(world);
}

static void test_an_orderly_end_leaves_no_pair(void **state) {
    (void)state;
    struct world *world = open_world(2);
    struct place *here = &world->places[0];
    struct network_node *client = join_client(here, 580, NULL);
    connect(here, client, 8083);
    assert_int_equal(world->places[1].router.pair_count, 1);
    forget(world);
    network_leave(client);
    settle(world);
    assert_int_equal(here->ups, 1); // the disc
    assert_int_equal(here->router.pair_count, 0);
    assert_int_equal(world->places[1].router.pair_count, 0);
    close_world(world);
}

// ---- how many packets -----------------------------------------------------------------------

static void test_clients_are_not_flooded_to_other_networks(void **state) {
    (void)state;
    struct world *world = open_world(5);
    forget(world);
    for (uint32_t i = 0; i < 20; i++) {
        (void)join_client(&world->places[0], 100 + i, NULL);
    }
    assert_int_equal(world->places[0].ups, 0);
    assert_int_equal(world->places[0].downs, 20 * 4); // n clients, b brokers elsewhere
    assert_int_equal(world->places[1].downs, 0);
    forget(world);
    network_join(network_add_broker(world->places[0].network, 84, NULL));
    settle(world);
    assert_int_equal(world->places[0].ups, 1); // a broker in m networks
    for (unsigned i = 1; i < 5; i++) {
        assert_int_equal(world->places[i].downs, 1);
        assert_int_equal(world->places[i].ups, 0);
    }
    close_world(world);
}

static void test_a_new_router_costs_a_packet_for_each_broker_and_gate(void **state) {
    (void)state;
    struct world *world = open_world(4);
    struct place *fresh = add_place(world, 12);
    network_join(network_add_broker(fresh->network, 83, NULL));
    network_join(network_add_broker(fresh->network, 84, NULL));
    fresh->from_network.size = 0; // it reads from where it joins
    forget(world);
    start(fresh);
    assert_int_equal(fresh->ups, 1 + 2 * 4); // its join; its brokers to each gate
    assert_int_equal(fresh->downs, 1 + 4);   // its join; the brokers of the others
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(world->places[i].ups, 1 + 1); // itself and its broker
        assert_int_equal(world->places[i].downs, 2);
    }
    close_world(world);
}

// ---- limits and faults ----------------------------------------------------------------------

static void take_text(struct place *place, const char *line) {
    buffer_append_text(&place->mailbox, line);
    settle(place->world);
}

static void test_what_does_not_belong_here_is_dropped(void **state) {
    (void)state;
    struct world *world = open_world(2);
    struct place *here = &world->places[0];
    forget(world);
    take_text(here, "1\t83\t0\tjoin\t-broker-\t816\t\n");      // a local sender
    take_text(here, "1\t7083\t0\tjoin\t-broker-\t816\t\n");    // one of ours
    take_text(here, "1\t8083\t9580\tping\t-\t1\t\n");          // for another gate
    take_text(here, "1\t8083\t83\tping\t-\t1\t\n");            // for a local address
    take_text(here, "1\t8083\t7000\tping\t-\t1\t\n");          // for the router
    take_text(here, "1\t8084\t0\tjoin\t-broker-\t817\t\n");    // a wrong signature
    take_text(here, "1\t8084\t0\tjoin\t-\t1\t\n");             // no kind
    take_text(here, "1\t8580\t7000\tjoin\t-client-\t600\t\n"); // nothing a router asks for
    take_text(here, "1\t8580\t7000\tleft\t-client-\t600\t\n");
    assert_int_equal(here->dropped[PACKET_FAULT_SENDER], 2);
    assert_int_equal(here->dropped[PACKET_FAULT_RECEIVER], 2);
    assert_int_equal(here->dropped[PACKET_FAULT_UNEXPECTED], 3);
    assert_int_equal(here->dropped[PACKET_FAULT_SIGNATURE], 1);
    assert_int_equal(here->dropped[PACKET_FAULT_MISSING], 1);
    assert_int_equal(here->downs, 0);
    assert_int_equal(here->ups, 0);
    buffer_append_text(&here->from_network, "1\t580\t7000\tping\t-\t1\t\n");
    buffer_append_text(&here->from_network, "1\t580\t0\tjoin\t-client-\t601\t\n");
    buffer_append_text(&here->from_network, "1\t9000\t0\tjoin\t-router-\t1\t\n");
    settle(world);
    assert_int_equal(here->dropped[PACKET_FAULT_UNEXPECTED], 4);
    assert_int_equal(here->dropped[PACKET_FAULT_SIGNATURE], 2);
    assert_int_equal(here->ups, 0);
    close_world(world);
}

static void test_a_full_table_of_brokers_still_passes_joins(void **state) {
    (void)state;
    struct world *world = open_world(1);
    struct place *here = &world->places[0];
    here->config.limits.brokers = 1;
    struct network_node *client = join_client(here, 580, NULL);
    take_text(here, "1\t8083\t0\tjoin\t-broker-\t816\t\n");
    take_text(here, "1\t8084\t0\tjoin\t-broker-\t816\t\n");
    take_text(here, "1\t8085\t7000\tjoin\t-broker-\t816\t\n");
    assert_true(knows(client, 8083) && knows(client, 8084));
    assert_false(knows(client, 8085)); // else it would seem to start anew each time it is named
    assert_int_equal(here->dropped[PACKET_FAULT_NO_ROOM], 2);
    assert_int_equal(here->router.remotes.count, 1);
    take_text(here, "1\t8083\t0\tleft\t-broker-\t816\t\n");
    take_text(here, "1\t8084\t0\tleft\t-broker-\t816\t\n");
    assert_false(knows(client, 8083) || knows(client, 8084));
    close_world(world);
}

static void test_full_tables_of_pairs_and_gates_pass_packets(void **state) {
    (void)state;
    struct world *world = open_world(3);
    struct place *here = &world->places[0];
    here->config.limits.pairs = 1;
    here->config.limits.gates = 2;
    struct network_node *client = join_client(here, 580, NULL);
    connect(here, client, 8083);
    connect(here, client, 9083);
    assert_int_equal(here->router.pair_count, 1);
    assert_true(here->dropped[PACKET_FAULT_NO_ROOM] > 0);
    struct place *fresh = add_place(world, 12);
    network_join(network_add_broker(fresh->network, 83, NULL));
    start(fresh);
    assert_int_equal(here->router.gate_count, 2);
    struct network_node *visitor = join_client(fresh, 1, NULL);
    assert_true(knows(visitor, 7083));
    connect(fresh, visitor, 7083);
    close_world(world);
}

static void test_a_device_that_is_no_broker_any_more_is_told(void **state) {
    (void)state;
    struct world *world = open_world(2);
    struct network_node *client = join_client(&world->places[1], 580, NULL);
    assert_true(knows(client, 7083));
    network_kill(broker_of(&world->places[0]));
    (void)join_client(&world->places[0], 83, NULL);
    assert_false(knows(client, 7083));
    close_world(world);
}

// ---- its journal ----------------------------------------------------------------------------

static void restore_record(void *context, const struct journal_record *record) {
    struct place *place = context;
    assert_true(router_restore(&place->router, record, place->network->now));
}

static void restore(struct place *place) {
    place->port.journal = NULL;
    memory_journal_restore(&place->journal, restore_record, place);
    place->port.journal = &place->journal.journal;
}

// All it knows, as text; to be freed.
static char *state_of(struct place *place) {
    struct memory_journal journal;
    memory_journal_init(&journal, router_kinds);
    router_snapshot(&place->router, memory_journal_take, &journal);
    char *text = memory_journal_text(&journal);
    memory_journal_deinit(&journal);
    return text;
}

static void try_restore(bool from_changes) {
    struct world *world = open_world(3);
    struct place *here = &world->places[0];
    struct network_node *client = join_client(here, 580, NULL);
    connect(here, client, 8083);
    connect(here, client, 9083);
    assert_int_equal(client_disconnect(&client->client, 9083), CLIENT_OK);
    network_leave(broker_of(&world->places[2]));
    settle(world);
    char *before = state_of(here);
    if (!from_changes) {
        memory_journal_cut(&here->journal);
        router_snapshot(&here->router, memory_journal_take, &here->journal);
    }
    end_router(here);
    init_router(here);
    restore(here);
    char *after = state_of(here);
    assert_string_equal(after, before);
    assert_int_equal(here->router.pair_count, 1);
    assert_int_equal(here->router.gate_count, 2);
    free(before);
    free(after);
    network_forget(here->network);
    start(here); // with a new lease
    pass(world, 12);
    assert_int_equal(network_count(client, EVENT_DISCONNECTED), 0);
    assert_true(knows(client, 8083));
    network_kill(client);
    buffer_append(&here->from_network, BYTES_LITERAL("1\t580\t0\tleft\t-client-\t600\t\n"));
    settle(world);
    assert_int_equal(connections_of(broker_of(&world->places[1])), 0);
    close_world(world);
}

static void test_its_tables_can_be_saved_and_restored(void **state) {
    (void)state;
    try_restore(true);
    try_restore(false);
}

static void test_records_from_a_damaged_file_do_no_harm(void **state) {
    (void)state;
    struct world *world = open_world(1);
    struct place *here = &world->places[0];
    uint64_t seed = 3;
    for (unsigned i = 0; i < 5000; i++) {
        static const uint64_t addresses[] = {0,    1,    83,   999,        1000,
                                             7000, 7083, 8083, UINT32_MAX, UINT64_MAX};
        struct journal_record record = {
            .kind = (unsigned)(support_random(&seed) % (ROUTER_RECORDS + 1)),
            .number = {addresses[support_random(&seed) % 10],
                       addresses[support_random(&seed) % 10]},
            .text = {bytes_make("a long enough name", support_random(&seed) % 19)}};
        (void)router_restore(&here->router, &record, here->network->now);
    }
    router_stop(&here->router);
    close_world(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_client_uses_a_broker_of_another_network),
        cmocka_unit_test(test_a_global_address_of_the_own_gate_works_too),
        cmocka_unit_test(test_newcomers_learn_of_brokers_everywhere),
        cmocka_unit_test(test_those_present_learn_of_a_new_network_and_its_end),
        cmocka_unit_test(test_a_broker_that_comes_goes_and_starts_anew_is_told),
        cmocka_unit_test(test_another_join_of_a_router_ends_no_connection),
        cmocka_unit_test(test_brokers_that_are_not_named_again_are_gone),
        cmocka_unit_test(test_the_death_of_a_client_frees_its_connections_elsewhere),
        cmocka_unit_test(test_a_client_that_starts_anew_frees_its_connections_elsewhere),
        cmocka_unit_test(test_a_cut_is_told_to_both_sides),
        cmocka_unit_test(test_an_orderly_end_leaves_no_pair),
        cmocka_unit_test(test_clients_are_not_flooded_to_other_networks),
        cmocka_unit_test(test_a_new_router_costs_a_packet_for_each_broker_and_gate),
        cmocka_unit_test(test_what_does_not_belong_here_is_dropped),
        cmocka_unit_test(test_a_full_table_of_brokers_still_passes_joins),
        cmocka_unit_test(test_full_tables_of_pairs_and_gates_pass_packets),
        cmocka_unit_test(test_a_device_that_is_no_broker_any_more_is_told),
        cmocka_unit_test(test_its_tables_can_be_saved_and_restored),
        cmocka_unit_test(test_records_from_a_damaged_file_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
