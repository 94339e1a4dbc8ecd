#include "fault/words.h"

#include "base/assert.h"
#include "base/decimal.h"
#include "base/word_distance.h"

#define MILLION UINT64_C(1000000)
#define NUMBER_MAX (MILLION * MILLION)
#define DECIMALS_MAX 6
#define SHOWN_MAX 40u // of what stands in the text

static bool is_blank(uint8_t byte) {
    return byte == ' ' || byte == '\t';
}

static bool is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

static uint8_t lower(uint8_t byte) {
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

void fault_reader_init(struct fault_reader *reader, struct bytes text, struct fault_error *error) {
    reader->text = text;
    reader->at = 0;
    reader->has_failed = false;
    reader->error = error;
    reader->expected_at = 0;
    reader->expected_count = 0;
    *error = (struct fault_error){0};
}

static uint8_t peek(const struct fault_reader *reader) {
    return reader->at < reader->text.size ? reader->text.data[reader->at] : 0;
}

bool fault_reader_is_at_end(struct fault_reader *reader) {
    while (reader->at < reader->text.size && is_blank(reader->text.data[reader->at])) {
        reader->at++;
    }
    return reader->at == reader->text.size;
}

// ---- what could have stood here -----------------------------------------------------------------

static void expect(struct fault_reader *reader, struct fault_expected expected) {
    if (reader->at < reader->expected_at) {
        return;
    }
    if (reader->at > reader->expected_at) {
        reader->expected_at = reader->at;
        reader->expected_count = 0;
    }
    for (unsigned i = 0; i < reader->expected_count; i++) {
        if (reader->expected[i].text == expected.text) {
            return;
        }
    }
    ASSERT(reader->expected_count < FAULT_EXPECTED_MAX);
    reader->expected[reader->expected_count++] = expected;
}

// ---- reading ----------------------------------------------------------------------------------

// The run of bytes up to a blank or a sign that may touch a word.
static struct bytes next_word(struct fault_reader *reader) {
    (void)fault_reader_is_at_end(reader);
    size_t end = reader->at;
    while (end < reader->text.size) {
        uint8_t byte = reader->text.data[end];
        if (is_blank(byte) || byte == '%' || byte == '~') {
            break;
        }
        end++;
    }
    return bytes_make(reader->text.data + reader->at, end - reader->at);
}

static bool is_word(struct bytes found, struct bytes word) {
    if (found.size != word.size) {
        return false;
    }
    for (size_t i = 0; i < word.size; i++) {
        if (lower(found.data[i]) != lower(word.data[i])) {
            return false;
        }
    }
    return true;
}

bool fault_reader_word(struct fault_reader *reader, const char *word) {
    struct bytes found = next_word(reader);
    if (!reader->has_failed && is_word(found, bytes_of_text(word))) {
        reader->at += found.size;
        return true;
    }
    expect(reader, (struct fault_expected){word, true, true});
    return false;
}

bool fault_reader_sign(struct fault_reader *reader, char sign) {
    static const char signs[][2] = {"%", "~", "-"};
    if (!reader->has_failed && !fault_reader_is_at_end(reader) && peek(reader) == (uint8_t)sign) {
        reader->at++;
        return true;
    }
    for (unsigned i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (signs[i][0] == sign) {
            expect(reader, (struct fault_expected){signs[i], false, true});
        }
    }
    return false;
}

int fault_reader_one_of(struct fault_reader *reader, fault_list *list, const char *label) {
    struct bytes found = next_word(reader);
    for (unsigned i = 0; list(i) != NULL && !reader->has_failed; i++) {
        struct bytes word = bytes_of_text(list(i));
        if (word.size > 0 && is_word(found, word)) {
            reader->at += found.size;
            return (int)i;
        }
    }
    expect(reader, (struct fault_expected){label, false, true});
    for (unsigned i = 0; list(i) != NULL; i++) {
        if (list(i)[0] != '\0') {
            expect(reader, (struct fault_expected){list(i), true, false});
        }
    }
    return -1;
}

// How many digits were taken; their value, or more than NUMBER_MAX.
static unsigned take_digits(struct fault_reader *reader, uint64_t *value) {
    unsigned count = 0;
    *value = 0;
    while (is_digit(peek(reader))) {
        if (*value <= NUMBER_MAX) {
            *value = *value * 10 + (uint64_t)(peek(reader) - '0');
        }
        reader->at++;
        count++;
    }
    return count;
}

static bool begin_number(struct fault_reader *reader, const char *label) {
    if (reader->has_failed || fault_reader_is_at_end(reader) || !is_digit(peek(reader))) {
        (void)fault_reader_is_at_end(reader);
        expect(reader, (struct fault_expected){label, false, true});
        return false;
    }
    return true;
}

bool fault_reader_whole(struct fault_reader *reader, uint64_t *number) {
    if (!begin_number(reader, "a whole number")) {
        return false;
    }
    size_t start = reader->at;
    (void)take_digits(reader, number);
    return *number <= NUMBER_MAX || fault_reader_fail(reader, start, "is too large a number");
}

bool fault_reader_number(struct fault_reader *reader, uint64_t *millionths) {
    if (!begin_number(reader, "a number")) {
        return false;
    }
    size_t start = reader->at;
    uint64_t whole;
    uint64_t part = 0;
    (void)take_digits(reader, &whole);
    if (peek(reader) == '.') {
        reader->at++;
        unsigned decimals = take_digits(reader, &part);
        if (decimals == 0 || decimals > DECIMALS_MAX) {
            return fault_reader_fail(reader, start, "has no decimals, or more than 6");
        }
        for (; decimals < DECIMALS_MAX; decimals++) {
            part *= 10;
        }
    }
    if (whole > NUMBER_MAX) {
        return fault_reader_fail(reader, start, "is too large a number");
    }
    *millionths = whole * MILLION + part;
    return true;
}

// One byte of a name; a backslash makes the next one a byte like others. False: the quote ends.
static bool take_quoted(struct fault_reader *reader, uint8_t *byte) {
    *byte = peek(reader);
    reader->at++;
    if (*byte == '\\' && reader->at < reader->text.size) {
        *byte = peek(reader);
        reader->at++;
        return true;
    }
    return *byte != '"';
}

static bool may_append(struct fault_reader *reader, size_t start, uint8_t byte, size_t size,
                       size_t most) {
    if (byte < 0x20 || byte == 0x7f) {
        return fault_reader_fail(reader, start, "has a control character in it");
    }
    return size < most || fault_reader_fail(reader, start, "is too long a name");
}

static bool read_quoted(struct fault_reader *reader, char *name, size_t most) {
    size_t start = reader->at++;
    size_t size = 0;
    while (reader->at < reader->text.size) {
        uint8_t byte;
        if (!take_quoted(reader, &byte)) {
            name[size] = '\0';
            return size > 0 || fault_reader_fail(reader, start, "is an empty name");
        }
        if (!may_append(reader, start, byte, size, most)) {
            return false;
        }
        name[size++] = (char)byte;
    }
    return fault_reader_fail(reader, start, "has no quote at its end");
}

bool fault_reader_name(struct fault_reader *reader, char *name, size_t most, bool *is_quoted) {
    if (reader->has_failed || fault_reader_is_at_end(reader)) {
        expect(reader, (struct fault_expected){"a name", false, true});
        return false;
    }
    *is_quoted = peek(reader) == '"';
    if (*is_quoted) {
        return read_quoted(reader, name, most);
    }
    size_t start = reader->at;
    size_t size = 0;
    while (reader->at < reader->text.size && !is_blank(peek(reader))) {
        if (!may_append(reader, start, peek(reader), size, most)) {
            return false;
        }
        name[size++] = (char)peek(reader);
        reader->at++;
    }
    name[size] = '\0';
    return true;
}

// ---- messages ---------------------------------------------------------------------------------

struct message {
    struct fault_error *error;
    size_t size;
};

static void add(struct message *message, struct bytes text) {
    for (size_t i = 0; i < text.size && message->size + 1 < FAULT_ERROR_MAX; i++) {
        uint8_t byte = text.data[i];
        message->error->text[message->size++] = (char)(byte < 0x20 || byte >= 0x7f ? '?' : byte);
    }
    message->error->text[message->size] = '\0';
}

static void add_text(struct message *message, const char *text) {
    add(message, bytes_of_text(text));
}

// "column 7: PUBAK "
static struct message begin_message(struct fault_reader *reader, size_t at) {
    struct message message = {reader->error, 0};
    uint8_t digits[DECIMAL_DIGITS_MAX];
    reader->has_failed = true;
    reader->error->column = (unsigned)at + 1;
    add_text(&message, "column ");
    add(&message, bytes_make(digits, (size_t)(decimal_write(digits, at + 1) - digits)));
    add_text(&message, ": ");
    return message;
}

static struct bytes shown_at(struct fault_reader *reader, size_t at) {
    reader->at = at;
    struct bytes word = next_word(reader);
    if (word.size == 0 && at < reader->text.size) {
        word = bytes_make(reader->text.data + at, 1);
    }
    return bytes_make(word.data, word.size > SHOWN_MAX ? SHOWN_MAX : word.size);
}

bool fault_reader_fail(struct fault_reader *reader, size_t at, const char *why) {
    if (reader->has_failed) {
        return false;
    }
    struct message message = begin_message(reader, at);
    struct bytes shown = shown_at(reader, at);
    add(&message, shown.size == 0 ? BYTES_LITERAL("the end") : shown);
    add_text(&message, " ");
    add_text(&message, why);
    return false;
}

// NULL data: no word that could stand here is near.
static struct bytes nearest(const struct fault_reader *reader, struct bytes found) {
    struct word_nearest best;
    word_nearest_init(&best, found);
    for (unsigned i = 0; i < reader->expected_count; i++) {
        if (reader->expected[i].is_word) {
            word_nearest_try(&best, bytes_of_text(reader->expected[i].text));
        }
    }
    return best.word;
}

bool fault_reader_fail_expecting(struct fault_reader *reader) {
    if (reader->has_failed) {
        return false;
    }
    size_t at = reader->expected_at;
    struct message message = begin_message(reader, at);
    struct bytes shown = shown_at(reader, at);
    struct bytes near = nearest(reader, shown);
    add(&message, shown.size == 0 ? BYTES_LITERAL("it ends too early") : shown);
    add_text(&message, shown.size == 0 ? "" : " does not fit here");
    if (near.data != NULL) {
        add_text(&message, "; did you mean ");
        add(&message, near);
        add_text(&message, "?");
    }
    const char *before = near.data == NULL ? "; allowed: " : " Allowed: ";
    for (unsigned i = 0; i < reader->expected_count; i++) {
        if (reader->expected[i].is_listed) {
            add_text(&message, before);
            add_text(&message, reader->expected[i].text);
            before = ", ";
        }
    }
    return false;
}
