// How a connection of the MQTT client ends, and what a broker does wrong.
//
// For the sources of the client only, as is the state that they share (mqtt_client_state.h).
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_ENDING_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_ENDING_H

#include "role/mqtt_client/mqtt_client_state.h"

struct mqtt_client_end {
    enum mqtt_client_cause cause;
    enum mqtt_reason reason;
    const char *why;
    struct bytes text;
    bool is_gone; // there is no stream to be closed
};

// Ends the connection or the attempt, decides whether there is to be another one, and tells. What
// was said goes out still, if there is a stream and the end is an orderly one.
void mqtt_client_end(struct mqtt_client *client, const struct mqtt_client_end *end, uint64_t now);

// The broker says where to go in place of this end (5.0, section 4.11).
void mqtt_client_redirect(struct mqtt_client *client, const struct mqtt_packet *packet);

// What brokers do wrong; a row of a table each.
enum mqtt_client_fault {
    MQTT_CLIENT_FAULT_LENGTH,
    MQTT_CLIENT_FAULT_TOO_LARGE,
    MQTT_CLIENT_FAULT_UNDECODABLE,
    MQTT_CLIENT_FAULT_NOT_CONNACK,
    MQTT_CLIENT_FAULT_SECOND_CONNACK,
    MQTT_CLIENT_FAULT_EARLY_DISCONNECT,
    MQTT_CLIENT_FAULT_SESSION_AFTER_CLEAN,
    MQTT_CLIENT_FAULT_SESSION_UNKNOWN,
    MQTT_CLIENT_FAULT_NO_IDENTIFIER,
    MQTT_CLIENT_FAULT_RESPONSE_INFORMATION,
    MQTT_CLIENT_FAULT_PROBLEM_INFORMATION,
    MQTT_CLIENT_FAULT_AUTH_UNASKED,
    MQTT_CLIENT_FAULT_AUTH_METHOD,
    MQTT_CLIENT_FAULT_AUTH_REASON,
    MQTT_CLIENT_FAULT_ALIAS_ABOVE,
    MQTT_CLIENT_FAULT_ALIAS_UNKNOWN,
    MQTT_CLIENT_FAULT_RECEIVE_MAXIMUM,
    MQTT_CLIENT_FAULT_IDENTIFIER_IN_USE,
    MQTT_CLIENT_FAULT_ANSWER_UNKNOWN,
    MQTT_CLIENT_FAULT_ANSWER_WRONG,
    MQTT_CLIENT_FAULT_REQUEST_UNKNOWN,
    MQTT_CLIENT_FAULT_SUBACK_COUNT,
    MQTT_CLIENT_FAULT_UNSUBACK_COUNT,
    MQTT_CLIENT_FAULT_PING_UNASKED,
    MQTT_CLIENT_FAULTS,
};

// Tells it, and ends the connection if it is one of the worse ones. `why` says more, or is NULL.
void mqtt_client_blame(struct mqtt_client *client, enum mqtt_client_fault fault, const char *why,
                       uint64_t now);

#endif
