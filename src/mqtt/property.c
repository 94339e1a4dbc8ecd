#include "mqtt/property.h"

#include "base/assert.h"
#include "mqtt/reader.h"
#include "mqtt/type.h"
#include "topic/topic.h"

#define VARIABLE_MAX 268435455u // section 1.5.5

// The packets that carry properties, as bits.
enum {
    WILL = 1 << MQTT_WILL_PROPERTIES,
    CONNECT = 1 << MQTT_CONNECT,
    CONNACK = 1 << MQTT_CONNACK,
    PUBLISH = 1 << MQTT_PUBLISH,
    PUBACKS = 1 << MQTT_PUBACK | 1 << MQTT_PUBREC | 1 << MQTT_PUBREL | 1 << MQTT_PUBCOMP,
    SUBSCRIBE = 1 << MQTT_SUBSCRIBE,
    UNSUBSCRIBE = 1 << MQTT_UNSUBSCRIBE,
    SUBACKS = 1 << MQTT_SUBACK | 1 << MQTT_UNSUBACK,
    DISCONNECT = 1 << MQTT_DISCONNECT,
    AUTH = 1 << MQTT_AUTH,
    ANY = WILL | CONNECT | CONNACK | PUBLISH | PUBACKS | SUBSCRIBE | UNSUBSCRIBE | SUBACKS |
          DISCONNECT | AUTH,
};

#define AT(field) offsetof(struct mqtt_properties, field)

// clang-format off
static const struct mqtt_property_row rows[MQTT_PROPERTIES] = {
    [MQTT_PAYLOAD_FORMAT] = {
        "payload format indicator", MQTT_BYTE, PUBLISH | WILL, 0, 1, AT(payload_format), false},
    [MQTT_MESSAGE_EXPIRY] = {
        "message expiry interval", MQTT_FOUR_BYTES, PUBLISH | WILL, 0, UINT32_MAX,
        AT(message_expiry), false},
    [MQTT_CONTENT_TYPE] = {
        "content type", MQTT_TEXT, PUBLISH | WILL, 0, 0, AT(content_type), false},
    [MQTT_RESPONSE_TOPIC] = {
        "response topic", MQTT_TEXT, PUBLISH | WILL, 0, 0, AT(response_topic), false},
    [MQTT_CORRELATION_DATA] = {
        "correlation data", MQTT_BINARY, PUBLISH | WILL, 0, 0, AT(correlation_data), false},
    [MQTT_SUBSCRIPTION_IDENTIFIER] = {
        "subscription identifier", MQTT_VARIABLE, PUBLISH | SUBSCRIBE, 1, VARIABLE_MAX,
        AT(subscription_identifier), true},
    [MQTT_SESSION_EXPIRY] = {
        "session expiry interval", MQTT_FOUR_BYTES, CONNECT | CONNACK | DISCONNECT, 0, UINT32_MAX,
        AT(session_expiry), false},
    [MQTT_ASSIGNED_CLIENT_IDENTIFIER] = {
        "assigned client identifier", MQTT_TEXT, CONNACK, 0, 0, AT(assigned_client_identifier),
        false},
    [MQTT_SERVER_KEEP_ALIVE] = {
        "server keep alive", MQTT_TWO_BYTES, CONNACK, 0, UINT16_MAX, AT(server_keep_alive), false},
    [MQTT_AUTHENTICATION_METHOD] = {
        "authentication method", MQTT_TEXT, CONNECT | CONNACK | AUTH, 0, 0,
        AT(authentication_method), false},
    [MQTT_AUTHENTICATION_DATA] = {
        "authentication data", MQTT_BINARY, CONNECT | CONNACK | AUTH, 0, 0,
        AT(authentication_data), false},
    [MQTT_REQUEST_PROBLEM_INFORMATION] = {
        "request problem information", MQTT_BYTE, CONNECT, 0, 1, AT(request_problem_information),
        false},
    [MQTT_WILL_DELAY] = {
        "will delay interval", MQTT_FOUR_BYTES, WILL, 0, UINT32_MAX, AT(will_delay), false},
    [MQTT_REQUEST_RESPONSE_INFORMATION] = {
        "request response information", MQTT_BYTE, CONNECT, 0, 1,
        AT(request_response_information), false},
    [MQTT_RESPONSE_INFORMATION] = {
        "response information", MQTT_TEXT, CONNACK, 0, 0, AT(response_information), false},
    [MQTT_SERVER_REFERENCE] = {
        "server reference", MQTT_TEXT, CONNACK | DISCONNECT, 0, 0, AT(server_reference), false},
    [MQTT_REASON_STRING] = {
        "reason string", MQTT_TEXT, CONNACK | PUBACKS | SUBACKS | DISCONNECT | AUTH, 0, 0,
        AT(reason_string), false},
    [MQTT_RECEIVE_MAXIMUM] = {
        "receive maximum", MQTT_TWO_BYTES, CONNECT | CONNACK, 1, UINT16_MAX, AT(receive_maximum),
        false},
    [MQTT_TOPIC_ALIAS_MAXIMUM] = {
        "topic alias maximum", MQTT_TWO_BYTES, CONNECT | CONNACK, 0, UINT16_MAX,
        AT(topic_alias_maximum), false},
    [MQTT_TOPIC_ALIAS] = {
        "topic alias", MQTT_TWO_BYTES, PUBLISH, 1, UINT16_MAX, AT(topic_alias), false},
    [MQTT_MAXIMUM_QOS] = {
        "maximum QoS", MQTT_BYTE, CONNACK, 0, 1, AT(maximum_qos), false},
    [MQTT_RETAIN_AVAILABLE] = {
        "retain available", MQTT_BYTE, CONNACK, 0, 1, AT(retain_available), false},
    [MQTT_USER_PROPERTY] = {
        "user property", MQTT_TEXT_PAIR, ANY, 0, 0, 0, true},
    [MQTT_MAXIMUM_PACKET_SIZE] = {
        "maximum packet size", MQTT_FOUR_BYTES, CONNECT | CONNACK, 1, UINT32_MAX,
        AT(maximum_packet_size), false},
    [MQTT_WILDCARD_SUBSCRIPTION_AVAILABLE] = {
        "wildcard subscription available", MQTT_BYTE, CONNACK, 0, 1,
        AT(wildcard_subscription_available), false},
    [MQTT_SUBSCRIPTION_IDENTIFIER_AVAILABLE] = {
        "subscription identifier available", MQTT_BYTE, CONNACK, 0, 1,
        AT(subscription_identifier_available), false},
    [MQTT_SHARED_SUBSCRIPTION_AVAILABLE] = {
        "shared subscription available", MQTT_BYTE, CONNACK, 0, 1,
        AT(shared_subscription_available), false},
};
// clang-format on

const struct mqtt_property_row *mqtt_property_row(uint32_t id) {
    return id < MQTT_PROPERTIES && rows[id].name != NULL ? &rows[id] : NULL;
}

// ---- reading ----------------------------------------------------------------------------------

static void read_value(struct mqtt_reader *reader, enum mqtt_property_type type,
                       struct mqtt_property_value *value) {
    switch (type) {
    case MQTT_BYTE:
        value->number = mqtt_reader_byte(reader);
        break;
    case MQTT_TWO_BYTES:
        value->number = mqtt_reader_two_bytes(reader);
        break;
    case MQTT_FOUR_BYTES:
        value->number = mqtt_reader_four_bytes(reader);
        break;
    case MQTT_VARIABLE:
        value->number = mqtt_reader_variable(reader);
        break;
    case MQTT_TEXT:
        value->text = mqtt_reader_text(reader);
        break;
    case MQTT_TEXT_PAIR:
        value->text = mqtt_reader_text(reader);
        value->second = mqtt_reader_text(reader);
        break;
    case MQTT_BINARY:
        value->text = mqtt_reader_binary(reader);
        break;
    }
}

// The next property, with its row; NULL if there is none with its number.
static const struct mqtt_property_row *read_property(struct mqtt_reader *reader,
                                                     struct mqtt_property_value *value) {
    const uint8_t *start = reader->at;
    uint32_t id = mqtt_reader_variable(reader);
    const struct mqtt_property_row *row = mqtt_property_row(id);
    *value = (struct mqtt_property_value){.id = (enum mqtt_property)id};
    if (row == NULL) {
        mqtt_reader_fail(reader, MQTT_MALFORMED_PACKET, "an unknown property");
        return NULL;
    }
    read_value(reader, row->type, value);
    value->encoded = bytes_make(start, (size_t)(reader->at - start));
    return row;
}

bool mqtt_property_next(struct bytes *run, struct mqtt_property_value *value) {
    struct mqtt_reader reader = mqtt_reader_make(*run);
    if (run->size == 0 || read_property(&reader, value) == NULL || reader.fault != MQTT_SUCCESS) {
        return false;
    }
    *run = mqtt_reader_rest(&reader);
    return true;
}

static void store(struct mqtt_properties *properties, const struct mqtt_property_row *row,
                  const struct mqtt_property_value *value) {
    void *field = (char *)properties + row->offset;
    switch (row->type) {
    case MQTT_BYTE:
        *(uint8_t *)field = (uint8_t)value->number;
        break;
    case MQTT_TWO_BYTES:
        *(uint16_t *)field = (uint16_t)value->number;
        break;
    case MQTT_FOUR_BYTES:
    case MQTT_VARIABLE:
        *(uint32_t *)field = value->number;
        break;
    case MQTT_TEXT:
    case MQTT_BINARY:
        *(struct bytes *)field = value->text;
        break;
    case MQTT_TEXT_PAIR:
        break;
    }
}

static bool is_number(enum mqtt_property_type type) {
    return type <= MQTT_VARIABLE;
}

// A topic alias of 0 has a reason code of its own [MQTT-3.3.2-8].
static enum mqtt_reason check_value(const struct mqtt_property_row *row,
                                    const struct mqtt_property_value *value) {
    if (is_number(row->type) && (value->number < row->min || value->number > row->max)) {
        return value->id == MQTT_TOPIC_ALIAS ? MQTT_TOPIC_ALIAS_INVALID : MQTT_PROTOCOL_ERROR;
    }
    if (value->id == MQTT_RESPONSE_TOPIC && topic_name_check(value->text) != TOPIC_OK) {
        return MQTT_PROTOCOL_ERROR; // [MQTT-3.3.2-14]
    }
    return MQTT_SUCCESS;
}

// Subscription identifiers come several times in a PUBLISH only.
static bool may_repeat(const struct mqtt_property_row *row, unsigned packet_type) {
    return row->is_repeatable && (row->type != MQTT_VARIABLE || packet_type == MQTT_PUBLISH);
}

static enum mqtt_reason decode_next(struct mqtt_reader *reader, struct mqtt_properties *properties,
                                    unsigned packet_type) {
    struct mqtt_property_value value;
    const struct mqtt_property_row *row = read_property(reader, &value);
    if (row == NULL || reader->fault != MQTT_SUCCESS) {
        return reader->fault;
    }
    bool is_repeated = mqtt_properties_have(properties, value.id);
    if ((row->packets >> packet_type & 1) == 0 || (is_repeated && !may_repeat(row, packet_type))) {
        return MQTT_PROTOCOL_ERROR;
    }
    if (!is_repeated) {
        properties->present |= MQTT_HAS(value.id);
        store(properties, row, &value);
    }
    return check_value(row, &value);
}

enum mqtt_reason mqtt_properties_decode(struct mqtt_properties *properties, struct bytes run,
                                        unsigned packet_type) {
    mqtt_properties_clear(properties);
    properties->raw = run;
    struct mqtt_reader reader = mqtt_reader_make(run);
    while (mqtt_reader_left(&reader) > 0) {
        enum mqtt_reason reason = decode_next(&reader, properties, packet_type);
        if (reason != MQTT_SUCCESS) {
            return reason;
        }
    }
    bool has_data = mqtt_properties_have(properties, MQTT_AUTHENTICATION_DATA);
    bool has_method = mqtt_properties_have(properties, MQTT_AUTHENTICATION_METHOD);
    return has_data && !has_method ? MQTT_PROTOCOL_ERROR : MQTT_SUCCESS;
}

// ---- writing ----------------------------------------------------------------------------------

// Those that are written from their fields: user properties are not.
static uint64_t written(const struct mqtt_properties *properties) {
    return properties->present & ~MQTT_HAS(MQTT_USER_PROPERTY);
}

static size_t value_size(const struct mqtt_properties *properties,
                         const struct mqtt_property_row *row) {
    const void *field = (const char *)properties + row->offset;
    switch (row->type) {
    case MQTT_BYTE:
        return 1;
    case MQTT_TWO_BYTES:
        return 2;
    case MQTT_FOUR_BYTES:
        return 4;
    case MQTT_VARIABLE:
        return mqtt_variable_size(*(const uint32_t *)field);
    case MQTT_TEXT:
    case MQTT_BINARY:
        return 2 + ((const struct bytes *)field)->size;
    case MQTT_TEXT_PAIR:
        break;
    }
    return 0;
}

// Without the length in front.
static size_t run_size(const struct mqtt_properties *properties) {
    size_t size = properties->more.size;
    for (uint64_t left = written(properties); left != 0; left &= left - 1) {
        size += 1 + value_size(properties, &rows[__builtin_ctzll(left)]);
    }
    return size;
}

size_t mqtt_properties_size(const struct mqtt_properties *properties) {
    size_t size = run_size(properties);
    return size <= MQTT_REMAINING_MAX ? mqtt_variable_size((uint32_t)size) + size : size;
}

static uint8_t *write_value(const struct mqtt_properties *properties,
                            const struct mqtt_property_row *row, uint8_t *out) {
    const void *field = (const char *)properties + row->offset;
    switch (row->type) {
    case MQTT_BYTE:
        *out = *(const uint8_t *)field;
        return out + 1;
    case MQTT_TWO_BYTES:
        return mqtt_two_bytes_write(out, *(const uint16_t *)field);
    case MQTT_FOUR_BYTES:
        return mqtt_four_bytes_write(out, *(const uint32_t *)field);
    case MQTT_VARIABLE:
        return mqtt_variable_write(out, *(const uint32_t *)field);
    case MQTT_TEXT:
    case MQTT_BINARY:
        ASSERT(((const struct bytes *)field)->size <= UINT16_MAX);
        return mqtt_text_write(out, *(const struct bytes *)field);
    case MQTT_TEXT_PAIR:
        break;
    }
    return out;
}

uint8_t *mqtt_properties_write(const struct mqtt_properties *properties, uint8_t *out) {
    size_t size = run_size(properties);
    ASSERT(size <= MQTT_REMAINING_MAX);
    out = mqtt_variable_write(out, (uint32_t)size);
    for (uint64_t left = written(properties); left != 0; left &= left - 1) {
        int id = __builtin_ctzll(left);
        *out++ = (uint8_t)id;
        out = write_value(properties, &rows[id], out);
    }
    if (properties->more.size > 0) {
        memcpy(out, properties->more.data, properties->more.size);
    }
    return out + properties->more.size;
}

uint8_t *mqtt_user_property_write(uint8_t *out, struct bytes name, struct bytes value) {
    ASSERT(name.size <= UINT16_MAX && value.size <= UINT16_MAX);
    *out++ = MQTT_USER_PROPERTY;
    return mqtt_text_write(mqtt_text_write(out, name), value);
}
