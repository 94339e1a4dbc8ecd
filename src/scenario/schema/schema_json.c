#include "scenario/schema/schema_json.h"

#include "scenario/draw.h"
#include "scenario/schema/schema.h"

#define TIME_FORM "^(0|[0-9.]+ ?(us|ms|s|min|h|d)|[0-9]+:[0-5][0-9](:[0-5][0-9])?)"

#define RANGE ".."

struct writer {
    struct buffer *out;
    unsigned depth;
};

static void add(struct writer *writer, const char *text) {
    buffer_append_text(writer->out, text);
}

static void new_line(struct writer *writer) {
    buffer_append_byte(writer->out, '\n');
    for (unsigned i = 0; i < writer->depth; i++) {
        add(writer, "  ");
    }
}

// Texts of our own: nothing below a blank is in them.
static void add_string(struct writer *writer, struct bytes text) {
    buffer_append_byte(writer->out, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\') {
            buffer_append_byte(writer->out, '\\');
        }
        buffer_append_byte(writer->out, text.data[i]);
    }
    buffer_append_byte(writer->out, '"');
}

static void add_text(struct writer *writer, const char *text) {
    add_string(writer, bytes_of_text(text));
}

static void add_number(struct writer *writer, const char *key, uint64_t number) {
    if (number > INT64_MAX) { // no bound that JSON's readers could hold
        return;
    }
    add(writer, ", \"");
    add(writer, key);
    add(writer, "\": ");
    buffer_append_decimal(writer->out, number);
}

static void add_enum(struct writer *writer, const struct schema_row *row) {
    struct bytes word;
    add(writer, "{\"enum\": [");
    for (unsigned i = 0; (word = schema_word(row, i)).size > 0; i++) {
        add(writer, i == 0 ? "" : ", ");
        add_string(writer, word);
    }
    add(writer, "]}");
}

// ---- types --------------------------------------------------------------------------------------

static void add_object(struct writer *writer, const char *path);

static void add_members(struct writer *writer, const struct schema_row *row) {
    const struct schema_row *line = schema_child(row->path, bytes_of_text("do"));
    add(writer, "\"type\": \"array\"");
    add_number(writer, "minItems", row->least);
    add_number(writer, "maxItems", row->most);
    add(writer, ", \"items\": ");
    if (line != NULL) {
        add(writer, "{\"anyOf\": [{\"type\": \"string\"}, {");
        add_object(writer, row->path);
        add(writer, "}]}");
        return;
    }
    add(writer, "{");
    add_object(writer, row->path);
    add(writer, "}");
}

static void add_words(struct writer *writer, const struct schema_row *row) {
    add(writer, "\"anyOf\": [");
    add_enum(writer, row);
    add(writer, ", {\"type\": \"array\", \"items\": ");
    add_enum(writer, row);
    add(writer, "}]");
}

static void add_section(struct writer *writer, const struct schema_row *row) {
    if (row->type == SCHEMA_LIST) {
        add_members(writer, row);
    } else if (row->type == SCHEMA_NAMED) {
        add(writer, "\"type\": \"object\", \"additionalProperties\": {");
        add_object(writer, row->path);
        add(writer, "}");
    } else {
        add_object(writer, row->path);
    }
}

// What a scalar with a unit looks like; NULL: it has none.
static const char *form_of(enum schema_type type) {
    switch ((unsigned)type) {
    case SCHEMA_TIME:
    case SCHEMA_SECONDS:
        return TIME_FORM "$";
    case SCHEMA_TIME_OR_NEVER:
        return "^never$|" TIME_FORM "$";
    case SCHEMA_TIME_JITTER:
        return TIME_FORM " *(~.*)?$";
    case SCHEMA_SPEED:
        return "^[0-9.]+ ?([kMG]?bit/s|[kM]?B/s)$";
    case SCHEMA_BYTES:
        return "^[0-9.]+ ?([kMG]B|[KMG]iB|B)?$";
    case SCHEMA_SHARE:
    case SCHEMA_LOSS:
        return "^[0-9.]+ ?%( in bursts of [0-9]+)?$";
    default:
        return NULL;
    }
}

static void add_scalar(struct writer *writer, const struct schema_row *row) {
    const char *form = form_of(row->type);
    add(writer, "\"type\": [\"string\", \"number\"]");
    if (form != NULL) {
        add(writer, ", \"pattern\": \"");
        add(writer, form);
        add(writer, draw_is_range(row, BYTES_LITERAL(RANGE)) ? "|[.][.]\"" : "\"");
    }
}

// A range of numbers is a text.
static void add_count(struct writer *writer, const struct schema_row *row) {
    bool has_ranges = draw_is_range(row, BYTES_LITERAL(RANGE));
    add(writer, has_ranges ? "\"anyOf\": [{" : "");
    add(writer, "\"type\": \"integer\"");
    add_number(writer, "minimum", row->least);
    add_number(writer, "maximum", row->most);
    add(writer,
        has_ranges ? "}, {\"type\": \"string\", \"pattern\": \"^[0-9]+ *[.][.] *[0-9]+$\"}]" : "");
}

static void add_type(struct writer *writer, const struct schema_row *row) {
    switch ((unsigned)row->type) {
    case SCHEMA_MAP:
    case SCHEMA_PART:
    case SCHEMA_NAMED:
    case SCHEMA_LIST:
        add_section(writer, row);
        return;
    case SCHEMA_EXPECT:
        add(writer, "\"type\": \"array\", \"items\": {\"type\": \"string\"}");
        return;
    case SCHEMA_NUMBER:
        add_count(writer, row);
        return;
    case SCHEMA_YES_NO:
        add(writer, "\"enum\": [\"yes\", \"no\", true, false]");
        return;
    case SCHEMA_WORD:
        add(writer, "\"anyOf\": [");
        add_enum(writer, row);
        add(writer, "]");
        return;
    case SCHEMA_WORDS:
        add_words(writer, row);
        return;
    case SCHEMA_PLACES:
        add(writer, "\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": "
                    "{\"type\": \"string\"}}]");
        return;
    case SCHEMA_CURVE:
        add(writer, "\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}");
        return;
    default:
        add_scalar(writer, row);
        return;
    }
}

static void add_required(struct writer *writer, const char *path) {
    const struct schema_row *row;
    bool is_first = true;
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (schema_is_in(row, path) && row->is_required) {
            add(writer, is_first ? ", \"required\": [" : ", ");
            add_text(writer, schema_key(row));
            is_first = false;
        }
    }
    add(writer, is_first ? "" : "]");
}

static void add_property(struct writer *writer, const struct schema_row *row) {
    new_line(writer);
    add_text(writer, schema_key(row));
    add(writer, ": {\"description\": ");
    add_text(writer, row->help);
    if (row->fallback != NULL) {
        add(writer, ", \"default\": ");
        add_text(writer, row->fallback);
    }
    add(writer, ", ");
    add_type(writer, row);
    add(writer, "}");
}

// The members of an object that stands for a section, without its braces.
static void add_object(struct writer *writer, const char *path) {
    const struct schema_row *row;
    bool is_first = true;
    add(writer, "\"type\": \"object\", \"additionalProperties\": false");
    add_required(writer, path);
    add(writer, ", \"properties\": {");
    writer->depth++;
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (schema_is_in(row, path)) {
            add(writer, is_first ? "" : ",");
            add_property(writer, row);
            is_first = false;
        }
    }
    writer->depth--;
    add(writer, "}");
}

void schema_json_write(struct buffer *out) {
    struct writer writer = {out, 0};
    add(&writer, "{\"$schema\": \"http://json-schema.org/draft-07/schema#\",\n");
    add(&writer, "\"title\": \"A scenario of MQTT_simulator\",\n");
    add_object(&writer, "");
    add(&writer, "}\n");
}
