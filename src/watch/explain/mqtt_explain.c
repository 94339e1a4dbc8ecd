#include "watch/explain/mqtt_explain.h"

#include "shell/terminal/columns.h"
#include "watch/explain/explain.h"
#include "shell/printable.h"

#define FILTERS_SHOWN_MAX 10 // and codes
#define PROPERTIES_SHOWN_MAX 12
#define REFUSALS 0x80 // reason codes from here on say that something went wrong

// ---- names ----------------------------------------------------------------------------------

const char *mqtt_explain_name(const struct mqtt_item *item) {
    switch (item->kind) {
    case MQTT_ITEM_OPENED:
        return "open";
    case MQTT_ITEM_CLOSED:
        return item->note != NULL && item->note->cause == TAP_CAUSE_CUT ? "cut" : "close";
    case MQTT_ITEM_LOST:
        return "lost";
    case MQTT_ITEM_BROKEN:
        return "????";
    case MQTT_ITEM_NOTED:
        return "note";
    case MQTT_ITEM_PACKET:
        break;
    }
    return mqtt_type_name(item->type);
}

const char *mqtt_explain_short_name(const struct mqtt_item *item) {
    if (item->kind == MQTT_ITEM_PACKET) {
        switch (item->type) {
        case MQTT_SUBSCRIBE:
            return "SUBSCR";
        case MQTT_UNSUBSCRIBE:
            return "UNSUBSCR";
        case MQTT_DISCONNECT:
            return "DISCONN";
        default:
            break;
        }
    }
    return mqtt_explain_name(item);
}

const char *mqtt_explain_version(unsigned version) {
    return version == MQTT_5 ? "5.0" : version == MQTT_3_1 ? "3.1" : "3.1.1";
}

void mqtt_explain_append_client(const struct mqtt_item *item, struct buffer *out) {
    if (!item->is_client_known) {
        buffer_append_text(out, item->peer);
        return;
    }
    printable_format(out, "client %u ", item->client);
    size_t start = out->size;
    printable_append(out, item->client_id);
    struct bytes shown = bytes_make(out->data + start, out->size - start);
    if (columns_of(shown) > EXPLAIN_NAME_COLUMNS) {
        out->size = start + columns_cut(shown, EXPLAIN_NAME_COLUMNS - 1).size;
        buffer_append_text(out, "…");
    }
}

// ---- parts of sentences ---------------------------------------------------------------------

static void append_text(struct buffer *out, struct bytes text) {
    if (text.size == 0) {
        buffer_append_text(out, "(nothing)");
    } else {
        explain_append_text(out, text);
    }
}

static void append_quoted(struct buffer *out, struct bytes text) {
    buffer_append_text(out, "\"");
    explain_append_text(out, text);
    buffer_append_text(out, "\"");
}

static void append_packet_id(struct buffer *out, const struct mqtt_packet *packet) {
    printable_format(out, " (packet id %u)", packet->packet_id);
}

const char *mqtt_explain_reason(const struct mqtt_item *item, uint8_t reason) {
    if (item->version != MQTT_5 && item->type == MQTT_CONNACK) {
        return mqtt_return_code_text(reason);
    }
    if (item->version != MQTT_5 && reason == MQTT_UNSPECIFIED_ERROR) {
        return "failure";
    }
    if (reason == MQTT_SUCCESS) {
        return item->type == MQTT_SUBACK       ? "granted QoS 0"
               : item->type == MQTT_DISCONNECT ? "normal disconnection"
                                               : "success";
    }
    return mqtt_reason_text((enum mqtt_reason)reason);
}

static void append_reason(struct buffer *out, const struct mqtt_item *item, uint8_t reason) {
    printable_format(out, reason >= REFUSALS ? "%s (0x%02x)" : "%s",
                     mqtt_explain_reason(item, reason), reason);
}

static bool is_text(enum mqtt_property_type type) {
    return type == MQTT_TEXT || type == MQTT_TEXT_PAIR || type == MQTT_BINARY;
}

static void append_property(struct buffer *out, const struct mqtt_property_value *value) {
    const struct mqtt_property_row *row = mqtt_property_row(value->id);
    buffer_append_text(out, row->name);
    buffer_append_byte(out, ' ');
    if (!is_text(row->type)) {
        buffer_append_decimal(out, value->number);
        return;
    }
    append_quoted(out, value->text);
    if (row->type == MQTT_TEXT_PAIR) {
        buffer_append_text(out, " = ");
        append_quoted(out, value->second);
    }
}

// "; session expiry interval 60, user property "a" = "b"". Data for authentication are secrets.
static void append_properties(struct buffer *out, const struct mqtt_properties *properties) {
    struct bytes run = properties->raw;
    struct mqtt_property_value value;
    const char *separator = "; ";
    for (unsigned count = 0; run.size > 0 && mqtt_property_next(&run, &value);) {
        if (value.id == MQTT_AUTHENTICATION_DATA) {
            continue;
        }
        buffer_append_text(out, separator);
        if (++count > PROPERTIES_SHOWN_MAX) {
            buffer_append_text(out, "…");
            return;
        }
        append_property(out, &value);
        separator = ", ";
    }
}

// ---- sentences ------------------------------------------------------------------------------

static void append_will(struct buffer *out, const struct mqtt_connect *connect) {
    buffer_append_text(out, "; its will: ");
    append_text(out, connect->will_topic);
    buffer_append_text(out, " = ");
    append_text(out, connect->will_payload);
    printable_format(out, " (QoS %u%s)", connect->will_qos,
                     connect->will_retain ? ", retained" : "");
    append_properties(out, &connect->will_properties);
}

static void append_connect(struct buffer *out, const struct mqtt_packet *packet) {
    const struct mqtt_connect *connect = &packet->connect;
    bool is_new = connect->version == MQTT_5;
    buffer_append_text(out, "asks for a session ");
    if (connect->client_id.size > 0) {
        buffer_append_text(out, "as ");
        append_quoted(out, connect->client_id);
    } else {
        buffer_append_text(out, "and a name");
    }
    printable_format(out, " (MQTT %s", mqtt_explain_version(connect->version));
    if (connect->clean_start) {
        buffer_append_text(out, is_new ? ", clean start" : ", clean session");
    }
    printable_format(out, connect->keep_alive == 0 ? ", no keep alive" : ", keep alive %u s",
                     connect->keep_alive);
    buffer_append_text(out, connect->is_bridge ? ", a bridge)" : ")");
    if (connect->has_user_name) {
        buffer_append_text(out, "; user ");
        append_quoted(out, connect->user_name);
    }
    buffer_append_text(out, connect->has_password ? ", with a password" : "");
    if (connect->has_will) {
        append_will(out, connect);
    }
}

static void append_connack(struct buffer *out, const struct mqtt_item *item) {
    const struct mqtt_packet *packet = item->packet;
    if (packet->reason != MQTT_SUCCESS) {
        buffer_append_text(out, "refuses: ");
        append_reason(out, item, packet->reason);
    } else {
        buffer_append_text(out, packet->session_present ? "accepts; the session goes on"
                                                        : "accepts; a new session");
    }
}

static void append_publish(struct buffer *out, const struct mqtt_publish *publish) {
    if (publish->topic.size == 0) {
        buffer_append_text(out, "(by alias)");
    } else {
        explain_append_text(out, publish->topic);
    }
    buffer_append_text(out, " = ");
    append_text(out, publish->payload);
    printable_format(out, " (QoS %u", publish->qos);
    if (publish->qos > 0) {
        printable_format(out, ", packet id %u", publish->packet_id);
    }
    printable_format(out, "%s%s)", publish->retain ? ", retained" : "",
                     publish->dup ? ", again" : "");
}

// PUBACK to PUBCOMP.
static void append_answer(struct buffer *out, const struct mqtt_item *item, const char *does) {
    const struct mqtt_packet *packet = item->packet;
    bool refuses = packet->reason >= REFUSALS;
    printable_format(out, "%s packet id %u", refuses ? "refuses" : does, packet->packet_id);
    if (packet->reason != MQTT_SUCCESS) {
        buffer_append_text(out, ": ");
        append_reason(out, item, packet->reason);
    }
}

static void append_options(struct buffer *out, uint8_t options) {
    static const char *const handling[] = {"", ", retained messages only if it is new",
                                           ", no retained messages", ""};
    printable_format(out, " (QoS %u%s%s%s)", options & MQTT_OPTION_QOS,
                     (options & MQTT_OPTION_NO_LOCAL) != 0 ? ", not its own" : "",
                     (options & MQTT_OPTION_RETAIN_AS_PUBLISHED) != 0 ? ", retain as published"
                                                                      : "",
                     handling[MQTT_OPTION_RETAIN_HANDLING(options)]);
}

static void append_filters(struct buffer *out, const struct mqtt_item *item, const char *does) {
    const struct mqtt_packet *packet = item->packet;
    struct bytes run = packet->filters.run;
    struct bytes filter;
    uint8_t options;
    buffer_append_text(out, does);
    for (unsigned count = 0; mqtt_filter_next(packet->type, &run, &filter, &options); count++) {
        buffer_append_text(out, count == 0 ? " " : ", ");
        if (count == FILTERS_SHOWN_MAX) {
            printable_format(out, "… (%u of them)", packet->filters.count);
            break;
        }
        append_text(out, filter);
        if (packet->type == MQTT_SUBSCRIBE) {
            append_options(out, item->version == MQTT_5 ? options : options & MQTT_OPTION_QOS);
        }
    }
    append_packet_id(out, packet);
}

static void append_codes(struct buffer *out, const struct mqtt_item *item) {
    struct bytes codes = item->packet->codes;
    buffer_append_text(out, codes.size == 0 ? "done" : "");
    for (size_t i = 0; i < codes.size; i++) {
        buffer_append_text(out, i == 0 ? "" : ", ");
        if (i == FILTERS_SHOWN_MAX) {
            printable_format(out, "… (%zu of them)", codes.size);
            break;
        }
        buffer_append_text(out, codes.data[i] >= REFUSALS ? "refused: " : "");
        append_reason(out, item, codes.data[i]);
    }
    append_packet_id(out, item->packet);
}

static void append_disconnect(struct buffer *out, const struct mqtt_item *item) {
    buffer_append_text(out, "ends the connection");
    if (item->packet->reason != MQTT_SUCCESS) {
        buffer_append_text(out, ": ");
        append_reason(out, item, item->packet->reason);
    }
}

static void append_packet(struct buffer *out, const struct mqtt_item *item) {
    const struct mqtt_packet *packet = item->packet;
    switch (packet->type) {
    case MQTT_CONNECT:
        append_connect(out, packet);
        break;
    case MQTT_CONNACK:
        append_connack(out, item);
        break;
    case MQTT_PUBLISH:
        append_publish(out, &packet->publish);
        break;
    case MQTT_PUBACK:
        append_answer(out, item, "has");
        break;
    case MQTT_PUBREC:
        append_answer(out, item, "received");
        break;
    case MQTT_PUBREL:
        append_answer(out, item, "releases");
        break;
    case MQTT_PUBCOMP:
        append_answer(out, item, "is done with");
        break;
    case MQTT_SUBSCRIBE:
        append_filters(out, item, "subscribes to");
        break;
    case MQTT_UNSUBSCRIBE:
        append_filters(out, item, "unsubscribes from");
        break;
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        append_codes(out, item);
        break;
    case MQTT_PINGREQ:
        buffer_append_text(out, "is still there");
        break;
    case MQTT_PINGRESP:
        buffer_append_text(out, "is there too");
        break;
    case MQTT_DISCONNECT:
        append_disconnect(out, item);
        break;
    case MQTT_AUTH:
        buffer_append_text(out, "authentication: ");
        append_reason(out, item, packet->reason);
        break;
    }
    append_properties(out, &packet->properties);
}

static void append_undecoded(struct buffer *out, const struct mqtt_item *item) {
    if (item->fault != MQTT_SUCCESS) {
        printable_format(out, "is wrong: %s", mqtt_reason_text(item->fault));
        if (item->why != NULL) {
            printable_format(out, ": %s", item->why);
        }
    } else {
        buffer_append_text(out, item->why);
    }
    printable_format(out, " (%u byte%s)", item->bytes, printable_plural(item->bytes));
}

// ---- what was done to it, and ends ------------------------------------------------------------

static void append_note_text(const struct tap_note *note, struct buffer *out) {
    if (note->text.size > 0) {
        buffer_append_text(out, " (");
        explain_append_text(out, note->text);
        buffer_append_text(out, ")");
    }
}

static void append_milliseconds(uint64_t nanoseconds, struct buffer *out) {
    double milliseconds = (double)nanoseconds / 1e6;
    printable_format(out, milliseconds < 10 ? "%.2f ms" : "%.0f ms", milliseconds);
}

static void append_note(const struct tap_note *note, struct buffer *out) {
    static const char *const texts[TAP_NOTES] = {
        [TAP_NOTE_DROPPED] = "is dropped on its way",
        [TAP_NOTE_DELAYED] = "arrives later, by ",
        [TAP_NOTE_HELD] = "is held back",
        [TAP_NOTE_LET_GO] = "what was held is let go, after ",
        [TAP_NOTE_REPEATED] = "arrives once more",
        [TAP_NOTE_CHANGED] = "is changed on its way",
        [TAP_NOTE_REORDERED] = "others arrive before it",
        [TAP_NOTE_REFUSED] = "is turned away",
        [TAP_NOTE_COMMENT] = "comment: ",
    };
    buffer_append_text(out, texts[note->kind]);
    if (note->kind == TAP_NOTE_DELAYED || note->kind == TAP_NOTE_LET_GO) {
        append_milliseconds(note->delay_ns, out);
    }
    if (note->kind == TAP_NOTE_COMMENT) {
        explain_append_text(out, note->text);
    } else {
        append_note_text(note, out);
    }
}

static void append_end(const struct tap_note *note, struct buffer *out) {
    if (note == NULL || note->kind != TAP_NOTE_ENDED || note->cause == TAP_CAUSE_UNKNOWN) {
        buffer_append_text(out, "the connection is closed");
    } else if (note->side == TAP_SIDE_UNKNOWN) {
        buffer_append_text(out, tap_cause_text(note->cause));
    } else {
        printable_format(out, "%s ended the connection: %s", tap_side_text(note->side),
                         tap_cause_text(note->cause));
        append_note_text(note, out);
    }
}

bool mqtt_explain_is_bad_end(const struct mqtt_item *item) {
    return item->kind == MQTT_ITEM_CLOSED && item->note != NULL &&
           item->note->cause != TAP_CAUSE_DISCONNECTED && item->note->cause != TAP_CAUSE_UNKNOWN &&
           item->note->cause != TAP_CAUSE_STOPPED && item->note->cause != TAP_CAUSE_REPLACED;
}

void mqtt_explain_append_size(const struct mqtt_item *item, struct buffer *out) {
    const struct mqtt_message_cost *cost = item->cost;
    if (item->kind != MQTT_ITEM_PACKET || item->packet == NULL) {
        return; // or the size is said already
    }
    printable_format(out, "; %u byte%s", item->bytes, printable_plural(item->bytes));
    if (cost == NULL) {
        return;
    }
    printable_format(out, "; %llu byte%s of payload cost %llu at QoS %u",
                     (unsigned long long)cost->payload_bytes, printable_plural(cost->payload_bytes),
                     (unsigned long long)cost->bytes, cost->qos);
    if (cost->packets > 1) {
        printable_format(out, ", in %u packets and ", cost->packets);
        append_milliseconds(cost->took_ns, out);
    }
    if (cost->sent > 1) {
        printable_format(out, "; it was sent %u times", cost->sent);
    }
}

static void append_undecoded_or_packet(const struct mqtt_item *item, struct buffer *out) {
    if (item->packet != NULL) {
        append_packet(out, item);
    } else {
        append_undecoded(out, item);
    }
    if (item->note != NULL) {
        buffer_append_text(out, "; ");
        append_note(item->note, out);
    }
}

static void append_opening(const struct mqtt_item *item, struct buffer *out) {
    const char *does =
        item->is_middle ? "has a connection already, from" : "opens a connection from";
    if (item->broker != NULL && item->broker[0] != '\0') {
        printable_format(out, "%s %s to %s", does, item->peer, item->broker);
    } else {
        printable_format(out, "%s %s to port %u", does, item->peer, item->port);
    }
}

void mqtt_explain_append_words(const struct mqtt_item *item, struct buffer *out) {
    switch (item->kind) {
    case MQTT_ITEM_OPENED:
        append_opening(item, out);
        break;
    case MQTT_ITEM_CLOSED:
        append_end(item->note, out);
        break;
    case MQTT_ITEM_LOST:
        buffer_append_text(out, "some bytes are missing; going on with the next packet that is "
                                "found");
        break;
    case MQTT_ITEM_BROKEN:
        buffer_append_text(out, "no MQTT packet; what this side sends on is not shown");
        break;
    case MQTT_ITEM_NOTED:
        append_note(item->note, out);
        break;
    case MQTT_ITEM_PACKET:
        append_undecoded_or_packet(item, out);
        break;
    }
}
