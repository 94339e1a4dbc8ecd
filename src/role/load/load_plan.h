// Who of a load publishes under which topics, and who subscribes to what: from a few numbers and
// patterns, so that a load can be said in one line.
//
// Publisher p has topics (p, 0), (p, 1), ... whose names come from the topic pattern: %p becomes
// the publisher, %t the topic, %r the number of the run, which keeps two loads at one broker apart.
// Subscriptions are one of
//     LOAD_PAIRS    subscriber i gets publisher i; when there are more of one kind than of the
//     other
//                   they are counted round, so that nobody is left out
//     LOAD_ALL      each subscriber gets every topic, by name
//     LOAD_PATTERN  each subscriber has the one filter of a pattern, where %s is the subscriber and
//                   %r the run; those with the same filter `$share/GROUP/...` are a group
//     LOAD_FILTERS  subscribers have many wildcard filters, of which each message matches three, of
//                   three subscribers: topic `load/7-r/7-r` is that of `load/7-r/+`, `load/+/7-r`
//                   and `load/7-r/#`; the topic pattern does not count then
//
// The names are valid as long as the plan.
#ifndef ROLE_LOAD_LOAD_PLAN_H
#define ROLE_LOAD_LOAD_PLAN_H

#include "base/buffer.h"
#include "check/load_ledger.h"
#include "topic/tree.h"

enum load_assignment { LOAD_PAIRS, LOAD_ALL, LOAD_PATTERN, LOAD_FILTERS };

struct load_plan_options {
    uint32_t publishers;
    uint32_t topics; // of each publisher; not with LOAD_FILTERS
    uint32_t subscribers;
    uint32_t filters; // of each subscriber, with LOAD_FILTERS
    uint32_t run;
    enum load_assignment assignment;
    struct bytes topic;  // pattern
    struct bytes filter; // pattern
};

struct load_plan {
    struct memory *memory;
    struct load_plan_options options; // topics as they came to be
    uint32_t streams;
    uint32_t groups;     // of subscribers; see struct load_ledger
    bool is_apart;       // its topics are of this run only
    struct bytes *names; // of the streams
    struct buffer texts;
    struct topic_tree tree; // all names and filters; see load_plan_enter
};

// NULL, or what is wrong with the options, for people: a constant. Then nothing is to be freed.
const char *load_plan_init(struct load_plan *plan, struct memory *memory,
                           const struct load_plan_options *options);
void load_plan_deinit(struct load_plan *plan);

// Calls `found` for each filter of the subscriber; the text is valid until it returns.
struct load_filter_visit {
    void *context;
    void (*found)(void *context, uint32_t subscriber, struct bytes filter);
};
void load_plan_filters(const struct load_plan *plan, uint32_t subscriber,
                       const struct load_filter_visit *visit);

// Tells the ledger which streams each subscriber wants, by the rules of MQTT; how many copies of
// messages that are, one of each stream.
uint64_t load_plan_enter(struct load_plan *plan, struct load_ledger *ledger);

// For the ledger, once it was told: what a topic is to a subscriber.
struct load_topics load_plan_topics(const struct load_plan *plan);

#endif
