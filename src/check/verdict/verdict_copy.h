// Messages that are under way, and the copies of them that are open: how they are added, found,
// settled and forgotten.
#ifndef CHECK_VERDICT_VERDICT_COPY_H
#define CHECK_VERDICT_VERDICT_COPY_H

#include "check/verdict/verdict_state.h"

// The message's record, or VERDICT_NONE: it is settled, or was never published. The one that was
// found last, or its neighbours, are found at once.
uint32_t verdict_message_find(struct verdict *verdict, struct mark mark);
// A new record; the caller fills in the rest.
uint32_t verdict_message_add(struct verdict *verdict, struct mark mark);
// Forgets the record, which has no copies.
void verdict_message_remove(struct verdict *verdict, uint32_t message);
// Forgets it if the broker took it and no copies are open.
void verdict_message_settle(struct verdict *verdict, uint32_t message);
// Gives up one that the broker did not take.
void verdict_message_lose(struct verdict *verdict, uint32_t message, enum verdict_loss loss);

// A copy of one of the stream's messages was counted.
void verdict_copy_tally(const struct verdict *verdict, enum verdict_tally tally, uint32_t stream,
                        uint8_t qos);

struct verdict_opening {
    uint32_t route;
    uint32_t message;
    uint8_t qos;
    uint8_t flags;
    enum verdict_loss loss; // if it is IS_UNSURE
};
uint32_t verdict_copy_open(struct verdict *verdict, const struct verdict_opening *opening);
// The route's first open copy of that number, of a retained message or of one that is passed on.
uint32_t verdict_copy_find(const struct verdict *verdict, const struct verdict_route *route,
                           uint32_t number, bool is_retained);
// The copy was delivered.
void verdict_copy_close(struct verdict *verdict, uint32_t copy);
// The copy does not come.
void verdict_copy_lose(struct verdict *verdict, uint32_t copy, enum verdict_loss loss);
// From now on it need not come.
void verdict_copy_doubt(struct verdict *verdict, uint32_t copy, enum verdict_loss loss);
// It is not owed any more, and need not come.
void verdict_copy_waive(struct verdict *verdict, uint32_t copy);
// All copies of a route.
void verdict_copies_lose(struct verdict *verdict, uint32_t route, enum verdict_loss loss);

// Whether it need not come; `loss` is why.
bool verdict_copy_is_unsure(const struct verdict *verdict, const struct verdict_copy *copy,
                            enum verdict_loss *loss);

static inline bool verdict_message_is_expired(const struct verdict *verdict,
                                              const struct verdict_message *message) {
    return message->expiry > 0 && verdict->now + verdict->options.slack >= message->expires_at;
}

#endif
