// The loop's thread has it all: commands, the role, the stream. Each thing that happens ends in a
// turn, in which what became possible is done.
#include "session/mqtt_client/mqtt_client_session.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "role/mqtt_client/mqtt_client_view.h"
#include "role/port.h"
#include "session/mqtt_client/mqtt_client_chores.h"
#include "session/mqtt_client/mqtt_client_levers.h"
#include "session/mqtt_client/mqtt_client_list.h"
#include "session/mqtt_client/mqtt_client_report.h"
#include "session/mqtt_client/mqtt_client_setup.h"
#include "session/mqtt_client/seen_topics.h"
#include "shell/clock.h"
#include "shell/listing.h"
#include "shell/printable.h"
#include "topic/topic.h"

#define LEAVE_TIME (5 * ROLE_SECOND)   // for acknowledgements, at the end
#define GOODBYE_TIME (4 * ROLE_SECOND) // for the stream to close
#define HURRIED_TIME (ROLE_SECOND / 2) // the same after a signal

enum client_command {
    CLIENT_CONN = PROXY_LEVERS_COMMANDS,
    CLIENT_DISC,
    CLIENT_SUBS,
    CLIENT_UNSB,
    CLIENT_PUBL,
    CLIENT_WILL,
    CLIENT_PING,
    CLIENT_DROP,
};

static const struct command_row rows[] = {
    {"help", COMMAND_NAME, "help [command]", "show this list, or what one command does", RUN_HELP},
    {"exit", COMMAND_PLAIN, "exit", "disconnect and end", RUN_EXIT},
    {"tgll", COMMAND_PLAIN, "tgll", "toggle listening: whether messages are shown", RUN_TOGGLE},
    {"conn", COMMAND_PLAIN, "conn", "connect with the broker", CLIENT_CONN},
    {"disc", COMMAND_WORDS, "disc [will]", "disconnect; will: it is published all the same",
     CLIENT_DISC},
    {"subs", COMMAND_TOPIC | COMMAND_WORDS, "subs topic [word]...",
     "subscribe (+ one level, # all); words: qos, options", CLIENT_SUBS},
    {"unsb", COMMAND_TOPIC, "unsb topic", "end a subscription", CLIENT_UNSB},
    {"publ", COMMAND_TOPIC | COMMAND_WORDS, "publ topic value [word]...",
     "publish; words: qos, retain, NAME=VALUE", CLIENT_PUBL},
    {"will", COMMAND_WORDS, "will [topic value [word]...]",
     "the will of the next connection; alone: none", CLIENT_WILL},
    {"ping", COMMAND_PLAIN, "ping", "ask the broker whether it is there", CLIENT_PING},
    {"drop", COMMAND_PLAIN, "drop", "lose the connection as if a cable were cut", CLIENT_DROP},
    {"list", COMMAND_PLAIN, "list", "show session, messages in flight, subscriptions, aliases",
     RUN_LIST},
    {"rule", COMMAND_VALUE, "rule text", "add a rule of faults: rule drop PUBACK 1",
     PROXY_LEVERS_RULE},
    {"undo", COMMAND_VALUE, "undo number", "take a rule back; list shows them", PROXY_LEVERS_UNDO},
    {"hold", COMMAND_PLAIN, "hold", "hold every packet, both ways, until it is stepped",
     PROXY_LEVERS_HOLD},
    {"step", COMMAND_PLAIN, "step", "let the first packet that is held go", PROXY_LEVERS_STEP},
    {"cut", COMMAND_PLAIN, "cut", "end the connection as a fault would", PROXY_LEVERS_CUT},
    {"freeze", COMMAND_PLAIN, "freeze", "let nothing pass, and tell nobody", PROXY_LEVERS_FREEZE},
    {"thaw", COMMAND_PLAIN, "thaw", "end hold and freeze", PROXY_LEVERS_THAW},
    {"crash", COMMAND_PLAIN, "crash", "end as kill -9 would: nothing is said or saved",
     PROXY_LEVERS_CRASH},
};

const struct command_table mqtt_client_session_commands = {rows, sizeof rows / sizeof *rows};

static const struct command_row *const publ_row = &rows[7];

enum leaving { STAYING, DRAINING, SAYING_GOODBYE, GONE };

// Groups: what it was given; the broker's side (a stream is open from the request for one until it
// was closed, and carries bytes from `opened` on, through the levers); the command at hand while it
// waits, and what it has learnt; the end.
struct mqtt_client_session {
    const struct mqtt_client_session_options *options;
    struct run run;
    struct mqtt_client_setup setup;

    struct mqtt_client_port port;
    struct mqtt_client *client;
    struct stream_client *stream;
    bool is_stream_open;
    bool is_streaming;
    bool is_closing;
    bool was_dropped;
    struct fault_rules rules; // of the options
    struct mqtt_client_levers levers;
    bool was_cut; // by them, and the client is being told
    uv_timer_t timer;
    uint64_t sent;
    uint64_t received;

    struct command command;
    bool is_asked; // a ping
    bool is_answered;
    bool is_refused;

    struct seen_topics seen;
    struct mqtt_client_chores chores;

    enum leaving leaving;
    uint64_t leave_until;
    bool was_connected;
    bool is_lost; // the connection ended, and there will be no other
    bool is_ended;
};

static void turn(void *driver);

static const char *broker_of(const struct mqtt_client_session *session) {
    return session->options->url;
}

// Packets may wait for ever.
static bool is_stuck(const struct mqtt_client_session *session) {
    return mqtt_client_levers_are_stuck(&session->levers);
}

static enum mqtt_client_state state_of(const struct mqtt_client_session *session) {
    return mqtt_client_view(session->client).state;
}

// ---- the stream -----------------------------------------------------------------------------

static void on_opened(void *context) {
    struct mqtt_client_session *session = context;
    uint64_t now = clock_steady();
    session->is_streaming = true;
    mqtt_client_levers_opened(&session->levers, session->setup.url.host, now);
    mqtt_client_opened(session->client, now);
    turn(session);
}

static void on_received(void *context, struct bytes bytes) {
    struct mqtt_client_session *session = context;
    mqtt_client_levers_received(&session->levers, bytes, clock_steady());
    turn(session);
}

static void on_idle(void *context) {
    turn(context);
}

// What came before the end may still be on its way to the client.
static void on_closed(void *context, const char *why) {
    struct mqtt_client_session *session = context;
    bool was_streaming = session->is_streaming;
    session->is_stream_open = session->is_streaming = session->is_closing = false;
    if (session->is_ended) {
        return;
    }
    if (was_streaming) {
        mqtt_client_levers_closed(&session->levers, why, clock_steady());
    } else {
        mqtt_client_closed(session->client, why, clock_steady());
    }
    turn(session);
}

static void open_stream(struct mqtt_client_session *session) {
    struct stream_url url = session->setup.url;
    struct bytes server = mqtt_client_server(session->client);
    const char *why = server.size == 0 ? NULL : stream_url_refer(&url, server);
    if (why != NULL) {
        mqtt_client_closed(session->client, why, clock_steady());
        return;
    }
    session->is_stream_open = true;
    stream_client_open(session->stream, &url);
}

// The client wants its connection closed: the levers do that once all is on its way, or there is
// only a stream that is being opened, or nothing at all any more.
static void close_connection(struct mqtt_client_session *session, uint64_t now) {
    bool at_once = session->was_dropped || mqtt_client_aborts(session->client);
    session->was_dropped = false;
    if (session->levers.between != NULL) {
        mqtt_client_levers_leave(&session->levers, at_once, now);
    } else if (!session->is_stream_open) {
        mqtt_client_closed(session->client, NULL, now);
    } else if (!session->is_closing) {
        session->is_closing = true;
        stream_client_close(session->stream, at_once);
    }
}

static void serve_levers(struct mqtt_client_session *session, uint64_t now) {
    bool takes = mqtt_client_takes_input(session->client) &&
                 !output_is_full(&session->run.output) &&
                 !mqtt_client_chores_are_many(&session->chores);
    switch (mqtt_client_levers_move(&session->levers, takes, now)) {
    case MQTT_CLIENT_LEVERS_GO_ON:
        break;
    case MQTT_CLIENT_LEVERS_LOST:
        mqtt_client_closed(session->client,
                           session->levers.why[0] == '\0' ? NULL : session->levers.why, now);
        mqtt_client_levers_leave(&session->levers, false, now);
        break;
    case MQTT_CLIENT_LEVERS_CUT:
        session->was_cut = true;
        mqtt_client_drop(session->client, now);
        session->was_cut = false;
        mqtt_client_levers_leave(&session->levers, false, now);
        break;
    }
    if (session->is_streaming) {
        stream_client_read(session->stream,
                           takes && mqtt_client_levers_takes_input(&session->levers));
    }
}

static void serve_stream(struct mqtt_client_session *session) {
    uint64_t now = clock_steady();
    bool is_free = !session->is_stream_open && session->levers.between == NULL;
    if (mqtt_client_need(session->client) == MQTT_CLIENT_NEEDS_STREAM && is_free) {
        open_stream(session);
    }
    serve_levers(session, now);
    mqtt_client_chores_remove(&session->chores, session->client, now);
    if (mqtt_client_need(session->client) == MQTT_CLIENT_NEEDS_CLOSING) {
        close_connection(session, now);
    }
}

// ---- what the role tells ----------------------------------------------------------------------

// Whether the event is what the command at hand waits for.
static bool is_about(const struct mqtt_client_session *session,
                     const struct mqtt_client_event *event) {
    return session->run.waits && bytes_equal(event->text, session->command.topic);
}

static void note_answer(struct mqtt_client_session *session, const struct mqtt_client_event *event,
                        bool is_refusal) {
    if (is_about(session, event)) {
        session->is_answered = true;
        session->is_refused = is_refusal;
    }
}

static void note_end(struct mqtt_client_session *session, const struct mqtt_client_event *event) {
    bool is_asked = event->cause == MQTT_CLIENT_CAUSE_ASKED ||
                    (event->cause == MQTT_CLIENT_CAUSE_DROPPED && !session->was_cut);
    bool is_final = event->retry_at == ROLE_NEVER && !is_asked;
    session->is_lost = session->is_lost || is_final;
}

static void note_event(struct mqtt_client_session *session, const struct mqtt_client_event *event) {
    switch (event->kind) {
    case MQTT_CLIENT_EVENT_CONNECTED:
        session->was_connected = true;
        session->is_lost = false;
        break;
    case MQTT_CLIENT_EVENT_ENDED:
        note_end(session, event);
        break;
    case MQTT_CLIENT_EVENT_SUBSCRIBED:
    case MQTT_CLIENT_EVENT_UNSUBSCRIBED:
        note_answer(session, event, false);
        break;
    case MQTT_CLIENT_EVENT_NOT_SUBSCRIBED:
    case MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED:
        note_answer(session, event, true);
        session->run.failed = true;
        break;
    case MQTT_CLIENT_EVENT_NOT_PUBLISHED:
        session->run.failed = true;
        break;
    case MQTT_CLIENT_EVENT_PONG:
        session->is_answered = true;
        break;
    case MQTT_CLIENT_EVENT_REDIRECTED:
    case MQTT_CLIENT_EVENT_MESSAGE:
    case MQTT_CLIENT_EVENT_PUBLISHED:
    case MQTT_CLIENT_EVENT_AUTHENTICATED:
    case MQTT_CLIENT_EVENT_SESSION_LOST:
    case MQTT_CLIENT_EVENT_VIOLATION:
        break;
    }
}

// For completion. A filter without wildcards is a topic, too.
static void note_seen(struct mqtt_client_session *session, const struct mqtt_client_event *event) {
    struct seen_topics *seen = &session->seen;
    if (!session->run.terminal) {
        return;
    }
    if (event->kind == MQTT_CLIENT_EVENT_SUBSCRIBED) {
        seen_topics_note(seen, SEEN_FILTER, event->text);
    } else if (event->kind == MQTT_CLIENT_EVENT_UNSUBSCRIBED) {
        seen_topics_forget(seen, SEEN_FILTER, event->text);
    }
    bool is_topic =
        event->kind == MQTT_CLIENT_EVENT_MESSAGE || event->kind == MQTT_CLIENT_EVENT_SUBSCRIBED;
    if (is_topic && topic_name_check(event->text) == TOPIC_OK) {
        seen_topics_note(seen, SEEN_TOPIC, event->text);
    }
}

// In the user's thread. What is subscribed to for unsb, which takes no words; else topics.
static void complete(void *driver, unsigned argument, const struct run_words *words) {
    struct mqtt_client_session *session = driver;
    if ((argument & COMMAND_TOPIC) != 0) {
        bool is_topic = (argument & COMMAND_WORDS) != 0;
        seen_topics_each(&session->seen, is_topic ? SEEN_TOPIC : SEEN_FILTER, words);
    }
}

static void on_ready(void *context, void *owner) {
    (void)context;
    (void)owner; // each turn looks
}

// Of the pings of a keep alive nothing is said.
static bool is_unasked_pong(const struct mqtt_client_session *session,
                            const struct mqtt_client_event *event) {
    return event->kind == MQTT_CLIENT_EVENT_PONG &&
           !(session->run.waits && session->command.row->id == CLIENT_PING);
}

static void show_message(struct mqtt_client_session *session,
                         const struct mqtt_client_event *event) {
    struct run *run = &session->run;
    if (!mqtt_client_report_is_about(session->options, event) || !run_count_update(run)) {
        return;
    }
    if (session->options->removes_retained && event->retain) {
        mqtt_client_chores_remove_later(&session->chores, event->text);
    }
    if (run->report.listening) {
        mqtt_client_report_message(&run->report, session->options->format, event);
    }
}

static void on_told(void *context, void *owner, const struct mqtt_client_event *event) {
    struct mqtt_client_session *session = context;
    struct run *run = &session->run;
    (void)owner;
    note_seen(session, event);
    if (event->kind == MQTT_CLIENT_EVENT_MESSAGE) {
        show_message(session, event);
        return;
    }
    bool is_quiet_end = event->kind == MQTT_CLIENT_EVENT_ENDED &&
                        event->cause == MQTT_CLIENT_CAUSE_ASKED && session->leaving != STAYING;
    if (!is_quiet_end && !is_unasked_pong(session, event)) {
        mqtt_client_report_event(&run->report, broker_of(session), event, clock_steady());
    }
    note_event(session, event);
}

static void on_packet(void *context, void *owner, bool is_sent, struct bytes packet) {
    struct mqtt_client_session *session = context;
    (void)owner;
    session->sent += is_sent;
    session->received += !is_sent;
    if (session->options->shows_packets) {
        mqtt_client_report_packet(&session->run.report, session->setup.config.version, is_sent,
                                  packet);
    }
}

// ---- commands -------------------------------------------------------------------------------

static enum run_outcome fail_with_message(struct mqtt_client_session *session) {
    run_error(&session->run, "%.*s", (int)session->setup.message.size,
              (const char *)session->setup.message.data);
    return RUN_WRONG;
}

static enum run_outcome fail_with(struct mqtt_client_session *session,
                                  enum mqtt_client_result result) {
    run_error(&session->run, "%s", mqtt_client_result_text(result));
    return RUN_WRONG;
}

// Commands that need a connection begin one.
static void want_connection(struct mqtt_client_session *session) {
    if (state_of(session) == MQTT_CLIENT_OFF) {
        session->is_lost = false;
        (void)mqtt_client_connect(session->client, clock_steady());
    }
}

static enum run_outcome lose(struct mqtt_client_session *session) {
    return session->run.terminal ? RUN_WRONG : RUN_LOST;
}

static enum run_outcome wait(struct mqtt_client_session *session, const struct command *command) {
    session->command = *command;
    session->is_asked = session->is_answered = session->is_refused = false;
    return RUN_WAITS;
}

// Words with what --property and --qos say of all packets of the kind.
static void init_words(struct mqtt_client_session *session, struct mqtt_words *words,
                       const struct mqtt_words *defaults) {
    mqtt_words_init(words, defaults->packet, &session->run.memory);
    words->properties = defaults->properties;
    buffer_append(&words->user, buffer_bytes(&defaults->user));
    words->properties.more = buffer_bytes(&words->user);
    words->qos = (uint8_t)session->options->qos;
}

static enum run_outcome publish_words(struct mqtt_client_session *session,
                                      const struct command *command, struct mqtt_words *words) {
    if (!mqtt_client_setup_read_words(&session->setup, words, command->words + 1,
                                      command->word_count - 1)) {
        return fail_with_message(session);
    }
    struct mqtt_client_message message = {.topic = command->topic,
                                          .payload = command->words[0],
                                          .qos = words->qos,
                                          .retain = words->retain,
                                          .properties = &words->properties};
    enum mqtt_client_result result = mqtt_client_publish(session->client, &message, clock_steady());
    switch ((unsigned)result) {
    case MQTT_CLIENT_OK:
        return RUN_DONE;
    case MQTT_CLIENT_NOT_CONNECTED: // these pass
    case MQTT_CLIENT_QUEUE_FULL:
    case MQTT_CLIENT_STREAM_FULL:
        return RUN_WAITS;
    default:
        return fail_with(session, result);
    }
}

static enum run_outcome try_publish(struct mqtt_client_session *session,
                                    const struct command *command) {
    struct mqtt_words words;
    init_words(session, &words, &session->setup.defaults[1]);
    words.retain = session->options->publish != NULL && session->options->retain;
    enum run_outcome outcome = publish_words(session, command, &words);
    mqtt_words_deinit(&words);
    return outcome;
}

// The message at hand, the first time or once more.
static enum run_outcome publish_next(struct mqtt_client_session *session,
                                     const struct command *command) {
    struct mqtt_client_chores *chores = &session->chores;
    uint64_t now = clock_steady();
    if (chores->again_at != ROLE_NEVER && now < chores->again_at) {
        return RUN_WAITS;
    }
    chores->again_at = ROLE_NEVER;
    enum run_outcome outcome = try_publish(session, command);
    if (outcome != RUN_DONE || --chores->left == 0) {
        return outcome;
    }
    chores->again_at = now + session->options->repeat_delay;
    return RUN_WAITS;
}

static enum run_outcome publish(struct mqtt_client_session *session,
                                const struct command *command) {
    if (command->word_count == 0) {
        run_error(&session->run, "the value is missing (\"\" is an empty one); type: %s",
                  command->row->synopsis);
        return RUN_WRONG;
    }
    want_connection(session);
    session->chores.left = session->options->repeat;
    session->chores.again_at = ROLE_NEVER;
    enum run_outcome outcome = publish_next(session, command);
    return outcome == RUN_WAITS ? wait(session, command) : outcome;
}

static enum run_outcome subscribe(struct mqtt_client_session *session,
                                  const struct command *command) {
    struct mqtt_words words;
    init_words(session, &words, &session->setup.defaults[2]);
    enum mqtt_client_result result = MQTT_CLIENT_OK;
    bool is_right =
        mqtt_client_setup_read_words(&session->setup, &words, command->words, command->word_count);
    if (is_right) {
        struct mqtt_client_subscription subscription = {
            .filter = command->topic,
            .options = (uint8_t)(words.options | words.qos),
            .identifier = words.properties.subscription_identifier,
            .more = buffer_bytes(&words.user)};
        want_connection(session);
        result = mqtt_client_subscribe(session->client, &subscription, clock_steady());
    }
    mqtt_words_deinit(&words);
    if (!is_right) {
        return fail_with_message(session);
    }
    return result == MQTT_CLIENT_OK ? wait(session, command) : fail_with(session, result);
}

static enum run_outcome unsubscribe(struct mqtt_client_session *session,
                                    const struct command *command) {
    want_connection(session);
    enum run_outcome outcome = wait(session, command);
    session->run.waits = true; // the answer may come at once
    enum mqtt_client_result result =
        mqtt_client_unsubscribe(session->client, command->topic, clock_steady());
    if (result != MQTT_CLIENT_OK) {
        return fail_with(session, result);
    }
    return session->is_answered ? RUN_DONE : outcome;
}

static enum run_outcome connect_broker(struct mqtt_client_session *session,
                                       const struct command *command) {
    session->is_lost = false;
    enum mqtt_client_result result = mqtt_client_connect(session->client, clock_steady());
    return result == MQTT_CLIENT_OK ? wait(session, command) : fail_with(session, result);
}

static struct mqtt_client_farewell farewell_of(const struct mqtt_client_session *session) {
    return (struct mqtt_client_farewell){.has_expiry = session->setup.ends_session, .expiry = 0};
}

static enum run_outcome disconnect(struct mqtt_client_session *session,
                                   const struct command *command) {
    struct mqtt_client_farewell farewell = farewell_of(session);
    farewell.wants_will = command->word_count == 1;
    bool is_will =
        command->word_count == 1 && bytes_equal(command->words[0], BYTES_LITERAL("will"));
    if (command->word_count > 1 || (command->word_count == 1 && !is_will)) {
        run_error(&session->run, "only the word will may follow; type: %s", command->row->synopsis);
        return RUN_WRONG;
    }
    if (state_of(session) == MQTT_CLIENT_OFF) {
        return fail_with(session, MQTT_CLIENT_NOT_CONNECTED);
    }
    mqtt_client_disconnect(session->client, &farewell, clock_steady());
    return wait(session, command);
}

static enum run_outcome try_ping(struct mqtt_client_session *session) {
    enum mqtt_client_result result = mqtt_client_ping(session->client, clock_steady());
    session->is_asked = result == MQTT_CLIENT_OK;
    return session->is_asked ? RUN_WAITS : fail_with(session, result);
}

static enum run_outcome ping(struct mqtt_client_session *session, const struct command *command) {
    (void)wait(session, command);
    want_connection(session);
    return state_of(session) == MQTT_CLIENT_OPEN ? try_ping(session) : RUN_WAITS;
}

// A connection that is being made is waited for; one that ends takes the answer with it.
static enum run_outcome resume_ping(struct mqtt_client_session *session) {
    if (session->is_answered) {
        return RUN_DONE;
    }
    if (state_of(session) == MQTT_CLIENT_OPEN) {
        return session->is_asked ? RUN_WAITS : try_ping(session);
    }
    return session->is_asked ? RUN_WRONG : RUN_WAITS;
}

static enum run_outcome drop(struct mqtt_client_session *session) {
    if (!session->is_streaming) {
        return fail_with(session, MQTT_CLIENT_NOT_CONNECTED);
    }
    session->was_dropped = true;
    mqtt_client_drop(session->client, clock_steady());
    return RUN_DONE;
}

// ---- the will -------------------------------------------------------------------------------

static enum run_outcome change_will(struct mqtt_client_session *session,
                                    const struct command *command) {
    if (command->word_count == 0) {
        mqtt_client_setup_forget_will(&session->setup);
        report_notice(&session->run.report, "the next connection has no will");
        return RUN_DONE;
    }
    if (command->word_count == 1) {
        run_error(&session->run, "the value is missing; type: %s", command->row->synopsis);
        return RUN_WRONG;
    }
    if (!mqtt_client_setup_set_will(&session->setup, command->words, command->word_count)) {
        mqtt_client_setup_forget_will(&session->setup);
        return fail_with_message(session);
    }
    const char *why =
        mqtt_client_config_check(&session->setup.config, mqtt_client_setup_id(&session->setup));
    if (why != NULL) {
        mqtt_client_setup_forget_will(&session->setup);
        run_error(&session->run, "%s", why);
        return RUN_WRONG;
    }
    report_notice(&session->run.report, "the next connection has this will");
    return RUN_DONE;
}

// ---- list -----------------------------------------------------------------------------------

static enum run_outcome list(struct mqtt_client_session *session) {
    struct listing listing;
    listing_init(&listing, &session->run.memory, session->run.report.json);
    listing.width = run_width(&session->run);
    mqtt_client_list(&listing, session->client, broker_of(session), session->setup.config.version);
    listing_single(&listing, "packets", (const char *const[]){"sent", "received", NULL});
    listing_number(&listing, session->sent);
    listing_number(&listing, session->received);
    mqtt_client_levers_list(&session->levers, &listing);
    report_answer(&session->run.report, "list", listing_end(&listing));
    listing_deinit(&listing);
    return RUN_DONE;
}

// A script lists what came of the commands before: retained messages are on their way when a
// subscription is confirmed. An answer to a ping comes behind them.
static enum run_outcome list_what_came(struct mqtt_client_session *session,
                                       const struct command *command) {
    bool asks = !session->run.terminal && state_of(session) == MQTT_CLIENT_OPEN &&
                !session->levers.proxy.is_holding && !is_stuck(session) &&
                mqtt_client_ping(session->client, clock_steady()) == MQTT_CLIENT_OK;
    return asks ? wait(session, command) : list(session);
}

// ---- the command at hand ------------------------------------------------------------------------

// What the lever lets go, or cuts, goes before the next command.
static enum run_outcome use_lever(struct mqtt_client_session *session,
                                  const struct command *command) {
    enum run_outcome outcome =
        proxy_levers_execute(&session->run, &session->levers.proxy, command, clock_steady());
    serve_stream(session);
    return outcome;
}

static enum run_outcome execute(void *driver, const struct command *command) {
    struct mqtt_client_session *session = driver;
    switch (command->row->id) {
    case CLIENT_CONN:
        return connect_broker(session, command);
    case CLIENT_DISC:
        return disconnect(session, command);
    case CLIENT_SUBS:
        return subscribe(session, command);
    case CLIENT_UNSB:
        return unsubscribe(session, command);
    case CLIENT_PUBL:
        return publish(session, command);
    case CLIENT_WILL:
        return change_will(session, command);
    case CLIENT_PING:
        return ping(session, command);
    case CLIENT_DROP:
        return drop(session);
    case RUN_LIST:
        return list_what_came(session, command);
    default:
        return use_lever(session, command);
    }
}

// What was asked for is done, refused, or of no use any more. What is wrong was said by an event.
static enum run_outcome look_for_answer(struct mqtt_client_session *session) {
    enum mqtt_client_state state = state_of(session);
    int id = session->command.row->id;
    if (id == CLIENT_DISC) {
        return state == MQTT_CLIENT_OFF ? RUN_DONE : RUN_WAITS;
    }
    if (id == RUN_LIST) {
        return session->is_answered || state != MQTT_CLIENT_OPEN ? list(session) : RUN_WAITS;
    }
    if (session->is_lost) {
        session->run.failed = true;
        return lose(session);
    }
    if (id == CLIENT_CONN) {
        return state == MQTT_CLIENT_OPEN ? RUN_DONE : RUN_WAITS;
    }
    if (id == CLIENT_PUBL) {
        return publish_next(session, &session->command);
    }
    if (id == CLIENT_PING) {
        return resume_ping(session);
    }
    return !session->is_answered ? RUN_WAITS : session->is_refused ? RUN_WRONG : RUN_DONE;
}

// An answer that the user's own levers keep is not waited for: the next command may let it go.
static enum run_outcome resume(void *driver) {
    struct mqtt_client_session *session = driver;
    enum run_outcome outcome = look_for_answer(session);
    bool repeats = session->chores.again_at != ROLE_NEVER;
    if (outcome != RUN_WAITS || repeats || !is_stuck(session)) {
        return outcome;
    }
    switch (session->command.row->id) {
    case RUN_LIST:
        return list(session);
    case CLIENT_PUBL:
        run_error(&session->run, "it has to wait for packets that are held (step, thaw)");
        return RUN_WRONG;
    default:
        report_notice(&session->run.report,
                      "the answer is not waited for: packets are held (step, thaw)");
        return RUN_DONE;
    }
}

static void publish_line(void *driver, struct bytes line, struct command *command) {
    const struct mqtt_client_session *session = driver;
    *command = (struct command){.row = publ_row,
                                .topic = bytes_of_text(session->options->publish),
                                .words = {line},
                                .word_count = 1};
}

// ---- the end --------------------------------------------------------------------------------

static void say_what_lacks(struct mqtt_client_session *session) {
    const struct run_options *options = &session->options->run;
    struct run *run = &session->run;
    if (options->count > 0 && run->updates < options->count && !run->hurried &&
        session->was_connected) {
        run->at_hand = NULL;
        run_error(run, "only %llu of %llu messages came", (unsigned long long)run->updates,
                  (unsigned long long)options->count);
    }
}

static void begin_leaving(struct mqtt_client_session *session, uint64_t now) {
    session->leaving = DRAINING;
    session->leave_until = now + (session->run.hurried ? 0 : LEAVE_TIME);
    say_what_lacks(session);
}

static void say_goodbye(struct mqtt_client_session *session, uint64_t now) {
    struct mqtt_client_view view = mqtt_client_view(session->client);
    if (view.in_flight + view.waiting > 0) {
        session->run.at_hand = NULL;
        unsigned count = view.in_flight + view.waiting;
        run_error(&session->run, "%u message%s not acknowledged", count,
                  count == 1 ? " was" : "s were");
    }
    if (is_stuck(session)) { // nobody would let it go
        (void)proxy_cut(&session->levers.proxy, bytes_make(NULL, 0), now);
        serve_stream(session);
        view = mqtt_client_view(session->client);
    }
    session->leaving = SAYING_GOODBYE;
    session->leave_until = now + (session->run.hurried ? HURRIED_TIME : GOODBYE_TIME);
    if (view.state != MQTT_CLIENT_OFF) {
        struct mqtt_client_farewell farewell = farewell_of(session);
        mqtt_client_disconnect(session->client, &farewell, now);
    }
}

// Messages that were published are acknowledged first, if they still can be.
static bool is_drained(const struct mqtt_client_session *session, uint64_t now) {
    struct mqtt_client_view view = mqtt_client_view(session->client);
    bool is_empty = view.in_flight + view.waiting == 0 &&
                    mqtt_client_chores_are_done(&session->chores) &&
                    mqtt_client_output(session->client).size == 0 &&
                    mqtt_client_levers_are_drained(&session->levers) &&
                    (!session->is_streaming || stream_client_is_idle(session->stream));
    return is_empty || is_stuck(session) || view.state == MQTT_CLIENT_OFF ||
           now >= session->leave_until;
}

static void report_rules(struct mqtt_client_session *session) {
    const struct fault_set *set = &session->levers.proxy.set;
    uint32_t never = fault_rules_report(&session->run.report, set, (struct fault_rules_other){0});
    session->run.failed = session->run.failed || (session->options->must_fire && never > 0);
}

static void leave(struct mqtt_client_session *session, uint64_t now) {
    if (session->leaving == DRAINING && is_drained(session, now)) {
        say_goodbye(session, now);
        serve_stream(session);
    }
    bool is_closed = state_of(session) == MQTT_CLIENT_OFF && !session->is_stream_open;
    if (session->leaving == SAYING_GOODBYE && (is_closed || now >= session->leave_until)) {
        session->leaving = GONE;
        report_rules(session);
        session->is_ended = true;
        if (session->is_stream_open) {
            stream_client_close(session->stream, true);
        }
        uv_timer_stop(&session->timer);
        uv_stop(&session->run.loop);
    }
}

// Without a connection, and with no other to come, nothing happens any more.
static bool is_hopeless(const struct mqtt_client_session *session) {
    const struct run *run = &session->run;
    bool is_over = run->over_at != 0 && !run->waits && run_deadline(run) == ROLE_NEVER &&
                   state_of(session) == MQTT_CLIENT_OFF;
    return (session->is_lost || is_over) && !run->terminal;
}

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static void on_timer(uv_timer_t *timer) {
    turn(timer->data);
}

static void arm(struct mqtt_client_session *session, bool more, uint64_t now) {
    uint64_t due = least(mqtt_client_deadline(session->client), run_deadline(&session->run));
    due = least(due, proxy_deadline(&session->levers.proxy));
    due = session->run.waits ? least(due, session->chores.again_at) : due;
    due = session->leaving != STAYING ? least(due, session->leave_until) : due;
    if (more) {
        due = now;
    }
    if (due == ROLE_NEVER) {
        uv_timer_stop(&session->timer);
        return;
    }
    uint64_t wait_ms = due <= now ? 0 : (due - now + 999999) / 1000000;
    uv_update_time(&session->run.loop);
    uv_timer_start(&session->timer, on_timer, wait_ms, 0);
}

static void turn(void *driver) {
    struct mqtt_client_session *session = driver;
    struct run *run = &session->run;
    bool more = false;
    if (session->is_ended) {
        return;
    }
    uint64_t now = clock_steady();
    if (mqtt_client_deadline(session->client) <= now) {
        mqtt_client_tick(session->client, now);
    }
    if (proxy_deadline(&session->levers.proxy) <= now) {
        proxy_tick(&session->levers.proxy, now);
    }
    serve_stream(session);
    if (session->leaving == STAYING) {
        more = run_commands(run);
        serve_stream(session);
        more = more || (run->waits && is_stuck(session) && session->chores.again_at == ROLE_NEVER);
        run->failed = run->failed || session->is_lost;
        if (run_is_done(run, now) || is_hopeless(session)) {
            begin_leaving(session, now);
        }
    }
    if (session->leaving != STAYING) {
        leave(session, now);
    }
    report_left_out(&run->report, session->is_ended);
    output_announce(&run->output);
    if (!session->is_ended) {
        arm(session, more, now);
    }
}

// ---- start ----------------------------------------------------------------------------------

static const struct run_program program = {
    .kind = "client",
    .commands = &mqtt_client_session_commands,
    .toggled = {"not listening: messages are not shown", "listening: messages are shown"},
    .turn = turn,
    .execute = execute,
    .resume = resume,
    .complete = complete,
};

static bool open_stream_client(struct mqtt_client_session *session) {
    const struct stream_client_events events = {.opened = on_opened,
                                                .received = on_received,
                                                .idle = on_idle,
                                                .closed = on_closed,
                                                .context = session};
    struct stream_server_error error;
    const char *protocol = session->setup.config.version == MQTT_3_1 ? "mqttv3.1" : "mqtt";
    session->stream = stream_client_create(&session->run.loop, &events, &session->setup.way.trust,
                                           protocol, &error);
    if (session->stream == NULL) {
        printable_complain("client: %s\n", error.text);
        return false;
    }
    stream_client_take_route(session->stream, &session->setup.way.route);
    return true;
}

static void say_start(struct mqtt_client_session *session) {
    struct report *report = &session->run.report;
    if (report->json) {
        json_t *object = report_object("started");
        json_object_set_new(object, "role", json_string("client"));
        json_object_set_new(object, "broker", json_string(broker_of(session)));
        listing_set_bytes(object, "client_id", mqtt_client_setup_id(&session->setup));
        json_object_set_new(object, "process", json_integer(getpid()));
        report_emit(report, object);
        return;
    }
    if (session->run.terminal) {
        printable_format(&report->line, "client ");
        printable_append(&report->line, mqtt_client_setup_id(&session->setup));
        printable_format(&report->line, " of %s (MQTT %s), process %d", broker_of(session),
                         mqtt_client_version_text(session->setup.config.version), (int)getpid());
        report_say(report, OUTPUT_NOTICE);
        run_help(&session->run, NULL);
    }
}

static void start_levers(struct mqtt_client_session *session) {
    const struct mqtt_client_session_options *options = session->options;
    mqtt_client_levers_start(&session->levers,
                             &(struct mqtt_client_levers_ends){
                                 .run = &session->run,
                                 .client = session->client,
                                 .stream = session->stream,
                                 .version = session->setup.config.version,
                                 .shows_packets = options->shows_packets && !options->run.json});
    proxy_levers_start(&session->run, &session->levers.proxy, &session->rules, clock_steady());
}

static int run_client(struct mqtt_client_session *session) {
    if (!open_stream_client(session)) {
        return PROGRAM_UNUSABLE;
    }
    session->port = (struct mqtt_client_port){.ready = on_ready,
                                              .tell = on_told,
                                              .trace = on_packet,
                                              .context = session,
                                              .memory = &session->run.memory};
    session->client = mqtt_client_create(&session->setup.config, &session->port,
                                         mqtt_client_setup_id(&session->setup), 1, session);
    (void)uv_timer_init(&session->run.loop, &session->timer);
    session->timer.data = session;
    say_start(session);
    start_levers(session);
    run_threads(&session->run);
    session->is_ended = true;
    int code = run_exit_code(&session->run);
    bool is_unusable = session->is_lost && !session->was_connected && !session->run.terminal;
    return is_unusable ? PROGRAM_UNUSABLE : code;
}

static void free_session(struct mqtt_client_session *session) {
    mqtt_client_chores_deinit(&session->chores);
    mqtt_client_levers_deinit(&session->levers);
    fault_rules_free(&session->rules);
    if (session->client != NULL) {
        mqtt_client_destroy(session->client);
    }
    stream_client_destroy(session->stream);
    mqtt_client_setup_deinit(&session->setup);
}

int mqtt_client_session_run(const struct mqtt_client_session_options *options) {
    struct mqtt_client_session *session = calloc(1, sizeof *session);
    struct run_program own = program;
    int code = PROGRAM_UNUSABLE;
    own.command_of_line = options->publish != NULL ? publish_line : NULL;
    own.is_whole = options->is_whole;
    ASSERT_MESSAGE(session != NULL, "out of memory");
    session->options = options;
    seen_topics_init(&session->seen);
    if (run_init(&session->run, &options->run, &own, session)) {
        mqtt_client_chores_init(&session->chores, &session->run.memory);
        mqtt_client_levers_init(&session->levers, &session->run.memory, options->faults.seed);
        code = mqtt_client_setup_init(&session->setup, options, &session->run.memory);
        if (code == PROGRAM_OK && !fault_rules_read(&session->rules, &session->run.memory,
                                                    &options->faults, FAULT_RULES_MAX, "client")) {
            code = PROGRAM_USAGE;
        }
        if (code == PROGRAM_OK) {
            code = run_client(session);
        }
        run_close(&session->run);
        free_session(session);
        run_deinit(&session->run);
    }
    seen_topics_deinit(&session->seen);
    free(session);
    return code;
}
