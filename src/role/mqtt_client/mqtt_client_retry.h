// When a client that lost its broker tries again. Pure: how long to wait is a function of the
// policy, the number of the attempt, the wait before it, and a random number that is handed in.
//
// Jitter keeps a thousand clients that lost their broker in the same moment from coming back in the
// same moment: full jitter draws from 0 to the exponential wait; decorrelated jitter draws from the
// first wait to three times the one before.
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_RETRY_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "mqtt/reason.h"

enum mqtt_client_retry_kind {
    MQTT_CLIENT_RETRY_NEVER,
    MQTT_CLIENT_RETRY_FIXED,        // always after `first`
    MQTT_CLIENT_RETRY_EXPONENTIAL,  // first, twice as long, ..., at most `most`; without jitter
    MQTT_CLIENT_RETRY_FULL,         // exponential with full jitter
    MQTT_CLIENT_RETRY_DECORRELATED, // exponential with decorrelated jitter
};

struct mqtt_client_retry {
    enum mqtt_client_retry_kind kind;
    uint32_t attempts; // in a row that may fail; 0: no bound
    uint64_t first;    // nanoseconds; above 0
    uint64_t most;     // nanoseconds; at least `first`
};

// How long to wait before attempt number `attempt` in a row (from 1). *wait holds the wait before,
// or 0, and is set. False: there is to be no such attempt.
bool mqtt_client_retry_next(const struct mqtt_client_retry *retry, uint32_t attempt,
                            uint64_t random, uint64_t *wait);

// Whether trying again can help after the broker gave this reason: not if it does not know the
// client or its version, and not if another connection has taken the session over, for then two
// clients would take it from each other for ever.
bool mqtt_client_retry_helps(enum mqtt_reason reason);

#endif
