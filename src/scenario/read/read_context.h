// What the parts of the reader share while a file is read: the plan that comes of it, its draft,
// where mistakes go, and the names that can be referred to. Its owner is plan_read.c.
#ifndef SCENARIO_READ_READ_CONTEXT_H
#define SCENARIO_READ_READ_CONTEXT_H

#include "base/map.h"
#include "scenario/draft.h"
#include "scenario/plan_input.h"
#include "scenario/read/read_errors.h"
#include "scenario/schema/schema.h"

#define READ_HAS_NETWORKS 1u
#define READ_HAS_BROKERS 2u
#define READ_HAS_GROUPS 4u

struct read_context {
    struct plan *plan;
    struct draft draft;
    struct read_errors *errors;
    const struct plan_input *input;
    struct memory *memory;
    unsigned has;        // READ_HAS_...: sections that were joined without a mistake
    struct map networks; // from the hash of a name to its place in the plan
    struct map brokers;
};

// A key with its value, and the struct that its field stands in.
struct read_field {
    struct read_context *context;
    const struct schema_row *row;
    const struct yaml_node *node;
    uint8_t *base;
};

static inline void *read_field_at(const struct read_field *field) {
    return field->base + field->row->offset;
}

static inline void *read_field_other(const struct read_field *field) {
    return field->base + field->row->other;
}

static inline struct read_mistake read_begin(struct read_context *context,
                                             const struct yaml_node *node, const char *path) {
    return read_mistake_begin(context->errors, context->memory, node, path);
}

// A mistake of which a constant says all. Returns false.
bool read_fail(struct read_context *context, const struct yaml_node *node, const char *path,
               const char *why);
// "'x' WHY", with what stands at the node.
bool read_fail_quoting(struct read_context *context, const struct yaml_node *node, const char *path,
                       const char *why);

// The same about a field.
bool read_field_fail(const struct read_field *field, const char *why);
// It is of another type than the field.
bool read_field_fail_type(const struct read_field *field);
// What fault/words.h found wrong in the field's text.
bool read_field_fail_as(const struct read_field *field, const struct fault_error *error);

// ---- names --------------------------------------------------------------------------------------

// Adds a name to a map of places. False: it is there already.
bool read_names_add(struct map *names, struct bytes name, uint32_t place);
// The place, or PLAN_NONE. Names that are different never have the same key but by chance of 2^-64,
// so the caller compares.
uint32_t read_names_find(const struct map *names, struct bytes name);

uint32_t read_network_find(const struct read_context *context, struct bytes name);
uint32_t read_broker_find(const struct read_context *context, struct bytes name);

// Says that there is no such network or broker, and which is near. Returns false.
bool read_place_fail(struct read_context *context, const struct yaml_node *node, const char *path,
                     struct bytes name, bool is_broker);

// Whether `text` can be a name: 1 to 63 bytes, and nothing that patterns, topics or lines of words
// take for something else. NULL, or what is wrong.
const char *read_name_fault(struct bytes text);

// The link of that name, one of the file or a profile, which is then made a link of the plan.
// PLAN_NONE: there is none.
uint32_t read_link_find(struct read_context *context, struct bytes name);

#endif
