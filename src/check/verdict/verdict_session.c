#include "check/verdict/verdict_session.h"

#include "check/verdict/verdict_retained.h"
#include "check/verdict/verdict_route.h"
#include "check/verdict/verdict_will.h"

// How long what was on its way when a session ended may still come, if its client stays away.
#define FADING_NS (UINT64_C(600) * 1000000000)

static struct verdict_about about_client(uint32_t client) {
    return (struct verdict_about){{VERDICT_NONE, 0}, client, VERDICT_NONE};
}

// ---- what ends with a connection, and what with the session -----------------------------------

// What the client published with QoS 0 may be lost; the rest too, if its session is.
static void doubt_published(struct verdict *verdict, const struct verdict_client *client,
                            uint8_t qos_max, enum verdict_loss loss) {
    uint32_t stream = client->streams;
    for (; stream != VERDICT_NONE; stream = verdict->streams.items[stream].next_of_client) {
        uint32_t message = verdict->streams.items[stream].first;
        while (message != VERDICT_NONE) {
            struct verdict_message *record = &verdict->messages.items[message];
            bool is_new = (record->flags & IS_UNSURE) == 0;
            if (record->taken == 0 && !record->is_will && record->qos <= qos_max && is_new) {
                record->flags |= IS_UNSURE;
                record->loss = (uint8_t)loss;
            }
            message = record->next;
        }
    }
}

// QoS 0 that is on its way to it may be lost.
static void doubt_copies(struct verdict *verdict, uint32_t route, uint8_t qos_max,
                         enum verdict_loss loss) {
    uint32_t copy = verdict->routes.items[route].first;
    for (; copy != VERDICT_NONE; copy = verdict->copies.items[copy].next) {
        if (verdict->copies.items[copy].qos <= qos_max) {
            verdict_copy_doubt(verdict, copy, loss);
        }
    }
}

// What the old connection did not bring the new one does not, unless brokers keep it.
static void lose_cut_copies(struct verdict *verdict, uint32_t route) {
    uint32_t copy = verdict->routes.items[route].first;
    while (copy != VERDICT_NONE) {
        const struct verdict_copy *record = &verdict->copies.items[copy];
        uint32_t next = record->next;
        if (record->qos == 0 && (record->flags & IS_UNSURE) != 0 && record->loss == LOSS_CUT) {
            verdict_copy_lose(verdict, copy, LOSS_CUT);
        }
        copy = next;
    }
}

// Its routes and groups hear that it came or went.
static void move_client(struct verdict *verdict, uint32_t client, bool is_there) {
    const struct verdict_client *record = &verdict->clients.items[client];
    bool has_crashed = (record->flags & CLIENT_CRASHED) != 0;
    uint32_t subscription = record->subscriptions;
    while (subscription != VERDICT_NONE) {
        verdict_subscription_spread(verdict, subscription);
        uint32_t route = verdict->subscriptions.items[subscription].routes;
        for (; route != VERDICT_NONE; route = verdict->routes.items[route].next_of_subscription) {
            struct verdict_route *at = &verdict->routes.items[route];
            at->resumed = at->highest;
            at->repeated = 0;
            if (is_there && has_crashed) { // what had left before the crash came behind it
                at->crashed = at->highest;
            }
            if (!is_there) {
                doubt_copies(verdict, route, 0, LOSS_CUT);
            } else if (!verdict->options.keeps_qos_0) {
                lose_cut_copies(verdict, route);
            }
        }
        subscription = verdict->subscriptions.items[subscription].next_of_client;
    }
    uint32_t member = record->members;
    for (; member != VERDICT_NONE; member = verdict->members.items[member].next_of_client) {
        verdict_member_moved(verdict, member, is_there);
    }
}

// Nothing is owed to the session any more.
static void bury_session(struct verdict *verdict, uint32_t client) {
    struct verdict_client *record = &verdict->clients.items[client];
    record->flags &= (uint8_t) ~(CLIENT_HAS_SESSION | CLIENT_FADING);
    record->overflow_at = 0;
    record->buried_at = verdict->now;
    uint32_t subscription;
    while ((subscription = record->subscriptions) != VERDICT_NONE) {
        record->subscriptions = verdict->subscriptions.items[subscription].next_of_client;
        verdict_subscription_remove(verdict, subscription);
    }
    verdict_members_remove(verdict, client);
}

// What its client published need not come any more, and with QoS 2 may be new to the broker.
static void end_publishing(struct verdict *verdict, uint32_t client) {
    const struct verdict_client *record = &verdict->clients.items[client];
    doubt_published(verdict, record, 2, LOSS_SESSION_ENDED);
    uint32_t stream = record->streams;
    for (; stream != VERDICT_NONE; stream = verdict->streams.items[stream].next_of_client) {
        verdict->streams.items[stream].fresh = verdict->streams.items[stream].published;
    }
}

static void end_session(struct verdict *verdict, uint32_t client) {
    bury_session(verdict, client);
    end_publishing(verdict, client);
}

// ---- the end of a connection ------------------------------------------------------------------

// A client stands in the heap once at most; the entry is looked at when it is due.
static void watch_expiry(struct verdict *verdict, uint32_t client) {
    struct verdict_client *record = &verdict->clients.items[client];
    uint64_t due = verdict_later(record->expires_to, verdict->options.slack);
    if (due != VERDICT_NEVER && (record->flags & CLIENT_TIMED) == 0) {
        record->flags |= CLIENT_TIMED;
        heap_add(&verdict->expiries, (struct heap_item){.due = due, .sequence = client});
    }
}

// The session ends with its connection. What was on its way then may still reach the client, until
// it connects anew.
static void fade_session(struct verdict *verdict, uint32_t client) {
    struct verdict_client *record = &verdict->clients.items[client];
    uint32_t subscription = record->subscriptions;
    for (; subscription != VERDICT_NONE;
         subscription = verdict->subscriptions.items[subscription].next_of_client) {
        struct verdict_subscriber *at = &verdict->subscriptions.items[subscription];
        at->flags &= (uint8_t)~SUBSCRIPTION_OPEN;
        at->filters = 0;
        verdict_subscription_spread(verdict, subscription);
        uint32_t route = at->routes;
        for (; route != VERDICT_NONE; route = verdict->routes.items[route].next_of_subscription) {
            doubt_copies(verdict, route, 2, LOSS_SESSION_ENDED);
        }
    }
    uint32_t member = record->members;
    for (; member != VERDICT_NONE; member = verdict->members.items[member].next_of_client) {
        verdict_member_close(verdict, member);
    }
    end_publishing(verdict, client);
    record->flags = (uint8_t)((record->flags & ~CLIENT_HAS_SESSION) | CLIENT_FADING);
    record->expires_to = verdict_later(verdict->now, FADING_NS);
    watch_expiry(verdict, client);
}

static bool is_absent(const struct verdict_client *client) {
    return (client->flags & (CLIENT_HAS_SESSION | CLIENT_CONNECTED)) == CLIENT_HAS_SESSION;
}

static void expire_one(struct verdict *verdict, uint32_t client) {
    struct verdict_client *record = &verdict->clients.items[client];
    record->flags &= (uint8_t)~CLIENT_TIMED;
    if (!is_absent(record) && (record->flags & CLIENT_FADING) == 0) {
        return;
    }
    if (verdict_later(record->expires_to, verdict->options.slack) > verdict->now) {
        watch_expiry(verdict, client);
        return;
    }
    if ((record->flags & CLIENT_FADING) != 0) {
        bury_session(verdict, client);
    } else {
        verdict_mark_reached(verdict, REACHED_SESSION_EXPIRED);
        end_session(verdict, client);
    }
}

void verdict_session_expire(struct verdict *verdict) {
    while (heap_due(&verdict->expiries) <= verdict->now) {
        uint32_t client = (uint32_t)verdict->expiries.items[0].sequence;
        heap_remove(&verdict->expiries, 0);
        expire_one(verdict, client);
    }
}

static void move_streams(struct verdict *verdict, const struct verdict_client *client,
                         bool is_there) {
    uint32_t stream = client->streams;
    for (; stream != VERDICT_NONE; stream = verdict->streams.items[stream].next_of_client) {
        struct verdict_stream *record = &verdict->streams.items[stream];
        record->is_present = is_there;
        record->resumed = is_there ? record->published : record->resumed;
    }
}

void verdict_session_end(struct verdict *verdict, uint32_t client, enum verdict_end end,
                         uint64_t expiry) {
    struct verdict_client *record = &verdict->clients.items[client];
    if ((record->flags & CLIENT_CONNECTED) == 0) {
        return;
    }
    record->flags &= (uint8_t)~CLIENT_CONNECTED;
    record->expires_from = verdict_later(verdict->now, expiry);
    record->expires_to = record->expires_from;
    if (end == VERDICT_END_NORMAL) {
        verdict_will_withdraw(verdict, client);
    } else {
        verdict_will_break(verdict, client, record->expires_from);
    }
    move_client(verdict, client, false);
    move_streams(verdict, record, false);
    doubt_published(verdict, record, 0, LOSS_CUT);
    if (expiry == 0) {
        fade_session(verdict, client);
    } else {
        watch_expiry(verdict, client);
    }
}

void verdict_session_discard(struct verdict *verdict, uint32_t client) {
    if (is_absent(&verdict->clients.items[client])) {
        verdict_will_hurry(verdict, client);
        end_session(verdict, client);
    }
}

// ---- a new connection -------------------------------------------------------------------------

// Whether session present is what it has to be: around the moment of expiry it may be either.
static bool is_present_right(const struct verdict *verdict, const struct verdict_client *client,
                             const struct verdict_connection *connection) {
    if (connection->clean_start) {
        return !connection->session_present;
    }
    bool has_session = (client->flags & CLIENT_HAS_SESSION) != 0;
    bool may_be_gone = verdict_later(verdict->now, verdict->options.slack) >= client->expires_from;
    return connection->session_present == has_session ||
           (has_session && !connection->session_present && may_be_gone);
}

void verdict_session_connect(struct verdict *verdict, uint32_t client,
                             const struct verdict_connection *connection) {
    struct verdict_client *record = &verdict->clients.items[client];
    if ((record->flags & CLIENT_CONNECTED) != 0) { // nobody told that it ended
        verdict_session_end(verdict, client, VERDICT_END_CUT, VERDICT_NEVER);
    }
    if ((record->flags & CLIENT_FADING) != 0) {
        bury_session(verdict, client);
    }
    bool had_session = (record->flags & CLIENT_HAS_SESSION) != 0;
    struct verdict_about about = about_client(client);
    verdict_test(verdict, is_present_right(verdict, record, connection), RULE_SESSION_PRESENT,
                 &about);
    verdict_will_resume(verdict, client, connection->session_present);
    if (!connection->session_present && had_session) {
        verdict_mark_reached(verdict, connection->clean_start ? REACHED_CLEAN_START
                                                              : REACHED_SESSION_EXPIRED);
        end_session(verdict, client);
    }
    record->flags |= CLIENT_HAS_SESSION | CLIENT_CONNECTED;
    record->expiry = connection->expiry;
    record->resumed_at = verdict_sequence(verdict);
    move_streams(verdict, record, true);
    move_client(verdict, client, true);
    record->flags &= (uint8_t)~CLIENT_CRASHED;
    if (connection->session_present) {
        verdict_mark_reached(verdict, REACHED_RESUMPTION);
    }
    if (connection->is_take_over) {
        verdict_mark_reached(verdict, REACHED_TAKE_OVER);
    }
    if (connection->will.stream != VERDICT_NONE) {
        verdict_will_set(verdict, client, connection->will, connection->will_delay);
    }
}

// ---- a crash ----------------------------------------------------------------------------------

// With a journal the broker keeps what it had promised; of the rest it may know nothing.
static void doubt_unpromised(struct verdict *verdict, const struct verdict_client *client,
                             bool keeps) {
    uint32_t subscription = client->subscriptions;
    for (; subscription != VERDICT_NONE;
         subscription = verdict->subscriptions.items[subscription].next_of_client) {
        uint32_t route = verdict->subscriptions.items[subscription].routes;
        for (; route != VERDICT_NONE; route = verdict->routes.items[route].next_of_subscription) {
            verdict->routes.items[route].crashed = verdict->routes.items[route].highest;
            uint32_t copy = verdict->routes.items[route].first;
            for (; copy != VERDICT_NONE; copy = verdict->copies.items[copy].next) {
                const struct verdict_copy *record = &verdict->copies.items[copy];
                bool is_promised = verdict->messages.items[record->message].is_acknowledged;
                if (!keeps || !is_promised || record->qos == 0) {
                    verdict_copy_doubt(verdict, copy, LOSS_CRASH);
                }
            }
        }
    }
}

static void crash_client(struct verdict *verdict, uint32_t client, bool keeps) {
    struct verdict_client *record = &verdict->clients.items[client];
    record->flags |= CLIENT_CRASHED;
    verdict_will_crash(verdict, client, keeps);
    doubt_unpromised(verdict, record, keeps);
    if ((record->flags & CLIENT_CONNECTED) != 0) {
        verdict_session_end(verdict, client, VERDICT_END_CUT, keeps ? record->expiry : 0);
    } else if (!keeps && (record->flags & CLIENT_HAS_SESSION) != 0) {
        fade_session(verdict, client); // its connection may have ended a moment before
    } else if (is_absent(record)) {    // its time may begin anew
        record->expires_to = verdict_later(verdict->now, record->expiry);
        watch_expiry(verdict, client);
    }
    // Of what was promised last, no more is known than before: it may be taken again.
    uint32_t stream = record->streams;
    for (; stream != VERDICT_NONE; stream = verdict->streams.items[stream].next_of_client) {
        struct verdict_stream *at = &verdict->streams.items[stream];
        at->fresh = keeps ? at->fresh : at->published;
        at->crashed = at->published;
    }
}

void verdict_session_crash(struct verdict *verdict, uint32_t broker, bool keeps) {
    for (uint32_t client = 0; client < verdict->clients.places.count; client++) {
        if (verdict->clients.items[client].broker == broker) {
            crash_client(verdict, client, keeps);
        }
    }
    verdict_retained_crash(verdict, broker, keeps);
    verdict_mark_reached(verdict, keeps ? REACHED_CRASH_KEPT : REACHED_CRASH);
}

void verdict_session_pause(struct verdict *verdict, uint32_t broker, uint64_t until) {
    for (uint32_t client = 0; client < verdict->clients.places.count; client++) {
        struct verdict_client *record = &verdict->clients.items[client];
        if (record->broker != broker) {
            continue;
        }
        if (is_absent(record) && record->expires_to < until) {
            record->expires_to = until;
        }
        verdict_will_postpone(verdict, client, until);
    }
}

// ---- subscriptions ----------------------------------------------------------------------------

static uint8_t flags_of(const struct verdict_subscription *subscription) {
    return (uint8_t)(SUBSCRIPTION_OPEN | (subscription->no_local ? SUBSCRIPTION_NO_LOCAL : 0) |
                     (subscription->retain_as_published ? SUBSCRIPTION_AS_PUBLISHED : 0));
}

// Copies that wait were made by the old options: they may come by these or by the new ones.
static void loosen_copies(struct verdict *verdict, const struct verdict_subscriber *subscription) {
    uint32_t route = subscription->routes;
    for (; route != VERDICT_NONE; route = verdict->routes.items[route].next_of_subscription) {
        uint32_t copy = verdict->routes.items[route].first;
        for (; copy != VERDICT_NONE; copy = verdict->copies.items[copy].next) {
            verdict->copies.items[copy].flags |= IS_ANY_QOS | IS_ANY_RETAIN;
        }
    }
}

// One filter more, or one in another's place: of those that overlap the highest QoS counts.
static void change_subscription(struct verdict_subscriber *record,
                                const struct verdict_subscription *subscription) {
    uint8_t flags = flags_of(subscription);
    bool is_only = record->filters == 0 || (record->filters == 1 && !subscription->is_new);
    if (is_only) {
        record->filters = 1;
        record->qos = subscription->qos;
        record->flags = flags;
        return;
    }
    record->filters += subscription->is_new;
    if (((record->flags ^ flags) & (SUBSCRIPTION_NO_LOCAL | SUBSCRIPTION_AS_PUBLISHED)) != 0) {
        record->flags |= SUBSCRIPTION_ANY_FLAG;
    }
    if (!subscription->is_new) {
        record->flags |= SUBSCRIPTION_ANY_QOS;
    }
    record->qos = record->qos > subscription->qos ? record->qos : subscription->qos;
}

static void subscribe_alone(struct verdict *verdict, uint32_t client, uint32_t topic,
                            const struct verdict_subscription *subscription) {
    uint32_t at = verdict_subscription_get(verdict, topic, client, false);
    struct verdict_subscriber *record = &verdict->subscriptions.items[at];
    uint8_t changed = record->flags ^ flags_of(subscription);
    bool is_other = record->qos != subscription->qos || (changed & SUBSCRIPTION_AS_PUBLISHED) != 0;
    change_subscription(record, subscription);
    if (is_other) {
        loosen_copies(verdict, record);
    }
    if (record->filters > 1) {
        verdict_mark_reached(verdict, REACHED_OVERLAPPING);
    }
    verdict_subscription_spread(verdict, at);
    verdict_retained_owe(verdict, at, subscription);
}

void verdict_session_subscribe(struct verdict *verdict, uint32_t client, uint32_t topic,
                               const struct verdict_subscription *subscription) {
    if ((verdict->clients.items[client].flags & CLIENT_HAS_SESSION) == 0) {
        return; // who has no session has no subscriptions
    }
    if (subscription->group == VERDICT_NONE) {
        subscribe_alone(verdict, client, topic, subscription);
        return;
    }
    uint32_t group = verdict_subscription_get(verdict, topic, subscription->group, true);
    uint32_t member = verdict_member_get(verdict, group, client);
    verdict_member_open(verdict, member, subscription->qos);
}

static void unsubscribe_alone(struct verdict *verdict, uint32_t subscription) {
    struct verdict_subscriber *record = &verdict->subscriptions.items[subscription];
    if (record->filters > 1) {
        // Which of them ended is not known: its QoS may have been the highest.
        record->filters--;
        record->flags |= SUBSCRIPTION_ANY_QOS | SUBSCRIPTION_ANY_FLAG;
        verdict_subscription_spread(verdict, subscription);
        return;
    }
    record->filters = 0;
    record->flags &= (uint8_t)~SUBSCRIPTION_OPEN;
    verdict_subscription_spread(verdict, subscription);
    uint32_t route = record->routes;
    for (; route != VERDICT_NONE; route = verdict->routes.items[route].next_of_subscription) {
        doubt_copies(verdict, route, 2, LOSS_UNSUBSCRIBED);
    }
}

void verdict_session_unsubscribe(struct verdict *verdict, uint32_t client, uint32_t topic,
                                 uint32_t group) {
    bool is_group = group != VERDICT_NONE;
    uint32_t at = verdict_subscription_find(verdict, topic, is_group ? group : client, is_group);
    if (at == MAP_NONE) {
        return;
    }
    if (!is_group) {
        unsubscribe_alone(verdict, at);
        return;
    }
    uint32_t member = verdict_member_find(verdict, at, client);
    if (member != MAP_NONE) {
        verdict_member_close(verdict, member);
    }
}
