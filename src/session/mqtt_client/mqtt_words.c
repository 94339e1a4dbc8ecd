#include "session/mqtt_client/mqtt_words.h"

#include <string.h>

#include "base/decimal.h"
#include "base/utf8.h"
#include "base/word_distance.h"
#include "shell/printable.h"

#define USER BYTES_LITERAL("user:")

void mqtt_words_init(struct mqtt_words *words, unsigned packet, struct memory *memory) {
    *words = (struct mqtt_words){.packet = packet};
    buffer_init(&words->user, memory);
}

void mqtt_words_deinit(struct mqtt_words *words) {
    buffer_deinit(&words->user);
}

// ---- names of properties ------------------------------------------------------------------------

// Whether the word is the name, with - for blanks, or its first words.
static bool is_name(struct bytes word, const char *name) {
    for (size_t i = 0; i < word.size; i++) {
        char wanted = name[i] == ' ' ? '-' : name[i];
        if (wanted == '\0' || word.data[i] != (uint8_t)wanted) {
            return false;
        }
    }
    return word.size > 0 && (name[word.size] == '\0' || name[word.size] == ' ');
}

static bool may_stand(uint32_t id, unsigned packet) {
    const struct mqtt_property_row *row = mqtt_property_row(id);
    return row != NULL && (row->packets >> packet & 1) != 0 && row->offset != 0;
}

// Those that the client sets by itself.
static bool is_own(uint32_t id) {
    return id == MQTT_TOPIC_ALIAS || id == MQTT_AUTHENTICATION_METHOD ||
           id == MQTT_AUTHENTICATION_DATA || id == MQTT_RECEIVE_MAXIMUM ||
           id == MQTT_MAXIMUM_PACKET_SIZE || id == MQTT_TOPIC_ALIAS_MAXIMUM;
}

static bool is_usable(const struct mqtt_words *words, uint32_t id) {
    bool is_received = words->packet == MQTT_PUBLISH && id == MQTT_SUBSCRIPTION_IDENTIFIER;
    return may_stand(id, words->packet) && !is_own(id) && !is_received;
}

// 0: there is none, or several could be meant.
static uint32_t find_property(const struct mqtt_words *words, struct bytes name) {
    uint32_t found = 0;
    for (uint32_t id = 1; id < MQTT_PROPERTIES; id++) {
        if (is_usable(words, id) && is_name(name, mqtt_property_row(id)->name)) {
            if (found != 0) {
                return 0;
            }
            found = id;
        }
    }
    return found;
}

static void append_name(struct buffer *out, const char *name) {
    for (; *name != '\0'; name++) {
        buffer_append_byte(out, *name == ' ' ? '-' : (uint8_t)*name);
    }
}

// The last words of a name may be left out.
static void try_name(struct word_nearest *nearest, struct bytes name) {
    for (size_t end = name.size; end > 0; end--) {
        if (end == name.size || name.data[end] == '-') {
            word_nearest_try(nearest, bytes_make(name.data, end));
        }
    }
}

// False: none is near.
static bool append_nearest(const struct mqtt_words *words, struct bytes name,
                           struct buffer *message) {
    struct word_nearest nearest;
    struct buffer names;
    size_t begins[MQTT_PROPERTIES];
    buffer_init(&names, message->memory);
    for (uint32_t id = 1; id < MQTT_PROPERTIES; id++) {
        begins[id] = names.size;
        if (is_usable(words, id)) {
            append_name(&names, mqtt_property_row(id)->name);
        }
    }
    word_nearest_init(&nearest, name);
    for (uint32_t id = 1; id < MQTT_PROPERTIES; id++) {
        size_t end = id + 1 < MQTT_PROPERTIES ? begins[id + 1] : names.size;
        if (end > begins[id]) {
            try_name(&nearest, bytes_make(names.data + begins[id], end - begins[id]));
        }
    }
    bool is_near = nearest.word.data != NULL;
    if (is_near) {
        buffer_append_text(message, "; did you mean ");
        buffer_append(message, nearest.word);
        buffer_append_text(message, "?");
    }
    buffer_deinit(&names);
    return is_near;
}

static bool complain_of_name(const struct mqtt_words *words, struct bytes name,
                             struct buffer *message) {
    buffer_append_text(message, "there is no property '");
    printable_append(message, name);
    buffer_append_text(message, "' here");
    buffer_append_text(message, append_nearest(words, name, message) ? " There are user:NAME"
                                                                     : "; there are user:NAME");
    for (uint32_t id = 1; id < MQTT_PROPERTIES; id++) {
        if (is_usable(words, id)) {
            buffer_append_text(message, ", ");
            append_name(message, mqtt_property_row(id)->name);
        }
    }
    return false;
}

// ---- values of properties -----------------------------------------------------------------------

static bool complain_of_value(const struct mqtt_property_row *row, struct buffer *message) {
    buffer_append_text(message, "the value of ");
    append_name(message, row->name);
    if (row->type == MQTT_TEXT || row->type == MQTT_BINARY) {
        buffer_append_text(message, " is not UTF-8, or longer than 65535 bytes");
    } else {
        printable_format(message, " is not a number from %u to %u", row->min, row->max);
    }
    return false;
}

static void store_number(struct mqtt_properties *properties, const struct mqtt_property_row *row,
                         uint32_t number) {
    uint8_t *place = (uint8_t *)properties + row->offset;
    if (row->type == MQTT_BYTE) {
        *place = (uint8_t)number;
    } else if (row->type == MQTT_TWO_BYTES) {
        memcpy(place, &(uint16_t){(uint16_t)number}, sizeof(uint16_t));
    } else {
        memcpy(place, &number, sizeof number);
    }
}

static bool store_value(struct mqtt_properties *properties, const struct mqtt_property_row *row,
                        struct bytes value) {
    bool is_text = row->type == MQTT_TEXT || row->type == MQTT_BINARY;
    uint64_t number;
    if (is_text) {
        memcpy((uint8_t *)properties + row->offset, &value, sizeof value);
        return value.size <= UINT16_MAX && (row->type == MQTT_BINARY || utf8_is_valid(value));
    }
    if (!decimal_read(value, row->max, &number) || number < row->min) {
        return false;
    }
    store_number(properties, row, (uint32_t)number);
    return true;
}

static bool add_user_property(struct mqtt_words *words, struct bytes name, struct bytes value,
                              struct buffer *message) {
    if (name.size > UINT16_MAX || value.size > UINT16_MAX || !utf8_is_valid(name) ||
        !utf8_is_valid(value)) {
        buffer_append_text(message, "a user property is not UTF-8, or longer than 65535 bytes");
        return false;
    }
    size_t size = MQTT_USER_PROPERTY_SIZE(name.size, value.size);
    (void)mqtt_user_property_write(buffer_reserve(&words->user, size), name, value);
    words->user.size += size;
    words->properties.more = buffer_bytes(&words->user);
    return true;
}

bool mqtt_words_read_property(struct mqtt_words *words, struct bytes name, struct bytes value,
                              struct buffer *message) {
    if (bytes_starts_with(name, USER)) {
        return add_user_property(words, bytes_make(name.data + USER.size, name.size - USER.size),
                                 value, message);
    }
    uint32_t id = find_property(words, name);
    if (id == 0) {
        return complain_of_name(words, name, message);
    }
    if (!store_value(&words->properties, mqtt_property_row(id), value)) {
        return complain_of_value(mqtt_property_row(id), message);
    }
    words->properties.present |= MQTT_HAS(id);
    return true;
}

// ---- words --------------------------------------------------------------------------------------

static bool is_word(struct bytes word, const char *text) {
    return bytes_equal(word, bytes_of_text(text));
}

static bool read_option(struct mqtt_words *words, struct bytes word) {
    static const struct {
        const char *word;
        uint8_t options;
    } rows[] = {
        {"no-local", MQTT_OPTION_NO_LOCAL},
        {"retain-as-published", MQTT_OPTION_RETAIN_AS_PUBLISHED},
        {"retain-handling=0", 0x00},
        {"retain-handling=1", 0x10},
        {"retain-handling=2", 0x20},
    };
    for (size_t i = 0; words->packet == MQTT_SUBSCRIBE && i < sizeof rows / sizeof *rows; i++) {
        if (is_word(word, rows[i].word)) {
            words->options |= rows[i].options;
            return true;
        }
    }
    return false;
}

static bool read_plain(struct mqtt_words *words, struct bytes word) {
    bool has_message = words->packet == MQTT_PUBLISH || words->packet == MQTT_WILL_PROPERTIES;
    if (word.size == 1 && word.data[0] >= '0' && word.data[0] <= '2' && !words->has_qos) {
        words->has_qos = true;
        words->qos = (uint8_t)(word.data[0] - '0');
        return true;
    }
    if (has_message && is_word(word, "retain")) {
        words->retain = true;
        return true;
    }
    return read_option(words, word);
}

bool mqtt_words_read(struct mqtt_words *words, struct bytes word, struct buffer *message) {
    if (read_plain(words, word)) {
        return true;
    }
    const uint8_t *sign = word.size == 0 ? NULL : memchr(word.data, '=', word.size);
    if (sign != NULL) {
        size_t size = (size_t)(sign - word.data);
        return mqtt_words_read_property(words, bytes_make(word.data, size),
                                        bytes_make(sign + 1, word.size - size - 1), message);
    }
    buffer_append_text(message, "'");
    printable_append(message, word);
    buffer_append_text(message, words->packet == MQTT_SUBSCRIBE
                                    ? "' is no QoS (0, 1, 2), option or NAME=VALUE"
                                    : "' is no QoS (0, 1, 2), retain or NAME=VALUE; a value with "
                                      "blanks stands in quotation marks");
    return false;
}
