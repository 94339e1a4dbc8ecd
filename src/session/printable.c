#include "session/printable.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

// U+0080 to U+009F control terminals as the first 32 characters do.
static bool is_c1_control(struct bytes text) {
    return text.size >= 2 && text.data[0] == 0xc2 && text.data[1] < 0xa0;
}

static void append_escaped(struct buffer *out, uint8_t byte) {
    switch (byte) {
    case '\n':
        buffer_append_text(out, "\\n");
        break;
    case '\t':
        buffer_append_text(out, "\\t");
        break;
    case '\\':
        buffer_append_text(out, "\\\\");
        break;
    default:
        printable_format(out, "\\x%02X", byte);
    }
}

void printable_append(struct buffer *out, struct bytes bytes) {
    while (bytes.size > 0) {
        size_t size = is_c1_control(bytes) ? 0 : utf8_sequence_size(bytes);
        uint8_t first = bytes.data[0];
        if (size == 0 || first < 32 || first == 127 || first == '\\') {
            append_escaped(out, first);
            size = 1;
        } else {
            buffer_append(out, bytes_make(bytes.data, size));
        }
        bytes = bytes_make(bytes.data + size, bytes.size - size);
    }
}

void printable_format(struct buffer *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size > 0) {
        char *start = (char *)buffer_reserve(out, (size_t)size + 1);
        out->size += (size_t)vsnprintf(start, (size_t)size + 1, format, again);
    }
    va_end(again);
}
