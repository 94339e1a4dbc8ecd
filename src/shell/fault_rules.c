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
    const struct fault_rules_options *options;
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
    if (rules->count == reading->options->most) {
        printable_complain("%s: %s: there may be %u rules at most; leave some out\n",
                           reading->program, place, reading->options->most);
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

static bool read_text(const struct reading *reading) {
    struct bytes left = bytes_of_text(reading->options->text);
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
                      const struct fault_rules_options *options, const char *program) {
    *rules = (struct fault_rules){.memory = memory};
    const struct reading reading = {rules, options, program};
    return (options->text == NULL || read_text(&reading)) &&
           (options->file == NULL || read_file(&reading));
}

void fault_rules_free(struct fault_rules *rules) {
    memory_free(rules->memory, rules->items, rules->capacity * sizeof *rules->items);
    *rules = (struct fault_rules){.memory = rules->memory};
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
