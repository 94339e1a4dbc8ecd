// What stands in a tap (medium/capture/tap.h), block by block: streams that open, their bytes in
// order, and how they end.
//
// It reads captures of other tools too, as far as they are pcapng with raw IP packets; what it does
// not understand it says, once each kind, and passes over. Nothing that a file holds stops it but a
// block that has no end, for nobody knows where the next one begins.
#ifndef MEDIUM_CAPTURE_TAP_BLOCKS_H
#define MEDIUM_CAPTURE_TAP_BLOCKS_H

#include "base/memory.h"
#include "medium/capture/tap.h"

#define TAP_BLOCK_MAX (1u << 20) // bytes; larger ones are not understood
#define TAP_CONNECTIONS_MAX 100000
#define TAP_PEER_SIZE 64

enum tap_event_kind {
    TAP_OPENED,
    TAP_BYTES,
    TAP_LOST, // some of the direction's bytes are missing here
    TAP_CLOSED,
};

// Everything is borrowed until the callback returns.
struct tap_event {
    enum tap_event_kind kind;
    enum tap_direction direction; // of TAP_BYTES and TAP_LOST
    uint32_t connection;          // counted from 1
    uint16_t port;                // the broker's
    const char *peer;             // "127.0.0.1:5000", "[::1]:5000", "unix 3"
    struct bytes bytes;
    uint64_t unix_ns;
};

struct tap_events {
    void *context;
    void (*event)(void *context, const struct tap_event *event);
    void (*notice)(void *context, const char *text); // for people, without the file's name
};

struct tap_blocks;

struct tap_blocks *tap_blocks_create(struct memory *memory);
void tap_blocks_destroy(struct tap_blocks *blocks);

// Takes the whole blocks that the bytes begin with, and returns how many bytes they are. The rest
// is to come again, with more behind it.
size_t tap_blocks_take(struct tap_blocks *blocks, struct bytes bytes,
                       const struct tap_events *events);

// Another file begins: connections that are open end.
void tap_blocks_restart(struct tap_blocks *blocks, const struct tap_events *events);

// Another file begins that may go on with these connections. If it does not say so, they end.
void tap_blocks_follow(struct tap_blocks *blocks);

#endif
