// Lines that bear our own address and that we did not write: another device uses it too.
//
// Each of our lines comes back once when the network is read. So one that comes when none is
// outstanding is not ours, nor is the last of ours when another came between. Where lines may get
// lost or come again (the file was truncated, replaced or read too late), and at first, when a
// former holder's lines may still come, nothing is said until all that was written has been read.
#ifndef SESSION_LINE_OWN_LINES_H
#define SESSION_LINE_OWN_LINES_H

#include <stdbool.h>
#include <stdint.h>

// All zero: an address that none has, so that no line is ours.
struct own_lines {
    uint32_t address;
    bool is_settled;
    uint64_t outstanding; // written or about to be, and not read yet; if settled
};

void own_lines_note_written(struct own_lines *lines);

// A line was read. True: it bears our address, and we did not write it.
bool own_lines_is_foreign(struct own_lines *lines, uint32_t sender);

// Lines may be lost or come again.
void own_lines_unsettle(struct own_lines *lines);
// Every line that we ever wrote has been read.
void own_lines_settle(struct own_lines *lines);

#endif
