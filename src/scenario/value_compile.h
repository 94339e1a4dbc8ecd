// Expressions into programs, by recursive descent: sums of products of what may have a sign before
// it. Depth, steps, stack and state are bounded.
#ifndef SCENARIO_VALUE_COMPILE_H
#define SCENARIO_VALUE_COMPILE_H

#include "scenario/value.h"

// NULL, or what is wrong, for people, a constant; *at is then its place in the text. The text is
// borrowed as long as the arena.
const char *value_compile(struct value_program *program, struct arena *arena, struct bytes text,
                          size_t *at);

#endif
