// The options of an MQTT client, as app/client.c fills them in.
#ifndef SESSION_MQTT_CLIENT_MQTT_CLIENT_OPTIONS_H
#define SESSION_MQTT_CLIENT_MQTT_CLIENT_OPTIONS_H

#include "medium/stream/wrap/stream_tls.h"
#include "role/mqtt_client/mqtt_client_types.h"
#include "shell/fault_rules.h"
#include "shell/options/options.h"
#include "shell/run.h"

// Which messages are shown and counted: all, those without retain, or only those with it.
enum mqtt_client_retained {
    MQTT_CLIENT_RETAINED_SHOWN,
    MQTT_CLIENT_RETAINED_HIDDEN,
    MQTT_CLIENT_RETAINED_ONLY,
};

// The options of `client --mqtt`: which broker, as whom, what is published and shown, how it
// reconnects, what it keeps. All texts are borrowed; those that were not given are NULL.
struct mqtt_client_session_options {
    struct run_options run;
    struct fault_options faults;
    bool must_fire; // fail if a rule never hit
    const char *url;
    const char *client_id;
    const char *credentials; // path of a file with the line user:password
    const char *format;
    const char *publish; // topic that each line of standard input is published to
    bool is_whole;       // all of standard input is one message of it
    const char *will;    // TOPIC VALUE [QOS] [retain] [NAME=VALUE]...
    int version;         // the index among 5, 3.1.1, 3.1
    bool uses_scram;
    bool keeps_session;
    bool retain; // what is published from standard input
    bool shows_packets;
    int retained;                  // enum mqtt_client_retained
    struct option_list exceptions; // filters of topics that are not shown
    uint64_t qos;                  // where none is typed
    uint64_t keep_alive;
    uint64_t redirects;
    struct option_list properties; // PACKET NAME VALUE
    struct stream_tls_trust trust; // without the key of `psk`
    const char *psk;               // path of a file with the line identity:key
    const char *bind;              // our address
    const char *proxy;             // its URL
    const char *proxy_credentials; // path of a file with the line user:password
    bool removes_retained;         // messages that are shown
    uint64_t repeat;               // how often each message is published
    uint64_t repeat_delay;         // nanoseconds
    struct mqtt_client_retry retry;
    int retry_kind;          // enum mqtt_client_retry_kind
    uint64_t retry_attempts; // 0: no bound
    uint64_t timeout;        // nanoseconds, for answers
    struct mqtt_client_limits limits;
};

#endif
