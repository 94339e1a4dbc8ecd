// The records of devices, connections, subscriptions and entries as sections of a listing: the same
// fields at a broker and at a client (docs/protocol.md, "Records"). Never the key of suite
// `sodium`.
#ifndef SESSION_LINE_RECORDS_H
#define SESSION_LINE_RECORDS_H

#include "role/line/connection.h"
#include "role/line/device.h"
#include "shell/listing.h"
#include "topic/values.h"

void records_devices(struct listing *listing, const struct devices *devices);

// Begins the section, to be filled with records_connection.
void records_connections(struct listing *listing);
void records_connection(struct listing *listing, const struct connection *connection,
                        const struct devices *devices);

struct subscription_record {
    struct bytes filter;
    uint32_t address;
    unsigned status;
    uint64_t time_stamp; // steady
    const char *description;
};

// Begins the section, to be filled with records_subscription.
void records_subscriptions(struct listing *listing);
void records_subscription(struct listing *listing, const struct subscription_record *record);

void records_entries(struct listing *listing, const struct topic_values *values);

#endif
