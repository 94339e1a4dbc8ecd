// What a capture holds, event by event: connections that open, their bytes in order, and how they
// end. Captures are those of the tap (medium/capture/tap.h) and of other programs.
#ifndef MEDIUM_CAPTURE_TAP_EVENT_H
#define MEDIUM_CAPTURE_TAP_EVENT_H

#include "medium/capture/tap.h"

#define TAP_PEER_SIZE 64

enum tap_event_kind {
    TAP_OPENED,
    TAP_BYTES,
    TAP_LOST,  // some of the direction's bytes are missing here
    TAP_NOTED, // a note that stands by itself
    TAP_CLOSED,
};

// What happens on which connection, between whom, and what else is known of it. Everything is
// borrowed until the callback returns.
struct tap_event {
    enum tap_event_kind kind;
    enum tap_direction direction; // of TAP_BYTES, TAP_LOST and TAP_NOTED
    uint32_t connection;          // counted from 1
    uint16_t port;                // the broker's
    bool is_middle;               // of TAP_OPENED: it was open before the capture began
    const char *peer;             // "127.0.0.1:5000", "[::1]:5000", "unix 3"
    const char *broker;           // "10.0.0.2:1883", where it is; empty if only its port is known
    struct bytes bytes;
    uint64_t unix_ns;
    // What was done to the last packet of these bytes, or who ended the connection; NULL: nothing.
    const struct tap_note *note;
    const struct tap_owner *owner; // who wrote the tap, as far as it says so; NULL: it does not
};

struct tap_events {
    void *context;
    void (*event)(void *context, const struct tap_event *event);
    void (*notice)(void *context, const char *text); // for people, without the file's name
};

#endif
