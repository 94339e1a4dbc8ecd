#include "shell/fault_rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fault/parse.h"
#include "fault/text.h"
#include "shell/command.h"
#include "shell/printable.h"

#define LINE_ROOM (FAULT_RULE_MAX + 3) // a rule, an end of line of two bytes, and NUL

// The rules that are read, for whom, and how many there may be.
struct reading {
    struct fault_rules *rules;
    const struct fault_options *options;
    uint32_t most;
    const char *program;
};

static bool take_rule(const struct reading *reading, const char *place, struct bytes text) {
    struct fault_rules *rules = reading->rules;
    struct fault_rule rule;
    struct fault_error error;
    if (!fault_parse(text, &rule, &error)) {
        printable_complain("%s: %s: %s\n", reading->program, place, error.text);
        return false;
    }
    if (rules->count == reading->most) {
        printable_complain("%s: %s: there may be %u rules at most; leave some out\n",
                           reading->program, place, reading->most);
        return false;
    }
    rules->items =
        memory_grow(rules->memory, rules->items, &rules->capacity, rules->count + 1, sizeof rule);
    rules->items[rules->count++] = rule;
    return true;
}

static bool is_none(struct bytes text) {
    size_t at = 0;
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t')) {
        at++;
    }
    return at == text.size || text.data[at] == '#';
}

static bool read_text(const struct reading *reading, const char *text) {
    struct bytes left = bytes_of_text(text);
    while (left.size > 0) {
        struct bytes rule = command_next(&left);
        if (!is_none(rule) && !take_rule(reading, "--fault", rule)) {
            return false;
        }
    }
    return true;
}

static bool read_line(const struct reading *reading, const char *line, unsigned number) {
    char place[320];
    struct bytes text = bytes_make(line, strcspn(line, "\r\n"));
    (void)snprintf(place, sizeof place, "--fault-file %.256s: line %u", reading->options->file,
                   number);
    if (text.size > FAULT_RULE_MAX) {
        printable_complain("%s: %s: a rule has at most %d bytes\n", reading->program, place,
                           FAULT_RULE_MAX);
        return false;
    }
    return is_none(text) || take_rule(reading, place, text);
}

static bool complain_of_file(const struct reading *reading) {
    printable_complain("%s: --fault-file %s: %s\n", reading->program, reading->options->file,
                       strerror(errno));
    return false;
}

static bool read_file(const struct reading *reading) {
    FILE *file = fopen(reading->options->file, "re");
    if (file == NULL) {
        return complain_of_file(reading);
    }
    char line[LINE_ROOM];
    bool is_right = true;
    for (unsigned number = 1; is_right && fgets(line, sizeof line, file) != NULL; number++) {
        is_right = read_line(reading, line, number);
    }
    if (ferror(file)) {
        is_right = complain_of_file(reading);
    }
    (void)fclose(file);
    return is_right;
}

bool fault_rules_read(struct fault_rules *rules, struct memory *memory,
                      const struct fault_options *options, uint32_t most, const char *program) {
    *rules = (struct fault_rules){.memory = memory};
    const struct reading reading = {rules, options, most, program};
    for (unsigned i = 0; i < options->rules.count; i++) {
        if (!read_text(&reading, options->rules.items[i])) {
            return false;
        }
    }
    return options->file == NULL || read_file(&reading);
}

void fault_rules_free(struct fault_rules *rules) {
    memory_free(rules->memory, rules->items, rules->capacity * sizeof *rules->items);
    *rules = (struct fault_rules){.memory = rules->memory};
}

// ---- rules that are in force ------------------------------------------------------------------

bool fault_rules_parse(struct run *run, struct bytes text, struct fault_rule *rule) {
    struct fault_error error;
    bool is_right = fault_parse(text, rule, &error);
    if (!is_right) {
        run_error(run, "%s", error.text);
    }
    return is_right;
}

void fault_rules_explain(struct report *report, const struct fault_rule *rule, uint32_t number,
                         bool of_lines) {
    struct buffer text;
    buffer_init(&text, report->line.memory);
    printable_format(&text, "rule %u: ", number);
    fault_text_explain(rule, of_lines, &text);
    buffer_append_byte(&text, 0);
    report_notice(report, (const char *)text.data);
    buffer_deinit(&text);
}

uint64_t fault_rules_hits(const struct fault_entry *entry, struct fault_rules_other other) {
    return entry->hits + (other.hits == NULL ? 0 : other.hits(other.context, entry->number));
}

void fault_rules_list(struct listing *listing, const struct fault_set *set,
                      struct fault_rules_other other) {
    static const char *const columns[] = {"rule", "hits", "text", NULL};
    struct buffer text;
    buffer_init(&text, set->memory);
    listing_section(listing, "rules", columns);
    for (uint32_t i = 0; i < set->count; i++) {
        const struct fault_entry *entry = &set->entries[i];
        text.size = 0;
        fault_text_write(&entry->rule, &text);
        listing_number(listing, entry->number);
        listing_number(listing, fault_rules_hits(entry, other));
        listing_text(listing, buffer_bytes(&text));
    }
    buffer_deinit(&text);
}

static json_t *json_of_rule(const struct fault_entry *entry, uint64_t hits, struct bytes text) {
    json_t *rule = json_object();
    json_object_set_new(rule, "rule", json_integer(entry->number));
    json_object_set_new(rule, "hits", json_integer((json_int_t)hits));
    listing_set_bytes(rule, "text", text);
    return rule;
}

static void say_of_rule(struct report *report, const struct fault_entry *entry, uint64_t hits,
                        struct bytes text) {
    struct buffer *line = &report->line;
    if (hits == 0) {
        printable_format(line, "rule %u never hit: ", entry->number);
    } else {
        printable_format(line, "rule %u hit %llu time%s: ", entry->number, (unsigned long long)hits,
                         printable_plural(hits));
    }
    printable_append(line, text);
    report_say(report, OUTPUT_NOTICE);
}

uint32_t fault_rules_report(struct report *report, const struct fault_set *set,
                            struct fault_rules_other other) {
    json_t *rules = report->json ? json_array() : NULL;
    struct buffer text;
    uint32_t never = 0;
    buffer_init(&text, set->memory);
    for (uint32_t i = 0; i < set->count; i++) {
        uint64_t hits = fault_rules_hits(&set->entries[i], other);
        never += hits == 0;
        text.size = 0;
        fault_text_write(&set->entries[i].rule, &text);
        if (report->json) {
            json_array_append_new(rules, json_of_rule(&set->entries[i], hits, buffer_bytes(&text)));
        } else {
            say_of_rule(report, &set->entries[i], hits, buffer_bytes(&text));
        }
    }
    if (report->json && set->count > 0) {
        json_t *object = report_object("report");
        json_object_set_new(object, "rules", rules);
        report_emit(report, object);
    } else {
        json_decref(rules);
    }
    buffer_deinit(&text);
    return never;
}

void fault_rules_warn(struct report *report, const struct fault_rule *rule, bool of_lines) {
    struct buffer line;
    buffer_init(&line, report->line.memory);
    buffer_append_text(&line, "this rule can never hit: ");
    if (fault_text_doubt(rule, of_lines, &line)) {
        buffer_append_text(&line, ": ");
        fault_text_write(rule, &line);
        buffer_append_byte(&line, 0);
        report_notice(report, (const char *)line.data);
    }
    buffer_deinit(&line);
}

json_t *fault_rules_json(const struct fault_entry *entry, uint64_t hits, struct memory *memory) {
    struct buffer text;
    buffer_init(&text, memory);
    fault_text_write(&entry->rule, &text);
    json_t *object = json_pack("{s:I,s:s%,s:I}", "number", (json_int_t)entry->number, "rule",
                               (const char *)text.data, text.size, "hits", (json_int_t)hits);
    buffer_deinit(&text);
    return object == NULL ? json_object() : object;
}
