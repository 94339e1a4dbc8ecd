// Plays one lesson: prints its screens, starts its programs, types into them and awaits what they
// print. With a person at a terminal it waits for Enter at the end of each screen, takes a guess at
// each question, and passes on what is typed at the end; without one it plays straight through.
//
// Nothing sleeps: what is expected is awaited as it is printed, for `timeout` at most.
#ifndef SESSION_LESSON_LESSON_PLAYER_H
#define SESSION_LESSON_LESSON_PLAYER_H

#include "session/lesson/lesson_script.h"

struct lesson_player_options {
    const char *file;  // for complaints
    const char *label; // what stands at the head of each screen: "3. Retained"
    bool interactive;  // a person types
    const char *web;   // [HOST:]PORT of the page that it plays in; NULL: it plays at a terminal
    bool silent;       // prints nothing
    bool strict;       // a screen that does not fit fails
    bool coloured;
    uint64_t timeout; // nanoseconds
};

enum lesson_result {
    LESSON_PLAYED,
    LESSON_FAILED, // `complaint` says what did not come
    LESSON_LEFT,   // by its user, or by a signal
};

struct lesson_sums {
    unsigned screens;
    unsigned expectations; // that came
};

enum lesson_result lesson_play(const struct lesson_script *script,
                               const struct lesson_player_options *options,
                               struct lesson_sums *sums, struct buffer *complaint);

#endif
