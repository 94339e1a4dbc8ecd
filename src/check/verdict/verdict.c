#include "check/verdict/verdict.h"

#include "check/verdict/verdict_deliver.h"
#include "check/verdict/verdict_passage.h"
#include "check/verdict/verdict_rest.h"
#include "check/verdict/verdict_retained.h"
#include "check/verdict/verdict_route.h"
#include "check/verdict/verdict_session.h"

#define RING 4096u

// ---- its life ---------------------------------------------------------------------------------

struct verdict *verdict_create(struct memory *memory, const struct verdict_options *options) {
    struct verdict *verdict = memory_allocate(memory, sizeof *verdict);
    verdict->memory = memory;
    verdict->options = *options;
    if (verdict->options.ring == 0) {
        verdict->options.ring = RING;
    }
    ASSERT((verdict->options.ring & (verdict->options.ring - 1)) == 0);
    verdict->ring = memory_allocate(memory, verdict->options.ring * sizeof *verdict->ring);
    uint32_t *free_lists[] = {&verdict->subscriptions.places.free, &verdict->members.places.free,
                              &verdict->routes.places.free,        &verdict->messages.places.free,
                              &verdict->copies.places.free,        &verdict->wills.places.free,
                              &verdict->clients.places.free,       &verdict->topics.places.free,
                              &verdict->streams.places.free};
    for (size_t i = 0; i < sizeof free_lists / sizeof *free_lists; i++) {
        *free_lists[i] = VERDICT_NONE;
    }
    map_init(&verdict->subscription_of, memory, options->seed);
    map_init(&verdict->member_of, memory, options->seed);
    map_init(&verdict->route_of, memory, options->seed);
    heap_init(&verdict->expiries, memory);
    return verdict;
}

#define FREE_TABLE(verdict, table)                         \
    memory_free((verdict)->memory, (verdict)->table.items, \
                (verdict)->table.places.capacity * sizeof *(verdict)->table.items)

void verdict_destroy(struct verdict *verdict) {
    FREE_TABLE(verdict, clients);
    FREE_TABLE(verdict, topics);
    FREE_TABLE(verdict, streams);
    FREE_TABLE(verdict, subscriptions);
    FREE_TABLE(verdict, members);
    FREE_TABLE(verdict, routes);
    FREE_TABLE(verdict, messages);
    FREE_TABLE(verdict, copies);
    FREE_TABLE(verdict, wills);
    map_deinit(&verdict->subscription_of);
    map_deinit(&verdict->member_of);
    map_deinit(&verdict->route_of);
    heap_deinit(&verdict->expiries);
    struct memory *memory = verdict->memory;
    memory_free(memory, verdict->findings,
                verdict->findings == NULL ? 0 : VERDICT_FINDINGS * sizeof *verdict->findings);
    memory_free(memory, verdict->ring, verdict->options.ring * sizeof *verdict->ring);
    memory_free(memory, verdict, sizeof *verdict);
}

#define RESERVE(verdict, table, number)                                                    \
    (verdict)->table.items = memory_grow_little((verdict)->memory, (verdict)->table.items, \
                                                &(verdict)->table.places.capacity, number, \
                                                sizeof *(verdict)->table.items)

void verdict_reserve(struct verdict *verdict, const struct verdict_sizes *sizes) {
    RESERVE(verdict, clients, sizes->clients);
    RESERVE(verdict, topics, sizes->topics);
    RESERVE(verdict, streams, sizes->streams);
    RESERVE(verdict, routes, sizes->routes);
    RESERVE(verdict, subscriptions, sizes->routes);
}

uint32_t verdict_add_client(struct verdict *verdict, const struct verdict_client_options *options) {
    uint32_t client = VERDICT_TAKE(verdict, clients);
    verdict->clients.items[client] =
        (struct verdict_client){.broker = options->broker,
                                .streams = VERDICT_NONE,
                                .subscriptions = VERDICT_NONE,
                                .members = VERDICT_NONE,
                                .will = VERDICT_NONE,
                                .flags = (uint8_t)((options->is_unordered ? CLIENT_UNORDERED : 0) |
                                                   (options->is_bad ? CLIENT_BAD : 0))};
    return client;
}

uint32_t verdict_add_topic(struct verdict *verdict, uint32_t broker) {
    uint32_t topic = VERDICT_TAKE(verdict, topics);
    verdict->topics.items[topic] = (struct verdict_topic){.broker = broker,
                                                          .streams = VERDICT_NONE,
                                                          .subscriptions = VERDICT_NONE,
                                                          .retained = {VERDICT_NONE, 0}};
    return topic;
}

uint32_t verdict_add_stream(struct verdict *verdict, uint32_t client, uint32_t topic) {
    ASSERT(client < verdict->clients.places.count && topic < verdict->topics.places.count);
    uint32_t stream = VERDICT_TAKE(verdict, streams);
    ASSERT(stream < MARK_STREAMS);
    struct verdict_client *of = &verdict->clients.items[client];
    verdict->streams.items[stream] =
        (struct verdict_stream){.client = client,
                                .topic = topic,
                                .next_of_client = of->streams,
                                .next_of_topic = verdict->topics.items[topic].streams,
                                .routes = VERDICT_NONE,
                                .group_routes = VERDICT_NONE,
                                .first = VERDICT_NONE,
                                .last = VERDICT_NONE,
                                .hint = VERDICT_NONE,
                                .is_present = (of->flags & CLIENT_CONNECTED) != 0};
    of->streams = stream;
    verdict->topics.items[topic].streams = stream;
    verdict_routes_add(verdict, stream);
    return stream;
}

// ---- what happens -----------------------------------------------------------------------------

static void begin(struct verdict *verdict, const struct verdict_event *event) {
    verdict_note(verdict, event);
    if (heap_due(&verdict->expiries) <= event->at) {
        verdict_session_expire(verdict);
    }
}

static void begin_message(struct verdict *verdict, enum verdict_event_kind kind, struct mark mark,
                          uint8_t qos, uint64_t now) {
    begin(verdict, &(struct verdict_event){.at = now,
                                           .stream = mark.stream,
                                           .number = mark.number,
                                           .client = VERDICT_NONE,
                                           .topic = VERDICT_NONE,
                                           .kind = (uint8_t)kind,
                                           .qos = qos});
}

static void begin_client(struct verdict *verdict, enum verdict_event_kind kind, uint32_t client,
                         uint32_t topic, uint64_t now) {
    ASSERT(client == VERDICT_NONE || client < verdict->clients.places.count);
    begin(verdict, &(struct verdict_event){.at = now,
                                           .stream = VERDICT_NONE,
                                           .client = client,
                                           .topic = topic,
                                           .kind = (uint8_t)kind});
}

uint32_t verdict_publish(struct verdict *verdict, uint32_t stream,
                         const struct verdict_publication *publication, uint64_t now) {
    ASSERT(stream < verdict->streams.places.count && publication->qos <= 2);
    struct mark mark = {stream, verdict->streams.items[stream].published};
    begin_message(verdict, VERDICT_EVENT_PUBLISH, mark, publication->qos, now);
    return verdict_passage_publish(verdict, stream, publication);
}

void verdict_taken(struct verdict *verdict, struct mark mark, const struct verdict_arrival *arrival,
                   uint64_t now) {
    begin_message(verdict, VERDICT_EVENT_TAKEN, mark, arrival->qos, now);
    verdict_passage_take(verdict, mark, arrival);
}

void verdict_acknowledged(struct verdict *verdict, struct mark mark, uint64_t now) {
    begin_message(verdict, VERDICT_EVENT_ACKNOWLEDGED, mark, 0, now);
    verdict_passage_acknowledge(verdict, mark);
}

bool verdict_owes(const struct verdict *verdict, uint32_t subscriber, struct mark mark) {
    if (mark.stream >= verdict->streams.places.count) {
        return false;
    }
    uint32_t route = verdict_route_find(verdict, mark.stream, subscriber);
    return route != VERDICT_NONE && verdict_copy_find(verdict, &verdict->routes.items[route],
                                                      mark.number, false) != VERDICT_NONE;
}

void verdict_delivered(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                       const struct verdict_delivery *delivery, uint64_t now) {
    ASSERT(subscriber < verdict->clients.places.count &&
           delivery->topic < verdict->topics.places.count);
    unsigned flags =
        (delivery->dup ? VERDICT_FLAG_DUP : 0) | (delivery->retain ? VERDICT_FLAG_RETAIN : 0);
    begin(verdict, &(struct verdict_event){.at = now,
                                           .stream = mark.stream,
                                           .number = mark.number,
                                           .client = subscriber,
                                           .topic = delivery->topic,
                                           .kind = VERDICT_EVENT_DELIVERED,
                                           .qos = delivery->qos,
                                           .flags = (uint8_t)flags});
    verdict_deliver(verdict, subscriber, mark, delivery);
}

void verdict_lost(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                  enum verdict_loss loss, uint64_t now) {
    ASSERT(subscriber < verdict->clients.places.count && loss < VERDICT_LOSSES);
    begin(verdict, &(struct verdict_event){.at = now,
                                           .stream = mark.stream,
                                           .number = mark.number,
                                           .client = subscriber,
                                           .topic = VERDICT_NONE,
                                           .kind = VERDICT_EVENT_LOST,
                                           .qos = (uint8_t)loss});
    verdict_give_up(verdict, subscriber, mark, loss);
}

void verdict_lost_upward(struct verdict *verdict, struct mark mark, enum verdict_loss loss,
                         uint64_t now) {
    ASSERT(verdict_passage_knows(verdict, mark) && loss < VERDICT_LOSSES);
    begin_message(verdict, VERDICT_EVENT_LOST, mark, (uint8_t)loss, now);
    verdict_passage_lose(verdict, mark, loss);
}

void verdict_doubted(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                     enum verdict_loss loss, uint64_t now) {
    ASSERT(verdict_passage_knows(verdict, mark) && loss < VERDICT_LOSSES);
    verdict->now = now;
    if (subscriber == VERDICT_NONE) {
        verdict_passage_doubt(verdict, mark, loss);
    } else {
        verdict_doubt(verdict, subscriber, mark, loss);
    }
}

void verdict_altered(struct verdict *verdict, uint32_t subscriber, uint32_t topic, bool is_by_link,
                     uint64_t now) {
    begin_client(verdict, VERDICT_EVENT_DELIVERED, subscriber, topic, now);
    if (is_by_link) {
        verdict_mark_reached(verdict, REACHED_DAMAGE);
    }
    struct verdict_about about = {{VERDICT_NONE, 0}, subscriber, topic};
    verdict_test(verdict, is_by_link, RULE_ALTERED, &about);
}

void verdict_hop(struct verdict *verdict, struct mark mark, uint32_t hops, uint32_t hops_max,
                 uint64_t now) {
    verdict->now = now;
    struct verdict_about about = {mark, VERDICT_NONE, VERDICT_NONE};
    verdict_test(verdict, hops <= hops_max, RULE_LOOP, &about);
}

void verdict_connected(struct verdict *verdict, uint32_t client,
                       const struct verdict_connection *connection, uint64_t now) {
    begin_client(verdict, VERDICT_EVENT_CONNECTED, client, VERDICT_NONE, now);
    verdict_session_connect(verdict, client, connection);
}

void verdict_ended(struct verdict *verdict, uint32_t client, enum verdict_end end, uint64_t expiry,
                   uint64_t now) {
    begin_client(verdict, VERDICT_EVENT_ENDED, client, VERDICT_NONE, now);
    verdict_session_end(verdict, client, end, expiry);
}

void verdict_overflowed(struct verdict *verdict, uint32_t client, uint64_t now) {
    ASSERT(client < verdict->clients.places.count);
    verdict->now = now;
    verdict->clients.items[client].overflow_at = VERDICT_NEVER;
    verdict_mark_reached(verdict, REACHED_QUEUE_FULL);
}

void verdict_discarded(struct verdict *verdict, uint32_t client, uint64_t now) {
    begin_client(verdict, VERDICT_EVENT_ENDED, client, VERDICT_NONE, now);
    verdict_session_discard(verdict, client);
}

void verdict_subscribed(struct verdict *verdict, uint32_t client, uint32_t topic,
                        const struct verdict_subscription *subscription, uint64_t now) {
    ASSERT(topic < verdict->topics.places.count && subscription->qos <= 2);
    begin_client(verdict, VERDICT_EVENT_SUBSCRIBED, client, topic, now);
    verdict_session_subscribe(verdict, client, topic, subscription);
}

void verdict_unsubscribed(struct verdict *verdict, uint32_t client, uint32_t topic, uint32_t group,
                          uint64_t now) {
    ASSERT(topic < verdict->topics.places.count);
    begin_client(verdict, VERDICT_EVENT_UNSUBSCRIBED, client, topic, now);
    verdict_session_unsubscribe(verdict, client, topic, group);
}

void verdict_crashed(struct verdict *verdict, uint32_t broker, bool keeps, uint64_t now) {
    begin_client(verdict, VERDICT_EVENT_CRASHED, VERDICT_NONE, broker, now);
    verdict_session_crash(verdict, broker, keeps);
}

void verdict_paused(struct verdict *verdict, uint32_t broker, uint64_t until, uint64_t now) {
    verdict->now = now;
    verdict_session_expire(verdict);
    verdict_session_pause(verdict, broker, until);
}

void verdict_link_check(struct verdict *verdict, const struct verdict_link *link, uint64_t queued,
                        uint64_t now) {
    verdict->now = now;
    struct verdict_about about = {{VERDICT_NONE, 0}, VERDICT_NONE, VERDICT_NONE};
    verdict_test(verdict, link->sent == link->delivered + link->lost + queued, RULE_LINK, &about);
}

void verdict_busy(struct verdict *verdict, uint32_t client) {
    ASSERT(client < verdict->clients.places.count);
    verdict->clients.items[client].flags |= CLIENT_BUSY;
    verdict->has_busy = true;
}

void verdict_rest(struct verdict *verdict, uint64_t now) {
    verdict->now = now;
    verdict_session_expire(verdict);
    verdict_rest_all(verdict);
}

// ---- what was found ---------------------------------------------------------------------------

void verdict_reach(struct verdict *verdict, enum verdict_reached mark) {
    ASSERT(mark < VERDICT_REACHED);
    verdict_mark_reached(verdict, mark);
}

void verdict_report(struct verdict *verdict, enum check_rule rule, uint32_t client, uint64_t now) {
    verdict->now = now;
    struct verdict_about about = {{VERDICT_NONE, 0}, client, VERDICT_NONE};
    verdict_test(verdict, false, rule, &about);
}

const struct verdict_counts *verdict_counts(const struct verdict *verdict) {
    return &verdict->counts;
}

void verdict_counts_add(struct verdict_counts *sum, const struct verdict_counts *counts) {
    // Nothing but numbers of events.
    uint64_t words[sizeof *counts / sizeof(uint64_t)];
    uint64_t sums[sizeof *counts / sizeof(uint64_t)];
    memcpy(words, counts, sizeof words);
    memcpy(sums, sum, sizeof sums);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        sums[i] += words[i];
    }
    memcpy(sum, sums, sizeof sums);
}

void verdict_end_judgement(struct verdict *verdict) {
    verdict->is_over = true;
}

uint32_t verdict_finding_count(const struct verdict *verdict) {
    return verdict->finding_count;
}

const struct verdict_finding *verdict_finding(const struct verdict *verdict, uint32_t at) {
    ASSERT(at < verdict->finding_count);
    return &verdict->findings[at];
}

void verdict_saw(struct verdict *verdict, uint32_t client, const struct verdict_packet *packet,
                 uint64_t now) {
    uint8_t flags =
        (uint8_t)((packet->dup ? 1 : 0) | (packet->retain ? 2 : 0) | (packet->is_up ? 4 : 0));
    verdict_note(verdict, &(struct verdict_event){.at = now,
                                                  .stream = VERDICT_NONE,
                                                  .number = packet->packet_id,
                                                  .client = client,
                                                  .topic = packet->type,
                                                  .kind = VERDICT_EVENT_PACKET,
                                                  .qos = packet->qos,
                                                  .flags = flags});
}

uint32_t verdict_publisher(const struct verdict *verdict, uint32_t stream) {
    return stream < verdict->streams.places.count ? verdict->streams.items[stream].client
                                                  : VERDICT_NONE;
}

bool verdict_is_green(const struct verdict *verdict) {
    return verdict->finding_count == 0 && verdict->counts.delivered > 0;
}

uint64_t verdict_open(const struct verdict *verdict) {
    uint64_t open = 0;
    for (uint32_t i = 0; i < verdict->streams.places.count; i++) {
        uint32_t message = verdict->streams.items[i].first;
        for (; message != VERDICT_NONE; message = verdict->messages.items[message].next) {
            uint32_t copies = verdict->messages.items[message].copies;
            open += copies > 0 ? copies : 1;
        }
    }
    return open;
}

void verdict_check(const struct verdict *verdict) {
    verdict_walk(verdict);
}

// ---- words ------------------------------------------------------------------------------------

static const char *const losses[VERDICT_LOSSES] = {
    [LOSS_LINK] = "link",
    [LOSS_CUT] = "cut",
    [LOSS_NOT_CONNECTED] = "not connected",
    [LOSS_QUEUE_FULL] = "queue full",
    [LOSS_MAILBOX_FULL] = "mailbox full",
    [LOSS_EXPIRY] = "expiry",
    [LOSS_CRASH] = "crash",
    [LOSS_SESSION_ENDED] = "session ended",
    [LOSS_UNSUBSCRIBED] = "unsubscribed",
    [LOSS_NEVER_ACKNOWLEDGED] = "never acknowledged",
    [LOSS_TOO_LARGE] = "too large",
    [LOSS_REFUSED] = "refused",
    [LOSS_FAULT] = "fault",
};

static const char *const marks[VERDICT_REACHED] = {
    [REACHED_DUP_DELIVERY] = "delivered again with DUP",
    [REACHED_TAKEN_TWICE] = "taken again by a broker",
    [REACHED_TAKE_OVER] = "connection taken over",
    [REACHED_RESUMPTION] = "session resumed",
    [REACHED_SESSION_EXPIRED] = "session expired",
    [REACHED_CLEAN_START] = "session discarded by a clean start",
    [REACHED_QUEUE_FULL] = "queue full",
    [REACHED_MAILBOX_FULL] = "mailbox full",
    [REACHED_WILL_FIRED] = "will published",
    [REACHED_WILL_WITHDRAWN] = "will withdrawn",
    [REACHED_WILL_DELAY_CUT_SHORT] = "will forgotten after a reconnection",
    [REACHED_ID_WRAP] = "packet identifiers began again",
    [REACHED_RETAINED_DELIVERED] = "retained message delivered",
    [REACHED_RETAINED_REPLACED] = "retained message replaced",
    [REACHED_SHARED_DELIVERY] = "shared subscription served",
    [REACHED_SHARED_REDELIVERY] = "shared message sent to another member",
    [REACHED_MESSAGE_EXPIRED] = "message expired",
    [REACHED_CRASH] = "broker crashed",
    [REACHED_CRASH_KEPT] = "broker crashed with a journal",
    [REACHED_QUEUED_FOR_ABSENT] = "queued for an absent client",
    [REACHED_LINK_COPY] = "copied by a link",
    [REACHED_DAMAGE] = "altered by a link",
    [REACHED_NO_LOCAL] = "kept from its publisher",
    [REACHED_OVERLAPPING] = "overlapping subscriptions",
    [REACHED_DOWNGRADED] = "delivered with the lower QoS granted",
    [REACHED_QOS_2_DELIVERY] = "delivered with QoS 2",
    [REACHED_RECEIVE_MAXIMUM] = "receive maximum reached",
};

static const char *const events[] = {
    [VERDICT_EVENT_PUBLISH] = "publish",
    [VERDICT_EVENT_TAKEN] = "taken",
    [VERDICT_EVENT_ACKNOWLEDGED] = "acknowledged",
    [VERDICT_EVENT_DELIVERED] = "delivered",
    [VERDICT_EVENT_LOST] = "lost",
    [VERDICT_EVENT_CONNECTED] = "connected",
    [VERDICT_EVENT_ENDED] = "ended",
    [VERDICT_EVENT_SUBSCRIBED] = "subscribed",
    [VERDICT_EVENT_UNSUBSCRIBED] = "unsubscribed",
    [VERDICT_EVENT_CRASHED] = "crashed",
    [VERDICT_EVENT_PACKET] = "packet",
};

const char *verdict_loss_text(enum verdict_loss loss) {
    ASSERT(loss < VERDICT_LOSSES);
    return losses[loss];
}

const char *verdict_reached_text(enum verdict_reached mark) {
    ASSERT(mark < VERDICT_REACHED && marks[mark] != NULL);
    return marks[mark];
}

const char *verdict_event_text(enum verdict_event_kind kind) {
    ASSERT(kind < sizeof events / sizeof *events);
    return events[kind];
}
