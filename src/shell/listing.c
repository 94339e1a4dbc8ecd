#include "shell/listing.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "shell/clock.h"
#include "shell/printable.h"

#define TEXT_SHOWN_MAX 60 // columns of a field that people are shown
#define INDENT 2
#define FOLDED_INDENT 6 // of the part of a row for which a line had no room
#define GAP 2           // between columns

void listing_init(struct listing *listing, struct memory *memory, bool json) {
    *listing = (struct listing){.json = json};
    buffer_init(&listing->text, memory);
    buffer_init(&listing->cells, memory);
    listing->object = json ? json_object() : NULL;
}

void listing_deinit(struct listing *listing) {
    buffer_deinit(&listing->text);
    buffer_deinit(&listing->cells);
    json_decref(listing->object);
}

// ---- tables ---------------------------------------------------------------------------------

// How many columns of a terminal a text takes, near enough: one for each character.
static size_t width_of(const char *text) {
    size_t width = 0;
    for (; *text != '\0'; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

static void append_padded(struct buffer *out, const char *text, size_t width) {
    buffer_append_text(out, text);
    for (size_t i = width_of(text); i < width; i++) {
        buffer_append_byte(out, ' ');
    }
}

// Whether a column begins another line, since the one before has no room for it: the same in every
// row, so that the parts stand below each other.
static bool begins_line(const struct listing *listing, unsigned column, const size_t *widths) {
    size_t at = INDENT;
    for (unsigned i = 0; i <= column; i++) {
        bool is_over = i > 0 && listing->width > 0 && at + widths[i] > listing->width;
        if (is_over && i == column) {
            return true;
        }
        at = (is_over ? FOLDED_INDENT : at) + widths[i] + GAP;
    }
    return column == 0;
}

static void print_cell(struct listing *listing, unsigned column, const char *text,
                       const size_t *widths) {
    bool last = column + 1 == listing->column_count || begins_line(listing, column + 1, widths);
    if (begins_line(listing, column, widths)) {
        printable_format(&listing->text, "\n%*s", column == 0 ? INDENT : FOLDED_INDENT, "");
    }
    append_padded(&listing->text, text, last ? 0 : widths[column] + GAP);
}

static const char *behind(const char *cell) {
    return cell + strlen(cell) + 1;
}

static uint32_t rows_shown(const struct listing *listing) {
    return listing->rows < LISTING_ROWS_MAX ? listing->rows : LISTING_ROWS_MAX;
}

static void measure(const struct listing *listing, size_t *widths) {
    const char *cell = (const char *)listing->cells.data;
    for (unsigned i = 0; i < listing->column_count; i++) {
        widths[i] = width_of(listing->columns[i]);
    }
    for (uint32_t row = 0; row < rows_shown(listing); row++) {
        for (unsigned i = 0; i < listing->column_count; i++, cell = behind(cell)) {
            size_t width = width_of(cell);
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
}

static void print_table(struct listing *listing) {
    size_t widths[LISTING_COLUMNS_MAX] = {0};
    const char *cell = (const char *)listing->cells.data;
    measure(listing, widths);
    for (unsigned i = 0; i < listing->column_count; i++) {
        print_cell(listing, i, listing->columns[i], widths);
    }
    for (uint32_t row = 0; row < rows_shown(listing); row++) {
        for (unsigned i = 0; i < listing->column_count; i++, cell = behind(cell)) {
            print_cell(listing, i, cell, widths);
        }
    }
}

static void print_section(struct listing *listing) {
    bool has_heading = listing->heading[0] != '\0';
    printable_format(&listing->text, "%s%s", listing->text.size > 0 ? "\n" : "",
                     has_heading ? listing->heading : listing->title);
    if (!listing->single && !has_heading) {
        printable_format(&listing->text, ": %u", listing->rows);
    }
    if (listing->rows > LISTING_ROWS_MAX) {
        printable_format(&listing->text, ", the first %d are shown", LISTING_ROWS_MAX);
    }
    if (listing->rows > 0) {
        print_table(listing);
    }
}

static void note_left_out(struct listing *listing) {
    char name[64];
    (void)snprintf(name, sizeof name, "%s_left_out", listing->title);
    json_object_set_new(listing->object, name, json_integer(listing->rows - LISTING_ROWS_MAX));
}

static void end_section(struct listing *listing) {
    if (listing->json && listing->rows > LISTING_ROWS_MAX) {
        note_left_out(listing);
    }
    if (listing->title != NULL && !listing->json) {
        print_section(listing);
    }
    listing->title = NULL;
    listing->cells.size = 0;
    listing->rows = 0;
}

// ---- sections and fields --------------------------------------------------------------------

void listing_section(struct listing *listing, const char *title, const char *const *columns) {
    end_section(listing);
    listing->title = title;
    listing->single = false;
    listing->heading[0] = '\0';
    for (listing->column_count = 0; columns[listing->column_count] != NULL;) {
        listing->columns[listing->column_count] = columns[listing->column_count];
        listing->column_count++;
    }
    listing->column = 0;
    if (listing->json) {
        listing->section = json_array();
        json_object_set_new(listing->object, title, listing->section);
    }
}

void listing_single(struct listing *listing, const char *title, const char *const *columns) {
    listing_section(listing, title, columns);
    listing->single = true;
}

void listing_heading(struct listing *listing, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(listing->heading, sizeof listing->heading, format, arguments);
    va_end(arguments);
}

// The name of the field at hand; begins a row if need be. NULL: its row is left out.
static const char *next_field(struct listing *listing) {
    if (listing->column == 0) {
        listing->rows++;
        if (listing->json && listing->rows <= LISTING_ROWS_MAX) {
            listing->row = json_object();
            json_array_append_new(listing->section, listing->row);
        }
    }
    const char *name = listing->columns[listing->column];
    listing->column = (listing->column + 1) % listing->column_count;
    return listing->rows <= LISTING_ROWS_MAX ? name : NULL;
}

void listing_leave_out(struct listing *listing, uint32_t rows) {
    listing->rows += rows;
}

static void end_cell(struct listing *listing) {
    buffer_append_byte(&listing->cells, 0);
}

void listing_number(struct listing *listing, uint64_t number) {
    const char *name = next_field(listing);
    if (name == NULL) {
        return;
    }
    if (listing->json) {
        json_object_set_new(listing->row, name, json_integer((json_int_t)number));
        return;
    }
    buffer_append_decimal(&listing->cells, number);
    end_cell(listing);
}

void listing_text(struct listing *listing, struct bytes text) {
    const char *name = next_field(listing);
    if (name == NULL) {
        return;
    }
    if (listing->json) {
        listing_set_bytes(listing->row, name, text);
        return;
    }
    bool cut = text.size > TEXT_SHOWN_MAX;
    size_t shown = cut ? TEXT_SHOWN_MAX : text.size;
    while (cut && shown > TEXT_SHOWN_MAX - 3 && (text.data[shown] & 0xc0) == 0x80) {
        shown--; // not within a character
    }
    printable_append(&listing->cells, bytes_make(text.data, shown));
    if (cut) {
        printable_format(&listing->cells, "… (%zu bytes)", text.size);
    }
    end_cell(listing);
}

void listing_time(struct listing *listing, uint64_t unix_time) {
    const char *name = next_field(listing);
    if (name == NULL) {
        return;
    }
    if (listing->json) {
        json_object_set_new(listing->row, name, json_integer((json_int_t)unix_time));
        return;
    }
    char text[CLOCK_TEXT_SIZE] = "never";
    if (unix_time != 0) {
        clock_text(unix_time, text);
    }
    buffer_append_text(&listing->cells, text);
    end_cell(listing);
}

struct bytes listing_end(struct listing *listing) {
    end_section(listing);
    if (listing->json) {
        char *text = json_dumps(listing->object, JSON_COMPACT);
        buffer_append_text(&listing->text, text);
        free(text);
    }
    return buffer_bytes(&listing->text);
}

void listing_set_bytes(json_t *object, const char *key, struct bytes bytes) {
    if (utf8_is_valid(bytes)) {
        json_object_set_new(
            object, key, json_stringn(bytes.size > 0 ? (const char *)bytes.data : "", bytes.size));
        return;
    }
    size_t size = sodium_base64_encoded_len(bytes.size, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(size);
    char *name = NULL;
    if (text != NULL && asprintf(&name, "%s_base64", key) > 0) {
        sodium_bin2base64(text, size, bytes.data, bytes.size, sodium_base64_VARIANT_ORIGINAL);
        json_object_set_new(object, name, json_string(text));
    }
    free(text);
    free(name);
}

void listing_append_object(json_t *object, struct buffer *out) {
    char *text = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
    if (text != NULL) {
        printable_append_json(out, bytes_of_text(text));
        buffer_append_byte(out, '\n');
    }
    free(text);
    json_decref(object);
}
