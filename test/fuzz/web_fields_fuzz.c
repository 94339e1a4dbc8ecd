// Input: a byte for the version (3: a line of a network), and a packet or the beginning of one. The
// fields that are told stand in its order, do not overlap and cover all of it, and are JSON.
#include <jansson.h>

#include "base/assert.h"
#include "web/web_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct bytes json, size_t size) {
    json_t *fields = json_loadb((const char *)json.data, json.size, JSON_ALLOW_NUL, NULL);
    ASSERT(json_is_array(fields) && json_array_size(fields) <= WEB_FIELDS_MAX + 1);
    size_t at = 0;
    size_t i;
    const json_t *field;
    json_array_foreach(fields, i, field) {
        ASSERT(json_integer_value(json_object_get(field, "at")) == (json_int_t)at);
        ASSERT(json_is_string(json_object_get(field, "name")));
        at += (size_t)json_integer_value(json_object_get(field, "bytes"));
    }
    ASSERT(at == size);
    json_decref(fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const enum mqtt_version versions[] = {MQTT_3_1, MQTT_3_1_1, MQTT_5};
    struct memory memory;
    struct buffer out;
    if (size == 0) {
        return 0;
    }
    memory_init(&memory);
    buffer_init(&out, &memory);
    struct bytes packet = bytes_make(data + 1, size - 1);
    if (data[0] % 4 == 3) {
        web_fields_append_line(packet, &out);
    } else {
        web_fields_append_packet(packet, versions[data[0] % 4], &out);
    }
    check(buffer_bytes(&out), packet.size);
    buffer_deinit(&out);
    ASSERT(memory.bytes_in_use == 0);
    return 0;
}
