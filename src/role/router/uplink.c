#include "role/router/uplink.h"

#include "base/hash.h"

#define WAIT_MAX 25u // seconds that a request waits at the master
#define RETRY_MIN (ROLE_SECOND / 4)
#define RETRY_MAX (15 * ROLE_SECOND)
#define RETRY_DOUBLINGS 6u              // RETRY_MIN so many times doubled is RETRY_MAX or more
#define ASK_INTERVAL (60 * ROLE_SECOND) // of asking all gates again
#define LEAVE_TIME (5 * ROLE_SECOND)    // to hand over what waits, at the end
#define GIVE_BACK_TIME (2 * ROLE_SECOND)
#define WAITING_SLACK (256u * 1024) // gone lines that are kept at the front

const struct journal_kind uplink_journal_kinds[UPLINK_RECORDS] = {
    ROUTER_RECORD_ROWS,
    [UPLINK_LEASED] = {"lease", 1, 1},
    [UPLINK_ADDED] = {"up", 0, 1},
    [UPLINK_UPLOADED] = {"uploaded", 1, 0},
    [UPLINK_NUMBERED] = {"renumber", 1, 0},
    [UPLINK_DROPPED] = {"drop", 0, 0},
    [UPLINK_TAKEN] = {"cursor", 1, 0},
};

static struct journal *journal_of(const struct uplink *uplink) {
    return uplink->port->router->journal;
}

static void append_number(const struct uplink *uplink, enum uplink_record kind, uint64_t number) {
    journal_append(journal_of(uplink), &(struct journal_record){.kind = kind, .number = {number}});
}

static void tell(const struct uplink *uplink, struct uplink_event event) {
    uplink->port->tell(uplink->port->context, &event);
}

void uplink_init(struct uplink *uplink, const struct uplink_config *config,
                 const struct uplink_port *port, uint64_t seed) {
    *uplink = (struct uplink){.config = config,
                              .port = port,
                              .seed = seed,
                              .batch_bytes = GATE_BATCH_BYTES,
                              .leave_by = ROLE_NEVER};
    buffer_init(&uplink->waiting, port->router->memory);
}

void uplink_deinit(struct uplink *uplink) {
    if (uplink->has_router) {
        router_deinit(&uplink->router);
    }
    buffer_deinit(&uplink->waiting);
}

static void make_router(struct uplink *uplink) {
    if (!uplink->has_router) {
        router_init(&uplink->router, &uplink->config->router, uplink->port->router, uplink->gate,
                    uplink->seed);
        uplink->has_router = true;
    }
}

static void begin(struct uplink *uplink) {
    make_router(uplink);
    tell(uplink, (struct uplink_event){.kind = UPLINK_BEGAN, .gate = uplink->gate});
}

void uplink_start(struct uplink *uplink) {
    if (uplink->gate != 0) {
        begin(uplink);
    }
}

// ---- lines that wait ------------------------------------------------------------------------

static void consume(struct uplink *uplink, size_t bytes, uint64_t lines) {
    uplink->waiting_at += bytes;
    uplink->waiting_lines -= lines;
    if (uplink->waiting_at > WAITING_SLACK && uplink->waiting_at > uplink->waiting.size / 2) {
        buffer_consume(&uplink->waiting, uplink->waiting_at);
        uplink->waiting_kept -= uplink->waiting_at;
        uplink->waiting_at = 0;
    }
}

static size_t size_of_lines(const struct uplink *uplink, uint64_t lines) {
    const struct buffer *waiting = &uplink->waiting;
    size_t at = uplink->waiting_at;
    for (uint64_t i = 0; i < lines; i++) {
        const uint8_t *lf = memchr(waiting->data + at, '\n', waiting->size - at);
        ASSERT(lf != NULL);
        at = (size_t)(lf - waiting->data) + 1;
    }
    return at - uplink->waiting_at;
}

static uint64_t count_lines(struct bytes lines) {
    uint64_t count = 0;
    for (size_t i = 0; i < lines.size; i++) {
        count += lines.data[i] == '\n';
    }
    return count;
}

static bool are_whole_lines(struct bytes lines) {
    return lines.size > 0 && lines.data[lines.size - 1] == '\n';
}

// The first lines that wait, as many as are in `limit` bytes, or one.
static struct bytes first_lines(const struct uplink *uplink, size_t limit) {
    size_t size = uplink_waiting_bytes(uplink);
    if (size == 0) {
        return (struct bytes){0};
    }
    const uint8_t *start = uplink->waiting.data + uplink->waiting_at;
    if (size <= limit) {
        return bytes_make(start, size);
    }
    size_t end = limit;
    while (end > 0 && start[end - 1] != '\n') {
        end--;
    }
    return bytes_make(start, end > 0 ? end : size_of_lines(uplink, 1));
}

void uplink_add_line(struct uplink *uplink, struct bytes line) {
    ASSERT(are_whole_lines(line));
    buffer_append(&uplink->waiting, line);
    uplink->waiting_lines++;
}

bool uplink_is_full(const struct uplink *uplink) {
    return !uplink->has_router || uplink_waiting_bytes(uplink) >= uplink->config->waiting_bytes;
}

static bool has_gathered(const struct uplink *uplink) {
    return journal_of(uplink) != NULL && uplink->waiting_kept < uplink->waiting.size;
}

void uplink_settle(struct uplink *uplink) {
    size_t from =
        uplink->waiting_kept > uplink->waiting_at ? uplink->waiting_kept : uplink->waiting_at;
    size_t size = uplink->waiting.size - from;
    uplink->waiting_kept = uplink->waiting.size;
    if (size > 0) {
        struct bytes lines = bytes_make(uplink->waiting.data + from, size);
        journal_append(journal_of(uplink),
                       &(struct journal_record){.kind = UPLINK_ADDED, .text = {lines}});
    }
}

// The master has the lines up to this number. Those added are to stand in the journal before that.
static void acknowledge(struct uplink *uplink, uint64_t uploaded) {
    uint64_t lines = uploaded - uplink->uploaded;
    if (lines > 0) {
        uplink_settle(uplink);
        consume(uplink, size_of_lines(uplink, lines), lines);
        uplink->uploaded = uploaded;
        append_number(uplink, UPLINK_UPLOADED, uploaded);
    }
}

static bool is_ours(const struct uplink *uplink, uint64_t uploaded) {
    return uploaded >= uplink->uploaded && uploaded - uplink->uploaded <= uplink->waiting_lines;
}

// The number of the last line that the master has, as it says.
static void take_uploaded(struct uplink *uplink, uint64_t uploaded) {
    if (is_ours(uplink, uploaded)) {
        acknowledge(uplink, uploaded);
    } else {
        uplink->uploaded = uploaded;
        append_number(uplink, UPLINK_NUMBERED, uploaded);
    }
}

static void drop_line(struct uplink *uplink) {
    uplink_settle(uplink);
    consume(uplink, size_of_lines(uplink, 1), 1);
    journal_append(journal_of(uplink), &(struct journal_record){.kind = UPLINK_DROPPED});
}

static void take_to(struct uplink *uplink, uint64_t cursor) {
    uplink->cursor = cursor;
    append_number(uplink, UPLINK_TAKEN, cursor);
}

// ---- trouble and its end --------------------------------------------------------------------

static uint64_t draw(struct uplink *uplink, uint64_t below) {
    return hash_number(uplink->draws++, uplink->seed) % below;
}

static void back_off(struct uplink *uplink, enum uplink_lane lane, unsigned at_least_s,
                     uint64_t now) {
    struct uplink_retry *retry = &uplink->retry[lane];
    unsigned doublings = retry->failures < RETRY_DOUBLINGS ? retry->failures : RETRY_DOUBLINGS;
    uint64_t delay = RETRY_MIN << doublings;
    delay = delay < RETRY_MAX ? delay : RETRY_MAX;
    delay = delay / 2 + draw(uplink, delay / 2);
    uint64_t least = at_least_s * ROLE_SECOND;
    retry->at = now + (delay > least ? delay : least);
    retry->failures++;
}

static void take_trouble(struct uplink *uplink, enum uplink_lane lane,
                         const struct gate_answer *answer, uint64_t now) {
    back_off(uplink, lane, answer->retry_after_s, now);
    if (uplink->told != answer->status) {
        uplink->told = answer->status;
        tell(uplink, (struct uplink_event){
                         .kind = UPLINK_TROUBLE, .status = answer->status, .text = answer->text});
    }
}

static void recover(struct uplink *uplink, enum uplink_lane lane) {
    uplink->retry[lane] = (struct uplink_retry){0};
    if (uplink->told != GATE_OK) {
        uplink->told = GATE_OK;
        tell(uplink,
             (struct uplink_event){.kind = UPLINK_RECOVERED, .count = uplink->waiting_lines});
    }
}

// ---- the lease ------------------------------------------------------------------------------

static void keep_lease(struct uplink *uplink, uint32_t gate, struct bytes secret) {
    uplink->gate = gate;
    memset(uplink->secret, 0, sizeof uplink->secret);
    memcpy(uplink->secret, secret.data, secret.size);
}

// A new lease has an empty mailbox with numbers of its own, and those who joined or left meanwhile
// are unknown on both sides.
static void begin_lease(struct uplink *uplink, bool is_new, uint64_t now) {
    bool is_first = uplink->lease_number == 1 && uplink->cursor == 0;
    if (is_new) {
        take_to(uplink, 0);
    }
    if (is_new && !is_first) {
        tell(uplink, (struct uplink_event){.kind = UPLINK_LEASE_LOST, .gate = uplink->gate});
    }
    bool knows_nobody = uplink->router.gate_count == 0 && uplink->router.locals.count == 0;
    if (is_new || knows_nobody) {
        uplink->gates_asked_at = now;
        router_start(&uplink->router, now);
    }
}

static void take_lease(struct uplink *uplink, const struct gate_answer *answer, uint64_t now) {
    if (uplink->gate != 0 && answer->gate != uplink->gate) {
        uplink->lease = UPLINK_NO_LEASE;
        back_off(uplink, UPLINK_UP, 0, now);
        tell(uplink, (struct uplink_event){.kind = UPLINK_WRONG_GATE, .gate = answer->gate});
        return;
    }
    recover(uplink, UPLINK_UP);
    uplink->retry[UPLINK_DOWN] = (struct uplink_retry){0};
    uplink->lease = UPLINK_HELD;
    uplink->lease_number++;
    uplink->silence_s = answer->silence_s;
    struct bytes secret = bytes_of_text(answer->secret);
    keep_lease(uplink, answer->gate, secret);
    journal_append(journal_of(uplink), &(struct journal_record){.kind = UPLINK_LEASED,
                                                                .number = {answer->gate},
                                                                .text = {secret}});
    take_uploaded(uplink, answer->uploaded);
    if (!uplink->has_router) {
        begin(uplink);
    }
    begin_lease(uplink, answer->status == GATE_NEW, now);
}

static void lose_lease(struct uplink *uplink) {
    uplink->lease = UPLINK_NO_LEASE;
    uplink->retry[UPLINK_UP].at = 0;
}

// Who is still there; not too often, since each gate answers.
static void ask_gates(struct uplink *uplink, uint64_t now) {
    if (now >= uplink->gates_asked_at + ASK_INTERVAL) {
        uplink->gates_asked_at = now;
        router_ask(&uplink->router, now);
    }
}

// ---- answers to leases and uploads ----------------------------------------------------------

// A line that the master finds wrong must not hold up the others: smaller batches find it.
static void seek_refused_line(struct uplink *uplink, const struct gate_answer *answer) {
    if (uplink->asked_bytes != size_of_lines(uplink, 1)) {
        uplink->batch_bytes = uplink->asked_bytes / 2;
        return;
    }
    uplink->counts.refused++;
    drop_line(uplink);
    tell(uplink, (struct uplink_event){.kind = UPLINK_LINE_REFUSED, .text = answer->text});
}

static void take_uploaded_well(struct uplink *uplink, const struct gate_answer *answer,
                               uint64_t now) {
    recover(uplink, UPLINK_UP);
    if (answer->unreachable > 0) {
        uplink->counts.unreachable += answer->unreachable;
        ask_gates(uplink, now);
    }
    take_uploaded(uplink, answer->uploaded);
    uplink->batch_bytes =
        2 * uplink->batch_bytes < GATE_BATCH_BYTES ? 2 * uplink->batch_bytes : GATE_BATCH_BYTES;
}

static void take_upload(struct uplink *uplink, const struct gate_answer *answer, uint64_t now) {
    switch (answer->status) {
    case GATE_OK:
        take_uploaded_well(uplink, answer, now);
        break;
    case GATE_GAP:
        tell(uplink, (struct uplink_event){.kind = UPLINK_GAP, .count = answer->uploaded});
        take_uploaded(uplink, answer->uploaded);
        break;
    case GATE_NO_LEASE:
        lose_lease(uplink);
        break;
    case GATE_REFUSED:
        seek_refused_line(uplink, answer);
        break;
    case GATE_NEW:
    case GATE_TAKEN:
    case GATE_FULL:
    case GATE_UNAVAILABLE:
    case GATE_UNTRUSTED:
    case GATE_NO_ACCESS:
    case GATE_STRANGE:
    case GATE_CANCELLED:
        take_trouble(uplink, UPLINK_UP, answer, now);
        break;
    }
}

static void take_up_answer(struct uplink *uplink, const struct gate_answer *answer, uint64_t now) {
    switch (uplink->asked) {
    case GATE_LEASE:
        if (answer->status == GATE_OK || answer->status == GATE_NEW) {
            take_lease(uplink, answer, now);
        } else {
            uplink->lease = UPLINK_NO_LEASE;
            take_trouble(uplink, UPLINK_UP, answer, now);
        }
        break;
    case GATE_UPLOAD:
        take_upload(uplink, answer, now);
        break;
    case GATE_GIVE_BACK:
    case GATE_TAKE:
        uplink->leaving = UPLINK_GONE;
        break;
    }
}

// ---- packets from the mailbox ---------------------------------------------------------------

static void take_line(struct uplink *uplink, struct bytes line, uint64_t now) {
    struct packet packet;
    enum packet_fault fault = packet_parse(&packet, line, uplink->port->unseal_room);
    if (fault != PACKET_OK) {
        role_tell_drop(&uplink->router.device_port, 0, &packet, fault);
    } else {
        router_take(&uplink->router, &packet, now);
    }
}

static void take_packets(struct uplink *uplink, const struct gate_answer *answer, uint64_t now) {
    struct bytes rest = answer->lines;
    recover(uplink, UPLINK_DOWN);
    while (rest.size > 0) {
        const uint8_t *lf = memchr(rest.data, '\n', rest.size);
        size_t size = lf != NULL ? (size_t)(lf - rest.data) : rest.size;
        take_line(uplink, bytes_make(rest.data, size), now);
        size_t taken = lf != NULL ? size + 1 : size;
        rest = bytes_make(rest.data + taken, rest.size - taken);
    }
    if (answer->missing > 0) {
        uplink->counts.missing += answer->missing;
        tell(uplink, (struct uplink_event){.kind = UPLINK_MISSING, .count = answer->missing});
        ask_gates(uplink, now);
    }
    if (answer->last > uplink->cursor) {
        take_to(uplink, answer->last);
    }
}

static void take_down_answer(struct uplink *uplink, const struct gate_answer *answer,
                             uint64_t now) {
    bool is_of_this_lease =
        uplink->lease == UPLINK_HELD && uplink->taking_number == uplink->lease_number;
    if (!is_of_this_lease || uplink->leaving != UPLINK_STAYS) {
        return;
    }
    if (answer->status == GATE_OK) {
        take_packets(uplink, answer, now);
    } else if (answer->status == GATE_NO_LEASE) {
        lose_lease(uplink);
    } else {
        take_trouble(uplink, UPLINK_DOWN, answer, now);
    }
}

void uplink_answer(struct uplink *uplink, enum uplink_lane lane, const struct gate_answer *answer,
                   uint64_t now) {
    ASSERT(uplink->is_asked[lane]);
    uplink->is_asked[lane] = false;
    if (lane == UPLINK_UP) {
        take_up_answer(uplink, answer, now);
    } else {
        take_down_answer(uplink, answer, now);
    }
}

// ---- requests -------------------------------------------------------------------------------

static bool wants_upload(const struct uplink *uplink) {
    return uplink->lease == UPLINK_HELD && uplink->waiting_lines > 0 &&
           uplink->leaving <= UPLINK_EXPECT_UPLOADED;
}

static bool wants_lease(const struct uplink *uplink) {
    return uplink->lease == UPLINK_NO_LEASE && uplink->leaving == UPLINK_STAYS;
}

static bool wants_to_give_back(const struct uplink *uplink) {
    return uplink->leaving == UPLINK_EXPECT_GIVEN_BACK;
}

static bool wants_packets(const struct uplink *uplink) {
    return uplink->lease == UPLINK_HELD && uplink->leaving == UPLINK_STAYS;
}

static bool wants(const struct uplink *uplink, enum uplink_lane lane) {
    if (uplink->is_asked[lane]) {
        return false;
    }
    return lane == UPLINK_DOWN
               ? wants_packets(uplink)
               : wants_upload(uplink) || wants_lease(uplink) || wants_to_give_back(uplink);
}

// A third of the silence: if the connection has died unnoticed, there is time to find that out and
// come back before the gate is dropped with its mailbox.
static unsigned wait_seconds(const struct uplink *uplink) {
    unsigned third = uplink->silence_s / 3;
    return third < 1 ? 1 : third < WAIT_MAX ? third : WAIT_MAX;
}

static void fill_up(struct uplink *uplink, struct gate_request *request) {
    if (wants_upload(uplink)) {
        request->kind = GATE_UPLOAD;
        request->number = uplink->uploaded + 1;
        request->lines = first_lines(uplink, uplink->batch_bytes);
        uplink->asked_bytes = request->lines.size;
    } else if (wants_lease(uplink)) {
        request->kind = GATE_LEASE;
        request->gate = uplink->gate != 0 ? uplink->gate : uplink->config->gate;
        uplink->lease = UPLINK_EXPECT_LEASE;
    } else {
        request->kind = GATE_GIVE_BACK;
    }
    uplink->asked = request->kind;
}

static void fill_down(struct uplink *uplink, struct gate_request *request) {
    request->kind = GATE_TAKE;
    request->number = uplink->cursor;
    request->wait_s = wait_seconds(uplink);
    uplink->taking_number = uplink->lease_number;
}

// Only what is safe in the journal is told to the master: lines, and that a mailbox was emptied.
static bool is_held(const struct uplink *uplink) {
    const struct journal *journal = journal_of(uplink);
    return has_gathered(uplink) || !journal_is_durable(journal) || !journal_may_promise(journal);
}

bool uplink_next(struct uplink *uplink, enum uplink_lane lane, struct gate_request *request,
                 uint64_t now) {
    if (!wants(uplink, lane) || now < uplink->retry[lane].at || is_held(uplink)) {
        return false;
    }
    *request = (struct gate_request){.gate = uplink->gate};
    memcpy(request->secret, uplink->secret, sizeof request->secret);
    if (lane == UPLINK_UP) {
        fill_up(uplink, request);
    } else {
        fill_down(uplink, request);
    }
    uplink->is_asked[lane] = true;
    return true;
}

// ---- packets of the network, time -----------------------------------------------------------

void uplink_receive(struct uplink *uplink, struct packet *packet, uint64_t now) {
    ASSERT(uplink->has_router);
    router_receive(&uplink->router, packet, now);
}

void uplink_tick(struct uplink *uplink, uint64_t now) {
    if (uplink->has_router) {
        router_tick(&uplink->router, now);
    }
}

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

uint64_t uplink_deadline(const struct uplink *uplink) {
    uint64_t due = uplink->leave_by;
    if (uplink->has_router) {
        due = earlier(due, router_deadline(&uplink->router));
    }
    for (int lane = 0; lane < UPLINK_LANES; lane++) {
        if (wants(uplink, (enum uplink_lane)lane)) {
            due = earlier(due, uplink->retry[lane].at);
        }
    }
    return due;
}

// ---- the end --------------------------------------------------------------------------------

static bool begin_leaving(struct uplink *uplink, bool keeps, uint64_t now) {
    if (keeps || uplink->lease != UPLINK_HELD) {
        if (uplink->gate != 0) {
            tell(uplink, (struct uplink_event){.kind = UPLINK_GATE_KEPT,
                                               .gate = uplink->gate,
                                               .count = uplink->waiting_lines});
        }
        return false;
    }
    router_stop(&uplink->router);
    uplink->leaving = UPLINK_EXPECT_UPLOADED;
    uplink->leave_by = now + LEAVE_TIME;
    return true;
}

// It has found out at the end that its lease is gone, and with it to whom the lines could be
// handed.
static bool has_lost_its_lease(const struct uplink *uplink) {
    return uplink->leaving == UPLINK_EXPECT_UPLOADED && uplink->lease != UPLINK_HELD &&
           !uplink->is_asked[UPLINK_UP];
}

bool uplink_leave(struct uplink *uplink, bool keeps, uint64_t now) {
    if (uplink->leaving == UPLINK_STAYS) {
        return !begin_leaving(uplink, keeps, now);
    }
    bool is_late = now >= uplink->leave_by || has_lost_its_lease(uplink);
    if (uplink->leaving == UPLINK_EXPECT_UPLOADED && !uplink->is_asked[UPLINK_UP] &&
        uplink->lease == UPLINK_HELD && uplink->waiting_lines == 0) {
        uplink->leaving = UPLINK_EXPECT_GIVEN_BACK;
        uplink->retry[UPLINK_UP] = (struct uplink_retry){0};
        uplink->leave_by = now + GIVE_BACK_TIME;
        return false;
    }
    if (is_late && uplink->leaving != UPLINK_GONE && uplink->waiting_lines > 0) {
        tell(uplink,
             (struct uplink_event){.kind = UPLINK_LINES_WAITING, .count = uplink->waiting_lines});
    }
    return uplink->leaving == UPLINK_GONE || is_late;
}

// ---- its journal ----------------------------------------------------------------------------

static bool is_secret(struct bytes text) {
    for (size_t i = 0; i < text.size; i++) {
        bool is_digit = text.data[i] >= '0' && text.data[i] <= '9';
        bool is_letter = (text.data[i] | 0x20) >= 'a' && (text.data[i] | 0x20) <= 'f';
        if (!is_digit && !is_letter) {
            return false;
        }
    }
    return text.size > 0 && text.size < GATE_SECRET_TEXT_SIZE;
}

static bool restore_lease(struct uplink *uplink, const struct journal_record *record) {
    uint64_t gate = record->number[0];
    struct bytes secret = record->text[0];
    bool is_lease = gate > 0 && gate <= PACKET_GATE_MAX && is_secret(secret) &&
                    (!uplink->has_router || gate == uplink->gate);
    if (is_lease) {
        keep_lease(uplink, (uint32_t)gate, secret);
    }
    return is_lease;
}

static bool restore_added(struct uplink *uplink, struct bytes lines) {
    if (!are_whole_lines(lines)) {
        return false;
    }
    buffer_append(&uplink->waiting, lines);
    uplink->waiting_lines += count_lines(lines);
    uplink->waiting_kept = uplink->waiting.size;
    return true;
}

static bool restore_uploaded(struct uplink *uplink, uint64_t uploaded) {
    bool is_right = is_ours(uplink, uploaded);
    if (is_right) {
        acknowledge(uplink, uploaded);
    }
    return is_right;
}

static bool restore_dropped(struct uplink *uplink) {
    bool is_right = uplink->waiting_lines > 0;
    if (is_right) {
        drop_line(uplink);
    }
    return is_right;
}

static bool restore_own(struct uplink *uplink, const struct journal_record *record) {
    switch ((enum uplink_record)record->kind) {
    case UPLINK_LEASED:
        return restore_lease(uplink, record);
    case UPLINK_ADDED:
        return restore_added(uplink, record->text[0]);
    case UPLINK_UPLOADED:
        return restore_uploaded(uplink, record->number[0]);
    case UPLINK_NUMBERED:
        uplink->uploaded = record->number[0];
        return true;
    case UPLINK_DROPPED:
        return restore_dropped(uplink);
    case UPLINK_TAKEN:
        uplink->cursor = record->number[0];
        return true;
    case UPLINK_RECORDS:
        break;
    }
    return false;
}

bool uplink_restore(struct uplink *uplink, const struct journal_record *record, uint64_t now) {
    ASSERT(journal_of(uplink) == NULL);
    if (record->kind >= ROUTER_RECORDS) {
        return restore_own(uplink, record);
    }
    if (uplink->gate == 0) {
        return false;
    }
    make_router(uplink);
    return router_restore(&uplink->router, record, now);
}

void uplink_snapshot(const struct uplink *uplink, journal_receiver *take, void *context) {
    if (uplink->gate != 0) {
        take(context, &(struct journal_record){.kind = UPLINK_LEASED,
                                               .number = {uplink->gate},
                                               .text = {bytes_of_text(uplink->secret)}});
    }
    take(context, &(struct journal_record){.kind = UPLINK_NUMBERED, .number = {uplink->uploaded}});
    take(context, &(struct journal_record){.kind = UPLINK_TAKEN, .number = {uplink->cursor}});
    if (uplink_waiting_bytes(uplink) > 0) {
        take(context, &(struct journal_record){.kind = UPLINK_ADDED,
                                               .text = {first_lines(uplink, SIZE_MAX)}});
    }
    if (uplink->has_router) {
        router_snapshot(&uplink->router, take, context);
    }
}

// ---- invariants -----------------------------------------------------------------------------

void uplink_check(const struct uplink *uplink) {
    size_t bytes = uplink_waiting_bytes(uplink);
    ASSERT(uplink->waiting_at <= uplink->waiting.size);
    ASSERT(uplink->waiting_kept <= uplink->waiting.size);
    ASSERT(bytes == 0 || uplink->waiting.data[uplink->waiting.size - 1] == '\n');
    ASSERT(count_lines(first_lines(uplink, SIZE_MAX)) == uplink->waiting_lines);
    ASSERT(uplink->batch_bytes > 0 && uplink->batch_bytes <= GATE_BATCH_BYTES);
    ASSERT(!uplink->has_router || uplink->gate != 0);
    ASSERT(uplink->lease != UPLINK_HELD || uplink->has_router);
    ASSERT(uplink->taking_number <= uplink->lease_number);
    ASSERT((uplink->leaving == UPLINK_STAYS) == (uplink->leave_by == ROLE_NEVER));
}
