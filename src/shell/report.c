#include "shell/report.h"

#include <stdlib.h>

#include "shell/clock.h"
#include "shell/listing.h"
#include "shell/printable.h"

void report_init(struct report *report, struct output *output, struct memory *memory, bool json) {
    *report = (struct report){.output = output, .json = json, .listening = true};
    buffer_init(&report->line, memory);
}

void report_deinit(struct report *report) {
    buffer_deinit(&report->line);
}

bool report_has_level(const struct report *report, enum log_level level) {
    return level >= report->level || report->answers;
}

static void write_record(struct report *report, struct log_record *record) {
    struct buffer out;
    buffer_init(&out, report->line.memory);
    record->text = buffer_bytes(&report->line);
    log_encode(report->log, record, &out);
    output_add_record(report->output, buffer_bytes(&out));
    buffer_deinit(&out);
}

void report_log(struct report *report, struct log_record record) {
    if (report->log != NULL && !report->answers) {
        write_record(report, &record);
    } else {
        output_add(report->output, OUTPUT_NOTICE, buffer_bytes(&report->line));
    }
    report->line.size = 0;
}

void report_say(struct report *report, enum output_stream stream) {
    if (stream == OUTPUT_NOTICE) {
        report_log(report, (struct log_record){.level = LOG_INFO});
        return;
    }
    output_add(report->output, stream, buffer_bytes(&report->line));
    report->line.size = 0;
}

// ---- JSON -----------------------------------------------------------------------------------

json_t *report_object(const char *event) {
    json_t *object = json_object();
    json_object_set_new(object, "event", json_string(event));
    json_object_set_new(object, "time", json_integer((json_int_t)clock_unix()));
    return object;
}

void report_emit(struct report *report, json_t *object) {
    char *text = json_dumps(object, JSON_COMPACT);
    if (text != NULL) {
        printable_append_json(&report->line, bytes_of_text(text));
        report_say(report, OUTPUT_ANSWER);
    }
    free(text);
    json_decref(object);
}

// ---- rates ----------------------------------------------------------------------------------

static const struct rate_rule told_rule = {.at_once = 2000, .per_second = 10};
static const struct rate_rule shown_rule = {.at_once = 100000, .per_second = 200};

static bool has_rate(struct report *report, unsigned line, const char *name,
                     const struct rate_rule *rule) {
    return report_rate_take(&report->rates, line, name, rule, clock_steady());
}

bool report_may_tell_at(struct report *report, enum log_level level, unsigned line,
                        const char *name) {
    return !report->quiet && report_has_level(report, level) &&
           has_rate(report, line, name, &told_rule);
}

bool report_may_tell(struct report *report, unsigned line, const char *name) {
    return report_may_tell_at(report, LOG_INFO, line, name);
}

bool report_may_show(struct report *report, unsigned line, const char *name) {
    return report->json || has_rate(report, line, name, &shown_rule);
}

static void tell_left_out(void *context, const struct report_rate *rate) {
    struct report *report = context;
    if (report->json) {
        json_t *object = report_object("left-out");
        json_object_set_new(object, "kind", json_string(rate->name));
        json_object_set_new(object, "count", json_integer((json_int_t)rate->left_out));
        report_emit(report, object);
        return;
    }
    printable_format(&report->line,
                     "%llu more lines of the kind \"%s\" were left out: %u come at once, then %u a "
                     "second",
                     (unsigned long long)rate->left_out, rate->name, rate->rule.at_once,
                     rate->rule.per_second);
    report_log(report, (struct log_record){.level = LOG_NOTICE, .event = "left-out"});
}

void report_left_out(struct report *report, bool is_end) {
    if (report->rates.left_out > 0) {
        uint64_t now = clock_steady();
        if (report_rate_is_due(&report->rates, now, is_end)) {
            report_rate_tell(&report->rates, now, tell_left_out, report);
        }
    }
}

// ---- notices, errors, answers ----------------------------------------------------------------

static void say_text(struct report *report, enum log_level level, const char *event,
                     const char *prefix, const char *text) {
    if (report->said != NULL) {
        json_t *object = json_object();
        listing_set_bytes(object, event, bytes_of_text(text));
        json_array_append_new(report->said, object);
    }
    if (report->json) {
        json_t *object = report_object(event);
        listing_set_bytes(object, "text", bytes_of_text(text));
        report_emit(report, object);
        return;
    }
    bool is_told_by_level = report->log != NULL && !report->answers;
    buffer_append_text(&report->line, is_told_by_level ? "" : prefix);
    printable_append_message(&report->line, bytes_of_text(text));
    report_log(report, (struct log_record){.level = level, .event = event});
}

void report_notice(struct report *report, const char *text) {
    if (report_has_level(report, LOG_NOTICE) &&
        has_rate(report, REPORT_NOTICE, "notice", &told_rule)) {
        say_text(report, LOG_NOTICE, "notice", "", text);
    }
}

void report_error(struct report *report, const char *text) {
    if (report->answers || has_rate(report, REPORT_ERROR, "error", &told_rule)) {
        say_text(report, LOG_ERROR, "error", "error: ", text);
    }
}

void report_answer(struct report *report, const char *kind, struct bytes text) {
    if (!report->json) {
        output_add(report->output, OUTPUT_ANSWER, text);
        return;
    }
    json_t *object = report_object(kind);
    json_t *members = json_loadb((const char *)text.data, text.size, JSON_ALLOW_NUL, NULL);
    if (members != NULL) {
        json_object_update(object, members);
        json_decref(members);
    } else {
        listing_set_bytes(object, "text", text);
    }
    report_emit(report, object);
}
