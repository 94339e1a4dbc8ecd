// Input: a byte for the version, one for the sender, the first byte of a packet, its body; the
// length between them is made here. Whatever is decoded is encoded again, to bytes that are decoded
// to the same packet and encoded to the same bytes. The body is also read as a stream of its own.
#include <stdlib.h>

#include "base/assert.h"
#include "mqtt/same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Gathers what encoding takes from `more`: user properties, and subscription identifiers behind the
// first. Returns the end.
static uint8_t *gather_more(struct mqtt_properties *properties, uint8_t *out) {
    struct bytes run = properties->raw;
    struct mqtt_property_value value;
    bool is_first = true;
    uint8_t *start = out;
    while (mqtt_property_next(&run, &value)) {
        bool is_identifier = value.id == MQTT_SUBSCRIPTION_IDENTIFIER;
        if (value.id == MQTT_USER_PROPERTY || (is_identifier && !is_first)) {
            memcpy(out, value.encoded.data, value.encoded.size);
            out += value.encoded.size;
        }
        is_first = is_first && !is_identifier;
    }
    ASSERT(run.size == 0);
    properties->more = bytes_make(start, (size_t)(out - start));
    return out;
}

static void walk_filters(const struct mqtt_packet *packet) {
    struct bytes run = packet->filters.run;
    struct bytes filter;
    uint8_t options;
    uint32_t count = 0;
    while (mqtt_filter_next(packet->type, &run, &filter, &options)) {
        count++;
    }
    ASSERT(run.size == 0 && count == packet->filters.count && count > 0);
}

static void check_again(struct mqtt_packet *packet, enum mqtt_version version,
                        enum mqtt_sender sender, size_t room) {
    uint8_t *more = malloc(3 * room);
    uint8_t *bytes = more + room;
    uint8_t *bytes_again = bytes + room;
    uint8_t *end = gather_more(&packet->properties, more);
    if (packet->type == MQTT_CONNECT && packet->connect.has_will) {
        (void)gather_more(&packet->connect.will_properties, end);
    }
    size_t size = mqtt_encoded_size(packet, version);
    ASSERT(size > 0 && size <= room);
    ASSERT(mqtt_encode(packet, version, bytes) == bytes + size);
    struct mqtt_packet again;
    ASSERT(mqtt_decode(&again, bytes_make(bytes, size), version, sender, NULL) == MQTT_SUCCESS);
    ASSERT(same_packets(packet, &again));
    again.properties.more = packet->properties.more;
    if (packet->type == MQTT_CONNECT) {
        again.connect.will_properties.more = packet->connect.will_properties.more;
    }
    ASSERT(mqtt_encoded_size(&again, version) == size);
    ASSERT(mqtt_encode(&again, version, bytes_again) == bytes_again + size);
    ASSERT(memcmp(bytes, bytes_again, size) == 0);
    free(more);
}

static void check_stream(struct bytes stream) {
    struct mqtt_frame frame;
    enum mqtt_frame_state state = mqtt_frame_read(stream, &frame);
    ASSERT(state != MQTT_FRAME_WHOLE || frame.bytes <= stream.size);
    ASSERT(state != MQTT_FRAME_PART || frame.bytes == 0 || frame.bytes > stream.size);
    struct mqtt_packet packet;
    enum mqtt_reason reason = mqtt_decode(&packet, stream, MQTT_5, MQTT_FROM_CLIENT, NULL);
    ASSERT(reason != MQTT_SUCCESS || state == MQTT_FRAME_WHOLE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3) {
        return 0;
    }
    enum mqtt_version version = (enum mqtt_version)(MQTT_3_1 + data[0] % 3);
    enum mqtt_sender sender = data[1] % 2 == 0 ? MQTT_FROM_CLIENT : MQTT_FROM_SERVER;
    struct bytes body = bytes_make(data + 3, size - 3);
    check_stream(body);
    uint8_t *bytes = malloc(body.size + 5);
    bytes[0] = data[2];
    uint8_t *end = mqtt_variable_write(bytes + 1, (uint32_t)body.size);
    memcpy(end, body.data, body.size);
    size_t bytes_size = (size_t)(end - bytes) + body.size;
    struct mqtt_packet packet;
    const char *why = NULL;
    enum mqtt_reason reason =
        mqtt_decode(&packet, bytes_make(bytes, bytes_size), version, sender, &why);
    ASSERT((reason != MQTT_SUCCESS) == (why != NULL));
    if (reason == MQTT_SUCCESS) {
        if (packet.type == MQTT_SUBSCRIBE || packet.type == MQTT_UNSUBSCRIBE) {
            walk_filters(&packet);
        }
        check_again(&packet, version, sender, bytes_size + 8);
    }
    free(bytes);
    return 0;
}
