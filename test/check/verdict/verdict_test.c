// Histories, each of which breaks one rule, and look-alikes that break none.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "check/verdict/told_history.h"

#define NONE CHECK_RULES

// `rule` is the first that is broken, NONE: none is.
static const struct history {
    enum check_rule rule;
    const char *steps;
} histories[] = {
    // Nothing invented or altered.
    {NONE, SUB0 "pub 0 0; take 0.0 0; get b 0.0 0; rest"},
    {RULE_INVENTED, SUB0 "pub 0 0; get b 0.0 0"}, // the broker never had it
    {RULE_INVENTED, SUB0 "get b 0.0 0"},          // nobody published it
    {RULE_INVENTED, SUB0 "get b 9.0 0"},          // no such stream
    {RULE_INVENTED, SUB0 "take 0.0 0"},           //
    {RULE_ALTERED, SUB0 "pub 0 0; take 0.0 0; get b 0.0 0 topic 1"},
    {RULE_ALTERED, SUB1 "pub 0 1; take 0.0 0"},        // its QoS
    {RULE_ALTERED, SUB1 "pub 0 1; take 0.0 1 retain"}, //
    // Who gets it.
    {RULE_UNASKED, BOTH "pub 0 0; take 0.0 0; get b 0.0 0"},
    {RULE_UNASKED, SUB0 "pub 1 0; take 1.0 0; get b 1.0 0"}, // another topic
    {RULE_UNASKED, SUB0 "unsub b 0; pub 0 0; take 0.0 0; get b 0.0 0"},
    {RULE_UNASKED, BOTH "pub 0 0; take 0.0 0; sub b 0 0; get b 0.0 0"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; unsub b 0; get b 0.0 1; rest"}, // on its way
    {NONE, SUB1 "pub 0 1; take 0.0 1; unsub b 0; rest"},              // or dropped
    {RULE_NO_LOCAL, "on a; sub a 0 0 nolocal; pub 0 0; take 0.0 0; get a 0.0 0"},
    {NONE, "on a; sub a 0 0 nolocal; pub 0 0; take 0.0 0; rest"},
    {NONE, "on a; sub a 0 0; pub 0 0; take 0.0 0; get a 0.0 0; rest"},
    {NONE, "on a; on b; sub a 0 0 nolocal; pub 3 0; take 3.0 0; get a 3.0 0; rest"},
    // QoS 0: once at most.
    {RULE_QOS_0_TWICE, SUB0 "pub 0 0; take 0.0 0; get b 0.0 0; get b 0.0 0"},
    {RULE_QOS_0_TWICE, SUB0 "pub 0 0; take 0.0 0; take 0.0 0"},
    {NONE, SUB0 "pub 0 0; take 0.0 0; take 0.0 0 copy; get b 0.0 0; get b 0.0 0; rest"},
    {NONE, SUB0 "pub 0 0; take 0.0 0; get b 0.0 0; get b 0.0 0 copy; rest"},
    {NONE, SUB0 "pub 0 0; take 0.0 0; off b; rest"},               // in the cut
    {NONE, SUB0 "pub 0 0; off a; rest; on a present; rest"},       // likewise
    {NONE, SUB0 "off b; pub 0 0; take 0.0 0; on b present; rest"}, // not connected
    {NONE, SUB0 "pub 0 0; take 0.0 0; lose b 0.0 link; rest"},
    {NONE, SUB0 "pub 0 0; take 0.0 0; lose b 0.0 queue; rest"},
    {NONE, SUB0 "pub 0 0; up 0.0 link; rest"},
    {NONE, SUB0 "off a; pub 0 0; rest"},
    {RULE_UNEXPLAINED, SUB0 "pub 0 0; take 0.0 0; rest"},
    {RULE_UNEXPLAINED, SUB0 "pub 0 0; rest"},
    // Who still exchanges messages has not come to rest.
    {NONE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; busy b; rest"},
    {NONE, SUB1 "pub 0 1; busy a; rest"},
    {NONE, GROUP "pub 0 1; take 0.0 1; ack 0.0; busy c; rest"},
    {RULE_QOS_1_LOST, SUB1 "pub 0 1; take 0.0 1; ack 0.0; busy a; rest"},
    {RULE_NOT_TAKEN, SUB1 "pub 0 1; busy b; rest"},
    {RULE_UNASKED, SUB0 "off b; pub 0 0; take 0.0 0; on b present; get b 0.0 0"},
    // QoS 1: once at least, again only after a reconnection and with DUP.
    {NONE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; get b 0.0 1; rest"},
    {RULE_QOS_1_TWICE, SUB1 "pub 0 1; take 0.0 1; get b 0.0 1; get b 0.0 1 dup"},
    {RULE_QOS_1_TWICE, SUB1 "pub 0 1; take 0.0 1; get b 0.0 1; off b; on b present; get b 0.0 1"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; get b 0.0 1; off b; on b present; get b 0.0 1 dup; rest"},
    {RULE_QOS_1_TWICE, SUB1 "pub 0 1; take 0.0 1; get b 0.0 1; off b; on b present;"
                            "get b 0.0 1 dup; get b 0.0 1 dup"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; get b 0.0 1; off b; on b present; get b 0.0 1 dup;"
                "off b; on b present; get b 0.0 1 dup; rest"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; off b; on b present; get b 0.0 1 dup; rest"},
    {RULE_QOS_1_TWICE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; take 0.0 1"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; off a; on a present; take 0.0 1; get b 0.0 1; get b 0.0 1;"
                "rest"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; get b 0.0 1; off a; on a present; take 0.0 1; get b 0.0 1;"
                "rest"},
    {RULE_QOS_1_LOST, SUB1 "pub 0 1; take 0.0 1; rest"},
    {RULE_QOS_1_LOST, SUB1 "pub 0 1; take 0.0 1; off b; on b present; rest"},
    {RULE_QOS_1_LOST, SUB1 "off b; pub 0 1; take 0.0 1; on b present; rest"},
    {NONE, SUB1 "off b; pub 0 1; take 0.0 1; rest"}, // queued
    {NONE, SUB1 "off b; pub 0 1; take 0.0 1; on b present; get b 0.0 1; rest"},
    {NONE, SUB1 "off b; pub 0 1; take 0.0 1; on b; rest"}, // a clean start
    {NONE, SUB1 "off b gone; pub 0 1; take 0.0 1; on b keep; rest"},
    {NONE, SUB1 "off b expiry 10; pub 0 1; take 0.0 1; wait 20; on b keep; rest"},
    {NONE, SUB1 "off b; pub 0 1; take 0.0 1; discard b; on b keep; rest"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 queue; rest"},
    {NONE, SUB1 "off b; pub 0 1; pub 0 1; take 0.0 1; full b; take 0.1 1; on b present; rest"},
    {NONE, SUB1 "off b; full b; pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; on b present;"
                "get b 0.1 1; rest"},
    {RULE_ORDER, SUB1 "off b; pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; on b present;"
                      "get b 0.1 1; get b 0.0 1; rest"},
    {RULE_QOS_1_LOST, SUB1 "full b; on b; sub b 0 1; pub 0 1; take 0.0 1; rest"}, // a new one
    {RULE_QOS_1_LOST, SUB1 "full a; pub 0 1; take 0.0 1; rest"},                  // another's
    {NONE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 toolong; rest"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 fault; rest"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 fault; pub 0 1; take 0.1 1; get b 0.1 1;"
                "off b; on b present; get b 0.0 1 dup; rest"},
    {RULE_EXCUSE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 link"},
    {RULE_EXCUSE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 cut"},
    {RULE_EXCUSE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 expiry"},
    {RULE_EXCUSE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; lose b 0.0 crash"},
    {RULE_EXCUSE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 ended"},
    {RULE_EXCUSE, SUB1 "pub 0 1; take 0.0 1; lose b 0.0 unsub"},
    // The publisher's side.
    {RULE_NOT_TAKEN, SUB1 "pub 0 1; rest"},
    {RULE_NOT_TAKEN, SUB1 "pub 0 1; off a; on a present; rest"},
    {NONE, SUB1 "pub 0 1; off a; rest"},
    {NONE, SUB1 "pub 0 1; off a; on a; rest"}, // its session is gone
    {NONE, SUB1 "pub 0 1; up 0.0 unack; rest"},
    {NONE, SUB1 "pub 0 1; up 0.0 refused; rest"},
    {NONE, SUB1 "pub 0 1; up 0.0 unack; take 0.0 1; get b 0.0 1; rest"},
    {RULE_EXCUSE, SUB1 "pub 0 1; ack 0.0; up 0.0 unack"},
    {RULE_EXCUSE, SUB1 "pub 0 1; up 0.0 cut"},
    // QoS 2: exactly once.
    {NONE, SUB2 "pub 0 2; take 0.0 2; ack 0.0; get b 0.0 2; rest"},
    {RULE_QOS_2_TWICE, SUB2 "pub 0 2; take 0.0 2; get b 0.0 2; get b 0.0 2"},
    {RULE_QOS_2_TWICE, SUB2 "pub 0 2; take 0.0 2; get b 0.0 2; off b; on b present;"
                            "get b 0.0 2 dup"},
    {RULE_QOS_2_TWICE, SUB2 "pub 0 2; take 0.0 2; off a; on a present; take 0.0 2"},
    {NONE, SUB2 "pub 0 2; take 0.0 2; off a; on a; take 0.0 2; get b 0.0 2; get b 0.0 2; rest"},
    {NONE, SUB2 "pub 0 2; take 0.0 2; off b; on b present; get b 0.0 2 dup; rest"},
    {RULE_QOS_2_LOST, SUB2 "pub 0 2; take 0.0 2; rest"},
    {RULE_NOT_TAKEN, SUB2 "pub 0 2; rest"},
    // The QoS that is granted; DUP; RETAIN.
    {RULE_QOS_OTHER, SUB1 "pub 0 2; take 0.0 2; get b 0.0 2"},
    {RULE_QOS_OTHER, SUB1 "pub 0 1; take 0.0 1; get b 0.0 0"},
    {NONE, SUB1 "pub 0 2; take 0.0 2; get b 0.0 1; rest"},
    {NONE, SUB2 "pub 0 1; take 0.0 1; get b 0.0 1; rest"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; sub b 0 0 again; get b 0.0 1; rest"}, // while it waited
    {NONE, SUB1 "pub 0 1; take 0.0 1; sub b 0 0 again; get b 0.0 0; rest"},
    {NONE, SUB0 "sub b 0 1; pub 0 1; take 0.0 1; get b 0.0 1; rest"}, // overlapping
    {NONE, SUB0 "sub b 0 1; pub 0 1; take 0.0 1; get b 0.0 1; get b 0.0 1; rest"},
    {RULE_QOS_1_TWICE, SUB0 "sub b 0 1; pub 0 1; take 0.0 1; get b 0.0 1; get b 0.0 1;"
                            "get b 0.0 1"},
    {RULE_DUP, SUB0 "pub 0 0; take 0.0 0; get b 0.0 0 dup"},
    {RULE_DUP, SUB1 "pub 0 1; take 0.0 1; get b 0.0 1 dup"},
    {RULE_DUP, SUB1 "off b; on b present; pub 0 1; take 0.0 1; get b 0.0 1 dup"},
    {RULE_RETAIN_FLAG, SUB0 "pub 0 0; take 0.0 0; get b 0.0 0 retain"},
    {RULE_RETAIN_FLAG, SUB0 "pub 0 0 retain; take 0.0 0 retain; get b 0.0 0 retain"},
    {NONE, SUB0 "pub 0 0 retain; take 0.0 0 retain; get b 0.0 0; rest"},
    {NONE, BOTH "sub b 0 0 rap; pub 0 0 retain; take 0.0 0 retain; get b 0.0 0 retain; rest"},
    {RULE_RETAIN_FLAG, BOTH "sub b 0 0 rap; pub 0 0 retain; take 0.0 0 retain; get b 0.0 0"},
    {NONE, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; sub b 0 2 rap; get b 0.0 0 retain;"
                "get b 0.0 0 retain; pub 0 2 retain; take 0.1 2 retain; get b 0.1 2 retain; rest"},
    // Order.
    {RULE_ORDER, SUB1 "pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; get b 0.1 1; get b 0.0 1"},
    {RULE_ORDER, SUB1 "pub 0 1; pub 0 1; take 0.1 1; take 0.0 1"},
    {RULE_ORDER, SUB0 "pub 0 0; pub 0 0; take 0.0 0; take 0.1 0; get b 0.1 0; get b 0.0 0"},
    {NONE, SUB2 "pub 0 2; pub 0 1; take 0.0 2; take 0.1 1; get b 0.1 1; get b 0.0 2; rest"},
    {NONE, SUB2 "pub 0 2; pub 0 1; take 0.1 1; take 0.0 2; get b 0.1 1; get b 0.0 2; rest"},
    {NONE, SUB1 "pub 0 1; pub 3 1; take 0.0 1; take 3.0 1; get b 3.0 1; get b 0.0 1; rest"},
    {NONE, SUB1 "pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; get b 0.0 1; get b 0.1 1;"
                "off b; on b present; get b 0.0 1 dup; get b 0.1 1 dup; rest"},
    {NONE, SUB1 "pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; get b 0.0 1; get b 0.1 1;"
                "off b; on b present; get b 0.1 1 dup; rest"}, // the first was acknowledged
    {RULE_QOS_1_TWICE, SUB1 "pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; get b 0.0 1; get b 0.1 1;"
                            "off b; on b present; get b 0.1 1 dup; get b 0.0 1 dup"},
    {NONE, SUB1 "pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; off a; on a present; take 0.0 1;"
                "take 0.1 1; get b 0.0 1; get b 0.1 1; get b 0.0 1; get b 0.1 1; rest"},
    {RULE_QOS_1_LOST, SUB1 "pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; get b 0.1 1; rest"},
    {NONE, SUB1 "pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; lose b 0.0 queue; get b 0.1 1; rest"},
    // Expiry.
    {RULE_EXPIRED, SUB1 "pub 0 1 expiry 5; take 0.0 1; wait 10; get b 0.0 1"},
    {NONE, SUB1 "pub 0 1 expiry 5; take 0.0 1; wait 10; rest"},
    {NONE, SUB1 "pub 0 1 expiry 5; wait 10; take 0.0 1; get b 0.0 1; rest"},
    {NONE, SUB1 "pub 0 1 expiry 5; take 0.0 1; wait 10; lose b 0.0 expiry; rest"},
    {NONE, SUB1 "pub 0 1 expiry 5; take 0.0 1; off b; on b present; wait 10; get b 0.0 1 dup;"
                "rest"},
    {RULE_QOS_1_LOST, SUB1 "pub 0 1 expiry 50; take 0.0 1; wait 10; rest"},
    // Retained: the last one.
    {NONE, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; get b 0.0 0 retain; rest"},
    {RULE_RETAINED, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; rest"},
    {RULE_RETAINED, BOTH "pub 0 0 retain; pub 0 0 retain; take 0.0 0 retain; take 0.1 0 retain;"
                         "sub b 0 0; get b 0.0 0 retain"},
    {RULE_RETAINED, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; get b 0.0 0 retain;"
                         "get b 0.0 0 retain"},
    {RULE_RETAINED, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0 handling 2;"
                         "get b 0.0 0 retain"},
    {RULE_RETAINED, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; get b 0.0 0 retain;"
                         "sub b 0 0 again handling 1; get b 0.0 0 retain"},
    {NONE, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; get b 0.0 0 retain;"
                "sub b 0 0 again; get b 0.0 0 retain; rest"},
    {RULE_RETAIN_FLAG, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; get b 0.0 0"},
    {NONE, BOTH "pub 0 0; take 0.0 0 last; sub b 0 0; get b 0.0 0 retain; rest"}, // a line's
    {NONE, BOTH "pub 0 0; take 0.0 0 last; sub b 0 0; rest"},
    {NONE, BOTH "pub 0 0; take 0.0 0 last; sub b 0 0 line; pub 0 0; take 0.1 0 last;"
                "get b 0.1 0; rest"},
    {RULE_RETAINED, BOTH "pub 0 0; take 0.0 0; sub b 0 0; get b 0.0 0 retain"},
    {RULE_RETAINED, BOTH "pub 0 0; pub 0 0; take 0.0 0 last; take 0.1 0 last; sub b 0 0;"
                         "get b 0.0 0 retain"},
    {RULE_RETAIN_FLAG, BOTH "pub 0 0; take 0.0 0 last; sub b 0 0; get b 0.0 0"},
    {RULE_RETAINED, BOTH "pub 0 0; take 0.0 0 last; sub b 0 0 line; get b 0.0 0 retain"},
    {NONE, BOTH "sub b 0 0 rap; pub 0 0; take 0.0 0 last; get b 0.0 0 retain; rest"},
    {RULE_RETAIN_FLAG, BOTH "sub b 0 0 rap; pub 0 0; take 0.0 0 last; get b 0.0 0"},
    {RULE_RETAIN_FLAG, BOTH "sub b 0 0; pub 0 0; take 0.0 0 last; get b 0.0 0 retain"},
    {NONE, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0 line; rest"},
    {NONE, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; pub 0 0 retain; take 0.1 0 retain;"
                "get b 0.0 0 retain; get b 0.1 0; rest"}, // replaced as it was on its way
    {NONE, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; pub 0 0 retain; take 0.1 0 retain;"
                "get b 0.1 0; get b 0.1 0 retain; rest"},
    {NONE, BOTH "pub 0 0 retain; take 0.0 0 retain; sub b 0 0; pub 3 0 retain; take 3.0 0 retain;"
                "get b 3.0 0; get b 3.0 0 retain; rest"}, // by another
    {NONE, BOTH "pub 0 1 retain expiry 5; take 0.0 1 retain; wait 9; sub b 0 0; rest"},
    {NONE, BOTH "pub 0 1 retain; take 0.0 1 retain; sub b 0 1; get b 0.0 1 retain; off b;"
                "on b present; get b 0.0 1 retain dup; rest"},
    {RULE_RETAINED, BOTH "pub 0 1 retain; take 0.0 1 retain; ack 0.0; crash keeps; on b; sub b 0 1;"
                         "rest"},
    {NONE, BOTH "pub 0 1 retain; take 0.0 1 retain; crash keeps; on b; sub b 0 1; rest"},
    {NONE, BOTH "pub 0 1 retain; take 0.0 1 retain; ack 0.0; crash; on b; sub b 0 1; rest"},
    // Wills.
    {NONE, "on b; sub b 0 1; pub 2 1 will; on a will 0; off a; take 2.0 1; get b 2.0 1; rest"},
    {NONE, "on b; sub b 0 1; pub 2 1 will; on a will 0; take 2.0 1; off a; get b 2.0 1; rest"},
    {RULE_WILL, "on b; sub b 0 1; pub 2 1 will; on a will 0; take 2.0 1; get b 2.0 1; rest"},
    {RULE_WILL, "pub 2 1 will; on a will 0; off a normal; take 2.0 1"},
    {RULE_WILL, "pub 2 1 will; on a will 0; take 2.0 1; off a normal"},
    {RULE_WILL, "pub 2 1 will; on a will 0; off a; take 2.0 1; take 2.0 1"},
    {RULE_WILL, "pub 2 1 will; on a will 0 delay 10; off a; take 2.0 1; on a present"},
    {RULE_WILL, "pub 2 1 will; on a will 0 delay 10; off a; wait 2; on a present; wait 10;"
                "take 2.0 1"}, // sent after the session was taken up again
    {NONE, "pub 2 1 will; on a will 0 delay 10; off a; wait 2; on a present; wait 20; rest"},
    {NONE, "pub 2 1 will; on a will 0 delay 10; off a; wait 10; take 2.0 1; rest"},
    {NONE, "pub 2 1 will; on a will 0 delay 10; off a; wait 2; take 2.0 1; on a; rest"},
    {NONE, "pub 2 1 will; on a will 0 delay 10; off a; wait 2; on a; take 2.0 1; rest"},
    {NONE, "pub 2 1 will; on a will 0 delay 100; off a expiry 5; wait 5; take 2.0 1; rest"},
    {NONE, "pub 2 1 will; on a will 0; off a normal; rest"},
    {NONE, "pub 2 1 will; on a will 0; pub 2 1 will; on a present over will 1; take 2.0 1;"
           "off a normal; rest"},
    {RULE_WILL_MISSING, "pub 2 1 will; on a will 0; off a; wait 1; rest"},
    {RULE_WILL_MISSING, "pub 2 1 will; on a will 0 delay 10; off a; wait 12; on a present"},
    {RULE_WILL_MISSING, "pub 2 1 will; on a will 0 delay 10; off a; on a; wait 1; rest"},
    // While its broker is paused nothing happens, and the client may have come in time.
    {NONE, "pub 2 1 will; on a will 0 delay 10; off a; pause 20; wait 20; on a present; rest"},
    {NONE,
     "pub 2 1 will; on a will 0 delay 10; off a; pause 20; wait 20; take 2.0 1; on a present"},
    {RULE_WILL_MISSING,
     "pub 2 1 will; on a will 0 delay 10; off a; pause 20; wait 22; on a present"},
    {RULE_WILL_MISSING,
     "pub 2 1 will; on a will 0 delay 10; off a; wait 12; pause 20; wait 20; on a present"},
    {NONE, "on a; off a expiry 10; pause 20; wait 20; on a present"},
    {NONE, "on a; off a expiry 10; pause 20; wait 20; on a keep"},
    {RULE_SESSION_PRESENT, "on a; off a expiry 10; pause 20; wait 22; on a present"},
    {RULE_SESSION_PRESENT, "on a; off a expiry 10; wait 12; pause 20; wait 20; on a present"},
    {NONE, "pub 2 1 will; on a will 0; crash; wait 1; rest"},
    {NONE, "pub 2 1 will; on a will 0; crash keeps; take 2.0 1; rest"},
    // A broker that crashes right behind it may have forgotten that it published a will, or that it
    // is not to.
    {NONE, "pub 2 1 will; on a will 0; off a; take 2.0 1; crash keeps; take 2.0 1; rest"},
    {NONE, "pub 2 1 will; on a will 0; take 2.0 1; off a; crash keeps; take 2.0 1; rest"},
    {NONE, "pub 2 1 will; on a will 0; off a; take 2.0 1; crash keeps; rest"},
    {RULE_WILL, "pub 2 1 will; on a will 0; off a; take 2.0 1; wait 1; crash keeps; take 2.0 1"},
    {RULE_WILL, "pub 2 1 will; on a will 0; off a; take 2.0 1; take 2.0 1; rest"},
    {RULE_WILL, "pub 2 1 will; on a will 0; off a; take 2.0 1; wait 1; on a present; crash keeps;"
                "take 2.0 1"},
    {NONE,
     "pub 2 1 will; on a will 0 delay 10; off a; on a present; crash keeps; take 2.0 1; rest"},
    {NONE, "pub 2 1 will; on a will 0; off a normal; crash keeps; take 2.0 1; rest"},
    {NONE, "pub 2 1 will; on a will 0 delay 10; off a; on a present; pause 20; wait 9; crash keeps;"
           "take 2.0 1; rest"},
    {RULE_WILL, "pub 2 1 will; on a will 0 delay 10; off a; on a present; wait 1; pause 20; wait 9;"
                "crash keeps; take 2.0 1"},
    {RULE_WILL, "pub 2 1 will; on a will 0; off a normal; wait 1; crash keeps; take 2.0 1"},
    {RULE_WILL, "pub 2 1 will; on a will 0; off a normal; on a present; take 2.0 1; rest"},
    {RULE_QOS_1_LOST, "on b; sub b 0 1; pub 2 1 will; on a will 0; off a; take 2.0 1; rest"},
    // Session present.
    {RULE_SESSION_PRESENT, "on a present"},
    {RULE_SESSION_PRESENT, "on a; off a; on a clean present"},
    {RULE_SESSION_PRESENT, "on a; off a; on a keep"},
    {RULE_SESSION_PRESENT, "on a; off a gone; on a present"},
    {RULE_SESSION_PRESENT, "on a; off a expiry 10; wait 11; on a present"},
    {RULE_SESSION_PRESENT, "on a; crash; on a present"},
    {RULE_SESSION_PRESENT, "on a; crash keeps; on a keep"},
    {NONE, "on a; off a; on a present; off a; on a; rest"},
    {NONE, "on a; off a expiry 10; wait 10; on a keep; rest"}, // about then
    {NONE, "on a; crash keeps; on a present; rest"},
    // A crash.
    {NONE, SUB1 "pub 0 1; take 0.0 1; off b gone; crash; get b 0.0 1; rest"}, // on its way
    {NONE, SUB1 "pub 0 1; take 0.0 1; off b; crash; get b 0.0 1; rest"},
    {RULE_UNASKED, SUB1 "pub 0 1; take 0.0 1; off b; crash; on b; get b 0.0 1"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; crash; on b keep; rest"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; crash keeps; on b present; get b 0.0 1; rest"},
    {RULE_QOS_1_LOST, SUB1 "pub 0 1; take 0.0 1; ack 0.0; crash keeps; on b present; rest"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; crash keeps; on b present; rest"},
    {NONE, SUB2 "pub 0 2; take 0.0 2; crash keeps; on a present; take 0.0 2; rest"},
    {RULE_QOS_2_TWICE, SUB2 "pub 0 2; take 0.0 2; ack 0.0; get b 0.0 2; crash keeps;"
                            "on a present; take 0.0 2"},
    {NONE, SUB2 "pub 0 2; take 0.0 2; ack 0.0; crash; on a keep; take 0.0 2; rest"},
    {RULE_QOS_2_TWICE, SUB2 "pub 0 2; take 0.0 2; ack 0.0; get b 0.0 2; crash keeps;"
                            "on b present; get b 0.0 2 dup"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; crash keeps; get b 0.0 1; on b present;"
                "get b 0.0 1; rest"}, // it was on its way as the broker crashed
    {RULE_QOS_1_TWICE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; crash keeps; on b present;"
                            "get b 0.0 1; get b 0.0 1; rest"},
    {RULE_QOS_1_TWICE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; crash keeps; get b 0.0 1; on b present;"
                            "off b; on b present; pub 0 1; take 0.1 1; get b 0.1 1; off b;"
                            "on b present; get b 0.1 1"},
    {NONE, SUB1 "pub 0 1; take 0.0 1; ack 0.0; get b 0.0 1; crash keeps; on b present;"
                "get b 0.0 1; rest"},
    // Shared subscriptions.
    {NONE, GROUP "pub 0 1; take 0.0 1; get b 0.0 1; pub 0 1; take 0.1 1; get c 0.1 1; rest"},
    {RULE_GROUP, GROUP "pub 0 1; take 0.0 1; get b 0.0 1; get c 0.0 1"},
    {RULE_GROUP, GROUP "pub 0 1; take 0.0 1; rest"},
    {NONE, GROUP "pub 0 1; take 0.0 1; off b; get c 0.0 1; rest"},
    {NONE, GROUP "pub 0 1; take 0.0 1; get b 0.0 1; off b gone; get c 0.0 1; rest"},
    {NONE, GROUP "pub 0 1; pub 0 1; take 0.0 1; take 0.1 1; get c 0.1 1; get b 0.0 1; rest"},
    {NONE, GROUP "pub 0 1; take 0.0 1; off b gone; rest"},
    {NONE, GROUP "off b; off c; pub 0 1; take 0.0 1; rest; on c present; get c 0.0 1; rest"},
    {RULE_QOS_OTHER, GROUP "sub c 0 0 again group 7; pub 0 1; take 0.0 1; get c 0.0 1"},
    {NONE, GROUP "sub b 0 1; pub 0 1; take 0.0 1; get b 0.0 1; get b 0.0 1; rest"},
    {RULE_UNASKED, GROUP "pub 1 0; take 1.0 0; get b 1.0 0"},
    {RULE_GROUP, "on a; on b; on c; sub b 0 2 group 7; sub c 0 2 group 7; pub 0 2; take 0.0 2;"
                 "get b 0.0 2; off b gone; get c 0.0 2"},
};

// False: another rule was found, or none.
static bool check_history(const struct history *history) {
    struct world world;
    world_init(&world, &(struct verdict_options){.slack = SLACK, .ring = 64});
    run_history(&world, history->steps);
    enum check_rule found = verdict_finding_count(world.verdict) == 0
                                ? CHECK_RULES
                                : verdict_finding(world.verdict, 0)->rule;
    if (found != history->rule) {
        print_error("%s: %s in place of %s\n", history->steps,
                    found == CHECK_RULES ? "nothing" : check_rule_text(found)->name,
                    history->rule == CHECK_RULES ? "nothing"
                                                 : check_rule_text(history->rule)->name);
    }
    world_deinit(&world);
    return found == history->rule;
}

static void each_rule_is_found_and_no_other(void **state) {
    (void)state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        wrong += !check_history(&histories[i]);
    }
    assert_int_equal(wrong, 0);
}

// ---- what it keeps ----------------------------------------------------------------------------

// Traffic of all QoS, with cuts, resumptions, clean starts, repetitions and losses.
static void play_round(struct world *world, uint32_t round) {
    char text[512];
    uint32_t first = 2 * round;
    (void)snprintf(text, sizeof text,
                   "pub 0 1; pub 0 2; take 0.%u 1; get b 0.%u 1; off b; on b present;"
                   "get b 0.%u 1 dup; take 0.%u 2; ack 0.%u; get b 0.%u 2",
                   first, first, first, first + 1, first + 1, first + 1);
    run_history(world, text);
    (void)snprintf(text, sizeof text,
                   "pub 3 0; take 3.%u 0; off b; on b present; pub 1 0; up 1.%u cut;"
                   "pub 2 1 will; on a keep present will %u; off a; take 2.%u 1; get b 2.%u 1;"
                   "on a present",
                   round, round, round, round, round);
    run_history(world, text);
}

// What is settled is forgotten: a thousand rounds need no more than ten.
static void memory_does_not_grow_with_time(void **state) {
    (void)state;
    struct world world;
    world_init(&world, &(struct verdict_options){.slack = SLACK, .ring = 64});
    run_history(&world, BOTH "sub b 0 2");
    for (uint32_t i = 0; i < 10; i++) {
        play_round(&world, i);
    }
    size_t bytes = world.memory.bytes_in_use;
    for (uint32_t i = 10; i < 1000; i++) {
        play_round(&world, i);
    }
    assert_true(verdict_is_green(world.verdict));
    assert_int_equal(world.memory.bytes_in_use, bytes);
    assert_true(verdict_open(world.verdict) <= 2);
    world_deinit(&world);
}

// A queue whose limit is known is not followed beyond twice that.
static void queues_are_followed_up_to_their_limit(void **state) {
    (void)state;
    struct world world;
    world_init(&world, &(struct verdict_options){.slack = SLACK, .ring = 64, .queue_max = 8});
    run_history(&world, SUB1 "off b");
    for (uint32_t i = 0; i < 200; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "pub 0 1; take 0.%u 1", i);
        run_history(&world, text);
    }
    assert_true(verdict_open(world.verdict) <= 17);
    // Whichever of them the broker kept.
    run_history(&world,
                "on b present; get b 0.2 1; get b 0.3 1; get b 0.198 1; get b 0.199 1; rest");
    assert_int_equal(verdict_finding_count(world.verdict), 0);
    world_deinit(&world);
}

// Who subscribes to much is found among many.
static void streams_with_many_routes_are_followed(void **state) {
    (void)state;
    struct world world;
    world_init(&world, &(struct verdict_options){.slack = SLACK, .ring = 64});
    enum { MANY = 50 };
    uint32_t clients[MANY];
    struct verdict_connection connection = {.clean_start = true, .will = {VERDICT_NONE, 0}};
    struct verdict_subscription subscription = {.qos = 1, .is_new = true, .group = VERDICT_NONE};
    for (uint32_t i = 0; i < MANY; i++) {
        clients[i] = verdict_add_client(world.verdict, &(struct verdict_client_options){0});
        verdict_connected(world.verdict, clients[i], &connection, world.now);
        verdict_subscribed(world.verdict, clients[i], 0, &subscription, world.now);
    }
    run_history(&world, "on a; pub 0 1; take 0.0 1");
    struct verdict_delivery delivery = {.qos = 1};
    for (uint32_t i = 0; i < MANY; i++) {
        verdict_delivered(world.verdict, clients[i], (struct mark){0, 0}, &delivery, world.now);
        if (i % 2 == 0) {
            verdict_ended(world.verdict, clients[i], VERDICT_END_CUT, 0, world.now);
        }
        verdict_check(world.verdict);
    }
    run_history(&world, "rest");
    assert_true(verdict_is_green(world.verdict));
    assert_int_equal(verdict_counts(world.verdict)->delivered, MANY);
    world_deinit(&world);
}

// A finding tells what led to it, and a history of nothing is not green.
static void findings_tell_what_led_to_them(void **state) {
    (void)state;
    struct world world;
    world_init(&world, &(struct verdict_options){.slack = SLACK, .ring = 64});
    run_history(&world, SUB2);
    assert_false(verdict_is_green(world.verdict));
    run_history(&world, "pub 0 2; take 0.0 2; pub 1 0; take 1.0 0; get b 0.0 2; get b 0.0 2");
    const struct verdict_finding *finding = verdict_finding(world.verdict, 0);
    assert_int_equal(finding->rule, RULE_QOS_2_TWICE);
    static const uint8_t kinds[] = {VERDICT_EVENT_CONNECTED,  VERDICT_EVENT_CONNECTED,
                                    VERDICT_EVENT_SUBSCRIBED, VERDICT_EVENT_PUBLISH,
                                    VERDICT_EVENT_TAKEN,      VERDICT_EVENT_DELIVERED,
                                    VERDICT_EVENT_DELIVERED};
    assert_int_equal(finding->event_count, sizeof kinds);
    for (uint32_t i = 0; i < sizeof kinds; i++) {
        assert_int_equal(finding->events[i].kind, kinds[i]);
    }
    world_deinit(&world);
}

static void links_keep_their_sums(void **state) {
    (void)state;
    struct world world;
    world_init(&world, &(struct verdict_options){.slack = SLACK, .ring = 64});
    struct verdict_link link = {.sent = 5, .delivered = 3, .lost = 1};
    verdict_link_check(world.verdict, &link, 1, world.now);
    assert_int_equal(verdict_finding_count(world.verdict), 0);
    verdict_link_check(world.verdict, &link, 0, world.now);
    assert_int_equal(verdict_finding(world.verdict, 0)->rule, RULE_LINK);
    verdict_hop(world.verdict, (struct mark){0, 0}, 3, 2, world.now);
    assert_int_equal(verdict_finding(world.verdict, 1)->rule, RULE_LOOP);
    world_deinit(&world);
}

static void all_have_words(void **state) {
    (void)state;
    for (unsigned i = 0; i < VERDICT_LOSSES; i++) {
        assert_non_null(verdict_loss_text((enum verdict_loss)i));
    }
    for (unsigned i = 0; i < VERDICT_REACHED; i++) {
        assert_non_null(verdict_reached_text((enum verdict_reached)i));
    }
}

// More messages than are remembered wait while their client's sessions are lost, again and again.
static void what_was_given_up_may_come_after_all(void **state) {
    (void)state;
    struct world world;
    world_init(&world, &(struct verdict_options){.slack = SLACK});
    run_history(&world, SUB1);
    for (unsigned i = 0; i < 200; i++) {
        run_history(&world, "pub 0 1; off a; on a");
    }
    assert_true(verdict_counts(world.verdict)->upward[LOSS_SESSION_ENDED] > 0);
    run_history(&world, "take 0.0 1; get b 0.0 1");
    assert_int_equal(verdict_finding_count(world.verdict), 0);
    run_history(&world, "get b 0.1 1"); // this one the broker never had
    assert_int_equal(verdict_finding_count(world.verdict), 1);
    world_deinit(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_is_found_and_no_other),
        cmocka_unit_test(memory_does_not_grow_with_time),
        cmocka_unit_test(queues_are_followed_up_to_their_limit),
        cmocka_unit_test(streams_with_many_routes_are_followed),
        cmocka_unit_test(findings_tell_what_led_to_them),
        cmocka_unit_test(links_keep_their_sums),
        cmocka_unit_test(all_have_words),
        cmocka_unit_test(what_was_given_up_may_come_after_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
