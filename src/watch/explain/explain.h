// Packets in plain words, so that one who reads along learns the life of a connection: who joins,
// asks for a connection, subscribes, publishes, is still there, leaves.
//
// It keeps who is who (devices), by what they said of themselves or else by the part they play.
// Everything is shown printably (shell/printable.h); long texts are cut.
#ifndef WATCH_EXPLAIN_EXPLAIN_H
#define WATCH_EXPLAIN_EXPLAIN_H

#include "base/buffer.h"
#include "role/line/device.h"

#define EXPLAIN_DEVICES_MAX 100000
#define EXPLAIN_NAME_COLUMNS 20 // of a device's name that are shown

struct explain {
    struct role_port port; // devices ask for one; only its memory is used
    struct devices devices;
};

void explain_init(struct explain *explain, struct memory *memory);
void explain_deinit(struct explain *explain);

// Takes note of what the packet says about its sender and receiver. A device that left is
// remembered, since others may still talk to it.
void explain_learn(struct explain *explain, const struct packet *packet);

// DEVICE_OTHER and no name for one that is not known.
enum device_kind explain_kind(const struct explain *explain, uint32_t address);
void explain_append_name(const struct explain *explain, uint32_t address, struct buffer *out);

// "broker 83 kitchen", "client 580", "device 7", "everyone".
void explain_append_device(const struct explain *explain, uint32_t address, struct buffer *out);

// Bytes from outside, printable and cut.
void explain_append_text(struct buffer *out, struct bytes text);

// Why those who get the packet drop it, as far as it shows. `sealed`: its elements cannot be read.
enum packet_fault explain_check(const struct packet *packet, bool sealed)
    __attribute__((warn_unused_result));

// What the sender does with the packet: "joins the network as broker \"kitchen\"".
void explain_append_words(const struct explain *explain, const struct packet *packet, bool sealed,
                          struct buffer *out);

#endif
