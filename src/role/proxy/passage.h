// How the bytes of one side of a proxied connection become packets, are decided about and go into
// their lane.
#ifndef ROLE_PROXY_PASSAGE_H
#define ROLE_PROXY_PASSAGE_H

#include "role/proxy/state.h"

void proxy_passage_init(struct proxy_input *input, struct memory *memory);
void proxy_passage_deinit(struct proxy_input *input, struct memory *memory);

// The client is known, and both sides are between two packets, but for `rest` bytes of one that
// come from the client.
void proxy_passage_join(struct proxy_connection *connection, enum mqtt_version version,
                        struct bytes client_id, uint32_t rest);

void proxy_passage_take(struct proxy_connection *connection, enum proxy_side side,
                        struct bytes bytes, uint64_t now);
// The side has ended: what was no whole packet goes as it is, and what waits for others, too.
void proxy_passage_end(struct proxy_connection *connection, enum proxy_side side, uint64_t now);

// Packets out of order that have waited long enough.
uint64_t proxy_passage_due(const struct proxy_input *input);
void proxy_passage_tick(struct proxy_connection *connection, enum proxy_side side, uint64_t now);

// What is kept of the input, beside the lane.
size_t proxy_passage_size(const struct proxy_input *input);

// For proxy.c and passage.c.
void proxy_tell(struct proxy_connection *connection, const struct proxy_event *event);
void proxy_set_frozen(struct proxy_connection *connection, uint64_t until);

#endif
