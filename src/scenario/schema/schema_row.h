// A row of the table of keys, see schema.h.
#ifndef SCENARIO_SCHEMA_SCHEMA_ROW_H
#define SCENARIO_SCHEMA_SCHEMA_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum schema_type {
    SCHEMA_MAP,    // keys of its own; without it each has its default
    SCHEMA_PART,   // likewise, but without it there is no such thing
    SCHEMA_NAMED,  // names of one's own, each with keys
    SCHEMA_LIST,   // of things with keys
    SCHEMA_EXPECT, // a list of expectations
    SCHEMA_TEXT,
    SCHEMA_NAME,
    SCHEMA_TOPIC,  // a pattern that makes topic names
    SCHEMA_FILTER, // likewise, topic filters
    SCHEMA_PAYLOAD,
    SCHEMA_VALUE,
    SCHEMA_NUMBER,
    SCHEMA_YES_NO,
    SCHEMA_WORD,  // one of `words`
    SCHEMA_WORDS, // a list of them, or one
    SCHEMA_TIME,
    SCHEMA_TIME_OR_NEVER,
    SCHEMA_TIME_JITTER,
    SCHEMA_SECONDS, // a time in whole seconds
    SCHEMA_SPEED,
    SCHEMA_BYTES,
    SCHEMA_SHARE,
    SCHEMA_LOSS,
    SCHEMA_PROFILE,
    SCHEMA_LINK,
    SCHEMA_PLACE,  // a pattern for the name of a network
    SCHEMA_PLACES, // a pattern, or a list of names, of networks or brokers
    SCHEMA_RETRY,
    SCHEMA_CURVE,
    SCHEMA_REPLAY,
    SCHEMA_FAULT,
    SCHEMA_TYPES,
};

#define SCHEMA_NO_FIELD UINT16_MAX

// A field is `size` bytes at `offset` of the struct that its section is read into. `other` is the
// offset of a second field: the jitter of a time, the count of a list, what says that a part is
// there, that a loss was said; SCHEMA_NO_FIELD: there is none.
struct schema_row {
    const char *path; // "devices.publish.every"
    enum schema_type type;
    bool is_required;
    uint16_t offset;
    uint16_t size;
    uint16_t other;
    uint16_t element; // of a list: bytes of a member
    uint64_t least;   // in the unit of the field
    uint64_t most;
    const char *fallback; // as it would be typed; NULL: zero
    const char *words;    // of SCHEMA_WORD and WORDS: "memory|durable"
    const char *example;  // a value as it is typed; NULL: see `words`
    const char *help;
};

// For writing the tables.
#define SCHEMA_FIELD(type, member) offsetof(struct type, member), sizeof(((struct type *)0)->member)
#define SCHEMA_OTHER(type, member) offsetof(struct type, member)
#define SCHEMA_NONE SCHEMA_NO_FIELD
#define SCHEMA_END \
    { .path = NULL }

#endif
