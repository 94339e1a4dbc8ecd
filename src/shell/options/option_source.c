#include "shell/options/option_source.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/word_distance.h"
#include "scenario/yaml.h"
#include "shell/options/option_row.h"

// One file on its way into the values.
struct reading {
    const struct option_source *source;
    const char *path;
    unsigned faults;
    bool is_seen[OPTION_ROWS_MAX];
};

// The texts that values point to.
static struct kept_text {
    struct kept_text *next;
    char text[];
} * kept_texts;

static const char *keep(struct bytes text) {
    struct kept_text *kept = malloc(sizeof *kept + text.size + 1);
    ASSERT_MESSAGE(kept != NULL, "out of memory");
    if (text.size > 0) {
        memcpy(kept->text, text.data, text.size);
    }
    kept->text[text.size] = '\0';
    kept->next = kept_texts;
    kept_texts = kept;
    return kept->text;
}

bool option_source_has(const struct option_row *row) {
    return !row->is_action && !option_row_is_builtin(row);
}

// The place of the row in the table; -1: there is none that may stand there.
static int find_row(const struct program *program, struct bytes name) {
    for (size_t i = 0; i < program->option_count; i++) {
        const struct option_row *row = &program->options[i];
        if (option_source_has(row) && bytes_equal(bytes_of_text(row->name), name)) {
            return (int)i;
        }
    }
    return -1;
}

// ---- a file ---------------------------------------------------------------------------------

static void complain(struct reading *reading, const struct yaml_node *at, struct bytes key,
                     const char *what) {
    const struct option_source *source = reading->source;
    if (reading->faults++ < OPTION_SOURCE_FAULTS_MAX) {
        fprintf(source->err, "%s: %s:%u:%u: %.*s%s%s\n", source->called, reading->path, at->line,
                at->column, (int)key.size, (const char *)key.data, key.size > 0 ? ": " : "", what);
    }
}

static void complain_of_key(struct reading *reading, const struct yaml_node *key) {
    const struct program *program = reading->source->program;
    struct word_nearest nearest;
    char what[128];
    word_nearest_init(&nearest, key->text);
    for (size_t i = 0; i < program->option_count; i++) {
        if (option_source_has(&program->options[i])) {
            word_nearest_try(&nearest, bytes_of_text(program->options[i].name));
        }
    }
    if (nearest.word.data == NULL) {
        (void)snprintf(what, sizeof what, "no such key; %s --print-config shows all",
                       program->name);
    } else {
        (void)snprintf(what, sizeof what, "no such key, perhaps %.*s is meant",
                       (int)nearest.word.size, (const char *)nearest.word.data);
    }
    complain(reading, key, key->text, what);
}

static void take_scalar(struct reading *reading, const struct option_row *row,
                        const struct yaml_node *value) {
    if (value->text.size > 0 && memchr(value->text.data, 0, value->text.size) != NULL) {
        complain(reading, value, bytes_of_text(row->name), "holds a zero byte");
        return;
    }
    enum option_fault fault = option_row_take(row, keep(value->text), reading->source->values);
    if (fault != OPTION_OK) {
        char *what = option_row_fault(row, fault);
        complain(reading, value, bytes_of_text(row->name), what);
        free(what);
    }
}

static void take_value(struct reading *reading, const struct option_row *row,
                       const struct yaml_node *value) {
    bool may_be_list = row->type == OPTION_LIST;
    if (value->kind == YAML_SCALAR) {
        if (value->text.size > 0 || value->is_quoted) {
            take_scalar(reading, row, value);
        }
        return;
    }
    if (value->kind != YAML_LIST || !may_be_list) {
        complain(reading, value, bytes_of_text(row->name),
                 may_be_list ? "takes a value or a list of them" : "takes one value");
        return;
    }
    for (const struct yaml_node *item = value->first; item != NULL; item = item->next) {
        if (item->kind == YAML_SCALAR) {
            take_scalar(reading, row, item);
        } else {
            complain(reading, item, bytes_of_text(row->name), "takes a list of single values");
        }
    }
}

static void take_pair(struct reading *reading, const struct yaml_node *value) {
    const struct program *program = reading->source->program;
    int place = find_row(program, value->key->text);
    if (place < 0) {
        complain_of_key(reading, value->key);
    } else if (reading->is_seen[place]) {
        complain(reading, value->key, value->key->text, "stands there twice");
    } else {
        reading->is_seen[place] = true;
        take_value(reading, &program->options[place], value);
    }
}

static void take_all(struct reading *reading, const struct yaml_node *root) {
    if (root == NULL) {
        return; // nothing but comments
    }
    if (root->kind != YAML_MAP) {
        complain(reading, root, (struct bytes){0}, "has to be lines of KEY: VALUE");
        return;
    }
    for (const struct yaml_node *value = root->first; value != NULL; value = value->next) {
        take_pair(reading, value);
    }
    if (reading->faults > OPTION_SOURCE_FAULTS_MAX) {
        fprintf(reading->source->err, "%s: %s: and %u more mistakes\n", reading->source->called,
                reading->path, reading->faults - OPTION_SOURCE_FAULTS_MAX);
    }
}

static void parse(struct reading *reading, struct bytes text) {
    struct memory memory;
    struct arena arena;
    struct yaml_error error = {0};
    memory_init(&memory);
    arena_init(&arena, &memory);
    const struct yaml_node *root = yaml_read(&arena, text, &error);
    if (root == NULL && error.text[0] != '\0') {
        struct yaml_node at = {.line = error.line, .column = error.column};
        complain(reading, &at, (struct bytes){0}, error.text);
    } else {
        take_all(reading, root);
    }
    arena_deinit(&arena);
}

// At most one byte more than may be; -1 with errno set.
static ssize_t read_bytes(const char *path, char *text, size_t room) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -1;
    }
    size_t size = fread(text, 1, room, file);
    int error = ferror(file) ? errno : size > YAML_BYTES_MAX ? EFBIG : 0;
    (void)fclose(file);
    errno = error;
    return error == 0 ? (ssize_t)size : -1;
}

bool option_source_file(const struct option_source *source, const char *path) {
    struct reading reading = {.source = source, .path = path};
    char *text = malloc(YAML_BYTES_MAX + 1);
    ASSERT_MESSAGE(text != NULL, "out of memory");
    ssize_t size = read_bytes(path, text, YAML_BYTES_MAX + 1);
    if (size < 0) {
        fprintf(source->err, "%s: --config %s: %s\n", source->called, path, strerror(errno));
    } else {
        parse(&reading, bytes_make(text, (size_t)size));
    }
    free(text);
    return size >= 0 && reading.faults == 0;
}

// ---- the environment ------------------------------------------------------------------------

void option_source_variable(const struct program *program, const struct option_row *row,
                            char name[static OPTION_VARIABLE_SIZE]) {
    int size = snprintf(name, OPTION_VARIABLE_SIZE, "%s%s", program->environment, row->name);
    ASSERT(size > 0 && size < OPTION_VARIABLE_SIZE);
    for (char *at = name; *at != '\0'; at++) {
        *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
    }
}

// Whether a variable is that of a row; --config has one too, which is read before.
static const struct option_row *row_of_variable(const struct program *program,
                                                struct bytes variable) {
    char name[OPTION_VARIABLE_SIZE];
    for (size_t i = 0; i < option_row_count(program); i++) {
        const struct option_row *row = option_row_at(program, i);
        bool may = option_source_has(row) || strcmp(row->name, "config") == 0;
        option_source_variable(program, row, name);
        if (may && bytes_equal(variable, bytes_of_text(name))) {
            return row;
        }
    }
    return NULL;
}

static void complain_of_variable(const struct option_source *source, struct bytes variable) {
    const struct program *program = source->program;
    char name[OPTION_VARIABLE_SIZE];
    char near[OPTION_VARIABLE_SIZE] = "";
    size_t prefix = strlen(program->environment);
    struct word_nearest nearest;
    word_nearest_init(&nearest, bytes_make(variable.data + prefix, variable.size - prefix));
    for (size_t i = 0; i < program->option_count; i++) {
        option_source_variable(program, &program->options[i], name);
        unsigned before = nearest.distance;
        word_nearest_try(&nearest, bytes_of_text(name + prefix));
        if (nearest.word.data != NULL && (near[0] == '\0' || nearest.distance < before)) {
            memcpy(near, name, sizeof near);
        }
    }
    fprintf(source->err, "%s: %.*s: there is no such variable%s%s%s\n", source->called,
            (int)variable.size, (const char *)variable.data, near[0] == '\0' ? "" : ", perhaps ",
            near, near[0] == '\0' ? "" : " is meant");
}

// `entry` is NAME=VALUE; false after a message.
static bool take_variable(const struct option_source *source, const char *entry) {
    const char *equals = strchr(entry, '=');
    struct bytes variable = bytes_make(entry, (size_t)(equals - entry));
    const struct option_row *row = row_of_variable(source->program, variable);
    if (row == NULL) {
        complain_of_variable(source, variable);
        return false;
    }
    if (option_row_is_builtin(row) || equals[1] == '\0') {
        return true;
    }
    enum option_fault fault = option_row_take(row, equals + 1, source->values);
    if (fault != OPTION_OK) {
        char *what = option_row_fault(row, fault);
        fprintf(source->err, "%s: %s: %s\n", source->called, entry, what);
        free(what);
    }
    return fault == OPTION_OK;
}

bool option_source_environment(const struct option_source *source) {
    const char *prefix = source->program->environment;
    bool is_right = true;
    for (char **entry = environ; *entry != NULL; entry++) {
        if (strncmp(*entry, prefix, strlen(prefix)) == 0 && strchr(*entry, '=') != NULL) {
            is_right = take_variable(source, *entry) && is_right;
        }
    }
    return is_right;
}
