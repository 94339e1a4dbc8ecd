// Quantities as people type them, `60 s`, `00:10:00`, `64 kbit/s`, `16 KiB`, `2 %`, by the words of
// fault/words.h, so a mistake is answered with what may stand there.
#ifndef SCENARIO_UNITS_H
#define SCENARIO_UNITS_H

#include "base/buffer.h"
#include "fault/words.h"

// Each takes a quantity, or fails and returns false: the number has no unit, or none of these.
// Times: us, ms, s, min, h, d, and HH:MM or HH:MM:SS; at most ten years.
bool units_time(struct fault_reader *reader, uint64_t *ns);
// Bits a second: bit/s, kbit/s, Mbit/s, Gbit/s, B/s, kB/s, MB/s; above 0.
bool units_speed(struct fault_reader *reader, uint64_t *bits);
// Bytes: B, kB, MB, GB, KiB, MiB, GiB, or nothing.
bool units_bytes(struct fault_reader *reader, uint64_t *bytes);
// Parts of a million of `%`, up to `most` percent.
bool units_share(struct fault_reader *reader, uint32_t most, uint32_t *share);
// A rate, `5000/s`, in millionths a second; also /min and /h.
bool units_rate(struct fault_reader *reader, uint64_t *millionths);
// Behind a time: nothing, `~ TIME`, or `~ SHARE` of it.
bool units_jitter(struct fault_reader *reader, uint64_t ns, uint64_t *jitter_ns);

// Quantities as text, in the largest unit that has no decimals: "90 s", "16 KiB", "64 kbit/s".
void units_append_time(struct buffer *out, uint64_t ns);
void units_append_bytes(struct buffer *out, uint64_t bytes);
void units_append_speed(struct buffer *out, uint64_t bits);

#endif
