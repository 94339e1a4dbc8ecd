// Which of the requests that wait for the store it executes together. A round has one call of the
// store, and whoever asks next waits for its end: so it takes
// - of small requests, the oldest MASTER_ROUND_REQUESTS;
// - of large uploads, the oldest until they have MASTER_ROUND_PACKETS packets, one of each lease:
// so
//   many connections of one router have one router's share, and small requests wait for one
//   portion;
// - all lists: the store makes one, for all who asked.
#ifndef SESSION_MASTER_MASTER_ROUNDS_H
#define SESSION_MASTER_MASTER_ROUNDS_H

#include "session/master/master_api.h"

#define MASTER_ROUND_REQUESTS 256
#define MASTER_ROUND_PACKETS 16384
#define MASTER_LARGE_PACKETS 256 // an upload of more is a large one
#define MASTER_PACKET_BYTES 64   // that count as one packet
#define MASTER_ROUND_LEASES 32   // of large uploads, at most

// Requests one after the other.
struct master_queue {
    struct master_request *first;
    struct master_request **end;
};

void master_queue_init(struct master_queue *queue);
void master_queue_add(struct master_queue *queue, struct master_request *request);
// Appends all of `from`, which is empty then.
void master_queue_move(struct master_queue *from, struct master_queue *to);
// NULL: it is empty.
struct master_request *master_queue_take(struct master_queue *queue);

struct master_rounds {
    struct master_queue small;
    struct master_queue large;
    struct master_queue lists;
    uint32_t gates; // that there are, as far as is known
};

void master_rounds_init(struct master_rounds *rounds);
void master_rounds_add(struct master_rounds *rounds, struct master_request *request);
bool master_rounds_is_empty(const struct master_rounds *rounds);

// Moves the requests of one round to `round`, which is empty.
void master_rounds_take(struct master_rounds *rounds, struct master_queue *round);
// Likewise all lists.
void master_rounds_take_lists(struct master_rounds *rounds, struct master_queue *lists);

#endif
