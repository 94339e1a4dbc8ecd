// Clients of a soak, driven by hand and in one thread.
//
// Passers come and go: of every version, with a session or without, with a will, with
// subscriptions of all kinds, with messages that are retained, clear what is retained, or expire.
// They say goodbye, fall silent, are cut off, or are taken over by the next one of their name. Some
// read nothing.
//
// Pairs are the ledger: a teller publishes numbers with QoS 1 or 2, one after the other, and a
// resident, whose session lasts while its connections come and go, has to get each of them in
// order, those of QoS 2 once. A number that was acknowledged and does not come fails the test, as
// does a refusal.
#ifndef TEST_PROCESS_SOAK_SOAK_CROWD_H
#define TEST_PROCESS_SOAK_SOAK_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#define SOAK_EXPIRY_MAX 3u // seconds: of passers' sessions, messages and delayed wills

struct soak_crowd;

struct soak_crowd_options {
    uint16_t port;
    unsigned passers;
    unsigned pairs;
    bool leaves_sessions; // before 5.0, too, under names that never come again
    uint64_t seed;
};

struct soak_crowd_counts {
    uint64_t lives;    // connections of passers and residents
    uint64_t sent;     // PUBLISH
    uint64_t received; //
    uint64_t ledger;   // numbers that were acknowledged
};

struct soak_crowd *soak_crowd_create(const struct soak_crowd_options *options);
void soak_crowd_destroy(struct soak_crowd *crowd);

struct soak_crowd_counts soak_crowd_counts(const struct soak_crowd *crowd);

// What there is to do at this time of the monotonic clock, and what comes within a few ms.
void soak_crowd_turn(struct soak_crowd *crowd, uint64_t now_ns);

// From here on nobody comes any more and nothing is told; turns go on until soak_crowd_is_done:
// residents got all, passers are gone.
void soak_crowd_stop(struct soak_crowd *crowd);
bool soak_crowd_is_done(const struct soak_crowd *crowd);
// Prints why it is not.
void soak_crowd_explain(const struct soak_crowd *crowd);

// Has each name that may have left a session end it, and takes away what is retained; done when
// turns have made soak_crowd_is_done true again. To be called when it is.
void soak_crowd_clear(struct soak_crowd *crowd);

#endif
