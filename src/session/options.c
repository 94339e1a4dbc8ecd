// Command lines from tables. In this order: the rows, values from text, what a row demands in
// words, messages, pages (--help and --man from the same table), and the parser over getopt_long.
#include "session/options.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/decimal.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>

// ---- rows -----------------------------------------------------------------------------------

static const struct option_row builtin_rows[] = {
    {.name = "help", .letter = 'h', .help = "Show this help.", .group = "Help"},
    {.name = "version", .letter = 'V', .help = "Show the version.", .group = "Help"},
    {.name = "man", .help = "Print the manual page, to be read by man -l -.", .group = "Help"},
};
#define BUILTIN_COUNT (sizeof builtin_rows / sizeof builtin_rows[0])
#define ROWS_MAX (OPTIONS_MAX + BUILTIN_COUNT)

static size_t row_count(const struct program *program) {
    return program->option_count + BUILTIN_COUNT;
}

static const struct option_row *row_at(const struct program *program, size_t index) {
    return index < program->option_count ? &program->options[index]
                                         : &builtin_rows[index - program->option_count];
}

static bool row_is_builtin(const struct option_row *row) {
    for (size_t i = 0; i < BUILTIN_COUNT; i++) {
        if (row == &builtin_rows[i]) {
            return true;
        }
    }
    return false;
}

// ---- choices --------------------------------------------------------------------------------

static size_t choice_count(const char *choices) {
    size_t count = 1;
    for (; *choices != '\0'; choices++) {
        count += *choices == '|';
    }
    return count;
}

static struct bytes choice_at(const char *choices, size_t index) {
    for (; index > 0; index--) {
        choices = strchr(choices, '|') + 1;
    }
    return bytes_make(choices, strcspn(choices, "|"));
}

// ---- values from text -----------------------------------------------------------------------

enum fault { FAULT_NONE, FAULT_FORM, FAULT_RANGE };

#define NANOSECONDS_PER_SECOND 1000000000u
#define DECIMALS_MAX 9

static bool all_digits(struct bytes text) {
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    return true;
}

static enum fault number_read(struct bytes text, uint64_t *value) {
    if (text.size == 0 || !all_digits(text)) {
        return FAULT_FORM;
    }
    while (text.size > 1 && text.data[0] == '0') {
        text = bytes_make(text.data + 1, text.size - 1);
    }
    return decimal_read(text, UINT64_MAX, value) ? FAULT_NONE : FAULT_RANGE;
}

// In whole numbers throughout, so that 0.1 is 100000000 and not a neighbour of it.
static enum fault duration_read(struct bytes text, uint64_t *value) {
    const uint8_t *point = text.size == 0 ? NULL : memchr(text.data, '.', text.size);
    struct bytes whole = bytes_make(text.data, point ? (size_t)(point - text.data) : text.size);
    struct bytes part = {0};
    if (point) {
        part = bytes_make(point + 1, text.size - whole.size - 1);
    }
    if (!all_digits(whole) || !all_digits(part) || part.size > DECIMALS_MAX ||
        (point ? part.size == 0 : whole.size == 0)) {
        return FAULT_FORM;
    }
    uint64_t seconds = 0;
    uint64_t nanoseconds = 0;
    if (whole.size > 0 && number_read(whole, &seconds) != FAULT_NONE) {
        return FAULT_RANGE;
    }
    for (size_t i = 0; i < DECIMALS_MAX; i++) {
        nanoseconds = nanoseconds * 10 + (i < part.size ? (uint64_t)(part.data[i] - '0') : 0);
    }
    if (seconds > (UINT64_MAX - nanoseconds) / NANOSECONDS_PER_SECOND) {
        return FAULT_RANGE;
    }
    *value = seconds * NANOSECONDS_PER_SECOND + nanoseconds;
    return FAULT_NONE;
}

// The power of two that a size's last letter stands for, or 0.
static unsigned size_unit_shift(char letter) {
    switch (letter) {
    case 'K':
    case 'k':
        return 10;
    case 'M':
    case 'm':
        return 20;
    case 'G':
    case 'g':
        return 30;
    default:
        return 0;
    }
}

static enum fault size_read(struct bytes text, uint64_t *value) {
    unsigned shift = text.size == 0 ? 0 : size_unit_shift((char)text.data[text.size - 1]);
    if (shift > 0) {
        text.size--;
    }
    enum fault fault = number_read(text, value);
    if (fault == FAULT_NONE && *value > UINT64_MAX >> shift) {
        return FAULT_RANGE;
    }
    *value <<= shift;
    return fault;
}

static enum fault choice_read(const char *choices, struct bytes text, uint64_t *value) {
    size_t count = choice_count(choices);
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal(choice_at(choices, i), text)) {
            *value = i;
            return FAULT_NONE;
        }
    }
    return FAULT_RANGE;
}

// A limit in the unit of the value, rounded to the nearest.
static uint64_t limit_value(const struct option_row *row, double limit) {
    long double scale = row->type == OPTION_DURATION ? NANOSECONDS_PER_SECOND : 1;
    long double value = (long double)limit * scale + 0.5L;
    return value >= (long double)UINT64_MAX ? UINT64_MAX : (uint64_t)value;
}

// The value as a number: of a text its length, of a choice its index.
static enum fault row_read(const struct option_row *row, struct bytes text, uint64_t *value) {
    *value = 0;
    switch (row->type) {
    case OPTION_FLAG:
        *value = 1;
        return FAULT_NONE;
    case OPTION_NUMBER:
        return number_read(text, value);
    case OPTION_DURATION:
        return duration_read(text, value);
    case OPTION_SIZE:
        return size_read(text, value);
    case OPTION_TEXT:
        *value = text.size;
        return FAULT_NONE;
    case OPTION_CHOICE:
        return choice_read(row->choices, text, value);
    }
    return FAULT_FORM;
}

static bool row_admits(const struct option_row *row, uint64_t value) {
    return row->type == OPTION_FLAG || row->type == OPTION_CHOICE ||
           (value >= limit_value(row, row->min) &&
            (row->max <= 0 || value <= limit_value(row, row->max)));
}

// memcpy, since an OPTION_CHOICE member may be an enum as well as an int.
static void row_store(const struct option_row *row, uint64_t value, const char *text,
                      void *values) {
    uint8_t *place = (uint8_t *)values + row->offset;
    switch (row->type) {
    case OPTION_FLAG:
        memcpy(place, &(bool){value != 0}, sizeof(bool));
        return;
    case OPTION_NUMBER:
    case OPTION_DURATION:
    case OPTION_SIZE:
        memcpy(place, &value, sizeof value);
        return;
    case OPTION_TEXT:
        memcpy(place, &text, sizeof text);
        return;
    case OPTION_CHOICE:
        memcpy(place, &(int){(int)value}, sizeof(int));
        return;
    }
}

// Stores the value of `text` (NULL for a flag) if it is a good one.
static enum fault row_take(const struct option_row *row, const char *text, void *values) {
    uint64_t value = 0;
    enum fault fault = row_read(row, text ? bytes_of_text(text) : (struct bytes){0}, &value);
    if (fault == FAULT_NONE && !row_admits(row, value)) {
        fault = FAULT_RANGE;
    }
    if (fault == FAULT_NONE) {
        row_store(row, value, text, values);
    }
    return fault;
}

// ---- the table itself -----------------------------------------------------------------------

static void row_check(const struct option_row *row) {
    ASSERT(row->name && strlen(row->name) >= 1 && strlen(row->name) <= OPTIONS_NAME_MAX);
    ASSERT(row->letter == 0 || isalnum((unsigned char)row->letter));
    ASSERT_MESSAGE((row->argument != NULL) == (row->type != OPTION_FLAG), row->name);
    ASSERT_MESSAGE((row->choices != NULL) == (row->type == OPTION_CHOICE), row->name);
    ASSERT_MESSAGE(row->type != OPTION_FLAG || row->preset == NULL, row->name);
    ASSERT_MESSAGE(row->min >= 0 && (row->max <= 0 || row->max >= row->min), row->name);
    ASSERT_MESSAGE(row->help, row->name);
}

static void program_check(const struct program *program) {
    ASSERT(program->option_count <= OPTIONS_MAX);
    for (size_t i = 0; i < row_count(program); i++) {
        const struct option_row *row = row_at(program, i);
        row_check(row);
        for (size_t j = 0; j < i; j++) {
            const struct option_row *other = row_at(program, j);
            ASSERT_MESSAGE(strcmp(row->name, other->name) != 0, row->name);
            ASSERT_MESSAGE(row->letter == 0 || row->letter != other->letter, row->name);
        }
    }
}

static void set_presets(const struct program *program, void *values) {
    for (size_t i = 0; i < program->option_count; i++) {
        const struct option_row *row = &program->options[i];
        if (row->preset) {
            ASSERT_MESSAGE(row_take(row, row->preset, values) == FAULT_NONE, row->name);
        } else {
            row_store(row, 0, NULL, values);
        }
    }
}

// ---- what a row demands, in words -----------------------------------------------------------

static void print_size(FILE *file, uint64_t size) {
    static const char *const units[] = {"", "K", "M", "G"};
    size_t unit = 0;
    while (unit < 3 && size > 0 && size % 1024 == 0) {
        size /= 1024;
        unit++;
    }
    fprintf(file, "%llu%s", (unsigned long long)size, units[unit]);
}

static void print_limit(FILE *file, const struct option_row *row, uint64_t limit) {
    if (row->type == OPTION_SIZE) {
        print_size(file, limit);
        return;
    }
    bool timed = row->type == OPTION_DURATION;
    fprintf(file, "%llu", (unsigned long long)(timed ? limit / NANOSECONDS_PER_SECOND : limit));
    unsigned part = timed ? (unsigned)(limit % NANOSECONDS_PER_SECOND) : 0;
    if (part > 0) {
        char decimals[DECIMALS_MAX + 2];
        int end = snprintf(decimals, sizeof decimals, "%09u", part);
        while (end > 0 && decimals[end - 1] == '0') {
            decimals[--end] = '\0';
        }
        fprintf(file, ".%s", decimals);
    }
}

static void print_unit(FILE *file, enum option_type type, bool single) {
    if (type == OPTION_DURATION) {
        fputs(single ? " second" : " seconds", file);
    } else if (type == OPTION_SIZE || type == OPTION_TEXT) {
        fputs(single ? " byte" : " bytes", file);
    }
    if (type == OPTION_TEXT) {
        fputs(" long", file);
    }
}

static void print_choices(FILE *file, const char *choices) {
    size_t count = choice_count(choices);
    fputs("one of ", file);
    for (size_t i = 0; i < count; i++) {
        struct bytes choice = choice_at(choices, i);
        fputs(i == 0 ? "" : i + 1 < count ? ", " : " or ", file);
        fwrite(choice.data, 1, choice.size, file);
    }
}

static void print_range(FILE *file, const struct option_row *row) {
    fputs("from ", file);
    print_limit(file, row, limit_value(row, row->min));
    fputs(" to ", file);
    print_limit(file, row, row->max > 0 ? limit_value(row, row->max) : UINT64_MAX);
    print_unit(file, row->type, false);
}

static void print_minimum(FILE *file, const struct option_row *row) {
    uint64_t minimum = limit_value(row, row->min);
    fputs("at least ", file);
    print_limit(file, row, minimum);
    print_unit(file, row->type, minimum == limit_value(row, 1));
}

// "from 1 to 3600 seconds", "one of classic, sodium or any". Without a maximum "at least 1 second"
// or nothing, unless `whole` asks to name the maximum of the type.
static void print_rule(FILE *file, const struct option_row *row, bool whole) {
    if (row->type == OPTION_FLAG) {
        return;
    }
    if (row->type == OPTION_CHOICE) {
        print_choices(file, row->choices);
    } else if (row->max > 0 || whole) {
        print_range(file, row);
    } else if (row->min > 0) {
        print_minimum(file, row);
    }
}

// The default as typed; its data is NULL when there is none to speak of.
static struct bytes row_default(const struct option_row *row) {
    if (row->preset) {
        return bytes_of_text(row->preset[0] == '\0' ? "empty" : row->preset);
    }
    return row->type == OPTION_CHOICE ? choice_at(row->choices, 0) : (struct bytes){0};
}

// What print_rule prints; the caller frees it.
static char *row_rule(const struct option_row *row, bool whole) {
    char *rule = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&rule, &size);
    ASSERT(file);
    print_rule(file, row, whole);
    fclose(file);
    ASSERT(rule);
    return rule;
}

// ---- messages -------------------------------------------------------------------------------

struct parse {
    const struct program *program;
    const char *called; // the program's name in messages
    void *values;
    FILE *out;
    FILE *err;
};

__attribute__((format(printf, 2, 3))) static enum options_result complain(const struct parse *parse,
                                                                          const char *format, ...) {
    fprintf(parse->err, "%s: ", parse->called);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(parse->err, format, arguments);
    va_end(arguments);
    fprintf(parse->err, "; see %s --help\n", parse->called);
    return OPTIONS_WRONG;
}

static const char *form_wanted(enum option_type type) {
    switch (type) {
    case OPTION_NUMBER:
        return "not a whole number, ";
    case OPTION_DURATION:
        return "not a number of seconds such as 10 or 0.5, ";
    case OPTION_SIZE:
        return "not a size such as 4096, 64K or 1G, ";
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_CHOICE:
        return "";
    }
    return "";
}

static enum options_result complain_of_value(const struct parse *parse,
                                             const struct option_row *row, const char *text,
                                             enum fault fault) {
    char *rule = row_rule(row, row->type != OPTION_TEXT);
    complain(parse, "--%s %s: %smust be %s", row->name, text[0] == '\0' ? "''" : text,
             fault == FAULT_FORM ? form_wanted(row->type) : "", rule);
    free(rule);
    return OPTIONS_WRONG;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

// How many letters to insert, drop, change or swap with a neighbour to get from `a` to `b` (optimal
// string alignment). Names longer than a name can be are infinitely far.
static size_t name_distance(struct bytes a, struct bytes b) {
    size_t cost[OPTIONS_NAME_MAX + 1][OPTIONS_NAME_MAX + 1];
    if (a.size > OPTIONS_NAME_MAX || b.size > OPTIONS_NAME_MAX) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i <= a.size; i++) {
        for (size_t j = 0; j <= b.size; j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            size_t change = cost[i - 1][j - 1] + (a.data[i - 1] != b.data[j - 1]);
            cost[i][j] = least(change, least(cost[i - 1][j], cost[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1]) {
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[a.size][b.size];
}

// The row whose name is nearest to the one typed, NULL when none is near enough to be meant.
static const struct option_row *nearest_row(const struct program *program, struct bytes typed) {
    const struct option_row *nearest = NULL;
    size_t best = typed.size < 3 ? 1 : 2 + typed.size / 5;
    for (size_t i = 0; i < row_count(program); i++) {
        const struct option_row *row = row_at(program, i);
        size_t distance = name_distance(typed, bytes_of_text(row->name));
        if (distance < best) {
            best = distance;
            nearest = row;
        }
    }
    return nearest;
}

static size_t rows_beginning_with(const struct program *program, struct bytes start, FILE *list) {
    size_t count = 0;
    for (size_t i = 0; i < row_count(program); i++) {
        const struct option_row *row = row_at(program, i);
        if (bytes_starts_with(bytes_of_text(row->name), start)) {
            if (list) {
                fprintf(list, "%s--%s", count == 0 ? "" : " or ", row->name);
            }
            count++;
        }
    }
    return count;
}

// `argument` is what was typed, dashes, value and all; it names no option or several.
static enum options_result complain_of_name(const struct parse *parse, const char *argument) {
    const char *name = argument + strspn(argument, "-");
    struct bytes typed = bytes_make(name, strcspn(name, "="));
    int size = (int)least(typed.size, INT32_MAX);
    if (typed.size > 0 && rows_beginning_with(parse->program, typed, NULL) > 1) {
        fprintf(parse->err, "%s: --%.*s: ambiguous, could be ", parse->called, size, name);
        rows_beginning_with(parse->program, typed, parse->err);
        fprintf(parse->err, "; see %s --help\n", parse->called);
        return OPTIONS_WRONG;
    }
    const struct option_row *nearest = nearest_row(parse->program, typed);
    if (nearest) {
        return complain(parse, "--%.*s: no such option, perhaps --%s is meant", size, name,
                        nearest->name);
    }
    return complain(parse, "--%.*s: no such option", size, name);
}

static enum options_result complain_of_letter(const struct parse *parse, int letter) {
    if (letter > 0 && letter < 128 && isprint(letter)) {
        return complain(parse, "-%c: no such option", letter);
    }
    return complain(parse, "-\\x%02x: no such option", (unsigned)(unsigned char)letter);
}

// ---- pages ----------------------------------------------------------------------------------

#define PAGE_WIDTH 80
#define HELP_COLUMN_MAX 32 // where the text of an option begins at the latest

// A fixed date, since a page must not change from build to build and mandoc wants one.
#define MANUAL_DATE "2026-01-01"

// Filled text, either for a terminal (indented) or for man(7), which fills it once more.
struct page {
    FILE *out;
    bool roff;
    size_t indent;
    size_t column; // 0: nothing on this line yet
    bool fresh;    // nothing but indent on this line
};

// A minus is a minus, quotes are typewriter quotes, and no word of ours can be a request.
static void page_put(struct page *page, struct bytes text) {
    if (!page->roff) {
        fwrite(text.data, 1, text.size, page->out);
        return;
    }
    if (text.size > 0 && text.data[0] == '.') {
        fputs("\\&", page->out);
    }
    for (size_t i = 0; i < text.size; i++) {
        static const char special[] = "-\\'`^~";
        static const char *const escapes[] = {"\\-", "\\e", "\\(aq", "\\(ga", "\\(ha", "\\(ti"};
        const char *found = text.data[i] == '\0' ? NULL : strchr(special, text.data[i]);
        if (found) {
            fputs(escapes[found - special], page->out);
        } else {
            fputc(text.data[i], page->out);
        }
    }
}

static void page_put_text(struct page *page, const char *text) {
    page_put(page, bytes_of_text(text));
}

static void page_end_line(struct page *page) {
    if (page->column > 0) {
        fputc('\n', page->out);
    }
    page->column = 0;
}

static void page_begin_line(struct page *page) {
    fprintf(page->out, "%*s", (int)page->indent, "");
    page->column = page->indent;
    page->fresh = true;
}

// UTF-8: continuation bytes take no column of their own.
static size_t text_columns(struct bytes text) {
    size_t columns = 0;
    for (size_t i = 0; i < text.size; i++) {
        columns += (text.data[i] & 0xc0) != 0x80;
    }
    return columns;
}

static void page_word(struct page *page, struct bytes word) {
    size_t width = text_columns(word);
    if (page->column > 0 && !page->fresh && page->column + 1 + width > PAGE_WIDTH) {
        page_end_line(page);
    }
    if (page->column == 0) {
        page_begin_line(page);
    }
    if (!page->fresh) {
        fputc(' ', page->out);
        page->column++;
    }
    page_put(page, word);
    page->column += width;
    page->fresh = false;
}

static void page_fill(struct page *page, struct bytes text) {
    size_t at = 0;
    while (at < text.size) {
        size_t start = at;
        while (at < text.size && text.data[at] != ' ' && text.data[at] != '\n') {
            at++;
        }
        if (at > start) {
            page_word(page, bytes_make(text.data + start, at - start));
        } else {
            at++;
        }
    }
}

static void page_heading(struct page *page, const char *request, const char *title) {
    page_end_line(page);
    if (!page->roff) {
        fprintf(page->out, "\n%s:\n", title);
        return;
    }
    bool shout = strcmp(request, ".SH") == 0;
    fprintf(page->out, "%s ", request);
    for (const char *at = title; *at != '\0'; at++) {
        char letter = shout ? (char)toupper((unsigned char)*at) : *at;
        page_put(page, bytes_make(&letter, 1));
    }
    fputc('\n', page->out);
}

// Where a section's text stands between two lines.
enum layout { LAYOUT_START, LAYOUT_PROSE, LAYOUT_VERBATIM };

static void page_paragraph(struct page *page) {
    page_end_line(page);
    fputs(page->roff ? ".PP\n" : "\n", page->out);
}

static void page_verbatim(struct page *page, struct bytes line) {
    page_end_line(page);
    fprintf(page->out, "%*s", (int)page->indent, "");
    page_put(page, line);
    fputc('\n', page->out);
}

static enum layout page_change(struct page *page, enum layout from, enum layout to) {
    if (page->roff && from != to && (from == LAYOUT_VERBATIM || to == LAYOUT_VERBATIM)) {
        page_end_line(page);
        fputs(to == LAYOUT_VERBATIM ? ".nf\n" : ".fi\n", page->out);
    }
    return to;
}

static void page_section(struct page *page, const struct option_section *section) {
    page_heading(page, ".SH", section->title);
    page->indent = page->roff ? 0 : 2;
    enum layout layout = LAYOUT_START;
    bool parted = false; // a blank line waits for something to stand before
    for (const char *at = section->text; *at != '\0';) {
        struct bytes line = bytes_make(at, strcspn(at, "\n"));
        at += line.size + (at[line.size] == '\n');
        if (line.size == 0) {
            parted = layout != LAYOUT_START;
            continue;
        }
        bool verbatim = bytes_starts_with(line, BYTES_LITERAL("  "));
        if (parted) {
            layout = page_change(page, layout, LAYOUT_PROSE);
            page_paragraph(page);
            parted = false;
        }
        layout = page_change(page, layout, verbatim ? LAYOUT_VERBATIM : LAYOUT_PROSE);
        if (verbatim) {
            page_verbatim(page, line);
        } else {
            page_fill(page, line);
        }
    }
    page_change(page, layout, LAYOUT_PROSE);
    page_end_line(page);
}

static size_t row_left_columns(const struct option_row *row) {
    return strlen("  -x, --") + strlen(row->name) + (row->argument ? 1 + strlen(row->argument) : 0);
}

static void help_row_left(struct page *page, const struct option_row *row) {
    if (row->letter) {
        fprintf(page->out, "  -%c, --%s", row->letter, row->name);
    } else {
        fprintf(page->out, "      --%s", row->name);
    }
    fprintf(page->out, "%s%s", row->argument ? " " : "", row->argument ? row->argument : "");
    size_t columns = row_left_columns(row);
    if (columns + 2 <= page->indent) {
        fprintf(page->out, "%*s", (int)(page->indent - columns), "");
        page->column = page->indent;
        page->fresh = true;
    } else {
        fputc('\n', page->out);
        page->column = 0;
    }
}

static void man_row_left(struct page *page, const struct option_row *row) {
    fputs(".TP\n", page->out);
    if (row->letter) {
        fprintf(page->out, "\\fB\\-%c\\fR, ", row->letter);
    }
    fputs("\\fB", page->out);
    page_put_text(page, "--");
    page_put_text(page, row->name);
    fputs("\\fR", page->out);
    if (row->argument) {
        fputs(" \\fI", page->out);
        page_put_text(page, row->argument);
        fputs("\\fR", page->out);
    }
    fputc('\n', page->out);
}

// Kept on one line, to be found by who searches for it.
static void page_default(struct page *page, struct bytes preset) {
    char *text = NULL;
    int size = asprintf(&text, "(default %.*s).", (int)preset.size, (const char *)preset.data);
    ASSERT(size >= 0);
    page_word(page, bytes_make(text, (size_t)size));
    free(text);
}

// The sentence that is added to a row's help: "From 1 to 3600 seconds (default 10)."
static void page_facts(struct page *page, const struct option_row *row) {
    char *rule = row_rule(row, false);
    struct bytes preset = row_default(row);
    rule[0] = (char)toupper((unsigned char)rule[0]);
    page_fill(page, bytes_of_text(rule));
    if (preset.data) {
        page_default(page, preset);
    } else if (rule[0] != '\0') {
        fputc('.', page->out);
    }
    free(rule);
}

static void page_row(struct page *page, const struct option_row *row) {
    if (page->roff) {
        man_row_left(page, row);
    } else {
        help_row_left(page, row);
    }
    page_fill(page, bytes_of_text(row->help));
    page_facts(page, row);
    page_end_line(page);
}

static size_t help_column(const struct program *program) {
    size_t column = 0;
    for (size_t i = 0; i < row_count(program); i++) {
        size_t wanted = row_left_columns(row_at(program, i)) + 2;
        column = wanted > column ? wanted : column;
    }
    return least(column, HELP_COLUMN_MAX);
}

static void page_options(struct page *page, const struct program *program) {
    const char *group = NULL;
    for (size_t i = 0; i < row_count(program); i++) {
        const struct option_row *row = row_at(program, i);
        bool changed = row->group && (!group || strcmp(group, row->group) != 0);
        if (changed || (i == 0 && !page->roff)) {
            page_heading(page, ".SS", row->group ? row->group : "Options");
        }
        group = row->group;
        page->indent = page->roff ? 0 : help_column(program);
        page_row(page, row);
    }
}

static void show_help(const struct parse *parse) {
    const struct program *program = parse->program;
    struct page page = {.out = parse->out};
    fprintf(page.out, "Usage: %s %s\n", parse->called, program->synopsis);
    page_fill(&page, bytes_of_text(program->summary));
    fputc('.', page.out);
    page_end_line(&page);
    page_options(&page, program);
    for (size_t i = 0; i < program->section_count; i++) {
        page_section(&page, &program->sections[i]);
    }
}

static bool section_is_description(const struct option_section *section) {
    return strcasecmp(section->title, "description") == 0;
}

static void man_sections(struct page *page, const struct program *program, bool descriptions) {
    for (size_t i = 0; i < program->section_count; i++) {
        if (section_is_description(&program->sections[i]) == descriptions) {
            page_section(page, &program->sections[i]);
        }
    }
}

static void man_begin(struct page *page, const struct program *program) {
    fputs(".TH MQTTSIM\\-", page->out);
    for (const char *at = program->name; *at != '\0'; at++) {
        page_put(page, bytes_make(&(char){(char)toupper((unsigned char)*at)}, 1));
    }
    fputs(" 1 \"" MANUAL_DATE "\" \"mqttsim " MQTTSIM_VERSION "\" \"MQTT_simulator\"\n", page->out);
    fputs(".SH NAME\nmqttsim\\-", page->out);
    page_put_text(page, program->name);
    fputs(" \\- ", page->out);
    page_put_text(page, program->summary);
    fputs("\n.SH SYNOPSIS\n.B mqttsim\\-", page->out);
    page_put_text(page, program->name);
    fputc('\n', page->out);
    page_put_text(page, program->synopsis);
    fputc('\n', page->out);
}

static void show_man(const struct parse *parse) {
    struct page page = {.out = parse->out, .roff = true};
    man_begin(&page, parse->program);
    man_sections(&page, parse->program, true);
    fputs(".SH OPTIONS\n", page.out);
    page_options(&page, parse->program);
    man_sections(&page, parse->program, false);
}

static enum options_result show(const struct parse *parse, const struct option_row *builtin) {
    errno = 0;
    if (strcmp(builtin->name, "help") == 0) {
        show_help(parse);
    } else if (strcmp(builtin->name, "man") == 0) {
        show_man(parse);
    } else {
        fprintf(parse->out, "%s %s\n", parse->called, MQTTSIM_VERSION);
    }
    if (fflush(parse->out) != 0 || ferror(parse->out)) {
        fprintf(parse->err, "%s: cannot write the output: %s\n", parse->called, strerror(errno));
        return OPTIONS_WRONG;
    }
    return OPTIONS_SHOWN;
}

// ---- the parser -----------------------------------------------------------------------------

#define CODE_OF_ROW 256 // what getopt_long returns for a long name: this plus the row's index

struct getopt_tables {
    struct option names[ROWS_MAX + 1];
    char letters[1 + 2 * ROWS_MAX + 1];
};

static void tables_build(struct getopt_tables *tables, const struct program *program) {
    char *letter = tables->letters;
    *letter++ = ':'; // tell a missing argument from an unknown option
    for (size_t i = 0; i < row_count(program); i++) {
        const struct option_row *row = row_at(program, i);
        tables->names[i] = (struct option){
            .name = row->name,
            .has_arg = row->argument ? required_argument : no_argument,
            .val = CODE_OF_ROW + (int)i,
        };
        if (row->letter) {
            *letter++ = row->letter;
            if (row->argument) {
                *letter++ = ':';
            }
        }
    }
    *letter = '\0';
    tables->names[row_count(program)] = (struct option){0};
}

// NULL if the code is a letter that no row has.
static const struct option_row *row_of_code(const struct program *program, int code) {
    if (code >= CODE_OF_ROW) {
        return row_at(program, (size_t)(code - CODE_OF_ROW));
    }
    for (size_t i = 0; i < row_count(program); i++) {
        const struct option_row *row = row_at(program, i);
        if (row->letter && row->letter == code) {
            return row;
        }
    }
    return NULL;
}

// What getopt_long answered with '?' or ':'. Its optopt is 0 for a long name that it does not know;
// that name is then the argument it looked at last.
static enum options_result refuse(const struct parse *parse, int code, char **argv) {
    if (optopt == 0) {
        return complain_of_name(parse, argv[optind - 1]);
    }
    const struct option_row *row = row_of_code(parse->program, optopt);
    if (!row) {
        return complain_of_letter(parse, optopt);
    }
    if (code == ':') {
        return complain(parse, "--%s: its argument is missing: --%s %s", row->name, row->name,
                        row->argument);
    }
    return complain(parse, "--%s: takes no argument", row->name);
}

static enum options_result take(const struct parse *parse, int code, char **argv) {
    if (code == '?' || code == ':') {
        return refuse(parse, code, argv);
    }
    const struct option_row *row = row_of_code(parse->program, code);
    ASSERT(row);
    if (row_is_builtin(row)) {
        return show(parse, row);
    }
    enum fault fault = row_take(row, optarg, parse->values);
    return fault == FAULT_NONE ? OPTIONS_RUN : complain_of_value(parse, row, optarg, fault);
}

static const char *called_as(const struct program *program, int argc, char **argv) {
    const char *path = argc > 0 && argv[0] ? argv[0] : program->name;
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// Seven parameters: main's two, the program's two, and where to answer. A struct for one call in
// each main would only rename them.
enum options_result options_parse(const struct program *program, int argc, char **argv,
                                  void *values, int *first_operand, FILE *out, FILE *err) {
    struct parse parse = {program, called_as(program, argc, argv), values, out, err};
    program_check(program);
    set_presets(program, values);
    struct getopt_tables tables;
    tables_build(&tables, program);
    opterr = 0;
    optind = 0; // glibc: begin anew, whatever was parsed before
    int code;
    while ((code = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
        enum options_result result = take(&parse, code, argv);
        if (result != OPTIONS_RUN) {
            return result;
        }
    }
    if (first_operand) {
        *first_operand = optind;
    } else if (optind < argc) {
        return complain(&parse, "%s: takes no operands", argv[optind]);
    }
    return OPTIONS_RUN;
}
