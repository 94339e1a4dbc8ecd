#include "shell/terminal/columns.h"

static bool begins_character(uint8_t byte) {
    return (byte & 0xc0) != 0x80;
}

size_t columns_of(struct bytes text) {
    size_t columns = 0;
    for (size_t i = 0; i < text.size; i++) {
        columns += begins_character(text.data[i]);
    }
    return columns;
}

struct bytes columns_cut(struct bytes text, size_t columns) {
    size_t size = 0;
    while (size < text.size && (columns > 0 || !begins_character(text.data[size]))) {
        columns -= begins_character(text.data[size]);
        size++;
    }
    return bytes_make(text.data, size);
}

void columns_append(struct buffer *out, struct bytes text, size_t columns) {
    size_t taken = columns_of(text);
    if (taken > columns) {
        buffer_append(out, columns_cut(text, columns - 1));
        buffer_append_text(out, "…");
    } else {
        buffer_append(out, text);
    }
    for (; taken < columns; taken++) {
        buffer_append_byte(out, ' ');
    }
}

struct bytes columns_take_line(struct bytes *rest, size_t columns) {
    struct bytes line = columns_cut(*rest, columns);
    size_t taken = line.size;
    if (line.size < rest->size) {
        size_t blank = rest->data[line.size] == ' ' ? line.size : 0;
        for (size_t i = line.size; i-- > 0 && blank == 0;) {
            blank = line.data[i] == ' ' ? i : 0;
        }
        if (blank > 0) {
            line.size = blank;
            taken = blank + 1;
        }
    }
    *rest = bytes_make(rest->data + taken, rest->size - taken);
    return line;
}
