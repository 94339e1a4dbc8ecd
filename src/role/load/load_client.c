#include "role/load/load_client.h"

#include "mqtt/publish.h"

#define ID_WORDS (65536 / 64)
#define ACK_BYTES 4
#define PUBLISH_FLAGS_QOS 0x06
#define PUBLISH_FLAG_DUP 0x08
#define FAILURE 0x80
#define NO_FLAGS 0xff

// Of a publisher of few topics.
static size_t starts_bytes(const struct load_client *client) {
    uint32_t topics = client->ledger->topics;
    bool keeps = client->kind == LOAD_PUBLISHER && topics <= LOAD_STARTS_MAX;
    return keeps ? topics * sizeof *client->starts : 0;
}

static bool has_ids(const struct load_client *client) {
    return client->kind == LOAD_PUBLISHER && client->settings->qos > 0;
}

void load_client_init(struct load_client *client, struct memory *memory,
                      const struct load_client_options *options) {
    *client = (struct load_client){.memory = memory,
                                   .settings = options->settings,
                                   .ledger = options->ledger,
                                   .kind = options->kind,
                                   .usual_flags = options->kind == LOAD_SUBSCRIBER
                                                      ? (uint8_t)(options->settings->qos << 1)
                                                      : NO_FLAGS,
                                   .number = options->number,
                                   .quota = options->quota,
                                   .window = options->settings->window};
    buffer_init(&client->out, memory);
    if (starts_bytes(client) > 0) {
        client->starts = memory_allocate(memory, starts_bytes(client));
    }
    if (has_ids(client)) {
        uint16_t window = client->window;
        client->expected = memory_allocate(memory, (size_t)window + 1);
        client->free_ids = memory_allocate(memory, window * sizeof *client->free_ids);
        for (uint16_t i = 0; i < window; i++) {
            client->free_ids[i] = (uint16_t)(i + 1);
        }
    }
    if (client->kind == LOAD_SUBSCRIBER && client->settings->qos == 2) {
        client->received = memory_allocate(memory, ID_WORDS * sizeof *client->received);
    }
}

void load_client_deinit(struct load_client *client) {
    size_t window = client->settings->window;
    buffer_deinit(&client->out);
    memory_free(client->memory, client->starts, client->starts != NULL ? starts_bytes(client) : 0);
    memory_free(client->memory, client->expected, client->expected != NULL ? window + 1 : 0);
    memory_free(client->memory, client->free_ids,
                client->free_ids != NULL ? window * sizeof *client->free_ids : 0);
    memory_free(client->memory, client->received,
                client->received != NULL ? ID_WORDS * sizeof *client->received : 0);
}

// ---- what goes wrong ------------------------------------------------------------------------

// As much as there is room for; returns where the next text goes.
static size_t add_text(struct load_client *client, size_t at, const char *text) {
    for (; *text != '\0' && at + 1 < sizeof client->fault; at++) {
        client->fault[at] = *text++;
    }
    client->fault[at] = '\0';
    return at;
}

static void fail(struct load_client *client, const char *what, const char *why) {
    client->state = LOAD_FAULTY;
    size_t end = add_text(client, 0, what);
    if (why != NULL) {
        (void)add_text(client, add_text(client, end, ": "), why);
    }
}

static const char *reason_text(const struct load_client *client, uint8_t reason) {
    return client->settings->version == MQTT_5 ? mqtt_reason_text((enum mqtt_reason)reason)
                                               : mqtt_return_code_text(reason);
}

// ---- what is said once ----------------------------------------------------------------------

static void say(struct load_client *client, const struct mqtt_packet *packet) {
    enum mqtt_version version = client->settings->version;
    size_t size = mqtt_encoded_size(packet, version);
    (void)mqtt_encode(packet, version, buffer_reserve(&client->out, size));
    client->out.size += size;
}

static struct bytes optional_text(const char *text) {
    return text != NULL ? bytes_of_text(text) : bytes_make(NULL, 0);
}

void load_client_connect(struct load_client *client) {
    const struct load_settings *settings = client->settings;
    struct buffer id;
    buffer_init(&id, client->memory);
    if (settings->client_id.size > 0) {
        buffer_append(&id, settings->client_id);
        buffer_append_decimal(&id, settings->run);
        buffer_append_byte(&id, (uint8_t) "psi"[client->kind]);
        buffer_append_decimal(&id, client->number);
    }
    struct mqtt_packet packet = {.type = MQTT_CONNECT};
    packet.connect = (struct mqtt_connect){.version = (uint8_t)settings->version,
                                           .clean_start = settings->clean,
                                           .has_user_name = settings->user_name != NULL,
                                           .has_password = settings->password != NULL,
                                           .keep_alive = settings->keep_alive,
                                           .client_id = buffer_bytes(&id),
                                           .user_name = optional_text(settings->user_name),
                                           .password = optional_text(settings->password)};
    say(client, &packet);
    buffer_deinit(&id);
}

void load_client_subscribe(struct load_client *client, struct mqtt_filters filters) {
    client->subacks++;
    client->state = LOAD_EXPECT_SUBACK;
    say(client, &(struct mqtt_packet){.type = MQTT_SUBSCRIBE,
                                      .packet_id = (uint16_t)client->subacks,
                                      .filters = filters});
}

void load_client_ping(struct load_client *client) {
    client->pings++;
    say(client, &(struct mqtt_packet){.type = MQTT_PINGREQ});
}

void load_client_disconnect(struct load_client *client) {
    say(client, &(struct mqtt_packet){.type = MQTT_DISCONNECT});
}

void load_client_clear(struct load_client *client) {
    const struct load_ledger *ledger = client->ledger;
    for (uint32_t topic = 0; topic < ledger->topics; topic++) {
        uint32_t stream = load_ledger_stream(ledger, client->number, topic);
        say(client,
            &(struct mqtt_packet){.type = MQTT_PUBLISH,
                                  .publish = {.retain = true, .topic = ledger->names[stream]}});
    }
}

// ---- publishing -----------------------------------------------------------------------------

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

// How many messages of the stream may go out now, of so many.
static uint64_t window_left(const struct load_client *client, uint32_t stream, uint64_t most) {
    const struct load_settings *settings = client->settings;
    const struct load_ledger *ledger = client->ledger;
    if (settings->qos > 0) {
        most = least(most, client->window - client->unacknowledged);
    }
    uint64_t awaited = ledger->awaited[client->number];
    uint64_t copies = ledger->copies[stream];
    uint64_t room = client->window * copies;
    if (settings->open || settings->retain || awaited + most * copies <= room) {
        return most;
    }
    return awaited < room ? (room - awaited) / copies : 0;
}

static uint16_t take_id(struct load_client *client) {
    uint16_t id = client->free_ids[client->unacknowledged++];
    client->expected[id] = client->settings->qos == 1 ? MQTT_PUBACK : MQTT_PUBREC;
    return id;
}

// The header and the topic of a PUBLISH, and room for the rest behind them; returns where that
// goes, the packet identifier first.
static uint8_t *write_start(struct load_client *client, struct bytes name,
                            struct load_start *kept) {
    const struct load_settings *settings = client->settings;
    struct mqtt_publish_head head = {.topic = name,
                                     .rest = (settings->version == MQTT_5 ? 1u : 0) +
                                             settings->payload_bytes,
                                     .packet_id = 1, // any: it is written over
                                     .qos = settings->qos,
                                     .retain = settings->retain};
    uint8_t *start = buffer_reserve(&client->out, mqtt_publish_size(&head) + LOAD_START_ROOM);
    uint8_t *out = mqtt_publish_write(start, &head) - (settings->qos > 0 ? 2 : 0);
    if (kept != NULL && out - start <= LOAD_START_ROOM) {
        kept->size = (uint8_t)(out - start);
        memcpy(kept->bytes, start, kept->size);
    }
    return out;
}

// The same from what was kept.
static uint8_t *copy_start(struct load_client *client, const struct load_start *kept) {
    struct buffer *out = &client->out;
    size_t room = sizeof *kept + 3 + client->settings->payload_bytes;
    uint8_t *start =
        out->capacity - out->size >= room ? out->data + out->size : buffer_reserve(out, room);
    memcpy(start, kept, sizeof *kept);
    return start + kept->size;
}

// Publishes `count` messages of one stream.
static void publish_run(struct load_client *client, uint32_t stream, uint32_t count, uint64_t now) {
    const struct load_settings *settings = client->settings;
    struct load_ledger *ledger = client->ledger;
    struct load_head head = {
        .run = ledger->run,
        .stream = stream,
        .sequence = load_ledger_send(ledger, client->number, stream, count),
        .sent_at = now,
    };
    struct load_start *kept = client->starts != NULL ? &client->starts[client->topic] : NULL;
    for (; count > 0; count--, head.sequence++) {
        uint8_t *out = kept != NULL && kept->size > 0
                           ? copy_start(client, kept)
                           : write_start(client, ledger->names[stream], kept);
        if (settings->qos > 0) {
            out = mqtt_two_bytes_write(out, take_id(client));
        }
        if (settings->version == MQTT_5) {
            *out++ = 0; // no properties
        }
        load_payload_write(out, settings->payload_bytes, head);
        client->out.size = (size_t)(out - client->out.data) + settings->payload_bytes;
    }
}

uint32_t load_client_publish(struct load_client *client, uint32_t most, uint64_t now) {
    uint32_t topics = client->ledger->topics;
    uint32_t done = 0;
    while (done < most && client->state == LOAD_READY) {
        uint32_t stream = load_ledger_stream(client->ledger, client->number, client->topic);
        uint64_t wanted = topics == 1 ? least(most - done, client->quota) : client->quota > 0;
        uint32_t count = (uint32_t)window_left(client, stream, wanted);
        if (count == 0) {
            break;
        }
        publish_run(client, stream, count, now);
        client->quota -= count;
        client->topic = client->topic + 1 == topics ? 0 : client->topic + 1;
        done += count;
    }
    return done;
}

// ---- receiving ------------------------------------------------------------------------------

static void acknowledge(struct load_client *client, enum mqtt_type type, uint16_t id) {
    uint8_t *out = buffer_reserve(&client->out, ACK_BYTES);
    out[0] = (uint8_t)(type << 4 | (type == MQTT_PUBREL ? 2 : 0));
    out[1] = 2;
    (void)mqtt_two_bytes_write(out + 2, id);
    client->out.size += ACK_BYTES;
}

// A PUBLISH with QoS 1 or 2. Whether its payload is to be delivered.
static bool take_publish_id(struct load_client *client, unsigned qos, uint16_t id) {
    if (id == 0 || qos > client->settings->qos) {
        fail(client, "the broker sent a message with a packet identifier or QoS that it may not",
             NULL);
        return false;
    }
    if (qos == 1) {
        acknowledge(client, MQTT_PUBACK, id);
        return true;
    }
    uint64_t bit = UINT64_C(1) << id % 64;
    client->unreleased += (client->received[id / 64] & bit) == 0;
    client->received[id / 64] |= bit;
    acknowledge(client, MQTT_PUBREC, id);
    return true;
}

// Of a message whose flags are not those it was published with: DUP, or a lower QoS.
static void judge_flags(struct load_client *client, uint8_t first, enum load_arrival arrival) {
    struct load_counts *counts = &client->ledger->counts;
    unsigned qos = (first & PUBLISH_FLAGS_QOS) >> 1;
    if (arrival != LOAD_ARRIVED_ASTRAY && qos < client->settings->qos) {
        counts->downgraded++;
    }
    if (arrival == LOAD_ARRIVED_AGAIN && (first & PUBLISH_FLAG_DUP) != 0 &&
        client->settings->version != MQTT_5) {
        counts->repeated--;
        counts->resent++;
        client->resent += qos == 2;
    }
}

static bool may_have_flags(const struct load_client *client, unsigned flags) {
    return client->kind == LOAD_SUBSCRIBER && (flags & PUBLISH_FLAGS_QOS) != PUBLISH_FLAGS_QOS &&
           flags != PUBLISH_FLAG_DUP; // [MQTT-3.3.1-2]
}

static void receive_publish(struct load_client *client, uint8_t first, struct bytes body,
                            uint64_t now) {
    unsigned qos = (first & PUBLISH_FLAGS_QOS) >> 1;
    size_t name_size = body.size >= 2 ? mqtt_two_bytes_read(body.data) : 0;
    size_t at = 2 + name_size + (qos > 0 ? 2 : 0);
    unsigned flags = first & (PUBLISH_FLAGS_QOS | PUBLISH_FLAG_DUP);
    bool is_usual = flags == client->usual_flags;
    bool is_whole = at <= body.size && (is_usual || may_have_flags(client, flags));
    if (is_whole && client->settings->version == MQTT_5) {
        uint32_t properties = 0;
        int size = mqtt_variable_read(body.data + at, body.size - at, &properties);
        is_whole = size > 0 && properties <= body.size - at - (size_t)size;
        at += (size_t)size + properties;
    }
    if (!is_whole) {
        fail(client, "the broker sent a PUBLISH that is malformed or not asked for", NULL);
        return;
    }
    if (qos > 0 && !take_publish_id(client, qos, mqtt_two_bytes_read(body.data + 2 + name_size))) {
        return;
    }
    enum load_arrival arrival =
        load_ledger_deliver(client->ledger, client->number, bytes_make(body.data + 2, name_size),
                            bytes_make(body.data + at, body.size - at), now);
    if (!is_usual) {
        judge_flags(client, first, arrival);
    }
}

// PUBACK, PUBREC, PUBCOMP: of what this client published.
static void receive_acknowledgement(struct load_client *client, enum mqtt_type type, uint16_t id) {
    if (!has_ids(client) || id == 0 || id > client->settings->window ||
        client->expected[id] != type) {
        fail(client, "the broker acknowledged what was not sent", mqtt_type_name(type));
        return;
    }
    client->ledger->counts.acknowledged++;
    if (type == MQTT_PUBREC) {
        client->expected[id] = MQTT_PUBCOMP;
        acknowledge(client, MQTT_PUBREL, id);
        return;
    }
    client->expected[id] = 0;
    client->free_ids[--client->unacknowledged] = id;
    load_ledger_wake(client->ledger, client->number);
}

static void receive_release(struct load_client *client, uint16_t id) {
    uint64_t bit = UINT64_C(1) << id % 64;
    bool is_awaited = client->received != NULL && (client->received[id / 64] & bit) != 0;
    if (!is_awaited && client->resent > 0) {
        client->resent--;
        acknowledge(client, MQTT_PUBCOMP, id);
        return;
    }
    if (!is_awaited) {
        fail(client, "the broker released a message that it did not send", NULL);
        return;
    }
    client->received[id / 64] &= ~bit;
    client->unreleased--;
    client->ledger->counts.acknowledged++;
    acknowledge(client, MQTT_PUBCOMP, id);
}

static void receive_connack(struct load_client *client, const struct mqtt_packet *packet) {
    if (client->state != LOAD_EXPECT_CONNACK) {
        fail(client, "the broker accepted the connection twice", NULL);
        return;
    }
    if (packet->reason != 0) {
        fail(client, "the broker refused the connection", reason_text(client, packet->reason));
        return;
    }
    const struct mqtt_properties *properties = &packet->properties;
    if (mqtt_properties_have(properties, MQTT_RECEIVE_MAXIMUM) &&
        properties->receive_maximum < client->window) {
        client->window = properties->receive_maximum;
    }
    if (mqtt_properties_have(properties, MQTT_MAXIMUM_QOS) &&
        properties->maximum_qos < client->settings->qos) {
        fail(client, "the broker has no such QoS", NULL);
        return;
    }
    client->state = LOAD_READY;
}

static void receive_suback(struct load_client *client, const struct mqtt_packet *packet) {
    for (size_t i = 0; i < packet->codes.size; i++) {
        uint8_t code = packet->codes.data[i];
        if (code >= FAILURE) {
            fail(client, "the broker refused a subscription",
                 client->settings->version == MQTT_5 ? mqtt_reason_text((enum mqtt_reason)code)
                                                     : NULL);
            return;
        }
        if (code < client->settings->qos) {
            fail(client, "the broker granted a lower QoS than was asked for", NULL);
            return;
        }
    }
    if (client->state != LOAD_EXPECT_SUBACK) {
        fail(client, "the broker sent a SUBACK that was not asked for", NULL);
    } else if (--client->subacks == 0) {
        client->state = LOAD_READY;
    }
}

static void receive_other(struct load_client *client, struct bytes bytes) {
    struct mqtt_packet packet;
    const char *why = NULL;
    enum mqtt_reason reason =
        mqtt_decode(&packet, bytes, client->settings->version, MQTT_FROM_SERVER, &why);
    if (reason != MQTT_SUCCESS) {
        fail(client, "the broker sent what is not MQTT", why);
    } else if (packet.type == MQTT_CONNACK) {
        receive_connack(client, &packet);
    } else if (packet.type == MQTT_SUBACK) {
        receive_suback(client, &packet);
    } else if (packet.type == MQTT_DISCONNECT) {
        fail(client, "the broker ended the connection", reason_text(client, packet.reason));
    } else if (packet.type == MQTT_PINGRESP && client->pings > 0) {
        client->pings--;
    } else {
        fail(client, "the broker sent a packet that was not asked for",
             mqtt_type_name((unsigned)packet.type));
    }
}

static bool is_acknowledgement(unsigned type) {
    return type >= MQTT_PUBACK && type <= MQTT_PUBCOMP;
}

static void receive_packet(struct load_client *client, struct bytes bytes,
                           const struct mqtt_frame *frame, uint64_t now) {
    unsigned type = frame->first >> 4;
    struct bytes body = bytes_make(bytes.data + frame->head_bytes, bytes.size - frame->head_bytes);
    if (type == MQTT_PUBLISH) {
        receive_publish(client, frame->first, body, now);
    } else if (!is_acknowledgement(type) || body.size < 2) {
        receive_other(client, bytes);
    } else if (body.size > 2 && body.data[2] >= FAILURE) {
        fail(client, "the broker refused a message", reason_text(client, body.data[2]));
    } else if (type == MQTT_PUBREL) {
        receive_release(client, mqtt_two_bytes_read(body.data));
    } else {
        receive_acknowledgement(client, (enum mqtt_type)type, mqtt_two_bytes_read(body.data));
    }
}

size_t load_client_receive(struct load_client *client, struct bytes bytes, uint64_t now) {
    size_t at = 0;
    while (client->state != LOAD_FAULTY) {
        struct bytes rest = bytes_make(bytes.data + at, bytes.size - at);
        struct mqtt_frame frame;
        enum mqtt_frame_state state = mqtt_frame_read(rest, &frame);
        if (state == MQTT_FRAME_MALFORMED) {
            fail(client, "the broker sent what is not MQTT", "a length");
        }
        if (state != MQTT_FRAME_WHOLE) {
            break;
        }
        receive_packet(client, bytes_make(rest.data, frame.bytes), &frame, now);
        at += frame.bytes;
    }
    return at;
}
