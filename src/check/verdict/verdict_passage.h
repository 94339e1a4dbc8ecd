// The way of a message: published, taken, acknowledged, and given up before it was taken.
#ifndef CHECK_VERDICT_VERDICT_PASSAGE_H
#define CHECK_VERDICT_VERDICT_PASSAGE_H

#include "check/verdict/verdict_state.h"

// Messages of a stream that need not come, and copies of a route, are settled as lost when so many
// newer ones came.
#define VERDICT_UNSURE_UPWARD 64u
#define VERDICT_UNSURE_COPIES 1024u

uint32_t verdict_passage_publish(struct verdict *verdict, uint32_t stream,
                                 const struct verdict_publication *publication);
void verdict_passage_take(struct verdict *verdict, struct mark mark,
                          const struct verdict_arrival *arrival);
void verdict_passage_acknowledge(struct verdict *verdict, struct mark mark);
void verdict_passage_lose(struct verdict *verdict, struct mark mark, enum verdict_loss loss);
// It may be lost.
void verdict_passage_doubt(struct verdict *verdict, struct mark mark, enum verdict_loss loss);

// Whether the ledger knows of such a message at all.
bool verdict_passage_knows(const struct verdict *verdict, struct mark mark);

#endif
