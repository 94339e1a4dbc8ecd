// Fills a broker over its socket with what a broker's store is measured with: retained messages,
// and sessions that are away with messages that wait. So any broker can be given the same.
#ifndef BENCH_FEED_H
#define BENCH_FEED_H

#include <stddef.h>
#include <stdint.h>

#define BENCH_FEED_NAME_SIZE 32

// Names that do not depend on who fills the broker: of a retained message's topic, and of a
// session, which is that of its only topic as well.
size_t bench_feed_topic(char name[static BENCH_FEED_NAME_SIZE], uint32_t number);
size_t bench_feed_session(char name[static BENCH_FEED_NAME_SIZE], uint32_t number);

struct bench_feed {
    uint32_t retained;
    uint32_t sessions;
    uint32_t messages; // of each session, of QoS 1
    uint32_t payload_bytes;
};

// Returns when the broker has acknowledged all. Ends the process with a message when it does not.
void bench_feed(uint16_t port, const struct bench_feed *feed);

#endif
