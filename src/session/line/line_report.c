#include "session/line/line_report.h"

#include <unistd.h>

#include "role/line/status.h"
#include "shell/listing.h"
#include "shell/printable.h"

// ---- events as JSON -------------------------------------------------------------------------

static const char *const cause_names[] = {
    [CAUSE_ASKED] = "asked",         [CAUSE_PEER] = "peer",     [CAUSE_LEFT] = "left",
    [CAUSE_RESTARTED] = "restarted", [CAUSE_SILENT] = "silent", [CAUSE_UNKNOWN] = "unknown",
    [CAUSE_REVOKED] = "revoked",
};

static void set_text(json_t *object, const char *key, const char *text) {
    if (text != NULL) {
        json_object_set_new(object, key, json_string(text));
    }
}

static void emit_event(struct line_report *line, const char *name, const char *text_key,
                       const struct role_event *event) {
    json_t *object = report_object(name);
    json_object_set_new(object, "address", json_integer(event->address));
    if (event->status != STATUS_NONE) {
        json_object_set_new(object, "status", json_integer(event->status));
    }
    set_text(object, "kind", event->device_kind);
    if (text_key != NULL && (event->text.size > 0 || event->kind != EVENT_REFUSED)) {
        listing_set_bytes(object, text_key, event->text);
    }
    if (event->kind == EVENT_ENTRY) {
        listing_set_bytes(object, "value", event->value);
    }
    if (event->kind == EVENT_DISCONNECTED) {
        set_text(object, "cause", cause_names[event->cause]);
    }
    if (event->kind == EVENT_DROPPED) {
        set_text(object, "reason", packet_fault_name(event->fault));
        json_object_set_new(object, "count", json_integer((json_int_t)line->dropped[event->fault]));
    }
    set_text(object, "suite", event->suite);
    report_emit(line->report, object);
}

// ---- text for people ------------------------------------------------------------------------

static void add_quoted(struct report *report, struct bytes text) {
    if (text.size > 0) {
        buffer_append_text(&report->line, " \"");
        printable_append(&report->line, text);
        buffer_append_text(&report->line, "\"");
    }
}

static void write_disconnected(struct report *report, const struct role_event *event) {
    static const char *const texts[] = {
        [CAUSE_ASKED] = "as you asked",
        [CAUSE_PEER] = "it disconnected",
        [CAUSE_LEFT] = "it left the network",
        [CAUSE_RESTARTED] = "it started anew",
        [CAUSE_SILENT] = "it was silent for too long",
        [CAUSE_UNKNOWN] = "it knows of no connection with us",
        [CAUSE_REVOKED] = "its user or password is not good any more",
    };
    printable_format(&report->line, "connection with %u ended: %s", event->address,
                     texts[event->cause]);
    if (event->cause == CAUSE_PEER && event->status != STATUS_NONE) {
        printable_format(&report->line, " (%u, %s)", event->status, status_text(event->status));
    }
}

static void write_refused(struct report *report, const struct role_event *event) {
    printable_format(&report->line, "connection with %u refused: %u, %s", event->address,
                     event->status, status_text(event->status));
    if (event->status == STATUS_FORBIDDEN && event->text.size > 0) {
        buffer_append_text(&report->line, "; it asks for suite ");
        printable_append(&report->line, event->text);
        buffer_append_text(&report->line, " (option --suite)");
    }
}

static void write_entry(struct line_report *line, const struct role_event *event) {
    struct report *report = line->report;
    if (line->broker) {
        printable_format(&report->line, "%u published ", event->address);
    }
    printable_append(&report->line, event->text);
    buffer_append_byte(&report->line, ' ');
    printable_append(&report->line, event->value);
}

static void write_dropped(struct line_report *line, const struct role_event *event) {
    struct report *report = line->report;
    uint64_t count = line->dropped[event->fault];
    buffer_append_text(&report->line, "dropped a packet");
    if (event->address != 0) {
        printable_format(&report->line, " of %u", event->address);
    }
    printable_format(&report->line, ": %s", packet_fault_text(event->fault));
    if (count > 1) {
        printable_format(&report->line, " (the %lluth of this kind; list counts them all)",
                         (unsigned long long)count);
    }
}

static void write_subscription(struct report *report, const char *what,
                               const struct role_event *event) {
    printable_format(&report->line, "%u ", event->address);
    printable_format(&report->line, "%s", what);
    add_quoted(report, event->text);
    if (event->status != STATUS_OK && event->status != STATUS_NONE) {
        printable_format(&report->line, ": %u, %s", event->status, status_text(event->status));
    }
}

// How each kind of event is said, and what it is called in JSON.
static const struct {
    const char *name;
    const char *text_key;
    const char *client; // a phrase behind "ADDRESS ": at a client the address is its broker's
    const char *broker; // at a broker it is its client's
} kinds[] = {
    [EVENT_JOINED] = {"joined", "name", NULL, NULL},
    [EVENT_LEFT] = {"left", "name", NULL, NULL},
    [EVENT_CONNECTED] = {"connected", NULL, NULL, NULL},
    [EVENT_REFUSED] = {"refused", "offered_suite", NULL, NULL},
    [EVENT_DISCONNECTED] = {"disconnected", NULL, NULL, NULL},
    [EVENT_SUBSCRIBED] = {"subscribed", "topic", "took the subscription to", "subscribed to"},
    [EVENT_UNSUBSCRIBED] = {"unsubscribed", "topic", "ended the subscription to",
                            "unsubscribed from"},
    [EVENT_NOT_SUBSCRIBED] = {"not-subscribed", "topic", "refused the subscription to",
                              "was refused the subscription to"},
    [EVENT_NOT_UNSUBSCRIBED] = {"not-unsubscribed", "topic", "did not end the subscription to",
                                "was not unsubscribed from"},
    [EVENT_ENTRY] = {"update", "topic", NULL, NULL},
    [EVENT_UNDELIVERED] = {"undelivered", "topic", NULL,
                           "does not get an entry, sealed too long for a line, of the topic"},
    [EVENT_DROPPED] = {"dropped", NULL, NULL, NULL},
};

static void write_event(struct line_report *line, const struct role_event *event) {
    struct report *report = line->report;
    struct buffer *text = &report->line;
    switch (event->kind) {
    case EVENT_JOINED:
    case EVENT_LEFT:
        printable_format(text, "%s %u", event->device_kind, event->address);
        add_quoted(report, event->text);
        printable_format(text, " %s", event->kind == EVENT_JOINED ? "is on the network" : "left");
        break;
    case EVENT_CONNECTED:
        printable_format(text, "connected with %u (suite %s)", event->address, event->suite);
        break;
    case EVENT_REFUSED:
        write_refused(report, event);
        break;
    case EVENT_DISCONNECTED:
        write_disconnected(report, event);
        break;
    case EVENT_ENTRY:
        write_entry(line, event);
        break;
    case EVENT_DROPPED:
        write_dropped(line, event);
        break;
    case EVENT_SUBSCRIBED:
    case EVENT_UNSUBSCRIBED:
    case EVENT_NOT_SUBSCRIBED:
    case EVENT_NOT_UNSUBSCRIBED:
    case EVENT_UNDELIVERED:
        write_subscription(
            report, line->broker ? kinds[event->kind].broker : kinds[event->kind].client, event);
        break;
    }
}

// Of a flood of packets that are dropped for one reason, the 1st, 10th, 100th … are named.
static bool is_power_of_ten(uint64_t count) {
    while (count >= 10 && count % 10 == 0) {
        count /= 10;
    }
    return count == 1;
}

// What comes of our user's own commands is said as often as he likes.
static bool is_asked_for(const struct line_report *line, const struct role_event *event) {
    switch (event->kind) {
    case EVENT_JOINED:
    case EVENT_LEFT:
    case EVENT_DROPPED:
    case EVENT_UNDELIVERED:
        return false;
    case EVENT_DISCONNECTED:
        return !line->broker || event->cause == CAUSE_ASKED;
    case EVENT_CONNECTED:
    case EVENT_REFUSED:
    case EVENT_SUBSCRIBED:
    case EVENT_UNSUBSCRIBED:
    case EVENT_NOT_SUBSCRIBED:
    case EVENT_NOT_UNSUBSCRIBED:
    case EVENT_ENTRY:
        break;
    }
    return !line->broker;
}

static bool is_worth_saying(struct line_report *line, const struct role_event *event) {
    const char *name = kinds[event->kind].name;
    unsigned row = REPORT_EVENT + (unsigned)event->kind;
    if (event->kind == EVENT_ENTRY) {
        return line->report->listening &&
               (!line->broker || report_may_show(line->report, row, name));
    }
    if (event->kind == EVENT_DROPPED && !is_power_of_ten(line->dropped[event->fault])) {
        return false;
    }
    return is_asked_for(line, event) || report_may_tell(line->report, row, name);
}

void line_report_event(struct line_report *line, const struct role_event *event) {
    if (event->kind == EVENT_DROPPED) {
        line->dropped[event->fault]++;
    }
    if (!is_worth_saying(line, event)) {
        return;
    }
    bool entry = event->kind == EVENT_ENTRY;
    if (line->report->json) {
        const char *name = entry && line->broker ? "published" : kinds[event->kind].name;
        emit_event(line, name, kinds[event->kind].text_key, event);
        return;
    }
    write_event(line, event);
    report_say(line->report, entry ? OUTPUT_ANSWER : OUTPUT_NOTICE);
}

void line_report_start(struct report *report, const char *role, uint32_t address,
                       const char *network, const char *suite) {
    if (report->json) {
        json_t *object = report_object("started");
        set_text(object, "role", role);
        json_object_set_new(object, "address", json_integer(address));
        listing_set_bytes(object, "network", bytes_of_text(network));
        set_text(object, "suite", suite);
        json_object_set_new(object, "process", json_integer(getpid()));
        report_emit(report, object);
        return;
    }
    printable_format(&report->line, "%s %u on the network ", role, address);
    printable_append(&report->line, bytes_of_text(network));
    if (suite != NULL) {
        printable_format(&report->line, " (suite %s)", suite);
    }
    printable_format(&report->line, ", process %d", (int)getpid());
    report_log(report, (struct log_record){.level = LOG_NOTICE, .event = "started"});
}

void line_report_packet(struct report *report, const char *direction, const struct packet *packet,
                        struct bytes line) {
    line.size -= line.size > 0 && line.data[line.size - 1] == '\n';
    if (!report->listening || !report_may_show(report, REPORT_PACKET, "packet")) {
        return;
    }
    if (report->json) {
        json_t *object = report_object("packet");
        set_text(object, "direction", direction);
        json_object_set_new(object, "sender", json_integer(packet->sender));
        json_object_set_new(object, "receiver", json_integer(packet->receiver));
        set_text(object, "type", packet_type_name(packet->type));
        listing_set_bytes(object, "line", line);
        report_emit(report, object);
        return;
    }
    printable_format(&report->line, "%-5s", direction);
    for (size_t i = 0; i < line.size; i++) {
        uint8_t byte = line.data[i]; // all others but DEL are printable in a line
        buffer_append_byte(&report->line, byte == '\t' || byte == 127 ? ' ' : byte);
    }
    report_say(report, OUTPUT_ANSWER);
}
