// A captured frame, and the segment of TCP in it: what stands before IP on Ethernet (with VLANs),
// on Linux "any" devices (cooked, both versions), on loopback devices and in captures of raw IP;
// then IPv4 and IPv6 with its extension headers.
//
// Formats: https://www.tcpdump.org/linktypes.html, IEEE 802.1Q, RFC 791, 8200, 9293. Fragments of
// IP are not put together. Pure; every byte may be from an attacker.
#ifndef MEDIUM_CAPTURE_CAPTURE_FRAME_H
#define MEDIUM_CAPTURE_CAPTURE_FRAME_H

#include "base/bytes.h"
#include "medium/capture/tap_note.h"

// The addresses and ports of a connection. Without padding, to be compared.
struct capture_ends {
    uint8_t addresses[2][16]; // IPv4: the first 4, and zeros behind
    uint8_t ports[2][2];
    uint8_t is_v6;
    uint8_t zero[3];
};

struct capture_segment {
    struct capture_ends ends; // the sender's first
    uint32_t sequence;
    uint32_t acknowledged; // if TAP_FLAG_ACK is set
    uint32_t missing;      // bytes behind the payload that were sent and not captured
    uint8_t flags;
    struct bytes payload;
    const struct tap_note *note; // NULL: none
};

enum capture_frame_result {
    CAPTURE_FRAME_TCP,
    CAPTURE_FRAME_OTHER,    // no TCP over IP
    CAPTURE_FRAME_FRAGMENT, // of an IP packet
    CAPTURE_FRAME_BROKEN,   // its heads are cut, or contradict themselves
};

// Whether frames of this link type (DLT, LINKTYPE_...) are understood.
bool capture_frame_knows(uint32_t link);

// Fills in *segment if the frame holds one; its payload is borrowed from the frame.
enum capture_frame_result capture_frame_read(uint32_t link, struct bytes frame,
                                             struct capture_segment *segment)
    __attribute__((warn_unused_result));

#endif
