// What makes a broker's session durable: its store (store/broker/broker_store.h), what reads the
// broker out of it at the start, and what writes to it from then on (store/broker/broker_writer.h).
//
// Kept are the sessions of the MQTT door that outlive their connection, with all that waits for
// them, and retained messages; last values that came by lines only if they are asked for.
// Connections are not kept.
#ifndef SESSION_BROKER_DURABLE_H
#define SESSION_BROKER_DURABLE_H

#include "session/broker/broker_metrics.h"
#include "role/broker/broker.h"
#include "store/broker/broker_store.h"
#include "store/broker/broker_writer.h"

#define DURABLE_LAZY_MS 100 // unless it is said

struct durable_options {
    const char *store;   // a file, or NULL: the broker forgets everything
    const char *promise; // "strict", "lazy" or "lazy=MS"; NULL: strict
    bool keeps_values;   // of the line door
    uint64_t lazy_ms;    // set by durable_options_read
};

// Of the session. All are borrowed.
struct durable_owner {
    void *context;
    void (*enter)(void *context); // takes the lock, to do something with the broker; any thread
    void (*leave)(void *context);
    void (*tell)(void *context, const char *text, bool is_error); // with the lock
};

struct durable;

// False after a message: the options contradict each other or make no sense.
__attribute__((warn_unused_result)) bool durable_options_read(struct durable_options *options,
                                                              bool has_mqtt_door);

// Opens the store. NULL after a message; *options is borrowed.
struct durable *durable_open(const struct durable_options *options);
// Nothing happens if it is NULL.
void durable_close(struct durable *durable);

// Begins to write. The journal goes to the port of the MQTT door; nothing is appended to it before
// durable_restore. NULL after a message.
struct journal *durable_begin(struct durable *durable, const struct durable_owner *owner,
                              struct broker *broker, struct memory *memory);
// Before the broker serves anybody: reads it out of the store. False after a message.
__attribute__((warn_unused_result)) bool durable_restore(struct durable *durable, uint64_t now);
// For /metrics, with the lock. Nothing happens if it is NULL.
void durable_look(const struct durable *durable, struct broker_metrics *metrics);
// After whatever may have changed the broker, with the lock.
void durable_turn(struct durable *durable, uint64_t now);
// Without the lock. Nothing of it calls the owner after this.
void durable_stop(struct durable *durable);
// The broker has ended: writes what is left.
void durable_finish(struct durable *durable);

// Records of a store, given to a broker without a journal; those that it did not believe are
// counted.
struct durable_reading {
    struct broker *broker;
    uint64_t now;
    uint64_t left_out;
    bool has_sessions; // there were records of the MQTT door
};
// A broker_store_reader.
bool durable_read_records(void *reading, struct bytes records);
// The kinds of its records.
struct record_rows durable_rows(void);

#endif
