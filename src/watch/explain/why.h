// Why a packet is sent, what it means that one is missing, and why connections end: a sentence or
// two for each, for who learns MQTT. watch/explain/explain.h and watch/explain/mqtt_explain.h say
// what happens; this says what for.
//
// Sections are those of MQTT 5.0, where the older standards say the same.
#ifndef WATCH_EXPLAIN_WHY_H
#define WATCH_EXPLAIN_WHY_H

#include "watch/mqtt_tap.h"
#include "watch/watch_item.h"

// Of a packet of a network; `secret` is one's own in an exchange of the suite `classic`, 0: not
// given. Appends nothing where there is nothing to say.
void why_append_line(const struct watch_item *item, uint32_t secret, struct buffer *out);

// Of a packet of MQTT, of what was done to it, or of the end of a connection.
void why_append_mqtt(const struct mqtt_item *item, struct buffer *out);

// How both sides come to the same key, with the numbers of an exchange, to be checked by hand.
// Nothing if the secret made neither of the public pre-keys.
void why_append_exchange(uint32_t client_key, uint32_t broker_key, uint32_t secret,
                         struct buffer *out);

#endif
