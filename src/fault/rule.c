#include "fault/rule.h"

#include "base/assert.h"
#include "mqtt/packet.h"
#include "packet/packet.h"

static const struct fault_action_row actions[FAULT_ACTIONS] = {
    [FAULT_DROP] = {.name = "drop",
                    .cause = FAULT_BY_PEER,
                    .line_cause = FAULT_BY_NETWORK,
                    .form = "drop",
                    .does = "drops",
                    .effect = "The packet never arrives; those behind it do.",
                    .example = "drop PUBACK 3 from dev-*"},
    [FAULT_HOLD] = {.name = "hold",
                    .cause = FAULT_BY_NETWORK,
                    .line_cause = FAULT_BY_NETWORK,
                    .form = "hold",
                    .does = "holds",
                    .effect = "The packet waits until it is let go, and all behind it do.",
                    .example = "hold PUBREC to alice"},
    [FAULT_DUPLICATE] = {.name = "duplicate",
                         .cause = FAULT_BY_PEER,
                         .line_cause = FAULT_BY_NETWORK,
                         .form = "duplicate",
                         .does = "duplicates",
                         .effect = "The packet arrives twice, one right behind the other.",
                         .example = "duplicate every 5 PUBLISH"},
    [FAULT_DELAY] = {.name = "delay",
                     .arguments = FAULT_TAKES_TIME | FAULT_TAKES_JITTER,
                     .cause = FAULT_BY_NETWORK,
                     .line_cause = FAULT_BY_NETWORK,
                     .form = "delay TIME [~ TIME]",
                     .does = "delays",
                     .effect = "The packet arrives later, by a time that may vary. In a stream it "
                               "never passes another.",
                     .example = "delay 200 ms ~ 50 ms to broker"},
    [FAULT_STALL] = {.name = "stall",
                     .arguments = FAULT_TAKES_TIME,
                     .cause = FAULT_BY_NETWORK,
                     .line_cause = FAULT_BY_NETWORK,
                     .form = "stall TIME",
                     .does = "stalls",
                     .effect = "The packet and all behind it in its direction wait so long.",
                     .example = "stall 3 s every 100 PUBLISH to broker"},
    [FAULT_REORDER] = {.name = "reorder",
                       .arguments = FAULT_TAKES_BY,
                       .cause = FAULT_BY_PEER,
                       .line_cause = FAULT_BY_NETWORK,
                       .form = "reorder ... by N",
                       .does = "puts out of order",
                       .effect = "The next N packets of its direction go before it; if they do not "
                                 "come, it goes after a second.",
                       .example = "reorder 1 % by 3"},
    [FAULT_THROTTLE] = {.name = "throttle",
                        .arguments = FAULT_TAKES_RATE,
                        .cause = FAULT_BY_NETWORK,
                        .line_cause = FAULT_BY_NETWORK,
                        .form = "throttle RATE",
                        .does = "throttles",
                        .effect = "Each client's packets go through a line of this speed, one for "
                                  "each direction.",
                        .example = "throttle 64 kbit/s"},
    [FAULT_LOSE] = {.name = "lose",
                    .arguments = FAULT_TAKES_BURSTS,
                    .cause = FAULT_BY_NETWORK,
                    .line_cause = FAULT_BY_NETWORK,
                    .form = "lose ... [in bursts of N]",
                    .does = "loses",
                    .effect = "The network loses the packet. TCP sends it again, so in a stream it "
                              "and all behind it are late by one or more retransmission timers; "
                              "when these give up, the connection is reset. A lost line is gone.",
                    .example = "lose 2 % in bursts of 4"},
    [FAULT_CUT] = {.name = "cut",
                   .arguments = FAULT_TAKES_PLACE,
                   .cause = FAULT_BY_NETWORK,
                   .line_cause = FAULT_BY_PEER,
                   .form = "cut [before | inside ... after N bytes | after]",
                   .does = "cuts the connection",
                   .effect = "The connection ends on both sides, before the packet, inside it, or "
                             "behind it.",
                   .example = "cut inside PUBLISH 5 after 7 bytes"},
    [FAULT_FREEZE] = {.name = "freeze",
                      .arguments = FAULT_MAY_TAKE_TIME,
                      .cause = FAULT_BY_NETWORK,
                      .line_cause = FAULT_BY_NETWORK,
                      .form = "freeze [TIME]",
                      .does = "freezes the connection",
                      .effect = "Nothing passes in either direction, and neither side is told: the "
                                "connection is half open.",
                      .example = "freeze 30 s every 5 min"},
    [FAULT_REFUSE] = {.name = "refuse",
                      .cause = FAULT_BY_PEER,
                      .line_cause = FAULT_BY_PEER,
                      .form = "refuse CONNECT",
                      .does = "refuses",
                      .effect =
                          "A CONNECT is answered with CONNACK \"server unavailable\", and the "
                          "connection ends; a creq is answered with 503. The broker does not "
                          "see it.",
                      .example = "refuse CONNECT for 10 s"},
    [FAULT_CORRUPT] = {.name = "corrupt",
                       .arguments = FAULT_TAKES_BITS,
                       .cause = FAULT_BY_PEER,
                       .line_cause = FAULT_BY_NETWORK,
                       .form = "corrupt N bits",
                       .does = "corrupts",
                       .effect = "So many bits of the packet are the wrong way round.",
                       .example = "corrupt 1 bit of 2 % of PUBLISH"},
    [FAULT_PROFILE] = {.name = "profile",
                       .arguments = FAULT_TAKES_PROFILE,
                       .cause = FAULT_BY_NETWORK,
                       .line_cause = FAULT_BY_NETWORK,
                       .form = "profile NAME",
                       .does = "sends through the network profile",
                       .effect = "Delay, jitter, speed and losses of a kind of network.",
                       .example = "profile 3g"},
};

const struct fault_action_row *fault_action_row(enum fault_action action) {
    ASSERT(action < FAULT_ACTIONS && actions[action].name != NULL);
    return &actions[action];
}

// ---- packets ----------------------------------------------------------------------------------

#define BOTH (FAULT_CLIENT_SENDS | FAULT_BROKER_SENDS)

_Static_assert(FAULT_BYTES == FAULT_LINE + PACKET_TYPES, "the kinds of the line network have room");

static const struct fault_kind_row kinds[FAULT_KINDS] = {
    [FAULT_ANY] = {"packets", BOTH, 0, false, false},
    [MQTT_CONNECT] = {"CONNECT", FAULT_CLIENT_SENDS, 0, false, false},
    [MQTT_CONNACK] = {"CONNACK", FAULT_BROKER_SENDS, 0, false, false},
    [MQTT_PUBLISH] = {"PUBLISH", BOTH, 0, true, true},
    [MQTT_PUBACK] = {"PUBACK", BOTH, 0, false, false},
    [MQTT_PUBREC] = {"PUBREC", BOTH, 0, false, false},
    [MQTT_PUBREL] = {"PUBREL", BOTH, 0, false, false},
    [MQTT_PUBCOMP] = {"PUBCOMP", BOTH, 0, false, false},
    [MQTT_SUBSCRIBE] = {"SUBSCRIBE", FAULT_CLIENT_SENDS, 0, false, false},
    [MQTT_SUBACK] = {"SUBACK", FAULT_BROKER_SENDS, 0, false, false},
    [MQTT_UNSUBSCRIBE] = {"UNSUBSCRIBE", FAULT_CLIENT_SENDS, 0, false, false},
    [MQTT_UNSUBACK] = {"UNSUBACK", FAULT_BROKER_SENDS, 0, false, false},
    [MQTT_PINGREQ] = {"PINGREQ", FAULT_CLIENT_SENDS, 2, false, false},
    [MQTT_PINGRESP] = {"PINGRESP", FAULT_BROKER_SENDS, 2, false, false},
    [MQTT_DISCONNECT] = {"DISCONNECT", BOTH, 0, false, false},
    [MQTT_AUTH] = {"AUTH", BOTH, 0, false, false},
    [FAULT_LINE + PACKET_JOIN] = {"join", BOTH, 0, false, false},
    [FAULT_LINE + PACKET_LEFT] = {"left", BOTH, 0, false, false},
    [FAULT_LINE + PACKET_CREQ] = {"creq", FAULT_CLIENT_SENDS, 0, false, false},
    [FAULT_LINE + PACKET_CRES] = {"cres", FAULT_BROKER_SENDS, 0, false, false},
    [FAULT_LINE + PACKET_SREQ] = {"sreq", FAULT_CLIENT_SENDS, 0, false, false},
    [FAULT_LINE + PACKET_SRES] = {"sres", FAULT_BROKER_SENDS, 0, false, false},
    [FAULT_LINE + PACKET_PUBL] = {"publ", BOTH, 0, true, false},
    [FAULT_LINE + PACKET_PING] = {"ping", BOTH, 0, false, false},
    [FAULT_LINE + PACKET_DISC] = {"disc", BOTH, 0, false, false},
    [FAULT_BYTES] = {"bytes", BOTH, 0, false, false},
};

const struct fault_kind_row *fault_kind_row(unsigned kind) {
    ASSERT(kind < FAULT_KINDS);
    return &kinds[kind];
}

bool fault_kind_goes(unsigned kind, enum fault_direction direction) {
    unsigned senders = direction == FAULT_BOTH_WAYS ? BOTH : 1u << direction;
    return (fault_kind_row(kind)->senders & senders) != 0;
}

// ---- rules ------------------------------------------------------------------------------------

bool fault_rule_is_timed(const struct fault_rule *rule) {
    bool is_of_connections =
        rule->action == FAULT_FREEZE || (rule->action == FAULT_CUT && !rule->has_place);
    return is_of_connections && rule->kind == FAULT_ANY && rule->pick == FAULT_EACH &&
           rule->filter_size == 0 && rule->qos < 0;
}

bool fault_pattern_fits(struct bytes pattern, struct bytes text) {
    size_t at = 0;
    size_t in = 0;
    size_t star = SIZE_MAX; // behind the last star
    size_t resume = 0;      // where the text goes on if that star stands for one byte more
    while (in < text.size) {
        bool is_star = at < pattern.size && pattern.data[at] == '*';
        if (is_star) {
            star = ++at;
            resume = in;
        } else if (at < pattern.size &&
                   (pattern.data[at] == '?' || pattern.data[at] == text.data[in])) {
            at++;
            in++;
        } else if (star != SIZE_MAX) {
            at = star;
            in = ++resume;
        } else {
            return false;
        }
    }
    while (at < pattern.size && pattern.data[at] == '*') {
        at++;
    }
    return at == pattern.size;
}

bool fault_rule_is_about(const struct fault_rule *rule, struct bytes client, struct bytes address) {
    struct bytes pattern = fault_rule_pattern(rule);
    return pattern.size == 0 || fault_pattern_fits(pattern, client) ||
           fault_pattern_fits(pattern, address);
}

int64_t fault_rule_window(const struct fault_rule *rule, uint64_t age_ns) {
    if (age_ns < rule->start_ns) {
        return -1;
    }
    uint64_t since = age_ns - rule->start_ns;
    uint64_t round = rule->period_ns == 0 ? 0 : since / rule->period_ns;
    uint64_t in_round = since - round * rule->period_ns;
    return rule->length_ns != 0 && in_round >= rule->length_ns ? -1 : (int64_t)round;
}
