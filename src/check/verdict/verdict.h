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
// An event touches the records of one stream, one route and, hot in the cache, one message. Only
// who has more than VERDICT_WALK routes of one stream is found through a hash.
//
// The caller is trusted to be the simulator: numbers that were never added are asserted, except
// those that come from a payload.
#ifndef CHECK_VERDICT_VERDICT_H
#define CHECK_VERDICT_VERDICT_H

#include "base/memory.h"
#include "check/verdict/verdict_types.h"

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
    bool is_bad;       // it need not take what is sent to it
};
uint32_t verdict_add_client(struct verdict *verdict, const struct verdict_client_options *options);
uint32_t verdict_add_topic(struct verdict *verdict, uint32_t broker);
uint32_t verdict_add_stream(struct verdict *verdict, uint32_t client, uint32_t topic);

// ---- messages ---------------------------------------------------------------------------------

// Returns the message's number.
uint32_t verdict_publish(struct verdict *verdict, uint32_t stream,
                         const struct verdict_publication *publication, uint64_t now);

void verdict_taken(struct verdict *verdict, struct mark mark, const struct verdict_arrival *arrival,
                   uint64_t now);

// The broker's PUBACK or PUBREC left it, or reached the publisher: either, but always the same.
void verdict_acknowledged(struct verdict *verdict, struct mark mark, uint64_t now);

// `mark` came out of the payload: it may be anything. See verdict_altered where none could be read.
void verdict_delivered(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                       const struct verdict_delivery *delivery, uint64_t now);

// Whether the subscriber is owed a copy of this message by a subscription of its own, as one that
// is passed on. A broker of lines gives last values to a new subscriber, which look like any other
// message; who drives the ledger does not tell it of those.
bool verdict_owes(const struct verdict *verdict, uint32_t subscriber, struct mark mark);

// A copy for this subscriber, or for the group it is a member of, is given up.
void verdict_lost(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                  enum verdict_loss loss, uint64_t now);
// A message is given up before the broker took it.
void verdict_lost_upward(struct verdict *verdict, struct mark mark, enum verdict_loss loss,
                         uint64_t now);

// It may be lost, or still come: a copy for this subscriber, or with VERDICT_NONE the message on
// its way to the broker.
void verdict_doubted(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                     enum verdict_loss loss, uint64_t now);

// What a subscriber was handed bears no whole mark. `is_by_link`: a link is known to have altered
// it, which is no fault of a role.
void verdict_altered(struct verdict *verdict, uint32_t subscriber, uint32_t topic, bool is_by_link,
                     uint64_t now);

// A message was passed on by so many brokers or routers.
void verdict_hop(struct verdict *verdict, struct mark mark, uint32_t hops, uint32_t hops_max,
                 uint64_t now);

// ---- sessions, as the broker sees them --------------------------------------------------------

void verdict_connected(struct verdict *verdict, uint32_t client,
                       const struct verdict_connection *connection, uint64_t now);

// `expiry`: as a DISCONNECT may change it; else that of the connection.
void verdict_ended(struct verdict *verdict, uint32_t client, enum verdict_end end, uint64_t expiry,
                   uint64_t now);

// The broker's queue for the client is full. The broker tells that once; from then on, until the
// session ends, whatever waits for the client may be dropped.
void verdict_overflowed(struct verdict *verdict, uint32_t client, uint64_t now);

// The broker threw the session away while the client was absent, to make room.
void verdict_discarded(struct verdict *verdict, uint32_t client, uint64_t now);

// The filter matches the topic; a client without a session gets none by it. Once for each topic of
// a filter; of filters that overlap each one.
void verdict_subscribed(struct verdict *verdict, uint32_t client, uint32_t topic,
                        const struct verdict_subscription *subscription, uint64_t now);
// `group` as above.
void verdict_unsubscribed(struct verdict *verdict, uint32_t client, uint32_t topic, uint32_t group,
                          uint64_t now);

// The broker's process ended and began anew. `keeps`: from a journal it knows what it had promised.
void verdict_crashed(struct verdict *verdict, uint32_t broker, bool keeps, uint64_t now);

// The broker does nothing until then. What comes due meanwhile, the end of an absent session or a
// delayed will, may then happen, or be prevented by a client that came back while nobody answered.
void verdict_paused(struct verdict *verdict, uint32_t broker, uint64_t until, uint64_t now);

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
// To be told before: the client still exchanges messages with its broker, a long queue for instance
// that it takes slowly. Its messages and copies stay open.
void verdict_busy(struct verdict *verdict, uint32_t client);

// Something of the simulator's own, beside what is marked here.
void verdict_reach(struct verdict *verdict, enum verdict_reached mark);

// For the ladders of findings; nothing is judged by it.
void verdict_saw(struct verdict *verdict, uint32_t client, const struct verdict_packet *packet,
                 uint64_t now);

// A finding of another observer (check/flow_watch.h) goes in with the others.
void verdict_report(struct verdict *verdict, enum check_rule rule, uint32_t client, uint64_t now);

// From now on nothing is a finding: what comes is followed, and no more judged.
void verdict_end_judgement(struct verdict *verdict);

const struct verdict_counts *verdict_counts(const struct verdict *verdict);
// Adds what another ledger counted.
void verdict_counts_add(struct verdict_counts *sum, const struct verdict_counts *counts);
uint32_t verdict_finding_count(const struct verdict *verdict);
const struct verdict_finding *verdict_finding(const struct verdict *verdict, uint32_t at);

// The client whose messages the stream is of; VERDICT_NONE: there is no such stream.
uint32_t verdict_publisher(const struct verdict *verdict, uint32_t stream);

// No rule was broken, and something was checked: at least one message was delivered.
bool verdict_is_green(const struct verdict *verdict);

// Copies and messages that are open now.
uint64_t verdict_open(const struct verdict *verdict);

// Walks all tables; asserted. For tests.
void verdict_check(const struct verdict *verdict);

const char *verdict_loss_text(enum verdict_loss loss);
const char *verdict_reached_text(enum verdict_reached mark);
const char *verdict_event_text(enum verdict_event_kind kind);

#endif
