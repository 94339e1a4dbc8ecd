#include "scenario/units.h"

#define MILLION UINT64_C(1000000)
#define US_NS 1000u
#define TIME_MAX_US (UINT64_C(3660) * 86400 * MILLION)
#define SPEED_MAX UINT64_C(1000000000000)
#define BYTES_MAX (UINT64_C(1) << 50)
_Static_assert(TIME_MAX_US <= UINT64_MAX / US_NS, "the longest time fits, in nanoseconds");
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit time_units[] = {{"us", 1},
                                         {"ms", 1000},
                                         {"s", MILLION},
                                         {"min", 60 * MILLION},
                                         {"h", 3600 * MILLION},
                                         {"d", 86400 * MILLION}};
static const struct unit speed_units[] = {
    {"bit/s", 1}, {"kbit/s", 1000}, {"Mbit/s", MILLION},  {"Gbit/s", 1000 * MILLION},
    {"B/s", 8},   {"kB/s", 8000},   {"MB/s", 8 * MILLION}};
static const struct unit byte_units[] = {
    {"B", 1},      {"kB", 1000},     {"MB", MILLION},    {"GB", 1000 * MILLION},
    {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};
static const struct unit rate_units[] = {{"/s", 3600}, {"/min", 60}, {"/h", 1}};

static const char *time_at(unsigned index) {
    return index < COUNT(time_units) ? time_units[index].name : NULL;
}

static const char *speed_at(unsigned index) {
    return index < COUNT(speed_units) ? speed_units[index].name : NULL;
}

static const char *byte_at(unsigned index) {
    return index < COUNT(byte_units) ? byte_units[index].name : NULL;
}

static const char *rate_at(unsigned index) {
    return index < COUNT(rate_units) ? rate_units[index].name : NULL;
}

// millionths * factor / divisor, or UINT64_MAX.
static uint64_t scaled(uint64_t millionths, uint64_t factor, uint64_t divisor) {
    __extension__ unsigned __int128 value = (unsigned __int128)millionths * factor / divisor;
    return value > UINT64_MAX ? UINT64_MAX : (uint64_t)value;
}

static size_t start_of(struct fault_reader *reader) {
    (void)fault_reader_is_at_end(reader);
    return reader->at;
}

// ---- times --------------------------------------------------------------------------------------

static uint8_t byte_behind(const struct fault_reader *reader, size_t at) {
    return at < reader->text.size ? reader->text.data[at] : 0;
}

// Two digits below 60, or `most` of hours.
static bool take_part(struct fault_reader *reader, size_t *at, uint64_t most, uint64_t *part) {
    size_t start = *at;
    uint64_t number = 0;
    for (; byte_behind(reader, *at) >= '0' && byte_behind(reader, *at) <= '9'; (*at)++) {
        number = number > most ? number : number * 10 + (uint64_t)(byte_behind(reader, *at) - '0');
    }
    *part = number;
    return *at > start && number <= most;
}

// HH:MM or HH:MM:SS; false and nothing taken: no colon is here.
static bool is_clock(const struct fault_reader *reader) {
    size_t at = reader->at;
    while (byte_behind(reader, at) >= '0' && byte_behind(reader, at) <= '9') {
        at++;
    }
    return at > reader->at && byte_behind(reader, at) == ':';
}

static bool read_clock(struct fault_reader *reader, uint64_t *ns) {
    size_t at = reader->at;
    uint64_t hours;
    uint64_t minutes;
    uint64_t seconds = 0;
    bool is_good = take_part(reader, &at, 87840, &hours);
    at++;
    is_good = is_good && take_part(reader, &at, 59, &minutes);
    if (is_good && byte_behind(reader, at) == ':') {
        at++;
        is_good = take_part(reader, &at, 59, &seconds);
    }
    if (!is_good) {
        return fault_reader_fail(reader, reader->at, "is no time as in 03:00 or 00:10:00");
    }
    reader->at = at;
    *ns = ((hours * 60 + minutes) * 60 + seconds) * MILLION * US_NS;
    return true;
}

bool units_time(struct fault_reader *reader, uint64_t *ns) {
    size_t start = start_of(reader);
    uint64_t millionths;
    if (!reader->has_failed && is_clock(reader)) {
        return read_clock(reader, ns);
    }
    if (!fault_reader_number(reader, &millionths)) {
        return false;
    }
    if (fault_reader_is_at_end(reader)) {
        *ns = 0; // 0 needs no unit
        return millionths == 0 ||
               fault_reader_fail(reader, start, "has no unit; allowed: us, ms, s, min, h, d");
    }
    int unit = fault_reader_one_of(reader, time_at, "us, ms, s, min, h, d");
    if (unit < 0) {
        return false;
    }
    uint64_t us = scaled(millionths, time_units[unit].factor, MILLION);
    *ns = us * US_NS;
    return us <= TIME_MAX_US || fault_reader_fail(reader, start, "is more than 3660 d");
}

bool units_jitter(struct fault_reader *reader, uint64_t ns, uint64_t *jitter_ns) {
    *jitter_ns = 0;
    if (!fault_reader_sign(reader, '~')) {
        return true;
    }
    size_t start = start_of(reader);
    uint64_t millionths;
    if (!fault_reader_number(reader, &millionths)) {
        return false;
    }
    if (fault_reader_sign(reader, '%')) {
        *jitter_ns = scaled(ns, millionths, 100 * MILLION);
        return millionths <= 100 * MILLION ||
               fault_reader_fail(reader, start, "is more than 100 %");
    }
    reader->at = start;
    return units_time(reader, jitter_ns);
}

// ---- others -------------------------------------------------------------------------------------

bool units_speed(struct fault_reader *reader, uint64_t *bits) {
    size_t start = start_of(reader);
    uint64_t millionths;
    if (!fault_reader_number(reader, &millionths)) {
        return false;
    }
    if (fault_reader_is_at_end(reader)) {
        return fault_reader_fail(reader, start, "has no unit; allowed: bit/s, kbit/s, Mbit/s ...");
    }
    int unit =
        fault_reader_one_of(reader, speed_at, "bit/s, kbit/s, Mbit/s, Gbit/s, B/s, kB/s, MB/s");
    if (unit < 0) {
        return false;
    }
    *bits = scaled(millionths, speed_units[unit].factor, MILLION);
    return (*bits > 0 && *bits <= SPEED_MAX) ||
           fault_reader_fail(reader, start, "is no speed from 1 bit/s to 1000 Gbit/s");
}

bool units_bytes(struct fault_reader *reader, uint64_t *bytes) {
    size_t start = start_of(reader);
    uint64_t millionths;
    int unit = 0;
    if (!fault_reader_number(reader, &millionths)) {
        return false;
    }
    if (!fault_reader_is_at_end(reader)) {
        unit = fault_reader_one_of(reader, byte_at, "B, kB, MB, GB, KiB, MiB, GiB");
        if (unit < 0) {
            return false;
        }
    }
    *bytes = scaled(millionths, byte_units[unit].factor, MILLION);
    return *bytes <= BYTES_MAX || fault_reader_fail(reader, start, "is more than 2^50 bytes");
}

bool units_share(struct fault_reader *reader, uint32_t most, uint32_t *share) {
    size_t start = start_of(reader);
    uint64_t millionths;
    if (!fault_reader_number(reader, &millionths) || !fault_reader_sign(reader, '%')) {
        return false;
    }
    if (millionths > most * MILLION) {
        return fault_reader_fail(reader, start,
                                 most == 100 ? "is more than 100 %" : "is more than 1000 %");
    }
    *share = (uint32_t)(millionths / 100);
    return true;
}

bool units_rate(struct fault_reader *reader, uint64_t *millionths) {
    uint64_t number;
    if (!fault_reader_number(reader, &number)) {
        return false;
    }
    int unit = fault_reader_one_of(reader, rate_at, "/s, /min, /h");
    *millionths = unit < 0 ? 0 : scaled(number, rate_units[unit].factor, 3600);
    return unit >= 0;
}

// ---- as text ------------------------------------------------------------------------------------

// Of `count` units in ascending order the last one that divides the number.
static void append_measure(struct buffer *out, uint64_t number, const struct unit *units,
                           size_t count) {
    size_t best = 0;
    for (size_t i = 1; i < count && number > 0; i++) {
        best = number % units[i].factor == 0 && units[i].factor >= units[best].factor ? i : best;
    }
    buffer_append_decimal(out, number / units[best].factor);
    buffer_append_byte(out, ' ');
    buffer_append_text(out, units[best].name);
}

void units_append_time(struct buffer *out, uint64_t ns) {
    append_measure(out, ns / US_NS, time_units + (ns == 0 ? 2 : 0),
                   ns == 0 ? 1 : COUNT(time_units));
}

void units_append_bytes(struct buffer *out, uint64_t bytes) {
    append_measure(out, bytes, byte_units, COUNT(byte_units));
}

void units_append_speed(struct buffer *out, uint64_t bits) {
    append_measure(out, bits, speed_units, 4);
}
