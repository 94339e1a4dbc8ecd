// The run of a program that has commands: its two threads, its signals, its commands in order, what
// it says, and when it is over.
//
// The user's thread reads lines and prints (shell/terminal/console.h). The loop's thread (libuv)
// does the work; a driver hangs its own handles on the loop and is given a turn whenever there may
// be something for it: a line was typed, what was printed made room, a signal came. In each turn it
// calls run_commands, and run_is_done to see whether its options have been met.
//
// A command may have to wait for an answer; those behind it wait in turn, so a script runs in
// order.
#ifndef SHELL_RUN_H
#define SHELL_RUN_H

#include <stdarg.h>
#include <stdatomic.h>
#include <uv.h>

#include "shell/command.h"
#include "shell/control_socket.h"
#include "shell/terminal/input.h"
#include "shell/program_exit.h"
#include "shell/report.h"

#define RUN_SIGNALS 5

enum run_outcome {
    RUN_DONE,
    RUN_WRONG, // failed, and an error was said
    RUN_LOST,  // failed, an error was said, and what follows would fail too: end
    RUN_WAITS, // ask `resume` again in each turn, until it is done
};

// Commands that every program has; those of a program's own have ids from RUN_COMMANDS on.
enum run_command {
    RUN_HELP,
    RUN_EXIT,
    RUN_TOGGLE,
    RUN_LIST,
    RUN_COMMANDS,
};

// Words that could stand where the cursor is, for completion.
struct run_words {
    void *context;
    void (*add)(void *context, struct bytes word);
};

// What a driver makes of a run. All are called in the loop's thread, but for `complete`, which is
// called in the user's.
struct run_program {
    const char *kind; // "broker": stands in the prompt and before complaints
    const struct command_table *commands;
    bool serves;            // stays when its commands end, until a signal
    const char *toggled[2]; // what tgll says: not listening, listening
    void (*turn)(void *driver);
    bool (*is_held_up)(void *driver); // no more commands now; NULL: while the output is full
    // All commands but RUN_HELP, RUN_EXIT and RUN_TOGGLE.
    enum run_outcome (*execute)(void *driver, const struct command *command);
    enum run_outcome (*resume)(void *driver); // NULL: no command waits
    // For a page that has the levers: rules with their hits ("rules", fault_rules_json), how many
    // packets wait ("waiting"), whether something is frozen ("frozen"). NULL: it has none.
    void (*levers)(void *driver, json_t *answer);
    // On SIGHUP, if there is no terminal that it could come from: reads its files again. False: it
    // has none, so that the run ends as it does on a terminal. NULL likewise.
    bool (*reload)(void *driver);
    // `argument`: COMMAND_ADDRESS, COMMAND_CLIENT, or COMMAND_TOPIC, with COMMAND_VALUE if it is to
    // have a value. NULL: only names of commands are completed.
    void (*complete)(void *driver, unsigned argument, const struct run_words *words);
    // If not NULL, lines of standard input are no commands: each is made one by this function.
    void (*command_of_line)(void *driver, struct bytes line, struct command *command);
    bool is_whole; // all of standard input is one line, whatever it holds
};

// What the options of a program with commands ask for: what to do, what to say of it, and when to
// end. All zero is a program that talks to a terminal or reads commands from standard input.
struct run_options {
    const char *commands; // of --run; NULL: none
    bool json;
    bool quiet;      // say nothing about peers
    bool no_history; // of what is typed
    bool stay;       // when the commands end
    int control;     // a socket by which a page has the levers (shell/live_page.h); 0: none
    uint64_t wait;   // nanoseconds to stay after the last command
    uint64_t count;  // updates after which to end; 0: no matter how many
    struct log_options log;
};

// The run of a program with commands, from its options to its exit code: the loop, the commands
// that are left and the one at hand, how it ends, and last what is shared with the user's thread.
// All else is of the loop's thread.
struct run {
    const struct run_options *options;
    const struct run_program *program;
    void *driver;
    bool terminal;    // a person types
    bool reads_input; // standard input is read at all

    uv_loop_t loop;
    uv_async_t async;
    uv_signal_t signals[RUN_SIGNALS];
    bool takes_signals;
    uv_timer_t watchdog; // of the service manager
    struct memory memory;
    struct report report;
    struct log log;
    struct log_options log_options; // with the program's name; all zero: it has no log

    // Commands: what is left of --run, and the one at hand.
    struct bytes left;
    struct buffer line;
    struct buffer storage;
    const struct command_row *at_hand; // what errors are about
    bool waits;                        // it has to be resumed
    bool failed;                       // some command did
    struct control_socket control;     // of the page that has the levers

    // The end: asked for, by a signal or not; when the last command was done (0: not yet).
    bool stopping;
    bool hurried; // what cannot be printed soon is given up
    uint64_t updates;
    uint64_t over_at;

    // Shared with the user's thread, each with a lock of its own.
    struct input input;
    struct output output;
    _Atomic int broken;     // errno of standard output
    _Atomic bool interrupt; // Ctrl-C, not handled yet
    _Atomic bool leaves;    // the user asked for the end by it
};

// False, and it has complained: it cannot start. Else the loop is there for the driver's handles.
bool run_init(struct run *run, const struct run_options *options, const struct run_program *program,
              void *driver);

// From here on a signal ends the program in order, once it runs. Before it tells that it serves.
void run_take_signals(struct run *run);
// Runs both threads until the driver stops the loop (uv_stop); signals are taken at the latest now.
void run_threads(struct run *run);
// Closes all that is left on the loop. The driver's own things may be freed then.
void run_close(struct run *run);
void run_deinit(struct run *run);
// The program's exit code, once the threads are over; a broken standard output is complained of.
int run_exit_code(const struct run *run);

// Makes the loop's thread take a turn. Any thread may call it.
void run_wake(struct run *run);

// Executes commands; returns whether there may be more to do at once.
bool run_commands(struct run *run);
// Executes a line that is a lever (rule, undo, hold, step, cut, freeze, thaw), or nothing if it is
// empty, and appends what there is to say of it and how the levers stand, as a line of JSON:
// {"right","said","commands","rules","waiting","frozen"} (docs/proxy-api.md). It does not count as
// a command of the program's user: whether it fails says nothing about the run.
void run_answer(struct run *run, struct bytes line, struct buffer *answer);
// Reads the program's files again, begins a log anew that was moved away, and tells the service
// manager. False: there is nothing to be read again. In the loop's thread, not in a turn.
bool run_reload(struct run *run);
// Asks for the end, as a signal does. In the loop's thread; the driver is given a turn.
void run_end(struct run *run);
// Whether all is done that the options ask for, the output is broken, or something asked for the
// end. Time is steady nanoseconds.
bool run_is_done(struct run *run, uint64_t now);
// When to look again though nothing happens; UINT64_MAX: never.
uint64_t run_deadline(const struct run *run);

// An error of the command at hand: "conn: …". The last has it whole.
void run_error(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
void run_error_list(struct run *run, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
void run_error_bytes(struct run *run, struct bytes text);
// How many columns a table may take: those of the terminal, or 0, any, where there is none.
size_t run_width(const struct run *run);
// What `help` answers, about all commands (NULL) or one.
void run_help(struct run *run, const struct command_row *about);
// An update arrived. False: as many as were asked for have arrived before; say no more of it.
bool run_count_update(struct run *run);

#endif
