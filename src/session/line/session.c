#include "session/line/session.h"

#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "medium/file/file_network.h"
#include "shell/clock.h"
#include "session/line/fair_lock.h"
#include "shell/listing.h"
#include "session/line/own_lines.h"
#include "shell/printable.h"

#define LINES_A_TURN 512
#define STEPS_A_TURN 2048 // of work that these lead to: some 2 ms
#define STEP_BYTES 256    // of a line, in or out, that cost one step more
#define STEP_WORK 50      // units of a role's work
#define FLUSH_BYTES (1024 * 1024)
#define CHECK_INTERVAL (10 * ROLE_SECOND)
#define RETRY_INTERVAL ROLE_SECOND
// Of faults: rules, lines that wait, their bytes, devices that are remembered.
#define FAULT_LINES_MAX 1024
#define FAULT_BYTES_MAX (8 * 1024 * 1024)
#define FAULT_MET_MAX 4096

// A broker, client or router on its network file, for as long as the program runs. First what it
// serves and the run that it is part of; then what belongs to the packets' thread and is used under
// the lock; last the handles of the loop.
struct session {
    const struct session_options *options;
    const struct session_program *program;
    void *device;
    struct run_program run_program; // this session as the run has it
    struct run run;

    // The packets' thread, under the lock: the role's port, the network, the lines that are not in
    // the file yet.
    struct fair_lock lock;
    struct role_port port;
    struct line_report report;
    struct file_network *network;
    struct buffer outgoing;
    struct buffer answers;    // to requests of ours that a rule refused
    struct own_lines own;     // a relay has none
    struct fault_rules rules; // of the options
    struct line_levers levers;
    bool secured;      // a relay's: it is safe that these are to be written
    uint64_t retry_at; // 0: the file takes them
    bool unread;       // there may be packets in the file
    uint64_t check_at;
    uint64_t armed; // when the timer comes
    uint64_t since;
    uint64_t packets_received;
    uint64_t packets_sent;

    // This turn: its time, and the steps of work since it began.
    uint64_t now;
    uint64_t unix_now;
    uint64_t steps;
    uint64_t work; // less than a step

    bool ended;    // nothing is done any more
    bool unusable; // the last packets could not be written

    uv_poll_t readable;
    bool polling;
    uv_timer_t timer;
    uv_idle_t again;
    uv_idle_t overdue;
};

const struct role_port *session_port(struct session *session) {
    return &session->port;
}

struct report *session_report(struct session *session) {
    return &session->run.report;
}

struct line_report *session_line_report(struct session *session) {
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

bool session_reload(struct session *session) {
    return run_reload(&session->run);
}

void session_end(struct session *session) {
    run_end(&session->run);
}

void session_wake(struct session *session) {
    run_wake(&session->run);
}

bool session_has_arrived(const struct session *session) {
    struct pollfd loop = {.fd = uv_backend_fd(&session->run.loop), .events = POLLIN};
    return poll(&loop, 1, 0) != 0;
}

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

// A relay that is stuck could not write what faults let go.
static bool faults_rest(const struct session *session) {
    return session->program->relay != NULL && session_is_stuck(session);
}

// Of the role and of what faults delay.
static uint64_t deadline(const struct session *session) {
    uint64_t due = session->program->deadline(session->device);
    return faults_rest(session)
               ? due
               : earlier(due, line_faults_deadline(&session->levers.faults, session->now));
}

uint64_t session_enter(struct session *session) {
    fair_lock_take(&session->lock);
    session->now = clock_steady();
    session->unix_now = clock_unix();
    return session->now;
}

void session_leave(struct session *session) {
    bool has_turn = session->outgoing.size > 0 || deadline(session) < session->armed;
    if (!session->ended && has_turn) {
        session_wake(session);
    }
    output_announce(&session->run.output);
    fair_lock_release(&session->lock);
}

void session_lock(struct session *session) {
    fair_lock_take(&session->lock);
}

void session_unlock(struct session *session) {
    fair_lock_release(&session->lock);
}

bool session_output_is_full(struct session *session) {
    return output_is_full(&session->run.output);
}

void session_service_closed(struct session *session) {
    uv_stop(&session->run.loop);
}

uint64_t session_since(const struct session *session) {
    return session->since;
}

// ---- errors and updates ---------------------------------------------------------------------

void session_error(struct session *session, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    run_error_list(&session->run, format, arguments);
    va_end(arguments);
}

bool session_count_update(struct session *session) {
    return run_count_update(&session->run);
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
            report_notice(&session->run.report, "packets can be written again; none was lost");
        }
        session->retry_at = 0;
        return;
    }
    if (session->retry_at == 0) {
        report_error(&session->run.report, error.text);
        report_notice(&session->run.report, "packets wait and are tried again every second");
    }
    session->retry_at = session->now + RETRY_INTERVAL;
}

// Its bytes stand at the end of `outgoing`; a line that a fault has changed may not come back as
// ours.
static void note_sent(struct session *session, size_t size, bool is_ours) {
    session->outgoing.size += size;
    session->packets_sent++;
    if (is_ours) {
        own_lines_note_written(&session->own);
    }
    if (session->outgoing.size >= FLUSH_BYTES) {
        flush(session);
    }
}

static bool send_packet(void *context, const struct packet *packet) {
    struct session *session = context;
    struct packet stamped = *packet;
    stamped.time_stamp = session->unix_now;
    uint8_t *room = buffer_reserve(&session->outgoing, PACKET_LINE_MAX);
    size_t size = packet_format(&stamped, room, PACKET_LINE_MAX);
    session->steps += 1 + size / STEP_BYTES;
    if (size > 0 && line_faults_are_on(&session->levers.faults)) {
        struct buffer line;
        buffer_init(&line, &session->run.memory);
        buffer_append(&line, bytes_make(room, size - 1));
        line_faults_take(&session->levers.faults, LINE_OUT, &stamped, buffer_bytes(&line),
                         session->now);
        buffer_deinit(&line);
    } else if (size > 0) {
        note_sent(session, size, true);
    }
    return size > 0;
}

static void spend(void *context, uint64_t work) {
    struct session *session = context;
    session->work += work;
    session->steps += session->work / STEP_WORK;
    session->work %= STEP_WORK;
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

static void receive_packet(struct session *session, struct packet *packet) {
    session->steps += steps_of[packet->type];
    session->program->receive(session->device, packet, session->now);
}

static void receive_line(void *context, struct bytes line) {
    struct session *session = context;
    struct packet packet;
    enum packet_fault fault =
        packet_parse(&packet, line, session->port.unseal_room + ROLE_UNSEAL_ROOM);
    session->packets_received++;
    session->steps += 1 + line.size / STEP_BYTES;
    if (fault != PACKET_OK) {
        role_tell_drop(&session->port, session->own.address, &packet, fault);
    } else if (own_lines_is_foreign(&session->own, packet.sender)) {
        role_tell_drop(&session->port, session->own.address, &packet, PACKET_FAULT_OWN_ADDRESS);
    } else if (session->run.stopping) {
        // nothing is received any more
    } else if (line_faults_are_on(&session->levers.faults)) {
        line_faults_take(&session->levers.faults, LINE_IN, &packet, line, session->now);
    } else {
        receive_packet(session, &packet);
    }
    if (session->steps >= STEPS_A_TURN) {
        file_network_pause(session->network); // the other doors, time and commands have their turn
    }
}

// ---- faults -----------------------------------------------------------------------------------

// A relay makes its lines safe before they are written: all anew, if there is one more.
static void relay_line(struct session *session, struct bytes line) {
    buffer_append(&session->outgoing, line);
    session->secured = false;
}

void session_relay_line(struct session *session, const struct packet *packet, struct bytes line) {
    if (line_faults_are_on(&session->levers.faults)) {
        line_faults_take(&session->levers.faults, LINE_OUT, packet,
                         bytes_make(line.data, line.size - 1), session->now);
    } else {
        relay_line(session, line);
    }
}

// Whether it will be read as a line of ours: a fault may have changed it. Not in the room for
// unsealing, where the packet may be that is being answered.
static bool is_ours(struct session *session, struct bytes line) {
    struct packet packet;
    struct buffer room;
    buffer_init(&room, &session->run.memory);
    enum packet_fault fault = packet_parse(&packet, line, buffer_reserve(&room, PACKET_LINE_MAX));
    bool is = fault == PACKET_OK && packet.sender == session->own.address;
    buffer_deinit(&room);
    return is;
}

static void write_line(struct session *session, struct bytes line) {
    if (session->program->relay != NULL) {
        relay_line(session, line);
        relay_line(session, BYTES_LITERAL("\n"));
        return;
    }
    bool counts = is_ours(session, line);
    uint8_t *room = buffer_reserve(&session->outgoing, line.size + 1);
    memcpy(room, line.data, line.size);
    room[line.size] = '\n';
    note_sent(session, line.size + 1, counts);
}

// A line that the rules let pass, perhaps changed.
static void on_line(void *context, enum line_way way, struct bytes line) {
    struct session *session = context;
    if (way == LINE_OUT) {
        write_line(session, line);
        return;
    }
    struct packet packet;
    enum packet_fault fault =
        packet_parse(&packet, line, session->port.unseal_room + ROLE_UNSEAL_ROOM);
    if (fault != PACKET_OK) {
        role_tell_drop(&session->port, session->own.address, &packet, fault);
    } else {
        receive_packet(session, &packet);
    }
}

// Answers a request for a connection as a broker would that has no time for it.
static void on_refuse(void *context, enum line_way way, const struct packet *request) {
    struct session *session = context;
    uint8_t line[LINE_FAULTS_ANSWER_MAX];
    size_t size = line_faults_refusal(request, session->unix_now, line);
    if (way == LINE_IN) {
        on_line(session, LINE_OUT, bytes_make(line, size - 1));
    } else {
        buffer_append(&session->answers, bytes_make(line, size));
    }
}

// Addresses of connections that fit a pattern.
struct fitting {
    struct bytes pattern;
    struct buffer addresses;
};

static void note_fitting(void *context, struct bytes word) {
    struct fitting *fitting = context;
    uint64_t number;
    bool fits = fitting->pattern.size == 0 || fault_pattern_fits(fitting->pattern, word);
    if (fits && decimal_read(word, UINT32_MAX, &number)) {
        uint32_t address = (uint32_t)number;
        buffer_append(&fitting->addresses, bytes_make(&address, sizeof address));
    }
}

static bool on_is_of_broker(void *context, const struct packet *packet) {
    struct session *session = context;
    return session->program->relay->is_of_broker(session->device, packet);
}

static uint32_t on_cut(void *context, struct bytes pattern) {
    struct session *session = context;
    struct fitting fitting = {.pattern = pattern};
    uint32_t count = 0;
    buffer_init(&fitting.addresses, &session->run.memory);
    session->program->complete(session->device, COMMAND_ADDRESS,
                               &(struct run_words){&fitting, note_fitting});
    for (size_t at = 0; at < fitting.addresses.size; at += sizeof(uint32_t)) {
        uint32_t address;
        memcpy(&address, fitting.addresses.data + at, sizeof address);
        count += session->program->cut(session->device, address);
    }
    buffer_deinit(&fitting.addresses);
    return count;
}

// What faults have come to that has to wait until the role is done with what it does.
static void act_on_faults(struct session *session) {
    if (faults_rest(session)) {
        return;
    }
    line_faults_tick(&session->levers.faults, session->now);
    for (size_t at = 0; at < session->answers.size;) {
        const uint8_t *line = session->answers.data + at;
        size_t size =
            (size_t)((const uint8_t *)memchr(line, '\n', session->answers.size - at) - line);
        on_line(session, LINE_IN, bytes_make(line, size));
        at += size + 1;
    }
    session->answers.size = 0;
    uint32_t address;
    while ((address = line_levers_next_cut(&session->levers)) != 0) {
        (void)session->program->cut(session->device, address);
    }
}

static void receive_notice(void *context, const char *text) {
    struct session *session = context;
    own_lines_unsettle(&session->own);
    report_notice(&session->run.report, text);
}

static struct file_network_events network_events(struct session *session) {
    return (struct file_network_events){session, receive_line, receive_notice};
}

// True while reading has to pause: what came in so far must be printed or written first.
static bool is_held_up(void *context) {
    struct session *session = context;
    return output_is_full(&session->run.output) ||
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
    uint64_t sum = 0;
    listing_section(listing, "dropped", drop_columns);
    for (int i = 0; i < PACKET_FAULTS; i++) {
        sum += session->report.dropped[i];
        if (session->report.dropped[i] > 0) {
            listing_text(listing, bytes_of_text(packet_fault_name((enum packet_fault)i)));
            listing_number(listing, session->report.dropped[i]);
            listing_text(listing, bytes_of_text(packet_fault_text((enum packet_fault)i)));
        }
    }
    listing_heading(listing, "%llu packets dropped", (unsigned long long)sum);
}

static void list_packets(struct session *session, struct listing *listing) {
    static const char *const columns[] = {"seen", "sent", NULL};
    listing_single(listing, "packets", columns);
    listing_number(listing, session->packets_received);
    listing_number(listing, session->packets_sent);
}

static void answer_list(struct session *session) {
    struct listing listing;
    listing_init(&listing, &session->run.memory, session->run.report.json);
    listing.width = run_width(&session->run);
    session->program->list(session->device, &listing);
    line_levers_list(&session->levers, &listing);
    list_packets(session, &listing);
    list_dropped(session, &listing);
    report_answer(&session->run.report, "list", listing_end(&listing));
    listing_deinit(&listing);
}

static enum run_outcome execute(void *context, const struct command *command) {
    struct session *session = context;
    if (command->row->id == RUN_LIST) {
        answer_list(session);
        return RUN_DONE;
    }
    if (command->row->id < LEVERS_COMMANDS) {
        return line_levers_execute(&session->levers, command, session->now);
    }
    return session->program->execute(session->device, command, session->now);
}

static void look_at_levers(void *context, json_t *answer) {
    const struct session *session = context;
    line_levers_look(&session->levers, answer);
}

static enum run_outcome resume(void *context) {
    struct session *session = context;
    return session->program->resume(session->device, session->now);
}

// In the user's thread.
static void complete(void *context, unsigned argument, const struct run_words *words) {
    struct session *session = context;
    fair_lock_take(&session->lock);
    if (!session->ended) { // else the device has no records any more
        session->program->complete(session->device, argument, words);
    }
    fair_lock_release(&session->lock);
}

static bool reload(void *context) {
    struct session *session = context;
    const struct session_program *program = session->program;
    return program->reload != NULL && program->reload(session->device);
}

// ---- the end --------------------------------------------------------------------------------

static void end(struct session *session) {
    session->ended = true;
    line_levers_report(&session->levers);
    session->program->stop(session->device, session->now);
    session->retry_at = 0;
    flush(session);
    if (session->outgoing.size > 0) {
        report_error(&session->run.report, "the last packets could not be written");
        session->unusable = true;
    }
    // There are no more turns; the loop waits for what is being closed, and does not spin.
    uv_idle_stop(&session->again);
    uv_idle_stop(&session->overdue);
    if (session->program->service != NULL) {
        session->program->service->close(session->device);
    } else {
        uv_stop(&session->run.loop);
    }
}

// ---- the loop -------------------------------------------------------------------------------

static void on_timer(uv_timer_t *timer);
static void on_readable(uv_poll_t *poll, int status, int events);
static void on_again(uv_idle_t *idle);
static void on_overdue(uv_idle_t *idle);

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
    uint64_t due = deadline(session);
    due = held_up ? due : earlier(due, session->check_at);
    due = earlier(due, run_deadline(&session->run));
    due = session->retry_at == 0 ? due : earlier(due, session->retry_at);
    session->armed = due;
    if (due > session->now) {
        uv_idle_stop(&session->overdue);
        uv_timer_start(&session->timer, on_timer, (due - session->now + 999999) / 1000000, 0);
    } else { // in the next round, after a look at what has arrived
        uv_idle_start(&session->overdue, on_overdue);
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
    bool over = session->run.stopping && leave(session);
    if (relay != NULL) {
        relay->end_turn(session->device, session->now);
    }
    report_left_out(&session->run.report, over);
    output_announce(&session->run.output);
    if (over) {
        end(session);
        output_announce(&session->run.output);
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
    const struct session_relay *relay = session->program->relay;
    if (relay != NULL) {
        relay->begin_turn(session->device, session->now);
    }
    if (!session->run.stopping) {
        session->unread = session->unread || readable || session->now >= session->check_at;
        if (session->unread && !is_held_up(session) && !is_full(session)) {
            session->unread = more = read_packets(session);
        }
        if (session->program->deadline(session->device) <= session->now) {
            session->program->tick(session->device, session->now);
        }
        more = run_commands(&session->run) || more;
        act_on_faults(session);
        (void)run_is_done(&session->run, session->now);
    } else if (relay != NULL) {
        act_on_faults(session); // it may have to wait for the other side
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

static void on_overdue(uv_idle_t *idle) {
    turn(idle->data, false);
}

static void on_wake(void *context) {
    turn(context, false);
}

static void start_loop(struct session *session) {
    uv_loop_t *loop = &session->run.loop;
    uv_poll_init(loop, &session->readable, file_network_fd(session->network));
    uv_timer_init(loop, &session->timer);
    uv_idle_init(loop, &session->again);
    uv_idle_init(loop, &session->overdue);
    session->readable.data = session->timer.data = session;
    session->again.data = session->overdue.data = session;
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
    session->port = (struct role_port){
        .send = send_packet,
        .spend = spend,
        .tell = tell,
        .has_room = has_room,
        .context = session,
        .memory = &session->run.memory,
        .seal_room = memory_allocate(&session->run.memory, ROLE_SEAL_ROOM),
        // The second half is where lines are unescaped to.
        .unseal_room = memory_allocate(&session->run.memory, ROLE_UNSEAL_ROOM + PACKET_LINE_MAX),
    };
    buffer_init(&session->outgoing, &session->run.memory);
    buffer_init(&session->answers, &session->run.memory);
}

static void deinit_port(struct session *session) {
    memory_free(&session->run.memory, session->port.seal_room, ROLE_SEAL_ROOM);
    memory_free(&session->run.memory, session->port.unseal_room,
                ROLE_UNSEAL_ROOM + PACKET_LINE_MAX);
    buffer_deinit(&session->outgoing);
    buffer_deinit(&session->answers);
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

static enum line_faults_place place_of(const struct session_program *program) {
    return program->relay != NULL ? LINE_AT_ROUTER
           : program->serves      ? LINE_AT_BROKER
                                  : LINE_AT_CLIENT;
}

static void init_levers(struct session *session, uint32_t address) {
    line_levers_init(
        &session->levers, &session->run,
        &(struct line_levers_owner){session, on_line, on_refuse, on_cut, on_is_of_broker},
        &(struct line_faults_options){.seed = session->options->levers.seed,
                                      .self = address,
                                      .place = place_of(session->program),
                                      .rules_max = FAULT_RULES_MAX,
                                      .kept_max = FAULT_LINES_MAX,
                                      .kept_bytes_max = FAULT_BYTES_MAX,
                                      .met_max = FAULT_MET_MAX});
    void *context = NULL;
    const struct line_levers_other *other =
        session->program->other_levers == NULL
            ? NULL
            : session->program->other_levers(session->device, &context);
    if (other != NULL) {
        line_levers_join(&session->levers, other, context);
    }
}

static void start_device(struct session *session, uint32_t address) {
    struct cipher_secret seed;
    run_take_signals(&session->run);
    randombytes_buf(&seed, sizeof seed);
    session->now = session->since = clock_steady();
    session->unix_now = clock_unix();
    session->check_at = session->now + CHECK_INTERVAL;
    if (session->program->relay == NULL) {
        line_report_start(&session->run.report, session->program->kind, address,
                          session->options->network, session->options->suite);
    }
    if (session->run.terminal && !session->run.report.json) {
        run_help(&session->run, NULL);
    }
    line_levers_start(&session->levers, &session->rules, session->now);
    session->program->start(session->device, session, address, &seed);
    sodium_memzero(&seed, sizeof seed);
    if (session->program->relay == NULL) {
        struct newcomer newcomer = {session, address};
        file_network_list_foreign(session->network, &newcomer, learn_foreign);
    }
}

// What stands between the threads is made before both and freed after both.
static bool run_both(struct session *session) {
    const struct session_service *service = session->program->service;
    start_loop(session);
    if (service != NULL && !service->open(session->device, &session->run.loop)) {
        return false;
    }
    run_threads(&session->run);
    return true;
}

static bool init(struct session *session) {
    const struct session_program *program = session->program;
    bool is_relay = program->relay != NULL;
    session->run_program = (struct run_program){
        .kind = program->kind,
        .commands = program->commands,
        .serves = program->serves,
        .toggled = {is_relay ? "not listening: packets pass, not shown"
                             : "not listening: entries are kept, not shown",
                    is_relay ? "listening: packets are shown as they pass"
                             : "listening: entries are shown as they pass"},
        .turn = on_wake,
        .is_held_up = is_held_up,
        .execute = execute,
        .levers = look_at_levers,
        .resume = resume,
        .reload = reload,
        .complete = complete,
        .command_of_line = session->options->command_of_line,
    };
    if (!run_init(&session->run, &session->options->run, &session->run_program, session)) {
        return false;
    }
    fair_lock_init(&session->lock);
    init_port(session);
    session->report =
        (struct line_report){.report = &session->run.report, .broker = program->serves};
    return true;
}

static void deinit(struct session *session) {
    deinit_port(session);
    run_deinit(&session->run);
    fair_lock_deinit(&session->lock);
    file_network_close(session->network);
}

static int exit_code(const struct session *session) {
    int code = run_exit_code(&session->run);
    return session->unusable ? PROGRAM_UNUSABLE : code;
}

static bool read_rules(struct session *session) {
    return fault_rules_read(&session->rules, &session->run.memory, &session->options->levers,
                            FAULT_RULES_MAX, session->program->kind);
}

static int run_device(struct session *session) {
    uint32_t address = 0;
    bool has_rules = read_rules(session);
    bool has_network = has_rules && open_network(session, &address);
    init_levers(session, address);
    int code = PROGRAM_UNUSABLE;
    if (has_network) {
        start_device(session, address);
        code = run_both(session) ? exit_code(session) : PROGRAM_UNUSABLE;
    }
    run_close(&session->run);
    if (has_network && session->program->finish != NULL) {
        session->program->finish(session->device);
    }
    line_levers_deinit(&session->levers);
    fault_rules_free(&session->rules);
    return has_rules ? code : PROGRAM_USAGE;
}

int session_run(const struct session_options *options, const struct session_program *program,
                void *device) {
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        printable_complain("%s: no memory\n", program->kind);
        return PROGRAM_UNUSABLE;
    }
    session->options = options;
    session->program = program;
    session->device = device;
    int code = PROGRAM_UNUSABLE;
    if (init(session)) {
        code = run_device(session);
        deinit(session);
    }
    free(session);
    return code;
}
