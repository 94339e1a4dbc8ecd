// Decoding first, encoding behind it. Both go by the type: a table says what is legal of its fixed
// header, a function of each form of packet does the rest. PUBLISH and its acknowledgements are
// what brokers live on: for these, only what they need is cleared and set.
#include "mqtt/packet.h"

#include "base/assert.h"
#include "mqtt/publish.h"
#include "mqtt/reader.h"
#include "topic/topic.h"

#define TYPES 16
#define BRIDGE_BIT 0x80 // of the protocol version

// The flags of a CONNECT, section 3.1.2.3.
#define FLAG_RESERVED 0x01
#define FLAG_CLEAN_START 0x02
#define FLAG_WILL 0x04
#define FLAG_WILL_QOS(flags) ((flags) >> 3 & 3)
#define FLAG_WILL_RETAIN 0x20
#define FLAG_PASSWORD 0x40
#define FLAG_USER_NAME 0x80

#define OPTION_RESERVED 0xc0

enum { BOTH = MQTT_FROM_CLIENT | MQTT_FROM_SERVER };

static const struct {
    const char *name;
    uint8_t flags;   // of the fixed header [MQTT-2.1.3-1]; those of a PUBLISH vary
    uint8_t senders; // enum mqtt_sender
} types[TYPES] = {
    [0] = {"reserved", 0, BOTH},
    [MQTT_CONNECT] = {"CONNECT", 0, MQTT_FROM_CLIENT},
    [MQTT_CONNACK] = {"CONNACK", 0, MQTT_FROM_SERVER},
    [MQTT_PUBLISH] = {"PUBLISH", 0, BOTH},
    [MQTT_PUBACK] = {"PUBACK", 0, BOTH},
    [MQTT_PUBREC] = {"PUBREC", 0, BOTH},
    [MQTT_PUBREL] = {"PUBREL", 2, BOTH},
    [MQTT_PUBCOMP] = {"PUBCOMP", 0, BOTH},
    [MQTT_SUBSCRIBE] = {"SUBSCRIBE", 2, MQTT_FROM_CLIENT},
    [MQTT_SUBACK] = {"SUBACK", 0, MQTT_FROM_SERVER},
    [MQTT_UNSUBSCRIBE] = {"UNSUBSCRIBE", 2, MQTT_FROM_CLIENT},
    [MQTT_UNSUBACK] = {"UNSUBACK", 0, MQTT_FROM_SERVER},
    [MQTT_PINGREQ] = {"PINGREQ", 0, MQTT_FROM_CLIENT},
    [MQTT_PINGRESP] = {"PINGRESP", 0, MQTT_FROM_SERVER},
    [MQTT_DISCONNECT] = {"DISCONNECT", 0, BOTH}, // before 5.0 by clients only
    [MQTT_AUTH] = {"AUTH", 0, BOTH},
};

const char *mqtt_type_name(unsigned type) {
    return type < TYPES ? types[type].name : types[0].name;
}

// ---- decoding: what several packets have ------------------------------------------------------

// A packet on its way from bytes to values.
struct decoder {
    struct mqtt_reader reader;
    struct mqtt_packet *packet;
    enum mqtt_version version;
    enum mqtt_sender sender;
    uint8_t flags; // of the fixed header
};

static uint16_t read_packet_id(struct mqtt_reader *reader) {
    uint16_t packet_id = mqtt_reader_two_bytes(reader);
    mqtt_reader_fail_if(reader, packet_id == 0, MQTT_PROTOCOL_ERROR,
                        "the packet identifier is 0"); // [MQTT-2.2.1-3]
    return packet_id;
}

static void read_properties(struct mqtt_reader *reader, struct mqtt_properties *properties,
                            unsigned packet_type) {
    struct bytes run = mqtt_reader_run(reader, mqtt_reader_variable(reader));
    enum mqtt_reason reason = mqtt_properties_decode(properties, run, packet_type);
    if (reason == MQTT_MALFORMED_PACKET) {
        mqtt_reader_fail(reader, reason, "a property is unknown, cut short or not UTF-8");
    } else if (reason == MQTT_TOPIC_ALIAS_INVALID) {
        mqtt_reader_fail(reader, reason, "the topic alias is 0");
    } else if (reason != MQTT_SUCCESS) {
        mqtt_reader_fail(reader, reason,
                         "a property is not of this packet, came twice or is out of its limits");
    }
}

static void read_own_properties(struct decoder *decoder) {
    if (decoder->version == MQTT_5) {
        read_properties(&decoder->reader, &decoder->packet->properties, decoder->packet->type);
    }
}

static void check_reason(struct decoder *decoder, uint8_t code) {
    bool is_legal =
        mqtt_reason_is_legal(code, decoder->packet->type, decoder->sender == MQTT_FROM_SERVER);
    mqtt_reader_fail_if(&decoder->reader, !is_legal, MQTT_PROTOCOL_ERROR,
                        "the reason code is not one of this packet");
}

// ---- decoding: PUBLISH ------------------------------------------------------------------------

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS EACH_BYTE(0x80)

// Has a high bit set if a byte of the word is 0; where no byte is above 127, only then.
static inline uint64_t zeros_in(uint64_t word) {
    return (word - EACH_BYTE(1)) & HIGH_BITS;
}

static inline uint64_t suspects_in(uint64_t word) {
    return (word & HIGH_BITS) | zeros_in(word) | zeros_in(word ^ EACH_BYTE('+')) |
           zeros_in(word ^ EACH_BYTE('#'));
}

// Whether the topic is surely a good one: short, of ASCII, without wildcards. It looks at eight
// bytes at once, at the last ones together with some before them.
static inline bool is_plain_topic(struct bytes topic) {
    if (topic.size < sizeof(uint64_t) || topic.size >= TOPIC_LEVELS_MAX) {
        return false;
    }
    uint64_t word;
    uint64_t suspects = 0;
    size_t last = topic.size - sizeof word;
    for (size_t at = 0; at < last; at += sizeof word) {
        memcpy(&word, topic.data + at, sizeof word);
        suspects |= suspects_in(word);
    }
    memcpy(&word, topic.data + last, sizeof word);
    return (suspects | suspects_in(word)) == 0;
}

static void check_topic_name(struct mqtt_reader *reader, struct bytes topic) {
    enum topic_fault fault = topic_name_check(topic);
    if (fault != TOPIC_OK) {
        mqtt_reader_fail(reader,
                         fault == TOPIC_NOT_UTF8 ? MQTT_MALFORMED_PACKET : MQTT_TOPIC_NAME_INVALID,
                         topic_fault_text(fault));
    }
}

static struct bytes read_topic(struct mqtt_reader *reader) {
    struct bytes topic = mqtt_reader_binary(reader);
    if (topic.size > 0 && !is_plain_topic(topic)) {
        check_topic_name(reader, topic);
    }
    return topic;
}

static void check_publish_flags(struct decoder *decoder, const struct mqtt_publish *publish) {
    mqtt_reader_fail_if(&decoder->reader, publish->qos == 3, MQTT_MALFORMED_PACKET,
                        "the QoS of a PUBLISH is 3"); // [MQTT-3.3.1-4]
    bool is_wrong = publish->dup && publish->qos == 0 && decoder->version != MQTT_3_1;
    mqtt_reader_fail_if(&decoder->reader, is_wrong, MQTT_MALFORMED_PACKET,
                        "a PUBLISH of QoS 0 is marked as sent again"); // [MQTT-3.3.1-2]
}

static void read_publish_properties(struct decoder *decoder) {
    struct mqtt_reader *reader = &decoder->reader;
    struct mqtt_properties *properties = &decoder->packet->properties;
    bool has_none = mqtt_reader_left(reader) > 0 && *reader->at == 0;
    if (decoder->version != MQTT_5 || has_none) {
        reader->at += decoder->version == MQTT_5;
        mqtt_properties_clear(properties);
        return;
    }
    read_properties(reader, properties, MQTT_PUBLISH);
    bool is_wrong = decoder->sender == MQTT_FROM_CLIENT &&
                    mqtt_properties_have(properties, MQTT_SUBSCRIPTION_IDENTIFIER);
    mqtt_reader_fail_if(reader, is_wrong, MQTT_PROTOCOL_ERROR,
                        "a client's PUBLISH has a subscription identifier"); // [MQTT-3.3.4-6]
}

static void decode_publish(struct decoder *decoder) {
    struct mqtt_reader *reader = &decoder->reader;
    struct mqtt_packet *packet = decoder->packet;
    struct mqtt_publish *publish = &packet->publish;
    publish->dup = (decoder->flags & 8) != 0;
    publish->qos = decoder->flags >> 1 & 3;
    publish->retain = (decoder->flags & 1) != 0;
    check_publish_flags(decoder, publish);
    publish->topic = read_topic(reader);
    publish->packet_id = publish->qos == 0 ? 0 : read_packet_id(reader);
    read_publish_properties(decoder);
    bool is_wrong =
        publish->topic.size == 0 && !mqtt_properties_have(&packet->properties, MQTT_TOPIC_ALIAS);
    mqtt_reader_fail_if(reader, is_wrong, MQTT_PROTOCOL_ERROR,
                        "the topic is empty and no topic alias stands for it");
    publish->payload = mqtt_reader_rest(reader);
}

// ---- decoding: CONNECT ------------------------------------------------------------------------

// The version, or 0 with a fault. The bridge bit was only ever used before 5.0.
static uint8_t read_version(struct mqtt_reader *reader, struct mqtt_connect *connect) {
    struct bytes name = mqtt_reader_binary(reader);
    uint8_t version = mqtt_reader_byte(reader);
    bool is_old = bytes_equal(name, BYTES_LITERAL("MQIsdp"));
    if (!is_old && !bytes_equal(name, BYTES_LITERAL("MQTT"))) {
        mqtt_reader_fail(reader, MQTT_MALFORMED_PACKET,
                         "the protocol name is neither MQTT nor MQIsdp"); // [MQTT-3.1.2-1]
        return 0;
    }
    if (reader->fault != MQTT_SUCCESS) {
        return 0;
    }
    connect->version = version & (uint8_t)~BRIDGE_BIT;
    connect->is_bridge = (version & BRIDGE_BIT) != 0;
    bool is_known =
        is_old ? connect->version == MQTT_3_1 : connect->version == MQTT_3_1_1 || version == MQTT_5;
    if (!is_known) {
        connect->version = version;
        mqtt_reader_fail(reader, MQTT_UNSUPPORTED_PROTOCOL_VERSION,
                         "the protocol version is none of 3.1, 3.1.1 and 5.0"); // [MQTT-3.1.2-2]
    }
    return connect->version;
}

// What 3.1 calls unused may be anything there.
static void check_connect_flags(struct decoder *decoder, uint8_t flags) {
    struct mqtt_reader *reader = &decoder->reader;
    bool is_strict = decoder->version != MQTT_3_1;
    mqtt_reader_fail_if(reader, is_strict && (flags & FLAG_RESERVED) != 0, MQTT_MALFORMED_PACKET,
                        "the reserved connect flag is set"); // [MQTT-3.1.2-3]
    bool has_will = (flags & FLAG_WILL) != 0;
    mqtt_reader_fail_if(reader, (is_strict || has_will) && FLAG_WILL_QOS(flags) == 3,
                        MQTT_MALFORMED_PACKET, "the QoS of the will is 3"); // [MQTT-3.1.2-12]
    bool has_more = FLAG_WILL_QOS(flags) != 0 || (flags & FLAG_WILL_RETAIN) != 0;
    mqtt_reader_fail_if(reader, is_strict && !has_will && has_more, MQTT_MALFORMED_PACKET,
                        "flags of a will without a will"); // [MQTT-3.1.2-11, MQTT-3.1.2-13]
    bool has_bare_password = (flags & FLAG_PASSWORD) != 0 && (flags & FLAG_USER_NAME) == 0;
    mqtt_reader_fail_if(reader, decoder->version != MQTT_5 && has_bare_password,
                        MQTT_MALFORMED_PACKET,
                        "a password without a user name"); // [MQTT3-3.1.2-22]
}

static void take_connect_flags(struct mqtt_connect *connect, uint8_t flags) {
    connect->clean_start = (flags & FLAG_CLEAN_START) != 0;
    connect->has_will = (flags & FLAG_WILL) != 0;
    connect->will_qos = connect->has_will ? FLAG_WILL_QOS(flags) : 0;
    connect->will_retain = connect->has_will && (flags & FLAG_WILL_RETAIN) != 0;
    connect->has_user_name = (flags & FLAG_USER_NAME) != 0;
    connect->has_password = (flags & FLAG_PASSWORD) != 0;
}

static void read_will(struct decoder *decoder, struct mqtt_connect *connect) {
    if (decoder->version == MQTT_5) {
        read_properties(&decoder->reader, &connect->will_properties, MQTT_WILL_PROPERTIES);
    }
    connect->will_topic = mqtt_reader_binary(&decoder->reader);
    check_topic_name(&decoder->reader, connect->will_topic);
    connect->will_payload = mqtt_reader_binary(&decoder->reader);
}

// In 3.1 the flags may promise a user name or password that does not come: the length of the packet
// goes before them, for the sake of older clients (MQTT V3.1, section 3.1).
static void read_credentials(struct decoder *decoder, struct mqtt_connect *connect) {
    struct mqtt_reader *reader = &decoder->reader;
    bool may_lack = decoder->version == MQTT_3_1;
    if (connect->has_user_name && may_lack && mqtt_reader_left(reader) == 0) {
        connect->has_user_name = false;
    }
    if (connect->has_user_name) {
        connect->user_name = mqtt_reader_text(reader);
    }
    if (connect->has_password && may_lack && mqtt_reader_left(reader) == 0) {
        connect->has_password = false;
    }
    if (connect->has_password) {
        connect->password = mqtt_reader_binary(reader);
    }
}

static void decode_connect(struct decoder *decoder) {
    struct mqtt_reader *reader = &decoder->reader;
    struct mqtt_connect *connect = &decoder->packet->connect;
    decoder->version = (enum mqtt_version)read_version(reader, connect);
    mqtt_reader_fail_if(reader, decoder->flags != 0 && decoder->version != MQTT_3_1,
                        MQTT_MALFORMED_PACKET, "reserved flags of the fixed header are set");
    uint8_t flags = mqtt_reader_byte(reader);
    check_connect_flags(decoder, flags);
    take_connect_flags(connect, flags);
    connect->keep_alive = mqtt_reader_two_bytes(reader);
    read_own_properties(decoder);
    connect->client_id = mqtt_reader_text(reader);
    if (connect->has_will) {
        read_will(decoder, connect);
    }
    read_credentials(decoder, connect);
}

// ---- decoding: CONNACK, acknowledgements, DISCONNECT, AUTH --------------------------------------

// In 3.1 the first byte is unused.
static void decode_connack(struct decoder *decoder) {
    struct mqtt_reader *reader = &decoder->reader;
    struct mqtt_packet *packet = decoder->packet;
    uint8_t flags = mqtt_reader_byte(reader);
    if (decoder->version == MQTT_3_1) {
        flags = 0;
    }
    mqtt_reader_fail_if(reader, flags > 1, MQTT_MALFORMED_PACKET,
                        "reserved flags of the CONNACK are set"); // [MQTT-3.2.2-1]
    packet->session_present = flags == 1;
    packet->reason = mqtt_reader_byte(reader);
    if (decoder->version == MQTT_5) {
        check_reason(decoder, packet->reason);
    } else {
        mqtt_reader_fail_if(reader, packet->reason > 5, MQTT_PROTOCOL_ERROR,
                            "the return code is reserved");
    }
    mqtt_reader_fail_if(reader, packet->session_present && packet->reason != 0, MQTT_PROTOCOL_ERROR,
                        "a refused connection has a session"); // [MQTT-3.2.2-6]
    read_own_properties(decoder);
}

// The reason code and the properties, which may be left out from behind (sections 3.4.2.1 and
// 3.14.2.1).
static void read_reason(struct decoder *decoder) {
    if (decoder->version != MQTT_5) {
        return;
    }
    if (mqtt_reader_left(&decoder->reader) > 0) {
        decoder->packet->reason = mqtt_reader_byte(&decoder->reader);
    }
    check_reason(decoder, decoder->packet->reason);
    if (mqtt_reader_left(&decoder->reader) > 0) {
        read_own_properties(decoder);
    }
}

static void decode_acknowledgement(struct decoder *decoder) {
    decoder->packet->packet_id = read_packet_id(&decoder->reader);
    read_reason(decoder);
}

static void decode_disconnect(struct decoder *decoder) {
    read_reason(decoder);
    bool is_wrong = decoder->sender == MQTT_FROM_SERVER &&
                    mqtt_properties_have(&decoder->packet->properties, MQTT_SESSION_EXPIRY);
    mqtt_reader_fail_if(&decoder->reader, is_wrong, MQTT_PROTOCOL_ERROR,
                        "a server's DISCONNECT has a session expiry interval"); // [MQTT-3.14.2-2]
}

// Without a reason code it means success; with one it has a method (section 3.15.2.2.2).
static void decode_auth(struct decoder *decoder) {
    bool is_short = mqtt_reader_left(&decoder->reader) == 0;
    read_reason(decoder);
    bool has_method =
        mqtt_properties_have(&decoder->packet->properties, MQTT_AUTHENTICATION_METHOD);
    bool is_success = decoder->packet->reason == MQTT_SUCCESS && is_short;
    mqtt_reader_fail_if(&decoder->reader, !has_method && !is_success, MQTT_PROTOCOL_ERROR,
                        "an AUTH without authentication method");
}

// ---- decoding: SUBSCRIBE, UNSUBSCRIBE and their answers -----------------------------------------

static void check_options(struct decoder *decoder, struct bytes filter, uint8_t options) {
    struct mqtt_reader *reader = &decoder->reader;
    bool is_5 = decoder->version == MQTT_5;
    bool is_reserved = is_5 ? (options & OPTION_RESERVED) != 0 : options > 3;
    mqtt_reader_fail_if(reader, is_reserved && decoder->version != MQTT_3_1, MQTT_MALFORMED_PACKET,
                        "reserved bits of the options are set"); // [MQTT-3.8.3-5]
    mqtt_reader_fail_if(reader, (options & MQTT_OPTION_QOS) == 3,
                        is_5 ? MQTT_PROTOCOL_ERROR : MQTT_MALFORMED_PACKET,
                        "the QoS of a subscription is 3"); // [MQTT3-3.8.3-4]
    mqtt_reader_fail_if(reader, is_5 && MQTT_OPTION_RETAIN_HANDLING(options) == 3,
                        MQTT_PROTOCOL_ERROR, "the retain handling of a subscription is 3");
    bool is_shared = bytes_starts_with(filter, BYTES_LITERAL("$share/"));
    mqtt_reader_fail_if(reader, is_5 && is_shared && (options & MQTT_OPTION_NO_LOCAL) != 0,
                        MQTT_PROTOCOL_ERROR,
                        "no local on a shared subscription"); // [MQTT-3.8.3-4]
}

static void decode_filters(struct decoder *decoder) {
    struct mqtt_reader *reader = &decoder->reader;
    struct mqtt_packet *packet = decoder->packet;
    packet->packet_id = read_packet_id(reader);
    read_own_properties(decoder);
    packet->filters.run = bytes_make(reader->at, mqtt_reader_left(reader));
    while (mqtt_reader_left(reader) > 0) {
        struct bytes filter = mqtt_reader_text(reader);
        mqtt_reader_fail_if(reader, filter.size == 0, MQTT_MALFORMED_PACKET,
                            "a topic filter is empty"); // [MQTT-4.7.3-1]
        if (packet->type == MQTT_SUBSCRIBE) {
            check_options(decoder, filter, mqtt_reader_byte(reader));
        }
        packet->filters.count++;
    }
    mqtt_reader_fail_if(reader, packet->filters.count == 0, MQTT_PROTOCOL_ERROR,
                        "there is no topic filter"); // [MQTT-3.8.3-2, MQTT-3.10.3-2]
}

// A granted QoS, or a failure [MQTT3-3.9.3-2].
static bool is_old_code(uint8_t code) {
    return code <= 2 || code == 0x80;
}

// An UNSUBACK has codes in 5.0 only.
static void decode_codes(struct decoder *decoder) {
    struct mqtt_reader *reader = &decoder->reader;
    struct mqtt_packet *packet = decoder->packet;
    packet->packet_id = read_packet_id(reader);
    read_own_properties(decoder);
    if (packet->type == MQTT_UNSUBACK && decoder->version != MQTT_5) {
        return;
    }
    packet->codes = mqtt_reader_rest(reader);
    mqtt_reader_fail_if(reader, packet->codes.size == 0, MQTT_PROTOCOL_ERROR,
                        "there is no reason code");
    for (size_t i = 0; i < packet->codes.size; i++) {
        if (decoder->version == MQTT_5) {
            check_reason(decoder, packet->codes.data[i]);
        } else {
            mqtt_reader_fail_if(reader, !is_old_code(packet->codes.data[i]), MQTT_PROTOCOL_ERROR,
                                "the return code is reserved");
        }
    }
}

// ---- decoding: any packet -----------------------------------------------------------------------

// A PUBLISH is not among them.
static void decode_body(struct decoder *decoder) {
    switch (decoder->packet->type) {
    case MQTT_CONNECT:
        decode_connect(decoder);
        break;
    case MQTT_CONNACK:
        decode_connack(decoder);
        break;
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
        decode_acknowledgement(decoder);
        break;
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        decode_filters(decoder);
        break;
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        decode_codes(decoder);
        break;
    case MQTT_DISCONNECT:
        decode_disconnect(decoder);
        break;
    case MQTT_AUTH:
        decode_auth(decoder);
        break;
    case MQTT_PUBLISH:
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
        break;
    }
}

static void clear_head(struct mqtt_packet *packet) {
    packet->packet_id = 0;
    packet->reason = 0;
    packet->session_present = false;
}

// The flags of a CONNECT are looked at once its version is known.
static void check_head(struct decoder *decoder) {
    enum mqtt_type type = decoder->packet->type;
    bool is_5 = decoder->version == MQTT_5;
    mqtt_reader_fail_if(&decoder->reader, type == 0 || (type == MQTT_AUTH && !is_5),
                        MQTT_MALFORMED_PACKET, "the packet's type is reserved");
    bool is_legal = (types[type].senders & decoder->sender) != 0;
    if (type == MQTT_DISCONNECT && !is_5) {
        is_legal = decoder->sender == MQTT_FROM_CLIENT;
    }
    mqtt_reader_fail_if(&decoder->reader, !is_legal, MQTT_PROTOCOL_ERROR,
                        "the other side sends packets of this type");
    bool has_reserved =
        decoder->flags != types[type].flags && type != MQTT_CONNECT && decoder->version != MQTT_3_1;
    mqtt_reader_fail_if(&decoder->reader, has_reserved, MQTT_MALFORMED_PACKET,
                        "reserved flags of the fixed header are set"); // [MQTT-2.1.3-1]
}

static bool is_acknowledgement(enum mqtt_type type) {
    return type >= MQTT_PUBACK && type <= MQTT_PUBCOMP;
}

static void decode_other(struct decoder *decoder) {
    enum mqtt_type type = decoder->packet->type;
    if (is_acknowledgement(type)) {
        clear_head(decoder->packet);
        mqtt_properties_clear(&decoder->packet->properties);
    } else {
        *decoder->packet = (struct mqtt_packet){.type = type};
    }
    check_head(decoder);
    decode_body(decoder);
    mqtt_reader_fail_if(&decoder->reader, mqtt_reader_left(&decoder->reader) > 0,
                        MQTT_MALFORMED_PACKET, "bytes are left behind the packet's last field");
}

static void decode_frame(struct decoder *decoder) {
    struct mqtt_packet *packet = decoder->packet;
    if (packet->type == MQTT_PUBLISH) {
        clear_head(packet);
        decode_publish(decoder);
    } else {
        decode_other(decoder);
    }
}

enum mqtt_reason mqtt_decode(struct mqtt_packet *packet, struct bytes bytes,
                             enum mqtt_version version, enum mqtt_sender sender, const char **why) {
    struct mqtt_frame frame;
    struct decoder decoder = {{0}, packet, version, sender, 0};
    enum mqtt_frame_state state = mqtt_frame_read(bytes, &frame);
    packet->type = (enum mqtt_type)(frame.first >> 4);
    if (state == MQTT_FRAME_WHOLE && frame.bytes == bytes.size) {
        decoder.flags = frame.first & 15;
        decoder.reader = mqtt_reader_make(
            bytes_make(bytes.data + frame.head_bytes, bytes.size - frame.head_bytes));
        decode_frame(&decoder);
    } else {
        packet->connect.version = 0;
        mqtt_reader_fail(&decoder.reader, MQTT_MALFORMED_PACKET,
                         "the packet's length is not what its header says");
    }
    if (why != NULL && decoder.reader.fault != MQTT_SUCCESS) {
        *why = decoder.reader.why;
    }
    return decoder.reader.fault;
}

bool mqtt_filter_next(enum mqtt_type type, struct bytes *run, struct bytes *filter,
                      uint8_t *options) {
    if (run->size == 0) {
        return false;
    }
    struct mqtt_reader reader = mqtt_reader_make(*run);
    *filter = mqtt_reader_binary(&reader);
    *options = type == MQTT_SUBSCRIBE ? mqtt_reader_byte(&reader) : 0;
    *run = mqtt_reader_rest(&reader);
    return reader.fault == MQTT_SUCCESS;
}

// ---- encoding: sizes --------------------------------------------------------------------------

static size_t properties_size(const struct mqtt_properties *properties, enum mqtt_version version) {
    if (version != MQTT_5) {
        return 0;
    }
    return properties->present == 0 && properties->more.size == 0
               ? 1
               : mqtt_properties_size(properties);
}

static bool has_properties(const struct mqtt_packet *packet) {
    return packet->properties.present != 0 || packet->properties.more.size > 0;
}

static struct bytes protocol_name(uint8_t version) {
    return version == MQTT_3_1 ? BYTES_LITERAL("MQIsdp") : BYTES_LITERAL("MQTT");
}

static size_t connect_size(const struct mqtt_packet *packet) {
    const struct mqtt_connect *connect = &packet->connect;
    enum mqtt_version version = (enum mqtt_version)connect->version;
    size_t size = 2 + protocol_name(connect->version).size + 4;
    size += properties_size(&packet->properties, version) + 2 + connect->client_id.size;
    if (connect->has_will) {
        size += properties_size(&connect->will_properties, version);
        size += 2 + connect->will_topic.size + 2 + connect->will_payload.size;
    }
    size += connect->has_user_name ? 2 + connect->user_name.size : 0;
    size += connect->has_password ? 2 + connect->password.size : 0;
    return size;
}

static struct mqtt_publish_head publish_head(const struct mqtt_packet *packet,
                                             enum mqtt_version version) {
    const struct mqtt_publish *publish = &packet->publish;
    size_t rest = properties_size(&packet->properties, version) + publish->payload.size;
    return (struct mqtt_publish_head){.topic = publish->topic,
                                      .rest = rest,
                                      .packet_id = publish->packet_id,
                                      .qos = publish->qos,
                                      .retain = publish->retain,
                                      .dup = publish->dup};
}

static size_t publish_size(const struct mqtt_packet *packet, enum mqtt_version version) {
    struct mqtt_publish_head head = publish_head(packet, version);
    return mqtt_publish_remaining(&head);
}

// The shortest form that says it. An AUTH may lack both or nothing.
static size_t reason_size(const struct mqtt_packet *packet, enum mqtt_version version) {
    if (version != MQTT_5) {
        return 0;
    }
    if (has_properties(packet)) {
        return 1 + mqtt_properties_size(&packet->properties);
    }
    return packet->reason == MQTT_SUCCESS ? 0 : packet->type == MQTT_AUTH ? 2 : 1;
}

static size_t codes_size(const struct mqtt_packet *packet, enum mqtt_version version) {
    bool has_codes = packet->type == MQTT_SUBACK || version == MQTT_5;
    return 2 + properties_size(&packet->properties, version) + (has_codes ? packet->codes.size : 0);
}

static size_t remaining_size(const struct mqtt_packet *packet, enum mqtt_version version) {
    switch (packet->type) {
    case MQTT_CONNECT:
        return connect_size(packet);
    case MQTT_CONNACK:
        return 2 + properties_size(&packet->properties, version);
    case MQTT_PUBLISH:
        return publish_size(packet, version);
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
        return 2 + reason_size(packet, version);
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        return 2 + properties_size(&packet->properties, version) + packet->filters.run.size;
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        return codes_size(packet, version);
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        return reason_size(packet, version);
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
        break;
    }
    return 0;
}

size_t mqtt_encoded_size(const struct mqtt_packet *packet, enum mqtt_version version) {
    size_t remaining = remaining_size(packet, version);
    return remaining > MQTT_REMAINING_MAX ? 0
                                          : 1 + mqtt_variable_size((uint32_t)remaining) + remaining;
}

// ---- encoding: bytes --------------------------------------------------------------------------

static uint8_t *write_text(uint8_t *out, struct bytes text) {
    ASSERT(text.size <= UINT16_MAX);
    return mqtt_text_write(out, text);
}

static uint8_t *write_run(uint8_t *out, struct bytes run) {
    if (run.size > 0) {
        memcpy(out, run.data, run.size);
    }
    return out + run.size;
}

static uint8_t *write_properties(const struct mqtt_properties *properties,
                                 enum mqtt_version version, uint8_t *out) {
    if (version != MQTT_5) {
        return out;
    }
    if (properties->present == 0 && properties->more.size == 0) {
        *out = 0;
        return out + 1;
    }
    return mqtt_properties_write(properties, out);
}

static uint8_t *write_packet_id(uint8_t *out, uint16_t packet_id) {
    ASSERT(packet_id != 0);
    return mqtt_two_bytes_write(out, packet_id);
}

static uint8_t connect_flags(const struct mqtt_connect *connect) {
    unsigned flags = connect->clean_start ? FLAG_CLEAN_START : 0;
    if (connect->has_will) {
        flags |= FLAG_WILL | (unsigned)connect->will_qos << 3;
        flags |= connect->will_retain ? FLAG_WILL_RETAIN : 0;
    }
    flags |= connect->has_user_name ? FLAG_USER_NAME : 0;
    flags |= connect->has_password ? FLAG_PASSWORD : 0;
    return (uint8_t)flags;
}

static uint8_t *write_connect(const struct mqtt_packet *packet, uint8_t *out) {
    const struct mqtt_connect *connect = &packet->connect;
    enum mqtt_version version = (enum mqtt_version)connect->version;
    out = write_text(out, protocol_name(connect->version));
    *out++ = connect->version | (connect->is_bridge ? BRIDGE_BIT : 0);
    *out++ = connect_flags(connect);
    out = mqtt_two_bytes_write(out, connect->keep_alive);
    out = write_properties(&packet->properties, version, out);
    out = write_text(out, connect->client_id);
    if (connect->has_will) {
        out = write_properties(&connect->will_properties, version, out);
        out = write_text(write_text(out, connect->will_topic), connect->will_payload);
    }
    if (connect->has_user_name) {
        out = write_text(out, connect->user_name);
    }
    return connect->has_password ? write_text(out, connect->password) : out;
}

static uint8_t *write_connack(const struct mqtt_packet *packet, enum mqtt_version version,
                              uint8_t *out) {
    *out++ = packet->session_present && version != MQTT_3_1;
    *out++ = packet->reason;
    return write_properties(&packet->properties, version, out);
}

static uint8_t *write_publish(const struct mqtt_packet *packet, enum mqtt_version version,
                              uint8_t *out) {
    struct mqtt_publish_head head = publish_head(packet, version);
    ASSERT(head.topic.size <= UINT16_MAX);
    ASSERT(mqtt_publish_remaining(&head) <= MQTT_REMAINING_MAX);
    out = mqtt_publish_write(out, &head);
    return write_run(write_properties(&packet->properties, version, out), packet->publish.payload);
}

static uint8_t *write_reason(const struct mqtt_packet *packet, enum mqtt_version version,
                             uint8_t *out) {
    size_t size = reason_size(packet, version);
    if (size > 0) {
        *out++ = packet->reason;
    }
    return size > 1 ? write_properties(&packet->properties, version, out) : out;
}

static uint8_t *write_codes(const struct mqtt_packet *packet, enum mqtt_version version,
                            uint8_t *out) {
    out = write_packet_id(out, packet->packet_id);
    out = write_properties(&packet->properties, version, out);
    bool has_codes = packet->type == MQTT_SUBACK || version == MQTT_5;
    return has_codes ? write_run(out, packet->codes) : out;
}

// A PUBLISH is not among them.
static uint8_t *write_body(const struct mqtt_packet *packet, enum mqtt_version version,
                           uint8_t *out) {
    switch (packet->type) {
    case MQTT_CONNECT:
        return write_connect(packet, out);
    case MQTT_CONNACK:
        return write_connack(packet, version, out);
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
        return write_reason(packet, version, write_packet_id(out, packet->packet_id));
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        out = write_packet_id(out, packet->packet_id);
        out = write_properties(&packet->properties, version, out);
        return write_run(out, packet->filters.run);
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        return write_codes(packet, version, out);
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        return write_reason(packet, version, out);
    case MQTT_PUBLISH:
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
        break;
    }
    return out;
}

uint8_t *mqtt_encode(const struct mqtt_packet *packet, enum mqtt_version version, uint8_t *out) {
    ASSERT(packet->type >= MQTT_CONNECT && packet->type <= MQTT_AUTH);
    if (packet->type == MQTT_PUBLISH) {
        return write_publish(packet, version, out);
    }
    size_t remaining = remaining_size(packet, version);
    ASSERT(remaining <= MQTT_REMAINING_MAX);
    *out++ = (uint8_t)(packet->type << 4 | types[packet->type].flags);
    out = mqtt_variable_write(out, (uint32_t)remaining);
    const uint8_t *start = out;
    out = write_body(packet, version, out);
    ASSERT((size_t)(out - start) == remaining);
    return out;
}

uint8_t *mqtt_filter_write(enum mqtt_type type, uint8_t *out, struct bytes filter,
                           uint8_t options) {
    out = write_text(out, filter);
    if (type == MQTT_SUBSCRIBE) {
        *out++ = options;
    }
    return out;
}
