// Input: what a broker sends to an MQTT client, and what its user and its stream do meanwhile. The
// first byte chooses version and session; then a byte that says what happens (bits 0-2: 0 bytes of
// the broker follow, 1 a good CONNACK comes, 2 time goes on, 3 the stream takes bytes, 4 it breaks,
// 5 a message is published, 6 a subscription is made or ended, 7 another command) and a byte for
// how many, how long or which. After each step the client's invariants hold, and what it says has
// to be decodable packets of clients; at the end nothing may be left in memory.
#include <stdlib.h>

#include "base/assert.h"
#include "role/mqtt_client/mqtt_client.h"
#include "role/mqtt_client/mqtt_client_view.h"
#include "role/port.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct world {
    struct memory memory;
    struct mqtt_client_config config;
    struct mqtt_client_port port;
    struct mqtt_client *client;
    uint64_t now;
};

static const struct cipher_secret seed = {{1}};

static void note_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void look_at_event(void *context, void *owner, const struct mqtt_client_event *event) {
    (void)context;
    (void)owner;
    ASSERT(event->text.size <= UINT16_MAX);
    ASSERT(event->kind != MQTT_CLIENT_EVENT_VIOLATION || event->why != NULL);
}

static void look_at_packet(void *context, void *owner, bool is_sent, struct bytes bytes) {
    const struct world *world = context;
    struct mqtt_packet packet;
    (void)owner;
    if (is_sent) {
        enum mqtt_reason reason =
            mqtt_decode(&packet, bytes, world->config.version, MQTT_FROM_CLIENT, NULL);
        ASSERT(reason == MQTT_SUCCESS);
    }
}

static struct mqtt_client_config client_config(uint8_t choice) {
    static const enum mqtt_version versions[] = {MQTT_5, MQTT_3_1_1, MQTT_3_1, MQTT_5};
    enum mqtt_version version = versions[choice & 3];
    struct mqtt_client_config config = {
        .version = version,
        .clean_start = (choice & 4) != 0,
        .adopts_session = (choice & 8) != 0,
        .uses_scram = version == MQTT_5 && (choice & 16) != 0,
        .has_user_name = true,
        .has_password = true,
        .user_name = BYTES_LITERAL("u"),
        .password = BYTES_LITERAL("p"),
        .keep_alive = 10,
        .redirects = 2,
        .connect_timeout = 5 * ROLE_SECOND,
        .answer_timeout = 3 * ROLE_SECOND,
        .retry = {.kind = MQTT_CLIENT_RETRY_FULL, .first = ROLE_SECOND, .most = 4 * ROLE_SECOND},
        .limits = {.messages = 6,
                   .message_bytes = 1000,
                   .output_bytes = 300,
                   .packet_bytes = 500,
                   .receive_maximum = 2,
                   .aliases_in = 2,
                   .aliases_out = 2,
                   .in_flight = 4,
                   .subscriptions = 3},
        .seed = &seed};
    if (version == MQTT_5) {
        config.properties.present =
            MQTT_HAS(MQTT_SESSION_EXPIRY) | MQTT_HAS(MQTT_REQUEST_PROBLEM_INFORMATION);
        config.properties.session_expiry = (choice & 32) != 0 ? 100 : 0;
    }
    return config;
}

static void open_world(struct world *world, uint8_t choice) {
    *world = (struct world){.now = ROLE_SECOND, .config = client_config(choice)};
    memory_init(&world->memory);
    world->port = (struct mqtt_client_port){.ready = note_ready,
                                            .tell = look_at_event,
                                            .trace = look_at_packet,
                                            .context = world,
                                            .memory = &world->memory};
    world->client = mqtt_client_create(&world->config, &world->port, BYTES_LITERAL("id"), 1, world);
    (void)mqtt_client_connect(world->client, world->now);
    mqtt_client_opened(world->client, world->now);
}

static void send_connack(struct world *world, uint8_t choice) {
    struct mqtt_packet packet = {.type = MQTT_CONNACK, .session_present = (choice & 1) != 0};
    uint8_t bytes[64];
    if ((choice & 2) != 0) {
        packet.properties.present = MQTT_HAS(MQTT_RECEIVE_MAXIMUM) | MQTT_HAS(MQTT_MAXIMUM_QOS) |
                                    MQTT_HAS(MQTT_TOPIC_ALIAS_MAXIMUM) |
                                    MQTT_HAS(MQTT_MAXIMUM_PACKET_SIZE);
        packet.properties.receive_maximum = (uint16_t)(1 + (choice >> 2 & 3));
        packet.properties.maximum_qos = choice >> 4 & 1;
        packet.properties.topic_alias_maximum = choice >> 5 & 3;
        packet.properties.maximum_packet_size = 20 + choice;
    }
    uint8_t *end = mqtt_encode(&packet, world->config.version, bytes);
    mqtt_client_receive(world->client, bytes_make(bytes, (size_t)(end - bytes)), world->now);
}

static void publish(struct world *world, uint8_t choice) {
    struct mqtt_properties properties = {
        .present = (choice & 64) != 0 ? MQTT_HAS(MQTT_MESSAGE_EXPIRY) : 0, .message_expiry = 5};
    struct mqtt_client_message message = {.topic = bytes_make("topic", 1 + (choice >> 2 & 3)),
                                          .payload = bytes_make("0123456789", choice >> 4 & 7),
                                          .qos = (uint8_t)((choice & 3) % 3),
                                          .retain = (choice & 128) != 0,
                                          .properties = &properties};
    (void)mqtt_client_publish(world->client, &message, world->now);
}

static void subscribe(struct world *world, uint8_t choice) {
    static const char *const filters[] = {"a", "a/#", "$share/g/+", "a/#/b"};
    struct bytes filter = bytes_of_text(filters[choice & 3]);
    if ((choice & 4) != 0) {
        (void)mqtt_client_unsubscribe(world->client, filter, world->now);
        return;
    }
    (void)mqtt_client_subscribe(world->client,
                                &(struct mqtt_client_subscription){.filter = filter,
                                                                   .options = choice >> 3,
                                                                   .identifier = choice & 1},
                                world->now);
}

static void command(struct world *world, uint8_t choice) {
    switch (choice % 6) {
    case 0:
        (void)mqtt_client_connect(world->client, world->now);
        break;
    case 1:
        mqtt_client_disconnect(world->client, NULL, world->now);
        break;
    case 2:
        mqtt_client_drop(world->client, world->now);
        break;
    case 3:
        (void)mqtt_client_ping(world->client, world->now);
        break;
    case 4:
        (void)mqtt_client_authenticate(world->client, world->now);
        break;
    default:
        mqtt_client_opened(world->client, world->now);
    }
}

static void take_output(struct world *world, size_t most) {
    struct bytes output = mqtt_client_output(world->client);
    size_t size = output.size < most ? output.size : most;
    mqtt_client_sent(world->client, size, world->now);
    if (mqtt_client_need(world->client) == MQTT_CLIENT_NEEDS_CLOSING) {
        mqtt_client_closed(world->client, NULL, world->now);
    }
}

static size_t step(struct world *world, const uint8_t *data, size_t size) {
    size_t count = data[1];
    switch (data[0] & 7) {
    case 0:
        count = count < size - 2 ? count : size - 2;
        mqtt_client_receive(world->client, bytes_make(data + 2, count), world->now);
        return 2 + count;
    case 1:
        send_connack(world, data[1]);
        break;
    case 2:
        world->now += count * (ROLE_SECOND / 10);
        mqtt_client_tick(world->client, world->now);
        break;
    case 3:
        take_output(world, count);
        break;
    case 4:
        mqtt_client_closed(world->client, NULL, world->now);
        break;
    case 5:
        publish(world, data[1]);
        break;
    case 6:
        subscribe(world, data[1]);
        break;
    default:
        command(world, data[1]);
    }
    return 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = malloc(sizeof *world);
    open_world(world, size > 0 ? data[0] : 0);
    data += size > 0;
    size -= size > 0;
    while (size >= 2) {
        size_t taken = step(world, data, size);
        mqtt_client_check(world->client);
        data += taken;
        size -= taken;
    }
    mqtt_client_destroy(world->client);
    ASSERT(world->memory.blocks_in_use == 0);
    free(world);
    return 0;
}
