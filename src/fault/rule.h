// A rule of faults as values: what is done, to which packets, of whom, when. As text it is one line
// that reads as English (docs/faults.md): `drop PUBACK 3 from dev-*`, `throttle 64 kbit/s`.
// fault/parse.h makes a rule of a text, fault/text.h a text of a rule, and fault/set.h decides by
// rules.
//
// One table of actions, fault_action_row, says what each needs and what can cause it; one of kinds
// of packets, fault_kind_row, who sends which. Parser, texts, explanations, warnings, docs and
// tests follow them.
//
// A rule owns nothing and points at nothing. Times are nanoseconds since the rule was added.
#ifndef FAULT_RULE_H
#define FAULT_RULE_H

#include "base/bytes.h"

enum fault_action {
    FAULT_DROP,
    FAULT_HOLD,
    FAULT_DUPLICATE,
    FAULT_DELAY,
    FAULT_STALL,
    FAULT_REORDER,
    FAULT_THROTTLE,
    FAULT_LOSE,
    FAULT_CUT,
    FAULT_FREEZE,
    FAULT_REFUSE,
    FAULT_CORRUPT,
    FAULT_PROFILE,
    FAULT_ACTIONS,
};

// What follows the word of an action; behind the packets stand `by`, `after BYTES` and `in bursts`.
enum fault_argument {
    FAULT_TAKES_TIME = 1 << 0,
    FAULT_MAY_TAKE_TIME = 1 << 1, // without it: for ever
    FAULT_TAKES_JITTER = 1 << 2,  // may
    FAULT_TAKES_RATE = 1 << 3,
    FAULT_TAKES_BITS = 1 << 4,
    FAULT_TAKES_PROFILE = 1 << 5,
    FAULT_TAKES_PLACE = 1 << 6, // may
    FAULT_TAKES_BY = 1 << 7,
    FAULT_TAKES_BURSTS = 1 << 8, // may
};

// What can do such a thing to packets that are on their way.
enum fault_cause {
    FAULT_BY_NETWORK, // any network does at times
    FAULT_BY_PEER,    // only a faulty program at one of the ends, or an attacker
};

struct fault_action_row {
    const char *name;
    uint32_t arguments;     // bits of enum fault_argument
    enum fault_cause cause; // in a stream of bytes
    enum fault_cause line_cause;
    const char *form;    // "delay TIME [~ TIME]", for people
    const char *does;    // "delays", the verb of the explanation
    const char *effect;  // a whole sentence
    const char *example; // a rule
};

const struct fault_action_row *fault_action_row(enum fault_action action);

// ---- packets ----------------------------------------------------------------------------------

// The packets of MQTT have the numbers of enum mqtt_type, those of the line network follow.
enum fault_kind {
    FAULT_ANY = 0,
    FAULT_LINE = 16,      // FAULT_LINE + enum packet_type
    FAULT_BYTES = 16 + 9, // what is no packet: a run of bytes of another protocol
    FAULT_KINDS,
};

enum fault_direction { FAULT_TO_BROKER, FAULT_TO_CLIENT, FAULT_BOTH_WAYS };

enum fault_sender {
    FAULT_CLIENT_SENDS = 1 << FAULT_TO_BROKER,
    FAULT_BROKER_SENDS = 1 << FAULT_TO_CLIENT,
};

struct fault_kind_row {
    const char *name; // "PUBLISH", "publ"; NULL: there is no kind of this number
    uint8_t senders;  // bits of enum fault_sender
    uint8_t bytes;    // its size, where all are of one size; else 0
    bool has_topic;
    bool has_qos;
};

const struct fault_kind_row *fault_kind_row(unsigned kind);

// ---- a rule -----------------------------------------------------------------------------------

#define FAULT_NAME_MAX 127   // bytes of a pattern for clients
#define FAULT_FILTER_MAX 255 // bytes of a topic filter
#define FAULT_RULE_MAX 1024  // bytes of a rule as text
#define FAULT_BITS_MAX 64    // that one packet can lose
#define FAULT_BY_MAX 1000    // packets that go before one that is out of order
#define FAULT_TIME_MAX (UINT64_C(8760) * 3600 * 1000000000) // a year, for every time
#define FAULT_FOR_EVER UINT64_MAX
#define FAULT_MILLION 1000000u // a share is in parts of it

enum fault_pick {
    FAULT_EACH,
    FAULT_NUMBERED, // the first-th to the last-th of a client
    FAULT_EVERY,    // the n-th, the 2 n-th ...
    FAULT_SHARE,
};

enum fault_place { FAULT_BEFORE, FAULT_INSIDE, FAULT_AFTER };

// What is done, to which packets, of whom, and when. A rule is a value: it is read from a line
// (fault/parse.h), printed as one (fault/text.h), and counts nothing itself (fault/set.h).
struct fault_rule {
    enum fault_action action;
    // Arguments of the action; those that it does not take are 0.
    uint64_t time_ns; // FAULT_FOR_EVER: a freeze without end
    uint64_t jitter_ns;
    uint64_t rate; // bits a second
    uint32_t bits;
    uint32_t by;
    uint32_t burst; // losses that come in a row, in the mean; 0: each by itself
    uint32_t inside_bytes;
    enum fault_place place;
    bool has_place;
    uint8_t profile; // of fault/profile.h

    // Which packets.
    uint8_t kind; // enum fault_kind
    enum fault_pick pick;
    uint32_t first; // FAULT_NUMBERED, FAULT_EVERY
    uint32_t last;  // FAULT_NUMBERED
    uint32_t share; // FAULT_SHARE, parts of a million

    // Whose: the pattern fits the client's identifier or its address; empty: anybody's.
    enum fault_direction direction;
    uint8_t pattern_size;
    uint8_t filter_size; // 0: any topic
    int8_t qos;          // -1: any
    char pattern[FAULT_NAME_MAX + 1];
    char filter[FAULT_FILTER_MAX + 1];

    // When: from start on; with a period again and again; each time for so long. Where is_once, the
    // first packet of each client that fits, each time.
    uint64_t start_ns;
    uint64_t period_ns; // 0: none
    uint64_t length_ns; // 0: no end
    bool is_once;
};

static inline struct bytes fault_rule_pattern(const struct fault_rule *rule) {
    return bytes_make(rule->pattern, rule->pattern_size);
}

static inline struct bytes fault_rule_filter(const struct fault_rule *rule) {
    return bytes_make(rule->filter, rule->filter_size);
}

// Whether the rule acts by the clock alone, on connections and not on packets: a freeze or a cut
// that names no packets.
bool fault_rule_is_timed(const struct fault_rule *rule);

// Whether `text` fits the pattern, in which `*` stands for any run of bytes and `?` for any one.
bool fault_pattern_fits(struct bytes pattern, struct bytes text);

// Whether the rule is about this client: its identifier or its address fits.
bool fault_rule_is_about(const struct fault_rule *rule, struct bytes client, struct bytes address);

// Which of its times the rule is in, `age_ns` after it was added: 0 the first one; -1: none.
int64_t fault_rule_window(const struct fault_rule *rule, uint64_t age_ns);

// Whether packets of this kind can go in a direction of the rule: that some side sends them there.
bool fault_kind_goes(unsigned kind, enum fault_direction direction);

#endif
