#include "session/broker/store_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "role/broker/broker_journal.h"
#include "session/broker/durable.h"
#include "shell/clock.h"
#include "shell/printable.h"
#include "shell/program_exit.h"
#include "store/broker/record_lines.h"

#define PART_BYTES (2u * 1024 * 1024)

// A broker that nobody can reach. Its line door is not begun.
struct replica {
    struct memory memory;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct broker broker;
    struct durable_reading reading;
};

static void ignore_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void ignore_event(void *context, const struct door_event *event) {
    (void)context;
    (void)event;
}

static void begin_replica(struct replica *replica) {
    const struct cipher_secret seed = {{0}}; // no peer chooses what it is asked about
    *replica = (struct replica){0};
    memory_init(&replica->memory);
    replica->config.limits.sessions = MQTT_DOOR_SESSIONS_MAX;
    replica->config.limits.session_expiry = ROLE_NEVER;
    replica->port = (struct mqtt_door_port){
        .ready = ignore_ready, .tell = ignore_event, .memory = &replica->memory};
    broker_core_init(&replica->broker.core, &replica->memory, 1,
                     (struct topic_values_limits){UINT32_MAX, UINT64_MAX});
    broker_open_mqtt(&replica->broker, &replica->config, &replica->port, &seed);
    replica->reading = (struct durable_reading){.broker = &replica->broker, .now = clock_steady()};
}

static void end_replica(struct replica *replica) {
    mqtt_door_destroy(replica->broker.mqtt);
    broker_core_deinit(&replica->broker.core);
}

static void snapshot(const struct replica *replica, journal_receiver *take, void *context) {
    broker_journal_snapshot(&replica->broker.core, take, context);
    mqtt_door_snapshot(replica->broker.mqtt, take, context);
}

static struct broker_store *open_existing(const char *path, struct broker_store_error *error) {
    if (access(path, F_OK) != 0) {
        (void)store_error_set(&error->said,
                              "store %s: cannot be opened: %s; name a file that a "
                              "broker has written",
                              path, strerror(errno));
        return NULL;
    }
    return broker_store_open(path, error);
}

static int complain(const struct broker_store_error *error) {
    printable_complain("broker: %s\n", error->said.text);
    return error->is_damaged ? PROGRAM_FAILED : PROGRAM_UNUSABLE;
}

// ---- check -------------------------------------------------------------------------------------

static void count_session(void *context, const struct door_session_view *view) {
    uint64_t *counts = context;
    counts[0]++;
    counts[1] += view->queued + view->in_flight;
}

static void say_good(const char *path, const struct replica *replica,
                     const struct broker_store *store) {
    uint64_t counts[2] = {0, 0};
    struct broker_store_sizes sizes = broker_store_sizes(store);
    mqtt_door_view_sessions(replica->broker.mqtt, counts, count_session);
    printf("%s is good\n"
           "sessions             %llu\n"
           "messages that wait   %llu\n"
           "last values          %u\n"
           "bytes of snapshot    %llu\n"
           "bytes of journal     %llu\n",
           path, (unsigned long long)counts[0], (unsigned long long)counts[1],
           replica->broker.core.values.entries, (unsigned long long)sizes.snapshot,
           (unsigned long long)sizes.journal);
}

static int check(const char *path, struct replica *replica, struct broker_store *store) {
    struct broker_store_error error = {0};
    if (!broker_store_check(store, &error) ||
        !broker_store_read(store, false, durable_read_records, &replica->reading, &error)) {
        return complain(&error);
    }
    mqtt_door_restored(replica->broker.mqtt);
    if (replica->reading.left_out > 0) {
        printable_complain(
            "broker: store %s: %llu records make no sense where they stand; a broker "
            "would leave them out\n",
            path, (unsigned long long)replica->reading.left_out);
        return PROGRAM_FAILED;
    }
    broker_core_check(&replica->broker.core);
    mqtt_door_check(replica->broker.mqtt);
    say_good(path, replica, store);
    return PROGRAM_OK;
}

int store_file_check(const char *path) {
    struct broker_store_error error = {0};
    struct broker_store *store = open_existing(path, &error);
    if (store == NULL) {
        return complain(&error);
    }
    struct replica replica;
    begin_replica(&replica);
    int code = check(path, &replica, store);
    end_replica(&replica);
    broker_store_close(store);
    return code;
}

// ---- export ------------------------------------------------------------------------------------

static void print_record(void *context, const struct journal_record *record) {
    struct buffer *line = context;
    line->size = 0;
    record_lines_append(line, record);
    (void)fwrite(line->data, 1, line->size, stdout);
}

static int print_all(struct replica *replica) {
    struct buffer line;
    buffer_init(&line, &replica->memory);
    snapshot(replica, print_record, &line);
    buffer_deinit(&line);
    bool is_written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (!is_written) {
        printable_complain_of_output("broker", errno);
    }
    return is_written ? PROGRAM_OK : PROGRAM_UNUSABLE;
}

int store_file_export(const char *path) {
    struct broker_store_error error = {0};
    struct broker_store *store = open_existing(path, &error);
    if (store == NULL) {
        return complain(&error);
    }
    struct replica replica;
    begin_replica(&replica);
    bool is_whole = broker_store_read(store, true, durable_read_records, &replica.reading, &error);
    mqtt_door_restored(replica.broker.mqtt);
    int code = print_all(&replica);
    if (!is_whole) {
        code = complain(&error);
    }
    end_replica(&replica);
    broker_store_close(store);
    return code;
}

// ---- import ------------------------------------------------------------------------------------

static bool take_line(const char *path, struct replica *replica, struct bytes text,
                      unsigned long long number) {
    struct record_line line;
    char why[RECORD_LINES_WHY];
    if (!record_lines_read(&line, &replica->memory, text, why)) {
        printable_complain("broker: --import %s: line %llu: %s\n", path, number, why);
        return false;
    }
    struct broker *broker = &replica->broker;
    uint64_t now = replica->reading.now;
    bool is_believed = line.record.kind < BROKER_RECORDS
                           ? broker_journal_restore(&broker->core, &line.record, now)
                           : mqtt_door_restore(broker->mqtt, &line.record, now);
    record_lines_free(&line);
    if (!is_believed) {
        printable_complain("broker: --import %s: line %llu: makes no sense behind those before it: "
                           "a session or message comes before what belongs to it\n",
                           path, number);
    }
    return is_believed;
}

static bool take_lines(const char *path, struct replica *replica) {
    char *text = NULL;
    size_t room = 0;
    ssize_t size;
    bool is_good = true;
    for (unsigned long long number = 1; is_good && (size = getline(&text, &room, stdin)) > 0;
         number++) {
        size -= text[size - 1] == '\n';
        is_good = size == 0 || take_line(path, replica, bytes_make(text, (size_t)size), number);
    }
    free(text);
    return is_good;
}

// A snapshot on its way into the store.
struct import {
    struct broker_store *store;
    struct buffer part;
    bool has_begun;
    bool has_failed;
};

static void write_part(struct import *import, bool is_last) {
    const struct broker_store_turn turn = {.begins_snapshot = !import->has_begun,
                                           .part = buffer_bytes(&import->part),
                                           .ends_snapshot = is_last};
    import->has_failed = import->has_failed || !broker_store_commit(import->store, &turn);
    broker_store_tidy(import->store);
    import->has_begun = true;
    import->part.size = 0;
}

static void import_record(void *context, const struct journal_record *record) {
    struct import *import = context;
    record_rows_append(durable_rows(), &import->part, record);
    if (import->part.size >= PART_BYTES) {
        write_part(import, false);
    }
}

static int write_all(struct replica *replica, struct broker_store *store) {
    struct import import = {.store = store};
    buffer_init(&import.part, &replica->memory);
    mqtt_door_restored(replica->broker.mqtt);
    snapshot(replica, import_record, &import);
    write_part(&import, true);
    buffer_deinit(&import.part);
    if (import.has_failed) {
        printable_complain("broker: %s; nothing was imported\n", broker_store_trouble(store));
    }
    return import.has_failed ? PROGRAM_UNUSABLE : PROGRAM_OK;
}

int store_file_import(const char *path) {
    struct broker_store_error error = {0};
    struct broker_store *store = broker_store_open(path, &error);
    if (store == NULL) {
        return complain(&error);
    }
    int code = PROGRAM_UNUSABLE;
    if (!broker_store_is_empty(store)) {
        printable_complain("broker: --import %s: the store has something in it; name a new file\n",
                           path);
    } else {
        struct replica replica;
        begin_replica(&replica);
        code = take_lines(path, &replica) ? write_all(&replica, store) : PROGRAM_FAILED;
        end_replica(&replica);
    }
    broker_store_close(store);
    return code;
}
