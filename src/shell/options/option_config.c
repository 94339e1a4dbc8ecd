#include "shell/options/option_config.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "shell/options/option_row.h"
#include "shell/options/option_source.h"

#define COLUMNS 80
#define SECOND UINT64_C(1000000000)

// ---- a file ---------------------------------------------------------------------------------

// In lines of comments, broken at blanks.
static void print_comment(FILE *out, const char *text) {
    size_t column = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        if (column > 0 && column + 1 + word > COLUMNS) {
            fputc('\n', out);
            column = 0;
        }
        fprintf(out, "%s%.*s", column == 0 ? "# " : " ", (int)word, text);
        column += word + (column == 0 ? 2 : 1);
        text += word + strspn(text + word, " ");
    }
    fputc('\n', out);
}

void option_config_quote(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < ' ' || byte == 0x7f) {
            fprintf(out, "\\x%02x", byte);
        } else {
            fprintf(out, "%s%c", byte == '"' || byte == '\\' ? "\\" : "", byte);
        }
    }
    fputc('"', out);
}

static void print_size(FILE *out, uint64_t size) {
    static const char units[] = "\0KMGTP";
    unsigned unit = 0;
    while (unit < 5 && size > 0 && size % 1024 == 0) {
        size /= 1024;
        unit++;
    }
    fprintf(out, "%" PRIu64 "%.1s", size, units + unit);
}

static void print_duration(FILE *out, uint64_t nanoseconds) {
    char decimals[10];
    size_t size = (size_t)snprintf(decimals, sizeof decimals, "%09" PRIu64, nanoseconds % SECOND);
    while (size > 0 && decimals[size - 1] == '0') {
        decimals[--size] = '\0';
    }
    fprintf(out, "%" PRIu64 "%s%s", nanoseconds / SECOND, size > 0 ? "." : "", decimals);
}

static void print_choice(FILE *out, const char *choices, int index) {
    for (; index > 0; index--) {
        choices = strchr(choices, '|') + 1;
    }
    fprintf(out, "%.*s", (int)strcspn(choices, "|"), choices);
}

static void print_list(FILE *out, const struct option_list *list) {
    fputc('[', out);
    for (unsigned i = 0; i < list->count; i++) {
        fputs(i > 0 ? ", " : "", out);
        option_config_quote(out, list->items[i]);
    }
    fputc(']', out);
}

static void print_value(FILE *out, const struct option_row *row, const void *place) {
    uint64_t number = 0;
    int choice = 0;
    bool flag = false;
    const char *text = NULL;
    switch (row->type) {
    case OPTION_FLAG:
        memcpy(&flag, place, sizeof flag);
        fputs(flag ? "yes" : "no", out);
        return;
    case OPTION_NUMBER:
        memcpy(&number, place, sizeof number);
        fprintf(out, "%" PRIu64, number);
        return;
    case OPTION_DURATION:
        memcpy(&number, place, sizeof number);
        print_duration(out, number);
        return;
    case OPTION_SIZE:
        memcpy(&number, place, sizeof number);
        print_size(out, number);
        return;
    case OPTION_TEXT:
        memcpy(&text, place, sizeof text);
        option_config_quote(out, text == NULL ? "" : text);
        return;
    case OPTION_CHOICE:
        memcpy(&choice, place, sizeof choice);
        print_choice(out, row->choices, choice);
        return;
    case OPTION_LIST:
        print_list(out, place);
        return;
    }
}

// Values as text, so that equal ones are equal.
static char *value_text(const struct option_row *row, const void *values) {
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ASSERT_MESSAGE(file != NULL, "out of memory");
    print_value(file, row, (const uint8_t *)values + row->offset);
    (void)fclose(file);
    return text;
}

// How large the struct of the values is at least.
static size_t values_size(const struct program *program) {
    size_t size = sizeof(struct option_list);
    for (size_t i = 0; i < program->option_count; i++) {
        size_t end = program->options[i].offset + sizeof(struct option_list);
        size = end > size ? end : size;
    }
    return size;
}

static void print_row(const struct option_row *row, const void *values, const void *presets,
                      FILE *out) {
    char *value = value_text(row, values);
    char *preset = value_text(row, presets);
    bool is_changed = strcmp(value, preset) != 0;
    bool is_unset = row->preset == NULL && row->type != OPTION_FLAG && row->type != OPTION_CHOICE;
    fputc('\n', out);
    print_comment(out, row->help);
    if (is_changed) {
        fprintf(out, "%s: %s\n", row->name, value);
    } else {
        fprintf(out, "#%s:%s%s\n", row->name, is_unset ? "" : " ", is_unset ? "" : value);
    }
    free(preset);
    free(value);
}

struct printing {
    const struct program *program;
    const void *values;
    const void *presets;
    FILE *out;
};

// The group that begins with this row, as far as a file may have it.
static void print_group(const struct printing *printing, size_t first) {
    const char *group = printing->program->options[first].group;
    bool is_headed = group == NULL;
    for (size_t i = first; i < printing->program->option_count; i++) {
        const struct option_row *row = &printing->program->options[i];
        if (!option_row_is_of(row, group) || !option_source_has(row)) {
            continue;
        }
        if (!is_headed) {
            fprintf(printing->out, "\n# ---- %s\n", group);
            is_headed = true;
        }
        print_row(row, printing->values, printing->presets, printing->out);
    }
}

void option_config_print(const struct program *program, const void *values, FILE *out) {
    void *presets = calloc(1, values_size(program));
    ASSERT_MESSAGE(presets != NULL, "out of memory");
    option_row_set_presets(program, presets);
    fprintf(out, "# Options of %s, for %s --config FILE. What stands in comments is the default.\n",
            program->name, program->name);
    struct printing printing = {program, values, presets, out};
    for (size_t i = 0; i < program->option_count; i++) {
        if (option_row_begins_group(program, i)) {
            print_group(&printing, i);
        }
    }
    free(presets);
}

// ---- the schema -----------------------------------------------------------------------------

static json_t *choices_of(const char *choices) {
    json_t *list = json_array();
    while (*choices != '\0') {
        size_t size = strcspn(choices, "|");
        json_array_append_new(list, json_stringn(choices, size));
        choices += size + (choices[size] == '|');
    }
    return list;
}

// What YAML makes of a text that is typed without quotes.
static json_t *any_scalar(void) {
    return json_pack("[s,s,s]", "string", "number", "boolean");
}

static json_t *type_of(const struct option_row *row) {
    switch (row->type) {
    case OPTION_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case OPTION_NUMBER:
        return json_pack("{s:s}", "type", "integer");
    case OPTION_DURATION:
        return json_pack("{s:s}", "type", "number");
    case OPTION_SIZE:
        return json_pack("{s:[s,s],s:s}", "type", "integer", "string", "pattern",
                         "^[0-9]+([KMGTPkmgtp](iB)?)?$");
    case OPTION_TEXT:
        return json_pack("{s:o}", "type", any_scalar());
    case OPTION_CHOICE:
        return json_pack("{s:o}", "enum", choices_of(row->choices));
    case OPTION_LIST:
        return json_pack("{s:[s,s],s:{s:s}}", "type", "string", "array", "items", "type", "string");
    }
    return NULL;
}

static json_t *limit_of(const struct option_row *row, double limit) {
    return row->type == OPTION_NUMBER ? json_integer((json_int_t)limit) : json_real(limit);
}

static json_t *schema_of(const struct option_row *row) {
    json_t *schema = type_of(row);
    json_object_set_new(schema, "description", json_string(row->help));
    if (row->type == OPTION_NUMBER || row->type == OPTION_DURATION) {
        json_object_set_new(schema, "minimum", limit_of(row, row->min));
        if (row->max > 0) {
            json_object_set_new(schema, "maximum", limit_of(row, row->max));
        }
    }
    char *preset = option_row_default(row);
    if (preset != NULL) {
        json_object_set_new(schema, "default", json_string(preset));
    }
    free(preset);
    return schema;
}

void option_config_schema(const struct program *program, FILE *out) {
    json_t *properties = json_object();
    for (size_t i = 0; i < program->option_count; i++) {
        const struct option_row *row = &program->options[i];
        if (option_source_has(row)) {
            json_object_set_new(properties, row->name, schema_of(row));
        }
    }
    json_t *schema = json_pack(
        "{s:s,s:s,s:s,s:b,s:o}", "$schema", "https://json-schema.org/draft/2020-12/schema", "title",
        program->name, "type", "object", "additionalProperties", 0, "properties", properties);
    (void)json_dumpf(schema, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(schema);
}
