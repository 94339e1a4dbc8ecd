#include "session/mqtt_client/mqtt_client_report.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "session/mqtt_client/mqtt_format.h"
#include "session/mqtt_client/mqtt_message_json.h"
#include "shell/listing.h"
#include "shell/printable.h"
#include "shell/proxy_levers.h"
#include "topic/topic.h"

#define SECOND UINT64_C(1000000000)

// ---- events as JSON -----------------------------------------------------------------------------

static const char *const causes[] = {
    [MQTT_CLIENT_CAUSE_ASKED] = "asked",
    [MQTT_CLIENT_CAUSE_DROPPED] = "dropped",
    [MQTT_CLIENT_CAUSE_UNREACHABLE] = "unreachable",
    [MQTT_CLIENT_CAUSE_LOST] = "lost",
    [MQTT_CLIENT_CAUSE_REFUSED] = "refused",
    [MQTT_CLIENT_CAUSE_BROKER] = "broker",
    [MQTT_CLIENT_CAUSE_SILENT] = "silent",
    [MQTT_CLIENT_CAUSE_VIOLATION] = "violation",
    [MQTT_CLIENT_CAUSE_UNPROVEN] = "unproven",
};

// What each kind is called in JSON, and what its text is.
static const struct {
    const char *name;
    const char *text_key; // NULL: it has no text
    bool has_reason;
} kinds[] = {
    [MQTT_CLIENT_EVENT_CONNECTED] = {"connected", NULL, false},
    [MQTT_CLIENT_EVENT_ENDED] = {"disconnected", "text", true},
    [MQTT_CLIENT_EVENT_REDIRECTED] = {"redirected", "server", true},
    [MQTT_CLIENT_EVENT_MESSAGE] = {"update", "topic", false},
    [MQTT_CLIENT_EVENT_PUBLISHED] = {"acknowledged", "topic", true},
    [MQTT_CLIENT_EVENT_NOT_PUBLISHED] = {"not-published", "topic", true},
    [MQTT_CLIENT_EVENT_SUBSCRIBED] = {"subscribed", "topic", false},
    [MQTT_CLIENT_EVENT_NOT_SUBSCRIBED] = {"not-subscribed", "topic", true},
    [MQTT_CLIENT_EVENT_UNSUBSCRIBED] = {"unsubscribed", "topic", true},
    [MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED] = {"not-unsubscribed", "topic", true},
    [MQTT_CLIENT_EVENT_PONG] = {"pong", NULL, false},
    [MQTT_CLIENT_EVENT_AUTHENTICATED] = {"authenticated", NULL, false},
    [MQTT_CLIENT_EVENT_SESSION_LOST] = {"session-lost", NULL, false},
    [MQTT_CLIENT_EVENT_VIOLATION] = {"violation", NULL, true},
};

static void set_number(json_t *object, const char *key, uint64_t number) {
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_text(json_t *object, const char *key, const char *text) {
    if (text != NULL) {
        json_object_set_new(object, key, json_string(text));
    }
}

static void set_reason(json_t *object, const struct mqtt_client_event *event) {
    set_number(object, "reason", (uint64_t)event->reason);
    set_text(object, "meaning", event->why != NULL ? event->why : mqtt_reason_text(event->reason));
}

static void emit(struct report *report, const struct mqtt_client_event *event) {
    json_t *object = report_object(kinds[event->kind].name);
    if (kinds[event->kind].text_key != NULL && event->text.size > 0) {
        listing_set_bytes(object, kinds[event->kind].text_key, event->text);
    }
    if (kinds[event->kind].has_reason) {
        set_reason(object, event);
    }
    switch (event->kind) {
    case MQTT_CLIENT_EVENT_CONNECTED:
        json_object_set_new(object, "session_present", json_boolean(event->session_present));
        break;
    case MQTT_CLIENT_EVENT_ENDED:
        set_text(object, "cause", causes[event->cause]);
        break;
    case MQTT_CLIENT_EVENT_SUBSCRIBED:
        set_number(object, "qos", event->qos);
        break;
    case MQTT_CLIENT_EVENT_PONG:
        json_object_set_new(object, "seconds", json_real((double)event->took / (double)SECOND));
        break;
    case MQTT_CLIENT_EVENT_VIOLATION:
        set_text(object, "statement", event->statement);
        json_object_set_new(object, "fatal", json_boolean(event->is_fatal));
        break;
    case MQTT_CLIENT_EVENT_REDIRECTED:
    case MQTT_CLIENT_EVENT_MESSAGE:
    case MQTT_CLIENT_EVENT_PUBLISHED:
    case MQTT_CLIENT_EVENT_NOT_PUBLISHED:
    case MQTT_CLIENT_EVENT_NOT_SUBSCRIBED:
    case MQTT_CLIENT_EVENT_UNSUBSCRIBED:
    case MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED:
    case MQTT_CLIENT_EVENT_AUTHENTICATED:
    case MQTT_CLIENT_EVENT_SESSION_LOST:
        break;
    }
    report_emit(report, object);
}

// ---- events for people --------------------------------------------------------------------------

static void add_quoted(struct buffer *line, struct bytes text) {
    buffer_append_text(line, " \"");
    printable_append(line, text);
    buffer_append_text(line, "\"");
}

static const char *reason_of(const struct mqtt_client_event *event) {
    return event->why != NULL ? event->why : mqtt_reason_text(event->reason);
}

static void write_end(struct buffer *line, const char *broker,
                      const struct mqtt_client_event *event, uint64_t now) {
    static const char *const texts[] = {
        [MQTT_CLIENT_CAUSE_ASKED] = "as you asked",
        [MQTT_CLIENT_CAUSE_DROPPED] = "as if a cable were cut",
        [MQTT_CLIENT_CAUSE_UNREACHABLE] = "it cannot be reached",
        [MQTT_CLIENT_CAUSE_LOST] = "it closed the connection",
        [MQTT_CLIENT_CAUSE_REFUSED] = "it refused",
        [MQTT_CLIENT_CAUSE_BROKER] = "it disconnected",
        [MQTT_CLIENT_CAUSE_SILENT] = "it was silent",
        [MQTT_CLIENT_CAUSE_VIOLATION] = "it broke a rule of MQTT",
        [MQTT_CLIENT_CAUSE_UNPROVEN] = "it is not to be trusted",
    };
    bool has_reason = event->cause == MQTT_CLIENT_CAUSE_REFUSED ||
                      (event->cause == MQTT_CLIENT_CAUSE_BROKER && event->reason != 0);
    printable_format(line,
                     event->was_open ? "connection with %s ended: %s" : "no connection with %s: %s",
                     broker, texts[event->cause]);
    if (has_reason || event->why != NULL) {
        printable_format(line, ": %s", reason_of(event));
    }
    if (event->text.size > 0) {
        buffer_append_text(line, " (");
        printable_append(line, event->text);
        buffer_append_text(line, ")");
    }
    if (event->retry_at != UINT64_MAX) {
        uint64_t wait = event->retry_at > now ? event->retry_at - now : 0;
        bool asks = line->data[line->size - 1] == '?';
        printable_format(line, asks ? " Again in %.1f s" : "; again in %.1f s",
                         (double)wait / (double)SECOND);
    }
}

static void write_subscribed(struct buffer *line, const char *broker,
                             const struct mqtt_client_event *event) {
    printable_format(line, "%s took the subscription to", broker);
    add_quoted(line, event->text);
    printable_format(line, " (qos %u)", event->qos);
}

static void write_named(struct buffer *line, const char *what,
                        const struct mqtt_client_event *event) {
    buffer_append_text(line, what);
    add_quoted(line, event->text);
    if (event->reason != MQTT_SUCCESS || event->why != NULL) {
        printable_format(line, ": %s", reason_of(event));
    }
}

static void write_event(struct buffer *line, const char *broker,
                        const struct mqtt_client_event *event, uint64_t now) {
    switch (event->kind) {
    case MQTT_CLIENT_EVENT_CONNECTED:
        printable_format(line, "connected with %s%s", broker,
                         event->session_present ? ", which has our session" : "");
        break;
    case MQTT_CLIENT_EVENT_ENDED:
        write_end(line, broker, event, now);
        break;
    case MQTT_CLIENT_EVENT_REDIRECTED:
        printable_format(line, "%s sends us elsewhere, %s:", broker,
                         event->is_followed ? "where we go" : "where we do not go (--redirects)");
        add_quoted(line, event->text);
        break;
    case MQTT_CLIENT_EVENT_SUBSCRIBED:
        write_subscribed(line, broker, event);
        break;
    case MQTT_CLIENT_EVENT_NOT_SUBSCRIBED:
        write_named(line, "no subscription to", event);
        break;
    case MQTT_CLIENT_EVENT_UNSUBSCRIBED:
        write_named(line, "no longer subscribed to", event);
        break;
    case MQTT_CLIENT_EVENT_NOT_UNSUBSCRIBED:
        write_named(line, "still subscribed to", event);
        break;
    case MQTT_CLIENT_EVENT_PUBLISHED:
        write_named(line, "acknowledged:", event);
        break;
    case MQTT_CLIENT_EVENT_NOT_PUBLISHED:
        write_named(line, "not published:", event);
        break;
    case MQTT_CLIENT_EVENT_PONG:
        printable_format(line, "%s answered after %.3f ms", broker, (double)event->took / 1e6);
        break;
    case MQTT_CLIENT_EVENT_AUTHENTICATED:
        printable_format(line, "authenticated with %s once more", broker);
        break;
    case MQTT_CLIENT_EVENT_SESSION_LOST:
        printable_format(line, "%s has no session of ours any more", broker);
        break;
    case MQTT_CLIENT_EVENT_VIOLATION:
        printable_format(line, "%s broke a rule%s%s%s: %s", broker,
                         event->statement == NULL ? "" : " [",
                         event->statement == NULL ? "" : event->statement,
                         event->statement == NULL ? "" : "]", event->why);
        break;
    case MQTT_CLIENT_EVENT_MESSAGE:
        break;
    }
}

// That a message was acknowledged is what its publisher expects: only programs are told, of each.
static bool may_tell(struct report *report, const struct mqtt_client_event *event) {
    unsigned line = REPORT_EVENT + (unsigned)event->kind;
    bool is_usual = event->kind == MQTT_CLIENT_EVENT_PUBLISHED && event->reason == MQTT_SUCCESS;
    return is_usual ? report->json && !report->quiet
                    : report_may_tell(report, line, kinds[event->kind].name);
}

void mqtt_client_report_event(struct report *report, const char *broker,
                              const struct mqtt_client_event *event, uint64_t now) {
    ASSERT(event->kind != MQTT_CLIENT_EVENT_MESSAGE);
    if (!may_tell(report, event)) {
        return;
    }
    if (report->json) {
        emit(report, event);
        return;
    }
    write_event(&report->line, broker, event, now);
    report_say(report, OUTPUT_NOTICE);
}

// ---- messages -----------------------------------------------------------------------------------

bool mqtt_client_report_is_about(const struct mqtt_client_session_options *options,
                                 const struct mqtt_client_event *event) {
    for (unsigned i = 0; i < options->exceptions.count; i++) {
        if (topic_matches(bytes_of_text(options->exceptions.items[i]), event->text)) {
            return false;
        }
    }
    return options->retained == MQTT_CLIENT_RETAINED_SHOWN ||
           event->retain == (options->retained == MQTT_CLIENT_RETAINED_ONLY);
}

void mqtt_client_report_message(struct report *report, const char *format,
                                const struct mqtt_client_event *message) {
    if (report->json) {
        json_t *object = report_object("update");
        mqtt_message_json_set(object, message, false);
        report_emit(report, object);
        return;
    }
    if (format != NULL) {
        struct timespec time;
        (void)clock_gettime(CLOCK_REALTIME, &time);
        mqtt_format_append(&report->line, format, message, &time, isatty(STDOUT_FILENO) == 1);
    } else {
        printable_append(&report->line, message->text);
        buffer_append_byte(&report->line, ' ');
        printable_append(&report->line, message->value);
    }
    report_say(report, OUTPUT_ANSWER);
}

// ---- packets ------------------------------------------------------------------------------------

static uint16_t id_of(const struct mqtt_packet *packet) {
    return packet->type == MQTT_PUBLISH ? packet->publish.packet_id : packet->packet_id;
}

static void write_publish(struct buffer *line, const struct mqtt_packet *packet) {
    const struct mqtt_publish *publish = &packet->publish;
    buffer_append_byte(line, ' ');
    if (publish->topic.size > 0) {
        printable_append(line, publish->topic);
    } else {
        printable_format(line, "alias %u", packet->properties.topic_alias);
    }
    printable_format(line, " (qos %u%s%s)", publish->qos, publish->retain ? ", retain" : "",
                     publish->dup ? ", dup" : "");
}

static void write_filters(struct buffer *line, const struct mqtt_packet *packet) {
    struct bytes run = packet->filters.run;
    struct bytes filter;
    uint8_t options;
    while (mqtt_filter_next(packet->type, &run, &filter, &options)) {
        buffer_append_byte(line, ' ');
        printable_append(line, filter);
        if (packet->type == MQTT_SUBSCRIBE) {
            printable_format(line, " (qos %u)", options & MQTT_OPTION_QOS);
        }
    }
}

static void write_connect(struct buffer *line, const struct mqtt_packet *packet) {
    const struct mqtt_connect *connect = &packet->connect;
    buffer_append_byte(line, ' ');
    printable_append(line, connect->client_id);
    printable_format(line, " (%s, keep alive %u s%s)",
                     connect->clean_start ? "clean start" : "session", connect->keep_alive,
                     connect->has_will ? ", will" : "");
}

static void write_codes(struct buffer *line, const struct mqtt_packet *packet) {
    for (size_t i = 0; i < packet->codes.size; i++) {
        uint8_t code = packet->codes.data[i];
        if (code >= MQTT_UNSPECIFIED_ERROR || packet->type == MQTT_UNSUBACK) {
            printable_format(line, " (%s)", mqtt_reason_text((enum mqtt_reason)code));
        } else {
            printable_format(line, " (qos %u)", code);
        }
    }
}

static void write_details(struct buffer *line, const struct mqtt_packet *packet,
                          enum mqtt_version version) {
    switch (packet->type) {
    case MQTT_CONNECT:
        write_connect(line, packet);
        return;
    case MQTT_PUBLISH:
        write_publish(line, packet);
        return;
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        write_filters(line, packet);
        return;
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        write_codes(line, packet);
        return;
    case MQTT_CONNACK:
        printable_format(line, " (%s%s)",
                         version == MQTT_5 ? mqtt_reason_text((enum mqtt_reason)packet->reason)
                                           : mqtt_return_code_text(packet->reason),
                         packet->session_present ? ", session present" : "");
        return;
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        if (packet->reason != 0) {
            printable_format(line, " (%s)", mqtt_reason_text((enum mqtt_reason)packet->reason));
        }
        return;
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
        return;
    }
}

static void emit_packet(struct report *report, const struct mqtt_packet *packet, bool is_sent,
                        size_t bytes) {
    json_t *object = report_object("packet");
    set_text(object, "direction", is_sent ? "sent" : "received");
    set_text(object, "type", mqtt_type_name((unsigned)packet->type));
    set_number(object, "bytes", bytes);
    if (id_of(packet) != 0) {
        set_number(object, "packet_id", id_of(packet));
    }
    if (packet->type == MQTT_PUBLISH) {
        listing_set_bytes(object, "topic", packet->publish.topic);
        set_number(object, "qos", packet->publish.qos);
        json_object_set_new(object, "dup", json_boolean(packet->publish.dup));
    }
    report_emit(report, object);
}

// False: it cannot be decoded.
static bool write_packet(struct buffer *line, const struct mqtt_packet *packet,
                         enum mqtt_reason reason, enum mqtt_version version) {
    if (reason != MQTT_SUCCESS) {
        return false;
    }
    if (id_of(packet) != 0) {
        printable_format(line, " %u", id_of(packet));
    }
    write_details(line, packet, version);
    return true;
}

static enum mqtt_sender sender_of(bool is_sent) {
    return is_sent ? MQTT_FROM_CLIENT : MQTT_FROM_SERVER;
}

void mqtt_client_report_packet(struct report *report, enum mqtt_version version, bool is_sent,
                               struct bytes bytes) {
    struct mqtt_packet packet = {0};
    struct buffer *line = &report->line;
    enum mqtt_reason reason = mqtt_decode(&packet, bytes, version, sender_of(is_sent), NULL);
    if (!report_may_show(report, REPORT_PACKET, "packet")) {
        return;
    }
    if (report->json && reason == MQTT_SUCCESS) {
        emit_packet(report, &packet, is_sent, bytes.size);
        return;
    }
    printable_format(line, "%s %s", is_sent ? "->" : "<-", mqtt_type_name(bytes.data[0] >> 4));
    if (!write_packet(line, &packet, reason, version)) {
        printable_format(line, " (%zu byte%s, malformed)", bytes.size,
                         printable_plural(bytes.size));
    }
    report_say(report, OUTPUT_ANSWER);
}

static bool is_whole(struct bytes packet) {
    struct mqtt_frame frame;
    return mqtt_frame_read(packet, &frame) == MQTT_FRAME_WHOLE && frame.bytes == packet.size;
}

// As in a ladder: x it ends there, | it is held, ~ it is late or changed.
static const char *arrow_of(const struct mqtt_client_fault_report *fault) {
    bool is_held = fault->end == FAULT_IS_HELD;
    bool passes = fault->end == FAULT_PASSES;
    return fault->is_sent ? (passes    ? "-~"
                             : is_held ? "-|"
                                       : "-x")
                          : (passes    ? "~-"
                             : is_held ? "|-"
                                       : "x-");
}

void mqtt_client_report_fault(struct report *report, enum mqtt_version version,
                              const struct mqtt_client_fault_report *fault) {
    struct mqtt_packet packet = {0};
    struct buffer *line = &report->line;
    if (!report_may_show(report, REPORT_FAULT, "fault")) {
        return;
    }
    printable_format(line, "%s %s", arrow_of(fault), fault_kind_row(fault->kind)->name);
    if (is_whole(fault->packet)) {
        enum mqtt_reason reason =
            mqtt_decode(&packet, fault->packet, version, sender_of(fault->is_sent), NULL);
        (void)write_packet(line, &packet, reason, version);
    }
    if (fault->delay > 0) {
        printable_format(line, ": late by %.3f s", (double)fault->delay / (double)SECOND);
    } else {
        printable_format(line, ": %s", proxy_levers_end_text(fault->end));
    }
    if (fault->rule > 0) {
        printable_format(line, " (rule %u)", fault->rule);
    }
    report_say(report, OUTPUT_ANSWER);
}
