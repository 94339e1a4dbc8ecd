// Command lines from tables: messages, and the parser over getopt_long. See option_row.c for values
// and option_page.c for --help and --man.
#include "shell/options/options.h"

#include "base/assert.h"
#include "base/word_distance.h"
#include "shell/options/option_completion.h"
#include "shell/options/option_config.h"
#include "shell/options/option_page.h"
#include "shell/options/option_row.h"
#include "shell/options/option_source.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>

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

static enum options_result complain_of_value(const struct parse *parse,
                                             const struct option_row *row, const char *text,
                                             enum option_fault fault) {
    char *what = option_row_fault(row, fault);
    complain(parse, "--%s %s: %s", row->name, text[0] == '\0' ? "''" : text, what);
    free(what);
    return OPTIONS_WRONG;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

// The row whose name is nearest to the one typed, NULL when none is near enough to be meant.
static const struct option_row *nearest_row(const struct program *program, struct bytes typed) {
    const struct option_row *nearest = NULL;
    size_t best = typed.size < 3 ? 1 : 2 + typed.size / 5;
    if (typed.size > WORD_DISTANCE_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < option_row_count(program); i++) {
        const struct option_row *row = option_row_at(program, i);
        size_t distance = word_distance(typed, bytes_of_text(row->name));
        if (distance < best) {
            best = distance;
            nearest = row;
        }
    }
    return nearest;
}

static size_t rows_beginning_with(const struct program *program, struct bytes start, FILE *list) {
    size_t count = 0;
    for (size_t i = 0; i < option_row_count(program); i++) {
        const struct option_row *row = option_row_at(program, i);
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

static enum options_result flush_shown(const struct parse *parse) {
    if (fflush(parse->out) != 0 || ferror(parse->out)) {
        fprintf(parse->err, "%s: cannot write the output: %s\n", parse->called, strerror(errno));
        return OPTIONS_WRONG;
    }
    return OPTIONS_SHOWN;
}

static enum options_result show(const struct parse *parse, const struct option_row *builtin) {
    errno = 0;
    if (strcmp(builtin->name, "help") == 0) {
        option_page_help(parse->program, parse->called, parse->out);
    } else if (strcmp(builtin->name, "man") == 0) {
        option_page_manual(parse->program, parse->out);
    } else if (strcmp(builtin->name, "completion") == 0) {
        if (!option_completion_write(parse->program, optarg, parse->out)) {
            return complain_of_value(parse, builtin, optarg, OPTION_FAULT_FORM);
        }
    } else if (strcmp(builtin->name, "config-schema") == 0) {
        option_config_schema(parse->program, parse->out);
    } else {
        fprintf(parse->out, "%s %s\n", parse->called, MQTTSIM_VERSION);
    }
    return flush_shown(parse);
}

// ---- the parser -----------------------------------------------------------------------------

#define CODE_OF_ROW 256 // what getopt_long returns for a long name: this plus the row's index

struct getopt_tables {
    struct option names[OPTION_ROWS_MAX + 1];
    char letters[1 + 2 * OPTION_ROWS_MAX + 1];
};

static void tables_build(struct getopt_tables *tables, const struct program *program) {
    char *letter = tables->letters;
    *letter++ = ':'; // tell a missing argument from an unknown option
    for (size_t i = 0; i < option_row_count(program); i++) {
        const struct option_row *row = option_row_at(program, i);
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
    tables->names[option_row_count(program)] = (struct option){0};
}

// NULL if the code is a letter that no row has.
static const struct option_row *row_of_code(const struct program *program, int code) {
    if (code >= CODE_OF_ROW) {
        return option_row_at(program, (size_t)(code - CODE_OF_ROW));
    }
    for (size_t i = 0; i < option_row_count(program); i++) {
        const struct option_row *row = option_row_at(program, i);
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

static bool is_of_config(const struct option_row *row) {
    return option_row_is_builtin(row) &&
           (strcmp(row->name, "config") == 0 || strcmp(row->name, "print-config") == 0);
}

static enum options_result take(const struct parse *parse, int code, char **argv) {
    if (code == '?' || code == ':') {
        return refuse(parse, code, argv);
    }
    const struct option_row *row = row_of_code(parse->program, code);
    ASSERT(row);
    if (is_of_config(row)) {
        return OPTIONS_RUN; // it was read before all others, or is printed behind them
    }
    if (option_row_is_builtin(row)) {
        return show(parse, row);
    }
    enum option_fault fault = option_row_take(row, optarg, parse->values);
    return fault == OPTION_OK ? OPTIONS_RUN : complain_of_value(parse, row, optarg, fault);
}

static const char *called_as(const struct program *program, int argc, char **argv) {
    const char *path = argc > 0 && argv[0] ? argv[0] : program->name;
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// What argv says of files of options, which are read before it.
struct config_words {
    const char *file; // NULL: none
    bool is_to_be_printed;
};

static struct config_words find_config(const struct parse *parse,
                                       const struct getopt_tables *tables, int argc, char **argv) {
    struct config_words words = {0};
    char variable[OPTION_VARIABLE_SIZE];
    int code;
    optind = 0;
    while ((code = getopt_long(argc, argv, tables->letters, tables->names, NULL)) != -1) {
        const struct option_row *row =
            code == '?' || code == ':' ? NULL : row_of_code(parse->program, code);
        if (row != NULL && is_of_config(row)) {
            words.file = row->argument != NULL ? optarg : words.file;
            words.is_to_be_printed = words.is_to_be_printed || row->argument == NULL;
        }
    }
    (void)snprintf(variable, sizeof variable, "%sCONFIG", parse->program->environment);
    words.file = words.file == NULL ? getenv(variable) : words.file;
    return words;
}

static bool read_sources(const struct parse *parse, const struct config_words *words) {
    const struct option_source source = {parse->program, parse->called, parse->values, parse->err};
    bool is_right =
        words->file == NULL || words->file[0] == '\0' || option_source_file(&source, words->file);
    return option_source_environment(&source) && is_right;
}

static enum options_result parse_words(const struct parse *parse,
                                       const struct getopt_tables *tables, int argc, char **argv) {
    int code;
    optind = 0; // glibc: begin anew, whatever was parsed before
    while ((code = getopt_long(argc, argv, tables->letters, tables->names, NULL)) != -1) {
        enum options_result result = take(parse, code, argv);
        if (result != OPTIONS_RUN) {
            return result;
        }
    }
    return OPTIONS_RUN;
}

// Seven parameters: main's two, the program's two, and where to answer. A struct for one call in
// each main would only rename them.
enum options_result options_parse(const struct program *program, int argc, char **argv,
                                  void *values, int *first_operand, FILE *out, FILE *err) {
    struct parse parse = {program, called_as(program, argc, argv), values, out, err};
    struct config_words words = {0};
    struct getopt_tables tables;
    option_row_check_program(program);
    option_row_set_presets(program, values);
    tables_build(&tables, program);
    opterr = 0;
    if (program->environment != NULL) {
        words = find_config(&parse, &tables, argc, argv);
    }
    bool is_read = program->environment == NULL || read_sources(&parse, &words);
    enum options_result result = parse_words(&parse, &tables, argc, argv);
    if (result != OPTIONS_RUN || !is_read) {
        return result != OPTIONS_RUN ? result : OPTIONS_UNUSABLE;
    }
    if (first_operand) {
        *first_operand = optind;
    } else if (optind < argc) {
        return complain(&parse, "%s: takes no operands", argv[optind]);
    }
    if (words.is_to_be_printed) {
        option_config_print(program, values, out);
        return flush_shown(&parse);
    }
    return OPTIONS_RUN;
}
