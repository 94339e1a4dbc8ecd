// Which messages the lines bear that routers carry from network to network. Payloads of lines are
// sealed, so nobody on their way can read the marks of their messages; but the bytes of a line stay
// as they were sealed, wherever it goes.
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

void sim_freight_note(struct sim_freight *freight, const struct packet *packet, struct mark mark);
// False: it is not known, or bears none.
bool sim_freight_find(const struct sim_freight *freight, const struct packet *packet,
                      struct mark *mark);

#endif
