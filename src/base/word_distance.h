// How near one word is to another, for `did you mean ...?`.
#ifndef BASE_WORD_DISTANCE_H
#define BASE_WORD_DISTANCE_H

#include "base/bytes.h"

#define WORD_DISTANCE_MAX 32 // bytes of a word; longer ones are near to nothing

// How many letters have to be put in, taken out, changed or swapped with the next one to make one
// word of the other, whatever their case. WORD_DISTANCE_MAX if one of them is too long.
unsigned word_distance(struct bytes a, struct bytes b);

// Keeps looking for the word nearest to `typed`. A word is near if fewer than 2 letters differ in
// words of up to two letters, and fewer than 3 in longer ones.
struct word_nearest {
    struct bytes typed;
    struct bytes word; // the nearest so far; data NULL: none is near
    unsigned distance;
};

void word_nearest_init(struct word_nearest *nearest, struct bytes typed);
void word_nearest_try(struct word_nearest *nearest, struct bytes word);

#endif
