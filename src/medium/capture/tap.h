// The tap of a broker: what its MQTT streams carry, as a file that Wireshark, tshark and exe/watch
// open, also while it is being written.
//
// The file is a pcapng capture of raw IP packets (link type 101) with nanoseconds. Each stream
// appears as a TCP connection to port 1883, whatever it is in truth: a tap shows MQTT, not the
// transport. So what came over TLS or WebSocket stands there in plain text, and so do user names
// and passwords: the file is made readable for its owner only, and should be kept like them.
//
// The true port stands in the broker's address: 127.0.0.1 and ::1 are port 1883; any other port is
// an address with its digits, so 8883 is 127.0.88.83 or fd00::8883. Streams of Unix sockets come
// from 127.127.0.0 and following.
//
// A file that is moved away, removed or truncated is followed: tap_follow begins a new capture
// under the same path. With a limit that is done by itself, and the former file is kept as PATH.1.
// The new one says in a comment that it continues, so a reader goes on with the connections it
// knows.
//
// What somebody did to a packet on its way, and who ended a stream and why, stands beside it as a
// note (medium/capture/tap_note.h). A packet that a fault dropped or delayed stands in the tap as
// it was sent, at the time it was sent: all bytes of a direction are a stream without gaps.
//
// Packets are collected in memory, and written by tap_flush, or when there are many. Blocks are
// appended whole. After an error (a full disk) the tap stops, and says so once; all calls go on to
// be allowed. One thread at a time may use a tap.
#ifndef MEDIUM_CAPTURE_TAP_H
#define MEDIUM_CAPTURE_TAP_H

#include "base/bytes.h"
#include "medium/capture/tap_note.h"

enum tap_direction { TAP_FROM_CLIENT, TAP_FROM_BROKER };

// For people, one line: what is wrong, where, what to do.
struct tap_error {
    char text[512];
};

struct tap;

// Makes the file, or goes on behind what stands in a capture that is there. NULL and *error if that
// cannot be; what is no capture is left as it is.
struct tap *tap_open(const char *path, struct tap_error *error);

// The file is to have no more bytes than this, which is more than a few megabytes; 0: any number.
void tap_limit(struct tap *tap, uint64_t bytes);

// Looks whether our file still stands under the path as it was left, and begins a new capture if
// not, or if the tap had ended. False: *said is what went wrong; else it is empty, or what was
// done.
bool tap_follow(struct tap *tap, struct tap_error *said);

// Writes what there is to write. NULL is allowed.
void tap_close(struct tap *tap);

// Who writes the tap: "broker" with its address in a network and its name, or another program.
struct tap_owner {
    const char *kind;    // "broker", "proxy"; up to 15 letters
    uint32_t address;    // 0: none
    struct bytes name;   // up to TAP_OWNER_NAME_MAX bytes; more are cut
    const char *network; // the file of the network, an absolute path; NULL: none
};
#define TAP_OWNER_NAME_MAX 64

// From now on it stands in the file who writes it. `network` is to outlive the tap.
void tap_set_owner(struct tap *tap, const struct tap_owner *owner);

// A stream opens. `number` is any that no open stream has; `place` is where it comes from
// ("127.0.0.1:5000", "[::1]:5000", "unix"), `port` the broker's.
void tap_stream_opened(struct tap *tap, uint64_t number, const char *place, uint16_t port,
                       uint64_t unix_ns);
// Bytes of an open stream; those of another are left out.
void tap_bytes(struct tap *tap, uint64_t number, enum tap_direction direction, struct bytes bytes,
               uint64_t unix_ns);

// Bytes of an open stream to which something was done, of kind TAP_NOTE_DROPPED to
// TAP_NOTE_REORDERED: they are to be one whole packet of MQTT, or a run of bytes of which no more
// is known. Without bytes the note stands by itself, as TAP_NOTE_LET_GO does.
//
//   tap_noted(tap, number, &(struct tap_noted){
//       .direction = TAP_FROM_CLIENT, .bytes = packet,
//       .note = {.kind = TAP_NOTE_DROPPED, .text = BYTES_LITERAL("drop PUBACK 3 from dev-*")}},
//       now);
struct tap_noted {
    enum tap_direction direction; // in which the packet goes
    struct bytes bytes;
    struct tap_note note;
};
void tap_noted(struct tap *tap, uint64_t number, const struct tap_noted *noted, uint64_t unix_ns);

// The stream ends. `note` of kind TAP_NOTE_ENDED (or TAP_NOTE_REFUSED) says who ended it and why;
// NULL: it is not known. A cut is {.kind = TAP_NOTE_ENDED, .side = TAP_SIDE_NETWORK,
// .cause = TAP_CAUSE_CUT, .text = the rule}.
void tap_stream_closed(struct tap *tap, uint64_t number, const struct tap_note *note,
                       uint64_t unix_ns);

// Writes what was collected. NULL; or, once, what went wrong, valid until tap_close.
const char *tap_flush(struct tap *tap);

#endif
