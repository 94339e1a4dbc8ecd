// A capture in the older format, pcap, as tcpdump -w writes it: read by libpcap, frame by frame,
// also while it is being written. It has no notes and no owners (medium/capture/tap_blocks.h reads
// pcapng, which has).
#ifndef MEDIUM_CAPTURE_CAPTURE_PCAP_H
#define MEDIUM_CAPTURE_CAPTURE_PCAP_H

#include "medium/capture/tap_blocks.h"

struct capture_pcap;

// Whether a file begins so.
bool capture_pcap_begins(uint32_t magic);

// Reads what stands behind the descriptor from its start; the descriptor is the caller's again.
// NULL: not the whole head is there (*why is empty), or it cannot be read (*why says so).
#define CAPTURE_PCAP_WHY_SIZE 256
struct capture_pcap *capture_pcap_open(int fd, char why[static CAPTURE_PCAP_WHY_SIZE]);
void capture_pcap_close(struct capture_pcap *pcap); // NULL is allowed

enum capture_pcap_state {
    CAPTURE_PCAP_MORE, // call again
    CAPTURE_PCAP_END,  // of what is there
    CAPTURE_PCAP_BROKEN,
};

// Hands up to so many frames to the blocks.
enum capture_pcap_state capture_pcap_read(struct capture_pcap *pcap, unsigned most,
                                          struct tap_blocks *blocks,
                                          const struct tap_events *events)
    __attribute__((warn_unused_result));

// How far the file was read, in bytes.
uint64_t capture_pcap_offset(const struct capture_pcap *pcap);

// What is wrong with a broken one; valid until it is closed.
const char *capture_pcap_error(const struct capture_pcap *pcap);

#endif
