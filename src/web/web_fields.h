// The bytes of a packet, field by field: where each stands, what it is called, what its value means
// and which statement of the standard is about it. For the page (web/web_server.h), where the bytes
// of a packet that somebody points at are lit up.
//
// It reads what is there, without judging it (mqtt/packet.h does): a packet that is cut short or
// wrong is shown up to where it stops making sense, and the rest is one field "not read". Fields do
// not overlap, and cover the whole packet in its order.
#ifndef WEB_WEB_FIELDS_H
#define WEB_WEB_FIELDS_H

#include "base/buffer.h"
#include "mqtt/packet.h"

#define WEB_FIELDS_MAX 512        // of a packet; what is behind them is one field "not shown"
#define WEB_FIELDS_VALUE_MAX 160u // bytes of a value that are shown

// Appends a JSON array of {"at","bytes","name","value","statement"}; value and statement (an id as
// "MQTT-3.3.1-4") are left out where there is none. `packet` may be the beginning of one only. The
// version is that of its connection.
void web_fields_append_packet(struct bytes packet, enum mqtt_version version, struct buffer *out);

// The same of a line of a network (docs/protocol.md).
void web_fields_append_line(struct bytes line, struct buffer *out);

#endif
