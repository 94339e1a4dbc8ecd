#include "mqtt/reason.h"

#include <stddef.h>

#include "mqtt/type.h"

#define ROWS (MQTT_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED + 1)

// The packets that carry a reason code, as bits.
enum {
    CONNACK = 1 << MQTT_CONNACK,
    PUB = 1 << MQTT_PUBACK | 1 << MQTT_PUBREC,
    REL = 1 << MQTT_PUBREL | 1 << MQTT_PUBCOMP,
    SUB = 1 << MQTT_SUBACK,
    UNSUB = 1 << MQTT_UNSUBACK,
    BYE = 1 << MQTT_DISCONNECT,
    AUTH = 1 << MQTT_AUTH,
};

// Section 2.4, and who may send a code from the section of each packet. A normal disconnection by
// the server is allowed too, since a DISCONNECT without a code means one.
static const struct {
    const char *text;
    uint16_t from_client; // in which packets
    uint16_t from_server;
} reasons[ROWS] = {
    [MQTT_SUCCESS] = {"success", PUB | REL | BYE, CONNACK | PUB | REL | SUB | UNSUB | BYE | AUTH},
    [MQTT_GRANTED_QOS_1] = {"granted QoS 1", 0, SUB},
    [MQTT_GRANTED_QOS_2] = {"granted QoS 2", 0, SUB},
    [MQTT_DISCONNECT_WITH_WILL] = {"disconnect with will message", BYE, 0},
    [MQTT_NO_MATCHING_SUBSCRIBERS] = {"no matching subscribers", PUB, PUB},
    [MQTT_NO_SUBSCRIPTION_EXISTED] = {"no subscription existed", 0, UNSUB},
    [MQTT_CONTINUE_AUTHENTICATION] = {"continue authentication", AUTH, AUTH},
    [MQTT_REAUTHENTICATE] = {"re-authenticate", AUTH, 0},
    [MQTT_UNSPECIFIED_ERROR] = {"unspecified error", PUB | BYE, CONNACK | PUB | SUB | UNSUB | BYE},
    [MQTT_MALFORMED_PACKET] = {"malformed packet", BYE, CONNACK | BYE},
    [MQTT_PROTOCOL_ERROR] = {"protocol error", BYE, CONNACK | BYE},
    [MQTT_IMPLEMENTATION_SPECIFIC_ERROR] = {"implementation specific error", PUB | BYE,
                                            CONNACK | PUB | SUB | UNSUB | BYE},
    [MQTT_UNSUPPORTED_PROTOCOL_VERSION] = {"unsupported protocol version", 0, CONNACK},
    [MQTT_CLIENT_IDENTIFIER_NOT_VALID] = {"client identifier not valid", 0, CONNACK},
    [MQTT_BAD_USER_NAME_OR_PASSWORD] = {"bad user name or password", 0, CONNACK},
    [MQTT_NOT_AUTHORIZED] = {"not authorized", PUB, CONNACK | PUB | SUB | UNSUB | BYE},
    [MQTT_SERVER_UNAVAILABLE] = {"server unavailable", 0, CONNACK},
    [MQTT_SERVER_BUSY] = {"server busy", 0, CONNACK | BYE},
    [MQTT_BANNED] = {"banned", 0, CONNACK},
    [MQTT_SERVER_SHUTTING_DOWN] = {"server shutting down", 0, BYE},
    [MQTT_BAD_AUTHENTICATION_METHOD] = {"bad authentication method", 0, CONNACK | BYE},
    [MQTT_KEEP_ALIVE_TIMEOUT] = {"keep alive timeout", 0, BYE},
    [MQTT_SESSION_TAKEN_OVER] = {"session taken over", 0, BYE},
    [MQTT_TOPIC_FILTER_INVALID] = {"topic filter invalid", 0, SUB | UNSUB | BYE},
    [MQTT_TOPIC_NAME_INVALID] = {"topic name invalid", PUB | BYE, CONNACK | PUB | BYE},
    [MQTT_PACKET_IDENTIFIER_IN_USE] = {"packet identifier in use", PUB, PUB | SUB | UNSUB},
    [MQTT_PACKET_IDENTIFIER_NOT_FOUND] = {"packet identifier not found", REL, REL},
    [MQTT_RECEIVE_MAXIMUM_EXCEEDED] = {"receive maximum exceeded", BYE, BYE},
    [MQTT_TOPIC_ALIAS_INVALID] = {"topic alias invalid", BYE, BYE},
    [MQTT_PACKET_TOO_LARGE] = {"packet too large", BYE, CONNACK | BYE},
    [MQTT_MESSAGE_RATE_TOO_HIGH] = {"message rate too high", BYE, BYE},
    [MQTT_QUOTA_EXCEEDED] = {"quota exceeded", PUB | BYE, CONNACK | PUB | SUB | BYE},
    [MQTT_ADMINISTRATIVE_ACTION] = {"administrative action", BYE, BYE},
    [MQTT_PAYLOAD_FORMAT_INVALID] = {"payload format invalid", PUB | BYE, CONNACK | PUB | BYE},
    [MQTT_RETAIN_NOT_SUPPORTED] = {"retain not supported", 0, CONNACK | BYE},
    [MQTT_QOS_NOT_SUPPORTED] = {"QoS not supported", 0, CONNACK | BYE},
    [MQTT_USE_ANOTHER_SERVER] = {"use another server", 0, CONNACK | BYE},
    [MQTT_SERVER_MOVED] = {"server moved", 0, CONNACK | BYE},
    [MQTT_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED] = {"shared subscriptions not supported", 0,
                                                 SUB | BYE},
    [MQTT_CONNECTION_RATE_EXCEEDED] = {"connection rate exceeded", 0, CONNACK | BYE},
    [MQTT_MAXIMUM_CONNECT_TIME] = {"maximum connect time", 0, BYE},
    [MQTT_SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED] = {"subscription identifiers not supported", 0,
                                                     SUB | BYE},
    [MQTT_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED] = {"wildcard subscriptions not supported", 0,
                                                   SUB | BYE},
};

const char *mqtt_reason_text(enum mqtt_reason reason) {
    const char *text = (unsigned)reason < ROWS ? reasons[reason].text : NULL;
    return text != NULL ? text : "unknown reason code";
}

bool mqtt_reason_is_legal(uint8_t code, unsigned packet_type, bool from_server) {
    if (code >= ROWS) {
        return false;
    }
    unsigned packets = from_server ? reasons[code].from_server : reasons[code].from_client;
    return (packets >> packet_type & 1) != 0;
}

// ---- before 5.0 -------------------------------------------------------------------------------

static const char *const return_codes[] = {
    "connection accepted", "unacceptable protocol version", "identifier rejected",
    "server unavailable",  "bad user name or password",     "not authorized",
};

uint8_t mqtt_reason_return_code(enum mqtt_reason reason) {
    if ((unsigned)reason < MQTT_UNSPECIFIED_ERROR) {
        return 0;
    }
    switch ((unsigned)reason) {
    case MQTT_UNSUPPORTED_PROTOCOL_VERSION:
        return 1;
    case MQTT_CLIENT_IDENTIFIER_NOT_VALID:
        return 2;
    case MQTT_BAD_USER_NAME_OR_PASSWORD:
    case MQTT_BAD_AUTHENTICATION_METHOD:
        return 4;
    case MQTT_NOT_AUTHORIZED:
    case MQTT_BANNED:
        return 5;
    default:
        return 3;
    }
}

const char *mqtt_return_code_text(uint8_t code) {
    return code < sizeof return_codes / sizeof *return_codes ? return_codes[code]
                                                             : "unknown return code";
}
