#include "session/broker/mqtt_levers.h"

#include "base/assert.h"
#include "shell/clock.h"
#include "shell/proxy_levers.h"

#define LANE_BYTES (1024u * 1024)
#define RULES_MAX 1000          // as many as lines may have
#define CLIENTS_KEPT_MAX 65536u // whose counts are kept when they are gone

static bool are_active(const struct mqtt_levers *levers) {
    return levers->proxy.set.count > 0 || levers->proxy.is_holding || levers->is_cutting;
}

// ---- the proxy's port -------------------------------------------------------------------------

void mqtt_levers_look(struct mqtt_levers *levers, struct mqtt_lever *lever) {
    if (!lever->is_pending && lever->between != NULL) {
        lever->is_pending = true;
        lever->next_pending = levers->pending;
        levers->pending = lever;
    }
}

static void on_wake(void *context, struct proxy_connection *connection, enum proxy_side side) {
    struct mqtt_lever *lever = connection->user;
    if (side == PROXY_BROKER) {
        mqtt_levers_look(context, lever);
    } else if (lever->stream != NULL) {
        stream_wake(lever->stream);
    }
}

static void on_tell(void *context, const struct proxy_event *event) {
    struct mqtt_levers *levers = context;
    const struct mqtt_lever *lever = event->connection->user;
    if (event->kind == PROXY_BROKE && event->connection->is_reset && lever->stream != NULL) {
        stream_end_abruptly(lever->stream);
    }
    if (event->kind == PROXY_LET_GO && levers->tap != NULL) {
        tap_faults_let_go(levers->tap, lever->number, event, clock_unix_nanoseconds());
    }
    levers->events.tell(levers->events.context, event);
}

static void on_decided(void *context, const struct proxy_fate *fate) {
    struct mqtt_levers *levers = context;
    if (levers->tap != NULL) {
        tap_faults_decided(&levers->tap_faults, fate);
    }
}

// ---- joining ------------------------------------------------------------------------------------

static void say_no_room(struct mqtt_levers *levers) {
    if (!levers->said_no_room) {
        levers->events.notice(levers->events.context,
                              "there is no memory for levers on a client: no rule acts on it");
    }
    levers->said_no_room = true;
}

enum joining { JOINED, NOT_YET, AFTER_A_BYTE };

// A connection whose packet has not told its length yet joins a byte or two later.
static enum joining join(struct mqtt_levers *levers, struct mqtt_lever *lever, uint64_t now) {
    struct door_stream_view view;
    mqtt_door_view_stream(lever->connection, &view);
    if (!are_active(levers) || lever->stream == NULL || !(view.is_new || view.is_open)) {
        return NOT_YET;
    }
    if (view.is_open && !view.is_rest_known) {
        return AFTER_A_BYTE;
    }
    const struct proxy_guest guest = {.place = view.peer_address,
                                      .user = lever,
                                      .version = view.version,
                                      .client_id = view.client_id,
                                      .rest = view.rest};
    lever->between = view.is_new ? proxy_connect(&levers->proxy, view.peer_address, lever, now)
                                 : proxy_join(&levers->proxy, &guest, now);
    if (lever->between == NULL) {
        say_no_room(levers);
        return NOT_YET;
    }
    lever->direct = view.output_bytes;
    return JOINED;
}

static void turn_on(struct mqtt_levers *levers, uint64_t now) {
    levers->is_on = true;
    for (struct mqtt_lever *at = levers->first; at != NULL; at = at->next) {
        if (at->between == NULL) {
            (void)join(levers, at, now);
        }
    }
}

void mqtt_levers_add(struct mqtt_levers *levers, struct mqtt_lever *lever, uint64_t now) {
    lever->next = levers->first;
    if (levers->first != NULL) {
        levers->first->previous = lever;
    }
    levers->first = lever;
    if (levers->is_on) {
        (void)join(levers, lever, now);
    }
}

void mqtt_levers_remove(struct mqtt_levers *levers, struct mqtt_lever *lever) {
    ASSERT(!lever->is_pending);
    *(lever->previous == NULL ? &levers->first : &lever->previous->next) = lever->next;
    if (lever->next != NULL) {
        lever->next->previous = lever->previous;
    }
    levers->is_on = are_active(levers) || levers->proxy.count > 0;
}

// ---- moving -------------------------------------------------------------------------------------

// Through a tap, if there is one.
static bool decide(struct mqtt_levers *levers, struct mqtt_lever *lever, enum proxy_side side,
                   struct bytes bytes) {
    if (levers->tap == NULL) {
        return proxy_receive(lever->between, side, bytes, levers->now);
    }
    levers->tap_faults =
        (struct tap_faults){.tap = levers->tap,
                            .number = lever->number,
                            .direction = side == PROXY_CLIENT ? TAP_FROM_CLIENT : TAP_FROM_BROKER,
                            .unix_ns = clock_unix_nanoseconds(),
                            .left = bytes};
    bool reads_on = proxy_receive(lever->between, side, bytes, levers->now);
    tap_faults_end(&levers->tap_faults);
    return reads_on;
}

static void move_in(struct mqtt_levers *levers, struct mqtt_lever *lever) {
    struct bytes run;
    while (mqtt_door_takes_input(lever->connection) &&
           proxy_output(lever->between, PROXY_BROKER, &run, 1) > 0) {
        mqtt_door_receive(levers->door, lever->connection, run, levers->now);
        proxy_sent(lever->between, PROXY_BROKER, run.size);
    }
    bool is_over = proxy_is_over(lever->between, PROXY_BROKER) &&
                   proxy_output(lever->between, PROXY_BROKER, &run, 1) == 0;
    if (is_over && !lever->input_is_over && !lever->between->is_broken) {
        lever->input_is_over = true;
        (void)mqtt_door_input_ended(levers->door, lever->connection);
    }
}

static void move_out(struct mqtt_levers *levers, struct mqtt_lever *lever) {
    struct bytes run;
    if (lever->direct > 0) {
        return;
    }
    while (proxy_takes_input(lever->between, PROXY_BROKER) &&
           mqtt_door_output(levers->door, lever->connection, &run, 1) > 0) {
        (void)decide(levers, lever, PROXY_BROKER, run);
        mqtt_door_sent(levers->door, lever->connection, run.size, levers->now);
    }
    if (!lever->output_is_over && mqtt_door_is_over(lever->connection) &&
        mqtt_door_output(levers->door, lever->connection, &run, 1) == 0) {
        lever->output_is_over = true;
        (void)proxy_side_ended(lever->between, PROXY_BROKER, levers->now);
    }
}

// Whether nothing that its client sent can reach the door any more.
static bool is_finished(const struct mqtt_lever *lever) {
    return lever->stream == NULL && (lever->input_is_over || lever->between->is_broken ||
                                     mqtt_door_is_over(lever->connection));
}

static void leave_pending(struct mqtt_levers *levers, struct mqtt_lever *lever) {
    struct mqtt_lever **link = &levers->pending;
    while (lever->is_pending && *link != lever) {
        link = &(*link)->next_pending;
    }
    *link = lever->is_pending ? lever->next_pending : *link;
    lever->is_pending = false;
}

static void finish(struct mqtt_levers *levers, struct mqtt_lever *lever) {
    mqtt_door_close(levers->door, lever->connection, levers->now);
    proxy_side_closed(lever->between, PROXY_BROKER, levers->now);
    leave_pending(levers, lever);
    mqtt_levers_remove(levers, lever);
    levers->events.gone(levers->events.context, lever);
}

void mqtt_levers_settle(struct mqtt_levers *levers, uint64_t now) {
    levers->now = now;
    for (struct mqtt_lever *lever = levers->pending; lever != NULL; lever = levers->pending) {
        levers->pending = lever->next_pending;
        lever->is_pending = false;
        move_in(levers, lever);
        move_out(levers, lever);
        if (is_finished(lever)) {
            finish(levers, lever);
        }
    }
}

void mqtt_levers_tick(struct mqtt_levers *levers, uint64_t now) {
    if (levers->is_on && proxy_deadline(&levers->proxy) <= now) {
        proxy_tick(&levers->proxy, now);
    }
    mqtt_levers_settle(levers, now);
}

uint64_t mqtt_levers_deadline(const struct mqtt_levers *levers) {
    return !levers->is_on            ? UINT64_MAX
           : levers->pending != NULL ? 0
                                     : proxy_deadline(&levers->proxy);
}

// ---- streams ------------------------------------------------------------------------------------

static void receive_directly(struct mqtt_levers *levers, struct mqtt_lever *lever,
                             struct bytes bytes) {
    if (levers->tap != NULL) {
        tap_bytes(levers->tap, lever->number, TAP_FROM_CLIENT, bytes, clock_unix_nanoseconds());
    }
    mqtt_door_receive(levers->door, lever->connection, bytes, levers->now);
}

bool mqtt_levers_received(struct mqtt_levers *levers, struct mqtt_lever *lever, struct bytes bytes,
                          uint64_t now) {
    levers->now = now;
    while (lever->between == NULL && bytes.size > 0) {
        enum joining joining = join(levers, lever, now);
        if (joining != JOINED) {
            size_t size = joining == AFTER_A_BYTE ? 1 : bytes.size;
            receive_directly(levers, lever, bytes_make(bytes.data, size));
            bytes = bytes_make(bytes.data + size, bytes.size - size);
        }
    }
    if (lever->between == NULL) {
        return mqtt_door_takes_input(lever->connection);
    }
    mqtt_levers_look(levers, lever);
    return bytes.size == 0 ? proxy_takes_input(lever->between, PROXY_CLIENT)
                           : decide(levers, lever, PROXY_CLIENT, bytes);
}

// It is owed what is on its way to it, and to the door, which may answer.
bool mqtt_levers_ended(struct mqtt_levers *levers, struct mqtt_lever *lever, uint64_t now) {
    if (lever->between == NULL) {
        return mqtt_door_input_ended(levers->door, lever->connection);
    }
    (void)proxy_side_ended(lever->between, PROXY_CLIENT, now);
    mqtt_levers_look(levers, lever);
    mqtt_levers_settle(levers, now);
    return !proxy_is_over(lever->between, PROXY_CLIENT) ||
           lever->between->lanes[PROXY_BROKER].bytes > 0;
}

// The first runs, as far as they are direct.
static unsigned cut_runs(const struct mqtt_lever *lever, struct bytes *runs, unsigned count) {
    uint64_t left = lever->direct;
    unsigned used = 0;
    while (used < count && left > 0) {
        runs[used].size = runs[used].size < left ? runs[used].size : (size_t)left;
        left -= runs[used++].size;
    }
    return used;
}

unsigned mqtt_levers_output(struct mqtt_levers *levers, struct mqtt_lever *lever,
                            struct bytes *runs, unsigned most) {
    if (lever->between == NULL) {
        return mqtt_door_output(levers->door, lever->connection, runs, most);
    }
    if (lever->direct == 0 || lever->between->is_broken) {
        return proxy_output(lever->between, PROXY_CLIENT, runs, most);
    }
    if (lever->between->frozen_until > 0) {
        return 0;
    }
    unsigned count = mqtt_door_output(levers->door, lever->connection, runs, most);
    return cut_runs(lever, runs, count);
}

void mqtt_levers_sent(struct mqtt_levers *levers, struct mqtt_lever *lever, size_t bytes,
                      uint64_t now) {
    if (lever->between != NULL && lever->direct == 0) {
        proxy_sent(lever->between, PROXY_CLIENT, bytes);
        return;
    }
    lever->direct -= lever->between == NULL ? 0 : bytes;
    mqtt_door_sent(levers->door, lever->connection, bytes, now);
    mqtt_levers_look(levers, lever);
}

bool mqtt_levers_is_over(const struct mqtt_lever *lever) {
    if (lever->between == NULL) {
        return mqtt_door_is_over(lever->connection);
    }
    return proxy_is_over(lever->between, PROXY_CLIENT) &&
           (lever->direct == 0 || lever->between->is_broken);
}

bool mqtt_levers_takes_input(const struct mqtt_lever *lever) {
    return lever->between == NULL ? mqtt_door_takes_input(lever->connection)
                                  : proxy_takes_input(lever->between, PROXY_CLIENT);
}

void mqtt_levers_closed(struct mqtt_levers *levers, struct mqtt_lever *lever, uint64_t now) {
    lever->stream = NULL;
    lever->direct = 0; // nobody takes it
    if (lever->between == NULL) {
        mqtt_door_close(levers->door, lever->connection, now);
        mqtt_levers_remove(levers, lever);
        levers->events.gone(levers->events.context, lever);
        return;
    }
    proxy_side_closed(lever->between, PROXY_CLIENT, now);
    mqtt_levers_look(levers, lever);
}

void mqtt_levers_ready(struct mqtt_levers *levers, struct mqtt_lever *lever) {
    if (lever->stream != NULL) {
        stream_wake(lever->stream);
    } else {
        mqtt_levers_look(levers, lever);
    }
}

// ---- levers -------------------------------------------------------------------------------------

static void begin(void *context, struct memory *memory, uint64_t seed) {
    struct mqtt_levers *levers = context;
    uint32_t most = levers->connections_max;
    const struct proxy_limits limits = {.connections_max = most,
                                        .rules_max = RULES_MAX,
                                        .clients_max =
                                            most > CLIENTS_KEPT_MAX ? most : CLIENTS_KEPT_MAX,
                                        .lane_bytes = LANE_BYTES};
    proxy_init(&levers->proxy, memory, seed, &limits);
    levers->proxy.port = (struct proxy_port){levers, on_wake, on_tell, on_decided};
    levers->has_begun = true;
}

void mqtt_levers_start(struct mqtt_levers *levers, struct mqtt_door *door) {
    levers->door = door;
}

void mqtt_levers_deinit(struct mqtt_levers *levers) {
    if (levers->has_begun) {
        proxy_deinit(&levers->proxy);
    }
    levers->has_begun = levers->is_on = false;
}

// The rule counts as active before clients join.
static uint32_t add(void *context, const struct fault_rule *rule, uint64_t now) {
    struct mqtt_levers *levers = context;
    uint32_t number = proxy_add_rule(&levers->proxy, rule, now);
    turn_on(levers, now);
    return number;
}

static bool remove_rule(void *context, uint32_t number, uint64_t now) {
    struct mqtt_levers *levers = context;
    bool is_removed = proxy_remove_rule(&levers->proxy, number, now);
    mqtt_levers_settle(levers, now);
    return is_removed;
}

static void hold(void *context, bool holds, uint64_t now) {
    struct mqtt_levers *levers = context;
    if (holds) {
        (void)proxy_hold(&levers->proxy, bytes_make(NULL, 0));
        turn_on(levers, now);
    } else {
        (void)proxy_thaw(&levers->proxy, bytes_make(NULL, 0), now);
        mqtt_levers_settle(levers, now);
    }
}

static uint64_t held_since(const void *context) {
    const struct mqtt_levers *levers = context;
    return proxy_held_since(&levers->proxy, bytes_make(NULL, 0));
}

static void step(void *context, uint64_t now) {
    struct mqtt_levers *levers = context;
    (void)proxy_step(&levers->proxy, bytes_make(NULL, 0), now);
    mqtt_levers_settle(levers, now);
}

// A client can be cut that no rule was about: all join first.
static uint32_t cut(void *context, struct bytes pattern, uint64_t now) {
    struct mqtt_levers *levers = context;
    levers->is_cutting = true;
    turn_on(levers, now);
    levers->is_cutting = false;
    uint32_t count = proxy_cut(&levers->proxy, pattern, now);
    mqtt_levers_settle(levers, now);
    return count;
}

static uint64_t hits(const void *context, uint32_t number) {
    const struct mqtt_levers *levers = context;
    for (uint32_t i = 0; i < levers->proxy.set.count; i++) {
        if (levers->proxy.set.entries[i].number == number) {
            return levers->proxy.set.entries[i].hits;
        }
    }
    return 0;
}

static void list(const void *context, struct listing *listing) {
    static const char *const ways[] = {[PROXY_CLIENT] = "in", [PROXY_BROKER] = "out"};
    const struct mqtt_levers *levers = context;
    if (levers->is_on) {
        proxy_levers_list_waiting(listing, &levers->proxy, "mqtt packets that wait", ways);
    }
}

static uint64_t waiting(const void *context) {
    const struct mqtt_levers *levers = context;
    return levers->is_on ? proxy_waiting(&levers->proxy) : 0;
}

const struct line_levers_other mqtt_levers_other = {.begin = begin,
                                                    .add = add,
                                                    .remove = remove_rule,
                                                    .hold = hold,
                                                    .held_since = held_since,
                                                    .step = step,
                                                    .cut = cut,
                                                    .hits = hits,
                                                    .list = list,
                                                    .waiting = waiting};

void mqtt_levers_end(struct mqtt_levers *levers, uint64_t now) {
    for (struct proxy_connection *at = levers->proxy.connections; at != NULL; at = at->next) {
        const struct mqtt_lever *lever = at->user;
        bool is_stuck = at->frozen_until > 0 || lever->stream == NULL ||
                        at->lanes[PROXY_CLIENT].held + at->lanes[PROXY_BROKER].held > 0;
        if (is_stuck && !at->is_broken) {
            proxy_break(at);
        }
    }
    mqtt_levers_settle(levers, now);
}
