#include "session/broker/mqtt_listeners.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "medium/http/host_name.h"
#include "topic/topic.h"

#define PASSED MQTT_LISTENERS_PASSED
#define MOUNT_BYTES_MAX 256

static char message[256];

static const char *say(const char *item, const char *what) {
    snprintf(message, sizeof message, "%.120s: %s", item, what);
    return message;
}

static const char *say_rule(const char *key, const char *wanted) {
    static char text[128];
    snprintf(text, sizeof text, "%s takes %s", key, wanted);
    return text;
}

static bool read_number(const char *text, uint64_t max, uint64_t *number) {
    return decimal_read(bytes_of_text(text), max, number);
}

// What a rule is about, and what it sets.
static bool set_connections(const char *value, struct stream_listener *listener,
                            struct door_listener_rules *rules) {
    uint64_t number = 0;
    (void)rules;
    bool is_good = read_number(value, UINT32_MAX, &number) && number > 0;
    listener->connections = (uint32_t)number;
    return is_good;
}

static bool set_per_address(const char *value, struct stream_listener *listener,
                            struct door_listener_rules *rules) {
    uint64_t number = 0;
    (void)rules;
    bool is_good = read_number(value, UINT32_MAX, &number) && number > 0;
    listener->connections_per_address = (uint32_t)number;
    return is_good;
}

// "yes" or "no".
static bool read_answer(const char *value, bool *answer) {
    *answer = strcmp(value, "yes") == 0;
    return *answer || strcmp(value, "no") == 0;
}

static bool set_anonymous(const char *value, struct stream_listener *listener,
                          struct door_listener_rules *rules) {
    bool answer;
    (void)listener;
    bool is_good = read_answer(value, &answer);
    rules->anonymous = answer ? DOOR_ANONYMOUS_YES : DOOR_ANONYMOUS_NO;
    return is_good;
}

static bool set_qos(const char *value, struct stream_listener *listener,
                    struct door_listener_rules *rules) {
    uint64_t number = 0;
    (void)listener;
    rules->has_qos_max = read_number(value, 2, &number);
    rules->qos_max = (uint8_t)number;
    return rules->has_qos_max;
}

static bool set_retain(const char *value, struct stream_listener *listener,
                       struct door_listener_rules *rules) {
    bool answer;
    (void)listener;
    bool is_good = read_answer(value, &answer);
    rules->has_no_retain = !answer;
    return is_good;
}

static bool set_wildcards(const char *value, struct stream_listener *listener,
                          struct door_listener_rules *rules) {
    bool answer;
    (void)listener;
    bool is_good = read_answer(value, &answer);
    rules->has_no_wildcards = !answer;
    return is_good;
}

static bool set_packet(const char *value, struct stream_listener *listener,
                       struct door_listener_rules *rules) {
    uint64_t number = 0;
    (void)listener;
    bool is_good = read_number(value, MQTT_PACKET_MAX, &number) && number >= 1024;
    rules->packet_bytes = (uint32_t)number;
    return is_good;
}

static bool set_keep_alive(const char *value, struct stream_listener *listener,
                           struct door_listener_rules *rules) {
    uint64_t number = 0;
    (void)listener;
    bool is_good = read_number(value, UINT16_MAX, &number) && number > 0;
    rules->keep_alive = (uint16_t)number;
    return is_good;
}

// A bit for the version of this name, 0: there is none.
static unsigned version_bit(const char *name, size_t size) {
    static const struct {
        const char *name;
        enum mqtt_version version;
    } versions[] = {{"3.1", MQTT_3_1}, {"3.1.1", MQTT_3_1_1}, {"5", MQTT_5}};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (size == strlen(versions[i].name) && memcmp(name, versions[i].name, size) == 0) {
            return 1u << versions[i].version;
        }
    }
    return 0;
}

// "3.1.1+5": all others are refused.
static bool set_versions(const char *value, struct stream_listener *listener,
                         struct door_listener_rules *rules) {
    unsigned refused = 1u << MQTT_3_1 | 1u << MQTT_3_1_1 | 1u << MQTT_5;
    (void)listener;
    for (const char *name = value;; name++) {
        size_t size = strcspn(name, "+");
        unsigned bit = version_bit(name, size);
        if ((refused & bit) == 0) { // unknown, or named twice
            return false;
        }
        refused &= ~bit;
        name += size;
        if (*name == '\0') {
            rules->refused_versions = (uint8_t)refused;
            return true;
        }
    }
}

// The text that the value is a part of stays, so that what points to it does.
static bool set_mount(const char *value, struct stream_listener *listener,
                      struct door_listener_rules *rules) {
    (void)listener;
    rules->mount = bytes_of_text(value);
    size_t size = rules->mount.size;
    return size > 1 && size <= MOUNT_BYTES_MAX && value[size - 1] == '/' &&
           topic_name_check(rules->mount) == TOPIC_OK && !topic_is_reserved(rules->mount);
}

static bool is_websocket(const struct stream_listener *listener) {
    return listener->kind == STREAM_WEBSOCKET || listener->kind == STREAM_WEBSOCKET_TLS;
}

static bool set_path(const char *value, struct stream_listener *listener,
                     struct door_listener_rules *rules) {
    (void)rules;
    listener->path = value;
    for (const char *at = value; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~' || *at == '#' || *at == '?') {
            return false;
        }
    }
    return is_websocket(listener) && value[0] == '/';
}

static bool set_proxy(const char *value, struct stream_listener *listener,
                      struct door_listener_rules *rules) {
    struct stream_proxy_sources *sources = &listener->proxies;
    (void)rules;
    return stream_proxy_sources_read(value, sources) &&
           sources->has_unix == (listener->kind == STREAM_UNIX) &&
           sources->has_unix == (sources->count == 0);
}

static const struct rule {
    const char *key;
    bool (*set)(const char *value, struct stream_listener *listener,
                struct door_listener_rules *rules);
    const char *wanted;
} rule_rows[] = {
    {"connections", set_connections, "a number from 1"},
    {"per-address", set_per_address, "a number from 1"},
    {"anonymous", set_anonymous, "yes or no"},
    {"max-qos", set_qos, "0, 1 or 2"},
    {"retain", set_retain, "yes or no"},
    {"wildcards", set_wildcards, "yes or no"},
    {"max-packet", set_packet, "a number of bytes from 1024"},
    {"keep-alive", set_keep_alive, "seconds from 1 to 65535"},
    {"versions", set_versions, "3.1, 3.1.1 and 5, joined by +"},
    {"mount", set_mount, "a topic with / at its end, without wildcards and without $ in front"},
    {"path", set_path, "a path as /mqtt, at listeners of WebSocket"},
    {"proxy", set_proxy,
     "addresses and networks as 10.0.0.0/8, joined by +; at a Unix socket, unix"},
};

// NULL, or what is wrong with a rule `key=value`, which is taken apart.
static const char *read_rule(char *text, struct stream_listener *listener,
                             struct door_listener_rules *rules) {
    char *equals = strchr(text, '=');
    if (equals != NULL) {
        *equals = '\0';
    }
    for (size_t i = 0; i < sizeof rule_rows / sizeof *rule_rows; i++) {
        const struct rule *row = &rule_rows[i];
        if (strcmp(row->key, text) == 0) {
            bool is_good = equals != NULL && row->set(equals + 1, listener, rules);
            return is_good ? NULL : say_rule(row->key, row->wanted);
        }
    }
    return "behind ? stand rules as connections=N, joined by &; broker --help names them";
}

static const char *read_rules(char *text, struct stream_listener *listener,
                              struct door_listener_rules *rules) {
    char *mark = strchr(text, '?');
    const char *wrong = NULL;
    if (mark == NULL) {
        return NULL;
    }
    *mark = '\0';
    char *rest = NULL;
    char *rule = strtok_r(mark + 1, "&", &rest);
    for (; rule != NULL && wrong == NULL; rule = strtok_r(NULL, "&", &rest)) {
        wrong = read_rule(rule, listener, rules);
    }
    return wrong;
}

// [HOST:]PORT, taken apart in place.
static bool read_place(char *text, struct stream_listener *listener) {
    char *colon = strrchr(text, ':');
    const char *port = colon == NULL ? text : colon + 1;
    uint64_t number;
    if (!read_number(port, UINT16_MAX, &number)) {
        return false;
    }
    listener->port = (uint16_t)number;
    if (colon == NULL) {
        return true;
    }
    *colon = '\0';
    size_t size = strlen(text);
    if (size > 1 && text[0] == '[' && text[size - 1] == ']') {
        text[size - 1] = '\0';
        text++;
    }
    listener->host = strcmp(text, "*") == 0 ? "::" : text;
    return *text != '\0';
}

static const char *add_item(struct mqtt_listeners *listeners, enum stream_kind kind, char *item) {
    if (listeners->count == listeners->most) {
        return say(item, "there are more listeners than this broker has room for");
    }
    char original[128];
    snprintf(original, sizeof original, "%s", item);
    struct stream_listener *listener = &listeners->items[listeners->count];
    listener->kind = kind;
    const char *wrong = read_rules(item, listener, &listeners->rules[listeners->count]);
    if (wrong != NULL) {
        return say(original, wrong);
    }
    if (strncmp(item, PASSED, sizeof PASSED - 1) == 0) {
        listener->host = item;
    } else if (kind == STREAM_UNIX) {
        if (*item == '\0') {
            return say(original, "names no path of a Unix socket");
        }
        listener->host = item;
    } else if (!read_place(item, listener)) {
        return say(original, "must be PORT, HOST:PORT or [IPV6]:PORT, a port from 0 to 65535");
    }
    listeners->count++;
    return NULL;
}

const char *mqtt_listeners_add(struct mqtt_listeners *listeners, enum stream_kind kind,
                               const char *text) {
    char *copy = strdup(text);
    if (copy == NULL) {
        return "no memory";
    }
    char *rest = NULL;
    char *item = strtok_r(copy, ",", &rest);
    const char *wrong = item == NULL ? "is empty" : NULL;
    for (; item != NULL && wrong == NULL; item = strtok_r(NULL, ",", &rest)) {
        wrong = add_item(listeners, kind, item);
    }
    listeners->texts[kind] = copy;
    return wrong;
}

static bool is_open_socket(int fd) {
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &size) != 0 ||
           (address.ss_family != AF_UNIX &&
            !host_name_is_loopback_address((const struct sockaddr *)&address));
}

bool mqtt_listeners_is_open(const struct stream_listener *listener) {
    bool is_open = listener->kind != STREAM_UNIX && listener->socket_count == 0 &&
                   listener->host != NULL && !host_name_is_loopback(bytes_of_text(listener->host));
    for (unsigned i = 0; i < listener->socket_count; i++) {
        is_open = is_open || is_open_socket(listener->sockets[i]);
    }
    return is_open;
}

void mqtt_listeners_free(struct mqtt_listeners *listeners) {
    for (int kind = 0; kind < MQTT_LISTENER_KINDS; kind++) {
        free(listeners->texts[kind]);
        listeners->texts[kind] = NULL;
    }
}
