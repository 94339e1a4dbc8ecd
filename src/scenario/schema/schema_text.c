#include "scenario/schema/schema_text.h"

#include "base/word_distance.h"
#include "scenario/draw.h"
#include "scenario/metric.h"
#include "scenario/pattern.h"
#include "scenario/read/read_faults.h"
#include "scenario/schema/schema.h"
#include "scenario/units.h"
#include "scenario/value.h"

static void add(struct buffer *out, const char *text) {
    buffer_append_text(out, text);
}

static void add_words(struct buffer *out, const struct schema_row *row) {
    struct bytes word;
    for (unsigned i = 0; (word = schema_word(row, i)).size > 0; i++) {
        add(out, i == 0 ? "" : ", ");
        buffer_append(out, word);
    }
}

static void add_measure(struct buffer *out, enum schema_type type, uint64_t number) {
    switch ((unsigned)type) {
    case SCHEMA_SECONDS:
        units_append_time(out, number * 1000000000u);
        return;
    case SCHEMA_TIME:
    case SCHEMA_TIME_OR_NEVER:
    case SCHEMA_TIME_JITTER:
        units_append_time(out, number);
        return;
    case SCHEMA_BYTES:
        units_append_bytes(out, number);
        return;
    case SCHEMA_SHARE:
        buffer_append_decimal(out, number / 10000);
        add(out, " %");
        return;
    case SCHEMA_SPEED:
        units_append_speed(out, number);
        return;
    default:
        buffer_append_decimal(out, number);
        return;
    }
}

// "1 to 65535", "at least 1 bit/s", or the words. Appends nothing where anything goes.
static void add_allowed(struct buffer *out, const struct schema_row *row) {
    bool has_bounds = row->most > 0 && row->type != SCHEMA_WORD && row->type != SCHEMA_WORDS;
    if (row->words != NULL) {
        add_words(out, row);
    } else if (has_bounds && row->most == UINT64_MAX) {
        add(out, "at least ");
        add_measure(out, row->type, row->least);
    } else if (has_bounds && row->type != SCHEMA_YES_NO) {
        add_measure(out, row->type, row->least);
        add(out, " to ");
        add_measure(out, row->type, row->most);
    }
}

// ---- one key ------------------------------------------------------------------------------------

static void add_line(struct buffer *out, const char *label, const char *text) {
    add(out, "  ");
    add(out, label);
    add(out, text);
    add(out, "\n");
}

static void add_entry(struct buffer *out, const char *name, const char *help) {
    struct bytes text = bytes_of_text(name);
    add(out, "    ");
    buffer_append(out, text);
    for (size_t i = text.size; i < 20; i++) {
        buffer_append_byte(out, ' ');
    }
    add(out, " ");
    add(out, help);
    add(out, "\n");
}

static void explain_functions(struct buffer *out) {
    const struct value_function *function;
    add(out, "\n  Numbers, + - * / %, brackets, t (seconds), i (the device), n (its publication), "
             "and:\n");
    for (unsigned i = 0; (function = value_function(i)) != NULL; i++) {
        add_entry(out, function->form, function->help);
    }
}

static void explain_patterns(struct buffer *out) {
    const char *name;
    add(out, "\n  To be filled in: ");
    for (unsigned i = 1; (name = pattern_kind_name(i)) != NULL; i++) {
        add(out, i == 1 ? "" : ", ");
        add(out, name);
    }
    add(out,
        ".\n  {i:6} has at least 6 digits, {i per 100} is 1 for the first hundred and 2 for the "
        "next,\n  {i of 4} is 1, 2, 3, 4, 1 ... What is not known in a place is refused "
        "there.\n");
}

static void explain_faults(struct buffer *out) {
    const struct read_fault_row *row;
    add(out, "\n  A rule of docs/faults.md, or:\n");
    for (unsigned i = 0; (row = read_fault_row(i)) != NULL; i++) {
        add_line(out, "  ", row->form);
        add_line(out, "      ", row->help);
    }
    add(out,
        "\n  WHO is a network, a broker, a router, a group of devices, master, or devices as in "
        "soil-1*.\n");
}

static void explain_metrics(struct buffer *out) {
    add(out, "\n  METRIC [of GROUP] COMPARISON VALUE, with == != < <= > >=. Metrics:\n");
    for (unsigned i = 0; i < METRICS; i++) {
        const struct metric_row *row = metric_row((enum metric)i);
        add_entry(out, row->name, row->help);
    }
}

static void explain_type(const struct schema_row *row, struct buffer *out) {
    switch ((unsigned)row->type) {
    case SCHEMA_VALUE:
        explain_functions(out);
        return;
    case SCHEMA_NAME:
    case SCHEMA_TOPIC:
    case SCHEMA_FILTER:
    case SCHEMA_PAYLOAD:
        explain_patterns(out);
        return;
    case SCHEMA_FAULT:
        explain_faults(out);
        return;
    case SCHEMA_EXPECT:
        explain_metrics(out);
        return;
    default:
        return;
    }
}

static void explain_keys(const struct schema_row *row, struct buffer *out) {
    const struct schema_row *child;
    bool is_first = true;
    for (unsigned i = 0; (child = schema_row(i)) != NULL; i++) {
        if (schema_is_in(child, row->path)) {
            add(out, is_first ? "\n  Its keys:\n" : "");
            add_entry(out, schema_key(child), child->help);
            is_first = false;
        }
    }
}

static bool explain_nothing(struct bytes key, struct buffer *out) {
    struct word_nearest nearest;
    const struct schema_row *row;
    word_nearest_init(&nearest, key);
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        word_nearest_try(&nearest, bytes_of_text(row->path));
        word_nearest_try(&nearest, bytes_of_text(schema_key(row)));
    }
    add(out, "there is no such key");
    if (nearest.word.data != NULL && nearest.distance > 0) {
        add(out, "; did you mean ");
        buffer_append(out, nearest.word);
        add(out, "?");
    } else if (nearest.word.data != NULL) {
        add(out, ", but several sections have one: type it with its section, as in "
                 "devices.publish.qos");
    } else {
        add(out, "; those of the file itself are:");
        for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
            if (schema_is_in(row, "")) {
                add(out, " ");
                add(out, row->path);
            }
        }
    }
    add(out, "\n");
    return false;
}

bool schema_text_explain(struct bytes key, struct buffer *out) {
    const struct schema_row *row = schema_find(key);
    if (row == NULL) {
        return explain_nothing(key, out);
    }
    add(out, row->path);
    add(out, "\n");
    add_line(out, "", row->help);
    add_line(out, "type     ", schema_type_help(row->type));
    add(out, "  allowed  ");
    size_t before = out->size;
    add_allowed(out, row);
    add(out, out->size == before ? "anything of that type\n" : "\n");
    if (draw_is_range(row, BYTES_LITERAL(".."))) {
        add_line(out, "range    ", "two of them, as in 10..100: each seed has another one between");
    }
    add_line(out, "without  ",
             row->is_required           ? "a mistake: it has to be there"
             : row->fallback == NULL    ? "as said above"
             : row->fallback[0] == '\0' ? "empty"
                                        : row->fallback);
    if (row->example != NULL) {
        add(out, "  example  ");
        add(out, schema_key(row));
        add(out, ": ");
        add(out, row->example);
        add(out, "\n");
    }
    explain_keys(row, out);
    explain_type(row, out);
    return true;
}

// ---- the reference ------------------------------------------------------------------------------

// In a table a bar is no cell's end.
static void add_cell(struct buffer *out, const char *text) {
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '|') {
            buffer_append_byte(out, '\\');
        }
        buffer_append_byte(out, (uint8_t)*at);
    }
}

static void reference_row(const struct schema_row *row, struct buffer *out) {
    add(out, "| `");
    add(out, schema_key(row));
    add(out, "` | ");
    add_cell(out, row->help);
    add(out, " | ");
    if (row->words != NULL) {
        add_words(out, row);
    } else {
        add_cell(out, schema_type_help(row->type));
    }
    add(out, " | ");
    if (row->words == NULL) {
        add_allowed(out, row);
    }
    add(out, " | ");
    if (row->is_required) {
        add(out, "**needed**");
    } else if (row->fallback != NULL && row->fallback[0] != '\0') {
        add(out, "`");
        add(out, row->fallback);
        add(out, "`");
    }
    add(out, " |\n");
}

static void reference_section(const char *path, struct buffer *out) {
    const struct schema_row *row;
    add(out, "\n### ");
    add(out, path[0] == '\0' ? "The file" : path);
    add(out, "\n\n| key | what it is | type | allowed | without it |\n|---|---|---|---|---|\n");
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (schema_is_in(row, path)) {
            reference_row(row, out);
        }
    }
}

static bool has_keys(const struct schema_row *row) {
    return row->type == SCHEMA_MAP || row->type == SCHEMA_PART || row->type == SCHEMA_NAMED ||
           row->type == SCHEMA_LIST;
}

static void reference_functions(struct buffer *out) {
    const struct value_function *function;
    add(out, "\n### Functions of values\n\n| function | what it is |\n|---|---|\n");
    for (unsigned i = 0; (function = value_function(i)) != NULL; i++) {
        add(out, "| `");
        add(out, function->form);
        add(out, "` | ");
        add_cell(out, function->help);
        add(out, " |\n");
    }
}

static void reference_faults(struct buffer *out) {
    const struct read_fault_row *row;
    add(out, "\n### What happens\n\n| line | what it does |\n|---|---|\n");
    for (unsigned i = 0; (row = read_fault_row(i)) != NULL; i++) {
        add(out, "| `");
        add_cell(out, row->form);
        add(out, "` | ");
        add_cell(out, row->help);
        add(out, " |\n");
    }
}

static void reference_metrics(struct buffer *out) {
    static const char *const units[] = {[METRIC_COUNT] = "a number",
                                        [METRIC_SHARE] = "a share, as in 99 %",
                                        [METRIC_TIME] = "a time, as in 2 s",
                                        [METRIC_BYTES] = "bytes, as in 3 MiB",
                                        [METRIC_RATE] = "a rate, as in 5000/s"};
    add(out, "\n### Metrics\n\n| metric | what it is | compared with | of groups |\n"
             "|---|---|---|---|\n");
    for (unsigned i = 0; i < METRICS; i++) {
        const struct metric_row *row = metric_row((enum metric)i);
        add(out, "| `");
        add(out, row->name);
        add(out, "` | ");
        add_cell(out, row->help);
        add(out, " | ");
        add(out, units[row->unit]);
        add(out, row->of_groups ? " | yes |\n" : " | no |\n");
    }
}

void schema_text_reference(struct buffer *out) {
    const struct schema_row *row;
    reference_section("", out);
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (has_keys(row)) {
            reference_section(row->path, out);
        }
    }
    reference_functions(out);
    reference_faults(out);
    reference_metrics(out);
}
