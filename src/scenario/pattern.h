// Names, topics and payloads with places to be filled in: "farm/{name}/moisture". Compiled once,
// then written for each device by a pure function.
//
//     {i}          the number of the device in its group, from 1 (or from what `first` says)
//     {i:6}        the same with at least 6 digits
//     {i per 100}  1 for the first hundred, 2 for the next ...
//     {i of 4}     1, 2, 3, 4, 1, 2 ...
//     {name} {group} {broker} {network}   those of the device
//     {n}          how many it has published of this kind, from 1
//     {time}       seconds since the start
//     {value}      the value, see value.h
//     {topic} {payload}   of the message that is answered
//
// A brace that no such word follows stands for itself, so JSON can be typed as it is; `{{` is a
// brace in any case.
#ifndef SCENARIO_PATTERN_H
#define SCENARIO_PATTERN_H

#include "scenario/arena.h"

enum pattern_part_kind {
    PATTERN_TEXT,
    PATTERN_I,
    PATTERN_NAME,
    PATTERN_GROUP,
    PATTERN_BROKER,
    PATTERN_NETWORK,
    PATTERN_N,
    PATTERN_TIME,
    PATTERN_VALUE,
    PATTERN_TOPIC,
    PATTERN_PAYLOAD,
    PATTERN_PARTS,
};

#define PATTERN_BIT(kind) (1u << (kind))

struct pattern_part {
    enum pattern_part_kind kind;
    uint8_t digits;    // PATTERN_I: at least so many
    uint32_t per;      // PATTERN_I: so many in a row have the same number; 1 or more
    uint32_t of;       // PATTERN_I: it begins again after so many; 0: never
    struct bytes text; // PATTERN_TEXT
};

struct pattern {
    struct bytes source; // as it was typed
    struct pattern_part *parts;
    uint32_t count;
    uint32_t uses; // PATTERN_BIT of each kind
};

#define PATTERN_BYTES_MAX 4096 // of its text
#define PATTERN_PARTS_MAX 64
#define PATTERN_NUMBER_MAX 1000000000u // for per and of
#define PATTERN_DIGITS_MAX 12

// What is filled into the places of a pattern: who the device is, which message this is, and of an
// answer what was asked. What a pattern does not use need not be there.
struct pattern_values {
    uint64_t i; // from 0: the device's place in its group
    uint64_t first;
    uint64_t n;
    uint64_t time_ns;
    struct bytes name;
    struct bytes group;
    struct bytes broker;
    struct bytes network;
    struct bytes value;
    struct bytes topic;
    struct bytes payload;
};

// Borrowed from the arena, as the text is. `allowed` are bits of kinds. NULL, or what is wrong, for
// people, a constant; *at is then its place in the text.
const char *pattern_compile(struct pattern *pattern, struct arena *arena, struct bytes text,
                            uint32_t allowed, size_t *at);

// Writes as much as there is room for; returns the size of the whole, which may be more.
size_t pattern_write(const struct pattern *pattern, const struct pattern_values *values,
                     uint8_t *out, size_t room);

// How many devices in a row get the same text, and after how many different ones (0: never) it
// begins again, as far as {i} decides.
void pattern_period(const struct pattern *pattern, uint64_t *in_row, uint64_t *period);

// Names of the kinds, {name} and so on; NULL behind the last one.
const char *pattern_kind_name(unsigned kind);

#endif
