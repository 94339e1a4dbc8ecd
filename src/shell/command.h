// Commands that a user types, one a line: a word of four letters and its arguments. Each program
// has a table of them, which drives parsing, `help` and completion.
//
// Words are separated by blanks. "…" may hold blanks and the escapes \" \\ \n \t \xHH; '…' holds
// anything but a '. The value of publ is the rest of the line, blanks and all, unless it begins
// with a quotation mark. A line that is empty or begins with # is no command. `?` is `help`, and
// `quit` is `exit`, where a table has these.
#ifndef SHELL_COMMAND_H
#define SHELL_COMMAND_H

#include "base/buffer.h"

// Which arguments a command takes, in this order.
enum command_arguments {
    COMMAND_PLAIN = 0,
    COMMAND_ADDRESS = 1,          // may always be omitted
    COMMAND_ADDRESS_REQUIRED = 2, // with COMMAND_ADDRESS: may not
    COMMAND_TOPIC = 4,
    COMMAND_VALUE = 8,
    COMMAND_CLIENT = 16,    // the client id of an MQTT client
    COMMAND_WORDS = 32,     // what follows, word by word; the program says what they mean
    COMMAND_OMITTABLE = 64, // with COMMAND_CLIENT: may be omitted
    COMMAND_NAME = 128,     // a command of the table, may be omitted
};

#define COMMAND_WORDS_MAX 16

struct command_row {
    const char *name;
    unsigned arguments; // of enum command_arguments
    const char *synopsis;
    const char *help;
    int id; // the program's own
};

struct command_table {
    const struct command_row *rows;
    size_t count;
};

// A command understood. The texts stand in the buffer that command_parse was given.
struct command {
    const struct command_row *row;   // NULL: the line holds no command
    const struct command_row *about; // of COMMAND_NAME; NULL: omitted
    uint32_t address;                // 0: omitted
    struct bytes topic;
    struct bytes value;
    struct bytes client_id;
    struct bytes words[COMMAND_WORDS_MAX];
    unsigned word_count;
};

// False: the line is wrong, and `message` says what and what to type. `storage` is overwritten with
// the arguments' bytes.
bool command_parse(const struct command_table *table, struct bytes line, struct buffer *storage,
                   struct command *command, struct buffer *message);

// Takes a text apart into words, as those of a command: at most COMMAND_WORDS_MAX, whose bytes
// stand in `storage`. NULL, or what is wrong.
const char *command_words(struct bytes text, struct buffer *storage,
                          struct bytes words[static COMMAND_WORDS_MAX], unsigned *count);

// The table as text for `help`, in at most 80 columns; `about` one row of it, or NULL.
void command_help(const struct command_table *table, const struct command_row *about,
                  struct buffer *out);

// Takes a list of commands separated by `;` apart, outside of quotation marks: returns the first
// and moves *list behind it. Used for --run.
struct bytes command_next(struct bytes *list);

#endif
