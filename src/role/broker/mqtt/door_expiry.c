#include "role/broker/mqtt/door_expiry.h"

#include "base/assert.h"
#include "role/broker/mqtt/door_journal.h"
#include "role/broker/mqtt/door_message.h"
#include "role/broker/mqtt/door_queue.h"
#include "role/broker/mqtt/door_turns.h"

#define STALE_MAX 16    // entries of the heap beyond twice what waits, at most
#define SHIFT_A_STEP 64 // deliveries that are moved to close a gap in the queue

struct door_expiry {
    struct timer timer; // first: the door's timers lead here
    struct door_session *session;
    uint32_t count;
    uint32_t capacity;
    struct waiting {
        uint64_t due;
        uint64_t sequence; // of the delivery
    } * heap;
};

// ---- the heap ---------------------------------------------------------------------------------

static bool is_before(const struct waiting *a, const struct waiting *b) {
    return a->due != b->due ? a->due < b->due : a->sequence < b->sequence;
}

static void move_up(struct door_expiry *expiry, struct waiting moved, uint32_t place) {
    while (place > 0 && is_before(&moved, &expiry->heap[(place - 1) / 2])) {
        expiry->heap[place] = expiry->heap[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    expiry->heap[place] = moved;
}

static void move_down(struct door_expiry *expiry, struct waiting moved, uint32_t place) {
    for (uint32_t child; (child = 2 * place + 1) < expiry->count; place = child) {
        uint32_t other = child + 1;
        if (other < expiry->count && is_before(&expiry->heap[other], &expiry->heap[child])) {
            child = other;
        }
        if (!is_before(&expiry->heap[child], &moved)) {
            break;
        }
        expiry->heap[place] = expiry->heap[child];
    }
    expiry->heap[place] = moved;
}

static void take_first(struct door_expiry *expiry) {
    struct waiting last = expiry->heap[--expiry->count];
    if (expiry->count > 0) {
        move_down(expiry, last, 0);
    }
}

// ---- deliveries -------------------------------------------------------------------------------

// The place of the delivery if it was never sent, else the queue's count. Sequences rise.
static uint32_t find_waiting(const struct door_queue *queue, uint64_t sequence) {
    uint32_t begin = queue->cursor;
    uint32_t end = queue->count;
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (door_queue_at(queue, middle)->sequence < sequence) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    bool is_found = begin < queue->count && door_queue_at(queue, begin)->sequence == sequence &&
                    door_queue_at(queue, begin)->flight == MQTT_FLOW_EXPECT_SENDING;
    return is_found ? begin : queue->count;
}

static void drop(struct mqtt_door *door, struct door_session *session, uint64_t sequence) {
    struct door_queue *queue = &session->queue;
    uint32_t place = find_waiting(queue, sequence);
    if (place == queue->count) {
        return;
    }
    uint32_t behind = queue->count - place;
    door->counts.dropped_expired++;
    door_turns_spend(door, (place < behind ? place : behind) / SHIFT_A_STEP);
    door_journal_delivery(door, session, door_queue_at(queue, place), DOOR_RECORD_DONE);
    door_queue_remove(door, session, place);
}

// Leaves out what waits no more.
static void tidy(struct door_expiry *expiry) {
    const struct door_queue *queue = &expiry->session->queue;
    uint32_t count = expiry->count;
    expiry->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct waiting waiting = expiry->heap[i];
        if (find_waiting(queue, waiting.sequence) < queue->count) {
            move_up(expiry, waiting, expiry->count++);
        }
    }
}

// ---- for the others ---------------------------------------------------------------------------

void door_expiry_free(struct mqtt_door *door, struct door_session *session) {
    struct door_expiry *expiry = session->expiry_heap;
    if (expiry != NULL) {
        session->expiry_heap = NULL;
        timers_remove(&door->timers, &expiry->timer);
        memory_free(door->memory, expiry->heap, expiry->capacity * sizeof *expiry->heap);
        memory_free(door->memory, expiry, sizeof *expiry);
    }
}

void door_expiry_note(struct mqtt_door *door, struct door_session *session) {
    const struct door_queue *queue = &session->queue;
    if (queue->cursor == queue->count) {
        return; // it was sent
    }
    const struct door_delivery *delivery = door_queue_at(queue, queue->count - 1);
    if (delivery->flight != MQTT_FLOW_EXPECT_SENDING ||
        delivery->message->expires_at == DOOR_NEVER) {
        return;
    }
    struct door_expiry *expiry = session->expiry_heap;
    if (expiry == NULL) {
        expiry = session->expiry_heap = memory_allocate(door->memory, sizeof *expiry);
        expiry->timer.kind = DOOR_TIMER_EXPIRY;
        expiry->session = session;
    }
    uint32_t waiting = queue->count - queue->cursor;
    if (expiry->count >= 2 * waiting + STALE_MAX) {
        tidy(expiry);
    }
    expiry->heap = memory_grow(door->memory, expiry->heap, &expiry->capacity, expiry->count + 1,
                               sizeof *expiry->heap);
    struct waiting added = {delivery->message->expires_at, delivery->sequence};
    move_up(expiry, added, expiry->count++);
    if (expiry->count == 1 || expiry->heap[0].sequence == added.sequence) {
        timers_set(&door->timers, &expiry->timer, expiry->heap[0].due);
    }
}

void door_expiry_tick(struct mqtt_door *door, struct door_expiry *expiry, uint64_t now) {
    ASSERT(expiry->count > 0);
    while (expiry->count > 0 && expiry->heap[0].due <= now && !door_turns_are_spent(door)) {
        uint64_t sequence = expiry->heap[0].sequence;
        take_first(expiry);
        door_turns_spend(door, DOOR_TIMER_STEPS);
        drop(door, expiry->session, sequence);
    }
    if (expiry->count == 0) {
        door_expiry_free(door, expiry->session);
    } else {
        timers_set(&door->timers, &expiry->timer, expiry->heap[0].due);
    }
}
