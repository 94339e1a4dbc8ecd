#include "session/lesson/lesson_values.h"

#include "base/assert.h"

#define ANYTHING BYTES_LITERAL("...")

static struct bytes behind(struct bytes text, size_t size) {
    ASSERT(size <= text.size);
    return size == 0 ? text : bytes_make(text.data + size, text.size - size);
}

// The name in the braces that the text begins with; empty: it does not begin with any.
static struct bytes braced(struct bytes text) {
    size_t size = 1;
    while (size < text.size && text.data[size] >= 'a' && text.data[size] <= 'z') {
        size++;
    }
    bool is_one = size > 1 && size <= LESSON_VALUE_NAME_MAX && size < text.size &&
                  text.data[0] == '{' && text.data[size] == '}';
    return is_one ? bytes_make(text.data + 1, size - 1) : (struct bytes){0};
}

static const struct lesson_value *find(const struct lesson_values *values, struct bytes name) {
    for (unsigned i = 0; i < values->count; i++) {
        if (bytes_equal(bytes_of_text(values->all[i].name), name)) {
            return &values->all[i];
        }
    }
    return NULL;
}

// False: there is no room for it.
static bool add(struct lesson_values *values, struct bytes name, struct bytes text) {
    ASSERT(name.size < LESSON_VALUE_NAME_MAX);
    if (values->count == LESSON_VALUES_MAX || text.size >= LESSON_VALUE_MAX) {
        return false;
    }
    struct lesson_value *value = &values->all[values->count++];
    *value = (struct lesson_value){0};
    memcpy(value->name, name.data, name.size);
    memcpy(value->text, text.data, text.size);
    return true;
}

bool lesson_values_expand(const struct lesson_values *values, struct bytes text, struct buffer *out,
                          struct bytes *missing) {
    while (text.size > 0) {
        struct bytes name = braced(text);
        if (name.size == 0) {
            buffer_append_byte(out, text.data[0]);
            text = behind(text, 1);
            continue;
        }
        const struct lesson_value *value = find(values, name);
        if (value == NULL) {
            *missing = name;
            return false;
        }
        buffer_append_text(out, value->text);
        text = behind(text, name.size + 2);
    }
    return true;
}

// The word that a name without a value stands for: up to a blank, or to what follows in the
// pattern.
static size_t word_size(struct bytes line, struct bytes rest) {
    size_t size = 0;
    bool is_open = rest.size == 0 || bytes_starts_with(rest, ANYTHING);
    while (size < line.size && line.data[size] != ' ' && line.data[size] != '\t' &&
           (is_open || line.data[size] != rest.data[0])) {
        size++;
    }
    return size;
}

// Takes from the line what the braces at the head of the pattern stand for.
static bool match_name(struct lesson_values *values, struct bytes name, struct bytes rest,
                       struct bytes *line) {
    const struct lesson_value *value = find(values, name);
    if (value == NULL) {
        size_t size = word_size(*line, rest);
        bool is_found = size > 0 && add(values, name, bytes_make(line->data, size));
        *line = behind(*line, size);
        return is_found;
    }
    struct bytes text = bytes_of_text(value->text);
    bool is_there = bytes_starts_with(*line, text);
    *line = is_there ? behind(*line, text.size) : *line;
    return is_there;
}

// Whether the line goes on as the pattern does, up to its next `...`, which is then at the head of
// *pattern; *line is what is left.
static bool match_piece(struct lesson_values *values, struct bytes *pattern, struct bytes *line) {
    while (pattern->size > 0 && !bytes_starts_with(*pattern, ANYTHING)) {
        struct bytes name = braced(*pattern);
        if (name.size > 0) {
            *pattern = behind(*pattern, name.size + 2);
            if (!match_name(values, name, *pattern, line)) {
                return false;
            }
        } else if (line->size > 0 && line->data[0] == pattern->data[0]) {
            *pattern = behind(*pattern, 1);
            *line = behind(*line, 1);
        } else {
            return false;
        }
    }
    return true;
}

// Finds the next piece of the pattern at the first place where it fits, which leaves most for
// those behind it.
static bool find_piece(struct lesson_values *values, struct bytes *pattern, struct bytes *line) {
    unsigned known = values->count;
    for (size_t start = 0; start <= line->size; start++) {
        struct bytes piece = *pattern;
        struct bytes rest = behind(*line, start);
        if (match_piece(values, &piece, &rest)) {
            *pattern = piece;
            *line = rest;
            return true;
        }
        values->count = known;
    }
    return false;
}

bool lesson_values_match(struct lesson_values *values, struct bytes pattern, struct bytes line) {
    unsigned known = values->count;
    while (pattern.size > 0) {
        if (bytes_starts_with(pattern, ANYTHING)) {
            pattern = behind(pattern, ANYTHING.size);
        } else if (!find_piece(values, &pattern, &line)) {
            values->count = known;
            return false;
        }
    }
    return true;
}
