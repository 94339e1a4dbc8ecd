#include "check/verdict/verdict_rest.h"

#include "check/verdict/verdict_copy.h"
#include "check/verdict/verdict_will.h"

// ---- copies -----------------------------------------------------------------------------------

static enum check_rule rule_of_loss(const struct verdict_copy *copy) {
    static const enum check_rule rules[] = {RULE_UNEXPLAINED, RULE_QOS_1_LOST, RULE_QOS_2_LOST};
    return (copy->flags & IS_RETAINED) != 0 ? RULE_RETAINED : rules[copy->qos];
}

static bool is_busy_client(const struct verdict *verdict, uint32_t client) {
    return (verdict->clients.items[client].flags & CLIENT_BUSY) != 0;
}

static void rest_copy(struct verdict *verdict, uint32_t copy) {
    const struct verdict_copy *record = &verdict->copies.items[copy];
    const struct verdict_route *route = &verdict->routes.items[record->route];
    const struct verdict_message *message = &verdict->messages.items[record->message];
    enum verdict_loss loss;
    if (verdict_copy_is_unsure(verdict, record, &loss)) {
        if (record->qos == 0 || route->is_present) { // else its session may still get it
            verdict->counts.reached[REACHED_MESSAGE_EXPIRED] += loss == LOSS_EXPIRY;
            verdict_copy_lose(verdict, copy, loss);
        }
        return;
    }
    bool is_group = (route->flags & SUBSCRIPTION_GROUP) != 0;
    bool is_waited_for = is_group && verdict->subscriptions.items[route->subscription].present <
                                         verdict->subscriptions.items[route->subscription].filters;
    bool is_busy = is_group ? verdict->has_busy : is_busy_client(verdict, route->subscriber);
    if (!route->is_present || is_waited_for || is_busy) {
        return; // queued
    }
    if (!is_group && (verdict->clients.items[route->subscriber].flags & CLIENT_BAD) != 0) {
        verdict_copy_lose(verdict, copy, LOSS_NEVER_ACKNOWLEDGED);
        return;
    }
    struct verdict_about about = {{message->stream, message->number},
                                  is_group ? VERDICT_NONE : route->subscriber,
                                  verdict->streams.items[message->stream].topic};
    verdict_test(verdict, false, is_group ? RULE_GROUP : rule_of_loss(record), &about);
    verdict_copy_lose(verdict, copy, LOSS_LINK);
}

static void rest_route(struct verdict *verdict, uint32_t route) {
    uint32_t copy = verdict->routes.items[route].first;
    while (copy != VERDICT_NONE) {
        uint32_t next = verdict->copies.items[copy].next;
        rest_copy(verdict, copy);
        copy = next;
    }
}

static void rest_routes(struct verdict *verdict, uint32_t first) {
    for (uint32_t at = first; at != VERDICT_NONE; at = verdict->routes.items[at].next_of_stream) {
        rest_route(verdict, at);
    }
}

// ---- messages ---------------------------------------------------------------------------------

static void rest_message(struct verdict *verdict, uint32_t message, bool is_present) {
    const struct verdict_message *record = &verdict->messages.items[message];
    if (record->taken > 0 || record->is_will) {
        return;
    }
    if ((record->flags & IS_UNSURE) != 0) {
        if (record->qos == 0 || is_present) {
            verdict_message_lose(verdict, message, (enum verdict_loss)record->loss);
        }
        return;
    }
    if (is_present) {
        const struct verdict_stream *stream = &verdict->streams.items[record->stream];
        struct verdict_about about = {
            {record->stream, record->number}, stream->client, stream->topic};
        verdict_test(verdict, false, record->qos == 0 ? RULE_UNEXPLAINED : RULE_NOT_TAKEN, &about);
        verdict_message_lose(verdict, message, LOSS_LINK);
    }
}

static void rest_stream(struct verdict *verdict, uint32_t stream) {
    const struct verdict_stream *record = &verdict->streams.items[stream];
    bool is_present = record->is_present && !is_busy_client(verdict, record->client);
    uint32_t message = record->first;
    while (message != VERDICT_NONE) {
        uint32_t next = verdict->messages.items[message].next;
        rest_message(verdict, message, is_present);
        message = next;
    }
}

void verdict_rest_all(struct verdict *verdict) {
    verdict_wills_rest(verdict);
    for (uint32_t stream = 0; stream < verdict->streams.places.count; stream++) {
        rest_stream(verdict, stream);
        rest_routes(verdict, verdict->streams.items[stream].routes);
        rest_routes(verdict, verdict->streams.items[stream].group_routes);
    }
    verdict->counts.checked[RULE_REST]++;
}

// ---- invariants -------------------------------------------------------------------------------

struct walked {
    uint64_t copies;
    uint64_t owed;
    uint64_t messages;
};

static void walk_copies(const struct verdict *verdict, uint32_t place, struct walked *walked) {
    const struct verdict_route *route = &verdict->routes.items[place];
    uint32_t before = VERDICT_NONE;
    uint32_t copy = route->first;
    for (; copy != VERDICT_NONE; copy = verdict->copies.items[copy].next) {
        const struct verdict_copy *record = &verdict->copies.items[copy];
        ASSERT(record->previous == before && record->route == place);
        ASSERT(verdict->messages.items[record->message].stream == route->stream);
        ASSERT(verdict->messages.items[record->message].copies > 0);
        before = copy;
        walked->copies++;
        walked->owed += (record->flags & IS_EXTRA) == 0;
    }
    bool is_group = (route->flags & SUBSCRIPTION_GROUP) != 0;
    ASSERT(route->last == before && route->repeated <= route->resumed &&
           (is_group || route->resumed <= route->highest));
}

static void walk_routes(const struct verdict *verdict, uint32_t stream, bool is_group,
                        struct walked *walked) {
    const struct verdict_stream *record = &verdict->streams.items[stream];
    uint32_t before = VERDICT_NONE;
    uint32_t count = 0;
    uint32_t route = is_group ? record->group_routes : record->routes;
    for (; route != VERDICT_NONE; route = verdict->routes.items[route].next_of_stream) {
        const struct verdict_route *at = &verdict->routes.items[route];
        ASSERT(at->previous_of_stream == before && at->stream == stream);
        ASSERT(verdict->subscriptions.items[at->subscription].client == at->subscriber);
        walk_copies(verdict, route, walked);
        before = route;
        count++;
    }
    ASSERT(is_group || count == record->route_count);
}

static void walk_messages(const struct verdict *verdict, uint32_t stream, struct walked *walked) {
    const struct verdict_stream *record = &verdict->streams.items[stream];
    uint32_t before = VERDICT_NONE;
    uint32_t message = record->first;
    for (; message != VERDICT_NONE; message = verdict->messages.items[message].next) {
        const struct verdict_message *at = &verdict->messages.items[message];
        ASSERT(at->previous == before && at->stream == stream && at->number < record->published);
        ASSERT(before == VERDICT_NONE || verdict->messages.items[before].number < at->number);
        ASSERT(at->taken == 0 ? at->copies == 0 : at->copies > 0);
        before = message;
        walked->messages++;
    }
    ASSERT(record->last == before);
}

static uint32_t free_places(const void *items, uint32_t first, size_t size) {
    uint32_t count = 0;
    while (first != VERDICT_NONE) {
        memcpy(&first, (const uint8_t *)items + first * size, sizeof first);
        count++;
    }
    return count;
}

void verdict_walk(const struct verdict *verdict) {
    struct walked walked = {0};
    for (uint32_t stream = 0; stream < verdict->streams.places.count; stream++) {
        walk_messages(verdict, stream, &walked);
        walk_routes(verdict, stream, false, &walked);
        walk_routes(verdict, stream, true, &walked);
    }
    ASSERT(walked.copies + free_places(verdict->copies.items, verdict->copies.places.free,
                                       sizeof *verdict->copies.items) ==
           verdict->copies.places.count);
    ASSERT(walked.messages + free_places(verdict->messages.items, verdict->messages.places.free,
                                         sizeof *verdict->messages.items) ==
           verdict->messages.places.count);
    uint64_t lost = 0;
    for (unsigned i = 0; i < VERDICT_LOSSES; i++) {
        lost += verdict->counts.lost[i];
    }
    ASSERT(walked.owed == verdict->open_owed);
    ASSERT(verdict->counts.owed == verdict->counts.delivered + lost + verdict->open_owed);
    heap_check(&verdict->expiries);
}
