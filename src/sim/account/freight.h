// Which messages the lines bear that routers carry from network to network. Payloads of lines are
// sealed, so nobody on their way can read the marks of their messages; but the bytes of a line stay
// as they were sealed, wherever it goes. So a line that a router sends on bears, in place of the
// message's mark, a key: a hash of those bytes. What the key stands for is looked up only if it is
// asked for, which is when the line is lost.
//
// Bounds: the last 262,144 lines are known, of 24 bytes each; the table grows up to that.
#ifndef SIM_ACCOUNT_FREIGHT_H
#define SIM_ACCOUNT_FREIGHT_H

#include "base/map.h"
#include "check/mark.h"
#include "packet/packet.h"

struct sim_freight_item {
    uint64_t key;
    struct mark mark;
};

// A ring of items, found by their keys.
struct sim_freight {
    struct memory *memory;
    struct map places;
    struct sim_freight_item *items;
    uint32_t count;
    uint32_t capacity;
    uint32_t next; // the oldest, once the ring is full
};

void sim_freight_init(struct sim_freight *freight, struct memory *memory, uint64_t seed);
void sim_freight_deinit(struct sim_freight *freight);

// The key of a packet as a mark; stream VERDICT_NONE: it bears no message.
struct mark sim_freight_key(const struct packet *packet);
static inline bool sim_freight_is_key(struct mark mark) {
    return mark.stream >> 30 == 2;
}

// Lines with that key bear the message.
void sim_freight_note(struct sim_freight *freight, struct mark key, struct mark mark);
// The message in place of the key. False: it is not known, or bears none.
bool sim_freight_find(const struct sim_freight *freight, struct mark *mark);

#endif
