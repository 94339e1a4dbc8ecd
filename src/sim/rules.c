#include "sim/rules.h"

#include "base/assert.h"
#include "fault/text.h"
#include "role/proxy/head.h"

#define RULES_MAX 256u
#define CLIENTS_MAX UINT32_MAX
#define ASIDE_NS UINT64_C(1000000000) // for packets that are to go before another

void sim_rules_init(struct sim_rules *rules, struct sim_island *island,
                    const struct sim_rules_watch *watch) {
    *rules = (struct sim_rules){.island = island, .watch = *watch, .aside_due = SIM_NEVER};
    fault_set_init(&rules->set, &island->memory, island->plan->seed,
                   (struct fault_limits){.rules_max = RULES_MAX, .clients_max = CLIENTS_MAX});
}

void sim_rules_deinit(struct sim_rules *rules) {
    fault_set_deinit(&rules->set);
    memory_free(&rules->island->memory, rules->pairs, rules->pair_capacity * sizeof *rules->pairs);
}

// ---- a stream's ---------------------------------------------------------------------------------

struct passing {
    struct sim_rules *rules;
    struct sim_stream *stream;
    struct sim_ruled *ruled;
    enum sim_side side;
    uint64_t leaves;
    bool is_told; // the packet stands in the trace already
};

static const struct sim_trace_note said = {.fate = SIM_TRACE_SAID};

static struct bytes client_name(const struct sim_stream *stream,
                                uint8_t room[static PLAN_NAME_MAX]) {
    const struct plan *plan = stream->island->plan;
    const struct sim_place *place = &stream->node[SIM_CLIENT_END]->place;
    return plan_device_name(plan, &plan->groups[place->index], place->i, room);
}

static enum mqtt_version version_of(const struct sim_stream *stream) {
    const struct plan *plan = stream->island->plan;
    enum plan_speaks speaks = plan->groups[stream->node[SIM_CLIENT_END]->place.index].speaks;
    return speaks == PLAN_MQTT_5_0 ? MQTT_5 : speaks == PLAN_MQTT_3_1 ? MQTT_3_1 : MQTT_3_1_1;
}

static struct sim_ruled *ruled_of(struct sim_rules *rules, struct sim_stream *stream) {
    if (stream->ruled == NULL) {
        struct memory *memory = &stream->island->memory;
        uint8_t room[PLAN_NAME_MAX];
        stream->ruled = memory_allocate(memory, sizeof *stream->ruled);
        stream->ruled->set = &rules->set;
        stream->ruled->client = fault_set_ref(&rules->set, client_name(stream, room));
        ASSERT(stream->ruled->client != NULL); // there is no limit that could refuse it
        stream->ruled->looked = stream->island->now;
        buffer_init(&stream->ruled->rest[SIM_CLIENT_END], memory);
        buffer_init(&stream->ruled->rest[SIM_BROKER_END], memory);
        buffer_init(&stream->ruled->behind[SIM_CLIENT_END], memory);
        buffer_init(&stream->ruled->behind[SIM_BROKER_END], memory);
    }
    return stream->ruled;
}

// ---- what the trace is told ---------------------------------------------------------------------

static void write_rule(const struct sim_rules *rules, uint32_t number, struct buffer *text) {
    for (uint32_t i = 0; i < rules->set.count; i++) {
        if (rules->set.entries[i].number == number) {
            fault_text_write(&rules->set.entries[i].rule, text);
        }
    }
}

// `number` 0: no rule did it by itself.
static void tell(const struct passing *passing, struct bytes packet, struct sim_trace_note note,
                 uint32_t number) {
    if (!passing->stream->is_told || passing->is_told) {
        return;
    }
    struct buffer text;
    buffer_init(&text, &passing->stream->island->memory);
    write_rule(passing->rules, number, &text);
    note.why = buffer_bytes(&text);
    sim_stream_tell(passing->stream, passing->side, packet, &note);
    buffer_deinit(&text);
}

static void tell_cut(const struct passing *passing, uint32_t number) {
    if (!passing->stream->is_told) {
        return;
    }
    struct buffer text;
    buffer_init(&text, &passing->stream->island->memory);
    write_rule(passing->rules, number, &text);
    sim_stream_tell_end(passing->stream, &(struct sim_trace_end){.cause = SIM_TRACE_CUT,
                                                                 .why = buffer_bytes(&text)});
    buffer_deinit(&text);
}

// ---- what is done -------------------------------------------------------------------------------

// Both ends find the connection reset.
static void cut(const struct passing *passing, uint32_t number) {
    struct sim_stream *stream = passing->stream;
    tell_cut(passing, number);
    passing->ruled->is_cut = true;
    for (unsigned side = 0; side < SIM_ENDS; side++) {
        if (!stream->is_over[side]) {
            sim_stream_mark(stream, (enum sim_side)side, SIM_RESET, passing->leaves);
        }
    }
}

static void tell_lost(const struct passing *passing, struct bytes packet) {
    struct mqtt_packet decoded;
    enum mqtt_sender sender = passing->side == SIM_CLIENT_END ? MQTT_FROM_CLIENT : MQTT_FROM_SERVER;
    ASSERT(packet.size > 0);
    if (packet.data[0] >> 4 == MQTT_PUBLISH &&
        mqtt_decode(&decoded, packet, version_of(passing->stream), sender, NULL) == MQTT_SUCCESS) {
        passing->rules->watch.lost(passing->rules->watch.context, passing->stream, passing->side,
                                   decoded.publish.payload);
    }
}

// `note` NULL: what links and freezes do is told of them.
static void send(const struct passing *passing, struct bytes bytes, uint64_t leaves,
                 const struct sim_trace_note *note) {
    uint64_t frozen = passing->ruled->frozen_until;
    uint64_t now = passing->stream->island->now;
    struct sim_trace_note of_freeze = {.fate = SIM_TRACE_DELAYED, .delay_ns = frozen - now};
    leaves = leaves > passing->leaves ? leaves : passing->leaves;
    note = passing->is_told ? &said : note == NULL && frozen > leaves ? &of_freeze : note;
    while (bytes.size > 0) {
        size_t size = bytes.size < SIM_SEND_MAX ? bytes.size : SIM_SEND_MAX;
        sim_stream_send_noted(passing->stream, passing->side, bytes_make(bytes.data, size),
                              leaves > frozen ? leaves : frozen, note);
        bytes = bytes_make(bytes.data + size, bytes.size - size);
    }
}

// Copies of a packet go, with bits turned where that was decided.
static void let_pass(const struct passing *passing, struct bytes packet,
                     const struct fault_decision *decision) {
    struct buffer wrong;
    buffer_init(&wrong, &passing->stream->island->memory);
    uint64_t now = passing->stream->island->now;
    bool is_late = decision->finish > now;
    struct sim_trace_note note = {.fate =
                                      decision->bits > 0 ? SIM_TRACE_CHANGED : SIM_TRACE_DELAYED,
                                  .delay_ns = is_late ? decision->finish - now : 0};
    bool is_noted = decision->bits > 0 || is_late;
    if (is_noted) {
        tell(passing, packet, note, decision->rule);
    }
    if (decision->bits > 0) {
        buffer_append(&wrong, packet);
        fault_corrupt(decision, packet.size, 0, wrong.data, wrong.size);
        tell_lost(passing, packet);
        packet = buffer_bytes(&wrong);
    }
    for (uint32_t i = 0; i < decision->copies; i++) {
        if (i > 0) {
            tell(passing, packet, (struct sim_trace_note){.fate = SIM_TRACE_REPEATED},
                 decision->rule);
        }
        send(passing, packet, decision->finish, is_noted || i > 0 ? &said : NULL);
    }
    buffer_deinit(&wrong);
}

// A packet that others are to overtake, one at a time. It does not wait for them for ever.
static void put_aside(const struct passing *passing, struct bytes packet, uint32_t by) {
    struct sim_ruled *ruled = passing->ruled;
    struct sim_rules *rules = passing->rules;
    ruled->by[passing->side] = by + 1;
    ruled->goes_at[passing->side] = rules->island->now + ASIDE_NS;
    buffer_append(&ruled->behind[passing->side], packet);
    if (ruled->goes_at[passing->side] < rules->aside_due) {
        rules->aside_due = ruled->goes_at[passing->side];
        sim_node_wake(rules->clock, rules->aside_due);
    }
}

static void send_behind(const struct passing *passing) {
    struct buffer *behind = &passing->ruled->behind[passing->side];
    send(passing, buffer_bytes(behind), passing->leaves, &said);
    behind->size = 0;
    passing->ruled->by[passing->side] = 0;
}

// When enough have overtaken it, it goes.
static void overtake(const struct passing *passing) {
    struct sim_ruled *ruled = passing->ruled;
    if (ruled->by[passing->side] > 0 && --ruled->by[passing->side] == 0) {
        send_behind(passing);
    }
}

// False: it, and what is behind it, stays.
static bool carry_out(const struct passing *passing, struct bytes packet,
                      const struct fault_decision *decision) {
    struct sim_ruled *ruled = passing->ruled;
    if (decision->frozen_until > ruled->frozen_until) {
        ruled->frozen_until = decision->frozen_until;
    }
    switch (decision->end) {
    case FAULT_PASSES:
        if (decision->by > 0 && ruled->by[passing->side] == 0) {
            tell(passing, packet, (struct sim_trace_note){.fate = SIM_TRACE_REORDERED},
                 decision->rule);
            put_aside(passing, packet, decision->by);
        } else {
            let_pass(passing, packet, decision);
        }
        overtake(passing);
        return true;
    case FAULT_IS_DROPPED:
        tell(passing, packet, (struct sim_trace_note){.fate = SIM_TRACE_DROPPED}, decision->rule);
        tell_lost(passing, packet);
        return true;
    case FAULT_IS_HELD:
        tell(passing, packet, (struct sim_trace_note){.fate = SIM_TRACE_HELD}, decision->rule);
        ruled->is_told[passing->side] = true;
        ruled->held_since[passing->side] =
            passing->is_told ? ruled->held_since[passing->side] : passing->stream->island->now;
        ruled->is_held[passing->side] = true;
        ruled->held_by[passing->side] = decision->rule;
        return false;
    case FAULT_IS_CUT: {
        size_t inside = decision->inside_bytes < packet.size ? decision->inside_bytes : packet.size;
        size_t size = decision->place == FAULT_AFTER    ? packet.size
                      : decision->place == FAULT_INSIDE ? inside
                                                        : 0;
        if (size < packet.size) {
            tell(passing, packet, (struct sim_trace_note){.fate = SIM_TRACE_DROPPED},
                 decision->rule);
        }
        send(passing, bytes_make(packet.data, size), decision->finish,
             size < packet.size ? &said : NULL);
        cut(passing, decision->rule);
        return true;
    }
    case FAULT_IS_REFUSED:
    case FAULT_IS_RESET:
        tell(passing, packet, (struct sim_trace_note){.fate = SIM_TRACE_DROPPED}, decision->rule);
        cut(passing, decision->rule);
        return true;
    }
    return true;
}

// False: it stays.
static bool decide_packet(const struct passing *passing, struct bytes packet,
                          const struct proxy_head *head) {
    struct fault_set *set = &passing->rules->set;
    unsigned direction = passing->side == SIM_CLIENT_END ? FAULT_TO_BROKER : FAULT_TO_CLIENT;
    if (!fault_set_cares(set, direction, head->type)) {
        fault_client_count(passing->ruled->client, direction);
        send(passing, packet, passing->leaves, NULL);
        overtake(passing);
        return true;
    }
    uint8_t room[PLAN_NAME_MAX];
    struct fault_packet about = {.kind = head->type,
                                 .direction = (uint8_t)direction,
                                 .qos = head->qos,
                                 .bytes = packet.size,
                                 .topic = head->topic,
                                 .client = client_name(passing->stream, room)};
    struct fault_decision decision;
    fault_set_decide(set, passing->ruled->client, &about, passing->stream->island->now, &decision);
    return carry_out(passing, packet, &decision);
}

// Likewise; one that was held goes on, or is held again.
static bool pass_packet(const struct passing *passing, struct bytes packet,
                        const struct proxy_head *head) {
    struct sim_ruled *ruled = passing->ruled;
    struct passing again = *passing;
    again.is_told = ruled->is_told[passing->side];
    bool goes = decide_packet(&again, packet, head);
    if (goes && again.is_told && !ruled->is_cut) {
        uint64_t waited = passing->stream->island->now - ruled->held_since[passing->side];
        tell(passing, (struct bytes){0},
             (struct sim_trace_note){.fate = SIM_TRACE_LET_GO, .delay_ns = waited}, 0);
    }
    ruled->is_told[passing->side] = !goes;
    return goes;
}

// Takes whole packets from the front of what waits.
static void pass_all(const struct passing *passing) {
    struct sim_ruled *ruled = passing->ruled;
    struct buffer *rest = &ruled->rest[passing->side];
    enum mqtt_version version = version_of(passing->stream);
    size_t at = 0;
    while (at < rest->size && !ruled->is_held[passing->side] && !ruled->is_cut) {
        struct bytes left = bytes_make(rest->data + at, rest->size - at);
        struct proxy_head head;
        enum proxy_head_state state = proxy_head_read(left, version, true, &head);
        if (state == PROXY_HEAD_FOREIGN) {
            send(passing, left, passing->leaves, NULL);
            at = rest->size;
        } else if (state == PROXY_HEAD_PART || head.bytes > left.size ||
                   !pass_packet(passing, bytes_make(left.data, head.bytes), &head)) {
            break;
        } else {
            at += head.bytes;
        }
    }
    if (ruled->is_cut) {
        at = rest->size;
    }
    buffer_consume(rest, at);
}

// No rule is about a visitor.
static bool is_beside(const struct sim_stream *stream) {
    return sim_place_is_beside(&stream->node[SIM_CLIENT_END]->place,
                               &stream->node[SIM_BROKER_END]->place);
}

void sim_rules_send(struct sim_rules *rules, struct sim_stream *stream, enum sim_side side,
                    struct bytes bytes, uint64_t leaves) {
    if (rules == NULL || (rules->set.count == 0 && stream->ruled == NULL) || is_beside(stream)) {
        sim_stream_send(stream, side, bytes, leaves);
        return;
    }
    struct passing passing = {rules, stream, ruled_of(rules, stream), side, leaves, false};
    if (!passing.ruled->is_cut) {
        buffer_append(&passing.ruled->rest[side], bytes);
        pass_all(&passing);
    }
}

// ---- rules come and go --------------------------------------------------------------------------

static bool may_be_about_lines(const struct fault_rule *rule) {
    return rule->kind == FAULT_ANY || (rule->kind >= FAULT_LINE && rule->kind < FAULT_BYTES);
}

// Who has something to do because of it does so in its turn.
static void call(struct sim_rules *rules, const struct sim_line_rules *of) {
    sim_ready_add(rules->island, &of->end->node->ready);
}

static void add_to_lines(struct sim_rules *rules, const struct fault_rule *rule, uint32_t number) {
    uint32_t of_lines = 0;
    for (struct sim_line_rules *at = rules->lines; at != NULL; at = at->next) {
        uint32_t here = line_faults_add(&at->faults, rule, rules->island->now);
        ASSERT(here != 0 && (of_lines == 0 || here == of_lines));
        of_lines = here;
        call(rules, at);
    }
    if (of_lines != 0) {
        rules->pairs =
            memory_grow_little(&rules->island->memory, rules->pairs, &rules->pair_capacity,
                               rules->pair_count + 1, sizeof *rules->pairs);
        rules->pairs[rules->pair_count++] = (struct sim_rules_pair){number, of_lines};
    }
}

static uint32_t number_of_lines(const struct sim_rules *rules, uint32_t number) {
    for (uint32_t i = 0; i < rules->pair_count; i++) {
        if (rules->pairs[i].number == number) {
            return rules->pairs[i].of_lines;
        }
    }
    return 0;
}

static void remove_from_lines(struct sim_rules *rules, uint32_t number) {
    uint32_t of_lines = number_of_lines(rules, number);
    for (struct sim_line_rules *at = rules->lines; of_lines != 0 && at != NULL; at = at->next) {
        (void)line_faults_remove(&at->faults, of_lines, rules->island->now);
        call(rules, at);
    }
    for (uint32_t i = 0; i < rules->pair_count; i++) {
        if (rules->pairs[i].number == number) {
            rules->pairs[i] = rules->pairs[--rules->pair_count];
        }
    }
}

uint32_t sim_rules_add(struct sim_rules *rules, const struct fault_rule *rule) {
    uint32_t number = fault_set_add(&rules->set, rule, rules->island->now);
    if (number != 0 && may_be_about_lines(rule)) {
        add_to_lines(rules, rule, number);
    }
    return number;
}

static uint64_t hits_on_lines(const struct sim_line_rules *rules, uint32_t number) {
    const struct fault_set *set = &rules->faults.set;
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->entries[i].number == number) {
            return set->entries[i].hits;
        }
    }
    return 0;
}

uint64_t sim_rules_hits(const struct sim_rules *rules, uint32_t index) {
    ASSERT(index < rules->set.count);
    uint64_t hits = rules->set.entries[index].hits;
    uint32_t of_lines = number_of_lines(rules, rules->set.entries[index].number);
    const struct sim_line_rules *at = of_lines == 0 ? NULL : rules->lines;
    for (; at != NULL; at = at->next) {
        hits += hits_on_lines(at, of_lines);
    }
    return hits;
}

static void let_go(struct sim_rules *rules, struct sim_stream *stream, uint32_t number) {
    for (unsigned side = 0; side < SIM_ENDS; side++) {
        struct sim_ruled *ruled = stream->ruled;
        if (ruled->is_held[side] && ruled->held_by[side] == number && !stream->is_over[side]) {
            ruled->is_held[side] = false;
            struct passing passing = {rules, stream, ruled, (enum sim_side)side, rules->island->now,
                                      false};
            pass_all(&passing);
        }
    }
}

bool sim_rules_remove(struct sim_rules *rules, uint32_t number) {
    if (!fault_set_remove(&rules->set, number)) {
        return false;
    }
    remove_from_lines(rules, number);
    struct sim_stream_table *streams = &rules->island->streams;
    for (uint32_t i = 0; i < streams->count; i++) {
        struct sim_stream *stream = streams->items[i];
        if (stream != NULL && stream->ruled != NULL) {
            let_go(rules, stream, number);
        }
    }
    return true;
}

uint64_t sim_rules_due(const struct sim_rules *rules) {
    uint64_t due = fault_set_due(&rules->set, rules->island->now);
    return due < rules->aside_due ? due : rules->aside_due;
}

// What others did not overtake in time.
static void end_waits(struct sim_rules *rules, struct sim_stream *stream) {
    struct sim_ruled *ruled = stream->ruled;
    for (unsigned side = 0; side < SIM_ENDS; side++) {
        if (ruled->by[side] == 0 || ruled->is_cut || stream->is_over[side]) {
            continue;
        }
        if (ruled->goes_at[side] <= rules->island->now) {
            send_behind(&(struct passing){rules, stream, ruled, (enum sim_side)side,
                                          rules->island->now, false});
        } else if (ruled->goes_at[side] < rules->aside_due) {
            rules->aside_due = ruled->goes_at[side];
        }
    }
}

static void look(struct sim_rules *rules, struct sim_stream *stream) {
    uint64_t now = rules->island->now;
    struct sim_ruled *ruled = ruled_of(rules, stream);
    uint8_t room[PLAN_NAME_MAX];
    struct fault_connection connection = {.client = client_name(stream, room),
                                          .looked = ruled->looked};
    uint64_t frozen = fault_set_freezes(&rules->set, &connection, ruled->frozen_until, now);
    ruled->frozen_until = frozen > ruled->frozen_until ? frozen : ruled->frozen_until;
    uint32_t cut_by = fault_set_cuts(&rules->set, &connection, now);
    ruled->looked = now;
    if (cut_by != 0 && !ruled->is_cut) {
        cut(&(struct passing){rules, stream, ruled, SIM_CLIENT_END, now, false}, cut_by);
    }
}

void sim_rules_tick(struct sim_rules *rules) {
    struct sim_stream_table *streams = &rules->island->streams;
    rules->aside_due = SIM_NEVER;
    for (uint32_t i = 0; i < streams->count; i++) {
        if (streams->items[i] != NULL && !is_beside(streams->items[i])) {
            look(rules, streams->items[i]);
            end_waits(rules, streams->items[i]);
        }
    }
}
