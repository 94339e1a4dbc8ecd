#include "session/proxy/proxy_fleet.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"

void proxy_fleet_init(struct proxy_fleet *fleet, uv_loop_t *loop,
                      const struct proxy_server_options *options) {
    *fleet = (struct proxy_fleet){.loop = loop, .options = *options};
    fleet->options.tap = NULL; // which shows one proxy
}

static struct proxy_member *append(struct proxy_fleet *fleet, const char *name) {
    struct proxy_member *member = calloc(1, sizeof *member);
    ASSERT(member != NULL);
    struct proxy_member **link = &fleet->members;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = member;
    fleet->count++;
    (void)snprintf(member->name, sizeof member->name, "%s", name);
    return member;
}

void proxy_fleet_adopt(struct proxy_fleet *fleet, struct proxy_server *server, const char *name,
                       const struct proxy_place *listen, const struct proxy_place *upstream) {
    struct proxy_member *member = append(fleet, name);
    member->server = server;
    member->listen = *listen;
    member->upstream = *upstream;
    member->enabled = member->is_first = true;
}

struct proxy_member *proxy_fleet_find(const struct proxy_fleet *fleet, const char *name) {
    for (struct proxy_member *at = fleet->members; at != NULL; at = at->next) {
        if (strcmp(at->name, name) == 0) {
            return at;
        }
    }
    return NULL;
}

static bool say(struct stream_server_error *error, const char *text) {
    (void)snprintf(error->text, sizeof error->text, "%s", text);
    return false;
}

static bool read_place(const char *text, struct proxy_place *place,
                       struct stream_server_error *error) {
    return proxy_place_read(text, place) ||
           say(error, "listen and upstream are HOST:PORT, [IPV6]:PORT, PORT or a path");
}

static bool set_target(struct proxy_member *member, struct stream_server_error *error) {
    struct stream_target *target = &member->server->options.target;
    const char *host = member->upstream.host[0] == '\0' ? "127.0.0.1" : member->upstream.host;
    if (!member->is_first) {
        target->kind = member->upstream.is_path ? STREAM_UNIX : STREAM_TCP;
    }
    return stream_target_set(target, host, member->upstream.port, error);
}

static bool enable(struct proxy_member *member, struct stream_server_error *error) {
    const char *host = member->listen.host;
    const struct stream_listener listener = {
        .kind = member->listen.is_path ? STREAM_UNIX : STREAM_TCP,
        .host = host[0] == '\0' ? "127.0.0.1" : host,
        .port = member->listen.port,
        .connections = member->server->options.limits.connections_max,
    };
    if (!set_target(member, error) || !proxy_server_listen(member->server, &listener, 1, error)) {
        return false;
    }
    member->enabled = true;
    member->listen.port = member->listen.is_path ? 0 : proxy_server_port(member->server, 0);
    return true;
}

static void disable(struct proxy_member *member) {
    member->enabled = false;
    proxy_server_pause(member->server);
}

static void on_closed(void *context) {
    struct proxy_fleet *fleet = context;
    if (--fleet->closing == 0 && fleet->closed != NULL) {
        fleet->closed(fleet->closed_context);
    }
}

static void take_away(struct proxy_fleet *fleet, struct proxy_member *member) {
    struct proxy_member **link = &fleet->members;
    while (*link != member) {
        link = &(*link)->next;
    }
    *link = member->next;
    fleet->count--;
    fleet->closing++;
    proxy_server_close(member->server, on_closed, fleet);
    free(member);
}

struct proxy_member *proxy_fleet_add(struct proxy_fleet *fleet,
                                     const struct proxy_fleet_settings *settings,
                                     struct stream_server_error *error) {
    struct proxy_place listen;
    struct proxy_place upstream;
    if (!read_place(settings->listen, &listen, error) ||
        !read_place(settings->upstream, &upstream, error)) {
        return NULL;
    }
    if (fleet->count == PROXY_FLEET_MAX) {
        (void)say(error, "there are as many proxies as may be");
        return NULL;
    }
    struct proxy_member *member = append(fleet, settings->name);
    member->listen = listen;
    member->upstream = upstream;
    member->server = proxy_server_create(fleet->loop, &fleet->options);
    if (settings->enabled ? !enable(member, error) : !set_target(member, error)) {
        take_away(fleet, member);
        return NULL;
    }
    return member;
}

static bool is_same(const struct proxy_place *a, const struct proxy_place *b) {
    return a->port == b->port && a->is_path == b->is_path && strcmp(a->host, b->host) == 0;
}

bool proxy_fleet_change(struct proxy_fleet *fleet, struct proxy_member *member,
                        const struct proxy_fleet_settings *settings,
                        struct stream_server_error *error) {
    (void)fleet;
    struct proxy_place listen = member->listen;
    struct proxy_place upstream = member->upstream;
    if ((settings->listen != NULL && !read_place(settings->listen, &listen, error)) ||
        (settings->upstream != NULL && !read_place(settings->upstream, &upstream, error))) {
        return false;
    }
    bool moves = !is_same(&listen, &member->listen) || !is_same(&upstream, &member->upstream);
    if (!moves && settings->enabled == member->enabled) {
        return true;
    }
    if (member->enabled) {
        disable(member);
    }
    member->listen = listen;
    member->upstream = upstream;
    return !settings->enabled || enable(member, error);
}

bool proxy_fleet_remove(struct proxy_fleet *fleet, struct proxy_member *member) {
    if (member->is_first) {
        return false;
    }
    take_away(fleet, member);
    return true;
}

void proxy_fleet_close(struct proxy_fleet *fleet, void (*closed)(void *context), void *context) {
    fleet->closed = closed;
    fleet->closed_context = context;
    fleet->closing++;
    while (fleet->members != NULL) {
        take_away(fleet, fleet->members);
    }
    on_closed(fleet);
}
