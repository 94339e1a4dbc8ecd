#include "session/broker/durable.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "role/broker/broker_journal.h"
#include "role/broker/session/door_record.h"
#include "shell/clock.h"
#include "shell/printable.h"

#define LAZY_MS_MAX 3600000

// What it was given, the store and who writes to it, then what was seen of its commits. All is
// under the owner's lock but for what is atomic.
struct durable {
    const struct durable_options *options;
    struct durable_owner owner;
    struct broker *broker;
    struct broker_store *store;   // of the writer, once there is one
    struct broker_writer *writer; // NULL: before durable_begin
    uint64_t commits_seen;
    struct metrics_histogram commits; // how long they took
    bool is_new;                      // the file was made by durable_open
    bool is_restored;                 // else what is in the store is not what the broker has
    atomic_bool is_stopped;           // the loop stops it, the writer's own thread looks
};

struct record_rows durable_rows(void) {
    return (struct record_rows){door_journal_kinds, DOOR_RECORDS};
}

// ---- options -----------------------------------------------------------------------------------

static bool read_promise(struct durable_options *options) {
    const char *text = options->promise == NULL ? "strict" : options->promise;
    struct bytes promise = bytes_of_text(text);
    options->lazy_ms = 0;
    if (strcmp(text, "strict") == 0) {
        return true;
    }
    if (strcmp(text, "lazy") == 0) {
        options->lazy_ms = DURABLE_LAZY_MS;
        return true;
    }
    return bytes_starts_with(promise, BYTES_LITERAL("lazy=")) &&
           decimal_read(bytes_make(promise.data + 5, promise.size - 5), LAZY_MS_MAX,
                        &options->lazy_ms) &&
           options->lazy_ms > 0;
}

bool durable_options_read(struct durable_options *options, bool has_mqtt_door) {
    if (!read_promise(options)) {
        printable_complain("broker: --durable %s: must be strict, lazy or lazy=MS, from 1 to %d "
                           "milliseconds; see broker --help\n",
                           options->promise, LAZY_MS_MAX);
        return false;
    }
    if (options->store == NULL && (options->promise != NULL || options->keeps_values)) {
        printable_complain("broker: --%s: needs a file to keep it in: add --store FILE; see broker "
                           "--help\n",
                           options->promise != NULL ? "durable" : "keep-values");
        return false;
    }
    if (options->store != NULL && !has_mqtt_door && !options->keeps_values) {
        fputs("broker: --store: there is nothing to keep: add --mqtt PORT for MQTT clients, or "
              "--keep-values for the last values of lines; see broker --help\n",
              stderr);
        return false;
    }
    return true;
}

// ---- the journal -------------------------------------------------------------------------------

static bool is_of_a_line(const struct journal_record *record) {
    return record->kind == BROKER_VALUE && record->number[1] != 0;
}

// A last value that is not kept takes the place of one that was.
static bool change_record(void *context, const struct journal_record *record,
                          struct journal_record *other) {
    const struct durable *durable = context;
    if (!is_of_a_line(record) || durable->options->keeps_values) {
        return false;
    }
    *other = (struct journal_record){.kind = BROKER_NO_VALUE, .text = {record->text[0]}};
    return true;
}

struct receiver {
    const struct durable *durable;
    journal_receiver *take;
    void *context;
};

static void give_value(void *context, const struct journal_record *record) {
    const struct receiver *receiver = context;
    if (!is_of_a_line(record) || receiver->durable->options->keeps_values) {
        receiver->take(receiver->context, record);
    }
}

static void snapshot(void *context, journal_receiver *take, void *take_context) {
    struct durable *durable = context;
    struct receiver receiver = {durable, take, take_context};
    broker_journal_snapshot(&durable->broker->core, give_value, &receiver);
    if (durable->broker->mqtt != NULL) {
        mqtt_door_snapshot(durable->broker->mqtt, take, take_context);
    }
}

// ---- what becomes of it ------------------------------------------------------------------------

static void tell(struct durable *durable, bool is_error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void tell(struct durable *durable, bool is_error, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    durable->owner.tell(durable->owner.context, text, is_error);
}

static void act(struct durable *durable, enum broker_writer_news news, uint64_t now) {
    if (news == BROKER_WRITER_NOTHING) {
        return;
    }
    if (durable->broker->mqtt != NULL) {
        mqtt_door_journal_written(durable->broker->mqtt, now);
    }
    if (news == BROKER_WRITER_FAILED) {
        tell(durable, true, "%s; until it can be written, what would be promised is refused",
             broker_writer_trouble(durable->writer));
    } else if (news == BROKER_WRITER_WELL) {
        tell(durable, false, "store %s: can be written again; nothing that was promised is lost",
             durable->options->store);
    }
}

static void measure_commit(struct durable *durable) {
    struct broker_writer_counts counts = broker_writer_counts(durable->writer);
    uint64_t commits = counts.commits + counts.failures;
    if (commits != durable->commits_seen) {
        durable->commits_seen = commits;
        metrics_histogram_add(&durable->commits, counts.commit_ns);
    }
}

void durable_look(const struct durable *durable, struct broker_metrics *metrics) {
    if (durable == NULL || durable->writer == NULL) {
        return;
    }
    metrics->has_store = true;
    metrics->commits = durable->commits;
    metrics->store = broker_writer_counts(durable->writer);
}

// In the writer's thread.
static void settle(void *context) {
    struct durable *durable = context;
    durable->owner.enter(durable->owner.context);
    act(durable, broker_writer_settle(durable->writer), clock_steady());
    measure_commit(durable);
    durable->owner.leave(durable->owner.context);
}

void durable_turn(struct durable *durable, uint64_t now) {
    if (durable != NULL && !durable->is_stopped) {
        act(durable, broker_writer_turn(durable->writer), now);
        measure_commit(durable);
    }
}

// ---- begin -------------------------------------------------------------------------------------

struct durable *durable_open(const struct durable_options *options) {
    struct broker_store_error error = {0};
    bool is_new = access(options->store, F_OK) != 0;
    struct broker_store *store = broker_store_open(options->store, &error);
    if (store == NULL) {
        printable_complain("broker: %s\n", error.said.text);
        return NULL;
    }
    struct durable *durable = calloc(1, sizeof *durable);
    ASSERT_MESSAGE(durable != NULL, "out of memory");
    durable->options = options;
    durable->store = store;
    durable->is_new = is_new;
    return durable;
}

struct journal *durable_begin(struct durable *durable, const struct durable_owner *owner,
                              struct broker *broker, struct memory *memory) {
    durable->owner = *owner;
    durable->broker = broker;
    durable->writer = broker_writer_create(
        durable->store, &(struct broker_writer_options){.rows = durable_rows(),
                                                        .memory = memory,
                                                        .lazy_ms = durable->options->lazy_ms,
                                                        .change = change_record,
                                                        .snapshot = snapshot,
                                                        .settle = settle,
                                                        .context = durable});
    if (durable->writer == NULL) {
        fputs("broker: there is no thread for the store\n", stderr);
        return NULL;
    }
    return broker_writer_journal(durable->writer);
}

bool durable_read_records(void *context, struct bytes records) {
    struct durable_reading *reading = context;
    struct broker *broker = reading->broker;
    struct journal_record record;
    enum record_rows_found found;
    while ((found = record_rows_next(durable_rows(), &records, &record)) == RECORD_ROWS_RECORD) {
        bool is_core = record.kind < BROKER_RECORDS;
        reading->has_sessions |= !is_core;
        bool is_believed = is_core ? broker_journal_restore(&broker->core, &record, reading->now)
                                   : broker->mqtt != NULL &&
                                         mqtt_door_restore(broker->mqtt, &record, reading->now);
        reading->left_out += !is_believed;
    }
    return found == RECORD_ROWS_END;
}

static void count_session(void *context, const struct door_session_view *view) {
    uint64_t *counts = context;
    counts[0]++;
    counts[1] += view->queued + view->in_flight;
}

static void tell_restored(struct durable *durable, const struct durable_reading *reading) {
    uint64_t counts[2] = {0, 0};
    if (durable->broker->mqtt != NULL) {
        mqtt_door_view_sessions(durable->broker->mqtt, counts, count_session);
    }
    tell(durable, false, "store %s: sessions %llu, messages that wait %llu, last values %u",
         durable->options->store, (unsigned long long)counts[0], (unsigned long long)counts[1],
         durable->broker->core.values.entries);
    if (reading->left_out > 0) {
        tell(durable, true,
             "store %s: %llu records were left out: there is no room for them, or "
             "no place",
             durable->options->store, (unsigned long long)reading->left_out);
    }
}

bool durable_restore(struct durable *durable, uint64_t now) {
    struct broker *broker = durable->broker;
    struct durable_reading reading = {.broker = broker, .now = now};
    struct broker_store_error error = {0};
    if (!broker_store_read(durable->store, false, durable_read_records, &reading, &error)) {
        printable_complain("broker: %s\n", error.said.text);
        return false;
    }
    if (broker->mqtt != NULL) {
        mqtt_door_restored(broker->mqtt);
    } else if (reading.has_sessions) {
        printable_complain("broker: store %s: holds sessions of MQTT clients, which would be lost; "
                           "add --mqtt PORT, or name another file\n",
                           durable->options->store);
        return false;
    }
    broker_core_set_journal(&broker->core, broker_writer_journal(durable->writer));
    durable->is_restored = true;
    if (!broker_store_is_empty(durable->store)) {
        tell_restored(durable, &reading);
    }
    durable->owner.enter(durable->owner.context); // from its first commit on the writer takes turns
    durable_turn(durable, now);
    durable->owner.leave(durable->owner.context);
    return true;
}

// ---- the end -----------------------------------------------------------------------------------

void durable_stop(struct durable *durable) {
    if (durable != NULL && durable->writer != NULL && !durable->is_stopped) {
        durable->is_stopped = true;
        broker_writer_stop(durable->writer);
    }
}

void durable_finish(struct durable *durable) {
    if (durable == NULL || durable->writer == NULL) {
        return;
    }
    durable_stop(durable);
    if (durable->is_restored && !broker_writer_finish(durable->writer)) {
        printable_complain("broker: %s; what happened last is not in it\n",
                           broker_writer_trouble(durable->writer));
    }
    broker_writer_destroy(durable->writer);
    durable->writer = NULL;
    durable->store = NULL;
}

void durable_close(struct durable *durable) {
    if (durable == NULL) {
        return;
    }
    durable_finish(durable);
    if (durable->store != NULL) {
        broker_store_close(durable->store);
    }
    if (durable->is_new && !durable->is_restored) { // the broker did not come to use it
        (void)unlink(durable->options->store);
    }
    free(durable);
}
