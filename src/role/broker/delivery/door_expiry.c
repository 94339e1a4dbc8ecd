#include "role/broker/delivery/door_expiry.h"

#include "base/assert.h"
#include "base/heap.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/delivery/door_message.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/mqtt/door_turns.h"

#define STALE_MAX 16    // entries of the heap beyond twice what waits, at most
#define SHIFT_A_STEP 64 // deliveries that are moved to close a gap in the queue

struct door_expiry {
    struct timer timer; // first: the door's timers lead here
    struct door_session *session;
    struct heap waiting; // their sequences are those of the deliveries
};

// ---- deliveries -------------------------------------------------------------------------------

// The place of the delivery if it was never sent, else the queue's count. Sequences rise.
static uint32_t find_waiting(const struct door_queue *queue, uint64_t sequence) {
    uint32_t place = door_queue_place(queue, queue->cursor, sequence);
    bool is_found = place < queue->count && door_queue_at(queue, place)->sequence == sequence &&
                    door_queue_at(queue, place)->flight == MQTT_FLOW_EXPECT_SENDING;
    return is_found ? place : queue->count;
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
    door_journal_delivery(door, session, door_queue_at(queue, place), DOOR_DONE);
    door_queue_remove(door, session, place);
}

static bool still_waits(void *context, const struct heap_item *item) {
    const struct door_queue *queue = context;
    return find_waiting(queue, item->sequence) < queue->count;
}

// When the first one comes.
static void set_timer(struct mqtt_door *door, struct door_expiry *expiry) {
    timers_set(&door->timers, &expiry->timer, heap_due(&expiry->waiting));
}

// ---- for the others ---------------------------------------------------------------------------

void door_expiry_free(struct mqtt_door *door, struct door_session *session) {
    struct door_expiry *expiry = session->expiry_heap;
    if (expiry != NULL) {
        session->expiry_heap = NULL;
        timers_remove(&door->timers, &expiry->timer);
        heap_deinit(&expiry->waiting);
        memory_free(door->memory, expiry, sizeof *expiry);
    }
}

void door_expiry_note(struct mqtt_door *door, struct door_session *session) {
    struct door_queue *queue = &session->queue;
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
        heap_init(&expiry->waiting, door->memory);
    }
    uint32_t waiting = queue->count - queue->cursor;
    if (expiry->waiting.count >= 2 * waiting + STALE_MAX) {
        heap_filter(&expiry->waiting, still_waits, queue);
    }
    uint64_t due = delivery->message->expires_at;
    bool is_first = due < heap_due(&expiry->waiting);
    heap_add(&expiry->waiting, (struct heap_item){due, delivery->sequence, NULL});
    if (is_first) {
        set_timer(door, expiry);
    }
}

void door_expiry_tick(struct mqtt_door *door, struct door_expiry *expiry, uint64_t now) {
    ASSERT(expiry->waiting.count > 0);
    while (heap_due(&expiry->waiting) <= now && !door_turns_are_spent(door)) {
        uint64_t sequence = expiry->waiting.items[0].sequence;
        heap_remove(&expiry->waiting, 0);
        door_turns_spend(door, DOOR_TIMER_STEPS);
        drop(door, expiry->session, sequence);
    }
    if (expiry->waiting.count == 0) {
        door_expiry_free(door, expiry->session);
    } else {
        set_timer(door, expiry);
    }
}
