// The reading side of the file network: delivers the lines of the network's file, epoch after epoch
// (see claims_file.h), each file to its end before the next one is begun.
//
// A program of another make may hold a file open for a moment after it was rotated away and still
// append to it. So the former file is watched and read for some time on.
#ifndef MEDIUM_FILE_LINE_READER_H
#define MEDIUM_FILE_LINE_READER_H

#include "medium/file/claims_file.h"
#include "medium/file/file_alarm.h"
#include "medium/file/line_block.h"
#include "medium/file/network_events.h"

struct followed_file {
    struct line_cursor cursor;
    struct file_identity file;
    int watch;
    uint64_t seen_end; // up to here it was read; behind the cursor stands an incomplete line
};

// It reads `now`, the file that stands under the path, and after a rotation what is left of
// `before`. A block is filled from one of them and given out line by line. `epoch` says which
// file `now` is; rotation is followed epoch by epoch.
struct line_reader {
    const char *path;           // borrowed
    struct claims_file *claims; // borrowed
    struct file_alarm *alarm;   // borrowed
    struct followed_file now;
    struct followed_file before;
    struct followed_file *source; // of the block
    struct line_block block;
    bool is_at_end;     // the block reached to the end of `now`: what comes later is notified
    bool is_paused;     // deliver nothing until this is taken back
    uint64_t claims_id; // of the claims file that `epoch` is from
    uint64_t epoch;     // whose file `now` is
    bool truncation_is_followed; // before a writer registered it
    bool missing_is_said;
    unsigned checks_of_before;
};

// Begins with the file that stands under the path, at its end or its start. Asks for the append
// lock and an epoch in step with the file, as line_reader_follow does.
bool line_reader_open(struct line_reader *reader, bool from_start,
                      struct file_network_error *error);
// Likewise at a position. *notice: what to tell people about it, or empty.
bool line_reader_open_at(struct line_reader *reader, const struct file_network_position *position,
                         struct file_network_error *notice, struct file_network_error *error);
void line_reader_close(struct line_reader *reader);

// Delivers up to `lines_max` lines, until `is_paused`, and returns how many; fewer, and not paused:
// all that is there was delivered.
size_t line_reader_deliver(struct line_reader *reader, size_t lines_max,
                           const struct file_network_events *events);

// The place of the next line to deliver. Lines that programs of other makes still append to the
// former file, after it was rotated away, have no place of their own.
struct file_network_position line_reader_position(const struct line_reader *reader);

// Whether the next delivery begins with a look at the file.
static inline bool line_reader_is_between_blocks(const struct line_reader *reader) {
    return reader->block.at == reader->block.end;
}

// A hint, without the lock: whether line_reader_follow would find something to do. `epoch` is what
// the claims file says to be the present one.
bool line_reader_has_to_follow(const struct line_reader *reader, uint64_t epoch);

// With the append lock: between blocks, goes on to the next epoch. True: there may be more
// to deliver. *notice: what to tell people about it, or empty.
bool line_reader_follow(struct line_reader *reader, struct file_network_error *notice);

// What the reader saw of the present epoch's file, for network_writer_sync.
uint64_t line_reader_known_size(const struct line_reader *reader);

// Called at each check: lets go of the former file after the second.
void line_reader_age(struct line_reader *reader);

#endif
