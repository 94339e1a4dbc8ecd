// Marks a function that is needed seldom where another one is called for each message: it is not
// put into that one, whose usual way then has no registers to save that only this one needs.
#ifndef BASE_APART_H
#define BASE_APART_H

#define APART __attribute__((noinline))

#endif
