#include "watch/explain/watch_json.h"

#include "base/utf8.h"
#include "shell/listing.h"

static json_t *element_json(struct bytes element) {
    if (utf8_is_valid(element)) {
        return json_stringn(element.size > 0 ? (const char *)element.data : "", element.size);
    }
    json_t *object = json_object();
    listing_set_bytes(object, "", element);
    json_t *text = json_object_get(object, "_base64");
    json_t *named = json_pack("{s:O}", "base64", text);
    json_decref(object);
    return named;
}

static json_t *elements_json(const struct packet *packet) {
    json_t *array = json_array();
    for (unsigned i = 0; i < packet->element_count; i++) {
        json_array_append_new(array, element_json(packet->element[i]));
    }
    return array;
}

static void set_number(json_t *object, const char *key, uint64_t number) {
    // JSON's integers end here; a time stamp may be any number of 64 bits.
    json_object_set_new(object, key,
                        json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number));
}

static void set_packet(json_t *object, const struct watch_item *item) {
    const struct packet *wire = item->wire;
    set_number(object, "receiver", wire->receiver);
    json_object_set_new(object, "type", json_string(packet_type_name(wire->type)));
    json_object_set_new(object, "elements", elements_json(wire));
    set_number(object, "signature", wire->signature);
    json_object_set_new(object, "sealed", json_boolean(item->is_sealed));
    if (item->is_unprotected) {
        json_object_set_new(object, "unprotected", json_true());
    }
    if (item->is_sealed && item->is_readable) {
        bool guessed = item->finding.outcome == EAVESDROP_GUESSED;
        json_object_set_new(object, "plain", elements_json(item->plain));
        set_number(object, guessed ? "shift" : "key",
                   guessed ? item->finding.shift : item->finding.key);
    }
    if (item->finding.outcome == EAVESDROP_KEY_FOUND) {
        set_number(object, "key", item->finding.key);
    }
}

void watch_json_append(const struct watch_item *item, bool raw, struct buffer *out) {
    json_t *object = json_object();
    if (item->is_packet || item->wire->time_stamp != 0) {
        set_number(object, "time", item->wire->time_stamp);
    }
    listing_set_bytes(object, "network", bytes_of_text(item->network_name));
    if (item->wire->sender != 0) {
        set_number(object, "sender", item->wire->sender);
    }
    if (item->is_packet) {
        set_packet(object, item);
    }
    if (raw || !item->is_packet) {
        listing_set_bytes(object, "line", item->line);
    }
    set_number(object, "bytes", item->line.size + 1); // with the end of the line
    listing_set_bytes(object, "words", item->words);
    if (item->note.size > 0) {
        listing_set_bytes(object, "note", item->note);
    }
    if (item->why.size > 0) {
        listing_set_bytes(object, "why", item->why);
    }
    if (item->fault != PACKET_OK) {
        json_object_set_new(object, "fault", json_string(packet_fault_name(item->fault)));
    }
    listing_append_object(object, out);
}
