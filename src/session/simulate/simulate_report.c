#include "session/simulate/simulate_report.h"

#include <jansson.h>
#include <math.h>

#include "session/simulate/search/simulate_ladder.h"
#include "shell/printable.h"
#include "sim/account/measure.h"

#define SECOND 1e9
#define WIDTH 80

static const struct {
    const char *name;
    double share;
} shares[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
#define SHARES (sizeof shares / sizeof *shares)

bool simulate_result_is_good(const struct simulate_result *result) {
    for (unsigned i = 0; i < CHECK_RULES; i++) {
        if (result->outcome->summary.verdicts.broken[i] > 0) {
            return false;
        }
    }
    for (uint32_t i = 0; i < result->plan->expectation_count; i++) {
        double value;
        if (!sim_measure_holds(result->outcome, &result->plan->expectations[i], &value)) {
            return false;
        }
    }
    return true;
}

const char *simulate_report_span(double ns, char text[static SIMULATE_SPAN_SIZE]) {
    static const struct {
        double ns;
        const char *name;
    } units[] = {{86400 * SECOND, "d"}, {3600 * SECOND, "h"}, {60 * SECOND, "min"},
                 {SECOND, "s"},         {1e6, "ms"},          {1e3, "us"}};
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof *units && ns < units[i].ns) {
        i++;
    }
    (void)snprintf(text, SIMULATE_SPAN_SIZE, "%.3g %s", ns / units[i].ns, units[i].name);
    return text;
}

// ---- lines of words that are wrapped ------------------------------------------------------------

#define HEAD 13

// A paragraph behind a head: parts are put one behind the other, with commas, in lines of 80.
struct paragraph {
    FILE *out;
    int column;
};

static struct paragraph begin(FILE *out, const char *head) {
    return (struct paragraph){out, fprintf(out, "%-*s", HEAD, head)};
}

__attribute__((format(printf, 2, 3))) static void say(struct paragraph *paragraph,
                                                      const char *format, ...) {
    char part[256];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(part, sizeof part, format, arguments);
    va_end(arguments);
    bool is_first = paragraph->column == HEAD;
    if (!is_first) {
        paragraph->column += fprintf(paragraph->out, ",");
    }
    if (!is_first && paragraph->column + 1 + size >= WIDTH) {
        (void)fprintf(paragraph->out, "\n%*s", HEAD, "");
        paragraph->column = HEAD;
        is_first = true;
    }
    paragraph->column += fprintf(paragraph->out, "%s%s", is_first ? "" : " ", part);
}

// So many of a noun, and what is said of them.
static void say_count(struct paragraph *paragraph, uint64_t count, const char *noun,
                      const char *rest) {
    say(paragraph, "%llu %s%s%s", (unsigned long long)count, noun, printable_plural(count), rest);
}

static void finish(struct paragraph *paragraph) {
    (void)fprintf(paragraph->out, "\n");
}

#define NUMBER(value) ((unsigned long long)(value))

// ---- the parts ----------------------------------------------------------------------------------

static void print_time(const struct simulate_result *result, FILE *out) {
    char simulated[SIMULATE_SPAN_SIZE];
    char took[SIMULATE_SPAN_SIZE];
    double seconds = (double)result->took_ns / SECOND;
    struct paragraph paragraph = begin(out, "time");
    say(&paragraph, "%s simulated in %s%s",
        simulate_report_span((double)result->simulated_ns, simulated),
        simulate_report_span((double)result->took_ns, took),
        result->was_interrupted ? " (interrupted)" : "");
    if (result->took_ns > 0) {
        say(&paragraph, "%.3g times as fast", (double)result->simulated_ns / SECOND / seconds);
        say(&paragraph, "%.3g million events/s",
            (double)result->outcome->summary.events / 1e6 / seconds);
    }
    finish(&paragraph);
}

static void print_devices(const struct simulate_result *result, FILE *out) {
    const struct sim_counts *counts = &result->outcome->summary.counts;
    struct sim_tally groups = sim_outcome_groups(result->outcome);
    struct paragraph paragraph = begin(out, "devices");
    say(&paragraph, "%u", result->outcome->summary.devices);
    say(&paragraph, "%llu connected at the end", NUMBER(counts->connected));
    say_count(&paragraph, counts->connections, "connection", "");
    say_count(&paragraph, counts->reconnects, "reconnect", "");
    say(&paragraph, "at most %llu in a second", NUMBER(counts->reconnecting.most));
    say_count(&paragraph, counts->attempts_failed, "attempt", " failed");
    say_count(&paragraph, counts->resumed, "session", " resumed");
    say(&paragraph, "%llu lost", NUMBER(counts->sessions_lost));
    if (groups.accused > 0) {
        say(&paragraph, "%llu misbehaved and were found out", NUMBER(groups.accused));
    }
    finish(&paragraph);
    if (groups.answers_due > 0) {
        paragraph = begin(out, "answers");
        say(&paragraph, "%llu due", NUMBER(groups.answers_due));
        say(&paragraph, "%llu came", NUMBER(groups.answered));
        finish(&paragraph);
    }
}

static void print_packets(const struct simulate_result *result, FILE *out) {
    const struct sim_counts *counts = &result->outcome->summary.counts;
    struct paragraph paragraph = begin(out, "packets");
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        const struct fault_kind_row *row = fault_kind_row(kind);
        uint64_t up = counts->packets[kind][FAULT_TO_BROKER];
        uint64_t down = counts->packets[kind][FAULT_TO_CLIENT];
        if (row->name != NULL && up + down > 0) {
            say(&paragraph, "%s %llu up %llu down", row->name, NUMBER(up), NUMBER(down));
        }
    }
    say_count(&paragraph, counts->bytes[0], "byte", " up");
    say(&paragraph, "%llu down", NUMBER(counts->bytes[1]));
    finish(&paragraph);
    if (counts->segments_lost + counts->lines_lost + counts->queue_most > 0) {
        paragraph = begin(out, "links");
        say_count(&paragraph, counts->segments_lost, "segment", " sent again");
        say_count(&paragraph, counts->lines_lost, "line", " lost");
        say(&paragraph, "at most %llu read%s waited for a broker", NUMBER(counts->queue_most),
            printable_plural(counts->queue_most));
        finish(&paragraph);
    }
}

// What waited at its longest, as far as was looked.
static void print_peaks(const struct simulate_result *result, FILE *out) {
    const struct sim_counts *counts = &result->outcome->summary.counts;
    if (counts->queued_most + counts->mailbox_most + counts->uplink_most == 0) {
        return;
    }
    struct paragraph paragraph = begin(out, "peaks");
    say_count(&paragraph, counts->queued_most, "message", " waited for one client");
    if (result->plan->router_count > 0) {
        say_count(&paragraph, counts->mailbox_most, "packet", " in one mailbox");
        say_count(&paragraph, counts->uplink_most, "byte", " in a second over one uplink");
    }
    finish(&paragraph);
}

static void print_qos(const struct simulate_result *result, unsigned qos, FILE *out) {
    const struct sim_counts *counts = &result->outcome->summary.counts;
    if (counts->published[qos] + counts->delivered[qos] == 0) {
        return;
    }
    char head[HEAD];
    char span[SIMULATE_SPAN_SIZE];
    (void)snprintf(head, sizeof head, "QoS %u", qos);
    struct paragraph paragraph = begin(out, head);
    say(&paragraph, "%llu published", NUMBER(counts->published[qos]));
    if (qos > 0) {
        say(&paragraph, "%llu acknowledged", NUMBER(counts->acknowledged[qos]));
        say(&paragraph, "%llu given up", NUMBER(counts->given_up[qos]));
    }
    say(&paragraph, "%llu delivered", NUMBER(counts->delivered[qos]));
    const struct histogram *latency = &result->outcome->summary.latencies.of_qos[qos];
    for (size_t i = 0; i < SHARES && latency->count > 0; i++) {
        double ns = (double)histogram_share(latency, shares[i].share);
        say(&paragraph, "%s %s", shares[i].name, simulate_report_span(ns, span));
    }
    finish(&paragraph);
}

static void print_losses(const struct simulate_result *result, FILE *out) {
    const struct verdict_counts *counts = &result->outcome->summary.verdicts;
    struct paragraph paragraph = begin(out, "copies");
    say(&paragraph, "%llu due", NUMBER(counts->owed));
    say(&paragraph, "%llu delivered", NUMBER(counts->delivered));
    say(&paragraph, "%llu more than once", NUMBER(counts->repeated));
    say(&paragraph, "%llu lost", NUMBER(sim_measure_lost(&result->outcome->summary)));
    say(&paragraph, "%llu messages or copies still open", NUMBER(result->outcome->summary.open));
    finish(&paragraph);
    bool is_first = true;
    for (unsigned i = 0; i < VERDICT_LOSSES; i++) {
        if (counts->lost[i] + counts->upward[i] > 0) {
            if (is_first) {
                paragraph = begin(out, "lost by");
                is_first = false;
            }
            say(&paragraph, "%s: %llu %s", verdict_loss_text((enum verdict_loss)i),
                NUMBER(counts->lost[i]), counts->lost[i] == 1 ? "copy" : "copies");
            say(&paragraph, "%llu on the way up", NUMBER(counts->upward[i]));
        }
    }
    if (!is_first) {
        finish(&paragraph);
    }
}

static void print_rest(const struct simulate_result *result, FILE *out) {
    char span[SIMULATE_SPAN_SIZE];
    if (result->plan->calm_ns > 0) {
        (void)fprintf(
            out, "%-*sno message moved any more %s after the last fault, or in the calm\n", HEAD,
            "rest", simulate_report_span((double)result->outcome->summary.rest_ns, span));
    }
}

static void print_reached(const struct simulate_result *result, FILE *out) {
    const struct verdict_counts *counts = &result->outcome->summary.verdicts;
    struct paragraph paragraph = begin(out, "reached");
    bool is_empty = true;
    for (unsigned i = 0; i < VERDICT_REACHED; i++) {
        if (counts->reached[i] > 0) {
            say(&paragraph, "%s %llu", verdict_reached_text((enum verdict_reached)i),
                NUMBER(counts->reached[i]));
            is_empty = false;
        }
    }
    if (is_empty) {
        say(&paragraph, "nothing out of the ordinary");
    }
    finish(&paragraph);
}

static void print_rules(const struct simulate_result *result, FILE *out) {
    const struct verdict_counts *counts = &result->outcome->summary.verdicts;
    unsigned broken = 0;
    unsigned checked = 0;
    for (unsigned i = 0; i < CHECK_RULES; i++) {
        const struct check_rule_text *text = check_rule_text((enum check_rule)i);
        checked += counts->checked[i] > 0;
        if (counts->broken[i] > 0) {
            (void)fprintf(out, "%-*s%s, %llu time%s: %s [%s]\n", HEAD, broken == 0 ? "broken" : "",
                          text->name, NUMBER(counts->broken[i]),
                          printable_plural(counts->broken[i]), text->demand, text->statement);
            broken++;
        }
    }
    if (broken == 0) {
        (void)fprintf(out, "%-*snone was broken, of %u that were looked at\n", HEAD, "rules",
                      checked);
    }
}

static void print_expectations(const struct simulate_result *result, FILE *out) {
    for (uint32_t i = 0; i < result->plan->expectation_count; i++) {
        const struct metric_expectation *expectation = &result->plan->expectations[i];
        double value;
        bool holds = sim_measure_holds(result->outcome, expectation, &value);
        (void)fprintf(out, "%-*s%s  %.*s", HEAD, i == 0 ? "expected" : "", holds ? "yes" : "NO ",
                      (int)expectation->source.size, (const char *)expectation->source.data);
        if (isnan(value)) {
            (void)fprintf(out, " (not measured)\n");
        } else {
            (void)fprintf(out, " (%.6g)\n", value);
        }
    }
}

void simulate_report_findings(const struct simulate_result *result, FILE *out) {
    if (result->outcome->has_finding) {
        simulate_ladder_print(&result->outcome->finding, out);
        (void)fprintf(out, "\n");
    }
}

static void print_outsiders(const struct simulate_result *result, FILE *out) {
    const struct sim_summary *summary = &result->outcome->summary;
    if (summary->visits == 0) {
        return;
    }
    (void)fprintf(out, "%-*s%llu joined, so the run cannot be repeated to the last event\n", HEAD,
                  "outsiders", NUMBER(summary->visits));
    if (summary->unjudged > 0) {
        (void)fprintf(out, "%-*sNothing is judged since one did more than to look on.\n", HEAD, "");
    }
}

void simulate_report_text(const struct simulate_result *result, FILE *out) {
    if (result->plan->title.size > 0) {
        (void)fprintf(out, "%.*s\n\n", (int)result->plan->title.size,
                      (const char *)result->plan->title.data);
    }
    print_time(result, out);
    print_devices(result, out);
    print_packets(result, out);
    print_peaks(result, out);
    for (unsigned qos = 0; qos < SIM_QOS; qos++) {
        print_qos(result, qos, out);
    }
    print_losses(result, out);
    print_rest(result, out);
    print_reached(result, out);
    print_rules(result, out);
    simulate_report_findings(result, out);
    print_expectations(result, out);
    print_outsiders(result, out);
    (void)fprintf(out, "%-*sseed %llu, fingerprint %016llx\n", HEAD, "repeat",
                  NUMBER(result->plan->seed), NUMBER(result->outcome->summary.fingerprint));
}

// ---- JSON ---------------------------------------------------------------------------------------

static void set(json_t *object, const char *name, uint64_t number) {
    (void)json_object_set_new(object, name, json_integer((json_int_t)number));
}

static json_t *packets_object(const struct sim_counts *counts) {
    json_t *object = json_object();
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        const struct fault_kind_row *row = fault_kind_row(kind);
        uint64_t up = counts->packets[kind][FAULT_TO_BROKER];
        uint64_t down = counts->packets[kind][FAULT_TO_CLIENT];
        if (row->name != NULL && up + down > 0) {
            json_t *both = json_object();
            set(both, "up", up);
            set(both, "down", down);
            (void)json_object_set_new(object, row->name, both);
        }
    }
    return object;
}

static json_t *qos_array(const struct sim_summary *summary) {
    const struct sim_counts *counts = &summary->counts;
    json_t *array = json_array();
    for (unsigned qos = 0; qos < SIM_QOS; qos++) {
        const struct histogram *times = &summary->latencies.of_qos[qos];
        json_t *object = json_object();
        set(object, "published", counts->published[qos]);
        set(object, "acknowledged", counts->acknowledged[qos]);
        set(object, "given_up", counts->given_up[qos]);
        set(object, "delivered", counts->delivered[qos]);
        json_t *latency = json_object();
        for (size_t i = 0; i < SHARES && times->count > 0; i++) {
            set(latency, shares[i].name, histogram_share(times, shares[i].share));
        }
        (void)json_object_set_new(object, "latency_ns", latency);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *verdict_object(const struct sim_summary *summary) {
    const struct verdict_counts *counts = &summary->verdicts;
    json_t *object = json_object();
    set(object, "due", counts->owed);
    set(object, "delivered", counts->delivered);
    set(object, "repeated", counts->repeated);
    set(object, "lost", sim_measure_lost(summary));
    set(object, "open", summary->open);
    json_t *causes = json_object();
    for (unsigned i = 0; i < VERDICT_LOSSES; i++) {
        if (counts->lost[i] + counts->upward[i] > 0) {
            set(causes, verdict_loss_text((enum verdict_loss)i),
                counts->lost[i] + counts->upward[i]);
        }
    }
    (void)json_object_set_new(object, "causes", causes);
    json_t *reached = json_object();
    for (unsigned i = 0; i < VERDICT_REACHED; i++) {
        if (counts->reached[i] > 0) {
            set(reached, verdict_reached_text((enum verdict_reached)i), counts->reached[i]);
        }
    }
    (void)json_object_set_new(object, "reached", reached);
    json_t *broken = json_object();
    for (unsigned i = 0; i < CHECK_RULES; i++) {
        if (counts->broken[i] > 0) {
            set(broken, check_rule_text((enum check_rule)i)->name, counts->broken[i]);
        }
    }
    (void)json_object_set_new(object, "broken", broken);
    return object;
}

static json_t *expectations_array(const struct simulate_result *result) {
    json_t *array = json_array();
    for (uint32_t i = 0; i < result->plan->expectation_count; i++) {
        const struct metric_expectation *expectation = &result->plan->expectations[i];
        double value;
        json_t *object = json_object();
        bool holds = sim_measure_holds(result->outcome, expectation, &value);
        (void)json_object_set_new(
            object, "expected",
            json_stringn((const char *)expectation->source.data, expectation->source.size));
        (void)json_object_set_new(object, "holds", json_boolean(holds));
        (void)json_object_set_new(object, "value", isnan(value) ? json_null() : json_real(value));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static void set_connections(json_t *object, const struct sim_counts *counts) {
    set(object, "connected", counts->connected);
    set(object, "connections", counts->connections);
    set(object, "reconnects", counts->reconnects);
    set(object, "reconnects_peak", counts->reconnecting.most);
    set(object, "attempts_failed", counts->attempts_failed);
    set(object, "sessions_resumed", counts->resumed);
    set(object, "sessions_lost", counts->sessions_lost);
    set(object, "bytes_up", counts->bytes[0]);
    set(object, "bytes_down", counts->bytes[1]);
    set(object, "segments_lost", counts->segments_lost);
    set(object, "lines_lost", counts->lines_lost);
}

static void set_groups(json_t *object, const struct simulate_result *result) {
    struct sim_tally groups = sim_outcome_groups(result->outcome);
    set(object, "accused", groups.accused);
    set(object, "answers_due", groups.answers_due);
    set(object, "answered", groups.answered);
    bool has_rest = result->plan->calm_ns > 0;
    (void)json_object_set_new(object, "rest_ns",
                              has_rest ? json_integer((json_int_t)result->outcome->summary.rest_ns)
                                       : json_null());
}

void simulate_report_json(const struct simulate_result *result, FILE *out) {
    const struct sim_summary *summary = &result->outcome->summary;
    json_t *object = json_object();
    char fingerprint[17];
    (void)snprintf(fingerprint, sizeof fingerprint, "%016llx", NUMBER(summary->fingerprint));
    (void)json_object_set_new(object, "good", json_boolean(simulate_result_is_good(result)));
    set(object, "queue_peak", result->outcome->summary.counts.queued_most);
    set(object, "mailbox_peak", result->outcome->summary.counts.mailbox_most);
    set(object, "uplink_peak", result->outcome->summary.counts.uplink_most);
    set_groups(object, result);
    set(object, "outsiders", result->outcome->summary.visits);
    (void)json_object_set_new(object, "judged",
                              json_boolean(result->outcome->summary.unjudged == 0));
    (void)json_object_set_new(object, "interrupted", json_boolean(result->was_interrupted));
    (void)json_object_set_new(object, "fingerprint", json_string(fingerprint));
    set(object, "seed", result->plan->seed);
    set(object, "simulated_ns", result->simulated_ns);
    set(object, "took_ns", result->took_ns);
    set(object, "events", summary->events);
    set(object, "devices", summary->devices);
    set(object, "faults", result->plan->fault_count);
    set_connections(object, &summary->counts);
    (void)json_object_set_new(object, "packets", packets_object(&summary->counts));
    (void)json_object_set_new(object, "qos", qos_array(summary));
    (void)json_object_set_new(object, "copies", verdict_object(summary));
    (void)json_object_set_new(object, "expectations", expectations_array(result));
    (void)json_dumpf(object, out, JSON_REAL_PRECISION(9));
    (void)fputc('\n', out);
    json_decref(object);
}
