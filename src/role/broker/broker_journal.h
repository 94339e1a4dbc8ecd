// The last values of a broker's core in its journal (role/journal.h): told whole, and restored.
// What changes is appended by the core itself (broker_core_set_journal).
#ifndef ROLE_BROKER_BROKER_JOURNAL_H
#define ROLE_BROKER_BROKER_JOURNAL_H

#include "role/broker/broker_core.h"

void broker_journal_snapshot(const struct broker_core *core, journal_receiver *take, void *context);
// A record of a former core, which has no journal yet. False: it makes no sense, or there is no
// room for the value; it is left out.
__attribute__((warn_unused_result)) bool
broker_journal_restore(struct broker_core *core, const struct journal_record *record, uint64_t now);

// Whether this is a run of properties as messages carry them from their publisher to subscribers.
// Subscription identifiers are among them where the message waits for a session with several.
bool broker_journal_are_properties(struct bytes run);

// No message lives longer than MQTT can say: what expires later than that from `now` on does so
// then. UINT64_MAX: it does not expire.
uint64_t broker_journal_expiry(uint64_t expires_at, uint64_t now);

#endif
