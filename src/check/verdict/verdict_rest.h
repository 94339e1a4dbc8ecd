// What is still open when nothing moves any more: queued for absent clients, lost with a cause, or
// a finding.
#ifndef CHECK_VERDICT_VERDICT_REST_H
#define CHECK_VERDICT_VERDICT_REST_H

#include "check/verdict/verdict_state.h"

void verdict_rest_all(struct verdict *verdict);

// Walks all tables; asserted.
void verdict_walk(const struct verdict *verdict);

#endif
