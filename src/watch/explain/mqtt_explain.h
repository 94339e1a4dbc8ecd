// MQTT packets in plain words, as watch/explain/explain.h has those of networks: what the sender
// does with the packet ("asks for a session as "dev1" (MQTT 5.0, clean start, keep alive 60 s)").
// Passwords are left out, though a tap holds them.
#ifndef WATCH_EXPLAIN_MQTT_EXPLAIN_H
#define WATCH_EXPLAIN_MQTT_EXPLAIN_H

#include "watch/mqtt_tap.h"

// "PUBLISH"; "open", "close", "lost" and "????" of what is no packet.
const char *mqtt_explain_name(const struct mqtt_item *item);
// The same in at most MQTT_SHORT_NAME_MAX letters.
#define MQTT_SHORT_NAME_MAX 8
const char *mqtt_explain_short_name(const struct mqtt_item *item);

// "3.1", "3.1.1", "5.0".
const char *mqtt_explain_version(unsigned version);

// The meaning of a reason code of this packet, before 5.0 of a return code.
const char *mqtt_explain_reason(const struct mqtt_item *item, uint8_t reason);

// "client 1 dev1"; "127.0.0.1:5000" until its name is known.
void mqtt_explain_append_client(const struct mqtt_item *item, struct buffer *out);

// What the sender does, and what was done to the packet on its way.
void mqtt_explain_append_words(const struct mqtt_item *item, struct buffer *out);

// "; 15 bytes", and of a packet with which a message is done what that cost: "; 4 bytes of payload
// cost 19 at QoS 1, in 1.2 ms".
void mqtt_explain_append_size(const struct mqtt_item *item, struct buffer *out);

// Whether a connection ended otherwise than by a DISCONNECT.
bool mqtt_explain_is_bad_end(const struct mqtt_item *item);

#endif
