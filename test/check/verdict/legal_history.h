// Random histories in which every role keeps to the rules: a small model of a broker, its clients
// and the streams between them, with cuts, resumptions, sessions that end or expire, full queues,
// wills, retained messages, and messages that expire. What would be told to the ledger of verdicts
// is noted as a list, which can be played to it as it is, or with one event changed.
#ifndef TEST_CHECK_VERDICT_LEGAL_HISTORY_H
#define TEST_CHECK_VERDICT_LEGAL_HISTORY_H

#include "check/verdict/verdict.h"

#define HISTORY_CLIENTS 5u
#define HISTORY_TOPICS 3u
// Of each client one a topic, and behind these one for its wills, under topic 0.
#define HISTORY_STREAMS (HISTORY_CLIENTS * (HISTORY_TOPICS + 1))
#define HISTORY_SLACK UINT64_C(1000000)

enum told_kind {
    TOLD_PUBLISH,
    TOLD_TAKEN,
    TOLD_ACKNOWLEDGED,
    TOLD_DELIVERED,
    TOLD_LOST,
    TOLD_LOST_UPWARD,
    TOLD_CONNECTED,
    TOLD_ENDED,
    TOLD_SUBSCRIBED,
    TOLD_UNSUBSCRIBED,
};

struct told {
    enum told_kind kind;
    uint64_t at;
    uint32_t client;
    uint32_t topic;
    struct mark mark;
    union {
        struct verdict_publication publication;
        struct verdict_arrival arrival;
        struct verdict_delivery delivery;
        struct verdict_connection connection;
        struct verdict_subscription subscription;
        enum verdict_loss loss;
        struct {
            enum verdict_end end;
            uint64_t expiry;
        } ended;
    };
};

struct history {
    struct told *items; // of malloc
    uint32_t count;
    uint32_t capacity;
    uint64_t end; // when all is at rest
};

// Appends.
void history_tell(struct history *history, struct told told);
void history_free(struct history *history);

// A legal one of about so many steps.
void history_make(struct history *history, uint64_t seed, uint32_t steps);

// Tells it to a ledger, which is new, up to rest; its tables are walked now and then.
void history_play(const struct history *history, struct verdict *verdict);
struct verdict *history_ledger(struct memory *memory);

#endif
