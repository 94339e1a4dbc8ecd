// What a role asks of the world around it. A role is a pure state machine: a driver hands it
// packets, commands and the time, and the role answers through these functions, which the driver
// provides: a session for one real device (src/session), a simulator for many.
//
// Time is steady: nanoseconds since any fixed moment, never going back. The driver stamps packets
// with the wall clock when they leave.
#ifndef ROLE_PORT_H
#define ROLE_PORT_H

#include "base/memory.h"
#include "packet/packet.h"

#define ROLE_SECOND UINT64_C(1000000000)
#define ROLE_NEVER UINT64_MAX // a deadline that does not come

// Bytes that a packet's elements are sealed into, and unsealed into.
#define ROLE_SEAL_ROOM (2 * PACKET_LINE_MAX)
#define ROLE_UNSEAL_ROOM PACKET_LINE_MAX

enum event_kind {
    EVENT_JOINED,           // device: address, device_kind, text (its name)
    EVENT_LEFT,             // device: address, device_kind, text (its name)
    EVENT_CONNECTED,        // address, suite
    EVENT_REFUSED,          // address, status; text: the suite that the other side offers, if any
    EVENT_DISCONNECTED,     // address, cause, status (what the other side gave as its reason)
    EVENT_SUBSCRIBED,       // address, text (the filter), status
    EVENT_UNSUBSCRIBED,     // address, text (the filter)
    EVENT_NOT_SUBSCRIBED,   // address, text (the filter), status: refused or timed out
    EVENT_NOT_UNSUBSCRIBED, // likewise
    EVENT_ENTRY,            // address (who sent it), text (the topic), value
    EVENT_UNDELIVERED,      // address (who does not get it), text (the topic): too long for a line
    EVENT_DROPPED,          // address (sender), packet_type, fault
};

// Why a connection ended.
enum event_cause {
    CAUSE_ASKED,     // our user asked for it
    CAUSE_PEER,      // the other side sent disc
    CAUSE_LEFT,      // the other side left the network, or its process died
    CAUSE_RESTARTED, // the other side joined anew, or asked for a new connection
    CAUSE_SILENT,    // the other side was not heard of for too long
    CAUSE_UNKNOWN,   // the other side knows of no connection
    CAUSE_REVOKED,   // its credentials are not good any more
};

// What a role tells. `kind` says what happened and which of the other fields mean something. The
// texts are borrowed until tell returns: who wants to keep one copies it.
struct role_event {
    enum event_kind kind;
    uint32_t self; // address of the role that speaks: many may share one port; 0: it has none
    uint32_t address;
    unsigned status;
    const char *device_kind;
    const char *suite;
    enum event_cause cause;
    enum packet_fault fault;
    enum packet_type packet_type;
    struct bytes text;
    struct bytes value;
};

// Shared by any number of roles of one thread. `send` and `tell` may not call the role back.
struct role_port {
    // Sends the packet, whose elements are borrowed until it returns. False: it is too long for a
    // line. What else may hinder it is the driver's to handle.
    bool (*send)(void *context, const struct packet *packet);
    void (*tell)(void *context, const struct role_event *event);
    // False: no packets are to be made now but answers, for those of before have to go first. The
    // driver ticks the role when there is room again. NULL: there always is.
    bool (*has_room)(void *context);
    // Work of this turn that is seen neither in the packets received nor in those sent, in units of
    // 20 ns. NULL: the driver does not bound turns.
    void (*spend)(void *context, uint64_t work);
    void *context;
    struct memory *memory;
    uint8_t *seal_room;   // ROLE_SEAL_ROOM bytes
    uint8_t *unseal_room; // ROLE_UNSEAL_ROOM bytes
};

static inline bool role_port_has_room(const struct role_port *port) {
    return port->has_room == NULL || port->has_room(port->context);
}

static inline void role_port_spend(const struct role_port *port, uint64_t work) {
    if (port->spend != NULL) {
        port->spend(port->context, work);
    }
}

static inline void role_tell_drop(const struct role_port *port, uint32_t self,
                                  const struct packet *packet, enum packet_fault fault) {
    port->tell(port->context, &(struct role_event){.kind = EVENT_DROPPED,
                                                   .self = self,
                                                   .address = packet->sender,
                                                   .packet_type = packet->type,
                                                   .fault = fault});
}

#endif
