#include "shell/proxy_levers.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/decimal.h"
#include "shell/printable.h"

// ---- commands -----------------------------------------------------------------------------------

static bool add_rule(struct run *run, struct proxy *proxy, const struct fault_rule *rule,
                     uint64_t now) {
    uint32_t number = proxy_add_rule(proxy, rule, now);
    if (number == 0) {
        run_error(run, "there are %u rules, as many as may be; undo takes one back",
                  proxy->limits.rules_max);
        return false;
    }
    fault_rules_explain(&run->report, rule, number, false);
    fault_rules_warn(&run->report, rule, false);
    return true;
}

void proxy_levers_start(struct run *run, struct proxy *proxy, const struct fault_rules *rules,
                        uint64_t now) {
    for (uint32_t i = 0; i < rules->count; i++) {
        (void)proxy_add_rule(proxy, &rules->items[i], now);
        fault_rules_warn(&run->report, &rules->items[i], false);
    }
}

static enum run_outcome execute_rule(struct run *run, struct proxy *proxy, struct bytes text,
                                     uint64_t now) {
    struct fault_rule rule;
    bool is_added = fault_rules_parse(run, text, &rule) && add_rule(run, proxy, &rule, now);
    return is_added ? RUN_DONE : RUN_WRONG;
}

static enum run_outcome execute_undo(struct run *run, struct proxy *proxy, struct bytes text,
                                     uint64_t now) {
    uint64_t number;
    if (!decimal_read(text, UINT32_MAX, &number)) {
        run_error(run, "the number of a rule is missing; list shows them");
        return RUN_WRONG;
    }
    if (!proxy_remove_rule(proxy, (uint32_t)number, now)) {
        run_error(run, "there is no rule %u; list shows them", (unsigned)number);
        return RUN_WRONG;
    }
    return RUN_DONE;
}

static enum run_outcome execute_step(struct run *run, struct proxy *proxy, struct bytes pattern,
                                     uint64_t now) {
    if (!proxy_step(proxy, pattern, now)) {
        run_error(run, "no packet is held");
        return RUN_WRONG;
    }
    return RUN_DONE;
}

// Programs with many clients say how many it was about, and one that is a client what it does.
static enum run_outcome say(struct run *run, const struct command *command, uint32_t count,
                            const char *of_many, const char *of_one) {
    char text[96];
    if ((command->row->arguments & COMMAND_CLIENT) != 0) {
        (void)snprintf(text, sizeof text, "%u connection%s %s", count, printable_plural(count),
                       of_many);
        report_notice(&run->report, text);
    } else if (of_one != NULL) {
        report_notice(&run->report, of_one);
    } else if (count == 0) {
        run_error(run, "there is no connection");
        return RUN_WRONG;
    }
    return RUN_DONE;
}

enum run_outcome proxy_levers_execute(struct run *run, struct proxy *proxy,
                                      const struct command *command, uint64_t now) {
    struct bytes pattern = command->client_id;
    switch ((enum proxy_levers_command)command->row->id) {
    case PROXY_LEVERS_RULE:
        return execute_rule(run, proxy, command->value, now);
    case PROXY_LEVERS_UNDO:
        return execute_undo(run, proxy, command->value, now);
    case PROXY_LEVERS_HOLD:
        return say(run, command, proxy_hold(proxy, pattern), "held: step lets a packet go",
                   "every packet is held; step lets one go, thaw all");
    case PROXY_LEVERS_STEP:
        return execute_step(run, proxy, pattern, now);
    case PROXY_LEVERS_CUT:
        return say(run, command, proxy_cut(proxy, pattern, now), "cut", NULL);
    case PROXY_LEVERS_FREEZE:
        return say(run, command, proxy_freeze(proxy, pattern, now), "frozen",
                   "frozen: nothing passes; thaw ends it");
    case PROXY_LEVERS_THAW:
        return say(run, command, proxy_thaw(proxy, pattern, now), "let go",
                   "all that waited goes on");
    case PROXY_LEVERS_CRASH:
        (void)kill(getpid(), SIGKILL);
        return RUN_DONE;
    case PROXY_LEVERS_COMMANDS:
        break;
    }
    return RUN_WRONG;
}

// ---- what is said -----------------------------------------------------------------------------

const char *proxy_levers_end_text(enum fault_end end) {
    static const char *const texts[] = {
        [FAULT_PASSES] = "changed or late", [FAULT_IS_DROPPED] = "dropped",
        [FAULT_IS_HELD] = "held",           [FAULT_IS_REFUSED] = "refused",
        [FAULT_IS_CUT] = "cut off",         [FAULT_IS_RESET] = "reset",
    };
    return texts[end];
}

// NULL: nothing is said of it.
static const char *what_of(const struct proxy_event *event) {
    switch (event->kind) {
    case PROXY_HIT:
        return proxy_levers_end_text(event->end);
    case PROXY_LET_GO:
        return "let go";
    case PROXY_FROZE:
        return "frozen";
    case PROXY_BROKE:
        return "cut";
    case PROXY_OPENED:
    case PROXY_KNOWN:
    case PROXY_FOREIGN:
    case PROXY_CLOSED:
        break;
    }
    return NULL;
}

void proxy_levers_tell(struct report *report, const struct proxy_event *event,
                       const struct proxy_levers_teller *teller) {
    const char *what = what_of(event);
    if (what == NULL || !report_may_tell(report, REPORT_FAULT, "fault")) {
        return;
    }
    bool is_packet = event->kind == PROXY_HIT || event->kind == PROXY_LET_GO;
    bool is_from = (event->way == FAULT_TO_BROKER) == teller->is_broker;
    const char *way = !is_packet ? "with" : is_from ? "from" : "to";
    const char *type = is_packet ? fault_kind_row(event->packet)->name : "connection";
    if (report->json) {
        json_t *object = report_object("fault");
        json_object_set_new(object, "what", json_string(what));
        json_object_set_new(object, "type", json_string(type));
        listing_set_bytes(object, way, teller->peer);
        json_object_set_new(object, "rule", json_integer(event->rule));
        report_emit(report, object);
        return;
    }
    struct buffer *line = &report->line;
    printable_format(line, "fault: %s %s ", type, way);
    printable_append(line, teller->peer);
    printable_format(line, event->rule > 0 ? " %s (rule %u)" : " %s", what, event->rule);
    report_say(report, OUTPUT_NOTICE);
}

// ---- lists --------------------------------------------------------------------------------------

static const char *state_of(const struct proxy_connection *connection,
                            const struct proxy_piece *piece) {
    return piece->is_held ? "held" : connection->frozen_until > 0 ? "frozen" : "delayed";
}

static void list_lane(struct listing *listing, const struct proxy_connection *connection,
                      enum proxy_side side, const char *way) {
    const struct proxy_lane *lane = &connection->lanes[side];
    for (uint32_t i = 0; i < lane->piece_count; i++) {
        const struct proxy_piece *piece = &lane->pieces[lane->piece_first + i];
        if (piece->kind == FAULT_ANY) {
            continue;
        }
        listing_text(listing, bytes_of_text(state_of(connection, piece)));
        listing_text(listing, bytes_of_text(way));
        listing_text(listing, proxy_connection_name(connection));
        listing_text(listing, bytes_of_text(fault_kind_row(piece->kind)->name));
        listing_number(listing, piece->rule);
    }
}

void proxy_levers_list_waiting(struct listing *listing, const struct proxy *proxy,
                               const char *title, const char *const ways[2]) {
    static const char *const columns[] = {"state", "way", "client_id", "type", "rule", NULL};
    listing_section(listing, title, columns);
    for (const struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        list_lane(listing, at, PROXY_CLIENT, ways[PROXY_CLIENT]);
        list_lane(listing, at, PROXY_BROKER, ways[PROXY_BROKER]);
    }
}
