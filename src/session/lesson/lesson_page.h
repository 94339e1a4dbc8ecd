// A lesson in the live page (docs/web.md): what stands on its screen at present, for the page to
// ask, and what its user does there in place of a terminal. The page asks through the socket of
// shell/live_page.h: an empty line asks only, one that begins with `>` is what was typed behind it
// first. The answer is one line of JSON:
//
//   {"lesson","heading","count","rows":[{"kind","lead","text"}],"awaits","serial"}
//
// `awaits` is "enter", "guess", "try", "close", or "" while the lesson goes on by itself. What is
// typed then is dropped.
//
// Limits: the last LESSON_PAGE_ROWS rows of a screen; LESSON_TYPED_MAX bytes typed.
#ifndef SESSION_LESSON_LESSON_PAGE_H
#define SESSION_LESSON_LESSON_PAGE_H

#include <jansson.h>

#include "base/buffer.h"

#define LESSON_PAGE_ROWS 400
#define LESSON_TYPED_MAX 1024

// The screen as it stands (lesson to awaits), each change of which raises `serial`; and the line
// that was typed last, until it is taken.
struct lesson_page {
    int socket; // -1: the page is gone
    struct buffer asked;
    char lesson[160];
    char heading[160];
    char count[32];
    json_t *rows;
    const char *awaits;
    uint64_t serial;
    char typed[LESSON_TYPED_MAX];
    bool has_typed;
};

void lesson_page_init(struct lesson_page *page, struct memory *memory, int socket);
void lesson_page_deinit(struct lesson_page *page);

// The next screen.
void lesson_page_begin(struct lesson_page *page, const char *lesson, struct bytes heading,
                       const char *count);
void lesson_page_add(struct lesson_page *page, const char *kind, const char *lead,
                     struct bytes text);
void lesson_page_await(struct lesson_page *page, const char *what);

// Answers what the page asks, once the socket can be read.
void lesson_page_serve(struct lesson_page *page);
// The line that was typed, without its end, if there is one.
bool lesson_page_take(struct lesson_page *page, char text[static LESSON_TYPED_MAX]);

#endif
