#include "scenario/read/read_faults.h"

#include "base/assert.h"
#include "fault/parse.h"
#include "scenario/read/read_devices.h"
#include "scenario/units.h"

enum line { LINK, PARTITION, CRASH, RESTART, PAUSE, STEP, LIMIT, SURGE };

static const struct read_fault_row rows[] = {
    [LINK] = {"link", "link WHO down | link WHO as LINK",
              "Nothing passes between them and their network, or as if the link were another one."},
    [PARTITION] = {"partition", "partition WHO from WHOM [one way]",
                   "Nothing passes between the two; one way: what WHO sends does not arrive."},
    [CRASH] =
        {"crash", "crash WHO [without journal]",
         "It is gone at once, and starts anew when the fault ends, with what its journal has, "
         "or with nothing."},
    [RESTART] = {"restart", "restart WHO", "It ends in good order, and starts anew likewise."},
    [PAUSE] = {"pause", "pause WHO", "It stands still, and goes on where it was."},
    [STEP] = {"step", "step clock of WHO [back] by TIME", "Its clock is set forward or back."},
    [LIMIT] = {"limit", "limit queue of BROKER to N | limit mailbox of ROUTER to N",
               "Messages for one client, packets for one gate, or for each with `of master`."},
    [SURGE] = {"surge", "surge WHO by N", "They publish N times as often."},
};

const struct read_fault_row *read_fault_row(unsigned index) {
    return index < sizeof rows / sizeof *rows ? &rows[index] : NULL;
}

static const char *word_at(unsigned index) {
    return index < sizeof rows / sizeof *rows ? rows[index].word : NULL;
}

// The kinds of parties by the word that can stand before their names.
static const char *const kinds[] = {"network", "broker", "router", "master", "group", "devices"};

static const char *kind_at(unsigned index) {
    return index < sizeof kinds / sizeof *kinds ? kinds[index] : NULL;
}

struct parser {
    const struct read_field *field;
    struct fault_reader reader;
    struct plan_fault *fault;
    bool has_failed; // and said so itself
};

#define KIND_BIT(kind) (1u << (kind))
#define DEVICE_KINDS \
    (KIND_BIT(PLAN_PARTY_NETWORK) | KIND_BIT(PLAN_PARTY_GROUP) | KIND_BIT(PLAN_PARTY_DEVICES))
#define ROLE_KINDS                                                                             \
    (KIND_BIT(PLAN_PARTY_BROKER) | KIND_BIT(PLAN_PARTY_ROUTER) | KIND_BIT(PLAN_PARTY_MASTER) | \
     KIND_BIT(PLAN_PARTY_GROUP) | KIND_BIT(PLAN_PARTY_DEVICES))
#define ALL_KINDS (DEVICE_KINDS | ROLE_KINDS)

// ---- who ----------------------------------------------------------------------------------------

static uint32_t find_router(const struct plan *plan, struct bytes name) {
    for (uint32_t i = 0; i < plan->router_count; i++) {
        if (bytes_equal(plan->routers[i].name, name)) {
            return i;
        }
    }
    return PLAN_NONE;
}

static bool fits_a_device(const struct plan *plan, const struct plan_party *party) {
    for (uint32_t group = 0; group < plan->group_count; group++) {
        for (uint32_t i = 0; i < plan->groups[group].count; i++) {
            if (plan_party_has_device(plan, party, group, i)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_of_kind(const struct read_context *context, struct plan_party *party,
                       enum plan_party_kind kind) {
    const struct plan *plan = context->plan;
    party->kind = kind;
    party->index = 0;
    switch (kind) {
    case PLAN_PARTY_NETWORK:
        party->index = read_network_find(context, party->pattern);
        break;
    case PLAN_PARTY_BROKER:
        party->index = read_broker_find(context, party->pattern);
        break;
    case PLAN_PARTY_ROUTER:
        party->index = find_router(plan, party->pattern);
        break;
    case PLAN_PARTY_MASTER:
        return plan->master.exists && bytes_equal(party->pattern, BYTES_LITERAL("master"));
    case PLAN_PARTY_GROUP:
        party->index = read_group_find(plan, party->pattern);
        break;
    case PLAN_PARTY_DEVICES:
        return fits_a_device(plan, party);
    }
    return party->index != PLAN_NONE;
}

static void suggest(const struct plan *plan, struct word_nearest *nearest) {
    for (uint32_t i = 0; i < plan->network_count && i < 1000; i++) {
        word_nearest_try(nearest, plan->networks[i].name);
    }
    for (uint32_t i = 0; i < plan->broker_count && i < 1000; i++) {
        word_nearest_try(nearest, plan->brokers[i].name);
    }
    for (uint32_t i = 0; i < plan->router_count && i < 1000; i++) {
        word_nearest_try(nearest, plan->routers[i].name);
    }
    for (uint32_t i = 0; i < plan->group_count; i++) {
        word_nearest_try(nearest, plan->groups[i].label);
    }
    word_nearest_try(nearest, BYTES_LITERAL("master"));
}

static bool fail_party(struct parser *parser, size_t at, struct bytes name, const char *why) {
    const struct read_field *field = parser->field;
    struct word_nearest nearest;
    word_nearest_init(&nearest, name);
    suggest(field->context->plan, &nearest);
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    mistake.column += (uint32_t)at + field->node->is_quoted;
    read_mistake_quote(&mistake, name);
    buffer_append_text(&mistake.text, why);
    if (nearest.distance > 0) {
        read_mistake_suggest(&mistake, &nearest);
    }
    read_mistake_end(&mistake);
    parser->has_failed = true;
    return false;
}

// Takes who is meant, of the kinds that can be. Groups come first, for most faults are theirs.
static bool take_party(struct parser *parser, struct plan_party *party, unsigned allowed) {
    static const enum plan_party_kind order[] = {PLAN_PARTY_MASTER, PLAN_PARTY_NETWORK,
                                                 PLAN_PARTY_BROKER, PLAN_PARTY_ROUTER,
                                                 PLAN_PARTY_GROUP,  PLAN_PARTY_DEVICES};
    struct read_context *context = parser->field->context;
    char name[PLAN_NAME_MAX + 1];
    bool is_quoted;
    int named = fault_reader_one_of(&parser->reader, kind_at, "who");
    if (named == PLAN_PARTY_MASTER) {
        memcpy(name, "master", sizeof "master");
    } else if (!fault_reader_name(&parser->reader, name, PLAN_NAME_MAX, &is_quoted)) {
        return false;
    }
    *party = (struct plan_party){.pattern = arena_copy(&context->plan->arena, bytes_of_text(name))};
    if ((context->has & READ_HAS_GROUPS) == 0) {
        return true; // what is meant is not known
    }
    size_t at = parser->reader.at - party->pattern.size;
    for (unsigned i = 0; i < sizeof order / sizeof *order; i++) {
        if ((named < 0 || named == (int)order[i]) && is_of_kind(context, party, order[i])) {
            return (allowed & KIND_BIT(order[i])) != 0 ||
                   fail_party(parser, at, party->pattern, " is nobody whom this can befall");
        }
    }
    return fail_party(parser, at, party->pattern,
                      " is no network, broker, router, group or device of this file");
}

// ---- lines --------------------------------------------------------------------------------------

static bool word(struct parser *parser, const char *text) {
    return fault_reader_word(&parser->reader, text);
}

static bool take_link(struct parser *parser) {
    struct plan_fault *fault = parser->fault;
    char name[PLAN_NAME_MAX + 1];
    bool is_quoted;
    if (!take_party(parser, &fault->who, ALL_KINDS & ~KIND_BIT(PLAN_PARTY_MASTER))) {
        return false;
    }
    fault->kind = PLAN_LINK_DOWN;
    if (word(parser, "down")) {
        return true;
    }
    fault->kind = PLAN_LINK_AS;
    if (!word(parser, "as") ||
        !fault_reader_name(&parser->reader, name, PLAN_NAME_MAX, &is_quoted)) {
        return false;
    }
    fault->link = read_link_find(parser->field->context, bytes_of_text(name));
    size_t size = bytes_of_text(name).size;
    return fault->link != PLAN_NONE ||
           fault_reader_fail(&parser->reader, parser->reader.at - size,
                             "is no link of this file and no profile of docs/faults.md");
}

static bool take_partition(struct parser *parser) {
    parser->fault->kind = PLAN_PARTITION;
    if (!take_party(parser, &parser->fault->who, ALL_KINDS) || !word(parser, "from") ||
        !take_party(parser, &parser->fault->from, ALL_KINDS)) {
        return false;
    }
    parser->fault->is_one_way = word(parser, "one");
    return !parser->fault->is_one_way || word(parser, "way");
}

static bool take_crash(struct parser *parser) {
    parser->fault->kind = PLAN_CRASH;
    if (!take_party(parser, &parser->fault->who, ROLE_KINDS)) {
        return false;
    }
    parser->fault->without_journal = word(parser, "without");
    return !parser->fault->without_journal || word(parser, "journal");
}

static bool take_step(struct parser *parser) {
    uint64_t ns = 0;
    parser->fault->kind = PLAN_CLOCK_STEP;
    if (!word(parser, "clock") || !word(parser, "of") ||
        !take_party(parser, &parser->fault->who, ROLE_KINDS)) {
        return false;
    }
    bool is_back = word(parser, "back");
    if (!word(parser, "by") || !units_time(&parser->reader, &ns)) {
        return false;
    }
    parser->fault->step_ns = is_back ? -(int64_t)ns : (int64_t)ns;
    return true;
}

static bool take_limit(struct parser *parser) {
    struct plan_fault *fault = parser->fault;
    unsigned allowed = KIND_BIT(PLAN_PARTY_BROKER);
    fault->kind = PLAN_LIMIT_QUEUE;
    if (!word(parser, "queue")) {
        if (!word(parser, "mailbox")) {
            return false;
        }
        fault->kind = PLAN_LIMIT_MAILBOX;
        allowed = KIND_BIT(PLAN_PARTY_ROUTER) | KIND_BIT(PLAN_PARTY_MASTER);
    }
    return word(parser, "of") && take_party(parser, &fault->who, allowed) && word(parser, "to") &&
           fault_reader_whole(&parser->reader, &fault->limit);
}

static bool take_surge(struct parser *parser) {
    uint64_t millionths;
    parser->fault->kind = PLAN_SURGE;
    if (!take_party(parser, &parser->fault->who, DEVICE_KINDS) || !word(parser, "by")) {
        return false;
    }
    (void)fault_reader_is_at_end(&parser->reader);
    size_t at = parser->reader.at;
    if (!fault_reader_number(&parser->reader, &millionths)) {
        return false;
    }
    parser->fault->surge = (uint32_t)millionths;
    return (millionths > 0 && millionths <= 1000 * (uint64_t)PLAN_MILLION) ||
           fault_reader_fail(&parser->reader, at, "is no surge of up to 1000");
}

static bool take_line(struct parser *parser, enum line line) {
    switch (line) {
    case LINK:
        return take_link(parser);
    case PARTITION:
        return take_partition(parser);
    case CRASH:
        return take_crash(parser);
    case RESTART:
        parser->fault->kind = PLAN_RESTART;
        return take_party(parser, &parser->fault->who, ROLE_KINDS);
    case PAUSE:
        parser->fault->kind = PLAN_PAUSE;
        return take_party(parser, &parser->fault->who, ROLE_KINDS);
    case STEP:
        return take_step(parser);
    case LIMIT:
        return take_limit(parser);
    case SURGE:
        break;
    }
    return take_surge(parser);
}

// A line that begins with no word of ours: a rule, or nothing that can be.
static bool read_rule(const struct read_field *field, struct plan_fault *fault) {
    struct fault_error error;
    struct word_nearest nearest;
    fault->kind = PLAN_RULE;
    if (fault_parse(field->node->text, &fault->rule, &error)) {
        return true;
    }
    if (error.column > 1) {
        return read_field_fail_as(field, &error);
    }
    const uint8_t *blank = memchr(field->node->text.data, ' ', field->node->text.size);
    size_t size = blank == NULL ? field->node->text.size : (size_t)(blank - field->node->text.data);
    word_nearest_init(&nearest, bytes_make(field->node->text.data, size));
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    for (unsigned i = 0; i < FAULT_ACTIONS; i++) {
        word_nearest_try(&nearest, bytes_of_text(fault_action_row((enum fault_action)i)->name));
    }
    for (unsigned i = 0; word_at(i) != NULL; i++) {
        word_nearest_try(&nearest, bytes_of_text(word_at(i)));
    }
    read_mistake_quote(&mistake, nearest.typed);
    buffer_append_text(&mistake.text, " is nothing that can happen");
    read_mistake_suggest(&mistake, &nearest);
    read_mistake_allow(&mistake, "");
    for (unsigned i = 0; word_at(i) != NULL; i++) {
        buffer_append_text(&mistake.text, word_at(i));
        buffer_append_text(&mistake.text, ", ");
    }
    buffer_append_text(&mistake.text, "or a rule: ");
    for (unsigned i = 0; i < FAULT_ACTIONS; i++) {
        buffer_append_text(&mistake.text, i == 0 ? "" : ", ");
        buffer_append_text(&mistake.text, fault_action_row((enum fault_action)i)->name);
    }
    read_mistake_end(&mistake);
    return false;
}

bool read_fault(const struct read_field *field) {
    struct fault_error error;
    struct parser parser = {.field = field, .fault = read_field_at(field)};
    if (field->node->kind != YAML_SCALAR || field->node->text.size == 0) {
        return read_field_fail(field, "is no line, as in partition farm from city");
    }
    parser.fault->source = field->node->text;
    parser.fault->link = PLAN_NONE;
    fault_reader_init(&parser.reader, field->node->text, &error);
    int line = fault_reader_one_of(&parser.reader, word_at, "what happens");
    if (line < 0) {
        return read_rule(field, parser.fault);
    }
    bool is_taken = take_line(&parser, (enum line)line);
    if (parser.has_failed) {
        return false;
    }
    if (is_taken && fault_reader_is_at_end(&parser.reader)) {
        return true;
    }
    (void)fault_reader_fail_expecting(&parser.reader);
    return read_field_fail_as(field, &error);
}
