#include "medium/stream/wrap/stream_upgrade.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>
#include <strings.h>

#include "medium/http/host_name.h"

#define KEY_SIZE 24 // 16 bytes in base64
#define KEY_SUFFIX "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// ---- reading --------------------------------------------------------------------------------

// Cuts the next line, which ends with CR LF, off the front.
static bool next_line(struct bytes *text, struct bytes *line) {
    const uint8_t *end = text->size == 0 ? NULL : memmem(text->data, text->size, "\r\n", 2);
    if (end == NULL) {
        return false;
    }
    *line = bytes_make(text->data, (size_t)(end - text->data));
    *text = bytes_make(end + 2, text->size - line->size - 2);
    return true;
}

static bool is_blank(uint8_t byte) {
    return byte == ' ' || byte == '\t';
}

static struct bytes trim(struct bytes text) {
    while (text.size > 0 && is_blank(text.data[0])) {
        text = bytes_make(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

// Names and most tokens of HTTP do not tell capital letters from small ones.
static bool is_same_word(struct bytes text, const char *word) {
    return text.size == strlen(word) && strncasecmp((const char *)text.data, word, text.size) == 0;
}

// The next field from *headers on with this name; false: there is none.
static bool next_field(struct bytes *headers, const char *name, struct bytes *value) {
    struct bytes line;
    while (next_line(headers, &line)) {
        const uint8_t *colon = line.size == 0 ? NULL : memchr(line.data, ':', line.size);
        if (colon == NULL) {
            continue;
        }
        size_t name_size = (size_t)(colon - line.data);
        if (is_same_word(bytes_make(line.data, name_size), name)) {
            *value = trim(bytes_make(colon + 1, line.size - name_size - 1));
            return true;
        }
    }
    return false;
}

// Takes the first item off a list whose items commas separate; false: it is empty.
static bool take_item(struct bytes *list, struct bytes *item) {
    if (list->size == 0) {
        return false;
    }
    const uint8_t *comma = memchr(list->data, ',', list->size);
    size_t size = comma == NULL ? list->size : (size_t)(comma - list->data);
    size_t taken = comma == NULL ? size : size + 1;
    *item = trim(bytes_make(list->data, size));
    *list = bytes_make(list->data + taken, list->size - taken);
    return true;
}

// Whether the word is in one of the lists that the fields of this name hold.
static bool has_word(struct bytes headers, const char *name, const char *word) {
    struct bytes list;
    struct bytes item;
    while (next_field(&headers, name, &list)) {
        while (take_item(&list, &item)) {
            if (is_same_word(item, word)) {
                return true;
            }
        }
    }
    return false;
}

static bool find_key(struct bytes headers, struct bytes *key) {
    uint8_t decoded[KEY_SIZE];
    return next_field(&headers, "Sec-WebSocket-Key", key) && key->size == KEY_SIZE &&
           memcmp(key->data + KEY_SIZE - 2, "==", 2) == 0 &&
           EVP_DecodeBlock(decoded, key->data, KEY_SIZE) > 0;
}

// ---- answering ------------------------------------------------------------------------------

static void refuse(struct buffer *out, const char *status, const char *why) {
    buffer_append_text(out, "HTTP/1.1 ");
    buffer_append_text(out, status);
    buffer_append_text(out, "\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\n"
                            "Content-Type: text/plain\r\nContent-Length: ");
    buffer_append_decimal(out, strlen(why));
    buffer_append_text(out, "\r\n\r\n");
    buffer_append_text(out, why);
}

void stream_upgrade_refuse_size(struct buffer *out) {
    refuse(out, "431 Request Header Fields Too Large", "The request is too large.\n");
}

static void accept_key(struct bytes key, struct buffer *out) {
    uint8_t text[KEY_SIZE + sizeof KEY_SUFFIX];
    uint8_t digest[SHA_DIGEST_LENGTH];
    uint8_t encoded[4 * (SHA_DIGEST_LENGTH + 2) / 3 + 1];
    memcpy(text, key.data, KEY_SIZE);
    memcpy(text + KEY_SIZE, KEY_SUFFIX, sizeof KEY_SUFFIX);
    SHA1(text, sizeof text - 1, digest);
    int size = EVP_EncodeBlock(encoded, digest, sizeof digest);
    buffer_append(out, bytes_make(encoded, (size_t)size));
}

static void accept_request(struct bytes key, const char *protocol, struct buffer *out) {
    buffer_append_text(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\nSec-WebSocket-Accept: ");
    accept_key(key, out);
    buffer_append_text(out, "\r\nSec-WebSocket-Protocol: ");
    buffer_append_text(out, protocol);
    buffer_append_text(out, "\r\n\r\n");
}

// NULL: none that we speak. No client is refused for a capital letter.
static const char *choose_protocol(struct bytes headers) {
    return has_word(headers, "Sec-WebSocket-Protocol", "mqtt")       ? "mqtt"
           : has_word(headers, "Sec-WebSocket-Protocol", "mqttv3.1") ? "mqttv3.1"
                                                                     : NULL;
}

static bool is_get(struct bytes line) {
    return bytes_starts_with(line, BYTES_LITERAL("GET "));
}

static bool is_http_1_1(struct bytes line) {
    static const char end[] = " HTTP/1.1";
    size_t size = sizeof end - 1;
    return line.size > size && memcmp(line.data + line.size - size, end, size) == 0;
}

// Of a request line of HTTP/1.1 with GET: what it names, without a query.
static bool is_at(struct bytes line, const char *path) {
    size_t around = sizeof "GET " - 1 + sizeof " HTTP/1.1" - 1;
    struct bytes target = bytes_make(line.data + 4, line.size < around ? 0 : line.size - around);
    const uint8_t *query = target.size == 0 ? NULL : memchr(target.data, '?', target.size);
    target.size = query == NULL ? target.size : (size_t)(query - target.data);
    return bytes_equal(target, bytes_of_text(path));
}

// ---- origins --------------------------------------------------------------------------------

// Any port of the host, since pages and brokers rarely share one. At a loopback listener the name
// has to be one of this machine's: the owner of any other name can make it mean this machine.
static bool is_same_host(const struct stream_origins *origins, struct bytes origin,
                         struct bytes host) {
    struct bytes name = host_name_of_origin(origin);
    struct bytes own = host_name_of(host);
    return origins->is_loopback ? host_name_is_loopback(name) && host_name_is_loopback(own)
                                : host_name_equal(name, own);
}

static bool is_listed(const char *allowed, struct bytes origin) {
    struct bytes list = allowed == NULL ? (struct bytes){0} : bytes_of_text(allowed);
    struct bytes item;
    while (take_item(&list, &item)) {
        if (host_name_equal(item, origin)) {
            return true;
        }
    }
    return false;
}

// No browser says several, nor what is no origin; who does means to get past somebody.
static bool pass_origin(const struct stream_origins *origins, struct bytes headers,
                        struct bytes host) {
    struct bytes origin;
    struct bytes another;
    if (!origins->is_checked || is_listed(origins->allowed, BYTES_LITERAL("*")) ||
        !next_field(&headers, "Origin", &origin)) {
        return true;
    }
    return !next_field(&headers, "Origin", &another) &&
           (is_listed(origins->allowed, origin) || is_same_host(origins, origin, host));
}

// ---- the whole --------------------------------------------------------------------------------

bool stream_upgrade_answer(struct bytes request, const struct stream_origins *origins,
                           const char *path, struct buffer *out) {
    struct bytes first;
    struct bytes key;
    struct bytes host;
    struct bytes other;
    struct bytes headers = request;
    if (!next_line(&headers, &first) || !is_http_1_1(first)) {
        refuse(out, "400 Bad Request", "This is no request of HTTP/1.1.\n");
        return false;
    }
    if (!is_get(first)) {
        refuse(out, "405 Method Not Allowed", "WebSocket begins with GET.\n");
        return false;
    }
    if (path != NULL && !is_at(first, path)) {
        refuse(out, "404 Not Found", "MQTT over WebSocket is at another path.\n");
        return false;
    }
    if (!has_word(headers, "Upgrade", "websocket") || !has_word(headers, "Connection", "upgrade") ||
        !has_word(headers, "Sec-WebSocket-Version", "13")) {
        refuse(out, "426 Upgrade Required", "Here is MQTT over WebSocket, version 13, only.\n");
        return false;
    }
    struct bytes from = headers;
    if (!find_key(headers, &key) || !next_field(&from, "Host", &host) ||
        next_field(&from, "Host", &other)) {
        refuse(out, "400 Bad Request",
               "Sec-WebSocket-Key or Host is missing, wrong or there twice.\n");
        return false;
    }
    if (!pass_origin(origins, headers, host)) {
        refuse(out, "403 Forbidden",
               "Pages of this origin are not let in; see the broker's --websocket-origin.\n");
        return false;
    }
    const char *protocol = choose_protocol(headers);
    if (protocol == NULL) {
        refuse(out, "400 Bad Request", "Sec-WebSocket-Protocol has to offer mqtt.\n");
        return false;
    }
    accept_request(key, protocol, out);
    return true;
}

// ---- the client's side --------------------------------------------------------------------------

void stream_upgrade_make_key(const uint8_t random[STREAM_UPGRADE_RANDOM],
                             char key[STREAM_UPGRADE_KEY_SIZE]) {
    (void)EVP_EncodeBlock((unsigned char *)key, random, STREAM_UPGRADE_RANDOM);
}

void stream_upgrade_ask(const struct stream_upgrade_request *request, struct buffer *out) {
    buffer_append_text(out, "GET ");
    buffer_append_text(out, request->path);
    buffer_append_text(out, " HTTP/1.1\r\nHost: ");
    buffer_append_text(out, request->host);
    buffer_append_text(out, "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ");
    buffer_append_text(out, request->key);
    buffer_append_text(out, "\r\nSec-WebSocket-Protocol: ");
    buffer_append_text(out, request->protocol);
    buffer_append_text(out, "\r\n\r\n");
}

static bool is_accepted(struct bytes headers, const char *key) {
    struct buffer expected;
    struct memory memory;
    struct bytes value;
    memory_init(&memory);
    buffer_init(&expected, &memory);
    accept_key(bytes_of_text(key), &expected);
    bool is_same = next_field(&headers, "Sec-WebSocket-Accept", &value) &&
                   bytes_equal(value, buffer_bytes(&expected));
    buffer_deinit(&expected);
    return is_same;
}

const char *stream_upgrade_check(struct bytes answer,
                                 const struct stream_upgrade_request *request) {
    struct bytes first;
    struct bytes headers = answer;
    if (!next_line(&headers, &first) || !bytes_starts_with(first, BYTES_LITERAL("HTTP/1.1 "))) {
        return "what answers there does not speak HTTP/1.1";
    }
    if (!bytes_starts_with(first, BYTES_LITERAL("HTTP/1.1 101"))) {
        return "the server does not speak WebSocket there: is the path right?";
    }
    if (!has_word(headers, "Upgrade", "websocket") || !has_word(headers, "Connection", "upgrade") ||
        !is_accepted(headers, request->key)) {
        return "the server's answer is not one of WebSocket (RFC 6455)";
    }
    return has_word(headers, "Sec-WebSocket-Protocol", request->protocol)
               ? NULL
               : "the server does not speak MQTT over WebSocket there";
}
