#include "scenario/reduce/outline.h"

#include "base/assert.h"
#include "scenario/draw.h"
#include "scenario/units.h"

struct builder {
    struct outline *outline;
    const struct outline_options *options;
    struct yaml_error *error;
    bool has_failed;
};

static uint32_t add_part(struct builder *builder, const struct outline_part *part) {
    struct outline *outline = builder->outline;
    ASSERT(outline->count < outline->capacity);
    outline->parts[outline->count] = *part;
    outline->parts[outline->count].end = outline->count + 1;
    return outline->count++;
}

static void close_part(struct builder *builder, uint32_t place) {
    ASSERT(place < builder->outline->count);
    builder->outline->parts[place].end = builder->outline->count;
}

// ---- what is added ------------------------------------------------------------------------------

static void add_scalar(struct builder *builder, const char *section, const char *key,
                       struct bytes text) {
    const struct schema_row *row = schema_child(section, bytes_of_text(key));
    ASSERT(row != NULL);
    (void)add_part(builder, &(struct outline_part){.row = row,
                                                   .key = bytes_of_text(key),
                                                   .text = text,
                                                   .kind = YAML_SCALAR,
                                                   .is_optional = !row->is_required});
}

static void add_time(struct builder *builder, const char *key, uint64_t ns) {
    if (ns == 0) {
        return;
    }
    struct buffer text;
    buffer_init(&text, builder->outline->arena.memory);
    units_append_time(&text, ns);
    add_scalar(builder, "faults", key, arena_copy(&builder->outline->arena, buffer_bytes(&text)));
    buffer_deinit(&text);
}

static void add_faults(struct builder *builder) {
    for (uint32_t i = 0; i < builder->options->fault_count; i++) {
        const struct outline_fault *fault = &builder->options->faults[i];
        uint32_t place = add_part(
            builder,
            &(struct outline_part){.section = "faults", .kind = YAML_MAP, .is_optional = true});
        add_time(builder, "at", fault->at_ns);
        add_time(builder, "for", fault->for_ns);
        add_time(builder, "every", fault->every_ns);
        add_scalar(builder, "faults", "do", arena_copy(&builder->outline->arena, fault->line));
        close_part(builder, place);
    }
}

static const struct outline_setting *setting_of(const struct builder *builder, struct bytes key) {
    for (uint32_t i = 0; i < builder->options->setting_count; i++) {
        if (bytes_equal(bytes_of_text(builder->options->settings[i].key), key)) {
            return &builder->options->settings[i];
        }
    }
    return NULL;
}

static bool has_key(const struct yaml_node *map, struct bytes key) {
    const struct yaml_node *child = map->first;
    while (child != NULL && !bytes_equal(child->key->text, key)) {
        child = child->next;
    }
    return child != NULL;
}

// What the file does not have, behind all that it has.
static void add_missing(struct builder *builder, const struct yaml_node *root) {
    for (uint32_t i = 0; i < builder->options->setting_count; i++) {
        const struct outline_setting *setting = &builder->options->settings[i];
        if (!has_key(root, bytes_of_text(setting->key))) {
            add_scalar(builder, "", setting->key,
                       arena_copy(&builder->outline->arena, setting->text));
        }
    }
    if (builder->options->fault_count > 0 && !has_key(root, BYTES_LITERAL("faults"))) {
        const struct schema_row *row = schema_child("", BYTES_LITERAL("faults"));
        uint32_t place = add_part(builder, &(struct outline_part){.row = row,
                                                                  .section = row->path,
                                                                  .key = BYTES_LITERAL("faults"),
                                                                  .kind = YAML_LIST,
                                                                  .is_optional = true});
        add_faults(builder);
        close_part(builder, place);
    }
}

// ---- what stands in the file --------------------------------------------------------------------

static bool fail(struct builder *builder, const struct yaml_node *node,
                 const struct fault_error *error) {
    struct yaml_error *told = builder->error;
    size_t size = 0;
    told->line = node->line;
    told->column = node->column;
    for (; error->text[size] != '\0' && size + 1 < sizeof told->text; size++) {
        told->text[size] = error->text[size];
    }
    told->text[size] = '\0';
    builder->has_failed = true;
    return false;
}

static struct bytes text_of(struct builder *builder, const struct outline_part *part,
                            const struct yaml_node *node) {
    struct arena *arena = &builder->outline->arena;
    const struct outline_setting *setting =
        part->row != NULL && schema_is_in(part->row, "") ? setting_of(builder, part->key) : NULL;
    if (setting != NULL) {
        return arena_copy(arena, setting->text);
    }
    if (part->row == NULL || !draw_is_range(part->row, node->text)) {
        return node->text;
    }
    struct fault_error error;
    struct bytes text = draw_value(arena, part->row, node, builder->options->seed, &error);
    if (text.size == 0) {
        (void)fail(builder, node, &error);
    }
    return text;
}

// What the child of a part is, by its key or as a member.
static struct outline_part describe(const struct outline_part *parent,
                                    const struct yaml_node *node) {
    struct outline_part part = {.kind = node->kind};
    if (node->key != NULL) {
        part.key = node->key->text;
    }
    bool is_list_of_lines = parent->row != NULL && parent->row->type == SCHEMA_EXPECT;
    bool has_members = parent->row != NULL && parent->section != NULL &&
                       (parent->row->type == SCHEMA_LIST || parent->row->type == SCHEMA_NAMED);
    if (has_members || is_list_of_lines) {
        part.section = parent->section;
        part.is_optional = true;
        return part;
    }
    part.row = parent->section == NULL ? NULL : schema_child(parent->section, part.key);
    if (part.row != NULL) {
        part.is_optional = !part.row->is_required;
        bool is_section = part.row->type == SCHEMA_MAP || part.row->type == SCHEMA_PART ||
                          part.row->type == SCHEMA_LIST || part.row->type == SCHEMA_NAMED;
        part.section = is_section ? part.row->path : NULL;
    }
    return part;
}

// Trees have at most YAML_DEPTH_MAX levels.
static void add_node(struct builder *builder, struct outline_part part,
                     const struct yaml_node *node) {
    if (node->kind == YAML_SCALAR) {
        part.text = text_of(builder, &part, node);
    }
    uint32_t place = add_part(builder, &part);
    for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
        add_node(builder, describe(&part, child), child);
    }
    if (part.row != NULL && bytes_equal(bytes_of_text(part.row->path), BYTES_LITERAL("faults")) &&
        part.kind == YAML_LIST) {
        add_faults(builder);
    }
    if (place == 0 && part.kind == YAML_MAP) {
        add_missing(builder, node);
    }
    close_part(builder, place);
}

#define FAULT_PARTS 5u // a map with four keys

bool outline_init(struct outline *outline, struct memory *memory, struct bytes text,
                  const struct outline_options *options, struct yaml_error *error) {
    *outline = (struct outline){.count = 0};
    arena_init(&outline->arena, memory);
    const struct yaml_node *root = yaml_read(&outline->arena, text, error);
    if (root == NULL) {
        return false;
    }
    struct builder builder = {.outline = outline, .options = options, .error = error};
    outline->capacity =
        root->weight + options->setting_count + options->fault_count * FAULT_PARTS + 1;
    outline->parts = arena_take(&outline->arena, outline->capacity * sizeof *outline->parts);
    add_node(&builder, (struct outline_part){.section = "", .kind = root->kind}, root);
    return !builder.has_failed;
}

void outline_deinit(struct outline *outline) {
    arena_deinit(&outline->arena);
}

uint32_t outline_find(const struct outline *outline, const char *path, uint32_t from) {
    for (uint32_t i = from; i < outline->count; i++) {
        const struct outline_part *part = &outline->parts[i];
        if (part->row != NULL && !part->is_gone &&
            bytes_equal(bytes_of_text(part->row->path), bytes_of_text(path))) {
            return i;
        }
    }
    return UINT32_MAX;
}

// ---- as YAML ------------------------------------------------------------------------------------

#define LINE_BYTES 96u

struct writer {
    const struct outline *outline;
    struct buffer *out;
    bool in_flow; // inside of braces or brackets
};

static bool is_one_of(uint8_t byte, const char *list) {
    while (*list != '\0' && (uint8_t)*list != byte) {
        list++;
    }
    return *list != '\0';
}

static bool is_word_byte(uint8_t byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || is_one_of(byte, "_./+()<>=~%;^$");
}

// Whether YAML reads the text as it is, without quotes.
static bool is_plain(struct bytes text, bool in_flow) {
    if (text.size == 0 || !is_word_byte(text.data[0]) || is_one_of(text.data[0], "=~%<>;^.") ||
        text.data[text.size - 1] == ' ') {
        return false;
    }
    for (size_t i = 1; i < text.size; i++) {
        uint8_t byte = text.data[i];
        bool is_colon = byte == ':' && i + 1 < text.size && text.data[i + 1] != ' ' && !in_flow;
        bool is_bracket = is_one_of(byte, "{}[],") && !in_flow;
        if (!is_word_byte(byte) && byte != ' ' && byte != '-' && byte != '*' && !is_colon &&
            !is_bracket) {
            return false;
        }
    }
    return true;
}

static void add_escaped(struct buffer *out, uint8_t byte) {
    static const char digits[] = "0123456789abcdef";
    if (byte == '"' || byte == '\\') {
        buffer_append_byte(out, '\\');
        buffer_append_byte(out, byte);
    } else if (byte < ' ' || byte == 0x7f) {
        buffer_append_text(out, "\\x");
        buffer_append_byte(out, (uint8_t)digits[byte >> 4]);
        buffer_append_byte(out, (uint8_t)digits[byte & 15]);
    } else {
        buffer_append_byte(out, byte);
    }
}

static void add_text(const struct writer *writer, struct bytes text) {
    if (is_plain(text, writer->in_flow)) {
        buffer_append(writer->out, text);
        return;
    }
    buffer_append_byte(writer->out, '"');
    for (size_t i = 0; i < text.size; i++) {
        add_escaped(writer->out, text.data[i]);
    }
    buffer_append_byte(writer->out, '"');
}

// The next part beside it that is not gone; the end of what both stand in: none.
static uint32_t next_of(const struct outline *outline, uint32_t place, uint32_t end) {
    while (place < end && outline->parts[place].is_gone) {
        place = outline->parts[place].end;
    }
    return place < end ? place : end;
}

static void add_flow(const struct writer *writer, uint32_t place) {
    const struct outline_part *part = &writer->outline->parts[place];
    if (part->kind == YAML_SCALAR) {
        add_text(writer, part->text);
        return;
    }
    buffer_append_byte(writer->out, part->kind == YAML_MAP ? '{' : '[');
    uint32_t child = next_of(writer->outline, place + 1, part->end);
    for (bool is_first = true; child < part->end; is_first = false) {
        buffer_append_text(writer->out, is_first ? "" : ", ");
        if (part->kind == YAML_MAP) {
            add_text(writer, writer->outline->parts[child].key);
            buffer_append_text(writer->out, ": ");
        }
        add_flow(writer, child);
        child = next_of(writer->outline, writer->outline->parts[child].end, part->end);
    }
    buffer_append_byte(writer->out, part->kind == YAML_MAP ? '}' : ']');
}

static void indent(const struct writer *writer, unsigned depth) {
    for (unsigned i = 0; i < 2 * depth; i++) {
        buffer_append_byte(writer->out, ' ');
    }
}

// In one line, if it fits. False: it does not, and nothing was written.
static bool add_line(const struct writer *writer, uint32_t place, unsigned depth) {
    struct writer flow = *writer;
    size_t size = writer->out->size;
    flow.in_flow = writer->outline->parts[place].kind != YAML_SCALAR;
    add_flow(&flow, place);
    if (flow.in_flow && writer->out->size - size + (size_t)2 * depth > LINE_BYTES) {
        writer->out->size = size;
        return false;
    }
    buffer_append_byte(writer->out, '\n');
    return true;
}

// What stands in a map or list, a line or more for each. The first line of what stands in a list
// goes on behind its dash.
static void add_block(const struct writer *writer, uint32_t place, unsigned depth,
                      bool is_behind_dash) {
    const struct outline *outline = writer->outline;
    const struct outline_part *part = &outline->parts[place];
    uint32_t child = next_of(outline, place + 1, part->end);
    for (bool is_first = true; child < part->end; is_first = false) {
        indent(writer, is_first && is_behind_dash ? 0 : depth);
        bool is_map = part->kind == YAML_MAP;
        if (is_map) {
            add_text(writer, outline->parts[child].key);
        }
        buffer_append_text(writer->out, is_map ? ": " : "- ");
        if (!add_line(writer, child, depth)) {
            writer->out->data[writer->out->size - 1] = is_map ? '\n' : ' ';
            add_block(writer, child, depth + 1, !is_map);
        }
        child = next_of(outline, outline->parts[child].end, part->end);
    }
}

void outline_write(const struct outline *outline, struct buffer *out) {
    struct writer writer = {.outline = outline, .out = out};
    add_block(&writer, 0, 0, false);
}
