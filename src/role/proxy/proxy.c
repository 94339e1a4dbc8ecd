#include "role/proxy/proxy.h"

#include "base/assert.h"
#include "role/proxy/passage.h"

#define NEVER UINT64_MAX

void proxy_init(struct proxy *proxy, struct memory *memory, uint64_t seed,
                const struct proxy_limits *limits) {
    ASSERT(limits->clients_max >= limits->connections_max);
    *proxy = (struct proxy){.memory = memory, .limits = *limits, .timed_due = NEVER};
    fault_set_init(
        &proxy->set, memory, seed,
        (struct fault_limits){.rules_max = limits->rules_max, .clients_max = limits->clients_max});
    timers_init(&proxy->timers, memory);
}

void proxy_deinit(struct proxy *proxy) {
    ASSERT(proxy->count == 0 && proxy->connections == NULL);
    fault_set_deinit(&proxy->set);
    timers_deinit(&proxy->timers);
}

void proxy_tell(struct proxy_connection *connection, const struct proxy_event *event) {
    struct proxy_event told = *event;
    told.connection = connection;
    connection->proxy->port.tell(connection->proxy->port.context, &told);
}

static void wake(struct proxy_connection *connection, enum proxy_side side) {
    if (!connection->is_closed[side]) {
        connection->proxy->port.wake(connection->proxy->port.context, connection, side);
    }
}

static void wake_both(struct proxy_connection *connection) {
    wake(connection, PROXY_CLIENT);
    wake(connection, PROXY_BROKER);
}

static bool is_about(const struct proxy_connection *connection, struct bytes pattern) {
    return pattern.size == 0 || fault_pattern_fits(pattern, proxy_connection_name(connection)) ||
           fault_pattern_fits(pattern, bytes_of_text(connection->address));
}

// ---- deadlines ----------------------------------------------------------------------------------

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

// When toxics end the connection.
static uint64_t toxins_due(const struct proxy_connection *connection) {
    if (connection->toxins == NULL || connection->is_broken) {
        return NEVER;
    }
    return least(connection->toxins->resets_at,
                 proxy_toxins_due(connection->toxins, &connection->proxy->toxics));
}

static void set_timer(struct proxy_connection *connection) {
    uint64_t due = NEVER;
    if (connection->frozen_until > 0) {
        due = connection->frozen_until;
    } else {
        for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
            due = least(due, proxy_lane_due(&connection->lanes[side]));
            due = least(due, proxy_passage_due(&connection->inputs[side]));
        }
    }
    due = least(due, toxins_due(connection));
    struct timers *timers = &connection->proxy->timers;
    if (due == NEVER) {
        timers_remove(timers, &connection->timer);
    } else if (connection->timer.place == 0 || connection->due != due) {
        connection->due = due;
        timers_set(timers, &connection->timer, due);
    }
}

uint64_t proxy_deadline(const struct proxy *proxy) {
    return least(timers_first_due(&proxy->timers), proxy->timed_due);
}

// ---- breaking and freezing ----------------------------------------------------------------------

// Both lanes end where they are; what is ready still leaves.
static void break_connection(struct proxy_connection *connection, uint32_t rule) {
    if (connection->is_broken) {
        return;
    }
    connection->is_broken = true;
    connection->broken_by = rule;
    connection->frozen_until = 0;
    for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
        connection->inputs[side].state = PROXY_DEAF;
        proxy_lane_break_off(&connection->lanes[side], PROXY_CUT);
    }
    proxy_tell(connection, &(struct proxy_event){.kind = PROXY_BROKE, .rule = rule});
    set_timer(connection);
    wake_both(connection);
}

void proxy_set_frozen(struct proxy_connection *connection, uint64_t until) {
    if (until > connection->frozen_until && !connection->is_broken) {
        connection->frozen_until = until;
        proxy_tell(connection, &(struct proxy_event){.kind = PROXY_FROZE});
    }
}

// Lanes whose time has come, and what follows of that.
static void advance(struct proxy_connection *connection, uint64_t now) {
    for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
        struct proxy_lane *lane = &connection->lanes[side];
        if (connection->frozen_until == 0 && proxy_lane_advance(lane, now)) {
            wake(connection, proxy_other(side));
        }
        if (lane->ended == PROXY_CUT && !connection->is_broken) {
            const struct proxy_input *input = &connection->inputs[side];
            break_connection(connection, input->is_plain ? 0 : input->decision.rule);
        }
    }
    set_timer(connection);
}

static void thaw(struct proxy_connection *connection, uint64_t now) {
    connection->frozen_until = 0;
    connection->is_frozen_by_hand = false;
    advance(connection, now);
    wake_both(connection);
}

// Whether a rule by the clock acts on the connection now.
static void look_at_timed(struct proxy_connection *connection, uint64_t now) {
    struct fault_connection of = {.client = proxy_connection_name(connection),
                                  .address = bytes_of_text(connection->address),
                                  .looked = connection->looked};
    connection->looked = now;
    uint32_t rule = fault_set_cuts(&connection->proxy->set, &of, now);
    if (rule > 0) {
        break_connection(connection, rule);
        return;
    }
    uint64_t until = fault_set_freezes(&connection->proxy->set, &of, connection->frozen_until, now);
    if (until > connection->frozen_until) {
        proxy_set_frozen(connection, until);
        set_timer(connection);
    }
}

static void look_at_all(struct proxy *proxy, uint64_t now) {
    for (struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        look_at_timed(at, now);
    }
    proxy->timed_due = fault_set_due(&proxy->set, now);
}

static void tick_connection(struct proxy_connection *connection, uint64_t now) {
    if (toxins_due(connection) <= now) {
        connection->is_reset |= connection->toxins->resets_at <= now;
        break_connection(connection, 0);
    }
    if (connection->frozen_until > 0 && connection->frozen_until <= now) {
        thaw(connection, now);
    }
    if (connection->frozen_until == 0) {
        proxy_passage_tick(connection, PROXY_CLIENT, now);
        proxy_passage_tick(connection, PROXY_BROKER, now);
    }
    advance(connection, now);
}

void proxy_tick(struct proxy *proxy, uint64_t now) {
    if (proxy->timed_due <= now) {
        look_at_all(proxy, now);
    }
    while (timers_first_due(&proxy->timers) <= now) {
        uint8_t *first = (uint8_t *)timers_first(&proxy->timers);
        size_t place = offsetof(struct proxy_connection, timer);
        tick_connection((struct proxy_connection *)(first - place), now);
    }
}

// ---- rules ------------------------------------------------------------------------------------

uint32_t proxy_add_rule(struct proxy *proxy, const struct fault_rule *rule, uint64_t now) {
    uint32_t number = fault_set_add(&proxy->set, rule, now);
    proxy->timed_due = fault_set_due(&proxy->set, now);
    return number;
}

static bool is_freeze(const struct proxy *proxy, uint32_t number) {
    for (uint32_t i = 0; i < proxy->set.count; i++) {
        if (proxy->set.entries[i].number == number) {
            return proxy->set.entries[i].rule.action == FAULT_FREEZE;
        }
    }
    return false;
}

// Whether it is still frozen, by another rule, is found anew.
static void look_whether_frozen(struct proxy_connection *connection, uint64_t now) {
    struct fault_connection of = {.client = proxy_connection_name(connection),
                                  .address = bytes_of_text(connection->address),
                                  .looked = connection->looked};
    uint64_t known = connection->frozen_until;
    connection->frozen_until = fault_set_freezes(&connection->proxy->set, &of, known, now);
    if (connection->frozen_until == 0) {
        wake_both(connection);
    }
}

bool proxy_remove_rule(struct proxy *proxy, uint32_t number, uint64_t now) {
    bool thaws = is_freeze(proxy, number);
    if (!fault_set_remove(&proxy->set, number)) {
        return false;
    }
    proxy->timed_due = fault_set_due(&proxy->set, now);
    for (struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
            proxy_lane_forget_rule(&at->lanes[side], number, at->toxins == NULL, now);
        }
        if (thaws && at->frozen_until > 0 && !at->is_frozen_by_hand) {
            look_whether_frozen(at, now);
        }
        advance(at, now);
    }
    return true;
}

static void renew_toxins(struct proxy_connection *connection, uint64_t now) {
    struct proxy *proxy = connection->proxy;
    if (proxy->toxics.count == 0) {
        return;
    }
    if (connection->toxins == NULL) {
        connection->toxins = memory_allocate(proxy->memory, sizeof *connection->toxins);
        connection->toxins->seed = proxy->set.seed;
        connection->toxins->connection = connection->number;
        connection->toxins->resets_at = NEVER;
    }
    proxy_toxins_renew(connection->toxins, &proxy->toxics, now);
    set_timer(connection);
}

void proxy_renew_toxics(struct proxy *proxy, uint64_t now) {
    for (struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        renew_toxins(at, now);
    }
}

// ---- opening and closing ------------------------------------------------------------------------

// "127.0.0.1:5000" and "[::1]:5000" without the port.
static void set_address(struct proxy_connection *connection, const char *place) {
    struct bytes text = bytes_of_text(place);
    size_t size = text.size;
    while (size > 0 && text.data[size - 1] != ':') {
        size--;
    }
    size = size > 0 ? size - 1 : text.size;
    size_t start = size > 1 && text.data[0] == '[' && text.data[size - 1] == ']';
    size -= 2 * start;
    size = size < sizeof connection->address ? size : sizeof connection->address - 1;
    memcpy(connection->address, text.data + start, size);
}

static struct proxy_connection *add_connection(struct proxy *proxy, const char *place, void *user,
                                               uint64_t now) {
    if (proxy->count == proxy->limits.connections_max ||
        !memory_has_room(proxy->memory, MEMORY_ENTERING, sizeof(struct proxy_connection))) {
        return NULL;
    }
    struct proxy_connection *connection = memory_allocate(proxy->memory, sizeof *connection);
    connection->proxy = proxy;
    connection->user = user;
    connection->number = ++proxy->last_number;
    connection->opened = connection->looked = now;
    connection->is_holding = proxy->is_holding;
    connection->is_frozen_by_hand = proxy->is_freezing;
    connection->frozen_until = proxy->is_freezing ? FAULT_FOR_EVER : 0;
    connection->next = proxy->connections;
    *(proxy->connections == NULL ? &connection->previous : &proxy->connections->previous) =
        proxy->connections == NULL ? NULL : connection;
    proxy->connections = connection;
    proxy->count++;
    proxy->opened++;
    buffer_init(&connection->name, proxy->memory);
    set_address(connection, place);
    for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
        proxy_lane_init(&connection->lanes[side], proxy->memory);
        proxy_passage_init(&connection->inputs[side], proxy->memory);
    }
    renew_toxins(connection, now);
    return connection;
}

struct proxy_connection *proxy_connect(struct proxy *proxy, const char *place, void *user,
                                       uint64_t now) {
    struct proxy_connection *connection = add_connection(proxy, place, user, now);
    if (connection != NULL) {
        proxy_tell(connection, &(struct proxy_event){.kind = PROXY_OPENED});
        look_at_timed(connection, now);
    }
    return connection;
}

struct proxy_connection *proxy_join(struct proxy *proxy, const struct proxy_guest *guest,
                                    uint64_t now) {
    struct proxy_connection *connection = add_connection(proxy, guest->place, guest->user, now);
    if (connection != NULL) {
        proxy_passage_join(connection, guest->version, guest->client_id, guest->rest);
        look_at_timed(connection, now);
    }
    return connection;
}

static void destroy(struct proxy_connection *connection) {
    struct proxy *proxy = connection->proxy;
    timers_remove(&proxy->timers, &connection->timer);
    for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
        proxy_lane_deinit(&connection->lanes[side]);
        proxy_passage_deinit(&connection->inputs[side], proxy->memory);
    }
    if (connection->client != NULL) {
        fault_set_unref(&proxy->set, connection->client);
    }
    buffer_deinit(&connection->name);
    memory_free(proxy->memory, connection->toxins,
                connection->toxins == NULL ? 0 : sizeof *connection->toxins);
    *(connection->previous == NULL ? &proxy->connections : &connection->previous->next) =
        connection->next;
    if (connection->next != NULL) {
        connection->next->previous = connection->previous;
    }
    proxy->count--;
    memory_free(proxy->memory, connection, sizeof *connection);
}

// Nothing more comes from the side.
static void end_side(struct proxy_connection *connection, enum proxy_side side, uint64_t now) {
    struct proxy_lane *lane = &connection->lanes[side];
    if (!lane->is_marked) {
        connection->ended_by = connection->has_ended ? connection->ended_by : side;
        connection->has_ended = true;
        proxy_passage_end(connection, side, now);
        uint64_t late = connection->toxins == NULL
                            ? 0
                            : proxy_toxins_end_delay(connection->toxins, &connection->proxy->toxics,
                                                     (enum fault_direction)side);
        proxy_lane_mark(lane, PROXY_ENDS, late == 0 ? 0 : now + late, now);
    }
}

bool proxy_side_ended(struct proxy_connection *connection, enum proxy_side side, uint64_t now) {
    end_side(connection, side, now);
    advance(connection, now);
    wake(connection, proxy_other(side));
    return connection->lanes[proxy_other(side)].bytes > 0;
}

void proxy_side_closed(struct proxy_connection *connection, enum proxy_side side, uint64_t now) {
    ASSERT(!connection->is_closed[side]);
    enum proxy_side other = proxy_other(side);
    connection->is_closed[side] = true;
    proxy_lane_clear(&connection->lanes[other]); // nobody is there to take it
    connection->lanes[other].is_marked = true;
    connection->inputs[other].state = PROXY_DEAF;
    if (connection->is_closed[other]) {
        destroy(connection);
        return;
    }
    proxy_tell(connection, &(struct proxy_event){.kind = PROXY_CLOSED, .side = side});
    end_side(connection, side, now);
    advance(connection, now);
    wake(connection, other);
}

// ---- bytes ------------------------------------------------------------------------------------

bool proxy_takes_input(const struct proxy_connection *connection, enum proxy_side side) {
    const struct proxy *proxy = connection->proxy;
    const struct proxy_lane *lane = &connection->lanes[side];
    size_t size = proxy_lane_size(lane) + proxy_passage_size(&connection->inputs[side]);
    return connection->frozen_until == 0 && (size < proxy->limits.lane_bytes || lane->is_marked) &&
           memory_has_room(proxy->memory, MEMORY_SERVING, 0);
}

bool proxy_receive(struct proxy_connection *connection, enum proxy_side side, struct bytes bytes,
                   uint64_t now) {
    struct proxy_lane *lane = &connection->lanes[side];
    bool was_known = connection->client != NULL;
    size_t before = lane->ready;
    proxy_passage_take(connection, side, bytes, now);
    if (!was_known && connection->client != NULL && connection->proxy->timed_due != NEVER) {
        look_at_timed(connection, now);
    }
    bool has_more = lane->ready > before;
    if (lane->piece_count > 0 || lane->ended != PROXY_NO_MARK ||
        connection->inputs[side].aside_count > 0 || connection->frozen_until > 0 ||
        connection->inputs[side].state == PROXY_DEAF || connection->toxins != NULL) {
        advance(connection, now);
    }
    if (has_more) {
        wake(connection, proxy_other(side));
    }
    connection->was_full[side] = !proxy_takes_input(connection, side);
    return !connection->was_full[side];
}

unsigned proxy_output(const struct proxy_connection *connection, enum proxy_side side,
                      struct bytes *runs, unsigned most) {
    return connection->frozen_until > 0
               ? 0
               : proxy_lane_output(&connection->lanes[proxy_other(side)], runs, most);
}

void proxy_sent(struct proxy_connection *connection, enum proxy_side side, size_t bytes) {
    enum proxy_side from = proxy_other(side);
    proxy_lane_sent(&connection->lanes[from], bytes);
    if (connection->was_full[from] && proxy_takes_input(connection, from)) {
        connection->was_full[from] = false;
        wake(connection, from);
    }
}

bool proxy_is_over(const struct proxy_connection *connection, enum proxy_side side) {
    const struct proxy_lane *lane = &connection->lanes[proxy_other(side)];
    return connection->frozen_until == 0 && lane->ended != PROXY_NO_MARK;
}

// ---- commands -----------------------------------------------------------------------------------

uint32_t proxy_hold(struct proxy *proxy, struct bytes pattern) {
    uint32_t count = 0;
    proxy->is_holding |= pattern.size == 0;
    for (struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        if (is_about(at, pattern)) {
            at->is_holding = true;
            count++;
        }
    }
    return count;
}

// The lane with the oldest packet that is held, of those clients; NULL: none.
struct held {
    struct proxy_connection *connection;
    enum proxy_side side;
    uint64_t since;
};

static struct held find_held(const struct proxy *proxy, struct bytes pattern) {
    struct held found = {.since = NEVER};
    for (struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
            const struct proxy_piece *held = proxy_lane_held(&at->lanes[side]);
            if (held != NULL && held->since < found.since && is_about(at, pattern)) {
                found = (struct held){at, side, held->since};
            }
        }
    }
    return found;
}

uint64_t proxy_waiting(const struct proxy *proxy) {
    uint64_t count = 0;
    for (const struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        count += at->lanes[PROXY_CLIENT].held + at->lanes[PROXY_BROKER].held;
    }
    return count;
}

bool proxy_is_frozen(const struct proxy *proxy) {
    const struct proxy_connection *at = proxy->connections;
    while (at != NULL && at->frozen_until == 0) {
        at = at->next;
    }
    return proxy->is_freezing || at != NULL;
}

uint64_t proxy_held_since(const struct proxy *proxy, struct bytes pattern) {
    return find_held(proxy, pattern).since;
}

// The first packet of the lane that is held.
static void let_go(struct proxy_connection *connection, enum proxy_side side, uint64_t now) {
    struct proxy_lane *lane = &connection->lanes[side];
    const struct proxy_piece *held = proxy_lane_held(lane);
    proxy_tell(connection,
               &(struct proxy_event){.kind = PROXY_LET_GO,
                                     .rule = held->rule,
                                     .packet = held->kind,
                                     .way = (enum fault_direction)side,
                                     .waited = now > held->since ? now - held->since : 0});
    if (proxy_lane_let_go(lane, now)) {
        wake(connection, proxy_other(side));
    }
}

bool proxy_step(struct proxy *proxy, struct bytes pattern, uint64_t now) {
    struct held held = find_held(proxy, pattern);
    if (held.connection == NULL) {
        return false;
    }
    let_go(held.connection, held.side, now);
    advance(held.connection, now);
    return true;
}

void proxy_break(struct proxy_connection *connection) {
    connection->is_cut_by_hand = true;
    break_connection(connection, 0);
}

uint32_t proxy_cut(struct proxy *proxy, struct bytes pattern, uint64_t now) {
    (void)now;
    uint32_t count = 0;
    for (struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        if (is_about(at, pattern) && !at->is_broken) {
            proxy_break(at);
            count++;
        }
    }
    return count;
}

uint32_t proxy_freeze(struct proxy *proxy, struct bytes pattern, uint64_t now) {
    (void)now;
    uint32_t count = 0;
    proxy->is_freezing |= pattern.size == 0;
    for (struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        if (is_about(at, pattern) && !at->is_broken) {
            at->is_frozen_by_hand = true;
            proxy_set_frozen(at, FAULT_FOR_EVER);
            set_timer(at);
            count++;
        }
    }
    return count;
}

uint32_t proxy_thaw(struct proxy *proxy, struct bytes pattern, uint64_t now) {
    uint32_t count = 0;
    proxy->is_holding &= pattern.size > 0;
    proxy->is_freezing &= pattern.size > 0;
    for (struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        if (!is_about(at, pattern)) {
            continue;
        }
        bool had_something = at->is_holding || at->frozen_until > 0;
        at->is_holding = false;
        for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
            while (proxy_lane_held(&at->lanes[side]) != NULL) {
                let_go(at, side, now);
                had_something = true;
            }
        }
        if (had_something) {
            thaw(at, now);
            count++;
        }
    }
    return count;
}

void proxy_check(const struct proxy *proxy) {
    uint32_t count = 0;
    fault_set_check(&proxy->set);
    for (const struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        ASSERT(at->next == NULL || at->next->previous == at);
        ASSERT(!(at->is_closed[0] && at->is_closed[1]));
        ASSERT(!at->is_known || at->client != NULL);
        proxy_lane_check(&at->lanes[PROXY_CLIENT]);
        proxy_lane_check(&at->lanes[PROXY_BROKER]);
        count++;
    }
    ASSERT(count == proxy->count);
}
