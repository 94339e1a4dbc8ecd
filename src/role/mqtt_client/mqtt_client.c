#include "role/mqtt_client/mqtt_client.h"

#include <sodium.h>

#include "base/assert.h"
#include "base/utf8.h"
#include "role/mqtt_client/mqtt_client_arriving.h"
#include "role/mqtt_client/mqtt_client_ending.h"
#include "role/mqtt_client/mqtt_client_opening.h"
#include "role/mqtt_client/mqtt_client_requests.h"
#include "role/mqtt_client/mqtt_client_sending.h"
#include "topic/topic.h"

#define OLD_ID_MAX 23 // characters of a client identifier in 3.1
// A PINGREQ goes out when this share of the keep alive has passed in silence, so that timers and
// networks may be late [MQTT-3.1.2-20].
#define PING_SHARE(nanoseconds) ((nanoseconds) / 5 * 4)
#define ANSWERS_ROOM 65536 // bytes in the stream, above its limit, for answers

// ---- what is right of a configuration -----------------------------------------------------------

// Those that the limits set, or the client itself.
#define OWN_PROPERTIES                                                           \
    (MQTT_HAS(MQTT_RECEIVE_MAXIMUM) | MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE) |       \
     MQTT_HAS(MQTT_TOPIC_ALIAS_MAXIMUM) | MQTT_HAS(MQTT_AUTHENTICATION_METHOD) | \
     MQTT_HAS(MQTT_AUTHENTICATION_DATA))

static bool has_properties(const struct mqtt_properties *properties) {
    return properties->present != 0 || properties->more.size > 0;
}

static const char *check_will(const struct mqtt_client_config *config) {
    const struct mqtt_client_will *will = &config->will;
    if (will->topic.size == 0) {
        return NULL;
    }
    enum topic_fault fault = topic_name_check(will->topic);
    return fault != TOPIC_OK                 ? topic_fault_text(fault)
           : will->qos > 2                   ? "the QoS of the will is above 2"
           : will->payload.size > UINT16_MAX ? "the will's payload has more than 65535 bytes"
           : config->version != MQTT_5 && has_properties(&will->properties)
               ? "properties of a will need version 5"
               : NULL;
}

static const char *check_credentials(const struct mqtt_client_config *config) {
    if (config->user_name.size > UINT16_MAX || config->password.size > UINT16_MAX) {
        return "user name and password have at most 65535 bytes";
    }
    if (!utf8_is_valid(config->user_name)) {
        return "the user name is not UTF-8";
    }
    if (config->has_password && !config->has_user_name && config->version != MQTT_5) {
        return "a password needs a user name before version 5"; // [MQTT3-3.1.2-22]
    }
    if (config->uses_scram && config->version != MQTT_5) {
        return "SCRAM needs version 5";
    }
    if (config->uses_scram && (!config->has_user_name || !config->has_password)) {
        return "SCRAM needs a user name and a password";
    }
    return config->uses_scram && config->user_name.size > SCRAM_USER_MAX / 3
               ? "the user name is too long for SCRAM"
               : NULL;
}

static const char *check_client_id(const struct mqtt_client_config *config, struct bytes id) {
    if (id.size > UINT16_MAX || !utf8_is_valid(id)) {
        return "the client identifier is not UTF-8 of at most 65535 bytes";
    }
    if (config->version == MQTT_3_1 && (id.size == 0 || id.size > OLD_ID_MAX)) {
        return "version 3.1 has client identifiers of 1 to 23 characters";
    }
    if (config->version == MQTT_3_1_1 && id.size == 0 && !config->clean_start) {
        return "without a client identifier there is no session to be kept"; // [MQTT3-3.1.3-7]
    }
    return NULL;
}

const char *mqtt_client_config_check(const struct mqtt_client_config *config,
                                     struct bytes client_id) {
    const char *why = check_client_id(config, client_id);
    why = why != NULL ? why : check_credentials(config);
    why = why != NULL ? why : check_will(config);
    if (why == NULL && config->version != MQTT_5 && has_properties(&config->properties)) {
        why = "properties need version 5";
    }
    if (why == NULL && (config->properties.present & OWN_PROPERTIES) != 0) {
        why = "this property follows from other settings";
    }
    return why;
}

// ---- life -------------------------------------------------------------------------------------

struct mqtt_client *mqtt_client_create(const struct mqtt_client_config *config,
                                       const struct mqtt_client_port *port, struct bytes client_id,
                                       uint32_t number, void *owner) {
    ASSERT(mqtt_client_config_check(config, client_id) == NULL);
    ASSERT(config->limits.receive_maximum > 0 && config->limits.in_flight > 0);
    struct mqtt_client *client = memory_allocate(port->memory, sizeof *client + client_id.size);
    client->config = config;
    client->port = port;
    client->owner = owner;
    client->number = number;
    client->client_id_bytes = client->own_id_bytes = (uint16_t)client_id.size;
    client->maximum_packet = MQTT_PACKET_MAX;
    client->due_at = client->pinged_at = MQTT_CLIENT_NEVER;
    buffer_init(&client->out, port->memory);
    mqtt_client_apart_init(client);
    if (client_id.size > 0) {
        memcpy(client->client_id, client_id.data, client_id.size);
    }
    return client;
}

void mqtt_client_destroy(struct mqtt_client *client) {
    struct memory *memory = client->port->memory;
    mqtt_client_link_free(client);
    mqtt_client_requests_free(client);
    mqtt_client_sending_free(client);
    mqtt_client_apart_free(client);
    buffer_deinit(&client->out);
    memory_free(memory, client, sizeof *client + client->own_id_bytes);
}

// ---- the stream -------------------------------------------------------------------------------

enum mqtt_client_need mqtt_client_need(const struct mqtt_client *client) {
    if (client->state == MQTT_CLIENT_EXPECT_STREAM) {
        return MQTT_CLIENT_NEEDS_STREAM;
    }
    bool is_over =
        client->state == MQTT_CLIENT_EXPECT_CLOSED && (client->out.size == 0 || client->is_hurried);
    return is_over ? MQTT_CLIENT_NEEDS_CLOSING : MQTT_CLIENT_NEEDS_NOTHING;
}

bool mqtt_client_aborts(const struct mqtt_client *client) {
    return client->is_abandoned;
}

struct bytes mqtt_client_server(const struct mqtt_client *client) {
    return bytes_make(client->apart->server, client->apart->server_bytes);
}

static void begin(struct mqtt_client *client, uint64_t now) {
    client->state = MQTT_CLIENT_EXPECT_STREAM;
    client->due_at = now + client->config->connect_timeout;
    client->is_hurried = false;
    mqtt_client_wake(client);
}

void mqtt_client_opened(struct mqtt_client *client, uint64_t now) {
    if (client->state == MQTT_CLIENT_EXPECT_STREAM) {
        client->state = MQTT_CLIENT_EXPECT_CONNACK;
        client->maximum_packet = MQTT_PACKET_MAX;
        client->received_at = now;
        mqtt_client_say_connect(client, now);
    }
}

void mqtt_client_closed(struct mqtt_client *client, const char *why, uint64_t now) {
    if (client->state == MQTT_CLIENT_EXPECT_CLOSED) {
        bool tries = client->apart->retry_at != MQTT_CLIENT_NEVER;
        client->state = tries ? MQTT_CLIENT_WAITING : MQTT_CLIENT_OFF;
        client->due_at = client->apart->retry_at;
        buffer_deinit(&client->out);
        mqtt_client_tick(client, now);
        return;
    }
    bool had_stream = client->state != MQTT_CLIENT_EXPECT_STREAM;
    mqtt_client_end(client,
                    &(struct mqtt_client_end){.cause = had_stream ? MQTT_CLIENT_CAUSE_LOST
                                                                  : MQTT_CLIENT_CAUSE_UNREACHABLE,
                                              .why = why,
                                              .is_gone = true},
                    now);
}

static bool has_stream(const struct mqtt_client *client) {
    return client->state == MQTT_CLIENT_OPEN || client->state == MQTT_CLIENT_EXPECT_CONNACK;
}

bool mqtt_client_takes_input(const struct mqtt_client *client) {
    return client->out.size <= 2 * client->config->limits.output_bytes + ANSWERS_ROOM;
}

struct bytes mqtt_client_output(struct mqtt_client *client) {
    client->is_ready = false;
    return buffer_bytes(&client->out);
}

// A CONNECT that has left is not to lie in memory with its password.
static void wipe(bool may_be_secret, uint8_t *sent, size_t bytes) {
    if (may_be_secret) {
        sodium_memzero(sent, bytes);
    }
}

void mqtt_client_sent(struct mqtt_client *client, size_t bytes, uint64_t now) {
    ASSERT(bytes <= client->out.size);
    bool may_be_secret = client->config->has_password && !mqtt_client_is_open(client);
    if (bytes < client->out.size) {
        buffer_consume(&client->out, bytes);
        wipe(may_be_secret, client->out.data + client->out.size, bytes);
    } else if (bytes > 0) {
        wipe(may_be_secret, client->out.data, bytes);
        buffer_deinit(&client->out);
    }
    if (client->state == MQTT_CLIENT_EXPECT_CLOSED && client->out.size == 0) {
        mqtt_client_wake(client);
    } else if (mqtt_client_is_open(client)) {
        mqtt_client_sending_go_on(client, now);
        mqtt_client_requests_send(client, now);
    }
}

// ---- packets ----------------------------------------------------------------------------------

static void receive_pingresp(struct mqtt_client *client, const struct mqtt_packet *packet,
                             uint64_t now) {
    (void)packet;
    if (client->pings == 0) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_PING_UNASKED, NULL, now);
        return;
    }
    client->pings--;
    mqtt_client_tell(client, &(struct mqtt_client_event){.kind = MQTT_CLIENT_EVENT_PONG,
                                                         .took = now - client->pinged_at});
    client->pinged_at = client->pings > 0 ? client->pinged_at : MQTT_CLIENT_NEVER;
}

static void receive_disconnect(struct mqtt_client *client, const struct mqtt_packet *packet,
                               uint64_t now) {
    mqtt_client_redirect(client, packet);
    mqtt_client_end(client,
                    &(struct mqtt_client_end){.cause = MQTT_CLIENT_CAUSE_BROKER,
                                              .reason = (enum mqtt_reason)packet->reason,
                                              .text = packet->properties.reason_string},
                    now);
}

// Which packets may come when; what the codec refuses from servers has no row. A fault stands for
// the state in which the packet may not come.
static const struct {
    void (*receive)(struct mqtt_client *client, const struct mqtt_packet *packet, uint64_t now);
    bool comes_first; // before CONNACK
    bool comes_later;
    enum mqtt_client_fault fault;
} rows[] = {
    [MQTT_CONNACK] = {mqtt_client_receive_connack, true, false, MQTT_CLIENT_FAULT_SECOND_CONNACK},
    [MQTT_PUBLISH] = {mqtt_client_receive_publish, false, true, MQTT_CLIENT_FAULT_NOT_CONNACK},
    [MQTT_PUBACK] = {mqtt_client_receive_answer, false, true, MQTT_CLIENT_FAULT_NOT_CONNACK},
    [MQTT_PUBREC] = {mqtt_client_receive_answer, false, true, MQTT_CLIENT_FAULT_NOT_CONNACK},
    [MQTT_PUBREL] = {mqtt_client_receive_pubrel, false, true, MQTT_CLIENT_FAULT_NOT_CONNACK},
    [MQTT_PUBCOMP] = {mqtt_client_receive_answer, false, true, MQTT_CLIENT_FAULT_NOT_CONNACK},
    [MQTT_SUBACK] = {mqtt_client_receive_codes, false, true, MQTT_CLIENT_FAULT_NOT_CONNACK},
    [MQTT_UNSUBACK] = {mqtt_client_receive_codes, false, true, MQTT_CLIENT_FAULT_NOT_CONNACK},
    [MQTT_PINGRESP] = {receive_pingresp, false, true, MQTT_CLIENT_FAULT_NOT_CONNACK},
    [MQTT_DISCONNECT] = {receive_disconnect, false, true, MQTT_CLIENT_FAULT_EARLY_DISCONNECT},
    [MQTT_AUTH] = {mqtt_client_receive_auth, true, true, MQTT_CLIENT_FAULT_AUTH_REASON},
};

// Reason strings and user properties where they were not wanted [MQTT-3.1.2-29].
static bool has_unwanted_information(const struct mqtt_client *client,
                                     const struct mqtt_packet *packet) {
    const struct mqtt_properties *asked = &client->config->properties;
    const uint64_t information = MQTT_HAS(MQTT_REASON_STRING) | MQTT_HAS(MQTT_USER_PROPERTY);
    bool is_unwanted = mqtt_properties_have(asked, MQTT_REQUEST_PROBLEM_INFORMATION) &&
                       asked->request_problem_information == 0;
    bool may_have = packet->type == MQTT_PUBLISH || packet->type == MQTT_CONNACK ||
                    packet->type == MQTT_DISCONNECT;
    return is_unwanted && !may_have && (packet->properties.present & information) != 0;
}

static void receive_packet(struct mqtt_client *client, const struct mqtt_packet *packet,
                           uint64_t now) {
    unsigned type = (unsigned)packet->type;
    bool is_open = mqtt_client_is_open(client);
    ASSERT(type < sizeof rows / sizeof *rows && rows[type].receive != NULL);
    if (!(is_open ? rows[type].comes_later : rows[type].comes_first)) {
        mqtt_client_blame(client, rows[type].fault, NULL, now);
    } else if (has_unwanted_information(client, packet)) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_PROBLEM_INFORMATION, NULL, now);
    } else {
        rows[type].receive(client, packet, now);
    }
}

static void take_packet(struct mqtt_client *client, struct bytes bytes, uint64_t now) {
    struct mqtt_packet packet;
    const char *why = NULL;
    if (client->port->trace != NULL) {
        client->port->trace(client->port->context, client->owner, false, bytes);
    }
    enum mqtt_reason reason =
        mqtt_decode(&packet, bytes, client->config->version, MQTT_FROM_SERVER, &why);
    if (reason != MQTT_SUCCESS) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_UNDECODABLE, why, now);
    } else {
        receive_packet(client, &packet, now);
    }
}

// The size of the packet that the bytes begin with; 0: it is not whole, or the broker was wrong.
static size_t look_at_packet(struct mqtt_client *client, struct bytes bytes, uint64_t now) {
    struct mqtt_frame frame;
    enum mqtt_frame_state state = mqtt_frame_read(bytes, &frame);
    if (state == MQTT_FRAME_MALFORMED) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_LENGTH, NULL, now);
        return 0;
    }
    if (frame.bytes > client->config->limits.packet_bytes) {
        mqtt_client_blame(client, MQTT_CLIENT_FAULT_TOO_LARGE, NULL, now);
        return 0;
    }
    return state == MQTT_FRAME_WHOLE ? frame.bytes : 0;
}

static size_t take_packets(struct mqtt_client *client, struct bytes input, uint64_t now) {
    size_t at = 0;
    while (has_stream(client)) {
        struct bytes left = bytes_make(input.data + at, input.size - at);
        size_t size = left.size > 0 ? look_at_packet(client, left, now) : 0;
        if (size == 0) {
            break;
        }
        take_packet(client, bytes_make(left.data, size), now);
        at += size;
    }
    return at;
}

// Takes the start of a packet that came before out of the client: the end of a connection frees it
// there.
static struct buffer take_rest(struct mqtt_client *client) {
    struct buffer taken = client->apart->rest;
    if (taken.size > 0) {
        buffer_init(&mqtt_client_apart(client)->rest, client->port->memory);
    }
    return taken;
}

// What is left of the input is the start of a packet.
void mqtt_client_receive(struct mqtt_client *client, struct bytes bytes, uint64_t now) {
    if (!has_stream(client) || bytes.size == 0) {
        return;
    }
    client->received_at = now;
    struct buffer taken = take_rest(client);
    if (taken.size > 0) {
        buffer_append(&taken, bytes);
        bytes = buffer_bytes(&taken);
    }
    size_t done = take_packets(client, bytes, now);
    if (has_stream(client) && done < bytes.size) {
        if (done == 0 && taken.size > 0) { // it only grew
            mqtt_client_apart(client)->rest = taken;
            return;
        }
        buffer_append(&mqtt_client_apart(client)->rest,
                      bytes_make(bytes.data + done, bytes.size - done));
    }
    if (taken.size > 0) {
        buffer_deinit(&taken);
    }
}

// ---- time -------------------------------------------------------------------------------------

static void say_ping(struct mqtt_client *client, uint64_t now) {
    if (client->pings == UINT8_MAX) {
        return;
    }
    client->pinged_at = client->pings == 0 ? now : client->pinged_at;
    client->pings++;
    (void)mqtt_client_say(client, &(struct mqtt_packet){.type = MQTT_PINGREQ}, now);
}

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

// When a PINGREQ is due: nothing was sent for long, or nothing came, as if the broker had gone.
static uint64_t ping_due(const struct mqtt_client *client) {
    uint64_t since =
        client->pings > 0 ? client->sent_at : earlier(client->sent_at, client->received_at);
    return client->keep_alive == 0 ? MQTT_CLIENT_NEVER
                                   : since + PING_SHARE(client->keep_alive * MQTT_CLIENT_SECOND);
}

static uint64_t silence_due(const struct mqtt_client *client) {
    return client->pings == 0 ? MQTT_CLIENT_NEVER
                              : client->pinged_at + client->config->answer_timeout;
}

static void end_silent(struct mqtt_client *client, const char *why, uint64_t now) {
    mqtt_client_end(client,
                    &(struct mqtt_client_end){.cause = MQTT_CLIENT_CAUSE_SILENT, .why = why}, now);
}

static void tick_open(struct mqtt_client *client, uint64_t now) {
    if (now >= silence_due(client)) {
        end_silent(client, "no PINGRESP came in time", now);
    } else if (now >= ping_due(client)) {
        say_ping(client, now);
    }
}

void mqtt_client_tick(struct mqtt_client *client, uint64_t now) {
    bool is_due = now >= client->due_at;
    switch ((enum mqtt_client_state)client->state) {
    case MQTT_CLIENT_OFF:
    case MQTT_CLIENT_STATES:
        break;
    case MQTT_CLIENT_WAITING:
        if (is_due) {
            begin(client, now);
        }
        break;
    case MQTT_CLIENT_EXPECT_STREAM:
    case MQTT_CLIENT_EXPECT_CONNACK:
        if (is_due) {
            end_silent(client, "the broker did not answer in time", now);
        }
        break;
    case MQTT_CLIENT_OPEN:
        tick_open(client, now);
        break;
    case MQTT_CLIENT_EXPECT_CLOSED:
        if (is_due) { // the stream does not take what was said
            client->is_hurried = true;
            client->due_at = MQTT_CLIENT_NEVER;
            mqtt_client_wake(client);
        }
        break;
    }
}

uint64_t mqtt_client_deadline(const struct mqtt_client *client) {
    return mqtt_client_is_open(client) ? earlier(silence_due(client), ping_due(client))
                                       : client->due_at;
}

// ---- commands ---------------------------------------------------------------------------------

enum mqtt_client_result mqtt_client_connect(struct mqtt_client *client, uint64_t now) {
    bool is_leaving = client->state == MQTT_CLIENT_EXPECT_CLOSED;
    if (is_leaving && client->apart->retry_at == MQTT_CLIENT_NEVER) {
        mqtt_client_set_retry(client, now); // once the stream at hand is closed
        return MQTT_CLIENT_OK;
    }
    if (client->state != MQTT_CLIENT_OFF && client->state != MQTT_CLIENT_WAITING) {
        return MQTT_CLIENT_ALREADY;
    }
    begin(client, now);
    return MQTT_CLIENT_OK;
}

// A session that was to end with the connection cannot be kept after all (5.0, section 3.14.2.2.2).
static void say_disconnect(struct mqtt_client *client, const struct mqtt_client_farewell *farewell,
                           uint64_t now) {
    struct mqtt_packet packet = {.type = MQTT_DISCONNECT};
    if (farewell != NULL && mqtt_client_is_5(client)) {
        packet.reason = farewell->wants_will ? MQTT_DISCONNECT_WITH_WILL : MQTT_SUCCESS;
        if (farewell->has_expiry && client->session_expiry > 0) {
            packet.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
            packet.properties.session_expiry = farewell->expiry;
            client->session_expiry = farewell->expiry;
            client->has_session = farewell->expiry > 0;
        }
    }
    (void)mqtt_client_say(client, &packet, now);
}

void mqtt_client_disconnect(struct mqtt_client *client, const struct mqtt_client_farewell *farewell,
                            uint64_t now) {
    struct mqtt_client_end end = {.cause = MQTT_CLIENT_CAUSE_ASKED};
    if (client->state == MQTT_CLIENT_EXPECT_CLOSED) {
        mqtt_client_set_retry(client, MQTT_CLIENT_NEVER);
        return;
    }
    if (mqtt_client_is_open(client)) {
        say_disconnect(client, farewell, now);
    } else {
        end.is_gone = client->state == MQTT_CLIENT_WAITING;
        buffer_deinit(&client->out);
    }
    mqtt_client_end(client, &end, now);
}

void mqtt_client_drop(struct mqtt_client *client, uint64_t now) {
    if (has_stream(client)) {
        mqtt_client_end(client, &(struct mqtt_client_end){.cause = MQTT_CLIENT_CAUSE_DROPPED}, now);
    }
}

enum mqtt_client_result mqtt_client_ping(struct mqtt_client *client, uint64_t now) {
    if (!mqtt_client_is_open(client)) {
        return MQTT_CLIENT_NOT_CONNECTED;
    }
    say_ping(client, now);
    return MQTT_CLIENT_OK;
}

enum mqtt_client_result mqtt_client_authenticate(struct mqtt_client *client, uint64_t now) {
    bool has_exchange = client->link != NULL && client->link->scram != NULL;
    if (!client->config->uses_scram) {
        return MQTT_CLIENT_NOT_THIS_METHOD; // [MQTT-4.12.0-7]
    }
    if (!mqtt_client_is_open(client)) {
        return MQTT_CLIENT_NOT_CONNECTED;
    }
    if (has_exchange) {
        return MQTT_CLIENT_ALREADY;
    }
    mqtt_client_say_reauthenticate(client, now);
    return MQTT_CLIENT_OK;
}

enum mqtt_client_result mqtt_client_publish(struct mqtt_client *client,
                                            const struct mqtt_client_message *message,
                                            uint64_t now) {
    return mqtt_client_sending_publish(client, message, now);
}

enum mqtt_client_result mqtt_client_subscribe(struct mqtt_client *client,
                                              const struct mqtt_client_subscription *subscription,
                                              uint64_t now) {
    return mqtt_client_requests_subscribe(client, subscription, now);
}

enum mqtt_client_result mqtt_client_unsubscribe(struct mqtt_client *client, struct bytes filter,
                                                uint64_t now) {
    return mqtt_client_requests_unsubscribe(client, filter, now);
}
