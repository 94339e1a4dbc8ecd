// What a tap holds (medium/capture/tap_blocks.h) as MQTT: puts the bytes of each direction
// together, takes them apart into packets, and keeps who speaks on which connection.
#ifndef WATCH_MQTT_TAP_H
#define WATCH_MQTT_TAP_H

#include "base/buffer.h"
#include "medium/capture/tap_event.h"
#include "watch/explain/mqtt_cost.h"

#define MQTT_TAP_PACKET_MAX (4u << 20) // bytes; larger packets are told of, not taken apart
#define MQTT_TAP_CLIENTS_MAX 100000    // whose numbers are kept beyond their connection

enum mqtt_item_kind {
    MQTT_ITEM_OPENED,
    MQTT_ITEM_CLOSED,
    MQTT_ITEM_LOST,   // bytes are missing; packets of this side are shown again once one begins
    MQTT_ITEM_BROKEN, // bytes that are no packet; what this side sends on is not shown
    MQTT_ITEM_NOTED,  // a note that stands by itself
    MQTT_ITEM_PACKET,
};

// Who speaks on which connection comes first, then the packet, as far as it was taken apart, then
// what is known of its way: what was done to it, and what the message cost that it completes.
// Everything is borrowed until the callback returns.
struct mqtt_item {
    enum mqtt_item_kind kind;
    enum tap_direction direction; // of a packet, and of lost and broken bytes
    uint32_t connection;
    uint32_t client; // the number of its first connection, the same in all of them
    bool is_client_known;
    struct bytes client_id; // up to MQTT_TAP_ID_MAX bytes; empty if none is known
    uint16_t port;          // the broker's
    const char *peer;       // where the client is
    const char *broker;     // where the broker is; NULL or empty: only its port is known
    uint64_t unix_ns;
    enum mqtt_version version;
    unsigned type; // enum mqtt_type, or what stands in its place
    uint32_t bytes;
    struct bytes raw;                 // the packet itself; empty if it was not kept
    const struct mqtt_packet *packet; // NULL: it was not taken apart, as `why` says
    enum mqtt_reason fault;
    const char *why;
    bool is_middle;              // of an opened one: the capture began later
    const struct tap_note *note; // what was done to it, or who ended the connection; NULL: nothing
    const struct mqtt_message_cost *cost; // NULL: no message is done with it
    const struct tap_owner *owner;        // NULL: the capture does not tell
};

#define MQTT_TAP_ID_MAX 256 // bytes of a client's identifier that are kept

struct mqtt_item_taker {
    void *context;
    void (*take)(void *context, const struct mqtt_item *item);
};

struct mqtt_tap;

struct mqtt_tap *mqtt_tap_create(struct memory *memory);
void mqtt_tap_destroy(struct mqtt_tap *tap);

// Hands out what the event completes.
void mqtt_tap_event(struct mqtt_tap *tap, const struct tap_event *event,
                    const struct mqtt_item_taker *taker);

#endif
