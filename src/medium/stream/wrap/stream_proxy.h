// The header of the PROXY protocol, versions 1 and 2 (HAProxy's doc/proxy-protocol.txt): in front
// of all other bytes a proxy says for whom it has opened the stream. From bytes to an address.
//
// A header is taken byte by byte, of at most STREAM_PROXY_BYTES_MAX of them, and what cannot become
// one any more is refused at the first byte that shows it. What version 2 has behind the addresses
// (TLVs) is skipped, but for a checksum (CRC32c): a header that has one has to have the right one.
//
// The stream's own address holds where the header names none: a proxy that asks after our health
// (LOCAL), `UNKNOWN`, addresses that are of no stream of the internet. Families and commands that
// the protocol does not know are refused, as it demands.
#ifndef MEDIUM_STREAM_WRAP_STREAM_PROXY_H
#define MEDIUM_STREAM_WRAP_STREAM_PROXY_H

#include <netinet/in.h>

#include "base/bytes.h"

#define STREAM_PROXY_LINE_MAX 107u  // of version 1, with its end
#define STREAM_PROXY_BYTES_MAX 4096 // of version 2, with what is skipped
#define STREAM_PROXY_SOURCES_MAX 16

// ---- who may say it -----------------------------------------------------------------------------

// Whose headers are believed: addresses and networks, and peers at a Unix socket. IPv4 stands as
// IPv6 does (::ffff:0:0/96).
struct stream_proxy_sources {
    struct stream_proxy_network {
        struct in6_addr address;
        uint8_t bits;
    } networks[STREAM_PROXY_SOURCES_MAX];
    uint8_t count;
    bool has_unix;
};

// ADDRESS, ADDRESS/BITS or `unix`, joined by +. False: it is none of that, or too many.
bool stream_proxy_sources_read(const char *text, struct stream_proxy_sources *sources);
bool stream_proxy_sources_have(const struct stream_proxy_sources *sources,
                               const struct sockaddr_storage *address);
static inline bool stream_proxy_is_wanted(const struct stream_proxy_sources *sources) {
    return sources->count > 0 || sources->has_unix;
}

// ---- what it says -------------------------------------------------------------------------------

enum stream_proxy_state {
    STREAM_PROXY_HEADER, // more of it is awaited
    STREAM_PROXY_DONE,
    STREAM_PROXY_FAILED,
};

// The checksum over a header of version 2, and that which it names among its TLVs.
struct stream_proxy_sum {
    uint32_t sum; // so far, inverted: 0 at the start
    uint32_t named;
    uint16_t addresses_left; // bytes before the TLVs
    uint16_t value_left;     // of the TLV at hand
    uint8_t head[3];         // its type and length
    uint8_t head_count;
    bool is_named;
    bool is_malformed;
};

// The header that is being taken: its bytes, then what it says. All zero at the start.
struct stream_proxy {
    uint8_t bytes[STREAM_PROXY_LINE_MAX]; // of the header, those that matter
    uint8_t count;
    uint16_t left; // bytes of version 2 that are still to be skipped
    struct stream_proxy_sum sum;
    const char *fault; // for people, a constant; NULL: none
    struct sockaddr_storage address;
    bool names_address;
    uint8_t state; // enum stream_proxy_state
};

// Takes of the bytes what belongs to the header. A header that is all zero is a new one.
enum stream_proxy_state stream_proxy_take(struct stream_proxy *proxy, struct bytes *bytes);

#endif
