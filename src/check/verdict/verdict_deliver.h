// A copy at its end: delivered, and whether that is right, or given up.
#ifndef CHECK_VERDICT_VERDICT_DELIVER_H
#define CHECK_VERDICT_VERDICT_DELIVER_H

#include "check/verdict/verdict_state.h"

void verdict_deliver(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                     const struct verdict_delivery *delivery);
void verdict_give_up(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                     enum verdict_loss loss);
// It may be lost.
void verdict_doubt(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                   enum verdict_loss loss);

#endif
