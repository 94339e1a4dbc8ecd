#include "check/verdict/verdict_deliver.h"

#include "check/verdict/verdict_passage.h"
#include "check/verdict/verdict_route.h"

// What is judged: who got what, and how.
struct arrival {
    struct verdict_about about;
    const struct verdict_delivery *delivery;
    uint32_t route; // the subscriber's own, or a group's
    uint32_t copy;
    uint8_t granted; // of the group's member
    bool is_group;
    bool is_either; // its own, or one that may come again to a member of the group
};

static void test(struct verdict *verdict, const struct arrival *arrival, bool holds,
                 enum check_rule rule) {
    verdict_test(verdict, holds, rule, &arrival->about);
}

// ---- a copy that is open ----------------------------------------------------------------------

static uint8_t group_qos(const struct verdict *verdict, const struct arrival *arrival) {
    uint32_t message = verdict->copies.items[arrival->copy].message;
    uint8_t published = verdict->messages.items[message].qos;
    return published < arrival->granted ? published : arrival->granted;
}

static void judge_qos(struct verdict *verdict, const struct arrival *arrival) {
    const struct verdict_copy *copy = &verdict->copies.items[arrival->copy];
    uint8_t published = verdict->messages.items[copy->message].qos;
    uint8_t qos = arrival->delivery->qos;
    uint8_t expected = arrival->is_group ? group_qos(verdict, arrival) : copy->qos;
    // Where more than one retained message was asked for, that of an older request may come.
    bool is_any =
        (copy->flags & IS_ANY_QOS) != 0 ||
        ((copy->flags & IS_RETAINED) != 0 && verdict->routes.items[copy->route].retained_from > 0);
    bool is_right = is_any ? qos <= published : qos == expected;
    test(verdict, arrival, is_right, RULE_QOS_OTHER);
}

// DUP says that it was sent before, which only a connection that has ended can have seen.
static void judge_dup(struct verdict *verdict, const struct arrival *arrival) {
    if (arrival->delivery->dup) {
        const struct verdict_copy *copy = &verdict->copies.items[arrival->copy];
        const struct verdict_client *client = &verdict->clients.items[arrival->about.client];
        bool may_be_again =
            arrival->is_group || client->resumed_at > copy->opened_at ||
            arrival->about.mark.number < verdict->routes.items[arrival->route].again;
        test(verdict, arrival, arrival->delivery->qos > 0 && may_be_again, RULE_DUP);
    }
}

static void judge_retain(struct verdict *verdict, const struct arrival *arrival) {
    const struct verdict_copy *copy = &verdict->copies.items[arrival->copy];
    const struct verdict_route *route = &verdict->routes.items[arrival->route];
    bool is_published = verdict->messages.items[copy->message].retain;
    bool is_passed_on = is_published && (route->flags & SUBSCRIPTION_AS_PUBLISHED) != 0;
    bool is_retained = (copy->flags & IS_RETAINED) != 0;
    bool is_any = (route->flags & SUBSCRIPTION_ANY_FLAG) != 0 || arrival->is_group ||
                  (copy->flags & IS_ANY_RETAIN) != 0;
    bool retain = arrival->delivery->retain;
    bool is_right = retain == (is_retained || is_passed_on) || (is_any && retain <= is_published);
    test(verdict, arrival, is_right, RULE_RETAIN_FLAG);
    if (is_retained) {
        verdict_mark_reached(verdict, REACHED_RETAINED_DELIVERED);
    }
}

// A message that was sent before it expired may come later.
static void judge_expiry(struct verdict *verdict, const struct arrival *arrival) {
    const struct verdict_copy *copy = &verdict->copies.items[arrival->copy];
    const struct verdict_message *message = &verdict->messages.items[copy->message];
    if (message->expiry == 0) {
        return;
    }
    uint64_t sent_at = arrival->delivery->sent_at;
    sent_at = sent_at == 0 ? verdict->now : sent_at;
    bool is_late =
        sent_at > message->expires_at && sent_at - message->expires_at > verdict->options.slack;
    test(verdict, arrival, !is_late || arrival->delivery->dup, RULE_EXPIRED);
}

// What the broker took before this one, of the same QoS, and did not come yet.
static void overtake(struct verdict *verdict, uint32_t copy) {
    uint8_t qos = verdict->copies.items[copy].qos;
    uint32_t at = verdict->copies.items[copy].previous;
    while (at != VERDICT_NONE) {
        struct verdict_copy *record = &verdict->copies.items[at];
        uint32_t previous = record->previous;
        enum verdict_loss loss;
        if (record->qos == qos && (record->flags & IS_RETAINED) == 0) {
            if (!verdict_copy_is_unsure(verdict, record, &loss)) {
                record->flags |= IS_SKIPPED;
            } else if (loss != LOSS_FAULT || qos == 0) {
                verdict->counts.reached[REACHED_MESSAGE_EXPIRED] += loss == LOSS_EXPIRY;
                verdict_copy_lose(verdict, at, loss);
            }
        }
        at = previous;
    }
}

static void judge_order(struct verdict *verdict, const struct arrival *arrival) {
    const struct verdict_copy *copy = &verdict->copies.items[arrival->copy];
    if ((copy->flags & IS_RETAINED) == 0 && !verdict->routes.items[arrival->route].is_unordered) {
        test(verdict, arrival, (copy->flags & IS_SKIPPED) == 0, RULE_ORDER);
        if ((copy->flags & IS_EXTRA) == 0) { // else it may be that of an earlier taking
            overtake(verdict, arrival->copy);
        }
    }
}

static void accept_copy(struct verdict *verdict, const struct arrival *arrival) {
    // Of messages that were taken more than once copies of all kinds may be on their way.
    if (arrival->about.mark.number >= verdict->routes.items[arrival->route].again) {
        judge_qos(verdict, arrival);
        judge_retain(verdict, arrival);
    }
    judge_dup(verdict, arrival);
    judge_expiry(verdict, arrival);
    judge_order(verdict, arrival);
    struct verdict_route *route = &verdict->routes.items[arrival->route];
    if ((verdict->copies.items[arrival->copy].flags & IS_RETAINED) == 0) {
        uint32_t bound = arrival->about.mark.number + 1;
        route->highest = route->highest > bound ? route->highest : bound;
    }
    verdict->counts.reached[REACHED_QOS_2_DELIVERY] += arrival->delivery->qos == 2;
    verdict->counts.reached[REACHED_SHARED_DELIVERY] += arrival->is_group;
    verdict_copy_close(verdict, arrival->copy);
}

// ---- one that is not, or not any more ---------------------------------------------------------

// With RETAIN: a retained message that was replaced as it was awaited, or is sent again.
static void judge_unexpected_retained(struct verdict *verdict, const struct arrival *arrival) {
    const struct verdict_route *route = &verdict->routes.items[arrival->route];
    uint32_t bound = arrival->about.mark.number + 1;
    bool is_newer = route->retained_from > 0 && bound >= route->retained_from;
    bool is_again = arrival->delivery->dup && arrival->delivery->qos == 1;
    bool is_any = verdict->topics.items[arrival->about.topic].is_retained_unsure;
    test(verdict, arrival, is_newer || is_again || is_any, RULE_RETAINED);
    verdict->counts.repeated++;
    verdict_copy_tally(verdict, VERDICT_TALLY_REPEATED, arrival->about.mark.stream,
                       arrival->delivery->qos);
}

// One that came before, to this subscriber: in QoS 1 once for each time that it is sent again.
static void judge_repeated(struct verdict *verdict, const struct arrival *arrival) {
    struct verdict_route *route = &verdict->routes.items[arrival->route];
    uint32_t number = arrival->about.mark.number;
    bool is_again = number < route->resumed && number >= route->repeated &&
                    (arrival->delivery->dup || number < route->crashed);
    bool is_legal = arrival->delivery->qos == 1 && is_again;
    static const enum check_rule rules[] = {RULE_QOS_0_TWICE, RULE_QOS_1_TWICE, RULE_QOS_2_TWICE};
    uint8_t qos = arrival->delivery->qos;
    test(verdict, arrival, is_legal, rules[qos > 2 ? 2 : qos]);
    verdict->counts.repeated++;
    verdict_copy_tally(verdict, VERDICT_TALLY_REPEATED, arrival->about.mark.stream,
                       arrival->delivery->qos);
    if (is_legal) {
        route->repeated = number + 1;
        verdict_mark_reached(verdict, REACHED_DUP_DELIVERY);
    }
}

// One that came to a member of the group before.
static void judge_repeated_in_group(struct verdict *verdict, const struct arrival *arrival) {
    const struct verdict_route *route = &verdict->routes.items[arrival->route];
    bool is_again = arrival->about.mark.number < route->resumed && arrival->delivery->qos == 1;
    test(verdict, arrival, is_again, RULE_GROUP);
    verdict->counts.repeated++;
    verdict_copy_tally(verdict, VERDICT_TALLY_REPEATED, arrival->about.mark.stream,
                       arrival->delivery->qos);
    verdict->counts.reached[REACHED_SHARED_REDELIVERY] += is_again;
}

// It was sent before its receiver lost its session, and came on a slow way.
static bool is_overdue(const struct verdict *verdict, const struct arrival *arrival) {
    uint64_t sent_at = arrival->delivery->sent_at;
    return sent_at > 0 && sent_at <= verdict->clients.items[arrival->about.client].buried_at;
}

static void judge_unexpected(struct verdict *verdict, const struct arrival *arrival) {
    const struct verdict_route *route = &verdict->routes.items[arrival->route];
    const struct verdict_stream *stream = &verdict->streams.items[arrival->about.mark.stream];
    uint32_t number = arrival->about.mark.number;
    // Of those that were taken more than once nobody knows how many copies are on their way.
    bool is_taken_again =
        number < route->again && (arrival->delivery->qos == 1 || route->retained_from > 0);
    if (number < route->hidden || is_taken_again || arrival->is_either) {
        verdict->counts.repeated++;
        verdict_copy_tally(verdict, VERDICT_TALLY_REPEATED, arrival->about.mark.stream,
                           arrival->delivery->qos);
    } else if (arrival->is_group) {
        judge_repeated_in_group(verdict, arrival);
    } else if (arrival->delivery->retain) {
        judge_unexpected_retained(verdict, arrival);
    } else if (number < route->highest) {
        judge_repeated(verdict, arrival);
    } else {
        bool is_own =
            stream->client == route->subscriber && (route->flags & SUBSCRIPTION_NO_LOCAL) != 0;
        test(verdict, arrival, is_overdue(verdict, arrival), is_own ? RULE_NO_LOCAL : RULE_UNASKED);
    }
}

// ---- whose it is ------------------------------------------------------------------------------

// Of two copies the one that this may be: with DUP it was sent in an earlier connection.
static bool is_likelier(const struct verdict *verdict, const struct arrival *arrival, uint32_t a,
                        uint32_t b) {
    const struct verdict_copy *first = &verdict->copies.items[a];
    const struct verdict_copy *second = &verdict->copies.items[b];
    uint64_t resumed_at = verdict->clients.items[arrival->about.client].resumed_at;
    bool may_first = !arrival->delivery->dup || first->opened_at < resumed_at;
    bool may_second = !arrival->delivery->dup || second->opened_at < resumed_at;
    return may_first != may_second ? may_first : first->opened_at < second->opened_at;
}

// With RETAIN it is a retained message, or one that is passed on as it was published.
static uint32_t find_retained(const struct verdict *verdict, const struct verdict_route *route,
                              const struct arrival *arrival) {
    uint32_t number = arrival->about.mark.number;
    uint32_t retained = verdict_copy_find(verdict, route, number, true);
    uint32_t live = verdict_copy_find(verdict, route, number, false);
    bool may_pass_on = (route->flags & (SUBSCRIPTION_AS_PUBLISHED | SUBSCRIPTION_ANY_FLAG)) != 0;
    if (retained == VERDICT_NONE) {
        bool is_newer =
            route->retained_from > 0 && number + 1 >= route->retained_from && !may_pass_on;
        return is_newer ? VERDICT_NONE : live;
    }
    if (live == VERDICT_NONE) {
        return retained;
    }
    bool may_be_live = may_pass_on || (verdict->copies.items[live].flags & IS_ANY_RETAIN) != 0;
    return may_be_live && is_likelier(verdict, arrival, live, retained) ? live : retained;
}

// A message that waits both as a retained one and as one that is passed on: which of them came, or
// is to come, cannot be told.
static void blur_copies(struct verdict *verdict, const struct verdict_route *route,
                        uint32_t number) {
    uint32_t retained = verdict_copy_find(verdict, route, number, true);
    uint32_t live = verdict_copy_find(verdict, route, number, false);
    if (retained != VERDICT_NONE && live != VERDICT_NONE) {
        verdict_copy_doubt(verdict, retained, LOSS_UNSUBSCRIBED);
        verdict_copy_doubt(verdict, live, LOSS_UNSUBSCRIBED);
        verdict->copies.items[retained].flags |= IS_ANY_QOS | IS_ANY_RETAIN;
        verdict->copies.items[live].flags |= IS_ANY_QOS | IS_ANY_RETAIN;
    }
}

// Looks for an open copy on the subscriber's own route.
static bool find_own(struct verdict *verdict, struct arrival *arrival) {
    struct mark mark = arrival->about.mark;
    arrival->copy = VERDICT_NONE;
    arrival->route = verdict_route_find(verdict, mark.stream, arrival->about.client);
    if (arrival->route == VERDICT_NONE) {
        return false;
    }
    const struct verdict_route *route = &verdict->routes.items[arrival->route];
    if (route->first != route->last) {
        blur_copies(verdict, route, mark.number);
    }
    if (route->first != VERDICT_NONE && arrival->delivery->retain) {
        arrival->copy = find_retained(verdict, route, arrival);
    } else if (route->first != VERDICT_NONE) {
        arrival->copy = verdict_copy_find(verdict, route, mark.number, false);
        if (arrival->copy == VERDICT_NONE && mark.number >= route->hidden) { // RETAIN lacks
            arrival->copy = verdict_copy_find(verdict, route, mark.number, true);
        }
    }
    return arrival->copy != VERDICT_NONE;
}

// The same for groups that it is a member of: of those with an open copy one that has this QoS, if
// any has. Without an open copy, the last such group.
static bool find_group(const struct verdict *verdict, struct arrival *arrival) {
    struct mark mark = arrival->about.mark;
    struct arrival found = {.copy = VERDICT_NONE};
    uint32_t place = verdict->streams.items[mark.stream].group_routes;
    for (; place != VERDICT_NONE; place = verdict->routes.items[place].next_of_stream) {
        const struct verdict_route *route = &verdict->routes.items[place];
        uint32_t member = verdict_member_find(verdict, route->subscription, arrival->about.client);
        if (member == MAP_NONE) {
            continue;
        }
        arrival->route = place;
        arrival->is_group = true;
        arrival->granted = verdict->members.items[member].qos;
        arrival->copy = verdict_copy_find(verdict, route, mark.number, false);
        if (arrival->copy != VERDICT_NONE) {
            found = found.copy == VERDICT_NONE ? *arrival : found;
            if (group_qos(verdict, arrival) == arrival->delivery->qos) {
                return true;
            }
        }
    }
    *arrival = found.copy != VERDICT_NONE ? found : *arrival;
    return arrival->copy != VERDICT_NONE;
}

// A subscriber that is a member of a group, too, gets one of its own and one of the group's, in any
// order: they are told apart by their QoS, and by RETAIN. Either may be the one that is left out.
static void find_group_instead(struct verdict *verdict, struct arrival *arrival) {
    struct arrival other = *arrival;
    const struct verdict_copy *copy = &verdict->copies.items[arrival->copy];
    uint8_t qos = arrival->delivery->qos;
    bool may_retain = (copy->flags & IS_RETAINED) != 0 ||
                      (verdict->routes.items[copy->route].flags & SUBSCRIPTION_AS_PUBLISHED) != 0;
    bool is_own = copy->qos == qos && (may_retain || !arrival->delivery->retain);
    if (find_group(verdict, &other)) {
        bool is_groups = !is_own && group_qos(verdict, &other) == qos;
        verdict_copy_doubt(verdict, is_groups ? arrival->copy : other.copy, LOSS_CUT);
        *arrival = is_groups ? other : *arrival;
    }
}

// Looks for an open copy that this may be.
static bool find_copy(struct verdict *verdict, struct arrival *arrival) {
    if (find_own(verdict, arrival)) {
        find_group_instead(verdict, arrival);
        return true;
    }
    struct arrival own = *arrival;
    bool is_open = find_group(verdict, arrival);
    if (own.route == VERDICT_NONE || !arrival->is_group) {
        return is_open;
    }
    if (is_open && group_qos(verdict, arrival) == arrival->delivery->qos) {
        return true;
    }
    own.is_either = arrival->delivery->qos == 1 &&
                    arrival->about.mark.number < verdict->routes.items[arrival->route].resumed;
    *arrival = own;
    return false;
}

// One with DUP that came before, rather than the copy of a message that was taken again meanwhile,
// or is awaited as a retained one, too.
static bool is_repeated(const struct verdict *verdict, const struct arrival *arrival) {
    const struct verdict_copy *copy = &verdict->copies.items[arrival->copy];
    const struct verdict_route *route = &verdict->routes.items[arrival->route];
    uint32_t number = arrival->about.mark.number;
    if (!arrival->delivery->dup || arrival->is_group) {
        return false;
    }
    bool is_retained = (copy->flags & IS_RETAINED) != 0;
    if (is_retained && arrival->delivery->retain) {
        return copy->qos != arrival->delivery->qos ||
               copy->opened_at > verdict->clients.items[arrival->about.client].resumed_at;
    }
    return (is_retained || (copy->flags & IS_EXTRA) != 0) && number < route->resumed &&
           number >= route->repeated;
}

// Whether the broker can have it at all.
static bool was_taken(const struct verdict *verdict, struct mark mark) {
    return verdict_passage_knows(verdict, mark) &&
           mark.number < verdict->streams.items[mark.stream].taken;
}

void verdict_deliver(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                     const struct verdict_delivery *delivery) {
    struct arrival arrival = {.about = {mark, subscriber, delivery->topic}, .delivery = delivery};
    bool was = was_taken(verdict, mark);
    test(verdict, &arrival, was, RULE_INVENTED);
    if (!was) {
        return;
    }
    bool is_whole = verdict->streams.items[mark.stream].topic == delivery->topic;
    test(verdict, &arrival, is_whole, RULE_ALTERED);
    if (!is_whole) {
        return;
    }
    bool is_open = find_copy(verdict, &arrival);
    if (is_open && !is_repeated(verdict, &arrival)) {
        accept_copy(verdict, &arrival); // of those that a link makes any may come first
    } else if (delivery->is_link_copy) {
        verdict->counts.repeated++;
        verdict_copy_tally(verdict, VERDICT_TALLY_REPEATED, arrival.about.mark.stream,
                           arrival.delivery->qos);
        verdict_mark_reached(verdict, REACHED_LINK_COPY);
    } else if (arrival.route == VERDICT_NONE) {
        test(verdict, &arrival, is_overdue(verdict, &arrival), RULE_UNASKED);
    } else {
        judge_unexpected(verdict, &arrival);
    }
}

// ---- given up ---------------------------------------------------------------------------------

// Whether a copy may be lost for this reason.
static bool is_excused(const struct verdict *verdict, const struct arrival *arrival,
                       enum verdict_loss loss) {
    const struct verdict_copy *copy = &verdict->copies.items[arrival->copy];
    const struct verdict_message *message = &verdict->messages.items[copy->message];
    const struct verdict_route *route = &verdict->routes.items[arrival->route];
    switch (loss) {
    case LOSS_LINK:
    case LOSS_CUT:
    case LOSS_NOT_CONNECTED:
    case LOSS_MAILBOX_FULL:
        return copy->qos == 0;
    case LOSS_EXPIRY:
        return verdict_message_is_expired(verdict, message);
    case LOSS_CRASH:
    case LOSS_NEVER_ACKNOWLEDGED:
        return copy->qos == 0 || !message->is_acknowledged;
    case LOSS_SESSION_ENDED:
        return !route->is_present;
    case LOSS_UNSUBSCRIBED:
        return (route->flags & SUBSCRIPTION_OPEN) == 0 || arrival->is_group;
    case LOSS_QUEUE_FULL:
    case LOSS_TOO_LARGE:
    case LOSS_REFUSED:
    case LOSS_FAULT:
    case VERDICT_LOSSES:
        return true;
    }
    return false;
}

// Of several copies of a message the one that is not owed: the broker took it more than once.
static void prefer_extra(const struct verdict *verdict, struct arrival *arrival) {
    const struct verdict_copy *copies = verdict->copies.items;
    uint32_t message = copies[arrival->copy].message;
    for (uint32_t at = arrival->copy; at != VERDICT_NONE; at = copies[at].next) {
        if (copies[at].message == message && (copies[at].flags & IS_EXTRA) != 0) {
            arrival->copy = at;
            return;
        }
    }
}

// A message that waits both as a retained one and as one that is passed on: which of the two was
// given up is not known.
static bool doubt_both(struct verdict *verdict, const struct arrival *arrival,
                       enum verdict_loss loss) {
    const struct verdict_route *route = &verdict->routes.items[arrival->route];
    uint32_t number = arrival->about.mark.number;
    uint32_t other = verdict_copy_find(verdict, route, number, true);
    if (other == VERDICT_NONE || other == arrival->copy) {
        return false;
    }
    verdict_copy_doubt(verdict, arrival->copy, loss);
    verdict_copy_doubt(verdict, other, loss);
    return true;
}

void verdict_give_up(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                     enum verdict_loss loss) {
    if (!was_taken(verdict, mark)) {
        return;
    }
    struct verdict_delivery delivery = {0};
    struct arrival arrival = {.about = {mark, subscriber, VERDICT_NONE}, .delivery = &delivery};
    if (!find_own(verdict, &arrival) && !find_group(verdict, &arrival)) {
        return; // it was counted before, for one who is absent
    }
    prefer_extra(verdict, &arrival);
    test(verdict, &arrival, is_excused(verdict, &arrival, loss), RULE_EXCUSE);
    verdict->counts.reached[REACHED_QUEUE_FULL] += loss == LOSS_QUEUE_FULL;
    verdict->counts.reached[REACHED_MAILBOX_FULL] += loss == LOSS_MAILBOX_FULL;
    verdict->counts.reached[REACHED_MESSAGE_EXPIRED] += loss == LOSS_EXPIRY;
    if (doubt_both(verdict, &arrival, loss)) {
        return;
    }
    if (loss == LOSS_FAULT && verdict->copies.items[arrival.copy].qos > 0) {
        verdict_copy_doubt(verdict, arrival.copy, loss); // it is sent again after a reconnection
    } else {
        verdict_copy_lose(verdict, arrival.copy, loss);
    }
}

void verdict_doubt(struct verdict *verdict, uint32_t subscriber, struct mark mark,
                   enum verdict_loss loss) {
    struct verdict_delivery delivery = {0};
    struct arrival arrival = {.about = {mark, subscriber, VERDICT_NONE}, .delivery = &delivery};
    if (was_taken(verdict, mark) && find_own(verdict, &arrival)) {
        test(verdict, &arrival, is_excused(verdict, &arrival, loss), RULE_EXCUSE);
        verdict_copy_doubt(verdict, arrival.copy, loss);
    }
}
