#include "session/load/load_session.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "role/load/load_phases.h"
#include "shell/clock.h"
#include "session/load/load_link.h"
#include "session/load/load_process.h"
#include "session/load/load_report.h"
#include "shell/machine/open_files.h"
#include "shell/printable.h"
#include "shell/program_exit.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define TICK_MS 10
#define OWN_DESCRIPTORS 64 // beside one for each connection
#define PROGRESS_EVERY (500 * MILLISECOND)
#define PACE_NS UINT64_C(50000)      // between wake-ups of the clock that messages go out by
#define BURST 1024                   // messages of one publisher a turn
#define UNSENT_MAX ((size_t)1 << 20) // bytes of one publisher behind a full socket
#define FILTERS_A_PACKET 200
#define SAID_FAILURES_MAX 3
#define PACKET_SLACK 131072 // what a PUBLISH may have beside its payload

// The role `phases` says what is to be done when; here are its connections, one a client, its
// counts, and what it shows. `facts` are counted as it happens, but for what the ledger counts.
struct load_session {
    const struct load_session_options *options;
    struct memory memory;
    struct load_plan plan;
    struct load_ledger ledger;
    struct histogram latency;
    struct load_hub hub;
    struct load_link *links; // publishers, subscribers, idle connections
    uint32_t link_count;
    struct load_phases_options phase_options;
    struct load_phases_port port;
    struct load_phases phases;
    struct load_facts facts;
    uint64_t paced;   // messages that went out by the clock
    uint64_t overdue; // messages that the clock asked for and the broker held up
    uint64_t pinged_at;
    uint64_t shown_at;
    uint64_t shown_delivered;
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
    session->facts.alive--;
    if (session->phases.phase >= LOAD_PHASE_END) {
        return; // it was said goodbye to
    }
    session->result.failed++;
    if (session->result.failed <= SAID_FAILURES_MAX) {
        clear_progress(session);
        say_failure(session, link, why);
    }
    load_phases_fail(&session->phases, clock_steady());
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

static void open_more(struct load_session *session, uint64_t now) {
    while (load_phases_may_open(&session->phases, &session->facts, now)) {
        struct load_link *link = &session->links[session->facts.begun];
        set_up_client(session, session->facts.begun++);
        session->facts.alive++;
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
    uint64_t now = clock_steady();
    if (!link->has_subscribed) {
        link->has_subscribed = true;
        load_phases_subscribe(&session->phases, now);
        subscribe(session, &link->client);
    }
    if (link->client.state != LOAD_READY) {
        return;
    }
    link->is_ready = true;
    session->facts.ready++;
    if (link->client.kind == LOAD_IDLE) {
        load_link_trim(link);
    }
    open_more(session, now);
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
    uint64_t due = load_phases_due(&session->phases, now);
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
    if (read(session->pace_fd, &expirations, sizeof expirations) > 0 &&
        load_phases_is_publishing(&session->phases)) {
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
    bool serves = load_phases_is_publishing(&session->phases) && session->options->rate == 0;
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

static void begin_measuring(struct load_session *session, uint64_t now) {
    session->at_start = session->ledger.counts;
    session->ledger.measured_from = now;
    session->usage_at_start = usage_now(session);
}

static void end_measuring(struct load_session *session) {
    struct load_result *result = &session->result;
    struct load_usage usage = usage_now(session);
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
    result->interrupted = session->phases.is_interrupted;
    result->opening_ns = session->phases.opening;
    result->measured_ns = session->phases.measured;
    result->retrieving_ns = session->phases.retrieving;
    result->run = session->options->settings.run;
    result->checks = publishers(session) > 0;
    result->unsent = publishers(session) > 0 ? unsent(session) : 0;
    for (uint32_t i = 0; i < session->facts.begun; i++) {
        result->unacknowledged += session->links[i].client.unacknowledged;
        result->unreleased += session->links[i].client.unreleased;
    }
}

// What the broker sends after the farewell does not count.
static void end(struct load_session *session) {
    session->counts = session->ledger.counts;
    sum_up(session);
    session->result.has_loss = load_ledger_worst(&session->ledger, &session->result.loss);
    for (uint32_t i = 0; i < session->facts.begun; i++) {
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

// Both sides: what was published, and with QoS 2 what came.
static bool is_acknowledged(const void *context) {
    const struct load_session *session = context;
    for (uint32_t i = 0; i < session->facts.begun; i++) {
        const struct load_link *link = &session->links[i];
        if (link->is_open && link->client.unacknowledged + link->client.unreleased > 0) {
            return false;
        }
    }
    return true;
}

static bool is_held_up_anywhere(const void *context) {
    const struct load_session *session = context;
    for (uint32_t i = 0; i < session->facts.begun; i++) {
        if (session->links[i].is_open && session->links[i].is_writing) {
            return true;
        }
    }
    return false;
}

static void close_all(struct load_session *session) {
    for (uint32_t i = 0; i < session->facts.begun; i++) {
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

static void take_settled(struct load_session *session) {
    struct load_usage usage = usage_now(session);
    int64_t grown = (int64_t)usage.rss_bytes - (int64_t)session->usage_before.rss_bytes;
    session->result.broker_rss = usage.rss_bytes;
    if (session->phases.phase == LOAD_PHASE_SETTLE) {
        session->usage_before = usage;
    } else if (session->phases.phase == LOAD_PHASE_SETTLE_IDLE) {
        session->result.idle_rss = grown;
    } else {
        session->result.retained_rss = grown;
    }
}

static void take_phase(struct load_session *session, uint64_t now) {
    switch (session->phases.phase) {
    case LOAD_PHASE_OPEN:
    case LOAD_PHASE_OPEN_IDLE:
    case LOAD_PHASE_RETRIEVE:
        open_more(session, now);
        break;
    case LOAD_PHASE_RETAIN:
    case LOAD_PHASE_WARM_UP:
        start_publishing(session);
        break;
    case LOAD_PHASE_END:
        end(session);
        break;
    case LOAD_PHASE_OVER:
        close_all(session);
        break;
    case LOAD_PHASE_SETTLE:
    case LOAD_PHASE_SETTLE_IDLE:
    case LOAD_PHASE_HOLD:
    case LOAD_PHASE_SETTLE_RETAINED:
    case LOAD_PHASE_MEASURE:
    case LOAD_PHASE_DRAIN:
        break;
    }
}

static void take_silence(struct load_session *session) {
    clear_progress(session);
    printable_complain("load: the broker does not answer\n");
    session->result.failed += session->phases.target - session->facts.ready;
}

static void take_event(void *context, enum load_phase_event event, uint64_t time) {
    struct load_session *session = context;
    switch (event) {
    case LOAD_ENTERED:
        take_phase(session, time);
        break;
    case LOAD_SETTLED:
        take_settled(session);
        break;
    case LOAD_MEASURING_BEGAN:
        begin_measuring(session, time);
        break;
    case LOAD_MEASURING_ENDED:
        end_measuring(session);
        break;
    case LOAD_SILENT:
        take_silence(session);
        break;
    }
}

static const struct load_facts *facts_of(struct load_session *session) {
    const struct load_counts *counts = &session->ledger.counts;
    session->facts.sent = counts->sent;
    session->facts.delivered = counts->delivered;
    session->facts.acknowledged = counts->acknowledged;
    session->facts.outstanding = load_ledger_outstanding(&session->ledger);
    session->facts.last_at = session->ledger.last_at;
    return &session->facts;
}

// ---- what people see ------------------------------------------------------------------------

static void show_progress(struct load_session *session, uint64_t now) {
    if (now - session->shown_at < PROGRESS_EVERY || isatty(STDERR_FILENO) != 1) {
        return;
    }
    const struct load_counts *counts = &session->ledger.counts;
    double seconds = (double)(now - session->shown_at) / 1e9;
    if (load_phases_is_opening(&session->phases)) {
        fprintf(stderr, "\r\033[K%u of %u connections", session->facts.ready,
                session->phases.target);
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
    for (uint32_t i = 0; i < session->facts.begun; i++) {
        struct load_link *link = &session->links[i];
        if (!link->is_ready || !link->is_open) {
            continue;
        }
        if (link->client.pings > 0 && now - link->pinged_at > session->phases.timeout) {
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
    open_more(session, now);
    load_phases_tick(&session->phases, facts_of(session), now);
    if (session->phases.phase < LOAD_PHASE_END) {
        show_progress(session, now);
        ping(session, now);
    }
}

// The first one waits for what is on its way, the second one does not.
static void take_signal(uv_signal_t *signal, int number) {
    (void)number;
    struct load_session *session = signal->data;
    load_phases_interrupt(&session->phases, clock_steady());
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
    result->connections = session->facts.ready;
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
    uint64_t files = open_files_raise(links + OWN_DESCRIPTORS);
    if (files < links + OWN_DESCRIPTORS) {
        printable_complain(
            "load: %u connections, but only %llu files may be open; raise it with ulimit -n\n",
            links, (unsigned long long)files);
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

static void init_phases(struct load_session *session) {
    const struct load_session_options *options = session->options;
    session->phase_options = (struct load_phases_options){.publishers = publishers(session),
                                                          .subscribers = subscribers(session),
                                                          .idle = options->idle,
                                                          .retained = options->retained,
                                                          .messages = options->messages,
                                                          .duration = options->duration,
                                                          .warm_up = options->warm_up,
                                                          .timeout = options->timeout,
                                                          .rate = options->rate,
                                                          .connect_rate = options->connect_rate};
    session->port = (struct load_phases_port){.tell = take_event,
                                              .is_acknowledged = is_acknowledged,
                                              .is_held_up = is_held_up_anywhere,
                                              .context = session};
    load_phases_init(&session->phases, &session->phase_options, &session->port);
}

// False: nobody subscribes to what is published.
static bool set_up(struct load_session *session) {
    const struct load_session_options *options = session->options;
    session->link_count = publishers(session) + subscribers(session) + options->idle;
    init_phases(session);
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
    for (uint32_t i = 0; i < session->facts.begun; i++) {
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
        session->shown_at = clock_steady();
        load_phases_start(&session->phases, session->shown_at);
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
