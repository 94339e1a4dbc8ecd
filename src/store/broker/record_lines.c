#include "store/broker/record_lines.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "role/broker/session/door_record.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

// In the place of names that a record does not have.
#define NO_NAME NULL

struct names {
    const char *numbers[JOURNAL_NUMBERS_MAX];
    const char *texts[JOURNAL_TEXTS_MAX];
};

static const struct names names[DOOR_RECORDS] = {
    [BROKER_VALUE] = {{"expires_at", "address", "qos", "hops"}, {"topic", "properties", "value"}},
    [BROKER_NO_VALUE] = {{NO_NAME}, {"topic"}},
    [DOOR_SESSION] = {{"session", "version", "expiry", "last_packet_id", "is_connected", "since",
                       "ends_at", "has_user"},
                      {"client_id", "user"}},
    [DOOR_WILL] = {{"session", "delay", "expiry", "qos", "retain"},
                   {"topic", "properties", "payload"}},
    [DOOR_ENDED] = {{"session"}, {NO_NAME}},
    [DOOR_SUBSCRIBED] = {{"session", "options", "identifier", "group"}, {"filter"}},
    [DOOR_UNSUBSCRIBED] = {{"session"}, {"filter"}},
    [DOOR_MESSAGE] = {{"message", "expires_at", "qos", "retain"},
                      {"topic", "properties", "payload"}},
    [DOOR_QUEUED] = {{"session", "sequence", "message", "qos", "retain", "identifier", "packet_id",
                      "group"},
                     {NO_NAME}},
    [DOOR_SENT] = {{"session", "sequence", "packet_id"}, {NO_NAME}},
    [DOOR_RELEASED] = {{"session", "sequence", "packet_id"}, {NO_NAME}},
    [DOOR_DONE] = {{"session", "sequence"}, {NO_NAME}},
    [DOOR_RECEIVED] = {{"session", "packet_id"}, {NO_NAME}},
    [DOOR_COMPLETED] = {{"session", "packet_id"}, {NO_NAME}},
};

// ---- written -----------------------------------------------------------------------------------

static json_t *json_of_bytes(struct bytes text) {
    size_t size = sodium_base64_encoded_len(text.size, sodium_base64_VARIANT_ORIGINAL);
    char *base64 = malloc(size);
    ASSERT_MESSAGE(base64 != NULL, "out of memory");
    (void)sodium_bin2base64(base64, size, text.data, text.size, sodium_base64_VARIANT_ORIGINAL);
    json_t *object = json_pack("{s:s}", "base64", base64);
    free(base64);
    return object;
}

static json_t *json_of_text(struct bytes text) {
    if (text.size == 0) {
        return json_string("");
    }
    bool is_plain = utf8_is_well_formed(text) && memchr(text.data, 0, text.size) == NULL;
    return is_plain ? json_stringn((const char *)text.data, text.size) : json_of_bytes(text);
}

void record_lines_append(struct buffer *to, const struct journal_record *record) {
    ASSERT(record->kind < DOOR_RECORDS);
    const struct journal_kind *row = &door_journal_kinds[record->kind];
    json_t *object = json_pack("{s:s}", "record", row->word);
    for (unsigned i = 0; i < row->numbers; i++) {
        uint64_t number = record->number[i];
        json_t *value = number > INT64_MAX ? json_null() : json_integer((json_int_t)number);
        json_object_set_new(object, names[record->kind].numbers[i], value);
    }
    for (unsigned i = 0; i < row->texts; i++) {
        json_object_set_new(object, names[record->kind].texts[i], json_of_text(record->text[i]));
    }
    char *text = json_dumps(object, JSON_COMPACT);
    ASSERT_MESSAGE(text != NULL, "out of memory");
    buffer_append_text(to, text);
    buffer_append_byte(to, '\n');
    free(text);
    json_decref(object);
}

// ---- read --------------------------------------------------------------------------------------

static bool find_kind(const json_t *object, unsigned *kind) {
    const char *word = json_string_value(json_object_get(object, "record"));
    for (*kind = 0; word != NULL && *kind < DOOR_RECORDS; (*kind)++) {
        if (strcmp(door_journal_kinds[*kind].word, word) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_number(const json_t *value, uint64_t *number) {
    *number = json_is_null(value) ? UINT64_MAX : (uint64_t)json_integer_value(value);
    return json_is_null(value) || (json_is_integer(value) && json_integer_value(value) >= 0);
}

static bool append_base64(struct buffer *texts, const json_t *base64) {
    size_t size = json_string_length(base64);
    size_t got = 0;
    uint8_t *room = buffer_reserve(texts, size + 1);
    if (sodium_base642bin(room, size + 1, json_string_value(base64), size, NULL, &got, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0) {
        return false;
    }
    texts->size += got;
    return true;
}

static bool append_text(struct buffer *texts, const json_t *value) {
    const json_t *base64 = json_object_get(value, "base64");
    if (json_is_string(base64)) {
        return append_base64(texts, base64);
    }
    if (json_is_string(value)) {
        buffer_append(texts, bytes_make(json_string_value(value), json_string_length(value)));
    }
    return json_is_string(value);
}

// The texts lie one behind the other, so they are found once all are there.
static bool read_texts(struct record_line *read, const json_t *object, const char **member) {
    unsigned kind = read->record.kind;
    size_t ends[JOURNAL_TEXTS_MAX] = {0};
    for (unsigned i = 0; i < door_journal_kinds[kind].texts; i++) {
        *member = names[kind].texts[i];
        if (!append_text(&read->texts, json_object_get(object, *member))) {
            return false;
        }
        ends[i] = read->texts.size;
    }
    for (unsigned i = 0; i < door_journal_kinds[kind].texts; i++) {
        size_t begin = i == 0 ? 0 : ends[i - 1];
        if (ends[i] > begin) {
            read->record.text[i] = bytes_make(read->texts.data + begin, ends[i] - begin);
        }
    }
    return true;
}

// `*member` is the one that is wrong.
static bool read_members(struct record_line *read, const json_t *object, const char **member) {
    unsigned kind = read->record.kind;
    for (unsigned i = 0; i < door_journal_kinds[kind].numbers; i++) {
        *member = names[kind].numbers[i];
        if (!read_number(json_object_get(object, *member), &read->record.number[i])) {
            return false;
        }
    }
    return read_texts(read, object, member);
}

static bool read_object(struct record_line *read, const json_t *object, char *why) {
    const char *member = NULL;
    if (!find_kind(object, &read->record.kind)) {
        (void)snprintf(why, RECORD_LINES_WHY, "has no member \"record\" that names a record");
        return false;
    }
    if (!read_members(read, object, &member)) {
        (void)snprintf(why, RECORD_LINES_WHY,
                       "has no member \"%s\" of the right kind, as \"%s\" has", member,
                       door_journal_kinds[read->record.kind].word);
        return false;
    }
    return true;
}

bool record_lines_read(struct record_line *read, struct memory *memory, struct bytes line,
                       char why[static RECORD_LINES_WHY]) {
    json_error_t error;
    json_t *object = json_loadb((const char *)line.data, line.size, 0, &error);
    *read = (struct record_line){0};
    buffer_init(&read->texts, memory);
    if (object == NULL) {
        (void)snprintf(why, RECORD_LINES_WHY, "is no JSON: %s", error.text);
        return false;
    }
    bool is_read = read_object(read, object, why);
    json_decref(object);
    if (!is_read) {
        record_lines_free(read);
    }
    return is_read;
}

void record_lines_free(struct record_line *read) {
    buffer_deinit(&read->texts);
}
