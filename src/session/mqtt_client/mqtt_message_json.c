#include "session/mqtt_client/mqtt_message_json.h"

#include "base/assert.h"
#include "shell/listing.h"

static void set_number(json_t *object, const char *key, uint64_t number) {
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_property(json_t *object, const struct mqtt_property_value *value) {
    const struct mqtt_property_row *row = mqtt_property_row(value->id);
    char name[64];
    size_t i = 0;
    for (; row->name[i] != '\0' && i + 1 < sizeof name; i++) {
        name[i] = row->name[i] == ' ' ? '_' : row->name[i];
    }
    name[i] = '\0';
    if (row->type == MQTT_TEXT || row->type == MQTT_BINARY) {
        listing_set_bytes(object, name, value->text);
    } else if (row->type != MQTT_TEXT_PAIR) {
        set_number(object, name, value->number);
    }
}

static json_t *properties_object(const struct mqtt_properties *properties) {
    json_t *object = json_object();
    json_t *user = json_array();
    struct bytes run = properties->raw;
    struct mqtt_property_value value;
    while (mqtt_property_next(&run, &value)) {
        if (value.id != MQTT_USER_PROPERTY) {
            set_property(object, &value);
            continue;
        }
        json_t *pair = json_object();
        listing_set_bytes(pair, "name", value.text);
        listing_set_bytes(pair, "value", value.second);
        json_array_append_new(user, pair);
    }
    if (json_array_size(user) > 0) {
        json_object_set(object, "user_properties", user);
    }
    json_decref(user);
    return object;
}

void mqtt_message_json_set(json_t *object, const struct mqtt_client_event *message, bool is_json) {
    json_t *parsed = !is_json ? NULL
                              : json_loadb((const char *)message->value.data, message->value.size,
                                           JSON_DECODE_ANY, NULL);
    listing_set_bytes(object, "topic", message->text);
    if (parsed != NULL) {
        json_object_set_new(object, "value", parsed);
    } else {
        listing_set_bytes(object, "value", message->value);
    }
    set_number(object, "qos", message->qos);
    json_object_set_new(object, "retain", json_boolean(message->retain));
    if (message->packet_id != 0) {
        set_number(object, "packet_id", message->packet_id);
        json_object_set_new(object, "dup", json_boolean(message->dup));
    }
    if (message->properties->raw.size > 0) {
        json_object_set_new(object, "properties", properties_object(message->properties));
    }
}

char *mqtt_message_json_text(const struct mqtt_client_event *message, bool is_json) {
    json_t *object = json_object();
    mqtt_message_json_set(object, message, is_json);
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    ASSERT(text != NULL);
    return text;
}
