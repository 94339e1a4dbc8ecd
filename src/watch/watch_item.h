// One line of a network, read and explained: what the forms of the program `watch` make their
// output from.
#ifndef WATCH_WATCH_ITEM_H
#define WATCH_WATCH_ITEM_H

#include "shell/terminal/colour.h"
#include "watch/explain/eavesdrop.h"
#include "watch/explain/explain.h"

// The line as it came, then what could be made of it, then what there is to say in words.
// Everything is borrowed until the output was made.
struct watch_item {
    uint32_t network;
    const char *network_name;      // a file's
    const struct explain *explain; // who is who there
    struct bytes line;
    enum packet_fault fault;
    bool is_packet; // else `wire` holds what could be read, as packet_parse leaves it
    bool is_sealed; // on the wire
    bool is_readable;
    bool is_unprotected; // most bytes can be changed, and neither signature nor seal tells
    const struct packet *wire;
    const struct packet *plain; // with the elements unsealed, if that could be done; else as `wire`
    struct eavesdrop_finding finding;
    struct eavesdrop_finding exchange; // of a cres, with which an exchange of pre-keys is complete
    const char *time;                  // for people; empty if the line has none
    struct bytes words;                // what the sender does, or what the line lacks; printable
    struct bytes
        note; // what the eavesdropper says, what protects nothing, why it is dropped; printable
    struct bytes why; // what it is for (watch/explain/why.h); empty if nobody asked
    enum colour colour;
};

#endif
