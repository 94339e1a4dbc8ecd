// A lesson as a teacher writes it (docs/lessons.md): a text file whose lines begin with a word and
// go on eight blanks further in. Parsing says what is wrong as `file:line: message` and starts
// nothing.
//
// Limits: LESSON_FILE_MAX bytes, LESSON_STEPS_MAX steps, LESSON_PROGRAMS_MAX programs.
// Ownership: the steps' texts belong to the script and are valid until lesson_script_deinit.
#ifndef SESSION_LESSON_LESSON_SCRIPT_H
#define SESSION_LESSON_LESSON_SCRIPT_H

#include "base/buffer.h"

#define LESSON_FILE_MAX 65536
#define LESSON_STEPS_MAX 500
#define LESSON_PROGRAMS_MAX 16
#define LESSON_NAME_MAX 12 // bytes of a program's name in a lesson

enum lesson_word {
    LESSON_TITLE,  // the lesson's name
    LESSON_ABOUT,  // the question it answers, in a line
    LESSON_SCREEN, // begins a screen: its heading
    LESSON_SAY,    // text
    LESSON_RUN,    // NAME: starts a program that stays
    LESSON_SHOW,   // runs a program to its end and shows what it prints
    LESSON_TYPE,   // NAME: types a line
    LESSON_EXPECT, // [NAME]: awaits a line; shows all up to it
    LESSON_AWAIT,  // NAME: awaits a line; shows nothing
    LESSON_NEXT,   // NAME: as expect, of the next line and no later one
    LESSON_SKIP,   // NAME: what it has printed so far is not shown or awaited any more
    LESSON_NEVER,  // [NAME]: nothing it has printed so far holds this
    LESSON_APPEND, // FILE: appends a line to it, in the lesson's folder; \t is a TAB
    LESSON_FREEZE, // NAME: stops the program as SIGSTOP does
    LESSON_THAW,   // NAME: lets it go on
    LESSON_KILL,   // NAME: ends it as kill -9 does
    LESSON_END,    // NAME: ends it in order
    LESSON_GONE,   // NAME: awaits its end
    LESSON_ASK,    // a question to guess first, with choices a) b) c)
    LESSON_ANSWER, // the letter of the right one
    LESSON_WHY,    // the reason; the guess is answered before it
    LESSON_TRY,    // what to try by hand while the programs run
    LESSON_WORDS,
};

struct lesson_step {
    enum lesson_word word;
    unsigned line;     // in the file, from 1
    struct bytes name; // of the program or file; empty where the word takes none
    struct bytes text; // its lines separated by LF, without the eight blanks; no blanks at its end
};

struct lesson_script {
    struct memory *memory;
    struct bytes title;
    struct bytes about;
    struct lesson_step *steps; // beginning with a LESSON_SCREEN
    uint32_t count;
    uint32_t capacity;
    uint32_t screens;
    struct buffer storage; // of all texts
};

// False: `complaint` says what is wrong; the script is to be deinitialised all the same.
bool lesson_script_parse(struct lesson_script *script, struct memory *memory, const char *file,
                         struct bytes text, struct buffer *complaint);
void lesson_script_deinit(struct lesson_script *script);

const char *lesson_word_text(enum lesson_word word);

// The letter that a line of a question gives a choice, `a)` and so on; 0: it is none.
char lesson_choice(struct bytes line);

// Takes the next line off *rest, without its LF.
struct bytes lesson_take_line(struct bytes *rest);

// The text without the blanks at both ends.
struct bytes lesson_trim(struct bytes text);

#endif
