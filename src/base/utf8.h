// UTF-8 (RFC 3629) as MQTT wants it in topics: shortest forms only, no surrogates, no U+0000
// [MQTT-1.5.4-1, MQTT-1.5.4-2].
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/bytes.h"

// The size of the valid UTF-8 sequence that `text` begins with (1 to 4), or 0 if there is none.
size_t utf8_sequence_size(struct bytes text);

bool utf8_is_valid(struct bytes text);
// The same, but U+0000 is a character like others: for payloads (MQTT 5.0, 3.3.2.3.2).
bool utf8_is_well_formed(struct bytes text);

#endif
