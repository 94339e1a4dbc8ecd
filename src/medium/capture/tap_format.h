// What the writer and the reader of taps agree on (medium/capture/tap.h).
//
// Formats: "PCAP Next Generation (pcapng) Capture File Format" (IETF draft), RFC 791, 8200, 9293.
#ifndef MEDIUM_CAPTURE_TAP_FORMAT_H
#define MEDIUM_CAPTURE_TAP_FORMAT_H

#include "base/bytes.h"

// Blocks of pcapng: type, whole length, body, whole length again; of 4 byte units.
#define PCAPNG_SECTION 0x0a0d0d0au // reads the same in both byte orders
#define PCAPNG_INTERFACE 1u
#define PCAPNG_SIMPLE_PACKET 3u
#define PCAPNG_PACKET 6u
#define PCAPNG_ORDER 0x1a2b3c4du
#define PCAPNG_BLOCK_MIN 12u
#define PCAPNG_OPTION_RESOLUTION 9 // if_tsresol
#define PCAPNG_OPTION_COMMENT 1    // opt_comment
#define PCAPNG_OPTION_IF_NAME 2    // if_name: "broker 90"
#define PCAPNG_OPTION_IF_TEXT 3    // if_description: the name of the broker
#define PCAPNG_LINK_RAW 101

// The comment of a section that goes on with the connections of the one before, in another file.
#define TAP_CONTINUES "continues"
// The comment of an interface names the network's file behind this.
#define TAP_NETWORK "network "

#define TAP_PORT 1883
#define TAP_FLAG_FIN 0x01
#define TAP_FLAG_SYN 0x02
#define TAP_FLAG_RST 0x04
#define TAP_FLAG_PSH 0x08
#define TAP_FLAG_ACK 0x10

#define IPV4_BYTES 20
#define IPV6_BYTES 40
#define TCP_BYTES 20
#define IP_PROTOCOL_TCP 6

struct tap_address {
    bool is_v6;
    uint8_t bytes[16]; // the first 4 of IPv4, and zeros behind
};

// The broker's address that stands for one of its ports.
static inline struct tap_address tap_door_address(bool is_v6, uint16_t port) {
    struct tap_address address = {.is_v6 = is_v6};
    uint8_t *end = address.bytes + (is_v6 ? 16 : 4);
    bool is_usual = port == TAP_PORT;
    address.bytes[0] = is_v6 ? (is_usual ? 0 : 0xfd) : 127;
    for (int i = 1; i <= 3 && !is_usual; i++) {
        uint8_t digits = (uint8_t)(port % 100);
        end[-i] = is_v6 ? (uint8_t)(digits / 10 << 4 | digits % 10) : digits;
        port = (uint16_t)(port / 100);
    }
    end[-1] = is_usual ? 1 : end[-1];
    return address;
}

static inline uint32_t tap_door_digits(const struct tap_address *address) {
    const uint8_t *end = address->bytes + (address->is_v6 ? 16 : 4);
    uint32_t number = 0;
    for (int i = 3; i >= 1; i--) {
        uint8_t digits = end[-i];
        number = number * 100 + (address->is_v6 ? digits / 16u * 10 + digits % 16u : digits);
    }
    return number;
}

// Whether the address, with that port, is one of those above.
static inline bool tap_address_is_door(const struct tap_address *address, uint16_t port) {
    uint32_t number = tap_door_digits(address);
    struct tap_address same =
        tap_door_address(address->is_v6, number == 1 ? TAP_PORT : (uint16_t)number);
    return port == TAP_PORT && number <= UINT16_MAX && number > 0 &&
           memcmp(same.bytes, address->bytes, sizeof same.bytes) == 0;
}

// The port that the broker's address stands for; `port` if it is none of the above.
static inline uint16_t tap_door_port(const struct tap_address *address, uint16_t port) {
    uint32_t number = tap_door_digits(address);
    return tap_address_is_door(address, port) && number > 1 ? (uint16_t)number : port;
}

// Peers of Unix sockets.
static inline bool tap_address_is_unix(const struct tap_address *address) {
    return !address->is_v6 && address->bytes[0] == 127 && address->bytes[1] == 127;
}

#endif
