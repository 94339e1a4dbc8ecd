// Clients against our own MQTT door in memory and in virtual time, over streams that deliver bytes
// in pieces of any size, stand still and break anywhere: between packets, within them, with bytes
// of both directions under way.
#include "role/mqtt_peer.h"

#include "fault/parse.h"
#include "role/mqtt_client/mqtt_client.h"
#include "role/mqtt_client/mqtt_client_view.h"
#include "role/proxy/proxy.h"

#include <stdio.h>
#include <stdlib.h>

// Together 76 hours in which 72,000 connections break; fewer where each step costs ten times as
// much.
#if defined(__has_feature)
#define SEEDS 200
#else
#define SEEDS 5000
#endif
#define MESSAGES 120
#define MILLISECOND UINT64_C(1000000)
#define CALM_STEPS 200000
#define USER BYTES_LITERAL("ada")

struct lab;

// A client and its stream to the door.
struct node {
    struct lab *lab;
    struct mqtt_client_config config;
    struct mqtt_client *client;
    struct mqtt_peer *peer; // with version 0: what comes out of the door stays in its `stream`
    struct proxy_connection *between; // of the lab's proxy; NULL: there is none
    uint8_t *up;                      // said, and not at the door yet
    size_t up_bytes;
    unsigned cuts;
    unsigned connected;
    unsigned subscribed;
    unsigned published;
    unsigned not_published;
    unsigned violations;
    unsigned authenticated;
    struct mqtt_client_event ended; // the last one
    // By QoS: the numbers that came, in order.
    uint32_t *came[3];
    unsigned came_count[3];
};

struct lab {
    struct mqtt_world *world;
    struct memory memory;
    struct mqtt_client_port port;
    uint64_t random;
    bool is_wild;        // streams break
    bool is_lying;       // packets are dropped, repeated, turned round or changed
    struct proxy *proxy; // through which all streams go; NULL: none
};

static const struct cipher_secret seed = {{9, 8, 7}};

static uint64_t draw(struct lab *lab, uint64_t below) {
    return support_random(&lab->random) % below;
}

// ---- events -----------------------------------------------------------------------------------

static void note_ready(void *context, void *owner) {
    (void)context;
    (void)owner; // each is looked at in each step
}

static void note_message(struct node *node, const struct mqtt_client_event *event) {
    unsigned count = node->came_count[event->qos]++;
    char text[32] = "";
    if (node->lab->is_lying) {
        return; // it may be anything
    }
    assert_true(event->value.size < sizeof text);
    memcpy(text, event->value.data, event->value.size);
    node->came[event->qos] =
        realloc(node->came[event->qos], (count + 1) * sizeof *node->came[event->qos]);
    node->came[event->qos][count] = (uint32_t)strtoul(text, NULL, 10);
}

static void note_told(void *context, void *owner, const struct mqtt_client_event *event) {
    (void)context;
    struct node *node = owner;
    switch (event->kind) {
    case MQTT_CLIENT_EVENT_CONNECTED:
        node->connected++;
        break;
    case MQTT_CLIENT_EVENT_ENDED:
        node->ended = *event;
        break;
    case MQTT_CLIENT_EVENT_MESSAGE:
        note_message(node, event);
        break;
    case MQTT_CLIENT_EVENT_PUBLISHED:
        node->published++;
        break;
    case MQTT_CLIENT_EVENT_NOT_PUBLISHED:
        node->not_published++;
        break;
    case MQTT_CLIENT_EVENT_SUBSCRIBED:
        node->subscribed++;
        break;
    case MQTT_CLIENT_EVENT_VIOLATION:
        node->violations++;
        if (!node->lab->is_lying) {
            print_message("violation: %s %s\n", event->statement, event->why);
        }
        break;
    case MQTT_CLIENT_EVENT_AUTHENTICATED:
        node->authenticated++;
        break;
    case MQTT_CLIENT_EVENT_REDIRECTED:
    case MQTT_CLIENT_EVENT_NOT_SUBSCRIBED:
    case MQTT_CLIENT_EVENT_UNSUBSCRIBED:
    case MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED:
    case MQTT_CLIENT_EVENT_PONG:
    case MQTT_CLIENT_EVENT_SESSION_LOST:
        break;
    }
}

// ---- streams ----------------------------------------------------------------------------------

static struct lab *open_lab(struct mqtt_world *world, uint64_t random) {
    struct lab *lab = calloc(1, sizeof *lab);
    lab->world = world;
    lab->random = random;
    memory_init(&lab->memory);
    lab->port = (struct mqtt_client_port){
        .ready = note_ready, .tell = note_told, .context = lab, .memory = &lab->memory};
    return lab;
}

static void close_lab(struct lab *lab) {
    assert_int_equal(lab->memory.blocks_in_use, 0);
    mqtt_world_close(lab->world);
    free(lab);
}

static struct node *open_node(struct lab *lab, enum mqtt_version version, const char *client_id) {
    struct node *node = calloc(1, sizeof *node);
    node->lab = lab;
    node->config = (struct mqtt_client_config){.version = version,
                                               .adopts_session = true,
                                               .keep_alive = 10,
                                               .connect_timeout = 5 * ROLE_SECOND,
                                               .answer_timeout = 3 * ROLE_SECOND,
                                               .retry = {.kind = MQTT_CLIENT_RETRY_DECORRELATED,
                                                         .first = 100 * MILLISECOND,
                                                         .most = 5 * ROLE_SECOND},
                                               .limits = {.messages = 50,
                                                          .message_bytes = 100000,
                                                          .output_bytes = 400,
                                                          .packet_bytes = 10000,
                                                          .receive_maximum = 3,
                                                          .aliases_in = 2,
                                                          .aliases_out = 2,
                                                          .in_flight = 7,
                                                          .subscriptions = 10},
                                               .seed = &seed};
    if (version == MQTT_5) {
        node->config.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
        node->config.properties.session_expiry = 100000;
    }
    node->client = mqtt_client_create(&node->config, &lab->port, bytes_of_text(client_id),
                                      (uint32_t)draw(lab, 1000), node);
    return node;
}

static void close_node(struct node *node) {
    mqtt_client_destroy(node->client);
    for (unsigned i = 0; i < 3; i++) {
        free(node->came[i]);
    }
    free(node->up);
    free(node);
}

// What is under way is lost. The door may not notice: then it has a stream that nobody reads.
static void lose_stream(struct node *node, bool door_notices) {
    if (node->peer != NULL && !mqtt_peer_is_closed(node->peer)) {
        if (door_notices) {
            mqtt_peer_cut(node->peer);
        } else {
            node->peer->is_stuck = true;
        }
    }
    node->peer = NULL;
    node->up_bytes = 0;
    if (node->between != NULL) {
        proxy_side_closed(node->between, PROXY_CLIENT, node->lab->world->now);
        proxy_side_closed(node->between, PROXY_BROKER, node->lab->world->now);
        node->between = NULL;
    }
}

static void open_stream(struct node *node) {
    struct lab *lab = node->lab;
    if (lab->is_wild && draw(lab, 4) == 0) {
        mqtt_client_closed(node->client, "connection refused", lab->world->now);
        return;
    }
    node->peer = mqtt_peer_open(lab->world, (enum mqtt_version)0);
    assert_non_null(node->peer);
    if (lab->proxy != NULL) {
        node->between = proxy_connect(lab->proxy, "127.0.0.1:1", node, lab->world->now);
        assert_non_null(node->between);
    }
    mqtt_client_opened(node->client, lab->world->now);
}

// Some of what the client has to say goes on its way.
static void take_output(struct node *node) {
    struct lab *lab = node->lab;
    struct bytes output = mqtt_client_output(node->client);
    size_t size = output.size == 0 ? 0 : draw(lab, output.size + 1);
    node->up = realloc(node->up, node->up_bytes + size + 1);
    if (size > 0) {
        memcpy(node->up + node->up_bytes, output.data, size);
        node->up_bytes += size;
        mqtt_client_sent(node->client, size, lab->world->now);
    }
}

// What the proxy lets pass goes on at once.
static void pass_on(struct node *node) {
    struct bytes run;
    while (proxy_output(node->between, PROXY_BROKER, &run, 1) > 0) {
        if (!mqtt_peer_is_closed(node->peer)) {
            mqtt_peer_send_bytes(node->peer, run.data, run.size);
        }
        proxy_sent(node->between, PROXY_BROKER, run.size);
    }
    while (proxy_output(node->between, PROXY_CLIENT, &run, 1) > 0) {
        mqtt_client_receive(node->client, run, node->lab->world->now);
        proxy_sent(node->between, PROXY_CLIENT, run.size);
    }
    proxy_check(node->lab->proxy);
}

static void give_proxy(struct node *node, enum proxy_side side, struct bytes bytes) {
    (void)proxy_receive(node->between, side, bytes, node->lab->world->now);
    pass_on(node);
}

static void send_up(struct node *node, size_t size) {
    if (node->between != NULL) {
        give_proxy(node, PROXY_CLIENT, bytes_make(node->up, size));
    } else {
        mqtt_peer_send_bytes(node->peer, node->up, size);
    }
}

static void send_down(struct node *node, size_t size) {
    struct bytes bytes = bytes_make(node->peer->stream, size);
    if (node->between != NULL) {
        give_proxy(node, PROXY_BROKER, bytes);
    } else {
        mqtt_client_receive(node->client, bytes, node->lab->world->now);
    }
}

static bool is_cut_between(struct node *node) {
    if (node->between == NULL) {
        return false;
    }
    pass_on(node);
    return proxy_is_over(node->between, PROXY_CLIENT) || proxy_is_over(node->between, PROXY_BROKER);
}

static void deliver_up(struct node *node) {
    size_t size = node->up_bytes == 0 ? 0 : draw(node->lab, node->up_bytes + 1);
    if (size > 0 && !mqtt_peer_is_closed(node->peer)) {
        send_up(node, size);
        node->up_bytes -= size;
        memmove(node->up, node->up + size, node->up_bytes);
    }
}

static void deliver_down(struct node *node) {
    struct mqtt_peer *peer = node->peer;
    size_t size = peer->stream_size == 0 ? 0 : draw(node->lab, peer->stream_size + 1);
    if (size > 0) {
        send_down(node, size);
        peer->stream_size -= size;
        memmove(peer->stream, peer->stream + size, peer->stream_size);
    }
}

static void step_stream(struct node *node) {
    struct lab *lab = node->lab;
    take_output(node);
    if (draw(lab, 3) > 0) {
        deliver_up(node);
    }
    if (draw(lab, 3) > 0) {
        deliver_down(node);
    }
    bool is_closed = mqtt_peer_is_closed(node->peer) && node->peer->stream_size == 0;
    bool is_cut = is_cut_between(node) || (lab->is_wild && draw(lab, 60) == 0);
    if (is_closed || is_cut) {
        node->cuts += is_cut;
        lose_stream(node, draw(lab, 3) > 0);
        mqtt_client_closed(node->client, NULL, lab->world->now);
    }
}

static void step(struct node *node) {
    struct lab *lab = node->lab;
    mqtt_client_tick(node->client, lab->world->now);
    if (lab->is_lying && mqtt_client_view(node->client).state == MQTT_CLIENT_OFF) {
        (void)mqtt_client_connect(node->client, lab->world->now); // it gave up
    }
    switch (mqtt_client_need(node->client)) {
    case MQTT_CLIENT_NEEDS_STREAM:
        open_stream(node);
        break;
    case MQTT_CLIENT_NEEDS_CLOSING:
        lose_stream(node, true);
        mqtt_client_closed(node->client, NULL, lab->world->now);
        break;
    case MQTT_CLIENT_NEEDS_NOTHING:
        break;
    }
    if (node->peer != NULL) {
        step_stream(node);
    }
    mqtt_client_check(node->client);
}

static void wait_some(struct lab *lab) {
    mqtt_world_wait(lab->world, draw(lab, 100) * MILLISECOND);
    if (lab->proxy != NULL) {
        proxy_tick(lab->proxy, lab->world->now);
        (void)proxy_step(lab->proxy, bytes_make(NULL, 0), lab->world->now); // none is held for ever
    }
}

// Until the number is reached, or too long.
static void run_until(struct lab *lab, struct node *const *nodes, unsigned count,
                      const unsigned *number, unsigned wanted) {
    for (unsigned i = 0; i < CALM_STEPS && *number < wanted; i++) {
        for (unsigned k = 0; k < count; k++) {
            step(nodes[k]);
        }
        wait_some(lab);
    }
    assert_true(*number >= wanted);
}

// ---- every QoS 2 message once, every QoS 1 message at least once, in order ----------------------

static void publish_number(struct node *node, uint8_t qos, uint32_t number) {
    char text[16];
    int size = snprintf(text, sizeof text, "%u", number);
    struct mqtt_client_message message = {.topic = qos == 1 ? BYTES_LITERAL("number/one")
                                                            : BYTES_LITERAL("number/two"),
                                          .payload = bytes_make(text, (size_t)size),
                                          .qos = qos};
    while (mqtt_client_publish(node->client, &message, node->lab->world->now) != MQTT_CLIENT_OK) {
        step(node); // as many wait as may
        wait_some(node->lab);
    }
}

static void check_numbers(const struct node *node) {
    for (unsigned i = 0; i < node->came_count[2]; i++) {
        assert_int_equal(node->came[2][i], i);
    }
    assert_int_equal(node->came_count[2], MESSAGES);
    uint32_t next = 0; // of those that came for the first time
    for (unsigned i = 0; i < node->came_count[1]; i++) {
        assert_true(node->came[1][i] <= next);
        next += node->came[1][i] == next;
    }
    assert_int_equal(next, MESSAGES);
}

static void play(uint64_t random, enum mqtt_version publishes, enum mqtt_version subscribes) {
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.queue_messages = 1000;
    struct lab *lab = open_lab(mqtt_world_open(&config), random);
    struct node *publisher = open_node(lab, publishes, "publisher");
    struct node *subscriber = open_node(lab, subscribes, "subscriber");
    struct node *const nodes[] = {publisher, subscriber};
    mqtt_client_subscribe(
        subscriber->client,
        &(struct mqtt_client_subscription){.filter = BYTES_LITERAL("number/+"), .options = 2},
        lab->world->now);
    mqtt_client_connect(publisher->client, lab->world->now);
    mqtt_client_connect(subscriber->client, lab->world->now);
    run_until(lab, nodes, 2, &subscriber->subscribed, 1);
    lab->is_wild = true;
    for (uint32_t i = 0; i < MESSAGES; i++) {
        publish_number(publisher, 1, i);
        publish_number(publisher, 2, i);
        for (uint64_t k = draw(lab, 10); k > 0; k--) {
            step(subscriber);
            step(publisher);
            wait_some(lab);
        }
    }
    lab->is_wild = false;
    run_until(lab, nodes, 2, &publisher->published, 2 * MESSAGES);
    run_until(lab, nodes, 2, &subscriber->came_count[2], MESSAGES);
    for (unsigned i = 0; i < 300; i++) { // whatever comes too much comes now
        step(publisher);
        step(subscriber);
        wait_some(lab);
    }
    check_numbers(subscriber);
    assert_int_equal(publisher->published, 2 * MESSAGES);
    assert_int_equal(publisher->not_published, 0);
    assert_int_equal(publisher->violations + subscriber->violations, 0);
    assert_true(publisher->cuts + subscriber->cuts > 3);
    lose_stream(publisher, true);
    lose_stream(subscriber, true);
    close_node(publisher);
    close_node(subscriber);
    close_lab(lab);
}

static void whatever_breaks_messages_arrive_as_their_qos_promises(void **state) {
    (void)state;
    static const enum mqtt_version versions[] = {MQTT_5, MQTT_3_1_1, MQTT_3_1};
    for (unsigned i = 0; i < SEEDS; i++) {
        play(i + 1, versions[i % 3], versions[i / 3 % 3]);
    }
}

// ---- every action of faults ---------------------------------------------------------------------

static void ignore_wake(void *context, struct proxy_connection *connection, enum proxy_side side) {
    (void)context;
    (void)connection;
    (void)side;
}

static void ignore_event(void *context, const struct proxy_event *event) {
    (void)context;
    (void)event;
}

static void add_rule(struct lab *lab, const char *text) {
    struct fault_rule rule;
    struct fault_error error;
    assert_true(fault_parse(bytes_of_text(text), &rule, &error));
    assert_true(proxy_add_rule(lab->proxy, &rule, lab->world->now) > 0);
}

static void open_proxy(struct lab *lab, struct proxy *proxy, uint64_t random) {
    const struct proxy_limits limits = {
        .connections_max = 4, .rules_max = 4, .clients_max = 8, .lane_bytes = 10000};
    proxy_init(proxy, &lab->memory, random, &limits);
    proxy->port = (struct proxy_port){.context = lab, .wake = ignore_wake, .tell = ignore_event};
    lab->proxy = proxy;
}

// Both clients under one rule; then without it, over new streams.
static void play_rule(const char *rule, uint64_t random) {
    struct mqtt_door_config config = mqtt_world_config();
    config.limits.queue_messages = 1000;
    struct lab *lab = open_lab(mqtt_world_open(&config), random);
    struct proxy proxy;
    open_proxy(lab, &proxy, random);
    struct node *publisher = open_node(lab, MQTT_5, "publisher");
    struct node *subscriber = open_node(lab, MQTT_3_1_1, "subscriber");
    struct node *const nodes[] = {publisher, subscriber};
    mqtt_client_subscribe(
        subscriber->client,
        &(struct mqtt_client_subscription){.filter = BYTES_LITERAL("number/+"), .options = 2},
        lab->world->now);
    mqtt_client_connect(publisher->client, lab->world->now);
    mqtt_client_connect(subscriber->client, lab->world->now);
    run_until(lab, nodes, 2, &subscriber->subscribed, 1);
    add_rule(lab, rule);
    bool is_network = fault_action_row(proxy.set.entries[0].rule.action)->cause == FAULT_BY_NETWORK;
    lab->is_lying = !is_network;
    lab->is_wild = true;
    for (uint32_t i = 0; i < MESSAGES; i++) {
        publish_number(publisher, 1, i);
        publish_number(publisher, 2, i);
        step(subscriber);
        step(publisher);
        wait_some(lab);
    }
    assert_true(proxy.set.entries[0].hits > 0);
    assert_true(proxy_remove_rule(&proxy, 1, lab->world->now));
    lab->is_wild = false;
    for (unsigned k = 0; k < 2; k++) {
        mqtt_client_drop(nodes[k]->client, lab->world->now);
    }
    unsigned connected = publisher->connected;
    run_until(lab, nodes, 2, &publisher->connected, connected + 1);
    if (is_network) {
        run_until(lab, nodes, 2, &publisher->published, 2 * MESSAGES);
        run_until(lab, nodes, 2, &subscriber->came_count[2], MESSAGES);
        check_numbers(subscriber);
        assert_int_equal(publisher->violations + subscriber->violations, 0);
    }
    lose_stream(publisher, true);
    lose_stream(subscriber, true);
    close_node(publisher);
    close_node(subscriber);
    proxy_deinit(&proxy);
    close_lab(lab);
}

// What a network does breaks no promise; what a liar does is survived.
static void every_action_of_faults_is_stood(void **state) {
    static const char *const rules[FAULT_ACTIONS] = {
        [FAULT_DROP] = "drop 10 % of packet",
        [FAULT_HOLD] = "hold 10 % of packet",
        [FAULT_DUPLICATE] = "duplicate 20 % of packet",
        [FAULT_DELAY] = "delay 300 ms ~ 200 ms",
        [FAULT_STALL] = "stall 1 s every 30 packet",
        [FAULT_REORDER] = "reorder 10 % of packet by 2",
        [FAULT_THROTTLE] = "throttle 64 kbit/s",
        [FAULT_LOSE] = "lose 5 % in bursts of 2",
        [FAULT_CUT] = "cut inside 3 % of packet after 2 bytes",
        [FAULT_FREEZE] = "freeze 2 s every 20 packet",
        [FAULT_REFUSE] = "refuse CONNECT 2-4",
        [FAULT_CORRUPT] = "corrupt 3 bits of 5 % of packet",
        [FAULT_PROFILE] = "profile lossy",
    };
    (void)state;
    for (unsigned action = 0; action < FAULT_ACTIONS; action++) {
        assert_non_null(rules[action]);
        for (uint64_t random = 1; random <= 5; random++) {
            play_rule(rules[action], random);
        }
    }
}

// ---- SCRAM ------------------------------------------------------------------------------------

static bool find_verifier(void *context, struct bytes user, struct scram_verifier *verifier) {
    (void)context;
    scram_verifier_make(verifier, BYTES_LITERAL("pencil"), BYTES_LITERAL("0123456789abcdef"), 4096);
    return bytes_equal(user, USER);
}

static struct lab *open_guarded_lab(void) {
    struct mqtt_door_config config = mqtt_world_config();
    config.scram_verifier = find_verifier;
    return open_lab(mqtt_world_open_guarded(&config), 1);
}

static struct node *open_scram_node(struct lab *lab, const char *password) {
    struct node *node = open_node(lab, MQTT_5, "modern");
    node->config.uses_scram = node->config.has_user_name = node->config.has_password = true;
    node->config.user_name = USER;
    node->config.password = bytes_of_text(password);
    node->config.retry.kind = MQTT_CLIENT_RETRY_NEVER;
    mqtt_client_connect(node->client, lab->world->now);
    return node;
}

// [MQTT-4.12.0-3, MQTT-4.12.0-5, MQTT-4.12.1-1]
static void a_password_is_proven_without_being_sent_and_once_more(void **state) {
    (void)state;
    struct lab *lab = open_guarded_lab();
    struct node *node = open_scram_node(lab, "pencil");
    run_until(lab, &node, 1, &node->connected, 1);
    assert_int_equal(mqtt_client_authenticate(node->client, lab->world->now), MQTT_CLIENT_OK);
    run_until(lab, &node, 1, &node->authenticated, 1);
    assert_int_equal(mqtt_client_view(node->client).state, MQTT_CLIENT_OPEN);
    lose_stream(node, true);
    close_node(node);
    close_lab(lab);
}

static void a_wrong_password_is_refused(void **state) {
    (void)state;
    struct lab *lab = open_guarded_lab();
    struct node *node = open_scram_node(lab, "pencils");
    for (unsigned i = 0; i < 100; i++) {
        step(node);
        wait_some(lab);
    }
    assert_int_equal(node->connected, 0);
    assert_int_equal(node->ended.cause, MQTT_CLIENT_CAUSE_REFUSED);
    assert_int_equal(node->ended.reason, MQTT_NOT_AUTHORIZED);
    close_node(node);
    close_lab(lab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_breaks_messages_arrive_as_their_qos_promises),
        cmocka_unit_test(every_action_of_faults_is_stood),
        cmocka_unit_test(a_password_is_proven_without_being_sent_and_once_more),
        cmocka_unit_test(a_wrong_password_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
