#include "session/proxy/proxy_report.h"

#include "fault/text.h"
#include "shell/fault_rules.h"
#include "shell/printable.h"

#define TYPES 16

// What a hit of an action does to the packet, for a line about it.
static const char *const verbs[FAULT_ACTIONS] = {
    [FAULT_DROP] = "drops",         [FAULT_HOLD] = "holds",
    [FAULT_DUPLICATE] = "repeats",  [FAULT_DELAY] = "delays",
    [FAULT_STALL] = "stalls",       [FAULT_REORDER] = "puts out of order",
    [FAULT_THROTTLE] = "throttles", [FAULT_LOSE] = "loses for a while",
    [FAULT_CUT] = "cuts at",        [FAULT_FREEZE] = "freezes at",
    [FAULT_REFUSE] = "refuses",     [FAULT_CORRUPT] = "corrupts",
    [FAULT_PROFILE] = "carries",
};

static const char *const end_names[] = {
    [FAULT_PASSES] = "changed",     [FAULT_IS_DROPPED] = "dropped", [FAULT_IS_HELD] = "held",
    [FAULT_IS_REFUSED] = "refused", [FAULT_IS_CUT] = "cut",         [FAULT_IS_RESET] = "reset",
};

static const char *const event_names[] = {
    [PROXY_OPENED] = "opened", [PROXY_KNOWN] = "client",  [PROXY_FOREIGN] = "foreign",
    [PROXY_HIT] = "hit",       [PROXY_FROZE] = "frozen",  [PROXY_BROKE] = "cut",
    [PROXY_CLOSED] = "closed", [PROXY_LET_GO] = "let-go",
};

static const char *version_text(const struct proxy_connection *connection) {
    return connection->is_foreign            ? "no MQTT"
           : !connection->is_known           ? "?"
           : connection->version == MQTT_5   ? "5.0"
           : connection->version == MQTT_3_1 ? "3.1"
                                             : "3.1.1";
}

// ---- events -------------------------------------------------------------------------------------

static void add_client(struct buffer *line, const struct proxy_connection *connection) {
    struct bytes name = proxy_connection_name(connection);
    if (name.size > 0) {
        printable_append(line, name);
    } else {
        printable_append(line, bytes_of_text(connection->address));
    }
}

static const char *verb_of(const struct proxy_event *event) {
    const struct fault_set *set = &event->connection->proxy->set;
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->entries[i].number == event->rule) {
            return verbs[set->entries[i].rule.action];
        }
    }
    return "hits";
}

static void say_hit(struct report *report, const struct proxy_event *event) {
    struct buffer *line = &report->line;
    printable_format(line, "rule %u %s %s %s ", event->rule, verb_of(event),
                     fault_kind_row(event->packet)->name,
                     event->way == FAULT_TO_BROKER ? "from" : "to");
    add_client(line, event->connection);
}

// What is worth a line for people; the opening of a connection is not, before it has a name.
static bool say_text(struct report *report, const struct proxy_event *event) {
    struct buffer *line = &report->line;
    switch (event->kind) {
    case PROXY_OPENED:
        return false;
    case PROXY_KNOWN:
        add_client(line, event->connection);
        printable_format(line, " connects from %s (MQTT %s)", event->connection->address,
                         version_text(event->connection));
        return true;
    case PROXY_FOREIGN:
        add_client(line, event->connection);
        printable_format(line, " at %s does not speak MQTT: what it says is passed on as it is",
                         event->connection->address);
        return true;
    case PROXY_HIT:
        say_hit(report, event);
        return true;
    case PROXY_FROZE:
        add_client(line, event->connection);
        buffer_append_text(line, " is frozen: nothing passes either way");
        return true;
    case PROXY_LET_GO:
        printable_format(line, "%s %s ", fault_kind_row(event->packet)->name,
                         event->way == FAULT_TO_BROKER ? "from" : "to");
        add_client(line, event->connection);
        printable_format(line, " is let go, after %.3f s", (double)event->waited / 1e9);
        return true;
    case PROXY_BROKE:
        buffer_append_text(line, "the connection of ");
        add_client(line, event->connection);
        printable_format(line, event->rule > 0 ? " was cut by rule %u" : " was cut", event->rule);
        return true;
    case PROXY_CLOSED:
        buffer_append_text(line, event->side == PROXY_CLIENT ? "" : "the broker let go of ");
        add_client(line, event->connection);
        buffer_append_text(line, event->side == PROXY_CLIENT ? " is gone" : "");
        return true;
    }
    return false;
}

static void emit(struct report *report, const struct proxy_event *event) {
    const struct proxy_connection *connection = event->connection;
    json_t *object = report_object(event_names[event->kind]);
    listing_set_bytes(object, "client", proxy_connection_name(connection));
    listing_set_bytes(object, "address", bytes_of_text(connection->address));
    if (event->kind == PROXY_KNOWN) {
        json_object_set_new(object, "version", json_string(version_text(connection)));
    }
    if (event->kind == PROXY_HIT || (event->kind == PROXY_BROKE && event->rule > 0)) {
        json_object_set_new(object, "rule", json_integer(event->rule));
    }
    if (event->kind == PROXY_LET_GO) {
        json_object_set_new(object, "waited", json_real((double)event->waited / 1e9));
    }
    if (event->kind == PROXY_HIT || event->kind == PROXY_LET_GO) {
        json_object_set_new(object, "packet", json_string(fault_kind_row(event->packet)->name));
        json_object_set_new(object, "to",
                            json_string(event->way == FAULT_TO_BROKER ? "broker" : "client"));
    }
    if (event->kind == PROXY_HIT) {
        json_object_set_new(object, "what", json_string(end_names[event->end]));
    }
    if (event->kind == PROXY_CLOSED) {
        json_object_set_new(object, "by",
                            json_string(event->side == PROXY_CLIENT ? "client" : "broker"));
    }
    report_emit(report, object);
}

void proxy_report_event(struct report *report, const struct proxy_event *event) {
    if (!report->listening ||
        !report_may_tell(report, REPORT_EVENT + event->kind, event_names[event->kind])) {
        return;
    }
    if (report->json) {
        emit(report, event);
    } else if (say_text(report, event)) {
        report_say(report, OUTPUT_NOTICE);
    }
}

void proxy_report_unreachable(struct report *report, const char *host, const char *why) {
    if (!report_may_tell(report, REPORT_EVENT + PROXY_CLOSED + 1, "unreachable")) {
        return;
    }
    if (report->json) {
        json_t *object = report_object("unreachable");
        json_object_set_new(object, "broker", json_string(host));
        listing_set_bytes(object, "why", bytes_of_text(why));
        report_emit(report, object);
        return;
    }
    printable_format(&report->line, "the broker %s cannot be reached for a client: %s", host, why);
    report_say(report, OUTPUT_NOTICE);
}

// ---- tables -------------------------------------------------------------------------------------

static void text(struct listing *listing, const char *word) {
    listing_text(listing, bytes_of_text(word));
}

static const char *state_of(const struct proxy_connection *connection) {
    bool is_held = connection->lanes[PROXY_CLIENT].held + connection->lanes[PROXY_BROKER].held > 0;
    return connection->is_broken                 ? "cut"
           : connection->frozen_until > 0        ? "frozen"
           : is_held                             ? "held"
           : connection->is_closed[PROXY_CLIENT] ? "client gone"
           : connection->is_closed[PROXY_BROKER] ? "broker gone"
                                                 : "open";
}

static void list_clients(struct listing *listing, const struct proxy *proxy) {
    static const char *const columns[] = {"client",    "address",   "version", "to-broker",
                                          "to-client", "under-way", "state",   NULL};
    uint32_t rows = 0;
    listing_section(listing, "clients", columns);
    for (const struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        if (rows++ == LISTING_ROWS_MAX) {
            listing_leave_out(listing, proxy->count - LISTING_ROWS_MAX);
            return;
        }
        listing_text(listing, proxy_connection_name(at));
        text(listing, at->address);
        text(listing, version_text(at));
        listing_number(listing, at->packets[PROXY_CLIENT]);
        listing_number(listing, at->packets[PROXY_BROKER]);
        listing_number(listing, at->lanes[PROXY_CLIENT].bytes + at->lanes[PROXY_BROKER].bytes);
        text(listing, state_of(at));
    }
}

static void list_held(struct listing *listing, const struct proxy *proxy) {
    static const char *const columns[] = {"packet", "to", "client", "rule", NULL};
    uint32_t rows = 0;
    listing_section(listing, "held", columns);
    for (const struct proxy_connection *at = proxy->connections; at != NULL; at = at->next) {
        for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
            const struct proxy_lane *lane = &at->lanes[side];
            for (uint32_t i = 0; i < lane->piece_count && lane->held > 0; i++) {
                const struct proxy_piece *piece = &lane->pieces[lane->piece_first + i];
                if (!piece->is_held || rows++ >= LISTING_ROWS_MAX) {
                    continue;
                }
                text(listing, fault_kind_row(piece->kind)->name);
                text(listing, side == PROXY_CLIENT ? "broker" : "client");
                listing_text(listing, proxy_connection_name(at));
                listing_number(listing, piece->rule);
            }
        }
    }
}

static void list_packets(struct listing *listing, const struct proxy *proxy) {
    static const char *const columns[] = {"type", "to-broker", "to-client", NULL};
    unsigned long long came = 0;
    for (unsigned type = 1; type < TYPES; type++) {
        came += proxy->packets[PROXY_CLIENT][type] + proxy->packets[PROXY_BROKER][type];
    }
    listing_section(listing, "packets", columns);
    listing_heading(listing, "%llu packets came", came);
    for (unsigned type = 1; type < TYPES; type++) {
        if (proxy->packets[PROXY_CLIENT][type] + proxy->packets[PROXY_BROKER][type] > 0) {
            text(listing, mqtt_type_name(type));
            listing_number(listing, proxy->packets[PROXY_CLIENT][type]);
            listing_number(listing, proxy->packets[PROXY_BROKER][type]);
        }
    }
}

static void list_rules(struct listing *listing, const struct proxy *proxy) {
    static const char *const columns[] = {"number", "rule", "hits", NULL};
    struct buffer rule;
    buffer_init(&rule, proxy->memory);
    listing_section(listing, "rules", columns);
    for (uint32_t i = 0; i < proxy->set.count; i++) {
        const struct fault_entry *entry = &proxy->set.entries[i];
        rule.size = 0;
        fault_text_write(&entry->rule, &rule);
        listing_number(listing, entry->number);
        listing_text(listing, buffer_bytes(&rule));
        listing_number(listing, entry->hits);
    }
    buffer_deinit(&rule);
}

json_t *proxy_report_rules(const struct proxy *proxy) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < proxy->set.count; i++) {
        const struct fault_entry *entry = &proxy->set.entries[i];
        json_array_append_new(list, fault_rules_json(entry, entry->hits, proxy->memory));
    }
    return list;
}

void proxy_report_list(struct listing *listing, const struct proxy *proxy) {
    list_clients(listing, proxy);
    list_held(listing, proxy);
    list_packets(listing, proxy);
    list_rules(listing, proxy);
}

uint32_t proxy_report_never(const struct proxy *proxy) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < proxy->set.count; i++) {
        count += proxy->set.entries[i].hits == 0;
    }
    return count;
}

static void list_counts(struct listing *listing, const struct proxy *proxy, uint64_t seed) {
    static const char *const columns[] = {
        "seed",      "connections", "foreign", "bytes-to-broker", "bytes-to-client",
        "never-hit", "too-large",   NULL};
    listing_single(listing, "report", columns);
    listing_number(listing, seed);
    listing_number(listing, proxy->opened);
    listing_number(listing, proxy->foreign);
    listing_number(listing, proxy->bytes[PROXY_CLIENT]);
    listing_number(listing, proxy->bytes[PROXY_BROKER]);
    listing_number(listing, proxy_report_never(proxy));
    listing_number(listing, proxy->too_large);
}

static void name_never(struct report *report, const struct proxy *proxy) {
    for (uint32_t i = 0; i < proxy->set.count; i++) {
        const struct fault_entry *entry = &proxy->set.entries[i];
        if (entry->hits == 0) {
            struct buffer rule;
            buffer_init(&rule, proxy->memory);
            fault_text_write(&entry->rule, &rule);
            printable_format(&report->line, "rule %u never hit: ", entry->number);
            printable_append(&report->line, buffer_bytes(&rule));
            report_say(report, OUTPUT_ANSWER);
            buffer_deinit(&rule);
        }
    }
}

void proxy_report_end(struct report *report, const struct proxy *proxy, uint64_t seed) {
    struct listing listing;
    listing_init(&listing, proxy->memory, report->json);
    list_packets(&listing, proxy);
    list_rules(&listing, proxy);
    list_counts(&listing, proxy, seed);
    report_answer(report, "report", listing_end(&listing));
    listing_deinit(&listing);
    if (!report->json) {
        name_never(report, proxy);
    }
}
