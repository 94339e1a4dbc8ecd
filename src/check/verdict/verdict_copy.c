#include "check/verdict/verdict_copy.h"

// ---- messages ---------------------------------------------------------------------------------

uint32_t verdict_message_find(struct verdict *verdict, struct mark mark) {
    struct verdict_stream *stream = &verdict->streams.items[mark.stream];
    const struct verdict_message *messages = verdict->messages.items;
    uint32_t at = stream->hint != VERDICT_NONE ? stream->hint : stream->last;
    while (at != VERDICT_NONE && messages[at].number < mark.number) {
        at = messages[at].next;
    }
    while (at != VERDICT_NONE && messages[at].number > mark.number) {
        at = messages[at].previous;
    }
    if (at == VERDICT_NONE || messages[at].number != mark.number) {
        return VERDICT_NONE;
    }
    stream->hint = at;
    return at;
}

uint32_t verdict_message_add(struct verdict *verdict, struct mark mark) {
    uint32_t message = VERDICT_TAKE(verdict, messages);
    struct verdict_message *messages = verdict->messages.items;
    struct verdict_stream *stream = &verdict->streams.items[mark.stream];
    uint32_t previous = stream->last;
    while (previous != VERDICT_NONE && messages[previous].number > mark.number) {
        previous = messages[previous].previous;
    }
    uint32_t next = previous == VERDICT_NONE ? stream->first : messages[previous].next;
    messages[message] = (struct verdict_message){
        .next = next, .previous = previous, .stream = mark.stream, .number = mark.number};
    *(previous == VERDICT_NONE ? &stream->first : &messages[previous].next) = message;
    *(next == VERDICT_NONE ? &stream->last : &messages[next].previous) = message;
    return message;
}

void verdict_message_remove(struct verdict *verdict, uint32_t message) {
    struct verdict_message *messages = verdict->messages.items;
    struct verdict_message removed = messages[message];
    struct verdict_stream *stream = &verdict->streams.items[removed.stream];
    ASSERT(removed.copies == 0);
    *(removed.previous == VERDICT_NONE ? &stream->first : &messages[removed.previous].next) =
        removed.next;
    *(removed.next == VERDICT_NONE ? &stream->last : &messages[removed.next].previous) =
        removed.previous;
    if (stream->hint == message) {
        stream->hint = removed.next != VERDICT_NONE ? removed.next : removed.previous;
    }
    VERDICT_GIVE(verdict, messages, message);
}

void verdict_message_settle(struct verdict *verdict, uint32_t message) {
    const struct verdict_message *record = &verdict->messages.items[message];
    if (record->taken > 0 && record->copies == 0) {
        verdict_message_remove(verdict, message);
    }
}

void verdict_message_lose(struct verdict *verdict, uint32_t message, enum verdict_loss loss) {
    ASSERT(verdict->messages.items[message].taken == 0);
    verdict->counts.upward[loss]++;
    verdict_message_remove(verdict, message);
}

// ---- copies -----------------------------------------------------------------------------------

void verdict_copy_tally(const struct verdict *verdict, enum verdict_tally tally, uint32_t stream,
                        uint8_t qos) {
    if (verdict->options.tally != NULL) {
        verdict->options.tally(verdict->options.tally_context, tally, stream, qos);
    }
}

static void tally_copy(const struct verdict *verdict, enum verdict_tally tally,
                       const struct verdict_copy *copy) {
    uint32_t stream = verdict->messages.items[copy->message].stream;
    verdict_copy_tally(verdict, tally, stream, copy->qos);
}

// How many copies wait for a client is known only where queues have a limit.
static bool is_counted(const struct verdict *verdict, const struct verdict_route *route,
                       uint8_t qos) {
    return verdict->options.queue_max > 0 && qos > 0 && (route->flags & SUBSCRIPTION_GROUP) == 0;
}

uint32_t verdict_copy_open(struct verdict *verdict, const struct verdict_opening *opening) {
    uint32_t copy = VERDICT_TAKE(verdict, copies);
    struct verdict_copy *copies = verdict->copies.items;
    struct verdict_route *route = &verdict->routes.items[opening->route];
    copies[copy] = (struct verdict_copy){.next = VERDICT_NONE,
                                         .previous = route->last,
                                         .message = opening->message,
                                         .route = opening->route,
                                         .opened_at = verdict_sequence(verdict),
                                         .qos = opening->qos,
                                         .flags = opening->flags,
                                         .loss = (uint8_t)opening->loss};
    *(route->last == VERDICT_NONE ? &route->first : &copies[route->last].next) = copy;
    route->last = copy;
    verdict->messages.items[opening->message].copies++;
    if ((opening->flags & IS_EXTRA) == 0) {
        verdict->counts.owed++;
        tally_copy(verdict, VERDICT_TALLY_OWED, &copies[copy]);
        verdict->open_owed++;
    }
    if (is_counted(verdict, route, opening->qos)) {
        verdict->clients.items[route->subscriber].open++;
    }
    return copy;
}

uint32_t verdict_copy_find(const struct verdict *verdict, const struct verdict_route *route,
                           uint32_t number, bool is_retained) {
    const struct verdict_copy *copies = verdict->copies.items;
    uint32_t copy = route->first;
    while (copy != VERDICT_NONE) {
        const struct verdict_copy *record = &copies[copy];
        if (((record->flags & IS_RETAINED) != 0) == is_retained &&
            verdict->messages.items[record->message].number == number) {
            break;
        }
        copy = record->next;
    }
    return copy;
}

// Takes it out of its route, and its message out of the ledger if that was the last one.
static void drop_copy(struct verdict *verdict, uint32_t copy) {
    struct verdict_copy *copies = verdict->copies.items;
    struct verdict_copy dropped = copies[copy];
    struct verdict_route *route = &verdict->routes.items[dropped.route];
    *(dropped.previous == VERDICT_NONE ? &route->first : &copies[dropped.previous].next) =
        dropped.next;
    *(dropped.next == VERDICT_NONE ? &route->last : &copies[dropped.next].previous) =
        dropped.previous;
    if (is_counted(verdict, route, dropped.qos)) {
        verdict->clients.items[route->subscriber].open--;
    }
    if ((dropped.flags & IS_EXTRA) == 0) {
        verdict->open_owed--;
    }
    VERDICT_GIVE(verdict, copies, copy);
    verdict->messages.items[dropped.message].copies--;
    verdict_message_settle(verdict, dropped.message);
}

void verdict_copy_close(struct verdict *verdict, uint32_t copy) {
    struct verdict_copy *record = &verdict->copies.items[copy];
    if ((record->flags & IS_EXTRA) == 0) {
        verdict->counts.delivered++;
        tally_copy(verdict, VERDICT_TALLY_DELIVERED, record);
    } else {
        verdict->counts.repeated++;
        tally_copy(verdict, VERDICT_TALLY_REPEATED, record);
    }
    if (record->more > 0) { // of subscriptions that overlap: more may come
        record->more--;
        verdict->open_owed -= (record->flags & IS_EXTRA) == 0;
        record->flags |= IS_EXTRA | IS_UNSURE;
        return;
    }
    drop_copy(verdict, copy);
}

void verdict_copy_lose(struct verdict *verdict, uint32_t copy, enum verdict_loss loss) {
    const struct verdict_copy *record = &verdict->copies.items[copy];
    if ((record->flags & IS_EXTRA) == 0) {
        verdict->counts.lost[loss]++;
        tally_copy(verdict, VERDICT_TALLY_LOST, record);
        verdict->counts.unsure_lost += (record->flags & IS_UNSURE) != 0;
    }
    drop_copy(verdict, copy);
}

void verdict_copy_doubt(struct verdict *verdict, uint32_t copy, enum verdict_loss loss) {
    struct verdict_copy *record = &verdict->copies.items[copy];
    if ((record->flags & IS_UNSURE) == 0) {
        record->flags |= IS_UNSURE;
        record->loss = (uint8_t)loss;
    }
}

void verdict_copy_waive(struct verdict *verdict, uint32_t copy) {
    struct verdict_copy *record = &verdict->copies.items[copy];
    if ((record->flags & IS_EXTRA) == 0) {
        verdict->counts.owed--;
        tally_copy(verdict, VERDICT_TALLY_WAIVED, record);
        verdict->open_owed--;
    }
    record->flags |= IS_EXTRA | IS_UNSURE;
}

void verdict_copies_lose(struct verdict *verdict, uint32_t route, enum verdict_loss loss) {
    uint32_t copy;
    while ((copy = verdict->routes.items[route].first) != VERDICT_NONE) {
        const struct verdict_copy *record = &verdict->copies.items[copy];
        bool has_own = (record->flags & IS_UNSURE) != 0;
        verdict_copy_lose(verdict, copy, has_own ? (enum verdict_loss)record->loss : loss);
    }
}

bool verdict_copy_is_unsure(const struct verdict *verdict, const struct verdict_copy *copy,
                            enum verdict_loss *loss) {
    *loss = (enum verdict_loss)copy->loss;
    if ((copy->flags & IS_UNSURE) != 0) {
        return true;
    }
    if (verdict_message_is_expired(verdict, &verdict->messages.items[copy->message])) {
        *loss = LOSS_EXPIRY;
        return true;
    }
    const struct verdict_route *route = &verdict->routes.items[copy->route];
    if ((route->flags & SUBSCRIPTION_GROUP) != 0) {
        return false;
    }
    *loss = LOSS_QUEUE_FULL;
    return copy->opened_at < verdict->clients.items[route->subscriber].overflow_at;
}
