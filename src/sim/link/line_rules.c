#include "sim/link/line_rules.h"

#include "base/assert.h"
#include "sim/account/freight.h"

#define RULES_MAX 256u
#define KEPT_MAX 10000u
#define KEPT_BYTES_MAX ((size_t)16 << 20)
#define MET_MAX 16u // brokers, and who a broken line names

_Static_assert(PLAN_NAME_MAX <= UINT8_MAX, "the size of a name is kept in a byte");

static const struct mark no_mark = {VERDICT_NONE, 0};

static struct sim_island *island_of(const struct sim_line_rules *rules) {
    return rules->end->network->island;
}

// ---- what the rules do --------------------------------------------------------------------------

// What a line bears was noted before the rules had it; of one that was changed nothing is known.
static void pass(void *context, enum line_way way, struct bytes line) {
    struct sim_line_rules *rules = context;
    struct sim_island *island = island_of(rules);
    struct buffer scratch; // that of the island may be in use
    struct packet packet;
    buffer_init(&scratch, &island->memory);
    if (packet_parse(&packet, line, buffer_reserve(&scratch, PACKET_LINE_MAX)) == PACKET_OK) {
        struct mark mark = sim_freight_key(&packet);
        if (way == LINE_IN) {
            rules->watch.receive(rules->watch.context, &packet, mark);
        } else {
            struct mark said = island->saying;
            island->saying = mark;
            (void)sim_lines_send(rules->end, &packet, island->now);
            island->saying = said;
        }
    }
    buffer_deinit(&scratch);
}

// Where rules act on a client there is one broker to be cut off from.
static void cut(void *context, uint32_t peer) {
    struct sim_line_rules *rules = context;
    rules->is_cut = rules->is_cut || peer != PACKET_EVERYONE;
}

// As a broker would answer that has no time for it.
static void refuse(void *context, enum line_way way, const struct packet *request) {
    struct sim_line_rules *rules = context;
    if (way == LINE_IN) {
        return; // nobody asks a client
    }
    uint8_t line[LINE_FAULTS_ANSWER_MAX];
    size_t size = line_faults_refusal(request, sim_lines_clock(island_of(rules)->now), line);
    buffer_append(&rules->answers, bytes_make(line, size));
}

static void touch(struct sim_line_rules *rules, enum line_way way, enum sim_line_fate fate) {
    if (rules->mark.stream != VERDICT_NONE) {
        rules->watch.touched(rules->watch.context, way, rules->mark, fate);
    }
}

static void hear(void *context, const struct line_fault *fault) {
    struct sim_line_rules *rules = context;
    rules->touches = true;
    if (fault->is_changed) {
        rules->watch.touched(rules->watch.context, fault->way, rules->mark, SIM_LINE_CHANGED);
    }
    if (fault->copies > 1) {
        touch(rules, fault->way, SIM_LINE_COPIED);
    }
    if (fault->end == FAULT_IS_DROPPED || fault->end == FAULT_IS_RESET) {
        touch(rules, fault->way, SIM_LINE_DROPPED);
    }
}

// ---- life ---------------------------------------------------------------------------------------

struct sim_line_rules *sim_line_rules_create(struct sim_line_end *end, struct bytes name,
                                             const struct sim_line_rules_watch *watch) {
    struct sim_island *island = end->network->island;
    struct sim_line_rules *rules = memory_allocate(&island->memory, sizeof *rules);
    ASSERT(name.size <= sizeof rules->name);
    rules->end = end;
    rules->watch = *watch;
    rules->mark = no_mark;
    rules->name_bytes = (uint8_t)name.size;
    memcpy(rules->name, name.data, name.size);
    buffer_init(&rules->answers, &island->memory);
    line_faults_init(
        &rules->faults, &island->memory,
        &(struct line_faults_options){
            .seed = island->plan->seed,
            .self = end->address,
            .name = bytes_make(rules->name, rules->name_bytes),
            .place = LINE_AT_CLIENT,
            .rules_max = RULES_MAX,
            .kept_max = KEPT_MAX,
            .kept_bytes_max = KEPT_BYTES_MAX,
            .met_max = MET_MAX,
            .events = {
                .context = rules, .pass = pass, .cut = cut, .refuse = refuse, .tell = hear}});
    return rules;
}

void sim_line_rules_destroy(struct sim_line_rules *rules) {
    struct memory *memory = &island_of(rules)->memory;
    line_faults_deinit(&rules->faults);
    buffer_deinit(&rules->answers);
    memory_free(memory, rules, sizeof *rules);
}

// ---- lines --------------------------------------------------------------------------------------

// A message that waits, or is not as it was, may meet a connection that knows nothing of it.
static void take(struct sim_line_rules *rules, enum line_way way, const struct packet *packet,
                 struct mark mark) {
    struct sim_island *island = island_of(rules);
    struct buffer text;
    buffer_init(&text, &island->memory);
    size_t most = packet_line_size(packet);
    size_t size = packet_format(packet, buffer_reserve(&text, most), most);
    ASSERT(size == most && size > 0);
    if (mark.stream != VERDICT_NONE) {
        sim_lines_note_freight(island, packet, mark);
    }
    uint32_t kept = rules->faults.kept_count;
    rules->mark = mark;
    rules->touches = false;
    line_faults_take(&rules->faults, way, packet, bytes_make(text.data, size - 1), island->now);
    rules->mark = mark; // others may have come in between
    if (rules->touches || rules->faults.kept_count > kept) {
        touch(rules, way, SIM_LINE_DOUBTED);
    }
    rules->mark = no_mark;
    buffer_deinit(&text);
}

bool sim_line_rules_send(struct sim_line_rules *rules, const struct packet *packet) {
    struct sim_island *island = island_of(rules);
    if (!line_faults_are_on(&rules->faults)) {
        return sim_lines_send(rules->end, packet, island->now);
    }
    struct packet stamped = *packet;
    stamped.time_stamp = sim_lines_clock(island->now);
    bool fits = packet_line_size(&stamped) <= PACKET_LINE_MAX;
    if (fits) {
        take(rules, LINE_OUT, &stamped, packet->type == PACKET_PUBL ? island->saying : no_mark);
    }
    return fits;
}

void sim_line_rules_receive(struct sim_line_rules *rules, const struct sim_line *line) {
    struct packet packet;
    sim_lines_read(line, &packet);
    if (line_faults_are_on(&rules->faults)) {
        take(rules, LINE_IN, &packet, line->mark);
    } else {
        rules->watch.receive(rules->watch.context, &packet, line->mark);
    }
}

// ---- time ---------------------------------------------------------------------------------------

static void give_answers(struct sim_line_rules *rules) {
    struct buffer answers = rules->answers;
    buffer_init(&rules->answers, &island_of(rules)->memory);
    struct bytes rest = buffer_bytes(&answers);
    while (rest.size > 0) {
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        ASSERT(end != NULL);
        size_t size = (size_t)(end - rest.data);
        pass(rules, LINE_IN, bytes_make(rest.data, size));
        rest = bytes_make(end + 1, rest.size - size - 1);
    }
    buffer_deinit(&answers);
}

bool sim_line_rules_tick(struct sim_line_rules *rules) {
    line_faults_tick(&rules->faults, island_of(rules)->now);
    if (rules->answers.size > 0) {
        give_answers(rules);
    }
    bool is_cut = rules->is_cut;
    rules->is_cut = false;
    return is_cut;
}

uint64_t sim_line_rules_deadline(const struct sim_line_rules *rules) {
    uint64_t now = island_of(rules)->now;
    uint64_t due = line_faults_deadline(&rules->faults, now);
    return due > now ? due : now + 1;
}
