#include "scenario/pattern.h"

#include "base/assert.h"
#include "base/decimal.h"

static const char *const kind_names[PATTERN_PARTS] = {
    "",    "{i}",    "{name}",  "{group}", "{broker}",  "{network}",
    "{n}", "{time}", "{value}", "{topic}", "{payload}",
};

static const struct bytes kind_words[PATTERN_PARTS] = {
    [PATTERN_TEXT] = {NULL, 0},
    [PATTERN_I] = {(const uint8_t *)"i", 1},
    [PATTERN_NAME] = {(const uint8_t *)"name", 4},
    [PATTERN_GROUP] = {(const uint8_t *)"group", 5},
    [PATTERN_BROKER] = {(const uint8_t *)"broker", 6},
    [PATTERN_NETWORK] = {(const uint8_t *)"network", 7},
    [PATTERN_N] = {(const uint8_t *)"n", 1},
    [PATTERN_TIME] = {(const uint8_t *)"time", 4},
    [PATTERN_VALUE] = {(const uint8_t *)"value", 5},
    [PATTERN_TOPIC] = {(const uint8_t *)"topic", 5},
    [PATTERN_PAYLOAD] = {(const uint8_t *)"payload", 7},
};

const char *pattern_kind_name(unsigned kind) {
    return kind < PATTERN_PARTS ? kind_names[kind] : NULL;
}

_Static_assert(PATTERN_DIGITS_MAX <= DECIMAL_DIGITS_MAX, "a number with zeros before it fits");

// ---- compiling ----------------------------------------------------------------------------------

struct compiler {
    struct bytes text;
    size_t at;
    uint32_t allowed;
    struct pattern_part parts[PATTERN_PARTS_MAX];
    uint32_t count;
    const char *wrong;
};

static bool is_letter(uint8_t byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static void skip_blanks(struct compiler *compiler) {
    while (compiler->at < compiler->text.size && compiler->text.data[compiler->at] == ' ') {
        compiler->at++;
    }
}

static bool take(struct compiler *compiler, struct bytes word) {
    struct bytes rest =
        bytes_make(compiler->text.data + compiler->at, compiler->text.size - compiler->at);
    if (!bytes_starts_with(rest, word)) {
        return false;
    }
    compiler->at += word.size;
    return true;
}

static bool take_number(struct compiler *compiler, uint64_t most, uint64_t *number) {
    size_t start = compiler->at;
    while (compiler->at < compiler->text.size && compiler->text.data[compiler->at] >= '0' &&
           compiler->text.data[compiler->at] <= '9') {
        compiler->at++;
    }
    struct bytes digits = bytes_make(compiler->text.data + start, compiler->at - start);
    return decimal_read(digits, most, number) && *number > 0;
}

static struct bytes word_at(const struct compiler *compiler, size_t at) {
    size_t end = at;
    while (end < compiler->text.size && is_letter(compiler->text.data[end])) {
        end++;
    }
    return bytes_make(compiler->text.data + at, end - at);
}

static unsigned kind_of(struct bytes word) {
    for (unsigned kind = PATTERN_I; kind < PATTERN_PARTS; kind++) {
        if (bytes_equal(kind_words[kind], word)) {
            return kind;
        }
    }
    return PATTERN_TEXT;
}

// Behind {i: digits, per, of.
static bool read_number_form(struct compiler *compiler, struct pattern_part *part) {
    uint64_t number;
    for (skip_blanks(compiler); compiler->at < compiler->text.size; skip_blanks(compiler)) {
        if (compiler->text.data[compiler->at] == '}') {
            return true;
        }
        if (take(compiler, BYTES_LITERAL(":"))) {
            skip_blanks(compiler);
            if (!take_number(compiler, PATTERN_DIGITS_MAX, &number)) {
                compiler->wrong = "behind {i: stands how many digits, 1 to 12";
                return false;
            }
            part->digits = (uint8_t)number;
            continue;
        }
        bool is_per = take(compiler, BYTES_LITERAL("per "));
        if (!is_per && !take(compiler, BYTES_LITERAL("of "))) {
            break;
        }
        skip_blanks(compiler);
        if (!take_number(compiler, PATTERN_NUMBER_MAX, &number)) {
            compiler->wrong = "behind `per` and `of` stands a number from 1 on";
            return false;
        }
        *(is_per ? &part->per : &part->of) = (uint32_t)number;
    }
    compiler->wrong = "{i} may have `: DIGITS`, `per N` and `of N` in it, and ends with a }";
    return false;
}

static bool add_part(struct compiler *compiler, struct pattern_part part) {
    if (compiler->count == PATTERN_PARTS_MAX) {
        compiler->wrong = "has more than 64 parts";
        return false;
    }
    compiler->parts[compiler->count++] = part;
    return true;
}

static bool add_text(struct compiler *compiler, size_t start, size_t end) {
    struct bytes text = bytes_make(compiler->text.data + start, end - start);
    return text.size == 0 ||
           add_part(compiler, (struct pattern_part){.kind = PATTERN_TEXT, .text = text});
}

// At a brace that opens a word of ours.
static bool read_place(struct compiler *compiler, unsigned kind) {
    struct pattern_part part = {.kind = (enum pattern_part_kind)kind, .per = 1};
    ASSERT(kind > PATTERN_TEXT && kind < PATTERN_PARTS);
    if ((compiler->allowed & PATTERN_BIT(kind)) == 0) {
        compiler->wrong = "this cannot be filled in here";
        return false;
    }
    size_t start = compiler->at;
    compiler->at += 1 + kind_words[kind].size;
    if (kind == PATTERN_I && !read_number_form(compiler, &part)) {
        return false;
    }
    if (!take(compiler, BYTES_LITERAL("}"))) {
        compiler->at = start;
        compiler->wrong = "has no } at its end";
        return false;
    }
    return add_part(compiler, part);
}

// Whether a brace opens here, and which word.
static unsigned place_here(const struct compiler *compiler) {
    if (compiler->text.data[compiler->at] != '{') {
        return PATTERN_TEXT;
    }
    struct bytes word = word_at(compiler, compiler->at + 1);
    size_t end = compiler->at + 1 + word.size;
    unsigned kind = kind_of(word);
    bool ends = end < compiler->text.size && compiler->text.data[end] == '}';
    bool goes_on = end < compiler->text.size && kind == PATTERN_I &&
                   (compiler->text.data[end] == ' ' || compiler->text.data[end] == ':');
    return ends || goes_on ? kind : PATTERN_TEXT;
}

static bool read_parts(struct compiler *compiler) {
    size_t start = 0;
    while (compiler->at < compiler->text.size) {
        unsigned kind = place_here(compiler);
        if (kind != PATTERN_TEXT) {
            if (!add_text(compiler, start, compiler->at) || !read_place(compiler, kind)) {
                return false;
            }
            start = compiler->at;
        } else if (take(compiler, BYTES_LITERAL("{{"))) {
            if (!add_text(compiler, start, compiler->at - 1)) {
                return false;
            }
            start = compiler->at;
        } else {
            compiler->at++;
        }
    }
    return add_text(compiler, start, compiler->at);
}

const char *pattern_compile(struct pattern *pattern, struct arena *arena, struct bytes text,
                            uint32_t allowed, size_t *at) {
    struct compiler compiler = {.text = text, .allowed = allowed};
    *pattern = (struct pattern){.source = text};
    *at = 0;
    if (text.size > PATTERN_BYTES_MAX) {
        return "is longer than 4096 bytes";
    }
    if (!read_parts(&compiler)) {
        *at = compiler.at;
        return compiler.wrong;
    }
    ASSERT(compiler.at == text.size && compiler.wrong == NULL);
    pattern->count = compiler.count;
    pattern->parts = arena_take(arena, compiler.count * sizeof *pattern->parts);
    for (uint32_t i = 0; i < compiler.count; i++) {
        pattern->parts[i] = compiler.parts[i];
        pattern->uses |= PATTERN_BIT(compiler.parts[i].kind);
    }
    return NULL;
}

// ---- writing ------------------------------------------------------------------------------------

static uint64_t number_of(const struct pattern_part *part, const struct pattern_values *values) {
    ASSERT(part->per > 0);
    uint64_t place = values->i / part->per;
    bool is_plain = part->per == 1 && part->of == 0;
    return is_plain ? values->i + values->first : (part->of == 0 ? place : place % part->of) + 1;
}

static struct bytes write_number(const struct pattern_part *part, uint64_t number,
                                 uint8_t room[static DECIMAL_DIGITS_MAX]) {
    uint8_t *out = room;
    for (unsigned digits = decimal_size(number); digits < part->digits; digits++) {
        *out++ = '0';
    }
    return bytes_make(room, (size_t)(decimal_write(out, number) - room));
}

static struct bytes part_text(const struct pattern_part *part, const struct pattern_values *values,
                              uint8_t room[static DECIMAL_DIGITS_MAX]) {
    switch (part->kind) {
    case PATTERN_TEXT:
    case PATTERN_PARTS:
        break;
    case PATTERN_I:
        return write_number(part, number_of(part, values), room);
    case PATTERN_NAME:
        return values->name;
    case PATTERN_GROUP:
        return values->group;
    case PATTERN_BROKER:
        return values->broker;
    case PATTERN_NETWORK:
        return values->network;
    case PATTERN_N:
        return write_number(part, values->n, room);
    case PATTERN_TIME:
        return write_number(part, values->time_ns / 1000000000u, room);
    case PATTERN_VALUE:
        return values->value;
    case PATTERN_TOPIC:
        return values->topic;
    case PATTERN_PAYLOAD:
        return values->payload;
    }
    return part->text;
}

size_t pattern_write(const struct pattern *pattern, const struct pattern_values *values,
                     uint8_t *out, size_t room) {
    size_t size = 0;
    for (uint32_t i = 0; i < pattern->count; i++) {
        uint8_t digits[DECIMAL_DIGITS_MAX];
        struct bytes text = part_text(&pattern->parts[i], values, digits);
        size_t left = size < room ? room - size : 0;
        size_t fits = text.size < left ? text.size : left;
        if (fits > 0) {
            memcpy(out + size, text.data, fits);
        }
        size += text.size;
    }
    return size;
}

static uint64_t greatest_divisor(uint64_t a, uint64_t b) {
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

// All numbers are the same for gcd(per) devices; two periods together make their lowest common
// multiple.
void pattern_period(const struct pattern *pattern, uint64_t *in_row, uint64_t *period) {
    uint64_t round = 1; // in devices
    *in_row = 0;
    for (uint32_t i = 0; i < pattern->count; i++) {
        const struct pattern_part *part = &pattern->parts[i];
        if (part->kind != PATTERN_I) {
            continue;
        }
        uint64_t own = (uint64_t)part->per * part->of;
        *in_row = greatest_divisor(part->per, *in_row);
        uint64_t common = own == 0 || round == 0 ? 0 : round / greatest_divisor(round, own);
        round = common == 0 || common > UINT64_MAX / own ? 0 : common * own;
    }
    if (*in_row == 0) { // there is no {i}
        *in_row = 1;
        *period = 1;
        return;
    }
    *period = round / *in_row;
}
