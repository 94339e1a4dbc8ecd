#include "role/mqtt_client/mqtt_client_ending.h"

#include "base/assert.h"

// ---- the end of a connection ------------------------------------------------------------------

static void forget_attempts(struct mqtt_client *client) {
    if (client->apart->attempts > 0) {
        struct mqtt_client_apart *apart = mqtt_client_apart(client);
        apart->attempts = 0;
        apart->wait = 0;
    }
}

// A connection that stood for as long as the first wait has made good for the attempts before it.
static void judge_attempts(struct mqtt_client *client, uint64_t now) {
    bool was_open = mqtt_client_is_open(client);
    struct mqtt_client_apart *apart = mqtt_client_apart(client);
    if (was_open && now - client->opened_at >= client->config->retry.first) {
        forget_attempts(client);
    }
    apart->attempts += apart->attempts < UINT32_MAX;
}

static uint64_t plan_retry(struct mqtt_client *client, const struct mqtt_client_end *end,
                           uint64_t now) {
    if (end->cause == MQTT_CLIENT_CAUSE_ASKED) {
        forget_attempts(client);
        return MQTT_CLIENT_NEVER;
    }
    judge_attempts(client, now);
    if (client->is_redirected) {
        return now;
    }
    bool is_own = end->reason == MQTT_SESSION_TAKEN_OVER && client->has_ghost;
    if ((!mqtt_client_retry_helps(end->reason) && !is_own) ||
        !mqtt_client_retry_next(&client->config->retry, client->apart->attempts,
                                mqtt_client_draw(client), &mqtt_client_apart(client)->wait)) {
        return MQTT_CLIENT_NEVER;
    }
    return now + client->apart->wait;
}

static bool is_orderly(enum mqtt_client_cause cause) {
    return cause == MQTT_CLIENT_CAUSE_ASKED || cause == MQTT_CLIENT_CAUSE_VIOLATION ||
           cause == MQTT_CLIENT_CAUSE_UNPROVEN;
}

static void forget_output(struct mqtt_client *client) {
    buffer_deinit(&client->out);
    client->is_hurried = true;
}

// A broker that was to be used once, or that a refusal came from, is not asked again.
static void forget_server(struct mqtt_client *client) {
    if (!client->is_moved && client->apart->server != NULL) {
        struct mqtt_client_apart *apart = mqtt_client_apart(client);
        memory_free(client->port->memory, apart->server, apart->server_bytes);
        apart->server = NULL;
        apart->server_bytes = 0;
    }
}

static void tell_end(struct mqtt_client *client, const struct mqtt_client_end *end, bool was_open) {
    mqtt_client_tell(client, &(struct mqtt_client_event){.kind = MQTT_CLIENT_EVENT_ENDED,
                                                         .cause = end->cause,
                                                         .was_open = was_open,
                                                         .reason = end->reason,
                                                         .why = end->why,
                                                         .text = end->text,
                                                         .retry_at = client->apart->retry_at});
}

static void settle_stream(struct mqtt_client *client, const struct mqtt_client_end *end,
                          uint64_t now) {
    if (end->is_gone) {
        bool tries = client->apart->retry_at != MQTT_CLIENT_NEVER;
        client->state = tries ? MQTT_CLIENT_WAITING : MQTT_CLIENT_OFF;
        client->due_at = client->apart->retry_at;
        return;
    }
    client->state = MQTT_CLIENT_EXPECT_CLOSED;
    client->due_at = now + client->config->answer_timeout;
}

// A CONNECT that was given up without an answer may still reach the broker, and take the session
// over from the connection that came after it: then the client has met itself, once.
static void note_ghost(struct mqtt_client *client, const struct mqtt_client_end *end,
                       bool was_open) {
    bool is_unanswered = client->state == MQTT_CLIENT_EXPECT_CONNACK;
    client->is_abandoned = !end->is_gone && !is_orderly(end->cause);
    client->has_ghost = (client->has_ghost && !was_open) || (is_unanswered && client->is_abandoned);
}

void mqtt_client_end(struct mqtt_client *client, const struct mqtt_client_end *end, uint64_t now) {
    bool is_over = client->state == MQTT_CLIENT_OFF || client->state == MQTT_CLIENT_EXPECT_CLOSED;
    if (is_over) {
        return;
    }
    bool was_open = mqtt_client_is_open(client);
    mqtt_client_set_retry(client, plan_retry(client, end, now));
    note_ghost(client, end, was_open);
    if (!client->is_redirected) {
        forget_server(client);
    }
    client->is_redirected = false;
    client->is_hurried = false;
    if (end->is_gone || !is_orderly(end->cause)) {
        forget_output(client);
    }
    mqtt_client_link_free(client);
    if (client->apart->rest.size > 0) {
        buffer_deinit(&mqtt_client_apart(client)->rest);
    }
    settle_stream(client, end, now);
    mqtt_client_wake(client);
    tell_end(client, end, was_open);
}

// ---- another server ---------------------------------------------------------------------------

static void set_server(struct mqtt_client *client, struct bytes reference, bool is_moved) {
    struct mqtt_client_apart *apart = mqtt_client_apart(client);
    apart->server =
        memory_resize(client->port->memory, apart->server, apart->server_bytes, reference.size);
    apart->server_bytes = (uint16_t)reference.size;
    client->is_moved = is_moved;
    memcpy(apart->server, reference.data, reference.size);
}

void mqtt_client_redirect(struct mqtt_client *client, const struct mqtt_packet *packet) {
    struct bytes reference = packet->properties.server_reference;
    bool is_move = packet->reason == MQTT_SERVER_MOVED;
    if ((!is_move && packet->reason != MQTT_USE_ANOTHER_SERVER) || reference.size == 0) {
        return;
    }
    bool is_followed = client->apart->redirects < client->config->redirects;
    mqtt_client_tell(client, &(struct mqtt_client_event){.kind = MQTT_CLIENT_EVENT_REDIRECTED,
                                                         .text = reference,
                                                         .reason = (enum mqtt_reason)packet->reason,
                                                         .is_followed = is_followed});
    if (is_followed) {
        mqtt_client_apart(client)->redirects++;
        client->is_redirected = true;
        set_server(client, reference, is_move);
    }
}

// ---- what a broker does wrong -----------------------------------------------------------------

static const struct {
    const char *statement_5;
    const char *statement_3; // of 3.1.1; NULL: there cannot be such a fault, or no statement
    const char *why;
    enum mqtt_reason reason; // of our DISCONNECT; MQTT_SUCCESS: it is passed over
} rows[MQTT_CLIENT_FAULTS] = {
    [MQTT_CLIENT_FAULT_LENGTH] = {"MQTT-1.5.5-1", "MQTT3-4.8.0-1",
                                  "the length of a packet has too many bytes",
                                  MQTT_MALFORMED_PACKET},
    [MQTT_CLIENT_FAULT_TOO_LARGE] = {"MQTT-3.1.2-24", NULL,
                                     "a packet is larger than this client takes",
                                     MQTT_PACKET_TOO_LARGE},
    [MQTT_CLIENT_FAULT_UNDECODABLE] = {"MQTT-4.13.1-1", "MQTT3-4.8.0-1", "a packet is malformed",
                                       MQTT_MALFORMED_PACKET},
    [MQTT_CLIENT_FAULT_NOT_CONNACK] = {"MQTT-3.2.0-1", "MQTT3-3.2.0-1",
                                       "another packet came before CONNACK", MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_SECOND_CONNACK] = {"MQTT-3.2.0-2", "MQTT3-4.8.0-1", "a second CONNACK came",
                                          MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_EARLY_DISCONNECT] = {"MQTT-3.14.0-1", NULL, "DISCONNECT came before CONNACK",
                                            MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_SESSION_AFTER_CLEAN] = {"MQTT-3.2.2-2", "MQTT3-3.2.2-1",
                                               "a session is present although a new one was asked "
                                               "for",
                                               MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_SESSION_UNKNOWN] = {"MQTT-3.2.2-4", "MQTT3-3.2.2-3",
                                           "a session is present that this client never had",
                                           MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_NO_IDENTIFIER] = {"MQTT-3.2.2-16", NULL, "no client identifier was assigned",
                                         MQTT_SUCCESS},
    [MQTT_CLIENT_FAULT_RESPONSE_INFORMATION] = {"MQTT-3.1.2-28", NULL,
                                                "response information came that was not asked for",
                                                MQTT_SUCCESS},
    [MQTT_CLIENT_FAULT_PROBLEM_INFORMATION] = {"MQTT-3.1.2-29", NULL,
                                               "problem information came that was not wanted",
                                               MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_AUTH_UNASKED] = {"MQTT-4.12.0-6", NULL,
                                        "AUTH came without an authentication method in CONNECT",
                                        MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_AUTH_METHOD] = {"MQTT-4.12.0-5", NULL,
                                       "the authentication method is not that of CONNECT",
                                       MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_AUTH_REASON] = {"MQTT-4.12.0-2", NULL,
                                       "AUTH has a reason code that makes no sense here",
                                       MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_ALIAS_ABOVE] = {"MQTT-3.3.2-11", NULL,
                                       "a topic alias is above this client's maximum",
                                       MQTT_TOPIC_ALIAS_INVALID},
    [MQTT_CLIENT_FAULT_ALIAS_UNKNOWN] = {"MQTT 5.0, 3.3.2.3.4", NULL, "a topic alias was never set",
                                         MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_RECEIVE_MAXIMUM] = {"MQTT-3.3.4-9", NULL,
                                           "more messages are under way than the receive maximum",
                                           MQTT_RECEIVE_MAXIMUM_EXCEEDED},
    [MQTT_CLIENT_FAULT_IDENTIFIER_IN_USE] = {"MQTT-2.2.1-4", "MQTT3-2.3.1-4",
                                             "a message without DUP has a packet identifier that "
                                             "awaits PUBREL",
                                             MQTT_SUCCESS},
    [MQTT_CLIENT_FAULT_ANSWER_UNKNOWN] = {"MQTT-2.2.1-5", "MQTT3-2.3.1-6",
                                          "an acknowledgement has a packet identifier that no "
                                          "message has",
                                          MQTT_SUCCESS},
    [MQTT_CLIENT_FAULT_ANSWER_WRONG] = {"MQTT-3.3.4-1", "MQTT3-3.3.4-1",
                                        "an acknowledgement is of another kind than its message "
                                        "awaits",
                                        MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_REQUEST_UNKNOWN] = {"MQTT-2.2.1-6", "MQTT3-2.3.1-7",
                                           "SUBACK or UNSUBACK has a packet identifier that no "
                                           "request has",
                                           MQTT_SUCCESS},
    [MQTT_CLIENT_FAULT_SUBACK_COUNT] = {"MQTT-3.8.4-6", "MQTT3-3.8.4-5",
                                        "SUBACK does not have a reason code for each filter",
                                        MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_UNSUBACK_COUNT] = {"MQTT-3.11.3-1", NULL,
                                          "UNSUBACK does not have a reason code for each filter",
                                          MQTT_PROTOCOL_ERROR},
    [MQTT_CLIENT_FAULT_PING_UNASKED] = {"MQTT-3.12.4-1", "MQTT3-3.12.4-1",
                                        "PINGRESP came without PINGREQ", MQTT_SUCCESS},
};

// [MQTT-3.14.2-1]: a reason that a client may not send is told as a protocol error.
static void say_goodbye(struct mqtt_client *client, enum mqtt_reason reason, uint64_t now) {
    if (mqtt_client_is_5(client) && mqtt_client_is_open(client)) {
        bool is_legal = mqtt_reason_is_legal((uint8_t)reason, MQTT_DISCONNECT, false);
        (void)mqtt_client_say(
            client,
            &(struct mqtt_packet){.type = MQTT_DISCONNECT,
                                  .reason = (uint8_t)(is_legal ? reason : MQTT_PROTOCOL_ERROR)},
            now);
    }
}

void mqtt_client_blame(struct mqtt_client *client, enum mqtt_client_fault fault, const char *why,
                       uint64_t now) {
    ASSERT(fault < MQTT_CLIENT_FAULTS && rows[fault].why != NULL);
    enum mqtt_reason reason = rows[fault].reason;
    why = why != NULL ? why : rows[fault].why;
    mqtt_client_tell(client, &(struct mqtt_client_event){.kind = MQTT_CLIENT_EVENT_VIOLATION,
                                                         .reason = reason,
                                                         .why = why,
                                                         .statement = mqtt_client_is_5(client)
                                                                          ? rows[fault].statement_5
                                                                          : rows[fault].statement_3,
                                                         .is_fatal = reason != MQTT_SUCCESS});
    if (reason != MQTT_SUCCESS) {
        say_goodbye(client, reason, now);
        mqtt_client_end(client,
                        &(struct mqtt_client_end){
                            .cause = MQTT_CLIENT_CAUSE_VIOLATION, .reason = reason, .why = why},
                        now);
    }
}
