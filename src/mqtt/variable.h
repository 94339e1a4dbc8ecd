// The small parts that MQTT packets are made of: variable byte integers (5.0, section 1.5.5), two
// and four byte integers, strings with their size in front. Inline: they are on the path of every
// packet.
#ifndef MQTT_VARIABLE_H
#define MQTT_VARIABLE_H

#include "base/assert.h"
#include "base/bytes.h"

#define MQTT_VARIABLE_BYTES_MAX 4

// Reads a variable byte integer from up to `size` bytes: how many it took; 0: it is cut short; -1:
// it is malformed, for it goes on after 4 bytes or has more bytes than it needs [MQTT-1.5.5-1].
static inline int mqtt_variable_read(const uint8_t *data, size_t size, uint32_t *number) {
    uint32_t value = 0;
    for (int i = 0; i < MQTT_VARIABLE_BYTES_MAX; i++) {
        if ((size_t)i == size) {
            return 0;
        }
        value |= (uint32_t)(data[i] & 0x7f) << 7 * i;
        if (data[i] < 0x80) {
            *number = value;
            return data[i] == 0 && i > 0 ? -1 : i + 1;
        }
    }
    return -1;
}

static inline unsigned mqtt_variable_size(uint32_t number) {
    return number < 128 ? 1 : number < 16384 ? 2 : number < 2097152 ? 3 : 4;
}

static inline uint8_t *mqtt_variable_write(uint8_t *out, uint32_t number) {
    ASSERT(number < 1u << 7 * MQTT_VARIABLE_BYTES_MAX);
    for (; number >= 128; number >>= 7) {
        *out++ = (uint8_t)(number | 0x80);
    }
    *out++ = (uint8_t)number;
    return out;
}

static inline uint16_t mqtt_two_bytes_read(const uint8_t *data) {
    return (uint16_t)(data[0] << 8 | data[1]);
}

static inline uint8_t *mqtt_two_bytes_write(uint8_t *out, uint16_t number) {
    out[0] = (uint8_t)(number >> 8);
    out[1] = (uint8_t)number;
    return out + 2;
}

static inline uint8_t *mqtt_four_bytes_write(uint8_t *out, uint32_t number) {
    return mqtt_two_bytes_write(mqtt_two_bytes_write(out, (uint16_t)(number >> 16)),
                                (uint16_t)number);
}

// A text or binary data of at most 65535 bytes, with its size in front.
static inline uint8_t *mqtt_text_write(uint8_t *out, struct bytes text) {
    ASSERT(text.size <= UINT16_MAX);
    out = mqtt_two_bytes_write(out, (uint16_t)text.size);
    if (text.size > 0) {
        memcpy(out, text.data, text.size);
    }
    return out + text.size;
}

#endif
