#include "session/line/common_options.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "shell/terminal/console.h"
#include "shell/printable.h"

// What is said about the arguments may quote them, so it goes through the door of texts.
static enum options_result parse(const struct program *program, int argc, char **argv,
                                 void *options, int *first_operand) {
    struct memory memory;
    struct buffer page;
    char *said = NULL;
    size_t size = 0;
    FILE *err = open_memstream(&said, &size);
    ASSERT_MESSAGE(err != NULL, "out of memory");
    enum options_result result =
        options_parse(program, argc, argv, options, first_operand, stdout, err);
    (void)fclose(err);
    memory_init(&memory);
    buffer_init(&page, &memory);
    printable_append_page(&page, bytes_make(said, size));
    (void)fwrite(page.data, 1, page.size, stderr);
    buffer_deinit(&page);
    free(said);
    return result;
}

bool common_parse_operands(const struct program *program, int argc, char **argv, void *options,
                           struct common_start *start) {
    console_fill_streams(); // before any file of ours takes their numbers
    switch (
        parse(program, argc, argv, options, start->takes_operands ? &start->first_operand : NULL)) {
    case OPTIONS_RUN:
        return true;
    case OPTIONS_SHOWN:
        start->exit_code = PROGRAM_OK;
        return false;
    case OPTIONS_UNUSABLE:
        start->exit_code = PROGRAM_UNUSABLE;
        return false;
    case OPTIONS_WRONG:
        break;
    }
    start->exit_code = PROGRAM_USAGE;
    return false;
}

bool common_parse(const struct program *program, int argc, char **argv, void *options,
                  int *exit_code) {
    struct common_start start = {.exit_code = *exit_code};
    bool runs = common_parse_operands(program, argc, argv, options, &start);
    *exit_code = start.exit_code;
    return runs;
}

struct option_section common_commands_section(char text[static COMMON_COMMANDS_SIZE],
                                              const struct command_table *commands,
                                              const char *remark) {
    struct memory memory;
    struct buffer help;
    memory_init(&memory);
    buffer_init(&help, &memory);
    command_help(commands, NULL, &help);
    int size = snprintf(text, COMMON_COMMANDS_SIZE, "%.*s\n\n%s", (int)help.size,
                        (const char *)help.data, remark);
    ASSERT(size > 0 && size < COMMON_COMMANDS_SIZE);
    buffer_deinit(&help);
    return (struct option_section){"Commands", text};
}

struct bytes common_name(const struct common_device_options *options) {
    return options->name != NULL ? bytes_of_text(options->name) : (struct bytes){0};
}

const char *common_suite_name(const struct common_device_options *options) {
    static const char *const names[] = {
        [SUITE_CLASSIC] = "classic",
        [SUITE_SODIUM] = "sodium",
        [SUITE_ANY] = "any",
    };
    return names[options->suite];
}
