// Input: a file of options. What can be read is printed, and what was printed says the same when it
// is read again.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/options/option_config.h"
#include "shell/options/option_row.h"
#include "shell/options/option_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct settings {
    bool quiet;
    int colour;
    uint64_t count;
    uint64_t wait;
    uint64_t memory;
    const char *mqtt;
    struct option_list rules;
};

#define AT(member) .offset = offsetof(struct settings, member), .help = "Help."

static const struct option_row rows[] = {
    {.name = "quiet", .type = OPTION_FLAG, AT(quiet)},
    {.name = "colour", .type = OPTION_CHOICE, .argument = "C", .choices = "red|blue", AT(colour)},
    {.name = "count", .type = OPTION_NUMBER, .argument = "N", .max = 99, AT(count)},
    {.name = "wait", .type = OPTION_DURATION, .argument = "S", AT(wait)},
    {.name = "memory", .type = OPTION_SIZE, .argument = "B", AT(memory)},
    {.name = "mqtt", .type = OPTION_TEXT, .argument = "P", AT(mqtt)},
    {.name = "rule", .type = OPTION_LIST, .argument = "R", AT(rules)},
};

static const struct program program = {.name = "lamp",
                                       .options = rows,
                                       .option_count = sizeof rows / sizeof *rows,
                                       .environment = "CONFIG_FUZZ_"};

static char path[64];

static void remove_file(void) {
    (void)unlink(path);
}

static bool read_options(struct bytes content, struct settings *settings) {
    if (path[0] == '\0') {
        (void)snprintf(path, sizeof path, "/tmp/mqttsim-fuzz-XXXXXX");
        int made = mkstemp(path);
        ASSERT(made >= 0 && close(made) == 0);
        atexit(remove_file);
    }
    FILE *file = fopen(path, "w");
    ASSERT(file != NULL && fwrite(content.data, 1, content.size, file) == content.size);
    (void)fclose(file);
    char *said = NULL;
    size_t size = 0;
    FILE *err = open_memstream(&said, &size);
    const struct option_source source = {&program, "lamp", settings, err};
    option_row_set_presets(&program, settings);
    bool is_good = option_source_file(&source, path);
    (void)fclose(err);
    ASSERT(is_good == (size == 0)); // each mistake is told
    free(said);
    return is_good;
}

static char *print(const struct settings *settings) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    option_config_print(&program, settings, out);
    (void)fclose(out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct settings settings = {0};
    if (read_options(bytes_make(data, size), &settings)) {
        char *first = print(&settings);
        ASSERT(read_options(bytes_of_text(first), &settings));
        char *again = print(&settings);
        ASSERT(strcmp(first, again) == 0);
        free(first);
        free(again);
    }
    return 0;
}
