#include "check/verdict/verdict_retained.h"

#include "check/verdict/verdict_route.h"

// ---- the last one of a topic ------------------------------------------------------------------

// From now on the route may be sent this retained message or a later one. That does not end with
// the first one that comes: how many were asked for is not known.
static void allow_from(struct verdict *verdict, uint32_t route, uint32_t number) {
    struct verdict_route *record = &verdict->routes.items[route];
    if (record->retained_from == 0 || record->retained_from > number + 1) {
        record->retained_from = number + 1;
    }
}

// A route that waits for the topic's old retained message may get whichever is the last one when
// the broker comes to it, in place of the old one.
static void loosen_route(struct verdict *verdict, uint32_t route, struct mark old,
                         struct mark new) {
    const struct verdict_route *record = &verdict->routes.items[route];
    uint32_t copy = verdict_copy_find(verdict, record, old.number, true);
    if (copy != VERDICT_NONE) {
        allow_from(verdict, route, old.number);
        verdict_copy_waive(verdict, copy);
        verdict_copy_lose(verdict, copy, LOSS_CUT); // which does not count any more
    }
    if (record->retained_from > 0 && new.stream != old.stream) {
        uint32_t other = verdict_route_find(verdict, new.stream, record->subscriber);
        ASSERT(other != VERDICT_NONE);
        allow_from(verdict, other, new.number);
    }
}

static void replace(struct verdict *verdict, struct mark old, struct mark new) {
    if (new.stream == old.stream && verdict_message_find(verdict, old) == VERDICT_NONE) {
        return; // nobody waits
    }
    uint32_t route = verdict->streams.items[old.stream].routes;
    while (route != VERDICT_NONE) {
        uint32_t next = verdict->routes.items[route].next_of_stream;
        loosen_route(verdict, route, old, new);
        route = next;
    }
}

void verdict_retained_set(struct verdict *verdict, uint32_t message, bool is_last_value) {
    const struct verdict_message *record = &verdict->messages.items[message];
    struct mark mark = {record->stream, record->number};
    uint32_t place = verdict->streams.items[record->stream].topic;
    struct mark old = verdict->topics.items[place].retained;
    if (old.stream == mark.stream && old.number == mark.number) {
        return; // it came again
    }
    struct verdict_topic *topic = &verdict->topics.items[place];
    topic->retained = mark;
    topic->retained_qos = record->qos;
    topic->retained_until = record->expiry == 0 ? VERDICT_NEVER : record->expires_at;
    topic->is_retained_unsure = false;
    topic->is_last_value = is_last_value;
    if (old.stream != VERDICT_NONE) {
        verdict->counts.reached[REACHED_RETAINED_REPLACED] += !is_last_value;
        replace(verdict, old, mark);
    }
}

void verdict_retained_crash(struct verdict *verdict, uint32_t broker, bool keeps) {
    for (uint32_t topic = 0; topic < verdict->topics.places.count; topic++) {
        struct verdict_topic *record = &verdict->topics.items[topic];
        if (record->broker != broker || record->retained.stream == VERDICT_NONE) {
            continue;
        }
        const struct verdict_stream *stream = &verdict->streams.items[record->retained.stream];
        bool is_promised =
            record->retained_qos > 0 && record->retained.number < stream->acknowledged;
        if (!keeps) {
            record->retained.stream = VERDICT_NONE;
        } else if (!is_promised) {
            record->is_retained_unsure = true;
        }
    }
}

// ---- whom it is owed to -----------------------------------------------------------------------

// Its record is there as long as a copy is open; else it is made anew, as one that was taken.
static uint32_t message_of(struct verdict *verdict, const struct verdict_topic *topic) {
    uint32_t message = verdict_message_find(verdict, topic->retained);
    if (message == VERDICT_NONE) {
        message = verdict_message_add(verdict, topic->retained);
        struct verdict_message *record = &verdict->messages.items[message];
        const struct verdict_stream *stream = &verdict->streams.items[topic->retained.stream];
        record->taken = 1;
        record->qos = topic->retained_qos;
        record->retain = true;
        record->is_acknowledged = topic->retained.number < stream->acknowledged;
        record->expiry = topic->retained_until == VERDICT_NEVER ? 0 : VERDICT_NEVER;
        record->expires_at = topic->retained_until;
    }
    return message;
}

// Whether nothing speaks against its coming.
static bool is_owed(const struct verdict *verdict, const struct verdict_topic *topic,
                    const struct verdict_subscriber *record, uint32_t route) {
    bool is_own = verdict->streams.items[topic->retained.stream].client == record->client;
    bool is_expiring = topic->retained_until != VERDICT_NEVER &&
                       verdict->now + verdict->options.slack >= topic->retained_until;
    return !is_expiring && !topic->is_retained_unsure && record->filters == 1 &&
           !(is_own && (record->flags & SUBSCRIPTION_NO_LOCAL) != 0) &&
           verdict_copy_find(verdict, &verdict->routes.items[route], topic->retained.number,
                             true) == VERDICT_NONE;
}

void verdict_retained_owe(struct verdict *verdict, uint32_t subscription,
                          const struct verdict_subscription *options) {
    const struct verdict_subscriber *record = &verdict->subscriptions.items[subscription];
    const struct verdict_topic *topic = &verdict->topics.items[record->topic];
    bool is_wanted =
        options->retain_handling == 0 || (options->retain_handling == 1 && options->is_new);
    bool is_ignored = topic->is_last_value && options->is_line;
    if (!is_wanted || is_ignored || topic->retained.stream == VERDICT_NONE) {
        return;
    }
    uint32_t route = verdict_route_find(verdict, topic->retained.stream, record->client);
    ASSERT(route != VERDICT_NONE);
    if (!is_owed(verdict, topic, record, route)) {
        allow_from(verdict, route, topic->retained.number);
        return;
    }
    uint8_t qos = topic->retained_qos < options->qos ? topic->retained_qos : options->qos;
    bool is_unsure = topic->is_last_value || options->is_line;
    verdict_copy_open(verdict, &(struct verdict_opening){
                                   .route = route,
                                   .message = message_of(verdict, topic),
                                   .qos = qos,
                                   .flags = is_unsure ? IS_RETAINED | IS_UNSURE : IS_RETAINED,
                                   .loss = LOSS_LINK});
}
