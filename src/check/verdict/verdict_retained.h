// Retained messages: which is the last one of a topic, and whom it is owed to.
//
// A broker may take its time to send retained messages to a new subscription. If a topic's is
// replaced meanwhile, the old one may come, or the new one, or neither but the new one as it is
// passed on.
#ifndef CHECK_VERDICT_VERDICT_RETAINED_H
#define CHECK_VERDICT_VERDICT_RETAINED_H

#include "check/verdict/verdict_copy.h"

// The broker took a message with RETAIN, or a last value. That one may fail to come: a network that
// garbles lines may have put another in its place.
void verdict_retained_set(struct verdict *verdict, uint32_t message, bool is_last_value);
void verdict_retained_crash(struct verdict *verdict, uint32_t broker, bool keeps);
// What a new subscription, or one that was made again, is owed.
void verdict_retained_owe(struct verdict *verdict, uint32_t subscription,
                          const struct verdict_subscription *options);

#endif
