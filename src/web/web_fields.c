#include "web/web_fields.h"

#include <stdlib.h>

#include <jansson.h>

#include "shell/printable.h"

#define FIXED_FLAGS 0x0f
#define LINE_FIELDS 6

// What was read of the packet, and the fields so far. Once `is_over`, nothing more is read.
struct walk {
    struct bytes packet;
    size_t at;
    enum mqtt_version version;
    json_t *fields;
    struct buffer *text; // of one value
    bool is_over;
};

static void add(struct walk *walk, size_t size, const char *name, const char *statement) {
    json_t *field = json_object();
    json_object_set_new(field, "at", json_integer((json_int_t)walk->at));
    json_object_set_new(field, "bytes", json_integer((json_int_t)size));
    json_object_set_new(field, "name", json_string(name));
    if (walk->text->size > 0) {
        json_object_set_new(field, "value",
                            json_stringn((const char *)walk->text->data, walk->text->size));
    }
    if (statement != NULL) {
        json_object_set_new(field, "statement", json_string(statement));
    }
    json_array_append_new(walk->fields, field);
    walk->text->size = 0;
    walk->at += size;
}

// Whether so many bytes may be read as a field.
static bool has(struct walk *walk, size_t size) {
    bool is_there = walk->packet.size - walk->at >= size;
    walk->is_over |= !is_there || json_array_size(walk->fields) >= WEB_FIELDS_MAX;
    return !walk->is_over;
}

static const uint8_t *here(const struct walk *walk) {
    return walk->packet.data + walk->at;
}

static void describe_text(struct walk *walk, struct bytes text) {
    bool is_cut = text.size > WEB_FIELDS_VALUE_MAX;
    printable_append(walk->text, bytes_make(text.data, is_cut ? WEB_FIELDS_VALUE_MAX : text.size));
    buffer_append_text(walk->text, is_cut ? "..." : "");
}

// ---- small fields -------------------------------------------------------------------------------

// A number of 1, 2 or 4 bytes; returns it, or 0 where it is not whole.
static uint32_t take_number(struct walk *walk, size_t size, const char *name,
                            const char *statement) {
    if (!has(walk, size)) {
        return 0;
    }
    uint32_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | here(walk)[i];
    }
    printable_format(walk->text, "%u", number);
    add(walk, size, name, statement);
    return number;
}

static uint32_t take_variable(struct walk *walk, const char *name, const char *statement) {
    uint32_t number = 0;
    int size =
        walk->is_over ? 0 : mqtt_variable_read(here(walk), walk->packet.size - walk->at, &number);
    walk->is_over |= size <= 0;
    if (walk->is_over || !has(walk, (size_t)size)) {
        return 0;
    }
    printable_format(walk->text, "%u", number);
    add(walk, (size_t)size, name, statement);
    return number;
}

// A length in two bytes, and so many bytes.
static void take_text(struct walk *walk, const char *name, const char *statement) {
    char length_name[64];
    (void)snprintf(length_name, sizeof length_name, "length of %s", name);
    uint32_t size = take_number(walk, 2, length_name, NULL);
    if (size > 0 && has(walk, size)) {
        describe_text(walk, bytes_make(here(walk), size));
        add(walk, size, name, statement);
    }
}

static void take_rest(struct walk *walk, const char *name) {
    size_t size = walk->packet.size - walk->at;
    if (size > 0) {
        describe_text(walk, bytes_make(here(walk), size));
        add(walk, size, name, NULL);
    }
}

// ---- properties ---------------------------------------------------------------------------------

static void take_property(struct walk *walk) {
    uint32_t id = take_variable(walk, "property", NULL);
    const struct mqtt_property_row *row = walk->is_over ? NULL : mqtt_property_row(id);
    if (row == NULL || row->name == NULL) {
        walk->is_over = true;
        return;
    }
    switch (row->type) {
    case MQTT_BYTE:
        (void)take_number(walk, 1, row->name, NULL);
        break;
    case MQTT_TWO_BYTES:
        (void)take_number(walk, 2, row->name, NULL);
        break;
    case MQTT_FOUR_BYTES:
        (void)take_number(walk, 4, row->name, NULL);
        break;
    case MQTT_VARIABLE:
        (void)take_variable(walk, row->name, NULL);
        break;
    case MQTT_TEXT:
    case MQTT_BINARY:
        take_text(walk, row->name, NULL);
        break;
    case MQTT_TEXT_PAIR:
        take_text(walk, "name", NULL);
        take_text(walk, "value", NULL);
        break;
    }
}

static void take_properties(struct walk *walk) {
    if (walk->version != MQTT_5 || walk->is_over) {
        return;
    }
    size_t size = take_variable(walk, "length of properties", "MQTT-2.2.2-1");
    size_t end = walk->at + size;
    while (!walk->is_over && walk->at < end) {
        take_property(walk);
    }
}

// ---- the packets --------------------------------------------------------------------------------

static void take_connect_flags(struct walk *walk) {
    uint8_t flags = *here(walk);
    printable_format(walk->text,
                     "user name %u, password %u, will retain %u, will QoS %u, will %u, clean start "
                     "%u",
                     flags >> 7 & 1, flags >> 6 & 1, flags >> 5 & 1, flags >> 3 & 3, flags >> 2 & 1,
                     flags >> 1 & 1);
    add(walk, 1, "connect flags", flags >> 1 & 1 ? "MQTT-3.1.2-4" : "MQTT-3.1.2-5");
}

static void take_connect(struct walk *walk) {
    take_text(walk, "protocol name", "MQTT-3.1.2-1");
    uint32_t version = take_number(walk, 1, "protocol version", "MQTT-3.1.2-2");
    walk->version = version == MQTT_5 ? MQTT_5 : MQTT_3_1_1;
    if (!has(walk, 1)) {
        return;
    }
    uint8_t flags = *here(walk);
    take_connect_flags(walk);
    (void)take_number(walk, 2, "keep alive", "MQTT-3.1.2-22");
    take_properties(walk);
    take_text(walk, "client identifier", "MQTT-3.1.3-2");
    if ((flags & 0x04) != 0) {
        take_properties(walk);
        take_text(walk, "will topic", "MQTT-3.1.3-11");
        take_text(walk, "will payload", "MQTT-3.1.2-8");
    }
    if ((flags & 0x80) != 0) {
        take_text(walk, "user name", "MQTT-3.1.3-12");
    }
    if ((flags & 0x40) != 0) {
        take_text(walk, "password", "MQTT-3.1.2-19");
    }
}

static void take_publish(struct walk *walk, uint8_t first) {
    take_text(walk, "topic name", "MQTT-3.3.2-1");
    if ((first & 0x06) != 0) {
        (void)take_number(walk, 2, "packet identifier", "MQTT-2.2.1-4");
    }
    take_properties(walk);
    if (!walk->is_over) {
        take_rest(walk, "payload");
    }
}

// A reason and properties may be left out where they say nothing.
static void take_answer(struct walk *walk, const char *reason_statement) {
    (void)take_number(walk, 2, "packet identifier", "MQTT-2.2.1-5");
    if (walk->packet.size > walk->at) {
        (void)take_number(walk, 1, "reason code", reason_statement);
    }
    if (walk->packet.size > walk->at) {
        take_properties(walk);
    }
}

static void take_ending(struct walk *walk, const char *reason_statement) {
    if (walk->packet.size > walk->at) {
        (void)take_number(walk, 1, "reason code", reason_statement);
    }
    if (walk->packet.size > walk->at) {
        take_properties(walk);
    }
}

static void take_filters(struct walk *walk, bool has_options) {
    (void)take_number(walk, 2, "packet identifier", "MQTT-2.2.1-3");
    take_properties(walk);
    while (!walk->is_over && walk->at < walk->packet.size) {
        take_text(walk, "topic filter", has_options ? "MQTT-3.8.3-1" : "MQTT-3.10.3-1");
        if (has_options) {
            (void)take_number(walk, 1, "subscription options", "MQTT-3.8.4-8");
        }
    }
}

static void take_codes(struct walk *walk, const char *statement) {
    (void)take_number(walk, 2, "packet identifier", "MQTT-2.2.1-6");
    take_properties(walk);
    while (!walk->is_over && walk->at < walk->packet.size) {
        (void)take_number(walk, 1, "reason code", statement);
    }
}

static void take_body(struct walk *walk, uint8_t first) {
    switch ((enum mqtt_type)(first >> 4)) {
    case MQTT_CONNECT:
        take_connect(walk);
        break;
    case MQTT_CONNACK:
        (void)take_number(walk, 1, "acknowledge flags", "MQTT-3.2.2-3");
        (void)take_number(walk, 1, "reason code", "MQTT-3.2.2-8");
        take_properties(walk);
        break;
    case MQTT_PUBLISH:
        take_publish(walk, first);
        break;
    case MQTT_PUBACK:
        take_answer(walk, "MQTT-3.4.2-1");
        break;
    case MQTT_PUBREC:
        take_answer(walk, "MQTT-3.5.2-1");
        break;
    case MQTT_PUBREL:
        take_answer(walk, "MQTT-3.6.2-1");
        break;
    case MQTT_PUBCOMP:
        take_answer(walk, "MQTT-3.7.2-1");
        break;
    case MQTT_SUBSCRIBE:
        take_filters(walk, true);
        break;
    case MQTT_UNSUBSCRIBE:
        take_filters(walk, false);
        break;
    case MQTT_SUBACK:
        take_codes(walk, "MQTT-3.9.3-2");
        break;
    case MQTT_UNSUBACK:
        take_codes(walk, "MQTT-3.11.3-2");
        break;
    case MQTT_DISCONNECT:
        take_ending(walk, "MQTT-3.14.2-1");
        break;
    case MQTT_AUTH:
        take_ending(walk, "MQTT-3.15.2-1");
        break;
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
        break;
    }
}

// The statement about the first byte of each type.
static const char *const first_statements[16] = {
    [MQTT_CONNECT] = "MQTT-3.1.0-1",   [MQTT_CONNACK] = "MQTT-3.2.0-1",
    [MQTT_PUBLISH] = "MQTT-3.3.4-1",   [MQTT_PUBACK] = "MQTT-2.2.1-5",
    [MQTT_PUBREC] = "MQTT-2.2.1-5",    [MQTT_PUBREL] = "MQTT-3.6.1-1",
    [MQTT_PUBCOMP] = "MQTT-2.2.1-5",   [MQTT_SUBSCRIBE] = "MQTT-3.8.1-1",
    [MQTT_SUBACK] = "MQTT-3.8.4-1",    [MQTT_UNSUBSCRIBE] = "MQTT-3.10.1-1",
    [MQTT_UNSUBACK] = "MQTT-3.10.4-4", [MQTT_PINGREQ] = "MQTT-3.12.4-1",
    [MQTT_PINGRESP] = "MQTT-3.12.4-1", [MQTT_DISCONNECT] = "MQTT-3.14.4-2",
    [MQTT_AUTH] = "MQTT-3.15.1-1",
};

static void take_first(struct walk *walk) {
    uint8_t first = *here(walk);
    unsigned type = first >> 4;
    buffer_append_text(walk->text, mqtt_type_name(type));
    if (type == MQTT_PUBLISH) {
        printable_format(walk->text, ", DUP %u, QoS %u, RETAIN %u", first >> 3 & 1, first >> 1 & 3,
                         first & 1);
    } else {
        printable_format(walk->text, ", flags %u", first & FIXED_FLAGS);
    }
    add(walk, 1, "packet type and flags", first_statements[type]);
}

static void dump(struct walk *walk, struct buffer *out) {
    char *text = json_dumps(walk->fields, JSON_COMPACT | JSON_ENSURE_ASCII);
    if (text != NULL) {
        printable_append_json(out, bytes_of_text(text));
    }
    free(text);
    json_decref(walk->fields);
    buffer_deinit(walk->text);
}

void web_fields_append_packet(struct bytes packet, enum mqtt_version version, struct buffer *out) {
    struct buffer text;
    buffer_init(&text, out->memory);
    struct walk walk = {
        .packet = packet, .version = version, .fields = json_array(), .text = &text};
    if (packet.size > 0) {
        uint8_t first = packet.data[0];
        take_first(&walk);
        (void)take_variable(&walk, "remaining length", NULL);
        if (!walk.is_over) {
            take_body(&walk, first);
        }
        bool is_full = json_array_size(walk.fields) >= WEB_FIELDS_MAX;
        take_rest(&walk, is_full ? "not shown" : "not read");
    }
    dump(&walk, out);
}

// ---- lines --------------------------------------------------------------------------------------

void web_fields_append_line(struct bytes line, struct buffer *out) {
    static const char *const names[LINE_FIELDS] = {"time stamp", "sender",  "receiver",
                                                   "type",       "payload", "signature"};
    struct buffer text;
    buffer_init(&text, out->memory);
    struct walk walk = {.packet = line, .fields = json_array(), .text = &text};
    for (size_t i = 0; i < LINE_FIELDS && walk.at < line.size; i++) {
        size_t left = line.size - walk.at;
        const uint8_t *tab = memchr(here(&walk), '\t', left);
        size_t size = tab == NULL ? left : (size_t)(tab - here(&walk));
        describe_text(&walk, bytes_make(here(&walk), size));
        add(&walk, size, names[i], NULL);
        if (walk.at < line.size) {
            add(&walk, 1, "tab", NULL);
        }
    }
    if (walk.at < line.size) {
        take_rest(&walk, "not read");
    }
    dump(&walk, out);
}
