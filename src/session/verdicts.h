// Checks of credentials, one after the other in a thread of their own: a hashed password takes tens
// of milliseconds to check, in which nobody else is to wait.
#ifndef SESSION_VERDICTS_H
#define SESSION_VERDICTS_H

#include "role/mqtt_door.h"
#include "session/passwords.h"

#define VERDICTS_WAITING_MAX 1000 // checks; of more, the answer is no at once

// Called in the thread of the checks.
typedef void verdicts_found(void *context, struct mqtt_connection *connection, uint64_t number,
                            bool is_good);

struct verdicts;

// Passwords are borrowed. NULL: no memory, or no thread.
struct verdicts *verdicts_create(const struct passwords *passwords, verdicts_found *found,
                                 void *context);
// Drops what waits; returns when the thread has ended.
void verdicts_destroy(struct verdicts *verdicts);

// False: too many wait.
bool verdicts_ask(struct verdicts *verdicts, const struct mqtt_credentials *credentials);

#endif
