// Where the MQTT door listens, as it is typed: a list separated by commas, of
//
//   PORT | HOST:PORT | [IPV6]:PORT    or, of Unix sockets, PATH
//
// or fd:NAME, the listening sockets that a service manager passed under that name,
// each with rules of its own behind it: ?connections=N&max-qos=1, see docs/mqtt.md. Without HOST it
// is loopback, 127.0.0.1 and ::1; `*` is every address of the machine.
#ifndef SESSION_BROKER_MQTT_LISTENERS_H
#define SESSION_BROKER_MQTT_LISTENERS_H

#include "medium/stream/stream_server.h"
#include "role/broker/mqtt/mqtt_door.h"

#define MQTT_LISTENERS_PASSED "fd:" // in front of a host that is a name of passed sockets
#define MQTT_LISTENER_KINDS 5       // of enum stream_kind

struct mqtt_listeners {
    struct stream_listener *items;     // room for `most`
    struct door_listener_rules *rules; // likewise
    unsigned count;
    unsigned most;
    char *texts[MQTT_LISTENER_KINDS]; // what the items' hosts, paths and mount points point into
};

// Adds the listeners of the text, once for each kind. NULL, or what is wrong, for people: valid
// until the next call.
const char *mqtt_listeners_add(struct mqtt_listeners *listeners, enum stream_kind kind,
                               const char *text);
// Whether other machines may reach it, as far as its host or its passed sockets tell.
bool mqtt_listeners_is_open(const struct stream_listener *listener);
void mqtt_listeners_free(struct mqtt_listeners *listeners);

#endif
