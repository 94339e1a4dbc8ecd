#include "session/mqtt_client/mqtt_client_levers.h"

#include <stdio.h>

#include "base/assert.h"
#include "session/mqtt_client/mqtt_client_report.h"

#define LANE_BYTES (1024u * 1024)
#define CLIENTS_KEPT_MAX 16 // whose counts are kept: the broker may name a client anew

// ---- the proxy's port -------------------------------------------------------------------------

static void on_wake(void *context, struct proxy_connection *connection, enum proxy_side side) {
    (void)context;
    (void)connection;
    (void)side; // each turn looks
}

// What happens to a packet that is shown is told with it.
static void on_tell(void *context, const struct proxy_event *event) {
    struct mqtt_client_levers *levers = context;
    if (event->kind != PROXY_HIT || !levers->ends.shows_packets) {
        proxy_levers_tell(&levers->ends.run->report, event,
                          &(struct proxy_levers_teller){BYTES_LITERAL("broker"), false});
    }
}

static void on_decided(void *context, const struct proxy_fate *fate) {
    struct mqtt_client_levers *levers = context;
    const struct fault_decision *decision = fate->decision;
    if (!levers->ends.shows_packets || decision == NULL) {
        return;
    }
    mqtt_client_report_fault(
        &levers->ends.run->report, levers->ends.version,
        &(struct mqtt_client_fault_report){.kind = fate->connection->inputs[fate->side].kind,
                                           .is_sent = fate->side == PROXY_CLIENT,
                                           .packet = fate->packet,
                                           .end = decision->end,
                                           .rule = decision->rule,
                                           .delay = decision->finish > fate->now &&
                                                            decision->end == FAULT_PASSES
                                                        ? decision->finish - fate->now
                                                        : 0});
}

// ---- life -------------------------------------------------------------------------------------

void mqtt_client_levers_init(struct mqtt_client_levers *levers, struct memory *memory,
                             uint64_t seed) {
    static const struct proxy_limits limits = {.connections_max = 1,
                                               .rules_max = FAULT_RULES_MAX,
                                               .clients_max = CLIENTS_KEPT_MAX,
                                               .lane_bytes = LANE_BYTES};
    *levers = (struct mqtt_client_levers){0};
    proxy_init(&levers->proxy, memory, seed, &limits);
    levers->proxy.port = (struct proxy_port){levers, on_wake, on_tell, on_decided};
}

void mqtt_client_levers_start(struct mqtt_client_levers *levers,
                              const struct mqtt_client_levers_ends *ends) {
    levers->ends = *ends;
}

static void close_side(struct mqtt_client_levers *levers, enum proxy_side side, uint64_t now) {
    struct proxy_connection *between = levers->between;
    bool was_last = between->is_closed[side == PROXY_CLIENT ? PROXY_BROKER : PROXY_CLIENT];
    levers->between = was_last ? NULL : between;
    proxy_side_closed(between, side, now);
}

void mqtt_client_levers_deinit(struct mqtt_client_levers *levers) {
    for (enum proxy_side side = PROXY_CLIENT; side <= PROXY_BROKER; side++) {
        if (levers->between != NULL && !levers->between->is_closed[side]) {
            close_side(levers, side, 0);
        }
    }
    proxy_deinit(&levers->proxy);
}

// ---- the stream ---------------------------------------------------------------------------------

void mqtt_client_levers_opened(struct mqtt_client_levers *levers, const char *place, uint64_t now) {
    ASSERT(levers->between == NULL);
    levers->is_closing = false;
    levers->why[0] = '\0';
    levers->between = proxy_connect(&levers->proxy, place, levers, now);
    ASSERT_MESSAGE(levers->between != NULL, "out of memory"); // of which there is no limit here
}

void mqtt_client_levers_received(struct mqtt_client_levers *levers, struct bytes bytes,
                                 uint64_t now) {
    (void)proxy_receive(levers->between, PROXY_BROKER, bytes, now);
}

void mqtt_client_levers_closed(struct mqtt_client_levers *levers, const char *why, uint64_t now) {
    (void)snprintf(levers->why, sizeof levers->why, "%s", why == NULL ? "" : why);
    close_side(levers, PROXY_BROKER, now);
}

// From the client into the proxy, and from there into the stream.
static void move_out(struct mqtt_client_levers *levers, uint64_t now) {
    struct proxy_connection *between = levers->between;
    struct mqtt_client *client = levers->ends.client;
    struct stream_client *stream = levers->ends.stream;
    struct bytes run;
    while (!between->is_closed[PROXY_CLIENT] && proxy_takes_input(between, PROXY_CLIENT) &&
           (run = mqtt_client_output(client)).size > 0) {
        (void)proxy_receive(between, PROXY_CLIENT, run, now);
        mqtt_client_sent(client, run.size, now);
    }
    while (!between->is_closed[PROXY_BROKER] && !levers->is_closing &&
           stream_client_is_idle(stream) && proxy_output(between, PROXY_BROKER, &run, 1) > 0) {
        stream_client_write(stream, run);
        proxy_sent(between, PROXY_BROKER, run.size);
    }
    if (!between->is_closed[PROXY_BROKER] && !levers->is_closing &&
        proxy_is_over(between, PROXY_BROKER) && proxy_output(between, PROXY_BROKER, &run, 1) == 0) {
        levers->is_closing = true;
        stream_client_close(stream, between->is_reset);
    }
}

static void move_in(struct mqtt_client_levers *levers, bool takes, uint64_t now) {
    struct bytes run;
    while (takes && !levers->between->is_closed[PROXY_CLIENT] &&
           proxy_output(levers->between, PROXY_CLIENT, &run, 1) > 0) {
        mqtt_client_receive(levers->ends.client, run, now);
        proxy_sent(levers->between, PROXY_CLIENT, run.size);
        takes = mqtt_client_takes_input(levers->ends.client);
    }
}

enum mqtt_client_levers_end mqtt_client_levers_move(struct mqtt_client_levers *levers, bool takes,
                                                    uint64_t now) {
    struct bytes run;
    if (levers->between == NULL) {
        return MQTT_CLIENT_LEVERS_GO_ON;
    }
    move_in(levers, takes, now);
    move_out(levers, now);
    struct proxy_connection *between = levers->between;
    bool is_over = !between->is_closed[PROXY_CLIENT] && proxy_is_over(between, PROXY_CLIENT) &&
                   proxy_output(between, PROXY_CLIENT, &run, 1) == 0;
    return !is_over             ? MQTT_CLIENT_LEVERS_GO_ON
           : between->is_broken ? MQTT_CLIENT_LEVERS_CUT
                                : MQTT_CLIENT_LEVERS_LOST;
}

void mqtt_client_levers_leave(struct mqtt_client_levers *levers, bool at_once, uint64_t now) {
    struct proxy_connection *between = levers->between;
    bool has_stream = !between->is_closed[PROXY_BROKER];
    if (at_once && has_stream && !levers->is_closing) {
        levers->is_closing = true;
        stream_client_close(levers->ends.stream, true);
    }
    if (!between->is_closed[PROXY_CLIENT]) {
        close_side(levers, PROXY_CLIENT, now);
    }
    if (levers->between != NULL) {
        move_out(levers, now);
    }
}

bool mqtt_client_levers_takes_input(const struct mqtt_client_levers *levers) {
    return levers->between != NULL && proxy_takes_input(levers->between, PROXY_BROKER);
}

// ---- the user's ---------------------------------------------------------------------------------

bool mqtt_client_levers_are_stuck(const struct mqtt_client_levers *levers) {
    const struct proxy_connection *between = levers->between;
    return between != NULL &&
           (between->frozen_until > 0 ||
            between->lanes[PROXY_CLIENT].held + between->lanes[PROXY_BROKER].held > 0);
}

bool mqtt_client_levers_are_drained(const struct mqtt_client_levers *levers) {
    const struct proxy_connection *between = levers->between;
    return between == NULL || between->lanes[PROXY_CLIENT].bytes == 0 ||
           mqtt_client_levers_are_stuck(levers);
}

void mqtt_client_levers_list(const struct mqtt_client_levers *levers, struct listing *listing) {
    static const char *const ways[] = {[PROXY_CLIENT] = "out", [PROXY_BROKER] = "in"};
    const struct fault_set *set = &levers->proxy.set;
    if (set->count > 0) {
        fault_rules_list(listing, set, (struct fault_rules_other){0});
    }
    if (set->count > 0 || mqtt_client_levers_are_stuck(levers)) {
        proxy_levers_list_waiting(listing, &levers->proxy, "packets that wait", ways);
    }
}
