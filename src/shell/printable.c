#include "shell/printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

// ---- what is unfit --------------------------------------------------------------------------

// Beyond ASCII, in ascending order: Cc, Cf, Zl, Zp and what Unicode calls default ignorable, but
// for the variation selectors FE00 to FE0F and those of Mongolian.
static const struct {
    uint32_t first;
    uint32_t last;
} unfit[] = {
    {0x80, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},
    {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},
    {0x8e2, 0x8e2},     {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180e, 0x180e},
    {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0000, 0xe0fff},
};

// Of a whole sequence of UTF-8.
static uint32_t decode(const uint8_t *at, size_t size) {
    uint32_t code = size == 1 ? at[0] : at[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        code = code << 6 | (at[i] & 0x3fu);
    }
    return code;
}

static bool is_unfit(uint32_t code) {
    size_t low = 0;
    size_t high = sizeof unfit / sizeof *unfit;
    if (code < 0x80) {
        return code < 32 || code == 127;
    }
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > unfit[middle].last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < sizeof unfit / sizeof *unfit && code >= unfit[low].first;
}

static bool is_plain(uint8_t byte) {
    return byte >= 32 && byte < 127;
}

// The next character; 0: none is whole there. `*code` is set otherwise.
static size_t next(struct bytes text, uint32_t *code) {
    size_t size = is_plain(text.data[0]) ? 1 : utf8_sequence_size(text);
    *code = size > 0 ? decode(text.data, size) : 0;
    return size;
}

// ---- text for people ------------------------------------------------------------------------

static void append_hex(struct buffer *out, uint8_t byte) {
    static const char digits[] = "0123456789ABCDEF";
    const char text[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    buffer_append(out, bytes_make(text, sizeof text));
}

static void append_escaped(struct buffer *out, struct bytes bytes) {
    for (size_t i = 0; i < bytes.size; i++) {
        switch (bytes.data[i]) {
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
            append_hex(out, bytes.data[i]);
        }
    }
}

// Whether the ASCII character is one of these.
static bool is_one_of(uint32_t code, const char *characters) {
    return code != 0 && code < 0x80 && strchr(characters, (int)code) != NULL;
}

// Appends the text, all that is unfit escaped; so are `escaped` characters, though they are fit,
// and `kept` ones are not, though they are unfit.
static void append(struct buffer *out, struct bytes text, const char *escaped, const char *kept) {
    size_t from = 0; // what was not appended yet
    size_t at = 0;
    while (at < text.size) {
        uint32_t code;
        size_t size = next(bytes_make(text.data + at, text.size - at), &code);
        bool passes =
            size > 0 && (!is_unfit(code) || is_one_of(code, kept)) && !is_one_of(code, escaped);
        size_t end = at + (size > 0 ? size : 1);
        if (!passes) {
            buffer_append(out, bytes_make(text.data + from, at - from));
            append_escaped(out, bytes_make(text.data + at, end - at));
            from = end;
        }
        at = end;
    }
    if (at > from) { // else there may be no data at all
        buffer_append(out, bytes_make(text.data + from, at - from));
    }
}

void printable_append(struct buffer *out, struct bytes bytes) {
    append(out, bytes, "\\", "");
}

void printable_append_message(struct buffer *out, struct bytes text) {
    append(out, text, "", "");
}

void printable_append_page(struct buffer *out, struct bytes text) {
    append(out, text, "", "\n\t");
}

// ---- JSON -----------------------------------------------------------------------------------

static void append_unicode(struct buffer *out, uint32_t code) {
    if (code > UINT16_MAX) {
        code -= UINT16_MAX + 1;
        printable_format(out, "\\u%04X\\u%04X", 0xd800 | code >> 10, 0xdc00 | (code & 0x3ff));
    } else {
        printable_format(out, "\\u%04X", code);
    }
}

// Unfit characters stand in strings only, since all else of JSON is ASCII.
void printable_append_json(struct buffer *out, struct bytes json) {
    size_t from = 0;
    size_t at = 0;
    while (at < json.size) {
        uint32_t code;
        size_t size = next(bytes_make(json.data + at, json.size - at), &code);
        if (size > 0 && is_unfit(code) && code != '\n') {
            buffer_append(out, bytes_make(json.data + from, at - from));
            append_unicode(out, code);
            from = at + size;
        }
        at += size > 0 ? size : 1;
    }
    if (at > from) {
        buffer_append(out, bytes_make(json.data + from, at - from));
    }
}

// ---- as printf ------------------------------------------------------------------------------

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

void printable_complain(const char *format, ...) {
    struct memory memory;
    struct buffer line;
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size > 0) {
        memory_init(&memory);
        buffer_init(&line, &memory);
        printable_append_message(&line, bytes_make(text, (size_t)size - (text[size - 1] == '\n')));
        buffer_append_byte(&line, '\n');
        (void)fwrite(line.data, 1, line.size, stderr);
        buffer_deinit(&line);
    }
    free(text);
}

void printable_complain_of_output(const char *program, int error) {
    if (error != 0 && error != EPIPE) {
        printable_complain("%s: standard output: %s\n", program, strerror(error));
    }
}
