// The classic API: the requests of the routers of 2020. A packet is the parameters ts, sa, ra,
// type, payload and sig, and the line of those six between tabs; each character of a payload is
// written as its code in four decimal digits.
//
// Within, a packet is a line of packet/packet.h like any other, so routers of both kinds exchange
// packets. A payload whose elements have characters that no plain payload carries is escaped on its
// way in and unescaped on its way out; only where an element itself contains a '-', or what is not
// in 32..127, does a classic router get to see the escaped form.
#ifndef SESSION_MASTER_MASTER_CLASSIC_H
#define SESSION_MASTER_MASTER_CLASSIC_H

#include "base/buffer.h"
#include "packet/packet.h"

// The parameters as they came.
struct master_classic_fields {
    struct bytes time_stamp;
    struct bytes sender;
    struct bytes receiver;
    struct bytes type;
    struct bytes payload;
    struct bytes signature;
};

// Appends the packet's line to `line` and sets its addresses. A fault says what is wrong;
// PACKET_FAULT_PAYLOAD also for codes that are none.
enum packet_fault master_classic_read(const struct master_classic_fields *fields,
                                      struct buffer *line, struct packet *packet)
    __attribute__((warn_unused_result));

// Appends a line (with its LF) of the store as a classic router wants it, without an LF. What is
// for the router itself is for everyone on its network: it has no address of its own.
void master_classic_write(struct bytes line, struct buffer *out);

// A router that starts asks all gates who is there, and names its brokers to those that answer. A
// classic router knows nothing of that. So when it takes such a `join`, it is answered in its name.
// True: `line` (with its LF) is one; `out` has the answer, for the gate *asker.
bool master_classic_answer(uint32_t gate, struct bytes line, struct buffer *out, uint32_t *asker);

#endif
