#include "session/load/load_session.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/clock.h"
#include "session/load/load_link.h"
#include "session/load/load_process.h"
#include "session/load/load_report.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define TICK_MS 10
#define SETTLING (300 * MILLISECOND) // until the broker's memory is taken
#define LINGERING (50 * MILLISECOND) // for what may come a second time
#define FAREWELL (2 * SECOND)
#define PROGRESS_EVERY (500 * MILLISECOND)
#define INTERRUPTED_TIMEOUT SECOND
#define PACE_NS UINT64_C(50000)      // between wake-ups of the clock that messages go out by
#define OPENING_MAX 64               // connections that are being opened at a time
#define BURST 1024                   // messages of one publisher a turn
#define UNSENT_MAX ((size_t)1 << 20) // bytes of one publisher behind a full socket
#define FILTERS_A_PACKET 200
#define SAID_FAILURES_MAX 3
#define PACKET_SLACK 131072 // what a PUBLISH may have beside its payload

enum phase {
    PHASE_OPEN,
    PHASE_SETTLE,
    PHASE_OPEN_IDLE,
    PHASE_SETTLE_IDLE,
    PHASE_HOLD,
    PHASE_RETAIN,
    PHASE_SETTLE_RETAINED,
    PHASE_RETRIEVE,
    PHASE_WARM_UP,
    PHASE_MEASURE,
    PHASE_DRAIN,
    PHASE_END,
};

struct load_session {
    const struct load_session_options *options;
    struct memory memory;
    struct load_plan plan;
    struct load_ledger ledger;
    struct histogram latency;
    struct load_hub hub;
    struct load_link *links; // publishers, subscribers, idle connections
    uint32_t link_count;
    uint32_t begun;  // links that were ever opened
    uint32_t target; // links that are to be open in this phase
    uint32_t ready;
    uint32_t alive;
    enum phase phase;
    uint64_t phase_since;
    uint64_t started_at;
    uint64_t progress; // whatever has happened, in all
    uint64_t moved_at; // when that was last more than before, or nothing was awaited
    uint64_t timeout;
    uint64_t paced;    // messages that went out by the clock
    uint64_t paced_at; // since when
    uint64_t overdue;  // messages that the clock asked for and the broker held up
    uint64_t pinged_at;
    uint64_t shown_at;
    uint64_t shown_delivered;
    uint64_t measured_at; // the start of what is measured; 0: not yet
    struct load_counts at_start;
    struct load_usage usage_at_start;
    struct load_usage usage_before; // of memory that is filled
    struct load_counts counts;      // as they are reported: those before the farewell
    struct load_result result;
    bool is_progress_shown;
    int pace_fd;
    uv_loop_t loop;
    uv_timer_t tick;
    uv_check_t check;
    uv_idle_t spin;
    uv_poll_t pace;
    uv_signal_t signals[2];
};

static void enter(struct load_session *session, enum phase phase);

static bool is_publishing(const struct load_session *session) {
    return session->phase == PHASE_WARM_UP || session->phase == PHASE_MEASURE ||
           session->phase == PHASE_RETAIN;
}

static bool is_opening(const struct load_session *session) {
    return session->phase == PHASE_OPEN || session->phase == PHASE_OPEN_IDLE;
}

// ---- opening --------------------------------------------------------------------------------

static uint32_t publishers(const struct load_session *session) {
    return session->plan.options.publishers;
}

static uint32_t subscribers(const struct load_session *session) {
    return session->plan.options.subscribers;
}

static const char *kind_name(enum load_kind kind) {
    switch (kind) {
    case LOAD_PUBLISHER:
        return "publisher";
    case LOAD_SUBSCRIBER:
        return "subscriber";
    case LOAD_IDLE:
        break;
    }
    return "idle connection";
}

static void clear_progress(struct load_session *session) {
    if (session->is_progress_shown) {
        fprintf(stderr, "\r\033[K");
        session->is_progress_shown = false;
    }
}

static void say_failure(const struct load_session *session, const struct load_link *link,
                        const char *why) {
    const struct load_session_options *options = session->options;
    const char *kind = kind_name(link->client.kind);
    if (options->path != NULL) {
        printable_complain("load: %s %u at %s: %s\n", kind, link->client.number, options->path,
                           why);
    } else {
        printable_complain("load: %s %u at %s:%u: %s\n", kind, link->client.number, options->host,
                           (unsigned)options->port, why);
    }
}

static void take_failure(struct load_link *link, const char *why) {
    struct load_session *session = link->hub->owner;
    session->alive--;
    if (session->phase == PHASE_END) {
        return; // it was said goodbye to
    }
    session->result.failed++;
    if (session->result.failed <= SAID_FAILURES_MAX) {
        clear_progress(session);
        say_failure(session, link, why);
    }
    if (session->phase != PHASE_DRAIN) {
        bool has_sent = session->phase == PHASE_WARM_UP || session->measured_at > 0;
        enter(session, has_sent ? PHASE_DRAIN : PHASE_END);
    }
}

// How many of all messages the publisher is to send.
static uint64_t quota_of(const struct load_session *session, uint32_t publisher) {
    const struct load_session_options *options = session->options;
    if (options->retained > 0) {
        return options->retained;
    }
    uint64_t all = options->messages;
    return all == 0 ? UINT64_MAX
                    : all / publishers(session) + (publisher < all % publishers(session));
}

static void set_up_client(struct load_session *session, uint32_t place) {
    struct load_client_options client = {.settings = &session->options->settings,
                                         .ledger = &session->ledger,
                                         .kind = LOAD_PUBLISHER,
                                         .number = place};
    if (place >= publishers(session) + subscribers(session)) {
        client.kind = LOAD_IDLE;
        client.number = place - publishers(session) - subscribers(session);
    } else if (place >= publishers(session)) {
        client.kind = LOAD_SUBSCRIBER;
        client.number = place - publishers(session);
    } else {
        client.quota = quota_of(session, place);
    }
    load_client_init(&session->links[place].client, &session->memory, &client);
}

static bool may_open(const struct load_session *session, uint64_t now) {
    uint64_t rate = session->options->connect_rate;
    return session->begun < session->target && session->begun - session->ready < OPENING_MAX &&
           (rate == 0 ||
            (double)session->begun < (double)(now - session->started_at) / 1e9 * (double)rate + 1);
}

static void open_more(struct load_session *session) {
    while (session->phase < PHASE_END && may_open(session, clock_steady())) {
        struct load_link *link = &session->links[session->begun];
        set_up_client(session, session->begun++);
        session->alive++;
        int code = load_link_open(link, &session->hub);
        if (code != 0) {
            load_link_close(link);
            take_failure(link, uv_strerror(code));
        }
    }
}

// ---- subscribing ----------------------------------------------------------------------------

struct subscribing {
    struct load_client *client;
    struct buffer run;
    uint32_t count;
    uint8_t qos;
};

static void say_filters(struct subscribing *subscribing) {
    if (subscribing->count > 0) {
        load_client_subscribe(subscribing->client,
                              (struct mqtt_filters){.run = buffer_bytes(&subscribing->run),
                                                    .count = subscribing->count});
    }
    subscribing->run.size = 0;
    subscribing->count = 0;
}

static void add_filter(void *context, uint32_t subscriber, struct bytes filter) {
    (void)subscriber;
    struct subscribing *subscribing = context;
    uint8_t *out = buffer_reserve(&subscribing->run, MQTT_FILTER_SIZE(filter.size));
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, out, filter, subscribing->qos);
    subscribing->run.size += (size_t)(end - out);
    if (++subscribing->count == FILTERS_A_PACKET) {
        say_filters(subscribing);
    }
}

static void subscribe(struct load_session *session, struct load_client *client) {
    struct subscribing subscribing = {.client = client, .qos = session->options->settings.qos};
    buffer_init(&subscribing.run, &session->memory);
    if (client->kind == LOAD_SUBSCRIBER) {
        load_plan_filters(&session->plan, client->number,
                          &(struct load_filter_visit){&subscribing, add_filter});
    } else if (client->kind == LOAD_IDLE && session->options->subscribe_each) {
        char filter[40];
        (void)snprintf(filter, sizeof filter, "load/idle/%u-%u", client->number,
                       session->options->settings.run);
        add_filter(&subscribing, client->number, bytes_of_text(filter));
    }
    say_filters(&subscribing);
    buffer_deinit(&subscribing.run);
}

// Ready once the broker has accepted the connection, and again when it has accepted the filters.
static void take_ready(struct load_link *link) {
    struct load_session *session = link->hub->owner;
    if (!link->has_subscribed) {
        link->has_subscribed = true;
        session->phase_since =
            session->phase == PHASE_RETRIEVE ? clock_steady() : session->phase_since;
        subscribe(session, &link->client);
    }
    if (link->client.state != LOAD_READY) {
        return;
    }
    link->is_ready = true;
    session->ready++;
    if (link->client.kind == LOAD_IDLE) {
        load_link_trim(link);
    }
    open_more(session);
}

// ---- publishing -----------------------------------------------------------------------------

static bool is_held_up(const struct load_link *link) {
    return !link->is_open || (link->is_writing && link->client.out.size > UNSENT_MAX);
}

// Whether the publisher could go on at once.
static bool serve_publisher(void *context, uint32_t publisher) {
    struct load_session *session = context;
    struct load_link *link = &session->links[publisher];
    if (is_held_up(link)) {
        return false;
    }
    uint32_t count = load_client_publish(&link->client, BURST, clock_steady());
    load_link_note(link);
    return count == BURST;
}

static void publish_by_clock(struct load_session *session) {
    uint64_t now = clock_steady();
    double seconds = (double)(now - session->paced_at) / 1e9;
    uint64_t due = (uint64_t)(seconds * (double)session->options->rate);
    while (session->paced < due) {
        struct load_link *link = &session->links[session->paced % publishers(session)];
        if (is_held_up(link) || load_client_publish(&link->client, 1, now) == 0) {
            break;
        }
        session->paced++;
        load_link_note(link);
    }
    session->overdue = due > session->paced ? due - session->paced : 0;
}

static void take_pace(uv_poll_t *poll, int status, int events) {
    (void)status;
    (void)events;
    struct load_session *session = poll->data;
    uint64_t expirations = 0;
    if (read(session->pace_fd, &expirations, sizeof expirations) > 0 && is_publishing(session)) {
        publish_by_clock(session);
    }
}

static void start_pace(struct load_session *session) {
    uint64_t gap = SECOND / session->options->rate;
    gap = gap < PACE_NS ? PACE_NS : gap;
    struct timespec every = {.tv_sec = (time_t)(gap / SECOND), .tv_nsec = (long)(gap % SECOND)};
    struct itimerspec timer = {.it_interval = every, .it_value = every};
    session->pace_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    ASSERT_MESSAGE(session->pace_fd >= 0 && timerfd_settime(session->pace_fd, 0, &timer, NULL) == 0,
                   "the kernel has no timer for --rate");
    session->paced_at = clock_steady();
    (void)uv_poll_init(&session->loop, &session->pace, session->pace_fd);
    session->pace.data = session;
    (void)uv_poll_start(&session->pace, UV_READABLE, take_pace);
}

static void start_publishing(struct load_session *session) {
    if (session->options->rate > 0) {
        if (session->pace_fd < 0) {
            start_pace(session);
        }
        return;
    }
    for (uint32_t i = 0; i < publishers(session); i++) {
        load_ledger_wake(&session->ledger, i);
    }
}

static void ignore_spin(uv_idle_t *spin) {
    (void)spin;
}

// The end of each turn: what became possible is said.
static void take_turn(uv_check_t *check) {
    struct load_session *session = check->data;
    bool serves = is_publishing(session) && session->options->rate == 0;
    if (serves) {
        load_ledger_serve(&session->ledger, &(struct load_service){session, serve_publisher});
    }
    load_hub_flush(&session->hub);
    if (serves && session->ledger.ready_count > 0) {
        (void)uv_idle_start(&session->spin, ignore_spin); // the loop does not wait
    } else {
        (void)uv_idle_stop(&session->spin);
    }
}

// ---- phases ---------------------------------------------------------------------------------

static struct load_usage usage_now(struct load_session *session) {
    struct load_usage usage;
    session->result.has_usage = load_process_usage(session->options->pid, &usage);
    return usage;
}

static void start_measuring(struct load_session *session, uint64_t now) {
    session->measured_at = now;
    session->at_start = session->ledger.counts;
    session->ledger.measured_from = now;
    session->usage_at_start = usage_now(session);
}

static void stop_measuring(struct load_session *session, uint64_t now) {
    struct load_result *result = &session->result;
    if (session->measured_at == 0 || result->measured_ns > 0) {
        return;
    }
    struct load_usage usage = usage_now(session);
    result->measured_ns = now > session->measured_at ? now - session->measured_at : 1;
    result->measured_sent = session->ledger.counts.sent - session->at_start.sent;
    result->measured_delivered = session->ledger.counts.delivered - session->at_start.delivered;
    result->broker_cpu_ns = usage.cpu_ns - session->usage_at_start.cpu_ns;
    result->broker_rss = usage.rss_bytes;
}

// With a clock: what was more than a second late when the clock stopped.
static uint64_t unsent(const struct load_session *session) {
    const struct load_session_options *options = session->options;
    uint64_t sent = session->counts.sent;
    uint64_t all = options->retained > 0 ? options->retained : options->messages;
    if (all > 0) {
        return all > sent ? all - sent : 0;
    }
    return session->overdue > options->rate ? session->overdue : 0;
}

static void sum_up(struct load_session *session) {
    struct load_result *result = &session->result;
    result->run = session->options->settings.run;
    result->checks = publishers(session) > 0;
    result->unsent = publishers(session) > 0 ? unsent(session) : 0;
    for (uint32_t i = 0; i < session->begun; i++) {
        result->unacknowledged += session->links[i].client.unacknowledged;
        result->unreleased += session->links[i].client.unreleased;
    }
}

// What the broker sends after the farewell does not count.
static void end(struct load_session *session) {
    session->counts = session->ledger.counts;
    sum_up(session);
    session->result.has_loss = load_ledger_worst(&session->ledger, &session->result.loss);
    for (uint32_t i = 0; i < session->begun; i++) {
        struct load_link *link = &session->links[i];
        if (link->is_open && link->is_ready) {
            if (session->options->retained > 0 && link->client.kind == LOAD_PUBLISHER) {
                load_client_clear(&link->client);
            }
            load_client_disconnect(&link->client);
            load_link_note(link);
        }
    }
    load_hub_flush(&session->hub);
}

static void enter(struct load_session *session, enum phase phase) {
    uint64_t now = clock_steady();
    session->phase = phase;
    session->phase_since = now;
    switch (phase) {
    case PHASE_OPEN_IDLE:
    case PHASE_RETRIEVE:
        session->target = session->link_count;
        break;
    case PHASE_MEASURE:
        start_measuring(session, now);
        break;
    case PHASE_RETAIN:
    case PHASE_WARM_UP:
        start_publishing(session);
        break;
    case PHASE_DRAIN:
        if (session->options->messages == 0) {
            stop_measuring(session, now);
        }
        break;
    case PHASE_END:
        end(session);
        break;
    case PHASE_OPEN:
    case PHASE_SETTLE:
    case PHASE_SETTLE_IDLE:
    case PHASE_HOLD:
    case PHASE_SETTLE_RETAINED:
        break;
    }
    if (is_opening(session) || phase == PHASE_RETRIEVE) {
        open_more(session);
    }
}

// Both sides: what was published, and with QoS 2 what came.
static bool is_acknowledged(const struct load_session *session) {
    for (uint32_t i = 0; i < session->begun; i++) {
        const struct load_link *link = &session->links[i];
        if (link->is_open && link->client.unacknowledged + link->client.unreleased > 0) {
            return false;
        }
    }
    return true;
}

static bool is_drained(const struct load_session *session, uint64_t now) {
    uint64_t last =
        session->moved_at > session->phase_since ? session->moved_at : session->phase_since;
    uint64_t silence = now > last ? now - last : 0;
    bool has_all = load_ledger_outstanding(&session->ledger) == 0 && is_acknowledged(session);
    return session->alive == 0 || silence > (has_all ? LINGERING : session->timeout);
}

static void close_all(struct load_session *session) {
    for (uint32_t i = 0; i < session->begun; i++) {
        load_link_close(&session->links[i]);
    }
    uv_handle_t *const own[] = {(uv_handle_t *)&session->tick, (uv_handle_t *)&session->check,
                                (uv_handle_t *)&session->spin, (uv_handle_t *)&session->signals[0],
                                (uv_handle_t *)&session->signals[1]};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        uv_close(own[i], NULL);
    }
    if (session->pace_fd >= 0) {
        uv_close((uv_handle_t *)&session->pace, NULL);
    }
}

static void step_after_open(struct load_session *session) {
    const struct load_session_options *options = session->options;
    session->result.opening_ns = clock_steady() - session->started_at;
    if (session->phase == PHASE_OPEN_IDLE) {
        enter(session, PHASE_SETTLE_IDLE);
    } else {
        bool fills = options->retained > 0 || options->idle > 0;
        enter(session, fills ? PHASE_SETTLE : PHASE_WARM_UP);
    }
}

static void step_settled(struct load_session *session) {
    struct load_usage usage = usage_now(session);
    int64_t grown = (int64_t)usage.rss_bytes - (int64_t)session->usage_before.rss_bytes;
    session->result.broker_rss = usage.rss_bytes;
    if (session->phase == PHASE_SETTLE) {
        session->usage_before = usage;
        enter(session, session->options->retained > 0 ? PHASE_RETAIN : PHASE_OPEN_IDLE);
    } else if (session->phase == PHASE_SETTLE_IDLE) {
        session->result.idle_rss = grown;
        enter(session, publishers(session) > 0 ? PHASE_WARM_UP : PHASE_HOLD);
    } else {
        session->result.retained_rss = grown;
        enter(session, PHASE_RETRIEVE);
    }
}

static void step_retrieving(struct load_session *session, uint64_t now) {
    uint64_t last = session->ledger.last_at;
    if (load_ledger_outstanding(&session->ledger) == 0) {
        session->result.retrieving_ns = last - session->phase_since;
        enter(session, PHASE_DRAIN);
    } else if (is_drained(session, now)) {
        enter(session, PHASE_END);
    }
}

static bool is_all_sent(const struct load_session *session) {
    uint64_t all =
        session->options->retained > 0 ? session->options->retained : session->options->messages;
    return all > 0 && session->ledger.counts.sent >= all;
}

static void step(struct load_session *session, uint64_t now) {
    uint64_t passed = now - session->phase_since;
    switch (session->phase) {
    case PHASE_OPEN:
    case PHASE_OPEN_IDLE:
        open_more(session);
        if (session->ready == session->target) {
            step_after_open(session);
        }
        break;
    case PHASE_SETTLE:
    case PHASE_SETTLE_IDLE:
    case PHASE_SETTLE_RETAINED:
        if (passed > SETTLING) {
            step_settled(session);
        }
        break;
    case PHASE_HOLD:
        if (passed >= session->options->duration) {
            enter(session, PHASE_END);
        }
        break;
    case PHASE_RETAIN:
        if (is_all_sent(session) && is_acknowledged(session)) {
            enter(session, PHASE_SETTLE_RETAINED);
        }
        break;
    case PHASE_RETRIEVE:
        step_retrieving(session, now);
        break;
    case PHASE_WARM_UP:
        if (passed >= session->options->warm_up) {
            enter(session, PHASE_MEASURE);
        }
        break;
    case PHASE_MEASURE:
        if (is_all_sent(session) ||
            (session->options->messages == 0 && passed >= session->options->duration)) {
            enter(session, PHASE_DRAIN);
        }
        break;
    case PHASE_DRAIN:
        if (is_drained(session, now)) {
            stop_measuring(session, session->ledger.last_at > 0 ? session->ledger.last_at : now);
            enter(session, PHASE_END);
        }
        break;
    case PHASE_END:
        // The broker closes first: it has then read all that it was told.
        if (session->alive == 0 || passed > FAREWELL) {
            close_all(session);
        }
        break;
    }
}

// Whether it is the broker's turn: without that, silence means nothing.
static bool is_broker_awaited(const struct load_session *session) {
    if (session->begun > session->ready) {
        return true;
    }
    for (uint32_t i = 0; i < session->begun; i++) {
        if (session->links[i].is_open && session->links[i].is_writing) {
            return true;
        }
    }
    return !is_acknowledged(session) ||
           (session->phase != PHASE_RETAIN && session->phase != PHASE_SETTLE_RETAINED &&
            load_ledger_outstanding(&session->ledger) > 0);
}

// Waiting in vain ends too: what does not come is reported as lost.
static void watch_progress(struct load_session *session, uint64_t now) {
    const struct load_counts *counts = &session->ledger.counts;
    uint64_t progress =
        session->begun + session->ready + counts->sent + counts->delivered + counts->acknowledged;
    if (progress != session->progress) {
        session->progress = progress;
        session->moved_at = now;
    } else if (session->phase < PHASE_DRAIN && now - session->moved_at > session->timeout) {
        if (!is_broker_awaited(session)) {
            session->moved_at = now;
            return;
        }
        clear_progress(session);
        printable_complain("load: the broker does not answer\n");
        session->result.failed += session->target - session->ready;
        enter(session, session->measured_at > 0 ? PHASE_DRAIN : PHASE_END);
    }
}

// ---- what people see ------------------------------------------------------------------------

static void show_progress(struct load_session *session, uint64_t now) {
    if (now - session->shown_at < PROGRESS_EVERY || isatty(STDERR_FILENO) != 1) {
        return;
    }
    const struct load_counts *counts = &session->ledger.counts;
    double seconds = (double)(now - session->shown_at) / 1e9;
    if (is_opening(session)) {
        fprintf(stderr, "\r\033[K%u of %u connections", session->ready, session->target);
    } else {
        fprintf(stderr, "\r\033[K%llu sent, %llu delivered (%.0f/s), %llu to come",
                (unsigned long long)counts->sent, (unsigned long long)counts->delivered,
                (double)(counts->delivered - session->shown_delivered) / seconds,
                (unsigned long long)load_ledger_outstanding(&session->ledger));
    }
    session->is_progress_shown = true;
    session->shown_at = now;
    session->shown_delivered = counts->delivered;
}

static void ping(struct load_session *session, uint64_t now) {
    uint64_t silence = session->options->settings.keep_alive * SECOND / 2;
    if (silence == 0 || now - session->pinged_at < SECOND / 2) {
        return;
    }
    session->pinged_at = now;
    for (uint32_t i = 0; i < session->begun; i++) {
        struct load_link *link = &session->links[i];
        if (!link->is_ready || !link->is_open) {
            continue;
        }
        if (link->client.pings > 0 && now - link->pinged_at > session->timeout) {
            load_link_fail(link, "the broker does not answer a PINGREQ");
        } else if (link->client.pings == 0 && now - link->said_at >= silence) {
            link->pinged_at = now;
            load_client_ping(&link->client);
            load_link_note(link);
        }
    }
}

static void take_tick(uv_timer_t *tick) {
    struct load_session *session = tick->data;
    uint64_t now = clock_steady();
    enum phase phase = session->phase;
    step(session, now);
    if (phase != PHASE_END) {
        watch_progress(session, now);
        show_progress(session, now);
        ping(session, now);
    }
}

// The first one waits for what is on its way, the second one does not.
static void take_signal(uv_signal_t *signal, int number) {
    (void)number;
    struct load_session *session = signal->data;
    session->timeout =
        session->timeout < INTERRUPTED_TIMEOUT ? session->timeout : INTERRUPTED_TIMEOUT;
    bool is_first = !session->result.interrupted;
    session->result.interrupted = true;
    if (session->phase == PHASE_END) {
        return;
    }
    stop_measuring(session, clock_steady());
    enter(session, is_first && session->measured_at > 0 ? PHASE_DRAIN : PHASE_END);
}

static int code_of(const struct load_result *result) {
    if (load_result_has_fault(result)) {
        return PROGRAM_FAILED;
    }
    if (load_result_is_empty(result)) {
        printable_complain("load: no message was to come to anybody, so nothing was checked; "
                           "give it more time or other topics\n");
        return PROGRAM_USAGE;
    }
    return PROGRAM_OK;
}

static int report(struct load_session *session) {
    struct load_result *result = &session->result;
    clear_progress(session);
    result->counts = &session->counts;
    result->latency = &session->latency;
    result->connections = session->ready;
    result->idle = session->options->idle;
    result->retained = session->options->retained;
    result->payload_bytes = session->options->settings.payload_bytes;
    if (session->options->json) {
        load_report_json(result, stdout);
    } else {
        load_report_text(result, stdout);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        printable_complain_of_output("load", errno);
        return PROGRAM_UNUSABLE;
    }
    return code_of(result);
}

// ---- the run --------------------------------------------------------------------------------

static void raise_file_limit(uint32_t links) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < links + 64u) {
        printable_complain(
            "load: %u connections, but only %llu files may be open; raise it with ulimit -n\n",
            links, (unsigned long long)limit.rlim_max);
    }
}

static void start_loop(struct load_session *session) {
    static const int numbers[2] = {SIGINT, SIGTERM};
    (void)uv_timer_init(&session->loop, &session->tick);
    (void)uv_check_init(&session->loop, &session->check);
    (void)uv_idle_init(&session->loop, &session->spin);
    session->tick.data = session->check.data = session;
    (void)uv_timer_start(&session->tick, take_tick, TICK_MS, TICK_MS);
    (void)uv_check_start(&session->check, take_turn);
    for (size_t i = 0; i < 2; i++) {
        (void)uv_signal_init(&session->loop, &session->signals[i]);
        session->signals[i].data = session;
        (void)uv_signal_start(&session->signals[i], take_signal, numbers[i]);
    }
}

static bool find_broker(struct load_session *session) {
    const struct load_session_options *options = session->options;
    const char *why = NULL;
    session->hub.loop = &session->loop;
    session->hub.path = options->path;
    session->hub.owner = session;
    session->hub.client_is_ready = take_ready;
    session->hub.failed = take_failure;
    if (options->path == NULL &&
        !load_hub_resolve(&session->hub, options->host, options->port, &why)) {
        printable_complain("load: --host %s: %s\n", options->host, why);
        return false;
    }
    struct load_usage usage;
    if (options->pid > 0 && !load_process_usage(options->pid, &usage)) {
        printable_complain("load: --pid %llu: there is no such process that may be looked at\n",
                           (unsigned long long)options->pid);
        return false;
    }
    return true;
}

// False: nobody subscribes to what is published.
static bool set_up(struct load_session *session) {
    const struct load_session_options *options = session->options;
    session->link_count = publishers(session) + subscribers(session) + options->idle;
    session->target =
        options->retained > 0 ? publishers(session) : publishers(session) + subscribers(session);
    session->timeout = options->timeout;
    session->pace_fd = -1;
    session->links =
        memory_allocate(&session->memory, session->link_count * sizeof(struct load_link));
    load_hub_init(&session->hub, &session->memory, session->link_count,
                  options->settings.payload_bytes + PACKET_SLACK);
    load_ledger_init(
        &session->ledger, &session->memory,
        &(struct load_ledger_options){.publishers = publishers(session),
                                      .topics = session->plan.options.topics,
                                      .subscribers = subscribers(session),
                                      .groups = session->plan.groups,
                                      .run = randombytes_random(),
                                      .topics_of_others = load_plan_topics(&session->plan),
                                      .payload_bytes = options->settings.payload_bytes,
                                      .names = session->plan.names,
                                      .latency = &session->latency});
    bool is_heard = load_plan_enter(&session->plan, &session->ledger) > 0;
    raise_file_limit(session->link_count);
    return is_heard || publishers(session) == 0;
}

static void tear_down(struct load_session *session) {
    for (uint32_t i = 0; i < session->begun; i++) {
        load_link_deinit(&session->links[i]);
    }
    if (session->pace_fd >= 0) {
        (void)close(session->pace_fd);
    }
    memory_free(&session->memory, session->links, session->link_count * sizeof(struct load_link));
    load_hub_deinit(&session->hub);
    load_ledger_deinit(&session->ledger);
}

static int run(struct load_session *session) {
    if (!find_broker(session)) {
        return PROGRAM_UNUSABLE;
    }
    int code = PROGRAM_USAGE;
    if (set_up(session)) {
        start_loop(session);
        session->started_at = session->shown_at = session->moved_at = clock_steady();
        enter(session, PHASE_OPEN);
        (void)uv_run(&session->loop, UV_RUN_DEFAULT);
        code = report(session);
    } else {
        printable_complain("load: nobody subscribes to what is published, so nothing would be "
                           "checked; see --topic and --filter\n");
    }
    tear_down(session);
    return code;
}

int load_session_run(const struct load_session_options *options) {
    struct load_session *session = calloc(1, sizeof *session);
    ASSERT_MESSAGE(session != NULL, "out of memory");
    (void)signal(SIGPIPE, SIG_IGN);
    session->options = options;
    memory_init(&session->memory);
    int code = PROGRAM_USAGE;
    const char *why = load_plan_init(&session->plan, &session->memory, &options->plan);
    if (why != NULL) {
        printable_complain("load: %s\n", why);
    } else if (uv_loop_init(&session->loop) == 0) {
        code = run(session);
        (void)uv_loop_close(&session->loop);
        load_plan_deinit(&session->plan);
    }
    free(session);
    return code;
}
