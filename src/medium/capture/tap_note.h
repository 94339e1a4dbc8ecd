// What a tap (medium/capture/tap.h) notes beside the bytes: what was done to a packet on its way,
// and who ended a connection and why. In the file a note is the comment of a packet (opt_comment of
// pcapng), so Wireshark shows it; it is English by a grammar, so that watch reads it back:
//
//   dropped: drop PUBACK 3 from dev-*
//   delayed by 200.000 ms: delay 200 ms to broker
//   ended by the broker: keep alive ran out: nothing was heard for 90 s
//
// Any other comment, as people write them in Wireshark, is a note without a meaning of its own.
#ifndef MEDIUM_CAPTURE_TAP_NOTE_H
#define MEDIUM_CAPTURE_TAP_NOTE_H

#include "base/bytes.h"

enum tap_note_kind {
    TAP_NOTE_NONE,
    TAP_NOTE_DROPPED,   // it never arrives
    TAP_NOTE_DELAYED,   // it arrives `delay_ns` later
    TAP_NOTE_HELD,      // it waits until it is let go
    TAP_NOTE_LET_GO,    // what was held arrives, after `delay_ns`; without bytes
    TAP_NOTE_REPEATED,  // these bytes arrive once more
    TAP_NOTE_CHANGED,   // others than these bytes, which were sent, arrive
    TAP_NOTE_REORDERED, // others that were sent later arrive before it
    TAP_NOTE_REFUSED,   // the request to open was turned away
    TAP_NOTE_ENDED,     // `side` and `cause`
    TAP_NOTE_COMMENT,   // of somebody else
    TAP_NOTES,
};

enum tap_side { TAP_SIDE_UNKNOWN, TAP_SIDE_CLIENT, TAP_SIDE_BROKER, TAP_SIDE_NETWORK, TAP_SIDES };

enum tap_cause {
    TAP_CAUSE_UNKNOWN,
    TAP_CAUSE_DISCONNECTED, // it sent DISCONNECT
    TAP_CAUSE_CLOSED,       // it closed its side without a word
    TAP_CAUSE_RESET,
    TAP_CAUSE_KEEP_ALIVE,
    TAP_CAUSE_KILLED, // by who runs the broker
    TAP_CAUSE_TAKEN_OVER,
    TAP_CAUSE_REFUSED, // before it was let in
    TAP_CAUSE_PROTOCOL,
    TAP_CAUSE_LIMIT,
    TAP_CAUSE_SHUT_DOWN,
    TAP_CAUSE_CUT,      // by a fault
    TAP_CAUSE_REPLACED, // a newer connection has the same addresses; this one's end was not seen
    TAP_CAUSE_STOPPED,  // the capture ends, the connection perhaps not
    TAP_CAUSES,
};

#define TAP_NOTE_TEXT_MAX 240  // bytes of a text that are kept
#define TAP_NOTE_BYTES_MAX 400 // of a comment

struct tap_note {
    enum tap_note_kind kind;
    enum tap_side side;
    enum tap_cause cause;
    uint64_t delay_ns;
    struct bytes text; // the rule that did it, or what else there is to say; borrowed; may be empty
};

// "keep alive ran out": the cause for people.
const char *tap_cause_text(enum tap_cause cause);
// "the broker".
const char *tap_side_text(enum tap_side side);

// The comment of a note other than TAP_NOTE_NONE; returns its size. Text beyond TAP_NOTE_TEXT_MAX
// is left out, not within a character.
size_t tap_note_write(const struct tap_note *note, char out[static TAP_NOTE_BYTES_MAX]);

// The note of a comment; its text is borrowed from there. TAP_NOTE_COMMENT: the whole comment is.
struct tap_note tap_note_read(struct bytes comment);

#endif
