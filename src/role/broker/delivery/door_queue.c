#include "role/broker/delivery/door_queue.h"

#include "base/assert.h"
#include "role/broker/session/door_numbers.h"

#define RING_MIN 4

struct door_delivery *door_queue_at(const struct door_queue *queue, uint32_t place) {
    return &queue->ring[(queue->head + place) & (queue->capacity - 1)];
}

static void set_capacity(struct mqtt_door *door, struct door_queue *queue, uint32_t capacity) {
    struct door_delivery *ring = memory_resize(door->memory, NULL, 0, capacity * sizeof *ring);
    for (uint32_t i = 0; i < queue->count; i++) {
        ring[i] = *door_queue_at(queue, i);
    }
    memory_free(door->memory, queue->ring, queue->capacity * sizeof *ring);
    queue->ring = ring;
    queue->capacity = capacity;
    queue->head = 0;
}

struct door_delivery *door_queue_push(struct mqtt_door *door, struct door_queue *queue,
                                      struct door_message *message) {
    if (queue->count == queue->capacity) {
        set_capacity(door, queue, queue->capacity == 0 ? RING_MIN : queue->capacity * 2);
    }
    struct door_delivery *delivery = door_queue_at(queue, queue->count++);
    *delivery = (struct door_delivery){.message = message, .sequence = ++queue->last_sequence};
    if (message != NULL) {
        message->references++;
        queue->bytes += door_message_size(message);
        door->waiting_bytes += door_message_size(message);
        door->waiting_messages++;
    }
    return delivery;
}

void door_queue_keep(struct door_delivery *delivery) {
    ASSERT(!delivery->is_kept && delivery->message->journal_number != 0);
    delivery->is_kept = 1;
    delivery->message->keepers++;
}

void door_queue_let_go(struct mqtt_door *door, struct door_delivery *delivery) {
    if (delivery->is_kept == 0) {
        return;
    }
    struct door_message *message = delivery->message;
    ASSERT(message != NULL && message->keepers > 0);
    delivery->is_kept = 0;
    message->is_told |= delivery->record == 0; // or it was taken back
    delivery->record = 0;
    if (--message->keepers == 0) {
        door_numbers_forget_message(door, message);
    }
}

void door_queue_release(struct mqtt_door *door, struct door_queue *queue,
                        struct door_delivery *delivery) {
    door_queue_let_go(door, delivery);
    if (delivery->message != NULL) {
        queue->bytes -= door_message_size(delivery->message);
        door->waiting_bytes -= door_message_size(delivery->message);
        door->waiting_messages--;
        door_message_unref(door->memory, delivery->message);
        delivery->message = NULL;
    }
}

static void pop_done(struct mqtt_door *door, struct door_session *session) {
    struct door_queue *queue = &session->queue;
    while (queue->count > 0 && door_queue_at(queue, 0)->flight == MQTT_FLOW_DONE) {
        queue->head = (queue->head + 1) & (queue->capacity - 1);
        queue->count--;
        queue->cursor -= queue->cursor > 0;
    }
    if (queue->count == 0) {
        session->drops = queue->is_sparse = false;
        if (queue->capacity > 64) { // what a burst needed is given back
            memory_free(door->memory, queue->ring, queue->capacity * sizeof *queue->ring);
            queue->ring = NULL;
            queue->capacity = queue->head = 0;
        }
    }
}

void door_queue_finish(struct mqtt_door *door, struct door_session *session,
                       struct door_delivery *delivery) {
    door_queue_release(door, &session->queue, delivery);
    delivery->flight = MQTT_FLOW_DONE;
    pop_done(door, session);
}

void door_queue_free(struct mqtt_door *door, struct door_session *session) {
    struct door_queue *queue = &session->queue;
    for (uint32_t i = 0; i < queue->count; i++) {
        struct door_delivery *delivery = door_queue_at(queue, i);
        door->counts.dropped_at_end += delivery->message != NULL;
        door_queue_release(door, queue, delivery);
    }
    memory_free(door->memory, queue->ring, queue->capacity * sizeof *queue->ring);
    *queue = (struct door_queue){0};
}

void door_queue_remove(struct mqtt_door *door, struct door_session *session, uint32_t place) {
    struct door_queue *queue = &session->queue;
    ASSERT(place >= queue->cursor && place < queue->count);
    door_queue_release(door, queue, door_queue_at(queue, place));
    if (place < queue->count / 2) { // those on the shorter side move up
        for (; place > 0; place--) {
            *door_queue_at(queue, place) = *door_queue_at(queue, place - 1);
        }
        queue->head = (queue->head + 1) & (queue->capacity - 1);
    } else {
        for (; place + 1 < queue->count; place++) {
            *door_queue_at(queue, place) = *door_queue_at(queue, place + 1);
        }
    }
    queue->count--;
    pop_done(door, session);
}

// ---- packet ids -------------------------------------------------------------------------------

uint32_t door_queue_place(const struct door_queue *queue, uint32_t begin, uint64_t sequence) {
    uint32_t end = queue->count;
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (door_queue_at(queue, middle)->sequence < sequence) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

// Packet ids are given out one after the other, without 0, so the first one's tells where another
// is; unless the queue is sparse.
uint32_t door_queue_find_sent(const struct door_queue *queue, uint16_t packet_id) {
    if (queue->cursor == 0) {
        return 0;
    }
    uint16_t first = door_queue_at(queue, 0)->packet_id;
    uint32_t guess = (uint16_t)(packet_id - first) - (packet_id < first ? 1u : 0u);
    if (guess < queue->cursor && door_queue_at(queue, guess)->packet_id == packet_id) {
        return guess;
    }
    uint32_t place = queue->is_sparse ? 0 : queue->cursor;
    while (place < queue->cursor && door_queue_at(queue, place)->packet_id != packet_id) {
        place++;
    }
    return place;
}

// Ids go round. Those in use lie between the first one in the queue and the last one given out,
// which DOOR_QUEUE_SENT_MAX keeps from meeting, unless the queue is sparse.
uint16_t door_queue_next_id(struct door_session *session) {
    do {
        session->last_packet_id++;
        if (session->last_packet_id == 0) {
            session->last_packet_id = 1;
        }
    } while (session->queue.is_sparse &&
             door_queue_find_sent(&session->queue, session->last_packet_id) <
                 session->queue.cursor);
    return session->last_packet_id;
}

void door_queue_drop_done(struct door_queue *queue) {
    uint32_t left = 0;
    uint32_t cursor = 0;
    for (uint32_t i = 0; i < queue->count; i++) {
        if (door_queue_at(queue, i)->flight != MQTT_FLOW_DONE) {
            *door_queue_at(queue, left++) = *door_queue_at(queue, i);
            cursor += i < queue->cursor;
        }
    }
    queue->is_sparse |= left < queue->count;
    queue->cursor = cursor;
    queue->count = left;
}

void door_queue_pause(struct door_queue *queue) {
    door_queue_drop_done(queue);
    queue->cursor = queue->in_flight = 0;
}

// ---- what has to hold -------------------------------------------------------------------------

static bool is_sent(const struct door_delivery *delivery) {
    return delivery->flight == MQTT_FLOW_EXPECT_PUBACK ||
           delivery->flight == MQTT_FLOW_EXPECT_PUBREC ||
           delivery->flight == MQTT_FLOW_EXPECT_PUBCOMP;
}

// A delivery has its message until the client has it for good, and an id from its sending on.
static void check_delivery(const struct door_delivery *delivery) {
    bool has_message = delivery->message != NULL;
    bool was_sent = delivery->flight != MQTT_FLOW_EXPECT_SENDING;
    ASSERT(delivery->flight <= MQTT_FLOW_DONE);
    ASSERT(has_message == (delivery->flight < MQTT_FLOW_EXPECT_PUBCOMP));
    ASSERT(!has_message || delivery->message->references >= delivery->message->keepers);
    ASSERT(!delivery->is_kept || (has_message && delivery->message->journal_number != 0));
    ASSERT(delivery->record == 0 || delivery->is_kept);
    ASSERT(was_sent == (delivery->packet_id != 0));
    ASSERT(delivery->qos == 1 || delivery->qos == 2);
    ASSERT(delivery->qos == 2 || delivery->flight != MQTT_FLOW_EXPECT_PUBREC);
}

// No two that are on their way have the same id.
static void check_ids(const struct door_queue *queue) {
    uint64_t seen[(UINT16_MAX + 1) / 64] = {0};
    for (uint32_t i = 0; i < queue->count; i++) {
        const struct door_delivery *delivery = door_queue_at(queue, i);
        if (is_sent(delivery)) {
            uint64_t bit = UINT64_C(1) << delivery->packet_id % 64;
            ASSERT((seen[delivery->packet_id / 64] & bit) == 0);
            seen[delivery->packet_id / 64] |= bit;
        }
    }
}

static void check_sums(const struct door_queue *queue) {
    uint64_t bytes = 0;
    uint32_t before_cursor = 0;
    uint32_t released_behind = 0;
    for (uint32_t i = 0; i < queue->count; i++) {
        const struct door_delivery *delivery = door_queue_at(queue, i);
        bytes += delivery->message == NULL ? 0 : door_message_size(delivery->message);
        before_cursor += i < queue->cursor && is_sent(delivery);
        released_behind += i >= queue->cursor && delivery->flight == MQTT_FLOW_EXPECT_PUBCOMP;
    }
    ASSERT(bytes == queue->bytes);
    // Without a connection nothing is in flight; with one, PUBRELs went first.
    ASSERT(queue->in_flight == before_cursor + released_behind ||
           (queue->in_flight == 0 && queue->cursor == 0));
}

void door_queue_check(const struct door_queue *queue) {
    ASSERT(queue->cursor <= queue->count && queue->count <= queue->capacity);
    ASSERT((queue->capacity & (queue->capacity - 1)) == 0 || queue->capacity == 0);
    ASSERT((queue->ring == NULL) == (queue->capacity == 0));
    ASSERT(queue->cursor <= DOOR_QUEUE_SENT_MAX);
    uint64_t sequence = 0;
    bool was_sent = true;
    for (uint32_t i = 0; i < queue->count; i++) {
        const struct door_delivery *delivery = door_queue_at(queue, i);
        bool waits = delivery->flight == MQTT_FLOW_EXPECT_SENDING;
        check_delivery(delivery);
        ASSERT(delivery->sequence > sequence && delivery->sequence <= queue->last_sequence);
        ASSERT(i >= queue->cursor || !waits); // those before it were sent
        ASSERT(was_sent || waits);            // none behind one that was never sent was
        sequence = delivery->sequence;
        was_sent = !waits;
    }
    ASSERT(queue->count == 0 || door_queue_at(queue, 0)->flight != MQTT_FLOW_DONE);
    check_sums(queue);
    if (queue->count > 0) {
        check_ids(queue);
    }
}
