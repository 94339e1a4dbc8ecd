#include "shell/command.h"

#include "base/decimal.h"
#include "packet/packet.h"
#include "shell/terminal/columns.h"
#include "shell/printable.h"

#define HELP_WIDTH 78  // the manual indents it by two more
#define HELP_COLUMN 31 // where the text of a command begins

static bool is_blank(uint8_t byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct bytes skip_blanks(struct bytes text) {
    while (text.size > 0 && is_blank(text.data[0])) {
        text = bytes_make(text.data + 1, text.size - 1);
    }
    return text;
}

static struct bytes trim(struct bytes text) {
    text = skip_blanks(text);
    while (text.size > 0 && is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

// ---- words and quotation marks --------------------------------------------------------------

static int hexadecimal_digit(uint8_t byte) {
    static const char digits[] = "0123456789abcdef";
    const char *found = byte == 0 ? NULL : strchr(digits, byte | 0x20);
    bool letter = (byte | 0x20) >= 'a';
    return found == NULL || (!letter && (byte < '0' || byte > '9')) ? -1 : (int)(found - digits);
}

// Reads the escape at text->data[0] == '\\'. False: there is no such escape.
static bool read_escape(struct bytes *text, struct buffer *out) {
    uint8_t letter = text->size > 1 ? text->data[1] : 0;
    size_t size = 2;
    int byte = -1;
    if (letter == 'n') {
        byte = '\n';
    } else if (letter == 't') {
        byte = '\t';
    } else if (letter == '"' || letter == '\\') {
        byte = letter;
    } else if (letter == 'x' && text->size > 3) {
        int high = hexadecimal_digit(text->data[2]);
        int low = hexadecimal_digit(text->data[3]);
        byte = high < 0 || low < 0 ? -1 : high * 16 + low;
        size = 4;
    }
    if (byte < 0) {
        return false;
    }
    buffer_append_byte(out, (uint8_t)byte);
    *text = bytes_make(text->data + size, text->size - size);
    return true;
}

// Reads a quoted text, moving *text behind it. Returns what is wrong, or NULL.
static const char *read_quoted(struct bytes *text, struct buffer *out) {
    uint8_t mark = text->data[0];
    *text = bytes_make(text->data + 1, text->size - 1);
    while (text->size > 0 && text->data[0] != mark) {
        if (mark == '"' && text->data[0] == '\\') {
            if (!read_escape(text, out)) {
                return "unknown escape: in \"…\" there are \\\" \\\\ \\n \\t and \\xHH";
            }
            continue;
        }
        buffer_append_byte(out, text->data[0]);
        *text = bytes_make(text->data + 1, text->size - 1);
    }
    if (text->size == 0) {
        return "a quotation mark is not closed";
    }
    *text = bytes_make(text->data + 1, text->size - 1);
    if (text->size > 0 && !is_blank(text->data[0])) {
        return "a blank is missing behind a quotation mark";
    }
    return NULL;
}

static bool is_mark(uint8_t byte) {
    return byte == '"' || byte == '\'';
}

// One argument: where its bytes stand in the storage. Offsets, since the storage may move.
struct word {
    size_t start;
    size_t end;
    bool quoted;
};

static const char *read_word(struct bytes *text, struct buffer *out, struct word *word) {
    word->start = out->size;
    word->quoted = is_mark(text->data[0]);
    const char *wrong = NULL;
    if (word->quoted) {
        wrong = read_quoted(text, out);
    } else {
        while (text->size > 0 && !is_blank(text->data[0])) {
            buffer_append_byte(out, text->data[0]);
            *text = bytes_make(text->data + 1, text->size - 1);
        }
    }
    word->end = out->size;
    return wrong;
}

// The rest of the line as one argument.
static const char *read_rest(struct bytes *text, struct buffer *out, struct word *word) {
    if (is_mark(text->data[0])) {
        return read_word(text, out, word);
    }
    *word = (struct word){.start = out->size};
    buffer_append(out, *text);
    word->end = out->size;
    *text = (struct bytes){0};
    return NULL;
}

static struct bytes word_bytes(const struct buffer *storage, const struct word *word) {
    return bytes_make(storage->data + word->start, word->end - word->start);
}

// ---- arguments ------------------------------------------------------------------------------

struct parse {
    const struct command_row *row;
    struct bytes rest;
    struct buffer *storage;
    struct buffer *message;
    bool failed;
};

static void fail(struct parse *parse, const char *what) {
    if (!parse->failed) {
        parse->failed = true;
        printable_format(parse->message, "%s: %s; type: %s", parse->row->name, what,
                         parse->row->synopsis);
    }
}

static struct bytes skip_word(struct bytes text) {
    uint8_t mark = is_mark(text.data[0]) ? text.data[0] : 0;
    size_t size = mark != 0;
    while (size < text.size && (mark != 0 ? text.data[size] != mark : !is_blank(text.data[size]))) {
        size += mark == '"' && text.data[size] == '\\' ? 2 : 1;
    }
    size += mark != 0;
    size = size < text.size ? size : text.size;
    return bytes_make(text.data + size, text.size - size);
}

// A text in quotation marks is one word.
static unsigned count_words(struct bytes text) {
    unsigned words = 0;
    for (text = skip_blanks(text); text.size > 0; text = skip_blanks(text)) {
        text = skip_word(text);
        words++;
    }
    return words;
}

// Whether the first word is meant as an address: it must be when nothing else can stand there; else
// it is if it is a number and enough words follow it. So `subs 5` subscribes to the topic 5.
static bool begins_with_address(const struct parse *parse) {
    unsigned arguments = parse->row->arguments;
    unsigned others = (arguments & COMMAND_TOPIC ? 1u : 0u) + (arguments & COMMAND_VALUE ? 1u : 0u);
    if ((arguments & COMMAND_ADDRESS) == 0 || parse->rest.size == 0) {
        return false;
    }
    uint8_t first = parse->rest.data[0];
    return others == 0 || (first >= '0' && first <= '9' && count_words(parse->rest) > others);
}

static uint32_t read_address(struct parse *parse) {
    if (!begins_with_address(parse)) {
        if ((parse->row->arguments & COMMAND_ADDRESS_REQUIRED) != 0) {
            fail(parse, "the address is missing");
        }
        return 0;
    }
    struct word word;
    uint64_t address = 0;
    const char *wrong = read_word(&parse->rest, parse->storage, &word);
    parse->rest = skip_blanks(parse->rest);
    if (wrong != NULL ||
        !decimal_read(word_bytes(parse->storage, &word), PACKET_ADDRESS_MAX, &address) ||
        address == 0) {
        fail(parse, "the address is not a number from 1 to 4294966999");
        return 0;
    }
    return (uint32_t)address;
}

static void read_argument(struct parse *parse, enum command_arguments which, const char *missing,
                          struct word *word) {
    if ((parse->row->arguments & which) == 0 || parse->failed) {
        return;
    }
    if (parse->rest.size == 0) {
        if (which != COMMAND_CLIENT || (parse->row->arguments & COMMAND_OMITTABLE) == 0) {
            fail(parse, missing);
        }
        return;
    }
    const char *wrong = which == COMMAND_VALUE ? read_rest(&parse->rest, parse->storage, word)
                                               : read_word(&parse->rest, parse->storage, word);
    if (wrong != NULL) {
        fail(parse, wrong);
    }
    parse->rest = skip_blanks(parse->rest);
}

// Never moves the storage: there is room for all of the line.
static const char *read_words(struct bytes *text, struct buffer *storage, struct bytes *words,
                              unsigned *count) {
    for (*count = 0; text->size > 0; (*count)++) {
        struct word word;
        if (*count == COMMAND_WORDS_MAX) {
            return "there are too many words";
        }
        const char *wrong = read_word(text, storage, &word);
        if (wrong != NULL) {
            return wrong;
        }
        words[*count] = word_bytes(storage, &word);
        *text = skip_blanks(*text);
    }
    return NULL;
}

const char *command_words(struct bytes text, struct buffer *storage,
                          struct bytes words[static COMMAND_WORDS_MAX], unsigned *count) {
    storage->size = 0;
    (void)buffer_reserve(storage, text.size + 1);
    text = trim(text);
    return read_words(&text, storage, words, count);
}

static void parse_words(struct parse *parse, struct command *command) {
    if ((parse->row->arguments & COMMAND_WORDS) != 0 && !parse->failed) {
        const char *wrong =
            read_words(&parse->rest, parse->storage, command->words, &command->word_count);
        if (wrong != NULL) {
            fail(parse, wrong);
        }
    }
}

static const struct command_row *find_row(const struct command_table *table, struct bytes name) {
    static const char *const other_names[][2] = {{"?", "help"}, {"quit", "exit"}};
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++) {
        bool is_it = bytes_equal(name, bytes_of_text(other_names[i][0]));
        name = is_it ? bytes_of_text(other_names[i][1]) : name;
    }
    for (size_t i = 0; i < table->count; i++) {
        if (bytes_equal(name, bytes_of_text(table->rows[i].name))) {
            return &table->rows[i];
        }
    }
    return NULL;
}

static void read_name(struct parse *parse, const struct command_table *table,
                      struct command *command) {
    struct word word;
    if ((parse->row->arguments & COMMAND_NAME) == 0 || parse->rest.size == 0) {
        return;
    }
    const char *wrong = read_word(&parse->rest, parse->storage, &word);
    command->about = find_row(table, word_bytes(parse->storage, &word));
    parse->rest = skip_blanks(parse->rest);
    if (wrong != NULL || command->about == NULL) {
        fail(parse, "there is no such command; help alone lists them");
    }
}

static void parse_arguments(struct parse *parse, struct command *command) {
    struct word topic = {0};
    struct word value = {0};
    struct word client_id = {0};
    command->address = read_address(parse);
    read_argument(parse, COMMAND_TOPIC, "the topic is missing", &topic);
    read_argument(parse, COMMAND_VALUE, "the value is missing (\"\" is an empty one)", &value);
    read_argument(parse, COMMAND_CLIENT, "the client id is missing; list shows them", &client_id);
    parse_words(parse, command);
    if (parse->rest.size > 0) {
        fail(parse, "there is an argument too many");
    }
    command->topic = word_bytes(parse->storage, &topic);
    command->value = word_bytes(parse->storage, &value);
    command->client_id = word_bytes(parse->storage, &client_id);
}

static void say_unknown(const struct command_table *table, struct bytes name,
                        struct buffer *message) {
    size_t shown = name.size < 40 ? name.size : 40;
    buffer_append_text(message, "there is no command '");
    printable_append(message, bytes_make(name.data, shown));
    printable_format(message, "%s'; type one of:", shown < name.size ? "…" : "");
    for (size_t i = 0; i < table->count; i++) {
        printable_format(message, " %s", table->rows[i].name);
    }
}

bool command_parse(const struct command_table *table, struct bytes line, struct buffer *storage,
                   struct command *command, struct buffer *message) {
    *command = (struct command){0};
    storage->size = 0;
    (void)buffer_reserve(storage, line.size + 1); // never moves below, never NULL
    struct bytes rest = trim(line);
    if (rest.size == 0 || rest.data[0] == '#') {
        return true;
    }
    struct bytes name = bytes_make(rest.data, 0);
    while (rest.size > 0 && !is_blank(rest.data[0])) {
        name.size++;
        rest = bytes_make(rest.data + 1, rest.size - 1);
    }
    const struct command_row *row = find_row(table, name);
    if (row == NULL) {
        say_unknown(table, name, message);
        return false;
    }
    struct parse parse = {
        .row = row, .rest = skip_blanks(rest), .storage = storage, .message = message};
    read_name(&parse, table, command);
    parse_arguments(&parse, command);
    command->row = row;
    return !parse.failed;
}

// One row: what to type, and beside or below it what that does.
static void help_row(const struct command_row *row, struct buffer *out) {
    struct bytes help = bytes_of_text(row->help);
    size_t start = out->size;
    printable_format(out, "  %-*s", HELP_COLUMN - 2, row->synopsis);
    bool is_wide = columns_of(bytes_make(out->data + start, out->size - start)) > HELP_COLUMN;
    for (bool is_first = !is_wide; help.size > 0; is_first = false) {
        if (!is_first) {
            printable_format(out, "\n%*s", HELP_COLUMN, "");
        }
        buffer_append(out, columns_take_line(&help, HELP_WIDTH - HELP_COLUMN));
    }
}

void command_help(const struct command_table *table, const struct command_row *about,
                  struct buffer *out) {
    if (about != NULL) {
        help_row(about, out);
        return;
    }
    for (size_t i = 0; i < table->count; i++) {
        buffer_append_text(out, i == 0 ? "" : "\n");
        help_row(&table->rows[i], out);
    }
}

struct bytes command_next(struct bytes *list) {
    uint8_t mark = 0;
    size_t size = 0;
    for (; size < list->size; size++) {
        uint8_t byte = list->data[size];
        if (mark == '"' && byte == '\\' && size + 1 < list->size) {
            size++;
        } else if (mark != 0) {
            mark = byte == mark ? 0 : mark;
        } else if (is_mark(byte) && (size == 0 || is_blank(list->data[size - 1]))) {
            mark = byte;
        } else if (byte == ';') {
            break;
        }
    }
    struct bytes first = bytes_make(list->data, size);
    size_t used = size < list->size ? size + 1 : size;
    *list = bytes_make(list->data + used, list->size - used);
    return first;
}
