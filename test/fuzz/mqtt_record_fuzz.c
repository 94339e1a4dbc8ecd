// Input: records of an earlier MQTT door, as a store may have kept or spoiled them, told to a new
// one: each a row of fields (struct row), then the bytes of its topic, properties and payload. Then
// a client takes over one of the sessions and is sent what waits for it. At the end nothing may be
// left in memory.
#include <stdlib.h>

#include "base/assert.h"
#include "role/broker/mqtt/mqtt_door.h"
#include "role/broker/session/door_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAY (86400 * ROLE_SECOND)

struct row {
    uint8_t kind;
    uint8_t client; // one of three, or none
    uint8_t topic_bytes;
    uint8_t properties_bytes;
    uint8_t payload_bytes;
    uint8_t span;
    uint8_t sequence;
    uint8_t ends_in;
    uint8_t will_delay;
    uint8_t expiry;
    uint8_t identifier;
    uint8_t packet_id;
    uint8_t version;
    uint8_t options;
    uint8_t qos;
    uint8_t flags; // retain, is_connected, has_will
};

struct world {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
};

static void note_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void look_at_event(void *context, const struct door_event *event) {
    (void)context;
    ASSERT(event->text.size <= UINT16_MAX && event->client_id.size <= UINT16_MAX);
}

static void look_at_record(void *context, const struct door_record *record) {
    (void)context;
    ASSERT(record->kind < DOOR_RECORD_KINDS);
}

static void open_world(struct world *world) {
    *world = (struct world){.config = {.anonymous = true,
                                       .version = BYTES_LITERAL("v"),
                                       .limits = {.connections = 3,
                                                  .sessions = 4,
                                                  .packet_bytes = 1000,
                                                  .subscriptions = 4,
                                                  .in_flight = 3,
                                                  .receive_maximum = 3,
                                                  .topic_aliases = 2,
                                                  .queue_messages = 5,
                                                  .queue_bytes = 5000,
                                                  .total_bytes = 12000,
                                                  .session_expiry = DAY,
                                                  .connect_time = DAY,
                                                  .keep_alive = 60}}};
    memory_init(&world->memory);
    world->port = (struct mqtt_door_port){.ready = note_ready,
                                          .tell = look_at_event,
                                          .append = look_at_record,
                                          .context = world,
                                          .memory = &world->memory};
    broker_core_init(&world->core, &world->memory, 1,
                     (struct topic_values_limits){.entries_max = 5, .bytes_max = 2000});
    world->door =
        mqtt_door_create(&world->config, &world->port, &world->core, &(struct cipher_secret){{1}});
}

static struct bytes take(const uint8_t **data, size_t *size, size_t count) {
    count = count < *size ? count : *size;
    struct bytes taken = bytes_make(*data, count);
    *data += count;
    *size -= count;
    return taken;
}

static uint64_t span_of(uint8_t byte) {
    return byte == UINT8_MAX ? ROLE_NEVER : byte * ROLE_SECOND;
}

static void tell(struct world *world, const struct row *row, const uint8_t **data, size_t *size) {
    static const char *const clients[] = {"a", "b", "c", ""};
    struct door_record record = {
        .kind = (enum door_record_kind)(row->kind % DOOR_RECORD_KINDS),
        .client_id = bytes_of_text(clients[row->client % 4]),
        .topic = take(data, size, row->topic_bytes),
        .properties = take(data, size, row->properties_bytes),
        .payload = take(data, size, row->payload_bytes),
        .span = span_of(row->span),
        .sequence = row->sequence,
        .ends_in = span_of(row->ends_in),
        .will_delay = span_of(row->will_delay),
        .expiry = row->expiry,
        .identifier = row->identifier,
        .packet_id = row->packet_id,
        .last_packet_id = row->packet_id,
        .version = row->version,
        .options = row->options,
        .qos = row->qos,
        .retain = (row->flags & 1) != 0,
        .is_connected = (row->flags & 2) != 0,
        .has_will = (row->flags & 4) != 0,
    };
    (void)mqtt_door_restore(world->door, &record, ROLE_SECOND);
}

// CONNECT without clean start, then time goes on.
static void use(struct world *world, uint8_t level) {
    uint8_t connect[] = {0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 0, 0, 60, 0, 0, 1, 'a'};
    uint8_t older[] = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 0, 0, 60, 0, 1, 'a'};
    struct door_stream_info info = {.owner = world, .place = BYTES_LITERAL("fuzz")};
    struct door_connection *connection = mqtt_door_open(world->door, &info, ROLE_SECOND);
    ASSERT(connection != NULL);
    struct bytes bytes =
        level == 5 ? bytes_make(connect, sizeof connect) : bytes_make(older, sizeof older);
    mqtt_door_receive(world->door, connection, bytes, ROLE_SECOND);
    for (uint64_t now = ROLE_SECOND; now < 300 * ROLE_SECOND; now += 50 * ROLE_SECOND) {
        struct bytes runs[4];
        unsigned count;
        while ((count = mqtt_door_output(world->door, connection, runs, 4)) > 0) {
            size_t sent = 0;
            for (unsigned i = 0; i < count; i++) {
                sent += runs[i].size;
            }
            mqtt_door_sent(world->door, connection, sent, now);
        }
        mqtt_door_tick(world->door, now);
    }
    mqtt_door_close(world->door, connection, 300 * ROLE_SECOND);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = malloc(sizeof *world);
    uint8_t level = size > 0 && data[0] % 2 == 0 ? 5 : 4;
    open_world(world);
    while (size >= sizeof(struct row)) {
        struct row row;
        memcpy(&row, data, sizeof row);
        data += sizeof row;
        size -= sizeof row;
        tell(world, &row, &data, &size);
    }
    use(world, level);
    mqtt_door_stop(world->door, 300 * ROLE_SECOND);
    mqtt_door_destroy(world->door);
    broker_core_deinit(&world->core);
    ASSERT(world->memory.blocks_in_use == 0);
    free(world);
    return 0;
}
