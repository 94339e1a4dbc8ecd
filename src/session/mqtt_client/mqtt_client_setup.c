#include "session/mqtt_client/mqtt_client_setup.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "role/mqtt_client/mqtt_client.h"
#include "session/mqtt_client/mqtt_format.h"
#include "shell/secrets/passwords.h"
#include "shell/printable.h"
#include "topic/topic.h"

#define CREDENTIALS_VARIABLE "MQTTSIM_CREDENTIALS"

static struct buffer *message_of(struct mqtt_client_setup *setup) {
    setup->message.size = 0;
    return &setup->message;
}

bool mqtt_client_setup_read_words(struct mqtt_client_setup *setup, struct mqtt_words *words,
                                  const struct bytes *texts, unsigned count) {
    struct buffer *message = message_of(setup);
    for (unsigned i = 0; i < count; i++) {
        if (!mqtt_words_read(words, texts[i], message)) {
            return false;
        }
    }
    return true;
}

// ---- the will -------------------------------------------------------------------------------

void mqtt_client_setup_forget_will(struct mqtt_client_setup *setup) {
    mqtt_words_deinit(&setup->will.words);
    buffer_deinit(&setup->will.text);
    setup->config.will = (struct mqtt_client_will){0};
}

// Keeps the words' bytes: first they are copied, so that they no longer move, then read.
bool mqtt_client_setup_set_will(struct mqtt_client_setup *setup, const struct bytes *words,
                                unsigned count) {
    struct mqtt_client_setup_will *will = &setup->will;
    struct bytes copy[COMMAND_WORDS_MAX];
    size_t size = 0;
    mqtt_client_setup_forget_will(setup);
    for (unsigned i = 0; i < count; i++) {
        size += words[i].size;
    }
    (void)buffer_reserve(&will->text, size + 1);
    for (unsigned i = 0; i < count; i++) {
        copy[i] = bytes_make(will->text.data + will->text.size, words[i].size);
        buffer_append(&will->text, words[i]);
    }
    mqtt_words_init(&will->words, MQTT_WILL_PROPERTIES, setup->memory);
    if (count < 2 || !mqtt_client_setup_read_words(setup, &will->words, copy + 2, count - 2)) {
        return false;
    }
    setup->config.will = (struct mqtt_client_will){.topic = copy[0],
                                                   .payload = copy[1],
                                                   .qos = will->words.qos,
                                                   .retain = will->words.retain,
                                                   .properties = will->words.properties};
    return true;
}

struct bytes mqtt_client_setup_id(const struct mqtt_client_setup *setup) {
    return bytes_of_text(setup->client_id[0] != '\0'         ? setup->client_id
                         : setup->options->client_id != NULL ? setup->options->client_id
                                                             : "");
}

// ---- options ----------------------------------------------------------------------------------

static bool complain(const char *what, const char *why) {
    printable_complain("client: %s: %s\n", what, why);
    return false;
}

// user:password of a file or of the environment; a user's name alone, of the URL.
static bool take_credentials(struct mqtt_client_setup *setup) {
    const char *path = setup->options->credentials;
    const char *variable = getenv(CREDENTIALS_VARIABLE);
    struct mqtt_client_config *config = &setup->config;
    if (path != NULL) {
        setup->credentials = passwords_read_credentials(path);
        if (setup->credentials == NULL) {
            return false;
        }
    } else if (variable != NULL) {
        setup->credentials = strdup(variable);
    }
    config->user_name = bytes_of_text(setup->url.user);
    config->has_user_name = setup->url.user[0] != '\0';
    if (setup->credentials == NULL) {
        return true;
    }
    config->has_user_name = config->has_password = true;
    return passwords_split(bytes_of_text(setup->credentials), &config->user_name,
                           &config->password) ||
           complain(CREDENTIALS_VARIABLE, "it is not user:password");
}

// Without an identifier of its own a client of 5.0 could leave it to the broker; but then nobody
// could tell from its name what it is.
static bool take_client_id(struct mqtt_client_setup *setup) {
    const struct mqtt_client_session_options *options = setup->options;
    if (options->client_id != NULL) {
        return true;
    }
    if (options->keeps_session) {
        return complain("--keep-session", "a session belongs to a name: give --client-id");
    }
    (void)snprintf(setup->client_id, sizeof setup->client_id, "mqttsim-%08x",
                   (unsigned)randombytes_random());
    return true;
}

static struct mqtt_words *defaults_of(struct mqtt_client_setup *setup, struct bytes packet) {
    return bytes_equal(packet, BYTES_LITERAL("connect"))     ? &setup->defaults[0]
           : bytes_equal(packet, BYTES_LITERAL("publish"))   ? &setup->defaults[1]
           : bytes_equal(packet, BYTES_LITERAL("subscribe")) ? &setup->defaults[2]
                                                             : NULL;
}

// PACKET NAME VALUE, or PACKET NAME=VALUE.
static bool take_property(struct mqtt_client_setup *setup, const char *text) {
    struct bytes words[COMMAND_WORDS_MAX];
    unsigned count;
    struct buffer room = {.memory = setup->memory};
    const char *why = command_words(bytes_of_text(text), &room, words, &count);
    struct mqtt_words *defaults = why != NULL || count < 2 ? NULL : defaults_of(setup, words[0]);
    struct buffer *message = message_of(setup);
    if (why != NULL || defaults == NULL || count > 3) {
        why = why != NULL ? why : "it is PACKET NAME VALUE, with connect, publish or subscribe";
        buffer_deinit(&room);
        return complain("--property", why);
    }
    // The texts stay where they are until the end.
    for (unsigned i = 1; i < count; i++) {
        struct bytes kept = bytes_make(setup->storage.data + setup->storage.size, words[i].size);
        buffer_append(&setup->storage, words[i]);
        words[i] = kept;
    }
    buffer_deinit(&room);
    bool is_good = count == 2 ? mqtt_words_read(defaults, words[1], message)
                              : mqtt_words_read_property(defaults, words[1], words[2], message);
    buffer_append_byte(message, 0);
    return is_good || complain("--property", (const char *)message->data);
}

static bool take_properties(struct mqtt_client_setup *setup) {
    const struct option_list *list_of = &setup->options->properties;
    size_t size = 0;
    for (unsigned i = 0; i < list_of->count; i++) {
        size += strlen(list_of->items[i]);
    }
    (void)buffer_reserve(&setup->storage, size + 1); // so that nothing in it moves
    for (unsigned i = 0; i < list_of->count; i++) {
        if (!take_property(setup, list_of->items[i])) {
            return false;
        }
    }
    return true;
}

static bool take_will(struct mqtt_client_setup *setup) {
    const char *text = setup->options->will;
    if (text == NULL) {
        return true;
    }
    struct bytes words[COMMAND_WORDS_MAX];
    unsigned count;
    struct buffer room = {.memory = setup->memory};
    const char *why = command_words(bytes_of_text(text), &room, words, &count);
    struct buffer *message = message_of(setup);
    if (why == NULL && count < 2) {
        why = "it is TOPIC VALUE [QOS] [retain] [NAME=VALUE]...";
    }
    if (why == NULL && !mqtt_client_setup_set_will(setup, words, count)) {
        buffer_append_byte(message, 0);
        why = (const char *)message->data;
    }
    buffer_deinit(&room);
    return why == NULL || complain("--will", why);
}

#define COMING_BACK_SECONDS 3600

static void configure(struct mqtt_client_setup *setup) {
    static const enum mqtt_version versions[] = {MQTT_5, MQTT_3_1_1, MQTT_3_1};
    const struct mqtt_client_session_options *options = setup->options;
    struct mqtt_client_config *config = &setup->config;
    randombytes_buf(&setup->seed, sizeof setup->seed);
    config->version = versions[options->version];
    config->clean_start = !options->keeps_session;
    config->adopts_session = true;
    config->uses_scram = options->uses_scram;
    config->keep_alive = (uint16_t)options->keep_alive;
    config->redirects = (uint16_t)options->redirects;
    config->connect_timeout = config->answer_timeout = options->timeout;
    config->retry = options->retry;
    config->retry.kind = (enum mqtt_client_retry_kind)options->retry_kind;
    config->retry.attempts = (uint32_t)options->retry_attempts;
    if (config->retry.most < config->retry.first) {
        config->retry.most = config->retry.first;
    }
    config->limits = options->limits;
    config->seed = &setup->seed;
}

// A session is kept for ever unless a property says for how long. A client that is to connect again
// has one that lasts from one connection to the next, so that what was under way goes on; it ends
// with the client.
static void take_connect_properties(struct mqtt_client_setup *setup) {
    struct mqtt_client_config *config = &setup->config;
    config->properties = setup->defaults[0].properties;
    bool has_expiry = mqtt_properties_have(&config->properties, MQTT_SESSION_EXPIRY);
    bool keeps = setup->options->keeps_session;
    bool comes_back = config->retry.kind != MQTT_CLIENT_RETRY_NEVER;
    if (config->version == MQTT_5 && (keeps || comes_back) && !has_expiry) {
        config->properties.present |= MQTT_HAS(MQTT_SESSION_EXPIRY);
        config->properties.session_expiry = keeps ? UINT32_MAX : COMING_BACK_SECONDS;
        setup->ends_session = !keeps;
    }
}

static bool check_exceptions(const struct option_list *exceptions) {
    for (unsigned i = 0; i < exceptions->count; i++) {
        enum topic_fault fault = topic_filter_check(bytes_of_text(exceptions->items[i]));
        if (fault != TOPIC_OK) {
            return complain("--except", topic_fault_text(fault));
        }
    }
    return true;
}

static bool check_texts(const struct mqtt_client_session_options *options) {
    const char *why = options->format == NULL ? NULL : mqtt_format_check(options->format);
    if (why != NULL) {
        return complain("--format", why);
    }
    enum topic_fault fault =
        options->publish == NULL ? TOPIC_OK : topic_name_check(bytes_of_text(options->publish));
    if (fault != TOPIC_OK) {
        return complain("--publish", topic_fault_text(fault));
    }
    return !options->is_whole || options->publish != NULL ||
           complain("--whole", "it is about what --publish publishes: give that a topic");
}

// ---- the way to the broker ----------------------------------------------------------------------

static bool take_key(struct mqtt_client_setup *setup) {
    struct mqtt_client_setup_way *way = &setup->way;
    struct bytes identity;
    struct bytes key;
    size_t size = 0;
    way->trust = setup->options->trust;
    if (setup->options->psk == NULL) {
        return true;
    }
    way->psk = passwords_read_credentials(setup->options->psk);
    if (way->psk == NULL) {
        return false;
    }
    bool is_right = passwords_split(bytes_of_text(way->psk), &identity, &key) &&
                    sodium_hex2bin(way->key, sizeof way->key, (const char *)key.data, key.size,
                                   NULL, &size, NULL) == 0 &&
                    size > 0;
    if (!is_right) {
        return complain("--tls-psk", "its line is not identity:key, with a key of 1 to 64 bytes in "
                                     "hexadecimal");
    }
    way->psk[identity.size] = '\0';
    way->trust.psk_identity = way->psk;
    way->trust.psk = bytes_make(way->key, size);
    return true;
}

static bool take_address(struct mqtt_client_setup *setup) {
    const char *text = setup->options->bind;
    struct sockaddr_storage *from = &setup->way.route.from;
    bool is_right = text == NULL || uv_ip4_addr(text, 0, (struct sockaddr_in *)from) == 0 ||
                    uv_ip6_addr(text, 0, (struct sockaddr_in6 *)from) == 0;
    return is_right || complain("--bind", "it is not an address, as 192.0.2.7 or 2001:db8::7");
}

static bool take_proxy(struct mqtt_client_setup *setup) {
    struct mqtt_client_setup_way *way = &setup->way;
    const char *text = setup->options->proxy;
    if (text == NULL) {
        return setup->options->proxy_credentials == NULL ||
               complain("--proxy-credentials", "there is no --proxy");
    }
    const char *why = stream_url_read_proxy(&way->proxy, bytes_of_text(text));
    if (why == NULL && setup->url.is_unix) {
        why = "a Unix socket is not reached through a proxy";
    }
    if (why != NULL) {
        return complain("--proxy", why);
    }
    way->route.proxy = &way->proxy;
    return true;
}

// A file names the user, too.
static bool take_proxy_credentials(struct mqtt_client_setup *setup) {
    struct mqtt_client_setup_way *way = &setup->way;
    struct bytes user;
    if (setup->options->proxy_credentials == NULL) {
        return true;
    }
    way->proxy_credentials = passwords_read_credentials(setup->options->proxy_credentials);
    if (way->proxy_credentials == NULL) {
        return false;
    }
    bool is_right =
        passwords_split(bytes_of_text(way->proxy_credentials), &user, &way->route.password) &&
        user.size < sizeof way->proxy.user && way->route.password.size <= UINT8_MAX;
    if (is_right) {
        memcpy(way->proxy.user, user.data, user.size);
        way->proxy.user[user.size] = '\0';
    }
    return is_right || complain("--proxy-credentials", "its line is not user:password");
}

static int prepare(struct mqtt_client_setup *setup) {
    const struct mqtt_client_session_options *options = setup->options;
    const char *why = stream_url_read(&setup->url, bytes_of_text(options->url));
    if (why != NULL) {
        (void)complain("--mqtt", why);
        return PROGRAM_USAGE;
    }
    configure(setup);
    if (!check_texts(options) || !check_exceptions(&options->exceptions) ||
        !take_client_id(setup) || !take_properties(setup) || !take_will(setup)) {
        return PROGRAM_USAGE;
    }
    take_connect_properties(setup);
    if (!take_address(setup) || !take_proxy(setup)) {
        return PROGRAM_USAGE;
    }
    if (!take_credentials(setup) || !take_key(setup) || !take_proxy_credentials(setup)) {
        return PROGRAM_UNUSABLE;
    }
    why = mqtt_client_config_check(&setup->config, mqtt_client_setup_id(setup));
    return why == NULL || complain("--mqtt", why) ? PROGRAM_OK : PROGRAM_USAGE;
}

int mqtt_client_setup_init(struct mqtt_client_setup *setup,
                           const struct mqtt_client_session_options *options,
                           struct memory *memory) {
    *setup = (struct mqtt_client_setup){.options = options, .memory = memory};
    buffer_init(&setup->storage, memory);
    buffer_init(&setup->message, memory);
    buffer_init(&setup->will.text, memory);
    buffer_init(&setup->will.words.user, memory);
    for (unsigned i = 0; i < 3; i++) {
        static const unsigned packets[] = {MQTT_CONNECT, MQTT_PUBLISH, MQTT_SUBSCRIBE};
        mqtt_words_init(&setup->defaults[i], packets[i], memory);
    }
    return prepare(setup);
}

void mqtt_client_setup_deinit(struct mqtt_client_setup *setup) {
    mqtt_client_setup_forget_will(setup);
    for (unsigned i = 0; i < 3; i++) {
        mqtt_words_deinit(&setup->defaults[i]);
    }
    buffer_deinit(&setup->storage);
    buffer_deinit(&setup->message);
    passwords_free_credentials(setup->credentials);
    passwords_free_credentials(setup->way.proxy_credentials);
    passwords_free_credentials(setup->way.psk);
    sodium_memzero(setup->way.key, sizeof setup->way.key);
    sodium_memzero(&setup->seed, sizeof setup->seed);
}
