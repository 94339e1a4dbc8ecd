#include "session/line/records.h"

#include <stdio.h>

#include "cipher/classic.h"
#include "shell/clock.h"

static void steady_time(struct listing *listing, uint64_t steady) {
    listing_time(listing, steady == 0 ? 0 : clock_unix_of(steady));
}

void records_devices(struct listing *listing, const struct devices *devices) {
    static const char *const columns[] = {"address", "kind", "name", "time_stamp", NULL};
    listing_section(listing, "devices", columns);
    for (uint32_t i = 0; i < devices->count; i++) {
        const struct device *device = &devices->items[i];
        listing_number(listing, device->address);
        listing_text(listing, bytes_of_text(device_kind_name((enum device_kind)device->kind)));
        listing_text(listing, device_name(device));
        steady_time(listing, device->since);
    }
}

void records_connections(struct listing *listing) {
    static const char *const columns[] = {"address", "status_code", "time_stamp",  "suite",
                                          "key",     "last_ping",   "description", NULL};
    listing_section(listing, "connections", columns);
}

static void key_text(struct listing *listing, const struct connection *connection) {
    char text[16] = "none";
    if (connection->suite == &cipher_classic) {
        snprintf(text, sizeof text, "%u", connection->key.classic);
    } else if (connection->suite != NULL) {
        snprintf(text, sizeof text, "secret");
    }
    listing_text(listing, bytes_of_text(text));
}

static void description_text(struct listing *listing, const struct connection *connection,
                             const struct devices *devices) {
    const struct device *device = devices_find(devices, connection->address);
    struct buffer text;
    buffer_init(&text, listing->text.memory);
    if (device != NULL) {
        buffer_append_text(&text, device_kind_name((enum device_kind)device->kind));
        buffer_append_text(&text, device->name_size > 0 ? " " : "");
        buffer_append(&text, device_name(device));
    } else {
        buffer_append_text(&text, status_text(connection->status_code));
    }
    listing_text(listing, buffer_bytes(&text));
    buffer_deinit(&text);
}

void records_connection(struct listing *listing, const struct connection *connection,
                        const struct devices *devices) {
    const char *suite = connection->suite != NULL ? connection->suite->name : "none";
    listing_number(listing, connection->address);
    listing_number(listing, connection->status_code);
    steady_time(listing, connection->time_stamp);
    listing_text(listing, bytes_of_text(suite));
    key_text(listing, connection);
    steady_time(listing, connection->last_ping);
    description_text(listing, connection, devices);
}

void records_subscriptions(struct listing *listing) {
    static const char *const columns[] = {"topic",      "address",     "status_code",
                                          "time_stamp", "description", NULL};
    listing_section(listing, "subscriptions", columns);
}

void records_subscription(struct listing *listing, const struct subscription_record *record) {
    listing_text(listing, record->filter);
    listing_number(listing, record->address);
    listing_number(listing, record->status);
    steady_time(listing, record->time_stamp);
    listing_text(listing, bytes_of_text(record->description));
}

static bool entry(void *context, const struct topic_value *value) {
    struct listing *listing = context;
    listing_text(listing, value->topic);
    listing_text(listing, value->value);
    steady_time(listing, value->time_stamp);
    listing_number(listing, value->origin);
    return true;
}

void records_entries(struct listing *listing, const struct topic_values *values) {
    static const char *const columns[] = {"topic", "value", "time_stamp", "address", NULL};
    struct topic_values_cursor cursor = {0};
    uint32_t steps = LISTING_ROWS_MAX;
    listing_section(listing, "entries", columns);
    (void)topic_values_go_on_all(values, &cursor, &steps,
                                 &(struct topic_values_visitor){entry, listing});
    listing_leave_out(listing, values->entries - (LISTING_ROWS_MAX - steps));
    topic_values_cursor_free(values, &cursor);
}
