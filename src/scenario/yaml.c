#include "scenario/yaml.h"

#include <libfyaml.h>

#include "base/assert.h"
#include "base/utf8.h"

#define ANCHORS_MAX 256u

// It takes libfyaml's events, and makes nodes of them. `open`, `last` and `key` are stacks: for
// each depth the list or map that is not closed, its newest member, and the key that waits for
// its value.
struct builder {
    struct arena *arena;
    struct fy_parser *parser;
    struct yaml_error *error;
    struct yaml_node *root;
    struct yaml_node *open[YAML_DEPTH_MAX]; // from the root down
    struct yaml_node *last[YAML_DEPTH_MAX]; // the newest in each
    const struct yaml_node *key[YAML_DEPTH_MAX];
    struct yaml_node *anchors[ANCHORS_MAX];
    uint32_t depth;
    uint32_t anchor_count;
    uint32_t weight;
    uint32_t documents;
    bool has_failed;
};

static void set_error(struct yaml_error *error, uint32_t line, uint32_t column, const char *text) {
    size_t size = 0;
    error->line = line;
    error->column = column;
    for (; text[size] != '\0' && size + 1 < sizeof error->text; size++) {
        error->text[size] = text[size] >= 0x20 && text[size] < 0x7f ? text[size] : '?';
    }
    error->text[size] = '\0';
}

static bool fail(struct builder *builder, const struct yaml_node *at, const char *text) {
    if (!builder->has_failed) {
        set_error(builder->error, at->line, at->column, text);
    }
    builder->has_failed = true;
    return false;
}

// ---- what libfyaml says -------------------------------------------------------------------------

// What is empty has no place of its own: that of `near`, which may be NULL.
static void place(struct yaml_node *node, struct fy_token *token, const struct yaml_node *near) {
    const struct fy_mark *mark = token == NULL ? NULL : fy_token_start_mark(token);
    node->line = mark != NULL ? (uint32_t)mark->line + 1 : near != NULL ? near->line : 1;
    node->column = mark != NULL ? (uint32_t)mark->column + 1 : near != NULL ? near->column : 1;
}

static struct bytes text_of(struct builder *builder, struct fy_token *token) {
    size_t size = 0;
    const char *text = token == NULL ? NULL : fy_token_get_text(token, &size);
    return text == NULL ? BYTES_LITERAL("") : arena_copy(builder->arena, bytes_make(text, size));
}

// ---- the tree -----------------------------------------------------------------------------------

static struct yaml_node *make_node(struct builder *builder, enum yaml_kind kind,
                                   struct fy_token *token) {
    struct yaml_node *node = arena_take(builder->arena, sizeof *node);
    node->kind = kind;
    node->weight = 1;
    bool is_inside = builder->depth > 0;
    const struct yaml_node *key = is_inside ? builder->key[builder->depth - 1] : NULL;
    place(node, token, is_inside && key == NULL ? builder->open[builder->depth - 1] : key);
    return node;
}

static bool note_anchor(struct builder *builder, struct yaml_node *node, struct fy_token *anchor) {
    if (anchor == NULL) {
        return true;
    }
    if (builder->anchor_count == ANCHORS_MAX) {
        return fail(builder, node, "there are more than 256 anchors");
    }
    node->anchor = text_of(builder, anchor);
    builder->anchors[builder->anchor_count++] = node;
    return true;
}

// Puts the node where it belongs: as the root, into a list, as a key or behind its key.
static bool attach(struct builder *builder, struct yaml_node *node) {
    builder->weight += node->weight;
    if (builder->weight > YAML_NODES_MAX) {
        return fail(builder, node, "there are more than 50000 parts, aliases counted in full");
    }
    if (builder->depth == 0) {
        if (builder->root != NULL) {
            return fail(builder, node, "there is more than one document");
        }
        builder->root = node;
        return true;
    }
    uint32_t level = builder->depth - 1;
    struct yaml_node *parent = builder->open[level];
    if (parent->kind == YAML_MAP && builder->key[level] == NULL) {
        builder->key[level] = node;
        return node->kind == YAML_SCALAR || fail(builder, node, "a key is a word");
    }
    node->key = builder->key[level];
    builder->key[level] = NULL;
    *(parent->first == NULL ? &parent->first : &builder->last[level]->next) = node;
    builder->last[level] = node;
    parent->count++;
    return true;
}

static bool open_node(struct builder *builder, struct yaml_node *node) {
    if (!attach(builder, node)) {
        return false;
    }
    if (builder->depth == YAML_DEPTH_MAX) {
        return fail(builder, node, "is more than 16 levels deep");
    }
    node->is_open = true;
    builder->open[builder->depth] = node;
    builder->last[builder->depth] = NULL;
    builder->key[builder->depth] = NULL;
    builder->depth++;
    return true;
}

static bool close_node(struct builder *builder) {
    ASSERT(builder->depth > 0);
    struct yaml_node *node = builder->open[--builder->depth];
    node->is_open = false;
    for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
        node->weight += child->weight;
    }
    return true;
}

static bool add_scalar(struct builder *builder, struct fy_event *event) {
    struct fy_token *value = event->scalar.value;
    struct yaml_node *node = make_node(builder, YAML_SCALAR, value);
    node->text = text_of(builder, value);
    node->is_quoted = value != NULL && fy_token_scalar_style(value) != FYSS_PLAIN;
    return note_anchor(builder, node, event->scalar.anchor) && attach(builder, node);
}

// A copy of the node that is meant, with the same children.
static bool add_alias(struct builder *builder, struct fy_event *event) {
    struct yaml_node *node = make_node(builder, YAML_SCALAR, event->alias.anchor);
    struct bytes name = text_of(builder, event->alias.anchor);
    for (uint32_t i = builder->anchor_count; i > 0; i--) {
        const struct yaml_node *meant = builder->anchors[i - 1];
        if (!bytes_equal(meant->anchor, name)) {
            continue;
        }
        if (meant->is_open) {
            return fail(builder, node, "is an alias of what it stands in");
        }
        struct yaml_node copy = *meant;
        copy.line = node->line;
        copy.column = node->column;
        copy.key = NULL;
        copy.next = NULL;
        *node = copy;
        return attach(builder, node);
    }
    return fail(builder, node, "is an alias of nothing that stands above");
}

static bool add_container(struct builder *builder, enum yaml_kind kind, struct fy_token *start,
                          struct fy_token *anchor) {
    struct yaml_node *node = make_node(builder, kind, start);
    return note_anchor(builder, node, anchor) && open_node(builder, node);
}

static bool take_event(struct builder *builder, struct fy_event *event) {
    switch ((unsigned)event->type) {
    case FYET_MAPPING_START:
        return add_container(builder, YAML_MAP, event->mapping_start.mapping_start,
                             event->mapping_start.anchor);
    case FYET_SEQUENCE_START:
        return add_container(builder, YAML_LIST, event->sequence_start.sequence_start,
                             event->sequence_start.anchor);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return close_node(builder);
    case FYET_SCALAR:
        return add_scalar(builder, event);
    case FYET_ALIAS:
        return add_alias(builder, event);
    default:
        return true;
    }
}

// ---- reading ------------------------------------------------------------------------------------

static void take_diagnosis(struct builder *builder, struct fy_diag *diag) {
    void *previous = NULL;
    const struct fy_diag_error *found = fy_diag_errors_iterate(diag, &previous);
    if (builder->has_failed) {
        return;
    }
    builder->has_failed = true;
    if (found == NULL || found->msg == NULL) {
        set_error(builder->error, 1, 1, "is no YAML");
        return;
    }
    uint32_t line = found->line < 1 ? 1 : (uint32_t)found->line;
    uint32_t column = found->column < 1 ? 1 : (uint32_t)found->column;
    set_error(builder->error, line, column, found->msg);
}

static void read_events(struct builder *builder) {
    struct fy_event *event = fy_parser_parse(builder->parser);
    bool goes_on = true;
    while (event != NULL && goes_on) {
        goes_on = take_event(builder, event);
        fy_parser_event_free(builder->parser, event);
        event = goes_on ? fy_parser_parse(builder->parser) : NULL;
    }
}

static void parse(struct builder *builder, struct bytes text) {
    const struct fy_diag_cfg quiet = {.level = FYET_ERROR, .module_mask = UINT32_MAX};
    struct fy_diag *diag = fy_diag_create(&quiet);
    ASSERT_MESSAGE(diag != NULL, "out of memory");
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg config = {.search_path = "", .flags = FYPCF_QUIET, .diag = diag};
    builder->parser = fy_parser_create(&config);
    ASSERT_MESSAGE(builder->parser != NULL, "out of memory");
    if (fy_parser_set_string(builder->parser, (const char *)text.data, text.size) == 0) {
        read_events(builder);
    }
    if (fy_parser_get_stream_error(builder->parser)) {
        take_diagnosis(builder, diag);
    }
    fy_parser_destroy(builder->parser);
    fy_diag_destroy(diag);
}

static bool is_readable(struct bytes text, struct yaml_error *error) {
    if (text.size > YAML_BYTES_MAX) {
        set_error(error, 1, 1, "the file is larger than 1 MiB");
        return false;
    }
    if (!utf8_is_valid(text) || (text.size > 0 && memchr(text.data, '\0', text.size) != NULL)) {
        set_error(error, 1, 1, "the file is no UTF-8, or has a NUL in it");
        return false;
    }
    return true;
}

const struct yaml_node *yaml_read(struct arena *arena, struct bytes text,
                                  struct yaml_error *error) {
    struct builder builder = {.arena = arena, .error = error};
    *error = (struct yaml_error){0};
    if (!is_readable(text, error) || text.size == 0) {
        return NULL;
    }
    parse(&builder, text);
    return builder.has_failed ? NULL : builder.root;
}
