#include "scenario/draw.h"

#include "base/assert.h"
#include "fault/random.h"
#include "scenario/plan.h"
#include "scenario/units.h"

#define STEPS 1000u
#define US_NS 1000u
#define PERCENT 10000u // a share is in parts of a million
#define HUNDREDTHS 100u

// A range in its parts: `10 s..1 min ~ 10 %` has a tail.
struct range {
    struct bytes low;
    struct bytes high;
    struct bytes tail;
};

static bool can_be_range(const struct schema_row *row) {
    return schema_type_is_numeric(row->type) &&
           !bytes_equal(bytes_of_text(row->path), BYTES_LITERAL("seed"));
}

// Where two dots stand; text.size: nowhere.
static size_t find_dots(struct bytes text) {
    for (size_t at = 0; at + 1 < text.size; at++) {
        if (text.data[at] == '.' && text.data[at + 1] == '.') {
            return at;
        }
    }
    return text.size;
}

bool draw_is_range(const struct schema_row *row, struct bytes text) {
    return can_be_range(row) && find_dots(text) < text.size;
}

static struct range split(struct bytes text) {
    size_t dots = find_dots(text);
    ASSERT(dots + 2 <= text.size);
    struct bytes rest = bytes_make(text.data + dots + 2, text.size - dots - 2);
    const uint8_t *tilde = rest.size == 0 ? NULL : memchr(rest.data, '~', rest.size);
    size_t size = tilde == NULL ? rest.size : (size_t)(tilde - rest.data);
    return (struct range){bytes_make(text.data, dots), bytes_make(rest.data, size),
                          bytes_make(rest.data + size, rest.size - size)};
}

// ---- ends ---------------------------------------------------------------------------------------

static bool take(struct fault_reader *reader, enum schema_type type, uint64_t *number) {
    uint32_t share = 0;
    bool is_taken;
    switch ((unsigned)type) {
    case SCHEMA_NUMBER:
        return fault_reader_whole(reader, number);
    case SCHEMA_SPEED:
        return units_speed(reader, number);
    case SCHEMA_BYTES:
        return units_bytes(reader, number);
    case SCHEMA_SHARE:
        is_taken = units_share(reader, 100, &share);
        *number = share;
        return is_taken;
    default:
        return units_time(reader, number);
    }
}

static bool is_digit(uint8_t byte) {
    return (byte >= '0' && byte <= '9') || byte == '.' || byte == ' ';
}

// `10..20 s`: the first end has the unit of the second one.
static struct bytes with_unit(struct arena *arena, const struct range *range) {
    size_t digits = 0;
    size_t skipped = 0;
    while (digits < range->low.size && is_digit(range->low.data[digits])) {
        digits++;
    }
    while (skipped < range->high.size && is_digit(range->high.data[skipped])) {
        skipped++;
    }
    size_t unit = range->high.size - skipped;
    if (digits < range->low.size || (unit > 0 && range->high.data[skipped] == ':')) {
        return range->low;
    }
    uint8_t *text = arena_take(arena, range->low.size + unit + 2);
    memcpy(text, range->low.data, range->low.size);
    text[range->low.size] = ' ';
    memcpy(text + range->low.size + 1, range->high.data + skipped, unit);
    return bytes_make(text, range->low.size + 1 + unit);
}

static bool read_end(struct bytes text, const struct schema_row *row, uint64_t *number,
                     struct fault_error *error) {
    struct fault_reader reader;
    uint64_t unit = row->type == SCHEMA_SECONDS ? PLAN_SECOND : 1;
    fault_reader_init(&reader, text, error);
    if (!take(&reader, row->type, number)) {
        return fault_reader_fail_expecting(&reader);
    }
    if (!fault_reader_is_at_end(&reader)) {
        return fault_reader_fail(&reader, reader.at, "is left over");
    }
    return (*number / unit >= row->least && *number / unit <= row->most) ||
           fault_reader_fail(&reader, 0, "is more or less than this key can be");
}

// ---- values -------------------------------------------------------------------------------------

// What a value is a multiple of, from the lower end on.
static uint64_t step_of(enum schema_type type, uint64_t span) {
    uint64_t least =
        type == SCHEMA_SECONDS ? PLAN_SECOND
        : type == SCHEMA_SHARE ? HUNDREDTHS
        : type == SCHEMA_TIME || type == SCHEMA_TIME_JITTER || type == SCHEMA_TIME_OR_NEVER ? US_NS
                                                                                            : 1;
    uint64_t step = least;
    while (type != SCHEMA_NUMBER && span / step / 10 >= STEPS) {
        step *= 10;
    }
    return step;
}

static void append_share(struct buffer *out, uint64_t share) {
    uint64_t decimals = share % PERCENT / HUNDREDTHS;
    buffer_append_decimal(out, share / PERCENT);
    buffer_append_text(out, decimals < 10 ? ".0" : ".");
    buffer_append_decimal(out, decimals);
    buffer_append_text(out, " %");
}

static void append_value(struct buffer *out, enum schema_type type, uint64_t number) {
    switch ((unsigned)type) {
    case SCHEMA_NUMBER:
        buffer_append_decimal(out, number);
        return;
    case SCHEMA_SPEED:
        units_append_speed(out, number);
        return;
    case SCHEMA_BYTES:
        units_append_bytes(out, number);
        return;
    case SCHEMA_SHARE:
        append_share(out, number);
        return;
    default:
        units_append_time(out, number);
        return;
    }
}

struct bytes draw_value(struct arena *arena, const struct schema_row *row,
                        const struct yaml_node *node, uint64_t seed, struct fault_error *error) {
    ASSERT(draw_is_range(row, node->text));
    struct range range = split(node->text);
    struct fault_reader reader;
    uint64_t low;
    uint64_t high;
    if (!read_end(with_unit(arena, &range), row, &low, error) ||
        !read_end(range.high, row, &high, error)) {
        return (struct bytes){NULL, 0};
    }
    if (low > high) {
        fault_reader_init(&reader, node->text, error);
        (void)fault_reader_fail(&reader, 0, "ends below where it begins");
        return (struct bytes){NULL, 0};
    }
    struct fault_random random = fault_random_at(&(struct fault_coordinates){
        .seed = seed, .client = node->line, .packet = node->column, .rule = UINT32_MAX - 1});
    uint64_t step = step_of(row->type, high - low);
    uint64_t steps = (high - low) / step;
    uint64_t drawn = low + step * (steps == UINT64_MAX ? fault_random_next(&random)
                                                       : fault_random_below(&random, steps + 1));
    ASSERT(low <= drawn && drawn <= high);
    struct buffer text;
    buffer_init(&text, arena->memory);
    append_value(&text, row->type, drawn);
    if (range.tail.size > 0) {
        buffer_append_byte(&text, ' ');
        buffer_append(&text, range.tail);
    }
    struct bytes value = arena_copy(arena, buffer_bytes(&text));
    buffer_deinit(&text);
    return value;
}
