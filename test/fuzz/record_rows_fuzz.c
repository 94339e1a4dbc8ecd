// Input: a row of a broker's store, as its disk or another program may have left it. What is read
// of it is written again as it was, byte by byte; as lines of JSON it comes back the same; and a
// broker takes it or leaves it, stays whole, and tells itself as records that another one believes
// to the last.
#include <stdlib.h>

#include "base/assert.h"
#include "role/broker/broker_journal.h"
#include "role/broker/mqtt/mqtt_door.h"
#include "role/broker/session/door_record.h"
#include "store/broker/record_lines.h"
#include "store/broker/record_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW (1000 * ROLE_SECOND)

static const struct record_rows rows = {door_journal_kinds, DOOR_RECORDS};

struct world {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
    struct buffer told; // as rows
};

static void ignore_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void ignore_event(void *context, const struct door_event *event) {
    (void)context;
    (void)event;
}

static void open_world(struct world *world) {
    *world = (struct world){
        .config = {.limits = {.sessions = MQTT_DOOR_SESSIONS_MAX, .session_expiry = ROLE_NEVER}}};
    memory_init(&world->memory);
    world->port = (struct mqtt_door_port){
        .ready = ignore_ready, .tell = ignore_event, .memory = &world->memory};
    broker_core_init(&world->core, &world->memory, 1,
                     (struct topic_values_limits){UINT32_MAX, UINT64_MAX});
    world->door =
        mqtt_door_create(&world->config, &world->port, &world->core, &(struct cipher_secret){{1}});
    buffer_init(&world->told, &world->memory);
}

static void close_world(struct world *world) {
    buffer_deinit(&world->told);
    mqtt_door_destroy(world->door);
    broker_core_deinit(&world->core);
    ASSERT(world->memory.bytes_in_use == 0);
}

static void append(void *context, const struct journal_record *record) {
    record_rows_append(rows, context, record);
}

static void check_written(struct memory *memory, const struct journal_record *record,
                          struct bytes bytes) {
    struct buffer again;
    buffer_init(&again, memory);
    record_rows_append(rows, &again, record);
    ASSERT(bytes_equal(buffer_bytes(&again), bytes));
    buffer_deinit(&again);
}

// Numbers from INT64_MAX on, which no broker writes but "never", are all null there.
static void check_line(struct memory *memory, const struct journal_record *record) {
    struct buffer line;
    struct record_line read;
    char why[RECORD_LINES_WHY];
    buffer_init(&line, memory);
    record_lines_append(&line, record);
    ASSERT(record_lines_read(&read, memory, bytes_make(line.data, line.size - 1), why));
    for (unsigned i = 0; i < JOURNAL_NUMBERS_MAX; i++) {
        uint64_t number = record->number[i] > INT64_MAX ? UINT64_MAX : record->number[i];
        ASSERT(read.record.number[i] == number);
    }
    for (unsigned i = 0; i < JOURNAL_TEXTS_MAX; i++) {
        ASSERT(bytes_equal(read.record.text[i], record->text[i]));
    }
    record_lines_free(&read);
    buffer_deinit(&line);
}

static bool believe(struct world *world, const struct journal_record *record) {
    return record->kind < BROKER_RECORDS ? broker_journal_restore(&world->core, record, NOW)
                                         : mqtt_door_restore(world->door, record, NOW);
}

// Whether all was believed.
static bool read_all(struct world *world, struct bytes bytes, bool looks) {
    struct journal_record record;
    bool is_believed = true;
    const uint8_t *begin = bytes.data;
    while (record_rows_next(rows, &bytes, &record) == RECORD_ROWS_RECORD) {
        if (looks) {
            check_written(&world->memory, &record, bytes_make(begin, (size_t)(bytes.data - begin)));
            check_line(&world->memory, &record);
        }
        is_believed = believe(world, &record) && is_believed;
        begin = bytes.data;
    }
    mqtt_door_restored(world->door);
    mqtt_door_check(world->door);
    broker_core_check(&world->core);
    return is_believed && bytes.size == 0;
}

static void tell_all(struct world *world) {
    broker_journal_snapshot(&world->core, append, &world->told);
    mqtt_door_snapshot(world->door, append, &world->told);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world world;
    struct world next;
    open_world(&world);
    open_world(&next);
    (void)read_all(&world, bytes_make(data, size), true);
    tell_all(&world);
    ASSERT(read_all(&next, buffer_bytes(&world.told), false));
    tell_all(&next);
    ASSERT(bytes_equal(buffer_bytes(&world.told), buffer_bytes(&next.told)));
    close_world(&world);
    close_world(&next);
    return 0;
}
