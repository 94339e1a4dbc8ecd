#include "role/broker/mqtt/mqtt_door.h"

#include "base/assert.h"
#include "base/hash.h"
#include "role/broker/session/door_access.h"
#include "role/broker/session/door_absent.h"
#include "role/broker/mqtt/door_backlog.h"
#include "role/broker/login/door_connect.h"
#include "role/broker/mqtt/door_connection.h"
#include "role/broker/mqtt/door_ending.h"
#include "role/broker/delivery/door_expiry.h"
#include "role/broker/delivery/door_fanout.h"
#include "role/broker/delivery/door_held.h"
#include "role/broker/subscribe/door_groups.h"
#include "role/broker/mqtt/door_input.h"
#include "role/broker/mqtt/door_input_buffer.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/session/door_numbers.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/session/door_restore.h"
#include "role/broker/subscribe/door_retained.h"
#include "role/broker/mqtt/door_room.h"
#include "role/broker/session/door_session.h"
#include "role/broker/session/door_sessions.h"
#include "role/broker/session/door_snapshot.h"
#include "role/broker/mqtt/door_statistics.h"
#include "role/broker/subscribe/door_subscribe.h"
#include "role/broker/subscribe/door_subscriptions.h"
#include "role/broker/mqtt/door_turns.h"
#include "role/broker/session/door_will.h"
#include "role/broker/delivery/door_window.h"

#define EXPIRED_A_TICK 1024 // last values

// ---- streams -----------------------------------------------------------------------------------

// Some more streams than connections, so that those who are too many can be told so.
static bool has_room(const struct mqtt_door *door) {
    uint64_t most = door->config->limits.connections;
    return door->stream_count < most + most / 8 + 100;
}

struct door_connection *mqtt_door_open(struct mqtt_door *door, const struct door_stream_info *info,
                                       uint64_t now) {
    if (!has_room(door) || !door_room_for(door, MEMORY_ANSWER, sizeof(struct door_connection))) {
        door->counts.refused_connections++;
        return NULL;
    }
    return door_connection_create(door, info, now);
}

void mqtt_door_receive(struct mqtt_door *door, struct door_connection *connection,
                       struct bytes bytes, uint64_t now) {
    door_turns_enter(door, now);
    door_turns_lengthen(door);
    door->counts.bytes_received += bytes.size;
    door_input_receive(door, connection, bytes, now);
    door_ending_settle(door, now);
    door_turns_leave(door);
}

bool mqtt_door_takes_input(const struct door_connection *connection) {
    bool awaits = connection->state == DOOR_EXPECT_CHECK && connection->input != NULL;
    return !connection->has_input && !awaits;
}

bool mqtt_door_listens(const struct door_connection *connection) {
    return connection->state != DOOR_OVER;
}

// Of the runs what may be sent.
static unsigned cut_runs(const struct door_connection *connection, struct bytes *runs,
                         unsigned count) {
    size_t left = door_held_sendable(connection);
    unsigned whole = 0;
    while (whole < count && runs[whole].size <= left) {
        left -= runs[whole++].size;
    }
    if (whole < count && left > 0) {
        runs[whole++].size = left;
    }
    return whole;
}

unsigned mqtt_door_output(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes *runs, unsigned most) {
    (void)door;
    connection->is_ready = false;
    unsigned count = door_output_runs(&connection->output, runs, most);
    return connection->held == NULL ? count : cut_runs(connection, runs, count);
}

static bool is_owed_something(const struct door_connection *connection) {
    const struct door_session *session = connection->session;
    return door_held_sendable(connection) > 0 || door_held_is_awaited(connection) ||
           connection->has_input || connection->state == DOOR_EXPECT_CHECK ||
           (session != NULL && session->retained != NULL);
}

bool mqtt_door_input_ended(struct mqtt_door *door, struct door_connection *connection) {
    connection->input_ended = true;
    if (connection->state == DOOR_EXPECT_CHECK) {
        door->port->postpone_check(door->port->context, connection->number, connection->address);
    }
    return is_owed_something(connection);
}

void mqtt_door_sent(struct mqtt_door *door, struct door_connection *connection, size_t bytes,
                    uint64_t now) {
    door->counts.bytes_sent += bytes;
    door_held_sent(connection, bytes);
    door_output_consume(&connection->output, &door->pool, bytes);
    struct door_session *session = connection->session;
    if (session == NULL) {
        return;
    }
    if (session->queue.cursor < session->queue.count) {
        door_window_send(door, session, now);
    }
    if (session->retained != NULL) {
        door_turns_enter(door, now);
        door_retained_resume(door, session, now);
        door_ending_settle(door, now);
        door_turns_leave(door);
    }
}

bool mqtt_door_has_unsent(const struct door_connection *connection) {
    return connection->output.bytes > 0;
}

bool mqtt_door_is_over(const struct door_connection *connection) {
    return (connection->state == DOOR_OVER && !door_held_is_awaited(connection)) ||
           (connection->input_ended && !is_owed_something(connection));
}

static void end_closed(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    door_connection_end(door, connection, true);
    door_ending_settle(door, now);
    door_held_free(door, connection);
    door_connection_destroy(door, connection);
}

// A session with much to end waits for a turn: a thousand streams may break at once.
void mqtt_door_close(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    if (connection->state == DOOR_OPEN) {
        door_connection_tell(
            door, DOOR_EVENT_DISCONNECTED, connection,
            (struct door_event){.reason = MQTT_UNSPECIFIED_ERROR, .why = "its stream ended"});
    }
    if (door_turns_end_steps(connection) <= DOOR_END_STEPS) {
        door_backlog_remove(door, connection);
        end_closed(door, connection, now);
        return;
    }
    door_input_buffer_free(door, &connection->input);
    door_subscribe_free(door, connection);
    connection->has_input = false;
    door_backlog_add(door, connection);
    connection->is_closed = true;
    connection->is_ready = true; // nobody is to be told
    connection->owner = NULL;
}

static struct door_connection *
find_connection(struct mqtt_door *door, const struct door_connection *connection, uint64_t number) {
    struct door_connection *at = door->connections;
    while (at != NULL && (at != connection || at->number != number)) {
        at = at->later;
    }
    return at;
}

void mqtt_door_authenticated(struct mqtt_door *door, struct door_connection *connection,
                             uint64_t number, enum credentials_state state, uint64_t now) {
    connection = find_connection(door, connection, number);
    if (connection == NULL || connection->state != DOOR_EXPECT_CHECK) {
        return;
    }
    connection->state = DOOR_EXPECT_CONNECT; // nothing waits any more that could be cancelled
    door_connect_checked(door, connection, state, now);
    door_ending_settle(door, now);
    door_turns_enter(door, now);
    door_input_resume(door, connection, now);
    door_ending_settle(door, now);
    door_turns_leave(door);
}

// ---- time --------------------------------------------------------------------------------------

// The timer is not moved with each packet, but looks when it comes whether it has come too early.
static void tick_open(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    uint64_t silence = door_silence_max(connection);
    if (connection->has_input) { // it is we who are late
        connection->heard = now;
    }
    if (connection->heard + silence > now) {
        timers_set(&door->timers, &connection->timer, connection->heard + silence);
    } else {
        door_connection_fail(door, connection, MQTT_KEEP_ALIVE_TIMEOUT,
                             "nothing came for one and a half times the keep alive");
    }
}

static void tick_connection(struct mqtt_door *door, struct door_connection *connection,
                            uint64_t now) {
    if (connection->state == DOOR_OPEN) {
        tick_open(door, connection, now);
        return;
    }
    door_connection_fail(door, connection, MQTT_MAXIMUM_CONNECT_TIME,
                         connection->state == DOOR_EXPECT_AUTH
                             ? "its authentication did not end in time"
                             : "no CONNECT came in time");
}

// The timer is the first member of what it belongs to.
static void tick_timer(struct mqtt_door *door, struct timer *timer, uint64_t now) {
    switch ((enum door_timer_kind)timer->kind) {
    case DOOR_TIMER_CONNECTION:
        tick_connection(door, (struct door_connection *)timer, now);
        break;
    case DOOR_TIMER_SESSION:
        timers_remove(&door->timers, timer);
        door_session_tick(door, ((struct door_absence *)timer)->session, now);
        break;
    case DOOR_TIMER_EXPIRY:
        door_expiry_tick(door, (struct door_expiry *)timer, now);
        break;
    }
}

// A flood of packets does not keep the connection's own retained messages back, nor they it.
static void serve(struct mqtt_door *door, struct door_connection *connection, uint64_t now) {
    struct door_turns *turns = &door->turns;
    int64_t half = connection->has_input ? turns->left / 2 : 0;
    turns->left -= half;
    if (connection->session != NULL && connection->session->retained != NULL) {
        door_retained_resume(door, connection->session, now);
    }
    turns->left += half;
    if (connection->has_input) {
        door_input_resume(door, connection, now);
    }
    door_ending_settle(door, now);
}

// A slice for each that waits now, oldest first, until these steps are spent; how many were.
static int64_t pass(struct mqtt_door *door, int64_t steps, uint64_t now) {
    struct door_backlog *backlog = &door->backlog;
    struct door_turns *turns = &door->turns;
    int64_t left = steps;
    int64_t share = steps / backlog->count; // there is one
    share = share > DOOR_SLICE_STEPS ? share : DOOR_SLICE_STEPS;
    for (uint32_t count = backlog->count; count > 0 && left > 0 && backlog->first != NULL;
         count--) {
        struct door_connection *connection = backlog->first;
        ASSERT(connection->state != DOOR_OVER || connection->is_closed);
        door_backlog_remove(door, connection);
        turns->left = share;
        turns->served = connection;
        connection->is_closed ? end_closed(door, connection, now) : serve(door, connection, now);
        turns->served = NULL;
        left -= share - turns->left;
    }
    return steps - left;
}

// One turn.
static void work_off(struct mqtt_door *door, uint64_t now) {
    int64_t left = 0;
    int64_t spent = 1;
    door_turns_enter_backlog(door);
    while (spent > 0 && door->backlog.first != NULL && (left = door_turns_go_on(door, left)) > 0) {
        spent = pass(door, left, now);
        left -= spent;
    }
    door_turns_leave_backlog(door);
}

void mqtt_door_tick(struct mqtt_door *door, uint64_t now) {
    door_turns_enter(door, now);
    door_ending_settle(door, now);
    while (timers_first_due(&door->timers) <= now && !door_turns_are_spent(door)) {
        door_turns_spend(door, DOOR_TIMER_STEPS);
        tick_timer(door, timers_first(&door->timers), now);
        door_ending_settle(door, now);
    }
    door_turns_spend(door, broker_core_expire(door->core, EXPIRED_A_TICK, now) * DOOR_TIMER_STEPS);
    door_statistics_tick(door, now);
    door_turns_leave(door);
    work_off(door, now);
    mqtt_door_begin_turn(door);
    door_ending_settle(door, now);
}

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

// What is overdue is due now, and so is what is left of a turn, or of a publishing at another door
// that was too much for one of our clients.
uint64_t mqtt_door_deadline(const struct mqtt_door *door) {
    if (door->backlog.first != NULL || door->ending != NULL) {
        return door->turns.now;
    }
    uint64_t due = earlier(timers_first_due(&door->timers), door_statistics_deadline(door));
    due = earlier(due, broker_core_deadline(door->core));
    return due > door->turns.now ? due : door->turns.now;
}

static void end_all_closed(struct mqtt_door *door, uint64_t now) {
    struct door_connection *connection = door->connections;
    while (connection != NULL) {
        struct door_connection *later = connection->later;
        if (connection->is_closed) {
            door_backlog_remove(door, connection);
            end_closed(door, connection, now);
        }
        connection = later;
    }
}

// ---- what the user asks for --------------------------------------------------------------------

bool mqtt_door_disconnect(struct mqtt_door *door, struct bytes client_id, uint64_t now) {
    struct door_session *session = door_sessions_find(door, client_id);
    if (session == NULL || session->connection == NULL) {
        return false;
    }
    door_connection_fail(door, session->connection, MQTT_ADMINISTRATIVE_ACTION,
                         "the broker's user ended it");
    door_ending_settle(door, now);
    return true;
}

void mqtt_door_stop(struct mqtt_door *door, uint64_t now) {
    bool refers = door->config->server_reference.size > 0;
    struct door_connection *connection = door->connections;
    for (; connection != NULL; connection = connection->later) {
        door_connection_fail(door, connection,
                             refers ? MQTT_USE_ANOTHER_SERVER : MQTT_SERVER_SHUTTING_DOWN,
                             "the broker ends");
        door_ending_settle(door, now);
    }
    end_all_closed(door, now);
    door_ending_settle(door, now);
}

void mqtt_door_review(struct mqtt_door *door, const struct mqtt_door_review *review, uint64_t now) {
    struct door_connection *connection = door->connections;
    for (; connection != NULL; connection = connection->later) {
        if (connection->state != DOOR_OPEN) {
            continue;
        }
        struct access_client client = door_access_of(connection->session);
        const char *why = review->why_not(review->context, connection->owner, &client);
        if (why != NULL) {
            door_connection_fail(door, connection, MQTT_NOT_AUTHORIZED, why);
            door_ending_settle(door, now);
        }
    }
}

void mqtt_door_give_back(struct mqtt_door *door) {
    door_pool_give_back(&door->pool);
    door_fanout_give_back(door);
    buffer_deinit(&door->mounted);
    buffer_deinit(&door->cut);
}

void mqtt_door_tell_entries(struct mqtt_door *door, bool tells) {
    door->tells_entries = tells;
}

void mqtt_door_begin_turn(struct mqtt_door *door) {
    door_turns_begin(door);
}

// ---- begin and end -----------------------------------------------------------------------------

struct mqtt_door *mqtt_door_create(const struct mqtt_door_config *config,
                                   const struct mqtt_door_port *port, struct broker_core *core,
                                   const struct cipher_secret *seed) {
    ASSERT(config->limits.sessions <= MQTT_DOOR_SESSIONS_MAX);
    struct mqtt_door *door = memory_allocate(port->memory, sizeof *door);
    door->config = config;
    door->port = port;
    door->memory = port->memory;
    door->core = core;
    door->seed = *seed;
    door_pool_init(&door->pool, port->memory);
    timers_init(&door->timers, port->memory);
    map_init(&door->by_client_id, port->memory,
             hash_bytes(bytes_make(seed->bytes, sizeof seed->bytes), 2));
    door_absent_init(door);
    door_groups_init(door);
    door_fanout_attach(door);
    buffer_init(&door->mounted, door->memory);
    buffer_init(&door->cut, door->memory);
    door->journal = port->journal;
    door_statistics_attach(door);
    mqtt_door_begin_turn(door);
    return door;
}

void mqtt_door_destroy(struct mqtt_door *door) {
    end_all_closed(door, door->turns.now);
    ASSERT(door->connections == NULL);
    for (uint32_t i = 0; i < door->session_used; i++) {
        if (door->sessions[i] != NULL) {
            door->sessions[i]->journal_number = 0; // for the journal it goes on
            door_will_forget(door, door->sessions[i]);
            door_queue_free(door, door->sessions[i]); // nobody is to have it any more
            door_session_end(door, door->sessions[i], 0);
        }
    }
    door_numbers_end(door);
    door_absent_deinit(door);
    door_statistics_detach(door);
    door_fanout_detach(door);
    buffer_deinit(&door->mounted);
    buffer_deinit(&door->cut);
    struct memory *memory = door->memory;
    door_sessions_deinit(door);
    door_groups_deinit(door);
    timers_deinit(&door->timers);
    door_pool_deinit(&door->pool);
    memory_free(memory, door, sizeof *door);
}

// ---- its journal -------------------------------------------------------------------------------

bool mqtt_door_restore(struct mqtt_door *door, const struct journal_record *record, uint64_t now) {
    return door_restore(door, record, now);
}

void mqtt_door_restored(struct mqtt_door *door) {
    door_restore_end(door);
}

void mqtt_door_snapshot(const struct mqtt_door *door, journal_receiver *take, void *context) {
    door_snapshot(door, take, context);
}

// What was not sent for want of promises goes out once they hold again.
static void send_waiting(struct mqtt_door *door, uint64_t now) {
    struct door_connection *connection = door->connections;
    for (; connection != NULL; connection = connection->later) {
        if (connection->session != NULL && connection->state == DOOR_OPEN) {
            door_window_send(door, connection->session, now);
        }
    }
}

void mqtt_door_journal_written(struct mqtt_door *door, uint64_t now) {
    bool failed = !journal_may_promise(door->journal);
    door_held_release(door);
    if (door->journal_failed && !failed) {
        send_waiting(door, now);
    }
    door->journal_failed = failed;
}

// ---- views -------------------------------------------------------------------------------------

const struct mqtt_door_counts *mqtt_door_counts(const struct mqtt_door *door) {
    return &door->counts;
}

struct mqtt_door_gauges mqtt_door_gauges(const struct mqtt_door *door) {
    return door_statistics_gauges(door);
}

uint32_t mqtt_door_stream_count(const struct mqtt_door *door) {
    return door->stream_count;
}

void mqtt_door_view_sessions(const struct mqtt_door *door, void *context,
                             void (*found)(void *context, const struct door_session_view *view)) {
    for (uint32_t i = 0; i < door->session_used; i++) {
        const struct door_session *session = door->sessions[i];
        if (session == NULL) {
            continue;
        }
        const struct door_connection *connection = session->connection;
        struct door_session_view view = {
            .client_id = door_client_id(session),
            .peer_address =
                connection == NULL ? (struct bytes){0} : bytes_of_text(connection->peer_address),
            .version = (enum mqtt_version)session->version,
            .since = session->since,
            .subscriptions = session->subscription_count,
            .in_flight = session->queue.in_flight,
            .queued = session->queue.count - session->queue.cursor,
            .queue_bytes =
                session->queue.bytes + (connection == NULL ? 0 : connection->output.bytes),
        };
        found(context, &view);
    }
}

// Of the packet that the peer is at, behind those that are whole and wait.
static bool find_rest(const struct door_connection *connection, uint32_t *rest) {
    struct mqtt_frame frame;
    struct bytes left = door_input_buffer_bytes(connection);
    while (left.size > 0 && mqtt_frame_read(left, &frame) == MQTT_FRAME_WHOLE) {
        left = bytes_make(left.data + frame.bytes, left.size - frame.bytes);
    }
    *rest = left.size > 0 && frame.bytes > left.size ? frame.bytes - (uint32_t)left.size : 0;
    return left.size == 0 || *rest > 0;
}

void mqtt_door_view_stream(const struct door_connection *connection,
                           struct door_stream_view *view) {
    *view = (struct door_stream_view){
        .peer_address = connection->peer_address,
        .is_new = connection->state == DOOR_EXPECT_CONNECT && connection->input == NULL,
        .is_open = connection->state == DOOR_OPEN && connection->session != NULL,
        .output_bytes = connection->output.bytes,
    };
    if (view->is_open && connection->session != NULL) {
        view->version = (enum mqtt_version)connection->session->version;
        view->client_id = door_client_id(connection->session);
        view->is_rest_known = connection->input == NULL || find_rest(connection, &view->rest);
    }
}

void mqtt_door_view_subscriptions(const struct mqtt_door *door, void *context,
                                  void (*found)(void *context,
                                                const struct door_subscription_view *view)) {
    struct buffer filter;
    buffer_init(&filter, door->memory);
    for (uint32_t i = 0; i < door->session_used; i++) {
        const struct door_session *session = door->sessions[i];
        for (uint32_t k = 0; session != NULL && k < session->subscription_count; k++) {
            const struct door_subscription *subscription = &session->subscriptions[k];
            uint32_t options = door_subscriptions_options(door, session, subscription);
            filter.size = 0;
            door_subscriptions_filter(door, subscription, &filter);
            struct door_subscription_view view = {.client_id = door_client_id(session),
                                                  .filter = buffer_bytes(&filter),
                                                  .options = (uint8_t)(options & 0x0f),
                                                  .identifier = DOOR_OPTIONS_IDENTIFIER(options)};
            found(context, &view);
        }
    }
    buffer_deinit(&filter);
}

// ---- what has to hold -------------------------------------------------------------------------

void mqtt_door_check(const struct mqtt_door *door) {
    door_connection_check_all(door);
    for (const struct door_connection *connection = door->connections; connection != NULL;
         connection = connection->later) {
        door_held_check(connection);
    }
    door_backlog_check(door);
    door_sessions_check(door);
    door_groups_check(door);
    door_absent_check(door);
    for (uint32_t i = 0; i < door->session_used; i++) {
        if (door->sessions[i] != NULL) {
            door_subscriptions_check(door, door->sessions[i]);
        }
    }
    ASSERT(door->publishing.count == 0 && door->publishing.message == NULL); // none is under way
    ASSERT(mqtt_door_deadline(door) >= door->turns.now);
}
