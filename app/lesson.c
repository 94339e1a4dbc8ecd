// The program lesson: its options and their way into the lesson session.
#include <stdlib.h>
#include <unistd.h>

#include "session/lesson/lesson_session.h"
#include "session/line/common_options.h"
#include "shell/printable.h"

struct options {
    const char *folder;
    uint64_t timeout;
    const char *web;
    int colour;
    bool check;
};

enum colour_choice {
    COLOUR_AUTO,
    COLOUR_ALWAYS,
    COLOUR_NEVER,
};

static const struct option_row rows[] = {
    {.name = "check",
     .type = OPTION_FLAG,
     .offset = offsetof(struct options, check),
     .help = "Play all lessons, or those named, unattended and without printing them; fail if "
             "what a lesson expects does not come, or a screen does not fit a terminal of 80 "
             "columns and 24 rows."},
    {.name = "web",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, web),
     .argument = "[HOST:]PORT",
     .min = 1,
     .help = "Play the lesson in a page of a browser, with its questions, beside its packets; port "
             "0 takes any that is free, and the link is printed. docs/web.md tells what is in it."},
    {.name = "lessons",
     .type = OPTION_TEXT,
     .offset = offsetof(struct options, folder),
     .argument = "FOLDER",
     .min = 1,
     .help = "The folder of lessons, files NUMBER-NAME.lesson. Without it, those that belong to "
             "this program."},
    {.name = "timeout",
     .letter = 't',
     .type = OPTION_DURATION,
     .offset = offsetof(struct options, timeout),
     .argument = "SECONDS",
     .preset = "30",
     .min = 0.1,
     .max = 3600,
     .help = "How long to wait for what a lesson expects of a program."},
    {.name = "color",
     .letter = 'c',
     .type = OPTION_CHOICE,
     .offset = offsetof(struct options, colour),
     .argument = "WHEN",
     .choices = "auto|always|never",
     .preset = "auto",
     .help = "When to colour: auto does on a terminal, unless NO_COLOR is set."},
};

static const struct option_section sections[] = {
    {"Description",
     "Without LESSON, lists the lessons there are. With numbers or names of lessons, or files, "
     "plays them: each starts real programs in a folder of its own, types into them and shows what "
     "they print. On a terminal it waits for Enter after each screen, asks for a guess before "
     "each experiment, and at the end lets you type to the programs. Otherwise it plays straight "
     "through.\n\n"
     "A lesson starts only the programs that lie beside this one, and no shell. But those programs "
     "can write files: read a lesson of a stranger before you play it."},
    {"Exit status", "  0  every lesson was played, or its user left it\n"
                    "  1  what a lesson expects did not come, or a lesson is wrong\n"
                    "  2  an option is wrong\n"
                    "  3  there is no folder of lessons"},
    {"Examples", "  lesson\n"
                 "  lesson 1\n"
                 "  lesson retained\n"
                 "  lesson --web 8080 3\n"
                 "  lesson --check\n"
                 "  lesson --check my.lesson"},
};

static const struct program program = {
    .name = "lesson",
    .summary = "lessons about MQTT, with real programs to watch and to type to",
    .synopsis = "[OPTION]... [LESSON]...",
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
};

static bool is_coloured(int choice) {
    const char *unwanted = getenv("NO_COLOR");
    return choice == COLOUR_ALWAYS || (choice == COLOUR_AUTO && isatty(STDOUT_FILENO) &&
                                       (unwanted == NULL || unwanted[0] == '\0'));
}

int main(int argc, char **argv) {
    struct options options = {0};
    struct common_start start = {.takes_operands = true};
    if (!common_parse_operands(&program, argc, argv, &options, &start)) {
        return start.exit_code;
    }
    if (options.web != NULL && (options.check || argc - start.first_operand != 1)) {
        printable_complain("lesson: --web: a page plays one lesson, and checks none; see lesson "
                           "--help\n");
        return PROGRAM_USAGE;
    }
    return lesson_session_run(&(struct lesson_session_options){
        .folder = options.folder,
        .wanted = (const char *const *)argv + start.first_operand,
        .wanted_count = (size_t)(argc - start.first_operand),
        .check = options.check,
        .web = options.web,
        .coloured = is_coloured(options.colour),
        .timeout = options.timeout,
    });
}
