#include "scenario/read/read_quantities.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "scenario/draw.h"
#include "scenario/units.h"

static void store(void *at, uint16_t size, uint64_t number) {
    switch (size) {
    case 1:
        *(uint8_t *)at = (uint8_t)number;
        return;
    case 2:
        *(uint16_t *)at = (uint16_t)number;
        return;
    case 4:
        *(uint32_t *)at = (uint32_t)number;
        return;
    default:
        ASSERT(size == 8);
        *(uint64_t *)at = number;
        return;
    }
}

// ---- bounds -------------------------------------------------------------------------------------

static void append_bound(const struct schema_row *row, struct buffer *out, uint64_t bound) {
    switch ((unsigned)row->type) {
    case SCHEMA_TIME:
    case SCHEMA_TIME_OR_NEVER:
    case SCHEMA_TIME_JITTER:
        units_append_time(out, bound);
        return;
    case SCHEMA_SECONDS:
        units_append_time(out, bound * PLAN_SECOND);
        return;
    case SCHEMA_BYTES:
        units_append_bytes(out, bound);
        return;
    case SCHEMA_SHARE:
        buffer_append_decimal(out, bound / 10000);
        buffer_append_text(out, " %");
        return;
    case SCHEMA_SPEED:
        units_append_speed(out, bound);
        return;
    default:
        buffer_append_decimal(out, bound);
        return;
    }
}

static bool keep(const struct read_field *field, uint64_t number) {
    const struct schema_row *row = field->row;
    if (number >= row->least && number <= row->most) {
        store(read_field_at(field), row->size, number);
        return true;
    }
    struct read_mistake mistake = read_begin(field->context, field->node, row->path);
    read_mistake_quote(&mistake, field->node->text);
    buffer_append_text(&mistake.text, number < row->least ? " is too little; allowed: from "
                                                          : " is too much; allowed: from ");
    append_bound(row, &mistake.text, row->least);
    if (row->most != UINT64_MAX) {
        buffer_append_text(&mistake.text, " to ");
        append_bound(row, &mistake.text, row->most);
    }
    read_mistake_end(&mistake);
    return false;
}

// ---- words --------------------------------------------------------------------------------------

// The number of the word among the row's, or -1 and a mistake.
static int find_word(const struct read_field *field, const struct yaml_node *node) {
    struct word_nearest nearest;
    struct bytes word;
    word_nearest_init(&nearest, node->text);
    for (unsigned i = 0; (word = schema_word(field->row, i)).size > 0; i++) {
        if (node->kind == YAML_SCALAR && bytes_equal(word, node->text)) {
            return (int)i;
        }
        word_nearest_try(&nearest, word);
    }
    struct read_mistake mistake = read_begin(field->context, node, field->row->path);
    read_mistake_quote(&mistake, node->text);
    buffer_append_text(&mistake.text, " is none of the words");
    read_mistake_suggest(&mistake, &nearest);
    for (unsigned i = 0; (word = schema_word(field->row, i)).size > 0; i++) {
        if (i == 0) {
            read_mistake_allow(&mistake, "");
        } else {
            buffer_append_text(&mistake.text, ", ");
        }
        buffer_append(&mistake.text, word);
    }
    read_mistake_end(&mistake);
    return -1;
}

static bool read_words(const struct read_field *field) {
    uint64_t bits = 0;
    bool is_list = field->node->kind == YAML_LIST;
    const struct yaml_node *node = is_list ? field->node->first : field->node;
    for (; node != NULL; node = is_list ? node->next : NULL) {
        int word = find_word(field, node);
        if (word < 0) {
            return false;
        }
        bits |= UINT64_C(1) << word;
    }
    if (bits < field->row->least) {
        return read_field_fail(field, "is an empty list");
    }
    store(read_field_at(field), field->row->size, bits);
    return true;
}

static bool read_yes_no(const struct read_field *field) {
    static const struct {
        const char *word;
        bool is_yes;
    } words[] = {{"yes", true}, {"no", false}, {"true", true}, {"false", false}};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        if (bytes_equal(field->node->text, bytes_of_text(words[i].word))) {
            *(bool *)read_field_at(field) = words[i].is_yes;
            return true;
        }
    }
    return read_field_fail(field, "is neither yes nor no");
}

static bool read_number(const struct read_field *field) {
    uint64_t number;
    if (!decimal_read(field->node->text, UINT64_MAX, &number)) {
        return read_field_fail(field, "is no whole number");
    }
    return keep(field, number);
}

// ---- names of links -----------------------------------------------------------------------------

static bool fail_link(const struct read_field *field, bool with_own) {
    const struct plan *plan = field->context->plan;
    struct word_nearest nearest;
    const struct fault_profile *profile;
    word_nearest_init(&nearest, field->node->text);
    for (unsigned i = 0; (profile = fault_profile(i)) != NULL; i++) {
        word_nearest_try(&nearest, bytes_of_text(profile->name));
    }
    for (uint32_t i = 0; i < plan->link_count && with_own; i++) {
        word_nearest_try(&nearest, plan->links[i].name);
    }
    struct read_mistake mistake = read_begin(field->context, field->node, field->row->path);
    read_mistake_quote(&mistake, field->node->text);
    buffer_append_text(&mistake.text,
                       with_own ? " is no link of this file and no profile" : " is no profile");
    read_mistake_suggest(&mistake, &nearest);
    for (unsigned i = 0; (profile = fault_profile(i)) != NULL; i++) {
        if (i == 0) {
            read_mistake_allow(&mistake, profile->name);
        } else {
            buffer_append_text(&mistake.text, ", ");
            buffer_append_text(&mistake.text, profile->name);
        }
    }
    read_mistake_end(&mistake);
    return false;
}

static bool read_link(const struct read_field *field) {
    uint32_t link = read_link_find(field->context, field->node->text);
    *(uint32_t *)read_field_at(field) = link;
    return link != PLAN_NONE || fail_link(field, true);
}

static bool read_profile(const struct read_field *field) {
    const struct fault_profile *profile;
    for (unsigned i = 0; (profile = fault_profile(i)) != NULL; i++) {
        if (bytes_equal(bytes_of_text(profile->name), field->node->text)) {
            *(uint32_t *)read_field_at(field) = i;
            return true;
        }
    }
    return fail_link(field, false);
}

// ---- quantities with units ----------------------------------------------------------------------

// Takes the back-off policy: never | fixed TIME | exponential TIME to TIME ... [, N attempts].
static bool take_retry_times(struct fault_reader *reader, struct mqtt_client_retry *retry) {
    if (fault_reader_word(reader, "fixed")) {
        retry->kind = MQTT_CLIENT_RETRY_FIXED;
        if (!units_time(reader, &retry->first)) {
            return false;
        }
        retry->most = retry->first;
        return true;
    }
    if (!fault_reader_word(reader, "exponential") || !units_time(reader, &retry->first) ||
        !fault_reader_word(reader, "to") || !units_time(reader, &retry->most)) {
        return false;
    }
    retry->kind = MQTT_CLIENT_RETRY_EXPONENTIAL;
    if (fault_reader_word(reader, "with")) {
        bool is_decorrelated = fault_reader_word(reader, "decorrelated");
        retry->kind = is_decorrelated ? MQTT_CLIENT_RETRY_DECORRELATED : MQTT_CLIENT_RETRY_FULL;
        return fault_reader_word(reader, "jitter");
    }
    return true;
}

static bool take_retry(struct fault_reader *reader, struct mqtt_client_retry *retry) {
    *retry = (struct mqtt_client_retry){.kind = MQTT_CLIENT_RETRY_NEVER, .first = 1, .most = 1};
    if (fault_reader_word(reader, "never")) {
        return true;
    }
    size_t start = reader->at;
    uint64_t attempts = 0;
    if (!take_retry_times(reader, retry)) {
        return false;
    }
    if (retry->first == 0 || retry->most < retry->first) {
        return fault_reader_fail(reader, start, "begins with 0, or ends below where it begins");
    }
    if (fault_reader_is_at_end(reader)) {
        return true;
    }
    if (!fault_reader_whole(reader, &attempts) || !fault_reader_word(reader, "attempts")) {
        return false;
    }
    retry->attempts = (uint32_t)attempts;
    return (attempts > 0 && attempts <= 1000000) ||
           fault_reader_fail(reader, start, "has no number of attempts from 1 to 1000000");
}

static bool take_loss(struct fault_reader *reader, struct fault_loss *loss) {
    uint32_t share = 0;
    uint64_t burst = 1;
    size_t start = reader->at;
    if (!units_share(reader, 100, &share)) {
        return false;
    }
    if (fault_reader_word(reader, "in") &&
        !(fault_reader_word(reader, "bursts") && fault_reader_word(reader, "of") &&
          fault_reader_whole(reader, &burst))) {
        return false;
    }
    if (burst == 0 || burst > 1000000) {
        return fault_reader_fail(reader, start, "has no bursts of 1 to 1000000 packets");
    }
    *loss = fault_loss_bursts(share, (uint32_t)burst);
    return true;
}

// The number that the field is to have, taken from the text.
static bool take_number(struct fault_reader *reader, const struct read_field *field,
                        uint64_t *number) {
    uint32_t share = 0;
    switch ((unsigned)field->row->type) {
    case SCHEMA_TIME_OR_NEVER:
        if (fault_reader_word(reader, "never")) {
            *number = UINT64_MAX;
            return true;
        }
        return units_time(reader, number);
    case SCHEMA_TIME_JITTER:
        return units_time(reader, number) && units_jitter(reader, *number, read_field_other(field));
    case SCHEMA_SPEED:
        return units_speed(reader, number);
    case SCHEMA_BYTES:
        return units_bytes(reader, number);
    case SCHEMA_SHARE:
        if (!units_share(reader, 100, &share)) {
            return false;
        }
        *number = share;
        return true;
    default: // SCHEMA_TIME, SCHEMA_SECONDS
        return units_time(reader, number);
    }
}

static bool is_of_whole_seconds(const struct read_field *field, uint64_t *number) {
    if (field->row->type != SCHEMA_SECONDS) {
        return true;
    }
    bool is_whole = *number % PLAN_SECOND == 0;
    *number /= PLAN_SECOND;
    return is_whole || read_field_fail(field, "is no time in whole seconds");
}

static bool read_measure(const struct read_field *field) {
    struct fault_reader reader;
    struct fault_error error;
    uint64_t number = 0;
    void *at = read_field_at(field);
    enum schema_type type = field->row->type;
    fault_reader_init(&reader, field->node->text, &error);
    bool is_taken = type == SCHEMA_RETRY  ? take_retry(&reader, at)
                    : type == SCHEMA_LOSS ? take_loss(&reader, at)
                                          : take_number(&reader, field, &number);
    if (!is_taken || !fault_reader_is_at_end(&reader)) {
        (void)(is_taken ? fault_reader_fail(&reader, reader.at, "is left over")
                        : fault_reader_fail_expecting(&reader));
        return read_field_fail_as(field, &error);
    }
    if (type == SCHEMA_LOSS) {
        *(bool *)read_field_other(field) = true;
    }
    if (type == SCHEMA_RETRY || type == SCHEMA_LOSS) {
        return true;
    }
    if (type == SCHEMA_TIME_OR_NEVER && number == UINT64_MAX) {
        store(at, field->row->size, number);
        return true;
    }
    return is_of_whole_seconds(field, &number) && keep(field, number);
}

// One value of a range, in its place.
static bool read_drawn(const struct read_field *field) {
    struct read_context *context = field->context;
    struct yaml_node node = *field->node;
    struct read_field drawn = *field;
    struct fault_error error;
    uint64_t seed = context->input->has_seed ? context->input->seed : context->draft.seed;
    node.text = draw_value(&context->plan->arena, field->row, field->node, seed, &error);
    drawn.node = &node;
    return node.text.size > 0 ? read_quantity(&drawn) : read_field_fail_as(field, &error);
}

bool read_quantity(const struct read_field *field) {
    if (field->row->type == SCHEMA_WORDS) {
        return read_words(field);
    }
    if (field->node->kind != YAML_SCALAR) {
        return read_field_fail_type(field);
    }
    if (draw_is_range(field->row, field->node->text)) {
        return read_drawn(field);
    }
    switch ((unsigned)field->row->type) {
    case SCHEMA_NUMBER:
        return read_number(field);
    case SCHEMA_YES_NO:
        return read_yes_no(field);
    case SCHEMA_PROFILE:
        return read_profile(field);
    case SCHEMA_LINK:
        return read_link(field);
    case SCHEMA_WORD: {
        int word = find_word(field, field->node);
        if (word >= 0) {
            store(read_field_at(field), field->row->size, (uint64_t)word);
        }
        return word >= 0;
    }
    default:
        return read_measure(field);
    }
}

// ---- curves -------------------------------------------------------------------------------------

static bool read_point(const struct read_field *field, const struct yaml_node *node,
                       struct plan_curve_point *point) {
    struct fault_reader reader;
    struct fault_error error;
    struct read_field at = *field;
    at.node = node->key;
    fault_reader_init(&reader, node->key->text, &error);
    if (!units_time(&reader, &point->at_ns) || !fault_reader_is_at_end(&reader) ||
        point->at_ns >= PLAN_DAY) {
        return read_field_fail(&at, "is no time of day, as in 06:00");
    }
    at.node = node;
    if (node->kind != YAML_SCALAR) {
        return read_field_fail(&at, "a time of day has a share, as in 06:00: 10 %");
    }
    fault_reader_init(&reader, node->text, &error);
    if (!units_share(&reader, 1000, &point->share)) {
        (void)fault_reader_fail_expecting(&reader);
        return read_field_fail_as(&at, &error);
    }
    return true;
}

bool read_curve(const struct read_field *field) {
    const struct yaml_node *node = field->node;
    if (node->kind != YAML_MAP || node->count == 0 || node->count > field->row->most) {
        return read_field_fail(field, "has 1 to 24 times of day with shares, as in 06:00: 10 %");
    }
    struct plan_curve_point *points =
        arena_take(&field->context->plan->arena, node->count * sizeof *points);
    uint32_t count = 0;
    uint32_t highest = 0;
    for (node = node->first; node != NULL; node = node->next, count++) {
        if (!read_point(field, node, &points[count])) {
            return false;
        }
        if (count > 0 && points[count].at_ns <= points[count - 1].at_ns) {
            return read_fail(field->context, node->key, field->row->path,
                             "times of day come in their order");
        }
        highest = points[count].share > highest ? points[count].share : highest;
    }
    if (highest == 0) {
        return read_field_fail(field, "it is never busy by this");
    }
    *(const struct plan_curve_point **)read_field_at(field) = points;
    *(uint32_t *)read_field_other(field) = count;
    return true;
}
