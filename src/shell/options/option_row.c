#include "shell/options/option_row.h"

#include "base/assert.h"
#include "base/decimal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

// ---- rows -----------------------------------------------------------------------------------

static const struct option_row builtin_rows[] = {
    {.name = "help", .letter = 'h', .help = "Show this help.", .group = "Help"},
    {.name = "version", .letter = 'V', .help = "Show the version.", .group = "Help"},
    {.name = "man", .help = "Print the manual page, to be read by man -l -.", .group = "Help"},
    {.name = "completion",
     .type = OPTION_CHOICE,
     .argument = "SHELL",
     .choices = "bash|zsh|fish",
     .help = "Print a completion script for these options.",
     .group = "Help"},
    {.name = "config",
     .type = OPTION_TEXT,
     .argument = "FILE",
     .min = 1,
     .help = "Read options from FILE, in YAML, with their names as keys. The environment takes "
             "precedence over FILE, and the command line over both.",
     .group = "Configuration"},
    {.name = "print-config",
     .help = "Print all options as such a file, with their current values, and exit.",
     .group = "Configuration"},
    {.name = "config-schema",
     .help = "Print the JSON Schema of such files, for editors, and exit.",
     .group = "Configuration"},
};
#define BUILTIN_COUNT (sizeof builtin_rows / sizeof builtin_rows[0])
#define CONFIG_COUNT 3 // the last ones, of programs that read files

size_t option_row_count(const struct program *program) {
    return program->option_count + BUILTIN_COUNT -
           (program->environment == NULL ? CONFIG_COUNT : 0);
}

const struct option_row *option_row_at(const struct program *program, size_t index) {
    return index < program->option_count ? &program->options[index]
                                         : &builtin_rows[index - program->option_count];
}

bool option_row_is_of(const struct option_row *row, const char *group) {
    return row->group == NULL || group == NULL ? row->group == group
                                               : strcmp(row->group, group) == 0;
}

bool option_row_begins_group(const struct program *program, size_t index) {
    const char *group = option_row_at(program, index)->group;
    for (size_t i = 0; i < index; i++) {
        if (option_row_is_of(option_row_at(program, i), group)) {
            return false;
        }
    }
    return true;
}

bool option_row_is_builtin(const struct option_row *row) {
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

static enum option_fault number_read(struct bytes text, uint64_t *value) {
    if (text.size == 0 || !all_digits(text)) {
        return OPTION_FAULT_FORM;
    }
    while (text.size > 1 && text.data[0] == '0') {
        text = bytes_make(text.data + 1, text.size - 1);
    }
    return decimal_read(text, UINT64_MAX, value) ? OPTION_OK : OPTION_FAULT_RANGE;
}

// In whole numbers throughout, so that 0.1 is 100000000 and not a neighbour of it.
static enum option_fault duration_read(struct bytes text, uint64_t *value) {
    const uint8_t *point = text.size == 0 ? NULL : memchr(text.data, '.', text.size);
    struct bytes whole = bytes_make(text.data, point ? (size_t)(point - text.data) : text.size);
    struct bytes part = {0};
    if (point) {
        part = bytes_make(point + 1, text.size - whole.size - 1);
    }
    if (!all_digits(whole) || !all_digits(part) || part.size > DECIMALS_MAX ||
        (point ? part.size == 0 : whole.size == 0)) {
        return OPTION_FAULT_FORM;
    }
    uint64_t seconds = 0;
    uint64_t nanoseconds = 0;
    if (whole.size > 0 && number_read(whole, &seconds) != OPTION_OK) {
        return OPTION_FAULT_RANGE;
    }
    for (size_t i = 0; i < DECIMALS_MAX; i++) {
        nanoseconds = nanoseconds * 10 + (i < part.size ? (uint64_t)(part.data[i] - '0') : 0);
    }
    if (seconds > (UINT64_MAX - nanoseconds) / NANOSECONDS_PER_SECOND) {
        return OPTION_FAULT_RANGE;
    }
    *value = seconds * NANOSECONDS_PER_SECOND + nanoseconds;
    return OPTION_OK;
}

// Units of sizes, each 1024 of the one before it.
static const char units[] = "BKMGTP";
#define UNIT_MAX 5

// Takes a unit off the text's end, K or KiB; returns its place in `units`, 0 if there is none.
static unsigned take_unit(struct bytes *text) {
    struct bytes rest = *text;
    if (rest.size > 2 && memcmp(rest.data + rest.size - 2, "iB", 2) == 0) {
        rest.size -= 2;
    }
    int letter = rest.size == 0 ? 0 : toupper(rest.data[rest.size - 1]);
    const char *unit = letter == 0 ? NULL : strchr(units + 1, letter);
    if (unit == NULL) {
        return 0;
    }
    *text = bytes_make(rest.data, rest.size - 1);
    return (unsigned)(unit - units);
}

static enum option_fault size_read(struct bytes text, uint64_t *value) {
    unsigned shift = 10 * take_unit(&text);
    enum option_fault fault = number_read(text, value);
    if (fault == OPTION_OK && *value > UINT64_MAX >> shift) {
        return OPTION_FAULT_RANGE;
    }
    *value <<= shift;
    return fault;
}

static enum option_fault choice_read(const char *choices, struct bytes text, uint64_t *value) {
    size_t count = choice_count(choices);
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal(choice_at(choices, i), text)) {
            *value = i;
            return OPTION_OK;
        }
    }
    return OPTION_FAULT_RANGE;
}

// A limit in the unit of the value, rounded to the nearest.
static uint64_t limit_value(const struct option_row *row, double limit) {
    long double scale = row->type == OPTION_DURATION ? NANOSECONDS_PER_SECOND : 1;
    long double value = (long double)limit * scale + 0.5L;
    return value >= (long double)UINT64_MAX ? UINT64_MAX : (uint64_t)value;
}

static enum option_fault flag_read(struct bytes text, uint64_t *value) {
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (bytes_equal(text, bytes_of_text(words[i]))) {
            *value = i % 2;
            return OPTION_OK;
        }
    }
    return OPTION_FAULT_FORM;
}

// The value as a number: of a text its length, of a choice its index.
static enum option_fault row_read(const struct option_row *row, struct bytes text,
                                  uint64_t *value) {
    *value = 0;
    switch (row->type) {
    case OPTION_FLAG:
        return flag_read(text, value);
    case OPTION_NUMBER:
        return number_read(text, value);
    case OPTION_DURATION:
        return duration_read(text, value);
    case OPTION_SIZE:
        return size_read(text, value);
    case OPTION_TEXT:
    case OPTION_LIST:
        *value = text.size;
        return OPTION_OK;
    case OPTION_CHOICE:
        return choice_read(row->choices, text, value);
    }
    return OPTION_FAULT_FORM;
}

static bool row_admits(const struct option_row *row, uint64_t value) {
    return row->type == OPTION_FLAG || row->type == OPTION_CHOICE ||
           (value >= limit_value(row, row->min) &&
            (row->max <= 0 || value <= limit_value(row, row->max)));
}

// Without a text the list is emptied.
static void list_store(void *place, const char *text) {
    struct option_list *list = place;
    if (text == NULL) {
        list->count = 0;
        return;
    }
    ASSERT(list->count < OPTION_LIST_MAX);
    list->items[list->count++] = text;
}

static bool is_full(const struct option_row *row, const void *values) {
    const void *place = (const uint8_t *)values + row->offset;
    return row->type == OPTION_LIST &&
           ((const struct option_list *)place)->count == OPTION_LIST_MAX;
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
    case OPTION_LIST:
        list_store(place, text);
        return;
    }
}

enum option_fault option_row_take(const struct option_row *row, const char *text, void *values) {
    uint64_t value = 0;
    text = row->type == OPTION_FLAG && text == NULL ? "yes" : text;
    enum option_fault fault = row_read(row, text ? bytes_of_text(text) : (struct bytes){0}, &value);
    if (fault == OPTION_OK && (!row_admits(row, value) || is_full(row, values))) {
        fault = OPTION_FAULT_RANGE;
    }
    if (fault == OPTION_OK) {
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

void option_row_check_program(const struct program *program) {
    ASSERT(program->option_count <= OPTIONS_MAX);
    for (size_t i = 0; i < option_row_count(program); i++) {
        const struct option_row *row = option_row_at(program, i);
        row_check(row);
        for (size_t j = 0; j < i; j++) {
            const struct option_row *other = option_row_at(program, j);
            ASSERT_MESSAGE(strcmp(row->name, other->name) != 0, row->name);
            ASSERT_MESSAGE(row->letter == 0 || row->letter != other->letter, row->name);
        }
    }
}

void option_row_set_presets(const struct program *program, void *values) {
    for (size_t i = 0; i < program->option_count; i++) {
        const struct option_row *row = &program->options[i];
        if (row->preset) {
            ASSERT_MESSAGE(option_row_take(row, row->preset, values) == OPTION_OK, row->name);
        } else {
            row_store(row, 0, NULL, values);
        }
    }
}

// ---- what a row demands, in words -----------------------------------------------------------

// Digits in groups of three; four of them are read without.
static void print_number(FILE *file, uint64_t number) {
    uint8_t digits[DECIMAL_DIGITS_MAX] = {0};
    size_t count = (size_t)(decimal_write(digits, number) - digits);
    for (size_t i = 0; i < count; i++) {
        bool is_group = count > 4 && i > 0 && (count - i) % 3 == 0;
        fprintf(file, "%s%c", is_group ? "," : "", digits[i]);
    }
}

// "64 KiB"; without a unit, 0, or what is no whole number of any.
static void print_size(FILE *file, uint64_t size) {
    unsigned unit = 0;
    while (unit < UNIT_MAX && size > 0 && size % 1024 == 0) {
        size /= 1024;
        unit++;
    }
    print_number(file, size);
    if (unit > 0) {
        fprintf(file, " %ciB", units[unit]);
    }
}

static bool has_unit(uint64_t size) {
    return size > 0 && size % 1024 == 0;
}

static void print_limit(FILE *file, const struct option_row *row, uint64_t limit) {
    if (row->type == OPTION_SIZE) {
        print_size(file, limit);
        return;
    }
    bool timed = row->type == OPTION_DURATION;
    print_number(file, timed ? limit / NANOSECONDS_PER_SECOND : limit);
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

static bool is_text(enum option_type type) {
    return type == OPTION_TEXT || type == OPTION_LIST;
}

// That of the number printed last, but for the units of sizes.
static void print_unit(FILE *file, const struct option_row *row, uint64_t number) {
    bool single = number == limit_value(row, 1);
    if (row->type == OPTION_DURATION) {
        fputs(single ? " second" : " seconds", file);
    } else if (is_text(row->type) || (row->type == OPTION_SIZE && !has_unit(number))) {
        fputs(single ? " byte" : " bytes", file);
    }
    if (is_text(row->type)) {
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
    uint64_t minimum = limit_value(row, row->min);
    uint64_t maximum = row->max > 0 ? limit_value(row, row->max) : UINT64_MAX;
    fputs("from ", file);
    print_limit(file, row, minimum);
    if (row->type == OPTION_SIZE && minimum > 0 && !has_unit(minimum) && has_unit(maximum)) {
        print_unit(file, row, minimum); // which is another one than that of the maximum
    }
    fputs(" to ", file);
    print_limit(file, row, maximum);
    print_unit(file, row, maximum);
}

static void print_minimum(FILE *file, const struct option_row *row) {
    uint64_t minimum = limit_value(row, row->min);
    fputs("at least ", file);
    print_limit(file, row, minimum);
    print_unit(file, row, minimum);
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
    } else if (row->min > (is_text(row->type) ? 1 : 0)) { // that a text is one goes unsaid
        print_minimum(file, row);
    }
}

static void print_default(FILE *file, const struct option_row *row) {
    uint64_t value = 0;
    enum option_fault fault = row_read(row, bytes_of_text(row->preset), &value);
    ASSERT(fault == OPTION_OK || row->type == OPTION_TEXT || row->type == OPTION_CHOICE);
    switch (row->type) {
    case OPTION_NUMBER:
    case OPTION_DURATION:
    case OPTION_SIZE:
        print_limit(file, row, value);
        if (row->type == OPTION_SIZE && value > 0) {
            print_unit(file, row, value);
        }
        break;
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_LIST:
    case OPTION_CHOICE:
        fputs(row->preset[0] == '\0' ? "empty" : row->preset, file);
        break;
    }
}

static FILE *open_text(char **text, size_t *size) {
    FILE *file = open_memstream(text, size);
    ASSERT(file != NULL);
    return file;
}

char *option_row_default(const struct option_row *row) {
    char *text = NULL;
    size_t size = 0;
    bool is_first_choice = row->preset == NULL && row->type == OPTION_CHOICE;
    if (row->preset == NULL && !is_first_choice) {
        return NULL;
    }
    FILE *file = open_text(&text, &size);
    if (is_first_choice) {
        struct bytes choice = choice_at(row->choices, 0);
        fwrite(choice.data, 1, choice.size, file);
    } else {
        print_default(file, row);
    }
    fclose(file);
    return text;
}

char *option_row_rule(const struct option_row *row, bool whole) {
    char *rule = NULL;
    size_t size = 0;
    FILE *file = open_text(&rule, &size);
    print_rule(file, row, whole);
    fclose(file);
    ASSERT(rule);
    return rule;
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
        return "neither yes nor no, ";
    case OPTION_TEXT:
    case OPTION_LIST:
    case OPTION_CHOICE:
        return "";
    }
    return "";
}

char *option_row_fault(const struct option_row *row, enum option_fault fault) {
    char *text = NULL;
    size_t size = 0;
    char *rule = option_row_rule(row, !is_text(row->type));
    FILE *file = open_text(&text, &size);
    fprintf(file, "%smust %s%s", fault == OPTION_FAULT_FORM ? form_wanted(row->type) : "",
            row->type == OPTION_FLAG ? "be one of them"
            : rule[0] == '\0'        ? "not be empty"
                                     : "be ",
            rule);
    fclose(file);
    free(rule);
    ASSERT(text);
    return text;
}
