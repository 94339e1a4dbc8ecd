#include "scenario/read/read_texts.h"

#include "base/decimal.h"
#include "scenario/units.h"
#include "scenario/value_compile.h"
#include "topic/topic.h"

#define NAMES                                                                             \
    (PATTERN_BIT(PATTERN_I) | PATTERN_BIT(PATTERN_GROUP) | PATTERN_BIT(PATTERN_NETWORK) | \
     PATTERN_BIT(PATTERN_BROKER))
#define REPLAY_ROWS_MAX 100000u
#define TOPIC_ROOM (PATTERN_BYTES_MAX * 2)

static uint32_t allowed_in(const struct read_field *field) {
    bool is_answer = bytes_starts_with(bytes_of_text(field->row->path),
                                       BYTES_LITERAL("devices.subscribe.answer"));
    bool is_will =
        bytes_starts_with(bytes_of_text(field->row->path), BYTES_LITERAL("devices.connect.will"));
    uint32_t of_device = NAMES | PATTERN_BIT(PATTERN_NAME);
    uint32_t of_message =
        of_device | PATTERN_BIT(PATTERN_N) | PATTERN_BIT(PATTERN_TIME) | PATTERN_BIT(PATTERN_VALUE);
    uint32_t of_answer = is_answer ? PATTERN_BIT(PATTERN_TOPIC) : 0;
    switch ((unsigned)field->row->type) {
    case SCHEMA_NAME:
        return PATTERN_BIT(PATTERN_I) | PATTERN_BIT(PATTERN_NETWORK);
    case SCHEMA_FILTER:
        return of_device;
    case SCHEMA_TOPIC:
        return of_device | of_answer | (is_will || is_answer ? 0 : PATTERN_BIT(PATTERN_N));
    default: // SCHEMA_PAYLOAD
        return is_will ? of_device
                       : of_message | of_answer | (is_answer ? PATTERN_BIT(PATTERN_PAYLOAD) : 0);
    }
}

// The function that was meant, where a word of an expression is none.
static void suggest_function(struct read_mistake *mistake, struct bytes text, size_t at) {
    struct word_nearest nearest;
    size_t end = at;
    while (end < text.size && text.data[end] >= 'a' && text.data[end] <= 'z') {
        end++;
    }
    word_nearest_init(&nearest, bytes_make(text.data + at, end - at));
    for (unsigned i = 0; value_function(i) != NULL; i++) {
        word_nearest_try(&nearest, bytes_of_text(value_function(i)->name));
    }
    if (nearest.distance > 0) {
        read_mistake_suggest(mistake, &nearest);
    }
}

// A mistake at a place in the field's text.
static bool fail_at(const struct read_field *field, size_t at, const char *why) {
    bool is_sentence = field->row->type == SCHEMA_TOPIC || field->row->type == SCHEMA_FILTER;
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    struct bytes text = field->node->text;
    mistake.column += (uint32_t)at + field->node->is_quoted;
    read_mistake_quote(&mistake, bytes_make(text.data + at, text.size - at));
    buffer_append_text(&mistake.text, is_sentence ? ": " : " ");
    buffer_append_text(&mistake.text, why);
    if (field->row->type == SCHEMA_VALUE) {
        suggest_function(&mistake, text, at);
    }
    read_mistake_end(&mistake);
    return false;
}

// ---- topics and filters -------------------------------------------------------------------------

bool read_topic_check(const struct read_field *field, const struct pattern *pattern,
                      bool is_filter) {
    const struct pattern_values sample = {.i = PLAN_DEVICES_MAX,
                                          .n = UINT32_MAX,
                                          .name = BYTES_LITERAL("x"),
                                          .group = BYTES_LITERAL("x"),
                                          .broker = BYTES_LITERAL("x"),
                                          .network = BYTES_LITERAL("x"),
                                          .topic = BYTES_LITERAL("x")};
    uint8_t room[TOPIC_ROOM];
    size_t size = pattern_write(pattern, &sample, room, sizeof room);
    struct bytes text = bytes_make(room, size < sizeof room ? size : sizeof room);
    enum topic_fault fault = is_filter ? topic_filter_check(text) : topic_name_check(text);
    return fault == TOPIC_OK || fail_at(field, 0, topic_fault_text(fault));
}

static bool read_pattern(const struct read_field *field) {
    struct pattern *pattern = read_field_at(field);
    enum schema_type type = field->row->type;
    size_t at = 0;
    const char *wrong = pattern_compile(pattern, &field->context->plan->arena, field->node->text,
                                        allowed_in(field), &at);
    if (wrong != NULL) {
        return fail_at(field, at, wrong);
    }
    if (type == SCHEMA_NAME && pattern->source.size == 0) {
        return read_field_fail(field, "is no name");
    }
    return (type != SCHEMA_TOPIC && type != SCHEMA_FILTER) ||
           read_topic_check(field, pattern, type == SCHEMA_FILTER);
}

static bool read_value(const struct read_field *field) {
    size_t at = 0;
    const char *wrong =
        value_compile(read_field_at(field), &field->context->plan->arena, field->node->text, &at);
    return wrong == NULL || fail_at(field, at, wrong);
}

static bool read_plain(const struct read_field *field) {
    struct bytes text = field->node->text;
    *(struct bytes *)read_field_at(field) = text;
    return text.size > 0 || field->node->is_quoted || read_field_fail(field, "is no text");
}

// ---- tables that are played again ---------------------------------------------------------------

struct table {
    struct bytes rest; // what is not read yet
    uint64_t column;   // of the value, from 1
    uint32_t line;
};

static struct bytes trimmed(struct bytes text) {
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '"')) {
        text = bytes_make(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '"' ||
                             text.data[text.size - 1] == '\r')) {
        text.size--;
    }
    return text;
}

static bool next_line(struct table *table, struct bytes *line) {
    if (table->rest.size == 0) {
        return false;
    }
    const uint8_t *end = memchr(table->rest.data, '\n', table->rest.size);
    size_t size = end == NULL ? table->rest.size : (size_t)(end - table->rest.data);
    *line = bytes_make(table->rest.data, size);
    size_t taken = end == NULL ? size : size + 1;
    table->rest = bytes_make(table->rest.data + taken, table->rest.size - taken);
    table->line++;
    return true;
}

static bool cell_of(struct bytes line, uint64_t column, struct bytes *cell) {
    for (uint64_t i = 1; line.size > 0 || i == column; i++) {
        const uint8_t *end = line.size == 0 ? NULL : memchr(line.data, ',', line.size);
        size_t size = end == NULL ? line.size : (size_t)(end - line.data);
        if (i == column) {
            *cell = trimmed(bytes_make(line.data, size));
            return true;
        }
        if (end == NULL) {
            break;
        }
        line = bytes_make(line.data + size + 1, line.size - size - 1);
    }
    return false;
}

// Seconds, or a time with its unit.
static bool time_of(struct bytes cell, uint64_t *ns) {
    struct fault_reader reader;
    struct fault_error error;
    uint64_t millionths;
    fault_reader_init(&reader, cell, &error);
    if (fault_reader_number(&reader, &millionths) && fault_reader_is_at_end(&reader)) {
        *ns = millionths * 1000;
        return millionths <= PLAN_TIME_MAX / 1000;
    }
    fault_reader_init(&reader, cell, &error);
    return units_time(&reader, ns) && fault_reader_is_at_end(&reader);
}

static bool fail_table(const struct read_field *field, const struct table *table, const char *why) {
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    buffer_append_text(&mistake.text, "line ");
    buffer_append_decimal(&mistake.text, table->line);
    buffer_append_text(&mistake.text, " of the table ");
    buffer_append_text(&mistake.text, why);
    read_mistake_end(&mistake);
    return false;
}

// Rows are relative to the first one's time.
static bool read_rows(const struct read_field *field, struct table *table,
                      struct plan_replay_row *rows, uint32_t *count) {
    struct bytes line;
    uint64_t first = 0;
    for (*count = 0; next_line(table, &line);) {
        struct bytes cell = {NULL, 0};
        uint64_t at_ns = 0;
        if (trimmed(line).size == 0) {
            continue;
        }
        if (!cell_of(line, 1, &cell) || !time_of(cell, &at_ns)) {
            if (table->line == 1) {
                continue; // names of columns
            }
            return fail_table(field, table, "has no time in its first column, as in 10.5 or 5 min");
        }
        if (!cell_of(line, table->column, &cell)) {
            return fail_table(field, table, "has no such column");
        }
        if (*count == REPLAY_ROWS_MAX) {
            return fail_table(field, table, "is one too many: 100000 at most");
        }
        first = *count == 0 ? at_ns : first;
        if (at_ns < first || (*count > 0 && at_ns - first < rows[*count - 1].at_ns)) {
            return fail_table(field, table, "has a time before that of the line above");
        }
        rows[*count] =
            (struct plan_replay_row){at_ns - first, arena_copy(&field->context->plan->arena, cell)};
        (*count)++;
    }
    return *count > 0 || read_field_fail(field, "has no line with a time");
}

static uint32_t lines_of(struct bytes text) {
    uint32_t lines = 1;
    for (size_t i = 0; i < text.size && lines < REPLAY_ROWS_MAX; i++) {
        lines += text.data[i] == '\n';
    }
    return lines;
}

static bool read_replay(const struct read_field *field) {
    const struct plan_input *input = field->context->input;
    char name[PLAN_NAME_MAX + 1];
    struct fault_reader reader;
    struct fault_error error;
    struct table table = {.column = 2};
    bool is_quoted;
    fault_reader_init(&reader, field->node->text, &error);
    if (!fault_reader_name(&reader, name, PLAN_NAME_MAX, &is_quoted) ||
        (fault_reader_word(&reader, "column") && !fault_reader_whole(&reader, &table.column)) ||
        !fault_reader_is_at_end(&reader)) {
        (void)fault_reader_fail_expecting(&reader);
        return read_field_fail_as(field, &error);
    }
    if (input->load == NULL || !input->load(input->context, bytes_of_text(name), &table.rest)) {
        return read_field_fail(field, "is a file that cannot be read");
    }
    if (table.column < 1 || table.column > 1000) {
        return read_field_fail(field, "has no column from 1 to 1000");
    }
    struct plan_replay_row *rows =
        arena_take(&field->context->plan->arena, lines_of(table.rest) * sizeof *rows);
    *(const struct plan_replay_row **)read_field_at(field) = rows;
    return read_rows(field, &table, rows, read_field_other(field));
}

bool read_text(const struct read_field *field) {
    if (field->row->type == SCHEMA_PLACES) {
        *(const struct yaml_node **)read_field_at(field) = field->node;
        return field->node->kind != YAML_MAP || read_field_fail_type(field);
    }
    if (field->node->kind != YAML_SCALAR) {
        return read_field_fail_type(field);
    }
    switch ((unsigned)field->row->type) {
    case SCHEMA_TEXT:
    case SCHEMA_PLACE:
        return read_plain(field);
    case SCHEMA_VALUE:
        return read_value(field);
    case SCHEMA_REPLAY:
        return read_replay(field);
    default:
        return read_pattern(field);
    }
}
