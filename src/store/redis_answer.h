// What Redis answers to the script of the store `redis`, and what it sends to those who listen to
// its channel. All of it is validated before it is used: another program may use the same Redis, or
// something else may listen at its port.
#ifndef STORE_REDIS_ANSWER_H
#define STORE_REDIS_ANSWER_H

#include "store/store.h"

#include <hiredis/hiredis.h>

// Reads the answer to the request into it. False: it is none, and the request is as it was.
bool redis_answer_read(const redisReply *reply, struct store_request *request);

// Whether Redis does not know the script, or has forgotten it.
bool redis_answer_has_no_script(const redisReply *reply);

// Calls `wake` with each gate that another master woke, and with 0, for all, when the listening
// began. What this master itself sent is left out.
void redis_answer_wake(const redisReply *reply, const char *own_name,
                       void (*wake)(void *context, uint32_t gate), void *context);

#endif
