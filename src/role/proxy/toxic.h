// Toxics: what Toxiproxy (github.com/Shopify/toxiproxy) can do to a stream of bytes, whatever it
// carries. They work on runs of bytes as they come, behind the rules, which work on packets.
//
// A toxic belongs to a proxy and to one direction. Each connection draws once, when it opens or the
// toxic is added, whether the toxic holds for it: its toxicity is the share of connections. The
// draw depends on the seed, the toxic's number and the connection's number only. Toxics of a
// direction work one after the other, in the order in which they were added.
#ifndef ROLE_PROXY_TOXIC_H
#define ROLE_PROXY_TOXIC_H

#include "role/proxy/lane.h"

#define PROXY_TOXICS_MAX 16
#define PROXY_TOXIC_NAME_MAX 63

enum proxy_toxic_type {
    PROXY_LATENCY,    // all bytes later by `latency` more or less `jitter`, in milliseconds
    PROXY_BANDWIDTH,  // at most `rate` kilobytes a second
    PROXY_SLOW_CLOSE, // the end comes `delay` milliseconds later
    PROXY_TIMEOUT,    // no byte passes; the connection ends after `timeout` ms; 0: never
    PROXY_RESET_PEER, // at the first byte, `timeout` ms later, the connection is reset
    PROXY_SLICER, // in pieces of `average_size` more or less `size_variation` bytes, with `delay`
                  // microseconds between them
    PROXY_LIMIT_DATA, // the connection ends behind so many `bytes`
    PROXY_TOXIC_TYPES,
};

#define PROXY_ATTRIBUTES_MAX 3

struct proxy_toxic_row {
    const char *name;
    const char *attributes[PROXY_ATTRIBUTES_MAX]; // NULL: there are no more
};

const struct proxy_toxic_row *proxy_toxic_row(enum proxy_toxic_type type);

struct proxy_toxic {
    char name[PROXY_TOXIC_NAME_MAX + 1];
    enum proxy_toxic_type type;
    enum fault_direction way; // FAULT_TO_BROKER is "upstream"
    uint32_t toxicity;        // share of connections, of a million
    uint32_t number;          // from 1, in the order of adding
    uint64_t attributes[PROXY_ATTRIBUTES_MAX];
};

struct proxy_toxics {
    struct proxy_toxic items[PROXY_TOXICS_MAX];
    uint32_t count;
    uint32_t last_number;
};

// What a connection keeps of a toxic.
struct proxy_toxin {
    uint32_t number; // whose; another's is stale
    bool holds;
    uint64_t since;
    uint64_t busy_until;
    uint64_t passed; // bytes
    uint64_t draws;
};

// Those of a connection. `resets_at` and `ends_at` are times; UINT64_MAX: not yet.
struct proxy_toxins {
    struct proxy_toxin items[PROXY_TOXICS_MAX];
    uint64_t seed;
    uint64_t connection; // its number
    uint64_t resets_at;
};

// NULL: there is none of this name.
struct proxy_toxic *proxy_toxics_find(struct proxy_toxics *toxics, struct bytes name);
// Adds it behind the others; NULL: there are as many as may be.
struct proxy_toxic *proxy_toxics_add(struct proxy_toxics *toxics, const struct proxy_toxic *toxic);
bool proxy_toxics_remove(struct proxy_toxics *toxics, struct bytes name);

// Draws for toxics that are new to the connection.
void proxy_toxins_renew(struct proxy_toxins *toxins, const struct proxy_toxics *toxics,
                        uint64_t now);

// A part on its way into a lane, through all toxics of the direction.
void proxy_toxins_put(struct proxy_toxins *toxins, const struct proxy_toxics *toxics,
                      enum fault_direction way, struct proxy_lane *lane,
                      const struct proxy_part *part);
// How much later the lane's end comes.
uint64_t proxy_toxins_end_delay(const struct proxy_toxins *toxins,
                                const struct proxy_toxics *toxics, enum fault_direction way);
// When the connection ends by a timeout; UINT64_MAX: it does not. A reset is at resets_at.
uint64_t proxy_toxins_due(const struct proxy_toxins *toxins, const struct proxy_toxics *toxics);

#endif
