#include "scenario/read/read_context.h"

#include "base/hash.h"

#define NAMES_SEED 0x7363656e6172696fu

bool read_fail(struct read_context *context, const struct yaml_node *node, const char *path,
               const char *why) {
    struct read_mistake mistake = read_begin(context, node, path);
    buffer_append_text(&mistake.text, why);
    read_mistake_end(&mistake);
    return false;
}

bool read_fail_quoting(struct read_context *context, const struct yaml_node *node, const char *path,
                       const char *why) {
    struct read_mistake mistake = read_begin(context, node, path);
    if (node->kind == YAML_SCALAR) {
        read_mistake_quote(&mistake, node->text);
        buffer_append_byte(&mistake.text, ' ');
    }
    buffer_append_text(&mistake.text, why);
    read_mistake_end(&mistake);
    return false;
}

bool read_field_fail(const struct read_field *field, const char *why) {
    return read_fail_quoting(field->context, field->node, field->row->path, why);
}

bool read_field_fail_type(const struct read_field *field) {
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    if (field->node->kind == YAML_SCALAR) {
        read_mistake_quote(&mistake, field->node->text);
        buffer_append_byte(&mistake.text, ' ');
    }
    buffer_append_text(&mistake.text, "does not fit here");
    read_mistake_allow(&mistake, schema_type_help(field->row->type));
    read_mistake_end(&mistake);
    return false;
}

bool read_field_fail_as(const struct read_field *field, const struct fault_error *error) {
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    read_mistake_append(&mistake, field->node, error);
    read_mistake_end(&mistake);
    return false;
}

// ---- names --------------------------------------------------------------------------------------

bool read_names_add(struct map *names, struct bytes name, uint32_t place) {
    uint64_t key = hash_bytes(name, NAMES_SEED);
    if (map_get(names, key) != MAP_NONE) {
        return false;
    }
    map_put(names, key, place);
    return true;
}

uint32_t read_names_find(const struct map *names, struct bytes name) {
    uint32_t place = map_get(names, hash_bytes(name, NAMES_SEED));
    return place == MAP_NONE ? PLAN_NONE : place;
}

uint32_t read_network_find(const struct read_context *context, struct bytes name) {
    uint32_t place = read_names_find(&context->networks, name);
    return place != PLAN_NONE && bytes_equal(context->plan->networks[place].name, name) ? place
                                                                                        : PLAN_NONE;
}

uint32_t read_broker_find(const struct read_context *context, struct bytes name) {
    uint32_t place = read_names_find(&context->brokers, name);
    return place != PLAN_NONE && bytes_equal(context->plan->brokers[place].name, name) ? place
                                                                                       : PLAN_NONE;
}

const char *read_name_fault(struct bytes text) {
    static const char others[] = " +#*?\"'{}\\";
    if (text.size == 0 || text.size > PLAN_NAME_MAX) {
        return "is no name of 1 to 63 bytes";
    }
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        if (byte < 0x20 || byte == 0x7f || memchr(others, byte, sizeof others - 1) != NULL) {
            return "has a blank, a control character or one of +#*?\"'{}\\ in its name";
        }
    }
    return NULL;
}

#define SUGGESTED_MAX 1000u // names that are looked at for a near one

bool read_place_fail(struct read_context *context, const struct yaml_node *node, const char *path,
                     struct bytes name, bool is_broker) {
    const struct plan *plan = context->plan;
    uint32_t count = is_broker ? plan->broker_count : plan->network_count;
    struct word_nearest nearest;
    word_nearest_init(&nearest, name);
    for (uint32_t i = 0; i < count && i < SUGGESTED_MAX; i++) {
        word_nearest_try(&nearest, is_broker ? plan->brokers[i].name : plan->networks[i].name);
    }
    struct read_mistake mistake = read_begin(context, node, path);
    read_mistake_quote(&mistake, name);
    buffer_append_text(&mistake.text,
                       is_broker ? " is no broker of this file" : " is no network of this file");
    read_mistake_suggest(&mistake, &nearest);
    read_mistake_end(&mistake);
    return false;
}

uint32_t read_link_find(struct read_context *context, struct bytes name) {
    struct plan *plan = context->plan;
    for (uint32_t i = 0; i < plan->link_count; i++) {
        if (bytes_equal(plan->links[i].name, name)) {
            return i;
        }
    }
    const struct fault_profile *profile;
    for (unsigned i = 0; (profile = fault_profile(i)) != NULL; i++) {
        if (bytes_equal(bytes_of_text(profile->name), name)) {
            plan->links[plan->link_count] = (struct plan_link){
                .name = bytes_of_text(profile->name),
                .delay_ns = profile->delay_ns,
                .jitter_ns = profile->jitter_ns,
                .up = profile->up,
                .down = profile->down,
                .loss = profile->loss,
            };
            return plan->link_count++;
        }
    }
    return PLAN_NONE;
}
