// What a router and a master say to each other (role/gate.h) as notes in a tap
// (medium/capture/tap.h): requests, answers, requests that wait, and what is in mailboxes. In the
// file each is the comment of an empty TCP segment between the two; it is English by a grammar, so
// that watch reads it back:
//
//   gate 7 uploads 3 packets from 12, 210 bytes: publ 7580 to 8083, ...
//   gate 7 uploaded up to 14, 3 new, 0 unreachable
//   gate 8 asks for packets behind 5, up to 20 s
//   gate 8 waits
//   gate 8 is given 3 packets up to 8, 210 bytes, 0 missing: publ 7580 to 8083, ...
//   gate 9 has a mailbox of 3 packets, 210 bytes, 0 dropped
//
// Secrets and tokens are not in it, nor what packets carry.
#ifndef MEDIUM_CAPTURE_TAP_GATE_H
#define MEDIUM_CAPTURE_TAP_GATE_H

#include "medium/capture/tap.h"
#include "role/gate.h"

#define TAP_GATE_ROUTER "router" // kinds of a tap's owner
#define TAP_GATE_MASTER "master"
#define TAP_GATE_STREAM 1 // the one stream of such a tap

enum tap_gate_kind {
    TAP_GATE_LEASE,
    TAP_GATE_LEASED,
    TAP_GATE_UPLOAD,
    TAP_GATE_UPLOADED,
    TAP_GATE_ASK, // for what is in the mailbox
    TAP_GATE_WAITS,
    TAP_GATE_GIVEN,
    TAP_GATE_GIVE_BACK,
    TAP_GATE_GAVE_BACK,
    TAP_GATE_FAILED,
    TAP_GATE_MAILBOX,
    TAP_GATE_KINDS,
};

// Numbers that do not belong to the kind are 0.
struct tap_gate {
    enum tap_gate_kind kind;
    uint32_t gate;    // LEASE: 0 for any
    uint64_t number;  // UPLOAD: the first; LEASED, UPLOADED, GIVEN: the last; ASK: the one before
    uint64_t packets; // UPLOADED: that were new
    uint64_t bytes;
    uint64_t more; // UPLOADED: unreachable; ASK: seconds; GIVEN: missing; MAILBOX: dropped
    // UPLOAD, GIVEN: the first packets; FAILED: why. Borrowed, may be empty.
    struct bytes text;
};

// Who says it: the router, or the master.
enum tap_direction tap_gate_direction(enum tap_gate_kind kind);

// A request, and its answer; the text of lines is written to `room`.
#define TAP_GATE_TEXT_SIZE 160
struct tap_gate tap_gate_of_request(const struct gate_request *request,
                                    char room[static TAP_GATE_TEXT_SIZE]);
struct tap_gate tap_gate_of_answer(const struct gate_request *request,
                                   const struct gate_answer *answer,
                                   char room[static TAP_GATE_TEXT_SIZE]);

// A tap of `owner`, with its one stream, to the master's port. As tap_open and tap_limit.
struct tap_gate_options {
    const char *path;
    uint64_t bytes_max; // 0: any number
    struct tap_owner owner;
    uint16_t port;
};
struct tap *tap_gate_open(const struct tap_gate_options *options, uint64_t unix_ns,
                          struct tap_error *error);
// Writes the note to that stream.
void tap_gate_note(struct tap *tap, const struct tap_gate *gate, uint64_t unix_ns);

// As a comment; at most TAP_NOTE_TEXT_MAX bytes.
size_t tap_gate_write(const struct tap_gate *gate, char out[static TAP_NOTE_TEXT_MAX]);
// False: the comment is another.
bool tap_gate_read(struct bytes comment, struct tap_gate *gate);

#endif
