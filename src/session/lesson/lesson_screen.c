#include "session/lesson/lesson_screen.h"

#include <stdio.h>

#include "session/lesson/lesson_script.h"
#include "shell/terminal/columns.h"
#include "shell/printable.h"

#define TAB_COLUMNS 8

void lesson_screen_init(struct lesson_screen *screen, struct memory *memory) {
    *screen = (struct lesson_screen){0};
    buffer_init(&screen->line, memory);
}

void lesson_screen_deinit(struct lesson_screen *screen) {
    buffer_deinit(&screen->line);
}

static void print(struct lesson_screen *screen, const char *end) {
    buffer_append_text(&screen->line, end);
    if (!screen->is_silent) {
        (void)fwrite(screen->line.data, 1, screen->line.size, stdout);
        (void)fflush(stdout);
    }
    screen->line.size = 0;
    screen->rows++;
}

// The text with its tabs as blanks, up to each eighth column of the row.
static void expand_tabs(struct buffer *row, size_t before, struct bytes text) {
    while (text.size > 0) {
        const uint8_t *tab = memchr(text.data, '\t', text.size);
        size_t size = tab != NULL ? (size_t)(tab - text.data) : text.size;
        buffer_append(row, bytes_make(text.data, size));
        text = bytes_make(text.data + size, text.size - size);
        if (tab != NULL) {
            do {
                buffer_append_byte(row, ' ');
            } while ((before + columns_of(buffer_bytes(row))) % TAB_COLUMNS != 0);
            text = bytes_make(text.data + 1, text.size - 1);
        }
    }
}

// The lead has the colour; without one, the text.
static void add_row(struct lesson_screen *screen, enum colour colour, const char *lead,
                    struct bytes text) {
    struct buffer row;
    size_t before = columns_of(bytes_of_text(lead));
    buffer_init(&row, screen->line.memory);
    expand_tabs(&row, before, text);
    size_t width = before + columns_of(buffer_bytes(&row));
    screen->widest = width > screen->widest ? width : screen->widest;
    colour_set(&screen->line, screen->is_coloured, colour);
    buffer_append_text(&screen->line, lead);
    if (before > 0) {
        colour_set(&screen->line, screen->is_coloured, COLOUR_PLAIN);
    }
    printable_append_message(&screen->line, buffer_bytes(&row));
    if (before == 0) {
        colour_set(&screen->line, screen->is_coloured, COLOUR_PLAIN);
    }
    print(screen, "\n");
    buffer_deinit(&row);
}

// Begins a row, or several, of that kind.
static void begin_kind(struct lesson_screen *screen, enum lesson_kind kind, bool apart) {
    if (apart && screen->kind != LESSON_HEADING) {
        add_row(screen, COLOUR_PLAIN, "", (struct bytes){0});
    }
    screen->kind = kind;
}

static void show_in_page(struct lesson_screen *screen, const char *kind, const char *lead,
                         struct bytes text) {
    if (screen->page != NULL) {
        lesson_page_add(screen->page, kind, lead, text);
    }
}

void lesson_screen_line(struct lesson_screen *screen, enum colour colour, struct bytes text) {
    show_in_page(screen, colour == COLOUR_PLAIN ? "printed" : "deed", "", text);
    begin_kind(screen, LESSON_PRINTED, screen->kind != LESSON_PRINTED);
    add_row(screen, colour, "", text);
}

void lesson_screen_wrapped(struct lesson_screen *screen, enum colour colour, const char *lead,
                           struct bytes text) {
    show_in_page(screen, colour == COLOUR_BOLD ? "typed" : "printed", lead, text);
    begin_kind(screen, LESSON_PRINTED, screen->kind != LESSON_PRINTED);
    do {
        size_t room = LESSON_COLUMNS - columns_of(bytes_of_text(lead));
        add_row(screen, colour, lead, columns_take_line(&text, room));
        lead = "    ";
    } while (text.size > 0);
}

void lesson_screen_begin(struct lesson_screen *screen, const char *lesson, struct bytes heading,
                         const char *count) {
    struct buffer rule;
    if (screen->page != NULL) {
        lesson_page_begin(screen->page, lesson, heading, count);
    }
    screen->rows = 0;
    screen->kind = LESSON_HEADING;
    screen->widest = 0;
    buffer_init(&rule, screen->line.memory);
    buffer_append_text(&rule, "── ");
    buffer_append_text(&rule, lesson);
    buffer_append_text(&rule, " ── ");
    buffer_append(&rule, heading);
    buffer_append_text(&rule, " ");
    size_t used = columns_of(buffer_bytes(&rule)) + strlen(count) + 1;
    for (size_t i = used; i < LESSON_COLUMNS; i++) {
        buffer_append_text(&rule, "─");
    }
    buffer_append_text(&rule, " ");
    buffer_append_text(&rule, count);
    add_row(screen, COLOUR_BOLD, "", buffer_bytes(&rule));
    buffer_deinit(&rule);
}

// Prints the paragraph that was gathered, filled.
static void flush(struct lesson_screen *screen, enum colour colour, struct buffer *paragraph) {
    struct bytes rest = buffer_bytes(paragraph);
    while (rest.size > 0) {
        add_row(screen, colour, "", columns_take_line(&rest, LESSON_COLUMNS - 1));
    }
    paragraph->size = 0;
}

void lesson_screen_text(struct lesson_screen *screen, enum colour colour, struct bytes text) {
    struct buffer paragraph;
    show_in_page(screen, colour == COLOUR_PLAIN ? "text" : "ask", "", text);
    buffer_init(&paragraph, screen->line.memory);
    begin_kind(screen, LESSON_TEXT, screen->kind != LESSON_VERDICT);
    while (text.size > 0) {
        struct bytes line = lesson_take_line(&text);
        bool stays = line.size == 0 || line.data[0] == ' ' || lesson_choice(line) != 0;
        if (stays) {
            flush(screen, colour, &paragraph);
            add_row(screen, colour, "", line);
            continue;
        }
        if (paragraph.size > 0) {
            buffer_append_byte(&paragraph, ' ');
        }
        buffer_append(&paragraph, line);
    }
    flush(screen, colour, &paragraph);
    buffer_deinit(&paragraph);
}

void lesson_screen_verdict(struct lesson_screen *screen, const char *text) {
    show_in_page(screen, "verdict", "", bytes_of_text(text));
    begin_kind(screen, LESSON_VERDICT, true);
    add_row(screen, COLOUR_GREEN, "", bytes_of_text(text));
}

void lesson_screen_prompt(struct lesson_screen *screen, const char *what, const char *text) {
    if (screen->page != NULL) {
        lesson_page_await(screen->page, what);
        return;
    }
    colour_set(&screen->line, screen->is_coloured, COLOUR_FAINT);
    buffer_append_text(&screen->line, text);
    colour_set(&screen->line, screen->is_coloured, COLOUR_PLAIN);
    print(screen, "");
}
