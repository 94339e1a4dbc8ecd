// What is wrong with a scenario's file, mistake by mistake, in the order of its lines.
#ifndef SCENARIO_READ_READ_ERRORS_H
#define SCENARIO_READ_READ_ERRORS_H

#include "base/buffer.h"
#include "base/word_distance.h"
#include "fault/words.h"
#include "scenario/yaml.h"

#define READ_ERRORS_MAX 32u
#define READ_ERROR_BYTES 448u

struct read_error {
    uint32_t line; // from 1
    uint32_t column;
    char text[READ_ERROR_BYTES]; // "devices.publish.every: ...", for people, printable
};

struct read_errors {
    struct read_error list[READ_ERRORS_MAX]; // by line and column
    uint32_t count;
    uint32_t more; // mistakes that are not in the list
};

// A mistake while its text is put together: begin, append to `text`, end.
struct read_mistake {
    struct read_errors *errors;
    uint32_t line;
    uint32_t column;
    struct buffer text;
};

// `path` is the key that is meant; empty: the file.
struct read_mistake read_mistake_begin(struct read_errors *errors, struct memory *memory,
                                       const struct yaml_node *node, const char *path);
// What stands in the file, in quotes and cut to a readable length.
void read_mistake_quote(struct read_mistake *mistake, struct bytes text);
// "; did you mean ...?" if there is a near word.
void read_mistake_suggest(struct read_mistake *mistake, const struct word_nearest *nearest);
// "; allowed: WHAT", or what fits behind a question.
void read_mistake_allow(struct read_mistake *mistake, const char *what);
void read_mistake_end(struct read_mistake *mistake);

// What fault/words.h found wrong inside of a scalar.
void read_mistake_append(struct read_mistake *mistake, const struct yaml_node *node,
                         const struct fault_error *error);

#endif
