// The rows and texts that the option tables of all programs share.
#ifndef SESSION_LINE_COMMON_OPTIONS_H
#define SESSION_LINE_COMMON_OPTIONS_H

#include "role/line/connection.h"
#include "shell/options/options.h"
#include "session/line/session.h"

// What brokers and clients have in common beside the session.
struct common_device_options {
    const char *name;
    int suite; // enum suite_policy
    uint64_t connections;
    uint64_t subscriptions;
    uint64_t devices;
    uint64_t entries;
    uint64_t entry_bytes;
};

// The start of every program: standard streams that are closed are filled, and the arguments parsed
// into `options`. True: go on; false: end with *exit_code.
bool common_parse(const struct program *program, int argc, char **argv, void *options,
                  int *exit_code);

// Likewise for a program that may take operands.
struct common_start {
    bool takes_operands;
    int first_operand; // in argv
    int exit_code;
};
bool common_parse_operands(const struct program *program, int argc, char **argv, void *options,
                           struct common_start *start);

#define COMMON_COMMANDS_SIZE 4096

// The chapter "Commands" of the manual, from the table of commands, with a remark below it; written
// to `text`.
struct option_section common_commands_section(char text[static COMMON_COMMANDS_SIZE],
                                              const struct command_table *commands,
                                              const char *remark);

struct bytes common_name(const struct common_device_options *options);
const char *common_suite_name(const struct common_device_options *options);

// `holder` is the program's options struct; its member `member` is a struct session_options.
#define COMMON_NETWORK_ROWS(holder, member)                                                \
    {.name = "network",                                                                    \
     .letter = 'n',                                                                        \
     .type = OPTION_TEXT,                                                                  \
     .offset = offsetof(holder, member.network),                                           \
     .argument = "FILE",                                                                   \
     .preset = "network",                                                                  \
     .min = 1,                                                                             \
     .help = "The file that devices of one network share."},                               \
    {                                                                                      \
        .name = "address", .letter = 'a', .type = OPTION_NUMBER,                           \
        .offset = offsetof(holder, member.address), .argument = "N", .min = 1, .max = 999, \
        .help = "The address to take. Without it, any that is free."                       \
    }

#define COMMON_LOG_ROWS(holder, member)                                                         \
    {.name = "log-level",                                                                       \
     .type = OPTION_CHOICE,                                                                     \
     .offset = offsetof(holder, member.log.level),                                              \
     .argument = "LEVEL",                                                                       \
     .choices = LOG_LEVEL_CHOICES,                                                              \
     .preset = "debug",                                                                         \
     .group = "Log",                                                                            \
     .help = "Say only what is as urgent as this: debug is everything, info leaves out single " \
             "subscriptions, notice what peers do rightly, warning all but what is lost."},     \
        {.name = "log-file",                                                                    \
         .type = OPTION_TEXT,                                                                   \
         .offset = offsetof(holder, member.log.file),                                           \
         .argument = "FILE",                                                                    \
         .min = 1,                                                                              \
         .group = "Log",                                                                        \
         .help = "Append to FILE, with time and level, what goes to standard error otherwise. " \
                 "SIGHUP begins a FILE anew that was moved away."},                             \
    {                                                                                           \
        .name = "log-journal", .type = OPTION_FLAG,                                             \
        .offset = offsetof(holder, member.log.to_journal), .group = "Log",                      \
        .help = "Write it to systemd's journal, with fields as CLIENT_ID and REASON. That is "  \
                "done without this option if systemd connected standard error with it."         \
    }

#define COMMON_SCRIPT_ROWS(holder, member)                                                        \
    {.name = "run",                                                                               \
     .letter = 'r',                                                                               \
     .type = OPTION_TEXT,                                                                         \
     .offset = offsetof(holder, member.run.commands),                                             \
     .argument = "COMMANDS",                                                                      \
     .group = "Script",                                                                           \
     .help = "Commands to start with, separated by semicolons. Standard input is then read only " \
             "if it is a terminal."},                                                             \
        {.name = "json",                                                                          \
         .letter = 'j',                                                                           \
         .type = OPTION_FLAG,                                                                     \
         .offset = offsetof(holder, member.run.json),                                             \
         .group = "Script",                                                                       \
         .help = "Print one JSON object per line for everything that happens."},                  \
        {.name = "wait",                                                                          \
         .letter = 'w',                                                                           \
         .type = OPTION_DURATION,                                                                 \
         .offset = offsetof(holder, member.run.wait),                                             \
         .argument = "SECONDS",                                                                   \
         .min = 0.001,                                                                            \
         .max = 31536000,                                                                         \
         .group = "Script",                                                                       \
         .help = "Keep running for this long after the last command, then exit."},                \
        {.name = "count",                                                                         \
         .letter = 'c',                                                                           \
         .type = OPTION_NUMBER,                                                                   \
         .offset = offsetof(holder, member.run.count),                                            \
         .argument = "N",                                                                         \
         .min = 1,                                                                                \
         .max = 1e15,                                                                             \
         .group = "Script",                                                                       \
         .help = "End after N updates. With --wait: exit code 1 if fewer came in time."},         \
        {.name = "no-history",                                                                    \
         .type = OPTION_FLAG,                                                                     \
         .offset = offsetof(holder, member.run.no_history),                                       \
         .group = "Script",                                                                       \
         .help = "Do not keep what is typed at a terminal for the next session."},                \
    {                                                                                             \
        .name = "stay", .letter = 's', .type = OPTION_FLAG,                                       \
        .offset = offsetof(holder, member.run.stay), .group = "Script",                           \
        .help = "Keep running after the last command until a signal comes."                       \
    }

#define COMMON_FAULT_ROWS(holder, member)                                                          \
    {.name = "fault",                                                                              \
     .letter = 'f',                                                                                \
     .type = OPTION_LIST,                                                                          \
     .offset = offsetof(holder, member.levers.rules),                                              \
     .argument = "RULES",                                                                          \
     .min = 1,                                                                                     \
     .group = "Faults",                                                                            \
     .help = "Faults of packets: rules separated by semicolons, such as drop "                     \
             "publ 3, delay 200 ms ~ 50 ms, freeze 5 s every 1 min. docs/faults.md has them all. " \
             "May be given several times."},                                                       \
        {.name = "fault-file",                                                                     \
         .type = OPTION_TEXT,                                                                      \
         .offset = offsetof(holder, member.levers.file),                                           \
         .argument = "FILE",                                                                       \
         .min = 1,                                                                                 \
         .group = "Faults",                                                                        \
         .help = "A file with one rule per line."},                                                \
    {                                                                                              \
        .name = "seed", .type = OPTION_NUMBER, .offset = offsetof(holder, member.levers.seed),     \
        .argument = "N", .preset = "1", .max = 1e18, .group = "Faults",                            \
        .help = "With equal seeds, the same packets meet the same faults."                         \
    }

#define COMMON_FILE_ROWS(holder, member)                                                \
    {.name = "rotate",                                                                  \
     .type = OPTION_SIZE,                                                               \
     .offset = offsetof(holder, member.rotate_bytes),                                   \
     .argument = "BYTES",                                                               \
     .preset = "64M",                                                                   \
     .max = OPTION_TIB,                                                                 \
     .group = "Limits and intervals",                                                   \
     .help = "Start a new network file when this size is reached; 0: never."},          \
    {                                                                                   \
        .name = "keep", .type = OPTION_NUMBER, .offset = offsetof(holder, member.keep), \
        .argument = "N", .preset = "2", .max = 32, .group = "Limits and intervals",     \
        .help = "How many former network files to keep."                                \
    }

// `member` is a struct common_device_options.
#define COMMON_NAME_ROW(holder, member)                                               \
    {                                                                                 \
        .name = "name", .type = OPTION_TEXT, .offset = offsetof(holder, member.name), \
        .argument = "TEXT", .max = 64, .help = "The name that other devices see."     \
    }

#define COMMON_SUITE_ROW(holder, member, default_suite, text)                                      \
    {                                                                                              \
        .name = "suite", .type = OPTION_CHOICE, .offset = offsetof(holder, member.suite),          \
        .argument = "NAME", .choices = "classic|sodium|any", .preset = default_suite, .help = text \
    }

#define COMMON_LIMIT_ROW(holder, member, option, most, text)                                    \
    {                                                                                           \
        .name = option, .type = OPTION_NUMBER, .offset = offsetof(holder, member),              \
        .argument = "N", .preset = most, .min = 1, .max = 1e9, .group = "Limits and intervals", \
        .help = text                                                                            \
    }

#define COMMON_ENTRY_ROWS(holder, member, most_entries, most_bytes)                                \
    COMMON_LIMIT_ROW(holder, member.devices, "max-devices", "10000", "Devices to remember."),      \
        COMMON_LIMIT_ROW(holder, member.entries, "max-entries", most_entries,                      \
                         "Topics whose last value is kept."),                                      \
    {                                                                                              \
        .name = "max-entry-bytes", .type = OPTION_SIZE,                                            \
        .offset = offsetof(holder, member.entry_bytes), .argument = "BYTES", .preset = most_bytes, \
        .min = OPTION_KIB, .max = OPTION_TIB, .group = "Limits and intervals",                     \
        .help = "The memory of those topics and values."                                           \
    }

#define COMMON_EXIT_STATUS                                                  \
    {                                                                       \
        "Exit status", "  0  all that was asked for was done\n"             \
                       "  1  something that was asked for did not happen\n" \
                       "  2  an option is wrong\n"                          \
                       "  3  the network or another file cannot be used"    \
    }

#endif
