#include "base/word_distance.h"

static uint8_t lower(uint8_t byte) {
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

unsigned word_distance(struct bytes a, struct bytes b) {
    unsigned rows[3][WORD_DISTANCE_MAX + 1];
    if (a.size > WORD_DISTANCE_MAX || b.size > WORD_DISTANCE_MAX) {
        return WORD_DISTANCE_MAX;
    }
    for (unsigned j = 0; j <= b.size; j++) {
        rows[0][j] = j;
    }
    for (unsigned i = 1; i <= a.size; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *second = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= b.size; j++) {
            uint8_t own = lower(a.data[i - 1]);
            uint8_t other = lower(b.data[j - 1]);
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (own != other));
            if (i > 1 && j > 1 && own == lower(b.data[j - 2]) && lower(a.data[i - 2]) == other) {
                row[j] = least(row[j], second[j - 2] + 1);
            }
        }
    }
    return rows[a.size % 3][b.size];
}

void word_nearest_init(struct word_nearest *nearest, struct bytes typed) {
    *nearest = (struct word_nearest){.typed = typed, .distance = typed.size < 3 ? 2 : 3};
}

void word_nearest_try(struct word_nearest *nearest, struct bytes word) {
    unsigned distance = word_distance(nearest->typed, word);
    if (distance < nearest->distance && distance < nearest->typed.size && distance < word.size) {
        nearest->word = word;
        nearest->distance = distance;
    }
}
