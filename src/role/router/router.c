#include "role/router/router.h"

#include "base/assert.h"
#include "role/line/connection.h"

static uint32_t own_gate(const struct router *router) {
    return packet_address_gate(router->self);
}

static bool is_of_gate(uint32_t address, uint32_t gate) {
    return packet_address_gate(address) == gate;
}

static uint32_t router_of(uint32_t address) {
    return packet_address_global(packet_address_gate(address), 0);
}

static void append(const struct router *router, enum router_record kind, uint32_t address,
                   uint32_t remote, struct bytes name) {
    if (router->port->journal != NULL) {
        journal_append(
            router->port->journal,
            &(struct journal_record){.kind = kind, .number = {address, remote}, .text = {name}});
    }
}

static void drop(const struct router *router, const struct packet *packet,
                 enum packet_fault fault) {
    role_tell_drop(&router->device_port, 0, packet, fault);
}

// ---- packets out ----------------------------------------------------------------------------

static void send_down(const struct router *router, struct packet *packet) {
    packet->receiver = packet_address_local(packet->receiver);
    if (!router->port->down(router->port->context, packet)) {
        drop(router, packet, PACKET_FAULT_TOO_LONG);
    }
}

// A receiver behind our own gate is reached without the master.
static void send_up(const struct router *router, struct packet *packet) {
    if (is_of_gate(packet->receiver, own_gate(router))) {
        send_down(router, packet);
    } else if (!router->port->up(router->port->context, packet)) {
        drop(router, packet, PACKET_FAULT_TOO_LONG);
    }
}

struct announcement {
    enum packet_type type;
    uint32_t sender;
    uint32_t receiver;
    enum device_kind kind;
    struct bytes name;
};

static struct packet announce(const struct announcement *what) {
    struct packet packet = {.sender = what->sender, .receiver = what->receiver, .type = what->type};
    packet_add(&packet, bytes_of_text(device_kind_name(what->kind)));
    if (what->name.size > 0) {
        packet_add(&packet, what->name);
    }
    packet.signature = packet_signature(&packet);
    return packet;
}

static void announce_up(const struct router *router, struct announcement what) {
    struct packet packet = announce(&what);
    send_up(router, &packet);
}

static void announce_down(const struct router *router, struct announcement what) {
    struct packet packet = announce(&what);
    send_down(router, &packet);
}

// A broker of ours, to the router of another gate.
static void name_local(const struct router *router, const struct device *broker, uint32_t gate) {
    announce_up(router, (struct announcement){
                            .type = PACKET_JOIN,
                            .sender = packet_address_global(own_gate(router), broker->address),
                            .receiver = gate,
                            .kind = DEVICE_BROKER,
                            .name = device_name(broker)});
}

static void name_locals(const struct router *router, uint32_t gate) {
    for (uint32_t i = 0; i < router->locals.count; i++) {
        name_local(router, &router->locals.items[i], gate);
    }
}

// ---- pairs ----------------------------------------------------------------------------------

static uint64_t key_of(uint32_t local, uint32_t remote) {
    return (uint64_t)local << 32 | remote;
}

static uint32_t take_place(struct router *router) {
    uint32_t place = router->pair_free;
    if (place != ROUTER_NONE) {
        router->pair_free = router->pairs[place].earlier;
        return place;
    }
    router->pairs = memory_grow(router->port->memory, router->pairs, &router->pair_capacity,
                                router->pair_used + 1, sizeof *router->pairs);
    return router->pair_used++;
}

// False: there are as many as the limits allow.
static bool put_pair(struct router *router, uint32_t local, uint32_t remote) {
    if (map_get(&router->places, key_of(local, remote)) != MAP_NONE) {
        return true;
    }
    if (router->pair_count >= router->config->limits.pairs) {
        return false;
    }
    uint32_t place = take_place(router);
    uint32_t later = router->pair_first[local];
    router->pairs[place] = (struct router_pair){
        .remote = remote, .local = (uint16_t)local, .earlier = ROUTER_NONE, .later = later};
    if (later != ROUTER_NONE) {
        router->pairs[later].earlier = place;
    }
    router->pair_first[local] = place;
    map_put(&router->places, key_of(local, remote), place);
    router->pair_count++;
    append(router, ROUTER_PAIR, local, remote, (struct bytes){0});
    return true;
}

static void remove_pair(struct router *router, uint32_t place) {
    struct router_pair *pair = &router->pairs[place];
    if (pair->later != ROUTER_NONE) {
        router->pairs[pair->later].earlier = pair->earlier;
    }
    if (pair->earlier != ROUTER_NONE) {
        router->pairs[pair->earlier].later = pair->later;
    } else {
        router->pair_first[pair->local] = pair->later;
    }
    map_remove(&router->places, key_of(pair->local, pair->remote));
    append(router, ROUTER_NO_PAIR, pair->local, pair->remote, (struct bytes){0});
    *pair = (struct router_pair){.earlier = router->pair_free};
    router->pair_free = place;
    router->pair_count--;
}

static void forget_pair(struct router *router, uint32_t local, uint32_t remote) {
    uint32_t place = map_get(&router->places, key_of(local, remote));
    if (place != MAP_NONE) {
        remove_pair(router, place);
    }
}

// Notes who exchanges packets with whom. A disc is the last one.
static void note_pair(struct router *router, const struct packet *packet, uint32_t local,
                      uint32_t remote) {
    if (packet->type == PACKET_DISC || packet->type == PACKET_LEFT) {
        forget_pair(router, local, remote);
    } else if (packet->type != PACKET_JOIN && !put_pair(router, local, remote)) {
        drop(router, packet, PACKET_FAULT_NO_ROOM); // the note is; the packet goes its way
    }
}

// A device of ours is gone, or new. Its partners are told, but for those who hear a broadcast of it
// (it is a broker, and they are behind other gates).
static void end_pairs_of_local(struct router *router, uint32_t local, bool is_broadcast) {
    while (router->pair_first[local] != ROUTER_NONE) {
        uint32_t place = router->pair_first[local];
        uint32_t remote = router->pairs[place].remote;
        remove_pair(router, place);
        if (!is_broadcast || is_of_gate(remote, own_gate(router))) {
            announce_up(router, (struct announcement){
                                    .type = PACKET_LEFT,
                                    .sender = packet_address_global(own_gate(router), local),
                                    .receiver = remote,
                                    .kind = is_broadcast ? DEVICE_BROKER : DEVICE_CLIENT});
        }
    }
}

static void forget_pairs_of_remote(struct router *router, uint32_t remote) {
    for (uint32_t place = 0; place < router->pair_used; place++) {
        if (router->pairs[place].remote == remote) {
            remove_pair(router, place);
        }
    }
}

// A gate is gone, with its clients. Its brokers were said to be before, and left no pairs.
static void end_pairs_of_gate(struct router *router, uint32_t gate) {
    for (uint32_t place = 0; place < router->pair_used; place++) {
        struct router_pair pair = router->pairs[place];
        if (pair.remote != 0 && is_of_gate(pair.remote, gate)) {
            remove_pair(router, place);
            announce_down(router, (struct announcement){.type = PACKET_LEFT,
                                                        .sender = pair.remote,
                                                        .receiver = pair.local,
                                                        .kind = DEVICE_CLIENT});
        }
    }
}

// ---- brokers here ---------------------------------------------------------------------------

static void learn_local(struct router *router, const struct packet *join, uint64_t now) {
    bool known = devices_find(&router->locals, join->sender) != NULL;
    (void)devices_put(&router->locals, &router->device_port, join, PACKET_LOCAL_MAX, now);
    const struct device *broker = devices_find(&router->locals, join->sender);
    ASSERT(broker != NULL);
    append(router, ROUTER_BROKER, join->sender, 0, device_name(broker));
    // A broadcast goes to all gates anyway.
    for (uint32_t i = 0; !known && join->receiver != PACKET_EVERYONE && i < router->gate_count;
         i++) {
        name_local(router, broker, router->gates[i].address);
    }
}

static bool forget_local(struct router *router, uint32_t address) {
    if (devices_find(&router->locals, address) == NULL) {
        return false;
    }
    devices_remove(&router->locals, &router->device_port, address);
    append(router, ROUTER_NO_BROKER, address, 0, (struct bytes){0});
    return true;
}

// ---- gates ----------------------------------------------------------------------------------

static uint32_t gate_place(const struct router *router, uint32_t address) {
    uint32_t low = 0;
    uint32_t high = router->gate_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (router->gates[middle].address < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

// The gate of a device elsewhere; NULL: there are as many as the limits allow.
static struct router_gate *put_gate(struct router *router, uint32_t address) {
    uint32_t place = gate_place(router, router_of(address));
    if (place < router->gate_count && router->gates[place].address == router_of(address)) {
        return &router->gates[place];
    }
    if (router->gate_count >= router->config->limits.gates) {
        return NULL;
    }
    router->gates = memory_grow(router->port->memory, router->gates, &router->gate_capacity,
                                router->gate_count + 1, sizeof *router->gates);
    struct router_gate *gate = &router->gates[place];
    memmove(gate + 1, gate, (router->gate_count - place) * sizeof *gate);
    router->gate_count++;
    *gate = (struct router_gate){.address = router_of(address)};
    append(router, ROUTER_GATE, gate->address, 0, (struct bytes){0});
    return gate;
}

static void remove_gate(struct router *router, uint32_t address) {
    uint32_t place = gate_place(router, address);
    if (place < router->gate_count && router->gates[place].address == address) {
        struct router_gate *gate = &router->gates[place];
        router->gate_count--;
        memmove(gate, gate + 1, (router->gate_count - place) * sizeof *gate);
        append(router, ROUTER_NO_GATE, address, 0, (struct bytes){0});
    }
}

// ---- brokers elsewhere ----------------------------------------------------------------------

enum learned { LEARNED_NEW, LEARNED_KNOWN, LEARNED_NO_ROOM };

static enum learned learn_remote(struct router *router, const struct packet *join, uint64_t now) {
    bool known = devices_find(&router->remotes, join->sender) != NULL;
    struct router_gate *gate = put_gate(router, join->sender);
    if (gate == NULL || !devices_put(&router->remotes, &router->device_port, join,
                                     router->config->limits.brokers, now)) {
        return LEARNED_NO_ROOM;
    }
    const struct device *broker = devices_find(&router->remotes, join->sender);
    ASSERT(broker != NULL);
    gate->heard = now;
    router->remotes.items[broker - router->remotes.items].since = now; // confirmed
    append(router, ROUTER_BROKER, join->sender, 0, device_name(broker));
    return known ? LEARNED_KNOWN : LEARNED_NEW;
}

static void forget_remote(struct router *router, uint32_t address) {
    forget_pairs_of_remote(router, address);
    if (devices_find(&router->remotes, address) != NULL) {
        devices_remove(&router->remotes, &router->device_port, address);
        append(router, ROUTER_NO_BROKER, address, 0, (struct bytes){0});
    }
}

// Tells the network that a broker elsewhere is gone.
static void lose_remote(struct router *router, uint32_t place) {
    const struct device *broker = &router->remotes.items[place];
    uint32_t address = broker->address;
    announce_down(router, (struct announcement){.type = PACKET_LEFT,
                                                .sender = address,
                                                .receiver = PACKET_EVERYONE,
                                                .kind = DEVICE_BROKER,
                                                .name = device_name(broker)});
    forget_remote(router, address);
}

static void lose_gate(struct router *router, uint32_t address) {
    uint32_t gate = packet_address_gate(address);
    for (uint32_t i = router->remotes.count; i-- > 0;) {
        if (is_of_gate(router->remotes.items[i].address, gate)) {
            lose_remote(router, i);
        }
    }
    end_pairs_of_gate(router, gate);
    remove_gate(router, router_of(address));
}

// A newcomer learns of the brokers of all networks.
static void answer_newcomer(const struct router *router, uint32_t newcomer) {
    for (uint32_t i = 0; i < router->remotes.count; i++) {
        const struct device *broker = &router->remotes.items[i];
        announce_down(router, (struct announcement){.type = PACKET_JOIN,
                                                    .sender = broker->address,
                                                    .receiver = newcomer,
                                                    .kind = DEVICE_BROKER,
                                                    .name = device_name(broker)});
    }
}

// ---- from the network -----------------------------------------------------------------------

static void pass_up(struct router *router, struct packet *packet) {
    uint32_t local = packet->sender;
    packet->sender = packet_address_global(own_gate(router), local);
    if (packet->receiver != PACKET_EVERYONE) {
        note_pair(router, packet, local, packet->receiver);
    }
    send_up(router, packet);
}

// The joins of clients are not passed on: that would be each client's join in each network.
static void receive_newcomer(struct router *router, struct packet *join, uint64_t now) {
    enum device_kind kind = device_kind_named(join->element[0]);
    uint32_t local = join->sender;
    bool was_broker = kind != DEVICE_BROKER && forget_local(router, local);
    end_pairs_of_local(router, local, was_broker || kind == DEVICE_BROKER);
    if (was_broker) {
        announce_up(router,
                    (struct announcement){.type = PACKET_LEFT,
                                          .sender = packet_address_global(own_gate(router), local),
                                          .receiver = PACKET_EVERYONE,
                                          .kind = DEVICE_BROKER});
    }
    if (kind == DEVICE_BROKER) {
        learn_local(router, join, now);
        pass_up(router, join);
    } else {
        answer_newcomer(router, local);
    }
}

static void receive_join(struct router *router, struct packet *join, uint64_t now) {
    if (join->receiver == PACKET_EVERYONE) {
        receive_newcomer(router, join, now);
    } else if (join->receiver != router->self) {
        pass_up(router, join);
    } else if (device_kind_named(join->element[0]) == DEVICE_BROKER) {
        learn_local(router, join, now);
    }
}

static void receive_left(struct router *router, struct packet *left) {
    if (left->receiver != PACKET_EVERYONE) {
        pass_up(router, left);
        return;
    }
    bool was_broker =
        forget_local(router, left->sender) || device_kind_named(left->element[0]) == DEVICE_BROKER;
    end_pairs_of_local(router, left->sender, was_broker);
    if (was_broker) {
        pass_up(router, left);
    }
}

// Of the types that change tables: the payload has to be in order.
static enum packet_fault check_announcement(const struct packet *packet) {
    enum packet_fault fault = connection_check_unsealed(packet);
    return fault == PACKET_OK && packet->element_count == 0 ? PACKET_FAULT_MISSING : fault;
}

static bool is_announcement(const struct packet *packet) {
    return packet->type == PACKET_JOIN || packet->type == PACKET_LEFT;
}

// A router writes under global addresses only, so such lines came from a router, mostly this one.
static bool is_from_elsewhere(const struct router *router, const struct packet *packet) {
    bool is_other_router = packet->sender != router->self && packet->type == PACKET_JOIN &&
                           packet_address_local(packet->sender) == 0 &&
                           packet_address_gate(packet->sender) != 0;
    if (is_other_router) {
        router->port->tell(router->port->context,
                           &(struct role_event){.kind = EVENT_JOINED,
                                                .address = packet->sender,
                                                .device_kind = device_kind_name(DEVICE_ROUTER)});
    }
    return packet_address_gate(packet->sender) != 0;
}

void router_receive(struct router *router, struct packet *packet, uint64_t now) {
    bool is_local =
        packet->receiver != PACKET_EVERYONE && packet_address_gate(packet->receiver) == 0;
    if (is_from_elsewhere(router, packet) || is_local) {
        return;
    }
    enum packet_fault fault = is_announcement(packet) ? check_announcement(packet) : PACKET_OK;
    if (fault == PACKET_OK && !is_announcement(packet) && packet->receiver == router->self) {
        fault = PACKET_FAULT_UNEXPECTED;
    }
    if (fault != PACKET_OK) {
        drop(router, packet, fault);
    } else if (packet->type == PACKET_JOIN) {
        receive_join(router, packet, now);
    } else if (packet->type == PACKET_LEFT) {
        receive_left(router, packet);
    } else {
        pass_up(router, packet);
    }
}

// ---- from the mailbox -----------------------------------------------------------------------

// A router elsewhere is new, or answers us. An answer is not answered with another.
static void take_router(struct router *router, const struct packet *join, uint64_t now) {
    struct router_gate *gate = put_gate(router, join->sender);
    if (gate == NULL) {
        drop(router, join, PACKET_FAULT_NO_ROOM);
    } else {
        gate->heard = now;
    }
    if (join->receiver == PACKET_EVERYONE) {
        if (gate != NULL) {
            gate->asked = now; // it is about to name its brokers
        }
        announce_up(router, (struct announcement){.type = PACKET_JOIN,
                                                  .sender = router->self,
                                                  .receiver = join->sender,
                                                  .kind = DEVICE_ROUTER,
                                                  .name = router->config->name});
    }
    name_locals(router, join->sender);
}

// Only a broker's own broadcast is passed on as it is: to clients it means that it started anew. A
// broker that a router names is announced if it is new here.
static void take_broker(struct router *router, struct packet *join, uint64_t now) {
    bool is_named = join->receiver == router->self;
    if (!is_named) {
        forget_pairs_of_remote(router, join->sender);
    }
    enum learned learned = learn_remote(router, join, now);
    if (learned == LEARNED_NO_ROOM) {
        drop(router, join, PACKET_FAULT_NO_ROOM);
    }
    if (!is_named || learned == LEARNED_NEW) {
        join->receiver = PACKET_EVERYONE;
        send_down(router, join);
    }
}

static void pass_down(struct router *router, struct packet *packet) {
    uint32_t local = packet_address_local(packet->receiver);
    if (packet->receiver != PACKET_EVERYONE) {
        note_pair(router, packet, local, packet->sender);
    }
    send_down(router, packet);
}

static void take_join(struct router *router, struct packet *join, uint64_t now) {
    bool is_for_router = join->receiver == PACKET_EVERYONE || join->receiver == router->self;
    enum device_kind kind = device_kind_named(join->element[0]);
    if (is_for_router && kind == DEVICE_ROUTER) {
        take_router(router, join, now);
    } else if (is_for_router && kind == DEVICE_BROKER) {
        take_broker(router, join, now);
    } else if (join->receiver != router->self) {
        if (is_for_router) {
            forget_pairs_of_remote(router, join->sender); // all here hear that it is new
        }
        pass_down(router, join);
    } else {
        drop(router, join, PACKET_FAULT_UNEXPECTED);
    }
}

static void take_left(struct router *router, struct packet *left) {
    bool is_broadcast = left->receiver == PACKET_EVERYONE;
    if (is_broadcast && packet_address_local(left->sender) == 0) {
        lose_gate(router, left->sender);
        return;
    }
    if (left->receiver == router->self) {
        drop(router, left, PACKET_FAULT_UNEXPECTED);
        return;
    }
    if (is_broadcast) {
        forget_remote(router, left->sender);
    }
    pass_down(router, left);
}

static enum packet_fault check_taken(const struct router *router, const struct packet *packet) {
    uint32_t gate = packet_address_gate(packet->sender);
    if (gate == 0 || gate == own_gate(router)) {
        return PACKET_FAULT_SENDER;
    }
    if (packet->receiver != PACKET_EVERYONE && !is_of_gate(packet->receiver, own_gate(router))) {
        return PACKET_FAULT_RECEIVER;
    }
    if (is_announcement(packet)) {
        return check_announcement(packet);
    }
    return packet->receiver == router->self ? PACKET_FAULT_UNEXPECTED : PACKET_OK;
}

void router_take(struct router *router, struct packet *packet, uint64_t now) {
    enum packet_fault fault = check_taken(router, packet);
    if (fault != PACKET_OK) {
        drop(router, packet, fault);
    } else if (packet->type == PACKET_JOIN) {
        take_join(router, packet, now);
    } else if (packet->type == PACKET_LEFT) {
        take_left(router, packet);
    } else {
        pass_down(router, packet);
    }
}

// ---- faults ---------------------------------------------------------------------------------

static bool is_known_broker(const struct router *router, uint32_t address) {
    return devices_find(&router->locals, address) != NULL ||
           devices_find(&router->remotes, address) != NULL;
}

bool router_is_of_broker(const struct router *router, const struct packet *packet) {
    switch (packet->type) {
    case PACKET_CREQ:
    case PACKET_SREQ:
        return false;
    case PACKET_CRES:
    case PACKET_SRES:
        return true;
    case PACKET_JOIN:
    case PACKET_LEFT:
        return packet->element_count > 0 && device_kind_named(packet->element[0]) == DEVICE_BROKER;
    case PACKET_PUBL:
    case PACKET_PING:
    case PACKET_DISC:
    case PACKET_TYPES:
        break;
    }
    return is_known_broker(router, packet->sender);
}

static enum device_kind kind_of(const struct router *router, uint32_t address) {
    return is_known_broker(router, address) ? DEVICE_BROKER : DEVICE_CLIENT;
}

uint32_t router_cut(struct router *router, uint32_t address) {
    uint32_t count = 0;
    for (uint32_t place = 0; place < router->pair_used; place++) {
        struct router_pair pair = router->pairs[place];
        if (pair.remote == 0 || (pair.remote != address && pair.local != address)) {
            continue;
        }
        remove_pair(router, place);
        count++;
        announce_down(router, (struct announcement){.type = PACKET_LEFT,
                                                    .sender = pair.remote,
                                                    .receiver = pair.local,
                                                    .kind = kind_of(router, pair.remote)});
        announce_up(router, (struct announcement){
                                .type = PACKET_LEFT,
                                .sender = packet_address_global(own_gate(router), pair.local),
                                .receiver = pair.remote,
                                .kind = kind_of(router, pair.local)});
    }
    return count;
}

// ---- time, start and end --------------------------------------------------------------------

static uint64_t confirmation_end(const struct router *router, const struct router_gate *gate) {
    return gate->asked == 0 ? ROLE_NEVER : gate->asked + router->config->confirmation;
}

uint64_t router_deadline(const struct router *router) {
    uint64_t first = ROLE_NEVER;
    for (uint32_t i = 0; i < router->gate_count; i++) {
        uint64_t due = confirmation_end(router, &router->gates[i]);
        first = due < first ? due : first;
    }
    return first;
}

// Brokers of the gate that were not named since it was asked are gone, and so is a gate that was
// not heard of.
static void end_confirmation(struct router *router, struct router_gate *gate) {
    uint64_t asked = gate->asked;
    uint32_t number = packet_address_gate(gate->address);
    gate->asked = 0;
    if (gate->heard < asked) {
        lose_gate(router, gate->address);
        return;
    }
    for (uint32_t i = router->remotes.count; i-- > 0;) {
        const struct device *broker = &router->remotes.items[i];
        if (is_of_gate(broker->address, number) && broker->since < asked) {
            lose_remote(router, i);
        }
    }
}

void router_tick(struct router *router, uint64_t now) {
    for (uint32_t i = router->gate_count; i-- > 0;) {
        if (confirmation_end(router, &router->gates[i]) <= now) {
            end_confirmation(router, &router->gates[i]);
        }
    }
}

void router_ask(struct router *router, uint64_t now) {
    for (uint32_t i = 0; i < router->gate_count; i++) {
        router->gates[i].asked = now;
    }
    announce_up(router, (struct announcement){.type = PACKET_JOIN,
                                              .sender = router->self,
                                              .receiver = PACKET_EVERYONE,
                                              .kind = DEVICE_ROUTER,
                                              .name = router->config->name});
}

void router_start(struct router *router, uint64_t now) {
    announce_down(router, (struct announcement){.type = PACKET_JOIN,
                                                .sender = router->self,
                                                .receiver = PACKET_EVERYONE,
                                                .kind = DEVICE_ROUTER,
                                                .name = router->config->name});
    router_ask(router, now);
}

void router_stop(struct router *router) {
    while (router->gate_count > 0) {
        lose_gate(router, router->gates[router->gate_count - 1].address);
    }
    for (uint32_t place = 0; place < router->pair_used; place++) {
        if (router->pairs[place].remote != 0) {
            end_pairs_of_gate(router, packet_address_gate(router->pairs[place].remote));
        }
    }
    struct announcement left = {.type = PACKET_LEFT,
                                .sender = router->self,
                                .receiver = PACKET_EVERYONE,
                                .kind = DEVICE_ROUTER,
                                .name = router->config->name};
    announce_down(router, left);
    announce_up(router, left);
}

void router_init(struct router *router, const struct router_config *config,
                 const struct router_port *port, uint32_t gate, uint64_t hash_seed) {
    ASSERT(gate > 0 && gate <= PACKET_GATE_MAX);
    *router = (struct router){
        .config = config,
        .port = port,
        .device_port = {.tell = port->tell, .context = port->context, .memory = port->memory},
        .self = packet_address_global(gate, 0),
        .pair_free = ROUTER_NONE,
    };
    for (uint32_t local = 0; local <= PACKET_LOCAL_MAX; local++) {
        router->pair_first[local] = ROUTER_NONE;
    }
    map_init(&router->places, port->memory, hash_seed);
}

void router_deinit(struct router *router) {
    struct memory *memory = router->port->memory;
    devices_deinit(&router->locals, memory);
    devices_deinit(&router->remotes, memory);
    memory_free(memory, router->gates, router->gate_capacity * sizeof *router->gates);
    memory_free(memory, router->pairs, router->pair_capacity * sizeof *router->pairs);
    map_deinit(&router->places);
}

// ---- its journal ----------------------------------------------------------------------------

static void restore_broker(struct router *router, uint32_t address, struct bytes name,
                           uint64_t now) {
    // Directed, so that it is news only once; a moment ago, so that it can be asked for again.
    struct packet join = {.sender = address, .receiver = router->self};
    packet_add(&join, bytes_of_text(device_kind_name(DEVICE_BROKER)));
    packet_add(&join, name);
    bool is_local = packet_address_gate(address) == 0;
    (void)devices_put(is_local ? &router->locals : &router->remotes, &router->device_port, &join,
                      is_local ? PACKET_LOCAL_MAX : router->config->limits.brokers, now - 1);
}

// Whether a role of this gate could have written it.
static bool is_valid_record(const struct router *router, const struct journal_record *record) {
    if (record->number[0] > UINT32_MAX || record->number[1] > UINT32_MAX) {
        return false;
    }
    uint32_t address = (uint32_t)record->number[0];
    uint32_t gate = packet_address_gate(address);
    uint32_t local = packet_address_local(address);
    switch ((enum router_record)record->kind) {
    case ROUTER_BROKER:
    case ROUTER_NO_BROKER:
        return local != 0 && gate != own_gate(router);
    case ROUTER_GATE:
    case ROUTER_NO_GATE:
        return local == 0 && gate != 0 && gate != own_gate(router);
    case ROUTER_PAIR:
    case ROUTER_NO_PAIR:
        return local != 0 && gate == 0 && packet_address_gate((uint32_t)record->number[1]) != 0;
    case ROUTER_RECORDS:
        break;
    }
    return false;
}

bool router_restore(struct router *router, const struct journal_record *record, uint64_t now) {
    if (!is_valid_record(router, record)) {
        return false;
    }
    uint32_t address = (uint32_t)record->number[0];
    uint32_t remote = (uint32_t)record->number[1];
    switch ((enum router_record)record->kind) {
    case ROUTER_BROKER:
        restore_broker(router, address, record->text[0], now);
        break;
    case ROUTER_NO_BROKER:
        devices_remove(&router->locals, &router->device_port, address);
        devices_remove(&router->remotes, &router->device_port, address);
        break;
    case ROUTER_GATE:
        (void)put_gate(router, address);
        break;
    case ROUTER_NO_GATE:
        remove_gate(router, address);
        break;
    case ROUTER_PAIR:
        (void)put_pair(router, address, remote);
        break;
    case ROUTER_NO_PAIR:
        forget_pair(router, address, remote);
        break;
    case ROUTER_RECORDS:
        break;
    }
    return true;
}

static void snapshot_brokers(const struct devices *devices, journal_receiver *take, void *context) {
    for (uint32_t i = 0; i < devices->count; i++) {
        take(context, &(struct journal_record){.kind = ROUTER_BROKER,
                                               .number = {devices->items[i].address},
                                               .text = {device_name(&devices->items[i])}});
    }
}

void router_snapshot(const struct router *router, journal_receiver *take, void *context) {
    for (uint32_t i = 0; i < router->gate_count; i++) {
        take(context,
             &(struct journal_record){.kind = ROUTER_GATE, .number = {router->gates[i].address}});
    }
    snapshot_brokers(&router->locals, take, context);
    snapshot_brokers(&router->remotes, take, context);
    for (uint32_t i = 0; i < router->pair_used; i++) {
        const struct router_pair *pair = &router->pairs[i];
        if (pair->remote != 0) {
            take(context, &(struct journal_record){.kind = ROUTER_PAIR,
                                                   .number = {pair->local, pair->remote}});
        }
    }
}
