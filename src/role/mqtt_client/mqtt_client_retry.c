#include "role/mqtt_client/mqtt_client_retry.h"

#include "base/assert.h"

// From `low` to `high`, both inclusive.
static uint64_t draw(uint64_t low, uint64_t high, uint64_t random) {
    uint64_t span = high - low;
    return span == UINT64_MAX ? random : low + random % (span + 1);
}

static uint64_t exponential(const struct mqtt_client_retry *retry, uint32_t attempt) {
    uint64_t wait = retry->first;
    for (uint32_t i = 1; i < attempt && wait < retry->most; i++) {
        wait = wait > retry->most / 2 ? retry->most : wait * 2;
    }
    return wait;
}

static uint64_t decorrelated(const struct mqtt_client_retry *retry, uint64_t before,
                             uint64_t random) {
    uint64_t base = before < retry->first ? retry->first : before;
    uint64_t high = base > retry->most / 3 ? retry->most : base * 3;
    return draw(retry->first, high, random);
}

static uint64_t wait_of(const struct mqtt_client_retry *retry, uint32_t attempt, uint64_t random,
                        uint64_t before) {
    switch (retry->kind) {
    case MQTT_CLIENT_RETRY_NEVER:
    case MQTT_CLIENT_RETRY_FIXED:
        break;
    case MQTT_CLIENT_RETRY_EXPONENTIAL:
        return exponential(retry, attempt);
    case MQTT_CLIENT_RETRY_FULL:
        return draw(0, exponential(retry, attempt), random);
    case MQTT_CLIENT_RETRY_DECORRELATED:
        return decorrelated(retry, before, random);
    }
    return retry->first;
}

bool mqtt_client_retry_next(const struct mqtt_client_retry *retry, uint32_t attempt,
                            uint64_t random, uint64_t *wait) {
    ASSERT(attempt > 0);
    if (retry->kind == MQTT_CLIENT_RETRY_NEVER ||
        (retry->attempts > 0 && attempt > retry->attempts)) {
        return false;
    }
    ASSERT(retry->first > 0 && retry->first <= retry->most);
    *wait = wait_of(retry, attempt, random, *wait);
    ASSERT(*wait <= retry->most);
    return true;
}

bool mqtt_client_retry_helps(enum mqtt_reason reason) {
    switch ((unsigned)reason) {
    case MQTT_UNSUPPORTED_PROTOCOL_VERSION:
    case MQTT_CLIENT_IDENTIFIER_NOT_VALID:
    case MQTT_BAD_USER_NAME_OR_PASSWORD:
    case MQTT_NOT_AUTHORIZED:
    case MQTT_BANNED:
    case MQTT_BAD_AUTHENTICATION_METHOD:
    case MQTT_SESSION_TAKEN_OVER:
    case MQTT_TOPIC_NAME_INVALID:     // of the will
    case MQTT_PACKET_TOO_LARGE:       // the CONNECT
    case MQTT_PAYLOAD_FORMAT_INVALID: // of the will
    case MQTT_RETAIN_NOT_SUPPORTED:   // of the will
    case MQTT_QOS_NOT_SUPPORTED:      // of the will
        return false;
    default:
        return true;
    }
}
