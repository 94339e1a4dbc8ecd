#include "fault/text.h"

#include "fault/profile.h"
#include "mqtt/packet.h"
#include "packet/packet.h"

#define US_NS UINT64_C(1000)
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define PERCENT 10000u // of a million

static void add(struct buffer *out, const char *text) {
    buffer_append_text(out, text);
}

// ---- numbers with units -------------------------------------------------------------------------

struct unit {
    uint64_t size;
    const char *name;
};

// The largest first; the last one divides all.
static void add_measure(struct buffer *out, uint64_t value, const struct unit *units) {
    while (value % units->size != 0) {
        units++;
    }
    buffer_append_decimal(out, value / units->size);
    add(out, units->name);
}

static void add_time(struct buffer *out, uint64_t ns) {
    static const struct unit units[] = {
        {3600 * UINT64_C(1000000), " h"},
        {60 * UINT64_C(1000000), " min"},
        {UINT64_C(1000000), " s"},
        {1000, " ms"},
        {1, " us"},
    };
    add_measure(out, ns / US_NS, units);
}

static void add_rate(struct buffer *out, uint64_t rate) {
    static const struct unit units[] = {{UINT64_C(1000000000), " Gbit/s"},
                                        {UINT64_C(1000000), " Mbit/s"},
                                        {1000, " kbit/s"},
                                        {1, " bit/s"}};
    add_measure(out, rate, units);
}

static void add_share(struct buffer *out, uint32_t share) {
    buffer_append_decimal(out, share / PERCENT);
    uint32_t rest = share % PERCENT;
    if (rest > 0) {
        buffer_append_byte(out, '.');
        for (uint32_t place = PERCENT / 10; rest > 0; place /= 10) {
            buffer_append_byte(out, (uint8_t)('0' + rest / place));
            rest %= place;
        }
    }
    add(out, " %");
}

// ---- as it is typed -----------------------------------------------------------------------------

static bool is_keyword(struct bytes name) {
    return bytes_equal(name, BYTES_LITERAL("broker")) ||
           bytes_equal(name, BYTES_LITERAL("client")) ||
           bytes_equal(name, BYTES_LITERAL("clients"));
}

static bool needs_quotes(struct bytes name) {
    return is_keyword(name) || memchr(name.data, ' ', name.size) != NULL ||
           memchr(name.data, '"', name.size) != NULL || memchr(name.data, '\\', name.size) != NULL;
}

static void add_name(struct buffer *out, struct bytes name) {
    if (!needs_quotes(name)) {
        buffer_append(out, name);
        return;
    }
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '"' || name.data[i] == '\\') {
            buffer_append_byte(out, '\\');
        }
        buffer_append_byte(out, name.data[i]);
    }
    buffer_append_byte(out, '"');
}

static const char *const place_words[] = {
    [FAULT_BEFORE] = "before", [FAULT_INSIDE] = "inside", [FAULT_AFTER] = "after"};

static void write_arguments(const struct fault_rule *rule, struct buffer *out) {
    uint32_t takes = fault_action_row(rule->action)->arguments;
    if (rule->time_ns > 0 && rule->time_ns != FAULT_FOR_EVER) {
        add(out, " ");
        add_time(out, rule->time_ns);
    }
    if (rule->jitter_ns > 0) {
        add(out, " ~ ");
        add_time(out, rule->jitter_ns);
    }
    if (rule->rate > 0) {
        add(out, " ");
        add_rate(out, rule->rate);
    }
    if (rule->bits > 0) {
        add(out, " ");
        buffer_append_decimal(out, rule->bits);
        add(out, rule->bits == 1 ? " bit of" : " bits of");
    }
    if (takes & FAULT_TAKES_PROFILE) {
        add(out, " ");
        add(out, fault_profile(rule->profile)->name);
    }
    if (rule->has_place) {
        add(out, " ");
        add(out, place_words[rule->place]);
    }
}

static void write_numbers(const struct fault_rule *rule, struct buffer *out) {
    add(out, " ");
    buffer_append_decimal(out, rule->first);
    if (rule->last != rule->first) {
        add(out, "-");
        buffer_append_decimal(out, rule->last);
    }
}

static void write_packets(const struct fault_rule *rule, struct buffer *out) {
    bool is_any = rule->kind == FAULT_ANY;
    if (rule->pick == FAULT_EVERY) {
        add(out, " every ");
        buffer_append_decimal(out, rule->first);
    }
    if (rule->pick == FAULT_SHARE) {
        add(out, " ");
        add_share(out, rule->share);
        add(out, is_any ? "" : " of");
    }
    if (!is_any || rule->pick == FAULT_EVERY || rule->bits > 0) {
        add(out, " ");
        add(out, fault_kind_row(rule->kind)->name);
    } else if (rule->pick == FAULT_NUMBERED) {
        add(out, " packet");
    }
    if (rule->pick == FAULT_NUMBERED) {
        write_numbers(rule, out);
    }
}

static void write_whose(const struct fault_rule *rule, struct buffer *out) {
    static const char *const with_name[] = {
        [FAULT_TO_BROKER] = " from ", [FAULT_TO_CLIENT] = " to ", [FAULT_BOTH_WAYS] = " with "};
    static const char *const nameless[] = {[FAULT_TO_BROKER] = " to broker",
                                           [FAULT_TO_CLIENT] = " from broker",
                                           [FAULT_BOTH_WAYS] = ""};
    if (rule->pattern_size > 0) {
        add(out, with_name[rule->direction]);
        add_name(out, fault_rule_pattern(rule));
    } else {
        add(out, nameless[rule->direction]);
    }
    if (rule->filter_size > 0) {
        add(out, " on ");
        add_name(out, fault_rule_filter(rule));
    }
    if (rule->qos >= 0) {
        add(out, " qos ");
        buffer_append_decimal(out, (uint64_t)rule->qos);
    }
}

static void write_times(const struct fault_rule *rule, struct buffer *out) {
    if (rule->start_ns > 0 && rule->start_ns != rule->period_ns) {
        add(out, rule->is_once ? " at " : " after ");
        add_time(out, rule->start_ns);
    }
    if (rule->period_ns > 0) {
        add(out, " every ");
        add_time(out, rule->period_ns);
    }
    if (rule->length_ns > 0) {
        add(out, " for ");
        add_time(out, rule->length_ns);
    }
}

void fault_text_write(const struct fault_rule *rule, struct buffer *out) {
    add(out, fault_action_row(rule->action)->name);
    write_arguments(rule, out);
    write_packets(rule, out);
    if (rule->by > 0) {
        add(out, " by ");
        buffer_append_decimal(out, rule->by);
    }
    if (rule->inside_bytes > 0) {
        add(out, " after ");
        buffer_append_decimal(out, rule->inside_bytes);
        add(out, rule->inside_bytes == 1 ? " byte" : " bytes");
    }
    if (rule->burst > 0) {
        add(out, " in bursts of ");
        buffer_append_decimal(out, rule->burst);
    }
    write_whose(rule, out);
    write_times(rule, out);
}

// ---- in a sentence ------------------------------------------------------------------------------

static void explain_how(const struct fault_rule *rule, struct buffer *out) {
    static const char *const places[] = {
        [FAULT_BEFORE] = " before", [FAULT_INSIDE] = " inside", [FAULT_AFTER] = " behind"};
    if (rule->has_place) {
        add(out, places[rule->place]);
    }
    if (rule->bits > 0) {
        add(out, " ");
        buffer_append_decimal(out, rule->bits);
        add(out, rule->bits == 1 ? " bit of" : " bits of");
    }
    if (fault_action_row(rule->action)->arguments & FAULT_TAKES_PROFILE) {
        add(out, " ");
        add(out, fault_profile(rule->profile)->name);
    }
}

static void explain_packets(const struct fault_rule *rule, struct buffer *out) {
    const char *name = rule->kind == FAULT_ANY ? "packet" : fault_kind_row(rule->kind)->name;
    if (rule->pick == FAULT_EACH) {
        add(out, " every ");
        add(out, name);
    } else if (rule->pick == FAULT_NUMBERED) {
        add(out, " ");
        add(out, name);
        add(out, " number");
        write_numbers(rule, out);
    } else if (rule->pick == FAULT_EVERY) {
        add(out, " one ");
        add(out, name);
        add(out, " in ");
        buffer_append_decimal(out, rule->first);
    } else {
        add(out, " a random ");
        add_share(out, rule->share);
        add(out, rule->kind == FAULT_ANY ? " of all packets" : " of each ");
        add(out, rule->kind == FAULT_ANY ? "" : name);
    }
}

static void explain_whose(const struct fault_rule *rule, struct buffer *out) {
    static const char *const ways[] = {[FAULT_TO_BROKER] = " on the way to the broker",
                                       [FAULT_TO_CLIENT] = " on the way from the broker",
                                       [FAULT_BOTH_WAYS] = ""};
    add(out, rule->pattern_size > 0 ? " of each client that fits " : " of each client");
    add_name(out, fault_rule_pattern(rule));
    add(out, ways[rule->direction]);
    if (rule->filter_size > 0) {
        add(out, ", on topics that match ");
        buffer_append(out, fault_rule_filter(rule));
    }
    if (rule->qos >= 0) {
        add(out, ", with QoS ");
        buffer_append_decimal(out, (uint64_t)rule->qos);
    }
}

static void explain_measures(const struct fault_rule *rule, struct buffer *out) {
    if (rule->time_ns > 0) {
        add(out, rule->action == FAULT_DELAY ? ", by " : ", for ");
        if (rule->time_ns == FAULT_FOR_EVER) {
            add(out, "ever");
        } else {
            add_time(out, rule->time_ns);
        }
    }
    if (rule->jitter_ns > 0) {
        add(out, " more or less ");
        add_time(out, rule->jitter_ns);
    }
    if (rule->rate > 0) {
        add(out, " to ");
        add_rate(out, rule->rate);
    }
    if (rule->by > 0) {
        add(out, " by ");
        buffer_append_decimal(out, rule->by);
    }
    if (rule->inside_bytes > 0) {
        add(out, ", after its first ");
        buffer_append_decimal(out, rule->inside_bytes);
        add(out, rule->inside_bytes == 1 ? " byte" : " bytes");
    }
    if (rule->burst > 0) {
        add(out, ", in bursts of ");
        buffer_append_decimal(out, rule->burst);
        add(out, " in the mean");
    }
}

static void explain_times(const struct fault_rule *rule, struct buffer *out) {
    if (rule->start_ns > 0) {
        add(out, rule->is_once ? "; at " : "; from ");
        add_time(out, rule->start_ns);
        add(out, rule->is_once ? "" : " on");
    }
    if (rule->period_ns > 0) {
        add(out, ", then every ");
        add_time(out, rule->period_ns);
    }
    if (rule->length_ns > 0) {
        add(out, rule->start_ns > 0 ? ", for " : "; for ");
        add_time(out, rule->length_ns);
    }
    if (rule->is_once && !fault_rule_is_timed(rule)) {
        add(out, ", once for each client");
    }
}

static void add_capitalised(struct buffer *out, const char *text) {
    size_t start = out->size;
    add(out, text);
    out->data[start] = (uint8_t)(out->data[start] - 'a' + 'A');
}

void fault_text_explain(const struct fault_rule *rule, bool of_lines, struct buffer *out) {
    const struct fault_action_row *row = fault_action_row(rule->action);
    enum fault_cause cause = of_lines ? row->line_cause : row->cause;
    add_capitalised(out, row->does);
    explain_how(rule, out);
    if (!fault_rule_is_timed(rule)) {
        explain_packets(rule, out);
    }
    explain_whose(rule, out);
    explain_measures(rule, out);
    explain_times(rule, out);
    add(out, ". ");
    add(out, row->effect);
    add(out, cause == FAULT_BY_NETWORK ? " A network can cause this."
                                       : " Only a faulty program at one of the ends causes this.");
}

// ---- what can never hit -------------------------------------------------------------------------

static bool doubt_kind(const struct fault_rule *rule, bool of_lines, struct buffer *out) {
    const char *name = fault_kind_row(rule->kind)->name;
    bool is_of_lines = rule->kind >= FAULT_LINE && rule->kind < FAULT_BYTES;
    if (rule->kind != FAULT_ANY && is_of_lines != of_lines) {
        add(out, name);
        add(out, of_lines ? " is no packet of the line network" : " is no packet of MQTT");
        return true;
    }
    if (!fault_kind_goes(rule->kind, rule->direction)) {
        add(out,
            rule->direction == FAULT_TO_BROKER ? "clients never send " : "brokers never send ");
        add(out, name);
        return true;
    }
    return false;
}

static bool doubt_content(const struct fault_rule *rule, struct buffer *out) {
    const struct fault_kind_row *kind = fault_kind_row(rule->kind);
    bool is_any = rule->kind == FAULT_ANY;
    if (!is_any &&
        ((rule->filter_size > 0 && !kind->has_topic) || (rule->qos >= 0 && !kind->has_qos))) {
        add(out, kind->name);
        add(out, rule->filter_size > 0 && !kind->has_topic ? " has no topic" : " has no QoS");
        return true;
    }
    if (rule->action == FAULT_REFUSE && rule->kind != MQTT_CONNECT &&
        rule->kind != FAULT_LINE + PACKET_CREQ) {
        add(out, "only CONNECT and creq can be refused");
        return true;
    }
    if (kind->bytes > 0 && rule->inside_bytes >= kind->bytes) {
        add(out, kind->name);
        add(out, " has no more than ");
        buffer_append_decimal(out, kind->bytes);
        add(out, " bytes");
        return true;
    }
    return false;
}

bool fault_text_doubt(const struct fault_rule *rule, bool of_lines, struct buffer *out) {
    return doubt_kind(rule, of_lines, out) || doubt_content(rule, out);
}

// ---- reference ----------------------------------------------------------------------------------

static const char *cause_word(enum fault_cause cause) {
    return cause == FAULT_BY_NETWORK ? "network" : "peer";
}

static void add_action(struct buffer *out, const struct fault_action_row *row) {
    add(out, "| `");
    add(out, row->form);
    add(out, "` | ");
    add(out, row->effect);
    add(out, " | `");
    add(out, row->example);
    add(out, "` | ");
    add(out, cause_word(row->cause));
    add(out, " | ");
    add(out, cause_word(row->line_cause));
    add(out, " |\n");
}

static void add_loss(struct buffer *out, const struct fault_loss *loss) {
    uint64_t changes = (uint64_t)loss->to_bad + loss->to_good;
    uint64_t mean =
        ((uint64_t)loss->to_bad * loss->bad + (uint64_t)loss->to_good * loss->good) / changes;
    if (mean == 0) {
        add(out, "none");
        return;
    }
    add_share(out, (uint32_t)(mean < 100 ? mean : mean / 100 * 100));
    add(out, ", ");
    add_share(out, loss->bad);
    add(out, " in bad times of ");
    buffer_append_decimal(out, (FAULT_MILLION + loss->to_good / 2) / loss->to_good);
    add(out, " packets");
}

static void add_profile(struct buffer *out, const struct fault_profile *profile) {
    add(out, "| `");
    add(out, profile->name);
    add(out, "` | ");
    add_time(out, profile->delay_ns);
    add(out, " ~ ");
    add_time(out, profile->jitter_ns);
    add(out, " | ");
    add_rate(out, profile->up);
    add(out, " | ");
    add_rate(out, profile->down);
    add(out, " | ");
    add_loss(out, &profile->loss);
    add(out, " | ");
    add(out, profile->source);
    add(out, " |\n");
}

void fault_text_reference(struct buffer *out) {
    add(out, "| action | what happens | example | in a stream | on the line network |\n"
             "|---|---|---|---|---|\n");
    for (unsigned i = 0; i < FAULT_ACTIONS; i++) {
        add_action(out, fault_action_row((enum fault_action)i));
    }
    add(out, "\n| profile | delay one way | to the broker | from the broker | lost | source |\n"
             "|---|---|---|---|---|---|\n");
    for (unsigned i = 0; fault_profile(i) != NULL; i++) {
        add_profile(out, fault_profile(i));
    }
}
