// Follows a capture while it is written: delivers the content of the file from its start, and then
// what is appended. It waits for a file that does not exist yet, and reads one that is replaced or
// truncated from its start. Captures are taps (medium/capture/tap.h), and those of other programs
// in pcapng and pcap.
#ifndef MEDIUM_CAPTURE_TAP_READER_H
#define MEDIUM_CAPTURE_TAP_READER_H

#include "medium/file/file_network.h"
#include "medium/capture/tap_blocks.h"

struct tap_reader;

// Whether the file is a capture, by its first bytes; of one that is empty or not there its name
// tells (.pcapng, .pcap).
bool tap_reader_is_for(const char *path);

// NULL and *error if the file cannot be read. The path is borrowed until close.
struct tap_reader *tap_reader_open(const char *path, struct memory *memory,
                                   struct file_network_error *error);
void tap_reader_close(struct tap_reader *reader); // NULL is allowed

// Readable when tap_reader_read is to be called; call it every ten seconds or so, too.
int tap_reader_fd(const struct tap_reader *reader);

// Delivers a part of what is there. True: more may be waiting; call again without polling first.
bool tap_reader_read(struct tap_reader *reader, const struct tap_events *events);

// Nothing more is waited for: delivers what waits for bytes that are missing.
void tap_reader_flush(struct tap_reader *reader, const struct tap_events *events);

#endif
