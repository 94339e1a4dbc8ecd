// What the ledger of verdicts (check/verdict/verdict.h) is told, counts and finds, as values.
#ifndef CHECK_VERDICT_VERDICT_TYPES_H
#define CHECK_VERDICT_VERDICT_TYPES_H

#include "check/mark.h"
#include "check/rule.h"

#define VERDICT_NONE UINT32_MAX
#define VERDICT_NEVER UINT64_MAX
#define VERDICT_WALK 8u
#define VERDICT_FINDINGS 16u        // kept; all are counted
#define VERDICT_FINDING_EVENTS 24u  // of one finding, the last ones
#define VERDICT_FINDING_PACKETS 14u // of these

// Why a copy, or a message, is not delivered.
enum verdict_loss {
    LOSS_LINK,          // a link lost it (line networks; a stream loses nothing)
    LOSS_CUT,           // it was in a connection that ended
    LOSS_NOT_CONNECTED, // QoS 0 for one who was not there
    LOSS_QUEUE_FULL,
    LOSS_MAILBOX_FULL,
    LOSS_EXPIRY, // of the message
    LOSS_CRASH,
    LOSS_SESSION_ENDED, // expired, or discarded by a clean start
    LOSS_UNSUBSCRIBED,
    LOSS_NEVER_ACKNOWLEDGED, // the publisher gave up before the broker promised anything
    LOSS_TOO_LARGE,          // for the subscriber's maximum packet size, or for a line
    LOSS_REFUSED,            // a reason code of 0x80 or above
    LOSS_FAULT,              // a rule of src/fault took a packet out of a stream
    VERDICT_LOSSES,
};

// What a run reached.
enum verdict_reached {
    REACHED_DUP_DELIVERY, // QoS 1 came twice, as it may
    REACHED_TAKEN_TWICE,  // a publisher sent QoS 1 again, and the broker took it again
    REACHED_TAKE_OVER,
    REACHED_RESUMPTION,
    REACHED_SESSION_EXPIRED,
    REACHED_CLEAN_START, // discarded a session that there was
    REACHED_QUEUE_FULL,
    REACHED_MAILBOX_FULL,
    REACHED_WILL_FIRED,
    REACHED_WILL_WITHDRAWN,
    REACHED_WILL_DELAY_CUT_SHORT, // by a reconnection
    REACHED_ID_WRAP,              // packet identifiers began again (verdict_reach)
    REACHED_RETAINED_DELIVERED,
    REACHED_RETAINED_REPLACED,
    REACHED_SHARED_DELIVERY,
    REACHED_SHARED_REDELIVERY,
    REACHED_MESSAGE_EXPIRED,
    REACHED_CRASH,
    REACHED_CRASH_KEPT, // by a journal
    REACHED_QUEUED_FOR_ABSENT,
    REACHED_LINK_COPY, // a link delivered twice
    REACHED_DAMAGE,    // a link altered a message
    REACHED_NO_LOCAL,  // kept one from its publisher
    REACHED_OVERLAPPING,
    REACHED_DOWNGRADED, // the granted QoS was the lower one
    REACHED_QOS_2_DELIVERY,
    REACHED_RECEIVE_MAXIMUM, // was reached (verdict_reach)
    VERDICT_REACHED,
};

// What a ledger has seen, in the order of a message's life: published, taken by the broker, owed to
// subscribers, delivered or lost. Then how often each rule was looked at and broken. All only grow;
// those of several islands are added up.
struct verdict_counts {
    uint64_t events;
    uint64_t published;
    uint64_t taken;
    uint64_t acknowledged;
    uint64_t owed;                   // copies that subscriptions were due
    uint64_t delivered;              // of those
    uint64_t repeated;               // legal copies beyond
    uint64_t foreign;                // deliveries of others' messages: no mark
    uint64_t unsure_lost;            // of `lost`, settled by what came after
    uint64_t lost[VERDICT_LOSSES];   // copies
    uint64_t upward[VERDICT_LOSSES]; // messages that did not reach the broker
    uint64_t checked[CHECK_RULES];   // how often a rule was looked at
    uint64_t broken[CHECK_RULES];
    uint64_t reached[VERDICT_REACHED];
};

// What happened, for the ladder of a finding.
enum verdict_event_kind {
    VERDICT_EVENT_PUBLISH,
    VERDICT_EVENT_TAKEN,
    VERDICT_EVENT_ACKNOWLEDGED,
    VERDICT_EVENT_DELIVERED,
    VERDICT_EVENT_LOST,
    VERDICT_EVENT_CONNECTED,
    VERDICT_EVENT_ENDED,
    VERDICT_EVENT_SUBSCRIBED,
    VERDICT_EVENT_UNSUBSCRIBED,
    VERDICT_EVENT_CRASHED,
    VERDICT_EVENT_PACKET, // number: its packet identifier, topic: its type
};

// A packet that one end of a client's connection sent.
struct verdict_packet {
    uint8_t type; // enum mqtt_type
    uint8_t qos;
    bool dup;
    bool retain;
    bool is_up;         // its client sent it
    uint16_t packet_id; // 0: it has none
};

// One event as it is kept for findings: when, about which message (stream and number), at whom, and
// what it was. Small, since the last ones of all are remembered.
struct verdict_event {
    uint64_t at;
    uint64_t sequence; // of all events, from 0 on
    uint32_t stream;   // or VERDICT_NONE
    uint32_t number;
    uint32_t client; // publisher, subscriber, or VERDICT_NONE
    uint32_t topic;  // or broker, of a crash
    uint8_t kind;    // enum verdict_event_kind
    uint8_t qos;     // or cause, or how it ended
    uint8_t flags;   // 1: DUP, 2: RETAIN, 4: from the client
};

// A rule that was broken: by which event, on which message, at which client; and the events before
// that led to it. It points to nothing, so it outlives the ledger.
struct verdict_finding {
    enum check_rule rule;
    uint64_t at;
    uint64_t sequence; // of the event that broke it
    uint32_t stream;   // VERDICT_NONE: it concerns no message
    uint32_t number;
    uint32_t client; // whom it was delivered to, or who it is about
    uint32_t topic;
    uint32_t event_count;
    struct verdict_event events[VERDICT_FINDING_EVENTS]; // that led to it, oldest first
};

// What becomes of a copy, for who counts by streams or QoS.
enum verdict_tally {
    VERDICT_TALLY_OWED,
    VERDICT_TALLY_WAIVED, // it is not owed any more, nor lost
    VERDICT_TALLY_DELIVERED,
    VERDICT_TALLY_REPEATED,
    VERDICT_TALLY_LOST,
};

struct verdict_options {
    uint64_t seed;  // of hash tables; no result depends on it
    uint64_t slack; // ns by which brokers may be late or early with what is due: session expiry,
                    // message expiry, wills. What links add to a delivery is part of it
    uint32_t ring;  // last events kept, a power of two; 0: 4096
    // 0: no limit is known. Else no broker keeps more messages for one client: beyond it copies are
    // UNSURE even if nobody told of a full queue.
    uint32_t queue_max;
    bool keeps_qos_0; // brokers queue QoS 0 for clients that are absent
    // Told with each change of the counts of copies; NULL: nobody is. It may not call the ledger.
    void (*tally)(void *context, enum verdict_tally tally, uint32_t stream, uint8_t qos);
    void *tally_context;
};

struct verdict_publication {
    uint8_t qos;
    bool retain;
    bool is_will;    // it waits for verdict_connected, and is due when the connection breaks
    uint64_t expiry; // ns, from the moment that the broker takes it; 0: none
};

struct verdict_arrival {
    uint8_t qos;
    bool retain;
    bool is_link_copy;  // a link made this one of another
    bool is_last_value; // a line's: the broker takes it as if with RETAIN, which lines have not
};

struct verdict_delivery {
    uint32_t topic;
    uint8_t qos;
    bool dup;
    bool retain;
    bool is_link_copy;
    uint64_t sent_at; // when the broker sent it, if that is known; else 0
};

struct verdict_connection {
    bool clean_start;
    bool session_present; // as CONNACK says
    bool is_take_over;    // of a connection that was still there; tell verdict_ended before
    uint64_t expiry;      // ns that the session outlives the connection: 0, or VERDICT_NEVER
    struct mark will;     // will.stream VERDICT_NONE: it has none
    uint64_t will_delay;  // ns
};

enum verdict_end {
    VERDICT_END_NORMAL, // DISCONNECT 0x00, or `disc`: the will is withdrawn
    VERDICT_END_CUT,    // all others: the will is due
};

struct verdict_subscription {
    uint8_t qos; // granted
    bool no_local;
    bool retain_as_published;
    uint8_t retain_handling;
    bool is_new;  // the client did not have this very filter
    bool is_line; // last values that come are not told of, and what is retained may get lost unseen
    uint32_t group; // of a shared subscription, the simulator's number; VERDICT_NONE: none
};

#endif
