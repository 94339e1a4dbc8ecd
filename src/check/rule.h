// The rules behind verdicts: what each requires, and the statement of the standard that it is based
// on. Rules of messages are judged by check/verdict/verdict.h, those of packets by
// check/flow_watch.h.
#ifndef CHECK_RULE_H
#define CHECK_RULE_H

#include <stdint.h>

enum check_rule {
    // Messages, from the publisher to the subscriber.
    RULE_INVENTED,     // it was never published, or the broker never took it
    RULE_ALTERED,      // its bytes, its topic or its properties are not those that were published
    RULE_UNASKED,      // the subscriber has no subscription that it is for
    RULE_NO_LOCAL,     // it came back to its publisher, who had asked that it does not
    RULE_QOS_0_TWICE,  // QoS 0 came more than once
    RULE_QOS_1_TWICE,  // QoS 1 came again without a reconnection, or without DUP
    RULE_QOS_2_TWICE,  // QoS 2 came more than once
    RULE_QOS_1_LOST,   // QoS 1 did not come, and nothing excuses it
    RULE_QOS_2_LOST,   // QoS 2 did not come, and nothing excuses it
    RULE_UNEXPLAINED,  // QoS 0 did not come, and no cause is known
    RULE_NOT_TAKEN,    // QoS 1 or 2 did not reach the broker, and nothing excuses it
    RULE_EXCUSE,       // a cause was named that does not excuse this loss
    RULE_QOS_OTHER,    // not the lower one of those published and granted
    RULE_DUP,          // DUP on what was never sent before
    RULE_RETAIN_FLAG,  // RETAIN on what was passed on, or lacking
    RULE_ORDER,        // before one that was published earlier
    RULE_EXPIRED,      // after its expiry interval
    RULE_RETAINED,     // not the last retained one, or none
    RULE_WILL,         // a will that was not due, or twice
    RULE_WILL_MISSING, // a will that was due was not published
    RULE_SESSION_PRESENT,
    RULE_GROUP, // a shared subscription's message came to two members, or to none
    RULE_LOOP,
    RULE_LINK, // of a link: sent is not delivered + lost + queued
    RULE_REST, // something still moved, or waited, after the faults had ended
    // Packets of one end of a connection.
    RULE_MALFORMED,
    RULE_CONNECT_FIRST,
    RULE_CONNACK_FIRST,
    RULE_AFTER_DISCONNECT,
    RULE_PACKET_ID,       // 0, or one that is in use
    RULE_DUP_QOS_0,       //
    RULE_DUP_FIRST,       // DUP 1 on a message that was never sent
    RULE_DUP_MISSING,     // DUP 0 on one that was
    RULE_SENT_AGAIN,      // within one connection
    RULE_AFTER_PUBREC,    // a PUBLISH after its PUBREC
    RULE_OTHER_AGAIN,     // sent again, with another payload or QoS
    RULE_ORDER_AGAIN,     // sent again in another order
    RULE_NOT_AGAIN,       // not sent again, or not carried on, by the time all was at rest
    RULE_RECEIVE_MAXIMUM, //
    RULE_PUBREL,          // a PUBREL without a PUBREC
    RULE_ACKNOWLEDGEMENT, // of what did not come, or of the wrong kind
    RULE_ACKNOWLEDGEMENT_ORDER,
    RULE_UNANSWERED,      // by the time all was at rest
    RULE_SESSION_STRANGE, // a session is present that the client does not have
    RULE_ACCUSATION,      // an end for a fault that the other side did not commit
    CHECK_RULES,
};

struct check_rule_text {
    const char *name;      // "qos-2-twice"
    const char *demand;    // a sentence: what has to hold
    const char *statement; // "MQTT-4.3.3-10"; more than one parted by a blank; "": our own
};

// Constant.
const struct check_rule_text *check_rule_text(enum check_rule rule);

#endif
