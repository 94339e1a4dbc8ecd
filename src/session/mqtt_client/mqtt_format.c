#include "session/mqtt_client/mqtt_format.h"

#include <stdio.h>
#include <stdlib.h>

#include "session/mqtt_client/mqtt_message_json.h"
#include "shell/printable.h"

#define CONVERSIONS "tpxXlqrm%IUCDEFPRSAjJ"
#define ESCAPES "\\0aenrtv"
#define WIDTH_MAX 1000

// One conversion on its way.
struct conversion {
    struct buffer *out;
    const struct mqtt_client_event *message;
    const struct timespec *time;
    bool is_shown;
};

// ---- the format itself --------------------------------------------------------------------------

// Moves *format behind the width.
static int read_width(const char **format, bool *is_left) {
    int width = 0;
    *is_left = **format == '-';
    *format += *is_left;
    for (; **format >= '0' && **format <= '9' && width < WIDTH_MAX; (*format)++) {
        width = width * 10 + (**format - '0');
    }
    return width;
}

static bool is_one_of(char letter, const char *letters) {
    return letter != '\0' && strchr(letters, letter) != NULL;
}

const char *mqtt_format_check(const char *format) {
    for (; *format != '\0'; format++) {
        char mark = *format;
        bool is_left;
        if (mark != '%' && mark != '\\' && mark != '@') {
            continue;
        }
        format++;
        if (mark == '%' && read_width(&format, &is_left) >= WIDTH_MAX) {
            return "a width in the format is too large";
        }
        if (mark == '%' && !is_one_of(*format, CONVERSIONS)) {
            return "behind % stands one of t p x X l q r m I U C D E F P R S A j J %";
        }
        if (mark == '\\' && !is_one_of(*format, ESCAPES)) {
            return "behind \\ stands one of \\ 0 a e n r t v";
        }
        if (*format == '\0') {
            return "the format ends with an @";
        }
    }
    return NULL;
}

// ---- conversions --------------------------------------------------------------------------------

static void add_text(const struct conversion *conversion, struct bytes text) {
    if (conversion->is_shown) {
        printable_append(conversion->out, text);
    } else {
        buffer_append(conversion->out, text);
    }
}

static void add_hexadecimal(struct buffer *out, struct bytes bytes, const char *digits) {
    for (size_t i = 0; i < bytes.size; i++) {
        buffer_append_byte(out, (uint8_t)digits[bytes.data[i] >> 4]);
        buffer_append_byte(out, (uint8_t)digits[bytes.data[i] & 15]);
    }
}

static void add_time(const struct conversion *conversion, const char *format) {
    char text[128];
    struct tm parts;
    (void)localtime_r(&conversion->time->tv_sec, &parts);
    size_t size = strftime(text, sizeof text, format, &parts);
    buffer_append(conversion->out, bytes_make(text, size));
}

// The property if it is there.
static void add_number(const struct conversion *conversion, enum mqtt_property id,
                       uint32_t number) {
    if (mqtt_properties_have(conversion->message->properties, id)) {
        buffer_append_decimal(conversion->out, number);
    }
}

// User properties (NAME:VALUE) or subscription identifiers, with blanks between.
static void add_repeated(const struct conversion *conversion, enum mqtt_property id) {
    struct bytes run = conversion->message->properties->raw;
    struct mqtt_property_value value;
    for (bool is_first = true; mqtt_property_next(&run, &value);) {
        if (value.id != id) {
            continue;
        }
        buffer_append_text(conversion->out, is_first ? "" : " ");
        is_first = false;
        if (id == MQTT_USER_PROPERTY) {
            add_text(conversion, value.text);
            buffer_append_byte(conversion->out, ':');
            add_text(conversion, value.second);
        } else {
            buffer_append_decimal(conversion->out, value.number);
        }
    }
}

static void add_json(const struct conversion *conversion, bool is_json) {
    char *text = mqtt_message_json_text(conversion->message, is_json);
    printable_append_json(conversion->out, bytes_of_text(text));
    free(text);
}

static void add_property(const struct conversion *conversion, char letter) {
    const struct mqtt_properties *properties = conversion->message->properties;
    switch (letter) {
    case 'A':
        add_number(conversion, MQTT_TOPIC_ALIAS, properties->topic_alias);
        break;
    case 'C':
        add_text(conversion, properties->content_type);
        break;
    case 'D':
        add_text(conversion, properties->correlation_data);
        break;
    case 'E':
        add_number(conversion, MQTT_MESSAGE_EXPIRY, properties->message_expiry);
        break;
    case 'F':
        add_number(conversion, MQTT_PAYLOAD_FORMAT, properties->payload_format);
        break;
    case 'P':
        add_repeated(conversion, MQTT_USER_PROPERTY);
        break;
    case 'R':
        add_text(conversion, properties->response_topic);
        break;
    default:
        add_repeated(conversion, MQTT_SUBSCRIPTION_IDENTIFIER);
    }
}

static void add_conversion(const struct conversion *conversion, char letter) {
    const struct mqtt_client_event *message = conversion->message;
    struct buffer *out = conversion->out;
    switch (letter) {
    case '%':
        buffer_append_byte(out, '%');
        break;
    case 't':
        add_text(conversion, message->text);
        break;
    case 'p':
        add_text(conversion, message->value);
        break;
    case 'x':
        add_hexadecimal(out, message->value, "0123456789abcdef");
        break;
    case 'X':
        add_hexadecimal(out, message->value, "0123456789ABCDEF");
        break;
    case 'l':
        buffer_append_decimal(out, message->value.size);
        break;
    case 'q':
        buffer_append_decimal(out, message->qos);
        break;
    case 'r':
        buffer_append_decimal(out, message->retain);
        break;
    case 'm':
        buffer_append_decimal(out, message->packet_id);
        break;
    case 'I':
        add_time(conversion, "%Y-%m-%dT%H:%M:%S%z");
        break;
    case 'U':
        printable_format(out, "%lld.%09ld", (long long)conversion->time->tv_sec,
                         conversion->time->tv_nsec);
        break;
    case 'j':
    case 'J':
        add_json(conversion, letter == 'J');
        break;
    default:
        add_property(conversion, letter);
    }
}

static void add_padded(const struct conversion *conversion, char letter, int width, bool is_left) {
    struct buffer *out = conversion->out;
    size_t start = out->size;
    add_conversion(conversion, letter);
    size_t size = out->size - start;
    size_t wanted = (size_t)width;
    if (size >= wanted) {
        return;
    }
    size_t more = wanted - size;
    (void)buffer_reserve(out, more);
    uint8_t *text = out->data + start;
    if (is_left) {
        memset(text + size, ' ', more);
    } else {
        memmove(text + more, text, size);
        memset(text, ' ', more);
    }
    out->size += more;
}

static void add_escape(struct buffer *out, char letter) {
    static const char bytes[] = "\\\0\a\033\n\r\t\v";
    const char *found = strchr(ESCAPES, letter);
    buffer_append_byte(out, (uint8_t)bytes[found - ESCAPES]);
}

void mqtt_format_append(struct buffer *out, const char *format,
                        const struct mqtt_client_event *message, const struct timespec *time,
                        bool is_shown) {
    const struct conversion conversion = {out, message, time, is_shown};
    for (; *format != '\0'; format++) {
        bool is_left;
        if (*format == '%') {
            format++;
            int width = read_width(&format, &is_left);
            add_padded(&conversion, *format, width, is_left);
        } else if (*format == '\\') {
            add_escape(out, *++format);
        } else if (*format == '@' && format[1] != '@') {
            add_time(&conversion, (char[]){'%', *++format, '\0'});
        } else {
            format += *format == '@'; // of two, one
            buffer_append_byte(out, (uint8_t)*format);
        }
    }
}
