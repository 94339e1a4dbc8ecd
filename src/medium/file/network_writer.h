// The writing side of the file network: keeps the register of epochs in step with the file that
// stands under the path, and appends. Everything here asks for the append lock (claims_file_lock),
// but for what is said to ask for less.
#ifndef MEDIUM_FILE_NETWORK_WRITER_H
#define MEDIUM_FILE_NETWORK_WRITER_H

#include "medium/file/claims_file.h"

#include <limits.h>

// It appends whole lines to the present file, and keeps `fd` from one time to the next. Each
// time it looks whether that is still the file under the path; where it has grown past
// `rotate_bytes` it is moved away, and a new epoch begins.
struct network_writer {
    const char *path;           // borrowed
    struct claims_file *claims; // borrowed
    uint64_t rotate_bytes;
    unsigned keep;
    int fd; // of the file that was last appended to, or -1
    struct file_identity file;
    uint64_t epoch;       // in which the size was seen
    uint64_t size;        // of the present file, when it was last looked at
    bool missing;         // nothing stands under the path, since network_writer_sync
    uint64_t reserved_to; // up to here `file` has room on the disk
    uint64_t whole_to;    // here a line of `file` ends
};

// Big enough for every name that network_rotated_path makes.
#define NETWORK_PATH_ROOM (PATH_MAX + 32)
void network_rotated_path(char out[NETWORK_PATH_ROOM], const char *path, uint64_t number);

// Finds out which file stands under the path and begins a new epoch if it is another one than the
// present epoch's, or has shrunk: below what the claims file knows, or below `known_size`, which
// the caller saw of the present epoch's file. Makes the file if there is none and `create`.
bool network_writer_sync(struct network_writer *writer, uint64_t known_size, bool create,
                         struct file_network_error *error);

// Appends whole lines, after network_writer_sync with `create`; rotates before if it is time.
bool network_writer_append(struct network_writer *writer, struct bytes lines,
                           struct file_network_error *error);

// The usual case, for which the append lock may be shared (claims_file_lock_to_append): writers do
// not wait for each other, and one that is interrupted in the middle holds up nobody who appends.
// False: something has to be done before, with the lock for oneself.
bool network_writer_can_append_at_once(struct network_writer *writer);
bool network_writer_append_at_once(struct network_writer *writer, struct bytes lines,
                                   struct file_network_error *error);

void network_writer_deinit(struct network_writer *writer);

#endif
