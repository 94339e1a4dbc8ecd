// Input: records of an earlier MQTT door, as a store may have kept or spoiled them, given to a new
// one: each a row of fields (struct row), then the bytes of its texts. Then a client takes over one
// of the sessions and is sent what waits for it, and the door writes itself whole for a third one,
// which has to take every word of it. At the end nothing may be left in memory.
#include <stdlib.h>

#include "base/assert.h"
#include "role/broker/broker_journal.h"
#include "role/broker/mqtt/mqtt_door.h"
#include "role/broker/session/door_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAY (86400 * ROLE_SECOND)

struct row {
    uint8_t kind;
    uint8_t client;     // for DOOR_SESSION: one of three, or none
    uint8_t texts[3];   // their bytes
    uint8_t numbers[7]; // see number_of
};

struct world {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
    struct journal journal;
};

static void note_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void look_at_event(void *context, const struct door_event *event) {
    (void)context;
    ASSERT(event->text.size <= UINT16_MAX && event->client_id.size <= UINT16_MAX);
}

static void look_at_record(void *context, const struct journal_record *record) {
    (void)context;
    ASSERT(record->kind < DOOR_RECORDS);
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
    world->journal = (struct journal){.append = look_at_record};
    world->port = (struct mqtt_door_port){.ready = note_ready,
                                          .tell = look_at_event,
                                          .journal = &world->journal,
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

// Small ones, times of the first minutes, and some that are too large.
static uint64_t number_of(uint8_t byte) {
    return byte < 100   ? byte
           : byte < 250 ? (byte - 100u) * ROLE_SECOND
                        : UINT64_MAX - (UINT8_MAX - byte);
}

static bool restore(struct world *world, const struct journal_record *record) {
    return record->kind < BROKER_RECORDS ? broker_journal_restore(&world->core, record, ROLE_SECOND)
                                         : mqtt_door_restore(world->door, record, ROLE_SECOND);
}

static void restore_row(struct world *world, const struct row *row, const uint8_t **data,
                        size_t *size) {
    static const char *const clients[] = {"a", "b", "c", ""};
    struct journal_record record = {.kind = row->kind % (DOOR_RECORDS + 1)};
    for (unsigned i = 0; i < sizeof row->numbers; i++) {
        record.number[i] = number_of(row->numbers[i]);
    }
    for (unsigned i = 0; i < sizeof row->texts; i++) {
        record.text[i] = take(data, size, row->texts[i]);
    }
    if (record.kind == DOOR_SESSION) {
        record.text[0] = bytes_of_text(clients[row->client % 4]);
    }
    (void)restore(world, &record);
}

static void restore_all_of_it(void *context, const struct journal_record *record) {
    ASSERT(restore(context, record));
}

static void close_world(struct world *world) {
    mqtt_door_stop(world->door, 300 * ROLE_SECOND);
    mqtt_door_destroy(world->door);
    broker_core_deinit(&world->core);
    ASSERT(world->memory.blocks_in_use == 0);
    free(world);
}

static void copy_world(const struct world *world) {
    struct world *copy = malloc(sizeof *copy);
    open_world(copy);
    broker_journal_snapshot(&world->core, restore_all_of_it, copy);
    mqtt_door_snapshot(world->door, restore_all_of_it, copy);
    mqtt_door_restored(copy->door);
    mqtt_door_check(copy->door);
    close_world(copy);
}

// CONNECT without clean start, then time goes on.
static void use(struct world *world, uint8_t level) {
    uint8_t connect[] = {0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 0, 0, 60, 0, 0, 1, 'a'};
    uint8_t older[] = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 0, 0, 60, 0, 1, 'a'};
    struct door_stream_info info = {.owner = world, .peer_address = BYTES_LITERAL("fuzz")};
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
        journal_set_durable(&world->journal, world->journal.appended);
        mqtt_door_journal_written(world->door, now);
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
        restore_row(world, &row, &data, &size);
    }
    mqtt_door_restored(world->door);
    broker_core_set_journal(&world->core, &world->journal);
    mqtt_door_check(world->door);
    use(world, level);
    mqtt_door_check(world->door);
    copy_world(world);
    close_world(world);
    return 0;
}
