// Rules of faults in force, and what they decide about each packet. In front of a stream of packets
// or on a network of lines; pure, so a proxy, a broker and a simulation decide alike.
//
// Rules are tried in the order in which they were added. Each sees what those before it let pass:
// later rules do not count a packet that was dropped. Delays, stalls and speeds add up as if the
// networks lay one behind the other.
//
// A client is known by its identifier, over all its connections: `drop PUBACK 1 to a` hits once,
// however often a connects. What is counted of a client is kept while it is referenced, and for
// clients_max clients in all; beyond that, the client that left first is forgotten, and starts from
// zero when it comes back.
//
// What is decided about a packet depends on the seed, the rule's number, the client's identifier,
// the direction, and how many packets the client's stream had in that direction. Not on time, nor
// on others. What does depend on time are rules with times, and speeds.
//
// The set belongs to one thread. Times are nanoseconds of any steady clock, never going back.
#ifndef FAULT_SET_H
#define FAULT_SET_H

#include "base/map.h"
#include "base/memory.h"
#include "fault/rule.h"

struct fault_limits {
    uint32_t rules_max;
    uint32_t clients_max; // 1 or more
};

// A rule in force.
struct fault_entry {
    struct fault_rule rule;
    uint32_t number; // from 1, in the order of adding; none is given twice
    uint32_t slot;   // of its track in each client
    uint64_t since;  // right behind the moment when it was added
    uint64_t hits;   // packets; or connections, where it acts on these
};

// What is kept of a client, over all its connections: tracks of the rules, how many packets it had,
// until when it is stalled. Its parts are the set's. While it has references it stays; without any
// it stands in the list of those that left, and may be replaced.
struct fault_client {
    uint64_t key; // hash of its identifier
    uint32_t references;
    uint32_t track_count;
    struct fault_track *tracks;       // of each rule in force and each direction, as far as needed
    uint64_t packets[2];              // that came, of each direction
    uint64_t stalled_until[2];        // nothing passes before, while there is the rule
    uint32_t stalled_by[2];           // that did it last
    struct fault_client *left_before; // of those without references
    struct fault_client *left_after;
};

// The parts: rules; clients, found by the hash of their identifier; and of those that nobody
// refers to, a list in the order in which they left. A bit in `kinds` says that a rule is about
// packets of this kind, in this direction: where it is not set, nothing has to be decided.
struct fault_set {
    struct memory *memory;
    uint64_t seed;
    struct fault_limits limits;
    bool of_lines; // a network of lines; else streams
    struct fault_entry *entries;
    uint32_t count;
    uint32_t capacity;
    uint32_t last_number;
    uint32_t kinds[2];
    struct fault_client **clients;
    uint32_t client_count;
    uint32_t client_capacity;
    struct map by_key;
    struct fault_client *left_first;
    struct fault_client *left_last;
};

void fault_set_init(struct fault_set *set, struct memory *memory, uint64_t seed,
                    struct fault_limits limits);
void fault_set_deinit(struct fault_set *set);

// The number of the rule; 0: there are as many as may be.
uint32_t fault_set_add(struct fault_set *set, const struct fault_rule *rule, uint64_t now);
// False: there is no rule of this number.
bool fault_set_remove(struct fault_set *set, uint32_t number);

// The client, newly made if need be, until fault_set_unref. NULL: clients_max of them are in use.
struct fault_client *fault_set_ref(struct fault_set *set, struct bytes identifier);
void fault_set_unref(struct fault_set *set, struct fault_client *client);

// ---- packets ----------------------------------------------------------------------------------

struct fault_packet {
    uint8_t kind;        // enum fault_kind, not FAULT_ANY
    uint8_t direction;   // FAULT_TO_BROKER or FAULT_TO_CLIENT
    int8_t qos;          // -1: it has none
    uint64_t bytes;      // of the whole packet
    struct bytes topic;  // data NULL: it has none, or it is not known
    struct bytes client; // its identifier, and its address, as patterns are held against
    struct bytes address;
};

enum fault_end {
    FAULT_PASSES,
    FAULT_IS_DROPPED,
    FAULT_IS_HELD,    // until somebody lets it go
    FAULT_IS_REFUSED, // answered, see FAULT_REFUSE
    FAULT_IS_CUT,     // the connection ends at `place`
    FAULT_IS_RESET,   // the connection ends in its place: all retransmissions were lost
};

// What is to be done with one packet: whether it passes, when (times are absolute; where it may
// leave at once, begin is `now` and finish is begin), in how many copies, behind how many others,
// with which bits turned. The rules add to it one after the other until one ends the packet.
struct fault_decision {
    enum fault_end end;
    enum fault_place place; // of a cut
    uint32_t inside_bytes;  // likewise: so many bytes of the packet still pass
    uint32_t rule;          // the number of the first rule that hit; 0: none
    uint64_t begin;         // when its first byte may leave
    uint64_t finish;        // and its last one
    uint64_t frozen_until;  // the connection, both ways; 0: it is not
    uint32_t copies;        // that go; 1
    uint32_t by;            // so many packets of its direction go before it; 0
    uint32_t bits;          // to be turned, see fault_corrupt
    uint64_t bit_seed;
    bool keeps_order; // those behind must not leave before it; always so in a stream
};

// Whether a rule may have to say something about such packets.
static inline bool fault_set_cares(const struct fault_set *set, unsigned direction, unsigned kind) {
    return (set->kinds[direction] >> kind & 1) != 0;
}

// Counts the packet, which no rule is about.
static inline void fault_client_count(struct fault_client *client, unsigned direction) {
    client->packets[direction]++;
}

// Until when a stall keeps the packets of a client in a direction; 0: none does. A rule that was
// taken back keeps none.
uint64_t fault_set_stalled(const struct fault_set *set, const struct fault_client *client,
                           unsigned direction);

// Counts the packet and decides.
void fault_set_decide(struct fault_set *set, struct fault_client *client,
                      const struct fault_packet *packet, uint64_t now,
                      struct fault_decision *decision);

// Turns those of the decision's bits that lie in `size` bytes from `offset` on of a packet of
// `packet_bytes`. The same bits, whatever the pieces.
void fault_corrupt(const struct fault_decision *decision, uint64_t packet_bytes, uint64_t offset,
                   uint8_t *data, size_t size);

// ---- connections --------------------------------------------------------------------------------
//
// Freezes and cuts by the clock, rules that fault_rule_is_timed. To be looked at for each
// connection when fault_set_due has come, when it is new, and when its client becomes known.

struct fault_connection {
    struct bytes client; // its identifier and its address
    struct bytes address;
    uint64_t looked; // when this was last asked, or it opened
};

// When a timed rule acts next; UINT64_MAX: never.
uint64_t fault_set_due(const struct fault_set *set, uint64_t now);
// The number of a rule with a moment to cut after `looked`, up to now, which is a hit; 0: none.
uint32_t fault_set_cuts(struct fault_set *set, const struct fault_connection *connection,
                        uint64_t now);
// Until when the connection is frozen; 0: it is not. A hit if that is later than `known`.
uint64_t fault_set_freezes(struct fault_set *set, const struct fault_connection *connection,
                           uint64_t known, uint64_t now);

// Asserts what always holds.
void fault_set_check(const struct fault_set *set);

#endif
