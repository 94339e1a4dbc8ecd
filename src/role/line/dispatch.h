// What an end of the line protocol does with a packet, the same for brokers and clients: whom it is
// for, whether it is sealed, by whose key, and whether it has what its type asks for. Who handles
// which type stands in a table of each role.
//
// Sealed packets come over a connection; open ones carry a signature that anybody can make. Faults
// are told as EVENT_DROPPED.
#ifndef ROLE_LINE_DISPATCH_H
#define ROLE_LINE_DISPATCH_H

#include "role/line/connection.h"

// By packet type: who handles it (neither: the role never asks for it, and it is unexpected) and
// how many elements it must have.
struct line_rule {
    enum packet_fault (*open)(void *role, struct packet *packet, uint64_t now);
    enum packet_fault (*sealed)(void *role, struct connection *connection, struct packet *packet,
                                uint64_t now);
    unsigned elements;
};

// A role as the dispatcher sees it. `role` comes first in all functions.
struct line_end {
    const struct line_rule *rules; // PACKET_TYPES of them
    void *role;
    const struct role_port *port;
    uint32_t self; // its address
    // The open connection with this device, or NULL.
    struct connection *(*find)(void *role, uint32_t address);
    // A packet was unsealed.
    void (*heard)(void *role, struct connection *connection, uint64_t now);
    // The other side knows of no connection. `connection` is gone after this.
    void (*is_unknown)(void *role, struct connection *connection);
    // Whether a stranger who sends a sealed packet is told that there is no connection.
    bool (*answers)(void *role, uint32_t address);
};

// The packet's elements may be replaced by unsealed ones, valid until the next call.
void line_dispatch(const struct line_end *end, struct packet *packet, uint64_t now);

#endif
