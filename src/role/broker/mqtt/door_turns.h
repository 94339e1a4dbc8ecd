// Turns of the MQTT door: they keep the work that one client causes from delaying the others for
// long.
//
// All work is counted in steps: a packet, a filter, a delivery, a retained topic that is looked
// at, a number of bytes. A step takes about 20 ns. A turn has DOOR_TURN_STEPS, or 40 µs, for what
// arrives and DOOR_BACKLOG_STEPS for the backlog, and grows with the streams that it is for:
//
//   fresh input   what arrives is handled at once, as far as the turn's steps go; a few are left to
//                 each that comes, so that small input is handled however many flood
//   the backlog   connections with input or retained messages left, oldest first: each gets a slice
//                 and goes to the end. While there are some, mqtt_door_deadline has come, and each
//                 mqtt_door_tick is a turn. It asks the driver after each DOOR_LOOK_STEPS whether
//                 something has arrived, and ends if so: a pair of clients beside a flood waits for
//                 20 µs, and where nobody else is, writing and looking stay rare
//
// Behind a turn the driver writes to each stream that got something, and before it has read from
// those that sent. So that this does not cost more than the work itself, each of them lengthens the
// turn by DOOR_STREAM_STEPS, up to DOOR_TURN_MOST or DOOR_CALM_MOST: a flood of one client leaves
// turns short, and a message to a thousand subscribers makes a long one. What is gained in the
// backlog is dealt out in another pass over it. A large packet lengthens the turn by what it
// takes.
//
// Those that wait are served a few at a time, in slices large enough for what writing their answers
// costs; these do not lengthen the turn. So a hundred floods leave turns as short as one does:
// others have theirs after some 100 µs, while who floods comes again after some twenty turns.
//
// So one turn takes at most about twice DOOR_TURN_MOST, plus DOOR_FRESH_STEPS for each stream with
// new input. Work that cannot be divided, such as one publishing, may take more than is left; that
// shortens the turn for the rest of the backlog, not for fresh input. While a connection has
// input left, mqtt_door_takes_input is false and its driver reads no more from the stream: the
// door keeps only what was read before, and one packet.
//
// For the sources of the door only (role/broker/mqtt/door_state.h).
#ifndef ROLE_BROKER_MQTT_DOOR_TURNS_H
#define ROLE_BROKER_MQTT_DOOR_TURNS_H

#include "role/broker/mqtt/door_state.h"

#define DOOR_TURN_STEPS 1024    // of fresh input
#define DOOR_BACKLOG_STEPS 4096 // of the backlog at most ...
#define DOOR_LOOK_STEPS 1024    // ... and until something has arrived, which is asked so often
#define DOOR_STREAM_STEPS 1024  // more for each stream that is read, or gets something, up to ...
#define DOOR_TURN_MOST 16384    // ... so many in all
#define DOOR_CALM_MOST 65536    // ... or so many of fresh input, while nobody is in the backlog
#define DOOR_FRESH_STEPS 128    // of each stream that something comes from, at least
#define DOOR_SLICE_STEPS 1024   // of each connection in the backlog, at least

#define DOOR_PACKET_STEPS 4
#define DOOR_PUBLISH_STEPS 2
#define DOOR_DELIVERY_STEPS 1
#define DOOR_TIMER_STEPS 8
#define DOOR_FILTER_STEPS 24  // of SUBSCRIBE and UNSUBSCRIBE
#define DOOR_RETAINED_STEPS 4 // for each step of a cursor over the last values
#define DOOR_LEAVE_STEPS 12   // of each subscription that ends with its session
#define DOOR_CONNECT_STEPS 256
#define DOOR_END_STEPS 1024      // of a session's end, up to which it need not wait
#define DOOR_READ_STEPS 1024     // of reading on, for a stream that waited
#define DOOR_BYTES_A_STEP 64     // that are read, looked at, copied
#define DOOR_PROPERTIES_A_STEP 4 // the same of properties, which may be a great many
#define DOOR_LOOKS_A_STEP 16     // at what stands side by side
#define DOOR_ACCESS_STEPS 4      // of a question to the access lists ...
#define DOOR_PATTERNS_A_STEP 4   // ... and of their patterns

static inline void door_turns_spend(struct mqtt_door *door, uint64_t steps) {
    door->turns.left -= (int64_t)steps;
}

static inline bool door_turns_are_spent(const struct mqtt_door *door) {
    return door->turns.left <= 0;
}

// A stream has to be read or written for what is done now, other than the one that has its slice.
static inline void door_turns_lengthen(struct mqtt_door *door) {
    struct door_turns *turns = &door->turns;
    int64_t steps = turns->spare < DOOR_STREAM_STEPS ? turns->spare : DOOR_STREAM_STEPS;
    turns->spare -= steps;
    *(turns->is_backlog ? &turns->gained : &turns->left) += steps;
}

// Whether so many steps may be taken at once; those beyond what is left end what is done now.
static inline bool door_turns_reach(const struct mqtt_door *door, uint64_t steps) {
    return (int64_t)steps <= door->turns.left + door->turns.spare;
}

// What the end of the connection's session costs.
static inline uint64_t door_turns_end_steps(const struct door_connection *connection) {
    const struct door_session *session = connection->session;
    return session == NULL ? 0
                           : (uint64_t)session->subscription_count * DOOR_LEAVE_STEPS +
                                 session->queue.count * DOOR_DELIVERY_STEPS;
}

// Around what is done for a stream, or at a time, outside of the backlog.
void door_turns_enter(struct mqtt_door *door, uint64_t now);
void door_turns_leave(struct mqtt_door *door);
// Around the work on the backlog.
void door_turns_enter_backlog(struct mqtt_door *door);
void door_turns_leave_backlog(struct mqtt_door *door);
// How many steps are left, of those that were, with what was gained: 0 or less at the turn's end.
int64_t door_turns_go_on(struct mqtt_door *door, int64_t left);
// A round of the driver's loop begins.
void door_turns_begin(struct mqtt_door *door);

#endif
