#include "check/verdict/verdict_passage.h"

#include "check/verdict/verdict_retained.h"
#include "check/verdict/verdict_will.h"

bool verdict_passage_knows(const struct verdict *verdict, struct mark mark) {
    return mark.stream < verdict->streams.places.count &&
           mark.number < verdict->streams.items[mark.stream].published;
}

static struct verdict_about about_message(const struct verdict *verdict, struct mark mark) {
    bool is_stream = mark.stream < verdict->streams.places.count;
    const struct verdict_stream *stream = is_stream ? &verdict->streams.items[mark.stream] : NULL;
    return (struct verdict_about){mark, is_stream ? stream->client : VERDICT_NONE,
                                  is_stream ? stream->topic : VERDICT_NONE};
}

// ---- publishing -------------------------------------------------------------------------------

// A rule on lines, which keep no order, may let others go before it.
static bool is_late_perhaps(const struct verdict *verdict, const struct verdict_message *message) {
    uint32_t client = verdict->streams.items[message->stream].client;
    return message->loss == LOSS_FAULT &&
           (verdict->clients.items[client].flags & CLIENT_UNORDERED) != 0;
}

// One that need not reach the broker any more: with QoS 2 it might still, and be new to it.
static void lose_unsure(struct verdict *verdict, uint32_t message) {
    struct verdict_message lost = verdict->messages.items[message];
    struct verdict_stream *stream = &verdict->streams.items[lost.stream];
    bool may_come = lost.qos > 0 || is_late_perhaps(verdict, &lost);
    if (may_come && stream->fresh <= lost.number) {
        stream->fresh = lost.number + 1;
    }
    verdict_message_lose(verdict, message, (enum verdict_loss)lost.loss);
}

static void forget_oldest(struct verdict *verdict, uint32_t stream) {
    const struct verdict_stream *record = &verdict->streams.items[stream];
    if (record->first == VERDICT_NONE) {
        return;
    }
    const struct verdict_message *oldest = &verdict->messages.items[record->first];
    if ((oldest->flags & IS_UNSURE) != 0 && oldest->taken == 0 &&
        record->published - oldest->number > VERDICT_UNSURE_UPWARD) {
        lose_unsure(verdict, record->first);
    }
}

// A will whose connection never came to be.
static void forget_will(struct verdict *verdict, uint32_t stream) {
    const struct verdict_stream *record = &verdict->streams.items[stream];
    uint32_t last = record->last;
    if (last == VERDICT_NONE || verdict->messages.items[last].taken > 0) {
        return;
    }
    uint32_t will = verdict->clients.items[record->client].will;
    while (will != VERDICT_NONE) {
        struct mark mark = verdict->wills.items[will].mark;
        if (mark.stream == stream && mark.number == verdict->messages.items[last].number) {
            return;
        }
        will = verdict->wills.items[will].next;
    }
    verdict_message_remove(verdict, last);
}

uint32_t verdict_passage_publish(struct verdict *verdict, uint32_t stream,
                                 const struct verdict_publication *publication) {
    if (publication->is_will) {
        forget_will(verdict, stream);
    } else {
        forget_oldest(verdict, stream);
    }
    struct verdict_stream *record = &verdict->streams.items[stream];
    ASSERT(record->published < MARK_NUMBERS);
    struct mark mark = {stream, record->published++};
    record->is_wills = publication->is_will;
    uint32_t message = verdict_message_add(verdict, mark);
    struct verdict_message *added = &verdict->messages.items[message];
    added->qos = publication->qos;
    added->retain = publication->retain;
    added->is_will = publication->is_will;
    added->expiry = publication->expiry;
    if (publication->qos == 0 && !record->is_present && !publication->is_will) {
        added->flags = IS_UNSURE;
        added->loss = LOSS_NOT_CONNECTED;
    }
    verdict->counts.published++;
    return mark.number;
}

void verdict_passage_acknowledge(struct verdict *verdict, struct mark mark) {
    if (!verdict_passage_knows(verdict, mark)) {
        struct verdict_about about = about_message(verdict, mark);
        verdict_test(verdict, false, RULE_INVENTED, &about);
        return;
    }
    struct verdict_stream *stream = &verdict->streams.items[mark.stream];
    stream->acknowledged =
        stream->acknowledged > mark.number ? stream->acknowledged : mark.number + 1;
    uint32_t message = verdict_message_find(verdict, mark);
    if (message != VERDICT_NONE) {
        verdict->messages.items[message].is_acknowledged = true;
    }
    verdict->counts.acknowledged++;
}

// Whether a message may be lost on its way to the broker for this reason.
static bool is_excused(const struct verdict_message *message, enum verdict_loss loss) {
    switch (loss) {
    case LOSS_LINK:
    case LOSS_CUT:
    case LOSS_NOT_CONNECTED:
    case LOSS_MAILBOX_FULL:
        return message->qos == 0;
    case LOSS_NEVER_ACKNOWLEDGED:
    case LOSS_CRASH:
    case LOSS_SESSION_ENDED:
        return !message->is_acknowledged;
    case LOSS_UNSUBSCRIBED:
        return false;
    case LOSS_EXPIRY:
        return message->expiry > 0;
    case LOSS_QUEUE_FULL:
    case LOSS_TOO_LARGE:
    case LOSS_REFUSED:
    case LOSS_FAULT:
    case VERDICT_LOSSES:
        return true;
    }
    return false;
}

void verdict_passage_lose(struct verdict *verdict, struct mark mark, enum verdict_loss loss) {
    uint32_t message = verdict_message_find(verdict, mark);
    if (message == VERDICT_NONE || verdict->messages.items[message].taken > 0) {
        return; // it was taken before, and gives nobody a loss
    }
    struct verdict_message *record = &verdict->messages.items[message];
    struct verdict_about about = about_message(verdict, mark);
    verdict_test(verdict, is_excused(record, loss), RULE_EXCUSE, &about);
    if (record->qos == 0) {
        verdict_message_lose(verdict, message, loss);
    } else {
        verdict_passage_doubt(verdict, mark, loss); // a copy of it may be on its way
    }
}

void verdict_passage_doubt(struct verdict *verdict, struct mark mark, enum verdict_loss loss) {
    uint32_t message = verdict_message_find(verdict, mark);
    if (message == VERDICT_NONE || verdict->messages.items[message].taken > 0) {
        return;
    }
    struct verdict_message *record = &verdict->messages.items[message];
    if ((record->flags & IS_UNSURE) == 0) {
        record->flags |= IS_UNSURE;
        record->loss = (uint8_t)loss;
    }
}

// ---- the broker takes it ----------------------------------------------------------------------

// Copies that waited for long and need not come.
static void forget_copies(struct verdict *verdict, uint32_t route, uint32_t number) {
    uint32_t copy;
    enum verdict_loss loss;
    while ((copy = verdict->routes.items[route].first) != VERDICT_NONE) {
        const struct verdict_copy *record = &verdict->copies.items[copy];
        uint32_t waiting = verdict->messages.items[record->message].number;
        if (number < waiting || number - waiting < VERDICT_UNSURE_COPIES ||
            !verdict_copy_is_unsure(verdict, record, &loss)) {
            return;
        }
        struct verdict_route *at = &verdict->routes.items[route];
        at->hidden = at->hidden > waiting ? at->hidden : waiting + 1;
        verdict_copy_lose(verdict, copy, loss);
    }
}

// What is beyond the limit of a queue may be dropped, or push out what waits. True: there is not
// even a record of it.
static bool passes_queue(struct verdict *verdict, struct verdict_opening *opening,
                         uint32_t number) {
    struct verdict_route *route = &verdict->routes.items[opening->route];
    uint32_t limit = verdict->options.queue_max;
    if (limit == 0 || opening->qos == 0 || (route->flags & SUBSCRIPTION_GROUP) != 0 ||
        verdict->clients.items[route->subscriber].open < limit) {
        return true;
    }
    struct verdict_client *client = &verdict->clients.items[route->subscriber];
    if (client->overflow_at != VERDICT_NEVER) {
        client->overflow_at = verdict_sequence(verdict);
    }
    verdict_mark_reached(verdict, REACHED_QUEUE_FULL);
    opening->flags |= IS_UNSURE;
    opening->loss = LOSS_QUEUE_FULL;
    if (client->open / 2 < limit) {
        return true;
    }
    route->hidden = route->hidden > number ? route->hidden : number + 1;
    return false;
}

// What a subscription is owed of the message; `flags` as of copies.
static void owe_copy(struct verdict *verdict, uint32_t place, uint32_t message, uint8_t flags) {
    const struct verdict_route *route = &verdict->routes.items[place];
    const struct verdict_message *record = &verdict->messages.items[message];
    bool is_group = (route->flags & SUBSCRIPTION_GROUP) != 0;
    uint8_t qos = is_group || record->qos < route->qos ? record->qos : route->qos;
    struct verdict_opening opening = {place, message, qos, flags, LOSS_CUT};
    if (qos < record->qos) {
        verdict_mark_reached(verdict, REACHED_DOWNGRADED);
    }
    if (!route->is_present && qos > 0) {
        verdict_mark_reached(verdict, REACHED_QUEUED_FOR_ABSENT);
    } else if (!route->is_present && !verdict->options.keeps_qos_0) {
        bool counts = (flags & IS_EXTRA) == 0;
        verdict->counts.owed += counts;
        verdict->counts.lost[LOSS_NOT_CONNECTED] += counts;
        if (counts) {
            verdict_copy_tally(verdict, VERDICT_TALLY_OWED, record->stream, qos);
            verdict_copy_tally(verdict, VERDICT_TALLY_LOST, record->stream, qos);
        }
        return;
    } else if (!route->is_present) {
        opening.flags |= IS_UNSURE;
        opening.loss = LOSS_NOT_CONNECTED;
    }
    if ((route->flags & SUBSCRIPTION_ANY_QOS) != 0) {
        opening.flags |= IS_ANY_QOS;
    }
    uint32_t number = record->number;
    forget_copies(verdict, place, number);
    if (!passes_queue(verdict, &opening, number)) {
        return;
    }
    uint32_t subscription = verdict->routes.items[place].subscription;
    bool is_overlap = (verdict->routes.items[place].flags & SUBSCRIPTION_OVERLAP) != 0;
    uint32_t copy = verdict_copy_open(verdict, &opening);
    if (is_overlap) {
        uint16_t filters = verdict->subscriptions.items[subscription].filters;
        verdict->copies.items[copy].more = (uint8_t)(filters > 255 ? 254 : filters - 1);
    }
}

// A copy that waits expires by the time at which the message was taken first.
static void doubt_older(struct verdict *verdict, uint32_t place, uint32_t message) {
    const struct verdict_message *record = &verdict->messages.items[message];
    struct verdict_route *route = &verdict->routes.items[place];
    route->again = route->again > record->number ? route->again : record->number + 1;
    if (record->expiry > 0) {
        uint32_t copy =
            verdict_copy_find(verdict, &verdict->routes.items[place], record->number, false);
        if (copy != VERDICT_NONE) {
            verdict_copy_doubt(verdict, copy, LOSS_EXPIRY);
        }
    }
}

static void owe_route(struct verdict *verdict, uint32_t place, uint32_t message, uint8_t flags) {
    if ((flags & IS_EXTRA) != 0) {
        doubt_older(verdict, place, message);
    }
    const struct verdict_route *route = &verdict->routes.items[place];
    if ((route->flags & SUBSCRIPTION_OPEN) == 0) {
        return;
    }
    bool is_own = (route->flags & SUBSCRIPTION_NO_LOCAL) != 0 &&
                  verdict->streams.items[route->stream].client == route->subscriber;
    if (is_own && (route->flags & SUBSCRIPTION_ANY_FLAG) == 0) {
        verdict_mark_reached(verdict, REACHED_NO_LOCAL);
        return;
    }
    owe_copy(verdict, place, message, is_own ? flags | IS_EXTRA | IS_UNSURE : flags);
}

static void owe_all(struct verdict *verdict, uint32_t message, uint8_t flags) {
    verdict->messages.items[message].copies++; // it stays while copies come and go
    uint32_t stream = verdict->messages.items[message].stream;
    const uint32_t lists[] = {verdict->streams.items[stream].routes,
                              verdict->streams.items[stream].group_routes};
    for (unsigned i = 0; i < 2; i++) {
        uint32_t route = lists[i];
        for (; route != VERDICT_NONE; route = verdict->routes.items[route].next_of_stream) {
            owe_route(verdict, route, message, flags);
        }
    }
    verdict->messages.items[message].copies--;
    verdict_message_settle(verdict, message);
}

// Whether the broker may take the message as a new one once more.
static bool may_take_again(const struct verdict_stream *stream, uint32_t number,
                           const struct verdict_arrival *arrival) {
    if (arrival->is_link_copy || number < stream->fresh) {
        return true;
    }
    bool is_forgotten = number < stream->crashed && number >= stream->acknowledged;
    return arrival->qos == 1 ? number < stream->resumed : arrival->qos == 2 && is_forgotten;
}

static void take_again(struct verdict *verdict, struct mark mark, uint32_t message,
                       const struct verdict_arrival *arrival) {
    static const enum check_rule rules[] = {RULE_QOS_0_TWICE, RULE_QOS_1_TWICE, RULE_QOS_2_TWICE};
    struct verdict_about about = about_message(verdict, mark);
    struct verdict_stream *stream = &verdict->streams.items[mark.stream];
    stream->taken = stream->taken > mark.number ? stream->taken : mark.number + 1;
    if (stream->is_wills) {
        verdict_will_taken(verdict, mark); // once is enough
    } else {
        verdict_test(verdict, may_take_again(stream, mark.number, arrival),
                     rules[arrival->qos > 2 ? 2 : arrival->qos], &about);
    }
    verdict_mark_reached(verdict, arrival->is_link_copy ? REACHED_LINK_COPY : REACHED_TAKEN_TWICE);
    bool is_forgotten = message == VERDICT_NONE;
    if (is_forgotten) {
        message = verdict_message_add(verdict, mark);
        verdict->messages.items[message].qos = arrival->qos;
        verdict->messages.items[message].retain = arrival->retain || arrival->is_last_value;
    }
    struct verdict_message *record = &verdict->messages.items[message];
    record->taken = record->taken < UINT8_MAX ? (uint8_t)(record->taken + 1) : UINT8_MAX;
    record->expires_at = verdict_later(verdict->now, record->expiry); // of the copies that follow
    bool is_expiry_known = !is_forgotten && record->expiry != VERDICT_NEVER;
    if (arrival->retain || arrival->is_last_value) {
        verdict_retained_set(verdict, message, arrival->is_last_value);
        verdict->topics.items[about.topic].is_retained_unsure = !is_expiry_known;
    }
    owe_all(verdict, message, IS_EXTRA | IS_UNSURE);
}

// Those of its QoS that were published earlier, and did not come yet.
static void overtake(struct verdict *verdict, uint32_t message) {
    const struct verdict_message *taken = &verdict->messages.items[message];
    uint8_t qos = taken->qos;
    uint32_t at = taken->previous;
    while (at != VERDICT_NONE) {
        struct verdict_message *record = &verdict->messages.items[at];
        uint32_t previous = record->previous;
        if (record->qos == qos && record->taken > 0) {
            return; // it has seen to those before it
        }
        bool is_before = record->qos == qos && record->taken == 0;
        bool is_unsure = (record->flags & IS_UNSURE) != 0;
        bool is_late = is_unsure ? is_late_perhaps(verdict, record) : !record->is_will;
        if (is_before && is_late) {
            record->flags |= IS_SKIPPED;
        } else if (is_before && is_unsure && qos == 0) {
            verdict_message_lose(verdict, at, (enum verdict_loss)record->loss);
        }
        at = previous;
    }
}

static void judge_taken(struct verdict *verdict, struct mark mark, uint32_t message,
                        const struct verdict_arrival *arrival) {
    const struct verdict_message *record = &verdict->messages.items[message];
    struct verdict_about about = about_message(verdict, mark);
    bool is_same = record->qos == arrival->qos && record->retain == arrival->retain;
    verdict_test(verdict, is_same, RULE_ALTERED, &about);
    bool is_late = (record->flags & IS_SKIPPED) != 0;
    bool is_unordered =
        is_late && (verdict->clients.items[about.client].flags & CLIENT_UNORDERED) != 0;
    verdict_test(verdict, !is_late || is_unordered, RULE_ORDER, &about);
}

static void take_first(struct verdict *verdict, struct mark mark, uint32_t message,
                       const struct verdict_arrival *arrival) {
    struct verdict_message *record = &verdict->messages.items[message];
    if (record->is_will) {
        record->taken = 1;
        verdict_will_taken(verdict, mark);
    } else {
        judge_taken(verdict, mark, message, arrival);
        overtake(verdict, message);
        record->taken = 1;
    }
    record->flags &= (uint8_t) ~(IS_SKIPPED | IS_UNSURE);
    record->expires_at = verdict_later(verdict->now, record->expiry);
    struct verdict_stream *stream = &verdict->streams.items[mark.stream];
    stream->taken = stream->taken > mark.number ? stream->taken : mark.number + 1;
    verdict->counts.taken++;
    record->retain |= arrival->is_last_value;
    if (record->retain) {
        verdict_retained_set(verdict, message, arrival->is_last_value);
    }
    owe_all(verdict, message, 0);
}

void verdict_passage_take(struct verdict *verdict, struct mark mark,
                          const struct verdict_arrival *arrival) {
    if (!verdict_passage_knows(verdict, mark)) {
        struct verdict_about about = about_message(verdict, mark);
        verdict_test(verdict, false, RULE_INVENTED, &about);
        return;
    }
    uint32_t message = verdict_message_find(verdict, mark);
    if (message == VERDICT_NONE || verdict->messages.items[message].taken > 0) {
        take_again(verdict, mark, message, arrival);
    } else {
        take_first(verdict, mark, message, arrival);
    }
}
