#include "session/line/session.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "base/assert.h"
#include "medium/file/file_network.h"
#include "shell/clock.h"
#include "session/line/fair_lock.h"
#include "shell/console.h"
#include "shell/listing.h"
#include "session/line/own_lines.h"
#include "shell/printable.h"

#define LINES_A_TURN 512
#define STEPS_A_TURN 2048 // of work that these lead to: some 2 ms
#define STEP_BYTES 256    // of a line, in or out, that cost one step more
#define COMMANDS_A_TURN 256
#define FLUSH_BYTES (1024 * 1024)
#define CHECK_INTERVAL (10 * ROLE_SECOND)
#define RETRY_INTERVAL ROLE_SECOND
#define SIGNALS 5

struct session {
    const struct session_options *options;
    const struct session_program *program;
    void *device;
    bool terminal;
    bool reads_input;

    // The packets' thread, under the lock.
    struct fair_lock lock;
    struct memory memory;
    struct role_port port;
    struct report report;
    struct file_network *network;
    struct buffer outgoing; // lines that are not in the file yet
    struct own_lines own;   // a relay has none
    bool secured;           // a relay's: it is safe that these are to be written
    uint64_t retry_at;      // 0: the file takes them
    bool unread;            // there may be packets in the file
    uint64_t check_at;
    uint64_t armed; // when the timer comes
    uint64_t since;
    uint64_t now;      // of this turn
    uint64_t unix_now; // of this turn
    uint64_t packets_received;
    uint64_t packets_sent;
    uint64_t steps; // of work since the turn began

    struct bytes run; // what is left of --run
    struct buffer line;
    struct buffer storage;
    const struct command_row *at_hand; // the command that errors are about
    bool waits;                        // it has to be resumed
    bool failed;                       // some command did
    bool stopping;
    bool hurried; // by a signal
    bool ended;   // nothing is done any more
    bool unusable;
    uint64_t updates;
    uint64_t over_at; // when the last command was done; 0: not yet

    uv_loop_t loop;
    uv_poll_t readable;
    bool polling;
    uv_timer_t timer;
    uv_idle_t again;
    uv_async_t async;
    uv_signal_t signals[SIGNALS];

    // Shared with the user's thread, each with a lock of its own.
    struct input input;
    struct output output;
    _Atomic int broken; // errno of standard output
};

const struct role_port *session_port(struct session *session) {
    return &session->port;
}

struct report *session_report(struct session *session) {
    return &session->report;
}

struct file_network *session_network(struct session *session) {
    return session->network;
}

struct buffer *session_outgoing(struct session *session) {
    return &session->outgoing;
}

bool session_is_stuck(const struct session *session) {
    return session->retry_at != 0;
}

uint64_t session_unix_now(const struct session *session) {
    return session->unix_now;
}

void session_wake(struct session *session) {
    uv_async_send(&session->async);
}

uint64_t session_enter(struct session *session) {
    fair_lock_take(&session->lock);
    session->now = clock_steady();
    session->unix_now = clock_unix();
    return session->now;
}

void session_leave(struct session *session) {
    bool has_turn =
        session->outgoing.size > 0 || session->program->deadline(session->device) < session->armed;
    if (!session->ended && has_turn) {
        session_wake(session);
    }
    output_announce(&session->output);
    fair_lock_release(&session->lock);
}

void session_lock(struct session *session) {
    fair_lock_take(&session->lock);
}

void session_unlock(struct session *session) {
    fair_lock_release(&session->lock);
}

bool session_output_is_full(struct session *session) {
    return output_is_full(&session->output);
}

void session_service_closed(struct session *session) {
    uv_stop(&session->loop);
}

uint64_t session_since(const struct session *session) {
    return session->since;
}

// ---- errors and updates ---------------------------------------------------------------------

void session_error_bytes(struct session *session, struct bytes text) {
    struct buffer line;
    buffer_init(&line, &session->memory);
    buffer_append(&line, text);
    buffer_append_byte(&line, 0);
    session->report.answers = true;
    report_error(&session->report, (const char *)line.data);
    session->report.answers = false;
    buffer_deinit(&line);
    session->failed = true;
}

void session_error(struct session *session, const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size >= 0) {
        struct buffer line;
        buffer_init(&line, &session->memory);
        if (session->at_hand != NULL) {
            printable_format(&line, "%s: ", session->at_hand->name);
        }
        buffer_append_text(&line, text);
        session_error_bytes(session, buffer_bytes(&line));
        buffer_deinit(&line);
        free(text);
    }
}

bool session_count_update(struct session *session) {
    session->updates++;
    return session->options->count == 0 || session->updates <= session->options->count;
}

// ---- packets out ----------------------------------------------------------------------------

static bool secure(struct session *session) {
    const struct session_relay *relay = session->program->relay;
    if (relay != NULL && !session->secured) {
        session->secured = relay->secure(session->device, buffer_bytes(&session->outgoing));
        if (!session->secured) {
            session->retry_at = session->now + RETRY_INTERVAL;
            return false;
        }
    }
    return true;
}

static void note_appended(struct session *session) {
    session->secured = false;
    if (session->program->relay != NULL && session->outgoing.size > 0) {
        session->program->relay->appended(session->device);
    }
    session->outgoing.size = 0;
}

static void flush(struct session *session) {
    bool nothing = session->outgoing.size == 0 && session->program->relay == NULL;
    if (nothing || session->retry_at > session->now || !secure(session)) {
        return;
    }
    struct file_network_error error;
    if (session->outgoing.size == 0 ||
        file_network_append(session->network, buffer_bytes(&session->outgoing), &error)) {
        note_appended(session);
        if (session->retry_at != 0) {
            report_notice(&session->report, "packets can be written again; none was lost");
        }
        session->retry_at = 0;
        return;
    }
    if (session->retry_at == 0) {
        report_error(&session->report, error.text);
        report_notice(&session->report, "packets wait and are tried again every second");
    }
    session->retry_at = session->now + RETRY_INTERVAL;
}

static bool send_packet(void *context, const struct packet *packet) {
    struct session *session = context;
    struct packet stamped = *packet;
    stamped.time_stamp = session->unix_now;
    uint8_t *room = buffer_reserve(&session->outgoing, PACKET_LINE_MAX);
    size_t size = packet_format(&stamped, room, PACKET_LINE_MAX);
    session->outgoing.size += size;
    session->steps += 1 + size / STEP_BYTES;
    if (size > 0) {
        session->packets_sent++;
        own_lines_note_written(&session->own);
    }
    if (session->outgoing.size >= FLUSH_BYTES) {
        flush(session);
    }
    return size > 0;
}

static void tell(void *context, const struct role_event *event) {
    struct session *session = context;
    session->program->tell(session->device, event);
}

// ---- packets in -----------------------------------------------------------------------------

// What lines lead to that is neither seen in their size nor in what is sent: keys are agreed on, a
// filter is looked for.
static const uint8_t steps_of[PACKET_TYPES] = {
    [PACKET_CREQ] = 128, [PACKET_CRES] = 128, [PACKET_SREQ] = 8};

static void receive_line(void *context, struct bytes line) {
    struct session *session = context;
    struct packet packet;
    enum packet_fault fault =
        packet_parse(&packet, line, session->port.unseal_room + ROLE_UNSEAL_ROOM);
    session->packets_received++;
    session->steps += 1 + line.size / STEP_BYTES;
    if (fault != PACKET_OK) {
        role_tell_drop(&session->port, &packet, fault);
    } else if (own_lines_is_foreign(&session->own, packet.sender)) {
        role_tell_drop(&session->port, &packet, PACKET_FAULT_OWN_ADDRESS);
    } else if (!session->stopping) {
        session->steps += steps_of[packet.type];
        session->program->receive(session->device, &packet, session->now);
    }
    if (session->steps >= STEPS_A_TURN) {
        file_network_pause(session->network); // the other doors, time and commands have their turn
    }
}

static void receive_notice(void *context, const char *text) {
    struct session *session = context;
    own_lines_unsettle(&session->own);
    report_notice(&session->report, text);
}

static struct file_network_events network_events(struct session *session) {
    return (struct file_network_events){session, receive_line, receive_notice};
}

// True while reading has to pause: what came in so far must be printed or written first.
static bool is_held_up(struct session *session) {
    return output_is_full(&session->output) ||
           (session->retry_at != 0 && session->outgoing.size >= FLUSH_BYTES);
}

static bool has_room(void *context) {
    return !is_held_up(context);
}

// Likewise, while only reading has to.
static bool is_full(const struct session *session) {
    const struct session_relay *relay = session->program->relay;
    return relay != NULL && (session_is_stuck(session) || relay->is_full(session->device));
}

// Returns whether more may be waiting.
static bool read_packets(struct session *session) {
    struct file_network_events events = network_events(session);
    bool more;
    if (session->now >= session->check_at) {
        session->check_at = session->now + CHECK_INTERVAL;
        more = file_network_check(session->network, LINES_A_TURN, session->unix_now, &events);
    } else {
        more = file_network_read(session->network, LINES_A_TURN, session->unix_now, &events);
    }
    if (!more && session->own.address != 0 && !session->own.is_settled &&
        session->outgoing.size == 0 && file_network_is_read(session->network)) {
        own_lines_settle(&session->own);
    }
    return more;
}

// ---- commands -------------------------------------------------------------------------------

static const char *const drop_columns[] = {"reason", "packets", "meaning", NULL};

static void list_dropped(struct session *session, struct listing *listing) {
    listing_section(listing, "dropped", drop_columns);
    for (int i = 0; i < PACKET_FAULTS; i++) {
        if (session->report.dropped[i] > 0) {
            listing_text(listing, bytes_of_text(packet_fault_name((enum packet_fault)i)));
            listing_number(listing, session->report.dropped[i]);
            listing_text(listing, bytes_of_text(packet_fault_text((enum packet_fault)i)));
        }
    }
}

static void list_packets(struct session *session, struct listing *listing) {
    static const char *const columns[] = {"seen", "sent", NULL};
    listing_single(listing, "packets", columns);
    listing_number(listing, session->packets_received);
    listing_number(listing, session->packets_sent);
}

static void answer_list(struct session *session) {
    struct listing listing;
    listing_init(&listing, &session->memory, session->report.json);
    session->program->list(session->device, &listing);
    list_packets(session, &listing);
    list_dropped(session, &listing);
    report_answer(&session->report, "list", listing_end(&listing));
    listing_deinit(&listing);
}

static void answer_help(struct session *session) {
    struct buffer text;
    buffer_init(&text, &session->memory);
    command_help(session->program->commands, &text);
    report_answer(&session->report, "help", buffer_bytes(&text));
    buffer_deinit(&text);
}

static void toggle(struct session *session) {
    struct report *report = &session->report;
    report->listening = !report->listening;
    if (session->program->relay != NULL) {
        report_notice(report, report->listening ? "listening: packets are shown as they pass"
                                                : "not listening: packets pass, not shown");
        return;
    }
    report_notice(report, report->listening ? "listening: entries are shown as they pass"
                                            : "not listening: entries are kept, not shown");
}

static enum session_outcome execute(struct session *session, const struct command *command) {
    switch (command->row->id) {
    case SESSION_HELP:
        answer_help(session);
        return SESSION_DONE;
    case SESSION_EXIT:
        session->stopping = true;
        return SESSION_DONE;
    case SESSION_TOGGLE:
        toggle(session);
        return SESSION_DONE;
    case SESSION_LIST:
        answer_list(session);
        return SESSION_DONE;
    default:
        return session->program->execute(session->device, command, session->now);
    }
}

static void take_outcome(struct session *session, enum session_outcome outcome) {
    session->waits = outcome == SESSION_WAITS;
    session->failed = session->failed || outcome == SESSION_WRONG || outcome == SESSION_LOST;
    session->stopping = session->stopping || outcome == SESSION_LOST;
}

static void execute_line(struct session *session, struct bytes line, bool is_command) {
    struct command command;
    struct buffer message;
    buffer_init(&message, &session->memory);
    bool right = true;
    if (is_command) {
        right =
            command_parse(session->program->commands, line, &session->storage, &command, &message);
    } else {
        session->options->command_of_line(session->device, line, &command);
    }
    session->at_hand = NULL;
    if (!right) {
        session_error_bytes(session, buffer_bytes(&message));
    } else if (command.row != NULL) {
        session->at_hand = command.row;
        take_outcome(session, execute(session, &command));
    }
    buffer_deinit(&message);
}

// Executes the next command, of --run first. False: there is none now.
static bool execute_next(struct session *session) {
    if (session->run.size > 0) {
        execute_line(session, command_next(&session->run), true);
        return true;
    }
    if (input_take(&session->input, &session->line) != INPUT_LINE) {
        return false;
    }
    execute_line(session, buffer_bytes(&session->line), session->options->command_of_line == NULL);
    return true;
}

// Returns whether there may be more to do at once.
static bool execute_commands(struct session *session) {
    if (session->waits) {
        take_outcome(session, session->program->resume(session->device, session->now));
    }
    int done = 0;
    while (!session->waits && !session->stopping && !is_held_up(session) &&
           done < COMMANDS_A_TURN && execute_next(session)) {
        done++;
    }
    if (done > 0 && input_room_awaited(&session->input)) {
        output_wake(&session->output); // a line that waits for room may be added now
    }
    return done == COMMANDS_A_TURN;
}

// ---- the end --------------------------------------------------------------------------------

// Whether no command is left for now; notes when that is for good.
static bool commands_are_done(struct session *session) {
    enum input_state input = input_look(&session->input);
    if (session->waits || session->run.size > 0 || input == INPUT_LINE) {
        return false;
    }
    if (session->over_at == 0 && (input == INPUT_ENDED || session->terminal)) {
        session->over_at = session->now;
    }
    return true;
}

static uint64_t wait_end(const struct session *session) {
    return session->options->wait == 0 || session->over_at == 0
               ? ROLE_NEVER
               : session->over_at + session->options->wait;
}

// Whether the session has done what its options ask for.
static bool is_done(struct session *session) {
    const struct session_options *options = session->options;
    bool counted = options->count > 0 && session->updates >= options->count;
    bool done = commands_are_done(session);
    if (session->now >= wait_end(session)) {
        session->failed = session->failed || (options->count > 0 && !counted);
        return true;
    }
    if (!done || counted) {
        return counted && done;
    }
    bool stays =
        options->stay || options->wait > 0 || options->count > 0 || session->program->serves;
    return input_look(&session->input) == INPUT_ENDED && (session->terminal || !stays);
}

static void end(struct session *session) {
    session->ended = true;
    session->program->stop(session->device, session->now);
    session->retry_at = 0;
    flush(session);
    if (session->outgoing.size > 0) {
        report_error(&session->report, "the last packets could not be written");
        session->unusable = true;
    }
    if (session->program->service != NULL) {
        session->program->service->close(session->device);
    } else {
        uv_stop(&session->loop);
    }
}

// ---- the loop -------------------------------------------------------------------------------

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static void on_timer(uv_timer_t *timer);
static void on_readable(uv_poll_t *poll, int status, int events);
static void on_again(uv_idle_t *idle);

static void arm(struct session *session, bool again) {
    bool held_up = is_held_up(session) || is_full(session);
    if (held_up && session->polling) {
        uv_poll_stop(&session->readable);
    } else if (!held_up && !session->polling) {
        uv_poll_start(&session->readable, UV_READABLE, on_readable);
    }
    session->polling = !held_up;
    if (again && !held_up) {
        uv_idle_start(&session->again, on_again);
    } else {
        uv_idle_stop(&session->again);
    }
    uint64_t due = session->program->deadline(session->device);
    due = held_up ? due : earlier(due, session->check_at);
    due = earlier(due, wait_end(session));
    due = session->retry_at == 0 ? due : earlier(due, session->retry_at);
    session->armed = due;
    if (due > session->now) {
        uv_timer_start(&session->timer, on_timer, (due - session->now + 999999) / 1000000, 0);
    } else { // after a look at what has arrived; a timer would come before that
        session_wake(session);
    }
}

// Whether the session may end; a relay may have to wait for the other side.
static bool leave(struct session *session) {
    const struct session_relay *relay = session->program->relay;
    bool may = relay == NULL || relay->leave(session->device, session->now);
    flush(session);
    return may;
}

static void end_turn(struct session *session, bool more) {
    const struct session_relay *relay = session->program->relay;
    flush(session);
    bool over = session->stopping && leave(session);
    if (relay != NULL) {
        relay->end_turn(session->device, session->now);
    }
    report_left_out(&session->report, over);
    output_announce(&session->output);
    if (over) {
        end(session);
        output_announce(&session->output);
    } else {
        arm(session, more);
    }
}

// One round: packets if there may be some, time, commands, and what they lead to. Packets go out
// before the user's thread is woken: others wait for them.
static void turn(struct session *session, bool readable) {
    if (session->ended) {
        return;
    }
    fair_lock_take(&session->lock);
    session->now = clock_steady();
    session->unix_now = clock_unix();
    session->steps = 0;
    bool more = false;
    if (session->program->relay != NULL) {
        session->program->relay->begin_turn(session->device, session->now);
    }
    if (!session->stopping) {
        session->unread = session->unread || readable || session->now >= session->check_at;
        if (session->unread && !is_held_up(session) && !is_full(session)) {
            session->unread = more = read_packets(session);
        }
        if (session->program->deadline(session->device) <= session->now) {
            session->program->tick(session->device, session->now);
        }
        more = execute_commands(session) || more;
        session->stopping = session->stopping || session->broken != 0 || is_done(session);
    }
    end_turn(session, more);
    fair_lock_release(&session->lock);
}

static void on_timer(uv_timer_t *timer) {
    turn(timer->data, false);
}

static void on_readable(uv_poll_t *poll, int status, int events) {
    (void)status;
    (void)events;
    turn(poll->data, true);
}

static void on_again(uv_idle_t *idle) {
    turn(idle->data, true);
}

static void on_async(uv_async_t *async) {
    turn(async->data, false);
}

static void on_end_signal(uv_signal_t *signal, int number) {
    struct session *session = signal->data;
    const struct session_service *service = session->program->service;
    bool may_reload = number == SIGHUP && service != NULL && !session->terminal;
    if (may_reload && service->reload(session->device)) {
        return;
    }
    session->stopping = session->hurried = true;
    turn(session, false);
}

static void on_terminal_signal(uv_signal_t *signal, int number) {
    (void)number;
    struct session *session = signal->data;
    output_wake(&session->output);
}

static void start_signals(struct session *session) {
    static const struct {
        int number;
        uv_signal_cb callback;
    } signals[SIGNALS] = {
        {SIGINT, on_end_signal},        {SIGTERM, on_end_signal},      {SIGHUP, on_end_signal},
        {SIGWINCH, on_terminal_signal}, {SIGCONT, on_terminal_signal},
    };
    for (int i = 0; i < SIGNALS; i++) {
        uv_signal_init(&session->loop, &session->signals[i]);
        session->signals[i].data = session;
        uv_signal_start(&session->signals[i], signals[i].callback, signals[i].number);
    }
}

static void stop_signals(struct session *session) {
    for (int i = 0; i < SIGNALS; i++) {
        uv_signal_stop(&session->signals[i]);
    }
}

static void start_loop(struct session *session) {
    ASSERT(uv_loop_init(&session->loop) == 0);
    uv_poll_init(&session->loop, &session->readable, file_network_fd(session->network));
    uv_timer_init(&session->loop, &session->timer);
    uv_idle_init(&session->loop, &session->again);
    uv_async_init(&session->loop, &session->async, on_async);
    session->readable.data = session->timer.data = session;
    session->again.data = session->async.data = session;
    start_signals(session);
}

static void close_handle(uv_handle_t *handle, void *context) {
    (void)context;
    uv_close(handle, NULL);
}

static void end_loop(struct session *session) {
    uv_walk(&session->loop, close_handle, NULL);
    uv_run(&session->loop, UV_RUN_DEFAULT);
    ASSERT(uv_loop_close(&session->loop) == 0);
}

static void *packets_thread(void *context) {
    struct session *session = context;
    uv_async_send(&session->async); // the first turn
    uv_run(&session->loop, UV_RUN_DEFAULT);
    // From now on a signal ends the process at once, should standard output be stuck.
    stop_signals(session);
    output_finish(&session->output, session->hurried);
    return NULL;
}

// ---- the user's thread ----------------------------------------------------------------------

static void on_console_wake(void *context) {
    struct session *session = context;
    uv_async_send(&session->async);
}

static void on_console_broken(void *context, int error) {
    struct session *session = context;
    session->broken = error;
    uv_async_send(&session->async);
}

static unsigned count_words(struct bytes line) {
    unsigned words = 0;
    for (size_t i = 0; i + 1 < line.size; i++) {
        words += line.data[i] != ' ' && line.data[i + 1] == ' ';
    }
    return words;
}

static void complete_name(const struct session *session, const struct session_words *words) {
    for (size_t i = 0; i < session->program->commands->count; i++) {
        words->add(words->context, bytes_of_text(session->program->commands->rows[i].name));
    }
}

static void complete_argument(struct session *session, unsigned argument,
                              const struct session_words *words) {
    fair_lock_take(&session->lock);
    if (!session->ended) { // else the device has no records any more
        session->program->complete(session->device, argument, words);
    }
    fair_lock_release(&session->lock);
}

static void on_console_complete(void *context, struct bytes line, void *list,
                                void (*add)(void *list, struct bytes word)) {
    struct session *session = context;
    const struct session_words words = {list, add};
    unsigned before = count_words(line);
    if (before == 0) {
        complete_name(session, &words);
        return;
    }
    const struct command_table *table = session->program->commands;
    for (size_t i = 0; i < table->count; i++) {
        const struct command_row *row = &table->rows[i];
        if (!bytes_starts_with(line, bytes_of_text(row->name))) {
            continue;
        }
        if ((row->arguments & COMMAND_ADDRESS) != 0 && before == 1) {
            complete_argument(session, COMMAND_ADDRESS, &words);
        }
        if ((row->arguments & COMMAND_CLIENT) != 0 && before == 1) {
            complete_argument(session, COMMAND_CLIENT, &words);
        }
        if ((row->arguments & COMMAND_TOPIC) != 0 && before <= 2) {
            complete_argument(session, row->arguments & (COMMAND_TOPIC | COMMAND_VALUE), &words);
        }
    }
}

static void run_console(struct session *session) {
    char prompt[32];
    snprintf(prompt, sizeof prompt, "%s> ", session->program->kind);
    struct console_owner owner = {session, on_console_wake, on_console_broken, on_console_complete};
    struct console console = {
        .owner = &owner, .input = &session->input, .output = &session->output, .prompt = prompt};
    console_run(&console, session->reads_input, session->terminal);
}

// ---- start and end --------------------------------------------------------------------------

static bool open_network(struct session *session, uint32_t *address) {
    const struct session_options *options = session->options;
    struct file_network_options how = {.path = options->network,
                                       .rotate_bytes = options->rotate_bytes,
                                       .keep = (unsigned)options->keep};
    struct file_network_error error;
    const struct session_relay *relay = session->program->relay;
    *address = (uint32_t)options->address;
    how.position = relay != NULL ? relay->place(session->device) : NULL;
    session->network = file_network_open(&how, &error);
    if (session->network == NULL ||
        (relay == NULL && !file_network_claim(session->network, address, session->program->kind,
                                              clock_unix(), &error))) {
        printable_complain("%s: %s\n", session->program->kind, error.text);
        return false;
    }
    session->own.address = relay == NULL ? *address : 0;
    return true;
}

static void init_port(struct session *session) {
    memory_init(&session->memory);
    session->port = (struct role_port){
        .send = send_packet,
        .tell = tell,
        .has_room = has_room,
        .context = session,
        .memory = &session->memory,
        .seal_room = memory_allocate(&session->memory, ROLE_SEAL_ROOM),
        // The second half is where lines are unescaped to.
        .unseal_room = memory_allocate(&session->memory, ROLE_UNSEAL_ROOM + PACKET_LINE_MAX),
    };
    buffer_init(&session->outgoing, &session->memory);
    buffer_init(&session->line, &session->memory);
    buffer_init(&session->storage, &session->memory);
}

static void deinit_port(struct session *session) {
    memory_free(&session->memory, session->port.seal_room, ROLE_SEAL_ROOM);
    memory_free(&session->memory, session->port.unseal_room, ROLE_UNSEAL_ROOM + PACKET_LINE_MAX);
    buffer_deinit(&session->outgoing);
    buffer_deinit(&session->line);
    buffer_deinit(&session->storage);
}

struct newcomer {
    struct session *session;
    uint32_t address;
};

// As if it had answered our join, which programs of other makes do not do.
static void learn_foreign(void *context, uint32_t address, const char *kind, uint64_t unix_time) {
    const struct newcomer *newcomer = context;
    struct session *session = newcomer->session;
    struct packet join = {.time_stamp = unix_time,
                          .sender = address,
                          .receiver = newcomer->address,
                          .type = PACKET_JOIN};
    packet_add(&join, bytes_of_text(kind));
    join.signature = packet_signature(&join);
    session->program->receive(session->device, &join, session->now);
}

static void start_device(struct session *session, uint32_t address) {
    struct cipher_secret seed;
    randombytes_buf(&seed, sizeof seed);
    session->now = session->since = clock_steady();
    session->unix_now = clock_unix();
    session->check_at = session->now + CHECK_INTERVAL;
    if (session->program->relay == NULL) {
        report_start(&session->report, session->program->kind, address, session->options->network,
                     session->options->suite);
    }
    if (session->terminal && !session->report.json) {
        answer_help(session);
    }
    session->program->start(session->device, session, address, &seed);
    sodium_memzero(&seed, sizeof seed);
    if (session->program->relay == NULL) {
        struct newcomer newcomer = {session, address};
        file_network_list_foreign(session->network, &newcomer, learn_foreign);
    }
}

// What stands between the threads is made before both and freed after both.
static bool run_threads(struct session *session) {
    pthread_t thread;
    const struct session_service *service = session->program->service;
    start_loop(session);
    if (service != NULL && !service->open(session->device, &session->loop)) {
        end_loop(session);
        return false;
    }
    int error = pthread_create(&thread, NULL, packets_thread, session);
    ASSERT_MESSAGE(error == 0, "a thread cannot be made");
    run_console(session);
    pthread_join(thread, NULL);
    end_loop(session);
    return true;
}

static void init_mode(struct session *session) {
    const struct session_options *options = session->options;
    session->run = options->run != NULL ? bytes_of_text(options->run) : (struct bytes){0};
    session->terminal = options->command_of_line == NULL && console_is_terminal();
    bool own_terminal = isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) != getpgrp();
    session->reads_input =
        session->terminal ||
        (!own_terminal && (options->run == NULL || options->command_of_line != NULL));
}

// Whoever ends a pipe knows that; any other reason is told.
static void report_broken(const struct session *session) {
    if (session->broken != 0 && session->broken != EPIPE) {
        printable_complain("%s: standard output: %s\n", session->program->kind,
                           strerror(session->broken));
    }
}

static int exit_code(const struct session *session) {
    if (session->unusable) {
        return SESSION_UNUSABLE;
    }
    bool failed = session->failed && !session->terminal;
    return failed || session->broken != 0 ? SESSION_FAILED : SESSION_OK;
}

static bool init(struct session *session) {
    signal(SIGPIPE, SIG_IGN); // a closed standard output is an error of write
    signal(SIGXFSZ, SIG_IGN); // a file at its size limit likewise
    if (sodium_init() < 0 || !output_init(&session->output)) {
        printable_complain("%s: cannot start: %s\n", session->program->kind, strerror(errno));
        return false;
    }
    fair_lock_init(&session->lock);
    input_init(&session->input);
    init_port(session);
    init_mode(session);
    report_init(&session->report, &session->output, &session->memory, session->options->json,
                session->program->serves);
    session->report.quiet = session->options->quiet;
    return true;
}

static void deinit(struct session *session) {
    report_deinit(&session->report);
    deinit_port(session);
    input_deinit(&session->input);
    output_deinit(&session->output);
    fair_lock_deinit(&session->lock);
    file_network_close(session->network);
}

int session_run(const struct session_options *options, const struct session_program *program,
                void *device) {
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        printable_complain("%s: no memory\n", program->kind);
        return SESSION_UNUSABLE;
    }
    session->options = options;
    session->program = program;
    session->device = device;
    int code = SESSION_UNUSABLE;
    if (init(session)) {
        uint32_t address;
        if (open_network(session, &address)) {
            start_device(session, address);
            if (run_threads(session)) {
                report_broken(session);
                code = exit_code(session);
            }
            if (session->program->finish != NULL) {
                session->program->finish(session->device);
            }
        }
        deinit(session);
    }
    free(session);
    return code;
}
