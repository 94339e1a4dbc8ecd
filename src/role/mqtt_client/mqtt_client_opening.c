#include "role/mqtt_client/mqtt_client_opening.h"

#include "base/assert.h"
#include "role/mqtt_client/mqtt_client_arriving.h"
#include "role/mqtt_client/mqtt_client_ending.h"
#include "role/mqtt_client/mqtt_client_requests.h"
#include "role/mqtt_client/mqtt_client_sending.h"

#define NONCE_BYTES 18 // of chance, as hexadecimal digits
#define METHOD BYTES_LITERAL("SCRAM-SHA-256")

// ---- SCRAM-SHA-256 ----------------------------------------------------------------------------

static size_t make_nonce(struct mqtt_client *client, uint8_t out[2 * NONCE_BYTES]) {
    static const char digits[] = "0123456789abcdef";
    uint64_t number = (uint64_t)client->number << 32 | ++client->draws;
    struct cipher_secret secret = cipher_derive_secret(client->config->seed, number);
    for (size_t i = 0; i < NONCE_BYTES; i++) {
        out[2 * i] = (uint8_t)digits[secret.bytes[i] >> 4];
        out[2 * i + 1] = (uint8_t)digits[secret.bytes[i] & 15];
    }
    return 2 * (size_t)NONCE_BYTES;
}

// The first message of an exchange, to `out`, which has SCRAM_FIRST_MAX bytes.
static struct bytes begin_scram(struct mqtt_client *client, uint8_t *out) {
    struct mqtt_client_link *link = mqtt_client_link(client);
    uint8_t nonce[2 * NONCE_BYTES];
    if (link->scram == NULL) {
        link->scram = memory_allocate(client->port->memory, sizeof *link->scram);
    }
    *link->scram = (struct scram_client){0};
    size_t size = make_nonce(client, nonce);
    size = scram_client_first(link->scram, client->config->user_name, bytes_make(nonce, size), out,
                              SCRAM_FIRST_MAX);
    ASSERT(size > 0); // mqtt_client_config_check has seen the user name
    return bytes_make(out, size);
}

static void end_scram(struct mqtt_client *client) {
    struct mqtt_client_link *link = client->link;
    if (link != NULL && link->scram != NULL) {
        memory_free(client->port->memory, link->scram, sizeof *link->scram);
        link->scram = NULL;
    }
}

static void say_auth(struct mqtt_client *client, enum mqtt_reason reason, struct bytes data,
                     uint64_t now) {
    struct mqtt_packet packet = {.type = MQTT_AUTH, .reason = (uint8_t)reason};
    packet.properties.present =
        MQTT_HAS(MQTT_AUTHENTICATION_METHOD) | MQTT_HAS(MQTT_AUTHENTICATION_DATA);
    packet.properties.authentication_method = METHOD;
    packet.properties.authentication_data = data;
    (void)mqtt_client_say(client, &packet, now);
}

static void fail_scram(struct mqtt_client *client, uint64_t now) {
    mqtt_client_end(
        client,
        &(struct mqtt_client_end){.cause = MQTT_CLIENT_CAUSE_UNPROVEN,
                                  .reason = MQTT_NOT_AUTHORIZED,
                                  .why = "the broker could not prove that it knows the password"},
        now);
}

// Whether the broker's last message proves that it knows the password.
static bool is_proven(struct mqtt_client *client, const struct mqtt_packet *packet) {
    struct mqtt_client_link *link = client->link;
    bool is_good =
        link != NULL && link->scram != NULL &&
        scram_client_verify(link->scram, packet->properties.authentication_data) == SCRAM_GOOD;
    end_scram(client);
    return is_good;
}

static void answer_challenge(struct mqtt_client *client, const struct mqtt_packet *packet,
                             uint64_t now) {
    uint8_t out[SCRAM_CLIENT_FINAL_MAX];
    size_t size;
    enum scram_result result =
        scram_client_final(client->link->scram, client->config->password,
                           packet->properties.authentication_data, out, &size);
    if (result != SCRAM_CONTINUE) {
        fail_scram(client, now);
        return;
    }
    say_auth(client, MQTT_CONTINUE_AUTHENTICATION, bytes_make(out, size), now);
}

void mqtt_client_say_reauthenticate(struct mqtt_client *client, uint64_t now) {
    uint8_t first[SCRAM_FIRST_MAX];
    struct bytes data = begin_scram(client, first);
    say_auth(client, MQTT_REAUTHENTICATE, data, now);
}

static bool has_other_method(const struct mqtt_packet *packet) {
    return mqtt_properties_have(&packet->properties, MQTT_AUTHENTICATION_METHOD) &&
           !bytes_equal(packet->properties.authentication_method, METHOD);
}

void mqtt_client_receive_auth(struct mqtt_client *client, const struct mqtt_packet *packet,
                              uint64_t now) {
    bool has_exchange = client->link != NULL && client->link->scram != NULL;
    if (!client->config->uses_scram) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_AUTH_UNASKED, NULL, now);
    } else if (has_other_method(packet)) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_AUTH_METHOD, NULL, now);
    } else if (has_exchange && packet->reason == MQTT_CONTINUE_AUTHENTICATION) {
        answer_challenge(client, packet, now);
    } else if (has_exchange && packet->reason == MQTT_SUCCESS && mqtt_client_is_open(client)) {
        if (!is_proven(client, packet)) {
            fail_scram(client, now);
            return;
        }
        mqtt_client_tell(client,
                         &(struct mqtt_client_event){.kind = MQTT_CLIENT_EVENT_AUTHENTICATED});
    } else {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_AUTH_REASON, NULL, now);
    }
}

// ---- CONNECT ----------------------------------------------------------------------------------

static void add_limit(struct mqtt_properties *properties, enum mqtt_property property,
                      bool is_set) {
    properties->present |= is_set ? MQTT_HAS(property) : 0;
}

static void add_limits(const struct mqtt_client *client, struct mqtt_properties *properties) {
    const struct mqtt_client_limits *limits = &client->config->limits;
    properties->receive_maximum = limits->receive_maximum;
    properties->maximum_packet_size = limits->packet_bytes;
    properties->topic_alias_maximum = limits->aliases_in;
    add_limit(properties, MQTT_RECEIVE_MAXIMUM, limits->receive_maximum < UINT16_MAX);
    add_limit(properties, MQTT_MAXIMUM_PACKET_SIZE, limits->packet_bytes < MQTT_PACKET_MAX);
    add_limit(properties, MQTT_TOPIC_ALIAS_MAXIMUM, limits->aliases_in > 0);
}

static void add_will(const struct mqtt_client *client, struct mqtt_connect *connect) {
    const struct mqtt_client_will *will = &client->config->will;
    connect->has_will = will->topic.size > 0;
    connect->will_qos = will->qos;
    connect->will_retain = will->retain;
    connect->will_topic = will->topic;
    connect->will_payload = will->payload;
    if (mqtt_client_is_5(client)) {
        connect->will_properties = will->properties;
    }
}

static void add_credentials(const struct mqtt_client *client, struct mqtt_connect *connect) {
    const struct mqtt_client_config *config = client->config;
    if (!config->uses_scram) {
        connect->has_user_name = config->has_user_name;
        connect->has_password = config->has_password;
        connect->user_name = config->user_name;
        connect->password = config->password;
    }
}

void mqtt_client_say_connect(struct mqtt_client *client, uint64_t now) {
    const struct mqtt_client_config *config = client->config;
    bool is_5 = mqtt_client_is_5(client);
    client->is_clean = config->clean_start && !(is_5 && client->was_connected);
    struct mqtt_packet packet = {.type = MQTT_CONNECT,
                                 .connect = {.version = (uint8_t)config->version,
                                             .clean_start = client->is_clean,
                                             .keep_alive = config->keep_alive,
                                             .client_id = mqtt_client_own_id(client)}};
    uint8_t first[SCRAM_FIRST_MAX];
    add_will(client, &packet.connect);
    add_credentials(client, &packet.connect);
    if (is_5) {
        packet.properties = config->properties;
        add_limits(client, &packet.properties);
    }
    if (is_5 && config->uses_scram) {
        packet.properties.present |=
            MQTT_HAS(MQTT_AUTHENTICATION_METHOD) | MQTT_HAS(MQTT_AUTHENTICATION_DATA);
        packet.properties.authentication_method = METHOD;
        packet.properties.authentication_data = begin_scram(client, first);
    }
    (void)mqtt_client_say(client, &packet, now);
}

// ---- CONNACK: a refusal -----------------------------------------------------------------------

static enum mqtt_reason reason_of(const struct mqtt_client *client, uint8_t code) {
    static const enum mqtt_reason old[] = {
        MQTT_SUCCESS,
        MQTT_UNSUPPORTED_PROTOCOL_VERSION,
        MQTT_CLIENT_IDENTIFIER_NOT_VALID,
        MQTT_SERVER_UNAVAILABLE,
        MQTT_BAD_USER_NAME_OR_PASSWORD,
        MQTT_NOT_AUTHORIZED,
    };
    if (mqtt_client_is_5(client)) {
        return (enum mqtt_reason)code;
    }
    ASSERT(code < sizeof old / sizeof *old); // the codec has seen to it
    return old[code];
}

static void take_refusal(struct mqtt_client *client, const struct mqtt_packet *packet,
                         uint64_t now) {
    mqtt_client_redirect(client, packet);
    mqtt_client_end(client,
                    &(struct mqtt_client_end){.cause = MQTT_CLIENT_CAUSE_REFUSED,
                                              .reason = reason_of(client, packet->reason),
                                              .text = packet->properties.reason_string},
                    now);
}

// ---- CONNACK: what is granted -----------------------------------------------------------------

static bool is_lacking(const struct mqtt_properties *properties, enum mqtt_property property,
                       uint8_t value) {
    return mqtt_properties_have(properties, property) && value == 0;
}

static void take_lacks(struct mqtt_client *client, const struct mqtt_properties *given) {
    unsigned lacks = 0;
    lacks |= is_lacking(given, MQTT_RETAIN_AVAILABLE, given->retain_available)
                 ? MQTT_CLIENT_LACKS_RETAINING
                 : 0;
    lacks |= is_lacking(given, MQTT_WILDCARD_SUBSCRIPTION_AVAILABLE,
                        given->wildcard_subscription_available)
                 ? MQTT_CLIENT_LACKS_WILDCARDS
                 : 0;
    lacks |=
        is_lacking(given, MQTT_SHARED_SUBSCRIPTION_AVAILABLE, given->shared_subscription_available)
            ? MQTT_CLIENT_LACKS_SHARING
            : 0;
    lacks |= is_lacking(given, MQTT_SUBSCRIPTION_IDENTIFIER_AVAILABLE,
                        given->subscription_identifier_available)
                 ? MQTT_CLIENT_LACKS_IDENTIFIERS
                 : 0;
    client->lacks = (uint8_t)lacks;
}

static uint32_t number_or(const struct mqtt_properties *given, enum mqtt_property property,
                          uint32_t value, uint32_t otherwise) {
    return mqtt_properties_have(given, property) ? value : otherwise;
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static void take_grants(struct mqtt_client *client, const struct mqtt_properties *given) {
    const struct mqtt_client_config *config = client->config;
    const struct mqtt_properties *asked = &config->properties;
    uint32_t expiry = number_or(asked, MQTT_SESSION_EXPIRY, asked->session_expiry, 0);
    if (!mqtt_client_is_5(client)) {
        expiry = config->clean_start ? 0 : UINT32_MAX;
    }
    client->session_expiry = number_or(given, MQTT_SESSION_EXPIRY, given->session_expiry, expiry);
    client->keep_alive = (uint16_t)number_or(given, MQTT_SERVER_KEEP_ALIVE,
                                             given->server_keep_alive, config->keep_alive);
    client->receive_maximum =
        (uint16_t)number_or(given, MQTT_RECEIVE_MAXIMUM, given->receive_maximum, UINT16_MAX);
    client->maximum_packet =
        number_or(given, MQTT_MAXIMUM_PACKET_SIZE, given->maximum_packet_size, MQTT_PACKET_MAX);
    uint32_t aliases = number_or(given, MQTT_TOPIC_ALIAS_MAXIMUM, given->topic_alias_maximum, 0);
    client->alias_maximum = (uint16_t)least(aliases, config->limits.aliases_out);
    client->maximum_qos = (uint8_t)number_or(given, MQTT_MAXIMUM_QOS, given->maximum_qos, 2);
    take_lacks(client, given);
}

static void take_client_id(struct mqtt_client *client, const struct mqtt_properties *given,
                           uint64_t now) {
    struct bytes id = given->assigned_client_identifier;
    bool had_none = client->client_id_bytes == 0;
    if (mqtt_properties_have(given, MQTT_ASSIGNED_CLIENT_IDENTIFIER) && had_none && id.size > 0) {
        uint8_t *assigned = memory_resize(client->port->memory, NULL, 0, id.size);
        memcpy(assigned, id.data, id.size);
        mqtt_client_apart(client)->assigned_id = assigned;
        client->client_id_bytes = (uint16_t)id.size;
    } else if (had_none && mqtt_client_is_5(client)) { // [MQTT-3.2.2-16]
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_NO_IDENTIFIER, NULL, now);
    }
}

// ---- CONNACK: which session it is -------------------------------------------------------------

// False: it must not be, and the connection is over.
static bool check_session(struct mqtt_client *client, bool is_present, uint64_t now) {
    if (is_present && client->is_clean) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_SESSION_AFTER_CLEAN, NULL, now);
        return false;
    }
    if (is_present && !client->has_session && !client->config->adopts_session) { // [MQTT-3.2.2-4]
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_SESSION_UNKNOWN, NULL, now);
        return false;
    }
    return true;
}

// 3.1 does not tell whether there is a session: what is under way goes on as if there was, for a
// broker that has none takes it as new; and subscriptions are made anew.
static void go_on(struct mqtt_client *client, bool is_present, uint64_t now) {
    bool may_be = client->config->version == MQTT_3_1 && !client->is_clean;
    bool was_there = client->has_session;
    client->has_session = client->session_expiry > 0;
    if (!is_present && !may_be) { // [MQTT-3.2.2-5]
        if (was_there) {
            mqtt_client_tell(client,
                             &(struct mqtt_client_event){.kind = MQTT_CLIENT_EVENT_SESSION_LOST});
        }
        mqtt_client_sending_forget(client);
        mqtt_client_arriving_forget(client);
    }
    mqtt_client_requests_resume(client, is_present, now); // before what they are to get
    mqtt_client_sending_resume(client, now);
}

static void open_connection(struct mqtt_client *client, const struct mqtt_packet *packet,
                            uint64_t now) {
    client->state = MQTT_CLIENT_OPEN;
    client->due_at = MQTT_CLIENT_NEVER;
    client->was_connected = true;
    if (client->apart->redirects > 0) {
        mqtt_client_apart(client)->redirects = 0;
    }
    client->opened_at = now;
    client->pinged_at = MQTT_CLIENT_NEVER;
    client->pings = 0;
    client->unreleased = 0;
    take_grants(client, &packet->properties);
    take_client_id(client, &packet->properties, now);
    mqtt_client_tell(client, &(struct mqtt_client_event){.kind = MQTT_CLIENT_EVENT_CONNECTED,
                                                         .session_present = packet->session_present,
                                                         .properties = &packet->properties});
    go_on(client, packet->session_present, now);
}

static void check_information(struct mqtt_client *client, const struct mqtt_properties *given,
                              uint64_t now) {
    const struct mqtt_properties *asked = &client->config->properties;
    bool was_asked = mqtt_properties_have(asked, MQTT_REQUEST_RESPONSE_INFORMATION) &&
                     asked->request_response_information == 1;
    if (mqtt_properties_have(given, MQTT_RESPONSE_INFORMATION) && !was_asked) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_RESPONSE_INFORMATION, NULL, now);
    }
}

void mqtt_client_receive_connack(struct mqtt_client *client, const struct mqtt_packet *packet,
                                 uint64_t now) {
    bool uses_scram = client->config->uses_scram;
    if (packet->reason != MQTT_SUCCESS) {
        take_refusal(client, packet, now);
        return;
    }
    bool has_method = mqtt_properties_have(&packet->properties, MQTT_AUTHENTICATION_METHOD);
    if (has_method && (!uses_scram || has_other_method(packet))) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_AUTH_METHOD, NULL, now);
        return;
    }
    if (uses_scram && !is_proven(client, packet)) {
        fail_scram(client, now);
        return;
    }
    check_information(client, &packet->properties, now);
    if (check_session(client, packet->session_present, now)) {
        open_connection(client, packet, now);
    }
}
