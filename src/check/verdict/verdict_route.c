#include "check/verdict/verdict_route.h"

#define GROUP_KEY (UINT64_C(1) << 63)

static uint64_t pair(uint32_t high, uint32_t low) {
    return (uint64_t)high << 32 | low;
}

static uint64_t subscription_key(uint32_t topic, uint32_t client, bool is_group) {
    return pair(topic, client) | (is_group ? GROUP_KEY : 0);
}

// ---- routes -----------------------------------------------------------------------------------

uint32_t verdict_route_find(const struct verdict *verdict, uint32_t stream, uint32_t client) {
    const struct verdict_stream *record = &verdict->streams.items[stream];
    if (record->route_count > VERDICT_WALK) {
        return map_get(&verdict->route_of, pair(stream, client));
    }
    uint32_t route = record->routes;
    while (route != VERDICT_NONE && verdict->routes.items[route].subscriber != client) {
        route = verdict->routes.items[route].next_of_stream;
    }
    return route;
}

// Streams with many routes have theirs in the map, all others none.
static void index_routes(struct verdict *verdict, uint32_t stream, bool is_put) {
    const struct verdict_route *routes = verdict->routes.items;
    uint32_t route = verdict->streams.items[stream].routes;
    for (; route != VERDICT_NONE; route = routes[route].next_of_stream) {
        uint64_t key = pair(stream, routes[route].subscriber);
        if (is_put) {
            map_put(&verdict->route_of, key, route);
        } else {
            map_remove(&verdict->route_of, key);
        }
    }
}

static void count_route(struct verdict *verdict, uint32_t route) {
    uint32_t stream = verdict->routes.items[route].stream;
    uint32_t count = ++verdict->streams.items[stream].route_count;
    if (count == VERDICT_WALK + 1) {
        index_routes(verdict, stream, true);
    } else if (count > VERDICT_WALK) {
        map_put(&verdict->route_of, pair(stream, verdict->routes.items[route].subscriber), route);
    }
}

static void discount_route(struct verdict *verdict, uint32_t route) {
    uint32_t stream = verdict->routes.items[route].stream;
    uint32_t count = verdict->streams.items[stream].route_count--;
    if (count == VERDICT_WALK + 1) {
        index_routes(verdict, stream, false); // this one is still among them
    } else if (count > VERDICT_WALK) {
        map_remove(&verdict->route_of, pair(stream, verdict->routes.items[route].subscriber));
    }
}

static uint32_t *routes_of(struct verdict *verdict, const struct verdict_route *route) {
    struct verdict_stream *stream = &verdict->streams.items[route->stream];
    bool is_group = (route->flags & SUBSCRIPTION_GROUP) != 0;
    return is_group ? &stream->group_routes : &stream->routes;
}

static void add_route(struct verdict *verdict, uint32_t stream, uint32_t subscription) {
    uint32_t route = VERDICT_TAKE(verdict, routes);
    struct verdict_subscriber *of = &verdict->subscriptions.items[subscription];
    struct verdict_route *record = &verdict->routes.items[route];
    *record = (struct verdict_route){.stream = stream,
                                     .subscription = subscription,
                                     .subscriber = of->client,
                                     .next_of_subscription = of->routes,
                                     .previous_of_stream = VERDICT_NONE,
                                     .first = VERDICT_NONE,
                                     .last = VERDICT_NONE,
                                     .flags = of->flags};
    of->routes = route;
    uint32_t *first = routes_of(verdict, record);
    record->next_of_stream = *first;
    if (*first != VERDICT_NONE) {
        verdict->routes.items[*first].previous_of_stream = route;
    }
    *first = route;
    if ((record->flags & SUBSCRIPTION_GROUP) == 0) {
        count_route(verdict, route);
    }
}

static void remove_route(struct verdict *verdict, uint32_t route) {
    verdict_copies_lose(verdict, route, LOSS_SESSION_ENDED);
    const struct verdict_route *record = &verdict->routes.items[route];
    if ((record->flags & SUBSCRIPTION_GROUP) == 0) {
        discount_route(verdict, route);
    }
    struct verdict_route *routes = verdict->routes.items;
    uint32_t *before = record->previous_of_stream == VERDICT_NONE
                           ? routes_of(verdict, record)
                           : &routes[record->previous_of_stream].next_of_stream;
    *before = record->next_of_stream;
    if (record->next_of_stream != VERDICT_NONE) {
        routes[record->next_of_stream].previous_of_stream = record->previous_of_stream;
    }
    VERDICT_GIVE(verdict, routes, route);
}

void verdict_routes_add(struct verdict *verdict, uint32_t stream) {
    uint32_t topic = verdict->streams.items[stream].topic;
    uint32_t subscription = verdict->topics.items[topic].subscriptions;
    while (subscription != VERDICT_NONE) {
        add_route(verdict, stream, subscription);
        verdict_subscription_spread(verdict, subscription);
        subscription = verdict->subscriptions.items[subscription].next_of_topic;
    }
}

// ---- subscriptions ----------------------------------------------------------------------------

uint32_t verdict_subscription_find(const struct verdict *verdict, uint32_t topic, uint32_t client,
                                   bool is_group) {
    return map_get(&verdict->subscription_of, subscription_key(topic, client, is_group));
}

// Into the lists of its topic and its client; a group's members have lists of their own.
static uint32_t add_subscription(struct verdict *verdict, uint32_t topic, uint32_t client,
                                 bool is_group) {
    uint32_t subscription = VERDICT_TAKE(verdict, subscriptions);
    struct verdict_subscriber *record = &verdict->subscriptions.items[subscription];
    uint32_t *first = &verdict->topics.items[topic].subscriptions;
    *record = (struct verdict_subscriber){.next_of_topic = *first,
                                          .previous_of_topic = VERDICT_NONE,
                                          .next_of_client = VERDICT_NONE,
                                          .client = client,
                                          .topic = topic,
                                          .routes = VERDICT_NONE,
                                          .flags = is_group ? SUBSCRIPTION_GROUP : 0};
    if (*first != VERDICT_NONE) {
        verdict->subscriptions.items[*first].previous_of_topic = subscription;
    }
    *first = subscription;
    if (!is_group) {
        record->next_of_client = verdict->clients.items[client].subscriptions;
        verdict->clients.items[client].subscriptions = subscription;
    }
    map_put(&verdict->subscription_of, subscription_key(topic, client, is_group), subscription);
    return subscription;
}

uint32_t verdict_subscription_get(struct verdict *verdict, uint32_t topic, uint32_t client,
                                  bool is_group) {
    uint32_t subscription = verdict_subscription_find(verdict, topic, client, is_group);
    if (subscription != MAP_NONE) {
        return subscription;
    }
    subscription = add_subscription(verdict, topic, client, is_group);
    uint32_t stream = verdict->topics.items[topic].streams;
    for (; stream != VERDICT_NONE; stream = verdict->streams.items[stream].next_of_topic) {
        add_route(verdict, stream, subscription);
    }
    return subscription;
}

void verdict_subscription_remove(struct verdict *verdict, uint32_t subscription) {
    uint32_t route;
    while ((route = verdict->subscriptions.items[subscription].routes) != VERDICT_NONE) {
        verdict->subscriptions.items[subscription].routes =
            verdict->routes.items[route].next_of_subscription;
        remove_route(verdict, route);
    }
    struct verdict_subscriber *records = verdict->subscriptions.items;
    struct verdict_subscriber removed = records[subscription];
    *(removed.previous_of_topic == VERDICT_NONE
          ? &verdict->topics.items[removed.topic].subscriptions
          : &records[removed.previous_of_topic].next_of_topic) = removed.next_of_topic;
    if (removed.next_of_topic != VERDICT_NONE) {
        records[removed.next_of_topic].previous_of_topic = removed.previous_of_topic;
    }
    bool is_group = (removed.flags & SUBSCRIPTION_GROUP) != 0;
    map_remove(&verdict->subscription_of,
               subscription_key(removed.topic, removed.client, is_group));
    VERDICT_GIVE(verdict, subscriptions, subscription);
}

void verdict_subscription_spread(struct verdict *verdict, uint32_t subscription) {
    const struct verdict_subscriber *record = &verdict->subscriptions.items[subscription];
    bool is_group = (record->flags & SUBSCRIPTION_GROUP) != 0;
    uint8_t client = is_group ? 0 : verdict->clients.items[record->client].flags;
    bool is_present = is_group ? record->present > 0 : (client & CLIENT_CONNECTED) != 0;
    bool is_overlap = !is_group && record->filters > 1;
    uint32_t route = record->routes;
    while (route != VERDICT_NONE) {
        struct verdict_route *at = &verdict->routes.items[route];
        at->qos = record->qos;
        at->flags = record->flags | (is_overlap ? SUBSCRIPTION_OVERLAP : 0);
        at->is_present = is_present;
        at->is_unordered = is_group || (client & CLIENT_UNORDERED) != 0;
        route = at->next_of_subscription;
    }
}

// ---- groups -----------------------------------------------------------------------------------

uint32_t verdict_member_find(const struct verdict *verdict, uint32_t subscription,
                             uint32_t client) {
    return map_get(&verdict->member_of, pair(subscription, client));
}

uint32_t verdict_member_get(struct verdict *verdict, uint32_t subscription, uint32_t client) {
    uint32_t member = verdict_member_find(verdict, subscription, client);
    if (member != MAP_NONE) {
        return member;
    }
    member = VERDICT_TAKE(verdict, members);
    struct verdict_client *of = &verdict->clients.items[client];
    verdict->members.items[member] = (struct verdict_member){
        .next_of_client = of->members, .client = client, .subscription = subscription};
    of->members = member;
    verdict->subscriptions.items[subscription].members++;
    map_put(&verdict->member_of, pair(subscription, client), member);
    return member;
}

static bool is_connected(const struct verdict *verdict, uint32_t client) {
    return (verdict->clients.items[client].flags & CLIENT_CONNECTED) != 0;
}

void verdict_member_open(struct verdict *verdict, uint32_t member, uint8_t qos) {
    struct verdict_member *record = &verdict->members.items[member];
    record->qos = qos;
    if (!record->is_open) {
        record->is_open = true;
        struct verdict_subscriber *group = &verdict->subscriptions.items[record->subscription];
        group->present += is_connected(verdict, record->client);
        group->filters++;
        group->flags |= SUBSCRIPTION_OPEN;
    }
    verdict_subscription_spread(verdict, record->subscription);
}

// What the group was sent of late may have gone to the member that moved: it may never come, and
// with QoS 1 come again through another.
static void doubt_group(struct verdict *verdict, uint32_t subscription, enum verdict_loss loss) {
    uint32_t route = verdict->subscriptions.items[subscription].routes;
    while (route != VERDICT_NONE) {
        struct verdict_route *record = &verdict->routes.items[route];
        record->resumed = verdict->streams.items[record->stream].taken;
        uint32_t copy = record->first;
        for (; copy != VERDICT_NONE; copy = verdict->copies.items[copy].next) {
            verdict_copy_doubt(verdict, copy, loss);
        }
        route = record->next_of_subscription;
    }
}

void verdict_member_moved(struct verdict *verdict, uint32_t member, bool is_there) {
    const struct verdict_member *record = &verdict->members.items[member];
    if (record->is_open) {
        struct verdict_subscriber *group = &verdict->subscriptions.items[record->subscription];
        group->present = is_there ? group->present + 1 : group->present - 1;
        doubt_group(verdict, record->subscription, LOSS_CUT);
        verdict_subscription_spread(verdict, record->subscription);
    }
}

void verdict_member_close(struct verdict *verdict, uint32_t member) {
    struct verdict_member *record = &verdict->members.items[member];
    if (record->is_open) {
        record->is_open = false;
        struct verdict_subscriber *group = &verdict->subscriptions.items[record->subscription];
        group->present -= is_connected(verdict, record->client);
        group->filters--;
        if (group->filters == 0) {
            group->flags &= (uint8_t)~SUBSCRIPTION_OPEN;
        }
        doubt_group(verdict, record->subscription, LOSS_UNSUBSCRIBED);
        verdict_subscription_spread(verdict, record->subscription);
    }
}

void verdict_members_remove(struct verdict *verdict, uint32_t client) {
    uint32_t member;
    while ((member = verdict->clients.items[client].members) != VERDICT_NONE) {
        verdict_member_close(verdict, member);
        struct verdict_member removed = verdict->members.items[member];
        verdict->clients.items[client].members = removed.next_of_client;
        map_remove(&verdict->member_of, pair(removed.subscription, client));
        VERDICT_GIVE(verdict, members, member);
        if (--verdict->subscriptions.items[removed.subscription].members == 0) {
            verdict_subscription_remove(verdict, removed.subscription);
        }
    }
}
