// Texts of a scenario that say something simpler: smaller and rounder numbers, times without
// variation.
#ifndef SCENARIO_REDUCE_SIMPLER_H
#define SCENARIO_REDUCE_SIMPLER_H

#include "base/buffer.h"
#include "scenario/schema/schema.h"

// Writes candidate number `index`, from 0 on, into the empty `out`, the simplest first. False:
// there are no more. A candidate need not be allowed where it stands; it is never what is there
// already.
bool simpler_text(const struct schema_row *row, struct bytes text, unsigned index,
                  struct buffer *out);

#endif
