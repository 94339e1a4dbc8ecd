// Reason codes of MQTT 5.0 (section 2.4) and what stands in their place in 3.1 and 3.1.1.
#ifndef MQTT_REASON_H
#define MQTT_REASON_H

#include <stdbool.h>
#include <stdint.h>

enum mqtt_version {
    MQTT_3_1 = 3,   // "MQIsdp"
    MQTT_3_1_1 = 4, // "MQTT"
    MQTT_5 = 5,
};

// The values are those on the wire.
enum mqtt_reason {
    MQTT_SUCCESS = 0x00, // also: normal disconnection, granted QoS 0
    MQTT_GRANTED_QOS_1 = 0x01,
    MQTT_GRANTED_QOS_2 = 0x02,
    MQTT_DISCONNECT_WITH_WILL = 0x04,
    MQTT_NO_MATCHING_SUBSCRIBERS = 0x10,
    MQTT_NO_SUBSCRIPTION_EXISTED = 0x11,
    MQTT_CONTINUE_AUTHENTICATION = 0x18,
    MQTT_REAUTHENTICATE = 0x19,
    MQTT_UNSPECIFIED_ERROR = 0x80,
    MQTT_MALFORMED_PACKET = 0x81,
    MQTT_PROTOCOL_ERROR = 0x82,
    MQTT_IMPLEMENTATION_SPECIFIC_ERROR = 0x83,
    MQTT_UNSUPPORTED_PROTOCOL_VERSION = 0x84,
    MQTT_CLIENT_IDENTIFIER_NOT_VALID = 0x85,
    MQTT_BAD_USER_NAME_OR_PASSWORD = 0x86,
    MQTT_NOT_AUTHORIZED = 0x87,
    MQTT_SERVER_UNAVAILABLE = 0x88,
    MQTT_SERVER_BUSY = 0x89,
    MQTT_BANNED = 0x8a,
    MQTT_SERVER_SHUTTING_DOWN = 0x8b,
    MQTT_BAD_AUTHENTICATION_METHOD = 0x8c,
    MQTT_KEEP_ALIVE_TIMEOUT = 0x8d,
    MQTT_SESSION_TAKEN_OVER = 0x8e,
    MQTT_TOPIC_FILTER_INVALID = 0x8f,
    MQTT_TOPIC_NAME_INVALID = 0x90,
    MQTT_PACKET_IDENTIFIER_IN_USE = 0x91,
    MQTT_PACKET_IDENTIFIER_NOT_FOUND = 0x92,
    MQTT_RECEIVE_MAXIMUM_EXCEEDED = 0x93,
    MQTT_TOPIC_ALIAS_INVALID = 0x94,
    MQTT_PACKET_TOO_LARGE = 0x95,
    MQTT_MESSAGE_RATE_TOO_HIGH = 0x96,
    MQTT_QUOTA_EXCEEDED = 0x97,
    MQTT_ADMINISTRATIVE_ACTION = 0x98,
    MQTT_PAYLOAD_FORMAT_INVALID = 0x99,
    MQTT_RETAIN_NOT_SUPPORTED = 0x9a,
    MQTT_QOS_NOT_SUPPORTED = 0x9b,
    MQTT_USE_ANOTHER_SERVER = 0x9c,
    MQTT_SERVER_MOVED = 0x9d,
    MQTT_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 0x9e,
    MQTT_CONNECTION_RATE_EXCEEDED = 0x9f,
    MQTT_MAXIMUM_CONNECT_TIME = 0xa0,
    MQTT_SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 0xa1,
    MQTT_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 0xa2,
};

// The standard's name in lower case ("packet too large"); "unknown reason code" for others.
const char *mqtt_reason_text(enum mqtt_reason reason);

// Whether a client, or a server, may send the code in a 5.0 packet of this type (enum mqtt_type).
bool mqtt_reason_is_legal(uint8_t code, unsigned packet_type, bool from_server);

// The CONNACK return code of 3.1 and 3.1.1 (MQTT 3.1.1, table 3.1) nearest to a reason: 0 to 5.
uint8_t mqtt_reason_return_code(enum mqtt_reason reason);
// The name of such a return code.
const char *mqtt_return_code_text(uint8_t code);

#endif
