#include "support.h"

#include "mqtt/maker.h"

static uint8_t room[150000];
static uint8_t long_text[UINT16_MAX];

static unsigned below(struct maker *maker, unsigned count) {
    return (unsigned)(support_random(&maker->random) % count);
}

static struct bytes any_text(struct maker *maker) {
    static const struct bytes texts[] = {
        BYTES_LITERAL("a"),           BYTES_LITERAL("sensors/kitchen/temp"),
        BYTES_LITERAL("/"),           BYTES_LITERAL("\xe2\x82\xac/\xf0\x9f\x98\x80"),
        BYTES_LITERAL("$SYS/broker"), BYTES_LITERAL("12345678"),
        BYTES_LITERAL("with space"),  BYTES_LITERAL("1234567"),
    };
    size_t count = sizeof texts / sizeof *texts;
    return below(maker, 100) == 0 ? bytes_make(long_text, UINT16_MAX)
                                  : texts[below(maker, (unsigned)count)];
}

static struct bytes any_data(struct maker *maker) {
    return below(maker, 2) == 0 ? any_text(maker) : BYTES_LITERAL("\0\xff\0");
}

static uint32_t any_number(struct maker *maker, const struct mqtt_property_row *row) {
    unsigned choice = below(maker, 3);
    uint64_t span = (uint64_t)row->max - row->min + 1;
    return choice == 0   ? row->min
           : choice == 1 ? row->max
                         : (uint32_t)(row->min + support_random(&maker->random) % span);
}

static void set_value(struct maker *maker, struct mqtt_properties *properties, uint32_t id) {
    const struct mqtt_property_row *row = mqtt_property_row(id);
    void *field = (char *)properties + row->offset;
    properties->present |= MQTT_HAS(id);
    switch (row->type) {
    case MQTT_BYTE:
        *(uint8_t *)field = (uint8_t)any_number(maker, row);
        break;
    case MQTT_TWO_BYTES:
        *(uint16_t *)field = (uint16_t)any_number(maker, row);
        break;
    case MQTT_FOUR_BYTES:
    case MQTT_VARIABLE:
        *(uint32_t *)field = any_number(maker, row);
        break;
    case MQTT_TEXT:
        *(struct bytes *)field = any_text(maker);
        break;
    case MQTT_BINARY:
        *(struct bytes *)field = any_data(maker);
        break;
    case MQTT_TEXT_PAIR:
        break;
    }
}

static bool may_have(const struct maker *maker, uint32_t id, unsigned type) {
    const struct mqtt_property_row *row = mqtt_property_row(id);
    bool is_client = maker->sender == MQTT_FROM_CLIENT;
    bool is_others = (id == MQTT_SUBSCRIPTION_IDENTIFIER && type == MQTT_PUBLISH && is_client) ||
                     (id == MQTT_SESSION_EXPIRY && type == MQTT_DISCONNECT && !is_client);
    return row != NULL && row->type != MQTT_TEXT_PAIR && (row->packets >> type & 1) != 0 &&
           !is_others;
}

static void add_more(struct maker *maker, struct mqtt_properties *properties, unsigned type) {
    uint8_t *start = maker->out;
    for (unsigned i = below(maker, 4); i > 0; i--) {
        maker->out = mqtt_user_property_write(maker->out, any_text(maker), BYTES_LITERAL("value"));
        if (type == MQTT_PUBLISH &&
            mqtt_properties_have(properties, MQTT_SUBSCRIPTION_IDENTIFIER)) {
            *maker->out++ = MQTT_SUBSCRIPTION_IDENTIFIER;
            maker->out = mqtt_variable_write(maker->out, 1 + below(maker, 100000));
        }
        if (maker->out - start > UINT16_MAX) {
            break;
        }
    }
    properties->more = bytes_make(start, (size_t)(maker->out - start));
}

static void make_properties(struct maker *maker, struct mqtt_properties *properties,
                            unsigned type) {
    bool has_any = (mqtt_property_row(MQTT_USER_PROPERTY)->packets >> type & 1) != 0;
    if (maker->version != MQTT_5 || !has_any || (below(maker, 3) == 0 && type != MQTT_AUTH)) {
        return;
    }
    for (uint32_t id = 0; id < MQTT_PROPERTIES; id++) {
        if (may_have(maker, id, type) && below(maker, 3) == 0) {
            set_value(maker, properties, id);
        }
    }
    if (type == MQTT_AUTH || mqtt_properties_have(properties, MQTT_AUTHENTICATION_DATA)) {
        set_value(maker, properties, MQTT_AUTHENTICATION_METHOD);
    }
    if (maker->out - room < UINT16_MAX) {
        add_more(maker, properties, type);
    }
}

static uint8_t any_reason(struct maker *maker, enum mqtt_type type) {
    if (maker->version != MQTT_5) {
        return type == MQTT_CONNACK ? (uint8_t)below(maker, 6) : 0;
    }
    uint8_t code;
    do {
        code = (uint8_t)below(maker, 256);
    } while (!mqtt_reason_is_legal(code, type, maker->sender == MQTT_FROM_SERVER));
    return code;
}

static void make_connect(struct maker *maker, struct mqtt_connect *connect) {
    connect->version = (uint8_t)maker->version;
    connect->is_bridge = maker->version != MQTT_5 && below(maker, 2) == 0;
    connect->clean_start = below(maker, 2) == 0;
    connect->keep_alive = (uint16_t)below(maker, 65536);
    connect->client_id = below(maker, 4) == 0 ? (struct bytes){0} : any_text(maker);
    connect->has_user_name = below(maker, 2) == 0;
    connect->has_password =
        (maker->version == MQTT_5 || connect->has_user_name) && below(maker, 2) == 0;
    connect->user_name = connect->has_user_name ? any_text(maker) : (struct bytes){0};
    connect->password = connect->has_password ? any_data(maker) : (struct bytes){0};
    connect->has_will = below(maker, 2) == 0;
    if (connect->has_will) {
        connect->will_qos = (uint8_t)below(maker, 3);
        connect->will_retain = below(maker, 2) == 0;
        connect->will_topic = any_text(maker);
        connect->will_payload = any_data(maker);
        make_properties(maker, &connect->will_properties, MQTT_WILL_PROPERTIES);
    }
}

static void make_publish(struct maker *maker, struct mqtt_packet *packet) {
    struct mqtt_publish *publish = &packet->publish;
    publish->qos = (uint8_t)below(maker, 3);
    publish->dup = publish->qos > 0 && below(maker, 2) == 0;
    publish->retain = below(maker, 2) == 0;
    publish->packet_id = publish->qos > 0 ? (uint16_t)(1 + below(maker, 65535)) : 0;
    bool has_alias = mqtt_properties_have(&packet->properties, MQTT_TOPIC_ALIAS);
    publish->topic = has_alias && below(maker, 2) == 0 ? (struct bytes){0} : any_text(maker);
    publish->payload = any_data(maker);
}

static void make_filters(struct maker *maker, struct mqtt_packet *packet) {
    uint8_t *start = maker->out;
    for (packet->filters.count = 0; packet->filters.count < 1 + below(maker, 4);
         packet->filters.count++) {
        unsigned qos = below(maker, 3);
        unsigned others = maker->version == MQTT_5 ? 4 * below(maker, 12) : 0;
        maker->out = mqtt_filter_write(packet->type, maker->out, BYTES_LITERAL("a/+/#"),
                                       (uint8_t)(qos | others));
    }
    packet->filters.run = bytes_make(start, (size_t)(maker->out - start));
}

static void make_codes(struct maker *maker, struct mqtt_packet *packet) {
    uint8_t *start = maker->out;
    bool is_5 = maker->version == MQTT_5;
    if (packet->type == MQTT_UNSUBACK && !is_5) {
        return;
    }
    for (unsigned i = 0; i < 5; i++) {
        *maker->out++ = is_5 ? any_reason(maker, packet->type) : (uint8_t)below(maker, 3);
    }
    packet->codes = bytes_make(start, 5);
}

static void make_body(struct maker *maker, struct mqtt_packet *packet) {
    switch (packet->type) {
    case MQTT_CONNECT:
        make_connect(maker, &packet->connect);
        break;
    case MQTT_PUBLISH:
        make_publish(maker, packet);
        break;
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        make_filters(maker, packet);
        break;
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        make_codes(maker, packet);
        break;
    case MQTT_CONNACK:
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
        packet->reason = any_reason(maker, packet->type);
        break;
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
        break;
    }
}

void maker_make(struct maker *maker, struct mqtt_packet *packet, unsigned type) {
    *packet = (struct mqtt_packet){.type = (enum mqtt_type)type};
    memset(long_text, 'x', sizeof long_text);
    maker->out = room;
    make_properties(maker, &packet->properties, type);
    make_body(maker, packet);
    if ((type >= MQTT_PUBACK && type <= MQTT_PUBCOMP) ||
        (type >= MQTT_SUBSCRIBE && type <= MQTT_UNSUBACK)) {
        packet->packet_id = (uint16_t)(1 + below(maker, 65535));
    }
    packet->session_present = type == MQTT_CONNACK && packet->reason == 0 &&
                              maker->version != MQTT_3_1 && below(maker, 2) == 0;
}
