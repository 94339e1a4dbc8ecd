#include "session/broker/report_mqtt.h"

#include "shell/listing.h"
#include "shell/printable.h"

#define VALUE_SHOWN_MAX (16u << 10) // bytes, as text: nobody reads more, and all wait meanwhile

const char *report_mqtt_version(enum mqtt_version version) {
    return version == MQTT_5 ? "5.0" : version == MQTT_3_1_1 ? "3.1.1" : "3.1";
}

// What each kind is called in JSON, and what its text is.
static const struct {
    const char *name;
    const char *text_key;
    bool has_reason;
    enum log_level level;
} kinds[] = {
    [DOOR_EVENT_CONNECTED] = {"mqtt-connected", NULL, false, LOG_INFO},
    [DOOR_EVENT_REFUSED] = {"mqtt-refused", NULL, true, LOG_NOTICE},
    [DOOR_EVENT_DISCONNECTED] = {"mqtt-disconnected", NULL, true, LOG_INFO},
    [DOOR_EVENT_SUBSCRIBED] = {"mqtt-subscribed", "topic", false, LOG_DEBUG},
    [DOOR_EVENT_NOT_SUBSCRIBED] = {"mqtt-not-subscribed", "topic", true, LOG_NOTICE},
    [DOOR_EVENT_UNSUBSCRIBED] = {"mqtt-unsubscribed", "topic", false, LOG_DEBUG},
    [DOOR_EVENT_ENTRY] = {"published", "topic", false, LOG_DEBUG},
    [DOOR_EVENT_DISPLACED] = {"mqtt-displaced", NULL, true, LOG_NOTICE},
    [DOOR_EVENT_DROPPED] = {"mqtt-dropped", NULL, true, LOG_WARNING},
    [DOOR_EVENT_DENIED] = {"mqtt-denied", "topic", true, LOG_NOTICE},
    [DOOR_EVENT_NOT_RETAINED] = {"mqtt-not-retained", "topic", true, LOG_WARNING},
};

// A connection that the broker ended is worth more than one that its client ended.
static enum log_level level_of(const struct door_event *event) {
    bool is_ended = event->kind == DOOR_EVENT_DISCONNECTED &&
                    event->reason >= MQTT_UNSPECIFIED_ERROR && !event->is_goodbye;
    return is_ended ? LOG_NOTICE : kinds[event->kind].level;
}

static void emit(struct report *report, const struct door_event *event) {
    json_t *object = report_object(kinds[event->kind].name);
    listing_set_bytes(object, "client_id", event->client_id);
    if (event->peer_address.size > 0) {
        listing_set_bytes(object, "place", event->peer_address);
    }
    if (event->kind == DOOR_EVENT_CONNECTED) {
        json_object_set_new(object, "version", json_string(report_mqtt_version(event->version)));
    }
    if (kinds[event->kind].text_key != NULL) {
        listing_set_bytes(object, kinds[event->kind].text_key, event->text);
    }
    if (event->kind == DOOR_EVENT_ENTRY) {
        listing_set_bytes(object, "value", event->value);
    }
    if (kinds[event->kind].has_reason) {
        json_object_set_new(object, "reason", json_integer((json_int_t)event->reason));
        const char *text = event->why != NULL ? event->why : mqtt_reason_text(event->reason);
        json_object_set_new(object, "meaning", json_string(text));
    }
    report_emit(report, object);
}

static void add_client(struct report *report, const struct door_event *event) {
    struct buffer *line = &report->line;
    if (event->client_id.size > 0) {
        printable_append(line, event->client_id);
    } else {
        buffer_append_text(line, event->peer_address.size > 0 ? "a client at " : "a client");
        printable_append(line, event->peer_address);
    }
}

static void add_quoted(struct report *report, const char *what, struct bytes text) {
    printable_format(&report->line, " %s \"", what);
    printable_append(&report->line, text);
    buffer_append_text(&report->line, "\"");
}

// Of a long one, the beginning.
static void add_value(struct report *report, struct bytes value) {
    bool is_long = value.size > VALUE_SHOWN_MAX;
    printable_append(&report->line, bytes_make(value.data, is_long ? VALUE_SHOWN_MAX : value.size));
    if (is_long) {
        printable_format(&report->line, "… (%zu bytes)", value.size);
    }
}

static void write_event(struct report *report, const struct door_event *event) {
    struct buffer *line = &report->line;
    const char *why = event->why != NULL ? event->why : mqtt_reason_text(event->reason);
    add_client(report, event);
    switch (event->kind) {
    case DOOR_EVENT_CONNECTED:
        printable_format(line, " connected (MQTT %s, from ", report_mqtt_version(event->version));
        printable_append(line, event->peer_address);
        buffer_append_text(line, ")");
        break;
    case DOOR_EVENT_REFUSED:
        printable_format(line, " was refused: %s", why);
        break;
    case DOOR_EVENT_DISCONNECTED:
        printable_format(line, ": connection ended: %s", why);
        break;
    case DOOR_EVENT_SUBSCRIBED:
        add_quoted(report, "subscribed to", event->text);
        break;
    case DOOR_EVENT_NOT_SUBSCRIBED:
        add_quoted(report, "was refused the subscription to", event->text);
        printable_format(line, ": %s", why);
        break;
    case DOOR_EVENT_UNSUBSCRIBED:
        add_quoted(report, "unsubscribed from", event->text);
        break;
    case DOOR_EVENT_ENTRY:
        buffer_append_text(line, " published ");
        printable_append(line, event->text);
        buffer_append_byte(line, ' ');
        add_value(report, event->value);
        break;
    case DOOR_EVENT_DISPLACED:
        printable_format(line, ": its session, the longest absent, made room: %s", why);
        break;
    case DOOR_EVENT_DENIED:
        add_quoted(report, "may not publish", event->text);
        buffer_append_text(line, " by the access lists (list counts them)");
        break;
    case DOOR_EVENT_NOT_RETAINED:
        add_quoted(report, "published", event->text);
        buffer_append_text(line, ", which is not retained: there is no room (list counts them)");
        break;
    case DOOR_EVENT_DROPPED:
        buffer_append_text(line, " loses messages: its queue is full (list counts them)");
        break;
    }
}

static struct log_record record_of(const struct door_event *event) {
    struct log_record record = {.level = level_of(event),
                                .event = kinds[event->kind].name,
                                .client_id = event->client_id,
                                .place = event->peer_address};
    if (kinds[event->kind].has_reason) {
        record.reason = event->why != NULL ? event->why : mqtt_reason_text(event->reason);
        record.reason_code = (int)event->reason;
    }
    return record;
}

void report_mqtt_event(struct report *report, const struct door_event *event) {
    bool is_entry = event->kind == DOOR_EVENT_ENTRY; // whose rate the door knows
    if (!is_entry &&
        !report_may_tell_at(report, level_of(event), REPORT_MQTT_EVENT + (unsigned)event->kind,
                            kinds[event->kind].name)) {
        return;
    }
    if (report->json) {
        emit(report, event);
        return;
    }
    write_event(report, event);
    if (is_entry) {
        report_say(report, OUTPUT_ANSWER);
    } else {
        report_log(report, record_of(event));
    }
}
