#include "shell/options/option_completion.h"

#include "base/bytes.h"
#include "shell/options/option_row.h"

#define PREFIX "mqttsim-" // before the names of programs, once they are installed

// ---- what a row is to a shell -----------------------------------------------------------------

static bool wants_file(const struct option_row *row) {
    return row->argument != NULL && strcmp(row->argument, "FILE") == 0;
}

// The first sentence of its help, without the full stop.
static struct bytes summary_of(const struct option_row *row) {
    const char *end = strstr(row->help, ". ");
    size_t size = end != NULL ? (size_t)(end - row->help) : strlen(row->help);
    size -= size > 0 && row->help[size - 1] == '.';
    return bytes_make(row->help, size);
}

static bool takes_files(const struct program *program) {
    return strstr(program->synopsis, "FILE") != NULL;
}

// Within '...' of any shell; each of `special` behind a backslash.
static void put_quoted(FILE *out, struct bytes text, const char *special) {
    for (size_t i = 0; i < text.size; i++) {
        char letter = (char)text.data[i];
        if (letter == '\'') {
            fputs("'\\''", out);
        } else {
            fprintf(out, "%s%c", letter != '\0' && strchr(special, letter) != NULL ? "\\" : "",
                    letter);
        }
    }
}

static void put_choices(FILE *out, const char *choices) {
    for (const char *at = choices; *at != '\0'; at++) {
        fputc(*at == '|' ? ' ' : *at, out);
    }
}

// ---- bash -------------------------------------------------------------------------------------

static void bash_value(const struct option_row *row, FILE *out) {
    if (row->argument == NULL) {
        return;
    }
    fprintf(out, "    --%s", row->name);
    if (row->letter != 0) {
        fprintf(out, " | -%c", row->letter);
    }
    if (row->choices != NULL) {
        fputs(") COMPREPLY=($(compgen -W '", out);
        put_choices(out, row->choices);
        fputs("' -- \"$cur\")); return ;;\n", out);
    } else {
        fputs(wants_file(row) ? ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
                              : ") return ;;\n",
              out);
    }
}

static void write_bash(const struct program *program, FILE *out) {
    fprintf(out,
            "_mqttsim_%s() {\n    local cur=${COMP_WORDS[COMP_CWORD]}\n"
            "    compopt -o filenames 2>/dev/null\n    COMPREPLY=()\n"
            "    case ${COMP_WORDS[COMP_CWORD - 1]} in\n",
            program->name);
    for (size_t i = 0; i < option_row_count(program); i++) {
        bash_value(option_row_at(program, i), out);
    }
    fputs("    esac\n    case $cur in\n    -*) COMPREPLY=($(compgen -W '", out);
    for (size_t i = 0; i < option_row_count(program); i++) {
        fprintf(out, "%s--%s", i == 0 ? "" : " ", option_row_at(program, i)->name);
    }
    fputs("' -- \"$cur\")) ;;\n", out);
    if (takes_files(program)) {
        fputs("    *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n", out);
    }
    fprintf(out, "    esac\n}\ncomplete -F _mqttsim_%s " PREFIX "%s\n", program->name,
            program->name);
}

// ---- zsh --------------------------------------------------------------------------------------

static void zsh_row(const struct option_row *row, FILE *out) {
    if (row->letter != 0) {
        fprintf(out, "    '(-%c --%s)'{-%c,--%s}'[", row->letter, row->name, row->letter,
                row->name);
    } else {
        fprintf(out, "    '--%s[", row->name);
    }
    put_quoted(out, summary_of(row), "[]:\\");
    fputc(']', out);
    if (row->argument != NULL) {
        fprintf(out, ":%s:", row->argument);
        if (row->choices != NULL) {
            fputc('(', out);
            put_choices(out, row->choices);
            fputc(')', out);
        } else {
            fputs(wants_file(row) ? "_files" : " ", out);
        }
    }
    fputs("' \\\n", out);
}

static void write_zsh(const struct program *program, FILE *out) {
    fprintf(out, "#compdef " PREFIX "%s\n_arguments -s \\\n", program->name);
    for (size_t i = 0; i < option_row_count(program); i++) {
        zsh_row(option_row_at(program, i), out);
    }
    fputs(takes_files(program) ? "    '*:FILE:_files'\n" : "    && return 0\n", out);
}

// ---- fish -------------------------------------------------------------------------------------

static void fish_row(const struct program *program, const struct option_row *row, FILE *out) {
    fprintf(out, "complete -c " PREFIX "%s -l %s", program->name, row->name);
    if (row->letter != 0) {
        fprintf(out, " -s %c", row->letter);
    }
    if (row->argument != NULL) {
        fputs(wants_file(row) ? " -r -F" : " -x", out);
    }
    if (row->choices != NULL) {
        fputs(" -a '", out);
        put_choices(out, row->choices);
        fputc('\'', out);
    }
    fputs(" -d '", out);
    struct bytes summary = summary_of(row);
    for (size_t i = 0; i < summary.size; i++) { // here a backslash escapes within quotes
        bool is_special = summary.data[i] == '\'' || summary.data[i] == '\\';
        fprintf(out, "%s%c", is_special ? "\\" : "", summary.data[i]);
    }
    fputs("'\n", out);
}

static void write_fish(const struct program *program, FILE *out) {
    if (!takes_files(program)) {
        fprintf(out, "complete -c " PREFIX "%s -f\n", program->name);
    }
    for (size_t i = 0; i < option_row_count(program); i++) {
        fish_row(program, option_row_at(program, i), out);
    }
}

bool option_completion_write(const struct program *program, const char *shell, FILE *out) {
    static const struct {
        const char *shell;
        void (*write)(const struct program *program, FILE *out);
    } writers[] = {{"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        if (strcmp(shell, writers[i].shell) == 0) {
            writers[i].write(program, out);
            return true;
        }
    }
    return false;
}
