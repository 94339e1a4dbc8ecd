// What stands in a capture (pcapng), block by block: packets of any link that
// medium/capture/capture_frame.h knows, with their comments, become the events of
// medium/capture/tap_event.h. Frames from other kinds of files go the same way.
//
// It reads the tap's captures (medium/capture/tap.h) and those of other tools; what it does not
// understand it says, once each kind, and passes over. Nothing that a file holds stops it but a
// block that has no end, for nobody knows where the next one begins.
#ifndef MEDIUM_CAPTURE_TAP_BLOCKS_H
#define MEDIUM_CAPTURE_TAP_BLOCKS_H

#include "base/memory.h"
#include "medium/capture/tap_event.h"

#define TAP_BLOCK_MAX (1u << 20) // bytes; larger ones are not understood

// A frame of a file that has no blocks.
struct tap_frame {
    uint32_t link; // the type of its link, as in pcap
    uint64_t unix_ns;
    struct bytes bytes;
};

struct tap_blocks;

struct tap_blocks *tap_blocks_create(struct memory *memory);
void tap_blocks_destroy(struct tap_blocks *blocks);

// Takes the whole blocks that the bytes begin with, and returns how many bytes they are. The rest
// is to come again, with more behind it.
size_t tap_blocks_take(struct tap_blocks *blocks, struct bytes bytes,
                       const struct tap_events *events);

void tap_blocks_frame(struct tap_blocks *blocks, const struct tap_frame *frame,
                      const struct tap_events *events);

// Nothing more comes: what waits for bytes that are missing is told now.
void tap_blocks_flush(struct tap_blocks *blocks, const struct tap_events *events);

// Another file begins: connections that are open end.
void tap_blocks_restart(struct tap_blocks *blocks, const struct tap_events *events);

// Another file begins that may go on with these connections. If it does not say so, they end.
void tap_blocks_follow(struct tap_blocks *blocks);

#endif
