#include "session/simulate/simulate_page.h"

#include "base/assert.h"
#include "report/page.h"
#include "shell/printable.h"
#include "sim/account/measure.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX 160
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// ---- numbers for people -----------------------------------------------------------------------

// 1234567 becomes 1,234,567.
static const char *number(uint64_t value, char out[TEXT_MAX]) {
    char digits[32];
    int size = snprintf(digits, sizeof digits, "%" PRIu64, value);
    size_t used = 0;
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0) {
            out[used++] = ',';
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

// ---- the head ---------------------------------------------------------------------------------

static const char *measured(enum metric_unit unit, double value, char out[TEXT_MAX]) {
    if (isnan(value)) {
        return "nothing was measured";
    }
    switch (unit) {
    case METRIC_SHARE:
        (void)snprintf(out, TEXT_MAX, "%.6g %%", value * 100);
        break;
    case METRIC_TIME:
        return simulate_report_span(value * 1e9, out);
    case METRIC_RATE:
        (void)snprintf(out, TEXT_MAX, "%.6g/s", value);
        break;
    case METRIC_COUNT:
    case METRIC_BYTES:
        (void)snprintf(out, TEXT_MAX, "%.9g", value);
        break;
    }
    return out;
}

static uint32_t show_expectations(struct page *page, const struct simulate_result *result) {
    uint32_t broken = 0;
    for (uint32_t i = 0; i < result->plan->expectation_count; i++) {
        const struct metric_expectation *expectation = &result->plan->expectations[i];
        double value;
        bool holds = sim_measure_holds(result->outcome, expectation, &value);
        char source[TEXT_MAX];
        char found[TEXT_MAX];
        (void)snprintf(source, sizeof source, "%.*s", (int)expectation->source.size,
                       (const char *)expectation->source.data);
        page_expectation(page, source,
                         measured(metric_row(expectation->metric)->unit, value, found), holds);
        broken += holds ? 0 : 1;
    }
    return broken;
}

static void show_verdict(struct page *page, const struct simulate_result *result, uint32_t broken) {
    uint32_t findings = result->outcome->summary.findings;
    uint32_t count = result->plan->expectation_count;
    char text[TEXT_MAX];
    if (findings > 0) {
        (void)snprintf(text, sizeof text, "%u finding%s: messages or packets broke a rule",
                       findings, printable_plural(findings));
    } else if (broken > 0) {
        (void)snprintf(text, sizeof text, "%u of %u expectation%s not hold", broken, count,
                       count == 1 ? " does" : "s do");
    } else if (count > 1) {
        (void)snprintf(text, sizeof text, "All %u expectations hold, and no rule was broken",
                       count);
    } else if (count == 1) {
        (void)snprintf(text, sizeof text, "The expectation holds, and no rule was broken");
    } else {
        (void)snprintf(text, sizeof text, "No rule was broken");
    }
    page_verdict(page, simulate_result_is_good(result), text);
}

static void show_facts(struct page *page, const struct simulate_result *result) {
    const struct sim_summary *summary = &result->outcome->summary;
    char text[TEXT_MAX];
    page_fact(page, "devices", number(summary->devices, text));
    page_fact(page, "simulated", simulate_report_span((double)result->simulated_ns, text));
    page_fact(page, "took", simulate_report_span((double)result->took_ns, text));
    page_fact(page, "events", number(summary->events, text));
    page_fact(page, "messages", number(sim_counts_all(summary->counts.published), text));
    page_fact(page, "deliveries", number(sim_counts_all(summary->counts.delivered), text));
    page_fact(page, "lost", number(sim_measure_lost(summary), text));
    page_fact(page, "reconnects", number(summary->counts.reconnects, text));
    (void)snprintf(text, sizeof text, "%016" PRIx64, summary->fingerprint);
    page_fact(page, "fingerprint", text);
}

// ---- over time ----------------------------------------------------------------------------------

static void show_bands(struct page *page, const struct plan *plan) {
    for (uint32_t i = 0; i < plan->fault_count; i++) {
        const struct plan_fault *fault = &plan->faults[i];
        if (fault->kind == PLAN_RULE && fault->at_ns == 0 && fault->for_ns == 0) {
            continue; // it is there all the time
        }
        uint64_t at = fault->at_ns;
        for (uint32_t times = 0; at < plan->stop_ns && times < PLAN_ITEMS_MAX; times++) {
            uint64_t until = fault->for_ns == 0 ? at : at + fault->for_ns;
            page_band(page, (double)at / 1e9, (double)until / 1e9, fault->source);
            at = fault->every_ns == 0 ? plan->stop_ns : at + fault->every_ns;
        }
    }
}

struct line {
    const char *name;
    size_t field;
    bool is_rate;
};

struct chart {
    const char *title;
    const char *unit;
    size_t count;
    struct line lines[4];
};

#define RATE(name, field) \
    { name, offsetof(struct simulate_sample, field), true }
#define LEVEL(name, field) \
    { name, offsetof(struct simulate_sample, field), false }

static const struct chart charts[] = {
    {"Messages",
     "/s",
     4,
     {RATE("published", published), RATE("delivered", delivered),
      RATE("acknowledged", acknowledged), RATE("lost", lost)}},
    {"Under way", "messages and copies", 1, {LEVEL("open", open)}},
    {"Devices", "connected", 1, {LEVEL("connected", connected)}},
    {"Reconnects", "/s", 1, {RATE("reconnects", reconnects)}},
    {"Bytes", "/s", 2, {RATE("to brokers", bytes_up), RATE("to clients", bytes_down)}},
};

static double value_at(const struct simulate_series *series, uint32_t at, const struct line *line) {
    if (line->is_rate) {
        return simulate_series_rate(series, at, line->field);
    }
    uint64_t value;
    memcpy(&value, (const char *)&series->samples[at] + line->field, sizeof value);
    return (double)value;
}

static void show_chart(struct page *page, const struct simulate_series *series,
                       const struct chart *chart, const double *times) {
    double values[COUNT(chart->lines)][SIMULATE_SAMPLES_MAX];
    struct page_series shown[COUNT(chart->lines)];
    bool is_still = true;
    for (size_t i = 0; i < chart->count; i++) {
        for (uint32_t at = 0; at < series->count; at++) {
            values[i][at] = value_at(series, at, &chart->lines[i]);
            is_still = is_still && values[i][at] == 0;
        }
        shown[i] = (struct page_series){chart->lines[i].name, values[i]};
    }
    if (is_still) {
        return; // there is nothing to see
    }
    page_chart(page, &(struct page_chart){chart->title, chart->unit, times, series->count, shown,
                                          chart->count});
}

static void show_charts(struct page *page, const struct simulate_series *series) {
    double times[SIMULATE_SAMPLES_MAX];
    for (uint32_t at = 0; at < series->count; at++) {
        times[at] = (double)series->samples[at].at / 1e9;
    }
    for (size_t i = 0; i < COUNT(charts); i++) {
        show_chart(page, series, &charts[i], times);
    }
}

// ---- topology -----------------------------------------------------------------------------------

// Nodes are numbered in the order in which they are added: the master, routers, brokers, groups.
struct topology {
    struct page *page;
    const struct plan *plan;
    uint32_t count;
    uint32_t left_out;
};

static bool add_node(struct topology *topology, const struct page_node *node) {
    if (topology->count == SIMULATE_PAGE_NODES_MAX) {
        topology->left_out++;
        return false;
    }
    page_node(topology->page, node);
    topology->count++;
    return true;
}

static struct bytes area_of(const struct plan *plan, uint32_t network) {
    return network < plan->network_count ? plan->networks[network].name : bytes_make(NULL, 0);
}

static void text_of_link(const struct plan *plan, uint32_t link, char out[TEXT_MAX]) {
    struct bytes name = link < plan->link_count ? plan->links[link].name : BYTES_LITERAL("");
    (void)snprintf(out, TEXT_MAX, "%.*s", (int)name.size, (const char *)name.data);
}

static void show_routers(struct topology *topology) {
    const struct plan *plan = topology->plan;
    for (uint32_t i = 0; i < plan->router_count; i++) {
        const struct plan_router *router = &plan->routers[i];
        char link[TEXT_MAX];
        char note[TEXT_MAX + 32];
        text_of_link(plan, router->uplink, link);
        (void)snprintf(note, sizeof note, "gate %u, %s", router->gate, link);
        if (add_node(topology, &(struct page_node){"router", area_of(plan, router->network),
                                                   router->name, note})) {
            page_edge(topology->page, topology->count - 1, 0, link);
        }
    }
}

static void show_brokers(struct topology *topology) {
    const struct plan *plan = topology->plan;
    static const char *const doors[] = {"", "line", "mqtt", "line and mqtt"};
    for (uint32_t i = 0; i < plan->broker_count; i++) {
        const struct plan_broker *broker = &plan->brokers[i];
        (void)add_node(topology, &(struct page_node){"broker", area_of(plan, broker->network),
                                                     broker->name, doors[broker->doors & 3u]});
    }
}

// A group is drawn where its first device is, with an edge to that one's broker.
static void show_groups(struct topology *topology, uint32_t first_broker) {
    const struct plan *plan = topology->plan;
    for (uint32_t i = 0; i < plan->group_count; i++) {
        const struct plan_group *group = &plan->groups[i];
        char link[TEXT_MAX];
        char count[TEXT_MAX];
        char note[2 * TEXT_MAX + 8];
        text_of_link(plan, plan_device_link(plan, group, 0), link);
        (void)snprintf(note, sizeof note, "%s, %s", number(group->count, count), link);
        uint32_t network = plan_device_network(plan, group, 0);
        if (add_node(topology,
                     &(struct page_node){"devices", area_of(plan, network), group->label, note}) &&
            group->broker_count > 0) {
            uint32_t broker = first_broker + plan_device_broker(group, 0);
            if (broker < topology->count - 1) {
                page_edge(topology->page, topology->count - 1, broker, link);
            }
        }
    }
}

static void show_topology(struct page *page, const struct plan *plan) {
    struct topology topology = {.page = page, .plan = plan};
    if (plan->master.exists) {
        char text[TEXT_MAX];
        char note[TEXT_MAX + 32] = "";
        if (plan->master.mailbox_packets > 0) {
            (void)snprintf(note, sizeof note, "mailboxes of %s packets",
                           number(plan->master.mailbox_packets, text));
        }
        (void)add_node(&topology, &(struct page_node){"master", bytes_make(NULL, 0),
                                                      BYTES_LITERAL("master"), note});
        show_routers(&topology);
    }
    uint32_t first_broker = topology.count;
    show_brokers(&topology);
    show_groups(&topology, first_broker);
    if (topology.left_out > 0) {
        char text[TEXT_MAX];
        (void)snprintf(text, sizeof text, "%u more are not drawn", topology.left_out);
        page_fact(page, "topology", text);
    }
}

// ---- tables -------------------------------------------------------------------------------------

static void show_packets(struct page *page, const struct sim_counts *counts) {
    static const char *const columns[] = {"packet", "to brokers", "to clients"};
    page_table(page, "Packets", columns, COUNT(columns));
    for (unsigned kind = 0; kind < FAULT_KINDS; kind++) {
        const uint64_t *both = counts->packets[kind];
        char up[TEXT_MAX];
        char down[TEXT_MAX];
        const char *name = fault_kind_row(kind)->name;
        if (name != NULL && both[0] + both[1] > 0) {
            const char *const cells[] = {name, number(both[FAULT_TO_BROKER], up),
                                         number(both[FAULT_TO_CLIENT], down)};
            page_row(page, cells, COUNT(cells));
        }
    }
}

static void show_latency(struct page *page, const struct sim_latencies *latencies) {
    static const char *const columns[] = {"latency", "messages", "p50", "p90",
                                          "p99",     "p99.9",    "max"};
    static const double shares[] = {0.5, 0.9, 0.99, 0.999};
    page_table(page, "From publish to delivery", columns, COUNT(columns));
    for (unsigned qos = 0; qos < SIM_QOS; qos++) {
        const struct histogram *latency = &latencies->of_qos[qos];
        char texts[COUNT(columns)][TEXT_MAX];
        const char *cells[COUNT(columns)];
        if (latency->count == 0) {
            continue;
        }
        (void)snprintf(texts[0], TEXT_MAX, "QoS %u", qos);
        (void)number(latency->count, texts[1]);
        for (size_t i = 0; i < COUNT(shares); i++) {
            (void)simulate_report_span((double)histogram_share(latency, shares[i]), texts[2 + i]);
        }
        (void)simulate_report_span((double)latency->max, texts[6]);
        for (size_t i = 0; i < COUNT(columns); i++) {
            cells[i] = texts[i];
        }
        page_row(page, cells, COUNT(columns));
    }
}

static void show_losses(struct page *page, const struct verdict_counts *counts) {
    static const char *const columns[] = {"lost by", "to the broker", "to subscribers"};
    page_table(page, "Losses", columns, COUNT(columns));
    for (unsigned loss = 0; loss < VERDICT_LOSSES; loss++) {
        char up[TEXT_MAX];
        char down[TEXT_MAX];
        if (counts->lost[loss] + counts->upward[loss] > 0) {
            const char *const cells[] = {verdict_loss_text((enum verdict_loss)loss),
                                         number(counts->upward[loss], up),
                                         number(counts->lost[loss], down)};
            page_row(page, cells, COUNT(cells));
        }
    }
}

static void show_reached(struct page *page, const struct verdict_counts *counts) {
    static const char *const columns[] = {"what the run reached", "times"};
    page_table(page, "Sometimes", columns, COUNT(columns));
    for (unsigned mark = 0; mark < VERDICT_REACHED; mark++) {
        char times[TEXT_MAX];
        if (counts->reached[mark] > 0) {
            const char *const cells[] = {verdict_reached_text((enum verdict_reached)mark),
                                         number(counts->reached[mark], times)};
            page_row(page, cells, COUNT(cells));
        }
    }
}

// What the terminal says of the first one, and how to see it again.
static void show_findings(struct page *page, const struct simulate_result *result) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ASSERT_MESSAGE(out != NULL, "out of memory");
    simulate_report_findings(result, out);
    (void)fclose(out);
    if (size > 0) {
        char command[PATH_MAX + TEXT_MAX];
        (void)snprintf(command, sizeof command, "exe/simulate %s --seed %" PRIu64 "%s",
                       result->file, result->plan->seed, result->has_storm ? " --storm" : "");
        page_ladder(page, "What broke a rule", bytes_make(text, size), command);
    }
    free(text);
}

void simulate_page_write(const struct simulate_result *result, const struct simulate_series *series,
                         struct buffer *out) {
    const struct plan *plan = result->plan;
    struct bytes title = plan->title.size > 0 ? plan->title : bytes_of_text(result->file);
    char head[TEXT_MAX];
    char how[PATH_MAX + TEXT_MAX];
    (void)snprintf(head, sizeof head, "%.*s", (int)title.size, (const char *)title.data);
    (void)snprintf(how, sizeof how, "%s, seed %" PRIu64 "%s", result->file, plan->seed,
                   result->was_interrupted ? ", interrupted" : "");
    struct page page;
    page_init(&page, head, how);
    show_verdict(&page, result, show_expectations(&page, result));
    show_facts(&page, result);
    show_bands(&page, plan);
    show_charts(&page, series);
    show_topology(&page, plan);
    show_latency(&page, &result->outcome->summary.latencies);
    show_packets(&page, &result->outcome->summary.counts);
    show_losses(&page, &result->outcome->summary.verdicts);
    show_reached(&page, &result->outcome->summary.verdicts);
    show_findings(&page, result);
    page_write(&page, out);
    page_deinit(&page);
}
