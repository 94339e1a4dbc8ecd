#include "scenario/read/read_errors.h"

#include "base/assert.h"

#define QUOTED_MAX 48u

struct read_mistake read_mistake_begin(struct read_errors *errors, struct memory *memory,
                                       const struct yaml_node *node, const char *path) {
    struct read_mistake mistake = {.errors = errors, .line = 1, .column = 1};
    if (node != NULL) {
        mistake.line = node->line;
        mistake.column = node->column;
    }
    buffer_init(&mistake.text, memory);
    if (path[0] != '\0') {
        buffer_append_text(&mistake.text, path);
        buffer_append_text(&mistake.text, ": ");
    }
    return mistake;
}

void read_mistake_quote(struct read_mistake *mistake, struct bytes text) {
    buffer_append_byte(&mistake->text, '\'');
    buffer_append(&mistake->text,
                  bytes_make(text.data, text.size > QUOTED_MAX ? QUOTED_MAX : text.size));
    buffer_append_text(&mistake->text, text.size > QUOTED_MAX ? "...'" : "'");
}

void read_mistake_suggest(struct read_mistake *mistake, const struct word_nearest *nearest) {
    if (nearest->word.data != NULL) {
        buffer_append_text(&mistake->text, "; did you mean ");
        buffer_append(&mistake->text, nearest->word);
        buffer_append_byte(&mistake->text, '?');
    }
}

void read_mistake_allow(struct read_mistake *mistake, const char *what) {
    bool is_asked = mistake->text.size > 0 && mistake->text.data[mistake->text.size - 1] == '?';
    buffer_append_text(&mistake->text, is_asked ? " Allowed: " : "; allowed: ");
    buffer_append_text(&mistake->text, what);
}

void read_mistake_append(struct read_mistake *mistake, const struct yaml_node *node,
                         const struct fault_error *error) {
    struct bytes text = bytes_of_text(error->text);
    const uint8_t *colon = memchr(text.data, ':', text.size); // "column 7: ..."
    size_t start = colon == NULL ? 0 : (size_t)(colon - text.data) + 2;
    if (error->column > 0) {
        mistake->column = node->column + error->column - 1 + node->is_quoted;
    }
    ASSERT(start <= text.size);
    buffer_append(&mistake->text, bytes_make(text.data + start, text.size - start));
}

static bool is_before(const struct read_mistake *mistake, const struct read_error *other) {
    return mistake->line < other->line ||
           (mistake->line == other->line && mistake->column < other->column);
}

static void write_text(const struct buffer *text, struct read_error *error) {
    size_t size = text->size < READ_ERROR_BYTES - 1 ? text->size : READ_ERROR_BYTES - 1;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = text->data[i];
        error->text[i] = (char)(byte < 0x20 || byte >= 0x7f ? '?' : byte);
    }
    error->text[size] = '\0';
}

void read_mistake_end(struct read_mistake *mistake) {
    struct read_errors *errors = mistake->errors;
    uint32_t at = errors->count;
    while (at > 0 && is_before(mistake, &errors->list[at - 1])) {
        at--;
    }
    if (errors->count == READ_ERRORS_MAX) {
        errors->more++;
    } else {
        errors->count++;
    }
    ASSERT(errors->count <= READ_ERRORS_MAX && at <= errors->count);
    if (at < errors->count) {
        memmove(&errors->list[at + 1], &errors->list[at],
                (errors->count - 1 - at) * sizeof errors->list[0]);
        errors->list[at].line = mistake->line;
        errors->list[at].column = mistake->column;
        write_text(&mistake->text, &errors->list[at]);
    }
    buffer_deinit(&mistake->text);
}
