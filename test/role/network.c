#include "role/network.h"

#include <stdlib.h>

#include "base/hash.h"

#define EPOCH 1795435622u // UnixTime at virtual time 0

// ---- what the roles ask for -----------------------------------------------------------------

static struct bytes copy_bytes(struct bytes bytes) {
    uint8_t *copy = malloc(bytes.size + 1);
    assert_non_null(copy);
    if (bytes.size > 0) {
        memcpy(copy, bytes.data, bytes.size);
    }
    copy[bytes.size] = '\0';
    return bytes_make(copy, bytes.size);
}

static void enqueue(struct network *network, struct bytes line) {
    if (network->queue_count == network->queue_capacity) {
        network->queue_capacity = network->queue_capacity * 2 + 16;
        network->queue = realloc(network->queue, network->queue_capacity * sizeof *network->queue);
        assert_non_null(network->queue);
    }
    uint8_t *copy = malloc(line.size + 1);
    memcpy(copy, line.data, line.size);
    network->queue[network->queue_count++] = (struct network_line){copy, line.size};
}

static bool send_packet(void *context, const struct packet *packet) {
    struct network_node *node = context;
    struct network *network = node->network;
    struct packet stamped = *packet;
    stamped.time_stamp = EPOCH + network->now / ROLE_SECOND;
    size_t size = packet_format(&stamped, network->line, PACKET_LINE_MAX);
    if (size == 0) {
        return false;
    }
    network->hash = hash_bytes(bytes_make(network->line, size), network->hash);
    network->lines_sent++;
    buffer_append(&network->wire, bytes_make(network->line, size));
    unsigned copies = 1;
    if (network->meddle != NULL) {
        copies = network->meddle(network->meddle_context, network->line, &size);
    }
    for (unsigned i = 0; i < copies && !node->is_cut; i++) {
        enqueue(network, bytes_make(network->line, size));
    }
    return true;
}

static void keep_event(void *context, const struct role_event *event) {
    struct network_node *node = context;
    assert_int_equal(event->self, node->address); // many may share one port
    if (node->event_count == node->event_capacity) {
        node->event_capacity = node->event_capacity * 2 + 16;
        node->events = realloc(node->events, node->event_capacity * sizeof *node->events);
        assert_non_null(node->events);
    }
    struct network_event *kept = &node->events[node->event_count++];
    *kept = (struct network_event){*event, copy_bytes(event->text), copy_bytes(event->value)};
    if (event->kind == EVENT_DROPPED) {
        assert_in_range(event->fault, PACKET_OK + 1, PACKET_FAULTS - 1);
        node->faults[event->fault]++;
    }
}

// ---- the network and its devices ------------------------------------------------------------

struct network *network_open(uint64_t seed) {
    struct network *network = calloc(1, sizeof *network);
    assert_non_null(network);
    network->seed = seed;
    network->now = 5 * ROLE_SECOND;
    memory_init(&network->memory);
    buffer_init(&network->wire, &network->memory);
    network->seal_room = malloc(ROLE_SEAL_ROOM);
    network->unseal_room = malloc(ROLE_UNSEAL_ROOM);
    network->line = malloc(PACKET_LINE_MAX);
    return network;
}

void network_close(struct network *network) {
    network_forget(network);
    for (uint32_t i = 0; i < network->node_count; i++) {
        if (network->nodes[i]->is_alive) {
            network_kill(network->nodes[i]);
        }
        free(network->nodes[i]->events);
        free(network->nodes[i]);
    }
    for (uint32_t i = network->queue_first; i < network->queue_count; i++) {
        free(network->queue[i].data);
    }
    free(network->queue);
    buffer_deinit(&network->wire);
    free(network->seal_room);
    free(network->unseal_room);
    free(network->line);
    free(network);
}

struct broker_config network_broker_config(void) {
    return (struct broker_config){
        .line = {.name = BYTES_LITERAL("the broker"),
                 .suite = SUITE_CLASSIC,
                 .ping_interval = 10 * ROLE_SECOND,
                 .silence = 100 * ROLE_SECOND,
                 .limits = {.connections = 100, .subscriptions = 100, .devices = 100}},
        .values = {.entries_max = 1000, .bytes_max = 1 << 20}};
}

struct client_config network_client_config(void) {
    return (struct client_config){
        .name = BYTES_LITERAL("a client"),
        .suite = SUITE_CLASSIC,
        .answer_timeout = 5 * ROLE_SECOND,
        .silence = 100 * ROLE_SECOND,
        .limits = {.connections = 10,
                   .subscriptions = 100,
                   .devices = 100,
                   .values = {.entries_max = 1000, .bytes_max = 1 << 20}}};
}

void network_revive(struct network_node *node) {
    struct network *network = node->network;
    struct cipher_secret seed;
    for (size_t i = 0; i < sizeof seed.bytes; i++) {
        seed.bytes[i] = (uint8_t)support_random(&network->seed);
    }
    node->is_alive = true;
    if (node->is_broker) {
        broker_init(&node->broker, &node->broker_config, &node->port, node->address, &seed);
    } else {
        client_init(&node->client, &node->client_config, &node->port, node->address, &seed);
    }
}

static struct network_node *add_node(struct network *network, uint32_t address) {
    assert_true(network->node_count < NETWORK_NODES_MAX);
    struct network_node *node = calloc(1, sizeof *node);
    assert_non_null(node);
    network->nodes[network->node_count++] = node;
    node->network = network;
    node->address = address;
    memory_init(&node->memory);
    node->port = (struct role_port){.send = send_packet,
                                    .tell = keep_event,
                                    .context = node,
                                    .memory = &node->memory,
                                    .seal_room = network->seal_room,
                                    .unseal_room = network->unseal_room};
    return node;
}

struct network_node *network_add_broker(struct network *network, uint32_t address,
                                        const struct broker_config *config) {
    struct network_node *node = add_node(network, address);
    node->is_broker = true;
    node->broker_config = config != NULL ? *config : network_broker_config();
    network_revive(node);
    return node;
}

struct network_node *network_add_client(struct network *network, uint32_t address,
                                        const struct client_config *config) {
    struct network_node *node = add_node(network, address);
    node->client_config = config != NULL ? *config : network_client_config();
    network_revive(node);
    return node;
}

void network_join(struct network_node *node) {
    if (node->is_broker) {
        broker_start(&node->broker);
    } else {
        client_start(&node->client);
    }
    network_settle(node->network);
}

void network_leave(struct network_node *node) {
    if (node->is_broker) {
        broker_stop(&node->broker, node->network->now);
    } else {
        client_stop(&node->client);
    }
    network_kill(node);
    network_settle(node->network);
}

void network_kill(struct network_node *node) {
    if (node->is_broker) {
        broker_deinit(&node->broker);
    } else {
        client_deinit(&node->client);
    }
    node->is_alive = false;
    assert_int_equal(node->memory.blocks_in_use, 0);
    assert_int_equal(node->memory.bytes_in_use, 0);
}

// ---- packets and time -----------------------------------------------------------------------

// After each packet; in long tests, whose broker may have grown large, now and then.
static void check_broker(struct network_node *node) {
    node->received++;
    if (node->received < 200 || node->received % 256 == 0) {
        broker_check(&node->broker);
    }
}

static void receive(struct network_node *node, struct bytes line) {
    uint8_t *copy = malloc(line.size + 1);
    uint8_t *scratch = malloc(line.size + 1);
    memcpy(copy, line.data, line.size);
    struct packet packet;
    enum packet_fault fault = packet_parse(&packet, bytes_make(copy, line.size), scratch);
    if (fault != PACKET_OK) {
        node->faults[fault]++;
    } else if (node->is_broker) {
        broker_receive(&node->broker, &packet, node->network->now);
        check_broker(node);
    } else {
        client_receive(&node->client, &packet, node->network->now);
    }
    free(copy);
    free(scratch);
}

static void pass_lines(struct network *network) {
    while (network->queue_first < network->queue_count) {
        struct network_line line = network->queue[network->queue_first++];
        struct bytes bytes = bytes_make(line.data, line.size);
        if (bytes.size > 0 && bytes.data[bytes.size - 1] == '\n') {
            bytes.size--;
        }
        for (uint32_t i = 0; i < network->node_count; i++) {
            if (network->nodes[i]->is_alive && !network->nodes[i]->is_cut) {
                receive(network->nodes[i], bytes);
            }
        }
        free(line.data);
    }
    network->queue_first = network->queue_count = 0;
}

// It has to go on at once with what it could not do in one turn.
static bool goes_on(const struct network_node *node) {
    return node->is_alive && node->is_broker &&
           broker_deadline(&node->broker) <= node->network->now;
}

void network_settle(struct network *network) {
    bool is_over = false;
    while (!is_over) {
        pass_lines(network);
        is_over = true;
        for (uint32_t i = 0; i < network->node_count; i++) {
            if (goes_on(network->nodes[i])) {
                broker_tick(&network->nodes[i]->broker, network->now);
                is_over = false;
            }
        }
    }
}

static uint64_t deadline_of(const struct network_node *node) {
    if (!node->is_alive) {
        return ROLE_NEVER;
    }
    return node->is_broker ? broker_deadline(&node->broker) : client_deadline(&node->client);
}

static void tick(struct network_node *node) {
    if (node->is_broker) {
        broker_tick(&node->broker, node->network->now);
    } else {
        client_tick(&node->client, node->network->now);
    }
    assert_true(goes_on(node) ||
                deadline_of(node) > node->network->now); // else a driver never sleeps
}

void network_pass(struct network *network, uint64_t nanoseconds) {
    uint64_t end = network->now + nanoseconds;
    for (;;) {
        network_settle(network);
        struct network_node *first = NULL;
        for (uint32_t i = 0; i < network->node_count; i++) {
            struct network_node *node = network->nodes[i];
            if (first == NULL || deadline_of(node) < deadline_of(first)) {
                first = node;
            }
        }
        if (first == NULL || deadline_of(first) > end) {
            break;
        }
        if (deadline_of(first) > network->now) {
            network->now = deadline_of(first);
        }
        tick(first);
    }
    network->now = end;
}

void network_inject(struct network *network, struct bytes line) {
    enqueue(network, line);
    network_settle(network);
}

void network_inject_packet(struct network *network, enum packet_type type, uint32_t sender,
                           uint32_t receiver, const char *element) {
    struct packet packet = {
        .time_stamp = EPOCH, .sender = sender, .receiver = receiver, .type = type};
    if (element != NULL) {
        packet_add(&packet, bytes_of_text(element));
    }
    packet.signature = packet_signature(&packet);
    uint8_t line[1024];
    size_t size = packet_format(&packet, line, sizeof line);
    assert_true(size > 0);
    network_inject(network, bytes_make(line, size));
}

// ---- looking --------------------------------------------------------------------------------

const struct network_event *network_event_of(const struct network_node *node,
                                             enum event_kind kind) {
    for (uint32_t i = 0; i < node->event_count; i++) {
        if (node->events[i].event.kind == kind) {
            return &node->events[i];
        }
    }
    return NULL;
}

unsigned network_count(const struct network_node *node, enum event_kind kind) {
    unsigned count = 0;
    for (uint32_t i = 0; i < node->event_count; i++) {
        count += node->events[i].event.kind == kind;
    }
    return count;
}

static unsigned count_text(const struct network *network, struct bytes text) {
    unsigned count = 0;
    const uint8_t *at = network->wire.data;
    size_t left = network->wire.size;
    while (left >= text.size && left > 0) {
        const uint8_t *found = memmem(at, left, text.data, text.size);
        if (found == NULL) {
            break;
        }
        count++;
        left -= (size_t)(found - at) + 1;
        at = found + 1;
    }
    return count;
}

unsigned network_count_lines(const struct network *network, const char *type) {
    char field[] = "\t????\t";
    memcpy(field + 1, type, 4);
    return count_text(network, bytes_of_text(field));
}

bool network_wire_holds(const struct network *network, struct bytes text) {
    return count_text(network, text) > 0;
}

static void forget_events(struct network_node *node) {
    for (uint32_t i = 0; i < node->event_count; i++) {
        free((void *)node->events[i].text.data);
        free((void *)node->events[i].value.data);
    }
    node->event_count = 0;
    memset(node->faults, 0, sizeof node->faults);
}

void network_forget(struct network *network) {
    for (uint32_t i = 0; i < network->node_count; i++) {
        forget_events(network->nodes[i]);
    }
    network->wire.size = 0;
}

// ---- usual beginnings and commands ----------------------------------------------------------

struct network_pair network_open_pair(const struct broker_config *broker,
                                      const struct client_config *client) {
    struct network_pair pair = {.network = network_open(1)};
    pair.broker = network_add_broker(pair.network, 83, broker);
    pair.client = network_add_client(pair.network, 580, client);
    network_join(pair.broker);
    network_join(pair.client);
    return pair;
}

struct network_pair network_open_connected(const struct broker_config *broker,
                                           const struct client_config *client) {
    struct network_pair pair = network_open_pair(broker, client);
    network_connect(pair.client, 83);
    network_forget(pair.network);
    return pair;
}

struct network_node *network_add_connected(struct network *network, uint32_t address,
                                           const struct client_config *config) {
    struct network_node *node = network_add_client(network, address, config);
    network_join(node);
    network_connect(node, 83);
    network_forget(network);
    return node;
}

void network_connect(struct network_node *client, uint32_t broker) {
    assert_int_equal(client_connect(&client->client, broker, client->network->now), CLIENT_OK);
    network_settle(client->network);
    const struct connection *connection = client_find_connection(&client->client, broker);
    assert_non_null(connection);
    assert_int_equal(connection->status_code, STATUS_OK);
}

void network_subscribe(struct network_node *client, uint32_t broker, const char *filter) {
    uint64_t now = client->network->now;
    struct bytes text = bytes_of_text(filter);
    assert_int_equal(client_subscribe(&client->client, broker, text, now), CLIENT_OK);
    network_settle(client->network);
    const struct client_subscription *subscription =
        client_find_subscription(&client->client, broker, text);
    assert_non_null(subscription);
    assert_int_equal(subscription->state, SUBSCRIPTION_OPEN);
}

void network_publish(struct network_node *client, uint32_t broker, const char *topic,
                     const char *value) {
    assert_int_equal(
        client_publish(&client->client, broker, bytes_of_text(topic), bytes_of_text(value)),
        CLIENT_OK);
    network_settle(client->network);
}
