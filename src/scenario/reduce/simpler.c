#include "scenario/reduce/simpler.h"

#include "scenario/units.h"

#define DIGITS_MAX 18u

// The number that begins at `at`: its digits, without decimals.
struct number {
    size_t at;
    size_t size;
    uint64_t value;
};

static bool is_digit(struct bytes text, size_t at) {
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

// Number `index` of the text. False: it has not so many.
static bool find_number(struct bytes text, unsigned index, struct number *number) {
    for (size_t at = 0; at < text.size; at++) {
        if (!is_digit(text, at)) {
            continue;
        }
        *number = (struct number){.at = at};
        for (; is_digit(text, at); at++) {
            number->value = number->value * 10 + (uint64_t)(text.data[at] - '0');
            number->size++;
            if (number->size > DIGITS_MAX) {
                return false;
            }
        }
        if (index-- == 0) {
            return true;
        }
    }
    return false;
}

// The number with one digit that is not 0, or two.
static uint64_t rounded(uint64_t value, unsigned digits) {
    uint64_t unit = 1;
    while (value / unit >= (digits == 1 ? 10 : 100)) {
        unit *= 10;
    }
    return (value + unit / 2) / unit * unit;
}

#define STEPS 6u
#define ROUNDING 3u // the first step that does not aim at less

// Steps towards a simpler number; the same number: this step has none.
static uint64_t step(uint64_t value, unsigned number) {
    switch (number) {
    case 0:
        return value > 1 ? 1 : value;
    case 1:
        return value > 20 ? value / 10 : value;
    case 2:
        return value > 3 ? value / 2 : value;
    case 3:
        return rounded(value, 1);
    case 4:
        return rounded(value, 2);
    default: // by little
        return value > 2 && value < 20 ? value - 1 : value;
    }
}

// Half of a time that is one unit; NULL: it is not.
static const char *half_of(enum schema_type type, struct bytes text) {
    static const char *const halves[][2] = {
        {"1 d", "12 h"}, {"1 h", "30 min"}, {"1 min", "30 s"}, {"1 s", "500 ms"}};
    for (unsigned i = 0; i < sizeof halves / sizeof *halves; i++) {
        if (type == SCHEMA_TIME && bytes_equal(text, bytes_of_text(halves[i][0]))) {
            return halves[i][1];
        }
    }
    return NULL;
}

static void append_with(struct buffer *out, struct bytes text, const struct number *number,
                        uint64_t value) {
    size_t end = number->at + number->size;
    buffer_append(out, bytes_make(text.data, number->at));
    buffer_append_decimal(out, value);
    buffer_append(out, bytes_make(text.data + end, text.size - end));
}

// What stands before the tilde of a time that varies; the whole text: nothing varies.
static size_t without_jitter(struct bytes text) {
    const uint8_t *tilde = text.size == 0 ? NULL : memchr(text.data, '~', text.size);
    size_t size = tilde == NULL ? text.size : (size_t)(tilde - text.data);
    while (tilde != NULL && size > 0 && text.data[size - 1] == ' ') {
        size--;
    }
    return size;
}

// A fault is a line of text with numbers in it.
static bool has_numbers(enum schema_type type) {
    return schema_type_is_numeric(type) || type == SCHEMA_FAULT;
}

// The same time in its largest unit. False: it stands there so, or is no time.
static bool append_tidied(const struct schema_row *row, struct bytes text, struct buffer *out) {
    struct fault_reader reader;
    struct fault_error error;
    uint64_t ns;
    size_t size = out->size;
    fault_reader_init(&reader, text, &error);
    if ((row->type != SCHEMA_TIME && row->type != SCHEMA_TIME_JITTER) ||
        !units_time(&reader, &ns) || !fault_reader_is_at_end(&reader)) {
        return false;
    }
    units_append_time(out, ns);
    bool is_other = !bytes_equal(bytes_make(out->data + size, out->size - size), text);
    out->size = is_other ? out->size : size;
    return is_other;
}

// What happens more often is not simpler.
static bool is_period(const struct schema_row *row) {
    return bytes_equal(bytes_of_text(schema_key(row)), BYTES_LITERAL("every"));
}

bool simpler_text(const struct schema_row *row, struct bytes text, unsigned index,
                  struct buffer *out) {
    struct number number;
    if (!has_numbers(row->type)) {
        return false;
    }
    size_t steady = without_jitter(text);
    if (row->type == SCHEMA_TIME_JITTER && steady < text.size && index-- == 0) {
        buffer_append(out, bytes_make(text.data, steady));
        return true;
    }
    bool is_untidy = append_tidied(row, text, out);
    if (is_untidy && index-- == 0) {
        return true;
    }
    out->size = 0;
    const char *half = half_of(row->type, text);
    if (half != NULL && index-- == 0) {
        buffer_append_text(out, half);
        return true;
    }
    for (unsigned place = 0; find_number(text, place, &number); place++) {
        for (unsigned i = is_period(row) ? ROUNDING : 0; i < STEPS; i++) {
            uint64_t value = step(number.value, i);
            if (value != number.value && index-- == 0) {
                append_with(out, text, &number, value);
                return true;
            }
        }
    }
    return false;
}
