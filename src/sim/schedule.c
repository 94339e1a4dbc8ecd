#include "sim/schedule.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"

#define INSERTION_MAX 16

// More nodes than this have a wheel of many slots, others one of as many as there are nodes.
#define FEW_NODES 10000u
#define FEW_SPAN_BITS 34 // of nanoseconds, of all near slots: 17 s
#define FEW_SLOTS_BITS_MIN 6
#define MANY_SLOT_BITS 20 // 1.05 ms
#define SLOTS_BITS_MAX 12
#define MANY_CHUNK_EVENTS 15

static uint64_t slot_of(const struct sim_schedule *schedule, uint64_t time) {
    return time >> schedule->slot_bits;
}

static uint64_t far_slot_of(const struct sim_schedule *schedule, uint64_t time) {
    return time >> (schedule->slot_bits + schedule->slots_bits);
}

static uint64_t slots_of(const struct sim_schedule *schedule) {
    return UINT64_C(1) << schedule->slots_bits;
}

// Where the slot of that number stands in its level.
static uint64_t place_of(const struct sim_schedule *schedule, uint64_t slot) {
    return slot & (slots_of(schedule) - 1);
}

static size_t chunk_bytes(const struct sim_schedule *schedule) {
    return sizeof(struct sim_chunk) + schedule->chunk_events * sizeof(struct sim_event);
}

// ---- heap ---------------------------------------------------------------------------------------

static void heap_push(struct sim_heap *heap, struct memory *memory, const struct sim_event *event) {
    if (heap->count == heap->capacity) {
        heap->items =
            memory_grow(memory, heap->items, &heap->capacity, heap->count + 1, sizeof *heap->items);
    }
    uint32_t at = heap->count++;
    while (at > 0 && sim_event_before(event, &heap->items[(at - 1) / 4])) {
        heap->items[at] = heap->items[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    heap->items[at] = *event;
}

// The first of the up to four events behind `at`; `count` if there are none.
static uint32_t first_behind(const struct sim_heap *heap, uint32_t at) {
    uint32_t child = 4 * at + 1;
    if (child >= heap->count) {
        return heap->count;
    }
    uint32_t end = child + 4 < heap->count ? child + 4 : heap->count;
    uint32_t best = child;
    for (uint32_t i = child + 1; i < end; i++) {
        if (sim_event_before(&heap->items[i], &heap->items[best])) {
            best = i;
        }
    }
    return best;
}

static void heap_pop(struct sim_heap *heap) {
    const struct sim_event last = heap->items[--heap->count];
    uint32_t at = 0;
    for (uint32_t child = first_behind(heap, at);
         child < heap->count && sim_event_before(&heap->items[child], &last);
         child = first_behind(heap, at)) {
        heap->items[at] = heap->items[child];
        at = child;
    }
    if (heap->count > 0) {
        heap->items[at] = last;
    }
}

static void heap_free(struct sim_heap *heap, struct memory *memory) {
    memory_free(memory, heap->items, heap->capacity * sizeof *heap->items);
}

// ---- sorting ------------------------------------------------------------------------------------

static void sort_few(struct sim_event *events, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct sim_event event = events[i];
        size_t at = i;
        for (; at > 0 && sim_event_before(&event, &events[at - 1]); at--) {
            events[at] = events[at - 1];
        }
        events[at] = event;
    }
}

// Moves events[at] down to its place among the first `count` of a heap of the latest.
static void sift_latest(struct sim_event *events, size_t at, size_t count) {
    struct sim_event event = events[at];
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && sim_event_before(&events[child], &events[child + 1]);
        if (!sim_event_before(&event, &events[child])) {
            break;
        }
        events[at] = events[child];
        at = child;
    }
    events[at] = event;
}

// Never worse than n log n, whatever the events.
static void sort_by_heap(struct sim_event *events, size_t count) {
    for (size_t i = count / 2; i-- > 0;) {
        sift_latest(events, i, count);
    }
    for (size_t left = count; left-- > 1;) {
        struct sim_event latest = events[0];
        events[0] = events[left];
        events[left] = latest;
        sift_latest(events, 0, left);
    }
}

// The middle one of three, by order.
static struct sim_event middle_of(const struct sim_event *events, size_t count) {
    struct sim_event three[3] = {events[0], events[count / 2], events[count - 1]};
    sort_few(three, 3);
    return three[1];
}

// Quicksort; `depth` more halvings, then by heap.
static void sort_events(struct sim_event *events, size_t count, unsigned depth) {
    while (count > INSERTION_MAX) {
        if (depth-- == 0) {
            sort_by_heap(events, count);
            return;
        }
        struct sim_event pivot = middle_of(events, count);
        size_t low = 0;
        size_t high = count - 1;
        for (;;) {
            for (; sim_event_before(&events[low], &pivot); low++) {
            }
            for (; sim_event_before(&pivot, &events[high]); high--) {
            }
            if (low >= high) {
                break;
            }
            struct sim_event other = events[low];
            events[low++] = events[high];
            events[high--] = other;
        }
        sort_events(events + low, count - low, depth);
        count = low;
    }
    sort_few(events, count);
}

// ---- wheel --------------------------------------------------------------------------------------

static void put_into(struct sim_schedule *schedule, struct sim_chunk **slot,
                     const struct sim_event *event) {
    struct sim_chunk *chunk = *slot;
    if (chunk == NULL || chunk->count == schedule->chunk_events) {
        chunk = schedule->free;
        if (chunk == NULL) {
            chunk = memory_resize(schedule->memory, NULL, 0, chunk_bytes(schedule));
        } else {
            schedule->free = chunk->next;
        }
        chunk->next = *slot;
        chunk->count = 0;
        *slot = chunk;
    }
    chunk->events[chunk->count++] = *event;
}

static void place(struct sim_schedule *schedule, const struct sim_event *event) {
    uint64_t slot = slot_of(schedule, event->time);
    uint64_t far_slot = far_slot_of(schedule, event->time);
    uint64_t current_far = schedule->slot >> schedule->slots_bits;
    if (slot <= schedule->slot) {
        heap_push(&schedule->heap, schedule->memory, event);
    } else if (far_slot == current_far) {
        put_into(schedule, &schedule->near[place_of(schedule, slot)], event);
        schedule->near_count++;
    } else if (far_slot - current_far < slots_of(schedule)) {
        put_into(schedule, &schedule->far[place_of(schedule, far_slot)], event);
        schedule->far_count++;
    } else {
        heap_push(&schedule->beyond, schedule->memory, event);
    }
}

// The slot is empty behind it; its chunks are to be freed one by one.
static struct sim_chunk *take_slot(struct sim_chunk **slot) {
    struct sim_chunk *chunk = *slot;
    *slot = NULL;
    return chunk;
}

static struct sim_chunk *free_chunk(struct sim_schedule *schedule, struct sim_chunk *chunk) {
    struct sim_chunk *next = chunk->next;
    chunk->next = schedule->free;
    schedule->free = chunk;
    return next;
}

// The next slot, which is the first one of a far slot.
static void enter_far_slot(struct sim_schedule *schedule) {
    uint64_t far_slot = schedule->slot >> schedule->slots_bits;
    struct sim_chunk *chunk = take_slot(&schedule->far[place_of(schedule, far_slot)]);
    while (chunk != NULL) {
        for (uint64_t i = 0; i < chunk->count; i++) {
            schedule->far_count--;
            place(schedule, &chunk->events[i]);
        }
        chunk = free_chunk(schedule, chunk);
    }
    while (schedule->beyond.count > 0 &&
           far_slot_of(schedule, schedule->beyond.items[0].time) - far_slot < slots_of(schedule)) {
        struct sim_event event = schedule->beyond.items[0];
        heap_pop(&schedule->beyond);
        place(schedule, &event);
    }
}

static void gather_slot(struct sim_schedule *schedule) {
    struct sim_chunk *chunk = take_slot(&schedule->near[place_of(schedule, schedule->slot)]);
    schedule->ready_at = 0;
    schedule->ready_count = 0;
    while (chunk != NULL) {
        uint32_t needed = schedule->ready_count + (uint32_t)chunk->count;
        if (needed > schedule->ready_capacity) {
            schedule->ready =
                memory_grow(schedule->memory, schedule->ready, &schedule->ready_capacity, needed,
                            sizeof(struct sim_event));
        }
        memcpy(schedule->ready + schedule->ready_count, chunk->events,
               chunk->count * sizeof(struct sim_event));
        schedule->ready_count = needed;
        chunk = free_chunk(schedule, chunk);
    }
    schedule->near_count -= schedule->ready_count;
    sort_events(schedule->ready, schedule->ready_count, 48);
}

// Where nothing is near, all slots up to the next far one are passed over at once; where nothing is
// far, all up to the first one beyond.
static void next_slot(struct sim_schedule *schedule) {
    uint64_t far_slot = schedule->slot >> schedule->slots_bits;
    if (schedule->near_count > 0) {
        schedule->slot++;
    } else if (schedule->far_count > 0 || schedule->beyond.count == 0) {
        schedule->slot = (far_slot + 1) << schedule->slots_bits;
    } else {
        schedule->slot = far_slot_of(schedule, schedule->beyond.items[0].time)
                         << schedule->slots_bits;
    }
    if (place_of(schedule, schedule->slot) == 0) {
        enter_far_slot(schedule);
    }
    gather_slot(schedule);
}

// ---- all ----------------------------------------------------------------------------------------

static uint8_t bits_of(uint32_t number) {
    uint8_t bits = 0;
    while (number >> bits > 0) {
        bits++;
    }
    return bits;
}

static void choose_size(struct sim_schedule *schedule, uint32_t nodes) {
    if (nodes > FEW_NODES) {
        schedule->slots_bits = SLOTS_BITS_MAX;
        schedule->slot_bits = MANY_SLOT_BITS;
        schedule->chunk_events = MANY_CHUNK_EVENTS;
        return;
    }
    uint8_t bits = bits_of(nodes);
    schedule->slots_bits = bits < FEW_SLOTS_BITS_MIN ? FEW_SLOTS_BITS_MIN
                           : bits > SLOTS_BITS_MAX   ? SLOTS_BITS_MAX
                                                     : bits;
    schedule->slot_bits = (uint8_t)(FEW_SPAN_BITS - schedule->slots_bits);
    schedule->chunk_events = 1;
}

void sim_schedule_init(struct sim_schedule *schedule, struct memory *memory, uint32_t nodes) {
    *schedule = (struct sim_schedule){.memory = memory};
    choose_size(schedule, nodes);
    size_t bytes = slots_of(schedule) * sizeof(struct sim_chunk *);
    schedule->near = memory_allocate(memory, bytes);
    schedule->far = memory_allocate(memory, bytes);
}

static void free_slots(struct sim_schedule *schedule, struct sim_chunk **slots) {
    for (uint64_t i = 0; i < slots_of(schedule); i++) {
        for (struct sim_chunk *chunk = slots[i]; chunk != NULL;) {
            chunk = free_chunk(schedule, chunk);
        }
    }
    memory_free(schedule->memory, slots, slots_of(schedule) * sizeof *slots);
}

void sim_schedule_deinit(struct sim_schedule *schedule) {
    free_slots(schedule, schedule->near);
    free_slots(schedule, schedule->far);
    while (schedule->free != NULL) {
        struct sim_chunk *chunk = schedule->free;
        schedule->free = chunk->next;
        memory_free(schedule->memory, chunk, chunk_bytes(schedule));
    }
    heap_free(&schedule->heap, schedule->memory);
    heap_free(&schedule->beyond, schedule->memory);
    memory_free(schedule->memory, schedule->ready,
                schedule->ready_capacity * sizeof(struct sim_event));
    *schedule = (struct sim_schedule){0};
}

void sim_schedule_add(struct sim_schedule *schedule, const struct sim_event *event) {
    ASSERT(event->order != 0 && event->time != SIM_NEVER);
    ASSERT(event->time > schedule->last.time || schedule->last.order == 0);
    schedule->count++;
    place(schedule, event);
}

// The first event; NULL: there is none.
static const struct sim_event *first_of(struct sim_schedule *schedule) {
    if (schedule->count == 0) {
        return NULL;
    }
    while (schedule->heap.count == 0) {
        if (schedule->ready_at < schedule->ready_count) {
            return &schedule->ready[schedule->ready_at];
        }
        next_slot(schedule);
    }
    const struct sim_event *pushed = schedule->heap.items;
    if (schedule->ready_at == schedule->ready_count) {
        return pushed;
    }
    const struct sim_event *ready = &schedule->ready[schedule->ready_at];
    return sim_event_before(ready, pushed) ? ready : pushed;
}

bool sim_schedule_take(struct sim_schedule *schedule, uint64_t end, struct sim_event *event) {
    const struct sim_event *first = first_of(schedule);
    if (first == NULL || first->time >= end) {
        return false;
    }
    *event = *first;
    if (first == schedule->heap.items) {
        heap_pop(&schedule->heap);
    } else {
        schedule->ready_at++;
    }
    ASSERT_MESSAGE(sim_event_before(&schedule->last, event) || schedule->last.order == 0,
                   "an event came before one that had happened");
    schedule->last = *event;
    schedule->count--;
    return true;
}

uint64_t sim_schedule_due(struct sim_schedule *schedule) {
    const struct sim_event *first = first_of(schedule);
    return first == NULL ? SIM_NEVER : first->time;
}

// ---- invariants ---------------------------------------------------------------------------------

static void check_heap(const struct sim_heap *heap) {
    ASSERT(heap->count <= heap->capacity);
    for (uint32_t i = 1; i < heap->count; i++) {
        ASSERT(!sim_event_before(&heap->items[i], &heap->items[(i - 1) / 4]));
    }
}

static uint64_t check_slots(const struct sim_schedule *schedule, struct sim_chunk *const *slots,
                            unsigned shift) {
    uint64_t count = 0;
    for (uint64_t i = 0; i < slots_of(schedule); i++) {
        for (const struct sim_chunk *chunk = slots[i]; chunk != NULL; chunk = chunk->next) {
            ASSERT(chunk->count > 0 && chunk->count <= schedule->chunk_events);
            for (uint64_t k = 0; k < chunk->count; k++) {
                ASSERT(place_of(schedule, chunk->events[k].time >> shift) == i);
            }
            count += chunk->count;
        }
    }
    return count;
}

void sim_schedule_check(const struct sim_schedule *schedule) {
    check_heap(&schedule->heap);
    check_heap(&schedule->beyond);
    ASSERT(schedule->ready_at <= schedule->ready_count);
    unsigned far_shift = schedule->slot_bits + schedule->slots_bits;
    ASSERT(check_slots(schedule, schedule->near, schedule->slot_bits) == schedule->near_count);
    ASSERT(check_slots(schedule, schedule->far, far_shift) == schedule->far_count);
    uint64_t ready = schedule->ready_count - schedule->ready_at;
    ASSERT(schedule->count == schedule->heap.count + schedule->beyond.count + ready +
                                  schedule->near_count + schedule->far_count);
    for (uint32_t i = schedule->ready_at; i + 1 < schedule->ready_count; i++) {
        ASSERT(sim_event_before(&schedule->ready[i], &schedule->ready[i + 1]));
    }
}
