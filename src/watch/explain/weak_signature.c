#include "watch/explain/weak_signature.h"

#include "shell/printable.h"

#define ENOUGH 3u // 1000 is 2^3 * 5^3

// How often the signature's two primes are in a number; a zero has them as often as is needed.
struct factors {
    size_t twos;
    size_t fives;
};

static size_t count_factor(uint8_t byte, uint8_t prime) {
    size_t count = 0;
    for (; byte != 0 && byte % prime == 0; byte /= prime) {
        count++;
    }
    return byte == 0 ? ENOUGH : count;
}

static struct factors factors_of(uint8_t byte) {
    return (struct factors){count_factor(byte, 2), count_factor(byte, 5)};
}

static struct factors add_element(struct factors sum, struct bytes element) {
    for (size_t i = 0; i < element.size; i++) {
        struct factors factors = factors_of(element.data[i]);
        sum.twos += factors.twos;
        sum.fives += factors.fives;
    }
    return sum;
}

// Those without which the product of the others is still 0.
static size_t count_free(struct factors all, struct bytes element) {
    size_t count = 0;
    for (size_t i = 0; i < element.size; i++) {
        struct factors own = factors_of(element.data[i]);
        count += all.twos - own.twos >= ENOUGH && all.fives - own.fives >= ENOUGH;
    }
    return count;
}

struct weak_signature weak_signature_find(const struct packet *packet) {
    struct weak_signature weak = {0};
    struct factors all = {0};
    for (unsigned i = 0; i < packet->element_count; i++) {
        all = add_element(all, packet->element[i]);
    }
    for (unsigned i = 0; i < packet->element_count; i++) {
        weak.bytes += packet->element[i].size;
        weak.free += count_free(all, packet->element[i]);
    }
    return weak;
}

void weak_signature_append_words(const struct weak_signature *weak, struct buffer *out) {
    if (weak->free == weak->bytes) {
        buffer_append_text(out, "signature 0: any byte can be changed unnoticed");
    } else {
        printable_format(out, "signature 0: %zu of %zu bytes can be changed unnoticed", weak->free,
                         weak->bytes);
    }
}
