#include "role/master/master.h"

#include "base/assert.h"
#include "packet/packet.h"

#include <sodium.h>

#define BLOCK_BYTES_MAX (256u * 1024) // so that little is kept of a block that is gone in part

const struct journal_kind master_journal_kinds[MASTER_RECORDS] = {
    [MASTER_LEASED] = {"lease", 9, 1},    [MASTER_ENDED] = {"ended", 1, 0},
    [MASTER_BLOCK] = {"block", 1, 1},     [MASTER_DELIVERED] = {"delivered", 3, 0},
    [MASTER_BLOCK_GONE] = {"gone", 1, 0},
};

static void tell_block_gone(void *context, const struct mailbox_block *block) {
    const struct master *master = context;
    journal_append(master->journal,
                   &(struct journal_record){.kind = MASTER_BLOCK_GONE, .number = {block->id}});
}

static void begin_restoring(struct master *master) {
    master->restoring = (struct master_restoring){.count = 0};
    map_init(&master->restoring.blocks, master->memory, 0);
    map_init(&master->restoring.leases, master->memory, 0);
}

void master_init(struct master *master, struct memory *memory, const struct master_limits *limits) {
    *master = (struct master){
        .memory = memory,
        .limits = *limits,
        .pool = {.memory = memory, .next_id = 1, .freed = tell_block_gone, .context = master},
        .free_place = DEADLINE_NONE,
        .free_from = 1,
        .next_lease = 1};
    grouping_init(&master->grouping, memory);
    map_init(&master->places, memory, 0);
    begin_restoring(master);
    deadline_init(&master->silence[false]);
    deadline_init(&master->silence[true]);
}

static void end_restoring(struct master *master) {
    struct master_restoring *restoring = &master->restoring;
    for (uint32_t i = 0; i < restoring->count; i++) {
        if (restoring->items[i] != NULL) {
            mailbox_block_unref(&master->pool, restoring->items[i]);
        }
    }
    memory_free(master->memory, restoring->items,
                restoring->capacity * sizeof(struct mailbox_block *));
    map_deinit(&restoring->blocks);
    map_deinit(&restoring->leases);
    begin_restoring(master);
}

void master_start(struct master *master, struct journal *journal) {
    master->journal = journal;
    end_restoring(master); // what lies nowhere is gone
    for (uint32_t i = 0; i < master->gates_used; i++) {
        struct master_gate *gate = &master->gates[i];
        gate->given = gate->gate == 0 ? 0 : mailbox_last(&gate->mailbox); // nobody knows
    }
}

void master_set_watch(struct master *master, const struct master_watch *watch) {
    master->watch = *watch;
}

void master_deinit(struct master *master) {
    master->journal = NULL; // the end of the master is not that of its mailboxes
    end_restoring(master);
    for (uint32_t i = 0; i < master->gates_used; i++) {
        mailbox_deinit(&master->gates[i].mailbox, &master->pool);
    }
    memory_free(master->memory, master->gates, master->gates_capacity * sizeof *master->gates);
    memory_free(master->memory, master->changed,
                master->changed_capacity * sizeof *master->changed);
    grouping_deinit(&master->grouping);
    map_deinit(&master->places);
    master->gates = NULL;
    master->changed = NULL;
    master->changed_capacity = master->changed_count = 0;
    master->gates_capacity = master->gates_used = master->gates_count = 0;
}

// ---- leases -----------------------------------------------------------------------------------

static struct deadline_links links_of(struct master *master) {
    return (struct deadline_links){&master->gates[0].silence, sizeof *master->gates};
}

static uint32_t place_of(const struct master *master, const struct master_gate *gate) {
    return (uint32_t)(gate - master->gates);
}

static void note(struct master *master, struct master_gate *gate) {
    if (master->journal != NULL && !gate->is_noted) {
        gate->is_noted = true;
        master->changed = memory_grow(master->memory, master->changed, &master->changed_capacity,
                                      master->changed_count + 1, sizeof *master->changed);
        master->changed[master->changed_count++] = place_of(master, gate);
    }
}

static void give_lease(const struct master_gate *gate, journal_receiver *take, void *context) {
    take(context,
         &(struct journal_record){.kind = MASTER_LEASED,
                                  .number = {gate->lease, gate->gate, gate->is_classic, gate->since,
                                             gate->uploaded, gate->acknowledged, gate->dropped,
                                             gate->mailbox.first, mailbox_front(&gate->mailbox)},
                                  .text = {bytes_make(gate->secret, sizeof gate->secret)}});
}

static void append_record(void *context, const struct journal_record *record) {
    journal_append(context, record);
}

static void append_lease(struct master *master, const struct master_gate *gate) {
    if (master->journal != NULL) {
        give_lease(gate, append_record, master->journal);
    }
}

static struct master_gate *find_gate(struct master *master, uint32_t gate) {
    uint32_t place = map_get(&master->places, gate);
    return place == MAP_NONE ? NULL : &master->gates[place];
}

static void hear(struct master *master, struct master_gate *gate) {
    uint32_t place = place_of(master, gate);
    gate->heard = master->now;
    deadline_remove(&master->silence[gate->is_classic], links_of(master), place);
    deadline_append(&master->silence[gate->is_classic], links_of(master), place);
}

static uint32_t new_place(struct master *master) {
    uint32_t place = master->free_place;
    if (place != DEADLINE_NONE) {
        ASSERT(master->gates != NULL && place < master->gates_used);
        master->free_place = master->gates[place].silence.later;
        return place;
    }
    master->gates = memory_grow(master->memory, master->gates, &master->gates_capacity,
                                master->gates_used + 1, sizeof *master->gates);
    master->gates[master->gates_used].is_noted = false;
    return master->gates_used++;
}

static struct master_gate *add_gate(struct master *master, const struct master_gate *record) {
    uint32_t place = new_place(master);
    struct master_gate *gate = &master->gates[place];
    bool is_noted = gate->is_noted; // the place may still be on the list
    *gate = *record;
    gate->is_noted = is_noted;
    map_put(&master->places, gate->gate, place);
    master->gates_count++;
    deadline_append(&master->silence[gate->is_classic], links_of(master), place);
    return gate;
}

// What context and reason a visitor of a mailbox is handed.
struct going {
    const struct master *master;
    enum master_loss loss;
};

static void tell_going(void *context, struct bytes lines) {
    const struct going *going = context;
    going->master->watch.lost(going->master->watch.context, going->loss, lines);
}

// So many of the oldest packets of a mailbox are about to go.
static void tell_lost(const struct master *master, const struct master_gate *gate,
                      enum master_loss loss, uint64_t lines) {
    if (master->watch.lost == NULL) {
        return;
    }
    uint64_t first = gate->mailbox.first;
    uint64_t given = gate->given >= first ? gate->given - first + 1 : 0;
    given = given < lines ? given : lines;
    struct going going = {master, MASTER_NOT_ACKNOWLEDGED};
    mailbox_visit(&gate->mailbox, (struct mailbox_span){0, given}, &going, tell_going);
    going.loss = loss;
    mailbox_visit(&gate->mailbox, (struct mailbox_span){given, lines - given}, &going, tell_going);
}

static void end_lease(struct master *master, struct master_gate *gate) {
    uint32_t place = place_of(master, gate);
    tell_lost(master, gate, MASTER_LEASE_OVER, gate->mailbox.lines);
    map_remove(&master->places, gate->gate);
    master->gates_count--;
    master->free_from = gate->gate < master->free_from ? gate->gate : master->free_from;
    deadline_remove(&master->silence[gate->is_classic], links_of(master), place);
    mailbox_deinit(&gate->mailbox, &master->pool);
    gate->gate = 0;
    sodium_memzero(gate->secret, sizeof gate->secret);
    gate->silence.later = master->free_place;
    master->free_place = place;
    journal_append(master->journal,
                   &(struct journal_record){.kind = MASTER_ENDED, .number = {gate->lease}});
}

static uint64_t silence_of(const struct master *master, bool is_classic) {
    return is_classic ? master->limits.classic_silence : master->limits.silence;
}

static void hear_all(struct master *master) {
    for (uint32_t i = 0; i < master->gates_used; i++) {
        if (master->gates[i].gate != 0) {
            hear(master, &master->gates[i]);
        }
    }
}

void master_drop_silent(struct master *master, uint64_t now) {
    master->now = now > master->now ? now : master->now;
    if (master->is_restored) {
        master->is_restored = false;
        hear_all(master);
    }
    for (int classic = 0; classic < 2; classic++) {
        const struct deadline_list *list = &master->silence[classic];
        while (list->first != DEADLINE_NONE) {
            struct master_gate *gate = &master->gates[list->first];
            if (master->now - gate->heard < silence_of(master, classic != 0)) {
                break;
            }
            end_lease(master, gate);
        }
    }
}

// The holder's gate, heard; NULL if it is not the holder's.
static struct master_gate *authorise(struct master *master, struct master_holder holder) {
    struct master_gate *gate = find_gate(master, holder.gate);
    if (gate == NULL || gate->is_classic ||
        sodium_memcmp(gate->secret, holder.secret, MASTER_SECRET_SIZE) != 0) {
        return NULL;
    }
    hear(master, gate);
    return gate;
}

// The lowest free gate, or 0 if all are taken.
static uint32_t find_free(struct master *master) {
    while (master->free_from <= PACKET_GATE_MAX &&
           map_get(&master->places, master->free_from) != MAP_NONE) {
        master->free_from++;
    }
    return master->free_from <= PACKET_GATE_MAX ? master->free_from : 0;
}

// NULL if there are as many as may be. `secret` NULL: a classic lease.
static struct master_gate *make_lease(struct master *master, uint32_t number,
                                      const uint8_t *secret) {
    uint32_t free_gate = number == MASTER_EVERYONE ? find_free(master) : number;
    if (master->gates_count >= master->limits.gates || free_gate == 0) {
        return NULL;
    }
    struct master_gate record = {.gate = free_gate,
                                 .is_classic = secret == NULL,
                                 .lease = master->next_lease++,
                                 .since = master->now,
                                 .heard = master->now};
    mailbox_init(&record.mailbox);
    if (secret != NULL) {
        memcpy(record.secret, secret, sizeof record.secret);
    }
    struct master_gate *gate = add_gate(master, &record);
    append_lease(master, gate); // before what is delivered to it
    return gate;
}

static struct gate_answer unavailable(uint32_t gate) {
    return (struct gate_answer){.status = GATE_UNAVAILABLE, .gate = gate};
}

// False: nothing can be promised now.
static bool begin(struct master *master, uint64_t now) {
    if (journal_may_promise(master->journal)) {
        master_drop_silent(master, now);
        return true;
    }
    return false;
}

struct gate_answer master_lease(struct master *master, struct master_holder holder, uint64_t now) {
    if (!begin(master, now)) {
        return unavailable(holder.gate);
    }
    struct gate_answer answer = {.gate = holder.gate};
    struct master_gate *gate = authorise(master, holder);
    if (gate != NULL) {
        answer.status = GATE_OK;
        answer.is_promise = true;
        answer.uploaded = gate->uploaded;
    } else if (holder.gate > PACKET_GATE_MAX) {
        answer.status = GATE_NO_LEASE;
    } else if (find_gate(master, holder.gate) != NULL) {
        answer.status = GATE_TAKEN;
    } else {
        gate = make_lease(master, holder.gate, holder.secret);
        answer.status = gate == NULL ? GATE_FULL : GATE_NEW;
        answer.is_promise = gate != NULL;
        answer.gate = gate == NULL ? holder.gate : gate->gate;
    }
    return answer;
}

struct gate_answer master_give_back(struct master *master, struct master_holder holder,
                                    uint64_t now) {
    if (!begin(master, now)) {
        return unavailable(holder.gate);
    }
    struct master_gate *gate = authorise(master, holder);
    if (gate != NULL) {
        end_lease(master, gate);
    }
    return (struct gate_answer){.status = gate == NULL ? GATE_NO_LEASE : GATE_OK,
                                .is_promise = gate != NULL,
                                .gate = holder.gate};
}

struct gate_answer master_renew(struct master *master, struct master_holder holder, uint64_t now) {
    master_drop_silent(master, now);
    struct master_gate *gate = authorise(master, holder);
    return (struct gate_answer){.status = gate == NULL ? GATE_NO_LEASE : GATE_OK,
                                .gate = holder.gate};
}

// ---- packets come -----------------------------------------------------------------------------

static uint64_t excess(uint64_t is, uint64_t limit) {
    return is > limit ? is - limit : 0;
}

// What a mailbox may hold. When memory is short all mailboxes have an equal part of a half of it:
// one packet costs its line, and less than LINE_COST beside that.
#define LINE_COST 128

struct room {
    uint64_t packets;
    uint64_t bytes;
    bool is_short;
};

static struct room room_of_mailbox(const struct master *master) {
    struct room room = {master->limits.mailbox_packets, master->limits.mailbox_bytes, false};
    if (!memory_has_room(master->memory, MEMORY_KEPT, 0)) {
        uint64_t part = master->memory->limit / 4 / master->gates_count;
        room.is_short = true;
        room.bytes = part < room.bytes ? part : room.bytes;
        room.packets = part / LINE_COST < room.packets ? part / LINE_COST : room.packets;
    }
    return room;
}

static void cut(struct master *master, struct master_gate *gate, const struct room *room) {
    struct mailbox *mailbox = &gate->mailbox;
    bool is_own = gate->packets_max > 0 && gate->packets_max < room->packets;
    uint64_t packets_max = is_own ? gate->packets_max : room->packets;
    uint64_t packets = mailbox_lines_of(mailbox, excess(mailbox->lines, packets_max),
                                        excess(mailbox->bytes, room->bytes));
    tell_lost(master, gate, MASTER_MAILBOX_FULL, packets);
    gate->dropped += mailbox_remove(mailbox, &master->pool, packets, 0);
}

void master_limit_mailbox(struct master *master, uint32_t number, uint64_t packets) {
    struct room room = room_of_mailbox(master);
    for (uint32_t i = 0; i < master->gates_used; i++) {
        struct master_gate *gate = &master->gates[i];
        if (gate->gate != 0 && (number == MASTER_EVERYONE || gate->gate == number)) {
            gate->packets_max = packets;
            cut(master, gate, &room);
            note(master, gate);
        }
    }
}

// One after the other, so that those to which nothing comes are cut too.
static void cut_next(struct master *master, const struct room *room) {
    master->cut_place = (master->cut_place + 1) % master->gates_used;
    struct master_gate *gate = &master->gates[master->cut_place];
    if (gate->gate != 0) {
        cut(master, gate, room);
        note(master, gate);
    }
}

static void append_delivery(struct master *master, const struct master_gate *gate,
                            const struct mailbox_block *block) {
    if (master->journal == NULL) {
        return;
    }
    if (block->id != master->told_block) {
        struct bytes lines = bytes_make(block->data, block->size);
        master->told_block = block->id;
        journal_append(
            master->journal,
            &(struct journal_record){.kind = MASTER_BLOCK, .number = {block->id}, .text = {lines}});
    }
    uint64_t first = mailbox_last(&gate->mailbox) + 1;
    journal_append(master->journal,
                   &(struct journal_record){.kind = MASTER_DELIVERED,
                                            .number = {gate->lease, first, block->id}});
}

static void deliver(struct master *master, struct master_gate *gate, struct mailbox_block *block) {
    struct mailbox *mailbox = &gate->mailbox;
    append_delivery(master, gate, block);
    mailbox_push(mailbox, &master->pool, block);
    struct room room = room_of_mailbox(master);
    cut(master, gate, &room);
    note(master, gate);
    if (room.is_short) {
        cut_next(master, &room);
    }
}

static void deliver_to_all(struct master *master, uint32_t sender, struct mailbox_block *block) {
    for (uint32_t i = 0; i < master->gates_used; i++) {
        if (master->gates[i].gate != 0 && master->gates[i].gate != sender) {
            deliver(master, &master->gates[i], block);
        }
    }
}

// Packets in the order in which they go into mailboxes, from some on.
struct ordered {
    const struct master_packet *packets;
    const uint32_t *order;
    uint32_t count;
};

// How many packets from the first on are for the same gate and fit into one block.
static uint32_t run_of(struct ordered all, uint32_t *size) {
    uint32_t run = 0;
    uint64_t bytes = 0;
    uint32_t gate = all.packets[all.order[0]].gate;
    for (; run < all.count && all.packets[all.order[run]].gate == gate; run++) {
        struct bytes line = all.packets[all.order[run]].line;
        ASSERT_MESSAGE(line.size > 0 && line.size <= PACKET_LINE_MAX &&
                           memchr(line.data, '\n', line.size) == line.data + line.size - 1,
                       "a packet is one line with its LF");
        if (run > 0 && bytes + line.size > BLOCK_BYTES_MAX) {
            break;
        }
        bytes += line.size;
    }
    *size = (uint32_t)bytes;
    return run;
}

static struct mailbox_block *block_of(struct master *master, struct ordered run, uint32_t size) {
    struct mailbox_block *block = mailbox_block_create(&master->pool, size);
    size_t at = 0;
    for (uint32_t i = 0; i < run.count; i++) {
        struct bytes line = run.packets[run.order[i]].line;
        memcpy(block->data + at, line.data, line.size);
        at += line.size;
    }
    block->lines = run.count;
    return block;
}

// Puts packets for one gate, or for all, into its mailbox.
static void put_run(struct master *master, uint32_t sender, struct master_gate *receiver,
                    struct mailbox_block *block) {
    if (receiver != NULL) {
        deliver(master, receiver, block);
    } else {
        deliver_to_all(master, sender, block);
    }
    mailbox_block_unref(&master->pool, block);
}

static void tell_unreachable(const struct master *master, struct ordered run) {
    for (uint32_t i = 0; i < run.count && master->watch.lost != NULL; i++) {
        master->watch.lost(master->watch.context, MASTER_NO_GATE, run.packets[run.order[i]].line);
    }
}

// Returns how many packets are for gates that nobody holds.
static uint32_t put_packets(struct master *master, uint32_t sender,
                            const struct master_packet *packets, uint32_t count) {
    if (count == 0) {
        return 0;
    }
    uint32_t unreachable = 0;
    uint32_t size;
    struct grouping_gates gates = {&packets->gate, sizeof *packets, count};
    const uint32_t *order = grouping_sort(&master->grouping, gates);
    for (uint32_t at = 0, run; at < count; at += run) {
        uint32_t gate = packets[order[at]].gate;
        run = run_of((struct ordered){packets, order + at, count - at}, &size);
        struct master_gate *receiver = find_gate(master, gate);
        if (receiver == NULL && gate != MASTER_EVERYONE) {
            tell_unreachable(master, (struct ordered){packets, order + at, run});
            unreachable += run;
            continue;
        }
        struct ordered own = {packets, order + at, run};
        put_run(master, sender, receiver, block_of(master, own, size));
    }
    return unreachable;
}

struct gate_answer master_upload(struct master *master, struct master_holder holder,
                                 const struct master_batch *batch, uint64_t now) {
    if (!begin(master, now)) {
        return unavailable(holder.gate);
    }
    struct master_gate *gate = authorise(master, holder);
    if (gate == NULL) {
        return (struct gate_answer){.status = GATE_NO_LEASE, .gate = holder.gate};
    }
    struct gate_answer answer = {.gate = holder.gate, .uploaded = gate->uploaded};
    if (batch->first > gate->uploaded + 1) {
        answer.status = GATE_GAP;
        return answer;
    }
    answer.is_promise = true;
    uint64_t known = gate->uploaded + 1 - batch->first;
    if (known < batch->count) {
        answer.accepted = batch->count - (uint32_t)known;
        gate->uploaded += answer.accepted;
        answer.uploaded = gate->uploaded;
        note(master, gate);
        answer.unreachable =
            put_packets(master, holder.gate, batch->packets + known, answer.accepted);
    }
    return answer;
}

struct gate_answer master_put(struct master *master, uint32_t gate,
                              const struct master_batch *batch, uint64_t now) {
    if (!begin(master, now)) {
        return unavailable(gate);
    }
    struct gate_answer answer = {.gate = gate, .accepted = batch->count, .is_promise = true};
    struct master_gate *sender = find_gate(master, gate);
    if (sender != NULL && !sender->is_classic) {
        return (struct gate_answer){.status = GATE_NO_LEASE, .gate = gate};
    }
    if (sender != NULL) {
        hear(master, sender);
    }
    answer.unreachable = put_packets(master, gate, batch->packets, batch->count);
    return answer;
}

// ---- packets go -------------------------------------------------------------------------------

static void acknowledge(struct master *master, struct master_gate *gate, uint64_t acknowledged) {
    struct mailbox *mailbox = &gate->mailbox;
    if (acknowledged <= gate->acknowledged || acknowledged > mailbox_last(mailbox)) {
        return;
    }
    gate->acknowledged = acknowledged;
    if (acknowledged >= mailbox->first) {
        mailbox_remove(mailbox, &master->pool, acknowledged - mailbox->first + 1, 0);
    }
    note(master, gate);
}

struct gate_answer master_take(struct master *master, struct master_holder holder,
                               const struct master_taking *taking, uint64_t now) {
    master_drop_silent(master, now);
    struct master_gate *gate = authorise(master, holder);
    if (gate == NULL) {
        return (struct gate_answer){.status = GATE_NO_LEASE, .gate = holder.gate};
    }
    acknowledge(master, gate, taking->acknowledged);
    uint64_t given = mailbox_read(&gate->mailbox, taking->bytes_max, taking->lines);
    uint64_t before = gate->mailbox.first - 1;
    gate->given = before + given > gate->given ? before + given : gate->given;
    return (struct gate_answer){
        .gate = holder.gate, .last = before + given, .missing = before - gate->acknowledged};
}

struct gate_answer master_pop(struct master *master, uint32_t gate, struct buffer *lines,
                              uint64_t now) {
    if (!begin(master, now)) {
        return unavailable(gate);
    }
    struct gate_answer answer = {.gate = gate, .is_promise = true};
    struct master_gate *own = find_gate(master, gate);
    if (gate == MASTER_EVERYONE || gate > PACKET_GATE_MAX || (own != NULL && !own->is_classic)) {
        answer.status = GATE_NO_LEASE;
    } else if (own == NULL) {
        answer.status = make_lease(master, gate, NULL) == NULL ? GATE_FULL : GATE_OK;
    } else {
        hear(master, own);
        answer.accepted = (uint32_t)mailbox_read(&own->mailbox, 0, lines);
        acknowledge(master, own, own->mailbox.first - 1 + answer.accepted);
    }
    return answer;
}

// ---- for listings -----------------------------------------------------------------------------

const struct master_gate *master_gate_at(const struct master *master, uint32_t place) {
    ASSERT(place < master->gates_used);
    const struct master_gate *gate = &master->gates[place];
    return gate->gate == 0 ? NULL : gate;
}

// ---- its journal: what is told ----------------------------------------------------------------

void master_settle(struct master *master) {
    for (uint32_t i = 0; i < master->changed_count; i++) {
        struct master_gate *gate = &master->gates[master->changed[i]];
        gate->is_noted = false;
        if (gate->gate != 0) {
            append_lease(master, gate);
        }
    }
    master->changed_count = 0;
}

static void give_block(const struct mailbox_block *block, struct map *given, journal_receiver *take,
                       void *context) {
    if (map_get(given, block->id) == MAP_NONE) {
        struct bytes lines = bytes_make(block->data, block->size);
        map_put(given, block->id, 0);
        take(context, &(struct journal_record){
                          .kind = MASTER_BLOCK, .number = {block->id}, .text = {lines}});
    }
}

static void give_mailbox(const struct master_gate *gate, struct map *given, journal_receiver *take,
                         void *context) {
    const struct mailbox *mailbox = &gate->mailbox;
    uint64_t first = mailbox_front(mailbox);
    for (uint32_t i = 0; i < mailbox->count; i++) {
        const struct mailbox_block *block = mailbox_block_at(mailbox, i);
        give_block(block, given, take, context);
        take(context, &(struct journal_record){.kind = MASTER_DELIVERED,
                                               .number = {gate->lease, first, block->id}});
        first += block->lines;
    }
}

void master_snapshot(const struct master *master, journal_receiver *take, void *context) {
    struct map given;
    map_init(&given, master->memory, 0);
    for (uint32_t place = 0; place < master->gates_used; place++) {
        if (master->gates[place].gate != 0) {
            give_lease(&master->gates[place], take, context);
            give_mailbox(&master->gates[place], &given, take, context);
        }
    }
    map_deinit(&given);
}

// ---- its journal: what is restored ------------------------------------------------------------

// The state of a gate that is there moves on: what was given is gone.
static bool restore_change(struct master *master, struct master_gate *gate,
                           const struct master_gate *change) {
    struct mailbox *mailbox = &gate->mailbox;
    uint64_t first = change->mailbox.first;
    if (gate->gate != change->gate || gate->is_classic != change->is_classic ||
        first < mailbox->first || first > mailbox_last(mailbox) + 1) {
        return false;
    }
    gate->uploaded = change->uploaded;
    gate->acknowledged = change->acknowledged;
    gate->dropped = change->dropped;
    (void)mailbox_remove(mailbox, &master->pool, first - mailbox->first, 0);
    return true;
}

static bool restore_lease(struct master *master, const struct journal_record *record) {
    const uint64_t *number = record->number;
    struct map *leases = &master->restoring.leases;
    struct master_gate gate = {.gate = number[1] <= PACKET_GATE_MAX ? (uint32_t)number[1] : 0,
                               .lease = number[0],
                               .is_classic = number[2] != 0,
                               .since = number[3],
                               .uploaded = number[4],
                               .acknowledged = number[5],
                               .dropped = number[6]};
    uint32_t place = map_get(leases, gate.lease);
    mailbox_init(&gate.mailbox);
    gate.mailbox.first = number[7];
    if (gate.gate == 0 || record->text[0].size != MASTER_SECRET_SIZE || number[7] == 0 ||
        gate.acknowledged >= number[7]) {
        return false;
    }
    if (place != MAP_NONE) {
        return restore_change(master, &master->gates[place], &gate);
    }
    if (map_get(&master->places, gate.gate) != MAP_NONE) {
        return false;
    }
    memcpy(gate.secret, record->text[0].data, sizeof gate.secret);
    master->is_restored = true;
    master->next_lease = gate.lease >= master->next_lease ? gate.lease + 1 : master->next_lease;
    map_put(leases, gate.lease, place_of(master, add_gate(master, &gate)));
    return true;
}

static bool restore_end(struct master *master, uint64_t lease) {
    uint32_t place = map_get(&master->restoring.leases, lease);
    if (place == MAP_NONE) {
        return false;
    }
    map_remove(&master->restoring.leases, lease);
    end_lease(master, &master->gates[place]);
    return true;
}

static uint32_t count_lines(struct bytes lines) {
    uint32_t count = 0;
    for (size_t i = 0; i < lines.size; i++) {
        count += lines.data[i] == '\n';
    }
    return count;
}

static bool restore_block(struct master *master, const struct journal_record *record) {
    struct master_restoring *restoring = &master->restoring;
    struct bytes lines = record->text[0];
    uint64_t id = record->number[0];
    uint64_t next = master->pool.next_id;
    if (lines.size == 0 || lines.size > UINT32_MAX || lines.data[lines.size - 1] != '\n' ||
        map_get(&restoring->blocks, id) != MAP_NONE) {
        return false;
    }
    struct mailbox_block *block = mailbox_block_create(&master->pool, (uint32_t)lines.size);
    memcpy(block->data, lines.data, lines.size);
    block->lines = count_lines(lines);
    block->id = id;
    master->pool.next_id = id >= next ? id + 1 : next;
    restoring->items = memory_grow(master->memory, restoring->items, &restoring->capacity,
                                   restoring->count + 1, sizeof(struct mailbox_block *));
    map_put(&restoring->blocks, id, restoring->count);
    restoring->items[restoring->count++] = block;
    return true;
}

// A front block may be gone in part: `first` is then before the mailbox's.
static bool restore_delivery(struct master *master, const struct journal_record *record) {
    struct master_restoring *restoring = &master->restoring;
    uint32_t place = map_get(&restoring->leases, record->number[0]);
    uint32_t item = map_get(&restoring->blocks, record->number[2]);
    uint64_t first = record->number[1];
    if (place == MAP_NONE || item == MAP_NONE) {
        return false;
    }
    struct mailbox *mailbox = &master->gates[place].mailbox;
    struct mailbox_block *block = restoring->items[item];
    bool is_front = mailbox->count == 0;
    uint64_t gone = is_front ? mailbox->first - first : 0;
    if (gone >= block->lines || (!is_front && first != mailbox_last(mailbox) + 1)) {
        return false;
    }
    mailbox->first -= gone;
    mailbox_push(mailbox, &master->pool, block);
    (void)mailbox_remove(mailbox, &master->pool, gone, 0);
    return true;
}

// It may lie in mailboxes still: that it is gone there is told later.
static bool restore_block_gone(struct master *master, uint64_t id) {
    struct master_restoring *restoring = &master->restoring;
    uint32_t item = map_get(&restoring->blocks, id);
    if (item != MAP_NONE) {
        mailbox_block_unref(&master->pool, restoring->items[item]);
        restoring->items[item] = NULL;
        map_remove(&restoring->blocks, id);
    }
    return true;
}

bool master_restore(struct master *master, const struct journal_record *record) {
    ASSERT(master->journal == NULL);
    switch ((enum master_record)record->kind) {
    case MASTER_LEASED:
        return restore_lease(master, record);
    case MASTER_ENDED:
        return restore_end(master, record->number[0]);
    case MASTER_BLOCK:
        return restore_block(master, record);
    case MASTER_DELIVERED:
        return restore_delivery(master, record);
    case MASTER_BLOCK_GONE:
        return restore_block_gone(master, record->number[0]);
    case MASTER_RECORDS:
        break;
    }
    return false;
}

// ---- what has to hold -------------------------------------------------------------------------

static void check_gate(const struct master *master, uint32_t place) {
    const struct master_gate *gate = &master->gates[place];
    ASSERT(map_get(&master->places, gate->gate) == place);
    ASSERT(gate->lease > 0 && gate->lease < master->next_lease); // each was given out once
    ASSERT(gate->acknowledged < gate->mailbox.first);            // what it has does not wait
    mailbox_check(&gate->mailbox);
}

void master_check(const struct master *master) {
    uint32_t gates = 0;
    uint32_t unused = 0;
    for (uint32_t place = 0; place < master->gates_used; place++) {
        if (master->gates[place].gate != 0) {
            check_gate(master, place);
            gates++;
        }
    }
    for (uint32_t place = master->free_place; place != DEADLINE_NONE;
         place = master->gates[place].silence.later) {
        ASSERT(master->gates[place].gate == 0);
        unused++;
    }
    ASSERT(gates == master->gates_count && gates == master->places.count);
    ASSERT(gates + unused == master->gates_used && master->gates_used <= master->gates_capacity);
    if (master->gates != NULL) {
        struct deadline_links links = {&master->gates->silence, sizeof *master->gates};
        ASSERT(deadline_check(&master->silence[false], links) +
                   deadline_check(&master->silence[true], links) ==
               gates);
    }
    ASSERT(master->changed_count <= master->changed_capacity);
}
