// What a lesson finds out while it plays, under names: a line is expected as
//
//     MQTT at port {port}
//
// and {port} is, from then on, what stood there. In what is expected, ... stands for any text, and
// a {name} that has no value yet for a word: all up to a blank or to what follows in the pattern.
//
// Limits: LESSON_VALUES_MAX names, of which each has a value of up to LESSON_VALUE_MAX bytes.
// Braces that hold anything but small letters are text.
#ifndef SESSION_LESSON_LESSON_VALUES_H
#define SESSION_LESSON_LESSON_VALUES_H

#include "base/buffer.h"

#define LESSON_VALUES_MAX 32
#define LESSON_VALUE_MAX 256
#define LESSON_VALUE_NAME_MAX 16

struct lesson_value {
    char name[LESSON_VALUE_NAME_MAX];
    char text[LESSON_VALUE_MAX];
};

struct lesson_values {
    struct lesson_value all[LESSON_VALUES_MAX];
    unsigned count;
};

// Appends the text with each {name} that has a value replaced by it. False: one has none; its name
// is in *missing.
bool lesson_values_expand(const struct lesson_values *values, struct bytes text, struct buffer *out,
                          struct bytes *missing);

// Whether the pattern stands somewhere in the line. What it finds for names without a value becomes
// theirs.
bool lesson_values_match(struct lesson_values *values, struct bytes pattern, struct bytes line);

#endif
