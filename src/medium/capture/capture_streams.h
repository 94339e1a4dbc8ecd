// Segments of TCP put together again: connections that open, their bytes in order, what is missing,
// and how they end.
//
// Segments may come twice, late, out of order, overlapping; the first bytes for a position count.
// Bytes that the receiver acknowledged but the capture lacks are lost: this is reported, and what
// follows is delivered. Memory is bounded by the limits below, and reaching one counts as a loss.
//
// Reported are connections to port 1883 (even if their beginning is not in the capture), and other
// connections whose first segment begins with an MQTT CONNECT. They are counted from 1.
#ifndef MEDIUM_CAPTURE_CAPTURE_STREAMS_H
#define MEDIUM_CAPTURE_CAPTURE_STREAMS_H

#include "base/memory.h"
#include "medium/capture/capture_frame.h"
#include "medium/capture/tap_event.h"

#define CAPTURE_CONNECTIONS_MAX 100000
#define CAPTURE_AHEAD_MAX (1u << 20)      // bytes that wait for others before them, a direction
#define CAPTURE_AHEAD_ALL_MAX (64u << 20) // and of all
#define CAPTURE_PATIENCE 4 // segments that may still bring what was acknowledged already

enum capture_streams_said {
    CAPTURE_SAID_MANY,
    CAPTURE_SAID_OTHERS,
    CAPTURE_SAID_KINDS,
};

struct capture_streams;

struct capture_streams *capture_streams_create(struct memory *memory);
void capture_streams_destroy(struct capture_streams *streams);

// When a segment was captured, in whose capture, and who is told.
struct capture_moment {
    uint64_t unix_ns;
    const struct tap_owner *owner; // NULL: unknown; borrowed
    const struct tap_events *events;
};

void capture_streams_take(struct capture_streams *streams, const struct capture_segment *segment,
                          const struct capture_moment *moment);

// Nothing more comes: what waits for bytes before it is delivered, and these are lost.
void capture_streams_flush(struct capture_streams *streams, const struct capture_moment *moment);

// All connections end, since whoever captured them is gone.
void capture_streams_close(struct capture_streams *streams, const struct capture_moment *moment);

// Notices may be said again, of another file.
void capture_streams_forget_said(struct capture_streams *streams);

#endif
