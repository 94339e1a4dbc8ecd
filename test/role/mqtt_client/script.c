#include "role/mqtt_client/script.h"

#include <stdlib.h>

static const struct cipher_secret seed = {{1, 2, 3}};

struct mqtt_client_config script_config(void) {
    return (struct mqtt_client_config){.version = MQTT_5,
                                       .clean_start = true,
                                       .keep_alive = 60,
                                       .connect_timeout = 10 * ROLE_SECOND,
                                       .answer_timeout = 5 * ROLE_SECOND,
                                       .retry = {.kind = MQTT_CLIENT_RETRY_NEVER},
                                       .limits = {.messages = 100,
                                                  .message_bytes = 100000,
                                                  .output_bytes = 100000,
                                                  .packet_bytes = 100000,
                                                  .receive_maximum = 10,
                                                  .aliases_in = 4,
                                                  .aliases_out = 4,
                                                  .in_flight = 20,
                                                  .subscriptions = 10},
                                       .seed = &seed};
}

struct mqtt_client_config script_lasting_config(enum mqtt_version version) {
    struct mqtt_client_config config = script_config();
    config.version = version;
    config.clean_start = version == MQTT_5; // of the first connection only
    if (version == MQTT_5) {
        config.properties.present = MQTT_HAS(MQTT_SESSION_EXPIRY);
        config.properties.session_expiry = 3600;
    }
    return config;
}

static void note_ready(void *context, void *owner) {
    struct script *script = context;
    assert_ptr_equal(owner, script);
    assert_false(script->is_ready);
    script->is_ready = true;
}

static void copy_text(char out[128], struct bytes text) {
    size_t size = text.size < 127 ? text.size : 127;
    if (size > 0) {
        memcpy(out, text.data, size);
    }
    out[size] = 0;
}

static void note_told(void *context, void *owner, const struct mqtt_client_event *event) {
    struct script *script = context;
    (void)owner;
    assert_true(script->told_count < SCRIPT_TOLD_MAX);
    struct script_told *told = &script->told[script->told_count++];
    *told = (struct script_told){.kind = event->kind,
                                 .cause = event->cause,
                                 .reason = event->reason,
                                 .why = event->why,
                                 .statement = event->statement,
                                 .token = event->token,
                                 .retry_at = event->retry_at,
                                 .took = event->took,
                                 .qos = event->qos,
                                 .session_present = event->session_present,
                                 .was_open = event->was_open,
                                 .is_followed = event->is_followed,
                                 .is_fatal = event->is_fatal,
                                 .retain = event->retain,
                                 .dup = event->dup};
    copy_text(told->text, event->text);
    copy_text(told->value, event->value);
}

struct script *script_open(const struct mqtt_client_config *config) {
    struct script *script = calloc(1, sizeof *script);
    memory_init(&script->memory);
    script->now = 1000 * ROLE_SECOND;
    script->config = config == NULL ? script_config() : *config;
    script->port = (struct mqtt_client_port){
        .ready = note_ready, .tell = note_told, .context = script, .memory = &script->memory};
    script->client =
        mqtt_client_create(&script->config, &script->port, BYTES_LITERAL("c"), 1, script);
    return script;
}

void script_close(struct script *script) {
    mqtt_client_check(script->client);
    mqtt_client_destroy(script->client);
    assert_int_equal(script->memory.blocks_in_use, 0);
    assert_int_equal(script->memory.bytes_in_use, 0);
    free(script->said);
    free(script);
}

void script_settle(struct script *script) {
    mqtt_client_check(script->client);
    while (script->is_ready && !script->takes_nothing) {
        script->is_ready = false;
        struct bytes output = mqtt_client_output(script->client);
        if (output.size == 0) {
            break;
        }
        if (script->said_bytes + output.size > script->room) {
            script->room = 2 * (script->said_bytes + output.size);
            script->said = realloc(script->said, script->room);
        }
        memcpy(script->said + script->said_bytes, output.data, output.size);
        script->said_bytes += output.size;
        mqtt_client_sent(script->client, output.size, script->now);
    }
    mqtt_client_check(script->client);
}

void script_wait(struct script *script, uint64_t nanoseconds) {
    uint64_t end = script->now + nanoseconds;
    script_settle(script);
    while (mqtt_client_deadline(script->client) <= end) {
        uint64_t due = mqtt_client_deadline(script->client);
        script->now = due > script->now ? due : script->now;
        mqtt_client_tick(script->client, script->now);
        assert_true(mqtt_client_deadline(script->client) > script->now);
        script_settle(script);
    }
    script->now = end;
    mqtt_client_tick(script->client, script->now);
    script_settle(script);
}

static struct bytes unexpected(const struct script *script) {
    return bytes_make(script->said + script->taken, script->said_bytes - script->taken);
}

const struct mqtt_packet *script_expect(struct script *script, enum mqtt_type type) {
    struct mqtt_frame frame;
    script_settle(script);
    struct bytes said = unexpected(script);
    if (said.size == 0) {
        fail_msg("the client said no %s", mqtt_type_name(type));
    }
    assert_int_equal(mqtt_frame_read(said, &frame), MQTT_FRAME_WHOLE);
    const char *why = "";
    if (mqtt_decode(&script->packet, bytes_make(said.data, frame.bytes), script->config.version,
                    MQTT_FROM_CLIENT, &why) != MQTT_SUCCESS) {
        fail_msg("the client said what cannot be decoded: %s", why);
    }
    if (script->packet.type != type) {
        fail_msg("%s in place of %s", mqtt_type_name(script->packet.type), mqtt_type_name(type));
    }
    script->taken += frame.bytes;
    return &script->packet;
}

void script_expect_nothing(struct script *script) {
    script_settle(script);
    struct bytes said = unexpected(script);
    if (said.size > 0) {
        fail_msg("the client said %s", mqtt_type_name(said.data[0] >> 4));
    }
}

const struct script_told *script_expect_told(struct script *script,
                                             enum mqtt_client_event_kind kind) {
    if (script->told_taken == script->told_count) {
        fail_msg("the client told nothing in place of %d", (int)kind);
    }
    const struct script_told *told = &script->told[script->told_taken++];
    if (told->kind != kind) {
        fail_msg("the client told %d (%s) in place of %d", (int)told->kind,
                 told->why == NULL ? "" : told->why, (int)kind);
    }
    return told;
}

void script_expect_untold(const struct script *script) {
    if (script->told_taken < script->told_count) {
        const struct script_told *told = &script->told[script->told_taken];
        fail_msg("the client told %d: %s", (int)told->kind, told->why == NULL ? "" : told->why);
    }
}

void script_forget_told(struct script *script) {
    script->told_taken = script->told_count;
}

// ---- the broker -------------------------------------------------------------------------------

void script_send(struct script *script, const struct mqtt_packet *packet) {
    size_t size = mqtt_encoded_size(packet, script->config.version);
    uint8_t *bytes = malloc(size);
    mqtt_encode(packet, script->config.version, bytes);
    mqtt_client_receive(script->client, bytes_make(bytes, size), script->now);
    free(bytes);
    script_settle(script);
}

void script_send_short(struct script *script, enum mqtt_type type, uint16_t packet_id,
                       uint8_t reason) {
    script_send(script,
                &(struct mqtt_packet){.type = type, .packet_id = packet_id, .reason = reason});
}

void script_send_publish(struct script *script, const char *topic, const char *value, uint8_t qos,
                         uint16_t packet_id) {
    script_send(script, &(struct mqtt_packet){.type = MQTT_PUBLISH,
                                              .publish = {.topic = bytes_of_text(topic),
                                                          .payload = bytes_of_text(value),
                                                          .qos = qos,
                                                          .packet_id = packet_id}});
}

const struct mqtt_packet *script_connect(struct script *script) {
    script_settle(script);
    assert_int_equal(mqtt_client_need(script->client), MQTT_CLIENT_NEEDS_STREAM);
    mqtt_client_opened(script->client, script->now);
    return script_expect(script, MQTT_CONNECT);
}

void script_open_connection(struct script *script, bool session_present,
                            const struct mqtt_properties *properties) {
    if (mqtt_client_need(script->client) == MQTT_CLIENT_NEEDS_NOTHING) {
        assert_int_equal(mqtt_client_connect(script->client, script->now), MQTT_CLIENT_OK);
    }
    (void)script_connect(script);
    struct mqtt_packet connack = {.type = MQTT_CONNACK, .session_present = session_present};
    if (properties != NULL) {
        connack.properties = *properties;
    }
    script_send(script, &connack);
    const struct script_told *told = script_expect_told(script, MQTT_CLIENT_EVENT_CONNECTED);
    assert_int_equal(told->session_present, session_present);
}

void script_cut(struct script *script) {
    script_settle(script);
    script->taken = script->said_bytes;
    mqtt_client_closed(script->client, NULL, script->now);
    mqtt_client_check(script->client);
}

void script_expect_closing(struct script *script) {
    script_settle(script);
    assert_int_equal(mqtt_client_need(script->client), MQTT_CLIENT_NEEDS_CLOSING);
    mqtt_client_closed(script->client, NULL, script->now);
}

enum mqtt_client_result script_publish(struct script *script, const char *topic, const char *value,
                                       uint8_t qos, uint64_t token) {
    return mqtt_client_publish(script->client,
                               &(struct mqtt_client_message){.topic = bytes_of_text(topic),
                                                             .payload = bytes_of_text(value),
                                                             .qos = qos,
                                                             .token = token},
                               script->now);
}
