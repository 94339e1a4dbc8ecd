#include "session/router/router_session.h"

#include <limits.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "shell/clock.h"
#include "shell/listing.h"
#include "session/router/master_worker.h"
#include "shell/printable.h"
#include "session/router/router_landing.h"
#include "session/router/router_state.h"
#include "shell/secret_file.h"

#define WAIT_MAX 25u // seconds
#define RETRY_MIN (ROLE_SECOND / 4)
#define RETRY_MAX (15 * ROLE_SECOND)
#define ASK_INTERVAL (60 * ROLE_SECOND) // of asking all gates again
#define LEAVE_TIME (5 * ROLE_SECOND)    // to hand over what waits, at the end
#define GIVE_BACK_TIME (2 * ROLE_SECOND)
#define KEEP_PLACE_BYTES (1024 * 1024) // read without a commit

static const struct command_row rows[] = {
    {"help", COMMAND_PLAIN, "help", "show this list", RUN_HELP},
    {"exit", COMMAND_PLAIN, "exit", "give the gate back, leave the network and end", RUN_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether packets are shown as they pass",
     RUN_TOGGLE},
    {"list", COMMAND_PLAIN, "list", "show the gate, the master, addresses, packets", RUN_LIST},
};

const struct command_table router_session_commands = {rows, sizeof rows / sizeof *rows};

enum lease { LEASE_NONE, LEASE_ASKED, LEASE_HELD };
enum leaving { STAYING, DRAINING, GIVING_BACK, GONE };

// When a worker may ask again, after what it asked last failed.
struct retry {
    uint64_t at;
    unsigned failures;
};

struct router_session {
    const struct router_session_options *options;
    struct session *session;
    struct memory memory;
    struct router_state state;
    struct router_port port;
    struct router router;
    bool has_role;   // since a gate is known
    bool has_landed; // to be noted with the next commit
    bool secure_trouble_is_said;
    uint8_t *line; // PACKET_LINE_MAX bytes, to format a line in

    struct master_link *links[2]; // until the workers have them
    struct master_worker up;
    struct master_worker down;
    bool has_workers;
    enum lease lease;
    unsigned lease_number;  // counts the leases
    unsigned taking_number; // the lease with which the mailbox was asked
    unsigned silence_s;
    struct retry up_retry;
    struct retry down_retry;
    enum master_result said; // the trouble that the user knows of
    char trouble[512];
    size_t batch_bytes; // of the next upload; smaller while a line is sought that is refused
    uint64_t asked_at;

    enum leaving leaving;
    uint64_t leave_by;

    uint64_t packets_up;
    uint64_t packets_down;
    uint64_t packets_unreachable;
    uint64_t packets_missing;
    uint64_t packets_refused;
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
    router_state_add_line(&device->state, line);
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
    buffer_append(session_outgoing(device->session), line);
    return true;
}

static void tell(void *context, const struct role_event *event) {
    struct router_session *device = context;
    line_report_event(session_line_report(device->session), event);
}

static void store(void *context, const struct router_record *record) {
    struct router_session *device = context;
    router_state_record(&device->state, record);
}

static void save(void *context) {
    struct router_session *device = context;
    router_save(&device->router, store, device);
}

static void restore(void *context, const struct router_record *record) {
    struct router_session *device = context;
    router_restore(&device->router, record, clock_steady());
}

static void init_role(struct router_session *device) {
    uint64_t seed;
    randombytes_buf(&seed, sizeof seed);
    router_init(&device->router, &device->options->config, &device->port, device->state.gate, seed);
    device->has_role = true;
    router_state_restore(&device->state, restore, device);
    device->state.save = save;
    device->state.save_context = device;
    line_report_start(session_report(device->session), "router", device->router.self,
                      device->options->session.network, NULL);
}

// ---- trouble and its end --------------------------------------------------------------------

static void back_off(struct retry *retry, unsigned at_least_s, uint64_t now) {
    unsigned doublings = retry->failures < 6 ? retry->failures : 6;
    uint64_t delay = RETRY_MIN << doublings;
    delay = delay < RETRY_MAX ? delay : RETRY_MAX;
    // Half of it is chance, so that many routers do not come back as one.
    delay = delay / 2 + randombytes_uniform((uint32_t)(delay / 2000)) * UINT64_C(1000);
    uint64_t least = at_least_s * ROLE_SECOND;
    retry->at = now + (delay > least ? delay : least);
    retry->failures++;
}

// Said once, until something works or something else is wrong.
static void suffer(struct router_session *device, struct retry *retry,
                   const struct master_answer *answer, uint64_t now) {
    back_off(retry, answer->retry_after_s, now);
    snprintf(device->trouble, sizeof device->trouble, "%s", answer->text);
    if (device->said != answer->result) {
        device->said = answer->result;
        report_error(session_report(device->session), answer->text);
        notice(device, "it is tried again, at least every %u seconds; packets wait meanwhile",
               (unsigned)(RETRY_MAX / ROLE_SECOND));
    }
}

static void recover(struct router_session *device, struct retry *retry) {
    *retry = (struct retry){0};
    if (device->said != MASTER_DONE) {
        device->said = MASTER_DONE;
        notice(device, "the master answers again; %llu packet(s) wait for it",
               (unsigned long long)device->state.waiting_lines);
    }
}

// ---- the lease ------------------------------------------------------------------------------

static void ask_for_lease(struct router_session *device) {
    struct master_request request = {.kind = MASTER_LEASE, .gate = device->state.gate};
    if (request.gate == 0) {
        request.gate = (uint32_t)device->options->gate;
    }
    memcpy(request.secret, device->state.secret, sizeof request.secret);
    device->lease = LEASE_ASKED;
    master_worker_ask(&device->up, &request);
}

// The number of the last line that the master has, as it says.
static void take_uploaded(struct router_session *device, uint64_t uploaded) {
    struct router_state *state = &device->state;
    bool is_ours =
        uploaded >= state->uploaded && uploaded - state->uploaded <= state->waiting_lines;
    if (is_ours) {
        router_state_acknowledge(state, uploaded);
    } else {
        router_state_renumber(state, uploaded);
    }
}

// A new lease has an empty mailbox with numbers of its own, and those who joined or left meanwhile
// are unknown on both sides.
static void begin_lease(struct router_session *device, bool is_new, uint64_t now) {
    bool is_first = device->lease_number == 1 && device->state.cursor == 0;
    if (is_new) {
        router_state_take(&device->state, 0);
    }
    if (is_new && !is_first) {
        notice(device, "the lease had run out; packets that waited at the master for this gate are "
                       "lost");
    }
    bool knows_nobody = device->router.gate_count == 0 && device->router.locals.count == 0;
    if (is_new || knows_nobody) {
        device->asked_at = now;
        router_start(&device->router, now);
    }
}

static void take_lease(struct router_session *device, const struct master_answer *answer,
                       uint64_t now) {
    if (device->state.gate != 0 && answer->gate != device->state.gate) {
        device->lease = LEASE_NONE;
        back_off(&device->up_retry, 0, now);
        notice(device, "the master leased gate %u instead of %u; check --master", answer->gate,
               device->state.gate);
        return;
    }
    recover(device, &device->up_retry);
    device->down_retry = (struct retry){0};
    device->lease = LEASE_HELD;
    device->lease_number++;
    device->silence_s = answer->silence_s;
    router_state_lease(&device->state, answer->gate, answer->secret);
    take_uploaded(device, answer->uploaded);
    if (!device->has_role) {
        init_role(device);
    }
    begin_lease(device, answer->result == MASTER_DONE, now);
}

static void lose_lease(struct router_session *device) {
    device->lease = LEASE_NONE;
    device->up_retry.at = 0;
}

// Who is still there; not too often, since each gate answers.
static void ask_gates(struct router_session *device, uint64_t now) {
    if (now >= device->asked_at + ASK_INTERVAL) {
        device->asked_at = now;
        router_ask(&device->router, now);
    }
}

// ---- answers to uploads ---------------------------------------------------------------------

// A line that the master finds wrong must not hold up the others: smaller batches find it.
static void seek_refused_line(struct router_session *device, const struct master_answer *answer) {
    struct bytes lines = device->up.request.lines;
    bool is_single = memchr(lines.data, '\n', lines.size) == lines.data + lines.size - 1;
    if (!is_single) {
        device->batch_bytes = lines.size / 2;
        return;
    }
    device->packets_refused++;
    router_state_drop_line(&device->state);
    report_error(session_report(device->session), answer->text);
    notice(device, "that packet was given up");
}

static void take_upload(struct router_session *device, const struct master_answer *answer,
                        uint64_t now) {
    switch (answer->result) {
    case MASTER_DONE:
        recover(device, &device->up_retry);
        if (answer->unreachable > 0) {
            device->packets_unreachable += answer->unreachable;
            ask_gates(device, now);
        }
        take_uploaded(device, answer->uploaded);
        device->batch_bytes = 2 * device->batch_bytes < MASTER_BATCH_BYTES ? 2 * device->batch_bytes
                                                                           : MASTER_BATCH_BYTES;
        break;
    case MASTER_GAP:
        notice(device,
               "the master knows packets of this gate up to number %llu only; going on "
               "behind that one",
               (unsigned long long)answer->uploaded);
        take_uploaded(device, answer->uploaded);
        break;
    case MASTER_NO_LEASE:
        lose_lease(device);
        break;
    case MASTER_REFUSED:
        seek_refused_line(device, answer);
        break;
    case MASTER_RESUMED:
    case MASTER_GATE_TAKEN:
    case MASTER_UNREACHABLE:
    case MASTER_UNTRUSTED:
    case MASTER_NO_ACCESS:
    case MASTER_STRANGE:
    case MASTER_CANCELLED:
        suffer(device, &device->up_retry, answer, now);
        break;
    }
}

static void take_up_answer(struct router_session *device, const struct master_answer *answer,
                           uint64_t now) {
    bool is_good = answer->result == MASTER_DONE || answer->result == MASTER_RESUMED;
    switch (device->up.request.kind) {
    case MASTER_LEASE:
        if (is_good) {
            take_lease(device, answer, now);
        } else {
            device->lease = LEASE_NONE;
            suffer(device, &device->up_retry, answer, now);
        }
        break;
    case MASTER_UPLOAD:
        take_upload(device, answer, now);
        break;
    case MASTER_GIVE_BACK:
    case MASTER_TAKE:
        device->leaving = GONE;
        break;
    }
}

// ---- packets from the mailbox ---------------------------------------------------------------

static void take_line(struct router_session *device, struct bytes line, uint64_t now) {
    struct packet packet;
    uint8_t *scratch = session_port(device->session)->unseal_room;
    enum packet_fault fault = packet_parse(&packet, line, scratch);
    if (fault != PACKET_OK) {
        role_tell_drop(&device->router.device_port, &packet, fault);
    } else {
        router_take(&device->router, &packet, now);
    }
}

static void take_packets(struct router_session *device, const struct master_answer *answer,
                         uint64_t now) {
    struct bytes rest = answer->lines;
    recover(device, &device->down_retry);
    while (rest.size > 0) {
        const uint8_t *lf = memchr(rest.data, '\n', rest.size); // the last byte is one
        size_t size = (size_t)(lf - rest.data);
        take_line(device, bytes_make(rest.data, size), now);
        rest = bytes_make(lf + 1, rest.size - size - 1);
    }
    if (answer->missing > 0) {
        device->packets_missing += answer->missing;
        notice(device,
               "%llu packet(s) for this gate were dropped by the master, whose mailbox for "
               "it was full",
               (unsigned long long)answer->missing);
        ask_gates(device, now);
    }
    if (answer->last > device->state.cursor) {
        router_state_take(&device->state, answer->last);
    }
}

static void take_down_answer(struct router_session *device, const struct master_answer *answer,
                             uint64_t now) {
    bool is_of_this_lease =
        device->lease == LEASE_HELD && device->taking_number == device->lease_number;
    if (!is_of_this_lease || device->leaving != STAYING) {
        return;
    }
    if (answer->result == MASTER_DONE) {
        take_packets(device, answer, now);
    } else if (answer->result == MASTER_NO_LEASE) {
        lose_lease(device);
    } else {
        suffer(device, &device->down_retry, answer, now);
    }
}

// ---- turns ----------------------------------------------------------------------------------

static void wake(void *context) {
    session_wake(context);
}

static void begin_turn(void *context, uint64_t now) {
    struct router_session *device = context;
    if (!device->has_workers) {
        master_worker_start(&device->up, device->links[0], wake, device->session);
        master_worker_start(&device->down, device->links[1], wake, device->session);
        device->has_workers = true;
    }
    if (session_is_stuck(device->session)) {
        return; // what comes now could not be written
    }
    const struct master_answer *answer = master_worker_answer(&device->up);
    if (answer != NULL) {
        take_up_answer(device, answer, now);
        master_worker_done(&device->up);
    }
    answer = master_worker_answer(&device->down);
    if (answer != NULL) {
        take_down_answer(device, answer, now);
        master_worker_done(&device->down);
    }
}

static bool wants_upload(const struct router_session *device) {
    return device->lease == LEASE_HELD && device->state.waiting_lines > 0 &&
           device->leaving <= DRAINING;
}

static bool wants_lease(const struct router_session *device) {
    return device->lease == LEASE_NONE && device->leaving == STAYING;
}

static bool wants_packets(const struct router_session *device) {
    return device->lease == LEASE_HELD && device->leaving == STAYING;
}

static struct master_request request_of(const struct router_session *device,
                                        enum master_request_kind kind, uint64_t number) {
    struct master_request request = {.kind = kind, .gate = device->state.gate, .number = number};
    memcpy(request.secret, device->state.secret, sizeof request.secret);
    return request;
}

static void upload(struct router_session *device) {
    struct master_request request = request_of(device, MASTER_UPLOAD, device->state.uploaded + 1);
    request.lines = router_state_batch(&device->state, device->batch_bytes);
    master_worker_ask(&device->up, &request);
}

// A third of the silence: if the connection has died unnoticed, there is time to find that out and
// come back before the gate is dropped with its mailbox.
static unsigned wait_seconds(const struct router_session *device) {
    unsigned third = device->silence_s / 3;
    return third < 1 ? 1 : third < WAIT_MAX ? third : WAIT_MAX;
}

static void ask_for_packets(struct router_session *device) {
    struct master_request request = request_of(device, MASTER_TAKE, device->state.cursor);
    request.wait_s = wait_seconds(device);
    device->taking_number = device->lease_number;
    master_worker_ask(&device->down, &request);
}

// Only what is safe in the journal is told to the master: lines, and that a mailbox was emptied.
static void end_turn(void *context, uint64_t now) {
    struct router_session *device = context;
    if (session_is_stuck(device->session) || router_state_is_changed(&device->state)) {
        return;
    }
    if (master_worker_is_idle(&device->up) && now >= device->up_retry.at) {
        if (wants_upload(device)) {
            upload(device);
        } else if (wants_lease(device)) {
            ask_for_lease(device);
        }
    }
    if (wants_packets(device) && master_worker_is_idle(&device->down) &&
        now >= device->down_retry.at) {
        ask_for_packets(device);
    }
}

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static uint64_t deadline(const void *context) {
    struct router_session *device = (void *)(uintptr_t)context; // asking a worker takes its lock
    uint64_t due = device->leaving == STAYING ? ROLE_NEVER : device->leave_by;
    if (session_is_stuck(device->session) || !device->has_workers) {
        return due;
    }
    bool up_waits = master_worker_is_idle(&device->up);
    bool down_waits = master_worker_is_idle(&device->down);
    if (device->has_role) {
        due = earlier(due, router_deadline(&device->router));
    }
    if (up_waits && (wants_upload(device) || wants_lease(device))) {
        due = earlier(due, device->up_retry.at);
    }
    if (down_waits && wants_packets(device)) {
        due = earlier(due, device->down_retry.at);
    }
    return due;
}

static void tick(void *context, uint64_t now) {
    struct router_session *device = context;
    if (device->has_role && !session_is_stuck(device->session)) {
        router_tick(&device->router, now);
    }
}

static void receive(void *context, struct packet *packet, uint64_t now) {
    struct router_session *device = context;
    router_receive(&device->router, packet, now);
}

static bool is_full(const void *context) {
    const struct router_session *device = context;
    return !device->has_role ||
           router_state_waiting_bytes(&device->state) >= device->options->waiting_bytes;
}

// ---- the journal ----------------------------------------------------------------------------

static const struct file_network_position *place(const void *context) {
    const struct router_session *device = context;
    return device->state.position.epoch != 0 ? &device->state.position : NULL;
}

// Whether so much was read, without anything for us in it, that the place is worth keeping.
static bool is_far(const struct router_session *device, struct file_network_position position) {
    struct file_network_position kept = device->state.position;
    return device->has_role &&
           (position.epoch != kept.epoch || position.offset > kept.offset + KEEP_PLACE_BYTES);
}

static bool write_journal(struct router_session *device, struct bytes lines,
                          struct file_network_error *error) {
    struct file_network *network = session_network(device->session);
    struct file_network_position position = file_network_position(network);
    if (lines.size > 0) {
        struct file_network_position end;
        if (!file_network_end(network, &end, error)) {
            return false;
        }
        router_state_land(&device->state, lines, end);
    } else if (!router_state_is_changed(&device->state) && !is_far(device, position)) {
        return true;
    } else if (device->has_landed) {
        router_state_landed(&device->state);
    }
    router_state_move(&device->state, position);
    device->has_landed = false;
    return router_state_commit(&device->state, error);
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
    device->has_landed = true;
}

// What the router before us was about to append when it was killed, as far as it does not stand
// there.
static void complete_landing(struct router_session *device) {
    struct router_state *state = &device->state;
    struct file_network_error error;
    size_t landed;
    if (state->landing.size == 0) {
        return;
    }
    if (!router_landing_find(device->options->session.network, buffer_bytes(&state->landing),
                             &state->landing_at, &landed, &error)) {
        report_error(session_report(device->session), error.text);
        return;
    }
    buffer_append(session_outgoing(device->session),
                  bytes_make(state->landing.data + landed, state->landing.size - landed));
    device->has_landed = landed == state->landing.size;
}

// ---- the end --------------------------------------------------------------------------------

static bool begin_leaving(struct router_session *device, uint64_t now) {
    bool can = device->has_role && device->lease == LEASE_HELD && device->has_workers &&
               !session_is_stuck(device->session);
    if (!can || device->options->keep_gate) {
        if (device->state.gate != 0) {
            notice(device, "gate %u is kept, with %llu packet(s) that wait, for the next start",
                   device->state.gate, (unsigned long long)device->state.waiting_lines);
        }
        return false;
    }
    router_stop(&device->router);
    master_link_cancel(device->down.link);
    device->leaving = DRAINING;
    device->leave_by = now + LEAVE_TIME;
    return true;
}

static bool leave(void *context, uint64_t now) {
    struct router_session *device = context;
    if (device->leaving == STAYING) {
        return !begin_leaving(device, now);
    }
    bool is_late = now >= device->leave_by;
    bool is_idle = master_worker_is_idle(&device->up);
    if (device->leaving == DRAINING && is_idle && device->lease == LEASE_HELD &&
        device->state.waiting_lines == 0) {
        struct master_request request = request_of(device, MASTER_GIVE_BACK, 0);
        master_worker_ask(&device->up, &request);
        device->leaving = GIVING_BACK;
        device->leave_by = now + GIVE_BACK_TIME;
        return false;
    }
    if (is_late && device->leaving != GONE && device->state.waiting_lines > 0) {
        notice(device, "the master does not answer; %llu packet(s) wait for the next start",
               (unsigned long long)device->state.waiting_lines);
    }
    return device->leaving == GONE || is_late;
}

static void stop(void *context, uint64_t now) {
    (void)now;
    struct router_session *device = context;
    if (device->has_workers) {
        master_link_cancel(device->down.link); // both end at once
        master_worker_stop(&device->up);
        master_worker_stop(&device->down);
        device->links[0] = device->links[1] = NULL;
    }
}

// ---- list -----------------------------------------------------------------------------------

static void list_gate(const struct router_session *device, struct listing *listing) {
    static const char *const columns[] = {"gate", "address", "master", "state", NULL};
    static const char *const states[] = {"no lease", "asking for a lease", "leased"};
    bool is_well = device->said == MASTER_DONE;
    listing_section(listing, "gate", columns);
    listing_number(listing, device->state.gate);
    listing_number(listing, packet_address_global(device->state.gate, 0));
    listing_text(listing, bytes_of_text(device->options->master));
    listing_text(listing, bytes_of_text(is_well ? states[device->lease] : device->trouble));
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
    const struct router *router = &device->router;
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
    if (device->has_role) {
        list_addresses(device, listing);
    }
    listing_section(listing, "passed", columns);
    listing_number(listing, device->packets_up);
    listing_number(listing, device->state.waiting_lines);
    listing_number(listing, device->packets_down);
    listing_number(listing, device->packets_missing);
    listing_number(listing, device->packets_unreachable);
    listing_number(listing, device->packets_refused);
}

// ---- start ----------------------------------------------------------------------------------

static void start(void *context, struct session *session, uint32_t address,
                  const struct cipher_secret *seed) {
    (void)address;
    (void)seed;
    struct router_session *device = context;
    device->session = session;
    session_report(session)->listening = false;
    if (device->state.notice.text[0] != '\0') {
        report_notice(session_report(session), device->state.notice.text);
    }
    complete_landing(device);
    if (device->state.gate != 0) {
        init_role(device);
    }
}

static const struct session_relay relay = {
    .place = place,
    .begin_turn = begin_turn,
    .end_turn = end_turn,
    .is_full = is_full,
    .secure = secure,
    .appended = appended,
    .leave = leave,
};

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
    .relay = &relay,
};

static bool say(const char *text) {
    printable_complain("router: %s\n", text);
    return false;
}

// The first token of a file that may hold several, one a line, to be freed by the caller. NULL: a
// message was printed.
static char *read_token(const char *path) {
    FILE *file = secret_file_open("router: --token-file", path);
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    while (file != NULL && !found && getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        found = line[0] != '\0' && line[0] != '#';
    }
    if (file != NULL) {
        fclose(file);
    }
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
    device->links[0] = master_link_create(&how, text);
    device->links[1] = device->links[0] != NULL ? master_link_create(&how, text) : NULL;
    free(token);
    return device->links[1] != NULL || say(text);
}

static bool open_state(struct router_session *device) {
    const struct router_session_options *options = device->options;
    struct file_network_error error;
    char path[PATH_MAX];
    if (options->state != NULL) {
        snprintf(path, sizeof path, "%s", options->state);
    } else {
        snprintf(path, sizeof path, "%s.router", options->session.network);
    }
    if (!router_state_open(&device->state, path, &device->memory, &error)) {
        return say(error.text);
    }
    if (options->gate != 0 && device->state.gate != 0 && device->state.gate != options->gate) {
        printable_complain(
            "router: %s: is the state of gate %u, not %u; start that router and end it with "
            "exit, or name another file with --state\n",
            path, device->state.gate, (unsigned)options->gate);
        router_state_close(&device->state, false);
        return false;
    }
    return true;
}

static void deinit(struct router_session *device) {
    if (device->has_role) {
        router_deinit(&device->router);
    }
    // A gate that was given back, or never leased, leaves nothing to remember.
    bool forget = device->leaving == GONE || device->state.gate == 0;
    router_state_close(&device->state, forget);
    memory_free(&device->memory, device->line, PACKET_LINE_MAX);
}

int router_session_run(struct router_session_options *options) {
    struct router_session device = {.options = options, .batch_bytes = MASTER_BATCH_BYTES};
    int code = PROGRAM_UNUSABLE;
    memory_init(&device.memory);
    device.port = (struct router_port){go_up, go_down, tell, store, &device, &device.memory};
    if (open_links(&device) && open_state(&device)) {
        device.line = memory_allocate(&device.memory, PACKET_LINE_MAX);
        code = session_run(&options->session, &program, &device);
        deinit(&device);
    }
    master_link_destroy(device.links[0]);
    master_link_destroy(device.links[1]);
    return code;
}
