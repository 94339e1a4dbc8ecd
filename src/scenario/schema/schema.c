#include "scenario/schema/schema.h"

#include "base/assert.h"
#include "scenario/schema/schema_devices.h"
#include "scenario/schema/schema_world.h"

const struct schema_row *schema_row(unsigned index) {
    static const struct schema_row *const tables[] = {schema_world_rows, schema_device_rows,
                                                      schema_fault_rows};
    for (unsigned i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct schema_row *row = tables[i];
        for (; row->path != NULL && index > 0; index--) {
            row++;
        }
        if (row->path != NULL) {
            return row;
        }
    }
    return NULL;
}

const char *schema_key(const struct schema_row *row) {
    const char *key = row->path;
    for (const char *at = row->path; *at != '\0'; at++) {
        key = *at == '.' ? at + 1 : key;
    }
    return key;
}

bool schema_is_in(const struct schema_row *row, const char *parent) {
    struct bytes path = bytes_of_text(row->path);
    struct bytes start = bytes_of_text(parent);
    size_t before_key = (size_t)(schema_key(row) - row->path);
    return start.size == 0 ? before_key == 0
                           : bytes_starts_with(path, start) && before_key == start.size + 1;
}

const struct schema_row *schema_child(const char *parent, struct bytes word) {
    const struct schema_row *row;
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (schema_is_in(row, parent) && bytes_equal(bytes_of_text(schema_key(row)), word)) {
            return row;
        }
    }
    return NULL;
}

const struct schema_row *schema_find(struct bytes path) {
    const struct schema_row *row;
    const struct schema_row *found = NULL;
    unsigned count = 0;
    for (unsigned i = 0; (row = schema_row(i)) != NULL; i++) {
        if (bytes_equal(bytes_of_text(row->path), path)) {
            return row;
        }
        if (bytes_equal(bytes_of_text(schema_key(row)), path)) {
            found = row;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

struct bytes schema_word(const struct schema_row *row, unsigned index) {
    struct bytes rest = row->words == NULL ? (struct bytes){NULL, 0} : bytes_of_text(row->words);
    while (rest.size > 0) {
        const uint8_t *end = memchr(rest.data, '|', rest.size);
        size_t size = end == NULL ? rest.size : (size_t)(end - rest.data);
        if (index-- == 0) {
            return bytes_make(rest.data, size);
        }
        size_t taken = end == NULL ? size : size + 1;
        rest = bytes_make(rest.data + taken, rest.size - taken);
    }
    return rest;
}

bool schema_type_is_numeric(enum schema_type type) {
    switch (type) {
    case SCHEMA_NUMBER:
    case SCHEMA_TIME:
    case SCHEMA_TIME_OR_NEVER:
    case SCHEMA_TIME_JITTER:
    case SCHEMA_SECONDS:
    case SCHEMA_SPEED:
    case SCHEMA_BYTES:
    case SCHEMA_SHARE:
        return true;
    case SCHEMA_MAP:
    case SCHEMA_PART:
    case SCHEMA_NAMED:
    case SCHEMA_LIST:
    case SCHEMA_EXPECT:
    case SCHEMA_TEXT:
    case SCHEMA_NAME:
    case SCHEMA_TOPIC:
    case SCHEMA_FILTER:
    case SCHEMA_PAYLOAD:
    case SCHEMA_VALUE:
    case SCHEMA_YES_NO:
    case SCHEMA_WORD:
    case SCHEMA_WORDS:
    case SCHEMA_LOSS:
    case SCHEMA_PROFILE:
    case SCHEMA_LINK:
    case SCHEMA_PLACE:
    case SCHEMA_PLACES:
    case SCHEMA_RETRY:
    case SCHEMA_CURVE:
    case SCHEMA_REPLAY:
    case SCHEMA_FAULT:
    case SCHEMA_TYPES:
        return false;
    }
    return false;
}

const char *schema_type_help(enum schema_type type) {
    static const char *const texts[SCHEMA_TYPES] = {
        [SCHEMA_MAP] = "keys of its own",
        [SCHEMA_PART] = "keys of its own; without it there is none",
        [SCHEMA_NAMED] = "names, each with keys",
        [SCHEMA_LIST] = "a list of things with keys",
        [SCHEMA_EXPECT] = "a list of comparisons",
        [SCHEMA_TEXT] = "a text",
        [SCHEMA_NAME] = "a name, with {i} where there are several",
        [SCHEMA_TOPIC] = "a topic, as in farm/{name}/moisture",
        [SCHEMA_FILTER] = "a topic filter, as in farm/+/moisture",
        [SCHEMA_PAYLOAD] = "a text with {value}, {name}, {n} ... in it",
        [SCHEMA_VALUE] = "an expression, as in 20 + 5*sin(t/24h)",
        [SCHEMA_NUMBER] = "a whole number",
        [SCHEMA_YES_NO] = "yes or no",
        [SCHEMA_WORD] = "one of some words",
        [SCHEMA_WORDS] = "a list of some words",
        [SCHEMA_TIME] = "a time, as in 90 s, 10 min, 00:10:00",
        [SCHEMA_TIME_OR_NEVER] = "a time, as in 1 h, or never",
        [SCHEMA_TIME_JITTER] = "a time that may vary, as in 60 s ~ 10 %",
        [SCHEMA_SECONDS] = "a time in whole seconds, as in 60 s",
        [SCHEMA_SPEED] = "a speed, as in 64 kbit/s",
        [SCHEMA_BYTES] = "a size, as in 32 B, 16 KiB",
        [SCHEMA_SHARE] = "a share, as in 5 %",
        [SCHEMA_LOSS] = "a share, as in 2 % or 2 % in bursts of 4",
        [SCHEMA_PROFILE] = "a profile of docs/faults.md",
        [SCHEMA_LINK] = "a profile, or one of your links",
        [SCHEMA_PLACE] = "a network",
        [SCHEMA_PLACES] = "a name, a pattern, or a list of names",
        [SCHEMA_RETRY] = "a policy, as in exponential 1 s to 2 min with jitter",
        [SCHEMA_CURVE] = "times of day with shares",
        [SCHEMA_REPLAY] = "a CSV file, and a column",
        [SCHEMA_FAULT] = "a fault, in a line",
    };
    ASSERT(type < SCHEMA_TYPES && texts[type] != NULL);
    return texts[type];
}
