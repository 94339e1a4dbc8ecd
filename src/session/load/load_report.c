#include "session/load/load_report.h"

#include <jansson.h>

#define SECOND 1e9
#define MICROSECOND 1e3
#define MEBIBYTE 1048576.0

struct share {
    const char *name;
    double share;
};
static const struct share shares[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
#define SHARES (sizeof shares / sizeof *shares)

uint64_t load_result_lost(const struct load_result *result) {
    return result->counts->expected - result->counts->delivered;
}

// Whoever ends a run early leaves messages unsent; that is nobody's fault.
static uint64_t missing_messages(const struct load_result *result) {
    return result->interrupted ? 0 : result->unsent;
}

bool load_result_has_fault(const struct load_result *result) {
    const struct load_counts *counts = result->counts;
    return result->failed > 0 || load_result_lost(result) > 0 || counts->repeated > 0 ||
           counts->disordered > 0 || counts->strays > 0 || counts->changed > 0 ||
           counts->downgraded > 0 || missing_messages(result) > 0 || result->unacknowledged > 0 ||
           result->unreleased > 0;
}

bool load_result_is_empty(const struct load_result *result) {
    return result->checks && result->counts->expected == 0;
}

bool load_result_is_good(const struct load_result *result) {
    return !load_result_has_fault(result) && !load_result_is_empty(result);
}

static double rate(const struct load_result *result, uint64_t messages) {
    return (double)messages / ((double)result->measured_ns / SECOND);
}

static double cpu_seconds_a_million(const struct load_result *result) {
    return (double)result->broker_cpu_ns / SECOND / ((double)result->measured_delivered / 1e6);
}

static bool has_cpu(const struct load_result *result) {
    return result->has_usage && result->measured_ns > 0 && result->measured_delivered > 0;
}

static double idle_bytes(const struct load_result *result) {
    return (double)result->idle_rss / result->idle;
}

static double retained_bytes(const struct load_result *result) {
    return (double)result->retained_rss / result->retained - result->payload_bytes;
}

// ---- for people -----------------------------------------------------------------------------

static void print_counts(const struct load_result *result, FILE *out) {
    const struct load_counts *counts = result->counts;
    fprintf(out, "connections  %u opened in %.3f s, %u failed\n", result->connections,
            (double)result->opening_ns / SECOND, result->failed);
    fprintf(out, "messages     %llu sent; %llu copies expected, %llu delivered\n",
            (unsigned long long)counts->sent, (unsigned long long)counts->expected,
            (unsigned long long)counts->delivered);
    fprintf(out, "faults       %llu lost, %llu repeated, %llu out of order, %llu not asked for\n",
            (unsigned long long)load_result_lost(result), (unsigned long long)counts->repeated,
            (unsigned long long)counts->disordered, (unsigned long long)counts->strays);
    fprintf(out,
            "             %llu changed, %llu of a lower QoS, %llu unsent, %llu unacknowledged, "
            "%llu unreleased\n",
            (unsigned long long)counts->changed, (unsigned long long)counts->downgraded,
            (unsigned long long)result->unsent, (unsigned long long)result->unacknowledged,
            (unsigned long long)result->unreleased);
    if (result->has_loss) {
        const struct load_loss *loss = &result->loss;
        fprintf(out,
                "             %s %u lacks most: of publisher %u, topic %u it got %s %u of %u\n",
                loss->is_shared ? "group" : "subscriber", loss->subscriber, loss->publisher,
                loss->topic, loss->is_shared ? "only" : "numbers up to", loss->last, loss->sent);
    }
}

// What may look like a fault and is none.
static void print_others(const struct load_counts *counts, FILE *out) {
    if (counts->foreign > 0) {
        fprintf(out, "others       %llu messages of other publishers came by the same filters\n",
                (unsigned long long)counts->foreign);
    }
    if (counts->resent > 0) {
        fprintf(out, "sent again   %llu copies with the DUP flag, as MQTT before 5.0 allows\n",
                (unsigned long long)counts->resent);
    }
}

static void print_speed(const struct load_result *result, FILE *out) {
    fprintf(out, "measured     %.3f s: %.0f messages/s sent, %.0f messages/s delivered\n",
            (double)result->measured_ns / SECOND, rate(result, result->measured_sent),
            rate(result, result->measured_delivered));
    if (result->latency->count > 0) {
        fprintf(out, "latency     ");
        for (size_t i = 0; i < SHARES; i++) {
            fprintf(out, "%s %s %.1f us", i > 0 ? "," : "", shares[i].name,
                    (double)histogram_share(result->latency, shares[i].share) / MICROSECOND);
        }
        fprintf(out, "\n");
    }
}

static void print_broker(const struct load_result *result, FILE *out) {
    fprintf(out, "broker       %.1f MiB resident", (double)result->broker_rss / MEBIBYTE);
    if (has_cpu(result)) {
        fprintf(out, ", %.3f s of CPU; %.4f s a million deliveries",
                (double)result->broker_cpu_ns / SECOND, cpu_seconds_a_million(result));
    }
    fprintf(out, "\n");
    if (result->idle > 0) {
        fprintf(out, "idle         %.0f bytes resident for each of %u connections\n",
                idle_bytes(result), result->idle);
    }
    if (result->retained > 0) {
        fprintf(out, "retained     %.0f bytes resident for each of %u, beside its payload\n",
                retained_bytes(result), result->retained);
    }
}

void load_report_text(const struct load_result *result, FILE *out) {
    if (result->interrupted) {
        fprintf(out, "interrupted; so far:\n");
    }
    print_counts(result, out);
    print_others(result->counts, out);
    if (result->measured_ns > 0) {
        print_speed(result, out);
    }
    if (result->retrieving_ns > 0) {
        fprintf(out, "retained     all of them came %.1f ms after they were subscribed to\n",
                (double)result->retrieving_ns / 1e6);
    }
    if (result->has_usage) {
        print_broker(result, out);
    }
}

// ---- for programs ---------------------------------------------------------------------------

static void set_number(json_t *object, const char *name, uint64_t number) {
    (void)json_object_set_new(object, name, json_integer((json_int_t)number));
}

static void set_real(json_t *object, const char *name, double number) {
    (void)json_object_set_new(object, name, json_real(number));
}

static json_t *counts_object(const struct load_result *result) {
    const struct load_counts *counts = result->counts;
    json_t *object = json_object();
    (void)json_object_set_new(object, "good", json_boolean(load_result_is_good(result)));
    (void)json_object_set_new(object, "interrupted", json_boolean(result->interrupted));
    set_number(object, "run", result->run);
    set_number(object, "connections", result->connections);
    set_number(object, "failed", result->failed);
    set_number(object, "opening_ns", result->opening_ns);
    set_number(object, "sent", counts->sent);
    set_number(object, "expected", counts->expected);
    set_number(object, "delivered", counts->delivered);
    set_number(object, "lost", load_result_lost(result));
    set_number(object, "repeated", counts->repeated);
    set_number(object, "disordered", counts->disordered);
    set_number(object, "strays", counts->strays);
    set_number(object, "changed", counts->changed);
    set_number(object, "downgraded", counts->downgraded);
    set_number(object, "unsent", result->unsent);
    set_number(object, "unacknowledged", result->unacknowledged);
    set_number(object, "unreleased", result->unreleased);
    set_number(object, "resent", counts->resent);
    set_number(object, "foreign", counts->foreign);
    return object;
}

static void add_speed(const struct load_result *result, json_t *object) {
    set_number(object, "measured_ns", result->measured_ns);
    set_real(object, "sent_per_second", rate(result, result->measured_sent));
    set_real(object, "delivered_per_second", rate(result, result->measured_delivered));
    json_t *latency = json_object();
    for (size_t i = 0; i < SHARES && result->latency->count > 0; i++) {
        set_number(latency, shares[i].name, histogram_share(result->latency, shares[i].share));
    }
    (void)json_object_set_new(object, "latency_ns", latency);
}

static void add_broker(const struct load_result *result, json_t *object) {
    set_number(object, "broker_rss", result->broker_rss);
    if (has_cpu(result)) {
        set_number(object, "broker_cpu_ns", result->broker_cpu_ns);
        set_real(object, "broker_cpu_seconds_per_million", cpu_seconds_a_million(result));
    }
    if (result->idle > 0) {
        set_real(object, "idle_connection_bytes", idle_bytes(result));
    }
    if (result->retained > 0) {
        set_real(object, "retained_message_bytes", retained_bytes(result));
    }
}

void load_report_json(const struct load_result *result, FILE *out) {
    json_t *object = counts_object(result);
    if (result->measured_ns > 0) {
        add_speed(result, object);
    }
    if (result->retrieving_ns > 0) {
        set_number(object, "retrieving_ns", result->retrieving_ns);
    }
    if (result->has_usage) {
        add_broker(result, object);
    }
    (void)json_dumpf(object, out, JSON_REAL_PRECISION(9));
    (void)fputc('\n', out);
    json_decref(object);
}
