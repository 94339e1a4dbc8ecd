// Refusals and golden bytes come from the standards' text; round trips are random, from a fixed
// seed.
#include "support.h"

#include "mqtt/maker.h"
#include "mqtt/same.h"
#include "topic/topic.h"

#define SEED 20261127u
#define ROUNDS 300
#define C MQTT_FROM_CLIENT
#define S MQTT_FROM_SERVER

// ---- what is refused --------------------------------------------------------------------------

// A packet by its first byte and its body; what mqtt_decode says of it.
struct verdict {
    uint8_t version;
    uint8_t sender;
    uint8_t first;
    struct bytes body;
    enum mqtt_reason reason;
};

#define OK MQTT_SUCCESS
#define MALFORMED MQTT_MALFORMED_PACKET
#define PROTOCOL MQTT_PROTOCOL_ERROR
#define BODY BYTES_LITERAL

static uint8_t bytes[200000];
static uint8_t bytes_again[200000];

static struct bytes packet_bytes(uint8_t first, struct bytes body) {
    bytes[0] = first;
    uint8_t *end = mqtt_variable_write(bytes + 1, (uint32_t)body.size);
    if (body.size > 0) {
        memcpy(end, body.data, body.size);
    }
    return bytes_make(bytes, (size_t)(end - bytes) + body.size);
}

static void check_verdict(const struct verdict *verdict, size_t i) {
    struct mqtt_packet packet;
    const char *why = NULL;
    enum mqtt_reason reason =
        mqtt_decode(&packet, packet_bytes(verdict->first, verdict->body),
                    (enum mqtt_version)verdict->version, (enum mqtt_sender)verdict->sender, &why);
    if (reason != verdict->reason || (why == NULL) != (reason == OK)) {
        fail_msg("verdict %zu: %s (%s) in place of %s", i, mqtt_reason_text(reason),
                 why == NULL ? "no reason" : why, mqtt_reason_text(verdict->reason));
    }
    assert_int_equal(packet.type, verdict->first >> 4);
}

#define check_verdicts(verdicts) check_all(verdicts, sizeof(verdicts) / sizeof *(verdicts))
static void check_all(const struct verdict *verdicts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        check_verdict(&verdicts[i], i);
    }
}

// A good body of each type, for the checks of the fixed header.
static struct bytes good_body(unsigned type, unsigned version) {
    switch ((enum mqtt_type)type) {
    case MQTT_CONNECT:
        return version == 3   ? BODY("\0\6MQIsdp\3\2\0\0\0\1c")
               : version == 4 ? BODY("\0\4MQTT\4\2\0\0\0\1c")
                              : BODY("\0\4MQTT\5\2\0\0\0\0\1c");
    case MQTT_CONNACK:
        return version == 5 ? BODY("\0\0\0") : BODY("\0\0");
    case MQTT_PUBLISH:
        return version == 5 ? BODY("\0\1t\0p") : BODY("\0\1tp");
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
        return BODY("\0\1");
    case MQTT_SUBSCRIBE:
        return version == 5 ? BODY("\0\1\0\0\1f\1") : BODY("\0\1\0\1f\1");
    case MQTT_SUBACK:
        return version == 5 ? BODY("\0\1\0\1") : BODY("\0\1\1");
    case MQTT_UNSUBSCRIBE:
        return version == 5 ? BODY("\0\1\0\0\1f") : BODY("\0\1\0\1f");
    case MQTT_UNSUBACK:
        return version == 5 ? BODY("\0\1\0\0") : BODY("\0\1");
    case MQTT_AUTH:
        return BODY("\x18\4\x15\0\1m");
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
    case MQTT_DISCONNECT:
        break;
    }
    return (struct bytes){0};
}

static uint8_t good_flags(unsigned type) {
    return type == MQTT_PUBREL || type == MQTT_SUBSCRIBE || type == MQTT_UNSUBSCRIBE ? 2 : 0;
}

// Table 2-1 of both standards: who sends what.
static bool is_sent_by(unsigned type, unsigned version, unsigned sender) {
    const char *senders = ".cs*****cscscs**"; // by type
    if (type == 0 || (type == MQTT_AUTH && version != 5)) {
        return false;
    }
    char who = type == MQTT_DISCONNECT && version != 5 ? 'c' : senders[type];
    return who == '*' || who == (sender == C ? 'c' : 's');
}

static void packets_come_from_those_who_may_send_them(void **state) {
    (void)state;
    for (unsigned version = 3; version <= 5; version++) {
        for (unsigned type = 0; type < 16; type++) {
            for (unsigned sender = C; sender <= S; sender++) {
                bool is_reserved = type == 0 || (type == MQTT_AUTH && version != 5);
                struct verdict verdict = {(uint8_t)version, (uint8_t)sender,
                                          (uint8_t)(type << 4 | good_flags(type)),
                                          good_body(type, version),
                                          is_sent_by(type, version, sender) ? OK
                                          : is_reserved                     ? MALFORMED
                                                                            : PROTOCOL};
                check_verdict(&verdict, version * 100 + type);
            }
        }
    }
}

// [MQTT-2.1.3-1, MQTT-3.6.1-1, MQTT-3.8.1-1, MQTT-3.10.1-1, MQTT-3.14.1-1, MQTT-3.15.1-1]
// [MQTT3-2.2.2-1, MQTT3-2.2.2-2, MQTT3-3.6.1-1, MQTT3-3.8.1-1, MQTT3-3.10.1-1, MQTT3-3.14.1-1]
// In 3.1 they are unused and may be anything.
static void reserved_flags_of_the_fixed_header_are_checked(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3 * 16 * 16; i++) {
        unsigned version = 3 + i / 256;
        unsigned type = i / 16 % 16;
        unsigned sender = is_sent_by(type, version, C) ? C : S;
        if (type == MQTT_PUBLISH || !is_sent_by(type, version, sender)) {
            continue;
        }
        bool is_good = version == 3 || i % 16 == good_flags(type);
        struct verdict verdict = {(uint8_t)version, (uint8_t)sender, (uint8_t)(type << 4 | i % 16),
                                  good_body(type, version), is_good ? OK : MALFORMED};
        check_verdict(&verdict, i);
    }
}

// Wherever a packet is cut it is malformed, or a shorter form that means something else.
static void packets_cut_short_are_malformed(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3 * 16; i++) {
        unsigned version = 3 + i / 16;
        unsigned type = i % 16;
        unsigned sender = is_sent_by(type, version, C) ? C : S;
        struct bytes body = good_body(type, version);
        bool has_short_form = type == MQTT_PUBLISH || type == MQTT_AUTH || !body.size;
        for (size_t size = 0; !has_short_form && size < body.size; size++) {
            struct mqtt_packet packet;
            struct bytes cut =
                packet_bytes((uint8_t)(type << 4 | good_flags(type)), bytes_make(body.data, size));
            enum mqtt_reason reason = mqtt_decode(&packet, cut, (enum mqtt_version)version,
                                                  (enum mqtt_sender)sender, NULL);
            assert_true(reason == MALFORMED || reason == PROTOCOL);
        }
    }
}

static void bytes_behind_a_packet_are_malformed(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {3, C, 0x10, BODY("\0\6MQIsdp\3\2\0\0\0\1cx"), MALFORMED},
        {4, C, 0x10, BODY("\0\4MQTT\4\2\0\0\0\1cx"), MALFORMED},
        {5, C, 0x10, BODY("\0\4MQTT\5\2\0\0\0\0\1cx"), MALFORMED},
        {4, S, 0x20, BODY("\0\0x"), MALFORMED},
        {5, S, 0x20, BODY("\0\0\0x"), MALFORMED},
        {4, C, 0x40, BODY("\0\1x"), MALFORMED},
        {5, C, 0x40, BODY("\0\1\0\0x"), MALFORMED},
        {4, C, 0x62, BODY("\0\1x"), MALFORMED},
        {4, S, 0xb0, BODY("\0\1x"), MALFORMED},
        {4, C, 0xc0, BODY("x"), MALFORMED},
        {5, C, 0xc0, BODY("x"), MALFORMED},
        {5, S, 0xd0, BODY("x"), MALFORMED},
        {3, C, 0xe0, BODY("x"), MALFORMED},
        {4, C, 0xe0, BODY("x"), MALFORMED},
        {5, C, 0xe0, BODY("\0\0x"), MALFORMED},
        {5, C, 0xf0, BODY("\x18\4\x15\0\1mx"), MALFORMED},
    };
    check_verdicts(verdicts);
}

// [MQTT-2.2.1-3, MQTT-2.2.1-4] [MQTT3-2.3.1-1]
static void packet_identifiers_are_not_zero(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {3, C, 0x32, BODY("\0\1t\0\0"), PROTOCOL},   {4, C, 0x32, BODY("\0\1t\0\0"), PROTOCOL},
        {5, C, 0x34, BODY("\0\1t\0\0\0"), PROTOCOL}, {4, C, 0x40, BODY("\0\0"), PROTOCOL},
        {4, C, 0x50, BODY("\0\0"), PROTOCOL},        {4, C, 0x62, BODY("\0\0"), PROTOCOL},
        {4, C, 0x70, BODY("\0\0"), PROTOCOL},        {5, C, 0x70, BODY("\0\0"), PROTOCOL},
        {4, C, 0x82, BODY("\0\0\0\1f\0"), PROTOCOL}, {5, C, 0x82, BODY("\0\0\0\0\1f\0"), PROTOCOL},
        {4, C, 0xa2, BODY("\0\0\0\1f"), PROTOCOL},   {5, C, 0xa2, BODY("\0\0\0\0\1f"), PROTOCOL},
        {4, S, 0x90, BODY("\0\0\0"), PROTOCOL},      {4, S, 0xb0, BODY("\0\0"), PROTOCOL},
    };
    check_verdicts(verdicts);
}

// [MQTT-3.1.2-1, MQTT-3.1.2-2] [MQTT3-3.1.2-1, MQTT3-3.1.2-2]
static void protocol_names_and_versions_belong_together(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {0, C, 0x10, BODY("\0\6MQIsdp\x83\2\0\0\0\1c"), OK}, // bridges
        {0, C, 0x10, BODY("\0\4MQTT\x84\2\0\0\0\1c"), OK},
        {0, C, 0x10, BODY("\0\4MQTT\x85\2\0\0\0\0\1c"), MQTT_UNSUPPORTED_PROTOCOL_VERSION},
        {0, C, 0x10, BODY("\0\4MQTT\3\2\0\0\0\1c"), MQTT_UNSUPPORTED_PROTOCOL_VERSION},
        {0, C, 0x10, BODY("\0\4MQTT\6\2\0\0\0\1c"), MQTT_UNSUPPORTED_PROTOCOL_VERSION},
        {0, C, 0x10, BODY("\0\4MQTT\0"), MQTT_UNSUPPORTED_PROTOCOL_VERSION},
        {0, C, 0x10, BODY("\0\6MQIsdp\4\2\0\0\0\1c"), MQTT_UNSUPPORTED_PROTOCOL_VERSION},
        {0, C, 0x10, BODY("\0\4mqtt\4\2\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4HTTP\5\2\0\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\0\4\2\0\0\0\1c"), MALFORMED},
    };
    check_verdicts(verdicts);
    struct mqtt_packet packet;
    assert_int_equal(
        mqtt_decode(&packet, packet_bytes(0x10, BODY("\0\4MQTT\x09")), MQTT_5, C, NULL),
        MQTT_UNSUPPORTED_PROTOCOL_VERSION);
    assert_int_equal(packet.connect.version, 9);
    assert_int_equal(
        mqtt_decode(&packet, packet_bytes(0x10, BODY("\0\4XQTT\x04")), MQTT_5, C, NULL), MALFORMED);
    assert_int_equal(packet.connect.version, 0);
    // Once it is known it is told, whatever follows.
    assert_int_equal(
        mqtt_decode(&packet, packet_bytes(0x10, BODY("\0\4MQTT\4\1")), MQTT_5, C, NULL), MALFORMED);
    assert_int_equal(packet.connect.version, 4);
}

// [MQTT-3.1.2-3, MQTT-3.1.2-11, MQTT-3.1.2-12, MQTT-3.1.2-13]
// [MQTT3-3.1.2-3, MQTT3-3.1.2-13, MQTT3-3.1.2-14, MQTT3-3.1.2-15, MQTT3-3.1.2-22]
static void connect_flags_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {0, C, 0x10, BODY("\0\6MQIsdp\3\x01\0\0\0\1c"), OK},
        {0, C, 0x10, BODY("\0\6MQIsdp\3\x38\0\0\0\1c"), OK},
        {0, C, 0x10, BODY("\0\6MQIsdp\3\x1c\0\0\0\1c\0\1w\0\1p"), MALFORMED},
        {0, C, 0x10, BODY("\0\6MQIsdp\3\x40\0\0\0\1c\0\1p"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\x01\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\x08\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\x10\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\x20\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\x1c\0\0\0\1c\0\1w\0\1p"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\x14\0\0\0\1c\0\1w\0\1p"), OK},
        {0, C, 0x10, BODY("\0\4MQTT\4\x40\0\0\0\1c\0\1p"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\5\x01\0\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\5\x08\0\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\5\x20\0\0\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\5\x1c\0\0\0\0\1c\0\0\1w\0\1p"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\5\x24\0\0\0\0\1c\0\0\1w\0\1p"), OK},
        {0, C, 0x10, BODY("\0\4MQTT\5\x40\0\0\0\0\1c\0\1p"), OK},
    };
    check_verdicts(verdicts);
}

// [MQTT-3.1.3-1, MQTT-3.1.3-4, MQTT-3.1.3-11, MQTT-3.1.3-12, MQTT-3.1.2-16 to MQTT-3.1.2-19]
// [MQTT3-1.5.3-1, MQTT3-1.5.3-2, MQTT3-3.1.3-1, MQTT3-3.1.3-4, MQTT3-3.1.3-10, MQTT3-3.1.3-11]
static void connect_fields_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {0, C, 0x10, BODY("\0\4MQTT\4\2\0\0\0\0"), OK}, // the door's to refuse or not
        {0, C, 0x10, BODY("\0\4MQTT\4\2\0\0\0\1\xff"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\2\0\0\0\1\0"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\5\2\0\0\0\0\3\xed\xa0\x80"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\x82\0\0\0\1c\0\1\xff"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\xc2\0\0\0\1c\0\1u\0\1\xff"), OK},
        {0, C, 0x10, BODY("\0\4MQTT\4\xc2\0\0\0\1c\0\1u"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\2\0\0\0\1c\0\1u"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\6\0\0\0\1c\0\1\xff\0\1p"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\4\6\0\0\0\1c\0\1w\0\1\xff"), OK},
        {0, C, 0x10, BODY("\0\4MQTT\4\6\0\0\0\1c\0\3w/#\0\1p"), MQTT_TOPIC_NAME_INVALID},
        {0, C, 0x10, BODY("\0\4MQTT\4\6\0\0\0\1c\0\0\0\1p"), MQTT_TOPIC_NAME_INVALID},
        {0, C, 0x10, BODY("\0\4MQTT\5\6\0\0\0\0\1c\0\0\1+\0\1p"), MQTT_TOPIC_NAME_INVALID},
        {0, C, 0x10, BODY("\0\4MQTT\5\2\0\0\2\x21\0\0\1c"), MALFORMED},
        {0, C, 0x10, BODY("\0\4MQTT\5\2\0\0\3\x21\0\0\0\1c"), PROTOCOL},
        {0, C, 0x10, BODY("\0\4MQTT\5\2\0\0\4\x16\0\1d\0\1c"), PROTOCOL},
        {0, C, 0x10, BODY("\0\4MQTT\5\6\0\0\0\0\1c\2\x01\2\0\1w\0\1p"), PROTOCOL},
        {0, C, 0x10, BODY("\0\4MQTT\5\6\0\0\0\0\1c\5\x11\0\0\0\0\0\1w\0\1p"), PROTOCOL},
    };
    check_verdicts(verdicts);
}

// MQTT V3.1, section 3.1: the length of the packet goes before the flags.
static void credentials_may_lack_in_3_1(void **state) {
    (void)state;
    struct mqtt_packet packet;
    assert_int_equal(mqtt_decode(&packet,
                                 packet_bytes(0x10, BODY("\0\6MQIsdp\3\xc2\0\0\0\1c\0\1u")),
                                 MQTT_3_1, C, NULL),
                     OK);
    assert_true(packet.connect.has_user_name);
    assert_false(packet.connect.has_password);
    assert_int_equal(mqtt_decode(&packet, packet_bytes(0x10, BODY("\0\6MQIsdp\3\xc2\0\0\0\1c")),
                                 MQTT_3_1, C, NULL),
                     OK);
    assert_false(packet.connect.has_user_name);
    assert_false(packet.connect.has_password);
}

// [MQTT-3.2.2-1, MQTT-3.2.2-6, MQTT-3.2.2-8] [MQTT3-3.2.2-4]; return codes above 5 are reserved.
static void connacks_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {3, S, 0x20, BODY("\x55\0"), OK},
        {3, S, 0x20, BODY("\1\5"), OK},
        {4, S, 0x20, BODY("\1\0"), OK},
        {4, S, 0x20, BODY("\2\0"), MALFORMED},
        {4, S, 0x20, BODY("\x80\0"), MALFORMED},
        {4, S, 0x20, BODY("\1\5"), PROTOCOL},
        {4, S, 0x20, BODY("\0\5"), OK},
        {4, S, 0x20, BODY("\0\6"), PROTOCOL},
        {5, S, 0x20, BODY("\3\0\0"), MALFORMED},
        {5, S, 0x20, BODY("\1\x87\0"), PROTOCOL},
        {5, S, 0x20, BODY("\0\x87\0"), OK},
        {5, S, 0x20, BODY("\0\5\0"), PROTOCOL},
        {5, S, 0x20, BODY("\0\x8d\0"), PROTOCOL},
        {5, S, 0x20, BODY("\0\0"), MALFORMED},
        {5, S, 0x20, BODY("\0\0\2\x24\2"), PROTOCOL},
        {5, S, 0x20, BODY("\0\0\2\x24\1"), OK},
    };
    check_verdicts(verdicts);
}

// [MQTT-3.3.1-2, MQTT-3.3.1-4] [MQTT3-3.3.1-2, MQTT3-3.3.1-4]
static void publish_flags_are_checked(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3 * 16; i++) {
        unsigned version = 3 + i / 16;
        unsigned flags = i % 16;
        unsigned qos = flags >> 1 & 3;
        bool is_wrong = qos == 3 || (flags >= 8 && qos == 0 && version != 3);
        struct verdict verdict = {(uint8_t)version, C, (uint8_t)(0x30 | flags),
                                  qos > 0 ? BODY("\0\1t\0\1\0") : BODY("\0\1t\0"),
                                  is_wrong ? MALFORMED : OK};
        check_verdict(&verdict, i);
    }
}

// [MQTT-3.3.2-1, MQTT-3.3.2-2, MQTT-3.3.2-8, MQTT-3.3.2-14, MQTT-3.3.4-6, MQTT-4.7.3-1]
// [MQTT3-3.3.2-1, MQTT3-3.3.2-2, MQTT3-4.7.3-1]
static void publishes_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {4, C, 0x30, BODY("\0\0p"), PROTOCOL},
        {5, C, 0x30, BODY("\0\0\0p"), PROTOCOL},
        {5, C, 0x30, BODY("\0\0\3\x23\0\1p"), OK},
        {5, S, 0x30, BODY("\0\0\3\x23\0\1p"), OK},
        {5, C, 0x30, BODY("\0\0\3\x23\0\0p"), MQTT_TOPIC_ALIAS_INVALID},
        {5, C, 0x30, BODY("\0\1t\3\x23\0\0p"), MQTT_TOPIC_ALIAS_INVALID},
        {3, C, 0x30, BODY("\0\1#p"), MQTT_TOPIC_NAME_INVALID},
        {4, C, 0x30, BODY("\0\1+p"), MQTT_TOPIC_NAME_INVALID},
        {4, S, 0x30, BODY("\0\3a/#p"), MQTT_TOPIC_NAME_INVALID},
        {5, C, 0x30,
         BODY("\0\x11"
              "abcdefghijklmno/+\0p"),
         MQTT_TOPIC_NAME_INVALID},
        {5, C, 0x30,
         BODY("\0\x11"
              "abc#efghijklmno/p\0p"),
         MQTT_TOPIC_NAME_INVALID},
        {5, C, 0x30,
         BODY("\0\x11"
              "abc\xff"
              "efghijklmno/p\0p"),
         MALFORMED},
        {5, C, 0x30,
         BODY("\0\x11"
              "abcdefghijklmno\0p\0p"),
         MALFORMED},
        {5, C, 0x30,
         BODY("\0\x11"
              "abcdefghij\xc3\xa4lmn/p\0p"),
         OK},
        {4, C, 0x30, BODY("\0\1\xff"), MALFORMED},
        {4, C, 0x30, BODY("\0\1\0"), MALFORMED},
        {4, C, 0x30, BODY("\0\3\xed\xa0\x80"), MALFORMED},
        {4, C, 0x30, BODY("\0\5t"), MALFORMED},
        {4, C, 0x30, BODY("\0"), MALFORMED},
        {4, C, 0x32, BODY("\0\1t\0"), MALFORMED},
        {4, C, 0x30, BODY("\0\1t"), OK}, // an empty payload
        {5, C, 0x30, BODY("\0\1t"), MALFORMED},
        {5, C, 0x30, BODY("\0\1t\5\x01\1"), MALFORMED},
        {5, C, 0x30, BODY("\0\1t\x80\0p"), MALFORMED}, // 0 in two bytes
        {5, C, 0x30, BODY("\0\1t\4\x08\0\1#p"), PROTOCOL},
        {5, C, 0x30, BODY("\0\1t\2\x0b\1p"), PROTOCOL},
        {5, S, 0x30, BODY("\0\1t\2\x0b\1p"), OK},
        {5, S, 0x30, BODY("\0\1t\4\x0b\1\x0b\2p"), OK},
        {5, C, 0x30, BODY("\0\1t\2\x01\1\xff"), OK}, // the door's to refuse or not
        {5, C, 0x30, BODY("\0\1t\2\x7f\1p"), MALFORMED},
    };
    check_verdicts(verdicts);
}

// A wildcard or a zero anywhere in a topic of any size is found; so are more levels than we allow.
static void topics_are_looked_at_to_their_end(void **state) {
    (void)state;
    static const char faults[] = {'+', '#', 0, '\xff'};
    uint8_t body[64] = {0};
    for (unsigned size = 1; size < 40; size++) {
        for (unsigned i = 0; i < 4 * size; i++) {
            memset(body + 2, 'a', size);
            body[1] = (uint8_t)size;
            body[2 + i / 4] = (uint8_t)faults[i % 4];
            struct verdict verdict = {
                4, C, 0x30, {body, 2 + size}, i % 4 < 2 ? MQTT_TOPIC_NAME_INVALID : MALFORMED};
            check_verdict(&verdict, size);
        }
    }
    uint8_t deep[2 + TOPIC_LEVELS_MAX];
    memset(deep, '/', sizeof deep);
    deep[0] = 0;
    deep[1] = TOPIC_LEVELS_MAX;
    check_verdict(&(struct verdict){4, C, 0x30, {deep, sizeof deep}, MQTT_TOPIC_NAME_INVALID}, 0);
    deep[1] = TOPIC_LEVELS_MAX - 1;
    check_verdict(&(struct verdict){4, C, 0x30, {deep, sizeof deep}, OK}, 1);
}

// [MQTT-3.4.2-1, MQTT-3.5.2-1, MQTT-3.6.2-1, MQTT-3.7.2-1]; the short forms of section 3.4.2.
static void acknowledgements_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {5, C, 0x40, BODY("\0\1"), OK},
        {5, C, 0x40, BODY("\0\1\x10"), OK},
        {5, C, 0x40, BODY("\0\1\x10\0"), OK},
        {5, C, 0x40, BODY("\0\1\x92"), PROTOCOL},
        {5, C, 0x50, BODY("\0\1\x91"), OK},
        {5, C, 0x50, BODY("\0\1\1"), PROTOCOL},
        {5, C, 0x62, BODY("\0\1\x92"), OK},
        {5, C, 0x62, BODY("\0\1\x10"), PROTOCOL},
        {5, S, 0x70, BODY("\0\1\x92"), OK},
        {5, S, 0x70, BODY("\0\1\x80"), PROTOCOL},
        {5, C, 0x40, BODY("\0\1\0\1"), MALFORMED},
        {5, C, 0x40, BODY("\0"), MALFORMED},
        {5, C, 0x40, BODY("\0\1\0\2\x01\1"), PROTOCOL},
        {4, C, 0x40, BODY("\0\1\0"), MALFORMED},
    };
    check_verdicts(verdicts);
}

// [MQTT-3.8.3-1, MQTT-3.8.3-2, MQTT-3.8.3-4, MQTT-3.8.3-5]
// [MQTT3-3.8.3-1, MQTT3-3.8.3-3, MQTT3-3-8.3-4]
static void subscribes_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {4, C, 0x82, BODY("\0\1"), PROTOCOL},
        {5, C, 0x82, BODY("\0\1\0"), PROTOCOL},
        {4, C, 0x82, BODY("\0\1\0\1f"), MALFORMED},
        {4, C, 0x82, BODY("\0\1\0\1\xff\0"), MALFORMED},
        {4, C, 0x82, BODY("\0\1\0\1f\0\0\1\0\0"), MALFORMED},
        {4, C, 0x82, BODY("\0\1\0\1f\2"), OK},
        {4, C, 0x82, BODY("\0\1\0\1f\3"), MALFORMED},
        {4, C, 0x82, BODY("\0\1\0\1f\4"), MALFORMED},
        {4, C, 0x82, BODY("\0\1\0\1f\x80"), MALFORMED},
        {3, C, 0x82, BODY("\0\1\0\1f\x84"), OK},
        {3, C, 0x82, BODY("\0\1\0\1f\3"), MALFORMED},
        {5, C, 0x82, BODY("\0\1\0\0\1f\x2e"), OK},
        {5, C, 0x82, BODY("\0\1\0\0\1f\3"), PROTOCOL},
        {5, C, 0x82, BODY("\0\1\0\0\1f\x30"), PROTOCOL},
        {5, C, 0x82, BODY("\0\1\0\0\1f\x40"), MALFORMED},
        {5, C, 0x82, BODY("\0\1\0\0\1f\x80"), MALFORMED},
        {5, C, 0x82, BODY("\0\1\0\0\x0a$share/g/f\5"), PROTOCOL},
        {5, C, 0x82, BODY("\0\1\0\0\x0a$share/g/f\1"), OK},
        {5, C, 0x82, BODY("\0\1\0\0\x0a$sharx/g/f\5"), OK},
        {5, C, 0x82, BODY("\0\1\2\x0b\0\0\1f\0"), PROTOCOL},
        {5, C, 0x82, BODY("\0\1\4\x0b\1\x0b\1\0\1f\0"), PROTOCOL},
    };
    check_verdicts(verdicts);
}

// [MQTT-3.10.3-1, MQTT-3.10.3-2] [MQTT3-3.10.3-1, MQTT3-3.10.3-2]
static void unsubscribes_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {4, C, 0xa2, BODY("\0\1"), PROTOCOL},
        {5, C, 0xa2, BODY("\0\1\0"), PROTOCOL},
        {4, C, 0xa2, BODY("\0\1\0\1\xff"), MALFORMED},
        {4, C, 0xa2, BODY("\0\1\0\1f\0\2g"), MALFORMED},
        {5, C, 0xa2, BODY("\0\1\2\x0b\1\0\1f"), PROTOCOL},
    };
    check_verdicts(verdicts);
}

// [MQTT-3.9.3-2, MQTT-3.11.3-2] [MQTT3-3.9.3-2]
static void answers_to_subscribers_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {4, S, 0x90, BODY("\0\1\0\1\2\x80"), OK},     {4, S, 0x90, BODY("\0\1\3"), PROTOCOL},
        {4, S, 0x90, BODY("\0\1\0\x81"), PROTOCOL},   {4, S, 0x90, BODY("\0\1"), PROTOCOL},
        {5, S, 0x90, BODY("\0\1\0\0\1\2\xa2"), OK},   {5, S, 0x90, BODY("\0\1\0\3"), PROTOCOL},
        {5, S, 0x90, BODY("\0\1\0\0\x11"), PROTOCOL}, {5, S, 0x90, BODY("\0\1\0"), PROTOCOL},
        {5, S, 0xb0, BODY("\0\1\0\0\x11\x8f"), OK},   {5, S, 0xb0, BODY("\0\1\0\1"), PROTOCOL},
        {5, S, 0xb0, BODY("\0\1\0"), PROTOCOL},       {4, S, 0xb0, BODY("\0\1"), OK},
        {4, S, 0xb0, BODY("\0\1\0"), MALFORMED},
    };
    check_verdicts(verdicts);
}

// [MQTT-3.14.2-1, MQTT-3.14.2-2, MQTT-3.15.2-1]; the short forms of sections 3.14.2.1 and 3.15.2.1.
static void disconnects_and_auths_are_checked(void **state) {
    (void)state;
    static const struct verdict verdicts[] = {
        {5, C, 0xe0, BODY(""), OK},
        {5, C, 0xe0, BODY("\4"), OK},
        {5, C, 0xe0, BODY("\4\0"), OK},
        {5, S, 0xe0, BODY("\4"), PROTOCOL},
        {5, S, 0xe0, BODY("\x8e"), OK},
        {5, C, 0xe0, BODY("\x8e"), PROTOCOL},
        {5, C, 0xe0, BODY("\0\5\x11\0\0\0\1"), OK},
        {5, S, 0xe0, BODY("\x8e\5\x11\0\0\0\1"), PROTOCOL},
        {5, C, 0xe0, BODY("\0\5\x11\0\0\1"), MALFORMED},
        {5, S, 0xf0, BODY(""), OK},
        {5, C, 0xf0, BODY(""), PROTOCOL}, // success is the server's to say
        {5, S, 0xf0, BODY("\0\4\x15\0\1m"), OK},
        {5, C, 0xf0, BODY("\x19\4\x15\0\1m"), OK},
        {5, S, 0xf0, BODY("\x19\4\x15\0\1m"), PROTOCOL},
        {5, C, 0xf0, BODY("\x18"), PROTOCOL},
        {5, C, 0xf0, BODY("\x18\0"), PROTOCOL},
        {5, C, 0xf0, BODY("\x18\4\x16\0\1d"), PROTOCOL},
    };
    check_verdicts(verdicts);
}

// ---- where a packet ends ----------------------------------------------------------------------

static void lengths_are_checked(void **state) {
    (void)state;
    struct mqtt_frame frame;
    struct mqtt_packet packet;
    assert_int_equal(mqtt_frame_read(BODY("\x30\xff\xff\xff\xff"), &frame), MQTT_FRAME_MALFORMED);
    assert_int_equal(mqtt_frame_read(BODY("\x30\x80\x00"), &frame), MQTT_FRAME_MALFORMED);
    assert_int_equal(mqtt_frame_read(BODY("\x30\xff\xff\xff"), &frame), MQTT_FRAME_PART);
    assert_int_equal(frame.bytes, 0);
    assert_int_equal(mqtt_frame_read(BODY("\x30\xff\xff\xff\x7f"), &frame), MQTT_FRAME_PART);
    assert_int_equal(frame.bytes, MQTT_PACKET_MAX);
    assert_int_equal(mqtt_frame_read((struct bytes){0}, &frame), MQTT_FRAME_PART);
    static const struct bytes wrong[] = {
        {NULL, 0},        BODY("\xc0"),         BODY("\xc0\x80\x00"),
        BODY("\xc0\0\0"), BODY("\x30\5\0\1tp"), BODY("\x30\3\0\1tp"),
        BODY("\x10\5"),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(mqtt_decode(&packet, wrong[i], MQTT_3_1_1, C, NULL), MALFORMED);
    }
}

static void check_splits(struct bytes whole) {
    struct mqtt_frame frame;
    for (size_t size = 0; size < whole.size && size < 300; size++) {
        assert_int_equal(mqtt_frame_read(bytes_make(whole.data, size), &frame), MQTT_FRAME_PART);
        assert_true(frame.bytes == 0 || frame.bytes == whole.size);
    }
    assert_int_equal(mqtt_frame_read(whole, &frame), MQTT_FRAME_WHOLE);
    assert_int_equal(frame.bytes, whole.size);
    assert_int_equal(frame.first, whole.data[0]);
}

// ---- round trips ------------------------------------------------------------------------------

static void check_round_trip(const struct maker *maker, const struct mqtt_packet *packet) {
    struct mqtt_packet again;
    const char *why = "";
    size_t size = mqtt_encoded_size(packet, maker->version);
    assert_in_range(size, 2, sizeof bytes);
    assert_ptr_equal(mqtt_encode(packet, maker->version, bytes), bytes + size);
    struct bytes whole = bytes_make(bytes, size);
    check_splits(whole);
    if (mqtt_decode(&again, whole, maker->version, maker->sender, &why) != OK) {
        fail_msg("%s: %s", mqtt_type_name(packet->type), why);
    }
    if (!same_packets(packet, &again)) {
        fail_msg("%s: another packet came back", mqtt_type_name(packet->type));
    }
    again.properties.more = packet->properties.more;
    if (packet->type == MQTT_CONNECT) {
        again.connect.will_properties.more = packet->connect.will_properties.more;
    }
    assert_int_equal(mqtt_encoded_size(&again, maker->version), size);
    assert_ptr_equal(mqtt_encode(&again, maker->version, bytes_again), bytes_again + size);
    assert_memory_equal(bytes, bytes_again, size);
}

static void what_is_decoded_is_what_was_encoded(void **state) {
    (void)state;
    for (unsigned i = 0; i < 3 * 16 * 2; i++) {
        struct maker maker = {.random = SEED + i,
                              .version = (enum mqtt_version)(3 + i / 32),
                              .sender = i % 2 == 0 ? C : S};
        unsigned type = i / 2 % 16;
        for (int round = 0; is_sent_by(type, maker.version, maker.sender) && round < ROUNDS;
             round++) {
            struct mqtt_packet packet;
            maker_make(&maker, &packet, type);
            check_round_trip(&maker, &packet);
        }
    }
}

// ---- golden bytes -----------------------------------------------------------------------------

static void check_golden(const struct mqtt_packet *packet, enum mqtt_version version,
                         struct bytes expected) {
    uint8_t out[256];
    assert_int_equal(mqtt_encoded_size(packet, version), expected.size);
    assert_ptr_equal(mqtt_encode(packet, version, out), out + expected.size);
    assert_bytes_equal(bytes_make(out, expected.size), expected);
}

// The variable header of section 3.1.2.12 with a payload, and the same in each old version.
static void connects_have_the_bytes_of_the_standard(void **state) {
    (void)state;
    struct mqtt_packet packet = {
        .type = MQTT_CONNECT,
        .connect = {.version = MQTT_5,
                    .clean_start = true,
                    .has_will = true,
                    .will_qos = 1,
                    .has_user_name = true,
                    .has_password = true,
                    .keep_alive = 10,
                    .client_id = BODY("c"),
                    .will_topic = BODY("w"),
                    .will_payload = BODY("gone"),
                    .user_name = BODY("u"),
                    .password = BODY("p")},
        .properties = {.present = MQTT_HAS(MQTT_SESSION_EXPIRY), .session_expiry = 10}};
    check_golden(
        &packet, MQTT_5,
        BODY("\x10\x23\0\4MQTT\5\xce\0\x0a\5\x11\0\0\0\x0a\0\1c\0\0\1w\0\4gone\0\1u\0\1p"));
    packet.connect.version = MQTT_3_1_1;
    packet.connect.is_bridge = true;
    check_golden(&packet, MQTT_5,
                 BODY("\x10\x1c\0\4MQTT\x84\xce\0\x0a\0\1c\0\1w\0\4gone\0\1u\0\1p"));
    packet.connect.version = MQTT_3_1;
    check_golden(&packet, MQTT_5,
                 BODY("\x10\x1e\0\6MQIsdp\x83\xce\0\x0a\0\1c\0\1w\0\4gone\0\1u\0\1p"));
}

// Reason codes and properties are left out where they may be [MQTT-2.2.2-1].
static void short_forms_are_written(void **state) {
    (void)state;
    struct mqtt_packet packet = {.type = MQTT_PUBACK, .packet_id = 7};
    check_golden(&packet, MQTT_3_1_1, BODY("\x40\2\0\7"));
    check_golden(&packet, MQTT_5, BODY("\x40\2\0\7"));
    packet.reason = MQTT_NO_MATCHING_SUBSCRIBERS;
    check_golden(&packet, MQTT_5, BODY("\x40\3\0\7\x10"));
    packet.properties.present = MQTT_HAS(MQTT_REASON_STRING);
    packet.properties.reason_string = BODY("no");
    check_golden(&packet, MQTT_5, BODY("\x40\x09\0\7\x10\5\x1f\0\2no"));
    packet.reason = MQTT_SUCCESS;
    check_golden(&packet, MQTT_5, BODY("\x40\x09\0\7\0\5\x1f\0\2no"));
    packet = (struct mqtt_packet){.type = MQTT_PUBREL, .packet_id = 7};
    check_golden(&packet, MQTT_5, BODY("\x62\2\0\7"));
    packet = (struct mqtt_packet){.type = MQTT_DISCONNECT};
    check_golden(&packet, MQTT_3_1_1, BODY("\xe0\0"));
    check_golden(&packet, MQTT_5, BODY("\xe0\0"));
    packet.reason = MQTT_SESSION_TAKEN_OVER;
    check_golden(&packet, MQTT_5, BODY("\xe0\1\x8e"));
    packet = (struct mqtt_packet){.type = MQTT_AUTH};
    check_golden(&packet, MQTT_5, BODY("\xf0\0"));
    packet = (struct mqtt_packet){.type = MQTT_CONNACK, .session_present = true};
    check_golden(&packet, MQTT_3_1, BODY("\x20\2\0\0"));
    check_golden(&packet, MQTT_3_1_1, BODY("\x20\2\1\0"));
    check_golden(&packet, MQTT_5, BODY("\x20\3\1\0\0"));
}

// [MQTT-2.2.1-2]: no packet identifier with QoS 0.
static void publishes_have_the_bytes_of_the_standard(void **state) {
    (void)state;
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.topic = BODY("a/b"), .payload = BODY("hi")}};
    check_golden(&packet, MQTT_3_1_1, BODY("\x30\7\0\3a/bhi"));
    check_golden(&packet, MQTT_5, BODY("\x30\x08\0\3a/b\0hi"));
    packet.publish.qos = 2;
    packet.publish.dup = packet.publish.retain = true;
    packet.publish.packet_id = 10;
    check_golden(&packet, MQTT_3_1_1, BODY("\x3d\x09\0\3a/b\0\x0ahi"));
}

static void packets_that_are_too_large_have_no_size(void **state) {
    (void)state;
    struct mqtt_packet packet = {.type = MQTT_PUBLISH, .publish = {.topic = BODY("t")}};
    packet.publish.payload.size = MQTT_REMAINING_MAX - 3;
    assert_int_equal(mqtt_encoded_size(&packet, MQTT_3_1_1), MQTT_PACKET_MAX);
    assert_int_equal(mqtt_encoded_size(&packet, MQTT_5), 0);
    packet.publish.payload.size++;
    assert_int_equal(mqtt_encoded_size(&packet, MQTT_3_1_1), 0);
}

static void filters_are_walked_with_their_options(void **state) {
    (void)state;
    struct mqtt_packet packet;
    struct bytes filter;
    uint8_t options;
    assert_int_equal(
        mqtt_decode(&packet, packet_bytes(0x82, BODY("\0\1\0\0\1f\x2d\0\3a/#\2")), MQTT_5, C, NULL),
        OK);
    assert_int_equal(packet.filters.count, 2);
    struct bytes run = packet.filters.run;
    assert_true(mqtt_filter_next(MQTT_SUBSCRIBE, &run, &filter, &options));
    assert_bytes_equal(filter, BODY("f"));
    assert_int_equal(options & MQTT_OPTION_QOS, 1);
    assert_true(options & MQTT_OPTION_NO_LOCAL && options & MQTT_OPTION_RETAIN_AS_PUBLISHED);
    assert_int_equal(MQTT_OPTION_RETAIN_HANDLING(options), 2);
    assert_true(mqtt_filter_next(MQTT_SUBSCRIBE, &run, &filter, &options));
    assert_bytes_equal(filter, BODY("a/#"));
    assert_int_equal(options, 2);
    assert_false(mqtt_filter_next(MQTT_SUBSCRIBE, &run, &filter, &options));
}

static void types_have_names(void **state) {
    (void)state;
    assert_string_equal(mqtt_type_name(MQTT_CONNECT), "CONNECT");
    assert_string_equal(mqtt_type_name(MQTT_AUTH), "AUTH");
    assert_string_equal(mqtt_type_name(0), "reserved");
    assert_string_equal(mqtt_type_name(16), "reserved");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_come_from_those_who_may_send_them),
        cmocka_unit_test(reserved_flags_of_the_fixed_header_are_checked),
        cmocka_unit_test(packets_cut_short_are_malformed),
        cmocka_unit_test(bytes_behind_a_packet_are_malformed),
        cmocka_unit_test(packet_identifiers_are_not_zero),
        cmocka_unit_test(protocol_names_and_versions_belong_together),
        cmocka_unit_test(connect_flags_are_checked),
        cmocka_unit_test(connect_fields_are_checked),
        cmocka_unit_test(credentials_may_lack_in_3_1),
        cmocka_unit_test(connacks_are_checked),
        cmocka_unit_test(publish_flags_are_checked),
        cmocka_unit_test(publishes_are_checked),
        cmocka_unit_test(topics_are_looked_at_to_their_end),
        cmocka_unit_test(acknowledgements_are_checked),
        cmocka_unit_test(subscribes_are_checked),
        cmocka_unit_test(unsubscribes_are_checked),
        cmocka_unit_test(answers_to_subscribers_are_checked),
        cmocka_unit_test(disconnects_and_auths_are_checked),
        cmocka_unit_test(lengths_are_checked),
        cmocka_unit_test(what_is_decoded_is_what_was_encoded),
        cmocka_unit_test(connects_have_the_bytes_of_the_standard),
        cmocka_unit_test(short_forms_are_written),
        cmocka_unit_test(publishes_have_the_bytes_of_the_standard),
        cmocka_unit_test(packets_that_are_too_large_have_no_size),
        cmocka_unit_test(filters_are_walked_with_their_options),
        cmocka_unit_test(types_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
