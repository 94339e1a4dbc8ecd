#include "role/line/device.h"

#include "base/assert.h"

#define DEVICE_COST (2 * sizeof(struct device) + DEVICE_NAME_MAX + MEMORY_BLOCK_COST)

static const char *const kind_names[] = {
    [DEVICE_OTHER] = "device",
    [DEVICE_BROKER] = "broker",
    [DEVICE_CLIENT] = "client",
    [DEVICE_ROUTER] = "router",
};

const char *device_kind_name(enum device_kind kind) {
    return kind_names[kind];
}

enum device_kind device_kind_named(struct bytes name) {
    for (int kind = DEVICE_BROKER; kind <= DEVICE_ROUTER; kind++) {
        if (bytes_equal(name, bytes_of_text(kind_names[kind]))) {
            return (enum device_kind)kind;
        }
    }
    return DEVICE_OTHER;
}

void devices_deinit(struct devices *devices, struct memory *memory) {
    for (uint32_t i = 0; i < devices->count; i++) {
        memory_free(memory, devices->items[i].name, devices->items[i].name_size);
    }
    memory_free(memory, devices->items, devices->capacity * sizeof *devices->items);
    *devices = (struct devices){.self = devices->self};
}

// The first place whose address is not below `address`.
static uint32_t place_of(const struct devices *devices, uint32_t address) {
    uint32_t low = 0;
    uint32_t high = devices->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (devices->items[middle].address < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool stands_at(const struct devices *devices, uint32_t place, uint32_t address) {
    return place < devices->count && devices->items[place].address == address;
}

const struct device *devices_find(const struct devices *devices, uint32_t address) {
    uint32_t place = place_of(devices, address);
    return stands_at(devices, place, address) ? &devices->items[place] : NULL;
}

static struct device *insert(struct devices *devices, struct memory *memory, uint32_t place) {
    devices->items = memory_grow(memory, devices->items, &devices->capacity, devices->count + 1,
                                 sizeof *devices->items);
    struct device *device = &devices->items[place];
    memmove(device + 1, device, (devices->count - place) * sizeof *device);
    devices->count++;
    *device = (struct device){0};
    return device;
}

static void set_name(struct device *device, struct memory *memory, struct bytes name) {
    size_t size = name.size < DEVICE_NAME_MAX ? name.size : DEVICE_NAME_MAX;
    device->name = memory_resize(memory, device->name, device->name_size, size);
    device->name_size = (uint8_t)size;
    if (size > 0) {
        memcpy(device->name, name.data, size);
    }
}

static void tell(const struct devices *devices, const struct role_port *port, enum event_kind kind,
                 const struct device *device) {
    port->tell(port->context, &(struct role_event){.kind = kind,
                                                   .self = devices->self,
                                                   .address = device->address,
                                                   .device_kind = kind_names[device->kind],
                                                   .text = device_name(device)});
}

bool devices_put(struct devices *devices, const struct role_port *port, const struct packet *join,
                 uint32_t limit, uint64_t now) {
    uint32_t place = place_of(devices, join->sender);
    bool known = stands_at(devices, place, join->sender);
    if (!known &&
        (devices->count >= limit || !memory_has_room(port->memory, MEMORY_ENTERING, DEVICE_COST))) {
        return false;
    }
    struct device *device = known ? &devices->items[place] : insert(devices, port->memory, place);
    struct bytes name = join->element_count > 1 ? join->element[1] : (struct bytes){0};
    bool directed = join->receiver != PACKET_EVERYONE;
    set_name(device, port->memory, name);
    device->address = join->sender;
    device->kind = (uint8_t)device_kind_named(join->element[0]);
    if (known && directed) {
        return true; // an answer to our own join by one that we know: nothing new
    }
    device->since = now;
    tell(devices, port, EVENT_JOINED, device);
    return true;
}

void devices_remove(struct devices *devices, const struct role_port *port, uint32_t address) {
    uint32_t place = place_of(devices, address);
    if (!stands_at(devices, place, address)) {
        return;
    }
    struct device *device = &devices->items[place];
    tell(devices, port, EVENT_LEFT, device);
    memory_free(port->memory, device->name, device->name_size);
    devices->count--;
    memmove(device, device + 1, (devices->count - place) * sizeof *device);
}

void device_announce(const struct role_port *port, struct packet *packet, enum device_kind kind,
                     struct bytes name) {
    packet_add(packet, bytes_of_text(kind_names[kind]));
    if (name.size > 0) {
        packet_add(packet, name);
    }
    packet->signature = packet_signature(packet);
    (void)port->send(port->context, packet); // a name is far shorter than a line
}

void devices_check(const struct devices *devices) {
    ASSERT(devices->count <= devices->capacity);
    for (uint32_t i = 0; i < devices->count; i++) {
        const struct device *device = &devices->items[i];
        ASSERT(i == 0 || device[-1].address < device->address); // each address once, in order
        ASSERT(device->name_size <= DEVICE_NAME_MAX);
        ASSERT((device->name == NULL) == (device->name_size == 0));
    }
}
