#include "topic/topic.h"

#include "base/utf8.h"

static enum topic_fault check_text(struct bytes text) {
    if (text.size == 0) {
        return TOPIC_EMPTY; // [MQTT-4.7.3-1]
    }
    if (text.size > TOPIC_BYTES_MAX) {
        return TOPIC_TOO_LONG;
    }
    return utf8_is_valid(text) ? TOPIC_OK : TOPIC_NOT_UTF8; // [MQTT-4.7.3-2] too
}

static bool has_wildcard(struct bytes text) {
    return memchr(text.data, '+', text.size) != NULL || memchr(text.data, '#', text.size) != NULL;
}

static bool is_too_deep(struct bytes text) {
    size_t levels = 1;
    for (size_t i = 0; i < text.size; i++) {
        levels += text.data[i] == '/';
    }
    return levels > TOPIC_LEVELS_MAX;
}

// ---- names that need no closer look -----------------------------------------------------------

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

// Not 0 if a byte of the word is 0.
static inline uint64_t zeros_in(uint64_t word) {
    return (word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80);
}

// Not 0 if a byte is NUL, a wildcard, or beyond ASCII.
static inline uint64_t oddities_in(uint64_t word) {
    return zeros_in(word) | zeros_in(word ^ EACH_BYTE('+')) | zeros_in(word ^ EACH_BYTE('#')) |
           (word & EACH_BYTE(0x80));
}

// One to seven bytes; some of them twice.
static inline uint64_t load_few(struct bytes text) {
    if (text.size >= 4) {
        uint32_t first;
        uint32_t last;
        memcpy(&first, text.data, sizeof first);
        memcpy(&last, text.data + text.size - sizeof last, sizeof last);
        return (uint64_t)first << 32 | last;
    }
    uint64_t outer = (uint64_t)text.data[0] << 8 | text.data[text.size - 1];
    return EACH_BYTE('a') << 24 | (uint64_t)text.data[text.size / 2] << 16 | outer;
}

// Nearly all are: of ASCII, and too short to have too many levels.
static bool is_simple_name(struct bytes name) {
    if (name.size == 0 || name.size >= TOPIC_LEVELS_MAX) {
        return false;
    }
    if (name.size < sizeof(uint64_t)) {
        return oddities_in(load_few(name)) == 0;
    }
    uint64_t word;
    memcpy(&word, name.data + name.size - sizeof word, sizeof word);
    uint64_t odd = oddities_in(word);
    for (size_t at = 0; at + sizeof word < name.size; at += sizeof word) {
        memcpy(&word, name.data + at, sizeof word);
        odd |= oddities_in(word);
    }
    return odd == 0;
}

enum topic_fault topic_name_check(struct bytes name) {
    if (is_simple_name(name)) {
        return TOPIC_OK;
    }
    enum topic_fault fault = check_text(name);
    if (fault != TOPIC_OK) {
        return fault;
    }
    if (has_wildcard(name)) {
        return TOPIC_HAS_WILDCARD; // [MQTT-3.3.2-2], section 4.7.1
    }
    return is_too_deep(name) ? TOPIC_TOO_DEEP : TOPIC_OK;
}

// `#` stands alone in the last level [MQTT-4.7.1-1], `+` alone in any [MQTT-4.7.1-2].
static bool wildcards_stand_well(struct bytes filter) {
    for (size_t at = 0; at <= filter.size;) {
        struct bytes level = topic_level(filter, at);
        at += level.size + 1;
        bool is_last = at > filter.size;
        bool is_wildcard = topic_level_is(level, '+') || (is_last && topic_level_is(level, '#'));
        if (level.size > 0 && !is_wildcard && has_wildcard(level)) {
            return false;
        }
    }
    return true;
}

enum topic_fault topic_filter_check(struct bytes filter) {
    enum topic_fault fault = check_text(filter);
    if (fault != TOPIC_OK) {
        return fault;
    }
    if (!wildcards_stand_well(filter)) {
        return TOPIC_WILDCARD_MISPLACED;
    }
    return is_too_deep(filter) ? TOPIC_TOO_DEEP : TOPIC_OK;
}

const char *topic_fault_text(enum topic_fault fault) {
    switch (fault) {
    case TOPIC_OK:
        return "the topic is well formed";
    case TOPIC_EMPTY:
        return "the topic is empty; give it at least one character";
    case TOPIC_TOO_LONG:
        return "the topic is longer than 65535 bytes; shorten it";
    case TOPIC_NOT_UTF8:
        return "the topic is not valid UTF-8 or contains a zero byte; send it as UTF-8";
    case TOPIC_HAS_WILDCARD:
        return "the topic contains + or #, which only subscriptions may; name one topic";
    case TOPIC_WILDCARD_MISPLACED:
        return "+ and # must fill a level alone and # must be last; write a/+/b or a/#";
    case TOPIC_TOO_DEEP:
        return "the topic has more than 200 levels; use fewer slashes";
    }
    return "unknown fault";
}

bool topic_matches(struct bytes filter, struct bytes name) {
    if (topic_is_reserved(name) && topic_begins_with_wildcard(filter)) {
        return false;
    }
    size_t filter_at = 0;
    size_t name_at = 0;
    while (filter_at <= filter.size) {
        struct bytes wanted = topic_level(filter, filter_at);
        if (topic_level_is(wanted, '#')) {
            return true; // also where the name has just ended: a/# matches a
        }
        if (name_at > name.size) {
            return false;
        }
        struct bytes level = topic_level(name, name_at);
        if (!topic_level_is(wanted, '+') && !bytes_equal(wanted, level)) {
            return false;
        }
        filter_at += wanted.size + 1;
        name_at += level.size + 1;
    }
    return name_at > name.size;
}
