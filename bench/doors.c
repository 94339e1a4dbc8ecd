#include "doors.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW ROLE_SECOND
#define PACKET_ROOM 1024

static void ignore_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void ignore_event(void *context, const struct door_event *event) {
    (void)context;
    if (event->kind == DOOR_EVENT_REFUSED || event->kind == DOOR_EVENT_DROPPED) {
        printf("this should not happen: %s\n", event->why == NULL ? "dropped" : event->why);
        exit(1);
    }
}

static void note_record(void *context, const struct journal_record *record) {
    struct doors *doors = context;
    const struct journal_kind *row = &door_journal_kinds[record->kind];
    doors->journal_bytes += 1u + row->numbers;
    for (unsigned i = 0; i < row->texts; i++) {
        doors->journal_bytes += 2 + record->text[i].size;
    }
    journal_set_durable(&doors->journal, doors->journal.appended);
}

struct doors *doors_open(bool is_kept) {
    struct doors *doors = calloc(1, sizeof *doors);
    doors->journal = (struct journal){.append = note_record, .context = doors};
    memory_init(&doors->memory);
    doors->config.limits = (struct mqtt_door_limits){.connections = UINT32_MAX / 2,
                                                     .sessions = MQTT_DOOR_SESSIONS_MAX,
                                                     .packet_bytes = MQTT_PACKET_MAX,
                                                     .subscriptions = UINT32_MAX,
                                                     .in_flight = UINT16_MAX,
                                                     .receive_maximum = UINT16_MAX,
                                                     .queue_messages = UINT32_MAX,
                                                     .queue_bytes = UINT32_MAX,
                                                     .total_bytes = UINT32_MAX,
                                                     .session_expiry = ROLE_NEVER,
                                                     .connect_time = 10 * ROLE_SECOND};
    doors->port = (struct mqtt_door_port){.ready = ignore_ready,
                                          .tell = ignore_event,
                                          .journal = is_kept ? &doors->journal : NULL,
                                          .context = doors,
                                          .memory = &doors->memory};
    broker_core_init(&doors->core, &doors->memory, 1,
                     (struct topic_values_limits){UINT32_MAX, UINT64_MAX});
    doors->door =
        mqtt_door_create(&doors->config, &doors->port, &doors->core, &(struct cipher_secret){{1}});
    return doors;
}

void doors_close(struct doors *doors) {
    mqtt_door_destroy(doors->door);
    broker_core_deinit(&doors->core);
    free(doors);
}

void doors_send(struct doors *doors, struct door_connection *connection,
                const struct mqtt_packet *packet) {
    static uint8_t room[PACKET_ROOM];
    size_t size = mqtt_encoded_size(packet, MQTT_5);
    if (size == 0 || size > sizeof room) {
        exit(1);
    }
    (void)mqtt_encode(packet, MQTT_5, room);
    mqtt_door_begin_turn(doors->door);
    mqtt_door_receive(doors->door, connection, bytes_make(room, size), NOW);
}

size_t doors_drain(struct doors *doors, struct door_connection *connection) {
    struct bytes runs[8];
    size_t total = 0;
    unsigned count;
    while ((count = mqtt_door_output(doors->door, connection, runs, 8)) > 0) {
        size_t size = 0;
        for (unsigned i = 0; i < count; i++) {
            size += runs[i].size;
        }
        mqtt_door_sent(doors->door, connection, size, NOW);
        total += size;
    }
    return total;
}

static void subscribe(struct doors *doors, struct door_connection *connection, struct bytes filter,
                      uint8_t qos) {
    uint8_t run[PACKET_ROOM / 2];
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, run, filter, qos);
    struct mqtt_packet packet = {
        .type = MQTT_SUBSCRIBE,
        .packet_id = 1,
        .filters = {.run = bytes_make(run, (size_t)(end - run)), .count = 1}};
    doors_send(doors, connection, &packet);
    (void)doors_drain(doors, connection);
}

struct door_connection *doors_connect(struct doors *doors, struct bytes client_id,
                                      struct bytes filter, uint8_t qos) {
    struct door_stream_info info = {.peer_address = BYTES_LITERAL("127.0.0.1:12345")};
    struct door_connection *connection = mqtt_door_open(doors->door, &info, NOW);
    struct mqtt_packet packet = {
        .type = MQTT_CONNECT,
        .connect = {.version = MQTT_5, .client_id = client_id, .keep_alive = 60},
        .properties = {.present = MQTT_HAS(MQTT_SESSION_EXPIRY), .session_expiry = 3600}};
    if (connection == NULL) {
        exit(1);
    }
    doors_send(doors, connection, &packet);
    (void)doors_drain(doors, connection);
    subscribe(doors, connection, filter, qos);
    return connection;
}
