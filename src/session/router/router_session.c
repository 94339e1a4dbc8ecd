#include "session/router/router_session.h"

#include <limits.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "medium/http/master_link.h"
#include "session/router/master_worker.h"
#include "session/router/router_journal.h"
#include "session/router/router_recovery.h"
#include "session/router/router_tap.h"
#include "shell/clock.h"
#include "shell/listing.h"
#include "shell/printable.h"
#include "shell/secrets/secret_file.h"

#define RETRY_SECONDS_MAX 15u          // as role/router/uplink.h has it
#define KEEP_PLACE_BYTES (1024 * 1024) // read without a commit

static const struct command_row rows[] = {
    {"help", COMMAND_NAME, "help [command]", "show this list, or what one command does", RUN_HELP},
    {"exit", COMMAND_PLAIN, "exit", "give the gate back, leave the network and end", RUN_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether packets are shown as they pass",
     RUN_TOGGLE},
    {"list", COMMAND_PLAIN, "list",
     "show the gate, the master, addresses, packets, rules of faults", RUN_LIST},
    LINE_LEVERS_ROWS,
};

const struct command_table router_session_commands = {rows, sizeof rows / sizeof *rows};

// The uplink is the role; `journal` is what it has to know after it was killed. A worker and its
// link belong to each lane of the uplink.
struct router_session {
    const struct router_session_options *options;
    struct session *session;
    struct memory memory;
    struct router_port router_port;
    struct uplink_port port;
    struct uplink uplink;
    struct router_journal journal;
    bool has_appended; // to be noted with the next commit
    bool secure_trouble_is_said;
    uint8_t *line;   // PACKET_LINE_MAX bytes, to format a line in
    uint8_t *unseal; // ROLE_UNSEAL_ROOM bytes

    struct master_link *links[UPLINK_LANES]; // NULL if the options bring other peers
    struct master_worker workers[UPLINK_LANES];
    bool has_workers;
    struct router_tap tap;
    char trouble[512]; // of the master, as it was said

    uint64_t packets_up;
    uint64_t packets_down;
};

static void notice(struct router_session *device, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void notice(struct router_session *device, const char *format, ...) {
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    report_notice(session_report(device->session), text);
}

// ---- what the role asks for -----------------------------------------------------------------

static struct bytes format_line(struct router_session *device, const struct packet *packet) {
    struct packet stamped = *packet;
    if (stamped.time_stamp == 0) {
        stamped.time_stamp = session_unix_now(device->session);
    }
    return bytes_make(device->line, packet_format(&stamped, device->line, PACKET_LINE_MAX));
}

static bool go_up(void *context, const struct packet *packet) {
    struct router_session *device = context;
    struct bytes line = format_line(device, packet);
    if (line.size == 0) {
        return false;
    }
    device->packets_up++;
    line_report_packet(session_report(device->session), "up", packet, line);
    uplink_add_line(&device->uplink, line);
    return true;
}

static bool go_down(void *context, const struct packet *packet) {
    struct router_session *device = context;
    struct bytes line = format_line(device, packet);
    if (line.size == 0) {
        return false;
    }
    device->packets_down++;
    line_report_packet(session_report(device->session), "down", packet, line);
    session_relay_line(device->session, packet, line);
    return true;
}

// Without a lease there is no router yet, and no packet that it would pass.
static bool is_of_broker(void *context, const struct packet *packet) {
    struct router_session *device = context;
    return device->uplink.has_router && router_is_of_broker(&device->uplink.router, packet);
}

static bool cut(void *context, uint32_t address) {
    struct router_session *device = context;
    return device->uplink.has_router && router_cut(&device->uplink.router, address) > 0;
}

static void tell(void *context, const struct role_event *event) {
    struct router_session *device = context;
    line_report_event(session_line_report(device->session), event);
}

// Said once, until something works or something else is wrong.
static void tell_trouble(struct router_session *device, const struct uplink_event *event) {
    const char *text = event->text != NULL ? event->text : "the master cannot be asked";
    snprintf(device->trouble, sizeof device->trouble, "%s", text);
    report_error(session_report(device->session), text);
    notice(device, "it is tried again, at least every %u seconds; packets wait meanwhile",
           RETRY_SECONDS_MAX);
}

static void tell_line_refused(struct router_session *device, const struct uplink_event *event) {
    report_error(session_report(device->session), event->text != NULL ? event->text : "");
    notice(device, "that packet was given up");
}

static void tell_uplink(void *context, const struct uplink_event *event) {
    struct router_session *device = context;
    unsigned long long count = (unsigned long long)event->count;
    switch (event->kind) {
    case UPLINK_BEGAN:
        router_tap_began(&device->tap, event->gate);
        line_report_start(session_report(device->session), "router",
                          packet_address_global(event->gate, 0), device->options->session.network,
                          NULL);
        break;
    case UPLINK_TROUBLE:
        tell_trouble(device, event);
        break;
    case UPLINK_RECOVERED:
        notice(device, "the master answers again; %llu packet(s) wait for it", count);
        break;
    case UPLINK_LEASE_LOST:
        notice(device, "the lease had run out; packets that waited at the master for this gate are "
                       "lost");
        break;
    case UPLINK_WRONG_GATE:
        notice(device, "the master leased gate %u instead of %u; check --master", event->gate,
               device->uplink.gate);
        break;
    case UPLINK_GAP:
        notice(device,
               "the master knows packets of this gate up to number %llu only; going on "
               "behind that one",
               count);
        break;
    case UPLINK_LINE_REFUSED:
        tell_line_refused(device, event);
        break;
    case UPLINK_MISSING:
        notice(device,
               "%llu packet(s) for this gate were dropped by the master, whose mailbox for "
               "it was full",
               count);
        break;
    case UPLINK_GATE_KEPT:
        notice(device, "gate %u is kept, with %llu packet(s) that wait, for the next start",
               event->gate, count);
        break;
    case UPLINK_LINES_WAITING:
        notice(device, "the master does not answer; %llu packet(s) wait for the next start", count);
        break;
    }
}

// ---- turns ----------------------------------------------------------------------------------

static void wake(void *context) {
    session_wake(context);
}

static void ask_link(void *context, const struct gate_request *request,
                     struct gate_answer *answer) {
    master_link_ask(context, request, answer);
}

static void cancel_link(void *context) {
    master_link_cancel(context);
}

static void start_workers(struct router_session *device) {
    for (int lane = 0; lane < UPLINK_LANES; lane++) {
        struct master_peer link = {ask_link, cancel_link, device->links[lane]};
        bool is_link = device->links[lane] != NULL;
        master_worker_start(&device->workers[lane], is_link ? link : device->options->peers[lane],
                            wake, device->session);
    }
    device->has_workers = true;
}

static void begin_turn(void *context, uint64_t now) {
    struct router_session *device = context;
    if (!device->has_workers) {
        start_workers(device);
    }
    if (session_is_stuck(device->session)) {
        return; // what comes now could not be written
    }
    for (int lane = 0; lane < UPLINK_LANES; lane++) {
        const struct gate_answer *answer = master_worker_answer(&device->workers[lane]);
        if (answer != NULL) {
            router_tap_answered(&device->tap, &device->workers[lane].request, answer);
            uplink_answer(&device->uplink, (enum uplink_lane)lane, answer, now);
            master_worker_done(&device->workers[lane]);
        }
    }
}

static void end_turn(void *context, uint64_t now) {
    struct router_session *device = context;
    struct gate_request request;
    for (int lane = 0; lane < UPLINK_LANES && !session_is_stuck(device->session); lane++) {
        if (uplink_next(&device->uplink, (enum uplink_lane)lane, &request, now)) {
            router_tap_asks(&device->tap, &request);
            master_worker_ask(&device->workers[lane], &request);
        }
    }
    router_tap_flush(&device->tap, session_report(device->session));
}

static uint64_t deadline(const void *context) {
    const struct router_session *device = context;
    bool can_act = device->has_workers && !session_is_stuck(device->session);
    return can_act ? uplink_deadline(&device->uplink) : device->uplink.leave_by;
}

static void tick(void *context, uint64_t now) {
    struct router_session *device = context;
    if (!session_is_stuck(device->session)) {
        uplink_tick(&device->uplink, now);
    }
}

static void receive(void *context, struct packet *packet, uint64_t now) {
    struct router_session *device = context;
    uplink_receive(&device->uplink, packet, now);
}

static bool is_full(const void *context) {
    const struct router_session *device = context;
    return uplink_is_full(&device->uplink);
}

// ---- the journal ----------------------------------------------------------------------------

static void snapshot(void *context, journal_receiver *take, void *take_context) {
    const struct router_session *device = context;
    uplink_snapshot(&device->uplink, take, take_context);
}

static const struct file_network_position *place(const void *context) {
    const struct router_session *device = context;
    return device->journal.position.epoch != 0 ? &device->journal.position : NULL;
}

// Whether so much was read, without anything for us in it, that the place is worth keeping.
static bool is_far(const struct router_session *device, struct file_network_position position) {
    struct file_network_position kept = device->journal.position;
    return device->uplink.has_router &&
           (position.epoch != kept.epoch || position.offset > kept.offset + KEEP_PLACE_BYTES);
}

static bool write_journal(struct router_session *device, struct bytes lines,
                          struct file_network_error *error) {
    struct file_network *network = session_network(device->session);
    struct file_network_position position = file_network_position(network);
    uplink_settle(&device->uplink);
    if (lines.size > 0) {
        struct file_network_position end;
        if (!file_network_end(network, &end, error)) {
            return false;
        }
        router_journal_append(&device->journal, lines, end);
    } else if (!router_journal_is_changed(&device->journal) && !is_far(device, position)) {
        return true;
    } else if (device->has_appended) {
        router_journal_appended(&device->journal);
    }
    router_journal_move(&device->journal, position);
    device->has_appended = false;
    return router_journal_commit(&device->journal, error);
}

static bool secure(void *context, struct bytes lines) {
    struct router_session *device = context;
    struct file_network_error error;
    bool written = write_journal(device, lines, &error);
    if (!written && !device->secure_trouble_is_said) {
        report_error(session_report(device->session), error.text);
        notice(device, "nothing passes until that works; it is tried again every second");
    }
    device->secure_trouble_is_said = !written;
    return written;
}

static void appended(void *context) {
    struct router_session *device = context;
    device->has_appended = true;
}

// What the router before us was about to append when it was killed, as far as it does not stand
// there.
static void complete_append(struct router_session *device) {
    struct router_journal *journal = &device->journal;
    struct file_network_error error;
    size_t size;
    if (journal->pending.size == 0) {
        return;
    }
    if (!router_recovery_find(device->options->session.network, buffer_bytes(&journal->pending),
                              &journal->pending_at, &size, &error)) {
        report_error(session_report(device->session), error.text);
        return;
    }
    buffer_append(session_outgoing(device->session),
                  bytes_make(journal->pending.data + size, journal->pending.size - size));
    device->has_appended = size == journal->pending.size;
}

// ---- the end --------------------------------------------------------------------------------

static bool leave(void *context, uint64_t now) {
    struct router_session *device = context;
    bool was_staying = device->uplink.leaving == UPLINK_STAYS;
    bool keeps =
        device->options->keep_gate || !device->has_workers || session_is_stuck(device->session);
    bool is_over = uplink_leave(&device->uplink, keeps, now);
    if (was_staying && !is_over) {
        master_worker_cancel(&device->workers[UPLINK_DOWN]);
    }
    return is_over;
}

static void stop(void *context, uint64_t now) {
    (void)now;
    struct router_session *device = context;
    if (!device->has_workers) {
        return;
    }
    master_worker_cancel(&device->workers[UPLINK_DOWN]); // both end at once
    for (int lane = 0; lane < UPLINK_LANES; lane++) {
        master_worker_stop(&device->workers[lane]);
    }
}

// ---- list -----------------------------------------------------------------------------------

static void list_gate(const struct router_session *device, struct listing *listing) {
    static const char *const columns[] = {"gate", "address", "master", "state", NULL};
    static const char *const states[] = {"no lease", "asking for a lease", "leased"};
    const struct uplink *uplink = &device->uplink;
    bool is_well = uplink->told == GATE_OK;
    listing_single(listing, "gate", columns);
    listing_number(listing, uplink->gate);
    listing_number(listing, packet_address_global(uplink->gate, 0));
    listing_text(listing, bytes_of_text(device->options->master));
    listing_text(listing, bytes_of_text(is_well ? states[uplink->lease] : device->trouble));
}

static void list_brokers(const struct devices *brokers, const char *where,
                         struct listing *listing) {
    for (uint32_t i = 0; i < brokers->count; i++) {
        listing_number(listing, brokers->items[i].address);
        listing_text(listing, bytes_of_text(where));
        listing_text(listing, device_name(&brokers->items[i]));
    }
}

static void list_addresses(const struct router_session *device, struct listing *listing) {
    static const char *const brokers[] = {"broker", "where", "name", NULL};
    static const char *const pairs[] = {"here", "elsewhere", NULL};
    const struct router *router = &device->uplink.router;
    listing_section(listing, "brokers", brokers);
    list_brokers(&router->locals, "here", listing);
    list_brokers(&router->remotes, "elsewhere", listing);
    listing_section(listing, "pairs", pairs);
    for (uint32_t i = 0; i < router->pair_used; i++) {
        if (router->pairs[i].remote != 0) {
            listing_number(listing, router->pairs[i].local);
            listing_number(listing, router->pairs[i].remote);
        }
    }
}

static void list(const void *context, struct listing *listing) {
    const struct router_session *device = context;
    static const char *const columns[] = {"up",          "waiting", "down", "missing",
                                          "unreachable", "refused", NULL};
    list_gate(device, listing);
    if (device->uplink.has_router) {
        list_addresses(device, listing);
    }
    listing_single(listing, "passed", columns);
    unsigned long long passed = device->packets_up + device->packets_down;
    listing_heading(listing, "%llu packets passed", passed);
    listing_number(listing, device->packets_up);
    listing_number(listing, device->uplink.waiting_lines);
    listing_number(listing, device->packets_down);
    listing_number(listing, device->uplink.counts.missing);
    listing_number(listing, device->uplink.counts.unreachable);
    listing_number(listing, device->uplink.counts.refused);
}

// Whose connections can be cut: both sides of them.
static void complete(const void *context, unsigned argument, const struct run_words *words) {
    const struct router_session *device = context;
    const struct router *router = &device->uplink.router;
    (void)argument;
    for (uint32_t i = 0; device->uplink.has_router && i < router->pair_used; i++) {
        const struct router_pair *pair = &router->pairs[i];
        char text[2][16];
        (void)snprintf(text[0], sizeof text[0], "%u", pair->local);
        (void)snprintf(text[1], sizeof text[1], "%u", pair->remote);
        if (pair->remote != 0) {
            words->add(words->context, bytes_of_text(text[0]));
            words->add(words->context, bytes_of_text(text[1]));
        }
    }
}

// ---- start ----------------------------------------------------------------------------------

static void restore_tables(void *context, const struct journal_record *record) {
    struct router_session *device = context;
    if (record->kind < ROUTER_RECORDS) {
        (void)uplink_restore(&device->uplink, record, clock_steady());
    }
}

// What is known of others is told as it is restored, so that is done now that there is a report.
static void start(void *context, struct session *session, uint32_t address,
                  const struct cipher_secret *seed) {
    (void)address;
    (void)seed;
    struct router_session *device = context;
    device->session = session;
    session_report(session)->listening = false;
    if (device->journal.notice.text[0] != '\0') {
        report_notice(session_report(session), device->journal.notice.text);
    }
    complete_append(device);
    router_journal_restore(&device->journal, restore_tables, device);
    router_journal_forget(&device->journal);
    device->router_port.journal = &device->journal.journal;
    uplink_start(&device->uplink);
}

static const struct session_relay relay = {
    .place = place,
    .begin_turn = begin_turn,
    .end_turn = end_turn,
    .is_full = is_full,
    .secure = secure,
    .appended = appended,
    .leave = leave,
    .is_of_broker = is_of_broker,
};

static bool reload(void *context) {
    struct router_session *device = context;
    session_lock(device->session);
    bool has_files = router_tap_follow(&device->tap, session_report(device->session));
    session_unlock(device->session);
    return has_files;
}

static const struct session_program program = {
    .kind = "router",
    .commands = &router_session_commands,
    .serves = true,
    .start = start,
    .receive = receive,
    .tell = tell,
    .tick = tick,
    .deadline = deadline,
    .stop = stop,
    .list = list,
    .complete = complete,
    .cut = cut,
    .relay = &relay,
    .reload = reload,
};

static bool say(const char *text) {
    printable_complain("router: %s\n", text);
    return false;
}

// The first token of a file that may hold several, one a line, to be freed by the caller. NULL: a
// message was printed.
static char *read_token(const char *path) {
    char why[SECRET_FILE_WHY_SIZE];
    FILE *file = secret_file_open(path, why);
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    if (file == NULL) {
        printable_complain("router: --token-file %s: %s\n", path, why);
        return NULL;
    }
    while (!found && getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        found = line[0] != '\0' && line[0] != '#';
    }
    fclose(file);
    for (size_t i = 0; found && line[i] != '\0'; i++) {
        found = line[i] > ' ' && line[i] < 127; // what a header can carry
    }
    if (!found) {
        printable_complain("router: %s: holds no token; write the master's there, on one line\n",
                           path);
        free(line);
        line = NULL;
    }
    return line;
}

static bool open_links(struct router_session *device) {
    const struct router_session_options *options = device->options;
    char text[512];
    char *token = NULL;
    if (options->ca != NULL && access(options->ca, R_OK) != 0) {
        printable_complain("router: %s: cannot be read; name a file of certificates with --ca\n",
                           options->ca);
        return false;
    }
    if (options->token_file != NULL) {
        token = read_token(options->token_file);
        if (token == NULL) {
            return false;
        }
    }
    struct master_link_options how = {options->master, token, options->ca};
    device->links[UPLINK_UP] = master_link_create(&how, text);
    device->links[UPLINK_DOWN] =
        device->links[UPLINK_UP] != NULL ? master_link_create(&how, text) : NULL;
    free(token);
    return device->links[UPLINK_DOWN] != NULL || say(text);
}

static void restore_lease(void *context, const struct journal_record *record) {
    struct router_session *device = context;
    if (record->kind >= ROUTER_RECORDS) {
        (void)uplink_restore(&device->uplink, record, clock_steady());
    }
}

static bool open_journal(struct router_session *device) {
    const struct router_session_options *options = device->options;
    struct file_network_error error;
    char path[PATH_MAX];
    if (options->state != NULL) {
        snprintf(path, sizeof path, "%s", options->state);
    } else {
        snprintf(path, sizeof path, "%s.router", options->session.network);
    }
    if (!router_journal_open(&device->journal, path, &device->memory, &error)) {
        return say(error.text);
    }
    router_journal_restore(&device->journal, restore_lease, device);
    uint32_t gate = device->uplink.gate;
    if (options->uplink.gate != 0 && gate != 0 && gate != options->uplink.gate) {
        printable_complain(
            "router: %s: is the state of gate %u, not %u; start that router and end it with "
            "exit, or name another file with --state\n",
            path, gate, options->uplink.gate);
        router_journal_close(&device->journal, false);
        return false;
    }
    device->journal.snapshot = snapshot;
    device->journal.snapshot_context = device;
    return true;
}

static void init(struct router_session *device, const struct router_session_options *options) {
    uint64_t seed;
    randombytes_buf(&seed, sizeof seed);
    *device = (struct router_session){.options = options};
    memory_init(&device->memory);
    device->line = memory_allocate(&device->memory, PACKET_LINE_MAX);
    device->unseal = memory_allocate(&device->memory, ROLE_UNSEAL_ROOM);
    device->router_port = (struct router_port){
        .up = go_up, .down = go_down, .tell = tell, .context = device, .memory = &device->memory};
    device->port = (struct uplink_port){.router = &device->router_port,
                                        .tell = tell_uplink,
                                        .context = device,
                                        .unseal_room = device->unseal};
    uplink_init(&device->uplink, &options->uplink, &device->port, seed);
}

static void deinit(struct router_session *device) {
    uplink_deinit(&device->uplink);
    memory_free(&device->memory, device->line, PACKET_LINE_MAX);
    memory_free(&device->memory, device->unseal, ROLE_UNSEAL_ROOM);
    ASSERT(device->memory.blocks_in_use == 0);
}

int router_session_run(struct router_session_options *options) {
    struct router_session *device = calloc(1, sizeof *device);
    ASSERT_MESSAGE(device != NULL, "out of memory");
    int code = PROGRAM_UNUSABLE;
    init(device, options);
    const struct router_tap_options tap = {options->tap, options->tap_bytes, options->master,
                                           options->session.network};
    if ((options->peers != NULL || open_links(device)) && router_tap_open(&device->tap, &tap) &&
        open_journal(device)) {
        code = session_run(&options->session, &program, device);
        // A gate that was given back, or never leased, leaves nothing to remember.
        bool forget = device->uplink.leaving == UPLINK_GONE || device->uplink.gate == 0;
        router_journal_close(&device->journal, forget);
    }
    deinit(device);
    router_tap_close(&device->tap);
    for (int lane = 0; lane < UPLINK_LANES; lane++) {
        master_link_destroy(device->links[lane]);
    }
    free(device);
    return code;
}
