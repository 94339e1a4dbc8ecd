#include "fault/parse.h"

#include "fault/profile.h"
#include "topic/topic.h"

#define MILLION UINT64_C(1000000)
#define US_NS 1000u
#define RATE_MAX UINT64_C(1000000000000)

// What stands behind the packets; each may come once.
enum tail { FROM, TO, WITH, ON, QOS, AT, AFTER, EVERY, FOR, BY, BURSTS, TAILS };

static const char *const tail_words[TAILS] = {"from",  "to",    "with", "on", "qos", "at",
                                              "after", "every", "for",  "by", "in"};

struct parser {
    struct fault_reader reader;
    struct fault_rule *rule;
    uint32_t arguments; // of the action
    uint32_t seen;      // a bit for each enum tail
    size_t places[TAILS];
    size_t action_at;
};

// ---- lists of words
// -------------------------------------------------------------------------------

static const char *action_at(unsigned index) {
    return index < FAULT_ACTIONS ? fault_action_row((enum fault_action)index)->name : NULL;
}

static const char *kind_at(unsigned index) {
    if (index >= FAULT_KINDS) {
        return NULL;
    }
    const char *name = fault_kind_row(index)->name;
    return name == NULL ? "" : name;
}

static const char *profile_at(unsigned index) {
    const struct fault_profile *profile = fault_profile(index);
    return profile == NULL ? NULL : profile->name;
}

struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit time_units[] = {
    {"us", 1}, {"ms", 1000}, {"s", MILLION}, {"min", 60 * MILLION}, {"h", 3600 * MILLION}};
static const struct unit rate_units[] = {
    {"bit/s", 1}, {"kbit/s", 1000}, {"Mbit/s", MILLION},  {"Gbit/s", 1000 * MILLION},
    {"B/s", 8},   {"kB/s", 8000},   {"MB/s", 8 * MILLION}};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *time_unit_at(unsigned index) {
    return index < COUNT(time_units) ? time_units[index].name : NULL;
}

static const char *rate_unit_at(unsigned index) {
    return index < COUNT(rate_units) ? rate_units[index].name : NULL;
}

// ---- values -----------------------------------------------------------------------------------

// millionths * factor / 10^6, or UINT64_MAX.
static uint64_t scaled(uint64_t millionths, uint64_t factor) {
    __extension__ unsigned __int128 value = (unsigned __int128)millionths * factor / MILLION;
    return value > UINT64_MAX ? UINT64_MAX : (uint64_t)value;
}

static bool read_time_unit(struct parser *parser, size_t start, uint64_t millionths, uint64_t *ns) {
    int unit = fault_reader_one_of(&parser->reader, time_unit_at, "us, ms, s, min or h");
    if (unit < 0) {
        return false;
    }
    uint64_t us = scaled(millionths, time_units[unit].factor);
    if (us == 0 || us > FAULT_TIME_MAX / US_NS) {
        return fault_reader_fail(&parser->reader, start, "is no time from 1 us to 8760 h");
    }
    *ns = us * US_NS;
    return true;
}

static bool read_time(struct parser *parser, uint64_t *ns) {
    (void)fault_reader_is_at_end(&parser->reader);
    size_t start = parser->reader.at;
    uint64_t millionths;
    return fault_reader_number(&parser->reader, &millionths) &&
           read_time_unit(parser, start, millionths, ns);
}

static bool read_rate(struct parser *parser) {
    (void)fault_reader_is_at_end(&parser->reader);
    size_t start = parser->reader.at;
    uint64_t millionths;
    if (!fault_reader_number(&parser->reader, &millionths)) {
        return false;
    }
    int unit = fault_reader_one_of(&parser->reader, rate_unit_at,
                                   "bit/s, kbit/s, Mbit/s, Gbit/s, B/s, kB/s or MB/s");
    if (unit < 0) {
        return false;
    }
    parser->rule->rate = scaled(millionths, rate_units[unit].factor);
    return (parser->rule->rate > 0 && parser->rule->rate <= RATE_MAX) ||
           fault_reader_fail(&parser->reader, start, "is no rate from 1 bit/s to 1000 Gbit/s");
}

static bool read_count(struct parser *parser, uint64_t most, uint32_t *count) {
    (void)fault_reader_is_at_end(&parser->reader);
    size_t start = parser->reader.at;
    uint64_t number;
    if (!fault_reader_whole(&parser->reader, &number)) {
        return false;
    }
    *count = (uint32_t)number;
    return (number >= 1 && number <= most) ||
           fault_reader_fail(&parser->reader, start,
                             most == FAULT_BITS_MAX ? "is no number from 1 to 64"
                             : most == FAULT_BY_MAX ? "is no number from 1 to 1000"
                                                    : "is no number from 1 to 4294967295");
}

// ---- the action and its arguments
// -----------------------------------------------------------------

static bool read_jitter(struct parser *parser) {
    return !fault_reader_sign(&parser->reader, '~') || read_time(parser, &parser->rule->jitter_ns);
}

static bool read_bits(struct parser *parser) {
    struct fault_reader *reader = &parser->reader;
    if (!read_count(parser, FAULT_BITS_MAX, &parser->rule->bits) ||
        !(fault_reader_word(reader, "bit") || fault_reader_word(reader, "bits"))) {
        return false;
    }
    (void)fault_reader_word(reader, "of");
    return true;
}

static bool read_profile(struct parser *parser) {
    int index = fault_reader_one_of(&parser->reader, profile_at,
                                    "a profile (ethernet, wifi, dsl, 4g, 3g, edge, gprs, lte-m, "
                                    "nb-iot, lora, satellite-geo, satellite-leo, lossy)");
    parser->rule->profile = (uint8_t)(index < 0 ? 0 : index);
    return index >= 0;
}

static void read_place(struct parser *parser) {
    static const char *const places[] = {
        [FAULT_BEFORE] = "before", [FAULT_INSIDE] = "inside", [FAULT_AFTER] = "after"};
    struct fault_rule *rule = parser->rule;
    for (unsigned i = FAULT_BEFORE; i <= FAULT_AFTER; i++) {
        size_t before = parser->reader.at;
        uint64_t number;
        if (!fault_reader_word(&parser->reader, places[i])) {
            continue;
        }
        // `cut after 10 s` is a time.
        size_t behind = parser->reader.at;
        if (i == FAULT_AFTER && fault_reader_number(&parser->reader, &number) &&
            fault_reader_one_of(&parser->reader, time_unit_at, "a time") >= 0) {
            parser->reader.at = before;
            return;
        }
        parser->reader.at = behind;
        rule->has_place = true;
        rule->place = (enum fault_place)i;
        return;
    }
}

// A digit comes next, and behind the number no `%`.
static bool a_time_follows(struct parser *parser) {
    struct fault_reader look = parser->reader;
    uint64_t number;
    return fault_reader_number(&look, &number) && !fault_reader_sign(&look, '%');
}

static bool read_arguments(struct parser *parser) {
    uint32_t takes = parser->arguments;
    struct fault_rule *rule = parser->rule;
    bool is_right = true;
    if (takes & FAULT_TAKES_TIME) {
        is_right = read_time(parser, &rule->time_ns);
    }
    if ((takes & FAULT_MAY_TAKE_TIME) && a_time_follows(parser)) {
        is_right = read_time(parser, &rule->time_ns);
    }
    if (is_right && (takes & FAULT_TAKES_JITTER)) {
        is_right = read_jitter(parser);
    }
    if (takes & FAULT_TAKES_RATE) {
        is_right = read_rate(parser);
    }
    if (takes & FAULT_TAKES_BITS) {
        is_right = read_bits(parser);
    }
    if (takes & FAULT_TAKES_PROFILE) {
        is_right = read_profile(parser);
    }
    if (takes & FAULT_TAKES_PLACE) {
        read_place(parser);
    }
    return is_right;
}

static bool read_action(struct parser *parser) {
    (void)fault_reader_is_at_end(&parser->reader);
    parser->action_at = parser->reader.at;
    int action = fault_reader_one_of(&parser->reader, action_at,
                                     "drop, hold, duplicate, delay, stall, reorder, throttle, "
                                     "lose, cut, freeze, refuse, corrupt, profile");
    if (action < 0) {
        return false;
    }
    parser->rule->action = (enum fault_action)action;
    parser->arguments = fault_action_row(parser->rule->action)->arguments;
    return true;
}

// ---- which packets ----------------------------------------------------------------------------

// `every 5`, unless a unit of time follows: then it stands for a period, behind the packets.
static bool read_every(struct parser *parser) {
    struct fault_reader look = parser->reader;
    uint64_t number;
    if (!fault_reader_word(&look, "every")) {
        (void)fault_reader_word(&parser->reader, "every");
        return true;
    }
    if (fault_reader_number(&look, &number) &&
        fault_reader_one_of(&look, time_unit_at, "a unit of time") >= 0) {
        return true;
    }
    (void)fault_reader_word(&parser->reader, "every");
    parser->rule->pick = FAULT_EVERY;
    return read_count(parser, UINT32_MAX, &parser->rule->first);
}

static bool read_share(struct parser *parser) {
    struct fault_reader look = parser->reader;
    (void)fault_reader_is_at_end(&parser->reader);
    size_t start = parser->reader.at;
    uint64_t millionths;
    if (!fault_reader_number(&look, &millionths)) {
        (void)fault_reader_number(&parser->reader, &millionths);
        return !parser->reader.has_failed;
    }
    (void)fault_reader_number(&parser->reader, &millionths);
    if (!fault_reader_sign(&parser->reader, '%')) {
        return fault_reader_fail_expecting(&parser->reader);
    }
    uint64_t share = millionths / 100; // of a percent, in millionths: 10^4 of a million
    if (share == 0 || share > FAULT_MILLION) {
        return fault_reader_fail(&parser->reader, start, "is no share from 0.0001 % to 100 %");
    }
    parser->rule->pick = FAULT_SHARE;
    parser->rule->share = (uint32_t)share;
    (void)fault_reader_word(&parser->reader, "of");
    return true;
}

// `3` or `3-5` behind a type.
static bool read_numbers(struct parser *parser) {
    struct fault_rule *rule = parser->rule;
    (void)fault_reader_is_at_end(&parser->reader);
    size_t start = parser->reader.at;
    struct fault_reader look = parser->reader;
    uint64_t number;
    if (!fault_reader_whole(&look, &number) && !look.has_failed) {
        (void)fault_reader_whole(&parser->reader, &number);
        return true;
    }
    if (!read_count(parser, UINT32_MAX, &rule->first)) {
        return false;
    }
    rule->last = rule->first;
    if (rule->pick != FAULT_EACH) {
        return fault_reader_fail(&parser->reader, start,
                                 "is a number beside a share or an `every`; give only one");
    }
    rule->pick = FAULT_NUMBERED;
    if (!fault_reader_sign(&parser->reader, '-')) {
        return true;
    }
    return read_count(parser, UINT32_MAX, &rule->last) &&
           (rule->last >= rule->first ||
            fault_reader_fail(&parser->reader, start, "is a range that ends before it begins"));
}

static bool read_packets(struct parser *parser) {
    struct fault_reader *reader = &parser->reader;
    if (!read_every(parser) || (parser->rule->pick == FAULT_EACH && !read_share(parser))) {
        return false;
    }
    int kind = fault_reader_word(reader, "packet")
                   ? FAULT_ANY
                   : fault_reader_one_of(reader, kind_at, "a packet type");
    if (kind < 0) {
        return !reader->has_failed;
    }
    parser->rule->kind = (uint8_t)kind;
    return read_numbers(parser);
}

// ---- whose, about what, when --------------------------------------------------------------------

static bool set_direction(struct parser *parser, size_t at, enum fault_direction direction) {
    enum fault_direction *now = &parser->rule->direction;
    if (*now != FAULT_BOTH_WAYS && *now != direction) {
        return fault_reader_fail(&parser->reader, at,
                                 "does not fit: packets go between a client and the broker");
    }
    *now = direction;
    return true;
}

static bool is_one_of(const char *name, const char *const *words) {
    for (; *words != NULL; words++) {
        if (bytes_equal(bytes_of_text(name), bytes_of_text(*words))) {
            return true;
        }
    }
    return false;
}

static bool set_pattern(struct parser *parser, size_t at, const char *name) {
    struct fault_rule *rule = parser->rule;
    if (rule->pattern_size > 0) {
        return fault_reader_fail(&parser->reader, at, "is a second client; a rule has one");
    }
    struct bytes pattern = bytes_of_text(name);
    memcpy(rule->pattern, name, pattern.size);
    rule->pattern_size = (uint8_t)pattern.size;
    return true;
}

static bool read_whom(struct parser *parser, enum tail tail) {
    static const char *const brokers[] = {"broker", NULL};
    static const char *const clients[] = {"client", "clients", NULL};
    char name[FAULT_NAME_MAX + 1];
    bool is_quoted;
    (void)fault_reader_is_at_end(&parser->reader);
    size_t at = parser->reader.at;
    if (!fault_reader_name(&parser->reader, name, FAULT_NAME_MAX, &is_quoted)) {
        return false;
    }
    bool is_broker = !is_quoted && is_one_of(name, brokers);
    bool is_client = !is_quoted && is_one_of(name, clients);
    if (tail == WITH) {
        return is_broker || is_client || set_pattern(parser, at, name);
    }
    enum fault_direction direction =
        (tail == FROM) == is_broker ? FAULT_TO_CLIENT : FAULT_TO_BROKER;
    return set_direction(parser, at, direction) &&
           (is_broker || is_client || set_pattern(parser, at, name));
}

static bool read_filter(struct parser *parser) {
    struct fault_rule *rule = parser->rule;
    bool is_quoted;
    (void)fault_reader_is_at_end(&parser->reader);
    size_t at = parser->reader.at;
    if (!fault_reader_name(&parser->reader, rule->filter, FAULT_FILTER_MAX, &is_quoted)) {
        return false;
    }
    struct bytes filter = bytes_of_text(rule->filter);
    if (topic_filter_check(filter) != TOPIC_OK) {
        return fault_reader_fail(&parser->reader, at, "is no topic filter");
    }
    rule->filter_size = (uint8_t)filter.size;
    return true;
}

static bool read_qos(struct parser *parser) {
    uint64_t number;
    (void)fault_reader_is_at_end(&parser->reader);
    size_t at = parser->reader.at;
    if (!fault_reader_whole(&parser->reader, &number)) {
        return false;
    }
    parser->rule->qos = (int8_t)number;
    return number <= 2 || fault_reader_fail(&parser->reader, at, "is no QoS: 0, 1 or 2");
}

// `after 7 bytes` of a cut inside a packet, or a time.
static bool read_after(struct parser *parser) {
    struct fault_reader *reader = &parser->reader;
    struct fault_rule *rule = parser->rule;
    (void)fault_reader_is_at_end(reader);
    size_t at = reader->at;
    uint64_t millionths;
    if (!fault_reader_number(reader, &millionths)) {
        return false;
    }
    bool may_be_bytes = rule->has_place && rule->place == FAULT_INSIDE && rule->inside_bytes == 0;
    if (may_be_bytes && (fault_reader_word(reader, "bytes") || fault_reader_word(reader, "byte"))) {
        uint64_t bytes = millionths / MILLION;
        rule->inside_bytes = (uint32_t)bytes;
        parser->seen &= ~(1u << AFTER); // a time may still follow
        return (millionths % MILLION == 0 && bytes >= 1 && bytes < UINT32_MAX) ||
               fault_reader_fail(reader, at, "is no number of bytes inside a packet");
    }
    return read_time_unit(parser, at, millionths, &rule->start_ns);
}

static bool read_bursts(struct parser *parser) {
    return fault_reader_word(&parser->reader, "bursts") &&
           fault_reader_word(&parser->reader, "of") &&
           read_count(parser, FAULT_BY_MAX, &parser->rule->burst);
}

static bool read_tail(struct parser *parser, enum tail tail) {
    struct fault_rule *rule = parser->rule;
    switch (tail) {
    case FROM:
    case TO:
    case WITH:
        return read_whom(parser, tail);
    case ON:
        return read_filter(parser);
    case QOS:
        return read_qos(parser);
    case AT:
        return read_time(parser, &rule->start_ns);
    case AFTER:
        return read_after(parser);
    case EVERY:
        return read_time(parser, &rule->period_ns);
    case FOR:
        return read_time(parser, &rule->length_ns);
    case BY:
        return read_count(parser, FAULT_BY_MAX, &rule->by);
    case BURSTS:
        return read_bursts(parser);
    case TAILS:
        break;
    }
    return false;
}

static bool may_stand(const struct parser *parser, enum tail tail) {
    if ((parser->seen & 1u << tail) || (tail == BY && !(parser->arguments & FAULT_TAKES_BY)) ||
        (tail == BURSTS && !(parser->arguments & FAULT_TAKES_BURSTS))) {
        return false;
    }
    bool is_start = tail == AT || tail == AFTER;
    return !is_start || !(parser->seen & (1u << AT | 1u << AFTER));
}

static bool read_tails(struct parser *parser) {
    struct fault_reader *reader = &parser->reader;
    while (!reader->has_failed && !fault_reader_is_at_end(reader)) {
        size_t place = reader->at;
        enum tail tail = FROM;
        while (tail < TAILS &&
               !(may_stand(parser, tail) && fault_reader_word(reader, tail_words[tail]))) {
            tail++;
        }
        if (tail == TAILS) {
            return false;
        }
        parser->seen |= 1u << tail;
        parser->places[tail] = place;
        if (!read_tail(parser, tail)) {
            return false;
        }
    }
    return !reader->has_failed;
}

// ---- the whole --------------------------------------------------------------------------------

static bool finish_arguments(struct parser *parser) {
    struct fault_reader *reader = &parser->reader;
    struct fault_rule *rule = parser->rule;
    if ((parser->arguments & FAULT_TAKES_BY) && rule->by == 0) {
        return fault_reader_fail(reader, reader->at,
                                 "comes too early: say by how many packets, as in `by 3`");
    }
    if (rule->has_place && rule->place == FAULT_INSIDE && rule->inside_bytes == 0) {
        return fault_reader_fail(reader, parser->action_at,
                                 "inside a packet: say where, as in `after 7 bytes`");
    }
    if (rule->burst > 0 && rule->pick != FAULT_SHARE) {
        return fault_reader_fail(reader, parser->places[BURSTS],
                                 "bursts: these are of a share, as in `lose 2 % in bursts of 4`");
    }
    if (rule->jitter_ns > rule->time_ns) {
        return fault_reader_fail(reader, parser->action_at, "varies by more than it is");
    }
    return true;
}

static void finish_action(struct fault_rule *rule) {
    bool names_packets = rule->kind != FAULT_ANY || rule->pick != FAULT_EACH ||
                         rule->filter_size > 0 || rule->qos >= 0;
    if (rule->action == FAULT_CUT && names_packets) {
        rule->has_place = true;
    }
    if (rule->action == FAULT_FREEZE && rule->time_ns == 0) {
        rule->time_ns = rule->length_ns > 0 ? rule->length_ns : FAULT_FOR_EVER;
        rule->length_ns = 0;
    }
    if (rule->action == FAULT_REFUSE && rule->kind == FAULT_ANY) {
        rule->kind = 1; // CONNECT
    }
}

static bool finish_times(struct parser *parser) {
    struct fault_rule *rule = parser->rule;
    bool has_start = (parser->seen & (1u << AT | 1u << AFTER)) != 0;
    bool is_timed = fault_rule_is_timed(rule);
    if (rule->period_ns > 0 && !has_start) {
        rule->start_ns = rule->period_ns;
    }
    if (is_timed && rule->length_ns > 0) {
        return fault_reader_fail(&parser->reader, parser->places[FOR],
                                 "has no meaning here: the rule acts at its times only");
    }
    if (rule->period_ns > 0 && rule->length_ns >= rule->period_ns) {
        return fault_reader_fail(&parser->reader, parser->places[FOR],
                                 "is not shorter than the `every` it belongs to");
    }
    bool is_moment = (parser->seen & 1u << AT) || rule->period_ns > 0 || is_timed;
    rule->is_once = is_moment && rule->length_ns == 0;
    return true;
}

bool fault_parse(struct bytes text, struct fault_rule *rule, struct fault_error *error) {
    struct parser parser = {.rule = rule};
    *rule = (struct fault_rule){.direction = FAULT_BOTH_WAYS, .qos = -1};
    fault_reader_init(&parser.reader, text, error);
    if (text.size > FAULT_RULE_MAX) {
        return fault_reader_fail(&parser.reader, FAULT_RULE_MAX, "is beyond the longest rule");
    }
    if (!(read_action(&parser) && read_arguments(&parser) && read_packets(&parser) &&
          read_tails(&parser) && finish_arguments(&parser))) {
        return fault_reader_fail_expecting(&parser.reader);
    }
    finish_action(rule);
    return finish_times(&parser);
}
