// What was to be seen in a world, simulated or real, as exe/watch tells it with --json: lines of
// networks and packets of taps. A world has two kinds of them: acts, which a device does of its own
// accord, and all that follows from those. Two worlds in which the same acts were done are equal if
// on every way, from one device to another, the same passed in the same order.
//
// Compared is all that watch tells about a packet: type, topic, payload, QoS, DUP, retain, packet
// identifier, reason, properties, what a fault did to it. Left out is what cannot be equal: times,
// ports, keys, marks of wills, and what a CONNECT says of its program's own limits. Pings come by
// the clock, so they are left out, too.
#ifndef TEST_PROCESS_WORLDS_WORLD_RECORD_H
#define TEST_PROCESS_WORLDS_WORLD_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum world_act {
    WORLD_NO_ACT, // it follows from something else
    WORLD_JOIN,   // a program joins a network
    WORLD_CONNECT,
    WORLD_SUBSCRIBE,
    WORLD_UNSUBSCRIBE,
    WORLD_PUBLISH,
    WORLD_DISCONNECT,
    WORLD_DROP, // it is gone without a word
};

// `object` is what watch printed; `way` is "town: 2 -> 1"; `said` is what is compared.
struct world_moment {
    uint64_t time_ns;
    json_t *object;
    char *way;
    char *said;
    enum world_act act;
};

struct world_record {
    struct world_moment *items;
    size_t count;
    size_t capacity;
};

void world_record_init(struct world_record *record);
void world_record_deinit(struct world_record *record);

// Takes in what is a line of watch, up to its end. False: it is none.
bool world_record_add(struct world_record *record, const char *line, size_t size);

const char *world_moment_text(const struct world_moment *moment, const char *member);
// The file that it was seen in, without its folder.
const char *world_moment_file(const struct world_moment *moment);
const char *world_moment_words(const struct world_moment *moment);

// How many of the first `count` moments passed on that way.
size_t world_record_passed(const struct world_record *record, size_t count, const char *way);

// How many of them certainly came before moment number `count`. Lines bear whole seconds: of what
// another file has of the same second that is not known.
size_t world_record_passed_before(const struct world_record *record, size_t count, const char *way);

// Of what came behind the first `count` moments, the last words of programs that end: they were
// told to end when all was over.
void world_record_forget_farewells(struct world_record *record, size_t count);

// Prints in plain words what one world has and the other has not; returns how much that is.
size_t world_record_compare(const struct world_record *simulated, const struct world_record *real,
                            FILE *out);

#endif
