// MQTT control packets: from bytes to values and back, for both sides of a connection.
//
// mqtt_frame_read finds where a packet ends in a stream that was split anywhere; mqtt_decode takes
// the whole packet apart without copying: what it hands out points into the bytes it was given. It
// checks all that the standard says about a packet by itself: reserved bits, flags, lengths, UTF-8,
// properties, packet identifiers that are 0, wildcards in topic names. Checks that depend on
// earlier packets are made by the door (role/broker/mqtt/mqtt_door.h).
//
// Standards: "MQTT Version 3.1.1" and "MQTT Version 5.0" (OASIS), "MQTT V3.1 Protocol
// Specification" (IBM, Eurotech).
#ifndef MQTT_PACKET_H
#define MQTT_PACKET_H

#include "mqtt/property.h"
#include "mqtt/type.h"
#include "mqtt/variable.h"

// "CONNECT" and so on; "reserved" for 0 and what is above 15.
const char *mqtt_type_name(unsigned type);

// ---- where a packet ends ----------------------------------------------------------------------

enum mqtt_frame_state {
    MQTT_FRAME_WHOLE,
    MQTT_FRAME_PART,      // more bytes are needed
    MQTT_FRAME_MALFORMED, // the length has more than 4 bytes, or more than it needs
};

struct mqtt_frame {
    uint8_t first;      // the packet's first byte: its type and flags
    uint8_t head_bytes; // of the fixed header
    uint32_t bytes;     // of the whole packet; 0 while that is not known yet
};

// Reads the fixed header of the packet that `stream` begins with. As soon as the length is known
// `bytes` is set, so the caller can refuse what is too large before it came.
static inline enum mqtt_frame_state mqtt_frame_read(struct bytes stream, struct mqtt_frame *frame) {
    *frame = (struct mqtt_frame){0};
    if (stream.size < 2) {
        return MQTT_FRAME_PART;
    }
    frame->first = stream.data[0];
    uint32_t remaining;
    int size = mqtt_variable_read(stream.data + 1, stream.size - 1, &remaining);
    if (size <= 0) {
        return size == 0 ? MQTT_FRAME_PART : MQTT_FRAME_MALFORMED;
    }
    frame->head_bytes = (uint8_t)(1 + size);
    frame->bytes = frame->head_bytes + remaining;
    return stream.size < frame->bytes ? MQTT_FRAME_PART : MQTT_FRAME_WHOLE;
}

// ---- packets as values ------------------------------------------------------------------------

// The contents of a CONNECT: how the session is to be, who the client is, its will. Texts and
// payloads are borrowed from the packet that was read, or from whoever has one written.
struct mqtt_connect {
    uint8_t version;  // enum mqtt_version; else see mqtt_decode
    bool is_bridge;   // the highest bit of the version, as some bridges set it
    bool clean_start; // "clean session" before 5.0
    bool has_will;
    bool has_user_name;
    bool has_password;
    bool will_retain;
    uint8_t will_qos;
    uint16_t keep_alive; // seconds; 0: none
    struct bytes client_id;
    struct bytes will_topic;
    struct bytes will_payload;
    struct bytes user_name;
    struct bytes password;
    struct mqtt_properties will_properties;
};

struct mqtt_publish {
    bool dup;
    bool retain;
    uint8_t qos;
    uint16_t packet_id; // 0 with QoS 0
    struct bytes topic; // may be empty in 5.0, with a topic alias
    struct bytes payload;
};

// SUBSCRIBE: filters with their options; UNSUBSCRIBE: filters. A checked run, walked with
// mqtt_filter_next. The filters' own rules (wildcards) are not checked yet, their UTF-8 is. In 3.1
// only MQTT_OPTION_QOS of the options counts: its other bits are unused and may be anything.
struct mqtt_filters {
    struct bytes run;
    uint32_t count; // 1 or more
};

// The options of a subscription (5.0, section 3.8.3.1).
#define MQTT_OPTION_QOS 0x03
#define MQTT_OPTION_NO_LOCAL 0x04
#define MQTT_OPTION_RETAIN_AS_PUBLISHED 0x08
#define MQTT_OPTION_RETAIN_HANDLING(options) ((options) >> 4 & 3)

// A packet as a value: by its type, which fields count. Texts, filters and properties that were
// decoded are borrowed from the bytes.
struct mqtt_packet {
    enum mqtt_type type;
    uint16_t packet_id; // of all but PUBLISH, where they have one
    // CONNACK: the return code before 5.0. PUBACK to PUBCOMP, DISCONNECT, AUTH: 0 before 5.0, or
    // where it was left out.
    uint8_t reason;
    bool session_present; // CONNACK
    union {
        struct mqtt_connect connect;
        struct mqtt_publish publish;
        struct mqtt_filters filters;
        struct bytes codes; // SUBACK, UNSUBACK (5.0): one a filter
    };
    struct mqtt_properties properties; // all zero before 5.0
};

// Whether packets of a type come from clients, servers, or both.
enum mqtt_sender { MQTT_FROM_CLIENT = 1, MQTT_FROM_SERVER = 2 };

// Decodes a whole packet (of mqtt_frame_read) that the sender sent. `version` is that of the
// connection; of a CONNECT it is ignored. MQTT_SUCCESS; or, with a message for people in *why (a
// constant; may be NULL):
//   MQTT_MALFORMED_PACKET, MQTT_PROTOCOL_ERROR, MQTT_TOPIC_NAME_INVALID (of a PUBLISH or a will),
//   MQTT_TOPIC_ALIAS_INVALID (0), MQTT_UNSUPPORTED_PROTOCOL_VERSION (a CONNECT whose protocol name
//   is known and whose version is not; connect.version is what came).
// `packet` is borrowed from `bytes`; on a fault only its `type` and connect.version are to be used
// (0: a CONNECT's fault lies before its version, or its protocol name is unknown).
__attribute__((warn_unused_result)) enum mqtt_reason
mqtt_decode(struct mqtt_packet *packet, struct bytes bytes, enum mqtt_version version,
            enum mqtt_sender sender, const char **why);

// The next filter of a run; `options` is 0 in an UNSUBSCRIBE. False at the end.
bool mqtt_filter_next(enum mqtt_type type, struct bytes *run, struct bytes *filter,
                      uint8_t *options);

// ---- packets to bytes -------------------------------------------------------------------------

// The size of the encoded packet; 0: it would pass MQTT_PACKET_MAX. Of a CONNECT, connect.version
// counts. In 5.0 reason and properties are left out where they may be (success, no properties).
size_t mqtt_encoded_size(const struct mqtt_packet *packet, enum mqtt_version version);

// Writes the packet at `out`, which has room for that many bytes; returns the end. What is to be
// written must be right: texts of at most 65535 bytes, a packet identifier where there has to be
// one, filters as a run (mqtt_filter_write). This is asserted where it is cheap.
uint8_t *mqtt_encode(const struct mqtt_packet *packet, enum mqtt_version version, uint8_t *out);

// Appends a filter to a run of `filters`: MQTT_FILTER_SIZE(filter.size) bytes at `out` for a
// SUBSCRIBE, one less for an UNSUBSCRIBE. Returns the end.
#define MQTT_FILTER_SIZE(filter_size) (3 + (filter_size))
uint8_t *mqtt_filter_write(enum mqtt_type type, uint8_t *out, struct bytes filter, uint8_t options);

#endif
