// Subscriptions and their routes: who is owed what is published under a topic.
#ifndef CHECK_VERDICT_VERDICT_ROUTE_H
#define CHECK_VERDICT_VERDICT_ROUTE_H

#include "check/verdict/verdict_copy.h"

// The route from a stream to a client, or VERDICT_NONE.
uint32_t verdict_route_find(const struct verdict *verdict, uint32_t stream, uint32_t client);
// Routes of a new stream to all who subscribed to its topic.
void verdict_routes_add(struct verdict *verdict, uint32_t stream);

// A client's subscription of the topic, or a group's; added if need be, with a route for each
// stream.
uint32_t verdict_subscription_get(struct verdict *verdict, uint32_t topic, uint32_t client,
                                  bool is_group);
uint32_t verdict_subscription_find(const struct verdict *verdict, uint32_t topic, uint32_t client,
                                   bool is_group);
// It is gone, and what it was owed is lost. It is no more in its client's list.
void verdict_subscription_remove(struct verdict *verdict, uint32_t subscription);
// Its routes are told of its QoS and flags, and whether anybody is there.
void verdict_subscription_spread(struct verdict *verdict, uint32_t subscription);

// A group's member, or VERDICT_NONE.
uint32_t verdict_member_find(const struct verdict *verdict, uint32_t subscription, uint32_t client);
// Added if need be, closed.
uint32_t verdict_member_get(struct verdict *verdict, uint32_t subscription, uint32_t client);
void verdict_member_open(struct verdict *verdict, uint32_t member, uint8_t qos);
void verdict_member_close(struct verdict *verdict, uint32_t member);
// All memberships of a client end.
void verdict_members_remove(struct verdict *verdict, uint32_t client);
// A member came or went: what it was sent of late may be sent to another.
void verdict_member_moved(struct verdict *verdict, uint32_t member, bool is_there);

#endif
