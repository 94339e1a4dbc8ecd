// A scenario's file as a list of its parts that can be taken away, changed, and written as YAML
// again: what stands in the file, key by key, with the row of the table of keys that says what it
// is. Ranges are drawn, so what is written is one scenario for good.
//
// Parts stand in the order of the file, each before what stands in it; `end` is the place behind
// the last part of it. A part that is gone takes what stands in it along.
#ifndef SCENARIO_REDUCE_OUTLINE_H
#define SCENARIO_REDUCE_OUTLINE_H

#include "scenario/arena.h"
#include "scenario/read/read_errors.h"
#include "scenario/schema/schema.h"

// `row` says what stands behind a key; NULL: a member of a list or of a map of names, or what has
// no rows of its own, such as a word of a list. `section` is the path of the keys that stand in it.
struct outline_part {
    const struct schema_row *row;
    const char *section; // NULL: what stands in it has no rows
    struct bytes key;    // of what stands in a map
    struct bytes text;   // of a scalar
    enum yaml_kind kind;
    uint32_t end;
    bool is_gone;
    bool is_optional; // the file can be without it
};

struct outline {
    struct arena arena;
    struct outline_part *parts;
    uint32_t count;
    uint32_t capacity;
};

// What takes the place of a key of the file itself, or is added to it.
struct outline_setting {
    const char *key;
    struct bytes text;
};

// A fault that is added to those of the file; times that are 0 are not written.
struct outline_fault {
    uint64_t at_ns;
    uint64_t for_ns;
    uint64_t every_ns;
    struct bytes line;
};

struct outline_options {
    uint64_t seed; // of ranges
    const struct outline_setting *settings;
    uint32_t setting_count;
    const struct outline_fault *faults;
    uint32_t fault_count;
};

// False: the text is no YAML, or a range in it is wrong, and *error says what. To be freed in any
// case.
__attribute__((warn_unused_result)) bool outline_init(struct outline *outline,
                                                      struct memory *memory, struct bytes text,
                                                      const struct outline_options *options,
                                                      struct yaml_error *error);
void outline_deinit(struct outline *outline);

// The part at that place, which has no dots but those between keys: "devices.count" finds those of
// all groups, one after the other from `from` on. UINT32_MAX: no more.
uint32_t outline_find(const struct outline *outline, const char *path, uint32_t from);

// Appends what is not gone, as YAML.
void outline_write(const struct outline *outline, struct buffer *out);

#endif
