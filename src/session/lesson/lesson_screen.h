// What a lesson shows: screens of LESSON_ROWS by LESSON_COLUMNS, counted as they fill, so that a
// check knows those that do not fit. Texts go through the door of messages (shell/printable.h).
#ifndef SESSION_LESSON_LESSON_SCREEN_H
#define SESSION_LESSON_LESSON_SCREEN_H

#include "session/lesson/lesson_page.h"
#include "shell/terminal/colour.h"

#define LESSON_ROWS 24
#define LESSON_COLUMNS 80

// What a row is; between kinds there is an empty one.
enum lesson_kind {
    LESSON_HEADING,
    LESSON_TEXT,
    LESSON_VERDICT, // the text behind it belongs to it
    LESSON_PRINTED,
};

struct lesson_screen {
    struct buffer line;
    struct lesson_page *page; // that shows it, too; NULL: none
    bool is_silent;           // counts, and prints nothing
    bool is_coloured;
    unsigned rows;
    size_t widest;
    enum lesson_kind kind; // of the last row
};

void lesson_screen_init(struct lesson_screen *screen, struct memory *memory);
void lesson_screen_deinit(struct lesson_screen *screen);

// Begins the next screen, with its heading and who counts it.
void lesson_screen_begin(struct lesson_screen *screen, const char *lesson, struct bytes heading,
                         const char *count);

// A text in paragraphs, filled to the screen's width, apart from what stands before it. Lines that
// begin with a blank, and choices of a question, stay as they are.
void lesson_screen_text(struct lesson_screen *screen, enum colour colour, struct bytes text);

// A line as it is, in that colour.
void lesson_screen_line(struct lesson_screen *screen, enum colour colour, struct bytes text);

// A line of a program, or typed into one, with a lead before it in that colour. What does not fit
// goes on in further rows.
void lesson_screen_wrapped(struct lesson_screen *screen, enum colour colour, const char *lead,
                           struct bytes text);

// Whether a guess was right, above the reason.
void lesson_screen_verdict(struct lesson_screen *screen, const char *text);

// What stands before what the user types; takes a row. `what`: what a page is told that is awaited.
void lesson_screen_prompt(struct lesson_screen *screen, const char *what, const char *text);

#endif
