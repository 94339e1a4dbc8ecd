#include "session/common_options.h"

#include "base/assert.h"

bool common_parse(const struct program *program, int argc, char **argv, void *options,
                  int *exit_code) {
    switch (options_parse(program, argc, argv, options, NULL, stdout, stderr)) {
    case OPTIONS_RUN:
        return true;
    case OPTIONS_SHOWN:
        *exit_code = SESSION_OK;
        return false;
    case OPTIONS_WRONG:
        break;
    }
    *exit_code = SESSION_USAGE;
    return false;
}

struct option_section common_commands_section(char text[static COMMON_COMMANDS_SIZE],
                                              const struct command_table *commands,
                                              const char *remark) {
    struct memory memory;
    struct buffer help;
    memory_init(&memory);
    buffer_init(&help, &memory);
    command_help(commands, &help);
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
