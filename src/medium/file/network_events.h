// What reading a file network gives, and the places to read on from.
#ifndef MEDIUM_FILE_NETWORK_EVENTS_H
#define MEDIUM_FILE_NETWORK_EVENTS_H

#include "base/bytes.h"
#include "medium/file/file_status.h"

// A place between two lines, in whichever of the network's files, to go on from later, also in
// another process. Plain numbers, to be kept anywhere.
struct file_network_position {
    uint64_t claims_id; // of the claims file that `epoch` is from
    uint64_t epoch;     // 0: no place
    struct file_identity file;
    uint64_t offset;
    bool skipping; // the offset is in the middle of a line that was delivered, cut, already
};

// What reading gives. What the pointers lead to is valid until the callback returns. A callback may
// append and pause; it may not read, check, claim or close.
struct file_network_events {
    void *context;
    // One line without its LF. A line above the limit of packets arrives cut to 64 KiB + 1, so that
    // the codec finds it too long. Empty lines are left out. Lines appended by this very struct
    // arrive as well.
    void (*line)(void *context, struct bytes line);
    // Something went wrong and was overcome; said once per incident.
    void (*notice)(void *context, const char *text);
};

#endif
