// The file network: a medium that programs of one machine share as a text file, one packet a line.
//
// Beside the file itself (`network`) stands `network.claims`: who holds which address, and under
// which names and in which order the file was continued. Everything here coordinates through the
// locks of that file, which the kernel releases when a process dies. Programs of other makes just
// append to `network`; that works too.
//
// Promises:
//  - lines are appended whole, whoever else appends; every reader that keeps up gets each line
//  once,
//    the lines of one writer in their order, across rotations;
//  - an address is held by one process at a time; when that dies, a `left` is written in its name,
//    once, and the address is free;
//  - when the file is deleted, replaced or truncated, reading goes on at the start of what stands
//    there now, and a notice says so once;
//  - no polling: file_network_fd becomes readable when there is something to do.
//
// One thread uses a struct file_network. No call waits for anything but the append lock, which
// others hold for the time of one write.
#ifndef MEDIUM_FILE_FILE_NETWORK_H
#define MEDIUM_FILE_FILE_NETWORK_H

#include "base/bytes.h"
#include "medium/file/file_status.h"
#include "medium/file/network_error.h"
#include "medium/file/network_events.h"

#define FILE_NETWORK_ROTATE_BYTES (64u * 1024 * 1024)
#define FILE_NETWORK_KEEP 2u

// Options left at zero mean what is said here; see also the two constants above.
struct file_network_options {
    const char *path; // usually "network"; copied. A link is resolved (medium/file/safe_file.h)
    uint64_t rotate_bytes; // an append to a file this big first rotates it; 0: never
    unsigned keep;         // rotated files `path.<number>` that are kept; a reader that is further
                           // behind loses packets and is told
    bool read_only;        // only look: the file must exist, nothing is written anywhere
    bool from_start;       // read the present file from its start instead of from its end
    // Read on from there; NULL: from the end. Rotated files that are still kept are read from there
    // on. If the place is gone, a notice says so and reading goes on with the oldest file of later
    // lines that there is.
    const struct file_network_position *position;
};

struct file_network;

// NULL and *error if it cannot be. Creates the file unless read_only; never the folder.
struct file_network *file_network_open(const struct file_network_options *options,
                                       struct file_network_error *error);

// Frees the address without announcing it: a session appends its own `left` before. NULL is
// allowed.
void file_network_close(struct file_network *network);

// Takes an address for as long as this process lives or until close, once. *address 0: any free
// one, chosen at random. `kind` is "broker", "client" or "router", for the `left` at our death. An
// address counts as taken while another process holds it, or when a program of another make
// announced itself under it with a `join` and no `left` yet.
bool file_network_claim(struct file_network *network, uint32_t *address, const char *kind,
                        uint64_t unix_time, struct file_network_error *error)
    __attribute__((warn_unused_result));

// Devices of other makes that joined before and did not leave: what readers from the end miss. The
// kind is one word. Only what the claims know now; later joins come as lines.
typedef void file_network_device(void *context, uint32_t address, const char *kind,
                                 uint64_t unix_time);
void file_network_list_foreign(struct file_network *network, void *context,
                               file_network_device *device);

// Readable when file_network_read is to be called. Belongs to the network.
int file_network_fd(const struct file_network *network);

// Delivers at most `lines_max` lines (1 or more). True: more may be waiting; call again without
// polling first.
bool file_network_read(struct file_network *network, size_t lines_max, uint64_t unix_time,
                       const struct file_network_events *events);

// For the callback of a line: the call that reads delivers no more of them, and returns true.
void file_network_pause(struct file_network *network);

// Appends whole lines, each with its LF, at once. False: none of them stands in the file, and
// *error says why.
bool file_network_append(struct file_network *network, struct bytes lines,
                         struct file_network_error *error) __attribute__((warn_unused_result));

// The place of the next line to deliver.
struct file_network_position file_network_position(const struct file_network *network);

// Whether all that stands in the network now was delivered, as far as can be told without changing
// anything. False: it was not, or that cannot be told.
bool file_network_is_read(struct file_network *network);

// The place behind what stands in the network now: whatever is appended from now on stands behind
// it. False: that cannot be told, and *error says why.
bool file_network_end(struct file_network *network, struct file_network_position *position,
                      struct file_network_error *error) __attribute__((warn_unused_result));

// To be called every ten seconds or so, for what no notification tells: a process that died where
// we cannot see it, a file system without notifications. Reads as file_network_read does.
bool file_network_check(struct file_network *network, size_t lines_max, uint64_t unix_time,
                        const struct file_network_events *events);

#endif
