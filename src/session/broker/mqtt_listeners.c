#include "session/broker/mqtt_listeners.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"

#define PASSED MQTT_LISTENERS_PASSED

static char message[256];

static const char *say(const char *item, const char *what) {
    snprintf(message, sizeof message, "%.120s: %s", item, what);
    return message;
}

static bool read_number(const char *text, uint64_t max, uint64_t *number) {
    return decimal_read(bytes_of_text(text), max, number);
}

// A rule `key=number`; false: there is no such rule.
static bool read_rule(char *rule, struct stream_listener *listener) {
    char *equals = strchr(rule, '=');
    uint64_t number;
    if (equals == NULL || !read_number(equals + 1, UINT32_MAX, &number) || number == 0) {
        return false;
    }
    *equals = '\0';
    if (strcmp(rule, "connections") == 0) {
        listener->connections = (uint32_t)number;
    } else if (strcmp(rule, "per-address") == 0) {
        listener->connections_per_address = (uint32_t)number;
    } else {
        return false;
    }
    return true;
}

static bool read_rules(char *text, struct stream_listener *listener) {
    char *mark = strchr(text, '?');
    if (mark == NULL) {
        return true;
    }
    *mark = '\0';
    char *rest = NULL;
    char *rule = strtok_r(mark + 1, "&", &rest);
    for (; rule != NULL; rule = strtok_r(NULL, "&", &rest)) {
        if (!read_rule(rule, listener)) {
            return false;
        }
    }
    return true;
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
    if (!read_rules(item, listener)) {
        return say(original, "behind ? stand connections=N or per-address=N, joined by &");
    }
    listener->kind = kind;
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

void mqtt_listeners_free(struct mqtt_listeners *listeners) {
    for (int kind = 0; kind < MQTT_LISTENER_KINDS; kind++) {
        free(listeners->texts[kind]);
        listeners->texts[kind] = NULL;
    }
}
