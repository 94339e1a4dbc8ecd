// Topic names and topic filters by the rules of MQTT 5.0, section 4.7 (the same in 3.1.1).
//
// A topic is a text in levels, separated by `/`; a level may be empty, so `/a` has two. A filter
// may have `+` in place of any one level and `#` in place of all levels that follow, none included.
//
// What arrives from outside goes through a check first; the rest of this module (topic_matches,
// topic/tree.h, topic/values.h) is handed checked texts only. Everything here borrows its input
// until the call returns and keeps nothing.
#ifndef TOPIC_TOPIC_H
#define TOPIC_TOPIC_H

#include "base/bytes.h"

#define TOPIC_BYTES_MAX 65535 // [MQTT-4.7.3-3]
#define TOPIC_LEVELS_MAX 200  // a limit of ours, as section 4.7.3 allows: it bounds every walk

enum topic_fault {
    TOPIC_OK,
    TOPIC_EMPTY,
    TOPIC_TOO_LONG,
    TOPIC_NOT_UTF8,
    TOPIC_HAS_WILDCARD,
    TOPIC_WILDCARD_MISPLACED,
    TOPIC_TOO_DEEP,
};

// For a topic that an entry is published to.
__attribute__((warn_unused_result)) enum topic_fault topic_name_check(struct bytes name);

// For a filter that someone subscribes to.
__attribute__((warn_unused_result)) enum topic_fault topic_filter_check(struct bytes filter);

// What is wrong and what to do, for people; a constant without a full stop.
const char *topic_fault_text(enum topic_fault fault);

// Whether entries of the topic `name` go to subscribers of `filter`. The standard read aloud, one
// pair at a time; it is what the faster ways are tested against.
bool topic_matches(struct bytes filter, struct bytes name);

// The level that begins at byte `at` of a topic or filter. The next one begins at
// `at + level.size + 1`, and there is one as long as that is not above `text.size`.
static inline struct bytes topic_level(struct bytes text, size_t at) {
    size_t left = text.size - at;
    const uint8_t *start = text.data + at;
    const uint8_t *end = left == 0 ? NULL : memchr(start, '/', left);
    return bytes_make(start, end == NULL ? left : (size_t)(end - start));
}

static inline bool topic_level_is(struct bytes level, char wildcard) {
    return level.size == 1 && level.data[0] == (uint8_t)wildcard;
}

static inline bool topic_begins_with_wildcard(struct bytes filter) {
    return filter.size > 0 && (filter.data[0] == '+' || filter.data[0] == '#');
}

// Topics of the broker itself ($SYS/...): filters that begin with a wildcard do not see them
// [MQTT-4.7.2-1].
static inline bool topic_is_reserved(struct bytes name) {
    return name.size > 0 && name.data[0] == '$';
}

#endif
