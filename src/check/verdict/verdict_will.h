// Wills: set with a connection, due when it breaks, withdrawn by a DISCONNECT, forgotten when the
// session is taken up again before their delay has passed (MQTT 5.0, sections 3.1.2.5, 3.1.3.2.2).
//
// A broker publishes a will in the middle of what ends a connection, and whoever tells of it may
// tell of the end afterwards. So a will that seems to be early is judged when its client's next
// event, or the end, says what happened.
#ifndef CHECK_VERDICT_VERDICT_WILL_H
#define CHECK_VERDICT_VERDICT_WILL_H

#include "check/verdict/verdict_copy.h"

// The client connected with this will.
void verdict_will_set(struct verdict *verdict, uint32_t client, struct mark mark, uint64_t delay);
// The will's connection ended; it is due at the latest when the session ends, at `session_end`.
void verdict_will_break(struct verdict *verdict, uint32_t client, uint64_t session_end);
void verdict_will_withdraw(struct verdict *verdict, uint32_t client);
// The client is there again. `is_session`: with the session that the will is of.
void verdict_will_resume(struct verdict *verdict, uint32_t client, bool is_session);
// The session ended while its client was absent.
void verdict_will_hurry(struct verdict *verdict, uint32_t client);
// What is due before then is due then, and what ended now may not be on the disk until then.
void verdict_will_postpone(struct verdict *verdict, uint32_t client, uint64_t until);
// The broker's process began anew.
void verdict_will_crash(struct verdict *verdict, uint32_t client, bool keeps);
// The broker published it.
void verdict_will_taken(struct verdict *verdict, struct mark mark);
// All that was due has to be published by now.
void verdict_wills_rest(struct verdict *verdict);

#endif
