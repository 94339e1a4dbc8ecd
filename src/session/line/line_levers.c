#include "session/line/line_levers.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "fault/parse.h"
#include "fault/text.h"
#include "shell/printable.h"

#define CUTS_MAX 1024 // that wait; more are no faster

// ---- what is said -----------------------------------------------------------------------------

static void on_tell(void *context, const struct line_fault *fault) {
    struct line_levers *levers = context;
    struct report *report = &levers->run->report;
    if (!report_may_tell(report, REPORT_FAULT, "fault")) {
        return;
    }
    const char *way = fault->way == LINE_IN ? "from" : "to";
    if (report->json) {
        json_t *object = report_object("fault");
        json_object_set_new(object, "what", json_string(fault->text));
        json_object_set_new(object, "type", json_string(packet_type_name(fault->type)));
        json_object_set_new(object, way, json_integer(fault->address));
        json_object_set_new(object, "rule", json_integer(fault->rule));
        report_emit(report, object);
        return;
    }
    printable_format(&report->line, "fault: %s %s ", packet_type_name(fault->type), way);
    if (fault->address == PACKET_EVERYONE) {
        buffer_append_text(&report->line, "everyone");
    } else {
        printable_format(&report->line, "%u", fault->address);
    }
    printable_format(&report->line, " %s", fault->text);
    if (fault->rule != 0) {
        printable_format(&report->line, " (rule %u)", fault->rule);
    }
    report_say(report, OUTPUT_NOTICE);
}

static void on_cut(void *context, uint32_t address) {
    struct line_levers *levers = context;
    if (address != PACKET_EVERYONE && levers->cuts.size < CUTS_MAX * sizeof address) {
        buffer_append(&levers->cuts, bytes_make(&address, sizeof address));
    }
}

static void on_pass(void *context, enum line_way way, struct bytes line) {
    struct line_levers *levers = context;
    levers->owner.pass(levers->owner.context, way, line);
}

static void on_refuse(void *context, enum line_way way, const struct packet *request) {
    struct line_levers *levers = context;
    levers->owner.refuse(levers->owner.context, way, request);
}

static bool on_is_of_broker(void *context, const struct packet *packet) {
    struct line_levers *levers = context;
    return levers->owner.is_of_broker(levers->owner.context, packet);
}

// ---- rules ------------------------------------------------------------------------------------

void line_levers_init(struct line_levers *levers, struct run *run,
                      const struct line_levers_owner *owner,
                      const struct line_faults_options *how) {
    *levers = (struct line_levers){.owner = *owner, .run = run};
    struct line_faults_options options = *how;
    options.events =
        (struct line_faults_events){levers, on_pass, on_cut, on_refuse, on_tell, on_is_of_broker};
    line_faults_init(&levers->faults, &run->memory, &options);
    buffer_init(&levers->cuts, &run->memory);
}

void line_levers_join(struct line_levers *levers, const struct line_levers_other *other,
                      void *context) {
    levers->other = other;
    levers->other_context = context;
    other->begin(context, levers->faults.memory, levers->faults.options.seed);
}

void line_levers_deinit(struct line_levers *levers) {
    line_faults_deinit(&levers->faults);
    buffer_deinit(&levers->cuts);
}

// Whether the rule can hit at a door that this device has.
static bool can_hit(const struct line_levers *levers, const struct fault_rule *rule) {
    struct buffer why;
    buffer_init(&why, levers->faults.memory);
    bool can = levers->other != NULL && !fault_text_doubt(rule, false, &why);
    buffer_deinit(&why);
    return can;
}

// To both doors; no warning.
static uint32_t put_rule(struct line_levers *levers, const struct fault_rule *rule, uint64_t now) {
    uint32_t number = line_faults_add(&levers->faults, rule, now);
    if (number != 0 && levers->other != NULL) {
        uint32_t same = levers->other->add(levers->other_context, rule, now);
        ASSERT(same == number);
    }
    return number;
}

static bool take_back(struct line_levers *levers, uint32_t number, uint64_t now) {
    bool is_there = line_faults_remove(&levers->faults, number, now);
    if (is_there && levers->other != NULL) {
        (void)levers->other->remove(levers->other_context, number, now);
    }
    return is_there;
}

static uint32_t add_rule(struct line_levers *levers, const struct fault_rule *rule, uint64_t now) {
    uint32_t number = put_rule(levers, rule, now);
    if (number != 0 && !can_hit(levers, rule)) {
        fault_rules_warn(&levers->run->report, rule, true);
    }
    return number;
}

void line_levers_start(struct line_levers *levers, const struct fault_rules *rules, uint64_t now) {
    for (uint32_t i = 0; i < rules->count; i++) {
        uint32_t number = add_rule(levers, &rules->items[i], now);
        ASSERT(number != 0); // no more were read than there may be
    }
}

// ---- commands ---------------------------------------------------------------------------------

static enum run_outcome rule(struct line_levers *levers, struct bytes text, uint64_t now) {
    struct fault_rule parsed;
    if (!fault_rules_parse(levers->run, text, &parsed)) {
        return RUN_WRONG;
    }
    uint32_t number = add_rule(levers, &parsed, now);
    if (number == 0) {
        run_error(levers->run, "there are %u rules, as many as may be; undo takes one back",
                  levers->faults.options.rules_max);
        return RUN_WRONG;
    }
    fault_rules_explain(&levers->run->report, &parsed, number, !can_hit(levers, &parsed));
    return RUN_DONE;
}

static enum run_outcome undo(struct line_levers *levers, struct bytes text, uint64_t now) {
    uint64_t number;
    if (!decimal_read(text, UINT32_MAX, &number) || !take_back(levers, (uint32_t)number, now)) {
        run_error(levers->run, "there is no rule of this number; list shows them");
        return RUN_WRONG;
    }
    levers->freeze = levers->freeze == number ? 0 : levers->freeze;
    return RUN_DONE;
}

static void hold_all(struct line_levers *levers, bool holds, uint64_t now) {
    line_faults_hold(&levers->faults, holds, now);
    if (levers->other != NULL) {
        levers->other->hold(levers->other_context, holds, now);
    }
}

// The first of both doors.
static enum run_outcome step(struct line_levers *levers, uint64_t now) {
    uint64_t here = line_faults_held_since(&levers->faults);
    uint64_t there =
        levers->other == NULL ? UINT64_MAX : levers->other->held_since(levers->other_context);
    if (here == UINT64_MAX && there == UINT64_MAX) {
        run_error(levers->run, "no packet is held");
        return RUN_WRONG;
    }
    if (here <= there) {
        (void)line_faults_step(&levers->faults, now);
    } else {
        levers->other->step(levers->other_context, now);
    }
    return RUN_DONE;
}

static enum run_outcome cut(struct line_levers *levers, struct bytes pattern, uint64_t now) {
    uint32_t count = levers->owner.cut(levers->owner.context, pattern);
    if (levers->other != NULL) {
        count += levers->other->cut(levers->other_context, pattern, now);
    }
    if (count == 0) {
        run_error(levers->run, "there is no such connection; list shows them");
        return RUN_WRONG;
    }
    return RUN_DONE;
}

static enum run_outcome freeze(struct line_levers *levers, uint64_t now) {
    struct fault_rule parsed;
    struct fault_error error;
    if (levers->freeze == 0) {
        bool right = fault_parse(BYTES_LITERAL("freeze"), &parsed, &error);
        ASSERT(right);
        levers->freeze = put_rule(levers, &parsed, now);
    }
    if (levers->freeze == 0) {
        run_error(levers->run, "there are as many rules as may be; undo takes one back");
        return RUN_WRONG;
    }
    report_notice(&levers->run->report, "frozen: nothing passes; thaw ends it");
    return RUN_DONE;
}

static enum run_outcome thaw(struct line_levers *levers, uint64_t now) {
    if (levers->freeze != 0) {
        (void)take_back(levers, levers->freeze, now);
        levers->freeze = 0;
    }
    hold_all(levers, false, now);
    report_notice(&levers->run->report, "all that waited goes on");
    return RUN_DONE;
}

enum run_outcome line_levers_execute(struct line_levers *levers, const struct command *command,
                                     uint64_t now) {
    switch ((enum line_levers_command)command->row->id) {
    case LEVERS_RULE:
        return rule(levers, command->value, now);
    case LEVERS_UNDO:
        return undo(levers, command->value, now);
    case LEVERS_HOLD:
        hold_all(levers, true, now);
        report_notice(&levers->run->report, "every packet is held; step lets one go, thaw all");
        return RUN_DONE;
    case LEVERS_STEP:
        return step(levers, now);
    case LEVERS_CUT:
        return cut(levers, command->client_id, now);
    case LEVERS_FREEZE:
        return freeze(levers, now);
    case LEVERS_THAW:
        return thaw(levers, now);
    case LEVERS_CRASH:
        kill(getpid(), SIGKILL);
        return RUN_DONE;
    case LEVERS_COMMANDS:
        break;
    }
    return RUN_WRONG;
}

// ---- lists ------------------------------------------------------------------------------------

// The other door counts, too.
static struct fault_rules_other other_of(const struct line_levers *levers) {
    return (struct fault_rules_other){levers->other == NULL ? NULL : levers->other->hits,
                                      levers->other_context};
}

static const char *state_text(enum line_kept_state state) {
    return state == LINE_HELD ? "held" : state == LINE_FROZEN ? "frozen" : "delayed";
}

static void list_kept(const struct line_levers *levers, struct listing *listing) {
    static const char *const columns[] = {"state", "way", "address", "type", "rule", NULL};
    listing_section(listing, "packets that wait", columns);
    for (uint32_t i = 0; i < levers->faults.kept_count; i++) {
        const struct line_kept *line = &levers->faults.kept[i];
        listing_text(listing, bytes_of_text(state_text(line->state)));
        listing_text(listing, bytes_of_text(line->way == LINE_IN ? "in" : "out"));
        listing_number(listing, line->address);
        listing_text(listing, bytes_of_text(packet_type_name(line->type)));
        listing_number(listing, line->rule);
    }
}

void line_levers_list(const struct line_levers *levers, struct listing *listing) {
    if (levers->faults.set.count > 0) {
        fault_rules_list(listing, &levers->faults.set, other_of(levers));
    }
    if (levers->faults.kept_count > 0) {
        list_kept(levers, listing);
    }
    if (levers->other != NULL) {
        levers->other->list(levers->other_context, listing);
    }
}

void line_levers_look(const struct line_levers *levers, json_t *answer) {
    json_t *rules = json_array();
    const struct fault_set *set = &levers->faults.set;
    for (uint32_t i = 0; i < set->count; i++) {
        const struct fault_entry *entry = &set->entries[i];
        json_array_append_new(rules,
                              fault_rules_json(entry, fault_rules_hits(entry, other_of(levers)),
                                               &levers->run->memory));
    }
    uint64_t there = levers->other == NULL ? 0 : levers->other->waiting(levers->other_context);
    json_object_set_new(answer, "rules", rules);
    json_object_set_new(answer, "waiting",
                        json_integer((json_int_t)levers->faults.kept_count + (json_int_t)there));
    json_object_set_new(answer, "frozen", json_boolean(levers->freeze != 0));
}

void line_levers_report(const struct line_levers *levers) {
    (void)fault_rules_report(&levers->run->report, &levers->faults.set, other_of(levers));
}

uint32_t line_levers_next_cut(struct line_levers *levers) {
    uint32_t address = 0;
    if (levers->cuts.size > 0) {
        memcpy(&address, levers->cuts.data, sizeof address);
        levers->cuts.size -= sizeof address;
        memmove(levers->cuts.data, levers->cuts.data + sizeof address, levers->cuts.size);
    }
    return address;
}
