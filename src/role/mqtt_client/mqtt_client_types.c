#include "role/mqtt_client/mqtt_client_types.h"

#include "base/assert.h"

static const char *const results[MQTT_CLIENT_RESULTS] = {
    [MQTT_CLIENT_OK] = "done",
    [MQTT_CLIENT_ALREADY] = "this is done or on its way already",
    [MQTT_CLIENT_NOT_CONNECTED] = "there is no connection",
    [MQTT_CLIENT_QUEUE_FULL] = "too many messages wait to be acknowledged",
    [MQTT_CLIENT_STREAM_FULL] = "the broker reads too slowly",
    [MQTT_CLIENT_TOO_LARGE] = "it is larger than the broker takes",
    [MQTT_CLIENT_OVER_LIMIT] = "it is larger than what may wait to be acknowledged",
    [MQTT_CLIENT_QOS_TOO_HIGH] = "the broker does not take this QoS",
    [MQTT_CLIENT_NO_RETAINING] = "the broker does not retain messages",
    [MQTT_CLIENT_NO_WILDCARDS] = "the broker does not know wildcards",
    [MQTT_CLIENT_NO_SHARING] = "the broker does not share subscriptions",
    [MQTT_CLIENT_NO_IDENTIFIERS] = "the broker does not know subscription identifiers",
    [MQTT_CLIENT_WRONG_TOPIC] = "this is no topic name",
    [MQTT_CLIENT_WRONG_FILTER] = "this is no topic filter",
    [MQTT_CLIENT_WRONG_PROPERTY] = "such a property cannot stand here",
    [MQTT_CLIENT_NOT_SUBSCRIBED] = "there is no such subscription",
    [MQTT_CLIENT_TOO_MANY] = "there are as many subscriptions as are allowed",
    [MQTT_CLIENT_WRONG_OPTION] = "such an option cannot stand here",
    [MQTT_CLIENT_NOT_THIS_METHOD] = "the connection did not begin with SCRAM",
};

const char *mqtt_client_result_text(enum mqtt_client_result result) {
    ASSERT(result < MQTT_CLIENT_RESULTS);
    return results[result];
}
