// Where lessons lie: files NUMBER-NAME.lesson of one folder, in the order of their numbers. Without
// a folder given it is the one that belongs to the program that runs: `lessons` above `exe`, or
// share/mqttsim/lessons beside `bin` once installed.
//
// Limits: LESSON_SHELF_MAX lessons; others are left out.
#ifndef SESSION_LESSON_LESSON_SHELF_H
#define SESSION_LESSON_LESSON_SHELF_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

#define LESSON_SHELF_MAX 99
#define LESSON_FILE_NAME_MAX 64

struct lesson_entry {
    unsigned number;
    char name[LESSON_FILE_NAME_MAX]; // "retained"
    char file[LESSON_FILE_NAME_MAX]; // "02-retained.lesson"
};

struct lesson_shelf {
    char folder[PATH_MAX];
    struct lesson_entry entries[LESSON_SHELF_MAX];
    unsigned count;
};

// `folder` NULL: the program's own. False: there is none that can be read, and `complaint` says so.
bool lesson_shelf_open(struct lesson_shelf *shelf, const char *folder, struct buffer *complaint);

// The lesson with that number or name; NULL: there is none.
const struct lesson_entry *lesson_shelf_find(const struct lesson_shelf *shelf, const char *wanted);

// The whole file, appended. False with errno set; EFBIG: it is no lesson's size.
bool lesson_shelf_read(const char *path, struct buffer *out);

#endif
