// One packet of the virtual network, and its form as a line of text (docs/protocol.md, "The line"):
//
//     time_stamp TAB sender TAB receiver TAB type TAB payload TAB signature TAB LF
//
// Parsing borrows from the line and formatting writes into the caller's memory: nothing is
// allocated. packet_parse(packet_format(p)) gives p again.
#ifndef PACKET_PACKET_H
#define PACKET_PACKET_H

#include "base/bytes.h"
#include "packet/fault.h"

#define PACKET_LINE_MAX 65536 // bytes, with the LF
#define PACKET_ELEMENTS_MAX 16

// Addresses. Local ones are 1..999; a global one is gate * 1000 + local address. 0 is everyone.
#define PACKET_EVERYONE 0u
#define PACKET_LOCAL_MAX 999u
#define PACKET_GATE_MAX 4294966u
#define PACKET_ADDRESS_MAX (PACKET_GATE_MAX * 1000u + PACKET_LOCAL_MAX)

static inline uint32_t packet_address_gate(uint32_t address) {
    return address / 1000;
}

static inline uint32_t packet_address_local(uint32_t address) {
    return address % 1000;
}

static inline uint32_t packet_address_global(uint32_t gate, uint32_t local) {
    return gate * 1000 + local;
}

enum packet_type {
    PACKET_JOIN,
    PACKET_LEFT,
    PACKET_CREQ,
    PACKET_CRES,
    PACKET_SREQ,
    PACKET_SRES,
    PACKET_PUBL,
    PACKET_PING,
    PACKET_DISC,
    PACKET_TYPES,
};

// The four letters on the wire, with a NUL behind them.
const char *packet_type_name(enum packet_type type);

// Whether packets of this type are sealed with the connection's key.
static inline bool packet_type_is_sealed(enum packet_type type) {
    return type >= PACKET_SREQ;
}

struct packet {
    uint64_t time_stamp; // UnixTime, whole seconds
    uint32_t sender;
    uint32_t receiver;
    enum packet_type type;
    uint16_t signature; // 0..999
    uint16_t element_count;
    struct bytes element[PACKET_ELEMENTS_MAX]; // borrowed
};

// Reads a line without its LF. The elements point into `line`, or into `scratch` where they were
// escaped; `scratch` has room for line.size bytes. At a fault the packet holds what was read before
// it (sender 0: not even that), to name in a message.
enum packet_fault packet_parse(struct packet *packet, struct bytes line, uint8_t *scratch)
    __attribute__((warn_unused_result));

// How long its line is, with the LF; it may be longer than PACKET_LINE_MAX.
size_t packet_line_size(const struct packet *packet);

// Writes the line with its LF and returns its size, or 0 if it would be longer than `room` or
// PACKET_LINE_MAX.
size_t packet_format(const struct packet *packet, uint8_t *out, size_t room);

// The signature of the suite `classic`, and of everything that is not sealed: the product of all
// bytes of all elements, starting at 1, modulo 1000.
uint16_t packet_signature(const struct packet *packet);

// An unsigned packet that has no elements yet. Their places are not cleared: that would cost as
// much as the rest of it.
static inline void packet_begin(struct packet *packet, enum packet_type type, uint32_t sender,
                                uint32_t receiver) {
    packet->time_stamp = 0;
    packet->sender = sender;
    packet->receiver = receiver;
    packet->type = type;
    packet->signature = 0;
    packet->element_count = 0;
}

// Adds an element behind those that are there; its bytes are borrowed.
void packet_add(struct packet *packet, struct bytes element);

#endif
