#include "scenario/plan_read.h"

#include "base/assert.h"
#include "scenario/read/read_context.h"
#include "scenario/read/read_devices.h"
#include "scenario/read/read_faults.h"
#include "scenario/read/read_quantities.h"
#include "scenario/read/read_texts.h"
#include "scenario/read/read_world.h"

static bool fill(struct read_context *context, const char *path, const struct yaml_node *node,
                 uint8_t *base);

// ---- keys ---------------------------------------------------------------------------------------

static void fail_key(struct read_context *context, const char *path, const struct yaml_node *key) {
    struct word_nearest nearest;
    const struct schema_row *row;
    if (context->errors->count == READ_ERRORS_MAX) {
        context->errors->more++;
        return;
    }
    word_nearest_init(&nearest, key->text);
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (schema_is_in(row, path)) {
            word_nearest_try(&nearest, bytes_of_text(schema_key(row)));
        }
    }
    struct read_mistake mistake = read_begin(context, key, path);
    read_mistake_quote(&mistake, key->text);
    buffer_append_text(&mistake.text, " is no key here");
    read_mistake_suggest(&mistake, &nearest);
    unsigned count = 0;
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (schema_is_in(row, path)) {
            if (count++ == 0) {
                read_mistake_allow(&mistake, schema_key(row));
            } else {
                buffer_append_text(&mistake.text, ", ");
                buffer_append_text(&mistake.text, schema_key(row));
            }
        }
    }
    read_mistake_end(&mistake);
}

static bool keys_are_known(struct read_context *context, const char *path,
                           const struct yaml_node *node) {
    bool is_good = true;
    for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
        if (schema_child(path, child->key->text) == NULL) {
            fail_key(context, path, child->key);
            is_good = false;
        }
    }
    return is_good;
}

// The value of the row's key, and a mistake if there are two.
static const struct yaml_node *value_of(struct read_context *context, const struct schema_row *row,
                                        const struct yaml_node *node) {
    const struct yaml_node *found = NULL;
    if (node != NULL && node->kind == YAML_SCALAR) { // a fault in a line
        return row->type == SCHEMA_FAULT ? node : NULL;
    }
    struct bytes key = bytes_of_text(schema_key(row));
    for (const struct yaml_node *child = node == NULL ? NULL : node->first; child != NULL;
         child = child->next) {
        if (!bytes_equal(child->key->text, key)) {
            continue;
        }
        if (found != NULL) {
            (void)read_fail(context, child->key, row->path, "stands here twice");
        }
        found = found == NULL ? child : found;
    }
    return found;
}

// ---- lists --------------------------------------------------------------------------------------

static uint8_t *make_members(const struct read_field *field, uint32_t count) {
    uint8_t *members =
        arena_take(&field->context->plan->arena, (size_t)count * field->row->element);
    *(void **)read_field_at(field) = members;
    *(uint32_t *)read_field_other(field) = count;
    return members;
}

static bool count_is_good(const struct read_field *field) {
    uint64_t count = field->node->count;
    if (count >= field->row->least && count <= field->row->most) {
        return true;
    }
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    buffer_append_text(&mistake.text, "there are ");
    buffer_append_decimal(&mistake.text, count);
    buffer_append_text(&mistake.text, "; allowed: ");
    buffer_append_decimal(&mistake.text, field->row->least);
    buffer_append_text(&mistake.text, " to ");
    buffer_append_decimal(&mistake.text, field->row->most);
    read_mistake_end(&mistake);
    return false;
}

// What stands in a section of the file itself has a head; a map of names, its name.
static bool read_members(const struct read_field *field) {
    const struct schema_row *row = field->row;
    bool is_named = row->type == SCHEMA_NAMED;
    bool has_head = schema_is_in(row, "");
    if (field->node->kind != (is_named ? YAML_MAP : YAML_LIST)) {
        return read_field_fail_type(field);
    }
    if (!count_is_good(field)) {
        return false;
    }
    uint8_t *member = make_members(field, field->node->count);
    bool is_good = true;
    for (const struct yaml_node *node = field->node->first; node != NULL; node = node->next) {
        if (has_head) {
            struct draft_head *head = (struct draft_head *)(void *)member;
            head->node = node;
            head->name = is_named ? node->key->text : head->name;
        }
        is_good = fill(field->context, row->path, node, member) && is_good;
        member += row->element;
    }
    return is_good;
}

static bool read_expectations(const struct read_field *field) {
    bool is_good = true;
    if (field->node->kind != YAML_LIST) {
        return read_field_fail_type(field);
    }
    if (!count_is_good(field)) {
        return false;
    }
    struct metric_expectation *expectation =
        (struct metric_expectation *)(void *)make_members(field, field->node->count);
    struct read_field item = *field;
    for (item.node = field->node->first; item.node != NULL; item.node = item.node->next) {
        struct fault_error error;
        if (item.node->kind != YAML_SCALAR) {
            is_good = read_field_fail(&item, "an expectation is a line, as in lost.qos1 == 0");
        } else if (!metric_parse(item.node->text, expectation, &error)) {
            is_good = read_field_fail_as(&item, &error);
        } else {
            is_good = read_expectation_group(&item, expectation) && is_good;
        }
        expectation++;
    }
    return is_good;
}

// ---- values -------------------------------------------------------------------------------------

static bool read_part(const struct read_field *field) {
    if (field->node->kind != YAML_MAP) {
        return read_field_fail_type(field);
    }
    if (field->row->type == SCHEMA_PART && field->row->other != SCHEMA_NO_FIELD) {
        *(bool *)read_field_other(field) = true;
    }
    return fill(field->context, field->row->path, field->node, read_field_at(field));
}

static bool read_value(const struct read_field *field) {
    if (field->node->kind == YAML_SCALAR && field->node->text.size == 0 &&
        !field->node->is_quoted) {
        return read_field_fail(field, "has nothing behind it");
    }
    switch (field->row->type) {
    case SCHEMA_MAP:
    case SCHEMA_PART:
        return read_part(field);
    case SCHEMA_NAMED:
    case SCHEMA_LIST:
        return read_members(field);
    case SCHEMA_EXPECT:
        return read_expectations(field);
    case SCHEMA_FAULT:
        return read_fault(field);
    case SCHEMA_CURVE:
        return read_curve(field);
    case SCHEMA_TEXT:
    case SCHEMA_NAME:
    case SCHEMA_TOPIC:
    case SCHEMA_FILTER:
    case SCHEMA_PAYLOAD:
    case SCHEMA_VALUE:
    case SCHEMA_PLACE:
    case SCHEMA_PLACES:
    case SCHEMA_REPLAY:
        return read_text(field);
    case SCHEMA_NUMBER:
    case SCHEMA_YES_NO:
    case SCHEMA_WORD:
    case SCHEMA_WORDS:
    case SCHEMA_TIME:
    case SCHEMA_TIME_OR_NEVER:
    case SCHEMA_TIME_JITTER:
    case SCHEMA_SECONDS:
    case SCHEMA_SPEED:
    case SCHEMA_BYTES:
    case SCHEMA_SHARE:
    case SCHEMA_LOSS:
    case SCHEMA_PROFILE:
    case SCHEMA_LINK:
    case SCHEMA_RETRY:
    case SCHEMA_TYPES:
        break;
    }
    return read_quantity(field);
}

// What a key is without being said. `near` is where the key could stand.
static bool read_fallback(const struct read_field *field, const struct yaml_node *near) {
    const struct schema_row *row = field->row;
    struct read_field said = *field;
    struct yaml_node node = {.kind = YAML_SCALAR, .line = 1, .column = 1};
    if (row->is_required) {
        return read_fail(field->context, near, row->path, "is missing");
    }
    if (row->type == SCHEMA_MAP) {
        return fill(field->context, row->path, NULL, read_field_at(field));
    }
    if (row->type == SCHEMA_WORDS && row->fallback != NULL) {
        *(uint8_t *)read_field_at(field) = (uint8_t)row->most; // all of them
        return true;
    }
    if (row->fallback == NULL) {
        bool is_place = row->type == SCHEMA_LINK || row->type == SCHEMA_PROFILE;
        if (is_place) {
            *(uint32_t *)read_field_at(field) = PLAN_NONE;
        }
        return true;
    }
    node.text = bytes_of_text(row->fallback);
    node.is_quoted = true;
    said.node = &node;
    return read_value(&said);
}

// Fills the struct at `base` with what stands in the section, or with what it is without that.
static bool fill(struct read_context *context, const char *path, const struct yaml_node *node,
                 uint8_t *base) {
    const struct schema_row *row;
    bool is_good = true;
    if (node != NULL && node->kind == YAML_MAP) {
        is_good = keys_are_known(context, path, node);
    } else if (node != NULL &&
               (node->kind == YAML_LIST || schema_child(path, BYTES_LITERAL("do")) == NULL)) {
        return read_fail_quoting(context, node, path, "is no map of keys, as in {key: value}");
    }
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (!schema_is_in(row, path)) {
            continue;
        }
        struct read_field field = {context, row, value_of(context, row, node), base};
        const struct yaml_node *own = field.node;
        bool is_read = own == NULL ? read_fallback(&field, node) : read_value(&field);
        if (path[0] == '\0') {
            is_read = read_world_join(context, row, own, is_read) && is_read;
        }
        is_good = is_good && is_read;
    }
    return is_good;
}

// ---- the file -----------------------------------------------------------------------------------

static void read_file(struct read_context *context) {
    struct yaml_error error;
    const struct yaml_node *root = yaml_read(&context->plan->arena, context->input->text, &error);
    if (root == NULL) {
        struct yaml_node at = {.line = error.line == 0 ? 1 : error.line,
                               .column = error.column == 0 ? 1 : error.column};
        (void)read_fail(context, &at, "", error.line == 0 ? "the file is empty" : error.text);
        return;
    }
    bool is_good = fill(context, "", root, (uint8_t *)&context->draft);
    if (context->input->has_seed) {
        context->plan->seed = context->input->seed;
    }
    ASSERT(is_good || context->errors->count > 0);
}

static void check_times(struct read_context *context) {
    const struct plan *plan = context->plan;
    if (context->errors->count == 0 && plan->calm_ns >= plan->stop_ns) {
        (void)read_fail(context, NULL, "calm", "is as long as the whole run, or longer");
    }
}

bool plan_read(struct plan *plan, struct memory *memory, const struct plan_input *input,
               struct read_errors *errors) {
    struct read_context context = {
        .plan = plan, .errors = errors, .input = input, .memory = memory};
    errors->count = 0;
    errors->more = 0;
    plan_init(plan, memory);
    map_init(&context.networks, memory, 0);
    map_init(&context.brokers, memory, 0);
    read_file(&context);
    check_times(&context);
    map_deinit(&context.networks);
    map_deinit(&context.brokers);
    if (errors->count == 0) {
        plan_check(plan);
    }
    return errors->count == 0;
}
