#include "role/proxy/head.h"

#include "mqtt/reader.h"

static enum proxy_head_state read_frame(struct bytes stream, struct mqtt_frame *frame,
                                        struct proxy_head *head) {
    *head = (struct proxy_head){.qos = -1};
    if (stream.size > 0 && stream.data[0] >> 4 == 0) {
        return PROXY_HEAD_FOREIGN; // type 0 is reserved
    }
    if (mqtt_frame_read(stream, frame) == MQTT_FRAME_MALFORMED) {
        return PROXY_HEAD_FOREIGN;
    }
    head->type = frame->first >> 4;
    head->bytes = frame->bytes;
    return frame->bytes == 0 ? PROXY_HEAD_PART : PROXY_HEAD_WHOLE;
}

// The alias among the properties, which may be of any order; 0 if there is none.
static uint16_t find_alias(struct bytes properties) {
    struct mqtt_properties decoded;
    if (mqtt_properties_decode(&decoded, properties, MQTT_PUBLISH) != MQTT_SUCCESS) {
        return 0;
    }
    return decoded.topic_alias;
}

// How many bytes of `rest`, which begins with a variable byte integer, it and what it counts take;
// 0: that is not known yet; more than there may be: it is wrong.
static size_t properties_end(struct bytes rest, size_t *start) {
    uint32_t size = 0;
    int taken = mqtt_variable_read(rest.data, rest.size, &size);
    *start = taken > 0 ? (size_t)taken : 0;
    return taken > 0 ? *start + size : taken == 0 ? 0 : SIZE_MAX;
}

// What of a PUBLISH is behind its fixed header: topic, packet identifier, properties.
static enum proxy_head_state read_publish(struct bytes stream, const struct mqtt_frame *frame,
                                          enum mqtt_version version, struct proxy_head *head) {
    struct bytes whole = {stream.data, stream.size < frame->bytes ? stream.size : frame->bytes};
    bool may_come = whole.size < frame->bytes && whole.size < PROXY_HEAD_MAX;
    size_t at = frame->head_bytes;
    if (whole.size < at + 2) {
        return may_come ? PROXY_HEAD_PART : PROXY_HEAD_WHOLE;
    }
    size_t topic_end = at + 2 + mqtt_two_bytes_read(whole.data + at);
    size_t end = topic_end + (head->qos > 0 ? 2 : 0);
    if (whole.size < end + (version == MQTT_5 ? 1 : 0)) {
        return may_come ? PROXY_HEAD_PART : PROXY_HEAD_WHOLE;
    }
    head->topic = bytes_make(whole.data + at + 2, topic_end - at - 2);
    if (version != MQTT_5) {
        return PROXY_HEAD_WHOLE;
    }
    size_t start;
    struct bytes rest = bytes_make(whole.data + end, whole.size - end);
    size_t size = properties_end(rest, &start);
    if ((size == 0 || size > rest.size) && may_come) {
        head->topic = bytes_make(NULL, 0);
        return PROXY_HEAD_PART;
    }
    if (size > start && size <= rest.size) {
        head->alias = find_alias(bytes_make(rest.data + start, size - start));
    }
    return PROXY_HEAD_WHOLE;
}

enum proxy_head_state proxy_head_read(struct bytes stream, enum mqtt_version version,
                                      bool reads_topic, struct proxy_head *head) {
    struct mqtt_frame frame;
    enum proxy_head_state state = read_frame(stream, &frame, head);
    if (state != PROXY_HEAD_WHOLE || head->type != MQTT_PUBLISH) {
        return state;
    }
    head->qos = (int8_t)(frame.first >> 1 & 3);
    return reads_topic ? read_publish(stream, &frame, version, head) : PROXY_HEAD_WHOLE;
}

enum proxy_head_state proxy_head_greet(struct bytes stream, struct proxy_greeting *greeting) {
    struct mqtt_frame frame;
    struct mqtt_packet packet;
    *greeting = (struct proxy_greeting){.version = MQTT_3_1_1};
    if (stream.size > 0 && stream.data[0] != MQTT_CONNECT << 4) {
        return PROXY_HEAD_FOREIGN;
    }
    enum proxy_head_state state = read_frame(stream, &frame, &greeting->head);
    if (state != PROXY_HEAD_WHOLE) {
        return state;
    }
    if (frame.bytes > PROXY_HEAD_MAX) {
        return PROXY_HEAD_FOREIGN;
    }
    if (stream.size < frame.bytes) {
        return PROXY_HEAD_PART;
    }
    if (mqtt_decode(&packet, bytes_make(stream.data, frame.bytes), MQTT_3_1_1, MQTT_FROM_CLIENT,
                    NULL) != MQTT_SUCCESS) {
        return PROXY_HEAD_FOREIGN;
    }
    greeting->version = (enum mqtt_version)packet.connect.version;
    greeting->client_id = packet.connect.client_id;
    return PROXY_HEAD_WHOLE;
}
