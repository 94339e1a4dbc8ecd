#include "sim/link/lines.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "sim/account/telling.h"

#define SECOND_NS UINT64_C(1000000000)

_Static_assert(PACKET_ELEMENTS_MAX <= UINT8_MAX, "a line counts its elements in a byte");
_Static_assert(FAULT_LINE + PACKET_TYPES <= FAULT_KINDS, "each type of line is counted");

void sim_network_init(struct sim_network *network, struct sim_island *island, uint32_t index) {
    *network = (struct sim_network){.island = island, .index = index};
}

void sim_network_deinit(struct sim_network *network) {
    memory_free(&network->island->memory, network->members,
                network->capacity * sizeof *network->members);
}

// ---- gates --------------------------------------------------------------------------------------

void sim_gates_init(struct sim_gates *gates, struct memory *memory, uint64_t seed) {
    *gates = (struct sim_gates){0};
    map_init(&gates->places, memory, seed);
}

void sim_gates_deinit(struct sim_gates *gates) {
    memory_free(gates->places.memory, gates->networks,
                gates->capacity * sizeof(struct sim_network *));
    map_deinit(&gates->places);
}

void sim_gates_add(struct sim_gates *gates, struct sim_network *network, uint32_t gate) {
    gates->networks = memory_grow(gates->places.memory, gates->networks, &gates->capacity,
                                  gates->count + 1, sizeof(struct sim_network *));
    map_put(&gates->places, gate, gates->count);
    gates->networks[gates->count++] = network;
    network->gate = gate;
    network->gates = gates;
}

// ---- members ------------------------------------------------------------------------------------

static void set_member(struct sim_network *network, uint32_t address, struct sim_line_end *end) {
    uint32_t before = network->capacity;
    network->members = memory_grow_little(&network->island->memory, network->members,
                                          &network->capacity, address + 1, sizeof end);
    for (uint32_t i = before; i < network->capacity; i++) {
        network->members[i] = NULL;
    }
    network->members[address] = end;
}

bool sim_lines_join(struct sim_network *network, struct sim_line_end *end, struct sim_node *node,
                    enum sim_line_kind kind) {
    if (kind != SIM_LINE_ROUTER && network->last == PACKET_LOCAL_MAX) {
        return false;
    }
    uint32_t address = kind == SIM_LINE_ROUTER ? 0 : ++network->last;
    *end = (struct sim_line_end){
        .network = network, .node = node, .address = address, .kind = (uint8_t)kind};
    set_member(network, address, end);
    return true;
}

uint64_t sim_lines_clock(uint64_t now) {
    return SIM_EPOCH + now / SECOND_NS;
}

// ---- a line on its way --------------------------------------------------------------------------

struct passage {
    struct sim_line_end *from;
    struct sim_line *line;
    const struct plan_link *link; // NULL: none
    uint64_t leaves;
};

static bool is_lost(struct sim_line_end *end, const struct fault_loss *loss) {
    uint64_t random = sim_random(end->node->random, SIM_FOR_LOSS_UP, end->drawn);
    uint64_t other = hash_number(random, 1);
    bool lost = sim_random_share(random, end->is_bad ? loss->bad : loss->good);
    end->is_bad ^= sim_random_share(other, end->is_bad ? loss->to_good : loss->to_bad);
    return lost;
}

static void pass(const struct passage *passage, struct sim_line_end *to) {
    struct sim_line_end *from = passage->from;
    struct sim_network *network = from->network;
    const struct plan_link *link = passage->link;
    from->drawn++;
    bool leads = sim_paths_lead(&network->island->paths, &from->node->place, &to->node->place);
    if (!leads || (link != NULL && is_lost(from, &link->loss))) {
        network->island->counts.lines_lost++;
        sim_lines_lose(network, passage->line, LOSS_LINK);
        return;
    }
    uint64_t due = passage->leaves;
    if (link != NULL) {
        uint64_t random = sim_random(from->node->random, SIM_FOR_JITTER_UP, from->drawn);
        due += sim_random_around(random, link->delay_ns, link->jitter_ns);
    }
    due = due > to->last_due ? due : to->last_due + 1;
    due = due > network->island->now ? due : network->island->now + 1;
    to->last_due = due;
    passage->line->references++;
    sim_node_post(from->node, &(struct sim_event){.time = due,
                                                  .node = to->node->number,
                                                  .kind = SIM_LINE,
                                                  .argument = (uintptr_t)passage->line});
}

static bool concerns_clients(const struct passage *passage) {
    return passage->from->kind != SIM_LINE_CLIENT;
}

static void pass_to_all(const struct passage *passage) {
    struct sim_network *network = passage->from->network;
    for (uint32_t address = 0; address <= network->last; address++) {
        struct sim_line_end *to = sim_network_member(network, address);
        if (to != NULL && to != passage->from &&
            (to->kind != SIM_LINE_CLIENT || concerns_clients(passage))) {
            pass(passage, to);
        }
    }
}

// NULL: it is too long for a line.
static struct sim_line *make_line(struct sim_line_end *end, const struct packet *packet) {
    struct sim_island *island = end->network->island;
    uint64_t time_stamp = sim_lines_clock(island->now);
    size_t size = packet_line_size(packet) - decimal_size(packet->time_stamp) +
                  decimal_size(time_stamp); // it is stamped as it leaves
    if (size > PACKET_LINE_MAX) {
        return NULL;
    }
    size_t bytes = sizeof(struct sim_line) + packet->element_count * sizeof(uint32_t);
    for (unsigned i = 0; i < packet->element_count; i++) {
        bytes += packet->element[i].size;
    }
    struct sim_line *line = memory_resize(&island->memory, NULL, 0, bytes);
    *line = (struct sim_line){.references = 1,
                              .size = (uint32_t)size - 1,
                              .block_bytes = (uint32_t)bytes,
                              .time_stamp = time_stamp,
                              .mark = packet->type == PACKET_PUBL
                                          ? island->saying
                                          : (struct mark){.stream = VERDICT_NONE},
                              .sender = packet->sender,
                              .receiver = packet->receiver,
                              .signature = packet->signature,
                              .type = (uint8_t)packet->type,
                              .element_count = (uint8_t)packet->element_count};
    uint8_t *at = (uint8_t *)(line->element_bytes + packet->element_count);
    for (unsigned i = 0; i < packet->element_count; i++) {
        struct bytes element = packet->element[i];
        line->element_bytes[i] = (uint32_t)element.size;
        if (element.size > 0) {
            memcpy(at, element.data, element.size);
        }
        at += element.size;
    }
    ASSERT(at == (uint8_t *)line + bytes);
    return line;
}

// The line as text, for who wants to see it.
static void trace(const struct sim_network *network, const struct packet *packet) {
    struct sim_island *island = network->island;
    struct packet stamped = *packet;
    struct buffer text;
    stamped.time_stamp = sim_lines_clock(island->now);
    buffer_init(&text, &island->memory);
    size_t most = packet_line_size(&stamped);
    size_t size = packet_format(&stamped, buffer_reserve(&text, most), most);
    ASSERT(size == most);
    island->trace->line(island->trace->context, network, bytes_make(text.data, size));
    buffer_deinit(&text);
}

void sim_lines_note_freight(struct sim_island *island, const struct packet *packet,
                            struct mark mark) {
    struct mark key = sim_freight_key(packet);
    if (key.stream != VERDICT_NONE) {
        sim_tell(island,
                 &(struct sim_telling){.kind = SIM_TOLD_FREIGHT, .mark = mark, .of.key = key});
    }
}

bool sim_lines_send(struct sim_line_end *end, const struct packet *packet, uint64_t leaves) {
    struct sim_island *island = end->network->island;
    struct sim_line *line = make_line(end, packet);
    if (line == NULL) {
        return false;
    }
    if (island->trace != NULL) {
        trace(end->network, packet);
    }
    struct passage passage = {end, line, sim_paths_link(&island->paths, &end->node->place),
                              leaves > island->now ? leaves : island->now};
    if (passage.link != NULL && passage.link->up > 0) {
        uint64_t begin = passage.leaves > end->busy_until ? passage.leaves : end->busy_until;
        end->busy_until = begin + (uint64_t)(line->size + 1) * 8 * SECOND_NS / passage.link->up;
        passage.leaves = end->busy_until;
    }
    unsigned way = end->kind == SIM_LINE_CLIENT ? FAULT_TO_BROKER : FAULT_TO_CLIENT;
    island->counts.packets[FAULT_LINE + packet->type][way]++;
    island->counts.bytes[way] += line->size + 1;
    uint32_t local = packet_address_gate(packet->receiver) == 0 ? packet->receiver : 0;
    struct sim_line_end *to = sim_network_member(end->network, local);
    if (to != NULL && to->kind == SIM_LINE_ROUTER && line->mark.stream != VERDICT_NONE) {
        sim_lines_note_freight(island, packet, line->mark);
    }
    if (packet->receiver == PACKET_EVERYONE) {
        pass_to_all(&passage);
    } else if (to != NULL && to != end) {
        pass(&passage, to);
    }
    sim_lines_let_go(island, line);
    return true;
}

void sim_lines_read(const struct sim_line *line, struct packet *packet) {
    packet->time_stamp = line->time_stamp;
    packet->sender = line->sender;
    packet->receiver = line->receiver;
    packet->type = (enum packet_type)line->type;
    packet->signature = line->signature;
    packet->element_count = line->element_count;
    const uint8_t *at = (const uint8_t *)(line->element_bytes + line->element_count);
    for (unsigned i = 0; i < line->element_count; i++) {
        packet->element[i] = bytes_make(at, line->element_bytes[i]);
        at += line->element_bytes[i];
    }
}

void sim_lines_let_go(struct sim_island *island, struct sim_line *line) {
    ASSERT(line->references > 0);
    if (--line->references == 0) {
        memory_free(&island->memory, line, line->block_bytes);
    }
}

// ---- lines that are lost ------------------------------------------------------------------------

const struct sim_line_end *sim_lines_find(const struct sim_network *network, uint32_t address) {
    uint32_t gate = packet_address_gate(address);
    const struct sim_network *at = network;
    if (gate != 0 && gate != network->gate) {
        uint32_t place = network->gates == NULL ? MAP_NONE : map_get(&network->gates->places, gate);
        at = place == MAP_NONE ? NULL : network->gates->networks[place];
    }
    return at == NULL ? NULL : sim_network_member(at, packet_address_local(address));
}

void sim_lines_lose(const struct sim_network *network, const struct sim_line *line,
                    enum verdict_loss loss) {
    if (line->mark.stream != VERDICT_NONE) {
        struct packet packet;
        sim_lines_read(line, &packet);
        network->watch.lost(network->island, network,
                            &(struct sim_lines_loss){&packet, line->mark, loss, false});
    }
}

static bool take_text(struct bytes *rest, struct bytes *line) {
    const uint8_t *end = rest->size > 0 ? memchr(rest->data, '\n', rest->size) : NULL;
    if (end == NULL) {
        return false;
    }
    *line = bytes_make(rest->data, (size_t)(end - rest->data));
    *rest = bytes_make(end + 1, rest->size - line->size - 1);
    return true;
}

void sim_lines_lose_text(struct sim_island *island, const struct sim_network *network,
                         struct bytes lines, enum verdict_loss loss, bool is_perhaps) {
    struct buffer scratch; // that of the island may be in use
    buffer_init(&scratch, &island->memory);
    struct bytes text;
    while (take_text(&lines, &text)) {
        struct packet packet;
        bool is_packet =
            packet_parse(&packet, text, buffer_reserve(&scratch, PACKET_LINE_MAX)) == PACKET_OK;
        struct mark key = is_packet ? sim_freight_key(&packet) : (struct mark){VERDICT_NONE, 0};
        if (key.stream != VERDICT_NONE) {
            network->watch.lost(island, network,
                                &(struct sim_lines_loss){&packet, key, loss, is_perhaps});
        }
    }
    buffer_deinit(&scratch);
}
