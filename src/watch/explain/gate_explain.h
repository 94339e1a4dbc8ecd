// What a router and a master say to each other, as a tap notes it (medium/capture/tap_gate.h), in
// plain words, for each form of the program `watch`.
#ifndef WATCH_EXPLAIN_GATE_EXPLAIN_H
#define WATCH_EXPLAIN_GATE_EXPLAIN_H

#include "base/buffer.h"
#include "base/map.h"
#include "medium/capture/tap_gate.h"
#include "shell/terminal/colour.h"

#define GATE_SHORT_NAME_MAX 7
#define GATE_SEEN_MAX 100000 // gates and kinds that are remembered

// "upload", "given": what stands at an arrow.
const char *gate_explain_name(const struct tap_gate *gate);
enum colour gate_explain_colour(const struct tap_gate *gate);
// Whether it is something at the master alone.
bool gate_explain_is_of_master(const struct tap_gate *gate);
void gate_explain_append_words(const struct tap_gate *gate, struct buffer *out);
// What it is for.
void gate_explain_append_why(const struct tap_gate *gate, struct buffer *out);

struct gate_json {
    const char *network; // the tap's name
    uint64_t unix_ns;
    struct bytes words;
    struct bytes why; // may be empty
};
// One JSON object on a line; docs/json.md has its members.
void gate_json_append(const struct tap_gate *gate, const struct gate_json *json,
                      struct buffer *out);

// With the taps of both sides each request and each answer is noted twice. That of the file which
// has it first is shown, the other one is not.
struct gate_seen {
    struct memory *memory;
    struct map places; // by gate and kind
    struct gate_seen_item {
        uint32_t file;
        uint64_t number;
        uint64_t packets;
    } * items;
    uint32_t count;
    uint32_t capacity;
};

void gate_seen_init(struct gate_seen *seen, struct memory *memory);
void gate_seen_deinit(struct gate_seen *seen);
// Whether it is news; it is taken note of.
bool gate_seen_is_new(struct gate_seen *seen, uint32_t file, const struct tap_gate *gate);

#endif
