#include "shell/run.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/listing.h"
#include "shell/terminal/console.h"
#include "shell/terminal/history_file.h"
#include "shell/printable.h"
#include "shell/machine/service_manager.h"

#define COMMANDS_A_TURN 256
#define WIDTH_UNKNOWN 80

void run_wake(struct run *run) {
    uv_async_send(&run->async);
}

// ---- errors and updates ---------------------------------------------------------------------

void run_error_bytes(struct run *run, struct bytes text) {
    struct buffer line;
    buffer_init(&line, &run->memory);
    buffer_append(&line, text);
    buffer_append_byte(&line, 0);
    run->report.answers = true;
    report_error(&run->report, (const char *)line.data);
    run->report.answers = false;
    buffer_deinit(&line);
    run->failed = true;
}

void run_error_list(struct run *run, const char *format, va_list arguments) {
    char *text = NULL;
    if (vasprintf(&text, format, arguments) >= 0) {
        struct buffer line;
        buffer_init(&line, &run->memory);
        if (run->at_hand != NULL) {
            printable_format(&line, "%s: ", run->at_hand->name);
        }
        buffer_append_text(&line, text);
        run_error_bytes(run, buffer_bytes(&line));
        buffer_deinit(&line);
        free(text);
    }
}

void run_error(struct run *run, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    run_error_list(run, format, arguments);
    va_end(arguments);
}

bool run_count_update(struct run *run) {
    run->updates++;
    return run->options->count == 0 || run->updates <= run->options->count;
}

// ---- commands -------------------------------------------------------------------------------

size_t run_width(const struct run *run) {
    struct winsize size;
    if (!run->terminal) {
        return 0;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : WIDTH_UNKNOWN;
}

void run_help(struct run *run, const struct command_row *about) {
    struct buffer text;
    buffer_init(&text, &run->memory);
    command_help(run->program->commands, about, &text);
    report_answer(&run->report, "help", buffer_bytes(&text));
    buffer_deinit(&text);
}

static enum run_outcome execute(struct run *run, const struct command *command) {
    switch (command->row->id) {
    case RUN_HELP:
        run_help(run, command->about);
        return RUN_DONE;
    case RUN_EXIT:
        run->stopping = true;
        return RUN_DONE;
    case RUN_TOGGLE:
        run->report.listening = !run->report.listening;
        report_notice(&run->report, run->program->toggled[run->report.listening]);
        return RUN_DONE;
    default:
        return run->program->execute(run->driver, command);
    }
}

static void take_outcome(struct run *run, enum run_outcome outcome) {
    run->waits = outcome == RUN_WAITS;
    run->failed = run->failed || outcome == RUN_WRONG || outcome == RUN_LOST;
    run->stopping = run->stopping || outcome == RUN_LOST;
}

static void execute_line(struct run *run, struct bytes line, bool is_command) {
    struct command command;
    struct buffer message;
    buffer_init(&message, &run->memory);
    bool right = true;
    if (is_command) {
        right = command_parse(run->program->commands, line, &run->storage, &command, &message);
    } else {
        run->program->command_of_line(run->driver, line, &command);
    }
    run->at_hand = NULL;
    if (!right) {
        run_error_bytes(run, buffer_bytes(&message));
    } else if (command.row != NULL) {
        run->at_hand = command.row;
        take_outcome(run, execute(run, &command));
    }
    buffer_deinit(&message);
}

// Executes the next command, of --run first. False: there is none now.
static bool execute_next(struct run *run) {
    if (run->left.size > 0) {
        execute_line(run, command_next(&run->left), true);
        return true;
    }
    if (input_take(&run->input, &run->line) != INPUT_LINE) {
        return false;
    }
    execute_line(run, buffer_bytes(&run->line), run->program->command_of_line == NULL);
    return true;
}

// ---- levers in other hands ------------------------------------------------------------------

// Commands that a page may give. They never wait.
static const char *const levers[] = {"rule", "undo", "hold", "step", "cut", "freeze", "thaw"};

static bool is_lever(const struct command_row *row) {
    for (size_t i = 0; i < sizeof levers / sizeof *levers; i++) {
        if (strcmp(levers[i], row->name) == 0) {
            return true;
        }
    }
    return false;
}

// Each that the program has, and whether it takes a client.
static json_t *json_of_levers(const struct command_table *table) {
    json_t *object = json_object();
    for (size_t i = 0; i < table->count; i++) {
        const struct command_row *row = &table->rows[i];
        if (is_lever(row)) {
            json_object_set_new(object, row->name,
                                json_boolean((row->arguments & COMMAND_CLIENT) != 0));
        }
    }
    return object;
}

// Whether it was executed and right. What is wrong is said.
static bool execute_lever(struct run *run, struct bytes line) {
    struct command command;
    struct buffer message;
    struct buffer storage;
    buffer_init(&message, &run->memory);
    buffer_init(&storage, &run->memory);
    const struct command_row *before = run->at_hand;
    bool right = command_parse(run->program->commands, line, &storage, &command, &message);
    if (right && command.row != NULL && !is_lever(command.row)) {
        buffer_append_text(&message, "a page has the levers only: rule, undo, hold, step, cut, "
                                     "freeze and thaw");
        right = false;
    }
    if (!right) {
        run_error_bytes(run, buffer_bytes(&message));
    } else if (command.row != NULL) {
        run->at_hand = command.row;
        right = run->program->execute(run->driver, &command) == RUN_DONE;
        run->at_hand = before;
    }
    buffer_deinit(&storage);
    buffer_deinit(&message);
    return right;
}

void run_answer(struct run *run, struct bytes line, struct buffer *answer) {
    bool had_failed = run->failed;
    json_t *object = json_object();
    json_t *said = json_array();
    run->report.said = said;
    bool right = execute_lever(run, line);
    run->report.said = NULL;
    run->failed = had_failed;
    json_object_set_new(object, "program", json_string(run->program->kind));
    json_object_set_new(object, "right", json_boolean(right));
    json_object_set_new(object, "said", said);
    json_object_set_new(object, "commands", json_of_levers(run->program->commands));
    if (run->program->levers != NULL) {
        run->program->levers(run->driver, object);
    }
    listing_append_object(object, answer);
}

static void answer_page(struct run *run) {
    struct buffer line;
    struct buffer answer;
    buffer_init(&line, &run->memory);
    buffer_init(&answer, &run->memory);
    while (control_socket_take(&run->control, &line)) {
        answer.size = 0;
        run_answer(run, buffer_bytes(&line), &answer);
        control_socket_answer(&run->control, buffer_bytes(&answer));
    }
    buffer_deinit(&line);
    buffer_deinit(&answer);
}

static bool is_held_up(struct run *run) {
    return run->program->is_held_up != NULL ? run->program->is_held_up(run->driver)
                                            : output_is_full(&run->output);
}

bool run_commands(struct run *run) {
    if (run->waits) {
        take_outcome(run, run->program->resume(run->driver));
    }
    answer_page(run);
    int done = 0;
    while (!run->waits && !run->stopping && !is_held_up(run) && done < COMMANDS_A_TURN &&
           execute_next(run)) {
        done++;
    }
    if (done > 0 && input_room_awaited(&run->input)) {
        output_wake(&run->output); // a line that waits for room may be added now
    }
    return done == COMMANDS_A_TURN;
}

// ---- the end --------------------------------------------------------------------------------

// Whether no command is left for now; notes when that is for good.
static bool commands_are_done(struct run *run, uint64_t now) {
    enum input_state input = input_look(&run->input);
    if (run->waits || run->left.size > 0 || input == INPUT_LINE) {
        return false;
    }
    if (run->over_at == 0 && (input == INPUT_ENDED || run->terminal)) {
        run->over_at = now;
    }
    return true;
}

uint64_t run_deadline(const struct run *run) {
    bool waits = run->options->wait > 0 && run->over_at != 0;
    return waits ? run->over_at + run->options->wait : UINT64_MAX;
}

// Whether all that the options ask for is done.
static bool options_are_met(struct run *run, uint64_t now) {
    const struct run_options *options = run->options;
    bool counted = options->count > 0 && run->updates >= options->count;
    bool done = commands_are_done(run, now);
    if (now >= run_deadline(run)) {
        run->failed = run->failed || (options->count > 0 && !counted);
        return true;
    }
    if (!done || counted) {
        return counted && done;
    }
    bool stays = options->stay || options->wait > 0 || options->count > 0 || run->program->serves;
    return input_look(&run->input) == INPUT_ENDED && (run->terminal || !stays);
}

bool run_is_done(struct run *run, uint64_t now) {
    run->stopping = run->stopping || run->leaves || run->broken != 0 || options_are_met(run, now);
    return run->stopping;
}

int run_exit_code(const struct run *run) {
    printable_complain_of_output(run->program->kind, run->broken);
    bool failed = run->failed && !run->terminal;
    return failed || run->broken != 0 ? PROGRAM_FAILED : PROGRAM_OK;
}

// ---- the loop -------------------------------------------------------------------------------

static void on_async(uv_async_t *async) {
    struct run *run = async->data;
    run->program->turn(run->driver);
}

// Ctrl-C is the user's thread's to handle, which knows what is typed. If it did not come to that
// yet, being stuck, the next one ends the session.
static bool is_left_to_terminal(struct run *run, int number) {
    if (number != SIGINT || !run->terminal || atomic_exchange(&run->interrupt, true)) {
        return false;
    }
    output_wake(&run->output);
    return true;
}

bool run_reload(struct run *run) {
    service_notify_reloading();
    bool has_log = run->report.log != NULL;
    if (has_log) {
        log_follow(&run->log); // what is said of the rest stands in the new file
    }
    bool is_done = run->program->reload(run->driver) || has_log;
    (void)service_notify("READY=1");
    return is_done;
}

void run_end(struct run *run) {
    run->stopping = run->hurried = true;
    run->program->turn(run->driver);
}

static void on_end_signal(uv_signal_t *signal, int number) {
    struct run *run = signal->data;
    if (is_left_to_terminal(run, number)) {
        return;
    }
    bool may_reload = number == SIGHUP && run->program->reload != NULL && !run->terminal;
    if (may_reload && run_reload(run)) {
        return;
    }
    (void)service_notify("STOPPING=1");
    run_end(run);
}

static void on_terminal_signal(uv_signal_t *signal, int number) {
    (void)number;
    struct run *run = signal->data;
    output_wake(&run->output);
}

void run_take_signals(struct run *run) {
    static const struct {
        int number;
        uv_signal_cb callback;
    } signals[RUN_SIGNALS] = {
        {SIGINT, on_end_signal},        {SIGTERM, on_end_signal},      {SIGHUP, on_end_signal},
        {SIGWINCH, on_terminal_signal}, {SIGCONT, on_terminal_signal},
    };
    if (run->takes_signals) {
        return;
    }
    run->takes_signals = true;
    for (int i = 0; i < RUN_SIGNALS; i++) {
        uv_signal_init(&run->loop, &run->signals[i]);
        run->signals[i].data = run;
        uv_signal_start(&run->signals[i], signals[i].callback, signals[i].number);
    }
}

// In the loop's thread: one that hangs is not heard of any more.
static void on_watchdog(uv_timer_t *timer) {
    (void)timer;
    (void)service_notify("WATCHDOG=1");
}

// Twice as often as is asked for.
static void start_watchdog(struct run *run) {
    uint64_t period = service_watchdog_ms() / 2;
    uv_timer_init(&run->loop, &run->watchdog);
    uv_unref((uv_handle_t *)&run->watchdog);
    if (period > 0) {
        uv_timer_start(&run->watchdog, on_watchdog, period, period);
    }
}

static void stop_signals(struct run *run) {
    for (int i = 0; i < RUN_SIGNALS; i++) {
        uv_signal_stop(&run->signals[i]);
    }
}

static void start_loop(struct run *run) {
    ASSERT(uv_loop_init(&run->loop) == 0);
    uv_async_init(&run->loop, &run->async, on_async);
    run->async.data = run;
}

static void close_handle(uv_handle_t *handle, void *context) {
    (void)context;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

void run_close(struct run *run) {
    uv_walk(&run->loop, close_handle, NULL);
    uv_run(&run->loop, UV_RUN_DEFAULT);
    ASSERT(uv_loop_close(&run->loop) == 0);
}

static void *loop_thread(void *context) {
    struct run *run = context;
    (void)service_notify("READY=1");
    run_wake(run); // the first turn
    uv_run(&run->loop, UV_RUN_DEFAULT);
    // From now on a signal ends the process at once, should standard output be stuck.
    stop_signals(run);
    output_finish(&run->output, run->hurried);
    return NULL;
}

// ---- the user's thread ----------------------------------------------------------------------

static void on_console_wake(void *context) {
    run_wake(context);
}

static void on_console_broken(void *context, int error) {
    struct run *run = context;
    run->broken = error;
    run_wake(run);
}

static void on_console_leave(void *context) {
    struct run *run = context;
    run->leaves = true;
    run_wake(run);
}

static unsigned count_words(struct bytes line) {
    unsigned words = 0;
    for (size_t i = 0; i + 1 < line.size; i++) {
        words += line.data[i] != ' ' && line.data[i + 1] == ' ';
    }
    return words;
}

static void complete_name(const struct run *run, const struct run_words *words) {
    for (size_t i = 0; i < run->program->commands->count; i++) {
        words->add(words->context, bytes_of_text(run->program->commands->rows[i].name));
    }
}

// Of the command, the argument behind so many words.
static void complete_argument(struct run *run, const struct command_row *row, unsigned before,
                              const struct run_words *words) {
    if ((row->arguments & COMMAND_ADDRESS) != 0 && before == 1) {
        run->program->complete(run->driver, COMMAND_ADDRESS, words);
    }
    if ((row->arguments & COMMAND_CLIENT) != 0 && before == 1) {
        run->program->complete(run->driver, COMMAND_CLIENT, words);
    }
    if ((row->arguments & COMMAND_TOPIC) != 0 && before <= 2) {
        run->program->complete(
            run->driver, row->arguments & (COMMAND_TOPIC | COMMAND_VALUE | COMMAND_WORDS), words);
    }
}

static void on_console_complete(void *context, struct bytes line, void *list,
                                void (*add)(void *list, struct bytes word)) {
    struct run *run = context;
    const struct run_words words = {list, add};
    unsigned before = count_words(line);
    if (before == 0) {
        complete_name(run, &words);
        return;
    }
    const struct command_table *table = run->program->commands;
    for (size_t i = 0; i < table->count && run->program->complete != NULL; i++) {
        if (bytes_starts_with(line, bytes_of_text(table->rows[i].name))) {
            complete_argument(run, &table->rows[i], before, &words);
        }
    }
}

static void run_console(struct run *run) {
    char prompt[32];
    char history[PATH_MAX];
    bool keeps = run->terminal && !run->options->no_history &&
                 history_file_path(run->program->kind, history);
    snprintf(prompt, sizeof prompt, "%s> ", run->program->kind);
    struct console_owner owner = {.context = run,
                                  .wake = on_console_wake,
                                  .broken = on_console_broken,
                                  .leave = on_console_leave,
                                  .complete = on_console_complete};
    struct console console = {.owner = &owner,
                              .input = &run->input,
                              .output = &run->output,
                              .log = run->report.log,
                              .prompt = prompt,
                              .history = keeps ? history : NULL,
                              .is_whole = run->program->is_whole,
                              .interrupt = &run->interrupt};
    console_run(&console, run->reads_input, run->terminal);
}

// ---- start and end --------------------------------------------------------------------------

void run_threads(struct run *run) {
    pthread_t thread;
    run_take_signals(run);
    start_watchdog(run);
    int error = pthread_create(&thread, NULL, loop_thread, run);
    ASSERT_MESSAGE(error == 0, "a thread cannot be made");
    run_console(run);
    pthread_join(thread, NULL);
}

static void init_mode(struct run *run) {
    const char *commands = run->options->commands;
    bool are_lines = run->program->command_of_line != NULL;
    run->left = commands != NULL ? bytes_of_text(commands) : (struct bytes){0};
    run->terminal = !are_lines && console_is_terminal();
    bool own_terminal = isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) != getpgrp();
    run->reads_input = run->terminal || (!own_terminal && (commands == NULL || are_lines));
}

// False, and it has complained: the log cannot be written. As JSON all goes to standard output.
static bool open_log(struct run *run) {
    run->log_options = run->options->log;
    run->log_options.program = run->program->kind;
    bool is_wanted = run->program->serves && log_is_wanted(&run->log_options);
    if (is_wanted && run->options->json && run->log_options.file == NULL) {
        return true;
    }
    if (is_wanted && run->options->json) {
        printable_complain("%s: --json prints everything on standard output: leave --log-file "
                           "out\n",
                           run->program->kind);
        return false;
    }
    run->log.fd = -1;
    return !is_wanted || log_open(&run->log, &run->log_options);
}

bool run_init(struct run *run, const struct run_options *options, const struct run_program *program,
              void *driver) {
    *run = (struct run){.options = options, .program = program, .driver = driver};
    signal(SIGPIPE, SIG_IGN); // a closed standard output is an error of write
    signal(SIGXFSZ, SIG_IGN); // a file at its size limit likewise
    if (!open_log(run)) {
        return false;
    }
    if (sodium_init() < 0 || !output_init(&run->output)) {
        printable_complain("%s: cannot start: %s\n", program->kind, strerror(errno));
        return false;
    }
    input_init(&run->input);
    memory_init(&run->memory);
    buffer_init(&run->line, &run->memory);
    buffer_init(&run->storage, &run->memory);
    report_init(&run->report, &run->output, &run->memory, options->json);
    run->report.quiet = options->quiet;
    run->report.level = (enum log_level)options->log.level;
    run->report.log = run->log.fd > 0 ? &run->log : NULL;
    init_mode(run);
    start_loop(run);
    if (options->control > 0) {
        run->control.wake = on_console_wake;
        run->control.context = run;
        control_socket_open(&run->control, &run->loop, options->control, &run->memory);
    }
    return true;
}

void run_deinit(struct run *run) {
    control_socket_deinit(&run->control);
    report_deinit(&run->report);
    buffer_deinit(&run->line);
    buffer_deinit(&run->storage);
    input_deinit(&run->input);
    output_deinit(&run->output);
    if (run->report.log != NULL) {
        log_close(&run->log);
    }
}
