#include "role/line/line_faults.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "role/line/status.h"

#define REORDER_WAIT UINT64_C(1000000000) // for lines that are to go before
#define ADDRESS_TEXT_MAX 10

void line_faults_init(struct line_faults *faults, struct memory *memory,
                      const struct line_faults_options *options) {
    ASSERT(options->met_max > 0);
    ASSERT(options->place != LINE_AT_ROUTER || options->events.is_of_broker != NULL);
    *faults = (struct line_faults){.memory = memory, .options = *options};
    struct fault_limits limits = {options->rules_max, options->met_max};
    fault_set_init(&faults->set, memory, options->seed, limits);
    faults->set.of_lines = true;
    map_init(&faults->met_by_address, memory, options->seed);
}

static void free_line(struct line_faults *faults, struct line_kept *kept) {
    faults->kept_bytes -= kept->size;
    memory_free(faults->memory, kept->line, kept->size);
}

void line_faults_deinit(struct line_faults *faults) {
    for (uint32_t i = 0; i < faults->kept_count; i++) {
        free_line(faults, &faults->kept[i]);
    }
    memory_free(faults->memory, faults->kept, faults->kept_capacity * sizeof *faults->kept);
    memory_free(faults->memory, faults->met, faults->met_capacity * sizeof *faults->met);
    map_deinit(&faults->met_by_address);
    fault_set_deinit(&faults->set);
}

// ---- who is met -------------------------------------------------------------------------------

static struct line_met *add_met(struct line_faults *faults) {
    if (faults->met_count < faults->options.met_max) {
        faults->met = memory_grow(faults->memory, faults->met, &faults->met_capacity,
                                  faults->met_count + 1, sizeof *faults->met);
        return &faults->met[faults->met_count++];
    }
    struct line_met *met = &faults->met[faults->met_next];
    faults->met_next = (faults->met_next + 1) % faults->options.met_max;
    map_remove(&faults->met_by_address, met->address);
    return met;
}

static struct line_met *meet(struct line_faults *faults, uint32_t address, uint64_t now) {
    uint32_t index = map_get(&faults->met_by_address, address);
    if (index != MAP_NONE) {
        return &faults->met[index];
    }
    struct line_met *met = add_met(faults);
    *met = (struct line_met){.address = address, .looked = now};
    map_put(&faults->met_by_address, address, (uint32_t)(met - faults->met));
    return met;
}

// The client that rules know a line by, as text: its address; beside it, a name that it may have.
static struct bytes client_text(const struct line_faults *faults, uint32_t other,
                                uint8_t text[static ADDRESS_TEXT_MAX]) {
    uint32_t address = faults->options.place == LINE_AT_CLIENT ? faults->options.self : other;
    return bytes_make(text, (size_t)(decimal_write(text, address) - text));
}

static struct bytes name_or(const struct line_faults *faults, struct bytes address) {
    return faults->options.name.size > 0 ? faults->options.name : address;
}

static void look_whether_frozen(struct line_faults *faults, struct line_met *met, uint64_t now) {
    uint8_t text[ADDRESS_TEXT_MAX];
    struct bytes client = client_text(faults, met->address, text);
    struct fault_connection connection = {name_or(faults, client), client, met->looked};
    uint64_t until = fault_set_freezes(&faults->set, &connection, met->frozen_until, now);
    met->frozen_until = until > met->frozen_until ? until : met->frozen_until;
}

// ---- lines that wait --------------------------------------------------------------------------

static void tell(const struct line_faults *faults, const struct line_kept *line, enum fault_end end,
                 const char *text) {
    struct line_fault fault = {.end = end,
                               .way = line->way,
                               .rule = line->rule,
                               .address = line->address,
                               .type = line->type,
                               .text = text,
                               .copies = line->copies,
                               .is_changed = line->is_changed};
    faults->options.events.tell(faults->options.events.context, &fault);
}

static void pass(struct line_faults *faults, enum line_way way, struct bytes line) {
    faults->options.events.pass(faults->options.events.context, way, line);
}

// Whether one of the first `count` lines keeps those of its way with its device waiting behind it.
static bool is_blocked(const struct line_faults *faults, uint32_t count,
                       const struct line_kept *line) {
    for (uint32_t i = 0; i < count; i++) {
        const struct line_kept *earlier = &faults->kept[i];
        if (earlier->state != LINE_DELAYED && earlier->peer == line->peer &&
            earlier->way == line->way) {
            return true;
        }
    }
    return false;
}

static bool may_go(const struct line_faults *faults, uint32_t index, uint64_t now) {
    const struct line_kept *line = &faults->kept[index];
    return line->state != LINE_HELD && line->due <= now && !is_blocked(faults, index, line);
}

static void let_go(struct line_faults *faults, uint32_t index) {
    struct line_kept line = faults->kept[index];
    faults->kept_count--;
    memmove(&faults->kept[index], &faults->kept[index + 1],
            (faults->kept_count - index) * sizeof *faults->kept);
    for (uint32_t i = 0; i < line.copies; i++) {
        pass(faults, line.way, bytes_make(line.line, line.size));
    }
    free_line(faults, &line);
}

static void release(struct line_faults *faults, uint64_t now) {
    for (uint32_t i = 0; i < faults->kept_count;) {
        if (may_go(faults, i, now)) {
            let_go(faults, i); // what comes of it stands at the end
        } else {
            i++;
        }
    }
}

// The line passed: those that let others of their way go first have one less to wait for.
static void count_before(struct line_faults *faults, const struct line_kept *passed, uint64_t now) {
    for (uint32_t i = 0; i < faults->kept_count; i++) {
        struct line_kept *kept = &faults->kept[i];
        bool waits = kept->by > 0 && kept->way == passed->way && kept->peer == passed->peer;
        if (waits && --kept->by == 0) {
            kept->due = now;
        }
    }
}

static void keep(struct line_faults *faults, struct line_kept *line, struct bytes text,
                 const struct fault_decision *decision) {
    if (faults->kept_count == faults->options.kept_max ||
        faults->kept_bytes + text.size > faults->options.kept_bytes_max) {
        tell(faults, line, FAULT_IS_DROPPED, "dropped, since too many lines wait");
        return;
    }
    line->line = memory_allocate(faults->memory, text.size);
    line->size = text.size;
    memcpy(line->line, text.data, text.size);
    fault_corrupt(decision, text.size, 0, line->line, text.size);
    faults->kept = memory_grow(faults->memory, faults->kept, &faults->kept_capacity,
                               faults->kept_count + 1, sizeof *faults->kept);
    faults->kept[faults->kept_count++] = *line;
    faults->kept_bytes += text.size;
}

// ---- what becomes of a line -------------------------------------------------------------------

static void decide(struct line_faults *faults, const struct line_kept *line, size_t size,
                   uint64_t now, struct fault_decision *decision) {
    uint8_t text[ADDRESS_TEXT_MAX];
    struct bytes client_name = client_text(faults, line->peer, text);
    struct fault_packet packet = {
        .kind = (uint8_t)(FAULT_LINE + line->type),
        .direction = line->to_broker ? FAULT_TO_BROKER : FAULT_TO_CLIENT,
        .qos = -1,
        .bytes = size + 1,
        .client = name_or(faults, client_name),
        .address = client_name,
    };
    struct fault_client *client = fault_set_ref(&faults->set, client_name);
    ASSERT(client != NULL); // none is referenced for longer than this
    fault_set_decide(&faults->set, client, &packet, now, decision);
    fault_set_unref(&faults->set, client);
}

static void cut(struct line_faults *faults, struct line_kept *line, struct bytes text,
                const struct fault_decision *decision) {
    size_t inside = decision->inside_bytes < text.size ? decision->inside_bytes : text.size;
    line->is_changed = decision->place == FAULT_INSIDE;
    tell(faults, line, FAULT_IS_CUT, "cut off");
    if (decision->place == FAULT_AFTER) {
        pass(faults, line->way, text);
    } else if (decision->place == FAULT_INSIDE && inside > 0) {
        pass(faults, line->way, bytes_make(text.data, inside));
    }
    faults->options.events.cut(faults->options.events.context, line->peer);
}

static const char *change_of(const struct fault_decision *decision) {
    return decision->by > 0       ? "sent behind others"
           : decision->copies > 1 ? "sent twice"
           : decision->bits > 0   ? "corrupted"
                                  : "delayed";
}

// It passes, now or later.
static void forward(struct line_faults *faults, struct line_kept *line, struct bytes text,
                    const struct fault_decision *decision, uint64_t now) {
    line->copies = decision->copies;
    line->is_changed = decision->bits > 0;
    line->by = decision->by;
    line->due = decision->by > 0 ? now + REORDER_WAIT : decision->finish;
    if (decision->rule != 0) {
        tell(faults, line, FAULT_PASSES, change_of(decision));
    }
    bool changes = line->is_changed || line->copies > 1;
    if (line->due > now || changes || is_blocked(faults, faults->kept_count, line)) {
        keep(faults, line, text, decision);
    } else {
        pass(faults, line->way, text);
    }
}

static void take_decided(struct line_faults *faults, struct line_kept *line, struct bytes text,
                         const struct fault_decision *decision, uint64_t now) {
    switch (decision->end) {
    case FAULT_PASSES:
        count_before(faults, line, now);
        forward(faults, line, text, decision, now);
        return;
    case FAULT_IS_HELD:
        line->state = LINE_HELD;
        line->copies = 1;
        tell(faults, line, FAULT_IS_HELD, "held");
        keep(faults, line, text, decision);
        return;
    case FAULT_IS_CUT:
        cut(faults, line, text, decision);
        return;
    case FAULT_IS_DROPPED:
    case FAULT_IS_RESET:
    case FAULT_IS_REFUSED:
        tell(faults, line, decision->end,
             decision->end == FAULT_IS_REFUSED ? "refused" : "dropped");
        return;
    }
}

static void freeze(struct line_faults *faults, struct line_kept *line, struct bytes text,
                   uint64_t until) {
    line->state = LINE_FROZEN;
    line->copies = 1;
    line->due = until;
    tell(faults, line, FAULT_IS_HELD, "frozen");
    keep(faults, line, text, &(struct fault_decision){0});
}

// A router takes what devices of its network send to others elsewhere, or to everyone.
static bool is_ours(const struct line_faults *faults, enum line_way way,
                    const struct packet *packet) {
    bool is_for_all = packet->receiver == PACKET_EVERYONE;
    if (way == LINE_OUT) {
        return true;
    }
    if (faults->options.place == LINE_AT_ROUTER) {
        return packet_address_gate(packet->sender) == 0 &&
               (is_for_all || packet_address_gate(packet->receiver) != 0);
    }
    return is_for_all || packet->receiver == faults->options.self;
}

static struct line_kept line_of(const struct line_faults *faults, enum line_way way,
                                const struct packet *packet, uint64_t now) {
    struct line_kept line = {.way = way,
                             .type = packet->type,
                             .since = now,
                             .address = way == LINE_IN ? packet->sender : packet->receiver};
    line.peer = line.address;
    line.to_broker = (way == LINE_IN) == (faults->options.place == LINE_AT_BROKER);
    if (faults->options.place == LINE_AT_ROUTER) {
        line.to_broker =
            !faults->options.events.is_of_broker(faults->options.events.context, packet);
        bool is_sender = line.to_broker || packet->receiver == PACKET_EVERYONE;
        line.peer = is_sender ? packet->sender : packet->receiver;
    }
    return line;
}

void line_faults_take(struct line_faults *faults, enum line_way way, const struct packet *packet,
                      struct bytes text, uint64_t now) {
    if (!line_faults_are_on(faults) || !is_ours(faults, way, packet)) {
        pass(faults, way, text);
        return;
    }
    struct line_kept line = line_of(faults, way, packet, now);
    struct fault_decision decision;
    struct line_met *met = meet(faults, line.peer, now);
    look_whether_frozen(faults, met, now);
    if (met->frozen_until > now) {
        freeze(faults, &line, text, met->frozen_until);
        return;
    }
    decide(faults, &line, text.size, now, &decision);
    line.rule = decision.rule;
    if (decision.frozen_until > now) {
        met->frozen_until = decision.frozen_until;
        freeze(faults, &line, text, met->frozen_until);
        return;
    }
    bool is_held = decision.end == FAULT_PASSES && faults->holds_all;
    decision.end = is_held ? FAULT_IS_HELD : decision.end;
    take_decided(faults, &line, text, &decision, now);
    if (decision.end == FAULT_IS_REFUSED) {
        faults->options.events.refuse(faults->options.events.context, way, packet);
    }
}

// ---- time -------------------------------------------------------------------------------------

static void cut_by_time(struct line_faults *faults, uint64_t now) {
    for (uint32_t i = 0; i < faults->met_count; i++) {
        struct line_met *met = &faults->met[i];
        uint8_t text[ADDRESS_TEXT_MAX];
        struct bytes client = client_text(faults, met->address, text);
        struct fault_connection connection = {name_or(faults, client), client, met->looked};
        struct line_kept line = {
            .way = LINE_OUT, .type = PACKET_DISC, .address = met->address, .peer = met->address};
        line.rule = fault_set_cuts(&faults->set, &connection, now);
        met->looked = now;
        if (line.rule != 0) {
            tell(faults, &line, FAULT_IS_CUT, "cut off");
            faults->options.events.cut(faults->options.events.context, met->address);
        }
    }
}

void line_faults_tick(struct line_faults *faults, uint64_t now) {
    if (faults->set.count > 0) {
        cut_by_time(faults, now);
    }
    release(faults, now);
}

uint64_t line_faults_deadline(const struct line_faults *faults, uint64_t now) {
    uint64_t due = faults->set.count > 0 ? fault_set_due(&faults->set, now) : UINT64_MAX;
    for (uint32_t i = 0; i < faults->kept_count; i++) {
        const struct line_kept *line = &faults->kept[i];
        bool counts = line->state != LINE_HELD && line->due < due && !is_blocked(faults, i, line);
        due = counts ? line->due : due;
    }
    return due;
}

// ---- levers -----------------------------------------------------------------------------------

uint32_t line_faults_add(struct line_faults *faults, const struct fault_rule *rule, uint64_t now) {
    return fault_set_add(&faults->set, rule, now);
}

// Who is frozen, and until when, is found anew.
static void thaw(struct line_faults *faults, uint64_t now) {
    for (uint32_t i = 0; i < faults->met_count; i++) {
        faults->met[i].frozen_until = 0;
        look_whether_frozen(faults, &faults->met[i], now);
    }
    for (uint32_t i = 0; i < faults->kept_count; i++) {
        struct line_kept *line = &faults->kept[i];
        if (line->state == LINE_FROZEN) {
            line->due = meet(faults, line->peer, now)->frozen_until;
        }
    }
}

static bool is_freeze(const struct line_faults *faults, uint32_t number) {
    for (uint32_t i = 0; i < faults->set.count; i++) {
        if (faults->set.entries[i].number == number) {
            return faults->set.entries[i].rule.action == FAULT_FREEZE;
        }
    }
    return false;
}

// One that no rule is about may wait for a stall: no longer, if that was taken back.
static void renew_due(struct line_faults *faults, struct line_kept *line, uint64_t now) {
    uint8_t text[ADDRESS_TEXT_MAX];
    struct fault_client *client =
        fault_set_ref(&faults->set, client_text(faults, line->peer, text));
    ASSERT(client != NULL); // none is referenced for longer than this
    uint64_t stalled = fault_set_stalled(&faults->set, client,
                                         line->to_broker ? FAULT_TO_BROKER : FAULT_TO_CLIENT);
    fault_set_unref(&faults->set, client);
    line->due = stalled > now ? stalled : now;
}

bool line_faults_remove(struct line_faults *faults, uint32_t number, uint64_t now) {
    bool thaws = is_freeze(faults, number);
    if (!fault_set_remove(&faults->set, number)) {
        return false;
    }
    for (uint32_t i = 0; i < faults->kept_count; i++) {
        struct line_kept *line = &faults->kept[i];
        if (line->rule == number) {
            line->state = line->state == LINE_HELD ? LINE_DELAYED : line->state;
            line->due = now;
        } else if (line->rule == 0 && line->state == LINE_DELAYED && line->due > now) {
            renew_due(faults, line, now);
        }
    }
    if (thaws) {
        thaw(faults, now);
    }
    release(faults, now);
    return true;
}

void line_faults_hold(struct line_faults *faults, bool holds, uint64_t now) {
    faults->holds_all = holds;
    for (uint32_t i = 0; i < faults->kept_count && !holds; i++) {
        struct line_kept *line = &faults->kept[i];
        line->state = line->state == LINE_HELD ? LINE_DELAYED : line->state;
    }
    release(faults, now);
}

uint64_t line_faults_held_since(const struct line_faults *faults) {
    for (uint32_t i = 0; i < faults->kept_count; i++) {
        if (faults->kept[i].state == LINE_HELD) {
            return faults->kept[i].since;
        }
    }
    return UINT64_MAX;
}

bool line_faults_step(struct line_faults *faults, uint64_t now) {
    for (uint32_t i = 0; i < faults->kept_count; i++) {
        if (faults->kept[i].state == LINE_HELD) {
            let_go(faults, i);
            release(faults, now);
            return true;
        }
    }
    return false;
}

size_t line_faults_refusal(const struct packet *request, uint64_t time_stamp,
                           uint8_t line[static LINE_FAULTS_ANSWER_MAX]) {
    char status[STATUS_TEXT_SIZE];
    struct packet answer = {.time_stamp = time_stamp,
                            .sender = request->receiver,
                            .receiver = request->sender,
                            .type = PACKET_CRES};
    packet_add(&answer, status_write(STATUS_UNAVAILABLE, status));
    packet_add(&answer, BYTES_LITERAL("0"));
    answer.signature = packet_signature(&answer);
    size_t size = packet_format(&answer, line, LINE_FAULTS_ANSWER_MAX);
    ASSERT(size > 0);
    return size;
}

void line_faults_check(const struct line_faults *faults) {
    size_t bytes = 0;
    for (uint32_t i = 0; i < faults->kept_count; i++) {
        ASSERT(faults->kept[i].copies > 0 && faults->kept[i].line != NULL);
        bytes += faults->kept[i].size;
    }
    ASSERT(bytes == faults->kept_bytes && faults->kept_count <= faults->options.kept_max);
    ASSERT(faults->met_count <= faults->options.met_max);
    ASSERT(faults->met_by_address.count == faults->met_count);
    for (uint32_t i = 0; i < faults->met_count; i++) {
        ASSERT(map_get(&faults->met_by_address, faults->met[i].address) == i);
    }
    fault_set_check(&faults->set);
}
