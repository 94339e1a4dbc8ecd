// The devices that a role has seen on its network, by address: who joined and did not leave.
#ifndef ROLE_LINE_DEVICE_H
#define ROLE_LINE_DEVICE_H

#include "role/port.h"

#define DEVICE_NAME_MAX 64 // bytes of a device's name that are kept

enum device_kind {
    DEVICE_OTHER, // of a kind that we do not know
    DEVICE_BROKER,
    DEVICE_CLIENT,
    DEVICE_ROUTER,
};

// The word that stands in join and left; "device" for DEVICE_OTHER.
const char *device_kind_name(enum device_kind kind);
enum device_kind device_kind_named(struct bytes name);

struct device {
    uint32_t address;
    uint8_t kind; // enum device_kind
    uint8_t name_size;
    uint8_t *name;  // owned; any bytes
    uint64_t since; // when it joined, as far as we saw
};

// Sorted by address. All zero is an empty table.
struct devices {
    uint32_t self; // address of the role whose table it is, for its events; 0: it has none
    struct device *items;
    uint32_t count;
    uint32_t capacity;
};

void devices_deinit(struct devices *devices, struct memory *memory);

// NULL if no such device was seen.
const struct device *devices_find(const struct devices *devices, uint32_t address);

// Takes a join into the table. False: the table has `limit` devices already and this is one more.
bool devices_put(struct devices *devices, const struct role_port *port, const struct packet *join,
                 uint32_t limit, uint64_t now);

// Takes a left out of it; tells EVENT_LEFT if the device was there.
void devices_remove(struct devices *devices, const struct role_port *port, uint32_t address);

// Sends a join or left of our own. `packet` says which, with sender and receiver; the elements are
// added here.
void device_announce(const struct role_port *port, struct packet *packet, enum device_kind kind,
                     struct bytes name);

// Asserts what has to hold between any two calls.
void devices_check(const struct devices *devices);

static inline struct bytes device_name(const struct device *device) {
    return bytes_make(device->name, device->name_size);
}

#endif
