#include "watch/explain/eavesdrop.h"

#include <sodium.h>

#include "base/decimal.h"
#include "cipher/classic.h"
#include "cipher/sodium.h"
#include "role/line/connection.h"
#include "shell/printable.h"
#include "topic/topic.h"

// What is known about the key of two addresses.
enum pair_state {
    PAIR_UNKNOWN, // nothing yet: packets are guessed
    PAIR_BROKEN,
    PAIR_SAFE,
};

struct eavesdrop_pair {
    uint64_t addresses;
    enum pair_state state;
    uint32_t client_key; // of a creq without its cres yet; 0: none
    uint32_t key;
    bool fits[EAVESDROP_SHIFTS];      // all packets guessed so far
    uint32_t score[EAVESDROP_SHIFTS]; // how much that looked like text
};

// ---- pairs ----------------------------------------------------------------------------------

void eavesdrop_init(struct eavesdrop *eavesdrop, struct memory *memory) {
    *eavesdrop = (struct eavesdrop){.memory = memory};
    map_init(&eavesdrop->places, memory, 0);
}

void eavesdrop_deinit(struct eavesdrop *eavesdrop) {
    map_deinit(&eavesdrop->places);
    memory_free(eavesdrop->memory, eavesdrop->pairs,
                eavesdrop->capacity * sizeof *eavesdrop->pairs);
}

static void forget_guesses(struct eavesdrop_pair *pair) {
    memset(pair->fits, true, sizeof pair->fits);
    memset(pair->score, 0, sizeof pair->score);
}

static uint32_t take_place(struct eavesdrop *eavesdrop) {
    if (eavesdrop->count < EAVESDROP_PAIRS_MAX) {
        eavesdrop->pairs = memory_grow(eavesdrop->memory, eavesdrop->pairs, &eavesdrop->capacity,
                                       eavesdrop->count + 1, sizeof *eavesdrop->pairs);
        return eavesdrop->count++;
    }
    uint32_t place = eavesdrop->oldest;
    eavesdrop->oldest = (place + 1) % EAVESDROP_PAIRS_MAX;
    map_remove(&eavesdrop->places, eavesdrop->pairs[place].addresses);
    return place;
}

// The pair of the packet's addresses, in whichever direction it goes.
static struct eavesdrop_pair *pair_of(struct eavesdrop *eavesdrop, const struct packet *packet) {
    uint32_t low = packet->sender < packet->receiver ? packet->sender : packet->receiver;
    uint32_t high = packet->sender < packet->receiver ? packet->receiver : packet->sender;
    uint64_t addresses = (uint64_t)high << 32 | low;
    uint32_t place = map_get(&eavesdrop->places, addresses);
    if (place == MAP_NONE) {
        place = take_place(eavesdrop);
        map_put(&eavesdrop->places, addresses, place);
        eavesdrop->pairs[place] = (struct eavesdrop_pair){.addresses = addresses};
        forget_guesses(&eavesdrop->pairs[place]);
    }
    return &eavesdrop->pairs[place];
}

// ---- the exchange of keys -------------------------------------------------------------------

// A public pre-key, or 0.
static uint32_t read_pre_key(const struct packet *packet, unsigned place) {
    uint64_t number = 0;
    bool is_one = packet->element_count > place &&
                  decimal_read(packet->element[place], CLASSIC_MODULUS - 1, &number);
    return is_one ? (uint32_t)number : 0;
}

static bool chooses_sodium(const struct packet *cres) {
    return cres->element_count > 2 && cipher_suite_named(cres->element[2]) == &cipher_sodium;
}

static struct eavesdrop_finding find_key(struct eavesdrop_pair *pair, uint32_t client_key,
                                         uint32_t broker_key) {
    struct eavesdrop_finding finding = {.outcome = EAVESDROP_KEY_MISSED,
                                        .client_key = client_key,
                                        .broker_key = broker_key,
                                        .exponent = classic_logarithm(client_key)};
    pair->state = PAIR_UNKNOWN;
    forget_guesses(pair);
    if (finding.exponent != 0 && broker_key != 0) {
        finding.outcome = EAVESDROP_KEY_FOUND;
        finding.key = pair->key = classic_power(broker_key, finding.exponent);
        pair->state = PAIR_BROKEN;
    }
    return finding;
}

static struct eavesdrop_finding hear_answer(struct eavesdrop_pair *pair,
                                            const struct packet *cres) {
    uint32_t client_key = pair->client_key;
    pair->client_key = 0;
    if (cres->element_count == 0 || status_read(cres->element[0]) != STATUS_OK) {
        return (struct eavesdrop_finding){.outcome = EAVESDROP_NOTHING};
    }
    if (chooses_sodium(cres)) {
        pair->state = PAIR_SAFE;
        return (struct eavesdrop_finding){.outcome = EAVESDROP_KEY_SAFE};
    }
    return find_key(pair, client_key, read_pre_key(cres, 1));
}

// ---- guessing -------------------------------------------------------------------------------

// A topic holds no DEL in practice, and one shift in 96 makes one of each character.
static bool is_topic(enum topic_fault fault, struct bytes topic) {
    return fault == TOPIC_OK && memchr(topic.data, 127, topic.size) == NULL;
}

// Whether what a shift made of the elements is what packets of this type hold.
static bool makes_sense(const struct packet *packet) {
    const struct bytes *element = packet->element;
    switch (packet->type) {
    case PACKET_SREQ:
        return is_topic(topic_filter_check(element[0]), element[0]) &&
               (packet->element_count < 2 || bytes_equal(element[1], BYTES_LITERAL("off")));
    case PACKET_SRES:
        return packet->element_count > 1 && status_read(element[0]) != STATUS_NONE &&
               is_topic(topic_filter_check(element[1]), element[1]);
    case PACKET_PUBL:
        return packet->element_count > 1 && is_topic(topic_name_check(element[0]), element[0]);
    case PACKET_DISC:
        return status_read(element[0]) != STATUS_NONE;
    case PACKET_JOIN:
    case PACKET_LEFT:
    case PACKET_CREQ:
    case PACKET_CRES:
    case PACKET_PING:
    case PACKET_TYPES:
        break;
    }
    return false;
}

static uint32_t score_byte(uint8_t byte) {
    if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) {
        return 3;
    }
    return byte == '/' || byte == '.' || byte == ' ' ? 2 : byte >= 'A' && byte <= 'Z';
}

static uint32_t score(const struct packet *packet) {
    uint32_t sum = 0;
    for (unsigned i = 0; i < packet->element_count; i++) {
        for (size_t k = 0; k < packet->element[i].size; k++) {
            sum += score_byte(packet->element[i].data[k]);
        }
    }
    return sum;
}

static bool unseal(struct packet *packet, uint32_t key, uint8_t *room) {
    struct packet copy = *packet;
    if (cipher_classic.unseal(&(union cipher_key){.classic = key}, &copy, room) != PACKET_OK) {
        return false;
    }
    *packet = copy;
    return true;
}

static uint32_t try_shifts(const struct packet *packet, uint8_t *room, bool *fits,
                           uint32_t *scores) {
    uint32_t fitting = 0;
    for (uint32_t shift = 0; shift < EAVESDROP_SHIFTS; shift++) {
        struct packet copy = *packet;
        fits[shift] = unseal(&copy, shift, room) && makes_sense(&copy);
        scores[shift] = fits[shift] ? score(&copy) : 0;
        fitting += fits[shift];
    }
    return fitting;
}

// Leaves those shifts that fit this packet too. If none is left, a new connection began unseen.
static uint32_t narrow(struct eavesdrop_pair *pair, const bool *fits, const uint32_t *scores) {
    uint32_t left = 0;
    for (uint32_t shift = 0; shift < EAVESDROP_SHIFTS; shift++) {
        left += pair->fits[shift] && fits[shift];
    }
    if (left == 0) {
        forget_guesses(pair);
        return narrow(pair, fits, scores);
    }
    for (uint32_t shift = 0; shift < EAVESDROP_SHIFTS; shift++) {
        pair->fits[shift] = pair->fits[shift] && fits[shift];
        pair->score[shift] += scores[shift];
    }
    return left;
}

static uint32_t best_shift(const struct eavesdrop_pair *pair) {
    uint32_t best = EAVESDROP_SHIFTS;
    for (uint32_t shift = 0; shift < EAVESDROP_SHIFTS; shift++) {
        if (pair->fits[shift] &&
            (best == EAVESDROP_SHIFTS || pair->score[shift] > pair->score[best])) {
            best = shift;
        }
    }
    return best;
}

static struct eavesdrop_finding guess(struct eavesdrop_pair *pair, struct packet *packet,
                                      uint8_t *room) {
    bool fits[EAVESDROP_SHIFTS];
    uint32_t scores[EAVESDROP_SHIFTS];
    if (try_shifts(packet, room, fits, scores) == 0) {
        return (struct eavesdrop_finding){.outcome = EAVESDROP_UNFIT};
    }
    struct eavesdrop_finding finding = {.outcome = EAVESDROP_GUESSED};
    finding.fitting = narrow(pair, fits, scores);
    finding.shift = best_shift(pair);
    (void)unseal(packet, finding.shift, room); // it fits
    return finding;
}

// ---- sealed packets -------------------------------------------------------------------------

// A counter below 2^32 is the mark; text of the other suite has it by chance once in 2^32.
bool eavesdrop_looks_like_sodium(const struct packet *packet) {
    uint8_t start[24];
    size_t size = 0;
    struct bytes text = packet->element[0];
    return packet->element_count == 1 && packet->signature == 0 &&
           text.size >= sizeof start / 3 * 4 &&
           sodium_base642bin(start, sizeof start, (const char *)text.data, sizeof start / 3 * 4,
                             NULL, &size, NULL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           size == sizeof start && memcmp(start + 4, "\0\0\0", 4) == 0;
}

static struct eavesdrop_finding hear_sealed(struct eavesdrop_pair *pair, struct packet *packet,
                                            uint8_t *room) {
    struct eavesdrop_finding finding = {.outcome = EAVESDROP_UNFIT, .key = pair->key};
    switch (pair->state) {
    case PAIR_SAFE:
        finding.outcome = EAVESDROP_SAFE;
        return finding;
    case PAIR_BROKEN:
        finding.outcome = unseal(packet, pair->key, room) ? EAVESDROP_UNSEALED : EAVESDROP_UNFIT;
        return finding;
    case PAIR_UNKNOWN:
        break;
    }
    if (eavesdrop_looks_like_sodium(packet)) {
        pair->state = PAIR_SAFE;
        finding.outcome = EAVESDROP_KEY_SAFE;
        return finding;
    }
    return guess(pair, packet, room);
}

struct eavesdrop_finding eavesdrop_packet(struct eavesdrop *eavesdrop, struct packet *packet,
                                          uint8_t *room) {
    struct eavesdrop_finding nothing = {.outcome = EAVESDROP_NOTHING};
    bool fits = connection_check_unsealed(packet) == PACKET_OK;
    switch (packet->type) {
    case PACKET_CREQ:
        if (fits) {
            pair_of(eavesdrop, packet)->client_key = read_pre_key(packet, 0);
        }
        return nothing;
    case PACKET_CRES:
        return fits ? hear_answer(pair_of(eavesdrop, packet), packet) : nothing;
    case PACKET_SREQ:
    case PACKET_SRES:
    case PACKET_PUBL:
    case PACKET_PING:
    case PACKET_DISC:
        return packet->element_count == 0 || connection_is_unknown_to_peer(packet)
                   ? nothing
                   : hear_sealed(pair_of(eavesdrop, packet), packet, room);
    case PACKET_JOIN:
    case PACKET_LEFT:
    case PACKET_TYPES:
        break;
    }
    return nothing;
}

// ---- words ----------------------------------------------------------------------------------

static void append_guess(const struct eavesdrop_finding *finding, struct buffer *out) {
    if (finding->fitting == 1) {
        printable_format(out, "guessed: of %u shifts only %u fits", EAVESDROP_SHIFTS,
                         finding->shift);
    } else {
        printable_format(out, "guessed: %u of %u shifts fit, %u looks best", finding->fitting,
                         EAVESDROP_SHIFTS, finding->shift);
    }
}

void eavesdrop_append_words(const struct eavesdrop_finding *finding, uint64_t nanoseconds,
                            struct buffer *out) {
    switch (finding->outcome) {
    case EAVESDROP_NOTHING:
    case EAVESDROP_SAFE: // said when the key was agreed on
        break;
    case EAVESDROP_KEY_FOUND:
        printable_format(out,
                         "key %u found from %u and %u in %.1f µs: %u = %u^%u, %u^%u = %u "
                         "(mod %u)",
                         finding->key, finding->client_key, finding->broker_key,
                         (double)nanoseconds / 1e3, finding->client_key, CLASSIC_GENERATOR,
                         finding->exponent, finding->broker_key, finding->exponent, finding->key,
                         CLASSIC_MODULUS);
        break;
    case EAVESDROP_KEY_MISSED:
        buffer_append_text(out, "no key found: that takes the public pre-keys of both sides");
        break;
    case EAVESDROP_KEY_SAFE:
        buffer_append_text(out, "suite sodium: its key cannot be found from what was seen; all "
                                "that follows stays sealed");
        break;
    case EAVESDROP_UNSEALED:
        printable_format(out, "key %u", finding->key);
        break;
    case EAVESDROP_GUESSED:
        append_guess(finding, out);
        break;
    case EAVESDROP_UNFIT:
        if (finding->key != 0) {
            printable_format(out, "key %u does not fit", finding->key);
        } else {
            printable_format(out, "none of %u shifts fits", EAVESDROP_SHIFTS);
        }
        break;
    }
}
