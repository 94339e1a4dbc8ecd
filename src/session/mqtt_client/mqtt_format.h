// How a message is printed, as the users of mosquitto_sub write it (-F): text with conversions.
//
//   %t topic   %p payload   %x %X payload in hexadecimal   %l payload's length
//   %q QoS   %r retain   %m packet identifier   %% a per cent sign
//   %I time as ISO 8601   %U UnixTime with nanoseconds   @C a conversion of strftime   @@ an @
//   5.0: %C content type, %D correlation data, %E message expiry, %F payload format,
//        %P user properties, %R response topic, %S subscription identifiers, %A topic alias
//   %j %J the whole as JSON, with the payload as text or as JSON
//   \\ \0 \a \e \n \r \t \v as in C
//
// A number may stand behind the % as the least width, with - in front of it to the left.
#ifndef SESSION_MQTT_CLIENT_MQTT_FORMAT_H
#define SESSION_MQTT_CLIENT_MQTT_FORMAT_H

#include <time.h>

#include "base/buffer.h"
#include "role/mqtt_client/mqtt_client_types.h"

// NULL, or what is wrong with a format, for people; a constant.
const char *mqtt_format_check(const char *format);

// Appends the message. `is_shown`: topic and payload go to a terminal, so what is unfit for one is
// escaped.
void mqtt_format_append(struct buffer *out, const char *format,
                        const struct mqtt_client_event *message, const struct timespec *time,
                        bool is_shown);

#endif
