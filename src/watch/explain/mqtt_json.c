#include "watch/explain/mqtt_json.h"

#include "shell/listing.h"
#include "watch/explain/mqtt_explain.h"

#define SECOND UINT64_C(1000000000)
#define UTF8_SEQUENCE_MAX 4

static void set_number(json_t *object, const char *key, uint64_t number) {
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_flag(json_t *object, const char *key, bool flag) {
    json_object_set_new(object, key, json_boolean(flag));
}

static void set_reason(json_t *object, const struct mqtt_item *item) {
    set_number(object, "reason", item->packet->reason);
    json_object_set_new(object, "meaning",
                        json_string(mqtt_explain_reason(item, item->packet->reason)));
}

static json_t *property_json(const struct mqtt_property_value *value) {
    const struct mqtt_property_row *row = mqtt_property_row(value->id);
    json_t *object = json_object();
    json_object_set_new(object, "property", json_string(row->name));
    switch (row->type) {
    case MQTT_BYTE:
    case MQTT_TWO_BYTES:
    case MQTT_FOUR_BYTES:
    case MQTT_VARIABLE:
        set_number(object, "value", value->number);
        break;
    case MQTT_TEXT_PAIR:
        listing_set_bytes(object, "name", value->text);
        listing_set_bytes(object, "value", value->second);
        break;
    case MQTT_TEXT:
    case MQTT_BINARY:
        if (value->id != MQTT_AUTHENTICATION_DATA) {
            listing_set_bytes(object, "value", value->text);
        }
        break;
    }
    return object;
}

static void set_properties(json_t *object, const struct mqtt_properties *properties) {
    struct bytes run = properties->raw;
    struct mqtt_property_value value;
    if (run.size == 0) {
        return;
    }
    json_t *array = json_array();
    while (run.size > 0 && mqtt_property_next(&run, &value)) {
        json_array_append_new(array, property_json(&value));
    }
    json_object_set_new(object, "properties", array);
}

static json_t *will_json(const struct mqtt_connect *connect) {
    json_t *will = json_object();
    listing_set_bytes(will, "topic", connect->will_topic);
    listing_set_bytes(will, "payload", connect->will_payload);
    set_number(will, "qos", connect->will_qos);
    set_flag(will, "retain", connect->will_retain);
    set_properties(will, &connect->will_properties);
    return will;
}

static void set_connect(json_t *object, const struct mqtt_connect *connect) {
    json_object_set_new(object, "version", json_string(mqtt_explain_version(connect->version)));
    listing_set_bytes(object, "client_id", connect->client_id);
    set_flag(object, "clean_start", connect->clean_start);
    set_number(object, "keep_alive", connect->keep_alive);
    if (connect->has_user_name) {
        listing_set_bytes(object, "user_name", connect->user_name);
    }
    set_flag(object, "password", connect->has_password);
    if (connect->has_will) {
        json_object_set_new(object, "will", will_json(connect));
    }
}

// What is given of a payload: not half a character of one that is text.
static struct bytes cut_payload(struct bytes payload) {
    size_t size = MQTT_JSON_PAYLOAD_MAX;
    if (payload.size <= size) {
        return payload;
    }
    while (size > MQTT_JSON_PAYLOAD_MAX - UTF8_SEQUENCE_MAX &&
           (payload.data[size] & 0xc0) == 0x80) {
        size--;
    }
    return bytes_make(payload.data, size);
}

static void set_publish(json_t *object, const struct mqtt_publish *publish, bool raw) {
    listing_set_bytes(object, "topic", publish->topic);
    listing_set_bytes(object, "payload", raw ? cut_payload(publish->payload) : publish->payload);
    if (raw) {
        set_number(object, "payload_bytes", publish->payload.size);
    }
    set_number(object, "qos", publish->qos);
    set_flag(object, "retain", publish->retain);
    set_flag(object, "dup", publish->dup);
    if (publish->qos > 0) {
        set_number(object, "packet_id", publish->packet_id);
    }
}

static void set_filters(json_t *object, const struct mqtt_item *item) {
    const struct mqtt_packet *packet = item->packet;
    struct bytes run = packet->filters.run;
    struct bytes filter;
    uint8_t options;
    json_t *array = json_array();
    while (mqtt_filter_next(packet->type, &run, &filter, &options)) {
        json_t *row = json_object();
        listing_set_bytes(row, "filter", filter);
        if (packet->type == MQTT_SUBSCRIBE) {
            set_number(row, "qos", options & MQTT_OPTION_QOS);
        }
        if (packet->type == MQTT_SUBSCRIBE && item->version == MQTT_5) {
            set_flag(row, "no_local", (options & MQTT_OPTION_NO_LOCAL) != 0);
            set_flag(row, "retain_as_published", (options & MQTT_OPTION_RETAIN_AS_PUBLISHED) != 0);
            set_number(row, "retain_handling", MQTT_OPTION_RETAIN_HANDLING(options));
        }
        json_array_append_new(array, row);
    }
    json_object_set_new(object, "filters", array);
}

static void set_codes(json_t *object, const struct mqtt_item *item) {
    json_t *array = json_array();
    for (size_t i = 0; i < item->packet->codes.size; i++) {
        uint8_t code = item->packet->codes.data[i];
        json_array_append_new(array, json_pack("{s:i,s:s}", "reason", (int)code, "meaning",
                                               mqtt_explain_reason(item, code)));
    }
    json_object_set_new(object, "reasons", array);
}

static void set_packet(json_t *object, const struct mqtt_item *item, bool raw) {
    const struct mqtt_packet *packet = item->packet;
    if (packet->type != MQTT_PUBLISH && packet->packet_id != 0) {
        set_number(object, "packet_id", packet->packet_id);
    }
    switch (packet->type) {
    case MQTT_CONNECT:
        set_connect(object, &packet->connect);
        break;
    case MQTT_CONNACK:
        set_flag(object, "session_present", packet->session_present);
        set_reason(object, item);
        break;
    case MQTT_PUBLISH:
        set_publish(object, &packet->publish, raw);
        break;
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        set_reason(object, item);
        break;
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        set_filters(object, item);
        break;
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        set_codes(object, item);
        break;
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
        break;
    }
    set_properties(object, &packet->properties);
}

static void set_ends(json_t *object, const struct mqtt_item *item) {
    set_number(object, "connection", item->connection);
    json_object_set_new(object, "peer", json_string(item->peer));
    set_number(object, "port", item->port);
    if (item->is_client_known) {
        listing_set_bytes(object, "client", item->client_id);
    }
    if (item->kind != MQTT_ITEM_OPENED && item->kind != MQTT_ITEM_CLOSED) {
        bool is_client = item->direction == TAP_FROM_CLIENT;
        json_object_set_new(object, "from", json_string(is_client ? "client" : "broker"));
    }
}

static const char *note_name(enum tap_note_kind kind) {
    static const char *const names[TAP_NOTES] = {
        [TAP_NOTE_NONE] = "none",       [TAP_NOTE_DROPPED] = "dropped",
        [TAP_NOTE_DELAYED] = "delayed", [TAP_NOTE_HELD] = "held",
        [TAP_NOTE_LET_GO] = "let-go",   [TAP_NOTE_REPEATED] = "repeated",
        [TAP_NOTE_CHANGED] = "changed", [TAP_NOTE_REORDERED] = "reordered",
        [TAP_NOTE_REFUSED] = "refused", [TAP_NOTE_ENDED] = "ended",
        [TAP_NOTE_COMMENT] = "comment",
    };
    return names[kind];
}

static const char *side_name(enum tap_side side) {
    static const char *const names[TAP_SIDES] = {
        [TAP_SIDE_UNKNOWN] = "unknown",
        [TAP_SIDE_CLIENT] = "client",
        [TAP_SIDE_BROKER] = "broker",
        [TAP_SIDE_NETWORK] = "network",
    };
    return names[side];
}

static void set_note(json_t *object, const struct tap_note *note) {
    bool is_end = note->kind == TAP_NOTE_ENDED;
    json_t *inner = json_object();
    if (!is_end) {
        json_object_set_new(inner, "what", json_string(note_name(note->kind)));
    } else {
        json_object_set_new(inner, "side", json_string(side_name(note->side)));
        json_object_set_new(inner, "cause", json_string(tap_cause_text(note->cause)));
    }
    if (note->delay_ns > 0) {
        set_number(inner, "delay_ns", note->delay_ns);
    }
    if (note->text.size > 0) {
        listing_set_bytes(inner, "text", note->text);
    }
    json_object_set_new(object, is_end ? "end" : "way", inner);
}

static void set_cost(json_t *object, const struct mqtt_message_cost *cost) {
    json_t *inner = json_object();
    set_number(inner, "payload_bytes", cost->payload_bytes);
    set_number(inner, "bytes", cost->bytes);
    set_number(inner, "packets", cost->packets);
    set_number(inner, "sent", cost->sent);
    set_number(inner, "qos", cost->qos);
    set_number(inner, "nanoseconds", cost->took_ns);
    json_object_set_new(object, "cost", inner);
}

// What is known of a packet's way, and of its message.
static void set_way(json_t *object, const struct mqtt_item *item) {
    if (item->note != NULL) {
        set_note(object, item->note);
    }
    if (item->cost != NULL) {
        set_cost(object, item->cost);
    }
    if (item->broker != NULL && item->broker[0] != '\0') {
        json_object_set_new(object, "place", json_string(item->broker));
    }
    if (item->owner != NULL && item->owner->address != 0) {
        set_number(object, "broker", item->owner->address);
    }
}

// ---- bytes --------------------------------------------------------------------------------------

// Writes xx over the digits of those bytes, as far as they are there.
static void hide(char *digits, struct bytes raw, struct bytes secret) {
    size_t at = secret.data == NULL ? raw.size : (size_t)(secret.data - raw.data);
    size_t end = at + secret.size;
    end = end < MQTT_JSON_RAW_MAX ? end : MQTT_JSON_RAW_MAX;
    for (; at < end; at++) {
        digits[2 * at] = digits[2 * at + 1] = 'x';
    }
}

static void hide_secrets(char *digits, const struct mqtt_item *item) {
    const struct mqtt_packet *packet = item->packet;
    bool may_have =
        item->type == MQTT_CONNECT || item->type == MQTT_CONNACK || item->type == MQTT_AUTH;
    if (packet == NULL) { // it is spoilt: where its secrets are nobody knows
        hide(digits, item->raw, may_have ? item->raw : (struct bytes){0});
        return;
    }
    hide(digits, item->raw, packet->properties.authentication_data);
    if (packet->type == MQTT_CONNECT) {
        hide(digits, item->raw, packet->connect.password);
    }
}

static void set_raw(json_t *object, const struct mqtt_item *item) {
    static const char hexadecimal[] = "0123456789abcdef";
    char digits[2 * MQTT_JSON_RAW_MAX];
    size_t size = item->raw.size < MQTT_JSON_RAW_MAX ? item->raw.size : MQTT_JSON_RAW_MAX;
    for (size_t i = 0; i < size; i++) {
        digits[2 * i] = hexadecimal[item->raw.data[i] >> 4];
        digits[2 * i + 1] = hexadecimal[item->raw.data[i] & 15];
    }
    hide_secrets(digits, item);
    json_object_set_new(object, "protocol", json_string(mqtt_explain_version(item->version)));
    json_object_set_new(object, "raw", json_stringn_nocheck(digits, 2 * size));
}

void mqtt_json_append(const struct mqtt_item *item, const char *network,
                      const struct mqtt_json_words *words, struct buffer *out) {
    json_t *object = json_object();
    set_number(object, "time", item->unix_ns / SECOND);
    set_number(object, "nanoseconds", item->unix_ns % SECOND);
    listing_set_bytes(object, "network", bytes_of_text(network));
    set_ends(object, item);
    json_object_set_new(object, "type", json_string(mqtt_explain_name(item)));
    if (item->kind == MQTT_ITEM_PACKET) {
        set_number(object, "bytes", item->bytes);
    }
    if (item->packet != NULL) {
        set_packet(object, item, words->raw);
    }
    if (item->fault != MQTT_SUCCESS) {
        json_object_set_new(object, "fault", json_string(mqtt_reason_text(item->fault)));
    }
    if (words->raw && item->raw.size > 0) {
        set_raw(object, item);
    }
    set_way(object, item);
    listing_set_bytes(object, "words", words->words);
    if (words->why.size > 0) {
        listing_set_bytes(object, "why", words->why);
    }
    listing_append_object(object, out);
}
