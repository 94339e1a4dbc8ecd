// The properties of MQTT 5.0 (section 2.2.2.2): one table drives decoding, encoding and text.
//
// Decoded properties stand in a struct mqtt_properties: a bit for each that is there, and its
// value. User properties and subscription identifiers may come several times. They are kept as the
// run of bytes they came in, `raw`, which mqtt_property_next walks; to be written, as a run of
// encoded properties, `more`.
#ifndef MQTT_PROPERTY_H
#define MQTT_PROPERTY_H

#include "base/bytes.h"
#include "mqtt/reason.h"

// The values are those on the wire.
enum mqtt_property {
    MQTT_PAYLOAD_FORMAT = 0x01,
    MQTT_MESSAGE_EXPIRY = 0x02,
    MQTT_CONTENT_TYPE = 0x03,
    MQTT_RESPONSE_TOPIC = 0x08,
    MQTT_CORRELATION_DATA = 0x09,
    MQTT_SUBSCRIPTION_IDENTIFIER = 0x0b,
    MQTT_SESSION_EXPIRY = 0x11,
    MQTT_ASSIGNED_CLIENT_IDENTIFIER = 0x12,
    MQTT_SERVER_KEEP_ALIVE = 0x13,
    MQTT_AUTHENTICATION_METHOD = 0x15,
    MQTT_AUTHENTICATION_DATA = 0x16,
    MQTT_REQUEST_PROBLEM_INFORMATION = 0x17,
    MQTT_WILL_DELAY = 0x18,
    MQTT_REQUEST_RESPONSE_INFORMATION = 0x19,
    MQTT_RESPONSE_INFORMATION = 0x1a,
    MQTT_SERVER_REFERENCE = 0x1c,
    MQTT_REASON_STRING = 0x1f,
    MQTT_RECEIVE_MAXIMUM = 0x21,
    MQTT_TOPIC_ALIAS_MAXIMUM = 0x22,
    MQTT_TOPIC_ALIAS = 0x23,
    MQTT_MAXIMUM_QOS = 0x24,
    MQTT_RETAIN_AVAILABLE = 0x25,
    MQTT_USER_PROPERTY = 0x26,
    MQTT_MAXIMUM_PACKET_SIZE = 0x27,
    MQTT_WILDCARD_SUBSCRIPTION_AVAILABLE = 0x28,
    MQTT_SUBSCRIPTION_IDENTIFIER_AVAILABLE = 0x29,
    MQTT_SHARED_SUBSCRIPTION_AVAILABLE = 0x2a,
    MQTT_PROPERTIES = 0x2b, // one above the highest
};

enum mqtt_property_type {
    MQTT_BYTE,
    MQTT_TWO_BYTES,
    MQTT_FOUR_BYTES,
    MQTT_VARIABLE, // variable byte integer
    MQTT_TEXT,     // UTF-8 string
    MQTT_TEXT_PAIR,
    MQTT_BINARY,
};

struct mqtt_property_row {
    const char *name; // "session expiry interval"; NULL: there is no property with this number
    enum mqtt_property_type type;
    uint32_t packets; // a bit (1 << enum mqtt_type) for each packet it may stand in; bit 0: a will
    uint32_t min;     // of numbers: both inclusive
    uint32_t max;
    uint16_t offset;    // of its value in struct mqtt_properties; 0: it has none there
    bool is_repeatable; // a user property; a subscription identifier in a PUBLISH
};

// NULL if there is no property with this number.
const struct mqtt_property_row *mqtt_property_row(uint32_t id);

#define MQTT_WILL_PROPERTIES 0 // in place of a packet type: those of a will

// All properties of a packet, or of a will. `present` says which of the fields count; the table
// of properties says which may, where, and how often.
struct mqtt_properties {
    // MQTT_HAS(property), of all that came or are to be written but `more`. A user property's bit
    // says that one came; it is not written.
    uint64_t present;
    struct bytes raw; // all properties as they came, without their length; borrowed
    // To be written behind the others: encoded properties (user properties, those a message keeps).
    struct bytes more;
    uint32_t message_expiry; // seconds
    uint32_t session_expiry; // seconds; UINT32_MAX: never
    uint32_t will_delay;     // seconds
    uint32_t maximum_packet_size;
    uint32_t subscription_identifier; // the first one; any others are found in raw
    uint16_t receive_maximum;
    uint16_t topic_alias_maximum;
    uint16_t topic_alias;
    uint16_t server_keep_alive; // seconds
    uint8_t payload_format;
    uint8_t request_problem_information;
    uint8_t request_response_information;
    uint8_t maximum_qos;
    uint8_t retain_available;
    uint8_t wildcard_subscription_available;
    uint8_t subscription_identifier_available;
    uint8_t shared_subscription_available;
    struct bytes content_type;
    struct bytes response_topic;
    struct bytes correlation_data;
    struct bytes assigned_client_identifier;
    struct bytes authentication_method;
    struct bytes authentication_data;
    struct bytes response_information;
    struct bytes server_reference;
    struct bytes reason_string;
};

#define MQTT_HAS(property) (UINT64_C(1) << (property))

static inline bool mqtt_properties_have(const struct mqtt_properties *properties,
                                        enum mqtt_property property) {
    return (properties->present & MQTT_HAS(property)) != 0;
}

// Block by block, since gcc clears a struct of this size with an instruction that is slow to start
// (rep stos), and this is on the way of each message.
static inline void mqtt_properties_clear(struct mqtt_properties *properties) {
    enum { BLOCK = 64 };
    uint8_t *at = (uint8_t *)properties;
    for (size_t i = 0; i < sizeof *properties / BLOCK; i++, at += BLOCK) {
        memset(at, 0, BLOCK);
    }
    memset(at, 0, sizeof *properties % BLOCK);
}

// One property of a run.
struct mqtt_property_value {
    enum mqtt_property id;
    uint32_t number;      // of numbers
    struct bytes text;    // of texts and binary data; of a pair its name
    struct bytes second;  // of a pair its value
    struct bytes encoded; // all of it, its identifier included
};

// Takes the next property from the front of *run, which has been decoded without fault before.
// False at the end.
bool mqtt_property_next(struct bytes *run, struct mqtt_property_value *value);

// Decodes the run (without its length) of properties of the packet type, or MQTT_WILL_PROPERTIES.
// MQTT_SUCCESS, MQTT_MALFORMED_PACKET (an unknown number, cut short, bad UTF-8) or
// MQTT_PROTOCOL_ERROR (not of this packet, twice, out of its limits, authentication data without a
// method, wildcards in a response topic) or MQTT_TOPIC_ALIAS_INVALID (0). Section 2.2.2.
__attribute__((warn_unused_result)) enum mqtt_reason
mqtt_properties_decode(struct mqtt_properties *properties, struct bytes run, unsigned packet_type);

// The size of the encoded properties, their length in front included; 1 if there are none.
size_t mqtt_properties_size(const struct mqtt_properties *properties);
// Writes them; returns the end.
uint8_t *mqtt_properties_write(const struct mqtt_properties *properties, uint8_t *out);

// Writes a user property; returns the end. It takes MQTT_USER_PROPERTY_SIZE(name, value) bytes.
#define MQTT_USER_PROPERTY_SIZE(name_size, value_size) (5 + (name_size) + (value_size))
uint8_t *mqtt_user_property_write(uint8_t *out, struct bytes name, struct bytes value);

#endif
