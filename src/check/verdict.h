// The ledger of verdicts: what became of every message, and whether that is what the standard
// promises. The simulator tells what happens; the ledger keeps what is still open, forgets what is
// settled, and names the first rule that is broken.
//
// ---- what it counts in ------------------------------------------------------------------------
//
// Everything has a number from 0 on, in the order in which it is added:
//
//     client   a session at one broker: its client identifier there, or the connection of a line
//              client. A device with two brokers is two clients.
//     topic    a name at one broker. Names are the simulator's: who subscribes with a wildcard
//              subscribes, here, to each topic that it matches.
//     stream   the messages of one client under one topic. A client's will is a stream of its own.
//     message  (stream, number): numbers of a stream count from 0 on. The payload carries both as a
//              mark (check/mark.h), so that whoever sees the bytes knows the message.
//
// ---- the life of a message --------------------------------------------------------------------
//
//     publish        the publisher's program hands it over; from now on it is under way
//     taken          the broker accepts it as a message: not each PUBLISH that comes (QoS 2 comes
//                    again and is no new message), but each that it passes on. Now every
//                    subscription of the topic is owed a copy. Wills too
//     acknowledged   the broker promises (PUBACK, PUBREC): from now on a crash is no excuse
//     delivered      a subscriber's program is handed a copy
//     lost           someone gave up a copy, with a cause, which has to excuse it
//
// Tell these in the order in which they happen at the broker: subscribed, taken, ended and so on
// when its role does them, not when the packet leaves or arrives elsewhere. Tell a cause before its
// effect shows. `now` never goes back.
//
// A copy is OWED, or UNSURE: it may come and need not (a QoS 0 message when its connection was cut,
// one that waited as the subscriber unsubscribed, one that a crash may have taken). What is UNSURE
// is settled by the next one that overtakes it, by the end of its session, and at rest.
//
// ---- what it costs ----------------------------------------------------------------------------
//
// Records stand in flat arrays. A stream has 64 bytes, a client 64, a topic 32, a route 64: a route
// is a stream and a subscriber of its topic. A message that is under way has 48 bytes, and each of
// its open copies 32; these come from free lists and go back as soon as they are settled, so what
// the ledger holds follows from how many are under way, never from how long the simulation runs.
// An event touches the records of one stream, one route and, hot in the cache, one message;
// verdict_prefetch fetches them. Only who has more than VERDICT_WALK routes of one stream is found
// through a hash.
//
// The caller is trusted to be the simulator: numbers that were never added are asserted, except
// those that come from a payload.
#ifndef CHECK_VERDICT_H
#define CHECK_VERDICT_H

#include "base/heap.h"
#include "base/map.h"
#include "check/mark.h"
#include "check/rule.h"

#define VERDICT_NONE UINT32_MAX
#define VERDICT_NEVER UINT64_MAX
#define VERDICT_WALK 8u
#define VERDICT_FINDINGS 16u       // kept; all are counted
#define VERDICT_FINDING_EVENTS 24u // of one finding, the last ones

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
    REACHED_RETAINED_CLEARED,
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
    VERDICT_EVENT_CLEARED,
};

struct verdict_event {
    uint64_t at;
    uint64_t sequence; // of all events, from 0 on
    uint32_t stream;   // or VERDICT_NONE
    uint32_t number;
    uint32_t client; // publisher, subscriber, or VERDICT_NONE
    uint32_t topic;  // or broker, of a crash
    uint8_t kind;    // enum verdict_event_kind
    uint8_t qos;     // or cause, or how it ended
    uint8_t flags;   // 1: DUP, 2: RETAIN
};

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

struct verdict_options {
    uint64_t seed;  // of hash tables; no result depends on it
    uint64_t slack; // ns by which brokers may be late or early with what is due: session expiry,
                    // message expiry, wills. What links add to a delivery is part of it
    uint32_t ring;  // last events kept, a power of two; 0: 4096
    // 0: no limit is known. Else no broker keeps more messages for one client: beyond it copies are
    // UNSURE even if nobody told of a full queue.
    uint32_t queue_max;
    bool keeps_qos_0; // brokers queue QoS 0 for clients that are absent
};

struct verdict;

// The caller's memory; the ledger is about 100 KB without its tables.
struct verdict *verdict_create(struct memory *memory, const struct verdict_options *options);
void verdict_destroy(struct verdict *verdict);

// Room for so many at once, where it is known; they still have to be added.
struct verdict_sizes {
    uint32_t clients;
    uint32_t topics;
    uint32_t streams;
    uint32_t routes;
};
void verdict_reserve(struct verdict *verdict, const struct verdict_sizes *sizes);

struct verdict_client_options {
    uint32_t broker;
    bool is_unordered; // links on its way may reorder or copy (line networks)
};
uint32_t verdict_add_client(struct verdict *verdict, const struct verdict_client_options *options);
uint32_t verdict_add_topic(struct verdict *verdict, uint32_t broker);
uint32_t verdict_add_stream(struct verdict *verdict, uint32_t client, uint32_t topic);

// ---- messages ---------------------------------------------------------------------------------

struct verdict_publication {
    uint8_t qos;
    bool retain;
    bool is_will;    // it waits for verdict_connected, and is due when the connection breaks
    uint64_t expiry; // ns, from the moment that the broker takes it; 0: none
};

// Returns the message's number.
uint32_t verdict_publish(struct verdict *verdict, uint32_t stream,
                         const struct verdict_publication *publication, uint64_t now);

struct verdict_arrival {
    uint8_t qos;
    bool retain;
    bool is_link_copy; // a link made this one of another
};
void verdict_taken(struct verdict *verdict, struct mark mark, const struct verdict_arrival *arrival,
                   uint64_t now);

// The broker's PUBACK or PUBREC left it, or reached the publisher: either, but always the same.
void verdict_acknowledged(struct verdict *verdict, struct mark mark, uint64_t now);

struct verdict_delivery {
    uint32_t topic;
    uint8_t qos;
    bool dup;
    bool retain;
    bool is_link_copy;
    uint64_t sent_at; // when the broker sent it, if that is known; else 0
};
// `mark` came out of the payload: it may be anything. See verdict_altered where none could be read.
void verdict_delivered(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                       const struct verdict_delivery *delivery, uint64_t now);

// A copy for this subscriber, or for the group it is a member of, is given up.
void verdict_lost(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                  enum verdict_loss loss, uint64_t now);
// A message is given up before the broker took it.
void verdict_lost_upward(struct verdict *verdict, struct mark mark, enum verdict_loss loss,
                         uint64_t now);

// What a subscriber was handed bears no whole mark. `is_by_link`: a link is known to have altered
// it, which is no fault of a role.
void verdict_altered(struct verdict *verdict, uint32_t subscriber, uint32_t topic, bool is_by_link,
                     uint64_t now);

// A message was passed on by so many brokers or routers.
void verdict_hop(struct verdict *verdict, struct mark mark, uint32_t hops, uint32_t hops_max,
                 uint64_t now);

// ---- sessions, as the broker sees them --------------------------------------------------------

struct verdict_connection {
    bool clean_start;
    bool session_present; // as CONNACK says
    bool is_take_over;    // of a connection that was still there; tell verdict_ended before
    uint64_t expiry;      // ns that the session outlives the connection: 0, or VERDICT_NEVER
    struct mark will;     // will.stream VERDICT_NONE: it has none
    uint64_t will_delay;  // ns
};
void verdict_connected(struct verdict *verdict, uint32_t client,
                       const struct verdict_connection *connection, uint64_t now);

enum verdict_end {
    VERDICT_END_NORMAL, // DISCONNECT 0x00, or `disc`: the will is withdrawn
    VERDICT_END_CUT,    // all others: the will is due
};
// `expiry`: as a DISCONNECT may change it; else that of the connection.
void verdict_ended(struct verdict *verdict, uint32_t client, enum verdict_end end, uint64_t expiry,
                   uint64_t now);

// The broker threw the session away while the client was absent, to make room.
void verdict_discarded(struct verdict *verdict, uint32_t client, uint64_t now);

struct verdict_subscription {
    uint8_t qos; // granted
    bool no_local;
    bool retain_as_published;
    uint8_t retain_handling;
    bool is_new;    // the client did not have this very filter
    uint32_t group; // of a shared subscription, the simulator's number; VERDICT_NONE: none
};
// The filter matches the topic. Once for each topic of a filter; of filters that overlap each one.
void verdict_subscribed(struct verdict *verdict, uint32_t client, uint32_t topic,
                        const struct verdict_subscription *subscription, uint64_t now);
// `group` as above.
void verdict_unsubscribed(struct verdict *verdict, uint32_t client, uint32_t topic, uint32_t group,
                          uint64_t now);

// The topic's retained message was removed: by an empty one, or because it expired.
void verdict_cleared(struct verdict *verdict, uint32_t topic, uint64_t now);

// The broker's process ended and began anew. `keeps`: from a journal it knows what it had promised.
void verdict_crashed(struct verdict *verdict, uint32_t broker, bool keeps, uint64_t now);

// ---- links ------------------------------------------------------------------------------------

// In the link's own record. What was sent is delivered, lost, or still queued; a copy that a link
// makes is sent once more.
struct verdict_link {
    uint64_t sent;
    uint64_t delivered;
    uint64_t lost;
};
void verdict_link_check(struct verdict *verdict, const struct verdict_link *link, uint64_t queued,
                        uint64_t now);

// ---- the end, and what was found --------------------------------------------------------------

// The faults ended long ago: all that could be delivered has to be. What is left is either queued
// for a client that is absent, or a finding. More may follow afterwards.
void verdict_rest(struct verdict *verdict, uint64_t now);

// Something of the simulator's own, beside what is marked here.
void verdict_reach(struct verdict *verdict, enum verdict_reached mark);

// A finding of another observer (check/flow_watch.h) goes in with the others.
void verdict_report(struct verdict *verdict, enum check_rule rule, uint32_t client, uint64_t now);

const struct verdict_counts *verdict_counts(const struct verdict *verdict);
uint32_t verdict_finding_count(const struct verdict *verdict);
const struct verdict_finding *verdict_finding(const struct verdict *verdict, uint32_t at);

// No rule was broken, and something was checked: at least one message was delivered.
bool verdict_is_green(const struct verdict *verdict);

// Copies and messages that are open now.
uint64_t verdict_open(const struct verdict *verdict);

// Fetches what the next event of the message touches, in stages 0 to 2, each a few events apart.
void verdict_prefetch(const struct verdict *verdict, uint32_t stream, unsigned stage);

// Walks all tables; asserted. For tests.
void verdict_check(const struct verdict *verdict);

const char *verdict_loss_text(enum verdict_loss loss);
const char *verdict_reached_text(enum verdict_reached mark);
const char *verdict_event_text(enum verdict_event_kind kind);

#endif
