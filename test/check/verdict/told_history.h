// Histories as texts, told to a ledger of verdicts.
//
// A history is a text: steps parted by `;`. Clients are a, b and c; a publishes. Streams are 0 (a's
// messages under topic 0), 1 (a's under topic 1) and 2 (a's wills, topic 0), 3 (b's under topic 0).
// A message is STREAM.NUMBER. Time goes on by a millisecond with each step.
//
//     on CLIENT [clean] [present] [keep] [over] [will N] [delay SECONDS] [expiry SECONDS]
//         clean start unless `keep` or `present` without `clean`; the session lasts an hour unless
//         told
//     off CLIENT [normal] [gone]        cut unless normal; gone: the session ends with it
//     sub CLIENT TOPIC QOS [again] [line] [nolocal] [rap] [handling N] [group N]
//     unsub CLIENT TOPIC [group N]
//     pub STREAM QOS [retain] [will] [expiry SECONDS]
//     take M QOS [retain] [copy] [last]  ack M
//     get CLIENT M QOS [dup] [retain] [copy] [topic N]
//     lose CLIENT M LOSS                 up M LOSS
//     wait SECONDS, busy CLIENT, full CLIENT, rest, pause SECONDS, crash, crash keeps,
//     discard CLIENT
#ifndef TEST_CHECK_VERDICT_TOLD_HISTORY_H
#define TEST_CHECK_VERDICT_TOLD_HISTORY_H

#include "check/verdict/verdict.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define SLACK (100 * MILLISECOND)

// Beginnings.
#define BOTH "on a; on b;"
#define SUB0 BOTH "sub b 0 0;"
#define SUB1 BOTH "sub b 0 1;"
#define SUB2 BOTH "sub b 0 2;"
#define GROUP "on a; on b; on c; sub b 0 1 group 7; sub c 0 1 group 7;"

struct world {
    struct memory memory;
    struct verdict *verdict;
    uint64_t now;
};

void world_init(struct world *world, const struct verdict_options *options);
void world_deinit(struct world *world);

// Fails where it is none.
void run_history(struct world *world, const char *history);

#endif
