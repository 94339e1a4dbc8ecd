// Reads the fields of a packet straight on: the first fault sticks and empties what is left, so the
// fields that follow come out as 0 and empty, and the caller looks at `fault` once, at the end.
//
// What is read is borrowed from the bytes the reader was made of.
#ifndef MQTT_READER_H
#define MQTT_READER_H

#include "base/utf8.h"
#include "mqtt/reason.h"
#include "mqtt/variable.h"

struct mqtt_reader {
    const uint8_t *at;
    const uint8_t *end;
    enum mqtt_reason fault; // the first one found
    const char *why;        // for people; a constant
};

static inline struct mqtt_reader mqtt_reader_make(struct bytes bytes) {
    const uint8_t *end = bytes.size == 0 ? bytes.data : bytes.data + bytes.size;
    return (struct mqtt_reader){bytes.data, end, MQTT_SUCCESS, NULL};
}

static inline size_t mqtt_reader_left(const struct mqtt_reader *reader) {
    return (size_t)(reader->end - reader->at);
}

// Keeps the first fault. What follows is not read: its meaning is lost.
static inline void mqtt_reader_fail(struct mqtt_reader *reader, enum mqtt_reason fault,
                                    const char *why) {
    if (reader->fault == MQTT_SUCCESS) {
        reader->fault = fault;
        reader->why = why;
    }
    reader->at = reader->end;
}

static inline void mqtt_reader_fail_if(struct mqtt_reader *reader, bool is_wrong,
                                       enum mqtt_reason fault, const char *why) {
    if (is_wrong) {
        mqtt_reader_fail(reader, fault, why);
    }
}

// Whether so many bytes are left.
static inline bool mqtt_reader_has(struct mqtt_reader *reader, size_t size) {
    if (mqtt_reader_left(reader) >= size) {
        return true;
    }
    mqtt_reader_fail(reader, MQTT_MALFORMED_PACKET, "the packet ends inside a field");
    return false;
}

static inline uint8_t mqtt_reader_byte(struct mqtt_reader *reader) {
    return mqtt_reader_has(reader, 1) ? *reader->at++ : 0;
}

static inline uint16_t mqtt_reader_two_bytes(struct mqtt_reader *reader) {
    if (!mqtt_reader_has(reader, 2)) {
        return 0;
    }
    reader->at += 2;
    return mqtt_two_bytes_read(reader->at - 2);
}

static inline uint32_t mqtt_reader_four_bytes(struct mqtt_reader *reader) {
    if (!mqtt_reader_has(reader, 4)) {
        return 0;
    }
    uint32_t high = mqtt_reader_two_bytes(reader);
    return high << 16 | mqtt_reader_two_bytes(reader);
}

static inline uint32_t mqtt_reader_variable(struct mqtt_reader *reader) {
    uint32_t number = 0;
    int size = mqtt_variable_read(reader->at, mqtt_reader_left(reader), &number);
    if (size <= 0) {
        mqtt_reader_fail(reader, MQTT_MALFORMED_PACKET,
                         "a variable byte integer is cut short or too long");
        return 0;
    }
    reader->at += size;
    return number;
}

static inline struct bytes mqtt_reader_run(struct mqtt_reader *reader, size_t size) {
    if (!mqtt_reader_has(reader, size)) {
        return (struct bytes){0};
    }
    struct bytes run = bytes_make(reader->at, size);
    reader->at += size;
    return run;
}

static inline struct bytes mqtt_reader_rest(struct mqtt_reader *reader) {
    return mqtt_reader_run(reader, mqtt_reader_left(reader));
}

static inline struct bytes mqtt_reader_binary(struct mqtt_reader *reader) {
    return mqtt_reader_run(reader, mqtt_reader_two_bytes(reader));
}

static inline struct bytes mqtt_reader_text(struct mqtt_reader *reader) {
    struct bytes text = mqtt_reader_binary(reader);
    if (!utf8_is_valid(text)) { // [MQTT-1.5.4-1, MQTT-1.5.4-2]
        mqtt_reader_fail(reader, MQTT_MALFORMED_PACKET,
                         "a text is not valid UTF-8 or contains a zero byte");
        return (struct bytes){0};
    }
    return text;
}

#endif
