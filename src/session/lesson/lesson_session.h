// The program lesson: lists lessons, plays one, or plays them all to check them.
#ifndef SESSION_LESSON_LESSON_SESSION_H
#define SESSION_LESSON_LESSON_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lesson_session_options {
    const char *folder;        // of lessons; NULL: the program's own
    const char *const *wanted; // numbers, names or files; none: all there are
    size_t wanted_count;
    bool check;
    const char *web; // [HOST:]PORT of the page that the lesson plays in; NULL: none
    bool coloured;
    uint64_t timeout; // nanoseconds in which what is expected has to come
};

// Returns the program's exit code.
int lesson_session_run(const struct lesson_session_options *options);

#endif
