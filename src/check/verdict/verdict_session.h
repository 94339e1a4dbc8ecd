// Sessions and subscriptions: what they are owed, and when they are gone.
#ifndef CHECK_VERDICT_VERDICT_SESSION_H
#define CHECK_VERDICT_VERDICT_SESSION_H

#include "check/verdict/verdict_state.h"

void verdict_session_connect(struct verdict *verdict, uint32_t client,
                             const struct verdict_connection *connection);
void verdict_session_end(struct verdict *verdict, uint32_t client, enum verdict_end end,
                         uint64_t expiry);
// The broker threw the session away while its client was absent.
void verdict_session_discard(struct verdict *verdict, uint32_t client);
// Sessions whose time has passed go.
void verdict_session_expire(struct verdict *verdict);
void verdict_session_pause(struct verdict *verdict, uint32_t broker, uint64_t until);
void verdict_session_crash(struct verdict *verdict, uint32_t broker, bool keeps);

void verdict_session_subscribe(struct verdict *verdict, uint32_t client, uint32_t topic,
                               const struct verdict_subscription *subscription);
void verdict_session_unsubscribe(struct verdict *verdict, uint32_t client, uint32_t topic,
                                 uint32_t group);

#endif
